/* plants_aid - defects and look-alikes of the pack student-aid. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* What index_aid and index_pupils looked up: slot of a person and a term. */
static size_t slot_of(const demo_county *county, const demo_person *person, int term)
{
    return (size_t)(person - county->persons.items) * DEMO_TERMS + (size_t)term;
}

static demo_row *aid_of(const demo_county *county, const demo_person *person, int term)
{
    return county->aid_at[slot_of(county, person, term)];
}

static demo_row *second_of(const demo_county *county, const demo_person *person, int term)
{
    return county->rain_at[slot_of(county, person, term)];
}

static demo_row *pupil_of(const demo_county *county, const demo_person *person, int term)
{
    return county->pupil_at[slot_of(county, person, term)];
}

static void index_aid(demo_county *county)
{
    for (int term = 0; term < DEMO_TERMS; term++)
        for (int stage = DEMO_PRESCHOOL; stage <= DEMO_VOCATIONAL; stage++) {
            const demo_sheet *sheet = county->aid[term][stage];
            if (stage > DEMO_PRESCHOOL && sheet == county->aid[term][stage - 1])
                continue;
            for (size_t i = 0; i < sheet->rows.count; i++) {
                demo_row *row = sheet->rows.items[i];
                size_t    at = row->person * (size_t)DEMO_TERMS + (size_t)term;
                if (strcmp(row->cells[AID_PROGRAMME], "雨露计划") == 0)
                    county->rain_at[at] = row;
                else
                    county->aid_at[at] = row;
            }
        }
}

static void index_pupils(demo_county *county)
{
    for (size_t i = 0; i < county->pupils->rows.count; i++) {
        demo_row          *row = county->pupils->rows.items[i];
        const demo_person *person = &county->persons.items[row->person];
        for (int term = 0; term < DEMO_TERMS; term++)
            if (strcmp(row->cells[PUPIL_STAGE], demo_stage_name(demo_stage_in(person, demo_term_school_year(term)))) == 0)
                county->pupil_at[row->person * (size_t)DEMO_TERMS + (size_t)term] = row;
    }
}

static demo_person *pick(demo_county *county, demo_fits *fits, int about)
{
    uint32_t index = demo_pick(county, fits, about);
    return index == DEMO_NOBODY ? NULL : &county->persons.items[index];
}

static uint32_t index_of(const demo_county *county, const demo_person *person)
{
    return (uint32_t)(person - county->persons.items);
}

/* ---- Who fits ---- */

static const demo_household *household_of(const demo_county *county, const demo_person *person)
{
    return &county->households.items[person->household];
}

static bool is_living(const demo_person *person)
{
    return person->died == 0 && person->status == DEMO_PRESENT;
}

static bool is_aided(const demo_county *county, const demo_person *person, int term)
{
    (void)county;
    return is_living(person) && aid_of(county, person, term) != NULL &&
           second_of(county, person, term) == NULL && pupil_of(county, person, term) != NULL;
}

static bool is_aided_poor(const demo_county *county, const demo_person *person, int term)
{
    return is_aided(county, person, term) && demo_is_listed(county, person, demo_term_year(term));
}

static bool is_aided_boarder(const demo_county *county, const demo_person *person, int term)
{
    return is_aided(county, person, term) && strcmp(aid_of(county, person, term)->cells[AID_PROGRAMME], "寄宿生补助") == 0;
}

static bool is_aided_senior(const demo_county *county, const demo_person *person, int term)
{
    return is_aided(county, person, term) && demo_stage_in(person, demo_term_school_year(term)) == DEMO_SENIOR;
}

static bool is_aided_otherwise(const demo_county *county, const demo_person *person, int term)
{
    return is_aided(county, person, term) && household_of(county, person)->poor_number == NULL && person->died == 0;
}

static bool is_aided_twofold(const demo_county *county, const demo_person *person, int term)
{
    (void)county;
    return is_living(person) && aid_of(county, person, term) != NULL && second_of(county, person, term) != NULL;
}

