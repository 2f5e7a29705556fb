/* xls - workbooks of Excel 97 to 2003 and of WPS (BIFF8, and BIFF5 before it) as streams of rows.
 *
 * By Microsoft's [MS-XLS].  The workbook stream is held as a whole: it has 65,536 rows at most.  A sheet
 * is gone through once to note where its cells are, for some programs do not write them in order.
 */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/inside.h"
#include "formats/number.h"
#include "formats/ole.h"
#include "formats/rowbuf.h"

enum {
    BIFF5 = 0x0500,
    BIFF8 = 0x0600,
    MOST_STYLES = 65536,
    ROWS = 65536,
};

/* Records, by their names in the specification. */
enum {
    R_FORMULA = 0x0006,
    R_EOF = 0x000A,
    R_DATEMODE = 0x0022,
    R_FILEPASS = 0x002F,
    R_CONTINUE = 0x003C,
    R_CODEPAGE = 0x0042,
    R_COLINFO = 0x007D,
    R_BOUNDSHEET = 0x0085,
    R_MULRK = 0x00BD,
    R_RSTRING = 0x00D6,
    R_XF = 0x00E0,
    R_MERGEDCELLS = 0x00E5,
    R_SST = 0x00FC,
    R_LABELSST = 0x00FD,
    R_NUMBER = 0x0203,
    R_LABEL = 0x0204,
    R_BOOLERR = 0x0205,
    R_STRING = 0x0207,
    R_ROW = 0x0208,
    R_RK = 0x027E,
    R_FORMAT = 0x041E,
    R_BOF = 0x0809,
};

typedef struct {
    uint32_t start; /* of its BOF in the stream */
} xls_place;

typedef struct {
    const char *format;
    bool        is_date;
} xls_style;

typedef struct {
    tz_text  stream;
    uint32_t version;
    iconv_t  converter; /* of the code page, for BIFF5; (iconv_t)-1: none */
    struct { xls_place *items; size_t count; size_t room; } places;
    struct { tz_text *items; size_t count; size_t room; } strings;
    struct { const char **items; size_t count; size_t room; } formats; /* by id; NULL: built in */
    struct { xls_style *items; size_t count; size_t room; } styles;
} xls_book;

/* ---- Records ---- */

typedef struct {
    uint32_t id;
    tz_text  data;
    size_t   at, next; /* of the record, and the one behind it */
} record;

/* The record at `at`; false at the end of the stream. One that is cut off has what is there. */
static bool record_at(tz_text stream, size_t at, record *ret_record)
{
    if (at + 4 > stream.size)
        return false;
    size_t size = tz_le16(stream.data + at + 2);
    *ret_record = (record){.id = tz_le16(stream.data + at),
                           .data = tz_text_cut(stream, at + 4, size),
                           .at = at,
                           .next = at + 4 + size};
    return true;
}

/* ---- Texts ---- */

/* Reads through a record and the CONTINUE records behind it. */
typedef struct {
    tz_text stream;
    size_t  at, end, next; /* in the part that is being read; the record behind it */
    bool    is_over;       /* more was asked for than there is */
} cursor;

static cursor cursor_of(tz_text stream, const record *from, size_t skip)
{
    size_t start = from->at + 4, end = start + from->data.size;
    return (cursor){.stream = stream, .at = start + skip < end ? start + skip : end, .end = end, .next = from->next};
}

static bool next_part(cursor *from)
{
    record more;

    if (!record_at(from->stream, from->next, &more) || more.id != R_CONTINUE) {
        from->is_over = true;
        return false;
    }
    *from = cursor_of(from->stream, &more, 0);
    return true;
}

static uint32_t take(cursor *from, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++) {
        if (from->at >= from->end && !next_part(from))
            return 0;
        if (from->at < from->end)
            value |= (uint32_t)(unsigned char)from->stream.data[from->at++] << (8 * i);
    }
    return value;
}

static void skip_bytes(cursor *from, size_t size)
{
    while (size > 0 && !from->is_over) {
        size_t here = from->end - from->at < size ? from->end - from->at : size;
        from->at += here;
        size -= here;
        if (size > 0)
            (void)next_part(from);
    }
}

