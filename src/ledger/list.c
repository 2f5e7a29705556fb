/* list - the ledger for a reader: a page of issues with their clocks and steps. */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/reading.h"
#include "packs/message.h"

/* ---- Texts ---- */

/* Masks runs of seven and more digits (ID numbers, phones, accounts) in a sentence that people wrote. */
static const char *mask_digits(tz_arena *mem, const char *text)
{
    char *out = tz_arena_dup(mem, text);

    for (char *at = out; *at != '\0';) {
        size_t size = strspn(at, "0123456789");
        for (size_t i = 3; size >= 7 && i + 2 < size; i++)
            at[i] = '*';
        at += size > 0 ? size : 1;
    }
    return out;
}

/* The sentence of an issue: of its first finding, filled for this reader; else as it was written. */
static const char *title_of(const tz_reading *of, const json_t *row)
{
    const char     *name = tz_json_str(row, "check"), *params = tz_json_str(row, "params"), *title = tz_json_str(row, "title");
    const tz_check *check = name == NULL ? NULL : tz_packs_check(of->packs, name);
    tz_err          ignored;
    json_t         *values = NULL;

    if (check == NULL || check->message == NULL || tz_json_parse(tz_text_of(params), &values, &ignored) != TZ_OK)
        return of->is_masked ? mask_digits(of->mem, title) : title;
    const char *text = tz_message_fill(of->mem, check->message, values, &check->public_columns, of->lang, of->is_masked);
    json_decref(values);
    return text;
}

/* A code's title out of "code 中文|English" pairs, in the reader's language; the code itself where it has none. */
typedef struct { const char *code, *title; } word;

static const char *word_in(const tz_reading *of, const word *words, size_t count, const char *code)
{
    size_t size = 0;

    for (size_t i = 0; code != NULL && i < count; i++)
        if (strcmp(words[i].code, code) == 0) {
            const char *half = tz_half(words[i].title, of->lang, &size);
            return tz_arena_copy(of->mem, half, size);
        }
    return code;
}

static const word STANDINGS[] = {{"returned", "退回|returned"}, {"suspended", "暂缓|suspended"}, {"asked", "申请延期|asks for time"},
                                 {"extended", "延期|extended"}, {"objected", "异议|objected"}};
static const word ACTIONS[] = {
    {"open", "立项|open"}, {"join", "并入同题|join"}, {"import", "清单导入|import"}, {"assign", "交办|assign"}, {"start", "整改|start"},
    {"note", "记事|note"}, {"set", "填栏|set"}, {"attach", "佐证|attach"}, {"submit", "申请销号|submit"}, {"check", "核查|check"},
    {"publish", "公示|publish"}, {"close", "销号|close"}, {"return", "退回|return"}, {"extend", "申请延期|extend"}, {"grant", "同意延期|grant"},
    {"deny", "不同意延期|deny"}, {"suspend", "暂缓|suspend"}, {"say", "陈述|say"}, {"object", "异议|object"}, {"answer", "答复异议|answer"},
    {"transfer", "移送|transfer"}, {"dismiss", "不成立|dismiss"}, {"look-back", "回头看|look-back"}, {"merge", "合并|merge"},
    {"split", "拆分|split"}, {"relapse", "重新打开|relapse"}, {"confirm", "数据验证|confirm"}, {"rekey", "改换对象|rekey"},
    {"letter", "发函|letter"}, {"ask-back", "群众回访|ask-back"},
};

const char *tz_action_title(const char *action)
{
    for (size_t i = 0; i < sizeof ACTIONS / sizeof ACTIONS[0]; i++)
        if (strcmp(ACTIONS[i].code, action) == 0)
            return ACTIONS[i].title;
    return action;
}

static tz_words words_of(const char *title)
{
    tz_words    words;
    size_t      size = 0;
    const char *half = tz_half(title, TZ_ZH, &size);

    (void)snprintf(words.zh, sizeof words.zh, "%.*s", (int)size, half);
    half = tz_half(title, TZ_EN, &size);
    (void)snprintf(words.en, sizeof words.en, "%.*s", (int)size, half);
    return words;
}

tz_words tz_action_words(const char *action) { return words_of(tz_action_title(action)); }

