#include "people/compare.h"

#include <string.h>

#include "base/assert.h"

/* ---- Jaro-Winkler ---- */

static double finish(double common, size_t swaps, size_t count_a, size_t count_b, size_t prefix)
{
    double jaro =
        (common / (double)count_a + common / (double)count_b + (common - (double)swaps) / common) / 3;
    return jaro > 0.7 ? jaro + 0.1 * (double)prefix * (1 - jaro) : jaro;
}

static size_t reach_of(size_t count_a, size_t count_b)
{
    size_t longest = count_a > count_b ? count_a : count_b;
    return longest / 2 == 0 ? 0 : longest / 2 - 1;
}

static size_t count_swaps(const int32_t *a, uint64_t met_a, const int32_t *b, uint64_t met_b)
{
    size_t swaps = 0;
    for (; met_a != 0; met_a &= met_a - 1, met_b &= met_b - 1)
        swaps += a[__builtin_ctzll(met_a)] != b[__builtin_ctzll(met_b)];
    return swaps / 2;
}

double tz_jaro_winkler(const int32_t *a, size_t count_a, const int32_t *b, size_t count_b)
{
    tz_assert(count_a <= TZ_MAX_POINTS && count_b <= TZ_MAX_POINTS);
    size_t reach = reach_of(count_a, count_b), met = 0, prefix = 0;
    uint64_t met_a = 0, met_b = 0;

    if (count_a == 0 || count_b == 0)
        return count_a == count_b;
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
    while (prefix < 4 && prefix < count_a && prefix < count_b && a[prefix] == b[prefix])
        prefix++;
    return finish((double)met, count_swaps(a, met_a, b, met_b), count_a, count_b, prefix);
}

/* ---- Optimal string alignment ---- */

typedef struct {
    uint64_t plus, minus, diagonal, before; /* columns of the table as differences, one bit a row */
    uint64_t last;
    size_t distance;
} columns;

static columns first_column(size_t count_a)
{
    return (columns){.plus = ~UINT64_C(0), .last = UINT64_C(1) << (count_a - 1), .distance = count_a};
}

/* The column of one more character of b, which stands in a where `match` has bits. */
static void next_column(columns *of, uint64_t match)
{
    uint64_t swap = ((~of->diagonal & match) << 1) & of->before;

    of->diagonal = (((match & of->plus) + of->plus) ^ of->plus) | match | of->minus | swap;
    uint64_t up = of->minus | ~(of->diagonal | of->plus), down = of->diagonal & of->plus;
    of->distance += (up & of->last) != 0;
    of->distance -= (down & of->last) != 0;
    up = up << 1 | 1;
    down <<= 1;
    of->plus = down | ~(of->diagonal | up);
    of->minus = up & of->diagonal;
    of->before = match;
}

size_t tz_osa_distance(const int32_t *a, size_t count_a, const int32_t *b, size_t count_b)
{
    tz_assert(count_a <= TZ_MAX_POINTS);
    if (count_a == 0)
        return count_b;
    columns of = first_column(count_a);

    for (size_t j = 0; j < count_b; j++) {
        uint64_t match = 0;
        for (size_t i = 0; i < count_a; i++)
            match |= (uint64_t)(a[i] == b[j]) << i;
        next_column(&of, match);
    }
    return of.distance;
}

/* ---- Sixteen bytes at once ---- */

#if defined(__SSE2__)
#include <emmintrin.h>

static __m128i load(const uint8_t *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* A bit for each of the first `count` that is c. */
static inline uint64_t where(const uint8_t *bytes, size_t count, uint8_t c)
{
    __m128i wanted = _mm_set1_epi8((char)c);
    uint64_t found = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(load(bytes), wanted));

    for (size_t at = 16; at < count; at += 16)
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(load(bytes + at), wanted)) << at;
    return found & (~UINT64_C(0) >> (64 - count));
}

