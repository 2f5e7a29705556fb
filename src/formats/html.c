/* html - a page with tables, which many systems save under the name .xls, as the rows of one sheet.
 *
 * Tag soup as browsers and Excel take it: end tags may be missing, tables may stand in tables.  Every
 * <tr> is a row, in the order of the page; the cells of an inner table are rows of their own, so that a
 * table that is only there for layout does not hide the one with the data.  Text outside tables, such
 * as a title, is a row with one cell.  colspan and rowspan are merged areas.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "formats/entity.h"
#include "formats/inside.h"
#include "formats/rowbuf.h"

enum {
    WINDOW_BYTES = 65536,
    NAME_BYTES = 16,
    VALUE_BYTES = 256,
    MOST_COLSPAN = 1000,  /* as browsers do */
    MOST_ROWSPAN = 65534,
    MOST_MERGES = 1000000,
    MOST_STEPS = 200000000, /* over covered columns: an absurd page */
};

/* A tag: its name in lower case, "/tr" for an end, and the attributes that matter. */
typedef struct {
    char name[NAME_BYTES];
    char colspan[NAME_BYTES], rowspan[NAME_BYTES];
    char number[VALUE_BYTES]; /* x:num: the number behind what is shown */
    char style[VALUE_BYTES];
} html_tag;

typedef struct {
    tz_arena   *mem;
    tz_decoder *decoder;
    char       *window;
    size_t      at, size;
    bool        is_end;

    html_tag    tag;         /* read and not yet obeyed when has_tag */
    bool        has_tag;
    char        skipped[NAME_BYTES]; /* "/script": all up to it is no content; empty: none */

    tz_rowbuf   cells;
    tz_row      row;
    int64_t     row_no;      /* of the row that is open, or the last */
    int         depth;       /* of tables */
    bool        is_row, is_cell, has_row;
    bool        is_row_hidden;
    int32_t     column, next_column;
    char        number[VALUE_BYTES]; /* x:num of the cell */
    bool        is_space, is_line;   /* white space, a line break is due before the next text */
    bool        may_be_damaged;
    int64_t    *covered;     /* by column: rows up to this one are covered by a cell above */
    int32_t     covered_count; /* columns from the first that may be */
    int64_t     steps;       /* spent on covered columns */
    tz_merges  *merges;      /* NULL: not wanted */
    tz_rc       failed;
} html_sheet;

/* ---- Characters ---- */

/* The next byte without taking it, or -1 at the end. */
static int peek_char(html_sheet *sheet, tz_err *err)
{
    if (sheet->at < sheet->size)
        return (unsigned char)sheet->window[sheet->at];
    if (sheet->is_end || sheet->failed != TZ_OK)
        return -1;
    sheet->at = sheet->size = 0;
    sheet->failed = tz_decoder_read(sheet->decoder, sheet->window, WINDOW_BYTES, &sheet->size, err);
    sheet->is_end = sheet->size == 0;
    return sheet->size == 0 ? -1 : (unsigned char)sheet->window[0];
}

static int take_char(html_sheet *sheet, tz_err *err)
{
    int c = peek_char(sheet, err);
    sheet->at += c >= 0;
    return c;
}

