/* calendar: which days are worked, and what a calendar file may not say. */
#include "../test.h"

#include "base/date.h"
#include "base/file.h"
#include "store/calendar.h"

static const char DAYS[] =
    "from\tto\tkind\tname\tsource\n"
    "# spring festival of 2020, made longer\n"
    "2020-01-19\t2020-01-19\twork\t调休上班\t甲\n"
    "2020-01-24\t2020-01-30\toff\t春节\t甲\n"
    "2020-01-31\t2020-02-02\toff\t春节\t乙\n";

static tz_rc load(tz_arena *mem, const char *text, tz_calendar *ret_calendar, tz_err *err)
{
    const char *folder = test_folder(mem), *path = tz_arena_printf(mem, "%s/calendar.tsv", folder);
    tz_err      ignored;

    assert_int_equal(tz_file_write(path, tz_text_of(text), 0644, &ignored), TZ_OK);
    tz_rc rc = tz_calendar_load(mem, path, ret_calendar, err);
    assert_int_equal(tz_file_remove_folder(folder, &ignored), TZ_OK);
    return rc;
}

static void knows_what_is_worked(void **state)
{
    (void)state;
    static const struct { int32_t day; bool is_worked; } CASES[] = {
        {20200117, true}, {20200118, false}, {20200119, true}, {20200123, true}, {20200124, false},
        {20200130, false}, {20200202, false}, {20200203, true}, {20200208, false}, {19691231, true}, {19690104, false},
    };
    tz_arena    mem = {0};
    tz_calendar calendar = {0};
    tz_err      err;

    assert_int_equal(load(&mem, DAYS, &calendar, &err), TZ_OK);
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (tz_calendar_is_working(&calendar, CASES[i].day) != CASES[i].is_worked)
            fail_msg("%d", (int)CASES[i].day);
    assert_true(tz_calendar_knows(&calendar, 2020));
    assert_false(tz_calendar_knows(&calendar, 2021));
    tz_arena_free(&mem);
}

/* Adding and counting agree with counting days one by one. */
static void adds_and_counts(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_calendar calendar = {0};
    tz_err      err;

    assert_int_equal(load(&mem, DAYS, &calendar, &err), TZ_OK);
    assert_int_equal(tz_calendar_add(&calendar, 20200117, 0), 20200117);
    assert_int_equal(tz_calendar_add(&calendar, 20200117, 1), 20200119);
    assert_int_equal(tz_calendar_add(&calendar, 20200123, 1), 20200203);
    assert_int_equal(tz_calendar_add(&calendar, 20200101, 15), 20200121);
    for (int n = 0; n < 60; n++) {
        int32_t day = tz_calendar_add(&calendar, 20200101, n);
        assert_int_equal(tz_calendar_between(&calendar, 20200101, day), n);
        assert_int_equal(tz_calendar_between(&calendar, day, 20200101), -n);
    }
    tz_arena_free(&mem);
}

/* Counted day by day, over spans of every length and weekday. */
static void counts_as_day_by_day(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_calendar shipped = {0};
    tz_err      err = {0};
    const char *root = getenv("ROOT");

    assert_int_equal(tz_calendar_load(&mem, tz_arena_printf(&mem, "%s/data/calendar/china.tsv", root == NULL ? "." : root), &shipped, &err),
                     TZ_OK);
    for (int32_t from = 20190901; from < 20200315; from = tz_date_add(from, 1)) {
        int64_t worked = 0;
        for (int32_t to = from; to < 20210301; to = tz_date_add(to, 1)) {
            worked += to > from && tz_calendar_is_working(&shipped, to);
            assert_int_equal(tz_calendar_between(&shipped, from, to), worked);
        }
    }
    assert_int_equal(tz_calendar_between(&shipped, 19650101, 19650201), 21);
    tz_arena_free(&mem);
}

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "2020-01-24\t2020-01-30\toff\t春节\n",                                        /* no source */
        "2020-01-24\t2020-01-30\toff\t春节\t甲\t乙\n",                                /* a column too many */
        "2020-01-24\t2020-01-32\toff\t春节\t甲\n",                                    /* no day */
        "2020-01-24\t2020-01-30\trest\t春节\t甲\n",                                   /* no kind */
        "2020-01-30\t2020-01-24\toff\t春节\t甲\n",                                    /* ends before it begins */
        "2020-01-20\t2020-01-20\twork\t调休\t甲\n",                                   /* a Monday */
        "2020-01-24\t2020-01-30\toff\t春节\t甲\n2020-01-30\t2020-01-31\toff\t春节\t甲\n", /* overlap */
    };
    for (size_t i = 0; i < COUNT(LINES); i++) {
        tz_arena    mem = {0};
        tz_calendar calendar = {0};
        tz_err      err = {0};
        assert_int_equal(load(&mem, tz_arena_printf(&mem, "from\tto\tkind\tname\tsource\n%s", LINES[i]), &calendar, &err), TZ_INPUT);
        assert_int_equal(err.where.row_no, i == COUNT(LINES) - 1 ? 3 : 2);
        assert_string_equal(err.where.file, "calendar.tsv");
        tz_arena_free(&mem);
    }
}

/* Without a file there are weekends; the shipped one loads, and its years add up. */
static void reads_none_and_the_shipped_one(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_calendar none = {0}, shipped = {0};
    tz_err      err = {0};
    const char *root = getenv("ROOT");

    assert_int_equal(tz_calendar_load(&mem, "/nowhere/calendar.tsv", &none, &err), TZ_OK);
    assert_true(tz_calendar_is_working(&none, 20201001));
    assert_int_equal(tz_calendar_load(&mem, tz_arena_printf(&mem, "%s/data/calendar/china.tsv", root == NULL ? "." : root), &shipped, &err),
                     TZ_OK);
    for (int year = 2018; year <= 2026; year++) {
        assert_true(tz_calendar_knows(&shipped, year));
        int64_t days = tz_calendar_between(&shipped, year * 10000 - 10000 + 1231, year * 10000 + 1231);
        if (days < 247 || days > 251)
            fail_msg("%d has %d working days", year, (int)days);
    }
    assert_false(tz_calendar_is_working(&shipped, 20190501));
    assert_true(tz_calendar_is_working(&shipped, 20190505));
    assert_false(tz_calendar_is_working(&shipped, 20200131));
    assert_true(tz_calendar_is_working(&shipped, 20261010));
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_is_worked),
        cmocka_unit_test(adds_and_counts),
        cmocka_unit_test(counts_as_day_by_day),
        cmocka_unit_test(refuses_what_makes_no_sense),
        cmocka_unit_test(reads_none_and_the_shipped_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
