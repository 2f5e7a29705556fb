#include "report/scene.h"

#include <math.h>

#include "base/assert.h"
#include "report/html.h"

/* look.md: the names of a page's colours, and what they are in light mode. */
static const struct { const char *variable; unsigned rgb; } COLOURS[TZ_COLOUR_COUNT] = {
    [TZ_INK] = {"--ink", 0x1d2126},        [TZ_FAINT] = {"--faint", 0x5d6670},      [TZ_RULE] = {"--rule", 0xdcd8ce},
    [TZ_ACCENT] = {"--accent", 0x1f5c57},  [TZ_RED_INK] = {"--red", 0xb3261e},      [TZ_ORANGE_INK] = {"--orange", 0xb25900}};

void tz_scene_rect(tz_scene *scene, double x, double y, double width, double height, tz_colour colour, double opacity)
{
    tz_push(scene->mem, &scene->marks, (tz_mark){.kind = TZ_MARK_RECT, .x = x, .y = y, .width = width, .height = height,
                                                 .colour = colour, .opacity = opacity});
}

void tz_scene_line(tz_scene *scene, double x1, double y1, double x2, double y2, tz_colour colour, double stroke)
{
    tz_push(scene->mem, &scene->marks, (tz_mark){.kind = TZ_MARK_LINE, .x = x1, .y = y1, .width = x2 - x1, .height = y2 - y1,
                                                 .colour = colour, .stroke = stroke});
}

void tz_scene_dot(tz_scene *scene, double x, double y, double radius, tz_colour colour)
{
    tz_push(scene->mem, &scene->marks, (tz_mark){.kind = TZ_MARK_DOT, .x = x, .y = y, .colour = colour, .stroke = radius});
}

void tz_scene_text(tz_scene *scene, double x, double y, const char *text, double size, tz_anchor anchor, tz_colour colour, bool is_bold)
{
    tz_push(scene->mem, &scene->marks, (tz_mark){.kind = TZ_MARK_TEXT, .x = x, .y = y, .text = text, .size = size, .anchor = anchor,
                                                 .colour = colour, .is_bold = is_bold});
}

double tz_scene_text_width(const char *text, double size)
{
    tz_text source = tz_text_of(text);
    double  width = 0;

    for (size_t at = 0; at < source.size;)
        width += tz_utf8_next(source, &at) < 0x2000 ? 0.55 * size : size;
    return width;
}

const char *tz_scene_fit(tz_arena *mem, const char *text, double size, double width)
{
    tz_text source = tz_text_of(text);
    double  used = size; /* the ellipsis */

    if (tz_scene_text_width(text, size) <= width)
        return text;
    for (size_t at = 0, next = 0; at < source.size; at = next) {
        used += tz_utf8_next(source, &next) < 0x2000 ? 0.55 * size : size;
        if (used > width)
            return tz_arena_printf(mem, "%.*s…", (int)at, text);
    }
    return text;
}

/* ---- SVG ---- */

static const char *paint(tz_arena *mem, tz_colour colour, bool is_in_page)
{
    return is_in_page ? tz_arena_printf(mem, "var(%s)", COLOURS[colour].variable) : tz_arena_printf(mem, "#%06x", COLOURS[colour].rgb);
}

static void put_mark(const tz_mark *mark, const char *colour, tz_buf *out)
{
    static const char *const ANCHORS[] = {"start", "middle", "end"};

    switch (mark->kind) {
    case TZ_MARK_RECT:
        tz_buf_printf(out, "<path fill=\"%s\" d=\"M%.1f %.1fh%.1fv%.1fh-%.1fz\"", colour, mark->x, mark->y, mark->width,
                      mark->height, mark->width);
        if (mark->opacity < 1)
            tz_buf_printf(out, " fill-opacity=\"%.2f\"", mark->opacity);
        tz_buf_puts(out, "/>");
        break;
    case TZ_MARK_LINE:
        tz_buf_printf(out, "<path stroke=\"%s\" stroke-width=%.1f d=\"M%.1f %.1fl%.1f %.1f\"/>", colour, mark->stroke, mark->x, mark->y,
                      mark->width, mark->height);
        break;
    case TZ_MARK_DOT:
        tz_buf_printf(out, "<circle fill=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", colour, mark->x, mark->y, mark->stroke);
        break;
    case TZ_MARK_TEXT:
        tz_buf_printf(out, "<text fill=\"%s\" x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\"", colour, mark->x, mark->y, mark->size);
        if (mark->anchor != TZ_START)
            tz_buf_printf(out, " text-anchor=\"%s\"", ANCHORS[mark->anchor]);
        tz_buf_puts(out, mark->is_bold ? " font-weight=\"600\">" : ">");
        tz_html_str(out, mark->text);
        tz_buf_puts(out, "</text>");
    }
}

