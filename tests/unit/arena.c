/* arena: zeroed and aligned memory, growing lists, and AddressSanitizer sees what is not handed out. */
#include "../test.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define is_poisoned(at) (__asan_address_is_poisoned(at) != 0)
#else
#define is_poisoned(at) ((void)(at), true)
#endif

static void test_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    tz_arena mem = {0};

    for (size_t round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 7) {
            unsigned char *at = tz_arena_alloc(&mem, size);
            assert_int_equal((uintptr_t)at % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(at[i], 0);
            memset(at, 0xAB, size);
        }
        tz_arena_reset(&mem);
    }
    tz_arena_free(&mem);
    assert_null(mem.chunks);
    assert_int_equal(mem.bytes, 0);
}

static void test_what_is_not_handed_out_is_poisoned(void **state)
{
    (void)state;
    tz_arena mem = {0};
    char    *first = tz_arena_alloc(&mem, 10);

    first[9] = 1;
    assert_true(is_poisoned(first + 10));
    char *large = tz_arena_alloc(&mem, 1 << 20);
    assert_true(is_poisoned(large + (1 << 20)));
    tz_arena_reset(&mem);
    assert_true(is_poisoned(large));
    tz_arena_free(&mem);
}

static void test_reset_keeps_one_chunk(void **state)
{
    (void)state;
    tz_arena mem = {0};

    for (int i = 0; i < 1000; i++)
        (void)tz_arena_alloc(&mem, 1000);
    size_t before = mem.bytes;
    tz_arena_reset(&mem);
    assert_true(mem.bytes > 0 && mem.bytes < before);
    size_t kept = mem.bytes;
    for (int i = 0; i < 100; i++) {
        (void)tz_arena_alloc(&mem, 1000);
        tz_arena_reset(&mem);
    }
    assert_int_equal(mem.bytes, kept);
    tz_arena_free(&mem);
}

static void test_lists_grow(void **state)
{
    (void)state;
    tz_arena mem = {0};
    TZ_ARRAY(int) list = {0};

    for (int i = 0; i < 10000; i++)
        tz_push(&mem, &list, i * 3);
    assert_int_equal(list.count, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(list.items[i], i * 3);
    tz_arena_free(&mem);
}

static void test_copies(void **state)
{
    (void)state;
    tz_arena mem = {0};

    assert_string_equal(tz_arena_dup(&mem, "沁县"), "沁县");
    assert_string_equal(tz_arena_copy(&mem, "abcdef", 3), "abc");
    assert_string_equal(tz_arena_copy(&mem, NULL, 0), "");
    assert_string_equal(tz_arena_printf(&mem, "%s-%d", "户", 12), "户-12");
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned), cmocka_unit_test(test_what_is_not_handed_out_is_poisoned),
        cmocka_unit_test(test_reset_keeps_one_chunk),        cmocka_unit_test(test_lists_grow),
        cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
