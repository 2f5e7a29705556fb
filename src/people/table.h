/* table - one or two files as columns in memory, every distinct value once. */
#ifndef TZ_PEOPLE_TABLE_H
#define TZ_PEOPLE_TABLE_H

#include "base/app.h"
#include "people/dictionary.h"

enum { TZ_MAX_TABLE_COLUMNS = 64, TZ_TABLE_CHUNK = 1 << 14 /* records */ };

typedef struct {
    tz_arena *mem;
    const char **columns; /* those that both files have, without the id column */
    size_t column_count;
    size_t count;   /* records; those of the first file come first */
    size_t count_a; /* of the first file; equals count when there is one file only */
    size_t
        truth; /* column of `chunks` behind the compared ones that says who a record really is; SIZE_MAX: none */
    size_t width; /* column_count, and one more with a truth */
    tz_dictionary values;
    tz_pool id_texts;
    struct {
        uint32_t **items;
        size_t count;
        size_t room;
    } chunks; /* codes of TZ_TABLE_CHUNK records, record by record */
} tz_table;

typedef struct {
    const char *a, *b; /* b NULL: there is one file only */
    const char *id_column;
    const char *truth_column; /* kept apart from what is compared; NULL: none */
    bool is_added;            /* b goes on where a ends: one table, whose ids are all different */
    int64_t max_bytes;        /* of memory; 0: no bound */
} tz_table_source;

/* Reads a (and b). A cell that is empty, "-", "null", "n/a", 无 or 不详 is no value; a broken byte is one sign
 * of its own, U+FFFD. TZ_INPUT: no such id column, no rows, no column in common, a record without an id or with one
 * that its file has already, more than TZ_MAX_TABLE_COLUMNS columns; and what formats/book.h refuses. TZ_LIMIT: memory.
 * TZ_STOPPED. The caller seals table->values when no new value is to come. */
TZ_MUST tz_rc tz_table_load(tz_arena *mem, const tz_app *app, const tz_table_source *source,
                            tz_table *ret_table, tz_err *err);

/* TZ_LIMIT where the arena, the dictionary's index and `besides` bytes are more than max_bytes (0: no bound). */
TZ_MUST tz_rc tz_table_check_memory(const tz_table *table, size_t besides, int64_t max_bytes, tz_err *err);

static inline uint32_t *tz_table_codes(const tz_table *table, size_t record)
{
    return &table->chunks.items[record / TZ_TABLE_CHUNK][record % TZ_TABLE_CHUNK * table->width];
}

static inline uint32_t tz_table_code(const tz_table *table, size_t record, size_t column)
{
    return tz_table_codes(table, record)[column];
}

/* The id as written, with a zero byte behind it. */
const char *tz_table_id(const tz_table *table, size_t record);

/* The records from..to by their ids. */
typedef struct {
    const tz_table *table;
    uint32_t *slots; /* record + 1, 0 none */
    size_t slot_count;
} tz_ids;

/* *ret_twice: a record whose id an earlier one has already; SIZE_MAX: none. */
void tz_ids_make(tz_arena *mem, const tz_table *table, size_t from, size_t to, tz_ids *ret_ids,
                 size_t *ret_twice);
/* The record of an id; SIZE_MAX: none. */
size_t tz_ids_find(const tz_ids *ids, tz_text id);

/* Records that have each value of a column; an array of values.count in mem. */
uint32_t *tz_table_count(tz_arena *mem, const tz_table *table, size_t column);

#endif
