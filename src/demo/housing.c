/* housing - appraisals, rebuilding, certificates and look-back visits, filled up to the report's numbers. */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020, at scale 1. */
enum { SUSPECTED = 13324, DANGEROUS = 711, LOOKED_BACK = 6705 };

static const char *const FIRMS[] = {"山西恒固房屋检测有限公司(虚构)", "上党建筑工程质量检测有限公司(虚构)"};

static const char *village_name(demo_county *county, const demo_person *person)
{
    const demo_village *village = &county->villages.items[county->households.items[person->household].village];
    return tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
}

/* ---- Rows ---- */

demo_row *demo_appraisal_add(demo_county *county, uint32_t index, const char *grade, const char *firm, const char *date)
{
    const demo_person *person = &county->persons.items[index];
    demo_row *row = demo_row_add(county, county->appraisals, index);

    row->cells[APPRAISAL_NO] = tz_arena_printf(county->mem, "QXJD-2019-%06zu", county->appraisals->rows.count);
    row->cells[APPRAISAL_VILLAGE] = village_name(county, person);
    row->cells[APPRAISAL_HOUSEHOLD] = county->households.items[person->household].number;
    row->cells[APPRAISAL_NAME] = person->name;
    row->cells[APPRAISAL_ID] = person->id;
    row->cells[APPRAISAL_SUSPECTED] = "是";
    row->cells[APPRAISAL_GRADE] = tz_arena_printf(county->mem, "%s级", grade);
    row->cells[APPRAISAL_FIRM] = firm == NULL ? FIRMS[index % 2] : firm;
    row->cells[APPRAISAL_DATE] = date;
    return row;
}

/* What its area may be: 60 for one or two, 18 a head for three and more. */
static int area_of(const demo_household *household)
{
    return household->count <= 2 ? 60 : 18 * (int)household->count;
}

demo_row *demo_rebuild_add(demo_county *county, uint32_t index, int year, const char *grade)
{
    const demo_person    *person = &county->persons.items[index];
    const demo_household *household = &county->households.items[person->household];
    demo_row *row = demo_row_add(county, county->rebuilds, index);
    bool      is_whole = grade[0] == 'D';

    row->cells[REBUILD_YEAR] = tz_arena_printf(county->mem, "%d", year);
    row->cells[REBUILD_VILLAGE] = village_name(county, person);
    row->cells[REBUILD_NAME] = person->name;
    row->cells[REBUILD_ID] = person->id;
    row->cells[REBUILD_KIND] = household->poor_number != NULL ? "建档立卡贫困户" : household->assisted_from != 0 ? "低保户" : "其他";
    row->cells[REBUILD_GRADE] = is_whole ? "D级" : "C级";
    row->cells[REBUILD_METHOD] = is_whole ? "原址翻建" : "修缮加固";
    row->cells[REBUILD_HEADS] = tz_arena_printf(county->mem, "%u", household->count);
    row->cells[REBUILD_AREA] = tz_arena_printf(county->mem, "%d.%d", area_of(household) - 1 - (int)(index % 12), (int)(index % 10));
    row->cells[REBUILD_GRANT] = is_whole ? (index % 3 == 0 ? "20000.00" : "14000.00") : (index % 3 == 0 ? "7000.00" : "5000.00");
    row->cells[REBUILD_STARTED] = tz_arena_printf(county->mem, "%d-05-%02u", year, index % 28 + 1);
    row->cells[REBUILD_FINISHED] = tz_arena_printf(county->mem, "%d-08-%02u", year, index % 28 + 1);
    row->cells[REBUILD_ACCEPTED] = tz_arena_printf(county->mem, "%d-10-%02u", year, index % 28 + 1);
    row->cells[REBUILD_PHOTO] = tz_arena_printf(county->mem, "IMG%d_%05zu", year, county->rebuilds->rows.count);
    return row;
}

demo_row *demo_lookback_add(demo_county *county, uint32_t index, int year, const char *date, const char *result)
{
    const demo_person *person = &county->persons.items[index];
    demo_row *row = demo_row_add(county, county->lookbacks, index);

    row->cells[LOOKBACK_VILLAGE] = village_name(county, person);
    row->cells[LOOKBACK_NAME] = person->name;
    row->cells[LOOKBACK_ID] = person->id;
    row->cells[LOOKBACK_YEAR] = tz_arena_printf(county->mem, "%d", year);
    row->cells[LOOKBACK_DATE] = date;
    row->cells[LOOKBACK_RESULT] = result;
    return row;
}

