/* schools_kept - the register of schools: empty ones closed or converted, groups, works, children looked for. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { ABOLISHED = 32, CONVERTED = 22, WORKS = 19 };
static const int64_t WORKS_FEN = 1900000000;

typedef struct {
    demo_county *county;
    demo_sheet  *schools, *terms, *exchanges, *works, *children;
} making;

static const demo_village *village(const demo_county *county, size_t index)
{
    return &county->villages.items[(index * 37 + 11) % county->villages.count];
}

static const char *township_of(const demo_county *county, const demo_village *of)
{
    return county->townships.items[of->township].name;
}

/* dates: 办学状态|状态变更日期|是否空壳学校|改建后名称|教育集团 */
static demo_row *add_school(making *of, const demo_village *at, const char *name, const char *kind, const char *dates)
{
    return demo_line(of->county, of->schools, DEMO_NOBODY, "%s|%s|%s|%s", name, township_of(of->county, at), kind, dates);
}

static demo_row *add_term(making *of, const char *school, unsigned pupils, unsigned teachers, unsigned yuan)
{
    return demo_line(of->county, of->terms, DEMO_NOBODY, "2019年秋季学期|%s|%u|%u|%u.00", school, pupils, teachers, yuan);
}

/* ---- Closed and converted ---- */

static void add_abolished(making *of, size_t nth, bool is_planted, bool has_plants)
{
    const demo_village *at = village(of->county, nth);
    const char *name = tz_arena_printf(of->county->mem, "%s%s小学", township_of(of->county, at), at->name);
    demo_row   *school = add_school(of, at, name, "小学", "撤销|2019-03-20|是||");
    demo_row   *term = add_term(of, name, 0, is_planted ? 1 : 0, is_planted ? 4200 : 0);

    if (has_plants && nth < 16)
        demo_answer_one(of->county, "closed-but-funded", is_planted, school, term);
}

static void add_converted(making *of, size_t nth, bool is_planted, bool has_plants)
{
    const demo_village *at = village(of->county, nth + 100);
    const char *place = tz_arena_printf(of->county->mem, "%s%s", township_of(of->county, at), at->name);
    const char *kindergarten = tz_arena_printf(of->county->mem, "%s幼儿园", place);
    bool        is_recent = has_plants && nth % 2 == 1 && nth < 16; /* the look-alike: a year has not passed */
    demo_row *school = add_school(of, at, tz_arena_printf(of->county->mem, "%s小学", place), "小学",
                                  tz_arena_printf(of->county->mem, "改扩建为幼儿园|%s|是|%s|",
                                                  is_recent ? "2019-08-20" : "2018-08-20", kindergarten));

    (void)add_school(of, at, kindergarten, "幼儿园", "在办||否||");
    if (!is_planted && !is_recent)
        (void)add_term(of, kindergarten, 14 + (unsigned)nth, 2, 5000);
    if (is_planted || is_recent)
        demo_answer_one(of->county, "conversion-not-at-work", is_planted, school, NULL);
}

/* ---- Open schools and their groups ---- */

static void add_open(making *of, size_t plants)
{
    static const char *const GROUPS[3][3] = {{"育才教育集团", "育才小学", "段柳中心校"},
                                             {"东风教育集团", "东风小学", "次村中心校"},
                                             {"明德教育集团", "明德小学", "南泉中心校"}};
    demo_county *county = of->county;

    for (size_t i = 0; i < 3; i++) {
        demo_answer *answer = plants > 0 ? demo_answer_add(county, "group-without-exchange", i == 2) : NULL;
        for (size_t j = 1; j < 3; j++) {
            demo_row *row = add_school(of, village(county, i), GROUPS[i][j], "小学", tz_arena_printf(county->mem, "在办||否||%s", GROUPS[i][0]));
            (void)add_term(of, GROUPS[i][j], 240 + (unsigned)i * 60, 22, 90000);
            if (answer != NULL)
                demo_answer_row(county, answer, row);
        }
        uint32_t teacher = demo_somebody(county, 26, 55);
        if (teacher != DEMO_NOBODY && (plants == 0 || i != 2))
            (void)demo_line(county, of->exchanges, teacher, "2019年秋季学期|%s|%s|%s|%s|%s", GROUPS[i][0], county->persons.items[teacher].name,
                            county->persons.items[teacher].id, GROUPS[i][1], GROUPS[i][2]);
    }
    for (size_t i = 0; i < 40 + plants * 2; i++) { /* the look-alike has one pupil left */
        const demo_village *at = village(county, i + 150);
        const char *name = tz_arena_printf(county->mem, "%s%s教学点%zu", township_of(county, at), at->name, i + 1);
        bool      is_planted = i < plants, is_alike = !is_planted && i < plants * 2;
        demo_row *school = add_school(of, at, name, "教学点", "在办||否||");
        demo_row *term = add_term(of, name, is_planted ? 0 : is_alike ? 1 : 8 + (unsigned)i % 30, is_planted && i % 2 == 1 ? 0 : 2, 6000);
        if (is_planted || is_alike)
            demo_answer_one(county, "open-without-pupils", is_planted, school, term);
    }
}

/* ---- Works and children ---- */

