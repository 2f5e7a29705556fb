/* list - findings for a reader: filtered, with their sentence filled and masked, and their rows. */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"
#include "packs/message.h"
#include "store/journal.h"

/* ---- Addresses of rows ---- */

/* What a batch says of its rows' addresses, read once. */
typedef struct {
    const char *register_name, *file;
    json_t     *sheets; /* owned by the list */
} batch_face;

typedef struct {
    tz_arena *mem;
    tz_store *store;
    tz_map    index; /* batch -> index + 1 */
    struct { batch_face *items; size_t count; size_t room; } faces;
} faces;

static faces faces_of(tz_arena *mem, tz_store *store)
{
    return (faces){.mem = mem, .store = store, .index = tz_map_init(mem)};
}

static void faces_free(faces *known)
{
    for (size_t i = 0; i < known->faces.count; i++)
        json_decref(known->faces.items[i].sheets);
    known->faces.count = 0;
}

static tz_rc face_of(faces *known, int64_t batch, const batch_face **ret_face, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sql       *sql = NULL;
    bool          has_row = false;
    tz_map_entry *entry = tz_map_put(&known->index, (tz_text){(const char *)&batch, sizeof batch}, NULL);

    if (entry->value == 0) {
        batch_face face = {0};
        TZ_TRY(tz_sql_open(known->store, "SELECT register, file, sheets FROM batch WHERE batch = ?1", &sql, err));
        tz_sql_bind_int(sql, 1, batch);
        TZ_TRY(tz_sql_step(known->store, sql, &has_row, err));
        if (has_row) {
            face.register_name = tz_sql_dup(known->mem, sql, 0);
            face.file = tz_sql_dup(known->mem, sql, 1);
            TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 2)), &face.sheets, err));
        }
        tz_push(known->mem, &known->faces, face);
        entry->value = (int64_t)known->faces.count;
    }
    *ret_face = &known->faces.items[entry->value - 1];
done:
    tz_sql_close(sql);
    return rc;
}

static const char *sheet_name(const json_t *sheets, int64_t no)
{
    size_t  i;
    json_t *sheet;

    json_array_foreach((json_t *)sheets, i, sheet)
        if (tz_json_int(sheet, "no", 0) == no)
            return tz_json_str(sheet, "sheet");
    return NULL;
}

/* The row's {"register","batch","file","sheet","row"}, appended to list. */
static tz_rc add_row_json(faces *known, int64_t row_id, json_t *list, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    const batch_face *face = NULL;

    TZ_TRY(face_of(known, tz_row_batch(row_id), &face, err));
    tz_row_found row = {.row_id = row_id, .register_name = face->register_name, .file = face->file,
                        .sheet = sheet_name(face->sheets, tz_row_sheet(row_id)), .batch = tz_row_batch(row_id),
                        .row_no = tz_row_number(row_id)};
    (void)json_array_append_new(list, tz_row_json(&row));
done:
    return rc;
}

/* ---- The sentence ---- */

static const char *sentence(tz_arena *mem, const tz_check *check, const char *name, const char *params, tz_lang lang, bool is_masked)
{
    tz_err      ignored;
    json_t     *values = NULL;
    const char *message = check == NULL ? name : check->message != NULL ? check->message : check->title;

    if (check == NULL || tz_json_parse(tz_text_of(params), &values, &ignored) != TZ_OK)
        return message;
    const char *text = tz_message_fill(mem, message, values, &check->public_columns, lang, is_masked);
    json_decref(values);
    return text;
}

tz_rc tz_list_found(tz_arena *mem, tz_store *store, const tz_check *check, const tz_found *found, json_t **ret_line, tz_err *err)
{
    tz_assert(check != NULL && found != NULL && ret_line != NULL);
    tz_rc   rc = TZ_OK;
    faces   known = faces_of(mem, store);
    json_t *line = json_object(), *rows = json_array(), *key = NULL;

    TZ_TRY(tz_json_parse(tz_text_of(found->key), &key, err));
    for (size_t i = 0; i < found->rows.count; i++)
        TZ_TRY(add_row_json(&known, found->rows.items[i], rows, err));
    (void)json_object_set(line, "key", key);
    tz_json_set_str(line, "subject", found->subject);
    tz_json_set_str(line, "subject_kind", check->subject_kind);
    tz_json_set_str(line, "level", tz_level_name(found->level));
    tz_json_set_str(line, "message", sentence(mem, check, check->name, found->params, store->app->lang, true));
    (void)json_object_set(line, "rows", rows);
    *ret_line = json_incref(line);
done:
    faces_free(&known);
    json_decref(line);
    json_decref(rows);
    json_decref(key);
    return rc;
}

/* ---- The listing ---- */

