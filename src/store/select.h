/* select - a query put together from fixed parts, with what people asked for bound and never written into it.
 *
 *     tz_select of = tz_select_init(mem);
 *     tz_select_put(&of, "SELECT issue FROM issue WHERE unit = ");
 *     tz_select_text(&of, unit);
 *     TZ_TRY(tz_select_open(store, &of, &sql, err));
 *
 * A list with many filters is written so, and not with `?1 IS NULL OR …`, since SQLite chooses its index before it
 * knows the values.
 */
#ifndef TZ_STORE_SELECT_H
#define TZ_STORE_SELECT_H

#include "store/store.h"

enum { TZ_SELECT_VALUES = 400 };

typedef struct {
    tz_arena *mem;
    tz_buf    sql;
    size_t    count;
    struct { bool is_text; int64_t number; const char *text; } values[TZ_SELECT_VALUES];
} tz_select;

tz_select tz_select_init(tz_arena *mem);
void      tz_select_put(tz_select *of, const char *part); /* a part of our own, as it is */
void      tz_select_text(tz_select *of, const char *text); /* ?N, bound to a copy of text */
void      tz_select_int(tz_select *of, int64_t number);    /* ?N */

/* Prepares it and binds the values. Errors as tz_sql_open. */
TZ_MUST tz_rc tz_select_open(tz_store *store, const tz_select *of, tz_sql **ret_sql, tz_err *err);

/* The integers of its first column, in mem. */
typedef struct { int64_t *items; size_t count; size_t room; } tz_numbers;
TZ_MUST tz_rc tz_select_numbers(tz_store *store, const tz_select *of, tz_numbers *ret_numbers, tz_err *err);

#endif
