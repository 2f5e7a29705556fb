/* worker - the process in which foreign SQL runs.
 *
 * The same program again, started by execve with the word `worker` and one socket (fd 3), under
 * limits of memory, time and files.  First come statements of our own that load the registers into
 * tables; then external access is closed, the configuration locked and the process sealed (seal.h);
 * from then on each frame is one foreign SELECT, judged by the gate (gate.h) before it is prepared.
 * It keeps no state that matters: it may be killed at any time.
 *
 *   {"op":"setup","sql":[…],"tables":[…],"terms":[spring, autumn]} -> {"ok":true,"sealed":true}
 *   {"op":"run","sql":"…","params":[[type, value]…],"ms":60000} -> {"ok":true,"columns":[…],"rows":[[…]…]}
 *                                                               or {"ok":false,"kind":"…","text":"…"}
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/money.h"
#include "packs/functions.h"
#include "packs/gate.h"
#include "packs/query.h"
#include "packs/seal.h"
#include "packs/wire.h"
#include "store/duck.h"

enum { WORKER_MEMORY_MB = 4096 };

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

/* ---- One cell ---- */

static json_t *integer_text(const char *digits)
{
    int64_t value = 0;
    return tz_text_int(tz_text_of(digits), &value) ? json_integer(value) : json_string(digits);
}

static json_t *huge_cell(duckdb_hugeint value)
{
    __extension__ typedef __int128 wide;
    wide number = ((wide)value.upper << 64) | (wide)value.lower;

    if (number >= INT64_MIN && number <= INT64_MAX)
        return json_integer((int64_t)number);
    return json_null();
}

static json_t *decimal_cell(duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
    const void *data = duckdb_vector_get_data(vector);
    char        text[TZ_DECIMAL_TEXT];
    int64_t     scaled = 0;

    switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT: scaled = ((const int16_t *)data)[row]; break;
    case DUCKDB_TYPE_INTEGER: scaled = ((const int32_t *)data)[row]; break;
    case DUCKDB_TYPE_BIGINT: scaled = ((const int64_t *)data)[row]; break;
    default: {
        json_t *wide = huge_cell(((const duckdb_hugeint *)data)[row]);
        scaled = json_is_integer(wide) ? (int64_t)json_integer_value(wide) : 0;
        bool is_too_wide = !json_is_integer(wide);
        json_decref(wide);
        if (is_too_wide)
            return json_null();
    }
    }
    uint8_t scale = duckdb_decimal_scale(type);
    tz_decimal_format(scaled, scale > 18 ? 18 : scale, text);
    return json_string(text);
}

static json_t *date_cell(int32_t days)
{
    char text[TZ_DATE_TEXT];
    if (days < -719162 || days > 2932896)
        return json_null();
    tz_date_format(tz_date_from_days(days), text);
    return json_string(text);
}

/* A list of BIGINT as an array, else NULL. */
static json_t *list_cell(duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
    duckdb_logical_type child = duckdb_list_type_child_type(type);
    bool                is_rows = duckdb_get_type_id(child) == DUCKDB_TYPE_BIGINT;
    duckdb_list_entry   entry = ((const duckdb_list_entry *)duckdb_vector_get_data(vector))[row];
    const int64_t      *data = duckdb_vector_get_data(duckdb_list_vector_get_child(vector));
    uint64_t           *valid = duckdb_vector_get_validity(duckdb_list_vector_get_child(vector));
    json_t             *list = is_rows ? json_array() : NULL;

    for (idx_t i = 0; is_rows && i < entry.length; i++)
        if (valid == NULL || duckdb_validity_row_is_valid(valid, entry.offset + i))
            (void)json_array_append_new(list, json_integer(data[entry.offset + i]));
    duckdb_destroy_logical_type(&child);
    return list;
}

