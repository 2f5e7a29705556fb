#include "store/erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/duck.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"
#include "store/shape.h"

tz_rc tz_erase_prepare(tz_store *store, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction);
    return tz_store_exec(store, "PRAGMA secure_delete = ON", true, err);
}

/* ---- Saying so ---- */

static tz_rc is_erased(tz_store *store, const char *table, const char *key, bool *ret_is_erased, tz_err *err)
{
    int64_t count = 0;
    tz_rc   rc = tz_sql_one(store, "SELECT count(*) FROM erasure WHERE of_table = ?1 AND of_key = ?2", table, key, &count, err);

    if (rc == TZ_OK)
        *ret_is_erased = count > 0;
    return rc;
}

static tz_rc put_erasure(tz_store *store, const tz_order *order, const char *table, const char *key, const char *field, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t id = 0;
    json_t *image = json_object();

    TZ_TRY(tz_journal_next_id(store, "erasure", "erasure", &id, err));
    tz_json_set_int(image, "erasure", id);
    tz_json_set_str(image, "by_order", order->number);
    tz_json_set_str(image, "of_table", table);
    tz_json_set_str(image, "of_key", key);
    tz_json_set_str(image, "field", field);
    tz_json_set_int(image, "entry", 0);
    TZ_TRY(tz_journal_put(store, "erase", "erasure", image, order->why, NULL, err));
done:
    json_decref(image);
    return rc;
}

/* Runs one of our writing statements with two texts and an optional third. */
static tz_rc change(tz_store *store, const char *sql, const char *a, const char *b, const char *c, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *statement = NULL;

    TZ_TRY(tz_store_statement(store, sql, &statement, err));
    tz_sql_bind_text(statement, 1, a);
    tz_sql_bind_text(statement, 2, b);
    if (c != NULL)
        tz_sql_bind_text(statement, 3, c);
    TZ_TRY(tz_store_write(store, statement, err));
done:
    return rc;
}

/* ---- State ---- */

/* The name of the table's one key column, in mem. */
static tz_rc key_column(tz_arena *mem, tz_store *store, const char *table, const char **ret_column, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0", &sql, err));
    tz_sql_bind_text(sql, 1, table);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    tz_assert(has_row);
    *ret_column = tz_sql_dup(mem, sql, 0);
done:
    tz_sql_close(sql);
    return rc;
}

