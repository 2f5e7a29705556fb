#include "evidence/preview.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/half.h"

/* What counts as moved: percent of rows, percent of a sum; share that a column was filled before. */
enum { MOVED_ROWS = 20, MOVED_SUM = 30, FILLED_BEFORE = 10, FEW_ROWS = 10 };

typedef struct {
    tz_arena   *mem;
    tz_store   *store;
    tz_batch   *batch;
    const char *parquet; /* of the batch before, as an SQL literal */
    json_t     *sheets;  /* as recorded; owned */
    json_t     *warnings;
} comparing;

static void warn(comparing *of, const char *zh, const char *en)
{
    (void)json_array_append_new(of->warnings, json_string(tz_arena_printf(of->mem, "%s|%s", zh, en)));
}

static const char *title_of(const comparing *of, size_t column, tz_lang lang)
{
    return tz_half_dup(of->mem, of->batch->reg->columns.items[column].title, lang);
}

/* The newest batch of the register and sender. */
static tz_rc find_before(comparing *of, int64_t corrects, bool *ret_found, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    tz_buf  literal = tz_buf_init(of->mem, 0);

    TZ_TRY(tz_sql_open(of->store, "SELECT parquet, sheets FROM batch WHERE register = ?1 AND sender IS ?2 AND withdrawn_entry IS NULL"
                                  " AND batch <> ?3 ORDER BY as_of DESC, batch DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, of->batch->reg->name);
    tz_sql_bind_text(sql, 2, of->batch->sender);
    tz_sql_bind_int(sql, 3, corrects);
    TZ_TRY(tz_sql_step(of->store, sql, ret_found, err));
    if (!*ret_found)
        goto done;
    const char *path = tz_store_path(of->mem, of->store, "evidence", tz_sql_str(sql, 0));
    *ret_found = tz_file_exists(path); /* not made again yet: nothing to compare with */
    tz_sql_literal(&literal, tz_text_of(path));
    of->parquet = tz_buf_str(&literal);
    rc = tz_json_parse(tz_text_of(tz_sql_str(sql, 1)), &of->sheets, err);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Columns ---- */

static bool had_column(const comparing *of, const char *column)
{
    size_t  i, j;
    json_t *sheet, *match;

    json_array_foreach(of->sheets, i, sheet)
        json_array_foreach(json_object_get(sheet, "mapping"), j, match)
            if (tz_json_str(match, "column") != NULL && strcmp(tz_json_str(match, "column"), column) == 0)
                return true;
    return false;
}

static bool has_column(const comparing *of, size_t column)
{
    for (size_t i = 0; i < of->batch->sheets.count; i++)
        for (size_t j = 0; j < of->batch->sheets.items[i].reading.columns.count; j++)
            if (of->batch->sheets.items[i].reading.columns.items[j].column == (int)column)
                return true;
    return false;
}

static void compare_columns(comparing *of)
{
    for (size_t i = 0; i < of->batch->reg->columns.count; i++) {
        bool had = had_column(of, of->batch->reg->columns.items[i].name), has = has_column(of, i);
        if (had && !has)
            warn(of, tz_arena_printf(of->mem, "上次有“%s”列,这次没有", title_of(of, i, TZ_ZH)),
                 tz_arena_printf(of->mem, "column '%s' was there last time and is not now", title_of(of, i, TZ_EN)));
        else if (has && !had)
            warn(of, tz_arena_printf(of->mem, "这次新有“%s”列", title_of(of, i, TZ_ZH)),
                 tz_arena_printf(of->mem, "column '%s' is new", title_of(of, i, TZ_EN)));
    }
}

/* ---- Numbers ---- */

static bool has_moved(double before, double now, int percent)
{
    double change = now > before ? now - before : before - now;
    return change * 100 > (before < 0 ? -before : before) * percent;
}

static void compare_rows(comparing *of, int64_t before, int64_t now)
{
    if (llabs(before - now) >= FEW_ROWS && has_moved((double)before, (double)now, MOVED_ROWS))
        warn(of, tz_arena_printf(of->mem, "行数由 %lld 变为 %lld", (long long)before, (long long)now),
             tz_arena_printf(of->mem, "rows went from %lld to %lld", (long long)before, (long long)now));
}

/* A column that was filled and is empty now; an amount whose sum moved. */
static void compare_column(comparing *of, size_t column, int64_t rows_before, int64_t filled_before, int64_t rows, int64_t filled,
                           const char *sum_before, const char *sum)
{
    if (rows > 0 && filled == 0 && filled_before > 0 && filled_before * 100 >= rows_before * FILLED_BEFORE && has_column(of, column))
        warn(of, tz_arena_printf(of->mem, "“%s”列上次有 %lld 格,这次全空", title_of(of, column, TZ_ZH), (long long)filled_before),
             tz_arena_printf(of->mem, "column '%s' had %lld values last time and is empty now", title_of(of, column, TZ_EN),
                             (long long)filled_before));
    if (sum_before == NULL || sum == NULL || filled == 0 || filled_before == 0)
        return;
    if (has_moved(strtod(sum_before, NULL), strtod(sum, NULL), MOVED_SUM))
        warn(of, tz_arena_printf(of->mem, "“%s”合计由 %s 变为 %s", title_of(of, column, TZ_ZH), sum_before, sum),
             tz_arena_printf(of->mem, "the sum of '%s' went from %s to %s", title_of(of, column, TZ_EN), sum_before, sum));
}

/* count(*), then of each column count and, of amounts, sum: over the table or the file before. */
static const char *summary_sql(comparing *of, const char *source)
{
    tz_buf sql = tz_buf_init(of->mem, 0);

    tz_buf_puts(&sql, "SELECT CAST(count(*) AS VARCHAR)");
    for (size_t i = 0; i < of->batch->reg->columns.count; i++) {
        bool is_money = of->batch->reg->columns.items[i].type == TZ_TYPE_MONEY;
        tz_buf_puts(&sql, ", CAST(count(");
        tz_sql_name(&sql, of->batch->reg->columns.items[i].name);
        tz_buf_puts(&sql, ") AS VARCHAR), ");
        tz_buf_puts(&sql, is_money ? "CAST(sum(" : "CAST(NULL");
        if (is_money) {
            tz_sql_name(&sql, of->batch->reg->columns.items[i].name);
            tz_buf_char(&sql, ')');
        }
        tz_buf_puts(&sql, " AS VARCHAR)");
    }
    tz_buf_printf(&sql, " FROM %s", source);
    return tz_buf_str(&sql);
}

static tz_rc summarise(comparing *of, const char *source, const char ***ret_values, tz_err *err)
{
    duckdb_result result;
    size_t        count = 1 + 2 * of->batch->reg->columns.count;
    const char  **values = tz_new_array(of->mem, const char *, count);
    tz_rc         rc = tz_duck_query(&of->batch->duck, summary_sql(of, source), NULL, 0, &result, err);

    if (rc != TZ_OK)
        return rc;
    for (size_t i = 0; i < count; i++) {
        char *text = duckdb_value_is_null(&result, i, 0) ? NULL : duckdb_value_varchar(&result, i, 0);
        values[i] = text == NULL ? NULL : tz_arena_dup(of->mem, text);
        duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    *ret_values = values;
    return TZ_OK;
}

static int64_t number_of(const char *text)
{
    int64_t number = 0;
    (void)tz_text_int(tz_text_of(text), &number);
    return number;
}

static tz_rc compare_numbers(comparing *of, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    const char **before = NULL, **now = NULL;

    TZ_TRY(summarise(of, tz_arena_printf(of->mem, "read_parquet(%s)", of->parquet), &before, err));
    TZ_TRY(summarise(of, "b", &now, err));
    compare_rows(of, number_of(before[0]), number_of(now[0]));
    for (size_t i = 0; i < of->batch->reg->columns.count; i++)
        compare_column(of, i, number_of(before[0]), number_of(before[1 + 2 * i]), number_of(now[0]), number_of(now[1 + 2 * i]),
                       before[2 + 2 * i], now[2 + 2 * i]);
done:
    return rc;
}

/* ---- Codes ---- */

/* Codes that are new, or that are used no more; five of them at most. */
static tz_rc compare_codes(comparing *of, size_t column, bool is_new, tz_err *err)
{
    duckdb_result result;
    tz_buf        name = tz_buf_init(of->mem, 0), list = tz_buf_init(of->mem, 0);

    tz_sql_name(&name, of->batch->reg->columns.items[column].name);
    const char *here = "b", *there = tz_arena_printf(of->mem, "read_parquet(%s)", of->parquet), *c = tz_buf_str(&name);
    tz_rc rc = tz_duck_query(&of->batch->duck, tz_arena_printf(of->mem,
        "SELECT DISTINCT %s FROM %s WHERE %s IS NOT NULL AND %s NOT IN (SELECT %s FROM %s WHERE %s IS NOT NULL)"
        " AND (SELECT count(%s) FROM %s) > 0 ORDER BY 1 LIMIT 5",
        c, is_new ? here : there, c, c, c, is_new ? there : here, c, c, is_new ? there : here), NULL, 0, &result, err);
    if (rc != TZ_OK)
        return rc;
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        char *text = duckdb_value_varchar(&result, 0, i);
        tz_buf_printf(&list, "%s%s", i == 0 ? "" : "、", text);
        duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    if (list.size > 0)
        warn(of, tz_arena_printf(of->mem, is_new ? "“%s”列新出现:%s" : "“%s”列不再有:%s", title_of(of, column, TZ_ZH), tz_buf_str(&list)),
             tz_arena_printf(of->mem, is_new ? "new in '%s': %s" : "no longer in '%s': %s", title_of(of, column, TZ_EN), tz_buf_str(&list)));
    return TZ_OK;
}

tz_rc tz_preview_warnings(tz_arena *mem, tz_store *store, tz_batch *batch, int64_t corrects, json_t **ret_warnings, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && batch != NULL && ret_warnings != NULL);
    tz_rc     rc = TZ_OK;
    bool      is_found = false;
    comparing of = {.mem = mem, .store = store, .batch = batch, .warnings = json_array()};

    TZ_TRY(find_before(&of, corrects, &is_found, err));
    if (is_found) {
        compare_columns(&of);
        TZ_TRY(compare_numbers(&of, err));
        for (size_t i = 0; i < batch->reg->columns.count; i++)
            if (batch->reg->columns.items[i].type == TZ_TYPE_CODE) {
                TZ_TRY(compare_codes(&of, i, true, err));
                TZ_TRY(compare_codes(&of, i, false, err));
            }
    }
    *ret_warnings = json_incref(of.warnings);
done:
    json_decref(of.sheets);
    json_decref(of.warnings);
    return rc;
}
