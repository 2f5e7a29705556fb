/* join - one issue made of two, and two of one. */
#include <string.h>

#include "base/assert.h"
#include "ledger/inside.h"
#include "store/journal.h"

tz_rc tz_issue_bind(tz_store *store, int64_t finding, int64_t issue, const char *what, tz_err *err)
{
    json_t *pair = json_pack("{s:I, s:I}", "finding", (json_int_t)finding, "issue", (json_int_t)issue);
    tz_rc   rc = tz_journal_put(store, what, "issue_finding", pair, NULL, NULL, err);

    json_decref(pair);
    return rc;
}

/* Rows of a table that say `issue` or `parent` go over to the other issue. */
static tz_rc move_rows(tz_store *store, const char *select, const char *table, const char *column, int64_t issue, int64_t with, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store, select, issue, &rows, err));
    json_array_foreach(rows, i, row) {
        tz_json_set_int(row, column, with);
        TZ_TRY(tz_journal_put(store, "issue.merge", table, row, NULL, NULL, err));
    }
done:
    json_decref(rows);
    return rc;
}

/* Whom it is about, where it was seen and what is below it: else a merge would lose who may not sign, and what must
 * end first. */
static tz_rc move_all(tz_store *store, int64_t issue, int64_t with, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(move_rows(store, "SELECT * FROM issue_person WHERE issue = ?1 ORDER BY number", "issue_person", "issue", issue, with, err));
    TZ_TRY(move_rows(store, "SELECT * FROM issue_source WHERE issue = ?1 ORDER BY source", "issue_source", "issue", issue, with, err));
    TZ_TRY(move_rows(store, "SELECT * FROM issue WHERE parent = ?1 ORDER BY issue", "issue", "parent", issue, with, err));
done:
    return rc;
}

/* An issue can't join what is below it. */
static tz_rc is_below(tz_store *store, int64_t issue, int64_t other, bool *ret_is, tz_err *err)
{
    json_t *rows = NULL, *row;
    size_t  i;
    tz_rc   rc = tz_issue_query(store,
                                "WITH RECURSIVE above (issue) AS (SELECT parent FROM issue WHERE issue = ?1"
                                " UNION SELECT i.parent FROM issue i JOIN above a ON i.issue = a.issue)"
                                " SELECT issue FROM above WHERE issue IS NOT NULL", other, &rows, err);

    json_array_foreach(rows, i, row)
        *ret_is |= tz_json_int(row, "issue", 0) == issue;
    json_decref(rows);
    return rc;
}

/* The worse level and the earlier date hold for both. */
static void keep_the_stricter(const json_t *issue, json_t *other)
{
    const char *due = tz_json_str(issue, "due"), *other_due = tz_json_str(other, "due");

    if (tz_level_is_worse(tz_json_str(issue, "level"), tz_json_str(other, "level")))
        (void)json_object_set(other, "level", json_object_get(issue, "level"));
    if (due != NULL && (other_due == NULL || strcmp(due, other_due) < 0))
        tz_json_set_str(other, "due", due);
}

static tz_rc judge_merge(tz_store *store, int64_t number, int64_t with, const json_t *other, tz_err *err)
{
    bool  below = false;
    tz_rc rc = TZ_OK;

    if (!tz_state_is_open(tz_json_str(other, "state")))
        return tz_fail(err, TZ_REFUSED, "问题 #%lld 已了结", "issue #%lld has ended", (long long)with);
    rc = is_below(store, number, with, &below, err);
    if (rc == TZ_OK && below)
        rc = tz_fail(err, TZ_REFUSED, "问题 #%lld 是它的下级,不能并入", "issue #%lld is below it: it can't join that", (long long)with);
    return rc;
}

/* The findings, people, sources and children move, the evidence and the history stay where they are; the
 * joined issue ends as `merged` under the other as its parent. */
tz_rc tz_issue_merge(tz_store *store, json_t *issue, int64_t with, json_t *detail, tz_err *err)
{
    tz_assert(store != NULL && json_is_object(issue) && detail != NULL);
    tz_rc   rc = TZ_OK;
    int64_t number = tz_json_int(issue, "issue", 0);
    json_t *other = NULL, *findings = NULL, *row, *told = json_object();
    size_t  i;

    if (with == 0 || with == number) {
        rc = tz_fail(err, TZ_USAGE, "须指明并入哪个问题(--with)", "name the other issue that it joins (--with)");
        goto done;
    }
    TZ_TRY(tz_issue_load(store, with, &other, err));
    TZ_TRY(judge_merge(store, number, with, other, err));
    TZ_TRY(move_all(store, number, with, err));
    TZ_TRY(tz_issue_query(store, "SELECT finding FROM issue_finding WHERE issue = ?1 ORDER BY finding", number, &findings, err));
    json_array_foreach(findings, i, row)
        TZ_TRY(tz_issue_bind(store, tz_json_int(row, "finding", 0), with, "issue.merge", err));
    keep_the_stricter(issue, other);
    tz_json_set_int(told, "merged", number);
    TZ_TRY(tz_issue_put(store, other, "merge", NULL, told, err));
    tz_json_set_int(detail, "into", with);
    tz_json_set_int(issue, "parent", with);
    tz_json_set_str(issue, "standing", NULL);
    tz_json_set_int(issue, "closed_entry", 0);
done:
    json_decref(other);
    json_decref(findings);
    json_decref(told);
    return rc;
}

/* A finding leaves into an issue of its own, with the same ledger, unit and clock. */
tz_rc tz_issue_split(tz_store *store, const json_t *issue, int64_t finding, json_t *detail, tz_err *err)
{
    tz_assert(store != NULL && json_is_object(issue) && detail != NULL);
    tz_rc   rc = TZ_OK;
    int64_t number = tz_json_int(issue, "issue", 0), fresh = 0;
    json_t *findings = NULL, *row, *made = NULL, *told = json_object();
    size_t  i;
    bool    has_it = false;

    TZ_TRY(tz_issue_query(store, "SELECT finding FROM issue_finding WHERE issue = ?1", number, &findings, err));
    json_array_foreach(findings, i, row)
        has_it |= tz_json_int(row, "finding", 0) == finding;
    if (!has_it || json_array_size(findings) < 2) {
        rc = tz_fail(err, TZ_REFUSED, "只有多个疑点的问题才能分出其中一个", "only an issue of several findings can give one away");
        goto done;
    }
    TZ_TRY(tz_journal_next_id(store, "issue", "issue", &fresh, err));
    made = json_copy((json_t *)issue);
    tz_json_set_int(made, "issue", fresh);
    tz_json_set_int(made, "opened_entry", 0);
    (void)json_object_set_new(made, "raised_by", json_sprintf("finding %lld", (long long)finding));
    tz_json_set_int(told, "from", number);
    tz_json_set_int(told, "finding", finding);
    TZ_TRY(tz_issue_put(store, made, "split", NULL, told, err));
    TZ_TRY(tz_issue_bind(store, finding, fresh, "issue.split", err));
    tz_json_set_int(detail, "into", fresh);
    tz_json_set_int(detail, "finding", finding);
done:
    json_decref(findings);
    json_decref(made);
    json_decref(told);
    return rc;
}
