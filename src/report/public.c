#include "report/public.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "packs/mask.h"
#include "report/disclosure.h"
#include "report/document.h"
#include "report/html.h"
#include "report/mustache.h"
#include "report/place.h"
#include "report/report.h"
#include "report/section.h"
#include "report/typography.h"
#include "store/duck.h"
#include "store/journal.h"

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    const tz_publishing *of;
    tz_lang   lang;
    json_t   *row;  /* the record: as in the table `publication` */
    json_t   *view; /* what its template sees */
    tz_table *table;
} publishing;

static const tz_publishing *find_declared(const tz_packs *packs, const char *name)
{
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].publications.count; j++)
            if (strcmp(packs->packs.items[i].publications.items[j].name, name) == 0)
                return &packs->packs.items[i].publications.items[j];
    return NULL;
}

static const char *half(const publishing *at, const char *both)
{
    size_t      len = 0;
    const char *text = tz_half(both, at->lang, &len);
    return tz_arena_copy(at->mem, text, len);
}

static const char *iso(tz_arena *mem, int32_t ymd)
{
    char *text = tz_arena_alloc(mem, TZ_DATE_TEXT);
    tz_date_format(ymd, text);
    return text;
}

static const char *day_words(const publishing *at, const char *day)
{
    int32_t ymd = 0;

    if (day == NULL || at->lang == TZ_EN || !tz_date_parse_iso(tz_text_of(day), &ymd))
        return day;
    return tz_arena_printf(at->mem, "%d年%d月%d日", ymd / 10000, ymd / 100 % 100, ymd % 100);
}

/* The day of the record. */
static tz_day day_of(const json_t *row)
{
    tz_day day = {.at = tz_json_int(row, "at_entry", 0)};
    tz_assert(tz_date_parse_iso(tz_text_of(tz_json_str(row, "as_of")), &day.as_of));
    return day;
}

/* ---- A list ---- */

/* The only statement that is ever made for a list: declared columns of one register, and conditions on it. */
static const char *list_sql(const publishing *at)
{
    tz_buf      sql = tz_buf_init(at->mem, 0);
    const char *period = tz_json_str(at->row, "period");
    const tz_register *reg = tz_packs_register(at->packs, at->of->register_name);

    tz_buf_puts(&sql, "SELECT ");
    for (size_t i = 0; i < at->of->fields.count; i++) {
        const tz_column *column = &reg->columns.items[tz_register_column(reg, at->of->fields.items[i])];
        const char      *format = column->type == TZ_TYPE_DIVISION ? "%sCAST(r.%s_name AS VARCHAR) AS c%zu" : "%sCAST(r.%s AS VARCHAR) AS c%zu";
        tz_buf_printf(&sql, format, i == 0 ? "" : ", ", column->name, i); /* NOLINT: both formats take the same */
    }
    tz_buf_printf(&sql, " FROM %s r WHERE true", reg->name);
    if (period[0] != '\0') {
        tz_buf_puts(&sql, " AND r._period = ");
        tz_sql_literal(&sql, tz_text_of(period));
    }
    for (size_t i = 0; i < at->of->where_count; i++) {
        tz_buf_printf(&sql, " AND CAST(r.%s AS VARCHAR) = ", at->of->where[i].column);
        tz_sql_literal(&sql, tz_text_of(at->of->where[i].value));
    }
    tz_buf_puts(&sql, " ORDER BY ");
    for (size_t i = 0; i < at->of->fields.count; i++)
        tz_buf_printf(&sql, "%s%zu", i == 0 ? "" : ", ", i + 1);
    return tz_buf_str(&sql);
}

static const char *shown_value(const publishing *at, const tz_register *reg, size_t field, const char *value)
{
    int  index = tz_register_column(reg, at->of->fields.items[field]);
    bool is_name = false;

    for (size_t i = 0; i < reg->identities.count; i++)
        is_name |= reg->identities.items[i].name == index;
    return value != NULL && is_name && at->of->is_masked ? tz_mask_name(at->mem, value) : value;
}

