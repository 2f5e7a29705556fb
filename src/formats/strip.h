/* strip - a photo without what its camera and its programs wrote into it: place, time, names, thumbnails.
 *
 * JPEG: of the application segments JFIF and Adobe's colour note stay, comments go, and so does all that stands behind
 * the end of the image.  PNG: the chunks that a picture needs stay (critical ones, tRNS, gAMA, cHRM, sRGB, pHYs).
 * The pixels are the same to the bit.  A turned photo loses its note that it is turned.
 */
#ifndef TZ_FORMATS_STRIP_H
#define TZ_FORMATS_STRIP_H

#include "base/err.h"
#include "base/text.h"

/* ret_data is in mem; ret_ending "jpg" or "png". TZ_INPUT: no JPEG or PNG, or it breaks off. */
TZ_MUST tz_rc tz_photo_strip(tz_arena *mem, tz_text data, tz_text *ret_data, const char **ret_ending, tz_err *err);

#endif