/* NULL for a type that is refused. */
static json_t *cell(duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
    uint64_t *valid = duckdb_vector_get_validity(vector);
    void     *data = duckdb_vector_get_data(vector);
    char      text[40];

    if (valid != NULL && !duckdb_validity_row_is_valid(valid, row))
        return json_null();
    switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_SQLNULL: return json_null();
    case DUCKDB_TYPE_BOOLEAN: return json_boolean(((bool *)data)[row]);
    case DUCKDB_TYPE_TINYINT: return json_integer(((int8_t *)data)[row]);
    case DUCKDB_TYPE_SMALLINT: return json_integer(((int16_t *)data)[row]);
    case DUCKDB_TYPE_INTEGER: return json_integer(((int32_t *)data)[row]);
    case DUCKDB_TYPE_BIGINT: return json_integer(((int64_t *)data)[row]);
    case DUCKDB_TYPE_UBIGINT: (void)snprintf(text, sizeof text, "%llu", (unsigned long long)((uint64_t *)data)[row]); return integer_text(text);
    case DUCKDB_TYPE_HUGEINT: return huge_cell(((duckdb_hugeint *)data)[row]);
    case DUCKDB_TYPE_DECIMAL: return decimal_cell(vector, type, row);
    case DUCKDB_TYPE_DATE: return date_cell(((int32_t *)data)[row]);
    case DUCKDB_TYPE_LIST: return list_cell(vector, type, row);
    case DUCKDB_TYPE_DOUBLE:
        (void)snprintf(text, sizeof text, "%.10g", ((double *)data)[row]);
        return json_string(text);
    case DUCKDB_TYPE_VARCHAR: {
        duckdb_string_t *at = &((duckdb_string_t *)data)[row];
        return tz_json_text((tz_text){duckdb_string_t_data(at), duckdb_string_t_length(*at)});
    }
    default: return NULL;
    }
}

/* ---- One statement ---- */

/* Appends the chunk's rows; false for a column of a refused type. */
static bool take_chunk(duckdb_data_chunk chunk, duckdb_result *result, json_t *rows)
{
    idx_t columns = duckdb_data_chunk_get_column_count(chunk), count = duckdb_data_chunk_get_size(chunk);
    bool  is_ok = true;
    size_t first = json_array_size(rows);

    for (idx_t row = 0; row < count; row++)
        (void)json_array_append_new(rows, json_array());
    for (idx_t column = 0; column < columns && is_ok; column++) {
        duckdb_logical_type type = duckdb_column_logical_type(result, column);
        duckdb_vector       vector = duckdb_data_chunk_get_vector(chunk, column);
        for (idx_t row = 0; row < count && is_ok; row++) {
            json_t *value = cell(vector, type, row);
            is_ok = value != NULL;
            if (is_ok)
                (void)json_array_append_new(json_array_get(rows, first + row), value);
        }
        duckdb_destroy_logical_type(&type);
    }
    return is_ok;
}

static json_t *take_result(duckdb_result *result, const watchdog *dog)
{
    json_t *rows = json_array(), *columns = json_array(), *wrong = NULL;

    for (idx_t i = 0; i < duckdb_column_count(result); i++)
        (void)json_array_append_new(columns, json_string(duckdb_column_name(result, i)));
    for (duckdb_data_chunk chunk; wrong == NULL && (chunk = duckdb_fetch_chunk(*result)) != NULL;) {
        if (!take_chunk(chunk, result, rows))
            wrong = refusal("type", "a column has a type that is not taken: cast it to text, number, date or a list of rows");
        else if (json_array_size(rows) > TZ_MAX_SQL_ROWS)
            wrong = refusal("limit", "too many rows");
        duckdb_destroy_data_chunk(&chunk);
    }
    if (wrong == NULL && atomic_load(&dog->is_hit))
        wrong = refusal("limit", "stopped at its time limit");
    json_t *frame = wrong != NULL ? wrong : json_pack("{s:b, s:O, s:O}", "ok", 1, "columns", columns, "rows", rows);
    json_decref(rows);
    json_decref(columns);
    return frame;
}

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

/* Judges the statement's tree, as the engine itself parses it, before anything is prepared. */
static json_t *judge(tz_duck *duck, const char *sql, const json_t *tables)
{
    tz_arena      mem = {0};
    duckdb_result result;
    json_t       *tree = NULL, *wrong = NULL;
    tz_err        err = {0};

    if (tz_duck_query(duck, "SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)", &sql, 1, &result, &err) != TZ_OK)
        return refusal("syntax", err.en);
    char *text = duckdb_value_varchar(&result, 0, 0);
    tree = json_loads(text == NULL ? "" : text, JSON_DECODE_INT_AS_REAL, NULL);
    const char *refused = tree == NULL ? "no tree" : tz_gate_judge(&mem, tree, tables);
    if (refused != NULL)
        wrong = refusal("refused", tz_arena_printf(&mem, "not allowed in a pack: %s", refused));
    json_decref(tree);
    duckdb_free(text);
    duckdb_destroy_result(&result);
    tz_arena_free(&mem);
    return wrong;
}

