/* plants_housing - defects and look-alikes of the pack housing. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

static const char LAPSED[] = "太行安居鉴定事务所(虚构)"; /* its licence ended in June 2019 */

/* ---- Who fits ---- */

static const demo_household *household_of(const demo_county *county, const demo_person *person)
{
    return &county->households.items[person->household];
}

/* The head of a household on no list, with a spouse. */
static bool is_owner(const demo_county *county, const demo_person *person, int about)
{
    const demo_household *household = household_of(county, person);
    return person == &county->persons.items[household->first] && household->count >= 2 &&
           demo_is_untouched(person) && demo_is_untouched(person + 1) && !person->has_work &&
           !person[1].has_work && demo_is_plain_adult(county, person, about);
}

static bool is_poor(const demo_county *county, const demo_person *person, int about)
{
    const demo_household *household = household_of(county, person);
    (void)about;
    return person == &county->persons.items[household->first] && household->count >= 2 && person->listed[DEMO_YEARS - 1] != NULL &&
           person[1].listed[DEMO_YEARS - 1] != NULL;
}

static uint32_t pick(demo_county *county)
{
    return demo_pick(county, is_owner, 0);
}

/* A house rebuilt before 2019 and looked back at. */
static demo_row *rebuilt(demo_county *county, uint32_t index, int year, const char *grade)
{
    demo_row *row = demo_rebuild_add(county, index, year, grade);
    if (year < 2019)
        (void)demo_lookback_add(county, index, year, "2019-07-18", "达到安全标准");
    return row;
}

/* ---- Plants ---- */

static void plant_dangerous(demo_county *county, size_t nth)
{
    uint32_t index = pick(county);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "dangerous-not-rebuilt", true, demo_appraisal_add(county, index, nth % 2 == 0 ? "D" : "C", NULL, "2019-03-12"), NULL);
    index = pick(county);
    if (index != DEMO_NOBODY) { /* rebuilt in the spouse's name, left for a new flat, or appraised of late */
        demo_row *row = demo_appraisal_add(county, index, "C", NULL, nth % 3 == 2 ? "2019-11-20" : "2019-03-12");
        if (nth % 3 == 0)
            (void)demo_rebuild_add(county, index + 1, 2019, "C");
        else if (nth % 3 == 1)
            (void)demo_relocated_add(county, index, "2019-10-20");
        demo_answer_one(county, "dangerous-not-rebuilt", false, row, NULL);
    }
}

static void plant_accepted(demo_county *county)
{
    static const char *const FINISHED[] = {"2019-11-20", "2019-06-10"};

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_row *row = demo_rebuild_add(county, index, 2019, "C");
        row->cells[REBUILD_FINISHED] = FINISHED[is_planted];
        row->cells[REBUILD_ACCEPTED] = NULL;
        demo_answer_one(county, "rebuilt-not-accepted", is_planted, row, NULL);
    }
}

static void plant_twice(demo_county *county)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_row *first = rebuilt(county, index, 2015, "C"), *second = demo_rebuild_add(county, index, 2018, "D");
        if (!is_planted) /* the first was paid back */
            (void)demo_grant_back_add(county, first, first->cells[REBUILD_GRANT]);
        demo_answer_one(county, "grant-paid-twice", is_planted, first, second);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_row *row = rebuilt(county, index, 2018, "C");
        /* The look-alike: a grown relative moved out of the divided household. */
        demo_answer_one(county, "rebuilt-and-relocated", is_planted, row, demo_relocated_add(county, is_planted ? index : index + 1, "2018-12-05"));
    }
}

static void answer_listed(demo_county *county, bool is_planted, const demo_household *household)
{
    demo_answer *answer = demo_answer_add(county, "poor-without-certificate", is_planted);
    for (uint32_t i = household->first; i < household->first + household->count; i++)
        if (county->persons.items[i].listed[DEMO_YEARS - 1] != NULL)
            demo_answer_row(county, answer, county->persons.items[i].listed[DEMO_YEARS - 1]);
}

static void plant_certificates(demo_county *county)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = demo_pick(county, is_poor, 0);
        if (index == DEMO_NOBODY)
            return;
        demo_household *household = &county->households.items[county->persons.items[index].household];
        household->skips_certificate = is_planted;
        household->certifies_second = !is_planted; /* in the spouse's name */
        answer_listed(county, is_planted, household);
    }
}

