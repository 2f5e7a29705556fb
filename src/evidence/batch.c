/* batch - the staging table: typed columns, filled a chunk of rows at a time. */
#include "evidence/batch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "packs/query.h"

/* From this size of the source on the staging table is a file, and DuckDB keeps to this memory and to one
 * thread: a second would need as much again, and mostly wait for the first. */
enum { LARGE_SOURCE_BYTES = 24 << 20, STAGING_MB = 208 };

/* The appender holds rows as they came until it is told to pack them: so many chunks of 2,048. */
enum { FLUSHED_CHUNKS = 15 };

enum { OWN_COLUMNS = 8, LISTED_PROBLEMS = 1000 };

/* How a column's number lies in a vector. */
typedef enum { AS_TEXT, AS_BOOL, AS_INT16, AS_INT32, AS_INT64 } storage;

/* ---- Types ---- */

typedef struct {
    tz_arena *mem;
    tz_buf    sql;
    struct { duckdb_logical_type *items; size_t count; size_t room; } types;
    struct { storage *items; size_t count; size_t room; } kinds;
} declaring;

static void declare(declaring *to, const char *name, const char *sql_type, duckdb_logical_type type, storage kind)
{
    tz_buf_puts(&to->sql, to->types.count == 0 ? " TABLE b (" : ", ");
    tz_sql_name(&to->sql, name);
    tz_buf_char(&to->sql, ' ');
    tz_buf_puts(&to->sql, sql_type);
    tz_push(to->mem, &to->types, type);
    tz_push(to->mem, &to->kinds, kind);
}

static void declare_simple(declaring *to, const char *name, const char *sql_type, duckdb_type type, storage kind)
{
    declare(to, name, sql_type, duckdb_create_logical_type(type), kind);
}

/* DuckDB keeps a decimal in the smallest integer that takes its digits. */
static void declare_column(void *context, const char *name, const char *type)
{
    int precision = 0, scale = 0;

    if (strcmp(type, "DATE") == 0)
        declare_simple(context, name, type, DUCKDB_TYPE_DATE, AS_INT32);
    else if (strcmp(type, "BIGINT") == 0)
        declare_simple(context, name, type, DUCKDB_TYPE_BIGINT, AS_INT64);
    else if (strcmp(type, "BOOLEAN") == 0)
        declare_simple(context, name, type, DUCKDB_TYPE_BOOLEAN, AS_BOOL);
    else if (sscanf(type, "DECIMAL(%d,%d)", &precision, &scale) == 2)
        declare(context, name, type, duckdb_create_decimal_type((uint8_t)precision, (uint8_t)scale),
                precision <= 4 ? AS_INT16 : precision <= 9 ? AS_INT32 : AS_INT64);
    else
        declare_simple(context, name, type, DUCKDB_TYPE_VARCHAR, AS_TEXT);
}

static void declare_all(declaring *to, const tz_register *reg)
{
    declare_simple(to, "_sheet", "SMALLINT", DUCKDB_TYPE_SMALLINT, AS_INT16);
    declare_simple(to, "_rowno", "INTEGER", DUCKDB_TYPE_INTEGER, AS_INT32);
    declare_simple(to, "_key", "VARCHAR", DUCKDB_TYPE_VARCHAR, AS_TEXT);
    declare_simple(to, "_content", "VARCHAR", DUCKDB_TYPE_VARCHAR, AS_TEXT);
    declare_simple(to, "_slice", "VARCHAR", DUCKDB_TYPE_VARCHAR, AS_TEXT);
    declare_simple(to, "_period", "VARCHAR", DUCKDB_TYPE_VARCHAR, AS_TEXT);
    declare_simple(to, "_quarantined", "BOOLEAN", DUCKDB_TYPE_BOOLEAN, AS_BOOL);
    declare_simple(to, "_problems", "VARCHAR", DUCKDB_TYPE_VARCHAR, AS_TEXT);
    tz_register_columns_sql(to->mem, reg, declare_column, to);
    tz_buf_puts(&to->sql, ")");
}

/* ---- Opening ---- */

/* A file beside no other: its process and a count are in its name. What a crash leaves is swept with
 * the rest of derived/. */
static const char *staging_path(tz_batch *batch)
{
    static unsigned count;
    const char *name = tz_arena_printf(&batch->mem, "staging-%ld-%u.duckdb", (long)getpid(), __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED));
    return tz_store_path(&batch->mem, batch->store, "derived", name);
}

static tz_rc open_duck(tz_batch *batch, int64_t source_bytes, tz_err *err)
{
    if (source_bytes < LARGE_SOURCE_BYTES)
        return tz_store_duck(batch->store, &batch->duck, err);
    batch->staging = staging_path(batch);
    return tz_duck_open_file(batch->staging, 1, STAGING_MB, &batch->duck, err);
}

