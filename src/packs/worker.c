/* worker - the process in which foreign SQL runs.
 *
 * The same program again, started by execve with the word `worker` and one socket (fd 3), under
 * limits of memory, time and files.  First come statements of our own that load the registers into
 * tables; then external access is closed, the configuration locked and the process sealed (seal.h);
 * from then on each frame is one foreign SELECT, judged by the gate (gate.h) before it is prepared.
 * It keeps no state that matters: it may be killed at any time.
 *
 *   {"op":"setup","memory":mb,"compress":false,"sql":[…],"tables":[…],"terms":[spring, autumn],"calendar":[[from, to, off]…]}
 *                                     -> {"ok":true,"sealed":true,"confined":true}
 *   {"op":"findings","rows":[[finding, rule, subject, kind, level, row]…]}    -> {"ok":true}
 *   {"op":"run","sql":"…","params":[[type, value]…],"ms":60000} -> {"ok":true,"columns":[…],"rows":[[…]…],"cpu_us":9}
 *                                                               or {"ok":false,"kind":"…","text":"…"}
 *
 * What the engine says of a value that it could not take may quote it, so of what fails while it runs only
 * its kind goes back; what it says of the statement itself quotes the statement.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/money.h"
#include "packs/cells.h"
#include "packs/functions.h"
#include "packs/gate.h"
#include "packs/guard.h"
#include "packs/query.h"
#include "packs/seal.h"
#include "packs/wire.h"
#include "store/duck.h"

static json_t *refusal(const char *kind, const char *text)
{
    json_t *frame = json_pack("{s:b, s:s}", "ok", 0, "kind", kind);
    tz_json_set_str(frame, "text", text == NULL ? "" : text);
    return frame;
}

/* ---- The watchdog: interrupts a statement at its time limit ---- */

typedef struct {
    duckdb_connection connection;
    atomic_llong      deadline_ms; /* 0: nothing runs */
    atomic_bool       is_hit;
} watchdog;

typedef struct {
    tz_duck       duck;
    tz_county     county; /* its terms and calendar: all that functions need */
    watchdog      dog;
    const json_t *tables; /* that statements may read */
    tz_arena      mem;    /* of the county */
    int           threads;
    bool          is_ready;
} worker;

static int64_t clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *watch(void *context)
{
    watchdog *dog = context;
    for (;;) {
        const struct timespec nap = {.tv_nsec = 20000000};
        (void)nanosleep(&nap, NULL);
        int64_t deadline = atomic_load(&dog->deadline_ms);
        if (deadline != 0 && clock_ms() > deadline) {
            atomic_store(&dog->is_hit, true);
            duckdb_interrupt(dog->connection);
        }
    }
    return NULL;
}

/* ---- One statement ---- */

static bool bind_params(duckdb_prepared_statement prepared, const json_t *params)
{
    size_t  i;
    json_t *param;

    json_array_foreach((json_t *)params, i, param) {
        const char *type = json_string_value(json_array_get(param, 0));
        const char *value = json_string_value(json_array_get(param, 1));
        int32_t     ymd = 0;
        int64_t     number = 0;
        tz_decimal  decimal;
        duckdb_state state = DuckDBError;
        if (type == NULL || value == NULL)
            return false;
        if (strcmp(type, "date") == 0 && tz_date_parse_iso(tz_text_of(value), &ymd))
            state = duckdb_bind_date(prepared, i + 1, (duckdb_date){(int32_t)tz_date_days(ymd)});
        else if (strcmp(type, "int") == 0 && tz_text_int(tz_text_of(value), &number))
            state = duckdb_bind_int64(prepared, i + 1, number);
        else if (strcmp(type, "money") == 0 && tz_decimal_parse(tz_text_of(value), &decimal) &&
                 tz_decimal_scaled(decimal, 2, &number, NULL))
            state = duckdb_bind_decimal(prepared, i + 1, (duckdb_decimal){18, 2, {(uint64_t)number, number < 0 ? -1 : 0}});
        else if (strncmp(type, "decimal", 7) == 0 && tz_decimal_parse(tz_text_of(value), &decimal) &&
                 tz_decimal_scaled(decimal, 6, &number, NULL))
            state = duckdb_bind_decimal(prepared, i + 1, (duckdb_decimal){18, 6, {(uint64_t)number, number < 0 ? -1 : 0}});
        else if (strcmp(type, "text") == 0)
            state = duckdb_bind_varchar(prepared, i + 1, value);
        if (state != DuckDBSuccess)
            return false;
    }
    return true;
}

