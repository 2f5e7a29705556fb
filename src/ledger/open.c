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

typedef struct {
    tz_arena       *mem;
    tz_store       *store;
    const tz_packs *packs;
    json_t         *opened; /* what was done, for the caller */
} opening;

static void add_done(opening *of, int64_t issue, const json_t *finding, const char *action)
{
    json_t *line = json_object();

    tz_json_set_int(line, "issue", issue);
    (void)json_object_set(line, "finding", json_object_get(finding, "finding"));
    tz_json_set_str(line, "action", action);
    (void)json_array_append_new(of->opened, line);
}

/* What a finding's row (its columns as selected) changes in the row of an issue, and what the step tells of it. */
typedef void change(opening *of, const json_t *finding, json_t *issue, json_t *detail);

static tz_rc change_issue(opening *of, int64_t number, const json_t *finding, const char *action, change *apply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *issue = NULL, *detail = json_object();

    TZ_TRY(tz_issue_load(of->store, number, &issue, err));
    apply(of, finding, issue, detail);
    TZ_TRY(tz_issue_put(of->store, issue, action, NULL, detail, err));
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

static json_t *new_issue(const opening *of, const tz_check *check, const json_t *finding, int64_t number)
{
    const tz_ledger *ledger = tz_issue_ledger(of->packs, check->ledger);
    json_t          *issue = tz_issue_fresh(of->mem, of->store, ledger, number, tz_json_str(finding, "as_of"), check->due_days);

    tz_json_set_str(issue, "title", sentence(of->mem, check, tz_json_str(finding, "params")));
    tz_json_set_str(issue, "source", "finding");
    tz_json_set_str(issue, "raised_by", tz_arena_printf(of->mem, "finding %lld", (long long)tz_json_int(finding, "finding", 0)));
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
                       "   AND i.state NOT IN " TZ_ENDED, &sql, err));
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
static void join(opening *of, const json_t *finding, json_t *issue, json_t *detail)
{
    (void)of;
    if (tz_level_is_worse(tz_json_str(finding, "level"), tz_json_str(issue, "level")))
        (void)json_object_set(issue, "level", json_object_get(finding, "level"));
    (void)json_object_set(detail, "finding", json_object_get(finding, "finding"));
}

static tz_rc open_one(opening *of, const tz_check *check, const json_t *finding, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    json_t     *issue = NULL, *detail = NULL;
    const char *action = "join";

    TZ_TRY(find_same(of->store, finding, &number, err));
    if (number != 0) {
        TZ_TRY(change_issue(of, number, finding, action, join, err));
    } else {
        action = "open";
        TZ_TRY(tz_journal_next_id(of->store, "issue", "issue", &number, err));
        issue = new_issue(of, check, finding, number);
        detail = json_pack("{s:O}", "finding", json_object_get(finding, "finding"));
        TZ_TRY(tz_issue_put(of->store, issue, action, NULL, detail, err));
    }
    TZ_TRY(tz_issue_bind(of->store, tz_json_int(finding, "finding", 0), number, tz_arena_printf(of->mem, "issue.%s", action), err));
    add_done(of, number, finding, action);
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

/* Open findings that have no issue yet: of checks that open one at once, or verified as real. A
 * pending one waits until its link was reviewed. */
static tz_rc open_new(opening *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(of->store,
                          "SELECT f.finding, f.\"check\", f.level, f.subject, f.subject_kind, f.params, f.verdict, r.as_of FROM finding f"
                          "  JOIN check_run r ON r.run = f.run"
                          " WHERE f.state IN ('raised', 'persisting') AND f.verdict IS NOT 'not real'"
                          "   AND (f.pending = 0 OR f.verdict = 'real')"
                          "   AND NOT EXISTS (SELECT 1 FROM issue_finding i WHERE i.finding = f.finding) ORDER BY f.finding",
                          0, &rows, err));
    json_array_foreach(rows, i, row) {
        const tz_check *check = tz_packs_check(of->packs, tz_json_str(row, "check"));
        bool            is_real = tz_json_str(row, "verdict") != NULL;
        if (check != NULL && (check->opens_issue || is_real))
            TZ_TRY(open_one(of, check, row, err));
    }
done:
    json_decref(rows);
    return rc;
}

/* ---- What was closed ---- */

/* Back to its first step, with a new due date; its history stays. */
static void reopen(opening *of, const json_t *finding, json_t *issue, json_t *detail)
{
    (void)json_object_set(detail, "finding", json_object_get(finding, "finding"));
    tz_issue_restart(of->mem, of->store, tz_issue_ledger(of->packs, tz_json_str(issue, "ledger")), tz_json_str(finding, "as_of"), issue, detail);
}

static tz_rc relapse(opening *of, int64_t issue, const json_t *finding, tz_err *err)
{
    tz_rc rc = change_issue(of, issue, finding, "relapse", reopen, err);

    if (rc == TZ_OK)
        add_done(of, issue, finding, "relapse");
    return rc;
}

