/* water - schemes, tests, outages and the water of poor households. */
#include "base/assert.h"
#include "demo/inside.h"

typedef struct {
    demo_county *county;
    demo_sheet  *schemes, *tests, *outages, *users;
    size_t       dry_households;
} making;

static const char *place_of(demo_county *county, size_t village)
{
    const demo_village *at = &county->villages.items[village];
    return tz_arena_printf(county->mem, "%s%s", county->townships.items[at->township].name, at->name);
}

static demo_row *add_test(making *of, const char *scheme, const char *tested, bool is_good)
{
    return demo_line(of->county, of->tests, DEMO_NOBODY, "SZ%05zu|%s|%s|%s|%s", of->tests->rows.count + 1, scheme, tested, is_good ? "是" : "否",
                     is_good ? "" : "菌落总数");
}

/* A scheme a village: each of three rules is broken by the first and nearly broken by the second of a pair. */
static void add_schemes(making *of, size_t plants)
{
    static const char *const CHECKS[] = {"water-failed", "water-dry", "water-not-tested"};

    for (size_t i = 0; i < of->county->villages.count; i++) {
        const char *scheme = tz_arena_printf(of->county->mem, "%s供水站", place_of(of->county, i));
        size_t      kind = i / 2 < plants * 3 ? i / 2 % 3 : 3;
        bool        is_planted = i % 2 == 0;
        demo_row   *row = demo_line(of->county, of->schemes, DEMO_NOBODY, "%s|%s|2014-06-30|管水员(虚构)", scheme, place_of(of->county, i));
        if (kind == 0) {
            (void)add_test(of, scheme, "2019-09-20", false);
            if (!is_planted)
                (void)add_test(of, scheme, "2019-10-08", true);
        } else {
            (void)add_test(of, scheme, kind == 2 && is_planted ? "2019-03-15" : "2019-09-20", true);
        }
        if (kind == 1)
            (void)demo_line(of->county, of->outages, DEMO_NOBODY, "%s|2019-06-01|%s|管网检修", scheme, is_planted ? "2019-07-22" : "2019-06-21");
        if (kind < 3)
            demo_answer_one(of->county, CHECKS[kind], is_planted, row, NULL);
    }
}

/* Of each listed household somebody has water on record but in the defects; in the look-alikes not the head. */
static void add_users(making *of, size_t plants)
{
    demo_county *county = of->county;
    size_t       left_out = 0, second = 0;

    for (size_t h = 0; h < county->households.count; h++) {
        const demo_household *household = &county->households.items[(h * 7919 + 13) % county->households.count];
        uint32_t              listed[2] = {DEMO_NOBODY, DEMO_NOBODY};
        size_t                count = 0;
        for (uint32_t i = household->first; i < household->first + household->count; i++)
            if (county->persons.items[i].listed[DEMO_YEARS - 1] != NULL && count++ < 2)
                listed[count - 1] = i;
        if (count == 0)
            continue;
        bool is_clear = !household->is_used && demo_is_untouched(&county->persons.items[listed[0]]);
        bool is_planted = is_clear && left_out < plants, is_alike = !is_planted && is_clear && count > 1 && second < plants;
        if (is_planted || is_alike) {
            demo_answer *answer = demo_answer_add(county, "poor-without-water", is_planted);
            for (uint32_t i = household->first; i < household->first + household->count; i++)
                if (county->persons.items[i].listed[DEMO_YEARS - 1] != NULL)
                    demo_answer_row(county, answer, county->persons.items[i].listed[DEMO_YEARS - 1]);
        }
        left_out += is_planted;
        second += is_alike;
        if (is_planted)
            continue;
        uint32_t user = listed[is_alike];
        (void)demo_line(county, of->users, user, "%s|%s|%s|%s供水站", county->persons.items[user].listed[DEMO_YEARS - 1]->cells[POOR_NAME],
                        county->persons.items[user].id, demo_village_name(county, user), demo_village_name(county, user));
    }
    of->dry_households = left_out;
}

void demo_water_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    of.schemes = demo_table(county, "水利局_农村供水工程台账.xlsx", "沁县农村供水工程台账", "供水工程名称|受益村|建成日期|管水员", "ttdt");
    of.tests = demo_table(county, "卫健局_水质检测记录.xlsx", "沁县农村水质检测记录",
                          "检测编号|供水工程名称|检测日期|水质是否合格|不合格项目", "ttdtt");
    of.outages = demo_table(county, "水利局_停水维修记录.csv", "沁县停水维修记录", "供水工程名称|停水日期|恢复日期|停水原因", "tttt");
    of.users = demo_table(county, "水利局_农户饮水登记表.xlsx", "沁县农户饮水登记表", "户主姓名|户主身份证号|所在村|取水工程", "tttt");
    add_schemes(&of, plants);
    if (is_clean)
        (void)demo_line(county, of.outages, DEMO_NOBODY, "%s供水站|2019-06-01|2019-06-03|管网检修", place_of(county, 0));
    add_users(&of, plants);
    demo_figure(county, "drink.schemes", "%zu", of.schemes->rows.count);
    demo_figure(county, "drink.households", "%zu", of.users->rows.count);
    demo_figure(county, "drink.poor_all", "%zu", of.dry_households);
}
