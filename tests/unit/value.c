/* value - cells as typed values: tables of what offices write. */
#include "../test.h"

#include "evidence/value.h"
#include "evidence/when.h"

typedef struct {
    tz_type      type;
    tz_cell_kind kind;
    const char  *sent;
    const char  *value; /* NULL: null */
    const char  *rule;  /* a part of the problem's rule, NULL: none */
    int          unit_power;
} row;

static const row ROWS[] = {
    {TZ_TYPE_ID, TZ_CELL_TEXT, "11010519491231002x", "11010519491231002X", NULL, 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, " 110105 19491231 002X ", "11010519491231002X", NULL, 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "'11010519491231002X", "11010519491231002X", NULL, 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "110105491231002", "11010519491231002X", NULL, 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "11010519491231002X43", "11010519491231002X", NULL, 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "110105194912310021", NULL, "校验位", 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "110105194902310021", NULL, "出生日期", 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "11010519491231", NULL, "位数", 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "1.40430E+17", NULL, "Excel", 0},
    {TZ_TYPE_ID, TZ_CELL_NUMBER, "1.4043019700101E+17", NULL, "Excel", 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019.9.1", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "20190901", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019年9月1日", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_NUMBER, "43709", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019-02-29", NULL, "不是日期", 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019年9月", NULL, "缺少日", 0},
    {TZ_TYPE_TERM, TZ_CELL_TEXT, "2016年秋季学期", "2016-2", NULL, 0},
    {TZ_TYPE_TERM, TZ_CELL_TEXT, "2018-2019学年第二学期", "2019-1", NULL, 0},
    {TZ_TYPE_TERM, TZ_CELL_TEXT, "秋季", NULL, "学期", 0},
    {TZ_TYPE_MONTH, TZ_CELL_TEXT, "2019年3月", "2019-03", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "1,234.5", "1234.50", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "84.2", "842000.00", NULL, 4},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "84.2万元", "842000.00", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "500元", "500.00", NULL, 4},
    {TZ_TYPE_MONEY, TZ_CELL_NUMBER, "8.4199999999999999", "8.42", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "(12.00)", "-12.00", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "1.005", "1.01", "四舍五入", 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "五百", NULL, "不是数字", 0},
    {TZ_TYPE_PERCENT, TZ_CELL_TEXT, "19%", "0.190000", NULL, 0},
    {TZ_TYPE_PERCENT, TZ_CELL_NUMBER, "0.19", "0.190000", NULL, 0},
    {TZ_TYPE_INT, TZ_CELL_NUMBER, "3.0", "3", NULL, 0},
    {TZ_TYPE_INT, TZ_CELL_TEXT, "3.5", NULL, "整数", 0},
    {TZ_TYPE_YESNO, TZ_CELL_TEXT, "√", "true", NULL, 0},
    {TZ_TYPE_YESNO, TZ_CELL_TEXT, "无", "false", NULL, 0},
    {TZ_TYPE_YESNO, TZ_CELL_TEXT, "也许", NULL, "是或否", 0},
    {TZ_TYPE_PHONE, TZ_CELL_TEXT, "0355-7024925", "03557024925", NULL, 0},
    {TZ_TYPE_PHONE, TZ_CELL_TEXT, "70249", "70249", "位数", 0},
    {TZ_TYPE_PHONE, TZ_CELL_TEXT, "13800000000", "13800000000", NULL, 0},
    {TZ_TYPE_BANK, TZ_CELL_TEXT, "4111 1111 1111 1111", "4111111111111111", NULL, 0},
    {TZ_TYPE_BANK, TZ_CELL_TEXT, "4111111111111112", "4111111111111112", "校验", 0},
    {TZ_TYPE_TEXT, TZ_CELL_TEXT, "  张三 ", "张三", NULL, 0},
    {TZ_TYPE_TEXT, TZ_CELL_ERROR, "#N/A", NULL, "错误值", 0},
    {TZ_TYPE_ID, TZ_CELL_NUMBER, "140430197001010000", NULL, "末位已丢失", 0},
    {TZ_TYPE_ID, TZ_CELL_TEXT, "110105189012310020", NULL, "校验位", 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019/9/1", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019-9-1 08:30:00", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "2019年9月1号", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_NUMBER, "43709.75", "2019-09-01", NULL, 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "民国108年9月1日", NULL, "不是日期", 0},
    {TZ_TYPE_DATE, TZ_CELL_TEXT, "1890-01-01", "1890-01-01", "不合常理", 0},
    {TZ_TYPE_MONTH, TZ_CELL_TEXT, "201903", "2019-03", NULL, 0},
    {TZ_TYPE_MONTH, TZ_CELL_TEXT, "2019年3月份", "2019-03", NULL, 0},
    {TZ_TYPE_MONTH, TZ_CELL_TEXT, "2019-03-15", "2019-03", NULL, 0},
    {TZ_TYPE_MONTH, TZ_CELL_TEXT, "三月", NULL, "月份", 0},
    {TZ_TYPE_TERM, TZ_CELL_TEXT, "2019年春", "2019-1", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "1.2万元", "12000.00", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "3千元", "3000.00", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "0.5亿元", "50000000.00", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "12元", "12.00", NULL, 4},
    {TZ_TYPE_MONEY, TZ_CELL_NUMBER, "1.5", "15000.00", NULL, 4},
    {TZ_TYPE_MONEY, TZ_CELL_NUMBER, "2", "2000.00", NULL, 3},
    {TZ_TYPE_MONEY, TZ_CELL_NUMBER, "8.4199999999999999", "8.42", NULL, 0},
    {TZ_TYPE_MONEY, TZ_CELL_TEXT, "99999999999999999", NULL, "过大", 0},
    {TZ_TYPE_PERCENT, TZ_CELL_TEXT, "12.5 %", "0.125000", NULL, 0},
    {TZ_TYPE_PERCENT, TZ_CELL_TEXT, "5000", NULL, "过大", 0},
    {TZ_TYPE_YESNO, TZ_CELL_TEXT, "是", "true", NULL, 0},
    {TZ_TYPE_YESNO, TZ_CELL_TEXT, "有", "true", NULL, 0},
    {TZ_TYPE_YESNO, TZ_CELL_NUMBER, "1", "true", NULL, 0},
    {TZ_TYPE_YESNO, TZ_CELL_TEXT, "×", "false", NULL, 0},
    {TZ_TYPE_PHONE, TZ_CELL_TEXT, "11800000000", "11800000000", "位数", 0},
    {TZ_TYPE_BANK, TZ_CELL_NUMBER, "6228480402564890018", NULL, "末位已丢失", 0},
    {TZ_TYPE_CREDIT_CODE, TZ_CELL_TEXT, "91350100M000100Y43", "91350100M000100Y43", NULL, 0},
    {TZ_TYPE_CREDIT_CODE, TZ_CELL_TEXT, "91350100M000100Y44", "91350100M000100Y44", "校验", 0},
    {TZ_TYPE_CREDIT_CODE, TZ_CELL_TEXT, "91350100", "91350100", "18 位", 0},
    {TZ_TYPE_TEXT, TZ_CELL_EMPTY, "", NULL, NULL, 0},
};

