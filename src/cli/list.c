/* list - an array of JSON objects as a table for people, or as JSON, CSV or XLSX. */
#include <stdio.h>

#include "base/assert.h"
#include "cli/cli.h"

bool tz_cli_is_machine(const tz_cli *cli)
{
    return tz_cli_get(cli, "--json") != NULL || tz_cli_get(cli, "--csv") != NULL ||
           tz_cli_get(cli, "--xlsx") != NULL;
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

static const char *cell_of(tz_cli *cli, const json_t *row, const tz_list_column *column)
{
    return row == NULL ? tz_list_heading(&cli->mem, column, cli->app.lang)
                       : tz_list_cell(&cli->mem, tz_list_reach(row, column->key));
}

static void print_table(tz_cli *cli, const json_t *rows, const tz_list_column *columns)
{
    size_t count = 0;
    while (columns[count].key != NULL)
        count++;
    size_t *width = tz_new_array(&cli->mem, size_t, count);

    for (size_t i = 0; i <= json_array_size(rows); i++)
        for (size_t c = 0; c < count; c++) {
            size_t cells = tz_utf8_width(tz_text_of(cell_of(cli, i == 0 ? NULL : json_array_get(rows, i - 1), &columns[c])));
            if (cells > width[c])
                width[c] = cells;
        }
    for (size_t i = 0; i <= json_array_size(rows); i++)
        for (size_t c = 0; c < count; c++)
            print_cell(cell_of(cli, i == 0 ? NULL : json_array_get(rows, i - 1), &columns[c]), width[c], columns[c].is_right, c + 1 == count);
}

static void print_csv(const tz_cli *cli, const json_t *rows, const tz_list_column *columns)
{
    tz_arena mem = {0};

    for (size_t i = 0; i <= json_array_size(rows); i++) {
        tz_buf line = tz_buf_init(&mem, 0);
        tz_list_csv(&mem, i == 0 ? NULL : json_array_get(rows, i - 1), columns, cli->app.lang, &line);
        (void)fputs(tz_buf_str(&line), stdout);
        tz_arena_reset(&mem);
    }
    tz_arena_free(&mem);
}

static tz_rc write_xlsx(tz_cli *cli, const json_t *rows, const tz_list_column *columns, const char *path, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_list_file *listing = NULL;
    size_t      i;
    json_t     *row;

    TZ_TRY(tz_list_open(&cli->mem, TZ_LIST_XLSX, path, columns, cli->app.lang, &listing, err));
    json_array_foreach((json_t *)rows, i, row)
        TZ_TRY(tz_list_add(listing, row, err));
    rc = tz_list_close(listing, err);
    listing = NULL;
done:
    tz_list_drop(listing);
    return rc;
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
