/* What somebody sees of a sheet before it is taken: its rows as they came, what is wrong where it stands, what is asked,
 * and what becomes of what they say of its columns. */
#include "../county.h"

#include <xlsxwriter.h>

#include "evidence/drawing.h"
#include "evidence/import.h"

static const char *path_of(small_county *county, const char *name)
{
    return tz_arena_printf(&county->mem, "%s/%s", county->folder, name);
}

static const char *a_text(small_county *county, const char *name, const char *text)
{
    county_write(county, name, text);
    return path_of(county, name);
}

/* A title over all columns, a header, rows of which the third has no number, a total that is wrong, a signature. */
static const char *a_workbook(small_county *county, int more)
{
    static const char *const HEADER[] = {"编号", "姓名", "学期", "学校", "金额"};
    const char    *path = path_of(county, "教育局_资助.xlsx");
    lxw_workbook  *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "花名册");
    lxw_row_t      row = 2;

    (void)worksheet_merge_range(sheet, 0, 0, 0, 4, "资助 2019年秋季学期 截至2019年12月31日", NULL);
    for (lxw_col_t j = 0; j < 5; j++)
        (void)worksheet_write_string(sheet, 1, j, HEADER[j], NULL);
    for (int i = 0; i < 3 + more; i++, row++) {
        if (i != 2)
            (void)worksheet_write_string(sheet, row, 0, tz_arena_printf(&county->mem, "A%03d", i + 1), NULL);
        (void)worksheet_write_string(sheet, row, 1, i == 0 ? "张建国" : "李四", NULL);
        (void)worksheet_write_string(sheet, row, 2, "2019年秋季学期", NULL);
        (void)worksheet_write_string(sheet, row, 3, "育才小学", NULL);
        (void)worksheet_write_number(sheet, row, 4, 500, NULL);
    }
    (void)worksheet_write_string(sheet, row, 0, "合计", NULL);
    (void)worksheet_write_number(sheet, row++, 4, 77, NULL);
    (void)worksheet_write_string(sheet, row, 0, "填表人:王五", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    return path;
}

typedef struct {
    json_t *report, *drawing;
    const json_t *line, *sheet;
} look;

static look look_at(small_county *county, const char *path, tz_import_options options)
{
    look now = {0};
    options.is_dry_run = true;
    options.ret_drawing = &now.drawing;
    MUST(tz_import_file(&county->mem, county->store, county->packs, path, &options, &now.report, err));
    now.line = json_array_get(now.report, 0);
    now.sheet = json_array_get(now.drawing, 0);
    return now;
}

static void drop(look *now)
{
    json_decref(now->report);
    json_decref(now->drawing);
}

#define WITH(...) ((tz_import_options){__VA_ARGS__})

static const json_t *line_at(const look *now, size_t index)
{
    return json_array_get(json_object_get(now->sheet, "lines"), index);
}

static const json_t *cell_at(const look *now, size_t line, size_t cell)
{
    return json_array_get(json_object_get(line_at(now, line), "cells"), cell);
}

static void expect_kind(const look *now, size_t index, int64_t row, const char *kind)
{
    assert_int_equal(tz_json_int(line_at(now, index), "row", 0), row);
    assert_string_equal(tz_json_str(line_at(now, index), "kind"), kind);
}

