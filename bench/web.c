/* web - what bench/web.sh measures the server beside: libmicrohttpd alone, and clients that are slow.
 *
 *     web bare PORT ANSWER      serves the bytes of a file (head and body as `curl -i` writes them) at any address, with the
 *                               daemon that taizhang uses: the most that a handler could reach
 *     web slow PORT COUNT       keeps so many connections, each of which sends a byte of a request's head a second and is
 *                               opened again when it is closed
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

/* ---- libmicrohttpd alone ---- */

typedef struct {
    tz_arena mem;
    tz_text  body;
    struct { char *name, *value; } heads[40];
    size_t   count;
} saved;

/* Headers that the library sends by itself. */
static bool is_own(const char *name)
{
    return strcmp(name, "Date") == 0 || strcmp(name, "Content-Length") == 0 || strcmp(name, "Connection") == 0;
}

static void load(saved *answer, const char *path)
{
    tz_err  err = {0};
    tz_text all = {0};

    if (tz_file_load(&answer->mem, path, 64 << 20, &all, &err) != TZ_OK) {
        (void)fprintf(stderr, "web: %s\n", err.en);
        exit(4);
    }
    size_t end = tz_text_find(all, TZ_TEXT("\r\n\r\n"), 0), at = tz_text_find(all, TZ_TEXT("\r\n"), 0) + 2;
    answer->body = tz_text_cut(all, end + 4, all.size);
    while (at < end && answer->count < sizeof answer->heads / sizeof answer->heads[0]) {
        size_t  next = tz_text_find(all, TZ_TEXT("\r\n"), at), colon = tz_text_find(all, TZ_TEXT(": "), at);
        char   *name = tz_text_dup(&answer->mem, tz_text_cut(all, at, colon - at));
        if (!is_own(name)) {
            answer->heads[answer->count].name = name;
            answer->heads[answer->count++].value = tz_text_dup(&answer->mem, tz_text_cut(all, colon + 2, next - colon - 2));
        }
        at = next + 2;
    }
}

static enum MHD_Result take(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                            const char *data, size_t *size, void **of_request)
{
    static int   seen;
    const saved *answer = context;

    (void)path, (void)method, (void)version, (void)data, (void)size;
    if (*of_request == NULL) {
        *of_request = &seen;
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(answer->body.size, (void *)(uintptr_t)answer->body.data, MHD_RESPMEM_PERSISTENT);
    for (size_t i = 0; i < answer->count; i++)
        (void)MHD_add_response_header(response, answer->heads[i].name, answer->heads[i].value);
    enum MHD_Result is_queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return is_queued;
}

static int run_bare(uint16_t port, const char *path)
{
    saved answer = {0};

    load(&answer, path);
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, port, NULL, NULL, take, &answer, MHD_OPTION_THREAD_POOL_SIZE, 2u,
                                                 MHD_OPTION_CONNECTION_LIMIT, 4000u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 << 10,
                                                 MHD_OPTION_END);
    if (daemon == NULL)
        return 4;
    (void)pause();
    return 0;
}

/* ---- Slow clients ---- */

static int connect_to(uint16_t port)
{
    static const char  BEGIN[] = "GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int                fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd >= 0 && (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || send(fd, BEGIN, sizeof BEGIN - 1, MSG_NOSIGNAL) < 0)) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static _Noreturn void run_slow(uint16_t port, int count)
{
    static int fds[4000];

    for (int i = 0; i < count && i < 4000; i++)
        fds[i] = connect_to(port);
    for (;;) {
        for (int i = 0; i < count && i < 4000; i++) {
            char byte;
            if (fds[i] >= 0 && send(fds[i], "a", 1, MSG_NOSIGNAL) == 1 && recv(fds[i], &byte, 1, MSG_DONTWAIT) != 0)
                continue;
            (void)close(fds[i]);
            fds[i] = connect_to(port);
        }
        (void)sleep(1);
    }
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "bare") == 0)
        return run_bare((uint16_t)atoi(argv[2]), argv[3]);
    if (argc == 4 && strcmp(argv[1], "slow") == 0)
        run_slow((uint16_t)atoi(argv[2]), atoi(argv[3]));
    (void)fprintf(stderr, "usage: web bare PORT ANSWER | web slow PORT COUNT\n");
    return 2;
}
