/* schema - the SQL files of schema/, compiled in, in the order in which they are applied. */
#ifndef TZ_STORE_SCHEMA_H
#define TZ_STORE_SCHEMA_H

#include <stddef.h>

enum { TZ_SCHEMA_VERSION = 1 };

typedef struct {
    const char *name; /* "journal.sql" */
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

#endif