demo_row *demo_relocated_add(demo_county *county, uint32_t index, const char *moved)
{
    const demo_person    *person = &county->persons.items[index];
    const demo_household *household = &county->households.items[person->household];
    demo_row *row = demo_row_add(county, county->relocated, index);

    row->cells[0] = person->name;
    row->cells[1] = person->id;
    row->cells[2] = village_name(county, person);
    row->cells[3] = index % 2 == 0 ? "县城集中安置点" : "新店集中安置点";
    row->cells[4] = tz_arena_printf(county->mem, "%u", household->count);
    row->cells[5] = tz_arena_printf(county->mem, "%u", household->count * 25);
    row->cells[6] = moved;
    return row;
}

demo_row *demo_grant_back_add(demo_county *county, const demo_row *rebuild, const char *amount)
{
    demo_row *row = demo_row_add(county, county->grants_back, rebuild->person);

    row->cells[0] = rebuild->cells[REBUILD_NAME];
    row->cells[1] = rebuild->cells[REBUILD_ID];
    row->cells[2] = rebuild->cells[REBUILD_YEAR];
    row->cells[3] = amount;
    row->cells[4] = "2019-11-12";
    row->cells[5] = tz_arena_printf(county->mem, "WG2019%04zu", county->grants_back->rows.count);
    return row;
}

static void add_certificate(demo_county *county, uint32_t index)
{
    const demo_person *person = &county->persons.items[index];
    demo_row *row = demo_row_add(county, county->certificates, index);

    row->cells[0] = village_name(county, person);
    row->cells[1] = person->name;
    row->cells[2] = person->id;
    row->cells[3] = "住房安全";
    row->cells[4] = tz_arena_printf(county->mem, "2019-%02u-%02u", index % 4 + 6, index % 28 + 1);
}

/* ---- Sheets ---- */

static demo_sheet *open(demo_county *county, const char *file, const char *title, const char *const *headers, size_t columns, const char *kinds)
{
    return demo_sheet_add(county, demo_file_add(county, file, strstr(file, ".csv") != NULL),
                          strstr(file, ".csv") != NULL ? NULL : "Sheet1",
                          tz_arena_printf(county->mem, "沁县住建局%s(截至2019年12月31日)", title),
                          "单位:元  (人员、机构均为虚构,仅供演示)", headers, columns, kinds);
}

void demo_housing_open(demo_county *county)
{
    static const char *const APPRAISAL[APPRAISAL_COLUMNS] = {"报告编号", "行政村",       "户号",
                                                             "户主姓名", "户主身份证号", "是否疑似危房",
                                                             "鉴定等级", "鉴定机构",     "鉴定日期"};
    static const char *const FIRM[] = {"机构名称", "资质证书编号", "有效期起", "有效期止"};
    static const char *const REBUILD[REBUILD_COLUMNS] = {
        "计划年度", "行政村",           "户主姓名", "身份证号", "农户类型", "改造原因", "改造方式",
        "家庭人数", "改造面积(平方米)", "补助金额", "开工时间", "竣工时间", "验收时间", "竣工照片编号"};
    static const char *const CERTIFICATE[] = {"行政村", "户主姓名", "身份证号码", "住房安全认定结论", "认定日期"};
    static const char *const LOOKBACK[LOOKBACK_COLUMNS] = {"行政村", "户主姓名", "身份证号", "原改造年度", "核查日期", "核查结果"};
    static const char *const BACK[] = {"户主姓名", "户主身份证号", "计划年度", "追缴金额", "缴款日期", "缴款凭证号"};
    static const char *const MOVED[] = {"户主姓名", "身份证号", "迁出村", "安置点", "搬迁人数", "住房面积(平方米)", "入住时间"};
    static const char *const LICENCES[][4] = {
        {"山西恒固房屋检测有限公司(虚构)", "晋检字0001号(虚构)", "2017-01-01", "2021-12-31"},
        {"上党建筑工程质量检测有限公司(虚构)", "晋检字0002号(虚构)", "2018-03-01", "2022-02-28"},
        {"太行安居鉴定事务所(虚构)", "晋检字0003号(虚构)", "2016-07-01", "2019-06-30"},
    };

    county->appraisals = open(county, "住建局_房屋安全鉴定名册.xlsx", "房屋安全鉴定名册", APPRAISAL, APPRAISAL_COLUMNS, "ttttttttt");
    county->firms = open(county, "住建局_鉴定机构资质名册.xlsx", "鉴定机构资质名册", FIRM, 4, "tttt");
    county->rebuilds = open(county, "住建局_农村危房改造名册.xlsx", "农村危房改造名册", REBUILD, REBUILD_COLUMNS, "ntttttttnmdddt");
    county->rebuilds->total = "合计";
    county->rebuilds->total_column = REBUILD_GRANT;
    county->certificates = open(county, "住建局_贫困户住房安全认定名册.xlsx", "贫困户住房安全认定名册", CERTIFICATE, 5, "ttttt");
    county->lookbacks = open(county, "住建局_危房改造回头看名册.xlsx", "危房改造回头看名册", LOOKBACK, LOOKBACK_COLUMNS, "tttntt");
    county->grants_back = open(county, "住建局_危房改造补助追缴登记.csv", "危房改造补助追缴登记", BACK, 6, "tttmtt");
    county->relocated = open(county, "扶贫办_易地扶贫搬迁安置名册.xlsx", "易地扶贫搬迁安置名册", MOVED, 7, "ttttnnt");
    for (size_t i = 0; i < sizeof LICENCES / sizeof LICENCES[0]; i++) {
        demo_row *row = demo_row_add(county, county->firms, DEMO_NOBODY);
        for (size_t j = 0; j < 4; j++)
            row->cells[j] = LICENCES[i][j];
    }
}

