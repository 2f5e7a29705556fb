#include "people/table.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "formats/book.h"

typedef struct {
    tz_table *table;
    const tz_app *app;
    const tz_table_source *source;
    const tz_arena *files; /* a CSV file is held while it is read */
    tz_arena row;          /* what a row needs */
} reading;

/* ---- Cells ---- */

static bool is_nothing(tz_text text)
{
    static const char *const NOTHING[] = {"-", "null", "n/a", "无", "不详"};

    if (text.size == 0 || text.size > 6)
        return text.size == 0;
    for (size_t i = 0; i < sizeof NOTHING / sizeof NOTHING[0]; i++)
        if (tz_text_is(text, NOTHING[i]))
            return true;
    return false;
}

/* tz_text_fold for plain short cells, which most are; false where it must do the work. */
static bool fold_plain(tz_text cell, char out[64], size_t *ret_size)
{
    size_t size = 0;

    if (cell.size > 64)
        return false;
    for (size_t i = 0; i < cell.size; i++) {
        unsigned char c = (unsigned char)cell.data[i];
        if (c <= ' ' || c >= 0x7F || c == '[' || c == '{' || c == ']' || c == '}') {
            if (c != ' ')
                return false;
            continue;
        }
        out[size++] = (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
    }
    *ret_size = size;
    return true;
}

/* The folded text of a cell, in plain where it is short and plain. */
static tz_text fold_cell(reading *of, tz_text cell, char plain[64])
{
    tz_text folded = {plain, 0};

    if (!fold_plain(cell, plain, &folded.size))
        folded = tz_text_fold(&of->row, tz_text_trim(cell));
    if (folded.size > TZ_MAX_CELL_BYTES) /* broken bytes grow when they become U+FFFD */
        folded.size = TZ_MAX_CELL_BYTES;
    if (is_nothing(folded))
        folded.size = 0;
    return folded;
}

/* First all cells' hashes, then the look-ups: the memory that they wait for comes for all at once. */
static tz_rc take_cells(reading *of, const tz_row *row, const size_t *places, size_t count,
                        uint32_t *ret_codes, tz_err *err)
{
    tz_rc rc = TZ_OK;
    char plain[TZ_MAX_TABLE_COLUMNS + 1][64];
    tz_text texts[TZ_MAX_TABLE_COLUMNS + 1];
    uint64_t hashes[TZ_MAX_TABLE_COLUMNS + 1];

    for (size_t c = 0; c < count; c++) {
        texts[c] =
            places[c] < row->count ? fold_cell(of, row->cells[places[c]].text, plain[c]) : (tz_text){0};
        hashes[c] = tz_dictionary_hash(&of->table->values, texts[c]);
    }
    for (size_t c = 0; c < count; c++)
        TZ_TRY(tz_dictionary_take(&of->table->values, texts[c], hashes[c], &ret_codes[c], err));
done:
    return rc;
}

/* ---- Headers ---- */

typedef struct {
    const char *names[TZ_MAX_TABLE_COLUMNS];
    size_t places[TZ_MAX_TABLE_COLUMNS]; /* of each name in its file */
    size_t count;
    size_t id, truth;
} header;

static tz_rc lacks_column(const char *path, const char *column, tz_err *err)
{
    (void)tz_fail(err, TZ_INPUT, "没有这一列:'%s'", "there is no column '%s'", column);
    (void)tz_err_advise(err, "用 --id 写出表头中的列名", "give --id a column name of the header");
    return tz_err_at(err, tz_file_base(path), NULL, 1, NULL);
}

static tz_rc read_header(tz_arena *mem, const char *path, const tz_row *row, const tz_table_source *source,
                         header *ret_header, tz_err *err)
{
    header found = {.id = SIZE_MAX, .truth = SIZE_MAX};

    for (size_t i = 0; row != NULL && i < row->count; i++) {
        tz_text name = tz_text_trim(row->cells[i].text);
        if (tz_text_is(name, source->id_column))
            found.id = i;
        else if (source->truth_column != NULL && tz_text_is(name, source->truth_column))
            found.truth = i;
        if (name.size == 0 || found.id == i || found.truth == i)
            continue;
        if (found.count == TZ_MAX_TABLE_COLUMNS) {
            (void)tz_fail(err, TZ_INPUT, "超过 %d 列", "more than %d columns", (int)TZ_MAX_TABLE_COLUMNS);
            return tz_err_at(err, tz_file_base(path), NULL, 1, NULL);
        }
        found.places[found.count] = i;
        found.names[found.count++] = tz_text_dup(mem, name);
    }
    if (found.id == SIZE_MAX)
        return lacks_column(path, source->id_column, err);
    if (source->truth_column != NULL && found.truth == SIZE_MAX)
        return lacks_column(path, source->truth_column, err);
    *ret_header = found;
    return TZ_OK;
}

/* Keeps of the table's columns those that the second file has too; the first file decides alone. */
static void settle_columns(tz_table *table, const header *first, const header *second, size_t *places_a,
                           size_t *places_b)
{
    for (size_t i = 0; i < first->count; i++) {
        size_t there = SIZE_MAX;
        bool is_seen = false;
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

static tz_text id_of(const tz_table *table, size_t record)
{
    return tz_pool_get(&table->id_texts, tz_table_codes(table, record)[table->width - 1]);
}

static uint32_t *add_record(tz_table *table)
{
    if (table->count % TZ_TABLE_CHUNK == 0)
        tz_push(table->mem, &table->chunks,
                tz_new_array(table->mem, uint32_t, TZ_TABLE_CHUNK * table->width));
    return tz_table_codes(table, table->count++);
}

static tz_rc take_row(reading *of, const char *path, const tz_row *row, const header *head,
                      const size_t *places, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_text own = head->id < row->count ? tz_text_trim(row->cells[head->id].text) : (tz_text){0};
    uint32_t at = 0;

    if (own.size == 0) {
        (void)tz_fail(err, TZ_INPUT, "这一行没有编号", "the row has no id");
        return tz_err_at(err, tz_file_base(path), NULL, row->row_no, NULL);
    }
    TZ_TRY(tz_pool_keep(&of->table->id_texts, own, &at, err));
    uint32_t *codes = add_record(of->table);
    codes[of->table->width - 1] = at;
    TZ_TRY(take_cells(of, row, places, of->table->width - 1, codes, err));
    if (of->row.bytes > 0)
        tz_arena_reset(&of->row);
done:
    return rc;
}

static tz_rc open_sheet(tz_arena *mem, const char *path, const tz_table_source *source, tz_book **ret_book,
                        tz_sheet **ret_sheet, header *ret_header, tz_err *err)
{
    const tz_row *row = NULL;
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_book_open(mem, path, ret_book, err));
    TZ_TRY(tz_sheet_open(mem, *ret_book, 0, ret_sheet, err));
    TZ_TRY(tz_sheet_next(*ret_sheet, &row, err));
    TZ_TRY(read_header(mem, path, row, source, ret_header, err));
done:
    return rc;
}

tz_rc tz_table_check_memory(const tz_table *table, size_t besides, int64_t max_bytes, tz_err *err)
{
    if (max_bytes == 0 || table->mem->bytes + table->values.index_mem.bytes + besides <= (size_t)max_bytes)
        return TZ_OK;
    (void)tz_fail(err, TZ_LIMIT, "内存不够:%lld MB 容不下这些行",
                  "out of the memory that was allowed: %lld MB don't hold these rows",
                  (long long)(max_bytes >> 20));
    return tz_err_advise(err, "加大 --memory,或去掉不用比较的列",
                         "give more with --memory, or leave out columns that need not be compared");
}

static tz_rc take_rows(reading *of, const char *path, tz_sheet *sheet, const header *head,
                       const size_t *places, tz_err *err)
{
    tz_rc rc = TZ_OK;
    const tz_row *row = NULL;

    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        TZ_TRY(take_row(of, path, row, head, places, err));
        if (of->table->count % TZ_TABLE_CHUNK == 0) {
            tz_app_progress(of->app, "读入|reading", (int64_t)of->table->count, 0);
            TZ_TRY(tz_table_check_memory(of->table, of->files->bytes, of->source->max_bytes, err));
            if (tz_app_should_stop(of->app)) {
                rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
                goto done;
            }
        }
    }
done:
    return rc;
}

static size_t slot_of(const tz_ids *ids, tz_text id)
{
    size_t slot = tz_map_hash(id) & (ids->slot_count - 1);
    while (ids->slots[slot] != 0 && !tz_text_equal(id_of(ids->table, ids->slots[slot] - 1), id))
        slot = (slot + 1) & (ids->slot_count - 1);
    return slot;
}

void tz_ids_make(tz_arena *mem, const tz_table *table, size_t from, size_t to, tz_ids *ret_ids,
                 size_t *ret_twice)
{
    tz_assert(mem != NULL && table != NULL && from <= to && to <= table->count);
    tz_ids ids = {.table = table, .slot_count = 16};

    while (ids.slot_count < (to - from) * 2)
        ids.slot_count *= 2;
    ids.slots = tz_new_array(mem, uint32_t, ids.slot_count);
    *ret_twice = SIZE_MAX;
    for (size_t i = from; i < to; i++) {
        size_t slot = slot_of(&ids, id_of(table, i));
        if (ids.slots[slot] != 0 && *ret_twice == SIZE_MAX)
            *ret_twice = i;
        ids.slots[slot] = (uint32_t)i + 1;
    }
    *ret_ids = ids;
}

size_t tz_ids_find(const tz_ids *ids, tz_text id)
{
    uint32_t found = ids->slots[slot_of(ids, id)];
    return found == 0 ? SIZE_MAX : found - 1;
}

/* Two rows of one id couldn't be told apart in the result. */
static tz_rc check_ids(const tz_table *table, const char *path, size_t from, size_t to, tz_err *err)
{
    tz_arena mem = {0};
    tz_ids ids;
    size_t twice = 0;

    tz_ids_make(&mem, table, from, to, &ids, &twice);
    tz_arena_free(&mem);
    if (twice == SIZE_MAX)
        return TZ_OK;
    (void)tz_fail(err, TZ_INPUT, "第 %zu 条记录的编号前面已有", "record %zu has an id that one before it has",
                  twice - from + 1);
    return tz_err_at(err, tz_file_base(path), NULL, 0, NULL);
}

static tz_rc check_table(const tz_table *table, const tz_table_source *source, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (table->column_count == 0 || table->count < 2 ||
        (source->b != NULL && (table->count_a == 0 || table->count_a == table->count)))
        return tz_fail(err, TZ_INPUT, "没有可比的行或共同的列",
                       "there are no rows to compare, or no common column");
    TZ_TRY(check_ids(table, source->a, 0, source->is_added ? table->count : table->count_a, err));
    if (source->b != NULL && !source->is_added)
        TZ_TRY(check_ids(table, source->b, table->count_a, table->count, err));
done:
    return rc;
}

static tz_rc read_files(tz_arena *mem, const tz_app *app, const tz_table_source *source, tz_table *ret_table,
                        tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena files = {0};
    tz_book *books[2] = {NULL, NULL};
    tz_sheet *sheets[2] = {NULL, NULL};
    header headers[2];
    size_t places[2][TZ_MAX_TABLE_COLUMNS + 1]; /* of the compared columns and the truth */
    tz_table table = {.mem = mem,
                      .columns = tz_new_array(mem, const char *, TZ_MAX_TABLE_COLUMNS),
                      .id_texts = {.mem = mem}};
    reading of = {.table = &table, .app = app, .source = source, .files = &files};

    tz_dictionary_init(mem, &table.values);
    TZ_TRY(open_sheet(&files, source->a, source, &books[0], &sheets[0], &headers[0], err));
    if (source->b != NULL)
        TZ_TRY(open_sheet(&files, source->b, source, &books[1], &sheets[1], &headers[1], err));
    settle_columns(&table, &headers[0], source->b == NULL ? NULL : &headers[1], places[0], places[1]);
    for (size_t i = 0; i < table.column_count; i++)
        table.columns[i] = tz_arena_dup(mem, table.columns[i]);
    table.truth = source->truth_column == NULL ? SIZE_MAX : table.column_count;
    table.width = table.column_count + (source->truth_column != NULL) + 1;
    places[0][table.column_count] = headers[0].truth;
    places[1][table.column_count] = source->b == NULL ? SIZE_MAX : headers[1].truth;
    TZ_TRY(take_rows(&of, source->a, sheets[0], &headers[0], places[0], err));
    table.count_a = table.count;
    if (source->b != NULL)
        TZ_TRY(take_rows(&of, source->b, sheets[1], &headers[1], places[1], err));
    *ret_table = table;
    table.values.index_mem = (tz_arena){0};
done:
    for (int i = 0; i < 2; i++) {
        tz_sheet_close(sheets[i]);
        tz_book_close(books[i]);
    }
    tz_arena_free(&table.values.index_mem);
    tz_arena_free(&of.row);
    tz_arena_free(&files);
    return rc;
}

tz_rc tz_table_load(tz_arena *mem, const tz_app *app, const tz_table_source *source, tz_table *ret_table,
                    tz_err *err)
{
    tz_assert(mem != NULL && app != NULL && source != NULL && source->a != NULL &&
              source->id_column != NULL && ret_table != NULL);
    tz_table table;
    tz_rc rc = read_files(mem, app, source, &table, err);

    if (rc == TZ_OK && (rc = check_table(&table, source, err)) != TZ_OK)
        tz_dictionary_seal(&table.values);
    if (rc == TZ_OK)
        *ret_table = table;
    return rc;
}

const char *tz_table_id(const tz_table *table, size_t record)
{
    tz_assert(record < table->count);
    return id_of(table, record).data;
}

uint32_t *tz_table_count(tz_arena *mem, const tz_table *table, size_t column)
{
    uint32_t *times = tz_new_array(mem, uint32_t, table->values.count);
    for (size_t i = 0; i < table->count; i++)
        times[tz_table_code(table, i, column)]++;
    return times;
}
