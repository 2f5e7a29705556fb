#include "report/code.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"

enum { CHARACTERS = 15, ENTRY_BITS = 25, DAY_BITS = 15, FIGURE_BITS = 20, PACK_BITS = 10, CHECK_BITS = 5 };

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* 75 bits: fifteen times five, most significant first. */
typedef struct {
    uint8_t fives[CHARACTERS];
} bits;

static void put_bits(bits *to, int at, int count, uint32_t value)
{
    for (int i = 0; i < count; i++) {
        uint32_t bit = value >> (count - 1 - i) & 1;
        to->fives[(at + i) / 5] = (uint8_t)(to->fives[(at + i) / 5] | bit << (4 - (at + i) % 5));
    }
}

static uint32_t get_bits(const bits *from, int at, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 1 | ((uint32_t)from->fives[(at + i) / 5] >> (4 - (at + i) % 5) & 1);
    return value;
}

static uint32_t hash_bits(const void *data, size_t size, int count)
{
    tz_digest digest = tz_sm3(data, size);
    uint32_t  first = (uint32_t)digest.bytes[0] << 24 | (uint32_t)digest.bytes[1] << 16 | (uint32_t)digest.bytes[2] << 8 | digest.bytes[3];
    return first >> (32 - count);
}

static uint32_t name_bits(const tz_figure *figure)
{
    return hash_bits(figure->name, strlen(figure->name), FIGURE_BITS);
}

static uint32_t pack_bits(const tz_figure *figure)
{
    return hash_bits(figure->pack->digest.bytes, sizeof figure->pack->digest.bytes, PACK_BITS);
}

static uint32_t check_bits(const tz_county *county, const bits *of)
{
    uint8_t data[32] = {0};
    size_t  size = strlen(county->code) < 16 ? strlen(county->code) : 16;

    memcpy(data, county->code, size);
    memcpy(data + 16, of->fives, CHARACTERS - 1);
    return hash_bits(data, sizeof data, CHECK_BITS);
}

enum { AT_DAY = ENTRY_BITS, AT_FIGURE = AT_DAY + DAY_BITS, AT_PACK = AT_FIGURE + FIGURE_BITS, AT_CHECK = AT_PACK + PACK_BITS };

static const int32_t FIRST_DAY = 20000101;

void tz_code_make(const tz_county *county, const tz_figure *figure, tz_day day, char out[TZ_CODE_TEXT])
{
    bits    code = {{0}};
    int64_t days = tz_date_days(day.as_of) - tz_date_days(FIRST_DAY);

    out[0] = '\0';
    if (days < 0 || days >= 1 << DAY_BITS || day.at < 0 || day.at >= 1 << ENTRY_BITS)
        return;
    put_bits(&code, 0, ENTRY_BITS, (uint32_t)day.at);
    put_bits(&code, AT_DAY, DAY_BITS, (uint32_t)days);
    put_bits(&code, AT_FIGURE, FIGURE_BITS, name_bits(figure));
    put_bits(&code, AT_PACK, PACK_BITS, pack_bits(figure));
    put_bits(&code, AT_CHECK, CHECK_BITS, check_bits(county, &code));
    for (int i = 0, at = 0; i < CHARACTERS; i++) {
        if (i > 0 && i % 5 == 0)
            out[at++] = '-';
        out[at++] = ALPHABET[code.fives[i]];
        out[at] = '\0';
    }
}

/* The five bits of a character as people write it, -1: it is none. */
static int five_of(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    const char *at = c == '\0' ? NULL : strchr(ALPHABET, c);
    return at == NULL ? -1 : (int)(at - ALPHABET);
}

static bool read_bits(const char *text, bits *ret_code)
{
    int count = 0;

    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == ' ')
            continue;
        int five = five_of(*text);
        if (five < 0 || count == CHARACTERS)
            return false;
        ret_code->fives[count++] = (uint8_t)five;
    }
    return count == CHARACTERS;
}

tz_code_reading tz_code_read(const tz_county *county, const tz_packs *packs, const char *text, tz_day *ret_day,
                             const tz_figure **ret_figure, bool *ret_same_pack)
{
    bits code = {{0}};

    if (!read_bits(text, &code))
        return TZ_CODE_NONE;
    if (get_bits(&code, AT_CHECK, CHECK_BITS) != check_bits(county, &code))
        return TZ_CODE_SLIP;
    ret_day->at = get_bits(&code, 0, ENTRY_BITS);
    ret_day->as_of = tz_date_from_days(tz_date_days(FIRST_DAY) + (int32_t)get_bits(&code, AT_DAY, DAY_BITS));
    *ret_figure = NULL;
    *ret_same_pack = false;
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].figures.count; j++) {
            const tz_figure *figure = &packs->packs.items[i].figures.items[j];
            bool is_same = pack_bits(figure) == get_bits(&code, AT_PACK, PACK_BITS);
            /* of two names with the same bits, the one whose pack is the printed one */
            if (name_bits(figure) != get_bits(&code, AT_FIGURE, FIGURE_BITS) || (*ret_same_pack && !is_same))
                continue;
            *ret_figure = figure;
            *ret_same_pack = is_same;
        }
    return TZ_CODE_FINE;
}
