#include "evidence/errors.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/map.h"

/* What is wrong with a cell, by its name ("C17"). */
typedef struct {
    int32_t     column;
    const char *comment;
    bool        is_red; /* else it is taken, and marked */
    size_t      next;   /* index + 1 of the next problem of its row, 0 none */
} cell_problem;

/* All problems of a sheet, chained by row. */
typedef struct {
    struct { cell_problem *items; size_t count; size_t room; } all;
    tz_map rows; /* row number as text -> index + 1 of its first problem */
} sheet_problems;

static bool is_line_of(const json_t *line, const char *sheet)
{
    const char *name = tz_json_str(line, "sheet");
    return name == NULL || sheet == NULL ? name == sheet : strcmp(name, sheet) == 0;
}

/* The column of a cell's name; the first for a problem of the whole row. */
static int32_t column_of(const char *cell)
{
    int32_t column = 0;

    for (; cell != NULL && *cell >= 'A' && *cell <= 'Z'; cell++)
        column = column * 26 + (*cell - 'A' + 1);
    return column == 0 ? 0 : column - 1;
}

static void add_problem(tz_arena *mem, sheet_problems *to, const json_t *problem, bool is_red)
{
    const char   *value = tz_json_str(problem, "value");
    const char   *row = tz_arena_printf(mem, "%lld", (long long)tz_json_int(problem, "row", 0));
    tz_map_entry *first = tz_map_put(&to->rows, tz_text_of(row), NULL);
    const char   *stands = value == NULL || value[0] == '\0' ? "" : tz_arena_printf(mem, "%s\n", value);
    cell_problem  one = {.column = column_of(tz_json_str(problem, "cell")), .is_red = is_red, .next = (size_t)first->value};

    one.comment = tz_arena_printf(mem, "%s%s\n%s", stands, tz_json_str(problem, "rule"), tz_json_str(problem, "advice"));
    tz_push(mem, &to->all, one);
    first->value = (int64_t)to->all.count;
}

/* The problems of all tables on a sheet: those that are taken first, so that red covers them. */
static sheet_problems problems_of(tz_arena *mem, const json_t *report, const char *sheet)
{
    sheet_problems to = {.rows = tz_map_init(mem)};
    size_t         i, j;
    json_t        *line, *problem;

    json_array_foreach((json_t *)report, i, line) {
        if (!is_line_of(line, sheet))
            continue;
        json_array_foreach(json_object_get(line, "quarantined"), j, problem)
            add_problem(mem, &to, problem, true);
        json_array_foreach(json_object_get(line, "marked"), j, problem)
            add_problem(mem, &to, problem, false);
    }
    return to;
}

typedef struct {
    tz_arena      *mem;
    lxw_worksheet *out;
    lxw_format    *red, *yellow;
    sheet_problems problems;
    bool           is_1904;
} writing;

/* A cell as it came: a number stays one (else a damaged ID number would come back as a sound text),
 * a date is written as one reads it, an error is left out. */
static void write_cell(writing *to, lxw_row_t row, lxw_col_t column, const tz_cell *cell, lxw_format *format)
{
    const char *text = tz_text_dup(to->mem, cell->text);
    char       *end = NULL, date[TZ_DATE_TEXT];
    int64_t     serial = 0;

    if (cell->kind == TZ_CELL_NUMBER && cell->is_date && tz_text_int(cell->text, &serial) && serial > 60 && serial < 2958466) {
        tz_date_format(tz_date_from_serial(serial, to->is_1904), date);
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

static void mark_problems(writing *to, const tz_row *row)
{
    static const tz_cell EMPTY = {.style = -1};
    const tz_map_entry  *first = tz_map_get(&to->problems.rows, tz_text_of(tz_arena_printf(to->mem, "%lld", (long long)row->row_no)));

    for (size_t at = first == NULL ? 0 : (size_t)first->value; at > 0; at = to->problems.all.items[at - 1].next) {
        const cell_problem *problem = &to->problems.all.items[at - 1];
        const tz_cell      *cell = (size_t)problem->column < row->count ? &row->cells[problem->column] : &EMPTY;
        write_cell(to, (lxw_row_t)(row->row_no - 1), (lxw_col_t)problem->column, cell, problem->is_red ? to->red : to->yellow);
        (void)worksheet_write_comment(to->out, (lxw_row_t)(row->row_no - 1), (lxw_col_t)problem->column, problem->comment);
    }
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
        writing to = {.mem = mem, .red = red, .yellow = yellow, .is_1904 = book->is_1904,
                      .problems = problems_of(mem, report, book->sheets.items[i].name)};
        to.out = workbook_add_worksheet(out, book->sheets.items[i].name);
        if (to.out != NULL)
            rc = write_sheet(&to, book, i, err);
    }
    lxw_error failed = workbook_close(out);
    if (rc == TZ_OK && failed != LXW_NO_ERROR)
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", path, lxw_strerror(failed));
    return rc;
}
