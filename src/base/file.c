#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"

/* A failed call on the disk, named as the system names it. */
static tz_rc fail_errno(tz_err *err, const char *call, const char *path)
{
    return tz_fail(err, TZ_SYSTEM, "磁盘操作 %s 失败 %s:%s", "%s failed on '%s': %s", call, path,
                   strerror(errno));
}

tz_rc tz_file_open(const char *path, FILE **ret_file, int64_t *ret_size, tz_err *err)
{
    tz_assert(path != NULL && ret_file != NULL);
    struct stat info;
    int         fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe without a writer would hold us for ever */

    if (fd < 0)
        return tz_fail(err, TZ_MISSING, "无法打开 %s:%s", "cannot open '%s': %s", path, strerror(errno));
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)close(fd);
        return tz_fail(err, TZ_INPUT, "%s 不是普通文件", "'%s' is no ordinary file", path);
    }
    FILE *file = fdopen(fd, "rb");
    tz_assert(file != NULL);
    *ret_file = file;
    if (ret_size != NULL)
        *ret_size = info.st_size;
    return TZ_OK;
}

tz_rc tz_file_load(tz_arena *mem, const char *path, int64_t max_bytes, tz_text *ret_text,
                   tz_err *err)
{
    tz_assert(mem != NULL && ret_text != NULL);
    tz_rc   rc = TZ_OK;
    FILE   *file = NULL;
    int64_t room = 0;

    TZ_TRY(tz_file_open(path, &file, &room, err));
    if (room > max_bytes) {
        rc = tz_fail(err, TZ_LIMIT, "%s 超过 %lld 字节", "'%s' is larger than %lld bytes", path, (long long)max_bytes);
        goto done;
    }
    char  *data = tz_arena_alloc(mem, (size_t)room + 1);
    size_t size = fread(data, 1, (size_t)room, file);
    if (ferror(file)) {
        rc = tz_fail(err, TZ_SYSTEM, "读取 %s 失败", "cannot read '%s'", path);
        goto done;
    }
    *ret_text = (tz_text){data, size};
done:
    if (file != NULL)
        (void)fclose(file);
    return rc;
}

char *tz_file_staging(tz_arena *mem, const char *path)
{
    uint8_t bytes[6];
    char    hex[13];

    tz_random(bytes, sizeof bytes);
    tz_hex(bytes, sizeof bytes, hex);
    return tz_arena_printf(mem, "%s.tmp-%s", path, hex);
}

static tz_rc sync_folder_of(const char *path, tz_err *err)
{
    char        folder[4096];
    const char *slash = strrchr(path, '/');
    size_t      size = slash == NULL ? 0 : (size_t)(slash - path);

    if (size >= sizeof folder)
        return tz_fail(err, TZ_LIMIT, "路径过长", "path too long");
    memcpy(folder, size == 0 ? (slash ? "/" : ".") : path, size == 0 ? 1 : size);
    folder[size == 0 ? 1 : size] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, "folder", folder);
    int failed = fsync(fd);
    (void)close(fd);
    return failed ? fail_errno(err, "fsync", folder) : TZ_OK;
}

