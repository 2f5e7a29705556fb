/* store: the directory, the journal, its door and its lock. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "store/backup.h"
#include "store/config.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"
#include "store/user.h"

typedef struct {
    tz_arena  mem;
    tz_app    app;
    char      folder[64];
    tz_store *store;
} place;

static const char *program_path; /* shipped data are found beside it */

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

static void open_place(place *at)
{
    MUST(tz_store_open(&at->app, at->folder, TZ_WRITE, &at->store, err));
    MUST(tz_store_act_as(at->store, "tester", NULL, err));
}

static int setup(void **state)
{
    place *at = test_calloc(1, sizeof *at);
    at->app = (tz_app){.lang = TZ_EN, .now_ms = clock_ms, .program = program_path};
    (void)snprintf(at->folder, sizeof at->folder, "/tmp/tz-store-XXXXXX");
    assert_non_null(mkdtemp(at->folder));
    MUST(tz_store_create(&at->app, at->folder, "140430", "沁县", NULL, 0, "tester", err));
    open_place(at);
    *state = at;
    return 0;
}

static int teardown(void **state)
{
    place *at = *state;
    tz_store_close(at->store);
    MUST(tz_file_remove_folder(at->folder, err));
    tz_arena_free(&at->mem);
    test_free(at);
    return 0;
}

static int64_t one(place *at, const char *select)
{
    int64_t value = 0;
    MUST(tz_sql_one(at->store, select, NULL, NULL, &value, err));
    return value;
}

static size_t problems(place *at, const char *kind)
{
    tz_verification result = {0};
    size_t          count = 0;

    MUST(tz_store_verify(&at->mem, at->store, TZ_VERIFY_ALL, &result, err));
    for (size_t i = 0; i < result.problems.count; i++)
        count += kind == NULL || strcmp(result.problems.items[i].kind, kind) == 0;
    return count;
}

static void put_unit(place *at, const char *unit, const char *kind)
{
    json_t *image = json_pack("{s:s, s:s, s:n, s:n}", "unit", unit, "kind", kind, "division", "successor");
    MUST(tz_journal_put(at->store, "unit.add", "unit", image, NULL, NULL, err));
    json_decref(image);
}

static void add_slices(place *at, int count)
{
    tz_bulk *bulk = NULL;
    MUST(tz_bulk_begin(at->store, "import", "batch_slice", NULL, &bulk, err));
    for (int i = 0; i < count; i++) {
        json_t *event = json_pack("{s:i, s:s, s:s, s:i}", "batch", i + 1, "slice", "", "period", "2019", "rows", i);
        MUST(tz_bulk_add(bulk, event, err));
        json_decref(event);
    }
    MUST(tz_bulk_end(bulk, NULL, err));
}

/* What an attacker with the file could do: writes past the journal. */
static void tamper(place *at, const char *sql)
{
    tz_store_close(at->store);
    at->store = NULL;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(tz_arena_printf(&at->mem, "%s/ledger.db", at->folder), &db), SQLITE_OK);
    char *wrong = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &wrong) != SQLITE_OK)
        fail_msg("%s: %s", sql, wrong);
    (void)sqlite3_close(db);
    open_place(at);
}

/* ---- The journal ---- */

static void a_put_writes_row_entry_and_tree(void **state)
{
    place    *at = *state;
    tz_digest before, after;
    int64_t   entries = one(at, "SELECT count(*) FROM journal");

    MUST(tz_journal_root(at->store, entries, &before, err));
    MUST(tz_store_begin(at->store, err));
    put_unit(at, "教育局", "department");
    MUST(tz_store_commit(at->store, err));
    assert_int_equal(one(at, "SELECT count(*) FROM unit WHERE unit = '教育局'"), 1);
    assert_int_equal(one(at, "SELECT max(entry) FROM journal"), entries + 1);
    MUST(tz_journal_root(at->store, entries + 1, &after, err));
    assert_false(tz_digest_equal(&before, &after));
    MUST(tz_journal_root(at->store, entries, &after, err));
    assert_true(tz_digest_equal(&before, &after));
    assert_int_equal(problems(at, NULL), 0);
}

