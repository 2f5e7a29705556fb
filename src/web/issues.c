/* issues - one issue: what it rests on, what it lacks, what can be done with it, its proof; and a new one by hand. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "checks/check.h"
#include "formats/image.h"
#include "ledger/issue.h"
#include "store/checkpoint.h"
#include "store/desk.h"
#include "store/journal.h"
#include "store/prove.h"
#include "store/user.h"
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
        tz_json_set_str(step, "when", at == NULL ? NULL : tz_web_china_time(req, at));
        put_changes(req, step);
        (void)json_array_append(newest, step);
    }
    (void)json_object_set_new(data, "steps", newest);
}

/* ---- What can be done ---- */

/* Units and active people to choose from; who may be named is no secret inside the office. */
static tz_rc put_users(tz_request *req, json_t *data, tz_err *err)
{
    json_t *users = NULL, *active = json_array(), *user;
    size_t  at;
    tz_rc   rc = tz_user_list(req->session->store, &users, err);

    json_array_foreach(users, at, user)
        if (strcmp(tz_json_str(user, "state"), "active") == 0 && strcmp(tz_json_str(user, "user"), "system") != 0)
            (void)json_array_append_new(active, json_pack("{s:O, s:O, s:O}", "user", json_object_get(user, "user"), "name",
                                                          json_object_get(user, "name"), "unit", json_object_get(user, "unit")));
    (void)json_object_set_new(data, "user_names", active);
    json_decref(users);
    const tz_county *county = req->session->store->county;
    json_t          *units = json_array();

    for (size_t i = 0; i < county->units.count; i++)
        (void)json_array_append_new(units, json_string(county->units.items[i].name));
    for (size_t i = 0; i < county->divisions.count; i++)
        if (county->divisions.items[i].level == TZ_DIVISION_TOWNSHIP)
            (void)json_array_append_new(units, json_string(county->divisions.items[i].name));
    (void)json_object_set_new(data, "unit_names", units);
    return rc;
}

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
    json_t *issue = NULL;
    bool    is_masked = true;

    TZ_TRY(tz_param_number(req, "issue", &number, err));
    is_masked = !tz_revealed(req, "issue", tz_arena_printf(req->mem, "%lld", (long long)number));
    TZ_TRY(tz_issue_show(req->mem, req->session->store, req->session->packs, number, is_masked, req->lang, &issue, err));
    const char *handler = tz_json_str(issue, "handler");
    bool        is_theirs = handler != NULL && strcmp(handler, req->actor->user) == 0;
    if (!is_theirs && !tz_may_issue(req->actor, issue)) {
        rc = tz_access_missing(err);
        goto done;
    }
    *ret_number = number;
    *ret_is_masked = is_masked;
    *ret_issue = json_incref(issue);
done:
    json_decref(issue);
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
    TZ_TRY(put_users(req, reply->data, err));
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

tz_rc tz_web_issue_proof(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    bool    is_masked = true;
    json_t *issue = NULL, *proof = NULL;

    TZ_TRY(load_issue(req, &number, &issue, &is_masked, err));
    TZ_TRY(tz_prove_issue(req->mem, req->session->store, number, true, &proof, err));
    tz_buf text = tz_buf_init(req->mem, 0);
    tz_json_canonical(proof, &text);
    tz_reply_bytes(reply, tz_buf_text(&text), tz_arena_printf(req->mem, "proof-%lld.json", (long long)number), "application/json");
done:
    json_decref(issue);
    json_decref(proof);
    return rc;
}

/* ---- Acting ---- */

static bool is_ticked(const tz_request *req, const char *name)
{
    return tz_form(req, name) != NULL;
}

