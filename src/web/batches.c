/* batches - what was delivered: the list, one batch with its rows, what changed, the original, undoing it. */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "evidence/account.h"
#include "evidence/import.h"
#include "store/disclosure.h"
#include "web/desk_page.h"
#include "web/pages.h"
#include "web/row_page.h"

enum { BATCHES_OF_A_PAGE = 50, CHANGES_OF_A_PAGE = 100 };

/* ---- The list ---- */

static bool is_like(const json_t *row, const char *key, const char *wanted)
{
    const char *value = tz_json_str(row, key);
    return wanted == NULL || (value != NULL && strcmp(value, wanted) == 0);
}

/* What the reader may see and asks for. */
static bool is_listed(const tz_request *req, const json_t *row)
{
    const char *text = tz_query_value(req, "q"), *file = tz_json_str(row, "file");

    return tz_may_batch(req->actor, row) && is_like(row, "register", tz_query_value(req, "register")) &&
           is_like(row, "sender", tz_query_value(req, "sender")) && is_like(row, "state", tz_query_value(req, "state")) &&
           (text == NULL || strstr(file, text) != NULL);
}

/* The senders of the batches that the reader may see, each once. */
static void note_sender(json_t *senders, const json_t *row, const char *chosen)
{
    const char *sender = tz_json_str(row, "sender");
    size_t      i;
    json_t     *known;

    if (sender == NULL)
        return;
    json_array_foreach(senders, i, known)
        if (strcmp(tz_json_str(known, "name"), sender) == 0)
            return;
    (void)json_array_append_new(senders, json_pack("{s:s, s:b}", "name", sender, "is_chosen", chosen != NULL && strcmp(chosen, sender) == 0));
}

static const tz_list_column FILE_COLUMNS[] = {
    {"batch", "批次|batch", true},      {"title", "名册|register", false},    {"sender", "单位|unit", false},
    {"period", "期次|period", false},   {"as_of", "数据时点|as of", false},   {"accepted", "入账行|rows", true},
    {"quarantined", "待更正|to correct", true}, {"word", "状态|state", false}, {"file", "文件|file", false},
    {NULL, NULL, false}};

tz_rc tz_web_batches(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *all = NULL, *listed = json_array(), *senders = json_array(), *page = json_array();
    int64_t offset = 0, limit = 0;

    TZ_TRY(tz_batch_list(req->session->store, &all, err));
    for (size_t i = json_array_size(all); i > 0; i--) { /* newest first */
        const json_t *row = json_array_get(all, i - 1);
        if (tz_may_batch(req->actor, row))
            note_sender(senders, row, tz_query_value(req, "sender"));
        if (is_listed(req, row))
            (void)json_array_append(listed, (json_t *)row);
    }
    if (tz_page_is_file(req)) {
        for (size_t i = 0; i < json_array_size(listed); i++)
            (void)json_array_append_new(page, tz_batch_view(req, json_array_get(listed, i)));
        rc = tz_page_file(req, reply, page, FILE_COLUMNS, tz_web_half(req, "批次|batches"), err);
        goto done;
    }
    tz_page_exports(req, reply->data);
    TZ_TRY(tz_page_of(req, reply->data, (int64_t)json_array_size(listed), BATCHES_OF_A_PAGE, &offset, &limit, err));
    for (size_t i = (size_t)offset; i < json_array_size(listed) && i < (size_t)(offset + limit); i++)
        (void)json_array_append_new(page, tz_batch_view(req, json_array_get(listed, i)));
    (void)json_object_set(reply->data, "batches", page);
    (void)json_object_set(reply->data, "senders", senders);
    (void)json_object_set_new(reply->data, "registers", tz_page_registers(req, tz_query_value(req, "register"), NULL));
    (void)json_object_set_new(reply->data, "has_batches", json_boolean(json_array_size(page) > 0));
    (void)json_object_set_new(reply->data, "has_any", json_boolean(json_array_size(senders) > 0));
done:
    json_decref(all);
    json_decref(listed);
    json_decref(senders);
    json_decref(page);
    return rc;
}

/* ---- One batch ---- */

static tz_rc get_batch(tz_request *req, int64_t *ret_number, json_t **ret_batch, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *batch = NULL;

    TZ_TRY(tz_param_number(req, "batch", ret_number, err));
    TZ_TRY(tz_batch_show(req->session->store, req->session->packs, *ret_number, &batch, err));
    if (!tz_may_batch(req->actor, batch)) {
        rc = tz_access_missing(err);
        goto done;
    }
    *ret_batch = json_incref(batch);
done:
    json_decref(batch);
    return rc;
}

