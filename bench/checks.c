/* checks - what all checks of a county cost, beside the same SQL run by hand; `bench/checks.sh` calls it.
 *
 *   checks multiply COUNTY TIMES     every row of evidence so many times, as other people with other papers
 *   checks ours COUNTY               all checks as `taizhang check` runs them, without writing
 *   checks hand COUNTY               the same statements in DuckDB over views of the same Parquet files
 *   checks sqlite COUNTY             the statements that SQLite can run, over tables with indexes; loading apart
 *   checks names COUNTY              the names of the checks, one a line
 *   checks spend COMMAND…            runs it, prints its seconds of processor time
 *
 * Prints: checks run, rows given, seconds of processor time (of children too), seconds on the clock, peak MiB.
 */
#include <duckdb.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/idcard.h"
#include "checks/check.h"
#include "flow/flow.h"
#include "packs/functions.h"
#include "packs/query.h"
#include "store/duck.h"

static tz_arena mem;
static tz_app   app = {.lang = TZ_EN};

static _Noreturn void stop(const tz_err *err)
{
    char line[1024];
    tz_err_line(err, TZ_EN, line, sizeof line);
    fprintf(stderr, "%s\n", line);
    exit(1);
}

#define MUST(call)                \
    do {                          \
        tz_err must = {0}, *err = &must; \
        if ((call) != TZ_OK)      \
            stop(&must);          \
    } while (0)

/* ---- Clocks ---- */

