#include "base/idcard.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"

char tz_idcard_check(const char digits[17])
{
    static const int WEIGHT[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (size_t i = 0; i < 17; i++) {
        tz_assert(digits[i] >= '0' && digits[i] <= '9');
        sum += (digits[i] - '0') * WEIGHT[i];
    }
    return "10X98765432"[sum % 11];
}

tz_rc tz_idcard_parse(tz_text text, tz_idcard *ret_card, tz_err *err)
{
    tz_assert(ret_card != NULL);

    if (text.size != 18)
        return tz_fail(err, TZ_INPUT, "身份证号是 %zu 位,应为 18 位", "identity number has %zu characters, not 18", text.size);

    int64_t digits = 0;
    for (size_t i = 0; i < 17; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return tz_fail(err, TZ_INPUT, "身份证号第 %zu 位不是数字", "character %zu of the identity number is not a digit", i + 1);
        digits = digits * 10 + (text.data[i] - '0');
    }

    int32_t born = (int32_t)(digits / 1000 % 100000000);
    if (!tz_date_is_real(born))
        return tz_fail(err, TZ_INPUT, "身份证号中的出生日期不存在", "birthday in the identity number is not a real day");
    if (tz_idcard_check(text.data) != text.data[17])
        return tz_fail(err, TZ_INPUT, "身份证号校验位不符", "check character of the identity number does not match");

    *ret_card = (tz_idcard){
        .region = (uint32_t)(digits / 100000000000),
        .born = born,
        .sex = (text.data[16] - '0') % 2 ? 'M' : 'F',
    };
    return TZ_OK;
}

bool tz_idcard_is_valid(tz_text text)
{
    tz_idcard card;
    tz_err    ignored;
    return tz_idcard_parse(text, &card, &ignored) == TZ_OK;
}

/* Inserts the century and adds the check character where the 15 digits hold a real birthday. */
static size_t lengthen(char out[32])
{
    char longer[19];

    for (size_t i = 0; i < 15; i++)
        if (out[i] < '0' || out[i] > '9')
            return 15;
    memcpy(longer, out, 6);
    memcpy(longer + 6, "19", 2);
    memcpy(longer + 8, out + 6, 9);
    int32_t born = 0;
    for (size_t i = 6; i < 14; i++)
        born = born * 10 + (longer[i] - '0');
    if (!tz_date_is_real(born))
        return 15;
    longer[17] = tz_idcard_check(longer);
    memcpy(out, longer, 18);
    return 18;
}

size_t tz_idcard_tidy(tz_text text, char out[32])
{
    size_t size = 0;

    for (size_t at = 0; at < text.size;) {
        int32_t cp = tz_utf8_next(text, &at);
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        if (cp == 'x')
            cp = 'X';
        if (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0x3000 || cp == 0xA0 ||
            cp == 0xFEFF || cp == 0x200B || cp == '\'' || cp == 0x2018 || cp == 0x2019 ||
            cp == '`' || cp == '-')
            continue;
        if (size + 4 > 31) {
            out[0] = '\0';
            return 0;
        }
        size += tz_utf8_put(cp, out + size);
    }
    if (size == 15)
        size = lengthen(out);
    out[size] = '\0';
    return size;
}
