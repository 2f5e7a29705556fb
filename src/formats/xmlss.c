/* xmlss - XML Spreadsheet 2003, which many systems save under the name .xls. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/map.h"
#include "formats/inside.h"
#include "formats/number.h"
#include "formats/part.h"
#include "formats/rowbuf.h"

enum { MOST_STYLES = 65536, MOST_MERGES = 1000000 };

typedef struct {
    struct { const char **items; size_t count; size_t room; } formats; /* by style */
    tz_map styles; /* ss:ID -> 1-based index into formats */
} xmlss_book;

/* The named formats of the schema, as codes; a code stands for itself. */
static const char *format_code(tz_arena *mem, const char *name)
{
    static const struct {
        const char *name, *code;
    } NAMES[] = {
        {"General Date", "m/d/yy h:mm"}, {"Long Date", "d-mmm-yy"},     {"Medium Date", "d-mmm-yy"},
        {"Short Date", "yyyy-mm-dd"},    {"Long Time", "h:mm:ss"},      {"Medium Time", "h:mm AM/PM"},
        {"Short Time", "h:mm"},          {"Percent", "0.00%"},          {"Fixed", "0.00"},
        {"Standard", "#,##0.00"},        {"General Number", "General"},
    };

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (strcmp(NAMES[i].name, name) == 0)
            return NAMES[i].code;
    return tz_arena_dup(mem, name);
}

/* A 1-based number of an attribute, or `otherwise` when it is absent; past most: -1. */
static int64_t number_of(const char **attributes, const char *name, int64_t otherwise, int64_t most)
{
    const char *text = tz_part_attribute(attributes, name);
    int64_t     value = 0;

    if (text == NULL)
        return otherwise;
    return tz_text_int(tz_text_of(text), &value) && value >= 0 && value <= most ? value : -1;
}

/* Where a <Row> stands, and how many rows beyond itself it stands for: both in and out. False: past TZ_MAX_ROWS. */
static bool place_row(const char **attributes, int64_t *row_no, int64_t *span)
{
    *row_no = number_of(attributes, "Index", *row_no + *span + 1, TZ_MAX_ROWS);
    *span = number_of(attributes, "Span", 0, TZ_MAX_ROWS);
    return *row_no >= 1 && *span >= 0 && *row_no + *span <= TZ_MAX_ROWS;
}

static bool is_set(const char **attributes, const char *name)
{
    const char *text = tz_part_attribute(attributes, name);
    return text != NULL && strcmp(text, "1") == 0;
}

/* ---- One pass for what stands around the rows: sheets, styles, merged areas, hidden columns ---- */

/* What is kept of a sheet. */
typedef struct {
    tz_merges merges;
    tz_spans  hidden;
    int64_t   row_no, span; /* span: rows that the row stands for beyond itself */
    int32_t   column, next_column;
} sheet_shape;

typedef struct {
    tz_arena    *mem;
    tz_book     *book;
    xmlss_book  *own;
    tz_part     *part;
    sheet_shape *shape; /* of the sheet wanted; NULL: sheets and styles are */
    int64_t      wanted, sheet;
    const char  *style; /* ss:ID that is being read */
    tz_buf       text;  /* of Visible */
    bool         is_visible;
} shape_reading;

static void shape_style(shape_reading *from, const char *name, const char **attributes)
{
    if (strcmp(name, "Style") == 0) {
        const char *id = tz_part_attribute(attributes, "ID");
        from->style = id == NULL ? NULL : tz_arena_dup(from->mem, id);
    } else if (strcmp(name, "NumberFormat") == 0 && from->style != NULL && from->own->formats.count < MOST_STYLES) {
        const char *format = tz_part_attribute(attributes, "Format");
        tz_push(from->mem, &from->own->formats, format == NULL ? "General" : format_code(from->mem, format));
        tz_map_put(&from->own->styles, tz_text_of(from->style), NULL)->value = (int64_t)from->own->formats.count;
    } else if (strcmp(name, "Worksheet") == 0) {
        const char *title = tz_part_attribute(attributes, "Name");
        if (from->book->sheets.count == TZ_MAX_SHEETS)
            tz_part_stop(from->part, TZ_LIMIT);
        else
            tz_push(from->mem, &from->book->sheets,
                    (tz_sheet_info){.name = tz_arena_dup(from->mem, title == NULL ? "" : title)});
    }
    from->book->is_1904 |= strcmp(name, "Date1904") == 0;
    from->is_visible = strcmp(name, "Visible") == 0;
    if (from->is_visible)
        tz_buf_reset(&from->text);
}