static void test_values(void **state)
{
    tz_arena mem = {0};
    (void)state;

    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const tz_column        column = {.name = "c", .type = ROWS[i].type};
        const tz_cell          cell = {.kind = ROWS[i].kind, .style = -1, .text = tz_text_of(ROWS[i].sent)};
        const tz_value_context context = {.unit_power = ROWS[i].unit_power};
        tz_value_column        reader = tz_value_column_of(&mem, &column);
        tz_value               value;
        tz_value_read(&mem, &reader, &cell, &context, &value);
        tz_text          text = value.text;
        tz_value_problem problem = value.problem;
        if (ROWS[i].value == NULL ? text.size != 0 : !tz_text_is(text, ROWS[i].value))
            fail_msg("row %zu '%s': got '%.*s', not '%s'", i, ROWS[i].sent, TZ_FMT(text), ROWS[i].value == NULL ? "null" : ROWS[i].value);
        if (ROWS[i].rule == NULL ? problem.rule != NULL : problem.rule == NULL || strstr(problem.rule, ROWS[i].rule) == NULL)
            fail_msg("row %zu '%s': problem '%s'", i, ROWS[i].sent, problem.rule == NULL ? "none" : problem.rule);
        if (problem.rule != NULL)
            assert_non_null(problem.advice);
    }
    tz_arena_free(&mem);
}

