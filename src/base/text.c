#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

/* ---- Slices ---- */

tz_text tz_text_of(const char *text)
{
    return (tz_text){text, text == NULL ? 0 : strlen(text)};
}

char *tz_text_dup(tz_arena *mem, tz_text text)
{
    return tz_arena_copy(mem, text.data, text.size);
}

tz_text tz_text_keep(tz_arena *mem, tz_text text)
{
    return (tz_text){tz_text_dup(mem, text), text.size};
}

bool tz_text_equal(tz_text a, tz_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool tz_text_is(tz_text a, const char *b)
{
    return tz_text_equal(a, tz_text_of(b));
}

int tz_text_compare(tz_text a, tz_text b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size == 0 ? 0 : memcmp(a.data, b.data, size);
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool tz_text_starts(tz_text text, tz_text prefix)
{
    return text.size >= prefix.size && tz_text_equal(tz_text_cut(text, 0, prefix.size), prefix);
}

bool tz_text_ends(tz_text text, tz_text suffix)
{
    return text.size >= suffix.size &&
           tz_text_equal(tz_text_cut(text, text.size - suffix.size, suffix.size), suffix);
}

size_t tz_text_find(tz_text text, tz_text part, size_t from)
{
    if (part.size == 0)
        return from <= text.size ? from : SIZE_MAX;
    if (from >= text.size)
        return SIZE_MAX;
    const char *at = memmem(text.data + from, text.size - from, part.data, part.size);
    return at == NULL ? SIZE_MAX : (size_t)(at - text.data);
}

tz_text tz_text_cut(tz_text text, size_t from, size_t size)
{
    if (from >= text.size)
        return (tz_text){text.data, 0};
    if (size > text.size - from)
        size = text.size - from;
    return (tz_text){text.data + from, size};
}

static bool is_space(int32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xA0 || cp == 0x3000 ||
           cp == 0xFEFF || cp == 0x200B;
}

/* The size of the white space that text ends in, 0 for none. A suffix that begins like a character is one. */
static size_t space_at_end(tz_text text)
{
    static const tz_text WIDE[] = {{"\xC2\xA0", 2}, {"\xE3\x80\x80", 3}, {"\xEF\xBB\xBF", 3}, {"\xE2\x80\x8B", 3}};
    unsigned char last = text.size == 0 ? 'x' : (unsigned char)text.data[text.size - 1];

    if (last < 0x80)
        return is_space(last);
    for (size_t i = 0; i < sizeof WIDE / sizeof WIDE[0]; i++)
        if (tz_text_ends(text, WIDE[i]))
            return WIDE[i].size;
    return 0;
}

tz_text tz_text_trim(tz_text text)
{
    size_t space = 0;

    for (size_t at = 0; at < text.size && is_space(tz_utf8_next(text, &at));)
        space = at;
    text = space == text.size ? (tz_text){text.data, 0} : tz_text_cut(text, space, text.size);
    while ((space = space_at_end(text)) > 0)
        text.size -= space;
    return text;
}

/* ---- UTF-8 ---- */

int32_t tz_utf8_next(tz_text text, size_t *at)
{
    tz_assert(at != NULL);
    if (*at >= text.size)
        return -1;

    const unsigned char *p = (const unsigned char *)text.data + *at;
    size_t left = text.size - *at;
    static const int32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3
                                                                      : p[0] < 0xF5 ? 4 : 0;
    if (length == 1) {
        *at += 1;
        return p[0];
    }
    if (length == 0 || length > left) {
        *at += 1;
        return 0xFFFD;
    }
    int32_t cp = p[0] & (0x7F >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            *at += 1;
            return 0xFFFD;
        }
        cp = cp << 6 | (p[i] & 0x3F);
    }
    if (cp < LEAST[length] || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000)) {
        *at += 1;
        return 0xFFFD;
    }
    *at += length;
    return cp;
}

bool tz_utf8_is_valid(tz_text text)
{
    for (size_t at = 0; at < text.size;) {
        size_t before = at;
        /* A real U+FFFD takes three bytes, a broken byte one. */
        if (tz_utf8_next(text, &at) == 0xFFFD && at - before == 1)
            return false;
    }
    return true;
}

size_t tz_utf8_count(tz_text text)
{
    size_t count = 0;
    for (size_t at = 0; tz_utf8_next(text, &at) >= 0;)
        count++;
    return count;
}