/* field.NAME of the form; NULL without one. */
static json_t *fields_of(const tz_request *req)
{
    static const char PREFIX[] = "field.";
    json_t *fields = NULL;

    for (size_t i = 0; i < req->fields.count; i++) {
        const tz_pair *pair = &req->fields.items[i];
        if (strncmp(pair->name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        fields = fields == NULL ? json_object() : fields;
        tz_json_set_str(fields, pair->name + strlen(PREFIX), pair->value);
    }
    return fields;
}

/* Checkboxes `box` as the list that attach takes. */
static const char *boxes_of(const tz_request *req)
{
    tz_buf      out = tz_buf_init(req->mem, 0);
    const char *box = NULL;

    for (size_t i = 0; (box = tz_form_nth(req, "box", i)) != NULL; i++)
        tz_buf_printf(&out, "%s%s", i == 0 ? "" : ",", box);
    return out.size == 0 ? tz_form(req, "boxes") : tz_buf_str(&out);
}

/* The place in a photo stays only where its owner ticked so. */
static tz_rc tidy_photo(tz_request *req, const tz_upload *upload, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text data;
    tz_exif exif;

    if (is_ticked(req, "keep_place"))
        return TZ_OK;
    TZ_TRY(tz_file_load(req->mem, upload->path, TZ_MAX_IMAGE_BYTES, &data, err));
    tz_exif_read(data, &exif);
    if (!exif.has_place)
        goto done;
    uint8_t *bytes = tz_arena_alloc(req->mem, data.size);
    memcpy(bytes, data.data, data.size);
    tz_exif_drop_place(bytes, data.size);
    TZ_TRY(tz_file_write(upload->path, (tz_text){(const char *)bytes, data.size}, 0600, err));
done:
    return rc;
}

static tz_rc read_numbers(tz_request *req, tz_issue_options *options, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *with = tz_form(req, "with"), *row = tz_form(req, "row");

    if (with != NULL && !tz_text_int(tz_text_of(with[0] == '#' || with[0] == 'F' ? with + 1 : with), &options->with)) {
        rc = tz_fail(err, TZ_USAGE, "编号写作数字,如 12", "a number, such as 12");
        goto done;
    }
    if (row != NULL)
        TZ_TRY(tz_row_parse(req->session->store, row, &options->row, err));
done:
    return rc;
}

/* The action with its first file, and each further file as an item of its own. */
static tz_rc act_with_files(tz_request *req, int64_t number, const char *action, tz_issue_options *options, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *draft = options->draft;
    bool        has_file = false;

    for (size_t i = 0;; i++) {
        const tz_upload *upload = tz_upload_nth(req, "file", i);
        if (upload == NULL || (upload->size == 0 && upload->name[0] == '\0'))
            break;
        has_file = true;
        if (options->kind != NULL && strcmp(options->kind, "photo") == 0)
            TZ_TRY(tidy_photo(req, upload, err));
        options->file = upload->path;
        options->file_name = upload->name;
        options->draft = draft == NULL ? NULL : tz_arena_printf(req->mem, "%s.%zu", draft, i);
        TZ_TRY(tz_issue_act(req->mem, req->session->store, req->session->packs, number, action, options, NULL, err));
        if (strcmp(action, "attach") != 0)
            goto done; /* what was said has one file */
    }
    if (!has_file)
        rc = tz_issue_act(req->mem, req->session->store, req->session->packs, number, action, options, NULL, err);
done:
    return rc;
}

static const char *done_notice(const tz_request *req, const char *action, int64_t number)
{
    static const struct { const char *action, *zh, *en; } WORDS[] = {
        {"note", "已记入经过", "noted"}, {"attach", "已附上佐证", "attached"}, {"submit", "已申请销号,等另一人核查签字;可由核查人退回",
         "submitted: somebody else checks and signs, or returns it"},
        {"set", "已保存栏目", "fields saved"}, {"close", "已销号;回头看可重新打开", "closed; a look-back can open it again"},
        {"extend", "已申请延期,等答复", "more time was asked for"}, {"return", "已退回并说明", "returned with a reason"},
    };

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].action, action) == 0)
            return tz_arena_printf(req->mem, "#%lld %s", (long long)number, req->lang == TZ_ZH ? WORDS[i].zh : WORDS[i].en);
    return tz_arena_printf(req->mem, req->lang == TZ_ZH ? "#%lld 已办理,记入经过" : "#%lld: done, and on record", (long long)number);
}

static tz_rc act(tz_request *req, int64_t number, const char *action, const json_t *fields, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const char      *conclusion = tz_form(req, "conclusion");
    tz_issue_options options = {
        .unit = tz_form(req, "unit"), .handler = tz_form(req, "handler"), .support = tz_form(req, "support"), .due = tz_form(req, "due"),
        .term = tz_form(req, "term"), .note = tz_form(req, "note"), .kind = tz_form(req, "kind"), .line = tz_form(req, "line"),
        .draft = tz_form(req, "draft"), .boxes = boxes_of(req), .people = tz_form(req, "people"), .fields = fields,
        .is_pending_data = is_ticked(req, "pending_data"), .is_relapse = is_ticked(req, "relapse"), .is_seen = is_ticked(req, "seen"),
        .is_upheld = conclusion != NULL && strcmp(conclusion, "upheld") == 0,
        .is_rejected = conclusion != NULL && strcmp(conclusion, "rejected") == 0};

    TZ_TRY(read_numbers(req, &options, err));
    rc = act_with_files(req, number, action, &options, err);
done:
    return rc;
}

