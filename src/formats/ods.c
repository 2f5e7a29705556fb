/* ods - OpenDocument spreadsheets as streams of rows. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/map.h"
#include "formats/inside.h"
#include "formats/number.h"
#include "formats/part.h"
#include "formats/rowbuf.h"

enum { MOST_MERGES = 1000000 };

typedef struct {
    zip_t *zip;
} ods_book;

/* The value types, as the format that a cell of one is shown by. */
typedef enum { STYLE_GENERAL, STYLE_DATE, STYLE_TIME, STYLE_PERCENT } ods_style;
static const char *const FORMATS[] = {"General", "yyyy-mm-dd", "[h]:mm:ss", "0.00%"};

/* How often something is repeated: 1 when it is not said, at most `most`. */
static int64_t repeats(const char **attributes, const char *name, int64_t most)
{
    const char *text = tz_part_attribute(attributes, name);
    int64_t     value = 0;

    if (text == NULL || !tz_text_int(tz_text_of(text), &value) || value < 1)
        return 1;
    return value < most ? value : most;
}

static bool is_shown(const char **attributes)
{
    const char *visibility = tz_part_attribute(attributes, "visibility");
    return visibility == NULL || strcmp(visibility, "visible") == 0;
}

static bool is_cell_name(const char *name)
{
    return strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0;
}

/* What floats over cells or is remarked on them is no content of theirs. */
static bool is_left_out(const char *name)
{
    static const char *const NAMES[] = {"annotation", "shapes",    "frame", "custom-shape", "control", "rect",
                                        "caption",    "ruby-text", "g"};

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (strcmp(name, NAMES[i]) == 0)
            return true;
    return false;
}

/* ---- Where a pass stands: in which table, row and column ---- */

typedef struct {
    int64_t wanted, table; /* 0-based */
    int     depth;         /* of tables: those inside a cell are left out */
    int     left_out;      /* depth of elements that are */
    int64_t row_no, row_repeats;
    int64_t column, cell_repeats;
} place;

/* Follows a start; whether it is of the wanted table. */
static bool place_start(place *at, const char *name, const char **attributes)
{
    if (strcmp(name, "table") == 0 && ++at->depth == 1) {
        at->table++;
        at->row_no = 0;
        at->row_repeats = 1;
        at->column = 0;
        at->cell_repeats = 0;
    }
    at->left_out += is_left_out(name);
    if (at->table != at->wanted || at->depth != 1 || at->left_out > 0)
        return false;
    if (strcmp(name, "table-row") == 0) {
        at->row_no += at->row_no == 0 ? 1 : at->row_repeats;
        at->row_repeats = repeats(attributes, "number-rows-repeated", TZ_MAX_ROWS);
        at->column = 0;
        at->cell_repeats = 0;
    } else if (is_cell_name(name)) {
        at->column += at->cell_repeats;
        at->cell_repeats = repeats(attributes, "number-columns-repeated", TZ_MAX_COLUMNS);
    }
    return true;
}

/* Whether the end is of the wanted table. */
static bool place_end(place *at, const char *name)
{
    bool is_wanted = at->table == at->wanted && at->depth == 1 && at->left_out == 0;

    at->left_out -= is_left_out(name);
    at->depth -= strcmp(name, "table") == 0;
    return is_wanted;
}

static tz_rc open_content(tz_arena *mem, tz_book *book, const tz_part_handler *handler, tz_part **ret_part,
                          tz_err *err)
{
    tz_rc rc = tz_part_open(mem, ((ods_book *)book->inside->own)->zip, "content.xml", handler, ret_part, err);
    return rc == TZ_MISSING ? (err->code = TZ_INPUT) : rc;
}

static tz_rc read_all(tz_arena *mem, tz_book *book, const tz_part_handler *handler, tz_part **part, tz_err *err)
{
    tz_rc rc = TZ_OK;
    bool  is_done = false;

    TZ_TRY(open_content(mem, book, handler, part, err));
    while (!is_done)
        TZ_TRY(tz_part_read(*part, &is_done, err));
done:
    tz_part_close(*part);
    return rc;
}

/* ---- Sheets ---- */

