/* assistance - subsidies of three months, public-welfare posts and the payroll, as the rules give them. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

static const char *const MONTHS[DEMO_MONTHS] = {"2019年10月", "2019年11月", "2019年12月"};
static const char *const PAID[DEMO_MONTHS] = {"2019-10-15", "2019-11-15", "2019-12-16"};
static const int         YYYYMM[DEMO_MONTHS] = {201910, 201911, 201912};

bool demo_is_untouched(const demo_person *person)
{
    const demo_row *row = person->resident;

    return person->died == 0 && person->status == DEMO_PRESENT && person->death[0] == NULL &&
           person->death[1] == NULL && row != NULL && row->cells[RES_ID] != NULL &&
           strcmp(row->cells[RES_ID], person->id) == 0 && row->cells[RES_NAME] == person->name &&
           strcmp(row->cells[RES_STATUS], "正常") == 0;
}

int demo_age(const demo_person *person)
{
    return 2019 - person->born / 10000;
}

/* ---- Rows ---- */

demo_row *demo_subsidy_add(demo_county *county, uint32_t index, int month, const char *programme, const char *amount)
{
    tz_assert(month >= 0 && month < DEMO_MONTHS);
    const demo_person *person = &county->persons.items[index];
    const demo_person *head = &county->persons.items[county->households.items[person->household].first];
    demo_row *row = demo_row_add(county, county->subsidies[month], index);

    row->cells[SUBSIDY_MONTH] = MONTHS[month];
    row->cells[SUBSIDY_PROGRAMME] = programme;
    row->cells[SUBSIDY_NAME] = person->name;
    row->cells[SUBSIDY_ID] = person->id;
    row->cells[SUBSIDY_AMOUNT] = amount;
    row->cells[SUBSIDY_ACCOUNT] = demo_account(county, person->household);
    row->cells[SUBSIDY_HOLDER] = head->resident == NULL ? head->name : head->resident->cells[RES_NAME];
    row->cells[SUBSIDY_RESULT] = "成功";
    row->cells[SUBSIDY_DATE] = PAID[month];
    return row;
}

demo_row *demo_recovery_add(demo_county *county, const demo_row *subsidy, const char *amount)
{
    demo_row *row = demo_row_add(county, county->recoveries, subsidy->person);

    row->cells[0] = subsidy->cells[SUBSIDY_NAME];
    row->cells[1] = subsidy->cells[SUBSIDY_ID];
    row->cells[2] = subsidy->cells[SUBSIDY_PROGRAMME];
    row->cells[3] = amount;
    row->cells[4] = "2019-12-20";
    row->cells[5] = tz_arena_printf(county->mem, "ZJ2019%05zu", county->recoveries->rows.count);
    return row;
}

demo_row *demo_post_add(demo_county *county, uint32_t index, const char *post, const char *from, const char *to)
{
    demo_person        *person = &county->persons.items[index];
    const demo_village *village = &county->villages.items[county->households.items[person->household].village];
    const char         *town = county->townships.items[village->township].name;
    demo_row           *row = demo_row_add(county, county->posts, index);

    row->cells[POST_NAME] = person->name;
    row->cells[POST_ID] = person->id;
    row->cells[POST_VILLAGE] = tz_arena_printf(county->mem, "%s%s", town, village->name);
    row->cells[POST_UNIT] = tz_arena_printf(county->mem, "%s人民政府", town);
    row->cells[POST_POST] = post;
    row->cells[POST_MONTHLY] = "600.00";
    row->cells[POST_FROM] = from;
    row->cells[POST_TO] = to;
    person->has_work = true;
    return row;
}

demo_row *demo_payroll_add(demo_county *county, uint32_t index, const char *unit, const char *kind, const char *from, const char *to)
{
    demo_person *person = &county->persons.items[index];
    demo_row    *row = demo_row_add(county, county->payroll, index);

    row->cells[PAY_NAME] = person->name;
    row->cells[PAY_ID] = person->id;
    row->cells[PAY_UNIT] = unit;
    row->cells[PAY_KIND] = kind;
    row->cells[PAY_FROM] = from;
    row->cells[PAY_TO] = to;
    person->has_work = true;
    return row;
}

/* ---- Sheets ---- */

