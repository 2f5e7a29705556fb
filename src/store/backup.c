#include "store/backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/inside.h"
#include "store/journal.h"

enum { MAX_DEPTH = 8 };

/* ---- Writing ---- */

typedef struct {
    tz_arena          mem;
    tz_store         *store;
    zip_t            *zip;
    tz_backup_account account;
} writing;

static tz_rc fail_copy(sqlite3 *copy, tz_err *err)
{
    int code = sqlite3_errcode(copy) & 0xFF;

    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        (void)tz_fail(err, TZ_TAMPER, "ledger.db 已损坏,没有备份:%s", "ledger.db is damaged and was not backed up: %s", sqlite3_errmsg(copy));
        return tz_err_advise(err, "运行 taizhang verify 查看;旧备份不要删", "taizhang verify tells more; keep the backups that there are");
    }
    return tz_fail(err, code == SQLITE_BUSY || code == SQLITE_LOCKED ? TZ_BUSY : TZ_SYSTEM, "备份 ledger.db 失败:%s",
                   "cannot copy ledger.db: %s", sqlite3_errmsg(copy));
}

/* One moment of ledger.db in a file of its own. */
static tz_rc copy_db(tz_store *store, const char *path, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    sqlite3 *copy = NULL;

    if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
        goto done;
    }
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", store->db, "main");
    int             code = backup == NULL ? SQLITE_ERROR : sqlite3_backup_step(backup, -1);
    (void)sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) {
        rc = fail_copy(copy, err);
        goto done;
    }
    /* One file, without a WAL beside it. */
    if (sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        rc = fail_copy(copy, err);
done:
    (void)sqlite3_close(copy);
    return rc;
}

static tz_rc fail_zip(writing *of, tz_err *err)
{
    return tz_fail(err, TZ_SYSTEM, "写备份失败:%s", "cannot write the backup: %s", zip_strerror(of->zip));
}

static tz_rc add_file(writing *of, const char *path, const char *name, tz_err *err)
{
    if (!tz_file_exists(path)) {
        (void)tz_fail(err, TZ_MISSING, "备份缺少文件 %s", "the file '%s' is missing", name);
        return tz_err_advise(err, "运行 taizhang verify 查看", "taizhang verify tells more");
    }
    zip_source_t *source = zip_source_file(of->zip, path, 0, -1);
    if (source == NULL)
        return fail_zip(of, err);
    zip_int64_t index = zip_file_add(of->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return fail_zip(of, err);
    }
    (void)zip_set_file_compression(of->zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 1);
    of->account.files++;
    return TZ_OK;
}

