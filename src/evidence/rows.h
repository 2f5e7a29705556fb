/* rows - the rows of a batch or of a register as they were typed, a page at a time. */
#ifndef TZ_EVIDENCE_ROWS_H
#define TZ_EVIDENCE_ROWS_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

typedef enum { TZ_ROWS_ALL, TZ_ROWS_TAKEN, TZ_ROWS_QUARANTINED } tz_rows_which;

/* Which rows, and how they are shown. */
typedef struct {
    tz_rows_which which;      /* of a batch; a register's rows are all taken */
    const char   *find;       /* rows that hold this text; in personal columns only the whole value is found, so that nobody
                               * guesses it by halves; NULL: all */
    const char   *sort;       /* a column that is not personal, "-NAME" from the top down; NULL: as delivered */
    int64_t       offset, limit; /* limit 1..TZ_ROWS_PAGE; 0: 50 */
    bool          is_masked;
    tz_lang       lang;
} tz_rows_wanted;
enum { TZ_ROWS_PAGE = 10000 };

/* The rows of a batch, those to be corrected among them:
 *   {register, total, offset, limit, columns[{name, title, is_number, is_personal}],
 *    rows[{row (its id), batch, sheet (its number), line, is_quarantined, values[text or null], problems[{column, cell, rule, advice}]}]}
 * total counts all that the filter lets pass. Codes, places and yes or no are in the reader's language. The caller owns it.
 * TZ_MISSING: no such batch or register, or its file is not made again yet. TZ_USAGE: sorted by no column, or a personal one. */
TZ_MUST tz_rc tz_batch_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t batch, const tz_rows_wanted *wanted,
                            json_t **ret_page, tz_err *err);

/* The same of a register on a day (resolved). */
TZ_MUST tz_rc tz_register_rows(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, const tz_rows_wanted *wanted,
                               json_t **ret_page, tz_err *err);

#endif
