/* sql - the connection to ledger.db: how it is set up, what it lets pass, how it is read. */
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "store/inside.h"

/* Fails with SQLite's message: TZ_BUSY when locked, TZ_TAMPER when damaged, else TZ_SYSTEM. */
static tz_rc fail_sqlite(tz_store *store, tz_err *err)
{
    int         code = sqlite3_errcode(store->db) & 0xFF;
    const char *text = sqlite3_errmsg(store->db);

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return tz_fail(err, TZ_BUSY, "账本正被占用:%s", "the ledger is in use: %s", text);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        (void)tz_fail(err, TZ_TAMPER, "ledger.db 已损坏:%s", "ledger.db is damaged: %s", text);
        return tz_err_advise(err, "从备份恢复:taizhang restore", "bring back a backup: taizhang restore");
    }
    (void)tz_fail(err, TZ_SYSTEM, "账本读写失败:%s", "the ledger failed: %s", text);
    return code == SQLITE_FULL ? tz_err_advise(err, "磁盘已满:腾出空间后再试,没有写入一半的内容",
                                               "the disk is full: make room and try again; nothing was half-written")
                               : err->code;
}

tz_rc tz_store_exec(tz_store *store, const char *sql, bool is_writing, tz_err *err)
{
    bool was_open = store->inside->is_door_open;

    store->inside->is_door_open = is_writing || was_open;
    int failed = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    store->inside->is_door_open = was_open;
    return failed == SQLITE_OK ? TZ_OK : fail_sqlite(store, err);
}

/* The county's secret and the digests of passwords, wherever they stand, are not for reading either. */
static bool is_secret(const char *table, const char *column)
{
    return strcmp(table, "meta") == 0 || (strcmp(table, "credential") == 0 && strcmp(column, "hash") == 0);
}

