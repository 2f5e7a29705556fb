/* qr - a text as a QR code (ISO/IEC 18004), by libqrencode. */
#ifndef TZ_REPORT_QR_H
#define TZ_REPORT_QR_H

#include "base/err.h"
#include "base/text.h"

typedef struct {
    int            size;    /* modules a side, without the quiet zone */
    const uint8_t *modules; /* size * size, row by row: 1 is dark */
} tz_qr;

/* Up to 15 % of it may be lost (level M). TZ_LIMIT: the text does not fit (2331 bytes). */
TZ_MUST tz_rc tz_qr_make(tz_arena *mem, const char *text, tz_qr *ret_qr, tz_err *err);

/* Appends its dark modules as the data of an SVG path in a box of size + 8 a side: the quiet zone is four. */
void tz_qr_path(const tz_qr *qr, tz_buf *out);

/* Appends it as an SVG picture of `pixels` a side with its quiet zone of four modules, labelled for readers
 * who don't see it. label is plain text. */
void tz_qr_svg(const tz_qr *qr, int pixels, const char *label, tz_buf *out);

#endif
