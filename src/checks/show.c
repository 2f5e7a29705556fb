/* show - one finding with all that is known of it, and one check. */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "checks/inside.h"
#include "packs/face.h"
#include "packs/mask.h"

enum { SHOWN_ROWS = 50, SHOWN_RUNS = 24, MAX_EXPECT_BYTES = 1 << 20 };

static const char *half(tz_arena *mem, const char *both, tz_lang lang)
{
    size_t size = 0;
    if (both == NULL)
        return NULL;
    const char *text = tz_half(both, lang, &size);
    return tz_text_dup(mem, tz_text_trim((tz_text){text, size}));
}

/* ---- A finding ---- */

typedef struct {
    tz_arena       *mem;
    tz_store       *store;
    const tz_packs *packs;
    const tz_check *check; /* NULL: no pack has it any more */
    bool            is_masked;
    tz_lang         lang;
    json_t         *tree;
} showing;

/* What the sentence is made of, column by column. */
static json_t *values_of(const showing *of, const json_t *params)
{
    json_t     *list = json_array(), *value;
    const char *name;

    json_object_foreach((json_t *)params, name, value) {
        bool is_public = false;
        for (size_t i = 0; of->check != NULL && i < of->check->public_columns.count; i++)
            is_public |= strcmp(of->check->public_columns.items[i], name) == 0;
        const char *text = json_is_string(value)    ? json_string_value(value)
                           : json_is_integer(value) ? tz_arena_printf(of->mem, "%lld", (long long)json_integer_value(value)) : NULL;
        if (text == NULL || strcmp(name, "subject") == 0 || strcmp(name, "level") == 0)
            continue;
        json_t *line = json_object();
        tz_json_set_str(line, "name", name);
        (void)json_object_set_new(line, "value", tz_json_text(tz_text_of(is_public || !of->is_masked ? text : tz_mask_any(of->mem, text))));
        (void)json_array_append_new(list, line);
    }
    return list;
}

static tz_rc put_faces(const showing *of, const json_t *stored, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *faces = NULL, *row;
    size_t  i;
    TZ_ARRAY(int64_t) ids = {0};

    tz_json_set_int(of->tree, "row_count", (int64_t)json_array_size(stored));
    json_array_foreach((json_t *)stored, i, row)
        if (i < SHOWN_ROWS)
            tz_push(of->mem, &ids, json_integer_value(json_array_get(row, 0)));
    TZ_TRY(tz_row_faces(of->mem, of->store, of->packs, ids.items, ids.count, of->is_masked, of->lang, &faces, err));
    (void)json_object_set_new(of->tree, "faces", faces);
done:
    return rc;
}

/* The newest event's parameters and rows; the key; who judged. */
static tz_rc put_state(const showing *of, int64_t finding, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *params = NULL, *rows = NULL, *key = NULL;

    TZ_TRY(tz_sql_open(of->store,
                       "SELECT f.params, f.rows, f.key, v.by_user, v.note, u.name FROM finding f LEFT JOIN verdict v ON v.finding = f.finding"
                       " LEFT JOIN user u ON u.user = v.by_user WHERE f.finding = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, finding);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    tz_assert(has_row);
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 0)), &params, err));
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 1)), &rows, err));
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 2)), &key, err));
    (void)json_object_set(of->tree, "key", key);
    tz_json_set_str(of->tree, "by", tz_sql_str(sql, 3));
    tz_json_set_str(of->tree, "by_name", tz_sql_str(sql, 5));
    const char *note = tz_sql_dup(of->mem, sql, 4);
    tz_json_set_str(of->tree, "note", note == NULL || !of->is_masked ? note : "***");
    (void)json_object_set_new(of->tree, "values", values_of(of, params));
    TZ_TRY(put_faces(of, rows, err));
done:
    tz_sql_close(sql);
    json_decref(params);
    json_decref(rows);
    json_decref(key);
    return rc;
}

static tz_rc put_history(const showing *of, int64_t finding, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *list = json_array();

    TZ_TRY(tz_sql_open(of->store,
                       "SELECT r.as_of, e.event, e.level, e.cleared_why, json_extract(j.body, '$.at'), e.entry FROM finding_event e"
                       " JOIN check_run r ON r.run = e.run LEFT JOIN journal j ON j.entry = e.entry WHERE e.finding = ?1 ORDER BY e.entry",
                       &sql, err));
    tz_sql_bind_int(sql, 1, finding);
    TZ_EACH_ROW (of->store, sql, err) {
        json_t *line = json_object();
        static const char *const KEYS[] = {"as_of", "event", "level", "cleared_why", "at"};
        for (int i = 0; i < 5; i++)
            tz_json_set_str(line, KEYS[i], tz_sql_str(sql, i));
        tz_json_set_int(line, "entry", tz_sql_int(sql, 5));
        (void)json_array_append_new(list, line);
    }
    (void)json_object_set(of->tree, "history", list);
done:
    tz_sql_close(sql);
    json_decref(list);
    return rc;
}

