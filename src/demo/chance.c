/* chance - PCG XSH RR 64/32 (M. E. O'Neill), with one fixed stream. */
#include "base/assert.h"
#include "demo/inside.h"

#define MULTIPLIER 6364136223846793005ULL
#define INCREMENT 1442695040888963407ULL

static uint32_t next_of(demo_pcg *pcg)
{
    uint64_t old = pcg->state;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27), rotation = (uint32_t)(old >> 59);

    pcg->state = old * MULTIPLIER + INCREMENT;
    return (shifted >> rotation) | (shifted << ((32 - rotation) & 31));
}

demo_pcg demo_pcg_init(uint64_t seed)
{
    demo_pcg pcg = {.state = seed + INCREMENT};
    (void)next_of(&pcg);
    (void)next_of(&pcg);
    return pcg;
}

uint32_t demo_below(demo_pcg *pcg, uint32_t count)
{
    tz_assert(count > 0);
    return (uint32_t)(((uint64_t)next_of(pcg) * count) >> 32);
}

int demo_between(demo_pcg *pcg, int low, int high)
{
    tz_assert(low <= high);
    return low + (int)demo_below(pcg, (uint32_t)(high - low + 1));
}

bool demo_chance(demo_pcg *pcg, uint32_t per_mille)
{
    return demo_below(pcg, 1000) < per_mille;
}
