#include "packs/cells.h"

#include "base/date.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/money.h"

__extension__ typedef __int128 wide;

enum { FIRST_DAY = -719162, LAST_DAY = 2932896 }; /* 0001-01-01 and 9999-12-31 in days since 1970 */

/* ---- One cell ---- */

static tz_cells_end put_wide(tz_buf *out, wide number)
{
    if (number < INT64_MIN || number > INT64_MAX)
        return TZ_CELLS_RANGE;
    tz_buf_int(out, (int64_t)number);
    return TZ_CELLS_OK;
}

static wide wide_of(duckdb_hugeint value)
{
    return ((wide)value.upper << 64) | (wide)value.lower;
}

static tz_cells_end put_decimal(tz_buf *out, const void *data, duckdb_logical_type type, idx_t row)
{
    uint8_t scale = duckdb_decimal_scale(type);
    char    text[TZ_DECIMAL_TEXT];
    wide    scaled;

    switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT: scaled = ((const int16_t *)data)[row]; break;
    case DUCKDB_TYPE_INTEGER: scaled = ((const int32_t *)data)[row]; break;
    case DUCKDB_TYPE_BIGINT: scaled = ((const int64_t *)data)[row]; break;
    default: scaled = wide_of(((const duckdb_hugeint *)data)[row]); break;
    }
    if (scaled < INT64_MIN || scaled > INT64_MAX || scale > 18)
        return TZ_CELLS_RANGE;
    tz_decimal_format((int64_t)scaled, scale, text);
    tz_buf_printf(out, "\"%s\"", text);
    return TZ_CELLS_OK;
}

static void put_date(tz_buf *out, int32_t days)
{
    char text[TZ_DATE_TEXT];

    if (days < FIRST_DAY || days > LAST_DAY) { /* an infinite date is no day */
        tz_buf_puts(out, "null");
        return;
    }
    tz_date_format(tz_date_from_days(days), text);
    tz_buf_printf(out, "\"%s\"", text);
}

/* A list of BIGINT; nulls in it are left out. */
static tz_cells_end put_list(tz_buf *out, duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
    duckdb_logical_type child = duckdb_list_type_child_type(type);
    bool                is_rows = duckdb_get_type_id(child) == DUCKDB_TYPE_BIGINT;
    duckdb_list_entry   entry = ((const duckdb_list_entry *)duckdb_vector_get_data(vector))[row];
    const int64_t      *data = duckdb_vector_get_data(duckdb_list_vector_get_child(vector));
    uint64_t           *valid = duckdb_vector_get_validity(duckdb_list_vector_get_child(vector));
    const char         *comma = "";

    duckdb_destroy_logical_type(&child);
    if (!is_rows)
        return TZ_CELLS_TYPE;
    tz_buf_char(out, '[');
    for (idx_t i = 0; i < entry.length; i++)
        if (valid == NULL || duckdb_validity_row_is_valid(valid, entry.offset + i)) {
            tz_buf_puts(out, comma);
            tz_buf_int(out, data[entry.offset + i]);
            comma = ",";
        }
    tz_buf_char(out, ']');
    return TZ_CELLS_OK;
}

/* A column of the chunk at hand. */
typedef struct {
    duckdb_logical_type type;
    duckdb_type         id;
    duckdb_vector       vector;
    void               *data;
    uint64_t           *valid;
} column;

