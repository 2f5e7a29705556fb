#include "web/mine.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"

tz_rc tz_web_view(tz_request *req, const char *kind, const char *id, tz_household_view *ret_view, tz_err *err)
{
    tz_household_view view = {.is_masked = !tz_revealed(req, kind, id), .lang = req->lang};
    tz_rc             rc = tz_day_resolve(req->session->store, req->day, &view.day, err);

    if (rc == TZ_OK)
        *ret_view = view;
    return rc;
}

/* A link carries the day on. A row by its register, batch and row; sheets are numbered, findings give their names alone. */
static void link_row(const tz_request *req, json_t *row)
{
    const char *address = tz_json_str(row, "address"), *day = req->day.as_of == 0 ? "" : tz_web_day_query(req, req->day);

    if (address != NULL)
        tz_json_set_str(row, "href", tz_arena_printf(req->mem, "/rows/%s%s", address, day));
    else if (tz_json_str(row, "register") != NULL && tz_json_int(row, "row", 0) > 0)
        tz_json_set_str(row, "href", tz_arena_printf(req->mem, "/rows/%s/%lld/%lld/%lld%s", tz_json_str(row, "register"),
                                                     (long long)tz_json_int(row, "batch", 0), (long long)tz_json_int(row, "sheet_no", 1),
                                                     (long long)tz_json_int(row, "row", 0), day));
}

void tz_web_link_rows(const tz_request *req, json_t *data)
{
    const char *key;
    size_t      i;
    json_t     *value;

    if (json_is_array(data)) {
        json_array_foreach(data, i, value)
            tz_web_link_rows(req, value);
        return;
    }
    if (!json_is_object(data))
        return;
    if (json_object_get(data, "register") != NULL && json_object_get(data, "row") != NULL && !json_is_object(json_object_get(data, "row")))
        link_row(req, data);
    json_object_foreach(data, key, value)
        tz_web_link_rows(req, value);
}

void tz_web_crumb(json_t *data, const char *href, const char *text)
{
    json_t *crumbs = json_object_get(data, "crumbs"), *crumb = json_object();

    if (crumbs == NULL) {
        crumbs = json_array();
        (void)json_object_set_new(data, "crumbs", crumbs);
    }
    tz_json_set_str(crumb, "href", href);
    tz_json_set_str(crumb, "text", text);
    (void)json_array_append_new(crumbs, crumb);
}

void tz_web_count(json_t *data, const char *name, int64_t count)
{
    (void)json_object_set_new(data, name, count == 0 ? json_null() : json_integer(count));
}

const char *tz_web_china_time(const tz_request *req, const char *at)
{
    int  year = 0, month = 0, day = 0, hour = 0, minute = 0;
    char date[TZ_DATE_TEXT];

    if (sscanf(at, "%4d-%2d-%2dT%2d:%2d", &year, &month, &day, &hour, &minute) != 5 || tz_date_make(year, month, day) == 0)
        return at;
    hour += 8;
    tz_date_format(tz_date_add(tz_date_make(year, month, day), hour / 24), date);
    return tz_arena_printf(req->mem, "%s %02d:%02d", date, hour % 24, minute);
}
