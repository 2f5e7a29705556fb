#include "evidence/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "evidence/kind.h"
#include "evidence/problems.h"
#include "evidence/value.h"

/* How much of a sheet is drawn. */
enum { MOST_SHEETS = 12, MOST_COLUMNS = 40, FIRST_DATA = 8, FIRST_OF_NO_TABLE = 25, LAST_ROWS = 3, MOST_BAD = 100,
       MOST_DOUBTFUL = 40, MOST_OTHERS = 40, MOST_CELL_BYTES = 240 };

/* A row that is drawn. */
typedef struct {
    int64_t     row_no;
    const char *kind;
    int64_t     skipped; /* rows before it that are not drawn */
    const char **texts;  /* by column, NULL: nothing stands there */
    size_t      count;
} drawn_row;

typedef struct {
    tz_arena         *mem;
    tz_book          *book;
    size_t            index;
    const tz_tables  *tables;
    tz_kinds         *kinds;     /* by table */
    tz_merges         merges;    /* in order of their first rows */
    tz_sheet_problems problems;
    struct { drawn_row *items; size_t count; size_t room; } rows;
    drawn_row         aside[LAST_ROWS]; /* the newest that are not drawn, in turn */
    tz_arena          aside_mem[LAST_ROWS];
    size_t            aside_count;      /* since the last drawn one */
    tz_arena          row_mem;          /* reset for each row */
    int64_t           row_count, skipped; /* skipped since the last drawn one */
    int64_t           data, bad, doubtful, others; /* of each that wanted to be drawn */
    size_t            width;
    bool              is_cut;
} drawing;

/* ---- What a row is ---- */

/* The table that a row of the sheet belongs to; of parts side by side the first. SIZE_MAX: none. */
static size_t table_of(const drawing *of, int64_t row_no)
{
    for (size_t i = 0; i < of->tables->count; i++) {
        const tz_understanding *table = &of->tables->items[i];
        if (table->sheet == of->index && row_no >= table->first_row && row_no <= table->until_row)
            return i;
    }
    return SIZE_MAX;
}

static const char *kind_of(drawing *of, size_t table, const tz_row *row)
{
    static const char *const KINDS[] = {[TZ_ROW_DATA] = "data",   [TZ_ROW_BLANK] = "blank",   [TZ_ROW_TOTAL] = "total",
                                        [TZ_ROW_NOTE] = "note",   [TZ_ROW_HEADER] = "header", [TZ_ROW_TITLE] = "title"};
    bool ignored = false;

    if (table == SIZE_MAX)
        return "data";
    const tz_understanding *reading = &of->tables->items[table];
    if (row->row_no <= reading->last_header_row)
        return row->row_no >= reading->header_row ? "header" : tz_row_filled(row) == 0 ? "blank" : "title";
    return KINDS[tz_kind_of(&of->kinds[table], &of->row_mem, row, &ignored)];
}

/* ---- Which rows are drawn ---- */

static const char *text_of(const drawing *of, tz_arena *mem, const tz_cell *cell)
{
    char date[TZ_DATE_TEXT];

    if (cell->text.size == 0)
        return NULL;
    if (tz_cell_day(cell, of->book->sheets.items[of->index].is_1904, date))
        return tz_arena_dup(mem, date);
    if (cell->text.size <= MOST_CELL_BYTES)
        return tz_text_dup(mem, cell->text);
    size_t end = MOST_CELL_BYTES;
    while (end > 0 && ((unsigned char)cell->text.data[end] & 0xC0) == 0x80)
        end--;
    return tz_arena_printf(mem, "%.*s…", (int)end, cell->text.data);
}

static drawn_row row_of(drawing *of, tz_arena *mem, const tz_row *row, const char *kind)
{
    drawn_row drawn = {.row_no = row->row_no, .kind = kind, .count = row->count < MOST_COLUMNS ? row->count : MOST_COLUMNS};

    drawn.texts = tz_new_array(mem, const char *, drawn.count);
    for (size_t i = 0; i < drawn.count; i++)
        drawn.texts[i] = text_of(of, mem, &row->cells[i]);
    for (size_t i = MOST_COLUMNS; i < row->count; i++)
        of->is_cut |= row->cells[i].text.size > 0;
    while (drawn.count > 0 && drawn.texts[drawn.count - 1] == NULL)
        drawn.count--;
    return drawn;
}

static void draw(drawing *of, drawn_row row)
{
    row.skipped = of->skipped;
    of->skipped = 0;
    of->width = row.count > of->width ? row.count : of->width;
    tz_push(of->mem, &of->rows, row);
}

