#include "web/frame.h"

#include <string.h>

#include "web/words.h"

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
                                                        tz_web_half(&exchange->req, at->text), "is_here",
                                                        is_at(exchange->req.path, at->href)));
    }
    return list;
}

json_t *tz_frame_me(const tz_actor *actor, bool with_name)
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

/* The same address with another value of one of its parameters. */
static const char *url_with(tz_exchange *exchange, const char *name, const char *value)
{
    tz_buf out = tz_buf_init(&exchange->mem, 0);
    bool   is_own = strcmp(exchange->req.url, "/") != 0; /* of an address that is none of ours nothing is repeated */

    tz_path_put(&out, tz_text_of(is_own ? exchange->asked : "/"));
    tz_buf_printf(&out, "?%s=%s", name, value);
    if (is_own)
        tz_query_put(&out, &exchange->req, '&', (const char *const[]){name, NULL});
    return tz_buf_str(&out);
}

/* The notice that the last POST left for this page; it goes with it. One that begins with TZ_WARNING is of what went wrong. */
static const char *take_notice(tz_exchange *exchange)
{
    const char *sent = tz_cookie(&exchange->req, "tz_notice");
    if (sent == NULL)
        return NULL;
    char *text = tz_arena_dup(&exchange->mem, sent);
    (void)MHD_http_unescape(text);
    return tz_utf8_is_valid(tz_text_of(text)) && strlen(text) <= TZ_NOTICE_BYTES ? text : NULL;
}

tz_rc tz_frame_put(tz_exchange *exchange, const char *title, tz_text body, tz_text *ret_page, tz_err *err)
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
    const char *notice = take_notice(exchange);
    bool        is_warning = notice != NULL && notice[0] == TZ_WARNING[0];
    tz_json_set_str(view, "notice", is_warning ? notice + 1 : notice);
    (void)json_object_set_new(view, "is_warning", json_boolean(is_warning));
    tz_json_set_str(view, "path", req->path);
    (void)json_object_set_new(view, "is_demo", json_boolean(exchange->office->is_demo));
    (void)json_object_set_new(view, "is_alone", json_boolean(exchange->office->options.is_public_alone));
    if (req->actor != NULL) {
        (void)json_object_set_new(view, "me", tz_frame_me(req->actor, true));
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
