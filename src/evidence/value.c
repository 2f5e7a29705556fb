#include "evidence/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/idcard.h"
#include "base/money.h"

enum { REMEMBERED_PLACES = 20000 };

typedef struct {
    tz_arena               *mem;
    tz_value_column        *of;
    const tz_column        *column;
    const tz_cell          *cell;
    const tz_value_context *context;
    tz_text                 text; /* trimmed, half width */
    int64_t                 number;
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

static bool is_digits(tz_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.size > 0;
}

/* ---- Numbers ---- */

int tz_value_places(const tz_column *column)
{
    switch (column->type) {
    case TZ_TYPE_MONEY: return 2;
    case TZ_TYPE_PERCENT: return 6;
    case TZ_TYPE_DECIMAL: return column->scale;
    default: return 0;
    }
}

static int digits_kept(const tz_column *column)
{
    return column->type == TZ_TYPE_PERCENT ? 9 : column->type == TZ_TYPE_DECIMAL ? column->precision : 18;
}

static bool decimal_of(tz_text text, tz_decimal *ret_value)
{
    if (tz_text_ends(text, TZ_TEXT("元")))
        text.size -= strlen("元");
    return tz_decimal_parse(text, ret_value);
}

/* Excel keeps 8.42 as 8.4199999999999999: beyond 15 significant digits there is only noise. */
static tz_text without_noise(tz_arena *mem, tz_text text)
{
    size_t digits = 0;
    char  *end = NULL;

    for (size_t i = 0; i < text.size; i++)
        digits += text.data[i] >= '0' && text.data[i] <= '9';
    if (digits <= 15)
        return text;
    char  *copy = tz_text_dup(mem, text);
    double value = strtod(copy, &end);
    return *end == '\0' ? tz_text_of(tz_arena_printf(mem, "%.15g", value)) : text;
}

static tz_text number_text(reading *from)
{
    return from->cell->kind == TZ_CELL_NUMBER ? without_noise(from->mem, from->text) : from->text;
}

/* Numbers outside the column's `plausible` are marked. */
static void weigh(reading *from, int places)
{
    const char *const bounds[] = {from->column->least, from->column->most};
    tz_decimal        bound;
    int64_t           scaled = 0;

    for (size_t i = 0; i < 2; i++)
        if (bounds[i] != NULL && tz_decimal_parse(tz_text_of(bounds[i]), &bound) && tz_decimal_scaled(bound, places, &scaled, NULL) &&
            (i == 0 ? from->number < scaled : from->number > scaled))
            mark(from, "数值不合常理|an implausible value", "核对数字和单位|check number and unit");
}

static tz_text read_scaled(reading *from, int up)
{
    tz_decimal value;
    int64_t    scaled = 0, most = 1;
    int        places = tz_value_places(from->column);
    bool       is_exact = true;
    char       out[TZ_DECIMAL_TEXT];

    if (!decimal_of(number_text(from), &value))
        return null_text(from, "不是数字|not a number", "只填数字,不带文字|write a number alone");
    for (int i = 0; i < digits_kept(from->column); i++)
        most *= 10;
    if (!tz_decimal_scaled(value, places + up, &scaled, &is_exact) || scaled >= most || scaled <= -most)
        return null_text(from, "数字过大|the number is too large", "核对数字和单位|check number and unit");
    if (!is_exact)
        mark(from, "小数位过多,已四舍五入|more decimals than the field keeps: rounded", "核对小数位|check the decimals");
    from->number = scaled;
    weigh(from, places);
    tz_decimal_format(scaled, places, out);
    return tz_text_of(tz_arena_dup(from->mem, out));
}

/* A unit in the cell wins over that of header and title. */
static tz_text read_money(reading *from)
{
    static const struct { const char *name; int power; } UNITS[] = {{"亿元", 8},  {"亿", 8},   {"百万元", 6}, {"万元", 4},
                                                                    {"万", 4},    {"千元", 3}, {"百元", 2},   {"元整", 0}, {"元", 0}};
    int up = from->context->unit_power;

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++)
        if (tz_text_ends(from->text, tz_text_of(UNITS[i].name))) {
            from->text = tz_text_trim(tz_text_cut(from->text, 0, from->text.size - strlen(UNITS[i].name)));
            up = UNITS[i].power;
            break;
        }
    return read_scaled(from, up);
}

static tz_text read_int(reading *from)
{
    tz_decimal value;
    int64_t    number = 0;
    bool       is_exact = true;
    char       out[TZ_DECIMAL_TEXT];

    if (!tz_decimal_parse(number_text(from), &value) || !tz_decimal_scaled(value, 0, &number, &is_exact) || !is_exact)
        return null_text(from, "不是整数|not a whole number", "填整数|write a whole number");
    from->number = number;
    weigh(from, 0);
    tz_decimal_format(number, 0, out);
    return tz_text_of(tz_arena_dup(from->mem, out));
}