/* The batch's rows; a batch whose register is no more, or whose file is not there, is shown without. */
static tz_rc add_rows(tz_request *req, tz_reply *reply, int64_t number, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    json_t        *page = NULL;
    tz_rows_wanted wanted;
    tz_err         missing = {0};

    TZ_TRY(tz_rows_of_query(req, &wanted, err));
    rc = tz_rows_page(req, &(tz_rows_source){.batch = number}, &wanted, &page, &missing);
    if (rc == TZ_MISSING) {
        tz_json_set_str(reply->data, "no_rows", req->lang == TZ_ZH ? missing.zh : missing.en);
        rc = TZ_OK;
        goto done;
    }
    if (rc != TZ_OK) {
        *err = missing;
        goto done;
    }
    rc = tz_rows_put(req, reply->data, page, err);
done:
    json_decref(page);
    return rc;
}

/* The mapping of each sheet, with the titles of its columns. */
static void dress_sheets(const tz_request *req, json_t *batch)
{
    const tz_register *reg = tz_packs_register(req->session->packs, tz_json_str(batch, "register"));
    json_t            *sheet, *match;
    size_t             i, j;

    json_array_foreach(json_object_get(batch, "sheets"), i, sheet) {
        (void)json_object_set_new(sheet, "bar", tz_page_account(req, json_object_get(sheet, "account")));
        json_array_foreach(json_object_get(sheet, "mapping"), j, match) {
            const char *name = tz_json_str(match, "column");
            int         column = reg == NULL || name == NULL ? -1 : tz_register_column(reg, name);
            tz_json_set_str(match, "title", column < 0 ? name : tz_web_half(req, reg->columns.items[column].title));
        }
    }
}

tz_rc tz_web_batch(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *batch = NULL;

    TZ_TRY(get_batch(req, &number, &batch, err));
    const tz_register *reg = tz_packs_register(req->session->packs, tz_json_str(batch, "register"));
    if (tz_page_is_file(req) && reg != NULL) {
        const tz_rows_source source = {.reg = reg, .batch = number};
        rc = tz_rows_file(req, reply, &source, tz_arena_printf(req->mem, "batch-%lld", (long long)number), err);
        goto done;
    }
    const char *title = tz_web_half(req, tz_arena_dup(req->mem, tz_json_str(batch, "title")));
    tz_json_set_str(batch, "title", title);
    tz_json_set_str(batch, "word", tz_batch_word(req, tz_json_str(batch, "state")));
    tz_json_set_str(batch, "size_text", tz_page_size(req, tz_json_int(batch, "size", 0)));
    tz_json_set_str(batch, "digest_short", tz_arena_copy(req->mem, tz_json_str(batch, "original"), 12));
    tz_json_set_str(batch, "received", tz_web_time(req, tz_json_str(batch, "received_at")));
    (void)json_object_set_new(batch, "bar", tz_page_account(req, json_object_get(batch, "account")));
    (void)json_object_set_new(batch, "is_withdrawn", json_boolean(strcmp(tz_json_str(batch, "state"), "withdrawn") == 0));
    (void)json_object_set_new(batch, "has_quarantined", json_boolean(tz_json_int(batch, "quarantined", 0) > 0));
    dress_sheets(req, batch);
    TZ_TRY(add_rows(req, reply, number, err));
    (void)json_object_set(reply->data, "batch", batch);
    tz_json_set_str(reply->data, "title",
                    tz_arena_printf(req->mem, req->lang == TZ_ZH ? "批次 %lld · %s" : "Batch %lld · %s", (long long)number, title));
    tz_web_crumb(reply->data, "/batches", tz_web_half(req, "批次|Batches"));
done:
    json_decref(batch);
    return rc;
}

/* ---- What changed ---- */

static const char *change_word(const tz_request *req, const char *change)
{
    return tz_web_half(req, strcmp(change, "added") == 0 ? "增|added" : strcmp(change, "removed") == 0 ? "减|removed" : "改|changed");
}

