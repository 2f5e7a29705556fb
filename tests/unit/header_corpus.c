/* header_corpus - the header finder on tables whose header rows people marked; needs CORPORA. */
#include "../test.h"

#include "base/file.h"
#include "base/json.h"
#include "evidence/layout.h"

/* A marked table as a head: cell numbers by place, texts by number; spans become merged areas. */
static void head_of(tz_arena *mem, const json_t *table, tz_sheet_head *ret_head)
{
    const json_t *matrix = json_object_get(table, "cell_ID_matrix"), *texts = json_object_get(table, "chinese_cell_value_list");
    tz_sheet_head head = {0};

    for (size_t i = 0; i < json_array_size(matrix) && i < TZ_HEAD_ROWS; i++) {
        const json_t *line = json_array_get(matrix, i);
        tz_row row = {.row_no = (int64_t)i + 1, .count = json_array_size(line)};
        row.cells = tz_new_array(mem, tz_cell, row.count + 1);
        for (size_t j = 0; j < row.count; j++) {
            json_int_t id = json_integer_value(json_array_get(line, j));
            bool left = j > 0 && json_integer_value(json_array_get(line, j - 1)) == id;
            bool up = i > 0 && json_integer_value(json_array_get(json_array_get(matrix, i - 1), j)) == id;
            if (left || up)
                continue;
            const char *text = json_string_value(json_array_get(texts, (size_t)id));
            row.cells[j] = (tz_cell){.kind = TZ_CELL_TEXT, .style = -1, .text = tz_text_of(text == NULL ? "" : tz_arena_dup(mem, text))};
            size_t wide = j, high = i;
            while (wide + 1 < row.count && json_integer_value(json_array_get(line, wide + 1)) == id)
                wide++;
            while (high + 1 < json_array_size(matrix) && json_integer_value(json_array_get(json_array_get(matrix, high + 1), j)) == id)
                high++;
            if (wide > j || high > i)
                tz_push(mem, &head.merges, (tz_merge){(int64_t)i + 1, (int64_t)high + 1, (int32_t)j, (int32_t)wide});
        }
        tz_sheet_head_add(mem, &head, &row);
    }
    tz_sheet_head_ready(mem, &head);
    *ret_head = head;
}

static bool is_marked(const json_t *table, json_int_t id)
{
    static const char *const KEYS[] = {"column_attribute", "column_index"};

    for (size_t k = 0; k < COUNT(KEYS); k++)
        for (size_t i = 0; i < json_array_size(json_object_get(table, KEYS[k])); i++)
            if (json_integer_value(json_array_get(json_object_get(table, KEYS[k]), i)) == id)
                return true;
    return false;
}

/* The rows at the top of which at least half of the cells are marked. */
static size_t marked_rows(const json_t *table)
{
    const json_t *matrix = json_object_get(table, "cell_ID_matrix");

    for (size_t i = 0; i < json_array_size(matrix); i++) {
        const json_t *line = json_array_get(matrix, i);
        size_t marked = 0;
        for (size_t j = 0; j < json_array_size(line); j++)
            marked += is_marked(table, json_integer_value(json_array_get(line, j)));
        if (marked * 2 < json_array_size(line) || marked == 0)
            return i;
    }
    return json_array_size(matrix);
}

static void score_kind(const json_t *tables, const char *kind, double least)
{
    size_t all = 0, right = 0, asked = 0;

    for (size_t i = 0; i < json_array_size(tables); i++) {
        const json_t *table = json_array_get(tables, i);
        tz_arena      mem = {0};
        tz_sheet_head head;
        tz_layout     layout;
        if (strcmp(tz_json_str(table, "table_type"), kind) != 0)
            continue;
        head_of(&mem, table, &head);
        tz_layout_find(&mem, &head, &layout);
        all++;
        bool fits = layout.places.count > 0 && layout.places.items[0].first == 0 && layout.places.items[0].count == marked_rows(table);
        right += fits;
        asked += !fits && !layout.is_sure;
        if (!fits)
            print_message("  %s: %zu+%zu, marked %zu%s\n", tz_json_str(table, "file_name"), layout.places.count ? layout.places.items[0].first : 99,
                          layout.places.count ? layout.places.items[0].count : 0, marked_rows(table), layout.is_sure ? "" : " (asked)");
        tz_arena_free(&mem);
    }
    print_message("%s: %zu of %zu right (%.1f %%), %zu of the others asked\n", kind, right, all, 100.0 * (double)right / (double)all, asked);
    assert_true((double)right >= least * (double)all);
}