static void new_chunk_columns(tz_batch *batch)
{
    for (size_t i = 0; i < batch->column_count; i++) {
        batch->columns[i].vector = duckdb_data_chunk_get_vector(batch->chunk, i);
        batch->columns[i].data = duckdb_vector_get_data(batch->columns[i].vector);
        duckdb_vector_ensure_validity_writable(batch->columns[i].vector);
    }
}

tz_rc tz_batch_open(tz_store *store, const tz_register *reg, const char *sender, const char *period, int64_t source_bytes,
                    tz_batch *ret_batch, tz_err *err)
{
    tz_assert(store != NULL && reg != NULL && ret_batch != NULL);
    tz_rc     rc = TZ_OK;
    tz_batch  batch = {.store = store, .reg = reg, .sender = sender, .period = period, .listed = LISTED_PROBLEMS};
    declaring to = {.mem = &batch.mem};

    to.sql = tz_buf_init(&batch.mem, 0);
    batch.amounts = tz_new_array(&batch.mem, tz_amounts, reg->columns.count);
    declare_all(&to, reg);
    TZ_TRY(open_duck(&batch, source_bytes, err));
    /* In memory the database is the store's: what is TEMP is this batch's alone. */
    const char *create = tz_arena_printf(&batch.mem, "CREATE %s%s", batch.staging == NULL ? "TEMP" : "", tz_buf_str(&to.sql));
    TZ_TRY(tz_duck_exec(&batch.duck, create, err));
    TZ_TRY(tz_duck_exec(&batch.duck, "BEGIN", err));
    if (duckdb_appender_create(batch.duck.connection, NULL, "b", &batch.appender) != DuckDBSuccess) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写暂存表", "cannot write the staging table");
        goto done;
    }
    batch.chunk = duckdb_create_data_chunk(to.types.items, to.types.count);
    batch.column_count = to.types.count;
    batch.columns = tz_arena_array(&batch.mem, to.types.count, sizeof batch.columns[0]);
    for (size_t i = 0; i < to.types.count; i++)
        batch.columns[i].kind = to.kinds.items[i];
    new_chunk_columns(&batch);
done:
    for (size_t i = 0; i < to.types.count; i++)
        duckdb_destroy_logical_type(&to.types.items[i]);
    if (rc == TZ_OK)
        *ret_batch = batch;
    else
        tz_batch_close(&batch);
    return rc;
}

void tz_batch_close(tz_batch *batch)
{
    tz_err ignored;
    bool   is_swept = true;

    if (batch->chunk != NULL)
        duckdb_destroy_data_chunk(&batch->chunk);
    if (batch->appender != NULL)
        (void)duckdb_appender_destroy(&batch->appender);
    for (size_t i = 0; i < batch->sheets.count; i++) {
        json_decref(batch->sheets.items[i].quarantined);
        json_decref(batch->sheets.items[i].marked);
    }
    batch->sheets.count = 0;
    tz_duck_close(&batch->duck);
    if (batch->staging != NULL) {
        (void)unlink(batch->staging);
        (void)unlink(tz_arena_printf(&batch->mem, "%s.wal", batch->staging));
        if (tz_file_is_folder(tz_arena_printf(&batch->mem, "%s.tmp", batch->staging)))
            is_swept = tz_file_remove_folder(tz_arena_printf(&batch->mem, "%s.tmp", batch->staging), &ignored) == TZ_OK;
        (void)is_swept; /* else the next opening sweeps it */
    }
    tz_arena_free(&batch->mem);
}

/* ---- Appending ---- */

static void put_text(tz_batch *batch, size_t column, tz_text text)
{
    if (text.data == NULL)
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(batch->columns[column].vector), batch->in_chunk);
    else
        duckdb_vector_assign_string_element_len(batch->columns[column].vector, batch->in_chunk, text.data, text.size);
}

static void put_number(tz_batch *batch, size_t column, int64_t number, bool is_null)
{
    void    *data = batch->columns[column].data;
    uint64_t at = batch->in_chunk;

    if (is_null) {
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(batch->columns[column].vector), at);
        number = 0;
    }
    switch ((storage)batch->columns[column].kind) {
    case AS_BOOL: ((bool *)data)[at] = number != 0; break;
    case AS_INT16: ((int16_t *)data)[at] = (int16_t)number; break;
    case AS_INT32: ((int32_t *)data)[at] = (int32_t)number; break;
    case AS_INT64: ((int64_t *)data)[at] = number; break;
    case AS_TEXT: tz_unreachable("a text column is given a number");
    }
}

