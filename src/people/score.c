#include "people/score.h"

#include <math.h>
#include <stdlib.h>

#include "base/assert.h"

static double cost_of(const tz_table *table, const tz_comparison *one)
{
    size_t characters = 0, filled = 0;

    if (one->kind != TZ_COMPARE_TEXT && one->kind != TZ_COMPARE_NAME && one->kind != TZ_COMPARE_HAN &&
        one->kind != TZ_COMPARE_LIST && one->kind != TZ_COMPARE_ADDRESS)
        return 0;
    for (size_t i = 0; i < table->count && i < 4096; i++) {
        uint32_t code = tz_table_code(table, i, one->column);
        characters += tz_dictionary_value(&table->values, code)->count;
        filled += code != 0;
    }
    return filled == 0 ? 0 : (double)characters / (double)filled;
}

/* What a number may say already comes behind the number. */
static bool goes_before(const tz_scorer *of, uint8_t x, uint8_t y)
{
    bool is_later = of->model->comparisons[x].is_in_id, is_there_later = of->model->comparisons[y].is_in_id;

    if (is_later != is_there_later)
        return is_there_later;
    if (x == of->id_comparison || y == of->id_comparison)
        return x == of->id_comparison;
    if (of->costs[x] != of->costs[y])
        return of->costs[x] < of->costs[y];
    return of->weights[x][1] != of->weights[y][1] ? of->weights[x][1] > of->weights[y][1] : x < y;
}

static void settle_order(tz_scorer *of)
{
    for (size_t c = 0; c < of->model->comparison_count; c++) {
        of->most[c] = 0; /* a value may be missing */
        for (size_t level = 2; level < tz_compare_level_count(of->model->comparisons[c].kind); level++)
            of->most[c] = of->weights[c][level] > of->most[c] ? of->weights[c][level] : of->most[c];
    }
    for (size_t i = 1; i < of->model->comparison_count; i++)
        for (size_t j = i; j > 0 && goes_before(of, of->order[j], of->order[j - 1]); j--) {
            uint8_t kept = of->order[j];
            of->order[j] = of->order[j - 1];
            of->order[j - 1] = kept;
        }
}

void tz_scorer_init(tz_arena *mem, const tz_table *table, const tz_model *model, const tz_counts *counts,
                    tz_scorer *ret_scorer)
{
    tz_assert(table != NULL && model != NULL && ret_scorer != NULL && model->comparison_count <= TZ_MAX_COMPARISONS);
    tz_scorer of = {.table = table, .model = model, .id_comparison = SIZE_MAX};
    tz_counts own;

    if (counts == NULL) {
        tz_counts_take(mem, table, model, &own);
        counts = &own;
    }
    for (size_t c = 0; c < model->comparison_count; c++) {
        of.order[c] = (uint8_t)c;
        if (model->comparisons[c].kind == TZ_COMPARE_ID && of.id_comparison == SIZE_MAX)
            of.id_comparison = c;
        of.costs[c] = cost_of(table, &model->comparisons[c]);
        of.filled[c] = counts->filled[c];
        of.times[c] = counts->times[c];
        if (of.times[c] != NULL)
            of.rarities[c] = tz_new_array(mem, int32_t, TZ_RARITIES);
    }
    settle_order(&of);
    *ret_scorer = of;
}

static int32_t hundredths(double weight)
{
    return (int32_t)lround(fmax(-9999, fmin(9999, weight * 100)));
}

static int32_t rarity_of(const tz_scorer *of, size_t c, uint32_t times)
{
    return hundredths(
        log2(of->model->comparisons[c].u[1] * of->filled[c] / (double)(times == 0 ? 1 : times)));
}

int32_t tz_score_equal(const tz_scorer *of, size_t c, uint32_t code)
{
    if (of->times[c] == NULL)
        return of->weights[c][1];
    uint32_t times = of->times[c][code];
    return of->weights[c][1] + (times < TZ_RARITIES ? of->rarities[c][times] : rarity_of(of, c, times));
}

void tz_scorer_weigh(tz_scorer *of)
{
    tz_assert(of->model->prior > 0 && of->model->prior < 1);
    of->prior = hundredths(log2(of->model->prior / (1 - of->model->prior)));
    for (size_t c = 0; c < of->model->comparison_count; c++) {
        const tz_comparison *one = &of->model->comparisons[c];
        of->weights[c][0] = 0; /* not given: no evidence */
        for (size_t level = 1; level < tz_compare_level_count(one->kind); level++)
            of->weights[c][level] = hundredths(log2(one->m[level] / one->u[level]));
        for (uint32_t times = 0; of->times[c] != NULL && times < TZ_RARITIES; times++)
            of->rarities[c][times] = rarity_of(of, c, times);
    }
    settle_order(of);
}

int32_t tz_score_part(const tz_scorer *of, size_t c, size_t level, uint32_t a)
{
    return level != 1 ? of->weights[c][level]
                      : tz_score_equal(of, c, tz_table_code(of->table, a, of->model->comparisons[c].column));
}

int32_t tz_score_total(const tz_scorer *of, const uint8_t *levels, uint32_t a)
{
    int32_t total = of->prior;
    for (size_t c = 0; c < of->model->comparison_count; c++)
        total += tz_score_part(of, c, levels[c], a);
    return total;
}

void tz_drop_implied(const tz_scorer *of, size_t c, const uint8_t *ids, uint8_t *levels, size_t count)
{
    if (!of->model->comparisons[c].is_in_id || of->id_comparison == SIZE_MAX)
        return;
    for (size_t k = 0; k < count; k++)
        if (levels[k] == 1 && ids[k] >= 1 && ids[k] <= 3)
            levels[k] = 0;
}

int32_t tz_score_itself(const tz_scorer *of, uint32_t record)
{
    int32_t total = of->prior;

    for (size_t c = 0; c < of->model->comparison_count; c++) {
        uint32_t code = tz_table_code(of->table, record, of->model->comparisons[c].column);
        total += code == 0 ? 0 : tz_score_equal(of, c, code);
    }
    return total;
}

void tz_score_put(tz_buf *out, int32_t weight, bool is_signed)
{
    tz_buf_printf(out, "%s%d.%02d", weight < 0 ? "-" : is_signed ? "+" : "", abs(weight) / 100, abs(weight) % 100);
}

const char *tz_score_text(tz_arena *mem, int32_t weight, bool is_signed)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_score_put(&out, weight, is_signed);
    return tz_buf_str(&out);
}

double tz_score_probability(int32_t total)
{
    return 1 / (1 + exp2(-(double)total / 100));
}

int32_t tz_score_least(double share)
{
    int32_t least = hundredths(log2(share / (1 - share)));
    while (tz_score_probability(least) < share)
        least++;
    while (tz_score_probability(least - 1) >= share)
        least--;
    return least;
}
