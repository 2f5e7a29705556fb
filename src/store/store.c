#include "store/store.h"

#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/erase.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/lock.h"
#include "store/schema.h"

enum { LOCK_WAIT_MS = 5000 };

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

/* Entries that were read back and wait to be hashed together. */
typedef struct {
    tz_arena *mem;
    size_t    count;
    tz_text   texts[64];
    tz_digest stored[64];
} read_back;

static bool are_same(read_back *back)
{
    tz_digest leaves[64];
    bool      is_same = true;

    tz_sm3_many(0, back->texts, back->count, leaves);
    for (size_t i = 0; i < back->count; i++)
        is_same &= tz_digest_equal(&leaves[i], &back->stored[i]);
    back->count = 0;
    tz_arena_reset(back->mem);
    return is_same;
}

/* Each entry that this transaction wrote is read again from the database and hashed again. */
static tz_rc recheck(tz_store *store, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = true, is_same = true;
    int64_t       expected = store->inside->first_entry;
    read_back     back = {.mem = &store->inside->line};

    if (store->inside->first_entry == 0)
        return TZ_OK;
    TZ_TRY(tz_store_statement(store, "SELECT entry, body, leaf FROM journal WHERE entry >= ?1 ORDER BY entry", &sql, err));
    tz_sql_bind_int(sql, 1, store->inside->first_entry);
    for (;;) {
        TZ_TRY(tz_store_read(store, sql, &has_row, err));
        if (!has_row)
            break;
        is_same = is_same && tz_sql_int(sql, 0) == expected++ && sqlite3_column_bytes(sql, 2) == TZ_SM3_SIZE;
        if (!is_same)
            break;
        memcpy(back.stored[back.count].bytes, sqlite3_column_blob(sql, 2), TZ_SM3_SIZE);
        back.texts[back.count++] = tz_text_keep(back.mem, (tz_text){tz_sql_str(sql, 1), (size_t)sqlite3_column_bytes(sql, 1)});
        if (back.count == sizeof back.texts / sizeof back.texts[0])
            is_same = are_same(&back);
    }
    is_same = is_same && are_same(&back);
    if (!is_same || expected != store->inside->last_entry + 1)
        rc = tz_fail(err, TZ_TAMPER, "存证条目读回后与写入的不符,未提交",
                     "a journal entry read back is not what was written; nothing was committed");
done:
    (void)sqlite3_reset(sql);
    tz_arena_reset(back.mem);
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
    store->inside->frontier.count = -1;
}

/* ---- Opening ---- */

char *tz_store_path(tz_arena *mem, const tz_store *store, const char *part, const char *name)
{
    return name == NULL ? tz_arena_printf(mem, "%s/%s", store->folder, part)
                        : tz_arena_printf(mem, "%s/%s/%s", store->folder, part, name);
}

tz_store *tz_store_new(const tz_app *app, const char *folder)
{
    tz_arena  mem = {0};
    tz_store *store = tz_new(&mem, tz_store);

    store->app = app;
    store->mem = mem;
    store->folder = tz_arena_dup(&store->mem, folder);
    store->inside = tz_new(&store->mem, struct tz_store_inside);
    store->inside->lock_fd = -1;
    store->inside->statements = tz_map_init(&store->mem);
    store->inside->shapes = tz_map_init(&store->mem);
    store->inside->frontier.count = -1;
    return store;
}

/* Brings the schema forward; a reader that meets an older one lets a writer do it first. */
static tz_rc bring_forward(tz_store *store, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_store *writer = NULL;
    bool      is_older = false;

    TZ_TRY(tz_schema_check(store, TZ_SCHEMA, TZ_SCHEMA_COUNT, &is_older, err));
    if (!is_older)
        goto done;
    if (!store->is_writable) {
        rc = tz_store_open(store->app, store->folder, TZ_WRITE, &writer, err);
        if (rc == TZ_SYSTEM)
            (void)tz_err_advise(err, "目录由旧版本写成,要先升级结构:复制到可写的地方打开一次",
                                "an older version wrote this directory, whose schema has to be brought forward: copy it to where it can be "
                                "written, and open it there once");
        goto done;
    }
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_schema_migrate(store, TZ_SCHEMA, TZ_SCHEMA_COUNT, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    tz_store_rollback(store);
    tz_store_close(writer);
    return rc;
}

static tz_rc read_secret(tz_store *store, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(store, "SELECT value FROM meta WHERE name = 'secret'", &sql, err));
    TZ_TRY(tz_store_read(store, sql, &has_row, err));
    if (!has_row || !tz_unhex(tz_text_of(tz_sql_str(sql, 0)), store->secret, sizeof store->secret))
        rc = tz_fail(err, TZ_TAMPER, "ledger.db 缺少县密钥", "ledger.db lacks the county's secret");
done:
    (void)sqlite3_reset(sql);
    return rc;
}

