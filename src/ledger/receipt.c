#include "ledger/receipt.h"

#include <string.h>

static const char LETTERS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { DIGITS = 16, GROUP = 4 };

static char check_letter(const char *digits)
{
    tz_digest digest = tz_sm3_of_two("taizhang-receipt-check", 22, digits, DIGITS - 1);
    return LETTERS[digest.bytes[0] & 31];
}

void tz_receipt_make(char out[TZ_RECEIPT_TEXT])
{
    uint8_t random[DIGITS - 1];
    char    digits[DIGITS + 1] = "";

    tz_random(random, sizeof random);
    for (size_t i = 0; i < DIGITS - 1; i++)
        digits[i] = LETTERS[random[i] & 31];
    digits[DIGITS - 1] = check_letter(digits);
    for (size_t i = 0, at = 0; i < DIGITS; i++) {
        if (i > 0 && i % GROUP == 0)
            out[at++] = '-';
        out[at++] = digits[i];
        out[at] = '\0';
    }
}

static char letter_of(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

bool tz_receipt_read(tz_text text, char ret_hash[TZ_RECEIPT_HASH])
{
    char   digits[DIGITS + 1] = "", hex[TZ_SM3_HEX];
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        char c = letter_of(text.data[i]);
        if (c == ' ' || c == '-')
            continue;
        if (c == '\0' || strchr(LETTERS, c) == NULL || count == DIGITS)
            return false;
        digits[count++] = c;
    }
    if (count != DIGITS || digits[DIGITS - 1] != check_letter(digits))
        return false;
    tz_digest digest = tz_sm3_of_two("taizhang-receipt", 16, digits, DIGITS);
    tz_digest_hex(&digest, hex);
    memcpy(ret_hash, hex, TZ_RECEIPT_HASH - 1);
    ret_hash[TZ_RECEIPT_HASH - 1] = '\0';
    return true;
}
