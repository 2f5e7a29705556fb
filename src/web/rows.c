/* rows - one row as it was delivered: each column, where it stands, what is wrong with it; masked until somebody says why. */
#include <string.h>

#include "base/assert.h"
#include "packs/mask.h"
#include "web/auth.h"
#include "web/desk_page.h"
#include "web/pages.h"

/* What a column holds, as a page shows it. */
static const char *value_text(tz_request *req, const tz_column *column, const json_t *value, bool is_masked)
{
    const char *text = json_is_null(value) || value == NULL ? NULL : tz_list_cell(req->mem, value);

    if (text == NULL || text[0] == '\0')
        return NULL;
    if (is_masked && column->sensitivity >= TZ_PERSONAL)
        return tz_mask_column(req->mem, column, text);
    for (size_t i = 0; column->type == TZ_TYPE_CODE && i < column->codes.count; i++)
        if (strcmp(column->codes.items[i].code, text) == 0)
            return tz_page_half(req, column->codes.items[i].title);
    return text;
}

static json_t *columns_view(tz_request *req, const tz_register *reg, const json_t *values, bool is_masked)
{
    json_t *list = json_array();

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        const json_t    *value = json_object_get(values, column->name);
        const char      *beside = column->type == TZ_TYPE_DIVISION ? "name" : column->type == TZ_TYPE_ID && json_is_null(value) ? "raw" : NULL;
        const json_t    *shown = beside == NULL ? NULL : json_object_get(values, tz_arena_printf(req->mem, "%s_%s", column->name, beside));
        json_t          *line = json_object();
        tz_json_set_str(line, "title", tz_page_half(req, column->title));
        tz_json_set_str(line, "unit", column->unit);
        tz_json_set_str(line, "value", value_text(req, column, json_is_string(shown) ? shown : value, is_masked));
        (void)json_array_append_new(list, line);
    }
    return list;
}

tz_rc tz_web_row(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    int64_t       number = 0;
    tz_row_found *row = NULL;
    const char   *id = tz_param(req, "row");

    TZ_TRY(tz_param_number(req, "row", &number, err));
    TZ_TRY(tz_rows_find(req->mem, req->session->store, req->session->packs, &number, 1, &row, err));
    const tz_register *reg = tz_packs_register(req->session->packs, row->register_name);
    if (reg == NULL || !tz_may_register(req->actor, row->register_name)) {
        rc = tz_access_missing(err);
        goto done;
    }
    bool is_masked = !tz_revealed(req, "row", id);
    tz_json_set_str(reply->data, "register", row->register_name);
    tz_json_set_str(reply->data, "register_title", tz_page_half(req, reg->title));
    tz_json_set_int(reply->data, "batch", row->batch);
    tz_json_set_str(reply->data, "file", row->file);
    tz_json_set_str(reply->data, "sheet", row->sheet);
    tz_json_set_int(reply->data, "line", row->row_no);
    tz_json_set_str(reply->data, "quarantined", row->quarantined_why == NULL ? NULL : tz_page_half(req, row->quarantined_why));
    (void)json_object_set_new(reply->data, "is_masked", json_boolean(is_masked));
    tz_json_set_str(reply->data, "kind", "row");
    tz_json_set_str(reply->data, "id", id);
    (void)json_object_set_new(reply->data, "columns", columns_view(req, reg, row->values, is_masked));
    tz_json_set_str(reply->data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%s 第 %lld 行" : "%s, row %lld",
                                                          tz_page_half(req, reg->title), (long long)row->row_no));
    tz_page_crumb(reply->data, "/registers", tz_page_half(req, "名册|Registers"));
    tz_page_crumb(reply->data, tz_arena_printf(req->mem, "/registers/%s", row->register_name), tz_page_half(req, reg->title));
done:
    if (row != NULL)
        json_decref(row->values);
    return rc;
}
