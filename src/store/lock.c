#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"

enum { PAUSE_MS = 50 };

static tz_rc fail_busy(int fd, tz_err *err)
{
    char    text[24] = "";
    ssize_t size = pread(fd, text, sizeof text - 1, 0);

    if (size <= 0)
        (void)snprintf(text, sizeof text, "?");
    (void)tz_fail(err, TZ_BUSY, "数据目录正被另一个进程写入(进程号 %s)",
                  "another process is writing to this data directory (process %s)", text);
    return tz_err_advise(err, "等它结束后再试", "try again when it has ended");
}

static void write_holder(int fd)
{
    char text[24];
    int  size = snprintf(text, sizeof text, "%ld", (long)getpid());

    /* Only the message depends on it, so a failure is no failure of the lock. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)size, 0) != size)
        return;
}

tz_rc tz_lock_take(const char *folder, int wait_ms, int *ret_fd, tz_err *err)
{
    tz_assert(folder != NULL && ret_fd != NULL);
    char path[4096];
    int  size = snprintf(path, sizeof path, "%s/.lock", folder);

    if (size < 0 || (size_t)size >= sizeof path)
        return tz_fail(err, TZ_LIMIT, "路径过长", "path too long");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return tz_fail(err, TZ_SYSTEM, "无法打开 %s:%s", "cannot open '%s': %s", path, strerror(errno));

    for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += PAUSE_MS) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK || waited >= wait_ms) {
            tz_rc rc = errno == EWOULDBLOCK
                           ? fail_busy(fd, err)
                           : tz_fail(err, TZ_SYSTEM, "无法锁定 %s:%s", "cannot lock '%s': %s", path, strerror(errno));
            (void)close(fd);
            return rc;
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    write_holder(fd);
    *ret_fd = fd;
    return TZ_OK;
}

void tz_lock_give(int fd)
{
    if (fd < 0)
        return;
    int failed = ftruncate(fd, 0); /* nobody holds it: no name for the message */
    (void)failed;
    (void)close(fd);
}
