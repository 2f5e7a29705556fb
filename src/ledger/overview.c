#include "ledger/overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"

enum { MONTHS = 12, SHADES = 5, TOWNSHIP_DIGITS = 9 };

typedef struct { int64_t open, red, late, alarm; } counts;

typedef struct {
    const char *name; /* a unit's */
    counts      of;
    int64_t     days;
} unit_line;

typedef struct {
    const char      *place; /* nine digits, or "" for nowhere */
    const tz_ledger *ledger;
    counts           of;
} cell;

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    const tz_overview_options *options;
    int32_t   day;
    counts    total;
    int64_t   ended;
    int32_t   months[MONTHS + 1]; /* first days; the last is that of the month behind */
    int64_t   opened_in[MONTHS], ended_in[MONTHS], open_at_end[MONTHS];
    TZ_ARRAY(unit_line) units;
    TZ_ARRAY(cell)      cells;
    tz_map    unit_at, cell_at; /* -> index + 1 */
} viewing;

/* ---- One issue ---- */

typedef enum { UNBORN, OPEN, ENDED, GONE /* into another issue */ } life;
typedef struct { int32_t day; life is; } turn;

typedef struct {
    const char *ledger, *level, *unit, *place;
    int32_t     due; /* 0: none */
    struct { turn *items; size_t count; size_t room; } turns; /* oldest first */
} line;

static int32_t day_of(const char *iso)
{
    int32_t day = 0;
    return iso != NULL && tz_date_parse_iso(tz_text_of(iso), &day) ? day : 0;
}

static life life_on(const line *at, int32_t day)
{
    life is = UNBORN;

    for (size_t i = 0; i < at->turns.count && at->turns.items[i].day <= day; i++)
        is = at->turns.items[i].is;
    return is;
}

static bool is_asked_for(const viewing *of, const line *at)
{
    const tz_strings *divisions = of->options->divisions;

    for (size_t i = 0; divisions != NULL && i < divisions->count; i++)
        if (at->place != NULL && tz_text_starts(tz_text_of(at->place), tz_text_of(divisions->items[i])))
            return true;
    return divisions == NULL;
}

/* ---- Counting ---- */

static void count(counts *to, const line *at, int32_t day)
{
    bool is_red = strcmp(at->level, "red") == 0, is_late = at->due != 0 && at->due < day;

    to->open++;
    to->red += is_red;
    to->late += is_late;
    to->alarm += is_red || is_late;
}

static cell *cell_of(viewing *of, const char *place, const tz_ledger *ledger)
{
    const char   *key = tz_arena_printf(of->mem, "%.*s %s", TOWNSHIP_DIGITS, place, ledger->name);
    tz_map_entry *entry = tz_map_put(&of->cell_at, tz_text_of(key), NULL);

    if (entry->value == 0) {
        tz_push(of->mem, &of->cells, ((cell){.place = tz_arena_printf(of->mem, "%.*s", TOWNSHIP_DIGITS, place), .ledger = ledger}));
        entry->value = (int64_t)of->cells.count;
    }
    return &of->cells.items[entry->value - 1];
}

static unit_line *unit_of(viewing *of, const char *unit)
{
    tz_map_entry *entry = tz_map_put(&of->unit_at, tz_text_of(unit), NULL);

    if (entry->value == 0) {
        tz_push(of->mem, &of->units, ((unit_line){.name = tz_arena_dup(of->mem, unit)}));
        entry->value = (int64_t)of->units.count;
    }
    return &of->units.items[entry->value - 1];
}

static void count_months(viewing *of, const line *at)
{
    for (size_t m = 0; m < MONTHS; m++) {
        int32_t first = of->months[m], end = tz_date_add(of->months[m + 1], -1), last = end < of->day ? end : of->day;
        for (size_t i = 0; i < at->turns.count; i++) {
            bool is_in = at->turns.items[i].day >= first && at->turns.items[i].day <= last;
            of->opened_in[m] += is_in && at->turns.items[i].is == OPEN;
            of->ended_in[m] += is_in && at->turns.items[i].is != OPEN;
        }
        of->open_at_end[m] += life_on(at, last) == OPEN;
    }
}