static void add_works(making *of, size_t plants)
{
    demo_county *county = of->county;
    int64_t      left = WORKS_FEN;

    for (size_t i = 0; i < WORKS; i++) {
        int64_t contract = i + 1 == WORKS ? left : WORKS_FEN / WORKS / 1000000 * 1000000 + (int64_t)(i % 4) * 500000;
        bool    is_over = i < plants, is_even = !is_over && i < plants * 2, is_open = i >= WORKS - 3 && plants > 0;
        demo_row *row = demo_line(
            county, of->works, DEMO_NOBODY, "GS-%02zu|%s中心校|%s|%s|%s|%s|%s", i + 1,
            county->townships.items[i % county->townships.count].name, i % 2 == 0 ? "操场硬化" : "教学楼改造",
            demo_money(county, contract), demo_money(county, is_over ? contract + 800000 : contract),
            is_open && i + 1 == WORKS ? "2019-11-10" : "2019-03-10", is_open ? "" : "2019-05-10");
        left -= contract;
        if (is_over || is_even)
            demo_answer_one(county, "works-paid-over-contract", is_over, row, NULL);
        if (is_open)
            demo_answer_one(county, "works-not-accepted", i + 1 < WORKS, row, NULL);
    }
}

static bool is_of_school_age(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return demo_age(person) >= 8 && demo_age(person) <= 13 && person->status == DEMO_PRESENT && person->died == 0 && demo_is_untouched(person);
}

static demo_row *add_child(making *of, uint32_t child, const char *looked)
{
    demo_county *county = of->county;
    return demo_line(county, of->children, child, "%s|%s|%s|%s", county->persons.items[child].name, county->persons.items[child].id,
                     demo_village_name(county, child), looked);
}

/* Pupils of poor households that are not insured either. */
static void add_missed_twice(making *of)
{
    demo_county *county = of->county;
    size_t       there = county->answers.count;

    for (size_t i = 0; i < there; i++) {
        uint32_t person = county->answers.items[i].rows.items[0]->person;
        bool     is_missed = county->answers.items[i].is_planted && strcmp(county->answers.items[i].check, "poor-not-insured") == 0;
        if (is_missed && demo_age(&county->persons.items[person]) >= 8 && demo_age(&county->persons.items[person]) <= 13)
            demo_answer_one(county, "child-out-of-school", true, add_child(of, person, "2019-09-20|失学辍学|"), NULL);
    }
}

static void add_children(making *of, size_t plants)
{
    static const char *const LOOKED[4] = {"2019-09-20|失学辍学|", "2019-09-20|失学辍学|2019-10-10", "2019-12-20|失学辍学|", "2019-09-20|县外就读|"};
    demo_county *county = of->county;

    for (size_t i = 0; i < 12 + plants * 4; i++) {
        uint32_t child = demo_pick(county, is_of_school_age, 0);
        if (child == DEMO_NOBODY)
            return;
        size_t    kind = i < plants * 4 ? i % 4 : 3;
        demo_row *row = add_child(of, child, LOOKED[kind]);
        if (i < plants * 4)
            demo_answer_one(county, "child-out-of-school", kind == 0, row, NULL);
    }
}

void demo_schools_kept_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    size_t plants = is_clean ? 0 : demo_plant_count(county);
    making of = {.county = county};

    of.schools = demo_table(county, "教育局_学校名录.xlsx", "沁县学校名录",
                            "学校名称|乡镇|办学类型|办学状态|状态变更日期|是否空壳学校|改建后名称|教育集团",
                            "ttttdttt");
    of.terms = demo_table(county, "教育局_学校办学情况统计.xlsx", "沁县学校办学情况统计", "学期|学校名称|在校学生数|在岗教师数|公用经费", "ttnnm");
    of.exchanges = demo_table(county, "教育局_教育集团教师交流名册.xlsx", "沁县教育集团教师交流名册",
                              "学期|教育集团|教师姓名|身份证号|派出学校|接收学校", "tttttt");
    of.works = demo_table(county, "教育局_改善办学条件项目台账.xlsx", "沁县改善办学条件项目台账",
                          "项目编号|学校名称|项目内容|合同金额|已支付金额|完工日期|验收日期", "tttmmdd");
    of.children = demo_table(county, "教育局_控辍保学核查台账.xlsx", "沁县控辍保学核查台账",
                             "儿童姓名|身份证号|户籍村|核查日期|核查结果|复学日期", "tttttt");
    for (size_t i = 0; i < ABOLISHED; i++)
        add_abolished(&of, i, i % 2 == 0 && i < plants * 2, plants > 0);
    for (size_t i = 0; i < CONVERTED; i++)
        add_converted(&of, i, i % 2 == 0 && i < plants * 2, plants > 0);
    add_open(&of, plants);
    add_works(&of, plants);
    add_missed_twice(&of);
    add_children(&of, plants);
    demo_figure(county, "edu.groups", "3");
    demo_figure(county, "edu.shell_schools", "%d", ABOLISHED + CONVERTED);
    demo_figure(county, "edu.abolished", "%d", ABOLISHED);
    demo_figure(county, "edu.converted", "%d", CONVERTED);
    demo_figure(county, "edu.invest", "%.0f", (double)WORKS_FEN / 1e6);
}