/* The rows of the end may be the last ones: they are drawn when nothing comes behind them. */
static void set_aside(drawing *of, const tz_row *row, const char *kind)
{
    size_t slot = of->aside_count % LAST_ROWS;

    of->skipped += of->aside_count >= LAST_ROWS;
    tz_arena_reset(&of->aside_mem[slot]);
    of->aside[slot] = row_of(of, &of->aside_mem[slot], row, kind);
    of->aside_count++;
}

static size_t aside_kept(const drawing *of)
{
    return of->aside_count < LAST_ROWS ? of->aside_count : LAST_ROWS;
}

static void drop_aside(drawing *of)
{
    of->skipped += (int64_t)aside_kept(of);
    of->aside_count = 0;
}

/* Rows that are left out have a share of their own: thousands of doubtful ones never hide them. */
static bool is_drawn(drawing *of, size_t table, const char *kind, int64_t row_no)
{
    const tz_cell_problem *problem = tz_problems_of_row(&of->row_mem, &of->problems, row_no);
    bool is_data = strcmp(kind, "data") == 0, is_blank = strcmp(kind, "blank") == 0, is_marked = problem != NULL, is_bad = false;

    for (; problem != NULL; problem = tz_problems_next(&of->problems, problem))
        is_bad = is_bad || problem->is_red;
    if (is_bad)
        return of->bad++ < MOST_BAD;
    if (is_marked)
        return of->doubtful++ < MOST_DOUBTFUL;
    if (is_data)
        return of->data++ < (table == SIZE_MAX ? FIRST_OF_NO_TABLE : FIRST_DATA);
    return !is_blank && of->others++ < MOST_OTHERS;
}

static void take_row(drawing *of, const tz_row *row)
{
    size_t      table = table_of(of, row->row_no);
    const char *kind = kind_of(of, table, row);

    of->row_count++;
    if (!is_drawn(of, table, kind, row->row_no)) {
        set_aside(of, row, kind);
        return;
    }
    drop_aside(of);
    draw(of, row_of(of, of->mem, row, kind));
}

static tz_rc read_rows(drawing *of, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;

    TZ_TRY(tz_sheet_open(of->mem, of->book, of->index, &sheet, err));
    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        tz_arena_reset(&of->row_mem);
        take_row(of, row);
    }
    for (size_t i = of->aside_count - aside_kept(of); i < of->aside_count; i++)
        draw(of, of->aside[i % LAST_ROWS]);
done:
    tz_sheet_close(sheet);
    return rc;
}

/* ---- As JSON ---- */

/* How many columns the cell takes in its row; 0 where it lies under a merged one. */
static int span_of(const drawing *of, int64_t row_no, int32_t column)
{
    for (size_t i = 0; i < of->merges.count; i++) {
        const tz_merge *area = &of->merges.items[i];
        if (area->first_row > row_no)
            break;
        if (area->last_row < row_no || column < area->first_column || column > area->last_column)
            continue;
        int32_t last = area->last_column < (int32_t)of->width ? area->last_column : (int32_t)of->width - 1;
        return column == area->first_column ? (int)(last - column + 1) : 0;
    }
    return 1;
}

/* What is wrong in a column of the row; column -1: with the row. */
static void set_mark(const drawing *of, json_t *cell, int64_t row_no, int32_t column)
{
    const tz_cell_problem *found = NULL;

    for (const tz_cell_problem *problem = tz_problems_of_row(of->mem, &of->problems, row_no); problem != NULL;
         problem = tz_problems_next(&of->problems, problem))
        if ((column < 0 ? problem->is_of_row : !problem->is_of_row && problem->column == column) && (found == NULL || problem->is_red))
            found = problem;
    tz_json_set_str(cell, "mark", found == NULL ? NULL : found->is_red ? "bad" : "doubt");
    tz_json_set_str(cell, "say", found == NULL ? NULL : found->advice[0] == '\0' ? found->rule
                                                      : tz_arena_printf(of->mem, "%s;%s", found->rule, found->advice));
}

static json_t *row_json(const drawing *of, const drawn_row *row)
{
    json_t *line = json_object(), *cells = json_array();

    for (int32_t j = 0; j < (int32_t)of->width; j++) {
        int span = span_of(of, row->row_no, j);
        if (span == 0)
            continue;
        json_t *cell = json_object();
        (void)json_object_set_new(cell, "text", tz_json_text(tz_text_of((size_t)j < row->count ? row->texts[j] : NULL)));
        tz_json_set_int(cell, "span", span);
        set_mark(of, cell, row->row_no, j);
        (void)json_array_append_new(cells, cell);
    }
    tz_json_set_int(line, "row", row->row_no);
    tz_json_set_str(line, "kind", row->kind);
    tz_json_set_int(line, "skipped", row->skipped);
    set_mark(of, line, row->row_no, -1);
    (void)json_object_set_new(line, "cells", cells);
    return line;
}

