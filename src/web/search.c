/* search - one box over issues, findings, rules, figures, registers and villages. */
#include <string.h>

#include "base/idcard.h"
#include "checks/check.h"
#include "ledger/issue.h"
#include "web/auth.h"
#include "web/leading.h"
#include "web/listing.h"
#include "web/pages.h"

enum { SHOWN = 20 };

typedef struct {
    tz_request *req;
    const char *text;
    json_t     *groups;
    size_t      count;
} searching;

/* A group with its heading; it is shown if anything was found. */
static void add_group(searching *of, const char *title, json_t *lines)
{
    if (json_array_size(lines) > 0)
        (void)json_array_append_new(of->groups, json_pack("{s:s, s:O}", "title", tz_web_half(of->req, title), "lines", lines));
    of->count += json_array_size(lines);
    json_decref(lines);
}

static void add_line(json_t *lines, const char *href, const char *text, const char *note)
{
    json_t *line = json_pack("{s:s, s:s}", "href", href, "text", text);

    tz_json_set_str(line, "note", note);
    (void)json_array_append_new(lines, line);
}

/* ---- Rules, figures, registers, villages ---- */

static bool fits(const searching *of, const char *name, const char *title)
{
    return strstr(name, of->text) != NULL || (title != NULL && strstr(title, of->text) != NULL);
}

static void find_declared(searching *of)
{
    tz_request *req = of->req;
    json_t     *checks = json_array(), *figures = json_array(), *registers = json_array();

    for (size_t p = 0; p < req->session->packs->packs.count; p++) {
        const tz_pack *pack = &req->session->packs->packs.items[p];
        for (size_t i = 0; i < pack->checks.count; i++)
            if (fits(of, pack->checks.items[i].name, pack->checks.items[i].title) && json_array_size(checks) < SHOWN)
                add_line(checks, tz_arena_printf(req->mem, "/checks/%s", pack->checks.items[i].name),
                         tz_web_half(req, pack->checks.items[i].title), pack->checks.items[i].name);
        for (size_t i = 0; i < pack->figures.count; i++)
            if (fits(of, pack->figures.items[i].name, pack->figures.items[i].title) && json_array_size(figures) < SHOWN)
                add_line(figures, tz_arena_printf(req->mem, "/figures/%s", pack->figures.items[i].name),
                         tz_web_half(req, pack->figures.items[i].title), pack->figures.items[i].name);
        for (size_t i = 0; i < pack->registers.count; i++)
            if (fits(of, pack->registers.items[i].name, pack->registers.items[i].title) && json_array_size(registers) < SHOWN &&
                tz_may_register(req->actor, pack->registers.items[i].name))
                add_line(registers, tz_arena_printf(req->mem, "/registers/%s", pack->registers.items[i].name),
                         tz_web_half(req, pack->registers.items[i].title), pack->registers.items[i].name);
    }
    bool may_look = tz_may(req->actor, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR);
    add_group(of, "规则|Checks", may_look ? checks : json_array());
    add_group(of, "指标|Figures", may_look ? figures : json_array());
    add_group(of, "名册|Registers", registers);
    if (!may_look) {
        json_decref(checks);
        json_decref(figures);
    }
}

static void find_villages(searching *of)
{
    tz_request      *req = of->req;
    const tz_county *county = req->session->store->county;
    json_t          *places = json_array();

    for (size_t i = 0; i < county->divisions.count && json_array_size(places) < SHOWN; i++) {
        const tz_division *one = &county->divisions.items[i];
        if (one->level == TZ_DIVISION_COUNTY || strstr(one->name, of->text) == NULL || !tz_may_division(req->actor, one->code))
            continue;
        add_line(places, tz_arena_printf(req->mem, "/issues?where=%s&state=all", one->code), one->name, one->code);
    }
    add_group(of, "乡镇和村|Townships and villages", places);
}

/* ---- Issues and findings ---- */

