#include "packs/message.h"

#include <string.h>

#include "base/assert.h"
#include "packs/mask.h"
#include "store/erase.h"

static const char *value_text(tz_arena *mem, const json_t *value, tz_lang lang)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return tz_arena_printf(mem, "%lld", (long long)json_integer_value(value));
    if (!json_is_boolean(value))
        return "–";
    return json_is_true(value) ? (lang == TZ_ZH ? "是" : "yes") : (lang == TZ_ZH ? "否" : "no");
}

const char *tz_message_fill(tz_arena *mem, const char *message, const json_t *params, const tz_strings *public_columns,
                            tz_lang lang, bool is_masked)
{
    tz_assert(mem != NULL && message != NULL && public_columns != NULL);
    size_t      size = 0;
    const char *half = tz_half(message, lang, &size);
    tz_text     text = {half, size};
    tz_buf      out = tz_buf_init(mem, 0);

    if (json_object_size(params) == 1 && tz_json_str(params, "commit") != NULL) /* what stays of it when it was erased by order */
        return TZ_ERASED;
    for (size_t at = 0; at < text.size;) {
        size_t close = text.data[at] == '{' ? tz_text_find(text, TZ_TEXT("}"), at) : SIZE_MAX;
        char  *name = close == SIZE_MAX ? NULL : tz_text_dup(mem, tz_text_cut(text, at + 1, close - at - 1));
        json_t *value = name == NULL ? NULL : json_object_get(params, name);
        if (value == NULL) {
            tz_buf_char(&out, text.data[at++]);
            continue;
        }
        const char *shown = value_text(mem, value, lang);
        tz_buf_puts(&out, is_masked && !tz_strings_has(public_columns, name) ? tz_mask_any(mem, shown) : shown);
        at = close + 1;
    }
    return tz_buf_str(&out);
}
