/* backup - a whole data directory as one ZIP file, taken while the program runs, and back.
 *
 * In it: ledger.db as it stood at one moment (SQLite's backup), county.yaml, divisions.tsv, calendar.tsv, packs/, and
 * the files that this ledger.db names.  Files are there before the transaction that names them and are
 * never changed, so nothing needs to stop.  derived/ is left out (taizhang rebuild makes it), and so are
 * signing keys, which never lie in the directory.  The file holds personal data: keep it like the county.
 */
#ifndef TZ_STORE_BACKUP_H
#define TZ_STORE_BACKUP_H

#include "store/store.h"

typedef struct {
    int64_t files;
    int64_t bytes; /* of the file written, or of the files restored */
    int64_t entries;
} tz_backup_account;

/* Writes the file, staged. TZ_USAGE if it exists; TZ_MISSING names a file that the directory lacks. TZ_TAMPER: ledger.db
 * can't be read whole. TZ_BUSY. TZ_SYSTEM. */
TZ_MUST tz_rc tz_backup_write(tz_store *store, const char *path, tz_backup_account *ret_account, tz_err *err);

/* Makes folder from a backup and verifies it before it takes that name: TZ_TAMPER names the first
 * problem, and nothing is left. TZ_USAGE: folder holds something. TZ_INPUT: no backup of ours. */
TZ_MUST tz_rc tz_backup_restore(const tz_app *app, const char *path, const char *folder, tz_backup_account *ret_account,
                                tz_err *err);

#endif
