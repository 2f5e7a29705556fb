/* today - the work list: new suspicions, what is due or late, what came back, what asks for an answer or a signature. */
#include <string.h>

#include "checks/check.h"
#include "ledger/agenda.h"
#include "web/mine.h"
#include "web/pages.h"

enum { SHOWN = 20, SHOWN_NEW = 8 };

static tz_rc put_findings(tz_request *req, const json_t *places, json_t *data, tz_err *err)
{
    int64_t           total = 0;
    json_t           *findings = NULL, *list = json_object();
    tz_finding_filter filter = {.state = "open", .places = places, .is_waiting = true, .limit = SHOWN_NEW, .ret_total = &total, .is_masked = true,
                                .lang = req->lang};
    tz_rc             rc = tz_findings(req->mem, req->session->store, req->session->packs, &filter, &findings, err);

    if (rc == TZ_OK) {
        size_t  i;
        json_t *finding;
        json_array_foreach(findings, i, finding) {
            const tz_check *check = tz_packs_check(req->session->packs, tz_json_str(finding, "check"));
            tz_json_set_str(finding, "unit", check == NULL ? NULL : check->owner);
            tz_json_set_str(finding, "title", check == NULL ? NULL : tz_web_half(req, check->title));
        }
        tz_web_count(list, "total", total);
        tz_web_count(list, "more", total > SHOWN_NEW ? total - SHOWN_NEW : 0);
        (void)json_object_set(list, "findings", findings);
        (void)json_object_set(data, "new", list);
    }
    json_decref(findings);
    json_decref(list);
    return rc;
}

/* Sections of templates hold where something is: numbers of days as words that are there or not. */
static void dress_issues(tz_request *req, json_t *list)
{
    json_t *issues = json_object_get(list, "issues"), *issue;
    size_t  i;
    int64_t total = tz_json_int(list, "total", 0);

    json_array_foreach(issues, i, issue) {
        int64_t left = tz_json_int(issue, "days_left", 0);
        bool    has_days = json_is_integer(json_object_get(issue, "days_left"));
        tz_json_set_str(issue, "late", has_days && left < 0 ? tz_arena_printf(req->mem, "%lld", (long long)-left) : NULL);
        tz_json_set_str(issue, "left", has_days && left >= 0 ? tz_arena_printf(req->mem, "%lld", (long long)left) : NULL);
    }
    tz_web_count(list, "total", total);
    tz_web_count(list, "more", total > (int64_t)json_array_size(issues) ? total - (int64_t)json_array_size(issues) : 0);
    (void)json_object_set_new(list, "has_any", json_boolean(total > 0));
}

tz_rc tz_web_today(tz_request *req, tz_reply *reply, tz_err *err)
{
    static const char *const LISTS[] = {"due", "returned", "answer", "sign"};
    tz_rc         rc = TZ_OK;
    json_t       *places = tz_web_places(req), *agenda = NULL;
    tz_agenda_who who = {.user = req->actor->user, .unit = req->actor->unit, .places = places, .is_county = req->actor->is_county,
                         .limit = SHOWN, .is_masked = true, .lang = req->lang};

    if (!tz_may(req->actor, TZ_ROLE_CLERK) || tz_may(req->actor, TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR))
        TZ_TRY(put_findings(req, places, reply->data, err));
    TZ_TRY(tz_issue_agenda(req->mem, req->session->store, req->session->packs, &who, &agenda, err));
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++)
        dress_issues(req, json_object_get(agenda, LISTS[i]));
    tz_web_count(reply->data, "rest", tz_json_int(json_object_get(agenda, "rest"), "total", 0));
    json_object_del(agenda, "rest");
    (void)json_object_update(reply->data, agenda);
    tz_web_link_rows(req, reply->data);
done:
    json_decref(places);
    json_decref(agenda);
    return rc;
}