/* "中文|English" of a state, as the ledger calls it. */
static const char *state_title(const tz_ledger *ledger, const char *state)
{
    static const struct { const char *state, *title; } WORDS[] = {
        {"open", "待交办|open"}, {"assigned", "交办|assigned"}, {"rectifying", "整改|rectifying"}, {"submitted", "申请销号|submitted"},
        {"checked", "核查|checked"}, {"published", "公示|published"}, {"closed", "销号|closed"},
        {"closed-pending-data", "待数据验证|closed, pending data"}, {"dismissed", "不成立|dismissed"},
        {"transferred", "移送|transferred"}, {"merged", "并入|merged"},
    };
    const char *title = state;

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].state, state) == 0)
            title = WORDS[i].title;
    for (size_t i = 0; i < ledger->words.count; i++)
        if (strcmp(ledger->words.items[i].state, state) == 0)
            title = ledger->words.items[i].title;
    return title;
}

tz_words tz_issue_state_words(const tz_ledger *ledger, const char *state) { return words_of(state_title(ledger, state)); }

static const char *word_of(const tz_reading *of, const tz_ledger *ledger, const char *state)
{
    size_t      size = 0;
    const char *half = tz_half(state_title(ledger, state), of->lang, &size);

    return tz_text_dup(of->mem, tz_text_trim((tz_text){half, size}));
}

json_t *tz_issue_parsed(const json_t *row, const char *column)
{
    tz_err  ignored;
    json_t *value = NULL;

    if (tz_json_parse(tz_text_of(tz_json_str(row, column)), &value, &ignored) != TZ_OK)
        return json_null();
    return value;
}

/* ---- Steps ---- */

void tz_issue_mask_note(const tz_reading *of, json_t *row)
{
    const char *note = tz_json_str(row, "note");

    if (note != NULL && of->is_masked)
        (void)json_object_set_new(row, "note", tz_json_text(tz_text_of(mask_digits(of->mem, note))));
}

/* A step as readers see it, appended to history. */
static void add_step(const tz_reading *of, json_t *row, json_t *history)
{
    (void)json_object_set_new(row, "detail", tz_issue_parsed(row, "detail"));
    tz_json_set_str(row, "word", word_in(of, ACTIONS, sizeof ACTIONS / sizeof ACTIONS[0], tz_json_str(row, "action")));
    tz_issue_mask_note(of, row);
    (void)json_array_append(history, row);
}

/* [{action, state, by, at, note, detail}], oldest first. */
static tz_rc load_history(const tz_reading *of, int64_t issue, json_t **ret_history, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row, *history = json_array();
    size_t  i;

    TZ_TRY(tz_issue_query(of->store,
                          "SELECT action, state, by_user AS \"by\", at, note, detail FROM issue_step WHERE issue = ?1 ORDER BY step", issue,
                          &rows, err));
    json_array_foreach(rows, i, row)
        add_step(of, row, history);
    *ret_history = json_incref(history);
done:
    json_decref(rows);
    json_decref(history);
    return rc;
}

/* ---- Lines ---- */

tz_rc tz_issue_line(const tz_reading *of, const json_t *row, json_t **ret_line, tz_err *err)
{
    static const char *const COPIED[] = {"issue", "ledger", "state", "standing", "level", "unit", "term", "due", "closed_how", "raised_by",
                                        "parent", "division"};
    tz_rc            rc = TZ_OK;
    json_t          *line = json_object(), *history = NULL;
    const tz_ledger *ledger = tz_issue_ledger(of->packs, tz_json_str(row, "ledger"));

    TZ_TRY(load_history(of, tz_json_int(row, "issue", 0), &history, err));
    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++)
        (void)json_object_set(line, COPIED[i], json_object_get(row, COPIED[i]));
    tz_json_set_str(line, "word", word_of(of, ledger, tz_json_str(row, "state")));
    tz_json_set_str(line, "standing_word",
                    word_in(of, STANDINGS, sizeof STANDINGS / sizeof STANDINGS[0], tz_json_str(row, "standing")));
    (void)json_object_set_new(line, "title", tz_json_text(tz_text_of(title_of(of, row))));
    tz_clock_put(of->store, ledger, of->today, history, line);
    (void)json_object_set(line, "history", history);
    *ret_line = json_incref(line);
done:
    json_decref(line);
    json_decref(history);
    return rc;
}

/* ---- The page ---- */

/* What a list is read with: statements that every line uses. */
typedef struct {
    tz_reading             of;
    const tz_issue_filter *filter;
    tz_sql                *select;
} reader;

