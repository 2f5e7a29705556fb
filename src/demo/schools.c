/* schools - who is at which school in which term, and the aid that the rules give. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* ---- Terms: 0 autumn 2016 .. 5 spring 2019 ---- */

static const char *const TERM_NAMES[DEMO_TERMS] = {"2016年秋季学期", "2017年春季学期", "2017年秋季学期",
                                                   "2018年春季学期", "2018年秋季学期", "2019年春季学期"};

const char *demo_term_name(int term)
{
    tz_assert(term >= 0 && term < DEMO_TERMS);
    return TERM_NAMES[term];
}

int demo_term_year(int term)
{
    return 2016 + (term + 1) / 2;
}

int demo_term_school_year(int term)
{
    return 2016 + term / 2;
}

static int32_t term_start(int term)
{
    return term % 2 == 0 ? demo_term_year(term) * 10000 + 716 : demo_term_year(term) * 10000 + 116;
}

static int32_t term_end(int term)
{
    return term % 2 == 0 ? (demo_term_year(term) + 1) * 10000 + 115 : demo_term_year(term) * 10000 + 715;
}

const char *demo_stage_name(demo_stage stage)
{
    static const char *const NAMES[] = {"", "学前", "小学", "初中", "普高", "中职"};
    return NAMES[stage];
}

/* ---- The school roll ---- */

static const char *school_of(demo_county *county, const demo_person *person, demo_stage stage)
{
    static const char *const TAILS[] = {"", "中心幼儿园", "中心校", "初级中学"};
    uint32_t    township = county->villages.items[county->households.items[person->household].village].township;
    const char *town = county->townships.items[township].name;

    if (stage == DEMO_SENIOR)
        return person->born % 3 == 0 ? "沁县第二中学" : "沁县中学";
    if (stage == DEMO_VOCATIONAL)
        return "沁县职业中学";
    if (stage == DEMO_JUNIOR && township >= 6)
        return township % 2 == 0 ? "沁县第三中学" : "沁县第五中学";
    return tz_arena_printf(county->mem, "%s%s", town, TAILS[stage]);
}

demo_row *demo_pupil_add(demo_county *county, uint32_t index, demo_stage stage, const char *from, const char *to)
{
    const demo_person *person = &county->persons.items[index];
    demo_row *row = demo_row_add(county, county->pupils, index);
    bool      boards = stage == DEMO_PRIMARY ? person->boards_primary : stage == DEMO_JUNIOR ? person->boards_junior : stage >= DEMO_SENIOR;

    row->cells[PUPIL_SCHOOL] = school_of(county, person, stage);
    row->cells[PUPIL_STAGE] = demo_stage_name(stage);
    row->cells[PUPIL_NAME] = person->name;
    row->cells[PUPIL_SEX] = person->sex == 'M' ? "男" : "女";
    row->cells[PUPIL_ID] = person->id;
    row->cells[PUPIL_ROLL] = tz_arena_printf(county->mem, "G%s", person->id);
    row->cells[PUPIL_BOARDS] = boards ? "是" : "否";
    row->cells[PUPIL_FROM] = from;
    row->cells[PUPIL_TO] = to;
    return row;
}

static const char *term_text(tz_arena *mem, int school_year, bool is_spring)
{
    return tz_arena_printf(mem, "%d年%s季学期", school_year + is_spring, is_spring ? "春" : "秋");
}

/* One row for each stage that reaches into the years looked at. */
static void add_to_roll(demo_county *county, uint32_t index)
{
    const demo_person *person = &county->persons.items[index];
    int first = 0;

    for (int year = 2008; year <= 2019; year++) {
        demo_stage stage = demo_stage_in(person, year);
        if (stage == DEMO_NO_STAGE || (stage != DEMO_PRIMARY && stage != DEMO_PRESCHOOL && person->is_away))
            continue;
        if (demo_stage_in(person, year - 1) != stage)
            first = year;
        bool is_last = demo_stage_in(person, year + 1) != stage;
        if (year < 2016 || (!is_last && year < 2019))
            continue;
        (void)demo_pupil_add(county, index, stage, term_text(county->mem, first, false),
                             is_last && year < 2019 ? term_text(county->mem, year, true) : NULL);
    }
}

