/* peek - what the reader sees in a file, without a county. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "evidence/import.h"
#include "evidence/sheet.h"

static json_t *merges_json(tz_arena *mem, const tz_merges *merges)
{
    json_t *list = json_array();

    for (size_t i = 0; i < merges->count; i++) {
        char first[8], last[8];
        tz_column_letters(merges->items[i].first_column, first);
        tz_column_letters(merges->items[i].last_column, last);
        (void)json_array_append_new(list, json_string(tz_arena_printf(mem, "%s%lld:%s%lld", first, (long long)merges->items[i].first_row,
                                                                      last, (long long)merges->items[i].last_row)));
    }
    return list;
}

/* "B:C" for each run of columns that the sheet hides. */
static json_t *spans_json(tz_arena *mem, const tz_spans *spans)
{
    json_t *list = json_array();

    for (size_t i = 0; i < spans->count; i++) {
        char first[8], last[8];
        tz_column_letters(spans->items[i].first, first);
        tz_column_letters(spans->items[i].last, last);
        (void)json_array_append_new(list, json_string(tz_arena_printf(mem, "%s:%s", first, last)));
    }
    return list;
}

/* A number as a JSON number: whole ones keep all their digits. */
static json_t *value_json(const tz_cell *cell)
{
    int64_t whole = 0;

    if (cell->kind == TZ_CELL_BOOL)
        return json_boolean(tz_text_is(cell->text, "1"));
    if (cell->kind != TZ_CELL_NUMBER)
        return tz_json_text(cell->text);
    if (tz_text_int(cell->text, &whole))
        return json_integer(whole);
    char   digits[64];
    char  *end = NULL;
    size_t size = cell->text.size < sizeof digits - 1 ? cell->text.size : sizeof digits - 1;
    memcpy(digits, cell->text.data, size);
    digits[size] = '\0';
    double  number = strtod(digits, &end);
    json_t *value = end == digits ? NULL : json_real(number); /* none for what is not finite */
    return value == NULL ? tz_json_text(cell->text) : value;
}

static json_t *cell_json(const tz_book *book, const tz_cell *cell)
{
    static const char *const KINDS[] = {"", "n", "s", "b", "e"};
    json_t *value = json_array();

    (void)json_array_append_new(value, json_string(KINDS[cell->kind]));
    (void)json_array_append_new(value, value_json(cell));
    (void)json_array_append_new(value, tz_json_text(tz_text_of(tz_book_format(book, cell->style))));
    return value;
}

/* All rows: their cells where they are wanted, and how many of them are hidden. */
static tz_rc cells_json(tz_arena *mem, tz_book *book, size_t index, json_t *cells, json_int_t *ret_hidden, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;

    TZ_TRY(tz_sheet_open(mem, book, index, &sheet, err));
    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        *ret_hidden += row->is_hidden;
        for (size_t i = 0; cells != NULL && i < row->count; i++) {
            char letters[8], name[32];
            if (row->cells[i].kind == TZ_CELL_EMPTY)
                continue;
            tz_column_letters((int32_t)i, letters);
            (void)snprintf(name, sizeof name, "%s%lld", letters, (long long)row->row_no);
            (void)json_object_set_new(cells, name, cell_json(book, &row->cells[i]));
        }
    }
done:
    tz_sheet_close(sheet);
    return rc;
}

static void add_reading(tz_arena *mem, const tz_packs *packs, const char *file, const tz_sheet_head *head, json_t *line)
{
    tz_understanding reading;
    json_t          *rows = json_array(), *mapping = json_array();

    const tz_sheet_hints hints = {.packs = packs, .file = file};
    tz_sheet_understand(mem, head, &hints, &reading);
    for (size_t i = 0; reading.reg != NULL && i < reading.header_count; i++)
        (void)json_array_append_new(rows, json_integer(head->rows.items[reading.header_first + i].row_no));
    for (size_t i = 0; reading.reg != NULL && i < reading.columns.count; i++) {
        const tz_column_match *match = &reading.columns.items[i];
        json_t *one = json_object();
        tz_json_set_str(one, "column", match->column < 0 ? NULL : reading.reg->columns.items[match->column].name);
        tz_json_set_str(one, "header", match->header);
        tz_json_set_str(one, "score", tz_arena_printf(mem, "%.2f", match->score));
        tz_json_set_str(one, "reason", match->reason);
        (void)json_array_append_new(mapping, one);
    }
    tz_json_set_str(line, "register", reading.reg == NULL ? NULL : reading.reg->name);
    (void)json_object_set_new(line, "header_rows", rows);
    (void)json_object_set_new(line, "mapping", mapping);
}

