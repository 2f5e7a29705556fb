#include "report/qr.h"

#include <qrencode.h>
#include <string.h>

#include "base/assert.h"
#include "report/html.h"

enum { QUIET = 4 };

tz_rc tz_qr_make(tz_arena *mem, const char *text, tz_qr *ret_qr, tz_err *err)
{
    tz_assert(mem != NULL && text != NULL && ret_qr != NULL);
    QRcode *code = QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);

    if (code == NULL)
        return tz_fail(err, TZ_LIMIT, "二维码放不下 %zu 字节", "%zu bytes do not fit into a QR code", strlen(text));
    size_t   count = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = tz_arena_alloc(mem, count);
    for (size_t i = 0; i < count; i++)
        modules[i] = code->data[i] & 1;
    *ret_qr = (tz_qr){code->width, modules};
    QRcode_free(code);
    return TZ_OK;
}

/* Dark runs of a row as one step each: a path a tenth of the size of a square a module. */
void tz_qr_path(const tz_qr *qr, tz_buf *out)
{
    for (int y = 0; y < qr->size; y++)
        for (int x = 0; x < qr->size; x++) {
            int run = 0;
            while (x + run < qr->size && qr->modules[y * qr->size + x + run])
                run++;
            if (run > 0)
                tz_buf_printf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
            x += run;
        }
}

void tz_qr_svg(const tz_qr *qr, int pixels, const char *label, tz_buf *out)
{
    int side = qr->size + 2 * QUIET;

    tz_buf_printf(out, "<svg role=img width=%d height=%d viewBox=\"0 0 %d %d\" shape-rendering=crispEdges aria-label=\"", pixels,
                  pixels, side, side);
    tz_html_str(out, label);
    tz_buf_printf(out, "\"><path fill=#fff d=\"M0 0h%dv%dh-%dz\"/><path fill=#000 d=\"", side, side, side);
    tz_qr_path(qr, out);
    tz_buf_puts(out, "\"/></svg>");
}
