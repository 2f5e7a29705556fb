/* older: the backup of a county that schema version 1 wrote (tests/fixtures/county-v1.zip) is brought forward, and
 * nothing of its history changes; what a newer version wrote is refused. */
#include "../test.h"

#include "base/file.h"
#include "store/backup.h"
#include "store/checkpoint.h"
#include "store/journal.h"
#include "store/prove.h"
#include "store/prove_check.h"

/* What `taizhang verify` said of it before it was backed up. */
static const char ROOT_THEN[] = "9303b9b4cd9cf8eefab6f33c3cd2071e1da91679e46c6d43d606e823b85e8371";
enum { ENTRIES_THEN = 102 };

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

typedef struct {
    tz_arena    mem;
    tz_app      app;
    const char *folder, *county;
} place;

static const char *fixture(place *at, const char *name)
{
    const char *root = getenv("ROOT");
    return tz_arena_printf(&at->mem, "%s/tests/fixtures/%s", root == NULL ? "." : root, name);
}

static int setup(void **state)
{
    place            *at = test_calloc(1, sizeof *at);
    tz_backup_account account = {0};

    at->app = (tz_app){.lang = TZ_EN, .now_ms = clock_ms, .program = "/proc/self/exe"};
    at->folder = test_folder(&at->mem);
    at->county = tz_arena_printf(&at->mem, "%s/county", at->folder);
    MUST(tz_backup_restore(&at->app, fixture(at, "county-v1.zip"), at->county, &account, err));
    assert_int_equal(account.entries, ENTRIES_THEN);
    *state = at;
    return 0;
}

static int teardown(void **state)
{
    place *at = *state;

    MUST(tz_file_remove_folder(at->folder, err));
    tz_arena_free(&at->mem);
    test_free(at);
    return 0;
}

static void the_history_is_the_same(void **state)
{
    place          *at = *state;
    tz_store       *store = NULL;
    tz_verification result = {0};
    tz_text         note;
    tz_note         read = {0};
    char            hex[TZ_SM3_HEX];
    int64_t         version = 0;

    MUST(tz_store_open(&at->app, at->county, TZ_READ, &store, err));
    MUST(tz_store_verify(&at->mem, store, TZ_VERIFY_ALL, &result, err));
    assert_int_equal(result.problems.count, 0);
    tz_digest_hex(&result.root, hex);
    assert_string_equal(hex, ROOT_THEN);
    MUST(tz_file_load(&at->mem, fixture(at, "county-v1.note"), 1 << 16, &note, err));
    MUST(tz_checkpoint_check(&at->mem, store, note, &read, err));
    MUST(tz_sql_one(store, "SELECT count(*) FROM issue_step WHERE note = '电话催办'", NULL, NULL, &version, err));
    assert_int_equal(version, 1);
    tz_store_close(store);
}

/* Each column of each table with its type, key and whether it may be null; each index; but no order of columns. */
static const char *shape_of(place *at, tz_store *store)
{
    tz_sql *sql = NULL;
    bool    has_row = false;
    tz_buf  out = tz_buf_init(&at->mem, 0);

    MUST(tz_sql_open(store, "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.pk || ' ' || c.\"notnull\" AS line FROM sqlite_master m,"
                            " pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') UNION"
                            " SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' ORDER BY line", &sql, err));
    for (;;) {
        MUST(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_buf_printf(&out, "%s\n", tz_sql_str(sql, 0));
    }
    tz_sql_close(sql);
    return tz_buf_str(&out);
}

/* Whoever changes a table in the plain files writes a numbered one that leads to the same. */
static void it_has_the_tables_of_a_new_county(void **state)
{
    place      *at = *state;
    const char *fresh = tz_arena_printf(&at->mem, "%s/fresh", at->folder), *older = NULL;
    tz_store   *store = NULL;

    MUST(tz_store_open(&at->app, at->county, TZ_READ, &store, err));
    older = shape_of(at, store);
    tz_store_close(store);
    MUST(tz_store_create(&at->app, fresh, "140430", "沁县", NULL, 0, "tester", err));
    MUST(tz_store_open(&at->app, fresh, TZ_READ, &store, err));
    assert_string_equal(older, shape_of(at, store));
    tz_store_close(store);
}

static void it_goes_on_and_proves(void **state)
{
    place           *at = *state;
    tz_store        *store = NULL;
    json_t          *unit = json_pack("{s:s, s:s, s:n, s:n}", "unit", "审计局", "kind", "department", "division", "successor"), *proof = NULL;
    const char      *key = tz_arena_printf(&at->mem, "%s/key.pem", at->folder), *note = NULL;
    tz_proof_account account = {0};
    tz_verification  result = {0};

    MUST(tz_store_open(&at->app, at->county, TZ_WRITE, &store, err));
    store->user = "system";
    MUST(tz_store_begin(store, err));
    for (int i = 0; i < 40; i++)
        MUST(tz_journal_put(store, "unit.put", "unit", unit, NULL, NULL, err));
    MUST(tz_store_commit(store, err));
    MUST(tz_checkpoint_make(&at->mem, store, key, &note, err));
    MUST(tz_prove_issue(&at->mem, store, 1, false, &proof, err));
    MUST(tz_prove_check(&at->mem, proof, &account, err));
    assert_true(account.entries > 10 && account.events > 0 && account.opened > 0);
    MUST(tz_store_verify(&at->mem, store, TZ_VERIFY_ALL, &result, err));
    assert_int_equal(result.problems.count, 0);
    json_decref(proof);
    json_decref(unit);
    tz_store_close(store);
}

static void a_newer_one_is_refused(void **state)
{
    place    *at = *state;
    sqlite3  *db = NULL;
    tz_store *store = NULL;
    tz_err    wrong = {0};

    assert_int_equal(sqlite3_open(tz_arena_printf(&at->mem, "%s/ledger.db", at->county), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE meta SET value = '9999' WHERE name = 'schema'", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
    assert_int_equal(tz_store_open(&at->app, at->county, TZ_READ, &store, &wrong), TZ_INPUT);
    assert_non_null(strstr(wrong.en, "a newer Taizhang"));
    assert_int_equal(tz_store_open(&at->app, at->county, TZ_WRITE, &store, &wrong), TZ_INPUT);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(the_history_is_the_same),
        EACH(it_has_the_tables_of_a_new_county),
        EACH(it_goes_on_and_proves),
        EACH(a_newer_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
