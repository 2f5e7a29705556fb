#include "base/date.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    tz_assert(month >= 1 && month <= 12);
    return month == 2 && is_leap(year) ? 29 : DAYS[month - 1];
}

int32_t tz_date_make(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month))
        return 0;
    return year * 10000 + month * 100 + day;
}

bool tz_date_is_real(int32_t ymd)
{
    return ymd > 0 && tz_date_make(ymd / 10000, ymd / 100 % 100, ymd % 100) == ymd;
}

/* Days from the civil calendar, counted in eras of 400 years that begin on 1 March. */
int64_t tz_date_days(int32_t ymd)
{
    tz_assert(tz_date_is_real(ymd));
    int year = ymd / 10000, month = ymd / 100 % 100, day = ymd % 100;

    year -= month <= 2;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * 146097 + day_of_era - 719468;
}

int32_t tz_date_from_days(int64_t days)
{
    days += 719468;
    tz_assert(days >= 0);
    int64_t era = days / 146097;
    int day_of_era = (int)(days - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int day = day_of_year - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return tz_date_make(year_of_era + (int)era * 400 + (month <= 2), month, day);
}

int32_t tz_date_in_china(int64_t utc_ms)
{
    return tz_date_from_days((utc_ms + TZ_CHINA_MS) / (24LL * 60 * 60 * 1000));
}

int32_t tz_date_add(int32_t ymd, int64_t days)
{
    return tz_date_from_days(tz_date_days(ymd) + days);
}

int32_t tz_date_month_end(int year, int month)
{
    return tz_date_make(year, month, month_days(year, month));
}

void tz_date_format(int32_t ymd, char out[TZ_DATE_TEXT])
{
    static const int PLACES[] = {9, 8, 6, 5, 3, 2, 1, 0}; /* of the digits, last first */
    unsigned rest = (unsigned)ymd;

    if (ymd == 0) {
        out[0] = '\0';
        return;
    }
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++, rest /= 10)
        out[PLACES[i]] = (char)('0' + rest % 10);
    out[4] = out[7] = '-';
    out[TZ_DATE_TEXT - 1] = '\0';
}

/* Takes up to max_digits digits at *at; the count of digits, 0 if none. */
static int take_number(tz_text text, size_t *at, int max_digits, int *ret_value)
{
    int digits = 0, value = 0;

    while (digits < max_digits && *at < text.size && text.data[*at] >= '0' &&
           text.data[*at] <= '9') {
        value = value * 10 + (text.data[*at] - '0');
        digits++;
        *at += 1;
    }
    *ret_value = value;
    return digits;
}

static bool take(tz_text text, size_t *at, const char *part)
{
    tz_text rest = tz_text_cut(text, *at, text.size);
    if (!tz_text_starts(rest, tz_text_of(part)))
        return false;
    *at += strlen(part);
    return true;
}

static bool take_any(tz_text text, size_t *at, const char *const *parts)
{
    for (; *parts != NULL; parts++)
        if (take(text, at, *parts))
            return true;
    return false;
}

static void take_spaces(tz_text text, size_t *at)
{
    while (*at < text.size && text.data[*at] == ' ')
        *at += 1;
}

bool tz_date_parse_iso(tz_text text, int32_t *ret_ymd)
{
    int year = 0, month = 0, day = 0;
    size_t at = 0;

    if (take_number(text, &at, 4, &year) != 4 || !take(text, &at, "-") ||
        take_number(text, &at, 2, &month) != 2 || !take(text, &at, "-") ||
        take_number(text, &at, 2, &day) != 2 || at != text.size)
        return false;
    int32_t ymd = tz_date_make(year, month, day);
    if (ymd == 0)
        return false;
    *ret_ymd = ymd;
    return true;
}

/* A time of day or nothing up to the end. */
static bool rest_is_time(tz_text text, size_t at)
{
    take_spaces(text, &at);
    (void)take(text, &at, "T");
    for (; at < text.size; at++)
        if (strchr("0123456789:. Z+", text.data[at]) == NULL)
            return false;
    return true;
}

