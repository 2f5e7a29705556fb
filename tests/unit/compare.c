/* String comparators against plain references on random strings, and against published values. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "people/compare.h"
#include "people/model.h"

static uint64_t seed = 20191231;

static uint32_t random_below(uint32_t below)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(seed >> 33) % below;
}

static size_t points_of(const char *text, int32_t points[TZ_MAX_POINTS])
{
    size_t count = 0;
    for (size_t at = 0; text[at] != '\0' && count < TZ_MAX_POINTS;)
        points[count++] = tz_utf8_next(tz_text_of(text), &at);
    return count;
}

/* ---- References, as the definitions say ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t plain_osa(const int32_t *a, size_t m, const int32_t *b, size_t n)
{
    size_t d[TZ_MAX_POINTS + 1][TZ_MAX_POINTS + 1];
    for (size_t i = 0; i <= m; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= n; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= m; i++)
        for (size_t j = 1; j <= n; j++) {
            d[i][j] = least(least(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[m][n];
}

static double plain_jaro_winkler(const int32_t *a, size_t m, const int32_t *b, size_t n)
{
    bool    used_a[TZ_MAX_POINTS] = {false}, used_b[TZ_MAX_POINTS] = {false};
    int32_t in_a[TZ_MAX_POINTS], in_b[TZ_MAX_POINTS];
    long    reach = (long)(m > n ? m : n) / 2 - 1;
    size_t  count_a = 0, count_b = 0, out_of_place = 0, prefix = 0;

    if (m == 0 && n == 0)
        return 1;
    if (reach < 0)
        reach = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            if (!used_a[i] && !used_b[j] && labs((long)i - (long)j) <= reach && a[i] == b[j])
                used_a[i] = used_b[j] = true;
    for (size_t i = 0; i < m; i++)
        if (used_a[i])
            in_a[count_a++] = a[i];
    for (size_t j = 0; j < n; j++)
        if (used_b[j])
            in_b[count_b++] = b[j];
    if (count_a == 0)
        return 0;
    for (size_t i = 0; i < count_a; i++)
        out_of_place += in_a[i] != in_b[i];
    double c = (double)count_a, jaro = (c / (double)m + c / (double)n + (c - (double)(out_of_place / 2)) / c) / 3;
    while (prefix < 4 && prefix < m && prefix < n && a[prefix] == b[prefix])
        prefix++;
    return jaro > 0.7 ? jaro + (double)prefix * 0.1 * (1 - jaro) : jaro;
}

/* ---- Tests ---- */

static size_t some_string(int32_t *points)
{
    size_t  count = random_below(random_below(8) == 0 ? TZ_MAX_POINTS + 1 : 9);
    uint32_t letters = 2 + random_below(20);
    for (size_t i = 0; i < count; i++)
        points[i] = (int32_t)(0x4E00 + random_below(letters));
    return count;
}

static void equal_the_references(void **state)
{
    (void)state;
    const char *many = getenv("TZ_TEST_LONG");
    int         rounds = many != NULL && many[0] != '\0' ? 5000000 : 200000;
    for (int i = 0; i < rounds; i++) {
        int32_t a[TZ_MAX_POINTS], b[TZ_MAX_POINTS];
        size_t  m = some_string(a), n = some_string(b);
        if (tz_osa_distance(a, m, b, n) != plain_osa(a, m, b, n))
            fail_msg("distance of round %d", i);
        double apart = tz_jaro_winkler(a, m, b, n) - plain_jaro_winkler(a, m, b, n);
        if (apart > 1e-12 || apart < -1e-12)
            fail_msg("likeness of round %d", i);
    }
}

static void published_values(void **state)
{
    (void)state;
    static const struct { const char *a, *b; double likeness; size_t distance; } ROWS[] = {
        {"martha", "marhta", 0.9611, 1}, /* Winkler 1990 */
        {"dwayne", "duane", 0.8400, 2},
        {"dixon", "dicksonx", 0.8133, 4},
        {"ca", "abc", 0.0, 3}, /* what tells optimal alignment from true Damerau-Levenshtein */
        {"张伟", "张玮", 0.6667, 1},
        {"王芳", "李娜", 0.0, 2},
        {"", "", 1.0, 0},
        {"a", "", 0.0, 1},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        int32_t a[TZ_MAX_POINTS], b[TZ_MAX_POINTS];
        size_t  m = points_of(ROWS[i].a, a), n = points_of(ROWS[i].b, b);
        assert_int_equal(tz_osa_distance(a, m, b, n), ROWS[i].distance);
        assert_int_equal(tz_osa_distance(b, n, a, m), ROWS[i].distance);
        double likeness = tz_jaro_winkler(a, m, b, n);
        if (strcmp(ROWS[i].a, "ca") != 0 && (likeness > ROWS[i].likeness + 0.0001 || likeness < ROWS[i].likeness - 0.0001))
            fail_msg("%s and %s: %f", ROWS[i].a, ROWS[i].b, likeness);
    }
}

