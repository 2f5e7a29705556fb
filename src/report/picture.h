/* picture - what a picture shows, and its layout as a scene: bars, lines, small multiples, heat table, time line,
 * waterfall.
 *
 * Bars begin at zero, numbers stand beside what they measure, nothing has a legend that a label can say.
 */
#ifndef TZ_REPORT_PICTURE_H
#define TZ_REPORT_PICTURE_H

#include "report/scene.h"

typedef enum {
    TZ_PICTURE_BARS,      /* an item a bar */
    TZ_PICTURE_LINES,     /* a series a line, an item a place on the axis */
    TZ_PICTURE_MULTIPLES, /* an item a small picture, a series a column in each, one scale for all */
    TZ_PICTURE_HEAT,      /* an item a row, a series a column, shaded by its share of the column's largest */
    TZ_PICTURE_TIMELINE,  /* an item a day: label is the date, printed[0] what happened */
    TZ_PICTURE_WATERFALL, /* an item a step up or down; a total stands on the ground */
} tz_picture_kind;

typedef struct {
    const char  *label;
    double      *values;  /* one a series, NAN: not to be had */
    const char **printed; /* one a series: the number as it is printed */
    bool         is_total;
} tz_picture_item;

typedef struct tz_picture tz_picture;
struct tz_picture {
    tz_picture_kind kind;
    const char     *title; /* with the unit */
    const char    **series; /* titles */
    size_t          series_count;
    TZ_ARRAY(tz_picture_item) items;
};

/* The kind of a name (bars, lines, multiples, heat, timeline, waterfall); false: there is none. */
bool tz_picture_kind_of(tz_text name, tz_picture_kind *ret_kind);

/* Lays it out. */
tz_scene tz_picture_scene(tz_arena *mem, const tz_picture *picture);

/* What it shows in one sentence, for readers who don't see it. */
const char *tz_picture_words(tz_arena *mem, const tz_picture *picture);

#endif
