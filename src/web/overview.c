/* overview - the leader's page: three sentences, townships beside mechanisms, the months, who is late. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "ledger/overview.h"
#include "report/assertion.h"
#include "web/leading.h"
#include "web/pages.h"

static void put_months(const tz_request *req, json_t *data)
{
    tz_picture picture = {.kind = TZ_PICTURE_LINES, .title = tz_web_half(req, "月末在办问题,件|Issues open at month's end"), .series_count = 1};
    json_t    *month;
    size_t     i;

    picture.series = tz_new_array(req->mem, const char *, 1);
    picture.series[0] = tz_web_half(req, "在办|open");
    json_array_foreach(json_object_get(data, "months"), i, month) {
        const char     *name = tz_json_str(month, "month"); /* the year stands where it begins */
        bool            is_first = i == 0 || strcmp(name + 5, "01") == 0;
        int64_t         open = tz_json_int(month, "open", 0);
        tz_picture_item item = {.label = tz_arena_dup(req->mem, is_first ? name + 2 : name + 5), .values = tz_new_array(req->mem, double, 1),
                                .printed = tz_new_array(req->mem, const char *, 1)};
        item.values[0] = (double)open;
        item.printed[0] = tz_arena_printf(req->mem, "%lld", (long long)open);
        tz_push(req->mem, &picture.items, item);
    }
    (void)json_object_set_new(data, "picture", tz_web_picture(req, &picture));
}

/* The township with the most open issues, and the month's numbers: what the sentences say. */
static void put_sentences(json_t *data)
{
    const json_t *months = json_object_get(data, "months"), *most = NULL;
    json_t       *town;
    size_t        i;

    json_array_foreach(json_object_get(data, "townships"), i, town)
        if (tz_json_str(town, "place") != NULL && tz_json_int(town, "open", 0) > (most == NULL ? 0 : tz_json_int(most, "open", 0)))
            most = town;
    if (most != NULL)
        (void)json_object_set_new(data, "most", json_pack("{s:O, s:O, s:O}", "name", json_object_get(most, "name"), "open",
                                                          json_object_get(most, "open"), "place", json_object_get(most, "place")));
    (void)json_object_set(data, "month", json_array_get(months, json_array_size(months) - 1));
    const json_t *units = json_object_get(data, "units");
    if (json_array_size(units) > 0) {
        const json_t *longest = json_array_get(units, 0);
        json_array_foreach((json_t *)units, i, town)
            if (tz_json_int(town, "days", 0) > tz_json_int(longest, "days", 0))
                longest = town;
        (void)json_object_set_new(data, "late_units", json_integer((json_int_t)json_array_size(units)));
        (void)json_object_set(data, "longest", (json_t *)longest);
    }
}

/* How many figures have a value, and how many statements between them are broken. */
static tz_rc put_figures(tz_request *req, const tz_figure_values *values, json_t *data, tz_err *err)
{
    tz_judgement judgement = {0};
    size_t       known = 0, broken = 0;
    tz_rc        rc = tz_assertions_judge(req->mem, req->session->packs, values, NULL, req->lang, &judgement, err);

    if (rc != TZ_OK)
        return rc;
    for (size_t i = 0; i < values->count; i++)
        known += values->items[i].value != NULL;
    for (size_t i = 0; i < judgement.count; i++)
        broken += judgement.items[i].truth == TZ_BROKEN;
    (void)json_object_set_new(data, "figures", json_pack("{s:I, s:I, s:I, s:I}", "all", (json_int_t)values->count, "known", (json_int_t)known,
                                                         "unknown", (json_int_t)(values->count - known), "broken", (json_int_t)broken));
    return TZ_OK;
}

tz_rc tz_web_overview(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc               rc = TZ_OK;
    tz_session         *session = req->session;
    tz_overview_options options = {.day = req->day.as_of, .lang = req->lang, .divisions = tz_web_scope(req)};
    tz_figure_values    values = {0};
    tz_day              day = {0};
    json_t             *overview = NULL;
    bool                is_ready = true, has_day = tz_day_resolve(session->store, req->day, &day, err) == TZ_OK;

    if (has_day && req->actor->is_county)
        TZ_TRY(tz_web_figures_of(req, reply, day, &values, &is_ready, err));
    if (!is_ready)
        goto done;
    TZ_TRY(tz_ledger_overview(req->mem, session->store, session->packs, &options, &overview, err));
    (void)json_object_update(reply->data, overview);
    put_months(req, reply->data);
    put_sentences(reply->data);
    if (has_day && req->actor->is_county) {
        TZ_TRY(put_figures(req, &values, reply->data, err));
        tz_json_set_str(reply->data, "day_query", tz_web_day_query(req, day));
    }
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(!has_day));
    (void)json_object_set_new(reply->data, "is_past", json_boolean(req->day.as_of != 0));
    tz_json_set_str(reply->data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%s总览" : "%s at a glance", session->store->county->name));
done:
    json_decref(overview);
    return rc;
}
