/* list - issues for a reader: the ledger, and one issue with all that happened to it. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "packs/message.h"
#include "packs/query.h"

/* ---- Texts ---- */

/* Masks runs of seven and more digits (ID numbers, phones, accounts) in a sentence that people wrote. */
static const char *mask_digits(tz_arena *mem, const char *text)
{
    char *out = tz_arena_dup(mem, text);

    for (char *at = out; *at != '\0';) {
        size_t size = strspn(at, "0123456789");
        for (size_t i = 3; size >= 7 && i + 2 < size; i++)
            at[i] = '*';
        at += size > 0 ? size : 1;
    }
    return out;
}

/* The sentence of an issue: of its first finding, filled for this reader; else as it was written. */
static const char *title_of(tz_arena *mem, const tz_packs *packs, const json_t *row, bool is_masked, tz_lang lang)
{
    const char     *name = tz_json_str(row, "check"), *params = tz_json_str(row, "params"), *title = tz_json_str(row, "title");
    const tz_check *check = name == NULL ? NULL : tz_packs_check(packs, name);
    tz_err          ignored;
    json_t         *values = NULL;

    if (check == NULL || check->message == NULL || tz_json_parse(tz_text_of(params), &values, &ignored) != TZ_OK)
        return is_masked ? mask_digits(mem, title) : title;
    const char *text = tz_message_fill(mem, check->message, values, &check->public_columns, lang, is_masked);
    json_decref(values);
    return text;
}

/* ---- Clocks ---- */

/* Which letter is due: 提醒函 at 20 days left, 督办函 at 10, 告诫函 overdue. */
static const char *letter_for(int64_t days_left)
{
    return days_left < 0 ? "告诫函" : days_left <= 10 ? "督办函" : days_left <= 20 ? "提醒函" : NULL;
}

static void put_clock(json_t *line, const char *state, const char *due, int32_t today)
{
    int32_t day = 0;

    if (due == NULL || !tz_state_is_open(state) || !tz_date_parse_iso(tz_text_of(due), &day)) {
        tz_json_set_str(line, "days_left", NULL);
        tz_json_set_str(line, "letter", NULL);
        return;
    }
    int64_t left = tz_date_days(day) - tz_date_days(today);
    tz_json_set_int(line, "days_left", left);
    tz_json_set_str(line, "letter", letter_for(left));
}

/* ---- The list ---- */

/* Every issue with its first finding's check and parameters. */
#define SELECT_ISSUES                                                                                                          \
    "SELECT i.*, f.\"check\" AS \"check\", f.params AS params FROM issue i LEFT JOIN finding f ON f.finding ="                 \
    " (SELECT min(j.finding) FROM issue_finding j WHERE j.issue = i.issue)"

static json_t *line_of(tz_arena *mem, const tz_packs *packs, const json_t *row, int32_t today, bool is_masked, tz_lang lang)
{
    static const char *const COPIED[] = {"issue", "ledger", "state", "standing", "level", "unit", "due", "raised_by", "parent"};
    json_t *line = json_object();

    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++)
        (void)json_object_set(line, COPIED[i], json_object_get(row, COPIED[i]));
    (void)json_object_set_new(line, "title", tz_json_text(tz_text_of(title_of(mem, packs, row, is_masked, lang))));
    put_clock(line, tz_json_str(row, "state"), tz_json_str(row, "due"), today);
    return line;
}

static bool fits(const tz_issue_filter *filter, const json_t *row, const json_t *line)
{
    const char *state = tz_json_str(row, "state"), *unit = tz_json_str(row, "unit");

    if (filter->ledger != NULL && strcmp(filter->ledger, tz_json_str(row, "ledger")) != 0)
        return false;
    if (filter->unit != NULL && (unit == NULL || strcmp(filter->unit, unit) != 0))
        return false;
    if (filter->is_overdue && tz_json_int(line, "days_left", 0) >= 0)
        return false;
    if (filter->state == NULL || strcmp(filter->state, state) == 0)
        return true;
    return strcmp(filter->state, "open") == 0 && tz_state_is_open(state);
}

/* ---- History ---- */

static json_t *parsed(const json_t *row, const char *column)
{
    tz_err  ignored;
    json_t *value = NULL;

    if (tz_json_parse(tz_text_of(tz_json_str(row, column)), &value, &ignored) != TZ_OK)
        return json_null();
    return value;
}

#define SELECT_STEPS "SELECT issue, action, state, by_user AS \"by\", at, note, detail FROM issue_step"

/* A step as readers see it, appended to history; its row is used up. */
static void add_step(tz_arena *mem, json_t *row, bool is_masked, json_t *history)
{
    const char *note = tz_json_str(row, "note");

    (void)json_object_del(row, "issue");
    (void)json_object_set_new(row, "detail", parsed(row, "detail"));
    if (note != NULL && is_masked)
        (void)json_object_set_new(row, "note", tz_json_text(tz_text_of(mask_digits(mem, note))));
    (void)json_array_append(history, row);
}

/* ---- The ledger ---- */

