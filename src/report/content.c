/* content - what every report holds beside its packs' sections: checks, findings, the ledger, deliveries. */
#include <string.h>

#include "report/building.h"

enum { SHOWN_FINDINGS = 200 };

void tz_build_column(tz_building *of, tz_table *table, const char *title, tz_column_type type, int weight)
{
    tz_table_column_add(of->mem, table, tz_doc_half(of->doc, title), type, weight);
}

static const char *half(tz_building *of, const char *both)
{
    return tz_doc_half(of->doc, both);
}

/* ---- Deliveries ---- */

static void put_delivery(tz_building *of, tz_table *table, tz_sql *sql)
{
    const tz_register *reg = tz_packs_register(of->packs, tz_sql_str(sql, 0));
    int64_t            units = tz_sql_int(sql, 2);
    const char        *many = of->lang == TZ_ZH ? "%lld 个单位" : "%lld units";

    (void)tz_table_put(of->mem, table, half(of, reg == NULL ? tz_sql_str(sql, 0) : reg->title));
    (void)tz_table_put_int(of->mem, table, tz_sql_int(sql, 1));
    (void)tz_table_put(of->mem, table, units == 1 ? tz_sql_dup(of->mem, sql, 6) : tz_arena_printf(of->mem, many, (long long)units));
    (void)tz_table_put_int(of->mem, table, tz_sql_int(sql, 3));
    (void)tz_table_put_int(of->mem, table, tz_sql_int(sql, 4));
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, 5));
}