static void a_rollback_leaves_nothing(void **state)
{
    place  *at = *state;
    int64_t entries = one(at, "SELECT count(*) FROM journal"), nodes = one(at, "SELECT count(*) FROM journal_node");

    MUST(tz_store_begin(at->store, err));
    put_unit(at, "教育局", "department");
    add_slices(at, 3);
    tz_store_rollback(at->store);
    assert_int_equal(one(at, "SELECT count(*) FROM journal"), entries);
    assert_int_equal(one(at, "SELECT count(*) FROM journal_node"), nodes);
    assert_int_equal(one(at, "SELECT count(*) FROM unit") + one(at, "SELECT count(*) FROM batch_slice"), 0);
    assert_int_equal(problems(at, NULL), 0);
}

static void a_personal_value_stands_as_a_commitment(void **state)
{
    place *at = *state;
    MUST(tz_user_add(at->store, "zhang", "张三丰", NULL, "clerk", NULL, err));
    assert_int_equal(one(at, "SELECT count(*) FROM journal WHERE body LIKE '%张三丰%'"), 0);
    assert_int_equal(one(at, "SELECT count(*) FROM journal_private WHERE value = '\"张三丰\"' AND length(salt) = 16"), 1);
    assert_int_equal(problems(at, NULL), 0);
}

/* Another unique column that clashes is an error; the other row stays. */
static void a_put_replaces_by_its_primary_key_alone(void **state)
{
    place  *at = *state;
    tz_err  wrong = {0};
    json_t *image = json_pack("{s:s, s:s, s:n, s:s, s:s, s:s}", "user", "other", "name", "other", "unit", "roles", "[]",
                              "system_user", "tester", "state", "active");
    MUST(tz_store_begin(at->store, err));
    assert_int_equal(tz_journal_put(at->store, "user.add", "user", image, NULL, NULL, &wrong), TZ_SYSTEM);
    tz_store_rollback(at->store);
    json_decref(image);
    assert_int_equal(one(at, "SELECT count(*) FROM user WHERE user = 'tester'"), 1);
    MUST(tz_store_begin(at->store, err));
    put_unit(at, "教育局", "department");
    put_unit(at, "教育局", "other");
    MUST(tz_store_commit(at->store, err));
    assert_int_equal(one(at, "SELECT count(*) FROM unit WHERE kind = 'other'"), 1);
    assert_int_equal(problems(at, NULL), 0);
}

static void an_empty_bulk_writes_nothing(void **state)
{
    place  *at = *state;
    int64_t entries = one(at, "SELECT count(*) FROM journal");
    MUST(tz_store_begin(at->store, err));
    add_slices(at, 0);
    add_slices(at, 5);
    MUST(tz_store_commit(at->store, err));
    assert_int_equal(one(at, "SELECT count(*) FROM journal"), entries + 1);
    assert_int_equal(problems(at, NULL), 0);
}

/* The digest of events is the root of a tree over sorted leaves, whatever their order. */
static void events_have_one_digest_in_any_order(void **state)
{
    (void)state;
    tz_digest leaves[7], again[7], level[7];
    for (int i = 0; i < 7; i++)
        leaves[i] = tz_sm3(&i, sizeof i);
    for (int i = 0; i < 7; i++)
        again[i] = leaves[(i * 3 + 2) % 7];
    tz_digest a = tz_journal_events_digest(leaves, 7), b = tz_journal_events_digest(again, 7);
    assert_true(tz_digest_equal(&a, &b));
    memcpy(level, leaves, sizeof level); /* sorted in place; by hand: ((01)(23))((45)6) */
    for (int i = 0; i < 3; i++)
        level[i] = tz_merkle_node(&level[i * 2], &level[i * 2 + 1]);
    tz_digest left = tz_merkle_node(&level[0], &level[1]), right = tz_merkle_node(&level[2], &leaves[6]);
    tz_digest root = tz_merkle_node(&left, &right);
    assert_true(tz_digest_equal(&a, &root));
}

/* ---- The door ---- */

