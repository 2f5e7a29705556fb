#include "evidence/rows.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/half.h"
#include "packs/mask.h"
#include "store/duck.h"

enum { USUAL_LIMIT = 50 };

typedef struct {
    tz_arena             *mem;
    tz_store             *store;
    const tz_register    *reg;
    const tz_rows_wanted *wanted;
    const char           *source; /* SQL: _row, _quarantined, _problems and the columns */
    int64_t               limit;
    json_t               *page;
} paging;

/* ---- SQL ---- */

static bool is_personal(const tz_column *column)
{
    return column->sensitivity >= TZ_PERSONAL;
}

static bool is_number(const tz_column *column)
{
    return column->type == TZ_TYPE_INT || column->type == TZ_TYPE_DECIMAL || column->type == TZ_TYPE_MONEY || column->type == TZ_TYPE_PERCENT;
}

/* What is shown of a column: a number that is none as it was sent, a place by its name. */
static void put_shown(tz_buf *sql, tz_arena *mem, const tz_column *column)
{
    const char *beside = column->type == TZ_TYPE_ID ? "raw" : column->type == TZ_TYPE_DIVISION ? "name" : NULL;

    if (beside == NULL) {
        tz_buf_puts(sql, "CAST(");
        tz_sql_name(sql, column->name);
        tz_buf_puts(sql, " AS VARCHAR)");
        return;
    }
    tz_buf_puts(sql, "coalesce(");
    if (column->type == TZ_TYPE_ID) {
        tz_sql_name(sql, column->name);
        tz_buf_puts(sql, ", ");
    }
    tz_sql_name(sql, tz_arena_printf(mem, "%s_%s", column->name, beside));
    if (column->type == TZ_TYPE_DIVISION) {
        tz_buf_puts(sql, ", ");
        tz_sql_name(sql, column->name);
    }
    tz_buf_puts(sql, ")");
}

static void put_find(paging *of, tz_buf *sql)
{
    tz_buf whole = tz_buf_init(of->mem, 0), part = tz_buf_init(of->mem, 0), pattern = tz_buf_init(of->mem, 0);

    tz_buf_char(&pattern, '%');
    for (const char *c = of->wanted->find; *c != '\0'; c++) {
        if (*c == '%' || *c == '_' || *c == '\\')
            tz_buf_char(&pattern, '\\');
        tz_buf_char(&pattern, *c);
    }
    tz_buf_char(&pattern, '%');
    tz_sql_literal(&whole, tz_text_of(of->wanted->find));
    tz_sql_literal(&part, tz_buf_text(&pattern));
    tz_buf_puts(sql, " AND (false");
    for (size_t i = 0; i < of->reg->columns.count; i++) {
        const tz_column *column = &of->reg->columns.items[i];
        tz_buf_puts(sql, " OR ");
        put_shown(sql, of->mem, column);
        if (is_personal(column) && of->wanted->is_masked)
            tz_buf_printf(sql, " = %s", tz_buf_str(&whole));
        else
            tz_buf_printf(sql, " ILIKE %s ESCAPE '\\'", tz_buf_str(&part));
    }
    tz_buf_puts(sql, ")");
}

static void put_where(paging *of, tz_buf *sql)
{
    static const char *const WHICH[] = {[TZ_ROWS_ALL] = "true", [TZ_ROWS_TAKEN] = "NOT _quarantined", [TZ_ROWS_QUARANTINED] = "_quarantined"};

    tz_buf_printf(sql, " FROM (%s) WHERE %s", of->source, WHICH[of->wanted->which]);
    if (of->wanted->find != NULL)
        put_find(of, sql);
}

static tz_rc put_order(paging *of, tz_buf *sql, tz_err *err)
{
    const char *sort = of->wanted->sort;
    bool        is_down = sort != NULL && sort[0] == '-';

    tz_buf_puts(sql, " ORDER BY ");
    if (sort != NULL) {
        int column = tz_register_column(of->reg, sort + is_down);
        if (column < 0 || (is_personal(&of->reg->columns.items[column]) && of->wanted->is_masked))
            return tz_fail(err, TZ_USAGE, "不能按 “%s” 排序", "rows can't be sorted by '%s'", sort + is_down);
        tz_sql_name(sql, sort + is_down);
        tz_buf_puts(sql, is_down ? " DESC NULLS LAST, " : " NULLS LAST, ");
    }
    tz_buf_printf(sql, "_row LIMIT %lld OFFSET %lld", (long long)of->limit, (long long)of->wanted->offset);
    return TZ_OK;
}

