/* files - sheets as departments mail them: .xlsx with a merged title above the header, text in GB18030. */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#include "base/assert.h"
#include "base/file.h"
#include "demo/inside.h"

enum { ROWS_ABOVE = 3 }; /* title, remark, header */

/* ---- Amounts ---- */

/* An amount in 元 ("625.00") as the sheet's unit shows it ("0.0625"). */
static double in_unit(const demo_sheet *sheet, const char *amount)
{
    double value = strtod(amount, NULL);
    for (int i = 0; i < sheet->unit_power; i++)
        value /= 10;
    return value;
}

static double sum_of(const demo_sheet *sheet)
{
    double sum = 0;
    for (size_t i = 0; i < sheet->rows.count; i++)
        sum += strtod(sheet->rows.items[i]->cells[sheet->total_column], NULL);
    for (int i = 0; i < sheet->unit_power; i++)
        sum /= 10;
    return sum;
}

/* ---- .xlsx ---- */

typedef struct {
    lxw_workbook *book;
    lxw_format   *title, *header, *date;
} styles;

static lxw_datetime day_of(const char *iso)
{
    return (lxw_datetime){.year = atoi(iso), .month = atoi(iso + 5), .day = atoi(iso + 8)};
}

static void write_cell(lxw_worksheet *to, const demo_sheet *sheet, const styles *with, lxw_row_t row, size_t column, const char *text)
{
    lxw_col_t at = (lxw_col_t)(column + 1); /* behind 序号 */

    if (text == NULL || text[0] == '\0')
        return;
    switch (sheet->kinds[column]) {
    case 'n': (void)worksheet_write_number(to, row, at, strtod(text, NULL), NULL); break;
    case 'm': (void)worksheet_write_number(to, row, at, in_unit(sheet, text), NULL); break;
    case 'd': {
        lxw_datetime day = day_of(text);
        (void)worksheet_write_datetime(to, row, at, &day, with->date);
        break;
    }
    default: (void)worksheet_write_string(to, row, at, text, NULL);
    }
}

static void write_total(lxw_worksheet *to, const demo_sheet *sheet, lxw_row_t row)
{
    char text[64];

    (void)worksheet_write_string(to, row, 0, sheet->total, NULL);
    (void)snprintf(text, sizeof text, "%zu人", sheet->rows.count);
    (void)worksheet_write_string(to, row, 4, text, NULL);
    if (sheet->total_column >= 0)
        (void)worksheet_write_number(to, row, (lxw_col_t)(sheet->total_column + 1), sum_of(sheet), NULL);
}

static void write_sheet(lxw_worksheet *to, demo_sheet *sheet, const styles *with)
{
    lxw_col_t last = (lxw_col_t)sheet->columns;

    (void)worksheet_set_column(to, 1, last, 14, NULL);
    (void)worksheet_merge_range(to, 0, 0, 0, last, sheet->title, with->title);
    (void)worksheet_merge_range(to, 1, 0, 1, last, sheet->remark, NULL);
    (void)worksheet_write_string(to, 2, 0, "序号", with->header);
    for (size_t i = 0; i < sheet->columns; i++)
        (void)worksheet_write_string(to, 2, (lxw_col_t)(i + 1), sheet->headers[i], with->header);
    for (size_t i = 0; i < sheet->rows.count; i++) {
        demo_row *row = sheet->rows.items[i];
        lxw_row_t at = (lxw_row_t)(i + ROWS_ABOVE);
        row->row_no = (int64_t)at + 1;
        (void)worksheet_write_number(to, at, 0, (double)(i + 1), NULL);
        for (size_t c = 0; c < sheet->columns; c++)
            write_cell(to, sheet, with, at, c, row->cells[c]);
    }
    if (sheet->total != NULL)
        write_total(to, sheet, (lxw_row_t)(sheet->rows.count + ROWS_ABOVE));
}