static tz_rc read_sheet(tz_arena *mem, const tz_packs *packs, tz_book *book, size_t index, json_t *line, json_t *cells, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet_head head = {0};
    tz_spans      hidden = {0};
    json_int_t    hidden_rows = 0;

    if (book->sheets.items[index].refused != NULL) {
        *err = *book->sheets.items[index].refused;
        return err->code;
    }
    TZ_TRY(tz_sheet_hidden_columns(mem, book, index, &hidden, err));
    (void)json_object_set_new(line, "hidden_columns", spans_json(mem, &hidden));
    TZ_TRY(tz_sheet_head_read(mem, book, index, &head, err));
    (void)json_object_set_new(line, "merges", merges_json(mem, &head.merges));
    if (packs != NULL)
        add_reading(mem, packs, book->file, &head, line);
    rc = cells_json(mem, book, index, cells, &hidden_rows, err);
    (void)json_object_set_new(line, "hidden_rows", json_integer(hidden_rows));
done:
    return rc;
}

/* One sheet's line. A sheet that breaks off keeps what was read of it, and says why it ends. */
static tz_rc peek_sheet(tz_arena *mem, const tz_packs *packs, tz_book *book, size_t index, bool with_cells, json_t *sheets, tz_err *err)
{
    json_t *line = json_object(), *cells = with_cells ? json_object() : NULL;
    tz_rc   rc = read_sheet(mem, packs, book, index, line, cells, err);

    tz_json_set_str(line, "file", book->file);
    tz_json_set_str(line, "kind", book->kind);
    tz_json_set_str(line, "encoding", book->encoding);
    tz_json_set_str(line, "sheet", book->sheets.items[index].name);
    (void)json_object_set_new(line, "hidden", json_boolean(book->sheets.items[index].is_hidden));
    if (json_object_get(line, "register") == NULL)
        tz_json_set_str(line, "register", NULL);
    static const char *const LISTS[] = {"merges", "hidden_columns", "header_rows", "mapping"};
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++)
        if (json_object_get(line, LISTS[i]) == NULL)
            (void)json_object_set_new(line, LISTS[i], json_array());
    if (rc != TZ_OK)
        tz_json_set_str(line, "error", tz_arena_printf(mem, "%s|%s", err->zh, err->en));
    if (cells != NULL)
        (void)json_object_set_new(line, "cells", cells);
    (void)json_array_append_new(sheets, line);
    return rc;
}

tz_rc tz_peek(tz_arena *mem, const tz_packs *packs, const char *path, bool with_cells, json_t **ret_sheets, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_sheets != NULL);
    tz_rc    rc = TZ_OK;
    tz_book *book = NULL;
    json_t  *sheets = json_array();
    size_t   read = 0;

    TZ_TRY(tz_book_open(mem, path, &book, err));
    for (size_t i = 0; i < book->sheets.count; i++) {
        tz_err broken = {0};
        tz_rc  one = peek_sheet(mem, packs, book, i, with_cells, sheets, &broken);
        read += one == TZ_OK;
        if (one != TZ_OK && read == 0 && i + 1 == book->sheets.count) {
            *err = broken; /* nothing of the file could be read */
            rc = one;
            goto done;
        }
    }
    *ret_sheets = json_incref(sheets);
done:
    json_decref(sheets);
    tz_book_close(book);
    return rc;
}