/* ---- Filling up ---- */

/* Persons of a sheet, each once; only those of grade C or D where is_dangerous. */
static size_t count_people(demo_county *county, const demo_sheet *sheet, bool is_dangerous)
{
    uint8_t *seen = tz_arena_alloc(county->mem, county->persons.count);
    size_t   count = 0;

    for (size_t i = 0; i < sheet->rows.count; i++) {
        const demo_row *row = sheet->rows.items[i];
        if (seen[row->person] || (is_dangerous && row->cells[APPRAISAL_GRADE][0] < 'C'))
            continue;
        seen[row->person] = 1;
        count++;
    }
    return count;
}

static size_t wanted(const demo_county *county, int at_scale_1, size_t there)
{
    size_t target = (size_t)lround(at_scale_1 * county->scale);
    return target > there ? target - there : 0;
}

static void certify(demo_county *county)
{
    for (size_t h = 0; h < county->households.count; h++) {
        const demo_household *household = &county->households.items[h];
        uint32_t to_skip = household->certifies_second ? 1 : 0;
        for (uint32_t i = household->first; !household->skips_certificate && i < household->first + household->count; i++)
            if (county->persons.items[i].listed[DEMO_YEARS - 1] != NULL && to_skip-- == 0) {
                add_certificate(county, i);
                break;
            }
    }
}

void demo_housing_fill(demo_county *county)
{
    tz_assert(county != NULL && county->appraisals != NULL);
    size_t looked_back = wanted(county, LOOKED_BACK, count_people(county, county->lookbacks, false));
    size_t dangerous = wanted(county, DANGEROUS, count_people(county, county->appraisals, true));
    size_t suspected = wanted(county, SUSPECTED, count_people(county, county->appraisals, false));
    size_t count = county->households.count;

    certify(county);
    for (size_t i = 0; i < count && looked_back + suspected > 0; i++) {
        demo_household       *household = &county->households.items[i * 7919 % count];
        const demo_person    *head = &county->persons.items[household->first];
        const char           *day = tz_arena_printf(county->mem, "2019-%02u-%02u", household->first % 3 + 2, household->first % 28 + 1);
        if (household->is_used || !demo_is_untouched(head) || head->has_work || count % 7919 == 0)
            continue;
        household->is_used = looked_back + dangerous > 0; /* rebuilt: not to be moved too */
        if (looked_back > 0) {
            int year = 2014 + (int)(household->first % 5);
            (void)demo_rebuild_add(county, household->first, year, household->first % 3 == 0 ? "D" : "C");
            (void)demo_lookback_add(county, household->first, year,
                                    tz_arena_printf(county->mem, "2019-%02u-15", household->first % 6 + 6),
                                    "达到安全标准");
            if (looked_back % 400 == 1)
                (void)demo_grant_back_add(county, county->rebuilds->rows.items[county->rebuilds->rows.count - 1], "200.00"); /* given back unasked */
            looked_back--;
        } else if (dangerous > 0) {
            const char *grade = household->first % 3 == 0 ? "D" : "C";
            (void)demo_appraisal_add(county, household->first, grade, NULL, day);
            (void)demo_rebuild_add(county, household->first, 2019, grade);
            dangerous--;
            suspected--;
        } else {
            (void)demo_appraisal_add(county, household->first, household->first % 4 == 0 ? "A" : "B", NULL, day);
            suspected--;
        }
    }
}
