/* delivery - which unit owes which register for which period: delivered, late, twice, missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/half.h"
#include "evidence/import.h"

/* What came later than this after it was due is history that was taken in, not a late delivery. */
enum { HISTORY_DAYS = 183, MOST_PERIODS = 240 };

/* One batch for one unit and period. */
typedef struct {
    const char *unit, *slice, *period, *as_of;
    int64_t     batch;
    int32_t     received;
} delivered;

typedef struct {
    tz_arena          *mem;
    tz_store          *store;
    const tz_register *reg;
    int32_t            today;
    struct { delivered *items; size_t count; size_t room; } all; /* of the register, by batch */
    struct { const char **items; size_t count; size_t room; } units;
    json_t            *rows;
} listing;

/* ---- What came ---- */

static bool has_periods(const tz_register *reg)
{
    return reg->period == TZ_PERIOD_MONTH || reg->period == TZ_PERIOD_TERM || reg->period == TZ_PERIOD_YEAR;
}

static const char *unit_of(const listing *of, const char *sender, const char *slice)
{
    if (of->reg->slice_column >= 0) {
        const tz_division *division = slice[0] == '\0' ? NULL : tz_county_division(of->store->county, tz_text_of(slice));
        return division == NULL ? slice : division->name;
    }
    if (sender[0] != '\0')
        return sender;
    return of->reg->owners.count > 0 ? of->reg->owners.items[0] : "";
}

static void note_unit(listing *of, const char *unit)
{
    for (size_t i = 0; i < of->units.count; i++)
        if (strcmp(of->units.items[i], unit) == 0)
            return;
    tz_push(of->mem, &of->units, unit);
}

static int32_t day_of(const char *text)
{
    int32_t ymd = 0;
    (void)tz_date_parse_iso(tz_text_cut(tz_text_of(text), 0, TZ_DATE_TEXT - 1), &ymd);
    return ymd;
}

