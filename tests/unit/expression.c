/* Assertions between figures: exact arithmetic, chains, rounding as printed, what is unknown. */
#include "../test.h"

#include "packs/expression.h"

/* a 54, b 32, c 22, cost 650.47, fund 947.31, rate 33.3, nothing has no value; last(a) is 50. */
static const char *lookup(void *context, const char *name, bool is_last)
{
    static const struct { const char *name, *value; } VALUES[] = {
        {"a", "54"},      {"b", "32"},   {"c", "22"},                    {"x.cost", "650.47"}, {"x.fund", "947.31"},
        {"rate", "33.3"}, {"zero", "0"}, {"huge", "999999999999999999"}, {"a-b", "7"}};
    (void)context;
    for (size_t i = 0; i < COUNT(VALUES); i++)
        if (strcmp(VALUES[i].name, name) == 0)
            return is_last ? (i == 0 ? "50" : NULL) : VALUES[i].value;
    return NULL;
}

static void judges(void **state)
{
    static const struct { const char *text; tz_truth truth; } CASES[] = {
        {"a == b + c", TZ_HOLDS}, {"a == b+c", TZ_HOLDS}, {"x.fund <= x.cost", TZ_BROKEN}, {"c <= b <= a", TZ_HOLDS}, {"c <= a <= b", TZ_BROKEN},
        {"a > b and b > c", TZ_HOLDS}, {"a > b and c > b", TZ_BROKEN}, {"100 / 3 ~= rate", TZ_HOLDS}, {"100 / 3 == rate", TZ_BROKEN},
        {"(a - b) * 2 == 44", TZ_HOLDS}, {"a - b - c == 0", TZ_HOLDS}, {"a >= last(a)", TZ_HOLDS}, {"b >= last(b)", TZ_UNKNOWN},
        {"nothing <= a", TZ_UNKNOWN}, {"nothing <= a and a < b", TZ_BROKEN}, {"a / zero > 1", TZ_UNKNOWN}, {"a != b", TZ_HOLDS},
        {"huge * huge * huge * huge > 1", TZ_UNKNOWN}, {"0.1 + 0.2 == 0.3", TZ_HOLDS}, {"1 / 3 * 3 == 1", TZ_HOLDS}, {"a-b == 7", TZ_HOLDS},
        {"0 - 1 < 0", TZ_HOLDS}, {"a % 7 == 5", TZ_HOLDS}, {"x.cost % 0.47 > 0", TZ_HOLDS}, {"0 - 2.5 ~= 0 - 3", TZ_HOLDS},
        {"1 / 5000000000000000001 / 5000000000000000003 / 5 ~= 0", TZ_UNKNOWN},
    };
    tz_arena mem = {0};
    tz_err   err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_truth truth = TZ_UNKNOWN;
        if (tz_expression_judge(&mem, CASES[i].text, lookup, NULL, &truth, &err) != TZ_OK || truth != CASES[i].truth)
            fail_msg("%s: %d %s", CASES[i].text, truth, err.en);
    }
    tz_arena_free(&mem);
}

static void refuses_what_is_none(void **state)
{
    static const char *const CASES[] = {"",      "a",           "a ==",       "== a",    "a == b c",   "(a == b",
                                        "a = b", "last(a == b", "a == b and", "a == (b", "a ** b == 1"};
    tz_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_truth truth = TZ_UNKNOWN;
        tz_err   err = {0};
        assert_int_equal(tz_expression_judge(&mem, CASES[i], lookup, NULL, &truth, &err), TZ_INPUT);
    }
    tz_buf deep = tz_buf_init(&mem, 0);
    for (int i = 0; i < 100000; i++)
        tz_buf_char(&deep, '(');
    tz_truth truth;
    tz_err   err = {0};
    assert_int_equal(tz_expression_judge(&mem, tz_buf_str(&deep), lookup, NULL, &truth, &err), TZ_INPUT);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(judges), cmocka_unit_test(refuses_what_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
