#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"

/* ---- SQLite ---- */

tz_rc tz_store_fail(tz_store *store, tz_err *err)
{
    int         code = sqlite3_errcode(store->db) & 0xFF;
    const char *text = sqlite3_errmsg(store->db);

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return tz_fail(err, TZ_BUSY, "账本正被占用:%s", "the ledger is in use: %s", text);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        (void)tz_fail(err, TZ_TAMPER, "ledger.db 已损坏:%s", "ledger.db is damaged: %s", text);
        return tz_err_advise(err, "从备份恢复:taizhang restore", "bring back a backup: taizhang restore");
    }
    return tz_fail(err, TZ_SYSTEM, "账本写入失败:%s", "the ledger failed: %s", text);
}

tz_rc tz_store_exec(tz_store *store, const char *sql, bool is_writing, tz_err *err)
{
    bool was_open = store->inside->is_door_open;

    store->inside->is_door_open = is_writing || was_open;
    int failed = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    store->inside->is_door_open = was_open;
    return failed == SQLITE_OK ? TZ_OK : tz_store_fail(store, err);
}

/* Deny by default: reading is free, writing only through the journal's door, no ATTACH ever. */
static int authorize(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
    const tz_store *store = context;
    (void)b, (void)c, (void)d;

    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_PRAGMA: /* pragma_table_info names the columns of a primary key */
        return strcmp(a, "table_info") == 0 || store->inside->is_door_open ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return SQLITE_DENY;
    default:
        return store->inside->is_door_open ? SQLITE_OK : SQLITE_DENY;
    }
}

