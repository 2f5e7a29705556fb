#include "web/exchange.h"

#include <string.h>

#include "base/assert.h"
#include "web/api.h"
#include "web/auth.h"
#include "web/body.h"
#include "web/office.h"
#include "web/words.h"

static bool is_post(const tz_exchange *exchange)
{
    return strcmp(exchange->method, "POST") == 0;
}

static enum MHD_Result add_pair(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    tz_exchange *exchange = context;
    tz_request  *req = &exchange->req;

    if (kind == MHD_HEADER_KIND)
        tz_push(&exchange->mem, &req->headers,
                (tz_pair){tz_arena_dup(&exchange->mem, name), tz_arena_dup(&exchange->mem, value == NULL ? "" : value)});
    else if (req->queries.count < TZ_WEB_MAX_PAIRS)
        tz_request_add(req, &req->queries, name, tz_text_of(value));
    return MHD_YES;
}

/* ?lang=, then the cookie, then what the browser prefers. */
static void choose_language(tz_exchange *exchange)
{
    tz_request *req = &exchange->req;
    const char *asked = tz_query_value(req, "lang"), *kept = tz_cookie(req, "tz_lang"), *prefers = tz_header(req, "Accept-Language");
    const char *lang = asked != NULL ? asked : kept != NULL ? kept : prefers != NULL && strncmp(prefers, "en", 2) == 0 ? "en" : "zh";

    req->lang = strcmp(lang, "en") == 0 ? TZ_EN : TZ_ZH;
    if (asked != NULL)
        exchange->cookie = tz_arena_printf(&exchange->mem, "tz_lang=%s; Path=/; Max-Age=31536000; SameSite=Lax", req->lang == TZ_EN ? "en" : "zh");
}

static void refuse(tz_exchange *exchange, int status, const char *zh, const char *en)
{
    tz_err err = {0};
    (void)tz_fail(&err, TZ_USAGE, "%s%.0s", "%.0s%s", zh, en);
    tz_answer_error(exchange, status, &err);
}

static void ask_for_login(tz_exchange *exchange)
{
    tz_buf next = tz_buf_init(&exchange->mem, 0);

    if (is_post(exchange) || strcmp(exchange->req.form, "html") != 0) {
        bool was_here = !exchange->req.is_api && is_post(exchange);
        refuse(exchange, 401, was_here ? "登录已经结束,请重新登录再办" : "请先登录",
               was_here ? "your login has ended: log in, then send it again" : "please log in first");
        if (exchange->req.is_api)
            (void)MHD_add_response_header(exchange->response, "WWW-Authenticate", "Bearer");
        return;
    }
    tz_buf_puts(&next, "/login?next=");
    tz_url_put(&next, tz_text_of(exchange->req.url));
    tz_answer_redirect(exchange, tz_buf_str(&next));
}

/* Path and query as asked, encoded: an address to come back to. */
static const char *url_of(tz_exchange *exchange)
{
    tz_request *req = &exchange->req;
    tz_buf      out = tz_buf_init(&exchange->mem, 0);

    tz_path_put(&out, tz_text_of(exchange->asked));
    tz_query_put(&out, req, '?', (const char *const[]){NULL});
    return tz_buf_str(&out);
}

/* The public's pages where there are none, and all others where there are only those. */
static bool is_shut(const tz_exchange *exchange)
{
    const char *pattern = exchange->req.route->pattern;
    bool        is_publics = strcmp(pattern, "/public") == 0 || strncmp(pattern, "/public/", 8) == 0;

    return is_publics ? exchange->office->public_folder == NULL : exchange->office->options.is_public_alone;
}

/* Finds the route and who asks. Afterwards either the request has its route, or it is answered. */
static void look(tz_exchange *exchange, const char *path)
{
    tz_request *req = &exchange->req;
    bool        is_known = false, is_get = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;

    choose_language(exchange);
    path = tz_api_path(path, &req->is_api);
    bool is_path = tz_request_path(req, path);
    if (req->is_api && strcmp(req->form, "html") == 0)
        req->form = "json";
    if (is_path) {
        req->url = url_of(exchange);
    } else {
        refuse(exchange, 400, "地址写法不对", "the address is not written so");
        return;
    }
    if (is_get && !req->is_api && tz_answer_asset(exchange))
        return;
    tz_auth_find(req);
    req->route = tz_route_find(req, exchange->office->routes, is_get ? "GET" : exchange->method, &is_known);
    if (req->route != NULL && req->is_api && !tz_api_has(req->route)) {
        req->route = NULL;
        is_known = false;
    }
    if (req->route == NULL) {
        if (is_known)
            refuse(exchange, 405, "这个地址不能这样用", "this address is not used so");
        else
            refuse(exchange, 404, "没有这一页", "there is no such page");
        return;
    }
    if (is_shut(exchange)) {
        if (strcmp(req->path, "/") == 0)
            tz_answer_redirect(exchange, "/public");
        else
            refuse(exchange, 404, "没有这一页", "there is no such page");
        return;
    }
    if ((req->route->flags & TZ_ROUTE_PUBLIC) != 0)
        return;
    if (req->actor == NULL) {
        ask_for_login(exchange);
    } else if (!tz_may_route(req->actor, !is_get, req->route->pattern, req->route->roles, (req->route->flags & TZ_ROUTE_UPLOAD) != 0,
                             (req->route->flags & TZ_ROUTE_COUNTY) != 0)) {
        if (req->actor->is_narrow && is_get) {
            tz_answer_redirect(exchange, "/account");
            return;
        }
        tz_auth_log_refusal(req, "forbidden", NULL);
        refuse(exchange, 403, "您的角色不能用这一页;需要时请找系统管理员或安全管理员",
               "your role may not use this page: if you need it, ask the system or the security administrator");
    }
}

