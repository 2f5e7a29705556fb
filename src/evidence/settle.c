/* settle - what only the whole batch can tell: keys that come twice, amounts far from all others. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "evidence/batch.h"

/* An amount is far off from this many times the median on, in a column of so many amounts at least. */
enum { FAR_TIMES = 100, FAR_ROWS = 10 };

static const char CLASH[] =
    "{\"advice\":\"只保留正确的一行|keep the one that is right\",\"cell\":\"\",\"column\":\"_key\","
    "\"rule\":\"同一主键有两行内容不同|two rows of one key differ\",\"value\":\"\"}";

static tz_batch_sheet *sheet_of(tz_batch *batch, int64_t no)
{
    for (size_t i = 0; i < batch->sheets.count; i++)
        if (batch->sheets.items[i].no == no)
            return &batch->sheets.items[i];
    tz_unreachable("a row of a sheet that was not read");
}

/* ---- Repeats ---- */

static tz_rc stage_suspects(tz_batch *batch, tz_err *err)
{
    duckdb_appender appender = NULL;
    tz_rc           rc = TZ_OK;

    TZ_TRY(tz_duck_exec(&batch->duck, "CREATE TEMP TABLE suspects (k VARCHAR)", err));
    if (duckdb_appender_create(batch->duck.connection, NULL, "suspects", &appender) != DuckDBSuccess) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写暂存表", "cannot write the staging table");
        goto done;
    }
    for (size_t i = 0; i < batch->suspects.count; i++) {
        (void)duckdb_append_varchar(appender, batch->suspects.items[i]);
        (void)duckdb_appender_end_row(appender);
    }
    if (duckdb_appender_close(appender) != DuckDBSuccess)
        rc = tz_fail(err, TZ_SYSTEM, "无法写暂存表", "cannot write the staging table");
done:
    if (appender != NULL)
        (void)duckdb_appender_destroy(&appender);
    return rc;
}

/* Adds one problem to the JSON lists of the rows that `where` names. */
static void put_marking(tz_buf *sql, const char *set, const char *problem_sql, const char *where)
{
    tz_buf_printf(sql, "UPDATE b SET %s_problems = '[' || (%s) || CASE WHEN _problems IS NULL THEN ']' ELSE ',' || substr(_problems, 2) END WHERE %s",
                  set, problem_sql, where);
}

/* Same key and content again: dropped. Same key, other content: all quarantined. */
static tz_rc judge_repeats(tz_batch *batch, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    tz_buf sql = tz_buf_init(&batch->mem, 0), clash = tz_buf_init(&batch->mem, 0);

    if (batch->suspects.count == 0)
        return TZ_OK;
    batch->has_problems = true;
    TZ_TRY(stage_suspects(batch, err));
    TZ_TRY(tz_duck_exec(&batch->duck,
                        "CREATE TEMP TABLE dropped AS SELECT rowid AS r, _sheet FROM (SELECT rowid, _sheet, row_number() OVER"
                        " (PARTITION BY _period, _key, _content ORDER BY _sheet, _rowno) AS n FROM b"
                        " WHERE NOT _quarantined AND _key IN (SELECT k FROM suspects)) WHERE n > 1;"
                        "DELETE FROM b WHERE rowid IN (SELECT r FROM dropped);", err));
    tz_sql_literal(&clash, tz_text_of(CLASH));
    put_marking(&sql, "_quarantined = true, ", tz_buf_str(&clash),
                "NOT _quarantined AND (_period, _key) IN (SELECT (_period, _key) FROM b WHERE NOT _quarantined"
                " AND _key IN (SELECT k FROM suspects) GROUP BY _period, _key HAVING count(*) > 1)");
    TZ_TRY(tz_duck_exec(&batch->duck, tz_buf_str(&sql), err));
done:
    return rc;
}

