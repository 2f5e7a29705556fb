/* health - stays in township hospitals, their items, drugs, decisions: defects first, then filled up to the report. */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020, at scale 1; the fund is 497.31 万元, for 947.31 can't be paid of 650.47. */
enum { INPATIENTS = 3141, INPATIENTS_2018 = 3878, RECRUITS = 38, HANDLED = 13 };
static const int64_t COST = 650470000, FUND = 497310000, COST_2018 = 1049150000, FUND_2018 = 815260000; /* fen */
static const int64_t RECOVERED = 75100000;

enum { BED_FEN = 2000, TEST_FEN = 10000 };

typedef struct {
    const char *icd, *name;
    int         fen; /* what a stay costs, about */
} illness;

static const illness ILLNESSES[] = {
    {"J18.9", "肺炎", 180000},         {"J44.1", "慢性阻塞性肺病", 225000}, {"I10", "原发性高血压", 150000}, {"I63.9", "脑梗死", 265000},
    {"M51.2", "腰椎间盘突出", 190000}, {"K29.5", "慢性胃炎", 135000},       {"E11.9", "2型糖尿病", 175000},  {"N18.9", "慢性肾病", 300000},
};

typedef struct {
    demo_county *county;
    demo_sheet  *claims, *items, *purchases, *sales, *penalties, *recoveries, *staff, *insured;
    size_t       people[2], handled; /* 2018, 2019 */
    int64_t      cost[2], fund[2], received;
    size_t       marked_up;
} making;

typedef struct {
    uint32_t    person;
    const char *hospital, *admitted, *discharged;
    int         days;
    const illness *of;
    int64_t     cost, fund;
} stay;

/* ---- Rows ---- */

static const char *hospital_of(demo_county *county, uint32_t township)
{
    return tz_arena_printf(county->mem, "%s卫生院", county->townships.items[township].name);
}

static uint32_t township_of(const demo_county *county, uint32_t person)
{
    return county->villages.items[county->households.items[county->persons.items[person].household].village].township;
}

/* A stay of so many days from a day of the year on; cost and fund as a share of it. */
static stay stay_of(making *of, uint32_t person, int year, int month, int day, int days, int illness_no)
{
    demo_county *county = of->county;
    stay         made = {.person = person, .hospital = hospital_of(county, township_of(county, person)), .days = days, .of = &ILLNESSES[illness_no]};

    made.admitted = tz_arena_printf(county->mem, "%d-%02d-%02d", year, month, day);
    made.discharged = tz_arena_printf(county->mem, "%d-%02d-%02d", year, month, day + days);
    made.cost = made.of->fen * (int64_t)demo_between(&county->pcg, 80, 120) / 100;
    made.fund = made.cost * demo_between(&county->pcg, 70, 82) / 100;
    return made;
}

static demo_row *add_claim(making *of, const stay *made)
{
    demo_county       *county = of->county;
    const demo_person *person = &county->persons.items[made->person];
    bool               is_2019 = made->admitted[3] == '9';

    of->cost[is_2019] += made->cost;
    of->fund[is_2019] += made->fund;
    return demo_line(county, of->claims, made->person, "ZY%.4s%05zu|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s", made->admitted,
                     of->claims->rows.count, made->hospital, person->name, person->sex == 'M' ? "男" : "女", person->id,
                     demo_village_name(county, made->person), made->admitted, made->discharged, made->of->icd, made->of->name,
                     demo_money(county, made->cost), demo_money(county, made->fund));
}

static demo_row *add_item(making *of, const demo_row *claim, int line, const char *item, int quantity, int64_t fen)
{
    return demo_line(of->county, of->items, claim->person, "%s|%d|%s|%s|%d|%s", claim->cells[0], line, claim->cells[6], item, quantity,
                     demo_money(of->county, fen));
}

/* Bed, one test, and drugs for the rest. Gives the row of the bed. */
static demo_row *add_items(making *of, const demo_row *claim, const stay *made, int bed_days, const char *test)
{
    demo_row *bed = add_item(of, claim, 1, "床位费", bed_days, (int64_t)bed_days * BED_FEN);

    (void)add_item(of, claim, 2, test, 1, TEST_FEN);
    (void)add_item(of, claim, 3, "药品费", 1, made->cost - (int64_t)bed_days * BED_FEN - TEST_FEN);
    return bed;
}