static tz_rc load(listing *of, tz_day day, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    char    as_of[TZ_DATE_TEXT];

    tz_date_format(day.as_of, as_of);
    TZ_TRY(tz_sql_open(of->store, "SELECT b.batch, coalesce(b.sender, ''), s.slice, s.period, b.as_of, o.received_at FROM batch b"
                                  " JOIN batch_slice s ON s.batch = b.batch JOIN original o ON o.digest = b.original WHERE b.register = ?1"
                                  " AND b.as_of <= ?2 AND (?3 = 0 OR b.accepted_entry <= ?3)"
                                  " AND (b.withdrawn_entry IS NULL OR (?3 > 0 AND b.withdrawn_entry > ?3))"
                                  " ORDER BY b.batch, s.slice, s.period", &sql, err));
    tz_sql_bind_text(sql, 1, of->reg->name);
    tz_sql_bind_text(sql, 2, as_of);
    tz_sql_bind_int(sql, 3, day.at);
    TZ_EACH_ROW (of->store, sql, err) {
        const char *slice = tz_sql_dup(of->mem, sql, 2);
        delivered   one = {.unit = unit_of(of, tz_sql_dup(of->mem, sql, 1), slice), .slice = slice, .period = tz_sql_dup(of->mem, sql, 3),
                           .as_of = tz_sql_dup(of->mem, sql, 4), .batch = tz_sql_int(sql, 0), .received = day_of(tz_sql_str(sql, 5))};
        note_unit(of, one.unit);
        tz_push(of->mem, &of->all, one);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Lines ---- */

static const char *label_of(const listing *of, const char *state)
{
    static const struct { const char *state, *zh; } LABELS[] = {
        {"delivered", "已报"}, {"late", "迟报"}, {"duplicate", "重报"}, {"missing", "未报"}, {"open", "未到期"}};

    for (size_t i = 0; of->store->app->lang == TZ_ZH && i < sizeof LABELS / sizeof LABELS[0]; i++)
        if (strcmp(LABELS[i].state, state) == 0)
            return LABELS[i].zh;
    return state;
}

/* The day on which a period's delivery is due, 0 where the register does not say. */
static int32_t due_day(const listing *of, const char *period)
{
    int32_t end = has_periods(of->reg) ? tz_county_period_end(of->store->county, tz_text_of(period)) : 0;
    return end == 0 || of->reg->due_days == 0 ? 0 : tz_date_add(end, of->reg->due_days);
}

static void add_line(listing *of, const char *unit, const char *period, const char *state, const delivered *one)
{
    json_t *line = json_object();
    char    due[TZ_DATE_TEXT];

    tz_date_format(period == NULL ? 0 : due_day(of, period), due);
    tz_json_set_str(line, "register", of->reg->name);
    tz_json_set_str(line, "unit", unit);
    tz_json_set_str(line, "period", period == NULL || period[0] == '\0' ? NULL : period);
    tz_json_set_str(line, "state", state);
    tz_json_set_str(line, "label", label_of(of, state));
    tz_json_set_str(line, "due_day", due[0] == '\0' ? NULL : due);
    tz_json_set_str(line, "due", of->reg->due == NULL ? NULL : tz_half_dup(of->mem, of->reg->due, of->store->app->lang));
    if (one != NULL)
        tz_json_set_int(line, "batch", one->batch);
    tz_json_set_str(line, "as_of", one == NULL ? NULL : one->as_of);
    (void)json_array_append_new(of->rows, line);
}

/* Another batch counts for the very same: the same slice of the same period, of a state the same day. */
static bool is_replaced(const listing *of, const delivered *one)
{
    if (of->reg->period == TZ_PERIOD_EVENT)
        return false;
    for (size_t i = 0; i < of->all.count; i++) {
        const delivered *other = &of->all.items[i];
        if (strcmp(other->slice, one->slice) != 0 || strcmp(other->period, one->period) != 0 || other->batch == one->batch)
            continue;
        int order = strcmp(other->as_of, one->as_of);
        if (of->reg->period == TZ_PERIOD_STATE ? order == 0 && other->batch > one->batch : order > 0 || (order == 0 && other->batch > one->batch))
            return true;
    }
    return false;
}

static const char *state_of(const listing *of, const delivered *one)
{
    int32_t due = due_day(of, one->period);

    if (is_replaced(of, one))
        return "duplicate";
    return due != 0 && one->received > due && one->received <= tz_date_add(due, HISTORY_DAYS) ? "late" : "delivered";
}

/* A line for each batch, unit and period: villages of one township in one batch are one delivery. */
static void list_delivered(listing *of)
{
    tz_map seen = tz_map_init(of->mem);

    for (size_t i = 0; i < of->all.count; i++) {
        const delivered *one = &of->all.items[i];
        bool             is_new = false;
        const char      *key = tz_arena_printf(of->mem, "%lld/%s/%s", (long long)one->batch, one->unit, one->period);
        (void)tz_map_put(&seen, tz_text_of(key), &is_new);
        if (is_new)
            add_line(of, one->unit, one->period, state_of(of, one), one);
    }
}

/* ---- What is missing ---- */

static const char *next_period(const listing *of, const char *period)
{
    int year = 0, part = 0;

    (void)sscanf(period, "%d-%d", &year, &part);
    if (of->reg->period == TZ_PERIOD_YEAR)
        return tz_arena_printf(of->mem, "%04d", year + 1);
    if (of->reg->period == TZ_PERIOD_TERM)
        return part == 1 ? tz_arena_printf(of->mem, "%04d-2", year) : tz_arena_printf(of->mem, "%04d-1", year + 1);
    return part < 12 ? tz_arena_printf(of->mem, "%04d-%02d", year, part + 1) : tz_arena_printf(of->mem, "%04d-01", year + 1);
}

static bool is_delivered(const listing *of, const char *unit, const char *period)
{
    for (size_t i = 0; i < of->all.count; i++)
        if (strcmp(of->all.items[i].unit, unit) == 0 && strcmp(of->all.items[i].period, period) == 0)
            return true;
    return false;
}

/* Each unit that ever delivered owes every period from the first that anybody delivered on. */
static void list_missing_periods(listing *of)
{
    const char *period = NULL;

    for (size_t i = 0; i < of->all.count; i++)
        if (of->all.items[i].period[0] != '\0' && (period == NULL || strcmp(of->all.items[i].period, period) < 0))
            period = of->all.items[i].period;
    for (int n = 0; period != NULL && n < MOST_PERIODS; n++, period = next_period(of, period)) {
        int32_t end = tz_county_period_end(of->store->county, tz_text_of(period)), due = due_day(of, period);
        if (end == 0 || end > of->today)
            return;
        for (size_t i = 0; i < of->units.count; i++)
            if (!is_delivered(of, of->units.items[i], period))
                add_line(of, of->units.items[i], period, due != 0 && due > of->today ? "open" : "missing", NULL);
    }
}

/* Townships whose slice never came while others' did. */
static void list_missing_slices(listing *of)
{
    const tz_county *county = of->store->county;

    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *division = &county->divisions.items[i];
        bool               is_there = division->level != of->reg->columns.items[of->reg->slice_column].level;
        for (size_t j = 0; j < of->all.count && !is_there; j++)
            is_there = strcmp(of->all.items[j].slice, division->code) == 0;
        if (!is_there)
            add_line(of, division->name, NULL, "missing", NULL);
    }
}

static tz_rc list_register(listing *of, tz_day day, tz_err *err)
{
    tz_rc rc = load(of, day, err);

    if (rc != TZ_OK)
        return rc;
    list_delivered(of);
    if (of->all.count == 0)
        add_line(of, of->reg->owners.count > 0 ? of->reg->owners.items[0] : NULL, NULL, "missing", NULL);
    else if (has_periods(of->reg))
        list_missing_periods(of);
    else if (of->reg->slice_column >= 0 && of->reg->period == TZ_PERIOD_STATE)
        list_missing_slices(of);
    return TZ_OK;
}

tz_rc tz_deliveries(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    json_t *rows = json_array();

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            listing of = {.mem = mem, .store = store, .reg = &packs->packs.items[i].registers.items[j], .today = day.as_of, .rows = rows};
            tz_rc   rc = list_register(&of, day, err);
            if (rc != TZ_OK) {
                json_decref(rows);
                return rc;
            }
        }
    *ret_rows = rows;
    return TZ_OK;
}