static void test_codes(void **state)
{
    static const char *SYNONYMS[] = {"男性", "1"};
    tz_code                codes[] = {{.code = "M", .title = "男 | male", .synonyms = {SYNONYMS, 2, 2}}};
    const tz_column        column = {.name = "sex", .type = TZ_TYPE_CODE, .codes = {codes, 1, 1}};
    const tz_value_context context = {0};
    const char *const      known[] = {"男", "male", "M", "m", "男性", "1", " 男 "};
    tz_arena               mem = {0};
    tz_value_column        reader = tz_value_column_of(&mem, &column);
    tz_value               value;
    (void)state;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const tz_cell cell = {.kind = TZ_CELL_TEXT, .text = tz_text_of(known[i])};
        tz_value_read(&mem, &reader, &cell, &context, &value);
        assert_true(tz_text_is(value.text, "M"));
    }
    const tz_cell cell = {.kind = TZ_CELL_TEXT, .text = TZ_TEXT("女")};
    tz_value_read(&mem, &reader, &cell, &context, &value);
    assert_int_equal(value.text.size, 0);
    assert_non_null(strstr(value.problem.rule, "代码表"));
    tz_arena_free(&mem);
}

/* A column's bounds mark, a header's percent sign divides, and the number goes with the text. */
static void test_numbers(void **state)
{
    static const struct {
        tz_column   column;
        const char *sent, *text;
        int64_t     number;
        bool        in_percent, is_marked;
    } CASES[] = {
        {{.type = TZ_TYPE_DECIMAL, .precision = 8, .scale = 2, .least = "10", .most = "500"}, "3", "3.00", 300, false, true},
        {{.type = TZ_TYPE_DECIMAL, .precision = 8, .scale = 2, .least = "10", .most = "500"}, "60.5", "60.50", 6050, false, false},
        {{.type = TZ_TYPE_DECIMAL, .precision = 4, .scale = 2}, "123", NULL, 0, false, true},
        {{.type = TZ_TYPE_INT, .least = "0", .most = "20"}, "21", "21", 21, false, true},
        {{.type = TZ_TYPE_DATE, .least = "2000-01-01", .most = "2030-12-31"}, "1999-12-31", "1999-12-31", 10956, false, true},
        {{.type = TZ_TYPE_DATE}, "1970-01-02", "1970-01-02", 1, false, false},
        {{.type = TZ_TYPE_PERCENT}, "19", "0.190000", 190000, true, false},
        {{.type = TZ_TYPE_MONEY}, "-0.5", "-0.50", -50, false, false},
        {{.type = TZ_TYPE_YESNO}, "是", "true", 1, false, false},
    };
    tz_arena mem = {0};
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const tz_cell          cell = {.kind = TZ_CELL_TEXT, .style = -1, .text = tz_text_of(CASES[i].sent)};
        const tz_value_context context = {.in_percent = CASES[i].in_percent};
        tz_value_column        reader = tz_value_column_of(&mem, &CASES[i].column);
        tz_value               value;
        tz_value_read(&mem, &reader, &cell, &context, &value);
        assert_int_equal(value.problem.rule != NULL, CASES[i].is_marked);
        if (CASES[i].text == NULL) {
            assert_int_equal(value.text.size, 0);
            continue;
        }
        if (!tz_text_is(value.text, CASES[i].text) || value.number != CASES[i].number)
            fail_msg("case %zu: '%.*s' %lld", i, TZ_FMT(value.text), (long long)value.number);
    }
    tz_arena_free(&mem);
}

static void test_when(void **state)
{
    static const struct { const char *text; int32_t date; const char *term, *month, *year; } CASES[] = {
        {"沁县人口底册(截至2019年12月31日)", 20191231, "", "", ""},
        {"2019年春季学期受助学生花名册", 0, "2019-1", "", ""},
        {"2018-2019学年第一学期", 0, "2018-2", "", ""},
        {"2019年6月份报表", 0, "", "2019-06", ""},
        {"2019年度名册.xlsx", 0, "", "", "2019"},
        {"截至2020.6.30 的 2019年度名册", 20200630, "", "", "2019"},
        {"文号 140430197001010018", 0, "", "", ""},
        {"没有日期", 0, "", "", ""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_when when = tz_when_in(CASES[i].text);
        assert_int_equal(when.date, CASES[i].date);
        assert_string_equal(when.term, CASES[i].term);
        assert_string_equal(when.month, CASES[i].month);
        assert_string_equal(when.year, CASES[i].year);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_codes), cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_when)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
