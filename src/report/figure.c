#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/map.h"
#include "base/money.h"
#include "report/figuring.h"
#include "report/phrase.h"

typedef struct {
    tz_arena *mem;
    tz_query *query;
    const tz_packs *packs;
    tz_lang   lang;
    tz_map    sizes; /* rows of a register, by its name */
} computing;

int tz_result_column(const tz_result *result, const char *name)
{
    for (size_t i = 0; i < result->columns.count; i++)
        if (strcmp(result->columns.items[i], name) == 0)
            return (int)i;
    return -1;
}

int tz_figure_compare_rows(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void tz_figure_each_row(const tz_result *result, size_t row, void (*visit)(void *context, int64_t row_id), void *context)
{
    for (size_t c = 0; c < result->columns.count; c++) {
        tz_text name = tz_text_of(result->columns.items[c]);
        if (!tz_text_ends(name, TZ_TEXT("_row")) && !tz_text_ends(name, TZ_TEXT("_rows")))
            continue;
        const json_t *cell = json_array_get(result->rows.items[row], c);
        if (json_is_integer(cell))
            visit(context, json_integer_value(cell));
        for (size_t i = 0; json_is_array(cell) && i < json_array_size(cell); i++)
            visit(context, json_integer_value(json_array_get(cell, i)));
    }
}

typedef struct {
    tz_arena *mem;
    int64_t  *items;
    size_t    count, room;
} id_list;

static void keep_id(void *context, int64_t row_id)
{
    id_list *ids = context;
    tz_push(ids->mem, ids, row_id);
}

/* Ids of every row, sorted: an engine of several threads gives the rows of a query in any order. */
static void take_rows(tz_arena *mem, const tz_result *result, tz_figure_value *value)
{
    id_list ids = {.mem = mem};

    for (size_t r = 0; r < result->rows.count; r++)
        tz_figure_each_row(result, r, keep_id, &ids);
    if (ids.count > 0)
        qsort(ids.items, ids.count, sizeof ids.items[0], tz_figure_compare_rows);
    value->rows = ids.items;
    value->row_count = ids.count;
}

bool tz_figure_cell(const json_t *cell, int64_t *ret_scaled)
{
    tz_decimal number = {json_is_integer(cell) ? json_integer_value(cell) : 0, 0};
    bool is_number = json_is_null(cell) || json_is_integer(cell) ||
                     (json_is_string(cell) && tz_decimal_parse(tz_text_of(json_string_value(cell)), &number));

    return is_number && tz_decimal_scaled(number, TZ_SUM_PLACES, ret_scaled, NULL);
}

/* The sum of a column, times 10^TZ_SUM_PLACES. */
static tz_rc sum_column(const tz_result *result, const tz_figure *figure, int64_t *ret_sum, tz_err *err)
{
    int     column = tz_result_column(result, figure->sum_column);
    int64_t sum = 0;

    if (column < 0)
        return tz_fail(err, TZ_INPUT, "查询没有列 %s", "the query has no column %s", figure->sum_column);
    for (size_t r = 0; r < result->rows.count; r++) {
        int64_t scaled = 0;
        if (!tz_figure_cell(json_array_get(result->rows.items[r], (size_t)column), &scaled) || __builtin_add_overflow(sum, scaled, &sum))
            return tz_fail(err, TZ_INPUT, "列 %s 不是数字,或合计过大", "column %s is no number, or its sum is too large", figure->sum_column);
    }
    *ret_sum = sum;
    return TZ_OK;
}

static const char *rounded(tz_arena *mem, tz_decimal value, int places)
{
    int64_t scaled = 0;
    char    out[TZ_DECIMAL_TEXT];

    if (!tz_decimal_scaled(value, places, &scaled, NULL))
        return NULL;
    tz_decimal_format(scaled, places, out);
    return tz_arena_dup(mem, out);
}

static tz_decimal decimal_of(const tz_figure *figure, int64_t count_or_sum)
{
    return figure->value == TZ_VALUE_SUM ? (tz_decimal){count_or_sum, TZ_SUM_PLACES + figure->unit_power} : (tz_decimal){count_or_sum, 0};
}

const char *tz_figure_number(tz_arena *mem, const tz_figure *figure, int64_t count_or_sum)
{
    /* exceptions are whole: 0 holds */
    return rounded(mem, decimal_of(figure, count_or_sum), figure->value == TZ_VALUE_EXCEPTIONS ? 0 : figure->round);
}

/* The number rounded down to a multiple of the figure's step: what 2000余 says. */
static const char *rounded_down(tz_arena *mem, tz_decimal value, int64_t step)
{
    int64_t whole = 0;

    if (!tz_decimal_scaled((tz_decimal){value.digits, value.scale}, 0, &whole, NULL))
        return NULL;
    tz_decimal back = {whole, 0};
    int64_t    a = 0, b = 0;
    if (tz_decimal_scaled(value, 6, &a, NULL) && tz_decimal_scaled(back, 6, &b, NULL) && b > a)
        whole--; /* it was rounded up */
    return tz_arena_printf(mem, "%lld", (long long)(whole - whole % step));
}

static tz_rc fill_value(computing *of, const tz_result *result, tz_figure_value *value, tz_err *err)
{
    const tz_figure *figure = value->figure;
    int64_t          total = (int64_t)result->rows.count;

    if (figure->value == TZ_VALUE_SUM) {
        tz_rc rc = sum_column(result, figure, &total, err);
        if (rc != TZ_OK)
            return rc;
    }
    tz_decimal number = decimal_of(figure, total);
    value->value = tz_figure_number(of->mem, figure, total);
    value->is_true = number.digits != 0;
    if (figure->kind == TZ_BOUND) {
        value->exact = value->value;
        value->value = rounded_down(of->mem, number, figure->step);
    } else if (figure->value == TZ_VALUE_EXCEPTIONS) {
        value->is_true = number.digits == 0;
    }
    return TZ_OK;
}

/* Rows of a register on the day: asked once, whatever number of figures are of it. */
static tz_rc count_rows(computing *of, const char *name, int64_t *ret_rows, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    bool          is_new = false;
    tz_result     result = {0};
    tz_map_entry *entry = tz_map_put(&of->sizes, tz_text_of(name), &is_new);

    if (is_new) {
        const char *sql = tz_arena_printf(of->mem, "SELECT count(*) FROM \"%s\"", name);
        TZ_TRY(tz_query_run(of->mem, of->query, NULL, sql, NULL, 0, NULL, &result, err));
        tz_assert(result.rows.count == 1);
        entry->value = json_integer_value(json_array_get(result.rows.items[0], 0));
    }
    *ret_rows = entry->value;
done:
    tz_result_free(&result);
    return rc;
}

static tz_rc look_at(computing *of, tz_figure_value *value, tz_err *err)
{
    for (size_t i = 0; i < value->figure->of.count; i++) {
        int64_t rows = 0;
        tz_rc   rc = count_rows(of, value->figure->of.items[i], &rows, err);
        if (rc != TZ_OK)
            return rc;
        value->looked_at += rows;
    }
    return TZ_OK;
}

/* A figure of a query. A failing query is the figure's own fault and stays with it. */
static tz_rc compute_query(computing *of, const tz_figure *figure, tz_figure_value *ret_value, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_result       result = {0};
    tz_err          wrong = {0};
    tz_figure_value value = {.figure = figure, .kind = tz_figure_kind_name(figure->kind)};

    TZ_TRY(look_at(of, &value, err));
    if (value.looked_at == 0 && figure->of.count > 0) {
        value.why_not = of->lang == TZ_ZH ? "所依据的名册没有数据" : "the registers that it is of have no rows";
    } else {
        tz_rc ran = tz_query_run(of->mem, of->query, figure->pack, figure->sql, figure->file, figure->line, NULL, &result, &wrong);
        if (ran == TZ_OK)
            ran = fill_value(of, &result, &value, &wrong);
        if (ran == TZ_SYSTEM) {
            *err = wrong;
            rc = ran;
            goto done;
        }
        if (ran != TZ_OK) {
            char line[1400];
            tz_err_line(&wrong, of->lang, line, sizeof line);
            value.value = NULL;
            value.why_not = tz_arena_dup(of->mem, line);
        }
        take_rows(of->mem, &result, &value);
    }
    *ret_value = value;
done:
    tz_result_free(&result);
    return rc;
}

/* In percent where the unit says %. */
const char *tz_figure_quotient(tz_arena *mem, const tz_figure *figure, const char *a, const char *b)
{
    tz_decimal x, y;
    int64_t    upper = 0, lower = 0;

    if (a == NULL || b == NULL || !tz_decimal_parse(tz_text_of(a), &x) || !tz_decimal_parse(tz_text_of(b), &y) ||
        !tz_decimal_scaled(x, TZ_SUM_PLACES, &upper, NULL) || !tz_decimal_scaled(y, TZ_SUM_PLACES, &lower, NULL) || lower == 0)
        return NULL;
    __extension__ typedef __int128 wide;
    wide scale = strcmp(figure->unit, "%") == 0 ? 100 : 1;
    for (int i = 0; i < TZ_SUM_PLACES; i++)
        scale *= 10;
    wide quotient = (figure->is_fall ? (wide)lower - upper : (wide)upper) * scale / lower;
    return quotient < INT64_MAX && quotient > INT64_MIN ? rounded(mem, (tz_decimal){(int64_t)quotient, TZ_SUM_PLACES}, figure->round) : NULL;
}

static void compute_ratio(computing *of, const tz_figure_values *values, tz_figure_value *value)
{
    const tz_figure_value *a = tz_figure_value_of(values, value->figure->numerator);
    const tz_figure_value *b = tz_figure_value_of(values, value->figure->denominator);

    value->value = a == NULL || b == NULL ? NULL : tz_figure_quotient(of->mem, value->figure, a->value, b->value);
    if (value->value == NULL) {
        value->why_not = of->lang == TZ_ZH ? "分子或分母没有数值,或分母为零" : "one side has no value, or the divisor is zero";
        return;
    }
    value->is_true = strspn(value->value, "-0.") < strlen(value->value);
    value->looked_at = b->looked_at;
    value->rows = a->rows;
    value->row_count = a->row_count;
}

tz_rc tz_figure_missing(const char *name, tz_err *err)
{
    (void)tz_fail(err, TZ_MISSING, "没有指标 “%s”", "there is no figure '%s'", name);
    return tz_err_advise(err, "用 taizhang figure 查看全部指标", "see taizhang figure for all of them");
}

const tz_figure_value *tz_figure_value_of(const tz_figure_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->items[i].figure->name, name) == 0)
            return &values->items[i];
    return NULL;
}

