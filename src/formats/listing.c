#include "formats/listing.h"

#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/assert.h"

/* ---- Cells ---- */

const json_t *tz_list_reach(const json_t *object, const char *key)
{
    for (;;) {
        const char *dot = strchr(key, '.');
        if (dot == NULL)
            return json_object_get(object, key);
        object = json_object_getn(object, key, (size_t)(dot - key));
        key = dot + 1;
    }
}

const char *tz_list_cell(tz_arena *mem, const json_t *value)
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

const char *tz_list_heading(tz_arena *mem, const tz_list_column *column, tz_lang lang)
{
    size_t      len = 0;
    const char *half = tz_half(column->heading, lang, &len);
    return tz_arena_copy(mem, half, len);
}

/* ---- CSV ---- */

static void put_field(const char *text, tz_buf *out)
{
    double ignored;
    char   rest;
    bool   is_number = sscanf(text, "%lf%c", &ignored, &rest) == 1;
    bool   is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL && !is_number;

    if (strpbrk(text, ",\"\r\n") == NULL && !is_formula) {
        tz_buf_puts(out, text);
        return;
    }
    tz_buf_puts(out, is_formula ? "\"'" : "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"')
            tz_buf_char(out, '"');
        tz_buf_char(out, *text);
    }
    tz_buf_char(out, '"');
}

void tz_list_csv(tz_arena *mem, const json_t *row, const tz_list_column *columns, tz_lang lang, tz_buf *out)
{
    for (size_t c = 0; columns[c].key != NULL; c++) {
        tz_buf_puts(out, c == 0 ? "" : ",");
        put_field(row == NULL ? tz_list_heading(mem, &columns[c], lang) : tz_list_cell(mem, tz_list_reach(row, columns[c].key)),
                  out);
    }
    tz_buf_puts(out, "\r\n");
}

/* ---- Files ---- */

struct tz_list_file {
    tz_list_kind       kind;
    const char           *path;
    const tz_list_column *columns;
    tz_lang               lang;
    tz_arena              line; /* reset for each row */
    FILE                 *file; /* CSV and JSON */
    lxw_workbook         *book;
    lxw_worksheet        *sheet;
    lxw_format           *head;
    lxw_row_t             next; /* row of the sheet */
    int64_t               count;
};

static tz_rc fail_to_write(const tz_list_file *listing, tz_err *err)
{
    return tz_fail(err, TZ_SYSTEM, "无法写 %s", "cannot write '%s'", listing->path);
}

static lxw_col_t column_count(const tz_list_column *columns)
{
    lxw_col_t count = 0;
    while (columns[count].key != NULL)
        count++;
    return count;
}

/* One more sheet, with its headings. The rows of the one before are on the disk already. */
static tz_rc add_sheet(tz_list_file *listing, tz_err *err)
{
    listing->sheet = workbook_add_worksheet(listing->book, NULL);
    if (listing->sheet == NULL)
        return fail_to_write(listing, err);
    worksheet_freeze_panes(listing->sheet, 1, 0);
    for (lxw_col_t c = 0; listing->columns[c].key != NULL; c++)
        (void)worksheet_write_string(listing->sheet, 0, c, tz_list_heading(&listing->line, &listing->columns[c], listing->lang),
                                     listing->head);
    listing->next = 1;
    return TZ_OK;
}

static void filter_sheet(tz_list_file *listing)
{
    if (listing->sheet != NULL)
        (void)worksheet_autofilter(listing->sheet, 0, 0, listing->next - 1, (lxw_col_t)(column_count(listing->columns) - 1));
}

static tz_rc open_book(tz_list_file *listing, tz_err *err)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};

    listing->book = workbook_new_opt(listing->path, &options);
    if (listing->book == NULL)
        return fail_to_write(listing, err);
    listing->head = workbook_add_format(listing->book);
    format_set_bold(listing->head);
    return add_sheet(listing, err);
}

static tz_rc open_text(tz_list_file *listing, tz_err *err)
{
    tz_buf line = tz_buf_init(&listing->line, 0);

    listing->file = fopen(listing->path, "wbe");
    if (listing->file == NULL)
        return fail_to_write(listing, err);
    if (listing->kind == TZ_LIST_CSV) {
        tz_buf_puts(&line, "\xEF\xBB\xBF");
        tz_list_csv(&listing->line, NULL, listing->columns, listing->lang, &line);
        (void)fputs(tz_buf_str(&line), listing->file);
    }
    return TZ_OK;
}