static tz_value value_of(tz_arena *mem, const char *text)
{
    int32_t *points = tz_new_array(mem, int32_t, TZ_MAX_POINTS);
    tz_value value = {.text = tz_text_of(text), .points = points, .count = (uint32_t)points_of(text, points)};
    for (size_t i = 0; i < value.count; i++)
        value.letters |= UINT64_C(1) << (points[i] & 63);
    return value;
}

static void levels(void **state)
{
    (void)state;
    static const struct { tz_compare_kind kind; const char *a, *b, *level; } ROWS[] = {
        {TZ_COMPARE_CODE, "6988048", "6988084", "one slip"},
        {TZ_COMPARE_CODE, "6988048", "6988", "else"},
        {TZ_COMPARE_CODE, "6988048", "1988049", "two slips"},
        {TZ_COMPARE_DATE, "1980-03-08", "1980-08-03", "day and month swapped"},
        {TZ_COMPARE_DATE, "19800308", "1980-03-09", "one slip"},
        {TZ_COMPARE_DATE, "1980-03-08", "1980-12-31", "same year"},
        {TZ_COMPARE_DATE, "1980-03-08", "1975-12-31", "else"},
        {TZ_COMPARE_DATE, "1980-03", "1980-03-08", "else"}, /* a day is missing: three characters */
        {TZ_COMPARE_NUMBER, "100.0", "100.5", "within 1 %"},
        {TZ_COMPARE_NUMBER, "100.0", "109.0", "within 10 %"},
        {TZ_COMPARE_NUMBER, "100.0", "200.0", "else"},
        {TZ_COMPARE_TEXT, "macdonald", "mcdonald", "near"},
        {TZ_COMPARE_NAME, "macdonald", "mcdonald", "near"},
        {TZ_COMPARE_TEXT, "macdonald", "smith", "else"},
        {TZ_COMPARE_HAN, "王小芳", "王晓芳", "same sound"},
        {TZ_COMPARE_HAN, "张伟", "章玮", "same sound"},
        {TZ_COMPARE_HAN, "仇英", "求英", "same sound"}, /* as a surname it is qiu */
        {TZ_COMPARE_HAN, "王小芳", "王大芳", "one character"},
        {TZ_COMPARE_HAN, "王小芳", "王芳", "one character"},
        {TZ_COMPARE_HAN, "王小芳", "王建国", "surname"},
        {TZ_COMPARE_HAN, "王小芳", "李建国", "else"},
        {TZ_COMPARE_CATEGORY, "男", "女", "else"},
    };
    tz_arena mem = {0};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        tz_value a = value_of(&mem, ROWS[i].a), b = value_of(&mem, ROWS[i].b);
        assert_string_equal(tz_compare_levels(ROWS[i].kind)[tz_compare_values(ROWS[i].kind, &a, &b) - 1], ROWS[i].level);
        assert_string_equal(tz_compare_levels(ROWS[i].kind)[tz_compare_values(ROWS[i].kind, &b, &a) - 1], ROWS[i].level);
    }
    tz_arena_free(&mem);
}

/* The cheap bounds never change a level. */
static void bounds_change_nothing(void **state)
{
    (void)state;
    static const tz_compare_kind KINDS[] = {TZ_COMPARE_CODE, TZ_COMPARE_TEXT, TZ_COMPARE_NAME, TZ_COMPARE_HAN};
    for (int i = 0; i < 200000; i++) {
        int32_t  x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];
        tz_value a = {.points = x, .count = (uint32_t)some_string(x)}, b = {.points = y, .count = (uint32_t)some_string(y)};
        if (a.count == 0 || b.count == 0)
            continue;
        tz_value blind_a = a, blind_b = b; /* letters that could be anything */
        blind_a.letters = blind_b.letters = UINT64_MAX;
        for (uint32_t j = 0; j < a.count; j++)
            a.letters |= UINT64_C(1) << (x[j] & 63);
        for (uint32_t j = 0; j < b.count; j++)
            b.letters |= UINT64_C(1) << (y[j] & 63);
        for (size_t k = 0; k < sizeof KINDS / sizeof KINDS[0]; k++)
            assert_int_equal(tz_compare_values(KINDS[k], &a, &b), tz_compare_values(KINDS[k], &blind_a, &blind_b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_the_references),
        cmocka_unit_test(published_values),
        cmocka_unit_test(levels),
        cmocka_unit_test(bounds_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
