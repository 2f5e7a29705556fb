/* book - a delivered file as sheets of rows of cells, whatever it is inside.
 *
 * Reads .xlsx, .xls and .et (BIFF), .ods, the HTML table and the XML Spreadsheet 2003 that are sent as
 * .xls, delimited text, and a .zip of all these; the kind is told from the content, never the name.  A
 * sheet is a stream: rows come one at a time and are borrowed until the next; memory does not grow with
 * the sheet but for its shared strings (a BIFF workbook is held as a whole).  Nothing is interpreted
 * here: a cell keeps what is stored (the number's own text, so that 0.1 stays 0.1) and how it is shown
 * (a date by its style); what it means is evidence's work.
 *
 * A foreign file never meets an assertion: whatever is wrong with it comes back as TZ_INPUT or
 * TZ_LIMIT with the file's name and what to do.
 *
 *     TZ_TRY(tz_book_open(&mem, path, &book, err));
 *     for (size_t i = 0; i < book->sheets.count; i++) {
 *         TZ_TRY(tz_sheet_open(&mem, book, i, &sheet, err));
 *         while ((rc = tz_sheet_next(sheet, &row, err)) == TZ_OK && row != NULL) use(row);
 *         tz_sheet_close(sheet);
 *     }
 *     tz_book_close(book);
 */
#ifndef TZ_FORMATS_BOOK_H
#define TZ_FORMATS_BOOK_H

#include "base/err.h"
#include "base/text.h"

typedef enum {
    TZ_CELL_EMPTY,
    TZ_CELL_NUMBER, /* text: the number as stored                        */
    TZ_CELL_TEXT,   /* text: UTF-8                                       */
    TZ_CELL_BOOL,   /* text: "1" or "0"                                  */
    TZ_CELL_ERROR,  /* text: "#N/A" …                                    */
} tz_cell_kind;

typedef struct {
    tz_cell_kind kind;
    bool         is_date; /* a number shown as a date or time by its style     */
    bool         is_cut;  /* text was longer than TZ_MAX_CELL_BYTES            */
    bool         is_damaged; /* holds U+FFFD: a byte that is no character      */
    int32_t      style;   /* index for tz_book_format, -1: none                */
    tz_text      text;
} tz_cell;

typedef struct {
    int64_t  row_no;  /* 1-based, as the clerk sees it; for text the line it starts on */
    size_t   count;   /* cells; those behind are empty                                 */
    tz_cell *cells;
    bool     is_hidden;
} tz_row;

typedef struct {
    int64_t first_row, last_row;       /* 1-based, inclusive */
    int32_t first_column, last_column; /* 0-based, inclusive */
} tz_merge;

typedef struct {
    int32_t first, last; /* columns, 0-based, inclusive */
} tz_span;

typedef struct {
    tz_span *items;
    size_t   count;
    size_t   room;
} tz_spans;

typedef struct {
    const char *name; /* NULL for delimited text and HTML; in an archive "FILE/NAME" or "FILE" */
    const char *file; /* the file inside an archive, else NULL */
    bool        is_hidden;
    bool        is_1904; /* its serial day numbers count from 1904 */
    const tz_err *refused; /* a file inside an archive that is no table, and why: it has no rows; else NULL */
} tz_sheet_info;

typedef struct tz_book_inside tz_book_inside;

typedef struct {
    const char *file; /* base name as sent */
    const char *kind; /* "xlsx", "xls", "ods", "xml", "html", "csv", "zip" */
    const char *encoding; /* "utf-8", "gb18030", "utf-16le" … for text, else NULL */
    bool        is_1904;  /* of its sheets; in an archive each sheet says so      */
    struct {
        tz_sheet_info *items;
        size_t         count;
        size_t         room;
    } sheets;
    tz_book_inside *inside;
} tz_book;

typedef struct tz_sheet tz_sheet;

/* Opens path. TZ_MISSING: no such file. TZ_INPUT: empty, no table file (a picture, a document),
 * broken, or protected by a password: the error says which and what to do. TZ_LIMIT: larger than
 * base/limits.h allows. */
TZ_MUST tz_rc tz_book_open(tz_arena *mem, const char *path, tz_book **ret_book, tz_err *err);

/* The same for bytes in memory; data must outlive the book. */
TZ_MUST tz_rc tz_book_open_bytes(tz_arena *mem, const char *file, tz_text data, tz_book **ret_book,
                                 tz_err *err);
void tz_book_close(tz_book *book); /* NULL is fine */

/* Starts reading sheet `index`; may be called again for a second pass. */
TZ_MUST tz_rc tz_sheet_open(tz_arena *mem, tz_book *book, size_t index, tz_sheet **ret_sheet,
                            tz_err *err);

/* The next row that holds a cell, or NULL at the end. Borrowed until the next call. Rows that are
 * absent from the file are skipped (row_no tells). TZ_INPUT where the sheet breaks off, TZ_LIMIT. */
TZ_MUST tz_rc tz_sheet_next(tz_sheet *sheet, const tz_row **ret_row, tz_err *err);
void tz_sheet_close(tz_sheet *sheet); /* NULL is fine */

/* Merged areas of a sheet in reading order. Reads the sheet to its end the first time it is asked (they
 * stand behind the rows in .xlsx) and keeps them with the book. None for text. TZ_INPUT, TZ_LIMIT. */
typedef struct {
    tz_merge *items;
    size_t    count;
    size_t    room;
} tz_merges;
TZ_MUST tz_rc tz_sheet_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges,
                              tz_err *err);

/* Columns that the sheet does not show. TZ_INPUT, TZ_LIMIT. */
TZ_MUST tz_rc tz_sheet_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err);

/* The number format of a cell's style, such as "yyyy-mm-dd", or "General". */
const char *tz_book_format(const tz_book *book, int32_t style);

/* The text of a custom property of the workbook, living in mem; NULL when it has none of that name. */
const char *tz_book_property(tz_arena *mem, const tz_book *book, const char *name);

/* "A", "Z", "AA" for a 0-based column. */
void tz_column_letters(int32_t column, char out[8]);

#endif
