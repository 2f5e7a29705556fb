#include "report/asked.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/picture.h"
#include "report/place.h"
#include "report/section.h"

enum { MAX_SERIES = 12, MAX_ITEMS = 60 };

typedef struct {
    tz_building    *of;
    tz_document    *doc;
    tz_picture_kind kind;
    tz_text         title, by;     /* by: "", township or village */
    bool            is_over_time;
    TZ_ARRAY(tz_text) figures;     /* names, with a sign before them in a waterfall */
    TZ_ARRAY(tz_text) labels;
    TZ_ARRAY(tz_text) days, events; /* of a time line */
} asking;

static tz_rc wrong(tz_err *err, const char *zh, const char *en, tz_text what)
{
    (void)tz_fail(err, TZ_INPUT, zh, en, TZ_FMT(tz_text_cut(what, 0, 60)));
    return tz_err_advise(err, "写法见 docs/format/report.md 的“图”", "docs/format/report.md describes pictures");
}

/* ---- Reading the fence ---- */

static void split_list(tz_arena *mem, tz_text text, void *list)
{
    TZ_ARRAY(tz_text) *to = list;
    for (size_t at = 0; at <= text.size;) {
        size_t end = tz_text_find(text, TZ_TEXT(","), at);
        end = end == SIZE_MAX ? text.size : end;
        tz_text one = tz_text_trim(tz_text_cut(text, at, end - at));
        if (one.size > 0)
            tz_push(mem, to, one);
        at = end + 1;
    }
}

static bool is_date(tz_text text)
{
    return text.size == 10 && text.data[4] == '-' && text.data[7] == '-';
}

static tz_rc read_line(asking *to, tz_text key, tz_text value, tz_err *err)
{
    tz_arena *mem = to->of->mem;

    if (is_date(key)) {
        tz_push(mem, &to->days, key);
        tz_push(mem, &to->events, value);
    } else if (tz_text_is(key, "kind")) {
        if (!tz_picture_kind_of(value, &to->kind))
            return wrong(err, "没有 “%.*s” 这种图", "there is no kind of picture '%.*s'", value);
    } else if (tz_text_is(key, "title")) {
        to->title = value;
    } else if (tz_text_is(key, "by") && (tz_text_is(value, "township") || tz_text_is(value, "village"))) {
        to->by = value;
    } else if (tz_text_is(key, "over") && tz_text_is(value, "time")) {
        to->is_over_time = true;
    } else if (tz_text_is(key, "figures") || tz_text_is(key, "figure")) {
        split_list(mem, value, &to->figures);
    } else if (tz_text_is(key, "labels")) {
        split_list(mem, value, &to->labels);
    } else {
        return wrong(err, "图里读不懂 “%.*s”", "'%.*s' is not understood in a picture", key);
    }
    return TZ_OK;
}

static tz_rc read_fence(asking *to, tz_text lines, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t at = 0; rc == TZ_OK && at < lines.size;) {
        size_t  end = tz_text_find(lines, TZ_TEXT("\n"), at);
        tz_text line = tz_text_trim(tz_text_cut(lines, at, (end == SIZE_MAX ? lines.size : end) - at));
        size_t  colon = tz_text_find(line, TZ_TEXT(":"), 0);
        at = end == SIZE_MAX ? lines.size : end + 1;
        if (line.size == 0)
            continue;
        if (colon == SIZE_MAX)
            return wrong(err, "图里读不懂 “%.*s”", "'%.*s' is not understood in a picture", line);
        rc = read_line(to, tz_text_trim(tz_text_cut(line, 0, colon)), tz_text_trim(tz_text_cut(line, colon + 1, line.size)), err);
    }
    return rc;
}

/* ---- Values ---- */

/* The name without the sign that it may bear. */
static tz_text unsigned_name(tz_text name)
{
    bool has_sign = name.size > 0 && (name.data[0] == '-' || name.data[0] == '+' || name.data[0] == '=');
    return tz_text_trim(tz_text_cut(name, has_sign, name.size));
}

/* A figure by the name, which may bear a sign. */
static tz_rc figure_of(const asking *to, tz_text name, const tz_figure_value **ret_value, double *ret_sign, tz_err *err)
{
    *ret_sign = name.size > 0 && name.data[0] == '-' ? -1 : 1;
    name = unsigned_name(name);
    *ret_value = tz_figure_value_of(&to->of->figures, tz_text_dup(to->of->mem, name));
    return *ret_value == NULL ? wrong(err, "图要的指标 “%.*s” 没有", "a picture asks for '%.*s', which is no figure", name) : TZ_OK;
}

static double number_of(const char *text)
{
    return text == NULL ? NAN : strtod(text, NULL); /* a length on paper: no amount is computed from it */
}

static const char *label_of(const asking *to, size_t index, const char *otherwise)
{
    return index < to->labels.count ? tz_text_dup(to->of->mem, to->labels.items[index]) : otherwise;
}

