/* idcard: GB 11643's own examples, each rule broken in turn, what tidying may and may not repair. */
#include "../test.h"

#include "base/idcard.h"

static void test_the_standards_examples(void **state)
{
    (void)state;
    static const struct { const char *number; uint32_t region; int32_t born; char sex; } CASES[] = {
        {"11010519491231002X", 110105, 19491231, 'F'},
        {"440524188001010014", 440524, 18800101, 'M'},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_idcard card = {0};
        tz_err    err;
        assert_int_equal(tz_idcard_parse(tz_text_of(CASES[i].number), &card, &err), TZ_OK);
        assert_int_equal(card.region, CASES[i].region);
        assert_int_equal(card.born, CASES[i].born);
        assert_int_equal(card.sex, CASES[i].sex);
    }
}

static void test_each_rule(void **state)
{
    (void)state;
    static const struct { const char *number, *rule; } CASES[] = {
        {"", "0 characters"}, {"11010519491231002", "17 characters"}, {"11010519491231002XX", "19 characters"},
        {"1101051949123100Z1", "character 17"}, {"a10105194912310021", "character 1 "},
        {"110105194913310021", "not a real day"}, {"110105194902290021", "not a real day"},
        {"110105194912310021", "check character"}, {"11010519491231002x", "check character"},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_idcard card = {.region = 7};
        tz_err    err = {0};
        assert_int_equal(tz_idcard_parse(tz_text_of(CASES[i].number), &card, &err), TZ_INPUT);
        assert_non_null(strstr(err.en, CASES[i].rule));
        assert_int_equal(card.region, 7);
        assert_true(CASES[i].number[0] == '\0' || strstr(err.en, CASES[i].number) == NULL);
        assert_false(tz_idcard_is_valid(tz_text_of(CASES[i].number)));
    }
}

/* One changed digit, or two neighbours swapped, is always noticed: what ISO 7064 promises. */
static void test_the_check_character_notices(void **state)
{
    (void)state;
    const char number[] = "11010519491231002X";

    for (size_t i = 0; i < 17; i++) {
        char changed[19];
        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(changed, number, sizeof number);
            changed[i] = digit;
            assert_int_equal(tz_idcard_check(changed) == 'X', digit == number[i]);
        }
        if (i == 16 || number[i] == number[i + 1])
            continue;
        memcpy(changed, number, sizeof number);
        changed[i] = number[i + 1];
        changed[i + 1] = number[i];
        assert_int_not_equal(tz_idcard_check(changed), 'X');
    }
}

static void test_tidy(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"11010519491231002x", "11010519491231002X"}, {" 110105 19491231 002X ", "11010519491231002X"},
        {"\uFF11\uFF11010519491231002\uFF38", "11010519491231002X"}, {"\u2018110105194912\u300031002X", "11010519491231002X"},
        {"'11010519491231002X", "11010519491231002X"}, {"110105-19491231-002X", "11010519491231002X"},
        {"110105491231002", "11010519491231002X"},       /* fifteen digits of a real day */
        {"110105491331002", "110105491331002"},          /* of no real day: left as it is */
        {"11010519491231002X43", "11010519491231002X43"}, /* a disabled person's certificate */
        {"1.40430E+17", "1.40430E+17"}, {"无", "无"}, {"", ""}, {"   ", ""},
        {"1234567890123456789012345678901234567890", ""},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        char   out[32] = "x";
        size_t size = tz_idcard_tidy(tz_text_of(CASES[i][0]), out);
        assert_int_equal(size, strlen(CASES[i][1]));
        assert_string_equal(out, CASES[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_standards_examples), cmocka_unit_test(test_each_rule),
        cmocka_unit_test(test_the_check_character_notices), cmocka_unit_test(test_tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