/* A claim with exceptions is 基本 where the rest of all is large enough a share. */
static void judge_mostly(const tz_figure_values *values, tz_figure_value *value)
{
    const tz_figure_value *all = tz_figure_value_of(values, value->figure->among);
    tz_decimal             share, whole;
    int64_t                least = 0, count = 0, exceptions = 0;

    if (value->value == NULL || all == NULL || all->value == NULL || !tz_decimal_parse(tz_text_of(value->figure->mostly), &share) ||
        !tz_decimal_scaled(share, 4, &least, NULL) || !tz_decimal_parse(tz_text_of(all->value), &whole) ||
        !tz_decimal_scaled(whole, 0, &count, NULL) || !tz_text_int(tz_text_of(value->value), &exceptions))
        return;
    __extension__ typedef __int128 wide;
    value->is_true = exceptions == 0 || (wide)(count - exceptions) * 10000 >= (wide)least * count;
}

static void set_target(tz_figure_value *value)
{
    value->value = value->figure->target;
    value->is_true = true;
}

/* What a figure's value comes from: the figures that must be computed with it. */
static bool is_part(const tz_figure *whole, const char *name)
{
    const char *const parts[] = {whole->numerator, whole->denominator, whole->among};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i] != NULL && strcmp(parts[i], name) == 0)
            return true;
    return false;
}

