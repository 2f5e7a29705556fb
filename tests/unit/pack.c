/* pack - declarations with exact errors, parameters, and foreign SQL in its worker. */
#include <errno.h>
#include <fcntl.h>
#include "../test.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "packs/functions.h"
#include "packs/mask.h"
#include "packs/message.h"
#include "packs/query.h"
#include "packs/seal.h"
#include "store/journal.h"

static tz_arena  mem;
static char      folder[] = "/tmp/taizhang-pack-XXXXXX";
static tz_county county = {.code = "140430", .name = "沁县", .spring_end_md = 715, .autumn_end_md = 115};

static const char PACK[] = "name: p\ntitle: 样例 | sample\ndepartments: [教育局]\n"
                           "parameters:\n  line: {type: int, by_year: {2018: \"10\", 2020: \"20\"}}\n"
                           "registers:\n  r:\n    title: 名册 | register\n    key: [id]\n"
                           "    identities: [{role: person, id: id, name: name}]\n"
                           "    columns:\n      - {name: id, title: 证号, type: id}\n      - {name: name, title: 姓名, type: text, required: true}\n"
                           "      - {name: amount, title: 金额, type: money}\n";
static const char CHECK[] = "-- check: c\n-- title: 标题 | title\n-- level: red\n-- subject: person\n-- key: subject\n-- needs: r\n"
                            "-- basis: 依据\n-- message: {name}\nSELECT person AS subject, name, _row FROM r WHERE amount > :line\n";

static void put_file(const char *name, const char *text)
{
    tz_err err;
    assert_int_equal(tz_file_write(tz_arena_printf(&mem, "%s/%s", folder, name), tz_text_of(text), 0644, &err), TZ_OK);
}

static int set_up(void **state)
{
    tz_err err;
    (void)state;
    tz_push(&mem, &county.packs, "p");
    county.by_code = tz_map_init(&mem);
    county.by_name = tz_map_init(&mem);
    return mkdtemp(folder) == NULL || tz_file_make_folder(tz_arena_printf(&mem, "%s/p/checks", folder), &err) != TZ_OK;
}

static int tear_down(void **state)
{
    tz_err err;
    (void)state;
    tz_arena_free(&mem);
    return tz_file_remove_folder(folder, &err) != TZ_OK;
}

static tz_rc load(const char *pack, const char *check, tz_packs **ret_packs, tz_err *err)
{
    put_file("p/pack.yaml", pack);
    put_file("p/checks/c.sql", check);
    tz_rc rc = tz_packs_load(&mem, &county, NULL, folder, ret_packs, err);
    return rc == TZ_OK ? tz_packs_name(*ret_packs, err) : rc;
}

static void test_good(void **state)
{
    tz_packs *packs = NULL;
    tz_err    err;
    (void)state;

    assert_int_equal(load(PACK, CHECK, &packs, &err), TZ_OK);
    const tz_check *check = tz_packs_check(packs, "c");
    assert_non_null(check);
    assert_int_equal(check->level, TZ_RED);
    assert_int_equal(check->line, 9);
    const tz_query_names *names = NULL;
    assert_int_equal(tz_check_names(check, &names, &err), TZ_OK);
    assert_int_equal(names->tables.count, 1);
    assert_string_equal(names->tables.items[0], "r");
    assert_int_equal(tz_packs_register(packs, "r")->columns.count, 3);
    const tz_parameter *line = &packs->packs.items[0].parameters.items[0];
    assert_string_equal(tz_parameter_value(line, 20191231), "10");
    assert_string_equal(tz_parameter_value(line, 20200101), "20");
    assert_string_equal(tz_parameter_value(line, 20150101), "10");
}

