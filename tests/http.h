/* http - requests byte by byte, as no browser would send them, and a server to take them.
 *
 * The server is a process of its own, so that its sanitizers speak by its exit status:
 *
 *     served server = {0};
 *     serve(&server, folder);
 *     answer got = ask(&server, "GET /login HTTP/1.1\r\nHost: x\r\n\r\n");
 *     end(&server);
 */
#ifndef TZ_TESTS_HTTP_H
#define TZ_TESTS_HTTP_H

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "web/web.h"

enum { PATIENCE_MS = 20000 }; /* longer than any answer takes under sanitizers on a busy machine */

/* ---- The server ---- */

typedef struct {
    pid_t    process;
    uint16_t port;
    int      head_seconds, body_seconds;
} served;

static volatile sig_atomic_t was_told_to_end;

static inline void tell_to_end(int signal)
{
    (void)signal;
    was_told_to_end = 1;
}

static inline bool must_end(void *context)
{
    (void)context;
    return was_told_to_end != 0;
}

static inline int64_t test_ms(void *context)
{
    struct timespec now;
    (void)context;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return 1580000000000 + (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000; /* a January, 2020 */
}

static inline void tell_port(void *context, uint16_t port)
{
    (void)!write(*(int *)context, &port, sizeof port);
}

/* The running program's own path, beside which the packs are found. */
static inline const char *test_program(void)
{
    static char path[4096];
    ssize_t     size = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_true(size > 0);
    return path;
}

/* In the child: serves until it is told to end. */
static inline int serve_here(const char *folder, int pipe_fd, const served *as)
{
    tz_app           app = {.lang = TZ_EN, .now_ms = test_ms, .should_stop = must_end, .program = test_program()};
    tz_serve_options options = {.app = &app, .folder = folder, .system_user = "tester", .address = "127.0.0.1", .workers = 4,
                                .head_seconds = as->head_seconds, .body_seconds = as->body_seconds};
    tz_err           err = {0};

    (void)signal(SIGTERM, tell_to_end);
    tz_rc rc = tz_serve(&options, tell_port, &pipe_fd, &err);
    if (rc != TZ_OK)
        print_error("%s\n", err.en);
    (void)close(pipe_fd);
    return rc == TZ_OK ? 0 : 1;
}

static inline void serve(served *server, const char *folder)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    (void)fflush(NULL);
    server->process = fork();
    assert_true(server->process >= 0);
    if (server->process == 0) {
        (void)close(ends[0]);
        exit(serve_here(folder, ends[1], server));
    }
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &server->port, sizeof server->port), sizeof server->port);
    (void)close(ends[0]);
}

static inline bool is_alive(const served *server)
{
    return waitpid(server->process, NULL, WNOHANG) == 0;
}

/* It ends as it was told to, and the sanitizers had nothing to say. */
static inline void end(served *server)
{
    int status = 0;

    assert_int_equal(kill(server->process, SIGTERM), 0);
    assert_int_equal(waitpid(server->process, &status, 0), server->process);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the server ended with status %d, signal %d", WEXITSTATUS(status), WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/* ---- Connections ---- */

static inline int64_t wall_ms(void)
{
    return test_ms(NULL);
}

static inline int connect_to(const served *server)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(server->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* Sends what the server takes; false when it has closed. */
static inline bool send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

typedef struct {
    int     status;    /* 0: it closed without an answer */
    tz_text head, body;
    size_t  size;      /* of both */
} answer;

static char answer_room[4 << 20]; /* of the newest answer */

static inline const char *header_of(const answer *got, const char *name)
{
    static char value[4096];
    char        line[128];

    (void)snprintf(line, sizeof line, "\r\n%s: ", name);
    for (size_t at = 0; at + strlen(line) < got->head.size; at++)
        if (strncasecmp(got->head.data + at, line, strlen(line)) == 0) {
            const char *from = got->head.data + at + strlen(line);
            size_t      size = strcspn(from, "\r\n");
            (void)snprintf(value, sizeof value, "%.*s", (int)size, from);
            return value;
        }
    return NULL;
}

/* Takes the answer that begins at `from` of what was received apart; false: more must come. */
static inline bool is_whole(const char *from, size_t size, bool is_head, answer *ret_got)
{
    tz_text all = {from, size};
    size_t  end_of_head = tz_text_find(all, TZ_TEXT("\r\n\r\n"), 0);
    answer  got = {0};

    if (end_of_head == SIZE_MAX || sscanf(from, "HTTP/1.%*c %d", &got.status) != 1)
        return false;
    got.head = tz_text_cut(all, 0, end_of_head + 2);
    const char *length = header_of(&got, "Content-Length");
    size_t      wanted = is_head || length == NULL ? 0 : (size_t)strtoull(length, NULL, 10);
    if (size < end_of_head + 4 + wanted)
        return false;
    got.body = tz_text_cut(all, end_of_head + 4, wanted);
    got.size = end_of_head + 4 + wanted;
    *ret_got = got;
    return true;
}

/* The next answer; what came behind it is lost, so ask for one at a time. */
static inline answer receive(int fd, bool is_head)
{
    answer  got = {0};
    size_t  size = 0;
    int64_t until = wall_ms() + PATIENCE_MS;

    while (size < sizeof answer_room - 1) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (wall_ms() > until)
            fail_msg("no answer within %d ms: %.*s", PATIENCE_MS, (int)(size < 200 ? size : 200), answer_room);
        if (poll(&ready, 1, 100) <= 0)
            continue;
        ssize_t count = recv(fd, answer_room + size, sizeof answer_room - 1 - size, 0);
        if (count <= 0)
            break;
        size += (size_t)count;
        answer_room[size] = '\0';
        if (is_whole(answer_room, size, is_head, &got))
            break;
    }
    return got;
}

static inline answer ask_bytes(const served *server, const char *bytes, size_t size)
{
    int    fd = connect_to(server);
    (void)send_all(fd, bytes, size);
    answer got = receive(fd, strncmp(bytes, "HEAD ", 5) == 0);

    (void)close(fd);
    if (!is_alive(server))
        fail_msg("the server ended at: %.300s", bytes);
    return got;
}

static inline answer ask(const served *server, const char *request)
{
    return ask_bytes(server, request, strlen(request));
}

#endif
