/* String comparators against plain references on random strings, and against published values. */
#include <math.h>
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "people/address.h"
#include "people/compare.h"
#include "people/han.h"
#include "people/level.h"
#include "people/standard.h"
#include "store/division.h"

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
            d[i][j] =
                least(least(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[m][n];
}

static double plain_jaro_winkler(const int32_t *a, size_t m, const int32_t *b, size_t n)
{
    bool used_a[TZ_MAX_POINTS] = {false}, used_b[TZ_MAX_POINTS] = {false};
    int32_t in_a[TZ_MAX_POINTS], in_b[TZ_MAX_POINTS];
    long reach = (long)(m > n ? m : n) / 2 - 1;
    size_t count_a = 0, count_b = 0, out_of_place = 0, prefix = 0;

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
    double c = (double)count_a,
           jaro = (c / (double)m + c / (double)n + (c - (double)(out_of_place / 2)) / c) / 3;
    while (prefix < 4 && prefix < m && prefix < n && a[prefix] == b[prefix])
        prefix++;
    return jaro > 0.7 ? jaro + (double)prefix * 0.1 * (1 - jaro) : jaro;
}

/* ---- Tests ---- */

static size_t some_string(int32_t *points)
{
    size_t count = random_below(random_below(8) == 0 ? TZ_MAX_POINTS + 1 : 9);
    uint32_t letters = 2 + random_below(20);
    for (size_t i = 0; i < count; i++)
        points[i] = (int32_t)(0x4E00 + random_below(letters));
    return count;
}

static void equal_the_references(void **state)
{
    (void)state;
    const char *many = getenv("TZ_TEST_LONG");
    int rounds = many != NULL && many[0] != '\0' ? 5000000 : 200000;
    for (int i = 0; i < rounds; i++) {
        int32_t a[TZ_MAX_POINTS], b[TZ_MAX_POINTS];
        size_t m = some_string(a), n = some_string(b);
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
    static const struct {
        const char *a, *b;
        double likeness;
        size_t distance;
    } ROWS[] = {
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
        size_t m = points_of(ROWS[i].a, a), n = points_of(ROWS[i].b, b);
        assert_int_equal(tz_osa_distance(a, m, b, n), ROWS[i].distance);
        assert_int_equal(tz_osa_distance(b, n, a, m), ROWS[i].distance);
        double likeness = tz_jaro_winkler(a, m, b, n);
        if (strcmp(ROWS[i].a, "ca") != 0 &&
            (likeness > ROWS[i].likeness + 0.0001 || likeness < ROWS[i].likeness - 0.0001))
            fail_msg("%s and %s: %f", ROWS[i].a, ROWS[i].b, likeness);
    }
}

static const tz_value *value_of(tz_dictionary *of, tz_text text)
{
    uint32_t code = 0;
    tz_err err;
    assert_int_equal(tz_dictionary_code(of, text, &code, &err), TZ_OK);
    assert_true(tz_text_equal(tz_dictionary_text(of, code), text));
    return tz_dictionary_value(of, code);
}

static void levels(void **state)
{
    (void)state;
    static const struct {
        tz_compare_kind kind;
        const char *a, *b, *level;
    } ROWS[] = {
        {TZ_COMPARE_CODE, "6988048", "6988084", "one slip"},
        {TZ_COMPARE_CODE, "6988048", "6988", "else"},
        {TZ_COMPARE_CODE, "6988048", "1988049", "two slips"},
        {TZ_COMPARE_DATE, "1980-03-08", "1980-08-03", "day and month swapped"},
        {TZ_COMPARE_DATE, "19800308", "1980-03-09", "one slip"},
        {TZ_COMPARE_DATE, "1980-03-08", "1980-12-31", "same year"},
        {TZ_COMPARE_DATE, "1980-03-08", "1975-12-31", "else"},
        {TZ_COMPARE_DATE, "1980-03", "1980-03-08", "same month"}, /* a day is missing */
        {TZ_COMPARE_DATE, "1980", "1980-03-08", "same year"},
        {TZ_COMPARE_DATE, "1980-03-08", "1980-03-19", "same month"},
        {TZ_COMPARE_ID, "140430198001010913", "140430198001019031", "two slips"},
        {TZ_COMPARE_ID, "140430198001010913", "140430197903310913", "else"},
        {TZ_COMPARE_ID, "140430198001010913", "140430198001010193", "one slip"},
        {TZ_COMPARE_PHONE, "13903550001", "13903550010", "one slip"},
        {TZ_COMPARE_LIST, "a;b;c", "c、a；b", "same set"},
        {TZ_COMPARE_ADDRESS, "140430100201|12号", "140430100201|13号", "same house"},
        {TZ_COMPARE_ADDRESS, "140430100201|12号", "140430100201|三组5号", "same village"},
        {TZ_COMPARE_ADDRESS, "140430100201|12号", "140430100201|", "same village"},
        {TZ_COMPARE_ADDRESS, "140430100201|12号", "140430100202|12号", "same township"},
        {TZ_COMPARE_ADDRESS, "140430100000|胜利路12号", "140430100000|东街5号", "same township"},
        {TZ_COMPARE_ADDRESS, "140430100000|胜利路12号", "140430100000|胜利路2号", "same house"},
        {TZ_COMPARE_ADDRESS, "140430100201|12号", "140430101201|12号", "else"},
        {TZ_COMPARE_ADDRESS, "定昌镇北寺上村|12号", "定昌镇北寺上村|三组", "same village"},
        {TZ_COMPARE_ADDRESS, "定昌镇北寺上村|12号", "定昌镇段柳村|12号", "same township"},
        {TZ_COMPARE_ADDRESS, "|12号", "|13号", "else"},
        {TZ_COMPARE_ADDRESS, "镇", "乡", "else"},
        {TZ_COMPARE_LIST, "a;b;c", "a|b|d", "half shared"},
        {TZ_COMPARE_LIST, "a;b;c", "a;x;y", "some shared"},
        {TZ_COMPARE_LIST, "a;b;c", "x;y", "else"},
        {TZ_COMPARE_LIST, "a", ";;", "else"},
        {TZ_COMPARE_TEXT, "12 long winding station road", "12 long winding station raod", "near"},
        {TZ_COMPARE_TEXT, "macdonald", "mcdonald", "near"},
        {TZ_COMPARE_NAME, "macdonald", "mcdonald", "near"},
        {TZ_COMPARE_TEXT, "macdonald", "smith", "else"},
        {TZ_COMPARE_HAN, "王小芳", "王晓芳", "same sound"},
        {TZ_COMPARE_HAN, "张伟", "章玮", "same sound"},
        {TZ_COMPARE_HAN, "仇英", "求英", "same sound"}, /* as a surname it is qiu */
        {TZ_COMPARE_HAN, "楊慶義", "杨庆义", "variant"},
        {TZ_COMPARE_HAN, "李昇", "李升", "variant"},
        {TZ_COMPARE_HAN, "王未", "王末", "same shape"},
        {TZ_COMPARE_HAN, "王己", "王已", "same shape"},
        {TZ_COMPARE_HAN, "楊小芳", "杨晓芳", "same sound"}, /* a variant and a sound */
        {TZ_COMPARE_HAN, "王小芳", "王大芳", "one character"},
        {TZ_COMPARE_HAN, "王", "李", "else"},
        {TZ_COMPARE_HAN, "王小芳", "王芳", "one character"},
        {TZ_COMPARE_HAN, "王小芳", "王建国", "surname"},
        {TZ_COMPARE_HAN, "王小芳", "李建国", "else"},
        {TZ_COMPARE_CATEGORY, "男", "女", "else"},
    };
    tz_arena mem = {0};
    tz_dictionary of;
    tz_dictionary_init(&mem, &of);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const tz_value *a = value_of(&of, tz_text_of(ROWS[i].a)), *b = value_of(&of, tz_text_of(ROWS[i].b));
        if (strcmp(tz_compare_levels(ROWS[i].kind)[tz_compare_values(ROWS[i].kind, &of, a, b) - 1],
                   ROWS[i].level) != 0)
            fail_msg("%s and %s", ROWS[i].a, ROWS[i].b);
        assert_int_equal(tz_compare_values(ROWS[i].kind, &of, a, b),
                         tz_compare_values(ROWS[i].kind, &of, b, a));
    }
    tz_dictionary_seal(&of);
    tz_arena_free(&mem);
}

static void numbers_and_places(void **state)
{
    (void)state;
    double latitude = 0, longitude = 0;
    assert_int_equal(tz_compare_numbers(100, 100.5), 2);
    assert_int_equal(tz_compare_numbers(100, 109), 3);
    assert_int_equal(tz_compare_numbers(-100, 100), 4);
    assert_int_equal(tz_compare_numbers(0, 1e-300), 4);
    assert_true(isnan(tz_number_of(TZ_TEXT("12a"))) && isnan(tz_number_of(TZ_TEXT(""))) &&
                isnan(tz_number_of(TZ_TEXT("nan"))));
    assert_true(isnan(tz_number_of(TZ_TEXT("1e999"))));
    assert_true(tz_number_of(TZ_TEXT("-1.50")) == -1.5);
    assert_true(tz_place_of(TZ_TEXT("36.2,113.1"), &latitude, &longitude) && latitude == 36.2 &&
                longitude == 113.1);
    assert_false(tz_place_of(TZ_TEXT("96.2,113.1"), &latitude, &longitude));
    assert_false(tz_place_of(TZ_TEXT("36.2"), &latitude, &longitude));
    /* One degree of the equator, a quarter of a meridian, and the ends of the earth, on a sphere of 6371.0088 km. */
    assert_true(fabs(tz_kilometres(0, 0, 0, 1) - 111.1951) < 0.001);
    assert_true(fabs(tz_kilometres(0, 0, 90, 0) - 10007.5572) < 0.001);
    assert_true(fabs(tz_kilometres(0, 0, 0, 180) - 20015.1143) < 0.001);
    assert_int_equal(tz_compare_places(36.2, 113.1, 36.2005, 113.1), 2);
    assert_int_equal(tz_compare_places(36.2, 113.1, 36.208, 113.1), 3);
    assert_int_equal(tz_compare_places(36.2, 113.1, 36.28, 113.1), 4);
    assert_int_equal(tz_compare_places(36.2, 113.1, 37.2, 113.1), 5);
}

/* ---- Comparators against their definitions ---- */

static int plain_level(tz_compare_kind kind, const int32_t *a, size_t m, const int32_t *b, size_t n)
{
    size_t distance = plain_osa(a, m, b, n);
    if (kind == TZ_COMPARE_CODE)
        return distance <= 1 ? 2 : distance == 2 ? 3 : 4;
    if (m < n ||
        (m == n && memcmp(a, b, n * sizeof a[0]) > 0)) { /* Jaro's matching may depend on the order */
        const int32_t *kept = a;
        size_t count = m;
        a = b, m = n;
        b = kept, n = count;
    }
    double likeness = plain_jaro_winkler(a, m, b, n);
    return likeness >= 0.92 || distance <= 1 ? 2 : likeness >= 0.85 ? 3 : likeness >= 0.7 ? 4 : 5;
}

static size_t some_text(int32_t *points, char *out, size_t *ret_size)
{
    static const int32_t FIRST[] = {'a', 'a', '0', 0x4E00, 0x20000, 0xC0};
    size_t most = random_below(4) == 0   ? TZ_MAX_POINTS
                  : random_below(3) == 0 ? 20
                                         : 8,
           count = 1 + random_below((uint32_t)most), size = 0;
    int32_t first = FIRST[random_below(6)];
    uint32_t letters = 2 + random_below(first == '0' ? 9 : 20);
    for (size_t i = 0; i < count; i++) {
        points[i] = first + (int32_t)random_below(letters);
        size += tz_utf8_put(points[i], out + size);
    }
    *ret_size = size;
    return count;
}

/* A slip or two, so that near strings are met as well. */
static size_t slipped(const int32_t *from, size_t count, int32_t *to, char *out, size_t *ret_size)
{
    size_t size = 0;
    memcpy(to, from, count * sizeof from[0]);
    for (uint32_t slips = random_below(3); slips > 0; slips--) {
        size_t at = random_below((uint32_t)count);
        if (random_below(2) == 0 && at + 1 < count) {
            int32_t kept = to[at];
            to[at] = to[at + 1];
            to[at + 1] = kept;
        } else {
            to[at] = from[random_below((uint32_t)count)];
        }
    }
    for (size_t i = 0; i < count; i++)
        size += tz_utf8_put(to[i], out + size);
    *ret_size = size;
    return count;
}

static void levels_follow_their_definitions(void **state)
{
    (void)state;
    const char *many = getenv("TZ_TEST_LONG");
    int rounds = many != NULL && many[0] != '\0' ? 3000000 : 60000;
    tz_arena mem = {0};
    for (int i = 0; i < rounds; i++) {
        int32_t x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];
        char text_a[TZ_MAX_POINTS * 4], text_b[TZ_MAX_POINTS * 4];
        size_t size_a = 0, size_b = 0;
        tz_dictionary of;
        size_t m = some_text(x, text_a, &size_a);
        size_t n = random_below(2) == 0 ? some_text(y, text_b, &size_b) : slipped(x, m, y, text_b, &size_b);
        tz_dictionary_init(&mem, &of);
        const tz_value *a = value_of(&of, (tz_text){text_a, size_a}),
                       *b = value_of(&of, (tz_text){text_b, size_b});
        if (a != b) {
            if (tz_compare_values(TZ_COMPARE_CODE, &of, a, b) != plain_level(TZ_COMPARE_CODE, x, m, y, n) ||
                tz_compare_values(TZ_COMPARE_TEXT, &of, a, b) != plain_level(TZ_COMPARE_TEXT, x, m, y, n) ||
                tz_compare_values(TZ_COMPARE_TEXT, &of, b, a) != plain_level(TZ_COMPARE_TEXT, x, m, y, n))
                fail_msg("round %d: %.*s and %.*s", i, (int)size_a, text_a, (int)size_b, text_b);
        }
        tz_dictionary_seal(&of);
        tz_arena_reset(&mem);
    }
    tz_arena_free(&mem);
}

