/* code - the short code that stands beside a printed figure, and what it says by itself.
 *
 * Fifteen characters of Crockford's base 32 in three groups, "0G2Q4-M9TXC-Q2H8P", 75 bits from the left:
 *
 *   25  the journal entry that the report stood at
 *   15  the as-of date, as days from 2000-01-01
 *   20  of SM3 of the figure's name
 *   10  of SM3 of its pack's digest: is the pack still the one that was printed with?
 *    5  of SM3 of the county's code and the 70 bits before: a slip of the pen is found in 31 of 32 cases
 *
 * So a sheet of paper leads back to its day without a table of codes anywhere.
 */
#ifndef TZ_REPORT_CODE_H
#define TZ_REPORT_CODE_H

#include "packs/pack.h"
#include "packs/query.h"

enum { TZ_CODE_TEXT = 18 };

/* The code of a figure of the day; "" for a day that 75 bits don't hold (before 2000, after 2089, past entry
 * 33,554,431). */
void tz_code_make(const tz_county *county, const tz_figure *figure, tz_day day, char out[TZ_CODE_TEXT]);

typedef enum { TZ_CODE_NONE, TZ_CODE_SLIP, TZ_CODE_FINE } tz_code_reading;

/* Reads a code: case, dashes and spaces don't matter, O reads as 0, I and L as 1. TZ_CODE_NONE: it isn't
 * one; TZ_CODE_SLIP: fifteen characters that are no code of this county. ret_figure is NULL where no figure
 * has that name any more; ret_same_pack: its pack is the one of that day. */
tz_code_reading tz_code_read(const tz_county *county, const tz_packs *packs, const char *text, tz_day *ret_day,
                             const tz_figure **ret_figure, bool *ret_same_pack);

#endif
