/* close - what a signature asks of an issue: to be submitted, checked, closed or dismissed.
 *
 * Each question is a function that adds what is missing; a signature is a list of them; a refusal names
 * everything at once, a check list has a line for each.  Whose signature counts is in signer.c, what a signer must have looked at in photo.c.
 */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"

typedef tz_rc judge_fn(tz_judging *of, tz_err *err);

typedef struct {
    judge_fn   *judge;
    const char *name, *title; /* title: what has to be true, "中文|English" */
} question;

void tz_judging_add(tz_judging *of, const char *zh, const char *en)
{
    tz_buf_puts(&of->zh, of->zh.size == 0 ? "" : ";");
    tz_buf_puts(&of->zh, zh);
    tz_buf_puts(&of->en, of->en.size == 0 ? "" : "; ");
    tz_buf_puts(&of->en, en);
}

static const tz_ledger *ledger_of(const tz_judging *of)
{
    return tz_issue_ledger(of->packs, tz_json_str(of->issue, "ledger"));
}

/* ---- Findings ---- */

tz_rc tz_issue_findings(tz_store *store, int64_t issue, json_t **ret_findings, tz_err *err)
{
    return tz_issue_query(store,
                          "SELECT f.finding, f.\"check\", f.state, f.cleared_why, f.rows, f.verdict, v.by_user FROM issue_finding i"
                          " JOIN finding f ON f.finding = i.finding LEFT JOIN verdict v ON v.finding = f.finding"
                          " WHERE i.issue = ?1 ORDER BY f.finding", issue, ret_findings, err);
}

/* The registers that a check reads, as a JSON array. */
static const char *registers_json(tz_arena *mem, const tz_check *check, const tz_query_names *names)
{
    json_t *list = json_array();
    tz_buf  text = tz_buf_init(mem, 0);

    for (size_t i = 0; i < names->tables.count; i++)
        (void)json_array_append_new(list, json_string(names->tables.items[i]));
    for (size_t i = 0; i < check->needs.count; i++)
        (void)json_array_append_new(list, json_string(check->needs.items[i]));
    tz_json_canonical(list, &text);
    json_decref(list);
    return tz_buf_str(&text);
}

tz_rc tz_issue_ran_since(tz_store *store, const tz_packs *packs, int64_t finding, int64_t entry, bool *ret_ran, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_arena        mem = {0};
    tz_sql         *sql = NULL;
    bool            has_row = false;
    json_t         *rows = NULL;
    const tz_check *check = NULL;
    const tz_query_names *names = NULL;

    TZ_TRY(tz_issue_query(store, "SELECT \"check\" FROM finding_key WHERE finding = ?1 LIMIT 1", finding, &rows, err));
    if (json_array_size(rows) == 1)
        check = tz_packs_check(packs, tz_json_str(json_array_get(rows, 0), "check"));
    *ret_ran = false;
    if (check == NULL)
        goto done;
    TZ_TRY(tz_check_names(check, &names, err));
    TZ_TRY(tz_sql_open(store,
                       "SELECT EXISTS (SELECT 1 FROM check_result c JOIN check_run r ON r.run = c.run, json_each(r.batches) j"
                       "  JOIN batch b ON b.batch = j.value"
                       " WHERE c.\"check\" = ?1 AND c.state = 'ran' AND b.accepted_entry > ?2"
                       "   AND b.register IN (SELECT value FROM json_each(?3)))", &sql, err));
    tz_sql_bind_text(sql, 1, check->name);
    tz_sql_bind_int(sql, 2, entry);
    tz_sql_bind_text(sql, 3, registers_json(&mem, check, names));
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_ran = has_row && tz_sql_int(sql, 0) != 0;
done:
    tz_sql_close(sql);
    json_decref(rows);
    tz_arena_free(&mem);
    return rc;
}

bool tz_is_remedy(const char *cleared_why)
{
    return cleared_why != NULL && (strcmp(cleared_why, "remedied") == 0 || strcmp(cleared_why, "corrected") == 0 ||
                                   strcmp(cleared_why, "supplied") == 0);
}

/* Findings that lack the same, named together: an issue may have many. */
typedef struct {
    tz_buf      numbers;
    int         count;
    const char *why; /* of the first */
} lacking;

static void add_lacking(lacking *list, int64_t finding, const char *why)
{
    enum { NAMED = 5 };
    if (list->count == 0)
        list->why = why;
    if (list->count < NAMED)
        tz_buf_printf(&list->numbers, "%s%lld", list->count == 0 ? "" : ", ", (long long)finding);
    else if (list->count == NAMED)
        tz_buf_puts(&list->numbers, ", …");
    list->count++;
}

