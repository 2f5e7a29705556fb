/* xlsx_sheet - the rows of a worksheet as a stream, its merged areas and hidden columns. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "formats/number.h"
#include "formats/rowbuf.h"
#include "formats/xlsx.h"

enum { MOST_MERGES = 1000000 };

typedef struct {
    tz_xlsx  *own;
    tz_part  *part;
    tz_part_handler handler;
    tz_rowbuf cells;
    tz_row    row;
    int64_t   row_no, next_row;
    int32_t   column, next_column;
    tz_cell   cell;
    bool      is_1904;
    char      type;     /* of the cell: n, s (shared), t (text), d (date in ISO 8601), b, e */
    bool      is_row_hidden;
    bool      has_row;  /* a row is complete */
    bool      is_done;
    bool      is_value; /* inside v or t */
    bool      is_cell;
    int       phonetic;
    tz_arena  escapes;  /* reset for each row */
} xlsx_sheet;

static bool is_true(const char *value)
{
    return strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
}

/* "BC12": the 0-based column, or -1. */
static int32_t column_of(const char *reference)
{
    int32_t column = 0;
    size_t  i = 0;

    for (; (reference[i] | 32) >= 'a' && (reference[i] | 32) <= 'z' && i < 4; i++)
        column = column * 26 + ((reference[i] | 32) - 'a' + 1);
    return i == 0 || column > TZ_MAX_COLUMNS ? -1 : column - 1;
}

/* A number of an attribute; 0, which none of them may be, where it is absent, none or past most. */
static int64_t number_of(const char *text, int64_t most)
{
    int64_t value = 0;
    return text != NULL && tz_text_int(tz_text_of(text), &value) && value > 0 && value <= most ? value : 0;
}

static void start_row(xlsx_sheet *sheet, const char **attributes)
{
    const char *number = tz_part_attribute(attributes, "r");
    const char *hidden = tz_part_attribute(attributes, "hidden");

    sheet->row_no = number == NULL ? sheet->next_row : number_of(number, TZ_MAX_ROWS);
    if (sheet->row_no < 1 || sheet->row_no > TZ_MAX_ROWS)
        tz_part_stop(sheet->part, TZ_LIMIT);
    sheet->is_row_hidden = hidden != NULL && is_true(hidden);
    sheet->next_row = sheet->row_no + 1;
    sheet->next_column = 0;
    tz_rowbuf_begin(&sheet->cells);
    tz_arena_reset(&sheet->escapes);
}

/* The letter for a cell's t: "str" and "inlineStr" are texts. */
static char type_of(const char *type)
{
    return type[0] != '\0' && type[1] == '\0' && strchr("nbesd", type[0]) != NULL ? type[0] : 't';
}

static void start_cell(xlsx_sheet *sheet, const char **attributes)
{
    sheet->column = sheet->next_column;
    sheet->cell = (tz_cell){.style = -1};
    sheet->type = 'n';
    for (; attributes[0] != NULL; attributes += 2) {
        if (attributes[0][0] == 'r' && attributes[0][1] == '\0')
            sheet->column = column_of(attributes[1]);
        else if (attributes[0][0] == 's' && attributes[0][1] == '\0')
            sheet->cell.style = atoi(attributes[1]);
        else if (attributes[0][0] == 't' && attributes[0][1] == '\0')
            sheet->type = type_of(attributes[1]);
    }
    sheet->is_cell = sheet->column >= 0 && sheet->column < TZ_MAX_COLUMNS;
    if (!sheet->is_cell)
        tz_part_stop(sheet->part, TZ_LIMIT);
    sheet->next_column = sheet->column + 1;
    tz_rowbuf_text(&sheet->cells);
}

static void sheet_start(void *context, const char *name, const char **attributes)
{
    xlsx_sheet *sheet = context;

    if (name[0] == 'c' && name[1] == '\0')
        start_cell(sheet, attributes);
    else if (name[0] == 'v' && name[1] == '\0')
        sheet->is_value = sheet->is_cell;
    else if (name[0] == 't' && name[1] == '\0')
        sheet->is_value = sheet->is_cell && sheet->phonetic == 0;
    else if (strcmp(name, "row") == 0)
        start_row(sheet, attributes);
    else if (strcmp(name, "rPh") == 0)
        sheet->phonetic++;
}

