/* lock - one writer at a time in a data directory.
 *
 * An flock on folder/.lock, which holds the writer's process number for the message.  The kernel
 * gives it back when the process ends, however it ends; a program that is started by exec does not
 * inherit it. */
#ifndef TZ_STORE_LOCK_H
#define TZ_STORE_LOCK_H

#include "base/err.h"

/* Takes the lock, waiting at most wait_ms. TZ_BUSY names the process that holds it. */
TZ_MUST tz_rc tz_lock_take(const char *folder, int wait_ms, int *ret_fd, tz_err *err);
void tz_lock_give(int fd); /* -1 is fine */

#endif