static void every_other_way_of_writing_is_refused(void **state)
{
    static const char *const WAYS[] = {
        "INSERT INTO unit VALUES ('x', 'other', NULL, NULL)",
        "UPDATE user SET name = 'x'",
        "DELETE FROM journal",
        "REPLACE INTO config VALUES ('county.yaml', 'x')",
        "INSERT INTO journal_node VALUES (0, 999, x'00')",
        "CREATE TABLE mine (x)",
        "CREATE TEMP TABLE mine (x)",
        "CREATE VIEW mine AS SELECT 1",
        "CREATE TRIGGER mine AFTER INSERT ON unit BEGIN DELETE FROM journal; END",
        "DROP TABLE journal",
        "ALTER TABLE unit RENAME TO mine",
        "ATTACH '/tmp/mine.db' AS mine",
        "DETACH main",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON",
        "PRAGMA user_version = 7",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT mine",
        "VACUUM",
        "VACUUM INTO '/tmp/mine.db'",
        "REINDEX",
        "ANALYZE",
        "UPDATE sqlite_master SET sql = ''",
        "CREATE VIRTUAL TABLE mine USING fts5(x)",
        "WITH x AS (SELECT 'x' AS unit) INSERT INTO unit SELECT unit, 'other', NULL, NULL FROM x",
        "INSERT INTO unit VALUES ('x', 'other', NULL, NULL) RETURNING unit",
        "DELETE FROM erasure",
        "UPDATE witness SET note = ''",
        "EXPLAIN DELETE FROM journal",
        "PRAGMA secure_delete = OFF",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "END",
        "ROLLBACK",
        "RELEASE mine",
        "SELECT load_extension('/tmp/mine.so')",
        "SELECT value FROM meta WHERE name = 'secret'",
        "WITH s AS (SELECT * FROM meta) SELECT * FROM s",
    };
    place  *at = *state;
    int64_t entries = one(at, "SELECT count(*) FROM journal");

    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        if (sqlite3_exec(at->store->db, WAYS[i], NULL, NULL, NULL) == SQLITE_OK)
            fail_msg("this was let through: %s", WAYS[i]);
        tz_sql *sql = NULL;
        tz_err  wrong = {0};
        if (tz_sql_open(at->store, WAYS[i], &sql, &wrong) == TZ_OK)
            fail_msg("this was opened: %s", WAYS[i]);
        /* nor in the middle of a transaction */
        MUST(tz_store_begin(at->store, err));
        if (sqlite3_exec(at->store->db, WAYS[i], NULL, NULL, NULL) == SQLITE_OK)
            fail_msg("this was let through in a transaction: %s", WAYS[i]);
        tz_store_rollback(at->store);
    }
    assert_int_equal(one(at, "SELECT count(*) FROM journal"), entries);
    assert_int_equal(problems(at, NULL), 0);
}

