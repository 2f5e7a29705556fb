#include "packs/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"

static bool send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int fd, char *data, size_t size, int deadline_ms, bool *ret_is_late)
{
    while (size > 0) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int           ready = poll(&wait, 1, deadline_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0) {
            *ret_is_late = true;
            return false;
        }
        ssize_t got = recv(fd, data, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        size -= (size_t)got;
    }
    return true;
}

bool tz_wire_send_text(int fd, tz_text frame)
{
    uint64_t head = frame.size;
    return send_all(fd, (const char *)&head, sizeof head) && send_all(fd, frame.data, frame.size);
}

bool tz_wire_send(int fd, const json_t *frame)
{
    char *text = json_dumps(frame, JSON_COMPACT | JSON_ENCODE_ANY);
    tz_assert(text != NULL);
    bool is_sent = tz_wire_send_text(fd, tz_text_of(text));
    free(text);
    return is_sent;
}

json_t *tz_wire_receive(int fd, int deadline_ms, bool *ret_is_late)
{
    tz_arena mem = {0};
    uint64_t size = 0;
    json_t  *frame = NULL;
    tz_err   ignored;

    *ret_is_late = false;
    if (!receive_all(fd, (char *)&size, sizeof size, deadline_ms, ret_is_late) || size > TZ_MAX_SQL_RESULT_BYTES)
        return NULL;
    char *text = tz_arena_alloc(&mem, size + 1);
    if (receive_all(fd, text, size, deadline_ms, ret_is_late) && tz_json_parse((tz_text){text, size}, &frame, &ignored) != TZ_OK)
        frame = NULL;
    tz_arena_free(&mem);
    return frame;
}
