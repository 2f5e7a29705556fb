#include "report/xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "report/faces.h"
#include "report/picture.h"

enum { SHEET_ROWS = 1048575, CHUNK = 5000, NAME_CHARACTERS = 31, MAX_PLACES = 6, A3 = 8, A4 = 9, PICTURE_SCALE = 2, ROW_PIXELS = 20 };

typedef struct {
    tz_arena          *mem;
    const tz_document *doc;
    lxw_workbook      *book;
    lxw_format *title, *head, *text, *whole, *date, *link, *decimals[MAX_PLACES + 1], *levels[3];
    TZ_ARRAY(const char *) names; /* of the sheets, to keep them apart */
} writing;

/* ---- Formats ---- */

static lxw_format *new_format(writing *to, const char *number_format)
{
    lxw_format *format = workbook_add_format(to->book);
    format_set_font_name(format, "宋体");
    format_set_font_size(format, 11);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (number_format != NULL)
        format_set_num_format(format, number_format);
    return format;
}

static void make_formats(writing *to)
{
    static const lxw_color_t LEVELS[] = {0xB3261E, 0xB25900, 0x8A6D00};

    to->title = workbook_add_format(to->book);
    format_set_font_name(to->title, "方正小标宋简体");
    format_set_font_size(to->title, 18);
    format_set_align(to->title, LXW_ALIGN_CENTER);
    to->head = new_format(to, NULL);
    format_set_font_name(to->head, "黑体");
    format_set_align(to->head, LXW_ALIGN_CENTER);
    format_set_text_wrap(to->head);
    to->text = new_format(to, "@");
    format_set_text_wrap(to->text);
    to->whole = new_format(to, "#,##0");
    to->date = new_format(to, "yyyy-mm-dd");
    to->link = new_format(to, NULL);
    format_set_font_color(to->link, 0x1F5C57);
    format_set_underline(to->link, LXW_UNDERLINE_SINGLE);
    for (int i = 0; i <= MAX_PLACES; i++)
        to->decimals[i] = new_format(to, i == 0 ? "#,##0" : tz_arena_printf(to->mem, "#,##0.%0*d", i, 0));
    for (size_t i = 0; i < 3; i++) {
        to->levels[i] = new_format(to, NULL);
        format_set_font_color(to->levels[i], LEVELS[i]);
    }
}

static const char *half(const writing *to, const char *both)
{
    return tz_doc_half(to->doc, both);
}

/* ---- Sheets ---- */

static bool is_taken(const writing *to, const char *name)
{
    for (size_t i = 0; i < to->names.count; i++)
        if (strcmp(to->names.items[i], name) == 0)
            return true;
    return false;
}

/* A sheet's name has no []:*?/\ and 31 characters at most; names differ. */
static const char *sheet_name(writing *to, const char *wanted)
{
    tz_buf  out = tz_buf_init(to->mem, 0);
    tz_text text = tz_text_of(wanted);
    char    one[4];
    size_t  count = 0;

    for (size_t at = 0; at < text.size && count < NAME_CHARACTERS - 4; count++) {
        int32_t c = tz_utf8_next(text, &at);
        if (c < 0x20 || c > 0xFFFF || (c < 0x80 && strchr("[]:*?/\\'", c) != NULL))
            c = '_';
        tz_buf_put(&out, (tz_text){one, tz_utf8_put(c, one)});
    }
    const char *name = count == 0 ? "_" : tz_buf_str(&out);
    for (int i = 2; is_taken(to, name); i++)
        name = tz_arena_printf(to->mem, "%s %d", tz_buf_str(&out), i);
    tz_push(to->mem, &to->names, name);
    return name;
}

static lxw_worksheet *new_sheet(writing *to, const char *name)
{
    lxw_worksheet *sheet = workbook_add_worksheet(to->book, name);
    tz_assert(sheet != NULL); /* the name was made to fit */
    worksheet_set_paper(sheet, A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, "&C&P / &N");
    return sheet;
}

