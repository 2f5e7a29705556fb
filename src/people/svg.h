/* svg - charts as scalable pictures: no script, no outside file, texts escaped. */
#ifndef TZ_PEOPLE_SVG_H
#define TZ_PEOPLE_SVG_H

#include "base/text.h"

typedef struct {
    const char *label;
    int32_t from, to; /* hundredths */
    const char *note; /* behind the bar */
    bool is_total;
} tz_svg_bar;

/* Horizontal bars, one below the other, green to the right and red to the left. is_file: with the name space and a
 * white ground, as a picture of its own. */
void tz_svg_bars(tz_buf *out, const char *title, const tz_svg_bar *bars, size_t count, bool is_file);

typedef struct {
    double x, y;
} tz_svg_point;

typedef struct {
    const char *name;
    const char *color;
    const tz_svg_point *points;
    size_t count;
} tz_svg_line;

/* Lines over x from x_from to x_to and y from 0 to 1. */
void tz_svg_lines(tz_buf *out, const char *title, const char *x_name, double x_from, double x_to,
                  const tz_svg_line *lines, size_t count);

/* Upright columns of equal width over x from x_from to x_to; heights by the logarithm, since counts differ by millions. */
void tz_svg_columns(tz_buf *out, const char *title, const char *x_name, double x_from, double x_to,
                    const int64_t *counts, size_t count);

/* Text with & < > " replaced; signs that XML forbids become a question mark. */
void tz_svg_text(tz_buf *out, const char *text);

#endif