/* A change of one place of a good pack, and where the error must point. */
static const struct {
    bool        is_check;
    const char *from, *to;
    const char *file;
    int64_t     line;
    const char *words;
} BROKEN[] = {
    {false, "title: 样例", "titel: 样例", "p/pack.yaml", 2, "titel"},
    {false, "type: money", "type: gold", "p/pack.yaml", 14, "gold"},
    {false, "key: [id]", "key: [nobody]", "p/pack.yaml", 9, "nobody"},
    {false, "{name: amount", "{name: Amount", "p/pack.yaml", 14, "Amount"},
    {false, "{name: amount", "{name: id", "p/pack.yaml", 14, "id"},
    {false, "name: p\n", "name: q\n", "p/pack.yaml", 1, "p"},
    {false, "by_year: {2018: \"10\", 2020: \"20\"}", "by_year: {2020: \"10\", 2018: \"20\"}", "p/pack.yaml", 5, "年份"},
    {false, "id: id, name: name}]", "id: id, name: nobody}]", "p/pack.yaml", 10, "nobody"},
    {false, "name: p\n", "name: &a p\n", "p/pack.yaml", 1, "锚点"},
    {true, "-- level: red", "-- level: pink", "p/checks/c.sql", 3, "level"},
    {true, "-- needs: r", "-- needs: nobody", "p/checks/c.sql", 1, "nobody"},
    {true, "-- basis: 依据\n", "", "p/checks/c.sql", 1, "basis"},
    {true, "-- basis:", "-- bassis:", "p/checks/c.sql", 7, "bassis"},
    {true, "-- check: c", "-- check: d", "p/checks/c.sql", 1, "c"},
    {true, "SELECT", "SELEC", "p/checks/c.sql", 0, "SQL"},
    {true, "FROM r WHERE", "FROM r, findings WHERE", "p/checks/c.sql", 1, "findings"},
    {true, "-- basis: 依据", "-- due: soon\n-- basis: 依据", "p/checks/c.sql", 7, "due"},
    {false, "    key: [id]", "    repeats: kep\n    key: [id]", "p/pack.yaml", 9, "repeats"},
    {false, "    key: [id]", "    due_days: soon\n    key: [id]", "p/pack.yaml", 9, "due_days"},
    {true, "-- ledger", "-- ledger", "", 0, ""},
};

