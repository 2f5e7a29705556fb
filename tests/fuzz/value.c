/* value - one cell as each of the types: ID numbers, dates, terms, money, shares, phones, cards, codes. */
#include "base/date.h"
#include "base/idcard.h"
#include "base/money.h"
#include "evidence/value.h"
#include "fuzz.h"

/* What is taken as an exact amount is written so that it reads back as itself. */
static void check_amount(tz_text text)
{
    tz_decimal value, again;
    int64_t    scaled = 0, second = 0;
    bool       is_exact = false, is_exact_again = false;
    char       out[TZ_DECIMAL_TEXT];

    if (!tz_decimal_parse(text, &value) || !tz_decimal_scaled(value, 2, &scaled, &is_exact))
        return;
    tz_decimal_format(scaled, 2, out);
    tz_assert(tz_decimal_parse(tz_text_of(out), &again) && tz_decimal_scaled(again, 2, &second, &is_exact_again));
    tz_assert(scaled == second && is_exact_again);
}

static void check_dates(tz_text text)
{
    int32_t ymd = 0;
    char    period[TZ_PERIOD_TEXT];

    tz_assert(!tz_date_parse(text, &ymd) || tz_date_is_real(ymd));
    tz_assert(!tz_date_parse_iso(text, &ymd) || tz_date_is_real(ymd));
    tz_assert(!tz_month_parse(text, period) || strlen(period) == 7);
    tz_assert(!tz_term_parse(text, period) || strlen(period) == 6);
    tz_assert(!tz_year_parse(text, period) || strlen(period) == 4);
}

/* The first byte says whether the cell is a number, an error or a text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena  mem = {0};
    tz_column column = {.name = "x", .title = "甲|x", .precision = 10, .scale = 2};
    const tz_value_context context = {.unit_power = 4};
    char      tidy[32];

    if (size > 0 && size < 4096) {
        tz_text text = {(const char *)data + 1, size - 1};
        tz_cell cell = {.kind = text.size == 0 ? TZ_CELL_EMPTY : (tz_cell_kind)(data[0] % 5),
                        .is_date = (data[0] & 8) != 0, .style = -1, .text = text};
        (void)tz_idcard_is_valid(text);
        tz_assert(tz_idcard_tidy(text, tidy) < sizeof tidy);
        check_amount(text);
        check_dates(text);
        for (column.type = TZ_TYPE_TEXT; column.type <= TZ_TYPE_YESNO; column.type++) {
            tz_value_column reader = tz_value_column_of(&mem, &column);
            tz_value        value;
            if (column.type == TZ_TYPE_DIVISION) /* needs a county */
                continue;
            tz_value_read(&mem, &reader, &cell, &context, &value);
            tz_assert(value.text.data != NULL || value.raw.size == 0 ||
                      value.problem.rule != NULL); /* nothing vanishes */
        }
    }
    tz_arena_free(&mem);
    return 0;
}
