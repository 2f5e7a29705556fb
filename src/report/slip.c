#include "report/slip.h"

#include <ctype.h>
#include <string.h>

#include "base/money.h"

__extension__ typedef __int128 wide;

bool tz_slip_sides(tz_arena *mem, const char *holds, const char **ret_a, const char **ret_b)
{
    tz_text text = tz_text_of(holds);
    size_t  sign = tz_text_find(text, TZ_TEXT("<="), 0);

    if (sign == SIZE_MAX)
        return false;
    tz_text a = tz_text_trim(tz_text_cut(text, 0, sign)), b = tz_text_trim(tz_text_cut(text, sign + 2, text.size));
    for (size_t i = 0; i < a.size + b.size; i++) {
        char c = i < a.size ? a.data[i] : b.data[i - a.size];
        if (!isalnum((unsigned char)c) && c != '.' && c != '_')
            return false;
    }
    *ret_a = tz_text_dup(mem, a);
    *ret_b = tz_text_dup(mem, b);
    return a.size > 0 && b.size > 0;
}

static bool millionths(const char *text, int64_t *ret)
{
    tz_decimal value;
    return text != NULL && tz_decimal_parse(tz_text_of(text), &value) && tz_decimal_scaled(value, 6, ret, NULL);
}

/* a / b in tenths of a percent, rounded. */
static const char *share(tz_arena *mem, wide a, wide b)
{
    char text[TZ_DECIMAL_TEXT];

    if (b <= 0 || a < 0)
        return "?";
    tz_decimal_format((int64_t)((a * 2000 / b + 1) / 2), 1, text);
    return tz_arena_printf(mem, "%s%%", text);
}

/* ":占 76.5%,按两项降幅倒推上年占 77.7%" */
static const char *shares(tz_arena *mem, const char *a, const char *b, const char *fall_a, const char *fall_b, tz_lang lang)
{
    int64_t x, y, p, q, hundred = 100000000;

    if (!millionths(a, &x) || !millionths(b, &y))
        return "";
    const char *now = tz_arena_printf(mem, lang == TZ_ZH ? "前者为后者的 %s" : "the first is %s of the second", share(mem, x, y));
    if (!millionths(fall_a, &p) || !millionths(fall_b, &q) || p >= hundred || q >= hundred)
        return now;
    /* the year before: a / (1 - fall_a) against b / (1 - fall_b) */
    return tz_arena_printf(mem, lang == TZ_ZH ? "%s,按两项降幅倒推上年为 %s" : "%s, the year before, from both falls, %s", now,
                           share(mem, (wide)x * (hundred - q), (wide)y * (hundred - p)));
}

/* The number with the digits at i and i + 1 exchanged; NULL where that is no other number. */
static const char *exchanged(tz_arena *mem, const char *number, size_t i)
{
    if (!isdigit((unsigned char)number[i]) || !isdigit((unsigned char)number[i + 1]) || number[i] == number[i + 1] ||
        (i == 0 && number[1] == '0'))
        return NULL;
    char *other = tz_arena_dup(mem, number);
    other[i] = number[i + 1];
    other[i + 1] = number[i];
    return other;
}

/* Appends each exchange of neighbouring digits of one number after which a <= b holds. */
static void put_exchanges(tz_arena *mem, tz_buf *out, int *count, const char *a, const char *b, bool is_first, const char *fall_a,
                          const char *fall_b, tz_lang lang)
{
    const char *number = is_first ? a : b;
    int64_t     x, y;

    for (size_t i = 0; number[i] != '\0' && number[i + 1] != '\0'; i++) {
        const char *other = exchanged(mem, number, i);
        if (other == NULL || !millionths(is_first ? other : a, &x) || !millionths(is_first ? b : other, &y) || x > y)
            continue;
        tz_buf_printf(out, lang == TZ_ZH ? "%s(%d) 相邻两位数字颠倒,%s 应为 %s(%s)" : "%s(%d) two neighbouring digits exchanged, %s for %s (%s)",
                      *count == 0 ? "" : lang == TZ_ZH ? ";" : "; ", *count + 1, number, other,
                      shares(mem, is_first ? other : a, is_first ? b : other, fall_a, fall_b, lang));
        ++*count;
    }
}

const char *tz_slip_readings(tz_arena *mem, const tz_assertion *assertion, const char *a, const char *b, const char *fall_a,
                             const char *fall_b, tz_lang lang)
{
    const char *name_a, *name_b;
    tz_buf      out = tz_buf_init(mem, 4096);
    int         count = 0;
    size_t      len = 0;

    if (!tz_slip_sides(mem, assertion->holds, &name_a, &name_b))
        return NULL;
    put_exchanges(mem, &out, &count, a, b, true, fall_a, fall_b, lang);
    put_exchanges(mem, &out, &count, a, b, false, fall_a, fall_b, lang);
    tz_buf_printf(&out, lang == TZ_ZH ? "%s(%d) 两数互换(%s)" : "%s(%d) the two exchanged (%s)", count == 0 ? "" : lang == TZ_ZH ? ";" : "; ",
                  count + 1, shares(mem, b, a, fall_a, fall_b, lang));
    count++;
    if (assertion->wider != NULL) {
        const char *wider = tz_half(assertion->wider, lang, &len);
        tz_buf_printf(&out, lang == TZ_ZH ? ";(%d) %.*s" : "; (%d) %.*s", count + 1, (int)len, wider);
        count++;
    }
    return tz_arena_printf(mem, lang == TZ_ZH ? "有 %d 种读法,均未认定:%s" : "%d readings, none asserted: %s", count, tz_buf_str(&out));
}
