#include "evidence/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "base/money.h"

typedef struct {
    tz_arena               *mem;
    const tz_column        *column;
    const tz_cell          *cell;
    const tz_value_context *context;
    tz_text                 text; /* trimmed, half width */
    tz_value_problem        problem;
} reading;

static tz_text null_text(reading *from, const char *rule, const char *advice)
{
    from->problem = (tz_value_problem){.rule = rule, .advice = advice, .is_grave = true};
    return (tz_text){0};
}

static void mark(reading *from, const char *rule, const char *advice)
{
    if (from->problem.rule == NULL)
        from->problem = (tz_value_problem){.rule = rule, .advice = advice};
}

/* ---- Numbers ---- */

static bool decimal_of(reading *from, tz_text text, tz_decimal *ret_value)
{
    if (tz_text_ends(text, TZ_TEXT("元")))
        text.size -= strlen("元");
    return tz_decimal_parse(text, ret_value) || (from->cell->kind == TZ_CELL_NUMBER && tz_decimal_parse(text, ret_value));
}

/* Excel keeps 8.42 as 8.4199999999999999: beyond 15 significant digits there is only noise. */
static tz_text without_noise(tz_arena *mem, tz_text text)
{
    size_t digits = 0;
    double value = 0;
    char  *end = NULL;

    for (size_t i = 0; i < text.size; i++)
        digits += text.data[i] >= '0' && text.data[i] <= '9';
    if (digits <= 15)
        return text;
    char *copy = tz_text_dup(mem, text);
    value = strtod(copy, &end);
    return *end == '\0' ? tz_text_of(tz_arena_printf(mem, "%.15g", value)) : text;
}

static tz_text number_text(reading *from)
{
    return from->cell->kind == TZ_CELL_NUMBER ? without_noise(from->mem, from->text) : from->text;
}

static tz_text read_scaled(reading *from, int places, int up)
{
    tz_decimal value;
    int64_t    scaled = 0;
    bool       is_exact = true;
    char       out[TZ_DECIMAL_TEXT];

    if (!decimal_of(from, number_text(from), &value))
        return null_text(from, "不是数字|not a number", "只填数字,不带文字|write a number alone");
    if (!tz_decimal_scaled(value, places + up, &scaled, &is_exact))
        return null_text(from, "数字过大|the number is too large", "核对数字和单位|check number and unit");
    if (!is_exact)
        mark(from, "小数位过多,已四舍五入|more decimals than the field keeps: rounded", "核对小数位|check the decimals");
    tz_decimal_format(scaled, places, out);
    return tz_text_of(tz_arena_dup(from->mem, out));
}

static tz_text read_money(reading *from)
{
    tz_text text = from->text;
    int     up = from->context->unit_power;

    if (tz_text_ends(text, TZ_TEXT("万元"))) {
        from->text = tz_text_cut(text, 0, text.size - strlen("万元"));
        up = 4;
    } else if (tz_text_ends(text, TZ_TEXT("万"))) {
        from->text = tz_text_cut(text, 0, text.size - strlen("万"));
        up = 4;
    } else if (tz_text_ends(text, TZ_TEXT("元"))) {
        up = 0;
    }
    return read_scaled(from, 2, up);
}

static tz_text read_int(reading *from)
{
    tz_decimal value;
    int64_t    number = 0;
    bool       is_exact = true;

    if (!tz_decimal_parse(number_text(from), &value) || !tz_decimal_scaled(value, 0, &number, &is_exact) || !is_exact)
        return null_text(from, "不是整数|not a whole number", "填整数|write a whole number");
    return tz_text_of(tz_arena_printf(from->mem, "%lld", (long long)number));
}

static tz_text read_percent(reading *from)
{
    tz_text text = from->text;
    bool    has_sign = tz_text_ends(text, TZ_TEXT("%"));

    if (has_sign)
        from->text = tz_text_cut(text, 0, text.size - 1);
    return read_scaled(from, 6, has_sign ? -2 : 0);
}

/* ---- Identity numbers ---- */

static bool is_scientific(tz_text text)
{
    return tz_text_find(text, TZ_TEXT("E+"), 0) != SIZE_MAX || tz_text_find(text, TZ_TEXT("e+"), 0) != SIZE_MAX;
}

