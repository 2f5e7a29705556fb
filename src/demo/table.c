/* table - small registers in a line of code each, and figures that are counted while rows are made. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

enum { LONGEST_LINE = 1000 };

static size_t count_fields(const char *text)
{
    size_t count = 1;
    for (; *text != '\0'; text++)
        count += *text == '|';
    return count;
}

/* Cuts the copy at its bars; an empty field stays NULL. */
static void split(char *text, const char **fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end = strchr(text, '|');
        tz_assert((end == NULL) == (i + 1 == count));
        if (end != NULL)
            *end = '\0';
        fields[i] = *text == '\0' ? NULL : text;
        text = end == NULL ? text : end + 1;
    }
}

demo_sheet *demo_table(demo_county *county, const char *file, const char *title, const char *headers, const char *kinds)
{
    size_t       columns = count_fields(headers);
    const char **names = tz_new_array(county->mem, const char *, columns);
    bool         is_text = strstr(file, ".csv") != NULL;

    split(tz_arena_dup(county->mem, headers), names, columns);
    return demo_sheet_add(county, demo_file_add(county, file, is_text), is_text ? NULL : "Sheet1",
                          tz_arena_printf(county->mem, "%s(截至2019年12月31日)", title),
                          "单位:元  (人员、机构均为虚构,仅供演示)", names, columns, kinds);
}

demo_row *demo_line(demo_county *county, demo_sheet *sheet, uint32_t person, const char *format, ...)
{
    char      line[LONGEST_LINE];
    va_list   args;
    demo_row *row = demo_row_add(county, sheet, person);

    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    tz_assert(length > 0 && length < LONGEST_LINE && count_fields(line) == sheet->columns);
    split(tz_arena_dup(county->mem, line), row->cells, sheet->columns);
    return row;
}

void demo_figure(demo_county *county, const char *name, const char *format, ...)
{
    char    value[64];
    va_list args;

    va_start(args, format);
    int length = vsnprintf(value, sizeof value, format, args);
    va_end(args);
    tz_assert(length > 0 && length < (int)sizeof value);
    tz_push(county->mem, &county->figures, (demo_figure_answer){.name = name, .value = tz_arena_dup(county->mem, value)});
}

const char *demo_money(demo_county *county, int64_t fen)
{
    tz_assert(fen >= 0);
    return tz_arena_printf(county->mem, "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
}

const char *demo_village_name(demo_county *county, uint32_t person)
{
    const demo_village *village = &county->villages.items[county->households.items[county->persons.items[person].household].village];
    return tz_arena_printf(county->mem, "%s%s", county->townships.items[village->township].name, village->name);
}

uint32_t demo_somebody(demo_county *county, int youngest, int oldest)
{
    uint32_t count = (uint32_t)county->households.count, start = demo_below(&county->pcg, count);

    for (uint32_t i = 0; i < count; i++) {
        demo_household *household = &county->households.items[(start + i) % count];
        demo_person    *head = &county->persons.items[household->first];
        int             age = demo_age(head);
        if (household->is_used || age < youngest || age > oldest || !demo_is_untouched(head) || head->has_work)
            continue;
        household->is_used = true;
        return household->first;
    }
    return DEMO_NOBODY;
}