/* ---- Amounts far from all others ---- */

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Whether the largest amount may be far from the median: by a sample, with room for its error. */
static bool may_be_far(tz_amounts *amounts)
{
    size_t sampled = amounts->count < TZ_SAMPLED ? (size_t)amounts->count : TZ_SAMPLED;

    if (amounts->count < FAR_ROWS)
        return false;
    qsort(amounts->sample, TZ_SAMPLED, sizeof amounts->sample[0], compare_numbers); /* places never taken sort first */
    int64_t middle = amounts->sample[TZ_SAMPLED - sampled + sampled / 4]; /* the lower quarter, not the half */
    return amounts->most / FAR_TIMES >= middle;
}

/* The cell's name as SQL: the letters of the column by table, and the row. */
static const char *cell_sql(tz_batch *batch, int column)
{
    tz_buf sql = tz_buf_init(&batch->mem, 0);

    tz_buf_puts(&sql, "CASE _sheet");
    for (size_t i = 0; i < batch->sheets.count; i++) {
        const tz_column_matches *matches = &batch->sheets.items[i].reading.columns;
        char letters[8] = "";
        for (size_t j = 0; j < matches->count; j++)
            if (matches->items[j].column == column)
                tz_column_letters(matches->items[j].sheet_column, letters);
        tz_buf_printf(&sql, " WHEN %lld THEN '%s'", (long long)batch->sheets.items[i].no, letters);
    }
    tz_buf_puts(&sql, " ELSE '' END || _rowno");
    return tz_buf_str(&sql);
}

static tz_rc mark_far(tz_batch *batch, size_t index, const char *median, tz_err *err)
{
    const tz_column *column = &batch->reg->columns.items[index];
    tz_buf           sql = tz_buf_init(&batch->mem, 0), name = tz_buf_init(&batch->mem, 0);

    tz_sql_name(&name, column->name);
    const char *problem = tz_arena_printf(&batch->mem,
        "'{\"advice\":\"核对数字和单位|check number and unit\",\"cell\":\"' || %s || '\",\"column\":\"%s\","
        "\"rule\":\"超过中位数 %s 的 %d 倍|more than %d times the median of %s\",\"value\":\"' || %s || '\"}'",
        cell_sql(batch, (int)index), column->name, median, FAR_TIMES, FAR_TIMES, median, tz_buf_str(&name));
    const char *where = tz_arena_printf(&batch->mem, "NOT _quarantined AND %s > %d * CAST(%s AS DECIMAL(18,4))", tz_buf_str(&name),
                                        FAR_TIMES, median);
    put_marking(&sql, "", problem, where);
    batch->has_problems = true;
    return tz_duck_exec(&batch->duck, tz_buf_str(&sql), err);
}

