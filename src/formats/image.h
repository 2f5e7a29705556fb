/* image - what a photo looks like, and what its camera wrote into it.
 *
 * JPEG and PNG, told from the content.  The look is a difference hash: the picture in grey, shrunk to 9 by
 * 8 fields; a bit for each field that is brighter than its right neighbour.  The same photo saved smaller,
 * recompressed or a little brighter differs in few of the 64 bits; two photos of different things in about
 * half.  A mirrored, turned or much cropped copy is not recognised.  What the camera wrote is EXIF 2.3
 * (JEITA CP-3451C): when, and where if it knew.
 */
#ifndef TZ_FORMATS_IMAGE_H
#define TZ_FORMATS_IMAGE_H

#include "base/err.h"
#include "base/text.h"

enum { TZ_TAKEN_TEXT = 20 }; /* "YYYY-MM-DD HH:MM:SS" and NUL */

typedef struct {
    char    taken[TZ_TAKEN_TEXT]; /* "" where the camera wrote none */
    bool    has_place;
    int32_t latitude_e5, longitude_e5; /* 1/100000 of a degree, north and east positive */
} tz_exif;

typedef struct {
    int32_t  width, height;
    uint64_t look;
    tz_exif  exif;
} tz_image;

/* Reads a picture. TZ_INPUT: no JPEG or PNG, or broken. TZ_LIMIT: more pixels than base/limits.h allows. */
TZ_MUST tz_rc tz_image_read(tz_text data, tz_image *ret_image, tz_err *err);

/* In how many of 64 bits two looks differ. */
int tz_look_distance(uint64_t a, uint64_t b);

/* The EXIF of a JPEG or PNG file's bytes; nothing found leaves it empty, broken parts are passed over. */
void tz_exif_read(tz_text data, tz_exif *ret_exif);

/* Blanks what the camera wrote of the place in a JPEG or PNG file's bytes, in place: every value of EXIF's list of places
 * becomes zero. Pixels, length and, in a JPEG, the time stay. Nothing found changes nothing. */
void tz_exif_drop_place(uint8_t *data, size_t size);

/* Metres between two places, to a few per cent, for places in one country. */
int64_t tz_place_metres(int32_t latitude_a_e5, int32_t longitude_a_e5, int32_t latitude_b_e5, int32_t longitude_b_e5);

#endif
