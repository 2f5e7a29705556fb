#include "web/pace.h"

#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "base/arena.h"
#include "base/assert.h"
#include "web/inside.h"

struct tz_paced {
    tz_arena         mem;
    const tz_pace   *pace;
    int              fd;
    _Atomic(int64_t) due_ms; /* set by the connection's thread, read by who sweeps */
    tz_paced        *next, **at;
};

int64_t tz_pace_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void begin(tz_pace *pace, struct MHD_Connection *connection, void **of_socket)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    tz_arena  mem = {0};
    tz_paced *paced = tz_new(&mem, tz_paced);

    *paced = (tz_paced){.mem = mem, .pace = pace, .fd = info == NULL ? -1 : info->connect_fd, .due_ms = tz_pace_now_ms() + pace->head_ms};
    tz_assert(pthread_mutex_lock(&pace->lock) == 0);
    paced->next = pace->first;
    paced->at = &pace->first;
    if (pace->first != NULL)
        pace->first->at = &paced->next;
    pace->first = paced;
    tz_assert(pthread_mutex_unlock(&pace->lock) == 0);
    *of_socket = paced;
}

/* The library closes the socket after this, so no other connection can have its number while it is in the list. */
static void end(tz_pace *pace, void **of_socket)
{
    tz_paced *paced = *of_socket;

    tz_assert(pthread_mutex_lock(&pace->lock) == 0);
    *paced->at = paced->next;
    if (paced->next != NULL)
        paced->next->at = paced->at;
    tz_assert(pthread_mutex_unlock(&pace->lock) == 0);
    tz_arena mem = paced->mem; /* frees the value itself too */
    tz_arena_free(&mem);
    *of_socket = NULL;
}

void tz_pace_notify(void *pace, struct MHD_Connection *connection, void **of_socket, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        begin(pace, connection, of_socket);
    else
        end(pace, of_socket);
}

static tz_paced *paced_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

void tz_pace_head(struct MHD_Connection *connection)
{
    tz_paced *paced = paced_of(connection);
    atomic_store(&paced->due_ms, tz_pace_now_ms() + paced->pace->head_ms);
}

void tz_pace_bytes(struct MHD_Connection *connection, int64_t since_ms, int64_t bytes)
{
    tz_paced *paced = paced_of(connection);
    atomic_store(&paced->due_ms, since_ms + paced->pace->body_ms + bytes * 1000 / TZ_WEB_SLOWEST_BYTES);
}

void tz_pace_free(struct MHD_Connection *connection)
{
    atomic_store(&paced_of(connection)->due_ms, INT64_MAX);
}

void tz_pace_sweep(tz_pace *pace)
{
    int64_t now = tz_pace_now_ms();

    tz_assert(pthread_mutex_lock(&pace->lock) == 0);
    for (tz_paced *at = pace->first; at != NULL; at = at->next)
        if (atomic_load(&at->due_ms) < now && at->fd >= 0)
            (void)shutdown(at->fd, SHUT_RDWR); /* its thread sees the end and closes it */
    tz_assert(pthread_mutex_unlock(&pace->lock) == 0);
}