static demo_row *add_stay(making *of, const stay *made)
{
    demo_row *claim = add_claim(of, made);
    (void)add_items(of, claim, made, made->days, "化验检查");
    return claim;
}

static demo_row *add_recovery(making *of, const char *order, const char *settle, const char *hospital, int64_t fen)
{
    of->received += fen;
    return demo_line(of->county, of->recoveries, DEMO_NOBODY, "YB2019%04zu|%s|%s|%s|%s|2019-12-10", of->recoveries->rows.count, order, settle,
                     hospital, demo_money(of->county, fen));
}

/* ---- Defects and look-alikes ---- */

static uint32_t patient(making *of)
{
    uint32_t person = demo_somebody(of->county, 30, 78);
    of->people[1] += person != DEMO_NOBODY;
    return person;
}

static void plant_stays(making *of, size_t nth)
{
    demo_county *county = of->county;
    int          month = (int)(nth % 8) + 2;

    for (int is_planted = 0; is_planted < 2; is_planted++) { /* two hospitals at once; a transfer shares a day */
        uint32_t person = patient(of);
        if (person == DEMO_NOBODY)
            return;
        stay a = stay_of(of, person, 2019, month, 2, 10, 0), b = stay_of(of, person, 2019, month, is_planted ? 8 : 11, 5, 3);
        b.hospital = hospital_of(county, (township_of(county, person) + 1) % (uint32_t)county->townships.count);
        demo_row *first = add_stay(of, &a);
        demo_answer_one(county, "stays-overlap", is_planted, first, add_stay(of, &b));
    }
    for (int kind = 0; kind < 3; kind++) { /* the same illness a week later; dialysis; a month later */
        uint32_t person = patient(of);
        if (person == DEMO_NOBODY)
            return;
        int  ill = kind == 1 ? 7 : 4;
        stay a = stay_of(of, person, 2019, month, 2, 6, ill), b = stay_of(of, person, 2019, month + (kind == 2), 15, 5, ill);
        demo_row *first = add_stay(of, &a);
        demo_answer_one(county, "readmitted-for-the-same", kind == 0, first, add_stay(of, &b));
    }
}

static bool died_in_2019(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->died > 20190101 && person->died < 20190801 && person->death[0] != NULL && person->status == DEMO_DEAD;
}

static void plant_dead(making *of)
{
    demo_county *county = of->county;

    for (int is_planted = 0; is_planted < 2; is_planted++) { /* long after the death; died on the day of leaving */
        uint32_t person = demo_pick(county, died_in_2019, 0);
        if (person == DEMO_NOBODY)
            return;
        of->people[1]++;
        stay made = stay_of(of, person, 2019, 10, 9, 4, 3);
        if (!is_planted) {
            made.admitted = demo_date(county->mem, county->persons.items[person].died);
            made.discharged = made.admitted;
            made.days = 1;
        }
        demo_answer_one(county, "stay-after-death", is_planted, add_stay(of, &made), is_planted ? county->persons.items[person].death[0] : NULL);
    }
}

static void plant_money(making *of, size_t nth)
{
    demo_county *county = of->county;
    int          month = (int)(nth % 8) + 3;

    for (int kind = 0; kind < 3; kind++) { /* over the cost; over and given back; a high share */
        uint32_t person = patient(of);
        if (person == DEMO_NOBODY)
            return;
        stay made = stay_of(of, person, 2019, month, 12, 6, 0);
        made.fund = kind == 2 ? made.cost * 97 / 100 : made.cost + 20000;
        demo_row *claim = add_stay(of, &made);
        if (kind == 1)
            (void)add_recovery(of, "", claim->cells[0], made.hospital, 20000);
        demo_answer_one(county, kind == 2 ? "fund-share-too-high" : "fund-over-total", kind != 1, claim, NULL);
    }
    uint32_t person = patient(of);
    if (person != DEMO_NOBODY) {
        stay made = stay_of(of, person, 2019, month, 12, 6, 0);
        made.fund = made.cost * 90 / 100;
        demo_answer_one(county, "fund-share-too-high", false, add_stay(of, &made), NULL);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        person = patient(of);
        if (person == DEMO_NOBODY)
            return;
        stay made = stay_of(of, person, 2019, month, 6, 6, 1);
        made.cost = made.of->fen * (is_planted ? 9 : 2);
        made.fund = made.cost * 3 / 4;
        demo_answer_one(county, "cost-far-from-peers", is_planted, add_stay(of, &made), NULL);
    }
}