static bool is_white(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(int c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
}

static void skip_white(html_sheet *sheet, tz_err *err)
{
    while (is_white(peek_char(sheet, err)))
        sheet->at++;
}

/* ---- Tags ---- */

/* <!-- … -->, <!doctype …>, <![if …]>, <? … ?>: nothing of it is content. Stands behind "<". */
static void skip_declaration(html_sheet *sheet, tz_err *err)
{
    int  before = 0, last = 0;
    bool is_comment = false;

    (void)take_char(sheet, err);
    if (peek_char(sheet, err) == '-') {
        sheet->at++;
        is_comment = take_char(sheet, err) == '-';
    }
    for (int c = take_char(sheet, err); c >= 0; c = take_char(sheet, err)) {
        if (c == '>' && (!is_comment || (last == '-' && before == '-')))
            return;
        before = last;
        last = c;
    }
}

/* An attribute's value into out, cut to room; quotes of both kinds or none. */
static void take_value(html_sheet *sheet, char *out, size_t room, tz_err *err)
{
    size_t size = 0;
    int    quote = peek_char(sheet, err);

    if (quote == '"' || quote == '\'')
        sheet->at++;
    else
        quote = 0;
    for (int c = peek_char(sheet, err); c >= 0; c = peek_char(sheet, err)) {
        if (quote == 0 ? is_white(c) || c == '>' : c == quote)
            break;
        if (size + 1 < room)
            out[size++] = lower(c);
        sheet->at++;
    }
    if (quote != 0)
        (void)take_char(sheet, err);
    out[size] = '\0';
}

static void take_attribute(html_sheet *sheet, html_tag *tag, tz_err *err)
{
    char   name[NAME_BYTES] = "", ignored[2];
    size_t size = 0;

    for (int c = peek_char(sheet, err); c >= 0 && !is_white(c) && c != '=' && c != '>'; c = peek_char(sheet, err)) {
        if (size + 1 < sizeof name)
            name[size++] = lower(c);
        sheet->at++;
    }
    skip_white(sheet, err);
    if (peek_char(sheet, err) != '=') {
        if (size == 0)
            (void)take_char(sheet, err);
        return;
    }
    sheet->at++;
    skip_white(sheet, err);
    if (strcmp(name, "colspan") == 0)
        take_value(sheet, tag->colspan, sizeof tag->colspan, err);
    else if (strcmp(name, "rowspan") == 0)
        take_value(sheet, tag->rowspan, sizeof tag->rowspan, err);
    else if (strcmp(name, "x:num") == 0)
        take_value(sheet, tag->number, sizeof tag->number, err);
    else if (strcmp(name, "style") == 0)
        take_value(sheet, tag->style, sizeof tag->style, err);
    else
        take_value(sheet, ignored, sizeof ignored, err);
}

/* Reads a tag behind its "<"; false when it is none and the "<" was a character. */
static bool take_tag(html_sheet *sheet, html_tag *tag, tz_err *err)
{
    size_t size = 0;
    int    c = peek_char(sheet, err);

    if (c == '!' || c == '?') {
        skip_declaration(sheet, err);
        *tag = (html_tag){0};
        return true;
    }
    if (c != '/' && !(lower(c) >= 'a' && lower(c) <= 'z'))
        return false;
    *tag = (html_tag){0};
    for (; c >= 0 && !is_white(c) && c != '>' && !(c == '/' && size > 0); c = peek_char(sheet, err)) {
        if (size + 1 < sizeof tag->name)
            tag->name[size++] = lower(c);
        sheet->at++;
    }
    for (;;) {
        skip_white(sheet, err);
        c = peek_char(sheet, err);
        if (c < 0 || c == '>')
            break;
        take_attribute(sheet, tag, err);
    }
    (void)take_char(sheet, err);
    return true;
}

/* ---- Cells and rows ---- */

static void open_row(html_sheet *sheet)
{
    if (sheet->is_row)
        return;
    sheet->is_row = true;
    sheet->is_row_hidden = false;
    sheet->next_column = 0;
    tz_rowbuf_begin(&sheet->cells);
}

/* A cell begins: at the next column that no cell above covers. */
static void open_cell(html_sheet *sheet, int32_t wide, int64_t high, const char *number, tz_err *err)
{
    if (!sheet->is_row)
        sheet->row_no++;
    open_row(sheet);
    while (sheet->next_column < TZ_MAX_COLUMNS && sheet->covered[sheet->next_column] >= sheet->row_no) {
        sheet->next_column++;
        sheet->steps++;
    }
    sheet->column = sheet->next_column;
    if (sheet->column + wide > TZ_MAX_COLUMNS || sheet->steps > MOST_STEPS || sheet->row_no + high > TZ_MAX_ROWS) {
        sheet->failed = tz_fail(err, TZ_LIMIT, "表格超过 %d 列或过大",
                                "a table has more than %d columns or is too large", TZ_MAX_COLUMNS);
        return;
    }
    sheet->next_column += wide;
    for (int32_t i = 0; i < wide && high > 1; i++)
        sheet->covered[sheet->column + i] = sheet->row_no + high - 1;
    if (high > 1 && sheet->covered_count < sheet->next_column)
        sheet->covered_count = sheet->next_column;
    if (sheet->merges != NULL && wide * high > 1 && sheet->merges->count < MOST_MERGES)
        tz_push(sheet->mem, sheet->merges,
                (tz_merge){.first_row = sheet->row_no,
                           .last_row = sheet->row_no + high - 1,
                           .first_column = sheet->column,
                           .last_column = sheet->column + wide - 1});
    sheet->is_cell = true;
    sheet->is_space = sheet->is_line = false;
    memcpy(sheet->number, number, VALUE_BYTES);
    tz_rowbuf_text(&sheet->cells);
}

/* Whether what is shown is a number and no date, share or amount with a unit: then x:num has more places. */
static bool shows_number(tz_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr("0123456789.,", text.data[i]) == NULL && !(i == 0 && text.data[i] == '-'))
            return false;
    return text.size > 0;
}