tz_rc tz_content_deliveries(tz_building *of, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_sql   *sql = NULL;
    tz_table *table = tz_table_new(of->mem, "deliveries", half(of, "入账情况|What was delivered"));

    tz_build_column(of, table, "名册|register", TZ_COLUMN_TEXT, 4);
    tz_build_column(of, table, "批次|batches", TZ_COLUMN_INT, 1);
    tz_build_column(of, table, "单位|units", TZ_COLUMN_TEXT, 3);
    tz_build_column(of, table, "行|rows", TZ_COLUMN_INT, 2);
    tz_build_column(of, table, "待更正|to correct", TZ_COLUMN_INT, 2);
    tz_build_column(of, table, "时点|as of", TZ_COLUMN_DATE, 3);
    TZ_TRY(tz_sql_open(of->store, "SELECT register, count(*), count(DISTINCT sender), sum(accepted), sum(quarantined), max(as_of), min(sender)"
                                  " FROM batch WHERE accepted_entry <= ?1 AND (withdrawn_entry IS NULL OR withdrawn_entry > ?1)"
                                  " GROUP BY register ORDER BY min(batch)", &sql, err));
    tz_sql_bind_int(sql, 1, of->day.at);
    TZ_EACH_ROW (of->store, sql, err) {
        put_delivery(of, table, sql);
    }
    (void)tz_doc_put_table(of->doc, table);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Checks and findings ---- */

static const char *level_name(tz_level level)
{
    return level == TZ_RED ? "red" : level == TZ_ORANGE ? "orange" : "yellow";
}

static size_t count_open(const tz_building *of, const char *check)
{
    size_t  count = 0, i;
    json_t *finding;

    json_array_foreach(of->findings, i, finding)
        count += strcmp(tz_json_str(finding, "check"), check) == 0;
    return count;
}

/* The newest result of a check, or NULL when it never ran. */
static const json_t *result_of(const tz_building *of, const char *check)
{
    size_t  i;
    json_t *result;

    json_array_foreach(of->checks, i, result)
        if (strcmp(tz_json_str(result, "check"), check) == 0)
            return result;
    return NULL;
}

/* Why there is no number: a check that did not run never shows a zero. */
static const char *why_not(tz_building *of, const json_t *result, const char *state)
{
    const char *words = half(of, strcmp(state, "failed") == 0 ? "运行失败|failed" : "未评估|not evaluated");
    const char *why = result == NULL ? NULL : tz_json_str(result, "why");
    return why == NULL ? words : tz_arena_printf(of->mem, "%s: %s", words, half(of, why));
}

static void put_check(tz_building *of, tz_table *table, const tz_check *check)
{
    const json_t *result = result_of(of, check->name);
    const char   *state = result == NULL ? "not evaluated" : tz_json_str(result, "state");
    bool          ran = strcmp(state, "ran") == 0;

    (void)tz_table_put(of->mem, table, level_name(check->level));
    tz_table_cell *title = tz_table_put(of->mem, table, half(of, check->title));
    title->note = half(of, check->basis);
    if (ran) {
        (void)tz_table_put_int(of->mem, table, (int64_t)count_open(of, check->name));
        (void)tz_table_put_int(of->mem, table, tz_json_int(result, "looked_at", 0));
        return;
    }
    (void)tz_table_put(of->mem, table, why_not(of, result, state));
    (void)tz_table_put(of->mem, table, "–");
}

void tz_content_checks(tz_building *of)
{
    tz_table *table = tz_table_new(of->mem, "checks", half(of, "规则和疑点|Checks and findings"));

    tz_build_column(of, table, "级别|level", TZ_COLUMN_LEVEL, 2);
    tz_build_column(of, table, "规则和依据|check and its basis", TZ_COLUMN_TEXT, 9);
    tz_build_column(of, table, "疑点|findings", TZ_COLUMN_INT, 3);
    tz_build_column(of, table, "查看行数|rows looked at", TZ_COLUMN_INT, 2);
    for (size_t i = 0; i < of->packs->packs.count; i++)
        for (size_t j = 0; j < of->packs->packs.items[i].checks.count; j++)
            put_check(of, table, &of->packs->packs.items[i].checks.items[j]);
    (void)tz_doc_say(of->doc, TZ_BLOCK_NOTE,
                     half(of, "疑点经核查属实后才是问题;每个零旁边写着看了多少行。|"
                              "A finding is a suspicion until somebody verified it; beside each zero stands how many rows were looked at."));
    (void)tz_doc_put_table(of->doc, table);
}

static void put_finding(tz_building *of, tz_table *table, const json_t *finding)
{
    long long number = tz_json_int(finding, "finding", 0), issue = tz_json_int(finding, "issue", 0);
    tz_table_cell  *no = tz_table_put(of->mem, table, tz_arena_printf(of->mem, "F%lld", number));

    no->id = tz_arena_printf(of->mem, "finding-%lld", number);
    (void)tz_table_put(of->mem, table, tz_json_str(finding, "level"));
    (void)tz_table_put(of->mem, table, tz_json_str(finding, "message"));
    (void)tz_table_put(of->mem, table, tz_json_str(finding, "since"));
    (void)tz_table_put(of->mem, table, issue == 0 ? "" : tz_arena_printf(of->mem, "#%lld", issue));
}

void tz_content_findings(tz_building *of)
{
    size_t      i;
    json_t     *finding;
    tz_table   *table = tz_table_new(of->mem, "findings", half(of, "疑点清单|Findings"));
    const char *more = of->lang == TZ_ZH ? "共 %zu 条,此处列出前 %d 条;全部见 taizhang findings。"
                                         : "%zu in all, the first %d stand here; taizhang findings gives the rest.";

    table->shown = SHOWN_FINDINGS;
    tz_build_column(of, table, "编号|no.", TZ_COLUMN_TEXT, 3);
    tz_build_column(of, table, "级别|level", TZ_COLUMN_LEVEL, 2);
    tz_build_column(of, table, "内容(姓名已遮蔽)|what (names masked)", TZ_COLUMN_TEXT, 14);
    tz_build_column(of, table, "起于|since", TZ_COLUMN_DATE, 4);
    tz_build_column(of, table, "问题|issue", TZ_COLUMN_TEXT, 2);
    json_array_foreach(of->findings, i, finding)
        put_finding(of, table, finding);
    (void)tz_doc_put_table(of->doc, table);
    if (tz_table_rows(table) > SHOWN_FINDINGS)
        (void)tz_doc_say(of->doc, TZ_BLOCK_NOTE, tz_arena_printf(of->mem, more, tz_table_rows(table), SHOWN_FINDINGS));
}

/* ---- The ledger ---- */

const char *tz_state_words(tz_building *of, const char *state)
{
    static const struct { const char *state, *words; } STATES[] = {
        {"open", "待交办|open"}, {"assigned", "已交办|assigned"}, {"rectifying", "整改中|rectifying"}, {"submitted", "申请销号|submitted"},
        {"checked", "已核查|checked"}, {"published", "已公示|published"}, {"closed", "已销号|closed"},
        {"closed-pending-data", "待数据验证|closed, data pending"}, {"dismissed", "不成立|dismissed"}, {"transferred", "已移送|transferred"}};

    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
        if (strcmp(STATES[i].state, state) == 0)
            return half(of, STATES[i].words);
    return tz_arena_dup(of->mem, state);
}

/* The state after the last step that the journal knew at the entry. */
#define STATE_AT                                                                                             \
    "coalesce((SELECT s.state FROM issue_step s JOIN journal j"                                              \
    "  ON j.of_table = 'issue_step' AND j.of_key = CAST(s.step AS TEXT)"                                     \
    "  WHERE s.issue = i.issue AND j.entry <= ?1 ORDER BY s.step DESC LIMIT 1), 'open')"

tz_rc tz_content_ledger(tz_building *of, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_sql   *sql = NULL;
    tz_table *table = tz_table_new(of->mem, "ledger", half(of, "问题台账|The ledger"));

    tz_build_column(of, table, "台账|ledger", TZ_COLUMN_TEXT, 3);
    tz_build_column(of, table, "状态|state", TZ_COLUMN_TEXT, 2);
    tz_build_column(of, table, "问题|issues", TZ_COLUMN_INT, 1);
    TZ_TRY(tz_sql_open(of->store, "SELECT ledger, state, count(*) FROM (SELECT i.ledger, " STATE_AT " AS state FROM issue i"
                                  " WHERE i.opened_entry <= ?1) GROUP BY ledger, state ORDER BY ledger, state", &sql, err));
    tz_sql_bind_int(sql, 1, of->day.at);
    TZ_EACH_ROW (of->store, sql, err) {
        const tz_ledger *ledger = tz_packs_ledger(of->packs, tz_sql_str(sql, 0));
        (void)tz_table_put(of->mem, table, half(of, ledger == NULL ? "问题台账|default" : ledger->title));
        (void)tz_table_put(of->mem, table, tz_state_words(of, tz_sql_str(sql, 1)));
        (void)tz_table_put_int(of->mem, table, tz_sql_int(sql, 2));
    }
    (void)tz_doc_put_table(of->doc, table);
done:
    tz_sql_close(sql);
    return rc;
}
