#include "report/report.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "checks/check.h"
#include "packs/mask.h"
#include "report/figure.h"
#include "report/html.h"

enum { SHOWN_ROWS = 200, SHOWN_FINDINGS = 200 };

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    tz_day    day;
    tz_lang   lang;
    tz_figure_values figures;
    json_t   *checks;   /* the newest result of each */
    json_t   *findings; /* open, masked */
    tz_buf    out;
} writing;

/* The half of "中文|English" in the report's language, escaped. */
static void put_half(writing *to, const char *both)
{
    size_t      len = 0;
    const char *half = tz_half(both, to->lang, &len);
    tz_html_text(&to->out, (tz_text){half, len});
}

static void put(writing *to, const char *html)
{
    tz_buf_puts(&to->out, html);
}

static void cell(writing *to, const char *text)
{
    put(to, "<td>");
    tz_html_str(&to->out, text);
    put(to, "</td>");
}

static void number_cell(writing *to, int64_t number)
{
    tz_buf_printf(&to->out, "<td class=n>%lld</td>", (long long)number);
}

static void headings(writing *to, const char *const *titles)
{
    put(to, "<div class=wide><table><thead><tr>");
    for (; *titles != NULL; titles++) {
        bool is_number = (*titles)[0] == '#';
        put(to, is_number ? "<th scope=col class=n>" : "<th scope=col>");
        put_half(to, *titles + is_number);
        put(to, "</th>");
    }
    put(to, "</tr></thead><tbody>");
}

static void end_table(writing *to)
{
    put(to, "</tbody></table></div>");
}

/* ---- What packs say ---- */