static void add_list_row(publishing *at, const tz_register *reg, const json_t *cells, json_t *rows)
{
    json_t *line = json_object();

    for (size_t i = 0; i < at->of->fields.count; i++) {
        const char *value = shown_value(at, reg, i, json_string_value(json_array_get(cells, i)));
        value = value == NULL ? NULL : tz_arena_dup(at->mem, value);
        (void)tz_table_put(at->mem, at->table, value);
        tz_json_set_str(line, at->of->fields.items[i], value);
    }
    (void)json_array_append_new(rows, line);
}

static tz_rc load_list(publishing *at, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_query          *query = NULL;
    tz_result          result = {0};
    const tz_register *reg = tz_packs_register(at->packs, at->of->register_name);
    json_t            *rows = json_array();

    for (size_t i = 0; i < at->of->fields.count; i++) {
        const tz_column *column = &reg->columns.items[tz_register_column(reg, at->of->fields.items[i])];
        tz_table_column_add(at->mem, at->table, half(at, column->title), TZ_COLUMN_TEXT, 2);
    }
    TZ_TRY(tz_query_open(at->mem, at->store, at->packs, day_of(at->row), &query, err));
    TZ_TRY(tz_query_run(at->mem, query, at->of->pack, list_sql(at), at->of->file, at->of->line, NULL, &result, err));
    for (size_t i = 0; i < result.rows.count; i++)
        add_list_row(at, reg, result.rows.items[i], rows);
    tz_json_set_int(at->row, "rows", (int64_t)result.rows.count);
    (void)json_object_set(at->view, "rows", rows);
done:
    json_decref(rows);
    tz_result_free(&result);
    tz_query_close(query);
    return rc;
}

/* ---- Statistics ---- */

/* What the publication before showed: [[code, number or null, is held], …], or NULL. The caller owns it. */
static tz_rc load_last(publishing *at, json_t **ret_shown, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    *ret_shown = NULL;
    TZ_TRY(tz_sql_open(at->store, "SELECT shown FROM publication WHERE name = ?1 ORDER BY publication DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, at->of->name);
    TZ_TRY(tz_sql_step(at->store, sql, &has_row, err));
    if (has_row)
        TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 0)), ret_shown, err));
done:
    tz_sql_close(sql);
    return rc;
}

static void set_last(tz_public_cell *cell, const json_t *last, const char *code)
{
    size_t  i;
    json_t *pair;

    json_array_foreach((json_t *)last, i, pair)
        if (strcmp(json_string_value(json_array_get(pair, 0)), code) == 0 && json_is_integer(json_array_get(pair, 1))) {
            cell->has_last = true;
            cell->last = json_integer_value(json_array_get(pair, 1));
        }
}

/* From the county's secret: who knows the rules can't tell which part goes along with a hidden one. */
static uint64_t rank_of(const publishing *at, const char *code)
{
    char key[TZ_KEY_TEXT];

    tz_store_key(at->store, tz_arena_printf(at->mem, "publication:%s", at->of->name), tz_text_of(code), key);
    key[16] = '\0';
    return strtoull(key, NULL, 16);
}

/* The number as printed: its own, the one before, or none. */
static json_t *printed(const tz_public_cell *cell)
{
    return cell->fate == TZ_CELL_HIDDEN ? json_null() : json_integer(cell->fate == TZ_CELL_HELD ? cell->last : cell->value);
}

static void add_shown(json_t *shown, const char *code, const tz_public_cell *cell)
{
    (void)json_array_append_new(shown, json_pack("[s, o, b]", code, printed(cell), cell->fate == TZ_CELL_HELD));
}

