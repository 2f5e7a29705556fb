/* figures - every figure of a day; one, opened: what it means, how it moved, where it lies, and its rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "report/assertion.h"
#include "report/basis.h"
#include "report/behind.h"
#include "report/code.h"
#include "report/kept.h"
#include "report/phrase.h"
#include "report/qr.h"
#include "web/desk_page.h"
#include "web/leading.h"
#include "web/listing.h"
#include "web/pages.h"
#include "web/prepare.h"

/* ---- All ---- */

static const char *kind_words(const tz_request *req, tz_figure_kind kind)
{
    static const char *const WORDS[] = {[TZ_COUNTED] = "计数|counted", [TZ_MEASURED] = "计量|measured", [TZ_BOUND] = "约数|bound",
                                        [TZ_UNIVERSAL] = "“全部”的说法|a universal claim", [TZ_MOSTLY] = "“基本”的说法|mostly",
                                        [TZ_TARGET] = "目标|target"};
    return tz_web_half(req, WORDS[kind]);
}

static json_t *line_of(const tz_request *req, const tz_figure_value *value)
{
    json_t *line = json_object();

    tz_json_set_str(line, "figure", value->figure->name);
    tz_json_set_str(line, "title", tz_web_half(req, value->figure->title));
    if (req->actor->is_county) { /* who has a part of it sees that part, on the figure's page */
        tz_json_set_str(line, "value", value->value);
        tz_json_set_str(line, "printed", value->printed);
        tz_json_set_int(line, "looked_at", value->looked_at);
        tz_json_set_int(line, "rows", (int64_t)value->row_count);
    }
    tz_json_set_str(line, "unit", tz_web_half(req, value->figure->unit));
    tz_json_set_str(line, "kind", value->kind);
    tz_json_set_str(line, "kind_words", kind_words(req, value->figure->kind));
    tz_json_set_str(line, "why_not", value->why_not);
    return line;
}

/* Is what somebody looks for in its title, name or definition? */
static bool is_meant(const tz_figure_value *value, const char *text)
{
    return text == NULL || strstr(value->figure->title, text) != NULL || strstr(value->figure->name, text) != NULL ||
           (value->figure->definition != NULL && strstr(value->figure->definition, text) != NULL);
}

static size_t put_packs(const tz_request *req, const tz_figure_values *values, json_t *data)
{
    json_t        *packs = json_array(), *lines = NULL;
    const tz_pack *last = NULL;
    size_t         count = 0;

    for (size_t i = 0; i < values->count; i++) {
        const tz_figure *figure = values->items[i].figure;
        if (!is_meant(&values->items[i], tz_query_value(req, "q")) || !tz_web_may_figure(req, req->session->packs, figure))
            continue;
        if (figure->pack != last) {
            lines = json_array();
            (void)json_array_append_new(packs, json_pack("{s:s, s:s, s:o}", "pack", figure->pack->name, "title",
                                                         tz_web_half(req, figure->pack->title), "figures", lines));
            last = figure->pack;
        }
        (void)json_array_append_new(lines, line_of(req, &values->items[i]));
        count++;
    }
    (void)json_object_set_new(data, "packs", packs);
    return count;
}

static tz_rc put_assertions(const tz_request *req, const tz_figure_values *values, json_t *data, tz_err *err)
{
    tz_judgement judgement = {0};
    json_t      *list = json_array();
    tz_rc        rc = tz_assertions_judge(req->mem, req->session->packs, values, NULL, req->lang, &judgement, err);

    for (size_t i = 0; rc == TZ_OK && i < judgement.count; i++) {
        const tz_judged *one = &judgement.items[i];
        if (one->truth != TZ_BROKEN)
            continue;
        json_t *line = json_object();
        tz_json_set_str(line, "sentence", one->sentence);
        tz_json_set_str(line, "note", one->assertion->note == NULL ? NULL : tz_web_half(req, one->assertion->note));
        (void)json_object_set_new(line, "is_explained", json_boolean(one->assertion->is_explained));
        (void)json_array_append_new(list, line);
    }
    (void)json_object_set_new(data, "assertions", list);
    (void)json_object_set_new(data, "has_assertions", json_boolean(json_array_size(list) > 0));
    return rc;
}