static void make_roll(demo_county *county)
{
    static const char *const HEADERS[PUPIL_COLUMNS] = {
        "学校名称", "学段", "学生姓名", "性别", "身份证件号", "学籍号", "是否住宿", "入学学期", "离校学期"};
    demo_file *file = demo_file_add(county, "教育局_学籍名册.xlsx", false);

    county->pupils = demo_sheet_add(county, file, "学籍", "沁县中小学(幼儿园)学籍名册(截至2019年12月31日)",
                                    NULL, HEADERS, PUPIL_COLUMNS, "ttttttttt");
    for (uint32_t i = 0; i < county->persons.count; i++)
        if (county->persons.items[i].status != DEMO_REMOVED && county->persons.items[i].born > 19980901)
            add_to_roll(county, i);
}

/* ---- Grounds ---- */

bool demo_has_other_ground(const demo_county *county, const demo_person *person, int term)
{
    const demo_household *household = &county->households.items[person->household];
    bool is_assisted = household->assisted_from != 0 && household->assisted_from <= term_end(term) / 100 &&
                       (household->assisted_to == 0 || household->assisted_to >= term_start(term) / 100);
    bool is_covered = false;

    for (uint32_t i = household->first; i < household->first + household->count; i++) {
        const demo_person *member = &county->persons.items[i];
        bool is_there = member->died == 0 && member->status == DEMO_PRESENT;
        is_covered |= is_there && is_assisted && member->born / 100 <= household->assisted_from;
        is_covered |= is_there && member->is_disabled && member->born < 20110101;
    }
    return is_covered || person->is_orphan;
}

static void make_orphans(demo_county *county)
{
    static const char *const HEADERS[] = {"儿童姓名", "身份证号", "类别", "监护人姓名", "纳入年月"};
    demo_file *file = demo_file_add(county, "民政局_孤儿和事实无人抚养儿童名册.xlsx", false);

    county->orphans = demo_sheet_add(county, file, "Sheet1", "沁县孤儿和事实无人抚养儿童名册(截至2019年12月31日)", NULL, HEADERS, 5, "ttttt");
    for (uint32_t i = 0; i < county->persons.count; i++) {
        const demo_person *person = &county->persons.items[i];
        if (!person->is_orphan)
            continue;
        demo_row *row = demo_row_add(county, county->orphans, i);
        row->cells[0] = person->name;
        row->cells[1] = person->id;
        row->cells[2] = "孤儿";
        row->cells[3] = county->persons.items[county->households.items[person->household].first].name;
        row->cells[4] = "2015年9月";
    }
}

/* ---- Aid ---- */

const char *demo_programme(const demo_person *person, demo_stage stage)
{
    switch (stage) {
    case DEMO_PRESCHOOL: return "学前资助";
    case DEMO_PRIMARY: return person->boards_primary ? "寄宿生补助" : NULL;
    case DEMO_JUNIOR: return person->boards_junior ? "寄宿生补助" : NULL;
    case DEMO_SENIOR: return "普高助学金";
    case DEMO_VOCATIONAL: return "中职助学金";
    default: return NULL;
    }
}

/* Fen a term by the standards' sheet below. */
static int standard_fen(const demo_person *person, demo_stage stage, const char *programme)
{
    static const int SENIOR_TIERS[] = {75000, 100000, 125000};

    if (strcmp(programme, "雨露计划") == 0)
        return 150000;
    if (strcmp(programme, "普高助学金") == 0)
        return SENIOR_TIERS[person->born % 3];
    return stage == DEMO_JUNIOR ? 62500 : stage == DEMO_VOCATIONAL ? 100000 : 50000;
}

/* A card that nobody has: prefix 6200, the household's number, Luhn's digit. */
const char *demo_account(demo_county *county, uint32_t household)
{
    char *digits = tz_arena_printf(county->mem, "6200%014u0", household * 31U + 10007U);
    int   sum = 0;

    for (int i = 0; i < 18; i++) {
        int digit = digits[17 - i] - '0';
        digit = i % 2 == 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
        sum += digit;
    }
    digits[18] = (char)('0' + (10 - sum % 10) % 10);
    return digits;
}

