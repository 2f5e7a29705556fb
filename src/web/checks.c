/* checks - the rules: their record, what is blind, one opened with its SQL, and what another parameter would change. */
#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "web/leading.h"
#include "web/listing.h"
#include "web/pages.h"

static const char *const FILTERS[] = {"state", "pack", "q", NULL};
static const char *const SORTS[] = {"pack", "findings", "verified", "share", NULL};
static const tz_list_column COLUMNS[] = {
    {"check", "规则|check", false}, {"title", "名称|title", false}, {"pack_title", "规则包|pack", false}, {"owner", "负责单位|owner", false},
    {"state_word", "状态|state", false}, {"why", "说明|why", false}, {"since", "运行日|as of", false}, {"findings", "疑点|findings", true},
    {"verified", "已核查|verified", true}, {"real", "属实|real", true}, {"share_real", "属实率|share real", true}, {NULL, NULL, false},
};

/* ---- The list ---- */

static const char *state_word(const tz_request *req, const char *state)
{
    return tz_web_half(req, state == NULL || strcmp(state, "not evaluated") == 0 ? "未评估|not evaluated"
                            : strcmp(state, "ran") == 0                          ? "已运行|ran"
                            : strcmp(state, "failed") == 0                       ? "出错|failed"
                                                                                 : state);
}

static bool is_wanted(tz_request *req, const json_t *line)
{
    const char *state = tz_query_value(req, "state"), *pack = tz_query_value(req, "pack"), *text = tz_query_value(req, "q");
    const char *is = tz_json_str(line, "state");

    if (state != NULL && strcmp(state, "blind") == 0 && strcmp(is, "ran") == 0)
        return false;
    if (state != NULL && strcmp(state, "blind") != 0 && strcmp(state, "all") != 0 && strcmp(is, state) != 0)
        return false;
    if (pack != NULL && strcmp(pack, tz_json_str(line, "pack")) != 0)
        return false;
    return text == NULL || strstr(tz_json_str(line, "title"), text) != NULL || strstr(tz_json_str(line, "check"), text) != NULL ||
           (tz_json_str(line, "owner") != NULL && strstr(tz_json_str(line, "owner"), text) != NULL);
}

/* The record and the newest state of each, put together. */
static tz_rc lines_of(tz_request *req, json_t **ret_lines, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *record = NULL, *doctor = NULL, *lines = json_array(), *line;
    size_t  i;

    TZ_TRY(tz_check_record(req->session->store, req->session->packs, &record, err));
    TZ_TRY(tz_check_doctor(req->session->store, req->session->packs, &doctor, err));
    json_array_foreach(record, i, line) { /* both are in the order of the packs */
        const json_t   *state = json_array_get(doctor, i);
        const tz_check *check = tz_packs_check(req->session->packs, tz_json_str(line, "check"));
        (void)json_object_update_missing(line, (json_t *)state);
        (void)json_object_del(line, "townships");
        (void)json_object_del(line, "reasons");
        tz_json_set_str(line, "title", tz_web_half(req, check->title));
        tz_json_set_str(line, "pack", check->pack->name);
        tz_json_set_str(line, "pack_title", tz_web_half(req, check->pack->title));
        tz_json_set_str(line, "state_word", state_word(req, tz_json_str(line, "state")));
        (void)json_object_set_new(line, "is_blind", json_boolean(strcmp(tz_json_str(line, "state"), "ran") != 0));
        tz_json_set_int(line, "number", (int64_t)i + 1);
        if (is_wanted(req, line))
            (void)json_array_append(lines, line);
    }
    *ret_lines = json_incref(lines);
done:
    json_decref(record);
    json_decref(doctor);
    json_decref(lines);
    return rc;
}

static double weight_of(const json_t *line, const char *sort)
{
    const char *share = tz_json_str(line, "share_real");
    return strcmp(sort, "share") == 0 ? (share == NULL ? -1 : strtod(share, NULL)) : (double)tz_json_int(line, sort, 0);
}

/* Whether `line` goes before `other`: the largest first, unless the smallest were asked for. */
static bool is_before(const json_t *other, const json_t *line, const tz_web_range *range)
{
    double a = weight_of(other, range->sort), b = weight_of(line, range->sort);
    return range->is_descending ? b < a : b > a;
}

