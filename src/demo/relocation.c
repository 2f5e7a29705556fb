/* relocation - projects, fines, buildings, old houses and new flats. */
#include <math.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020; all but the households are the same at any scale. */
enum { TOWNS = 8, FINED = 22, BUILDINGS = 98, PROJECTS = 40, HOUSEHOLDS = 620 };
static const int64_t FINES = 84200000, BUILDER_FINE = 23000000; /* fen */

static const char *const KINDS[] = {"住房建设", "配套道路", "安全饮水", "供电", "绿化亮化"};

typedef struct {
    demo_county *county;
    demo_sheet  *projects, *buildings, *penalties, *receipts, *talks, *old_houses, *power;
    size_t       unaccepted;
} making;

static const char *town(const demo_county *county, size_t index)
{
    return county->townships.items[index % county->townships.count].name;
}

static const char *builder(demo_county *county, size_t index)
{
    static const char *const NAMES[] = {"恒通", "漳河", "铜鞮", "二郎山", "北神山", "圣鼓"};
    return tz_arena_printf(county->mem, "沁县%s建筑有限公司(虚构)", NAMES[index % 6]);
}

/* ---- Projects ---- */

static demo_row *add_project(making *of, size_t town_no, const char *kind, const char *contractor, int64_t yuan, const char *awarded, const char *way,
                             const char *dates) /* licence, start, end, acceptance */
{
    size_t no = of->projects->rows.count + 1;
    return demo_line(of->county, of->projects, DEMO_NOBODY,
                     "YD-%03zu|%s安置点%s工程%zu|%s|%s|%s|%lld.00|%s|%s|%s", no, town(of->county, town_no),
                     kind, no, town(of->county, town_no), kind, contractor, (long long)yuan, awarded, way,
                     dates);
}

static void plant_projects(making *of, size_t nth)
{
    demo_county *county = of->county;
    const char  *odd = tz_arena_printf(county->mem, "沁县%s工程队(虚构)", county->villages.items[nth].name);

    demo_answer_one(county, "started-before-licence", true,
                    add_project(of, nth, KINDS[0], builder(county, nth), 5200000, "2017-03-08", "公开招标",
                                "2017-07-01|2017-05-10|2018-06-30|2018-09-12"),
                    NULL);
    demo_answer_one(county, "started-before-licence", false, /* small works need none */
                    add_project(of, nth, KINDS[4], builder(county, nth), 180000, "2017-03-08", "公开招标",
                                "|2017-05-10|2017-06-30|2017-09-12"),
                    NULL);
    for (int is_planted = 0; is_planted < 2; is_planted++) { /* three weeks apart; a year apart */
        const char *kind = is_planted ? "挡墙" : "管网";
        demo_row *a = add_project(of, nth, kind, odd, 2600000, "2018-03-05", "直接委托", "2018-03-20|2018-04-10|2018-09-30|2018-10-20");
        demo_row *b = add_project(of, nth, kind, odd, 2300000, is_planted ? "2018-03-26" : "2019-03-26", "直接委托",
                                  is_planted ? "2018-04-01|2018-04-20|2018-09-30|2018-10-20" : "2019-04-01|2019-04-20|2019-09-30|2019-10-20");
        demo_answer_one(county, "bid-split", is_planted, a, b);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++)
        demo_answer_one(county, "accepted-before-finished", is_planted,
                        add_project(of, nth, "围墙", builder(county, nth + 1), 900000, "2018-03-08", "公开招标",
                                    is_planted ? "2018-03-20|2018-04-01|2018-09-30|2018-08-15" : "2018-03-20|2018-04-01|2018-09-30|2018-09-30"),
                        NULL);
    demo_answer_one(county, "suspended-yet-awarded", nth == 0, /* one during the two months, others after them */
                    add_project(of, nth, "广场", "沁县太岳建筑有限公司(虚构)", 1500000, nth == 0 ? "2019-04-10" : "2019-06-10", "公开招标",
                                "2019-06-20|2019-07-01|2019-10-30|2019-11-20"),
                    NULL);
}

static void plant_buildings(making *of, size_t nth)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) /* the look-alike was begun before 2016 */
        demo_answer_one(of->county, "building-not-appraised", is_planted,
                        demo_line(of->county, of->buildings, DEMO_NOBODY, "DW-%c%03zu|YD-%03zu|%s|||", is_planted ? 'X' : 'J', nth, nth + 1,
                                  is_planted ? "2017-05-10" : "2015-05-10"),
                        NULL);
}

static void add_projects(making *of)
{
    for (size_t i = 0; i < PROJECTS; i++)
        (void)add_project(of, i, KINDS[i % 5], builder(of->county, i), 800000 + 137000 * (int64_t)(i % 21), "2017-02-20", "公开招标",
                          "2017-03-25|2017-04-10|2018-08-30|2018-11-05");
    for (size_t i = 0; i < BUILDINGS; i++)
        (void)demo_line(of->county, of->buildings, DEMO_NOBODY,
                        "DW-%03zu|YD-%03zu|201%zu-04-10|山西中衡工程检测有限公司(虚构)|2019-0%zu-16|合格",
                        i + 1, i % PROJECTS + 1, i % 3 + 6, i % 6 + 3);
}

