#include "base/money.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

static const int64_t POWER[] = {1LL,
                                10LL,
                                100LL,
                                1000LL,
                                10000LL,
                                100000LL,
                                1000000LL,
                                10000000LL,
                                100000000LL,
                                1000000000LL,
                                10000000000LL,
                                100000000000LL,
                                1000000000000LL,
                                10000000000000LL,
                                100000000000000LL,
                                1000000000000000LL,
                                10000000000000000LL,
                                100000000000000000LL,
                                1000000000000000000LL};

/* A comma that parts thousands: three digits behind it, no fourth. Elsewhere a comma is a slip of the
 * hand for a point, or parts two numbers, and which of them nobody can know. */
static bool parts_thousands(tz_text text, size_t comma)
{
    size_t digits = 0;

    for (size_t at = comma + 1; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++)
        digits++;
    return digits == 3;
}

/* The mantissa: digits with thousands commas and one point. */
static bool take_mantissa(tz_text text, size_t *at, char digits[64], int *ret_count, int *ret_scale)
{
    int  count = 0, scale = 0, seen = 0;
    bool has_point = false;

    for (; *at < text.size; *at += 1) {
        char c = text.data[*at];
        if (c == ',' && seen > 0 && !has_point && parts_thousands(text, *at))
            continue;
        if (c == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        seen++;
        scale += has_point;
        if (count == 0 && c == '0')
            continue;
        if (count >= 40)
            return false;
        digits[count++] = c;
    }
    *ret_count = count;
    *ret_scale = scale;
    return seen > 0;
}

static bool take_exponent(tz_text text, size_t *at, int *ret_exponent)
{
    int64_t exponent = 0;

    *ret_exponent = 0;
    if (*at == text.size || (text.data[*at] != 'e' && text.data[*at] != 'E'))
        return true;
    tz_text rest = tz_text_cut(text, *at + 1, text.size);
    if (!tz_text_int(rest, &exponent) || exponent < -60 || exponent > 60)
        return false;
    *ret_exponent = (int)exponent;
    *at = text.size;
    return true;
}

bool tz_decimal_parse(tz_text text, tz_decimal *ret_value)
{
    tz_assert(ret_value != NULL);
    char   digits[64];
    int    count = 0, scale = 0, exponent = 0;
    size_t at = 0;
    bool   is_negative = false;

    text = tz_text_trim(text);
    if (text.size >= 2 && text.data[0] == '(' && text.data[text.size - 1] == ')') {
        is_negative = true;
        text = tz_text_cut(text, 1, text.size - 2);
    }
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        is_negative ^= text.data[0] == '-';
        at = 1;
    }
    if (tz_text_starts(tz_text_cut(text, at, text.size), TZ_TEXT("¥")))
        at += strlen("¥");
    else if (tz_text_starts(tz_text_cut(text, at, text.size), TZ_TEXT("￥")))
        at += strlen("￥");
    if (!take_mantissa(text, &at, digits, &count, &scale) ||
        !take_exponent(text, &at, &exponent) || at != text.size)
        return false;

    scale -= exponent;
    while (count > 0 && scale > 0 && digits[count - 1] == '0')
        count--, scale--;
    if (count == 0)
        scale = 0;
    while (scale < 0 && count < 19)
        digits[count++] = '0', scale++;
    if (count > 18 || scale > 18 || scale < 0)
        return false;

    int64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    *ret_value = (tz_decimal){is_negative ? -value : value, scale};
    return true;
}

bool tz_decimal_scaled(tz_decimal value, int places, int64_t *ret_scaled, bool *ret_exact)
{
    tz_assert(value.scale >= 0 && value.scale <= 18);
    tz_assert(ret_scaled != NULL);
    int64_t scaled = value.digits;
    bool    is_exact = true;

    if (places >= value.scale) {
        int up = places - value.scale;
        if (up > 18 || __builtin_mul_overflow(scaled, POWER[up], &scaled)) {
            if (value.digits != 0)
                return false;
            scaled = 0;
        }
    } else {
        int down = value.scale - places;
        if (down > 18) {
            is_exact = scaled == 0;
            scaled = 0;
        } else {
            int64_t rest = scaled % POWER[down];
            scaled /= POWER[down];
            is_exact = rest == 0;
            if (rest < 0)
                rest = -rest;
            if (rest >= POWER[down] - rest)
                scaled += value.digits < 0 ? -1 : 1;
        }
    }
    *ret_scaled = scaled;
    if (ret_exact != NULL)
        *ret_exact = is_exact;
    return true;
}

void tz_decimal_format(int64_t scaled, int places, char out[TZ_DECIMAL_TEXT])
{
    tz_assert(places >= 0 && places <= 18);
    uint64_t size = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    char     back[TZ_DECIMAL_TEXT]; /* last digit first; an import writes millions of these */
    size_t   count = 0;

    for (int digit = 0; size > 0 || digit <= places; digit++, size /= 10) {
        if (digit == places && places > 0)
            back[count++] = '.';
        back[count++] = (char)('0' + size % 10);
    }
    if (scaled < 0)
        back[count++] = '-';
    for (size_t i = 0; i < count; i++)
        out[i] = back[count - 1 - i];
    out[count] = '\0';
}

int tz_money_unit(tz_text name)
{
    static const struct {
        const char *name;
        int         power;
    } UNITS[] = {{"元", 0}, {"百元", 2}, {"千元", 3}, {"万元", 4}, {"百万元", 6}, {"亿元", 8}};

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++)
        if (tz_text_is(name, UNITS[i].name))
            return UNITS[i].power;
    return -1;
}
