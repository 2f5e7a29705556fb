#include "store/calendar.h"

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/tsv.h"

enum { COLUMNS = 5, WEEK = 7, THURSDAY = 4 /* 1970-01-01 was one; Sunday is 0 */ };

static bool is_weekend(int32_t ymd)
{
    int64_t day = (tz_date_days(ymd) + THURSDAY) % WEEK;
    day = day < 0 ? day + WEEK : day;
    return day == 0 || day == WEEK - 1;
}

/* ---- Reading ---- */

static tz_rc judge_span(const tz_calendar *calendar, const tz_calendar_span *span, tz_err *err)
{
    size_t count = calendar->spans.count;

    if (span->to < span->from)
        return tz_fail(err, TZ_INPUT, "止日早于起日", "the span ends before it begins");
    if (count > 0 && span->from <= calendar->spans.items[count - 1].to)
        return tz_fail(err, TZ_INPUT, "日期与前一行重叠或次序颠倒", "the span overlaps the line above or stands before it");
    for (int32_t day = span->from; !span->is_off && day <= span->to; day = tz_date_add(day, 1))
        if (!is_weekend(day))
            return tz_fail(err, TZ_INPUT, "调休上班日应是周六或周日", "a make-up day is a Saturday or a Sunday");
    return TZ_OK;
}

static tz_rc read_line(tz_arena *mem, tz_calendar *calendar, tz_text line, tz_err *err)
{
    tz_text          fields[COLUMNS];
    tz_calendar_span span = {0};

    if (tz_tsv_split(line, fields, COLUMNS) != COLUMNS)
        return tz_fail(err, TZ_INPUT, "一行有五列,以制表符分隔:起、止、off 或 work、名称、出处",
                       "a line has five columns separated by tabs: from, to, off or work, name, source");
    span.is_off = tz_text_is(fields[2], "off");
    if (!tz_date_parse_iso(fields[0], &span.from) || !tz_date_parse_iso(fields[1], &span.to) ||
        (!span.is_off && !tz_text_is(fields[2], "work")))
        return tz_fail(err, TZ_INPUT, "日期写作 YYYY-MM-DD,种类为 off 或 work", "a day is YYYY-MM-DD, a kind is off or work");
    span.name = tz_text_dup(mem, fields[3]);
    span.source = tz_text_dup(mem, fields[4]);
    tz_rc rc = judge_span(calendar, &span, err);
    if (rc == TZ_OK)
        tz_push(mem, &calendar->spans, span);
    return rc;
}

tz_rc tz_calendar_load(tz_arena *mem, const char *path, tz_calendar *ret_calendar, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_calendar != NULL);
    tz_rc       rc = TZ_OK;
    tz_text     text = {0}, line;
    tz_calendar calendar = {0};
    int64_t     line_no = 0;

    if (tz_file_exists(path))
        TZ_TRY(tz_file_load(mem, path, TZ_MAX_YAML_BYTES, &text, err));
    for (size_t at = 0; tz_tsv_next(text, &at, &line_no, &line);)
        if (read_line(mem, &calendar, line, err) != TZ_OK) {
            rc = tz_err_at(err, tz_file_base(path), NULL, line_no, NULL);
            goto done;
        }
    *ret_calendar = calendar;
done:
    return rc;
}

/* ---- Asking ---- */

bool tz_calendar_is_working(const tz_calendar *calendar, int32_t ymd)
{
    size_t low = 0, high = calendar->spans.count;

    while (low < high) { /* the first span that does not end before the day */
        size_t middle = low + (high - low) / 2;
        if (calendar->spans.items[middle].to < ymd)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < calendar->spans.count && calendar->spans.items[low].from <= ymd)
        return !calendar->spans.items[low].is_off;
    return !is_weekend(ymd);
}

bool tz_calendar_knows(const tz_calendar *calendar, int year)
{
    for (size_t i = 0; i < calendar->spans.count; i++)
        if (calendar->spans.items[i].is_off && calendar->spans.items[i].to / 10000 == year)
            return true;
    return false;
}

int32_t tz_calendar_add(const tz_calendar *calendar, int32_t ymd, int n)
{
    tz_assert(tz_date_is_real(ymd) && n >= 0);
    while (n > 0) {
        ymd = tz_date_add(ymd, 1);
        n -= tz_calendar_is_working(calendar, ymd);
    }
    return ymd;
}

/* Mondays to Fridays from a Monday long ago up to, and without, day n since 1970-01-01, which was a Thursday. */
static int64_t weekdays_before(int64_t n)
{
    enum { WORKED = 5, WEEKS_AGO = 1000000, SINCE_MONDAY = 3 };
    int64_t days = n + SINCE_MONDAY + (int64_t)WEEK * WEEKS_AGO, rest = days % WEEK;

    return days / WEEK * WORKED + (rest < WORKED ? rest : WORKED);
}

int64_t tz_calendar_between(const tz_calendar *calendar, int32_t from, int32_t to)
{
    if (to < from)
        return -tz_calendar_between(calendar, to, from);
    int64_t first = tz_date_days(from) + 1, end = tz_date_days(to) + 1, count = weekdays_before(end) - weekdays_before(first);

    for (size_t i = 0; i < calendar->spans.count; i++) {
        const tz_calendar_span *span = &calendar->spans.items[i];
        if (span->to <= from || span->from > to)
            continue;
        int64_t start = tz_date_days(span->from), stop = tz_date_days(span->to) + 1;
        start = start < first ? first : start;
        stop = stop > end ? end : stop;
        int64_t weekdays = weekdays_before(stop) - weekdays_before(start);
        count += span->is_off ? -weekdays : stop - start - weekdays; /* make-up days lie on weekends */
    }
    return count;
}
