/* coverage - what a check could see: whether its registers came, in time, and how much they hold. */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/money.h"
#include "checks/inside.h"

/* "姓名册|Roster" cut by language, for texts that name a register in both. */
static const char *title_half(tz_arena *mem, const tz_register *reg, tz_lang lang)
{
    size_t      len = 0;
    const char *half = tz_half(reg->title == NULL ? reg->name : reg->title, lang, &len);
    return tz_arena_copy(mem, half, len);
}

/* The period after one: "2019-12" -> "2020-01", "2019-2" -> "2020-1", "2019" -> "2020". */
static void next_period(tz_period_kind kind, const char *period, char out[TZ_PERIOD_TEXT])
{
    int year = 0, part = 0;

    (void)sscanf(period, "%d-%d", &year, &part);
    int last = kind == TZ_PERIOD_MONTH ? 12 : kind == TZ_PERIOD_TERM ? 2 : 0;
    bool is_turn = part >= last;
    year += is_turn;
    part = is_turn ? 1 : part + 1;
    if (kind == TZ_PERIOD_YEAR)
        (void)snprintf(out, TZ_PERIOD_TEXT, "%04d", year % 10000);
    else
        (void)snprintf(out, TZ_PERIOD_TEXT, kind == TZ_PERIOD_MONTH ? "%04d-%02d" : "%04d-%d", year % 10000, part % 100);
}

/* The period that should have come by the day and did not, or "". Only a register that says how many
 * days its delivery may take can be late. */
static void late_period(const tz_store *store, const tz_register *reg, const tz_valid_parts *parts, int32_t as_of,
                        char out[TZ_PERIOD_TEXT])
{
    const char *newest = "";
    bool        is_periodic = reg->period == TZ_PERIOD_MONTH || reg->period == TZ_PERIOD_TERM || reg->period == TZ_PERIOD_YEAR;

    out[0] = '\0';
    for (size_t i = 0; i < parts->count; i++)
        if (strcmp(parts->items[i].period, newest) > 0)
            newest = parts->items[i].period;
    if (!is_periodic || reg->due_days <= 0 || newest[0] == '\0')
        return;
    char next[TZ_PERIOD_TEXT];
    next_period(reg->period, newest, next);
    int32_t end = tz_county_period_end(store->county, tz_text_of(next));
    if (end != 0 && tz_date_add(end, reg->due_days) < as_of)
        memcpy(out, next, TZ_PERIOD_TEXT);
}

/* Why a register without valid rows has none. */
static tz_rc why_missing(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, const char **ret_why, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     withdrawn = 0;
    const char *zh = title_half(mem, reg, TZ_ZH), *en = title_half(mem, reg, TZ_EN);
    char        at[32];

    (void)snprintf(at, sizeof at, "%lld", (long long)day.at);
    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM batch WHERE register = ?1 AND withdrawn_entry <= CAST(?2 AS INTEGER)",
                      reg->name, at, &withdrawn, err));
    *ret_why = withdrawn > 0
                   ? tz_arena_printf(mem, "名册“%s”已撤回|the register '%s' (%s) was withdrawn", zh, reg->name, en)
                   : tz_arena_printf(mem, "缺名册“%s”|the register '%s' (%s) is missing", zh, reg->name, en);
done:
    return rc;
}

/* Why the check can't be evaluated for want of this register; NULL: it came, in time. */
static tz_rc why_unready(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, const tz_valid_parts *parts,
                         const char **ret_why, tz_err *err)
{
    char late[TZ_PERIOD_TEXT];

    *ret_why = NULL;
    if (parts->count == 0)
        return why_missing(mem, store, reg, day, ret_why, err);
    late_period(store, reg, parts, day.as_of, late);
    if (late[0] != '\0')
        *ret_why = tz_arena_printf(mem, "名册“%s”迟交:缺 %s|the register '%s' (%s) is late: %s has not come",
                                   title_half(mem, reg, TZ_ZH), late, reg->name, title_half(mem, reg, TZ_EN), late);
    return TZ_OK;
}

/* Adds a reason to those that stand: all are told, each in both languages. */
static void set_unready(tz_arena *mem, tz_fared *fared, const char *why)
{
    size_t zh, en, more_zh, more_en;

    if (why == NULL)
        return;
    fared->state = TZ_NOT_EVALUATED;
    if (fared->why == NULL) {
        fared->why = why;
        return;
    }
    const char *a = tz_half(fared->why, TZ_ZH, &zh), *b = tz_half(fared->why, TZ_EN, &en);
    const char *c = tz_half(why, TZ_ZH, &more_zh), *d = tz_half(why, TZ_EN, &more_en);
    fared->why = tz_arena_printf(mem, "%.*s;%.*s|%.*s; %.*s", (int)zh, a, (int)more_zh, c, (int)en, b, (int)more_en, d);
}

