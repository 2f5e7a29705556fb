#include "web/mine.h"

#include <string.h>


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