static void tell_lacking(tz_judging *of, const lacking *list, const char *zh, const char *en)
{
    if (list->count == 0)
        return;
    const char *why = list->why == NULL ? "" : tz_arena_printf(&of->mem, " (%s)", list->why);
    tz_judging_add(of, tz_arena_printf(&of->mem, "疑点 %s %s", tz_buf_str(&list->numbers), zh),
                   tz_arena_printf(&of->mem, "finding %s %s%s", tz_buf_str(&list->numbers), en, why));
}

/* Each finding: its check ran on newer rows, and it is gone for a reason that helps. */
static tz_rc judge_findings(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    lacking data = {.numbers = tz_buf_init(&of->mem, 0)}, standing = data, vanished = data;
    size_t  i;
    json_t *finding;

    of->is_moot = json_array_size(of->findings) == 0;
    if (of->options->is_pending_data)
        return TZ_OK;
    json_array_foreach((json_t *)of->findings, i, finding) {
        int64_t     number = tz_json_int(finding, "finding", 0);
        const char *state = tz_json_str(finding, "state"), *why = tz_json_str(finding, "cleared_why");
        bool        ran = false;
        TZ_TRY(tz_issue_ran_since(of->store, of->packs, number, tz_json_int(of->issue, "opened_entry", 0), &ran, err));
        if (!ran)
            add_lacking(&data, number, NULL);
        if (strcmp(state, "cleared") != 0)
            add_lacking(&standing, number, state);
        else if (!tz_is_remedy(why))
            add_lacking(&vanished, number, why);
    }
    tell_lacking(of, &data, "的规则尚未在新数据上运行", "waits: its check has not run on newer data");
    tell_lacking(of, &standing, "仍在", "still stands");
    tell_lacking(of, &vanished, "消失但未整改", "went without a remedy");
done:
    return rc;
}

static tz_rc judge_verdicts(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    lacking unverified = {.numbers = tz_buf_init(&of->mem, 0)};
    bool    is_own = false;
    size_t  i;
    json_t *finding;

    json_array_foreach((json_t *)of->findings, i, finding) {
        const char *verdict = tz_json_str(finding, "verdict"), *by = tz_json_str(finding, "by_user");
        if (verdict == NULL || strcmp(verdict, "not real") != 0)
            add_lacking(&unverified, tz_json_int(finding, "finding", 0), NULL);
        else if (!is_own)
            TZ_TRY(tz_is_same_person(of->store, by, of->user, &is_own, err));
    }
    tell_lacking(of, &unverified, "未核实为不属实", "was not verified as not real");
    if (is_own)
        tz_judging_add(of, "核实人不能自己签字", "whoever gave the verdict does not sign it");
done:
    return rc;
}

/* ---- The issue itself ---- */

static bool is_filled(const json_t *value)
{
    return json_is_string(value) && tz_text_trim(tz_text_of(json_string_value(value))).size > 0;
}

static tz_rc judge_fields(tz_judging *of, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const tz_ledger *ledger = ledger_of(of);
    json_t          *fields = NULL;

    of->is_moot = true;
    TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(of->issue, "fields")), &fields, err));
    for (size_t i = 0; i < ledger->fields.count; i++) {
        const tz_ledger_field *field = &ledger->fields.items[i];
        size_t                 zh_size = 0;
        of->is_moot &= !field->is_required;
        if (!field->is_required || is_filled(json_object_get(fields, field->name)))
            continue;
        const char *zh = tz_half(field->title, TZ_ZH, &zh_size);
        tz_judging_add(of, tz_arena_printf(&of->mem, "“%.*s”(%s)未填", (int)zh_size, zh, field->name),
                       tz_arena_printf(&of->mem, "the field '%s' is empty", field->name));
    }
done:
    json_decref(fields);
    return rc;
}

static tz_rc judge_state(tz_judging *of, tz_err *err)
{
    const char *state = tz_json_str(of->issue, "state");
    bool        is_published = strcmp(state, "published") == 0;

    (void)err;
    if (tz_ledger_has(ledger_of(of), "published") && !is_published)
        tz_judging_add(of, "尚未公示", "it was not published");
    else if (ledger_of(of)->checkers > 1 && !is_published && strcmp(state, "checked") != 0)
        tz_judging_add(of, tz_arena_printf(&of->mem, "须 %d 人核查", ledger_of(of)->checkers),
                       tz_arena_printf(&of->mem, "%d people have to check it", ledger_of(of)->checkers));
    else if (!is_published && strcmp(state, "submitted") != 0 && strcmp(state, "checked") != 0)
        tz_judging_add(of, "尚未申请销号",
                       tz_arena_printf(&of->mem, "it was not submitted (%s)", state));
    return TZ_OK;
}

