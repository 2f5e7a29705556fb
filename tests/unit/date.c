/* date: the calendar, the forms that departments write, Excel's day numbers, months, terms, years. */
#include "../test.h"

#include "base/date.h"

/* Every day from 1600 to 2400 counts one more than the day before it. */
static void test_the_calendar(void **state)
{
    (void)state;
    int64_t days = tz_date_days(16000101);

    assert_true(tz_date_days(19700101) == 0);
    for (int32_t year = 1600; year <= 2400; year++)
        for (int32_t month = 1; month <= 12; month++)
            for (int32_t day = 1; day <= tz_date_month_end(year, month) % 100; day++, days++) {
                int32_t ymd = year * 10000 + month * 100 + day;
                if (!tz_date_is_real(ymd) || tz_date_days(ymd) != days || tz_date_from_days(days) != ymd)
                    fail_msg("%d", (int)ymd);
            }
    assert_int_equal(tz_date_add(20190228, 1), 20190301);
    assert_int_equal(tz_date_add(20200301, -1), 20200229);
    assert_int_equal(tz_date_month_end(1900, 2), 19000228);
    assert_int_equal(tz_date_month_end(2000, 2), 20000229);
    assert_false(tz_date_is_real(20190229));
    assert_false(tz_date_is_real(0));
    assert_false(tz_date_is_real(-20190101));
    assert_int_equal(tz_date_make(2019, 13, 1), 0);
}

static void test_dates_as_written(void **state)
{
    (void)state;
    static const struct { const char *text; int32_t ymd; } CASES[] = {
        {"2019-09-01", 20190901}, {"2019-9-1", 20190901}, {"2019.9.1", 20190901}, {"2019/9/1", 20190901},
        {"20190901", 20190901}, {"2019年9月1日", 20190901}, {"2019年09月01号", 20190901}, {"2019 年 9 月 1 日", 20190901},
        {" 2019-9-1 ", 20190901}, {"2019-09-01 08:30:00", 20190901}, {"2019-09-01T00:00:00Z", 20190901},
        {"2019年9月1", 20190901}, {"2020-02-29", 20200229},
        {"2019-02-29", 0}, {"2019-9", 0}, {"2019年9月", 0}, {"201909", 0}, {"201909011", 0}, {"2019-9-011", 0},
        {"19-9-1", 0}, {"2019-13-1", 0}, {"2019-0-1", 0}, {"2019-9-0", 0}, {"民国八年九月一日", 0}, {"", 0},
        {"2019-9-1前", 0}, {"2019-09-01\xFF", 0},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        int32_t ymd = 0;
        bool    is_date = tz_date_parse(tz_text_of(CASES[i].text), &ymd);
        if (is_date != (CASES[i].ymd != 0) || ymd != CASES[i].ymd)
            fail_msg("'%s' gives %d", CASES[i].text, (int)ymd);
    }
}

static void test_iso(void **state)
{
    (void)state;
    int32_t ymd = 0;
    char    text[TZ_DATE_TEXT];

    assert_true(tz_date_parse_iso(TZ_TEXT("2019-09-30"), &ymd));
    assert_int_equal(ymd, 20190930);
    tz_date_format(ymd, text);
    assert_string_equal(text, "2019-09-30");
    assert_false(tz_date_parse_iso(TZ_TEXT("2019-9-30"), &ymd));
    assert_false(tz_date_parse_iso(TZ_TEXT("2019-09-31"), &ymd));
    assert_false(tz_date_parse_iso(TZ_TEXT("2019-09-30 "), &ymd));
    assert_int_equal(ymd, 20190930);
    tz_date_format(0, text);
    assert_string_equal(text, "");
}

static void test_serials(void **state)
{
    (void)state;
    static const struct { int64_t serial; bool is_1904; int32_t ymd; } CASES[] = {
        {1, false, 19000101}, {59, false, 19000228}, {60, false, 0}, {61, false, 19000301}, {43709, false, 20190901},
        {2958465, false, 99991231}, {2958466, false, 0}, {0, false, 0}, {-1, false, 0},
        {0, true, 19040101}, {42247, true, 20190901},
    };

    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(tz_date_from_serial(CASES[i].serial, CASES[i].is_1904), CASES[i].ymd);
}

typedef struct {
    const char *text, *canonical; /* NULL: refused */
} period_case;

static void check_periods(const period_case *cases, size_t count, bool (*parse)(tz_text, char *))
{
    for (size_t i = 0; i < count; i++) {
        char out[TZ_PERIOD_TEXT] = "untouched";
        bool is_period = parse(tz_text_of(cases[i].text), out);
        if (is_period != (cases[i].canonical != NULL))
            fail_msg("'%s' gives %s", cases[i].text, out);
        assert_string_equal(out, is_period ? cases[i].canonical : "untouched");
    }
}

static void test_months(void **state)
{
    (void)state;
    static const period_case CASES[] = {
        {"2019-09", "2019-09"}, {"2019-9", "2019-09"}, {"2019年9月", "2019-09"}, {"2019年09月份", "2019-09"},
        {"2019.9", "2019-09"}, {"201909", "2019-09"}, {"2019/12", "2019-12"}, {" 2019年9月 ", "2019-09"},
        {"2019-13", NULL}, {"2019-00", NULL}, {"20199", NULL}, {"2019-9-1", NULL}, {"9月", NULL}, {"2019", NULL}, {"", NULL},
    };
    check_periods(CASES, COUNT(CASES), tz_month_parse);
}

static void test_terms(void **state)
{
    (void)state;
    static const period_case CASES[] = {
        {"2019-1", "2019-1"}, {"2019-2", "2019-2"}, {"2019年秋季学期", "2019-2"}, {"2019年春季学期", "2019-1"},
        {"2019秋", "2019-2"}, {"2019年春", "2019-1"}, {"2019春季", "2019-1"},
        {"2018-2019学年第一学期", "2018-2"}, {"2018-2019学年第二学期", "2019-1"}, {"2018—2019学年度第二学期", "2019-1"},
        {"2018-2019学年下学期", "2019-1"}, {"2018-19学年上学期", "2018-2"}, {"2018至2019学年 第一学期", "2018-2"},
        {"2019-3", NULL}, {"2019-02", NULL}, {"2019学年春季", NULL}, {"2018-2020学年第一学期", NULL},
        {"2019年", NULL}, {"春季学期", NULL}, {"2019年夏季", NULL}, {"2019秋季学期末", NULL}, {"", NULL},
    };
    check_periods(CASES, COUNT(CASES), tz_term_parse);
}

static void test_years(void **state)
{
    (void)state;
    static const period_case CASES[] = {
        {"2019", "2019"}, {"2019年", "2019"}, {"2019年度", "2019"}, {" 2019 ", "2019"},
        {"19", NULL}, {"20190", NULL}, {"2019年9月", NULL}, {"1800", NULL}, {"", NULL},
    };
    check_periods(CASES, COUNT(CASES), tz_year_parse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_calendar), cmocka_unit_test(test_dates_as_written), cmocka_unit_test(test_iso),
        cmocka_unit_test(test_serials), cmocka_unit_test(test_months), cmocka_unit_test(test_terms), cmocka_unit_test(test_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
