/* audit - remarks on how issues were closed: a reading of the ledger's quality by unit, never a
 * ranking of people.  Each remark is one query; a remark is a reason to look, not a reproach.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "ledger/inside.h"

typedef struct {
    const char *kind;
    const char *zh, *en;
    const char *select; /* issue, unit */
} remark;

static const remark REMARKS[] = {
    {"closed in a minute", "申请后一分钟内销号", "closed within a minute of its submission",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN issue_step c ON c.issue = i.issue AND c.action = 'close'"
     "  JOIN issue_step s ON s.issue = i.issue AND s.action = 'submit' AND s.step = (SELECT max(p.step) FROM issue_step p"
     "       WHERE p.issue = i.issue AND p.action = 'submit' AND p.step < c.step)"
     " WHERE unixepoch(c.at) - unixepoch(s.at) < 60"},
    {"evidence shared", "佐证也用于其他问题", "its evidence shows another issue too",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN evidence e ON e.issue = i.issue JOIN evidence o ON o.issue <> e.issue"
     "   AND (o.original = e.original OR o.row = e.row) WHERE e.kind <> 'statement' AND o.kind <> 'statement'"},
    {"evidence older", "佐证早于问题", "its evidence is older than the issue",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN evidence e ON e.issue = i.issue JOIN original o ON o.digest = e.original"
     " WHERE o.received_at < (SELECT min(s.at) FROM issue_step s WHERE s.issue = i.issue)"
     " UNION SELECT i.issue, i.unit FROM issue i JOIN evidence e ON e.issue = i.issue JOIN batch b ON b.batch = e.row >> 36"
     " WHERE b.accepted_entry < i.opened_entry"},
    {"returned often", "退回三次以上", "it was returned three times or more",
     "SELECT i.issue, i.unit FROM issue i JOIN issue_step s ON s.issue = i.issue AND s.action = 'return'"
     " GROUP BY i.issue, i.unit HAVING count(*) >= 3"},
    {"found again", "三年内同单位、同类问题再次发生", "the same unit and rule within three years",
     /* Closings and openings of one kind in one unit, by entry: had an issue of the last three years closed before? */
     "WITH kinds (issue, unit, kind, opened_on, opened_entry, closed_entry) AS ("
     "   SELECT DISTINCT i.issue, i.unit, k.\"check\", i.opened_on, i.opened_entry, i.closed_entry FROM issue i"
     "     JOIN issue_finding j ON j.issue = i.issue JOIN finding_key k ON k.finding = j.finding WHERE i.unit IS NOT NULL"
     "   UNION ALL SELECT issue, unit, ledger || ':' || json_extract(fields, '$.kind'), opened_on, opened_entry, closed_entry FROM issue"
     "     WHERE source <> 'finding' AND unit IS NOT NULL AND json_extract(fields, '$.kind') IS NOT NULL),"
     " happened (kind, unit, entry, was, issue, opened_on) AS ("
     "   SELECT kind, unit, closed_entry, opened_on, NULL, NULL FROM kinds WHERE closed_entry IS NOT NULL"
     "   UNION ALL SELECT kind, unit, opened_entry, NULL, issue, opened_on FROM kinds),"
     " before AS (SELECT issue, unit, opened_on, max(was) OVER (PARTITION BY kind, unit ORDER BY entry, issue IS NOT NULL"
     "   ROWS UNBOUNDED PRECEDING) AS was FROM happened)"
     " SELECT issue, unit FROM before WHERE issue IS NOT NULL AND date(opened_on) <= date(was, '+3 years')"
     " UNION SELECT i.issue, i.unit FROM issue i JOIN issue_step s ON s.issue = i.issue AND s.action = 'relapse'"},
    {"wrong person", "因“不是同一人”不成立", "dismissed as the wrong person",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN issue_finding j ON j.issue = i.issue JOIN verdict v ON v.finding = j.finding"
     " WHERE i.state = 'dismissed' AND v.reason = 'wrong-person'"},
    {"people deny", "回访群众不认可", "somebody who was asked back denies it",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN recall r ON r.issue = i.issue WHERE r.answer = 'denied'"},
    {"said and closed", "陈述异议未答复即销号", "what was said against it was not answered before it closed",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN issue_step s ON s.issue = i.issue AND s.action = 'say'"
     " WHERE i.state IN ('closed', 'closed-pending-data') AND NOT EXISTS (SELECT 1 FROM issue_step a WHERE a.issue = i.issue"
     "   AND a.step > s.step AND a.action IN ('note', 'answer', 'check', 'return'))"},
    {"photos alike", "照片可疑而销号", "closed over what speaks against a photo",
     "SELECT i.issue, i.unit FROM issue i JOIN issue_step s ON s.issue = i.issue AND s.action = 'close'"
     " WHERE json_array_length(s.detail, '$.seen') > 0"},
    {"document only", "只发文件即销号", "closed on a document alone",
     "SELECT i.issue, i.unit FROM issue i WHERE i.closed_how = 'document only'"},
};

static tz_rc add_remark(tz_store *store, const remark *what, json_t *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store, what->select, 0, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *line = json_object();
        tz_json_set_str(line, "kind", what->kind);
        (void)json_object_set(line, "issue", json_object_get(row, "issue"));
        (void)json_object_set(line, "unit", json_object_get(row, "unit"));
        tz_json_set_str(line, "text", store->app->lang == TZ_ZH ? what->zh : what->en);
        (void)json_array_append_new(list, line);
    }
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_audit(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof REMARKS / sizeof REMARKS[0]; i++)
        TZ_TRY(add_remark(store, &REMARKS[i], list, err));
    *ret_rows = json_incref(list);
done:
    json_decref(list);
    return rc;
}