/* Removes the files of a part that no row names: what an import left that was killed before its commit. */
static tz_rc sweep_part(tz_store *store, const char *part, const char *select, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_names names = {0};
    tz_sql  *sql = NULL;
    bool     is_named = false;

    TZ_TRY(tz_file_list(&mem, tz_store_path(&mem, store, part, NULL), &names, err));
    TZ_TRY(tz_sql_open(store, select, &sql, err));
    for (size_t i = 0; i < names.count; i++) {
        tz_sql_bind_text(sql, 1, names.items[i]);
        TZ_TRY(tz_sql_step(store, sql, &is_named, err));
        tz_sql_again(sql);
        if (!is_named)
            (void)unlink(tz_store_path(&mem, store, part, names.items[i]));
    }
done:
    tz_sql_close(sql);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_store_sweep(tz_store *store, tz_err *err)
{
    tz_rc rc = TZ_OK;

    tz_file_sweep(store->folder);
    tz_file_sweep(tz_store_path(&store->mem, store, "derived", NULL));
    TZ_TRY(sweep_part(store, "originals", "SELECT 1 FROM original WHERE digest = ?1 AND NOT EXISTS"
                       " (SELECT 1 FROM erasure WHERE of_table = 'original' AND of_key = digest)", err));
    TZ_TRY(sweep_part(store, "evidence", "SELECT 1 FROM batch WHERE parquet = ?1", err));
done:
    return rc;
}

tz_rc tz_store_open(const tz_app *app, const char *folder, tz_access access, tz_store **ret_store, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && ret_store != NULL);
    tz_rc     rc = TZ_OK;
    tz_store *store = tz_store_new(app, folder);

    if (!tz_file_exists(tz_store_path(&store->mem, store, "ledger.db", NULL))) {
        (void)tz_fail(err, TZ_MISSING, "%s 不是县数据目录", "'%s' is no county directory", folder);
        rc = tz_err_advise(err, "用 -C 指定,或先运行 taizhang new %s --county 代码",
                           "name one with -C, or run taizhang new %s --county CODE first", folder);
        goto done;
    }
    if (access == TZ_WRITE)
        TZ_TRY(tz_lock_take(folder, LOCK_WAIT_MS, &store->inside->lock_fd, err));
    TZ_TRY(tz_store_open_db(store, tz_store_path(&store->mem, store, "ledger.db", NULL), false, err));
    store->is_writable = access == TZ_WRITE;
    TZ_TRY(bring_forward(store, err));
    TZ_TRY(read_secret(store, err));
    TZ_TRY(tz_county_load(&store->mem, folder, &store->county, err));
    if (store->is_writable)
        TZ_TRY(tz_store_sweep(store, err));
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
    tz_duck_close(&store->inside->duck);
    for (sqlite3_stmt *open = NULL; store->db != NULL && (open = sqlite3_next_stmt(store->db, NULL)) != NULL;)
        (void)sqlite3_finalize(open);
    (void)sqlite3_close(store->db);
    tz_lock_give(store->inside->lock_fd);
    memset(store->secret, 0, sizeof store->secret);
    tz_arena_free(&store->inside->line);
    tz_arena mem = store->mem; /* the store lives in its own arena */
    tz_arena_free(&mem);
}

/* ---- Who acts ---- */

tz_rc tz_store_act_as(tz_store *store, const char *system_user, const char *as_user, tz_err *err)
{
    tz_assert(store != NULL && (system_user != NULL || as_user != NULL));
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false, is_proven = system_user == NULL;

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
    bool        is_others = !is_proven && as_user != NULL && account != NULL && strcmp(account, system_user) != 0;
    if (is_others || (as_user != NULL && strcmp(as_user, "system") == 0)) {
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

/* Copies path under its digest; the copy is hashed, so a file that changes meanwhile shows. */
static tz_rc copy_original(const char *path, const tz_digest *digest, const char *kept, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_arena  mem = {0};
    tz_digest copied;
    char     *staged = tz_file_staging(&mem, kept);

    TZ_TRY(tz_file_copy(path, staged, 0444, err));
    TZ_TRY(tz_sm3_file(staged, &copied, NULL, err));
    if (!tz_digest_equal(&copied, digest)) {
        (void)unlink(staged);
        rc = tz_fail(err, TZ_INPUT, "文件 %s 在读取时被改动", "the file '%s' changed while it was read", tz_file_base(path));
        goto done;
    }
    TZ_TRY(tz_file_commit(staged, kept, 0444, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_store_keep(tz_store *store, const char *path, const char *name, tz_digest *ret_digest, tz_err *err)
{
    tz_assert(store->inside->is_in_transaction);
    tz_rc     rc = TZ_OK;
    tz_digest digest;
    int64_t   size = 0, is_known = 0;
    bool      is_erased = false;
    char      hex[TZ_SM3_HEX], at[TZ_TIME_TEXT];
    json_t   *image = NULL;

    TZ_TRY(tz_sm3_file(path, &digest, &size, err));
    tz_digest_hex(&digest, hex);
    TZ_TRY(tz_erase_is_original_gone(store, hex, &is_erased, err));
    if (is_erased) {
        rc = tz_fail(err, TZ_REFUSED, "文件 %s 已依令删除,不再收存", "the file '%s' was erased by order and is not kept again", tz_file_base(path));
        goto done;
    }
    const char *kept = tz_store_path(&store->mem, store, "originals", hex);
    if (!tz_file_exists(kept))
        TZ_TRY(copy_original(path, &digest, kept, err));
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
    char     small[1024]; /* enough for a row; called for each */
    size_t   scope_size = strlen(scope) + 1, size = scope_size + value.size;
    tz_arena mem = {0};
    char    *text = size <= sizeof small ? small : tz_arena_alloc(&mem, size);

    memcpy(text, scope, scope_size);
    if (value.size > 0)
        memcpy(text + scope_size, value.data, value.size);
    tz_digest digest = tz_hmac(store->secret, text, size);
    tz_hex(digest.bytes, 16, out);
    tz_arena_free(&mem);
}
