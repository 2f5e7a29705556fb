/* batch - the typed rows of one file for one register, on their way into a Parquet file. */
#ifndef TZ_EVIDENCE_BATCH_H
#define TZ_EVIDENCE_BATCH_H

#include "base/json.h"
#include "evidence/sheet.h"
#include "store/duck.h"
#include "store/store.h"

/* The account of one sheet: rows is the sum of the others. */
typedef struct {
    int64_t rows, titles, header, blank, totals, notes, accepted, quarantined, duplicates;
} tz_account;

typedef struct {
    int64_t     no;   /* 1-based number of the sheet in its file */
    const char *name; /* NULL for delimited text */
    tz_understanding reading;
    tz_account  account;
    json_t     *quarantined; /* [{row, column, value, rule, advice}], the first 1000; owned */
} tz_batch_sheet;

/* A staging table in DuckDB, one a register. */
typedef struct {
    tz_store          *store;
    const tz_register *reg;
    tz_duck            duck;
    duckdb_appender    appender;
    const char        *sender; /* NULL unknown */
    const char        *period; /* of the batch: for rows without one */
    int32_t            latest; /* newest date seen in a date or period column, 0 none */
    struct { tz_batch_sheet *items; size_t count; size_t room; } sheets;
} tz_batch;

/* Opens the staging table. */
TZ_MUST tz_rc tz_batch_open(tz_store *store, const tz_register *reg, const char *sender, const char *period, tz_batch *ret_batch, tz_err *err);
void tz_batch_close(tz_batch *batch); /* zeroed is fine */

/* Reads sheet `index` of book by its understanding into the staging table. */
TZ_MUST tz_rc tz_batch_read(tz_arena *mem, tz_batch *batch, tz_book *book, size_t index, const tz_understanding *reading, tz_err *err);

/* Judges repeated keys, fills the accounts, and lists what was quarantined. */
TZ_MUST tz_rc tz_batch_settle(tz_arena *mem, tz_batch *batch, tz_err *err);

/* Writes the rows as Parquet to path (staged by the caller) and gives the slices that it holds:
 * [{slice, period, rows}]; the caller owns them. */
TZ_MUST tz_rc tz_batch_write(tz_arena *mem, tz_batch *batch, const char *path, json_t **ret_slices, tz_err *err);

#endif