static tz_rc page_sql(paging *of, const char **ret_sql, tz_err *err)
{
    tz_buf sql = tz_buf_init(of->mem, 0);

    tz_buf_puts(&sql, "SELECT _row, _quarantined, _problems");
    for (size_t i = 0; i < of->reg->columns.count; i++) {
        tz_buf_puts(&sql, ", ");
        put_shown(&sql, of->mem, &of->reg->columns.items[i]);
    }
    put_where(of, &sql);
    tz_rc rc = put_order(of, &sql, err);
    if (rc == TZ_OK)
        *ret_sql = tz_buf_str(&sql);
    return rc;
}

/* ---- As JSON ---- */

static const char *half_of(paging *of, const char *both)
{
    return tz_half_dup(of->mem, both, of->wanted->lang);
}

static const char *said(paging *of, const tz_column *column, const char *text)
{
    for (size_t i = 0; column->type == TZ_TYPE_CODE && i < column->codes.count; i++)
        if (strcmp(column->codes.items[i].code, text) == 0)
            return half_of(of, column->codes.items[i].title);
    if (column->type == TZ_TYPE_YESNO)
        return half_of(of, strcmp(text, "true") == 0 ? "是|yes" : "否|no");
    return text;
}

static const char *text_at(paging *of, duckdb_result *result, idx_t column, idx_t row)
{
    if (duckdb_value_is_null(result, column, row))
        return NULL;
    char       *text = duckdb_value_varchar(result, column, row);
    const char *kept = tz_arena_dup(of->mem, text);
    duckdb_free(text);
    return kept;
}

static json_t *value_json(paging *of, const tz_column *column, const char *text)
{
    if (text != NULL)
        text = of->wanted->is_masked && is_personal(column) ? tz_mask_column(of->mem, column, text) : said(of, column, text);
    return text == NULL ? json_null() : tz_json_text(tz_text_of(text));
}

/* What is wrong with a row, without the values that stand there: those may be personal. */
static json_t *problems_json(paging *of, const char *text)
{
    json_t *list = json_array(), *stored = NULL, *problem;
    size_t  i;
    tz_err  ignored;

    if (text != NULL && tz_json_parse(tz_text_of(text), &stored, &ignored) == TZ_OK)
        json_array_foreach(stored, i, problem) {
            const char *rule = tz_json_str(problem, "rule"), *advice = tz_json_str(problem, "advice");
            json_t     *line = json_object();
            tz_json_set_str(line, "column", tz_json_str(problem, "column"));
            tz_json_set_str(line, "cell", tz_json_str(problem, "cell"));
            tz_json_set_str(line, "rule", rule == NULL ? NULL : half_of(of, rule));
            tz_json_set_str(line, "advice", advice == NULL ? NULL : half_of(of, advice));
            (void)json_array_append_new(list, line);
        }
    json_decref(stored);
    return list;
}

static json_t *row_json(paging *of, duckdb_result *result, idx_t row)
{
    json_t *line = json_object(), *values = json_array();
    int64_t id = duckdb_value_int64(result, 0, row);

    tz_json_set_int(line, "row", id);
    tz_json_set_int(line, "batch", tz_row_batch(id));
    tz_json_set_int(line, "sheet", tz_row_sheet(id));
    tz_json_set_int(line, "line", tz_row_number(id));
    (void)json_object_set_new(line, "is_quarantined", json_boolean(duckdb_value_boolean(result, 1, row)));
    (void)json_object_set_new(line, "problems", problems_json(of, text_at(of, result, 2, row)));
    for (size_t i = 0; i < of->reg->columns.count; i++)
        (void)json_array_append_new(values, value_json(of, &of->reg->columns.items[i], text_at(of, result, 3 + i, row)));
    (void)json_object_set_new(line, "values", values);
    return line;
}

static json_t *columns_json(paging *of)
{
    json_t *columns = json_array();

    for (size_t i = 0; i < of->reg->columns.count; i++) {
        const tz_column *column = &of->reg->columns.items[i];
        json_t          *line = json_object();
        tz_json_set_str(line, "name", column->name);
        tz_json_set_str(line, "title", half_of(of, column->title));
        (void)json_object_set_new(line, "is_number", json_boolean(is_number(column)));
        (void)json_object_set_new(line, "is_personal", json_boolean(is_personal(column)));
        (void)json_array_append_new(columns, line);
    }
    return columns;
}

/* ---- A page ---- */

