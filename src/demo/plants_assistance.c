/* plants_assistance - defects and look-alikes of the pack assistance. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

static const char LIVING[] = "困难残疾人生活补贴"; /* an allowance that no other check asks about */

/* ---- Who fits ---- */

static bool is_worker(const demo_county *county, const demo_person *person, int about)
{
    return demo_is_untouched(person) && !person->has_work && demo_age(person) >= 28 &&
           demo_age(person) <= 58 && demo_is_plain_adult(county, person, about);
}

static bool is_working_member(const demo_county *county, const demo_person *person, int about)
{
    return is_worker(county, person, about) && person != &county->persons.items[county->households.items[person->household].first];
}

/* about: the age. */
static bool is_of_age(const demo_county *county, const demo_person *person, int about)
{
    return demo_is_untouched(person) && !person->has_work && demo_age(person) == about && demo_is_plain_adult(county, person, 0);
}

static bool is_pensioner(const demo_county *county, const demo_person *person, int about)
{
    return person->pension != NULL && person->born > 19450101 && demo_is_plain_adult(county, person, about);
}

static bool is_long_dead(const demo_county *county, const demo_person *person, int about)
{
    (void)about;
    return person->died > 20180101 && person->died < 20190630 && person->listed_to == 0 && (person->death[0] != NULL || person->death[1] != NULL) &&
           county->households.items[person->household].assisted_from == 0;
}

static bool is_severe(const demo_county *county, const demo_person *person, int is_wanted)
{
    (void)county;
    if (person->disabled == NULL || !demo_is_untouched(person) || demo_age(person) >= 80)
        return false;
    bool is = strcmp(person->disabled->cells[4], "一级") == 0 || strcmp(person->disabled->cells[4], "二级") == 0;
    return is == (is_wanted != 0);
}

static bool is_aged(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return demo_is_untouched(person) && person->born < 19380101;
}

static bool is_nearly_aged(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return demo_is_untouched(person) && person->born > 19391205 && person->born < 19401231;
}

static bool is_assisted(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return !person->has_work && person->assisted[0] != NULL && person->assisted[2] != NULL &&
           strcmp(person->assisted[0]->cells[SUBSIDY_PROGRAMME], "农村低保金") == 0 &&
           demo_age(person) >= 22 && demo_age(person) <= 79;
}

static bool was_assisted_to_the_end(const demo_county *county, const demo_person *person, int about)
{
    (void)about;
    return person->assisted[1] != NULL && county->households.items[person->household].assisted_to == 201911;
}

/* ---- Plants ---- */

static void answer_deaths(demo_county *county, demo_answer *answer, const demo_person *person)
{
    for (int source = 0; source < 2; source++)
        if (person->death[source] != NULL)
            demo_answer_row(county, answer, person->death[source]);
}

/* Somebody who died in autumn, properly struck off the residents. */
static uint32_t pick_newly_dead(demo_county *county, int32_t died)
{
    uint32_t index = demo_pick(county, is_working_member, 0);
    if (index != DEMO_NOBODY) {
        (void)demo_death_add(county, index, died, 1);
        county->persons.items[index].resident->cells[RES_STATUS] = "死亡";
    }
    return index;
}

static void plant_dead(demo_county *county)
{
    uint32_t index = demo_pick(county, is_long_dead, 0);
    if (index != DEMO_NOBODY) {
        demo_answer *answer = demo_answer_add(county, "subsidy-after-death", true);
        for (int month = 0; month < DEMO_MONTHS; month++) {
            demo_row *row = demo_subsidy_add(county, index, month, "城乡居民养老金", "108.00");
            row->cells[SUBSIDY_HOLDER] = row->cells[SUBSIDY_NAME];
            demo_answer_row(county, answer, row);
        }
        answer_deaths(county, answer, &county->persons.items[index]);
    }
    index = pick_newly_dead(county, 20191120); /* the month after the month of death is not there yet */
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "subsidy-after-death", false,
                        demo_subsidy_add(county, index, 2, LIVING, "60.00"),
                        county->persons.items[index].death[0]);
    index = demo_pick(county, is_long_dead, 0); /* paid and recovered */
    if (index != DEMO_NOBODY) {
        demo_row *row = demo_subsidy_add(county, index, 0, "高龄津贴", "50.00");
        row->cells[SUBSIDY_HOLDER] = row->cells[SUBSIDY_NAME];
        (void)demo_recovery_add(county, row, "50.00");
        demo_answer_one(county, "subsidy-after-death", false, row, NULL);
    }
}

