/* csv - delimited text as rows: delimiter, quoting and line ends told from the content.
 *
 * The text is read through a window that slides over the decoded file.  A row is read from the window
 * alone; where it does not end inside, the window takes in more and the row is read anew.  A quote that
 * never closes is an ordinary character: else one stray quote would swallow all rows behind it.
 */
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "formats/inside.h"
#include "formats/rowbuf.h"

enum { WINDOW_BYTES = 262144, LEAST_ROOM = 64, LOOKED_AT_LINES = 64 };

/* ---- Delimiter: the one that splits the first lines into the most equal rows ---- */

/* Delimiters of the line at *at, which moves behind it; quotes count at the start of a field. */
static size_t count_in_line(tz_text text, size_t *at, char delimiter)
{
    size_t count = 0;
    bool   is_quoted = false, is_start = true;

    for (; *at < text.size; *at += 1) {
        char c = text.data[*at];
        if (is_quoted) {
            is_quoted = c != '"';
            continue;
        }
        is_quoted = c == '"' && is_start;
        is_start = c == delimiter;
        count += c == delimiter;
        if (c == '\n' || c == '\r')
            break;
    }
    if (*at + 1 < text.size && text.data[*at] == '\r' && text.data[*at + 1] == '\n')
        *at += 1;
    *at += 1;
    return count;
}

/* Among the lines with one count of delimiters: how many lines, times that count. */
static size_t score_of(tz_text text, char delimiter)
{
    size_t counts[LOOKED_AT_LINES] = {0}, lines = 0, score = 0;

    for (size_t at = 0; at < text.size && lines < LOOKED_AT_LINES;)
        counts[lines++] = count_in_line(text, &at, delimiter);
    for (size_t i = 0; i < lines; i++) {
        size_t alike = 0;
        for (size_t j = 0; j < lines; j++)
            alike += counts[i] > 0 && counts[j] == counts[i];
        if (alike * counts[i] > score)
            score = alike * counts[i];
    }
    return score;
}

static char delimiter_of(tz_text text)
{
    static const char CANDIDATES[] = ",\t;|";
    char   best = ',';
    size_t best_score = 0;

    for (const char *candidate = CANDIDATES; *candidate != '\0'; candidate++) {
        size_t score = score_of(text, *candidate);
        if (score > best_score) {
            best_score = score;
            best = *candidate;
        }
    }
    return best;
}

/* "sep=;" alone on the first line, which Excel obeys and does not show. Its size, 0: none. */
static size_t separator_line(tz_text head, char *ret_delimiter)
{
    if (head.size < 6 || memcmp(head.data, "sep=", 4) != 0 || strchr("\r\n", head.data[5]) == NULL)
        return 0;
    *ret_delimiter = head.data[4];
    return head.size > 6 && head.data[5] == '\r' && head.data[6] == '\n' ? 7 : 6;
}

/* ---- Rows ---- */

typedef struct {
    char   delimiter;
    size_t skip; /* bytes of a "sep=" line */
} csv_book;

typedef struct {
    tz_arena   *mem;
    tz_decoder *decoder;
    char        delimiter;
    bool        may_be_damaged; /* texts may hold U+FFFD */
    bool        is_end;         /* the decoder gave all   */
    bool        is_short;       /* a row reached the window's end */
    char       *window;
    size_t      room, size;
    size_t      at;             /* where the next row begins */
    int64_t     line_no;
    int64_t     lines;          /* that the row takes        */
    tz_arena    unquoted;       /* texts with doubled quotes; reset for each row */
    bool        is_plain[256];  /* goes on a plain field: neither delimiter nor line end */
    struct { tz_cell *items; size_t count; size_t room; } cells;
    tz_row      row;
} csv_sheet;

static void csv_sheet_close(void *inside)
{
    csv_sheet *sheet = inside;
    tz_decoder_close(sheet->decoder);
    tz_arena_free(&sheet->unquoted);
}

