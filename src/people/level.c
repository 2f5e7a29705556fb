#include "people/level.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "people/address.h"
#include "people/compare.h"
#include "people/han.h"
#include "people/pinyin.h"

static const struct {
    const char *name;
    const char *levels[TZ_MAX_LEVELS];
    const char *texts[TZ_MAX_LEVELS]; /* for people */
} KINDS[TZ_COMPARE_KINDS] = {
    [TZ_COMPARE_CATEGORY] = {"category", {"exact", "else"}, {"相同|equal", "不同|different"}},
    [TZ_COMPARE_CODE] = {"code",
                         {"exact", "one slip", "two slips", "else"},
                         {"相同|equal", "仅一处不同|one place differs", "两处不同|two places differ",
                          "不同|different"}},
    [TZ_COMPARE_ID] = {"id",
                       {"exact", "one slip", "two slips", "else"},
                       {"相同|equal", "仅一处不同|one place differs", "两处不同|two places differ",
                        "不同|different"}},
    [TZ_COMPARE_PHONE] = {"phone",
                          {"exact", "one slip", "two slips", "else"},
                          {"相同|equal", "仅一处不同|one place differs", "两处不同|two places differ",
                           "不同|different"}},
    [TZ_COMPARE_DATE] = {"date",
                         {"exact", "one slip", "day and month swapped", "same month", "same year", "else"},
                         {"相同|equal", "仅一处不同|one place differs", "日月颠倒|day and month are swapped",
                          "年月相同|the same month", "年份相同|the same year", "不同|different"}},
    [TZ_COMPARE_NUMBER] = {"number",
                           {"exact", "within 1 %", "within 10 %", "else"},
                           {"相同|equal", "相差不到百分之一|within 1 %", "相差不到一成|within 10 %",
                            "不同|different"}},
    [TZ_COMPARE_PLACE] = {"place",
                          {"exact", "within 100 m", "within 1 km", "within 10 km", "else"},
                          {"相同|equal", "相距不到百米|within 100 m", "相距不到一公里|within 1 km",
                           "相距不到十公里|within 10 km", "相距较远|far apart"}},
    [TZ_COMPARE_TEXT] = {"text",
                         {"exact", "near", "similar", "related", "else"},
                         {"相同|equal", "几乎相同|almost equal", "相似|similar", "有些相似|somewhat similar",
                          "不同|different"}},
    [TZ_COMPARE_LIST] = {"list",
                         {"exact", "same set", "half shared", "some shared", "else"},
                         {"相同|equal", "内容相同|the same set", "一半以上相同|half or more is shared",
                          "部分相同|some is shared", "不同|nothing is shared"}},
    [TZ_COMPARE_NAME] = {"name",
                         {"exact", "crossed", "near", "similar", "related", "else"},
                         {"相同|equal", "前后颠倒|changed places", "几乎相同|almost equal", "相似|similar",
                          "有些相似|somewhat similar", "不同|different"}},
    [TZ_COMPARE_HAN] = {"han",
                        {"exact", "variant", "same sound", "same shape", "one character", "surname", "else"},
                        {"相同|equal", "仅繁简异体之别|the same in other forms of the characters",
                         "读音相同|the same sound", "字形相近|much the same shape",
                         "一字不同|one character differs", "同姓|the same surname", "不同|different"}},
    [TZ_COMPARE_HOUSEHOLD] = {"household",
                              {"exact", "same household", "else"},
                              {"同户且与户主关系相同|the same household and relation",
                               "同户|the same household", "不同户|another household"}},
    [TZ_COMPARE_ADDRESS] = {"address",
                            {"exact", "same house", "same village", "same township", "else"},
                            {"相同|equal", "同村且门牌相近|the same village and much the same house",
                             "同村|the same village", "同乡镇|the same township", "不同|different"}},
};

const char *tz_compare_kind_name(tz_compare_kind kind)
{
    tz_assert(kind < TZ_COMPARE_KINDS);
    return KINDS[kind].name;
}

