#include "base/half.h"

char *tz_half_dup(tz_arena *mem, const char *both, tz_lang lang)
{
    size_t      size = 0;
    const char *half = tz_half(both, lang, &size);

    return tz_arena_copy(mem, half, size);
}
