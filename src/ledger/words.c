#include "ledger/words.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"

typedef struct {
    tz_text            text; /* half width, no white space */
    int32_t            today;
    const tz_calendar *calendar;
} reading;

static bool has(const reading *of, const char *word)
{
    return tz_text_find(of->text, tz_text_of(word), 0) != SIZE_MAX;
}

static bool has_any(const reading *of, const char *const *words)
{
    for (; *words != NULL; words++)
        if (has(of, *words))
            return true;
    return false;
}

/* ---- Numbers ---- */

/* The digits or Chinese numeral (up to 99) at *at, advanced past it; -1: none stands there. */
static int64_t number_at(tz_text text, size_t *at)
{
    static const char *const DIGITS[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    int64_t value = -1, tens = 0;
    size_t  from = *at;

    while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9')
        (*at)++;
    if (*at > from)
        return *at - from <= 8 && tz_text_int(tz_text_cut(text, from, *at - from), &value) ? value : -1;
    for (bool is_more = true; is_more;) {
        tz_text rest = tz_text_cut(text, *at, text.size);
        is_more = false;
        for (int64_t i = 0; i <= 10 && !is_more; i++)
            if (tz_text_starts(rest, tz_text_of(DIGITS[i])) || (i == 2 && tz_text_starts(rest, TZ_TEXT("两")))) {
                *at += strlen("一");
                tens = i == 10 ? (value > 0 ? value : 1) * 10 : tens;
                value = i == 10 ? 0 : i;
                is_more = true;
            }
    }
    return value < 0 ? -1 : tens + value;
}

/* The number right before a word; -1: the word is not there or no number stands before it. */
static int64_t number_before(tz_text text, const char *word)
{
    size_t end = tz_text_find(text, tz_text_of(word), 0);

    if (end == SIZE_MAX)
        return -1;
    for (size_t from = 0; from < end; from++) {
        size_t  at = from;
        int64_t value = number_at(text, &at);
        if (value >= 0 && at == end)
            return value;
    }
    return -1;
}

/* ---- Dates ---- */

/* "30日内", "一个月内", "15个工作日内" */
static int32_t read_within(const reading *of)
{
    int64_t n;

    if (!has(of, "内"))
        return 0;
    if ((n = number_before(of->text, "个工作日")) > 0 || (n = number_before(of->text, "工作日")) > 0)
        return n <= 1000 ? tz_calendar_add(of->calendar, of->today, (int)n) : 0;
    if ((n = number_before(of->text, "日内")) > 0 || (n = number_before(of->text, "天内")) > 0 || (n = number_before(of->text, "天之内")) > 0)
        return n <= 3660 ? tz_date_add(of->today, n) : 0;
    if ((n = number_before(of->text, "周内")) > 0)
        return n <= 520 ? tz_date_add(of->today, n * 7) : 0;
    if ((n = number_before(of->text, "个月内")) > 0 && n <= 120) {
        int32_t month = of->today / 100 % 100 - 1 + (int32_t)n, year = of->today / 10000 + month / 12;
        int32_t end = tz_date_month_end(year, month % 12 + 1), day = year * 10000 + (month % 12 + 1) * 100 + of->today % 100;
        return day < end ? day : end;
    }
    return 0;
}

/* The last day of a part of a year: 上半年, 三季度, 年底. */
static int32_t read_part_of_year(const reading *of, int32_t year)
{
    static const char *const YEAR_ENDS[] = {"年底", "年末", "年内", "全年", "年度", NULL};
    int64_t quarter = number_before(of->text, "季度");

    if (quarter >= 1 && quarter <= 4)
        return tz_date_month_end(year, (int)quarter * 3);
    if (has(of, "上半年"))
        return year * 10000 + 630;
    return has_any(of, YEAR_ENDS) || has(of, "下半年") ? year * 10000 + 1231 : 0;
}

/* The last day of a part of a month: 上旬, 中旬, 底, or the month alone. */
static int32_t read_part_of_month(const reading *of, int32_t year, int64_t month)
{
    if (month < 1 || month > 12)
        return 0;
    if (has(of, "上旬"))
        return year * 10000 + (int32_t)month * 100 + 10;
    if (has(of, "中旬"))
        return year * 10000 + (int32_t)month * 100 + 20;
    return tz_date_month_end(year, (int)month);
}

/* "2020年6月30日前", "6月底前", "2020年底"; 0: no such date. Of several the last counts: 2020年5月至6月. */
static int32_t read_worded(const reading *of)
{
    int32_t found = 0, year = of->today / 10000;
    size_t  at = 0;

    while (at < of->text.size) {
        size_t  from = at;
        int64_t n = number_at(of->text, &at);
        tz_text rest = tz_text_cut(of->text, at, of->text.size);
        if (n < 0) {
            at = from + 1;
            continue;
        }
        if (tz_text_starts(rest, TZ_TEXT("年")) && ((n >= 1949 && n <= 2999) || (n >= 10 && n <= 99))) {
            year = (int32_t)(n < 100 ? 2000 + n : n);
            int32_t whole = read_part_of_year(of, year);
            found = whole != 0 ? whole : found;
        } else if (tz_text_starts(rest, TZ_TEXT("月"))) {
            size_t  day_at = at + strlen("月");
            int64_t day = number_at(of->text, &day_at);
            tz_text behind = tz_text_cut(of->text, day_at, of->text.size);
            bool    is_day = day > 0 && (tz_text_starts(behind, TZ_TEXT("日")) || tz_text_starts(behind, TZ_TEXT("号")));
            int32_t ymd = is_day ? tz_date_make(year, (int)n, (int)day) : read_part_of_month(of, year, n);
            found = ymd != 0 ? ymd : found;
            at = is_day ? day_at : at;
        }
    }
    return found != 0 ? found : read_part_of_year(of, year);
}

/* "2020-6-30前", "2020.06.30", "2020/6" */
static int32_t read_digits(const reading *of)
{
    size_t  size = 0;
    int32_t day = 0;
    char    month[TZ_PERIOD_TEXT];
    int64_t part = 0;

    while (size < of->text.size && strchr("0123456789-./", of->text.data[size]) != NULL)
        size++;
    tz_text head = tz_text_cut(of->text, 0, size);
    if (tz_date_parse(head, &day))
        return day;
    if (!tz_month_parse(head, month) || !tz_text_int((tz_text){month + 5, 2}, &part))
        return 0;
    return read_part_of_month(of, (int32_t)((month[0] - '0') * 1000 + (month[1] - '0') * 100 + (month[2] - '0') * 10 + month[3] - '0'), part);
}

bool tz_time_limit_parse(tz_text text, int32_t today, const tz_calendar *calendar, tz_time_limit *ret_limit)
{
    tz_assert(calendar != NULL && tz_date_is_real(today) && ret_limit != NULL);
    static const char *const AT_ONCE[] = {"立行立改", "即知即改", "立知立改", "边查边改", "即行即改", "立即", "马上", "即时", NULL};
    static const char *const LONG_TERM[] = {"长期", "持续", "常态", "坚持", NULL};
    tz_arena      mem = {0};
    reading       of = {.text = tz_text_fold(&mem, text), .today = today, .calendar = calendar};
    tz_time_limit limit = {.term = "by date"};
    bool          is_read = true;

    if (of.text.size > 0) {
        limit.due = read_within(&of);
        limit.due = limit.due != 0 ? limit.due : read_digits(&of);
        limit.due = limit.due != 0 ? limit.due : read_worded(&of);
        if (has_any(&of, LONG_TERM))
            limit.term = "long-term";
        else if (limit.due == 0 && has_any(&of, AT_ONCE))
            limit.term = "at once";
        else
            is_read = limit.due != 0;
    }
    tz_arena_free(&mem);
    if (is_read)
        *ret_limit = limit;
    return is_read;
}