/* What a column of the sheet is taken for, by the first of its tables that takes it. */
static const tz_column *column_of(const drawing *of, int32_t sheet_column)
{
    for (size_t i = 0; i < of->tables->count; i++) {
        const tz_understanding *table = &of->tables->items[i];
        for (size_t j = 0; table->sheet == of->index && j < table->columns.count; j++)
            if (table->columns.items[j].sheet_column == sheet_column && table->columns.items[j].column >= 0)
                return &table->reg->columns.items[table->columns.items[j].column];
    }
    return NULL;
}

static json_t *columns_json(const drawing *of)
{
    json_t *columns = json_array();

    for (int32_t j = 0; j < (int32_t)of->width; j++) {
        char             letter[8];
        const tz_column *column = column_of(of, j);
        json_t          *line = json_object();
        tz_column_letters(j, letter);
        tz_json_set_str(line, "letter", letter);
        tz_json_set_str(line, "column", column == NULL ? NULL : column->name);
        tz_json_set_str(line, "title", column == NULL ? NULL : column->title);
        (void)json_array_append_new(columns, line);
    }
    return columns;
}

static json_t *sheet_json(const drawing *of)
{
    json_t     *sheet = json_object(), *lines = json_array();
    const char *name = NULL;

    for (size_t i = of->tables->count; i > 0; i--)
        if (of->tables->items[i - 1].sheet == of->index)
            name = of->tables->items[i - 1].reg->name;
    for (size_t i = 0; i < of->rows.count; i++)
        (void)json_array_append_new(lines, row_json(of, &of->rows.items[i]));
    tz_json_set_str(sheet, "sheet", of->book->sheets.items[of->index].name);
    tz_json_set_str(sheet, "register", name);
    tz_json_set_int(sheet, "rows", of->row_count);
    tz_json_set_int(sheet, "shown", (int64_t)of->rows.count);
    tz_json_set_int(sheet, "skipped", of->skipped);
    (void)json_object_set_new(sheet, "is_cut", json_boolean(of->is_cut));
    (void)json_object_set_new(sheet, "columns", columns_json(of));
    (void)json_object_set_new(sheet, "lines", lines);
    return sheet;
}

/* ---- A sheet ---- */

static int compare_areas(const void *a, const void *b)
{
    const tz_merge *x = a, *y = b;
    return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

/* A file lists its merged areas as they were made. */
static tz_rc find_merges(drawing *of, tz_err *err)
{
    tz_merges found = {0};
    tz_rc     rc = tz_sheet_merges(of->mem, of->book, of->index, &found, err);

    for (size_t i = 0; rc == TZ_OK && i < found.count; i++)
        tz_push(of->mem, &of->merges, found.items[i]);
    if (of->merges.count > 1)
        qsort(of->merges.items, of->merges.count, sizeof of->merges.items[0], compare_areas);
    return rc;
}

static tz_rc draw_sheet(tz_arena *mem, tz_book *book, size_t index, const tz_tables *tables, const json_t *report, json_t *sheets, tz_err *err)
{
    drawing of = {.mem = mem, .book = book, .index = index, .tables = tables};
    tz_rc   rc = find_merges(&of, err);

    if (rc != TZ_OK)
        return rc;
    of.problems = tz_problems_find(mem, report, book->sheets.items[index].name);
    of.kinds = tz_new_array(mem, tz_kinds, tables->count + 1);
    for (size_t i = 0; i < tables->count; i++)
        if (tables->items[i].sheet == index)
            of.kinds[i] = tz_kinds_of(mem, &tables->items[i], &of.merges);
    rc = read_rows(&of, err);
    if (rc == TZ_OK)
        (void)json_array_append_new(sheets, sheet_json(&of));
    for (size_t i = 0; i < LAST_ROWS; i++)
        tz_arena_free(&of.aside_mem[i]);
    tz_arena_free(&of.row_mem);
    return rc;
}

tz_rc tz_drawing_make(tz_arena *mem, tz_book *book, const tz_tables *tables, const json_t *report, json_t **ret_sheets, tz_err *err)
{
    tz_assert(mem != NULL && book != NULL && tables != NULL && report != NULL && ret_sheets != NULL);
    tz_rc   rc = TZ_OK;
    json_t *sheets = json_array();

    for (size_t i = 0; i < book->sheets.count && json_array_size(sheets) < MOST_SHEETS; i++)
        if (book->sheets.items[i].refused == NULL)
            TZ_TRY(draw_sheet(mem, book, i, tables, report, sheets, err));
    *ret_sheets = json_incref(sheets);
done:
    json_decref(sheets);
    return rc;
}
