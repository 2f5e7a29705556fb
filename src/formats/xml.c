#include "formats/xml.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "formats/decode.h"

enum { MOST_WINDOW = 8 << 20, LONGEST_REFERENCE = 12 };

/* How a piece of markup was read: whole, broken, or the window ends inside it. */
typedef enum { WHOLE, BROKEN, CUT } outcome;

tz_xml tz_xml_init(tz_arena *mem, const tz_xml_handler *handler)
{
    tz_assert(mem != NULL && handler != NULL && handler->start != NULL);
    return (tz_xml){.handler = handler, .mem = mem, .line_no = 1};
}

/* ---- The window ---- */

char *tz_xml_room(tz_xml *xml, size_t size)
{
    for (const char *line = xml->window;
         line != NULL && (line = memchr(line, '\n', (size_t)(xml->window + xml->at - line))) != NULL; line++)
        xml->line_no++;
    if (xml->at > 0) {
        memmove(xml->window, xml->window + xml->at, xml->size - xml->at);
        xml->size -= xml->at;
        xml->at = 0;
    }
    if (xml->size + size > xml->room) {
        size_t room = (xml->size + size) * 2;
        if (room > MOST_WINDOW) {
            xml->state = TZ_XML_LIMIT;
            return NULL;
        }
        char *larger = tz_arena_alloc(xml->mem, room);
        if (xml->size > 0)
            memcpy(larger, xml->window, xml->size);
        xml->window = larger;
        xml->room = room;
    }
    return xml->window + xml->size;
}

void tz_xml_fed(tz_xml *xml, size_t size)
{
    tz_assert(xml->size + size <= xml->room);
    xml->size += size;
    xml->is_last = size == 0;
}

void tz_xml_pause(tz_xml *xml)
{
    xml->is_paused = true;
}