/* At school here, with nothing that makes aid lawful. */
static bool is_groundless(const demo_county *county, const demo_person *person, int term)
{
    demo_stage stage = demo_stage_in(person, demo_term_school_year(term));
    return is_living(person) && pupil_of(county, person, term) != NULL && demo_programme(person, stage) != NULL && stage != DEMO_VOCATIONAL &&
           household_of(county, person)->poor_number == NULL && !demo_has_other_ground(county, person, term) && !person->is_recognised;
}

static bool is_groundless_vocational(const demo_county *county, const demo_person *person, int term)
{
    return is_living(person) && pupil_of(county, person, term) != NULL && demo_stage_in(person, demo_term_school_year(term)) == DEMO_VOCATIONAL &&
           household_of(county, person)->poor_number == NULL;
}

/* Struck off the list at the end of `term`'s year before: only the winter's list names them. */
static bool is_struck_off(const demo_county *county, const demo_person *person, int term)
{
    demo_stage stage = demo_stage_in(person, demo_term_school_year(term));
    return is_living(person) && pupil_of(county, person, term) != NULL && demo_programme(person, stage) != NULL && stage != DEMO_VOCATIONAL &&
           aid_of(county, person, term) == NULL && household_of(county, person)->poor_to == demo_term_year(term) - 1 &&
           demo_is_listed(county, person, demo_term_year(term) - 1);
}

static bool is_poor_day_pupil(const demo_county *county, const demo_person *person, int term)
{
    return is_living(person) && pupil_of(county, person, term) != NULL && demo_is_listed(county, person, demo_term_year(term)) &&
           demo_programme(person, demo_stage_in(person, demo_term_school_year(term))) == NULL;
}

static bool is_poor_away(const demo_county *county, const demo_person *person, int term)
{
    demo_stage stage = demo_stage_in(person, demo_term_school_year(term));
    return is_living(person) && person->is_away && (stage == DEMO_JUNIOR || stage == DEMO_SENIOR) && person->boards_junior &&
           demo_is_listed(county, person, demo_term_year(term));
}

static bool is_poor_grown(const demo_county *county, const demo_person *person, int years)
{
    int age = 2016 - person->born / 10000;
    return is_living(person) && demo_is_listed(county, person, 2016) && demo_is_listed(county, person, 2017) &&
           (years == 0 ? age >= 25 && age <= 32 : age == years);
}

static bool leaves_after(const demo_county *county, const demo_person *person, int term)
{
    return is_aided_poor(county, person, term) && pupil_of(county, person, term)->cells[PUPIL_TO] != NULL &&
           strcmp(pupil_of(county, person, term)->cells[PUPIL_TO], demo_term_name(term)) == 0;
}

static bool has_grandmother(const demo_county *county, const demo_person *person, int term)
{
    const demo_household *household = household_of(county, person);
    const demo_person    *wife = &county->persons.items[household->first + 1];
    return is_aided(county, person, term) && household->count >= 3 && strcmp(wife->relation, "配偶") == 0 && wife->resident != NULL;
}

static bool changes_stage(const demo_county *county, const demo_person *person, int term)
{
    return is_aided_poor(county, person, term) && aid_of(county, person, term + 1) != NULL && second_of(county, person, term + 1) == NULL &&
           strcmp(aid_of(county, person, term)->cells[AID_STAGE], aid_of(county, person, term + 1)->cells[AID_STAGE]) != 0;
}

/* ---- Plants: each takes the number of the round, and spreads over the terms ---- */

static demo_stage stage_at(const demo_person *person, int term)
{
    return demo_stage_in(person, demo_term_school_year(term));
}

static demo_row *aid_again(demo_county *county, const demo_person *person, int term)
{
    demo_row *row = demo_aid_add(county, index_of(county, person), term, stage_at(person, term), aid_of(county, person, term)->cells[AID_PROGRAMME]);
    row->cells[AID_SCHOOL] = "沁县实验学校";
    return row;
}

