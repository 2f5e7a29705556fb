/* households - a household on one page, the search for one, a person's, and one row of a register. */
#include <string.h>

#include "report/rowpage.h"
#include "web/desk_page.h"
#include "web/mine.h"
#include "web/pages.h"

enum { FOUND = 100, FOUND_OF_FILE = 20000 };

/* ---- Searching ---- */

/* The townships and villages that the reader may choose from. */
static json_t *divisions_of(const tz_request *req, const char *chosen)
{
    json_t          *list = json_array();
    const tz_county *county = req->session->store->county;

    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *one = &county->divisions.items[i];
        if (one->level == TZ_DIVISION_COUNTY || !tz_may_division(req->actor, one->code))
            continue;
        json_t *line = json_object();
        tz_json_set_str(line, "code", one->code);
        tz_json_set_str(line, "name", one->name);
        (void)json_object_set_new(line, "is_village", json_boolean(one->level == TZ_DIVISION_VILLAGE));
        (void)json_object_set_new(line, "is_chosen", json_boolean(chosen != NULL && strcmp(chosen, one->code) == 0));
        (void)json_array_append_new(list, line);
    }
    return list;
}

/* A township's code begins its villages'. */
static const char *prefix_of(const tz_request *req, const char *code)
{
    size_t size = strlen(code);
    return size == 12 && strcmp(code + 9, "000") == 0 ? tz_arena_copy(req->mem, code, 9) : code;
}

static const tz_list_column COLUMNS[] = {{"household", "户|household", false}, {"name", "户主|head", false}, {"township", "乡镇|township", false},
                                         {"village", "村|village", false},     {"size", "人数|people", true},  {NULL, NULL, false}};

tz_rc tz_web_households(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc               rc = TZ_OK;
    tz_household_view   view = {0};
    const char         *name = tz_query_value(req, "name"), *division = tz_query_value(req, "division");
    json_t             *rows = NULL, *places = tz_web_places(req);
    tz_household_search search = {.name = name, .places = places,
                                   .limit = tz_page_is_file(req) ? FOUND_OF_FILE : FOUND + 1};

    (void)json_object_set_new(reply->data, "divisions", divisions_of(req, division));
    (void)json_object_set_new(reply->data, "is_asked", json_boolean(name != NULL || division != NULL));
    if (name == NULL && division == NULL)
        goto done;
    if (division != NULL && (strspn(division, "0123456789") != strlen(division) || !tz_may_division(req->actor, division))) {
        rc = tz_access_missing(err);
        goto done;
    }
    search.division = division == NULL ? NULL : prefix_of(req, division);
    TZ_TRY(tz_web_view(req, "search", "households", &view, err));
    TZ_TRY(tz_household_find(req->mem, req->session->store, req->session->packs, &view, &search, &rows, err));
    if (tz_page_is_file(req)) {
        rc = tz_page_file(req, reply, rows, COLUMNS, "households", err);
        goto done;
    }
    tz_page_exports(req, reply->data);
    bool is_cut = json_array_size(rows) > FOUND;
    if (is_cut)
        (void)json_array_remove(rows, FOUND);
    (void)json_object_set_new(reply->data, "is_cut", json_boolean(is_cut));
    (void)json_object_set_new(reply->data, "count", json_integer((json_int_t)json_array_size(rows)));
    (void)json_object_set(reply->data, "households", rows);
done:
    json_decref(rows);
    json_decref(places);
    return rc;
}

/* Whether somebody may see a page of these divisions; what lies nowhere is the county's alone. */
static bool may_any(const tz_request *req, const json_t *divisions)
{
    for (size_t i = 0; i < json_array_size(divisions); i++)
        if (tz_may_division(req->actor, json_string_value(json_array_get(divisions, i))))
            return true;
    return json_array_size(divisions) == 0 && req->actor->is_county;
}