static bool is_wanted(const tz_packs *packs, const tz_figure *figure, const char *name)
{
    return name == NULL || strcmp(figure->name, name) == 0 || is_part(tz_packs_figure(packs, name), figure->name);
}

static tz_rc compute_all(computing *of, const char *name, tz_figure_values *values, tz_err *err)
{
    for (size_t i = 0; i < of->packs->packs.count; i++)
        for (size_t j = 0; j < of->packs->packs.items[i].figures.count; j++) {
            const tz_figure *figure = &of->packs->packs.items[i].figures.items[j];
            tz_figure_value  value = {.figure = figure, .kind = tz_figure_kind_name(figure->kind)};
            if (!is_wanted(of->packs, figure, name))
                continue;
            tz_rc rc = figure->sql == NULL ? TZ_OK : compute_query(of, figure, &value, err);
            if (rc != TZ_OK)
                return rc;
            tz_push(of->mem, values, value);
        }
    for (size_t i = 0; i < values->count; i++) {
        tz_figure_value *value = &values->items[i];
        if (value->figure->value == TZ_VALUE_RATIO)
            compute_ratio(of, values, value);
        else if (value->figure->value == TZ_VALUE_TARGET)
            set_target(value);
        else if (value->figure->kind == TZ_MOSTLY)
            judge_mostly(values, value);
        tz_phrase_print(of->mem, value, of->lang);
    }
    return TZ_OK;
}