tz_rc tz_web_batch_diff(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0, with = 0, offset = 0, limit = 0;
    json_t *batch = NULL, *lines = NULL, *page = json_array(), *counts = json_object(), *line;
    size_t  i;

    TZ_TRY(get_batch(req, &number, &batch, err));
    TZ_TRY(tz_query_number(req, "with", tz_json_int(batch, "before", 0), &with, err));
    if (with <= 0) {
        rc = tz_fail(err, TZ_MISSING, "此前没有这本名册的批次可比", "there is no batch before it to compare with");
        goto done;
    }
    TZ_TRY(tz_batch_diff(req->mem, req->session->store, req->session->packs, with, number, &lines, err));
    json_array_foreach(lines, i, line) {
        const char *change = tz_json_str(line, "change");
        tz_json_set_int(counts, change, tz_json_int(counts, change, 0) + 1);
    }
    TZ_TRY(tz_page_of(req, reply->data, (int64_t)json_array_size(lines), CHANGES_OF_A_PAGE, &offset, &limit, err));
    for (i = (size_t)offset; i < json_array_size(lines) && i < (size_t)(offset + limit); i++) {
        json_t *view = json_copy(json_array_get(lines, i));
        tz_json_set_str(view, "word", change_word(req, tz_json_str(view, "change")));
        (void)json_array_append_new(page, view);
    }
    tz_json_set_int(reply->data, "number", number);
    tz_json_set_int(reply->data, "with", with);
    (void)json_object_set(reply->data, "lines", page);
    (void)json_object_set_new(reply->data, "has_lines", json_boolean(json_array_size(page) > 0));
    (void)json_object_set(reply->data, "counts", counts);
    tz_json_set_str(reply->data, "title",
                    req->lang == TZ_ZH ? tz_arena_printf(req->mem, "批次 %lld 比 %lld 变了什么", (long long)number, (long long)with)
                                       : tz_arena_printf(req->mem, "What changed from batch %lld to %lld", (long long)with, (long long)number));
    tz_web_crumb(reply->data, "/batches", tz_web_half(req, "批次|Batches"));
    tz_web_crumb(reply->data, tz_arena_printf(req->mem, "/batches/%lld", (long long)number), tz_arena_printf(req->mem, "%lld", (long long)number));
done:
    json_decref(batch);
    json_decref(lines);
    json_decref(page);
    json_decref(counts);
    return rc;
}

/* ---- Undoing, downloading: each is in the journal ---- */

tz_rc tz_web_batch_withdraw(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    json_t     *batch = NULL;
    const char *why = tz_form(req, "why");

    reply->again = tz_web_batch;
    TZ_TRY(get_batch(req, &number, &batch, err));
    if (why == NULL) {
        rc = tz_fail(err, TZ_USAGE, "撤回要写理由", "withdrawing needs a reason");
        goto done;
    }
    TZ_TRY(tz_batch_withdraw(req->session->store, number, why, err));
    reply->redirect = tz_arena_printf(req->mem, "/batches/%lld", (long long)number);
    reply->notice = tz_web_half(req, "已撤回:数据保留,不再计入。接着运行规则,疑点才会跟着变。|"
                                      "Withdrawn: the data are kept and no longer count. Run the checks next, so that findings follow.");
done:
    json_decref(batch);
    return rc;
}

static tz_rc note_export(tz_request *req, const char *what, int64_t number, tz_err *err)
{
    return tz_disclosure_put(req->session->store, "export", what, tz_arena_printf(req->mem, "%lld", (long long)number), NULL, err);
}

tz_rc tz_web_batch_original(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *batch = NULL;

    reply->again = tz_web_batch;
    TZ_TRY(get_batch(req, &number, &batch, err));
    const char *path = tz_arena_printf(req->mem, "%s/originals/%s", tz_office_options(req->office)->folder, tz_json_str(batch, "original"));
    if (!tz_file_exists(path)) {
        rc = tz_fail(err, TZ_MISSING, "原件不在了", "the original is not there");
        goto done;
    }
    TZ_TRY(note_export(req, "original", number, err));
    tz_reply_file(reply, path, tz_arena_dup(req->mem, tz_json_str(batch, "file")), "application/octet-stream");
done:
    json_decref(batch);
    return rc;
}

tz_rc tz_web_batch_errors(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *batch = NULL;

    reply->again = tz_web_batch;
    TZ_TRY(get_batch(req, &number, &batch, err));
    const char *path = tz_page_passing(req, "xlsx");
    TZ_TRY(tz_batch_errors(req->mem, req->session->store, req->session->packs, number, path, err));
    TZ_TRY(note_export(req, "errors", number, err));
    reply->is_file_temporary = true;
    const char *name = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "待更正_批次%lld.xlsx" : "to_correct_batch%lld.xlsx", (long long)number);
    tz_reply_file(reply, path, name, TZ_TYPE_XLSX);
done:
    json_decref(batch);
    return rc;
}