tz_rc tz_web_issue_act(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    bool        is_masked = true;
    json_t     *issue = NULL, *fields = NULL;
    const char *action = tz_param(req, "action");

    reply->again = tz_web_issue;
    TZ_TRY(load_issue(req, &number, &issue, &is_masked, err));
    if (!tz_may_act(req->actor, action)) {
        rc = tz_fail(err, TZ_REFUSED, "这一步不由您的角色办理", "this step is not for your role");
        goto done;
    }
    fields = fields_of(req);
    TZ_TRY(act(req, number, action, fields, err));
    if (strcmp(action, "note") == 0 || strcmp(action, "submit") == 0)
        TZ_TRY(tz_desk_draft_drop(tz_office_desk(req->office), req->actor->user, tz_arena_printf(req->mem, "/issues/%lld", (long long)number), err));
    reply->redirect = tz_arena_printf(req->mem, "/issues/%lld", (long long)number);
    reply->notice = done_notice(req, action, number);
done:
    json_decref(issue);
    json_decref(fields);
    return rc;
}

/* What was typed and is not sent yet, kept on the server: nothing is typed twice. */
tz_rc tz_web_issue_draft(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    bool        is_masked = true;
    json_t     *issue = NULL, *draft = json_object();
    const char *note = tz_form(req, "note");

    TZ_TRY(load_issue(req, &number, &issue, &is_masked, err));
    const char *form = tz_arena_printf(req->mem, "/issues/%lld", (long long)number);
    tz_json_set_str(draft, "note", note);
    if (note == NULL)
        TZ_TRY(tz_desk_draft_drop(tz_office_desk(req->office), req->actor->user, form, err));
    else
        TZ_TRY(tz_desk_draft_put(tz_office_desk(req->office), req->actor->user, form, draft, err));
    reply->redirect = form;
    reply->notice = req->lang == TZ_ZH ? "草稿已存,三十天内都在" : "the draft is kept for thirty days";
done:
    json_decref(issue);
    json_decref(draft);
    return rc;
}

/* ---- By hand ---- */

tz_rc tz_web_issue_new(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *ledgers = json_array();

    (void)json_array_append_new(ledgers, json_pack("{s:s, s:s}", "name", "default", "title", req->lang == TZ_ZH ? "问题台账" : "Ledger of issues"));
    for (size_t i = 0; i < req->session->packs->packs.count; i++)
        for (size_t j = 0; j < req->session->packs->packs.items[i].ledgers.count; j++) {
            const tz_ledger *ledger = &req->session->packs->packs.items[i].ledgers.items[j];
            (void)json_array_append_new(ledgers, json_pack("{s:s, s:s}", "name", ledger->name, "title", tz_web_half(req, ledger->title)));
        }
    (void)json_object_set_new(reply->data, "ledgers", ledgers);
    tz_rc rc = put_users(req, reply->data, err);
    tz_web_crumb(reply->data, "/issues", req->lang == TZ_ZH ? "台账" : "Ledger");
    tz_web_crumb(reply->data, NULL, req->lang == TZ_ZH ? "新问题" : "New");
    return rc;
}

tz_rc tz_web_issue_open(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc                rc = TZ_OK;
    int64_t              number = 0;
    const char          *parent = tz_form(req, "parent");
    tz_issue_new_options options = {.ledger = tz_form(req, "ledger"), .title = tz_form(req, "title"), .level = tz_form(req, "level"),
                                    .source = tz_form(req, "source"), .raised_by = tz_form(req, "raised_by"), .unit = tz_form(req, "unit"),
                                    .due = tz_form(req, "due"), .term = tz_form(req, "term")};

    reply->again = tz_web_issue_new;
    if (parent != NULL && !tz_text_int(tz_text_of(parent), &options.parent))
        return tz_fail(err, TZ_USAGE, "上级问题写编号,如 12", "the parent is a number, such as 12");
    if (!req->actor->is_county)
        options.unit = options.unit == NULL ? req->actor->unit : options.unit;
    if (!req->actor->is_county && !tz_may_unit(req->actor, options.unit))
        return tz_fail(err, TZ_REFUSED, "只能给本单位新开问题", "you open issues of your own unit alone");
    TZ_TRY(tz_issue_new(req->session->store, req->session->packs, &options, &number, err));
    reply->redirect = tz_arena_printf(req->mem, "/issues/%lld", (long long)number);
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "已开问题 #%lld" : "issue #%lld is open", (long long)number);
done:
    return rc;
}