/* What is read again before the commit is the database, not what the program remembers. */
static void a_record_that_reads_back_differently_is_not_committed(void **state)
{
    place  *at = *state;
    tz_err  wrong = {0};
    int64_t entries = one(at, "SELECT count(*) FROM journal");

    MUST(tz_store_begin(at->store, err));
    put_unit(at, "教育局", "department");
    assert_int_equal(sqlite3_set_authorizer(at->store->db, NULL, NULL), SQLITE_OK); /* memory that fails: nothing else could */
    assert_int_equal(sqlite3_exec(at->store->db, "UPDATE journal SET body = replace(body, 'department', 'departmenT')"
                                                 " WHERE entry = (SELECT max(entry) FROM journal)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(tz_store_commit(at->store, &wrong), TZ_TAMPER);
    tz_store_rollback(at->store);
    tz_store_close(at->store);
    open_place(at);
    assert_int_equal(one(at, "SELECT count(*) FROM journal"), entries);
    assert_int_equal(problems(at, NULL), 0);
}

/* ---- Verify names what was changed behind the journal's back ---- */

static void verify_names_what_was_tampered_with(void **state)
{
    static const struct { const char *sql, *kind; } WAYS[] = {
        {"UPDATE unit SET kind = 'other'", "row"},
        {"UPDATE user SET name = 'x' WHERE user = 'tester'", "row"},
        {"UPDATE journal_private SET value = '\"x\"'", "private"},
        {"DELETE FROM journal_private", "private"},
        {"DELETE FROM unit", "row"},
        {"INSERT INTO unit VALUES ('planted', 'other', NULL, NULL)", "row"},
        {"INSERT INTO link_decision VALUES (1, 'a', 'b', 'same')", "row"},
        {"UPDATE batch_slice SET rows = rows + 1 WHERE batch = 2", "events"},
        {"DELETE FROM batch_slice WHERE batch = 2", "events"},
        {"DELETE FROM batch_slice", "events"},
        {"INSERT INTO batch_slice VALUES (2, 99, '', '', 1)", "events"},
        {"INSERT INTO link_event VALUES (999, 1, 'review', 1, 2, NULL, '[]')", "events"},
        {"UPDATE journal SET body = replace(body, 'unit.add', 'unit.ADD')", "entry"},
        {"UPDATE journal SET of_key = 'x' WHERE of_table = 'unit'", "entry"},
        {"UPDATE journal SET leaf = zeroblob(32) WHERE entry = 3", "entry"},
        {"DELETE FROM journal WHERE entry = 2", "entry"},
        {"UPDATE journal_node SET hash = zeroblob(32) WHERE level = 4 AND position = 0", "tree"},
        {"DELETE FROM journal_node WHERE level = 4", "tree"},
        {"INSERT INTO journal_node VALUES (4, 999, zeroblob(32))", "tree"},
        {"UPDATE meta SET value = substr(value, 2) || CASE substr(value, 1, 1) WHEN '0' THEN '1' ELSE '0' END WHERE name = 'secret'", "config"},
        {"DROP TABLE lot", "database"},
        {"DROP TABLE lot; CREATE VIEW lot AS SELECT 1 AS lot", "database"},
    };
    place *at = *state;
    char   copy[96];

    MUST(tz_store_begin(at->store, err));
    put_unit(at, "教育局", "department");
    add_slices(at, 4);
    for (int i = 0; i < 16; i++)
        put_unit(at, tz_arena_printf(&at->mem, "unit %d", i), "other");
    MUST(tz_store_commit(at->store, err));
    assert_int_equal(problems(at, NULL), 0);
    tz_store_close(at->store);
    at->store = NULL;
    const char *path = tz_arena_printf(&at->mem, "%s/ledger.db", at->folder);
    (void)snprintf(copy, sizeof copy, "%s-copy", at->folder);
    MUST(tz_file_copy(path, copy, 0644, err));
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        MUST(tz_file_copy(copy, path, 0644, err));
        open_place(at);
        tamper(at, WAYS[i].sql);
        if (problems(at, WAYS[i].kind) == 0)
            fail_msg("verify does not name: %s", WAYS[i].sql);
        tz_store_close(at->store);
        at->store = NULL;
    }
    MUST(tz_file_copy(copy, path, 0644, err));
    (void)unlink(copy);
    open_place(at);
}

static void verify_names_a_changed_file(void **state)
{
    place      *at = *state;
    tz_digest   digest;
    char        hex[TZ_SM3_HEX];
    const char *path = tz_arena_printf(&at->mem, "%s/sent.csv", at->folder);

    MUST(tz_file_write(path, TZ_TEXT("a,b\n"), 0644, err));
    MUST(tz_store_begin(at->store, err));
    MUST(tz_store_keep(at->store, path, "sent.csv", &digest, err));
    MUST(tz_store_commit(at->store, err));
    assert_int_equal(problems(at, NULL), 0);
    tz_digest_hex(&digest, hex);
    MUST(tz_file_write(tz_store_path(&at->mem, at->store, "originals", hex), TZ_TEXT("a,c\n"), 0444, err));
    assert_int_equal(problems(at, "file"), 1);
    (void)unlink(tz_store_path(&at->mem, at->store, "originals", hex));
    assert_int_equal(problems(at, "file"), 1);
}

/* A backup that leaves out what can't be read would be found short on the day when it is needed. */
static void a_damaged_ledger_is_not_backed_up(void **state)
{
    static const char ZEROS[4096];
    place            *at = *state;
    tz_digest         digest;
    sqlite3          *db = NULL;
    sqlite3_stmt     *pages = NULL;
    tz_backup_account account = {0};
    tz_err            wrong = {0};
    const char       *sent = tz_arena_printf(&at->mem, "%s/sent.csv", at->folder);
    const char       *path = tz_arena_printf(&at->mem, "%s/ledger.db", at->folder);

    MUST(tz_file_write(sent, TZ_TEXT("a,b\n"), 0644, err));
    MUST(tz_store_begin(at->store, err));
    MUST(tz_store_keep(at->store, sent, "sent.csv", &digest, err));
    MUST(tz_store_commit(at->store, err));
    tz_store_close(at->store);
    at->store = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'original'", -1, &pages, NULL), SQLITE_OK);
    FILE *file = fopen(path, "r+b");
    while (sqlite3_step(pages) == SQLITE_ROW) {
        (void)fseek(file, (sqlite3_column_int(pages, 0) - 1) * (long)sizeof ZEROS, SEEK_SET);
        assert_int_equal(fwrite(ZEROS, 1, sizeof ZEROS, file), sizeof ZEROS);
    }
    (void)fclose(file);
    (void)sqlite3_finalize(pages);
    (void)sqlite3_close(db);
    MUST(tz_store_open(&at->app, at->folder, TZ_READ, &at->store, err));
    const char *backup = tz_arena_printf(&at->mem, "%s/backup.zip", at->folder);
    assert_int_equal(tz_backup_write(at->store, backup, &account, &wrong), TZ_TAMPER);
    assert_false(tz_file_exists(backup));
}

/* ---- The directory ---- */

static void county_yaml_is_refused_where_packs_are_no_names(void **state)
{
    place      *at = *state;
    tz_err      wrong = {0};
    const char *path = tz_store_path(&at->mem, at->store, "county.yaml", NULL);

    tz_store_close(at->store);
    at->store = NULL;
    MUST(tz_file_write(path, TZ_TEXT("name: 沁县\ncode: \"140430\"\npacks: [{population: x}]\n"), 0644, err));
    assert_int_equal(tz_store_open(&at->app, at->folder, TZ_READ, &at->store, &wrong), TZ_INPUT);
    assert_int_equal(wrong.where.row_no, 3);
}

/* Who administers does nothing else, from the first day on. */
static void a_new_user_holds_an_administrators_role_alone(void **state)
{
    place *at = *state;
    tz_err wrong = {0};

    assert_int_equal(tz_user_add(at->store, "boss", NULL, NULL, "system,clerk", NULL, &wrong), TZ_USAGE);
    assert_int_equal(tz_user_add(at->store, "boss", NULL, NULL, "audit,security", NULL, &wrong), TZ_USAGE);
    assert_int_equal(one(at, "SELECT count(*) FROM user WHERE user = 'boss'"), 0);
    MUST(tz_user_add(at->store, "boss", NULL, NULL, "audit", NULL, err));
}

static void a_killed_import_leaves_no_files(void **state)
{
    place      *at = *state;
    tz_digest   digest;
    char        hex[TZ_SM3_HEX];
    const char *sent = tz_arena_printf(&at->mem, "%s/sent.csv", at->folder);
    const char *typed = tz_store_path(&at->mem, at->store, "evidence", "aid-0123456789abcdef.parquet");

    MUST(tz_file_write(sent, TZ_TEXT("a,b\n"), 0644, err));
    MUST(tz_file_write(typed, TZ_TEXT("PAR1"), 0444, err));
    MUST(tz_store_begin(at->store, err));
    MUST(tz_store_keep(at->store, sent, "sent.csv", &digest, err));
    tz_store_rollback(at->store);
    tz_digest_hex(&digest, hex);
    const char *kept = tz_store_path(&at->mem, at->store, "originals", hex);
    assert_true(tz_file_exists(kept));
    tz_store_close(at->store);
    open_place(at);
    assert_false(tz_file_exists(kept));
    assert_false(tz_file_exists(typed));
}

static void a_second_writer_hears_who_holds_the_lock(void **state)
{
    place    *at = *state;
    tz_store *second = NULL;
    tz_err    wrong = {0};
    char      own[32];

    assert_int_equal(tz_store_open(&at->app, at->folder, TZ_WRITE, &second, &wrong), TZ_BUSY);
    (void)snprintf(own, sizeof own, "%ld", (long)getpid());
    assert_non_null(strstr(wrong.en, own));
    MUST(tz_store_open(&at->app, at->folder, TZ_READ, &second, err));
    tz_store_close(second);
}

static void new_takes_an_interrupted_one_and_nothing_else(void **state)
{
    place *at = *state;
    tz_err wrong = {0};

    assert_int_equal(tz_store_create(&at->app, at->folder, "140430", "沁县", NULL, 0, "tester", &wrong), TZ_USAGE);
    tz_store_close(at->store);
    (void)unlink(tz_arena_printf(&at->mem, "%s/ledger.db", at->folder));
    (void)unlink(tz_arena_printf(&at->mem, "%s/.lock", at->folder));
    MUST(tz_file_write(tz_arena_printf(&at->mem, "%s/ledger.db.tmp-0123", at->folder), TZ_TEXT("half"), 0644, err));
    MUST(tz_store_create(&at->app, at->folder, "140430", "沁县", NULL, 0, "tester", err));
    assert_false(tz_file_exists(tz_arena_printf(&at->mem, "%s/ledger.db.tmp-0123", at->folder)));
    open_place(at);
}

static void an_older_schema_is_brought_forward_a_newer_refused(void **state)
{
    static const tz_schema_file FILES[] = {
        {"journal.sql", "SELECT 1"},
        {"9001-colour.sql", "CREATE TABLE colour (colour TEXT PRIMARY KEY) STRICT"},
        {"9002-red.sql", "INSERT INTO colour VALUES ('red')"},
    };
    place *at = *state;
    bool   is_older = false;
    tz_err wrong = {0};

    MUST(tz_schema_check(at->store, FILES, 3, &is_older, err));
    assert_true(is_older);
    MUST(tz_store_begin(at->store, err));
    MUST(tz_schema_migrate(at->store, FILES, 3, err));
    MUST(tz_store_commit(at->store, err));
    assert_int_equal(one(at, "SELECT count(*) FROM colour"), 1);
    MUST(tz_schema_check(at->store, FILES, 3, &is_older, err));
    assert_false(is_older);
    assert_int_equal(tz_schema_check(at->store, FILES, 2, &is_older, &wrong), TZ_INPUT);
    assert_non_null(strstr(wrong.en, "newer"));
}

/* Every table is either the journal's or known to be of the store's own, and "personal" in the schema
 * means what TZ_PERSONAL_COLUMNS says. */
static void the_lists_agree_with_the_schema(void **state)
{
    static const char *const OWN[] = {"meta", "journal", "journal_node", "journal_private", "checkpoint", "finding_now"};
    place  *at = *state;
    int64_t known = 0;

    for (const tz_journal_table *table = TZ_JOURNAL_TABLES; table->name != NULL; table++, known++)
        MUST(tz_sql_one(at->store, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1", table->name, NULL,
                        &(int64_t){0}, err));
    assert_int_equal(one(at, "SELECT count(*) FROM sqlite_master WHERE type = 'table'"), known + (int64_t)(sizeof OWN / sizeof OWN[0]));
    for (const tz_personal_column *column = TZ_PERSONAL_COLUMNS; column->table != NULL; column++) {
        int64_t is_there = 0;
        MUST(tz_sql_one(at->store, "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2", column->table, column->column, &is_there, err));
        assert_int_equal(is_there, 1);
    }
}

/* ---- The county's names ---- */

static void names_of_villages_are_found_as_people_write_them(void **state)
{
    static const struct { const char *name, *within; size_t count; const char *code; } CASES[] = {
        {"北寺上村委会", "", 1, "140430100205"},      {"北寺上村", "", 1, "140430100205"},
        {"北寺上", "", 1, "140430100205"},            {"北寺上村民委员会", "", 1, "140430100205"},
        {"定昌镇北寺上村", "", 1, "140430100205"},    {"沁县定昌镇北寺上村", "", 1, "140430100205"},
        {"山西省长治市沁县定昌镇北寺上", "", 1, "140430100205"}, {"北关社区", "", 1, "140430100001"},
        {" 北寺上 村 ", "", 1, "140430100205"},       {"北寺上村", "140430100", 1, "140430100205"},
        {"北寺上村", "140430101", 0, NULL},           {"没有的村", "", 0, NULL},
        {"", "", 0, NULL},
    };
    place             *at = *state;
    const tz_division *found;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        size_t count = tz_county_find(at->store->county, tz_text_of(CASES[i].name), tz_text_of(CASES[i].within), TZ_DIVISION_VILLAGE, &found);
        if (count != CASES[i].count || (count > 0 && strcmp(found->code, CASES[i].code) != 0))
            fail_msg("'%s' within '%s': %zu %s", CASES[i].name, CASES[i].within, count, count > 0 ? found->name : "");
    }
    assert_int_equal(tz_county_find(at->store->county, TZ_TEXT("定昌"), TZ_TEXT(""), TZ_DIVISION_TOWNSHIP, &found), 1);
    assert_string_equal(found->code, "140430100000");
}

