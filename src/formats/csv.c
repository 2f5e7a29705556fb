/* csv - delimited text: encoding, delimiter and quoting told from the content. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "formats/inside.h"

/* ---- Encoding ---- */

static const char *encoding_of(tz_text *data)
{
    if (tz_text_starts(*data, TZ_TEXT("\xEF\xBB\xBF"))) {
        *data = tz_text_cut(*data, 3, data->size);
        return "utf-8";
    }
    if (tz_text_starts(*data, TZ_TEXT("\xFF\xFE")))
        return "utf-16le";
    if (tz_text_starts(*data, TZ_TEXT("\xFE\xFF")))
        return "utf-16be";
    return tz_utf8_is_valid(*data) ? "utf-8" : "gb18030";
}

/* The whole text as UTF-8, or TZ_INPUT where the bytes are none of what the encoding allows. */
static tz_rc convert(tz_arena *mem, tz_text data, const char *encoding, tz_text *ret_text, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    iconv_t converter = iconv_open("UTF-8", encoding);
    char   *in = (char *)data.data, *out = tz_arena_alloc(mem, data.size * 2 + 4), *start = out;
    size_t  left = data.size, room = data.size * 2 + 4;

    if (converter == (iconv_t)-1)
        return tz_fail(err, TZ_SYSTEM, "系统缺少编码 %s", "the system lacks the encoding %s", encoding);
    if (encoding[0] == 'u') /* the byte order mark */
        in += 2, left -= 2;
    if (iconv(converter, &in, &left, &out, &room) == (size_t)-1) {
        (void)tz_fail(err, TZ_INPUT, "不是文本表格,或编码既不是 UTF-8 也不是 GB18030(第 %zu 字节)",
                      "no text table, or its encoding is neither UTF-8 nor GB18030 (byte %zu)", data.size - left);
        rc = tz_err_advise(err, "用 Excel 或 WPS 打开后另存为 .xlsx 再报送", "open it in Excel or WPS and save it as .xlsx");
    }
    (void)iconv_close(converter);
    *ret_text = (tz_text){start, (size_t)(out - start)};
    return rc;
}

/* Text holds no zero byte and few control characters. */
static bool is_text(tz_text text)
{
    size_t odd = 0;

    for (size_t i = 0; i < text.size && i < 65536; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == 0)
            return false;
        odd += c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    }
    return odd * 100 <= (text.size < 65536 ? text.size : 65536);
}

/* ---- Delimiter: the one that splits the first lines into the most equal rows ---- */

static size_t count_outside_quotes(tz_text text, size_t *at, char delimiter)
{
    size_t count = 0;
    bool   is_quoted = false;

    for (; *at < text.size; *at += 1) {
        char c = text.data[*at];
        if (c == '"')
            is_quoted = !is_quoted;
        else if (c == delimiter && !is_quoted)
            count++;
        else if (c == '\n' && !is_quoted)
            break;
    }
    *at += 1;
    return count;
}

static char delimiter_of(tz_text text)
{
    static const char CANDIDATES[] = ",\t;|";
    char   best = ',';
    size_t best_score = 0;

    for (const char *candidate = CANDIDATES; *candidate != '\0'; candidate++) {
        size_t counts[64] = {0}, lines = 0, score = 0;
        for (size_t at = 0; at < text.size && lines < 64;)
            counts[lines++] = count_outside_quotes(text, &at, *candidate);
        for (size_t i = 0; i < lines; i++) {
            size_t alike = 0;
            for (size_t j = 0; j < lines; j++)
                alike += counts[i] > 0 && counts[j] == counts[i];
            if (alike * counts[i] > score)
                score = alike * counts[i];
        }
        if (score > best_score) {
            best_score = score;
            best = *candidate;
        }
    }
    return best;
}

/* ---- Rows ---- */

typedef struct {
    tz_text text;
    char    delimiter;
} csv_book;

typedef struct {
    const csv_book *book;
    size_t          at;
    int64_t         line_no;
    tz_arena        cells_mem; /* reset for each row */
    struct { tz_cell *items; size_t count; size_t room; } cells;
    tz_row          row;
} csv_sheet;

static tz_rc csv_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    csv_sheet *sheet = tz_new(mem, csv_sheet);
    (void)index, (void)err;
    sheet->book = book->inside->own;
    sheet->line_no = 1;
    *ret_inside = sheet;
    return TZ_OK;
}