int demo_aid_fen(const demo_row *aid)
{
    const char *text = aid->cells[AID_AMOUNT], *point = strchr(text, '.');
    return atoi(text) * 100 + (point == NULL ? 0 : atoi(point + 1));
}

demo_row *demo_aid_add(demo_county *county, uint32_t index, int term, demo_stage stage, const char *programme)
{
    const demo_person *person = &county->persons.items[index];
    const demo_person *guardian = &county->persons.items[county->households.items[person->household].first];
    demo_row *row = demo_row_add(county, county->aid[term][stage], index);
    int       fen = standard_fen(person, stage, programme);
    bool      boards = stage >= DEMO_SENIOR || strcmp(programme, "寄宿生补助") == 0;

    row->term = term;
    row->cells[AID_TERM] = TERM_NAMES[term];
    row->cells[AID_SCHOOL] = school_of(county, person, stage);
    row->cells[AID_STAGE] = demo_stage_name(stage);
    row->cells[AID_CLASS] = tz_arena_printf(county->mem, "%d班", person->born % 4 + 1);
    row->cells[AID_NAME] = person->name;
    row->cells[AID_SEX] = person->sex == 'M' ? "男" : "女";
    row->cells[AID_ID] = person->id;
    row->cells[AID_BOARDER] = boards ? "是" : "否";
    row->cells[AID_PROGRAMME] = programme;
    row->cells[AID_AMOUNT] = tz_arena_printf(county->mem, "%d.%02d", fen / 100, fen % 100);
    row->cells[AID_GUARDIAN] = guardian->name;
    row->cells[AID_GUARDIAN_ID] = guardian->id;
    row->cells[AID_ACCOUNT] = demo_account(county, person->household);
    row->cells[AID_HOLDER] = stage == DEMO_SENIOR ? person->name : guardian->name;
    return row;
}

static void recognise(demo_county *county, uint32_t index, int term, demo_stage stage)
{
    static const char *const REASONS[] = {"家庭成员患重大疾病", "遭遇自然灾害", "单亲家庭收入低", "突发意外事故"};
    const demo_person *person = &county->persons.items[index];
    demo_row *row = demo_row_add(county, county->recognised[term], index);

    row->cells[0] = TERM_NAMES[term];
    row->cells[1] = school_of(county, person, stage);
    row->cells[2] = person->name;
    row->cells[3] = person->id;
    row->cells[4] = REASONS[index % 4];
}

static void aid_in_term(demo_county *county, uint32_t index, int term)
{
    const demo_person *person = &county->persons.items[index];
    demo_stage  stage = demo_stage_in(person, demo_term_school_year(term));
    const char *programme = demo_programme(person, stage);
    bool        is_elsewhere = person->is_away && stage != DEMO_PRIMARY && stage != DEMO_PRESCHOOL;
    bool        is_poor = demo_is_listed(county, person, demo_term_year(term));

    if (programme == NULL || is_elsewhere || person->skip_term == term + 1)
        return;
    if (person->paid_dead_term == term + 1) {
        (void)demo_aid_add(county, index, term, stage, programme);
        return;
    }
    if (person->died != 0 && person->died < term_start(term))
        return;
    if (is_poor) {
        (void)demo_aid_add(county, index, term, stage, programme);
        if (stage == DEMO_VOCATIONAL)
            (void)demo_aid_add(county, index, term, stage, "雨露计划");
        return;
    }
    if (person->died != 0 || !person->takes_other_aid)
        return;
    if (demo_has_other_ground(county, person, term)) {
        (void)demo_aid_add(county, index, term, stage, programme);
    } else if (person->is_recognised) {
        recognise(county, index, term, stage);
        (void)demo_aid_add(county, index, term, stage, programme);
    }
}

static const char *const AID_HEADERS[AID_COLUMNS] = {
    "学期",       "就读学校", "学段",     "班级",       "学生姓名",       "性别",     "身份证号",
    "是否住宿生", "资助项目", "资助金额", "监护人姓名", "监护人身份证号", "银行账号", "开户人姓名"};
