/* solar - stations, what they gave in the second half of 2019, what the grid paid and who received it. */
#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { STATIONS = 64, PLANT_KW = 20000, MONTHS = 5, FIRST_MONTH = 7 }; /* July to November */
static const int64_t PLANT_FEN = 200100000;
enum { PRICE_FEN = 85, POST_YUAN = 300 };

/* kWh a kW by month: the sun of a valley in Shanxi. */
static const int SUN[MONTHS] = {118, 112, 101, 94, 82};

typedef struct {
    demo_county *county;
    demo_sheet  *stations, *months, *settlements, *payments, *funds;
    size_t       unconnected;
} making;

typedef enum { SOUND, LOW, REPAIRED, STOPPED, METER, METER_CLOSE, NOT_PASSED, RECENT, KINDS } fault;

/* The defect of a station, or SOUND: each kind once in a round of the townships, and in another one each round. */
static fault fault_of(size_t station, size_t plants)
{
    size_t round = station / 13, kind = (station + round * 3) % 13 + 1;
    return round < plants && kind < KINDS ? (fault)kind : SOUND;
}

static bool is_poor(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->listed[DEMO_YEARS - 1] != NULL && demo_is_untouched(person) && demo_age(person) > 25 && demo_age(person) < 65 && !person->has_work;
}

static demo_row *add_payment(making *of, uint32_t person, int month, const char *station, const char *kind)
{
    return demo_line(of->county, of->payments, person, "2019年%d月|%s|%s|%s|%s|%d.00|2019-12-20", FIRST_MONTH + month, station, kind,
                     of->county->persons.items[person].name, of->county->persons.items[person].id, POST_YUAN);
}

/* One month of a station; the fault lies in August, settled in September at the earliest. */
static void add_month(making *of, size_t no, int month, uint32_t payee, fault wrong)
{
    demo_county *county = of->county;
    const char  *station = tz_arena_printf(county->mem, "GF-%03zu", no + 1), *stop = "|";
    bool         is_it = month == 1;
    int          kwh = (int)(100 * SUN[month] * (int)(95 + (no * 7 + (size_t)month * 3) % 11) / 100), settled = kwh;

    if (is_it && wrong == LOW)
        kwh = settled = kwh / 2;
    if (is_it && (wrong == STOPPED || wrong == REPAIRED)) {
        kwh = settled = kwh / 3;
        stop = wrong == STOPPED ? "18|" : "18|逆变器检修";
    }
    if (is_it && wrong == METER)
        settled = kwh * 90 / 100;
    if (is_it && wrong == METER_CLOSE)
        settled = kwh * 99 / 100;
    bool      is_kept = is_it && (wrong == NOT_PASSED || wrong == RECENT);
    demo_row *given = demo_line(county, of->months, DEMO_NOBODY, "2019年%d月|%s|%d|%s", FIRST_MONTH + month, station, kwh, stop);
    demo_row *paid = demo_line(county, of->settlements, DEMO_NOBODY, "2019年%d月|%s|%d|%s|%s", FIRST_MONTH + month, station, settled,
                               demo_money(county, (int64_t)settled * PRICE_FEN), is_kept && wrong == NOT_PASSED ? "2019-09-25" : "2019-12-18");
    if (!is_kept && payee != DEMO_NOBODY)
        (void)add_payment(of, payee, month, station, "公益岗位工资");
    switch (is_it ? wrong : SOUND) {
    case LOW: demo_answer_one(county, "generation-below-neighbours", true, given, NULL); break;
    case STOPPED: demo_answer_one(county, "station-stopped", true, given, NULL); break;
    case REPAIRED:
        demo_answer_one(county, "station-stopped", false, given, NULL);
        demo_answer_one(county, "generation-below-neighbours", false, given, NULL);
        break;
    case METER: demo_answer_one(county, "metered-not-settled", true, given, paid); break;
    case METER_CLOSE: demo_answer_one(county, "metered-not-settled", false, given, paid); break;
    case NOT_PASSED: demo_answer_one(county, "income-not-passed-on", true, paid, NULL); break;
    case RECENT: demo_answer_one(county, "income-not-passed-on", false, paid, NULL); break;
    default: break;
    }
}