static void plant_twice(demo_county *county)
{
    uint32_t index = demo_pick(county, is_worker, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "subsidy-paid-twice", true,
                        demo_subsidy_add(county, index, 1, LIVING, "60.00"),
                        demo_subsidy_add(county, index, 1, LIVING, "60.00"));
    index = demo_pick(county, is_worker, 0); /* returned, then paid */
    if (index != DEMO_NOBODY) {
        demo_row *returned = demo_subsidy_add(county, index, 1, LIVING, "60.00"), *paid = demo_subsidy_add(county, index, 1, LIVING, "60.00");
        returned->cells[SUBSIDY_RESULT] = "退票";
        paid->cells[SUBSIDY_DATE] = "2019-11-28";
        demo_answer_one(county, "subsidy-paid-twice", false, returned, paid);
        demo_answer_one(county, "returned-not-paid-again", false, returned, NULL);
    }
}

static void plant_returned(demo_county *county)
{
    uint32_t index = demo_pick(county, is_worker, 0);
    if (index != DEMO_NOBODY) {
        demo_row *row = demo_subsidy_add(county, index, 0, LIVING, "60.00");
        row->cells[SUBSIDY_RESULT] = "退票";
        demo_answer_one(county, "returned-not-paid-again", true, row, NULL);
    }
    index = demo_pick(county, is_worker, 0); /* fifteen days ago */
    if (index != DEMO_NOBODY) {
        demo_row *row = demo_subsidy_add(county, index, 2, LIVING, "60.00");
        row->cells[SUBSIDY_RESULT] = "退票";
        demo_answer_one(county, "returned-not-paid-again", false, row, NULL);
    }
}

static void plant_accounts(demo_county *county)
{
    demo_row *rows[5] = {0};

    for (size_t i = 0; i < 5; i++) {
        uint32_t index = demo_pick(county, is_worker, 0);
        if (index == DEMO_NOBODY)
            return;
        rows[i] = demo_subsidy_add(county, index, 0, LIVING, "60.00");
    }
    demo_answer *answer = demo_answer_add(county, "account-of-many-households", true);
    for (size_t i = 0; i < 3; i++) {
        rows[i]->cells[SUBSIDY_ACCOUNT] = rows[0]->cells[SUBSIDY_ACCOUNT];
        demo_answer_row(county, answer, rows[i]);
    }
    rows[4]->cells[SUBSIDY_ACCOUNT] = rows[3]->cells[SUBSIDY_ACCOUNT];
    demo_answer_one(county, "account-of-many-households", false, rows[3], rows[4]);
}

static void plant_holder(demo_county *county)
{
    uint32_t index = demo_pick(county, is_worker, 0);
    if (index != DEMO_NOBODY) {
        demo_row *row = demo_subsidy_add(county, index, 0, LIVING, "60.00");
        row->cells[SUBSIDY_HOLDER] = "药裴淼";
        demo_answer_one(county, "account-not-own", true, row, NULL);
    }
    index = demo_pick(county, is_working_member, 0); /* the head's card, the name typed with a space */
    if (index != DEMO_NOBODY) {
        demo_row *row = demo_subsidy_add(county, index, 0, LIVING, "60.00");
        row->cells[SUBSIDY_HOLDER] = demo_name_spaced(county->mem, row->cells[SUBSIDY_HOLDER]);
        demo_answer_one(county, "account-not-own", false, row, NULL);
    }
}

static void plant_excluded(demo_county *county)
{
    uint32_t index = demo_pick(county, is_assisted, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "allowances-that-exclude", true, county->persons.items[index].assisted[1],
                        demo_subsidy_add(county, index, 1, "特困供养金", "650.00"));
    index = demo_pick(county, is_assisted, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "allowances-that-exclude", false, county->persons.items[index].assisted[1],
                        demo_subsidy_add(county, index, 1, "临时救助", "500.00"));
    index = demo_pick(county, is_pensioner, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "two-pensions", true, county->persons.items[index].pension,
                        demo_subsidy_add(county, index, 2, "企业职工基本养老金", "1630.00"));
    index = demo_pick(county, is_pensioner, 0); /* changed from one to the other */
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "two-pensions", false, county->persons.items[index].pension,
                        demo_subsidy_add(county, index, 1, "企业职工基本养老金", "1630.00"));
}