static void shape_cell(shape_reading *from, const char **attributes)
{
    sheet_shape *shape = from->shape;
    int64_t      column = number_of(attributes, "Index", shape->next_column + 1, TZ_MAX_COLUMNS);
    int64_t      across = number_of(attributes, "MergeAcross", 0, TZ_MAX_COLUMNS - 1);
    int64_t      down = number_of(attributes, "MergeDown", 0, TZ_MAX_ROWS);

    if (column < 1 || across < 0 || down < 0 || column + across > TZ_MAX_COLUMNS ||
        shape->row_no + down > TZ_MAX_ROWS) {
        tz_part_stop(from->part, TZ_LIMIT);
        return;
    }
    shape->next_column = (int32_t)(column + across);
    if ((across > 0 || down > 0) && shape->merges.count < MOST_MERGES)
        tz_push(from->mem, &shape->merges, (tz_merge){.first_row = shape->row_no, .last_row = shape->row_no + down,
                .first_column = (int32_t)column - 1, .last_column = (int32_t)(column + across) - 1});
}

static void shape_column(shape_reading *from, const char **attributes)
{
    sheet_shape *shape = from->shape;
    int64_t      column = number_of(attributes, "Index", shape->column + 1, TZ_MAX_COLUMNS);
    int64_t      span = number_of(attributes, "Span", 0, TZ_MAX_COLUMNS - 1);

    if (column < 1 || span < 0 || column + span > TZ_MAX_COLUMNS) {
        tz_part_stop(from->part, TZ_LIMIT);
        return;
    }
    shape->column = (int32_t)(column + span);
    if (is_set(attributes, "Hidden") && shape->hidden.count < TZ_MAX_COLUMNS)
        tz_push(from->mem, &shape->hidden, (tz_span){(int32_t)column - 1, (int32_t)(column + span) - 1});
}

static void shape_start(void *context, const char *name, const char **attributes)
{
    shape_reading *from = context;

    if (strcmp(name, "Worksheet") == 0)
        from->sheet++;
    if (from->shape == NULL) {
        shape_style(from, name, attributes);
        return;
    }
    if (from->sheet != from->wanted)
        return;
    if (strcmp(name, "Row") == 0) {
        if (!place_row(attributes, &from->shape->row_no, &from->shape->span))
            tz_part_stop(from->part, TZ_LIMIT);
        from->shape->next_column = 0;
    } else if (strcmp(name, "Cell") == 0) {
        shape_cell(from, attributes);
    } else if (strcmp(name, "Column") == 0) {
        shape_column(from, attributes);
    }
}

static void shape_text(void *context, const char *text, int size)
{
    shape_reading *from = context;
    if (from->is_visible)
        tz_buf_put(&from->text, (tz_text){text, (size_t)size});
}

static void shape_end(void *context, const char *name)
{
    shape_reading *from = context;

    if (from->is_visible && strcmp(name, "Visible") == 0 && from->book->sheets.count > 0)
        from->book->sheets.items[from->book->sheets.count - 1].is_hidden =
            tz_text_starts(tz_text_trim(tz_buf_text(&from->text)), TZ_TEXT("SheetHidden")) ||
            tz_text_starts(tz_text_trim(tz_buf_text(&from->text)), TZ_TEXT("SheetVeryHidden"));
    if (strcmp(name, "Style") == 0)
        from->style = NULL;
    from->is_visible = false;
}

static tz_rc open_part(tz_arena *mem, tz_book *book, const tz_part_handler *handler, tz_part **ret_part, tz_err *err)
{
    tz_decoder *decoder = NULL;
    tz_rc       rc = tz_decoder_open(mem, &book->inside->source, &book->inside->encoding, &decoder, err);

    if (rc == TZ_OK)
        rc = tz_part_open_text(mem, decoder, handler, ret_part, err);
    if (rc != TZ_OK)
        tz_decoder_close(decoder);
    return rc;
}

