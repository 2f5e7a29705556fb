/* erase - takes values away by order, so that the journal still proves all the rest.
 *
 * An entry says by which order, and what.  A personal value of a state row goes from the row, where a placeholder
 * stands instead, and with its salt from beside every entry; a finding's message goes from its events, where the
 * commitment stays; a row of a batch goes from its Parquet file, which is written anew, and the file it came in
 * from originals/, with all its rows, since its digest could not be kept otherwise.
 *
 * What erases runs inside the caller's transaction.  What left the directory (backups, reports, error
 * workbooks, proofs) is not reached: `erase again` repeats a list of erasures in a directory that was restored.
 */
#ifndef TZ_STORE_ERASE_H
#define TZ_STORE_ERASE_H

#include "base/json.h"
#include "store/store.h"

typedef struct {
    const char *number; /* of the order; never personal */
    const char *why;    /* or NULL */
} tz_order;

/* What stands in a text column whose value was erased; in a JSON column an empty object does. */
#define TZ_ERASED "〔依令删除〕"

/* That, for a column. */
const char *tz_erased_text(const char *table, const char *column);

/* Turns on the overwriting of what is deleted. First of all, in a transaction that is to erase. */
TZ_MUST tz_rc tz_erase_prepare(tz_store *store, tz_err *err);

/* The personal columns of a state row. A row without any, or one whose values are gone already, is fine. */
TZ_MUST tz_rc tz_erase_state(tz_store *store, const tz_order *order, const char *table, const char *key, tz_err *err);

/* The message of a finding: what all its events say of it. */
TZ_MUST tz_rc tz_erase_finding(tz_store *store, const tz_order *order, int64_t finding, tz_err *err);

/* Rows of batches, and the files that these came in. */
TZ_MUST tz_rc tz_erase_rows(tz_store *store, const tz_order *order, const int64_t *row_ids, size_t count, tz_err *err);

/* A file in originals/. */
TZ_MUST tz_rc tz_erase_original(tz_store *store, const tz_order *order, const char *digest, tz_err *err);

/* Array of {erasure, order, table, key, field, entry}. A new reference. */
TZ_MUST tz_rc tz_erase_list(tz_store *store, json_t **ret_rows, tz_err *err);

/* Was this file erased? */
TZ_MUST tz_rc tz_erase_is_original_gone(tz_store *store, const char *digest, bool *ret_is_gone, tz_err *err);

/* After the commit: removes files that no row names any more, and the old pages that wait in ledger.db's WAL.
 * TZ_BUSY: somebody reads, so that those stay until the program that reads has ended; all else is done. */
TZ_MUST tz_rc tz_erase_finish(tz_store *store, tz_err *err);

#endif