static void plant_appraisals(demo_county *county)
{
    static const char *const DATES[] = {"2019-05-10", "2019-08-15"};

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_answer_one(county, "appraiser-without-licence", is_planted, demo_appraisal_add(county, index, "B", LAPSED, DATES[is_planted]), NULL);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_answer_one(county, "appraisals-disagree", is_planted, demo_appraisal_add(county, index, "B", NULL, "2019-08-10"),
                        demo_appraisal_add(county, index, is_planted ? "D" : "A", NULL, "2019-09-03"));
    }
}

static void plant_standards(demo_county *county)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        const demo_household *household = household_of(county, &county->persons.items[index]);
        int       allowed = household->count <= 2 ? 60 : 18 * (int)household->count;
        demo_row *row = demo_rebuild_add(county, index, 2019, "D");
        row->cells[REBUILD_AREA] = tz_arena_printf(county->mem, "%d", is_planted ? allowed + 12 : allowed + 1);
        demo_answer_one(county, "area-over-standard", is_planted, row, NULL);
    }
    for (int kind = 0; kind < 3; kind++) { /* too much; exactly the standard; too much and paid back */
        static const char *const GRANTS[] = {"9000.00", "7000.00", "8500.00"};
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_row *row = demo_rebuild_add(county, index, 2019, "C");
        row->cells[REBUILD_GRANT] = GRANTS[kind];
        if (kind == 2)
            (void)demo_grant_back_add(county, row, "1500.00");
        demo_answer_one(county, "grant-over-standard", kind == 0, row, NULL);
    }
}

static void plant_lookbacks(demo_county *county)
{
    uint32_t index = pick(county);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "lookback-missing", true, demo_rebuild_add(county, index, 2017, "C"), NULL);
    index = pick(county);
    if (index != DEMO_NOBODY) /* of this year: not owed */
        demo_answer_one(county, "lookback-missing", false, demo_rebuild_add(county, index, 2019, "C"), NULL);
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        (void)demo_rebuild_add(county, index, 2016, "D");
        demo_row *row = demo_lookback_add(county, index, 2016, "2019-07-02", "未达到安全标准");
        if (!is_planted) /* mended, and seen again */
            (void)demo_lookback_add(county, index, 2016, "2019-10-11", "达到安全标准");
        demo_answer_one(county, "lookback-unsafe", is_planted, row, NULL);
    }
}

static void plant_papers(demo_county *county)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t a = pick(county), b = pick(county);
        if (a == DEMO_NOBODY || b == DEMO_NOBODY)
            return;
        demo_row *first = demo_rebuild_add(county, a, 2019, "C"), *second = demo_rebuild_add(county, b, 2019, "C");
        second->cells[REBUILD_PHOTO] = is_planted ? first->cells[REBUILD_PHOTO] : tz_arena_printf(county->mem, "%s_1", first->cells[REBUILD_PHOTO]);
        demo_answer_one(county, "one-photo-two-houses", is_planted, first, second);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_row *row = demo_rebuild_add(county, index, 2019, "C");
        row->cells[REBUILD_FINISHED] = is_planted ? "2019-04-20" : row->cells[REBUILD_ACCEPTED]; /* before its start, or accepted that day */
        demo_answer_one(county, "rebuild-dates-out-of-order", is_planted, row, NULL);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t index = pick(county);
        if (index == DEMO_NOBODY)
            return;
        demo_row *row = demo_rebuild_add(county, index, 2019, "C");
        demo_answer_one(county, "rebuilt-for-salaried", is_planted, row,
                        demo_payroll_add(county, index, "沁县农业农村局", is_planted ? "事业人员" : "临聘人员", "2011年7月", NULL));
    }
}

void demo_plants_housing(demo_county *county)
{
    tz_assert(county != NULL && county->rebuilds != NULL);
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        plant_dangerous(county, i);
        plant_accepted(county);
        plant_twice(county);
        plant_certificates(county);
        plant_appraisals(county);
        plant_standards(county);
        plant_lookbacks(county);
        plant_papers(county);
    }
}
