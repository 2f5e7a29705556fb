/* xlsx - what xlsx.c (the workbook) and xlsx_sheet.c (its rows) share. */
#ifndef TZ_FORMATS_XLSX_H
#define TZ_FORMATS_XLSX_H

#include "formats/inside.h"
#include "formats/part.h"

typedef struct {
    const char *name;
    const char *relation; /* r:id */
    const char *path;     /* of its part */
    bool        is_hidden;
    bool        has_merges; /* merges were read */
    tz_merges   merges;
} tz_xlsx_sheet;

typedef struct {
    const char *format;
    bool        is_date;
} tz_xlsx_style;

enum { TZ_XLSX_CHUNK = 4096 };

typedef struct {
    zip_t *zip;
    struct { tz_xlsx_sheet *items; size_t count; size_t room; } sheets;
    struct { tz_text **items; size_t count; size_t room; } strings; /* shared ones, TZ_XLSX_CHUNK to an item */
    size_t  string_count;
    char   *block; /* where the next string's bytes go */
    size_t  block_left;
    int64_t string_bytes;
    struct { tz_xlsx_style *items; size_t count; size_t room; } styles; /* by a cell's style */
} tz_xlsx;

TZ_MUST tz_rc tz_xlsx_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err);
TZ_MUST tz_rc tz_xlsx_sheet_next(void *inside, const tz_row **ret_row, tz_err *err);
void tz_xlsx_sheet_close(void *inside);
TZ_MUST tz_rc tz_xlsx_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err);
TZ_MUST tz_rc tz_xlsx_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err);

/* Excel's escapes in texts, "_x000D_" for a carriage return: text itself where it holds none. */
tz_text tz_xlsx_unescape(tz_arena *mem, tz_text text);

#endif