static const char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    return at == NULL ? NULL : tz_arena_printf(&mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void test_broken(void **state)
{
    (void)state;
    for (size_t i = 0; BROKEN[i].file[0] != '\0'; i++) {
        const char *changed = replaced(BROKEN[i].is_check ? CHECK : PACK, BROKEN[i].from, BROKEN[i].to);
        tz_packs   *packs = NULL;
        tz_err      err = {0};
        assert_non_null(changed);
        tz_rc rc = load(BROKEN[i].is_check ? PACK : changed, BROKEN[i].is_check ? changed : CHECK, &packs, &err);
        if (rc != TZ_INPUT || strcmp(err.where.file, BROKEN[i].file) != 0 || (BROKEN[i].line > 0 && err.where.row_no != BROKEN[i].line) ||
            strstr(err.zh, BROKEN[i].words) == NULL)
            fail_msg("case %zu: rc %d, %s:%lld: %s", i, rc, err.where.file, (long long)err.where.row_no, err.zh);
    }
}

static void test_rewrite(void **state)
{
    static const struct { const char *sql, *expected; size_t names; } CASES[] = {
        {"SELECT :a, x::int, ':b', \":c\" -- :d\n, /* :e */ :a + :f_1", "SELECT $1, x::int, ':b', \":c\" -- :d\n, /* :e */ $1 + $2", 2},
        {"SELECT 'it''s :a'", "SELECT 'it''s :a'", 0},
        {"SELECT x[1:2]", "SELECT x[1:2]", 0},
        {"SELECT ':", "SELECT ':", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_strings names;
        assert_string_equal(tz_query_rewrite(&mem, CASES[i].sql, &names), CASES[i].expected);
        assert_int_equal(names.count, CASES[i].names);
    }
}

static void test_masks(void **state)
{
    static const char *PUBLIC[] = {"term"};
    const tz_strings   public_columns = {PUBLIC, 1, 1};
    json_t            *params = json_pack("{s:s, s:s, s:s}", "name", "张建国", "id", "140430197001010018", "term", "2019-1");
    (void)state;

    assert_string_equal(tz_mask_name(&mem, "张三"), "张*");
    assert_string_equal(tz_mask_name(&mem, "欧阳明月"), "欧**月");
    assert_string_equal(tz_mask_id(&mem, "140430197001010018"), "140430**********18");
    assert_string_equal(tz_message_fill(&mem, "{name}({id}){term}{nobody} | {name} in {term}", params, &public_columns, TZ_ZH, true),
                        "张*国(140430**********18)2019-1{nobody}");
    assert_string_equal(tz_message_fill(&mem, "{name} | {name} in {term}", params, &public_columns, TZ_EN, false), "张建国 in 2019-1");
    json_decref(params);
}

static void test_distance(void **state)
{
    static const struct { const char *a, *b; int64_t distance; } CASES[] = {
        {"张伟", "张玮", 1}, {"张伟", "伟张", 1}, {"", "张三", 2}, {"王芳", "李娜", 2}, {"张 三", "张三", 0}, {"abcd", "acbd", 1}, {"同", "同", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(tz_edit_distance(tz_text_of(CASES[i].a), tz_text_of(CASES[i].b)), CASES[i].distance);
}

/* ---- The worker, on a county without deliveries ---- */

static int64_t now_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

static tz_app app = {.lang = TZ_ZH, .now_ms = now_ms};

static tz_rc run(tz_query *query, const tz_pack *pack, const char *sql, tz_result *result, tz_err *err)
{
    return tz_query_run(&mem, query, pack, sql, "p/checks/c.sql", 9, NULL, result, err);
}

/* Statements that a pack must not get away with: none gives a row, and the worker goes on. */
static const char *const HOSTILE[] = {
    "DROP TABLE r", "CREATE TABLE x AS SELECT 1", "INSERT INTO r SELECT * FROM r", "SELECT 1; SELECT 2",
    "COPY r TO '/tmp/taizhang-out.csv'",
    "ATTACH '/tmp/taizhang-out.db' AS x", "SET memory_limit = '1GB'", "PRAGMA database_list",
    "INSTALL httpfs", "LOAD httpfs",
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')", "EXPORT DATABASE '/tmp/taizhang-export'", "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT * FROM read_parquet('/tmp/*.parquet')", "SELECT {'a': 1}", "", "SELECT * FROM duckdb_settings()",
    "SELECT current_setting('memory_limit')", "SELECT * FROM sqlite_master",
    "SELECT * FROM information_schema.tables", "SELECT now()",
    "SELECT current_date", "SELECT random()", "SELECT repeat('x', 1000000000)",
    "SELECT * FROM query('SELECT 1')", "DESCRIBE r", "SHOW TABLES",
    "SUMMARIZE r", "FROM enable_logging()",
    "SELECT * FROM enable_logging(storage='file', storage_config={'path':'/tmp/taizhang-log'})",
    "WITH sqlite_master AS (SELECT * FROM sqlite_master) SELECT * FROM sqlite_master",
    "SELECT * FROM (WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master) a, sqlite_master b",
    "WITH RECURSIVE sqlite_master AS (SELECT * FROM sqlite_master UNION ALL SELECT * FROM sqlite_master) SELECT * FROM sqlite_master",
    "SELECT * FROM main.r", "SELECT system.main.now()", "SELECT * FROM r TABLESAMPLE 10%",
    "SELECT getvariable('x')", "PIVOT r ON name",
    /* files by other doors */
    "SELECT * FROM r, LATERAL (SELECT * FROM read_text('/etc/passwd'))",
    "SELECT (SELECT content FROM read_text('/etc/hostname'))",
    "WITH r AS (SELECT * FROM read_blob('/proc/self/environ')) SELECT * FROM r",
    "SELECT * FROM read_json_objects('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')", "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
    "SELECT * FROM parquet_schema('/tmp/x.parquet')",
    "SELECT * FROM parquet_kv_metadata('/tmp/x.parquet')", "SELECT * FROM read_ndjson('/tmp/x')",
    "SELECT * FROM read_duckdb('/tmp/x.db')",
    "FROM '/tmp/x.parquet'", "SELECT * FROM \"read_text\"('/etc/passwd')",
    "SELECT * FROM READ_TEXT('/etc/passwd')",
    "SELECT 1 LIMIT (SELECT size FROM read_text('/etc/passwd'))",
    "SELECT sum(1) OVER (ORDER BY (SELECT size FROM read_text('/etc/passwd')))",
    "SELECT * FROM read_text('https://example.com/x')", "SELECT * FROM 'http://127.0.0.1:9/x.parquet'",
    "SELECT * FROM query_table('/etc/passwd')",
    "SELECT * FROM query_table('r')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    /* writing and more than one statement */
    "COPY r FROM '/etc/passwd'", "COPY (SELECT 1) TO '/tmp/taizhang-out.parquet' (FORMAT parquet)",
    "IMPORT DATABASE '/tmp/x'", "ATTACH ':memory:' AS m",
    "DETACH memory", "CREATE TEMP TABLE t AS SELECT 1", "CREATE MACRO f(a) AS a",
    "CREATE OR REPLACE VIEW r AS SELECT 1", "CREATE TYPE t AS ENUM('a')",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')", "CREATE SEQUENCE s", "DELETE FROM r",
    "UPDATE r SET name = ''", "TRUNCATE r", "ALTER TABLE r ADD COLUMN x INT",
    "WITH x AS (INSERT INTO r SELECT * FROM r RETURNING *) SELECT * FROM x", "PREPARE p AS SELECT 1",
    "EXECUTE p", "BEGIN", "COMMIT", "CHECKPOINT", "VACUUM",
    "ANALYZE", "USE memory", "RESET memory_limit", "SET VARIABLE x = 1", "SET search_path = 'main'",
    "DELETE FROM findings", "FORCE CHECKPOINT",
    /* the engine's own affairs */
    "EXPLAIN SELECT 1", "SELECT * FROM duckdb_tables()", "SELECT * FROM duckdb_functions()",
    "SELECT * FROM duckdb_secrets()", "SELECT * FROM duckdb_logs()",
    "SELECT * FROM which_secret('s3://a', 's3')", "SELECT * FROM pragma_database_size()",
    "PRAGMA enable_profiling", "SELECT * FROM enable_profiling()",
    "SELECT * FROM disable_logging()", "SELECT write_log('x')", "SELECT * FROM truncate_duckdb_logs()",
    "SELECT * FROM checkpoint()",
    "SELECT * FROM force_checkpoint()", "SELECT * FROM pg_catalog.pg_tables", "SELECT * FROM duckdb_tables",
    "SELECT getenv('HOME')",
    "SELECT pg_read_file('/etc/passwd')", "SELECT * FROM sql_auto_complete('sel')",
    "SELECT * FROM test_all_types()", "SELECT * FROM seq_scan()",
    "SELECT * FROM arrow_scan(1::BIGINT, 2::BIGINT, 3::BIGINT)", "SELECT version()",
    "SELECT current_database()", "SELECT txid_current()",
    /* the clock, chance, and time itself */
    "SELECT current_timestamp", "SELECT current_time", "SELECT localtimestamp", "SELECT today()",
    "SELECT get_current_timestamp()", "SELECT age(DATE '2000-01-01')",
    "SELECT uuid()", "SELECT gen_random_uuid()", "SELECT setseed(0.5)", "SELECT sleep_ms(1000)",
    "SELECT pg_sleep(1)", "SELECT main.now()", "SELECT 'a'.getvariable()",
    /* inside other parts of a statement */
    "SELECT 1 ORDER BY current_setting('threads')",
    "SELECT count(*) FILTER (WHERE current_setting('threads') = '2')",
    "VALUES (current_setting('threads'))",
    "SELECT list_transform([1, 2], lambda x: current_setting('threads'))",
    "SELECT list_aggregate([1, 2], 'sum')", "SELECT 1 HAVING random() > 0",
    "SELECT * FROM r WHERE EXISTS (SELECT 1 FROM duckdb_settings())",
    "SELECT CASE WHEN random() > 2 THEN 1 END", "SELECT * FROM r POSITIONAL JOIN r AS s WHERE now() > 1",
    "SELECT * FROM r UNION ALL SELECT * FROM duckdb_settings()",
    "SELECT count(*) FROM r USING SAMPLE 10 PERCENT", "SELECT $1", "FROM (DESCRIBE r)",
    "FROM (SHOW TABLES)", "FROM (SUMMARIZE r)", "SELECT * FROM (PIVOT r ON name)",
    "UNPIVOT r ON name, amount",
    /* texts of any length */
    "SELECT length(lpad('x', 2000000000, 'y'))", "SELECT length(rpad('x', 2000000000, 'y'))",
    "SELECT bitstring('1', 2000000000)", "SELECT length(format('{:2000000000}', 'x'))",
    "SELECT length(printf('%2000000000s', 'x'))", "SELECT levenshtein('a', 'b')",
    "SELECT jaro_winkler_similarity('a', 'b')", "SELECT * FROM repeat('x', 100000000000)",
    "SELECT * FROM repeat_row(1, num_rows = 1000000000)",
    "SELECT length(array_to_string(list_resize([1], 1000000000), ','))",
    /* results that are no plain values */
    "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00'", "SELECT MAP {'a': 1}", "SELECT [1, 2]::POINTER",
    "SELECT ROW(1, 2)", "SELECT 'a'::BLOB", "SELECT '101'::BIT",
    "SELECT union_value(a := 1)", "SELECT row(r) FROM r",
};

/* The cases of the corpus, if it is here: what still runs is one of the harmless twins, and no file
 * appears. {…} stand for folders that do not exist: reaching for them must be refused, not missed. */
static void run_corpus(tz_query *query, const tz_pack *pack)
{
    static const char *const HARMLESS[] = {"stmt empty tail", "factorial/hyper", "columns expr", "columns lambda", "cast type", NULL};
    const char *corpora = getenv("CORPORA");
    tz_text     text;
    tz_err      err;
    size_t      ran = 0, refused = 0;

    if (corpora == NULL || tz_file_load(&mem, tz_arena_printf(&mem, "%s/hostile-sql/cases.tsv", corpora), 1 << 20, &text, &err) != TZ_OK)
        return;
    char *rest = (char *)text.data;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        tz_result result = {0};
        char     *sql = strchr(line, '\t');
        if (sql == NULL)
            continue;
        *sql++ = '\0';
        for (char *at; (at = strstr(sql, "people")) != NULL;)
            memcpy(at, "r     ", 6);
        if (run(query, pack, sql, &result, &err) != TZ_OK) {
            refused++;
            continue;
        }
        bool is_known = false;
        for (size_t i = 0; HARMLESS[i] != NULL; i++)
            is_known |= strcmp(HARMLESS[i], line) == 0;
        if (!is_known)
            fail_msg("a case of the corpus ran: %s", line);
        ran++;
        tz_result_free(&result);
    }
    print_message("corpus: %zu refused, %zu ran\n", refused, ran);
}

static void test_worker(void **state)
{
    const char *const packs_in[] = {"p"};
    char        county_folder[] = "/tmp/taizhang-county-XXXXXX";
    tz_store   *store = NULL;
    tz_packs   *packs = NULL;
    tz_query   *query = NULL;
    tz_result   result = {0};
    tz_err      err = {0};
    (void)state;

    assert_non_null(mkdtemp(county_folder));
    assert_int_equal(load(PACK, CHECK, &packs, &err), TZ_OK);
    assert_int_equal(tz_store_create(&app, county_folder, "999999", "测试县", packs_in, 1, "tester", &err), TZ_OK);
    assert_int_equal(tz_store_open(&app, county_folder, TZ_READ, &store, &err), TZ_OK);
    const tz_day day = {.as_of = 20191231, .at = 1};
    assert_int_equal(tz_query_open(&mem, store, packs, day, &query, &err), TZ_OK);
    const tz_pack *pack = &packs->packs.items[0];

    assert_int_equal(
        run(query, pack,
            "SELECT :line AS a, CAST(:as_of AS VARCHAR) AS b, count(*) AS c, 0.10::DECIMAL(8,2) AS d FROM r",
            &result, &err),
        TZ_OK);
    char *row = json_dumps(result.rows.items[0], JSON_COMPACT);
    assert_string_equal(row, "[10,\"2019-12-31\",0,\"0.10\"]");
    free(row);
    tz_result_free(&result);
    assert_int_equal(
        run(query, pack,
            "SELECT edit_distance('张伟','张玮'), id_birth('11010519491231002X'), age_at(DATE '2000-06-30', DATE '2020-06-29'),"
            " term_start('2019-1'), term_end('2019-2'), 5 / 2, id_sex('x')",
            &result, &err),
        TZ_OK);
    row = json_dumps(result.rows.items[0], JSON_COMPACT);
    assert_string_equal(row, "[1,\"1949-12-31\",19,\"2019-01-16\",\"2020-01-15\",2,null]");
    free(row);
    tz_result_free(&result);

    for (size_t i = 0; i < sizeof HOSTILE / sizeof HOSTILE[0]; i++)
        if (run(query, pack, HOSTILE[i], &result, &err) == TZ_OK)
            fail_msg("a hostile statement ran: %s", HOSTILE[i]);
    tz_query_limit(query, 500);
    assert_int_equal(run(query, pack, "SELECT sum(a.x * b.x) FROM (SELECT unnest(range(1000000)) AS x) a, (SELECT unnest(range(1000000)) AS x) b",
                         &result, &err), TZ_LIMIT);
    run_corpus(query, pack);
    assert_false(tz_file_exists("/tmp/taizhang-out.csv"));
    assert_false(tz_file_exists("/tmp/taizhang-out.db"));
    assert_false(tz_file_exists("/tmp/taizhang-out.parquet"));
    assert_int_equal(run(query, pack, "SELECT :nobody", &result, &err), TZ_INPUT);
    assert_non_null(strstr(err.zh, ":nobody"));
    assert_string_equal(err.where.file, "p/checks/c.sql");
    assert_int_equal(err.where.row_no, 9);

    assert_int_equal(run(query, pack, "SELECT count(*) FROM r", &result, &err), TZ_OK); /* it still serves */
    tz_result_free(&result);
    tz_query_close(query);
    tz_store_close(store);
    assert_int_equal(tz_file_remove_folder(county_folder, &err), TZ_OK);
}

/* ---- The seal, in a process of its own ---- */

/* Each returns what it must not get. */
static bool opens(void) { return open("/dev/null", O_RDONLY) >= 0; }
static bool writes_new(void) { return creat("/tmp/taizhang-sealed", 0600) >= 0; }
static bool makes_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }
static bool forks(void) { return fork() >= 0; }
static bool removes(void) { return unlink(folder) == 0 || errno != EPERM; }
static bool maps_code(void) { return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED; }
static bool starts_program(void)
{
    char *const arguments[] = {(char *)"true", NULL};
    return execv("/bin/true", arguments) == 0 || errno != EPERM;
}

static void test_seal(void **state)
{
    bool (*const DENIED[])(void) = {opens, writes_new, makes_socket, forks, removes, maps_code, starts_program};
    int          status = 0;
    (void)state;

    pid_t pid = fork();
    if (pid == 0) {
        tz_seal_limit();
        if (!tz_seal_shut())
            _exit(100); /* the kernel has no filter */
        for (size_t i = 0; i < sizeof DENIED / sizeof DENIED[0]; i++)
            if (DENIED[i]())
                _exit(1 + (int)i);
        void *plain = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        _exit(plain == MAP_FAILED ? 99 : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 100)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_broken), cmocka_unit_test(test_rewrite),
                                       cmocka_unit_test(test_masks), cmocka_unit_test(test_distance), cmocka_unit_test(test_seal),
                                       cmocka_unit_test(test_worker)};
    char self[4096];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);

    self[size < 0 ? 0 : size] = '\0';
    app.program = self;
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