/* `count` characters of one byte (Latin-1) or two (UTF-16); a part behind begins with a flag which. */
static void take_characters(cursor *from, size_t count, bool is_wide, tz_buf *out)
{
    uint32_t high = 0; /* the first half of a pair */

    for (; count > 0 && !from->is_over; count--) {
        char utf8[4];
        if (from->at >= from->end) {
            if (!next_part(from))
                return;
            is_wide = (take(from, 1) & 1) != 0;
        }
        uint32_t unit = take(from, is_wide ? 2 : 1);
        if (unit >= 0xD800 && unit < 0xDC00) {
            high = unit;
            continue;
        }
        if (unit >= 0xDC00 && unit < 0xE000)
            unit = high == 0 ? 0xFFFD : 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
        high = 0;
        tz_buf_put(out, (tz_text){utf8, tz_utf8_put(unit == 0 ? ' ' : (int32_t)unit, utf8)});
    }
}

/* A text of BIFF8 with its formatting runs and phonetic hints, which are left out. */
static void take_text8(cursor *from, size_t length_bytes, tz_buf *out)
{
    size_t   count = take(from, length_bytes);
    uint32_t flags = take(from, 1);
    size_t   runs = (flags & 8) != 0 ? take(from, 2) : 0, extra = (flags & 4) != 0 ? take(from, 4) : 0;

    tz_buf_reset(out);
    take_characters(from, count, (flags & 1) != 0, out);
    skip_bytes(from, runs * 4);
    skip_bytes(from, extra);
}

/* A text of BIFF5: bytes of the code page. */
static void take_text5(const xls_book *own, cursor *from, size_t length_bytes, tz_buf *out)
{
    size_t  count = take(from, length_bytes);
    tz_text bytes = tz_text_cut(from->stream, from->at, count < from->end - from->at ? count : from->end - from->at);
    char   *in = (char *)bytes.data;
    size_t  left = bytes.size;

    tz_buf_reset(out);
    from->at += bytes.size;
    while (left > 0) {
        char   block[1024], *to = block;
        size_t room = sizeof block;
        bool   is_done = own->converter != (iconv_t)-1 && iconv(own->converter, &in, &left, &to, &room) != (size_t)-1;
        tz_buf_put(out, (tz_text){block, sizeof block - room});
        if (!is_done && left > 0 && (own->converter == (iconv_t)-1 || errno != E2BIG)) {
            tz_buf_printf(out, "\xEF\xBF\xBD[%02X]", (unsigned char)*in++);
            left--;
        }
    }
}

static void take_text(const xls_book *own, cursor *from, size_t length_bytes, tz_buf *out)
{
    if (own->version == BIFF8)
        take_text8(from, length_bytes, out);
    else
        take_text5(own, from, length_bytes, out);
}

/* ---- The workbook ---- */

static void read_format(tz_arena *mem, xls_book *own, const record *from, tz_buf *text)
{
    cursor   at = cursor_of(own->stream, from, 2);
    uint32_t id = from->data.size >= 2 ? tz_le16(from->data.data) : 0;

    take_text(own, &at, own->version == BIFF8 ? 2 : 1, text);
    while (own->formats.count <= id)
        tz_push(mem, &own->formats, NULL);
    own->formats.items[id] = tz_text_dup(mem, tz_buf_text(text));
}

static void read_style(tz_arena *mem, xls_book *own, const record *from)
{
    if (from->data.size < 4 || own->styles.count == MOST_STYLES)
        return;
    uint32_t    id = tz_le16(from->data.data + 2);
    const char *format = id < own->formats.count ? own->formats.items[id] : NULL;
    format = format == NULL ? tz_numfmt_builtin((int)id) : format;
    tz_push(mem, &own->styles, (xls_style){.format = format, .is_date = tz_numfmt_is_date(format)});
}

static tz_rc read_sheet_name(tz_arena *mem, tz_book *book, const record *from, tz_buf *text, tz_err *err)
{
    xls_book *own = book->inside->own;
    cursor    at = cursor_of(own->stream, from, 6);

    if (from->data.size < 7 || from->data.data[5] != 0) /* charts and macros have no rows */
        return TZ_OK;
    if (book->sheets.count == TZ_MAX_SHEETS)
        return tz_fail(err, TZ_LIMIT, "超过 %d 张表", "more than %d sheets", TZ_MAX_SHEETS);
    take_text(own, &at, 1, text);
    tz_push(mem, &book->sheets,
            (tz_sheet_info){.name = tz_text_dup(mem, tz_buf_text(text)),
                            .is_hidden = (from->data.data[4] & 3) != 0});
    tz_push(mem, &own->places, (xls_place){.start = tz_le32(from->data.data)});
    return TZ_OK;
}