/* Moves the row to the window's start and reads on behind it; a row as large as the window doubles it. */
static tz_rc slide(csv_sheet *sheet, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    size_t size = 0;

    sheet->size -= sheet->at;
    if (sheet->at == 0 && sheet->room - sheet->size < LEAST_ROOM) {
        if (sheet->room * 2 > TZ_MAX_ROW_BYTES)
            return tz_fail(err, TZ_LIMIT, "第 %lld 行过长", "line %lld is too long", (long long)sheet->line_no);
        char *larger = tz_arena_alloc(sheet->mem, sheet->room * 2);
        memcpy(larger, sheet->window, sheet->size);
        sheet->window = larger;
        sheet->room *= 2;
    } else {
        memmove(sheet->window, sheet->window + sheet->at, sheet->size);
    }
    sheet->at = 0;
    while (sheet->room - sheet->size >= LEAST_ROOM && !sheet->is_end) {
        TZ_TRY(tz_decoder_read(sheet->decoder, sheet->window + sheet->size, sheet->room - sheet->size, &size, err));
        sheet->is_end = size == 0;
        sheet->size += size;
    }
done:
    return rc;
}

static tz_rc csv_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    const csv_book *own = book->inside->own;
    csv_sheet      *sheet = tz_new(mem, csv_sheet);

    (void)index;
    sheet->mem = mem;
    sheet->delimiter = own->delimiter;
    sheet->may_be_damaged = book->inside->encoding.is_damaged;
    sheet->room = WINDOW_BYTES;
    sheet->window = tz_arena_alloc(mem, sheet->room);
    sheet->line_no = 1 + (own->skip > 0);
    memset(sheet->is_plain, true, sizeof sheet->is_plain);
    sheet->is_plain[(unsigned char)own->delimiter] = sheet->is_plain['\n'] = sheet->is_plain['\r'] = false;
    TZ_TRY(tz_decoder_open(mem, &book->inside->source, &book->inside->encoding, &sheet->decoder, err));
    TZ_TRY(slide(sheet, err));
    sheet->at = own->skip;
    *ret_inside = sheet;
done:
    if (rc != TZ_OK)
        csv_sheet_close(sheet);
    return rc;
}

/* Whether the window ends at `at`, or a field may, which only what follows can tell. */
static bool is_past(csv_sheet *sheet, size_t at)
{
    if (at < sheet->size)
        return false;
    sheet->is_short |= !sheet->is_end;
    return true;
}

/* Where the quoted field that begins at `start` (behind its quote) closes, or SIZE_MAX: not within a cell's
 * size, or the window ends. Behind the closing quote of a field of several lines stands a delimiter or a line
 * end; else the first quote was an ordinary character and these are lines of their own. */
static size_t closing_quote(csv_sheet *sheet, size_t start, bool *ret_has_doubled)
{
    size_t at = start;

    *ret_has_doubled = false;
    while (at - start <= TZ_MAX_CELL_BYTES) {
        size_t      end = sheet->size - start > TZ_MAX_CELL_BYTES ? start + TZ_MAX_CELL_BYTES + 1 : sheet->size;
        const char *quote = at < end ? memchr(sheet->window + at, '"', end - at) : NULL;
        if (quote == NULL)
            return (void)is_past(sheet, end), SIZE_MAX;
        at = (size_t)(quote - sheet->window);
        if (is_past(sheet, at + 1))
            return at;
        if (sheet->window[at + 1] != '"') {
            bool is_ended = !sheet->is_plain[(unsigned char)sheet->window[at + 1]];
            return is_ended || memchr(sheet->window + start, '\n', at - start) == NULL ? at : SIZE_MAX;
        }
        *ret_has_doubled = true;
        at += 2;
    }
    return SIZE_MAX;
}

/* A quoted field without its quotes: doubled ones become one, and what stands between the closing quote
 * and the delimiter is kept. */
static tz_text unquote(csv_sheet *sheet, tz_text inner, tz_text behind)
{
    char  *out = tz_arena_alloc(&sheet->unquoted, inner.size + behind.size);
    size_t size = 0;

    for (size_t i = 0; i < inner.size; i++) {
        out[size++] = inner.data[i];
        i += inner.data[i] == '"';
    }
    memcpy(out + size, behind.data, behind.size);
    return (tz_text){out, size + behind.size};
}

static size_t end_of_plain(csv_sheet *sheet, size_t at)
{
    while (at < sheet->size && sheet->is_plain[(unsigned char)sheet->window[at]])
        at++;
    (void)is_past(sheet, at);
    return at;
}

