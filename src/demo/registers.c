/* registers - lives as rows of the residents, deaths, poverty, assistance and disability sheets. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

static const char INVENTED[] = "说明:除区划名称外,本表人员、号码、账户均为虚构,仅供演示";

/* ---- Files, sheets, rows ---- */

demo_file *demo_file_add(demo_county *county, const char *name, bool is_text)
{
    demo_file *file = tz_new(county->mem, demo_file);

    *file = (demo_file){.name = name, .is_text = is_text};
    tz_push(county->mem, &county->files, file);
    return file;
}

demo_sheet *demo_sheet_add(demo_county *county, demo_file *file, const char *name, const char *title, const char *remark,
                           const char *const *headers, size_t columns, const char *kinds)
{
    tz_assert(strlen(kinds) == columns);
    demo_sheet *sheet = tz_new(county->mem, demo_sheet);

    *sheet = (demo_sheet){.file = file, .name = name, .title = title, .remark = remark == NULL ? INVENTED : remark,
                          .headers = headers, .columns = columns, .kinds = kinds, .total_column = -1};
    tz_push(county->mem, &file->sheets, sheet);
    return sheet;
}

demo_row *demo_row_add(demo_county *county, demo_sheet *sheet, uint32_t person)
{
    demo_row *row = tz_new(county->mem, demo_row);

    *row = (demo_row){.cells = tz_new_array(county->mem, const char *, sheet->columns), .sheet = sheet, .person = person, .term = -1};
    tz_push(county->mem, &sheet->rows, row);
    return row;
}

static const demo_village *village_of(const demo_county *county, uint32_t household)
{
    return &county->villages.items[county->households.items[household].village];
}

static const char *sex_name(char sex)
{
    return sex == 'M' ? "男" : "女";
}

/* Eleven digits that begin as no mobile number of the country does. */
static const char *phone(demo_county *county, uint32_t household)
{
    return tz_arena_printf(county->mem, "101%08u", (household * 7919U + 1234567U) % 100000000U);
}

/* ---- Residents ---- */

static const char *const RESIDENT_HEADERS[RES_COLUMNS] = {
    "乡镇",     "行政村",       "户号", "姓名",     "与户主关系", "性别",
    "出生日期", "公民身份号码", "民族", "人员状态", "联系电话"};
static const char *const RESIDENT_HEADERS_2[RES_COLUMNS] = {
    "所属乡镇",   "村(社区)",   "户编号", "姓 名", "与户主的关系", "性别",
    "出生年月日", "身份证号码", "民族",   "状态",  "手机号码"};

static void open_residents(demo_county *county)
{
    county->residents = tz_new_array(county->mem, demo_sheet *, county->townships.count);
    for (size_t i = 0; i < county->townships.count; i++) {
        const char *town = county->townships.items[i].name;
        demo_file  *file = demo_file_add(county, tz_arena_printf(county->mem, "派出所_%s人口底册.xlsx", town), false);
        county->residents[i] = demo_sheet_add(
            county, file, town, tz_arena_printf(county->mem, "沁县%s人口底册(截至2019年12月31日)", town),
            NULL, i % 4 == 3 ? RESIDENT_HEADERS_2 : RESIDENT_HEADERS, RES_COLUMNS,
            i % 3 == 1 ? "ttttttdtttt" : "ttttttttttt");
        county->residents[i]->total = "合计";
    }
}

demo_row *demo_resident_add(demo_county *county, uint32_t index, uint32_t household, const char *relation, const char *status)
{
    const demo_person  *person = &county->persons.items[index];
    const demo_village *village = village_of(county, household);
    demo_row *row = demo_row_add(county, county->residents[village->township], index);

    row->cells[RES_TOWNSHIP] = county->townships.items[village->township].name;
    row->cells[RES_VILLAGE] = village->name;
    row->cells[RES_HOUSEHOLD] = county->households.items[household].number;
    row->cells[RES_NAME] = person->name;
    row->cells[RES_RELATION] = relation;
    row->cells[RES_SEX] = sex_name(person->sex);
    row->cells[RES_BIRTH] = demo_date(county->mem, person->born);
    row->cells[RES_ID] = person->id;
    row->cells[RES_ETHNIC] = "汉族";
    row->cells[RES_STATUS] = status;
    row->cells[RES_PHONE] = phone(county, household);
    return row;
}

static void make_residents(demo_county *county)
{
    static const char *const STATUSES[] = {"正常", "死亡", "迁出"};

    open_residents(county);
    for (uint32_t h = 0; h < county->households.count; h++) {
        const demo_household *household = &county->households.items[h];
        for (uint32_t i = household->first; i < household->first + household->count; i++) {
            demo_person *person = &county->persons.items[i];
            if (person->status == DEMO_REMOVED)
                continue;
            person->resident = demo_resident_add(county, i, h, person->relation, STATUSES[person->status]);
        }
    }
}