static tz_text read_percent(reading *from)
{
    bool has_sign = tz_text_ends(from->text, TZ_TEXT("%"));

    if (has_sign)
        from->text = tz_text_trim(tz_text_cut(from->text, 0, from->text.size - 1));
    return read_scaled(from, has_sign || from->context->in_percent ? -2 : 0);
}

/* ---- Identity numbers ---- */

static bool is_scientific(tz_text text)
{
    return tz_text_find(text, TZ_TEXT("E+"), 0) != SIZE_MAX || tz_text_find(text, TZ_TEXT("e+"), 0) != SIZE_MAX;
}

/* The first seventeen digits and the check character, without a word about what is wrong. */
static bool is_valid_id(tz_text text, int32_t *ret_born)
{
    int32_t born = 0;

    if (text.size != 18 || !is_digits(tz_text_cut(text, 0, 17)))
        return false;
    for (size_t i = 6; i < 14; i++)
        born = born * 10 + (text.data[i] - '0');
    *ret_born = born;
    return tz_date_is_real(born) && tz_idcard_check(text.data) == text.data[17];
}

static tz_text read_id(reading *from)
{
    char      tidy[32];
    size_t    size = tz_idcard_tidy(from->text, tidy);
    int32_t   born = 0;
    tz_idcard card;
    tz_err    wrong;

    /* A number cell of 16 or more digits has lost its tail to floating point, however it is shown. */
    if (is_scientific(from->text) || (from->cell->kind == TZ_CELL_NUMBER && size > 15))
        return null_text(from, "证号被 Excel 存成数字,末位已丢失|Excel stored the number as a figure: its last digits are lost",
                         "无法还原;将该列设为文本后从系统重新导出|it can't be recovered: set the column to text and export it again");
    if (size == 20 || size == 22)
        size = 18; /* a disabled person's number begins with the identity number */
    if (is_valid_id((tz_text){tidy, size}, &born)) {
        if (born < 19000101)
            mark(from, "出生年份不合常理|an implausible year of birth", "对照身份证核对|compare it with the card");
        return tz_text_keep(from->mem, (tz_text){tidy, size});
    }
    if (tz_idcard_parse((tz_text){tidy, size}, &card, &wrong) == TZ_OK)
        tz_unreachable("two readings of an identity number");
    const char *rule = size != 18 ? "证号位数不对|the number has the wrong length"
                       : strstr(wrong.en, "birthday") != NULL ? "证号中的出生日期不存在|the birthday in the number is no real day"
                       : strstr(wrong.en, "check") != NULL    ? "证号校验位不符|the number's check character does not match"
                                                              : "证号含非数字|the number holds other characters";
    return null_text(from, rule, "对照身份证核对|compare it with the card");
}

/* ---- Dates and periods ---- */

bool tz_cell_day(const tz_cell *cell, bool is_1904, char out[TZ_DATE_TEXT])
{
    int64_t serial = 0;

    if (cell->kind != TZ_CELL_NUMBER || !cell->is_date || !tz_text_int(cell->text, &serial) || serial <= 60)
        return false;
    int32_t ymd = tz_date_from_serial(serial, is_1904);
    tz_date_format(ymd, out);
    return ymd != 0;
}

static tz_text read_date(reading *from)
{
    int32_t    ymd = 0, bound = 0;
    int64_t    serial = 0;
    tz_decimal value;
    char       out[TZ_DATE_TEXT], month[TZ_PERIOD_TEXT];

    if (!tz_date_parse(from->text, &ymd)) {
        /* The day of a serial number is its whole part; what follows the point is the time of day. */
        size_t point = tz_text_find(from->text, TZ_TEXT("."), 0);
        tz_text whole = point == SIZE_MAX ? from->text : tz_text_cut(from->text, 0, point);
        bool is_number = tz_decimal_parse(from->text, &value) && tz_text_int(whole, &serial);
        if (is_number && (from->cell->is_date || (serial > 7305 && serial < 73415)))
            ymd = tz_date_from_serial(serial, from->context->is_1904);
        else if (tz_month_parse(from->text, month))
            return null_text(from, "日期缺少日|the date lacks its day", "写全年月日|write year, month and day");
    }
    if (ymd == 0)
        return null_text(from, "不是日期|not a date", "写作 2019-09-01|write it as 2019-09-01");
    bool is_odd = ymd < 19000101 || ymd > 21001231;
    if (tz_date_parse_iso(tz_text_of(from->column->least), &bound))
        is_odd |= ymd < bound;
    if (tz_date_parse_iso(tz_text_of(from->column->most), &bound))
        is_odd |= ymd > bound;
    if (is_odd)
        mark(from, "日期不合常理|an implausible date", "核对年份|check the year");
    from->number = tz_date_days(ymd);
    tz_date_format(ymd, out);
    return tz_text_of(tz_arena_dup(from->mem, out));
}