const char *const *tz_compare_levels(tz_compare_kind kind)
{
    tz_assert(kind < TZ_COMPARE_KINDS);
    return KINDS[kind].levels;
}

const char *tz_compare_level_text(tz_compare_kind kind, size_t level)
{
    tz_assert(kind < TZ_COMPARE_KINDS && level < tz_compare_level_count(kind));
    return level == 0 ? "一方未填|one is not given" : KINDS[kind].texts[level - 1];
}

size_t tz_compare_level_count(tz_compare_kind kind)
{
    size_t count = 0;
    while (count < TZ_MAX_LEVELS - 1 && tz_compare_levels(kind)[count] != NULL)
        count++;
    return count + 1;
}

/* ---- Bounds ---- */

/* More than `limit` of the bits are set. */
static bool has_over(uint64_t bits, size_t limit)
{
    for (size_t i = 0; i < limit; i++)
        bits &= bits - 1;
    return bits != 0;
}

/* Bits set, without the instruction that older processors lack. */
static size_t count_bits(uint64_t bits)
{
    bits = bits - ((bits >> 1) & UINT64_C(0x5555555555555555));
    bits = (bits & UINT64_C(0x3333333333333333)) + ((bits >> 2) & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return bits * UINT64_C(0x0101010101010101) >> 56;
}

/* True where the distance is over `slips` for certain: each character of one that the other can't have costs one. */
static bool is_far(const tz_value *a, const tz_value *b, size_t slips)
{
    size_t apart = a->count > b->count ? (size_t)(a->count - b->count) : (size_t)(b->count - a->count);
    return apart > slips || has_over(a->letters & ~b->letters, slips) ||
           has_over(b->letters & ~a->letters, slips);
}

static bool are_bytes(const tz_value *a, const tz_value *b)
{
    return a->form <= TZ_VALUE_PLAIN && b->form <= TZ_VALUE_PLAIN;
}

/* The distance where it is at most `slips`, else something over it. */
static size_t slips_of(const tz_dictionary *of, const tz_value *a, const tz_value *b, size_t slips)
{
    int32_t x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];

    if (is_far(a, b, slips))
        return slips + 1;
    if (a->form == TZ_VALUE_BYTES && b->form == TZ_VALUE_BYTES &&
        tz_osa_is_over_bytes(a->head.bytes, a->count, b->head.bytes, b->count, slips))
        return slips + 1;
    if (are_bytes(a, b))
        return tz_osa_distance_bytes(tz_dictionary_bytes(of, a), a->count, tz_dictionary_bytes(of, b),
                                     b->count);
    size_t count_a = tz_dictionary_points(of, a, x), count_b = tz_dictionary_points(of, b, y);
    return tz_osa_distance(x, count_a, y, count_b);
}

/* ---- By kind ---- */

static int by_slips(const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    size_t slips = slips_of(of, a, b, 2);
    return slips <= 1 ? 2 : slips == 2 ? 3 : 4;
}

static size_t digits_of(const tz_dictionary *of, const tz_value *value, uint8_t digits[TZ_MAX_POINTS])
{
    int32_t points[TZ_MAX_POINTS];
    size_t count = 0, all = tz_dictionary_points(of, value, points);

    memset(digits, 0, 16);
    for (size_t i = 0; i < all; i++)
        if (points[i] >= '0' && points[i] <= '9' && count < 9)
            digits[count++] = (uint8_t)points[i];
    return count;
}

static int by_date(const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    uint8_t x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];
    size_t count_a = digits_of(of, a, x), count_b = digits_of(of, b, y);

    if (count_a == 8 && count_b == 8) {
        if (!tz_osa_is_over_bytes(x, 8, y, 8, 1) && tz_osa_distance_bytes(x, 8, y, 8) <= 1)
            return 2;
        if (memcmp(x, y, 4) == 0 && memcmp(x + 4, y + 6, 2) == 0 && memcmp(x + 6, y + 4, 2) == 0)
            return 3;
    }
    bool have_months = count_a >= 6 && count_b >= 6, have_years = count_a >= 4 && count_b >= 4;
    if (have_months && memcmp(x, y, 6) == 0)
        return 4;
    if (have_years && memcmp(x, y, 4) == 0)
        return 5;
    return count_a != 8 && count_b != 8 && slips_of(of, a, b, 1) <= 1 ? 2 : 6;
}

