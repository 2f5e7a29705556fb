/* web - the office of a small county, served to a test on a port of this machine.
 *
 *     web_place web;
 *     county_make(&web.county);                 what it holds
 *     web_open(&web);                           closes the county and serves it
 *     const char *cookie = web_cookie(&web, "chief");
 *     web_answer answer = web_get(&web, "/issues/1", cookie);
 *     web_close(&web);
 *
 * The clock stands still unless the test moves web.now_ms. Time-outs of a broken server fail the test.
 */
#ifndef TZ_TESTS_WEB_H
#define TZ_TESTS_WEB_H

#include "test.h"

#include "county.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "flow/flow.h"
#include "store/desk.h"
#include "web/web.h"

typedef struct {
    small_county     county;
    tz_arena         mem;
    tz_app           app;
    _Atomic int64_t  now_ms;
    atomic_bool      is_ending;
    _Atomic uint16_t port;
    pthread_t        thread;
    tz_desk         *desk; /* the test's own handle */
    tz_rc            rc;
    tz_err           err;
} web_place;

typedef struct {
    int         status;
    const char *head, *body;
} web_answer;

static inline int64_t web_now(void *context)
{
    return ((web_place *)context)->now_ms;
}

static inline bool web_should_stop(void *context)
{
    return ((web_place *)context)->is_ending;
}

static inline void web_ready(void *context, uint16_t port)
{
    ((web_place *)context)->port = port;
}

static inline void *web_serve(void *context)
{
    web_place       *web = context;
    tz_serve_options options = {.app = &web->app, .folder = web->county.folder, .system_user = "tester", .address = "127.0.0.1", .workers = 6};

    web->rc = tz_serve(&options, web_ready, web, &web->err);
    return NULL;
}

static inline void web_open(web_place *web)
{
    json_t *changed = NULL;
    char    program[512];

    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    assert_true(size > 0);
    program[size] = '\0';
    web->now_ms = 1577836800000 + 1000000; /* later than all that was done in the county */
    web->app = (tz_app){.lang = TZ_EN, .now_ms = web_now, .should_stop = web_should_stop, .context = web};
    web->app.program = tz_arena_dup(&web->mem, program);
    tz_store_close(web->county.store);
    web->county.store = NULL;
    MUST(tz_flow_accept(&web->app, web->county.folder, "tester", NULL, "test", &changed, err));
    json_decref(changed);
    MUST(tz_desk_open(&web->app, web->county.folder, NULL, &web->desk, err));
    assert_int_equal(pthread_create(&web->thread, NULL, web_serve, web), 0);
    for (int i = 0; web->port == 0 && i < 2000; i++) /* twenty seconds: sanitizers are slow on a busy machine */
        (void)usleep(10000);
    if (web->port == 0)
        fail_msg("the server does not begin: %s", web->err.en);
}

static inline void web_close(web_place *web)
{
    web->is_ending = true;
    assert_int_equal(pthread_join(web->thread, NULL), 0);
    assert_int_equal(web->rc, TZ_OK);
    tz_desk_close(web->desk);
    MUST(tz_store_open(&web->county.app, web->county.folder, TZ_WRITE, &web->county.store, err));
    county_drop(&web->county);
    tz_arena_free(&web->mem);
}

/* Sends bytes as they are and reads until the other side closes. */
static inline web_answer web_send(web_place *web, const char *bytes, size_t size)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(web->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval     patience = {.tv_sec = 60};
    tz_buf             got = tz_buf_init(&web->mem, 0);
    char               block[16384];
    ssize_t            count;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(send(fd, bytes, size, MSG_NOSIGNAL), size);
    while ((count = recv(fd, block, sizeof block, 0)) > 0)
        tz_buf_put(&got, (tz_text){block, (size_t)count});
    (void)close(fd);
    char *all = tz_text_dup(&web->mem, tz_buf_text(&got)), *blank = strstr(all, "\r\n\r\n");
    if (strncmp(all, "HTTP/1.1 ", 9) != 0 || blank == NULL)
        fail_msg("no answer to: %.60s", bytes);
    *blank = '\0';
    return (web_answer){.status = atoi(all + 9), .head = all, .body = blank + 4};
}

/* headers: lines that end with \r\n, or "". body NULL: none. */
static inline web_answer web_ask(web_place *web, const char *method, const char *path, const char *headers, const char *body)
{
    tz_buf out = tz_buf_init(&web->mem, 0);

    tz_buf_printf(&out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s", method, path, (int)web->port, headers);
    if (body != NULL)
        tz_buf_printf(&out, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n", strlen(body));
    tz_buf_printf(&out, "\r\n%s", body == NULL ? "" : body);
    return web_send(web, tz_buf_str(&out), out.size);
}

static inline web_answer web_get(web_place *web, const char *path, const char *cookie)
{
    return web_ask(web, "GET", path, cookie == NULL ? "" : tz_arena_printf(&web->mem, "Cookie: %s\r\n", cookie), NULL);
}

/* A header's value, or NULL. */
static inline const char *web_header(web_place *web, const web_answer *answer, const char *name)
{
    const char *at = strstr(answer->head, tz_arena_printf(&web->mem, "\r\n%s: ", name));
    if (at == NULL)
        return NULL;
    at += strlen(name) + 4;
    return tz_arena_copy(&web->mem, at, strcspn(at, "\r"));
}

/* A new session of a user, past the login page: "tz=…". */
static inline const char *web_cookie(web_place *web, const char *user)
{
    char token[TZ_TOKEN_TEXT];
    MUST(tz_desk_login(web->desk, user, "test", false, token, err));
    return tz_arena_printf(&web->mem, "tz=%s", token);
}

/* What a page of the session holds in its forms: HMAC-SM3 under the cookie's bytes. */
static inline const char *web_csrf(web_place *web, const char *cookie)
{
    uint8_t key[32];
    char    hex[TZ_SM3_HEX];

    assert_true(tz_unhex(tz_text_cut(tz_text_of(cookie), 3, 64), key, sizeof key));
    tz_digest digest = tz_hmac(key, "csrf", 4);
    tz_digest_hex(&digest, hex);
    return tz_arena_dup(&web->mem, hex);
}

/* A form as the page itself would send it. */
static inline web_answer web_post(web_place *web, const char *path, const char *cookie, const char *fields)
{
    return web_ask(web, "POST", path,
                   tz_arena_printf(&web->mem, "Cookie: %s\r\nOrigin: http://127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n", cookie, (int)web->port),
                   tz_arena_printf(&web->mem, "csrf=%s&%s", web_csrf(web, cookie), fields));
}

#endif
