#include "store/tsv.h"

#include <string.h>

#include "base/assert.h"

bool tz_tsv_next(tz_text text, size_t *at, int64_t *line_no, tz_text *ret_line)
{
    tz_assert(at != NULL && line_no != NULL && ret_line != NULL);
    while (*at < text.size) {
        size_t  feed = tz_text_find(text, TZ_TEXT("\n"), *at);
        size_t  end = feed == SIZE_MAX ? text.size : feed;
        tz_text line = tz_text_cut(text, *at, end - *at);
        *at = end + 1;
        if (++*line_no == 1 || tz_text_trim(line).size == 0 || line.data[0] == '#')
            continue;
        *ret_line = line;
        return true;
    }
    return false;
}

size_t tz_tsv_split(tz_text line, tz_text *fields, size_t room)
{
    size_t count = 0;

    memset(fields, 0, room * sizeof fields[0]);
    for (size_t at = 0;;) {
        size_t tab = tz_text_find(line, TZ_TEXT("\t"), at);
        size_t end = tab == SIZE_MAX ? line.size : tab;
        if (count == room)
            return room + 1;
        fields[count++] = tz_text_trim(tz_text_cut(line, at, end - at));
        if (tab == SIZE_MAX)
            return count;
        at = tab + 1;
    }
}
