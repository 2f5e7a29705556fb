/* calendar - which days a county works: Monday to Friday, but for the holidays and the make-up days of
 * calendar.tsv in its directory.
 *
 * The file has a header line and the columns from, to, kind (off, work), name, source, separated by tabs;
 * a line that begins with # is a comment.  `off` are days of rest, `work` are weekend days worked instead.
 * A new county gets the shipped table (data/calendar/china.tsv: the State Council's yearly notices).  In a
 * year that the file says nothing about only weekends rest; tz_calendar_knows tells.
 */
#ifndef TZ_STORE_CALENDAR_H
#define TZ_STORE_CALENDAR_H

#include "base/err.h"
#include "base/text.h"

typedef struct {
    int32_t     from, to; /* yyyymmdd, inclusive */
    bool        is_off;
    const char *name, *source;
} tz_calendar_span;

typedef struct {
    struct { tz_calendar_span *items; size_t count; size_t room; } spans; /* by day, none overlaps another */
} tz_calendar;

/* Reads a calendar; a file that is not there gives one of weekends alone. TZ_INPUT with file and line: a
 * day is none, spans overlap or are out of order, a kind is unknown, a make-up day is no weekend day. */
TZ_MUST tz_rc tz_calendar_load(tz_arena *mem, const char *path, tz_calendar *ret_calendar, tz_err *err);

bool tz_calendar_is_working(const tz_calendar *calendar, int32_t ymd);
bool tz_calendar_knows(const tz_calendar *calendar, int year); /* it names a holiday of that year */

/* The n-th working day after ymd, which does not count itself; n 0 gives ymd. */
int32_t tz_calendar_add(const tz_calendar *calendar, int32_t ymd, int n);
/* Working days after `from` up to and with `to`; negative where `to` is earlier. */
int64_t tz_calendar_between(const tz_calendar *calendar, int32_t from, int32_t to);

#endif