static tz_text read_id(reading *from)
{
    char      tidy[32];
    size_t    size = tz_idcard_tidy(from->text, tidy);
    tz_idcard card;
    tz_err    wrong;

    /* A number cell of 16 or more digits has lost its tail to floating point, however it is shown. */
    if (is_scientific(from->text) || (from->cell->kind == TZ_CELL_NUMBER && size > 15))
        return null_text(from, "证号被 Excel 存成数字,末位已丢失|Excel stored the number as a figure: its last digits are lost",
                         "将该列设为文本后从系统重新导出|set the column to text and export it again");
    if (size == 20 || size == 22)
        size = 18; /* a disabled person's number begins with the identity number */
    if (tz_idcard_parse((tz_text){tidy, size}, &card, &wrong) != TZ_OK) {
        const char *rule = size != 18 ? "证号位数不对|the number has the wrong length"
                           : strstr(wrong.en, "birthday") != NULL ? "证号中的出生日期不存在|the birthday in the number is no real day"
                           : strstr(wrong.en, "check") != NULL    ? "证号校验位不符|the number's check character does not match"
                                                                  : "证号含非数字|the number holds other characters";
        return null_text(from, rule, "对照身份证核对|compare it with the card");
    }
    return tz_text_keep(from->mem, (tz_text){tidy, size});
}

/* ---- Dates and periods ---- */

static tz_text read_date(reading *from)
{
    int32_t    ymd = 0;
    int64_t    serial = 0;
    tz_decimal value;
    char       out[TZ_DATE_TEXT], month[TZ_PERIOD_TEXT];

    bool is_number = tz_decimal_parse(from->text, &value) && tz_decimal_scaled((tz_decimal){value.digits, value.scale}, 0, &serial, NULL);
    if (tz_date_parse(from->text, &ymd)) {
        /* as written */
    } else if (is_number && (from->cell->is_date || (serial > 7305 && serial < 73415))) {
        ymd = tz_date_from_serial(value.scale == 0 ? serial : (int64_t)strtod(tz_text_dup(from->mem, from->text), NULL), from->context->is_1904);
    } else if (tz_month_parse(from->text, month)) {
        return null_text(from, "日期缺少日|the date lacks its day", "写全年月日|write year, month and day");
    }
    if (ymd == 0)
        return null_text(from, "不是日期|not a date", "写作 2019-09-01|write it as 2019-09-01");
    if (ymd < 18900101 || ymd > 21001231)
        mark(from, "日期不合常理|an implausible date", "核对年份|check the year");
    tz_date_format(ymd, out);
    return tz_text_of(tz_arena_dup(from->mem, out));
}

static tz_text read_period(reading *from)
{
    char out[TZ_PERIOD_TEXT];
    bool is_term = from->column->type == TZ_TYPE_TERM;

    if (is_term ? tz_term_parse(from->text, out) : tz_month_parse(from->text, out))
        return tz_text_of(tz_arena_dup(from->mem, out));
    return is_term ? null_text(from, "不是学期|not a term", "写作 2019年春季学期|write it as 2019年春季学期")
                   : null_text(from, "不是月份|not a month", "写作 2019-09|write it as 2019-09");
}

/* ---- Words ---- */

static bool is_among(tz_text folded, const char *const *words)
{
    for (; *words != NULL; words++)
        if (tz_text_is(folded, *words))
            return true;
    return false;
}

static tz_text read_yesno(reading *from)
{
    static const char *const YES[] = {"是", "有", "√", "✓", "1", "y", "yes", "true", "已", "对", NULL};
    static const char *const NO[] = {"否", "无", "×", "✗", "0", "n", "no", "false", "未", "没有", "不是", "-", NULL};
    tz_text folded = tz_text_fold(from->mem, from->text);

    if (is_among(folded, YES))
        return TZ_TEXT("true");
    if (is_among(folded, NO))
        return TZ_TEXT("false");
    return null_text(from, "应填是或否|yes or no is expected", "填 是 或 否|write 是 or 否");
}

static bool code_means(tz_arena *mem, const tz_code *code, tz_text folded)
{
    size_t len = 0;

    if (tz_text_equal(tz_text_fold(mem, tz_text_of(code->code)), folded))
        return true;
    for (int lang = TZ_ZH; lang <= TZ_EN; lang++) {
        const char *half = tz_half(code->title, (tz_lang)lang, &len);
        if (tz_text_equal(tz_text_fold(mem, (tz_text){half, len}), folded))
            return true;
    }
    for (size_t i = 0; i < code->synonyms.count; i++)
        if (tz_text_equal(tz_text_fold(mem, tz_text_of(code->synonyms.items[i])), folded))
            return true;
    return false;
}

static tz_text read_code(reading *from)
{
    tz_text folded = tz_text_fold(from->mem, from->text);

    for (size_t i = 0; i < from->column->codes.count; i++)
        if (code_means(from->mem, &from->column->codes.items[i], folded))
            return tz_text_of(from->column->codes.items[i].code);
    if (from->column->codes.count == 0)
        return tz_text_keep(from->mem, from->text);
    return null_text(from, "不在代码表中|not in the list of codes", "从下拉列表中选择|choose from the list");
}