/* True where Jaro's similarity can't reach 0.7: (x / count_a + y / count_b + 1) / 3 with at most x and y in common. */
static bool is_unlike(const tz_value *a, const tz_value *b)
{
    size_t count_a = a->count, count_b = b->count;
    size_t in_a = count_a - count_bits(a->letters & ~b->letters),
           in_b = count_b - count_bits(b->letters & ~a->letters);
    return 10 * (in_a * count_b + in_b * count_a) < 11 * count_a * count_b;
}

/* Jaro's greedy matching may depend on which string is first: the longer one, then the one of lower characters. */
static double likeness_of(const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    int32_t x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];

    if (are_bytes(a, b)) {
        const uint8_t *p = tz_dictionary_bytes(of, a), *q = tz_dictionary_bytes(of, b);
        size_t needed =
            11 * (size_t)a->count * b->count / (10 * ((size_t)a->count + b->count)); /* for a Jaro of 0.7 */
        if (a->count < b->count || (a->count == b->count && memcmp(p, q, a->count) > 0))
            return tz_jaro_winkler_bytes(q, b->count, p, a->count, needed);
        return tz_jaro_winkler_bytes(p, a->count, q, b->count, needed);
    }
    size_t count_a = tz_dictionary_points(of, a, x), count_b = tz_dictionary_points(of, b, y);
    if (count_a < count_b || (count_a == count_b && memcmp(x, y, count_a * sizeof x[0]) > 0))
        return tz_jaro_winkler(y, count_b, x, count_a);
    return tz_jaro_winkler(x, count_a, y, count_b);
}

/* near, similar, related, else: 0 to 3 */
static int by_likeness(const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    double likeness = is_unlike(a, b) ? 0 : likeness_of(of, a, b);

    if (likeness >= 0.92 || slips_of(of, a, b, 1) <= 1)
        return 0;
    return likeness >= 0.85 ? 1 : likeness >= 0.7 ? 2 : 3;
}

/* Characters in which two strings of one length differ, place by place, by some notion of alike. */
static size_t count_unlike(const int32_t *a, const int32_t *b, size_t count,
                           bool (*is_alike)(int32_t, int32_t))
{
    size_t unlike = 0;
    for (size_t i = 0; i < count; i++)
        unlike += !is_alike(a[i], b[i]);
    return unlike;
}

static int by_characters(const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    int32_t x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];
    size_t count_a = tz_dictionary_points(of, a, x), count_b = tz_dictionary_points(of, b, y);

    for (size_t i = 0; i < count_a; i++)
        x[i] = tz_plain_character(x[i]);
    for (size_t i = 0; i < count_b; i++)
        y[i] = tz_plain_character(y[i]);
    if (count_a == count_b) {
        if (memcmp(x, y, count_a * sizeof x[0]) == 0)
            return 2;
        if (count_unlike(x, y, count_a, tz_sounds_alike) == 0)
            return 3;
        if (count_unlike(x, y, count_a, tz_looks_alike) == 0)
            return 4;
    }
    if (tz_osa_distance(x, count_a, y, count_b) <= 1 && (count_a > 1 || count_b > 1))
        return 5;
    return x[0] == y[0] ? 6 : 7;
}

/* ---- Lists ---- */

enum { MAX_ITEMS = 64 };

