#include "report/picture.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"

#define SIZE 12.0  /* of words */
#define SMALL 10.5

bool tz_picture_kind_of(tz_text name, tz_picture_kind *ret_kind)
{
    static const char *const KINDS[] = {"bars", "lines", "multiples", "heat", "timeline", "waterfall"};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (tz_text_is(name, KINDS[i])) {
            *ret_kind = (tz_picture_kind)i;
            return true;
        }
    return false;
}

const char *tz_picture_words(tz_arena *mem, const tz_picture *picture)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_puts(&out, picture->title);
    for (size_t i = 0; i < picture->items.count; i++) {
        const tz_picture_item *item = &picture->items.items[i];
        tz_buf_printf(&out, "%s%s", i == 0 ? ": " : "; ", item->label);
        for (size_t s = 0; s < picture->series_count; s++)
            tz_buf_printf(&out, " %s", item->printed[s]);
    }
    return tz_buf_str(&out);
}

/* ---- Scales ---- */

static double largest(const tz_picture *picture)
{
    double most = 0;
    for (size_t i = 0; i < picture->items.count; i++)
        for (size_t s = 0; s < picture->series_count; s++)
            if (picture->items.items[i].values[s] > most)
                most = picture->items.items[i].values[s];
    return most > 0 ? most : 1;
}

/* The next 1, 2, 2.5 or 5 times a power of ten: where an axis ends. */
static double round_up(double most)
{
    double power = pow(10, floor(log10(most))), share = most / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 2.5 ? 2.5 : share <= 5 ? 5 : 10);
}

static double widest_label(const tz_picture *picture, double most)
{
    double width = 0;
    for (size_t i = 0; i < picture->items.count; i++) {
        double one = tz_scene_text_width(picture->items.items[i].label, SIZE);
        width = one > width ? one : width;
    }
    return width < most ? width : most;
}

static double height_of(const tz_picture_item *item, size_t series, double full, double most)
{
    double value = item->values[series];
    return isnan(value) || value < 0 ? 0 : value / most * full;
}

/* ---- The kinds ---- */

static void lay_bars(tz_scene *scene, const tz_picture *picture)
{
    enum { ROW = 22, BAR = 14, GAP = 8 };
    double label = widest_label(picture, 180), most = largest(picture), number = 0;

    for (size_t i = 0; i < picture->items.count; i++)
        number = fmax(number, tz_scene_text_width(picture->items.items[i].printed[0], SIZE));
    double full = scene->width - label - number - 3 * GAP;
    for (size_t i = 0; i < picture->items.count; i++) {
        const tz_picture_item *item = &picture->items.items[i];
        double top = (double)i * ROW + 4, width = height_of(item, 0, full, most);
        tz_scene_text(scene, label, top + 12, tz_scene_fit(scene->mem, item->label, SIZE, label), SIZE, TZ_END, TZ_INK, false);
        tz_scene_rect(scene, label + GAP, top + 1, width > 0 ? fmax(width, 1) : 0, BAR, TZ_ACCENT, 1);
        tz_scene_text(scene, label + 2 * GAP + width, top + 12, item->printed[0], SIZE, TZ_START, TZ_INK, false);
    }
    tz_scene_line(scene, label + GAP, 0, label + GAP, (double)picture->items.count * ROW + 4, TZ_FAINT, 1);
    scene->height = (double)picture->items.count * ROW + 8;
}

/* Into how many parts an axis that round_up ends is cut, so that counts of things have whole numbers beside the lines. */
static int parts_of(double most)
{
    return round(most / pow(10, floor(log10(most))) * 10) == 20 ? 4 : 5;
}

static const char *axis_number(tz_scene *scene, double most, int part)
{
    return tz_arena_printf(scene->mem, "%.6g", most * part / parts_of(most));
}

/* The room that the numbers beside an axis take. */
static double axis_width(tz_scene *scene, double most)
{
    double width = 0;

    for (int i = 0; i <= parts_of(most); i++)
        width = fmax(width, tz_scene_text_width(axis_number(scene, most, i), SMALL));
    return width + 12;
}

/* Lines across at each part of the axis, with their numbers. */
static void lay_grid(tz_scene *scene, double left, double right, double top, double bottom, double most)
{
    for (int i = 0; i <= parts_of(most); i++) {
        double y = bottom - (bottom - top) * i / parts_of(most);
        tz_scene_line(scene, left, y, right, y, i == 0 ? TZ_FAINT : TZ_RULE, 1);
        tz_scene_text(scene, left - 6, y + 4, axis_number(scene, most, i), SMALL, TZ_END, TZ_FAINT, false);
    }
}