/* By insertion: there are some two hundred. The order of the packs where nothing else was asked for. */
static tz_rc read_all(tz_request *req, const tz_web_range *range, json_t **ret_rows, tz_err *err)
{
    json_t *lines = NULL, *line, *sorted;
    size_t  i;
    tz_rc   rc = lines_of(req, &lines, err);

    if (rc != TZ_OK)
        return rc;
    sorted = json_array();
    json_array_foreach(lines, i, line) {
        size_t at = json_array_size(sorted);
        bool   is_by_pack = range->sort == NULL || strcmp(range->sort, "pack") == 0;
        if (is_by_pack && range->is_descending)
            at = 0;
        while (!is_by_pack && at > 0 && is_before(json_array_get(sorted, at - 1), line, range))
            at--;
        (void)json_array_insert(sorted, at, line);
    }
    json_decref(lines);
    *ret_rows = sorted;
    return TZ_OK;
}

static void put_choices(tz_request *req, json_t *data)
{
    static const char *const STATES[] = {"ran|已运行|ran", "blind|看不见的(未评估或出错)|blind (not evaluated or failed)", NULL};
    const char *chosen = tz_query_value(req, "pack");
    json_t     *packs = json_array(), *row;
    size_t      i, blind = 0;

    for (i = 0; i < req->session->packs->packs.count; i++) {
        const tz_pack *pack = &req->session->packs->packs.items[i];
        if (pack->checks.count > 0)
            (void)json_array_append_new(packs, json_pack("{s:s, s:s, s:b}", "value", pack->name, "text", tz_web_half(req, pack->title), "is_chosen",
                                                         chosen != NULL && strcmp(chosen, pack->name) == 0));
    }
    json_array_foreach(json_object_get(data, "rows"), i, row)
        blind += json_is_true(json_object_get(row, "is_blind"));
    tz_json_set_int(data, "blind", (int64_t)blind);
    (void)json_object_set_new(data, "packs", packs);
    (void)json_object_set_new(data, "states", tz_web_choices(req, STATES, tz_query_value(req, "state")));
}

tz_rc tz_web_checks(tz_request *req, tz_reply *reply, tz_err *err)
{
    static const tz_web_list LIST = {.path = "/checks", .key = "number", .columns = COLUMNS, .filters = FILTERS, .sorts = SORTS, .read = read_all};
    tz_rc rc = tz_web_list_show(req, reply, &LIST, err);

    if (rc == TZ_OK)
        put_choices(req, reply->data);
    return rc;
}

/* ---- SQL, coloured a little ---- */