static const char *const AID_HEADERS_2[AID_COLUMNS] = {
    "受助学期", "学校名称", "学段",     "所在班级", "姓名",         "性别",       "学生身份证号",
    "是否寄宿", "项目名称", "补助金额", "家长姓名", "家长身份证号", "一卡通账号", "户名"};

/* Some terms come as one sheet, some as one for each stage; one is in 万元. */
static void open_aid(demo_county *county, int term)
{
    static const char *const SHEETS[] = {"", "学前", "小学", "初中", "普高", "中职"};
    bool        is_split = term % 3 != 0, is_wan = term == 2;
    const char *title = tz_arena_printf(county->mem, "沁县%s受助学生花名册", TERM_NAMES[term]);
    const char *remark = tz_arena_printf(county->mem, "填报单位:沁县教育局  单位:%s  (人员均为虚构,仅供演示)", is_wan ? "万元" : "元");
    demo_file  *file = demo_file_add(county, tz_arena_printf(county->mem, "教育局_受助学生花名册_%s.xlsx", TERM_NAMES[term]), false);
    demo_sheet *whole = NULL;

    for (int stage = DEMO_PRESCHOOL; stage <= DEMO_VOCATIONAL; stage++) {
        if (!is_split && whole != NULL) {
            county->aid[term][stage] = whole;
            continue;
        }
        demo_sheet *sheet = demo_sheet_add(county, file, is_split ? SHEETS[stage] : "花名册", title, remark, term >= 3 ? AID_HEADERS_2 : AID_HEADERS,
                                           AID_COLUMNS, "tttttttttmtttt");
        sheet->unit_power = is_wan ? 4 : 0;
        sheet->total = "合计";
        sheet->total_column = AID_AMOUNT;
        county->aid[term][stage] = whole = sheet;
    }
}

static void open_recognised(demo_county *county, int term)
{
    static const char *const HEADERS[] = {"认定学期", "学校", "学生姓名", "身份证号", "认定原因"};
    demo_file *file = demo_file_add(county, tz_arena_printf(county->mem, "教育局_家庭经济困难学生认定表_%s.xlsx", TERM_NAMES[term]), false);

    county->recognised[term] =
        demo_sheet_add(county, file, "认定表",
                       tz_arena_printf(county->mem, "沁县教育局%s家庭经济困难学生认定表", TERM_NAMES[term]),
                       NULL, HEADERS, 5, "ttttt");
}

static void make_standards(demo_county *county)
{
    static const char *const HEADERS[] = {"资助项目", "学段", "档次", "每生每学期标准", "执行起始学期", "执行截止学期", "依据文件"};
    static const char *const ROWS[][7] = {
        {"学前教育资助", "学前", "", "500.00", "2015年秋季学期", NULL, "晋财教〔2011〕231号(演示)"},
        {"寄宿生生活补助", "小学", "", "500.00", "2015年秋季学期", NULL, "国发〔2015〕67号"},
        {"寄宿生生活补助", "初中", "", "625.00", "2015年秋季学期", NULL, "国发〔2015〕67号"},
        {"普通高中国家助学金", "普高", "一档", "1250.00", "2015年秋季学期", NULL, "财教〔2010〕356号(年均 2000 元)"},
        {"普通高中国家助学金", "普高", "二档", "1000.00", "2015年秋季学期", NULL, "财教〔2010〕356号(年均 2000 元)"},
        {"普通高中国家助学金", "普高", "三档", "750.00", "2015年秋季学期", NULL, "财教〔2010〕356号(年均 2000 元)"},
        {"中职国家助学金", "中职", "", "1000.00", "2015年春季学期", NULL, "财教〔2014〕(年 2000 元)"},
        {"雨露计划职业教育补助", "中职", "", "1500.00", "2015年秋季学期", NULL, "国开办发〔2015〕19号"},
    };
    demo_file *file = demo_file_add(county, "教育局_学生资助标准.xlsx", false);

    county->standards = demo_sheet_add(county, file, "标准", "沁县学生资助标准(截至2019年12月31日)", "单位:元  (演示)", HEADERS, 7, "tttmttt");
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        demo_row *row = demo_row_add(county, county->standards, DEMO_NOBODY);
        for (size_t j = 0; j < 7; j++)
            row->cells[j] = ROWS[i][j];
    }
}

