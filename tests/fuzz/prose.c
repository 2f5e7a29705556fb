/* prose - a report written by hand, as bytes: its numbers, its claims, its contradictions. */
#include "fuzz.h"
#include "packs/loading.h"
#include "report/quantity.h"
#include "report/saying.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const NAMES[] = {"四不两直", "两不愁三保障"}, *const SOUNDS[] = {"全面小康"};
    tz_arena     mem = {0};
    tz_text      text = {(const char *)data, size};
    tz_strings   names = {0}, sounds = {0};
    tz_said_list said = {0};
    tz_matches   matches = {0};
    tz_packs     packs = {0};
    tz_pack      pack = {.name = "x"};
    tz_saying    saying = {.name = "house.cd", .title = "2019 年危房", .unit = "户"};

    for (size_t i = 0; i < 2; i++)
        tz_push(&mem, &names, NAMES[i]);
    tz_push(&mem, &sounds, SOUNDS[0]);
    tz_load_words(&mem, "危房; 下降@2", &saying);
    tz_push(&mem, &pack.sayings, saying);
    tz_push(&mem, &packs.packs, pack);
    tz_quantities_find(&mem, text, &names, &sounds, &said);
    tz_sayings_match(&mem, text, &said, &packs, &matches);
    tz_assert(matches.count == said.count);
    for (size_t i = 0; i < said.count; i++) {
        const tz_said *one = &said.items[i];
        tz_assert(one->at + one->size <= size && one->clause + one->clause_size <= size && one->sentence + one->sentence_size <= size);
        tz_assert(one->unit != NULL && (one->sort != TZ_SAID_NUMBER || one->value != NULL));
    }
    tz_arena_free(&mem);
    return 0;
}