static void put_string(lxw_worksheet *sheet, lxw_row_t row, size_t column, const char *text, lxw_format *format)
{
    if (worksheet_write_string(sheet, row, (lxw_col_t)column, text, format) == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
        (void)worksheet_write_string(sheet, row, (lxw_col_t)column, "…", format);
}

/* Numbers as numbers where the text is one: a count that is not to be had is a word. */
static void put_number(lxw_worksheet *sheet, lxw_row_t row, size_t column, const char *text, lxw_format *number, lxw_format *words)
{
    char  *end = NULL;
    double value = strtod(text, &end);

    if (end == text || *end != '\0')
        put_string(sheet, row, column, text, words);
    else
        (void)worksheet_write_number(sheet, row, (lxw_col_t)column, value, number);
}

static void put_date(writing *to, lxw_worksheet *sheet, lxw_row_t row, size_t column, const char *text)
{
    int32_t ymd = 0;

    if (!tz_date_parse_iso(tz_text_of(text), &ymd)) {
        put_string(sheet, row, column, text, to->text);
        return;
    }
    lxw_datetime day = {.year = ymd / 10000, .month = ymd / 100 % 100, .day = ymd % 100};
    (void)worksheet_write_datetime(sheet, row, (lxw_col_t)column, &day, to->date);
}

static void put_cell(writing *to, lxw_worksheet *sheet, lxw_row_t row, size_t c, const tz_table_column *column,
                     const tz_table_cell *cell)
{
    int         places = column->places < MAX_PLACES ? column->places : MAX_PLACES;
    const char *text = cell->text;

    switch (column->type) {
    case TZ_COLUMN_INT: put_number(sheet, row, c, text, to->whole, to->text); return;
    case TZ_COLUMN_DECIMAL: put_number(sheet, row, c, text, to->decimals[places], to->text); return;
    case TZ_COLUMN_DATE: put_date(to, sheet, row, c, text); return;
    case TZ_COLUMN_LEVEL:
        put_string(sheet, row, c, tz_level_words(text, to->doc->lang),
                   to->levels[strcmp(text, "red") == 0 ? 0 : strcmp(text, "orange") == 0 ? 1 : 2]);
        return;
    case TZ_COLUMN_TEXT: break;
    }
    if (cell->note != NULL && cell->note[0] != '\0')
        text = tz_arena_printf(to->mem, "%s\n%s", text, cell->note);
    put_string(sheet, row, c, text, to->text);
}

/* Head, width and filter of a table whose head stands in row. */
static void put_head(writing *to, lxw_worksheet *sheet, lxw_row_t row, const tz_table *table, size_t rows)
{
    size_t columns = table->columns.count;

    for (size_t c = 0; c < columns; c++) {
        double width = 6 + 4 * table->columns.items[c].weight;
        (void)worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, width < 80 ? width : 80, NULL);
        put_string(sheet, row, c, table->columns.items[c].title, to->head);
    }
    worksheet_freeze_panes(sheet, row + 1, 0);
    (void)worksheet_repeat_rows(sheet, 0, row);
    if (rows > 0)
        (void)worksheet_autofilter(sheet, row, 0, row + (lxw_row_t)rows, (lxw_col_t)(columns - 1));
}

/* A ledger has its title above and lies across on A3, as offices print it. */
static void put_table(writing *to, const tz_table *table)
{
    const char    *name = sheet_name(to, table->title[0] != '\0' ? table->title : table->id);
    lxw_worksheet *sheet = new_sheet(to, name);
    size_t         rows = tz_table_rows(table), columns = table->columns.count;
    lxw_row_t      head = table->is_ledger ? 1 : 0;

    if (table->is_ledger) {
        worksheet_set_landscape(sheet);
        worksheet_set_paper(sheet, A3);
        (void)worksheet_set_row(sheet, 0, 30, NULL);
        if (columns > 1)
            (void)worksheet_merge_range(sheet, 0, 0, 0, (lxw_col_t)(columns - 1), table->title, to->title);
    }
    rows = rows < SHEET_ROWS - 1 ? rows : SHEET_ROWS - 1;
    put_head(to, sheet, head, table, rows);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            put_cell(to, sheet, head + 1 + (lxw_row_t)r, c, &table->columns.items[c], tz_table_at(table, r, c));
}

/* All pictures below each other on one sheet. */
static void put_pictures(writing *to)
{
    lxw_worksheet *sheet = NULL;
    lxw_row_t      row = 0;

    for (size_t i = 0; i < to->doc->blocks.count; i++) {
        const tz_block *block = to->doc->blocks.items[i];
        if (block->kind != TZ_BLOCK_PICTURE)
            continue;
        if (sheet == NULL)
            sheet = new_sheet(to, sheet_name(to, half(to, "图|pictures")));
        tz_scene scene = tz_picture_scene(to->mem, block->picture);
        tz_text  png = tz_scene_png(to->mem, &scene, tz_face_get(TZ_FACE_HEI)->families, PICTURE_SCALE);
        lxw_image_options options = {.x_scale = 1.0 / PICTURE_SCALE, .y_scale = 1.0 / PICTURE_SCALE};
        put_string(sheet, row, 0, tz_block_text(to->mem, block), NULL);
        (void)worksheet_insert_image_buffer_opt(sheet, row + 1, 0, (const unsigned char *)png.data, png.size, &options);
        row += (lxw_row_t)(scene.height / ROW_PIXELS) + 4;
    }
}