/* Findings that were raised again after their issue was closed. */
static tz_rc reopen_relapsed(opening *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(of->store,
                          "SELECT i.issue, min(f.finding) AS finding, r.as_of FROM issue i JOIN issue_finding j ON j.issue = i.issue"
                          "  JOIN finding f ON f.finding = j.finding JOIN check_run r ON r.run = f.run"
                          " WHERE i.state IN ('closed', 'closed-pending-data') AND f.state IN ('raised', 'persisting')"
                          "   AND f.since_entry > i.closed_entry GROUP BY i.issue ORDER BY i.issue", 0, &rows, err));
    json_array_foreach(rows, i, row)
        TZ_TRY(relapse(of, tz_json_int(row, "issue", 0), row, err));
done:
    json_decref(rows);
    return rc;
}

static void confirm(opening *of, const json_t *finding, json_t *issue, json_t *detail)
{
    (void)of;
    (void)json_object_set(detail, "finding", json_object_get(finding, "finding"));
    tz_json_set_str(issue, "state", "closed");
    tz_json_set_str(issue, "closed_how", "data");
}

/* What newer data say of the findings of one issue: the first that is still raised, and whether all were made good.
 * A finding whose check has not run on newer data says neither. */
static tz_rc judge_pending(opening *of, const json_t *findings, const json_t **ret_raised, bool *ret_is_good, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *row;
    size_t  i;

    *ret_raised = NULL;
    *ret_is_good = true;
    json_array_foreach((json_t *)findings, i, row) {
        bool ran = false;
        TZ_TRY(tz_issue_ran_since(of->store, of->packs, tz_json_int(row, "finding", 0), tz_json_int(row, "closed_entry", 0), &ran, err));
        if (ran && *ret_raised == NULL && strcmp(tz_json_str(row, "state"), "cleared") != 0)
            *ret_raised = row;
        *ret_is_good = *ret_is_good && ran && tz_is_remedy(tz_json_str(row, "cleared_why"));
    }
done:
    return rc;
}

static tz_rc settle_one(opening *of, int64_t issue, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    json_t       *findings = NULL;
    const json_t *raised = NULL;
    bool          is_good = false;

    TZ_TRY(tz_issue_query(of->store,
                          "SELECT f.finding, f.state, f.cleared_why, r.as_of, i.closed_entry FROM issue i JOIN issue_finding j ON j.issue = i.issue"
                          "  JOIN finding f ON f.finding = j.finding JOIN check_run r ON r.run = f.run WHERE i.issue = ?1 ORDER BY f.finding",
                          issue, &findings, err));
    TZ_TRY(judge_pending(of, findings, &raised, &is_good, err));
    if (raised != NULL)
        TZ_TRY(relapse(of, issue, raised, err));
    else if (is_good && json_array_size(findings) > 0) {
        TZ_TRY(change_issue(of, issue, json_array_get(findings, 0), "confirm", confirm, err));
        add_done(of, issue, json_array_get(findings, 0), "confirm");
    }
done:
    json_decref(findings);
    return rc;
}

/* What was closed on an extract is looked at again as batches come that its checks read: confirmed where every
 * finding was remedied, corrected or supplied; re-opened where one is still raised. */
static tz_rc settle_pending(opening *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(of->store, "SELECT issue FROM issue WHERE state = 'closed-pending-data' ORDER BY issue", 0, &rows, err));
    json_array_foreach(rows, i, row)
        TZ_TRY(settle_one(of, tz_json_int(row, "issue", 0), err));
done:
    json_decref(rows);
    return rc;
}

/* ---- Persons that were merged or split ---- */

static void follow(opening *of, const json_t *finding, json_t *issue, json_t *detail)
{
    (void)of;
    (void)json_object_set(detail, "was", json_object_get(issue, "subject"));
    (void)json_object_set(detail, "now", json_object_get(finding, "subject"));
    (void)json_object_set(issue, "subject", json_object_get(finding, "subject"));
}

/* Issues whose finding was re-keyed take its new subject. */
static tz_rc follow_subjects(opening *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(of->store,
                          "SELECT i.issue, f.subject FROM issue i JOIN issue_finding j ON j.issue = i.issue JOIN finding f ON f.finding = j.finding"
                          " WHERE i.source = 'finding' AND f.finding = (SELECT min(m.finding) FROM issue_finding m WHERE m.issue = i.issue)"
                          "   AND i.subject IS NOT f.subject AND f.entry > i.opened_entry AND EXISTS (SELECT 1 FROM finding_event e"
                          "         WHERE e.finding = f.finding AND e.event = 'rekeyed' AND e.entry > i.opened_entry)", 0, &rows, err));
    json_array_foreach(rows, i, row)
        TZ_TRY(change_issue(of, tz_json_int(row, "issue", 0), row, "rekey", follow, err));
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_open_found(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t **ret_opened, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_opened != NULL);
    tz_rc       rc = TZ_OK;
    const char *user = store->user;
    opening     of = {.mem = mem, .store = store, .packs = packs, .opened = json_array()};

    store->user = "system"; /* nobody in particular opens these */
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(follow_subjects(&of, err));
    TZ_TRY(reopen_relapsed(&of, err));
    TZ_TRY(settle_pending(&of, err));
    TZ_TRY(open_new(&of, err));
    TZ_TRY(tz_store_commit(store, err));
    *ret_opened = json_incref(of.opened);
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    store->user = user;
    json_decref(of.opened);
    return rc;
}
