/* answer - from a request to the bytes that are sent back. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "store/desk.h"
#include "web/api.h"
#include "web/auth.h"
#include "web/frame.h"
#include "web/respond.h"
#include "web/words.h"

static json_t *pairs_object(const tz_pairs *pairs)
{
    json_t *object = json_object();
    for (size_t i = 0; i < pairs->count; i++)
        tz_json_set_str(object, pairs->items[i].name, pairs->items[i].value);
    return object;
}

/* ---- Pages ---- */

static void respond_page(tz_exchange *exchange, int status, const char *title, tz_text body)
{
    tz_text page = body;
    tz_err  err = {0};
    tz_rc   rc = exchange->req.is_htmx ? TZ_OK : tz_frame_put(exchange, title, body, &page, &err);

    tz_assert(rc == TZ_OK); /* the frame is ours */
    const char *tag = tz_respond_tag(&exchange->mem, page);
    if (exchange->keeps_page)
        tz_cache_put(exchange->office->cache, exchange->kept_key, page, tag);
    tz_respond_tagged(exchange, status, page, "text/html; charset=utf-8", tag);
    if (tz_cookie(&exchange->req, "tz_notice") != NULL && !exchange->req.is_htmx)
        tz_respond_header(exchange, "Set-Cookie", "tz_notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

/* ---- Pages that are kept ---- */

static bool is_own(const tz_exchange *exchange)
{
    return (exchange->req.route->flags & TZ_ROUTE_OWN) != 0;
}

/* Everything that its page depends on. It is made before the county is read: a page that is older than its key would
 * stay, one that is newer is right. The hour is in it since a day ends at another in China. What belongs to one login is
 * computed again after a minute at most, for another server of the county may have written its desk, and what is shown in
 * full is never kept. */
static tz_text kept_key(tz_exchange *exchange)
{
    tz_buf      key = tz_buf_init(&exchange->mem, 0);
    tz_request *req = &exchange->req;
    int64_t     entry = 0, config = 0;
    char        now[TZ_TIME_TEXT];

    tz_office_look(exchange->office, &entry, &config);
    tz_time_format(tz_app_now_ms(exchange->office->options.app), now);
    tz_buf_printf(&key, "%lld\n%.13s\n%d%d\n%s\n%s", (long long)entry, now, (int)req->lang, req->is_htmx, req->url,
                  req->actor == NULL ? "" : req->actor->scope);
    if (is_own(exchange))
        tz_buf_printf(&key, "\n%.16s\n%s\n%s\n%lld", now, req->actor == NULL ? "" : req->actor->user, req->csrf,
                      (long long)tz_desk_changes(exchange->office->desk));
    return tz_buf_text(&key);
}

/* A notice is in the frame, which a page of one login is kept with. */
static bool may_be_kept(const tz_exchange *exchange)
{
    const tz_request *req = &exchange->req;
    if (req->route != NULL && is_own(exchange) && tz_cookie(req, "tz_notice") != NULL)
        return false;
    return req->route != NULL && (req->route->flags & (TZ_ROUTE_CACHED | TZ_ROUTE_OWN)) != 0 && strcmp(req->form, "html") == 0;
}

bool tz_answer_kept(tz_exchange *exchange)
{
    tz_text     body = {0};
    const char *title = NULL;

    if (!may_be_kept(exchange))
        return false;
    if (exchange->kept_key.size == 0)
        exchange->kept_key = kept_key(exchange);
    if (!tz_cache_find(exchange->office->cache, &exchange->mem, exchange->kept_key, &body, &title))
        return false;
    if (is_own(exchange))
        tz_respond_tagged(exchange, 200, body, "text/html; charset=utf-8", title); /* the whole page, beside it its tag */
    else
        respond_page(exchange, 200, title, body);
    return true;
}

/* ---- Errors ---- */

/* What went wrong in the machine is for who runs it: its paths and a library's words go to the server's own output, and whoever
 * asked learns that it failed. All other errors are theirs to read. */
static tz_err told(const tz_exchange *exchange, const tz_err *err)
{
    const tz_route *route = exchange->req.route;
    const char     *folder = exchange->office->options.folder;
    char            line[1024];

    if (err->code != TZ_SYSTEM && (folder == NULL || (strstr(err->zh, folder) == NULL && strstr(err->en, folder) == NULL)))
        return *err;
    tz_err_line(err, TZ_EN, line, sizeof line);
    (void)fprintf(stderr, "taizhang: %s %s: %s\n", route == NULL ? "?" : route->method, route == NULL ? "?" : route->pattern, line);
    return tz_err_outside(err);
}

/* Takes out what is said to users of the command line alone: a bracket that names an option. */
static void drop_options(char *text)
{
    for (char *from = strchr(text, '('); from != NULL; from = strchr(from, '(')) {
        char *to = strchr(from, ')');
        if (to == NULL)
            return;
        char *option = strstr(from, "--");
        if (option == NULL || option > to) {
            from++;
            continue;
        }
        if (from > text && from[-1] == ' ')
            from--;
        memmove(from, to + 1, strlen(to + 1) + 1);
    }
}

/* The error as a browser's user is told: no commands, no options. */
static tz_err for_browser(const tz_err *err)
{
    tz_err own = *err;

    drop_options(own.zh);
    drop_options(own.en);
    drop_options(own.advice_zh);
    drop_options(own.advice_en);
    if (strstr(own.advice_zh, "taizhang ") != NULL || strstr(own.advice_zh, "--") != NULL)
        own.advice_zh[0] = own.advice_en[0] = '\0';
    return own;
}

/* The page of ours that the request came from; NULL where there is none. */
static const char *page_before(const tz_request *req)
{
    const char *sent = tz_header(req, "Referer"), *host = sent == NULL ? NULL : strstr(sent, "://");
    const char *path = host == NULL ? NULL : strchr(host + 3, '/');

    return path != NULL && tz_is_own_path(path) ? path : NULL;
}

static json_t *error_view(const tz_request *req, const tz_err *err, int status)
{
    bool   is_zh = req->lang == TZ_ZH;
    tz_err own = req->is_api ? *err : for_browser(err);
    char   line[1024];

    tz_err_line(&own, req->lang, line, sizeof line);
    json_t *view = json_pack("{s:i}", "status", status);
    tz_json_set_str(view, "line", line);
    tz_json_set_str(view, "text", is_zh ? own.zh : own.en);
    tz_json_set_str(view, "advice", is_zh ? own.advice_zh : own.advice_en);
    if (!req->is_api)
        tz_json_set_str(view, "back", page_before(req));
    return view;
}

void tz_answer_error(tz_exchange *exchange, int status, const tz_err *err)
{
    tz_request *req = &exchange->req;
    tz_err      shown = told(exchange, err);
    json_t     *view = json_pack("{s:o}", "error", error_view(req, &shown, status));
    tz_buf      out = tz_buf_init(&exchange->mem, 0);
    tz_err      ignored = {0};

    if (req->form != NULL && strcmp(req->form, "json") == 0) {
        char *text = json_dumps(view, JSON_COMPACT);
        tz_buf_puts(&out, text);
        free(text);
        tz_respond(exchange, status, tz_buf_text(&out), "application/json; charset=utf-8");
        tz_respond_header(exchange, "Cache-Control", "no-store");
    } else {
        tz_assert(tz_render_page(&exchange->mem, exchange->office->templates, "error", req->lang, view, &out, &ignored) == TZ_OK);
        respond_page(exchange, status, tz_web_half(&exchange->req, "出错|Error"), tz_text_keep(&exchange->mem, tz_buf_text(&out)));
    }
    if (status == 503)
        tz_respond_header(exchange, "Retry-After", "5");
    json_decref(view);
}

/* ---- What a handler gave ---- */

static void respond_file(tz_exchange *exchange, const tz_reply *reply)
{
    tz_err err = {0};

    if (tz_respond_file(exchange, reply))
        return;
    (void)tz_fail(&err, TZ_SYSTEM, "文件读不出来", "the file cannot be read");
    tz_answer_error(exchange, 500, &err);
}

static void respond_json(tz_exchange *exchange, const tz_reply *reply)
{
    const char *next = exchange->req.is_api ? tz_api_next(&exchange->req, reply->data) : NULL;
    char       *text = json_dumps(reply->data, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    tz_text     kept = tz_text_keep(&exchange->mem, tz_text_of(text));

    free(text);
    tz_respond_tagged(exchange, reply->status == 0 ? 200 : reply->status, kept, "application/json; charset=utf-8",
                   tz_respond_tag(&exchange->mem, kept));
    if (next != NULL)
        tz_respond_header(exchange, "Link", tz_arena_printf(&exchange->mem, "<%s>; rel=\"next\"", next));
}

static void set_notice(tz_exchange *exchange, const char *notice)
{
    tz_buf out = tz_buf_init(&exchange->mem, 0);
    tz_text shown = tz_text_of(notice);
    if (shown.size > TZ_NOTICE_BYTES) { /* its beginning is better than nothing */
        shown.size = TZ_NOTICE_BYTES - 3;
        while (shown.size > 0 && ((unsigned char)shown.data[shown.size] & 0xC0) == 0x80)
            shown.size--;
    }
    tz_url_put(&out, shown);
    if (shown.size < strlen(notice))
        tz_url_put(&out, tz_text_of("…"));
    tz_respond_header(exchange, "Set-Cookie",
        tz_arena_printf(&exchange->mem, "tz_notice=%s; Path=/; Max-Age=30; HttpOnly; SameSite=Lax%s", tz_buf_str(&out),
                        exchange->office->is_tls ? "; Secure" : ""));
}

/* A program is told where a browser would be led. */
static void respond_done(tz_exchange *exchange, const tz_reply *reply)
{
    tz_reply done = {.data = tz_api_done(&exchange->req, reply)};

    respond_json(exchange, &done);
    json_decref(done.data);
}

/* The names that every template may use beside the handler's own. */
static void add_common(tz_exchange *exchange, json_t *data, bool is_shared)
{
    tz_request *req = &exchange->req;

    tz_json_set_str(data, "lang", req->lang == TZ_ZH ? "zh" : "en");
    tz_json_set_str(data, "path", req->path);
    (void)json_object_set_new(data, "has_crumbs", json_boolean(json_array_size(json_object_get(data, "crumbs")) > 0));
    (void)json_object_set_new(data, "query", pairs_object(&req->queries));
    (void)json_object_set_new(data, "is_demo", json_boolean(exchange->office->is_demo));
    if (req->actor != NULL)
        (void)json_object_set_new(data, "me", tz_frame_me(req->actor, !is_shared));
    if (!is_shared)
        tz_json_set_str(data, "csrf", req->csrf);
}

/* The as-of date that the page is of, as text, where it has one. */
static void add_day(tz_worker *worker, tz_exchange *exchange, json_t *data)
{
    tz_request *req = &exchange->req;
    tz_day      day = {0};
    tz_err      ignored = {0};
    char        text[TZ_DATE_TEXT];

    if (worker->session == NULL || (req->route->flags & (TZ_ROUTE_LIVE | TZ_ROUTE_BARE)) != 0 ||
        tz_day_resolve(worker->session->store, req->day, &day, &ignored) != TZ_OK)
        return;
    tz_date_format(day.as_of, text);
    tz_json_set_str(data, "as_of", text);
}

static void respond_template(tz_worker *worker, tz_exchange *exchange, const tz_reply *reply)
{
    tz_request *req = &exchange->req;
    tz_buf      body = tz_buf_init(&exchange->mem, 0);
    tz_err      err = {0};
    bool        is_kept = exchange->kept_key.size > 0 && reply->status == 0 && !json_is_false(json_object_get(reply->data, "is_masked"));
    bool        is_shared = is_kept && !is_own(exchange);
    const char *own_title = tz_json_str(reply->data, "title");
    const char *title = own_title != NULL ? tz_arena_dup(&exchange->mem, own_title)
                                          : tz_web_half(req, req->route->title == NULL ? "" : req->route->title);

    tz_json_set_str(reply->data, "title", title);
    add_common(exchange, reply->data, is_shared);
    add_day(worker, exchange, reply->data);
    tz_rc rc = req->is_htmx ? TZ_OK : tz_render_page(&exchange->mem, exchange->office->templates, "head", req->lang, reply->data, &body, &err);
    if (rc == TZ_OK)
        rc = tz_render_page(&exchange->mem, exchange->office->templates, reply->page != NULL ? reply->page : req->route->page, req->lang,
                            reply->data, &body, &err);
    if (rc != TZ_OK) {
        tz_answer_error(exchange, tz_rc_http(rc), &err);
        return;
    }
    if (is_shared)
        tz_cache_put(exchange->office->cache, exchange->kept_key, tz_buf_text(&body), title);
    exchange->keeps_page = is_kept && !is_shared && reply->headers.count == 0;
    respond_page(exchange, reply->status == 0 ? 200 : reply->status, title, tz_buf_text(&body));
}

static void respond_reply(tz_worker *worker, tz_exchange *exchange, tz_reply *reply)
{
    tz_request *req = &exchange->req;

    if (reply->redirect != NULL && req->is_api)
        respond_done(exchange, reply);
    else if (reply->redirect != NULL)
        tz_answer_redirect(exchange, reply->redirect);
    else if (reply->file != NULL)
        respond_file(exchange, reply);
    else if (reply->type != NULL)
        tz_respond_bytes(exchange, reply);
    else if (strcmp(req->form, "json") == 0 || req->route->page == NULL)
        respond_json(exchange, reply);
    else
        respond_template(worker, exchange, reply);
    if (reply->notice != NULL && !req->is_api)
        set_notice(exchange, reply->notice);
    for (size_t i = 0; i < reply->headers.count; i++)
        tz_respond_header(exchange, reply->headers.items[i].name, reply->headers.items[i].value);
}

/* ---- The county ---- */

/* The worker's county for reading; opened again when the configuration changed or it has grown. */
static tz_rc reading(tz_worker *worker, tz_err *err)
{
    enum { GROWN_BYTES = 32 << 20 };
    tz_rc   rc = TZ_OK;
    int64_t entry = 0, config = 0;

    tz_office_look(worker->office, &entry, &config);
    if (worker->session != NULL &&
        (worker->config != config || worker->session->mem.bytes + worker->session->store->mem.bytes > worker->opened_bytes + GROWN_BYTES)) {
        tz_session_close(worker->session);
        worker->session = NULL;
    }
    if (worker->session == NULL) {
        TZ_TRY(tz_session_open(&worker->app, worker->office->options.folder, TZ_READ, NULL, NULL, &worker->session, err));
        worker->config = config;
        worker->opened_bytes = worker->session->mem.bytes + worker->session->store->mem.bytes;
    }
done:
    return rc;
}

static tz_rc handle(tz_worker *worker, tz_exchange *exchange, tz_handler *handler, unsigned flags, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_request *req = &exchange->req;
    tz_session *writing = NULL;

    if ((flags & TZ_ROUTE_WRITES) != 0) {
        const char *user = req->actor == NULL ? "system" : req->actor->user;
        TZ_TRY(((flags & TZ_ROUTE_PEOPLE) != 0 ? tz_office_write_people : tz_office_write)(exchange->office, &worker->app, user, &writing, err));
        req->session = writing;
    } else if ((flags & TZ_ROUTE_BARE) == 0) {
        TZ_TRY(reading(worker, err));
        req->session = worker->session;
    }
    TZ_TRY(handler(req, reply, err));
done:
    tz_session_close(writing);
    req->session = NULL;
    return rc;
}

/* A form that was refused comes back with what was typed and why. */
static bool answer_again(tz_worker *worker, tz_exchange *exchange, const tz_reply *refused, const tz_err *why)
{
    tz_reply        reply = {.data = json_object(), .status = refused->status != 0 ? refused->status : tz_rc_http(why->code)};
    tz_err          ignored = {0};
    const tz_route *route = exchange->req.route;
    bool            is_shown = refused->again != NULL && route->page != NULL &&
                    handle(worker, exchange, refused->again, route->flags & TZ_ROUTE_BARE, &reply, &ignored) == TZ_OK;

    if (is_shown) {
        tz_err shown = told(exchange, why);
        (void)json_object_set_new(reply.data, "error", error_view(&exchange->req, &shown, reply.status));
        (void)json_object_set_new(reply.data, "form", pairs_object(&exchange->req.fields));
        respond_template(worker, exchange, &reply);
    }
    json_decref(reply.data);
    return is_shown;
}

/* Does the answer take rows of the county away as a file? Public files are made for everybody, the log is no data. */
static bool is_taken(const tz_request *req, const tz_reply *reply)
{
    bool is_list = strcmp(req->form, "csv") == 0 || strcmp(req->form, "xlsx") == 0 || strncmp(req->route->pattern, "/report/as/", 11) == 0;

    return is_list && req->actor != NULL && (reply->file != NULL || reply->type != NULL) && (req->route->flags & TZ_ROUTE_PUBLIC) == 0 &&
           strncmp(req->route->pattern, "/admin/", 7) != 0;
}

void tz_answer(tz_worker *worker, tz_exchange *exchange)
{
    tz_reply reply = {0};
    tz_err   err = {0};

    if (exchange->kept_key.size > 0 && tz_answer_kept(exchange)) /* another thread has computed it while this one waited */
        return;
    reply.data = json_object();
    worker->app.lang = exchange->req.lang;
    tz_rc rc = tz_request_day(&exchange->req, &err);
    if (rc == TZ_OK)
        rc = handle(worker, exchange, exchange->req.route->handle, exchange->req.route->flags, &reply, &err);
    if (rc == TZ_OK && is_taken(&exchange->req, &reply))
        rc = tz_auth_took(&exchange->req, &worker->app, &err);
    if (rc == TZ_MISSING && tz_access_hide(exchange->req.actor, &err))
        tz_auth_log_refusal(&exchange->req, "missing", NULL); /* whoever tries numbers shows */
    if (rc != TZ_OK && reply.is_file_temporary)
        (void)unlink(reply.file);
    if (rc == TZ_OK)
        respond_reply(worker, exchange, &reply);
    else if (exchange->req.is_api || !answer_again(worker, exchange, &reply, &err))
        tz_answer_error(exchange, tz_rc_http(rc), &err);
    json_decref(reply.data);
}
