/* plans - lives that hold a defect or a look-alike, chosen before any row is made; and the answer key. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

size_t demo_plant_count(const demo_county *county)
{
    return county->scale >= 1 ? 8 : 3 + (size_t)(county->scale * 5);
}

uint32_t demo_pick(demo_county *county, demo_fits *fits, int about)
{
    uint32_t count = (uint32_t)county->persons.count, start = demo_below(&county->pcg, count);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t           index = (start + i) % count;
        const demo_person *person = &county->persons.items[index];
        demo_household    *household = &county->households.items[person->household];
        bool is_member = index >= household->first && index < household->first + household->count;
        if (household->is_used || !is_member || !fits(county, person, about))
            continue;
        household->is_used = true;
        return index;
    }
    return DEMO_NOBODY;
}

/* ---- The answer key ---- */

demo_answer *demo_answer_add(demo_county *county, const char *check, bool is_planted)
{
    tz_push(county->mem, &county->answers, (demo_answer){.check = check, .is_planted = is_planted});
    return &county->answers.items[county->answers.count - 1];
}

void demo_answer_row(demo_county *county, demo_answer *answer, demo_row *row)
{
    tz_assert(row != NULL);
    tz_push(county->mem, &answer->rows, row);
}

void demo_answer_one(demo_county *county, const char *check, bool is_planted, demo_row *a, demo_row *b)
{
    demo_answer *answer = demo_answer_add(county, check, is_planted);

    demo_answer_row(county, answer, a);
    if (b != NULL)
        demo_answer_row(county, answer, b);
}

const char *demo_id_damaged(demo_county *county, const char *id, int kind)
{
    char *copy = tz_arena_dup(county->mem, id);
    int   at = demo_between(&county->pcg, 6, 16);

    if (kind == 2)
        return tz_arena_printf(county->mem, "%.16s", id); /* two characters short */
    if (kind == 3)
        return tz_arena_printf(county->mem, "%c.%.5sE+17", id[0], id + 1);
    for (int i = 0; kind == 1 && i < 17; i++, at = at == 16 ? 6 : at + 1)
        if (copy[at] != copy[at + 1] && copy[at + 1] != 'X') {
            char left = copy[at];
            copy[at] = copy[at + 1];
            copy[at + 1] = left;
            return copy;
        }
    copy[at] = (char)('0' + (copy[at] - '0' + demo_between(&county->pcg, 1, 9)) % 10);
    return copy;
}

/* ---- Plans ---- */

static bool is_listed_elder(const demo_county *county, const demo_person *person, int about)
{
    const demo_household *household = &county->households.items[person->household];
    (void)about;
    return person != &county->persons.items[household->first] && person->born < 19620101 && person->died == 0 &&
           person->status == DEMO_PRESENT && household->poor_number != NULL && household->poor_from <= 2017 && household->poor_to >= 2019;
}

/* A pupil on the list who is aided in both of two terms. about: the first of them. */
static bool is_listed_pupil(const demo_county *county, const demo_person *person, int about)
{
    const demo_household *household = &county->households.items[person->household];
    demo_stage now = demo_stage_in(person, demo_term_school_year(about)), next = demo_stage_in(person, demo_term_school_year(about + 1));

    return person->status == DEMO_PRESENT && person->died == 0 && !person->is_away && household->poor_number != NULL &&
           household->poor_from <= demo_term_year(about) - 1 && household->poor_to >= 2019 && now != DEMO_VOCATIONAL && now != DEMO_NO_STAGE &&
           demo_programme(person, now) != NULL && demo_programme(person, next) != NULL && next != DEMO_VOCATIONAL;
}

static void kill(demo_county *county, uint32_t index, int32_t day)
{
    county->persons.items[index].died = day;
    county->persons.items[index].status = DEMO_DEAD;
}

/* Died in the spring of 2018 and listed at its end; the look-alike died in the weeks before the list. */
static void plan_dead_on_list(demo_county *county)
{
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        uint32_t index = demo_pick(county, is_listed_elder, 0);
        if (index == DEMO_NOBODY)
            return;
        kill(county, index, 20180100 + demo_between(&county->pcg, 1, 5) * 100 + demo_between(&county->pcg, 1, 28));
        county->persons.items[index].listed_to = 2018;
        index = demo_pick(county, is_listed_elder, 0);
        if (index == DEMO_NOBODY)
            return;
        kill(county, index, 20181120 + demo_between(&county->pcg, 0, 9));
    }
}

/* Died in December 2017 and paid for spring 2018; the look-alike died in that spring. */
static void plan_paid_dead(demo_county *county)
{
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        for (int is_alike = 0; is_alike < 2; is_alike++) {
            uint32_t index = demo_pick(county, is_listed_pupil, 2);
            if (index == DEMO_NOBODY)
                return;
            kill(county, index, is_alike ? 20180310 : 20171201 + demo_between(&county->pcg, 0, 9));
            county->persons.items[index].paid_dead_term = 3 + 1;
        }
    }
}

static void plan_forgotten(demo_county *county)
{
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        int      term = (int)(i % (DEMO_TERMS - 1));
        uint32_t index = demo_pick(county, is_listed_pupil, term);
        if (index != DEMO_NOBODY)
            county->persons.items[index].skip_term = term + 1;
    }
}

void demo_plans_make(demo_county *county)
{
    tz_assert(county != NULL && county->persons.count > 0);
    plan_dead_on_list(county);
    plan_paid_dead(county);
    plan_forgotten(county);
}