static bool is_man(const demo_county *county, uint32_t person)
{
    return county->persons.items[person].sex == 'M';
}

static void plant_items(making *of, size_t nth)
{
    demo_county *county = of->county;
    int          month = (int)(nth % 8) + 2;

    for (int kind = 0; kind < 10; kind++) {
        static const char *const CHECKS[] = {"bed-days-over-stay", "item-against-sex", "stay-without-items", "items-not-total", "item-charged-twice"};
        uint32_t person = patient(of);
        bool     is_planted = kind % 2 == 0;
        if (person == DEMO_NOBODY)
            return;
        stay      made = stay_of(of, person, 2019, month, 16, kind == 5 ? 1 : 6, 6);
        demo_row *claim = add_claim(of, &made), *item = NULL;
        switch (kind / 2) {
        case 0: item = add_items(of, claim, &made, is_planted ? 10 : 7, "化验检查"); break;
        case 1:
            (void)add_items(of, claim, &made, 6, is_man(county, person) == is_planted ? "妇科检查" : "前列腺检查");
            break;
        case 2: break; /* none at all; the look-alike stays a day */
        case 3:
            (void)add_items(of, claim, &made, 6, "化验检查");
            of->items->rows.items[of->items->rows.count - 1]->cells[5] =
                demo_money(county, made.cost - 6 * BED_FEN - TEST_FEN - (is_planted ? 12000 : 50));
            break;
        default:
            item = add_item(of, claim, 4, "血常规", 1, 2500);
            (void)add_item(of, claim, 5, is_planted ? "血常规" : "尿常规", 1, 2500);
            made.cost -= 5000;
            (void)add_items(of, claim, &made, 6, "化验检查");
        }
        demo_answer_one(county, CHECKS[kind / 2], is_planted, claim, is_planted ? item : NULL);
    }
}

/* So many heads of one village enter on one day. */
static void plant_cluster(making *of, size_t nth, bool is_planted)
{
    demo_county *county = of->county;
    size_t       wanted = is_planted ? 7 : 4, count = 0;
    uint32_t     people[7];

    for (size_t tries = 0; tries < county->villages.count && count < wanted; tries++) {
        uint32_t village = (uint32_t)((nth * 31 + is_planted + tries) % county->villages.count);
        count = 0;
        for (size_t i = 0; i < county->households.count && count < wanted; i++) {
            const demo_household *household = &county->households.items[i];
            const demo_person    *head = &county->persons.items[household->first];
            if (household->village == village && !household->is_used && demo_is_untouched(head) && demo_age(head) < 80)
                people[count++] = household->first;
        }
    }
    if (count < wanted)
        return;
    demo_answer *answer = demo_answer_add(county, "admissions-cluster", is_planted);
    for (size_t i = 0; i < wanted; i++) {
        stay made = stay_of(of, people[i], 2019, (int)(nth % 8) + 2, 9, 5, 4);
        county->households.items[county->persons.items[people[i]].household].is_used = true;
        of->people[1]++;
        demo_answer_row(county, answer, add_stay(of, &made));
    }
}

static void plant_staff(making *of)
{
    demo_county *county = of->county;
    uint32_t     person = demo_somebody(county, 24, 45);

    if (person != DEMO_NOBODY)
        demo_answer_one(county, "staff-without-licence", true,
                        demo_line(county, of->staff, person, "%s|%s|%s||2019-09-01", county->persons.items[person].name,
                                  county->persons.items[person].id, hospital_of(county, township_of(county, person))),
                        NULL);
}

/* ---- Drugs, decisions, staff, the insured ---- */

