/* journal - measures the journal beside what it can't be faster than. bench/journal.sh calls it.
 *
 *     journal make DIR ISSUES [STEPS] a county of so many issues of ten entries each: one opens, nine steps (or STEPS)
 *     journal login DIR USER PASSWORD gives somebody of it a password
 *     journal append DIR ISSUES SIZE  makes one and says the seconds, in transactions of SIZE changes; then
 *                                     the same rows by plain prepared inserts, in transactions of the same
 *                                     size: all the rows, and those of the state alone
 *     journal verify DIR              verify --quick beside SM3 alone over the same bytes; the full verify
 *     journal ledger DIR              a page of the ledger, a close, an inclusion proof, the proof of an issue:
 *                                     milliseconds of each, a line a number
 *
 * Times are of the processor, since the disk is the same for both; wall clock stands in brackets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "ledger/issue.h"
#include "store/checkpoint.h"
#include "store/credential.h"
#include "store/journal.h"
#include "store/prove.h"
#include "store/user.h"

static int64_t steps = 9; /* of an issue, behind its opening */

static void must(tz_rc rc, const tz_err *err)
{
    if (rc == TZ_OK)
        return;
    (void)fprintf(stderr, "journal: %s\n", err->en);
    exit(4);
}
#define MUST(call)                   \
    do {                             \
        tz_err must_err = {0};       \
        tz_err *err = &must_err;     \
        tz_rc must_rc = (call);      \
        must(must_rc, err);          \
    } while (0)

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

static const tz_app APP = {.lang = TZ_EN, .now_ms = clock_ms, .program = "/proc/self/exe"};

typedef struct {
    double cpu, wall;
} stopwatch;

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static stopwatch start(void)
{
    return (stopwatch){seconds_of(CLOCK_PROCESS_CPUTIME_ID), seconds_of(CLOCK_MONOTONIC)};
}

static stopwatch stop(stopwatch since)
{
    stopwatch now = start();
    return (stopwatch){now.cpu - since.cpu, now.wall - since.wall};
}

static void say(const char *what, stopwatch took, double per, const char *unit)
{
    printf("  %-38s %8.3f s (%.3f)  %9.0f %s\n", what, took.cpu, took.wall, per / took.cpu, unit);
}

/* ---- A county of issues ---- */

static void put_issue(tz_store *store, int64_t issue)
{
    char title[160];
    (void)snprintf(title, sizeof title, "某某%lld 于 2019-1 学期由两所学校重复领取国家助学金,多领 750.00 元", (long long)issue);
    json_t *image = json_pack("{s:I, s:s, s:s, s:s, s:o, s:s, s:s, s:n, s:s, s:s, s:n, s:s, s:s, s:n, s:i, s:s, s:n, s:s, s:i, s:n, s:n, s:s}",
                              "issue", (json_int_t)issue, "ledger", "default", "title", title, "source", "hand", "raised_by",
                              json_sprintf("list %lld", (long long)issue), "level", "orange", "state", "open", "standing", "unit", "教育局",
                              "support", "[]", "handler", "term", "by date", "due", "2020-01-30", "asked_due", "due_days", 30, "subject",
                              "P123456", "parent", "opened_on", "2019-12-31", "opened_entry", 0, "closed_entry", "closed_how", "fields", "{}");
    MUST(tz_journal_put(store, "issue.open", "issue", image, NULL, NULL, err));
    json_decref(image);
}

static void put_step(tz_store *store, int64_t step, int64_t issue)
{
    json_t *image = json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "step", (json_int_t)step, "issue", (json_int_t)issue, "action",
                              "note", "state", "rectifying", "by_user", "tester", "at", "2020-01-03T02:04:05.678Z", "note",
                              "已电话联系学校和家长,约定下周一前把多领的部分退回财政专户", "detail", "{}");
    MUST(tz_journal_put(store, "issue.note", "issue_step", image, NULL, NULL, err));
    json_decref(image);
}