static tz_rc open_db(tz_store *store, bool is_new, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *path = tz_store_path(&store->mem, store, "ledger.db", NULL);
    int         flags = SQLITE_OPEN_READWRITE | (is_new ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_EXRESCODE;

    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) {
        rc = tz_store_fail(store, err);
        goto done;
    }
    (void)sqlite3_busy_timeout(store->db, 5000);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_set_authorizer(store->db, authorize, store);
    TZ_TRY(tz_store_exec(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;", true, err));
    /* A table-valued function declares its table at first use, which the authorizer would refuse later. */
    TZ_TRY(tz_store_exec(store, "SELECT 1 FROM json_each('[]'), pragma_table_info('meta')", true, err));
done:
    return rc;
}

/* ---- Statements ---- */

tz_rc tz_sql_open(tz_store *store, const char *select, tz_sql **ret_sql, tz_err *err)
{
    tz_assert(store != NULL && select != NULL && ret_sql != NULL);
    sqlite3_stmt *sql = NULL;

    if (sqlite3_prepare_v2(store->db, select, -1, &sql, NULL) != SQLITE_OK)
        return tz_store_fail(store, err);
    tz_assert(sqlite3_stmt_readonly(sql));
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
        return tz_store_fail(store, err);
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

void tz_sql_close(tz_sql *sql)
{
    (void)sqlite3_finalize(sql);
}

tz_rc tz_sql_one(tz_store *store, const char *select, const char *a, const char *b, int64_t *ret_value, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, select, &sql, err));
    if (a != NULL)
        tz_sql_bind_text(sql, 1, a);
    if (b != NULL)
        tz_sql_bind_text(sql, 2, b);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_value = has_row ? tz_sql_int(sql, 0) : 0;
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Transactions ---- */

tz_rc tz_store_begin(tz_store *store, tz_err *err)
{
    tz_assert(store->is_writable);
    tz_assert(!store->inside->is_in_transaction);
    tz_rc rc = tz_store_exec(store, "BEGIN IMMEDIATE", true, err);
    if (rc == TZ_OK) {
        store->inside->is_in_transaction = true;
        store->inside->first_entry = 0;
    }
    return rc;
}

/* Each entry that this transaction wrote is read again from the database and hashed again. */
static tz_rc recheck(tz_store *store, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    if (store->inside->first_entry == 0)
        return TZ_OK;
    TZ_TRY(tz_sql_open(store, "SELECT body, leaf FROM journal WHERE entry >= ?1 ORDER BY entry", &sql, err));
    tz_sql_bind_int(sql, 1, store->inside->first_entry);
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_digest leaf = tz_merkle_leaf(tz_text_of(tz_sql_str(sql, 0)));
        tz_assert(sqlite3_column_bytes(sql, 1) == TZ_SM3_SIZE);
        tz_assert(memcmp(sqlite3_column_blob(sql, 1), leaf.bytes, TZ_SM3_SIZE) == 0);
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_store_commit(tz_store *store, tz_err *err)
{
    tz_assert(store->inside->is_in_transaction);
    tz_assert(!store->inside->is_bulk_open);
    tz_rc rc = recheck(store, err);
    if (rc == TZ_OK)
        rc = tz_store_exec(store, "COMMIT", true, err);
    if (rc == TZ_OK)
        store->inside->is_in_transaction = false;
    return rc;
}

void tz_store_rollback(tz_store *store)
{
    tz_err ignored;
    if (store == NULL || !store->inside->is_in_transaction)
        return;
    (void)!tz_store_exec(store, "ROLLBACK", true, &ignored);
    store->inside->is_in_transaction = false;
    store->inside->is_bulk_open = false;
}

/* ---- Opening ---- */

char *tz_store_path(tz_arena *mem, const tz_store *store, const char *part, const char *name)
{
    return name == NULL ? tz_arena_printf(mem, "%s/%s", store->folder, part)
                        : tz_arena_printf(mem, "%s/%s/%s", store->folder, part, name);
}

static void say_holder(const char *path, char *out, size_t room)
{
    FILE *file = fopen(path, "r");
    out[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(out, (int)room, file) == NULL)
        out[0] = '\0';
    (void)fclose(file);
}

/* Takes the writer's lock: waits up to five seconds, then says who holds it. */
static tz_rc take_lock(tz_store *store, tz_err *err)
{
    const char *path = tz_store_path(&store->mem, store, ".lock", NULL);
    char        holder[64];
    int         fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    if (fd < 0)
        return tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", path, strerror(errno));
    for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; tries++) {
        const struct timespec wait = {.tv_nsec = 100000000};
        if (tries == 50) {
            say_holder(path, holder, sizeof holder);
            (void)close(fd);
            (void)tz_fail(err, TZ_BUSY, "另一个进程(%s)正在写入这个县", "another process (%s) is writing to this county",
                          holder);
            return tz_err_advise(err, "等它结束后再试", "try again when it has ended");
        }
        (void)nanosleep(&wait, NULL);
    }
    (void)snprintf(holder, sizeof holder, "pid %ld", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, holder, strlen(holder), 0) < 0)
        errno = 0; /* the name of the holder is a courtesy */
    store->inside->lock_fd = fd;
    return TZ_OK;
}

static tz_store *new_store(const tz_app *app, const char *folder)
{
    tz_arena  mem = {0};
    tz_store *store = tz_new(&mem, tz_store);

    store->app = app;
    store->mem = mem;
    store->folder = tz_arena_dup(&store->mem, folder);
    store->inside = tz_new(&store->mem, struct tz_store_inside);
    store->inside->lock_fd = -1;
    return store;
}

/* The version and the secret in `meta`. */
static tz_rc read_meta(tz_store *store, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    int64_t version = 0;

    TZ_TRY(tz_sql_one(store, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'", NULL, NULL, &version, err));
    if (version > TZ_SCHEMA_VERSION) {
        (void)tz_fail(err, TZ_INPUT, "这个县由更新版本的台账写成(结构 %lld,本程序 %d)",
                      "a newer Taizhang wrote this county (schema %lld, this program %d)", (long long)version,
                      TZ_SCHEMA_VERSION);
        rc = tz_err_advise(err, "请升级程序", "please upgrade the program");
        goto done;
    }
    TZ_TRY(tz_sql_open(store, "SELECT value FROM meta WHERE name = 'secret'", &sql, err));
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row || !tz_unhex(tz_text_of(tz_sql_str(sql, 0)), store->secret, sizeof store->secret))
        rc = tz_fail(err, TZ_TAMPER, "ledger.db 缺少县密钥", "ledger.db lacks the county's secret");
done:
    tz_sql_close(sql);
    return rc;
}

static void sweep(tz_store *store)
{
    static const char *const FOLDERS[] = {"evidence", "originals", "derived"};
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++)
        tz_file_sweep(tz_store_path(&store->mem, store, FOLDERS[i], NULL));
}

tz_rc tz_store_open(const tz_app *app, const char *folder, tz_access access, tz_store **ret_store, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && ret_store != NULL);
    tz_rc     rc = TZ_OK;
    tz_store *store = new_store(app, folder);

    if (!tz_file_exists(tz_store_path(&store->mem, store, "ledger.db", NULL))) {
        (void)tz_fail(err, TZ_MISSING, "%s 不是县数据目录", "'%s' is no county directory", folder);
        rc = tz_err_advise(err, "用 -C 指定,或先运行 taizhang new %s --county 代码",
                           "name one with -C, or run taizhang new %s --county CODE first", folder);
        goto done;
    }
    if (access == TZ_WRITE)
        TZ_TRY(take_lock(store, err));
    TZ_TRY(open_db(store, false, err));
    TZ_TRY(read_meta(store, err));
    TZ_TRY(tz_county_load(&store->mem, folder, &store->county, err));
    store->is_writable = access == TZ_WRITE;
    if (store->is_writable)
        sweep(store);
    *ret_store = store;
    store = NULL;
done:
    tz_store_close(store);
    return rc;
}

