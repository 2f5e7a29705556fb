/* corpus - public workbooks and delimited files beside what other readers make of them.
 *
 * Runs only where CORPORA names the folder that holds them (xlsx/, xlsx-expected/, csv/): they are
 * no part of the project.  Every cell on which two other readers agree must be ours too, and every text
 * and plain number that Excel itself wrote; of delimited text no character may be lost, and its encoding
 * must be the one that its folder says.  A file may be refused, but only with an error.
 */
#include "../test.h"

#include <ftw.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "evidence/import.h"
#include "formats/book.h"
#include "formats/decode.h"

enum {
    SHOWN = 3,
    KEPT = 2000, /* characters of a long text that the expectation keeps */
};

/* Workbooks whose cells differ from the agreed ones; docs/format/files.md explains each. */
static const char *const EXPLAINED[] = {
    "poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx",
    "poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-5265527465181184.xlsx",
    "poi/54764-2.xlsx",
    "calamine/issue252.xlsx",
};

static tz_names expectations; /* paths of *.xlsx.json, filled by nftw */
static tz_arena paths;

static int note_expectation(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)where;
    if (kind == FTW_F && tz_text_ends(tz_text_of(path), TZ_TEXT(".json")))
        tz_push(&paths, &expectations, tz_arena_dup(&paths, path));
    return 0;
}

/* The expectation gives an error cell by its number in BIFF. */
static const char *error_text(json_int_t code)
{
    switch (code) {
    case 0: return "#NULL!";
    case 7: return "#DIV/0!";
    case 15: return "#VALUE!";
    case 23: return "#REF!";
    case 29: return "#NAME?";
    case 36: return "#NUM!";
    case 42: return "#N/A";
    default: return "?";
    }
}

static bool is_same_value(const json_t *expected, const json_t *ours)
{
    const json_t *a = json_array_get(expected, 1), *b = json_array_get(ours, 1);

    if (json_is_number(a) && json_is_number(b)) {
        double x = json_number_value(a), y = json_number_value(b), gap = x > y ? x - y : y - x;
        return gap <= 1e-9 * (x < 0 ? -x : x) + 1e-12;
    }
    if (strcmp(json_string_value(json_array_get(expected, 0)), "e") == 0)
        return strcmp(error_text(json_integer_value(a)), json_is_string(b) ? json_string_value(b) : "") == 0;
    if (json_is_string(a) && json_is_string(b) && tz_utf8_count(tz_text_of(json_string_value(a))) >= KEPT)
        return tz_text_starts(tz_text_of(json_string_value(b)), tz_text_of(json_string_value(a)));
    return json_equal(a, b) != 0;
}

typedef struct {
    size_t files, refused, cells, equal, unexplained;
} tally;

static bool is_explained(const char *path)
{
    for (size_t i = 0; i < COUNT(EXPLAINED); i++)
        if (strcmp(EXPLAINED[i], path) == 0)
            return true;
    return false;
}

static void compare_sheet(const char *path, const json_t *expected, const json_t *ours, tally *count)
{
    const char *name;
    json_t     *cell, *agreed = json_object_get(expected, "agreed");
    size_t      shown = 0;

    json_object_foreach(agreed, name, cell) {
        const json_t *mine = json_object_get(json_object_get(ours, "cells"), name);
        const char   *kind = json_string_value(json_array_get(cell, 0));
        count->cells++;
        if (mine != NULL && strcmp(kind, json_string_value(json_array_get(mine, 0))) == 0 &&
            is_same_value(cell, mine)) {
            count->equal++;
            continue;
        }
        count->unexplained += !is_explained(path);
        if (shown++ < SHOWN) {
            char *theirs_text = json_dumps(cell, JSON_ENCODE_ANY), *our_text = json_dumps(mine, JSON_ENCODE_ANY);
            print_message("%s %s!%s: expected %.80s, read %.80s\n", path, tz_json_str(expected, "name"), name,
                          theirs_text, our_text == NULL ? "nothing" : our_text);
            free(theirs_text);
            free(our_text);
        }
    }
}

static json_t *sheet_named(json_t *sheets, const char *name)
{
    size_t  i;
    json_t *sheet;

    json_array_foreach(sheets, i, sheet)
        if (name != NULL && tz_json_str(sheet, "sheet") != NULL && strcmp(tz_json_str(sheet, "sheet"), name) == 0)
            return sheet;
    return NULL;
}