/* ---- Deaths ---- */

static const char *const DEATH_HEADERS[DEATH_COLUMNS] = {"死亡人员姓名", "性别", "身份证号码", "死亡日期", "户籍所在村", "信息来源"};
static const char *const DEATH_HEADERS_2[DEATH_COLUMNS] = {"姓名", "性别", "公民身份号码", "死亡时间", "行政村", "数据来源"};

demo_row *demo_death_add(demo_county *county, uint32_t index, int32_t died, int source)
{
    static const char *const SOURCES[] = {"火化", "村级上报", "死亡注销"};
    demo_person        *person = &county->persons.items[index];
    const demo_village *village = village_of(county, person->household);
    demo_row *row = demo_row_add(county, county->deaths[source == 2], index);

    row->cells[DEATH_NAME] = person->name;
    row->cells[DEATH_SEX] = sex_name(person->sex);
    row->cells[DEATH_ID] = person->id;
    row->cells[DEATH_DATE] =
        source == 1 ? tz_arena_printf(county->mem, "%d.%d.%d", died / 10000, died / 100 % 100, died % 100)
                    : demo_date(county->mem, died);
    row->cells[DEATH_VILLAGE] = tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
    row->cells[DEATH_SOURCE] = SOURCES[source];
    person->death[source == 2] = row;
    return row;
}

static void make_deaths(demo_county *county)
{
    demo_file *civil = demo_file_add(county, "民政局_死亡人员名单.csv", true), *police = demo_file_add(county, "公安局_死亡人员名单.csv", true);

    county->deaths[0] = demo_sheet_add(county, civil, NULL, "沁县民政局死亡人员名单(截至2019年12月31日)",
                                       NULL, DEATH_HEADERS, DEATH_COLUMNS, "tttttt");
    county->deaths[1] = demo_sheet_add(county, police, NULL, "沁县公安局死亡人员名单(截至2019年12月31日)",
                                       NULL, DEATH_HEADERS_2, DEATH_COLUMNS, "tttttt");
    for (uint32_t i = 0; i < county->persons.count; i++) {
        if (county->persons.items[i].died == 0)
            continue;
        uint32_t way = demo_below(&county->pcg, 100);
        if (way < 80)
            (void)demo_death_add(county, i, county->persons.items[i].died, way % 2 == 0);
        if (way >= 60)
            (void)demo_death_add(county, i, county->persons.items[i].died, 2);
    }
}

/* ---- The poverty list ---- */

static const char *const POOR_HEADERS[POOR_COLUMNS] = {
    "县(市、区、旗)", "乡(镇)",   "行政村",     "自然村",     "户编号",    "人编号",
    "姓名",           "证件号码", "人数",       "与户主关系", "民族",      "在校生状况",
    "健康状况",       "脱贫属性", "贫困户属性", "致贫原因1",  "户联系电话"};

static const char *schooling_name(const demo_person *person, int year)
{
    static const char *const NAMES[] = {"非在校生", "学前教育", "义务教育小学", "义务教育初中", "普通高中", "中职"};
    return NAMES[demo_stage_in(person, year)];
}

static demo_row *add_listed(demo_county *county, uint32_t index, int year, int size)
{
    demo_person          *person = &county->persons.items[index];
    const demo_household *household = &county->households.items[person->household];
    const demo_village   *village = village_of(county, person->household);
    demo_row *row = demo_row_add(county, county->poverty[year - DEMO_FIRST_YEAR], index);

    row->cells[POOR_COUNTY] = "沁县";
    row->cells[POOR_TOWNSHIP] = county->townships.items[village->township].name;
    row->cells[POOR_VILLAGE] = village->name;
    row->cells[POOR_HAMLET] = village->name;
    row->cells[POOR_HOUSEHOLD] = household->poor_number;
    row->cells[POOR_MEMBER] = tz_arena_printf(county->mem, "%s%02u", household->poor_number, index - household->first + 1);
    row->cells[POOR_NAME] = person->name;
    row->cells[POOR_ID] = person->id;
    row->cells[POOR_SIZE] = tz_arena_printf(county->mem, "%d", size);
    row->cells[POOR_RELATION] = person->relation;
    row->cells[POOR_ETHNIC] = "汉族";
    row->cells[POOR_SCHOOLING] = schooling_name(person, year);
    row->cells[POOR_HEALTH] = person->is_disabled ? "残疾" : "健康";
    row->cells[POOR_OUT] = year >= 2018 ? "已脱贫" : "未脱贫";
    row->cells[POOR_ATTRIBUTE] = household->assisted_from != 0 ? "低保贫困户" : "一般贫困户";
    row->cells[POOR_CAUSE] = household->poor_cause;
    row->cells[POOR_PHONE] = phone(county, person->household);
    return row;
}