static tz_text read_period(reading *from)
{
    char    out[TZ_PERIOD_TEXT];
    bool    is_term = from->column->type == TZ_TYPE_TERM;
    int32_t ymd = 0;
    int64_t serial = 0;

    if (is_term ? tz_term_parse(from->text, out) : tz_month_parse(from->text, out))
        return tz_text_of(tz_arena_dup(from->mem, out));
    /* A month that Excel keeps as a day of it, or that was written with its day. */
    if (!is_term && !tz_date_parse(from->text, &ymd) && from->cell->is_date && tz_text_int(from->text, &serial))
        ymd = tz_date_from_serial(serial, from->context->is_1904);
    if (ymd != 0)
        return tz_text_of(tz_arena_printf(from->mem, "%04d-%02d", ymd / 10000, ymd / 100 % 100));
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
    static const char *const YES[] = {"是", "有", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "t", "已", "对", "符合", "享受", NULL};
    static const char *const NO[] = {"否", "无", "×", "✗", "✘", "x", "☐", "0", "n", "no", "false", "f",
                                     "未", "没有", "不是", "不符合", "-", "—", NULL};
    tz_text folded = tz_text_fold(from->mem, from->text);

    from->number = is_among(folded, YES);
    if (from->number == 1)
        return TZ_TEXT("true");
    if (is_among(folded, NO))
        return TZ_TEXT("false");
    return null_text(from, "应填是或否|yes or no is expected", "填 是 或 否|write 是 or 否");
}

static void add_code(tz_value_column *of, tz_text text, size_t index)
{
    bool          is_new = false;
    tz_map_entry *entry = tz_map_put(&of->codes, tz_text_fold(of->mem, text), &is_new);
    if (is_new)
        entry->value = (int64_t)index + 1;
}

tz_value_column tz_value_column_of(tz_arena *mem, const tz_column *column)
{
    tz_assert(mem != NULL && column != NULL);
    tz_value_column of = {.mem = mem, .column = column, .codes = tz_map_init(mem), .places = tz_map_init(mem)};

    for (size_t i = 0; i < column->codes.count; i++)
        add_code(&of, tz_text_of(column->codes.items[i].code), i);
    for (size_t i = 0; i < column->codes.count; i++) {
        const tz_code *code = &column->codes.items[i];
        size_t         len = 0;
        for (int lang = TZ_ZH; lang <= TZ_EN; lang++) {
            const char *half = tz_half(code->title, (tz_lang)lang, &len);
            add_code(&of, (tz_text){half, len}, i);
        }
        for (size_t j = 0; j < code->synonyms.count; j++)
            add_code(&of, tz_text_of(code->synonyms.items[j]), i);
    }
    return of;
}

static tz_text read_code(reading *from)
{
    if (from->column->codes.count == 0)
        return tz_text_keep(from->mem, from->text);
    const tz_map_entry *known = tz_map_get(&from->of->codes, tz_text_fold(from->mem, from->text));
    if (known != NULL)
        return tz_text_of(from->column->codes.items[known->value - 1].code);
    return null_text(from, "不在代码表中|not in the list of codes", "从下拉列表中选择|choose from the list");
}

/* The division that a name or a code means: index + 1, -1 unknown, -2 more than one. */
static int64_t find_place(reading *from)
{
    const tz_county   *county = from->context->county;
    const tz_division *division = NULL;

    if (is_digits(from->text) && from->text.size >= 6) {
        division = tz_county_division(county, from->text);
    } else if (tz_county_find(county, from->text, from->context->within, from->column->level, &division) > 1) {
        return -2;
    }
    return division == NULL || division->level != from->column->level ? -1 : division - county->divisions.items + 1;
}

