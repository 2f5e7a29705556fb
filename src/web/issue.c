/* issue - one issue: what it rests on, what it lacks, what can be done with it, its files. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "checks/check.h"
#include "formats/image.h"
#include "ledger/issue.h"
#include "store/checkpoint.h"
#include "store/desk.h"
#include "store/journal.h"
#include "web/issue_page.h"
#include "web/mine.h"
#include "web/pages.h"

/* ---- What it rests on ---- */

static tz_rc put_findings(tz_request *req, bool is_masked, json_t *data, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = req->session;
    json_t     *findings = json_array(), *one, *found = NULL;
    size_t      i;

    json_array_foreach(json_object_get(data, "findings"), i, one) {
        tz_finding_filter filter = {.finding = tz_json_int(one, "finding", 0), .is_masked = is_masked, .lang = req->lang};
        const tz_check   *check = tz_packs_check(session->packs, tz_json_str(one, "check"));
        TZ_TRY(tz_findings(req->mem, session->store, session->packs, &filter, &found, err));
        json_t     *line = json_array_get(found, 0);
        const char *kind = tz_json_str(line, "subject_kind"), *subject = tz_json_str(line, "subject");
        bool        is_somebody = subject != NULL && (strcmp(kind, "person") == 0 || strcmp(kind, "household") == 0);
        tz_json_set_str(line, "title", check == NULL ? NULL : tz_web_half(req, check->title));
        tz_json_set_str(line, "basis", check == NULL ? NULL : tz_web_half(req, check->basis));
        tz_json_set_str(line, "subject_href",
                        is_somebody ? tz_arena_printf(req->mem, "/%ss/%s", kind, subject) : NULL);
        (void)json_object_set_new(line, "is_cleared", json_boolean(strcmp(tz_json_str(line, "state"), "cleared") == 0));
        (void)json_array_append(findings, line);
        json_decref(found);
        found = NULL;
    }
    (void)json_object_set(data, "findings", findings);
done:
    json_decref(found);
    json_decref(findings);
    return rc;
}

/* The ledger's fields with what stands in them. */
static void put_fields(tz_request *req, json_t *data)
{
    const tz_ledger *ledger = tz_packs_ledger(req->session->packs, tz_json_str(data, "ledger"));
    json_t          *list = json_array();

    for (size_t i = 0; ledger != NULL && i < ledger->fields.count; i++) {
        const tz_ledger_field *field = &ledger->fields.items[i];
        json_t                *line = json_object(), *codes = json_array();
        const char            *value = tz_json_str(json_object_get(data, "fields"), field->name);
        tz_json_set_str(line, "name", field->name);
        tz_json_set_str(line, "title", tz_web_half(req, field->title));
        tz_json_set_str(line, "value", value);
        (void)json_object_set_new(line, "is_required", json_boolean(field->is_required));
        for (size_t j = 0; j < field->codes.count; j++)
            (void)json_array_append_new(codes, json_pack("{s:s, s:b}", "code", field->codes.items[j], "is_chosen",
                                                         value != NULL && strcmp(value, field->codes.items[j]) == 0));
        (void)json_object_set_new(line, "has_codes", json_boolean(json_array_size(codes) > 0));
        (void)json_object_set_new(line, "codes", codes);
        (void)json_array_append_new(list, line);
    }
    (void)json_object_set_new(data, "has_fields", json_boolean(json_array_size(list) > 0));
    (void)json_object_set_new(data, "ledger_fields", list);
    tz_json_set_str(data, "ledger_title", tz_web_half(req, ledger == NULL ? "问题台账|Ledger of issues" : ledger->title));
}

static bool is_kind(const json_t *item, const char *kind)
{
    return strcmp(tz_json_str(item, "kind"), kind) == 0;
}

static void dress_evidence(tz_request *req, json_t *data)
{
    static const char *const WORDS[][2] = {{"row", "名册行|row"}, {"receipt", "凭证|receipt"}, {"document", "文件|document"},
                                           {"photo", "照片|photo"}, {"approval", "审批表|approval form"}, {"statement", "陈述材料|statement"}};
    size_t  i, j;
    json_t *item, *remark;

    json_array_foreach(json_object_get(data, "evidence"), i, item) {
        json_t *remarks = json_array();
        for (j = 0; j < sizeof WORDS / sizeof WORDS[0]; j++)
            if (is_kind(item, WORDS[j][0]))
                tz_json_set_str(item, "kind_word", tz_web_half(req, WORDS[j][1]));
        tz_json_set_str(item, "href", is_kind(item, "row") ? NULL : tz_arena_printf(req->mem, "/issues/%lld/evidence/%lld",
                                                                                   (long long)tz_json_int(data, "issue", 0),
                                                                                   (long long)tz_json_int(item, "evidence", 0)));
        (void)json_object_set_new(item, "is_photo", json_boolean(is_kind(item, "photo")));
        json_array_foreach(json_object_get(data, "remarks"), j, remark)
            if (tz_json_int(remark, "evidence", 0) == tz_json_int(item, "evidence", 0))
                (void)json_array_append(remarks, remark);
        (void)json_object_set_new(item, "item_remarks", remarks);
    }
}