/* CORPORA/xlsx-expected/GROUP/FILE.json speaks of CORPORA/xlsx/GROUP/FILE. */
static void compare_book(const char *corpora, const char *expectation, tally *count)
{
    tz_arena mem = {0};
    tz_err   err;
    json_t  *expected = json_load_file(expectation, 0, NULL), *ours = NULL;
    size_t   skip = strlen(corpora) + strlen("/xlsx-expected/"), i;
    json_t  *sheet;
    const char *inner = tz_arena_copy(&mem, expectation + skip, strlen(expectation + skip) - strlen(".json"));
    const char *path = tz_arena_printf(&mem, "%s/xlsx/%s", corpora, inner);

    if (!tz_file_exists(path))
        path = tz_arena_printf(&mem, "%s/%s", corpora, inner);
    if (expected != NULL && tz_file_exists(path)) {
        count->files++;
        if (tz_peek(&mem, NULL, path, true, &ours, &err) != TZ_OK) {
            count->refused++;
            if (strcmp(tz_json_str(expected, "sheetjs") ? tz_json_str(expected, "sheetjs") : "", "ok") == 0)
                print_message("%s: refused: %s\n", inner, err.en);
        }
        json_array_foreach(json_object_get(expected, "sheets"), i, sheet)
            compare_sheet(inner, sheet, sheet_named(ours, tz_json_str(sheet, "name")), count);
    }
    json_decref(ours);
    json_decref(expected);
    tz_arena_free(&mem);
}

static void test_workbooks(void **state)
{
    const char *corpora = getenv("CORPORA");
    tally       count = {0};

    (void)state;
    if (corpora == NULL)
        skip();
    assert_int_equal(nftw(tz_arena_printf(&paths, "%s/xlsx-expected", corpora), note_expectation, 16, FTW_PHYS), 0);
    for (size_t i = 0; i < expectations.count; i++)
        compare_book(corpora, expectations.items[i], &count);
    print_message("%zu workbooks, %zu refused; %zu of %zu agreed cells equal\n", count.files, count.refused,
                  count.equal, count.cells);
    assert_true(count.cells > 0);
    assert_int_equal(count.unexplained, 0);
}

/* The stored copies of the files have plain line ends where their expectation has CR LF. */
static void drop_returns(json_t *lines)
{
    size_t      i;
    const char *key;
    json_t     *line, *value;
    tz_arena    mem = {0};

    json_array_foreach(lines, i, line)
        json_object_foreach(line, key, value) {
            tz_buf out = tz_buf_init(&mem, 0);
            for (const char *at = json_string_value(value); at != NULL && *at != '\0'; at++)
                if (*at != '\r')
                    tz_buf_char(&out, *at);
            (void)json_string_set(value, tz_buf_str(&out));
        }
    tz_arena_free(&mem);
}

/* csv-spectrum gives each file as a list of objects by the first line's titles. */
static void compare_csv(const char *corpora, const char *name)
{
    tz_arena      mem = {0};
    tz_err        err = {0};
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    struct { const char **items; size_t count; size_t room; } titles = {0};
    json_t *expected =
        json_load_file(tz_arena_printf(&mem, "%s/csv/csv-spectrum/json/%s.json", corpora, name), 0, NULL);
    json_t       *ours = json_array();

    assert_int_equal(tz_book_open(&mem,
                                  tz_arena_printf(&mem, "%s/csv/csv-spectrum/csvs/%s.csv", corpora, name),
                                  &book, &err),
                     TZ_OK);
    assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
    while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL) {
        json_t *line = json_object();
        for (size_t i = 0; i < row->count; i++)
            if (titles.count <= i && json_array_size(ours) == 0 && row->row_no == 1)
                tz_push(&mem, &titles, tz_text_dup(&mem, row->cells[i].text));
            else if (i < titles.count)
                (void)json_object_set_new(line, titles.items[i], tz_json_text(row->cells[i].text));
        if (row->row_no > 1)
            (void)json_array_append_new(ours, line);
        else
            json_decref(line);
    }
    drop_returns(expected);
    if (!json_equal(expected, ours)) {
        char *text = json_dumps(ours, 0);
        print_message("%s: read %s\n", name, text);
        free(text);
    }
    assert_true(json_equal(expected, ours));
    json_decref(ours);
    json_decref(expected);
    tz_sheet_close(sheet);
    tz_book_close(book);
    tz_arena_free(&mem);
}