static double cpu_seconds(void)
{
    struct rusage self, children;
    (void)getrusage(RUSAGE_SELF, &self);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    return (double)(self.ru_utime.tv_sec + self.ru_stime.tv_sec + children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
           (double)(self.ru_utime.tv_usec + self.ru_stime.tv_usec + children.ru_utime.tv_usec + children.ru_stime.tv_usec) / 1e6;
}

static double wall_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void report(const char *what, size_t checks, size_t rows, double cpu, double wall)
{
    struct rusage self, children;
    (void)getrusage(RUSAGE_SELF, &self);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    long peak = self.ru_maxrss > children.ru_maxrss ? self.ru_maxrss : children.ru_maxrss;
    printf("%-8s %4zu %9zu %9.2f %9.2f %7ld\n", what, checks, rows, cpu, wall, peak / 1024);
}

/* ---- The county ---- */

typedef struct {
    tz_session *session;
    tz_day      day;
} county;

static county open_county(const char *folder)
{
    county of = {0};
    MUST(tz_session_open(&app, folder, TZ_READ, "bench", NULL, &of.session, err));
    MUST(tz_day_resolve(of.session->store, (tz_day){0}, &of.day, err));
    return of;
}

/* ---- Ours ---- */

static void run_ours(const char *folder)
{
    county           of = open_county(folder);
    tz_check_options options = {.day = of.day, .is_past = true, .limit_ms = 600000};
    json_t          *results = NULL, *result;
    size_t           i, rows = 0, ran = 0;
    double           cpu = cpu_seconds(), wall = wall_seconds();

    MUST(tz_checks_run(&mem, of.session->store, of.session->packs, &options, &results, err));
    cpu = cpu_seconds() - cpu;
    wall = wall_seconds() - wall;
    json_array_foreach(results, i, result) {
        rows += (size_t)(tz_json_int(result, "raised", 0) + tz_json_int(result, "kept", 0));
        ran += strcmp(tz_json_str(result, "state"), "ran") == 0;
        if (strcmp(tz_json_str(result, "state"), "failed") == 0)
            fprintf(stderr, "%s: %s\n", tz_json_str(result, "check"), tz_json_str(result, "why"));
    }
    report("ours", ran, rows, cpu, wall);
}

/* ---- The same by hand ---- */

static const char *literal(const tz_parameter *parameter, tz_day day)
{
    const char *value = tz_parameter_value(parameter, day.as_of);
    bool        is_text = strcmp(parameter->type, "text") == 0 || strcmp(parameter->type, "date") == 0;
    return is_text ? tz_arena_printf(&mem, "'%s'", value) : value;
}

static const char *value_of(const tz_check *check, const char *name, tz_day day)
{
    for (size_t i = 0; i < check->pack->parameters.count; i++)
        if (strcmp(check->pack->parameters.items[i].name, name) == 0)
            return literal(&check->pack->parameters.items[i], day);
    return "NULL";
}

/* The statement with its parameters as literals. */
static const char *filled(const tz_check *check, tz_day day, bool is_sqlite)
{
    tz_strings  names;
    const char *text = tz_query_rewrite(&mem, check->sql, &names);
    tz_buf      out = tz_buf_init(&mem, 0);
    char        as_of[TZ_DATE_TEXT];

    tz_date_format(day.as_of, as_of);
    for (const char *at = text; *at != '\0'; at++) {
        char *end = NULL;
        long  number = *at == '$' ? strtol(at + 1, &end, 10) : 0;
        if (number < 1 || (size_t)number > names.count) {
            tz_buf_char(&out, *at);
            continue;
        }
        const char *name = names.items[number - 1];
        if (strcmp(name, "as_of") != 0)
            tz_buf_puts(&out, value_of(check, name, day));
        else if (is_sqlite)
            tz_buf_printf(&out, "%lld", (long long)tz_date_days(day.as_of));
        else
            tz_buf_printf(&out, "DATE '%s'", as_of);
        at = end - 1;
    }
    return tz_buf_str(&out);
}

static void make_views(tz_duck *duck, const county *of, const char *kind)
{
    MUST(tz_functions_register(duck, of->session->store->county, err));
    MUST(tz_duck_exec(duck, "CREATE TABLE divisions (code VARCHAR, name VARCHAR, level VARCHAR, parent VARCHAR, successor VARCHAR)", err));
    for (size_t i = 0; i < of->session->packs->packs.count; i++)
        for (size_t j = 0; j < of->session->packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &of->session->packs->packs.items[i].registers.items[j];
            const char        *view = NULL;
            MUST(tz_view_sql(&mem, of->session->store, reg, of->day, &view, err));
            MUST(tz_duck_exec(duck, tz_arena_printf(&mem, "CREATE %s \"%s\" AS %s", kind, reg->name, view), err));
        }
}

/* Runs it and reads every row, as whoever wants the answer must. */
static size_t run_by_hand(tz_duck *duck, const char *name, const char *sql)
{
    duckdb_result result;
    size_t        rows = 0;

    if (duckdb_query(duck->connection, sql, &result) != DuckDBSuccess)
        fprintf(stderr, "%s: %s\n", name, duckdb_result_error(&result));
    else
        for (duckdb_data_chunk chunk; (chunk = duckdb_fetch_chunk(result)) != NULL; duckdb_destroy_data_chunk(&chunk))
            rows += duckdb_data_chunk_get_size(chunk);
    duckdb_destroy_result(&result);
    return rows;
}

static void run_hand(const char *folder)
{
    county  of = open_county(folder);
    tz_duck duck = {0};
    size_t  rows = 0, ran = 0;
    double  cpu = cpu_seconds(), wall = wall_seconds();

    MUST(tz_duck_open(0, 4096, &duck, err));
    make_views(&duck, &of, "VIEW");
    for (size_t i = 0; i < of.session->packs->packs.count; i++)
        for (size_t j = 0; j < of.session->packs->packs.items[i].checks.count; j++) {
            const tz_check *check = &of.session->packs->packs.items[i].checks.items[j];
            if (check->after.count > 0)
                continue;
            rows += run_by_hand(&duck, check->name, filled(check, of.day, false));
            ran++;
        }
    tz_duck_close(&duck);
    report("by hand", ran, rows, cpu_seconds() - cpu, wall_seconds() - wall);
}

/* ---- SQLite ---- */

static tz_text text_of(sqlite3_value *value)
{
    const char *data = (const char *)sqlite3_value_text(value);
    return (tz_text){data, data == NULL ? 0 : (size_t)sqlite3_value_bytes(value)};
}

static void put_day(sqlite3_context *to, int32_t ymd)
{
    if (ymd == 0)
        sqlite3_result_null(to);
    else
        sqlite3_result_int64(to, tz_date_days(ymd));
}

static const tz_county *the_county;

static void id_birth(sqlite3_context *to, int count, sqlite3_value **values)
{
    tz_idcard card;
    tz_err    err;
    (void)count;
    put_day(to, tz_idcard_parse(text_of(values[0]), &card, &err) == TZ_OK ? card.born : 0);
}

static void id_sex(sqlite3_context *to, int count, sqlite3_value **values)
{
    tz_idcard card;
    tz_err    err;
    (void)count;
    if (tz_idcard_parse(text_of(values[0]), &card, &err) == TZ_OK)
        sqlite3_result_text(to, card.sex == 'M' ? "M" : "F", 1, SQLITE_STATIC);
}

static void period_day(sqlite3_context *to, sqlite3_value *value, bool is_start)
{
    tz_text period = text_of(value);
    int32_t end = period.size < 6 ? 0 : tz_county_period_end(the_county, period);
    put_day(to, end == 0 ? 0 : is_start && period.size == 7 ? end / 100 * 100 + 1 : is_start ? tz_date_add(end, -180) : end);
}

static void period_start(sqlite3_context *to, int count, sqlite3_value **values)
{
    (void)count;
    period_day(to, values[0], true);
}

static void period_end(sqlite3_context *to, int count, sqlite3_value **values)
{
    (void)count;
    period_day(to, values[0], false);
}

static void age_at(sqlite3_context *to, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL)
        return;
    int32_t birth = tz_date_from_days(sqlite3_value_int64(values[0])), day = tz_date_from_days(sqlite3_value_int64(values[1]));
    sqlite3_result_int(to, day / 10000 - birth / 10000 - (day % 10000 < birth % 10000));
}

