/* rows - a row by its id, whatever batch it is of: its address, its key, its values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "packs/query.h"
#include "store/duck.h"

typedef struct {
    int64_t     batch;
    const char *register_name, *file, *parquet;
    json_t     *sheets; /* of the batch: names by number */
} batch_info;

static tz_rc find_batch(tz_arena *mem, tz_store *store, int64_t batch, batch_info *ret_info, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    bool       has_row = false;
    batch_info info = {.batch = batch};

    TZ_TRY(tz_sql_open(store, "SELECT register, file, parquet, sheets FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)batch);
        goto done;
    }
    info.register_name = tz_sql_dup(mem, sql, 0);
    info.file = tz_sql_dup(mem, sql, 1);
    info.parquet = tz_sql_dup(mem, sql, 2);
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 3)), &info.sheets, err));
    *ret_info = info;
done:
    tz_sql_close(sql);
    return rc;
}

/* The name of sheet `no` as the batch recorded it; NULL for delimited text. */
static const char *sheet_name(tz_arena *mem, const json_t *sheets, int64_t no)
{
    size_t  i;
    json_t *sheet;

    json_array_foreach((json_t *)sheets, i, sheet)
        if (tz_json_int(sheet, "no", 0) == no && tz_json_str(sheet, "sheet") != NULL)
            return tz_arena_dup(mem, tz_json_str(sheet, "sheet"));
    return NULL;
}

static const char *text_of(tz_arena *mem, duckdb_result *result, idx_t column, idx_t row)
{
    if (duckdb_value_is_null(result, column, row))
        return NULL;
    char       *value = duckdb_value_varchar(result, column, row);
    const char *kept = value == NULL ? NULL : tz_arena_dup(mem, value);
    duckdb_free(value);
    return kept;
}

/* The row's own columns as a JSON object of texts. */
static json_t *values_of(tz_arena *mem, duckdb_result *result, idx_t row)
{
    json_t *values = json_object();

    for (idx_t column = 0; column < duckdb_column_count(result); column++) {
        const char *name = duckdb_column_name(result, column);
        if (name[0] != '_')
            tz_json_set_str(values, name, text_of(mem, result, column, row));
    }
    return values;
}

