/* answer - from a request to the bytes that are sent back. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "report/html.h"
#include "store/desk.h"
#include "web/api.h"
#include "web/auth.h"
#include "web/inside.h"

static const char CSP[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
                          "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* ---- Bytes and headers ---- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

/* What every answer carries. */
static void add_safety(tz_exchange *exchange, struct MHD_Response *response)
{
    add(response, "Content-Security-Policy", CSP);
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "X-Frame-Options", "DENY");
    add(response, "Referrer-Policy", "same-origin");
    add(response, "Cross-Origin-Opener-Policy", "same-origin");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    add(response, "Permissions-Policy", "geolocation=(), microphone=(), camera=(self)");
    if (exchange->office->is_tls)
        add(response, "Strict-Transport-Security", "max-age=31536000");
    if (exchange->cookie != NULL)
        add(response, "Set-Cookie", exchange->cookie);
}

/* The bytes live as long as the exchange. */
static struct MHD_Response *respond(tz_exchange *exchange, int status, tz_text bytes, const char *type)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(bytes.size, (void *)(uintptr_t)bytes.data, MHD_RESPMEM_PERSISTENT);

    tz_assert(response != NULL);
    add(response, "Content-Type", type);
    add_safety(exchange, response);
    exchange->status = status;
    exchange->response = response;
    exchange->answer_bytes = (int64_t)bytes.size;
    return response;
}

static const char *header_quoted(tz_arena *mem, const char *name)
{
    tz_buf out = tz_buf_init(mem, 0);
    tz_url_put(&out, tz_text_of(name));
    return tz_arena_printf(mem, "attachment; filename*=UTF-8''%s", tz_buf_str(&out));
}

static uint64_t mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

/* A hash of the bytes, quoted: what a browser sends back to ask whether they changed. As FNV, but four times eight bytes at
 * a step, for byte by byte it was the dearest part of a kept page. */
static const char *tag_of(tz_arena *mem, tz_text bytes)
{
    enum { LANES = 4 };
    uint64_t lanes[LANES] = {1, 2, 3, 4}, hash = bytes.size;

    for (size_t i = 0; i < bytes.size; i += sizeof lanes) {
        uint64_t words[LANES] = {0};
        memcpy(words, bytes.data + i, bytes.size - i < sizeof words ? bytes.size - i : sizeof words);
        for (int lane = 0; lane < LANES; lane++)
            lanes[lane] = mixed(lanes[lane], words[lane]);
    }
    for (int lane = 0; lane < LANES; lane++)
        hash = mixed(hash, lanes[lane]);
    return tz_arena_printf(mem, "\"%016llx\"", (unsigned long long)hash);
}

/* An answer that a browser may keep and must ask about: 304 where it has it. */
static void respond_tagged(tz_exchange *exchange, int status, tz_text bytes, const char *type, const char *tag)
{
    const char *known = tz_header(&exchange->req, "If-None-Match");
    bool        is_known = status == 200 && known != NULL && strcmp(known, tag) == 0;
    struct MHD_Response *response = respond(exchange, is_known ? 304 : status, is_known ? (tz_text){0} : bytes, type);

    add(response, "Cache-Control", "private, no-cache");
    add(response, "Vary", "Cookie, Authorization");
    add(response, "ETag", tag);
}

/* A path of this site, with nothing in it that browsers read otherwise. */
static bool is_own_path(const char *to)
{
    if (to[0] != '/' || to[1] == '/')
        return false;
    for (const char *at = to; *at != '\0'; at++)
        if ((unsigned char)*at < 32 || *at == 127 || *at == '\\')
            return false;
    return true;
}

void tz_answer_redirect(tz_exchange *exchange, const char *to)
{
    struct MHD_Response *response = respond(exchange, 303, (tz_text){0}, "text/plain; charset=utf-8");
    add(response, "Location", is_own_path(to) ? to : "/");
    add(response, "Cache-Control", "no-store");
}

bool tz_answer_asset(tz_exchange *exchange)
{
    const char     *path = exchange->asked, *name = strncmp(path, "/static/", 8) == 0 ? path + 8 : path + 1;
    const tz_asset *asset = tz_asset_find(exchange->office->templates, name);
    bool            is_versioned = asset != NULL && tz_query_value(&exchange->req, "v") != NULL;

    if (asset == NULL || (name == path + 1 && strcmp(name, "sw.js") != 0))
        return false;
    const char          *known = tz_header(&exchange->req, "If-None-Match");
    const char          *tag = tz_arena_printf(&exchange->mem, "\"%s\"", asset->version);
    bool                 is_known = known != NULL && strcmp(known, tag) == 0;
    struct MHD_Response *response = respond(exchange, is_known ? 304 : 200, is_known ? (tz_text){0} : asset->bytes, asset->type);
    add(response, "Cache-Control", is_versioned ? "public, max-age=31536000, immutable" : "no-cache");
    add(response, "ETag", tag);
    return true;
}