static tz_rc add_folder(writing *of, const char *folder, const char *name, int depth, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names = {0};

    if (depth > MAX_DEPTH)
        return tz_fail(err, TZ_LIMIT, "文件夹嵌套过深:%s", "folders are nested too deeply: '%s'", name);
    TZ_TRY(tz_file_list(&of->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = tz_arena_printf(&of->mem, "%s/%s", folder, names.items[i]);
        const char *inner = tz_arena_printf(&of->mem, "%s/%s", name, names.items[i]);
        if (tz_file_is_folder(path))
            TZ_TRY(add_folder(of, path, inner, depth + 1, err));
        else
            TZ_TRY(add_file(of, path, inner, err));
    }
done:
    return rc;
}

/* The files of a part that the copy of ledger.db names. */
static tz_rc add_named(writing *of, sqlite3 *copy, const char *select, const char *part, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    int           code = SQLITE_ROW;

    if (sqlite3_prepare_v2(copy, select, -1, &sql, NULL) != SQLITE_OK) {
        rc = fail_copy(copy, err);
        goto done;
    }
    while ((code = sqlite3_step(sql)) == SQLITE_ROW) {
        const char *name = tz_sql_dup(&of->mem, sql, 0);
        TZ_TRY(add_file(of, tz_store_path(&of->mem, of->store, part, name), tz_arena_printf(&of->mem, "%s/%s", part, name), err));
    }
    if (code != SQLITE_DONE) /* no file is left out in silence */
        rc = fail_copy(copy, err);
done:
    (void)sqlite3_finalize(sql);
    return rc;
}

static tz_rc add_all(writing *of, const char *db_path, tz_err *err)
{
    static const char *const FILES[] = {"county.yaml", "divisions.tsv", "calendar.tsv"};
    tz_rc         rc = TZ_OK;
    sqlite3      *copy = NULL;
    sqlite3_stmt *sql = NULL;

    if (sqlite3_open_v2(db_path, &copy, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(copy, "SELECT max(entry) FROM journal", -1, &sql, NULL) != SQLITE_OK || sqlite3_step(sql) != SQLITE_ROW) {
        rc = fail_copy(copy, err);
        goto done;
    }
    of->account.entries = sqlite3_column_int64(sql, 0);
    TZ_TRY(add_file(of, db_path, "ledger.db", err));
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        const char *path = tz_store_path(&of->mem, of->store, FILES[i], NULL);
        if (i < 2 || tz_file_exists(path)) /* a county may do without a calendar */
            TZ_TRY(add_file(of, path, FILES[i], err));
    }
    TZ_TRY(add_folder(of, tz_store_path(&of->mem, of->store, "packs", NULL), "packs", 0, err));
    TZ_TRY(add_named(of, copy, "SELECT digest FROM original WHERE digest NOT IN"
                               " (SELECT of_key FROM erasure WHERE of_table = 'original') ORDER BY digest", "originals", err));
    TZ_TRY(add_named(of, copy, "SELECT DISTINCT parquet FROM batch ORDER BY parquet", "evidence", err));
done:
    (void)sqlite3_finalize(sql);
    (void)sqlite3_close(copy);
    return rc;
}

/* What a backup or a restoring to the same name left that was killed: it holds personal data. */
static void sweep_killed(tz_arena *mem, const char *path)
{
    const char *base = tz_file_base(path), *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "." : tz_arena_copy(mem, path, (size_t)(slash - path) + 1);
    const char *start = tz_arena_printf(mem, "%s.tmp-", base);
    tz_names    names = {0};
    tz_err      ignored;

    if (tz_file_list(mem, folder, &names, &ignored) == TZ_OK)
        for (size_t i = 0; i < names.count; i++)
            if (strncmp(names.items[i], start, strlen(start)) == 0)
                (void)!tz_file_remove_folder(tz_arena_printf(mem, "%s/%s", folder, names.items[i]), &ignored);
}

tz_rc tz_backup_write(tz_store *store, const char *path, tz_backup_account *ret_account, tz_err *err)
{
    tz_assert(store != NULL && path != NULL && ret_account != NULL);
    tz_rc       rc = TZ_OK;
    writing     of = {.store = store};
    char       *staged = tz_file_staging(&of.mem, path);
    const char *db_path = tz_arena_printf(&of.mem, "%s-db", staged);
    tz_digest   ignored;
    int         wrong = 0;

    if (tz_file_exists(path)) {
        rc = tz_fail(err, TZ_USAGE, "文件 %s 已存在", "the file '%s' exists already", path);
        goto done;
    }
    sweep_killed(&of.mem, path);
    TZ_TRY(copy_db(store, db_path, err));
    of.zip = zip_open(staged, ZIP_CREATE | ZIP_EXCL, &wrong);
    if (of.zip == NULL) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
        goto done;
    }
    TZ_TRY(add_all(&of, db_path, err));
    if (zip_close(of.zip) != 0) {
        rc = fail_zip(&of, err);
        goto done;
    }
    of.zip = NULL;
    TZ_TRY(tz_sm3_file(staged, &ignored, &of.account.bytes, err));
    TZ_TRY(tz_file_commit(staged, path, 0600, err));
    *ret_account = of.account;
done:
    if (of.zip != NULL)
        zip_discard(of.zip);
    (void)unlink(staged);
    (void)unlink(db_path);
    tz_arena_free(&of.mem);
    return rc;
}

/* ---- Restoring ---- */

/* A name that a backup of ours can hold: in a known part, no way out of the folder. */
static bool is_ours(const char *name)
{
    static const char *const PARTS[] = {"originals/", "evidence/", "packs/"};

    if (strcmp(name, "ledger.db") == 0 || strcmp(name, "county.yaml") == 0 || strcmp(name, "divisions.tsv") == 0 ||
        strcmp(name, "calendar.tsv") == 0)
        return true;
    if (strstr(name, "..") != NULL || strstr(name, "//") != NULL || strchr(name, '\\') != NULL || strlen(name) > 512)
        return false;
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (strncmp(name, PARTS[i], strlen(PARTS[i])) == 0 && name[strlen(name) - 1] != '/')
            return true;
    return false;
}

static tz_rc copy_out(zip_t *zip, zip_uint64_t index, FILE *out, const char *name, int64_t *bytes, tz_err *err)
{
    char        block[65536];
    zip_int64_t size = 0;
    zip_file_t *in = zip_fopen_index(zip, index, 0);
    bool        is_written = true;

    while (in != NULL && is_written && *bytes <= TZ_MAX_PART_BYTES * 64 && (size = zip_fread(in, block, sizeof block)) > 0) {
        *bytes += size;
        is_written = fwrite(block, 1, (size_t)size, out) == (size_t)size;
    }
    bool is_read = in != NULL && size == 0;
    if (in != NULL)
        (void)zip_fclose(in);
    if (!is_written)
        return tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", name);
    return is_read ? TZ_OK : tz_fail(err, TZ_INPUT, "备份中的 %s 读不出", "cannot read '%s' in the backup", name);
}

