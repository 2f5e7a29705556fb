/* corpus - public workbooks and delimited files beside what other readers make of them.
 *
 * Runs only where CORPORA names the folder that holds them (xlsx/, xlsx-expected/, csv/): they are
 * no part of the project.  Every cell on which two other readers agree must be ours too; a file may
 * be refused, but only with an error and never with a crash.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "evidence/import.h"
#include "formats/book.h"

enum {
    SHOWN = 3,
    KEPT = 2000, /* characters of a long text that the expectation keeps */
};

/* The share of the agreed cells that must be equal, in thousandths; docs/format/evidence.md
 * explains the others. */
enum { LEAST_EQUAL = 998 };

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
    size_t files, refused, cells, equal;
} tally;

static void compare_sheet(const char *path, const json_t *expected, const json_t *ours, tally *count)
{
    const char *name;
    json_t     *cell, *agreed = json_object_get(expected, "agreed");
    size_t      shown = 0;

    json_object_foreach(agreed, name, cell) {
        const json_t *mine = json_object_get(json_object_get(ours, "cells"), name);
        const char   *kind = json_string_value(json_array_get(cell, 0));
        count->cells++;
        if (mine != NULL && strcmp(kind, json_string_value(json_array_get(mine, 0))) == 0 && is_same_value(cell, mine)) {
            count->equal++;
        } else if (shown++ < SHOWN) {
            char *theirs_text = json_dumps(cell, JSON_ENCODE_ANY), *our_text = json_dumps(mine, JSON_ENCODE_ANY);
            print_message("%s %s!%s: expected %.80s, read %.80s\n", path, tz_json_str(expected, "name"), name, theirs_text,
                          our_text == NULL ? "nothing" : our_text);
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
    print_message("%zu workbooks, %zu refused; %zu of %zu agreed cells equal\n", count.files, count.refused, count.equal, count.cells);
    assert_true(count.cells > 0);
    assert_true(count.equal * 1000 >= count.cells * LEAST_EQUAL);
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
    json_t       *expected = json_load_file(tz_arena_printf(&mem, "%s/csv/csv-spectrum/json/%s.json", corpora, name), 0, NULL);
    json_t       *ours = json_array();

    assert_int_equal(tz_book_open(&mem, tz_arena_printf(&mem, "%s/csv/csv-spectrum/csvs/%s.csv", corpora, name), &book, &err), TZ_OK);
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
    static const char *const NAMES[] = {"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
                                        "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"};
    const char *corpora = getenv("CORPORA");

    (void)state;
    if (corpora == NULL)
        skip();
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        compare_csv(corpora, NAMES[i]);
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
        cmocka_unit_test(test_workbooks),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