static tz_text read_division(reading *from)
{
    const tz_division *division = NULL;
    size_t             digits = 0;

    while (digits < from->text.size && from->text.data[digits] >= '0' && from->text.data[digits] <= '9')
        digits++;
    if (digits == from->text.size && digits >= 6) {
        division = tz_county_division(from->context->county, from->text);
    } else {
        size_t count = tz_county_find(from->context->county, from->text, from->context->within, from->column->level, &division);
        if (count > 1)
            return null_text(from, "两个乡镇都有这个村名|two townships have a village of this name", "补上乡镇|add the township");
        if (count == 0)
            division = NULL;
    }
    if (division == NULL || division->level != from->column->level)
        return null_text(from, "本县没有这个名称或代码|the county has no such name or code", "按区划名称填写|write the official name");
    return tz_text_of(division->code);
}

/* Luhn's sum (ISO/IEC 7812-1). */
static bool luhn_holds(tz_text digits)
{
    int sum = 0;
    for (size_t i = 0; i < digits.size; i++) {
        int digit = digits.data[digits.size - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit > 4 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* Digits (and letters of a credit code) alone: what people write between them goes. */
static tz_text read_digits(reading *from)
{
    tz_buf out = tz_buf_init(from->mem, 0);
    bool   takes_letters = from->column->type == TZ_TYPE_CREDIT_CODE;

    if (is_scientific(from->text))
        return null_text(from, "号码被 Excel 存成数字|Excel stored the number as a figure",
                         "将该列设为文本后重新导出|set the column to text and export it again");
    for (size_t i = 0; i < from->text.size; i++) {
        char c = from->text.data[i];
        if ((c >= '0' && c <= '9') || (takes_letters && c >= 'A' && c <= 'Z'))
            tz_buf_char(&out, c);
        else if (strchr(" -+()'", c) == NULL)
            return null_text(from, "含数字以外的字符|holds other characters than digits", "只填号码|write the number alone");
    }
    tz_text digits = tz_buf_text(&out);
    if (from->column->type == TZ_TYPE_PHONE && digits.size != 11 && digits.size != 7 && digits.size != 8 && digits.size != 12)
        mark(from, "电话位数不对|a phone number of an odd length", "核对电话|check it");
    if (from->column->type == TZ_TYPE_BANK && (digits.size < 12 || digits.size > 19 || (digits.size >= 16 && !luhn_holds(digits))))
        mark(from, "银行账号校验不符|the account number fails its check", "核对账号|check it");
    if (takes_letters && digits.size != 18)
        mark(from, "统一社会信用代码应为 18 位|a credit code has 18 characters", "核对代码|check it");
    return digits;
}

static tz_text read_text(reading *from)
{
    if (from->cell->kind == TZ_CELL_NUMBER && is_scientific(from->text))
        mark(from, "可能被 Excel 存成数字|Excel may have stored it as a figure",
             "将该列设为文本后重新导出|set the column to text and export it again");
    return tz_text_keep(from->mem, from->text);
}

static tz_text read_typed(reading *from)
{
    switch (from->column->type) {
    case TZ_TYPE_TEXT: return read_text(from);
    case TZ_TYPE_CODE: return read_code(from);
    case TZ_TYPE_ID: return read_id(from);
    case TZ_TYPE_DATE: return read_date(from);
    case TZ_TYPE_MONTH:
    case TZ_TYPE_TERM: return read_period(from);
    case TZ_TYPE_INT: return read_int(from);
    case TZ_TYPE_DECIMAL: return read_scaled(from, from->column->scale, 0);
    case TZ_TYPE_MONEY: return read_money(from);
    case TZ_TYPE_PERCENT: return read_percent(from);
    case TZ_TYPE_DIVISION: return read_division(from);
    case TZ_TYPE_PHONE:
    case TZ_TYPE_BANK:
    case TZ_TYPE_CREDIT_CODE: return read_digits(from);
    case TZ_TYPE_YESNO: return read_yesno(from);
    }
    tz_unreachable("a type without its reader");
}

void tz_value_read(tz_arena *mem, const tz_column *column, const tz_cell *cell, const tz_value_context *context, tz_text *ret_text,
                   tz_text *ret_raw, tz_value_problem *ret_problem)
{
    tz_assert(mem != NULL && column != NULL && cell != NULL && context != NULL);
    tz_assert(ret_text != NULL && ret_raw != NULL && ret_problem != NULL);
    reading from = {.mem = mem, .column = column, .cell = cell, .context = context};

    *ret_raw = tz_text_trim(cell->text);
    from.text = tz_text_trim(tz_text_halfwidth(mem, *ret_raw));
    *ret_text = (tz_text){0};
    if (cell->kind == TZ_CELL_ERROR)
        (void)null_text(&from, "单元格是错误值|the cell holds an error", "修正公式后重新报送|mend the formula and send it again");
    else if (from.text.size > 0)
        *ret_text = read_typed(&from);
    if (cell->is_damaged)
        mark(&from, "有无法识别的字节|a byte here is no character", "按原件改正|write what the original says");
    if (cell->is_cut)
        mark(&from, "文字过长,已截断|the text was too long: cut", "缩短文字|shorten it");
    *ret_problem = from.problem;
}