static tz_rc restore_one(zip_t *zip, zip_uint64_t index, const char *folder, tz_backup_account *account, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    const char *name = zip_get_name(zip, index, 0);
    FILE       *out = NULL;

    if (name == NULL || !is_ours(name)) {
        rc = tz_fail(err, TZ_INPUT, "这不是 taizhang 的备份", "this is no backup of taizhang");
        goto done;
    }
    char *path = tz_arena_printf(&mem, "%s/%s", folder, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    TZ_TRY(tz_file_make_folder(path, err));
    *slash = '/';
    char *staged = tz_file_staging(&mem, path);
    out = fopen(staged, "wbx");
    if (out == NULL) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
        goto done;
    }
    TZ_TRY(copy_out(zip, index, out, name, &account->bytes, err));
    int failed = fclose(out);
    out = NULL;
    if (failed != 0) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
        goto done;
    }
    bool is_fixed = strncmp(name, "originals/", 10) == 0 || strncmp(name, "evidence/", 9) == 0;
    TZ_TRY(tz_file_commit(staged, path, is_fixed ? 0444 : 0644, err));
    account->files++;
done:
    if (out != NULL)
        (void)fclose(out);
    tz_arena_free(&mem);
    return rc;
}

static tz_rc unpack(const char *path, const char *folder, tz_backup_account *account, tz_err *err)
{
    static const char *const PARTS[] = {"evidence", "originals", "packs", "derived"};
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    int      wrong = 0;
    zip_t   *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &wrong);

    if (zip == NULL) {
        rc = tz_fail(err, tz_file_exists(path) ? TZ_INPUT : TZ_MISSING, "%s 不是 taizhang 的备份", "'%s' is no backup of taizhang", path);
        goto done;
    }
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        TZ_TRY(tz_file_make_folder(tz_arena_printf(&mem, "%s/%s", folder, PARTS[i]), err));
    zip_int64_t count = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < count; i++)
        TZ_TRY(restore_one(zip, (zip_uint64_t)i, folder, account, err));
done:
    if (zip != NULL)
        zip_discard(zip);
    tz_arena_free(&mem);
    return rc;
}

static tz_rc verify_restored(const tz_app *app, const char *folder, tz_backup_account *account, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_arena        mem = {0};
    tz_store       *store = NULL;
    tz_verification result = {0};

    TZ_TRY(tz_store_open(app, folder, TZ_READ, &store, err));
    TZ_TRY(tz_store_verify(&mem, store, TZ_VERIFY_ALL, &result, err));
    for (size_t i = 0; i < result.problems.count; i++) {
        const tz_problem *problem = &result.problems.items[i];
        if (strcmp(problem->kind, "config") == 0)
            continue; /* an edit that nobody accepted yet was so in the county too */
        rc = tz_fail(err, TZ_TAMPER, "备份与自身不符:%s(%s)", "the backup does not agree with itself: %s (%s)", problem->where,
                     problem->kind);
        goto done;
    }
    account->entries = result.entries;
done:
    tz_store_close(store);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_backup_restore(const tz_app *app, const char *path, const char *folder, tz_backup_account *ret_account, tz_err *err)
{
    tz_assert(app != NULL && path != NULL && folder != NULL && ret_account != NULL);
    tz_rc             rc = TZ_OK;
    tz_arena          mem = {0};
    tz_backup_account account = {0};
    char             *staged = tz_file_staging(&mem, folder);
    tz_err            ignored;

    if (tz_file_exists(folder) && rmdir(folder) != 0) {
        rc = tz_fail(err, TZ_USAGE, "%s 已存在且不是空文件夹", "'%s' exists and is no empty folder", folder);
        goto done;
    }
    sweep_killed(&mem, folder);
    TZ_TRY(tz_file_make_folder(staged, err));
    TZ_TRY(unpack(path, staged, &account, err));
    TZ_TRY(verify_restored(app, staged, &account, err));
    if (rename(staged, folder) != 0) {
        rc = tz_fail(err, TZ_SYSTEM, "无法改名为 %s", "cannot rename to '%s'", folder);
        goto done;
    }
    *ret_account = account;
done:
    (void)!tz_file_remove_folder(staged, &ignored);
    tz_arena_free(&mem);
    return rc;
}