/* The statement's tree as the engine itself parses it. NULL, with *ret_wrong: it does not. */
static const char *parse(tz_arena *mem, tz_duck *duck, const char *sql, json_t **ret_wrong)
{
    duckdb_result result;
    tz_err        err = {0};

    if (tz_duck_query(duck, "SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)", &sql, 1, &result, &err) != TZ_OK) {
        *ret_wrong = refusal("syntax", err.en);
        return NULL;
    }
    char       *text = duckdb_value_varchar(&result, 0, 0);
    const char *tree = tz_arena_dup(mem, text == NULL ? "" : text);
    duckdb_free(text);
    duckdb_destroy_result(&result);
    return tree;
}

/* Judges the tree before anything is prepared: NULL, or the refusal. */
static json_t *judge(tz_arena *mem, const char *tree, const json_t *tables)
{
    json_t     *root = json_loads(tree, JSON_DECODE_INT_AS_REAL, NULL);
    const char *refused = root == NULL ? "no tree" : tz_gate_judge(mem, root, tables);
    json_t     *wrong = NULL;

    if (refused != NULL && json_is_true(json_object_get(root, "error")))
        wrong = refusal("syntax", refused);
    else if (refused != NULL)
        wrong = refusal("refused", refused);
    json_decref(root);
    return wrong;
}

/* Prepares exactly one SELECT, or says why not. */
static json_t *prepare_one(tz_duck *duck, const char *sql, duckdb_prepared_statement *ret_prepared)
{
    duckdb_extracted_statements extracted = NULL;
    json_t                     *wrong = NULL;
    idx_t                       count = duckdb_extract_statements(duck->connection, sql, &extracted);

    if (count == 0)
        wrong = refusal("syntax", duckdb_extract_statements_error(extracted));
    else if (count > 1)
        wrong = refusal("refused", "exactly one SELECT is allowed");
    else if (duckdb_prepare_extracted_statement(duck->connection, extracted, 0, ret_prepared) != DuckDBSuccess)
        wrong = refusal("syntax", duckdb_prepare_error(*ret_prepared));
    else if (duckdb_prepared_statement_type(*ret_prepared) != DUCKDB_STATEMENT_TYPE_SELECT)
        wrong = refusal("refused", "only SELECT is allowed");
    duckdb_destroy_extracted(&extracted);
    return wrong;
}

/* The statement whose divisions are guarded instead, where it has any that might fail. */
static json_t *prepare_guarded(tz_arena *mem, tz_duck *duck, const char *tree, duckdb_prepared_statement *prepared)
{
    duckdb_result result;
    tz_err        err = {0};
    bool          is_exact = true;
    const char   *guarded = tz_guard_divisions(mem, tree, &is_exact);

    if (!is_exact)
        return refusal("refused", "a number of more than 18 digits");
    if (guarded == NULL)
        return NULL;
    if (tz_duck_query(duck, "SELECT json_deserialize_sql(CAST($1 AS JSON))", &guarded, 1, &result, &err) != TZ_OK)
        return refusal("syntax", err.en);
    char *sql = duckdb_value_varchar(&result, 0, 0);
    duckdb_destroy_prepare(prepared);
    json_t *wrong = sql == NULL ? refusal("syntax", "") : prepare_one(duck, sql, prepared);
    duckdb_free(sql);
    duckdb_destroy_result(&result);
    return wrong;
}

