/* query - running the SQL of packs on the county of a day.
 *
 * tz_county_day says which batches and links count: `as_of` is validity, `at` is knowledge.  A
 * tz_query owns a worker process (packs/worker.c): DuckDB in memory, loaded with the registers that
 * the statements read, its external access closed and its configuration locked, under limits of
 * memory, time and rows.  A statement is exactly one SELECT.  On a fault the worker is started
 * again, and the next statement runs.
 */
#ifndef TZ_PACKS_QUERY_H
#define TZ_PACKS_QUERY_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    int32_t as_of;   /* yyyymmdd */
    int64_t at;      /* journal entry; 0: newest */
} tz_day;

/* The default day: the newest accepted batch's as-of date as known at `at` (0: newest). as_of 0 in
 * wanted is filled. TZ_MISSING when nothing was imported. */
TZ_MUST tz_rc tz_day_resolve(tz_store *store, tz_day wanted, tz_day *ret_day, tz_err *err);

/* A valid batch for a register on a day, by slice and period; for event registers all batches. */
typedef struct {
    int64_t     batch;
    const char *register_name;
    const char *slice, *period;
    const char *parquet; /* file name */
    const char *as_of;
    const char *sender;
    int64_t     rank;    /* order by (as_of, entry): larger wins */
} tz_valid_part;
typedef struct { tz_valid_part *items; size_t count; size_t room; } tz_valid_parts;
TZ_MUST tz_rc tz_valid_find(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day,
                            tz_valid_parts *ret_parts, tz_err *err);

/* The newest linkage known on the day: its file in derived/, or NULL when nothing was linked yet. TZ_MISSING: it is not
 * there (rebuild makes it again). */
TZ_MUST tz_rc tz_people_file(tz_arena *mem, tz_store *store, tz_day day, const char **ret_path, tz_err *err);

/* Calls visit with each column that a batch's file holds for the register, in order: an id column
 * is followed by NAME_raw, a division column by NAME_name. */
typedef void tz_column_visit(void *context, const char *name, const char *type);
void tz_register_columns_sql(tz_arena *mem, const tz_register *reg, tz_column_visit *visit, void *context);

/* The SELECT (our own SQL) that gives a register's rows of the day with the columns of its view. */
TZ_MUST tz_rc tz_view_sql(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day,
                          const char **ret_sql, tz_err *err);

/* One cell of a result: json null, string, integer, boolean, or an array of integers (row ids).
 * Decimals and dates are strings. */
typedef struct {
    tz_strings columns;
    struct { json_t **items; size_t count; size_t room; } rows; /* each a JSON array; owned: free with tz_result_free */
    int64_t    cpu_us; /* processor time that the statement took */
} tz_result;
void tz_result_free(tz_result *result);

/* The statement with its `:name` parameters (outside literals, comments and `::`) as $1, $2 …, and
 * their names in that order. */
const char *tz_query_rewrite(tz_arena *mem, const char *sql, tz_strings *ret_names);

/* The statement's tree as the engine parses it (json_serialize_sql), numbers as reals; the caller owns it.
 * TZ_INPUT: it can't be parsed, or is not exactly one SELECT. */
TZ_MUST tz_rc tz_query_tree(tz_arena *mem, const char *sql, json_t **ret_tree, tz_err *err);

/* What a statement names. TZ_INPUT as above. */
TZ_MUST tz_rc tz_query_name(tz_arena *mem, const char *sql, tz_query_names *ret_names, tz_err *err);

typedef struct tz_query tz_query;

/* Starts a worker for the day. Registers are loaded when a statement first reads them. */
TZ_MUST tz_rc tz_query_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day,
                            tz_query **ret_query, tz_err *err);
void tz_query_close(tz_query *query); /* NULL is fine */

/* Before the first statement: the worker will be asked these statements alone, so only the registers and
 * columns that they name need to be loaded. Nothing said: all. Names: those of several statements, added up. */
void tz_query_expect(tz_query *query, const tz_query_names *names);

/* What the table `findings` holds for the statements that follow: rows of [finding, rule, subject, kind of
 * subject, level, row id or null], one for each row that a finding rests on. Until then it is empty. Takes a
 * reference. */
void tz_query_findings(tz_query *query, json_t *rows);

/* What the kernel holds back from the worker: seccomp's filter of system calls, Landlock. Starts it.
 * TZ_SYSTEM as tz_query_run. */
typedef struct {
    bool is_sealed, is_confined;
} tz_query_walls;
TZ_MUST tz_rc tz_query_ask_walls(tz_query *query, tz_query_walls *ret_walls, tz_err *err);

/* How long one statement may take; TZ_MAX_SQL_SECONDS unless set. */
void tz_query_limit(tz_query *query, int limit_ms);
/* How much memory the worker's engine may take, before the first statement; TZ_MAX_SQL_MEMORY_MB unless set. */
void tz_query_memory(tz_query *query, int memory_mb);

/* Runs one statement of a pack; `:name` parameters are bound from the pack's parameters on the
 * day, and :as_of. `what_if` NULL or "parameter=value" pairs (NULL-terminated) that stand instead.
 * TZ_INPUT: the statement is refused or wrong (err has file and line of the statement), TZ_LIMIT:
 * stopped at its time, memory or rows, TZ_SYSTEM: the worker can't be had. */
TZ_MUST tz_rc tz_query_run(tz_arena *mem, tz_query *query, const tz_pack *pack, const char *sql,
                           const char *file, int64_t line, const char *const *what_if,
                           tz_result *ret_result, tz_err *err);

/* Rows, units and share of linked rows of a register on the day: what a zero says was looked at. */
typedef struct {
    int64_t rows, units, people, linked;
} tz_coverage;
TZ_MUST tz_rc tz_query_coverage(tz_query *query, const tz_register *reg, tz_coverage *ret_coverage, tz_err *err);

/* A row by its id, whatever batch it is of: its register, file, sheet, row number, key, content
 * hash, and values by column (JSON object, unmasked). TZ_MISSING. */
typedef struct {
    int64_t     row_id;
    const char *register_name, *file, *sheet; /* sheet NULL for text files */
    int64_t     batch, row_no;
    const char *key, *content, *quarantined_why;
    const char *slice, *period; /* of the batch's parts, which one it is of (tz_valid_find) */
    json_t     *values; /* owned by the caller */
} tz_row_found;
TZ_MUST tz_rc tz_rows_find(tz_arena *mem, tz_store *store, const tz_packs *packs, const int64_t *row_ids,
                           size_t count, tz_row_found **ret_rows, tz_err *err);

/* The addresses alone (register, file, sheet, row number), without opening any evidence: for long
 * lists. TZ_MISSING: no such batch. */
TZ_MUST tz_rc tz_rows_address(tz_arena *mem, tz_store *store, const int64_t *row_ids, size_t count, tz_row_found **ret_rows, tz_err *err);

/* {"register", "batch", "file", "sheet", "row", "sheet_no"}: how a row is named everywhere. */
json_t *tz_row_json(const tz_row_found *row);

/* Reads "REGISTER/BATCH/SHEET_NO/ROW" or a plain row id. TZ_USAGE. */
TZ_MUST tz_rc tz_row_parse(tz_store *store, const char *text, int64_t *ret_row_id, tz_err *err);

/* The hidden command that execve'd workers run: reads fd 3 until it closes. */
int tz_worker_main(void);

#endif