/* ---- Figures and their rows ---- */

/* Rows stand behind each other on one sheet, a line a row: where a figure's first row is. */
static const char *rows_place(const writing *to, size_t index)
{
    size_t sheet = index / SHEET_ROWS, row = index % SHEET_ROWS + 2;
    const char *name = half(to, "出处|rows");
    return sheet == 0 ? tz_arena_printf(to->mem, "internal:'%s'!A%zu", name, row)
                      : tz_arena_printf(to->mem, "internal:'%s %zu'!A%zu", name, sheet + 1, row);
}

static tz_table *figure_table(writing *to)
{
    static const struct { const char *title; tz_column_type type; int weight; } COLUMNS[] = {
        {"序号|no.", TZ_COLUMN_INT, 1},        {"指标|figure", TZ_COLUMN_TEXT, 6},     {"数值|value", TZ_COLUMN_DECIMAL, 3},
        {"单位|unit", TZ_COLUMN_TEXT, 1},      {"印作|printed", TZ_COLUMN_TEXT, 3},    {"类别|kind", TZ_COLUMN_TEXT, 2},
        {"时点|as of", TZ_COLUMN_DATE, 2},     {"依据行数|rows", TZ_COLUMN_INT, 2},    {"查看行数|looked at", TZ_COLUMN_INT, 2},
        {"定义|definition", TZ_COLUMN_TEXT, 12}, {"名称|name", TZ_COLUMN_TEXT, 4},     {"编码|code", TZ_COLUMN_TEXT, 4},
        {"算法|query", TZ_COLUMN_TEXT, 12},    {"规则包和批次|pack and batches", TZ_COLUMN_TEXT, 12}};
    tz_table *table = tz_table_new(to->mem, "figures", half(to, "指标|figures"));

    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++)
        tz_table_column_add(to->mem, table, half(to, COLUMNS[i].title), COLUMNS[i].type, COLUMNS[i].weight);
    return table;
}

static void put_figure(writing *to, lxw_worksheet *sheet, lxw_row_t row, const tz_doc_figure *figure, size_t first)
{
    int         places = figure->places < 0 ? 0 : figure->places < MAX_PLACES ? figure->places : MAX_PLACES;
    const char *texts[] = {figure->definition, figure->name, figure->code, figure->query, figure->basis};

    (void)worksheet_write_number(sheet, row, 0, figure->number, to->whole);
    put_string(sheet, row, 1, figure->title, to->text);
    put_number(sheet, row, 2, figure->value == NULL ? "" : figure->value, to->decimals[places], to->text);
    put_string(sheet, row, 3, figure->unit, to->text);
    put_string(sheet, row, 4, figure->why_not != NULL ? figure->why_not : figure->printed, to->text);
    put_string(sheet, row, 5, figure->kind, to->text);
    put_date(to, sheet, row, 6, to->doc->as_of);
    if (figure->row_count > 0 && to->doc->load_rows != NULL)
        (void)worksheet_write_url_opt(sheet, row, 7, rows_place(to, first), to->link,
                                      tz_arena_printf(to->mem, "%zu", figure->row_count), NULL);
    else
        (void)worksheet_write_number(sheet, row, 7, (double)figure->row_count, to->whole);
    (void)worksheet_write_number(sheet, row, 8, (double)figure->looked_at, to->whole);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        put_string(sheet, row, 9 + i, texts[i], to->text);
}

static void put_figures(writing *to)
{
    tz_table      *table = figure_table(to);
    lxw_worksheet *sheet = new_sheet(to, sheet_name(to, table->title));
    size_t         first = 0;

    worksheet_set_landscape(sheet);
    put_head(to, sheet, 0, table, to->doc->figures.count);
    for (size_t i = 0; i < to->doc->figures.count; i++) {
        put_figure(to, sheet, (lxw_row_t)i + 1, to->doc->figures.items[i], first);
        first += to->doc->figures.items[i]->row_count;
    }
}

/* The sheet of the row at index, with its head when it is new. */
static lxw_worksheet *rows_sheet(writing *to, const tz_table *rows, size_t total, size_t index)
{
    size_t         left = total - index < SHEET_ROWS ? total - index : SHEET_ROWS;
    lxw_worksheet *sheet = new_sheet(to, sheet_name(to, half(to, "出处|rows")));
    tz_table      *head = tz_table_new(to->mem, "rows", "");

    tz_table_column_add(to->mem, head, half(to, "指标|figure"), TZ_COLUMN_TEXT, 3);
    for (size_t c = 0; c < rows->columns.count; c++)
        tz_push(to->mem, &head->columns, rows->columns.items[c]);
    put_head(to, sheet, 0, head, left);
    return sheet;
}

