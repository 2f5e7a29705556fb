/* duck - a DuckDB session in memory, for our own SQL over evidence.
 *
 * Settings that make its dialect PostgreSQL's (engine.md) are always on.  Foreign SQL never runs
 * here: that is packs/worker.h.  DuckDB's messages may hold values of the evidence, so they go to
 * err only where the statement is ours and is passed on as TZ_SYSTEM.
 */
#ifndef TZ_STORE_DUCK_H
#define TZ_STORE_DUCK_H

#include <duckdb.h>

#include "base/err.h"
#include "base/text.h"
#include "store/store.h"

typedef struct {
    duckdb_database   db;
    duckdb_connection connection;
} tz_duck;

/* Opens with our settings. memory_mb 0: a quarter of the machine. threads 0: all cores. */
TZ_MUST tz_rc tz_duck_open(int threads, int64_t memory_mb, tz_duck *ret_duck, tz_err *err);
/* The same over a file of its own, a scratch that the caller deletes afterwards, with path.wal and the
 * folder path.tmp: what does not fit into memory_mb goes there. */
TZ_MUST tz_rc tz_duck_open_file(const char *path, int threads, int64_t memory_mb, tz_duck *ret_duck, tz_err *err);
/* A connection of its own to the one database in memory that the store opens when first asked and ends with itself:
 * for many short works after each other, since opening a database takes longer than most of them. What is made
 * under TEMP belongs to the connection; make nothing else. Close it before the store. TZ_SYSTEM. */
TZ_MUST tz_rc tz_store_duck(tz_store *store, tz_duck *ret_duck, tz_err *err);
void tz_duck_close(tz_duck *duck); /* zeroed is fine */

/* Runs statements without a result. */
TZ_MUST tz_rc tz_duck_exec(tz_duck *duck, const char *sql, tz_err *err);

/* Runs one query with text parameters ($1 …); the caller destroys the result. */
TZ_MUST tz_rc tz_duck_query(tz_duck *duck, const char *sql, const char *const *params,
                            size_t param_count, duckdb_result *ret_result, tz_err *err);

/* 'text' as an SQL literal and "name" as an identifier, quoted: our own SQL is made of these. */
void tz_sql_literal(tz_buf *out, tz_text text);
void tz_sql_name(tz_buf *out, const char *name);

#endif
