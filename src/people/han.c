#include "people/han.h"

#include <stddef.h>

#include "people/compare.h"
#include "people/strokes.inc"
#include "people/variants.inc"

int32_t tz_plain_character(int32_t point)
{
    size_t from = 0, to = sizeof VARIANTS / sizeof VARIANTS[0];

    if (point < 0x3400)
        return point;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (VARIANTS[middle][0] == point)
            return VARIANTS[middle][1];
        if (VARIANTS[middle][0] < point)
            from = middle + 1;
        else
            to = middle;
    }
    return point;
}

tz_text tz_plain_text(tz_arena *mem, tz_text text)
{
    bool is_plain = true;

    for (size_t at = 0; at < text.size && is_plain;) {
        int32_t point = tz_utf8_next(text, &at);
        is_plain = tz_plain_character(point) == point;
    }
    if (is_plain)
        return text;
    char *out = tz_arena_alloc(mem, text.size * 3 + 1); /* a broken byte becomes U+FFFD */
    size_t size = 0;
    for (size_t at = 0; at < text.size;)
        size += tz_utf8_put(tz_plain_character(tz_utf8_next(text, &at)), out + size);
    return (tz_text){out, size};
}

enum { MAX_STROKES = 21 };

static uint64_t strokes_of(int32_t point)
{
    size_t from = 0, to = sizeof STROKES / sizeof STROKES[0];

    while (from < to) {
        size_t middle = (from + to) / 2;
        if (STROKES[middle].point == point)
            return STROKES[middle].strokes;
        if (STROKES[middle].point < point)
            from = middle + 1;
        else
            to = middle;
    }
    return 0;
}

static size_t unpack(uint64_t strokes, int32_t out[MAX_STROKES])
{
    size_t count = 0;
    for (; strokes != 0; strokes >>= 3)
        out[count++] = (int32_t)(strokes & 7);
    return count;
}

bool tz_looks_alike(int32_t a, int32_t b)
{
    int32_t x[MAX_STROKES], y[MAX_STROKES];

    if (a == b)
        return true;
    size_t count_a = unpack(strokes_of(a), x), count_b = unpack(strokes_of(b), y);
    if (count_a < 3 || count_b < 3)
        return false;
    return 4 * tz_osa_distance(x, count_a, y, count_b) <= (count_a > count_b ? count_a : count_b);
}
