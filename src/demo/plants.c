/* plants - defects and look-alikes of the pack population. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* ---- Whom a defect may befall ---- */

static const demo_household *household_of(const demo_county *county, const demo_person *person)
{
    return &county->households.items[person->household];
}

static bool is_head(const demo_county *county, const demo_person *person)
{
    return person == &county->persons.items[household_of(county, person)->first];
}

/* Nobody of the household is on any list or at school: what happens here touches no other check. */
static bool is_plain_household(const demo_county *county, const demo_household *household)
{
    if (household->poor_number != NULL || household->assisted_from != 0)
        return false;
    for (uint32_t i = household->first; i < household->first + household->count; i++)
        if (county->persons.items[i].born > 19960101 || county->persons.items[i].died != 0 || county->persons.items[i].is_disabled ||
            county->persons.items[i].status != DEMO_PRESENT)
            return false;
    return true;
}

bool demo_is_plain_adult(const demo_county *county, const demo_person *person, int about)
{
    (void)about;
    return person->born > 19450101 && is_plain_household(county, household_of(county, person));
}

static bool is_plain_member(const demo_county *county, const demo_person *person, int about)
{
    return !is_head(county, person) && demo_is_plain_adult(county, person, about);
}

static bool is_plain_head(const demo_county *county, const demo_person *person, int about)
{
    return is_head(county, person) && household_of(county, person)->count >= 2 && demo_is_plain_adult(county, person, about);
}

static bool is_poor_adult(const demo_county *county, const demo_person *person, int about)
{
    const demo_household *household = household_of(county, person);
    (void)about;
    for (uint32_t i = household->first; i < household->first + household->count; i++)
        if (county->persons.items[i].born > 19960101)
            return false;
    return person->status == DEMO_PRESENT && person->listed[3] != NULL && person->born < 19900101;
}

static bool is_poor_namesake_of_traditional(const demo_county *county, const demo_person *person, int about)
{
    if (!is_poor_adult(county, person, about))
        return false;
    const char *variant = demo_name_traditional(county->mem, person->name);
    return strcmp(variant, person->name) != 0 && demo_names_share(variant, person->name);
}

static bool is_poor_disabled(const demo_county *county, const demo_person *person, int about)
{
    return person->is_disabled && is_poor_adult(county, person, about);
}

static bool was_listed_and_died(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->died != 0 && person->died < 20181101 && person->listed_to == 0 && person->listed[0] != NULL && person->listed[3] == NULL &&
           household_of(county, person)->poor_to >= 2019 && household_of(county, person)->count > 1;
}

static demo_person *person_at(demo_county *county, uint32_t index)
{
    return &county->persons.items[index];
}

/* ---- One number, several people ---- */

/* Two adults of names that share nothing; NOBODY where one is missing. */
static bool pick_two(demo_county *county, uint32_t *ret_a, uint32_t *ret_b)
{
    *ret_a = demo_pick(county, demo_is_plain_adult, 0);
    for (int tries = 0; *ret_a != DEMO_NOBODY && tries < 50; tries++) {
        *ret_b = demo_pick(county, demo_is_plain_adult, 0);
        if (*ret_b == DEMO_NOBODY)
            return false;
        const demo_person *a = person_at(county, *ret_a), *b = person_at(county, *ret_b);
        if (!demo_names_share(a->name, b->name) && a->born != b->born)
            return true;
    }
    return false;
}

static void plant_duplicates(demo_county *county)
{
    uint32_t a, b;

    if (pick_two(county, &a, &b)) {
        person_at(county, b)->resident->cells[RES_ID] = person_at(county, a)->id;
        demo_answer_one(county, "duplicate-id-in-register", true, person_at(county, a)->resident, person_at(county, b)->resident);
    }
    if (pick_two(county, &a, &b)) { /* one name, one birthday, two people */
        demo_person *twin = person_at(county, b);
        twin->born = person_at(county, a)->born;
        twin->sex = person_at(county, a)->sex;
        demo_id_give(county, twin);
        twin->resident->cells[RES_NAME] = person_at(county, a)->name;
        twin->resident->cells[RES_BIRTH] = demo_date(county->mem, twin->born);
        twin->resident->cells[RES_SEX] = person_at(county, a)->resident->cells[RES_SEX];
        demo_answer_one(county, "duplicate-id-in-register", false, person_at(county, a)->resident, twin->resident);
    }
}

static void plant_two_households(demo_county *county)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t a = demo_pick(county, is_plain_member, 0), b = demo_pick(county, is_plain_head, 0);
        if (a == DEMO_NOBODY || b == DEMO_NOBODY)
            return;
        demo_row *again = demo_resident_add(county, a, person_at(county, b)->household, "其他", "正常");
        if (!is_planted)
            person_at(county, a)->resident->cells[RES_STATUS] = "迁出"; /* married into the other house */
        demo_answer_one(county, "person-in-two-households", is_planted, person_at(county, a)->resident, again);
    }
}