/* A cell of a shared string names it by its index. */
static tz_text shared_string(const xlsx_sheet *sheet, tz_text index)
{
    int64_t i = 0;
    bool    is_known = tz_text_int(tz_text_trim(index), &i) && i >= 0 && (size_t)i < sheet->own->string_count;

    return is_known ? sheet->own->strings.items[i / TZ_XLSX_CHUNK][i % TZ_XLSX_CHUNK] : TZ_TEXT("");
}

/* A date that strict workbooks write in ISO 8601 becomes the number that others store; what is none stays a text. */
static void finish_date(xlsx_sheet *sheet, tz_text text)
{
    char   serial[TZ_NUMBER_TEXT];
    size_t size = tz_serial_text(tz_text_trim(text), sheet->is_1904, serial);

    sheet->cell.kind = size > 0 ? TZ_CELL_NUMBER : TZ_CELL_TEXT;
    sheet->cell.is_date = size > 0;
    if (size == 0)
        return;
    tz_rowbuf_text(&sheet->cells);
    tz_rowbuf_put(&sheet->cells, (tz_text){serial, size});
}

/* What was collected as a cell of its kind. */
static void finish_cell(xlsx_sheet *sheet)
{
    static const tz_text EMPTY = {"", 0};
    tz_cell *cell = &sheet->cell;
    tz_text  text = tz_rowbuf_get(&sheet->cells);

    sheet->is_cell = false;
    if (text.size == 0)
        return;
    if (sheet->type == 's') {
        cell->kind = TZ_CELL_TEXT;
        cell->text = shared_string(sheet, text);
        cell->text = cell->text.data == NULL ? EMPTY : cell->text;
    } else if (sheet->type == 't') {
        tz_text plain = tz_xlsx_unescape(&sheet->escapes, text);
        cell->kind = TZ_CELL_TEXT;
        cell->text = plain.data == text.data ? (tz_text){0} : plain;
    } else if (sheet->type == 'd') {
        finish_date(sheet, text);
    } else {
        cell->kind = sheet->type == 'b' ? TZ_CELL_BOOL : sheet->type == 'e' ? TZ_CELL_ERROR : TZ_CELL_NUMBER;
        cell->is_date = sheet->type == 'n' && cell->style >= 0 && (size_t)cell->style < sheet->own->styles.count &&
                        sheet->own->styles.items[cell->style].is_date;
    }
    if (cell->text.data == NULL || cell->text.size > 0)
        tz_rowbuf_cell(&sheet->cells, sheet->column, *cell);
}

static void sheet_end(void *context, const char *name)
{
    xlsx_sheet *sheet = context;

    if ((name[0] == 'v' || name[0] == 't') && name[1] == '\0') {
        sheet->is_value = false;
    } else if (name[0] == 'c' && name[1] == '\0') {
        if (sheet->is_cell)
            finish_cell(sheet);
    } else if (strcmp(name, "rPh") == 0) {
        sheet->phonetic--;
    } else if (strcmp(name, "row") == 0 && sheet->cells.cells.count > 0) {
        sheet->row = tz_rowbuf_end(&sheet->cells, sheet->row_no);
        sheet->row.is_hidden = sheet->is_row_hidden;
        sheet->has_row = true;
        tz_part_pause(sheet->part);
        if (sheet->cells.padding > TZ_MAX_PADDING_CELLS)
            tz_part_stop(sheet->part, TZ_LIMIT);
    }
}

static void sheet_text(void *context, const char *text, int size)
{
    xlsx_sheet *sheet = context;
    if (sheet->is_value)
        tz_rowbuf_put(&sheet->cells, (tz_text){text, (size_t)size});
}

/* A relation that names a part the archive lacks is the file's fault. */
static tz_rc open_part(tz_arena *mem, tz_book *book, size_t index, const tz_part_handler *handler,
                       tz_part **ret_part, tz_err *err)
{
    tz_xlsx *own = book->inside->own;
    tz_rc    rc = tz_part_open(mem, own->zip, own->sheets.items[index].path, handler, ret_part, err);

    return rc == TZ_MISSING ? (err->code = TZ_INPUT) : rc;
}

tz_rc tz_xlsx_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    xlsx_sheet *sheet = tz_new(mem, xlsx_sheet);

    *sheet = (xlsx_sheet){
        .own = book->inside->own, .is_1904 = book->is_1904, .next_row = 1, .cells = tz_rowbuf_init(mem)};
    sheet->handler = (tz_part_handler){.start = sheet_start, .end = sheet_end, .text = sheet_text, .context = sheet};
    tz_rc rc = open_part(mem, book, index, &sheet->handler, &sheet->part, err);
    if (rc == TZ_OK)
        *ret_inside = sheet;
    return rc;
}