static void test_csv_spectrum(void **state)
{
    static const char *const NAMES[] = {"comma_in_quotes",
                                        "empty",
                                        "empty_crlf",
                                        "escaped_quotes",
                                        "json",
                                        "newlines",
                                        "newlines_crlf",
                                        "quotes_and_newlines",
                                        "simple",
                                        "simple_crlf",
                                        "utf8"};
    const char *corpora = getenv("CORPORA");

    (void)state;
    if (corpora == NULL)
        skip();
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        compare_csv(corpora, NAMES[i]);
}

/* ---- What Excel itself wrote ---- */

static tz_names tables; /* paths of sheetjs-expected-csv/…/NAME.xlsx.N.csv */

static int note_table(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)where;
    if (kind == FTW_F && tz_text_ends(tz_text_of(path), TZ_TEXT(".csv")))
        tz_push(&paths, &tables, tz_arena_dup(&paths, path));
    return 0;
}

/* Files of which Excel's table is no picture of the stored cells; docs/format/files.md explains each. */
static const char *const REDRAWN[] = {"LONumbers-2010.xlsx", "pivot_table_named_range.xlsx",
                                      "formula_stress_test.xlsx", "number_format_entities.xlsx"};

static bool is_redrawn(const char *name)
{
    for (size_t i = 0; i < COUNT(REDRAWN); i++)
        if (strncmp(name, REDRAWN[i], strlen(REDRAWN[i])) == 0)
            return true;
    return false;
}

/* Excel wrote '_' for each unit of UTF-16 beyond ASCII, and the line ends of its system. */
static const char *as_excel_wrote(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t at = 0; at < text.size;) {
        int32_t c = tz_utf8_next(text, &at);
        if (c != '\r' && c != '\n')
            tz_buf_puts(&out, c > 0xFFFF ? "__" : c >= 0x80 ? "_" : (char[]){(char)c, 0});
    }
    return tz_buf_str(&out);
}

/* Whether a shown number is value to the places shown: "$1,337.00", "5.25%". Dates and fractions are not compared. */
static bool shows(const char *shown, double value)
{
    char   plain[64];
    size_t size = 0, places = 0;
    bool   has_point = false, is_share = strchr(shown, '%') != NULL;
    double scale = 1;

    for (; *shown != '\0' && size + 1 < sizeof plain; shown++) {
        if (strchr(" $,()%", *shown) != NULL)
            continue;
        if (strchr("0123456789.-E+", *shown) == NULL)
            return true;
        places += has_point;
        has_point |= *shown == '.';
        plain[size++] = *shown;
    }
    plain[size] = '\0';
    if (strchr(plain, 'E') != NULL || strchr(plain + 1, '-') != NULL)
        return true;
    for (size_t i = 0; i < places; i++)
        scale *= 10;
    double gap = strtod(plain, NULL) - (value < 0 ? -value : value) * (is_share ? 100 : 1);
    if (plain[0] == '-')
        gap = strtod(plain, NULL) - value * (is_share ? 100 : 1);
    return (gap < 0 ? -gap : gap) <= 0.51 / scale;
}

static bool is_as_shown(tz_arena *mem, const tz_book *book, const tz_cell *ours, tz_text shown)
{
    const char *text = as_excel_wrote(mem, shown);

    switch (ours->kind) {
    case TZ_CELL_EMPTY: return shown.size == 0;
    case TZ_CELL_TEXT:
        return tz_text_is(tz_text_trim(tz_text_of(text)),
                          tz_text_dup(mem, tz_text_trim(tz_text_of(as_excel_wrote(mem, ours->text)))));
    case TZ_CELL_BOOL: return strcmp(text, tz_text_is(ours->text, "1") ? "TRUE" : "FALSE") == 0;
    case TZ_CELL_ERROR: return tz_text_is(ours->text, text);
    case TZ_CELL_NUMBER: break;
    }
    return ours->is_date || strcmp(tz_book_format(book, ours->style), "General") != 0 ||
           shows(text, strtod(tz_text_dup(mem, ours->text), NULL));
}

typedef struct {
    tz_book      *book;
    tz_sheet     *sheet;
    const tz_row *row;
} row_source;

