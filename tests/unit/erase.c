/* erase: what goes by order is gone from the rows, the Parquet file and the originals; without an order it is named. */
#include "../county.h"

#include "store/erase.h"

static const county_line LINES[] = {
    {0, "1", "张三", "2019-2", "甲校", "400.00"},
    {0, "1", "张三", "2019-2", "乙校", "300.00"},
    {0, "2", "李四", "2019-2", "甲校", "500.00"},
};
static const tz_order ORDER = {.number = "order 1", .why = "a test"};

static size_t problems(small_county *county, const char *kind)
{
    tz_verification result = {0};
    size_t          count = 0;

    MUST(tz_store_verify(&county->mem, county->store, TZ_VERIFY_STATE, &result, err));
    for (size_t i = 0; i < result.problems.count; i++)
        count += kind == NULL || strcmp(result.problems.items[i].kind, kind) == 0;
    return count;
}

static int64_t one(small_county *county, const char *select)
{
    int64_t value = 0;
    MUST(tz_sql_one(county->store, select, NULL, NULL, &value, err));
    return value;
}

/* A number that DuckDB computes over the batch's Parquet file. */
static int64_t of_parquet(small_county *county, int64_t batch, const char *select)
{
    tz_duck       duck = {0};
    duckdb_result result;
    tz_sql       *sql = NULL;
    bool          has_row = false;
    tz_buf        text = tz_buf_init(&county->mem, 0);

    MUST(tz_sql_open(county->store, "SELECT parquet FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    MUST(tz_sql_step(county->store, sql, &has_row, err));
    tz_buf_printf(&text, "SELECT %s FROM read_parquet(", select);
    tz_sql_literal(&text, tz_text_of(tz_store_path(&county->mem, county->store, "evidence", tz_sql_str(sql, 0))));
    tz_buf_puts(&text, ")");
    tz_sql_close(sql);
    MUST(tz_duck_open(1, 512, &duck, err));
    MUST(tz_duck_query(&duck, tz_buf_str(&text), NULL, 0, &result, err));
    int64_t value = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    return value;
}

static void begin(small_county *county)
{
    MUST(tz_store_begin(county->store, err));
    MUST(tz_erase_prepare(county->store, err));
}

static void commit(small_county *county)
{
    MUST(tz_store_commit(county->store, err));
    MUST(tz_erase_finish(county->store, err));
}

static void a_row_goes_and_the_others_stay(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t batch = county_deliver(&county, "aid", "2020-01-15", 0, LINES, 3), row = tz_row_id(batch, 1, 4);

    begin(&county);
    MUST(tz_erase_rows(county.store, &ORDER, &row, 1, err));
    commit(&county);
    assert_int_equal(of_parquet(&county, batch, "count(*)"), 3);
    assert_int_equal(of_parquet(&county, batch, "count(name)"), 2);
    assert_int_equal(of_parquet(&county, batch, "count(*) FILTER (WHERE _rowno = 4 AND _quarantined AND _key IS NULL AND amount IS NULL"
                                                " AND _problems LIKE '%order 1%')"), 1);
    assert_int_equal(of_parquet(&county, batch, "sum(amount)::BIGINT"), 800);
    assert_int_equal(one(&county, "SELECT accepted FROM batch") * 10 + one(&county, "SELECT quarantined FROM batch"), 21);
    assert_int_equal(one(&county, "SELECT count(*) FROM erasure WHERE of_table = 'original'"), 1);
    begin(&county); /* the same order again, another row of the same batch */
    int64_t rows[] = {row, tz_row_id(batch, 1, 6)};
    MUST(tz_erase_rows(county.store, &ORDER, rows, 2, err));
    commit(&county);
    assert_int_equal(of_parquet(&county, batch, "count(name)"), 1);
    assert_int_equal(one(&county, "SELECT count(*) FROM erasure WHERE of_table = 'row'"), 2);
    assert_int_equal(one(&county, "SELECT count(*) FROM erasure WHERE of_table = 'original'"), 1);
    county_drop(&county);
}

static void a_file_is_not_taken_again(void **state)
{
    (void)state;
    small_county county;
    tz_digest    digest;
    tz_err       wrong = {0};
    char         hex[TZ_SM3_HEX];

    county_make(&county);
    county_write(&county, "sent.csv", "a,b\n");
    const char *sent = tz_store_path(&county.mem, county.store, "sent.csv", NULL);
    MUST(tz_store_begin(county.store, err));
    MUST(tz_store_keep(county.store, sent, "sent.csv", &digest, err));
    MUST(tz_store_commit(county.store, err));
    tz_digest_hex(&digest, hex);
    const char *kept = tz_store_path(&county.mem, county.store, "originals", hex);
    assert_true(tz_file_exists(kept));
    begin(&county);
    MUST(tz_erase_original(county.store, &ORDER, hex, err));
    commit(&county);
    assert_false(tz_file_exists(kept));
    MUST(tz_store_begin(county.store, err));
    assert_int_equal(tz_store_keep(county.store, sent, "sent.csv", &digest, &wrong), TZ_REFUSED);
    tz_store_rollback(county.store);
    county_drop(&county);
}

static void put_finding_event(small_county *county)
{
    tz_bulk *bulk = NULL;
    json_t  *event = json_pack("{s:i, s:i, s:s, s:s, s:i, s:n, s:s, s:s, s:s, s:s, s:s, s:s}", "finding", 1, "run", 1, "event", "raised", "level",
                               "red", "pending", 0, "cleared_why", "version", "v", "params", "{\"name\":\"李四\"}", "rows", "[]", "divisions",
                               "[]", "empty", "[]", "salt", "000102030405060708090a0b0c0d0e0f");

    MUST(tz_store_begin(county->store, err));
    MUST(tz_bulk_begin(county->store, "check", "finding_event", NULL, &bulk, err));
    MUST(tz_bulk_add(bulk, event, err));
    MUST(tz_bulk_end(bulk, NULL, err));
    MUST(tz_store_commit(county->store, err));
    json_decref(event);
}

/* Behind the journal's back, as somebody with the file could. */
static void tamper(small_county *county, const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(tz_store_path(&county->mem, county->store, "ledger.db", NULL), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

static void values_go_with_an_order_only(void **state)
{
    (void)state;
    small_county county;

    county_make(&county);
    put_finding_event(&county);
    assert_int_equal(problems(&county, NULL), 0);
    begin(&county);
    MUST(tz_erase_finding(county.store, &ORDER, 1, err));
    MUST(tz_erase_state(county.store, &ORDER, "user", "clerk", err));
    MUST(tz_erase_state(county.store, &ORDER, "user", "clerk", err)); /* gone already */
    MUST(tz_erase_state(county.store, &ORDER, "unit", "教育局", err)); /* nothing personal */
    commit(&county);
    assert_int_equal(one(&county, "SELECT count(*) FROM finding_event WHERE params LIKE '%李四%'"), 0);
    assert_int_equal(one(&county, "SELECT count(*) FROM user WHERE name = '" TZ_ERASED "'"), 1);
    assert_int_equal(one(&county, "SELECT count(*) FROM erasure"), 2);
    assert_int_equal(problems(&county, NULL), 0);
    put_finding_event(&county); /* said again later: an event of its own, which is not erased */
    assert_int_equal(problems(&county, NULL), 0);

    static const struct { const char *sql, *back; } WAYS[] = {
        {"UPDATE user SET name = 'x' WHERE user = 'clerk'", "UPDATE user SET name = '" TZ_ERASED "' WHERE user = 'clerk'"},
        {"UPDATE journal_private SET value = '\"x\"' WHERE value IS NULL", "UPDATE journal_private SET value = NULL WHERE value = '\"x\"'"},
        {"CREATE TEMP TABLE kept AS SELECT entry, field, value FROM journal_private WHERE value IS NOT NULL LIMIT 1;"
         "UPDATE journal_private SET value = NULL WHERE (entry, field) IN (SELECT entry, field FROM kept)", NULL},
    };
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        tamper(&county, WAYS[i].sql);
        if (problems(&county, NULL) == 0)
            fail_msg("verify does not name: %s", WAYS[i].sql);
        if (WAYS[i].back != NULL) {
            tamper(&county, WAYS[i].back);
            assert_int_equal(problems(&county, NULL), 0);
        }
    }
    tz_err ignored;
    tz_store_close(county.store);
    assert_int_equal(tz_file_remove_folder(county.folder, &ignored), TZ_OK);
    tz_arena_free(&county.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_goes_and_the_others_stay),
        cmocka_unit_test(a_file_is_not_taken_again),
        cmocka_unit_test(values_go_with_an_order_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
