/* findings - suspicions: the queue, one opened, verdicts, exceptions. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "checks/check.h"
#include "web/auth.h"
#include "web/leading.h"
#include "web/listing.h"
#include "web/pages.h"

static const char *const FILTERS[] = {"state", "verdict", "level", "check", "owner", "where", "subject", "q", NULL};
static const char *const NAMES[] = {"state", "verdict", "level", "check", "owner", "where", "subject", "q", "sort", "desc", NULL};
static const char *const SORTS[] = {"urgency", "number", NULL};
static const tz_list_column COLUMNS[] = {
    {"finding", "疑点|finding", true},   {"level_word", "级别|level", false},
    {"check", "规则|check", false},  {"check_title", "规则名称|check's title", false},
    {"message", "内容|what", false},     {"subject", "对象|subject", false}, {"state_word", "状态|state", false}, {"since", "起于|since", false},
    {"verdict_word", "核查|verdict", false}, {"reason_word", "理由|reason", false}, {"issue", "问题|issue", true}, {NULL, NULL, false},
};

/* ---- Words ---- */

static const char *word_of(const tz_request *req, const char *code)
{
    static const struct { const char *code, *word; } WORDS[] = {
        {"red", "红|red"}, {"orange", "橙|orange"}, {"yellow", "黄|yellow"}, {"raised", "新增|raised"}, {"persisting", "持续|persisting"},
        {"cleared", "已消除|cleared"}, {"not evaluated", "未评估|not evaluated"}, {"rekeyed", "换了对象|another subject"},
        {"real", "属实|real"}, {"not real", "不属实|not real"}, {"batch withdrawn", "批次已撤回|batch withdrawn"},
        {"rule changed", "规则已改|rule changed"},
        {"link changed", "关联已变|link changed"}, {"remedied", "已补救|remedied"}, {"corrected", "数据已更正|corrected"},
        {"supplied", "数据已补来|supplied"}, {"vanished", "行不见了|vanished"}, {"time passed", "时间已过|time passed"},
        {"verified", "已核实|verified"},
    };
    for (size_t i = 0; code != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].code, code) == 0)
            return tz_web_half(req, WORDS[i].word);
    for (const tz_reason *reason = TZ_REASONS; code != NULL && reason->code != NULL; reason++)
        if (strcmp(reason->code, code) == 0)
            return tz_web_half(req, reason->title);
    return code;
}

static void dress(const tz_request *req, json_t *line)
{
    static const struct { const char *from, *to; } WORDS[] = {{"level", "level_word"}, {"state", "state_word"}, {"verdict", "verdict_word"},
                                                              {"reason", "reason_word"}, {"cleared_why", "cleared_word"}};
    const char     *name = tz_json_str(line, "check");
    const tz_check *check = tz_packs_check(req->session->packs, name);

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        tz_json_set_str(line, WORDS[i].to, word_of(req, tz_json_str(line, WORDS[i].from)));
    tz_json_set_str(line, "check_title", check == NULL ? name : tz_web_half(req, check->title));
    const char *verdict = tz_json_str(line, "verdict");
    (void)json_object_set_new(line, "is_real", json_boolean(verdict != NULL && strcmp(verdict, "real") == 0));
    (void)json_object_set_new(line, "is_not_real", json_boolean(verdict != NULL && strcmp(verdict, "not real") == 0));
}

static json_t *reasons_of(const tz_request *req)
{
    json_t *list = json_array();

    for (const tz_reason *reason = TZ_REASONS; reason->code != NULL; reason++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s}", "code", reason->code, "title", tz_web_half(req, reason->title)));
    return list;
}

/* ---- The list ---- */

static tz_finding_filter filter_of(tz_request *req, json_t *places)
{
    return (tz_finding_filter){.state = tz_web_filter(req, "state", "open"), .verdict = tz_web_filter(req, "verdict", NULL),
                               .level = tz_web_filter(req, "level", NULL), .check = tz_web_filter(req, "check", NULL),
                               .owner = tz_web_filter(req, "owner", NULL), .where = tz_web_filter(req, "where", NULL),
                               .subject = tz_query_value(req, "subject"), .text = tz_query_value(req, "q"), .places = places,
                               .is_masked = true, .lang = req->lang};
}