/* A publication stands as long as its clock says. */
static tz_rc judge_publication(tz_judging *of, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *steps = NULL;
    char        today[TZ_DATE_TEXT];
    const char *until = NULL;

    of->is_moot = strcmp(tz_json_str(of->issue, "state"), "published") != 0;
    if (of->is_moot)
        return TZ_OK;
    TZ_TRY(tz_issue_query(of->store,
                          "SELECT json_extract(detail, '$.until') AS until FROM issue_step WHERE issue = ?1 AND action = 'publish'"
                          " ORDER BY step DESC LIMIT 1", tz_json_int(of->issue, "issue", 0), &steps, err));
    until = tz_json_str(json_array_get(steps, 0), "until");
    tz_date_format(tz_issue_today(of->store), today);
    if (until != NULL && strcmp(today, until) <= 0)
        tz_judging_add(of, tz_arena_printf(&of->mem, "公示至 %s 止", until), tz_arena_printf(&of->mem, "it is published until %s", until));
done:
    json_decref(steps);
    return rc;
}

/* Measures under one feedback item, and what is below them: the item ends when they have. */
static tz_rc judge_children(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *children = NULL, *child;
    size_t  i;
    int     open = 0;

    TZ_TRY(tz_issue_query(of->store, "WITH RECURSIVE below (issue) AS (SELECT issue FROM issue WHERE parent = ?1"
                                     " UNION SELECT i.issue FROM issue i JOIN below b ON i.parent = b.issue)"
                                     " SELECT i.state FROM below b JOIN issue i ON i.issue = b.issue",
                          tz_json_int(of->issue, "issue", 0), &children, err));
    of->is_moot = json_array_size(children) == 0;
    json_array_foreach(children, i, child)
        open += tz_state_is_open(tz_json_str(child, "state"));
    if (open > 0)
        tz_judging_add(of, tz_arena_printf(&of->mem, "还有 %d 个子问题未了结", open),
                       tz_arena_printf(&of->mem, "%d of its children are open", open));
done:
    json_decref(children);
    return rc;
}

/* ---- Evidence ---- */

/* A finding that is gone for a reason that helps needs no other evidence. */
static tz_rc judge_evidence(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *items = NULL, *item;
    size_t  i, documents = 0, shows = 0;

    TZ_TRY(tz_issue_query(of->store, "SELECT kind FROM evidence WHERE issue = ?1", tz_json_int(of->issue, "issue", 0), &items, err));
    json_array_foreach(items, i, item) {
        const char *kind = tz_json_str(item, "kind");
        documents += strcmp(kind, "document") == 0;
        shows += strcmp(kind, "approval") != 0 && strcmp(kind, "statement") != 0; /* these show nothing of the remedy */
    }
    of->is_moot = json_array_size(of->findings) > 0 && shows == 0;
    if (json_array_size(of->findings) == 0 && !of->options->is_pending_data && shows == 0)
        tz_judging_add(of, "没有佐证", "there is no evidence");
    if (of->options->is_pending_data && documents == 0)
        tz_judging_add(of, "缺盖章摘录(document)", "the sealed extract (a document) is missing");
done:
    json_decref(items);
    return rc;
}

static tz_rc judge_shared(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t shared = 0;

    TZ_TRY(tz_evidence_shared(of->store, tz_json_int(of->issue, "issue", 0), &shared, err));
    if (shared != 0)
        tz_judging_add(of, tz_arena_printf(&of->mem, "佐证 %lld 也用于其他问题,未各指其行", (long long)shared),
                       tz_arena_printf(&of->mem, "evidence %lld shows another issue too, without a line for each", (long long)shared));
done:
    return rc;
}

static bool has_box(const json_t *boxes, const char *wanted)
{
    size_t  i;
    json_t *box;

    json_array_foreach((json_t *)boxes, i, box)
        if (strcmp(json_string_value(box), wanted) == 0)
            return true;
    return false;
}