/* Gives each listed issue its steps: all steps are read once, in the order of the issues. */
static tz_rc put_histories(tz_arena *mem, tz_store *store, bool is_masked, json_t *issues, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *steps = NULL, *issue;
    size_t  i, at = 0;

    TZ_TRY(tz_issue_query(store, SELECT_STEPS " ORDER BY issue, step", 0, &steps, err));
    json_array_foreach(issues, i, issue) {
        json_t *history = json_array();
        int64_t number = tz_json_int(issue, "issue", 0);
        while (at < json_array_size(steps) && tz_json_int(json_array_get(steps, at), "issue", 0) < number)
            at++;
        for (; at < json_array_size(steps) && tz_json_int(json_array_get(steps, at), "issue", -1) == number; at++)
            add_step(mem, json_array_get(steps, at), is_masked, history);
        (void)json_object_set_new(issue, "history", history);
    }
done:
    json_decref(steps);
    return rc;
}

tz_rc tz_issue_list(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter, json_t **ret_issues,
                    tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && filter != NULL && ret_issues != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row, *issues = json_array();
    size_t  i;
    int32_t today = filter->today != 0 ? filter->today : tz_issue_today(store);

    TZ_TRY(tz_issue_query(store, SELECT_ISSUES " ORDER BY i.issue", 0, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *line = line_of(mem, packs, row, today, filter->is_masked, filter->lang);
        if (fits(filter, row, line))
            (void)json_array_append(issues, line);
        json_decref(line);
    }
    TZ_TRY(put_histories(mem, store, filter->is_masked, issues, err));
    *ret_issues = json_incref(issues);
done:
    json_decref(rows);
    json_decref(issues);
    return rc;
}

/* ---- One issue ---- */

static tz_rc put_history(tz_arena *mem, tz_store *store, int64_t issue, bool is_masked, json_t *shown, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row, *history = json_array();
    size_t  i;

    TZ_TRY(tz_issue_query(store, SELECT_STEPS " WHERE issue = ?1 ORDER BY step", issue, &rows, err));
    json_array_foreach(rows, i, row)
        add_step(mem, row, is_masked, history);
    (void)json_object_set(shown, "history", history);
done:
    json_decref(rows);
    json_decref(history);
    return rc;
}

static tz_rc put_evidence(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, bool is_masked, json_t *shown, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store, "SELECT e.evidence, e.kind, o.name AS file, e.original, e.row, e.line, e.note, e.by_user AS \"by\""
                                 "  FROM evidence e LEFT JOIN original o ON o.digest = e.original WHERE e.issue = ?1 ORDER BY e.evidence",
                          issue, &rows, err));
    json_array_foreach(rows, i, row) {
        int64_t       id = tz_json_int(row, "row", 0);
        tz_row_found *found = NULL;
        const char   *note = tz_json_str(row, "note");
        if (note != NULL && is_masked)
            (void)json_object_set_new(row, "note", tz_json_text(tz_text_of(mask_digits(mem, note))));
        if (id == 0)
            continue;
        TZ_TRY(tz_rows_find(mem, store, packs, &id, 1, &found, err));
        (void)json_object_set_new(row, "row", tz_row_json(&found[0]));
        json_decref(found[0].values);
    }
    (void)json_object_set(shown, "evidence", rows);
done:
    json_decref(rows);
    return rc;
}

/* "3/7": of the children those that ended well; null without children. */
static void put_share(json_t *shown)
{
    size_t  i, done = 0, count = json_array_size(json_object_get(shown, "children"));
    json_t *child;

    json_array_foreach(json_object_get(shown, "children"), i, child)
        done += strcmp(tz_json_str(child, "state"), "closed") == 0;
    (void)json_object_set_new(shown, "share_done", count == 0 ? json_null() : json_sprintf("%zu/%zu", done, count));
}

static tz_rc put_query(tz_store *store, const char *select, int64_t issue, const char *member, json_t *shown, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_issue_query(store, select, issue, &rows, err);

    if (rc == TZ_OK)
        (void)json_object_set(shown, member, rows);
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_show(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, bool is_masked, tz_lang lang,
                    json_t **ret_issue, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_issue != NULL);
    static const char *const COPIED[] = {"source", "handler", "subject", "opened_on", "due_days"};
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *shown = NULL;

    TZ_TRY(tz_issue_query(store, SELECT_ISSUES " WHERE i.issue = ?1", issue, &rows, err));
    if (json_array_size(rows) == 0) {
        rc = tz_fail(err, TZ_MISSING, "没有问题 #%lld", "there is no issue #%lld", (long long)issue);
        goto done;
    }
    const json_t *row = json_array_get(rows, 0);
    shown = line_of(mem, packs, row, tz_issue_today(store), is_masked, lang);
    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++)
        (void)json_object_set(shown, COPIED[i], json_object_get(row, COPIED[i]));
    (void)json_object_set_new(shown, "support", parsed(row, "support"));
    (void)json_object_set_new(shown, "fields", is_masked ? json_object() : parsed(row, "fields"));
    TZ_TRY(put_query(store, "SELECT f.finding, f.\"check\", f.state, f.cleared_why, f.verdict FROM issue_finding i"
                            " JOIN finding f ON f.finding = i.finding WHERE i.issue = ?1 ORDER BY f.finding", issue, "findings", shown, err));
    TZ_TRY(put_evidence(mem, store, packs, issue, is_masked, shown, err));
    TZ_TRY(put_query(store, "SELECT issue, state, level, unit FROM issue WHERE parent = ?1"
                            " AND state <> 'merged' ORDER BY issue", issue, "children", shown, err));
    put_share(shown);
    TZ_TRY(put_history(mem, store, issue, is_masked, shown, err));
    *ret_issue = json_incref(shown);
done:
    json_decref(rows);
    json_decref(shown);
    return rc;
}
