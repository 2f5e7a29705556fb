#include "web/public.h"

#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "ledger/inbox.h"
#include "ledger/receipt.h"
#include "report/qr.h"
#include "web/pages.h"

tz_rc tz_public_load(tz_arena *mem, const char *folder, const char *name, json_t **ret_value, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text text = {0};
    tz_err  ignored;

    if (tz_file_load(mem, tz_arena_printf(mem, "%s/site/%s", folder, name), 64 << 20, &text, &ignored) != TZ_OK) {
        (void)tz_fail(err, TZ_MISSING, "公开的内容还没有写出", "what is public is not written yet");
        return tz_err_advise(err, "在县里运行 taizhang serve,片刻之后再看", "run taizhang serve in the county and look again in a moment");
    }
    rc = tz_json_parse(text, ret_value, err);
    return rc;
}

static tz_rc load(const tz_request *req, const char *name, json_t **ret_value, tz_err *err)
{
    return tz_public_load(req->mem, tz_office_public(req->office), name, ret_value, err);
}

static const json_t *in_language(const tz_request *req, const json_t *site)
{
    return json_object_get(site, req->lang == TZ_ZH ? "zh" : "en");
}

static int64_t now_ms(const tz_request *req)
{
    return tz_app_now_ms(tz_office_options(req->office)->app);
}

static void put_common(const tz_request *req, json_t *data, const char *here)
{
    (void)json_object_set_new(data, tz_arena_printf(req->mem, "on_%s", here), json_true());
    (void)json_object_set_new(data, "is_alone", json_boolean(tz_office_options(req->office)->is_public_alone));
}

/* ---- The report, its figures, the lists ---- */

tz_rc tz_web_public(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *site = NULL;

    TZ_TRY(load(req, "site.json", &site, err));
    const json_t *here = in_language(req, site);
    (void)json_object_set(reply->data, "publications", json_object_get(here, "publications"));
    (void)json_object_set_new(reply->data, "has_publications", json_boolean(json_array_size(json_object_get(here, "publications")) > 0));
    (void)json_object_set(reply->data, "report", json_object_get(here, "report"));
    tz_json_set_str(reply->data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%s:公开" : "%s: what is public",
                                                          tz_json_str(site, "county")));
    put_common(req, reply->data, "report");
done:
    json_decref(site);
    return rc;
}

/* The member of a list whose key has this value; NULL: none. */
static const json_t *named(const json_t *list, const char *key, const char *value)
{
    size_t  i;
    json_t *one;

    json_array_foreach((json_t *)list, i, one)
        if (tz_json_str(one, key) != NULL && strcmp(tz_json_str(one, key), value) == 0)
            return one;
    return NULL;
}

static tz_rc put_code(const tz_request *req, const char *code, json_t *data, tz_err *err)
{
    enum { PIXELS = 112 };
    tz_qr  qr = {0};
    tz_buf svg = tz_buf_init(req->mem, 0);
    tz_rc  rc = code == NULL || code[0] == '\0' ? TZ_OK : tz_qr_make(req->mem, code, &qr, err);

    if (rc == TZ_OK && qr.size > 0) {
        tz_qr_svg(&qr, PIXELS, code, &svg);
        tz_json_set_str(data, "qr", tz_buf_str(&svg));
    }
    return rc;
}

tz_rc tz_web_public_figure(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *site = NULL;

    TZ_TRY(load(req, "site.json", &site, err));
    const json_t *report = json_object_get(in_language(req, site), "report");
    const json_t *figure = named(json_object_get(report, "figures"), "figure", tz_param(req, "figure"));
    if (figure == NULL) {
        rc = tz_fail(err, TZ_MISSING, "公布的报告里没有这个指标", "the published report has no such figure");
        goto done;
    }
    (void)json_object_update(reply->data, (json_t *)figure);
    (void)json_object_set(reply->data, "of_day", json_object_get(report, "as_of"));
    (void)json_object_set(reply->data, "publications", json_object_get(in_language(req, site), "publications"));
    TZ_TRY(put_code(req, tz_json_str(figure, "code"), reply->data, err));
    put_common(req, reply->data, "report");
done:
    json_decref(site);
    return rc;
}

tz_rc tz_web_public_list(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *site = NULL, *one;
    int64_t number = 0;
    size_t  i;

    TZ_TRY(tz_param_number(req, "publication", &number, err));
    TZ_TRY(load(req, "site.json", &site, err));
    json_array_foreach(json_object_get(in_language(req, site), "publications"), i, one)
        if (tz_json_int(one, "publication", 0) == number)
            (void)json_object_update(reply->data, one);
    if (json_object_get(reply->data, "part") == NULL)
        rc = tz_fail(err, TZ_MISSING, "这一件不在公开期内", "this is not public now");
    put_common(req, reply->data, "report");
done:
    json_decref(site);
    return rc;
}

/* ---- A complaint ---- */

tz_rc tz_web_public_complain(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *site = NULL, *names = json_array(), *name;
    const char *chosen = tz_form(req, "place");
    size_t      i;

    TZ_TRY(load(req, "site.json", &site, err));
    json_array_foreach(json_object_get(site, "townships"), i, name)
        (void)json_array_append_new(names, json_pack("{s:O, s:b}", "name", name, "is_chosen",
                                                     chosen != NULL && strcmp(chosen, json_string_value(name)) == 0));
    (void)json_object_set(reply->data, "townships", names);
    tz_json_set_str(reply->data, "mark", tz_public_mark(req->mem, now_ms(req)));
    put_common(req, reply->data, "complain");
done:
    json_decref(site);
    json_decref(names);
    return rc;
}

