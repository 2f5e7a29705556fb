#include "evidence/repeat.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"

/* ---- A period in a title ---- */

/* The year that a title begins with at `at`: "2019年"; its size in bytes, 0 none. */
static size_t year_at(tz_text text, size_t at, int *ret_year)
{
    int64_t year = 0;

    if (at + 4 > text.size || !tz_text_int(tz_text_cut(text, at, 4), &year) || year < 1990 || year > 2100)
        return 0;
    *ret_year = (int)year;
    size_t end = at + 4;
    if (tz_text_starts(tz_text_cut(text, end, text.size), TZ_TEXT("年")))
        end += strlen("年");
    else if (end < text.size && strchr("-./", text.data[end]) != NULL)
        end++;
    if (tz_text_starts(tz_text_cut(text, end, text.size), TZ_TEXT("度")))
        end += strlen("度");
    return end - at;
}

static size_t month_at(tz_text text, size_t at, bool has_year, int *ret_month)
{
    size_t  end = at;
    int64_t month = 0;

    while (end < text.size && end < at + 2 && text.data[end] >= '0' && text.data[end] <= '9')
        end++;
    if (end == at || !tz_text_int(tz_text_cut(text, at, end - at), &month) || month < 1 || month > 12)
        return 0;
    tz_text rest = tz_text_cut(text, end, text.size);
    if (tz_text_starts(rest, TZ_TEXT("月")))
        end += strlen("月");
    else if (!has_year)
        return 0;
    if (tz_text_starts(tz_text_cut(text, end, text.size), TZ_TEXT("份")))
        end += strlen("份");
    *ret_month = (int)month;
    return end - at;
}

static size_t season_at(tz_text text, size_t at, int *ret_term)
{
    static const struct { const char *word; int term; } WORDS[] = {{"春季学期", 1}, {"秋季学期", 2}, {"春季", 1}, {"秋季", 2},
                                                                   {"春学期", 1},   {"秋学期", 2},   {"春", 1},   {"秋", 2}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (tz_text_starts(tz_text_cut(text, at, text.size), tz_text_of(WORDS[i].word))) {
            *ret_term = WORDS[i].term;
            return strlen(WORDS[i].word);
        }
    return 0;
}

/* Takes the month or term out of a column's title: ret_rest is what is left. ret_period is canonical
 * ("2019-03", "2019-2"); a year that the title lacks is `year`, and without one there is no period. */
static bool period_of_title(tz_arena *mem, tz_type type, tz_text title, int year, const char **ret_period, tz_text *ret_rest)
{
    tz_assert(mem != NULL && ret_period != NULL && ret_rest != NULL);
    tz_text text = tz_text_fold(mem, title);

    for (size_t at = 0; at < text.size; at++) {
        int    own_year = year, number = 0;
        size_t years = year_at(text, at, &own_year);
        size_t size = type == TZ_TYPE_MONTH ? month_at(text, at + years, years > 0, &number) : season_at(text, at + years, &number);
        bool   is_inside = at > 0 && text.data[at - 1] >= '0' && text.data[at - 1] <= '9';
        if (size == 0 || own_year == 0 || is_inside)
            continue;
        *ret_period = tz_arena_printf(mem, type == TZ_TYPE_MONTH ? "%04d-%02d" : "%04d-%d", own_year, number);
        *ret_rest = tz_text_of(tz_arena_printf(mem, "%.*s%.*s", (int)at, text.data, TZ_FMT(tz_text_cut(text, at + years + size, text.size))));
        return true;
    }
    return false;
}

/* ---- Months and terms ---- */

/* The repeated column that is left once the period is taken from the title; -1: none. */
static int column_left(tz_arena *mem, const tz_register *reg, const tz_titles *titles, tz_text rest)
{
    if (rest.size == 0)
        return reg->unpivot.columns.items[0];
    int column = tz_titles_find(mem, titles, rest);
    for (size_t i = 0; i < reg->unpivot.columns.count; i++)
        if (reg->unpivot.columns.items[i] == column)
            return column;
    return -1;
}

static int part_of(const tz_column_matches *matches, size_t before, const char *period)
{
    int most = 0;

    for (size_t i = 0; i < before; i++) {
        if (matches->items[i].period != NULL && strcmp(matches->items[i].period, period) == 0)
            return matches->items[i].part;
        most = matches->items[i].part > most ? matches->items[i].part : most;
    }
    return most + 1;
}

static bool match_periods(tz_arena *mem, const tz_register *reg, const tz_titles *titles, int year, tz_column_matches *matches)
{
    size_t found = 0;

    for (size_t i = 0; i < matches->count; i++) /* a column of its own tells the period better */
        if (matches->items[i].column == reg->unpivot.by && matches->items[i].score >= TZ_MATCH_SURE)
            return false;
    for (size_t i = 0; i < matches->count; i++) {
        tz_column_match *match = &matches->items[i];
        const char      *period = NULL;
        tz_text          rest;
        if (match->is_fixed || !period_of_title(mem, reg->columns.items[reg->unpivot.by].type, tz_text_of(match->header), year, &period, &rest))
            continue;
        int column = column_left(mem, reg, titles, rest);
        if (column < 0)
            continue;
        match->part = part_of(matches, i, period);
        match->period = period;
        match->column = column;
        match->score = 0.95;
        match->reason = "按期次重复的列|repeated for each period";
        found++;
    }
    return found > 0;
}

/* ---- Side by side ---- */

/* How many columns before `index` have its very title. */
static int times_before(const tz_column_matches *matches, size_t index)
{
    int times = 0;

    for (size_t i = 0; i < index; i++)
        times += strcmp(matches->items[i].header, matches->items[index].header) == 0;
    return times;
}

/* A roster printed in two or three blocks: every title that it knows stands as often, in the same order. */
static void match_blocks(tz_column_matches *matches)
{
    int    blocks = 0;
    size_t first = 0, again = 0;

    for (size_t i = 0; i < matches->count; i++) {
        if (matches->items[i].column < 0 || matches->items[i].score < 0.9)
            continue;
        int times = times_before(matches, i);
        blocks = times > blocks ? times : blocks;
        first += times == 0;
        again += times > 0;
    }
    if (blocks == 0 || again != first * (size_t)blocks || first < 2)
        return;
    for (size_t i = 0; i < matches->count; i++)
        if (matches->items[i].column >= 0)
            matches->items[i].part = times_before(matches, i) + 1;
}

void tz_repeat_match(tz_arena *mem, const tz_register *reg, const tz_titles *titles, int year, tz_column_matches *matches)
{
    tz_assert(mem != NULL && reg != NULL && titles != NULL && matches != NULL);
    if (reg->unpivot.columns.count > 0 && match_periods(mem, reg, titles, year, matches))
        return;
    match_blocks(matches);
}
