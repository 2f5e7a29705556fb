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

tz_rc tz_list_found(tz_arena *mem, tz_store *store, const tz_check *check, const tz_found *found, tz_lang lang, bool is_masked,
                    json_t **ret_line, tz_err *err)
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
    tz_json_set_str(line, "message", sentence(mem, check, check->name, found->params, lang, is_masked));
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

/* Verdicts and issues are taken from the journal's images, so that a listing of an earlier entry knows no
 * later one. */
static const char SELECT_FINDINGS[] =
    "WITH said AS (SELECT CAST(j.of_key AS INTEGER) AS finding, json_extract(j.body, '$.image.verdict') AS verdict,"
    "                     json_extract(j.body, '$.image.reason') AS reason"
    "                FROM journal j WHERE j.entry IN (SELECT max(n.entry) FROM journal n"
    "                      WHERE n.of_table = 'verdict' AND n.entry <= ?1 GROUP BY n.of_key)),"
    "     opened AS (SELECT CAST(j.of_key AS INTEGER) AS finding, json_extract(j.body, '$.image.issue') AS issue"
    "                  FROM journal j WHERE j.entry IN (SELECT max(n.entry) FROM journal n"
    "                        WHERE n.of_table = 'issue_finding' AND n.entry <= ?1 GROUP BY n.of_key))"
    "SELECT k.finding, k.\"check\", e.level, k.subject, k.subject_kind, e.event, r.as_of, e.cleared_why, e.pending, v.verdict,"
    "       v.reason, e.params, i.issue, e.rows"
    "  FROM finding_key k"
    "  JOIN finding_event e ON e.finding = k.finding"
    "   AND e.entry = (SELECT max(l.entry) FROM finding_event l WHERE l.finding = k.finding AND l.entry <= ?1)"
    "  LEFT JOIN check_run r ON r.run = (SELECT f.run FROM finding_event f WHERE f.finding = k.finding AND f.event = 'raised'"
    "        AND f.entry <= e.entry AND f.entry > coalesce((SELECT max(c.entry) FROM finding_event c"
    "            WHERE c.finding = k.finding AND c.event = 'cleared' AND c.entry < e.entry), 0) ORDER BY f.entry LIMIT 1)"
    "  LEFT JOIN said v ON v.finding = k.finding"
    "  LEFT JOIN opened i ON i.finding = k.finding"
    /* A rule's record sets where it stands: real of verified, with one of each before the first. */
    "  LEFT JOIN (SELECT f.\"check\" AS rule, (count(*) FILTER (WHERE w.verdict = 'real') + 1.0) / (count(*) + 2) AS share"
    "               FROM said w JOIN finding_key f ON f.finding = w.finding AND f.entry = (SELECT max(m.entry) FROM finding_key m"
    "                     WHERE m.finding = w.finding) GROUP BY f.\"check\") p ON p.rule = k.\"check\""
    " WHERE k.entry = (SELECT max(n.entry) FROM finding_key n WHERE n.finding = k.finding AND n.entry <= ?1)"
    "   AND (?2 IS NULL OR e.level = ?2) AND (?3 IS NULL OR k.\"check\" = ?3) AND (?4 = 0 OR k.finding = ?4)"
    "   AND (?5 IS NULL OR (e.event = 'cleared') = (?5 = 'cleared'))"
    "   AND (?6 IS NULL OR EXISTS (SELECT 1 FROM json_each(e.divisions) d WHERE substr(d.value, 1, length(?6)) = ?6))"
    "   AND ((?7 IS NULL AND ?8 IS NULL) OR k.subject IN (SELECT value FROM json_each(?7)) OR (?8 IS NOT NULL AND EXISTS (SELECT 1"
    "        FROM json_each(e.rows) w WHERE json_extract(w.value, '$[0]') IN (SELECT value FROM json_each(?8)))))"
    "   AND (?9 IS NULL OR EXISTS (SELECT 1 FROM json_each(?9) p, json_each(e.divisions) d"
    "        WHERE substr(d.value, 1, length(p.value)) = p.value))"
    "   AND (NOT ?10 OR (e.event <> 'cleared' AND v.verdict IS NULL AND i.issue IS NULL))"
    " ORDER BY e.event = 'cleared', CASE e.level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END,"
    "          coalesce(p.share, 0.5) DESC, k.\"check\", k.finding";

