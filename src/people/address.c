#include "people/address.h"

#include <string.h>

#include "base/assert.h"
#include "people/compare.h"

enum { LONGEST = 256, CODE = 12, TOWNSHIP_DIGITS = 9 };

tz_text tz_address_area(tz_text standard)
{
    size_t bar = tz_text_find(standard, TZ_TEXT("|"), 0);
    return tz_text_cut(standard, 0, bar == SIZE_MAX ? standard.size : bar);
}

static tz_text house_of(tz_text standard)
{
    size_t bar = tz_text_find(standard, TZ_TEXT("|"), 0);
    return bar == SIZE_MAX ? (tz_text){0} : tz_text_cut(standard, bar + 1, standard.size);
}

/* ---- By the table ---- */

/* The longest beginning that names one division for sure; its size, 0 none. */
static size_t named_by_table(const tz_county *divisions, tz_text text, tz_division_level level, const tz_division **ret)
{
    size_t longest = 0;

    for (size_t at = 0; at < text.size && at < LONGEST;) {
        const tz_division *found = NULL;
        (void)tz_utf8_next(text, &at);
        if (tz_county_find(divisions, tz_text_cut(text, 0, at), (tz_text){0}, level, &found) == 1) {
            longest = at;
            *ret = found;
        }
    }
    return longest;
}

/* ---- By its words ---- */

/* Behind the first of the endings that stands behind at least one other character; 0: none. */
static size_t behind(tz_text text, size_t from, const char *const *endings)
{
    size_t first = SIZE_MAX, end = 0;

    for (size_t i = 0; endings[i] != NULL; i++) {
        size_t at = tz_text_find(text, tz_text_of(endings[i]), from + 1);
        if (at < first) {
            first = at;
            end = at + strlen(endings[i]);
        }
    }
    return end;
}

static size_t without_county(tz_text text)
{
    static const char *const PROVINCES[] = {"省", "自治区", NULL}, *const CITIES[] = {"市", NULL}, *const COUNTIES[] = {"县", "区", NULL};
    static const char *const INSIDE[] = {"村", "社区", "镇", "乡", "街道", NULL};
    size_t from = 0, inside = behind(text, 0, INSIDE);
    const char *const *const steps[] = {PROVINCES, CITIES, COUNTIES};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        size_t end = behind(text, from, steps[i]);
        if (end > 0 && end < text.size && (inside == 0 || end < inside))
            from = end;
    }
    return from;
}

/* Where its village, or else its township, ends. */
static size_t named_by_words(tz_text text, size_t from)
{
    static const char *const TOWNSHIPS[] = {"镇", "乡", "街道", NULL}, *const VILLAGES[] = {"村委会", "居委会", "社区", "村", NULL};
    size_t township = behind(text, from, TOWNSHIPS), village = behind(text, township > from ? township : from, VILLAGES);

    return village > 0 ? village : township > 0 ? township : from;
}

/* ---- The whole ---- */

static tz_text put_together(tz_arena *mem, tz_text area, tz_text house)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_put(&out, area);
    tz_buf_char(&out, '|');
    for (size_t i = 0; i < house.size; i++)
        if (strchr(" ,|", house.data[i]) == NULL)
            tz_buf_char(&out, house.data[i]);
    return tz_buf_text(&out);
}

tz_text tz_address_standard(tz_arena *mem, const tz_county *divisions, tz_text text)
{
    tz_assert(mem != NULL);
    const tz_division *division = NULL;
    size_t end = 0;

    if (text.size == 0 || tz_text_find(text, TZ_TEXT("|"), 0) != SIZE_MAX)
        return text;
    if (divisions != NULL && (end = named_by_table(divisions, text, TZ_DIVISION_VILLAGE, &division)) == 0)
        end = named_by_table(divisions, text, TZ_DIVISION_TOWNSHIP, &division);
    if (end > 0) {
        tz_text house = tz_text_cut(text, end, text.size);
        static const char *const TAILS[] = {"村民委员会", "村委会", "居委会", "村", "社区", NULL};
        for (size_t i = 0; TAILS[i] != NULL; i++) /* the name fits without its ending as well: 北寺上|村三组 */
            if (tz_text_starts(house, tz_text_of(TAILS[i]))) {
                house = tz_text_cut(house, strlen(TAILS[i]), house.size);
                break;
            }
        return put_together(mem, tz_text_of(division->code), house);
    }
    size_t from = without_county(text);
    end = named_by_words(text, from);
    return put_together(mem, tz_text_cut(text, from, end - from), tz_text_cut(text, end, text.size));
}

/* ---- Comparing ---- */

static bool is_code(tz_text area)
{
    for (size_t i = 0; i < area.size; i++)
        if (area.data[i] < '0' || area.data[i] > '9')
            return false;
    return area.size == CODE;
}

static bool is_village(tz_text area)
{
    return is_code(area) ? memcmp(area.data + TOWNSHIP_DIGITS, "000", 3) != 0
                         : tz_text_ends(area, TZ_TEXT("村")) || tz_text_ends(area, TZ_TEXT("社区")) || tz_text_ends(area, TZ_TEXT("委会"));
}

static tz_text township_of(tz_text area)
{
    static const char *const TOWNSHIPS[] = {"镇", "乡", "街道", NULL};
    return is_code(area) ? tz_text_cut(area, 0, TOWNSHIP_DIGITS) : tz_text_cut(area, 0, area.size == 0 ? 0 : behind(area, 0, TOWNSHIPS));
}

static size_t points_of(tz_text text, int32_t points[TZ_MAX_POINTS])
{
    size_t count = 0;
    for (size_t at = 0; at < text.size && count < TZ_MAX_POINTS;)
        points[count++] = tz_utf8_next(text, &at);
    return count;
}

static bool are_near(tz_text a, tz_text b)
{
    int32_t x[TZ_MAX_POINTS], y[TZ_MAX_POINTS];
    size_t count_a = points_of(a, x), count_b = points_of(b, y);

    return count_a > 0 && count_b > 0 && tz_osa_distance(x, count_a, y, count_b) <= 1;
}

int tz_address_level(tz_text a, tz_text b)
{
    tz_text area_a = tz_address_area(a), area_b = tz_address_area(b), township = township_of(area_a);
    bool is_same = area_a.size > 0 && tz_text_equal(area_a, area_b);

    if (is_same && are_near(house_of(a), house_of(b)))
        return 2;
    if (is_same && is_village(area_a))
        return 3;
    return township.size > 0 && tz_text_equal(township, township_of(area_b)) ? 4 : 5;
}