static tz_exchange *begin(tz_office *office, struct MHD_Connection *connection, const char *path, const char *method)
{
    tz_arena     mem = {0};
    tz_exchange *exchange = tz_new(&mem, tz_exchange);

    exchange->mem = mem;
    exchange->office = office;
    exchange->connection = connection;
    exchange->method = tz_arena_dup(&exchange->mem, method);
    exchange->asked = tz_arena_dup(&exchange->mem, path);
    exchange->upload_fd = -1;
    exchange->since_ms = tz_pace_now_ms();
    exchange->req = (tz_request){.mem = &exchange->mem, .office = office, .form = "html", .csrf = "", .path = "/", .url = "/"};
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, add_pair, exchange);
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_pair, exchange);
    tz_request_cookies(&exchange->req, tz_header(&exchange->req, "Cookie"));
    exchange->req.is_htmx = tz_header(&exchange->req, "HX-Request") != NULL;
    look(exchange, path);
    return exchange;
}

static enum MHD_Result give(tz_exchange *exchange)
{
    tz_assert(exchange->response != NULL);
    tz_pace_bytes(exchange->connection, tz_pace_now_ms(), exchange->answer_bytes);
    enum MHD_Result is_queued = MHD_queue_response(exchange->connection, (unsigned)exchange->status, exchange->response);
    MHD_destroy_response(exchange->response);
    exchange->response = NULL;
    return is_queued;
}

/* The body is there. Answers at once what is kept, else hands over to the office's threads. */
static enum MHD_Result finish(tz_exchange *exchange)
{
    if (is_post(exchange))
        tz_body_end(exchange);
    if (exchange->body_rc != TZ_OK) {
        tz_answer_error(exchange, tz_rc_http(exchange->body_rc), &exchange->err);
    } else if (is_post(exchange) && !tz_auth_is_own_form(&exchange->req)) {
        tz_auth_log_refusal(&exchange->req, "forged", NULL);
        refuse(exchange, 403, "这一页打开得太久:回到刚才的页面,再提交一次", "this page was open for too long: go back and send it again");
    } else if (is_post(exchange) || !tz_answer_kept(exchange)) {
        tz_pace_free(exchange->connection);
        MHD_suspend_connection(exchange->connection);
        if (tz_office_queue(exchange->office, exchange))
            return MHD_YES;
        refuse(exchange, 503, "现在人太多,请稍候再试", "too many ask at once: please try again in a moment");
        exchange->is_answered = true;
        MHD_resume_connection(exchange->connection);
        return MHD_YES;
    }
    return give(exchange);
}

enum MHD_Result tz_exchange_take(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                                 const char *data, size_t *size, void **of_request)
{
    tz_exchange *exchange = *of_request;

    (void)version;
    if (exchange == NULL) {
        exchange = begin(context, connection, path, method);
        *of_request = exchange;
        tz_pace_bytes(connection, exchange->since_ms, 0);
        if (exchange->response == NULL && is_post(exchange))
            tz_body_begin(exchange);
        return MHD_YES; /* an answer before the request's end would close the connection */
    }
    if (*size > 0) {
        /* The body of a request that is refused already, or that has no use for one, is read and dropped. */
        bool is_wanted = exchange->response == NULL && is_post(exchange);
        exchange->body_bytes += (int64_t)*size;
        bool goes_on = is_wanted ? tz_body_take(exchange, data, *size) : exchange->body_bytes < TZ_WEB_MAX_FIELD_BYTES;
        tz_pace_bytes(connection, exchange->since_ms, exchange->body_bytes);
        *size = 0;
        return goes_on ? MHD_YES : MHD_NO;
    }
    return exchange->response != NULL ? give(exchange) : finish(exchange);
}

void tz_exchange_complete(void *context, struct MHD_Connection *connection, void **of_request, enum MHD_RequestTerminationCode code)
{
    tz_exchange *exchange = *of_request;

    (void)context, (void)code;
    tz_pace_head(connection);
    if (exchange == NULL)
        return;
    tz_body_close(exchange);
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    tz_arena mem = exchange->mem; /* frees the exchange itself too */
    tz_arena_free(&mem);
    *of_request = NULL;
}