typedef struct {
    tz_arena   *mem;
    tz_book    *book;
    tz_part    *part;
    int         depth;
    const char *style;  /* that is being read */
    tz_map      hidden; /* names of table styles that are not displayed */
} sheets_reading;

static void sheets_start(void *context, const char *name, const char **attributes)
{
    sheets_reading *from = context;

    if (strcmp(name, "style") == 0) {
        const char *own = tz_part_attribute(attributes, "name");
        from->style = own == NULL ? NULL : tz_arena_dup(from->mem, own);
    } else if (strcmp(name, "table-properties") == 0 && from->style != NULL) {
        const char *display = tz_part_attribute(attributes, "display");
        if (display != NULL && strcmp(display, "false") == 0)
            (void)tz_map_put(&from->hidden, tz_text_of(from->style), NULL);
    } else if (strcmp(name, "table") == 0 && from->depth++ == 0) {
        const char *title = tz_part_attribute(attributes, "name"),
                   *style = tz_part_attribute(attributes, "style-name");
        bool is_hidden = style != NULL && tz_map_get(&from->hidden, tz_text_of(style)) != NULL;
        if (from->book->sheets.count == TZ_MAX_SHEETS)
            tz_part_stop(from->part, TZ_LIMIT);
        else
            tz_push(from->mem, &from->book->sheets,
                    (tz_sheet_info){.name = tz_arena_dup(from->mem, title == NULL ? "" : title),
                                    .is_hidden = is_hidden});
    }
}

static void sheets_end(void *context, const char *name)
{
    sheets_reading *from = context;
    from->depth -= strcmp(name, "table") == 0;
}

/* ---- Merged areas and hidden columns ---- */

typedef struct {
    tz_arena *mem;
    tz_part  *part;
    place     at;
    int64_t   next_column;
    tz_merges merges;
    tz_spans  hidden;
} shape_reading;

static void shape_start(void *context, const char *name, const char **attributes)
{
    shape_reading *from = context;

    if (!place_start(&from->at, name, attributes))
        return;
    if (strcmp(name, "table-column") == 0) {
        int64_t first = from->next_column, count = repeats(attributes, "number-columns-repeated", TZ_MAX_COLUMNS);
        from->next_column += count;
        if (!is_shown(attributes) && from->next_column <= TZ_MAX_COLUMNS && from->hidden.count < TZ_MAX_COLUMNS)
            tz_push(from->mem, &from->hidden, (tz_span){(int32_t)first, (int32_t)from->next_column - 1});
    } else if (is_cell_name(name)) {
        int64_t wide = repeats(attributes, "number-columns-spanned", TZ_MAX_COLUMNS);
        int64_t high = repeats(attributes, "number-rows-spanned", TZ_MAX_ROWS);
        bool    fits = from->at.column + wide <= TZ_MAX_COLUMNS && from->at.row_no + high <= TZ_MAX_ROWS;
        if (wide * high > 1 && fits && from->merges.count < MOST_MERGES)
            tz_push(from->mem, &from->merges,
                    (tz_merge){.first_row = from->at.row_no,
                               .last_row = from->at.row_no + high - 1,
                               .first_column = (int32_t)from->at.column,
                               .last_column = (int32_t)(from->at.column + wide) - 1});
    }
}

static void shape_end(void *context, const char *name)
{
    shape_reading *from = context;
    if (place_end(&from->at, name) && strcmp(name, "table") == 0)
        tz_part_stop(from->part, TZ_OK);
}

static tz_rc read_shape(tz_arena *mem, tz_book *book, size_t index, shape_reading *from, tz_err *err)
{
    const tz_part_handler handler = {.start = shape_start, .end = shape_end, .context = from};

    *from = (shape_reading){.mem = mem, .at = {.wanted = (int64_t)index, .table = -1}};
    return read_all(mem, book, &handler, &from->part, err);
}

static tz_rc ods_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    shape_reading from;
    tz_rc         rc = read_shape(mem, book, index, &from, err);

    if (rc == TZ_OK)
        *ret_merges = from.merges;
    return rc;
}

