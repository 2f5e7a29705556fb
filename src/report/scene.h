/* scene - a drawing as marks: rectangles, lines, dots and words in the colours of look.md.
 *
 * A picture is laid out once, as a scene of 560 units' width; it becomes SVG with real words (a page in dark mode
 * redraws nothing), a drawing on a Cairo surface (paper), or a PNG.
 */
#ifndef TZ_REPORT_SCENE_H
#define TZ_REPORT_SCENE_H

#include <pango/pangocairo.h>

#include "base/err.h"
#include "base/text.h"

typedef enum { TZ_INK, TZ_FAINT, TZ_RULE, TZ_ACCENT, TZ_RED_INK, TZ_ORANGE_INK, TZ_COLOUR_COUNT } tz_colour;
typedef enum { TZ_MARK_RECT, TZ_MARK_LINE, TZ_MARK_DOT, TZ_MARK_TEXT } tz_mark_kind;
typedef enum { TZ_START, TZ_MIDDLE, TZ_END } tz_anchor;

typedef struct {
    tz_mark_kind kind;
    double       x, y;       /* of a text: its anchor on the baseline */
    double       width, height; /* of a line: to its end */
    tz_colour    colour;
    double       opacity;    /* of a rectangle */
    double       stroke;     /* of a line; radius of a dot */
    const char  *text;
    double       size;       /* of a text */
    tz_anchor    anchor;
    bool         is_bold;
} tz_mark;

typedef struct {
    tz_arena *mem;
    double    width, height;
    TZ_ARRAY(tz_mark) marks;
} tz_scene;

enum { TZ_SCENE_WIDTH = 560 };

void tz_scene_rect(tz_scene *scene, double x, double y, double width, double height, tz_colour colour, double opacity);
void tz_scene_line(tz_scene *scene, double x1, double y1, double x2, double y2, tz_colour colour, double stroke);
void tz_scene_dot(tz_scene *scene, double x, double y, double radius, tz_colour colour);
void tz_scene_text(tz_scene *scene, double x, double y, const char *text, double size, tz_anchor anchor, tz_colour colour, bool is_bold);

/* About how wide a text is: a Chinese character is as wide as high, a Latin one 0.55 of it. */
double      tz_scene_text_width(const char *text, double size);
/* The text, cut with an ellipsis where it is wider. */
const char *tz_scene_fit(tz_arena *mem, const char *text, double size, double width);

/* Appends it as an SVG element. In a page colours are its variables; alone, those of light mode. */
void tz_scene_svg(const tz_scene *scene, const char *label, bool is_in_page, tz_buf *out);
/* Draws it with the top left corner at x, y, `scale` points a unit; words by the context's fonts. */
void tz_scene_draw(const tz_scene *scene, cairo_t *cairo, PangoContext *context, const char *families, double x, double y, double scale);
/* As a PNG of `scale` pixels a unit, in mem. */
tz_text tz_scene_png(tz_arena *mem, const tz_scene *scene, const char *families, double scale);

#endif