/* ---- The dead ---- */

static void plant_dead_alive(demo_county *county, size_t nth)
{
    uint32_t index = demo_pick(county, is_plain_member, 0);
    if (index == DEMO_NOBODY)
        return;
    int32_t died = 20170101 + demo_between(&county->pcg, 0, 1) * 10000 +
                   demo_between(&county->pcg, 1, 8) * 100 + demo_between(&county->pcg, 0, 27);
    demo_row    *death = demo_death_add(county, index, died, nth % 2 == 0);
    demo_answer *answer = demo_answer_add(county, "dead-but-alive", true);
    demo_answer_row(county, answer, person_at(county, index)->resident);
    demo_answer_row(county, answer, death);
    if (nth % 3 == 0)
        demo_answer_row(county, answer, demo_death_add(county, index, died, 2));

    index = demo_pick(county, is_plain_member, 0); /* died three weeks before the register was drawn */
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "dead-but-alive", false, person_at(county, index)->resident, demo_death_add(county, index, 20191208, 1));

    index = demo_pick(county, demo_is_plain_adult, 0); /* a namesake of the village died */
    if (index == DEMO_NOBODY)
        return;
    const demo_person living = *person_at(county, index);
    uint32_t other = demo_person_add(county, living.household, living.sex, living.born > 19400101 ? 19380203 : 19490506, living.name);
    demo_answer_one(county, "dead-but-alive", false, living.resident, demo_death_add(county, other, 20180519, 1));
}

/* Rows of the plans, now that they are there. */
static void note_dead_on_list(demo_county *county)
{
    for (size_t i = 0; i < county->persons.count; i++) {
        demo_person *person = &county->persons.items[i];
        bool is_planted = person->listed_to == 2018, is_alike = person->died > 20181119 && person->died < 20181131;
        if ((!is_planted && !is_alike) || person->listed[2] == NULL)
            continue;
        demo_answer *answer = demo_answer_add(county, "dead-on-poverty-list", is_planted);
        demo_answer_row(county, answer, person->listed[2]);
        for (int source = 0; source < 2; source++)
            if (person->death[source] != NULL)
                demo_answer_row(county, answer, person->death[source]);
    }
}

/* ---- Numbers ---- */

static void plant_damaged(demo_county *county, size_t nth)
{
    uint32_t index = demo_pick(county, demo_is_plain_adult, 0);
    if (index != DEMO_NOBODY) {
        person_at(county, index)->resident->cells[RES_ID] = demo_id_damaged(county, person_at(county, index)->id, (int)(nth % 4));
        demo_answer_one(county, "invalid-id", true, person_at(county, index)->resident, NULL);
    }
    index = demo_pick(county, is_poor_adult, 0); /* repaired by the same person's other rows */
    if (index != DEMO_NOBODY) {
        demo_row *listed = person_at(county, index)->listed[3];
        listed->cells[POOR_ID] = demo_id_damaged(county, person_at(county, index)->id, (int)(nth % 2));
        demo_answer_one(county, "invalid-id", true, listed, NULL);
    }
    index = demo_pick(county, demo_is_plain_adult, 0); /* the number of before 1999, and one typed with a small x */
    if (index != DEMO_NOBODY) {
        demo_person *person = person_at(county, index);
        person->resident->cells[RES_ID] =
            nth % 2 == 0 ? tz_arena_printf(county->mem, "%.6s%.9s", person->id, person->id + 8)
                         : tz_arena_printf(county->mem, "%.17s%c ", person->id,
                                           person->id[17] == 'X' ? 'x' : person->id[17]);
        demo_answer_one(county, "invalid-id", false, person->resident, NULL);
    }
    index = demo_pick(county, is_poor_disabled, 0); /* the number of the disability certificate */
    if (index != DEMO_NOBODY) {
        demo_row *listed = person_at(county, index)->listed[3];
        listed->cells[POOR_ID] = tz_arena_printf(county->mem, "%s43", person_at(county, index)->id);
        demo_answer_one(county, "invalid-id", false, listed, NULL);
    }
}

static void plant_against_number(demo_county *county, size_t nth)
{
    uint32_t index = demo_pick(county, demo_is_plain_adult, 0);
    if (index != DEMO_NOBODY) {
        demo_person *person = person_at(county, index);
        if (nth % 2 == 0)
            person->resident->cells[RES_SEX] = person->sex == 'M' ? "女" : "男";
        else
            person->resident->cells[RES_BIRTH] = demo_date(county->mem, person->born % 100 > 15 ? person->born - 11 : person->born + 11);
        demo_answer_one(county, "birth-or-sex-against-id", true, person->resident, NULL);
    }
    index = demo_pick(county, demo_is_plain_adult, 0); /* the same day in another hand */
    if (index != DEMO_NOBODY && strchr(person_at(county, index)->resident->sheet->kinds, 'd') == NULL) {
        demo_person *person = person_at(county, index);
        person->resident->cells[RES_BIRTH] = tz_arena_printf(
            county->mem, "%d年%d月%d日", person->born / 10000, person->born / 100 % 100, person->born % 100);
        demo_answer_one(county, "birth-or-sex-against-id", false, person->resident, NULL);
    }
}