static void plant_salaried(demo_county *county, size_t nth)
{
    uint32_t index = demo_pick(county, is_assisted, 0);
    if (index != DEMO_NOBODY) {
        demo_answer *answer = demo_answer_add(county, "assisted-on-payroll", true);
        for (int month = 0; month < DEMO_MONTHS; month++)
            demo_answer_row(county, answer, county->persons.items[index].assisted[month]);
        demo_answer_row(county, answer, demo_payroll_add(county, index, "沁县第二小学", "事业人员", "2015年9月", NULL));
    }
    index = demo_pick(county, is_assisted, 0); /* a welfare post, or a job that ended in summer */
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "assisted-on-payroll", false, county->persons.items[index].assisted[0],
                        nth % 2 == 0 ? demo_payroll_add(county, index, "沁县人社局", "公益岗位", "2018年3月", NULL)
                                     : demo_payroll_add(county, index, "沁县档案馆", "事业人员", "2014年9月", "2019年6月"));
    index = demo_pick(county, is_worker, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "assisted-not-on-list", true,
                        demo_subsidy_add(county, index, 0, "农村低保金", "280.00"),
                        demo_subsidy_add(county, index, 1, "农村低保金", "280.00"));
    index = demo_pick(county, was_assisted_to_the_end, 0);
    index = index == DEMO_NOBODY ? demo_pick(county, is_assisted, 0) : index;
    if (index != DEMO_NOBODY) /* the last month */
        demo_answer_one(county, "assisted-not-on-list", false, county->persons.items[index].assisted[1], NULL);
}

static void plant_posts(demo_county *county)
{
    uint32_t index = demo_pick(county, is_worker, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-held-twice", true,
                        demo_post_add(county, index, "保洁员", "2018年3月", NULL),
                        demo_post_add(county, index, "护林员", "2019年1月", NULL));
    index = demo_pick(county, is_worker, 0); /* one after the other */
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-held-twice", false,
                        demo_post_add(county, index, "保洁员", "2018年3月", "2018年12月"),
                        demo_post_add(county, index, "护林员", "2019年1月", NULL));
    index = demo_pick(county, is_long_dead, 0);
    if (index != DEMO_NOBODY) {
        demo_answer *answer = demo_answer_add(county, "post-held-by-dead", true);
        demo_answer_row(county, answer, demo_post_add(county, index, "护路员", "2017年3月", NULL));
        county->posts->rows.items[county->posts->rows.count - 1]->cells[POST_TO] = "2019年12月";
        answer_deaths(county, answer, &county->persons.items[index]);
    }
    index = pick_newly_dead(county, 20191125);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-held-by-dead", false,
                        demo_post_add(county, index, "护路员", "2018年3月", NULL),
                        county->persons.items[index].death[0]);
    index = demo_pick(county, is_of_age, 68);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-over-age", true, demo_post_add(county, index, "水管员", "2018年3月", NULL), NULL);
    index = demo_pick(county, is_of_age, 64);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-over-age", false, demo_post_add(county, index, "水管员", "2018年3月", NULL), NULL);
    index = demo_pick(county, is_worker, 0);
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-held-by-salaried", true, demo_post_add(county, index, "保洁员", "2018年3月", NULL),
                        demo_payroll_add(county, index, "沁县自然资源局", "公务员", "2010年7月", NULL));
    index = demo_pick(county, is_worker, 0); /* the payroll lists the post itself */
    if (index != DEMO_NOBODY)
        demo_answer_one(county, "post-held-by-salaried", false, demo_post_add(county, index, "保洁员", "2018年3月", NULL),
                        demo_payroll_add(county, index, "沁县人社局", "公益岗位", "2018年3月", NULL));
}

/* ---- Allowances that are to be forgotten ---- */

void demo_plans_assistance(demo_county *county)
{
    tz_assert(county != NULL && county->disabled != NULL);
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        uint32_t index = demo_pick(county, is_severe, 1);
        if (index != DEMO_NOBODY) {
            county->persons.items[index].skips_care = true;
            demo_answer_one(county, "care-allowance-unpaid", true, county->persons.items[index].disabled, NULL);
        }
        index = demo_pick(county, is_severe, 0); /* level 3 or 4 */
        if (index != DEMO_NOBODY)
            demo_answer_one(county, "care-allowance-unpaid", false, county->persons.items[index].disabled, NULL);
        index = demo_pick(county, is_aged, 0);
        if (index != DEMO_NOBODY) {
            county->persons.items[index].skips_aged = true;
            demo_answer_one(county, "aged-allowance-unpaid", true, county->persons.items[index].resident, NULL);
        }
        index = demo_pick(county, is_nearly_aged, 0); /* eighty next year */
        if (index != DEMO_NOBODY)
            demo_answer_one(county, "aged-allowance-unpaid", false, county->persons.items[index].resident, NULL);
    }
}

void demo_plants_assistance(demo_county *county)
{
    tz_assert(county != NULL && county->posts != NULL);
    for (size_t i = 0; i < demo_plant_count(county); i++) {
        plant_dead(county);
        plant_twice(county);
        plant_returned(county);
        plant_accounts(county);
        plant_holder(county);
        plant_excluded(county);
        plant_salaried(county, i);
        plant_posts(county);
    }
}