static void plant_twice(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_aided_boarder, term);
    if (person != NULL)
        demo_answer_one(county, "aid-paid-twice", true, aid_of(county, person, term), aid_again(county, person, term));
    person = pick(county, is_aided_twofold, term); /* two programmes that go together */
    if (person != NULL)
        demo_answer_one(county, "aid-paid-twice", false, aid_of(county, person, term), second_of(county, person, term));
    person = pick(county, is_aided_boarder, term); /* paid twice, and the second paid back */
    if (person != NULL) {
        demo_row *again = aid_again(county, person, term);
        (void)demo_order_add(county, again, demo_aid_fen(again), 20190521);
        (void)demo_refund_add(county, again, demo_aid_fen(again), 20190606);
        demo_answer_one(county, "aid-paid-twice", false, aid_of(county, person, term), again);
    }
}

static void plant_groundless(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_groundless, term);
    if (person != NULL) {
        uint32_t index = index_of(county, person);
        demo_answer_one(county, "aid-without-ground", true,
                        demo_aid_add(county, index, term, stage_at(person, term),
                                     demo_programme(person, stage_at(person, term))),
                        NULL);
    }
    person = pick(county, is_groundless, term); /* found by the school itself and paid back */
    if (person != NULL) {
        uint32_t  index = index_of(county, person);
        demo_row *aid = demo_aid_add(county, index, term, stage_at(person, term), demo_programme(person, stage_at(person, term)));
        (void)demo_order_add(county, aid, demo_aid_fen(aid), 20190610);
        (void)demo_refund_add(county, aid, demo_aid_fen(aid), 20190705);
        demo_answer_one(county, "aid-without-ground", false, aid, NULL);
    }
    person = pick(county, is_aided_otherwise, term); /* 低保, disability, orphans, recognised */
    if (person != NULL)
        demo_answer_one(county, "aid-without-ground", false, aid_of(county, person, term), NULL);
    person = term % 2 == 1 ? pick(county, is_struck_off, term) : NULL;
    if (person != NULL)
        demo_answer_one(county, "aid-without-ground", false,
                        demo_aid_add(county, index_of(county, person), term, stage_at(person, term),
                                     demo_programme(person, stage_at(person, term))),
                        NULL);
}

/* 雨露计划 is for the list alone, whatever else the family has. */
static void plant_rain(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_groundless_vocational, term);
    if (person != NULL)
        demo_answer_one(county, "aid-without-ground", true, demo_aid_add(county, index_of(county, person), term, DEMO_VOCATIONAL, "雨露计划"), NULL);
}

/* Rows of the plans. */
static void note_plans(demo_county *county)
{
    for (size_t i = 0; i < county->persons.count; i++) {
        const demo_person *person = &county->persons.items[i];
        if (person->paid_dead_term > 0 && aid_of(county, person, person->paid_dead_term - 1) != NULL) {
            demo_answer *answer = demo_answer_add(county, "aid-after-death", person->died < 20180101);
            demo_answer_row(county, answer, aid_of(county, person, person->paid_dead_term - 1));
            for (int source = 0; source < 2; source++)
                if (person->death[source] != NULL)
                    demo_answer_row(county, answer, person->death[source]);
        }
        int term = person->skip_term - 1;
        if (term >= 0 && pupil_of(county, person, term) != NULL)
            demo_answer_one(county, "on-list-not-paid", true, pupil_of(county, person, term), person->listed[demo_term_year(term) - DEMO_FIRST_YEAR]);
    }
}

static void plant_not_owed(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_poor_day_pupil, term);
    if (person != NULL)
        demo_answer_one(county, "on-list-not-paid", false, pupil_of(county, person, term), person->listed[demo_term_year(term) - DEMO_FIRST_YEAR]);
    person = pick(county, is_poor_away, term);
    if (person != NULL)
        demo_answer_one(county, "on-list-not-paid", false, person->listed[demo_term_year(term) - DEMO_FIRST_YEAR], NULL);
}

