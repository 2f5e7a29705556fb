#include "report/notice.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "report/html.h"
#include "report/qr.h"

enum { QUIET = 4, WRAP = 56 };

/* What both sheets show. */
typedef struct {
    const char *line;
    tz_qr       qr; /* of the line */
    char        print[TZ_SM3_HEX]; /* of the key */
} shown;

static tz_rc show(tz_arena *mem, const tz_notice *notice, shown *ret_shown, tz_err *err)
{
    tz_digest print = tz_sm3(notice->key.bytes, TZ_POINT_SIZE);

    tz_digest_hex(&print, ret_shown->print);
    ret_shown->line = tz_note_line(mem, notice->text);
    return tz_qr_make(mem, ret_shown->line, &ret_shown->qr, err);
}

/* Is the module dark? Beyond the code lies its quiet zone. */
static bool is_dark(const tz_qr *qr, int x, int y)
{
    return x >= 0 && y >= 0 && x < qr->size && y < qr->size && qr->modules[y * qr->size + x] == 1;
}

/* Two rows of modules a line. Printed dark on light: what is light is drawn, so that it also scans from a
 * terminal that writes light on dark. */
static void put_blocks(const tz_qr *qr, tz_buf *out)
{
    static const char *const BLOCKS[] = {"\u2588", "\u2584", "\u2580", " "}; /* full, lower, upper, none */

    for (int y = -QUIET; y < qr->size + QUIET; y += 2) {
        for (int x = -QUIET; x < qr->size + QUIET; x++)
            tz_buf_puts(out, BLOCKS[is_dark(qr, x, y) * 1 + is_dark(qr, x, y + 1) * 2]);
        tz_buf_char(out, '\n');
    }
}

tz_rc tz_notice_text(tz_arena *mem, const tz_notice *notice, const char **ret_page, tz_err *err)
{
    tz_assert(mem != NULL && notice != NULL && ret_page != NULL);
    shown  of = {0};
    tz_buf out = tz_buf_init(mem, 0);
    tz_rc  rc = show(mem, notice, &of, err);

    if (rc != TZ_OK)
        return rc;
    tz_buf_printf(&out, "%s台账 存证检查点 | checkpoint of the journal\n日志条目 entries %" PRId64 "\n密钥指纹 key %s\n\n%s\n\n", notice->county,
                  notice->note.entries, of.print, of.line);
    put_blocks(&of.qr, &out);
    *ret_page = tz_buf_str(&out);
    return TZ_OK;
}

/* The line in pieces of WRAP characters. */
static void put_wrapped(const char *line, int top_mm, tz_buf *out)
{
    size_t size = strlen(line);

    for (size_t at = 0; at < size; at += WRAP, top_mm += 6) {
        tz_buf_printf(out, "<text x=\"105\" y=\"%d\" class=\"code\" xml:space=\"preserve\">", top_mm);
        tz_html_text(out, (tz_text){line + at, size - at < WRAP ? size - at : WRAP});
        tz_buf_puts(out, "</text>\n");
    }
}

tz_rc tz_notice_svg(tz_arena *mem, const tz_notice *notice, const char **ret_page, tz_err *err)
{
    tz_assert(mem != NULL && notice != NULL && ret_page != NULL);
    shown  of = {0};
    tz_buf out = tz_buf_init(mem, 0);
    tz_rc  rc = show(mem, notice, &of, err);

    if (rc != TZ_OK)
        return rc;
    tz_buf_puts(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\">\n"
                      "<style>text{text-anchor:middle;font-family:'Noto Serif CJK SC',SimSun,serif;font-size:5px}"
                      ".head{font-size:11px}.code{font-family:monospace;font-size:4.6px}.faint{font-size:4.2px}</style>\n"
                      "<rect width=\"210\" height=\"297\" fill=\"#fff\"/>\n<text x=\"105\" y=\"36\" class=\"head\">");
    tz_html_str(&out, notice->county);
    tz_buf_printf(&out, "台账存证检查点</text>\n<text x=\"105\" y=\"48\">自今日起,此前 %" PRId64 " 条记录的任何改动都能凭此页查出</text>\n",
                  notice->note.entries);
    int side = of.qr.size + 2 * QUIET;
    tz_buf_printf(&out, "<svg x=\"55\" y=\"58\" width=\"100\" height=\"100\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                        "<path fill=\"#000\" d=\"", side, side);
    tz_qr_path(&of.qr, &out);
    tz_buf_puts(&out, "\"/></svg>\n");
    put_wrapped(of.line, 170, &out);
    tz_buf_printf(&out, "<text x=\"105\" y=\"212\" class=\"faint\">签名密钥指纹</text>\n<text x=\"105\" y=\"219\" class=\"code\">%s</text>\n",
                  of.print);
    tz_buf_puts(&out, "<text x=\"105\" y=\"236\" class=\"faint\">核对:扫码得到一行文字,存成文件,由有权查看数据目录的人运行</text>\n"
                      "<text x=\"105\" y=\"243\" class=\"code\">taizhang -C DIR checkpoint --check FILE</text>\n"
                      "<text x=\"105\" y=\"270\">张贴单位 ____________________    张贴日期 ________________</text>\n</svg>\n");
    *ret_page = tz_buf_str(&out);
    return TZ_OK;
}
