#include "store/watch.h"

#include <sqlite3.h>
#include <stdbool.h>

#include "base/assert.h"
#include "base/arena.h"

struct tz_watch {
    tz_arena      mem;
    sqlite3      *db;
    sqlite3_stmt *version, *newest, *config;
    int64_t       seen, entry, config_entry; /* seen: PRAGMA data_version when the others were read */
};

static tz_rc fail_db(tz_watch *watch, tz_err *err)
{
    return tz_fail(err, TZ_SYSTEM, "无法读取 ledger.db:%s", "cannot read ledger.db: %s", sqlite3_errmsg(watch->db));
}

static bool prepare(tz_watch *watch, const char *sql, sqlite3_stmt **ret_statement)
{
    return sqlite3_prepare_v3(watch->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret_statement, NULL) == SQLITE_OK;
}

tz_rc tz_watch_open(const char *folder, tz_watch **ret_watch, tz_err *err)
{
    tz_assert(folder != NULL && ret_watch != NULL);
    tz_arena    mem = {0};
    tz_watch   *watch = tz_new(&mem, tz_watch);
    const char *path = tz_arena_printf(&mem, "%s/ledger.db", folder);

    watch->mem = mem;
    watch->seen = -1;
    if (sqlite3_open_v2(path, &watch->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(watch->db, 5000) != SQLITE_OK || sqlite3_exec(watch->db, "PRAGMA query_only = 1", NULL, NULL, NULL) != SQLITE_OK ||
        !prepare(watch, "PRAGMA data_version", &watch->version) ||
        !prepare(watch, "SELECT coalesce(max(entry), 0) FROM journal", &watch->newest) ||
        !prepare(watch, "SELECT coalesce(max(entry), 0) FROM journal WHERE of_table = 'config'", &watch->config)) {
        tz_rc rc = fail_db(watch, err);
        tz_watch_close(watch);
        return rc;
    }
    *ret_watch = watch;
    return TZ_OK;
}

void tz_watch_close(tz_watch *watch)
{
    if (watch == NULL)
        return;
    (void)sqlite3_finalize(watch->version);
    (void)sqlite3_finalize(watch->newest);
    (void)sqlite3_finalize(watch->config);
    (void)sqlite3_close(watch->db);
    tz_arena mem = watch->mem; /* frees the watch itself too */
    tz_arena_free(&mem);
}

static bool one(sqlite3_stmt *statement, int64_t *ret_value)
{
    bool has_row = sqlite3_step(statement) == SQLITE_ROW;
    if (has_row)
        *ret_value = sqlite3_column_int64(statement, 0);
    return sqlite3_reset(statement) == SQLITE_OK && has_row;
}

tz_rc tz_watch_look(tz_watch *watch, int64_t *ret_entry, int64_t *ret_config, tz_err *err)
{
    tz_assert(watch != NULL && ret_entry != NULL && ret_config != NULL);
    int64_t version = 0;

    if (!one(watch->version, &version))
        return fail_db(watch, err);
    if (version != watch->seen) {
        if (!one(watch->newest, &watch->entry) || !one(watch->config, &watch->config_entry))
            return fail_db(watch, err);
        watch->seen = version;
    }
    *ret_entry = watch->entry;
    *ret_config = watch->config_entry;
    return TZ_OK;
}