static tz_rc ods_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err)
{
    shape_reading from;
    tz_rc         rc = read_shape(mem, book, index, &from, err);

    if (rc == TZ_OK)
        *ret_spans = from.hidden;
    return rc;
}

/* ---- Rows ---- */

typedef struct {
    tz_part  *part;
    tz_part_handler handler;
    place     at;
    tz_rowbuf cells;
    tz_row    row;
    int64_t   repeats_left;   /* the row is given again so often */
    int64_t   repeated_cells; /* given so far beyond what is stored */
    tz_cell   cell;
    int       paragraphs;     /* of the cell */
    int       in_paragraph;
    bool      is_space;       /* the text ends in white space: more is dropped */
    bool      is_cell, has_value; /* value: from the attributes, not the text */
    bool      is_row_hidden, has_row, is_done;
} ods_sheet;

static void put_value(ods_sheet *sheet, tz_cell_kind kind, tz_text value)
{
    sheet->cell.kind = kind;
    sheet->has_value = true;
    tz_rowbuf_put(&sheet->cells, value);
}

/* "PT12H30M15S" as a share of a day. */
static bool read_duration(const char *text, double *ret_days)
{
    double seconds = 0;
    char  *end = NULL;

    if (strncmp(text, "PT", 2) != 0)
        return false;
    for (const char *at = text + 2; *at != '\0'; at = end + 1) {
        double value = strtod(at, &end);
        if (end == at || *end == '\0' || strchr("HMS", *end) == NULL)
            return false;
        seconds += value * (*end == 'H' ? 3600 : *end == 'M' ? 60 : 1);
    }
    *ret_days = seconds / 86400;
    return true;
}

/* A date or time as the number that Excel stores; what is none keeps its shown text. */
static void put_moment(ods_sheet *sheet, const char *type, const char **attributes)
{
    const char *date = tz_part_attribute(attributes, "date-value"),
               *time = tz_part_attribute(attributes, "time-value");
    char        serial[TZ_NUMBER_TEXT] = "";
    double      days = 0;

    if (type[0] == 'd' && date != NULL)
        (void)tz_serial_text(tz_text_of(date), false, serial);
    else if (type[0] == 't' && time != NULL && read_duration(time, &days))
        (void)tz_number_text(days, serial);
    if (serial[0] == '\0')
        return;
    put_value(sheet, TZ_CELL_NUMBER, tz_text_of(serial));
    sheet->cell.is_date = true;
    sheet->cell.style = type[0] == 'd' ? STYLE_DATE : STYLE_TIME;
}

static bool is_error(const char **attributes)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(attributes[0], "calcext:value-type") == 0)
            return strcmp(attributes[1], "error") == 0;
    return false;
}

static void start_cell(ods_sheet *sheet, const char **attributes)
{
    const char *type = tz_part_attribute(attributes, "value-type");
    const char *value = tz_part_attribute(attributes, "value");
    const char *text = tz_part_attribute(attributes, "string-value"),
               *yes = tz_part_attribute(attributes, "boolean-value");

    sheet->is_cell = true;
    sheet->has_value = false;
    sheet->paragraphs = 0;
    sheet->cell = (tz_cell){.kind = is_error(attributes) ? TZ_CELL_ERROR : TZ_CELL_TEXT, .style = STYLE_GENERAL};
    tz_rowbuf_text(&sheet->cells);
    if (type == NULL)
        return;
    if (strcmp(type, "date") == 0 || strcmp(type, "time") == 0) {
        put_moment(sheet, type, attributes);
    } else if (strcmp(type, "boolean") == 0 && yes != NULL) {
        put_value(sheet, TZ_CELL_BOOL, strcmp(yes, "true") == 0 ? TZ_TEXT("1") : TZ_TEXT("0"));
    } else if (strcmp(type, "string") == 0 && text != NULL) {
        put_value(sheet, TZ_CELL_TEXT, tz_text_of(text));
    } else if (value != NULL && strcmp(type, "string") != 0) {
        put_value(sheet, TZ_CELL_NUMBER, tz_text_of(value));
        sheet->cell.style = strcmp(type, "percentage") == 0 ? STYLE_PERCENT : STYLE_GENERAL;
    }
}