static void add_drug(making *of, const char *hospital, const char *drug, const char *kind, int price_fen, int sold_fen, int bought, int sold,
                     const char *check, bool is_planted)
{
    demo_county *county = of->county;
    const char  *batch = tz_arena_printf(county->mem, "P%05zu", of->purchases->rows.count);
    demo_row    *purchase = demo_line(county, of->purchases, DEMO_NOBODY, "%s|%s|%s|%s|%s|%d", hospital, drug, kind, batch,
                                      demo_money(county, price_fen), bought);
    demo_row    *sale = demo_line(county, of->sales, DEMO_NOBODY, "%s|%s|%s|%s|%d", hospital, drug, batch, demo_money(county, sold_fen), sold);

    if (check != NULL)
        demo_answer_one(county, check, is_planted, sale, purchase);
}

static void add_drugs(making *of, size_t plants)
{
    static const char *const DRUGS[] = {"氨氯地平片", "二甲双胍片", "阿莫西林胶囊", "阿司匹林肠溶片", "头孢拉定胶囊", "硝苯地平缓释片"};
    demo_county *county = of->county;

    for (uint32_t town = 0; town < county->townships.count; town++)
        for (int i = 0; i < 6; i++)
            add_drug(of, hospital_of(county, town), DRUGS[i], "西药", 650 + i * 215, 650 + i * 215, 400, 310 + i * 10, NULL, false);
    for (size_t i = 0; i < plants; i++) {
        const char *hospital = hospital_of(county, (uint32_t)(i % county->townships.count));
        add_drug(of, hospital, "银翘解毒片", "中成药", 880, 1010, 100, 90, "drug-over-purchase-price", true);
        add_drug(of, hospital, "黄芪饮片", "中药饮片", 880, 1010, 100, 90, "drug-over-purchase-price", false);
        add_drug(of, tz_arena_printf(county->mem, "%s卫生室", county->villages.items[i].name), "板蓝根颗粒", "中成药", 880, 1010, 100, 90,
                 "drug-over-purchase-price", false);
        add_drug(of, hospital, "葡萄糖注射液", "西药", 450, 450, 100, 145, "sold-more-than-bought", true);
        add_drug(of, hospital, "氯化钠注射液", "西药", 430, 430, 100, 100, "sold-more-than-bought", false);
        of->marked_up++;
    }
}

/* Thirteen institutions pay back what the decisions say; a defect owes the rest. */
static void add_decisions(making *of, size_t plants)
{
    demo_county *county = of->county;
    int64_t      left = RECOVERED - of->received;

    tz_assert(county->townships.count >= HANDLED && plants < HANDLED);
    for (size_t i = 0; i < HANDLED; i++) {
        int64_t     paid = i + 1 == HANDLED ? left : left / (int64_t)(HANDLED - i) / 100 * 100;
        const char *hospital = hospital_of(county, (uint32_t)i), *order = tz_arena_printf(county->mem, "沁医保处〔2019〕%zu号", i + 1);
        bool        is_short = i < plants, is_recent = i == plants; /* the look-alike is not due yet */
        demo_row   *row = demo_line(county, of->penalties, DEMO_NOBODY, "%s|%s|%s|%s|%s", order, hospital, i % 2 == 0 ? "重复收费" : "挂床住院",
                                    demo_money(county, paid + (is_short || is_recent ? 150000 : 0)), is_recent ? "2019-12-02" : "2019-06-20");
        if (paid > 0)
            (void)add_recovery(of, order, "", hospital, paid);
        left -= paid;
        of->handled++;
        if (plants > 0)
            demo_answer_one(county, "penalty-not-recovered", is_short, row, NULL);
    }
}

static void add_staff(making *of, size_t plants)
{
    demo_county *county = of->county;

    while (of->staff->rows.count < RECRUITS) {
        uint32_t person = demo_somebody(county, 24, 50);
        if (person == DEMO_NOBODY)
            break;
        (void)demo_line(county, of->staff, person, "%s|%s|%s|ZY14043%06zu|2019-09-01", county->persons.items[person].name,
                        county->persons.items[person].id, hospital_of(county, township_of(county, person)), of->staff->rows.count);
    }
    if (plants > 0 && of->staff->rows.count > plants) /* with a licence */
        demo_answer_one(county, "staff-without-licence", false, of->staff->rows.items[of->staff->rows.count - 1], NULL);
}

