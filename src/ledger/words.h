/* words - time limits as ledgers write them: 立行立改, 2020年6月底前, 长期坚持, 15个工作日内. */
#ifndef TZ_LEDGER_WORDS_H
#define TZ_LEDGER_WORDS_H

#include "base/text.h"
#include "store/calendar.h"

typedef struct {
    const char *term; /* "at once", "by date", "long-term" */
    int32_t     due;  /* yyyymmdd; 0: none said */
} tz_time_limit;

/* Reads a limit. today (yyyymmdd) gives the year where none is written and the day from which 一个月内 counts; a month
 * without a year that is past means this year all the same. Where a date and 长期坚持 stand together the limit is
 * long-term with that date. False: it can't be read; an empty text is no limit and read as `by date` without one. */
bool tz_time_limit_parse(tz_text text, int32_t today, const tz_calendar *calendar, tz_time_limit *ret_limit);

#endif
