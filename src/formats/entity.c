#include "formats/entity.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* "#160", "#xA0": the code point, -1 for none. */
static int32_t by_number(tz_text name)
{
    char  digits[TZ_ENTITY_BYTES];
    char *end = NULL;
    bool  is_hex = name.size > 1 && (name.data[1] | 32) == 'x';
    size_t from = is_hex ? 2 : 1;

    if (name.size <= from || name.size >= sizeof digits)
        return -1;
    memcpy(digits, name.data + from, name.size - from);
    digits[name.size - from] = '\0';
    long value = strtol(digits, &end, is_hex ? 16 : 10);
    if (*end != '\0' || value <= 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return -1;
    return (int32_t)value;
}

size_t tz_entity(tz_text name, char out[4])
{
    tz_assert(out != NULL);
    static const struct {
        const char *name;
        int32_t     code_point;
    } NAMES[] = {
        {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
        {"nbsp", ' '},      {"ensp", ' '},     {"emsp", 0x3000},  {"thinsp", ' '},   {"yen", 0xA5},
        {"copy", 0xA9},     {"reg", 0xAE},     {"deg", 0xB0},     {"plusmn", 0xB1},  {"middot", 0xB7},
        {"times", 0xD7},    {"divide", 0xF7},  {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
        {"rsquo", 0x2019},  {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022},  {"hellip", 0x2026},
        {"permil", 0x2030}, {"euro", 0x20AC},  {"le", 0x2264},    {"ge", 0x2265},    {"rarr", 0x2192},
    };
    int32_t code_point = -1;

    if (name.size > 0 && name.data[0] == '#')
        code_point = by_number(name);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (tz_text_is(name, NAMES[i].name))
            code_point = NAMES[i].code_point;
    if (code_point < 0)
        return 0;
    return tz_utf8_put(code_point == 0xA0 ? ' ' : code_point, out);
}
