#include "people/standard.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "people/address.h"
#include "people/han.h"
#include "people/pinyin.h"

/* ---- Standard forms ---- */

/* What scanners and hurried eyes take for a digit; in a number of digits no letter but the last x is right. */
static char digit_of(char c)
{
    switch (c) {
    case 'o': return '0';
    case 'l':
    case 'i':
    case '|': return '1';
    case 'z': return '2';
    case 's': return '5';
    case 'b': return '8';
    default: return c;
    }
}

static tz_text standard_id(tz_arena *mem, tz_text text)
{
    char tidy[32], read[32];
    size_t size = tz_idcard_tidy(text, tidy);

    if (size == 0)
        return text;
    for (size_t i = 0; i < size; i++) {
        char lower = (char)(tidy[i] >= 'A' && tidy[i] <= 'Z' ? tidy[i] + 'a' - 'A' : tidy[i]);
        read[i] = lower == 'x' && i + 1 == size ? 'X' : digit_of(lower);
    }
    size = tz_idcard_tidy((tz_text){read, size}, tidy); /* 15 digits that show only now */
    return size == 0 ? text : tz_text_keep(mem, (tz_text){tidy, size});
}

static tz_text standard_phone(tz_arena *mem, tz_text text)
{
    char *out = tz_arena_alloc(mem, text.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            out[size++] = text.data[i];
    if (size < 5)
        return text;
    tz_text digits = {out, size};
    if (size == 15 && tz_text_starts(digits, TZ_TEXT("00861")))
        return tz_text_cut(digits, 4, 11);
    if (size == 13 && tz_text_starts(digits, TZ_TEXT("861")))
        return tz_text_cut(digits, 2, 11);
    return digits;
}

static tz_text standard_date(tz_arena *mem, tz_text text)
{
    int32_t ymd = 0;
    char out[32];

    if (text.size >= 8 && tz_date_parse(text, &ymd))
        tz_date_format(ymd, out);
    else if (!tz_month_parse(text, out))
        return text;
    return tz_text_of(tz_arena_dup(mem, out));
}

tz_text tz_standard_name(tz_arena *mem, tz_text text, bool with_titles)
{
    enum { TITLES = 3 };
    static const char *const TAILS[] = {"(户主)", "(已故)", "(死亡)", "(女)", "(男)", "户主", "先生", "女士", "同志"};
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < sizeof TAILS / sizeof TAILS[0] - (with_titles ? 0 : TITLES); i++)
        if (tz_text_ends(text, tz_text_of(TAILS[i])) && text.size > strlen(TAILS[i]) + 3)
            text.size -= strlen(TAILS[i]);
    for (size_t at = 0; at < text.size;) {
        size_t before = at;
        int32_t point = tz_utf8_next(text, &at);
        bool is_dot = point == 0xB7 || point == 0x2022 || point == 0x30FB || point == 0x2027 || point == '.'; /* · • ・ ‧ */
        if (is_dot)
            tz_buf_puts(&out, "·");
        else
            tz_buf_put(&out, tz_text_cut(text, before, at - before));
    }
    return tz_buf_text(&out);
}

tz_text tz_standard_text(tz_arena *mem, tz_compare_kind kind, const tz_county *divisions, tz_text text)
{
    switch (kind) {
    case TZ_COMPARE_ID: return standard_id(mem, text);
    case TZ_COMPARE_PHONE: return standard_phone(mem, text);
    case TZ_COMPARE_DATE: return standard_date(mem, text);
    case TZ_COMPARE_HAN: return tz_standard_name(mem, text, true);
    case TZ_COMPARE_ADDRESS: return tz_address_standard(mem, divisions, text);
    default: return text;
    }
}

/* ---- Columns ---- */

typedef tz_text (*text_of)(tz_arena *mem, int which, const tz_county *divisions, tz_text text);

/* By code of the column: the code of its text made into another; each text is made once. */
static tz_rc map_column(tz_arena *mem, tz_table *table, size_t column, text_of make, int which,
                        const tz_county *divisions, uint32_t **ret_codes, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena scratch = {0};
    uint32_t count = table->values.count;
    uint32_t *codes = tz_new_array(mem, uint32_t, count);
    uint8_t *is_seen = tz_new_array(&scratch, uint8_t, count);
    tz_arena one = {0};

    for (size_t i = 0; i < table->count; i++) {
        uint32_t code = tz_table_code(table, i, column);
        if (code == 0 || code >= count || is_seen[code])
            continue;
        is_seen[code] = 1;
        TZ_TRY(tz_dictionary_code(&table->values, make(&one, which, divisions, tz_dictionary_text(&table->values, code)),
                                  &codes[code], err));
        if (one.bytes > 0)
            tz_arena_reset(&one);
    }
    *ret_codes = codes;
done:
    tz_arena_free(&one);
    tz_arena_free(&scratch);
    return rc;
}