static void draws_rows_as_they_came(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    look now = look_at(&county, a_workbook(&county, 0), WITH(.register_name = "aid"));
    expect_kind(&now, 0, 1, "title");
    expect_kind(&now, 1, 2, "header");
    expect_kind(&now, 2, 3, "data");
    expect_kind(&now, 5, 6, "total");
    expect_kind(&now, 6, 7, "note");
    assert_int_equal(json_array_size(json_object_get(now.sheet, "lines")), 7);
    assert_int_equal(json_array_size(json_object_get(line_at(&now, 0), "cells")), 1); /* merged over all */
    assert_int_equal(tz_json_int(cell_at(&now, 0, 0), "span", 0), 5);
    assert_string_equal(tz_json_str(cell_at(&now, 2, 1), "text"), "张建国");
    assert_null(tz_json_str(cell_at(&now, 2, 0), "mark"));
    assert_string_equal(tz_json_str(cell_at(&now, 4, 0), "mark"), "bad"); /* no number where one must be */
    assert_non_null(strstr(tz_json_str(cell_at(&now, 4, 0), "say"), "missing"));
    assert_string_equal(tz_json_str(cell_at(&now, 5, 4), "mark"), "doubt"); /* the total is not the sum */
    const json_t *columns = json_object_get(now.sheet, "columns");
    assert_string_equal(tz_json_str(json_array_get(columns, 0), "column"), "no");
    assert_string_equal(tz_json_str(json_array_get(columns, 4), "letter"), "E");
    assert_null(tz_json_str(now.line, "question"));
    drop(&now);
    county_drop(&county);
}

static void draws_a_part_of_a_long_sheet(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    look    now = look_at(&county, a_workbook(&county, 300), WITH(.register_name = "aid"));
    int64_t drawn = (int64_t)json_array_size(json_object_get(now.sheet, "lines")), left_out = tz_json_int(now.sheet, "skipped", 0);
    assert_true(drawn < 60);
    for (size_t i = 0; i < (size_t)drawn; i++)
        left_out += tz_json_int(line_at(&now, i), "skipped", 0);
    assert_int_equal(drawn + left_out, tz_json_int(now.sheet, "rows", 0)); /* none is lost */
    assert_int_equal(tz_json_int(now.sheet, "rows", 0), 307);
    expect_kind(&now, (size_t)drawn - 1, 307, "note");
    drop(&now);
    county_drop(&county);
}

/* However many cells are doubtful, a row that is left out for its own is seen. */
static void shows_bad_rows_behind_doubtful_ones(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    tz_buf text = tz_buf_init(&county.mem, 0);
    tz_buf_puts(&text, "编号,姓名,学期,学校,金额\n");
    for (int i = 0; i < 300; i++)
        tz_buf_printf(&text, "%s%d,张三,2019年秋季学期,甲,五百\n", i == 290 ? "," : "A", i);
    look   now = look_at(&county, a_text(&county, "资助 2019年12月31日.csv", tz_buf_str(&text)), WITH(.register_name = "aid"));
    size_t bad = 0, lines = json_array_size(json_object_get(now.sheet, "lines"));
    for (size_t i = 0; i < lines; i++)
        for (size_t j = 0; j < 5; j++) {
            const char *mark = tz_json_str(cell_at(&now, i, j), "mark");
            bad += mark != NULL && strcmp(mark, "bad") == 0;
        }
    assert_true(bad > 0);
    assert_true(lines < 80);
    drop(&now);
    county_drop(&county);
}

static void asks_what_it_does_not_know(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    tz_err  refused = {0};
    json_t *report = NULL;
    const char *path = a_text(&county, "sheet.csv", "编号,姓名,金额\nA1,张三,5\nA2,李四,6\n");
    assert_int_equal(tz_import_file(&county.mem, county.store, county.packs, path, &WITH(.register_name = "poor", .is_dry_run = true), &report,
                                    &refused), TZ_INPUT); /* nobody looks: it has no date */
    look now = look_at(&county, path, WITH(.register_name = "poor"));
    assert_string_equal(tz_json_str(now.line, "question"), "the as-of date is not known");
    assert_string_equal(tz_json_str(now.line, "as_of"), "");
    assert_int_equal(tz_json_int(json_object_get(now.line, "account"), "accepted", 0), 2);
    drop(&now);
    now = look_at(&county, path, WITH(.register_name = "poor", .as_of = 20200101));
    assert_null(tz_json_str(now.line, "question"));
    drop(&now);
    county_drop(&county);
}