static tz_picture *new_picture(const asking *to, size_t series)
{
    tz_arena   *mem = to->of->mem;
    tz_picture *picture = tz_new(mem, tz_picture);

    *picture = (tz_picture){.kind = to->kind, .title = tz_text_dup(mem, to->title), .series = tz_new_array(mem, const char *, series),
                            .series_count = series};
    return picture;
}

static tz_picture_item *add_item(const asking *to, tz_picture *picture, const char *label)
{
    tz_arena       *mem = to->of->mem;
    tz_picture_item item = {.label = label, .values = tz_new_array(mem, double, picture->series_count),
                            .printed = tz_new_array(mem, const char *, picture->series_count)};
    for (size_t s = 0; s < picture->series_count; s++) {
        item.values[s] = NAN;
        item.printed[s] = "–";
    }
    tz_push(mem, &picture->items, item);
    return &picture->items.items[picture->items.count - 1];
}

/* Figures as they are: an item each. The first of a waterfall, and one with =, stand on the ground. */
static tz_rc fill_figures(const asking *to, tz_picture **ret_picture, tz_err *err)
{
    tz_picture *picture = new_picture(to, 1);
    tz_rc       rc = TZ_OK;

    picture->series[0] = picture->title;
    for (size_t i = 0; i < to->figures.count; i++) {
        const tz_figure_value *value = NULL;
        double                 sign = 1;
        TZ_TRY(figure_of(to, to->figures.items[i], &value, &sign, err));
        tz_picture_item *item = add_item(to, picture, label_of(to, i, tz_doc_half(to->doc, value->figure->title)));
        item->values[0] = sign * number_of(value->value);
        item->printed[0] = value->value == NULL ? "–" : tz_arena_printf(to->of->mem, "%s%s", sign < 0 ? "−" : "", value->value);
        item->is_total = i == 0 || to->figures.items[i].data[0] == '=';
    }
    *ret_picture = picture;
done:
    return rc;
}

/* Finds the item of a label, or makes it: series that miss a place leave it empty. */
static tz_picture_item *item_of(const asking *to, tz_picture *picture, const char *label)
{
    for (size_t i = 0; i < picture->items.count; i++)
        if (strcmp(picture->items.items[i].label, label) == 0)
            return &picture->items.items[i];
    return add_item(to, picture, label);
}

/* A series from the lines that place.h gives, by the member that names them. */
static void fill_series(const asking *to, tz_picture *picture, size_t series, const json_t *lines, const char *label_key)
{
    size_t  i;
    json_t *line;

    json_array_foreach((json_t *)lines, i, line) {
        const char *label = tz_json_str(line, label_key), *value = tz_json_str(line, "value");
        if (label == NULL)
            label = tz_doc_half(to->doc, "不在任何地方|nowhere");
        tz_picture_item *item = item_of(to, picture, tz_arena_dup(to->of->mem, label));
        item->values[series] = number_of(value);
        item->printed[series] = value == NULL ? "–" : tz_arena_dup(to->of->mem, value);
    }
}

/* A figure by township, by village or over time, as place.h gives it: as it was kept, else computed. */
static tz_rc series_of(tz_building *of, const char *by, const char *name, json_t **ret_lines, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *key = tz_arena_printf(of->mem, "%s %s", by, name);
    json_t     *lines = json_incref(json_object_get(of->series, key));

    if (lines == NULL) {
        if (strcmp(by, "time") == 0) {
            TZ_TRY(tz_figure_trend(of->mem, of->store, of->packs, of->day, of->lang, name, &lines, err));
        } else {
            TZ_TRY(tz_build_worker(of, err));
            TZ_TRY(tz_places_of(of->places, strcmp(by, "village") == 0 ? TZ_DIVISION_VILLAGE : TZ_DIVISION_TOWNSHIP, of->lang, name, &lines, err));
        }
        (void)json_object_set(of->series, key, lines);
        of->has_new_series = true;
    }
    *ret_lines = lines;
done:
    return rc;
}

/* Figures by township or village, or over time: a series each. */
static tz_rc fill_split(const asking *to, tz_picture **ret_picture, tz_err *err)
{
    tz_building *of = to->of;
    tz_picture  *picture = new_picture(to, to->figures.count);
    const char  *by = to->is_over_time ? "time" : tz_text_dup(of->mem, to->by);
    tz_rc        rc = TZ_OK;

    for (size_t s = 0; s < to->figures.count; s++) {
        const tz_figure_value *value = NULL;
        double                 sign = 1;
        json_t                *lines = NULL;
        TZ_TRY(figure_of(to, to->figures.items[s], &value, &sign, err));
        picture->series[s] = label_of(to, s, tz_doc_half(to->doc, value->figure->title));
        TZ_TRY(series_of(of, by, value->figure->name, &lines, err));
        fill_series(to, picture, s, lines, to->is_over_time ? "as_of" : "name");
        json_decref(lines);
    }
    *ret_picture = picture;
done:
    return rc;
}

/* Over time and by figure the other way round: lines have dates below and figures as lines; multiples have a
 * panel a figure. */