tz_rc tz_file_commit(const char *staged, const char *path, unsigned mode, tz_err *err)
{
    tz_assert(staged != NULL && path != NULL);
    tz_rc rc = TZ_OK;
    int   fd = open(staged, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return fail_errno(err, "open", staged);
    if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
        rc = fail_errno(err, "fsync", staged);
    (void)close(fd);
    if (rc == TZ_OK && rename(staged, path) != 0)
        rc = fail_errno(err, "rename", path);
    if (rc == TZ_OK)
        rc = sync_folder_of(path, err);
    if (rc != TZ_OK)
        (void)unlink(staged);
    return rc;
}

tz_rc tz_file_write(const char *path, tz_text data, unsigned mode, tz_err *err)
{
    tz_assert(path != NULL);
    tz_arena mem = {0};
    tz_rc    rc = TZ_OK;
    char    *staged = tz_file_staging(&mem, path);
    FILE    *file = fopen(staged, "wbx");

    if (file == NULL) {
        rc = fail_errno(err, "open", staged);
        goto done;
    }
    size_t written = data.size == 0 ? 0 : fwrite(data.data, 1, data.size, file);
    if (fclose(file) != 0 || written != data.size) {
        rc = fail_errno(err, "write", staged);
        (void)unlink(staged);
        goto done;
    }
    rc = tz_file_commit(staged, path, mode, err);
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_file_copy(const char *from, const char *to, unsigned mode, tz_err *err)
{
    tz_assert(from != NULL && to != NULL);
    tz_arena mem = {0};
    tz_rc    rc = TZ_OK;
    char    *staged = tz_file_staging(&mem, to);
    char    *block = tz_arena_alloc(&mem, 1 << 18);
    FILE    *out = NULL;
    FILE    *in = NULL;

    TZ_TRY(tz_file_open(from, &in, NULL, err));
    out = fopen(staged, "wbx");
    if (out == NULL) {
        rc = fail_errno(err, "open", staged);
        goto done;
    }
    bool is_ok = true;
    for (size_t size; is_ok && (size = fread(block, 1, 1 << 18, in)) > 0;)
        is_ok = fwrite(block, 1, size, out) == size;
    is_ok = is_ok && !ferror(in);
    is_ok = (fclose(out) == 0) && is_ok;
    out = NULL;
    if (!is_ok) {
        rc = fail_errno(err, "copy", to);
        (void)unlink(staged);
        goto done;
    }
    rc = tz_file_commit(staged, to, mode, err);
done:
    if (in != NULL)
        (void)fclose(in);
    if (out != NULL)
        (void)fclose(out);
    tz_arena_free(&mem);
    return rc;
}

bool tz_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

bool tz_file_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

tz_rc tz_file_make_folder(const char *path, tz_err *err)
{
    tz_assert(path != NULL && path[0] != '\0');
    tz_arena mem = {0};
    tz_rc    rc = TZ_OK;
    char    *part = tz_arena_dup(&mem, path);

    for (char *slash = part + 1; rc == TZ_OK; slash++) {
        if (*slash != '/' && *slash != '\0')
            continue;
        bool is_last = *slash == '\0';
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && !(errno == EEXIST && tz_file_is_folder(part)))
            rc = fail_errno(err, "mkdir", part);
        if (is_last)
            break;
        *slash = '/';
    }
    tz_arena_free(&mem);
    return rc;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

tz_rc tz_file_list(tz_arena *mem, const char *path, tz_names *ret_names, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_names != NULL);
    tz_names names = {0};
    DIR     *folder = opendir(path);

    if (folder == NULL)
        return tz_fail(err, TZ_MISSING, "无法打开文件夹 %s:%s", "cannot open folder '%s': %s", path, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            tz_push(mem, &names, tz_arena_dup(mem, entry->d_name));
    (void)closedir(folder);
    if (names.count > 0)
        qsort(names.items, names.count, sizeof names.items[0], compare_names);
    *ret_names = names;
    return TZ_OK;
}

const char *tz_file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

void tz_file_sweep(const char *folder)
{
    tz_arena mem = {0};
    tz_names names;
    tz_err   ignored;

    if (tz_file_list(&mem, folder, &names, &ignored) == TZ_OK)
        for (size_t i = 0; i < names.count; i++)
            if (strstr(names.items[i], ".tmp-") != NULL)
                (void)unlink(tz_arena_printf(&mem, "%s/%s", folder, names.items[i]));
    tz_arena_free(&mem);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

tz_rc tz_file_remove_folder(const char *path, tz_err *err)
{
    tz_assert(path != NULL && path[0] != '\0');
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return fail_errno(err, "remove", path);
    return TZ_OK;
}
