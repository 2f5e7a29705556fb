/* shape - the columns of a table's rows as the journal writes them, found out once.
 *
 * Images of one table have the same columns in the same order nearly always, so what follows from those
 * is kept: the statement that writes a row, the order of the canonical form, which columns are personal.
 * Lives as long as its store.
 */
#ifndef TZ_STORE_SHAPE_H
#define TZ_STORE_SHAPE_H

#include "base/json.h"
#include "store/store.h"

enum { TZ_MAX_SHAPE = 64 }; /* columns */

typedef struct tz_shape tz_shape;
struct tz_shape {
    const char   *table;
    size_t        count;
    const char  **columns;   /* in the order of the image, which is the order of the statement's parameters */
    size_t       *sorted;    /* indexes of columns, in the order of the canonical form */
    bool         *is_personal;
    bool         *is_entry;  /* holds the number of an entry: 0 means this one */
    size_t        key_count; /* of the primary key; 0 for events */
    size_t       *keys;      /* indexes of its columns */
    sqlite3_stmt *insert;    /* state: replaces the row of the same key; events: parameter 1 is the entry */
    tz_shape     *next;      /* another order of columns of the same table */
};

/* The shape of a row, and its values (borrowed) in the shape's order. */
TZ_MUST tz_rc tz_shape_of(tz_store *store, const char *table, const json_t *row, const tz_shape **ret_shape,
                          const json_t *values[TZ_MAX_SHAPE], tz_err *err);

/* Binds a value; a text is borrowed until the statement has been stepped. */
void tz_shape_bind(sqlite3_stmt *sql, int index, const json_t *value);

/* Is the column's value a commitment in entries? */
bool tz_is_personal(const char *table, const char *column);

/* Appends {"commit":"…"}. */
void tz_put_commitment(tz_buf *out, const uint8_t salt[16], const char *field, tz_text value);

/* A personal value of an event that was erased by order is its commitment as text. Is this one? */
bool tz_is_erased_event(tz_text value);

#endif