void tz_scene_svg(const tz_scene *scene, const char *label, bool is_in_page, tz_buf *out)
{
    tz_buf_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" aria-label=\"",
                  scene->width, scene->height, scene->width, scene->height);
    tz_html_str(out, label);
    tz_buf_puts(out, "\">");
    for (size_t i = 0; i < scene->marks.count; i++)
        put_mark(&scene->marks.items[i], paint(scene->mem, scene->marks.items[i].colour, is_in_page), out);
    tz_buf_puts(out, "</svg>");
}

/* ---- Cairo ---- */

static void set_colour(cairo_t *cairo, tz_colour colour, double opacity)
{
    unsigned rgb = COLOURS[colour].rgb;
    cairo_set_source_rgba(cairo, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, opacity);
}

static void draw_text(cairo_t *cairo, PangoContext *context, const char *families, const tz_mark *mark)
{
    PangoLayout          *layout = pango_layout_new(context);
    PangoFontDescription *face = pango_font_description_new();
    PangoRectangle        logical;

    pango_font_description_set_family(face, families);
    pango_font_description_set_absolute_size(face, mark->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, face);
    pango_font_description_free(face);
    pango_layout_set_text(layout, mark->text, -1);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    pango_layout_line_get_extents(line, NULL, &logical);
    double width = logical.width / (double)PANGO_SCALE;
    double left = mark->anchor == TZ_START ? 0 : mark->anchor == TZ_MIDDLE ? width / 2 : width;
    set_colour(cairo, mark->colour, 1);
    cairo_move_to(cairo, mark->x - left, mark->y);
    pango_cairo_show_layout_line(cairo, line);
    g_object_unref(layout);
}

static void draw_mark(cairo_t *cairo, PangoContext *context, const char *families, const tz_mark *mark)
{
    switch (mark->kind) {
    case TZ_MARK_RECT:
        set_colour(cairo, mark->colour, mark->opacity);
        cairo_rectangle(cairo, mark->x, mark->y, mark->width, mark->height);
        cairo_fill(cairo);
        break;
    case TZ_MARK_LINE:
        set_colour(cairo, mark->colour, 1);
        cairo_set_line_width(cairo, mark->stroke);
        cairo_move_to(cairo, mark->x, mark->y);
        cairo_rel_line_to(cairo, mark->width, mark->height);
        cairo_stroke(cairo);
        break;
    case TZ_MARK_DOT:
        set_colour(cairo, mark->colour, 1);
        cairo_new_path(cairo); /* words leave a point behind, and an arc would begin there */
        cairo_arc(cairo, mark->x, mark->y, mark->stroke, 0, 2 * M_PI);
        cairo_fill(cairo);
        break;
    case TZ_MARK_TEXT: draw_text(cairo, context, families, mark);
    }
}

void tz_scene_draw(const tz_scene *scene, cairo_t *cairo, PangoContext *context, const char *families, double x, double y, double scale)
{
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_scale(cairo, scale, scale);
    for (size_t i = 0; i < scene->marks.count; i++)
        draw_mark(cairo, context, families, &scene->marks.items[i]);
    cairo_restore(cairo);
}

static cairo_status_t take_bytes(void *context, const unsigned char *data, unsigned int size)
{
    tz_buf_put(context, (tz_text){(const char *)data, size});
    return CAIRO_STATUS_SUCCESS;
}

tz_text tz_scene_png(tz_arena *mem, const tz_scene *scene, const char *families, double scale)
{
    tz_buf           out = tz_buf_init(mem, 0);
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(scene->width * scale), (int)ceil(scene->height * scale));
    cairo_t         *cairo = cairo_create(image);
    PangoFontMap    *fonts = pango_cairo_font_map_new();
    PangoContext    *context = pango_font_map_create_context(fonts);

    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72.0);
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    tz_scene_draw(scene, cairo, context, families, 0, 0, scale);
    cairo_destroy(cairo);
    cairo_status_t wrong = cairo_surface_write_to_png_stream(image, take_bytes, &out);
    tz_assert(wrong == CAIRO_STATUS_SUCCESS); /* into memory: it fails only without any */
    cairo_surface_destroy(image);
    g_object_unref(context);
    g_object_unref(fonts);
    return tz_buf_text(&out);
}
