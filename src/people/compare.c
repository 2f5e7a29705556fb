#include "people/compare.h"

#include <stdbool.h>

#include "base/assert.h"

static size_t count_swaps(const int32_t *a, size_t count_a, uint64_t met_a, const int32_t *b, uint64_t met_b)
{
    size_t swaps = 0, j = 0;

    for (size_t i = 0; i < count_a; i++) {
        if ((met_a >> i & 1) == 0)
            continue;
        while ((met_b >> j & 1) == 0)
            j++;
        swaps += a[i] != b[j++];
    }
    return swaps / 2;
}

double tz_jaro_winkler(const int32_t *a, size_t count_a, const int32_t *b, size_t count_b)
{
    tz_assert(count_a <= TZ_MAX_POINTS && count_b <= TZ_MAX_POINTS);
    size_t   longest = count_a > count_b ? count_a : count_b, reach = longest / 2 == 0 ? 0 : longest / 2 - 1;
    uint64_t met_a = 0, met_b = 0;
    size_t   met = 0, prefix = 0;

    if (longest == 0)
        return 1;
    for (size_t i = 0; i < count_a; i++) {
        size_t from = i > reach ? i - reach : 0, to = i + reach + 1 < count_b ? i + reach + 1 : count_b;
        for (size_t j = from; j < to; j++)
            if ((met_b >> j & 1) == 0 && a[i] == b[j]) {
                met_a |= UINT64_C(1) << i;
                met_b |= UINT64_C(1) << j;
                met++;
                break;
            }
    }
    if (met == 0)
        return 0;
    double common = (double)met, swaps = (double)count_swaps(a, count_a, met_a, b, met_b);
    double jaro = (common / (double)count_a + common / (double)count_b + (common - swaps) / common) / 3;
    while (prefix < 4 && prefix < count_a && prefix < count_b && a[prefix] == b[prefix])
        prefix++;
    return jaro > 0.7 ? jaro + 0.1 * (double)prefix * (1 - jaro) : jaro;
}

size_t tz_osa_distance(const int32_t *a, size_t count_a, const int32_t *b, size_t count_b)
{
    tz_assert(count_a <= TZ_MAX_POINTS);
    if (count_a == 0)
        return count_b;
    uint64_t plus = ~UINT64_C(0), minus = 0, diagonal = 0, before = 0, last = UINT64_C(1) << (count_a - 1);
    size_t   distance = count_a;

    for (size_t j = 0; j < count_b; j++) {
        uint64_t match = 0;
        for (size_t i = 0; i < count_a; i++)
            match |= (uint64_t)(a[i] == b[j]) << i;
        uint64_t swap = ((~diagonal & match) << 1) & before;
        diagonal = (((match & plus) + plus) ^ plus) | match | minus | swap;
        uint64_t up = minus | ~(diagonal | plus), down = diagonal & plus;
        distance += (up & last) != 0;
        distance -= (down & last) != 0;
        up = up << 1 | 1;
        down <<= 1;
        plus = down | ~(diagonal | up);
        minus = up & diagonal;
        before = match;
    }
    return distance;
}
