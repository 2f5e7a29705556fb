/* entries - the journal for readers: who did what and when, newest first, a page at a time. */
#ifndef TZ_STORE_ENTRIES_H
#define TZ_STORE_ENTRIES_H

#include "base/json.h"
#include "store/store.h"

typedef struct {
    int64_t     before; /* only entries of smaller numbers; 0: from the newest */
    int64_t     entry;  /* only this; 0: all */
    const char *table;  /* of this table; NULL: all */
    const char *key;    /* of this row of the table, NULL: all */
    int64_t     limit;
} tz_entry_filter;

/* [{entry, at, who, what, table, key, why, events (how many; of a row null), image, hash}]: what a commitment stands for is left as
 * the commitment, so nothing personal is in it. TZ_SYSTEM. */
TZ_MUST tz_rc tz_entry_list(tz_store *store, const tz_entry_filter *filter, json_t **ret_entries, tz_err *err);

/* The tables that have entries, by name: [{table, entries}]. */
TZ_MUST tz_rc tz_entry_tables(tz_store *store, json_t **ret_tables, tz_err *err);

#endif