void tz_xml_skip(tz_xml *xml)
{
    xml->is_skipping = true;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* ---- References ---- */

/* "#65", "#x41": the code point, -1 for none. */
static int32_t numbered(tz_text name)
{
    int64_t value = 0;
    int     base = name.size > 1 && name.data[1] == 'x' ? 16 : 10;

    for (size_t i = base == 16 ? 2 : 1; i < name.size; i++) {
        char c = name.data[i];
        int  digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;
        if (digit >= base)
            return -1;
        value = value * base + digit;
        if (value > 0x10FFFF)
            return -1;
    }
    bool is_allowed = value >= 0x20 || value == '\t' || value == '\n' || value == '\r';
    bool is_character = (value < 0xD800 || value > 0xDFFF) && value != 0xFFFE && value != 0xFFFF;
    return name.size > (base == 16 ? 2 : 1) && is_allowed && is_character ? (int32_t)value : -1;
}

/* The reference at the start of text ("&amp;") as UTF-8 in out; *ret_size its own size, 0 when it is none. */
static size_t take_reference(tz_text text, char out[4], size_t *ret_size)
{
    static const struct {
        const char *name;
        char        c;
    } NAMES[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    size_t  most = text.size < LONGEST_REFERENCE ? text.size : LONGEST_REFERENCE;
    const char *end = memchr(text.data, ';', most);

    *ret_size = 0;
    if (end == NULL)
        return 0;
    tz_text name = {text.data + 1, (size_t)(end - text.data) - 1};
    int32_t code_point = name.size > 1 && name.data[0] == '#' ? numbered(name) : -1;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (tz_text_is(name, NAMES[i].name))
            code_point = NAMES[i].c;
    if (code_point < 0)
        return 0;
    *ret_size = (size_t)(end - text.data) + 1;
    return tz_utf8_put(code_point, out);
}

/* ---- Text ---- */

static bool is_ascii(tz_text text)
{
    size_t at = 0;

    for (; at + 8 <= text.size; at += 8) {
        uint64_t eight;
        memcpy(&eight, text.data + at, 8);
        if ((eight & 0x8080808080808080u) != 0)
            return false;
    }
    for (; at < text.size; at++)
        if ((unsigned char)text.data[at] >= 0x80)
            return false;
    return true;
}

/* Hands on a run without markup or references; line ends become line feeds. */
static bool emit_run(tz_xml *xml, tz_text text)
{
    const tz_xml_handler *handler = xml->handler;

    if (!is_ascii(text) && !tz_utf8_is_valid(text))
        return false;
    while (text.size > 0) {
        const char *end = memchr(text.data, '\r', text.size);
        size_t      size = end == NULL ? text.size : (size_t)(end - text.data);
        if (handler->text != NULL && size > 0)
            handler->text(handler->context, text.data, (int)size);
        if (end == NULL)
            break;
        if (handler->text != NULL && !(size + 1 < text.size && text.data[size + 1] == '\n'))
            handler->text(handler->context, "\n", 1);
        text = tz_text_cut(text, size + 1, text.size);
    }
    return true;
}

/* Text of an element with its references. */
static bool emit_text(tz_xml *xml, tz_text text)
{
    while (text.size > 0) {
        const char *reference = memchr(text.data, '&', text.size);
        size_t      plain = reference == NULL ? text.size : (size_t)(reference - text.data), size = 0;
        char        out[4];
        if (!emit_run(xml, tz_text_cut(text, 0, plain)))
            return false;
        if (reference == NULL)
            break;
        size_t length = take_reference(tz_text_cut(text, plain, text.size), out, &size);
        if (size == 0)
            return false;
        if (xml->handler->text != NULL)
            xml->handler->text(xml->handler->context, out, (int)length);
        text = tz_text_cut(text, plain + size, text.size);
    }
    return true;
}

/* How much of a text that the window cuts can be handed on: no half character, reference or line end. */
static size_t safe_size(tz_text text)
{
    size_t size = text.size, from = size > LONGEST_REFERENCE ? size - LONGEST_REFERENCE : 0;

    for (size_t i = size; i > from; i--)
        if (text.data[i - 1] == '&' && memchr(text.data + i, ';', text.size - i) == NULL)
            size = i - 1;
    for (size_t back = 1; back < 4 && back <= size; back++)
        if (((unsigned char)text.data[size - back] & 0xC0) == 0xC0) {
            if (tz_utf8_length(tz_text_cut(text, size - back, back)) == 0)
                size -= back;
            break;
        }
    return size > 0 && text.data[size - 1] == '\r' ? size - 1 : size;
}

static outcome read_text(tz_xml *xml)
{
    tz_text     rest = {xml->window + xml->at, xml->size - xml->at};
    const char *end = memchr(rest.data, '<', rest.size);
    size_t      size = end != NULL ? (size_t)(end - rest.data) : xml->is_last ? rest.size : safe_size(rest);

    if (xml->depth == 0) {
        for (size_t i = 0; i < size; i++)
            if (!is_white(rest.data[i]))
                return BROKEN;
    } else if (!emit_text(xml, tz_text_cut(rest, 0, size))) {
        return BROKEN;
    }
    xml->at += size;
    return end == NULL && !xml->is_last ? CUT : WHOLE;
}

/* ---- Tags ---- */

static const char *local_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) /* names are short: no call is faster */
        if (*at == ':')
            return at + 1;
    return name;
}

static void push_name(tz_xml *xml, const char *name, size_t size)
{
    for (size_t i = 0; i <= size; i++) /* with its zero byte */
        tz_push(xml->mem, &xml->names, name[i]);
    xml->depth++;
}

/* Where the name of the innermost open element begins. */
static size_t last_name(const tz_xml *xml)
{
    size_t at = xml->names.count - 1;

    while (at > 0 && xml->names.items[at - 1] != '\0')
        at--;
    return at;
}

/* White space in values becomes spaces, references what they stand for, in place. False: an unknown one. */
static bool tidy_value(char *value, size_t size)
{
    size_t out = 0;

    if (!is_ascii((tz_text){value, size}) && !tz_utf8_is_valid((tz_text){value, size}))
        return false;
    for (size_t at = 0; at < size;) {
        char   utf8[4];
        size_t taken = 1;
        if (value[at] == '&') {
            size_t length = take_reference((tz_text){value + at, size - at}, utf8, &taken);
            if (taken == 0)
                return false;
            memcpy(value + out, utf8, length); /* a reference is longer than its character */
            out += length;
        } else {
            taken += value[at] == '\r' && at + 1 < size && value[at + 1] == '\n';
            value[out++] = is_white(value[at]) ? ' ' : value[at];
        }
        at += taken;
    }
    value[out] = '\0';
    return true;
}

/* Whether a value needs tidy_value: it holds a reference, white space or a byte beyond ASCII. */
static bool is_special(unsigned char c)
{
    return c >= 0x80 || c == '&' || (c < 0x20);
}