static bool is_number(const char *text)
{
    char *end = NULL;

    if (strchr("-.0123456789", text[0]) == NULL || text[0] == '\0' || text[strspn(text, "+-.0123456789e")] != '\0')
        return false;
    (void)strtod(text, &end);
    return *end == '\0';
}

static void close_cell(html_sheet *sheet)
{
    tz_cell cell = {.kind = TZ_CELL_TEXT, .style = -1};
    tz_text shown = tz_rowbuf_get(&sheet->cells);

    if (!sheet->is_cell)
        return;
    sheet->is_cell = false;
    if (is_number(sheet->number) && shows_number(shown)) {
        tz_rowbuf_text(&sheet->cells);
        tz_rowbuf_put(&sheet->cells, tz_text_of(sheet->number));
        cell.kind = TZ_CELL_NUMBER;
    }
    cell.is_damaged = sheet->may_be_damaged && tz_text_find(shown, TZ_TEXT("\xEF\xBF\xBD"), 0) != SIZE_MAX;
    if (tz_rowbuf_get(&sheet->cells).size > 0)
        tz_rowbuf_cell(&sheet->cells, sheet->column, cell);
}

/* Ends the row that is open. Whether it holds anything and is to be given before reading on. */
static bool close_row(html_sheet *sheet)
{
    close_cell(sheet);
    if (!sheet->is_row)
        return false;
    sheet->is_row = false;
    if (sheet->cells.cells.count == 0)
        return false;
    sheet->row = tz_rowbuf_end(&sheet->cells, sheet->row_no);
    sheet->row.is_hidden = sheet->is_row_hidden;
    sheet->has_row = true;
    return true;
}

/* A character of content, with white space that came before it as one space. */
static void put_text(html_sheet *sheet, tz_text piece, tz_err *err)
{
    static const char NO_NUMBER[VALUE_BYTES];

    if (!sheet->is_cell) /* text between cells or outside tables */
        open_cell(sheet, 1, 1, NO_NUMBER, err);
    if (!sheet->is_cell)
        return;
    bool has_text = tz_rowbuf_get(&sheet->cells).size > 0;
    if (has_text && (sheet->is_line || sheet->is_space))
        tz_rowbuf_put(&sheet->cells, sheet->is_line ? TZ_TEXT("\n") : TZ_TEXT(" "));
    sheet->is_space = sheet->is_line = false;
    tz_rowbuf_put(&sheet->cells, piece);
}

/* ---- What tags do ---- */

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static bool ends_row(const char *name)
{
    static const char *const NAMES[] = {"table", "/table", "tr",    "/tr",    "tbody", "/tbody",
                                        "thead", "/thead", "tfoot", "/tfoot", NULL};
    return is_one_of(name, NAMES);
}

