/* collective - income of villages, their co-operatives and contracts. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { COOPS = 304, NATIONAL = 2, PROVINCIAL = 29, CITY = 37, COUNTY = 52, FARMERS = 260, CONTRACTS = 180 };

static const char *place_of(demo_county *county, const demo_village *village)
{
    return tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
}

/* ---- Income ---- */

/* Nine of ten villages above 50,000; the first hold the defects. */
static void add_income(demo_county *county, size_t plants)
{
    demo_sheet *sheet = demo_table(county, "农业农村局_村集体收入统计表_2019年.xlsx", "沁县2019年村集体收入统计表",
                                   "年度|村|经营收入|发包及上交收入|投资收益|补助收入|其他收入", "ntmmmmm");
    size_t villages = 0, over_1 = 0, over_5 = 0;

    for (size_t i = 0; i < county->villages.count; i++) {
        const demo_village *village = &county->villages.items[i];
        if (strstr(village->name, "村") == NULL)
            continue;
        size_t  nth = villages++;
        int64_t yuan = nth % 10 == 7 ? 14000 + (int64_t)(nth % 13) * 1000 : 52000 + (int64_t)(nth * 7919 % 60000), grants = nth % 6 == 0 ? 30000 : 0;
        size_t  kind = nth < plants * 3 ? nth % 3 : 3; /* under the line; at it; over it by grants alone */
        if (kind < 3) {
            yuan = kind == 1 ? 10000 : 6200;
            grants = kind == 2 ? 20000 : 0;
        }
        over_1 += yuan >= 10000;
        over_5 += yuan >= 50000;
        demo_row *row = demo_line(county, sheet, DEMO_NOBODY, "2019|%s|%lld.00|%lld.00|0.00|%lld.00|0.00",
                                  place_of(county, village), (long long)(yuan - yuan / 4),
                                  (long long)(yuan / 4), (long long)grants);
        if (kind < 3) {
            demo_answer_one(county, "village-under-line", kind != 1, row, NULL);
            demo_answer_one(county, "line-reached-by-grants", kind == 2, row, NULL);
        }
    }
    demo_figure(county, "coll.villages", "%zu", villages);
    demo_figure(county, "coll.over_1", "%zu", over_1);
    demo_figure(county, "coll.over_5", "%zu", over_5);
    demo_figure(county, "coll.t1_rate", "100");
    demo_figure(county, "coll.t2_rate", "90");
}

static void add_share_coops(demo_county *county, size_t plants)
{
    demo_sheet *sheet = demo_table(county, "农业农村局_股份经济合作社名册.xlsx", "沁县股份经济合作社名册",
                                   "合作社名称|村|统一社会信用代码|登记日期|本年收益|分红金额", "ttttmm");
    size_t      made = 0;

    for (size_t i = 0; i < county->villages.count && made < COOPS; i++) {
        const demo_village *village = &county->villages.items[i];
        if (strstr(village->name, "村") == NULL)
            continue;
        bool      is_planted = made < plants, is_alike = !is_planted && made < plants * 2; /* little to share */
        demo_row *row =
            demo_line(county, sheet, DEMO_NOBODY, "%s股份经济合作社|%s||2019-0%zu-20|%s|%s",
                      place_of(county, village), place_of(county, village), made % 9 + 1,
                      is_alike ? "32000.00" : "86000.00", is_planted || is_alike ? "" : "30000.00");
        if (is_planted || is_alike)
            demo_answer_one(county, "dividend-not-paid", is_planted, row, NULL);
        made++;
    }
    demo_figure(county, "coll.coops", "%zu", made);
}

