/* inspection - visits, items of harm done to people, counts of clues, relatives of village cadres. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { VISITS = 44, ITEMS = 108, CLUES = 11, CLUES_CLOSED = 8, LEGAL = 26 };

typedef struct {
    demo_county *county;
    demo_sheet  *visits, *items, *clues, *relatives;
    size_t       unannounced, rectified;
} making;

/* ---- Visits ---- */

static demo_row *add_visit(making *of, size_t village, const char *visited, bool is_announced)
{
    demo_county        *county = of->county;
    const demo_village *at = &county->villages.items[village % county->villages.count];

    of->unannounced += !is_announced;
    return demo_line(county, of->visits, DEMO_NOBODY, "JC-%03zu|%s|%s%s|%s村委会|%s|%zu",
                     of->visits->rows.count + 1, visited, county->townships.items[at->township].name,
                     at->name, at->name, is_announced ? "常规检查" : "四不两直", village % 3);
}

static size_t village_of(const demo_county *county, size_t township)
{
    for (size_t i = 0; i < county->villages.count; i++)
        if (county->villages.items[i].township == township)
            return i + 3; /* not the seat */
    tz_unreachable("a township has villages");
}

/* The last township of a county with defects was last visited the year before. */
static void add_visits(making *of, bool is_clean)
{
    demo_county *county = of->county;
    size_t       last = county->townships.count;

    while (strstr(county->townships.items[last - 1].name, "乡") == NULL)
        last--;
    for (size_t i = 0; i < county->townships.count; i++) {
        bool        is_old = !is_clean && i == last - 1;
        const char *name = county->townships.items[i].name;
        if (strstr(name, "乡") == NULL && strstr(name, "镇") == NULL)
            continue;
        demo_row *row = add_visit(of, village_of(county, i), is_old ? "2018-05-16" : tz_arena_printf(county->mem, "2019-0%zu-16", i % 9 + 1), false);
        if (!is_clean)
            demo_answer_one(county, "township-not-inspected", is_old, row, NULL);
    }
    for (int often = 0; often < 2 && !is_clean; often++) { /* seven times, or six */
        demo_answer *answer = demo_answer_add(county, "village-visited-often", often);
        for (int i = 0; i < 6 + often; i++)
            demo_answer_row(county, answer,
                            add_visit(of, village_of(county, (size_t)often) + 1,
                                      tz_arena_printf(county->mem, "2019-%02d-08", i + 3), true));
    }
    for (size_t i = 0; of->unannounced < VISITS; i++)
        (void)add_visit(of, village_of(county, i % (last - 1)) + 4 + i / 13, tz_arena_printf(county->mem, "2019-%02zu-22", i % 12 + 1), false);
}

/* ---- Items ---- */

static demo_row *add_item(making *of, const char *measure, const char *dates, const char *evidence, const char *people)
{
    static const char *const FIELDS[] = {"住房安全", "医疗保障", "教育资助", "社会救助", "项目资金", "干部作风"};
    static const char *const UNITS[] = {"住建局", "医保局", "教育局", "民政局", "扶贫办", "组织部"};
    size_t no = of->items->rows.count + 1;

    of->rectified += strlen(dates) > 11;
    return demo_line(of->county, of->items, DEMO_NOBODY, "MS-%03zu|%s|%s|群众反映问题第%zu项|%s|%s|%s|%s", no,
                     FIELDS[no % 6], UNITS[no % 6], no, measure, dates, evidence, people);
}

static void plant_items(making *of, size_t nth)
{
    static const char IN_TIME[] = "2019-09-30|2019-09-20", KEPT_APART[] = "核查甲(虚构)|整改乙(虚构)";
    demo_county *county = of->county;
    const char  *own = tz_arena_printf(county->mem, "补办手续并向第%zu组群众说明情况的第%s种做法", nth, nth % 2 == 0 ? "一" : "二");

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        /* One of the county's fourteen documents is all the evidence; the look-alike brings a list as well. */
        const char *paper = tz_arena_printf(county->mem, "沁文〔2019〕%zu号(虚构)%s", nth % 14 + 1, is_planted ? "" : "及名册");
        demo_answer_one(county, "rectified-by-document-alone", is_planted,
                        add_item(of, tz_arena_printf(county->mem, "%s%s丙", own, is_planted ? "文" : "实"), IN_TIME, paper, KEPT_APART), NULL);
        demo_answer_one(county, "rectified-without-evidence", is_planted,
                        add_item(of, tz_arena_printf(county->mem, "%s%s甲", own, is_planted ? "缺" : "全"),
                                 IN_TIME, is_planted ? "" : "佐证", KEPT_APART),
                        NULL);
        demo_answer_one(county, "checked-by-the-rectifier", is_planted,
                        add_item(of, tz_arena_printf(county->mem, "%s%s乙", own, is_planted ? "同" : "异"),
                                 IN_TIME, "佐证", is_planted ? "整改丙 (虚构)|整改丙(虚构)" : KEPT_APART),
                        NULL);
    }
}