static void take_line(viewing *of, const line *at)
{
    if (!is_asked_for(of, at))
        return;
    count_months(of, at);
    of->ended += life_on(at, of->day) == ENDED;
    if (life_on(at, of->day) != OPEN)
        return;
    count(&of->total, at, of->day);
    count(&cell_of(of, at->place == NULL ? "" : at->place, tz_issue_ledger(of->packs, at->ledger))->of, at, of->day);
    unit_line *unit = unit_of(of, at->unit == NULL ? "" : at->unit);
    count(&unit->of, at, of->day);
    int64_t days = at->due == 0 ? 0 : tz_date_days(of->day) - tz_date_days(at->due);
    unit->days = days > unit->days ? days : unit->days;
}

/* ---- Reading ---- */

/* Issues in the order of their numbers, each with the division of its first finding and of its unit. */
#define SELECT_LINES(issues, findings)                                                                                        \
    "SELECT i.issue, i.ledger, i.level, i.unit, i.due, i.opened_on,"                                                          \
    " (SELECT d.value FROM finding_event e, json_each(e.divisions) d WHERE e.finding = f.finding ORDER BY e.entry DESC LIMIT 1),"  \
    " u.division FROM " issues " i LEFT JOIN (SELECT issue, min(finding) AS finding FROM " findings " GROUP BY issue) f"      \
    " ON f.issue = i.issue LEFT JOIN unit u ON u.unit = i.unit ORDER BY i.issue"

static const char SELECT_NOW[] = SELECT_LINES("issue", "issue_finding");

/* As the journal has them at a time: of each row the last image before it, or, of what was not there yet, the first. */
static const char SELECT_THEN[] =
    "WITH image AS (SELECT of_table, CAST(of_key AS INTEGER) AS number, body,"
    "   max(iif(json_extract(body, '$.at') < ?1, entry, -entry)) FROM journal WHERE of_table IN ('issue', 'issue_finding')"
    "   GROUP BY of_table, of_key),"
    " issue_then AS (SELECT number AS issue, json_extract(body, '$.image.ledger') AS ledger, json_extract(body, '$.image.level') AS level,"
    "   json_extract(body, '$.image.unit') AS unit, json_extract(body, '$.image.due') AS due,"
    "   json_extract(body, '$.image.opened_on') AS opened_on FROM image WHERE of_table = 'issue'),"
    " finding_then AS (SELECT number AS finding, json_extract(body, '$.image.issue') AS issue FROM image WHERE of_table = 'issue_finding') "
    SELECT_LINES("issue_then", "finding_then");

static life life_of(const char *state)
{
    return tz_state_is_open(state) ? OPEN : strcmp(state, "merged") == 0 ? GONE : ENDED;
}

/* What the steps of an issue made of it: `steps` stands on the first of them, or on one of a later issue, and is left on the
 * first of the next. A part that was split off begins then, and not when its whole did. */
static tz_rc read_turns(viewing *of, tz_sql *steps, int64_t issue, int32_t opened, bool *has_step, line *at, tz_err *err)
{
    tz_rc rc = TZ_OK;
    life  was = UNBORN;

    while (*has_step && tz_sql_int(steps, 0) <= issue) {
        int32_t day = tz_day_of_time(tz_sql_str(steps, 3));
        life    is = life_of(tz_sql_str(steps, 2));
        if (was == UNBORN && strcmp(tz_sql_str(steps, 1), "split") != 0)
            day = opened;
        if (is != was)
            tz_push(of->mem, &at->turns, ((turn){day > opened ? day : opened, is}));
        was = is;
        TZ_TRY(tz_sql_step(of->store, steps, has_step, err));
    }
done:
    return rc;
}

static tz_rc open_lines(viewing *of, tz_sql **ret_lines, tz_err *err)
{
    enum { BEYOND = TZ_DATE_TEXT + sizeof "T16:00:00.000Z" };
    tz_rc rc = TZ_OK;
    char  until[BEYOND];

    if (of->day >= tz_issue_today(of->store))
        return tz_sql_open(of->store, SELECT_NOW, ret_lines, err);
    tz_date_format(of->day, until);
    memcpy(until + strlen(until), "T16:00:00.000Z", sizeof "T16:00:00.000Z"); /* midnight in China */
    TZ_TRY(tz_sql_open(of->store, SELECT_THEN, ret_lines, err));
    tz_sql_bind_text(*ret_lines, 1, until);
done:
    return rc;
}