/* The scan of the approval form, handed in since the issue was last submitted, with every box signed. */
static tz_rc judge_approval(tz_judging *of, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const tz_ledger *ledger = ledger_of(of);
    json_t          *scans = NULL, *boxes = NULL;

    of->is_moot = ledger->approval.count == 0;
    if (of->is_moot)
        return TZ_OK;
    TZ_TRY(tz_issue_query(of->store,
                          "SELECT e.boxes FROM evidence e JOIN issue_step s ON s.issue = e.issue AND s.action = 'attach'"
                          "   AND json_extract(s.detail, '$.evidence') = e.evidence"
                          " WHERE e.issue = ?1 AND e.kind = 'approval' AND s.step > (SELECT max(p.step) FROM issue_step p"
                          "   WHERE p.issue = e.issue AND p.action = 'submit') ORDER BY e.evidence DESC LIMIT 1",
                          tz_json_int(of->issue, "issue", 0), &scans, err));
    if (json_array_size(scans) == 0) {
        tz_judging_add(of, "缺本次申请后的销号审批表扫描件",
                       "the scan of the approval form since it was submitted is missing");
        goto done;
    }
    TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(json_array_get(scans, 0), "boxes")), &boxes, err));
    for (size_t i = 0; i < ledger->approval.count; i++)
        if (!has_box(boxes, ledger->approval.items[i]))
            tz_judging_add(of, tz_arena_printf(&of->mem, "审批表 “%s” 栏未签", ledger->approval.items[i]),
                           tz_arena_printf(&of->mem, "the box '%s' of the approval form is not signed", ledger->approval.items[i]));
done:
    json_decref(scans);
    json_decref(boxes);
    return rc;
}

/* What the camera or the picture says against a photo: the signer has to have seen it. */
static tz_rc judge_photos(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *remarks = NULL, *remark;
    size_t  i;

    if (of->options->is_seen)
        return TZ_OK;
    TZ_TRY(tz_photo_remarks(&of->mem, of->store, tz_json_int(of->issue, "issue", 0), &remarks, err));
    of->is_moot = json_array_size(remarks) == 0;
    json_array_foreach(remarks, i, remark) {
        const char *text = tz_json_str(remark, "text");
        size_t      zh_size = 0, en_size = 0;
        const char *zh = tz_half(text, TZ_ZH, &zh_size), *en = tz_half(text, TZ_EN, &en_size);
        tz_judging_add(of, tz_arena_printf(&of->mem, "%.*s,看过再签", (int)zh_size, zh),
                       tz_arena_printf(&of->mem, "%.*s: look at it before signing", (int)en_size, en));
    }
done:
    json_decref(remarks);
    return rc;
}

tz_rc tz_issue_closed_how(tz_store *store, const json_t *issue, bool is_pending_data, const char **ret_how, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;

    TZ_TRY(tz_issue_query(store,
                          "SELECT (SELECT count(*) FROM issue_finding WHERE issue = ?1) AS findings,"
                          " (SELECT count(*) FROM evidence WHERE issue = ?1 AND kind IN ('row', 'receipt', 'photo')) AS things",
                          tz_json_int(issue, "issue", 0), &rows, err));
    const json_t *counts = json_array_get(rows, 0);
    if (is_pending_data)
        *ret_how = "extract";
    else if (tz_json_int(counts, "findings", 0) > 0)
        *ret_how = "data";
    else
        *ret_how = tz_json_int(counts, "things", 0) > 0 ? "evidence" : "document only";
done:
    json_decref(rows);
    return rc;
}

/* ---- The signatures ---- */

/* tz_fail gives both languages the same arguments, so each format skips the other's. */
static tz_rc refuse_if_missing(const tz_judging *of, const char *zh, const char *en, tz_err *err)
{
    if (of->zh.size == 0)
        return TZ_OK;
    return tz_fail(err, TZ_REFUSED, "%1$s:%2$s%3$.0s%4$.0s", "%1$.0s%2$.0s%3$s: %4$s", zh, tz_buf_str(&of->zh), en, tz_buf_str(&of->en));
}

static tz_rc begin_judging(tz_judging *of, json_t **ret_findings, tz_err *err)
{
    tz_assert(of->store != NULL && of->packs != NULL && json_is_object(of->issue) && of->options != NULL);
    of->zh = tz_buf_init(&of->mem, 0);
    of->en = tz_buf_init(&of->mem, 0);
    tz_rc rc = tz_issue_findings(of->store, tz_json_int(of->issue, "issue", 0), ret_findings, err);
    of->findings = *ret_findings;
    return rc;
}

