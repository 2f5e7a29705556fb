/* listing: cells, headings, CSV that no spreadsheet runs, files of each kind read back. */
#include "../test.h"

#include "base/file.h"
#include "formats/book.h"
#include "formats/listing.h"

static const tz_list_column COLUMNS[] = {
    {"name", "姓名|name", false}, {"of.count", "数|count", true}, {"rows", "行|rows", true}, {"ok", "可|ok", false}, {NULL, NULL, false},
};

static json_t *row_of(const char *name, int count)
{
    return json_pack("{s:s, s:{s:i}, s:[i,i,i], s:b}", "name", name, "of", "count", count, "rows", 1, 2, 3, "ok", 1);
}

static void shows_every_kind_of_value(void **state)
{
    (void)state;
    tz_arena mem = {0};
    json_t  *row = row_of("张三", 7), *real = json_null();

    assert_string_equal(tz_list_cell(&mem, tz_list_reach(row, "name")), "张三");
    assert_string_equal(tz_list_cell(&mem, tz_list_reach(row, "of.count")), "7");
    assert_string_equal(tz_list_cell(&mem, tz_list_reach(row, "rows")), "3");
    assert_string_equal(tz_list_cell(&mem, tz_list_reach(row, "ok")), "✓");
    assert_string_equal(tz_list_cell(&mem, tz_list_reach(row, "of")), "");
    assert_string_equal(tz_list_cell(&mem, tz_list_reach(row, "of.none.deeper")), "");
    assert_string_equal(tz_list_cell(&mem, real), "");
    assert_string_equal(tz_list_heading(&mem, &COLUMNS[0], TZ_ZH), "姓名");
    assert_string_equal(tz_list_heading(&mem, &COLUMNS[0], TZ_EN), "name");
    json_decref(row);
    tz_arena_free(&mem);
}

/* A text longer than a workbook's cell does not cost the list: it is cut, and one that just fits is not. */
static void cuts_what_no_workbook_holds(void **state)
{
    (void)state;
    enum { MOST = 32767 };
    tz_arena      mem = {0};
    tz_list_file *file = NULL;
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err = {0};
    tz_buf        text = tz_buf_init(&mem, 0);
    const char   *folder = test_folder(&mem), *path = tz_arena_printf(&mem, "%s/long.xlsx", folder);

    for (int i = 0; i < MOST; i++)
        tz_buf_puts(&text, "汉");
    assert_int_equal(tz_list_open(&mem, TZ_LIST_XLSX, path, COLUMNS, TZ_ZH, &file, &err), TZ_OK);
    for (int i = 0; i < 2; i++, tz_buf_puts(&text, "字")) {
        json_t *object = row_of(tz_buf_str(&text), i);
        assert_int_equal(tz_list_add(file, object, &err), TZ_OK);
        json_decref(object);
    }
    assert_int_equal(tz_list_close(file, &err), TZ_OK);
    assert_int_equal(tz_book_open(&mem, path, &book, &err), TZ_OK);
    assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
    for (int i = 0; i < 3; i++) { /* the headings, the text that fits, the other */
        assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
        assert_true(i == 0 || row->cells[0].text.size == 3 * MOST);
        assert_int_equal(tz_text_ends(row->cells[0].text, TZ_TEXT("汉…")), i == 2);
    }
    tz_sheet_close(sheet);
    tz_book_close(book);
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
    tz_arena_free(&mem);
}

static void quotes_and_disarms(void **state)
{
    (void)state;
    static const struct { const char *value, *field; } CASES[] = {
        {"张三", "张三"},       {"a,b", "\"a,b\""},     {"say \"x\"", "\"say \"\"x\"\"\""}, {"two\nlines", "\"two\nlines\""},
        {"=1+1", "\"'=1+1\""},  {"@x", "\"'@x\""}, {"\t=1+1", "\"'\t=1+1\""},      {"-12.50", "-12.50"},               {"+8613", "+8613"},
        {"-x", "\"'-x\""},      {"", ""},
    };
    static const tz_list_column ONE[] = {{"v", "值|value", false}, {NULL, NULL, false}};
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_arena mem = {0};
        tz_buf   out = tz_buf_init(&mem, 0);
        json_t  *row = json_pack("{s:s}", "v", CASES[i].value);
        tz_list_csv(&mem, row, ONE, TZ_ZH, &out);
        assert_string_equal(tz_buf_str(&out), tz_arena_printf(&mem, "%s\r\n", CASES[i].field));
        json_decref(row);
        tz_arena_free(&mem);
    }
}

static const char *write_file(tz_arena *mem, const char *folder, tz_list_kind kind, int rows)
{
    const char   *path = tz_arena_printf(mem, "%s/list-%d", folder, (int)kind);
    tz_list_file *file = NULL;
    tz_err        err = {0};

    assert_int_equal(tz_list_open(mem, kind, path, COLUMNS, TZ_ZH, &file, &err), TZ_OK);
    for (int i = 0; i < rows; i++) {
        json_t *row = row_of(i == 0 ? "=cmd()" : "张三", i);
        assert_int_equal(tz_list_add(file, row, &err), TZ_OK);
        json_decref(row);
    }
    assert_int_equal(tz_list_close(file, &err), TZ_OK);
    return path;
}

static void writes_files_of_each_kind(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_err      err = {0};
    tz_text     text = {0};
    json_t     *read = NULL;
    const char *folder = test_folder(&mem);

    assert_int_equal(tz_file_load(&mem, write_file(&mem, folder, TZ_LIST_CSV, 2), 1 << 20, &text, &err), TZ_OK);
    assert_text(text, "\xEF\xBB\xBF姓名,数,行,可\r\n\"'=cmd()\",0,3,✓\r\n张三,1,3,✓\r\n");
    assert_int_equal(tz_file_load(&mem, write_file(&mem, folder, TZ_LIST_JSON, 3), 1 << 20, &text, &err), TZ_OK);
    assert_int_equal(tz_json_parse(text, &read, &err), TZ_OK);
    assert_int_equal(json_array_size(read), 3);
    assert_string_equal(tz_json_str(json_array_get(read, 0), "name"), "=cmd()");
    json_decref(read);
    assert_int_equal(tz_file_load(&mem, write_file(&mem, folder, TZ_LIST_JSON, 0), 1 << 20, &text, &err), TZ_OK);
    assert_text(text, "[]\n");
    assert_int_equal(tz_file_load(&mem, write_file(&mem, folder, TZ_LIST_XLSX, 500), 1 << 20, &text, &err), TZ_OK);
    assert_true(text.size > 1000 && memcmp(text.data, "PK", 2) == 0);
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
    tz_arena_free(&mem);
}

static void says_where_it_cannot_write(void **state)
{
    (void)state;
    tz_arena      mem = {0};
    tz_err        err = {0};
    tz_list_file *file = NULL;

    assert_int_equal(tz_list_open(&mem, TZ_LIST_CSV, "/nowhere/list.csv", COLUMNS, TZ_ZH, &file, &err), TZ_SYSTEM);
    assert_non_null(strstr(err.en, "/nowhere/list.csv"));
    assert_null(file);
    tz_list_drop(file);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_every_kind_of_value),
        cmocka_unit_test(cuts_what_no_workbook_holds),
        cmocka_unit_test(quotes_and_disarms),
        cmocka_unit_test(writes_files_of_each_kind),
        cmocka_unit_test(says_where_it_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