static tz_rc count_all(viewing *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *lines = NULL, *steps = NULL;
    bool    has_step = false;
    line    at = {0};

    TZ_TRY(open_lines(of, &lines, err));
    TZ_TRY(tz_sql_open(of->store, "SELECT issue, action, state, at FROM issue_step ORDER BY issue, step", &steps, err));
    TZ_TRY(tz_sql_step(of->store, steps, &has_step, err));
    TZ_EACH_ROW (of->store, lines, err) {
        const char *found = tz_sql_str(lines, 6), *of_unit = tz_sql_str(lines, 7);
        at.ledger = tz_sql_str(lines, 1);
        at.level = tz_sql_str(lines, 2);
        at.unit = tz_sql_str(lines, 3);
        at.place = found != NULL ? found : of_unit;
        at.due = day_of(tz_sql_str(lines, 4));
        at.turns.count = 0; /* its room is used again */
        TZ_TRY(read_turns(of, steps, tz_sql_int(lines, 0), day_of(tz_sql_str(lines, 5)), &has_step, &at, err));
        take_line(of, &at);
    }
done:
    tz_sql_close(lines);
    tz_sql_close(steps);
    return rc;
}

/* ---- What it comes to ---- */

static void put_counts(json_t *to, const counts *of)
{
    tz_json_set_int(to, "open", of->open);
    tz_json_set_int(to, "red", of->red);
    tz_json_set_int(to, "late", of->late);
}

static void put_half(const viewing *of, json_t *to, const char *key, const char *both)
{
    size_t      size = 0;
    const char *half = tz_half(both, of->options->lang, &size);
    (void)json_object_set_new(to, key, tz_json_text(tz_text_trim((tz_text){half, size})));
}

/* The ledger's cells of all places summed: is anything open in it? */
static bool is_used(const viewing *of, const tz_ledger *ledger)
{
    for (size_t i = 0; i < of->cells.count; i++)
        if (of->cells.items[i].ledger == ledger)
            return true;
    return false;
}

/* A mechanism is called as its pack; the ledger of none, as it calls itself. */
static void add_ledger(const viewing *of, const tz_ledger *ledger, json_t *list)
{
    json_t *one = json_object();

    tz_json_set_str(one, "ledger", ledger->name);
    put_half(of, one, "title", ledger->pack == NULL ? ledger->title : ledger->pack->title);
    (void)json_array_append_new(list, one);
}

typedef TZ_ARRAY(const tz_ledger *) ledgers;

static ledgers list_ledgers(const viewing *of, json_t *list)
{
    ledgers          used = {0};
    const tz_ledger *plain = tz_issue_ledger(of->packs, "default");

    for (size_t i = 0; i < of->packs->packs.count; i++)
        for (size_t j = 0; j < of->packs->packs.items[i].ledgers.count; j++)
            if (is_used(of, &of->packs->packs.items[i].ledgers.items[j]))
                tz_push(of->mem, &used, (const tz_ledger *)&of->packs->packs.items[i].ledgers.items[j]);
    if (is_used(of, plain))
        tz_push(of->mem, &used, plain);
    for (size_t i = 0; i < used.count; i++)
        add_ledger(of, used.items[i], list);
    return used;
}

/* Red or late in a hundred of the open, and how dark that is: any at all shows. */
static json_t *cell_json(const tz_ledger *ledger, const counts *of)
{
    json_t *one = json_object();
    int64_t share = of->open == 0 ? 0 : of->alarm * 100 / of->open;

    tz_json_set_str(one, "ledger", ledger->name);
    put_counts(one, of);
    tz_json_set_int(one, "alarm", of->alarm);
    tz_json_set_int(one, "share", share);
    tz_json_set_int(one, "shade", of->alarm == 0 ? 0 : 1 + (share * (SHADES - 1)) / 100);
    return one;
}

static json_t *township_json(const viewing *of, const char *place, const char *name, const ledgers *used)
{
    json_t *row = json_object(), *cells = json_array();
    counts  sum = {0};

    for (size_t i = 0; i < used->count; i++) {
        const tz_map_entry *entry = tz_map_get(&of->cell_at, tz_text_of(tz_arena_printf(of->mem, "%s %s", place, used->items[i]->name)));
        counts              here = entry == NULL ? (counts){0} : of->cells.items[entry->value - 1].of;
        sum.open += here.open;
        sum.red += here.red;
        sum.late += here.late;
        (void)json_array_append_new(cells, cell_json(used->items[i], &here));
    }
    tz_json_set_str(row, "place", place[0] == '\0' ? NULL : tz_arena_printf(of->mem, "%s000", place));
    tz_json_set_str(row, "name", name);
    put_counts(row, &sum);
    (void)json_object_set_new(row, "cells", cells);
    return row;
}