/* By number: a form that is posted, so that no number stands in an address or a log. */
tz_rc tz_web_household_find(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_household_view view = {0};
    const char       *id = tz_plain(req, tz_form(req, "id")), *household = NULL;
    json_t           *shown = NULL;

    reply->again = tz_web_households;
    if (id == NULL)
        return tz_fail(err, TZ_USAGE, "请输入公民身份号码", "enter an ID number");
    TZ_TRY(tz_web_view(req, "search", "id", &view, err));
    TZ_TRY(tz_household_of_id(req->mem, req->session->store, view.day, id, &household, err));
    TZ_TRY(tz_household_show(req->mem, req->session->store, req->session->packs, &view, household, &shown, err));
    if (!may_any(req, json_object_get(shown, "divisions"))) { /* the same as for nobody's number */
        (void)tz_fail(err, TZ_MISSING, "名册里没有这个号码的人", "no register has somebody of this number");
        rc = tz_err_advise(err, "号码可能抄错,或此人不在您的区划:按村和姓名查找",
                           "it may be mistyped, or they live elsewhere: look by village and name");
        goto done;
    }
    reply->redirect = tz_arena_printf(req->mem, "/households/%s", household);
done:
    json_decref(shown);
    return rc;
}

tz_rc tz_web_person(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_household_view view = {0};
    const char       *household = NULL;

    TZ_TRY(tz_web_view(req, "person", tz_param(req, "person"), &view, err));
    TZ_TRY(tz_household_of_person(req->mem, req->session->store, view.day, tz_param(req, "person"), &household, err));
    reply->redirect = tz_arena_printf(req->mem, "/households/%s%s", household, req->day.as_of == 0 ? "" : tz_web_day_query(req, req->day));
done:
    return rc;
}

/* ---- One household ---- */

/* Open ones first: a page shows those, and folds the rest. */
static void split_findings(json_t *data)
{
    json_t *open = json_array(), *cleared = json_array(), *finding;
    size_t  i;

    json_array_foreach(json_object_get(data, "findings"), i, finding)
        (void)json_array_append(strcmp(tz_json_str(finding, "state"), "cleared") == 0 ? cleared : open, finding);
    tz_web_count(data, "open_count", (int64_t)json_array_size(open));
    tz_web_count(data, "cleared_count", (int64_t)json_array_size(cleared));
    (void)json_object_set_new(data, "open_findings", open);
    (void)json_object_set_new(data, "cleared_findings", cleared);
}

/* A policy of which there is nothing to say stands in a line of its own. */
static void split_policies(json_t *data)
{
    json_t *told = json_array(), *silent = json_array(), *policy;
    size_t  i;

    json_array_foreach(json_object_get(data, "policies"), i, policy) {
        (void)json_array_append(strcmp(tz_json_str(policy, "state"), "none") == 0 ? silent : told, policy);
        tz_web_count(policy, "more", tz_json_int(policy, "more", 0));
    }
    (void)json_object_set_new(data, "told_policies", told);
    (void)json_object_set_new(data, "silent_policies", silent);
}

static void put_title(const tz_request *req, json_t *data)
{
    const char *name = tz_json_str(data, "name"), *township = tz_json_str(data, "township"), *village = tz_json_str(data, "village");

    tz_json_set_str(data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%s户 · %s %s · %lld 人" : "Household of %s · %s %s · %lld people",
                                                   name == NULL ? "" : name, township == NULL ? "" : township, village == NULL ? "" : village,
                                                   (long long)tz_json_int(data, "size", 0)));
    tz_web_crumb(data, "/households", req->lang == TZ_ZH ? "户" : "Households");
    tz_web_crumb(data, NULL, name == NULL ? tz_json_str(data, "household") : name);
}