static tz_rc count_rows(paging *of, tz_duck *duck, tz_err *err)
{
    duckdb_result result;
    tz_buf        sql = tz_buf_init(of->mem, 0);

    tz_buf_puts(&sql, "SELECT count(*)");
    put_where(of, &sql);
    tz_rc rc = tz_duck_query(duck, tz_buf_str(&sql), NULL, 0, &result, err);
    if (rc != TZ_OK)
        return rc;
    tz_json_set_int(of->page, "total", duckdb_value_int64(&result, 0, 0));
    duckdb_destroy_result(&result);
    return TZ_OK;
}

static tz_rc list_rows(paging *of, tz_duck *duck, tz_err *err)
{
    const char   *sql = NULL;
    duckdb_result result;
    json_t       *rows = json_array();
    tz_rc         rc = page_sql(of, &sql, err);

    if (rc == TZ_OK)
        rc = tz_duck_query(duck, sql, NULL, 0, &result, err);
    if (rc == TZ_OK) {
        for (idx_t i = 0; i < duckdb_row_count(&result); i++)
            (void)json_array_append_new(rows, row_json(of, &result, i));
        duckdb_destroy_result(&result);
        (void)json_object_set(of->page, "rows", rows);
    }
    json_decref(rows);
    return rc;
}

static tz_rc make_page(paging *of, json_t **ret_page, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_duck duck = {0};

    tz_assert(of->wanted->offset >= 0 && of->wanted->limit >= 0 && of->wanted->limit <= TZ_ROWS_PAGE);
    of->limit = of->wanted->limit == 0 ? USUAL_LIMIT : of->wanted->limit;
    of->page = json_object();
    tz_json_set_str(of->page, "register", of->reg->name);
    tz_json_set_int(of->page, "offset", of->wanted->offset);
    tz_json_set_int(of->page, "limit", of->limit);
    (void)json_object_set_new(of->page, "columns", columns_json(of));
    TZ_TRY(tz_store_duck(of->store, &duck, err));
    TZ_TRY(count_rows(of, &duck, err));
    TZ_TRY(list_rows(of, &duck, err));
    *ret_page = json_incref(of->page);
done:
    tz_duck_close(&duck);
    json_decref(of->page);
    return rc;
}

/* The batch's register and its file. */
static tz_rc find_batch(paging *of, const tz_packs *packs, int64_t batch, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    tz_buf  source = tz_buf_init(of->mem, 0);

    TZ_TRY(tz_sql_open(of->store, "SELECT register, parquet FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)batch);
        goto done;
    }
    of->reg = tz_packs_register(packs, tz_sql_str(sql, 0));
    if (of->reg == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有名册 “%s”", "there is no register '%s'", tz_sql_str(sql, 0));
        goto done;
    }
    const char *path = tz_store_path(of->mem, of->store, "evidence", tz_sql_str(sql, 1));
    if (!tz_file_exists(path)) {
        rc = tz_fail(err, TZ_MISSING, "批次 %lld 的数据文件不在", "the file of batch %lld is not there", (long long)batch);
        rc = tz_err_advise(err, "运行 taizhang rebuild", "run taizhang rebuild");
        goto done;
    }
    tz_buf_printf(&source, "SELECT *, (%lld::BIGINT << 36) | (_sheet::BIGINT << 26) | _rowno::BIGINT AS _row FROM read_parquet(", (long long)batch);
    tz_sql_literal(&source, tz_text_of(path));
    tz_buf_puts(&source, ")");
    of->source = tz_buf_str(&source);
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_batch_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t batch, const tz_rows_wanted *wanted, json_t **ret_page,
                    tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && wanted != NULL && ret_page != NULL);
    paging of = {.mem = mem, .store = store, .wanted = wanted};
    tz_rc  rc = find_batch(&of, packs, batch, err);

    return rc == TZ_OK ? make_page(&of, ret_page, err) : rc;
}

tz_rc tz_register_rows(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, const tz_rows_wanted *wanted, json_t **ret_page,
                       tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && reg != NULL && wanted != NULL && ret_page != NULL);
    paging      of = {.mem = mem, .store = store, .reg = reg, .wanted = wanted};
    const char *view = NULL;
    tz_rc       rc = tz_view_sql(mem, store, reg, day, &view, err);

    if (rc != TZ_OK)
        return rc;
    of.source = tz_arena_printf(mem, "SELECT *, false AS _quarantined, CAST(NULL AS VARCHAR) AS _problems FROM (%s)", view);
    return make_page(&of, ret_page, err);
}
