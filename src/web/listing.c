#include "web/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "store/desk.h"
#include "web/desk_page.h"
#include "web/inside.h"
#include "web/pages.h"

enum { PAGE = 50, COUNTED = 10000, STEP = 2000 };

/* ---- The address ---- */

static void put_pair(tz_buf *out, const char *name, const char *value)
{
    tz_buf_char(out, out->size == 0 ? '?' : '&');
    tz_buf_puts(out, name);
    tz_buf_char(out, '=');
    tz_url_put(out, tz_text_of(value));
}

const char *tz_web_query_with(tz_request *req, const char *const *names, const char *name, const char *value)
{
    tz_buf out = tz_buf_init(req->mem, 0);

    for (; *names != NULL; names++) {
        const char *is = tz_query_value(req, *names);
        if (is != NULL && (name == NULL || strcmp(*names, name) != 0))
            put_pair(&out, *names, is);
    }
    if (name != NULL && value != NULL)
        put_pair(&out, name, value);
    return out.size == 0 ? "" : tz_buf_str(&out);
}

const char *tz_web_filter(const tz_request *req, const char *name, const char *otherwise)
{
    const char *value = tz_query_value(req, name);
    value = value == NULL ? otherwise : value;
    return value != NULL && strcmp(value, "all") == 0 ? NULL : value;
}

json_t *tz_web_choices(tz_request *req, const char *const *words, const char *chosen)
{
    json_t *list = json_array();

    for (; *words != NULL; words++) {
        const char *bar = strchr(*words, '|');
        tz_assert(bar != NULL);
        char *value = tz_arena_copy(req->mem, *words, (size_t)(bar - *words));
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "value", value, "text", tz_web_half(req, bar + 1), "is_chosen",
                                                    chosen != NULL && strcmp(chosen, value) == 0));
    }
    return list;
}

/* ---- The scope ---- */

static json_t *array_of(const tz_strings *list)
{
    json_t *array = json_array();

    for (size_t i = 0; i < list->count; i++)
        (void)json_array_append_new(array, json_string(list->items[i]));
    return array;
}

json_t *tz_web_places(const tz_request *req)
{
    return req->actor->is_county ? NULL : array_of(&req->actor->divisions);
}

json_t *tz_web_units(const tz_request *req)
{
    return req->actor->is_county ? NULL : array_of(&req->actor->units);
}

json_t *tz_web_townships(tz_request *req, const char *chosen)
{
    const tz_county *county = req->session->store->county;
    json_t          *list = json_array();

    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *one = &county->divisions.items[i];
        if (one->level != TZ_DIVISION_TOWNSHIP || !tz_may_division(req->actor, one->code))
            continue;
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "value", one->code, "text", one->name, "is_chosen",
                                                    chosen != NULL && strcmp(chosen, one->code) == 0));
    }
    return list;
}

/* ---- A file ---- */

/* One step of rows behind the last; *ret_count: how many came. */
static tz_rc add_rows(tz_request *req, const tz_web_list *list, tz_web_range *range, tz_list_file *file, size_t *ret_count, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(list->read(req, range, &rows, err));
    json_array_foreach(rows, i, row)
        TZ_TRY(tz_list_add(file, row, err));
    *ret_count = json_array_size(rows);
    range->after = tz_json_int(json_array_get(rows, *ret_count - 1), list->key, 0);
done:
    json_decref(rows);
    return rc;
}

static tz_rc give_file(tz_request *req, tz_reply *reply, const tz_web_list *list, tz_web_range range, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_list_file *file = NULL;
    size_t        count = 0;

    range.after = range.before = 0;
    range.limit = STEP;
    TZ_TRY(tz_page_file_open(req, reply, list->columns, strrchr(list->path, '/') + 1, &file, err));
    do {
        if (tz_app_should_stop(req->session->app)) {
            rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
            goto done;
        }
        TZ_TRY(add_rows(req, list, &range, file, &count, err));
    } while (list->count != NULL && count == STEP);
    rc = tz_list_close(file, err);
    file = NULL;
done:
    tz_list_drop(file);
    return rc;
}

/* ---- A page ---- */

