/* form_data - what a form prints: issues, letters and registers as the data of its template. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/issue.h"
#include "ledger/letter.h"
#include "report/document.h"
#include "report/form_inside.h"

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    const tz_form *form;
    const tz_form_options *options;
    tz_form_sheets sheets;
} gathering;

void tz_form_sheets_free(tz_form_sheets *sheets)
{
    for (size_t i = 0; i < sheets->count; i++)
        json_decref(sheets->items[i].view);
    sheets->count = 0;
}

/* ---- Words ---- */

static const char *half(const gathering *of, const char *both)
{
    size_t      len = 0;
    const char *text = both == NULL ? NULL : tz_half(both, of->options->lang, &len);
    return text == NULL ? NULL : tz_arena_copy(of->mem, text, len);
}

/* 2020年7月30日, or as it is in English. */
static const char *day_words(const gathering *of, const char *iso)
{
    int32_t ymd = 0;

    if (iso == NULL || of->options->lang == TZ_EN || !tz_date_parse_iso(tz_text_of(iso), &ymd))
        return iso;
    return tz_arena_printf(of->mem, "%d年%d月%d日", ymd / 10000, ymd / 100 % 100, ymd % 100);
}

static const char *action_words(const gathering *of, const char *action)
{
    static const struct { const char *action, *words; } WORDS[] = {
        {"open", "立账|opened"},        {"assign", "交办|assigned"},     {"start", "开始整改|started"},   {"note", "记录|noted"},
        {"attach", "提交佐证|evidence"}, {"submit", "申请销号|submitted"}, {"check", "核查|checked"},       {"publish", "公示|published"},
        {"close", "销号|closed"},       {"return", "退回|returned"},     {"extend", "申请延期|asked for time"}, {"grant", "同意延期|granted"},
        {"deny", "不同意延期|denied"},   {"object", "异议|objected"},     {"answer", "答复异议|answered"},  {"say", "申辩|said"},
        {"suspend", "暂缓|suspended"},  {"transfer", "移送|transferred"}, {"look-back", "回头看|looked back"}, {"relapse", "反弹|relapse"},
        {"letter", "发函|letter"},      {"join", "并入|joined"},         {"set", "补充|set"},             {"dismiss", "不成立|dismissed"}};

    for (size_t i = 0; action != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].action, action) == 0)
            return half(of, WORDS[i].words);
    return action;
}

static const char *evidence_words(const gathering *of, const char *kind)
{
    static const struct { const char *kind, *words; } WORDS[] = {{"row", "名册行|row"},       {"receipt", "票据|receipt"},
                                                                  {"document", "文件|document"}, {"photo", "照片|photo"},
                                                                  {"approval", "审批表|approval"}, {"statement", "陈述|statement"}};
    for (size_t i = 0; kind != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].kind, kind) == 0)
            return half(of, WORDS[i].words);
    return kind;
}

/* The name that somebody signs with; the short one where there is no such user. */
static tz_rc user_name(const gathering *of, const char *user, const char **ret_name, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    *ret_name = user;
    if (user == NULL)
        return TZ_OK;
    TZ_TRY(tz_sql_open(of->store, "SELECT name FROM user WHERE user = ?1", &sql, err));
    tz_sql_bind_text(sql, 1, user);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (has_row)
        *ret_name = tz_sql_dup(of->mem, sql, 0);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Issues ---- */

static const tz_ledger *ledger_of(const gathering *of, const json_t *issue)
{
    return tz_packs_ledger(of->packs, tz_json_str(issue, "ledger"));
}

typedef const char *words_of(const gathering *of, const char *what);

static json_t *lines_of(const gathering *of, const json_t *rows, const char *from, const char *to, words_of *words)
{
    json_t *lines = json_array(), *row;
    size_t  i;

    json_array_foreach((json_t *)rows, i, row) {
        json_t *line = json_object();
        tz_json_set_str(line, to, words(of, tz_json_str(row, from)));
        static const char *const KEPT[] = {"by", "note", "file", "line", "text"};
        for (size_t j = 0; j < sizeof KEPT / sizeof KEPT[0]; j++)
            tz_json_set_str(line, KEPT[j], tz_json_str(row, KEPT[j]));
        const char *at = tz_json_str(row, "at");
        tz_json_set_str(line, "day", at == NULL || strlen(at) < 10 ? NULL : day_words(of, tz_arena_copy(of->mem, at, 10)));
        (void)json_array_append_new(lines, line);
    }
    return lines;
}

/* The boxes of the approval form: the ledger's, or the usual four. */
static json_t *boxes_of(const gathering *of, const tz_ledger *ledger)
{
    static const char *const USUAL[] = {"责任单位意见|Responsible unit", "主管部门意见|Department in charge",
                                        "整改办核查意见(两人)|Rectification office, two persons", "县级分管领导意见|County leader in charge"};
    bool    is_own = ledger != NULL && ledger->approval.count > 0;
    size_t  count = is_own ? ledger->approval.count : sizeof USUAL / sizeof USUAL[0];
    json_t *boxes = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *box = json_object();
        tz_json_set_str(box, "box", half(of, is_own ? ledger->approval.items[i] : USUAL[i]));
        (void)json_array_append_new(boxes, box);
    }
    return boxes;
}