/* The same columns of one finding as it stands. */
static const char SELECT_NOW[] =
    "SELECT k.finding, k.\"check\", e.level, k.subject, k.subject_kind, e.event, r.as_of, e.cleared_why, e.pending, v.verdict,"
    "       v.reason, e.params, i.issue, e.rows"
    "  FROM finding_now n"
    "  JOIN finding_event e ON e.finding = n.finding AND e.entry = n.entry"
    "  JOIN finding_key k ON k.finding = n.finding AND k.entry = (SELECT max(m.entry) FROM finding_key m WHERE m.finding = n.finding)"
    "  LEFT JOIN check_run r ON r.run = (SELECT f.run FROM finding_event f WHERE f.finding = n.finding AND f.event = 'raised'"
    "        AND f.entry <= e.entry AND f.entry > coalesce((SELECT max(c.entry) FROM finding_event c"
    "            WHERE c.finding = n.finding AND c.event = 'cleared' AND c.entry < e.entry), 0) ORDER BY f.entry LIMIT 1)"
    "  LEFT JOIN verdict v ON v.finding = n.finding"
    "  LEFT JOIN issue_finding i ON i.finding = n.finding"
    " WHERE n.finding = ?1";

/* One line of the listing. */
static tz_rc read_line(tz_arena *mem, const tz_packs *packs, const tz_finding_filter *filter, tz_sql *sql, faces *known,
                       json_t *array, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    const tz_check *check = tz_packs_check(packs, tz_sql_str(sql, 1));
    json_t         *line = json_object(), *rows = json_array(), *stored = NULL, *row;
    size_t          i;

    tz_json_set_int(line, "finding", tz_sql_int(sql, 0));
    tz_json_set_str(line, "check", tz_sql_str(sql, 1));
    tz_json_set_str(line, "level", tz_sql_str(sql, 2));
    tz_json_set_str(line, "subject", tz_sql_str(sql, 3));
    tz_json_set_str(line, "subject_kind", tz_sql_str(sql, 4));
    tz_json_set_str(line, "state", tz_sql_str(sql, 5));
    tz_json_set_str(line, "since", tz_sql_str(sql, 6));
    tz_json_set_str(line, "cleared_why", tz_sql_str(sql, 7));
    (void)json_object_set_new(line, "pending", json_boolean(tz_sql_int(sql, 8) != 0));
    tz_json_set_str(line, "verdict", tz_sql_str(sql, 9));
    tz_json_set_str(line, "reason", tz_sql_str(sql, 10));
    tz_json_set_str(line, "message", sentence(mem, check, tz_sql_str(sql, 1), tz_sql_str(sql, 11), filter->lang, filter->is_masked));
    (void)json_object_set_new(line, "issue", tz_sql_str(sql, 12) == NULL ? json_null() : json_integer(tz_sql_int(sql, 12)));
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 13)), &stored, err));
    json_array_foreach(stored, i, row)
        TZ_TRY(add_row_json(known, json_integer_value(json_array_get(row, 0)), rows, err));
    (void)json_object_set(line, "rows", rows);
    (void)json_array_append(array, line);
done:
    json_decref(line);
    json_decref(rows);
    json_decref(stored);
    return rc;
}

/* An array as a parameter that json_each reads; null where there is none. */
static void bind_array(tz_arena *mem, tz_sql *sql, int index, const json_t *array)
{
    tz_buf text = tz_buf_init(mem, 0);

    if (array != NULL)
        tz_json_canonical(array, &text);
    tz_sql_bind_text(sql, index, array == NULL ? NULL : tz_buf_str(&text));
}

static tz_rc read_lines(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const tz_meaning *of,
                        json_t *array, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    faces   known = faces_of(mem, store);

    TZ_TRY(tz_sql_open(store, SELECT_FINDINGS, &sql, err));
    tz_sql_bind_int(sql, 1, of->at);
    tz_sql_bind_text(sql, 2, of->level);
    tz_sql_bind_text(sql, 3, filter->check);
    tz_sql_bind_int(sql, 4, filter->finding);
    tz_sql_bind_text(sql, 5, filter->state);
    tz_sql_bind_text(sql, 6, of->place);
    bind_array(mem, sql, 7, filter->subjects);
    bind_array(mem, sql, 8, filter->rows);
    bind_array(mem, sql, 9, filter->places);
    tz_sql_bind_int(sql, 10, filter->is_waiting);
    TZ_EACH_ROW (store, sql, err) {
        TZ_TRY(read_line(mem, packs, filter, sql, &known, array, err));
    }
done:
    faces_free(&known);
    tz_sql_close(sql);
    return rc;
}

