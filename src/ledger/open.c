/* open - issues from findings: opened, re-opened, confirmed, moved along; and issues by hand. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "packs/message.h"
#include "store/journal.h"

/* ---- From findings ---- */

static const char *sentence(tz_arena *mem, const tz_check *check, const char *params)
{
    tz_err      ignored;
    json_t     *values = NULL;
    const char *message = check->message != NULL ? check->message : check->title;

    if (tz_json_parse(tz_text_of(params), &values, &ignored) != TZ_OK)
        return message;
    const char *text = tz_message_fill(mem, message, values, &check->public_columns, TZ_ZH, false);
    json_decref(values);
    return text;
}

static void add_done(json_t *list, int64_t issue, int64_t finding, const char *action)
{
    json_t *line = json_object();
    tz_json_set_int(line, "issue", issue);
    tz_json_set_int(line, "finding", finding);
    tz_json_set_str(line, "action", action);
    (void)json_array_append_new(list, line);
}

static json_t *new_issue(tz_arena *mem, const tz_packs *packs, const tz_check *check, const json_t *finding, int64_t number)
{
    const tz_ledger *ledger = tz_issue_ledger(packs, check->ledger == NULL ? "default" : check->ledger);
    const char      *as_of = tz_json_str(finding, "as_of");
    int              days = check->due_days > 0 ? check->due_days : ledger->due_days;
    json_t          *issue = json_object();

    tz_json_set_int(issue, "issue", number);
    tz_json_set_str(issue, "ledger", ledger->name);
    tz_json_set_str(issue, "title", sentence(mem, check, tz_json_str(finding, "params")));
    tz_json_set_str(issue, "source", "finding");
    tz_json_set_str(issue, "raised_by", tz_arena_printf(mem, "finding %lld", (long long)tz_json_int(finding, "finding", 0)));
    tz_json_set_str(issue, "level", tz_json_str(finding, "level"));
    tz_json_set_str(issue, "state", "open");
    tz_json_set_str(issue, "standing", NULL);
    tz_json_set_str(issue, "unit", check->owner);
    tz_json_set_str(issue, "support", "[]");
    tz_json_set_str(issue, "handler", NULL);
    tz_json_set_str(issue, "due", tz_issue_due(mem, as_of, days));
    (void)json_object_set_new(issue, "due_days", days > 0 ? json_integer(days) : json_null());
    tz_json_set_str(issue, "subject", tz_json_str(finding, "subject"));
    tz_json_set_str(issue, "parent", NULL);
    tz_json_set_str(issue, "opened_on", as_of);
    tz_json_set_int(issue, "opened_entry", 0);
    tz_json_set_str(issue, "closed_entry", NULL);
    tz_json_set_str(issue, "fields", "{}");
    return issue;
}

static tz_rc open_one(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check *check, const json_t *finding,
                      json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *issue = NULL, *pair = json_object(), *detail = json_object();

    TZ_TRY(tz_journal_next_id(store, "issue", "issue", &number, err));
    issue = new_issue(mem, packs, check, finding, number);
    (void)json_object_set(detail, "finding", json_object_get(finding, "finding"));
    TZ_TRY(tz_issue_put(store, issue, "open", NULL, detail, err));
    (void)json_object_set(pair, "finding", json_object_get(finding, "finding"));
    tz_json_set_int(pair, "issue", number);
    TZ_TRY(tz_journal_put(store, "issue.open", "issue_finding", pair, NULL, NULL, err));
    add_done(opened, number, tz_json_int(finding, "finding", 0), "open");
done:
    json_decref(issue);
    json_decref(pair);
    json_decref(detail);
    return rc;
}

/* Open findings that have no issue yet: of checks that open one at once, or verified as real. A
 * pending one waits until its link was reviewed. */
static tz_rc open_new(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store,
                          "SELECT f.finding, f.\"check\", f.level, f.subject, f.params, f.verdict, r.as_of FROM finding f"
                          "  JOIN check_run r ON r.run = f.run"
                          " WHERE f.state IN ('raised', 'persisting') AND f.verdict IS NOT 'not real'"
                          "   AND (f.pending = 0 OR f.verdict = 'real')"
                          "   AND NOT EXISTS (SELECT 1 FROM issue_finding i WHERE i.finding = f.finding) ORDER BY f.finding",
                          0, &rows, err));
    json_array_foreach(rows, i, row) {
        const tz_check *check = tz_packs_check(packs, tz_json_str(row, "check"));
        bool            is_real = tz_json_str(row, "verdict") != NULL;
        if (check != NULL && (check->opens_issue || is_real))
            TZ_TRY(open_one(mem, store, packs, check, row, opened, err));
    }
done:
    json_decref(rows);
    return rc;
}

