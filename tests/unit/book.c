/* book - workbooks and delimited text as rows of cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "formats/book.h"

static tz_arena mem;
static char     folder[] = "/tmp/taizhang-book-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    tz_err err;
    (void)state;
    tz_arena_free(&mem);
    return tz_file_remove_folder(folder, &err) != TZ_OK;
}

static const char *path_of(const char *name)
{
    return tz_arena_printf(&mem, "%s/%s", folder, name);
}

/* All rows of a sheet as "row:cell|cell" lines; kinds before each cell. */
static const char *text_of(tz_book *book, size_t index)
{
    static const char KINDS[] = "-ntbe";
    tz_buf        out = tz_buf_init(&mem, 0);
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;

    assert_int_equal(tz_sheet_open(&mem, book, index, &sheet, &err), TZ_OK);
    while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL) {
        tz_buf_printf(&out, "%lld:", (long long)row->row_no);
        for (size_t i = 0; i < row->count; i++)
            tz_buf_printf(&out, "%s%c%.*s%s", i == 0 ? "" : "|", KINDS[row->cells[i].kind], TZ_FMT(row->cells[i].text),
                          row->cells[i].is_date ? "d" : "");
        tz_buf_char(&out, '\n');
    }
    tz_sheet_close(sheet);
    return tz_buf_str(&out);
}

static void test_workbook(void **state)
{
    lxw_workbook  *out = workbook_new(path_of("a.xlsx"));
    lxw_worksheet *first = workbook_add_worksheet(out, "花名册"), *second = workbook_add_worksheet(out, "隐藏");
    lxw_format    *date = workbook_add_format(out), *bold = workbook_add_format(out), *money = workbook_add_format(out);
    tz_book       *book = NULL;
    tz_merges      merges;
    tz_err         err;
    (void)state;

    format_set_num_format(date, "yyyy-mm-dd");
    format_set_num_format(money, "\"$\"#,##0.00_);[Red]");
    format_set_bold(bold);
    (void)worksheet_merge_range(first, 0, 0, 0, 2, "标题", NULL);
    (void)worksheet_write_string(first, 1, 0, "姓名", NULL);
    (void)worksheet_write_number(first, 1, 1, 0.1, NULL);
    (void)worksheet_write_number(first, 1, 2, 43709, date);
    (void)worksheet_write_boolean(first, 3, 0, 1, NULL);
    (void)worksheet_write_formula_num(first, 3, 1, "=1+1", NULL, 2);
    lxw_rich_string_tuple  part1 = {.string = "富"}, part2 = {.format = bold, .string = "文本"};
    lxw_rich_string_tuple *parts[] = {&part1, &part2, NULL};
    (void)worksheet_write_rich_string(first, 3, 2, parts, NULL);
    (void)worksheet_write_number(first, 3, 3, 5, money);
    worksheet_hide(second);
    assert_int_equal(workbook_close(out), LXW_NO_ERROR);

    assert_int_equal(tz_book_open(&mem, path_of("a.xlsx"), &book, &err), TZ_OK);
    assert_string_equal(book->kind, "xlsx");
    assert_int_equal(book->sheets.count, 2);
    assert_string_equal(book->sheets.items[0].name, "花名册");
    assert_true(book->sheets.items[1].is_hidden);
    assert_string_equal(text_of(book, 0), "1:t标题\n2:t姓名|n0.1|n43709d\n4:b1|n2|t富文本|n5\n");
    assert_string_equal(text_of(book, 0), text_of(book, 0)); /* a second pass */
    assert_int_equal(tz_sheet_merges(&mem, book, 0, &merges, &err), TZ_OK);
    assert_int_equal(merges.count, 1);
    assert_int_equal(merges.items[0].last_column, 2);
    tz_book_close(book);
}

static void check_csv(const char *name, const char *data, size_t size, const char *encoding, const char *expected)
{
    tz_book *book = NULL;
    tz_err   err;

    assert_int_equal(tz_book_open_bytes(&mem, name, (tz_text){data, size}, &book, &err), TZ_OK);
    assert_string_equal(book->encoding, encoding);
    assert_string_equal(text_of(book, 0), expected);
    tz_book_close(book);
}

#define CSV(data, encoding, expected) check_csv("x.csv", data, sizeof(data) - 1, encoding, expected)

static void test_text(void **state)
{
    (void)state;
    CSV("a,b\r\n1,2\r\n", "utf-8", "1:ta|tb\n2:t1|t2\n");
    CSV("\xEF\xBB\xBF" "a;b\n\"x;\"\"y\";2", "utf-8", "1:ta|tb\n2:tx;\"y|t2\n");
    CSV("a\tb\n\"two\nlines\"\tc\nd\te\n", "utf-8", "1:ta|tb\n2:ttwo\nlines|tc\n4:td|te\n");
    CSV("\xD0\xD5\xC3\xFB,\xD0\xD4\xB1\xF0\n\xD5\xC5\xC8\xFD,\xC4\xD0\n", "gb18030", "1:t姓名|t性别\n2:t张三|t男\n");
    CSV("\xFF\xFE" "a\0,\0\x20\x5F\n\0", "utf-16le", "1:ta|t张\n");
    CSV("a,,\n,,\n", "utf-8", "1:ta|-|-\n2:-|-|-\n");
}

static void refuse(const char *name, const char *data, size_t size, tz_rc code, const char *words)
{
    tz_book *book = NULL;
    tz_err   err;

    assert_int_equal(tz_book_open_bytes(&mem, name, (tz_text){data, size}, &book, &err), code);
    if (strstr(err.zh, words) == NULL)
        fail_msg("%s: '%s' not in '%s'", name, words, err.zh);
    assert_string_equal(err.where.file, name);
}

#define REFUSE(name, data, words) refuse(name, data, sizeof(data) - 1, TZ_INPUT, words)

static void test_refused(void **state)
{
    tz_book *book = NULL;
    tz_err   err;
    (void)state;

    REFUSE("empty.csv", "", "空");
    REFUSE("a.xlsx", "\x89PNG\r\n", "图片");
    REFUSE("b.xlsx", "%PDF-1.4", "PDF");
    REFUSE("c.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "旧版");
    REFUSE("d.xlsx", "\xD0\xCF\x11\xE0 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", "密码");
    REFUSE("e.xlsx", "PK\x03\x04 cut off", "损坏");
    REFUSE("f.csv", "a\0b\0c", "不是表格");
    assert_int_equal(tz_book_open(&mem, path_of("none.xlsx"), &book, &err), TZ_MISSING);
}

static void test_letters(void **state)
{
    static const struct {
        int32_t column;
        const char *letters;
    } CASES[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char out[8];
        tz_column_letters(CASES[i].column, out);
        assert_string_equal(out, CASES[i].letters);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_workbook), cmocka_unit_test(test_text), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_letters)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
