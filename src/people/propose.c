/* propose - a model from what stands in the columns, when nobody gave one. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "people/model.h"

typedef struct {
    size_t filled, distinct;
    size_t digits, dates, numbers, ids, han; /* records whose value looks so */
    double same_pairs; /* pairs of all records with the same value */
} portrait;

static bool is_digits(tz_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.size > 0;
}

static bool is_number(tz_text text)
{
    size_t points = 0;
    for (size_t i = text.size > 1 && text.data[0] == '-'; i < text.size; i++) {
        points += text.data[i] == '.';
        if ((text.data[i] < '0' || text.data[i] > '9') && text.data[i] != '.')
            return false;
    }
    return points == 1;
}

static bool is_han(const tz_value *value)
{
    for (size_t i = 0; i < value->count; i++)
        if (value->points[i] < 0x2E80 && value->points[i] != 0xB7)
            return false;
    return value->count <= 8;
}

static void look(portrait *of, const tz_value *value, size_t times)
{
    int32_t date = 0;
    char    tidy[32];
    size_t  size = tz_idcard_tidy(value->text, tidy);

    of->distinct++;
    of->filled += times;
    of->same_pairs += (double)times * ((double)times - 1) / 2;
    of->digits += is_digits(value->text) ? times : 0;
    of->dates += value->text.size >= 8 && tz_date_parse(value->text, &date) ? times : 0;
    of->numbers += is_number(value->text) ? times : 0;
    of->ids += size == 18 && tz_idcard_is_valid((tz_text){tidy, size}) ? times : 0;
    of->han += is_han(value) ? times : 0;
}

static portrait portray(const tz_table *table, size_t column)
{
    tz_arena  mem = {0};
    portrait  found = {0};
    uint32_t *times = tz_new_array(&mem, uint32_t, table->values.count);

    for (size_t i = 0; i < table->count; i++)
        times[tz_table_code(table, i, column)]++;
    for (size_t code = 1; code < table->values.count; code++)
        if (times[code] > 0)
            look(&found, &table->values.items[code], times[code]);
    tz_arena_free(&mem);
    return found;
}

static bool mostly(size_t part, const portrait *of)
{
    return of->filled > 0 && part * 10 >= of->filled * 8;
}

static bool is_named(const char *column, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcasestr(column, *words) != NULL)
            return true;
    return false;
}

static tz_compare_kind kind_of(const char *column, const portrait *of)
{
    static const char *const NAMES[] = {"name", "姓名", "名字", "姓", NULL};

    if (mostly(of->ids, of))
        return TZ_COMPARE_ID;
    if (mostly(of->dates, of))
        return TZ_COMPARE_DATE;
    if (mostly(of->digits, of))
        return TZ_COMPARE_CODE;
    if (mostly(of->numbers, of))
        return TZ_COMPARE_NUMBER;
    if (of->distinct <= 32)
        return TZ_COMPARE_CATEGORY;
    if (mostly(of->han, of) && is_named(column, NAMES))
        return TZ_COMPARE_HAN;
    return is_named(column, NAMES) ? TZ_COMPARE_NAME : TZ_COMPARE_TEXT;
}

/* The two first name columns may have changed places. */
static void cross_names(tz_model *model)
{
    tz_comparison *first = NULL;

    for (size_t i = 0; i < model->comparison_count; i++) {
        tz_comparison *one = &model->comparisons[i];
        if (one->kind != TZ_COMPARE_NAME)
            continue;
        if (first != NULL) {
            first->with = one->column;
            one->with = first->column;
            return;
        }
        first = one;
    }
}

typedef struct {
    tz_block_rule rule;
    double        pairs; /* predicted */
} offer;

static int by_pairs(const void *a, const void *b)
{
    const offer *x = a, *y = b;
    if (x->pairs != y->pairs)
        return x->pairs < y->pairs ? -1 : 1;
    return memcmp(x->rule.columns, y->rule.columns, sizeof x->rule.columns);
}

/* Single columns that cut the pairs down to some thirty a record; then pairs of columns that do it
 * together, the cheapest first. */
static void choose_rules(const tz_table *table, const double *same_pairs, tz_model *model)
{
    double all = (double)table->count * ((double)table->count - 1) / 2, affordable = 30 * (double)table->count + 1000;
    offer  offers[TZ_MAX_COMPARISONS * TZ_MAX_COMPARISONS];
    size_t count = 0;

    for (size_t i = 0; i < model->comparison_count; i++) {
        if (same_pairs[i] <= affordable) {
            offers[count++] = (offer){.rule = {.columns = {model->comparisons[i].column}, .count = 1}, .pairs = same_pairs[i]};
            continue;
        }
        for (size_t j = i + 1; j < model->comparison_count; j++)
            if (same_pairs[j] > affordable && same_pairs[i] * same_pairs[j] / all <= affordable)
                offers[count++] = (offer){.rule = {.columns = {model->comparisons[i].column, model->comparisons[j].column}, .count = 2},
                                          .pairs = same_pairs[i] * same_pairs[j] / all};
    }
    qsort(offers, count, sizeof offers[0], by_pairs);
    for (size_t i = 0; i < count && model->rule_count < TZ_MAX_RULES; i++)
        model->rules[model->rule_count++] = offers[i].rule;
}

tz_rc tz_model_propose(const tz_table *table, tz_model *ret_model, tz_err *err)
{
    tz_assert(table != NULL && ret_model != NULL);
    tz_model model = {.threshold = 0.5, .is_one_to_one = false};
    double   same_pairs[TZ_MAX_COMPARISONS];

    for (size_t i = 0; i < table->column_count && model.comparison_count < TZ_MAX_COMPARISONS; i++) {
        portrait of = portray(table, i);
        if (of.distinct < 2)
            continue; /* empty, or one value everywhere: says nothing */
        double filled = (double)of.filled, by_chance = of.same_pairs / (filled * (filled - 1) / 2);
        same_pairs[model.comparison_count] = of.same_pairs;
        model.comparisons[model.comparison_count++] =
            (tz_comparison){.column = i, .kind = kind_of(table->columns[i], &of), .with = SIZE_MAX, .by_frequency = by_chance * filled > 5};
    }
    cross_names(&model);
    choose_rules(table, same_pairs, &model);
    if (model.rule_count == 0) {
        (void)tz_fail(err, TZ_INPUT, "没有可以分块的列:每一列的值都太少", "no column to block on: every column has too few values");
        return tz_err_advise(err, "用 --model 给出模型", "give a model with --model");
    }
    *ret_model = model;
    return TZ_OK;
}