/* A line of the table, and of the template's data. */
static void put_part(publishing *at, json_t *parts, const char *name, const json_t *number, bool is_held)
{
    const char *text = json_is_null(number) ? "—" : tz_arena_printf(at->mem, is_held ? "%lld*" : "%lld", (long long)json_integer_value(number));
    json_t     *line = json_object();

    (void)tz_table_put(at->mem, at->table, tz_arena_dup(at->mem, name));
    (void)tz_table_put(at->mem, at->table, text);
    tz_json_set_str(line, "name", name);
    tz_json_set_str(line, "number", text);
    (void)json_array_append_new(parts, line);
}

static tz_rc guard_parts(publishing *at, json_t *places, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    size_t          count = json_array_size(places);
    tz_public_cell *parts = tz_new_array(at->mem, tz_public_cell, count + 1), total = {0};
    json_t         *last = NULL, *shown = json_array(), *lines = json_array();

    TZ_TRY(load_last(at, &last, err));
    for (size_t i = 0; i < count; i++) {
        const json_t *place = json_array_get(places, i);
        const char   *code = tz_json_str(place, "division");
        code = code == NULL ? "" : code;
        if (!tz_text_int(tz_text_of(tz_json_str(place, "value")), &parts[i].value)) {
            rc = tz_fail(err, TZ_INPUT, "指标 “%s” 不是整数", "figure '%s' is no whole number", at->of->figure);
            goto done;
        }
        total.value += parts[i].value;
        parts[i].rank = rank_of(at, code);
        set_last(&parts[i], last, code);
    }
    set_last(&total, last, "total");
    tz_disclosure_guard(parts, count, &total);
    for (size_t i = 0; i < count; i++) {
        const json_t *place = json_array_get(places, i);
        const char   *code = tz_json_str(place, "division");
        add_shown(shown, code == NULL ? "" : code, &parts[i]);
        put_part(at, lines, tz_json_str(place, "name"), json_array_get(json_array_get(shown, i), 1), parts[i].fate == TZ_CELL_HELD);
    }
    add_shown(shown, "total", &total);
    put_part(at, lines, half(at, "合计|total"), json_array_get(json_array_get(shown, count), 1), total.fate == TZ_CELL_HELD);
    (void)json_object_set(at->row, "shown_parts", shown);
    (void)json_object_set(at->view, "parts", lines);
    tz_json_set_int(at->row, "rows", (int64_t)count);
done:
    json_decref(last);
    json_decref(shown);
    json_decref(lines);
    return rc;
}

static void statistics_columns(publishing *at)
{
    tz_table_column_add(at->mem, at->table, half(at, "乡镇|township"), TZ_COLUMN_TEXT, 3);
    tz_table_column_add(at->mem, at->table, half(at, tz_packs_figure(at->packs, at->of->figure)->title), TZ_COLUMN_TEXT, 2);
}

static tz_rc load_statistics(publishing *at, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *places = NULL;

    statistics_columns(at);
    TZ_TRY(tz_figure_places(at->mem, at->store, at->packs, day_of(at->row), TZ_DIVISION_TOWNSHIP, at->lang, at->of->figure, &places, err));
    TZ_TRY(guard_parts(at, places, err));
done:
    json_decref(places);
    return rc;
}

/* A publication of before, from its record: what it showed then, not what the rows say now. */
static tz_rc reload_statistics(publishing *at, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *shown = NULL, *pair, *lines = json_array();
    size_t  i;

    statistics_columns(at);
    TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(at->row, "shown")), &shown, err));
    json_array_foreach(shown, i, pair) {
        const char        *code = json_string_value(json_array_get(pair, 0));
        const tz_division *division = tz_county_division(at->store->county, tz_text_of(code));
        const char        *name = strcmp(code, "total") == 0 ? half(at, "合计|total")
                                  : division != NULL         ? division->name
                                                             : half(at, "(未注明)|(not said)");
        put_part(at, lines, name, json_array_get(pair, 1), json_is_true(json_array_get(pair, 2)));
    }
    (void)json_object_set(at->view, "parts", lines);
done:
    json_decref(shown);
    json_decref(lines);
    return rc;
}

/* ---- The document ---- */