static tz_rc read_page(tz_request *req, const tz_web_range *range, json_t **ret_rows, tz_err *err)
{
    json_t           *places = tz_web_places(req), *row;
    tz_finding_filter filter = filter_of(req, places);
    size_t            i;

    filter.sort = range->sort != NULL && strcmp(range->sort, "number") == 0 ? "number" : NULL;
    filter.is_descending = range->is_descending;
    filter.after = range->after;
    filter.before = range->before;
    filter.limit = range->limit;
    tz_rc rc = tz_findings(req->mem, req->session->store, req->session->packs, &filter, ret_rows, err);
    json_decref(places);
    if (rc == TZ_OK)
        json_array_foreach(*ret_rows, i, row)
            dress(req, row);
    return rc;
}

static tz_rc count(tz_request *req, int64_t most, int64_t *ret_count, tz_err *err)
{
    json_t           *places = tz_web_places(req);
    tz_finding_filter filter = filter_of(req, places);
    tz_rc             rc = TZ_OK;

    if (filter.text != NULL)
        *ret_count = -1;
    else
        rc = tz_finding_count(req->mem, req->session->store, req->session->packs, &filter, most, ret_count, err);
    json_decref(places);
    return rc;
}

static void put_choices(tz_request *req, json_t *data)
{
    static const char *const STATES[] = {"open|未消除|open", "cleared|已消除|cleared", "all|全部|all", NULL};
    static const char *const VERDICTS[] = {"none|待核查|not verified", "real|属实|real", "not real|不属实|not real", NULL};
    static const char *const LEVELS[] = {"red|● 红|red", "orange|▲ 橙|orange", "yellow|■ 黄|yellow", NULL};
    const char     *state = tz_query_value(req, "state"), *check = tz_query_value(req, "check");
    const tz_check *known = check == NULL ? NULL : tz_packs_check(req->session->packs, check);

    (void)json_object_set_new(data, "states", tz_web_choices(req, STATES, state == NULL ? "open" : state));
    (void)json_object_set_new(data, "verdicts", tz_web_choices(req, VERDICTS, tz_query_value(req, "verdict")));
    (void)json_object_set_new(data, "levels", tz_web_choices(req, LEVELS, tz_query_value(req, "level")));
    (void)json_object_set_new(data, "townships", tz_web_townships(req, tz_query_value(req, "where")));
    (void)json_object_set_new(data, "reasons", reasons_of(req));
    tz_json_set_str(data, "check", known == NULL ? NULL : known->name);
    tz_json_set_str(data, "check_title", known == NULL ? NULL : tz_web_half(req, known->title));
    tz_json_set_str(data, "subject", tz_query_value(req, "subject"));
}

tz_rc tz_web_findings(tz_request *req, tz_reply *reply, tz_err *err)
{
    static const tz_web_list LIST = {.path = "/findings", .key = "finding", .columns = COLUMNS, .filters = FILTERS, .sorts = SORTS,
                                     .read = read_page, .count = count};
    tz_rc rc = tz_web_list_show(req, reply, &LIST, err);

    if (rc == TZ_OK)
        put_choices(req, reply->data);
    return rc;
}

/* ---- One ---- */

/* One that the actor may see; else it is as if it was not there. */
static tz_rc check_scope(tz_request *req, int64_t finding, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    json_t           *places = tz_web_places(req), *rows = NULL;
    tz_finding_filter filter = {.finding = finding, .places = places, .is_masked = true, .lang = req->lang};

    tz_err            none = {0};

    rc = tz_findings(req->mem, req->session->store, req->session->packs, &filter, &rows, &none);
    if (rc == TZ_MISSING)
        rc = tz_access_missing(err);
    else if (rc != TZ_OK)
        *err = none;
    json_decref(places);
    json_decref(rows);
    return rc;
}

static void dress_history(const tz_request *req, json_t *finding)
{
    json_t *line;
    size_t  i;

    json_array_foreach(json_object_get(finding, "history"), i, line) {
        tz_json_set_str(line, "event_word", word_of(req, tz_json_str(line, "event")));
        tz_json_set_str(line, "cleared_word", word_of(req, tz_json_str(line, "cleared_why")));
    }
}

