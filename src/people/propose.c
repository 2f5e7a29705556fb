/* propose - a model from what stands in the columns, when nobody gave one. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "people/level.h"
#include "people/standard.h"

typedef struct {
    size_t filled, distinct;
    size_t digits, dates, numbers, ids, han, places, lists; /* records whose value looks so */
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

static bool is_han(tz_text text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; count++) {
        int32_t point = tz_utf8_next(text, &at);
        if (point < 0x2E80 && point != 0xB7)
            return false;
    }
    return count <= 8;
}

static bool is_list(tz_text text)
{
    return tz_text_find(text, TZ_TEXT(";"), 0) != SIZE_MAX || tz_text_find(text, TZ_TEXT("|"), 0) != SIZE_MAX ||
           tz_text_find(text, TZ_TEXT("、"), 0) != SIZE_MAX;
}

static void look(portrait *of, tz_text text, size_t times)
{
    int32_t date = 0;
    double  latitude = 0, longitude = 0;
    tz_arena mem = {0};
    tz_text id = tz_standard_text(&mem, TZ_COMPARE_ID, text);

    of->distinct++;
    of->filled += times;
    of->same_pairs += (double)times * ((double)times - 1) / 2;
    of->digits += is_digits(text) ? times : 0;
    of->dates += text.size >= 8 && tz_date_parse(text, &date) ? times : 0;
    of->numbers += is_number(text) ? times : 0;
    of->ids += tz_idcard_is_valid(id) ? times : 0;
    of->han += is_han(text) ? times : 0;
    of->places += tz_place_of(text, &latitude, &longitude) ? times : 0;
    of->lists += is_list(text) ? times : 0;
    tz_arena_free(&mem);
}

static portrait portray(const tz_table *table, size_t column)
{
    tz_arena  mem = {0};
    portrait  found = {0};
    uint32_t *times = tz_table_count(&mem, table, column);

    for (uint32_t code = 1; code < table->values.count; code++)
        if (times[code] > 0)
            look(&found, tz_dictionary_text(&table->values, code), times[code]);
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
    static const char *const NAMES[] = {"name", "姓名", "名字", "姓", NULL}, *const PHONES[] = {"phone", "mobile", "电话", "手机", NULL};
    static const char *const HOUSEHOLDS[] = {"household", "户号", "户编号", NULL};

    if (mostly(of->ids, of))
        return TZ_COMPARE_ID;
    if (mostly(of->dates, of))
        return TZ_COMPARE_DATE;
    if (is_named(column, PHONES))
        return TZ_COMPARE_PHONE;
    if (is_named(column, HOUSEHOLDS))
        return TZ_COMPARE_HOUSEHOLD;
    if (mostly(of->places, of))
        return TZ_COMPARE_PLACE;
    if (mostly(of->digits, of))
        return TZ_COMPARE_CODE;
    if (mostly(of->numbers, of))
        return TZ_COMPARE_NUMBER;
    if (of->distinct <= 32)
        return TZ_COMPARE_CATEGORY;
    if (mostly(of->han, of) && is_named(column, NAMES))
        return TZ_COMPARE_HAN;
    if (is_named(column, NAMES))
        return TZ_COMPARE_NAME;
    return 2 * of->lists > of->filled ? TZ_COMPARE_LIST : TZ_COMPARE_TEXT;
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
    tz_model model = {.threshold = 0.5, .review = TZ_REVIEW_FROM};
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
