/* http - what comes over a connection: heads, addresses, cookies, forms of all kinds, files; and what is sent back.
 *
 * The input is the bytes of a connection; its first byte says in what pieces they arrive.  They go through libmicrohttpd
 * into the server's own functions, with a table of routes whose pages repeat all that they were asked.  In whatever pieces
 * it came, the same was asked; nothing of it is markup in a page; no header is made of it; no staged file is left. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "report/html.h"
#include "web/exchange.h"
#include "web/pages.h"

enum { MOST_TURNS = 4000, MOST_ANSWER = 1 << 20 };

static tz_office          office;
static tz_worker          worker;
static struct MHD_Daemon *network;
static tz_digest          asked; /* a digest of all that the handlers were given */
static size_t             answers;
static char               room[MOST_ANSWER + 1];

/* ---- Routes that repeat ---- */

static void put_pairs(tz_buf *out, const tz_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        tz_assert(tz_utf8_is_valid(tz_text_of(pairs->items[i].name)) && tz_utf8_is_valid(tz_text_of(pairs->items[i].value)));
        tz_buf_printf(out, "%s=%s;", pairs->items[i].name, pairs->items[i].value);
    }
    tz_buf_char(out, '|');
}

static const char *all_asked(tz_request *req)
{
    tz_buf out = tz_buf_init(req->mem, 0);

    tz_buf_printf(&out, "%s %s %s|", req->path, req->form, req->url);
    put_pairs(&out, &req->params);
    put_pairs(&out, &req->queries);
    put_pairs(&out, &req->cookies);
    put_pairs(&out, &req->fields);
    for (size_t i = 0; i < req->uploads.count; i++) {
        const tz_upload *upload = &req->uploads.items[i];
        tz_assert(strpbrk(upload->name, "/\\\r\n<>\"") == NULL && upload->name[0] != '\0' && upload->name[0] != '.');
        tz_buf_printf(&out, "%s %s %lld;", upload->field, upload->name, (long long)upload->size);
    }
    return tz_buf_str(&out);
}

static size_t marks(tz_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += strchr("<>\"'", text.data[i]) != NULL && text.data[i] != '\0';
    return count;
}

/* A page with the text in it has the marks of the same page with an x in its place. */
static void check_page(tz_request *req, const char *text)
{
    const char *const texts[] = {text, "x"};
    size_t            counts[2];
    tz_err            err = {0};

    for (size_t i = 0; i < 2; i++) {
        json_t *view = json_pack("{s:{}, s:b}", "me", "is_demo", 0);
        tz_buf  out = tz_buf_init(req->mem, 0);
        static const char *const NAMES[] = {"title", "site", "other_lang", "csrf", "notice", "name", "unit", "next"};
        for (size_t j = 0; j < sizeof NAMES / sizeof NAMES[0]; j++)
            tz_json_set_str(j > 4 ? json_object_get(view, "me") : view, NAMES[j], texts[i]);
        tz_json_set_str(view, "lang", "en");
        (void)json_object_set_new(view, "error", json_object());
        tz_json_set_str(json_object_get(view, "error"), "line", texts[i]);
        tz_assert(tz_render_page(req->mem, office.templates, "frame", req->lang, view, &out, &err) == TZ_OK);
        tz_assert(tz_render_page(req->mem, office.templates, "error", req->lang, view, &out, &err) == TZ_OK);
        counts[i] = marks(tz_buf_text(&out));
        json_decref(view);
    }
    tz_assert(counts[0] == counts[1]);
}

static tz_rc repeat(tz_request *req, tz_reply *reply, tz_err *err)
{
    const char *text = all_asked(req), *wish = tz_query_value(req, "wish");
    tz_digest   own = tz_sm3(text, strlen(text));

    for (size_t i = 0; i < sizeof asked.bytes; i++)
        asked.bytes[i] = (uint8_t)(asked.bytes[i] * 3 + own.bytes[i]);
    answers++;
    check_page(req, text);
    if (wish != NULL && strncmp(wish, "to", 2) == 0)
        reply->redirect = wish + 2;
    else if (wish != NULL && strncmp(wish, "as", 2) == 0)
        tz_reply_bytes(reply, tz_text_of(text), wish + 2, "text/plain; charset=utf-8");
    else if (wish != NULL && strncmp(wish, "no", 2) == 0)
        return tz_fail(err, TZ_REFUSED, "不行:%s", "no: %s", wish + 2);
    reply->notice = wish;
    (void)json_object_set_new(reply->data, "error", json_object());
    tz_json_set_str(json_object_get(reply->data, "error"), "line", text);
    if (strcmp(req->form, "html") == 0 && tz_query_value(req, "again") != NULL)
        reply->again = repeat;
    return TZ_OK;
}

static const tz_route ROUTES[] = {
    {"GET", "/a/:one", "error", repeat, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE, "甲|A"},
    {"POST", "/a/:one", "error", repeat, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE, "甲|A"},
    {"POST", "/up/:one/:two", "error", repeat, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE | TZ_ROUTE_UPLOAD, "乙|B"},
    {"GET", "/mine", "error", repeat, 255, TZ_ROUTE_BARE, NULL},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};

