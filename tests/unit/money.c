/* money: decimals as sheets write them, rounding, units; nothing passes through floating point. */
#include "../test.h"

#include "base/money.h"

static void test_decimals_as_written(void **state)
{
    (void)state;
    static const struct { const char *text; bool is_number; int64_t digits; int scale; } CASES[] = {
        {"0", true, 0, 0}, {"-0.00", true, 0, 0}, {"12", true, 12, 0}, {"12.50", true, 125, 1}, {"1,234.50", true, 12345, 1},
        {"1,234,567", true, 1234567, 0}, {"-3", true, -3, 0}, {"+3", true, 3, 0}, {"(12)", true, -12, 0},
        {"¥1,000.00", true, 1000, 0}, {"\uFFE55", true, 5, 0}, {"-¥5", true, -5, 0}, {" 7 ", true, 7, 0},
        {"12.3E+4", true, 123000, 0}, {"1.40430E+17", true, 140430000000000000, 0}, {"5e-3", true, 5, 3},
        {".5", true, 5, 1}, {"5.", true, 5, 0}, {"0005", true, 5, 0}, {"8.4199999999999999", true, 84199999999999999, 16},
        {"999999999999999999", true, 999999999999999999, 0}, {"0.000000000000000001", true, 1, 18},
        {"1000000000000000000", false, 0, 0}, {"0.0000000000000000001", false, 0, 0}, {"", false, 0, 0}, {".", false, 0, 0},
        {"-", false, 0, 0}, {"1.2.3", false, 0, 0}, {"12元", false, 0, 0}, {"一百", false, 0, 0}, {"1e", false, 0, 0},
        {"1e999", false, 0, 0}, {"0x10", false, 0, 0}, {"nan", false, 0, 0}, {"1 000", false, 0, 0}, {",5", false, 0, 0},
        {"1,2", false, 0, 0}, {"1,2345", false, 0, 0}, {"1,,234", false, 0, 0}, {"1,", false, 0, 0}, {"1.5,000", false, 0, 0},
        {"\uFF11\uFF12", false, 0, 0},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_decimal value = {0, 0};
        bool       is_number = tz_decimal_parse(tz_text_of(CASES[i].text), &value);
        if (is_number != CASES[i].is_number || value.digits != CASES[i].digits || value.scale != CASES[i].scale)
            fail_msg("'%s' gives %lld / 10^%d", CASES[i].text, (long long)value.digits, value.scale);
    }
}

static void test_rounding_is_half_away_from_zero(void **state)
{
    (void)state;
    static const struct { int64_t digits; int scale, places; int64_t scaled; bool is_exact; } CASES[] = {
        {125, 1, 2, 1250, true}, {1005, 3, 2, 101, false}, {1004, 3, 2, 100, false}, {-1005, 3, 2, -101, false},
        {5, 1, 0, 1, false}, {-5, 1, 0, -1, false}, {4, 1, 0, 0, false}, {0, 18, -2, 0, true}, {150, 0, -2, 2, false},
        {1, 18, -4, 0, false}, {84199999999999999, 16, 2, 842, false},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t scaled = 0;
        bool    is_exact = false;
        assert_true(tz_decimal_scaled((tz_decimal){CASES[i].digits, CASES[i].scale}, CASES[i].places, &scaled, &is_exact));
        assert_true(scaled == CASES[i].scaled);
        assert_int_equal(is_exact, CASES[i].is_exact);
    }
    int64_t untouched = 77;
    assert_false(tz_decimal_scaled((tz_decimal){999999999999999999, 0}, 2, &untouched, NULL));
    assert_true(untouched == 77);
}

static void test_units(void **state)
{
    (void)state;
    static const struct { const char *text; const char *unit; int64_t fen; } CASES[] = {
        {"12.5", "元", 1250}, {"1.5", "千元", 150000}, {"0.0001", "万元", 100}, {"3", "亿元", 30000000000}, {"2", "百万元", 200000000},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_decimal value;
        int64_t    fen = 0;
        bool       is_exact = false;
        assert_true(tz_decimal_parse(tz_text_of(CASES[i].text), &value));
        assert_true(tz_decimal_scaled(value, tz_money_unit(tz_text_of(CASES[i].unit)) + 2, &fen, &is_exact));
        assert_true(fen == CASES[i].fen && is_exact);
    }
    assert_int_equal(tz_money_unit(TZ_TEXT("美元")), -1);
}

static void test_format(void **state)
{
    (void)state;
    static const struct { int64_t scaled; int places; const char *text; } CASES[] = {
        {1250, 2, "12.50"}, {-5, 2, "-0.05"}, {0, 2, "0.00"}, {7, 0, "7"}, {INT64_MIN, 0, "-9223372036854775808"},
        {INT64_MIN, 18, "-9.223372036854775808"}, {190000, 6, "0.190000"},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        char out[TZ_DECIMAL_TEXT];
        tz_decimal_format(CASES[i].scaled, CASES[i].places, out);
        assert_string_equal(out, CASES[i].text);
    }
}

/* What is formatted reads back as the same value. */
static void test_round_trip(void **state)
{
    (void)state;
    uint64_t seed = test_seed();

    for (int i = 0; i < 20000; i++) {
        int        places = (int)(test_next(&seed) % 10);
        int64_t    scaled = (int64_t)(test_next(&seed) % 2000000000000000) - 1000000000000000, back = 0;
        char       text[TZ_DECIMAL_TEXT];
        tz_decimal value;
        bool       is_exact = false;
        tz_decimal_format(scaled, places, text);
        assert_true(tz_decimal_parse(tz_text_of(text), &value));
        assert_true(tz_decimal_scaled(value, places, &back, &is_exact));
        assert_true(back == scaled && is_exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimals_as_written), cmocka_unit_test(test_rounding_is_half_away_from_zero),
        cmocka_unit_test(test_units), cmocka_unit_test(test_format), cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
