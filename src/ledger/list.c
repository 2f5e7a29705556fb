/* list - the ledger for a reader: a page of issues with their clocks and steps. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/reading.h"
#include "packs/message.h"

/* ---- Texts ---- */

const char *tz_mask_digits(tz_arena *mem, const char *text)
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
        return of->is_masked ? tz_mask_digits(of->mem, title) : title;
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

/* What the ledger calls a state. */
static const char *word_of(const tz_reading *of, const tz_ledger *ledger, const char *state)
{
    static const struct { const char *state, *title; } WORDS[] = {
        {"open", "待交办|open"}, {"assigned", "交办|assigned"}, {"rectifying", "整改|rectifying"}, {"submitted", "申请销号|submitted"},
        {"checked", "核查|checked"}, {"published", "公示|published"}, {"closed", "销号|closed"},
        {"closed-pending-data", "待数据验证|closed, pending data"}, {"dismissed", "不成立|dismissed"},
        {"transferred", "移送|transferred"}, {"merged", "并入|merged"},
    };
    const char *title = state;
    size_t      size = 0;

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].state, state) == 0)
            title = WORDS[i].title;
    for (size_t i = 0; i < ledger->words.count; i++)
        if (strcmp(ledger->words.items[i].state, state) == 0)
            title = ledger->words.items[i].title;
    const char *half = tz_half(title, of->lang, &size);
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

/* A step as readers see it, appended to history. */
static void add_step(const tz_reading *of, json_t *row, json_t *history)
{
    const char *note = tz_json_str(row, "note");

    (void)json_object_set_new(row, "detail", tz_issue_parsed(row, "detail"));
    tz_json_set_str(row, "word", word_in(of, ACTIONS, sizeof ACTIONS / sizeof ACTIONS[0], tz_json_str(row, "action")));
    if (note != NULL && of->is_masked)
        (void)json_object_set_new(row, "note", tz_json_text(tz_text_of(tz_mask_digits(of->mem, note))));
    (void)json_array_append(history, row);
}

tz_rc tz_issue_history(const tz_reading *of, int64_t issue, json_t **ret_history, tz_err *err)
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
                                        "parent"};
    tz_rc            rc = TZ_OK;
    json_t          *line = json_object(), *history = NULL;
    const tz_ledger *ledger = tz_issue_ledger(of->packs, tz_json_str(row, "ledger"));

    TZ_TRY(tz_issue_history(of, tz_json_int(row, "issue", 0), &history, err));
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

/* A unit is asked for with those whose duties it took over; it leads or supports. */
#define OF_FILTER                                                                                                              \
    "WITH RECURSIVE same (unit) AS (SELECT ?3 UNION SELECT u.unit FROM unit u JOIN same s ON u.successor = s.unit) "
#define FITS                                                                                                                   \
    " WHERE i.issue > ?1 AND (?2 IS NULL OR i.ledger = ?2) AND (?3 IS NULL OR i.unit IN (SELECT unit FROM same)"               \
    "   OR EXISTS (SELECT 1 FROM json_each(i.support) s WHERE s.value IN (SELECT unit FROM same)))"                           \
    " AND (?4 IS NULL OR i.state = ?4"                                                                                        \
    "   OR (?4 = 'open' AND i.state NOT IN ('closed', 'closed-pending-data', 'dismissed', 'transferred', 'merged')))"          \
    " AND (?5 IS NULL OR (i.due < ?5 AND i.state NOT IN ('closed', 'closed-pending-data', 'dismissed', 'transferred', 'merged')))" \
    " ORDER BY i.issue LIMIT ?6"

static tz_rc select_page(tz_store *store, const tz_issue_filter *filter, int32_t today, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    char    day[TZ_DATE_TEXT];

    tz_date_format(today, day);
    TZ_TRY(tz_sql_open(store, OF_FILTER TZ_SELECT_ISSUES FITS, &sql, err));
    tz_sql_bind_int(sql, 1, filter->after);
    tz_sql_bind_text(sql, 2, filter->ledger);
    tz_sql_bind_text(sql, 3, filter->unit);
    tz_sql_bind_text(sql, 4, filter->state);
    tz_sql_bind_text(sql, 5, filter->is_overdue ? day : NULL);
    tz_sql_bind_int(sql, 6, filter->limit > 0 ? filter->limit : -1);
    TZ_TRY(tz_issue_rows(store, sql, ret_rows, err));
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_issue_list(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter, json_t **ret_issues,
                    tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && filter != NULL && ret_issues != NULL);
    tz_rc      rc = TZ_OK;
    json_t    *rows = NULL, *row, *issues = json_array();
    size_t     i;
    int32_t    today = filter->today != 0 ? filter->today : tz_issue_today(store);
    tz_reading of = {.mem = mem, .store = store, .packs = packs, .today = today, .is_masked = filter->is_masked, .lang = filter->lang};

    TZ_TRY(select_page(store, filter, today, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *line = NULL;
        TZ_TRY(tz_issue_line(&of, row, &line, err));
        (void)json_array_append_new(issues, line);
    }
    *ret_issues = json_incref(issues);
done:
    json_decref(rows);
    json_decref(issues);
    return rc;
}