/* ---- Standard forms and parts ---- */

static void standard_forms(void **state)
{
    (void)state;
    static const struct {
        tz_compare_kind kind;
        const char *text, *standard;
    } ROWS[] = {
        {TZ_COMPARE_ID, "14043019800101001x", "14043019800101001X"},
        {TZ_COMPARE_ID, "14o43ol98oolol0013", "140430198001010013"},
        {TZ_COMPARE_ID, "140430-800101-001", "140430198001010014"}, /* 15 digits */
        {TZ_COMPARE_ID, "不详啊", "不详啊"},
        {TZ_COMPARE_PHONE, "+86-139-0355-0001", "13903550001"},
        {TZ_COMPARE_PHONE, "008613903550001", "13903550001"},
        {TZ_COMPARE_PHONE, "0355-1234567", "03551234567"},
        {TZ_COMPARE_PHONE, "转12", "转12"},
        {TZ_COMPARE_DATE, "1980年3月8日", "1980-03-08"},
        {TZ_COMPARE_DATE, "19800308", "1980-03-08"},
        {TZ_COMPARE_DATE, "1980年3月", "1980-03"},
        {TZ_COMPARE_DATE, "1980年13月40日", "1980年13月40日"},
        {TZ_COMPARE_HAN, "阿迪力•买买提", "阿迪力·买买提"},
        {TZ_COMPARE_HAN, "王小芳(户主)", "王小芳"},
        {TZ_COMPARE_HAN, "户主", "户主"},
        {TZ_COMPARE_ADDRESS, "山西省长治市沁县定昌镇北寺上村三组12号", "定昌镇北寺上村|三组12号"},
        {TZ_COMPARE_ADDRESS, "沁县定昌镇胜利路12号", "定昌镇|胜利路12号"},
        {TZ_COMPARE_ADDRESS, "太原市小店区平阳路1号", "|平阳路1号"},
        {TZ_COMPARE_ADDRESS, "幸福社区3号楼", "幸福社区|3号楼"},
        {TZ_COMPARE_ADDRESS, "胜利路12号", "|胜利路12号"},
    };
    static const struct {
        tz_part part;
        const char *text, *result;
    } PARTS[] = {
        {TZ_PART_FIRST, "欧阳雪", "欧"},
        {TZ_PART_FIRST, "smith", "smi"},
        {TZ_PART_FIRST, "ab", "ab"},
        {TZ_PART_LAST4, "13903550001", "0001"},
        {TZ_PART_LAST4, "abc", ""},
        {TZ_PART_YEAR, "1980-03-08", "1980"},
        {TZ_PART_YEAR, "80", ""},
        {TZ_PART_DAY, "1980-08-03", "0308"},
        {TZ_PART_DAY, "1980-03-08", "0308"},
        {TZ_PART_DAY, "1980-03", ""},
        {TZ_PART_SOUND, "smith", "smt"},
        {TZ_PART_SOUND, "smyythh", "smt"},
        {TZ_PART_AREA, "140430100205|三组12号", "140430100205"},
        {TZ_PART_AREA, "|胜利路", ""},
        {TZ_PART_WHOLE, "x", "x"},
    };
    tz_arena mem = {0};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        tz_text standard = tz_standard_text(&mem, ROWS[i].kind, NULL, tz_text_of(ROWS[i].text));
        if (!tz_text_is(standard, ROWS[i].standard))
            fail_msg("%s: %.*s", ROWS[i].text, TZ_FMT(standard));
        assert_true(
            tz_text_equal(tz_standard_text(&mem, ROWS[i].kind, NULL, standard), standard)); /* once is enough */
    }
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        tz_text part = tz_part_text(&mem, PARTS[i].part, tz_text_of(PARTS[i].text));
        if (!tz_text_is(part, PARTS[i].result))
            fail_msg("%s: %.*s", PARTS[i].text, TZ_FMT(part));
    }
    assert_true(tz_text_equal(tz_part_text(&mem, TZ_PART_SOUND, TZ_TEXT("张伟")),
                              tz_part_text(&mem, TZ_PART_SOUND, TZ_TEXT("章玮"))));
    assert_true(tz_text_equal(tz_part_text(&mem, TZ_PART_SOUND, TZ_TEXT("楊慶義")),
                              tz_part_text(&mem, TZ_PART_SOUND, TZ_TEXT("杨庆义"))));
    assert_false(tz_text_equal(tz_part_text(&mem, TZ_PART_SOUND, TZ_TEXT("张伟")),
                               tz_part_text(&mem, TZ_PART_SOUND, TZ_TEXT("李伟"))));
    assert_true(tz_text_is(tz_plain_text(&mem, TZ_TEXT("楊慶義 abc")), "杨庆义 abc"));
    assert_true(tz_looks_alike(0x672A, 0x672B) && !tz_looks_alike(0x738B, 0x674E) &&
                !tz_looks_alike('a', 'b')); /* 未 末, 王 李 */
    tz_arena_free(&mem);
}