/* ---- Fines ---- */

/* Every fine is paid by whom it names but the defects': one in part, one by somebody else. */
static void add_fines(making *of, size_t plants)
{
    demo_county *county = of->county;
    int64_t      left = FINES;

    for (size_t i = 0; i < FINED; i++) {
        int64_t     fine = i + 1 == FINED ? left : FINES / FINED / 10000 * 10000 + (int64_t)(i % 3) * 50000;
        const char *payer = tz_arena_printf(county->mem, "%s人民政府易地搬迁项目部%zu", town(county, i % TOWNS), i + 1);
        bool is_part = i < plants, is_other = !is_part && i < 2 * plants, is_late = plants > 0 && i >= FINED - 2;
        demo_row *order = demo_line(county, of->penalties, DEMO_NOBODY,
                                    "沁住建罚〔2019〕%zu号|YD-%03zu|%s|%s|项目单位|%s|%s|||", i + 1, i + 1,
                                    town(county, i % TOWNS), payer, demo_money(county, fine),
                                    is_late && i == FINED - 1 ? "2019-12-24"
                                    : is_late                 ? "2019-11-20"
                                                              : "2019-05-20");
        left -= fine;
        if (plants > 0 && i == FINED - 1) /* not due yet */
            demo_answer_one(county, "fine-unpaid", false, order, NULL);
        if (plants > 0 && i == 0) /* called in after it */
            demo_answer_one(county, "township-not-called-in", false, order, NULL);
        if (is_late) /* of a township whose secretary was called in before */
            demo_answer_one(county, "township-not-called-in", true, order, NULL);
        if (is_late && i == FINED - 1)
            continue;
        demo_row *receipt = demo_line(county, of->receipts, DEMO_NOBODY, "FK2019%04zu|沁住建罚〔2019〕%zu号|%s|%s|2019-05-29", i + 1, i + 1,
                                      is_other ? "沁县某村民委员会(虚构)" : payer, demo_money(county, is_part ? fine / 2 : fine));
        if (is_part)
            demo_answer_one(county, "fine-unpaid", true, order, NULL);
        if (is_other)
            demo_answer_one(county, "fine-paid-by-another", true, receipt, order);
        else if (plants > 0)
            demo_answer_one(county, "fine-paid-by-another", false, receipt, order);
    }
    (void)demo_line(
        county, of->penalties, DEMO_NOBODY,
        "沁住建罚〔2019〕%d号||%s|沁县太岳建筑有限公司(虚构)|建设施工单位|%s|2019-02-26|2019-03-01|2019-05-01|2",
        FINED + 1, town(county, 0), demo_money(county, BUILDER_FINE));
    (void)demo_line(county, of->receipts, DEMO_NOBODY,
                    "FK2019%04d|沁住建罚〔2019〕%d号|沁县太岳建筑有限公司(虚构)|%s|2019-03-08", FINED + 1,
                    FINED + 1, demo_money(county, BUILDER_FINE));
    for (size_t i = 0; i < TOWNS; i++)
        (void)demo_line(county, of->talks, DEMO_NOBODY, "%s|乡镇党委书记|2019-09-10|易地搬迁项目违规", town(county, i));
}

/* ---- Households ---- */

static void add_house(making *of, uint32_t person, const char *demolished, const char *accepted)
{
    const demo_person *head = &of->county->persons.items[person];
    (void)demo_line(of->county, of->old_houses, person, "%s|%s|%s|%s|%s|%s|0.%u", head->name, head->id,
                    demo_village_name(of->county, person), demolished, accepted, accepted, person % 4 + 3);
    of->unaccepted += accepted[0] == '\0';
}

static demo_row *add_power(making *of, uint32_t person, int kwh, const char *away)
{
    const demo_person *head = &of->county->persons.items[person];
    return demo_line(of->county, of->power, person, "%s|%s|%u-%u|%d|%s", head->name, head->id, person % 12 + 1, person % 600 + 101, kwh, away);
}

static bool is_listed_head(const demo_county *county, const demo_person *person, int about)
{
    (void)about;
    return person == &county->persons.items[county->households.items[person->household].first] && person->listed[DEMO_YEARS - 1] != NULL &&
           demo_is_untouched(person);
}