static size_t split(tz_text text, tz_text items[MAX_ITEMS])
{
    size_t count = 0, from = 0;

    for (size_t at = 0; at <= text.size && count < MAX_ITEMS;) {
        size_t before = at;
        int32_t point = at < text.size ? tz_utf8_next(text, &at) : (at++, ';');
        if (point != ';' && point != '|' && point != ',' && point != 0x3001 && point != 0xFF1B &&
            point != '/')
            continue;
        if (before > from)
            items[count++] = tz_text_cut(text, from, before - from);
        from = at;
    }
    return count;
}

static size_t count_shared(const tz_text *a, size_t count_a, const tz_text *b, size_t count_b)
{
    size_t shared = 0;
    for (size_t i = 0; i < count_a; i++)
        for (size_t j = 0; j < count_b; j++)
            if (tz_text_equal(a[i], b[j])) {
                shared++;
                break;
            }
    return shared;
}

static int by_items(const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    tz_text x[MAX_ITEMS], y[MAX_ITEMS];
    size_t count_a = split(tz_dictionary_text_of(of, a), x),
           count_b = split(tz_dictionary_text_of(of, b), y);
    size_t in_a = count_shared(x, count_a, y, count_b), in_b = count_shared(y, count_b, x, count_a);

    if (in_a == 0)
        return 5;
    if (in_a == count_a && in_b == count_b)
        return 2;
    return 2 * (in_a + in_b) >= count_a + count_b ? 3 : 4;
}

int tz_compare_values(tz_compare_kind kind, const tz_dictionary *of, const tz_value *a, const tz_value *b)
{
    tz_assert(a->count > 0 && b->count > 0);
    switch (kind) {
    case TZ_COMPARE_CODE:
    case TZ_COMPARE_ID:
    case TZ_COMPARE_PHONE: return by_slips(of, a, b);
    case TZ_COMPARE_DATE: return by_date(of, a, b);
    case TZ_COMPARE_TEXT: return 2 + by_likeness(of, a, b);
    case TZ_COMPARE_LIST: return by_items(of, a, b);
    case TZ_COMPARE_NAME: return 3 + by_likeness(of, a, b);
    case TZ_COMPARE_HAN: return by_characters(of, a, b);
    case TZ_COMPARE_ADDRESS: return tz_address_level(tz_dictionary_text_of(of, a), tz_dictionary_text_of(of, b));
    default: return 2;
    }
}

/* ---- Numbers and places ---- */

double tz_number_of(tz_text text)
{
    char copy[64];
    char *end = NULL;

    if (text.size == 0 || text.size >= sizeof copy)
        return NAN;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    double number = strtod(copy, &end);
    return *end == '\0' && isfinite(number) ? number : NAN;
}

bool tz_place_of(tz_text text, double *ret_latitude, double *ret_longitude)
{
    size_t cut = 0;

    while (cut < text.size && strchr(",; |", text.data[cut]) == NULL)
        cut++;
    double latitude = tz_number_of(tz_text_cut(text, 0, cut)),
           longitude = tz_number_of(tz_text_cut(text, cut + 1, text.size));
    if (!(fabs(latitude) <= 90 && fabs(longitude) <= 180))
        return false;
    *ret_latitude = latitude;
    *ret_longitude = longitude;
    return true;
}

int tz_compare_numbers(double a, double b)
{
    double larger = fmax(fabs(a), fabs(b)), apart = fabs(a - b);
    return !(apart <= larger * 0.1) ? 4 : apart <= larger * 0.01 ? 2 : 3;
}

double tz_kilometres(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    const double degree = 3.14159265358979323846 / 180;
    double up = sin((latitude_b - latitude_a) * degree / 2),
           along = sin((longitude_b - longitude_a) * degree / 2);
    double half = up * up + cos(latitude_a * degree) * cos(latitude_b * degree) * along * along;
    return 2 * 6371.0088 * asin(sqrt(fmin(1, half)));
}

int tz_compare_places(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    double apart = tz_kilometres(latitude_a, longitude_a, latitude_b, longitude_b);
    return apart <= 0.1 ? 2 : apart <= 1 ? 3 : apart <= 10 ? 4 : 5;
}
