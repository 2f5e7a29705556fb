/* warning - households watched against falling back: incomes, levels, help, visits, events, five policies. */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

enum { WATCHED = 320 }; /* at scale 1 */

typedef struct {
    demo_county *county;
    demo_sheet  *watched, *visits, *events, *policies;
    size_t       levels[3], helped, due; /* red, orange, yellow */
} making;

typedef struct {
    const char *level, *found, *helped, *ended, *end_income, *visited;
    int         income, rigid;
} watch;

static const watch USUAL = {"橙色预警", "2019-07-10", "2019-07-20", "", "", "2019-11-20", 5200, 800};

/* ---- Rows ---- */

static demo_row *add_watched(making *of, uint32_t person, const watch *made)
{
    demo_county       *county = of->county;
    const demo_person *head = &county->persons.items[person];
    bool               is_listed = head->listed[DEMO_YEARS - 1] != NULL;

    if (made->ended[0] == '\0') {
        of->levels[strncmp(made->level, "红", 3) == 0 ? 0 : strncmp(made->level, "橙", 3) == 0 ? 1 : 2]++;
        of->helped += made->helped[0] != '\0';
    }
    if (made->visited[0] != '\0')
        (void)demo_line(county, of->visits, person, "%s|%s|%s", head->name, head->id, made->visited);
    return demo_line(county, of->watched, person, "JC%06zu|%s|%s|%s|%s|%s|%s|%d.00|%d.00|%s|%s|%s",
                     of->watched->rows.count + 1, head->name, head->id, demo_village_name(county, person),
                     is_listed ? "脱贫不稳定户" : "边缘易致贫户", made->level, made->found, made->income,
                     made->rigid, made->helped, made->ended, made->end_income);
}

static demo_row *add_policy(making *of, uint32_t person, const char *policy, const char *rest)
{
    const demo_person *head = &of->county->persons.items[person];
    return demo_line(of->county, of->policies, person, "%s|%s|%s|%s", head->name, head->id, policy, rest);
}

/* ---- Defects and look-alikes ---- */

static void answer(making *of, const char *check, bool is_planted, const watch *made)
{
    uint32_t person = demo_somebody(of->county, 30, 79);
    if (person != DEMO_NOBODY)
        demo_answer_one(of->county, check, is_planted, add_watched(of, person, made), NULL);
}

static void plant_watched(making *of)
{
    watch made = USUAL;

    made.helped = "";
    answer(of, "help-late", true, &made);
    made.found = "2019-12-16"; /* of this month */
    answer(of, "help-late", false, &made);
    made = USUAL, made.ended = "2019-12-10", made.end_income = "5300.00";
    answer(of, "ended-under-line", true, &made);
    made.end_income = "8100.00";
    answer(of, "ended-under-line", false, &made);
    made = USUAL, made.income = 3100, made.level = "黄色预警";
    answer(of, "level-differs", true, &made);
    made.income = 7200, made.rigid = 5000, made.level = "橙色预警"; /* by its rigid spending */
    answer(of, "level-differs", false, &made);
    made = USUAL, made.visited = "2019-08-01";
    answer(of, "watched-not-visited", true, &made);
    made.found = "2019-12-01", made.visited = ""; /* found this month */
    made.helped = "2019-12-10";
    answer(of, "watched-not-visited", false, &made);
}

static void plant_events(making *of)
{
    demo_county *county = of->county;

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t person = demo_somebody(county, 30, 79);
        if (person == DEMO_NOBODY)
            return;
        demo_answer_one(county, "event-not-handled", is_planted,
                        demo_line(county, of->events, person, "%s|%s|因病|2019-09-15|28000.00|%s",
                                  county->persons.items[person].name, county->persons.items[person].id,
                                  is_planted ? "" : "2019-09-28"),
                        NULL);
        person = demo_somebody(county, 30, 79);
        if (person == DEMO_NOBODY)
            return;
        if (is_planted)
            of->due++;
        demo_answer_one(county, "policy-not-received", is_planted, add_policy(of, person, "医疗保障", is_planted ? "是|否" : "是|是"), NULL);
        demo_answer_one(county, "policy-without-right", is_planted, add_policy(of, person, "教育资助", is_planted ? "否|是" : "否|否"), NULL);
    }
}

