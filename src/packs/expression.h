/* expression - what an assertion says of figures: arithmetic and comparisons, exact.
 *
 *     house.cd <= house.suspected
 *     edu.shell_schools == edu.abolished + edu.converted
 *     idle.benefit <= idle.running <= idle.total and idle.total > 0
 *     100 * solved / all ~= rate            equal as far as the right side is printed
 *     paid * 10000 % 3000 == 0
 *     house.lookback >= last(house.lookback)    the same figure in the report before
 *
 * Numbers are fractions of 128-bit integers: nothing is rounded, and what would overflow is unknown.
 */
#ifndef TZ_PACKS_EXPRESSION_H
#define TZ_PACKS_EXPRESSION_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

typedef enum { TZ_HOLDS, TZ_BROKEN, TZ_UNKNOWN } tz_truth;

/* The value of a figure as printed ("84.20"), or NULL where it has none. is_last: of the report
 * before. */
typedef const char *tz_figure_lookup(void *context, const char *name, bool is_last);

/* Judges text. TZ_UNKNOWN where a figure has no value, a divisor is zero or a number is too large.
 * TZ_INPUT: the text is no expression; err says at which character. */
TZ_MUST tz_rc tz_expression_judge(tz_arena *mem, const char *text, tz_figure_lookup *lookup, void *context, tz_truth *ret_truth,
                                  tz_err *err);

#endif
