/* template - the form of a register as departments fill it in Excel or WPS. */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/assert.h"
#include "base/half.h"
#include "evidence/import.h"
#include "formats/book.h"

/* Rows of the form: title, who fills it in, header, sample; then what is filled in, so many rows. */
enum { ROW_TITLE, ROW_SENDER, ROW_HEADER, ROW_SAMPLE, FIRST_ROW, LAST_ROW = 5000 };
enum { FROZEN_COLUMNS = 2, LONGEST_LIST = 250 };

typedef struct {
    tz_arena          *mem;
    const tz_register *reg;
    const tz_county   *county;
    lxw_workbook      *book;
    lxw_worksheet     *form, *notes, *lists; /* lists is hidden: what drop-downs choose from */
    lxw_format        *title, *plain, *head, *must, *sample, *text, *date, *money;
    lxw_col_t          list_count;
} writing;

static char *zh(writing *to, const char *both)
{
    return tz_half_dup(to->mem, both, TZ_ZH);
}

/* ---- What goes into a column ---- */

static char *hint_of(writing *to, const tz_column *column)
{
    static const char *const HINTS[] = {
        "文字", "从下拉列表中选", "18 位,末位 X 大写;不要存成数字", "如 2019-09-01", "如 2019-09", "如 2019年秋季学期", "整数", "数字",
        "以元为单位,最多两位小数", "如 19%", "区划全称,如 定昌镇合庄村", "11 位手机号或带区号的座机", "只填账号数字,不要存成数字",
        "18 位统一社会信用代码", "是 或 否"};
    tz_buf out = tz_buf_init(to->mem, 0);

    tz_buf_printf(&out, "%s%s", column->is_required ? "必填。" : "", HINTS[column->type]);
    if (column->unit != NULL)
        tz_buf_printf(&out, "(%s)", zh(to, column->unit));
    if (column->least != NULL)
        tz_buf_printf(&out, ",一般在 %s 到 %s 之间", column->least, column->most);
    return tz_arena_dup(to->mem, tz_buf_str(&out));
}

static const char *sample_of(writing *to, const tz_column *column)
{
    static const char *const SAMPLES[] = {"示例", NULL, "11010519491231002X", "2019-09-01", "2019-09", "2019年秋季学期", "3", "12.5",
                                          "500.00", "19%", NULL, "13800000000", "6222020000000000000", "91350100M000100Y43", "是"};
    if (column->type == TZ_TYPE_CODE && column->codes.count > 0)
        return zh(to, column->codes.items[0].title);
    return SAMPLES[column->type] == NULL ? "示例" : SAMPLES[column->type];
}

/* The values that a column may take, or none. */
static tz_strings choices_of(writing *to, const tz_column *column)
{
    tz_strings list = {0};

    for (size_t i = 0; i < column->codes.count; i++)
        tz_push(to->mem, &list, zh(to, column->codes.items[i].title));
    if (column->type == TZ_TYPE_YESNO) {
        tz_push(to->mem, &list, "是");
        tz_push(to->mem, &list, "否");
    }
    for (size_t i = 0; column->type == TZ_TYPE_DIVISION && to->county != NULL && i < to->county->divisions.count; i++) {
        const tz_division *division = &to->county->divisions.items[i];
        const tz_division *parent = tz_county_division(to->county, tz_text_of(division->parent));
        if (division->level != column->level)
            continue;
        /* A village's name alone may stand in two townships. */
        tz_push(to->mem, &list, column->level == TZ_DIVISION_VILLAGE && parent != NULL
                                    ? tz_arena_printf(to->mem, "%s%s", parent->name, division->name) : division->name);
    }
    return list;
}

/* ---- Checks ---- */

/* What is typed is warned of and may stay: a register that began on paper has gaps and odd values. */
static lxw_data_validation new_check(writing *to, const tz_column *column)
{
    return (lxw_data_validation){.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING, .ignore_blank = LXW_VALIDATION_ON,
                                 .input_title = zh(to, column->title), .input_message = hint_of(to, column),
                                 .error_title = "请核对", .error_message = hint_of(to, column)};
}

