#include "people/table.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "formats/book.h"
#include "people/compare.h"

typedef struct {
    tz_table *table;
    tz_map    dictionary; /* folded text -> code */
    struct { uint32_t *items; size_t count; size_t room; } codes;
    struct { const char **items; size_t count; size_t room; } ids;
    tz_arena  row; /* what a row needs */
} reading;

/* ---- Values ---- */

static bool is_nothing(tz_text text)
{
    static const char *const NOTHING[] = {"", "-", "null", "n/a", "无", "不详"};
    for (size_t i = 0; i < sizeof NOTHING / sizeof NOTHING[0]; i++)
        if (tz_text_is(text, NOTHING[i]))
            return true;
    return false;
}

static tz_value make_value(tz_arena *mem, tz_text text)
{
    int32_t  points[TZ_MAX_POINTS];
    uint32_t count = 0;
    uint64_t letters = 0;

    for (size_t at = 0; at < text.size && count < TZ_MAX_POINTS; count++) {
        points[count] = tz_utf8_next(text, &at);
        letters |= UINT64_C(1) << (points[count] & 63);
    }
    int32_t *kept = tz_new_array(mem, int32_t, count);
    memcpy(kept, points, count * sizeof points[0]);
    return (tz_value){.text = text, .points = kept, .count = count, .letters = letters};
}

static uint32_t code_of(reading *of, tz_text cell)
{
    bool    is_new = false;
    tz_text folded = tz_text_fold(&of->row, tz_text_trim(cell));

    if (is_nothing(folded))
        return 0;
    tz_map_entry *entry = tz_map_put(&of->dictionary, folded, &is_new);
    if (is_new) {
        entry->value = (int64_t)of->table->values.count;
        tz_value value = make_value(of->table->mem, entry->key);
        tz_push(of->table->mem, &of->table->values, value);
    }
    return (uint32_t)entry->value;
}

/* ---- Headers ---- */

typedef struct {
    const char *names[TZ_MAX_TABLE_COLUMNS];
    size_t      places[TZ_MAX_TABLE_COLUMNS]; /* of each name in its file */
    size_t      count;
    size_t      id;
} header;

static tz_rc read_header(tz_arena *mem, const char *path, const tz_row *row, const char *id_column, header *ret_header, tz_err *err)
{
    header found = {.id = SIZE_MAX};

    for (size_t i = 0; row != NULL && i < row->count; i++) {
        tz_text name = tz_text_trim(row->cells[i].text);
        if (tz_text_is(name, id_column)) {
            found.id = i;
            continue;
        }
        if (name.size == 0)
            continue;
        if (found.count == TZ_MAX_TABLE_COLUMNS) {
            (void)tz_fail(err, TZ_INPUT, "超过 %d 列", "more than %d columns", (int)TZ_MAX_TABLE_COLUMNS);
            return tz_err_at(err, tz_file_base(path), NULL, 1, NULL);
        }
        found.places[found.count] = i;
        found.names[found.count++] = tz_text_dup(mem, name);
    }
    if (found.id == SIZE_MAX) {
        (void)tz_fail(err, TZ_INPUT, "没有编号列 '%s'", "there is no id column '%s'", id_column);
        (void)tz_err_advise(err, "用 --id 写出表头中的列名", "give --id a column name of the header");
        return tz_err_at(err, tz_file_base(path), NULL, 1, NULL);
    }
    *ret_header = found;
    return TZ_OK;
}

/* Keeps of the table's columns those that the second file has too; the first file decides alone. */
static void settle_columns(tz_table *table, const header *first, const header *second, size_t *places_a, size_t *places_b)
{
    for (size_t i = 0; i < first->count; i++) {
        size_t there = SIZE_MAX;
        bool   is_seen = false;
        for (size_t j = 0; second != NULL && j < second->count; j++)
            if (there == SIZE_MAX && strcmp(second->names[j], first->names[i]) == 0)
                there = second->places[j];
        for (size_t j = 0; j < table->column_count; j++)
            is_seen |= strcmp(table->columns[j], first->names[i]) == 0;
        if (is_seen || (second != NULL && there == SIZE_MAX))
            continue;
        places_a[table->column_count] = first->places[i];
        places_b[table->column_count] = there;
        table->columns[table->column_count++] = first->names[i];
    }
}

