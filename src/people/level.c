/* level - the comparators: which level two values reach. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "people/compare.h"
#include "people/model.h"
#include "people/pinyin.h"

static const struct {
    const char *name;
    const char *levels[TZ_MAX_LEVELS];
} KINDS[TZ_COMPARE_KINDS] = {
    [TZ_COMPARE_CATEGORY] = {"category", {"exact", "else"}},
    [TZ_COMPARE_CODE] = {"code", {"exact", "one slip", "two slips", "else"}},
    [TZ_COMPARE_ID] = {"id", {"exact", "one slip", "two slips", "else"}},
    [TZ_COMPARE_DATE] = {"date", {"exact", "one slip", "day and month swapped", "same year", "else"}},
    [TZ_COMPARE_NUMBER] = {"number", {"exact", "within 1 %", "within 10 %", "else"}},
    [TZ_COMPARE_TEXT] = {"text", {"exact", "near", "similar", "related", "else"}},
    [TZ_COMPARE_NAME] = {"name", {"exact", "crossed", "near", "similar", "related", "else"}},
    [TZ_COMPARE_HAN] = {"han", {"exact", "same sound", "one character", "surname", "else"}},
};

const char *tz_compare_kind_name(tz_compare_kind kind)
{
    tz_assert(kind < TZ_COMPARE_KINDS);
    return KINDS[kind].name;
}

const char *const *tz_compare_levels(tz_compare_kind kind)
{
    tz_assert(kind < TZ_COMPARE_KINDS);
    return KINDS[kind].levels;
}

size_t tz_compare_level_count(tz_compare_kind kind)
{
    size_t count = 0;
    while (count < TZ_MAX_LEVELS && tz_compare_levels(kind)[count] != NULL)
        count++;
    return count + 1;
}

/* Code points of a that b can't have: each costs an edit, and none can be a common one. */
static size_t strange(const tz_value *a, const tz_value *b)
{
    return (size_t)__builtin_popcountll(a->letters & ~b->letters);
}

/* True where the distance is over `slips` for certain. */
static bool is_far(const tz_value *a, const tz_value *b, size_t slips)
{
    size_t apart = a->count > b->count ? a->count - b->count : b->count - a->count;
    return apart > slips || strange(a, b) > slips || strange(b, a) > slips;
}

static int by_slips(const tz_value *a, const tz_value *b)
{
    if (is_far(a, b, 2))
        return 4;
    size_t slips = tz_osa_distance(a->points, a->count, b->points, b->count);
    return slips <= 1 ? 2 : slips == 2 ? 3 : 4;
}

static size_t digits_of(const tz_value *value, int32_t digits[8])
{
    size_t count = 0;
    for (size_t i = 0; i < value->count; i++)
        if (value->points[i] >= '0' && value->points[i] <= '9' && count < 8)
            digits[count++] = value->points[i];
    return count;
}

static int by_date(const tz_value *a, const tz_value *b)
{
    int32_t x[8] = {0}, y[8] = {0};

    if (digits_of(a, x) != 8 || digits_of(b, y) != 8)
        return tz_osa_distance(a->points, a->count, b->points, b->count) <= 1 ? 2 : 5;
    if (tz_osa_distance(x, 8, y, 8) <= 1)
        return 2;
    bool is_same_year = memcmp(x, y, 4 * sizeof x[0]) == 0;
    if (is_same_year && memcmp(x + 4, y + 6, 2 * sizeof x[0]) == 0 && memcmp(x + 6, y + 4, 2 * sizeof x[0]) == 0)
        return 3;
    return is_same_year ? 4 : 5;
}

static int by_number(const tz_value *a, const tz_value *b)
{
    char x[TZ_MAX_POINTS * 4 + 1], y[TZ_MAX_POINTS * 4 + 1];
    size_t size_a = a->text.size < sizeof x ? a->text.size : sizeof x - 1, size_b = b->text.size < sizeof y ? b->text.size : sizeof y - 1;

    memcpy(x, a->text.data, size_a);
    memcpy(y, b->text.data, size_b);
    x[size_a] = y[size_b] = '\0';
    double p = strtod(x, NULL), q = strtod(y, NULL), larger = fmax(fabs(p), fabs(q)), apart = fabs(p - q);
    return apart <= larger * 0.01 ? 2 : apart <= larger * 0.1 ? 3 : 4;
}

/* near, similar, related, else: 0 to 3 */
static int by_likeness(const tz_value *a, const tz_value *b)
{
    double in_a = (double)(a->count - strange(a, b)) / a->count, in_b = (double)(b->count - strange(b, a)) / b->count;
    if (in_a + in_b + 1 < 0.7 * 3 && is_far(a, b, 1))
        return 3; /* Jaro can't reach 0.7 */
    double likeness = tz_jaro_winkler(a->points, a->count, b->points, b->count);
    if (likeness >= 0.92 || (!is_far(a, b, 1) && tz_osa_distance(a->points, a->count, b->points, b->count) <= 1))
        return 0;
    return likeness >= 0.85 ? 1 : likeness >= 0.7 ? 2 : 3;
}

static bool is_same_sound(const tz_value *a, const tz_value *b)
{
    for (size_t i = 0; i < a->count && a->count == b->count; i++)
        if (!tz_sounds_alike(a->points[i], b->points[i]))
            return false;
    return a->count == b->count;
}

static int by_characters(const tz_value *a, const tz_value *b)
{
    if (is_same_sound(a, b))
        return 2;
    if (!is_far(a, b, 1) && tz_osa_distance(a->points, a->count, b->points, b->count) <= 1)
        return 3;
    return a->points[0] == b->points[0] ? 4 : 5;
}

int tz_compare_values(tz_compare_kind kind, const tz_value *a, const tz_value *b)
{
    tz_assert(a->count > 0 && b->count > 0);
    switch (kind) {
    case TZ_COMPARE_CODE:
    case TZ_COMPARE_ID: return by_slips(a, b);
    case TZ_COMPARE_DATE: return by_date(a, b);
    case TZ_COMPARE_NUMBER: return by_number(a, b);
    case TZ_COMPARE_TEXT: return 2 + by_likeness(a, b);
    case TZ_COMPARE_NAME: return 3 + by_likeness(a, b);
    case TZ_COMPARE_HAN: return by_characters(a, b);
    default: return 2;
    }
}