static json_t *fields_of(const gathering *of, const tz_ledger *ledger, const json_t *issue)
{
    json_t *lines = json_array();

    for (size_t i = 0; ledger != NULL && i < ledger->fields.count; i++) {
        const char *value = tz_json_str(json_object_get(issue, "fields"), ledger->fields.items[i].name);
        json_t     *line = json_object();
        tz_json_set_str(line, "title", half(of, ledger->fields.items[i].title));
        tz_json_set_str(line, "value", value);
        (void)json_array_append_new(lines, line);
    }
    return lines;
}

/* The rules that an issue's findings are of, each once, with what they rest on. */
static json_t *rules_of(const gathering *of, const json_t *issue)
{
    json_t *rules = json_array(), *finding;
    size_t  i, j;

    json_array_foreach(json_object_get(issue, "findings"), i, finding) {
        const tz_check *check = tz_packs_check(of->packs, tz_json_str(finding, "check"));
        bool            is_known = check == NULL;
        json_t         *rule;
        json_array_foreach(rules, j, rule)
            is_known |= check != NULL && strcmp(tz_json_str(rule, "check"), check->name) == 0;
        if (is_known)
            continue;
        rule = json_object();
        tz_json_set_str(rule, "check", check->name);
        tz_json_set_str(rule, "title", half(of, check->title));
        tz_json_set_str(rule, "basis", half(of, check->basis));
        (void)json_array_append_new(rules, rule);
    }
    return rules;
}

static const char *link_of(const gathering *of, int64_t issue)
{
    const char *prefix = of->options->link;
    return prefix != NULL ? tz_arena_printf(of->mem, "%s%lld", prefix, (long long)issue)
                          : tz_arena_printf(of->mem, "taizhang:%s/issue/%lld", of->store->county->code, (long long)issue);
}

static void put_days(const gathering *of, const json_t *shown, json_t *view)
{
    const char *due = tz_json_str(shown, "due");
    int32_t     day = 0;

    tz_json_set_str(view, "opened", day_words(of, tz_json_str(shown, "opened_on")));
    tz_json_set_str(view, "due", day_words(of, due));
    if (due == NULL || !tz_date_parse_iso(tz_text_of(due), &day))
        return;
    int64_t left = tz_date_days(day) - tz_date_days(of->options->date);
    (void)json_object_set_new(view, "is_overdue", json_boolean(left < 0));
    tz_json_set_int(view, "days", left < 0 ? -left : left);
}

/* An issue as a form prints it. */
static tz_rc issue_view(const gathering *of, int64_t issue, json_t **ret_view, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *shown = NULL, *view = json_object();
    const char *handler = NULL;

    TZ_TRY(tz_issue_show(of->mem, of->store, of->packs, issue, !of->options->has_names, of->options->lang, &shown, err));
    const tz_ledger *ledger = ledger_of(of, shown);
    TZ_TRY(user_name(of, tz_json_str(shown, "handler"), &handler, err));
    tz_json_set_int(view, "number", issue);
    static const char *const KEPT[] = {"title", "unit", "raised_by", "state", "word"};
    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
        tz_json_set_str(view, KEPT[i], tz_json_str(shown, KEPT[i]));
    tz_json_set_str(view, "level", tz_level_words(tz_json_str(shown, "level"), of->options->lang));
    tz_json_set_str(view, "ledger", ledger == NULL ? half(of, "问题台账|Ledger") : half(of, ledger->title));
    tz_json_set_str(view, "handler", handler);
    tz_json_set_str(view, "link", link_of(of, issue));
    put_days(of, shown, view);
    (void)json_object_set(view, "support", json_object_get(shown, "support"));
    (void)json_object_set_new(view, "rules", rules_of(of, shown));
    (void)json_object_set_new(view, "fields", fields_of(of, ledger, shown));
    (void)json_object_set_new(view, "boxes", boxes_of(of, ledger));
    (void)json_object_set_new(view, "history", lines_of(of, json_object_get(shown, "history"), "action", "what", action_words));
    (void)json_object_set_new(view, "evidence", lines_of(of, json_object_get(shown, "evidence"), "kind", "what", evidence_words));
    *ret_view = json_incref(view);
done:
    json_decref(shown);
    json_decref(view);
    return rc;
}