/* A bit for each place of a that has its like in b at most `slips` places away. */
static uint32_t met_near(const uint8_t a[16], const uint8_t b[16], size_t slips)
{
    __m128i x = load(a), y = load(b);
    __m128i met = _mm_or_si128(_mm_cmpeq_epi8(x, y), _mm_or_si128(_mm_cmpeq_epi8(x, _mm_slli_si128(y, 1)),
                                                                  _mm_cmpeq_epi8(x, _mm_srli_si128(y, 1))));
    if (slips > 1)
        met = _mm_or_si128(met, _mm_or_si128(_mm_cmpeq_epi8(x, _mm_slli_si128(y, 2)),
                                             _mm_cmpeq_epi8(x, _mm_srli_si128(y, 2))));
    return (uint32_t)_mm_movemask_epi8(met);
}
#else
static uint64_t where(const uint8_t *bytes, size_t count, uint8_t c)
{
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++)
        found |= (uint64_t)(bytes[i] == c) << i;
    return found;
}

static uint32_t met_near(const uint8_t a[16], const uint8_t b[16], size_t slips)
{
    uint32_t met = 0;
    for (size_t i = 0; i < 16; i++)
        for (size_t j = i < slips ? 0 : i - slips; j <= i + slips && j < 16; j++)
            met |= (uint32_t)(a[i] == b[j]) << i;
    return met;
}
#endif

size_t tz_osa_distance_bytes(const uint8_t *a, size_t count_a, const uint8_t *b, size_t count_b)
{
    if (count_a == 0)
        return count_b;
    columns of = first_column(count_a);

    for (size_t j = 0; j < count_b; j++)
        next_column(&of, where(a, count_a, b[j]));
    return of.distance;
}

bool tz_osa_is_over_bytes(const uint8_t a[16], size_t count_a, const uint8_t b[16], size_t count_b,
                          size_t slips)
{
    size_t apart = count_a > count_b ? count_a - count_b : count_b - count_a;
    if (apart > slips)
        return true;
    uint32_t alone = ~met_near(a, b, slips) & ((UINT32_C(1) << count_a) - 1);
    for (size_t i = 0; i < slips; i++)
        alone &= alone - 1; /* one off */
    return alone != 0;
}

/* Marks for each of a, from the first on, the first free one of b within reach that is the same; ends where `needed`
 * can't be met any more. The window of reach moves up with the place in a. */
static size_t meet(const uint8_t *a, size_t count_a, const uint8_t *b, size_t count_b, size_t needed,
                   uint64_t *ret_met_a, uint64_t *ret_met_b)
{
    size_t reach = reach_of(count_a, count_b), met = 0;
    uint64_t window = (UINT64_C(1) << reach << 1) - 1, met_a = 0, free = ~UINT64_C(0);

    for (size_t i = 0; i < count_a && met + (count_a - i) >= needed; i++) {
        uint64_t like = where(b, count_b, a[i]) & window & free;
        free &= ~(like & -like);
        met_a |= (uint64_t)(like != 0) << i;
        met += like != 0;
        window = window << 1 | (i < reach);
    }
    *ret_met_a = met_a;
    *ret_met_b = ~free;
    return met;
}

double tz_jaro_winkler_bytes(const uint8_t *a, size_t count_a, const uint8_t *b, size_t count_b,
                             size_t needed)
{
    size_t prefix = 0, swaps = 0;
    uint64_t met_a = 0, met_b = 0;

    if (count_a == 0 || count_b == 0)
        return count_a == count_b;
    size_t met = meet(a, count_a, b, count_b, needed, &met_a, &met_b);
    if (met == 0 || met < needed)
        return 0;
    for (; met_a != 0; met_a &= met_a - 1, met_b &= met_b - 1)
        swaps += a[__builtin_ctzll(met_a)] != b[__builtin_ctzll(met_b)];
    while (prefix < 4 && prefix < count_a && prefix < count_b && a[prefix] == b[prefix])
        prefix++;
    return finish((double)met, swaps / 2, count_a, count_b, prefix);
}
