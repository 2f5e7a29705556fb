/* inside - what the files of store share and nobody else sees. */
#ifndef TZ_STORE_INSIDE_H
#define TZ_STORE_INSIDE_H

#include "store/store.h"

struct tz_store_inside {
    int  lock_fd;         /* the writer's lock, -1 when reading */
    bool is_in_transaction;
    bool is_door_open;    /* journal.c writes: the authorizer lets it */
    int64_t first_entry;  /* first entry of the open transaction, 0: none yet */
    int64_t last_entry;
    bool is_bulk_open;
};

/* Fails with SQLite's message: TZ_BUSY when locked, TZ_TAMPER when damaged, else TZ_SYSTEM. */
tz_rc tz_store_fail(tz_store *store, tz_err *err);

/* Runs our own SQL without a result, with the door open when is_writing. */
TZ_MUST tz_rc tz_store_exec(tz_store *store, const char *sql, bool is_writing, tz_err *err);

#endif
