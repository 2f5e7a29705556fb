#include "people/score.h"

#include <math.h>

#include "base/assert.h"

enum { CACHE_BITS = 14 }; /* entries a comparison */

void tz_scorer_init(tz_arena *mem, const tz_table *table, const tz_model *model, tz_scorer *ret_scorer)
{
    tz_assert(table != NULL && model != NULL && ret_scorer != NULL && model->comparison_count <= TZ_MAX_COMPARISONS);
    tz_scorer of = {.table = table, .model = model};

    of.cache = tz_arena_array(mem, model->comparison_count << CACHE_BITS, sizeof of.cache[0]);
    for (size_t c = 0; c < model->comparison_count; c++) {
        if (!model->comparisons[c].by_frequency)
            continue;
        of.times[c] = tz_new_array(mem, uint32_t, table->values.count);
        for (size_t i = 0; i < table->count; i++) {
            uint32_t code = tz_table_code(table, i, model->comparisons[c].column);
            of.times[c][code]++;
            of.filled[c] += code != 0;
        }
    }
    *ret_scorer = of;
}

static int32_t hundredths(double weight)
{
    return (int32_t)lround(fmax(-9999, fmin(9999, weight * 100)));
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
    }
}

static int cached_level(tz_scorer *of, size_t c, uint32_t x, uint32_t y)
{
    uint32_t low = x < y ? x : y, high = x < y ? y : x;
    uint64_t pair = (uint64_t)low << 32 | high, hash = pair * UINT64_C(0x9E3779B97F4A7C15);
    struct tz_level_cache *entry = &of->cache[(c << CACHE_BITS) + (hash >> (64 - CACHE_BITS))];

    if (entry->pair != pair) {
        entry->level = tz_compare_values(of->model->comparisons[c].kind, &of->table->values.items[low], &of->table->values.items[high]);
        entry->pair = pair;
    }
    return entry->level;
}

static int level_of(tz_scorer *of, size_t c, uint32_t a, uint32_t b)
{
    const tz_comparison *one = &of->model->comparisons[c];
    uint32_t x = tz_table_code(of->table, a, one->column), y = tz_table_code(of->table, b, one->column);

    if (x == 0 || y == 0)
        return 0;
    if (x == y)
        return 1;
    if (one->kind == TZ_COMPARE_CATEGORY)
        return 2;
    if (one->kind == TZ_COMPARE_NAME && one->with != SIZE_MAX &&
        (x == tz_table_code(of->table, b, one->with) || y == tz_table_code(of->table, a, one->with)))
        return 2;
    return cached_level(of, c, x, y);
}

uint64_t tz_score_pattern(tz_scorer *of, uint32_t a, uint32_t b)
{
    uint64_t pattern = 0;
    for (size_t c = 0; c < of->model->comparison_count; c++)
        pattern |= (uint64_t)level_of(of, c, a, b) << (3 * c);
    return pattern;
}

int32_t tz_score_part(const tz_scorer *of, uint64_t pattern, size_t c, uint32_t a)
{
    size_t  level = pattern >> (3 * c) & 7;
    int32_t weight = of->weights[c][level];

    if (level == 1 && of->times[c] != NULL) {
        uint32_t times = of->times[c][tz_table_code(of->table, a, of->model->comparisons[c].column)];
        weight += hundredths(log2(of->model->comparisons[c].u[1] * of->filled[c] / (double)times));
    }
    return weight;
}

int32_t tz_score_total(const tz_scorer *of, uint64_t pattern, uint32_t a)
{
    int32_t total = of->prior;
    for (size_t c = 0; c < of->model->comparison_count; c++)
        total += tz_score_part(of, pattern, c, a);
    return total;
}

double tz_score_probability(int32_t total)
{
    return 1 / (1 + exp2(-(double)total / 100));
}