/* ---- Sheets ---- */

/* What every form can print. */
static json_t *common_view(const gathering *of, const char *unit)
{
    json_t        *view = json_object();
    const tz_pack *master = of->form->pack;
    char           date[TZ_DATE_TEXT];

    tz_date_format(of->options->date, date);
    tz_json_set_str(view, "county", of->store->county->name);
    tz_json_set_str(view, "office", master->departments.count > 0 ? master->departments.items[0] : half(of, "整改办|Rectification office"));
    tz_json_set_str(view, "date", day_words(of, tz_arena_dup(of->mem, date)));
    tz_json_set_int(view, "year", of->options->date / 10000);
    tz_json_set_int(view, "quarter", (of->options->date / 100 % 100 + 2) / 3);
    tz_json_set_str(view, "unit", unit);
    tz_json_set_str(view, "gap", "\xE2\x80\xA8\xE2\x80\xA8");
    return view;
}

static tz_form_sheet *add_sheet(gathering *of, const char *unit)
{
    tz_push(of->mem, &of->sheets, (tz_form_sheet){.unit = unit, .view = common_view(of, unit)});
    return &of->sheets.items[of->sheets.count - 1];
}

static tz_form_sheet *sheet_of_unit(gathering *of, const char *unit)
{
    for (size_t i = 0; i < of->sheets.count; i++)
        if (strcmp(of->sheets.items[i].unit == NULL ? "" : of->sheets.items[i].unit, unit == NULL ? "" : unit) == 0)
            return &of->sheets.items[i];
    tz_form_sheet *sheet = add_sheet(of, unit);
    (void)json_object_set_new(sheet->view, "issues", json_array());
    return sheet;
}

/* Adds an issue: to its unit's sheet, or as one of its own. letter may be NULL. */
static tz_rc add_issue(gathering *of, int64_t issue, const char *unit, const json_t *letter, tz_err *err)
{
    json_t *view = NULL;
    tz_rc   rc = issue_view(of, issue, &view, err);

    if (rc != TZ_OK)
        return rc;
    unit = unit != NULL ? unit : tz_json_str(view, "unit");
    unit = unit == NULL ? NULL : tz_arena_dup(of->mem, unit);
    tz_form_sheet *sheet = of->form->by_unit ? sheet_of_unit(of, unit) : add_sheet(of, unit);
    if (of->form->by_unit)
        (void)json_array_append(json_object_get(sheet->view, "issues"), view);
    else
        (void)json_object_set(sheet->view, "issue", view);
    if (letter != NULL) {
        json_t *line = json_object();
        tz_json_set_str(line, "name", tz_json_str(letter, "name"));
        (void)json_object_set(line, "number", json_object_get(letter, "letter"));
        tz_json_set_str(line, "about", day_words(of, tz_json_str(letter, "about")));
        tz_json_set_str(line, "to", tz_json_str(letter, "to_user"));
        (void)json_object_set_new(sheet->view, "letter", line);
    }
    sheet->count++;
    tz_push(of->mem, &sheet->links, tz_json_str(view, "link") == NULL ? "" : (const char *)tz_arena_dup(of->mem, tz_json_str(view, "link")));
    tz_push(of->mem, &sheet->captions,
            (const char *)tz_arena_printf(of->mem, of->options->lang == TZ_ZH ? "扫码查看问题 %lld" : "issue %lld", (long long)issue));
    json_decref(view);
    return TZ_OK;
}

static bool is_about(const gathering *of, const json_t *issue)
{
    const char *level = tz_json_str(issue, "level"), *state = tz_json_str(issue, "state");

    switch (of->form->about) {
    case TZ_ABOUT_RED: return strcmp(level, "red") == 0;
    case TZ_ABOUT_SUBMITTED: return strcmp(state, "submitted") == 0 || strcmp(state, "checked") == 0 || strcmp(state, "published") == 0;
    case TZ_ABOUT_OPEN: return true;
    case TZ_ABOUT_LETTERS:
    case TZ_ABOUT_REGISTERS: break;
    }
    tz_unreachable("issues are asked for");
}

static tz_rc gather_issues(gathering *of, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    json_t         *issues = NULL, *issue;
    size_t          i;
    tz_issue_filter filter = {.state = "open", .unit = of->options->unit, .is_masked = true, .lang = of->options->lang,
                              .today = of->options->date};

    if (of->options->issue != 0)
        return add_issue(of, of->options->issue, NULL, NULL, err);
    TZ_TRY(tz_issue_list(of->mem, of->store, of->packs, &filter, &issues, err));
    json_array_foreach(issues, i, issue)
        if (is_about(of, issue))
            TZ_TRY(add_issue(of, tz_json_int(issue, "issue", 0), NULL, NULL, err));
done:
    json_decref(issues);
    return rc;
}

