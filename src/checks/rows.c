/* rows - what is known of the rows that findings rest on: key, content, persons; and which rows
 * have a key now.  Everything is asked of DuckDB in bulk, one statement a batch, never row by row.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "checks/inside.h"

static tz_rc find_people(tz_rows *rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(rows->store, "SELECT max(run) FROM link_run WHERE entry <= ?1", &sql, err));
    tz_sql_bind_int(sql, 1, rows->day.at);
    TZ_TRY(tz_sql_step(rows->store, sql, &has_row, err));
    if (!has_row || tz_sql_int(sql, 0) == 0)
        goto done;
    const char *name = tz_arena_printf(rows->mem, "people-%lld.parquet", (long long)tz_sql_int(sql, 0));
    rows->people = tz_store_path(rows->mem, rows->store, "derived", name);
    if (!tz_file_exists(rows->people)) {
        (void)tz_fail(err, TZ_MISSING, "缺少派生数据 %s", "the derived file %s is missing", name);
        rc = tz_err_advise(err, "运行 taizhang rebuild", "run taizhang rebuild");
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_rows_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_rows *ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    tz_rows rows = {.mem = mem, .store = store, .packs = packs, .day = day, .facts = tz_map_init(mem), .now = tz_map_init(mem)};

    TZ_TRY(find_people(&rows, err));
    TZ_TRY(tz_duck_open(0, 0, &rows.duck, err));
    TZ_TRY(tz_duck_exec(&rows.duck, "CREATE TABLE wanted (row BIGINT); CREATE TABLE wanted_text (t VARCHAR)", err));
    *ret_rows = rows;
    rows.duck = (tz_duck){0};
done:
    tz_duck_close(&rows.duck);
    return rc;
}

void tz_rows_close(tz_rows *rows)
{
    tz_duck_close(&rows->duck);
}

/* ---- Filling the tables that statements join with ---- */

static tz_rc append_failed(tz_err *err)
{
    return tz_fail(err, TZ_SYSTEM, "数据引擎不能写入临时表", "the data engine cannot fill a temporary table");
}

/* Empties a table of one column and fills it: from ids, or where they are NULL from texts. */
static tz_rc refill(tz_rows *rows, const char *table, const int64_t *ids, const char *const *texts, size_t count, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    duckdb_appender appender = NULL;

    TZ_TRY(tz_duck_exec(&rows->duck, tz_arena_printf(rows->mem, "DELETE FROM %s", table), err));
    if (duckdb_appender_create(rows->duck.connection, NULL, table, &appender) != DuckDBSuccess) {
        rc = append_failed(err);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        (void)(ids != NULL ? duckdb_append_int64(appender, ids[i]) : duckdb_append_varchar(appender, texts[i]));
        (void)duckdb_appender_end_row(appender);
    }
    if (duckdb_appender_flush(appender) != DuckDBSuccess)
        rc = append_failed(err);
done:
    (void)duckdb_appender_destroy(&appender);
    return rc;
}

tz_rc tz_rows_want_texts(tz_rows *rows, const char *const *texts, size_t count, tz_err *err)
{
    return refill(rows, "wanted_text", NULL, texts, count, err);
}

/* ---- Facts ---- */

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static tz_text id_key(const int64_t *row_id)
{
    return (tz_text){(const char *)row_id, sizeof *row_id};
}

const tz_row_fact *tz_rows_fact(const tz_rows *rows, int64_t row_id)
{
    const tz_map_entry *entry = tz_map_get(&rows->facts, id_key(&row_id));
    return entry == NULL || entry->value == 0 ? NULL : &rows->fact.items[entry->value - 1];
}

/* A text column of a result as a copy in mem, "" for null. */
static const char *text_of(tz_arena *mem, duckdb_result *result, idx_t column, idx_t row)
{
    if (duckdb_value_is_null(result, column, row))
        return "";
    char       *value = duckdb_value_varchar(result, column, row);
    const char *copy = tz_arena_dup(mem, value);
    duckdb_free(value);
    return copy;
}

/* The column that says where a register's rows lie, NULL: none. */
static const char *place_column(const tz_register *reg)
{
    for (size_t i = 0; reg != NULL && i < reg->identities.count; i++)
        if (reg->identities.items[i].village >= 0)
            return reg->columns.items[reg->identities.items[i].village].name;
    for (size_t i = 0; reg != NULL && i < reg->columns.count; i++)
        if (reg->columns.items[i].type == TZ_TYPE_DIVISION)
            return reg->columns.items[i].name;
    return NULL;
}