/* ---- What stands now ---- */

/* Whether the reader's line has the text that was asked for; a rule's name or title is one that all its lines have. */
static bool shows(tz_arena *mem, const tz_packs *packs, const tz_finding_filter *filter, const json_t *line)
{
    const char     *name = tz_json_str(line, "check"), *message = tz_json_str(line, "message");
    const tz_check *check = tz_packs_check(packs, name);

    return filter->text == NULL || strstr(name, filter->text) != NULL || strstr(message, filter->text) != NULL ||
           (check != NULL && strstr(check->title, filter->text) != NULL) ||
           strcmp(tz_arena_printf(mem, "F%lld", (long long)tz_json_int(line, "finding", 0)), filter->text) == 0;
}

/* Lines are read in steps of this many where a text leaves some out. */
enum { STEP = 200 };

static tz_rc read_step(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, tz_sql *sql,
                       const tz_numbers *page, json_t *array, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    faces   known = faces_of(mem, store);
    json_t *step = json_array(), *line;
    size_t  i;
    bool    has_row = false;

    for (size_t n = 0; n < page->count; n++) {
        tz_sql_again(sql);
        tz_sql_bind_int(sql, 1, page->items[n]);
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        tz_assert(has_row);
        TZ_TRY(read_line(mem, packs, filter, sql, &known, step, err));
    }
    json_array_foreach(step, i, line)
        if (shows(mem, packs, filter, line) && (filter->limit == 0 || (int64_t)json_array_size(array) < filter->limit))
            (void)(filter->before != 0 ? json_array_insert(array, 0, line) : json_array_append(array, line));
done:
    tz_sql_again(sql);
    faces_free(&known);
    json_decref(step);
    return rc;
}