static tz_store *new_county(const char *folder)
{
    tz_store *store = NULL;
    MUST(tz_store_create(&APP, folder, "140430", "测试县", NULL, 0, "tester", err));
    MUST(tz_store_open(&APP, folder, TZ_WRITE, &store, err));
    MUST(tz_store_act_as(store, "tester", NULL, err));
    return store;
}

static void fill(tz_store *store, int64_t issues, int64_t size)
{
    int64_t changes = 0;

    for (int64_t issue = 1; issue <= issues; issue++)
        for (int64_t step = 0; step <= steps; step++) {
            if (changes % size == 0)
                MUST(tz_store_begin(store, err));
            if (step == 0)
                put_issue(store, issue);
            else
                put_step(store, (issue - 1) * steps + step, issue);
            if (++changes % size == 0 || changes == issues * (steps + 1))
                MUST(tz_store_commit(store, err));
        }
}

/* Two people who act, and a unit that issues are given to. */
static void put_people(tz_store *store)
{
    MUST(tz_user_add(store, "second", "第二人", NULL, "inspector", NULL, err));
    MUST(tz_unit_add(store, "教育局", "department", NULL, err));
}

static int run_make(const char *folder, int64_t issues)
{
    tz_arena    mem = {0};
    const char *note = NULL;
    stopwatch   since = start();
    tz_store   *store = new_county(folder);

    put_people(store);
    fill(store, issues, 1000);
    say("made", stop(since), (double)(issues * (steps + 1)), "entries/s");
    MUST(tz_checkpoint_make(&mem, store, tz_arena_printf(&mem, "%s.pem", folder), &note, err));
    tz_store_close(store);
    tz_arena_free(&mem);
    return 0;
}

static int64_t today_ms(void *context)
{
    (void)context;
    return (int64_t)time(NULL) * 1000;
}

/* By today's clock: an old password would have to be changed. */
static int run_login(const char *folder, const char *user, const char *password)
{
    tz_app    app = {.lang = TZ_EN, .now_ms = today_ms, .program = APP.program};
    tz_store *store = NULL;

    MUST(tz_store_open(&app, folder, TZ_WRITE, &store, err));
    MUST(tz_store_act_as(store, "tester", NULL, err));
    MUST(tz_credential_set(store, user, password, false, err));
    tz_store_close(store);
    return 0;
}

/* ---- Appends beside plain inserts ---- */

/* The rows of one table, read before the clock runs. */
typedef struct {
    const char     *insert;
    const char     *select;
    int             columns;
    int64_t         rows;
    sqlite3_value **values;
    sqlite3_stmt   *sql;
} table_rows;

static void must_sql(sqlite3 *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    (void)fprintf(stderr, "journal: %s\n", sqlite3_errmsg(db));
    exit(4);
}

static void read_rows(tz_arena *mem, sqlite3 *db, table_rows *table)
{
    sqlite3_stmt *sql = NULL;
    int64_t       room = 1 << 10;

    must_sql(db, sqlite3_prepare_v2(db, table->select, -1, &sql, NULL));
    table->columns = sqlite3_column_count(sql);
    table->values = tz_new_array(mem, sqlite3_value *, (size_t)(room * table->columns));
    for (; sqlite3_step(sql) == SQLITE_ROW; table->rows++) {
        if (table->rows == room) {
            sqlite3_value **more = tz_new_array(mem, sqlite3_value *, (size_t)(room * 2 * table->columns));
            memcpy(more, table->values, (size_t)(room * table->columns) * sizeof *more);
            table->values = more;
            room *= 2;
        }
        for (int i = 0; i < table->columns; i++)
            table->values[table->rows * table->columns + i] = sqlite3_value_dup(sqlite3_column_value(sql, i));
    }
    must_sql(db, sqlite3_finalize(sql));
}