/* ---- The frame ---- */

typedef struct { const char *href, *text; unsigned roles; } place;

static const place NAVIGATION[] = {
    {"/today", "待办|Today", TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR},
    {"/overview", "总览|Overview", TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR | TZ_ROLE_INSPECTOR},
    {"/findings", "疑点|Findings", TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR},
    {"/issues", "台账|Ledger", TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR},
    {"/registers", "名册|Registers", TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR},
    {"/batches", "批次|Batches", TZ_ROLE_CLERK | TZ_ROLE_INSPECTOR},
    {"/households", "户|Households", TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR},
    {"/figures", "指标|Figures", TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR},
    {"/report", "报告|Report", TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR},
    {"/checks", "规则|Checks", TZ_ROLE_INSPECTOR | TZ_ROLE_SUPERIOR},
    {"/links", "关联|Links", TZ_ROLE_INSPECTOR},
    {"/audit", "审看|Audit", TZ_ROLE_INSPECTOR | TZ_ROLE_SUPERIOR},
    {"/complaints", "群众反映|Complaints", TZ_ROLE_INSPECTOR},
    {"/verify", "验证|Verify", TZ_ROLE_SUPERIOR},
    {"/admin/users", "用户|Users", TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY},
    {"/admin/log", "日志|Log", TZ_ROLE_AUDIT},
};

static const char *half_of(tz_arena *mem, const char *both, tz_lang lang)
{
    size_t      len = 0;
    const char *half = tz_half(both, lang, &len);
    return tz_arena_copy(mem, half, len);
}

static bool is_under(const char *path, const char *href)
{
    size_t size = strlen(href);
    return strncmp(path, href, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

/* Where a page stands in the menu: under its own word, or under that of the work that it is part of. */
static bool is_at(const char *path, const char *href)
{
    static const struct { const char *page, *href; } PARTS[] = {{"/tray", "/batches"}, {"/jobs", "/batches"}, {"/deliveries", "/batches"}};

    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (is_under(path, PARTS[i].page))
            return strcmp(href, PARTS[i].href) == 0;
    return is_under(path, href);
}

static json_t *navigation(tz_exchange *exchange)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof NAVIGATION / sizeof NAVIGATION[0]; i++) {
        const place *at = &NAVIGATION[i];
        if (tz_may(exchange->req.actor, at->roles))
            (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "href", at->href, "text",
                                                        half_of(&exchange->mem, at->text, exchange->req.lang), "is_here",
                                                        is_at(exchange->req.path, at->href)));
    }
    return list;
}

/* What a template may ask of who reads: their roles; in what is not kept for others, also who they are. */
static json_t *me_of(const tz_actor *actor, bool with_name)
{
    static const char *const NAMES[] = {"is_clerk", "is_cadre", "is_inspector", "is_leader", "is_superior", "is_system", "is_security", "is_audit"};
    json_t *me = json_object();

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        (void)json_object_set_new(me, NAMES[i], json_boolean((actor->roles & 1u << i) != 0));
    if (with_name) {
        tz_json_set_str(me, "user", actor->user);
        tz_json_set_str(me, "name", actor->name);
        tz_json_set_str(me, "unit", actor->unit);
    }
    return me;
}

static json_t *pairs_object(const tz_pairs *pairs)
{
    json_t *object = json_object();
    for (size_t i = 0; i < pairs->count; i++)
        tz_json_set_str(object, pairs->items[i].name, pairs->items[i].value);
    return object;
}

/* The same address with another value of one of its parameters. */
static const char *url_with(tz_exchange *exchange, const char *name, const char *value)
{
    tz_buf      out = tz_buf_init(&exchange->mem, 0);
    const char *between = "?";
    bool        is_own = strcmp(exchange->req.url, "/") != 0; /* of an address that is none of ours nothing is repeated */

    tz_path_put(&out, tz_text_of(is_own ? exchange->asked : "/"));
    for (size_t i = 0; is_own && i < exchange->req.queries.count; i++) {
        const tz_pair *pair = &exchange->req.queries.items[i];
        if (strcmp(pair->name, name) == 0)
            continue;
        tz_buf_puts(&out, between);
        tz_url_put(&out, tz_text_of(pair->name));
        tz_buf_char(&out, '=');
        tz_url_put(&out, tz_text_of(pair->value));
        between = "&";
    }
    tz_buf_printf(&out, "%s%s=%s", between, name, value);
    return tz_buf_str(&out);
}