/* However an address is written: the village of the table, else the township, else its words. */
static void addresses_name_divisions(void **state)
{
    (void)state;
    static const char TABLE[] = "code\tname\tlevel\tparent\tedition\tsuccessor\n"
                                "140430000000\t沁县\tcounty\t140400000000\t2019\t\n"
                                "140430100000\t定昌镇\ttownship\t140430000000\t2019\t\n"
                                "140430200000\t段柳乡\ttownship\t140430000000\t2019\t\n"
                                "140430100205\t北寺上村委会\tvillage\t140430100000\t2019\t\n"
                                "140430200201\t段柳村委会\tvillage\t140430200000\t2019\t\n";
    static const struct {
        const char *text, *standard;
    } ROWS[] = {
        {"山西省长治市沁县定昌镇北寺上村三组12号", "140430100205|三组12号"},
        {"沁县定昌镇北寺上村委会", "140430100205|"},
        {"定昌北寺上12号", "140430100205|12号"},
        {"北寺上村12号", "140430100205|12号"},
        {"沁县定昌镇胜利路12号", "140430100000|胜利路12号"},
        {"襄垣县古韩镇东街5号", "古韩镇|东街5号"},
        {"段柳乡段柳村5号", "140430200201|5号"},
        {"东街5号", "|东街5号"},
    };
    tz_arena mem = {0};
    tz_err err;
    tz_county county = {.name = "沁县"};
    char path[] = "/tmp/tz-divisions-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && close(file) == 0);
    assert_int_equal(tz_file_write(path, tz_text_of(TABLE), 0644, &err), TZ_OK);
    assert_int_equal(tz_divisions_load(&mem, path, &county, &err), TZ_OK);
    (void)unlink(path);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        tz_text standard = tz_address_standard(&mem, &county, tz_text_of(ROWS[i].text));
        if (!tz_text_is(standard, ROWS[i].standard))
            fail_msg("%s: %.*s", ROWS[i].text, TZ_FMT(standard));
        assert_true(tz_text_equal(tz_address_standard(&mem, &county, standard), standard));
    }
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_the_references),
        cmocka_unit_test(published_values),
        cmocka_unit_test(levels),
        cmocka_unit_test(numbers_and_places),
        cmocka_unit_test(levels_follow_their_definitions),
        cmocka_unit_test(standard_forms),
        cmocka_unit_test(addresses_name_divisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