static demo_row *planted_of(const demo_county *county, const char *check, uint32_t person)
{
    for (size_t i = 0; i < county->answers.count; i++)
        if (county->answers.items[i].is_planted && strcmp(county->answers.items[i].check, check) == 0 &&
            county->answers.items[i].rows.items[0]->person == person)
            return county->answers.items[i].rows.items[0];
    return NULL;
}

/* Children that two rules point at: the first is in no list of the watched, the next ones are. */
static void plant_signals(making *of)
{
    demo_county *county = of->county;
    size_t       there = county->answers.count, nth = 0;

    for (size_t i = 0; i < there; i++) {
        if (!county->answers.items[i].is_planted || strcmp(county->answers.items[i].check, "child-out-of-school") != 0)
            continue;
        demo_row *child = county->answers.items[i].rows.items[0];
        demo_row *poor = planted_of(county, "poor-not-insured", child->person);
        if (poor == NULL)
            continue;
        if (nth > 0)
            (void)add_watched(of, child->person, &USUAL);
        demo_answer_one(county, "signals-and-not-watched", nth == 0, child, poor);
        nth++;
    }
}

/* ---- The whole ---- */

static void fill(making *of)
{
    static const char *const POLICIES[] = {"产业帮扶", "就业帮扶", "医疗保障", "教育资助", "兜底保障"};
    size_t wanted = (size_t)lround(WATCHED * of->county->scale);

    for (size_t i = 0; of->watched->rows.count < wanted || i < 3; i++) {
        uint32_t person = demo_somebody(of->county, 30, 79);
        watch    made = USUAL;
        if (person == DEMO_NOBODY)
            return;
        if (i % 5 == 0)
            made.income = 3600, made.level = "红色预警";
        else if (i % 5 < 3)
            made.income = 6800, made.level = "黄色预警";
        (void)add_watched(of, person, &made);
        for (size_t j = 0; j < 5; j++)
            (void)add_policy(of, person, POLICIES[j], (person + j) % 3 == 0 ? "否|否" : "是|是");
    }
}

void demo_warning_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    of.watched = demo_table(
        county, "扶贫办_防返贫监测对象名册.xlsx", "沁县防返贫监测对象名册",
        "户编号|户主姓名|户主身份证号|所在村|监测对象类别|预警级别|识别日期|人均纯收入|人均刚性支出|帮扶措施落实日期|风险消除日期|消除时人均纯收入",
        "ttttttdmmddm");
    of.visits = demo_table(county, "扶贫办_监测户走访记录.xlsx", "沁县监测户走访记录", "户主姓名|户主身份证号|走访日期", "ttd");
    of.events = demo_table(county, "应急局_突发事件登记.csv", "沁县突发事件登记",
                           "户主姓名|户主身份证号|事件类型|发生日期|自付金额|处置日期", "ttttmt");
    of.policies = demo_table(county, "扶贫办_五策同享落实表.xlsx", "沁县五策同享落实表",
                             "户主姓名|户主身份证号|政策类别|是否符合条件|是否享受", "ttttt");
    for (size_t i = 0; i < plants; i++) {
        plant_watched(&of);
        plant_events(&of);
    }
    if (is_clean) {
        uint32_t person = demo_somebody(county, 30, 79);
        if (person != DEMO_NOBODY)
            (void)demo_line(county, of.events, person, "%s|%s|因灾|2019-09-15|3000.00|2019-09-28",
                            county->persons.items[person].name, county->persons.items[person].id);
    }
    plant_signals(&of);
    fill(&of);
    demo_figure(county, "warn.red", "%zu", of.levels[0]);
    demo_figure(county, "warn.orange", "%zu", of.levels[1]);
    demo_figure(county, "warn.yellow", "%zu", of.levels[2]);
    demo_figure(county, "warn.watched", "%zu", of.levels[0] + of.levels[1] + of.levels[2]);
    demo_figure(county, "warn.helped", "%zu", of.helped);
    demo_figure(county, "warn.five_all", "%zu", of.due);
}