static void put_check(writing *to, lxw_col_t at, lxw_data_validation *check)
{
    (void)worksheet_data_validation_range(to->form, FIRST_ROW, at, LAST_ROW, at, check);
}

/* A list that Excel takes in place: short, and no comma in it. */
static bool put_short_list(writing *to, const tz_column *column, lxw_col_t at, const tz_strings *list)
{
    lxw_data_validation check = new_check(to, column);
    size_t              length = 0;

    check.validate = LXW_VALIDATION_TYPE_LIST;
    check.value_list = tz_new_array(to->mem, char *, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        length += tz_utf8_count(tz_text_of(list->items[i])) + 1;
        if (strchr(list->items[i], ',') != NULL || length > LONGEST_LIST)
            return false;
        check.value_list[i] = tz_arena_dup(to->mem, list->items[i]);
    }
    put_check(to, at, &check);
    return true;
}

/* Longer lists stand on the hidden sheet. */
static void put_choices(writing *to, const tz_column *column, lxw_col_t at, const tz_strings *list)
{
    lxw_data_validation check = new_check(to, column);
    char                letters[8];

    if (put_short_list(to, column, at, list))
        return;
    for (size_t i = 0; i < list->count; i++)
        (void)worksheet_write_string(to->lists, (lxw_row_t)i, to->list_count, list->items[i], NULL);
    tz_column_letters(to->list_count++, letters);
    check.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    check.value_formula = tz_arena_printf(to->mem, "='选项'!$%s$1:$%s$%zu", letters, letters, list->count);
    put_check(to, at, &check);
}

static void put_length(writing *to, const tz_column *column, lxw_col_t at, double least, double most)
{
    lxw_data_validation check = new_check(to, column);

    check.validate = LXW_VALIDATION_TYPE_LENGTH;
    check.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    check.minimum_number = least;
    check.maximum_number = most;
    put_check(to, at, &check);
}

static void put_number(writing *to, const tz_column *column, lxw_col_t at, bool is_whole)
{
    lxw_data_validation check = new_check(to, column);

    check.validate = is_whole ? LXW_VALIDATION_TYPE_INTEGER : LXW_VALIDATION_TYPE_DECIMAL;
    check.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    check.minimum_number = column->least != NULL ? strtod(column->least, NULL) : 0;
    check.maximum_number = column->most != NULL ? strtod(column->most, NULL) : 1e13;
    put_check(to, at, &check);
}

static void put_date(writing *to, const tz_column *column, lxw_col_t at)
{
    lxw_data_validation check = new_check(to, column);

    check.validate = LXW_VALIDATION_TYPE_DATE;
    check.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    check.minimum_datetime = (lxw_datetime){.year = 1900, .month = 1, .day = 1};
    check.maximum_datetime = (lxw_datetime){.year = 2100, .month = 12, .day = 31};
    put_check(to, at, &check);
}

static void put_any(writing *to, const tz_column *column, lxw_col_t at)
{
    lxw_data_validation check = new_check(to, column);

    check.validate = LXW_VALIDATION_TYPE_ANY;
    put_check(to, at, &check);
}

static void check_column(writing *to, const tz_column *column, lxw_col_t at)
{
    tz_strings list = choices_of(to, column);

    if (list.count > 0)
        put_choices(to, column, at, &list);
    else if (column->type == TZ_TYPE_ID || column->type == TZ_TYPE_CREDIT_CODE)
        put_length(to, column, at, 18, 18);
    else if (column->type == TZ_TYPE_BANK)
        put_length(to, column, at, 12, 19);
    else if (column->type == TZ_TYPE_PHONE)
        put_length(to, column, at, 7, 13);
    else if (column->type == TZ_TYPE_DATE)
        put_date(to, column, at);
    else if (column->type == TZ_TYPE_INT || column->type == TZ_TYPE_DECIMAL || column->type == TZ_TYPE_MONEY)
        put_number(to, column, at, column->type == TZ_TYPE_INT);
    else
        put_any(to, column, at);
}