static void add_stations(making *of, size_t plants)
{
    demo_county *county = of->county;

    for (size_t i = 0; i < STATIONS; i++) {
        const char *town = county->townships.items[i % county->townships.count].name;
        size_t      village = 0;
        while (county->villages.items[village].township != i % county->townships.count)
            village++;
        village += i / county->townships.count;
        bool      is_dark = plants > 0 && i == STATIONS - 1;
        demo_row *row =
            demo_line(county, of->stations, DEMO_NOBODY, "GF-%03zu|%s村级光伏电站|村级电站|%s|%s%s|100|%s",
                      i + 1, county->villages.items[village].name, town, town,
                      county->villages.items[village].name, is_dark ? "" : "2017-06-28");
        of->unconnected += is_dark;
        if (is_dark) {
            demo_answer_one(county, "station-not-connected", true, row, NULL);
            continue;
        }
        uint32_t payee = demo_pick(county, is_poor, 0);
        for (int month = 0; month < MONTHS; month++)
            add_month(of, i, month, payee, fault_of(i, plants));
    }
    demo_row *plant = demo_line(county, of->stations, DEMO_NOBODY, "GF-900|郭村镇集中式光伏扶贫电站|集中式电站|郭村镇||%d|2019-06-30", PLANT_KW);
    if (plants > 0)
        demo_answer_one(county, "station-not-connected", false, plant, NULL);
}

/* Paid without being listed; a post beside another; their look-alikes. */
static void plant_people(making *of)
{
    demo_county *county = of->county;

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t person = is_planted ? demo_somebody(county, 30, 60) : demo_pick(county, is_poor, 0);
        if (person != DEMO_NOBODY && (!is_planted || county->households.items[county->persons.items[person].household].poor_number == NULL))
            demo_answer_one(county, "solar-paid-without-right", is_planted, add_payment(of, person, 2, "GF-010", "困难补助"), NULL);
        person = demo_pick(county, is_poor, 0);
        if (person == DEMO_NOBODY)
            return;
        demo_row *post = demo_post_add(county, person, "保洁员", "2018年3月", is_planted ? NULL : "2019年5月");
        demo_answer_one(county, "solar-post-double", is_planted, add_payment(of, person, 2, "GF-011", "公益岗位工资"), post);
    }
}

void demo_solar_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL && county->posts != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    of.stations = demo_table(county, "能源局_光伏扶贫电站台账.xlsx", "沁县光伏扶贫电站台账",
                             "电站编号|电站名称|电站类型|乡镇|所属村|装机容量(千瓦)|并网日期", "tttttnd");
    of.months = demo_table(county, "能源局_光伏电站月发电量_2019年.xlsx", "沁县光伏电站月发电量",
                           "月份|电站编号|发电量(度)|停运天数|停运原因", "ttnnt");
    of.settlements = demo_table(county, "供电公司_光伏电费结算_2019年.xlsx", "沁县光伏电费结算",
                                "月份|电站编号|结算电量(度)|结算金额|到账日期", "ttnmt");
    of.payments = demo_table(county, "扶贫办_光伏收益分配明细_2019年.xlsx", "沁县光伏收益分配明细",
                             "收益月份|电站编号|分配方式|领取人姓名|身份证号|分配金额|发放日期", "tttttmt");
    of.funds = demo_table(county, "扶贫办_集中式电站扶贫资金拨付.csv", "沁县集中式电站扶贫资金拨付",
                          "拨付凭证号|电站编号|拨付金额|应拨付日期|实际拨付日期", "ttmtt");
    add_stations(&of, plants);
    for (size_t i = 0; i < plants; i++)
        plant_people(&of);
    for (int half = 0; half < 2; half++) {
        bool      is_late = half == 1 && plants > 0;
        demo_row *row = demo_line(county, of.funds, DEMO_NOBODY, "JZ2019%02d|GF-900|%s|2019-%s|2019-%s",
                                  half + 1, demo_money(county, PLANT_FEN / 2), half == 0 ? "06-30" : "11-30",
                                  half == 0 ? "06-30"
                                  : is_late ? "12-20"
                                            : "11-28");
        if (plants > 0)
            demo_answer_one(county, "plant-money-late", is_late, row, NULL);
    }
    demo_figure(county, "pv.central_mw", "%d", PLANT_KW / 1000);
    demo_figure(county, "pv.central_fund", "%.1f", (double)PLANT_FEN / 1e6);
    demo_figure(county, "pv.stations", "%d", STATIONS);
    demo_figure(county, "pv.village_stations", "%zu", of.unconnected);
}
