/* teams - village teams and the organisations of villages; their people come from elsewhere. */
#include "base/assert.h"
#include "base/date.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { FIRST_SECRETARIES = 12, MEMBERS = 43, TRAINED = 2137, POSTED = 120, WEAK_2019 = 39, WEAK_NEW = 11, CADRES = 38, SCHOOLED = 150 };

typedef struct {
    demo_county *county;
    demo_sheet  *posting, *members, *days, *trainings, *cards;
    size_t       small, none;
} making;

/* A new person whom no register of residents holds. */
static uint32_t outsider(demo_county *county, int year)
{
    char sex = demo_chance(&county->pcg, 600) ? 'M' : 'F';
    const char *surname = demo_surname(&county->pcg);
    return demo_person_add(county, 0, sex, tz_date_add(tz_date_make(year, 1, 1), demo_between(&county->pcg, 0, 364)),
                           tz_arena_printf(county->mem, "%s%s", surname, demo_given(county->mem, &county->pcg, year, sex)));
}

static const char *village_at(demo_county *county, size_t index)
{
    const demo_village *village = &county->villages.items[index * 5 % county->villages.count];
    return tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
}

/* ---- Teams ---- */

static demo_row *add_member(making *of, const char *village, uint32_t person, const char *post, const char *rest)
{
    const demo_person *who = &of->county->persons.items[person];
    return demo_line(of->county, of->members, person, "%s|%s|%s|%s|县直单位(虚构)|2018-03-01|%s", village, who->name, who->id, post, rest);
}

static void add_days(making *of, const char *village, uint32_t person, int days, int leave, int elsewhere)
{
    const demo_person *who = &of->county->persons.items[person];
    (void)demo_line(of->county, of->days, person, "2019年11月|%s|%s|%s|%d|%d|%d", village, who->name, who->id, days, leave, elsewhere);
}

typedef enum { SOUND, TWO, TWICE, DAYS, TIED, LEFT, CARD, KINDS } fault;

/* A team of three; a defect changes it. The look-alike of each stands in the village after it. */
static void add_team(making *of, size_t no, fault kind, bool is_planted, uint32_t shared)
{
    static const char *const POSTS[] = {"第一书记", "工作队队员", "工作队队员"};
    demo_county *county = of->county;
    const char  *village = village_at(county, no);
    demo_row *posting = demo_line(county, of->posting, DEMO_NOBODY, "%s|%s|GZD-%03zu", village,
                                  no % 9 == 0 ? "软弱涣散村" : "贫困村", no + 1),
             *row = NULL;
    bool         is_small = is_planted && (kind == TWO || kind == LEFT);

    for (int i = 0; i < 3; i++) {
        bool     is_last = i == 2;
        uint32_t person = is_last && kind == TWICE && shared != DEMO_NOBODY ? shared : outsider(county, demo_between(&county->pcg, 1968, 1990));
        if (is_last && is_small)
            break;
        row = add_member(of, village, person, POSTS[i], is_last && is_planted && kind == TIED ? "|||否" : "|||是");
        bool is_short = is_last && kind == DAYS;
        add_days(of, village, person, is_short ? 14 : 21 + (int)(no % 5), is_short && !is_planted ? 4 : 0, is_short && !is_planted ? 2 : 0);
    }
    demo_row *card = demo_line(county, of->cards, DEMO_NOBODY, "TX-%03zu|%s|2019-10-08|入户走访|%s", no + 1,
                               village, is_planted && kind == CARD ? "" : "2019-10-15");
    if (kind == LEFT) /* the look-alike left a team that is still full */
        row = add_member(of, village, outsider(county, 1979), "工作队队员", "2019-10-10|工作调动||是");
    of->small += is_small;
    switch (kind) {
    case TWO: demo_answer_one(county, "team-too-small", is_planted, posting, NULL); break;
    case DAYS: demo_answer_one(county, "days-under-required", is_planted, of->days->rows.items[of->days->rows.count - 1], NULL); break;
    case TIED: demo_answer_one(county, "member-not-detached", is_planted, row, NULL); break;
    case LEFT:
        demo_answer_one(county, "member-not-replaced", is_planted, row, NULL);
        if (is_planted)
            demo_answer_one(county, "team-too-small", true, posting, NULL);
        break;
    case TWICE:
        if (!is_planted) /* left another team before */
            demo_answer_one(county, "member-in-two-teams", false, row,
                            add_member(of, village_at(county, POSTED - 1), row->person, "工作队队员", "2019-05-20|轮换||是"));
        break;
    case CARD: demo_answer_one(county, "reminder-not-answered", is_planted, card, NULL); break;
    default: break;
    }
}