static tz_text read_division(reading *from)
{
    tz_text             key = tz_text_of(tz_arena_printf(from->mem, "%.*s\x1f%.*s", TZ_FMT(from->context->within), TZ_FMT(from->text)));
    const tz_map_entry *known = tz_map_get(&from->of->places, key);
    int64_t             place = known != NULL ? known->value : find_place(from);

    if (known == NULL && from->of->places.entries.count < REMEMBERED_PLACES)
        tz_map_put(&from->of->places, key, NULL)->value = place;
    if (place > 0)
        return tz_text_of(from->context->county->divisions.items[place - 1].code);
    if (place == -2)
        return null_text(from, "两个乡镇都有这个村名|two townships have a village of this name", "补上乡镇|add the township");
    return null_text(from, "本县没有这个名称或代码|the county has no such name or code", "按区划名称填写|write the official name");
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

/* The check character of a unified social credit code (GB 32100-2015): base 31, powers of 3. */
static bool credit_code_holds(tz_text code)
{
    static const char ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int               sum = 0, weight = 1;

    if (code.size != 18)
        return false;
    for (size_t i = 0; i < 17; i++, weight = weight * 3 % 31) {
        const char *place = strchr(ALPHABET, code.data[i]);
        if (place == NULL)
            return false;
        sum += (int)(place - ALPHABET) * weight;
    }
    return ALPHABET[(31 - sum % 31) % 31] == code.data[17];
}

static bool is_phone(tz_text digits)
{
    if (digits.size == 11 && digits.data[0] == '1')
        return digits.data[1] >= '3';
    return digits.size == 7 || digits.size == 8 || (digits.size >= 10 && digits.size <= 12 && digits.data[0] == '0');
}

static void check_digits(reading *from, tz_text digits)
{
    if (from->column->type == TZ_TYPE_PHONE && !is_phone(digits))
        mark(from, "电话位数不对|a phone number of an odd length", "核对电话|check it");
    if (from->column->type == TZ_TYPE_BANK && (digits.size < 12 || digits.size > 19 || (digits.size >= 16 && !luhn_holds(digits))))
        mark(from, "银行账号校验不符|the account number fails its check", "核对账号|check it");
    if (from->column->type != TZ_TYPE_CREDIT_CODE)
        return;
    if (digits.size != 18)
        mark(from, "统一社会信用代码应为 18 位|a credit code has 18 characters", "核对代码|check it");
    else if (!credit_code_holds(digits))
        mark(from, "统一社会信用代码校验不符|the credit code fails its check", "核对代码|check it");
}

/* Digits (and letters of a credit code) alone: what people write between them goes. */
static tz_text read_digits(reading *from)
{
    tz_buf out = tz_buf_init(from->mem, 0);
    bool   takes_letters = from->column->type == TZ_TYPE_CREDIT_CODE;

    for (size_t i = 0; i < from->text.size; i++) {
        char c = from->text.data[i];
        if (takes_letters && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((c >= '0' && c <= '9') || (takes_letters && c >= 'A' && c <= 'Z'))
            tz_buf_char(&out, c);
        else if (is_scientific(from->text))
            break;
        else if (strchr(" -+()'", c) == NULL)
            return null_text(from, "含数字以外的字符|holds other characters than digits", "只填号码|write the number alone");
    }
    tz_text digits = tz_buf_text(&out);
    if (is_scientific(from->text) || (from->cell->kind == TZ_CELL_NUMBER && digits.size > 15))
        return null_text(from, "号码被 Excel 存成数字,末位已丢失|Excel stored the number as a figure: its last digits are lost",
                         "将该列设为文本后重新导出|set the column to text and export it again");
    check_digits(from, digits);
    return digits;
}

static tz_text read_text(reading *from)
{
    if (from->cell->kind == TZ_CELL_NUMBER && is_scientific(from->text))
        mark(from, "可能被 Excel 存成数字|Excel may have stored it as a figure",
             "将该列设为文本后重新导出|set the column to text and export it again");
    return from->text;
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
    case TZ_TYPE_DECIMAL: return read_scaled(from, 0);
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

static bool is_ascii(tz_text text)
{
    unsigned char high = 0;
    for (size_t i = 0; i < text.size; i++)
        high |= (unsigned char)text.data[i];
    return high < 0x80;
}

void tz_value_read(tz_arena *mem, tz_value_column *column, const tz_cell *cell, const tz_value_context *context, tz_value *ret_value)
{
    tz_assert(mem != NULL && column != NULL && cell != NULL && context != NULL && ret_value != NULL);
    reading from = {.mem = mem, .of = column, .column = column->column, .cell = cell, .context = context};
    tz_text text = {0};

    tz_text raw = tz_text_trim(cell->text);
    from.text = is_ascii(raw) ? raw : tz_text_trim(tz_text_halfwidth(mem, raw));
    if (cell->kind == TZ_CELL_ERROR)
        (void)null_text(&from, "单元格是错误值|the cell holds an error", "修正公式后重新报送|mend the formula and send it again");
    else if (from.text.size > 0)
        text = read_typed(&from);
    if (cell->is_damaged)
        mark(&from, "有无法识别的字节|a byte here is no character", "按原件改正|write what the original says");
    if (cell->is_cut)
        mark(&from, "文字过长,已截断|the text was too long: cut", "缩短文字|shorten it");
    *ret_value = (tz_value){.text = text.size == 0 ? (tz_text){0} : text, .raw = raw, .number = from.number, .problem = from.problem};
}
