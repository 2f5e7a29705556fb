/* open - issues from findings: opened, joined, re-opened, confirmed, moved along. */
#include <string.h>

#include "base/assert.h"
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

static json_t *new_issue(tz_arena *mem, const tz_store *store, const tz_packs *packs, const tz_check *check, const json_t *finding,
                         int64_t number)
{
    const tz_ledger *ledger = tz_issue_ledger(packs, check->ledger);
    json_t          *issue = tz_issue_fresh(mem, store, ledger, number, tz_json_str(finding, "as_of"), check->due_days);

    tz_json_set_str(issue, "title", sentence(mem, check, tz_json_str(finding, "params")));
    tz_json_set_str(issue, "source", "finding");
    tz_json_set_str(issue, "raised_by", tz_arena_printf(mem, "finding %lld", (long long)tz_json_int(finding, "finding", 0)));
    tz_json_set_str(issue, "level", tz_json_str(finding, "level"));
    tz_json_set_str(issue, "unit", check->owner);
    tz_json_set_str(issue, "subject", tz_json_str(finding, "subject"));
    return issue;
}

/* The open issue that answers for the same rule about the same person or household; 0: none. What is about
 * a place or a unit is no such: one village has many problems of a kind. */
static tz_rc find_same(tz_store *store, const json_t *finding, int64_t *ret_issue, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_sql     *sql = NULL;
    bool        has_row = false;
    const char *kind = tz_json_str(finding, "subject_kind");

    *ret_issue = 0;
    if (tz_json_str(finding, "subject") == NULL || (strcmp(kind, "person") != 0 && strcmp(kind, "household") != 0))
        return TZ_OK;
    TZ_TRY(tz_sql_open(store,
                       "SELECT min(i.issue) FROM finding_key k JOIN issue_finding j ON j.finding = k.finding JOIN issue i ON i.issue = j.issue"
                       " WHERE k.subject = ?1 AND k.\"check\" = ?2 AND k.subject_kind = ?3 AND i.source = 'finding'"
                       "   AND k.entry = (SELECT max(l.entry) FROM finding_key l WHERE l.finding = k.finding)"
                       "   AND i.state NOT IN ('closed', 'closed-pending-data', 'dismissed', 'transferred', 'merged')", &sql, err));
    tz_sql_bind_text(sql, 1, tz_json_str(finding, "subject"));
    tz_sql_bind_text(sql, 2, tz_json_str(finding, "check"));
    tz_sql_bind_text(sql, 3, kind);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_issue = has_row ? tz_sql_int(sql, 0) : 0;
done:
    tz_sql_close(sql);
    return rc;
}

/* The same problem once more: it joins the issue that is open already. */
static tz_rc join_one(tz_store *store, int64_t number, const json_t *finding, json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t joining = tz_json_int(finding, "finding", 0);
    json_t *issue = NULL, *detail = json_object();

    TZ_TRY(tz_issue_load(store, number, &issue, err));
    if (tz_level_is_worse(tz_json_str(finding, "level"), tz_json_str(issue, "level")))
        (void)json_object_set(issue, "level", json_object_get(finding, "level"));
    tz_json_set_int(detail, "finding", joining);
    TZ_TRY(tz_issue_put(store, issue, "join", NULL, detail, err));
    TZ_TRY(tz_issue_bind(store, joining, number, "issue.join", err));
    add_done(opened, number, joining, "join");
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

static tz_rc open_one(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check *check, const json_t *finding,
                      json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *issue = NULL, *detail = json_object();

    TZ_TRY(find_same(store, finding, &number, err));
    if (number != 0) {
        rc = join_one(store, number, finding, opened, err);
        goto done;
    }
    TZ_TRY(tz_journal_next_id(store, "issue", "issue", &number, err));
    issue = new_issue(mem, store, packs, check, finding, number);
    (void)json_object_set(detail, "finding", json_object_get(finding, "finding"));
    TZ_TRY(tz_issue_put(store, issue, "open", NULL, detail, err));
    TZ_TRY(tz_issue_bind(store, tz_json_int(finding, "finding", 0), number, "issue.open", err));
    add_done(opened, number, tz_json_int(finding, "finding", 0), "open");
done:
    json_decref(issue);
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
                          "SELECT f.finding, f.\"check\", f.level, f.subject, f.subject_kind, f.params, f.verdict, r.as_of FROM finding f"
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
static tz_rc reopen(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t number, int64_t finding, const char *day,
                    json_t *opened, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *issue = NULL, *detail = json_object();

    TZ_TRY(tz_issue_load(store, number, &issue, err));
    tz_json_set_int(detail, "finding", finding);
    tz_issue_restart(mem, store, tz_issue_ledger(packs, tz_json_str(issue, "ledger")), day, issue, detail);
    TZ_TRY(tz_issue_put(store, issue, "relapse", NULL, detail, err));
    add_done(opened, number, finding, "relapse");
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

/* Findings that were raised again after their issue was closed. */
static tz_rc reopen_relapsed(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t *opened, tz_err *err)
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
        TZ_TRY(reopen(mem, store, packs, tz_json_int(row, "issue", 0), tz_json_int(row, "finding", 0), tz_json_str(row, "as_of"), opened, err));
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
    tz_json_set_str(issue, "closed_how", "data");
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
            TZ_TRY(reopen(mem, store, packs, number, finding, tz_json_str(row, "as_of"), opened, err));
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
    TZ_TRY(reopen_relapsed(mem, store, packs, opened, err));
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