static tz_rc read_strings(tz_arena *mem, xls_book *own, const record *from, tz_buf *text, tz_err *err)
{
    cursor   at = cursor_of(own->stream, from, 8);
    uint32_t count = from->data.size >= 8 ? tz_le32(from->data.data + 4) : 0;
    int64_t  bytes = 0;

    for (uint32_t i = 0; i < count && !at.is_over; i++) {
        take_text8(&at, 2, text);
        if (at.is_over && text->size == 0)
            break;
        bytes += (int64_t)text->size;
        if (bytes > TZ_MAX_SHARED_STRING_BYTES)
            return tz_fail(err, TZ_LIMIT, "工作簿的文字过多", "the workbook holds too much text");
        tz_push(mem, &own->strings, tz_text_keep(mem, tz_buf_text(text)));
    }
    return TZ_OK;
}

static void set_code_page(xls_book *own, uint32_t code_page)
{
    char name[16];

    (void)snprintf(name, sizeof name, "CP%u", code_page == 936 ? 936u : code_page);
    if (own->converter == (iconv_t)-1)
        own->converter = iconv_open("UTF-8", code_page == 936 ? "GB18030" : name);
}

static tz_rc read_globals(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    xls_book *own = book->inside->own;
    tz_buf    text = tz_buf_init(mem, TZ_MAX_CELL_BYTES);
    record    one;

    for (size_t at = 0; record_at(own->stream, at, &one) && one.id != R_EOF; at = one.next) {
        if (one.id == R_FILEPASS) {
            (void)tz_fail(err, TZ_INPUT, "文件有密码", "the file is protected by a password");
            rc = tz_err_advise(err, "请去掉密码后重新报送", "take the password off and send it again");
        } else if (one.id == R_BOF && at == 0 && one.data.size >= 2) {
            own->version = tz_le16(one.data.data);
        } else if (one.id == R_CODEPAGE && one.data.size >= 2) {
            set_code_page(own, tz_le16(one.data.data));
        } else if (one.id == R_DATEMODE && one.data.size >= 2) {
            book->is_1904 = tz_le16(one.data.data) == 1;
        } else if (one.id == R_FORMAT) {
            read_format(mem, own, &one, &text);
        } else if (one.id == R_XF) {
            read_style(mem, own, &one);
        } else if (one.id == R_BOUNDSHEET) {
            rc = read_sheet_name(mem, book, &one, &text, err);
        } else if (one.id == R_SST) {
            rc = read_strings(mem, own, &one, &text, err);
        }
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}

/* ---- A sheet ---- */

typedef struct {
    uint32_t at; /* in the stream */
    uint16_t row;
} cell_place;

typedef struct {
    tz_arena  *mem;
    xls_book  *own;
    struct { cell_place *items; size_t count; size_t room; } places; /* of the cells, by row */
    bool       is_sorted;
    uint8_t   *hidden_rows; /* one byte a row */
    tz_merges  merges;
    tz_spans   hidden_columns;
    size_t     at;
    tz_rowbuf  cells;
    tz_buf     text;
    tz_row     row;
} xls_sheet;

static bool is_cell_record(uint32_t id)
{
    return id == R_LABELSST || id == R_RK || id == R_NUMBER || id == R_MULRK || id == R_FORMULA ||
           id == R_LABEL || id == R_RSTRING || id == R_BOOLERR;
}

static void note_record(xls_sheet *sheet, const record *one)
{
    const char *data = one->data.data;
    size_t      size = one->data.size;

    if (is_cell_record(one->id) && size >= 6) {
        uint16_t row = (uint16_t)tz_le16(data);
        if (sheet->places.count > 0 && row < sheet->places.items[sheet->places.count - 1].row)
            sheet->is_sorted = false;
        tz_push(sheet->mem, &sheet->places, (cell_place){.at = (uint32_t)one->at, .row = row});
    } else if (one->id == R_ROW && size >= 14) {
        sheet->hidden_rows[tz_le16(data)] = (tz_le16(data + 12) & 0x20) != 0;
    } else if (one->id == R_COLINFO && size >= 10 && (tz_le16(data + 8) & 1) != 0 && tz_le16(data) <= tz_le16(data + 2) &&
               tz_le16(data + 2) < TZ_MAX_COLUMNS) {
        tz_push(sheet->mem, &sheet->hidden_columns, (tz_span){(int32_t)tz_le16(data), (int32_t)tz_le16(data + 2)});
    } else if (one->id == R_MERGEDCELLS) {
        for (size_t i = 2; i + 8 <= size; i += 8)
            if (tz_le16(data + i) <= tz_le16(data + i + 2) && tz_le16(data + i + 4) <= tz_le16(data + i + 6))
                tz_push(sheet->mem, &sheet->merges,
                        (tz_merge){.first_row = tz_le16(data + i) + 1,
                                   .last_row = tz_le16(data + i + 2) + 1,
                                   .first_column = (int32_t)tz_le16(data + i + 4),
                                   .last_column = (int32_t)tz_le16(data + i + 6)});
    }
}

/* Brings the cells into the order of their rows; those of one row stay as they are. */
static void sort_places(xls_sheet *sheet)
{
    size_t     *starts = tz_new_array(sheet->mem, size_t, ROWS + 1);
    cell_place *sorted = tz_new_array(sheet->mem, cell_place, sheet->places.count);

    for (size_t i = 0; i < sheet->places.count; i++)
        starts[sheet->places.items[i].row + 1]++;
    for (size_t row = 0; row < ROWS; row++)
        starts[row + 1] += starts[row];
    for (size_t i = 0; i < sheet->places.count; i++)
        sorted[starts[sheet->places.items[i].row]++] = sheet->places.items[i];
    sheet->places.items = sorted;
}

/* Goes through the sheet's records; a chart inside it has a BOF and EOF of its own. */
static void note_records(xls_sheet *sheet, size_t start)
{
    record one;
    int    depth = 0;

    for (size_t at = start; record_at(sheet->own->stream, at, &one); at = one.next) {
        depth += (one.id == R_BOF) - (one.id == R_EOF);
        if (depth <= 0)
            break;
        if (depth == 1)
            note_record(sheet, &one);
    }
    if (!sheet->is_sorted)
        sort_places(sheet);
}

static tz_rc xls_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    xls_sheet *sheet = tz_new(mem, xls_sheet);

    (void)err;
    *sheet = (xls_sheet){.mem = mem, .own = book->inside->own, .is_sorted = true, .cells = tz_rowbuf_init(mem),
                         .text = tz_buf_init(mem, TZ_MAX_CELL_BYTES)};
    sheet->hidden_rows = tz_arena_alloc(mem, ROWS);
    note_records(sheet, sheet->own->places.items[index].start);
    *ret_inside = sheet;
    return TZ_OK;
}

