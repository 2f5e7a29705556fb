/* Marks of forms: good once, not at once, not for ever; and so many complaints an hour. */
#include "../test.h"

#include "web/public.h"

enum { SECOND = 1000, HOUR = 3600 * 1000 };
static const int64_t NOW = 1800000000000;

static void a_mark_is_good_once_and_after_a_while(void **state)
{
    tz_arena    mem = {0};
    const char *mark = tz_public_mark(&mem, NOW), *other = tz_public_mark(&mem, NOW);

    (void)state;
    assert_string_not_equal(mark, other);
    assert_false(tz_public_is_mark(mark, NOW));
    assert_false(tz_public_is_mark(mark, NOW + 2 * SECOND));
    assert_true(tz_public_is_mark(mark, NOW + 4 * SECOND));
    assert_false(tz_public_is_mark(mark, NOW + 5 * SECOND));
    assert_false(tz_public_is_mark(other, NOW + 3 * HOUR));
    assert_true(tz_public_is_mark(other, NOW + HOUR));
    static const char *const NONE[] = {NULL, "", ".", "..", "1.2.3", "1800000000000.00.00000000000000000000000000000000", "x"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_false(tz_public_is_mark(NONE[i], NOW + 4 * SECOND));
    const char *third = tz_public_mark(&mem, NOW);
    for (size_t i = 0; i < strlen(third); i++) { /* any other character, and it is none of ours */
        char *touched = tz_arena_dup(&mem, third);
        touched[i] = touched[i] == '1' ? '2' : '1';
        assert_false(tz_public_is_mark(touched, NOW + 4 * SECOND));
    }
    assert_true(tz_public_is_mark(third, NOW + 4 * SECOND));
    tz_arena_free(&mem);
}

static void an_hour_takes_so_many(void **state)
{
    int count = 0;

    (void)state;
    while (count < 1000 && tz_public_has_room(100, NOW))
        count++;
    assert_int_equal(count, 120);
    assert_true(tz_public_has_room(100, NOW + HOUR));
    assert_false(tz_public_has_room(1LL << 40, NOW + HOUR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_mark_is_good_once_and_after_a_while), cmocka_unit_test(an_hour_takes_so_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