static bool is_block(const char *name)
{
    static const char *const NAMES[] = {"br",  "p",   "/p",     "div",     "/div",    "li",       "h1", "/h1",  "h2",    "/h2",   "h3",
                                        "/h3", "h4",  "/h4",    "center",  "/center", "caption",  "/caption", "hr",
                                        "body", "/body", "/html", NULL};
    return is_one_of(name, NAMES);
}

static bool is_no_content(const char *name)
{
    static const char *const NAMES[] = {"script", "style", "title", "xml", NULL};
    return is_one_of(name, NAMES);
}

static int64_t span_of(const char *text, int64_t most)
{
    int64_t value = 0;

    if (!tz_text_int(tz_text_trim(tz_text_of(text)), &value) || value < 1)
        return 1;
    return value < most ? value : most;
}

static void obey(html_sheet *sheet, const html_tag *tag, tz_err *err)
{
    if (strcmp(tag->name, "table") == 0 || strcmp(tag->name, "/table") == 0) {
        sheet->depth += tag->name[0] == '/' ? -(sheet->depth > 0) : 1;
        memset(sheet->covered, 0, (size_t)sheet->covered_count * sizeof *sheet->covered);
        sheet->steps += sheet->covered_count;
        sheet->covered_count = 0;
    } else if (strcmp(tag->name, "tr") == 0) {
        open_row(sheet);
        sheet->row_no++;
        sheet->is_row_hidden = strstr(tag->style, "display:none") != NULL;
    } else if (strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0) {
        close_cell(sheet);
        open_cell(sheet, (int32_t)span_of(tag->colspan, MOST_COLSPAN), span_of(tag->rowspan, MOST_ROWSPAN),
                  tag->number, err);
    } else if (strcmp(tag->name, "/td") == 0 || strcmp(tag->name, "/th") == 0) {
        close_cell(sheet);
    } else if (is_block(tag->name)) {
        sheet->is_line = true;
    } else if (is_no_content(tag->name)) {
        (void)snprintf(sheet->skipped, sizeof sheet->skipped, "/%.8s", tag->name);
    }
    if (sheet->steps > MOST_STEPS && sheet->failed == TZ_OK)
        sheet->failed = tz_fail(err, TZ_LIMIT, "网页里的表格过多", "the page holds too many tables");
}

/* A tag that ends a row waits until the row was given. Outside tables a block ends the row too. */
static void handle_tag(html_sheet *sheet, tz_err *err)
{
    bool is_end = ends_row(sheet->tag.name) || (sheet->depth == 0 && is_block(sheet->tag.name));

    if (is_end && close_row(sheet))
        return;
    sheet->has_tag = false;
    obey(sheet, &sheet->tag, err);
}

/* "&…;" behind its "&". */
static void handle_entity(html_sheet *sheet, tz_err *err)
{
    char   name[TZ_ENTITY_BYTES], out[4];
    size_t size = 0;

    for (int c = peek_char(sheet, err); size + 1 < sizeof name; c = peek_char(sheet, err)) {
        if (!(c == '#' && size == 0) && !(c >= '0' && c <= '9') && !(lower(c) >= 'a' && lower(c) <= 'z'))
            break;
        name[size++] = (char)c;
        sheet->at++;
    }
    size_t length = tz_entity((tz_text){name, size}, out);
    if (length > 0 && peek_char(sheet, err) == ';')
        sheet->at++;
    if (length > 0) {
        put_text(sheet, (tz_text){out, length}, err);
        return;
    }
    put_text(sheet, TZ_TEXT("&"), err); /* none: what stood there stays */
    if (size > 0)
        put_text(sheet, (tz_text){name, size}, err);
}