/* Every township that is asked for, in the order of the divisions; last what lies in none of them. */
static json_t *list_townships(const viewing *of, const ledgers *used)
{
    json_t          *list = json_array();
    const tz_county *county = of->store->county;

    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *division = &county->divisions.items[i];
        line               there = {.place = division->code};
        if (division->level == TZ_DIVISION_TOWNSHIP && is_asked_for(of, &there))
            (void)json_array_append_new(list, township_json(of, tz_arena_printf(of->mem, "%.*s", TOWNSHIP_DIGITS, division->code),
                                                            division->name, used));
    }
    json_t *nowhere = township_json(of, "", of->options->lang == TZ_ZH ? "全县(未分乡镇)" : "county-wide", used);
    if (tz_json_int(nowhere, "open", 0) > 0)
        (void)json_array_append(list, nowhere);
    json_decref(nowhere);
    return list;
}

static int compare_units(const void *a, const void *b)
{
    const unit_line *x = a, *y = b;
    return x->of.late != y->of.late ? (x->of.late < y->of.late) - (x->of.late > y->of.late) : strcmp(x->name, y->name);
}

static json_t *list_units(viewing *of)
{
    json_t *list = json_array();

    if (of->units.count > 0)
        qsort(of->units.items, of->units.count, sizeof of->units.items[0], compare_units);
    for (size_t i = 0; i < of->units.count && of->units.items[i].of.late > 0; i++) {
        json_t *one = json_object();
        tz_json_set_str(one, "unit", of->units.items[i].name[0] == '\0' ? NULL : of->units.items[i].name);
        put_counts(one, &of->units.items[i].of);
        tz_json_set_int(one, "days", of->units.items[i].days);
        (void)json_array_append_new(list, one);
    }
    return list;
}

static json_t *list_months(const viewing *of)
{
    json_t *list = json_array();

    for (size_t m = 0; m < MONTHS; m++) {
        json_t *one = json_object();
        tz_json_set_str(one, "month", tz_arena_printf(of->mem, "%04d-%02d", (int)of->months[m] / 10000, (int)of->months[m] / 100 % 100));
        tz_json_set_int(one, "opened", of->opened_in[m]);
        tz_json_set_int(one, "ended", of->ended_in[m]);
        tz_json_set_int(one, "open", of->open_at_end[m]);
        (void)json_array_append_new(list, one);
    }
    return list;
}

static void name_months(viewing *of)
{
    int year = of->day / 10000, month = of->day / 100 % 100 + 1;

    for (int m = MONTHS; m >= 0; m--, month--) {
        if (month == 13 || month == 0) {
            year += month == 13 ? 1 : -1;
            month = month == 13 ? 1 : 12;
        }
        of->months[m] = tz_date_make(year, month, 1);
    }
}

tz_rc tz_ledger_overview(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_overview_options *options, json_t **ret_overview,
                         tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && ret_overview != NULL);
    viewing of = {.mem = mem, .store = store, .packs = packs, .options = options, .unit_at = tz_map_init(mem), .cell_at = tz_map_init(mem)};
    char    day[TZ_DATE_TEXT];

    of.day = options->day != 0 ? options->day : tz_issue_today(store);
    name_months(&of);
    tz_rc rc = count_all(&of, err);
    if (rc != TZ_OK)
        return rc;
    json_t *all = json_object(), *total = json_object(), *titles = json_array();
    tz_date_format(of.day, day);
    tz_json_set_str(all, "day", day);
    put_counts(total, &of.total);
    tz_json_set_int(total, "ended", of.ended);
    (void)json_object_set_new(all, "total", total);
    ledgers used = list_ledgers(&of, titles);
    (void)json_object_set_new(all, "ledgers", titles);
    (void)json_object_set_new(all, "townships", list_townships(&of, &used));
    (void)json_object_set_new(all, "units", list_units(&of));
    (void)json_object_set_new(all, "months", list_months(&of));
    *ret_overview = all;
    return TZ_OK;
}