static void put_chunk(writing *to, const tz_doc_figure *figure, const tz_table *rows, size_t total, size_t *index,
                      lxw_worksheet **sheet)
{
    for (size_t r = 0; r < tz_table_rows(rows); r++, (*index)++) {
        lxw_row_t row = (lxw_row_t)(*index % SHEET_ROWS) + 1;
        if (row == 1)
            *sheet = rows_sheet(to, rows, total, *index);
        put_string(*sheet, row, 0, figure->name, to->text);
        for (size_t c = 0; c < rows->columns.count; c++)
            put_cell(to, *sheet, row, c + 1, &rows->columns.items[c], tz_table_at(rows, r, c));
    }
}

static tz_rc put_rows(writing *to, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_arena       chunk = {0};
    size_t         total = 0, index = 0;
    lxw_worksheet *sheet = NULL;

    for (size_t i = 0; i < to->doc->figures.count; i++)
        total += to->doc->figures.items[i]->row_count;
    for (size_t i = 0; to->doc->load_rows != NULL && i < to->doc->figures.count; i++) {
        const tz_doc_figure *figure = to->doc->figures.items[i];
        for (size_t from = 0; from < figure->row_count; from += CHUNK) {
            tz_table *rows = NULL;
            tz_arena_reset(&chunk);
            TZ_TRY(to->doc->load_rows(to->doc->context, &chunk, figure, from, CHUNK, &rows, err));
            put_chunk(to, figure, rows, total, &index, &sheet);
        }
    }
done:
    tz_arena_free(&chunk);
    return rc;
}

/* ---- The workbook ---- */

/* The first sheet: what the workbook is, and a link to each of the others. */
static void put_contents(writing *to, lxw_worksheet *sheet, size_t first)
{
    lxw_row_t row = 0;

    (void)worksheet_set_column(sheet, 0, 0, 60, NULL);
    put_string(sheet, row++, 0, to->doc->title, to->title);
    put_string(sheet, row++, 0, tz_arena_printf(to->mem, "%s %s", half(to, "数据时点|as of"), to->doc->as_of), NULL);
    row++;
    for (size_t i = first; i < to->names.count; i++)
        (void)worksheet_write_url_opt(sheet, row++, 0, tz_arena_printf(to->mem, "internal:'%s'!A1", to->names.items[i]), to->link,
                                      to->names.items[i], NULL);
    put_string(sheet, row + 1, 0, to->doc->provenance, NULL);
}

static void set_properties(writing *to)
{
    int32_t            day = 20000101;
    lxw_doc_properties properties = {.title = tz_arena_dup(to->mem, to->doc->title), .author = tz_arena_dup(to->mem, to->doc->county),
                                     .comments = tz_arena_dup(to->mem, to->doc->provenance)};

    (void)tz_date_parse_iso(tz_text_of(to->doc->as_of), &day);
    properties.created = (time_t)tz_date_days(day) * 86400; /* else the library takes the clock's */
    (void)workbook_set_properties(to->book, &properties);
}

static tz_rc fill(writing *to, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    lxw_worksheet *contents = new_sheet(to, sheet_name(to, half(to, "目录|contents")));

    put_figures(to);
    for (size_t i = 0; i < to->doc->blocks.count; i++)
        if (to->doc->blocks.items[i]->kind == TZ_BLOCK_TABLE)
            put_table(to, to->doc->blocks.items[i]->table);
    for (size_t i = 0; i < to->doc->ledgers.count; i++)
        put_table(to, to->doc->ledgers.items[i]);
    put_pictures(to);
    TZ_TRY(put_rows(to, err));
    put_contents(to, contents, 1);
done:
    return rc;
}

tz_rc tz_xlsx_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && path != NULL);
    tz_rc                rc = TZ_OK;
    const char          *staged = tz_file_staging(mem, path);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    writing              to = {.mem = mem, .doc = doc, .book = workbook_new_opt(staged, &options)};

    if (to.book == NULL)
        return tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", tz_file_base(path));
    make_formats(&to);
    set_properties(&to);
    rc = fill(&to, err);
    lxw_error failed = workbook_close(to.book);
    if (rc == TZ_OK && failed != LXW_NO_ERROR)
        rc = tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", tz_file_base(path), lxw_strerror(failed));
    if (rc == TZ_OK)
        rc = tz_file_commit(staged, path, 0644, err);
    if (rc != TZ_OK)
        (void)unlink(staged);
    return rc;
}