static json_t *prepare(worker *of, const char *sql, duckdb_prepared_statement *ret_prepared)
{
    tz_arena    mem = {0};
    json_t     *wrong = NULL;
    const char *tree = parse(&mem, &of->duck, sql, &wrong);

    if (wrong == NULL)
        wrong = judge(&mem, tree, of->tables);
    if (wrong == NULL)
        wrong = prepare_one(&of->duck, sql, ret_prepared);
    if (wrong == NULL)
        wrong = prepare_guarded(&mem, &of->duck, tree, ret_prepared);
    tz_arena_free(&mem);
    return wrong;
}

/* What stopped a statement while it ran. */
static json_t *stopped(duckdb_result *result)
{
    const char       *text = duckdb_result_error(result);
    duckdb_error_type type = duckdb_result_error_type(result);

    if (text != NULL && strstr(text, "Error: division by zero") != NULL)
        return refusal("division", "");
    switch (type) {
    case DUCKDB_ERROR_OUT_OF_MEMORY: return refusal("memory", "");
    case DUCKDB_ERROR_CONVERSION: return refusal("conversion", "");
    case DUCKDB_ERROR_OUT_OF_RANGE:
    case DUCKDB_ERROR_DECIMAL: return refusal("range", "");
    default: return refusal("failed", "");
    }
}

/* The answer's text in out, or the refusal. */
static json_t *take_result(worker *of, duckdb_result *result, tz_buf *out)
{
    tz_cells_end end = tz_cells_write(result, out);

    if (atomic_load(&of->dog.is_hit) || duckdb_result_error(result) != NULL)
        return stopped(result);
    switch (end) {
    case TZ_CELLS_OK: return NULL;
    case TZ_CELLS_TYPE: return refusal("type", "");
    case TZ_CELLS_RANGE: return refusal("range", "");
    case TZ_CELLS_ROWS: return refusal("rows", "");
    case TZ_CELLS_BYTES: return refusal("bytes", "");
    }
    return refusal("failed", "");
}

