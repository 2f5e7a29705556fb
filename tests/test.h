/* test - what every test program includes: cmocka with what it needs before it, texts compared, a
 * folder of its own, numbers that a seed fixes.
 *
 * Tests write only under a folder of test_folder(); they take neither the clock nor the network.
 */
#ifndef TZ_TESTS_TEST_H
#define TZ_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Compares a slice with a text, and prints both where they differ. */
#define assert_text(actual, expected)                                         \
    do {                                                                      \
        tz_arena text_mem = {0};                                              \
        assert_string_equal(tz_text_dup(&text_mem, (actual)), (expected));    \
        tz_arena_free(&text_mem);                                             \
    } while (0)

/* Ends the test with the error's text where a call that writes to `err` failed: MUST(tz_thing_do(thing, err)). */
#define MUST(call)                                                      \
    do {                                                                \
        tz_err must_err = {0}, *err = &must_err;                        \
        if ((call) != TZ_OK) {                                          \
            char must_line[1024];                                       \
            tz_err_line(&must_err, TZ_EN, must_line, sizeof must_line); \
            fail_msg("%s", must_line);                                  \
        }                                                               \
    } while (0)

/* A new empty folder under $TMPDIR or /tmp; tz_file_remove_folder takes it away. */
static inline const char *test_folder(tz_arena *mem)
{
    const char *parent = getenv("TMPDIR");
    char       *path = tz_arena_printf(mem, "%s/taizhang-test-XXXXXX", parent == NULL ? "/tmp" : parent);

    assert_non_null(mkdtemp(path));
    return path;
}

/* The next number of the sequence that *seed stands in (splitmix64). */
static inline uint64_t test_next(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* SEED of the environment, or one; printed, so that a failure can be run again. */
static inline uint64_t test_seed(void)
{
    const char *text = getenv("SEED");
    uint64_t    seed = text == NULL ? 1 : strtoull(text, NULL, 10);

    print_message("SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

#endif