static void takes_what_is_said_of_columns(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    json_t        *report = NULL;
    tz_err         refused = {0};
    const char    *path = a_text(&county, "扶贫办 2020年1月1日.csv", "姓名,学校,金额,证件\n张三,甲,5,A1\n李四,乙,6,A2\n");
    tz_column_fix  fixes[] = {{"poor", "证件", "no"}, {"poor", "学校", NULL}};
    assert_int_equal(tz_import_file(&county.mem, county.store, county.packs, path, &WITH(.register_name = "poor"), &report, &refused),
                     TZ_INPUT); /* the number's column is not known */
    look now = look_at(&county, path, WITH(.register_name = "poor"));
    assert_non_null(strstr(tz_json_str(now.line, "question"), "编号"));
    drop(&now);
    now = look_at(&county, path, WITH(.register_name = "poor", .fixes = fixes, .fix_count = 2));
    assert_null(tz_json_str(now.line, "question"));
    drop(&now);
    MUST(tz_import_file(&county.mem, county.store, county.packs, path, &WITH(.register_name = "poor", .fixes = fixes, .fix_count = 2), &report,
                        err));
    const json_t *mapping = json_object_get(json_array_get(report, 0), "mapping");
    assert_null(tz_json_str(json_array_get(mapping, 1), "column")); /* not taken, as was said */
    assert_string_equal(tz_json_str(json_array_get(mapping, 3), "column"), "no");
    assert_string_equal(tz_json_str(json_array_get(mapping, 3), "reason"), "set by hand");
    assert_int_equal(tz_json_int(json_object_get(json_array_get(report, 0), "account"), "accepted", 0), 2);
    json_decref(report);

    /* What was said once is known of the unit's next file. */
    path = a_text(&county, "扶贫办 2020年2月1日.csv", "姓名,学校,金额,证件\n张三,甲,5,A1\n李四,乙,7,A2\n");
    now = look_at(&county, path, WITH(.register_name = "poor"));
    assert_null(tz_json_str(now.line, "question"));
    drop(&now);
    tz_column_fix wrong[] = {{"poor", "证件", "nothing"}};
    assert_int_equal(tz_import_file(&county.mem, county.store, county.packs, path, &WITH(.fixes = wrong, .fix_count = 1), &report, &refused),
                     TZ_USAGE);
    county_drop(&county);
}

/* Merged areas stand in a file as they were made, not as they are read. */
static void knows_merged_areas_in_any_order(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    const char    *path = path_of(&county, "b.xlsx");
    lxw_workbook  *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "表");
    (void)worksheet_merge_range(sheet, 3, 0, 3, 4, "注:以上各户已公示,无异议,特此说明", NULL);
    (void)worksheet_merge_range(sheet, 0, 0, 0, 4, "资助 2019年秋季学期 截至2019年12月31日", NULL);
    static const char *const ROWS[2][5] = {{"编号", "姓名", "学期", "学校", "金额"}, {"A1", "张三", "2019年秋季学期", "甲", "5"}};
    for (lxw_row_t i = 0; i < 2; i++)
        for (lxw_col_t j = 0; j < 5; j++)
            (void)worksheet_write_string(sheet, i + 1, j, ROWS[i][j], NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    look now = look_at(&county, path, WITH(.register_name = "aid"));
    assert_int_equal(tz_json_int(cell_at(&now, 0, 0), "span", 0), 5);
    assert_int_equal(tz_json_int(cell_at(&now, 3, 0), "span", 0), 5);
    drop(&now);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_rows_as_they_came),
        cmocka_unit_test(knows_merged_areas_in_any_order),
        cmocka_unit_test(draws_a_part_of_a_long_sheet),
        cmocka_unit_test(shows_bad_rows_behind_doubtful_ones),
        cmocka_unit_test(asks_what_it_does_not_know),
        cmocka_unit_test(takes_what_is_said_of_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