static bool is_poor_alone(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->listed[DEMO_YEARS - 1] != NULL && demo_is_untouched(person);
}

static bool is_poor_pupil(const demo_county *county, const demo_person *person, int about)
{
    return is_poor_alone(county, person, about) && demo_age(person) >= 8 && demo_age(person) <= 13;
}

/* Everybody on the newest list; a defect is left out, a look-alike is insured elsewhere. */
static void add_insured(making *of, size_t plants)
{
    demo_county *county = of->county;
    uint8_t     *how = tz_arena_alloc(county->mem, county->persons.count); /* 1: left out, 2: elsewhere */

    for (size_t i = 0; i < plants * 2; i++) {
        /* Two pupils among them: the pack schools misses them too, so that two rules point at one person. */
        uint32_t person = demo_pick(county, i == 0 || i == 2 ? is_poor_pupil : is_poor_alone, 0);
        if (person == DEMO_NOBODY)
            break;
        how[person] = i % 2 == 0 ? 1 : 2;
        demo_answer_one(county, "poor-not-insured", i % 2 == 0, county->persons.items[person].listed[DEMO_YEARS - 1], NULL);
    }
    for (uint32_t i = 0; i < county->persons.count; i++) {
        const demo_row *listed = county->persons.items[i].listed[DEMO_YEARS - 1];
        if (listed != NULL && how[i] != 1)
            (void)demo_line(county, of->insured, i, "2019|%s|%s|%s", listed->cells[POOR_NAME],
                            listed->cells[POOR_ID] == NULL ? "" : listed->cells[POOR_ID],
                            how[i] == 2 ? "外地参保" : "城乡居民医保");
    }
}

/* ---- Filling up ---- */

/* So many stays of a year that cost and are paid what is left of the totals, to the fen. */
static void fill_year(making *of, int year, size_t people, int64_t cost, int64_t fund)
{
    demo_county *county = of->county;
    bool         is_2019 = year == 2019;
    tz_assert(people > of->people[is_2019]);
    size_t  count = people - of->people[is_2019];
    stay   *stays = tz_new_array(county->mem, stay, count);
    int64_t sum = 0, left_cost = cost - of->cost[is_2019], left_fund = fund - of->fund[is_2019];

    for (size_t i = 0; i < count; i++) {
        uint32_t person = demo_somebody(county, 20, 84);
        if (person == DEMO_NOBODY) { /* a very small county has fewer, dearer stays */
            count = i;
            break;
        }
        stays[i] = stay_of(of, person, year, demo_between(&county->pcg, 1, 12), demo_between(&county->pcg, 1, 18), demo_between(&county->pcg, 4, 9),
                           demo_between(&county->pcg, 0, 7));
        sum += stays[i].cost;
    }
    tz_assert(count == 0 || (left_cost > 0 && left_fund > 0 && left_fund < left_cost * 9 / 10));
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        stays[i].cost = is_last ? cost - of->cost[is_2019] : stays[i].cost * left_cost / sum;
        stays[i].fund = is_last ? fund - of->fund[is_2019] : stays[i].cost * left_fund / left_cost;
        if (is_2019)
            (void)add_stay(of, &stays[i]);
        else
            (void)add_claim(of, &stays[i]);
    }
    of->people[is_2019] += count;
}

/* Below a twentieth the planted stays would be more than all. */
static int64_t scaled(const demo_county *county, int64_t at_scale_1)
{
    return llround((double)at_scale_1 * (county->scale < 0.05 ? 0.05 : county->scale));
}

/* ---- The whole ---- */