static int64_t address_of(duckdb_result *result, idx_t row, int64_t batch)
{
    return tz_row_id(batch, duckdb_value_int64(result, 0, row), duckdb_value_int64(result, 1, row));
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sheets and row numbers apart let the file's statistics skip what holds none of them; both together are exact. */
static void put_addresses(tz_buf *sql, const int64_t *ids, size_t count)
{
    tz_buf_printf(sql, ") WHERE _sheet BETWEEN %lld AND %lld AND _rowno IN (", (long long)tz_row_sheet(ids[0]),
                  (long long)tz_row_sheet(ids[count - 1]));
    for (size_t i = 0; i < count; i++)
        tz_buf_printf(sql, "%s%lld", i == 0 ? "" : ",", (long long)tz_row_number(ids[i]));
    tz_buf_puts(sql, ")");
    if (tz_row_sheet(ids[0]) != tz_row_sheet(ids[count - 1])) {
        tz_buf_puts(sql, " AND ((_sheet::BIGINT << 26) | _rowno::BIGINT) IN (");
        for (size_t i = 0; i < count; i++)
            tz_buf_printf(sql, "%s%lld", i == 0 ? "" : ",", (long long)(ids[i] & ((1LL << 36) - 1)));
        tz_buf_puts(sql, ")");
    }
    tz_buf_puts(sql, " ORDER BY _sheet, _rowno");
}

/* Fills the found rows of one batch: ids[from..to) of the sorted list. */
static tz_rc find_in_batch(tz_arena *mem, tz_store *store, tz_duck *duck, const int64_t *ids, size_t count, tz_row_found *found, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    batch_info    info = {0};
    duckdb_result result;
    tz_buf        sql = tz_buf_init(mem, 0);
    bool          has_result = false;

    TZ_TRY(find_batch(mem, store, tz_row_batch(ids[0]), &info, err));
    tz_buf_puts(&sql, "SELECT CAST(_sheet AS BIGINT) AS _s, CAST(_rowno AS BIGINT) AS _r, _key, _content, _quarantined, _problems, _slice, _period,"
                      " * EXCLUDE (_sheet, _rowno, _key, _content, _slice, _period, _quarantined, _problems) FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(tz_store_path(mem, store, "evidence", info.parquet)));
    put_addresses(&sql, ids, count);
    TZ_TRY(tz_duck_query(duck, tz_buf_str(&sql), NULL, 0, &result, err));
    has_result = true;
    for (idx_t row = 0, i = 0; row < duckdb_row_count(&result) && i < count; i++) {
        if (address_of(&result, row, info.batch) != ids[i])
            continue;
        found[i] = (tz_row_found){.row_id = ids[i], .register_name = info.register_name, .file = info.file,
                                  .sheet = sheet_name(mem, info.sheets, tz_row_sheet(ids[i])), .batch = info.batch,
                                  .row_no = tz_row_number(ids[i]), .key = text_of(mem, &result, 2, row),
                                  .content = text_of(mem, &result, 3, row), .slice = text_of(mem, &result, 6, row),
                                  .period = text_of(mem, &result, 7, row), .values = values_of(mem, &result, row)};
        if (duckdb_value_boolean(&result, 4, row))
            found[i].quarantined_why = text_of(mem, &result, 5, row);
        row++;
    }
done:
    if (has_result)
        duckdb_destroy_result(&result);
    json_decref(info.sheets);
    return rc;
}

tz_rc tz_rows_find(tz_arena *mem, tz_store *store, const tz_packs *packs, const int64_t *row_ids, size_t count,
                   tz_row_found **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_rows != NULL);
    (void)packs;
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    int64_t      *sorted = tz_new_array(mem, int64_t, count + 1);
    tz_row_found *by_id = tz_new_array(mem, tz_row_found, count + 1);
    tz_row_found *rows = tz_new_array(mem, tz_row_found, count + 1);
    size_t        unique = 0;

    if (count > 0) {
        memcpy(sorted, row_ids, count * sizeof sorted[0]);
        qsort(sorted, count, sizeof sorted[0], compare_ids);
        TZ_TRY(tz_store_duck(store, &duck, err));
    }
    for (size_t i = 0; i < count; i++)
        if (i == 0 || sorted[i] != sorted[i - 1])
            sorted[unique++] = sorted[i];
    for (size_t from = 0, to; from < unique; from = to) {
        for (to = from + 1; to < unique && tz_row_batch(sorted[to]) == tz_row_batch(sorted[from]);)
            to++;
        TZ_TRY(find_in_batch(mem, store, &duck, sorted + from, to - from, by_id + from, err));
    }
    for (size_t i = 0; i < count; i++) {
        const int64_t *at = bsearch(&row_ids[i], sorted, unique, sizeof sorted[0], compare_ids);
        rows[i] = by_id[at - sorted];
        if (rows[i].row_id == 0) {
            rc = tz_fail(err, TZ_MISSING, "找不到行 %lld", "there is no row %lld", (long long)row_ids[i]);
            for (size_t before = 0; before < i; before++)
                json_decref(rows[before].values);
            goto done;
        }
        (void)json_incref(rows[i].values); /* a row asked for twice is owned twice */
    }
    *ret_rows = rows;
done:
    for (size_t i = 0; i < unique; i++)
        json_decref(by_id[i].values);
    tz_duck_close(&duck);
    return rc;
}

tz_rc tz_rows_address(tz_arena *mem, tz_store *store, const int64_t *row_ids, size_t count, tz_row_found **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_rows != NULL);
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = tz_new_array(mem, tz_row_found, count + 1);
    batch_info    info = {0};

    for (size_t i = 0; i < count; i++) {
        if (info.batch != tz_row_batch(row_ids[i])) {
            json_decref(info.sheets);
            info = (batch_info){0};
            TZ_TRY(find_batch(mem, store, tz_row_batch(row_ids[i]), &info, err));
        }
        rows[i] = (tz_row_found){.row_id = row_ids[i], .register_name = info.register_name, .file = info.file, .batch = info.batch,
                                 .sheet = sheet_name(mem, info.sheets, tz_row_sheet(row_ids[i])), .row_no = tz_row_number(row_ids[i])};
    }
    *ret_rows = rows;
done:
    json_decref(info.sheets);
    return rc;
}

json_t *tz_row_json(const tz_row_found *row)
{
    json_t *line = json_object();
    tz_json_set_str(line, "register", row->register_name);
    tz_json_set_int(line, "batch", row->batch);
    tz_json_set_str(line, "file", row->file);
    tz_json_set_str(line, "sheet", row->sheet);
    tz_json_set_int(line, "row", row->row_no);
    tz_json_set_int(line, "sheet_no", tz_row_sheet(row->row_id)); /* its address: register/batch/sheet_no/row */
    return line;
}

tz_rc tz_row_parse(tz_store *store, const char *text, int64_t *ret_row_id, tz_err *err)
{
    const char *slash = strchr(text, '/');
    int64_t     number = 0;
    long long   parts[3];
    char        rest;

    (void)store;
    if (slash == NULL && tz_text_int(tz_text_of(text), &number) && number > 0) {
        *ret_row_id = number;
        return TZ_OK;
    }
    if (slash == NULL || sscanf(slash, "/%lld/%lld/%lld%c", &parts[0], &parts[1], &parts[2], &rest) != 3 || parts[0] < 1 ||
        parts[0] >= 1 << 27 || parts[1] < 1 || parts[1] > 1023 || parts[2] < 1 || parts[2] >= 1 << 26)
        return tz_fail(err, TZ_USAGE, "行写作 名册/批次/表/行:%s", "a row is REGISTER/BATCH/SHEET/ROW: %s", text);
    *ret_row_id = tz_row_id(parts[0], parts[1], parts[2]);
    return TZ_OK;
}
