/* millet - from the plot to the scanned code; a lot a grower, so that each balance stands alone. */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

enum { GROWERS = 400, YIELD = 300 }; /* at scale 1; kg a mu in a usual year */

typedef struct {
    demo_county *county;
    demo_sheet  *growers, *purchases, *lots, *codes, *scans, *members, *reports;
    size_t       people;
    int64_t      mu;
} making;

typedef enum { SOUND, OVER_YIELD, OVER_GRAIN, OVER_MILL, OVER_PACKED, UNLICENSED, KINDS } fault;

static const char FIRM[] = "沁县沁州黄小米一厂(虚构)", LAPSED[] = "沁县米业二厂(虚构)";

/* A grower's crop through its lot to its codes. A look-alike stands right at the limit. */
static void add_chain(making *of, fault kind, bool is_planted, bool is_alike)
{
    static const char *const CHECKS[KINDS] = {"",
                                              "bought-over-yield",
                                              "lot-over-grain",
                                              "millet-over-grain",
                                              "packed-over-lot",
                                              "lot-of-unlicensed-firm"};
    demo_county *county = of->county;
    uint32_t     person = demo_somebody(county, 28, 70);
    if (person == DEMO_NOBODY)
        return;
    const demo_person *who = &county->persons.items[person];
    size_t      no = ++of->people;
    int         mu = 3 + (int)(no % 12), kg = mu * (kind == OVER_YIELD ? (is_planted ? 420 : 350) : YIELD);
    int         grain = kind == OVER_GRAIN && is_planted ? kg * 12 / 10 : kg, out = grain * (kind == OVER_MILL ? (is_planted ? 86 : 78) : 72) / 100;
    const char *lot = tz_arena_printf(county->mem, "PC2019-%04zu", no);
    demo_row *grower = demo_line(county, of->growers, person, "2019|%s|%s|%s|%d|%s", who->name, who->id,
                                 demo_village_name(county, person), mu, FIRM);
    demo_row   *purchase = demo_line(county, of->purchases, person, "SG2019-%04zu|2019|%s|%s|%s|%d|%s", no, FIRM, who->name, who->id, kg, lot);
    demo_row   *milled = demo_line(county, of->lots, DEMO_NOBODY, "%s|%s|%s|%d|%d", lot, kind == UNLICENSED ? LAPSED : FIRM,
                                   kind == UNLICENSED && !is_planted ? "2019-06-20" : "2019-11-12", grain, out);
    demo_row   *code = NULL;

    of->mu += mu;
    for (int half = 0; half < 2; half++)
        code = demo_line(county, of->codes, DEMO_NOBODY, "QZH%06zu%d|%s|%d|2019-11-20", no, half, lot,
                         kind == OVER_PACKED && is_planted ? out * 7 / 10 : out / 2);
    if (is_planted || is_alike) {
        demo_row *other = kind == OVER_YIELD || kind == OVER_GRAIN ? purchase : kind == OVER_PACKED ? code : NULL;
        demo_answer_one(county, CHECKS[kind], is_planted, kind == OVER_YIELD ? grower : milled, other);
    }
}

static demo_row *add_scan(making *of, const char *code, const char *scanned, const char *city)
{
    return demo_line(of->county, of->scans, DEMO_NOBODY, "SM%07zu|%s|%s|%s|", of->scans->rows.count + 1, code, scanned, city);
}

static void add_scans(making *of, size_t plants)
{
    static const char *const CITIES[] = {"太原市", "长治市", "北京市", "郑州市", "西安市"};

    for (size_t i = 0; i < of->codes->rows.count; i += 3) {
        const char *code = of->codes->rows.items[i]->cells[0];
        bool        has_pair = i / 3 < plants * 2, is_planted = has_pair && i / 3 % 2 == 0; /* two cities on a day, or a day apart */
        demo_row   *a = add_scan(of, code, "2019-12-05", CITIES[i % 5]);
        if (has_pair)
            demo_answer_one(
                of->county, "code-in-two-places", is_planted, a,
                add_scan(of, code, is_planted ? "2019-12-05" : "2019-12-06", CITIES[(i + 2) % 5]));
    }
    for (size_t i = 0; i < plants; i++)
        demo_answer_one(
            of->county, "code-never-issued", true,
            add_scan(of, tz_arena_printf(of->county->mem, "QZX%06zu", i), "2019-12-08", CITIES[i % 5]), NULL);
    if (plants > 0 && of->scans->rows.count > plants)
        demo_answer_one(of->county, "code-never-issued", false, of->scans->rows.items[of->scans->rows.count / 2], NULL);
}