static tz_rc gather_letters(gathering *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *letters = NULL, *letter;
    size_t  i;

    if (of->options->is_issued)
        TZ_TRY(tz_letters_issued(of->store, of->options->issue, &letters, err));
    else
        TZ_TRY(tz_letters_due(of->store, of->packs, of->options->date, false, &letters, err));
    json_array_foreach(letters, i, letter) {
        const char *unit = tz_json_str(letter, "unit");
        int64_t     issue = tz_json_int(letter, "issue", 0);
        if (strcmp(tz_json_str(letter, "kind"), of->form->letter) == 0 && (of->options->issue == 0 || of->options->issue == issue) &&
            (of->options->unit == NULL || (unit != NULL && strcmp(unit, of->options->unit) == 0)))
            TZ_TRY(add_issue(of, issue, unit, letter, err));
    }
done:
    json_decref(letters);
    return rc;
}

/* ---- Registers that units owe ---- */

/* The newest delivery of a register, or NULL. */
static tz_rc newest_of(const gathering *of, const char *name, const char **ret_as_of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(of->store, "SELECT max(as_of) FROM batch WHERE register = ?1 AND withdrawn_entry IS NULL", &sql, err));
    tz_sql_bind_text(sql, 1, name);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    *ret_as_of = has_row ? tz_sql_dup(of->mem, sql, 0) : NULL;
done:
    tz_sql_close(sql);
    return rc;
}

static const char *columns_of(const gathering *of, const tz_register *reg)
{
    tz_buf out = tz_buf_init(of->mem, 0);

    for (size_t i = 0; i < reg->columns.count; i++) {
        tz_buf_puts(&out, i == 0 ? "" : of->options->lang == TZ_ZH ? "、" : ", ");
        tz_buf_puts(&out, half(of, reg->columns.items[i].title));
    }
    return tz_buf_str(&out);
}

static tz_rc add_register(gathering *of, const tz_register *reg, tz_err *err)
{
    const char *newest = NULL, *unit = reg->owners.count > 0 ? reg->owners.items[0] : NULL;
    tz_rc       rc = newest_of(of, reg->name, &newest, err);

    if (rc != TZ_OK || unit == NULL || (of->options->unit != NULL && strcmp(unit, of->options->unit) != 0))
        return rc;
    tz_form_sheet *sheet = sheet_of_unit(of, unit);
    json_t        *registers = json_object_get(sheet->view, "registers"), *line = json_object();
    if (registers == NULL) {
        registers = json_array();
        (void)json_object_set_new(sheet->view, "registers", registers);
    }
    tz_json_set_str(line, "title", half(of, reg->title));
    tz_json_set_str(line, "columns", columns_of(of, reg));
    tz_json_set_str(line, "due", half(of, reg->due));
    tz_json_set_str(line, "newest", day_words(of, newest));
    (void)json_array_append_new(registers, line);
    sheet->count++;
    return TZ_OK;
}

static tz_rc gather_registers(gathering *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < of->packs->packs.count; i++)
        for (size_t j = 0; rc == TZ_OK && j < of->packs->packs.items[i].registers.count; j++)
            rc = add_register(of, &of->packs->packs.items[i].registers.items[j], err);
    return rc;
}

/* By unit, those without one last; of one unit in the order they were found. */
static void sort_by_unit(tz_form_sheets *sheets)
{
    for (size_t i = 1; i < sheets->count; i++) {
        tz_form_sheet moved = sheets->items[i];
        size_t        at = i;
        while (at > 0) {
            const char *before = sheets->items[at - 1].unit;
            bool is_behind = before == NULL ? moved.unit != NULL : moved.unit != NULL && strcmp(before, moved.unit) > 0;
            if (!is_behind)
                break;
            sheets->items[at] = sheets->items[at - 1];
            at--;
        }
        sheets->items[at] = moved;
    }
}

tz_rc tz_form_gather(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_form *form, const tz_form_options *options,
                     tz_form_sheets *ret_sheets, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && form != NULL && options != NULL && ret_sheets != NULL);
    gathering of = {.mem = mem, .store = store, .packs = packs, .form = form, .options = options};
    tz_rc     rc = form->about == TZ_ABOUT_LETTERS     ? gather_letters(&of, err)
                   : form->about == TZ_ABOUT_REGISTERS ? gather_registers(&of, err)
                                                       : gather_issues(&of, err);
    if (rc != TZ_OK) {
        tz_form_sheets_free(&of.sheets);
        return rc;
    }
    sort_by_unit(&of.sheets);
    *ret_sheets = of.sheets;
    return TZ_OK;
}