static void lay_lines(tz_scene *scene, const tz_picture *picture)
{
    static const tz_colour COLOURS[] = {TZ_ACCENT, TZ_ORANGE_INK, TZ_FAINT, TZ_RED_INK};
    double most = round_up(largest(picture)), left = axis_width(scene, most);
    double end = 0, top = 20, bottom = 220, right;
    size_t count = picture->items.count;

    for (size_t s = 0; picture->series_count > 1 && s < picture->series_count; s++)
        end = fmax(end, tz_scene_text_width(picture->series[s], SIZE) + 12);
    right = scene->width - fmin(end, 180) - 20;
    lay_grid(scene, left, right, top, bottom, most);
    double step = count > 1 ? (right - left - 40) / (double)(count - 1) : 0;
    for (size_t i = 0; i < count; i++)
        tz_scene_text(scene, left + 20 + step * (double)i, bottom + 18,
                      tz_scene_fit(scene->mem, picture->items.items[i].label, SMALL, count > 1 ? step - 2 : 200), SMALL, TZ_MIDDLE, TZ_FAINT, false);
    for (size_t s = 0; s < picture->series_count; s++) {
        tz_colour colour = COLOURS[s % (sizeof COLOURS / sizeof COLOURS[0])];
        double    before = NAN, y = bottom;
        for (size_t i = 0; i < count; i++) {
            const tz_picture_item *item = &picture->items.items[i];
            double x = left + 20 + step * (double)i;
            if (isnan(item->values[s])) {
                before = NAN;
                continue;
            }
            y = bottom - height_of(item, s, bottom - top, most);
            if (!isnan(before))
                tz_scene_line(scene, x - step, before, x, y, colour, 2);
            tz_scene_dot(scene, x, y, 3, colour);
            if (picture->series_count == 1)
                tz_scene_text(scene, x, y - 8, item->printed[s], SMALL, TZ_MIDDLE, TZ_INK, false);
            before = y;
        }
        if (picture->series_count > 1) /* the line's name at its end */
            tz_scene_text(scene, right - 8, y + 4, tz_scene_fit(scene->mem, picture->series[s], SIZE, 180), SIZE, TZ_START, colour, false);
    }
    scene->height = bottom + 28;
}

static void lay_panel(tz_scene *scene, const tz_picture *picture, const tz_picture_item *item, double x, double y, double width, double most)
{
    enum { HEIGHT = 56 };
    double bottom = y + 22 + HEIGHT, step = (width - 16) / (double)picture->series_count;

    tz_scene_text(scene, x, y + 12, tz_scene_fit(scene->mem, item->label, SIZE, width - 16), SIZE, TZ_START, TZ_INK, false);
    for (size_t s = 0; s < picture->series_count; s++) {
        double height = height_of(item, s, HEIGHT, most), left = x + step * (double)s;
        tz_scene_rect(scene, left, bottom - height, fmax(step - 3, 1), height, TZ_ACCENT, s + 1 == picture->series_count ? 1 : 0.55);
    }
    tz_scene_line(scene, x, bottom, x + width - 16, bottom, TZ_FAINT, 1);
    tz_scene_text(scene, x, bottom + 13, item->printed[0], SMALL, TZ_START, TZ_FAINT, false);
    if (picture->series_count > 1)
        tz_scene_text(scene, x + width - 16, bottom + 13, item->printed[picture->series_count - 1], SMALL, TZ_END, TZ_INK, false);
}

/* First and last number of each panel are printed; which columns they are stands once, below. */
static void lay_multiples(tz_scene *scene, const tz_picture *picture)
{
    enum { ACROSS = 4, PANEL = 104 };
    double width = scene->width / ACROSS, most = largest(picture);
    size_t count = picture->items.count;

    for (size_t i = 0; i < count; i++)
        lay_panel(scene, picture, &picture->items.items[i], width * (double)(i % ACROSS), PANEL * (double)(i / ACROSS), width, most);
    scene->height = PANEL * (double)((count + ACROSS - 1) / ACROSS) + 20;
    if (picture->series_count > 1)
        tz_scene_text(scene, 0, scene->height - 8,
                      tz_scene_fit(scene->mem, tz_arena_printf(scene->mem, "%s → %s", picture->series[0], picture->series[picture->series_count - 1]),
                                   SMALL, scene->width), SMALL, TZ_START, TZ_FAINT, false);
}

