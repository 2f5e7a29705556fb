#include "packs/expression.h"

#include <ctype.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"

__extension__ typedef __int128 wide;

/* A number; is_known false once anything in it was not to be had. places: decimals as printed. */
typedef struct {
    wide above, below;
    int  places;
    bool is_known;
} fraction;

enum { MAX_NESTING = 32 };

typedef struct {
    tz_arena   *mem;
    const char *text;
    const char *at;
    int         nesting;
    tz_figure_lookup *lookup;
    void       *context;
    bool        is_wrong; /* sticky: no expression */
} parsing;

static const fraction UNKNOWN = {.above = 0, .below = 1, .is_known = false};

static wide divisor(wide a, wide b)
{
    a = a < 0 ? -a : a;
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static fraction make(wide above, wide below, int places)
{
    if (below == 0)
        return UNKNOWN;
    if (below < 0) {
        above = -above;
        below = -below;
    }
    wide common = divisor(above, below);
    common = common == 0 ? 1 : common;
    return (fraction){above / common, below / common, places, true};
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static fraction add(fraction a, fraction b, int sign)
{
    wide left, right, above, below;

    if (!a.is_known || !b.is_known || __builtin_mul_overflow(a.above, b.below, &left) || __builtin_mul_overflow(b.above, a.below, &right) ||
        __builtin_mul_overflow(right, sign, &right) || __builtin_add_overflow(left, right, &above) ||
        __builtin_mul_overflow(a.below, b.below, &below))
        return UNKNOWN;
    return make(above, below, larger(a.places, b.places));
}

static fraction times(fraction a, fraction b)
{
    wide above, below;

    if (!a.is_known || !b.is_known || __builtin_mul_overflow(a.above, b.above, &above) || __builtin_mul_overflow(a.below, b.below, &below))
        return UNKNOWN;
    return make(above, below, larger(a.places, b.places));
}

static fraction over(fraction a, fraction b)
{
    if (!b.is_known || b.above == 0)
        return UNKNOWN;
    return times(a, (fraction){b.below, b.above, b.places, true});
}

/* What is left of a when b is taken off as often as it goes. */
static fraction rest(fraction a, fraction b)
{
    fraction times_in = over(a, b);

    if (!times_in.is_known || a.above < 0 || b.above < 0)
        return UNKNOWN;
    return add(a, times((fraction){times_in.above / times_in.below, 1, 0, true}, b), -1);
}

/* ---- Reading ---- */

static void skip_blanks(parsing *from)
{
    while (isspace((unsigned char)*from->at))
        from->at++;
}

static bool take(parsing *from, const char *mark)
{
    skip_blanks(from);
    if (strncmp(from->at, mark, strlen(mark)) != 0)
        return false;
    from->at += strlen(mark);
    return true;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

static fraction number_of(const char *text)
{
    tz_decimal value;
    wide       below = 1;

    if (text == NULL || !tz_decimal_parse(tz_text_of(text), &value))
        return UNKNOWN;
    const char *point = strchr(text, '.');
    for (int i = 0; i < value.scale; i++)
        below *= 10;
    return make(value.digits, below, point == NULL ? 0 : (int)strlen(point + 1));
}

static fraction read_sum(parsing *from);

/* A figure's name, last(NAME), a number, or a sum in brackets. */
static fraction read_operand(parsing *from)
{
    skip_blanks(from);
    if (take(from, "(")) {
        if (++from->nesting > MAX_NESTING) {
            from->is_wrong = true;
            return UNKNOWN;
        }
        fraction inner = read_sum(from);
        from->nesting--;
        from->is_wrong |= !take(from, ")");
        return inner;
    }
    bool        is_last = strncmp(from->at, "last(", 5) == 0;
    const char *start = is_last ? from->at + 5 : from->at, *end = start;
    while (is_name_char(*end) && !(*end == '-' && (end == start || end[1] == ' ')))
        end++;
    from->at = is_last && *end == ')' ? end + 1 : end;
    if (end == start || (is_last && *end != ')')) {
        from->is_wrong = true;
        return UNKNOWN;
    }
    const char *name = tz_arena_copy(from->mem, start, (size_t)(end - start));
    return isdigit((unsigned char)name[0]) && !is_last ? number_of(name) : number_of(from->lookup(from->context, name, is_last));
}

static fraction read_product(parsing *from)
{
    fraction left = read_operand(from);

    for (;;) {
        if (take(from, "*"))
            left = times(left, read_operand(from));
        else if (take(from, "/"))
            left = over(left, read_operand(from));
        else if (take(from, "%"))
            left = rest(left, read_operand(from));
        else
            return left;
        if (from->is_wrong)
            return UNKNOWN;
    }
}

static fraction read_sum(parsing *from)
{
    fraction left = read_product(from);

    for (;;) {
        if (take(from, "+"))
            left = add(left, read_product(from), 1);
        else if (take(from, "-"))
            left = add(left, read_product(from), -1);
        else
            return left;
        if (from->is_wrong)
            return UNKNOWN;
    }
}

/* Rounded half away from zero to `places`, times 10^places. */
static bool rounded(fraction value, int places, wide *ret)
{
    wide scaled = value.above;

    for (int i = 0; i < places; i++)
        if (__builtin_mul_overflow(scaled, 10, &scaled))
            return false;
    wide twice, below, half = scaled < 0 ? -value.below : value.below;
    if (__builtin_mul_overflow(scaled, 2, &twice) || __builtin_add_overflow(twice, half, &twice) ||
        __builtin_mul_overflow(value.below, 2, &below))
        return false;
    *ret = twice / below;
    return true;
}

static tz_truth compare(fraction left, const char *sign, fraction right)
{
    wide a, b;

    if (!left.is_known || !right.is_known)
        return TZ_UNKNOWN;
    bool is_near = sign[0] == '~';
    if (is_near ? !rounded(left, right.places, &a) || !rounded(right, right.places, &b)
                : __builtin_mul_overflow(left.above, right.below, &a) || __builtin_mul_overflow(right.above, left.below, &b))
        return TZ_UNKNOWN;
    bool holds = strcmp(sign, "<=") == 0   ? a <= b
                 : strcmp(sign, ">=") == 0 ? a >= b
                 : strcmp(sign, "<") == 0  ? a < b
                 : strcmp(sign, ">") == 0  ? a > b
                 : strcmp(sign, "!=") == 0 ? a != b
                                           : a == b;
    return holds ? TZ_HOLDS : TZ_BROKEN;
}

/* A chain such as a <= b <= c: each pair must hold. */
static tz_truth read_chain(parsing *from)
{
    static const char *const SIGNS[] = {"<=", ">=", "==", "!=", "~=", "<", ">"};
    fraction left = read_sum(from);
    tz_truth all = TZ_HOLDS;
    size_t   pairs = 0;

    for (size_t i = 0; !from->is_wrong && i < sizeof SIGNS / sizeof SIGNS[0];) {
        if (!take(from, SIGNS[i])) {
            i++;
            continue;
        }
        fraction right = read_sum(from);
        tz_truth one = compare(left, SIGNS[i], right);
        all = all == TZ_BROKEN || one == TZ_BROKEN ? TZ_BROKEN : all == TZ_UNKNOWN ? TZ_UNKNOWN : one;
        left = right;
        pairs++;
        i = 0;
    }
    from->is_wrong |= pairs == 0;
    return all;
}

tz_rc tz_expression_judge(tz_arena *mem, const char *text, tz_figure_lookup *lookup, void *context, tz_truth *ret_truth, tz_err *err)
{
    tz_assert(mem != NULL && text != NULL && lookup != NULL && ret_truth != NULL);
    parsing  from = {.mem = mem, .text = text, .at = text, .lookup = lookup, .context = context};
    tz_truth all = read_chain(&from);

    while (!from.is_wrong && take(&from, "and ")) {
        tz_truth one = read_chain(&from);
        all = all == TZ_BROKEN || one == TZ_BROKEN ? TZ_BROKEN : all == TZ_UNKNOWN ? TZ_UNKNOWN : one;
    }
    skip_blanks(&from);
    if (from.is_wrong || *from.at != '\0')
        return tz_fail(err, TZ_INPUT, "算式在第 %zu 个字符处读不懂:%s", "the expression makes no sense at character %zu: %s",
                       (size_t)(from.at - text) + 1, text);
    *ret_truth = all;
    return TZ_OK;
}