static void percent_decode(char *text)
{
    (void)MHD_http_unescape(text);
}

/* The notice that the last POST left for this page; it goes with it. */
static const char *take_notice(tz_exchange *exchange)
{
    const char *sent = tz_cookie(&exchange->req, "tz_notice");
    if (sent == NULL)
        return NULL;
    char *text = tz_arena_dup(&exchange->mem, sent);
    percent_decode(text);
    return tz_utf8_is_valid(tz_text_of(text)) && strlen(text) <= 600 ? text : NULL;
}

static tz_rc put_framed(tz_exchange *exchange, const char *title, tz_text body, tz_text *ret_page, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_request *req = &exchange->req;
    tz_buf      frame = tz_buf_init(&exchange->mem, 0);
    json_t     *view = json_object();

    tz_json_set_str(view, "title", title);
    tz_json_set_str(view, "site", exchange->office->site);
    tz_json_set_str(view, "lang", req->lang == TZ_ZH ? "zh-CN" : "en");
    tz_json_set_str(view, "other_lang", url_with(exchange, "lang", req->lang == TZ_ZH ? "en" : "zh"));
    tz_json_set_str(view, "csrf", req->csrf);
    tz_json_set_str(view, "notice", take_notice(exchange));
    tz_json_set_str(view, "path", req->path);
    (void)json_object_set_new(view, "is_demo", json_boolean(exchange->office->is_demo));
    (void)json_object_set_new(view, "is_alone", json_boolean(exchange->office->options.is_public_alone));
    if (req->actor != NULL) {
        (void)json_object_set_new(view, "me", me_of(req->actor, true));
        (void)json_object_set_new(view, "nav", navigation(exchange));
    }
    TZ_TRY(tz_render_page(&exchange->mem, exchange->office->templates, "frame", req->lang, view, &frame, err));
    size_t above = frame.size;
    TZ_TRY(tz_render_page(&exchange->mem, exchange->office->templates, "foot", req->lang, view, &frame, err));
    char *page = tz_arena_alloc(&exchange->mem, frame.size + body.size); /* once, for it may be large */
    memcpy(page, frame.data, above);
    if (body.size > 0)
        memcpy(page + above, body.data, body.size);
    memcpy(page + above + body.size, frame.data + above, frame.size - above);
    *ret_page = (tz_text){page, frame.size + body.size};
done:
    json_decref(view);
    return rc;
}

