/* care - day-care centres for the old. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { CENTRES = 34, MONTHS = 5, FIRST_MONTH = 7 };
static const int64_t CARE_FEN = 30000000;

typedef struct {
    demo_county *county;
    demo_sheet  *centres, *months, *served, *money, *accounts;
    int64_t      left;
    size_t       paired;
} making;

typedef enum { SOUND, ON_PAPER, TOO_MANY, DAYS, UNPAIRED, PARTY, ACCOUNTS, KINDS } fault;

static const char *const CHECKS[KINDS] = {"",
                                          "centre-open-on-paper",
                                          "served-over-residents",
                                          "subsidy-over-days",
                                          "centre-not-paired",
                                          "centre-without-parties",
                                          "accounts-not-reported"};

/* ---- Centres ---- */

/* Villages with the most of the old, so that no sound centre serves more than it has. */
static size_t *count_old(demo_county *county)
{
    size_t *old = tz_new_array(county->mem, size_t, county->villages.count);
    for (size_t i = 0; i < county->persons.count; i++)
        if (demo_age(&county->persons.items[i]) >= 60 && demo_is_untouched(&county->persons.items[i]))
            old[county->households.items[county->persons.items[i].household].village]++;
    return old;
}

static bool is_old_of(const demo_county *county, const demo_person *person, int village)
{
    return county->households.items[person->household].village == (uint32_t)village && demo_age(person) >= 65 && demo_is_untouched(person);
}

static demo_row *add_centre(making *of, size_t village, bool is_planted, fault kind)
{
    demo_county *county = of->county;
    const char  *town = county->townships.items[county->villages.items[village].township].name;
    bool         is_paired = !(is_planted && kind == UNPAIRED);

    of->paired += is_paired;
    return demo_line(county, of->centres, DEMO_NOBODY, "%s%s照料中心|%s%s|%s|%s老年协会|%s财政所|%s", town,
                     county->villages.items[village].name, town, county->villages.items[village].name,
                     is_planted && kind == PARTY ? "" : "村民委员会", county->villages.items[village].name,
                     town, is_paired ? "沁县爱心助老协会(虚构)" : "");
}

/* The months of a centre; a defect lies in November. Gives November's row. */
static demo_row *add_months(making *of, const char *centre, size_t old, bool is_planted, fault kind, int64_t share, bool is_last)
{
    demo_county *county = of->county;
    demo_row    *month = NULL;

    for (int i = 0; i < MONTHS; i++) {
        bool   is_it = is_planted && i == MONTHS - 1;
        size_t persons = is_it && kind == TOO_MANY ? old * 2 + 3 : old / 3 + 1;
        month = demo_line(county, of->months, DEMO_NOBODY, "2019年%d月|%s|22|%zu|%zu", FIRST_MONTH + i,
                          centre, is_it && kind == ON_PAPER ? 0 : persons * 20, persons);
        int64_t   paid = is_last && i == MONTHS - 1 ? of->left : share;
        demo_row *money = demo_line(county, of->money, DEMO_NOBODY, "2019年%d月|%s|%d|%s", FIRST_MONTH + i,
                                    centre, is_it && kind == DAYS ? 27 : 22, demo_money(county, paid));
        of->left -= paid;
        if (kind == DAYS && i == MONTHS - 1)
            month = money;
    }
    return month;
}

static void serve(making *of, const char *centre, size_t village)
{
    demo_county *county = of->county;
    uint32_t     person = demo_pick(county, is_old_of, (int)village);

    for (int i = 0; i < MONTHS && person != DEMO_NOBODY; i++)
        (void)demo_line(county, of->served, person, "2019年%d月|%s|%s|%s", FIRST_MONTH + i, centre,
                        county->persons.items[person].name, county->persons.items[person].id);
}

static bool is_dead(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->died > 20180301 && person->died < 20190601 && person->death[0] != NULL && person->status == DEMO_DEAD;
}

static void add_centres(making *of, size_t plants)
{
    demo_county *county = of->county;
    size_t      *old = count_old(county), village = 0, extra = plants > 0; /* the one without a partner is not counted */
    int64_t      share = CARE_FEN / (int64_t)(CENTRES + extra) / MONTHS / 100 * 100;

    for (size_t i = 0; i < CENTRES + extra; i++, village++) {
        while (old[village % county->villages.count] < 4)
            village++;
        size_t    at = village % county->villages.count;
        fault     kind = plants > 0 && i / 2 < (KINDS - 1) * 2 ? (fault)(i / 2 % (KINDS - 1) + 1) : SOUND;
        bool      is_planted = kind != SOUND && i % 2 == 0 && !(kind == UNPAIRED && i / 2 >= KINDS - 1);
        demo_row *centre = add_centre(of, at, is_planted, kind),
                 *month = add_months(of, centre->cells[0], old[at], is_planted, kind, share,
                                     i + 1 == CENTRES + extra);
        serve(of, centre->cells[0], at);
        if (!(is_planted && kind == ACCOUNTS))
            (void)demo_line(county, of->accounts, DEMO_NOBODY, "2018|%s|2019-01-2%zu", centre->cells[0], i % 9);
        if (kind != SOUND && (is_planted || kind != UNPAIRED || i % 2 == 1))
            demo_answer_one(county, CHECKS[kind], is_planted, kind == ON_PAPER || kind == TOO_MANY || kind == DAYS ? month : centre, NULL);
    }
    for (size_t i = 0; i < plants * 2; i++) { /* served long after the death, or before it */
        uint32_t person = demo_pick(county, is_dead, 0);
        if (person == DEMO_NOBODY)
            return;
        bool      is_planted = i % 2 == 0;
        demo_row *row = demo_line(county, of->served, person, "2019年%d月|%s|%s|%s", is_planted ? 8 : 7,
                                  of->centres->rows.items[i % CENTRES]->cells[0],
                                  county->persons.items[person].name, county->persons.items[person].id);
        if (!is_planted)
            row->cells[0] =
                tz_arena_printf(county->mem, "%d年%d月", county->persons.items[person].died / 10000,
                                county->persons.items[person].died / 100 % 100);
        demo_answer_one(county, "served-after-death", is_planted, row, NULL);
    }
}

void demo_care_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    making of = {.county = county, .left = CARE_FEN};

    of.centres = demo_table(county, "民政局_日间照料中心名册.xlsx", "沁县日间照料中心名册",
                            "中心名称|所在村|运营主体|服务主体|财务主体|结对社会组织", "tttttt");
    of.months = demo_table(county, "民政局_日间照料中心月报_2019年.xlsx", "沁县日间照料中心月报",
                           "月份|中心名称|开放天数|就餐人次|服务人数", "ttnnn");
    of.served = demo_table(county, "民政局_日间照料服务名单_2019年.xlsx", "沁县日间照料服务名单", "月份|中心名称|老人姓名|身份证号", "tttt");
    of.money = demo_table(county, "民政局_日间照料运营补助_2019年.xlsx", "沁县日间照料运营补助", "月份|中心名称|补助天数|补助金额", "ttnm");
    of.accounts = demo_table(county, "民政局_日间照料中心财务报送.csv", "沁县日间照料中心财务报送", "年度|中心名称|报送日期", "ttt");
    add_centres(&of, is_clean ? 0 : demo_plant_count(county));
    demo_figure(county, "care.fund", "%.0f", (double)CARE_FEN / 1e6);
    demo_figure(county, "care.centers", "%zu", of.paired);
}
