#include "people/tile.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "people/level.h"

void tz_tile_init(tz_arena *mem, size_t comparison_count, tz_tile *ret_tile)
{
    *ret_tile = (tz_tile){.columns = tz_new_array(mem, tz_tile_column, comparison_count)};
}

static void gather_number(const tz_table *table, const tz_comparison *one, uint32_t code, uint32_t other,
                          double *ret_x, double *ret_y)
{
    tz_text text = tz_dictionary_text(&table->values, code);

    *ret_x = *ret_y = NAN;
    if (one->kind == TZ_COMPARE_NUMBER || one->with != SIZE_MAX)
        *ret_x = tz_number_of(text);
    else if (!tz_place_of(text, ret_x, ret_y))
        *ret_x = NAN;
    if (one->kind == TZ_COMPARE_PLACE && one->with != SIZE_MAX)
        *ret_y = tz_number_of(tz_dictionary_text(&table->values, other));
}

static bool is_of_numbers(tz_compare_kind kind)
{
    return kind == TZ_COMPARE_NUMBER || kind == TZ_COMPARE_PLACE;
}

void tz_tile_gather(const tz_scorer *scorer, const uint32_t *records, size_t count, tz_tile *tile)
{
    tz_assert(count <= TZ_TILE);
    const tz_table *table = scorer->table;

    memcpy(tile->records, records, count * sizeof records[0]);
    tile->count = count;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(tz_table_codes(table, records[i]));
    for (size_t i = 0; i < count; i++) {
        const uint32_t *codes = tz_table_codes(table, records[i]);
        for (size_t c = 0; c < scorer->model->comparison_count; c++) {
            const tz_comparison *one = &scorer->model->comparisons[c];
            tz_tile_column *to = &tile->columns[c];
            to->codes[i] = codes[one->column];
            to->others[i] = one->with == SIZE_MAX ? 0 : codes[one->with];
        }
    }
    for (size_t c = 0; c < scorer->model->comparison_count; c++) {
        const tz_comparison *one = &scorer->model->comparisons[c];
        tz_tile_column *to = &tile->columns[c];
        for (size_t i = 0; i < count; i++) {
            if (is_of_numbers(one->kind))
                gather_number(table, one, to->codes[i], to->others[i], &to->points[i].x, &to->points[i].y);
            else
                to->values[i] = *tz_dictionary_value(&table->values, to->codes[i]);
            to->equals[i] = tz_score_equal(scorer, c, to->codes[i]);
        }
    }
}

/* ---- Levels ---- */

typedef struct {
    const tz_dictionary *values;
    const tz_comparison *one;
    tz_level_cache *cache;
} comparing;

/* Long texts and lists take long: each pair of distinct values is compared once, as far as the cache goes. */
static int kept_level(const comparing *of, uint32_t x, const tz_value *a, uint32_t y, const tz_value *b)
{
    bool is_slow = a->form > TZ_VALUE_PLAIN || b->form > TZ_VALUE_PLAIN || of->one->kind == TZ_COMPARE_LIST ||
                   of->one->kind == TZ_COMPARE_ADDRESS;

    if (!is_slow || of->cache == NULL)
        return tz_compare_values(of->one->kind, of->values, a, b);
    uint32_t low = x < y ? x : y, high = x < y ? y : x;
    uint64_t pair = (uint64_t)low << 32 | high;
    size_t at = pair * UINT64_C(0x9E3779B97F4A7C15) >> (64 - 12);
    if (of->cache->entries[at].pair != pair) {
        of->cache->entries[at].level =
            tz_compare_values(of->one->kind, of->values, x == low ? a : b, x == low ? b : a);
        of->cache->entries[at].pair = pair;
    }
    return of->cache->entries[at].level;
}

static int level_of_numbers(tz_compare_kind kind, const tz_tile_column *x, size_t i, const tz_tile_column *y,
                            size_t j)
{
    double a = x->points[i].x, b = y->points[j].x;

    if (isnan(a) || isnan(b))
        return kind == TZ_COMPARE_NUMBER ? 4 : 0; /* something else than a number stands there */
    if (kind == TZ_COMPARE_NUMBER)
        return a == b ? 1 : tz_compare_numbers(a, b);
    if (isnan(x->points[i].y) || isnan(y->points[j].y))
        return 0;
    if (a == b && x->points[i].y == y->points[j].y)
        return 1;
    return tz_compare_places(a, x->points[i].y, b, y->points[j].y);
}

static int level_of(const comparing *of, const tz_tile_column *x, size_t i, const tz_tile_column *y, size_t j)
{
    uint32_t a = x->codes[i], b = y->codes[j];

    switch (of->one->kind) {
    case TZ_COMPARE_CATEGORY: return a == b ? 1 : 2;
    case TZ_COMPARE_HOUSEHOLD: return a != b ? 3 : x->others[i] != 0 && x->others[i] == y->others[j] ? 1 : 2;
    case TZ_COMPARE_NUMBER:
    case TZ_COMPARE_PLACE: return level_of_numbers(of->one->kind, x, i, y, j);
    default: break;
    }
    if (a == b)
        return 1;
    if (of->one->kind == TZ_COMPARE_NAME && (a == y->others[j] || b == x->others[i]))
        return 2;
    return kept_level(of, a, &x->values[i], b, &y->values[j]);
}

void tz_compare_row(const tz_scorer *scorer, size_t c, tz_level_cache *cache, const tz_tile *left, size_t i,
                    const tz_tile *right, const uint16_t *js, size_t count, uint8_t *ret_levels)
{
    const tz_tile_column *x = &left->columns[c], *y = &right->columns[c];
    comparing of = {.values = &scorer->table->values, .one = &scorer->model->comparisons[c], .cache = cache};

    if (x->codes[i] == 0) {
        memset(ret_levels, 0, count);
        return;
    }
    for (size_t k = 0; k < count; k++)
        ret_levels[k] = y->codes[js[k]] == 0 ? 0 : (uint8_t)level_of(&of, x, i, y, js[k]);
}

void tz_compare_pair(const tz_scorer *scorer, uint32_t a, uint32_t b, uint8_t ret_levels[TZ_MAX_COMPARISONS])
{
    tz_arena mem = {0};
    tz_tile left, right;
    const uint16_t first = 0;

    tz_assert(a < b);
    tz_tile_init(&mem, scorer->model->comparison_count, &left);
    tz_tile_init(&mem, scorer->model->comparison_count, &right);
    tz_tile_gather(scorer, &a, 1, &left);
    tz_tile_gather(scorer, &b, 1, &right);
    for (size_t c = 0; c < scorer->model->comparison_count; c++)
        tz_compare_row(scorer, c, NULL, &left, 0, &right, &first, 1, &ret_levels[c]);
    for (size_t c = 0; c < scorer->model->comparison_count; c++)
        if (c != scorer->id_comparison)
            tz_drop_implied(scorer, c, &ret_levels[scorer->id_comparison == SIZE_MAX ? c : scorer->id_comparison],
                            &ret_levels[c], 1);
    tz_arena_free(&mem);
}