/* Inserts row `at` of each table, as far as it has one. */
static void insert_row(sqlite3 *db, table_rows *table, int64_t at)
{
    for (int i = 0; i < table->columns; i++)
        must_sql(db, sqlite3_bind_value(table->sql, i + 1, table->values[at * table->columns + i]));
    must_sql(db, sqlite3_step(table->sql));
    must_sql(db, sqlite3_reset(table->sql));
}

/* How many rows of the table stand behind so many changes; rounded up, since a step refers to its issue. */
static int64_t share(const table_rows *table, int64_t change, int64_t changes)
{
    return (table->rows * change + changes - 1) / changes;
}

/* The tables' rows into an empty copy of the county's ledger.db, in step, `size` changes a transaction. */
static stopwatch insert_all(const char *empty, const char *path, table_rows *tables, int count, int64_t changes, int64_t size)
{
    sqlite3 *db = NULL;

    MUST(tz_file_copy(empty, path, 0644, err));
    must_sql(db, sqlite3_open(path, &db));
    must_sql(db, sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                                  "PRAGMA cache_size = -65536", NULL, NULL, NULL));
    for (int t = 0; t < count; t++)
        must_sql(db, sqlite3_prepare_v3(db, tables[t].insert, -1, SQLITE_PREPARE_PERSISTENT, &tables[t].sql, NULL));
    stopwatch since = start();
    for (int64_t change = 0; change < changes; change++) {
        if (change % size == 0)
            must_sql(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
        for (int t = 0; t < count; t++)
            for (int64_t at = share(&tables[t], change, changes); at < share(&tables[t], change + 1, changes); at++)
                insert_row(db, &tables[t], at);
        if ((change + 1) % size == 0 || change + 1 == changes)
            must_sql(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    }
    stopwatch took = stop(since);
    for (int t = 0; t < count; t++)
        must_sql(db, sqlite3_finalize(tables[t].sql));
    must_sql(db, sqlite3_close(db));
    return took;
}

static int run_append(const char *folder, int64_t issues, int64_t size)
{
    table_rows tables[] = {
        {.select = "SELECT * FROM issue", .insert = "INSERT INTO issue VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
        {.select = "SELECT * FROM issue_step", .insert = "INSERT INTO issue_step VALUES (?,?,?,?,?,?,?,?)"},
        {.select = "SELECT entry, body, leaf, of_table, of_key FROM journal WHERE entry > ?",
         .insert = "INSERT INTO journal (entry, body, leaf, of_table, of_key) VALUES (?,?,?,?,?)"},
        {.select = "SELECT * FROM journal_private WHERE entry > ? ORDER BY entry", .insert = "INSERT INTO journal_private VALUES (?,?,?,?)"},
        {.select = "SELECT * FROM journal_node ORDER BY (position + 1) << level, level", .insert = "INSERT INTO journal_node VALUES (?,?,?)"},
    };
    tz_arena    mem = {0};
    tz_store   *store = new_county(folder);
    const char *path = tz_arena_printf(&mem, "%s/ledger.db", folder), *empty = tz_arena_printf(&mem, "%s-empty", folder);
    const char *copy = tz_arena_printf(&mem, "%s-copy", folder);
    int64_t     changes = issues * (steps + 1), before = 0;
    sqlite3    *db = NULL;

    MUST(tz_journal_count(store, &before, err));
    tz_store_close(store);
    MUST(tz_file_copy(path, empty, 0644, err));
    MUST(tz_store_open(&APP, folder, TZ_WRITE, &store, err));
    MUST(tz_store_act_as(store, "tester", NULL, err));
    stopwatch since = start();
    fill(store, issues, size);
    stopwatch ours = stop(since);
    tz_store_close(store);
    must_sql(db, sqlite3_open(path, &db));
    for (int t = 0; t < 5; t++) {
        tables[t].select = tz_arena_printf(&mem, "%s", tables[t].select);
        char *mark = strchr(tables[t].select, '?');
        if (mark != NULL)
            *mark = (char)('0' + before); /* a new county has fewer than ten entries */
        read_rows(&mem, db, &tables[t]);
    }
    must_sql(db, sqlite3_close(db));
    printf("%" PRId64 " changes in transactions of %" PRId64 "\n", changes, size);
    say("journalled", ours, (double)changes, "changes/s");
    stopwatch all = insert_all(empty, copy, tables, 5, changes, size);
    say("the same rows by plain inserts", all, (double)changes, "changes/s");
    stopwatch state = insert_all(empty, copy, tables, 2, changes, size);
    say("the rows of the state alone", state, (double)changes, "changes/s");
    printf("  ratio %.2f to the same rows, %.2f to the state alone (wall %.2f, %.2f)\n", ours.cpu / all.cpu, ours.cpu / state.cpu,
           ours.wall / all.wall, ours.wall / state.wall);
    tz_arena_free(&mem);
    return 0;
}

/* ---- Verify beside SM3 ---- */

static int run_verify(const char *folder)
{
    tz_arena        mem = {0};
    tz_store       *store = NULL;
    tz_sql         *sql = NULL;
    bool            has_row = true;
    tz_verification quick = {0}, full = {0};
    tz_buf          bytes = {.mem = &mem};

    MUST(tz_store_open(&APP, folder, TZ_READ, &store, err));
    MUST(tz_sql_open(store, "SELECT body FROM journal ORDER BY entry", &sql, err));
    bytes = tz_buf_init(&mem, (size_t)16 << 30);
    for (;;) {
        MUST(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_buf_put(&bytes, (tz_text){tz_sql_str(sql, 0), (size_t)sqlite3_column_bytes(sql, 0)});
    }
    tz_sql_close(sql);
    stopwatch since = start();
    tz_digest digest = tz_sm3(bytes.data, bytes.size);
    stopwatch alone = stop(since);
    since = start();
    MUST(tz_store_verify(&mem, store, TZ_VERIFY_QUICK, &quick, err));
    stopwatch hashes = stop(since);
    since = start();
    MUST(tz_store_verify(&mem, store, TZ_VERIFY_ALL, &full, err));
    stopwatch all = stop(since);
    printf("%" PRId64 " entries of %zu bytes (%02x)\n", quick.entries, bytes.size / (size_t)quick.entries, digest.bytes[0]);
    say("SM3 alone over the entries", alone, (double)bytes.size / 1e6, "MB/s");
    say("verify --quick", hashes, (double)quick.entries, "entries/s");
    say("verify", all, (double)full.entries, "entries/s");
    printf("  ratio %.2f of verify --quick to SM3 alone; problems: %zu, %zu\n", hashes.cpu / alone.cpu, quick.problems.count, full.problems.count);
    tz_store_close(store);
    tz_arena_free(&mem);
    return quick.problems.count + full.problems.count > 0;
}

/* ---- The ledger ---- */

enum { PAGES = 20, PAGE = 50, CLOSES = 20, PROOFS = 2000, ISSUES = 20 };

static void say_ms(const char *what, stopwatch took, int times)
{
    printf("%s %.4f\n", what, took.cpu / times * 1000);
}

static void measure_pages(tz_store *store, const tz_packs *packs, int64_t issues)
{
    tz_arena  mem = {0};
    stopwatch since = start();

    for (int i = 0; i < PAGES; i++) {
        tz_issue_filter filter = {.state = "open", .after = issues / (PAGES + 1) * i, .limit = PAGE, .today = 20200101, .is_masked = true};
        json_t         *rows = NULL;
        MUST(tz_issue_list(&mem, store, packs, &filter, &rows, err));
        json_decref(rows);
        tz_arena_reset(&mem);
    }
    say_ms("page", stop(since), PAGES);
    tz_arena_free(&mem);
}

static void act(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const char *action, const tz_issue_options *options)
{
    MUST(tz_issue_act(mem, store, packs, issue, action, options, NULL, err));
}

/* Everything that a close asks for, and then the second person's signature alone on the clock. */
static void measure_closes(tz_store *store, const tz_packs *packs, const char *folder, int64_t issues)
{
    tz_arena    mem = {0};
    const char *file = tz_arena_printf(&mem, "%s-receipt", folder);

    for (int i = 0; i < CLOSES; i++) {
        int64_t issue = issues / CLOSES * i + 1;
        MUST(tz_file_write(file, tz_text_of(tz_arena_printf(&mem, "receipt %d", i)), 0644, err));
        act(&mem, store, packs, issue, "assign", &(tz_issue_options){.unit = "教育局", .handler = "tester"});
        act(&mem, store, packs, issue, "start", NULL);
        act(&mem, store, packs, issue, "attach", &(tz_issue_options){.file = file, .kind = "receipt"});
        act(&mem, store, packs, issue, "submit", &(tz_issue_options){.note = "x"});
    }
    MUST(tz_store_act_as(store, "tester", "second", err));
    for (int i = 0; i < CLOSES; i++)
        act(&mem, store, packs, issues / CLOSES * i + 1, "check", &(tz_issue_options){.note = "x"});
    stopwatch since = start();
    for (int i = 0; i < CLOSES; i++)
        act(&mem, store, packs, issues / CLOSES * i + 1, "close", NULL);
    say_ms("close", stop(since), CLOSES);
    (void)remove(file);
    tz_arena_free(&mem);
}

static tz_rc read_node(void *context, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    return tz_merkle_read(context, level, position, ret_hash, err);
}

static void measure_proofs(tz_store *store, int64_t issues)
{
    tz_arena  mem = {0};
    int64_t   size = 0;
    stopwatch since;

    MUST(tz_sql_one(store, "SELECT max(entries) FROM checkpoint", NULL, NULL, &size, err));
    since = start();
    for (int i = 0; i < PROOFS; i++) {
        tz_hashes proof = {0};
        MUST(tz_proof_inclusion(&mem, read_node, store, size / PROOFS * i, size, &proof, err));
        tz_arena_reset(&mem);
    }
    say_ms("inclusion", stop(since), PROOFS);
    since = start();
    for (int i = 0; i < ISSUES; i++) {
        json_t *proof = NULL;
        MUST(tz_prove_issue(&mem, store, issues / ISSUES * i + 2, false, &proof, err));
        json_decref(proof);
        tz_arena_reset(&mem);
    }
    say_ms("prove", stop(since), ISSUES);
    tz_arena_free(&mem);
}

static int run_ledger(const char *folder)
{
    tz_arena  mem = {0};
    tz_store *store = NULL;
    tz_packs *packs = NULL;
    int64_t   issues = 0;

    MUST(tz_store_open(&APP, folder, TZ_WRITE, &store, err));
    MUST(tz_store_act_as(store, "tester", NULL, err));
    MUST(tz_packs_load(&mem, store->county, NULL, folder, &packs, err));
    MUST(tz_sql_one(store, "SELECT max(issue) FROM issue", NULL, NULL, &issues, err));
    measure_proofs(store, issues);
    measure_pages(store, packs, issues);
    measure_closes(store, packs, folder, issues);
    tz_store_close(store);
    tz_arena_free(&mem);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "ledger") == 0)
        return run_ledger(argv[2]);
    if (argc == 5 && strcmp(argv[1], "make") == 0)
        steps = atoll(argv[4]);
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "make") == 0)
        return run_make(argv[2], atoll(argv[3]));
    if (argc == 5 && strcmp(argv[1], "append") == 0)
        return run_append(argv[2], atoll(argv[3]), atoll(argv[4]));
    if (argc == 5 && strcmp(argv[1], "login") == 0)
        return run_login(argv[2], argv[3], argv[4]);
    if (argc == 3 && strcmp(argv[1], "verify") == 0)
        return run_verify(argv[2]);
    (void)fprintf(stderr, "usage: journal make DIR ISSUES [STEPS] | append DIR ISSUES SIZE | verify DIR | ledger DIR\n");
    return 2;
}