/* Notes where an attribute's name and value stand, from `*at`, which moves behind it. */
static outcome scan_attribute(tz_xml *xml, size_t *at, bool *ret_is_special)
{
    const char *window = xml->window;
    size_t      size = xml->size, i = *at, name = i;

    while (i < size && window[i] != '=' && !is_white(window[i])) {
        if (window[i] == '>' || window[i] == '<' || window[i] == '"' || window[i] == '\'')
            return BROKEN;
        i++;
    }
    size_t name_end = i;
    while (i < size && is_white(window[i]))
        i++;
    if (i < size && window[i] != '=')
        return BROKEN;
    for (i += i < size; i < size && is_white(window[i]);)
        i++;
    if (i >= size)
        return CUT;
    char quote = window[i++];
    if ((quote != '"' && quote != '\'') || name_end == name)
        return BROKEN;
    size_t value = i;
    for (; i < size && window[i] != quote; i++) {
        if (window[i] == '<')
            return BROKEN;
        *ret_is_special |= is_special((unsigned char)window[i]);
    }
    if (i >= size)
        return CUT;
    tz_push(xml->mem, &xml->marks, name);
    tz_push(xml->mem, &xml->marks, name_end);
    tz_push(xml->mem, &xml->marks, value);
    tz_push(xml->mem, &xml->marks, i);
    *at = i + 1;
    return WHOLE;
}

/* Makes C strings of what was noted, now that the tag is known to be whole. */
static bool cut_attributes(tz_xml *xml, bool is_special_any)
{
    char *window = xml->window;

    xml->attributes.count = 0;
    for (size_t i = 0; i < xml->marks.count; i += 4) {
        const size_t *mark = &xml->marks.items[i];
        window[mark[1]] = '\0';
        window[mark[3]] = '\0';
        if (is_special_any && !tidy_value(window + mark[2], mark[3] - mark[2]))
            return false;
        tz_push(xml->mem, &xml->attributes, window + mark[0]);
        tz_push(xml->mem, &xml->attributes, window + mark[2]);
    }
    tz_push(xml->mem, &xml->attributes, NULL);
    return true;
}

/* An empty element begins and ends at once. */
static outcome start_element(tz_xml *xml, char *name, size_t size, size_t next, bool is_empty)
{
    const tz_xml_handler *handler = xml->handler;

    if (xml->depth == 0 && xml->has_root)
        return BROKEN;
    xml->has_root = true;
    xml->at = next;
    name[size] = '\0';
    if (!is_empty)
        push_name(xml, name, size);
    handler->start(handler->context, local_name(name), xml->attributes.items);
    xml->is_skipping &= !is_empty;
    if (is_empty && handler->end != NULL)
        handler->end(handler->context, local_name(name));
    return WHOLE;
}

static outcome read_start(tz_xml *xml)
{
    const char *window = xml->window;
    size_t      size = xml->size, name = xml->at + 1, i = name;
    bool        has_special = false;

    while (i < size && !is_white(window[i]) && window[i] != '>' && window[i] != '/') {
        if (window[i] == '<' || window[i] == '=' || window[i] == '"' || window[i] == '\'' || window[i] == '&')
            return BROKEN;
        i++;
    }
    size_t name_size = i - name;
    xml->marks.count = 0;
    for (;;) {
        size_t before = i;
        while (i < size && is_white(window[i]))
            i++;
        if (i + 1 >= size && !(i < size && window[i] == '>'))
            return CUT;
        if (window[i] == '>' || (window[i] == '/' && window[i + 1] == '>'))
            break;
        if (i == before)
            return BROKEN; /* no white space between attributes */
        outcome read = scan_attribute(xml, &i, &has_special);
        if (read != WHOLE)
            return read;
    }
    if (name_size == 0 || !cut_attributes(xml, has_special))
        return BROKEN;
    bool is_empty = window[i] == '/';
    return start_element(xml, xml->window + name, name_size, i + 1 + is_empty, is_empty);
}