static tz_rc read_shape(tz_arena *mem, tz_book *book, int64_t wanted, sheet_shape *shape, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    bool          is_done = false;
    shape_reading from = {.mem = mem,
                          .book = book,
                          .own = book->inside->own,
                          .shape = shape,
                          .wanted = wanted,
                          .sheet = -1,
                          .text = tz_buf_init(mem, 256)};
    const tz_part_handler handler = {.start = shape_start, .end = shape_end, .text = shape_text, .context = &from};

    TZ_TRY(open_part(mem, book, &handler, &from.part, err));
    while (!is_done)
        TZ_TRY(tz_part_read(from.part, &is_done, err));
done:
    tz_part_close(from.part);
    return rc;
}

static tz_rc xmlss_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    sheet_shape shape = {0};
    tz_rc       rc = read_shape(mem, book, (int64_t)index, &shape, err);

    if (rc == TZ_OK)
        *ret_merges = shape.merges;
    return rc;
}

static tz_rc xmlss_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err)
{
    sheet_shape shape = {0};
    tz_rc       rc = read_shape(mem, book, (int64_t)index, &shape, err);

    if (rc == TZ_OK)
        *ret_spans = shape.hidden;
    return rc;
}

/* ---- Rows ---- */

typedef struct {
    tz_book    *book;
    xmlss_book *own;
    tz_part    *part;
    tz_part_handler handler;
    int64_t     wanted, sheet;
    tz_rowbuf   cells;
    tz_row      row;
    int64_t     row_no, span; /* as in sheet_shape */
    int32_t     column, next_column;
    int32_t     row_style, style;
    tz_cell_kind kind;
    bool        is_date, is_row_hidden, is_data, is_cell, is_comment;
    bool        has_row, is_done;
} xmlss_sheet;

static int32_t style_of(const xmlss_sheet *sheet, const char **attributes, int32_t otherwise)
{
    const char         *id = tz_part_attribute(attributes, "StyleID");
    const tz_map_entry *found = id == NULL ? NULL : tz_map_get(&sheet->own->styles, tz_text_of(id));

    return id == NULL ? otherwise : found == NULL ? -1 : (int32_t)found->value - 1;
}

static void start_row(xmlss_sheet *sheet, const char **attributes)
{
    if (!place_row(attributes, &sheet->row_no, &sheet->span))
        tz_part_stop(sheet->part, TZ_LIMIT);
    sheet->next_column = 0;
    sheet->is_row_hidden = is_set(attributes, "Hidden");
    sheet->row_style = style_of(sheet, attributes, -1);
    tz_rowbuf_begin(&sheet->cells);
}

static void start_cell(xmlss_sheet *sheet, const char **attributes)
{
    int64_t column = number_of(attributes, "Index", sheet->next_column + 1, TZ_MAX_COLUMNS);
    int64_t across = number_of(attributes, "MergeAcross", 0, TZ_MAX_COLUMNS - 1);

    sheet->is_cell = column >= 1 && across >= 0 && column + across <= TZ_MAX_COLUMNS;
    if (!sheet->is_cell) {
        tz_part_stop(sheet->part, TZ_LIMIT);
        return;
    }
    sheet->column = (int32_t)column - 1;
    sheet->next_column = (int32_t)(column + across);
    sheet->style = style_of(sheet, attributes, sheet->row_style);
    sheet->kind = TZ_CELL_EMPTY;
    sheet->is_date = false;
    tz_rowbuf_text(&sheet->cells);
}

static void start_data(xmlss_sheet *sheet, const char **attributes)
{
    const char *type = tz_part_attribute(attributes, "Type");

    sheet->is_data = true;
    type = type == NULL ? "String" : type;
    sheet->is_date = strcmp(type, "DateTime") == 0;
    sheet->kind = strcmp(type, "Number") == 0 || sheet->is_date ? TZ_CELL_NUMBER
                  : strcmp(type, "Boolean") == 0                ? TZ_CELL_BOOL
                  : strcmp(type, "Error") == 0                  ? TZ_CELL_ERROR
                                                                : TZ_CELL_TEXT;
}

static void rows_start(void *context, const char *name, const char **attributes)
{
    xmlss_sheet *sheet = context;

    if (strcmp(name, "Worksheet") == 0)
        sheet->sheet++;
    if (sheet->sheet != sheet->wanted)
        return;
    if (strcmp(name, "Row") == 0)
        start_row(sheet, attributes);
    else if (strcmp(name, "Cell") == 0)
        start_cell(sheet, attributes);
    else if (strcmp(name, "Comment") == 0)
        sheet->is_comment = true;
    else if (strcmp(name, "Data") == 0 && sheet->is_cell && !sheet->is_comment)
        start_data(sheet, attributes);
}

