/* propose - a model from what stands in the columns, when nobody gave one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "people/level.h"
#include "people/standard.h"

typedef struct {
    size_t filled, distinct;
    size_t digits, dates, numbers, ids, han, places, lists, areas; /* records whose value looks so */
    double same_pairs;                                      /* pairs of all records with the same value */
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
    return tz_text_find(text, TZ_TEXT(";"), 0) != SIZE_MAX ||
           tz_text_find(text, TZ_TEXT("|"), 0) != SIZE_MAX ||
           tz_text_find(text, TZ_TEXT("、"), 0) != SIZE_MAX;
}

/* Names a village, a township or a district. */
static bool is_area(tz_text text)
{
    static const char *const WORDS[] = {"村", "社区", "镇", "乡", "街道", "区", "县"};

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (tz_text_find(text, tz_text_of(WORDS[i]), 1) != SIZE_MAX)
            return true;
    return false;
}

static void look(portrait *of, tz_text text, size_t times)
{
    int32_t date = 0;
    double latitude = 0, longitude = 0;
    tz_arena mem = {0};
    tz_text id = tz_standard_text(&mem, TZ_COMPARE_ID, NULL, text);

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
    of->areas += is_area(text) ? times : 0;
    tz_arena_free(&mem);
}

static portrait portray(const tz_table *table, size_t column)
{
    tz_arena mem = {0};
    portrait found = {0};
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
    static const char *const NAMES[] = {"name", "姓名", "名字", "姓", NULL}, *const PHONES[] = {
                                                                                 "phone", "mobile", "电话",
                                                                                 "手机", NULL};
    static const char *const ADDRESSES[] = {"address", "地址", "住址", "住所", "籍贯", NULL};
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
    if (is_named(column, ADDRESSES) && 2 * of->areas >= of->filled)
        return TZ_COMPARE_ADDRESS;
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

/* Latitude with longitude, a household with the relation to its head. The second columns are compared with the first. */
static size_t partner_of(const tz_table *table, const char *const *words)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (is_named(table->columns[i], words))
            return i;
    return SIZE_MAX;
}

static void drop_comparison(tz_model *model, size_t column)
{
    for (size_t i = 0; i < model->comparison_count; i++)
        if (model->comparisons[i].column == column) {
            for (size_t j = i + 1; j < model->comparison_count; j++)
                model->comparisons[j - 1] = model->comparisons[j];
            model->comparison_count--;
            return;
        }
}

static void pair_columns(const tz_table *table, tz_model *model)
{
    static const char *const LATITUDES[] = {"latitude", "纬度", NULL}, *const LONGITUDES[] = {"longitude",
                                                                                              "经度", NULL};
    static const char *const RELATIONS[] = {"relation", "与户主关系", NULL};
    size_t latitude = partner_of(table, LATITUDES), longitude = partner_of(table, LONGITUDES),
           relation = partner_of(table, RELATIONS);

    for (size_t i = 0; i < model->comparison_count; i++) {
        tz_comparison *one = &model->comparisons[i];
        if (one->column == latitude && longitude != SIZE_MAX) {
            one->kind = TZ_COMPARE_PLACE;
            one->with = longitude;
            one->by_frequency = false;
        }
        if (one->kind == TZ_COMPARE_HOUSEHOLD)
            one->with = relation;
    }
    if (latitude != SIZE_MAX && longitude != SIZE_MAX)
        drop_comparison(model, longitude);
}

/* A valid number holds the date: on most of the records that give both. */
static bool is_in_number(const tz_table *table, size_t id, size_t date)
{
    size_t both = 0, same = 0;
    tz_arena mem = {0};

    for (size_t i = 0; i < table->count && both < 4096; i++) {
        tz_text number = tz_standard_text(&mem, TZ_COMPARE_ID, NULL,
                                          tz_dictionary_text(&table->values, tz_table_code(table, i, id)));
        int32_t ymd = 0;
        char text[TZ_DATE_TEXT];
        if (tz_idcard_is_valid(number) &&
            tz_date_parse(tz_dictionary_text(&table->values, tz_table_code(table, i, date)), &ymd)) {
            (void)snprintf(text, sizeof text, "%08d", ymd);
            both++;
            same += memcmp(text, number.data + 6, 8) == 0;
        }
        tz_arena_reset(&mem);
    }
    tz_arena_free(&mem);
    return same * 2 > both;
}

