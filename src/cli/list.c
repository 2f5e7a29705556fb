/* list - an array of JSON objects as a table for people, or as JSON, CSV or XLSX. */
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/assert.h"
#include "cli/cli.h"

bool tz_cli_is_machine(const tz_cli *cli)
{
    return tz_cli_get(cli, "--json") != NULL || tz_cli_get(cli, "--csv") != NULL ||
           tz_cli_get(cli, "--xlsx") != NULL;
}

/* The member that a dotted key reaches. */
static const json_t *reach(const json_t *object, const char *key)
{
    for (;;) {
        const char *dot = strchr(key, '.');
        if (dot == NULL)
            return json_object_get(object, key);
        object = json_object_getn(object, key, (size_t)(dot - key));
        key = dot + 1;
    }
}

/* A value as a cell shows it: arrays by their number of items, objects not at all. */
static const char *cell_text(tz_arena *mem, const json_t *value)
{
    if (value == NULL || json_is_null(value) || json_is_object(value))
        return "";
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "✓" : "–";
    if (json_is_integer(value))
        return tz_arena_printf(mem, "%lld", (long long)json_integer_value(value));
    return tz_arena_printf(mem, "%zu", json_array_size(value));
}

static size_t column_count(const tz_list_column *columns)
{
    size_t count = 0;
    while (columns[count].key != NULL)
        count++;
    return count;
}

static const char *heading(tz_cli *cli, const tz_list_column *column)
{
    size_t      len = 0;
    const char *half = tz_half(column->heading, cli->app.lang, &len);
    return tz_arena_copy(&cli->mem, half, len);
}

static void print_cell(const char *text, size_t cells, bool is_right, bool is_last)
{
    size_t width = tz_utf8_width(tz_text_of(text));
    size_t pad = width < cells ? cells - width : 0;

    for (size_t i = 0; is_right && i < pad; i++)
        (void)putchar(' ');
    (void)fputs(text, stdout);
    for (size_t i = 0; !is_right && !is_last && i < pad; i++)
        (void)putchar(' ');
    (void)fputs(is_last ? "\n" : "  ", stdout);
}

static void print_table(tz_cli *cli, const json_t *rows, const tz_list_column *columns)
{
    size_t  count = column_count(columns);
    size_t *width = tz_new_array(&cli->mem, size_t, count);
    size_t  index;
    json_t *row;

    for (size_t c = 0; c < count; c++)
        width[c] = tz_utf8_width(tz_text_of(heading(cli, &columns[c])));
    json_array_foreach((json_t *)rows, index, row)
        for (size_t c = 0; c < count; c++) {
            size_t cells = tz_utf8_width(tz_text_of(cell_text(&cli->mem, reach(row, columns[c].key))));
            if (cells > width[c])
                width[c] = cells;
        }
    for (size_t c = 0; c < count; c++)
        print_cell(heading(cli, &columns[c]), width[c], columns[c].is_right, c + 1 == count);
    json_array_foreach((json_t *)rows, index, row)
        for (size_t c = 0; c < count; c++)
            print_cell(cell_text(&cli->mem, reach(row, columns[c].key)), width[c], columns[c].is_right, c + 1 == count);
}

/* A field of CSV (RFC 4180). A leading = + - @ would run as a formula in a spreadsheet: it gets an
 * apostrophe, but for numbers. */
static void print_csv_field(const char *text)
{
    double ignored;
    char   rest;
    bool   is_number = sscanf(text, "%lf%c", &ignored, &rest) == 1;
    bool   is_formula = text[0] != '\0' && strchr("=+-@", text[0]) != NULL && !is_number;

    if (strpbrk(text, ",\"\r\n") == NULL && !is_formula) {
        (void)fputs(text, stdout);
        return;
    }
    (void)fputs(is_formula ? "\"'" : "\"", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)putchar('"');
        (void)putchar(*text);
    }
    (void)putchar('"');
}

static void print_csv(tz_cli *cli, const json_t *rows, const tz_list_column *columns)
{
    size_t  index;
    json_t *row;

    for (size_t c = 0; columns[c].key != NULL; c++) {
        (void)fputs(c == 0 ? "" : ",", stdout);
        print_csv_field(heading(cli, &columns[c]));
    }
    (void)fputs("\r\n", stdout);
    json_array_foreach((json_t *)rows, index, row) {
        for (size_t c = 0; columns[c].key != NULL; c++) {
            (void)fputs(c == 0 ? "" : ",", stdout);
            print_csv_field(cell_text(&cli->mem, reach(row, columns[c].key)));
        }
        (void)fputs("\r\n", stdout);
    }
}

static tz_rc write_xlsx(tz_cli *cli, const json_t *rows, const tz_list_column *columns, const char *path, tz_err *err)
{
    lxw_workbook  *book = workbook_new(path);
    lxw_worksheet *sheet = book == NULL ? NULL : workbook_add_worksheet(book, NULL);
    size_t         index, count = column_count(columns);
    json_t        *row;

    if (sheet == NULL)
        return tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", path);
    lxw_format *head = workbook_add_format(book);
    format_set_bold(head);
    for (size_t c = 0; c < count; c++)
        (void)worksheet_write_string(sheet, 0, (lxw_col_t)c, heading(cli, &columns[c]), head);
    json_array_foreach((json_t *)rows, index, row)
        for (size_t c = 0; c < count; c++) {
            const json_t *value = reach(row, columns[c].key);
            if (json_is_integer(value))
                (void)worksheet_write_number(sheet, (lxw_row_t)index + 1, (lxw_col_t)c, (double)json_integer_value(value), NULL);
            else
                (void)worksheet_write_string(sheet, (lxw_row_t)index + 1, (lxw_col_t)c, cell_text(&cli->mem, value), NULL);
        }
    worksheet_freeze_panes(sheet, 1, 0);
    (void)worksheet_autofilter(sheet, 0, 0, (lxw_row_t)json_array_size(rows), (lxw_col_t)(count - 1));
    lxw_error failed = workbook_close(book);
    if (failed != LXW_NO_ERROR)
        return tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", path, lxw_strerror(failed));
    return TZ_OK;
}

tz_rc tz_cli_list(tz_cli *cli, const json_t *rows, const tz_list_column *columns, tz_err *err)
{
    tz_assert(json_is_array(rows));
    tz_cli_progress_clear(cli);

    if (tz_cli_get(cli, "--xlsx") != NULL)
        return write_xlsx(cli, rows, columns, tz_cli_get(cli, "--xlsx"), err);
    if (tz_cli_get(cli, "--json") != NULL) {
        (void)json_dumpf(rows, stdout, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
        (void)putchar('\n');
    } else if (tz_cli_get(cli, "--csv") != NULL) {
        print_csv(cli, rows, columns);
    } else {
        print_table(cli, rows, columns);
    }
    return TZ_OK;
}