/* A year from today: how long an exception holds unless somebody says otherwise. */
static const char *a_year_on(const tz_request *req)
{
    char    text[TZ_DATE_TEXT];
    int64_t days = tz_app_now_ms(req->session->app) / 86400000 + 365;

    tz_date_format(tz_date_from_days(days), text);
    return tz_arena_dup(req->mem, text);
}

/* The query of the list that the finding was opened from, as the form brought it back; nothing else is taken over. */
static const char *form_back(const tz_request *req)
{
    const char *back = tz_form(req, "back");
    return back != NULL && back[0] == '?' && strlen(back) < 2000 ? back : "";
}

/* A filter of the list, of the address or, where the form comes back with an error, of the form. */
static void put_filter(const tz_request *req, const char *name, json_t *data)
{
    const char *value = tz_query_value(req, name);
    tz_json_set_str(data, name, value != NULL ? value : tz_form(req, name));
}

tz_rc tz_web_finding(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0, done = 0;
    json_t *finding = NULL, *filters = json_object();

    TZ_TRY(tz_param_number(req, "finding", &number, err));
    TZ_TRY(check_scope(req, number, err));
    const char *id = tz_arena_printf(req->mem, "%lld", (long long)number);
    bool        is_revealed = tz_revealed(req, "finding", id);
    TZ_TRY(tz_finding_show(req->mem, req->session->store, req->session->packs, number, !is_revealed, req->lang, &finding, err));
    dress(req, finding);
    dress_history(req, finding);
    (void)json_object_set_new(finding, "has_values", json_boolean(json_array_size(json_object_get(finding, "values")) > 0));
    TZ_TRY(tz_query_number(req, "done", 0, &done, err));
    (void)json_object_set(reply->data, "finding", finding);
    (void)json_object_set_new(reply->data, "is_masked", json_boolean(!is_revealed));
    (void)json_object_set_new(reply->data, "reasons", reasons_of(req));
    (void)json_object_set_new(reply->data, "done", done == 0 ? json_null() : json_integer(done));
    tz_json_set_str(reply->data, "back", tz_form(req, "back") != NULL ? form_back(req) : tz_web_query_with(req, NAMES, NULL, NULL));
    put_filter(req, "check", filters);
    put_filter(req, "level", filters);
    put_filter(req, "where", filters);
    (void)json_object_set(reply->data, "filters", filters);
    tz_json_set_str(reply->data, "kind", "finding");
    tz_json_set_str(reply->data, "id", id);
    tz_json_set_str(reply->data, "until", a_year_on(req));
    tz_json_set_str(reply->data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "疑点 F%lld" : "Finding F%lld", (long long)number));
    (void)json_object_set_new(reply->data, "crumbs", json_pack("[{s:s, s:s}, {s:s}]", "href",
                                                               tz_arena_printf(req->mem, "/findings%s", tz_json_str(reply->data, "back")), "text",
                                                               req->lang == TZ_ZH ? "疑点" : "Findings", "text",
                                                               tz_arena_printf(req->mem, "F%s", id)));
done:
    json_decref(finding);
    json_decref(filters);
    return rc;
}

/* ---- Verdicts ---- */

/* "real" or "not real" of the form. */
static tz_rc read_verdict(tz_request *req, bool *ret_is_real, tz_err *err)
{
    const char *verdict = tz_form(req, "verdict");

    if (verdict == NULL || (strcmp(verdict, "real") != 0 && strcmp(verdict, "not real") != 0))
        return tz_fail(err, TZ_USAGE, "请选择 “属实” 或 “不属实”", "choose real or not real");
    if (strcmp(verdict, "real") != 0 && tz_form(req, "reason") == NULL)
        return tz_fail(err, TZ_USAGE, "请先选不属实的理由", "choose the reason for not real first");
    *ret_is_real = strcmp(verdict, "real") == 0;
    return TZ_OK;
}