static void make_poverty(demo_county *county)
{
    for (int year = DEMO_FIRST_YEAR; year < DEMO_FIRST_YEAR + DEMO_YEARS; year++) {
        demo_file *file = demo_file_add(county, tz_arena_printf(county->mem, "扶贫办_建档立卡贫困人口名册_%d年.xlsx", year), false);
        county->poverty[year - DEMO_FIRST_YEAR] = demo_sheet_add(
            county, file, "Sheet1", tz_arena_printf(county->mem, "沁县%d年度建档立卡贫困人口名册", year),
            tz_arena_printf(county->mem, "数据日期:%d年12月31日;人员均为虚构,仅供演示", year), POOR_HEADERS, POOR_COLUMNS, "ttttttttntttttttt");
        for (uint32_t h = 0; h < county->households.count; h++) {
            const demo_household *household = &county->households.items[h];
            int size = 0;
            for (uint32_t i = household->first; i < household->first + household->count; i++)
                size += demo_is_listed(county, &county->persons.items[i], year);
            for (uint32_t i = household->first; size > 0 && i < household->first + household->count; i++)
                if (demo_is_listed(county, &county->persons.items[i], year))
                    county->persons.items[i].listed[year - DEMO_FIRST_YEAR] = add_listed(county, i, year, size);
        }
    }
}

/* ---- Social assistance and disability ---- */

static const char *month_name(tz_arena *mem, int yyyymm)
{
    return yyyymm == 0 ? NULL : tz_arena_printf(mem, "%d年%d月", yyyymm / 100, yyyymm % 100);
}

static void make_low_income(demo_county *county)
{
    static const char *const HEADERS[] = {"保障对象姓名", "身份证号", "村(社区)", "救助类别", "享受起始年月", "停发年月"};
    demo_file *file = demo_file_add(county, "民政局_低保特困对象名册.xlsx", false);

    county->low_income = demo_sheet_add(county, file, "名册", "沁县低保特困对象名册(截至2019年12月31日)", NULL, HEADERS, 6, "tttttt");
    for (uint32_t h = 0; h < county->households.count; h++) {
        const demo_household *household = &county->households.items[h];
        const demo_village   *village = village_of(county, h);
        for (uint32_t i = household->first; household->assisted_from != 0 && i < household->first + household->count; i++) {
            const demo_person *person = &county->persons.items[i];
            if (person->died != 0 || person->status != DEMO_PRESENT || person->born / 100 > household->assisted_from)
                continue;
            demo_row *row = demo_row_add(county, county->low_income, i);
            row->cells[0] = person->name;
            row->cells[1] = person->id;
            row->cells[2] = tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
            row->cells[3] = household->is_destitute ? "特困人员供养" : village->code[9] == '0' ? "城镇低保" : "农村低保";
            row->cells[4] = month_name(county->mem, household->assisted_from);
            row->cells[5] = month_name(county->mem, household->assisted_to);
        }
    }
}

static demo_row *add_disabled(demo_county *county, uint32_t index)
{
    static const char *const KINDS[] = {"", "视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾"};
    static const char *const LEVELS[] = {"", "一级", "二级", "三级", "四级"};
    demo_person        *person = &county->persons.items[index];
    const demo_village *village = village_of(county, person->household);
    demo_row *row = demo_row_add(county, county->disabled, index);
    int       kind = demo_between(&county->pcg, 1, 6), level = demo_between(&county->pcg, 1, 4);

    row->cells[0] = person->name;
    row->cells[1] = person->id;
    row->cells[2] = tz_arena_printf(county->mem, "%s%d%d", person->id, kind, level);
    row->cells[3] = KINDS[kind];
    row->cells[4] = LEVELS[level];
    row->cells[5] = tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
    row->cells[6] = demo_date(county->mem, demo_between(&county->pcg, 2012, 2015) * 10000 +
                                               demo_between(&county->pcg, 1, 12) * 100 +
                                               demo_between(&county->pcg, 1, 28));
    person->disabled = row;
    return row;
}

static void make_disabled(demo_county *county)
{
    static const char *const HEADERS[] = {"残疾人姓名", "身份证号码", "残疾证号", "残疾类别", "残疾等级", "行政村", "首次发证日期"};
    demo_file *file = demo_file_add(county, "残联_持证残疾人名册.xlsx", false);

    county->disabled = demo_sheet_add(county, file, "Sheet1", "沁县持证残疾人名册(截至2019年12月31日)", NULL, HEADERS, 7, "ttttttd");
    for (uint32_t i = 0; i < county->persons.count; i++) {
        const demo_person *person = &county->persons.items[i];
        if (person->is_disabled && person->died == 0 && person->status == DEMO_PRESENT && person->born < 20110101)
            (void)add_disabled(county, i);
    }
}

void demo_registers_make(demo_county *county)
{
    tz_assert(county != NULL && county->households.count > 0);
    make_residents(county);
    make_deaths(county);
    make_poverty(county);
    make_low_income(county);
    make_disabled(county);
}