static const char SELECT_FINDINGS[] =
    "SELECT k.finding, k.\"check\", e.level, k.subject, k.subject_kind, e.event, r.as_of, e.cleared_why, e.pending, v.verdict,"
    "       v.reason, e.params, i.issue, e.rows"
    "  FROM finding_key k"
    "  JOIN finding_event e ON e.finding = k.finding"
    "   AND e.entry = (SELECT max(l.entry) FROM finding_event l WHERE l.finding = k.finding AND l.entry <= ?1)"
    "  LEFT JOIN check_run r ON r.run = (SELECT f.run FROM finding_event f WHERE f.finding = k.finding AND f.event = 'raised'"
    "        AND f.entry <= e.entry AND f.entry > coalesce((SELECT max(c.entry) FROM finding_event c"
    "            WHERE c.finding = k.finding AND c.event = 'cleared' AND c.entry < e.entry), 0) ORDER BY f.entry LIMIT 1)"
    "  LEFT JOIN verdict v ON v.finding = k.finding"
    "  LEFT JOIN issue_finding i ON i.finding = k.finding"
    " WHERE k.entry = (SELECT max(n.entry) FROM finding_key n WHERE n.finding = k.finding AND n.entry <= ?1)"
    "   AND (?2 IS NULL OR e.level = ?2) AND (?3 IS NULL OR k.\"check\" = ?3) AND (?4 = 0 OR k.finding = ?4)"
    "   AND (?5 IS NULL OR (e.event = 'cleared') = (?5 = 'cleared'))"
    " ORDER BY e.event = 'cleared', CASE e.level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, k.\"check\", k.finding";

typedef struct {
    const char *subject, *subject_kind;
    size_t      first_row, row_count; /* in the list's row ids */
    json_t     *line;                 /* owned by the array */
} listed;

typedef struct {
    tz_arena *mem;
    struct { listed *items; size_t count; size_t room; } findings;
    TZ_ARRAY(int64_t) row_ids;
} listing;

/* One line, and the ids of its rows for the filter by place. */
static tz_rc read_line(tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, tz_sql *sql, faces *known,
                       listing *list, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_arena       *mem = list->mem;
    const tz_check *check = tz_packs_check(packs, tz_sql_str(sql, 1));
    json_t         *line = json_object(), *rows = json_array(), *stored = NULL, *row;
    size_t          i;
    listed          entry = {.subject = tz_sql_dup(mem, sql, 3), .subject_kind = tz_sql_dup(mem, sql, 4),
                             .first_row = list->row_ids.count};

    (void)store;
    tz_json_set_int(line, "finding", tz_sql_int(sql, 0));
    tz_json_set_str(line, "check", tz_sql_str(sql, 1));
    tz_json_set_str(line, "level", tz_sql_str(sql, 2));
    tz_json_set_str(line, "subject", entry.subject);
    tz_json_set_str(line, "subject_kind", entry.subject_kind);
    tz_json_set_str(line, "state", tz_sql_str(sql, 5));
    tz_json_set_str(line, "since", tz_sql_str(sql, 6));
    tz_json_set_str(line, "cleared_why", tz_sql_str(sql, 7));
    (void)json_object_set_new(line, "pending", json_boolean(tz_sql_int(sql, 8) != 0));
    tz_json_set_str(line, "verdict", tz_sql_str(sql, 9));
    tz_json_set_str(line, "reason", tz_sql_str(sql, 10));
    tz_json_set_str(line, "message", sentence(mem, check, tz_sql_str(sql, 1), tz_sql_str(sql, 11), filter->lang, filter->is_masked));
    (void)json_object_set_new(line, "issue", tz_sql_str(sql, 12) == NULL ? json_null() : json_integer(tz_sql_int(sql, 12)));
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 13)), &stored, err));
    json_array_foreach(stored, i, row) {
        int64_t id = json_integer_value(json_array_get(row, 0));
        tz_push(mem, &list->row_ids, id);
        TZ_TRY(add_row_json(known, id, rows, err));
    }
    (void)json_object_set(line, "rows", rows);
    entry.row_count = json_array_size(stored);
    entry.line = json_incref(line);
    tz_push(mem, &list->findings, entry);
done:
    json_decref(line);
    json_decref(rows);
    json_decref(stored);
    return rc;
}

static tz_rc read_lines(tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const char *level, int64_t at,
                        listing *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;
    faces   known = faces_of(list->mem, store);

    TZ_TRY(tz_sql_open(store, SELECT_FINDINGS, &sql, err));
    tz_sql_bind_int(sql, 1, at);
    tz_sql_bind_text(sql, 2, level);
    tz_sql_bind_text(sql, 3, filter->check);
    tz_sql_bind_int(sql, 4, filter->finding);
    tz_sql_bind_text(sql, 5, filter->state);
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        TZ_TRY(read_line(store, packs, filter, sql, &known, list, err));
    }