/* 2019-1 of a register by terms is 2019年春季学期. */
static const char *period_words(const publishing *at)
{
    const char        *period = tz_json_str(at->row, "period");
    const tz_register *reg = at->of->is_list ? tz_packs_register(at->packs, at->of->register_name) : NULL;
    int                year = atoi(period), part = strlen(period) > 5 && period[4] == '-' ? atoi(period + 5) : 0;

    if (reg == NULL || period[0] == '\0' || at->lang == TZ_EN)
        return period;
    if (reg->period == TZ_PERIOD_TERM)
        return tz_arena_printf(at->mem, "%d年%s季学期", year, part == 1 ? "春" : "秋");
    if (reg->period == TZ_PERIOD_MONTH)
        return tz_arena_printf(at->mem, "%d年%d月", year, part);
    return reg->period == TZ_PERIOD_YEAR ? tz_arena_printf(at->mem, "%d年", year) : period;
}

static void put_view(publishing *at)
{
    const tz_pack *pack = at->of->pack;

    tz_json_set_str(at->view, "county", at->store->county->name);
    tz_json_set_str(at->view, "title", half(at, at->of->title));
    tz_json_set_str(at->view, "law", half(at, at->of->law));
    tz_json_set_str(at->view, "office", pack->departments.count > 0 ? pack->departments.items[0] : at->store->county->name);
    static const char *const DAYS[] = {"as_of", "starts", "ends"};
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++)
        tz_json_set_str(at->view, DAYS[i], day_words(at, tz_json_str(at->row, DAYS[i])));
    tz_json_set_str(at->view, "period", period_words(at));
}

static const char *standing_words(const publishing *at)
{
    const char *starts = tz_json_str(at->view, "starts"), *ends = tz_json_str(at->view, "ends");

    bool is_zh = at->lang == TZ_ZH;
    if (ends == NULL)
        return tz_arena_printf(at->mem, is_zh ? "%s公布,数据时点%s。" : "Published on %s, as of %s.", starts, tz_json_str(at->view, "as_of"));
    return tz_arena_printf(at->mem, is_zh ? "公示期:%s至%s,期满撤下。依据:%s。" : "It stands from %s to %s and then comes down. Basis: %s.",
                           starts, ends, tz_json_str(at->view, "law"));
}

static const char *remark(const publishing *at)
{
    if (at->of->is_list)
        return at->of->is_paper ? "只在相关场所张贴,不上网。|Posted where those concerned are, never online."
                                : "名单只列依法应当公示的栏目。|The list shows what the law asks for and no more.";
    return "“—”为不足 5 或为保护不足 5 的数而不列;带 * 的沿用上次公布的数,变动不足 5。|"
           "A dash stands for fewer than 5, or for what would give such a number away; * marks a number of the publication before, which moved by "
           "fewer than 5.";
}

static tz_rc make_document(publishing *at, tz_document **ret_doc, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_document       *doc = tz_document_new(at->mem, at->lang);
    tz_mustache_target target = {.escape = tz_escape_markdown};
    tz_buf             text = tz_buf_init(at->mem, 1 << 20);

    put_view(at);
    doc->title = tz_arena_dup(at->mem, tz_json_str(at->view, "title"));
    doc->county = at->store->county->name;
    doc->as_of = tz_arena_dup(at->mem, tz_json_str(at->row, "as_of"));
    doc->provenance = tz_arena_printf(at->mem, at->lang == TZ_ZH ? "第 %lld 号公开 · 数据时点 %s" : "publication %lld · as of %s",
                                      (long long)tz_json_int(at->row, "publication", 0), doc->as_of);
    (void)tz_doc_say(doc, TZ_BLOCK_TITLE, doc->title);
    (void)tz_doc_say(doc, TZ_BLOCK_NOTE, standing_words(at));
    if (at->of->text != NULL) {
        const char *both = half(at, at->of->text);
        TZ_TRY(tz_mustache(at->mem, at->of->file, tz_text_of(both), at->view, &target, &text, err));
        TZ_TRY(tz_section_add(doc, tz_buf_text(&text), at->of->file, NULL, err));
    }
    (void)tz_doc_put_table(doc, at->table);
    (void)tz_doc_say(doc, TZ_BLOCK_NOTE, half(at, remark(at)));
    (void)tz_doc_say(doc, TZ_BLOCK_SIGNATURE, tz_arena_dup(at->mem, tz_json_str(at->view, "office")));
    (void)tz_doc_say(doc, TZ_BLOCK_DATE, tz_arena_dup(at->mem, tz_json_str(at->view, "starts")));
    tz_typography(doc);
    *ret_doc = doc;
done:
    return rc;
}