static tz_cells_end put_cell(tz_buf *out, const column *of, idx_t row)
{
    if (of->valid != NULL && !duckdb_validity_row_is_valid(of->valid, row)) {
        tz_buf_puts(out, "null");
        return TZ_CELLS_OK;
    }
    switch (of->id) {
    case DUCKDB_TYPE_SQLNULL: tz_buf_puts(out, "null"); return TZ_CELLS_OK;
    case DUCKDB_TYPE_BOOLEAN: tz_buf_puts(out, ((bool *)of->data)[row] ? "true" : "false"); return TZ_CELLS_OK;
    case DUCKDB_TYPE_TINYINT: return put_wide(out, ((int8_t *)of->data)[row]);
    case DUCKDB_TYPE_SMALLINT: return put_wide(out, ((int16_t *)of->data)[row]);
    case DUCKDB_TYPE_INTEGER: return put_wide(out, ((int32_t *)of->data)[row]);
    case DUCKDB_TYPE_BIGINT: return put_wide(out, ((int64_t *)of->data)[row]);
    case DUCKDB_TYPE_UBIGINT: return put_wide(out, (wide)((uint64_t *)of->data)[row]);
    case DUCKDB_TYPE_HUGEINT: return put_wide(out, wide_of(((duckdb_hugeint *)of->data)[row]));
    case DUCKDB_TYPE_DECIMAL: return put_decimal(out, of->data, of->type, row);
    case DUCKDB_TYPE_DATE: put_date(out, ((int32_t *)of->data)[row]); return TZ_CELLS_OK;
    case DUCKDB_TYPE_LIST: return put_list(out, of->vector, of->type, row);
    case DUCKDB_TYPE_DOUBLE: tz_buf_printf(out, "\"%.10g\"", ((double *)of->data)[row]); return TZ_CELLS_OK;
    case DUCKDB_TYPE_VARCHAR: {
        duckdb_string_t *at = &((duckdb_string_t *)of->data)[row];
        tz_json_put_string((tz_text){duckdb_string_t_data(at), duckdb_string_t_length(*at)}, out);
        return TZ_CELLS_OK;
    }
    default: return TZ_CELLS_TYPE;
    }
}

/* ---- All of them ---- */

static tz_cells_end put_chunk(tz_buf *out, duckdb_data_chunk chunk, column *columns, idx_t count, bool is_first)
{
    tz_cells_end end = TZ_CELLS_OK;

    for (idx_t i = 0; i < count; i++) {
        columns[i].vector = duckdb_data_chunk_get_vector(chunk, i);
        columns[i].data = duckdb_vector_get_data(columns[i].vector);
        columns[i].valid = duckdb_vector_get_validity(columns[i].vector);
    }
    for (idx_t row = 0, rows = duckdb_data_chunk_get_size(chunk); row < rows && end == TZ_CELLS_OK; row++) {
        tz_buf_puts(out, is_first && row == 0 ? "[" : ",[");
        for (idx_t i = 0; i < count && end == TZ_CELLS_OK; i++) {
            if (i > 0)
                tz_buf_char(out, ',');
            end = put_cell(out, &columns[i], row);
        }
        tz_buf_char(out, ']');
    }
    return end;
}

tz_cells_end tz_cells_write(duckdb_result *result, tz_buf *out)
{
    tz_cells_end end = TZ_CELLS_OK;
    idx_t        count = duckdb_column_count(result), rows = 0;
    column      *columns = tz_new_array(out->mem, column, count + 1);

    tz_buf_puts(out, "{\"ok\":true,\"columns\":[");
    for (idx_t i = 0; i < count; i++) {
        columns[i].type = duckdb_column_logical_type(result, i);
        columns[i].id = duckdb_get_type_id(columns[i].type);
        tz_buf_puts(out, i == 0 ? "" : ",");
        tz_json_put_string(tz_text_of(duckdb_column_name(result, i)), out);
    }
    tz_buf_puts(out, "],\"rows\":[");
    for (duckdb_data_chunk chunk; end == TZ_CELLS_OK && (chunk = duckdb_fetch_chunk(*result)) != NULL;) {
        bool is_first = rows == 0;
        rows += duckdb_data_chunk_get_size(chunk);
        end = rows > TZ_MAX_SQL_ROWS ? TZ_CELLS_ROWS : put_chunk(out, chunk, columns, count, is_first);
        if (out->is_over)
            end = TZ_CELLS_BYTES;
        duckdb_destroy_data_chunk(&chunk);
    }
    tz_buf_puts(out, "]");
    for (idx_t i = 0; i < count; i++)
        duckdb_destroy_logical_type(&columns[i].type);
    return end == TZ_CELLS_OK && out->is_over ? TZ_CELLS_BYTES : end;
}