/* Deny by default: reading is free, all else only behind the door that src/store opens, ATTACH never. */
static int authorize(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
    const tz_store *store = context;
    (void)c, (void)d;

    if (action == SQLITE_ATTACH || action == SQLITE_DETACH)
        return SQLITE_DENY;
    if (store->inside->is_door_open)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        return is_secret(a, b) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_FUNCTION:
        return strcmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA: /* pragma_table_info names the columns of a primary key */
        return strcmp(a, "table_info") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

void tz_store_start(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static tz_rc set_up(tz_store *store, tz_err *err)
{
    tz_rc rc = TZ_OK;

    (void)sqlite3_busy_timeout(store->db, 5000);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_set_authorizer(store->db, authorize, store);
    TZ_TRY(tz_store_exec(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA cell_size_check = ON;", true, err));
    /* A table-valued function declares its table at first use, which the authorizer would refuse later. */
    TZ_TRY(tz_store_exec(store, "SELECT 1 FROM json_each('[]'), pragma_table_info('meta')", true, err));
done:
    return rc;
}

/* Is ledger.db alone all there is? What an unfinished WAL holds would be missing from it. */
static bool is_whole(tz_arena *mem, const char *path)
{
    struct stat info;
    return stat(tz_arena_printf(mem, "%s-wal", path), &info) != 0 || info.st_size == 0;
}

/* A file that nobody can change needs neither a lock nor an index of its WAL beside it. */
static tz_rc open_immutable(tz_store *store, const char *path, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_buf   uri = tz_buf_init(&mem, 0);

    if (!is_whole(&mem, path)) {
        (void)tz_fail(err, TZ_SYSTEM, "只读的目录里有未收尾的 ledger.db-wal",
                      "there is an unfinished ledger.db-wal in a directory that is read-only");
        rc = tz_err_advise(err, "把目录复制到可写的地方再打开", "copy the directory to where it can be written, and open it there");
        goto done;
    }
    tz_buf_puts(&uri, "file:");
    for (const char *at = path; *at != '\0'; at++)
        if (strchr("%?#", *at) != NULL)
            tz_buf_printf(&uri, "%%%02X", (unsigned char)*at);
        else
            tz_buf_char(&uri, *at);
    tz_buf_puts(&uri, "?immutable=1");
    (void)sqlite3_close(store->db);
    store->db = NULL;
    if (sqlite3_open_v2(tz_buf_str(&uri), &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
        rc = fail_sqlite(store, err);
        goto done;
    }
    TZ_TRY(set_up(store, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_store_open_db(tz_store *store, const char *path, bool is_new, tz_err *err)
{
    tz_rc rc = TZ_OK;
    /* A store is one thread's at a time: SQLite's own locks would be taken for nothing, a tenth of a page's time. */
    int   flags = SQLITE_OPEN_READWRITE | (is_new ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;

    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) {
        rc = fail_sqlite(store, err);
        goto done;
    }
    rc = set_up(store, err);
    int code = rc == TZ_OK ? SQLITE_OK : sqlite3_errcode(store->db) & 0xFF;
    if (!is_new && store->inside->lock_fd < 0 && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY))
        rc = open_immutable(store, path, err); /* for reading, where the disk lets nobody write */
done:
    return rc;
}

/* ---- Our own statements ---- */

tz_rc tz_store_statement(tz_store *store, const char *sql, sqlite3_stmt **ret_statement, tz_err *err)
{
    bool          is_new = false, was_open = store->inside->is_door_open;
    tz_map_entry *cached = tz_map_put(&store->inside->statements, tz_text_of(sql), &is_new);
    sqlite3_stmt *statement = NULL;

    if (is_new || cached->value == 0) {
        store->inside->is_door_open = true;
        int failed = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
        store->inside->is_door_open = was_open;
        if (failed != SQLITE_OK)
            return fail_sqlite(store, err);
        cached->value = (int64_t)(intptr_t)statement;
    }
    *ret_statement = (sqlite3_stmt *)(intptr_t)cached->value;
    return TZ_OK;
}

tz_rc tz_store_open_whole(tz_store *store, const char *select, sqlite3_stmt **ret_statement, tz_err *err)
{
    bool was_open = store->inside->is_door_open;

    store->inside->is_door_open = true;
    tz_rc rc = tz_sql_open(store, select, ret_statement, err);
    store->inside->is_door_open = was_open;
    return rc;
}

tz_rc tz_store_write(tz_store *store, sqlite3_stmt *statement, tz_err *err)
{
    tz_rc rc = TZ_OK;
    bool  was_open = store->inside->is_door_open;

    store->inside->is_door_open = true;
    int code = sqlite3_step(statement);
    tz_assert(code != SQLITE_ROW);
    if (code != SQLITE_DONE)
        rc = fail_sqlite(store, err);
    (void)sqlite3_reset(statement);
    store->inside->is_door_open = was_open;
    return rc;
}

tz_rc tz_store_read(tz_store *store, sqlite3_stmt *statement, bool *ret_has_row, tz_err *err)
{
    bool was_open = store->inside->is_door_open;

    store->inside->is_door_open = true;
    tz_rc rc = tz_sql_step(store, statement, ret_has_row, err);
    store->inside->is_door_open = was_open;
    return rc;
}

/* ---- Reading, for everybody ---- */

tz_rc tz_sql_open(tz_store *store, const char *select, tz_sql **ret_sql, tz_err *err)
{
    tz_assert(store != NULL && select != NULL && ret_sql != NULL);
    sqlite3_stmt *sql = NULL;

    if (sqlite3_prepare_v2(store->db, select, -1, &sql, NULL) != SQLITE_OK)
        return fail_sqlite(store, err);
    if (sql == NULL || !sqlite3_stmt_readonly(sql)) { /* VACUUM asks no authorizer until it runs */
        (void)sqlite3_finalize(sql);
        return tz_fail(err, TZ_SYSTEM, "只允许查询", "only a query is allowed here");
    }
    *ret_sql = sql;
    return TZ_OK;
}

void tz_sql_bind_int(tz_sql *sql, int index, int64_t value)
{
    int failed = sqlite3_bind_int64(sql, index, value);
    tz_assert(failed == SQLITE_OK);
}

void tz_sql_bind_text(tz_sql *sql, int index, const char *text)
{
    int failed = sqlite3_bind_text(sql, index, text, -1, SQLITE_TRANSIENT);
    tz_assert(failed == SQLITE_OK);
}

tz_rc tz_sql_step(tz_store *store, tz_sql *sql, bool *ret_has_row, tz_err *err)
{
    int code = sqlite3_step(sql);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_sqlite(store, err);
    *ret_has_row = code == SQLITE_ROW;
    return TZ_OK;
}

int64_t tz_sql_int(tz_sql *sql, int column)
{
    return sqlite3_column_int64(sql, column);
}

const char *tz_sql_str(tz_sql *sql, int column)
{
    return (const char *)sqlite3_column_text(sql, column);
}

char *tz_sql_dup(tz_arena *mem, tz_sql *sql, int column)
{
    const char *text = tz_sql_str(sql, column);
    return text == NULL ? NULL : tz_arena_copy(mem, text, (size_t)sqlite3_column_bytes(sql, column));
}

json_t *tz_sql_cell(tz_sql *sql, int column)
{
    switch (sqlite3_column_type(sql, column)) {
    case SQLITE_NULL: return json_null();
    case SQLITE_INTEGER: return json_integer(tz_sql_int(sql, column));
    default: return tz_json_text((tz_text){tz_sql_str(sql, column), (size_t)sqlite3_column_bytes(sql, column)});
    }
}

json_t *tz_sql_json(tz_sql *sql)
{
    json_t *row = json_object();

    for (int i = 0; i < sqlite3_column_count(sql); i++)
        (void)json_object_set_new(row, sqlite3_column_name(sql, i), tz_sql_cell(sql, i));
    return row;
}

void tz_sql_again(tz_sql *sql)
{
    (void)sqlite3_reset(sql);
}

void tz_sql_close(tz_sql *sql)
{
    (void)sqlite3_finalize(sql);
}

/* Opens a query with up to two text parameters and steps to its first row; the caller closes it, whatever comes. */
static tz_rc find_one(tz_store *store, const char *select, const char *a, const char *b, tz_sql **ret_sql, bool *ret_has_row, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_sql_open(store, select, ret_sql, err));
    if (a != NULL)
        tz_sql_bind_text(*ret_sql, 1, a);
    if (b != NULL)
        tz_sql_bind_text(*ret_sql, 2, b);
    TZ_TRY(tz_sql_step(store, *ret_sql, ret_has_row, err));
done:
    return rc;
}

tz_rc tz_sql_one(tz_store *store, const char *select, const char *a, const char *b, int64_t *ret_value, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(find_one(store, select, a, b, &sql, &has_row, err));
    *ret_value = has_row ? tz_sql_int(sql, 0) : 0;
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_sql_one_text(tz_arena *mem, tz_store *store, const char *select, const char *a, const char *b, const char **ret_text, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(find_one(store, select, a, b, &sql, &has_row, err));
    *ret_text = has_row && tz_sql_str(sql, 0) != NULL ? tz_sql_dup(mem, sql, 0) : NULL;
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_sql_rows(tz_store *store, tz_sql *sql, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();

    TZ_EACH_ROW (store, sql, err) {
        (void)json_array_append_new(rows, tz_sql_json(sql));
    }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_sql_list(tz_store *store, const char *select, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, select, &sql, err));
    TZ_TRY(tz_sql_rows(store, sql, ret_rows, err));
done:
    tz_sql_close(sql);
    return rc;
}
