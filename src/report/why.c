#include "report/why.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/check.h"
#include "ledger/issue.h"
#include "packs/mask.h"
#include "report/basis.h"
#include "report/code.h"
#include "report/figure.h"

enum { SHOWN_ROWS = 20 };

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    tz_day    day;
    tz_lang   lang;
} asking;

static void set_half(const asking *of, json_t *object, const char *key, const char *both)
{
    size_t      len = 0;
    const char *half = both == NULL ? NULL : tz_half(both, of->lang, &len);
    tz_json_set_str(object, key, half == NULL ? NULL : tz_arena_copy(of->mem, half, len));
}

/* A row with its cells, personal ones masked, and the person it was linked to. */
static json_t *row_tree(const asking *of, const tz_row_found *row)
{
    const tz_register *reg = tz_packs_register(of->packs, row->register_name);
    json_t            *tree = tz_row_json(row), *cells = json_object();

    for (size_t i = 0; reg != NULL && i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        const char      *value = tz_json_str(row->values, column->name);
        if (value != NULL)
            tz_json_set_str(cells, column->name, tz_mask_column(of->mem, column, value));
    }
    (void)json_object_set_new(tree, "cells", cells);
    return tree;
}

static tz_rc rows_tree(const asking *of, const int64_t *ids, size_t count, json_t *tree, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = NULL;
    size_t        shown = count < SHOWN_ROWS ? count : SHOWN_ROWS;
    json_t       *list = json_array();

    tz_json_set_int(tree, "row_count", (int64_t)count);
    (void)json_object_set_new(tree, "rows", list);
    TZ_TRY(tz_rows_find(of->mem, of->store, of->packs, ids, shown, &rows, err));
    for (size_t i = 0; i < shown; i++) {
        (void)json_array_append_new(list, row_tree(of, &rows[i]));
        json_decref(rows[i].values);
    }
done:
    return rc;
}

/* The ids in finding_event.rows of a finding's newest event. */
static tz_rc finding_rows(const asking *of, int64_t finding, json_t *tree, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *stored = NULL, *one;
    size_t  i;
    struct { int64_t *items; size_t count; size_t room; } ids = {0};

    TZ_TRY(tz_sql_open(of->store, "SELECT rows FROM finding WHERE finding = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, finding);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (!has_row)
        goto done;
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 0)), &stored, err));
    json_array_foreach(stored, i, one)
        tz_push(of->mem, &ids, json_integer_value(json_array_get(one, 0)));
    TZ_TRY(rows_tree(of, ids.items, ids.count, tree, err));
done:
    json_decref(stored);
    tz_sql_close(sql);
    return rc;
}

static void put_parameters(const asking *of, const tz_pack *pack, json_t *tree)
{
    json_t *list = json_array();

    for (size_t i = 0; i < pack->parameters.count; i++) {
        const tz_parameter *parameter = &pack->parameters.items[i];
        json_t *line = json_object();
        tz_json_set_str(line, "parameter", parameter->name);
        tz_json_set_str(line, "value", tz_parameter_value(parameter, of->day.as_of));
        set_half(of, line, "source", parameter->override != NULL ? parameter->override->why : parameter->source);
        (void)json_array_append_new(list, line);
    }
    if (json_array_size(list) > 0)
        (void)json_object_set(tree, "parameters", list);
    json_decref(list);
}