static const question CLOSING[] = {
    {judge_state, "steps", "已申请、核查,按台账公示|submitted, checked and published as its ledger asks"},
    {judge_publication, "publication", "公示期满|its publication has stood its time"},
    {judge_children, "children", "子问题都已了结|all of its children have ended"},
    {judge_findings, "findings", "疑点已消除|its findings are cleared"},
    {judge_evidence, "evidence", "有佐证|there is evidence"},
    {judge_shared, "shared", "佐证未与其他问题共用|its evidence shows no other issue"},
    {judge_approval, "approval", "销号审批表已签|the approval form is signed"},
    {judge_photos, "photos", "照片提示已看过|what speaks against the photos was seen"},
    {tz_judge_signer, "signature", "他人签字|a second person signs"},
    {NULL, NULL, NULL},
};
static const question CHECKING[] = {{tz_judge_signer, "signature", NULL}, {NULL, NULL, NULL}};
static const question DISMISSING[] = {{judge_verdicts, "verdicts", NULL}, {tz_judge_signer, "signature", NULL}, {NULL, NULL, NULL}};
static const question SUBMITTING[] = {{judge_fields, "fields", "必填栏目已填|the fields that its ledger requires are filled"}, {NULL, NULL, NULL}};

tz_rc tz_issue_may(tz_store *store, const tz_packs *packs, const json_t *issue, const tz_issue_options *options, tz_signature what, tz_err *err)
{
    static const struct { const question *questions; const char *zh, *en; } SIGNATURES[] = {
        [TZ_SIGN_SUBMIT] = {SUBMITTING, "不能申请销号", "it cannot be submitted"},
        [TZ_SIGN_CHECK] = {CHECKING, "不能核查", "it cannot be checked"},
        [TZ_SIGN_CLOSE] = {CLOSING, "不能销号", "it cannot be closed"},
        [TZ_SIGN_DISMISS] = {DISMISSING, "不能作不成立处理", "it cannot be dismissed"},
    };
    tz_rc      rc = TZ_OK;
    json_t    *findings = NULL;
    tz_judging of = {.store = store, .packs = packs, .issue = issue, .options = options, .user = store->user};

    TZ_TRY(begin_judging(&of, &findings, err));
    for (const question *asked = SIGNATURES[what].questions; asked->judge != NULL; asked++)
        TZ_TRY(asked->judge(&of, err));
    rc = refuse_if_missing(&of, SIGNATURES[what].zh, SIGNATURES[what].en, err);
done:
    json_decref(findings);
    tz_arena_free(&of.mem);
    return rc;
}

/* ---- The check list ---- */

static void set_half(tz_arena *mem, json_t *line, const char *key, const char *both, tz_lang lang)
{
    size_t      size = 0;
    const char *half = tz_half(both, lang, &size);

    tz_json_set_str(line, key, tz_arena_copy(mem, half, size));
}

/* One question as a line of the list; a question that does not arise has none. */
static tz_rc list_question(tz_judging *of, const question *asked, tz_lang lang, json_t *list, tz_err *err)
{
    bool is_signature = asked->judge == tz_judge_signer;

    of->is_moot = false;
    of->zh.size = of->en.size = 0;
    if (!is_signature || of->user != NULL) {
        tz_rc rc = asked->judge(of, err);
        if (rc != TZ_OK)
            return rc;
    }
    if (of->is_moot && of->zh.size == 0)
        return TZ_OK;
    json_t *line = json_object();
    bool    is_fine = of->zh.size == 0;
    tz_json_set_str(line, "condition", asked->name);
    set_half(&of->mem, line, "title", asked->title, lang);
    (void)json_object_set_new(line, "is_met", json_boolean(is_fine && !is_signature));
    tz_json_set_str(line, "why", is_fine ? NULL : tz_buf_str(lang == TZ_ZH ? &of->zh : &of->en));
    if (is_signature)
        (void)json_object_set_new(line, "may_sign", json_boolean(is_fine && of->user != NULL));
    (void)json_array_append_new(list, line);
    return TZ_OK;
}

tz_rc tz_issue_conditions(tz_store *store, const tz_packs *packs, int64_t number, const char *user, tz_lang lang,
                          json_t **ret_conditions, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_conditions != NULL);
    static const tz_issue_options NONE = {0};
    tz_rc      rc = TZ_OK;
    json_t    *issue = NULL, *findings = NULL, *list = json_array();
    tz_judging of = {.store = store, .packs = packs, .options = &NONE, .user = user};

    TZ_TRY(tz_issue_load(store, number, &issue, err));
    of.issue = issue;
    TZ_TRY(begin_judging(&of, &findings, err));
    if (tz_state_is_open(tz_json_str(issue, "state"))) {
        TZ_TRY(list_question(&of, SUBMITTING, lang, list, err));
        for (const question *asked = CLOSING; asked->judge != NULL; asked++)
            TZ_TRY(list_question(&of, asked, lang, list, err));
    }
    *ret_conditions = json_incref(list);
done:
    json_decref(list);
    json_decref(findings);
    json_decref(issue);
    tz_arena_free(&of.mem);
    return rc;
}
