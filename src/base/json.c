#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

static void put_string(const char *data, size_t size, tz_buf *out)
{
    static const char ESCAPED[] = "\b\t\n\f\r\"\\";
    size_t plain = 0; /* where what needs no escape begins */

    tz_buf_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        const char *at = c == '\0' ? NULL : strchr(ESCAPED, c);
        tz_buf_put(out, (tz_text){data + plain, i - plain});
        plain = i + 1;
        if (at != NULL) {
            tz_buf_char(out, '\\');
            tz_buf_char(out, "btnfr\"\\"[at - ESCAPED]);
        } else {
            tz_buf_printf(out, "\\u%04x", c);
        }
    }
    tz_buf_put(out, (tz_text){data + plain, size - plain});
    tz_buf_char(out, '"');
}

void tz_json_put_string(tz_text text, tz_buf *out)
{
    if (tz_utf8_is_valid(text)) {
        put_string(text.data, text.size, out);
        return;
    }
    json_t *clean = tz_json_text(text);
    tz_json_canonical(clean, out);
    json_decref(clean);
}

/* Order of UTF-16 code units: differs from bytes only where one side is beyond the BMP. */
static int compare_keys(const void *a, const void *b)
{
    tz_text x = tz_text_of(*(const char *const *)a), y = tz_text_of(*(const char *const *)b);
    size_t  i = 0, j = 0;

    for (;;) {
        int32_t p = tz_utf8_next(x, &i), q = tz_utf8_next(y, &j);
        if (p == q && p < 0)
            return 0;
        if (p == q)
            continue;
        if (p < 0 || q < 0)
            return p < 0 ? -1 : 1;
        int32_t high_p = p > 0xFFFF ? 0xD800 + ((p - 0x10000) >> 10) : p;
        int32_t high_q = q > 0xFFFF ? 0xD800 + ((q - 0x10000) >> 10) : q;
        if (high_p != high_q)
            return high_p < high_q ? -1 : 1;
        return p < q ? -1 : 1;
    }
}

static void put_object(const json_t *value, tz_buf *out)
{
    size_t count = json_object_size(value), index = 0;
    const char **keys = tz_new_array(out->mem, const char *, count + 1);
    const char *key;
    json_t *member;

    json_object_foreach((json_t *)value, key, member)
        keys[index++] = key;
    tz_assert(index == count);
    qsort(keys, count, sizeof keys[0], compare_keys);
    tz_buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            tz_buf_char(out, ',');
        put_string(keys[i], strlen(keys[i]), out);
        tz_buf_char(out, ':');
        tz_json_canonical(json_object_get(value, keys[i]), out);
    }
    tz_buf_char(out, '}');
}

bool tz_json_is_exact(const json_t *value)
{
    const char *key;
    json_t     *member;

    json_object_foreach((json_t *)value, key, member)
        if (!tz_json_is_exact(member))
            return false;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!tz_json_is_exact(json_array_get(value, i)))
            return false;
    return !json_is_real(value);
}

void tz_json_canonical(const json_t *value, tz_buf *out)
{
    tz_assert(value != NULL);
    switch (json_typeof(value)) {
    case JSON_NULL: tz_buf_puts(out, "null"); break;
    case JSON_TRUE: tz_buf_puts(out, "true"); break;
    case JSON_FALSE: tz_buf_puts(out, "false"); break;
    case JSON_INTEGER: tz_buf_int(out, json_integer_value(value)); break;
    case JSON_STRING: put_string(json_string_value(value), json_string_length(value), out); break;
    case JSON_OBJECT: put_object(value, out); break;
    case JSON_ARRAY:
        tz_buf_char(out, '[');
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (i > 0)
                tz_buf_char(out, ',');
            tz_json_canonical(json_array_get(value, i), out);
        }
        tz_buf_char(out, ']');
        break;
    case JSON_REAL: tz_unreachable("a real number in canonical JSON");
    }
}

tz_rc tz_json_parse(tz_text text, json_t **ret_value, tz_err *err)
{
    json_error_t wrong;
    json_t *value = json_loadb(text.data == NULL ? "" : text.data, text.size,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
    if (value == NULL) {
        (void)tz_fail(err, TZ_INPUT, "不是合法的 JSON:%s", "not valid JSON: %s", wrong.text);
        return tz_err_at(err, NULL, NULL, wrong.line, NULL);
    }
    *ret_value = value;
    return TZ_OK;
}

const char *tz_json_str(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t tz_json_int(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

json_t *tz_json_text(tz_text text)
{
    if (tz_utf8_is_valid(text))
        return json_stringn(text.data == NULL ? "" : text.data, text.size);

    tz_arena mem = {0};
    tz_buf   clean = tz_buf_init(&mem, 0);
    for (size_t at = 0; at < text.size;) {
        char out[4];
        size_t size = tz_utf8_put(tz_utf8_next(text, &at), out);
        tz_buf_put(&clean, (tz_text){out, size});
    }
    json_t *value = json_stringn(tz_buf_str(&clean), clean.size);
    tz_arena_free(&mem);
    return value;
}

void tz_json_set_str(json_t *object, const char *key, const char *text)
{
    int failed = json_object_set_new(object, key,
                                     text == NULL ? json_null() : tz_json_text(tz_text_of(text)));
    tz_assert(failed == 0);
}

void tz_json_set_int(json_t *object, const char *key, int64_t value)
{
    int failed = json_object_set_new(object, key, json_integer(value));
    tz_assert(failed == 0);
}

void tz_json_set_half(json_t *object, const char *key, const char *both, tz_lang lang)
{
    size_t      size = 0;
    const char *half = both == NULL ? NULL : tz_half(both, lang, &size);

    (void)json_object_set_new(object, key, half == NULL ? json_null() : tz_json_text((tz_text){half, size}));
}