static int64_t cpu_us(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* So much processor time for this statement, on top of what was used: what is deaf to an interrupt ends by
 * the kernel's hand, even if the county's process sleeps. */
static void limit_cpu(const worker *of, int64_t ms)
{
    tz_seal_cpu(cpu_us() / 1000000 + 2 + of->threads * (ms / 1000 + 1));
}

static json_t *run_statement(worker *of, const json_t *frame, tz_buf *out)
{
    duckdb_prepared_statement prepared = NULL;
    duckdb_result             result;
    const char               *sql = tz_json_str(frame, "sql");
    int64_t                   ms = tz_json_int(frame, "ms", TZ_MAX_SQL_SECONDS * 1000);
    int64_t                   before_us = cpu_us();
    json_t                   *wrong = NULL;

    limit_cpu(of, ms);
    atomic_store(&of->dog.is_hit, false);
    atomic_store(&of->dog.deadline_ms, clock_ms() + ms);
    wrong = sql == NULL ? refusal("refused", "no statement") : prepare(of, sql, &prepared);
    if (wrong == NULL && !bind_params(prepared, json_object_get(frame, "params")))
        wrong = refusal("refused", "a parameter's value does not fit its type");
    if (wrong == NULL) {
        bool is_run = duckdb_execute_prepared_streaming(prepared, &result) == DuckDBSuccess;
        wrong = is_run ? take_result(of, &result, out) : stopped(&result);
        duckdb_destroy_result(&result);
    }
    atomic_store(&of->dog.deadline_ms, 0);
    duckdb_destroy_prepare(&prepared);
    tz_buf_printf(out, ",\"cpu_us\":%lld}", (long long)(cpu_us() - before_us));
    if (wrong != NULL && atomic_load(&of->dog.is_hit)) { /* the engine may be interrupted while it prepares, too */
        json_decref(wrong);
        wrong = refusal("time", "");
    }
    return wrong;
}

/* ---- What other checks found ---- */

static bool append_finding(duckdb_appender appender, const json_t *row)
{
    const json_t *line = json_array_get(row, 5);

    (void)duckdb_append_int64(appender, json_integer_value(json_array_get(row, 0)));
    for (size_t i = 1; i < 5; i++) {
        const char *text = json_string_value(json_array_get(row, i));
        (void)(text == NULL ? duckdb_append_null(appender) : duckdb_append_varchar(appender, text));
    }
    (void)(json_is_integer(line) ? duckdb_append_int64(appender, json_integer_value(line)) : duckdb_append_null(appender));
    return duckdb_appender_end_row(appender) == DuckDBSuccess;
}

static json_t *take_findings(worker *of, const json_t *frame)
{
    duckdb_appender appender = NULL;
    tz_err          err = {0};
    size_t          i;
    json_t         *row;

    bool is_ok = tz_duck_exec(&of->duck, "DELETE FROM findings", &err) == TZ_OK &&
                 duckdb_appender_create(of->duck.connection, NULL, "findings", &appender) == DuckDBSuccess;
    json_array_foreach(json_object_get(frame, "rows"), i, row)
        is_ok = is_ok && append_finding(appender, row);
    is_ok = is_ok && duckdb_appender_flush(appender) == DuckDBSuccess;
    (void)duckdb_appender_destroy(&appender);
    return is_ok ? json_pack("{s:b}", "ok", 1) : refusal("setup", "findings");
}

/* ---- Life ---- */

/* The process's threads; 0 where it can't be told. */
static int count_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int  count = 0;

    for (const struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    if (tasks != NULL)
        (void)closedir(tasks);
    return count;
}

static int engine_threads(tz_duck *duck)
{
    duckdb_result result;
    tz_err        err;

    if (tz_duck_query(duck, "SELECT current_setting('threads')", NULL, 0, &result, &err) != TZ_OK)
        return 1;
    int64_t threads = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    return threads < 1 ? 1 : (int)threads;
}

/* Landlock reaches this thread and those that it makes: the engine's pool is sent home first, and comes back
 * behind the wall. */
static tz_rc confine(worker *of, bool *ret_is_confined, tz_err *err)
{
    tz_rc rc = TZ_OK;
    char  sql[64];

    TZ_TRY(tz_duck_exec(&of->duck, "SET threads = 1; SELECT 1", err));
    for (int tries = 0; tries < 100 && count_threads() > 1; tries++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    bool is_alone = count_threads() == 1;
    *ret_is_confined = tz_seal_paths() && is_alone;
    (void)snprintf(sql, sizeof sql, "SET threads = %d; SELECT 1", of->threads);
    TZ_TRY(tz_duck_exec(&of->duck, sql, err));
done:
    return rc;
}

static void take_calendar(worker *of, const json_t *frame)
{
    size_t  i;
    json_t *span;

    of->county.spring_end_md = (int)json_integer_value(json_array_get(json_object_get(frame, "terms"), 0));
    of->county.autumn_end_md = (int)json_integer_value(json_array_get(json_object_get(frame, "terms"), 1));
    json_array_foreach(json_object_get(frame, "calendar"), i, span)
        tz_push(&of->mem, &of->county.calendar.spans, (tz_calendar_span){
            .from = (int32_t)json_integer_value(json_array_get(span, 0)), .to = (int32_t)json_integer_value(json_array_get(span, 1)),
            .is_off = json_is_true(json_array_get(span, 2))});
}

/* The engine's limit, and the process's above it: the engine passes its own by a third to a half, and texts that a
 * function makes don't count there at all. */
static tz_rc limit_memory(worker *of, int64_t memory_mb, tz_err *err)
{
    char sql[64];

    (void)snprintf(sql, sizeof sql, "SET memory_limit = '%lldMB'", (long long)memory_mb);
#if !defined(__SANITIZE_ADDRESS__) /* the sanitizer reserves terabytes of address space */
    tz_seal_memory(memory_mb * 3 / 2 + 1024);
#endif
    return tz_duck_exec(&of->duck, sql, err);
}

static json_t *set_up(worker *of, const json_t *frame)
{
    size_t    i;
    json_t   *sql;
    bool      is_confined = false;
    pthread_t thread;
    tz_err    err = {0};

    take_calendar(of, frame);
    if (limit_memory(of, tz_json_int(frame, "memory", TZ_MAX_SQL_MEMORY_MB), &err) != TZ_OK)
        return refusal("setup", err.en);
    bool is_compressed = json_is_true(json_object_get(frame, "compress"));
    if (is_compressed && tz_duck_exec(&of->duck, "ATTACH ':memory:' AS county (COMPRESS); USE county", &err) != TZ_OK)
        return refusal("setup", err.en);
    json_array_foreach(json_object_get(frame, "sql"), i, sql)
        if (tz_duck_exec(&of->duck, json_string_value(sql), &err) != TZ_OK ||
            (is_compressed && tz_duck_exec(&of->duck, "CHECKPOINT county", &err) != TZ_OK))
            return refusal("setup", err.en);
    if (tz_functions_register(&of->duck, &of->county, &err) != TZ_OK ||
        tz_duck_exec(&of->duck, "SET enable_external_access = false", &err) != TZ_OK || confine(of, &is_confined, &err) != TZ_OK ||
        tz_duck_exec(&of->duck, "SET lock_configuration = true", &err) != TZ_OK)
        return refusal("setup", err.en);
    if (pthread_create(&thread, NULL, watch, &of->dog) != 0)
        return refusal("setup", "no thread");
    of->is_ready = true;
    of->tables = json_incref(json_object_get(frame, "tables"));
    return json_pack("{s:b, s:b, s:b}", "ok", 1, "confined", is_confined, "sealed", tz_seal_shut());
}

/* Answers one frame; false when nobody listens any more. */
static bool answer(worker *of, const json_t *frame)
{
    tz_arena    mem = {0};
    tz_buf      out = tz_buf_init(&mem, TZ_MAX_SQL_RESULT_BYTES);
    const char *op = tz_json_str(frame, "op");
    json_t     *short_answer = NULL;

    if (op != NULL && strcmp(op, "setup") == 0 && !of->is_ready)
        short_answer = set_up(of, frame);
    else if (op != NULL && strcmp(op, "findings") == 0 && of->is_ready)
        short_answer = take_findings(of, frame);
    else if (op != NULL && strcmp(op, "run") == 0 && of->is_ready)
        short_answer = run_statement(of, frame, &out);
    else
        short_answer = refusal("refused", "not now");
    bool is_sent = short_answer != NULL ? tz_wire_send(TZ_WIRE_FD, short_answer) : tz_wire_send_text(TZ_WIRE_FD, tz_buf_text(&out));
    json_decref(short_answer);
    tz_arena_free(&mem);
    return is_sent;
}

int tz_worker_main(void)
{
    static worker of;
    tz_err        err = {0};
    bool          is_late = false;

    tz_seal_limit();
    if (tz_duck_open(0, TZ_MAX_SQL_MEMORY_MB, &of.duck, &err) != TZ_OK)
        return 4;
    of.dog.connection = of.duck.connection;
    of.threads = engine_threads(&of.duck);
    for (json_t *frame; (frame = tz_wire_receive(TZ_WIRE_FD, -1, &is_late)) != NULL;) {
        bool is_sent = answer(&of, frame);
        json_decref(frame);
        if (!is_sent)
            break;
    }
    _exit(0); /* nothing here is worth a clean end, and a poisoned instance would abort in it */
}