static void name_similarity(sqlite3_context *to, int count, sqlite3_value **values)
{
    tz_text a = text_of(values[0]), b = text_of(values[1]);
    size_t  m = tz_utf8_count(a), n = tz_utf8_count(b);
    (void)count;
    if (m > 0 && n > 0)
        sqlite3_result_double(to, 1.0 - (double)tz_edit_distance(a, b) / (double)(m > n ? m : n));
}

static void give_functions(sqlite3 *db)
{
    static const struct { const char *name; int count; void (*run)(sqlite3_context *, int, sqlite3_value **); } FUNCTIONS[] = {
        {"id_birth", 1, id_birth}, {"id_sex", 1, id_sex}, {"term_start", 1, period_start}, {"term_end", 1, period_end},
        {"month_start", 1, period_start}, {"month_end", 1, period_end}, {"age_at", 2, age_at}, {"name_similarity", 2, name_similarity},
    };
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof FUNCTIONS[0]; i++)
        (void)sqlite3_create_function(db, FUNCTIONS[i].name, FUNCTIONS[i].count, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, FUNCTIONS[i].run, NULL,
                                      NULL);
}

static void must_sqlite(sqlite3 *db, const char *sql)
{
    char *wrong = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &wrong) != SQLITE_OK) {
        fprintf(stderr, "sqlite: %s: %.100s\n", wrong, sql);
        exit(1);
    }
}

static void bind_cell(sqlite3_stmt *to, int place, duckdb_type type, duckdb_vector vector, idx_t row)
{
    uint64_t *valid = duckdb_vector_get_validity(vector);
    void     *data = duckdb_vector_get_data(vector);

    if (valid != NULL && !duckdb_validity_row_is_valid(valid, row)) {
        (void)sqlite3_bind_null(to, place);
    } else if (type == DUCKDB_TYPE_VARCHAR) {
        duckdb_string_t *text = &((duckdb_string_t *)data)[row];
        (void)sqlite3_bind_text(to, place, duckdb_string_t_data(text), (int)duckdb_string_t_length(*text), SQLITE_TRANSIENT);
    } else if (type == DUCKDB_TYPE_BIGINT) {
        (void)sqlite3_bind_int64(to, place, ((int64_t *)data)[row]);
    } else if (type == DUCKDB_TYPE_DATE) {
        (void)sqlite3_bind_int64(to, place, ((int32_t *)data)[row]);
    } else if (type == DUCKDB_TYPE_BOOLEAN) {
        (void)sqlite3_bind_int(to, place, ((bool *)data)[row]);
    } else {
        (void)sqlite3_bind_double(to, place, ((double *)data)[row]);
    }
}