static void mark_dates(const tz_table *table, tz_model *model)
{
    for (size_t i = 0; i < model->comparison_count; i++)
        for (size_t j = 0; model->comparisons[i].kind == TZ_COMPARE_ID && j < model->comparison_count; j++)
            if (model->comparisons[j].kind == TZ_COMPARE_DATE)
                model->comparisons[j].is_in_id |=
                    is_in_number(table, model->comparisons[i].column, model->comparisons[j].column);
}

/* ---- Blocking rules ---- */

typedef struct {
    tz_block_rule rule;
    double pairs; /* predicted */
} offer;

typedef struct {
    tz_table *table;
    const tz_model *model;
    double all, affordable;           /* pairs there are; that a rule may give */
    double whole[TZ_MAX_COMPARISONS]; /* pairs with the same value */
    offer offers[4 * TZ_MAX_COMPARISONS * TZ_MAX_COMPARISONS];
    size_t count;
} offering;

static int by_pairs(const void *a, const void *b)
{
    const offer *x = a, *y = b;
    if (x->pairs != y->pairs)
        return x->pairs < y->pairs ? -1 : 1;
    int order = memcmp(x->rule.columns, y->rule.columns, sizeof x->rule.columns);
    return order != 0 ? order : memcmp(x->rule.parts, y->rule.parts, sizeof x->rule.parts);
}

/* Pairs whose part of the column is the same. */
static tz_rc part_pairs(offering *of, size_t comparison, tz_part part, double *ret_pairs, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    uint32_t *codes = NULL;
    size_t column = of->model->comparisons[comparison].column;
    double pairs = 0;

    TZ_TRY(tz_part_codes(&mem, of->table, column, part, &codes, err));
    uint32_t *times = tz_new_array(&mem, uint32_t, of->table->values.count);
    for (size_t i = 0; i < of->table->count; i++)
        times[codes[tz_table_code(of->table, i, column)]]++;
    for (uint32_t code = 1; code < of->table->values.count; code++)
        pairs += (double)times[code] * ((double)times[code] - 1) / 2;
    *ret_pairs = pairs;
done:
    tz_arena_free(&mem);
    return rc;
}

static void offer_one(offering *of, size_t a, tz_part part, double pairs)
{
    of->offers[of->count++] = (offer){
        .rule = {.columns = {of->model->comparisons[a].column}, .parts = {part}, .count = 1}, .pairs = pairs};
}

static void offer_two(offering *of, size_t a, tz_part part_a, double pairs_a, size_t b, tz_part part_b,
                      double pairs_b, double most)
{
    double pairs = pairs_a * pairs_b / of->all;
    if (pairs <= most)
        of->offers[of->count++] =
            (offer){.rule = {.columns = {of->model->comparisons[a].column, of->model->comparisons[b].column},
                             .parts = {part_a, part_b},
                             .count = 2},
                    .pairs = pairs};
}

/* A name by its sound, where it is Chinese; by sound and year, by its first character and day: damage in one part of
 * a value leaves the other rules. They must be cheap, since others cover most of them. */