/* ---- History ---- */

/* What a step changed, in words where there are some. */
static void put_changes(tz_request *req, json_t *step)
{
    static const char *const WORDS[][2] = {{"unit", "承办|unit"}, {"handler", "经办|handler"}, {"due", "期限|due"},
                                           {"asked_due", "申请延到|asked for"}, {"answer_by", "答复期限|answer by"},
                                           {"until", "公示至|published until"}, {"checked", "核查|checked"},
                                           {"evidence", "佐证|evidence"}, {"how", "销号凭|closed on"}};
    tz_buf  out = tz_buf_init(req->mem, 0);
    json_t *detail = json_object_get(step, "detail");

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        const json_t *value = json_object_get(detail, WORDS[i][0]);
        if (!json_is_string(value) && !json_is_integer(value))
            continue;
        tz_buf_printf(&out, "%s%s ", out.size == 0 ? "" : " · ", tz_web_half(req, WORDS[i][1]));
        if (json_is_string(value))
            tz_buf_puts(&out, json_string_value(value));
        else
            tz_buf_printf(&out, "%lld", (long long)json_integer_value(value));
    }
    tz_json_set_str(step, "changes", out.size == 0 ? NULL : tz_buf_str(&out));
}

static void dress_history(tz_request *req, json_t *data)
{
    json_t *history = json_object_get(data, "history"), *newest = json_array(), *step;

    for (size_t i = json_array_size(history); i > 0; i--) {
        step = json_array_get(history, i - 1);
        const char *at = tz_json_str(step, "at");
        tz_json_set_str(step, "when", at == NULL ? NULL : tz_web_time(req, at));
        put_changes(req, step);
        (void)json_array_append(newest, step);
    }
    (void)json_object_set_new(data, "steps", newest);
}

/* ---- What can be done ---- */

/* Each action that the ledger offers and the reader's role has, as a member of `can`: why not where it is barred. */
static tz_rc put_actions(tz_request *req, int64_t number, json_t *data, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *actions = NULL, *can = json_object(), *barred = json_array(), *action;
    size_t  i;

    TZ_TRY(tz_issue_possible(req->mem, req->session->store, req->session->packs, number, req->actor->user, req->lang, &actions, err));
    json_array_foreach(actions, i, action) {
        const char *name = tz_json_str(action, "action");
        if (!tz_may_act(req->actor, name))
            continue;
        if (json_is_true(json_object_get(action, "is_allowed")))
            (void)json_object_set(can, strcmp(name, "look-back") == 0 ? "look_back" : name, action);
        else
            (void)json_array_append(barred, action);
    }
    (void)json_object_set_new(can, "any", json_boolean(json_object_size(can) > 0));
    (void)json_object_set(data, "can", can);
    (void)json_object_set(data, "barred", barred);
done:
    json_decref(actions);
    json_decref(can);
    json_decref(barred);
    return rc;
}

static tz_rc put_conditions(tz_request *req, int64_t number, json_t *data, tz_err *err)
{
    json_t *conditions = NULL;
    tz_rc   rc = tz_issue_conditions(req->session->store, req->session->packs, number, req->actor->user, req->lang, &conditions, err);

    if (rc == TZ_OK)
        (void)json_object_set_new(data, "has_conditions", json_boolean(json_array_size(conditions) > 0));
    if (rc == TZ_OK)
        (void)json_object_set(data, "conditions", conditions);
    json_decref(conditions);
    return rc;
}

/* What was typed and not sent, by form. */
static tz_rc put_drafts(tz_request *req, int64_t number, json_t *data, tz_err *err)
{
    json_t *draft = NULL;
    tz_rc   rc = tz_desk_draft_get(tz_office_desk(req->office), req->actor->user, tz_arena_printf(req->mem, "/issues/%lld", (long long)number),
                                   &draft, err);

    if (rc == TZ_OK)
        (void)json_object_set_new(data, "draft", draft == NULL ? json_null() : draft);
    return rc;
}

/* Where its proof stands: how long the journal is, and its root. */
static tz_rc put_proof(tz_request *req, json_t *data, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    int64_t   entries = 0;
    tz_digest root;
    char      hex[TZ_SM3_HEX];
    json_t   *signed_roots = NULL;

    TZ_TRY(tz_checkpoint_list(req->session->store, &signed_roots, err));
    TZ_TRY(tz_journal_count(req->session->store, &entries, err));
    TZ_TRY(tz_journal_root(req->session->store, entries, &root, err));
    tz_digest_hex(&root, hex);
    (void)json_object_set_new(data, "proof", json_pack("{s:I, s:s, s:b}", "entries", (json_int_t)entries, "root", hex, "is_signed",
                                                         json_array_size(signed_roots) > 0));
done:
    json_decref(signed_roots);
    return rc;
}

/* ---- The page ---- */

/* The issue, if it is the reader's to see. */
static tz_rc load_issue(tz_request *req, int64_t *ret_number, json_t **ret_issue, bool *ret_is_masked, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;

    TZ_TRY(tz_web_issue_of(req, &number, err));
    bool is_masked = !tz_revealed(req, "issue", tz_arena_printf(req->mem, "%lld", (long long)number));
    TZ_TRY(tz_issue_show(req->mem, req->session->store, req->session->packs, number, is_masked, req->lang, ret_issue, err));
    *ret_number = number;
    *ret_is_masked = is_masked;
done:
    return rc;
}