static void open_sheets(demo_county *county)
{
    static const char *const SUBSIDY[SUBSIDY_COLUMNS] = {"发放月份", "补贴项目", "受益人姓名",
                                                         "身份证号", "发放金额", "一卡通账号",
                                                         "户名",     "发放结果", "发放日期"};
    static const char *const RECOVERY[] = {"受益人姓名", "身份证号", "补贴项目", "追缴金额", "缴款日期", "缴款凭证号"};
    static const char *const POST[POST_COLUMNS] = {"姓名", "身份证号", "所在村", "用人单位", "岗位名称", "月补贴标准", "上岗年月", "离岗年月"};
    static const char *const PAYROLL[PAY_COLUMNS] = {"姓名", "身份证号码", "工作单位", "人员类别", "起薪年月", "停薪年月"};

    for (int month = 0; month < DEMO_MONTHS; month++) {
        demo_file *file = demo_file_add(county, tz_arena_printf(county->mem, "财政局_惠民补贴发放明细_%s.xlsx", MONTHS[month]), false);
        county->subsidies[month] = demo_sheet_add(county, file, "明细", tz_arena_printf(county->mem, "沁县财政局%s惠民补贴发放明细", MONTHS[month]),
                                                  "单位:元  (人员、账户均为虚构,仅供演示)", SUBSIDY, SUBSIDY_COLUMNS, "ttttmtttt");
        county->subsidies[month]->total = "合计";
        county->subsidies[month]->total_column = SUBSIDY_AMOUNT;
    }
    county->recoveries = demo_sheet_add(county, demo_file_add(county, "民政局_惠民补贴追缴登记.csv", true), NULL,
                                        "沁县民政局惠民补贴追缴登记(截至2019年12月31日)", "单位:元,人员均为虚构", RECOVERY, 6, "tttmtt");
    county->posts = demo_sheet_add(county, demo_file_add(county, "人社局_公益岗位人员名册.xlsx", false), "Sheet1",
                                   "沁县公益岗位人员名册(截至2019年12月31日)", "单位:元  (人员均为虚构,仅供演示)", POST, POST_COLUMNS, "tttttmtt");
    county->payroll = demo_sheet_add(county, demo_file_add(county, "财政局_财政供养人员名册.xlsx", false), "在册",
                                     "沁县财政供养人员名册(截至2019年12月31日)", NULL, PAYROLL, PAY_COLUMNS, "tttttt");
}

/* ---- What the rules give ---- */

static void pay_assistance(demo_county *county)
{
    for (size_t i = 0; i < county->low_income->rows.count; i++) {
        const demo_row       *listed = county->low_income->rows.items[i];
        demo_person          *person = &county->persons.items[listed->person];
        const demo_household *household = &county->households.items[person->household];
        bool        is_destitute = strcmp(listed->cells[3], "特困人员供养") == 0, is_town = strcmp(listed->cells[3], "城镇低保") == 0;
        const char *programme = is_destitute ? "特困供养金" : is_town ? "城市低保金" : "农村低保金";
        const char *amount = is_destitute ? "650.00" : is_town ? "420.00" : "280.00";
        for (int month = 0; month < DEMO_MONTHS && demo_is_untouched(person); month++)
            if (household->assisted_to == 0 || household->assisted_to >= YYYYMM[month]) {
                person->assisted[month] = demo_subsidy_add(county, listed->person, month, programme, amount);
                if (i % 200 == 0 && month == 0)
                    (void)demo_recovery_add(county, person->assisted[month], "100.00"); /* given back unasked */
                if (person->disabled != NULL && !is_destitute)
                    (void)demo_subsidy_add(county, listed->person, month, "困难残疾人生活补贴", "60.00");
            }
    }
}

static bool is_severe(const demo_person *person)
{
    return person->disabled != NULL && (strcmp(person->disabled->cells[4], "一级") == 0 || strcmp(person->disabled->cells[4], "二级") == 0);
}

static void pay_allowances(demo_county *county, uint32_t index)
{
    demo_person *person = &county->persons.items[index];

    for (int month = 0; month < DEMO_MONTHS; month++) {
        if (is_severe(person) && !person->skips_care)
            (void)demo_subsidy_add(county, index, month, "重度残疾人护理补贴", "60.00");
        if (person->born <= (YYYYMM[month] - 8000) * 100 + 1 && !person->skips_aged)
            (void)demo_subsidy_add(county, index, month, "高龄津贴", "50.00");
    }
    if (demo_age(person) >= 61)
        person->pension = demo_subsidy_add(county, index, DEMO_MONTHS - 1, "城乡居民养老金", "108.00");
}

static void give_work(demo_county *county, uint32_t index)
{
    static const char *const POSTS[] = {"保洁员", "护林员", "护路员", "水管员"};
    static const char *const UNITS[] = {"沁县第一小学", "沁县人民医院", "沁县交通运输局", "沁县林业局", "沁县水利局"};
    static const char *const KINDS[] = {"事业人员", "公务员", "临聘", "事业人员"};
    const demo_person    *person = &county->persons.items[index];
    const demo_household *household = &county->households.items[person->household];
    int age = demo_age(person);

    if (age < 25 || age > 59 || person->disabled != NULL || household->is_used)
        return;
    if (person->listed[DEMO_YEARS - 1] != NULL && demo_chance(&county->pcg, 40))
        (void)demo_post_add(county, index, POSTS[index % 4], "2018年3月", NULL);
    else if (household->poor_number == NULL && household->assisted_from == 0 && demo_chance(&county->pcg, 25))
        (void)demo_payroll_add(county, index, UNITS[index % 5], KINDS[index / 5 % 4], "2012年9月", NULL);
}

void demo_assistance_make(demo_county *county)
{
    tz_assert(county != NULL && county->low_income != NULL);
    open_sheets(county);
    pay_assistance(county);
    for (uint32_t h = 0; h < county->households.count; h++)
        for (uint32_t i = county->households.items[h].first; i < county->households.items[h].first + county->households.items[h].count; i++)
            if (demo_is_untouched(&county->persons.items[i])) {
                pay_allowances(county, i);
                give_work(county, i);
            }
}
