/* damage - names, numbers and birth dates as careless hands write them; who a row is truly about stays in the key.
 *
 * Of a number: another digit, two that changed places, one that is lost, or nothing at all.  Of a name: a character of the
 * same sound, its traditional form, or another last one.  Of a birth date: another last digit. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "demo/inside.h"

static const char *damaged_id(demo_county *county, const char *id)
{
    char *text = tz_arena_dup(county->mem, id);
    size_t at = demo_below(&county->pcg, 17);
    char kept = text[at];

    switch (demo_below(&county->pcg, 4)) {
    case 0: text[at] = (char)('0' + (kept - '0' + 1 + (int)demo_below(&county->pcg, 9)) % 10); break;
    case 1:
        text[at] = text[at + 1];
        text[at + 1] = kept;
        break;
    case 2: memmove(text + at, text + at + 1, 18 - at); break;
    default: return NULL;
    }
    return text;
}

static const char *damaged_name(demo_county *county, const char *name, uint32_t percent)
{
    for (size_t i = 0; i < strlen(name) / 3; i++)
        if (demo_chance(&county->pcg, 5 * percent))
            name = demo_name_by_ear(county->mem, &county->pcg, name, i);
    if (demo_chance(&county->pcg, 3 * percent))
        name = demo_name_traditional(county->mem, name);
    return demo_chance(&county->pcg, percent) ? demo_name_mistyped(county->mem, &county->pcg, name) : name;
}

static const char *damaged_birth(demo_county *county, const char *birth)
{
    char *text = tz_arena_dup(county->mem, birth);
    int32_t ymd = 0;

    text[9] = (char)('0' + demo_below(&county->pcg, 10));
    return tz_date_parse_iso(tz_text_of(text), &ymd) ? text : birth;
}

static void damage_row(demo_county *county, demo_row *row, uint32_t percent)
{
    const demo_person *person = &county->persons.items[row->person];
    const char *birth = demo_date(county->mem, person->born);

    for (size_t c = 0; c < row->sheet->columns; c++) {
        const char *cell = row->cells[c];
        if (cell == NULL)
            continue;
        if (strcmp(cell, person->id) == 0 && demo_chance(&county->pcg, 10 * percent))
            row->cells[c] = damaged_id(county, cell);
        else if (strcmp(cell, person->name) == 0)
            row->cells[c] = damaged_name(county, cell, percent);
        else if (strcmp(cell, birth) == 0 && demo_chance(&county->pcg, 10 * percent))
            row->cells[c] = damaged_birth(county, cell);
    }
}

void demo_damage(demo_county *county, uint32_t percent)
{
    tz_assert(county != NULL && percent <= 50);
    for (size_t f = 0; f < county->files.count; f++)
        for (size_t s = 0; s < county->files.items[f]->sheets.count; s++) {
            demo_sheet *sheet = county->files.items[f]->sheets.items[s];
            for (size_t i = 0; i < sheet->rows.count; i++)
                if (sheet->rows.items[i]->person != DEMO_NOBODY)
                    damage_row(county, sheet->rows.items[i], percent);
        }
}