void tz_store_close(tz_store *store)
{
    if (store == NULL)
        return;
    tz_store_rollback(store);
    for (sqlite3_stmt *open = NULL; store->db != NULL && (open = sqlite3_next_stmt(store->db, NULL)) != NULL;)
        (void)sqlite3_finalize(open);
    (void)sqlite3_close(store->db);
    if (store->inside->lock_fd >= 0)
        (void)close(store->inside->lock_fd);
    tz_arena mem = store->mem; /* the store lives in its own arena */
    tz_arena_free(&mem);
}

/* ---- Making ---- */

static tz_rc check_empty(tz_arena *mem, const char *folder, tz_err *err)
{
    tz_names names = {0};
    tz_err   ignored;

    if (tz_file_exists(folder) && (tz_file_list(mem, folder, &names, &ignored) != TZ_OK || names.count > 0)) {
        (void)tz_fail(err, TZ_USAGE, "%s 已存在且不是空文件夹", "'%s' exists and is no empty folder", folder);
        return tz_err_advise(err, "换一个名字", "choose another name");
    }
    return TZ_OK;
}

static tz_rc make_tables(tz_store *store, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    uint8_t  secret[32];
    char     hex[65];
    char     sql[256];

    for (size_t i = 0; i < TZ_SCHEMA_COUNT; i++)
        TZ_TRY(tz_store_exec(store, TZ_SCHEMA[i].sql, true, err));
    tz_random(secret, sizeof secret);
    tz_hex(secret, sizeof secret, hex);
    (void)snprintf(sql, sizeof sql, "INSERT INTO meta VALUES ('schema', '%d'), ('secret', '%s')", TZ_SCHEMA_VERSION, hex);
    TZ_TRY(tz_store_exec(store, sql, true, err));
done:
    return rc;
}

static tz_rc add_first_users(tz_store *store, const char *system_user, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *system = json_pack("{s:s, s:s, s:n, s:s, s:n, s:s}", "user", "system", "name", "system", "unit", "roles",
                               "[\"system\"]", "system_user", "state", "active");
    json_t *first = json_pack("{s:s, s:s, s:n, s:s, s:s, s:s}", "user", system_user, "name", system_user, "unit", "roles",
                              "[\"clerk\",\"inspector\",\"system\"]", "system_user", system_user, "state", "active");

    store->user = "system";
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, "user.add", "user", system, "new", NULL, err));
    TZ_TRY(tz_journal_put(store, "user.add", "user", first, "new", NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    json_decref(system);
    json_decref(first);
    return rc;
}

tz_rc tz_store_create(const tz_app *app, const char *folder, const char *division_code, const char *county_name,
                      const char *const *packs, size_t pack_count, const char *system_user, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && division_code != NULL && system_user != NULL);
    static const char *const PARTS[] = {"evidence", "originals", "packs", "derived"};
    tz_rc     rc = TZ_OK;
    tz_store *store = new_store(app, folder);

    TZ_TRY(check_empty(&store->mem, folder, err));
    TZ_TRY(tz_county_check_code(division_code, err));
    TZ_TRY(tz_file_make_folder(folder, err));
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        TZ_TRY(tz_file_make_folder(tz_store_path(&store->mem, store, PARTS[i], NULL), err));
    TZ_TRY(tz_county_write(app, folder, division_code, county_name, packs, pack_count, err));
    TZ_TRY(open_db(store, true, err));
    TZ_TRY(make_tables(store, err));
    store->is_writable = true;
    TZ_TRY(add_first_users(store, system_user, err));
done:
    tz_store_close(store);
    return rc;
}