static publishing begin(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_publishing *of, tz_lang lang, json_t *row)
{
    publishing at = {.mem = mem, .store = store, .packs = packs, .of = of, .lang = lang, .row = row, .view = json_object()};
    at.table = tz_table_new(mem, "published", "");
    at.table->shown = SIZE_MAX;
    return at;
}

/* ---- Publishing ---- */

static json_t *new_row(tz_store *store, tz_arena *mem, const tz_publishing *of, const tz_publish_options *options)
{
    json_t  *row = json_object();
    int32_t  ends = of->in_working_days ? tz_calendar_add(&store->county->calendar, options->starts, of->days)
                                        : tz_date_add(options->starts, of->days - 1);

    tz_json_set_str(row, "name", of->name);
    tz_json_set_str(row, "kind", of->is_list ? "list" : "statistics");
    tz_json_set_str(row, "medium", of->is_paper ? "paper" : "online");
    tz_json_set_str(row, "as_of", iso(mem, options->day.as_of));
    tz_json_set_int(row, "at_entry", options->day.at);
    tz_json_set_str(row, "period", options->period == NULL ? "" : options->period);
    tz_json_set_str(row, "starts", iso(mem, options->starts));
    tz_json_set_str(row, "ends", of->is_list ? iso(mem, ends) : NULL);
    tz_json_set_str(row, "taken", NULL);
    tz_json_set_str(row, "taken_why", NULL);
    tz_json_set_str(row, "by_user", store->user);
    return row;
}

static tz_rc refuse_medium(const tz_publishing *of, const char *path, tz_err *err)
{
    if (!of->is_paper || tz_text_ends(tz_text_of(path), TZ_TEXT(".pdf")) || tz_text_ends(tz_text_of(path), TZ_TEXT(".docx")))
        return TZ_OK;
    (void)tz_fail(err, TZ_USAGE, "“%s” 只能张贴,不能上网", "'%s' is posted on paper, never online", of->name);
    return tz_err_advise(err, "写成 .pdf 或 .docx 打印", "write it as .pdf or .docx and print it");
}

/* shown_parts becomes the column `shown`: JSON as text. */
static void settle_shown(publishing *at)
{
    json_t *parts = json_object_get(at->row, "shown_parts");
    char   *text = parts == NULL ? NULL : json_dumps(parts, JSON_COMPACT);

    tz_json_set_str(at->row, "shown", text == NULL ? "[]" : text);
    (void)json_object_del(at->row, "shown_parts");
    free(text);
}