/* Decimals go over as doubles: SQLite has no others. */
static const char *plain_columns(tz_duck *duck, const char *table)
{
    duckdb_result result;
    tz_buf        list = tz_buf_init(&mem, 0);

    MUST(tz_duck_query(duck, tz_arena_printf(&mem, "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '%s'"
                       " ORDER BY ordinal_position", table), NULL, 0, &result, err));
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        char *name = duckdb_value_varchar(&result, 0, i), *type = duckdb_value_varchar(&result, 1, i);
        bool  is_number = strncmp(type, "DECIMAL", 7) == 0;
        tz_buf_printf(&list, is_number ? "%sCAST(\"%s\" AS DOUBLE) AS \"%s\"" : "%s\"%s\"", i == 0 ? "" : ", ", name, name);
        duckdb_free(name);
        duckdb_free(type);
    }
    duckdb_destroy_result(&result);
    return tz_buf_str(&list);
}

static void copy_register(tz_duck *duck, sqlite3 *db, const char *table)
{
    duckdb_result result;
    tz_buf        create = tz_buf_init(&mem, 0), insert = tz_buf_init(&mem, 0);
    sqlite3_stmt *to = NULL;

    MUST(tz_duck_query(duck, tz_arena_printf(&mem, "SELECT %s FROM \"%s\"", plain_columns(duck, table), table), NULL, 0, &result, err));
    int columns = (int)duckdb_column_count(&result);
    for (int i = 0; i < columns; i++) {
        tz_buf_printf(&create, "%s\"%s\"", i == 0 ? "" : ", ", duckdb_column_name(&result, (idx_t)i));
        tz_buf_puts(&insert, i == 0 ? "?" : ",?");
    }
    must_sqlite(db, tz_arena_printf(&mem, "CREATE TABLE \"%s\" (%s)", table, tz_buf_str(&create)));
    (void)sqlite3_prepare_v2(db, tz_arena_printf(&mem, "INSERT INTO \"%s\" VALUES (%s)", table, tz_buf_str(&insert)), -1, &to, NULL);
    for (duckdb_data_chunk chunk; (chunk = duckdb_fetch_chunk(result)) != NULL; duckdb_destroy_data_chunk(&chunk))
        for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk); row++) {
            for (int i = 0; i < columns; i++)
                bind_cell(to, i + 1, duckdb_column_type(&result, (idx_t)i), duckdb_data_chunk_get_vector(chunk, (idx_t)i), row);
            (void)sqlite3_step(to);
            (void)sqlite3_reset(to);
        }
    (void)sqlite3_finalize(to);
    duckdb_destroy_result(&result);
}

/* An index on whose each row is, and on each column of its key. */
static void index_register(sqlite3 *db, const tz_register *reg)
{
    const char *names[12] = {"person", "household"};
    size_t      count = reg->identities.count > 0 ? 2 : 0;

    for (size_t i = 0; i < reg->key.count && count < 12; i++)
        names[count++] = reg->columns.items[reg->key.items[i]].name;
    for (size_t i = 0; i < count; i++) {
        const char *sql = tz_arena_printf(&mem, "CREATE INDEX \"%s_%zu\" ON \"%s\" (\"%s\")", reg->name, i, reg->name, names[i]);
        (void)sqlite3_exec(db, sql, NULL, NULL, NULL); /* a register whose first role is no person has no such column */
    }
}

/* list(…) is SQLite's json_group_array. */
static const char *for_sqlite(const char *sql)
{
    tz_buf out = tz_buf_init(&mem, 0);

    for (const char *at = sql; *at != '\0'; at++)
        if (strncmp(at, "list(", 5) == 0 && (at == sql || strchr(" (,\n", at[-1]) != NULL)) {
            tz_buf_puts(&out, "json_group_array(");
            at += 4;
        } else {
            tz_buf_char(&out, *at);
        }
    return tz_buf_str(&out);
}

static bool run_in_sqlite(sqlite3 *db, const char *sql, size_t *ret_rows)
{
    sqlite3_stmt *statement = NULL;
    bool          is_ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK;

    while (is_ok && sqlite3_step(statement) == SQLITE_ROW)
        ++*ret_rows;
    (void)sqlite3_finalize(statement);
    return is_ok;
}