static tz_rc find_issues(searching *of, tz_err *err)
{
    tz_request     *req = of->req;
    json_t         *rows = NULL, *row, *lines = json_array(), *units = tz_web_units(req), *places = tz_web_places(req);
    size_t          i;
    int64_t         number = 0;
    bool            is_number = tz_text_int(tz_text_of(of->text + (of->text[0] == '#')), &number) && number > 0;
    tz_issue_filter filter = {.text = is_number ? tz_arena_printf(req->mem, "#%lld", (long long)number) : of->text, .units = units, .places = places,
                              .after = is_number ? number - 1 : 0, .limit = is_number ? 1 : SHOWN, .is_masked = true, .lang = req->lang};
    tz_rc           rc = tz_issue_list(req->mem, req->session->store, req->session->packs, &filter, &rows, err);

    json_array_foreach(rows, i, row) {
        int64_t issue = tz_json_int(row, "issue", 0);
        add_line(lines, tz_arena_printf(req->mem, "/issues/%lld", (long long)issue),
                 tz_arena_printf(req->mem, "#%lld %s", (long long)issue, tz_json_str(row, "title")), tz_json_str(row, "word"));
    }
    add_group(of, "问题|Issues", lines);
    json_decref(rows);
    json_decref(units);
    json_decref(places);
    return rc;
}

static tz_rc find_findings(searching *of, tz_err *err)
{
    tz_request       *req = of->req;
    json_t           *rows = NULL, *row, *lines = json_array(), *places = tz_web_places(req);
    size_t            i;
    int64_t           number = 0;
    bool              is_number = tz_text_int(tz_text_of(of->text + (of->text[0] == 'F' || of->text[0] == 'f')), &number) && number > 0;
    tz_finding_filter filter = {.text = is_number ? NULL : of->text, .finding = is_number ? number : 0, .places = places, .limit = SHOWN,
                                .is_masked = true, .lang = req->lang};
    tz_rc             rc = tz_findings(req->mem, req->session->store, req->session->packs, &filter, &rows, err);

    rc = rc == TZ_MISSING ? TZ_OK : rc;
    json_array_foreach(rows, i, row) {
        int64_t finding = tz_json_int(row, "finding", 0);
        add_line(lines, tz_arena_printf(req->mem, "/findings/%lld", (long long)finding),
                 tz_arena_printf(req->mem, "F%lld %s", (long long)finding, tz_json_str(row, "message")), tz_json_str(row, "check"));
    }
    add_group(of, "疑点|Findings", lines);
    json_decref(rows);
    json_decref(places);
    return rc;
}

/* An identity number is asked for by a form of the households' page, so that it stands in no address and no history. */
static bool is_number_of_a_person(const searching *of, tz_reply *reply)
{
    if (!tz_idcard_is_valid(tz_text_of(of->text)))
        return false;
    reply->redirect = tz_may(of->req->actor, TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR) ? "/households" : "/search";
    reply->notice = tz_web_half(of->req, "证件号码不写进地址:请在“户”里查|A number does not belong into an address: look under Households");
    return true;
}

tz_rc tz_web_search(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *text = tz_query_value(req, "q");
    const char *plain = tz_plain(req, text);
    bool        is_number = plain != NULL && plain[strspn(plain, "#Ff0123456789Xx")] == '\0';
    searching   of = {.req = req, .text = is_number ? plain : text, .groups = json_array()};

    tz_json_set_str(reply->data, "q", text);
    if (text == NULL || is_number_of_a_person(&of, reply))
        goto done;
    TZ_TRY(find_issues(&of, err));
    if (tz_may(req->actor, TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR))
        TZ_TRY(find_findings(&of, err));
    find_declared(&of);
    find_villages(&of);
    (void)json_object_set(reply->data, "groups", of.groups);
    tz_json_set_int(reply->data, "count", (int64_t)of.count);
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(of.count == 0));
done:
    json_decref(of.groups);
    return rc;
}