static void open_source(tz_arena *mem, const char *path, size_t index, row_source *ret_source)
{
    tz_err err;

    assert_int_equal(tz_book_open(mem, path, &ret_source->book, &err), TZ_OK);
    assert_true(index < ret_source->book->sheets.count);
    assert_int_equal(tz_sheet_open(mem, ret_source->book, index, &ret_source->sheet, &err), TZ_OK);
    assert_int_equal(tz_sheet_next(ret_source->sheet, &ret_source->row, &err), TZ_OK);
}

static void close_source(row_source *source)
{
    tz_sheet_close(source->sheet);
    tz_book_close(source->book);
}

/* The cell of a row, an empty one behind its end or where the row is another. */
static const tz_cell *cell_of(const row_source *source, size_t nth_row, size_t column)
{
    static const tz_cell EMPTY = {.style = -1};

    if (source->row == NULL || (size_t)source->row->row_no != nth_row || column >= source->row->count)
        return &EMPTY;
    return &source->row->cells[column];
}

/* Excel writes an empty sheet as an empty file. */
static bool has_content(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && info.st_size > 0;
}

/* A table names its sheet by number: NAME.xlsx.0.csv, perhaps in a folder of the Excel that wrote it. */
static void compare_table(const char *corpora, const char *path, tally *count)
{
    tz_arena    mem = {0};
    tz_err      err;
    row_source  excel = {0}, ours = {0};
    const char *name = tz_file_base(path), *extension = strstr(name, ".xlsx.");
    const char *workbook = tz_arena_printf(&mem, "%s/xlsx/sheetjs/%.*s", corpora, (int)(extension - name) + 5, name);

    if (tz_file_exists(workbook) && !is_redrawn(name) && has_content(path)) {
        count->files++;
        open_source(&mem, path, 0, &excel);
        open_source(&mem, workbook, strtoul(extension + 6, NULL, 10), &ours);
        for (size_t nth = 1; excel.row != NULL; nth++) {
            for (size_t i = 0; i < excel.row->count; i++) {
                bool is_equal = is_as_shown(&mem, ours.book, cell_of(&ours, nth, i), excel.row->cells[i].text);
                count->cells++;
                count->equal += is_equal;
                if (!is_equal)
                    print_message("%s row %zu column %zu: Excel wrote '%.*s'\n", name, nth, i + 1,
                                  TZ_FMT(excel.row->cells[i].text));
            }
            if (ours.row != NULL && (size_t)ours.row->row_no <= nth)
                assert_int_equal(tz_sheet_next(ours.sheet, &ours.row, &err), TZ_OK);
            assert_int_equal(tz_sheet_next(excel.sheet, &excel.row, &err), TZ_OK);
        }
        close_source(&excel);
        close_source(&ours);
    }
    tz_arena_free(&mem);
}

static void test_excel(void **state)
{
    const char *corpora = getenv("CORPORA");
    tally       count = {0};

    (void)state;
    if (corpora == NULL)
        skip();
    assert_int_equal(
        nftw(tz_arena_printf(&paths, "%s/xlsx/sheetjs-expected-csv", corpora), note_table, 16, FTW_PHYS), 0);
    for (size_t i = 0; i < tables.count; i++)
        compare_table(corpora, tables.items[i], &count);
    print_message("%zu tables; %zu of %zu cells as Excel wrote them\n", count.files, count.equal, count.cells);
    assert_true(count.cells > 1000);
    assert_int_equal(count.equal, count.cells);
}

/* ---- Nothing of a text is lost ---- */

static tz_names texts;

static int note_text(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)where;
    if (kind == FTW_F && strstr(path, "SOURCES") == NULL)
        tz_push(&paths, &texts, tz_arena_dup(&paths, path));
    return 0;
}

/* Delimiters, quotes and line ends may go or double; every other character must be in a cell, in its order. */
static bool is_counted(char c)
{
    return strchr("\",\t;|\r\n", c) == NULL || c == '\0';
}

static void put_counted(tz_buf *out, tz_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (is_counted(text.data[i]))
            tz_buf_char(out, text.data[i]);
}