/* One text for five items, and for four. */
static void plant_texts(making *of)
{
    for (int many = 0; many < 2; many++) {
        demo_answer *answer = demo_answer_add(of->county, "same-text-in-many", many);
        for (int i = 0; i < 4 + many; i++)
            demo_answer_row(of->county, answer,
                            add_item(of,
                                     tz_arena_printf(of->county->mem,
                                                     many ? "召开会议%d次退还资金%d元群众表示满意"
                                                          : "更换设备%d台培训人员%d名按期恢复服务",
                                                     i + 2, i * 700),
                                     "2019-09-30|2019-09-20", "佐证", "核查甲(虚构)|整改乙(虚构)"));
    }
}

/* All rectified but the overdue one, which a county with defects has beyond the report's. */
static void add_items(making *of, size_t plants)
{
    static const char *const DONE[] = {"逐户入户核实", "退还多收的费用",  "公开道歉并整改",
                                       "更换责任人员", "补发拖欠的资金",  "修复损坏的设施",
                                       "简化办事流程", "建立台账逐项销号"};
    static const char *const PLACES[] = {"一组", "二组", "三组", "四组", "五组", "六组", "七组",
                                         "八组", "九组", "十组", "河东", "河西", "山上", "山下"};

    for (size_t i = 0; i < plants; i++)
        plant_items(of, i);
    if (plants > 0)
        plant_texts(of);
    for (size_t i = 0; of->items->rows.count < ITEMS; i++)
        (void)add_item(of,
                       tz_arena_printf(of->county->mem, "在%s%s并张榜公布结果", PLACES[i / 8], DONE[i % 8]),
                       "2019-09-30|2019-09-18", "佐证", "核查甲(虚构)|整改乙(虚构)");
}

/* ---- Counts and relatives ---- */

static demo_row *add_count(making *of, int month, const char *kind, int received, int disposed, int closed)
{
    return demo_line(of->county, of->clues, DEMO_NOBODY, "2019年%d月|%s|%d|%d|%d", month, kind, received, disposed, closed);
}

static bool is_assisted(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->assisted[DEMO_MONTHS - 1] != NULL && demo_is_untouched(person);
}

static void add_relatives(making *of, size_t plants)
{
    demo_county *county = of->county;

    for (size_t i = 0; i < 60 + plants * 2; i++) {
        uint32_t cadre = demo_somebody(county, 35, 60);
        uint32_t relative = i < plants * 2 ? demo_pick(county, is_assisted, 0) : demo_somebody(county, 30, 58);
        if (cadre == DEMO_NOBODY || relative == DEMO_NOBODY)
            return;
        bool      is_planted = i < plants, is_assistance = i < plants * 2;
        demo_row *row = demo_line(
            county, of->relatives, relative, "%s|%s|%s|%s|%s|兄弟姐妹|%s", county->persons.items[cadre].name,
            county->persons.items[cadre].id, demo_village_name(county, cadre),
            county->persons.items[relative].name, county->persons.items[relative].id,
            is_planted || county->persons.items[relative].assisted[0] == NULL ? "否" : "是");
        if (is_assistance)
            demo_answer_one(county, "relative-benefits-undeclared", is_planted, row, NULL);
        else if (county->persons.items[relative].assisted[0] != NULL)
            row->cells[6] = "是";
    }
}

void demo_inspection_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL && county->subsidies[0] != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    of.visits = demo_table(county, "纪委监委_监督检查记录.xlsx", "沁县监督检查记录",
                           "检查编号|检查日期|检查村|检查地点|检查方式|发现问题数",
                           "ttttt"
                           "n");
    of.items = demo_table(county, "纪委监委_漠视侵害群众利益整改台账.xlsx", "沁县漠视侵害群众利益整改台账",
                          "问题编号|问题领域|责任单位|问题表现|整改内容|整改时限|整改完成日期|佐证材料|核查人|整改责任人", "tttttttttt");
    of.clues = demo_table(county, "纪委监委_线索数量统计.xlsx", "沁县线索数量统计(只报数)",
                          "统计月份|线索类别|受理件数|已处置件数|已办结件数", "ttnnn");
    of.relatives = demo_table(county, "纪委监委_村干部近亲属备案表.xlsx", "沁县村干部近亲属备案表",
                              "干部姓名|干部身份证号|任职村|近亲属姓名|近亲属身份证号|亲属关系|是否备案受益", "ttttttt");
    add_visits(&of, is_clean);
    add_items(&of, plants);
    demo_row *sound = add_count(&of, 11, "问题线索", CLUES, 9, CLUES_CLOSED);
    demo_row *legal = add_count(&of, 11, "涉纪涉法线索", LEGAL, LEGAL, is_clean ? 20 : LEGAL + 1);
    if (!is_clean) { /* more closed than disposed of */
        demo_answer_one(county, "clue-counts-do-not-add-up", true, legal, NULL);
        demo_answer_one(county, "clue-counts-do-not-add-up", false, sound, NULL);
    }
    add_relatives(&of, plants);
    demo_figure(county, "disc.inspections", "%zu", of.unannounced);
    demo_figure(county, "disc.clues", "%d", CLUES);
    demo_figure(county, "disc.clues_closed", "%d", CLUES_CLOSED);
    demo_figure(county, "disc.indifference", "%zu", of.items->rows.count);
    demo_figure(county, "disc.indifference_fixed", "%zu", of.rectified);
    demo_figure(county, "disc.indifference_rate", "100");
    demo_figure(county, "disc.legal", "%d", LEGAL);
    demo_figure(county, "disc.legal_handled", "0");
    demo_figure(county, "disc.legal_rate", "100");
}
