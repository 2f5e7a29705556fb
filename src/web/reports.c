/* reports - the report of a day as a page and in all forms, and two days compared. */
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "report/kept.h"
#include "report/public_report.h"
#include "web/leading.h"
#include "web/pages.h"
#include "web/prepare.h"

static const struct { const char *form, *type, *title; } FORMS[] = {
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word(公文格式)|Word"},
    {"pdf", "application/pdf", "PDF|PDF"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel(含每一行)|Excel, every row"},
    {"html", "text/html; charset=utf-8", "单个网页文件|one page in a file"},
    {"md", "text/markdown; charset=utf-8", "纯文本|plain text"},
};
enum { FORM_COUNT = sizeof FORMS / sizeof FORMS[0] };

/* "docx", or "docx 20191231" with the day of the report before. */
static tz_rc make_report(tz_arena *mem, tz_session *session, tz_day day, tz_lang lang, const char *what, tz_err *err)
{
    const char *space = strchr(what, ' ');
    int64_t     since = 0;
    char        as_of[TZ_DATE_TEXT];

    tz_date_format(day.as_of, as_of);
    (void)tz_text_int(tz_text_of(space + 1), &since);
    const char       *form = tz_arena_copy(mem, what, (size_t)(space - what));
    tz_html_links     links = {"/figures/", tz_arena_printf(mem, "?as_of=%s", as_of)};
    tz_report_options options = {.day = day, .lang = lang, .since = (int32_t)since};
    return tz_keep_report(mem, session->store, session->packs, &options, form, &links, err);
}

/* The kept report of the address's day in a form, made on first demand. Where the address names no entry, one that an earlier
 * entry knew will do: a step of an issue makes nobody wait. */
static tz_rc report_of(tz_request *req, tz_reply *reply, tz_report_options *options, const char *form, const char **ret_path,
                       bool *ret_is_ready, tz_err *err)
{
    tz_session *session = req->session;
    bool        is_exact = req->day.at != 0 || tz_query_value(req, "fresh") != NULL;
    int64_t     at = options->day.at;
    tz_rc       rc = tz_kept_report(req->mem, session->store, session->packs, options, form, is_exact, ret_path, &at, err);

    *ret_is_ready = rc == TZ_OK;
    if (rc == TZ_MISSING) {
        rc = tz_prepare(req, reply, options->day, make_report, tz_arena_printf(req->mem, "%s %d", form, (int)options->since),
                        tz_web_half(req, "正在写这一天的报告|Writing the report of this day"), ret_is_ready, err);
        if (rc == TZ_OK && *ret_is_ready)
            rc = tz_kept_report(req->mem, session->store, session->packs, options, form, is_exact, ret_path, &at, err);
    }
    options->day.at = at;
    return rc;
}

static tz_rc read_day(const tz_request *req, const char *name, int32_t *ret_day, tz_err *err)
{
    const char *text = tz_query_value(req, name);

    if (text != NULL && !tz_date_parse_iso(tz_text_of(text), ret_day))
        return tz_fail(err, TZ_USAGE, "日期写作 2020-06-30", "a date is written 2020-06-30");
    return TZ_OK;
}

static tz_rc options_of(tz_request *req, tz_report_options *ret_options, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_report_options options = {.lang = req->lang};

    if (!req->actor->is_county)
        return tz_fail(err, TZ_MISSING, "报告只对全县范围的用户开放", "the report is of the whole county, which is not your scope");
    TZ_TRY(read_day(req, "since", &options.since, err));
    TZ_TRY(tz_day_resolve(req->session->store, req->day, &options.day, err));
    *ret_options = options;
done:
    return rc;
}

static json_t *list_forms(const tz_request *req)
{
    json_t *list = json_array();

    for (size_t i = 0; i < FORM_COUNT; i++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s}", "form", FORMS[i].form, "title", tz_web_half(req, FORMS[i].title)));
    return list;
}

tz_rc tz_web_report(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_report_options options = {0};
    const char       *path = NULL;
    bool              is_ready = false;
    tz_text           part = {0};
    tz_day            day = {0};

    if (tz_day_resolve(req->session->store, req->day, &day, err) != TZ_OK) {
        (void)json_object_set_new(reply->data, "is_empty", json_true());
        return TZ_OK;
    }
    TZ_TRY(options_of(req, &options, err));
    TZ_TRY(report_of(req, reply, &options, "part", &path, &is_ready, err));
    if (!is_ready)
        goto done;
    TZ_TRY(tz_file_load(req->mem, path, 1 << 28, &part, err));
    (void)json_object_set_new(reply->data, "part", tz_json_text(part));
    (void)json_object_set_new(reply->data, "forms", list_forms(req));
    const char *query = tz_web_day_query(req, options.day);
    tz_json_set_str(reply->data, "day_query", query);
    tz_json_set_str(reply->data, "file_query", req->day.at != 0 ? query : tz_arena_printf(req->mem, "%s&at=%lld", query, (long long)options.day.at));
    tz_json_set_int(reply->data, "entry", options.day.at);
    tz_json_set_int(reply->data, "newer", day.at - options.day.at);
    (void)json_object_set_new(reply->data, "is_older", json_boolean(day.at > options.day.at));
    (void)json_object_set_new(reply->data, "may_publish", json_boolean(tz_may(req->actor, TZ_ROLE_LEADER) && tz_office_public(req->office) != NULL));
    tz_json_set_str(reply->data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%s台账报告" : "%s: report of the ledger",
                                                          req->session->store->county->name));
done:
    return rc;
}