/* Sold without a plot; rewards that are late, or not due yet. */
static void add_others(making *of, size_t plants)
{
    demo_county *county = of->county;

    for (size_t i = 0; i < plants; i++) {
        uint32_t person = demo_somebody(county, 28, 70);
        if (person == DEMO_NOBODY)
            break;
        demo_answer_one(county, "bought-from-no-plot", true,
                        demo_line(county, of->purchases, person,
                                  "SG2019-9%03zu|2019|%s|%s|%s|260|SH2019-%03zu", i, FIRM,
                                  county->persons.items[person].name, county->persons.items[person].id, i),
                        NULL);
    }
    if (plants > 0 && of->purchases->rows.count > plants)
        demo_answer_one(county, "bought-from-no-plot", false, of->purchases->rows.items[0], NULL);
    for (size_t i = 0; i < 6 + plants * 2; i++) {
        bool      is_open = i < plants * 2, is_planted = is_open && i % 2 == 0;
        demo_row *row =
            demo_line(county, of->reports, DEMO_NOBODY, "JB2019-%03zu|2019-09-02|%s|500.00|%s", i + 1,
                      is_open && !is_planted ? "2019-12-16" : "2019-09-20", is_open ? "" : "2019-10-08");
        if (is_open)
            demo_answer_one(county, "reward-late", is_planted, row, NULL);
    }
}

void demo_millet_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county), wanted = (size_t)lround(GROWERS * county->scale);

    of.growers =
        demo_table(county, "农业农村局_沁州黄种植基地名册_2019年.xlsx", "沁县2019年沁州黄种植基地名册",
                   "年度|种植户姓名|身份证号|所在村|种植面积(亩)|签约企业", "ntttnt");
    of.purchases =
        demo_table(county, "市场监管局_沁州黄收购台账.xlsx", "沁县沁州黄收购台账",
                   "收购单号|收购年度|收购企业|交售人姓名|身份证号|收购数量(公斤)|加工批次", "tntttnt");
    of.lots = demo_table(county, "市场监管局_沁州黄加工批次.xlsx", "沁县沁州黄加工批次",
                         "加工批次|加工企业|加工日期|投入谷子(公斤)|产出小米(公斤)", "ttdnn");
    of.codes = demo_table(county, "市场监管局_追溯码发放记录.xlsx", "沁县沁州黄追溯码发放记录", "追溯码|加工批次|包装净重(公斤)|发放日期", "ttnd");
    of.scans = demo_table(county, "市场监管局_追溯码扫描记录.csv", "沁县沁州黄追溯码扫描记录",
                          "扫描流水号|追溯码|扫描日期|扫描城市|距上次扫描(公里)", "ttttt");
    of.members = demo_table(county, "市场监管局_沁州黄协会会员企业.xlsx", "沁州黄小米协会会员企业", "企业名称|授权有效期止", "td");
    of.reports =
        demo_table(county, "市场监管局_打假举报奖励台账.xlsx", "沁县打假举报奖励台账(不含举报人信息)",
                   "举报编号|举报日期|核实日期|奖励金额|兑现日期", "tddmd");
    (void)demo_line(county, of.members, DEMO_NOBODY, "%s|2021-12-31", FIRM);
    (void)demo_line(county, of.members, DEMO_NOBODY, "%s|2019-06-30", LAPSED);
    for (size_t i = 0; i < plants * 2 * (KINDS - 1); i++)
        add_chain(&of, (fault)(i / 2 % (KINDS - 1) + 1), i % 2 == 0, i % 2 == 1);
    while (of.people < wanted || of.people < 12) {
        size_t before = of.people;
        add_chain(&of, SOUND, false, false);
        if (of.people == before)
            break; /* nobody is left in a small county */
    }
    add_scans(&of, plants);
    add_others(&of, plants);
    demo_figure(county, "millet.growers", "%zu", of.people);
    demo_figure(county, "millet.area", "%lld", (long long)of.mu);
}
