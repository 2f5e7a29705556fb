/* money - amounts as int64 fen; never floating point.
 *
 * A sheet gives 元, 千元, 万元 or 亿元; a register keeps 元 with two decimals (DECIMAL(18,2)).
 */
#ifndef TZ_BASE_MONEY_H
#define TZ_BASE_MONEY_H

#include "base/err.h"
#include "base/text.h"

enum { TZ_DECIMAL_TEXT = 48 };

/* A decimal as written: value = digits / 10^scale. */
typedef struct {
    int64_t digits;
    int     scale; /* 0..18 */
} tz_decimal;

/* Reads 1,234.50, -3, 12.3E+4, a leading ¥ or ￥, white space around, accountants' (12) for -12.
 * Half-width text, in which a comma parts thousands; false for anything else or more than 18
 * digits (trailing zeros of the fraction are dropped first).  The exponent is what Excel stores:
 * "8.4199999999999999" keeps its digits. */
bool tz_decimal_parse(tz_text text, tz_decimal *ret_value);

/* The value times 10^places as an integer, rounded half away from zero; false on overflow.
 * *ret_exact (may be NULL) is false where rounding lost something. */
bool tz_decimal_scaled(tz_decimal value, int places, int64_t *ret_scaled, bool *ret_exact);

/* Writes scaled / 10^places with exactly `places` decimals. */
void tz_decimal_format(int64_t scaled, int places, char out[TZ_DECIMAL_TEXT]);

/* The power of a unit's name (元, 千元, 万元, 百万元, 亿元), or -1. */
int tz_money_unit(tz_text name);

#endif