static tz_rc judge_amount(tz_batch *batch, size_t index, tz_err *err)
{
    duckdb_result result;
    tz_buf        name = tz_buf_init(&batch->mem, 0);
    const char   *median = NULL;

    tz_sql_name(&name, batch->reg->columns.items[index].name);
    const char *column = tz_buf_str(&name);
    tz_rc rc = tz_duck_query(&batch->duck,
        tz_arena_printf(&batch->mem, "SELECT CAST(m AS VARCHAR) FROM (SELECT quantile_disc(%s, 0.5) AS m, count(*) AS n, max(%s) AS top FROM b"
                                     " WHERE NOT _quarantined AND %s > 0) WHERE n >= %d AND top > %d * CAST(m AS DECIMAL(18,4))",
                        column, column, column, FAR_ROWS, FAR_TIMES), NULL, 0, &result, err);
    if (rc != TZ_OK)
        return rc;
    if (duckdb_row_count(&result) == 1) {
        char *text = duckdb_value_varchar(&result, 0, 0);
        median = tz_arena_dup(&batch->mem, text);
        duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return median == NULL ? TZ_OK : mark_far(batch, index, median, err);
}

/* ---- Accounts and lists ---- */

/* Repeats that were judged change what the rows alone told. */
static tz_rc fill_accounts(tz_batch *batch, tz_err *err)
{
    duckdb_result result;
    tz_rc         rc = TZ_OK;

    if (batch->suspects.count > 0) {
        TZ_TRY(tz_duck_query(&batch->duck, "SELECT CAST(_sheet AS BIGINT), count(*) FILTER (WHERE NOT _quarantined),"
                                           " count(*) FILTER (WHERE _quarantined) FROM b GROUP BY _sheet", NULL, 0, &result, err));
        for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
            tz_account *account = &sheet_of(batch, duckdb_value_int64(&result, 0, i))->account;
            int64_t     taken = account->accepted + account->quarantined;
            account->accepted = duckdb_value_int64(&result, 1, i);
            account->quarantined = duckdb_value_int64(&result, 2, i);
            account->duplicates = taken - account->accepted - account->quarantined;
        }
        duckdb_destroy_result(&result);
        TZ_TRY(tz_duck_query(&batch->duck, "SELECT CAST(_sheet AS BIGINT), count(*) FROM dropped WHERE _sheet NOT IN (SELECT _sheet FROM b)"
                                           " GROUP BY _sheet", NULL, 0, &result, err));
        for (idx_t i = 0; i < duckdb_row_count(&result); i++) { /* tables that have no row left */
            tz_account *account = &sheet_of(batch, duckdb_value_int64(&result, 0, i))->account;
            account->duplicates = duckdb_value_int64(&result, 1, i);
            account->accepted = account->quarantined = 0;
        }
        duckdb_destroy_result(&result);
    }
    for (size_t i = 0; i < batch->sheets.count; i++) {
        const tz_account *account = &batch->sheets.items[i].account;
        tz_assert(account->rows == account->titles + account->header + account->blank + account->totals + account->notes +
                                       account->accepted + account->quarantined + account->duplicates);
    }
done:
    return rc;
}

/* The problems of a table's rows, a line each: those left out, or those taken all the same. */
static tz_rc list_problems(tz_batch *batch, const tz_batch_sheet *sheet, bool is_quarantined, json_t *list, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    duckdb_result result;
    json_t       *problems = NULL, *problem;
    size_t        index;

    const char *sql = tz_arena_printf(&batch->mem, "SELECT CAST(_rowno AS BIGINT), _problems FROM b WHERE _sheet = %lld"
                                      " AND _problems IS NOT NULL AND _quarantined = %s ORDER BY _rowno LIMIT %zu",
                                      (long long)sheet->no, is_quarantined ? "true" : "false", batch->listed);
    TZ_TRY(tz_duck_query(&batch->duck, sql, NULL, 0, &result, err));
    for (idx_t i = 0; rc == TZ_OK && i < duckdb_row_count(&result); i++) {
        char *text = duckdb_value_varchar(&result, 1, i);
        rc = tz_json_parse(tz_text_of(text), &problems, err);
        duckdb_free(text);
        if (rc != TZ_OK)
            break;
        json_array_foreach(problems, index, problem) {
            tz_json_set_int(problem, "row", duckdb_value_int64(&result, 0, i));
            if (json_array_size(list) < batch->listed)
                (void)json_array_append(list, problem);
        }
        json_decref(problems);
        problems = NULL;
    }
    duckdb_destroy_result(&result);
done:
    return rc;
}

tz_rc tz_batch_settle(tz_batch *batch, tz_err *err)
{
    tz_assert(batch != NULL);
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_batch_flush(batch, err));
    TZ_TRY(judge_repeats(batch, err));
    for (size_t i = 0; i < batch->reg->columns.count; i++)
        if (may_be_far(&batch->amounts[i]))
            TZ_TRY(judge_amount(batch, i, err));
    TZ_TRY(fill_accounts(batch, err));
    for (size_t i = 0; batch->has_problems && i < batch->sheets.count; i++) {
        tz_batch_sheet *sheet = &batch->sheets.items[i];
        TZ_TRY(list_problems(batch, sheet, true, sheet->quarantined, err));
        TZ_TRY(list_problems(batch, sheet, false, sheet->marked, err));
    }
done:
    return rc;
}