/* The same as a file: what is kept by then, since the page waited for it. */
static tz_rc read_figures(tz_request *req, const tz_web_range *range, json_t **ret_rows, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_day           day = {0};
    tz_figure_values values = {0};
    json_t          *rows = json_array();
    const char      *as_of = NULL;

    (void)range;
    TZ_TRY(tz_day_resolve(req->session->store, req->day, &day, err));
    as_of = tz_web_day_query(req, day) + strlen("?as_of=");
    TZ_TRY(tz_kept_figures(req->mem, req->session->store, req->session->packs, day, req->lang, &values, err));
    for (size_t i = 0; i < values.count; i++) {
        if (!is_meant(&values.items[i], tz_query_value(req, "q")) || !tz_web_may_figure(req, req->session->packs, values.items[i].figure))
            continue;
        json_t *line = line_of(req, &values.items[i]);
        tz_json_set_str(line, "pack", tz_web_half(req, values.items[i].figure->pack->title));
        tz_json_set_str(line, "as_of", tz_arena_printf(req->mem, "%.10s", as_of));
        (void)json_array_append_new(rows, line);
    }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

static const tz_list_column FILE_COLUMNS[] = {
    {"pack", "机制|mechanism", false}, {"figure", "指标|figure", false},     {"title", "名称|title", false}, {"value", "数值|value", true},
    {"unit", "单位|unit", false},      {"as_of", "时点|as of", false},       {"kind", "类别|kind", false},   {"rows", "依据行|rows", true},
    {"looked_at", "查看行|looked at", true}, {NULL, NULL, false},
};
static const char *const FILE_FILTERS[] = {"q", "as_of", "at", NULL}, *const FILE_SORTS[] = {"pack", NULL};
static const tz_web_list FILE_LIST = {.path = "/figures", .key = "figure", .columns = FILE_COLUMNS, .filters = FILE_FILTERS,
                                      .sorts = FILE_SORTS, .read = read_figures};

tz_rc tz_web_figures(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_day           day = {0};
    tz_figure_values values = {0};
    bool             is_ready = false;

    if (tz_day_resolve(req->session->store, req->day, &day, err) != TZ_OK) {
        (void)json_object_set_new(reply->data, "is_empty", json_true());
        return TZ_OK;
    }
    TZ_TRY(tz_web_figures_of(req, reply, day, &values, &is_ready, err));
    if (!is_ready)
        goto done;
    if (tz_page_is_file(req))
        return tz_web_list_show(req, reply, &FILE_LIST, err);
    (void)json_object_set_new(reply->data, "nothing", json_boolean(put_packs(req, &values, reply->data) == 0));
    if (req->actor->is_county)
        TZ_TRY(put_assertions(req, &values, reply->data, err));
    (void)json_object_set_new(reply->data, "is_county", json_boolean(req->actor->is_county));
    tz_json_set_str(reply->data, "day_query", tz_web_day_query(req, day));
done:
    return rc;
}

/* ---- One: its head ---- */

static tz_rc make_opened(tz_arena *mem, tz_session *session, tz_day day, tz_lang lang, const char *what, tz_err *err)
{
    return tz_kept_make(mem, session->store, session->packs, day, lang, what, err);
}

static tz_rc opened_of(tz_request *req, tz_reply *reply, tz_day day, const tz_figure *figure, json_t **ret_opened, bool *ret_is_ready, tz_err *err)
{
    tz_session *session = req->session;
    tz_rc       rc = tz_kept_opened(req->mem, session->store, session->packs, day, req->lang, figure->name, ret_opened, err);

    *ret_is_ready = rc == TZ_OK;
    if (rc != TZ_MISSING)
        return rc;
    rc = tz_prepare(req, reply, day, make_opened, figure->name,
                    tz_arena_printf(req->mem, req->lang == TZ_ZH ? "正在打开“%s”:分到乡村,回看各期" : "Opening “%s”: by place and over time",
                                    tz_web_half(req, figure->title)), ret_is_ready, err);
    if (rc == TZ_OK && *ret_is_ready)
        rc = tz_kept_opened(req->mem, session->store, session->packs, day, req->lang, figure->name, ret_opened, err);
    return rc;
}

/* What its value comes from, for who wants to see it. */
static const char *query_of(const tz_request *req, const tz_figure *figure)
{
    if (figure->sql != NULL)
        return figure->sql;
    if (figure->value == TZ_VALUE_TARGET)
        return tz_arena_printf(req->mem, figure->until == NULL ? "target %s" : "target %s until %s", figure->target, figure->until);
    return tz_arena_printf(req->mem, figure->is_fall ? "(%2$s - %1$s) / %2$s" : "%1$s / %2$s", figure->numerator, figure->denominator);
}

static tz_rc put_code(const tz_request *req, const tz_figure *figure, tz_day day, json_t *data, tz_err *err)
{
    enum { PIXELS = 112 };
    char   code[TZ_CODE_TEXT];
    tz_qr  qr = {0};
    tz_buf svg = tz_buf_init(req->mem, 0);
    tz_rc  rc = TZ_OK;

    tz_code_make(req->session->store->county, figure, day, code);
    tz_json_set_str(data, "code", code);
    if (code[0] == '\0')
        return TZ_OK;
    TZ_TRY(tz_qr_make(req->mem, code, &qr, err));
    tz_qr_svg(&qr, PIXELS, code, &svg);
    tz_json_set_str(data, "qr", tz_buf_str(&svg));
done:
    return rc;
}

static void put_parameters(const tz_request *req, const tz_pack *pack, const char *sql, tz_day day, json_t *data)
{
    json_t *list = json_array();

    for (size_t i = 0; sql != NULL && i < pack->parameters.count; i++) {
        const tz_parameter *parameter = &pack->parameters.items[i];
        if (strstr(sql, tz_arena_printf(req->mem, ":%s", parameter->name)) == NULL)
            continue;
        json_t *line = json_object();
        tz_json_set_str(line, "parameter", parameter->name);
        tz_json_set_str(line, "title", tz_web_half(req, parameter->title));
        tz_json_set_str(line, "value", tz_parameter_value(parameter, day.as_of));
        const char *source = parameter->override != NULL ? parameter->override->why : parameter->source;
        tz_json_set_str(line, "source", source == NULL ? NULL : tz_web_half(req, source));
        (void)json_array_append_new(list, line);
    }
    (void)json_object_set_new(data, "parameters", list);
}

static tz_rc put_head(tz_request *req, const tz_figure_value *value, tz_day day, json_t *data, tz_err *err)
{
    const tz_figure *figure = value->figure;
    tz_rc            rc = TZ_OK;
    json_t          *line = line_of(req, value);

    (void)json_object_update(data, line);
    tz_json_set_str(data, "definition", figure->definition == NULL ? NULL : tz_web_half(req, figure->definition));
    tz_json_set_str(data, "pack_title", tz_web_half(req, figure->pack->title));
    tz_json_set_str(data, "sql", query_of(req, figure));
    if (figure->value == TZ_VALUE_RATIO)
        (void)json_object_set_new(data, "parts", json_pack("[{s:s, s:s}, {s:s, s:s}]", "figure", figure->numerator, "title",
                                                           tz_web_half(req, tz_packs_figure(req->session->packs, figure->numerator)->title), "figure",
                                                           figure->denominator, "title",
                                                           tz_web_half(req, tz_packs_figure(req->session->packs, figure->denominator)->title)));
    put_parameters(req, figure->pack, figure->sql, day, data);
    if (req->actor->is_county) /* a code is of the county's number */
        TZ_TRY(put_code(req, figure, day, data, err));
    TZ_TRY(tz_basis_tree(req->mem, req->session->store, req->session->packs, figure, day, data, err));
    (void)json_object_set_new(data, "has_basis", json_boolean(json_array_size(json_object_get(data, "batches")) > 0));
done:
    json_decref(line);
    return rc;
}

/* ---- One: where and when ---- */

static double number_of(const json_t *line)
{
    const char *value = tz_json_str(line, "value");
    return value == NULL ? NAN : strtod(value, NULL); /* a length on the screen: no amount is computed from it */
}

static int compare_places(const void *a, const void *b)
{
    double x = number_of(*(json_t *const *)a), y = number_of(*(json_t *const *)b);
    x = isnan(x) ? -INFINITY : x;
    y = isnan(y) ? -INFINITY : y;
    return (x < y) - (x > y);
}

/* The places that stand below `within` ("": townships), largest first, with the length of their bars. */
static json_t *list_places(const tz_request *req, const json_t *places, const char *within)
{
    size_t   count = 0, i;
    json_t **lines = tz_new_array(req->mem, json_t *, json_array_size(places) + 1), *line, *list = json_array();
    double   most = 0;

    json_array_foreach((json_t *)places, i, line) {
        const char *division = tz_json_str(line, "division");
        if (!tz_may_division(req->actor, division) || (within[0] != '\0' && (division == NULL || strncmp(division, within, strlen(within)) != 0)))
            continue;
        most = !isnan(number_of(line)) && fabs(number_of(line)) > most ? fabs(number_of(line)) : most;
        lines[count++] = line;
    }
    if (count > 0)
        qsort(lines, count, sizeof lines[0], compare_places);
    for (i = 0; i < count; i++) {
        double share = isnan(number_of(lines[i])) || most == 0 ? 0 : fabs(number_of(lines[i])) / most;
        (void)json_object_set_new(lines[i], "width", json_string(tz_arena_printf(req->mem, "%.1f", share * 100)));
        (void)json_array_append(list, lines[i]);
    }
    return list;
}

static const json_t *find_place(const json_t *opened, const char *division)
{
    static const char *const LISTS[] = {"townships", "villages"};
    size_t  j;
    json_t *line;

    for (size_t i = 0; i < 2; i++)
        json_array_foreach(json_object_get(opened, LISTS[i]), j, line)
            if (tz_json_str(line, "division") != NULL && strcmp(tz_json_str(line, "division"), division) == 0)
                return line;
    return NULL;
}

/* The places to choose from: townships, or the villages of the one that was chosen. */
static void put_places(const tz_request *req, const json_t *opened, const char *place, json_t *data)
{
    bool    is_township = place != NULL && strcmp(place + 9, "000") == 0;
    json_t *list = place == NULL      ? list_places(req, json_object_get(opened, "townships"), "")
                   : is_township      ? list_places(req, json_object_get(opened, "villages"), tz_arena_copy(req->mem, place, 9))
                                      : json_array();

    (void)json_object_set_new(data, "has_places", json_boolean(json_array_size(list) > 0));
    (void)json_object_set_new(data, "places", list);
    (void)json_object_set_new(data, "is_by_village", json_boolean(is_township));
    if (place == NULL)
        return;
    const json_t *here = find_place(opened, place);
    const tz_division *division = tz_county_division(req->session->store->county, tz_text_of(place));
    (void)json_object_set_new(data, "place", json_pack("{s:s, s:s, s:O?}", "division", place, "name", division == NULL ? place : division->name,
                                                       "value", here == NULL ? NULL : json_object_get(here, "value")));
}

static void put_trend(const tz_request *req, const json_t *opened, json_t *data)
{
    const json_t *trend = json_object_get(opened, "trend");
    tz_picture    picture = {.kind = TZ_PICTURE_LINES, .title = tz_arena_dup(req->mem, tz_json_str(data, "title")), .series_count = 1};
    json_t       *point;
    size_t        i;

    (void)json_object_set(data, "trend", (json_t *)trend);
    if (json_array_size(trend) < 2)
        return;
    picture.series = tz_new_array(req->mem, const char *, 1);
    picture.series[0] = picture.title;
    json_array_foreach((json_t *)trend, i, point) {
        tz_picture_item item = {.label = tz_arena_dup(req->mem, tz_json_str(point, "as_of")), .values = tz_new_array(req->mem, double, 1),
                                .printed = tz_new_array(req->mem, const char *, 1)};
        const char *value = tz_json_str(point, "value");
        item.values[0] = number_of(point);
        item.printed[0] = value == NULL ? "–" : tz_phrase_number(req->mem, value);
        tz_push(req->mem, &picture.items, item);
    }
    (void)json_object_set_new(data, "picture", tz_web_picture(req, &picture));
}

/* ---- One: its rows ---- */

enum { PAGE = 50 };

static void put_row(const tz_request *req, const tz_row_found *row, json_t *list)
{
    const tz_register *reg = tz_packs_register(req->session->packs, row->register_name);
    json_t            *line = tz_row_json(row);

    tz_json_set_str(line, "register_title", reg == NULL ? row->register_name : tz_web_half(req, reg->title));
    tz_json_set_str(line, "words", tz_row_words(req->mem, req->session->packs, row));
    (void)json_array_append_new(list, line);
}

static tz_rc put_rows(tz_request *req, const char *name, const char *place, tz_day day, json_t *data, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    int64_t       page = 1, limit = PAGE, *ids = NULL;
    size_t        count = 0, total = 0;
    tz_row_found *rows = NULL;
    json_t       *list = json_array();
    tz_session   *session = req->session;

    TZ_TRY(tz_query_number(req, "page", 1, &page, err));
    TZ_TRY(tz_web_limit(req, PAGE, &limit, err));
    page = page < 1 ? 1 : page > 1000000 ? 1000000 : page;
    size_t from = (size_t)((page - 1) * limit);
    TZ_TRY(tz_kept_rows(req->mem, session->store, session->packs, day, name, place, from, (size_t)limit, &ids, &count, &total, err));
    TZ_TRY(tz_rows_find(req->mem, session->store, session->packs, ids, count, &rows, err));
    for (size_t i = 0; i < count; i++) {
        put_row(req, &rows[i], list);
        json_decref(rows[i].values);
    }
    (void)json_object_set(data, "list", list);
    tz_json_set_int(data, "total", (int64_t)total);
    tz_json_set_int(data, "page", page);
    tz_json_set_int(data, "pages", total == 0 ? 1 : ((int64_t)total + limit - 1) / limit);
    if (page > 1)
        tz_json_set_int(data, "previous", page - 1);
    if (from + count < total)
        tz_json_set_int(data, "next", page + 1);
done:
    json_decref(list);
    return rc;
}

/* ---- One ---- */

/* The place that is asked for, or the first of a scope that is not the whole county. TZ_MISSING: it is none, or of others. */
static tz_rc place_of(tz_request *req, const char **ret_place, tz_err *err)
{
    const char *place = tz_query_value(req, "place");

    if (place == NULL && !req->actor->is_county) {
        const char *first = req->actor->divisions.count > 0 ? req->actor->divisions.items[0] : "";
        place = strlen(first) == 9 ? tz_arena_printf(req->mem, "%s000", first) : first;
    }
    if (place != NULL && (strlen(place) != 12 || strspn(place, "0123456789") != 12 || !tz_may_division(req->actor, place)))
        return tz_fail(err, TZ_MISSING, "没有这个乡镇或村", "there is no such township or village");
    *ret_place = place;
    return TZ_OK;
}

static void put_crumbs(const tz_request *req, tz_day day, const char *place, json_t *data)
{
    json_t     *crumbs = json_array();
    const char *query = tz_web_day_query(req, day), *name = tz_json_str(data, "figure");

    (void)json_array_append_new(crumbs, json_pack("{s:s, s:s}", "href", tz_arena_printf(req->mem, "/figures%s", query), "text",
                                                  tz_web_half(req, "指标|Figures")));
    if (place != NULL) {
        (void)json_array_append_new(crumbs, json_pack("{s:s, s:o}", "href", tz_arena_printf(req->mem, "/figures/%s%s", name, query), "text",
                                                      json_copy(json_object_get(data, "title"))));
        if (strcmp(place + 9, "000") != 0) {
            const char        *town = tz_arena_printf(req->mem, "%.9s000", place);
            const tz_division *division = tz_county_division(req->session->store->county, tz_text_of(town));
            const char        *href = tz_arena_printf(req->mem, "/figures/%s%s&place=%s", name, query, town);
            (void)json_array_append_new(crumbs, json_pack("{s:s, s:s}", "href", href, "text", division == NULL ? town : division->name));
        }
    }
    const json_t *here = place == NULL ? json_object_get(data, "title") : json_object_get(json_object_get(data, "place"), "name");
    (void)json_array_append_new(crumbs, json_pack("{s:O}", "text", here));
    (void)json_object_set_new(data, "crumbs", crumbs);
}

tz_rc tz_web_figure(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_day           day = {0};
    tz_figure_values values = {0};
    bool             is_ready = false;
    json_t          *opened = NULL;
    const char      *place = NULL;
    const tz_figure *figure = tz_packs_figure(req->session->packs, tz_param(req, "figure"));

    if (figure == NULL || !tz_web_may_figure(req, req->session->packs, figure)) {
        rc = tz_fail(err, TZ_MISSING, "没有这个指标", "there is no such figure");
        goto done;
    }
    TZ_TRY(place_of(req, &place, err));
    TZ_TRY(tz_day_resolve(req->session->store, req->day, &day, err));
    TZ_TRY(tz_web_figures_of(req, reply, day, &values, &is_ready, err));
    if (is_ready)
        TZ_TRY(opened_of(req, reply, day, figure, &opened, &is_ready, err));
    if (!is_ready)
        goto done;
    TZ_TRY(put_head(req, tz_figure_value_of(&values, figure->name), day, reply->data, err));
    if (req->actor->is_county)
        put_trend(req, opened, reply->data);
    put_places(req, opened, place, reply->data);
    tz_json_set_str(reply->data, "no_places", tz_json_str(opened, "why_not"));
    TZ_TRY(put_rows(req, figure->name, place, day, reply->data, err));
    tz_json_set_str(reply->data, "day_query", tz_web_day_query(req, day));
    put_crumbs(req, day, place, reply->data);
done:
    json_decref(opened);
    return rc;
}