/* The field at *at, which moves to the delimiter or line end behind it. */
static tz_text take_field(csv_sheet *sheet, size_t *at)
{
    size_t  start = *at;
    bool    has_doubled = false;
    tz_text all = {sheet->window, sheet->size};

    if (start < sheet->size && sheet->window[start] == '"') {
        size_t close = closing_quote(sheet, start + 1, &has_doubled);
        if (close != SIZE_MAX) {
            *at = end_of_plain(sheet, close + 1);
            tz_text inner = tz_text_cut(all, start + 1, close - start - 1),
                    behind = tz_text_cut(all, close + 1, *at - close - 1);
            const char *line = memchr(inner.data, '\n', inner.size);
            for (; line != NULL; line = memchr(line + 1, '\n', inner.size - (size_t)(line + 1 - inner.data)))
                sheet->lines++;
            return has_doubled || behind.size > 0 ? unquote(sheet, inner, behind) : inner;
        }
    }
    *at = end_of_plain(sheet, start);
    return tz_text_cut(all, start, *at - start);
}

static void add_cell(csv_sheet *sheet, tz_text value)
{
    tz_cell cell = {.kind = value.size == 0 ? TZ_CELL_EMPTY : TZ_CELL_TEXT, .style = -1, .text = value};

    tz_cell_fit(&cell);
    cell.is_damaged = sheet->may_be_damaged && tz_text_find(value, TZ_TEXT("\xEF\xBF\xBD"), 0) != SIZE_MAX;
    tz_push(sheet->mem, &sheet->cells, cell);
}

/* The row at sheet->at. *ret_next behind its line end. is_short tells that the window ended before it. */
static tz_rc take_row(csv_sheet *sheet, size_t *ret_next, tz_err *err)
{
    size_t at = sheet->at;

    sheet->is_short = false;
    sheet->lines = 1;
    sheet->cells.count = 0;
    tz_arena_reset(&sheet->unquoted);
    for (;;) {
        tz_text value = take_field(sheet, &at);
        if (sheet->cells.count == TZ_MAX_COLUMNS)
            return tz_fail(err, TZ_LIMIT, "超过 %d 列", "more than %d columns", TZ_MAX_COLUMNS);
        add_cell(sheet, value);
        if (at >= sheet->size || sheet->window[at] != sheet->delimiter)
            break;
        at++;
    }
    if (at < sheet->size && sheet->window[at] == '\r' && !is_past(sheet, at + 1))
        at += sheet->window[at + 1] == '\n';
    *ret_next = at < sheet->size ? at + 1 : at;
    return TZ_OK;
}

static tz_rc csv_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    csv_sheet *sheet = inside;
    size_t     next = 0;

    *ret_row = NULL;
    if (sheet->at >= sheet->size)
        TZ_TRY(slide(sheet, err));
    if (sheet->at >= sheet->size)
        goto done;
    if (sheet->line_no > TZ_MAX_ROWS) {
        rc = tz_fail(err, TZ_LIMIT, "超过 %d 行", "more than %d rows", TZ_MAX_ROWS);
        goto done;
    }
    for (;;) {
        TZ_TRY(take_row(sheet, &next, err));
        if (!sheet->is_short)
            break;
        TZ_TRY(slide(sheet, err));
    }
    sheet->row = (tz_row){.row_no = sheet->line_no, .count = sheet->cells.count, .cells = sheet->cells.items};
    sheet->at = next;
    sheet->line_no += sheet->lines;
    *ret_row = &sheet->row;
done:
    return rc;
}

static const tz_reader CSV = {
    .sheet_open = csv_sheet_open, .sheet_next = csv_sheet_next, .sheet_close = csv_sheet_close};

tz_rc tz_csv_open(tz_arena *mem, tz_book *book, tz_text head, tz_err *err)
{
    csv_book *own = tz_new(mem, csv_book);

    (void)err;
    own->skip = separator_line(head, &own->delimiter);
    if (own->skip == 0)
        own->delimiter = delimiter_of(head);
    book->kind = "csv";
    book->inside->own = own;
    book->inside->reader = &CSV;
    tz_push(mem, &book->sheets, (tz_sheet_info){0});
    return TZ_OK;
}
