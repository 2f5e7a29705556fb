/* layout - sheets as departments lay them out, drawn as text in tests/layouts: header, columns, rows.
 *
 * A layout:
 *     === what it shows
 *     register: deaths            or none
 *     columns: A=name B=id        the columns that are taken, of the first part
 *     rows: THDDS                 T title, H header, D data, S sum, N note, . blank: of its first table
 *     parts: 2                    where columns repeat
 *     tables: deaths@1 orphans@4  each table and its first row
 *     asked: 户主身份证号          the question names this header
 * then the grid: cells parted by |, "<" merged with the cell before it, "^" with the one above, "."
 * a row that is not there, '1 a number kept as text, \n a line feed.
 */
#include "../test.h"

#include <xlsxwriter.h>

#include "base/file.h"
#include "evidence/kind.h"
#include "evidence/tables.h"

enum { ROWS = 40, COLUMNS = 16, LEAST_RIGHT_PERCENT = 98 };

typedef struct {
    const char *name, *reg, *columns, *rows, *tables, *asked;
    int64_t     parts;
    const char *cells[ROWS][COLUMNS]; /* NULL: no cell */
    int         row_count;
} layout;

static tz_arena   mem;
static const char *folder;
static tz_county *county;
static tz_packs  *packs;

/* ---- Reading the drawings ---- */

static const char *value_of(tz_text line, const char *key)
{
    size_t size = strlen(key);
    return tz_text_starts(line, tz_text_of(key)) ? tz_text_dup(&mem, tz_text_trim(tz_text_cut(line, size, line.size))) : NULL;
}

static const char *unescaped(tz_text text)
{
    tz_buf out = tz_buf_init(&mem, 0);
    size_t at = 0;

    for (size_t found; (found = tz_text_find(text, TZ_TEXT("\\n"), at)) != SIZE_MAX; at = found + 2) {
        tz_buf_put(&out, tz_text_cut(text, at, found - at));
        tz_buf_char(&out, '\n');
    }
    tz_buf_put(&out, tz_text_cut(text, at, text.size));
    return tz_buf_str(&out);
}

static void read_row(layout *to, tz_text line)
{
    int column = 0;

    assert_true(to->row_count < ROWS);
    for (size_t at = 0; at <= line.size && !tz_text_is(line, "."); column++) {
        size_t end = tz_text_find(line, TZ_TEXT("|"), at);
        end = end == SIZE_MAX ? line.size : end;
        assert_true(column < COLUMNS);
        tz_text cell = tz_text_trim(tz_text_cut(line, at, end - at));
        to->cells[to->row_count][column] = cell.size == 0 ? NULL : unescaped(cell);
        at = end + 1;
    }
    to->row_count++;
}

static void read_line(layout *to, tz_text line)
{
    static const char *const KEYS[] = {"register:", "columns:", "rows:", "tables:", "asked:", "parts:"};
    const char **const       fields[] = {&to->reg, &to->columns, &to->rows, &to->tables, &to->asked};

    for (size_t i = 0; i < COUNT(KEYS) && to->row_count == 0; i++) {
        const char *value = value_of(line, KEYS[i]);
        if (value == NULL)
            continue;
        if (i < COUNT(fields))
            *fields[i] = value;
        else
            assert_true(tz_text_int(tz_text_of(value), &to->parts));
        return;
    }
    read_row(to, line);
}

/* ---- Drawing them as workbooks ---- */

static bool is_merged(const layout *of, int row, int column, const char *mark)
{
    return row < of->row_count && column < COLUMNS && of->cells[row][column] != NULL && strcmp(of->cells[row][column], mark) == 0;
}

static void draw_cell(lxw_worksheet *sheet, const layout *of, int row, int column)
{
    const char *text = of->cells[row][column];
    int         last_row = row, last_column = column;
    char       *end = NULL;

    if (text == NULL || strcmp(text, "<") == 0 || strcmp(text, "^") == 0)
        return;
    while (is_merged(of, row, last_column + 1, "<"))
        last_column++;
    while (is_merged(of, last_row + 1, column, "^"))
        last_row++;
    if (last_row > row || last_column > column)
        (void)worksheet_merge_range(sheet, (lxw_row_t)row, (lxw_col_t)column, (lxw_row_t)last_row, (lxw_col_t)last_column, "", NULL);
    double number = strtod(text, &end);
    if (*end == '\0' && end != text)
        (void)worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)column, number, NULL);
    else
        (void)worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, text[0] == '\'' ? text + 1 : text, NULL);
}