static void finish_cell(xmlss_sheet *sheet)
{
    tz_cell cell = {.kind = sheet->kind, .style = sheet->style};
    char    serial[TZ_NUMBER_TEXT];

    sheet->is_cell = false;
    if (sheet->kind == TZ_CELL_EMPTY || tz_rowbuf_get(&sheet->cells).size == 0)
        return;
    if (sheet->is_date) {
        size_t size = tz_serial_text(tz_rowbuf_get(&sheet->cells), sheet->book->is_1904, serial);
        cell.kind = size > 0 ? TZ_CELL_NUMBER : TZ_CELL_TEXT; /* a date that is none keeps its text */
        cell.is_date = size > 0;
        if (size > 0) {
            tz_rowbuf_text(&sheet->cells);
            tz_rowbuf_put(&sheet->cells, (tz_text){serial, size});
        }
    } else if (sheet->kind == TZ_CELL_NUMBER && sheet->style >= 0) {
        cell.is_date = tz_numfmt_is_date(sheet->own->formats.items[sheet->style]);
    }
    tz_rowbuf_cell(&sheet->cells, sheet->column, cell);
}

static void rows_end(void *context, const char *name)
{
    xmlss_sheet *sheet = context;

    if (sheet->sheet != sheet->wanted)
        return;
    if (strcmp(name, "Data") == 0) {
        sheet->is_data = false;
    } else if (strcmp(name, "Comment") == 0) {
        sheet->is_comment = false;
    } else if (strcmp(name, "Cell") == 0 && sheet->is_cell) {
        finish_cell(sheet);
    } else if (strcmp(name, "Row") == 0 && sheet->cells.cells.count > 0) {
        sheet->row = tz_rowbuf_end(&sheet->cells, sheet->row_no);
        sheet->row.is_hidden = sheet->is_row_hidden;
        sheet->has_row = true;
        tz_part_pause(sheet->part);
        if (sheet->cells.padding > TZ_MAX_PADDING_CELLS)
            tz_part_stop(sheet->part, TZ_LIMIT);
    } else if (strcmp(name, "Worksheet") == 0) {
        tz_part_stop(sheet->part, TZ_OK);
    }
}

static void rows_text(void *context, const char *text, int size)
{
    xmlss_sheet *sheet = context;
    if (sheet->is_data)
        tz_rowbuf_put(&sheet->cells, (tz_text){text, (size_t)size});
}

static tz_rc xmlss_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    xmlss_sheet *sheet = tz_new(mem, xmlss_sheet);

    *sheet = (xmlss_sheet){.book = book,
                           .own = book->inside->own,
                           .wanted = (int64_t)index,
                           .sheet = -1,
                           .cells = tz_rowbuf_init(mem)};
    sheet->handler = (tz_part_handler){.start = rows_start, .end = rows_end, .text = rows_text, .context = sheet};
    tz_rc rc = open_part(mem, book, &sheet->handler, &sheet->part, err);
    if (rc == TZ_OK)
        *ret_inside = sheet;
    return rc;
}

static tz_rc xmlss_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    xmlss_sheet *sheet = inside;

    *ret_row = NULL;
    tz_rc rc = tz_part_read_row(sheet->part, &sheet->has_row, &sheet->is_done, err);
    if (rc == TZ_OK && sheet->has_row)
        *ret_row = &sheet->row;
    return rc;
}

static void xmlss_sheet_close(void *inside)
{
    tz_part_close(((xmlss_sheet *)inside)->part);
}

static const char *xmlss_format(const tz_book *book, int32_t style)
{
    const xmlss_book *own = book->inside->own;
    return style >= 0 && (size_t)style < own->formats.count ? own->formats.items[style] : "General";
}

static const tz_reader XMLSS = {.sheet_open = xmlss_sheet_open,
                                .sheet_next = xmlss_sheet_next,
                                .sheet_close = xmlss_sheet_close,
                                .merges = xmlss_merges,
                                .hidden_columns = xmlss_hidden_columns,
                                .format = xmlss_format};

tz_rc tz_xmlss_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    xmlss_book *own = tz_new(mem, xmlss_book);

    own->styles = tz_map_init(mem);
    book->kind = "xml";
    book->inside->own = own;
    tz_rc rc = read_shape(mem, book, -1, NULL, err);
    if (rc != TZ_OK)
        return rc;
    book->inside->reader = &XMLSS;
    return TZ_OK;
}