static void open_sheets(making *of)
{
    demo_county *county = of->county;
    demo_sheet  *institutions = demo_table(county, "医保局_医保定点机构名册.xlsx", "沁县医保定点机构名册", "机构名称|机构类别|开放床位", "ttn");

    for (uint32_t i = 0; i < county->townships.count; i++)
        (void)demo_line(county, institutions, DEMO_NOBODY, "%s|乡镇卫生院|%u", hospital_of(county, i), 20 + i);
    for (uint32_t i = 0; i < demo_plant_count(county); i++)
        (void)demo_line(county, institutions, DEMO_NOBODY, "%s卫生室|村卫生室|", county->villages.items[i].name);
    of->claims = demo_table(
        county, "医保局_住院结算明细_2018至2019年.xlsx", "沁县乡镇卫生院住院结算明细",
        "结算单号|就医机构|患者姓名|性别|身份证号|参保村|入院日期|出院日期|疾病编码|疾病名称|医疗总费用|基金支付金额",
        "ttttttddttmm");
    of->items = demo_table(county, "医保局_住院费用清单_2019年.xlsx", "沁县乡镇卫生院住院费用清单",
                           "结算单号|明细序号|费用日期|项目名称|数量|明细金额", "tndtnm");
    of->purchases = demo_table(county, "卫健局_药品采购记录.xlsx", "沁县药品采购记录", "机构名称|药品名称|药品类别|批号|采购单价|采购数量", "ttttmn");
    of->sales = demo_table(county, "卫健局_药品销售记录.xlsx", "沁县药品销售记录", "机构名称|药品名称|批号|销售单价|销售数量", "tttmn");
    of->penalties = demo_table(county, "医保局_医保违规处理决定.xlsx", "沁县医保违规处理决定",
                               "处理决定文号|被处理机构|处理事由|应追回金额|决定日期", "tttmt");
    of->recoveries = demo_table(county, "医保局_医保基金追回到账登记.csv", "沁县医保基金追回到账登记",
                                "到账凭证号|处理决定文号|结算单号|缴款机构|到账金额|到账日期", "ttttmt");
    of->staff = demo_table(county, "卫健局_乡镇卫生院招聘医护人员名册.xlsx", "沁县乡镇卫生院招聘医护人员名册",
                           "姓名|身份证号|聘用卫生院|执业证书编号|聘用日期", "ttttt");
    of->insured = demo_table(county, "医保局_贫困人口参保名册_2019年.xlsx", "沁县2019年贫困人口参保名册",
                             "参保年度|参保人姓名|身份证号|参保险种", "nttt");
}

static void note_figures(making *of)
{
    demo_county *county = of->county;
    size_t       people = of->people[1], before = of->people[0];

    demo_figure(county, "med.recruits", "%zu", of->staff->rows.count);
    demo_figure(county, "med.inpatients", "%zu", people);
    demo_figure(county, "med.inpatients_2018", "%zu", before);
    demo_figure(county, "med.inpatients_drop", "%.0f", 100.0 * (double)(before - people) / (double)before);
    demo_figure(county, "med.total_cost", "%.2f", (double)of->cost[1] / 1e6);
    demo_figure(county, "med.total_cost_drop", "%.0f", 100.0 * (double)(of->cost[0] - of->cost[1]) / (double)of->cost[0]);
    demo_figure(county, "med.fund", "%.2f", (double)of->fund[1] / 1e6);
    demo_figure(county, "med.fund_drop", "%.0f", 100.0 * (double)(of->fund[0] - of->fund[1]) / (double)of->fund[0]);
    demo_figure(county, "med.drug_markup", "%zu", of->marked_up);
    demo_figure(county, "med.handled", "%zu", of->handled);
    demo_figure(county, "med.recovered", "%.1f", (double)of->received / 1e6);
}

void demo_health_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL && county->deaths[0] != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    open_sheets(&of);
    for (size_t i = 0; i < plants; i++) {
        plant_stays(&of, i);
        plant_dead(&of);
        plant_money(&of, i);
        plant_items(&of, i);
        plant_cluster(&of, i, true);
        plant_cluster(&of, i, false);
        plant_staff(&of);
    }
    add_drugs(&of, plants);
    add_decisions(&of, plants);
    add_staff(&of, plants);
    add_insured(&of, plants);
    fill_year(&of, 2018, (size_t)scaled(county, INPATIENTS_2018), scaled(county, COST_2018), scaled(county, FUND_2018));
    fill_year(&of, 2019, (size_t)scaled(county, INPATIENTS), scaled(county, COST), scaled(county, FUND));
    note_figures(&of);
}
