/* schema - the SQL files of schema/, compiled in, and the versions that they lead to.
 *
 * The files with plain names are the newest version, written for reading; `new` runs them and nothing else.  A file
 * NNNN-what.sql turns version NNNN - 1 into NNNN: a county of an older version is brought forward by them, in one
 * transaction, when it is opened; one of a newer version is refused.  Whoever changes a plain file adds a numbered
 * one: a test (tests/unit/older.c) compares a county that was brought forward with a new one.  A column that a
 * numbered file adds is null or has a default in old rows, whose images do not name it.
 */
#ifndef TZ_STORE_SCHEMA_H
#define TZ_STORE_SCHEMA_H

#include "store/store.h"

typedef struct {
    const char *name; /* "journal.sql", "0002-due.sql" */
    const char *sql;
} tz_schema_file;

extern const tz_schema_file TZ_SCHEMA[];
extern const size_t         TZ_SCHEMA_COUNT;

/* Columns whose values stand in journal entries as salted commitments. */
typedef struct {
    const char *table;
    const char *column;
} tz_personal_column;
extern const tz_personal_column TZ_PERSONAL_COLUMNS[]; /* ends with a NULL table */

/* The tables that the journal writes; ends with a NULL name. State rows have an entry a change, events
 * an entry a bulk. */
typedef struct {
    const char *name;
    bool        is_event;
} tz_journal_table;
extern const tz_journal_table TZ_JOURNAL_TABLES[];
const tz_journal_table *tz_journal_table_find(const char *name); /* NULL: none */

/* Makes all tables of the newest version in an empty ledger.db, in the open transaction. */
TZ_MUST tz_rc tz_schema_create(tz_store *store, const tz_schema_file *files, size_t count, tz_err *err);

/* Is ledger.db older than the newest version? TZ_INPUT when it is newer, TZ_TAMPER when it has none. */
TZ_MUST tz_rc tz_schema_check(tz_store *store, const tz_schema_file *files, size_t count, bool *ret_is_older, tz_err *err);

/* Brings an older version forward, in the open transaction. */
TZ_MUST tz_rc tz_schema_migrate(tz_store *store, const tz_schema_file *files, size_t count, tz_err *err);

#endif