/* ---- Sheets ---- */

static lxw_format *format_of(writing *to, const tz_column *column)
{
    switch (column->type) {
    case TZ_TYPE_DATE: return to->date;
    case TZ_TYPE_MONEY: return to->money;
    case TZ_TYPE_INT: case TZ_TYPE_DECIMAL: case TZ_TYPE_PERCENT: return NULL;
    default: return to->text; /* what is no number stays as it is typed */
    }
}

static double width_of(const tz_column *column)
{
    bool is_wide = column->type == TZ_TYPE_ID || column->type == TZ_TYPE_BANK || column->type == TZ_TYPE_CREDIT_CODE ||
                   column->type == TZ_TYPE_DIVISION;
    return is_wide ? 22 : 14;
}

static void write_column(writing *to, size_t index)
{
    const tz_column *column = &to->reg->columns.items[index];
    lxw_col_t        at = (lxw_col_t)(index + 1);

    (void)worksheet_set_column(to->form, at, at, width_of(column), format_of(to, column));
    (void)worksheet_write_string(to->form, ROW_HEADER, at, zh(to, column->title), column->is_required ? to->must : to->head);
    (void)worksheet_write_comment(to->form, ROW_HEADER, at, hint_of(to, column));
    (void)worksheet_write_string(to->form, ROW_SAMPLE, at, sample_of(to, column), to->sample);
    check_column(to, column, at);
}

static void write_form(writing *to)
{
    lxw_col_t last = (lxw_col_t)to->reg->columns.count;

    (void)worksheet_merge_range(to->form, ROW_TITLE, 0, ROW_TITLE, last, zh(to, to->reg->title), to->title);
    (void)worksheet_set_row(to->form, ROW_TITLE, 30, NULL);
    (void)worksheet_write_string(to->form, ROW_SENDER, 0, "填报单位:", to->plain);
    (void)worksheet_write_string(to->form, ROW_SENDER, last, "截至    年  月  日", to->plain);
    (void)worksheet_set_row(to->form, ROW_HEADER, 32, NULL);
    (void)worksheet_set_column(to->form, 0, 0, 6, NULL);
    (void)worksheet_write_string(to->form, ROW_HEADER, 0, "序号", to->head);
    (void)worksheet_write_string(to->form, ROW_SAMPLE, 0, "示例", to->sample);
    (void)worksheet_write_comment(to->form, ROW_SAMPLE, 0, "本行只作示范,入账时不计");
    for (size_t i = 0; i < to->reg->columns.count; i++)
        write_column(to, i);
    worksheet_freeze_panes(to->form, ROW_SAMPLE, FROZEN_COLUMNS);
    worksheet_set_landscape(to->form);
    worksheet_set_paper(to->form, 9); /* A4 */
    worksheet_fit_to_pages(to->form, 1, 0);
    (void)worksheet_repeat_rows(to->form, ROW_TITLE, ROW_HEADER);
    (void)worksheet_set_footer(to->form, "&C第 &P 页,共 &N 页");
}

static const char *allowed_of(writing *to, const tz_column *column)
{
    tz_strings list = choices_of(to, column);
    tz_buf     out = tz_buf_init(to->mem, 0);

    for (size_t i = 0; i < list.count && out.size < LONGEST_LIST; i++)
        tz_buf_printf(&out, "%s%s", i == 0 ? "" : "、", list.items[i]);
    if (out.size >= LONGEST_LIST)
        tz_buf_printf(&out, "……(共 %zu 项,见下拉列表)", list.count);
    return tz_buf_str(&out);
}