/* Back to its first step, with a new due date; its history stays. */
static tz_rc reopen(tz_arena *mem, tz_store *store, int64_t number, int64_t finding, const char *day, json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *issue = NULL, *detail = json_object();

    TZ_TRY(tz_issue_load(store, number, &issue, err));
    tz_json_set_int(detail, "finding", finding);
    (void)json_object_set(detail, "was_due", json_object_get(issue, "due"));
    tz_json_set_str(issue, "state", "open");
    tz_json_set_str(issue, "standing", NULL);
    tz_json_set_str(issue, "due", tz_issue_due(mem, day, (int)tz_json_int(issue, "due_days", 0)));
    tz_json_set_int(issue, "opened_entry", 0);
    tz_json_set_str(issue, "closed_entry", NULL);
    TZ_TRY(tz_issue_put(store, issue, "relapse", NULL, detail, err));
    add_done(opened, number, finding, "relapse");
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

/* Findings that were raised again after their issue was closed. */
static tz_rc reopen_relapsed(tz_arena *mem, tz_store *store, json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store,
                          "SELECT i.issue, min(f.finding) AS finding, r.as_of FROM issue i JOIN issue_finding j ON j.issue = i.issue"
                          "  JOIN finding f ON f.finding = j.finding JOIN check_run r ON r.run = f.run"
                          " WHERE i.state IN ('closed', 'closed-pending-data') AND f.state IN ('raised', 'persisting')"
                          "   AND f.since_entry > i.closed_entry GROUP BY i.issue ORDER BY i.issue", 0, &rows, err));
    json_array_foreach(rows, i, row)
        TZ_TRY(reopen(mem, store, tz_json_int(row, "issue", 0), tz_json_int(row, "finding", 0), tz_json_str(row, "as_of"), opened, err));
done:
    json_decref(rows);
    return rc;
}

static tz_rc confirm(tz_store *store, int64_t number, int64_t finding, json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *issue = NULL;

    TZ_TRY(tz_issue_load(store, number, &issue, err));
    tz_json_set_str(issue, "state", "closed");
    TZ_TRY(tz_issue_put(store, issue, "confirm", NULL, NULL, err));
    add_done(opened, number, finding, "confirm");
done:
    json_decref(issue);
    return rc;
}

/* What was closed on an extract is looked at again once the next batch came: confirmed where every
 * finding was remedied, corrected or supplied; re-opened where one is still raised. */
static tz_rc settle_pending(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store,
                          "SELECT i.issue, i.closed_entry, max(f.finding) AS finding, max(r.as_of) AS as_of,"
                          "  count(*) FILTER (WHERE f.state IN ('raised', 'persisting')) AS raised,"
                          "  count(*) FILTER (WHERE f.cleared_why IN ('remedied', 'corrected', 'supplied')) AS good, count(*) AS n"
                          "  FROM issue i JOIN issue_finding j ON j.issue = i.issue JOIN finding f ON f.finding = j.finding"
                          "  JOIN check_run r ON r.run = f.run WHERE i.state = 'closed-pending-data' GROUP BY i.issue", 0, &rows, err));
    json_array_foreach(rows, i, row) {
        int64_t number = tz_json_int(row, "issue", 0), finding = tz_json_int(row, "finding", 0);
        bool    ran = false;
        TZ_TRY(tz_issue_ran_since(store, packs, finding, tz_json_int(row, "closed_entry", 0), &ran, err));
        if (!ran)
            continue;
        if (tz_json_int(row, "raised", 0) > 0)
            TZ_TRY(reopen(mem, store, number, finding, tz_json_str(row, "as_of"), opened, err));
        else if (tz_json_int(row, "good", 0) == tz_json_int(row, "n", 0))
            TZ_TRY(confirm(store, number, finding, opened, err));
    }
done:
    json_decref(rows);
    return rc;
}

/* Issues whose finding was re-keyed take its new subject. */
static tz_rc follow_subjects(tz_store *store, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store,
                          "SELECT i.issue, f.subject FROM issue i JOIN issue_finding j ON j.issue = i.issue JOIN finding f ON f.finding = j.finding"
                          " WHERE i.source = 'finding' AND f.finding = (SELECT min(m.finding) FROM issue_finding m WHERE m.issue = i.issue)"
                          "   AND i.subject IS NOT f.subject AND f.entry > i.opened_entry AND EXISTS (SELECT 1 FROM finding_event e"
                          "         WHERE e.finding = f.finding AND e.event = 'rekeyed' AND e.entry > i.opened_entry)", 0, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *issue = NULL, *detail = json_object();
        rc = tz_issue_load(store, tz_json_int(row, "issue", 0), &issue, err);
        if (rc == TZ_OK) {
            (void)json_object_set(detail, "was", json_object_get(issue, "subject"));
            (void)json_object_set(detail, "now", json_object_get(row, "subject"));
            (void)json_object_set(issue, "subject", json_object_get(row, "subject"));
            rc = tz_issue_put(store, issue, "rekey", NULL, detail, err);
        }
        json_decref(issue);
        json_decref(detail);
        if (rc != TZ_OK)
            goto done;
    }
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_open_found(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t **ret_opened, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_opened != NULL);
    tz_rc       rc = TZ_OK;
    const char *user = store->user;
    json_t     *opened = json_array();

    store->user = "system"; /* nobody in particular opens these */
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(follow_subjects(store, err));
    TZ_TRY(reopen_relapsed(mem, store, opened, err));
    TZ_TRY(settle_pending(mem, store, packs, opened, err));
    TZ_TRY(open_new(mem, store, packs, opened, err));
    TZ_TRY(tz_store_commit(store, err));
    *ret_opened = json_incref(opened);
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    store->user = user;
    json_decref(opened);
    return rc;
}