/* An id for a figure: its name, which has letters, digits, '.', '_' and '-' alone. */
static bool is_plain_name(tz_text name)
{
    for (size_t i = 0; i < name.size; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", name.data[i]) == NULL)
            return false;
    return name.size > 0 && name.size < 80;
}

/* A sentence writes its unit itself; a claim or a missing value stands as words. */
static const char *in_sentence(const tz_figure_value *value)
{
    return value->value == NULL || strcmp(value->kind, "universal") == 0 ? value->printed : value->value;
}

/* Replaces {{figure.name}} by a Markdown link to the figure; an unknown one stays and is marked. */
static tz_text bind_figures(writing *to, tz_text markdown)
{
    tz_buf out = tz_buf_init(to->mem, 0);

    for (size_t at = 0; at < markdown.size;) {
        size_t open = tz_text_find(markdown, TZ_TEXT("{{"), at);
        size_t close = open == SIZE_MAX ? SIZE_MAX : tz_text_find(markdown, TZ_TEXT("}}"), open);
        if (close == SIZE_MAX) {
            tz_buf_put(&out, tz_text_cut(markdown, at, markdown.size));
            break;
        }
        tz_buf_put(&out, tz_text_cut(markdown, at, open - at));
        tz_text name = tz_text_trim(tz_text_cut(markdown, open + 2, close - open - 2));
        const tz_figure_value *value = is_plain_name(name) ? tz_figure_value_of(&to->figures, tz_text_dup(to->mem, name)) : NULL;
        if (value == NULL)
            tz_buf_printf(&out, "**(?%.*s)**", TZ_FMT(is_plain_name(name) ? name : TZ_TEXT("?")));
        else
            tz_buf_printf(&out, "[%s](#figure-%.*s)", in_sentence(value), TZ_FMT(name));
        at = close + 2;
    }
    return tz_buf_text(&out);
}

/* The half of a section that is in the reader's language: report.md holds both, parted by a line
 * "<!-- en -->"; without one it serves both. */
static tz_text section_half(const char *markdown, tz_lang lang)
{
    tz_text text = tz_text_of(markdown);
    size_t  at = tz_text_find(text, TZ_TEXT("<!-- en -->"), 0);

    if (at == SIZE_MAX)
        return text;
    return lang == TZ_ZH ? tz_text_cut(text, 0, at) : tz_text_cut(text, at + strlen("<!-- en -->"), text.size);
}

static void put_sections(writing *to)
{
    for (size_t i = 0; i < to->packs->packs.count; i++) {
        const tz_pack *pack = &to->packs->packs.items[i];
        if (pack->report == NULL)
            continue;
        put(to, "<section>");
        tz_html_markdown(&to->out, bind_figures(to, section_half(pack->report, to->lang)));
        put(to, "</section>");
    }
}

/* ---- Deliveries ---- */

static tz_rc put_deliveries(writing *to, tz_err *err)
{
    static const char *const TITLES[] = {"名册|register", "#批次|batches", "单位|units", "#行|rows", "#待更正|to correct", "时点|as of", NULL};
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    put(to, "<section><h2 id=deliveries>");
    put_half(to, "入账情况|What was delivered");
    put(to, "</h2>");
    headings(to, TITLES);
    TZ_TRY(tz_sql_open(to->store, "SELECT register, count(*), count(DISTINCT sender), sum(accepted), sum(quarantined), max(as_of), min(sender)"
                                  " FROM batch WHERE accepted_entry <= ?1 AND (withdrawn_entry IS NULL OR withdrawn_entry > ?1)"
                                  " GROUP BY register ORDER BY min(batch)", &sql, err));
    tz_sql_bind_int(sql, 1, to->day.at);
    for (;;) {
        TZ_TRY(tz_sql_step(to->store, sql, &has_row, err));
        if (!has_row)
            break;
        const tz_register *reg = tz_packs_register(to->packs, tz_sql_str(sql, 0));
        put(to, "<tr><td>");
        put_half(to, reg == NULL ? tz_sql_str(sql, 0) : reg->title);
        put(to, "</td>");
        number_cell(to, tz_sql_int(sql, 1));
        int64_t units = tz_sql_int(sql, 2);
        cell(to, units == 1 ? tz_sql_str(sql, 6) : tz_arena_printf(to->mem, to->lang == TZ_ZH ? "%lld 个单位" : "%lld units", (long long)units));
        number_cell(to, tz_sql_int(sql, 3));
        number_cell(to, tz_sql_int(sql, 4));
        cell(to, tz_sql_str(sql, 5));
        put(to, "</tr>");
    }
    end_table(to);
    put(to, "</section>");
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Checks and findings ---- */

static void put_level(writing *to, const char *level)
{
    static const struct { const char *level, *mark, *words; } LEVELS[] = {
        {"red", "●", "红|red"}, {"orange", "▲", "橙|orange"}, {"yellow", "■", "黄|yellow"}};

    for (size_t i = 0; i < 3; i++)
        if (strcmp(LEVELS[i].level, level) == 0) {
            tz_buf_printf(&to->out, "<span class=\"level %s\">%s ", level, LEVELS[i].mark);
            put_half(to, LEVELS[i].words);
            put(to, "</span>");
        }
}

static const char *level_name(tz_level level)
{
    return level == TZ_RED ? "red" : level == TZ_ORANGE ? "orange" : "yellow";
}

static size_t count_open(const writing *to, const char *check)
{
    size_t  count = 0, i;
    json_t *finding;

    json_array_foreach(to->findings, i, finding)
        count += strcmp(tz_json_str(finding, "check"), check) == 0;
    return count;
}

/* The newest result of a check, or NULL when it never ran. */
static const json_t *result_of(const writing *to, const char *check)
{
    size_t  i;
    json_t *result;

    json_array_foreach(to->checks, i, result)
        if (strcmp(tz_json_str(result, "check"), check) == 0)
            return result;
    return NULL;
}

static void put_check(writing *to, const tz_check *check)
{
    const json_t *result = result_of(to, check->name);
    const char   *state = result == NULL ? "not evaluated" : tz_json_str(result, "state");
    bool          ran = strcmp(state, "ran") == 0;

    put(to, "<tr><td>");
    put_level(to, level_name(check->level));
    put(to, "</td><td>");
    put_half(to, check->title);
    put(to, "<br><span class=faint>");
    put_half(to, check->basis);
    put(to, "</span></td>");
    if (ran)
        tz_buf_printf(&to->out, "<td class=n>%zu</td><td class=n>%lld</td>", count_open(to, check->name),
                      (long long)tz_json_int(result, "looked_at", 0));
    else {
        put(to, "<td colspan=2>");
        put_half(to, strcmp(state, "failed") == 0 ? "运行失败|failed" : "未评估|not evaluated");
        const char *why = result == NULL ? NULL : tz_json_str(result, "why");
        if (why != NULL) {
            put(to, ": ");
            put_half(to, why);
        }
        put(to, "</td>");
    }
    put(to, "</tr>");
}

static void put_checks(writing *to)
{
    static const char *const TITLES[] = {"级别|level", "规则和依据|check and its basis", "#疑点|findings", "#查看行数|rows looked at", NULL};

    put(to, "<section><h2 id=checks>");
    put_half(to, "规则和疑点|Checks and findings");
    put(to, "</h2><p class=faint>");
    put_half(to, "疑点经核查属实后才是问题;每个零旁边写着看了多少行。|"
                 "A finding is a suspicion until somebody verified it; beside each zero stands how many rows were looked at.");
    put(to, "</p>");
    headings(to, TITLES);
    for (size_t i = 0; i < to->packs->packs.count; i++)
        for (size_t j = 0; j < to->packs->packs.items[i].checks.count; j++)
            put_check(to, &to->packs->packs.items[i].checks.items[j]);
    end_table(to);
    put(to, "</section>");
}

static void put_findings(writing *to)
{
    static const char *const TITLES[] = {"编号|no.", "级别|level", "内容(姓名已遮蔽)|what (names masked)", "起于|since", "问题|issue", NULL};
    size_t  i, total = json_array_size(to->findings);
    json_t *finding;

    if (total == 0)
        return;
    put(to, "<section><h2 id=findings>");
    put_half(to, "疑点清单|Findings");
    put(to, "</h2>");
    headings(to, TITLES);
    json_array_foreach(to->findings, i, finding) {
        if (i == SHOWN_FINDINGS)
            break;
        tz_buf_printf(&to->out, "<tr id=finding-%lld><td>F%lld</td><td>", (long long)tz_json_int(finding, "finding", 0),
                      (long long)tz_json_int(finding, "finding", 0));
        put_level(to, tz_json_str(finding, "level"));
        put(to, "</td>");
        cell(to, tz_json_str(finding, "message"));
        cell(to, tz_json_str(finding, "since"));
        int64_t issue = tz_json_int(finding, "issue", 0);
        cell(to, issue == 0 ? "" : tz_arena_printf(to->mem, "#%lld", (long long)issue));
        put(to, "</tr>");
    }
    end_table(to);
    if (total > SHOWN_FINDINGS) {
        put(to, "<p class=faint>");
        tz_buf_printf(&to->out,
                      to->lang == TZ_ZH
                          ? "共 %zu 条,此处列出前 %d 条;全部见 taizhang findings。"
                          : "%zu in all, the first %d stand here; taizhang findings gives the rest.",
                      total, SHOWN_FINDINGS);
        put(to, "</p>");
    }
    put(to, "</section>");
}

/* ---- The ledger ---- */

static tz_rc put_ledger(writing *to, tz_err *err)
{
    static const char *const TITLES[] = {"台账|ledger", "状态|state", "#问题|issues", NULL};
    static const struct { const char *state, *words; } STATES[] = {
        {"open", "待交办|open"}, {"assigned", "已交办|assigned"}, {"rectifying", "整改中|rectifying"}, {"submitted", "申请销号|submitted"},
        {"checked", "已核查|checked"}, {"published", "已公示|published"}, {"closed", "已销号|closed"},
        {"closed-pending-data", "待数据验证|closed, data pending"}, {"dismissed", "不成立|dismissed"}, {"transferred", "已移送|transferred"}};
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    put(to, "<section><h2 id=ledger>");
    put_half(to, "问题台账|The ledger");
    put(to, "</h2>");
    headings(to, TITLES);
    TZ_TRY(tz_sql_open(
        to->store,
        /* the state after the last step that the journal knew at the entry */
        "SELECT ledger, state, count(*) FROM (SELECT i.ledger, coalesce((SELECT s.state FROM issue_step s JOIN journal j"
        "    ON j.of_table = 'issue_step' AND j.of_key = CAST(s.step AS TEXT)"
        "    WHERE s.issue = i.issue AND j.entry <= ?1 ORDER BY s.step DESC LIMIT 1), 'open') AS state"
        "  FROM issue i WHERE i.opened_entry <= ?1) GROUP BY ledger, state ORDER BY ledger, state",
        &sql, err));
    tz_sql_bind_int(sql, 1, to->day.at);
    for (;;) {
        TZ_TRY(tz_sql_step(to->store, sql, &has_row, err));
        if (!has_row)
            break;
        const tz_ledger *ledger = tz_packs_ledger(to->packs, tz_sql_str(sql, 0));
        const char      *state = tz_sql_str(sql, 1), *words = state;
        for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
            if (strcmp(STATES[i].state, state) == 0)
                words = STATES[i].words;
        put(to, "<tr><td>");
        put_half(to, ledger == NULL ? "问题台账|default" : ledger->title);
        put(to, "</td><td>");
        put_half(to, words);
        put(to, "</td>");
        number_cell(to, tz_sql_int(sql, 2));
        put(to, "</tr>");
    }
    end_table(to);
    put(to, "</section>");
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Figures, opened ---- */

/* Public and internal columns as they are, personal ones masked: a short line of the row. */
static void put_row_values(writing *to, const tz_row_found *row)
{
    const tz_register *reg = tz_packs_register(to->packs, row->register_name);
    size_t             shown = 0;

    for (size_t i = 0; reg != NULL && i < reg->columns.count && shown < 5; i++) {
        const tz_column *column = &reg->columns.items[i];
        const char      *value = tz_json_str(row->values, column->name);
        if (column->type == TZ_TYPE_DIVISION && tz_json_str(row->values, tz_arena_printf(to->mem, "%s_name", column->name)) != NULL)
            value = tz_json_str(row->values, tz_arena_printf(to->mem, "%s_name", column->name));
        if (value == NULL || column->sensitivity == TZ_SECRET)
            continue;
        put(to, shown++ == 0 ? "" : " · ");
        tz_html_str(&to->out, tz_mask_column(to->mem, column, value));
    }
}

static tz_rc put_figure_rows(writing *to, const tz_figure_value *value, tz_err *err)
{
    static const char *const TITLES[] = {"名册|register", "文件|file", "表|sheet", "#行|row", "内容(已遮蔽)|what stands there (masked)", NULL};
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = NULL;
    size_t        count = value->row_count < SHOWN_ROWS ? value->row_count : SHOWN_ROWS;

    TZ_TRY(tz_rows_find(to->mem, to->store, to->packs, value->rows, count, &rows, err));
    headings(to, TITLES);
    for (size_t i = 0; i < count; i++) {
        put(to, "<tr>");
        cell(to, rows[i].register_name);
        cell(to, rows[i].file);
        cell(to, rows[i].sheet);
        number_cell(to, rows[i].row_no);
        put(to, "<td>");
        put_row_values(to, &rows[i]);
        put(to, "</td></tr>");
        json_decref(rows[i].values);
    }
    end_table(to);
    if (value->row_count > count) {
        put(to, "<p class=faint>");
        tz_buf_printf(&to->out,
                      to->lang == TZ_ZH
                          ? "共 %zu 行,此处为前 %zu 行;全部:taizhang figure %s --rows"
                          : "%zu rows in all, the first %zu stand here; all: taizhang figure %s --rows",
                      value->row_count, count, value->figure->name);
        put(to, "</p>");
    }
done:
    return rc;
}

static tz_rc put_figure(writing *to, const tz_figure_value *value, tz_err *err)
{
    const tz_figure *figure = value->figure;
    char             as_of[TZ_DATE_TEXT];
    tz_rc            rc = TZ_OK;

    tz_date_format(to->day.as_of, as_of);
    tz_buf_printf(&to->out, "<details id=\"figure-%s\"><summary>", figure->name);
    put_half(to, figure->title);
    put(to, " <span class=value>");
    tz_html_str(&to->out, value->printed);
    put(to, "</span></summary><p>");
    put_half(to, figure->definition);
    put(to, "</p><p class=faint>");
    tz_html_str(&to->out, figure->name);
    tz_buf_printf(&to->out,
                  to->lang == TZ_ZH ? " · 数据时点 %s · 查看 %lld 行" : " · as of %s · looked at %lld rows",
                  as_of, (long long)value->looked_at);
    put(to, "</p>");
    if (value->why_not != NULL) {
        put(to, "<p>");
        tz_html_str(&to->out, value->why_not);
        put(to, "</p>");
    }
    put(to, "<pre><code>");
    if (figure->sql != NULL)
        tz_html_str(&to->out, figure->sql);
    else
        tz_html_str(&to->out, tz_arena_printf(to->mem, "%s / %s", figure->numerator, figure->denominator));
    put(to, "</code></pre>");
    if (value->row_count > 0)
        rc = put_figure_rows(to, value, err);
    put(to, "</details>");
    return rc;
}

static tz_rc put_figures(writing *to, tz_err *err)
{
    tz_rc rc = TZ_OK;

    put(to, "<section><h2 id=figures>");
    put_half(to, "指标:每个数字的出处|Figures: where each number comes from");
    put(to, "</h2>");
    for (size_t i = 0; rc == TZ_OK && i < to->figures.count; i++)
        rc = put_figure(to, &to->figures.items[i], err);
    put(to, "</section>");
    return rc;
}

/* ---- The page ---- */

static void put_head(writing *to)
{
    const char *name = to->store->county->name;
    char        as_of[TZ_DATE_TEXT];

    tz_date_format(to->day.as_of, as_of);
    tz_buf_printf(
        &to->out,
        "<!doctype html><html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>",
        to->lang == TZ_ZH ? "zh-CN" : "en");
    tz_html_str(&to->out, name);
    put(to, to->lang == TZ_ZH ? " · 台账报告" : " · report of the ledger");
    put(to, "</title><style>");
    put(to, TZ_HTML_STYLE);
    put(to, "</style></head><body><main><h1>");
    tz_html_str(&to->out, name);
    put(to, to->lang == TZ_ZH ? " 台账报告" : ": report of the ledger");
    put(to, "</h1><p class=faint>");
    tz_buf_printf(
        &to->out,
        to->lang == TZ_ZH
            ? "数据时点 %s。带虚线的数字都能点开,看到定义、算法和每一行的出处。"
            : "As of %s. Every dotted number opens: its definition, its query, and the rows that it came from.",
        as_of);
    put(to, "</p>");
}

/* The last line names all that the bytes depend on. */
static void put_foot(writing *to)
{
    char as_of[TZ_DATE_TEXT], digest[TZ_SM3_HEX];

    tz_date_format(to->day.as_of, as_of);
    tz_digest_hex(&to->packs->digest, digest);
    put(to, "</main><footer>");
    tz_buf_printf(&to->out,
                  to->lang == TZ_ZH ? "数据时点 %s · 存证条目 %lld · 程序 %s · 规则包 %s"
                                    : "as of %s · journal entry %lld · program %s · packs %s",
                  as_of, (long long)to->day.at, TZ_VERSION, digest);
    put(to, "</footer></body></html>\n");
}

/* The newest result of each check as known at the day's entry. */
static tz_rc load_checks(writing *to, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    to->checks = json_array();
    TZ_TRY(tz_sql_open(to->store, "SELECT \"check\", state, why, looked_at FROM check_result r WHERE entry <= ?1 AND run ="
                                  " (SELECT max(run) FROM check_result n WHERE n.\"check\" = r.\"check\" AND n.entry <= ?1)", &sql, err));
    tz_sql_bind_int(sql, 1, to->day.at);
    for (;;) {
        TZ_TRY(tz_sql_step(to->store, sql, &has_row, err));
        if (!has_row)
            break;
        json_t *line = json_object();
        tz_json_set_str(line, "check", tz_sql_str(sql, 0));
        tz_json_set_str(line, "state", tz_sql_str(sql, 1));
        tz_json_set_str(line, "why", tz_sql_str(sql, 2));
        tz_json_set_int(line, "looked_at", tz_sql_int(sql, 3));
        (void)json_array_append_new(to->checks, line);
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc load(writing *to, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_finding_filter filter = {.state = "open", .at = to->day.at, .is_masked = true, .lang = to->lang};

    TZ_TRY(tz_figures_compute(to->mem, to->store, to->packs, to->day, to->lang, NULL, &to->figures, err));
    TZ_TRY(load_checks(to, err));
    TZ_TRY(tz_findings(to->mem, to->store, to->packs, &filter, &to->findings, err));
done:
    return rc;
}

tz_rc tz_report_write(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && path != NULL);
    tz_rc   rc = TZ_OK;
    writing to = {.mem = mem, .store = store, .packs = packs, .day = day, .lang = lang, .out = tz_buf_init(mem, 0)};

    if (!tz_text_ends(tz_text_of(path), TZ_TEXT(".html"))) {
        rc = tz_fail(err, TZ_USAGE, "目前只写 .html:%s", "only .html is written: %s", path);
        goto done;
    }
    TZ_TRY(load(&to, err));
    put_head(&to);
    put_sections(&to);
    put_checks(&to);
    put_findings(&to);
    TZ_TRY(put_ledger(&to, err));
    TZ_TRY(put_deliveries(&to, err));
    TZ_TRY(put_figures(&to, err));
    put_foot(&to);
    if (to.out.is_over) {
        rc = tz_fail(err, TZ_LIMIT, "报告过大", "the report is too large");
        goto done;
    }
    TZ_TRY(tz_file_write(path, tz_buf_text(&to.out), 0644, err));
done:
    json_decref(to.checks);
    json_decref(to.findings);
    return rc;
}
