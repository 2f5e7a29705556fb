/* json: the canonical form of RFC 8785, exact integers, places of errors, broken bytes. */
#include "../test.h"

#include "base/json.h"

static void check_canonical(const char *input, const char *expected)
{
    tz_arena mem = {0};
    tz_err   err = {0};
    json_t  *value = NULL;
    tz_buf   out = tz_buf_init(&mem, 0);

    assert_int_equal(tz_json_parse(tz_text_of(input), &value, &err), TZ_OK);
    tz_json_canonical(value, &out);
    assert_string_equal(tz_buf_str(&out), expected);
    json_decref(value);
    tz_arena_free(&mem);
}

static void test_canonical(void **state)
{
    (void)state;
    check_canonical(" { \"b\" : [ 1 , null , true , false ] , \"a\" : { } } ", "{\"a\":{},\"b\":[1,null,true,false]}");
    check_canonical("[9007199254740993,-9223372036854775808,0]", "[9007199254740993,-9223372036854775808,0]");
    check_canonical("\"\\u0001\\b\\t\\n\\f\\r\\\"\\\\\\/\\u001f\\u007f\"", "\"\\u0001\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\x7f\"");
    check_canonical("\"\\u6c81\\u53bf \\ud83d\\ude00\"", "\"沁县 😀\"");
    check_canonical("[]", "[]");
}

/* The example of RFC 8785 section 3.2.3: by UTF-16 a key beyond the BMP (its first unit is 0xD83D)
 * stands before U+FB33, by code points and by UTF-8 bytes behind it. */
static void test_keys_beyond_the_bmp(void **state)
{
    (void)state;
    check_canonical("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}",
                    "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xEF\xAC\xB3\":3}");
    check_canonical("{\"\\ud83d\\ude01\":1,\"\\ud83d\\ude00\":2,\"ab\":3,\"a\":4}", "{\"a\":4,\"ab\":3,\"😀\":2,\"😁\":1}");
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct { const char *text; int64_t line; } CASES[] = {
        {"", 1}, {"{", 1}, {"{\"a\":1,\n\"a\":2}", 2}, {"[1,\n\n2", 3}, {"\"\xFF\"", 1}, {"[1] 2", 1}, {"[01]", 1},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_err  err = {0};
        json_t *value = NULL;
        assert_int_equal(tz_json_parse(tz_text_of(CASES[i].text), &value, &err), TZ_INPUT);
        assert_null(value);
        assert_true(err.where.row_no == CASES[i].line);
    }
}

/* Nesting is bounded by the parser: a hostile file can't use up the stack. */
static void test_deep_nesting_is_refused(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_err   err = {0};
    json_t  *value = NULL;
    size_t   depth = 1000000;
    char    *text = tz_arena_alloc(&mem, depth);

    memset(text, '[', depth);
    assert_int_equal(tz_json_parse((tz_text){text, depth}, &value, &err), TZ_INPUT);
    tz_arena_free(&mem);
}

static void test_members(void **state)
{
    (void)state;
    json_t *object = json_object();

    tz_json_set_str(object, "name", "沁县");
    tz_json_set_str(object, "none", NULL);
    tz_json_set_str(object, "broken", "a\xFFz");
    tz_json_set_int(object, "rows", 12);
    assert_string_equal(tz_json_str(object, "name"), "沁县");
    assert_null(tz_json_str(object, "none"));
    assert_null(tz_json_str(object, "rows"));
    assert_null(tz_json_str(NULL, "name"));
    assert_string_equal(tz_json_str(object, "broken"), "a\xEF\xBF\xBDz");
    assert_int_equal(tz_json_int(object, "rows", -1), 12);
    assert_int_equal(tz_json_int(object, "name", -1), -1);
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical), cmocka_unit_test(test_keys_beyond_the_bmp), cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_deep_nesting_is_refused), cmocka_unit_test(test_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