static tz_rc reader_open(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter, reader *ret, tz_err *err)
{
    *ret = (reader){.of = {.mem = mem, .store = store, .packs = packs, .today = filter->today != 0 ? filter->today : tz_issue_today(store),
                           .is_masked = filter->is_masked, .lang = filter->lang},
                    .filter = filter};
    return tz_sql_open(store, TZ_SELECT_ISSUES " WHERE i.issue = ?1", &ret->select, err);
}

/* The line of an issue; a new reference. */
static tz_rc read_line(reader *at, int64_t issue, json_t **ret_line, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;

    tz_sql_again(at->select);
    tz_sql_bind_int(at->select, 1, issue);
    TZ_TRY(tz_issue_rows(at->of.store, at->select, &rows, err));
    tz_assert(json_array_size(rows) == 1);
    TZ_TRY(tz_issue_line(&at->of, json_array_get(rows, 0), ret_line, err));
done:
    json_decref(rows);
    return rc;
}

static bool has_text(const char *shown, const char *text)
{
    return shown != NULL && strstr(shown, text) != NULL;
}

/* Whether what the reader sees of the line has the text that was asked for. */
static bool shows(const reader *at, const json_t *line)
{
    const char *text = at->filter->text;
    size_t      size = 0;

    if (text == NULL)
        return true;
    const char *title = tz_half(tz_issue_ledger(at->of.packs, tz_json_str(line, "ledger"))->title, at->of.lang, &size);
    return has_text(tz_json_str(line, "title"), text) || has_text(tz_json_str(line, "unit"), text) ||
           tz_text_find((tz_text){title, size}, tz_text_of(text), 0) != SIZE_MAX ||
           strcmp(tz_arena_printf(at->of.mem, "#%lld", (long long)tz_json_int(line, "issue", 0)), text) == 0;
}

/* Lines are read in steps of this many where a text leaves some out. */
enum { STEP = 200 };

/* Appends lines until there are `limit` (0: all); before a given issue from there backwards. */
static tz_rc read_lines(reader *at, int64_t limit, json_t *lines, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    int64_t    after = at->filter->after, before = at->filter->before, step = at->filter->text != NULL ? STEP : limit;
    bool       is_backwards = before != 0;
    tz_numbers issues = {0};

    do {
        TZ_TRY(tz_issue_page(at->of.mem, at->of.store, at->filter, at->of.today, after, before, step, &issues, err));
        for (size_t i = 0; i < issues.count && (limit == 0 || (int64_t)json_array_size(lines) < limit); i++) {
            json_t *line = NULL;
            int64_t issue = issues.items[is_backwards ? issues.count - 1 - i : i];
            TZ_TRY(read_line(at, issue, &line, err));
            if (shows(at, line))
                (void)(is_backwards ? json_array_insert(lines, 0, line) : json_array_append(lines, line));
            json_decref(line);
            *(is_backwards ? &before : &after) = issue;
        }
    } while (step != 0 && (int64_t)issues.count == step && (limit == 0 || (int64_t)json_array_size(lines) < limit));
done:
    return rc;
}

tz_rc tz_issue_list(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter, json_t **ret_issues,
                    tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && filter != NULL && ret_issues != NULL);
    tz_rc   rc = TZ_OK;
    reader  at = {0};
    json_t *issues = json_array();

    TZ_TRY(reader_open(mem, store, packs, filter, &at, err));
    TZ_TRY(read_lines(&at, filter->limit, issues, err));
    *ret_issues = json_incref(issues);
done:
    tz_sql_close(at.select);
    json_decref(issues);
    return rc;
}

tz_rc tz_issue_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter, int64_t most,
                     int64_t *ret_count, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && filter != NULL && ret_count != NULL);
    tz_rc           rc = TZ_OK;
    reader          at = {0};
    json_t         *issues = json_array();
    tz_issue_filter all = *filter;

    all.after = all.before = 0;
    TZ_TRY(reader_open(mem, store, packs, &all, &at, err));
    if (filter->text == NULL) {
        TZ_TRY(tz_issue_page_count(mem, store, &all, at.of.today, most, ret_count, err));
        goto done;
    }
    TZ_TRY(read_lines(&at, most, issues, err));
    *ret_count = (int64_t)json_array_size(issues);
done:
    tz_sql_close(at.select);
    json_decref(issues);
    return rc;
}
