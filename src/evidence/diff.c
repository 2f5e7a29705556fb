/* diff - what changed from one batch of a register to another. */
#include <string.h>

#include "base/assert.h"
#include "evidence/import.h"
#include "packs/mask.h"
#include "store/duck.h"

enum { MOST_ROWS = 20000 };

typedef struct {
    int64_t     number;
    const char *register_name, *file;
    const char *parquet; /* an SQL literal */
    json_t     *sheets;  /* owned */
} side;

typedef struct {
    tz_arena          *mem;
    tz_store          *store;
    const tz_register *reg;
    side               before, after;
    json_t            *lines;
} comparing;

static tz_rc find_side(comparing *of, int64_t number, side *ret_side, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    tz_buf  literal = tz_buf_init(of->mem, 0);

    TZ_TRY(tz_sql_open(of->store, "SELECT register, file, parquet, sheets FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, number);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)number);
        goto done;
    }
    tz_sql_literal(&literal, tz_text_of(tz_store_path(of->mem, of->store, "evidence", tz_sql_str(sql, 2))));
    *ret_side = (side){.number = number, .register_name = tz_sql_dup(of->mem, sql, 0), .file = tz_sql_dup(of->mem, sql, 1),
                       .parquet = tz_buf_str(&literal)};
    rc = tz_json_parse(tz_text_of(tz_sql_str(sql, 3)), &ret_side->sheets, err);
done:
    tz_sql_close(sql);
    return rc;
}

/* Rows of one key and period, the n-th beside the n-th; of those only what differs. */
static const char *diff_sql(comparing *of)
{
    tz_buf      sql = tz_buf_init(of->mem, 0);
    const char *numbered = "SELECT *, row_number() OVER (PARTITION BY _period, _key ORDER BY _content, _sheet, _rowno) AS _n FROM read_parquet(";

    tz_buf_printf(&sql, "SELECT CAST(x._sheet AS BIGINT), CAST(x._rowno AS BIGINT), CAST(y._sheet AS BIGINT), CAST(y._rowno AS BIGINT)");
    for (size_t i = 0; i < of->reg->columns.count; i++)
        for (int side_no = 0; side_no < 2; side_no++) {
            tz_buf_printf(&sql, ", CAST(%s.", side_no == 0 ? "x" : "y");
            tz_sql_name(&sql, of->reg->columns.items[i].name);
            tz_buf_puts(&sql, " AS VARCHAR)");
        }
    tz_buf_printf(&sql, " FROM (%s%s) WHERE NOT _quarantined) x FULL JOIN (%s%s) WHERE NOT _quarantined) y"
                        " ON x._period = y._period AND x._key = y._key AND x._n = y._n WHERE x._content IS DISTINCT FROM y._content"
                        " ORDER BY coalesce(y._sheet, x._sheet), coalesce(y._rowno, x._rowno), x._rowno LIMIT %d",
                  numbered, of->before.parquet, numbered, of->after.parquet, MOST_ROWS);
    return tz_buf_str(&sql);
}

static const char *text_at(comparing *of, duckdb_result *result, idx_t column, idx_t row)
{
    if (duckdb_value_is_null(result, column, row))
        return NULL;
    char       *text = duckdb_value_varchar(result, column, row);
    const char *kept = tz_arena_dup(of->mem, text);
    duckdb_free(text);
    return kept;
}

/* {"batch", "file", "sheet", "row"} of a side, null where the row is not there. */
static json_t *place_json(const side *of, duckdb_result *result, idx_t column, idx_t row)
{
    json_t     *place, *sheet;
    const char *name = NULL;
    size_t      i;

    if (duckdb_value_is_null(result, column, row))
        return json_null();
    json_array_foreach(of->sheets, i, sheet)
        if (tz_json_int(sheet, "no", 0) == duckdb_value_int64(result, column, row))
            name = tz_json_str(sheet, "sheet");
    place = json_object();
    tz_json_set_int(place, "batch", of->number);
    tz_json_set_str(place, "file", of->file);
    tz_json_set_str(place, "sheet", name);
    tz_json_set_int(place, "row", duckdb_value_int64(result, column + 1, row));
    return place;
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The values of the key, masked, of whichever side has the row. */
static const char *key_text(comparing *of, duckdb_result *result, idx_t row)
{
    tz_buf out = tz_buf_init(of->mem, 0);

    for (size_t i = 0; i < of->reg->key.count; i++) {
        size_t      column = (size_t)of->reg->key.items[i];
        const char *text = text_at(of, result, 5 + 2 * column, row);
        if (text == NULL)
            text = text_at(of, result, 4 + 2 * column, row);
        tz_buf_printf(&out, "%s%s", i == 0 ? "" : " / ", text == NULL ? "" : tz_mask_column(of->mem, &of->reg->columns.items[column], text));
    }
    return tz_buf_str(&out);
}

static json_t *new_line(comparing *of, duckdb_result *result, idx_t row, const char *change)
{
    json_t *line = json_object();

    tz_json_set_str(line, "change", change);
    tz_json_set_str(line, "register", of->reg->name);
    tz_json_set_str(line, "key", key_text(of, result, row));
    (void)json_object_set_new(line, "before", place_json(&of->before, result, 0, row));
    (void)json_object_set_new(line, "after", place_json(&of->after, result, 2, row));
    return line;
}

static void add_changes(comparing *of, duckdb_result *result, idx_t row)
{
    for (size_t i = 0; i < of->reg->columns.count; i++) {
        const tz_column *column = &of->reg->columns.items[i];
        const char      *from = text_at(of, result, 4 + 2 * i, row), *to = text_at(of, result, 5 + 2 * i, row);
        if (is_same(from, to))
            continue;
        json_t *line = new_line(of, result, row, "changed");
        tz_json_set_str(line, "column", column->name);
        tz_json_set_str(line, "from", tz_mask_column(of->mem, column, from));
        tz_json_set_str(line, "to", tz_mask_column(of->mem, column, to));
        (void)json_array_append_new(of->lines, line);
    }
}

static tz_rc compare(comparing *of, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result;

    TZ_TRY(tz_duck_open(0, 0, &duck, err));
    TZ_TRY(tz_duck_query(&duck, diff_sql(of), NULL, 0, &result, err));
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        if (duckdb_value_is_null(&result, 0, i))
            (void)json_array_append_new(of->lines, new_line(of, &result, i, "added"));
        else if (duckdb_value_is_null(&result, 2, i))
            (void)json_array_append_new(of->lines, new_line(of, &result, i, "removed"));
        else
            add_changes(of, &result, i);
    }
    duckdb_destroy_result(&result);
done:
    tz_duck_close(&duck);
    return rc;
}

tz_rc tz_batch_diff(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t before, int64_t after, json_t **ret_lines, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_lines != NULL);
    tz_rc     rc = TZ_OK;
    comparing of = {.mem = mem, .store = store, .lines = json_array()};

    TZ_TRY(find_side(&of, before, &of.before, err));
    TZ_TRY(find_side(&of, after, &of.after, err));
    if (strcmp(of.before.register_name, of.after.register_name) != 0) {
        rc = tz_fail(err, TZ_USAGE, "两个批次不是同一本名册:%s、%s", "the batches are of two registers: %s, %s", of.before.register_name,
                     of.after.register_name);
        goto done;
    }
    of.reg = tz_packs_register(packs, of.after.register_name);
    if (of.reg == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有名册 “%s”", "there is no register '%s'", of.after.register_name);
        goto done;
    }
    TZ_TRY(compare(&of, err));
    *ret_lines = json_incref(of.lines);
done:
    json_decref(of.before.sheets);
    json_decref(of.after.sheets);
    json_decref(of.lines);
    return rc;
}
