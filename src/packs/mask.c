#include "packs/mask.h"

#include <string.h>

#include "base/assert.h"

const char *tz_mask_name(tz_arena *mem, const char *name)
{
    tz_text text = tz_text_of(name);
    size_t  count = tz_utf8_count(text), index = 0;
    tz_buf  out = tz_buf_init(mem, 0);

    for (size_t at = 0; at < text.size; index++) {
        size_t before = at;
        (void)tz_utf8_next(text, &at);
        bool is_shown = index == 0 || (count >= 3 && index + 1 == count);
        if (is_shown)
            tz_buf_put(&out, tz_text_cut(text, before, at - before));
        else
            tz_buf_char(&out, '*');
    }
    return tz_buf_str(&out);
}

const char *tz_mask_id(tz_arena *mem, const char *id)
{
    size_t size = strlen(id);
    char  *out = tz_arena_dup(mem, id);
    size_t head = size >= 15 ? 6 : size >= 7 ? 3 : 0;
    size_t tail = size >= 7 ? 2 : 0;

    for (size_t i = head; i + tail < size; i++)
        out[i] = '*';
    return out;
}

const char *tz_mask_any(tz_arena *mem, const char *text)
{
    size_t digits = 0, size = strlen(text);

    for (size_t i = 0; i < size; i++)
        digits += text[i] >= '0' && text[i] <= '9';
    return digits >= 7 && digits * 2 > size ? tz_mask_id(mem, text) : tz_mask_name(mem, text);
}

const char *tz_mask_column(tz_arena *mem, const tz_column *column, const char *text)
{
    tz_assert(column != NULL);
    if (text == NULL || column->sensitivity <= TZ_INTERNAL)
        return text;
    if (column->sensitivity == TZ_SECRET)
        return "***";
    return tz_mask_any(mem, text);
}