/* The next of the same list that nobody judged; 0: none. */
static tz_rc find_next(tz_request *req, int64_t finding, int64_t *ret_next, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    json_t           *places = tz_web_places(req), *rows = NULL;
    tz_finding_filter filter = {.state = "open", .verdict = "none", .level = tz_form(req, "level"), .check = tz_form(req, "check"),
                                .where = tz_form(req, "where"), .places = places, .after = finding, .limit = 1, .is_masked = true,
                                .lang = req->lang};

    TZ_TRY(tz_findings(req->mem, req->session->store, req->session->packs, &filter, &rows, err));
    *ret_next = tz_json_int(json_array_get(rows, 0), "finding", 0);
done:
    json_decref(places);
    json_decref(rows);
    return rc;
}

tz_rc tz_web_finding_verdict(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0, next = 0;
    bool        is_real = false;
    const char *back = form_back(req);

    reply->again = tz_web_finding;
    TZ_TRY(tz_param_number(req, "finding", &number, err));
    TZ_TRY(read_verdict(req, &is_real, err));
    TZ_TRY(tz_verdict(req->session->store, req->session->packs, number, is_real, is_real ? NULL : tz_form(req, "reason"), tz_form(req, "note"), err));
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "F%lld:%s" : "F%lld: %s", (long long)number,
                                    word_of(req, is_real ? "real" : "not real"));
    reply->redirect = tz_arena_printf(req->mem, "/findings/%lld%s", (long long)number, back);
    if (tz_form(req, "stay") != NULL)
        goto done;
    TZ_TRY(find_next(req, number, &next, err));
    reply->redirect = next == 0 ? tz_arena_printf(req->mem, "/findings%s", back)
                                : tz_arena_printf(req->mem, "/findings/%lld%s%sdone=%lld", (long long)next, back, back[0] == '\0' ? "?" : "&",
                                                  (long long)number);
done:
    return rc;
}

tz_rc tz_web_findings_verdict(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    bool        is_real = false;
    const char *value;
    TZ_ARRAY(int64_t) chosen = {0};

    for (size_t i = 0; (value = tz_form_nth(req, "finding", i)) != NULL; i++) {
        int64_t number = 0;
        if (!tz_text_int(tz_text_of(value), &number) || number <= 0)
            return tz_fail(err, TZ_USAGE, "不是疑点编号", "this is no finding's number");
        tz_push(req->mem, &chosen, number);
    }
    if (chosen.count == 0)
        return tz_fail(err, TZ_USAGE, "没有勾选任何疑点", "no finding was chosen");
    TZ_TRY(read_verdict(req, &is_real, err));
    TZ_TRY(tz_verdict_many(req->session->store, req->session->packs, chosen.items, chosen.count, is_real, is_real ? NULL : tz_form(req, "reason"),
                           tz_form(req, "note"), err));
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%zu 条疑点已判定:%s" : "%zu findings: %s", chosen.count,
                                    word_of(req, is_real ? "real" : "not real"));
    reply->redirect = tz_arena_printf(req->mem, "/findings%s", form_back(req));
done:
    return rc;
}

/* ---- Exceptions ---- */

tz_rc tz_web_finding_except(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0, exception = 0;
    int32_t     until = 0;
    const char *text = tz_form(req, "until");

    reply->again = tz_web_finding;
    TZ_TRY(tz_param_number(req, "finding", &number, err));
    if (text == NULL || !tz_date_parse_iso(tz_text_of(text), &until)) {
        rc = tz_fail(err, TZ_USAGE, "截止日期写作 YYYY-MM-DD", "the last day is YYYY-MM-DD");
        goto done;
    }
    TZ_TRY(tz_exception_add(req->session->store, number, until, tz_form(req, "note"), &exception, err));
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "例外 %lld 已登记,到 %s 为止" : "exception %lld holds until %s",
                                    (long long)exception, text);
    reply->redirect = tz_arena_printf(req->mem, "/findings/%lld", (long long)number);
done:
    return rc;
}

tz_rc tz_web_exception_end(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    const char *why = tz_form(req, "why"), *next = tz_form(req, "next");

    TZ_TRY(tz_param_number(req, "exception", &number, err));
    TZ_TRY(tz_exception_end(req->session->store, number, why == NULL ? "" : why, err));
    reply->notice = req->lang == TZ_ZH ? "例外已终止" : "the exception has ended";
    reply->redirect = tz_is_own_path(next) ? next : "/findings";
done:
    return rc;
}