/* A quoted field from the character behind its quote; doubled quotes become one. */
static tz_text take_quoted(csv_sheet *sheet)
{
    tz_text text = sheet->book->text;
    tz_buf  out = tz_buf_init(&sheet->cells_mem, 0);

    for (; sheet->at < text.size; sheet->at++) {
        char c = text.data[sheet->at];
        if (c == '"' && sheet->at + 1 < text.size && text.data[sheet->at + 1] == '"')
            sheet->at++;
        else if (c == '"')
            break;
        sheet->line_no += c == '\n';
        tz_buf_char(&out, c);
    }
    sheet->at += sheet->at < text.size;
    /* What stands between the quote and the delimiter is kept: nothing is lost. */
    while (sheet->at < text.size && strchr("\r\n", text.data[sheet->at]) == NULL && text.data[sheet->at] != sheet->book->delimiter)
        tz_buf_char(&out, text.data[sheet->at++]);
    return tz_buf_text(&out);
}

static tz_text take_plain(csv_sheet *sheet)
{
    tz_text text = sheet->book->text;
    size_t  from = sheet->at;

    while (sheet->at < text.size && text.data[sheet->at] != sheet->book->delimiter && text.data[sheet->at] != '\n' &&
           text.data[sheet->at] != '\r')
        sheet->at++;
    return tz_text_cut(text, from, sheet->at - from);
}

static void take_field(csv_sheet *sheet)
{
    tz_text text = sheet->book->text;
    bool    is_quoted = sheet->at < text.size && text.data[sheet->at] == '"';

    sheet->at += is_quoted;
    tz_text value = is_quoted ? take_quoted(sheet) : take_plain(sheet);
    tz_cell cell = {.kind = value.size == 0 ? TZ_CELL_EMPTY : TZ_CELL_TEXT, .style = -1, .text = value};
    if (value.size > TZ_MAX_CELL_BYTES) {
        cell.text.size = TZ_MAX_CELL_BYTES;
        cell.is_cut = true;
    }
    tz_push(&sheet->cells_mem, &sheet->cells, cell);
}

static tz_rc csv_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    csv_sheet *sheet = inside;
    tz_text    text = sheet->book->text;

    *ret_row = NULL;
    if (sheet->at >= text.size)
        return TZ_OK;
    if (sheet->line_no > TZ_MAX_ROWS)
        return tz_fail(err, TZ_LIMIT, "超过 %d 行", "more than %d rows", TZ_MAX_ROWS);
    tz_arena_reset(&sheet->cells_mem);
    memset(&sheet->cells, 0, sizeof sheet->cells);
    sheet->row = (tz_row){.row_no = sheet->line_no};
    for (;;) {
        take_field(sheet);
        if (sheet->cells.count > TZ_MAX_COLUMNS)
            return tz_fail(err, TZ_LIMIT, "超过 %d 列", "more than %d columns", TZ_MAX_COLUMNS);
        if (sheet->at >= text.size || text.data[sheet->at] != sheet->book->delimiter)
            break;
        sheet->at++;
    }
    if (sheet->at < text.size && text.data[sheet->at] == '\r')
        sheet->at++;
    if (sheet->at < text.size && text.data[sheet->at] == '\n')
        sheet->at++;
    sheet->line_no++;
    sheet->row.count = sheet->cells.count;
    sheet->row.cells = sheet->cells.items;
    *ret_row = &sheet->row;
    return TZ_OK;
}

static void csv_sheet_close(void *inside)
{
    tz_arena_free(&((csv_sheet *)inside)->cells_mem);
}

static void csv_close(tz_book *book)
{
    (void)book;
}

static const tz_reader CSV = {
    .sheet_open = csv_sheet_open, .sheet_next = csv_sheet_next, .sheet_close = csv_sheet_close, .close = csv_close};

tz_rc tz_csv_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_text     text = book->inside->data;
    const char *encoding = encoding_of(&text);

    if (strcmp(encoding, "utf-8") != 0)
        TZ_TRY(convert(mem, text, encoding, &text, err));
    if (!is_text(text)) {
        (void)tz_fail(err, TZ_INPUT, "不是表格文件", "this is no table file");
        rc = tz_err_advise(err, "请部门报送 .xlsx 或 .csv 表格", "ask for an .xlsx or .csv table");
        goto done;
    }
    csv_book *own = tz_new(mem, csv_book);
    own->text = text;
    own->delimiter = delimiter_of(text);
    book->kind = "csv";
    book->encoding = encoding;
    book->inside->own = own;
    book->inside->reader = &CSV;
    tz_push(mem, &book->sheets, (tz_sheet_info){0});
done:
    return rc;
}