static void lay_heat(tz_scene *scene, const tz_picture *picture)
{
    enum { ROW = 22, HEAD = 26 };
    double label = widest_label(picture, 140) + 8;
    double width = (scene->width - label) / (double)(picture->series_count > 0 ? picture->series_count : 1);

    for (size_t s = 0; s < picture->series_count; s++) {
        double most = 0, left = label + width * (double)s;
        for (size_t i = 0; i < picture->items.count; i++)
            most = fmax(most, isnan(picture->items.items[i].values[s]) ? 0 : picture->items.items[i].values[s]);
        tz_scene_text(scene, left + width / 2, 16, tz_scene_fit(scene->mem, picture->series[s], SMALL, width - 4), SMALL, TZ_MIDDLE, TZ_FAINT, false);
        for (size_t i = 0; i < picture->items.count; i++) {
            const tz_picture_item *item = &picture->items.items[i];
            double top = HEAD + ROW * (double)i, share = most > 0 && !isnan(item->values[s]) ? item->values[s] / most : 0;
            /* at most half: the number on it must be read */
            if (share > 0)
                tz_scene_rect(scene, left + 1, top + 1, width - 2, ROW - 2, TZ_ORANGE_INK, 0.05 + 0.4 * share);
            tz_scene_text(scene, left + width / 2, top + 15, item->printed[s], SIZE, TZ_MIDDLE, TZ_INK, false);
        }
    }
    for (size_t i = 0; i < picture->items.count; i++)
        tz_scene_text(scene, label - 8, HEAD + ROW * (double)i + 15, tz_scene_fit(scene->mem, picture->items.items[i].label, SIZE, label - 8), SIZE,
                      TZ_END, TZ_INK, false);
    scene->height = HEAD + ROW * (double)picture->items.count + 4;
}

static void lay_timeline(tz_scene *scene, const tz_picture *picture)
{
    enum { ROW = 26 };
    double label = widest_label(picture, 140), axis = label + 16;
    size_t count = picture->items.count;

    if (count > 1)
        tz_scene_line(scene, axis, 14, axis, 14 + ROW * (double)(count - 1), TZ_RULE, 2);
    for (size_t i = 0; i < count; i++) {
        double y = 14 + ROW * (double)i;
        tz_scene_text(scene, label, y + 4, picture->items.items[i].label, SIZE, TZ_END, TZ_FAINT, false);
        tz_scene_dot(scene, axis, y, 4, TZ_ACCENT);
        tz_scene_text(scene, axis + 14, y + 4, tz_scene_fit(scene->mem, picture->items.items[i].printed[0], SIZE, scene->width - axis - 14), SIZE,
                      TZ_START, TZ_INK, false);
    }
    scene->height = ROW * (double)count + 6;
}

/* The highest place that the steps reach. */
static double waterfall_top(const tz_picture *picture)
{
    double level = 0, top = 0;
    for (size_t i = 0; i < picture->items.count; i++) {
        const tz_picture_item *item = &picture->items.items[i];
        double value = isnan(item->values[0]) ? 0 : item->values[0];
        level = item->is_total ? value : level + value;
        top = fmax(top, level);
    }
    return top > 0 ? top : 1;
}

static void lay_waterfall(tz_scene *scene, const tz_picture *picture)
{
    double top = 24, bottom = 204, most = waterfall_top(picture), level = 0;
    size_t count = picture->items.count;
    double step = scene->width / (double)(count > 0 ? count : 1), bar = fmin(step * 0.6, 72);

    for (size_t i = 0; i < count; i++) {
        const tz_picture_item *item = &picture->items.items[i];
        double value = isnan(item->values[0]) ? 0 : item->values[0], from = item->is_total ? 0 : level;
        double x = step * (double)i + (step - bar) / 2, next = from + value;
        double high = bottom - fmax(fmax(from, next), 0) / most * (bottom - top), low = bottom - fmax(fmin(from, next), 0) / most * (bottom - top);
        tz_scene_rect(scene, x, high, bar, fmax(low - high, 1), item->is_total ? TZ_ACCENT : value < 0 ? TZ_ORANGE_INK : TZ_FAINT, 1);
        tz_scene_text(scene, x + bar / 2, high - 6, item->printed[0], SIZE, TZ_MIDDLE, TZ_INK, false);
        tz_scene_text(scene, x + bar / 2, bottom + 18, tz_scene_fit(scene->mem, item->label, SMALL, step - 4), SMALL, TZ_MIDDLE, TZ_FAINT, false);
        level = next;
        if (i + 1 < count) {
            double y = bottom - fmax(level, 0) / most * (bottom - top);
            tz_scene_line(scene, x + bar, y, x + step, y, TZ_RULE, 1);
        }
    }
    tz_scene_line(scene, 0, bottom, scene->width, bottom, TZ_FAINT, 1);
    scene->height = bottom + 28;
}

tz_scene tz_picture_scene(tz_arena *mem, const tz_picture *picture)
{
    static void (*const LAY[])(tz_scene *, const tz_picture *) = {lay_bars, lay_lines, lay_multiples, lay_heat, lay_timeline, lay_waterfall};
    tz_scene scene = {.mem = mem, .width = TZ_SCENE_WIDTH};

    tz_assert(picture->kind < sizeof LAY / sizeof LAY[0]);
    tz_assert(picture->series_count > 0);
    LAY[picture->kind](&scene, picture);
    return scene;
}