static outcome read_end(tz_xml *xml)
{
    const tz_xml_handler *handler = xml->handler;
    char   *name = xml->window + xml->at + 2;
    size_t  room = xml->size - xml->at - 2;
    char   *end = memchr(name, '>', room);

    if (end == NULL)
        return CUT;
    size_t size = (size_t)(end - name);
    while (size > 0 && is_white(name[size - 1]))
        size--;
    if (xml->depth == 0)
        return BROKEN;
    size_t open = last_name(xml);
    if (xml->names.count - open != size + 1 || memcmp(xml->names.items + open, name, size) != 0)
        return BROKEN;
    xml->at = (size_t)(end - xml->window) + 1;
    xml->names.count = open;
    xml->depth--;
    name[size] = '\0';
    if (handler->end != NULL)
        handler->end(handler->context, local_name(name));
    return WHOLE;
}

/* ---- The rest of the markup ---- */

/* Moves behind the next `mark`, which begins `from` bytes on at the earliest; *ret_inner is what stands before it. */
static outcome skip_to(tz_xml *xml, size_t from, tz_text mark, tz_text *ret_inner)
{
    tz_text rest = {xml->window + xml->at, xml->size - xml->at};
    size_t  end = tz_text_find(rest, mark, from);

    if (end == SIZE_MAX)
        return CUT;
    *ret_inner = tz_text_cut(rest, from, end - from);
    xml->at += end + mark.size;
    return WHOLE;
}

/* "<!…": a comment, CDATA, or a DTD. */
static outcome read_declaration(tz_xml *xml)
{
    tz_text rest = {xml->window + xml->at, xml->size - xml->at}, inner = {0};

    if (rest.size < 9 && !xml->is_last)
        return CUT;
    if (tz_text_starts(rest, TZ_TEXT("<!--")))
        return skip_to(xml, 4, TZ_TEXT("-->"), &inner);
    if (tz_text_starts(rest, TZ_TEXT("<!DOCTYPE"))) {
        xml->state = TZ_XML_DTD;
        return BROKEN;
    }
    if (xml->depth == 0 || !tz_text_starts(rest, TZ_TEXT("<![CDATA[")))
        return BROKEN;
    outcome read = skip_to(xml, 9, TZ_TEXT("]]>"), &inner);
    return read == WHOLE && !emit_run(xml, inner) ? BROKEN : read;
}

static outcome read_markup(tz_xml *xml)
{
    tz_text inner;
    char    next = xml->at + 1 < xml->size ? xml->window[xml->at + 1] : '\0';

    if (xml->at + 2 >= xml->size)
        return CUT;
    switch (next) {
    case '/': return read_end(xml);
    case '!': return read_declaration(xml);
    case '?': return skip_to(xml, 2, TZ_TEXT("?>"), &inner);
    default: return read_start(xml);
    }
}

/* Moves to "</NAME" of the innermost element, or as near to the window's end as it may begin. */
static outcome skip_content(tz_xml *xml)
{
    tz_text     rest = {xml->window + xml->at, xml->size - xml->at};
    const char *name = xml->names.items + last_name(xml);
    size_t      length = strlen(name);

    for (size_t from = 0;;) {
        size_t end = tz_text_find(rest, tz_text_of(name), from);
        if (end == SIZE_MAX || end + length >= rest.size) {
            xml->at += rest.size > length + 2 ? rest.size - length - 2 : 0;
            return CUT;
        }
        if (end >= 2 && rest.data[end - 1] == '/' && rest.data[end - 2] == '<' &&
            (rest.data[end + length] == '>' || is_white(rest.data[end + length]))) {
            xml->at += end - 2;
            xml->is_skipping = false;
            return WHOLE;
        }
        from = end + 1;
    }
}

tz_xml_state tz_xml_step(tz_xml *xml)
{
    tz_assert(xml != NULL);
    xml->is_paused = false;
    while (xml->state == TZ_XML_HUNGRY) {
        outcome read = CUT;
        if (xml->is_skipping && xml->depth > 0 && xml->at < xml->size)
            read = skip_content(xml);
        else if (xml->at < xml->size)
            read = xml->window[xml->at] == '<' ? read_markup(xml) : read_text(xml);
        else if (xml->is_last)
            xml->state = xml->has_root && xml->depth == 0 ? TZ_XML_DONE : TZ_XML_BROKEN;
        if (read == BROKEN || (read == CUT && xml->is_last))
            xml->state = xml->state == TZ_XML_HUNGRY ? TZ_XML_BROKEN : xml->state;
        if (xml->depth > TZ_MAX_XML_DEPTH)
            xml->state = TZ_XML_LIMIT;
        if (xml->is_paused)
            return TZ_XML_PAUSED;
        if (read == CUT)
            return xml->state;
    }
    return xml->state;
}