/* All that a view is: its filters and its order. */
static const char *const *view_names(tz_request *req, const tz_web_list *list)
{
    TZ_ARRAY(const char *) names = {0};

    for (const char *const *at = list->filters; *at != NULL; at++)
        tz_push(req->mem, &names, *at);
    tz_push(req->mem, &names, "sort");
    tz_push(req->mem, &names, "desc");
    tz_push(req->mem, &names, NULL);
    return names.items;
}

static json_t *sorts_of(tz_request *req, const tz_web_list *list, const tz_web_range *range)
{
    json_t *sorts = json_object();

    for (const char *const *name = list->sorts; *name != NULL; name++) {
        bool        is_on = range->sort != NULL ? strcmp(range->sort, *name) == 0 : name == list->sorts;
        const char *query = tz_web_query_with(req, list->filters, "sort", *name);
        bool        is_next_down = is_on && !range->is_descending;
        (void)json_object_set_new(sorts, *name,
                                  json_pack("{s:s, s:s, s:s}", "href",
                                            tz_arena_printf(req->mem, "%s%s%s", list->path, query, is_next_down ? "&desc=1" : ""),
                                            "mark", !is_on ? "" : range->is_descending ? " ▼" : " ▲", "aria",
                                            !is_on ? "none" : range->is_descending ? "descending" : "ascending"));
    }
    return sorts;
}

static tz_rc views_of(tz_request *req, const tz_web_list *list, json_t *shown, tz_err *err)
{
    json_t *views = NULL, *view;
    size_t  i;
    tz_rc   rc = tz_desk_view_list(req->office->desk, req->actor->user, list->path, &views, err);

    if (rc != TZ_OK)
        return rc;
    json_array_foreach(views, i, view)
        (void)json_object_set_new(view, "href", json_sprintf("%s%s", list->path, tz_json_str(view, "query")));
    (void)json_object_set_new(shown, "has_views", json_boolean(json_array_size(views) > 0));
    (void)json_object_set_new(shown, "views", views);
    return TZ_OK;
}

/* The address of a page that begins behind, or ends before, a row. */
static json_t *page_href(tz_request *req, const tz_web_list *list, const char *way, int64_t row, int64_t first)
{
    const char *query = tz_web_query_with(req, view_names(req, list), way, tz_arena_printf(req->mem, "%lld", (long long)row));
    return first <= 1 ? json_sprintf("%s%s", list->path, tz_web_query_with(req, view_names(req, list), NULL, NULL))
                      : json_sprintf("%s%s&n=%lld", list->path, query, (long long)first);
}

/* Takes the row off that only tells that there is another page. */
static bool take_extra(json_t *rows, const tz_web_range *range)
{
    size_t page = (size_t)range->limit - 1;

    if (json_array_size(rows) <= page)
        return false;
    (void)json_array_remove(rows, range->before != 0 ? 0 : page);
    return true;
}

static tz_rc put_page(tz_request *req, const tz_web_list *list, const tz_web_range *range, int64_t first, json_t *rows, json_t *data, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *shown = json_object();
    bool    has_extra = list->count != NULL && take_extra(rows, range), is_back = range->before != 0;
    int64_t size = (int64_t)json_array_size(rows), total = size;

    if (list->count != NULL)
        TZ_TRY(list->count(req, COUNTED + 1, &total, err));
    bool        is_uncounted = total < 0, has_more = is_back || has_extra, has_less = is_back ? has_extra : range->after != 0;
    const char *query = tz_web_query_with(req, view_names(req, list), NULL, NULL);
    int64_t     top = tz_json_int(json_array_get(rows, 0), list->key, 0), end = tz_json_int(json_array_get(rows, (size_t)size - 1), list->key, 0);
    if (is_uncounted)
        total = size == 0 ? 0 : first + size - 1;
    bool is_more = is_uncounted ? has_more : total > COUNTED && list->count != NULL;
    (void)json_object_set_new(shown, "total", json_integer(is_more && !is_uncounted ? COUNTED : total));
    (void)json_object_set_new(shown, "is_more", json_boolean(is_more));
    (void)json_object_set_new(shown, "first", json_integer(size == 0 ? 0 : first));
    (void)json_object_set_new(shown, "last", json_integer(size == 0 ? 0 : first + size - 1));
    (void)json_object_set_new(shown, "previous", size > 0 && has_less ? page_href(req, list, "before", top, first - range->limit + 1) : json_null());
    (void)json_object_set_new(shown, "next", size > 0 && has_more ? page_href(req, list, "after", end, first + size) : json_null());
    (void)json_object_set_new(shown, "csv", json_sprintf("%s.csv%s", list->path, query));
    (void)json_object_set_new(shown, "xlsx", json_sprintf("%s.xlsx%s", list->path, query));
    tz_json_set_str(shown, "path", list->path);
    tz_json_set_str(shown, "query", query);
    (void)json_object_set_new(shown, "is_filtered", json_boolean(*tz_web_query_with(req, list->filters, NULL, NULL) != '\0'));
    (void)json_object_set_new(shown, "sorts", sorts_of(req, list, range));
    TZ_TRY(views_of(req, list, shown, err));
    (void)json_object_set(data, "list", shown);
done:
    json_decref(shown);
    return rc;
}