/* Elements that stand for characters. */
static void put_marks(ods_sheet *sheet, const char *name, const char **attributes)
{
    if (strcmp(name, "s") == 0) {
        for (int64_t left = repeats(attributes, "c", TZ_MAX_CELL_BYTES); left > 0; left--)
            tz_rowbuf_put(&sheet->cells, TZ_TEXT(" "));
        sheet->is_space = false;
    } else if (strcmp(name, "tab") == 0) {
        tz_rowbuf_put(&sheet->cells, TZ_TEXT("\t"));
    } else if (strcmp(name, "line-break") == 0) {
        tz_rowbuf_put(&sheet->cells, TZ_TEXT("\n"));
    }
}

static void rows_start(void *context, const char *name, const char **attributes)
{
    ods_sheet *sheet = context;

    if (!place_start(&sheet->at, name, attributes))
        return;
    if (strcmp(name, "table-row") == 0) {
        sheet->is_row_hidden = !is_shown(attributes);
        tz_rowbuf_begin(&sheet->cells);
    } else if (is_cell_name(name)) {
        start_cell(sheet, attributes);
    } else if (sheet->is_cell && strcmp(name, "p") == 0) {
        if (sheet->paragraphs++ > 0 && !sheet->has_value)
            tz_rowbuf_put(&sheet->cells, TZ_TEXT("\n"));
        sheet->in_paragraph++;
        sheet->is_space = true;
    } else if (sheet->in_paragraph > 0 && !sheet->has_value) {
        put_marks(sheet, name, attributes);
    }
}

/* A cell that is repeated is given as often; what is empty takes no room. */
static void finish_cell(ods_sheet *sheet)
{
    int64_t first = sheet->at.column, count = sheet->at.cell_repeats;

    sheet->is_cell = false;
    sheet->in_paragraph = 0;
    if (tz_rowbuf_get(&sheet->cells).size == 0)
        return;
    sheet->repeated_cells += count - 1;
    if (first + count > TZ_MAX_COLUMNS || sheet->repeated_cells > TZ_MAX_REPEATED_CELLS) {
        tz_part_stop(sheet->part, TZ_LIMIT);
        return;
    }
    for (int64_t i = 0; i < count; i++)
        tz_rowbuf_cell(&sheet->cells, (int32_t)(first + i), sheet->cell);
}

static void finish_row(ods_sheet *sheet)
{
    if (sheet->cells.cells.count == 0)
        return;
    sheet->repeated_cells += (sheet->at.row_repeats - 1) * (int64_t)sheet->cells.cells.count;
    if (sheet->at.row_no + sheet->at.row_repeats - 1 > TZ_MAX_ROWS || sheet->repeated_cells > TZ_MAX_REPEATED_CELLS) {
        tz_part_stop(sheet->part, TZ_LIMIT);
        return;
    }
    sheet->row = tz_rowbuf_end(&sheet->cells, sheet->at.row_no);
    sheet->row.is_hidden = sheet->is_row_hidden;
    sheet->repeats_left = sheet->at.row_repeats - 1;
    sheet->has_row = true;
    tz_part_pause(sheet->part);
    if (sheet->cells.padding > TZ_MAX_PADDING_CELLS)
        tz_part_stop(sheet->part, TZ_LIMIT);
}

static void rows_end(void *context, const char *name)
{
    ods_sheet *sheet = context;

    if (!place_end(&sheet->at, name))
        return;
    if (is_cell_name(name) && sheet->is_cell)
        finish_cell(sheet);
    else if (strcmp(name, "p") == 0)
        sheet->in_paragraph -= sheet->in_paragraph > 0;
    else if (strcmp(name, "table-row") == 0)
        finish_row(sheet);
    else if (strcmp(name, "table") == 0)
        tz_part_stop(sheet->part, TZ_OK);
}