/* SELECT of the wanted rows of one batch; nothing for a batch that is not there. */
static tz_rc put_batch_facts(tz_rows *rows, int64_t batch, tz_buf *out, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(rows->store, "SELECT parquet, register FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(rows->store, sql, &has_row, err));
    if (!has_row)
        goto done;
    const char *place = place_column(tz_packs_register(rows->packs, tz_sql_str(sql, 1)));
    tz_buf_puts(out, out->size == 0 ? "" : " UNION ALL ");
    tz_buf_puts(out, "SELECT w.row AS row, p._key AS k, p._content AS c, ");
    if (place == NULL)
        tz_buf_puts(out, "NULL");
    else
        tz_sql_name(out, place);
    tz_buf_puts(out, " AS d FROM wanted w JOIN read_parquet(");
    tz_sql_literal(out, tz_text_of(tz_store_path(rows->mem, rows->store, "evidence", tz_sql_str(sql, 0))));
    tz_buf_printf(out, ") p ON w.row = (%lld::BIGINT << 36) | (p._sheet::BIGINT << 26) | p._rowno::BIGINT AND NOT p._quarantined",
                  (long long)batch);
done:
    tz_sql_close(sql);
    return rc;
}

/* SELECT row, key, content, division of the wanted rows of each batch among the sorted ids. */
static tz_rc facts_sql(tz_rows *rows, const int64_t *ids, size_t count, tz_buf *out, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < count; i++)
        if (i == 0 || tz_row_batch(ids[i - 1]) != tz_row_batch(ids[i]))
            TZ_TRY(put_batch_facts(rows, tz_row_batch(ids[i]), out, err));
done:
    return rc;
}

/* The facts of the wanted rows, with the persons of all their roles and their household. */
static const char *with_persons(tz_rows *rows, const char *facts)
{
    if (rows->people == NULL)
        return tz_arena_printf(rows->mem, "SELECT row, k, c, '', d FROM (%s)", facts);
    tz_buf path = tz_buf_init(rows->mem, 0);
    tz_sql_literal(&path, tz_text_of(rows->people));
    return tz_arena_printf(rows->mem,
                           "WITH p AS (SELECT row, string_agg(DISTINCT entity, ',' ORDER BY entity) AS entities FROM ("
                           "  SELECT q.row, q.person AS entity FROM read_parquet(%s) q JOIN wanted w ON w.row = q.row"
                           "   WHERE q.person IS NOT NULL"
                           "  UNION ALL SELECT q.row, q.household FROM read_parquet(%s) q JOIN wanted w ON w.row = q.row"
                           "   WHERE q.household IS NOT NULL) GROUP BY row)"
                           "SELECT f.row, f.k, f.c, p.entities, f.d FROM (%s) f LEFT JOIN p ON p.row = f.row",
                           tz_buf_str(&path), tz_buf_str(&path), facts);
}

static void take_facts(tz_rows *rows, duckdb_result *result)
{
    idx_t count = duckdb_row_count(result);

    for (idx_t i = 0; i < count; i++) {
        int64_t       row = duckdb_value_int64(result, 0, i);
        tz_map_entry *entry = tz_map_put(&rows->facts, id_key(&row), NULL);
        tz_push(rows->mem, &rows->fact, (tz_row_fact){
            .row = row,
            .key = text_of(rows->mem, result, 1, i),
            .content = text_of(rows->mem, result, 2, i),
            .persons = text_of(rows->mem, result, 3, i),
            .division = text_of(rows->mem, result, 4, i),
        });
        entry->value = (int64_t)rows->fact.count;
    }
}

tz_rc tz_rows_load(tz_rows *rows, const int64_t *row_ids, size_t count, tz_err *err)
{
    tz_assert(rows != NULL && (row_ids != NULL || count == 0));
    tz_rc         rc = TZ_OK;
    int64_t      *ids = tz_new_array(rows->mem, int64_t, count + 1);
    size_t        missing = 0;
    tz_buf        facts = tz_buf_init(rows->mem, 0);
    duckdb_result result = {0};

    for (size_t i = 0; i < count; i++) {
        bool is_new = false;
        (void)tz_map_put(&rows->facts, id_key(&row_ids[i]), &is_new);
        if (is_new)
            ids[missing++] = row_ids[i];
    }
    if (missing == 0)
        goto done;
    qsort(ids, missing, sizeof ids[0], compare_ids);
    TZ_TRY(refill(rows, "wanted", ids, NULL, missing, err));
    TZ_TRY(facts_sql(rows, ids, missing, &facts, err));
    if (facts.size == 0)
        goto done;
    TZ_TRY(tz_duck_query(&rows->duck, with_persons(rows, tz_buf_str(&facts)), NULL, 0, &result, err));
    take_facts(rows, &result);
done:
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- Rows of the present ---- */

/* The condition that keeps of a batch's file the parts of it that are valid. */
static void put_parts(tz_buf *out, const tz_valid_parts *parts, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        tz_buf_puts(out, i == from ? "((_slice = " : " OR (_slice = ");
        tz_sql_literal(out, tz_text_of(parts->items[i].slice));
        tz_buf_puts(out, " AND _period = ");
        tz_sql_literal(out, tz_text_of(parts->items[i].period));
        tz_buf_char(out, ')');
    }
    tz_buf_char(out, ')');
}

