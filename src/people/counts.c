#include "people/counts.h"

#include "base/assert.h"
#include "base/file.h"
#include "formats/book.h"

static bool uses_frequency(const tz_comparison *one)
{
    return one->by_frequency && one->kind != TZ_COMPARE_NUMBER && one->kind != TZ_COMPARE_PLACE;
}

void tz_counts_take(tz_arena *mem, const tz_table *table, const tz_model *model, tz_counts *ret_counts)
{
    tz_assert(table != NULL && model != NULL && ret_counts != NULL);
    tz_counts of = {.filled = {0}};

    for (size_t c = 0; c < model->comparison_count; c++) {
        if (!uses_frequency(&model->comparisons[c]))
            continue;
        uint32_t *times = tz_table_count(mem, table, model->comparisons[c].column);
        of.filled[c] = (double)(table->count - times[0]);
        of.times[c] = times;
    }
    *ret_counts = of;
}

void tz_csv_put(tz_buf *out, tz_text cell)
{
    bool is_plain = true;

    for (size_t i = 0; i < cell.size && is_plain; i++)
        is_plain = cell.data[i] != ',' && cell.data[i] != '"' && cell.data[i] != '\r' && cell.data[i] != '\n';
    if (is_plain) {
        tz_buf_put(out, cell);
        return;
    }
    tz_buf_char(out, '"');
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"')
            tz_buf_char(out, '"');
        tz_buf_char(out, cell.data[i]);
    }
    tz_buf_char(out, '"');
}

static void put_count(tz_buf *out, const char *column, tz_text value, uint32_t count)
{
    tz_csv_put(out, tz_text_of(column));
    tz_buf_char(out, ',');
    tz_csv_put(out, value);
    tz_buf_printf(out, ",%u\n", count);
}

tz_rc tz_counts_save(const tz_counts *counts, const tz_table *table, const tz_model *model, const char *path,
                     tz_err *err)
{
    tz_assert(counts != NULL && table != NULL && model != NULL && path != NULL);
    tz_arena mem = {0};
    tz_buf out = tz_buf_init(&mem, 0);

    tz_buf_puts(&out, "column,value,count\n");
    for (size_t c = 0; c < model->comparison_count; c++) {
        const char *column = table->columns[model->comparisons[c].column];
        if (counts->times[c] == NULL)
            continue;
        put_count(&out, column, (tz_text){0}, (uint32_t)counts->filled[c]);
        for (uint32_t code = 1; code < table->values.count; code++)
            if (counts->times[c][code] > 1)
                put_count(&out, column, tz_dictionary_text(&table->values, code), counts->times[c][code]);
    }
    tz_rc rc = out.is_over
                   ? tz_fail(err, TZ_LIMIT, "结果文件过大", "the result is too large")
                   : tz_file_write(path, tz_buf_text(&out), 0600, err); /* names are among the values */
    tz_arena_free(&mem);
    return rc;
}

/* ---- Reading ---- */

typedef struct {
    const char *path;
    tz_table *table;
    const tz_model *model;
    struct {
        uint32_t *items; /* comparison, code and count, one after the other */
        size_t count;
        size_t room;
    } found;
    double filled[TZ_MAX_COMPARISONS];
    tz_arena mem;
} loading;

static tz_rc refuse(const loading *of, int64_t row_no, tz_err *err)
{
    (void)tz_fail(err, TZ_INPUT, "频数文件应有 column,value,count 三列",
                  "a file of counts has column, value and count");
    (void)tz_err_advise(err, "用链接时与模型一起写下的文件",
                        "use the file that linking wrote beside the model");
    return tz_err_at(err, tz_file_base(of->path), NULL, row_no, NULL);
}

static tz_rc take_row(loading *of, const tz_row *row, tz_err *err)
{
    int64_t count = 0;
    uint32_t code = 0;
    tz_rc rc = TZ_OK;

    if (row->count < 3 || !tz_text_int(row->cells[2].text, &count) || count < 1 || count > UINT32_MAX)
        return refuse(of, row->row_no, err);
    TZ_TRY(tz_dictionary_code(&of->table->values, row->cells[1].text, &code, err));
    for (size_t c = 0; c < of->model->comparison_count; c++) {
        const tz_comparison *one = &of->model->comparisons[c];
        if (!uses_frequency(one) || !tz_text_is(row->cells[0].text, of->table->columns[one->column]))
            continue;
        if (code == 0) {
            of->filled[c] = (double)count;
            continue;
        }
        tz_push(&of->mem, &of->found, (uint32_t)c);
        tz_push(&of->mem, &of->found, code);
        tz_push(&of->mem, &of->found, (uint32_t)count);
    }
done:
    return rc;
}

static tz_rc read_rows(loading *of, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_book *book = NULL;
    tz_sheet *sheet = NULL;
    const tz_row *row = NULL;

    TZ_TRY(tz_book_open(&of->mem, of->path, &book, err));
    TZ_TRY(tz_sheet_open(&of->mem, book, 0, &sheet, err));
    TZ_TRY(tz_sheet_next(sheet, &row, err)); /* the header */
    while (row != NULL) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row != NULL)
            TZ_TRY(take_row(of, row, err));
    }
done:
    tz_sheet_close(sheet);
    tz_book_close(book);
    return rc;
}

tz_rc tz_counts_load(tz_arena *mem, const char *path, tz_table *table, const tz_model *model,
                     tz_counts *ret_counts, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && table != NULL && model != NULL && ret_counts != NULL);
    tz_rc rc = TZ_OK;
    loading of = {.path = path, .table = table, .model = model};
    tz_counts counts = {.filled = {0}};
    uint32_t *times[TZ_MAX_COMPARISONS] = {NULL};

    TZ_TRY(read_rows(&of, err));
    for (size_t c = 0; c < model->comparison_count; c++) {
        if (!uses_frequency(&model->comparisons[c]))
            continue;
        if (of.filled[c] <= 0) {
            rc = refuse(&of, 1, err);
            goto done;
        }
        times[c] = tz_new_array(mem, uint32_t, table->values.count);
        for (uint32_t code = 0; code < table->values.count; code++)
            times[c][code] = 1;
        counts.times[c] = times[c];
        counts.filled[c] = of.filled[c];
    }
    for (size_t i = 0; i + 2 < of.found.count; i += 3)
        times[of.found.items[i]][of.found.items[i + 1]] = of.found.items[i + 2];
    *ret_counts = counts;
done:
    tz_arena_free(&of.mem);
    return rc;
}