/* ---- The connection ---- */

static int64_t still(void *context)
{
    (void)context;
    return 1577836800000;
}

static void silent(void *context, const char *format, va_list args)
{
    (void)context, (void)format, (void)args;
}

/* Once: the library's daemon has no thread and no socket of its own; staged files lie in memory. */
static void start(void)
{
    static tz_arena     mem;
    static const tz_app APP = {.now_ms = still, .program = "/proc/self/exe"};
    static char         incoming[] = "/dev/shm/taizhang-fuzz-XXXXXX", elsewhere[] = "/tmp/taizhang-fuzz-XXXXXX";

    office.options = (tz_serve_options){.app = &APP, .folder = "/nowhere", .address = "127.0.0.1"};
    office.templates = tz_templates_load(&mem);
    office.routes = ROUTES;
    office.site = "某县";
    office.incoming = mkdtemp(incoming) != NULL ? incoming : mkdtemp(elsewhere);
    office.wanted_workers = 1;
    office.pace.head_ms = office.pace.body_ms = 1000;
    tz_assert(office.incoming != NULL && pthread_mutex_init(&office.lock, NULL) == 0 && pthread_mutex_init(&office.pace.lock, NULL) == 0 &&
              pthread_cond_init(&office.has_work, NULL) == 0);
    worker = (tz_worker){.office = &office, .app = APP};
    network = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, tz_exchange_take, &office,
                               MHD_OPTION_EXTERNAL_LOGGER, silent, NULL, MHD_OPTION_NOTIFY_COMPLETED, tz_exchange_complete, NULL,
                               MHD_OPTION_NOTIFY_CONNECTION, tz_pace_notify, &office.pace, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                               (size_t)TZ_WEB_CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    tz_assert(network != NULL);
}

static void end(void)
{
    MHD_stop_daemon(network);
    (void)rmdir(office.incoming);
}

/* What the office's threads do. */
static void answer_what_waits(void)
{
    while (office.others.first != NULL) {
        tz_exchange *exchange = office.others.first;
        office.others.first = exchange->next;
        office.others.count--;
        tz_answer(&worker, exchange);
        exchange->is_answered = true;
        MHD_resume_connection(exchange->connection);
    }
}

static int connect_pair(void)
{
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(1)};
    int ends[2];

    tz_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    tz_assert(MHD_add_connection(network, ends[1], (struct sockaddr *)&from, sizeof from) == MHD_YES);
    return ends[0];
}

/* Sends all in pieces and takes what comes back, until the other side has closed. */
static size_t converse(tz_text bytes, size_t piece)
{
    int    fd = connect_pair();
    size_t sent = 0, got = 0;
    int    quiet = 0; /* turns in which nothing came back; the end is said then, for it cuts off what waits */
    bool   is_open = true;

    for (int turn = 0; is_open && turn < MOST_TURNS; turn++) {
        if (sent < bytes.size) {
            size_t  size = bytes.size - sent < piece ? bytes.size - sent : piece;
            ssize_t count = send(fd, bytes.data + sent, size, MSG_NOSIGNAL);
            sent = count > 0 ? sent + (size_t)count : errno == EAGAIN ? sent : bytes.size;
        } else if (++quiet == 5) {
            (void)shutdown(fd, SHUT_WR);
        }
        (void)MHD_run(network);
        answer_what_waits();
        ssize_t count = recv(fd, room + got, MOST_ANSWER - got, 0);
        is_open = count > 0 || (count < 0 && errno == EAGAIN);
        got += count > 0 ? (size_t)count : 0;
        quiet = count > 0 && quiet < 5 ? 0 : quiet;
    }
    (void)close(fd);
    for (int turn = 0; turn < 10 && office.pace.first != NULL; turn++) {
        (void)MHD_run(network);
        answer_what_waits();
    }
    tz_assert(office.pace.first == NULL);
    room[got] = '\0';
    return got;
}

static void check_answer(size_t size)
{
    tz_text all = {room, size}, head = tz_text_cut(all, 0, tz_text_find(all, TZ_TEXT("\r\n\r\n"), 0));

    tz_assert(tz_text_find(head, TZ_TEXT("\nX-Mark"), 0) == SIZE_MAX);
    tz_assert(strncmp(room, "HTTP/1.1 500", 12) != 0);
}

static bool is_nothing_staged(void)
{
    DIR   *folder = opendir(office.incoming);
    size_t count = 0;

    tz_assert(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    (void)closedir(folder);
    return count == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_digest first;
    size_t    seen;

    if (network == NULL) {
        start();
        (void)atexit(end);
    }
    if (size < 2)
        return 0;
    tz_text bytes = {(const char *)data + 1, size - 1};
    memset(&asked, 0, sizeof asked);
    answers = 0;
    check_answer(converse(bytes, bytes.size));
    first = asked;
    seen = answers;
    memset(&asked, 0, sizeof asked);
    answers = 0;
    check_answer(converse(bytes, data[0] < 'a' ? (size_t)data[0] + 1 : bytes.size / 2 + 1));
    tz_assert(seen == answers && memcmp(&first, &asked, sizeof first) == 0);
    tz_assert(is_nothing_staged());
    return 0;
}
