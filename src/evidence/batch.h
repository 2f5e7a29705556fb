/* batch - the typed rows of one file for one register, on their way into a Parquet file. */
#ifndef TZ_EVIDENCE_BATCH_H
#define TZ_EVIDENCE_BATCH_H

#include "base/json.h"
#include "evidence/sheet.h"
#include "evidence/value.h"
#include "store/duck.h"
#include "store/store.h"

/* The account of one table: rows is the sum of the others but the last. */
typedef struct {
    int64_t rows, titles, header, blank, totals, notes, accepted, quarantined, duplicates;
    int64_t wrong_totals; /* of totals: those that are not the sum of their rows */
} tz_account;

/* One table of the file: a sheet, a further table below it, a part that repeats for a month. */
typedef struct {
    int64_t     no;    /* in row ids; the number of the sheet in its file, from 1, or one behind all sheets */
    size_t      index; /* of the sheet in its file */
    const char *name;  /* NULL for delimited text */
    tz_understanding reading;
    tz_account  account;
    int64_t    *empty;       /* by register column: rows of data that lack a value */
    json_t     *quarantined; /* [{row, cell, column, value, rule, advice}] of rows that are left out; owned */
    json_t     *marked;      /* the same of what is taken but doubtful, wrong totals with it; owned */
} tz_batch_sheet;

/* Keys seen so far, as the first half of their digests: tells whether any may repeat. */
typedef struct {
    uint64_t *slots;
    size_t    room, count;
} tz_fingerprints;

/* Amounts of a column, as far as they tell whether any may be far from the median. */
enum { TZ_SAMPLED = 509 };
typedef struct {
    int64_t count, most;
    int64_t sample[TZ_SAMPLED]; /* every value in turn has a place; later ones stand over earlier */
} tz_amounts;

/* A staging table in DuckDB, typed. */
typedef struct {
    tz_store          *store;
    const tz_register *reg;
    tz_arena           mem;      /* of the batch */
    tz_duck            duck;
    const char        *staging;  /* file of the staging table, NULL in memory */
    duckdb_appender    appender;
    duckdb_data_chunk  chunk;    /* rows that are not appended yet */
    uint64_t           in_chunk;
    uint64_t           chunks;   /* appended */
    struct { duckdb_vector vector; void *data; int kind; } *columns; /* of the chunk */
    size_t             column_count;
    const char        *sender; /* NULL unknown */
    const char        *period; /* of the batch: for rows without one */
    int32_t            latest; /* newest date seen in a date or period column, 0 none */
    size_t             listed; /* problems that are listed of a table, at most */
    bool               has_problems; /* some row has */
    tz_fingerprints    seen;
    tz_amounts        *amounts; /* by register column */
    struct { const char **items; size_t count; size_t room; } suspects; /* keys that may have come twice */
    struct { tz_batch_sheet *items; size_t count; size_t room; } sheets;
} tz_batch;

/* Opens the staging table; it is a file of derived/ where the source is larger than some megabytes. */
TZ_MUST tz_rc tz_batch_open(tz_store *store, const tz_register *reg, const char *sender, const char *period, int64_t source_bytes,
                            tz_batch *ret_batch, tz_err *err);
void tz_batch_close(tz_batch *batch); /* zeroed is fine */

/* One row as it is staged. */
typedef struct {
    int64_t     sheet_no, row_no;
    const char *key; /* NULL: none */
    const char *content;
    tz_text     slice, period;
    bool        is_quarantined;
    tz_text     problems; /* canonical JSON, or empty */
    const tz_value *values; /* by register column */
} tz_staged_row;

/* Appends a row. TZ_SYSTEM. */
TZ_MUST tz_rc tz_batch_append(tz_batch *batch, const tz_staged_row *row, tz_err *err);

/* Appends what is left; no row may follow. */
TZ_MUST tz_rc tz_batch_flush(tz_batch *batch, tz_err *err);

/* Reads a table of book by its understanding into the staging table (row.c). */
TZ_MUST tz_rc tz_batch_read(tz_arena *mem, tz_batch *batch, tz_book *book, const tz_understanding *reading, tz_err *err);

/* Judges repeated keys and amounts far from all others, fills the accounts, lists what is wrong (settle.c). */
TZ_MUST tz_rc tz_batch_settle(tz_batch *batch, tz_err *err);

/* Writes the rows as Parquet to path (staged by the caller) and gives the slices that it holds:
 * [{slice, period, rows}]; the caller owns them. */
TZ_MUST tz_rc tz_batch_write(tz_arena *mem, tz_batch *batch, const char *path, json_t **ret_slices, tz_err *err);

#endif