static void run_sqlite(const char *folder)
{
    county   of = open_county(folder);
    tz_duck  duck = {0};
    sqlite3 *db = NULL;
    size_t   rows = 0, ran = 0, hand_rows = 0;
    double   theirs = 0, hand = 0, wall = 0;

    the_county = of.session->store->county;
    MUST(tz_duck_open(0, 4096, &duck, err));
    make_views(&duck, &of, "VIEW");
    (void)sqlite3_open(":memory:", &db);
    must_sqlite(db, "PRAGMA cache_size = -500000; BEGIN");
    give_functions(db);
    for (size_t i = 0; i < of.session->packs->packs.count; i++)
        for (size_t j = 0; j < of.session->packs->packs.items[i].registers.count; j++)
            copy_register(&duck, db, of.session->packs->packs.items[i].registers.items[j].name);
    for (size_t i = 0; i < of.session->packs->packs.count; i++)
        for (size_t j = 0; j < of.session->packs->packs.items[i].registers.count; j++)
            index_register(db, &of.session->packs->packs.items[i].registers.items[j]);
    must_sqlite(db, "COMMIT; ANALYZE");
    for (size_t i = 0; i < of.session->packs->packs.count; i++)
        for (size_t j = 0; j < of.session->packs->packs.items[i].checks.count; j++) {
            const tz_check *check = &of.session->packs->packs.items[i].checks.items[j];
            double cpu = cpu_seconds(), began = wall_seconds();
            if (check->after.count > 0 || !run_in_sqlite(db, for_sqlite(filled(check, of.day, true)), &rows)) {
                fprintf(stderr, "  not in SQLite: %s\n", check->name);
                continue;
            }
            theirs += cpu_seconds() - cpu;
            wall += wall_seconds() - began;
            cpu = cpu_seconds();
            hand_rows += run_by_hand(&duck, check->name, filled(check, of.day, false));
            hand += cpu_seconds() - cpu;
            ran++;
        }
    report("sqlite", ran, rows, theirs, wall);
    report("(duckdb)", ran, hand_rows, hand, 0);
    (void)sqlite3_close(db);
    tz_duck_close(&duck);
}

/* ---- A larger county ---- */

static bool is_paper(const tz_column *column)
{
    return column->type == TZ_TYPE_BANK || column->type == TZ_TYPE_PHONE ||
           (column->type == TZ_TYPE_TEXT && (strstr(column->name, "_no") != NULL || strstr(column->name, "code") != NULL));
}

/* Whether a copy's rows have other keys: a second secretary of one village, a second school of one name is no county. */
static bool has_copies(const tz_register *reg)
{
    for (size_t i = 0; i < reg->key.count; i++) {
        const tz_column *column = &reg->columns.items[reg->key.items[i]];
        if (column->type == TZ_TYPE_ID || is_paper(column))
            return true;
    }
    return false;
}

/* The expression for a column of the k-th copy: papers and numbers are other ones, places, days and words stay. */
static void put_column(tz_buf *out, const tz_register *reg, const char *name)
{
    int              index = tz_register_column(reg, name);
    const tz_column *column = index < 0 ? NULL : &reg->columns.items[index];

    if (column != NULL && column->type == TZ_TYPE_ID)
        tz_buf_printf(out, "CASE WHEN k = 0 OR \"%s\" IS NULL THEN \"%s\" ELSE other_id(\"%s\", k) END AS \"%s\"", name, name, name, name);
    else if (column != NULL && is_paper(column))
        tz_buf_printf(out, "CASE WHEN k = 0 THEN \"%s\" ELSE \"%s\" || '-' || k END AS \"%s\"", name, name, name);
    else if (strcmp(name, "_rowno") == 0)
        tz_buf_puts(out, "CAST(_rowno + k * 600000 AS INTEGER) AS _rowno");
    else if (strcmp(name, "_key") == 0 || strcmp(name, "_content") == 0)
        tz_buf_printf(out, "CASE WHEN k = 0 THEN \"%s\" ELSE md5(\"%s\" || k) END AS \"%s\"", name, name, name);
    else
        tz_buf_printf(out, "\"%s\"", name);
}

/* Another valid number: another region, and the check character that belongs to it. */
static const char OTHER_ID[] =
    "CREATE MACRO weighed(t) AS list_sum(list_transform(range(1, 18), lambda i: CAST(substr(t, i, 1) AS BIGINT)"
    "  * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i]));"
    "CREATE MACRO sealed(t) AS t || substr('10X98765432', CAST(weighed(t) % 11 AS INTEGER) + 1, 1);"
    "CREATE MACRO other_id(t, k) AS sealed(CAST(200000 + k AS VARCHAR) || substr(t, 7, 11));";