tz_rc tz_publish(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *name, const tz_publish_options *options,
                 const char *path, json_t **ret_row, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && store->user != NULL && packs != NULL && options != NULL && path != NULL && ret_row != NULL);
    tz_rc                rc = TZ_OK;
    const tz_publishing *of = find_declared(packs, name);
    publishing           at = {0};
    tz_document         *doc = NULL;
    int64_t              number = 0;
    bool                 is_begun = false;

    if (of == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有规则包声明公开事项 “%s”", "no pack declares a publication '%s'", name);
        goto done;
    }
    TZ_TRY(refuse_medium(of, path, err));
    at = begin(mem, store, packs, of, options->lang, new_row(store, mem, of, options));
    TZ_TRY(of->is_list ? load_list(&at, err) : load_statistics(&at, err));
    if (tz_json_int(at.row, "rows", 0) == 0) {
        rc = tz_fail(err, TZ_MISSING, "“%s” 没有可公开的行", "'%s' has no rows", name);
        goto done;
    }
    settle_shown(&at);
    TZ_TRY(tz_store_begin(store, err));
    is_begun = true;
    TZ_TRY(tz_journal_next_id(store, "publication", "publication", &number, err));
    tz_json_set_int(at.row, "publication", number);
    TZ_TRY(make_document(&at, &doc, err));
    TZ_TRY(tz_document_write(mem, doc, path, err));
    TZ_TRY(tz_journal_put(store, "publish", "publication", at.row, NULL, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
    is_begun = false;
    *ret_row = json_incref(at.row);
done:
    if (is_begun)
        tz_store_rollback(store);
    json_decref(at.row);
    json_decref(at.view);
    return rc;
}

/* ---- What stands ---- */

/* Every record as an object of the table's columns, by number. */
static tz_rc load_rows(tz_store *store, json_t *rows, tz_err *err)
{
    static const char *const COLUMNS[] = {"publication", "name", "kind", "medium", "as_of", "at_entry", "period", "starts",
                                          "ends", "taken", "taken_why", "rows", "shown", "by_user"};
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT publication, name, kind, medium, as_of, at_entry, period, starts, ends, taken, taken_why, rows, shown,"
                              " by_user FROM publication ORDER BY publication", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        json_t *row = json_object();
        for (int i = 0; i < (int)(sizeof COLUMNS / sizeof COLUMNS[0]); i++)
            if (i == 0 || i == 5 || i == 11)
                tz_json_set_int(row, COLUMNS[i], tz_sql_int(sql, i));
            else
                tz_json_set_str(row, COLUMNS[i], tz_sql_str(sql, i));
        (void)json_array_append_new(rows, row);
    }
done:
    tz_sql_close(sql);
    return rc;
}

static const char *state_of(const json_t *row, const char *today)
{
    const char *ends = tz_json_str(row, "ends"), *taken = tz_json_str(row, "taken");

    if (taken != NULL && strcmp(taken, today) <= 0)
        return "taken";
    if (strcmp(tz_json_str(row, "starts"), today) > 0)
        return "coming";
    return ends != NULL && strcmp(ends, today) < 0 ? "over" : "standing";
}

static bool is_report(const json_t *row)
{
    return strcmp(tz_json_str(row, "name"), "report") == 0;
}

/* True for a report in whose place a later one stands. */
static bool is_replaced(const json_t *rows, size_t index, const char *today)
{
    bool is_found = false;

    for (size_t i = index + 1; i < json_array_size(rows) && is_report(json_array_get(rows, index)); i++)
        is_found |= is_report(json_array_get(rows, i)) && strcmp(state_of(json_array_get(rows, i), today), "standing") == 0;
    return is_found;
}

