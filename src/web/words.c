#include "web/words.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"

const char *tz_web_half(const tz_request *req, const char *both)
{
    size_t      size = 0;
    const char *half = both == NULL ? NULL : tz_half(both, req->lang, &size);
    return half == NULL ? NULL : tz_arena_copy(req->mem, half, size);
}

void tz_web_halve(const tz_request *req, json_t *object, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        const char *both = tz_json_str(object, *keys);
        if (both != NULL)
            tz_json_set_str(object, *keys, tz_web_half(req, tz_arena_dup(req->mem, both)));
    }
}

/* ---- Times ---- */

/* "2026-11-24 17:05" */
static void put_china_time(int64_t ms, char ret_text[TZ_TIME_TEXT])
{
    tz_time_format(ms + TZ_CHINA_MS, ret_text);
    ret_text[10] = ' ';
    ret_text[16] = '\0';
}

const char *tz_web_time(const tz_request *req, const char *utc)
{
    int     year, month, day, hour, minute;
    char    text[TZ_TIME_TEXT];
    int32_t ymd = 0;

    if (utc == NULL || sscanf(utc, "%4d-%2d-%2dT%2d:%2d", &year, &month, &day, &hour, &minute) != 5 ||
        (ymd = tz_date_make(year, month, day)) == 0)
        return utc;
    put_china_time((tz_date_days(ymd) * 1440 + hour * 60 + minute) * 60000, text);
    return tz_arena_dup(req->mem, text);
}

void tz_web_times(json_t *rows, const char *from, const char *to)
{
    json_t *row;
    size_t  i;

    json_array_foreach(rows, i, row) {
        char text[TZ_TIME_TEXT];
        if (!json_is_integer(json_object_get(row, from)))
            continue;
        put_china_time(tz_json_int(row, from, 0), text);
        tz_json_set_str(row, to, text);
    }
}

/* ---- The page ---- */

void tz_web_crumb(json_t *data, const char *href, const char *text)
{
    json_t *crumbs = json_object_get(data, "crumbs"), *crumb = json_object();

    if (crumbs == NULL) {
        crumbs = json_array();
        (void)json_object_set_new(data, "crumbs", crumbs);
    }
    tz_json_set_str(crumb, "href", href);
    tz_json_set_str(crumb, "text", text);
    (void)json_array_append_new(crumbs, crumb);
}

void tz_web_count(json_t *data, const char *name, int64_t count)
{
    (void)json_object_set_new(data, name, count == 0 ? json_null() : json_integer(count));
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

void tz_query_put(tz_buf *out, const tz_request *req, char first, const char *const *without)
{
    for (size_t i = 0; i < req->queries.count; i++) {
        const tz_pair *pair = &req->queries.items[i];
        if (is_among(without, pair->name))
            continue;
        tz_buf_char(out, first);
        tz_url_put(out, tz_text_of(pair->name));
        tz_buf_char(out, '=');
        tz_url_put(out, tz_text_of(pair->value));
        first = '&';
    }
}