/* ---- Cells ---- */

static void add(xls_sheet *sheet, uint32_t column, uint32_t style, tz_cell_kind kind, tz_text text)
{
    tz_cell cell = {.kind = kind, .style = style < sheet->own->styles.count ? (int32_t)style : -1};

    if (text.size == 0 || column >= TZ_MAX_COLUMNS)
        return;
    cell.is_date = kind == TZ_CELL_NUMBER && cell.style >= 0 && sheet->own->styles.items[cell.style].is_date;
    cell.is_damaged = kind == TZ_CELL_TEXT && tz_text_find(text, TZ_TEXT("\xEF\xBF\xBD"), 0) != SIZE_MAX;
    tz_rowbuf_text(&sheet->cells);
    tz_rowbuf_put(&sheet->cells, text);
    tz_rowbuf_cell(&sheet->cells, (int32_t)column, cell);
}

static void add_number(xls_sheet *sheet, uint32_t column, uint32_t style, double value)
{
    char text[TZ_NUMBER_TEXT];
    add(sheet, column, style, TZ_CELL_NUMBER, (tz_text){text, tz_number_text(value, text)});
}

static double double_at(const char *at)
{
    double   value;
    uint64_t bits = tz_le32(at) | (uint64_t)tz_le32(at + 4) << 32;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A number in 30 bits: whole, or the upper half of a double; the second bit from below says which, the
 * lowest that it was multiplied by 100. */
static double rk_value(uint32_t rk)
{
    uint64_t bits = (uint64_t)(rk & 0xFFFFFFFCu) << 32;
    double   value;

    memcpy(&value, &bits, sizeof value);
    if ((rk & 2) != 0)
        value = (double)((int32_t)rk >> 2);
    return (rk & 1) != 0 ? value / 100 : value;
}

static tz_text error_text(unsigned char code)
{
    switch (code) {
    case 0x00: return TZ_TEXT("#NULL!");
    case 0x07: return TZ_TEXT("#DIV/0!");
    case 0x0F: return TZ_TEXT("#VALUE!");
    case 0x17: return TZ_TEXT("#REF!");
    case 0x1D: return TZ_TEXT("#NAME?");
    case 0x24: return TZ_TEXT("#NUM!");
    default: return TZ_TEXT("#N/A");
    }
}

/* The text that a formula gave stands in a record of its own, perhaps behind one that shares the formula. */
static void add_formula_text(xls_sheet *sheet, const record *formula, uint32_t column, uint32_t style)
{
    record one;
    size_t at = formula->next;

    for (int steps = 0; steps < 3 && record_at(sheet->own->stream, at, &one) && !is_cell_record(one.id);
         steps++, at = one.next)
        if (one.id == R_STRING) {
            cursor from = cursor_of(sheet->own->stream, &one, 0);
            take_text(sheet->own, &from, 2, &sheet->text);
            add(sheet, column, style, TZ_CELL_TEXT, tz_buf_text(&sheet->text));
            return;
        }
}

static void add_formula(xls_sheet *sheet, const record *one, uint32_t column, uint32_t style)
{
    const char *result = one->data.data + 6;

    if (tz_le16(result + 6) != 0xFFFF)
        add_number(sheet, column, style, double_at(result));
    else if (result[0] == 0)
        add_formula_text(sheet, one, column, style);
    else if (result[0] == 1)
        add(sheet, column, style, TZ_CELL_BOOL, result[2] != 0 ? TZ_TEXT("1") : TZ_TEXT("0"));
    else if (result[0] == 2)
        add(sheet, column, style, TZ_CELL_ERROR, error_text((unsigned char)result[2]));
}

static void add_label(xls_sheet *sheet, const record *one, uint32_t column, uint32_t style)
{
    cursor from = cursor_of(sheet->own->stream, one, 6);

    take_text(sheet->own, &from, 2, &sheet->text);
    add(sheet, column, style, TZ_CELL_TEXT, tz_buf_text(&sheet->text));
}

static void add_cells(xls_sheet *sheet, const record *one)
{
    const char *data = one->data.data;
    size_t      size = one->data.size;
    uint32_t    column = tz_le16(data + 2), style = tz_le16(data + 4);

    if (one->id == R_LABELSST && size >= 10 && tz_le32(data + 6) < sheet->own->strings.count)
        add(sheet, column, style, TZ_CELL_TEXT, sheet->own->strings.items[tz_le32(data + 6)]);
    else if (one->id == R_RK && size >= 10)
        add_number(sheet, column, style, rk_value(tz_le32(data + 6)));
    else if (one->id == R_NUMBER && size >= 14)
        add_number(sheet, column, style, double_at(data + 6));
    else if (one->id == R_MULRK)
        for (size_t i = 4; i + 6 < size; i += 6, column++)
            add_number(sheet, column, tz_le16(data + i), rk_value(tz_le32(data + i + 2)));
    else if (one->id == R_FORMULA && size >= 14)
        add_formula(sheet, one, column, style);
    else if (one->id == R_LABEL || one->id == R_RSTRING)
        add_label(sheet, one, column, style);
    else if (one->id == R_BOOLERR && size >= 8)
        add(sheet, column, style, data[7] != 0 ? TZ_CELL_ERROR : TZ_CELL_BOOL,
            data[7] != 0 ? error_text((unsigned char)data[6]) : data[6] != 0 ? TZ_TEXT("1") : TZ_TEXT("0"));
}

static tz_rc xls_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    xls_sheet *sheet = inside;
    record     one;

    (void)err;
    *ret_row = NULL;
    while (*ret_row == NULL && sheet->at < sheet->places.count) {
        uint16_t row = sheet->places.items[sheet->at].row;
        tz_rowbuf_begin(&sheet->cells);
        for (; sheet->at < sheet->places.count && sheet->places.items[sheet->at].row == row; sheet->at++)
            if (record_at(sheet->own->stream, sheet->places.items[sheet->at].at, &one))
                add_cells(sheet, &one);
        if (sheet->cells.cells.count == 0)
            continue;
        sheet->row = tz_rowbuf_end(&sheet->cells, (int64_t)row + 1);
        sheet->row.is_hidden = sheet->hidden_rows[row] != 0;
        *ret_row = &sheet->row;
    }
    return TZ_OK;
}