static tz_text as_standard(tz_arena *mem, int kind, const tz_county *divisions, tz_text text)
{
    return tz_standard_text(mem, (tz_compare_kind)kind, divisions, text);
}

static tz_text as_part(tz_arena *mem, int part, const tz_county *divisions, tz_text text)
{
    (void)divisions;
    return tz_part_text(mem, (tz_part)part, text);
}

tz_rc tz_standardise(tz_table *table, const tz_model *model, const tz_county *divisions, tz_err *err)
{
    tz_assert(table != NULL && model != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};

    for (size_t c = 0; c < model->comparison_count; c++) {
        const tz_comparison *one = &model->comparisons[c];
        uint32_t *codes = NULL;
        if (one->kind != TZ_COMPARE_ID && one->kind != TZ_COMPARE_PHONE && one->kind != TZ_COMPARE_DATE &&
            one->kind != TZ_COMPARE_HAN && one->kind != TZ_COMPARE_ADDRESS)
            continue;
        TZ_TRY(map_column(&mem, table, one->column, as_standard, (int)one->kind, divisions, &codes, err));
        for (size_t i = 0; i < table->count; i++) {
            uint32_t *cell = &tz_table_codes(table, i)[one->column];
            *cell = codes[*cell];
        }
        tz_arena_free(&mem);
    }
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_part_codes(tz_arena *mem, tz_table *table, size_t column, tz_part part, uint32_t **ret_codes,
                    tz_err *err)
{
    tz_assert(mem != NULL && table != NULL && ret_codes != NULL);
    return map_column(mem, table, column, as_part, (int)part, NULL, ret_codes, err);
}

/* ---- Parts ---- */

static size_t digits_of(tz_text text, char digits[8])
{
    size_t count = 0;
    for (size_t i = 0; i < text.size && count < 8; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            digits[count++] = text.data[i];
    return count;
}

/* A sign for each sound of Chinese; of Latin the first letter and the consonants behind it, none twice in a row. */
static tz_text sound_of(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, 0);
    char last = '\0';

    for (size_t at = 0; at < text.size;) {
        int32_t point = tz_utf8_next(text, &at);
        uint16_t sound = tz_sound_of(tz_plain_character(point));
        if (sound != 0)
            tz_buf_printf(&out, "%u ", (unsigned)sound);
        else if (point >= 'a' && point <= 'z' && (out.size == 0 || strchr("aeiouyhw", point) == NULL) &&
                 point != last)
            tz_buf_char(&out, last = (char)point);
    }
    return tz_buf_text(&out);
}

static tz_text first_of(tz_text text)
{
    size_t at = 0, wanted = tz_utf8_next(text, &at) >= 0x2E80 ? 1 : 3;

    for (size_t i = 1; i < wanted; i++)
        (void)tz_utf8_next(text, &at);
    return tz_text_cut(text, 0, at);
}

static tz_text last4_of(tz_text text)
{
    size_t count = tz_utf8_count(text), at = 0;

    for (size_t i = 0; i + 4 < count; i++)
        (void)tz_utf8_next(text, &at);
    return count < 4 ? (tz_text){0} : tz_text_cut(text, at, text.size - at);
}

static tz_text day_of(tz_arena *mem, tz_text text)
{
    char digits[8];

    if (digits_of(text, digits) != 8)
        return (tz_text){0};
    bool is_ordered = memcmp(digits + 4, digits + 6, 2) <= 0;
    return tz_text_of(
        tz_arena_printf(mem, "%.2s%.2s", digits + (is_ordered ? 4 : 6), digits + (is_ordered ? 6 : 4)));
}

tz_text tz_part_text(tz_arena *mem, tz_part part, tz_text text)
{
    char digits[8];

    switch (part) {
    case TZ_PART_SOUND: return sound_of(mem, text);
    case TZ_PART_FIRST: return first_of(text);
    case TZ_PART_LAST4: return last4_of(text);
    case TZ_PART_YEAR:
        return digits_of(text, digits) < 4 ? (tz_text){0} : tz_text_keep(mem, (tz_text){digits, 4});
    case TZ_PART_DAY: return day_of(mem, text);
    case TZ_PART_AREA: return tz_address_area(text);
    default: return text;
    }
}
