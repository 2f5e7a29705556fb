/* file - whole small files, and writes that are there completely or not at all.
 *
 * A staged write goes to NAME.tmp-XXXXXX beside its target, is fsynced, renamed, and the folder
 * fsynced.  Whatever ends in a name with ".tmp-" is an orphan of a killed run and may be swept.
 */
#ifndef TZ_BASE_FILE_H
#define TZ_BASE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/text.h"

/* Opens a file for reading; the caller closes it. *ret_size (may be NULL) in bytes. TZ_MISSING if it
 * can't be opened, TZ_INPUT if it is no ordinary file: a folder, a pipe, a device. Never waits. */
TZ_MUST tz_rc tz_file_open(const char *path, FILE **ret_file, int64_t *ret_size, tz_err *err);

/* Reads a whole file of at most max_bytes into *mem, with one zero byte behind it. As tz_file_open;
 * TZ_LIMIT if it is larger, TZ_SYSTEM if a read fails. */
TZ_MUST tz_rc tz_file_load(tz_arena *mem, const char *path, int64_t max_bytes, tz_text *ret_text,
                           tz_err *err);

/* Writes data to path, staged. mode as in chmod (0644; 0444 for what is never changed). TZ_SYSTEM
 * where the disk fails; then nothing is left of it. */
TZ_MUST tz_rc tz_file_write(const char *path, tz_text data, unsigned mode, tz_err *err);

/* Copies a file, staged. As tz_file_open of `from`; TZ_SYSTEM where the disk fails. */
TZ_MUST tz_rc tz_file_copy(const char *from, const char *to, unsigned mode, tz_err *err);

/* Makes the temporary name for a staged write of path, for writers that need a path. */
char *tz_file_staging(tz_arena *mem, const char *path);

/* fsyncs what was written to `staged`, sets its mode and renames it to path, fsyncs the folder. */
TZ_MUST tz_rc tz_file_commit(const char *staged, const char *path, unsigned mode, tz_err *err);

bool tz_file_exists(const char *path);

/* mkdir, with parents; an existing folder is fine. */
TZ_MUST tz_rc tz_file_make_folder(const char *path, tz_err *err);

/* Names in a folder, sorted by bytes, without . and ..; TZ_MISSING if it can't be opened. */
typedef struct {
    char **items;
    size_t count;
    size_t room;
} tz_names;
TZ_MUST tz_rc tz_file_list(tz_arena *mem, const char *path, tz_names *ret_names, tz_err *err);

bool tz_file_is_folder(const char *path);
const char *tz_file_base(const char *path); /* after the last slash, borrowed */

/* Removes orphans (".tmp-" in the name) of a folder. */
void tz_file_sweep(const char *folder);

/* Removes a folder and all that is in it; missing is fine. Never follows links. */
TZ_MUST tz_rc tz_file_remove_folder(const char *path, tz_err *err);

#endif
