/* number - numbers of workbooks: their text, the dates among them, the formats they are shown by. */
#ifndef TZ_FORMATS_NUMBER_H
#define TZ_FORMATS_NUMBER_H

#include "base/text.h"

enum { TZ_NUMBER_TEXT = 32 };

/* A built-in number format of SpreadsheetML and BIFF (ECMA-376 part 1, 18.8.30) by its id, as far as
 * it matters to reading; "General" for the others. */
const char *tz_numfmt_builtin(int id);

/* Whether a number format shows a date or time: y, m, d, h or s stands outside quotes, brackets and
 * escapes. */
bool tz_numfmt_is_date(const char *format);

/* The shortest decimal that reads back as value: "0.1", "43709", "1.4043E+17" as "1.4043e+17". Returns
 * its length, 0 (and an empty text) for what is not finite. */
size_t tz_number_text(double value, char out[TZ_NUMBER_TEXT]);

/* "2019-09-01T12:00:00" as the serial day number that Excel stores: "43709.5". Returns its length, 0
 * for anything that is no such date. */
size_t tz_serial_text(tz_text iso, bool is_1904, char out[TZ_NUMBER_TEXT]);

#endif