static tz_book *draw(const layout *of)
{
    const char    *path = tz_arena_printf(&mem, "%s/layout.xlsx", folder);
    lxw_workbook  *out = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(out, NULL);
    tz_book       *book = NULL;
    tz_err         err = {0};

    for (int i = 0; i < of->row_count; i++)
        for (int j = 0; j < COLUMNS; j++)
            draw_cell(sheet, of, i, j);
    assert_int_equal(workbook_close(out), LXW_NO_ERROR);
    assert_int_equal(tz_book_open(&mem, path, &book, &err), TZ_OK);
    return book;
}

/* ---- What the program makes of them ---- */

static const char *columns_of(const tz_understanding *table)
{
    tz_buf out = tz_buf_init(&mem, 0);

    for (size_t i = 0; i < table->columns.count; i++) {
        const tz_column_match *match = &table->columns.items[i];
        char letters[8];
        tz_column_letters(match->sheet_column, letters);
        if (match->column >= 0)
            tz_buf_printf(&out, "%s%s=%s", out.size == 0 ? "" : " ", letters, table->reg->columns.items[match->column].name);
    }
    return tz_buf_str(&out);
}

/* Only the numbers of unfilled lines: what row.c finds once it has read the values. */
static bool has_value(const tz_understanding *table, const tz_row *row)
{
    for (size_t i = 0; i < table->columns.count; i++)
        if (table->columns.items[i].column >= 0 && (size_t)table->columns.items[i].sheet_column < row->count &&
            row->cells[table->columns.items[i].sheet_column].text.size > 0)
            return true;
    return false;
}

static const char *rows_of(tz_book *book, const tz_understanding *table)
{
    static const char LETTERS[] = {'D', '.', 'S', 'N', 'H', 'T'};
    tz_buf        out = tz_buf_init(&mem, 0);
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_merges     merges;
    tz_err        err = {0};
    int64_t       row_no = table->first_row;
    bool          is_grand;

    assert_int_equal(tz_sheet_merges(&mem, book, 0, &merges, &err), TZ_OK);
    tz_kinds kinds = tz_kinds_of(&mem, table, &merges);
    assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
    while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL && row->row_no <= table->until_row) {
        for (; row_no < row->row_no; row_no++) /* rows that the file does not store */
            tz_buf_char(&out, '.');
        row_no = row->row_no + 1;
        if (row->row_no <= table->last_header_row) {
            tz_buf_char(&out, row->row_no >= table->header_row ? 'H' : 'T');
            continue;
        }
        tz_row_kind kind = tz_kind_of(&kinds, &mem, row, &is_grand);
        tz_buf_char(&out, kind == TZ_ROW_DATA && !has_value(table, row) ? '.' : LETTERS[kind]);
    }
    tz_sheet_close(sheet);
    return tz_buf_str(&out);
}

static const char *tables_of(const tz_tables *tables)
{
    tz_buf out = tz_buf_init(&mem, 0);

    for (size_t i = 0; i < tables->count; i++)
        tz_buf_printf(&out, "%s%s@%lld", i == 0 ? "" : " ", tables->items[i].reg->name, (long long)tables->items[i].first_row);
    return tz_buf_str(&out);
}

static bool is_equal(const char *what, const char *expected, const char *got)
{
    if (expected == NULL || strcmp(expected, got) == 0)
        return true;
    print_message("    %s: %s\n    expected: %s\n", what, got, expected);
    return false;
}

