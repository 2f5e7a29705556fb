/* raster - pictures as PNG, by Cairo: for writers whose readers have no better form. */
#ifndef TZ_REPORT_RASTER_H
#define TZ_REPORT_RASTER_H

#include "base/err.h"
#include "report/qr.h"

/* A QR code with its quiet zone as black and white PNG of `scale` pixels a module, in mem. */
tz_text tz_qr_png(tz_arena *mem, const tz_qr *qr, int scale);

#endif