static void respond_page(tz_exchange *exchange, int status, const char *title, tz_text body)
{
    tz_text page = body;
    tz_err  err = {0};
    tz_rc   rc = exchange->req.is_htmx ? TZ_OK : put_framed(exchange, title, body, &page, &err);

    tz_assert(rc == TZ_OK); /* the frame is ours */
    const char *tag = tag_of(&exchange->mem, page);
    if (exchange->keeps_page)
        tz_cache_put(exchange->office->cache, exchange->kept_key, page, tag);
    respond_tagged(exchange, status, page, "text/html; charset=utf-8", tag);
    if (tz_cookie(&exchange->req, "tz_notice") != NULL && !exchange->req.is_htmx)
        add(exchange->response, "Set-Cookie", "tz_notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
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
        respond_tagged(exchange, 200, body, "text/html; charset=utf-8", title); /* the whole page, beside it its tag */
    else
        respond_page(exchange, 200, title, body);
    return true;
}

/* ---- Errors ---- */

static json_t *error_view(const tz_err *err, int status, tz_lang lang)
{
    bool is_zh = lang == TZ_ZH;
    char line[1024];

    tz_err_line(err, lang, line, sizeof line);
    json_t *view = json_pack("{s:i}", "status", status);
    tz_json_set_str(view, "line", line);
    tz_json_set_str(view, "text", is_zh ? err->zh : err->en);
    tz_json_set_str(view, "advice", is_zh ? err->advice_zh : err->advice_en);
    return view;
}

void tz_answer_error(tz_exchange *exchange, int status, const tz_err *err)
{
    tz_request *req = &exchange->req;
    json_t     *view = json_pack("{s:o}", "error", error_view(err, status, req->lang));
    tz_buf      out = tz_buf_init(&exchange->mem, 0);
    tz_err      ignored = {0};

    if (req->form != NULL && strcmp(req->form, "json") == 0) {
        char *text = json_dumps(view, JSON_COMPACT);
        tz_buf_puts(&out, text);
        free(text);
        add(respond(exchange, status, tz_buf_text(&out), "application/json; charset=utf-8"), "Cache-Control", "no-store");
    } else {
        tz_assert(tz_render_page(&exchange->mem, exchange->office->templates, "error", req->lang, view, &out, &ignored) == TZ_OK);
        respond_page(exchange, status, half_of(&exchange->mem, "出错|Error", req->lang), tz_text_keep(&exchange->mem, tz_buf_text(&out)));
    }
    if (status == 503)
        add(exchange->response, "Retry-After", "5");
    json_decref(view);
}

/* ---- What a handler gave ---- */

static void respond_file(tz_exchange *exchange, const tz_reply *reply)
{
    struct stat  stat_of;
    int          fd = open(reply->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct MHD_Response *response = NULL;

    if (fd >= 0 && fstat(fd, &stat_of) == 0 && S_ISREG(stat_of.st_mode))
        response = MHD_create_response_from_fd64((uint64_t)stat_of.st_size, fd);
    if (reply->is_file_temporary)
        (void)unlink(reply->file);
    if (response == NULL) {
        tz_err err = {0};
        if (fd >= 0)
            (void)close(fd);
        (void)tz_fail(&err, TZ_SYSTEM, "文件读不出来", "the file cannot be read");
        tz_answer_error(exchange, 500, &err);
        return;
    }
    add(response, "Content-Type", reply->type);
    add(response, "Cache-Control", "private, no-store");
    if (reply->download != NULL)
        add(response, "Content-Disposition", header_quoted(&exchange->mem, reply->download));
    add_safety(exchange, response);
    exchange->status = 200;
    exchange->response = response;
    exchange->answer_bytes = (int64_t)stat_of.st_size;
}

static void respond_bytes(tz_exchange *exchange, const tz_reply *reply)
{
    struct MHD_Response *response = respond(exchange, reply->status == 0 ? 200 : reply->status, reply->bytes, reply->type);
    add(response, "Cache-Control", "private, no-store");
    if (reply->download != NULL)
        add(response, "Content-Disposition", header_quoted(&exchange->mem, reply->download));
}

static void respond_json(tz_exchange *exchange, const tz_reply *reply)
{
    const char *next = exchange->req.is_api ? tz_api_next(&exchange->req, reply->data) : NULL;
    char       *text = json_dumps(reply->data, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    tz_text     kept = tz_text_keep(&exchange->mem, tz_text_of(text));

    free(text);
    respond_tagged(exchange, reply->status == 0 ? 200 : reply->status, kept, "application/json; charset=utf-8",
                   tag_of(&exchange->mem, kept));
    if (next != NULL)
        add(exchange->response, "Link", tz_arena_printf(&exchange->mem, "<%s>; rel=\"next\"", next));
}

static void set_notice(tz_exchange *exchange, const char *notice)
{
    tz_buf out = tz_buf_init(&exchange->mem, 0);
    tz_url_put(&out, tz_text_of(notice));
    add(exchange->response, "Set-Cookie",
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
        (void)json_object_set_new(data, "me", me_of(req->actor, !is_shared));
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
                                          : half_of(&exchange->mem, req->route->title == NULL ? "" : req->route->title, req->lang);

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
        respond_bytes(exchange, reply);
    else if (strcmp(req->form, "json") == 0 || req->route->page == NULL)
        respond_json(exchange, reply);
    else
        respond_template(worker, exchange, reply);
    if (reply->notice != NULL && !req->is_api)
        set_notice(exchange, reply->notice);
    for (size_t i = 0; i < reply->headers.count; i++)
        add(exchange->response, reply->headers.items[i].name, reply->headers.items[i].value);
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
static bool answer_again(tz_worker *worker, tz_exchange *exchange, tz_handler *again, const tz_err *why)
{
    tz_reply reply = {.data = json_object(), .status = tz_rc_http(why->code)};
    tz_err   ignored = {0};
    bool     is_answered = false;

    const tz_route *route = exchange->req.route;
    if (again != NULL && handle(worker, exchange, again, route->flags & TZ_ROUTE_BARE, &reply, &ignored) == TZ_OK && route->page != NULL) {
        (void)json_object_set_new(reply.data, "error", error_view(why, reply.status, exchange->req.lang));
        (void)json_object_set_new(reply.data, "form", pairs_object(&exchange->req.fields));
        respond_template(worker, exchange, &reply);
        is_answered = true;
    }
    json_decref(reply.data);
    return is_answered;
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
    if (rc == TZ_OK)
        respond_reply(worker, exchange, &reply);
    else if (exchange->req.is_api || !answer_again(worker, exchange, reply.again, &err))
        tz_answer_error(exchange, tz_rc_http(rc), &err);
    json_decref(reply.data);
}