static void multiply_file(tz_duck *duck, const char *path, const tz_register *reg, int64_t times)
{
    duckdb_result result;
    tz_buf        list = tz_buf_init(&mem, 0);
    const char   *larger = tz_arena_printf(&mem, "%s.larger", path);

    MUST(tz_duck_query(duck, tz_arena_printf(&mem, "SELECT * FROM read_parquet('%s') LIMIT 0", path), NULL, 0, &result, err));
    for (idx_t i = 0; i < duckdb_column_count(&result); i++) {
        tz_buf_puts(&list, i == 0 ? "" : ", ");
        put_column(&list, reg, duckdb_column_name(&result, i));
    }
    duckdb_destroy_result(&result);
    MUST(tz_duck_exec(duck, tz_arena_printf(&mem, "COPY (SELECT %s FROM read_parquet('%s'), (SELECT range AS k FROM range(%lld)) t) TO '%s'"
                      " (FORMAT parquet, COMPRESSION zstd)", tz_buf_str(&list), path, (long long)times, larger), err));
    if (remove(path) != 0 || rename(larger, path) != 0)
        exit(1);
}

static void multiply(const char *folder, int64_t times)
{
    county  of = open_county(folder);
    tz_duck duck = {0};
    tz_sql *sql = NULL;
    bool    has_row = true;

    MUST(tz_duck_open(0, 3000, &duck, err));
    MUST(tz_duck_exec(&duck, "SET preserve_insertion_order = false", err)); /* no order is kept, so no file is held whole */
    MUST(tz_duck_exec(&duck, OTHER_ID, err));
    MUST(tz_sql_open(of.session->store, "SELECT register, parquet FROM batch", &sql, err));
    for (;;) {
        MUST(tz_sql_step(of.session->store, sql, &has_row, err));
        if (!has_row)
            break;
        const tz_register *reg = tz_packs_register(of.session->packs, tz_sql_str(sql, 0));
        if (reg != NULL && has_copies(reg))
            multiply_file(&duck, tz_store_path(&mem, of.session->store, "evidence", tz_sql_str(sql, 1)), reg, times);
    }
    tz_sql_close(sql);
    int64_t run = 0;
    MUST(tz_sql_one(of.session->store, "SELECT max(run) FROM link_run", NULL, NULL, &run, err));
    const char *people = tz_store_path(&mem, of.session->store, "derived", tz_arena_printf(&mem, "people-%lld.parquet", (long long)run));
    MUST(tz_duck_exec(&duck, tz_arena_printf(&mem,
                      "COPY (SELECT row + k * 600000 AS row, * EXCLUDE (row, person, household),"
                      " person || CASE WHEN k = 0 THEN '' ELSE '-' || k END AS person,"
                      " household || CASE WHEN k = 0 THEN '' ELSE '-' || k END AS household"
                      " FROM read_parquet('%s'), (SELECT range AS k FROM range(%lld)) t) TO '%s.larger' (FORMAT parquet, COMPRESSION zstd)",
                      people, (long long)times, people), err));
    if (rename(tz_arena_printf(&mem, "%s.larger", people), people) != 0)
        exit(1);
    tz_duck_close(&duck);
}

static void print_names(const char *folder)
{
    county of = open_county(folder);
    for (size_t i = 0; i < of.session->packs->packs.count; i++)
        for (size_t j = 0; j < of.session->packs->packs.items[i].checks.count; j++)
            printf("%s\n", of.session->packs->packs.items[i].checks.items[j].name);
}

static void spend(char **command)
{
    double before = cpu_seconds();
    pid_t  pid = fork();

    if (pid == 0) {
        (void)!freopen("/dev/null", "w", stdout);
        (void)execvp(command[0], command);
        _exit(127);
    }
    (void)waitpid(pid, NULL, 0);
    printf("%.2f\n", cpu_seconds() - before);
}

int main(int argc, char **argv)
{
    app.program = getenv("TAIZHANG"); /* whose worker runs, and beside which the packs are */
    if (argc == 4 && strcmp(argv[1], "multiply") == 0)
        multiply(argv[2], atoll(argv[3]));
    else if (argc == 3 && strcmp(argv[1], "ours") == 0)
        run_ours(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "hand") == 0)
        run_hand(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "sqlite") == 0)
        run_sqlite(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "names") == 0)
        print_names(argv[2]);
    else if (argc > 2 && strcmp(argv[1], "spend") == 0)
        spend(argv + 2);
    else
        return 2;
    return 0;
}