done:
    faces_free(&known);
    tz_sql_close(sql);
    return rc;
}

/* ---- By place ---- */

/* The prefix that codes of a place have: of a township 9 digits, of the county 6. */
static tz_rc place_prefix(tz_arena *mem, const tz_store *store, const char *where, const char **ret_prefix, tz_err *err)
{
    const tz_division *division = NULL;
    size_t             size = strlen(where);
    const char        *code = where;

    if (strspn(where, "0123456789") != size) {
        if (tz_county_find(store->county, tz_text_of(where), (tz_text){0}, TZ_DIVISION_TOWNSHIP, &division) != 1 &&
            tz_county_find(store->county, tz_text_of(where), (tz_text){0}, TZ_DIVISION_VILLAGE, &division) != 1)
            return tz_fail(err, TZ_MISSING, "没有(或不止一个)区划 “%s”", "there is no (or more than one) division '%s'", where);
        code = division->code;
        size = strlen(code);
    }
    if (size == 12 && strcmp(code + 6, "000000") == 0)
        size = 6;
    else if (size == 12 && strcmp(code + 9, "000") == 0)
        size = 9;
    *ret_prefix = tz_arena_copy(mem, code, size);
    return TZ_OK;
}

/* True where a division column of the row, read as its register declares, lies in the place. */
static bool row_is_in(const tz_packs *packs, const tz_row_found *row, const char *prefix)
{
    const tz_register *reg = tz_packs_register(packs, row->register_name);

    for (size_t i = 0; reg != NULL && i < reg->columns.count; i++) {
        const char *code = reg->columns.items[i].type == TZ_TYPE_DIVISION ? tz_json_str(row->values, reg->columns.items[i].name) : NULL;
        if (code != NULL && strncmp(code, prefix, strlen(prefix)) == 0)
            return true;
    }
    return false;
}

static tz_rc keep_in_place(tz_store *store, const tz_packs *packs, const char *where, listing *list, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_arena     *mem = list->mem;
    const char   *prefix = NULL;
    tz_row_found *rows = NULL;

    TZ_TRY(place_prefix(mem, store, where, &prefix, err));
    TZ_TRY(tz_rows_find(mem, store, packs, list->row_ids.items, list->row_ids.count, &rows, err));
    for (size_t i = 0; i < list->findings.count; i++) {
        listed *found = &list->findings.items[i];
        bool    is_in = strcmp(found->subject_kind, "division") == 0 && found->subject != NULL &&
                     strncmp(found->subject, prefix, strlen(prefix)) == 0;
        for (size_t j = 0; j < found->row_count && !is_in; j++)
            is_in = row_is_in(packs, &rows[found->first_row + j], prefix);
        if (!is_in) {
            json_decref(found->line);
            found->line = NULL;
        }
    }
    for (size_t i = 0; i < list->row_ids.count; i++)
        json_decref(rows[i].values);
done:
    return rc;
}

tz_rc tz_findings(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, json_t **ret_findings,
                  tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && filter != NULL && ret_findings != NULL);
    tz_rc       rc = TZ_OK;
    listing     list = {.mem = mem};
    int64_t     at = filter->at;
    tz_level    level = TZ_RED;
    const char *level_name = NULL;
    json_t     *array = json_array();

    if (filter->level != NULL) {
        if (!tz_level_parse(filter->level, &level)) {
            rc = tz_fail(err, TZ_USAGE, "级别为 red、orange 或 yellow", "a level is red, orange or yellow");
            goto done;
        }
        level_name = tz_level_name(level);
    }
    if (filter->check != NULL && tz_packs_check(packs, filter->check) == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有规则 “%s”", "there is no check '%s'", filter->check);
        goto done;
    }
    if (at == 0)
        TZ_TRY(tz_journal_count(store, &at, err));
    TZ_TRY(read_lines(store, packs, filter, level_name, at, &list, err));
    if (filter->finding != 0 && list.findings.count == 0) {
        rc = tz_fail(err, TZ_MISSING, "没有疑点 %lld", "there is no finding %lld", (long long)filter->finding);
        goto done;
    }
    if (filter->where != NULL)
        TZ_TRY(keep_in_place(store, packs, filter->where, &list, err));
    for (size_t i = 0; i < list.findings.count; i++)
        if (list.findings.items[i].line != NULL)
            (void)json_array_append(array, list.findings.items[i].line);
    *ret_findings = json_incref(array);
done:
    for (size_t i = 0; i < list.findings.count; i++)
        json_decref(list.findings.items[i].line);
    json_decref(array);
    return rc;
}