static void add_contracts(demo_county *county, size_t plants)
{
    static const char *const CHECKS[] = {"contract-too-long", "contract-under-priced", "rent-unpaid", "contract-expired"};
    demo_sheet *sheet = demo_table(county, "农业农村局_集体资产承包合同台账.xlsx", "沁县集体资产承包合同台账",
                                   "合同编号|村|乡镇|资产名称|资产类别|面积(亩)|年承包费|本年已收|合同起始日期|合同截止日期", "tttttnmmdd");

    for (size_t i = 0; i < CONTRACTS; i++) {
        const demo_village *village = &county->villages.items[(i % county->townships.count * 23 + i / 13) % county->villages.count];
        size_t  kind = i / 2 % 5 == 0 && i / 10 < plants * 4 ? i / 10 % 4 : 4;
        bool    is_planted = kind < 4 && i % 2 == 0;
        int     area = 20 + (int)(i % 30), price = 190 + (int)(i % 5) * 10;
        if (kind == 1)
            price = is_planted ? 60 : 140;
        long long yearly = (long long)area * price, paid = kind == 2 && is_planted ? yearly / 2 : yearly;
        demo_row *row = demo_line(county, sheet, DEMO_NOBODY,
                                  "HT-%04zu|%s|%s|集体机动地%zu|耕地|%d|%lld.00|%lld.00|2014-01-01|%s", i + 1,
                                  place_of(county, village), county->townships.items[village->township].name,
                                  i + 1, area, yearly, kind == 3 && !is_planted ? 0 : paid,
                                  kind == 0 && is_planted ? "2043-12-31"
                                  : kind == 3             ? "2017-12-31"
                                                          : "2023-12-31");
        if (kind < 4)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
}

/* ---- Co-operatives ---- */

static void add_farmer_coops(demo_county *county, size_t plants)
{
    demo_sheet *sheet = demo_table(
        county, "市场监管局_农民专业合作社名册.xlsx", "沁县农民专业合作社名册",
        "合作社名称|所在村|负责人姓名|负责人身份证号|成员数|最近年报年度|最近资金往来年度|累计财政补助|清理结果",
        "ttttnnnmt");
    uint32_t head = DEMO_NOBODY;
    size_t   empty = 0;

    for (size_t i = 0; i < FARMERS; i++) {
        const demo_village *village = &county->villages.items[i % county->villages.count];
        bool        is_empty = i < plants, is_quiet = !is_empty && i < plants * 2; /* no report, but money moves */
        size_t      chain = i - plants * 2;
        bool        is_chain = !is_empty && !is_quiet && chain < plants * 5; /* three of one head; two of another */
        bool        is_new = !is_chain || chain % 5 == 0 || chain % 5 == 3;
        demo_answer *answer = NULL;
        if (is_new && (head = demo_somebody(county, 30, 60)) == DEMO_NOBODY)
            break;
        demo_row *row = demo_line(county, sheet, head, "沁县%s种养专业合作社%zu|%s|%s|%s|%zu|%d|%d|%s|%s",
                                  village->name, i + 1, place_of(county, village),
                                  county->persons.items[head].name, county->persons.items[head].id,
                                  5 + i % 40, is_empty || is_quiet ? 2015 : 2018, is_empty ? 2016 : 2019,
                                  is_chain ? "50000.00" : "0.00", i % 11 == 10 && !is_chain ? "已规范" : "");
        empty += is_empty && row->cells[8] == NULL;
        if (is_empty || is_quiet)
            demo_answer_one(county, "coop-empty", is_empty && row->cells[8] == NULL, row, NULL);
        if (is_chain && is_new)
            answer = demo_answer_add(county, "coops-of-one-head", chain % 5 == 0);
        else if (is_chain)
            answer = &county->answers.items[county->answers.count - 1];
        if (answer != NULL)
            demo_answer_row(county, answer, row);
    }
    demo_figure(county, "coop.empty_cleared", "%zu", empty);
}

static void add_models(demo_county *county, size_t plants)
{
    static const struct {
        const char *rank, *figure;
        size_t      count;
    } RANKS[] = {{"国家级", "coop.national", NATIONAL},
                 {"省级", "coop.prov", PROVINCIAL},
                 {"市级", "coop.city", CITY},
                 {"县级", "coop.county", COUNTY}};
    demo_sheet *sheet = demo_table(county, "农业农村局_示范合作社名录.xlsx", "沁县示范合作社名录",
                                   "合作社名称|示范级别|上年监测是否不合格|本年监测是否不合格", "tttt");

    for (size_t rank = 0; rank < 4; rank++) {
        for (size_t i = 0; i < RANKS[rank].count; i++) {
            bool      has_fault = rank == 3 && i < plants * 2, is_planted = has_fault && i % 2 == 0;
            demo_row *row =
                demo_line(county, sheet, DEMO_NOBODY, "沁县%s示范合作社%zu|%s|%s|%s",
                          county->villages.items[(rank * 60 + i) % county->villages.count].name, i + 1,
                          RANKS[rank].rank, is_planted ? "是" : "否", has_fault ? "是" : "否");
            if (has_fault)
                demo_answer_one(county, "model-failed-twice", is_planted, row, NULL);
        }
        demo_figure(county, RANKS[rank].figure, "%zu", RANKS[rank].count);
    }
}

void demo_collective_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    add_income(county, plants);
    add_share_coops(county, plants);
    add_contracts(county, plants);
    add_farmer_coops(county, plants);
    add_models(county, plants);
}