static tz_rc write_book(demo_file *file, const char *path, tz_err *err)
{
    lxw_workbook_options   options = {.constant_memory = LXW_TRUE};
    lxw_doc_properties     about = {.title = "synthetic county: everything about people is invented", .created = 1577750400};
    styles                 with = {.book = workbook_new_opt(path, &options)};

    if (with.book == NULL)
        return tz_fail(err, TZ_SYSTEM, "写不了 %s", "cannot write %s", file->name);
    (void)workbook_set_properties(with.book, &about);
    with.title = workbook_add_format(with.book);
    format_set_bold(with.title);
    format_set_align(with.title, LXW_ALIGN_CENTER);
    with.header = workbook_add_format(with.book);
    format_set_bold(with.header);
    with.date = workbook_add_format(with.book);
    format_set_num_format(with.date, "yyyy/m/d");
    for (size_t i = 0; i < file->sheets.count; i++)
        if (file->sheets.items[i]->rows.count > 0 || file->sheets.count == 1)
            write_sheet(workbook_add_worksheet(with.book, file->sheets.items[i]->name), file->sheets.items[i], &with);
    lxw_error wrong = workbook_close(with.book);
    if (wrong != LXW_NO_ERROR)
        return tz_fail(err, TZ_SYSTEM, "写 %s 时出错:%s", "writing %s failed: %s", file->name, lxw_strerror(wrong));
    return TZ_OK;
}

/* ---- Text in GB18030 ---- */

static void put_field(tz_buf *out, const char *text)
{
    if (text == NULL)
        return;
    if (strpbrk(text, ",\"\n") == NULL) {
        tz_buf_puts(out, text);
        return;
    }
    tz_buf_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            tz_buf_char(out, '"');
        tz_buf_char(out, *text);
    }
    tz_buf_char(out, '"');
}

static void put_line(tz_buf *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            tz_buf_char(out, ',');
        put_field(out, cells[i]);
    }
    tz_buf_puts(out, "\r\n");
}

static tz_rc to_gb18030(tz_arena *mem, tz_text text, tz_text *ret_bytes, tz_err *err)
{
    size_t  room = text.size * 2 + 16, left = room, from_left = text.size;
    char   *bytes = tz_arena_alloc(mem, room), *to = bytes, *from = tz_text_dup(mem, text);
    iconv_t converter = iconv_open("GB18030", "UTF-8");

    if (converter == (iconv_t)-1)
        return tz_fail(err, TZ_SYSTEM, "系统不支持 GB18030 编码", "the system has no GB18030");
    size_t wrong = iconv(converter, &from, &from_left, &to, &left);
    (void)iconv_close(converter);
    tz_assert(wrong != (size_t)-1);
    *ret_bytes = (tz_text){bytes, room - left};
    return TZ_OK;
}

static tz_rc write_text(demo_file *file, const char *path, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_buf      out = tz_buf_init(&mem, 0);
    demo_sheet *sheet = file->sheets.items[0];
    tz_text     bytes;

    put_field(&out, sheet->title);
    tz_buf_puts(&out, "\r\n");
    put_field(&out, sheet->remark);
    tz_buf_puts(&out, "\r\n");
    put_line(&out, sheet->headers, sheet->columns);
    for (size_t i = 0; i < sheet->rows.count; i++) {
        sheet->rows.items[i]->row_no = (int64_t)i + ROWS_ABOVE + 1;
        put_line(&out, sheet->rows.items[i]->cells, sheet->columns);
    }
    TZ_TRY(to_gb18030(&mem, tz_buf_text(&out), &bytes, err));
    TZ_TRY(tz_file_write(path, bytes, 0644, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc demo_files_write(demo_county *county, const char *folder, tz_err *err)
{
    tz_assert(county != NULL && folder != NULL);
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < county->files.count; i++) {
        demo_file  *file = county->files.items[i];
        const char *path = tz_arena_printf(county->mem, "%s/%s", folder, file->name);
        tz_app_progress(county->app, "写出示范县报表|writing the county's sheets", (int64_t)i, (int64_t)county->files.count);
        if (tz_app_should_stop(county->app)) {
            rc = tz_fail(err, TZ_STOPPED, "已取消", "stopped");
            goto done;
        }
        TZ_TRY(file->is_text ? write_text(file, path, err) : write_book(file, path, err));
    }
done:
    return rc;
}
