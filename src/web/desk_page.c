#include "web/desk_page.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

const char *tz_page_size(const tz_request *req, int64_t bytes)
{
    if (bytes < 10 << 10)
        return tz_arena_printf(req->mem, "%lld B", (long long)bytes);
    if (bytes < 10 << 20)
        return tz_arena_printf(req->mem, "%lld KB", (long long)(bytes >> 10));
    return tz_arena_printf(req->mem, "%lld MB", (long long)(bytes >> 20));
}

json_t *tz_page_account(const tz_request *req, const json_t *account)
{
    static const struct { const char *part, *word; } PARTS[] = {
        {"titles", "标题|title"},        {"header", "表头|header"},       {"accepted", "入账|taken"},  {"quarantined", "待更正|to correct"},
        {"duplicates", "重复|repeated"}, {"totals", "合计|totals"},       {"notes", "备注|notes"},     {"blank", "空行|blank"}};
    json_t *bar = json_array();
    int64_t rows = tz_json_int(account, "rows", 0), before = 0;

    for (size_t i = 0; rows > 0 && i < sizeof PARTS / sizeof PARTS[0]; i++) {
        int64_t count = tz_json_int(account, PARTS[i].part, 0), x = before * 1000 / rows, end = (before + count) * 1000 / rows;
        if (count == 0)
            continue;
        before += count;
        json_t *part = json_object();
        tz_json_set_str(part, "part", PARTS[i].part);
        tz_json_set_str(part, "word", tz_web_half(req, PARTS[i].word));
        tz_json_set_int(part, "count", count);
        tz_json_set_int(part, "x", x);
        tz_json_set_int(part, "width", end - x > 3 ? end - x : 3); /* a single row is seen too */
        (void)json_array_append_new(bar, part);
    }
    return bar;
}

const char *tz_page_with(const tz_request *req, const char *name, const char *value)
{
    tz_buf out = tz_buf_init(req->mem, 0);

    tz_buf_printf(&out, "%s?%s=", req->path, name);
    tz_url_put(&out, tz_text_of(value));
    tz_query_put(&out, req, '&', (const char *const[]){"page", name, NULL});
    return tz_buf_str(&out);
}

static const char *page_url(const tz_request *req, int64_t page)
{
    return tz_page_with(req, "page", tz_arena_printf(req->mem, "%lld", (long long)page));
}

tz_rc tz_page_of(const tz_request *req, json_t *data, int64_t total, int64_t usual, int64_t *ret_offset, int64_t *ret_limit, tz_err *err)
{
    tz_assert(usual > 0);
    int64_t page = 1, limit = usual;
    tz_rc   rc = tz_query_number(req, "page", 1, &page, err);

    if (rc == TZ_OK)
        rc = tz_web_limit(req, usual, &limit, err);
    if (rc != TZ_OK)
        return rc;
    int64_t pages = total == 0 ? 1 : (total + limit - 1) / limit;
    page = page < 1 ? 1 : page > pages ? pages : page;
    json_t *pager = json_object();
    int64_t last = page * limit < total ? page * limit : total;
    tz_json_set_int(pager, "page", page);
    tz_json_set_int(pager, "pages", pages);
    tz_json_set_int(pager, "total", total);
    tz_json_set_int(pager, "first", total == 0 ? 0 : (page - 1) * limit + 1);
    tz_json_set_int(pager, "last", last);
    tz_json_set_str(pager, "before", page > 1 ? page_url(req, page - 1) : NULL);
    tz_json_set_str(pager, "after", page < pages ? page_url(req, page + 1) : NULL);
    (void)json_object_set_new(data, "pager", pager);
    *ret_offset = (page - 1) * limit;
    *ret_limit = limit;
    return TZ_OK;
}

json_t *tz_page_registers(const tz_request *req, const char *chosen, json_t **ret_names)
{
    const tz_packs *packs = req->session->packs;
    json_t         *list = json_array(), *names = json_array();
    bool            is_all = true;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            if (!tz_may_register(req->actor, reg->name)) {
                is_all = false;
                continue;
            }
            json_t *line = json_object();
            tz_json_set_str(line, "register", reg->name);
            tz_json_set_str(line, "title", tz_web_half(req, reg->title));
            (void)json_object_set_new(line, "is_chosen", json_boolean(chosen != NULL && strcmp(chosen, reg->name) == 0));
            (void)json_array_append_new(list, line);
            (void)json_array_append_new(names, json_string(reg->name));
        }
    if (ret_names != NULL)
        *ret_names = is_all ? NULL : json_incref(names);
    json_decref(names);
    return list;
}

const char *tz_page_register(const tz_request *req, const char *name)
{
    const tz_register *reg = name == NULL ? NULL : tz_packs_register(req->session->packs, name);
    return reg == NULL ? name : tz_web_half(req, reg->title);
}

const char *tz_page_passing(const tz_request *req, const char *ending)
{
    uint8_t bytes[12];
    char    hex[25];

    tz_random(bytes, sizeof bytes);
    tz_hex(bytes, sizeof bytes, hex);
    return tz_arena_printf(req->mem, "%s/passing-%s.%s", tz_office_incoming(req->office), hex, ending);
}

/* ---- Lists as files ---- */

bool tz_page_is_file(const tz_request *req)
{
    return strcmp(req->form, "csv") == 0 || strcmp(req->form, "xlsx") == 0;
}

static const char *file_url(const tz_request *req, const char *ending)
{
    tz_buf out = tz_buf_init(req->mem, 0);

    tz_buf_printf(&out, "%s.%s", req->path, ending);
    tz_query_put(&out, req, '?', (const char *const[]){"page", NULL});
    return tz_buf_str(&out);
}

void tz_page_exports(const tz_request *req, json_t *data)
{
    (void)json_object_set_new(data, "exports", json_pack("{s:s, s:s}", "csv", file_url(req, "csv"), "xlsx", file_url(req, "xlsx")));
}

tz_rc tz_page_file_open(tz_request *req, tz_reply *reply, const tz_list_column *columns, const char *name, tz_list_file **ret_file, tz_err *err)
{
    tz_assert(tz_page_is_file(req));
    bool        is_csv = strcmp(req->form, "csv") == 0;
    const char *path = tz_page_passing(req, req->form);

    tz_reply_file(reply, path, tz_arena_printf(req->mem, "%s.%s", name, req->form), is_csv ? "text/csv; charset=utf-8" : TZ_TYPE_XLSX);
    reply->is_file_temporary = true;
    return tz_list_open(req->mem, is_csv ? TZ_LIST_CSV : TZ_LIST_XLSX, path, columns, req->lang, ret_file, err);
}

tz_rc tz_page_file(tz_request *req, tz_reply *reply, const json_t *rows, const tz_list_column *columns, const char *name, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_list_file *file = NULL;
    size_t        i;
    json_t       *row;

    TZ_TRY(tz_page_file_open(req, reply, columns, name, &file, err));
    json_array_foreach((json_t *)rows, i, row)
        TZ_TRY(tz_list_add(file, row, err));
    rc = tz_list_close(file, err);
    file = NULL;
done:
    tz_list_drop(file);
    return rc;
}