tz_rc tz_xlsx_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    xlsx_sheet *sheet = inside;

    *ret_row = NULL;
    tz_rc rc = tz_part_read_row(sheet->part, &sheet->has_row, &sheet->is_done, err);
    if (rc == TZ_OK && sheet->has_row)
        *ret_row = &sheet->row;
    return rc;
}

void tz_xlsx_sheet_close(void *inside)
{
    xlsx_sheet *sheet = inside;
    tz_part_close(sheet->part);
    tz_arena_free(&sheet->escapes);
}

/* ---- Merged areas ---- */

/* "B2:D4" */
static bool read_area(const char *reference, tz_merge *ret_area)
{
    const char *colon = strchr(reference, ':');
    if (colon == NULL)
        return false;
    tz_merge area = {.first_column = column_of(reference), .last_column = column_of(colon + 1)};
    const char *row = reference + strcspn(reference, "0123456789:");
    if (!tz_text_int((tz_text){row, (size_t)(colon - row)}, &area.first_row))
        return false;
    area.last_row = number_of(colon + 1 + strcspn(colon + 1, "0123456789"), TZ_MAX_ROWS);
    *ret_area = area;
    return area.first_column >= 0 && area.last_column >= area.first_column && area.first_row > 0 &&
           area.last_row >= area.first_row;
}

typedef struct {
    tz_arena *mem;
    tz_part  *part;
    tz_merges merges;
} merges_reading;

static void merges_start(void *context, const char *name, const char **attributes)
{
    merges_reading *from = context;
    const char     *reference = strcmp(name, "mergeCell") == 0 ? tz_part_attribute(attributes, "ref") : NULL;
    tz_merge        area;

    if (strcmp(name, "sheetData") == 0)
        tz_part_skip(from->part);
    if (reference != NULL && from->merges.count < MOST_MERGES && read_area(reference, &area))
        tz_push(from->mem, &from->merges, area);
}

/* They stand behind the rows: a whole pass, made once and kept. Where the sheet breaks off, what was found
 * before; whoever reads the rows is told. */
tz_rc tz_xlsx_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_xlsx_sheet *place = &((tz_xlsx *)book->inside->own)->sheets.items[index];
    bool           is_done = false;
    merges_reading from = {.mem = book->inside->mem};
    const tz_part_handler handler = {.start = merges_start, .context = &from};

    if (!place->has_merges) {
        tz_err ignored;
        TZ_TRY(open_part(mem, book, index, &handler, &from.part, err));
        while (!is_done && tz_part_read(from.part, &is_done, &ignored) == TZ_OK)
            ;
        place->merges = from.merges;
        place->has_merges = true;
    }
    *ret_merges = place->merges;
done:
    tz_part_close(from.part);
    return rc;
}

/* ---- Hidden columns ---- */

typedef struct {
    tz_arena *mem;
    tz_part  *part;
    tz_spans  spans;
} columns_reading;

static void columns_start(void *context, const char *name, const char **attributes)
{
    columns_reading *from = context;

    if (strcmp(name, "sheetData") == 0)
        tz_part_stop(from->part, TZ_OK); /* columns stand before the rows */
    if (strcmp(name, "col") != 0)
        return;
    const char *hidden = tz_part_attribute(attributes, "hidden");
    int64_t     first = number_of(tz_part_attribute(attributes, "min"), TZ_MAX_COLUMNS);
    int64_t     last = number_of(tz_part_attribute(attributes, "max"), TZ_MAX_COLUMNS);
    if (hidden != NULL && is_true(hidden) && first > 0 && last >= first && from->spans.count < TZ_MAX_COLUMNS)
        tz_push(from->mem, &from->spans, (tz_span){(int32_t)first - 1, (int32_t)last - 1});
}

tz_rc tz_xlsx_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    bool            is_done = false;
    columns_reading from = {.mem = mem};
    const tz_part_handler handler = {.start = columns_start, .context = &from};

    TZ_TRY(open_part(mem, book, index, &handler, &from.part, err));
    while (!is_done)
        TZ_TRY(tz_part_read(from.part, &is_done, err));
    *ret_spans = from.spans;
done:
    tz_part_close(from.part);
    return rc;
}