static tz_rc read_range(tz_request *req, const tz_web_list *list, tz_web_range *ret, int64_t *ret_first, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    const char  *sort = tz_query_value(req, "sort");
    int64_t      page = PAGE;
    tz_web_range range = {.is_descending = tz_query_value(req, "desc") != NULL};

    for (const char *const *name = list->sorts; sort != NULL && *name != NULL; name++)
        if (strcmp(*name, sort) == 0)
            range.sort = *name;
    TZ_TRY(tz_query_number(req, "after", 0, &range.after, err));
    TZ_TRY(tz_query_number(req, "before", 0, &range.before, err));
    TZ_TRY(tz_query_number(req, "n", 1, ret_first, err));
    TZ_TRY(tz_web_limit(req, PAGE, &page, err));
    range.limit = page + 1; /* one more tells that there is another page */
    if (*ret_first < 1 || (range.after == 0 && range.before == 0))
        *ret_first = 1;
    *ret = range;
done:
    return rc;
}

tz_rc tz_web_list_show(tz_request *req, tz_reply *reply, const tz_web_list *list, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_web_range range = {0};
    json_t      *rows = NULL;
    int64_t      first = 1;

    TZ_TRY(read_range(req, list, &range, &first, err));
    if (tz_page_is_file(req))
        return give_file(req, reply, list, range, err);
    TZ_TRY(list->read(req, &range, &rows, err));
    TZ_TRY(put_page(req, list, &range, first, rows, reply->data, err));
    (void)json_object_set(reply->data, "rows", rows);
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(json_array_size(rows) == 0));
done:
    json_decref(rows);
    return rc;
}

/* ---- Saved views ---- */

/* The page that the form stands on: one of ours. */
static tz_rc form_path(tz_request *req, const char **ret_path, tz_err *err)
{
    const char *path = tz_form(req, "path");

    if (!tz_is_own_path(path))
        return tz_fail(err, TZ_USAGE, "缺少页面地址", "the address of the page is missing");
    *ret_path = path;
    return TZ_OK;
}

tz_rc tz_web_view_save(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *path = NULL, *name = tz_form(req, "name"), *query = tz_form(req, "query");

    query = query == NULL ? "" : query;
    name = name == NULL ? "" : name;
    TZ_TRY(form_path(req, &path, err));
    if (query[0] != '\0' && query[0] != '?') {
        rc = tz_fail(err, TZ_USAGE, "不是一个视图", "this is no view");
        goto done;
    }
    TZ_TRY(tz_desk_view_put(req->office->desk, req->actor->user, path, name, query, err));
    reply->redirect = tz_arena_printf(req->mem, "%s%s", path, query);
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "已保存视图 “%s”" : "view '%s' is saved", name);
done:
    return rc;
}

tz_rc tz_web_view_drop(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *path = NULL, *name = tz_form(req, "name");

    TZ_TRY(form_path(req, &path, err));
    TZ_TRY(tz_desk_view_drop(req->office->desk, req->actor->user, path, name == NULL ? "" : name, err));
    reply->redirect = path;
done:
    return rc;
}
