/* err: both languages, the first cause stays, codes become exit status. */
#include "../test.h"

#include "base/err.h"

static void test_fail_writes_both_languages(void **state)
{
    (void)state;
    tz_err err = {0};
    char   line[512];

    assert_int_equal(tz_fail(&err, TZ_INPUT, "第 %d 列为空", "column %d is empty", 3), TZ_INPUT);
    assert_int_equal(err.code, TZ_INPUT);
    assert_string_equal(err.zh, "第 3 列为空");
    assert_string_equal(err.en, "column 3 is empty");
    tz_err_line(&err, TZ_EN, line, sizeof line);
    assert_string_equal(line, "column 3 is empty");
}

static void test_place_is_filled_once(void **state)
{
    (void)state;
    tz_err err = {0};
    char   line[512];

    (void)tz_fail(&err, TZ_INPUT, "金额不是数", "the amount is no number");
    assert_int_equal(tz_err_at(&err, NULL, NULL, 7, NULL), TZ_INPUT);
    assert_int_equal(tz_err_at(&err, "花名册.xlsx", "春季", 9, "C"), TZ_INPUT);
    assert_int_equal(err.where.row_no, 7);
    assert_string_equal(err.where.file, "花名册.xlsx");
    assert_string_equal(err.where.column, "C");
    (void)tz_err_advise(&err, "请改为数", "write a number");
    (void)tz_err_advise(&err, "另一条", "another");
    assert_string_equal(err.advice_en, "write a number");
    tz_err_line(&err, TZ_ZH, line, sizeof line);
    assert_non_null(strstr(line, "花名册.xlsx"));
    assert_non_null(strstr(line, "金额不是数"));
    assert_non_null(strstr(line, "请改为数"));
}

/* Whatever is known of the place stands in front, with one comma between two. */
static void test_lines(void **state)
{
    (void)state;
    static const struct { const char *file, *sheet; int64_t row_no; const char *column, *line; } CASES[] = {
        {NULL, NULL, 0, NULL, "wrong"},
        {"a.csv", NULL, 0, NULL, "a.csv: wrong"},
        {"a.csv", NULL, 4, NULL, "a.csv, row 4: wrong"},
        {"a.xlsx", "S", 4, "C", "a.xlsx, S, row 4, C: wrong"},
        {NULL, "S", 0, "C", "S, C: wrong"},
        {NULL, NULL, 9, NULL, "row 9: wrong"},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_err err = {0};
        char   line[64];
        (void)tz_fail(&err, TZ_INPUT, "错", "wrong");
        (void)tz_err_at(&err, CASES[i].file, CASES[i].sheet, CASES[i].row_no, CASES[i].column);
        tz_err_line(&err, TZ_EN, line, sizeof line);
        assert_string_equal(line, CASES[i].line);
    }
}

/* A cut text is still whole characters and ends in a NUL. */
static void test_long_texts_are_cut(void **state)
{
    (void)state;
    tz_err err = {0};
    char   name[600], line[64];

    for (size_t i = 0; i + 3 < sizeof name; i += 3)
        memcpy(name + i, "长", 4);
    for (size_t shift = 0; shift < 3; shift++) {
        (void)tz_fail(&err, TZ_INPUT, "%s%s", "%s%s", &"ab"[shift], name);
        assert_true(strlen(err.zh) < sizeof err.zh);
        assert_true(tz_utf8_is_valid(tz_text_of(err.zh)));
        tz_err_line(&err, TZ_ZH, line, sizeof line);
        assert_true(strlen(line) < sizeof line);
        assert_true(tz_utf8_is_valid(tz_text_of(line)));
    }
}

static void test_exit_status(void **state)
{
    (void)state;
    static const struct { tz_rc code; int exit; } CASES[] = {
        {TZ_OK, 0},   {TZ_USAGE, 2},  {TZ_INPUT, 3},  {TZ_MISSING, 3}, {TZ_LIMIT, 3},
        {TZ_BUSY, 4}, {TZ_SYSTEM, 4}, {TZ_TAMPER, 1}, {TZ_REFUSED, 1},
    };

    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(tz_rc_exit(CASES[i].code), CASES[i].exit);
    assert_int_equal(tz_rc_http(TZ_OK), 200);
    assert_int_equal(tz_rc_http(TZ_MISSING), 404);
}

static void test_halves(void **state)
{
    (void)state;
    size_t      len = 0;
    const char *half = tz_half("资助 | Aid", TZ_ZH, &len);
    tz_text     zh = tz_text_trim((tz_text){half, len});

    half = tz_half("资助 | Aid", TZ_EN, &len);
    tz_text en = tz_text_trim((tz_text){half, len});
    assert_text(zh, "资助");
    assert_text(en, "Aid");
    half = tz_half("元", TZ_EN, &len);
    assert_text(((tz_text){half, len}), "元");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_writes_both_languages), cmocka_unit_test(test_place_is_filled_once),
        cmocka_unit_test(test_long_texts_are_cut),         cmocka_unit_test(test_exit_status),
        cmocka_unit_test(test_halves), cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