/* The exception that stands on its subject; whether one could be made. */
static tz_rc put_exception(const showing *of, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *all = NULL, *one;
    size_t      i;
    const char *subject = tz_json_str(of->tree, "subject"), *check = tz_json_str(of->tree, "check"), *reason = tz_json_str(of->tree, "reason"),
               *verdict = tz_json_str(of->tree, "verdict");

    (void)json_object_set_new(of->tree, "exception", json_null());
    TZ_TRY(tz_exception_list(of->store, &all, err));
    json_array_foreach(all, i, one)
        if (subject != NULL && strcmp(tz_json_str(one, "subject"), subject) == 0 && strcmp(tz_json_str(one, "check"), check) == 0 &&
            strcmp(tz_json_str(one, "state"), "stands") == 0)
            (void)json_object_set(of->tree, "exception", one);
    bool is_for_data = reason != NULL && (strcmp(reason, "wrong-person") == 0 || strcmp(reason, "data-error") == 0 ||
                                          strcmp(reason, "duplicate") == 0);
    bool can = subject != NULL && verdict != NULL && strcmp(verdict, "not real") == 0 && !is_for_data &&
               json_is_null(json_object_get(of->tree, "exception"));
    (void)json_object_set_new(of->tree, "can_except", json_boolean(can));
done:
    json_decref(all);
    return rc;
}

tz_rc tz_finding_show(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t finding, bool is_masked, tz_lang lang,
                      json_t **ret_finding, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_finding != NULL);
    tz_rc             rc = TZ_OK;
    json_t           *lines = NULL;
    tz_finding_filter filter = {.finding = finding, .is_masked = is_masked, .lang = lang};
    showing           of = {.mem = mem, .store = store, .packs = packs, .is_masked = is_masked, .lang = lang};

    TZ_TRY(tz_findings(mem, store, packs, &filter, &lines, err));
    of.tree = json_array_get(lines, 0);
    of.check = tz_packs_check(packs, tz_json_str(of.tree, "check"));
    tz_json_set_str(of.tree, "check_title", of.check == NULL ? tz_json_str(of.tree, "check") : half(mem, of.check->title, lang));
    tz_json_set_str(of.tree, "basis", of.check == NULL ? NULL : half(mem, of.check->basis, lang));
    tz_json_set_str(of.tree, "owner", of.check == NULL ? NULL : of.check->owner);
    tz_json_set_str(of.tree, "sql", of.check == NULL ? NULL : of.check->sql);
    TZ_TRY(put_state(&of, finding, err));
    TZ_TRY(put_history(&of, finding, err));
    TZ_TRY(put_exception(&of, err));
    *ret_finding = json_incref(of.tree);
done:
    json_decref(lines);
    return rc;
}

/* ---- A check ---- */

/* Parameters of its pack; those that its SQL names are marked. */
static json_t *parameters_of(const showing *of, tz_day day)
{
    json_t *list = json_array();

    for (size_t i = 0; i < of->check->pack->parameters.count; i++) {
        const tz_parameter *parameter = &of->check->pack->parameters.items[i];
        const char         *mark = tz_arena_printf(of->mem, ":%s", parameter->name);
        size_t              size = strlen(mark);
        bool                is_used = false;
        for (const char *at = of->check->sql; (at = strstr(at, mark)) != NULL; at += size)
            is_used |= strchr("abcdefghijklmnopqrstuvwxyz0123456789_", at[size]) == NULL || at[size] == '\0';
        json_t *line = json_object();
        tz_json_set_str(line, "parameter", parameter->name);
        tz_json_set_str(line, "title", half(of->mem, parameter->title, of->lang));
        tz_json_set_str(line, "type", parameter->type);
        tz_json_set_str(line, "value", tz_parameter_value(parameter, day.as_of));
        tz_json_set_str(line, "source", half(of->mem, parameter->override != NULL ? parameter->override->why : parameter->source, of->lang));
        (void)json_object_set_new(line, "is_used", json_boolean(is_used));
        (void)json_array_append_new(list, line);
    }
    return list;
}

static tz_rc put_runs(const showing *of, tz_err *err)
{
    static const char *const NUMBERS[] = {"raised", "kept", "cleared", "looked_at", "units"};
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *list = json_array();

    TZ_TRY(tz_sql_open(of->store, "SELECT c.run, c.raised, c.kept, c.cleared, c.looked_at, c.units, r.as_of, c.state, c.why, c.linked_share"
                                  "  FROM check_result c JOIN check_run r ON r.run = c.run WHERE c.\"check\" = ?1 ORDER BY c.run DESC LIMIT ?2",
                       &sql, err));
    tz_sql_bind_text(sql, 1, of->check->name);
    tz_sql_bind_int(sql, 2, SHOWN_RUNS);
    TZ_EACH_ROW (of->store, sql, err) {
        json_t *line = json_object();
        tz_json_set_int(line, "run", tz_sql_int(sql, 0));
        for (int i = 0; i < 5; i++)
            tz_json_set_int(line, NUMBERS[i], tz_sql_int(sql, i + 1));
        tz_json_set_str(line, "as_of", tz_sql_str(sql, 6));
        tz_json_set_str(line, "state", tz_sql_str(sql, 7));
        tz_json_set_str(line, "why", half(of->mem, tz_sql_str(sql, 8), of->lang));
        tz_json_set_str(line, "linked_share", tz_sql_str(sql, 9));
        (void)json_array_append_new(list, line);
    }
    (void)json_object_set(of->tree, "runs", list);
done:
    tz_sql_close(sql);
    json_decref(list);
    return rc;
}