static void plant_amount(demo_county *county, size_t nth, int term)
{
    static const char *const WRONG[] = {"650.00", "5000.00", "560.00"};

    const demo_person *person = pick(county, is_aided_boarder, term);
    if (person != NULL) {
        aid_of(county, person, term)->cells[AID_AMOUNT] = WRONG[nth % 3];
        demo_answer_one(county, "aid-wrong-amount", true, aid_of(county, person, term), NULL);
    }
    person = pick(county, is_aided_senior, term); /* one of three tiers */
    if (person != NULL)
        demo_answer_one(county, "aid-wrong-amount", false, aid_of(county, person, term), NULL);
    person = pick(county, is_aided_boarder, term); /* too much, and the rest paid back */
    if (person != NULL) {
        demo_row *aid = aid_of(county, person, term);
        int       right = demo_aid_fen(aid);
        aid->cells[AID_AMOUNT] = "1000.00";
        (void)demo_order_add(county, aid, 100000 - right, 20190521);
        (void)demo_refund_add(county, aid, 100000 - right, 20190611);
        demo_answer_one(county, "aid-wrong-amount", false, aid, NULL);
    }
}

static void plant_programme(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_poor_day_pupil, term);
    if (person != NULL) {
        demo_row *aid = demo_aid_add(county, index_of(county, person), term, stage_at(person, term), "普高助学金");
        demo_answer_one(county, "aid-wrong-programme", true, aid, NULL);
    }
    person = pick(county, is_aided_twofold, term);
    if (person != NULL)
        demo_answer_one(county, "aid-wrong-programme", false, second_of(county, person, term), NULL);
}

static void plant_stages(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_aided_senior, term);
    if (person != NULL)
        demo_answer_one(county, "aid-two-stages", true, aid_of(county, person, term),
                        demo_aid_add(county, index_of(county, person), term, DEMO_VOCATIONAL, "中职助学金"));
    person = term % 2 == 1 && term + 1 < DEMO_TERMS ? pick(county, changes_stage, term) : NULL;
    if (person != NULL) /* junior school in spring, senior in autumn */
        demo_answer_one(county, "aid-two-stages", false, aid_of(county, person, term), aid_of(county, person, term + 1));
}

/* Somebody of 25 to 32 at vocational school; the look-alike is 19. Both are on the roll of one term. */
static void plant_age(demo_county *county)
{
    for (int is_alike = 0; is_alike < 2; is_alike++) {
        const demo_person *person = pick(county, is_poor_grown, is_alike ? 19 : 0);
        if (person == NULL)
            continue;
        uint32_t index = index_of(county, person);
        (void)demo_pupil_add(county, index, DEMO_VOCATIONAL, demo_term_name(0), demo_term_name(0));
        demo_answer_one(county, "aid-age-out-of-stage", !is_alike, demo_aid_add(county, index, 0, DEMO_VOCATIONAL, "中职助学金"), NULL);
    }
}

static void plant_unenrolled(demo_county *county, int term)
{
    const demo_person *person = pick(county, is_poor_away, term);
    if (person != NULL)
        demo_answer_one(county, "aid-not-enrolled", true,
                        demo_aid_add(county, index_of(county, person), term, stage_at(person, term),
                                     demo_programme(person, stage_at(person, term))),
                        NULL);
    person = term % 2 == 1 ? pick(county, leaves_after, term) : NULL; /* paid for the last term */
    if (person != NULL)
        demo_answer_one(county, "aid-not-enrolled", false, aid_of(county, person, term), NULL);
}

static void plant_orders(demo_county *county, size_t nth, int term)
{
    const demo_person *person = pick(county, is_aided, term);
    if (person != NULL) {
        demo_row *aid = aid_of(county, person, term);
        demo_answer_one(county, "refund-ordered-not-paid", true, demo_order_add(county, aid, demo_aid_fen(aid), 20190920), NULL);
        if (nth % 3 == 2) /* a part came in */
            (void)demo_refund_add(county, aid, demo_aid_fen(aid) / 2, 20191015);
    }
    person = pick(county, is_aided, term); /* ordered eleven days ago */
    if (person != NULL)
        demo_answer_one(county, "refund-ordered-not-paid", false,
                        demo_order_add(county, aid_of(county, person, term),
                                       demo_aid_fen(aid_of(county, person, term)), 20191220),
                        NULL);
    person = pick(county, is_aided, term); /* came in twice over two days */
    if (person == NULL)
        return;
    demo_row *aid = aid_of(county, person, term);
    demo_answer_one(county, "refund-ordered-not-paid", false, demo_order_add(county, aid, demo_aid_fen(aid), 20190920), NULL);
    (void)demo_refund_add(county, aid, demo_aid_fen(aid) / 2, 20191008);
    (void)demo_refund_add(county, aid, demo_aid_fen(aid) - demo_aid_fen(aid) / 2, 20191009);
}

