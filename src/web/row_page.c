#include "web/row_page.h"

#include <string.h>

#include "web/desk_page.h"

enum { ROWS_OF_A_PAGE = 50 };

/* Each value with its column's kind; a column's sorted addresses. */
static void dress(const tz_request *req, json_t *page)
{
    json_t *row, *value, *column, *columns = json_object_get(page, "columns");
    size_t  i, j;

    json_array_foreach(columns, i, column) {
        const char *name = tz_json_str(column, "name"), *sort = tz_query_value(req, "sort");
        bool        is_up = sort != NULL && strcmp(sort, name) == 0;
        if (json_is_true(json_object_get(column, "is_personal")))
            continue;
        tz_json_set_str(column, "sort", tz_page_with(req, "sort", tz_arena_printf(req->mem, "%s%s", is_up ? "-" : "", name)));
        (void)json_object_set_new(column, "is_up", json_boolean(is_up));
        (void)json_object_set_new(column, "is_down", json_boolean(sort != NULL && sort[0] == '-' && strcmp(sort + 1, name) == 0));
    }
    json_array_foreach(json_object_get(page, "rows"), i, row) {
        json_t *cells = json_array();
        json_array_foreach(json_object_get(row, "values"), j, value) {
            json_t *is_number = json_object_get(json_array_get(columns, j), "is_number");
            (void)json_array_append_new(cells, json_pack("{s:O, s:O}", "value", value, "is_number", is_number));
        }
        (void)json_object_set_new(row, "cells", cells);
        (void)json_object_set_new(row, "has_problems", json_boolean(json_array_size(json_object_get(row, "problems")) > 0));
    }
    (void)json_object_set_new(page, "has_rows", json_boolean(json_array_size(json_object_get(page, "rows")) > 0));
}

tz_rc tz_rows_of_query(const tz_request *req, tz_rows_wanted *ret_wanted, tz_err *err)
{
    const char *which = tz_query_value(req, "rows");
    int64_t     page = 1;
    tz_rc       rc = tz_query_number(req, "page", 1, &page, err);

    if (rc != TZ_OK)
        return rc;
    page = page < 1 ? 1 : page > INT32_MAX ? INT32_MAX : page;
    *ret_wanted = (tz_rows_wanted){
        .which = which == NULL ? TZ_ROWS_ALL : strcmp(which, "quarantined") == 0 ? TZ_ROWS_QUARANTINED : TZ_ROWS_TAKEN,
        .find = tz_query_value(req, "find"), .sort = tz_query_value(req, "sort"), .offset = (page - 1) * ROWS_OF_A_PAGE,
        .limit = ROWS_OF_A_PAGE, .is_masked = true, .lang = req->lang};
    return TZ_OK;
}

tz_rc tz_rows_put(const tz_request *req, json_t *data, json_t *page, tz_err *err)
{
    int64_t offset = 0;
    tz_rc   rc = tz_page_of(req, data, tz_json_int(page, "total", 0), ROWS_OF_A_PAGE, &offset, err);

    dress(req, page);
    (void)json_object_set(data, "page", page);
    return rc;
}

const char *tz_batch_word(const tz_request *req, const char *state)
{
    return tz_page_half(req, strcmp(state, "counts") == 0      ? "计入|counts"
                             : strcmp(state, "corrected") == 0 ? "已被更正替换|replaced by a correction"
                                                               : "已撤回|withdrawn");
}

json_t *tz_batch_view(const tz_request *req, const json_t *row)
{
    json_t *view = json_copy((json_t *)row);

    tz_json_set_str(view, "title", tz_page_register(req, tz_json_str(row, "register")));
    tz_json_set_str(view, "word", tz_batch_word(req, tz_json_str(row, "state")));
    (void)json_object_set_new(view, "is_gone", json_boolean(strcmp(tz_json_str(row, "state"), "counts") != 0));
    (void)json_object_set_new(view, "has_quarantined", json_boolean(tz_json_int(row, "quarantined", 0) > 0));
    return view;
}
