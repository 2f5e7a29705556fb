/* idcard - the 18-character resident identity number (GB 11643-1999).
 *
 * Parsing is exact.  Full width, spaces, a lower-case x and the 15-digit form are repaired
 * earlier, by tz_idcard_tidy, never here: evidence keeps what the office typed.
 */
#ifndef TZ_BASE_IDCARD_H
#define TZ_BASE_IDCARD_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

typedef struct {
    uint32_t region; /* first six digits (GB/T 2260), not looked up   */
    int32_t  born;   /* yyyymmdd, a real day of the calendar          */
    char     sex;    /* 'M' or 'F', from the parity of digit 17       */
} tz_idcard;

/* Reads an 18-character number into *ret_card.
 *
 * TZ_INPUT when, checked in this order, the length is not 18, one of the first 17 characters is
 * not a digit, the birthday is not a real day, or the check character does not match.  Allocates
 * nothing; the text of the error names the rule, never the number.
 */
TZ_MUST tz_rc tz_idcard_parse(tz_text text, tz_idcard *ret_card, tz_err *err);

/* True where tz_idcard_parse would give TZ_OK. */
bool tz_idcard_is_valid(tz_text text);

/* The check character of the first 17 digits (ISO 7064 MOD 11-2). */
char tz_idcard_check(const char digits[17]);

/* Writes the tidied number: half width, without spaces, quotes or separators, x in upper case; 15
 * digits with a real birthday of the 20th century become 18.  A disabled person's number of 20 or
 * 22 characters is kept whole.  Returns the length, 0 if there is nothing or more than 31 bytes. */
size_t tz_idcard_tidy(tz_text text, char out[32]);

#endif