/* Wrong, where it is not asked, is worse than unknown. */
static bool is_right(const layout *of)
{
    const tz_sheet_hints hints = {.packs = packs, .file = "layout.xlsx", .county = county};
    tz_book    *book = draw(of);
    tz_tables   tables = {0};
    const char *nearest = NULL;
    int64_t     next_no = 2;
    tz_err      err = {0};
    bool        is_good;

    assert_int_equal(tz_tables_find(&mem, book, 0, &hints, &next_no, &tables, &nearest, &err), TZ_OK);
    if (tables.count == 0) {
        is_good = is_equal("register", of->reg, "none");
    } else {
        const tz_understanding *first = &tables.items[0];
        const char *question = first->question == NULL ? "" : first->question;
        is_good = is_equal("register", of->reg, first->reg->name);
        is_good &= is_equal("columns", of->columns, columns_of(first));
        is_good &= is_equal("rows", of->rows, rows_of(book, first));
        is_good &= is_equal("tables", of->tables, tables_of(&tables));
        is_good &= of->tables != NULL || is_equal("parts", tz_arena_printf(&mem, "%lld", (long long)(of->parts == 0 ? 1 : of->parts)),
                                                  tz_arena_printf(&mem, "%zu", tables.count));
        if (of->asked != NULL ? strstr(question, of->asked) == NULL : question[0] != '\0')
            is_good = is_equal("question", of->asked == NULL ? "" : of->asked, question);
    }
    tz_book_close(book);
    return is_good;
}

static void test_layouts(void **state)
{
    const char *root = getenv("ROOT") == NULL ? "." : getenv("ROOT");
    const char *drawings = tz_arena_printf(&mem, "%s/tests/layouts", root);
    size_t      all = 0, right = 0;
    tz_names    files;
    tz_err      err = {0};
    (void)state;

    assert_int_equal(tz_file_list(&mem, drawings, &files, &err), TZ_OK);
    for (size_t i = 0; i < files.count; i++) {
        tz_text text;
        layout *now = NULL;
        assert_int_equal(tz_file_load(&mem, tz_arena_printf(&mem, "%s/%s", drawings, files.items[i]), 1 << 20, &text, &err), TZ_OK);
        for (size_t at = 0; at < text.size;) {
            size_t  end = tz_text_find(text, TZ_TEXT("\n"), at);
            tz_text line = tz_text_cut(text, at, end - at);
            at = end + 1;
            if (tz_text_starts(line, TZ_TEXT("==="))) {
                now = tz_new(&mem, layout);
                now->name = value_of(line, "===");
            } else if (tz_text_trim(line).size > 0) {
                read_line(now, line);
            }
            if (at < text.size && !tz_text_starts(tz_text_cut(text, at, 3), TZ_TEXT("===")))
                continue;
            bool is_good = is_right(now);
            all++;
            right += is_good;
            if (!is_good)
                print_message("  %s: %s\n", files.items[i], now->name);
        }
    }
    print_message("%zu of %zu layouts right\n", right, all);
    assert_true(all >= 60);
    assert_true(right * 100 >= all * LEAST_RIGHT_PERCENT);
}

static int set_up(void **state)
{
    static const char *const NAMES[] = {"population", "student-aid", "assistance", "housing", "solar"};
    const char *root = getenv("ROOT") == NULL ? "." : getenv("ROOT");
    tz_app      app = {.lang = TZ_ZH, .program = tz_arena_printf(&mem, "%s/build/taizhang", root)};
    tz_err      err = {0};
    char        line[1024];
    (void)state;

    folder = test_folder(&mem);
    if (tz_county_write(&app, folder, "140430", NULL, NAMES, COUNT(NAMES), &err) == TZ_OK && tz_county_load(&mem, folder, &county, &err) == TZ_OK &&
        tz_packs_load(&mem, county, NULL, tz_arena_printf(&mem, "%s/packs", root), &packs, &err) == TZ_OK)
        return 0;
    tz_err_line(&err, TZ_EN, line, sizeof line);
    print_error("%s\n", line);
    return 1;
}

static int tear_down(void **state)
{
    tz_err err;
    (void)state;
    int failed = tz_file_remove_folder(folder, &err) != TZ_OK;
    tz_arena_free(&mem);
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_layouts)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
