/* inside - what the files of store share and nobody else sees. */
#ifndef TZ_STORE_INSIDE_H
#define TZ_STORE_INSIDE_H

#include "base/map.h"
#include "store/duck.h"
#include "store/proof.h"
#include "store/store.h"

struct tz_store_inside {
    int  lock_fd;         /* the writer's lock, -1 when reading */
    bool is_in_transaction;
    bool is_door_open;    /* journal.c writes: the authorizer lets it */
    int64_t first_entry;  /* first entry of the open transaction, 0: none yet */
    int64_t last_entry;
    bool is_bulk_open;
    tz_map statements;    /* SQL -> sqlite3_stmt, kept until the store is closed */
    tz_map shapes;        /* table -> its first tz_shape (shape.h) */
    uint8_t salts[1024];  /* random bytes, asked for in one go; salt_count of them are not used yet */
    size_t salt_count;
    tz_arena line;        /* of one entry while it is written */
    tz_duck duck;         /* tz_store_duck's; not opened before it is asked for */
    tz_frontier frontier; /* of the tree as this transaction has written it; count -1: not known */
};

/* A store without its database; ended by tz_store_close. */
tz_store *tz_store_new(const tz_app *app, const char *folder);

/* Opens the database at path and sets the connection up: pragmas, authorizer. */
TZ_MUST tz_rc tz_store_open_db(tz_store *store, const char *path, bool is_new, tz_err *err);

/* A statement of ours, prepared behind the door at its first use and kept. Reset it after reading. */
TZ_MUST tz_rc tz_store_statement(tz_store *store, const char *sql, sqlite3_stmt **ret_statement, tz_err *err);

/* A query that reads a table with its secret columns, for verify; step it by tz_store_read, close it by tz_sql_close. */
TZ_MUST tz_rc tz_store_open_whole(tz_store *store, const char *select, sqlite3_stmt **ret_statement, tz_err *err);

/* Steps a kept statement that reads. SQLite may prepare it again (the schema changed), so behind the door. */
TZ_MUST tz_rc tz_store_read(tz_store *store, sqlite3_stmt *statement, bool *ret_has_row, tz_err *err);

/* Steps a writing statement to its end behind the door, and resets it. */
TZ_MUST tz_rc tz_store_write(tz_store *store, sqlite3_stmt *statement, tz_err *err);

/* Removes the files of originals/ and evidence/ that no row names, or that were erased by order. */
TZ_MUST tz_rc tz_store_sweep(tz_store *store, tz_err *err);

/* Runs our own SQL without a result, with the door open when is_writing. */
TZ_MUST tz_rc tz_store_exec(tz_store *store, const char *sql, bool is_writing, tz_err *err);

#endif
