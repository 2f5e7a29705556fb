/* ledger - the list of issues. */
#include <string.h>

#include "ledger/issue.h"
#include "store/user.h"
#include "web/leading.h"
#include "web/listing.h"
#include "web/pages.h"

static const char *const FILTERS[] = {"ledger", "state", "unit", "level", "where", "check", "handler", "overdue", "q", NULL};
static const char *const SORTS[] = {"urgency", "due", "number", NULL};
static const tz_list_column COLUMNS[] = {
    {"issue", "问题|issue", true},      {"level_word", "级别|level", false}, {"word", "状态|state", false}, {"standing_word", "另|standing", false},
    {"title", "问题描述|what", false},  {"unit", "承办|unit", false},        {"due", "期限|due", false},    {"days_left", "余天|days left", true},
    {"letter", "函|letter", false},     {"raised_by", "来源|raised by", false}, {NULL, NULL, false},
};

/* The filter as the address has it; units and places are the caller's to give back. */
static tz_issue_filter filter_of(tz_request *req, json_t *units, json_t *places)
{
    const char *where = tz_web_filter(req, "where", NULL);
    size_t      size = where == NULL ? 0 : strlen(where);

    while (size > 6 && size % 3 == 0 && strncmp(where + size - 3, "000", 3) == 0)
        size -= 3;
    return (tz_issue_filter){.ledger = tz_web_filter(req, "ledger", NULL), .state = tz_web_filter(req, "state", "open"),
                             .unit = tz_web_filter(req, "unit", NULL), .level = tz_web_filter(req, "level", NULL),
                             .place = where == NULL ? NULL : tz_arena_copy(req->mem, where, size), .check = tz_web_filter(req, "check", NULL),
                             .handler = tz_web_filter(req, "handler", NULL), .is_overdue = tz_query_value(req, "overdue") != NULL,
                             .text = tz_query_value(req, "q"), .units = units, .places = places, .is_masked = true, .lang = req->lang};
}

/* What a page says of a line beside what the ledger gives. */
static void dress(tz_request *req, json_t *rows)
{
    size_t  i;
    json_t *row;

    json_array_foreach(rows, i, row) {
        const char *level = tz_json_str(row, "level");
        (void)json_object_del(row, "history");
        tz_json_set_str(row, "level_word", tz_web_half(req, strcmp(level, "red") == 0      ? "红|red"
                                                            : strcmp(level, "orange") == 0 ? "橙|orange"
                                                                                           : "黄|yellow"));
        (void)json_object_set_new(row, "is_late", json_boolean(tz_json_int(row, "days_left", 0) < 0));
    }
}

static tz_rc read_page(tz_request *req, const tz_web_range *range, json_t **ret_rows, tz_err *err)
{
    json_t         *units = tz_web_units(req), *places = tz_web_places(req);
    tz_issue_filter filter = filter_of(req, units, places);

    filter.sort = range->sort == NULL ? "urgency" : range->sort;
    filter.is_descending = range->is_descending;
    filter.after = range->after;
    filter.before = range->before;
    filter.limit = range->limit;
    tz_rc rc = tz_issue_list(req->mem, req->session->store, req->session->packs, &filter, ret_rows, err);
    if (rc == TZ_OK)
        dress(req, *ret_rows);
    json_decref(units);
    json_decref(places);
    return rc;
}

static tz_rc count(tz_request *req, int64_t most, int64_t *ret_count, tz_err *err)
{
    json_t         *units = tz_web_units(req), *places = tz_web_places(req);
    tz_issue_filter filter = filter_of(req, units, places);
    tz_rc           rc = TZ_OK;

    if (filter.text != NULL)
        *ret_count = -1;
    else
        rc = tz_issue_count(req->mem, req->session->store, req->session->packs, &filter, most, ret_count, err);
    json_decref(units);
    json_decref(places);
    return rc;
}

/* ---- What can be chosen ---- */

static json_t *ledgers_of(tz_request *req)
{
    const char *chosen = tz_query_value(req, "ledger");
    json_t     *list = json_array();

    for (size_t i = 0; i < req->session->packs->packs.count; i++) {
        const tz_pack *pack = &req->session->packs->packs.items[i];
        for (size_t j = 0; j < pack->ledgers.count; j++)
            (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "value", pack->ledgers.items[j].name, "text",
                                                        tz_web_half(req, pack->ledgers.items[j].title), "is_chosen",
                                                        chosen != NULL && strcmp(chosen, pack->ledgers.items[j].name) == 0));
    }
    return list;
}

static tz_rc put_units(tz_request *req, json_t *data, tz_err *err)
{
    json_t     *units = NULL, *unit;
    const char *chosen = tz_query_value(req, "unit");
    size_t      i;
    tz_rc       rc = tz_unit_list(req->session->store, &units, err);

    if (rc != TZ_OK)
        return rc;
    json_array_foreach(units, i, unit)
        (void)json_object_set_new(unit, "is_chosen", json_boolean(chosen != NULL && strcmp(chosen, tz_json_str(unit, "unit")) == 0));
    (void)json_object_set_new(data, "units", units);
    return TZ_OK;
}

static void put_choices(tz_request *req, json_t *data)
{
    static const char *const STATES[] = {"open|未了结|not ended", "all|全部|all", "assigned|已交办|assigned", "rectifying|整改中|rectifying",
                                         "submitted|已申请销号|submitted", "checked|已核查|checked",
                                         "published|公示中|published", "closed|已销号|closed",
                                         "closed-pending-data|待数据验证|pending data",
                                         "dismissed|不成立|dismissed", "transferred|已移送|transferred", NULL};
    static const char *const LEVELS[] = {"red|● 红|red", "orange|▲ 橙|orange", "yellow|■ 黄|yellow", NULL};
    const char *state = tz_query_value(req, "state");

    (void)json_object_set_new(data, "states", tz_web_choices(req, STATES, state == NULL ? "open" : state));
    (void)json_object_set_new(data, "levels", tz_web_choices(req, LEVELS, tz_query_value(req, "level")));
    (void)json_object_set_new(data, "townships", tz_web_townships(req, tz_query_value(req, "where")));
    (void)json_object_set_new(data, "ledgers", ledgers_of(req));
    (void)json_object_set_new(data, "overdue", json_boolean(tz_query_value(req, "overdue") != NULL));
}

tz_rc tz_web_issues(tz_request *req, tz_reply *reply, tz_err *err)
{
    static const tz_web_list LIST = {.path = "/issues", .key = "issue", .columns = COLUMNS, .filters = FILTERS, .sorts = SORTS, .read = read_page,
                                     .count = count};
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_web_list_show(req, reply, &LIST, err));
    put_choices(req, reply->data);
    TZ_TRY(put_units(req, reply->data, err));
done:
    return rc;
}
