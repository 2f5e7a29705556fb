#include "people/pinyin.h"

#include <stddef.h>

#include "people/pinyin.inc"

static const uint16_t *readings_of(int32_t point)
{
    static const uint16_t NONE[4] = {0};
    return point < 0x4E00 || point > 0x9FA5 ? NONE : SETS[SET_OF[point - 0x4E00]];
}

bool tz_sounds_alike(int32_t a, int32_t b)
{
    const uint16_t *x = readings_of(a), *y = readings_of(b);

    if (a == b)
        return true;
    for (size_t i = 0; i < 4 && x[i] != 0; i++)
        for (size_t j = 0; j < 4 && y[j] != 0; j++)
            if (x[i] == y[j])
                return true;
    return false;
}

uint16_t tz_sound_of(int32_t point)
{
    return readings_of(point)[0];
}