/* Lines of a case's expect.txt that name the check. */
static void add_expected(const showing *of, const char *name, tz_text text, json_t *list)
{
    for (size_t at = 0; at < text.size;) {
        size_t  feed = tz_text_find(text, TZ_TEXT("\n"), at), end = feed == SIZE_MAX ? text.size : feed;
        tz_text line = tz_text_trim(tz_text_cut(text, at, end - at)), check = tz_text_of(of->check->name);
        at = end + 1;
        if (!tz_text_starts(line, check) || line.size == check.size || line.data[check.size] != ' ')
            continue;
        json_t *shown = json_object();
        tz_json_set_str(shown, "case", name);
        (void)json_object_set_new(shown, "text", tz_json_text(tz_text_cut(line, check.size + 1, line.size)));
        (void)json_array_append_new(list, shown);
    }
}

/* What its pack's fixtures expect of it; none where the pack came without them. */
static json_t *fixtures_of(const showing *of)
{
    tz_names    cases = {0};
    tz_err      none = {0};
    tz_text     text = {0};
    json_t     *list = json_array();
    const char *folder = tz_arena_printf(of->mem, "%s/tests", of->check->pack->folder);

    if (!tz_file_is_folder(folder) || tz_file_list(of->mem, folder, &cases, &none) != TZ_OK)
        return list;
    for (size_t i = 0; i < cases.count; i++) {
        const char *path = tz_arena_printf(of->mem, "%s/%s/expect.txt", folder, cases.items[i]);
        if (tz_file_load(of->mem, path, MAX_EXPECT_BYTES, &text, &none) == TZ_OK)
            add_expected(of, cases.items[i], text, list);
    }
    return list;
}

static void put_check(const showing *of)
{
    const tz_check *check = of->check;
    json_t         *needs = json_array(), *after = json_array();

    tz_json_set_str(of->tree, "check", check->name);
    tz_json_set_str(of->tree, "title", half(of->mem, check->title, of->lang));
    tz_json_set_str(of->tree, "pack", check->pack->name);
    tz_json_set_str(of->tree, "pack_title", half(of->mem, check->pack->title, of->lang));
    tz_json_set_str(of->tree, "level", tz_level_name(check->level));
    tz_json_set_str(of->tree, "owner", check->owner);
    tz_json_set_str(of->tree, "basis", half(of->mem, check->basis, of->lang));
    tz_json_set_str(of->tree, "sql", check->sql);
    tz_json_set_str(of->tree, "file", tz_file_base(check->file));
    tz_json_set_int(of->tree, "line", check->line);
    (void)json_object_set_new(of->tree, "opens_issue", json_boolean(check->opens_issue));
    tz_json_set_int(of->tree, "due_days", check->due_days);
    tz_json_set_str(of->tree, "ledger", check->ledger);
    for (size_t i = 0; i < check->needs.count; i++) {
        const tz_register *reg = tz_packs_register(of->packs, check->needs.items[i]);
        if (reg == NULL)
            continue;
        json_t *line = json_object();
        tz_json_set_str(line, "register", reg->name);
        tz_json_set_str(line, "title", half(of->mem, reg->title, of->lang));
        (void)json_array_append_new(needs, line);
    }
    for (size_t i = 0; i < check->after.count; i++)
        (void)json_array_append_new(after, json_string(check->after.items[i]));
    (void)json_object_set_new(of->tree, "needs", needs);
    (void)json_object_set_new(of->tree, "after", after);
}

tz_rc tz_check_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *check, tz_day day, tz_lang lang, json_t **ret_check,
                    tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && check != NULL && ret_check != NULL);
    tz_rc   rc = TZ_OK;
    showing of = {.mem = mem, .store = store, .packs = packs, .check = tz_packs_check(packs, check), .is_masked = true, .lang = lang,
                  .tree = json_object()};

    if (of.check == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有规则 “%.60s”", "there is no check '%.60s'", check);
        goto done;
    }
    put_check(&of);
    (void)json_object_set_new(of.tree, "parameters", parameters_of(&of, day));
    TZ_TRY(put_runs(&of, err));
    (void)json_object_set_new(of.tree, "fixtures", fixtures_of(&of));
    *ret_check = json_incref(of.tree);
done:
    json_decref(of.tree);
    return rc;
}