/* Does a value stand beside any entry of this row and field? */
static tz_rc has_value(tz_store *store, const char *table, const char *key, const char *field, bool *ret_has, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;

    TZ_TRY(tz_store_statement(store, "SELECT 1 FROM journal j JOIN journal_private p USING (entry) WHERE j.of_table = ?1 AND j.of_key = ?2"
                                     " AND p.field = ?3 AND p.value IS NOT NULL LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, table);
    tz_sql_bind_text(sql, 2, key);
    tz_sql_bind_text(sql, 3, field);
    TZ_TRY(tz_store_read(store, sql, ret_has, err));
done:
    (void)sqlite3_reset(sql);
    return rc;
}

const char *tz_erased_text(const char *table, const char *column)
{
    bool is_json = (strcmp(table, "issue") == 0 && strcmp(column, "fields") == 0) ||
                   (strcmp(table, "issue_source") == 0 && strcmp(column, "cells") == 0);
    return is_json ? "{}" : TZ_ERASED;
}

static tz_rc erase_column(tz_store *store, const tz_order *order, const char *table, const char *key_name, const char *key,
                          const char *column, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    bool     has = false;

    TZ_TRY(has_value(store, table, key, column, &has, err));
    if (!has)
        goto done;
    TZ_TRY(put_erasure(store, order, table, key, column, err));
    TZ_TRY(change(store, "UPDATE journal_private SET value = NULL, salt = zeroblob(16) WHERE field = ?3 AND entry IN"
                        " (SELECT entry FROM journal WHERE of_table = ?1 AND of_key = ?2)", table, key, column, err));
    TZ_TRY(change(store, tz_arena_printf(&mem, "UPDATE \"%s\" SET \"%s\" = ?1 WHERE \"%s\" = ?2", table, column, key_name),
                 tz_erased_text(table, column), key, NULL, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_erase_state(tz_store *store, const tz_order *order, const char *table, const char *key, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && order != NULL && order->number != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    const char *key_name = NULL;

    for (const tz_personal_column *one = TZ_PERSONAL_COLUMNS; one->table != NULL; one++) {
        if (strcmp(one->table, table) != 0)
            continue;
        if (key_name == NULL)
            TZ_TRY(key_column(&mem, store, table, &key_name, err));
        TZ_TRY(erase_column(store, order, table, key_name, key, one->column, err));
    }
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- Findings ---- */

typedef struct {
    int64_t     entry;
    const char *commitment; /* {"commit":"…"} */
} event_commitment;
typedef TZ_ARRAY(event_commitment) event_commitments;

/* What the finding's events committed to; those erased before are left out. */
static tz_rc read_commitments(tz_arena *mem, tz_store *store, const char *finding, event_commitments *ret_list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT entry, salt, params FROM finding_event WHERE finding = CAST(?1 AS INTEGER)", &sql, err));
    tz_sql_bind_text(sql, 1, finding);
    TZ_EACH_ROW (store, sql, err) {
        uint8_t salt[16] = {0};
        tz_text params = {tz_sql_str(sql, 2), (size_t)sqlite3_column_bytes(sql, 2)};
        if (tz_is_erased_event(params))
            continue;
        tz_buf value = tz_buf_init(mem, 0), out = tz_buf_init(mem, 0);
        memcpy(salt, sqlite3_column_blob(sql, 1), sqlite3_column_bytes(sql, 1) == 16 ? 16 : 0);
        tz_json_put_string(params, &value);
        tz_put_commitment(&out, salt, "params", tz_buf_text(&value));
        tz_push(mem, ret_list, (event_commitment){tz_sql_int(sql, 0), tz_buf_str(&out)});
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_erase_finding(tz_store *store, const tz_order *order, int64_t finding, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && order != NULL && order->number != NULL);
    tz_rc             rc = TZ_OK;
    tz_arena          mem = {0};
    const char       *key = tz_arena_printf(&mem, "%" PRId64, finding);
    event_commitments list = {0};

    TZ_TRY(read_commitments(&mem, store, key, &list, err));
    if (list.count == 0)
        goto done;
    TZ_TRY(put_erasure(store, order, "finding_event", key, "params", err));
    for (size_t i = 0; i < list.count; i++)
        TZ_TRY(change(store, "UPDATE finding_event SET params = ?1, salt = zeroblob(16) WHERE finding = CAST(?2 AS INTEGER)"
                            " AND entry = CAST(?3 AS INTEGER)", list.items[i].commitment, key,
                     tz_arena_printf(&mem, "%" PRId64, list.items[i].entry), err));
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- Rows of batches ---- */

/* SELECT list that gives the file's columns, null in the rows that go. */
static tz_rc write_columns(tz_duck *duck, const char *path, const char *number, tz_buf *out, tz_err *err)
{
    static const char *const KEPT[] = {"_sheet", "_rowno", "_slice", "_period"};
    tz_rc         rc = TZ_OK;
    duckdb_result result;
    tz_buf        sql = tz_buf_init(out->mem, 0);

    tz_buf_puts(&sql, "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(path));
    tz_buf_puts(&sql, "))");
    rc = tz_duck_query(duck, tz_buf_str(&sql), NULL, 0, &result, err);
    if (rc != TZ_OK)
        return rc;
    json_t *problem = json_pack("[{s:n, s:n, s:s, s:s}]", "column", "value", "rule", "依令删除|erased by order", "advice", number);
    tz_buf  text = tz_buf_init(out->mem, 0);
    tz_json_canonical(problem, &text);
    json_decref(problem);
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        char *column = duckdb_value_varchar(&result, 0, i);
        bool  is_kept = false;
        for (size_t k = 0; k < sizeof KEPT / sizeof KEPT[0]; k++)
            is_kept |= strcmp(column, KEPT[k]) == 0;
        tz_buf_puts(out, i == 0 ? "" : ", ");
        if (!is_kept) {
            tz_buf_puts(out, "CASE WHEN _is_erased THEN ");
            if (strcmp(column, "_problems") == 0)
                tz_sql_literal(out, tz_buf_text(&text));
            else
                tz_buf_puts(out, strcmp(column, "_quarantined") == 0 ? "true" : "NULL");
            tz_buf_puts(out, " ELSE ");
        }
        tz_sql_name(out, column);
        if (!is_kept) {
            tz_buf_puts(out, " END AS ");
            tz_sql_name(out, column);
        }
        duckdb_free(column);
    }
    duckdb_destroy_result(&result);
    return TZ_OK;
}

/* Writes the batch's rows anew, without the values of those that go; *ret_fresh of them were accepted rows. */
static tz_rc write_parquet(tz_arena *mem, const char *from, const char *to, const int64_t *row_ids, size_t count, const char *number,
                           int64_t *ret_fresh, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result;
    tz_buf        hit = tz_buf_init(mem, 0), sql = tz_buf_init(mem, 0);
    char         *staged = tz_file_staging(mem, to);

    tz_buf_puts(&hit, "(_sheet, _rowno) IN (");
    for (size_t i = 0; i < count; i++)
        tz_buf_printf(&hit, "%s(%" PRId64 ", %" PRId64 ")", i == 0 ? "" : ", ", tz_row_sheet(row_ids[i]), tz_row_number(row_ids[i]));
    tz_buf_puts(&hit, ")");
    TZ_TRY(tz_duck_open(1, 0, &duck, err));
    tz_buf_puts(&sql, "SELECT count(*) FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(from));
    tz_buf_printf(&sql, ") WHERE NOT _quarantined AND %s", tz_buf_str(&hit));
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, err));
    *ret_fresh = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    sql = tz_buf_init(mem, 0);
    tz_buf_puts(&sql, "COPY (SELECT ");
    TZ_TRY(write_columns(&duck, from, number, &sql, err));
    tz_buf_printf(&sql, " FROM (SELECT *, %s AS _is_erased FROM read_parquet(", tz_buf_str(&hit));
    tz_sql_literal(&sql, tz_text_of(from));
    tz_buf_puts(&sql, "))) TO ");
    tz_sql_literal(&sql, tz_text_of(staged));
    tz_buf_puts(&sql, " (FORMAT parquet, COMPRESSION zstd)");
    TZ_TRY(tz_duck_exec(&duck, tz_buf_str(&sql), err));
    TZ_TRY(tz_file_commit(staged, to, 0444, err));
done:
    (void)unlink(staged);
    tz_duck_close(&duck);
    return rc;
}

/* The batch's row as an image. */
static tz_rc read_batch(tz_store *store, int64_t batch, json_t **ret_image, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT * FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row)
        *ret_image = tz_sql_json(sql);
    else
        rc = tz_fail(err, TZ_MISSING, "没有批次 %" PRId64, "there is no batch %" PRId64, batch);
done:
    tz_sql_close(sql);
    return rc;
}

/* REGISTER-IDENTITY.parquet becomes REGISTER-IDENTITY-N.parquet, N the entry that says so. */
static const char *next_name(tz_arena *mem, const json_t *image, int64_t entry)
{
    return tz_arena_printf(mem, "%s-%.16s-%" PRId64 ".parquet", tz_json_str(image, "register"), tz_json_str(image, "identity"), entry);
}

static tz_rc erase_in_batch(tz_store *store, const tz_order *order, int64_t batch, const int64_t *row_ids, size_t count, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_arena  mem = {0};
    json_t   *image = NULL;
    int64_t   entries = 0, fresh = 0;
    tz_digest digest;
    char      hex[TZ_SM3_HEX];

    TZ_TRY(read_batch(store, batch, &image, err));
    for (size_t i = 0; i < count; i++)
        TZ_TRY(put_erasure(store, order, "row", tz_arena_printf(&mem, "%" PRId64, row_ids[i]), "", err));
    TZ_TRY(tz_journal_count(store, &entries, err));
    const char *name = next_name(&mem, image, entries);
    const char *path = tz_store_path(&mem, store, "evidence", name);
    TZ_TRY(write_parquet(&mem, tz_store_path(&mem, store, "evidence", tz_json_str(image, "parquet")), path, row_ids, count,
                         order->number, &fresh, err));
    TZ_TRY(tz_sm3_file(path, &digest, NULL, err));
    tz_digest_hex(&digest, hex);
    tz_json_set_str(image, "parquet", name);
    tz_json_set_str(image, "parquet_digest", hex);
    tz_json_set_int(image, "accepted", tz_json_int(image, "accepted", 0) - fresh);
    tz_json_set_int(image, "quarantined", tz_json_int(image, "quarantined", 0) + fresh);
    TZ_TRY(tz_journal_put(store, "erase", "batch", image, order->why, NULL, err));
    TZ_TRY(tz_erase_original(store, order, tz_json_str(image, "original"), err));
done:
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

tz_rc tz_erase_rows(tz_store *store, const tz_order *order, const int64_t *row_ids, size_t count, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && order != NULL && order->number != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    TZ_ARRAY(int64_t) wanted = {0};

    for (size_t i = 0; i < count; i++) {
        bool is_gone = false;
        TZ_TRY(is_erased(store, "row", tz_arena_printf(&mem, "%" PRId64, row_ids[i]), &is_gone, err));
        if (!is_gone)
            tz_push(&mem, &wanted, row_ids[i]);
    }
    if (wanted.count > 0)
        qsort(wanted.items, wanted.count, sizeof wanted.items[0], compare_ids);
    for (size_t from = 0, to = 0; from < wanted.count; from = to) {
        int64_t batch = tz_row_batch(wanted.items[from]);
        for (to = from; to < wanted.count && tz_row_batch(wanted.items[to]) == batch;)
            to++;
        TZ_TRY(erase_in_batch(store, order, batch, wanted.items + from, to - from, err));
    }
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- Files ---- */

tz_rc tz_erase_is_original_gone(tz_store *store, const char *digest, bool *ret_is_gone, tz_err *err)
{
    return is_erased(store, "original", digest, ret_is_gone, err);
}

tz_rc tz_erase_original(tz_store *store, const tz_order *order, const char *digest, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && digest != NULL);
    tz_rc rc = TZ_OK;
    bool  is_gone = false;

    TZ_TRY(is_erased(store, "original", digest, &is_gone, err));
    if (!is_gone)
        TZ_TRY(put_erasure(store, order, "original", digest, "", err));
done:
    return rc;
}

tz_rc tz_erase_finish(tz_store *store, tz_err *err)
{
    tz_assert(store != NULL && !store->inside->is_in_transaction);
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_sweep(store, err));
    TZ_TRY(tz_store_statement(store, "PRAGMA wal_checkpoint(TRUNCATE)", &sql, err));
    TZ_TRY(tz_store_read(store, sql, &has_row, err));
    if (has_row && tz_sql_int(sql, 0) != 0) {
        (void)tz_fail(err, TZ_BUSY, "已删除;但另有程序正在读账本,旧页要等它结束才清除",
                      "erased; but a program is reading the ledger, and old pages stay until it has ended");
        rc = tz_err_advise(err, "结束后运行任一写命令", "then run any command that writes");
    }
done:
    (void)sqlite3_reset(sql);
    return rc;
}

/* ---- What was erased ---- */

tz_rc tz_erase_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    return tz_sql_list(store, "SELECT erasure, by_order AS \"order\", of_table AS \"table\", of_key AS key, field, entry FROM erasure"
                              " ORDER BY erasure", ret_rows, err);
}