static void put_head(tz_request *req, int64_t number, bool is_masked, json_t *data)
{
    int64_t left = tz_json_int(data, "days_left", 0);
    bool    has_days = json_is_integer(json_object_get(data, "days_left"));

    tz_json_set_str(data, "sentence", tz_json_str(data, "title"));
    tz_json_set_str(data, "title", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "问题 #%lld" : "Issue #%lld", (long long)number));
    tz_json_set_str(data, "late", has_days && left < 0 ? tz_arena_printf(req->mem, "%lld", (long long)-left) : NULL);
    tz_json_set_str(data, "left", has_days && left >= 0 ? tz_arena_printf(req->mem, "%lld", (long long)left) : NULL);
    tz_json_set_str(data, "kind", "issue");
    tz_json_set_str(data, "id", tz_arena_printf(req->mem, "%lld", (long long)number));
    (void)json_object_set_new(data, "is_masked", json_boolean(is_masked));
    (void)json_object_set_new(data, "has_evidence", json_boolean(json_array_size(json_object_get(data, "evidence")) > 0));
    (void)json_object_set_new(data, "has_remarks", json_boolean(json_array_size(json_object_get(data, "remarks")) > 0));
    (void)json_object_set_new(data, "has_letters", json_boolean(json_array_size(json_object_get(data, "letters")) > 0));
    (void)json_object_set_new(data, "has_sources", json_boolean(json_array_size(json_object_get(data, "sources")) > 0));
    (void)json_object_set_new(data, "has_children", json_boolean(json_array_size(json_object_get(data, "children")) > 0));
    const char *raised_by = tz_json_str(data, "raised_by");
    if (raised_by != NULL && strncmp(raised_by, "finding ", 8) == 0)
        tz_json_set_str(data, "raised_by", tz_arena_printf(req->mem, req->lang == TZ_ZH ? "疑点 F%s" : "finding F%s", raised_by + 8));
    tz_web_crumb(data, "/issues", req->lang == TZ_ZH ? "台账" : "Ledger");
    tz_web_crumb(data, NULL, tz_arena_printf(req->mem, "#%lld", (long long)number));
}

tz_rc tz_web_issue(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    bool    is_masked = true;
    json_t *issue = NULL;

    TZ_TRY(load_issue(req, &number, &issue, &is_masked, err));
    (void)json_object_update(reply->data, issue);
    TZ_TRY(put_findings(req, is_masked, reply->data, err));
    put_fields(req, reply->data);
    dress_evidence(req, reply->data);
    dress_history(req, reply->data);
    TZ_TRY(tz_web_put_people(req, reply->data, err));
    TZ_TRY(put_conditions(req, number, reply->data, err));
    TZ_TRY(put_actions(req, number, reply->data, err));
    TZ_TRY(put_drafts(req, number, reply->data, err));
    TZ_TRY(put_proof(req, reply->data, err));
    tz_web_link_rows(req, reply->data);
    put_head(req, number, is_masked, reply->data);
done:
    json_decref(issue);
    return rc;
}

/* ---- Files ---- */

/* A picture that holds what it says is shown; all else is saved. Where it was taken is nobody's to read in a browser. */
static tz_rc reply_photo(tz_request *req, tz_reply *reply, const char *path, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_text  data;
    tz_image image;

    TZ_TRY(tz_file_load(req->mem, path, TZ_MAX_IMAGE_BYTES, &data, err));
    TZ_TRY(tz_image_read(data, &image, err));
    uint8_t *bytes = tz_arena_alloc(req->mem, data.size);
    memcpy(bytes, data.data, data.size);
    tz_exif_drop_place(bytes, data.size);
    tz_reply_bytes(reply, (tz_text){(const char *)bytes, data.size}, NULL, tz_text_starts(data, TZ_TEXT("\x89PNG")) ? "image/png" : "image/jpeg");
done:
    return rc;
}

tz_rc tz_web_issue_evidence(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0, evidence = 0;
    bool    is_masked = true;
    json_t *issue = NULL, *item;
    size_t  i;

    TZ_TRY(load_issue(req, &number, &issue, &is_masked, err));
    TZ_TRY(tz_param_number(req, "evidence", &evidence, err));
    json_array_foreach(json_object_get(issue, "evidence"), i, item) {
        const char *original = tz_json_str(item, "original");
        if (tz_json_int(item, "evidence", 0) != evidence || original == NULL)
            continue;
        const char *path = tz_store_path(req->mem, req->session->store, "originals", original);
        if (tz_query_value(req, "show") != NULL && is_kind(item, "photo"))
            rc = reply_photo(req, reply, path, err);
        else
            tz_reply_file(reply, path, tz_arena_dup(req->mem, tz_json_str(item, "file")), "application/octet-stream");
        goto done;
    }
    rc = tz_access_missing(err);
done:
    json_decref(issue);
    return rc;
}