/* What a figure reads is loaded, and no more. A statement that can't be parsed says so when it is run. */
static tz_rc expect_figure(tz_arena *mem, tz_query *query, const tz_figure *figure, tz_err *err)
{
    tz_query_names names = {0};
    tz_err         wrong;
    tz_rc          rc = figure->sql == NULL ? TZ_OK : tz_query_name(mem, figure->sql, &names, &wrong);

    if (rc != TZ_OK && rc != TZ_INPUT) {
        *err = wrong;
        return rc;
    }
    tz_query_expect(query, &names);
    tz_query_expect(query, &(tz_query_names){.tables = figure->of});
    return TZ_OK;
}

tz_rc tz_figures_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, tz_query **ret_query, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_query != NULL);
    tz_rc     rc = TZ_OK;
    tz_query *query = NULL;

    TZ_TRY(tz_query_open(mem, store, packs, day, &query, err));
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].figures.count; j++) {
            const tz_figure *figure = &packs->packs.items[i].figures.items[j];
            if (is_wanted(packs, figure, name))
                TZ_TRY(expect_figure(mem, query, figure, err));
        }
    *ret_query = query;
done:
    if (rc != TZ_OK)
        tz_query_close(query);
    return rc;
}

tz_rc tz_figures_ask(tz_arena *mem, tz_query *query, const tz_packs *packs, tz_lang lang, const char *name, tz_figure_values *ret_values,
                     tz_err *err)
{
    tz_assert(mem != NULL && query != NULL && packs != NULL && ret_values != NULL);
    computing        of = {.mem = mem, .query = query, .packs = packs, .lang = lang, .sizes = tz_map_init(mem)};
    tz_figure_values values = {0};
    tz_rc            rc = compute_all(&of, name, &values, err);

    if (rc == TZ_OK)
        *ret_values = values;
    return rc;
}

tz_rc tz_figures_compute(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name,
                         tz_figure_values *ret_values, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_values != NULL);
    tz_rc     rc = TZ_OK;
    tz_query *query = NULL;

    if (name != NULL && tz_packs_figure(packs, name) == NULL)
        return tz_figure_missing(name, err);
    TZ_TRY(tz_figures_open(mem, store, packs, day, name, &query, err));
    TZ_TRY(tz_figures_ask(mem, query, packs, lang, name, ret_values, err));
done:
    tz_query_close(query);
    return rc;
}

tz_rc tz_figure_list(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name, bool with_rows,
                     json_t **ret_figures, tz_err *err)
{
    tz_assert(ret_figures != NULL);
    tz_rc            rc = TZ_OK;
    tz_figure_values values;
    char             as_of[TZ_DATE_TEXT];
    json_t          *list = json_array();

    TZ_TRY(tz_figures_compute(mem, store, packs, day, lang, name, &values, err));
    tz_date_format(day.as_of, as_of);
    for (size_t i = 0; i < values.count; i++) {
        const tz_figure_value *value = &values.items[i];
        size_t                 len = 0;
        if (name != NULL && strcmp(value->figure->name, name) != 0)
            continue;
        json_t     *line = json_object();
        const char *title = tz_half(value->figure->title, lang, &len);
        tz_json_set_str(line, "figure", value->figure->name);
        tz_json_set_str(line, "title", tz_arena_copy(mem, title, len));
        tz_json_set_str(line, "value", value->value);
        const char *unit = tz_half(value->figure->unit, lang, &len);
        tz_json_set_str(line, "unit", tz_arena_copy(mem, unit, len));
        tz_json_set_str(line, "as_of", as_of);
        tz_json_set_str(line, "kind", value->kind);
        tz_json_set_int(line, "looked_at", value->looked_at);
        tz_json_set_str(line, "printed", value->printed);
        if (value->why_not != NULL)
            tz_json_set_str(line, "why_not", value->why_not);
        if (with_rows) {
            tz_row_found *rows = NULL;
            json_t       *addresses = json_array();
            (void)json_object_set_new(line, "rows", addresses);
            (void)json_array_append_new(list, line);
            TZ_TRY(tz_rows_address(mem, store, value->rows, value->row_count, &rows, err));
            for (size_t r = 0; r < value->row_count; r++)
                (void)json_array_append_new(addresses, tz_row_json(&rows[r]));
        } else {
            (void)json_array_append_new(list, line);
        }
    }
    *ret_figures = json_incref(list);
done:
    json_decref(list);
    return rc;
}
