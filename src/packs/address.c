/* address - how alike two addresses are.
 *
 * People leave out what everybody knows (the county, the town) and write 3组, 三组 and ３组. So an address
 * is read as a row of signs, a number being one sign, and two are compared by the pairs of neighbouring
 * signs that they share, measured against the shorter one (the overlap coefficient).
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "packs/functions.h"

enum {
    SIGNS = 256,
    NUMBERS = 0x200000, /* above every code point: a number n is the sign NUMBERS + n */
    LARGEST = 9999999,
};

/* 0 to 9 of 〇零一二…九, 10 and 100 of 十百, -1: no numeral. */
static int numeral(int32_t cp)
{
    static const int32_t DIGITS[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};

    for (int i = 0; i < 10; i++)
        if (DIGITS[i] == cp)
            return i;
    return cp == 0x3007 ? 0 : cp == 0x5341 ? 10 : cp == 0x767E ? 100 : -1;
}

/* A number that has been read in part: 二十三 is (2 × 10) + 3, 二〇三 is digit after digit. */
typedef struct {
    int64_t sum, digits;
    bool    has_any, has_digit;
} number;

static void add_numeral(number *of, int value)
{
    of->has_any = true;
    if (value < 10) {
        of->digits = of->digits * 10 + value;
        of->has_digit = true;
    } else {
        of->sum += (of->has_digit ? of->digits : 1) * value;
        of->digits = 0;
        of->has_digit = false;
    }
    if (of->digits > LARGEST)
        of->digits = LARGEST;
    if (of->sum > LARGEST)
        of->sum = LARGEST;
}

static bool is_mark(int32_t cp)
{
    bool is_letter = (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
    return (cp < 0x80 && !is_letter) || (cp >= 0x2000 && cp < 0x2070) || (cp >= 0x3000 && cp < 0x3040 && cp != 0x3007) || cp == 0xFEFF ||
           (cp >= 0xFF00 && cp < 0xFFF0);
}

static int32_t half_width(int32_t cp)
{
    cp = cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp;
    return cp >= 'A' && cp <= 'Z' ? cp + 'a' - 'A' : cp;
}

/* Takes 民委员会 and 委会 off what was read: 村民委员会 and 村委会 are the village. */
static size_t drop_committee(const int32_t *signs, size_t count)
{
    static const int32_t LONG[] = {0x6C11, 0x59D4, 0x5458, 0x4F1A}, SHORT[] = {0x59D4, 0x4F1A};

    if (count > 4 && memcmp(signs + count - 4, LONG, sizeof LONG) == 0)
        return count - 4;
    return count > 2 && memcmp(signs + count - 2, SHORT, sizeof SHORT) == 0 ? count - 2 : count;
}

static size_t read_signs(tz_text text, int32_t signs[SIGNS])
{
    size_t  count = 0;
    number  open = {0};
    int32_t cp;

    for (size_t at = 0; count < SIGNS - 1 && (cp = tz_utf8_next(text, &at)) >= 0;) {
        cp = half_width(cp);
        int value = cp >= '0' && cp <= '9' ? cp - '0' : numeral(cp);
        if (value >= 0) {
            add_numeral(&open, value);
            continue;
        }
        if (open.has_any)
            signs[count++] = NUMBERS + (int32_t)(open.sum + open.digits);
        open = (number){0};
        if (!is_mark(cp)) {
            signs[count++] = cp;
            count = drop_committee(signs, count);
        }
    }
    if (open.has_any)
        signs[count++] = NUMBERS + (int32_t)(open.sum + open.digits);
    return count;
}

static int compare_pairs(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t read_pairs(tz_text text, int64_t pairs[SIGNS])
{
    int32_t signs[SIGNS];
    size_t  count = read_signs(text, signs);

    for (size_t i = 0; i + 1 < count; i++)
        pairs[i] = ((int64_t)signs[i] << 32) | signs[i + 1];
    count = count == 0 ? 0 : count - 1;
    if (count > 0)
        qsort(pairs, count, sizeof pairs[0], compare_pairs);
    return count;
}

bool tz_address_similarity(tz_text a, tz_text b, double *ret_share)
{
    tz_assert(ret_share != NULL);
    int64_t x[SIGNS], y[SIGNS];
    size_t  m = read_pairs(a, x), n = read_pairs(b, y), common = 0;

    if (m == 0 || n == 0)
        return false;
    for (size_t i = 0, j = 0; i < m && j < n;) {
        common += x[i] == y[j];
        bool is_less = x[i] < y[j], is_equal = x[i] == y[j];
        i += is_less || is_equal;
        j += !is_less || is_equal;
    }
    *ret_share = (double)common / (double)(m < n ? m : n);
    return true;
}