/* One person in two teams: the second village's third member is the first's. */
static void add_teams(making *of, size_t plants)
{
    demo_county *county = of->county;

    for (size_t i = 0; i < POSTED; i++) {
        fault kind = i / 2 < plants * (KINDS - 1) ? (fault)(i / 2 % (KINDS - 1) + 1) : SOUND;
        bool  is_planted = kind != SOUND && i % 2 == 0;
        size_t before = of->members->rows.count;
        uint32_t shared = is_planted && kind == TWICE && before > 0 ? of->members->rows.items[before - 1]->person : DEMO_NOBODY;
        add_team(of, i, kind, is_planted, shared);
        if (shared != DEMO_NOBODY)
            demo_answer_one(county, "member-in-two-teams", true, of->members->rows.items[before - 1],
                            of->members->rows.items[of->members->rows.count - 1]);
    }
}

/* Replaced in teams that are full. */
static void add_changes(making *of)
{
    for (size_t i = 0; i < FIRST_SECRETARIES + MEMBERS; i++) {
        const char *village = village_at(of->county, POSTED - 1 - i % 30);
        (void)add_member(of, village, outsider(of->county, demo_between(&of->county->pcg, 1965, 1985)),
                         i < FIRST_SECRETARIES ? "第一书记" : "工作队队员",
                         tz_arena_printf(of->county->mem, "2019-0%zu-20|不符合要求|%s(虚构)|是", i % 9 + 1,
                                         demo_surname(&of->county->pcg)));
    }
}

void demo_teams_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    making of = {.county = county};

    of.posting = demo_table(county, "组织部_派驻村名单.xlsx", "沁县派驻村名单", "派驻村|派驻类型|工作队编号", "ttt");
    of.members = demo_table(county, "组织部_驻村工作队队员名册.xlsx", "沁县驻村工作队队员名册",
                            "派驻村|姓名|身份证号|职务|派出单位|驻村起始日期|离任日期|离任原因|接替人|是否脱离原岗位", "ttttttdttt");
    of.days = demo_table(county, "组织部_驻村天数月报_2019年11月.xlsx", "沁县驻村天数月报",
                         "月份|派驻村|姓名|身份证号|驻村天数|批准请假天数|因公外出天数", "ttttnnn");
    of.trainings = demo_table(county, "组织部_扶贫干部集中培训名册.xlsx", "沁县扶贫干部集中培训名册", "培训班名称|培训日期|姓名|身份证号", "tttt");
    of.cards = demo_table(county, "组织部_驻村帮扶提醒卡.csv", "沁县驻村帮扶提醒卡", "提醒卡编号|派驻村|提醒日期|提醒事项|答复日期", "ttttt");
    add_teams(&of, is_clean ? 0 : demo_plant_count(county));
    add_changes(&of);
    for (size_t i = 0; i < TRAINED; i++) {
        uint32_t person = outsider(county, demo_between(&county->pcg, 1964, 1994));
        (void)demo_line(county, of.trainings, person, "2019年第%zu期扶贫干部培训班|2019-0%zu-12|%s|%s",
                        i % 4 + 1, i % 4 * 2 + 2, county->persons.items[person].name,
                        county->persons.items[person].id);
    }
    demo_figure(county, "team.villages", "%d", POSTED);
    demo_figure(county, "team.trained", "%d", TRAINED / 1000 * 1000);
    demo_figure(county, "team.first_sec", "%d", FIRST_SECRETARIES);
    demo_figure(county, "team.members", "%d", MEMBERS);
    demo_figure(county, "team.one_team", "0");
    demo_figure(county, "team.three", "%zu", of.small);
    demo_figure(county, "team.all_three", "%zu", of.small);
}

/* ---- Organisations ---- */