static void plant_households(making *of)
{
    demo_county *county = of->county;

    for (int is_planted = 0; is_planted < 2; is_planted++) { /* within the tolerance is none */
        uint32_t person = demo_pick(county, is_listed_head, 0);
        if (person == DEMO_NOBODY)
            return;
        unsigned  heads = county->households.items[county->persons.items[person].household].count;
        demo_row *row = demo_relocated_add(county, person, "2018-09-20");
        row->cells[5] = tz_arena_printf(county->mem, "%u.%s", heads * 25 + (is_planted ? heads * 4 : 0), is_planted ? "0" : "6");
        add_house(of, person, "2018-11-20", "2019-04-20");
        (void)add_power(of, person, 900, "否");
        demo_answer_one(county, "flat-over-standard", is_planted, row, NULL);
    }
    for (int kind = 0; kind < 6; kind++) {
        uint32_t person = demo_somebody(county, 25, 85);
        if (person == DEMO_NOBODY)
            return;
        demo_row *row = demo_relocated_add(county, person, kind == 1 ? "2019-06-20" : "2018-09-20");
        bool      is_planted = kind % 2 == 0;
        if (kind < 2) { /* the look-alike moved half a year ago */
            demo_answer_one(county, "old-house-stands", is_planted, row, NULL);
            (void)add_power(of, person, 700, "否");
        } else if (kind < 4) {
            add_house(of, person, kind == 2 ? "2018-10-20" : "2019-08-20", "");
            (void)add_power(of, person, 700, "否");
            demo_answer_one(county, "reclaimed-not-accepted", is_planted, of->old_houses->rows.items[of->old_houses->rows.count - 1], NULL);
        } else {
            add_house(of, person, "2018-11-20", "2019-04-20");
            demo_answer_one(county, "flat-empty", is_planted, add_power(of, person, 6, is_planted ? "否" : "是"), NULL);
        }
    }
}

static void add_households(making *of)
{
    demo_county *county = of->county;
    size_t       there = county->relocated->rows.count, wanted = (size_t)lround(HOUSEHOLDS * county->scale);

    for (size_t i = 0; i < there; i++) { /* those that the pack housing moved */
        uint32_t person = county->relocated->rows.items[i]->person;
        add_house(of, person, "2019-11-20", "2019-12-20");
        (void)add_power(of, person, 500 + (int)(person % 900), "否");
    }
    for (size_t i = 0; i < wanted; i++) {
        uint32_t person = demo_somebody(county, 25, 85);
        if (person == DEMO_NOBODY)
            return;
        (void)demo_relocated_add(county, person, tz_arena_printf(county->mem, "2018-%02u-20", person % 9 + 1));
        add_house(of, person, "2018-11-20", "2019-04-20");
        (void)add_power(of, person, 500 + (int)(person % 900), person % 9 == 0 ? "是" : "否");
    }
}

/* ---- The whole ---- */

static void open_sheets(making *of)
{
    demo_county *county = of->county;

    of->projects = demo_table(
        county, "扶贫办_易地搬迁工程项目台账.xlsx", "沁县易地搬迁工程项目台账",
        "项目编号|项目名称|乡镇|建设内容|施工单位|合同金额|定标日期|发包方式|施工许可日期|开工日期|竣工日期|竣工验收日期",
        "tttttmttttdd");
    of->buildings = demo_table(county, "住建局_单位工程质量鉴定名册.xlsx", "沁县易地搬迁单位工程质量鉴定名册",
                               "单位工程编号|项目编号|开工日期|质量鉴定单位|质量鉴定日期|质量鉴定结论", "tttttt");
    of->penalties = demo_table(county, "住建局_易地搬迁行政处罚决定.xlsx", "沁县易地搬迁行政处罚决定",
                               "处罚决定书文号|项目编号|乡镇|被处罚人|处罚对象|罚款金额|处罚日期|停业整顿起|停业整顿止|停业月数", "tttttmtttn");
    of->receipts = demo_table(county, "财政局_罚款缴库凭证.csv", "沁县罚款缴库凭证", "缴库凭证号|处罚决定书文号|缴款人|缴库金额|缴库日期", "tttmt");
    of->talks = demo_table(county, "扶贫办_集中约谈记录.xlsx", "沁县集中约谈记录", "乡镇|被约谈人职务|约谈日期|约谈事由", "tttt");
    of->old_houses = demo_table(county, "自然资源局_拆旧复垦台账.xlsx", "沁县拆旧复垦台账",
                                "户主姓名|户主身份证号|旧房所在村|旧房拆除日期|复垦完成日期|复垦验收日期|复垦面积(亩)", "tttdddn");
    of->power = demo_table(county, "供电公司_安置房用电统计.xlsx", "沁县安置房用电统计",
                           "户主姓名|户主身份证号|安置房号|近12个月用电量(度)|是否外出务工", "tttnt");
}

void demo_relocation_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL && county->relocated != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    open_sheets(&of);
    add_projects(&of);
    add_households(&of);
    for (size_t i = 0; i < plants; i++) {
        plant_projects(&of, i);
        plant_buildings(&of, i);
        plant_households(&of);
    }
    add_fines(&of, plants);
    demo_figure(county, "reloc.towns", "%d", TOWNS);
    demo_figure(county, "reloc.projects_problem", "%d", FINED);
    demo_figure(county, "reloc.fine", "%.1f", (double)FINES / 1e6);
    demo_figure(county, "reloc.secretaries", "%zu", of.talks->rows.count);
    demo_figure(county, "reloc.suspend_months", "2");
    demo_figure(county, "reloc.fine_builder", "%.0f", (double)BUILDER_FINE / 1e6);
    demo_figure(county, "reloc.quality_units", "%d", BUILDINGS);
    demo_figure(county, "reloc.reclaimed_all", "%zu", of.unaccepted);
}