/* ---- By unit ---- */

/* The line of a unit in `units`, made if it is new. */
static json_t *unit_line(json_t *units, const char *unit)
{
    const char *key = unit == NULL ? "" : unit;
    json_t     *line = json_object_get(units, key);

    if (line == NULL) {
        line = json_pack("{s:s?, s:i, s:i, s:i, s:{}}", "unit", unit, "issues", 0, "closed", 0, "remarked", 0, "remarks");
        (void)json_object_set_new(units, key, line);
    }
    return line;
}

static void count_up(json_t *object, const char *key, int64_t by)
{
    tz_json_set_int(object, key, tz_json_int(object, key, 0) + by);
}

static tz_rc count_issues(tz_store *store, json_t *units, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store,
                          "SELECT unit, count(*) AS issues, count(*) FILTER (WHERE state IN ('closed', 'closed-pending-data')) AS closed"
                          " FROM issue WHERE state <> 'merged' GROUP BY unit", 0, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *line = unit_line(units, tz_json_str(row, "unit"));
        (void)json_object_set(line, "issues", json_object_get(row, "issues"));
        (void)json_object_set(line, "closed", json_object_get(row, "closed"));
    }
done:
    json_decref(rows);
    return rc;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lines in the order of the units' names: a reading, no ranking. */
static json_t *sorted_by_name(const json_t *units)
{
    tz_arena     mem = {0};
    const char **names = tz_new_array(&mem, const char *, json_object_size(units) + 1);
    const char  *key;
    json_t      *line, *list = json_array();
    size_t       count = 0;

    json_object_foreach((json_t *)units, key, line)
        names[count++] = key;
    if (count > 0)
        qsort(names, count, sizeof names[0], compare_names);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append(list, json_object_get(units, names[i]));
    tz_arena_free(&mem);
    return list;
}

tz_rc tz_issue_audit_units(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *remarks = NULL, *remark_line, *units = json_object(), *seen = json_object();
    size_t  i;

    TZ_TRY(tz_issue_audit(store, &remarks, err));
    TZ_TRY(count_issues(store, units, err));
    json_array_foreach(remarks, i, remark_line) {
        char number[32];
        (void)snprintf(number, sizeof number, "%lld", (long long)tz_json_int(remark_line, "issue", 0));
        json_t *unit = unit_line(units, tz_json_str(remark_line, "unit"));
        count_up(json_object_get(unit, "remarks"), tz_json_str(remark_line, "kind"), 1);
        count_up(unit, "remarked", json_object_get(seen, number) == NULL);
        (void)json_object_set_new(seen, number, json_true());
    }
    *ret_rows = sorted_by_name(units);
done:
    json_decref(remarks);
    json_decref(units);
    json_decref(seen);
    return rc;
}