bool tz_date_parse(tz_text text, int32_t *ret_ymd)
{
    static const char *const AFTER_YEAR[] = {"年", "-", ".", "/", NULL};
    static const char *const AFTER_MONTH[] = {"月", "-", ".", "/", NULL};
    int year = 0, month = 0, day = 0;
    size_t at = 0;

    text = tz_text_trim(text);
    if (take_number(text, &at, 4, &year) != 4)
        return false;
    take_spaces(text, &at);
    if (take_any(text, &at, AFTER_YEAR)) {
        take_spaces(text, &at);
        if (take_number(text, &at, 2, &month) == 0)
            return false;
        take_spaces(text, &at);
        if (!take_any(text, &at, AFTER_MONTH))
            return false;
        take_spaces(text, &at);
        if (take_number(text, &at, 2, &day) == 0)
            return false;
        if (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
            return false;
        take_spaces(text, &at);
        static const char *const AFTER_DAY[] = {"日", "号", NULL};
        (void)take_any(text, &at, AFTER_DAY);
    } else if (take_number(text, &at, 2, &month) != 2 || take_number(text, &at, 2, &day) != 2 ||
               (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')) {
        return false;
    }
    int32_t ymd = tz_date_make(year, month, day);
    if (ymd == 0 || !rest_is_time(text, at))
        return false;
    *ret_ymd = ymd;
    return true;
}

int32_t tz_date_from_serial(int64_t serial, bool is_1904)
{
    if (is_1904)
        serial += 1462;
    if (serial < 1 || serial == 60 || serial > 2958465)
        return 0;
    /* Excel counts a 29 February 1900 that never was: days before it are one off. */
    return tz_date_from_days(serial - 25569 + (serial < 60 ? 1 : 0));
}

bool tz_month_parse(tz_text text, char out[TZ_PERIOD_TEXT])
{
    static const char *const AFTER_YEAR[] = {"年", "-", ".", "/", NULL};
    int year = 0, month = 0;
    size_t at = 0;

    text = tz_text_trim(text);
    if (take_number(text, &at, 4, &year) != 4)
        return false;
    take_spaces(text, &at);
    bool is_split = take_any(text, &at, AFTER_YEAR);
    take_spaces(text, &at);
    int digits = take_number(text, &at, 2, &month);
    if (digits == 0 || (!is_split && digits != 2))
        return false;
    take_spaces(text, &at);
    (void)take(text, &at, "月");
    (void)take(text, &at, "份");
    if (at != text.size || tz_date_make(year, month, 1) == 0)
        return false;
    (void)snprintf(out, TZ_PERIOD_TEXT, "%04d-%02d", year, month);
    return true;
}

static bool take_season(tz_text text, size_t *at, int *ret_term)
{
    static const char *const SPRING[] = {"春季", "春", "下学期", "第二学期", "第2学期", NULL};
    static const char *const AUTUMN[] = {"秋季", "秋", "上学期", "第一学期", "第1学期", NULL};

    if (take_any(text, at, SPRING))
        *ret_term = 1;
    else if (take_any(text, at, AUTUMN))
        *ret_term = 2;
    else
        return false;
    (void)take(text, at, "学期");
    return true;
}

bool tz_term_parse(tz_text text, char out[TZ_PERIOD_TEXT])
{
    static const char *const DASHES[] = {"-", "—", "–", "至", "/", "~", NULL};
    int year = 0, second = 0, term = 0;
    size_t at = 0;
    bool is_school_year = false;

    text = tz_text_trim(text);
    if (take_number(text, &at, 4, &year) != 4)
        return false;
    take_spaces(text, &at);
    if (take_any(text, &at, DASHES)) {
        int digits = take_number(text, &at, 4, &second);
        if (digits == 1 && at == text.size && (second == 1 || second == 2)) {
            term = second;
        } else if ((digits == 4 && second == year + 1) ||
                   (digits == 2 && second == (year + 1) % 100)) {
            is_school_year = true;
        } else {
            return false;
        }
    }
    if (term == 0) {
        (void)take(text, &at, "年");
        if (take(text, &at, "学年"))
            is_school_year = true;
        (void)take(text, &at, "度");
        take_spaces(text, &at);
        if (!take_season(text, &at, &term) || at != text.size)
            return false;
        if (is_school_year && second == 0)
            return false; /* "2018学年春": which of two springs it means is not sure */
        if (is_school_year && term == 1)
            year = year + 1;
    }
    if (year < 1900 || year > 2999)
        return false;
    (void)snprintf(out, TZ_PERIOD_TEXT, "%04d-%d", year, term);
    return true;
}

bool tz_year_parse(tz_text text, char out[TZ_PERIOD_TEXT])
{
    int year = 0;
    size_t at = 0;

    text = tz_text_trim(text);
    if (take_number(text, &at, 4, &year) != 4 || year < 1900 || year > 2999)
        return false;
    (void)take(text, &at, "年");
    (void)take(text, &at, "度");
    if (at != text.size)
        return false;
    (void)snprintf(out, TZ_PERIOD_TEXT, "%04d", year);
    return true;
}
