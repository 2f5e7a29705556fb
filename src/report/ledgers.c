/* ledgers - the issues of each ledger as offices list them, as the journal knew them at the day's entry. */
#include <string.h>

#include "ledger/issue.h"
#include "report/building.h"

/* The newest image of each issue at the entry: what was changed later is not known yet. */
#define SELECT_IMAGES                                                                                              \
    "SELECT i.issue, json_extract(j.body, '$.image.ledger'), json_extract(j.body, '$.image.level'),"               \
    "  json_extract(j.body, '$.image.unit'), coalesce(u.name, json_extract(j.body, '$.image.handler')),"           \
    "  json_extract(j.body, '$.image.opened_on'), json_extract(j.body, '$.image.due'),"                            \
    "  json_extract(j.body, '$.image.state'), json_extract(j.body, '$.image.standing'),"                           \
    "  (SELECT substr(json_extract(c.body, '$.at'), 1, 10) FROM journal c"                                         \
    "    WHERE c.entry = json_extract(j.body, '$.image.closed_entry')), f.\"check\""                               \
    " FROM issue i JOIN journal j ON j.entry = (SELECT max(n.entry) FROM journal n WHERE n.of_table = 'issue'"     \
    "    AND n.of_key = CAST(i.issue AS TEXT) AND n.entry <= ?1)"                                                  \
    " LEFT JOIN user u ON u.user = json_extract(j.body, '$.image.handler')"                                        \
    " LEFT JOIN finding_now f ON f.finding = (SELECT min(x.finding) FROM issue_finding x WHERE x.issue = i.issue)"     \
    " ORDER BY 2, 1"

enum { ISSUE, LEDGER, LEVEL, UNIT, HANDLER, OPENED, DUE, STATE, STANDING, CLOSED, CHECK };

static tz_table *new_ledger(tz_building *of, const char *name)
{
    static const struct { const char *title; tz_column_type type; int weight; } COLUMNS[] = {
        {"编号|no.", TZ_COLUMN_INT, 1},           {"级别|level", TZ_COLUMN_LEVEL, 1},
        {"问题内容(姓名已遮蔽)|problem (names masked)", TZ_COLUMN_TEXT, 12}, {"整改依据|basis", TZ_COLUMN_TEXT, 8},
        {"责任单位|unit", TZ_COLUMN_TEXT, 3},     {"责任人|handler", TZ_COLUMN_TEXT, 2},
        {"立账日期|opened", TZ_COLUMN_DATE, 2},   {"整改时限|due", TZ_COLUMN_DATE, 2},
        {"整改情况|state", TZ_COLUMN_TEXT, 3},    {"销号日期|closed", TZ_COLUMN_DATE, 2},
        {"备注|remarks", TZ_COLUMN_TEXT, 3}};
    const tz_ledger *ledger = tz_packs_ledger(of->packs, name);
    const char      *title = tz_doc_half(of->doc, ledger == NULL ? "问题台账|The ledger" : ledger->title);
    tz_table        *table = tz_table_new(of->mem, tz_arena_printf(of->mem, "ledger-%s", name), title);

    table->is_ledger = true;
    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++)
        tz_build_column(of, table, COLUMNS[i].title, COLUMNS[i].type, COLUMNS[i].weight);
    tz_push(of->mem, &of->doc->ledgers, table);
    return table;
}

static const char *standing_words(tz_building *of, const char *standing)
{
    static const struct { const char *standing, *words; } WORDS[] = {
        {"returned", "退回|returned"}, {"suspended", "暂缓|suspended"}, {"extended", "延期|extended"}, {"objected", "异议|objected"}};

    for (size_t i = 0; standing != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].standing, standing) == 0)
            return tz_doc_half(of->doc, WORDS[i].words);
    return "";
}

/* Sentences by number, as the list of issues masks them. */
typedef struct {
    const char **items;
    int64_t      count;
} titles;

static titles titles_of(tz_arena *mem, const json_t *issues)
{
    titles  made = {0};
    size_t  i;
    json_t *issue;

    json_array_foreach(issues, i, issue)
        made.count = tz_json_int(issue, "issue", 0) >= made.count ? tz_json_int(issue, "issue", 0) + 1 : made.count;
    made.items = tz_new_array(mem, const char *, (size_t)made.count);
    json_array_foreach(issues, i, issue)
        made.items[tz_json_int(issue, "issue", 0)] = tz_arena_dup(mem, tz_json_str(issue, "title"));
    return made;
}

static void put_issue(tz_building *of, tz_table *table, tz_sql *sql, const titles *said)
{
    int64_t         number = tz_sql_int(sql, ISSUE);
    const tz_check *check = tz_sql_str(sql, CHECK) == NULL ? NULL : tz_packs_check(of->packs, tz_sql_str(sql, CHECK));

    (void)tz_table_put_int(of->mem, table, number);
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, LEVEL));
    (void)tz_table_put(of->mem, table, number < said->count ? said->items[number] : "");
    (void)tz_table_put(of->mem, table, check == NULL ? "" : tz_doc_half(of->doc, check->basis));
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, UNIT));
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, HANDLER));
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, OPENED));
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, DUE));
    (void)tz_table_put(of->mem, table, tz_state_words(of, tz_sql_str(sql, STATE)));
    (void)tz_table_put(of->mem, table, tz_sql_dup(of->mem, sql, CLOSED));
    (void)tz_table_put(of->mem, table, standing_words(of, tz_sql_str(sql, STANDING)));
}

tz_rc tz_content_ledgers(tz_building *of, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_sql         *sql = NULL;
    bool            has_row = true;
    tz_table       *table = NULL;
    json_t         *issues = NULL;
    titles          said = {0};
    tz_issue_filter filter = {.today = of->day.as_of, .is_masked = true, .lang = of->lang};

    TZ_TRY(tz_issue_list(of->mem, of->store, of->packs, &filter, &issues, err));
    said = titles_of(of->mem, issues);
    TZ_TRY(tz_sql_open(of->store, SELECT_IMAGES, &sql, err));
    tz_sql_bind_int(sql, 1, of->day.at);
    for (const char *name = NULL;;) {
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        if (name == NULL || strcmp(name, tz_sql_str(sql, LEDGER)) != 0) {
            name = tz_sql_dup(of->mem, sql, LEDGER);
            table = new_ledger(of, name);
        }
        put_issue(of, table, sql, &said);
    }
done:
    tz_sql_close(sql);
    json_decref(issues);
    return rc;
}