static void write_notes(writing *to)
{
    static const char *const LINES[] = {
        "一、在第一张表填写,一行一条;表头、列的次序不要改动,多余的列可以删去。",
        "二、标题下写明填报单位和数据时点;没有的数据留空,不要填“无”或“/”。",
        "三、证号、账号、电话是文字,粘贴时选“只粘贴数值”,不要让 Excel 变成 1.4E+17。",
        "四、金额以元为单位;日期写作 2019-09-01。橙色表头为必填。",
        "五、“示例”一行入账时不计,可以保留。"};
    lxw_row_t row = 0;

    (void)worksheet_set_column(to->notes, 0, 0, 20, NULL);
    (void)worksheet_set_column(to->notes, 1, 1, 8, NULL);
    (void)worksheet_set_column(to->notes, 2, 2, 36, NULL);
    (void)worksheet_set_column(to->notes, 3, 3, 70, NULL);
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        (void)worksheet_write_string(to->notes, row++, 0, LINES[i], NULL);
    if (to->reg->due != NULL)
        (void)worksheet_write_string(to->notes, row++, 0, tz_arena_printf(to->mem, "六、报送时限:%s。", zh(to, to->reg->due)), NULL);
    row++;
    (void)worksheet_write_string(to->notes, row, 0, "列", to->head);
    (void)worksheet_write_string(to->notes, row, 1, "必填", to->head);
    (void)worksheet_write_string(to->notes, row, 2, "怎样填", to->head);
    (void)worksheet_write_string(to->notes, row++, 3, "可填的值", to->head);
    for (size_t i = 0; i < to->reg->columns.count; i++, row++) {
        const tz_column *column = &to->reg->columns.items[i];
        (void)worksheet_write_string(to->notes, row, 0, zh(to, column->title), NULL);
        (void)worksheet_write_string(to->notes, row, 1, column->is_required ? "是" : "", NULL);
        (void)worksheet_write_string(to->notes, row, 2, hint_of(to, column), NULL);
        (void)worksheet_write_string(to->notes, row, 3, allowed_of(to, column), NULL);
    }
}

static lxw_format *new_format(writing *to, uint32_t background, const char *number, bool is_head)
{
    lxw_format *format = workbook_add_format(to->book);

    if (is_head) {
        format_set_bold(format);
        format_set_text_wrap(format);
        format_set_align(format, LXW_ALIGN_CENTER);
        format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
        format_set_border(format, LXW_BORDER_THIN);
    }
    if (background != 0)
        format_set_bg_color(format, background);
    if (number != NULL)
        format_set_num_format(format, number);
    return format;
}

static void add_formats(writing *to)
{
    to->title = new_format(to, 0, NULL, false);
    format_set_bold(to->title);
    format_set_font_size(to->title, 16);
    format_set_align(to->title, LXW_ALIGN_CENTER);
    format_set_align(to->title, LXW_ALIGN_VERTICAL_CENTER);
    to->plain = new_format(to, 0, NULL, false);
    to->head = new_format(to, 0xE7EDF3, NULL, true);
    to->must = new_format(to, 0xF8D9B0, NULL, true);
    to->sample = new_format(to, 0, "@", false);
    format_set_italic(to->sample);
    format_set_font_color(to->sample, 0x808080);
    to->text = new_format(to, 0, "@", false);
    to->date = new_format(to, 0, "yyyy-mm-dd", false);
    to->money = new_format(to, 0, "#,##0.00", false);
}

tz_rc tz_template_write(const tz_register *reg, const tz_county *county, const char *path, tz_err *err)
{
    tz_assert(reg != NULL && path != NULL);
    tz_arena  mem = {0};
    writing   to = {.mem = &mem, .reg = reg, .county = county, .book = workbook_new(path)};
    lxw_error failed = LXW_ERROR_CREATING_XLSX_FILE;

    if (to.book != NULL) {
        to.form = workbook_add_worksheet(to.book, "填报");
        to.notes = workbook_add_worksheet(to.book, "填表说明");
        to.lists = workbook_add_worksheet(to.book, "选项");
        add_formats(&to);
        write_form(&to);
        write_notes(&to);
        worksheet_hide(to.lists);
        worksheet_activate(to.form);
        failed = workbook_close(to.book);
    }
    tz_arena_free(&mem);
    return failed == LXW_NO_ERROR ? TZ_OK : tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", path, lxw_strerror(failed));
}
