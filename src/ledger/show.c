/* show - one issue with all that happened to it, and what the accused said beside it. */
#include <string.h>

#include "base/assert.h"
#include "ledger/letter.h"
#include "ledger/reading.h"
#include "packs/query.h"

static tz_rc put_evidence(const tz_reading *of, int64_t issue, json_t *shown, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(of->store,
                          "SELECT e.evidence, e.kind, o.name AS file, e.original, e.row, e.line, e.boxes, e.taken, e.note, e.by_user AS \"by\""
                          "  FROM evidence e LEFT JOIN original o ON o.digest = e.original WHERE e.issue = ?1 ORDER BY e.evidence",
                          issue, &rows, err));
    json_array_foreach(rows, i, row) {
        int64_t       id = tz_json_int(row, "row", 0);
        tz_row_found *found = NULL;
        tz_issue_mask_note(of, row);
        if (tz_json_str(row, "boxes") != NULL)
            (void)json_object_set_new(row, "boxes", tz_issue_parsed(row, "boxes"));
        if (id == 0)
            continue;
        TZ_TRY(tz_rows_find(of->mem, of->store, of->packs, &id, 1, &found, err));
        (void)json_object_set_new(row, "row", tz_row_json(&found[0]));
        json_decref(found[0].values);
    }
    (void)json_object_set(shown, "evidence", rows);
done:
    json_decref(rows);
    return rc;
}

/* What was said against it and the answers, out of the history. */
static void put_said(json_t *shown)
{
    static const char *const SPOKEN[] = {"say", "object", "answer"};
    json_t *said = json_array(), *step;
    size_t  i;

    json_array_foreach(json_object_get(shown, "history"), i, step)
        for (size_t j = 0; j < sizeof SPOKEN / sizeof SPOKEN[0]; j++)
            if (strcmp(tz_json_str(step, "action"), SPOKEN[j]) == 0)
                (void)json_array_append(said, step);
    (void)json_object_set_new(shown, "said", said);
}

static tz_rc put_letters(const tz_reading *of, int64_t issue, json_t *shown, tz_err *err)
{
    json_t *letters = NULL;
    tz_rc   rc = tz_letters_issued(of->store, issue, &letters, err);

    if (rc == TZ_OK)
        (void)json_object_set_new(shown, "letters", letters);
    return rc;
}

static tz_rc put_remarks(const tz_reading *of, int64_t issue, json_t *shown, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *remarks = NULL, *remark;
    size_t  i, size = 0;

    TZ_TRY(tz_photo_remarks(of->mem, of->store, issue, &remarks, err));
    json_array_foreach(remarks, i, remark) {
        const char *half = tz_half(tz_json_str(remark, "text"), of->lang, &size);
        (void)json_object_set_new(remark, "text", tz_json_text((tz_text){half, size}));
    }
    (void)json_object_set(shown, "remarks", remarks);
done:
    json_decref(remarks);
    return rc;
}

/* ---- Parents and children ---- */

static json_t *share(int64_t done, int64_t count)
{
    return count == 0 ? json_null() : json_sprintf("%lld/%lld", (long long)done, (long long)count);
}

/* "3/7": of the children those that ended well; of everything below that has no children itself, the same. What
 * was merged into another, dismissed or passed on is not counted; what is objected to is not done. */
static tz_rc put_shares(const tz_reading *of, int64_t issue, json_t *shown, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;

    TZ_TRY(tz_issue_query(of->store,
                          "WITH RECURSIVE below (issue, depth) AS (SELECT issue, 1 FROM issue WHERE parent = ?1 AND state <> 'merged'"
                          "   UNION SELECT i.issue, b.depth + 1 FROM issue i JOIN below b ON i.parent = b.issue"
                          "    WHERE i.state <> 'merged' AND b.depth < 20),"
                          " counted AS (SELECT b.depth, i.state = 'closed' AS done, EXISTS (SELECT 1 FROM issue c WHERE c.parent = i.issue"
                          "    AND c.state <> 'merged') AS has_children FROM below b JOIN issue i ON i.issue = b.issue"
                          "    WHERE i.state NOT IN ('dismissed', 'transferred'))"
                          " SELECT count(*) FILTER (WHERE depth = 1) AS children, count(*) FILTER (WHERE depth = 1 AND done) AS children_done,"
                          " count(*) FILTER (WHERE NOT has_children) AS leaves, count(*) FILTER (WHERE NOT has_children AND done) AS leaves_done"
                          " FROM counted", issue, &rows, err));
    const json_t *counts = json_array_get(rows, 0);
    (void)json_object_set_new(shown, "share_done", share(tz_json_int(counts, "children_done", 0), tz_json_int(counts, "children", 0)));
    (void)json_object_set_new(shown, "leaves_done", share(tz_json_int(counts, "leaves_done", 0), tz_json_int(counts, "leaves", 0)));
done:
    json_decref(rows);
    return rc;
}