static void test_marked(void **state)
{
    const char *corpora = getenv("CORPORA");
    tz_arena    mem = {0};
    tz_text     text;
    tz_err      err = {0};
    json_t     *tables = NULL;
    (void)state;

    if (corpora == NULL) {
        print_message("set CORPORA to the folder of public files\n");
        skip();
    }
    const char *path = tz_arena_printf(&mem, "%s/zh-tables-annotated/IM-TQA/data/train_tables.json", corpora);
    assert_int_equal(tz_file_load(&mem, path, 64 << 20, &text, &err), TZ_OK);
    assert_int_equal(tz_json_parse(text, &tables, &err), TZ_OK);
    score_kind(tables, "vertical", 0.95);
    score_kind(tables, "hierarchical", 0.80);
    json_decref(tables);
    tz_arena_free(&mem);
}

/* ---- Tables labelled by us: tests/labels/zh-tables.tsv ---- */

/* "3-4" of the best place, "-" where there is none or it is not sure. */
static const char *header_of(tz_arena *mem, const char *path, size_t sheet, bool *ret_is_sure)
{
    tz_book      *book = NULL;
    tz_sheet_head head;
    tz_layout     layout;
    tz_err        err = {0};
    const char   *found = "-";

    *ret_is_sure = false;
    if (tz_book_open(mem, path, &book, &err) != TZ_OK || sheet >= book->sheets.count || tz_sheet_head_read(mem, book, sheet, &head, &err) != TZ_OK)
        return "unreadable";
    tz_layout_find(mem, &head, &layout);
    if (layout.places.count > 0 && layout.places.items[0].score >= 0.5) {
        const tz_header_place *place = &layout.places.items[0];
        found = tz_arena_printf(mem, "%lld-%lld", (long long)head.rows.items[place->first].row_no,
                                (long long)head.rows.items[place->first + place->count - 1].row_no);
        *ret_is_sure = layout.is_sure;
    }
    tz_book_close(book);
    return found;
}

static void test_labelled(void **state)
{
    const char *corpora = getenv("CORPORA"), *root = getenv("ROOT") == NULL ? "." : getenv("ROOT");
    tz_arena    mem = {0};
    tz_text     text;
    tz_err      err = {0};
    size_t      all = 0, right = 0, asked = 0;
    (void)state;

    if (corpora == NULL)
        skip();
    assert_int_equal(tz_file_load(&mem, tz_arena_printf(&mem, "%s/tests/labels/zh-tables.tsv", root), 1 << 20, &text, &err), TZ_OK);
    for (size_t at = 0; at < text.size;) {
        size_t  end = tz_text_find(text, TZ_TEXT("\n"), at);
        tz_text line = tz_text_cut(text, at, (end == SIZE_MAX ? text.size : end) - at);
        size_t  tab = tz_text_find(line, TZ_TEXT("\t"), 0), second = tz_text_find(line, TZ_TEXT("\t"), tab + 1);
        int64_t sheet = 0;
        bool    is_sure = false;
        at = end == SIZE_MAX ? text.size : end + 1;
        if (line.size == 0 || line.data[0] == '#')
            continue;
        assert_true(second != SIZE_MAX && tz_text_int(tz_text_cut(line, tab + 1, second - tab - 1), &sheet));
        const char *file = tz_text_dup(&mem, tz_text_cut(line, 0, tab)), *marked = tz_text_dup(&mem, tz_text_cut(line, second + 1, line.size));
        const char *found = header_of(&mem, tz_arena_printf(&mem, "%s/zh-tables/%s", corpora, file), (size_t)sheet - 1, &is_sure);
        all++;
        right += strcmp(found, marked) == 0;
        asked += strcmp(found, marked) != 0 && !is_sure;
        if (strcmp(found, marked) != 0)
            print_message("  %s %lld: %s, marked %s%s\n", file, (long long)sheet, found, marked, is_sure ? "" : " (asked)");
    }
    print_message("zh-tables: %zu of %zu right, %zu of the others asked\n", right, all, asked);
    tz_arena_free(&mem);
    assert_true(right * 100 >= all * 98);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_marked), cmocka_unit_test(test_labelled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