static int compare_parts(const void *a, const void *b)
{
    int64_t x = ((const tz_valid_part *)a)->batch, y = ((const tz_valid_part *)b)->batch;
    return (x > y) - (x < y);
}

/* SELECT row, key, content of the valid rows that have a wanted key. */
static void now_sql(tz_rows *rows, const tz_register *reg, const tz_valid_parts *parts, tz_buf *out)
{
    tz_buf_puts(out, "SELECT row, k, c FROM (");
    for (size_t i = 0, to; i < parts->count; i = to) {
        for (to = i + 1; to < parts->count && parts->items[to].batch == parts->items[i].batch; to++)
            ;
        tz_buf_printf(out,
                      "%sSELECT (%lld::BIGINT << 36) | (_sheet::BIGINT << 26) | _rowno::BIGINT AS row, _key AS k,"
                      " _content AS c, %lld AS rank FROM read_parquet(",
                      i == 0 ? "" : " UNION ALL ", (long long)parts->items[i].batch, (long long)parts->items[i].rank);
        tz_sql_literal(out, tz_text_of(tz_store_path(rows->mem, rows->store, "evidence", parts->items[i].parquet)));
        tz_buf_puts(out, ") WHERE NOT _quarantined AND _key IN (SELECT t FROM wanted_text) AND ");
        put_parts(out, parts, i, to);
    }
    tz_buf_puts(out, ")");
    if (reg->period == TZ_PERIOD_EVENT)
        tz_buf_puts(out, " QUALIFY rank = max(rank) OVER (PARTITION BY k)");
}

static tz_text now_key(tz_arena *mem, const char *register_name, const char *key)
{
    return tz_text_of(tz_arena_printf(mem, "%s\x1f%s", register_name, key));
}

tz_rc tz_rows_load_now(tz_rows *rows, const tz_register *reg, const char *const *keys, size_t count, tz_err *err)
{
    tz_assert(rows != NULL && reg != NULL);
    tz_rc          rc = TZ_OK;
    tz_valid_parts parts = {0};
    tz_buf         sql = tz_buf_init(rows->mem, 0);
    duckdb_result  result = {0};

    TZ_TRY(tz_valid_find(rows->mem, rows->store, reg, rows->day, &parts, err));
    if (parts.count == 0 || count == 0)
        goto done;
    qsort(parts.items, parts.count, sizeof parts.items[0], compare_parts);
    TZ_TRY(tz_rows_want_texts(rows, keys, count, err));
    now_sql(rows, reg, &parts, &sql);
    TZ_TRY(tz_duck_query(&rows->duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, end = duckdb_row_count(&result); i < end; i++) {
        const char   *key = text_of(rows->mem, &result, 1, i);
        tz_map_entry *entry = tz_map_put(&rows->now, now_key(rows->mem, reg->name, key), NULL);
        tz_push(rows->mem, &rows->now_row, (tz_now_row){
            .row = duckdb_value_int64(&result, 0, i), .content = text_of(rows->mem, &result, 2, i), .next = entry->value});
        entry->value = (int64_t)rows->now_row.count;
    }
done:
    duckdb_destroy_result(&result);
    return rc;
}

const tz_now_row *tz_rows_now(const tz_rows *rows, const char *register_name, const char *key)
{
    const tz_map_entry *entry = tz_map_get(&rows->now, now_key(rows->mem, register_name, key));
    return entry == NULL ? NULL : &rows->now_row.items[entry->value - 1];
}

const tz_now_row *tz_rows_next(const tz_rows *rows, const tz_now_row *row)
{
    return row->next == 0 ? NULL : &rows->now_row.items[row->next - 1];
}
