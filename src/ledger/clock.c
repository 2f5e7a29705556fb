/* clock - days of grace: due dates, the clocks beside them, the letter that a day asks for. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"

static const char UNSOURCED[] = "县里自定,无出处 | county's own, unsourced";

/* What a ledger does not declare. */
static const tz_ledger_clock DEFAULTS[] = {
    {"assign", 5, true, UNSOURCED},    /* from opening until it is assigned       */
    {"take", 5, true, UNSOURCED},      /* from assigning until the unit starts    */
    {"at-once", 10, true, UNSOURCED},  /* the whole life of 立行立改              */
    {"extension", 5, true, UNSOURCED}, /* from asking for more time to the answer */
    {"objection", 10, true, UNSOURCED},
    {"publish", 5, true, UNSOURCED},   /* how long it stands before it may close  */
};

int32_t tz_issue_today(const tz_store *store)
{
    return tz_date_in_china(tz_app_now_ms(store->app));
}

int32_t tz_day_of_time(const char *at)
{
    enum { DAY_SIZE = 10, HOUR_AT = 11, CHINA_MIDNIGHT_UTC = 16 };
    int32_t day = 0;
    int64_t hour = 0;

    if (at == NULL || strlen(at) < HOUR_AT + 2 || !tz_date_parse_iso((tz_text){at, DAY_SIZE}, &day) ||
        !tz_text_int((tz_text){at + HOUR_AT, 2}, &hour))
        return 0;
    return hour >= CHINA_MIDNIGHT_UTC ? tz_date_add(day, 1) : day;
}

const tz_ledger_clock *tz_clock_of(const tz_ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->clocks.count; i++)
        if (strcmp(ledger->clocks.items[i].name, name) == 0)
            return &ledger->clocks.items[i];
    for (size_t i = 0; i < sizeof DEFAULTS / sizeof DEFAULTS[0]; i++)
        if (strcmp(DEFAULTS[i].name, name) == 0)
            return &DEFAULTS[i];
    tz_unreachable("a clock of its list");
}

int32_t tz_clock_end(const tz_store *store, const tz_ledger_clock *clock, int32_t from)
{
    return clock->in_working_days ? tz_calendar_add(&store->county->calendar, from, clock->days) : tz_date_add(from, clock->days);
}

const char *tz_issue_due(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, const char *term, const char *from, int days)
{
    tz_ledger_clock clock = {.days = days, .in_working_days = ledger->due_in_working_days};
    int32_t         day = 0;
    char            text[TZ_DATE_TEXT];

    if (strcmp(term, "long-term") == 0 || from == NULL || !tz_date_parse_iso(tz_text_of(from), &day))
        return NULL;
    if (strcmp(term, "at once") == 0)
        clock = *tz_clock_of(ledger, "at-once");
    if (clock.days <= 0)
        return NULL;
    tz_date_format(tz_clock_end(store, &clock, day), text);
    return tz_arena_dup(mem, text);
}

bool tz_standing_waits(const char *standing)
{
    return standing != NULL &&
           (strcmp(standing, "objected") == 0 || strcmp(standing, "suspended") == 0 || strcmp(standing, "asked") == 0);
}

/* ---- For a reader ---- */

/* Which clock runs beside the due date, and which step started it. */
static const char *running(const char *state, const char *standing, const char **ret_action)
{
    static const struct { const char *standing, *state, *clock, *action; } RUNS[] = {
        {"objected", NULL, "objection", "object"}, {"asked", NULL, "extension", "extend"}, {NULL, "open", "assign", NULL},
        {NULL, "assigned", "take", "assign"},      {NULL, "published", "publish", "publish"},
    };
    for (size_t i = 0; i < sizeof RUNS / sizeof RUNS[0]; i++) {
        bool fits = RUNS[i].standing != NULL ? standing != NULL && strcmp(standing, RUNS[i].standing) == 0 : strcmp(state, RUNS[i].state) == 0;
        if (fits) {
            *ret_action = RUNS[i].action;
            return RUNS[i].clock;
        }
    }
    return NULL;
}

/* The day of the newest step of an action; NULL: of the newest that opened it. 0 if there is none. */
static int32_t day_of_step(const json_t *history, const char *action)
{
    for (size_t i = json_array_size(history); i-- > 0;) {
        const json_t *step = json_array_get(history, i);
        const char   *name = tz_json_str(step, "action");
        bool          opens = strcmp(name, "open") == 0 || strcmp(name, "relapse") == 0 || strcmp(name, "split") == 0 ||
                              (strcmp(name, "look-back") == 0 && strcmp(tz_json_str(step, "state"), "open") == 0);
        if (action == NULL ? opens : strcmp(name, action) == 0)
            return tz_day_of_time(tz_json_str(step, "at"));
    }
    return 0;
}

static int64_t days_between(const tz_store *store, bool in_working_days, int32_t from, int32_t to)
{
    return in_working_days ? tz_calendar_between(&store->county->calendar, from, to) : tz_date_days(to) - tz_date_days(from);
}

int64_t tz_days_left(const tz_store *store, const tz_ledger *ledger, int32_t today, int32_t due)
{
    return days_between(store, ledger->due_in_working_days, today, due);
}

static json_t *clock_json(const tz_store *store, const tz_ledger *ledger, int32_t today, const json_t *history, const json_t *line)
{
    const char *action = NULL, *name = running(tz_json_str(line, "state"), tz_json_str(line, "standing"), &action);
    int32_t     since = name == NULL ? 0 : day_of_step(history, action);
    char        until[TZ_DATE_TEXT];

    if (since == 0)
        return json_null();
    const tz_ledger_clock *clock = tz_clock_of(ledger, name);
    int32_t                end = tz_clock_end(store, clock, since);
    tz_date_format(end, until);
    return json_pack("{s:s, s:s, s:I, s:s}", "clock", name, "until", until, "days_left",
                     (json_int_t)days_between(store, clock->in_working_days, today, end), "source", clock->source);
}

void tz_clock_put(const tz_store *store, const tz_ledger *ledger, int32_t today, const json_t *history, json_t *line)
{
    const char *state = tz_json_str(line, "state"), *standing = tz_json_str(line, "standing"), *due = tz_json_str(line, "due");
    int32_t     day = 0;
    bool        is_open = tz_state_is_open(state);
    bool        has_due = is_open && due != NULL && tz_date_parse_iso(tz_text_of(due), &day);
    int64_t     left = has_due ? tz_days_left(store, ledger, today, day) : 0;
    const char *kind = has_due && !tz_standing_waits(standing) ? tz_letter_kind(ledger, left) : NULL;

    (void)json_object_set_new(line, "days_left", has_due ? json_integer(left) : json_null());
    tz_json_set_str(line, "letter", kind == NULL ? NULL : tz_letter_name(kind));
    (void)json_object_set_new(line, "clock", is_open ? clock_json(store, ledger, today, history, line) : json_null());
}
