/* registers - what each register is and holds; who owes which one by when. */
#include <string.h>

#include "base/assert.h"
#include "evidence/account.h"
#include "evidence/import.h"
#include "web/desk_page.h"
#include "web/pages.h"
#include "web/row_page.h"

/* ---- Registers ---- */

static void dress_register(const tz_request *req, json_t *line)
{
    static const char *const HALVES[] = {"title", "pack_title", "due", NULL};
    static const struct { const char *period, *word; } PERIODS[] = {
        {"state", "现状|state"}, {"month", "按月|monthly"}, {"term", "按学期|by term"}, {"year", "按年|yearly"}, {"event", "按事|events"}};

    tz_web_halve(req, line, HALVES);
    for (size_t i = 0; i < sizeof PERIODS / sizeof PERIODS[0]; i++)
        if (strcmp(PERIODS[i].period, tz_json_str(line, "period")) == 0)
            tz_json_set_str(line, "period_word", tz_web_half(req, PERIODS[i].word));
}

/* Whether a text of the line holds what is looked for. */
static bool is_named(const json_t *line, const char *text)
{
    static const char *const KEYS[] = {"title", "register", "owner", "pack_title"};

    for (size_t i = 0; text != NULL && i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (tz_json_str(line, KEYS[i]) != NULL && strstr(tz_json_str(line, KEYS[i]), text) != NULL)
            return true;
    return text == NULL;
}

static const tz_list_column REGISTER_COLUMNS[] = {
    {"pack_title", "机制|mechanism", false}, {"title", "名册|register", false},   {"register", "名|name", false},
    {"owner", "主管单位|owner", false},      {"period_word", "怎样报|rhythm", false}, {"due", "期限|due", false},
    {"columns", "列|columns", true},         {"batches", "批次|batches", true},   {"as_of", "最新时点|newest", false},
    {"accepted", "行|rows", true},           {NULL, NULL, false}};

tz_rc tz_web_registers(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t     *listed = json_array(), *all = NULL, *groups = json_array(), *group = NULL, *line;
    const char *pack = "";
    size_t      i, count = 0;
    tz_rc       rc = tz_register_list(req->session->store, req->session->packs, &all, err);

    json_array_foreach(all, i, line) {
        dress_register(req, line);
        if (!tz_may_register(req->actor, tz_json_str(line, "register")) || !is_named(line, tz_query_value(req, "q")))
            continue;
        if (strcmp(pack, tz_json_str(line, "pack")) != 0) {
            pack = tz_arena_dup(req->mem, tz_json_str(line, "pack"));
            group = json_pack("{s:s, s:[]}", "title", tz_json_str(line, "pack_title"), "registers");
            (void)json_array_append_new(groups, group);
        }
        (void)json_array_append(json_object_get(group, "registers"), line);
        (void)json_array_append(listed, line);
        count++;
    }
    if (rc == TZ_OK && tz_page_is_file(req))
        rc = tz_page_file(req, reply, listed, REGISTER_COLUMNS, tz_web_half(req, "名册|registers"), err);
    tz_page_exports(req, reply->data);
    json_decref(all);
    json_decref(listed);
    (void)json_object_set_new(reply->data, "groups", groups);
    (void)json_object_set_new(reply->data, "has_groups", json_boolean(count > 0));
    tz_json_set_int(reply->data, "count", (int64_t)count);
    return rc;
}

/* The newest batches of a register that the reader may see. */
static tz_rc add_newest(tz_request *req, const char *name, json_t *data, tz_err *err)
{
    enum { NEWEST = 8 };
    json_t *all = NULL, *list = json_array();
    tz_rc   rc = tz_batch_list(req->session->store, &all, err);

    for (size_t i = json_array_size(all); i > 0 && json_array_size(list) < NEWEST; i--) {
        const json_t *row = json_array_get(all, i - 1);
        if (strcmp(tz_json_str(row, "register"), name) == 0 && tz_may_batch(req->actor, row))
            (void)json_array_append_new(list, tz_batch_view(req, row));
    }
    (void)json_object_set_new(data, "has_batches", json_boolean(json_array_size(list) > 0));
    (void)json_object_set_new(data, "batches", list);
    json_decref(all);
    return rc;
}

/* The rows that hold on the day; none before anything came. */
static tz_rc add_rows(tz_request *req, tz_reply *reply, const tz_register *reg, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    json_t        *page = NULL;
    tz_day         day;
    tz_rows_wanted wanted;
    tz_err         nothing = {0};

    TZ_TRY(tz_rows_of_query(req, &wanted, err));
    if (tz_day_resolve(req->session->store, req->day, &day, &nothing) != TZ_OK)
        goto done;
    const tz_rows_source source = {.reg = reg, .day = day};
    if (tz_page_is_file(req)) {
        rc = tz_rows_file(req, reply, &source, reg->name, err);
        goto done;
    }
    TZ_TRY(tz_rows_page(req, &source, &wanted, &page, err));
    rc = tz_rows_put(req, reply->data, page, err);
done:
    json_decref(page);
    return rc;
}

tz_rc tz_web_register(tz_request *req, tz_reply *reply, tz_err *err)
{
    static const char *const COLUMN_HALVES[] = {"title", "type", NULL};
    tz_rc       rc = TZ_OK;
    const char *name = tz_param(req, "register");
    json_t     *line = NULL, *column;
    size_t      i;

    if (!tz_may_register(req->actor, name))
        return tz_access_missing(err);
    TZ_TRY(tz_register_show(req->session->store, req->session->packs, name, &line, err));
    dress_register(req, line);
    json_array_foreach(json_object_get(line, "columns"), i, column)
        tz_web_halve(req, column, COLUMN_HALVES);
    TZ_TRY(add_newest(req, name, reply->data, err));
    TZ_TRY(add_rows(req, reply, tz_packs_register(req->session->packs, name), err));
    if (reply->file != NULL)
        goto done;
    (void)json_object_set(reply->data, "register", line);
    tz_json_set_str(reply->data, "title", tz_arena_dup(req->mem, tz_json_str(line, "title")));
    tz_web_crumb(reply->data, "/registers", tz_web_half(req, "名册|Registers"));
done:
    json_decref(line);
    return rc;
}

tz_rc tz_web_register_template(tz_request *req, tz_reply *reply, tz_err *err)
{
    const tz_register *reg = tz_packs_register(req->session->packs, tz_param(req, "register"));
    const char        *path = tz_page_passing(req, "xlsx");

    if (reg == NULL || !tz_may_register(req->actor, reg->name))
        return tz_access_missing(err);
    tz_rc rc = tz_template_write(reg, req->session->store->county, path, err);
    if (rc != TZ_OK)
        return rc;
    reply->is_file_temporary = true;
    tz_reply_file(reply, path, tz_arena_printf(req->mem, "%s_%s.xlsx", tz_web_half(req, "模板|template"), tz_page_register(req, reg->name)),
                  TZ_TYPE_XLSX);
    return TZ_OK;
}

/* ---- Deliveries ---- */

/* The unit's group, made at its first line. */
static json_t *unit_of(json_t *units, const char *unit)
{
    size_t  i;
    json_t *known;

    json_array_foreach(units, i, known)
        if (strcmp(tz_json_str(known, "unit"), unit) == 0)
            return known;
    known = json_pack("{s:s, s:[], s:i, s:i, s:i, s:i}", "unit", unit, "registers", "delivered", 0, "late", 0, "missing", 0, "open", 0);
    (void)json_array_append_new(units, known);
    return known;
}

static json_t *register_of(tz_request *req, json_t *unit, const json_t *line)
{
    json_t     *list = json_object_get(unit, "registers"), *known;
    const char *name = tz_json_str(line, "register");
    size_t      i;

    json_array_foreach(list, i, known)
        if (strcmp(tz_json_str(known, "register"), name) == 0)
            return known;
    known = json_pack("{s:s, s:[]}", "register", name, "cells");
    tz_json_set_str(known, "title", tz_page_register(req, name));
    tz_json_set_str(known, "due", tz_json_str(line, "due"));
    (void)json_object_set_new(known, "may_open", json_boolean(tz_may_register(req->actor, name)));
    (void)json_array_append_new(list, known);
    return known;
}

static void add_cell(json_t *of, const json_t *line)
{
    const char *state = tz_json_str(line, "state");
    json_t     *cell = json_object();

    tz_json_set_str(cell, "period", tz_json_str(line, "period") != NULL ? tz_json_str(line, "period") : tz_json_str(line, "as_of"));
    tz_json_set_str(cell, "state", state);
    tz_json_set_str(cell, "label", tz_json_str(line, "label"));
    tz_json_set_str(cell, "due_day", tz_json_str(line, "due_day"));
    if (tz_json_int(line, "batch", 0) > 0)
        tz_json_set_int(cell, "batch", tz_json_int(line, "batch", 0));
    (void)json_array_append_new(json_object_get(of, "cells"), cell);
}

static bool is_later(const json_t *a, const json_t *b)
{
    const char *x = tz_json_str(a, "period"), *y = tz_json_str(b, "period");
    return x != NULL && (y == NULL || strcmp(x, y) > 0);
}

/* By period: what is missing stands between what came. */
static void sort_cells(json_t *cells)
{
    for (size_t i = 1; i < json_array_size(cells); i++) {
        json_t *cell = json_incref(json_array_get(cells, i));
        size_t  at = i;
        while (at > 0 && is_later(json_array_get(cells, at - 1), cell))
            at--;
        (void)json_array_remove(cells, i);
        (void)json_array_insert_new(cells, at, cell);
    }
}

/* The newest periods stand last; older ones are counted. */
static void cut_cells(json_t *units)
{
    enum { MOST = 8 };
    json_t *unit, *reg;
    size_t  i, j;

    json_array_foreach(units, i, unit)
        json_array_foreach(json_object_get(unit, "registers"), j, reg) {
            json_t *cells = json_object_get(reg, "cells");
            size_t  count = json_array_size(cells), older = 0;
            sort_cells(cells);
            for (; count > MOST; count--, older++)
                (void)json_array_remove(cells, 0);
            if (older > 0)
                tz_json_set_int(reg, "older", (int64_t)older);
        }
}

/* What the reader may see and asks for; a double delivery is no debt. */
static bool is_listed(const tz_request *req, const json_t *line, const char *unit)
{
    const char *state = tz_json_str(line, "state"), *state_wanted = tz_query_value(req, "state"), *unit_wanted = tz_query_value(req, "unit");

    return (tz_may_unit(req->actor, unit) || tz_may_register(req->actor, tz_json_str(line, "register"))) && strcmp(state, "duplicate") != 0 &&
           (state_wanted == NULL || strcmp(state, state_wanted) == 0) && (unit_wanted == NULL || strcmp(unit, unit_wanted) == 0);
}

static const tz_list_column DELIVERY_COLUMNS[] = {
    {"unit", "单位|unit", false},   {"title", "名册|register", false}, {"period", "期次|period", false}, {"label", "状态|state", false},
    {"due", "应于|due", false},     {"due_day", "期限|due by", false}, {"batch", "批次|batch", true},     {"as_of", "时点|as of", false},
    {NULL, NULL, false}};

tz_rc tz_web_deliveries(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *listed = json_array(), *rows = NULL, *units = json_array(), *sums = json_object(), *line;
    size_t  i;
    tz_day  day;

    TZ_TRY(tz_day_resolve(req->session->store, req->day, &day, err));
    TZ_TRY(tz_deliveries(req->mem, req->session->store, req->session->packs, day, &rows, err));
    json_array_foreach(rows, i, line) {
        const char *unit = tz_json_str(line, "unit") == NULL ? "–" : tz_json_str(line, "unit"), *state = tz_json_str(line, "state");
        if (!is_listed(req, line, unit))
            continue;
        json_t *of = unit_of(units, unit);
        tz_json_set_int(of, state, tz_json_int(of, state, 0) + 1);
        tz_json_set_int(sums, state, tz_json_int(sums, state, 0) + 1);
        add_cell(register_of(req, of, line), line);
        tz_json_set_str(line, "title", tz_page_register(req, tz_json_str(line, "register")));
        (void)json_array_append(listed, line);
    }
    if (tz_page_is_file(req)) {
        rc = tz_page_file(req, reply, listed, DELIVERY_COLUMNS, tz_web_half(req, "报送|deliveries"), err);
        goto done;
    }
    tz_page_exports(req, reply->data);
    cut_cells(units);
    (void)json_object_set_new(reply->data, "may_open_batches", json_boolean(tz_may(req->actor, TZ_ROLE_CLERK | TZ_ROLE_INSPECTOR)));
    (void)json_object_set(reply->data, "units", units);
    (void)json_object_set(reply->data, "sums", sums);
    (void)json_object_set_new(reply->data, "has_units", json_boolean(json_array_size(units) > 0));
done:
    json_decref(rows);
    json_decref(listed);
    json_decref(units);
    json_decref(sums);
    return rc;
}
