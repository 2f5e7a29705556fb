/* store - the data directory: county.yaml, ledger.db, originals/, evidence/, packs/, derived/.
 *
 * One process writes at a time: opening for writing takes the lock of the directory and waits a
 * little, then says who holds it (TZ_BUSY).  Files are staged and renamed first, then one short
 * SQLite transaction makes them real; what no transaction named is an orphan, swept at the next
 * open for writing.
 *
 * State tables are changed by tz_journal_put alone, event tables by tz_bulk (store/journal.h): an
 * SQLite authorizer refuses every other write.
 */
#ifndef TZ_STORE_STORE_H
#define TZ_STORE_STORE_H

#include <sqlite3.h>

#include "base/app.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "store/county.h"

typedef struct {
    const tz_app *app;
    tz_arena      mem;      /* lives as long as the store */
    const char   *folder;   /* as given */
    sqlite3      *db;
    tz_county    *county;   /* county.yaml, parsed */
    uint8_t       secret[32];
    const char   *user;     /* who acts in this session, an existing active user, or NULL to read */
    bool          is_writable;
    struct tz_store_inside *inside;
} tz_store;

/* Once, before anything is opened and before there are threads: SQLite does not count what it allocates, under a lock that all
 * threads share (a sixth of a reading thread's time). */
void tz_store_start(void);

/* Makes a new data directory (the folder may exist but must be empty), with its first user mapped
 * to the calling system account and a user `system`, and closes it again. county_name NULL: from the
 * shipped divisions. TZ_USAGE when something is there already or the code is no county's. */
TZ_MUST tz_rc tz_store_create(const tz_app *app, const char *folder, const char *division_code,
                              const char *county_name, const char *const *packs, size_t pack_count,
                              const char *system_user, tz_err *err);

typedef enum { TZ_READ, TZ_WRITE } tz_access;

/* Opens. TZ_MISSING: no data directory. TZ_BUSY: another process writes. TZ_INPUT: county.yaml has
 * an error (file and line). TZ_TAMPER: ledger.db is damaged. Migrates an older schema when opened
 * for writing, refuses a newer one. */
TZ_MUST tz_rc tz_store_open(const tz_app *app, const char *folder, tz_access access,
                            tz_store **ret_store, tz_err *err);
void tz_store_close(tz_store *store); /* NULL is fine */

/* Who acts. as_user NULL: the user mapped to system_user; TZ_MISSING if there is none. as_user
 * given: must be active and have no system account of its own (or be mapped to system_user).
 * system_user NULL: as_user has proven who they are by a password (src/web), so an account of their own is no matter. */
TZ_MUST tz_rc tz_store_act_as(tz_store *store, const char *system_user, const char *as_user,
                              tz_err *err);

/* Path of a file in the directory, in mem: tz_store_path(mem, store, "evidence", name). */
char *tz_store_path(tz_arena *mem, const tz_store *store, const char *part, const char *name);

/* One transaction for writing (BEGIN IMMEDIATE). Nesting is a broken invariant. */
TZ_MUST tz_rc tz_store_begin(tz_store *store, tz_err *err);
/* Re-reads and re-hashes the entries it wrote, then commits. */
TZ_MUST tz_rc tz_store_commit(tz_store *store, tz_err *err);
void          tz_store_rollback(tz_store *store); /* outside a transaction: nothing */

/* Keeps the bytes of a file under their digest in originals/ (0444), staged, and its row in
 * `original`; known bytes are not copied again. Inside a transaction. name: base name as sent.
 * TZ_REFUSED: this file was erased by order. */
TZ_MUST tz_rc tz_store_keep(tz_store *store, const char *path, const char *name,
                            tz_digest *ret_digest, tz_err *err);

/* A prepared statement, in the connection's cache or new; finalize with tz_sql_close.
 * SELECT only (an authorizer holds it to that). */
typedef sqlite3_stmt tz_sql;
TZ_MUST tz_rc tz_sql_open(tz_store *store, const char *select, tz_sql **ret_sql, tz_err *err);
void tz_sql_bind_int(tz_sql *sql, int index, int64_t value);
void tz_sql_bind_text(tz_sql *sql, int index, const char *text); /* NULL binds null; copied */
/* TZ_OK with *ret_has_row; TZ_SYSTEM or TZ_TAMPER. */
TZ_MUST tz_rc tz_sql_step(tz_store *store, tz_sql *sql, bool *ret_has_row, tz_err *err);

/* The block that follows runs once for each row that is left; a failure goes to `done:` with rc set, as TZ_TRY does.
 *     TZ_EACH_ROW (store, sql, err) {
 *         total += tz_sql_int(sql, 0);
 *     }
 */
#define TZ_EACH_ROW(store, sql, err)                                 \
    for (bool each_row = false;;)                                     \
        if ((rc = tz_sql_step(store, sql, &each_row, err)) != TZ_OK) \
            goto done;                                               \
        else if (!each_row)                                          \
            break;                                                   \
        else
int64_t     tz_sql_int(tz_sql *sql, int column);
const char *tz_sql_str(tz_sql *sql, int column); /* borrowed until the next step; NULL for null */
char       *tz_sql_dup(tz_arena *mem, tz_sql *sql, int column);
json_t     *tz_sql_cell(tz_sql *sql, int column); /* an integer, null, or any other value as text; the caller owns it */
/* The row's columns under their names, each as tz_sql_cell. The caller owns it. */
json_t     *tz_sql_json(tz_sql *sql);
void        tz_sql_again(tz_sql *sql); /* to run once more; what is bound stays */
void        tz_sql_close(tz_sql *sql);

/* One integer of a query with up to two text parameters (NULL: unused). 0 when there is no row. */
TZ_MUST tz_rc tz_sql_one(tz_store *store, const char *select, const char *a, const char *b,
                         int64_t *ret_value, tz_err *err);
/* One text of such a query, in mem; NULL when there is no row, or a null in it. */
TZ_MUST tz_rc tz_sql_one_text(tz_arena *mem, tz_store *store, const char *select, const char *a, const char *b,
                              const char **ret_text, tz_err *err);

/* All rows of a query, as tz_sql_json gives them, in an array. A new reference. */
TZ_MUST tz_rc tz_sql_list(tz_store *store, const char *select, json_t **ret_rows, tz_err *err);
/* The same of a statement that is open and bound. */
TZ_MUST tz_rc tz_sql_rows(tz_store *store, tz_sql *sql, json_t **ret_rows, tz_err *err);

/* ---- The addresses of rows ---- */

/* A row's id packs its address: batch 27 bits, sheet number (1-based) 10, row number 26. */
int64_t tz_row_id(int64_t batch, int64_t sheet_no, int64_t row_no);
int64_t tz_row_batch(int64_t row_id);
int64_t tz_row_sheet(int64_t row_id);
int64_t tz_row_number(int64_t row_id);

enum { TZ_KEY_TEXT = 33 };
/* HMAC-SM3 under the county's secret, first 16 bytes in hexadecimal. scope keeps kinds apart
 * ("row:REGISTER", "id", "finding:CHECK"). */
void tz_store_key(const tz_store *store, const char *scope, tz_text value, char out[TZ_KEY_TEXT]);

#endif