/* ---- By hand ---- */

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

static tz_rc judge_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, tz_err *err)
{
    static const char *const LEVELS[] = {"red", "orange", "yellow", NULL}, *const SOURCES[] = {"hand", "inspection", "complaint", NULL};
    tz_rc   rc = TZ_OK;
    int32_t due = 0;
    json_t *parent = NULL;

    if (options->title == NULL || options->title[0] == '\0')
        rc = tz_fail(err, TZ_USAGE, "问题须有一句话", "an issue needs its sentence");
    else if (options->ledger != NULL && strcmp(options->ledger, "default") != 0 && tz_packs_ledger(packs, options->ledger) == NULL)
        rc = tz_fail(err, TZ_USAGE, "没有台账 “%s”", "there is no ledger '%s'", options->ledger);
    else if (options->level != NULL && !is_one_of(options->level, LEVELS))
        rc = tz_fail(err, TZ_USAGE, "级别为 red、orange 或 yellow", "a level is red, orange or yellow");
    else if (options->source != NULL && !is_one_of(options->source, SOURCES))
        rc = tz_fail(err, TZ_USAGE, "来源为 hand、inspection 或 complaint", "a source is hand, inspection or complaint");
    else if (options->due != NULL && !tz_date_parse_iso(tz_text_of(options->due), &due))
        rc = tz_fail(err, TZ_USAGE, "期限写作 YYYY-MM-DD", "a due date is YYYY-MM-DD");
    else if (options->parent != 0)
        rc = tz_issue_load(store, options->parent, &parent, err);
    json_decref(parent);
    return rc;
}

static json_t *issue_by_hand(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, int64_t number)
{
    const tz_ledger *ledger = tz_issue_ledger(packs, options->ledger == NULL ? "default" : options->ledger);
    char             today[TZ_DATE_TEXT];
    tz_buf           fields = tz_buf_init(mem, 0);
    json_t          *issue = json_object();

    tz_date_format(tz_issue_today(store), today);
    if (options->fields != NULL)
        tz_json_canonical(options->fields, &fields);
    tz_json_set_int(issue, "issue", number);
    tz_json_set_str(issue, "ledger", ledger->name);
    (void)json_object_set_new(issue, "title", tz_json_text(tz_text_of(options->title)));
    tz_json_set_str(issue, "source", options->source == NULL ? "hand" : options->source);
    tz_json_set_str(issue, "raised_by", options->raised_by == NULL ? store->user : options->raised_by);
    tz_json_set_str(issue, "level", options->level == NULL ? "yellow" : options->level);
    tz_json_set_str(issue, "state", "open");
    tz_json_set_str(issue, "standing", NULL);
    tz_json_set_str(issue, "unit", options->unit);
    tz_json_set_str(issue, "support", "[]");
    tz_json_set_str(issue, "handler", NULL);
    tz_json_set_str(issue, "due", options->due != NULL ? options->due : tz_issue_due(mem, today, ledger->due_days));
    (void)json_object_set_new(issue, "due_days", ledger->due_days > 0 ? json_integer(ledger->due_days) : json_null());
    tz_json_set_str(issue, "subject", options->subject);
    (void)json_object_set_new(issue, "parent", options->parent == 0 ? json_null() : json_integer(options->parent));
    tz_json_set_str(issue, "opened_on", today);
    tz_json_set_int(issue, "opened_entry", 0);
    tz_json_set_str(issue, "closed_entry", NULL);
    tz_json_set_str(issue, "fields", options->fields == NULL ? "{}" : tz_buf_str(&fields));
    return issue;
}

tz_rc tz_issue_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, int64_t *ret_issue, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && options != NULL && ret_issue != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    int64_t  number = 0;
    json_t  *issue = NULL;

    TZ_TRY(judge_new(store, packs, options, err));
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_next_id(store, "issue", "issue", &number, err));
    issue = issue_by_hand(&mem, store, packs, options, number);
    TZ_TRY(tz_issue_put(store, issue, "open", NULL, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
    *ret_issue = number;
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(issue);
    tz_arena_free(&mem);
    return rc;
}
