/* roads - rural roads, bus stations, and the bus of each village. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { ROADS = 57, METRES = 118250, STATIONS = 7 };
static const int64_t COUNTY_FEN = 150000000, CITY_FEN = 70000000, SUBSIDY_FEN = 10000000;

enum { ON_DEMAND = 5, DAYS = 31, LINES = 12 }; /* each fifth village; of December 2019 */

/* ---- Roads and stations ---- */

static void add_roads(demo_county *county, size_t plants)
{
    demo_sheet *roads = demo_table(county, "交通局_农村公路项目台账.xlsx", "沁县农村公路项目台账",
                                   "项目编号|路线名称|乡镇|合同里程(公里)|合同金额|已支付金额|交工日期|验收日期|实测里程(公里)", "tttnmmddn");
    int left = METRES;

    for (size_t i = 0; i < ROADS; i++) {
        const demo_village *at = &county->villages.items[(i * 5 + 3) % county->villages.count];
        int     metres = i + 1 == ROADS ? left : METRES / ROADS + (int)(i % 7 * 60) - 180;
        int64_t contract = (int64_t)metres * 52000;
        size_t  kind = i / 2 < plants * 4 && i / 2 < 24 ? i / 2 % 4 : 9;
        bool    is_planted = i % 2 == 0;
        static const char *const CHECKS[] = {"road-not-accepted", "road-shorter-than-contract",
                                             "road-paid-over-contract", "road-paid-before-acceptance"};
        int64_t     paid = contract;
        int         surveyed = metres;
        const char *dates = "2019-06-30|2019-10-20";
        switch (kind) {
        case 0: dates = is_planted ? "2019-05-30|" : "2019-10-30|", paid = contract * 8 / 10; break;
        case 1: surveyed = is_planted ? metres * 93 / 100 : metres * 99 / 100; break;
        case 2: paid = is_planted ? contract + 1500000 : contract; break;
        case 3: dates = "2019-10-30|", paid = is_planted ? contract : contract * 9 / 10; break;
        default: break;
        }
        demo_row *row = demo_line(
            county, roads, DEMO_NOBODY, "NL-%03zu|%s至%s公路|%s|%d.%03d|%s|%s|%s|%d.%03d", i + 1,
            county->townships.items[at->township].name, at->name, county->townships.items[at->township].name,
            metres / 1000, metres % 1000, demo_money(county, contract), demo_money(county, paid), dates,
            surveyed / 1000, surveyed % 1000);
        left -= metres;
        if (kind < 4)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
}

static void add_stations(demo_county *county, size_t plants)
{
    demo_sheet *stations =
        demo_table(county, "交通局_农村客运站改造台账.xlsx", "沁县农村客运站改造台账",
                   "客运站名称|乡镇|县级资金|市级资金|改造完工日期|运营状态|核查日期", "ttmmttt");

    for (size_t i = 0; i < STATIONS; i++) {
        bool      is_closed = plants > 0 && i == 1;
        int64_t   from_county = COUNTY_FEN / STATIONS / 100 * 100, from_city = CITY_FEN / STATIONS;
        demo_row *row =
            demo_line(county, stations, DEMO_NOBODY, "%s客运站|%s|%s|%s|2019-0%zu-15|%s|2019-12-05",
                      county->townships.items[i].name, county->townships.items[i].name,
                      demo_money(county, i == 0 ? COUNTY_FEN - from_county * (STATIONS - 1) : from_county),
                      demo_money(county, from_city), i % 5 + 4, is_closed ? "停用" : "正常运营");
        if (plants > 0)
            demo_answer_one(county, "station-closed", is_closed, row, NULL);
    }
}

/* ---- Buses ---- */

typedef struct {
    demo_county *county;
    demo_sheet  *services, *runs, *bookings, *subsidies, *vehicles;
    size_t       without;
} making;

static bool has_bus(const demo_village *village)
{
    return strstr(village->name, "村") != NULL;
}

static const char *line_of(demo_county *county, size_t village)
{
    return tz_arena_printf(county->mem, "沁%02zu路", village % LINES + 1);
}

static const char *place_of(demo_county *county, size_t index)
{
    const demo_village *village = &county->villages.items[index];
    return tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
}

/* The first villages of on-demand service hold the defects. */
static void add_services(making *of, size_t plants)
{
    demo_county *county = of->county;
    size_t       on_demand = 0, booked = 0;

    for (size_t i = 0; i < county->villages.count; i++) {
        if (!has_bus(&county->villages.items[i]))
            continue;
        if (i % ON_DEMAND != 0) {
            (void)demo_line(county, of->services, DEMO_NOBODY, "%s|班线客车|%s|", place_of(county, i), line_of(county, i));
            continue;
        }
        bool      is_without = on_demand < plants, is_odd = !is_without && on_demand < plants * 3;
        demo_row *row = demo_line(county, of->services, DEMO_NOBODY, "%s|%s||%s", place_of(county, i),
                                  is_without ? "未通" : "预约响应", is_without ? "" : "10100000000");
        of->without += is_without;
        if (plants > 0 && on_demand < plants * 2)
            demo_answer_one(county, "village-without-bus", is_without, row, NULL);
        if (is_odd) { /* two refusals; one refusal and one cancelled by the passenger */
            bool      is_planted = on_demand % 2 == 0;
            demo_row *a = demo_line(county, of->bookings, DEMO_NOBODY, "YY%05zu|%s|2019-12-04|无车拒绝", booked++, place_of(county, i));
            demo_row *b = demo_line(county, of->bookings, DEMO_NOBODY, "YY%05zu|%s|2019-12-11|%s", booked++,
                                    place_of(county, i), is_planted ? "无人接听" : "乘客取消");
            demo_answer_one(county, "on-demand-not-served", is_planted, a, is_planted ? b : NULL);
        } else if (!is_without) {
            (void)demo_line(county, of->bookings, DEMO_NOBODY, "YY%05zu|%s|2019-12-18|已接送", booked++, place_of(county, i));
        }
        on_demand++;
    }
}

/* Each line runs twice a day with its own bus; the last lines hold the defects. */
static void add_runs(making *of, size_t plants)
{
    demo_county *county = of->county;
    int64_t      left = SUBSIDY_FEN;

    for (size_t line = 0; line < LINES + (plants > 0 ? 4 : 0); line++) {
        bool        is_idle = line == LINES, is_late = line == LINES + 1, is_short = line == LINES + 2, is_expired = line == LINES + 3;
        const char *route = tz_arena_printf(county->mem, "沁%02zu路", line + 1), *plate = tz_arena_printf(county->mem, "晋D%05zu(虚构)", line + 1);
        demo_row   *vehicle = demo_line(county, of->vehicles, DEMO_NOBODY, "%s|19|%s", plate, is_expired ? "2019-12-30" : "2020-06-30"), *last = NULL;
        int         tracked = 0;
        for (int day = 1; day <= DAYS; day++)
            for (int run = 1; run <= 2; run++) {
                bool ran = !(is_idle && day > 20) && !(is_late && day > 26), has_track = !(is_short && day % 4 == 0);
                bool is_full = plants > 0 && line < plants && day == 24 && run == 1;
                last = demo_line(county, of->runs, DEMO_NOBODY, "%s|2019-12-%02d|%d|%s|%s|%s|%d|", route, day,
                                 run, plate, ran ? "是" : "否", ran && has_track ? "是" : "否",
                                 !ran      ? 0
                                 : is_full ? (line % 2 == 0 ? 23 : 19)
                                           : 6 + (day + run) % 11);
                tracked += ran && has_track;
                if (is_full)
                    demo_answer_one(county, "bus-over-seats", line % 2 == 0, last, vehicle);
            }
        if (is_idle || is_late) /* the look-alike stood still for five days */
            demo_answer_one(county, "line-without-run", is_idle,
                            demo_line(county, of->services, DEMO_NOBODY, "%s|班线客车|%s|", place_of(county, line - LINES + 1), route), NULL);
        if (is_expired)
            demo_answer_one(county, "bus-not-inspected", true, vehicle, last);
        if (line == 0 && plants > 0)
            demo_answer_one(county, "bus-not-inspected", false, vehicle, NULL);
        int64_t   paid = line + 1 == LINES ? left : SUBSIDY_FEN / LINES / 100 * 100;
        bool      is_paid = line < LINES || is_short;
        if (!is_paid)
            continue;
        demo_row *subsidy = demo_line(county, of->subsidies, DEMO_NOBODY, "2019年12月|%s|%d|%s", route,
                                      is_short ? DAYS * 2 : tracked, demo_money(county, is_short ? 0 : paid));
        left -= is_short ? 0 : paid;
        if (plants > 0 && (is_short || line == 1))
            demo_answer_one(county, "subsidy-without-run", is_short, subsidy, NULL);
    }
}

void demo_roads_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL && county->townships.count >= STATIONS);
    size_t plants = is_clean ? 0 : demo_plant_count(county);
    making of = {.county = county};

    add_roads(county, plants);
    add_stations(county, plants);
    of.services = demo_table(county, "交通局_建制村通客车台账.xlsx", "沁县建制村通客车台账", "建制村|通车方式|线路名称|预约电话", "tttt");
    of.runs = demo_table(county, "交通局_客车开行记录_2019年12月.xlsx", "沁县客车开行记录",
                         "线路名称|开行日期|班次|车牌号|是否开行|有无定位轨迹|乘客人数|到达村", "ttntttnt");
    of.bookings = demo_table(county, "交通局_预约出行登记.csv", "沁县预约出行登记", "预约编号|预约村|预约乘车日期|处理结果", "tttt");
    of.subsidies = demo_table(county, "交通局_偏远线路运营补贴.xlsx", "沁县偏远线路运营补贴", "补贴月份|线路名称|补贴班次|补贴金额", "ttnm");
    of.vehicles = demo_table(county, "交通局_客运车辆名册.xlsx", "沁县客运车辆名册", "车牌号|核定载客|检验有效期止", "tnt");
    add_services(&of, plants);
    add_runs(&of, plants);
    demo_figure(county, "road.count", "%d", ROADS);
    demo_figure(county, "road.km", "%d.%02d", METRES / 1000, METRES % 1000 / 10);
    demo_figure(county, "road.county_fund", "%.0f", (double)COUNTY_FEN / 1e6);
    demo_figure(county, "road.city_fund", "%.0f", (double)CITY_FEN / 1e6);
    demo_figure(county, "road.stations", "%d", STATIONS);
    demo_figure(county, "bus.subsidy", "%.0f", (double)SUBSIDY_FEN / 1e6);
    demo_figure(county, "bus.coverage", "%zu", of.without);
}