static tz_rc read_now(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const tz_meaning *of,
                      json_t *array, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    tz_numbers page = {0};
    int64_t    after = filter->after, before = filter->before, step = filter->text != NULL ? STEP : filter->limit;

    TZ_TRY(tz_sql_open(store, SELECT_NOW, &sql, err));
    do {
        TZ_TRY(tz_finding_page(mem, store, packs, filter, of, after, before, step, &page, err));
        TZ_TRY(read_step(mem, store, packs, filter, sql, &page, array, err));
        if (page.count > 0)
            *(before != 0 ? &before : &after) = page.items[page.count - 1];
    } while (filter->text != NULL && (int64_t)page.count == step &&
             (filter->limit == 0 || (int64_t)json_array_size(array) < filter->limit));
done:
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

static tz_rc read_filter(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, tz_meaning *ret, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_level level = TZ_RED;
    tz_meaning  of = {.at = filter->at};

    if (filter->level != NULL) {
        if (!tz_level_parse(filter->level, &level)) {
            rc = tz_fail(err, TZ_USAGE, "级别为 red、orange 或 yellow", "a level is red, orange or yellow");
            goto done;
        }
        of.level = tz_level_name(level);
    }
    if (filter->check != NULL && tz_packs_check(packs, filter->check) == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有规则 “%s”", "there is no check '%s'", filter->check);
        goto done;
    }
    bool is_verdict = filter->verdict == NULL || strcmp(filter->verdict, "none") == 0 || strcmp(filter->verdict, "real") == 0 ||
                      strcmp(filter->verdict, "not real") == 0;
    if (!is_verdict) {
        rc = tz_fail(err, TZ_USAGE, "核查结果为 none、real 或 not real", "a verdict is none, real or not real");
        goto done;
    }
    if (filter->where != NULL)
        TZ_TRY(place_prefix(mem, store, filter->where, &of.place, err));
    if (of.at == 0)
        TZ_TRY(tz_journal_count(store, &of.at, err));
    *ret = of;
done:
    return rc;
}

/* True where a day is asked for that is not that of the newest run known. */
static tz_rc is_other_day(tz_store *store, const tz_finding_filter *filter, int64_t at, bool *ret_is, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    int32_t newest = 0;

    *ret_is = false;
    if (filter->as_of == 0)
        return TZ_OK;
    TZ_TRY(tz_sql_open(store, "SELECT as_of FROM check_run WHERE entry <= ?1 ORDER BY run DESC LIMIT 1", &sql, err));
    tz_sql_bind_int(sql, 1, at);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_is = !has_row || !tz_date_parse_iso(tz_text_of(tz_sql_str(sql, 0)), &newest) || newest != filter->as_of;
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Of a day, or as once known ---- */

static bool fits(tz_arena *mem, const tz_packs *packs, const tz_finding_filter *filter, const json_t *line)
{
    const char     *verdict = tz_json_str(line, "verdict"), *subject = tz_json_str(line, "subject");
    const tz_check *check = tz_packs_check(packs, tz_json_str(line, "check"));

    if (filter->verdict != NULL && strcmp(filter->verdict, verdict == NULL ? "none" : verdict) != 0)
        return false;
    if (filter->owner != NULL && (check == NULL || check->owner == NULL || strcmp(filter->owner, check->owner) != 0))
        return false;
    if (filter->subject != NULL && (subject == NULL || strcmp(filter->subject, subject) != 0))
        return false;
    return shows(mem, packs, filter, line);
}

/* Takes out of a whole listing what the filter leaves out, and what is not on the page. What was never raised has no number
 * that a page could go on behind: then the listing is whole. */
static json_t *narrow(tz_arena *mem, const tz_packs *packs, const tz_finding_filter *filter, const json_t *all)
{
    json_t *list = json_array(), *line;
    size_t  i;
    bool    is_on = filter->after == 0;
    int64_t total = 0;

    json_array_foreach((json_t *)all, i, line) {
        int64_t finding = tz_json_int(line, "finding", 0);
        bool    is_fit = fits(mem, packs, filter, line);
        total += is_fit;
        is_on &= filter->before == 0 || finding != filter->before;
        if (is_on && is_fit)
            (void)json_array_append(list, line);
        is_on |= filter->after != 0 && finding == filter->after;
    }
    if (filter->ret_total != NULL)
        *filter->ret_total = total;
    while (filter->limit > 0 && (int64_t)json_array_size(list) > filter->limit)
        (void)json_array_remove(list, filter->before != 0 ? 0 : json_array_size(list) - 1);
    return list;
}

tz_rc tz_findings(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, json_t **ret_findings,
                  tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && filter != NULL && ret_findings != NULL);
    tz_rc   rc = TZ_OK;
    tz_meaning of = {0};
    bool       is_past = false;
    json_t    *array = json_array(), *all = NULL;

    TZ_TRY(read_filter(mem, store, packs, filter, &of, err));
    TZ_TRY(is_other_day(store, filter, of.at, &is_past, err));
    if (is_past)
        TZ_TRY(tz_findings_past(mem, store, packs, filter, &of, &all, err));
    else if (filter->at == 0)
        TZ_TRY(read_now(mem, store, packs, filter, &of, array, err));
    else
        TZ_TRY(read_lines(mem, store, packs, filter, &of, (all = json_array()), err));
    if (filter->finding != 0 && !is_past && json_array_size(all != NULL ? all : array) == 0) {
        rc = tz_fail(err, TZ_MISSING, "没有疑点 %lld", "there is no finding %lld", (long long)filter->finding);
        goto done;
    }
    if (all == NULL && filter->ret_total != NULL)
        TZ_TRY(tz_finding_count(mem, store, packs, filter, 0, filter->ret_total, err));
    *ret_findings = all != NULL ? narrow(mem, packs, filter, all) : json_incref(array);
done:
    json_decref(all);
    json_decref(array);
    return rc;
}

tz_rc tz_finding_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, int64_t most,
                       int64_t *ret_count, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_meaning        of = {0};
    json_t           *rows = NULL;
    tz_finding_filter all = *filter;

    all.after = all.before = 0;
    all.limit = most;
    all.ret_total = NULL;
    if (filter->text == NULL && filter->at == 0 && filter->as_of == 0) {
        TZ_TRY(read_filter(mem, store, packs, &all, &of, err));
        rc = tz_finding_page_count(mem, store, packs, &all, &of, most, ret_count, err);
        goto done;
    }
    TZ_TRY(tz_findings(mem, store, packs, &all, &rows, err));
    *ret_count = (int64_t)json_array_size(rows);
done:
    json_decref(rows);
    return rc;
}