static tz_rc offer_parts(offering *of, size_t name, tz_err *err)
{
    tz_rc rc = TZ_OK;
    double sound = 0, first = 0, year = 0, day = 0;

    TZ_TRY(part_pairs(of, name, TZ_PART_SOUND, &sound, err));
    TZ_TRY(part_pairs(of, name, TZ_PART_FIRST, &first, err));
    if (of->model->comparisons[name].kind == TZ_COMPARE_HAN && sound <= of->affordable)
        offer_one(of, name, TZ_PART_SOUND, sound);
    for (size_t i = 0; i < of->model->comparison_count; i++) {
        if (of->model->comparisons[i].kind != TZ_COMPARE_DATE)
            continue;
        TZ_TRY(part_pairs(of, i, TZ_PART_YEAR, &year, err));
        TZ_TRY(part_pairs(of, i, TZ_PART_DAY, &day, err));
        offer_two(of, name, TZ_PART_SOUND, sound, i, TZ_PART_YEAR, year, of->affordable / 8);
        offer_two(of, name, TZ_PART_FIRST, first, i, TZ_PART_DAY, day, of->affordable / 8);
    }
done:
    return rc;
}

/* Single columns that cut the pairs down to some thirty a record; then pairs of columns that do it
 * together, and parts of names and dates; the cheapest first. */
static tz_rc choose_rules(offering *of, tz_model *model, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < model->comparison_count; i++) {
        bool is_name =
            model->comparisons[i].kind == TZ_COMPARE_HAN || model->comparisons[i].kind == TZ_COMPARE_NAME;
        if (is_name)
            TZ_TRY(offer_parts(of, i, err));
        if (of->whole[i] <= of->affordable) {
            offer_one(of, i, TZ_PART_WHOLE, of->whole[i]);
            continue;
        }
        for (size_t j = i + 1; j < model->comparison_count; j++)
            if (of->whole[j] > of->affordable)
                offer_two(of, i, TZ_PART_WHOLE, of->whole[i], j, TZ_PART_WHOLE, of->whole[j], of->affordable);
    }
    qsort(of->offers, of->count, sizeof of->offers[0], by_pairs);
    for (size_t i = 0; i < of->count && model->rule_count < TZ_MAX_RULES; i++)
        model->rules[model->rule_count++] = of->offers[i].rule;
done:
    return rc;
}

static double pairs_with_same(const tz_table *table, size_t column)
{
    tz_arena mem = {0};
    double pairs = 0;
    uint32_t *times = tz_table_count(&mem, table, column);

    for (uint32_t code = 1; code < table->values.count; code++)
        pairs += (double)times[code] * ((double)times[code] - 1) / 2;
    tz_arena_free(&mem);
    return pairs;
}

/* What is compared: every column that has more than one value. */
static void choose_comparisons(const tz_table *table, tz_model *model)
{
    for (size_t i = 0; i < table->column_count && model->comparison_count < TZ_MAX_COMPARISONS; i++) {
        portrait of = portray(table, i);
        if (of.distinct < 2)
            continue; /* empty, or one value everywhere: says nothing */
        double filled = (double)of.filled, by_chance = of.same_pairs / (filled * (filled - 1) / 2);
        model->comparisons[model->comparison_count++] =
            (tz_comparison){.column = i,
                            .kind = kind_of(table->columns[i], &of),
                            .with = SIZE_MAX,
                            .by_frequency = by_chance * filled > 5};
    }
    cross_names(model);
    pair_columns(table, model);
    mark_dates(table, model);
}

tz_rc tz_model_propose(tz_table *table, tz_model *ret_model, tz_err *err)
{
    tz_assert(table != NULL && ret_model != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_model model = {.threshold = 0.5, .review = TZ_REVIEW_FROM};
    offering *of = tz_new(&mem, offering);

    choose_comparisons(table, &model);
    of->table = table;
    of->model = &model;
    of->all = (double)table->count * ((double)table->count - 1) / 2;
    of->affordable = 30 * (double)table->count + 1000;
    for (size_t i = 0; i < model.comparison_count; i++)
        of->whole[i] = pairs_with_same(table, model.comparisons[i].column);
    TZ_TRY(choose_rules(of, &model, err));
    if (model.rule_count == 0) {
        (void)tz_fail(err, TZ_INPUT, "没有可以分块的列:每一列的值都太少",
                      "no column to block on: every column has too few values");
        rc = tz_err_advise(err, "用 --model 给出模型", "give a model with --model");
        goto done;
    }
    *ret_model = model;
done:
    tz_arena_free(&mem);
    return rc;
}
