/* table - one or two files as columns in memory, every distinct value once. */
#ifndef TZ_PEOPLE_TABLE_H
#define TZ_PEOPLE_TABLE_H

#include "base/app.h"
#include "base/err.h"
#include "base/map.h"

typedef struct {
    tz_text        text;   /* folded: half width, lower case, no white space */
    const int32_t *points; /* its first TZ_MAX_POINTS code points */
    uint32_t       count;
    uint64_t       letters; /* a bit for each code point, by its last six bits: a cheap bound on likeness */
} tz_value;

typedef struct {
    tz_arena    *mem;
    const char **columns;      /* those that both files have, without the id column */
    size_t       column_count;
    size_t       count;        /* records; those of the first file come first */
    size_t       count_a;      /* of the first file; equals count when there is one file only */
    const char **ids;          /* by record, as written */
    uint32_t    *codes;        /* count x column_count, record by record: index into values, 0 none */
    struct { tz_value *items; size_t count; size_t room; } values; /* item 0 is no value */
} tz_table;

/* Reads a (and b unless NULL). A cell that is empty, "-", "null", "n/a", 无 or 不详 is no value. TZ_INPUT:
 * no such id column, no rows, no column in common, a record without an id, more than
 * TZ_MAX_TABLE_COLUMNS columns; and what formats/book.h refuses. */
enum { TZ_MAX_TABLE_COLUMNS = 64 };
TZ_MUST tz_rc tz_table_load(tz_arena *mem, const tz_app *app, const char *a, const char *b, const char *id_column, tz_table *ret_table,
                            tz_err *err);

static inline uint32_t tz_table_code(const tz_table *table, size_t record, size_t column)
{
    return table->codes[record * table->column_count + column];
}

#endif