/* White space in a paragraph counts once, and not at its start. */
static void rows_text(void *context, const char *text, int size)
{
    ods_sheet *sheet = context;

    if (sheet->in_paragraph == 0 || sheet->has_value || sheet->at.left_out > 0 || sheet->at.depth != 1)
        return;
    for (int at = 0, from = 0; at < size; from = at) {
        while (at < size && strchr(" \t\r\n", text[at]) == NULL)
            at++;
        if (at > from) {
            tz_rowbuf_put(&sheet->cells, (tz_text){text + from, (size_t)(at - from)});
            sheet->is_space = false;
        }
        if (at < size && !sheet->is_space)
            tz_rowbuf_put(&sheet->cells, TZ_TEXT(" "));
        sheet->is_space |= at < size;
        while (at < size && strchr(" \t\r\n", text[at]) != NULL)
            at++;
    }
}

static tz_rc ods_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    ods_sheet *sheet = tz_new(mem, ods_sheet);

    *sheet = (ods_sheet){.at = {.wanted = (int64_t)index, .table = -1}, .cells = tz_rowbuf_init(mem)};
    sheet->handler = (tz_part_handler){.start = rows_start, .end = rows_end, .text = rows_text, .context = sheet};
    tz_rc rc = open_content(mem, book, &sheet->handler, &sheet->part, err);
    if (rc == TZ_OK)
        *ret_inside = sheet;
    return rc;
}

static tz_rc ods_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    ods_sheet *sheet = inside;

    *ret_row = NULL;
    if (sheet->repeats_left > 0) {
        sheet->repeats_left--;
        sheet->row.row_no++;
        *ret_row = &sheet->row;
        return TZ_OK;
    }
    tz_rc rc = tz_part_read_row(sheet->part, &sheet->has_row, &sheet->is_done, err);
    if (rc == TZ_OK && sheet->has_row)
        *ret_row = &sheet->row;
    return rc;
}

static void ods_sheet_close(void *inside)
{
    tz_part_close(((ods_sheet *)inside)->part);
}

static const char *ods_format(const tz_book *book, int32_t style)
{
    (void)book;
    return style >= 0 && (size_t)style < sizeof FORMATS / sizeof FORMATS[0] ? FORMATS[style] : "General";
}

static void ods_close(tz_book *book)
{
    ods_book *own = book->inside->own;
    if (own->zip != NULL)
        zip_discard(own->zip);
    own->zip = NULL;
}

static const tz_reader ODS = {.sheet_open = ods_sheet_open,
                              .sheet_next = ods_sheet_next,
                              .sheet_close = ods_sheet_close,
                              .merges = ods_merges,
                              .hidden_columns = ods_hidden_columns,
                              .format = ods_format,
                              .close = ods_close};

/* ---- Opening ---- */

typedef struct {
    bool is_encrypted;
} manifest_reading;

static void manifest_start(void *context, const char *name, const char **attributes)
{
    (void)attributes;
    ((manifest_reading *)context)->is_encrypted |= strcmp(name, "encryption-data") == 0;
}

/* An encrypted document says so in its manifest; its parts are noise. A manifest that can't be read says nothing. */
static bool is_encrypted(tz_arena *mem, zip_t *zip)
{
    manifest_reading      from = {0};
    const tz_part_handler handler = {.start = manifest_start, .context = &from};
    tz_err                ignored;

    return tz_part_all(mem, zip, "META-INF/manifest.xml", &handler, &ignored) == TZ_OK && from.is_encrypted;
}

tz_rc tz_ods_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    ods_book      *own = tz_new(mem, ods_book);
    sheets_reading from = {.mem = mem, .book = book, .hidden = tz_map_init(mem)};
    const tz_part_handler handler = {.start = sheets_start, .end = sheets_end, .context = &from};

    book->kind = "ods";
    book->inside->own = own;
    TZ_TRY(tz_zip_open(&book->inside->source, &own->zip, err));
    if (is_encrypted(mem, own->zip)) {
        (void)tz_fail(err, TZ_INPUT, "文件有打开密码", "the file is protected by a password");
        rc = tz_err_advise(err, "请去掉密码后重新报送", "take the password off and send it again");
        goto done;
    }
    TZ_TRY(read_all(mem, book, &handler, &from.part, err));
    book->inside->reader = &ODS;
done:
    if (rc != TZ_OK)
        ods_close(book);
    return rc;
}
