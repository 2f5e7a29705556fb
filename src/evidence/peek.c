/* peek - what the reader sees in a file, without a county. */
#include <stdio.h>

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

static json_t *cell_json(const tz_book *book, const tz_cell *cell)
{
    static const char *const KINDS[] = {"", "n", "s", "b", "e"};
    json_t *value = json_array();

    (void)json_array_append_new(value, json_string(KINDS[cell->kind]));
    (void)json_array_append_new(value, tz_json_text(cell->text));
    (void)json_array_append_new(value, tz_json_text(tz_text_of(tz_book_format(book, cell->style))));
    return value;
}

static tz_rc cells_json(tz_arena *mem, tz_book *book, size_t index, json_t *cells, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;

    TZ_TRY(tz_sheet_open(mem, book, index, &sheet, err));
    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        for (size_t i = 0; i < row->count; i++) {
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

    tz_sheet_understand(mem, packs, NULL, file, head, NULL, &reading);
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

static tz_rc peek_sheet(tz_arena *mem, const tz_packs *packs, tz_book *book, size_t index, bool with_cells, json_t *sheets, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet_head head = {0};
    json_t       *line = json_object(), *cells = NULL;

    TZ_TRY(tz_sheet_head_read(mem, book, index, &head, err));
    tz_json_set_str(line, "file", book->file);
    tz_json_set_str(line, "sheet", book->sheets.items[index].name);
    (void)json_object_set_new(line, "hidden", json_boolean(book->sheets.items[index].is_hidden));
    (void)json_object_set_new(line, "merges", merges_json(mem, &head.merges));
    if (packs != NULL) {
        add_reading(mem, packs, book->file, &head, line);
    } else {
        tz_json_set_str(line, "register", NULL);
        (void)json_object_set_new(line, "header_rows", json_array());
        (void)json_object_set_new(line, "mapping", json_array());
    }
    if (with_cells) {
        cells = json_object();
        TZ_TRY(cells_json(mem, book, index, cells, err));
        (void)json_object_set(line, "cells", cells);
    }
    (void)json_array_append(sheets, line);
done:
    json_decref(cells);
    json_decref(line);
    return rc;
}

tz_rc tz_peek(tz_arena *mem, const tz_packs *packs, const char *path, bool with_cells, json_t **ret_sheets, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_sheets != NULL);
    tz_rc    rc = TZ_OK;
    tz_book *book = NULL;
    json_t  *sheets = json_array();

    TZ_TRY(tz_book_open(mem, path, &book, err));
    for (size_t i = 0; i < book->sheets.count; i++)
        TZ_TRY(peek_sheet(mem, packs, book, i, with_cells, sheets, err));
    *ret_sheets = json_incref(sheets);
done:
    json_decref(sheets);
    tz_book_close(book);
    return rc;
}