static bool is_keyword(tz_text word)
{
    static const char *const WORDS[] = {
        "SELECT", "FROM", "WHERE", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "ON", "USING", "GROUP", "BY", "HAVING", "ORDER", "LIMIT", "WITH", "AS",
        "AND", "OR", "NOT", "IN", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "EXISTS", "DISTINCT", "UNION", "ALL", "BETWEEN", "LIKE",
        "FILTER", "OVER", "PARTITION", "INTERVAL", "DATE", "ASC", "DESC", "CROSS", "LATERAL", "ANY", "EXCEPT", "INTERSECT", "VALUES", "QUALIFY",
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (tz_text_is(word, WORDS[i]))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Where the token at `at` ends, and what it is: "comment", "text", "parameter", "word" (a keyword) or "" (the rest). */
static size_t next_token(tz_text sql, size_t at, const char **ret_kind)
{
    const char *from = sql.data + at;
    size_t      left = sql.size - at, size = 1;

    *ret_kind = "";
    if (left >= 2 && from[0] == '-' && from[1] == '-') {
        *ret_kind = "comment";
        while (size < left && from[size] != '\n')
            size++;
    } else if (from[0] == '\'') {
        *ret_kind = "text";
        while (size < left && from[size] != '\'')
            size++;
        size += size < left;
    } else if (left >= 2 && from[0] == ':' && from[1] == ':') {
        size = 2;
    } else if (left >= 2 && from[0] == ':' && is_letter(from[1])) {
        *ret_kind = "parameter";
        while (size < left && is_letter(from[size]))
            size++;
    } else if (is_letter(from[0])) {
        while (size < left && is_letter(from[size]))
            size++;
        *ret_kind = is_keyword((tz_text){from, size}) ? "word" : "";
    }
    return at + size;
}

/* [{text, kind}]: neighbours of no kind together. */
static json_t *tokens_of(const char *statement)
{
    json_t *list = json_array();
    tz_text sql = tz_text_of(statement);

    for (size_t at = 0, plain = 0; at <= sql.size;) {
        const char *kind = "";
        size_t      end = at == sql.size ? at + 1 : next_token(sql, at, &kind);
        bool        is_plain = kind[0] == '\0' && at < sql.size;
        if (!is_plain && at > plain)
            (void)json_array_append_new(list, json_pack("{s:o, s:s}", "text", tz_json_text(tz_text_cut(sql, plain, at - plain)), "kind", ""));
        if (!is_plain && at < sql.size)
            (void)json_array_append_new(list, json_pack("{s:o, s:s}", "text", tz_json_text(tz_text_cut(sql, at, end - at)), "kind", kind));
        plain = is_plain ? plain : end;
        at = end;
    }
    return list;
}

/* ---- What if ---- */

enum { WHAT_IF_MS = 10000, WHAT_IF_MB = 1024, SHOWN_CHANGES = 200 };

static bool is_number_type(const char *type)
{
    return type != NULL && (strcmp(type, "int") == 0 || strcmp(type, "money") == 0 || strncmp(type, "decimal", 7) == 0);
}

/* The slider goes from nothing to three times the present value, in steps that one can hit. */
static void put_slider(const tz_request *req, json_t *parameter)
{
    const char *type = tz_json_str(parameter, "type"), *value = tz_json_str(parameter, "value");
    bool        is_number = is_number_type(type) && value != NULL;
    double      is = is_number ? strtod(value, NULL) : 0, top = is > 0 ? is * 3 : 10, step = 1;

    (void)json_object_set_new(parameter, "is_number", json_boolean(is_number));
    if (!is_number)
        return;
    bool is_int = strcmp(type, "int") == 0;
    while (top / step > 300)
        step *= 10;
    while (!is_int && top / step < 30)
        step /= 10;
    (void)json_object_set_new(parameter, "step", json_string(tz_arena_printf(req->mem, "%g", step)));
    (void)json_object_set_new(parameter, "most", json_string(tz_arena_printf(req->mem, "%.15g", top)));
}

static void cut_changes(json_t *result, const char *key)
{
    json_t *list = json_object_get(result, key);

    (void)json_object_set_new(result, tz_json_str(result, "check") == NULL ? key : strcmp(key, "comes_in") == 0 ? "in_count" : "out_count",
                              json_integer((json_int_t)json_array_size(list)));
    while (json_array_size(list) > SHOWN_CHANGES)
        (void)json_array_remove(list, json_array_size(list) - 1);
}

/* Runs in the worker of packs under a limit of time and memory; the page of an address is kept until the data change. */
static tz_rc put_what_if(tz_request *req, const char *check, json_t *data, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    json_t           *results = NULL, *result = NULL, *line;
    size_t            i;
    const char       *name = tz_query_value(req, "parameter"), *value = tz_query_value(req, "value");
    const char *const names[] = {check, NULL};
    const char *const what_if[] = {tz_arena_printf(req->mem, "%s=%s", name == NULL ? "" : name, value == NULL ? "" : value), NULL};
    tz_check_options  options = {.day = req->day, .names = names, .what_if = what_if, .limit_ms = WHAT_IF_MS, .memory_mb = WHAT_IF_MB};

    if (name == NULL || value == NULL || !req->actor->is_county)
        return TZ_OK;
    TZ_TRY(tz_checks_run(req->mem, req->session->store, req->session->packs, &options, &results, err));
    json_array_foreach(results, i, line)
        if (strcmp(tz_json_str(line, "check"), check) == 0)
            result = line;
    if (result == NULL)
        goto done;
    cut_changes(result, "comes_in");
    cut_changes(result, "drops_out");
    tz_json_set_str(result, "parameter", name);
    tz_json_set_str(result, "value", value);
    json_array_foreach(json_object_get(json_object_get(data, "check"), "parameters"), i, line)
        if (strcmp(tz_json_str(line, "parameter"), name) == 0)
            tz_json_set_str(line, "tried", value);
    (void)json_object_set_new(result, "is_run", json_boolean(json_is_array(json_object_get(result, "comes_in"))));
    (void)json_object_set(data, "what_if", result);
done:
    json_decref(results);
    return rc;
}

/* ---- One ---- */

/* Findings, verified, real by township: a picture and a table. */
static tz_rc put_record(tz_request *req, const char *check, json_t *data, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *record = NULL, *line, *town, *reasons, *count;
    size_t      i, j;
    const char *code;
    tz_picture  picture = {.kind = TZ_PICTURE_BARS, .title = tz_web_half(req, "疑点,条|Findings")};

    TZ_TRY(tz_check_record(req->session->store, req->session->packs, &record, err));
    picture.series_count = 1;
    picture.series = tz_new_array(req->mem, const char *, 1);
    picture.series[0] = tz_web_half(req, "疑点|findings");
    json_array_foreach(record, i, line) {
        if (strcmp(tz_json_str(line, "check"), check) != 0)
            continue;
        (void)json_object_set(data, "record", line);
        json_array_foreach(json_object_get(line, "townships"), j, town) {
            tz_picture_item item = {.label = tz_arena_dup(req->mem, tz_json_str(town, "township")), .values = tz_new_array(req->mem, double, 1),
                                    .printed = tz_new_array(req->mem, const char *, 1)};
            item.values[0] = (double)tz_json_int(town, "findings", 0);
            item.printed[0] = tz_arena_printf(req->mem, "%lld", (long long)tz_json_int(town, "findings", 0));
            tz_push(req->mem, &picture.items, item);
        }
        reasons = json_array();
        json_object_foreach(json_object_get(line, "reasons"), code, count)
            for (const tz_reason *reason = TZ_REASONS; reason->code != NULL; reason++)
                if (strcmp(reason->code, code) == 0)
                    (void)json_array_append_new(reasons, json_pack("{s:s, s:O}", "title", tz_web_half(req, reason->title), "count", count));
        (void)json_object_set_new(data, "reasons", reasons);
    }
    (void)json_object_set_new(data, "has_reasons", json_boolean(json_array_size(json_object_get(data, "reasons")) > 0));
    (void)json_object_set_new(data, "picture", tz_web_picture(req, &picture));
done:
    json_decref(record);
    return rc;
}

static tz_rc put_exceptions(tz_request *req, const char *check, json_t *data, tz_err *err)
{
    json_t *all = NULL, *one, *list = json_array();
    size_t  i;
    tz_rc   rc = tz_exception_list(req->session->store, &all, err);

    json_array_foreach(all, i, one)
        if (strcmp(tz_json_str(one, "check"), check) == 0) {
            (void)json_object_set_new(one, "stands", json_boolean(strcmp(tz_json_str(one, "state"), "stands") == 0));
            (void)json_array_append(list, one);
        }
    (void)json_object_set_new(data, "exceptions", list);
    (void)json_object_set_new(data, "has_exceptions", json_boolean(json_array_size(list) > 0));
    json_decref(all);
    return rc;
}

tz_rc tz_web_check(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *check = NULL, *one;
    size_t      i;
    const char *name = tz_param(req, "check");
    tz_day      day = req->day;
    tz_err      nothing = {0};
    bool        has_parameters = false;

    if (tz_day_resolve(req->session->store, req->day, &day, &nothing) != TZ_OK)
        day = (tz_day){.as_of = 20200101}; /* before the first delivery: any day's parameters */
    TZ_TRY(tz_check_show(req->mem, req->session->store, req->session->packs, name, day, req->lang, &check, err));
    json_array_foreach(json_object_get(check, "parameters"), i, one) {
        put_slider(req, one);
        has_parameters |= json_is_true(json_object_get(one, "is_used"));
    }
    (void)json_object_set_new(check, "has_parameters", json_boolean(has_parameters));
    (void)json_object_set_new(check, "has_runs", json_boolean(json_array_size(json_object_get(check, "runs")) > 0));
    (void)json_object_set_new(check, "has_fixtures", json_boolean(json_array_size(json_object_get(check, "fixtures")) > 0));
    json_array_foreach(json_object_get(check, "runs"), i, one)
        tz_json_set_str(one, "state_word", state_word(req, tz_json_str(one, "state")));
    (void)json_object_set_new(check, "tokens", tokens_of(tz_json_str(check, "sql")));
    (void)json_object_set(reply->data, "check", check);
    if (req->actor->is_county) /* the record is of the whole county */
        TZ_TRY(put_record(req, name, reply->data, err));
    (void)json_object_set_new(reply->data, "is_county", json_boolean(req->actor->is_county));
    if (req->actor->is_county)
        TZ_TRY(put_exceptions(req, name, reply->data, err));
    TZ_TRY(put_what_if(req, name, reply->data, err));
    tz_json_set_str(reply->data, "title", tz_json_str(check, "title"));
    bool    has_list = tz_may(req->actor, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR) && req->actor->is_county;
    json_t *crumbs = json_pack("[{s:s*, s:s}, {s:s}]", "href", has_list ? "/checks" : NULL, "text", tz_web_half(req, "规则|Checks"), "text", name);
    (void)json_object_set_new(reply->data, "crumbs", crumbs);
done:
    json_decref(check);
    return rc;
}
