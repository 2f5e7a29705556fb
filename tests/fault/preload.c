/* preload - makes a disk fail under a whole program, its libraries and its children. tests/cases/faults.sh builds it as
 * a shared object and names it in LD_PRELOAD.
 *
 *     TZ_FAULT=KIND:N     the N-th call of a kind fails, with full and gone all that follow as well
 *         sync   fsync, fdatasync                        EIO
 *         full   write, pwrite, fwrite, ftruncate up     ENOSPC
 *         short  write, pwrite, fwrite write half        EIO
 *         gone   all of these, rename and unlink         EIO
 *         ro     N is ignored: nothing can be opened for writing, made, renamed or removed    EROFS
 *     TZ_FAULT_UNDER=DIR  only files below it (every file that has a path there when it is opened)
 *     TZ_FAULT_LOG=FILE   a line for the call that failed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

static char        kind[16] = "?";
static const char *under, *report;
static long        fail_at;
static atomic_long calls;

static void read_setting(void)
{
    const char *setting = getenv("TZ_FAULT");

    if (kind[0] != '?')
        return;
    kind[0] = '\0';
    under = getenv("TZ_FAULT_UNDER");
    report = getenv("TZ_FAULT_LOG");
    if (setting != NULL && sscanf(setting, "%15[a-z]:%ld", kind, &fail_at) < 1)
        kind[0] = '\0';
}

static int is_kind(const char *name)
{
    read_setting();
    return strcmp(kind, name) == 0;
}

static int is_under(const char *path)
{
    char full[PATH_MAX];

    read_setting();
    if (under == NULL || path == NULL)
        return 0;
    if (path[0] != '/') {
        if (getcwd(full, sizeof full) == NULL || strlen(full) + strlen(path) + 2 > sizeof full)
            return 0;
        (void)strcat(strcat(full, "/"), path);
        path = full;
    }
    return strncmp(path, under, strlen(under)) == 0;
}

static int is_fd_under(int fd)
{
    char link[64], path[PATH_MAX];

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0)
        return 0;
    path[size] = '\0';
    return is_under(path);
}

static int fails(const char *call, int how)
{
    int  saved = errno;
    long n = atomic_fetch_add(&calls, 1) + 1;
    int  is_now = n == fail_at || (n > fail_at && (is_kind("full") || is_kind("gone")));

    errno = saved;
    if (!is_now)
        return 0;
    if (n == fail_at && report != NULL) {
        int fd = REAL(open)(report, O_WRONLY | O_CREAT | O_APPEND, 0644);
        dprintf(fd, "%s %ld\n", call, n);
        (void)close(fd);
    }
    errno = how;
    return 1;
}

/* A write fails how? 0: not at all; 1: wholly; 2: halfway. */
static int write_fails(int fd, const char *call)
{
    if (!(is_kind("full") || is_kind("short") || is_kind("gone")) || !is_fd_under(fd))
        return 0;
    if (is_kind("short"))
        return fails(call, EIO) ? 2 : 0;
    return fails(call, is_kind("full") ? ENOSPC : EIO);
}

ssize_t write(int fd, const void *data, size_t size)
{
    int how = write_fails(fd, "write");
    if (how == 1 || (how == 2 && REAL(write)(fd, data, size / 2) >= 0))
        return -1;
    return REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    int how = write_fails(fd, "pwrite");
    if (how == 1 || (how == 2 && REAL(pwrite)(fd, data, size / 2, at) >= 0))
        return -1;
    return REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    int how = write_fails(fd, "pwrite64");
    if (how == 1 || (how == 2 && REAL(pwrite64)(fd, data, size / 2, at) >= 0))
        return -1;
    return REAL(pwrite64)(fd, data, size, at);
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *file)
{
    int how = write_fails(fileno(file), "fwrite");
    if (how != 0) {
        int saved = errno;
        size_t half = how == 2 ? REAL(fwrite)(data, size, count / 2, file) : 0;
        errno = saved;
        return half;
    }
    return REAL(fwrite)(data, size, count, file);
}

int fsync(int fd)
{
    if ((is_kind("sync") || is_kind("gone")) && is_fd_under(fd) && fails("fsync", EIO))
        return -1;
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    if ((is_kind("sync") || is_kind("gone")) && is_fd_under(fd) && fails("fdatasync", EIO))
        return -1;
    return REAL(fdatasync)(fd);
}

int rename(const char *from, const char *to)
{
    if (is_kind("ro") && is_under(to)) {
        errno = EROFS;
        return -1;
    }
    if (is_kind("gone") && is_under(to) && fails("rename", EIO))
        return -1;
    return REAL(rename)(from, to);
}

int unlink(const char *path)
{
    if (is_kind("ro") && is_under(path)) {
        errno = EROFS;
        return -1;
    }
    if (is_kind("gone") && is_under(path) && fails("unlink", EIO))
        return -1;
    return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    struct stat info;
    if (is_kind("ro") && is_under(path) && stat(path, &info) != 0) {
        errno = EROFS;
        return -1;
    }
    return REAL(mkdir)(path, mode);
}

/* On a disk that is read-only a file that is there opens for reading, and nothing else does. */
static int is_refused(const char *path, int flags)
{
    if (!is_kind("ro") || !is_under(path) || ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC))))
        return 0;
    errno = EROFS;
    return 1;
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return is_refused(path, flags) ? -1 : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return is_refused(path, flags) ? -1 : REAL(open64)(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    return is_refused(path, strchr(mode, 'r') != NULL && strchr(mode, '+') == NULL ? O_RDONLY : O_RDWR) ? NULL : REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    return is_refused(path, strchr(mode, 'r') != NULL && strchr(mode, '+') == NULL ? O_RDONLY : O_RDWR) ? NULL : REAL(fopen64)(path, mode);
}