/* ---- Refunds ---- */

static void open_refunds(demo_county *county)
{
    static const char *const REFUNDS[MONEY_COLUMNS] = {"学生姓名", "身份证号", "原资助学期", "资助项目", "退款金额", "退款日期", "缴款凭证号"};
    static const char *const ORDERS[MONEY_COLUMNS] = {"学生姓名", "学生身份证号", "涉及学期", "资助项目", "应退金额", "下达日期", "通知书文号"};
    demo_file *refunds = demo_file_add(county, "教育局_学生资助退款登记.csv", true);
    demo_file *orders = demo_file_add(county, "教育局_责令退款通知登记.xlsx", false);

    county->refunds = demo_sheet_add(county, refunds, NULL, "沁县教育局学生资助退款登记(截至2019年12月31日)",
                                     "单位:元,人员均为虚构", REFUNDS, MONEY_COLUMNS, "ttttmtt");
    county->orders = demo_sheet_add(county, orders, "通知", "沁县教育局责令退款通知登记(截至2019年12月31日)",
                                    "单位:元  (人员均为虚构)", ORDERS, MONEY_COLUMNS, "ttttmtt");
    county->orders->total = "合计";
    county->orders->total_column = MONEY_AMOUNT;
}

static demo_row *money_row(demo_county *county, demo_sheet *sheet, const demo_row *aid, int fen, int32_t date, const char *number)
{
    demo_row *row = demo_row_add(county, sheet, aid->person);

    row->cells[MONEY_NAME] = county->persons.items[aid->person].name;
    row->cells[MONEY_ID] = county->persons.items[aid->person].id;
    row->cells[MONEY_TERM] = aid->cells[AID_TERM];
    row->cells[MONEY_PROGRAMME] = aid->cells[AID_PROGRAMME];
    row->cells[MONEY_AMOUNT] = tz_arena_printf(county->mem, "%d.%02d", fen / 100, fen % 100);
    row->cells[MONEY_DATE] = demo_date(county->mem, date);
    row->cells[MONEY_NUMBER] = number;
    return row;
}

demo_row *demo_order_add(demo_county *county, const demo_row *aid, int fen, int32_t date)
{
    return money_row(county, county->orders, aid, fen, date, tz_arena_printf(county->mem, "沁教退〔2019〕%zu号", county->orders->rows.count + 1));
}

demo_row *demo_refund_add(demo_county *county, const demo_row *aid, int fen, int32_t date)
{
    return money_row(county, county->refunds, aid, fen, date, tz_arena_printf(county->mem, "JK2019%06zu", county->refunds->rows.count + 1));
}

/* Some families gave back what they got for a term that they left; all of it came in. */
static void make_refunds(demo_county *county)
{
    open_refunds(county);
    for (int term = 0; term < DEMO_TERMS; term++) {
        const demo_rows *rows = &county->aid[term][DEMO_JUNIOR]->rows;
        for (size_t i = 0; i < rows->count; i += 400) {
            const demo_row *aid = rows->items[i];
            demo_household *household = &county->households.items[county->persons.items[aid->person].household];
            if (household->is_used)
                continue;
            household->is_used = true;
            (void)demo_order_add(county, aid, demo_aid_fen(aid), 20190610);
            (void)demo_refund_add(county, aid, demo_aid_fen(aid), 20190702);
        }
    }
}

void demo_schools_make(demo_county *county)
{
    tz_assert(county != NULL && county->residents != NULL);
    make_standards(county);
    make_roll(county);
    make_orphans(county);
    for (int term = 0; term < DEMO_TERMS; term++) {
        open_aid(county, term);
        open_recognised(county, term);
        for (uint32_t i = 0; i < county->persons.count; i++)
            if (county->persons.items[i].status != DEMO_REMOVED && county->persons.items[i].born > 19980901)
                aid_in_term(county, i, term);
    }
    make_refunds(county);
}
