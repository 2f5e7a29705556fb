/* issue_act - what somebody does about an issue: its actions, drafts of what they write, and a new one by hand. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "formats/image.h"
#include "ledger/issue.h"
#include "store/desk.h"
#include "store/user.h"
#include "web/issue_page.h"
#include "web/listing.h"
#include "web/pages.h"
#include "web/words.h"

/* The list from this number on is asked for one line, for it is filtered by what the reader may see: the issue's own page costs
 * far more. */
static tz_rc is_listed(tz_request *req, int64_t number, const tz_issue_filter *scope, bool *ret_is, tz_err *err)
{
    json_t         *rows = NULL;
    tz_issue_filter filter = *scope;

    filter.after = number - 1;
    filter.limit = 1;
    filter.is_masked = true;
    filter.lang = req->lang;
    tz_rc rc = tz_issue_list(req->mem, req->session->store, req->session->packs, &filter, &rows, err);
    if (rc == TZ_OK)
        *ret_is = tz_json_int(json_array_get(rows, 0), "issue", 0) == number;
    json_decref(rows);
    return rc;
}

tz_rc tz_web_issue_of(tz_request *req, int64_t *ret_number, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    bool    is_theirs = false;
    json_t *units = tz_web_units(req), *places = tz_web_places(req);

    TZ_TRY(tz_param_number(req, "issue", &number, err));
    TZ_TRY(is_listed(req, number, &(tz_issue_filter){.units = units, .places = places}, &is_theirs, err));
    if (!is_theirs)
        TZ_TRY(is_listed(req, number, &(tz_issue_filter){.handler = req->actor->user}, &is_theirs, err));
    if (is_theirs)
        *ret_number = number;
    else
        rc = tz_access_missing(err);
done:
    json_decref(units);
    json_decref(places);
    return rc;
}

tz_rc tz_web_put_people(tz_request *req, json_t *data, tz_err *err)
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
    const char *with = tz_plain(req, tz_form(req, "with")), *row = tz_plain(req, tz_form(req, "row"));

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
        {"assign", "已交办", "assigned"}, {"start", "已开始整改", "rectifying has begun"},
        {"check", "已核查通过,等签字销号", "checked: it waits for a signature"},
        {"publish", "已公示", "published"}, {"grant", "已同意延期", "more time is granted"}, {"deny", "已答复:不同意延期", "more time is refused"},
        {"object", "异议已记入,等答复", "the objection is on record and waits for an answer"}, {"answer", "异议已答复", "the objection is answered"},
        {"say", "陈述已记入", "the statement is on record"}, {"suspend", "已暂缓", "suspended"}, {"transfer", "已移送", "passed on"},
        {"dismiss", "已判为不成立", "dismissed"}, {"merge", "已并入", "merged"}, {"split", "已拆出", "split off"},
        {"look-back", "回头看已记入", "the look-back is on record"},
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

/* The page again, with what was typed into the form of the action that was refused: sent{ACTION{field}}. */
static tz_rc issue_again(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *fields = json_object();

    for (size_t i = 0; i < req->fields.count; i++)
        tz_json_set_str(fields, req->fields.items[i].name, req->fields.items[i].value);
    (void)json_object_set_new(reply->data, "sent", json_pack("{s:o}", tz_param(req, "action"), fields));
    return tz_web_issue(req, reply, err);
}

tz_rc tz_web_issue_act(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    json_t     *fields = NULL;
    const char *action = tz_param(req, "action");

    reply->again = issue_again;
    TZ_TRY(tz_web_issue_of(req, &number, err));
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
    json_decref(fields);
    return rc;
}

/* What was typed and is not sent yet, kept on the server: nothing is typed twice. */
tz_rc tz_web_issue_draft(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     number = 0;
    json_t     *draft = json_object();
    const char *note = tz_form(req, "note");

    TZ_TRY(tz_web_issue_of(req, &number, err));
    const char *form = tz_arena_printf(req->mem, "/issues/%lld", (long long)number);
    tz_json_set_str(draft, "note", note);
    if (note == NULL)
        TZ_TRY(tz_desk_draft_drop(tz_office_desk(req->office), req->actor->user, form, err));
    else
        TZ_TRY(tz_desk_draft_put(tz_office_desk(req->office), req->actor->user, form, draft, err));
    reply->redirect = form;
    reply->notice = req->lang == TZ_ZH ? "草稿已存,三十天内都在" : "the draft is kept for thirty days";
done:
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
    tz_rc rc = tz_web_put_people(req, reply->data, err);
    tz_web_crumb(reply->data, "/issues", req->lang == TZ_ZH ? "台账" : "Ledger");
    tz_web_crumb(reply->data, NULL, req->lang == TZ_ZH ? "新问题" : "New");
    return rc;
}

tz_rc tz_web_issue_open(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc                rc = TZ_OK;
    int64_t              number = 0;
    const char          *parent = tz_plain(req, tz_form(req, "parent"));
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
