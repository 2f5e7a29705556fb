#include "evidence/when.h"

#include <string.h>

#include "base/assert.h"

enum { LONGEST_BYTES = 48 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The longest piece of text from `at` that parse takes; 0 when none. */
static size_t longest(tz_text text, size_t at, bool (*parse)(tz_text, char *), char *out)
{
    size_t most = text.size - at < LONGEST_BYTES ? text.size - at : LONGEST_BYTES;

    for (size_t size = most; size >= 4; size--)
        if (parse(tz_text_cut(text, at, size), out))
            return size;
    return 0;
}

static bool parse_date(tz_text text, char *out)
{
    int32_t ymd = 0;
    /* A piece that goes on with spaces would hide a longer reading behind it. */
    if (!tz_date_parse(text, &ymd) || text.size != tz_text_trim(text).size)
        return false;
    tz_date_format(ymd, out);
    return true;
}

static bool parse_term(tz_text text, char *out)
{
    return text.size > 6 && tz_term_parse(text, out);
}

static bool parse_month(tz_text text, char *out)
{
    return tz_text_ends(text, TZ_TEXT("月")) && tz_month_parse(text, out);
}

static bool parse_year(tz_text text, char *out)
{
    return text.size > 4 && tz_year_parse(text, out);
}

tz_when tz_when_in(const char *source)
{
    tz_assert(source != NULL);
    tz_when when = {0};
    tz_text text = tz_text_of(source);

    for (size_t at = 0; at < text.size; at++) {
        char   date[TZ_PERIOD_TEXT] = "";
        size_t size = 0;
        if (!is_digit(text.data[at]) || (at > 0 && is_digit(text.data[at - 1])))
            continue;
        if ((size = longest(text, at, parse_term, when.term)) == 0 && (size = longest(text, at, parse_date, date)) == 0 &&
            (size = longest(text, at, parse_month, when.month)) == 0)
            size = longest(text, at, parse_year, when.year);
        if (date[0] != '\0')
            (void)tz_date_parse_iso(tz_text_of(date), &when.date);
        at += size > 0 ? size - 1 : 0;
    }
    return when;
}

int32_t tz_when_day(const tz_county *county, const tz_when *when)
{
    const char *period = when->term[0] ? when->term : when->month[0] ? when->month : when->year;
    return when->date != 0 ? when->date : tz_county_period_end(county, tz_text_of(period));
}

const char *tz_when_period(const tz_register *reg, const tz_when *when)
{
    switch (reg->period) {
    case TZ_PERIOD_TERM: return when->term;
    case TZ_PERIOD_MONTH: return when->month;
    case TZ_PERIOD_YEAR: return when->year;
    default: return "";
    }
}

const char *tz_sender_in(const tz_county *county, const tz_register *reg, const char *text)
{
    tz_text all = tz_text_of(text);

    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *division = &county->divisions.items[i];
        if (division->level == TZ_DIVISION_TOWNSHIP && tz_text_find(all, tz_text_of(division->name), 0) != SIZE_MAX)
            return division->name;
    }
    for (size_t i = 0; i < county->units.count; i++)
        if (tz_text_find(all, tz_text_of(county->units.items[i].name), 0) != SIZE_MAX)
            return county->units.items[i].name;
    for (size_t i = 0; i < reg->owners.count; i++)
        if (tz_text_find(all, tz_text_of(reg->owners.items[i]), 0) != SIZE_MAX)
            return reg->owners.items[i];
    return NULL;
}