tz_rc tz_publications(tz_arena *mem, tz_store *store, const tz_packs *packs, int32_t today, tz_lang lang, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array(), *row;
    size_t  i;

    TZ_TRY(load_rows(store, rows, err));
    json_array_foreach(rows, i, row) {
        const tz_publishing *of = find_declared(packs, tz_json_str(row, "name"));
        size_t               len = 0;
        const char          *both = of != NULL ? of->title : is_report(row) ? "台账报告|Report" : NULL;
        const char          *title = both == NULL ? NULL : tz_half(both, lang, &len);
        tz_json_set_str(row, "title", title == NULL ? NULL : tz_arena_copy(mem, title, len));
        const char *state = state_of(row, iso(mem, today));
        tz_json_set_str(row, "state", strcmp(state, "standing") == 0 && is_replaced(rows, i, iso(mem, today)) ? "over" : state);
        (void)json_object_del(row, "shown");
    }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_publication_take(tz_arena *mem, tz_store *store, int64_t publication, int32_t today, const char *why, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && store->user != NULL && why != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array(), *row, *found = NULL;
    size_t  i;
    bool    is_begun = false;

    TZ_TRY(load_rows(store, rows, err));
    json_array_foreach(rows, i, row)
        if (tz_json_int(row, "publication", 0) == publication)
            found = row;
    if (found == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有第 %lld 号公开", "there is no publication %lld", (long long)publication);
        goto done;
    }
    const char *state = state_of(found, iso(mem, today));
    if (strcmp(state, "standing") != 0 && strcmp(state, "coming") != 0) {
        rc = tz_fail(err, TZ_REFUSED, "第 %lld 号公开已经撤下", "publication %lld does not stand any more", (long long)publication);
        goto done;
    }
    tz_json_set_str(found, "taken", iso(mem, today));
    tz_json_set_str(found, "taken_why", why);
    TZ_TRY(tz_store_begin(store, err));
    is_begun = true;
    TZ_TRY(tz_journal_put(store, "publication.take", "publication", found, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
    is_begun = false;
done:
    if (is_begun)
        tz_store_rollback(store);
    json_decref(rows);
    return rc;
}

/* ---- As parts of another page ---- */

static tz_rc make_part(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t *row, tz_lang lang, const char **ret_part, tz_err *err)
{
    static const tz_html_links NOWHERE = {"#", ""};
    tz_rc                rc = TZ_OK;
    const tz_publishing *of = find_declared(packs, tz_json_str(row, "name"));
    publishing           at = {0};
    tz_document         *doc = NULL;
    tz_text              part = {0};

    *ret_part = NULL;
    if (of == NULL || of->is_paper || of->is_list != (strcmp(tz_json_str(row, "kind"), "list") == 0))
        return TZ_OK; /* as for the site: it does not stand */
    at = begin(mem, store, packs, of, lang, json_incref(row));
    TZ_TRY(of->is_list ? load_list(&at, err) : reload_statistics(&at, err));
    TZ_TRY(make_document(&at, &doc, err));
    TZ_TRY(tz_html_part(mem, doc, &NOWHERE, &part, err));
    tz_json_set_str(row, "title", doc->title);
    *ret_part = tz_text_dup(mem, part);
done:
    json_decref(at.row);
    json_decref(at.view);
    return rc;
}

tz_rc tz_public_parts(tz_arena *mem, tz_store *store, const tz_packs *packs, int32_t today, tz_lang lang, json_t **ret_rows, tz_err *err)
{
    static const char *const COPIED[] = {"publication", "name", "title", "kind", "starts", "ends"};
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array(), *standing = json_array(), *row;
    size_t  i;

    TZ_TRY(load_rows(store, rows, err));
    json_array_foreach(rows, i, row) {
        const char *part = NULL;
        if (strcmp(state_of(row, iso(mem, today)), "standing") != 0 || strcmp(tz_json_str(row, "medium"), "online") != 0)
            continue;
        TZ_TRY(make_part(mem, store, packs, row, lang, &part, err));
        if (part == NULL)
            continue;
        json_t *one = json_object();
        for (size_t j = 0; j < sizeof COPIED / sizeof COPIED[0]; j++)
            (void)json_object_set(one, COPIED[j], json_object_get(row, COPIED[j]));
        tz_json_set_str(one, "part", part);
        (void)json_array_append_new(standing, one);
    }
    *ret_rows = json_incref(standing);
done:
    json_decref(rows);
    json_decref(standing);
    return rc;
}

/* ---- The site ---- */

static const char *page_name(tz_arena *mem, int64_t publication)
{
    return tz_arena_printf(mem, "publication-%lld.html", (long long)publication);
}

/* The page of one record, made again as it was published. */
static tz_rc write_page(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t *row, const char *folder, tz_lang lang, bool *ret_is_written,
                        tz_err *err)
{
    tz_rc                rc = TZ_OK;
    const tz_publishing *of = find_declared(packs, tz_json_str(row, "name"));
    publishing           at = {0};
    tz_document         *doc = NULL;

    *ret_is_written = false;
    if (of == NULL || of->is_paper || of->is_list != (strcmp(tz_json_str(row, "kind"), "list") == 0))
        return TZ_OK; /* no pack declares it any more, or not for a site: it does not stand */
    at = begin(mem, store, packs, of, lang, json_incref(row));
    TZ_TRY(of->is_list ? load_list(&at, err) : reload_statistics(&at, err));
    TZ_TRY(make_document(&at, &doc, err));
    TZ_TRY(tz_document_write(mem, doc, tz_arena_printf(mem, "%s/%s", folder, page_name(mem, tz_json_int(row, "publication", 0))), err));
    *ret_is_written = true;
done:
    json_decref(at.row);
    json_decref(at.view);
    return rc;
}

/* Removes pages of publications that are not among those that stand. */
static tz_rc sweep(tz_arena *mem, const char *folder, const json_t *standing, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names = {0};
    size_t   j;
    json_t  *row;

    TZ_TRY(tz_file_list(mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        bool stands = false;
        json_array_foreach((json_t *)standing, j, row)
            stands |= strcmp(names.items[i], page_name(mem, tz_json_int(row, "publication", 0))) == 0;
        tz_text name = tz_text_of(names.items[i]);
        if (!stands && tz_text_starts(name, TZ_TEXT("publication-")) && tz_text_ends(name, TZ_TEXT(".html")))
            (void)remove(tz_arena_printf(mem, "%s/%s", folder, names.items[i]));
    }
done:
    return rc;
}

static tz_rc write_index(tz_arena *mem, const tz_store *store, const tz_packs *packs, const json_t *standing, const char *folder, int32_t today,
                         tz_lang lang, tz_err *err)
{
    tz_document *doc = tz_document_new(mem, lang);
    size_t       i;
    json_t      *row;

    doc->title = tz_arena_printf(mem, lang == TZ_ZH ? "%s公开" : "%s: publications", store->county->name);
    doc->county = store->county->name;
    doc->as_of = iso(mem, today);
    doc->provenance = doc->as_of;
    (void)tz_doc_say(doc, TZ_BLOCK_TITLE, doc->title);
    json_array_foreach((json_t *)standing, i, row) {
        const tz_publishing *of = find_declared(packs, tz_json_str(row, "name"));
        const char          *ends = tz_json_str(row, "ends");
        tz_block            *item = tz_doc_add(doc, TZ_BLOCK_ITEM);
        item->level = 1;
        tz_run *run = tz_doc_run(doc, item, tz_doc_half(doc, of->title));
        run->href = page_name(mem, tz_json_int(row, "publication", 0));
        (void)tz_doc_run(doc, item, tz_arena_printf(mem, " %s%s%s", tz_json_str(row, "starts"), ends == NULL ? "" : lang == TZ_ZH ? " 至 " : " to ",
                                                    ends == NULL ? "" : ends));
    }
    return tz_document_write(mem, doc, tz_arena_printf(mem, "%s/index.html", folder), err);
}

tz_rc tz_public_site(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *folder, int32_t today, tz_lang lang,
                     json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && folder != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array(), *standing = json_array(), *row;
    size_t  i;
    bool    is_written = false;

    TZ_TRY(tz_file_make_folder(folder, err));
    TZ_TRY(load_rows(store, rows, err));
    json_array_foreach(rows, i, row) {
        if (strcmp(state_of(row, iso(mem, today)), "standing") != 0 || strcmp(tz_json_str(row, "medium"), "online") != 0)
            continue;
        TZ_TRY(write_page(mem, store, packs, row, folder, lang, &is_written, err));
        if (is_written)
            (void)json_array_append(standing, row);
    }
    TZ_TRY(sweep(mem, folder, standing, err));
    TZ_TRY(write_index(mem, store, packs, standing, folder, today, lang, err));
    *ret_rows = json_incref(standing);
done:
    json_decref(rows);
    json_decref(standing);
    return rc;
}