tz_rc tz_coverage_missing(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_fared *fared, tz_err *err)
{
    tz_assert(fared != NULL && fared->check != NULL);
    tz_rc           rc = TZ_OK;
    const tz_check *check = fared->check;

    for (size_t i = 0; i < check->needs.count; i++) {
        const tz_register *reg = tz_packs_register(packs, check->needs.items[i]);
        tz_valid_parts     parts = {0};
        const char        *why = NULL;
        if (reg == NULL) {
            set_unready(mem, fared, tz_arena_printf(mem, "没有规则包声明名册 %s|no pack declares the register %s", check->needs.items[i],
                                               check->needs.items[i]));
            continue;
        }
        TZ_TRY(tz_valid_find(mem, store, reg, day, &parts, err));
        TZ_TRY(why_unready(mem, store, reg, day, &parts, &why, err));
        set_unready(mem, fared, why);
    }
done:
    return rc;
}

/* Asks the worker once a run and register. */
static tz_rc count_register(tz_arena *mem, tz_query *query, tz_counted *counted, const tz_register *reg, tz_coverage *ret_coverage,
                            tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_map_entry *entry = tz_map_put(&counted->index, tz_text_of(reg->name), NULL);

    if (entry->value == 0) {
        tz_coverage coverage = {0};
        TZ_TRY(tz_query_coverage(query, reg, &coverage, err));
        tz_push(mem, &counted->counts, coverage);
        entry->value = (int64_t)counted->counts.count;
    }
    *ret_coverage = counted->counts.items[entry->value - 1];
done:
    return rc;
}

/* One needed register: adds what was looked at. */
static tz_rc look_at(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, tz_query *query, tz_counted *counted,
                     tz_map *units, tz_coverage *sum, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_valid_parts parts = {0};
    tz_coverage    coverage = {0};

    TZ_TRY(tz_valid_find(mem, store, reg, day, &parts, err));
    if (parts.count > 0)
        TZ_TRY(count_register(mem, query, counted, reg, &coverage, err));
    for (size_t i = 0; i < parts.count; i++)
        (void)tz_map_put(units, tz_text_of(parts.items[i].sender == NULL ? "" : parts.items[i].sender), NULL);
    sum->rows += coverage.rows;
    sum->people += coverage.people;
    sum->linked += coverage.linked;
done:
    return rc;
}

/* The registers that the check reads without needing them and that hold nothing on the day. */
static tz_rc find_empty(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_fared *fared, tz_err *err)
{
    tz_rc                 rc = TZ_OK;
    json_t               *empty = json_array();
    tz_buf                text = tz_buf_init(mem, 0);
    const tz_query_names *names = NULL;

    TZ_TRY(tz_check_names(fared->check, &names, err));
    for (size_t i = 0; i < names->tables.count; i++) {
        const tz_register *reg = tz_packs_register(packs, names->tables.items[i]);
        tz_valid_parts     parts = {0};
        if (reg == NULL)
            continue;
        TZ_TRY(tz_valid_find(mem, store, reg, day, &parts, err));
        if (parts.count == 0)
            (void)json_array_append_new(empty, json_string(reg->name));
    }
    tz_json_canonical(empty, &text);
    fared->empty = tz_buf_str(&text);
done:
    json_decref(empty);
    return rc;
}

tz_rc tz_coverage_look(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_query *query, tz_counted *counted,
                       tz_fared *fared, tz_err *err)
{
    tz_assert(fared != NULL && fared->check != NULL);
    tz_rc           rc = TZ_OK;
    const tz_check *check = fared->check;
    tz_map          units = tz_map_init(mem);
    tz_coverage     sum = {0};
    char            share[TZ_DECIMAL_TEXT];

    for (size_t i = 0; i < check->needs.count; i++) {
        const tz_register *reg = tz_packs_register(packs, check->needs.items[i]);
        if (reg != NULL)
            TZ_TRY(look_at(mem, store, reg, day, query, counted, &units, &sum, err));
    }
    TZ_TRY(find_empty(mem, store, packs, day, fared, err));
    fared->looked_at = sum.rows;
    fared->units = (int64_t)units.entries.count;
    if (sum.people > 0) {
        tz_decimal_format((sum.linked * 20000 + sum.people) / (2 * sum.people), 4, share);
        fared->linked_share = tz_arena_dup(mem, share);
    }
done:
    return rc;
}