/* Prepares exactly one SELECT, or says why not. */
static json_t *prepare(tz_duck *duck, const char *sql, const json_t *tables, duckdb_prepared_statement *ret_prepared)
{
    duckdb_extracted_statements extracted = NULL;
    json_t *wrong = judge(duck, sql, tables);

    if (wrong != NULL)
        return wrong;

    idx_t count = duckdb_extract_statements(duck->connection, sql, &extracted);
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

static json_t *run_statement(tz_duck *duck, watchdog *dog, const json_t *tables, const json_t *frame)
{
    duckdb_prepared_statement prepared = NULL;
    duckdb_result             result;
    const char               *sql = tz_json_str(frame, "sql");
    json_t *answer = sql == NULL ? refusal("refused", "no statement") : prepare(duck, sql, tables, &prepared);

    if (answer == NULL && !bind_params(prepared, json_object_get(frame, "params")))
        answer = refusal("refused", "a parameter's value does not fit its type");
    if (answer == NULL) {
        atomic_store(&dog->is_hit, false);
        atomic_store(&dog->deadline_ms, clock_ms() + tz_json_int(frame, "ms", TZ_MAX_SQL_SECONDS * 1000));
        if (duckdb_execute_prepared(prepared, &result) == DuckDBSuccess)
            answer = take_result(&result, dog);
        else
            answer = atomic_load(&dog->is_hit) ? refusal("limit", "stopped at its time limit")
                                               : refusal("failed", duckdb_result_error(&result));
        atomic_store(&dog->deadline_ms, 0);
        duckdb_destroy_result(&result);
    }
    duckdb_destroy_prepare(&prepared);
    return answer;
}

/* ---- Life ---- */

static json_t *set_up(tz_duck *duck, tz_county *terms, const json_t *frame)
{
    size_t  i;
    json_t *sql;
    tz_err  err = {0};

    terms->spring_end_md = (int)json_integer_value(json_array_get(json_object_get(frame, "terms"), 0));
    terms->autumn_end_md = (int)json_integer_value(json_array_get(json_object_get(frame, "terms"), 1));
    json_array_foreach(json_object_get(frame, "sql"), i, sql)
        if (tz_duck_exec(duck, json_string_value(sql), &err) != TZ_OK)
            return refusal("setup", err.en);
    if (tz_functions_register(duck, terms, &err) != TZ_OK ||
        tz_duck_exec(duck, "SET enable_external_access = false; SET lock_configuration = true;", &err) != TZ_OK)
        return refusal("setup", err.en);
    return json_pack("{s:b, s:b}", "ok", 1, "sealed", tz_seal_shut());
}

int tz_worker_main(void)
{
    tz_duck   duck = {0};
    tz_county terms = {0};
    watchdog  dog = {0};
    pthread_t thread;
    tz_err    err = {0};
    json_t   *tables = NULL;
    bool      is_ready = false, is_late = false;

#if defined(__SANITIZE_ADDRESS__) /* the sanitizer reserves terabytes of address space */
    tz_seal_limit(0);
#else
    tz_seal_limit(3LL * WORKER_MEMORY_MB);
#endif
    if (tz_duck_open(0, WORKER_MEMORY_MB, &duck, &err) != TZ_OK)
        return 4;
    dog.connection = duck.connection;
    if (pthread_create(&thread, NULL, watch, &dog) != 0)
        return 4;
    for (json_t *frame; (frame = tz_wire_receive(TZ_WIRE_FD, -1, &is_late)) != NULL;) {
        const char *op = tz_json_str(frame, "op");
        json_t     *answer = NULL;
        if (op != NULL && strcmp(op, "setup") == 0 && !is_ready) {
            answer = set_up(&duck, &terms, frame);
            is_ready = json_is_true(json_object_get(answer, "ok"));
            tables = json_incref(json_object_get(frame, "tables"));
        } else if (op != NULL && strcmp(op, "run") == 0 && is_ready) {
            answer = run_statement(&duck, &dog, tables, frame);
        } else {
            answer = refusal("refused", "not now");
        }
        bool is_sent = tz_wire_send(TZ_WIRE_FD, answer);
        json_decref(answer);
        json_decref(frame);
        if (!is_sent)
            break;
    }
    _exit(0); /* nothing here is worth a clean end, and a poisoned instance would abort in it */
}
