/* files - the files that a path stands for. */
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "evidence/import.h"

static bool is_left_out(const char *name)
{
    return name[0] == '.' || name[0] == '~' || strcmp(name, "answers.json") == 0;
}

/* A folder that is reached by a link is not gone into: it may hold the one it stands in. A pipe would be waited for. */
static bool is_neither(const char *path)
{
    struct stat about;

    return lstat(path, &about) != 0 || (S_ISLNK(about.st_mode) ? tz_file_is_folder(path) || stat(path, &about) != 0 || !S_ISREG(about.st_mode)
                                                                : !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode));
}

static tz_rc add_files(tz_arena *mem, const char *path, tz_names *files, tz_err *err)
{
    tz_names names;
    tz_rc    rc = tz_file_list(mem, path, &names, err);

    for (size_t i = 0; rc == TZ_OK && i < names.count; i++) {
        const char *inner = tz_arena_printf(mem, "%s/%s", path, names.items[i]);
        if (is_left_out(names.items[i]) || is_neither(inner))
            continue;
        if (tz_file_is_folder(inner))
            rc = add_files(mem, inner, files, err);
        else
            tz_push(mem, files, tz_arena_dup(mem, inner));
    }
    return rc;
}

tz_rc tz_import_find(tz_arena *mem, const char *path, tz_names *ret_files, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_files != NULL);
    tz_names files = {0};

    if (!tz_file_exists(path)) {
        (void)tz_fail(err, TZ_MISSING, "没有这个文件:%s", "there is no such file: %s", path);
        return tz_err_advise(err, "核对路径", "check the path");
    }
    if (!tz_file_is_folder(path)) {
        tz_push(mem, &files, tz_arena_dup(mem, path));
    } else {
        tz_rc rc = add_files(mem, path, &files, err);
        if (rc != TZ_OK)
            return rc;
        if (files.count == 0) {
            (void)tz_fail(err, TZ_INPUT, "文件夹是空的:%s", "the folder is empty: %s", path);
            return tz_err_advise(err, "放入部门报来的 .xlsx 或 .csv", "put the departments' .xlsx or .csv files into it");
        }
    }
    *ret_files = files;
    return TZ_OK;
}
