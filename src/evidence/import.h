/* import - any table that a department sends goes in, and nothing is lost.
 *
 * One file is one transaction: all of its sheets that fit a register are in, or none is.  Each sheet
 * has a row account that is exact: rows = titles + header + blank + totals + notes + accepted +
 * quarantined + duplicates.  Listings are JSON arrays as architecture.md's `import` says.
 */
#ifndef TZ_EVIDENCE_IMPORT_H
#define TZ_EVIDENCE_IMPORT_H

#include "base/file.h"
#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

/* What a person says of a column: under this header of that register stands this column, NULL: it is not taken. */
typedef struct {
    const char *register_name, *header, *column;
} tz_column_fix;

typedef struct {
    const char *register_name; /* NULL: recognised */
    int32_t     as_of;         /* yyyymmdd, 0: from the title, the file's name or a column */
    const char *sender;        /* NULL: from the title, the file's name or the register's owner */
    bool        is_dry_run;
    const char *errors_path;   /* where to write the rows to be corrected, or NULL */
    const char *mapping_path;  /* a mapping.yaml, or NULL */
    const char *mapping_out;   /* where a dry run writes how it reads the columns, or NULL */
    const tz_column_fix *fixes; /* and fix_count of them, beside mapping_path or without */
    size_t      fix_count;
    const json_t *allowed;     /* names of registers that the sender may deliver, an array; NULL: all */
    json_t    **ret_drawing;   /* a dry run's sheets as they were read (drawing.h); the caller owns it; NULL: not wanted.
                                * Where it is, the listing's mapping has the letter of each column, and what is not known
                                * is asked (`question`) and refuses nothing: a date, a unit, a period, a required column */
} tz_import_options;

/* Imports one file. ret_report: an object for each batch and sheet, "state" accepted, known or dry
 * run. TZ_INPUT: the file or its sheets can't be taken (what to add is said), TZ_LIMIT, TZ_MISSING;
 * then nothing of it is in. TZ_USAGE: a fix names a register or a column that is none.
 * TZ_REFUSED: a sheet is of a register that the sender may not deliver. */
TZ_MUST tz_rc tz_import_file(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *path,
                             const tz_import_options *options, json_t **ret_report, tz_err *err);

/* The files that a path stands for: itself, or all of a folder and those in it, sorted; hidden files
 * and lock files of office programs are left out, and answers.json of a demo. TZ_MISSING: there is
 * no such path. TZ_INPUT: the folder holds no file. */
TZ_MUST tz_rc tz_import_find(tz_arena *mem, const char *path, tz_names *ret_files, tz_err *err);

/* Withdraws a batch: its data are kept and no longer count. TZ_MISSING, TZ_REFUSED (already). */
TZ_MUST tz_rc tz_batch_withdraw(tz_store *store, int64_t batch, const char *why, tz_err *err);

/* The batches, newest last: number, register, sender, period, date, rows, state (counts, replaced by a
 * correction, withdrawn). */
TZ_MUST tz_rc tz_batch_list(tz_store *store, json_t **ret_rows, tz_err *err);

/* What changed from one batch of a register to another: a line for each row that was added or removed,
 * and for each cell that changed; rows are matched by key and period. Personal values are masked.
 * TZ_MISSING: no such batch. TZ_USAGE: batches of two registers. */
TZ_MUST tz_rc tz_batch_diff(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t before, int64_t after, json_t **ret_lines,
                            tz_err *err);

/* Writes the rows of a batch that is in and that are to be corrected as a workbook (errors.h), from its original; sent back,
 * it corrects the batch. TZ_MISSING: no such batch, or its original is gone. TZ_SYSTEM. */
TZ_MUST tz_rc tz_batch_errors(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t batch, const char *path, tz_err *err);

/* Which unit delivered which register for which period: "delivered", "late", "duplicate" (another of the
 * same period counts), "missing", "open" (not due yet). `label` is the state in the reader's language. */
TZ_MUST tz_rc tz_deliveries(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, json_t **ret_rows, tz_err *err);

/* What the reader sees in a file; packs may be NULL: then no register. A sheet that breaks off has
 * `error` and what was read of it. The errors of tz_book_open; that of the last sheet when none
 * could be read to its end. */
TZ_MUST tz_rc tz_peek(tz_arena *mem, const tz_packs *packs, const char *path, bool with_cells, json_t **ret_sheets, tz_err *err);

/* Writes the form of a register: headers, drop-downs, input checks, notes, frozen panes, a sheet of
 * instructions, a sample row that import leaves out. TZ_SYSTEM. */
TZ_MUST tz_rc tz_template_write(const tz_register *reg, const tz_county *county, const char *path, tz_err *err);

/* Types again from their originals the Parquet files that are missing. TZ_TAMPER when the result has
 * another digest than the journal says. */
TZ_MUST tz_rc tz_batch_rebuild(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_err *err);

#endif
