/* listing - an array of JSON objects as lines of columns: CSV, a workbook, JSON. What a list on a terminal and a list
 * on a page share.
 *
 * A listing is written line by line, so that a list of a million lines is never in memory as a whole:
 *
 *     TZ_TRY(tz_list_open(mem, TZ_LIST_CSV, path, COLUMNS, TZ_ZH, &listing, err));
 *     json_array_foreach(rows, i, row)
 *         TZ_TRY(tz_list_add(listing, row, err));
 *     rc = tz_list_close(listing, err);
 */
#ifndef TZ_FORMATS_LISTING_H
#define TZ_FORMATS_LISTING_H

#include "base/json.h"

/* One column: the member's key ("a.b" reaches into objects) and its heading. Lists of columns end with a NULL key. */
typedef struct {
    const char *key;
    const char *heading; /* "中文|English" */
    bool        is_right;
} tz_list_column;

/* The member that a dotted key reaches, or NULL. Borrowed. */
const json_t *tz_list_reach(const json_t *object, const char *key);
/* A value as a cell shows it: an array by its number of items, an object not at all; never NULL. */
const char *tz_list_cell(tz_arena *mem, const json_t *value);
const char *tz_list_heading(tz_arena *mem, const tz_list_column *column, tz_lang lang);

/* Appends one line of CSV (RFC 4180); row NULL: the headings. A leading = + - @ would run as a formula in a
 * spreadsheet: it gets an apostrophe, but for numbers. */
void tz_list_csv(tz_arena *mem, const json_t *row, const tz_list_column *columns, tz_lang lang, tz_buf *out);

typedef enum { TZ_LIST_CSV, TZ_LIST_XLSX, TZ_LIST_JSON } tz_list_kind;
typedef struct tz_list_file tz_list_file;

/* Begins a file at path. CSV begins with a byte order mark, by which spreadsheets know UTF-8; a workbook goes on in a
 * second sheet where its rows end; JSON has the objects whole. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_list_open(tz_arena *mem, tz_list_kind kind, const char *path, const tz_list_column *columns, tz_lang lang,
                              tz_list_file **ret_listing, tz_err *err);
TZ_MUST tz_rc tz_list_add(tz_list_file *listing, const json_t *row, tz_err *err);
/* Ends the file, and the listing whatever it returns. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_list_close(tz_list_file *listing, tz_err *err);
void tz_list_drop(tz_list_file *listing); /* ends it without a whole file; NULL is fine */

#endif
