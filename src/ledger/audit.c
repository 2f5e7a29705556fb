/* audit - remarks on how issues were closed: a reading of the ledger's quality by unit, never a
 * ranking of people.  Each remark is one query; a remark is a reason to look, not a reproach.
 */
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
     "   AND (o.original = e.original OR o.row = e.row)"},
    {"evidence older", "佐证早于问题", "its evidence is older than the issue",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN evidence e ON e.issue = i.issue JOIN original o ON o.digest = e.original"
     " WHERE o.received_at < (SELECT min(s.at) FROM issue_step s WHERE s.issue = i.issue)"
     " UNION SELECT i.issue, i.unit FROM issue i JOIN evidence e ON e.issue = i.issue JOIN batch b ON b.batch = e.row >> 36"
     " WHERE b.accepted_entry < i.opened_entry"},
    {"returned often", "退回三次以上", "it was returned three times or more",
     "SELECT i.issue, i.unit FROM issue i JOIN issue_step s ON s.issue = i.issue AND s.action = 'return'"
     " GROUP BY i.issue, i.unit HAVING count(*) >= 3"},
    {"found again", "三年内同单位、同类问题再次发生", "the same unit and rule within three years",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN issue_finding a ON a.issue = i.issue JOIN finding f ON f.finding = a.finding"
     "  JOIN finding g ON g.\"check\" = f.\"check\" JOIN issue_finding b ON b.finding = g.finding JOIN issue o ON o.issue = b.issue"
     " WHERE o.issue < i.issue AND o.unit = i.unit AND o.closed_entry IS NOT NULL AND o.closed_entry < i.opened_entry"
     "   AND date(i.opened_on) <= date(o.opened_on, '+3 years')"
     " UNION SELECT i.issue, i.unit FROM issue i JOIN issue_step s ON s.issue = i.issue AND s.action = 'relapse'"},
    {"wrong person", "因“不是同一人”不成立", "dismissed as the wrong person",
     "SELECT DISTINCT i.issue, i.unit FROM issue i JOIN issue_finding j ON j.issue = i.issue JOIN verdict v ON v.finding = j.finding"
     " WHERE i.state = 'dismissed' AND v.reason = 'wrong-person'"},
    {"document only", "只发文件即销号", "closed on a document alone",
     "SELECT i.issue, i.unit FROM issue i WHERE i.state = 'closed' AND i.source <> 'finding'"
     "   AND EXISTS (SELECT 1 FROM evidence e WHERE e.issue = i.issue)"
     "   AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.issue = i.issue AND e.kind <> 'document')"},
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