static void plant_accounts(demo_county *county, int term)
{
    demo_row *rows[5] = {0};
    size_t    count = 0;

    for (; count < 5; count++) {
        const demo_person *person = pick(county, is_aided_boarder, term);
        if (person == NULL)
            break;
        rows[count] = aid_of(county, person, term);
    }
    if (count < 5)
        return;
    demo_answer *answer = demo_answer_add(county, "account-of-many-families", true);
    for (size_t i = 1; i < 3; i++)
        rows[i]->cells[AID_ACCOUNT] = rows[0]->cells[AID_ACCOUNT];
    for (size_t i = 0; i < 3; i++)
        demo_answer_row(county, answer, rows[i]);
    rows[4]->cells[AID_ACCOUNT] = rows[3]->cells[AID_ACCOUNT]; /* two families, such as cousins */
    demo_answer_one(county, "account-of-many-families", false, rows[3], rows[4]);
}

static void plant_holder(demo_county *county, size_t nth, int term)
{
    const demo_person *person = pick(county, is_aided_boarder, term);
    if (person != NULL) {
        demo_row *aid = aid_of(county, person, term);
        aid->cells[AID_HOLDER] = nth % 2 == 0 ? "暴靳鑫" : "药裴淼"; /* characters that no name of the county has together */
        demo_answer_one(county, "account-of-a-stranger", true, aid, NULL);
    }
    person = pick(county, has_grandmother, term);
    if (person == NULL)
        return;
    const demo_person *wife = &county->persons.items[household_of(county, person)->first + 1];
    aid_of(county, person, term)->cells[AID_HOLDER] = nth % 2 == 0 ? wife->name : demo_name_spaced(county->mem, wife->name);
    demo_answer_one(county, "account-of-a-stranger", false, aid_of(county, person, term), NULL);
}

static void plant_numbers(demo_county *county, size_t nth, int term)
{
    const demo_person *person = pick(county, is_aided_poor, term);
    if (person != NULL) {
        aid_of(county, person, term)->cells[AID_ID] = demo_id_damaged(county, person->id, (int)(nth % 2));
        demo_answer_one(county, "aid-invalid-id", true, aid_of(county, person, term), NULL);
    }
    person = pick(county, is_aided_poor, term);
    if (person == NULL)
        return;
    aid_of(county, person, term)->cells[AID_ID] = tz_arena_printf(county->mem, " %.17s%c ", person->id, person->id[17] == 'X' ? 'x' : person->id[17]);
    demo_answer_one(county, "aid-invalid-id", false, aid_of(county, person, term), NULL);
}

void demo_plants_aid(demo_county *county)
{
    tz_assert(county != NULL && county->pupils != NULL);
    size_t slots = county->persons.count * DEMO_TERMS;

    county->aid_at = tz_new_array(county->mem, demo_row *, slots);
    county->rain_at = tz_new_array(county->mem, demo_row *, slots);
    county->pupil_at = tz_new_array(county->mem, demo_row *, slots);
    index_aid(county);
    index_pupils(county);
    note_plans(county);
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        int term = (int)(i % DEMO_TERMS);
        plant_unenrolled(county, term);
        plant_rain(county, (term + 2) % DEMO_TERMS);
        plant_stages(county, (term + 1) % DEMO_TERMS);
        plant_age(county);
        plant_programme(county, term);
        plant_not_owed(county, term);
        plant_twice(county, term);
        plant_groundless(county, term);
        plant_amount(county, i, term);
        plant_accounts(county, (term + 3) % DEMO_TERMS);
        plant_orders(county, i, term);
        plant_holder(county, i, term);
        plant_numbers(county, i, term);
    }
}