static void add_secretaries(demo_county *county, size_t plants)
{
    demo_sheet *sheet = demo_table(county, "组织部_村党组织书记县级备案表.xlsx", "沁县村党组织书记县级备案表",
                                   "村(社区)|书记姓名|身份证号|任职日期|县级备案日期|联审日期|联审是否通过", "ttttttt");
    static const char *const CHECKS[] = {"secretary-not-filed", "secretary-review-missing", "secretary-over-age", "term-ended"};

    for (size_t i = 0; i < county->villages.count; i++) {
        const demo_village *village = &county->villages.items[i];
        size_t      kind = i / 2 < plants * 4 ? i / 2 % 4 : 4;
        bool        is_planted = i % 2 == 0;
        uint32_t    person = outsider(county, kind == 2 ? (is_planted ? 1951 : 1956) : demo_between(&county->pcg, 1962, 1988));
        demo_row   *row = demo_line(county, sheet, person, "%s%s|%s|%s|%s|%s|%s|是", county->townships.items[village->township].name, village->name,
                                    county->persons.items[person].name, county->persons.items[person].id,
                                    kind == 3 && is_planted ? "2014-01-10" : "2018-01-10", kind == 0 && is_planted ? "" : "2018-02-20",
                                    kind == 1 && is_planted ? (i % 4 == 0 ? "" : "2013-01-06") : "2018-01-06");
        if (kind < 4)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
}

void demo_party_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    size_t plants = is_clean ? 0 : demo_plant_count(county);
    demo_sheet *weak = demo_table(county, "组织部_软弱涣散党组织台账.xlsx", "沁县软弱涣散党组织台账",
                                  "认定年度|村(社区)|问题类型|整顿措施|整顿结果", "ntttt");
    demo_sheet *posted = demo_table(county, "组织部_选派到村任职干部名册.xlsx", "沁县选派到村任职干部名册",
                                    "姓名|身份证号|任职村|原单位|到任日期|离任日期", "tttttt");
    demo_sheet *schooled = demo_table(county, "组织部_农村干部学历提升名册.xlsx", "沁县农村干部学历提升名册",
                                      "姓名|身份证号|就读院校|入学日期|学习状态", "ttttt");

    for (size_t i = 0; i < WEAK_2019; i++) {
        bool      is_planted = i % 2 == 0 && i < plants * 2;
        demo_row *row = demo_line(county, weak, DEMO_NOBODY, "2019|%s|软|%s|已达标", village_at(county, i), is_planted ? "" : "调整书记,配强班子");
        if (i < plants * 2)
            demo_answer_one(county, "weak-without-measure", is_planted, row, NULL);
        if (i >= WEAK_2019 - plants) { /* found weak the year before as well; the look-alike two years before */
            bool      is_twice = i % 2 == 0;
            demo_row *old = demo_line(county, weak, DEMO_NOBODY, "%d|%s|软|整顿|已达标", is_twice ? 2018 : 2017, village_at(county, i));
            demo_answer_one(county, "weak-twice-running", is_twice, old, row);
        }
    }
    for (size_t i = 0; i < CADRES; i++) {
        uint32_t person = outsider(county, demo_between(&county->pcg, 1984, 1994));
        (void)demo_line(county, posted, person, "%s|%s|%s|县直单位(虚构)|2019-07-10|",
                        county->persons.items[person].name, county->persons.items[person].id,
                        village_at(county, i + 50));
    }
    for (size_t i = 0; i < SCHOOLED; i++) {
        uint32_t person = outsider(county, demo_between(&county->pcg, 1972, 1992));
        (void)demo_line(county, schooled, person, "%s|%s|长治某学院(虚构)|2019-09-01|在读",
                        county->persons.items[person].name, county->persons.items[person].id);
    }
    add_secretaries(county, plants);
    demo_figure(county, "party.weak2019", "%d", WEAK_2019);
    for (size_t i = 0; i < WEAK_NEW; i++)
        (void)demo_line(county, weak, DEMO_NOBODY, "2019|%s|散|正在整顿|新整顿", village_at(county, WEAK_2019 + i));
    demo_figure(county, "party.weak_new", "%d", WEAK_NEW);
    demo_figure(county, "party.cadres", "%d", CADRES);
    demo_figure(county, "party.degree", "%d", SCHOOLED);
}
