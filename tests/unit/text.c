/* text: slices, UTF-8 with broken bytes, folding of titles, the buffer that remembers. */
#include "../test.h"

static void test_slices(void **state)
{
    (void)state;
    tz_text text = TZ_TEXT("花名册.xlsx");

    assert_true(tz_text_starts(text, TZ_TEXT("花名")));
    assert_true(tz_text_ends(text, TZ_TEXT(".xlsx")));
    assert_false(tz_text_ends(TZ_TEXT("x"), TZ_TEXT(".xlsx")));
    assert_int_equal(tz_text_find(text, TZ_TEXT("."), 0), 9);
    assert_true(tz_text_find(text, TZ_TEXT("县"), 0) == SIZE_MAX);
    assert_int_equal(tz_text_find(text, TZ_TEXT(""), 4), 4);
    assert_text(tz_text_cut(text, 9, 100), ".xlsx");
    assert_int_equal(tz_text_cut(text, 100, 1).size, 0);
    assert_true(tz_text_equal((tz_text){NULL, 0}, TZ_TEXT("")));
    assert_true(tz_text_compare(TZ_TEXT("a"), TZ_TEXT("ab")) < 0);
    assert_true(tz_text_compare(TZ_TEXT("b"), TZ_TEXT("ab")) > 0);
    assert_int_equal(tz_text_compare(TZ_TEXT(""), (tz_text){NULL, 0}), 0);
}

static void test_trim(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"  a b ", "a b"}, {"\xC2\xA0张三\xE3\x80\x80", "张三"}, {"\xEF\xBB\xBFid", "id"}, {" \t\r\n", ""}, {"", ""},
        {"\xE2\x80\x8B王\xE2\x80\x8B五", "王\xE2\x80\x8B五"},
    };

    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_text(tz_text_trim(tz_text_of(CASES[i][0])), CASES[i][1]);
}

static void test_broken_utf8(void **state)
{
    (void)state;
    static const struct { const char *text; size_t count; bool is_valid; } CASES[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"沁县", 2, true},
        {"𠮷", 1, true},
        {"\xEF\xBF\xBD", 1, true},      /* a real U+FFFD */
        {"\xFF", 1, false},
        {"\xC0\x80", 2, false},         /* overlong NUL */
        {"\xE0\x80\x80", 3, false},     /* overlong */
        {"\xED\xA0\x80", 3, false},     /* half a surrogate pair */
        {"\xF4\x90\x80\x80", 4, false}, /* past U+10FFFF */
        {"\xE6\xB2", 2, false},         /* cut in the middle */
        {"a\xE6z", 3, false},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_int_equal(tz_utf8_count(tz_text_of(CASES[i].text)), CASES[i].count);
        assert_int_equal(tz_utf8_is_valid(tz_text_of(CASES[i].text)), CASES[i].is_valid);
    }
}

/* What put writes, next reads: every code point but the surrogates. */
static void test_utf8_round_trip(void **state)
{
    (void)state;
    for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char   bytes[4];
        size_t at = 0;
        if (cp == 0xD800)
            cp = 0xE000;
        size_t size = tz_utf8_put(cp, bytes);
        if (tz_utf8_next((tz_text){bytes, size}, &at) != cp || at != size)
            fail_msg("U+%04X does not come back", (unsigned)cp);
    }
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(tz_utf8_width(TZ_TEXT("ab沁县")), 6);
    assert_int_equal(tz_utf8_width(TZ_TEXT("\uFF08\uFF21\uFF09")), 6);
    assert_int_equal(tz_utf8_width(TZ_TEXT("é")), 1);
}

static void test_fold(void **state)
{
    (void)state;
    tz_arena mem = {0};
    static const char *const CASES[][2] = {
        {"身份证号码\u3000", "身份证号码"}, {"姓\u3000名", "姓名"}, {"金额\uFF08元\uFF09", "金额(元)"}, {"金额【元】", "金额(元)"},
        {"ID No", "idno"}, {"户\n主", "户主"}, {"", ""},
    };

    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_text(tz_text_fold(&mem, tz_text_of(CASES[i][0])), CASES[i][1]);
    assert_text(tz_text_halfwidth(&mem, TZ_TEXT("\uFF11\uFF12\uFF13\u3000\uFF38\uFF08张\uFF09")), "123 X(张)");
    assert_text(tz_text_halfwidth(&mem, TZ_TEXT("a\xFF")), "a\xEF\xBF\xBD");
    tz_arena_free(&mem);
}

static void test_int(void **state)
{
    (void)state;
    static const struct { const char *text; bool is_int; int64_t value; } CASES[] = {
        {"0", true, 0}, {"-12", true, -12}, {"+7", true, 7}, {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX}, {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0}, {"-9223372036854775809", false, 0}, {"", false, 0},
        {"-", false, 0}, {"1 ", false, 0}, {"1.0", false, 0}, {"\uFF11", false, 0},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t value = 0;
        assert_int_equal(tz_text_int(tz_text_of(CASES[i].text), &value), CASES[i].is_int);
        assert_true(value == CASES[i].value);
    }
}

static void test_buffer_remembers_what_did_not_fit(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_buf   buf = tz_buf_init(&mem, 10);

    assert_string_equal(tz_buf_str(&buf), "");
    tz_buf_puts(&buf, "12345");
    tz_buf_printf(&buf, "%d", 678);
    assert_false(buf.is_over);
    tz_buf_puts(&buf, "9ab");
    assert_true(buf.is_over);
    tz_buf_char(&buf, 'x'); /* would fit, but a hole in the middle helps nobody */
    assert_string_equal(tz_buf_str(&buf), "12345678");
    tz_buf_reset(&buf);
    tz_buf_puts(&buf, "0123456789");
    assert_false(buf.is_over);
    assert_text(tz_buf_text(&buf), "0123456789");

    tz_buf large = tz_buf_init(&mem, 0);
    for (int i = 0; i < 5000; i++)
        tz_buf_printf(&large, "%04d", i);
    assert_int_equal(large.size, 20000);
    assert_memory_equal(large.data + 4 * 4999, "4999", 5);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices), cmocka_unit_test(test_trim),  cmocka_unit_test(test_broken_utf8),
        cmocka_unit_test(test_utf8_round_trip), cmocka_unit_test(test_width), cmocka_unit_test(test_fold),
        cmocka_unit_test(test_int), cmocka_unit_test(test_buffer_remembers_what_did_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