static void put_values(tz_batch *batch, const tz_value *values)
{
    size_t at = OWN_COLUMNS;

    for (size_t i = 0; i < batch->reg->columns.count; i++) {
        const tz_value *value = &values[i];
        if (batch->columns[at].kind == AS_TEXT)
            put_text(batch, at, value->text);
        else
            put_number(batch, at, value->number, value->text.data == NULL);
        at++;
        if (batch->reg->columns.items[i].type == TZ_TYPE_ID)
            put_text(batch, at++, value->raw.size == 0 || tz_text_equal(value->raw, value->text) ? (tz_text){0} : value->raw);
        else if (batch->reg->columns.items[i].type == TZ_TYPE_DIVISION)
            put_text(batch, at++, value->raw.size == 0 ? (tz_text){0} : value->raw);
    }
    tz_assert(at == batch->column_count);
}

static tz_rc append_chunk(tz_batch *batch, tz_err *err)
{
    if (batch->in_chunk == 0)
        return TZ_OK;
    duckdb_data_chunk_set_size(batch->chunk, batch->in_chunk);
    if (duckdb_append_data_chunk(batch->appender, batch->chunk) != DuckDBSuccess)
        return tz_fail(err, TZ_SYSTEM, "无法写暂存表:%s", "cannot write the staging table: %s", duckdb_appender_error(batch->appender));
    duckdb_data_chunk_reset(batch->chunk);
    batch->in_chunk = 0;
    if (++batch->chunks % FLUSHED_CHUNKS == 0 && duckdb_appender_flush(batch->appender) != DuckDBSuccess)
        return tz_fail(err, TZ_SYSTEM, "无法写暂存表:%s", "cannot write the staging table: %s", duckdb_appender_error(batch->appender));
    new_chunk_columns(batch);
    return TZ_OK;
}

tz_rc tz_batch_append(tz_batch *batch, const tz_staged_row *row, tz_err *err)
{
    tz_assert(batch != NULL && row != NULL && row->content != NULL);
    put_number(batch, 0, row->sheet_no, false);
    put_number(batch, 1, row->row_no, false);
    put_text(batch, 2, tz_text_of(row->key));
    put_text(batch, 3, tz_text_of(row->content));
    put_text(batch, 4, row->slice.data == NULL ? TZ_TEXT("") : row->slice);
    put_text(batch, 5, row->period.data == NULL ? TZ_TEXT("") : row->period);
    put_number(batch, 6, row->is_quarantined, false);
    batch->has_problems |= row->problems.size > 0;
    put_text(batch, 7, row->problems.size == 0 ? (tz_text){0} : row->problems);
    put_values(batch, row->values);
    return ++batch->in_chunk < duckdb_vector_size() ? TZ_OK : append_chunk(batch, err);
}

tz_rc tz_batch_flush(tz_batch *batch, tz_err *err)
{
    tz_rc rc = append_chunk(batch, err);

    if (rc == TZ_OK && duckdb_appender_close(batch->appender) != DuckDBSuccess)
        rc = tz_fail(err, TZ_SYSTEM, "无法写暂存表:%s", "cannot write the staging table: %s", duckdb_appender_error(batch->appender));
    return rc == TZ_OK ? tz_duck_exec(&batch->duck, "COMMIT", err) : rc;
}

/* ---- Writing ---- */

static tz_rc list_slices(tz_batch *batch, json_t **ret_slices, tz_err *err)
{
    duckdb_result result;
    json_t       *slices = json_array();
    tz_rc rc = tz_duck_query(&batch->duck, "SELECT _slice, _period, count(*) FROM b GROUP BY _slice, _period ORDER BY _slice, _period",
                             NULL, 0, &result, err);
    if (rc != TZ_OK) {
        json_decref(slices);
        return rc;
    }
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        char *slice = duckdb_value_varchar(&result, 0, i), *period = duckdb_value_varchar(&result, 1, i);
        (void)json_array_append_new(slices, json_pack("{s:s, s:s, s:I}", "slice", slice, "period", period, "rows",
                                                      (json_int_t)duckdb_value_int64(&result, 2, i)));
        duckdb_free(slice);
        duckdb_free(period);
    }
    duckdb_destroy_result(&result);
    *ret_slices = slices;
    return TZ_OK;
}

/* Rows were appended in order of sheet and row, and the table keeps it: no sorting. */
tz_rc tz_batch_write(tz_arena *mem, tz_batch *batch, const char *path, json_t **ret_slices, tz_err *err)
{
    tz_assert(mem != NULL && batch != NULL && path != NULL && ret_slices != NULL);
    tz_rc  rc = TZ_OK;
    tz_buf sql = tz_buf_init(mem, 0);

    tz_buf_puts(&sql, "COPY (SELECT * FROM b) TO ");
    tz_sql_literal(&sql, tz_text_of(path));
    tz_buf_puts(&sql, " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 40960)");
    TZ_TRY(tz_duck_exec(&batch->duck, tz_buf_str(&sql), err));
    TZ_TRY(list_slices(batch, ret_slices, err));
done:
    return rc;
}