/* Takes "/script" behind a "<" as far as it is there. Whether it was the end tag that is waited for. */
static bool take_awaited(html_sheet *sheet, tz_err *err)
{
    for (const char *at = sheet->skipped; *at != '\0'; at++) {
        if (lower(peek_char(sheet, err)) != *at)
            return false;
        sheet->at++;
    }
    int c = peek_char(sheet, err);
    return c < 0 || c == '>' || c == '/' || is_white(c);
}

/* Inside <script> and the like: everything up to its end tag. No other "<" begins a tag there: "i<n" compares. */
static void skip_content(html_sheet *sheet, tz_err *err)
{
    int c = take_char(sheet, err);

    while (c >= 0 && !(c == '<' && take_awaited(sheet, err)))
        c = take_char(sheet, err);
    while (c >= 0 && c != '>')
        c = take_char(sheet, err);
    sheet->skipped[0] = '\0';
}

/* A run of characters up to the next that means something. */
static void handle_run(html_sheet *sheet, tz_err *err)
{
    size_t from = sheet->at;

    while (sheet->at < sheet->size && !is_white(sheet->window[sheet->at]) &&
           sheet->window[sheet->at] != '<' && sheet->window[sheet->at] != '&')
        sheet->at++;
    put_text(sheet, (tz_text){sheet->window + from, sheet->at - from}, err);
}

static void step(html_sheet *sheet, tz_err *err)
{
    int c = peek_char(sheet, err);

    if (is_white(c)) {
        sheet->is_space = true;
        sheet->at++;
    } else if (c == '<') {
        sheet->at++;
        sheet->has_tag = take_tag(sheet, &sheet->tag, err);
        if (!sheet->has_tag)
            put_text(sheet, TZ_TEXT("<"), err);
    } else if (c == '&') {
        sheet->at++;
        handle_entity(sheet, err);
    } else {
        handle_run(sheet, err);
    }
}

/* ---- The reader ---- */

static tz_rc html_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    html_sheet *sheet = inside;

    *ret_row = NULL;
    sheet->has_row = false;
    while (!sheet->has_row && sheet->failed == TZ_OK) {
        if (sheet->has_tag)
            handle_tag(sheet, err);
        else if (sheet->skipped[0] != '\0')
            skip_content(sheet, err);
        else if (peek_char(sheet, err) >= 0)
            step(sheet, err);
        else if (!close_row(sheet))
            break;
    }
    if (sheet->has_row)
        *ret_row = &sheet->row;
    return sheet->failed;
}

static void html_sheet_close(void *inside)
{
    tz_decoder_close(((html_sheet *)inside)->decoder);
}

static tz_rc html_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    html_sheet *sheet = tz_new(mem, html_sheet);

    (void)index;
    sheet->mem = mem;
    sheet->window = tz_arena_alloc(mem, WINDOW_BYTES);
    sheet->covered = tz_new_array(mem, int64_t, TZ_MAX_COLUMNS);
    sheet->cells = tz_rowbuf_init(mem);
    sheet->may_be_damaged = book->inside->encoding.is_damaged;
    tz_rc rc = tz_decoder_open(mem, &book->inside->source, &book->inside->encoding, &sheet->decoder, err);
    if (rc == TZ_OK)
        *ret_inside = sheet;
    return rc;
}

static tz_rc html_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    void         *inside = NULL;
    tz_merges     merges = {0};
    const tz_row *row = NULL;

    TZ_TRY(html_sheet_open(mem, book, index, &inside, err));
    ((html_sheet *)inside)->merges = &merges;
    do
        TZ_TRY(html_sheet_next(inside, &row, err));
    while (row != NULL);
    *ret_merges = merges;
done:
    if (inside != NULL)
        html_sheet_close(inside);
    return rc;
}

static const tz_reader HTML = {.sheet_open = html_sheet_open,
                               .sheet_next = html_sheet_next,
                               .sheet_close = html_sheet_close,
                               .merges = html_merges};

tz_rc tz_html_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    (void)err;
    book->kind = "html";
    book->inside->reader = &HTML;
    tz_push(mem, &book->sheets, (tz_sheet_info){0});
    return TZ_OK;
}
