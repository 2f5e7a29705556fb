/* desk_inside - what the files that keep something in desk.db share.
 *
 * Who adds a table appends a step to STEPS in desk.c (never changes one that was released), writes a file desk_NAME.c
 * with its functions, and asks by tz_desk_ask; nothing else is needed.
 */
#ifndef TZ_STORE_DESK_INSIDE_H
#define TZ_STORE_DESK_INSIDE_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/hash.h"
#include "base/map.h"
#include "store/desk.h"

struct tz_desk {
    const tz_app   *app;
    tz_arena        mem;
    sqlite3        *db;
    tz_map          statements; /* SQL -> sqlite3_stmt */
    pthread_mutex_t mutex;      /* recursive */
    tz_login_policy policy;
};

/* Runs one statement under the mutex. values: a JSON array (stolen; NULL: none) of texts, integers and nulls for ?1, ?2 …
 * ret_rows (may be NULL): an object a row, for the caller to release; beside a column `name_ms` stands its time text `name`. */
TZ_MUST tz_rc tz_desk_ask(tz_desk *desk, const char *sql, json_t *values, json_t **ret_rows, tz_err *err);

/* The one integer of a query; 0 without a row. */
TZ_MUST tz_rc tz_desk_ask_int(tz_desk *desk, const char *sql, json_t *values, int64_t *ret_value, tz_err *err);

/* Several statements that belong together: begin takes the mutex and a transaction, end commits or (rc) rolls back and
 * gives the mutex back, and returns rc or why the commit failed. */
TZ_MUST tz_rc tz_desk_begin(tz_desk *desk, tz_err *err);
TZ_MUST tz_rc tz_desk_end_of(tz_desk *desk, tz_rc rc, tz_err *err);

/* The SM3 digest of a text in hexadecimal: what is stored of a token. */
void tz_desk_digest(const char *text, char out[TZ_SM3_HEX]);

/* A value as its JSON text, a string to bind; null for NULL. And back: the column of a row that holds such a text becomes what
 * it says, or null. */
json_t *tz_desk_as_text(const json_t *value);
void    tz_desk_parse(json_t *row, const char *column);

/* "中文|English" of what went wrong, with its place, and of what to do about it, as strings to bind; null for NULL, or for no advice. */
json_t *tz_desk_error(const tz_err *why);
json_t *tz_desk_advice(const tz_err *why);

#endif