tz_rc tz_list_open(tz_arena *mem, tz_list_kind kind, const char *path, const tz_list_column *columns, tz_lang lang,
                      tz_list_file **ret_listing, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && columns != NULL && columns[0].key != NULL && ret_listing != NULL);
    tz_list_file *listing = tz_new(mem, tz_list_file);

    *listing = (tz_list_file){.kind = kind, .path = tz_arena_dup(mem, path), .columns = columns, .lang = lang};
    tz_rc rc = kind == TZ_LIST_XLSX ? open_book(listing, err) : open_text(listing, err);
    if (rc == TZ_OK)
        *ret_listing = listing;
    else
        tz_list_drop(listing);
    return rc;
}

enum { MOST_UNITS = 32767 }; /* of UTF-16 in a cell of a workbook */

/* The text as a cell can hold it; a longer one ends in "…". */
static const char *fit_cell(tz_arena *mem, const char *text)
{
    size_t units = 0, end = 0; /* end: where the last character that fits beside "…" ends */

    for (size_t at = 0; text[at] != '\0'; at++) {
        unsigned char c = (unsigned char)text[at];
        if ((c & 0xC0) == 0x80)
            continue;
        if (units < MOST_UNITS)
            end = at;
        units += c >= 0xF0 ? 2 : 1;
        if (units > MOST_UNITS)
            return tz_arena_printf(mem, "%.*s…", (int)end, text);
    }
    return text;
}

static tz_rc add_to_book(tz_list_file *listing, const json_t *row, tz_err *err)
{
    if (listing->next >= LXW_ROW_MAX) {
        filter_sheet(listing);
        tz_rc rc = add_sheet(listing, err);
        if (rc != TZ_OK)
            return rc;
    }
    for (lxw_col_t c = 0; listing->columns[c].key != NULL; c++) {
        const json_t *value = tz_list_reach(row, listing->columns[c].key);
        lxw_error     failed = LXW_NO_ERROR;
        if (json_is_integer(value))
            failed = worksheet_write_number(listing->sheet, listing->next, c, (double)json_integer_value(value), NULL);
        else
            failed = worksheet_write_string(listing->sheet, listing->next, c,
                                            fit_cell(&listing->line, tz_list_cell(&listing->line, value)), NULL);
        if (failed != LXW_NO_ERROR)
            return fail_to_write(listing, err);
    }
    listing->next++;
    return TZ_OK;
}

static tz_rc add_to_text(tz_list_file *listing, const json_t *row, tz_err *err)
{
    tz_buf line = tz_buf_init(&listing->line, 0);

    if (listing->kind == TZ_LIST_CSV) {
        tz_list_csv(&listing->line, row, listing->columns, listing->lang, &line);
        return fputs(tz_buf_str(&line), listing->file) < 0 ? fail_to_write(listing, err) : TZ_OK;
    }
    bool failed = fputs(listing->count == 0 ? "[\n" : ",\n", listing->file) < 0 ||
                  json_dumpf(row, listing->file, JSON_PRESERVE_ORDER | JSON_COMPACT) != 0;
    return failed ? fail_to_write(listing, err) : TZ_OK;
}

tz_rc tz_list_add(tz_list_file *listing, const json_t *row, tz_err *err)
{
    tz_assert(listing != NULL && json_is_object(row));
    tz_arena_reset(&listing->line);
    tz_rc rc = listing->kind == TZ_LIST_XLSX ? add_to_book(listing, row, err) : add_to_text(listing, row, err);
    listing->count++;
    return rc;
}

tz_rc tz_list_close(tz_list_file *listing, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (listing->book != NULL) {
        filter_sheet(listing);
        lxw_error failed = workbook_close(listing->book);
        if (failed != LXW_NO_ERROR)
            rc = tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", listing->path, lxw_strerror(failed));
        listing->book = NULL;
    } else {
        if (listing->kind == TZ_LIST_JSON)
            (void)fputs(listing->count == 0 ? "[]\n" : "\n]\n", listing->file);
        bool failed = ferror(listing->file) != 0;
        failed |= fclose(listing->file) != 0;
        listing->file = NULL;
        if (failed)
            rc = fail_to_write(listing, err);
    }
    tz_list_drop(listing);
    return rc;
}

void tz_list_drop(tz_list_file *listing)
{
    if (listing == NULL)
        return;
    if (listing->file != NULL)
        (void)fclose(listing->file);
    if (listing->book != NULL)
        (void)workbook_close(listing->book);
    listing->file = NULL;
    listing->book = NULL;
    tz_arena_free(&listing->line);
}
