#include "evidence/total.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"

enum { MOST_CLAIMS = 20000 };

/* A column whose sum passes this is not judged: what is reckoned with sums stays within 64 bits. */
static const int64_t MOST_SUM = 4000000000000000000;

/* The sum of all rows before a total; of a column, in order of the sums. */
typedef struct {
    int64_t sum;
    size_t  index; /* of the total */
} sum_at;

/* A row of totals, and the sums of all rows of data before it. */
typedef struct {
    int64_t row_no, rows_before;
    bool    is_grand;
    bool   *has;        /* by column: a number stands there */
    int64_t *value, *sum_before;
    int64_t *tolerance; /* half of the last place that is written */
    const char **stands;
    int    *unit_power;
} claim;

struct tz_totals {
    tz_arena          *mem;
    const tz_register *reg;
    int64_t           *sums;    /* by column */
    bool              *is_over; /* by column: past MOST_SUM once */
    int64_t            rows;
    struct { claim *items; size_t count; size_t room; } claims;
};

static bool adds_up(const tz_column *column)
{
    return column->type == TZ_TYPE_MONEY || column->type == TZ_TYPE_INT || column->type == TZ_TYPE_DECIMAL;
}

tz_totals *tz_totals_new(tz_arena *mem, const tz_register *reg)
{
    tz_assert(mem != NULL && reg != NULL);
    tz_totals *totals = tz_new(mem, tz_totals);

    totals->mem = mem;
    totals->reg = reg;
    totals->sums = tz_new_array(mem, int64_t, reg->columns.count + 1);
    totals->is_over = tz_new_array(mem, bool, reg->columns.count + 1);
    return totals;
}

bool tz_is_total_label(tz_text folded)
{
    static const char *const WORDS[] = {"合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计", "本页共计", NULL};

    for (size_t i = 0; WORDS[i] != NULL; i++) {
        tz_text word = tz_text_of(WORDS[i]);
        if (tz_text_starts(folded, word) || (tz_text_ends(folded, word) && tz_utf8_count(folded) <= 14))
            return true;
    }
    return false;
}

void tz_totals_add(tz_totals *totals, const tz_value *values, const bool *is_repeated)
{
    tz_assert(totals != NULL && values != NULL);
    totals->rows++;
    for (size_t i = 0; i < totals->reg->columns.count; i++) {
        int64_t sum = 0;
        if (totals->is_over[i] || !adds_up(&totals->reg->columns.items[i]) || values[i].text.size == 0 ||
            (is_repeated != NULL && is_repeated[i]))
            continue;
        totals->is_over[i] = __builtin_add_overflow(totals->sums[i], values[i].number, &sum) || sum > MOST_SUM || sum < -MOST_SUM;
        if (!totals->is_over[i])
            totals->sums[i] = sum;
    }
}

/* Half of the last place of a total in 万元 and the like: its rows may be rounded otherwise. */
static int64_t tolerance_of(const tz_value *value, int unit_power)
{
    size_t  point = tz_text_find(value->raw, TZ_TEXT("."), 0);
    int64_t half = 0;

    if (unit_power <= 0)
        return 0;
    int places = 2 + unit_power - (point == SIZE_MAX ? 0 : (int)(value->raw.size - point - 1));
    half = places > 0 ? 1 : 0;
    for (int i = 0; i < places && i < 12; i++)
        half *= 10;
    return half / 2;
}

void tz_totals_claim(tz_totals *totals, int64_t row_no, bool is_grand, const tz_value *values, const int *unit_power)
{
    tz_assert(totals != NULL && values != NULL && unit_power != NULL);
    size_t columns = totals->reg->columns.count;
    claim  one = {.row_no = row_no, .rows_before = totals->rows, .is_grand = is_grand};

    if (totals->claims.count >= MOST_CLAIMS)
        return;
    one.has = tz_new_array(totals->mem, bool, columns);
    one.value = tz_new_array(totals->mem, int64_t, columns);
    one.sum_before = tz_new_array(totals->mem, int64_t, columns);
    one.tolerance = tz_new_array(totals->mem, int64_t, columns);
    one.stands = tz_new_array(totals->mem, const char *, columns);
    one.unit_power = tz_new_array(totals->mem, int, columns);
    for (size_t i = 0; i < columns; i++) {
        one.sum_before[i] = totals->sums[i];
        one.has[i] = adds_up(&totals->reg->columns.items[i]) && values[i].text.size > 0 && values[i].number <= MOST_SUM / 4 &&
                     values[i].number >= -MOST_SUM / 4;
        if (!one.has[i])
            continue;
        one.value[i] = values[i].number;
        one.tolerance[i] = tolerance_of(&values[i], unit_power[i]);
        one.unit_power[i] = unit_power[i];
        one.stands[i] = tz_text_dup(totals->mem, values[i].raw);
    }
    tz_push(totals->mem, &totals->claims, one);
}