static tz_rc why_finding(const asking *of, int64_t finding, json_t *tree, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    json_t           *found = NULL;
    tz_finding_filter filter = {.finding = finding, .is_masked = true, .lang = of->lang};

    TZ_TRY(tz_findings(of->mem, of->store, of->packs, &filter, &found, err));
    const json_t   *line = json_array_get(found, 0);
    const tz_check *check = tz_packs_check(of->packs, tz_json_str(line, "check"));
    static const char *const KEYS[] = {"finding", "message", "level", "state", "since", "cleared_why", "subject", "verdict", "issue"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (json_object_get(line, KEYS[i]) != NULL)
            (void)json_object_set(tree, KEYS[i], json_object_get(line, KEYS[i]));
    tz_json_set_str(tree, "check", tz_json_str(line, "check"));
    if (check != NULL) {
        set_half(of, tree, "title", check->title);
        set_half(of, tree, "basis", check->basis);
        tz_json_set_str(tree, "sql", check->sql);
        put_parameters(of, check->pack, tree);
    }
    TZ_TRY(finding_rows(of, finding, tree, err));
done:
    json_decref(found);
    return rc;
}

static tz_rc why_figure(const asking *of, const char *name, json_t *tree, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_figure_values values;
    char             as_of[TZ_DATE_TEXT];

    TZ_TRY(tz_figures_compute(of->mem, of->store, of->packs, of->day, of->lang, name, &values, err));
    const tz_figure_value *value = tz_figure_value_of(&values, name);
    tz_assert(value != NULL);
    tz_date_format(of->day.as_of, as_of);
    tz_json_set_str(tree, "figure", name);
    set_half(of, tree, "title", value->figure->title);
    tz_json_set_str(tree, "value", value->printed);
    tz_json_set_str(tree, "as_of", as_of);
    set_half(of, tree, "definition", value->figure->definition);
    tz_json_set_int(tree, "looked_at", value->looked_at);
    if (value->figure->sql != NULL)
        tz_json_set_str(tree, "sql", value->figure->sql);
    if (value->why_not != NULL)
        tz_json_set_str(tree, "why_not", value->why_not);
    char code[TZ_CODE_TEXT];
    tz_code_make(of->store->county, value->figure, of->day, code);
    tz_json_set_str(tree, "code", code);
    put_parameters(of, value->figure->pack, tree);
    TZ_TRY(tz_basis_tree(of->mem, of->store, of->packs, value->figure, of->day, tree, err));
    TZ_TRY(rows_tree(of, value->rows, value->row_count, tree, err));
done:
    return rc;
}

/* What a code on paper says by itself, then its figure as of that day and entry. */
static tz_rc why_code(asking *of, tz_code_reading reading, tz_day day, const tz_figure *figure, bool is_same_pack, json_t *tree,
                      tz_err *err)
{
    bool   is_zh = of->lang == TZ_ZH;
    tz_day newest = {0};
    tz_rc  rc = TZ_OK;

    if (reading == TZ_CODE_SLIP)
        return tz_fail(err, TZ_INPUT, "编码抄错了一处,或不是本县的", "the code has a slip, or is of another county");
    if (figure == NULL)
        return tz_fail(err, TZ_MISSING, "编码可读,但规则包里已没有这个指标", "the code reads well, but no pack has this figure any more");
    TZ_TRY(tz_day_resolve(of->store, (tz_day){.as_of = day.as_of}, &newest, err));
    if (day.at > newest.at) {
        rc = tz_fail(err, TZ_MISSING, "存证日志还没有第 %lld 条", "the journal has no entry %lld yet", (long long)day.at);
        goto done;
    }
    of->day = day;
    if (!is_same_pack)
        tz_json_set_str(tree, "changed", is_zh ? "规则包在打印之后改过,下面是现在的算法;当时的版本在 originals/"
                                               : "the pack was changed after printing; what follows is its present query, "
                                                 "the version of that day is in originals/");
    TZ_TRY(why_figure(of, figure->name, tree, err));
    tz_json_set_int(tree, "at", day.at);
done:
    return rc;
}

static tz_rc why_issue(const asking *of, int64_t issue, json_t *tree, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *shown = NULL, *findings = json_array();
    tz_sql *sql = NULL;
    size_t  i;
    struct { int64_t *items; size_t count; size_t room; } ids = {0};

    TZ_TRY(tz_issue_show(of->mem, of->store, of->packs, issue, true, of->lang, &shown, err));
    (void)json_object_update(tree, shown);
    TZ_TRY(tz_sql_open(of->store, "SELECT finding FROM issue_finding WHERE issue = ?1 ORDER BY finding", &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    TZ_EACH_ROW (of->store, sql, err) {
        tz_push(of->mem, &ids, tz_sql_int(sql, 0));
    }
    for (i = 0; i < ids.count; i++) {
        json_t *branch = json_object();
        (void)json_array_append_new(findings, branch);
        TZ_TRY(why_finding(of, ids.items[i], branch, err));
    }
    (void)json_object_set(tree, "findings", findings);
done:
    tz_sql_close(sql);
    json_decref(findings);
    json_decref(shown);
    return rc;
}

/* "taizhang:140430/issue/3", as the code on a letter says it, is #3 of that county. */
static const char *issue_of_code(tz_arena *mem, const tz_store *store, const char *what)
{
    const char *prefix = tz_arena_printf(mem, "taizhang:%s/issue/", store->county->code);

    return tz_text_starts(tz_text_of(what), tz_text_of(prefix)) ? tz_arena_printf(mem, "#%s", what + strlen(prefix)) : what;
}

tz_rc tz_why(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *what, json_t **ret_tree, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && what != NULL && ret_tree != NULL);
    tz_rc   rc = TZ_OK;
    asking  of = {.mem = mem, .store = store, .packs = packs, .day = day, .lang = lang};
    json_t *tree = json_object();
    int64_t number = 0;
    what = issue_of_code(mem, store, what);
    bool    is_marked = what[0] == '#' || what[0] == 'F' || what[0] == 'f';
    bool    is_same_pack = false;
    tz_day  printed = {0};
    const tz_figure *figure = NULL;
    tz_code_reading  reading = tz_code_read(store->county, packs, what, &printed, &figure, &is_same_pack);

    if (tz_text_int(tz_text_of(is_marked ? what + 1 : what), &number))
        rc = what[0] == '#' ? why_issue(&of, number, tree, err) : why_finding(&of, number, tree, err);
    else if (tz_packs_figure(packs, what) != NULL)
        rc = why_figure(&of, what, tree, err);
    else if (reading != TZ_CODE_NONE)
        rc = why_code(&of, reading, printed, figure, is_same_pack, tree, err);
    else {
        rc = tz_fail(err, TZ_MISSING, "没有 “%s”", "there is no '%s'", what);
        (void)tz_err_advise(err, "疑点写作 F12,问题写作 #3,指标写名称或纸上的编码",
                            "a finding is F12, an issue #3, a figure its name or its code on paper");
    }
    if (rc == TZ_OK)
        *ret_tree = json_incref(tree);
    json_decref(tree);
    return rc;
}