static void xls_sheet_close(void *inside)
{
    (void)inside;
}

static tz_rc xls_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    void *inside = NULL;
    tz_rc rc = xls_sheet_open(mem, book, index, &inside, err);

    if (rc == TZ_OK)
        *ret_merges = ((xls_sheet *)inside)->merges;
    return rc;
}

static tz_rc xls_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err)
{
    void *inside = NULL;
    tz_rc rc = xls_sheet_open(mem, book, index, &inside, err);

    if (rc == TZ_OK)
        *ret_spans = ((xls_sheet *)inside)->hidden_columns;
    return rc;
}

static const char *xls_format(const tz_book *book, int32_t style)
{
    const xls_book *own = book->inside->own;
    return style >= 0 && (size_t)style < own->styles.count ? own->styles.items[style].format : "General";
}

static void xls_close(tz_book *book)
{
    xls_book *own = book->inside->own;
    if (own->converter != (iconv_t)-1)
        (void)iconv_close(own->converter);
    own->converter = (iconv_t)-1;
}

static const tz_reader XLS = {.sheet_open = xls_sheet_open,
                              .sheet_next = xls_sheet_next,
                              .sheet_close = xls_sheet_close,
                              .merges = xls_merges,
                              .hidden_columns = xls_hidden_columns,
                              .format = xls_format,
                              .close = xls_close};