static void plant_names(demo_county *county, size_t nth)
{
    uint32_t index = demo_pick(county, is_poor_adult, 0);
    if (index != DEMO_NOBODY) {
        demo_person *person = person_at(county, index);
        person->listed[3]->cells[POOR_NAME] = demo_name_mistyped(county->mem, &county->pcg, person->name);
        demo_answer_one(county, "name-id-disagree", true, person->resident, person->listed[3]);
    }
    index = demo_pick(county, nth % 3 == 2 ? is_poor_namesake_of_traditional : is_poor_adult, 0);
    if (index == DEMO_NOBODY)
        return;
    demo_person *person = person_at(county, index);
    person->listed[3]->cells[POOR_NAME] = nth % 3 == 0   ? demo_name_spaced(county->mem, person->name)
                                          : nth % 3 == 1 ? tz_arena_printf(county->mem, "%s(户主)", person->name)
                                                         : demo_name_traditional(county->mem, person->name);
    demo_answer_one(county, "name-id-disagree", false, person->resident, person->listed[3]);
}

/* ---- Households ---- */

static void answer_household(demo_county *county, const char *check, bool is_planted, const demo_household *household)
{
    demo_answer *answer = demo_answer_add(county, check, is_planted);
    for (uint32_t i = household->first; i < household->first + household->count; i++)
        demo_answer_row(county, answer, county->persons.items[i].resident);
}

static void plant_heads(demo_county *county)
{
    static const char *const RELATIONS[] = {"本人", "其他"};

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = demo_pick(county, is_plain_head, 0);
        if (index == DEMO_NOBODY)
            return;
        person_at(county, index)->resident->cells[RES_RELATION] = RELATIONS[is_planted];
        answer_household(county, "household-without-head", is_planted, household_of(county, person_at(county, index)));
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = demo_pick(county, is_plain_head, 0);
        if (index == DEMO_NOBODY)
            return;
        demo_person *head = person_at(county, index), *second = head + 1;
        second->resident->cells[RES_RELATION] = "户主";
        if (!is_planted)
            head->resident->cells[RES_STATUS] = "迁出"; /* the spouse took over */
        demo_answer_one(county, "household-with-two-heads", is_planted, head->resident, second->resident);
    }
}

static void answer_listed(demo_county *county, const char *check, bool is_planted, const demo_household *household, const char *size)
{
    demo_answer *answer = demo_answer_add(county, check, is_planted);
    for (uint32_t i = household->first; i < household->first + household->count; i++) {
        demo_row *listed = county->persons.items[i].listed[3];
        if (listed == NULL)
            continue;
        listed->cells[POOR_SIZE] = size == NULL ? listed->cells[POOR_SIZE] : size;
        demo_answer_row(county, answer, listed);
    }
}

static void plant_sizes(demo_county *county)
{
    uint32_t index = demo_pick(county, is_poor_adult, 0);
    if (index != DEMO_NOBODY) {
        const demo_household *household = household_of(county, person_at(county, index));
        answer_listed(county, "poverty-household-size", true, household, tz_arena_printf(county->mem, "%u", household->count + 2));
    }
    index = demo_pick(county, was_listed_and_died, 0); /* fewer than the residents, since one has died */
    if (index != DEMO_NOBODY)
        answer_listed(county, "poverty-household-size", false, household_of(county, person_at(county, index)), NULL);
}

/* Names as clerks write them, everywhere a little: no check's business. */
void demo_variants_scatter(demo_county *county)
{
    for (size_t i = 0; i < county->persons.count; i += 97) {
        const demo_person *person = &county->persons.items[i];
        demo_household    *household = &county->households.items[person->household];
        if (household->is_used || person->listed[1] == NULL || person->born > 19960101)
            continue;
        person->listed[1]->cells[POOR_NAME] = demo_name_spaced(county->mem, person->name);
    }
}

void demo_plants_population(demo_county *county)
{
    tz_assert(county != NULL && county->residents != NULL);
    note_dead_on_list(county);
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        plant_duplicates(county);
        plant_two_households(county);
        plant_dead_alive(county, i);
        plant_damaged(county, i);
        plant_against_number(county, i);
        plant_names(county, i);
        plant_heads(county);
        plant_sizes(county);
    }
}