/* ---- The check ---- */

static bool is_near(const claim *of, size_t column, int64_t sum)
{
    return llabs(of->value[column] - sum) <= of->tolerance[column];
}

/* Sum of the rows of data up to claim `index`; the number of claims means the end. */
static int64_t sum_to(const tz_totals *totals, size_t index, size_t column)
{
    return index < totals->claims.count ? totals->claims.items[index].sum_before[column] : totals->sums[column];
}

static int64_t rows_to(const tz_totals *totals, size_t index)
{
    return index < totals->claims.count ? totals->claims.items[index].rows_before : totals->rows;
}

static int compare_sums(const void *a, const void *b)
{
    const sum_at *x = a, *y = b;

    if (x->sum != y->sum)
        return x->sum < y->sum ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* A sheet may be a total in every other row, and each may add up since any of the others. */
static const sum_at *sort_sums(const tz_totals *totals, size_t column)
{
    size_t  count = totals->claims.count;
    sum_at *sums = tz_new_array(totals->mem, sum_at, count + 1);

    for (size_t i = 0; i < count; i++)
        sums[i] = (sum_at){totals->claims.items[i].sum_before[column], i};
    qsort(sums, count, sizeof sums[0], compare_sums);
    return sums;
}

/* Whether before one of the totals [first, last) the rows add up to `sum`. */
static bool has_sum(const sum_at *sums, size_t count, int64_t sum, int64_t tolerance, size_t first, size_t last)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sums[middle].sum < sum - tolerance)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && sums[low].sum <= sum + tolerance; low++)
        if (sums[low].index >= first && sums[low].index < last)
            return true;
    return false;
}

static bool is_right(const tz_totals *totals, const sum_at *sums, size_t index, size_t column)
{
    const claim *of = &totals->claims.items[index];
    size_t       count = totals->claims.count;
    int64_t      before = of->sum_before[column], all = totals->sums[column], value = of->value[column];

    if (is_near(of, column, before) || is_near(of, column, all - before) || is_near(of, column, all))
        return true;
    if (of->is_grand)
        return false;
    /* Since a total before it; or up to one behind it, where it stands above its rows. */
    return has_sum(sums, count, before - value, of->tolerance[column], 0, index) ||
           has_sum(sums, count, before + value, of->tolerance[column], index + 1, count);
}

/* What the total most likely adds up: the rows since the total before it, or for a grand one all; the
 * rows that follow where none precede. */
static int64_t likely_sum(const tz_totals *totals, size_t index, size_t column)
{
    const claim *of = &totals->claims.items[index];
    size_t       from = index;

    while (from > 0 && (of->is_grand || rows_to(totals, from - 1) == of->rows_before))
        from--;
    int64_t start = from == 0 ? 0 : sum_to(totals, from - 1, column);
    if (of->rows_before == (from == 0 ? 0 : rows_to(totals, from - 1)))
        return sum_to(totals, of->is_grand ? totals->claims.count : index + 1, column) - of->sum_before[column];
    return of->sum_before[column] - start;
}

/* Fen as the sheet gives them: in its unit, without needless zeros. */
static const char *in_unit(const tz_totals *totals, size_t column, int64_t sum, int unit_power)
{
    char out[TZ_DECIMAL_TEXT];
    int  places = tz_value_places(&totals->reg->columns.items[column]) + unit_power;

    tz_decimal_format(sum, places, out);
    size_t size = strlen(out);
    while (unit_power > 0 && size > 1 && out[size - 1] == '0' && strchr(out, '.') != NULL)
        out[--size] = '\0';
    if (size > 0 && out[size - 1] == '.')
        out[size - 1] = '\0';
    return tz_arena_dup(totals->mem, out);
}

tz_wrong_totals tz_totals_check(tz_totals *totals)
{
    tz_assert(totals != NULL);
    tz_wrong_totals wrong = {0};
    const sum_at  **sums = tz_new_array(totals->mem, const sum_at *, totals->reg->columns.count + 1);

    for (size_t j = 0; totals->claims.count > 0 && j < totals->reg->columns.count; j++)
        if (adds_up(&totals->reg->columns.items[j]))
            sums[j] = sort_sums(totals, j);
    for (size_t i = 0; i < totals->claims.count; i++)
        for (size_t j = 0; j < totals->reg->columns.count; j++) {
            const claim *of = &totals->claims.items[i];
            if (!of->has[j] || totals->is_over[j] || totals->rows == 0 || is_right(totals, sums[j], i, j))
                continue;
            tz_push(totals->mem, &wrong, (tz_wrong_total){of->row_no, j, of->stands[j],
                                                         in_unit(totals, j, likely_sum(totals, i, j), of->unit_power[j])});
        }
    return wrong;
}