static tz_picture *turned(const asking *to, const tz_picture *picture)
{
    tz_picture *turn = new_picture(to, picture->items.count);

    for (size_t i = 0; i < picture->items.count; i++)
        turn->series[i] = picture->items.items[i].label;
    for (size_t s = 0; s < picture->series_count; s++) {
        tz_picture_item *item = add_item(to, turn, picture->series[s]);
        for (size_t i = 0; i < picture->items.count; i++) {
            item->values[i] = picture->items.items[i].values[s];
            item->printed[i] = picture->items.items[i].printed[s];
        }
    }
    return turn;
}

static tz_picture *fill_days(const asking *to)
{
    tz_picture *picture = new_picture(to, 1);

    picture->series[0] = picture->title;
    for (size_t i = 0; i < to->days.count; i++)
        add_item(to, picture, tz_text_dup(to->of->mem, to->days.items[i]))->printed[0] = tz_text_dup(to->of->mem, to->events.items[i]);
    return picture;
}

static int compare_bars(const void *a, const void *b)
{
    double x = ((const tz_picture_item *)a)->values[0], y = ((const tz_picture_item *)b)->values[0];
    x = isnan(x) ? -1 : x;
    y = isnan(y) ? -1 : y;
    if (x != y)
        return x < y ? 1 : -1;
    return strcmp(((const tz_picture_item *)a)->label, ((const tz_picture_item *)b)->label);
}

static tz_rc fill(const asking *to, tz_picture **ret_picture, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_picture *picture = NULL;
    bool        is_split = to->by.size > 0 || to->is_over_time;

    if (to->kind == TZ_PICTURE_TIMELINE)
        picture = fill_days(to);
    else if (is_split)
        TZ_TRY(fill_split(to, &picture, err));
    else
        TZ_TRY(fill_figures(to, &picture, err));
    if (to->kind == TZ_PICTURE_MULTIPLES && to->is_over_time)
        picture = turned(to, picture);
    if (to->kind == TZ_PICTURE_BARS && to->by.size > 0)
        qsort(picture->items.items, picture->items.count, sizeof picture->items.items[0], compare_bars);
    *ret_picture = picture;
done:
    return rc;
}

static tz_rc check_fence(const asking *to, tz_text lines, tz_err *err)
{
    if (to->title.size == 0 || (to->figures.count == 0 && to->days.count == 0) || to->figures.count > MAX_SERIES ||
        (to->kind == TZ_PICTURE_TIMELINE) != (to->days.count > 0))
        return wrong(err, "图缺标题或内容:%.*s", "a picture lacks its title or what it shows: %.*s", lines);
    for (size_t i = 0; i < to->figures.count; i++)
        if (tz_packs_figure(to->of->packs, tz_text_dup(to->of->mem, unsigned_name(to->figures.items[i]))) == NULL)
            return wrong(err, "图要的指标 “%.*s” 没有", "a picture asks for '%.*s', which is no figure", to->figures.items[i]);
    return TZ_OK;
}

/* The fence read and judged, and nothing computed. */
static tz_rc check_asked(void *context, tz_document *doc, tz_text lines, tz_err *err)
{
    asking to = {.of = context, .doc = doc};
    tz_rc  rc = read_fence(&to, lines, err);
    return rc == TZ_OK ? check_fence(&to, lines, err) : rc;
}

tz_rc tz_section_lint(tz_arena *mem, const tz_packs *packs, const tz_pack *pack, tz_lang lang, json_t *rows, tz_err *err)
{
    tz_building            of = {.mem = mem, .packs = packs, .lang = lang};
    const tz_picture_maker pictures = {check_asked, &of};

    for (int half = TZ_ZH; pack->report != NULL && half <= TZ_EN; half++) {
        tz_err wrong = {0};
        char   line[1400];
        tz_rc  rc = tz_section_add(tz_document_new(mem, lang), tz_section_half(tz_text_of(pack->report), (tz_lang)half), NULL, &pictures, &wrong);
        if (rc == TZ_OK)
            continue;
        if (rc != TZ_INPUT) {
            *err = wrong;
            return rc;
        }
        tz_err_line(&wrong, lang, line, sizeof line);
        json_t *row = json_object();
        tz_json_set_str(row, "rule", "section");
        tz_json_set_str(row, "file", "report.md");
        tz_json_set_int(row, "line", 0);
        tz_json_set_str(row, "text", line);
        (void)json_array_append_new(rows, row);
    }
    return TZ_OK;
}

tz_rc tz_picture_asked(void *context, tz_document *doc, tz_text lines, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    asking      to = {.of = context, .doc = doc};
    tz_picture *picture = NULL;

    TZ_TRY(read_fence(&to, lines, err));
    TZ_TRY(check_fence(&to, lines, err));
    TZ_TRY(fill(&to, &picture, err));
    if (picture->items.count > MAX_ITEMS) {
        rc = wrong(err, "图放不下这么多项:%.*s", "a picture has not room for so many: %.*s", to.title);
        goto done;
    }
    tz_block *block = tz_doc_add(doc, TZ_BLOCK_PICTURE);
    block->picture = picture;
    (void)tz_doc_run(doc, block, picture->title);
done:
    return rc;
}
