/* rewrite - `:name` parameters of pack SQL to the engine's $1, $2 …. */
#include "base/assert.h"
#include "packs/query.h"

/* Copies a quoted part ('…', "…") whole; a doubled quote inside stays inside. */
static size_t copy_quoted(tz_text sql, size_t at, tz_buf *out)
{
    char   quote = sql.data[at];
    size_t end = at + 1;

    while (end < sql.size && !(sql.data[end] == quote && (end + 1 >= sql.size || sql.data[end + 1] != quote)))
        end += sql.data[end] == quote ? 2 : 1;
    end = end < sql.size ? end + 1 : sql.size;
    tz_buf_put(out, tz_text_cut(sql, at, end - at));
    return end;
}

static size_t copy_comment(tz_text sql, size_t at, tz_buf *out)
{
    bool   is_line = sql.data[at] == '-';
    size_t end = tz_text_find(sql, is_line ? TZ_TEXT("\n") : TZ_TEXT("*/"), at);

    end = end == SIZE_MAX ? sql.size : end + (is_line ? 0 : 2);
    tz_buf_put(out, tz_text_cut(sql, at, end - at));
    return end;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t number_of(tz_arena *mem, tz_strings *names, tz_text name)
{
    for (size_t i = 0; i < names->count; i++)
        if (tz_text_is(name, names->items[i]))
            return i + 1;
    tz_push(mem, names, tz_text_dup(mem, name));
    return names->count;
}

const char *tz_query_rewrite(tz_arena *mem, const char *text, tz_strings *ret_names)
{
    tz_assert(mem != NULL && text != NULL && ret_names != NULL);
    tz_text    sql = tz_text_of(text);
    tz_buf     out = tz_buf_init(mem, 0);
    tz_strings names = {0};

    for (size_t at = 0; at < sql.size;) {
        char c = sql.data[at], next = at + 1 < sql.size ? sql.data[at + 1] : '\0';
        if (c == '\'' || c == '"') {
            at = copy_quoted(sql, at, &out);
        } else if ((c == '-' && next == '-') || (c == '/' && next == '*')) {
            at = copy_comment(sql, at, &out);
        } else if (c == ':' && next == ':') {
            tz_buf_puts(&out, "::");
            at += 2;
        } else if (c == ':' && is_name_char(next) && !(next >= '0' && next <= '9')) {
            size_t end = at + 1;
            while (end < sql.size && is_name_char(sql.data[end]))
                end++;
            tz_buf_printf(&out, "$%zu", number_of(mem, &names, tz_text_cut(sql, at + 1, end - at - 1)));
            at = end;
        } else {
            tz_buf_char(&out, c);
            at++;
        }
    }
    *ret_names = names;
    return tz_buf_str(&out);
}