/* ---- Rows ---- */

static tz_rc take_row(reading *of, const char *path, const tz_row *row, size_t id, const size_t *places, tz_err *err)
{
    tz_text own = id < row->count ? tz_text_trim(row->cells[id].text) : (tz_text){0};

    if (own.size == 0) {
        (void)tz_fail(err, TZ_INPUT, "这一行没有编号", "the row has no id");
        return tz_err_at(err, tz_file_base(path), NULL, row->row_no, NULL);
    }
    tz_push(of->table->mem, &of->ids, tz_text_dup(of->table->mem, own));
    for (size_t c = 0; c < of->table->column_count; c++) {
        uint32_t code = places[c] < row->count ? code_of(of, row->cells[places[c]].text) : 0;
        tz_push(of->table->mem, &of->codes, code);
    }
    tz_arena_reset(&of->row);
    return TZ_OK;
}

static tz_rc open_sheet(tz_arena *mem, const char *path, const char *id_column, tz_book **ret_book, tz_sheet **ret_sheet,
                        header *ret_header, tz_err *err)
{
    const tz_row *row = NULL;
    tz_rc         rc = TZ_OK;

    TZ_TRY(tz_book_open(mem, path, ret_book, err));
    TZ_TRY(tz_sheet_open(mem, *ret_book, 0, ret_sheet, err));
    TZ_TRY(tz_sheet_next(*ret_sheet, &row, err));
    TZ_TRY(read_header(mem, path, row, id_column, ret_header, err));
done:
    return rc;
}

static tz_rc take_rows(reading *of, const tz_app *app, const char *path, tz_sheet *sheet, size_t id, const size_t *places, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    const tz_row *row = NULL;

    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        TZ_TRY(take_row(of, path, row, id, places, err));
        if (of->ids.count % 65536 == 0) {
            tz_app_progress(app, "读入|reading", (int64_t)of->ids.count, 0);
            if (tz_app_should_stop(app)) {
                rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
                goto done;
            }
        }
    }
done:
    return rc;
}

tz_rc tz_table_load(tz_arena *mem, const tz_app *app, const char *a, const char *b, const char *id_column, tz_table *ret_table, tz_err *err)
{
    tz_assert(mem != NULL && app != NULL && a != NULL && id_column != NULL && ret_table != NULL);
    tz_rc     rc = TZ_OK;
    tz_book  *books[2] = {NULL, NULL};
    tz_sheet *sheets[2] = {NULL, NULL};
    header    headers[2];
    size_t    places[2][TZ_MAX_TABLE_COLUMNS];
    tz_table  table = {.mem = mem, .columns = tz_new_array(mem, const char *, TZ_MAX_TABLE_COLUMNS)};
    reading   of = {.table = &table, .dictionary = tz_map_init(mem)};

    tz_push(mem, &table.values, (tz_value){0});
    TZ_TRY(open_sheet(mem, a, id_column, &books[0], &sheets[0], &headers[0], err));
    if (b != NULL)
        TZ_TRY(open_sheet(mem, b, id_column, &books[1], &sheets[1], &headers[1], err));
    settle_columns(&table, &headers[0], b == NULL ? NULL : &headers[1], places[0], places[1]);
    TZ_TRY(take_rows(&of, app, a, sheets[0], headers[0].id, places[0], err));
    table.count_a = of.ids.count;
    if (b != NULL)
        TZ_TRY(take_rows(&of, app, b, sheets[1], headers[1].id, places[1], err));
    if (table.column_count == 0 || of.ids.count < 2 || (b != NULL && (table.count_a == 0 || table.count_a == of.ids.count))) {
        rc = tz_fail(err, TZ_INPUT, "没有可比的行或共同的列", "there are no rows to compare, or no common column");
        goto done;
    }
    table.count = of.ids.count;
    table.ids = of.ids.items;
    table.codes = of.codes.items;
    *ret_table = table;
done:
    for (int i = 0; i < 2; i++) {
        tz_sheet_close(sheets[i]);
        tz_book_close(books[i]);
    }
    tz_arena_free(&of.row);
    return rc;
}