/* Every village is found by its own name within its township, and with the township before it. */
static void every_village_is_found_by_its_own_name(void **state)
{
    place           *at = *state;
    const tz_county *county = at->store->county;
    size_t           villages = 0;

    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *village = &county->divisions.items[i], *found = NULL;
        if (village->level != TZ_DIVISION_VILLAGE)
            continue;
        villages++;
        const tz_division *town = tz_county_division(county, tz_text_of(village->parent));
        const char *both = tz_arena_printf(&at->mem, "%s%s", town->name, village->name);
        if (tz_county_find(county, tz_text_of(village->name), tz_text_of(village->parent), TZ_DIVISION_VILLAGE, &found) != 1 || found != village)
            fail_msg("%s in %s", village->name, town->name);
        if (tz_county_find(county, tz_text_of(both), TZ_TEXT(""), TZ_DIVISION_VILLAGE, &found) != 1 || found != village)
            fail_msg("%s", both);
    }
    assert_int_equal(villages, 312);
}

static void periods_end_where_the_county_says(void **state)
{
    place *at = *state;
    assert_int_equal(tz_county_period_end(at->store->county, TZ_TEXT("2019-02")), 20190228);
    assert_int_equal(tz_county_period_end(at->store->county, TZ_TEXT("2019-1")), 20190715);
    assert_int_equal(tz_county_period_end(at->store->county, TZ_TEXT("2019-2")), 20200115);
    assert_int_equal(tz_county_period_end(at->store->county, TZ_TEXT("2019")), 20191231);
    assert_int_equal(tz_county_period_end(at->store->county, TZ_TEXT("")), 0);
    assert_int_equal(tz_county_period_end(at->store->county, TZ_TEXT("2019-13")), 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    program_path = argv[0];
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(a_put_writes_row_entry_and_tree),
        EACH(a_rollback_leaves_nothing),
        EACH(a_personal_value_stands_as_a_commitment),
        EACH(a_put_replaces_by_its_primary_key_alone),
        EACH(an_empty_bulk_writes_nothing),
        EACH(events_have_one_digest_in_any_order),
        EACH(every_other_way_of_writing_is_refused),
        EACH(a_record_that_reads_back_differently_is_not_committed),
        EACH(verify_names_what_was_tampered_with),
        EACH(verify_names_a_changed_file),
        EACH(a_damaged_ledger_is_not_backed_up),
        EACH(county_yaml_is_refused_where_packs_are_no_names),
        EACH(a_new_user_holds_an_administrators_role_alone),
        EACH(a_killed_import_leaves_no_files),
        EACH(a_second_writer_hears_who_holds_the_lock),
        EACH(new_takes_an_interrupted_one_and_nothing_else),
        EACH(an_older_schema_is_brought_forward_a_newer_refused),
        EACH(the_lists_agree_with_the_schema),
        EACH(names_of_villages_are_found_as_people_write_them),
        EACH(every_village_is_found_by_its_own_name),
        EACH(periods_end_where_the_county_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