tz_rc tz_web_household(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_household_view view = {0};
    const char       *id = tz_param(req, "household");
    json_t           *household = NULL;

    TZ_TRY(tz_web_view(req, "household", id, &view, err));
    TZ_TRY(tz_household_show(req->mem, req->session->store, req->session->packs, &view, id, &household, err));
    if (!may_any(req, json_object_get(household, "divisions"))) {
        rc = tz_access_missing(err);
        goto done;
    }
    if (strcmp(id, tz_json_str(household, "household")) != 0) { /* merged into an older one */
        reply->redirect = tz_arena_printf(req->mem, "/households/%s", tz_json_str(household, "household"));
        goto done;
    }
    (void)json_object_update(reply->data, household);
    tz_json_set_str(reply->data, "kind", "household");
    tz_json_set_str(reply->data, "id", id);
    (void)json_object_set_new(reply->data, "is_masked", json_boolean(view.is_masked));
    tz_web_count(reply->data, "older", tz_json_int(household, "older", 0));
    split_findings(reply->data);
    split_policies(reply->data);
    tz_web_link_rows(req, reply->data);
    put_title(req, reply->data);
done:
    json_decref(household);
    return rc;
}

/* ---- One row ---- */

/* Its register is theirs, or it lies in their divisions. */
static bool may_row(const tz_request *req, const json_t *row)
{
    const char *name = tz_json_str(row, "register");

    if (tz_may_register(req->actor, name))
        return true;
    return tz_may_part(req->actor, name) && json_array_size(json_object_get(row, "divisions")) > 0 && may_any(req, json_object_get(row, "divisions"));
}

static void put_row_title(const tz_request *req, json_t *data)
{
    const char *sheet = tz_json_str(data, "sheet");

    tz_json_set_str(data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%s · %s%s%s · 第 %lld 行" : "%s · %s%s%s · row %lld",
                                                   tz_json_str(data, "title"), tz_json_str(data, "file"), sheet == NULL ? "" : " · ",
                                                   sheet == NULL ? "" : sheet, (long long)tz_json_int(data, "row", 0)));
    tz_web_crumb(data, "/registers", req->lang == TZ_ZH ? "名册" : "Registers");
    tz_web_crumb(data, NULL, tz_json_str(data, "address"));
}

tz_rc tz_web_row(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_household_view view = {0};
    int64_t           row_id = 0;
    json_t           *row = NULL;
    const char       *address = tz_arena_printf(req->mem, "%s/%s/%s/%s", tz_param(req, "register"), tz_param(req, "batch"), tz_param(req, "sheet"),
                                                tz_param(req, "row"));

    TZ_TRY(tz_row_parse(req->session->store, address, &row_id, err));
    const char *id = tz_arena_printf(req->mem, "%lld", (long long)row_id);
    TZ_TRY(tz_web_view(req, "row", id, &view, err));
    TZ_TRY(tz_row_show(req->mem, req->session->store, req->session->packs, &view, row_id, &row, err));
    if (strcmp(tz_json_str(row, "register"), tz_param(req, "register")) != 0 || !may_row(req, row)) {
        rc = tz_access_missing(err);
        goto done;
    }
    (void)json_object_update(reply->data, row);
    (void)json_object_set(reply->data, "batch_as_of", json_object_get(row, "as_of")); /* as_of is the page's day */
    tz_json_set_str(reply->data, "kind", "row");
    tz_json_set_str(reply->data, "id", id);
    (void)json_object_set_new(reply->data, "is_masked", json_boolean(view.is_masked));
    (void)json_object_set_new(reply->data, "has_unread", json_boolean(json_array_size(json_object_get(row, "unread")) > 0));
    (void)json_object_set_new(reply->data, "has_links", json_boolean(json_array_size(json_object_get(row, "links")) > 0));
    tz_web_link_rows(req, reply->data);
    put_row_title(req, reply->data);
done:
    json_decref(row);
    return rc;
}

/* A row by its number alone: its page has its address, and asks on. */
tz_rc tz_web_row_id(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    int64_t       row_id = 0;
    tz_row_found *row = NULL;

    TZ_TRY(tz_param_number(req, "row", &row_id, err));
    TZ_TRY(tz_rows_address(req->mem, req->session->store, &row_id, 1, &row, err));
    if (row->register_name == NULL || !tz_may_part(req->actor, row->register_name)) {
        rc = tz_access_missing(err);
        goto done;
    }
    reply->redirect = tz_arena_printf(req->mem, "/rows/%s/%lld/%lld/%lld", row->register_name, (long long)row->batch,
                                      (long long)tz_row_sheet(row_id), (long long)row->row_no);
done:
    return rc;
}