tz_rc tz_web_report_file(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_report_options options = {0};
    const char       *path = NULL, *form = tz_param(req, "form");
    bool              is_ready = false;
    char              as_of[TZ_DATE_TEXT];
    size_t            at = 0;

    while (at < FORM_COUNT && strcmp(FORMS[at].form, form) != 0)
        at++;
    if (at == FORM_COUNT) {
        rc = tz_fail(err, TZ_MISSING, "报告没有这种格式", "the report has no such form");
        goto done;
    }
    TZ_TRY(options_of(req, &options, err));
    TZ_TRY(report_of(req, reply, &options, form, &path, &is_ready, err));
    if (!is_ready) {
        tz_json_set_str(reply->data, "back", tz_arena_printf(req->mem, "/report%s", tz_web_day_query(req, options.day)));
        goto done;
    }
    tz_date_format(options.day.as_of, as_of);
    tz_reply_file(reply, path, tz_arena_printf(req->mem, "%s%s-%s.%s", req->session->store->county->name,
                                               req->lang == TZ_ZH ? "台账报告" : "-report", as_of, form), FORMS[at].type);
done:
    return rc;
}

/* ---- Publishing ---- */

static int32_t today(const tz_request *req)
{
    return tz_date_in_china(tz_app_now_ms(tz_office_options(req->office)->app));
}

tz_rc tz_web_report_publish(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_report_options options = {0};
    json_t           *row = NULL;

    TZ_TRY(options_of(req, &options, err));
    TZ_TRY(tz_publish_report(req->mem, req->session->store, req->session->packs, options.day, today(req), &row, err));
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "已公布报告(第 %lld 号公开),一分钟内出现在公开页面。"
                                                                 : "The report was published (no. %lld); it appears within a minute.",
                                    (long long)tz_json_int(row, "publication", 0));
    reply->redirect = tz_arena_printf(req->mem, "/report%s", tz_web_day_query(req, options.day));
done:
    json_decref(row);
    return rc;
}

/* ---- Two days ---- */

static tz_rc make_moved(tz_arena *mem, tz_session *session, tz_day day, tz_lang lang, const char *what, tz_err *err)
{
    int64_t since = 0;
    (void)tz_text_int(tz_text_of(what + strlen("moved ")), &since);
    return tz_keep_moved(mem, session->store, session->packs, day, (int32_t)since, lang, err);
}

static tz_rc moved_of(tz_request *req, tz_reply *reply, tz_day day, int32_t since, json_t **ret_moved, bool *ret_is_ready, tz_err *err)
{
    tz_session *session = req->session;
    tz_rc       rc = tz_kept_moved(req->mem, session->store, session->packs, day, since, req->lang, ret_moved, err);

    *ret_is_ready = rc == TZ_OK;
    if (rc != TZ_MISSING)
        return rc;
    rc = tz_prepare(req, reply, day, make_moved, tz_arena_printf(req->mem, "moved %d", (int)since),
                    tz_web_half(req, "正在比较两天的指标|Comparing the figures of two days"), ret_is_ready, err);
    if (rc == TZ_OK && *ret_is_ready)
        rc = tz_kept_moved(req->mem, session->store, session->packs, day, since, req->lang, ret_moved, err);
    return rc;
}

/* The first rows that moved it, in words. */
static void cut_rows(const tz_request *req, json_t *moved)
{
    enum { SHOWN = 10 };
    static const struct { const char *what, *words; } WORDS[] = {{"came", "新增|came"}, {"gone", "消失|gone"}, {"changed", "变更|changed"}};
    json_t *figure, *row;
    size_t  i, j;

    json_array_foreach(moved, i, figure) {
        json_t *rows = json_object_get(figure, "rows"), *shown = json_array();
        json_array_foreach(rows, j, row) {
            if (j == SHOWN)
                break;
            for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++)
                if (strcmp(tz_json_str(row, "what"), WORDS[k].what) == 0)
                    tz_json_set_str(row, "word", tz_web_half(req, WORDS[k].words));
            (void)json_array_append(shown, row);
        }
        tz_json_set_int(figure, "more", (int64_t)(json_array_size(rows) - json_array_size(shown)));
        (void)json_object_set_new(figure, "rows", shown);
    }
}

tz_rc tz_web_report_diff(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_report_options options = {0};
    int32_t           since = 0;
    bool              is_ready = false;
    json_t           *moved = NULL;
    char              text[TZ_DATE_TEXT];

    TZ_TRY(options_of(req, &options, err));
    TZ_TRY(read_day(req, "from", &since, err));
    tz_json_set_str(reply->data, "day_query", tz_web_day_query(req, options.day));
    (void)json_object_set_new(reply->data, "is_asked", json_boolean(since != 0));
    if (since == 0)
        goto done;
    if (since >= options.day.as_of) {
        rc = tz_fail(err, TZ_USAGE, "前一天要早于后一天", "the first day is to be before the second");
        goto done;
    }
    TZ_TRY(moved_of(req, reply, options.day, since, &moved, &is_ready, err));
    if (!is_ready)
        goto done;
    cut_rows(req, moved);
    tz_date_format(since, text);
    tz_json_set_str(reply->data, "from", text);
    (void)json_object_set(reply->data, "moved", moved);
    (void)json_object_set_new(reply->data, "has_moved", json_boolean(json_array_size(moved) > 0));
    (void)json_object_set_new(reply->data, "nothing", json_boolean(json_array_size(moved) == 0));
done:
    json_decref(moved);
    return rc;
}