/* ---- Opening ---- */

/* Names what a compound file is that holds no workbook. */
static tz_rc refuse(const tz_ole *ole, tz_err *err)
{
    if (tz_ole_has(ole, "EncryptedPackage") || tz_ole_has(ole, "EncryptionInfo")) {
        (void)tz_fail(err, TZ_INPUT, "文件有打开密码", "the file is protected by a password");
        return tz_err_advise(err, "请去掉密码后重新报送", "take the password off and send it again");
    }
    if (tz_ole_has(ole, "WordDocument"))
        (void)tz_fail(err, TZ_INPUT, "这是 Word 文档,不是表格", "this is a Word document, no table");
    else if (tz_ole_has(ole, "PowerPoint Document"))
        (void)tz_fail(err, TZ_INPUT, "这是演示文稿,不是表格", "this is a presentation, no table");
    else
        (void)tz_fail(err, TZ_INPUT, "这个文件里没有工作簿,或者已损坏",
                      "there is no workbook in this file, or it is damaged");
    return tz_err_advise(err, "用 Excel 或 WPS 打开后另存为 .xlsx 再报送",
                         "open it in Excel or WPS and save it as .xlsx");
}

static tz_rc load_stream(tz_arena *mem, tz_book *book, tz_text *ret_stream, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text data = book->inside->source.data;
    tz_ole *ole = NULL;

    if (book->inside->source.path != NULL)
        TZ_TRY(tz_file_load(mem, book->inside->source.path, TZ_MAX_XLS_BYTES, &data, err));
    TZ_TRY(tz_ole_open(mem, data, &ole, err));
    if (tz_ole_has(ole, "EncryptedPackage"))
        rc = refuse(ole, err);
    else if (tz_ole_has(ole, "Workbook"))
        rc = tz_ole_load(mem, ole, "Workbook", ret_stream, err);
    else if (tz_ole_has(ole, "Book"))
        rc = tz_ole_load(mem, ole, "Book", ret_stream, err);
    else
        rc = refuse(ole, err);
done:
    return rc;
}

tz_rc tz_xls_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    xls_book *own = tz_new(mem, xls_book);

    own->converter = (iconv_t)-1;
    book->kind = "xls";
    book->inside->own = own;
    TZ_TRY(load_stream(mem, book, &own->stream, err));
    TZ_TRY(read_globals(mem, book, err));
    if (book->sheets.count == 0 || (own->version != BIFF8 && own->version != BIFF5)) {
        (void)tz_fail(err, TZ_INPUT, "工作簿损坏,或版本过旧", "the workbook is damaged or too old");
        rc = tz_err_advise(err, "用 Excel 或 WPS 打开后另存为 .xlsx 再报送",
                           "open it in Excel or WPS and save it as .xlsx");
        goto done;
    }
    book->inside->reader = &XLS;
done:
    if (rc != TZ_OK)
        xls_close(book);
    return rc;
}
