#include "evidence/errors.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/assert.h"
#include "evidence/problems.h"
#include "evidence/value.h"

typedef struct {
    tz_arena      *mem;
    lxw_worksheet *out;
    lxw_format    *red, *yellow;
    tz_sheet_problems problems;
    bool           is_1904;
} writing;

/* A cell as it came: a number stays one (else a damaged ID number would come back as a sound text),
 * a date is written as one reads it, an error is left out. */
static void write_cell(writing *to, lxw_row_t row, lxw_col_t column, const tz_cell *cell, lxw_format *format)
{
    const char *text = tz_text_dup(to->mem, cell->text);
    char       *end = NULL, date[TZ_DATE_TEXT];

    if (tz_cell_day(cell, to->is_1904, date)) {
        (void)worksheet_write_string(to->out, row, column, date, format);
    } else if (cell->kind == TZ_CELL_NUMBER) {
        double number = strtod(text, &end);
        (void)(end != text ? worksheet_write_number(to->out, row, column, number, format)
                           : worksheet_write_string(to->out, row, column, text, format));
    } else if (cell->kind == TZ_CELL_BOOL) {
        (void)worksheet_write_boolean(to->out, row, column, tz_text_is(cell->text, "1"), format);
    } else if (cell->kind == TZ_CELL_TEXT) {
        (void)worksheet_write_string(to->out, row, column, text, format);
    } else if (format != NULL) {
        (void)worksheet_write_blank(to->out, row, column, format);
    }
}

static void write_cells(writing *to, const tz_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].text.size > 0)
            write_cell(to, (lxw_row_t)(row->row_no - 1), (lxw_col_t)i, &row->cells[i], NULL);
}

/* Merged areas first: their text is written into them afterwards. */
static tz_rc write_merges(writing *to, tz_book *book, size_t index, tz_err *err)
{
    tz_merges merges = {0};
    tz_rc     rc = tz_sheet_merges(to->mem, book, index, &merges, err);

    for (size_t i = 0; rc == TZ_OK && i < merges.count; i++) {
        const tz_merge *area = &merges.items[i];
        if (area->last_row > area->first_row || area->last_column > area->first_column)
            (void)worksheet_merge_range(to->out, (lxw_row_t)(area->first_row - 1), (lxw_col_t)area->first_column,
                                        (lxw_row_t)(area->last_row - 1), (lxw_col_t)area->last_column, "", NULL);
    }
    return rc;
}

static const char *comment_of(tz_arena *mem, const tz_cell_problem *problem)
{
    return tz_arena_printf(mem, "%s%s%s\n%s", problem->stands, problem->stands[0] == '\0' ? "" : "\n", problem->rule, problem->advice);
}

static void mark_problems(writing *to, const tz_row *row)
{
    static const tz_cell EMPTY = {.style = -1};

    for (const tz_cell_problem *problem = tz_problems_of_row(to->mem, &to->problems, row->row_no); problem != NULL;
         problem = tz_problems_next(&to->problems, problem)) {
        const tz_cell      *cell = (size_t)problem->column < row->count ? &row->cells[problem->column] : &EMPTY;
        write_cell(to, (lxw_row_t)(row->row_no - 1), (lxw_col_t)problem->column, cell, problem->is_red ? to->red : to->yellow);
        (void)worksheet_write_comment(to->out, (lxw_row_t)(row->row_no - 1), (lxw_col_t)problem->column, comment_of(to->mem, problem));
    }
}

/* A sheet under its own name as far as Excel takes it: 31 characters, none of []:*?/\\; in an archive a file's path
 * stands before it. Where two come to be the same, and for a text, Excel's next own name: no sheet is left out, since
 * rows are known again by the number of their sheet. */
static lxw_worksheet *add_sheet(tz_arena *mem, lxw_workbook *out, const char *name)
{
    enum { LONGEST_NAME = 31 };
    tz_text tail = tz_text_of(name);
    size_t  at = 0, count = tz_utf8_count(tail);

    for (; count > LONGEST_NAME; count--) /* the end says more than the folders */
        (void)tz_utf8_next(tail, &at);
    char *fit = tz_text_dup(mem, tz_text_cut(tail, at, tail.size));
    for (char *c = fit; *c != '\0'; c++)
        if (strchr("[]:*?/\\", *c) != NULL || *c == '\'')
            *c = '_';
    bool is_free = fit[0] != '\0' && workbook_validate_sheet_name(out, fit) == LXW_NO_ERROR;
    return workbook_add_worksheet(out, is_free ? fit : NULL);
}

static tz_rc write_sheet(writing *to, tz_book *book, size_t index, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;

    TZ_TRY(write_merges(to, book, index, err));
    TZ_TRY(tz_sheet_open(to->mem, book, index, &sheet, err));
    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        write_cells(to, row);
        mark_problems(to, row);
    }
done:
    tz_sheet_close(sheet);
    return rc;
}

tz_rc tz_errors_write(tz_arena *mem, tz_book *book, const json_t *report, const char *corrects, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && book != NULL && report != NULL && corrects != NULL && path != NULL);
    tz_rc         rc = TZ_OK;
    lxw_workbook *out = workbook_new(path);

    if (out == NULL)
        return tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
    lxw_format *red = workbook_add_format(out), *yellow = workbook_add_format(out);
    format_set_bg_color(red, 0xF9D6D3);
    format_set_font_color(red, 0xB3261E);
    format_set_bg_color(yellow, 0xFFF2B3);
    if (corrects[0] != '\0')
        (void)workbook_set_custom_property_string(out, TZ_CORRECTS_PROPERTY, corrects);
    for (size_t i = 0; i < book->sheets.count && rc == TZ_OK; i++) {
        const tz_sheet_info *sheet = &book->sheets.items[i];
        writing to = {.mem = mem, .out = add_sheet(mem, out, sheet->name), .red = red, .yellow = yellow, .is_1904 = sheet->is_1904,
                      .problems = tz_problems_find(mem, report, sheet->name)};
        rc = to.out != NULL ? write_sheet(&to, book, i, err) : tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
    }
    lxw_error failed = workbook_close(out);
    if (rc == TZ_OK && failed != LXW_NO_ERROR)
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", path, lxw_strerror(failed));
    if (rc != TZ_OK)
        (void)unlink(path); /* no half of it, for it names people */
    return rc;
}
