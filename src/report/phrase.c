#include "report/phrase.h"

#include <string.h>

#include "base/assert.h"
#include "base/money.h"

const char *tz_phrase_number(tz_arena *mem, const char *decimal)
{
    size_t size = strlen(decimal);

    if (strchr(decimal, '.') == NULL)
        return decimal;
    while (decimal[size - 1] == '0')
        size--;
    return tz_arena_copy(mem, decimal, decimal[size - 1] == '.' ? size - 1 : size);
}

static bool is_negative(const char *decimal)
{
    return decimal[0] == '-' && strspn(decimal, "-0.") < strlen(decimal);
}

/* 下降19%: a fall carries its direction with it, since a negative one is a rise. */
static const char *fall(tz_arena *mem, const char *number, const char *unit, tz_lang lang)
{
    bool        is_zh = lang == TZ_ZH, is_rise = is_negative(number);
    const char *amount = number[0] == '-' ? number + 1 : number;

    if (strspn(amount, "0.") == strlen(amount))
        return is_zh ? "持平" : "unchanged";
    return tz_arena_printf(mem, "%s%s%s", is_zh ? (is_rise ? "增长" : "下降") : (is_rise ? "up " : "down "), amount, unit);
}

static const char *exceptions(tz_arena *mem, const char *words, const char *count, tz_lang lang)
{
    return tz_arena_printf(mem, lang == TZ_ZH ? "%s(例外 %s)" : "%s (%s exceptions)", words, count);
}

/* A claim as a word: it has no unit, and its number is never printed as what it claims. */
static const char *claim(tz_arena *mem, const tz_figure_value *value, tz_lang lang)
{
    bool is_zh = lang == TZ_ZH, is_whole = strcmp(value->value, "0") == 0;

    if (value->figure->kind == TZ_UNIVERSAL)
        return is_whole ? (is_zh ? "属实" : "holds") : exceptions(mem, is_zh ? "不属实" : "does not hold", value->value, lang);
    if (is_whole)
        return is_zh ? "全部" : "all";
    return value->is_true ? (is_zh ? "基本" : "mostly") : exceptions(mem, is_zh ? "尚未" : "not yet", value->value, lang);
}

static void print_number(tz_arena *mem, tz_figure_value *value, const char *unit, tz_lang lang)
{
    bool        is_zh = lang == TZ_ZH, is_percent = strcmp(unit, "%") == 0;
    const char *number = tz_phrase_number(mem, value->value);
    const char *gap = is_zh || is_percent || unit[0] == '\0' ? "" : " ";
    bool        is_over = value->exact != NULL && strcmp(value->exact, value->value) != 0;

    value->in_sentence = number;
    switch (value->figure->kind) {
    case TZ_BOUND:
        if (is_over)
            value->in_sentence = tz_arena_printf(mem, is_zh ? "%s余" : "over %s", number);
        break;
    case TZ_TARGET: value->in_sentence = tz_arena_printf(mem, is_zh ? "力争%s" : "a target of %s", number); break;
    case TZ_COUNTED:
    case TZ_MEASURED: break;
    case TZ_UNIVERSAL:
    case TZ_MOSTLY: tz_unreachable("a claim is no number");
    }
    value->printed = value->figure->is_fall ? fall(mem, number, unit, lang) : tz_arena_printf(mem, "%s%s%s", value->in_sentence, gap, unit);
}

void tz_phrase_print(tz_arena *mem, tz_figure_value *value, tz_lang lang)
{
    size_t      len = 0;
    const char *half = tz_half(value->figure->unit, lang, &len);

    if (value->value == NULL)
        value->printed = value->in_sentence = lang == TZ_ZH ? "(未评估)" : "(not evaluated)";
    else if (value->figure->kind == TZ_UNIVERSAL || value->figure->kind == TZ_MOSTLY)
        value->printed = value->in_sentence = claim(mem, value, lang);
    else
        print_number(mem, value, tz_arena_copy(mem, half, len), lang);
}

const char *tz_phrase_change(tz_arena *mem, const char *now, const char *before, tz_lang lang)
{
    tz_decimal a, b;
    int64_t    x = 0, y = 0;
    char       text[TZ_DECIMAL_TEXT];
    bool       is_zh = lang == TZ_ZH;

    if (now == NULL || before == NULL || !tz_decimal_parse(tz_text_of(now), &a) || !tz_decimal_parse(tz_text_of(before), &b) ||
        !tz_decimal_scaled(a, 6, &x, NULL) || !tz_decimal_scaled(b, 6, &y, NULL))
        return NULL;
    if (x == y)
        return is_zh ? "持平" : "unchanged";
    __extension__ typedef __int128 wide;
    wide difference = (wide)x - y, size = y < 0 ? -(wide)y : y;
    if (y == 0) {
        tz_decimal_format(x < 0 ? -x : x, 6, text);
        return tz_arena_printf(mem, "%s%s", is_zh ? (x > 0 ? "增加" : "减少") : (x > 0 ? "up by " : "down by "), tz_phrase_number(mem, text));
    }
    wide permille = ((difference < 0 ? -difference : difference) * 2000 / size + 1) / 2; /* tenths of a percent */
    if (permille > INT64_MAX)
        return NULL;
    tz_decimal_format((int64_t)permille, 1, text);
    return tz_arena_printf(mem, "%s%s%%", is_zh ? (difference > 0 ? "增长" : "下降") : (difference > 0 ? "up " : "down "),
                           tz_phrase_number(mem, text));
}