static tz_text decoded(tz_arena *mem, const char *path)
{
    const tz_source source = {.path = path};
    tz_encoding     encoding;
    tz_decoder     *decoder = NULL;
    tz_err          err;
    char            block[4096];
    size_t          size = 1;
    tz_buf          out = tz_buf_init(mem, 0);

    assert_int_equal(tz_encoding_find(mem, &source, &encoding, &err), TZ_OK);
    assert_int_equal(tz_decoder_open(mem, &source, &encoding, &decoder, &err), TZ_OK);
    while (size > 0) {
        assert_int_equal(tz_decoder_read(decoder, block, sizeof block, &size, &err), TZ_OK);
        tz_buf_put(&out, (tz_text){block, size});
    }
    tz_decoder_close(decoder);
    return tz_buf_text(&out);
}

static void check_text(const char *path, tally *count)
{
    tz_arena mem = {0};
    tz_err   err;
    tz_book *book = NULL;

    count->files++;
    if (tz_book_open(&mem, path, &book, &err) != TZ_OK) {
        count->refused++;
        assert_true(err.zh[0] != '\0');
    } else if (strcmp(book->kind, "csv") == 0) {
        tz_buf        whole = tz_buf_init(&mem, 0), cells = tz_buf_init(&mem, 0);
        tz_sheet     *sheet = NULL;
        const tz_row *row = NULL;
        tz_text       text = decoded(&mem, path);
        assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
        while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL)
            for (size_t i = 0; i < row->count; i++)
                put_counted(&cells, row->cells[i].text);
        tz_sheet_close(sheet);
        put_counted(&whole, text);
        bool is_equal =
            tz_text_equal(tz_buf_text(&whole), tz_buf_text(&cells)) || tz_text_starts(text, TZ_TEXT("sep="));
        count->equal += is_equal;
        if (!is_equal)
            print_message("%s: %zu characters, %zu in cells\n", path, whole.size, cells.size);
    } else {
        count->equal++;
    }
    tz_book_close(book);
    tz_arena_free(&mem);
}

static void test_texts(void **state)
{
    const char *corpora = getenv("CORPORA");
    tally       count = {0};

    (void)state;
    if (corpora == NULL)
        skip();
    assert_int_equal(nftw(tz_arena_printf(&paths, "%s/csv", corpora), note_text, 16, FTW_PHYS), 0);
    assert_int_equal(nftw(tz_arena_printf(&paths, "%s/encoding", corpora), note_text, 16, FTW_PHYS), 0);
    for (size_t i = 0; i < texts.count; i++)
        check_text(texts.items[i], &count);
    print_message("%zu files, %zu refused, %zu with every character in a cell\n", count.files, count.refused,
                  count.equal);
    assert_true(count.files > 500);
    assert_int_equal(count.equal + count.refused, count.files);
}

/* encoding/chardet/tests/ENCODING/FILE */
static void test_encodings(void **state)
{
    static const struct {
        const char *folder, *name;
    } NAMES[] = {{"GB2312", "gb18030"},    {"Big5", "big5"},         {"EUC-TW", "euc-tw"},  {"utf-8", "utf-8"},
                 {"utf-8-sig", "utf-8"},   {"UTF-16LE", "utf-16le"}, {"UTF-16BE", "utf-16be"}};
    const char *corpora = getenv("CORPORA");
    size_t      checked = 0;

    (void)state;
    if (corpora == NULL)
        skip();
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        tz_names    files;
        tz_err      err;
        const char *folder = tz_arena_printf(&paths, "%s/encoding/chardet/tests/%s", corpora, NAMES[i].folder);
        assert_int_equal(tz_file_list(&paths, folder, &files, &err), TZ_OK);
        for (size_t j = 0; j < files.count; j++) {
            const tz_source source = {.path = tz_arena_printf(&paths, "%s/%s", folder, files.items[j])};
            tz_encoding     encoding;
            assert_int_equal(tz_encoding_find(&paths, &source, &encoding, &err), TZ_OK);
            if (strcmp(encoding.name, NAMES[i].name) != 0)
                fail_msg("%s: %s", source.path, encoding.name);
            checked++;
        }
    }
    print_message("%zu encodings right\n", checked);
    assert_true(checked > 30);
}

static int tear_down(void **state)
{
    (void)state;
    tz_arena_free(&paths);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_spectrum),
        cmocka_unit_test(test_workbooks), cmocka_unit_test(test_excel),
                                       cmocka_unit_test(test_texts), cmocka_unit_test(test_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