tz_rc tz_store_act_as(tz_store *store, const char *system_user, const char *as_user, tz_err *err)
{
    tz_assert(store != NULL && system_user != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store,
                       "SELECT user, system_user FROM user WHERE state = 'active'"
                       " AND CASE WHEN ?2 IS NULL THEN system_user = ?1 ELSE user = ?2 END",
                       &sql, err));
    tz_sql_bind_text(sql, 1, system_user);
    tz_sql_bind_text(sql, 2, as_user);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        (void)tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", as_user != NULL ? as_user : system_user);
        rc = tz_err_advise(err, "由已有用户运行 taizhang user add", "an existing user runs taizhang user add");
        goto done;
    }
    const char *account = tz_sql_str(sql, 1);
    if (as_user != NULL && ((account != NULL && strcmp(account, system_user) != 0) || strcmp(as_user, "system") == 0)) {
        rc = tz_fail(err, TZ_REFUSED, "用户 “%s” 有自己的系统账号,不能由他人代办", "user '%s' has an account of their own: nobody acts for them",
                     as_user);
        goto done;
    }
    store->user = tz_sql_dup(&store->mem, sql, 0);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Files and keys ---- */

tz_rc tz_store_keep(tz_store *store, const char *path, const char *name, tz_digest *ret_digest, tz_err *err)
{
    tz_assert(store->inside->is_in_transaction);
    tz_rc     rc = TZ_OK;
    tz_digest digest;
    int64_t   size = 0, is_known = 0;
    char      hex[TZ_SM3_HEX], at[TZ_TIME_TEXT];
    json_t   *image = NULL;

    TZ_TRY(tz_sm3_file(path, &digest, &size, err));
    tz_digest_hex(&digest, hex);
    const char *kept = tz_store_path(&store->mem, store, "originals", hex);
    if (!tz_file_exists(kept))
        TZ_TRY(tz_file_copy(path, kept, 0444, err));
    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM original WHERE digest = ?1", hex, NULL, &is_known, err));
    if (!is_known) {
        tz_time_format(tz_app_now_ms(store->app), at);
        image = json_pack("{s:s, s:o, s:I, s:s}", "digest", hex, "name", tz_json_text(tz_text_of(name)), "size",
                          (json_int_t)size, "received_at", at);
        TZ_TRY(tz_journal_put(store, "original.keep", "original", image, NULL, NULL, err));
    }
    *ret_digest = digest;
done:
    json_decref(image);
    return rc;
}

int64_t tz_row_id(int64_t batch, int64_t sheet_no, int64_t row_no)
{
    tz_assert(batch > 0 && batch < 1 << 27);
    tz_assert(sheet_no > 0 && sheet_no < 1 << 10);
    tz_assert(row_no > 0 && row_no < 1 << 26);
    return batch << 36 | sheet_no << 26 | row_no;
}

int64_t tz_row_batch(int64_t row_id)
{
    return row_id >> 36;
}

int64_t tz_row_sheet(int64_t row_id)
{
    return row_id >> 26 & 1023;
}

int64_t tz_row_number(int64_t row_id)
{
    return row_id & ((1 << 26) - 1);
}

void tz_store_key(const tz_store *store, const char *scope, tz_text value, char out[TZ_KEY_TEXT])
{
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, 0);

    tz_buf_puts(&text, scope);
    tz_buf_char(&text, '\0');
    tz_buf_put(&text, value);
    tz_digest digest = tz_hmac(store->secret, text.data, text.size);
    tz_hex(digest.bytes, 16, out);
    tz_arena_free(&mem);
}
