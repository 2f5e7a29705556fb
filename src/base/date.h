/* date - days of the proleptic Gregorian calendar as int32 yyyymmdd; 0 is "no date".
 *
 * A date in C is a number that reads as the clerk reads it (20190930).  Periods of registers are
 * text in canonical form: `2019-03` a month, `2019-1` the spring and `2019-2` the autumn term of
 * that calendar year, `2019` a year, "" none.
 */
#ifndef TZ_BASE_DATE_H
#define TZ_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { TZ_DATE_TEXT = 11 }; /* "YYYY-MM-DD" and NUL */

bool    tz_date_is_real(int32_t ymd);
int32_t tz_date_make(int year, int month, int day); /* 0 if not a real day */
int64_t tz_date_days(int32_t ymd);                  /* since 1970-01-01; ymd must be real */
int32_t tz_date_from_days(int64_t days);
enum { TZ_CHINA_MS = 8 * 60 * 60 * 1000 };          /* China's time is ahead of UTC by this, all year */
int32_t tz_date_in_china(int64_t utc_ms);           /* the day there at a time in milliseconds since 1970 */
int32_t tz_date_add(int32_t ymd, int64_t days);
int32_t tz_date_month_end(int year, int month);
void    tz_date_format(int32_t ymd, char out[TZ_DATE_TEXT]); /* "" for 0 */

/* Reads exactly YYYY-MM-DD; false for anything else or an unreal day. */
bool tz_date_parse_iso(tz_text text, int32_t *ret_ymd);

/* Reads the forms that departments write: 2019-9-1, 2019.9.1, 2019/9/1, 20190901, 2019年9月1日,
 * 2019年9月1号, each with a time of day behind it that is dropped.  Not the republican calendar.
 * False for anything else. */
bool tz_date_parse(tz_text text, int32_t *ret_ymd);

/* Excel's serial day number (1900 system with its false 29 February 1900, or 1904) to a date;
 * 0 outside 1900-01-01..9999-12-31. */
int32_t tz_date_from_serial(int64_t serial, bool is_1904);

enum { TZ_PERIOD_TEXT = 16 };

/* Reads a month (2019年9月, 2019-09, 201909, 2019.9) into "2019-09". */
bool tz_month_parse(tz_text text, char out[TZ_PERIOD_TEXT]);

/* Reads a term (2019年秋季学期, 2019秋, 2019年春, 2018-2019学年第一学期, canonical 2019-2) into
 * "2019-2": the first term of school year 2018-2019 is autumn 2018, its second spring 2019. */
bool tz_term_parse(tz_text text, char out[TZ_PERIOD_TEXT]);

/* Reads a year (2019, 2019年, 2019年度). */
bool tz_year_parse(tz_text text, char out[TZ_PERIOD_TEXT]);

#endif
