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
    int64_t     page = 1, limit = ROWS_OF_A_PAGE;
    tz_rc       rc = tz_query_number(req, "page", 1, &page, err);

    if (rc == TZ_OK)
        rc = tz_web_limit(req, ROWS_OF_A_PAGE, &limit, err);
    if (rc != TZ_OK)
        return rc;
    page = page < 1 ? 1 : page > INT32_MAX ? INT32_MAX : page;
    *ret_wanted = (tz_rows_wanted){
        .which = which == NULL ? TZ_ROWS_ALL : strcmp(which, "quarantined") == 0 ? TZ_ROWS_QUARANTINED : TZ_ROWS_TAKEN,
        .find = tz_query_value(req, "find"), .sort = tz_query_value(req, "sort"), .offset = (page - 1) * limit,
        .limit = limit, .is_masked = true, .lang = req->lang};
    return TZ_OK;
}

tz_rc tz_rows_put(const tz_request *req, json_t *data, json_t *page, tz_err *err)
{
    int64_t offset = 0, limit = 0;
    tz_rc   rc = tz_page_of(req, data, tz_json_int(page, "total", 0), ROWS_OF_A_PAGE, &offset, &limit, err);

    dress(req, page);
    tz_page_exports(req, data);
    (void)json_object_set(data, "page", page);
    return rc;
}

tz_rc tz_rows_page(tz_request *req, const tz_rows_source *source, const tz_rows_wanted *wanted, json_t **ret_page, tz_err *err)
{
    return source->batch != 0 ? tz_batch_rows(req->mem, req->session->store, req->session->packs, source->batch, wanted, ret_page, err)
                              : tz_register_rows(req->mem, req->session->store, source->reg, source->day, wanted, ret_page, err);
}

/* ---- All of them as a file ---- */

/* The values under the names of their columns, which are the keys of the file. */
static json_t *flat_row(const tz_register *reg, const json_t *row)
{
    json_t *flat = json_object(), *values = json_object_get(row, "values");

    (void)json_object_set(flat, "_line", json_object_get(row, "line"));
    (void)json_object_set(flat, "_batch", json_object_get(row, "batch"));
    for (size_t i = 0; i < reg->columns.count; i++)
        (void)json_object_set(flat, reg->columns.items[i].name, json_array_get(values, i));
    return flat;
}

static const tz_list_column *columns_of(tz_request *req, const tz_register *reg)
{
    tz_list_column *columns = tz_new_array(req->mem, tz_list_column, reg->columns.count + 3);

    columns[0] = (tz_list_column){"_batch", "批次|batch", true};
    columns[1] = (tz_list_column){"_line", "行|row", true};
    for (size_t i = 0; i < reg->columns.count; i++)
        columns[i + 2] = (tz_list_column){reg->columns.items[i].name, reg->columns.items[i].title, false};
    return columns;
}

static tz_rc give_page(tz_list_file *file, const tz_register *reg, const json_t *page, tz_err *err)
{
    size_t  i;
    json_t *row;

    json_array_foreach(json_object_get(page, "rows"), i, row) {
        json_t *flat = flat_row(reg, row);
        tz_rc   rc = tz_list_add(file, flat, err);
        json_decref(flat);
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}

tz_rc tz_rows_file(tz_request *req, tz_reply *reply, const tz_rows_source *source, const char *name, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_list_file  *file = NULL;
    json_t        *page = NULL;
    int64_t        total = 1;
    tz_rows_wanted wanted;

    TZ_TRY(tz_rows_of_query(req, &wanted, err));
    wanted.limit = TZ_ROWS_PAGE;
    TZ_TRY(tz_page_file_open(req, reply, columns_of(req, source->reg), name, &file, err));
    for (wanted.offset = 0; wanted.offset < total; wanted.offset += wanted.limit) {
        TZ_TRY(tz_rows_page(req, source, &wanted, &page, err));
        total = tz_json_int(page, "total", 0);
        TZ_TRY(give_page(file, source->reg, page, err));
        json_decref(page);
        page = NULL;
    }
    rc = tz_list_close(file, err);
    file = NULL;
done:
    json_decref(page);
    tz_list_drop(file);
    return rc;
}

/* ---- Batches ---- */

const char *tz_batch_word(const tz_request *req, const char *state)
{
    return tz_web_half(req, strcmp(state, "counts") == 0      ? "计入|counts"
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