static const char *today_text(const tz_request *req)
{
    char         *text = tz_arena_alloc(req->mem, TZ_DATE_TEXT);

    tz_date_format(tz_date_in_china(now_ms(req)), text);
    return text;
}

static tz_rc load_photo(const tz_request *req, tz_text *ret_photo, tz_err *err)
{
    const tz_upload *photo = tz_upload_nth(req, "photo", 0);

    if (photo == NULL || photo->size == 0)
        return TZ_OK;
    if (photo->size > TZ_INBOX_PHOTO_BYTES)
        return tz_fail(err, TZ_INPUT, "照片请不超过 10 MB", "a photo has 10 MB at most");
    return tz_file_load(req->mem, photo->path, TZ_INBOX_PHOTO_BYTES, ret_photo, err);
}

/* Who sends is not asked, not looked at and not kept. */
tz_rc tz_web_public_complain_send(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_saying_in saying = {.text = tz_form(req, "text"), .place = tz_form(req, "place"), .about = tz_form(req, "about"), .day = today_text(req)};
    const char  *inbox = tz_arena_printf(req->mem, "%s/inbox", tz_office_public(req->office));
    char         receipt[TZ_RECEIPT_TEXT];

    reply->again = tz_web_public_complain;
    if (!tz_public_is_mark(tz_form(req, "mark"), now_ms(req))) {
        rc = tz_fail(err, TZ_REFUSED, "表单打开得太久或已经提交过,请再按一次“提交”", "the form is too old or was sent already: send it once more");
        goto done;
    }
    if (saying.text == NULL) {
        rc = tz_fail(err, TZ_INPUT, "请写明反映的事情", "say what happened");
        goto done;
    }
    TZ_TRY(load_photo(req, &saying.photo, err));
    if (!tz_public_has_room((int64_t)saying.photo.size, now_ms(req))) {
        (void)tz_fail(err, TZ_BUSY, "这一小时收到的反映已经很多", "very many complaints came in within this hour");
        rc = tz_err_advise(err, "请过一小时再试,或写信、打电话", "try again in an hour, or write or telephone");
        goto done;
    }
    TZ_TRY(tz_inbox_put(req->mem, inbox, &saying, receipt, err));
    tz_json_set_str(reply->data, "receipt", tz_arena_dup(req->mem, receipt));
    reply->page = "public-receipt";
    put_common(req, reply->data, "complain");
done:
    return rc;
}

/* ---- What became of it ---- */

tz_rc tz_web_public_status(tz_request *req, tz_reply *reply, tz_err *err)
{
    (void)err;
    put_common(req, reply->data, "status");
    return TZ_OK;
}

/* A POST, so that no receipt stands in an address, a history or a log. */
tz_rc tz_web_public_status_ask(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *statuses = NULL;
    const char *receipt = tz_plain(req, tz_form(req, "receipt"));
    char        hash[TZ_RECEIPT_HASH];

    reply->again = tz_web_public_status;
    if (receipt == NULL || !tz_receipt_read(tz_text_of(receipt), hash)) {
        (void)tz_fail(err, TZ_INPUT, "回执号抄错了一处", "the receipt's number has a slip");
        rc = tz_err_advise(err, "回执号共 16 个字母和数字,请对照再填", "it has 16 letters and digits: please compare");
        goto done;
    }
    TZ_TRY(load(req, "statuses.json", &statuses, err));
    const json_t *status = json_object_get(statuses, hash);
    (void)json_object_set_new(reply->data, "is_asked", json_true());
    if (status != NULL) {
        json_t *known = json_copy((json_t *)status);
        (void)json_object_set(known, "word", json_object_get(json_object_get(status, "word"), req->lang == TZ_ZH ? "zh" : "en"));
        (void)json_object_set_new(reply->data, "known", known);
    }
    put_common(req, reply->data, "status");
done:
    json_decref(statuses);
    return rc;
}

/* ---- Verifying ---- */

/* Letters and digits alone, as codes are compared: O reads as 0, I and L as 1. */
static const char *folded_code(tz_arena *mem, const char *text)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (; *text != '\0'; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            tz_buf_char(&out, c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
    }
    return tz_buf_str(&out);
}

static void put_found(const tz_request *req, const json_t *report, const char *code, json_t *data)
{
    size_t  i;
    json_t *figure;

    (void)json_object_set_new(data, "is_asked", json_true());
    json_array_foreach(json_object_get(report, "figures"), i, figure)
        if (tz_json_str(figure, "code") != NULL && strcmp(folded_code(req->mem, tz_json_str(figure, "code")), folded_code(req->mem, code)) == 0) {
            (void)json_object_set(data, "found", figure);
            (void)json_object_set(data, "of_day", json_object_get(report, "as_of"));
        }
}

tz_rc tz_web_public_verify(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *site = NULL;
    const char *code = tz_plain(req, tz_query_value(req, "code"));

    TZ_TRY(load(req, "site.json", &site, err));
    (void)json_object_set(reply->data, "journal", json_object_get(site, "journal"));
    tz_json_set_str(reply->data, "checkpoint_at", "/public/checkpoint");
    if (code != NULL && strlen(code) < 64)
        put_found(req, json_object_get(in_language(req, site), "report"), code, reply->data);
    put_common(req, reply->data, "verify");
done:
    json_decref(site);
    return rc;
}

tz_rc tz_web_public_checkpoint(tz_request *req, tz_reply *reply, tz_err *err)
{
    const char *path = tz_arena_printf(req->mem, "%s/site/checkpoint.json", tz_office_public(req->office));

    if (!tz_file_exists(path))
        return tz_fail(err, TZ_MISSING, "还没有签过检查点", "there is no checkpoint yet");
    tz_reply_file(reply, path, NULL, "application/json; charset=utf-8");
    return TZ_OK;
}