size_t tz_utf8_put(int32_t cp, char *out)
{
    tz_assert(cp >= 0 && cp <= 0x10FFFF);
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t tz_utf8_width(tz_text text)
{
    size_t width = 0;
    for (size_t at = 0;;) {
        int32_t cp = tz_utf8_next(text, &at);
        if (cp < 0)
            return width;
        bool is_wide = (cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xA4CF) ||
                       (cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0xF900 && cp <= 0xFAFF) ||
                       (cp >= 0xFE30 && cp <= 0xFE6F) || (cp >= 0xFF00 && cp <= 0xFF60) ||
                       (cp >= 0xFFE0 && cp <= 0xFFE6) || (cp >= 0x20000 && cp <= 0x3FFFD);
        width += is_wide ? 2 : 1;
    }
}

static int32_t to_halfwidth(int32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    return cp == 0x3000 ? ' ' : cp;
}

tz_text tz_text_halfwidth(tz_arena *mem, tz_text text)
{
    char  *out = tz_arena_alloc(mem, text.size * 3 + 1); /* a broken byte becomes U+FFFD */
    size_t size = 0;

    for (size_t at = 0; at < text.size;)
        if ((unsigned char)text.data[at] < 0x80)
            out[size++] = text.data[at++];
        else
            size += tz_utf8_put(to_halfwidth(tz_utf8_next(text, &at)), out + size);
    return (tz_text){out, size};
}

tz_text tz_text_fold(tz_arena *mem, tz_text text)
{
    char  *out = tz_arena_alloc(mem, text.size * 3 + 1);
    size_t size = 0;

    for (size_t at = 0; at < text.size;) {
        int32_t cp = to_halfwidth(tz_utf8_next(text, &at));
        if (is_space(cp))
            continue;
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        if (cp == 0x3010 || cp == 0x3014 || cp == '[' || cp == '{')
            cp = '(';
        if (cp == 0x3011 || cp == 0x3015 || cp == ']' || cp == '}')
            cp = ')';
        size += tz_utf8_put(cp, out + size);
    }
    return (tz_text){out, size};
}

bool tz_text_int(tz_text text, int64_t *ret_value)
{
    tz_assert(ret_value != NULL);
    size_t  at = 0;
    int64_t value = 0;
    bool    is_negative = text.size > 0 && text.data[0] == '-';

    if (is_negative || (text.size > 0 && text.data[0] == '+'))
        at = 1;
    if (at == text.size)
        return false;
    for (; at < text.size; at++) {
        if (text.data[at] < '0' || text.data[at] > '9')
            return false;
        int64_t digit = text.data[at] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, is_negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

/* ---- Buffer ---- */

tz_buf tz_buf_init(tz_arena *mem, size_t max_bytes)
{
    tz_assert(mem != NULL);
    return (tz_buf){.mem = mem, .max_bytes = max_bytes == 0 ? (size_t)TZ_MAX_BUF_BYTES : max_bytes};
}

/* True when `more` bytes and a NUL fit. */
static bool make_room(tz_buf *buf, size_t more)
{
    tz_assert(buf != NULL);
    tz_assert(buf->mem != NULL);
    if (buf->is_over || more > buf->max_bytes || buf->size > buf->max_bytes - more) {
        buf->is_over = true;
        return false;
    }
    size_t need = buf->size + more + 1;
    if (need > buf->room) {
        size_t room = buf->room < 64 ? 64 : buf->room;
        while (room < need)
            room *= 2;
        char *data = tz_arena_alloc(buf->mem, room);
        if (buf->size > 0)
            memcpy(data, buf->data, buf->size);
        buf->data = data;
        buf->room = room;
    }
    return true;
}

void tz_buf_put(tz_buf *buf, tz_text text)
{
    if (!make_room(buf, text.size))
        return;
    if (text.size > 0)
        memcpy(buf->data + buf->size, text.data, text.size);
    buf->size += text.size;
    buf->data[buf->size] = '\0';
}

void tz_buf_puts(tz_buf *buf, const char *text)
{
    tz_buf_put(buf, tz_text_of(text));
}

void tz_buf_char(tz_buf *buf, char c)
{
    tz_buf_put(buf, (tz_text){&c, 1});
}

void tz_buf_int(tz_buf *buf, int64_t value)
{
    char     digits[24];
    size_t   at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--at] = '-';
    tz_buf_put(buf, (tz_text){digits + at, sizeof digits - at});
}

void tz_buf_printf(tz_buf *buf, const char *fmt, ...)
{
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    tz_assert(size >= 0);
    if (make_room(buf, (size_t)size)) {
        (void)vsnprintf(buf->data + buf->size, (size_t)size + 1, fmt, again);
        buf->size += (size_t)size;
    }
    va_end(again);
}

void tz_buf_reset(tz_buf *buf)
{
    tz_assert(buf != NULL);
    buf->size = 0;
    buf->is_over = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

tz_text tz_buf_text(const tz_buf *buf)
{
    return (tz_text){buf->data, buf->size};
}

const char *tz_buf_str(const tz_buf *buf)
{
    return buf->data == NULL ? "" : buf->data;
}