/* ---- All of it ---- */

static tz_rc put_query(const tz_reading *of, const char *select, int64_t issue, const char *member, json_t *shown, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_issue_query(of->store, select, issue, &rows, err);

    if (rc == TZ_OK)
        (void)json_object_set(shown, member, rows);
    json_decref(rows);
    return rc;
}

/* Where it lies: the divisions of its findings as they were seen last. By them a cadre's issues are told. */
static tz_rc put_divisions(const tz_reading *of, int64_t issue, json_t *shown, tz_err *err)
{
    json_t *rows = NULL, *codes = json_array(), *row;
    size_t  i;
    tz_rc   rc = tz_issue_query(of->store, "SELECT DISTINCT d.value AS code FROM issue_finding j JOIN finding_event e ON e.finding = j.finding,"
                                           " json_each(e.divisions) d WHERE j.issue = ?1 AND e.entry = (SELECT max(l.entry) FROM finding_event l"
                                           " WHERE l.finding = j.finding) ORDER BY code", issue, &rows, err);

    json_array_foreach(rows, i, row)
        (void)json_array_append(codes, json_object_get(row, "code"));
    (void)json_object_set_new(shown, "divisions", codes);
    json_decref(rows);
    return rc;
}

static tz_rc put_parts(const tz_reading *of, int64_t issue, json_t *shown, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(put_query(of, "SELECT f.finding, f.\"check\", f.state, f.cleared_why, f.verdict FROM issue_finding i"
                         " JOIN finding f ON f.finding = i.finding WHERE i.issue = ?1 ORDER BY f.finding", issue, "findings", shown, err));
    TZ_TRY(put_divisions(of, issue, shown, err));
    TZ_TRY(put_evidence(of, issue, shown, err));
    TZ_TRY(put_remarks(of, issue, shown, err));
    TZ_TRY(put_letters(of, issue, shown, err));
    TZ_TRY(put_query(of, "SELECT s.raised_by, o.name AS file, s.sheet, s.row_no AS row FROM issue_source s JOIN original o ON o.digest ="
                         " s.original WHERE s.issue = ?1 ORDER BY s.source", issue, "sources", shown, err));
    TZ_TRY(put_query(of, "SELECT recall, lot, answer, by_user AS \"by\", day FROM recall WHERE issue = ?1 ORDER BY recall", issue, "recalls",
                     shown, err));
    TZ_TRY(put_query(of, "SELECT issue, state, level, unit FROM issue WHERE parent = ?1 AND state <> 'merged' ORDER BY issue", issue,
                     "children", shown, err));
    TZ_TRY(put_shares(of, issue, shown, err));
    put_said(shown);
done:
    return rc;
}

tz_rc tz_issue_show(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, bool is_masked, tz_lang lang,
                    json_t **ret_issue, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_issue != NULL);
    static const char *const COPIED[] = {"source", "handler", "subject", "opened_on", "due_days", "asked_due"};
    tz_rc      rc = TZ_OK;
    json_t    *rows = NULL, *shown = NULL;
    tz_reading of = {.mem = mem, .store = store, .packs = packs, .today = tz_issue_today(store), .is_masked = is_masked, .lang = lang};

    TZ_TRY(tz_issue_query(store, TZ_SELECT_ISSUES " WHERE i.issue = ?1", issue, &rows, err));
    if (json_array_size(rows) == 0) {
        rc = tz_fail_no_issue(issue, err);
        goto done;
    }
    const json_t *row = json_array_get(rows, 0);
    TZ_TRY(tz_issue_line(&of, row, &shown, err));
    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++)
        (void)json_object_set(shown, COPIED[i], json_object_get(row, COPIED[i]));
    (void)json_object_set_new(shown, "support", tz_issue_parsed(row, "support"));
    (void)json_object_set_new(shown, "fields", is_masked ? json_object() : tz_issue_parsed(row, "fields"));
    TZ_TRY(put_parts(&of, issue, shown, err));
    *ret_issue = json_incref(shown);
done:
    json_decref(rows);
    json_decref(shown);
    return rc;
}
