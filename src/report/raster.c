#include "report/raster.h"

#include <cairo.h>

#include "base/assert.h"

static cairo_status_t take_bytes(void *context, const unsigned char *data, unsigned int size)
{
    tz_buf_put(context, (tz_text){(const char *)data, size});
    return CAIRO_STATUS_SUCCESS;
}

/* A bit of a mask is white: Cairo writes a mask as grey levels of one bit. */
tz_text tz_qr_png(tz_arena *mem, const tz_qr *qr, int scale)
{
    enum { QUIET = 4 };
    tz_buf           out = tz_buf_init(mem, 0);
    int              side = (qr->size + 2 * QUIET) * scale;
    cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A1, side, side);
    cairo_t         *cairo = cairo_create(mask);

    cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    cairo_set_source_rgba(cairo, 0, 0, 0, 1);
    cairo_paint(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
    for (int y = 0; y < qr->size; y++)
        for (int x = 0; x < qr->size; x++)
            if (qr->modules[y * qr->size + x])
                cairo_rectangle(cairo, (x + QUIET) * scale, (y + QUIET) * scale, scale, scale);
    cairo_fill(cairo);
    cairo_destroy(cairo);
    cairo_status_t wrong = cairo_surface_write_to_png_stream(mask, take_bytes, &out);
    tz_assert(wrong == CAIRO_STATUS_SUCCESS); /* into memory: it fails only without any */
    cairo_surface_destroy(mask);
    return tz_buf_text(&out);
}
