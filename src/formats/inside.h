/* inside - what the readers of the single formats share behind book.h. */
#ifndef TZ_FORMATS_INSIDE_H
#define TZ_FORMATS_INSIDE_H

#include "formats/book.h"
#include "formats/decode.h"

/* One format. `inside` of a sheet is the format's own. */
typedef struct {
    tz_rc (*sheet_open)(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err);
    tz_rc (*sheet_next)(void *inside, const tz_row **ret_row, tz_err *err);
    void (*sheet_close)(void *inside);
    /* The rest may be NULL: no merged area, no hidden column, General, no property, nothing to close. */
    tz_rc (*merges)(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err);
    tz_rc (*hidden_columns)(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err);
    const char *(*format)(const tz_book *book, int32_t style);
    const char *(*property)(tz_arena *mem, const tz_book *book, const char *name);
    void (*close)(tz_book *book);
} tz_reader;

struct tz_book_inside {
    const tz_reader *reader; /* NULL until a format has opened */
    tz_arena        *mem;
    tz_source        source;
    tz_encoding      encoding; /* of text */
    bool             is_inner; /* the book is a file inside an archive */
    void            *own;      /* the format's */
};

struct tz_sheet {
    tz_book *book;
    void    *own;
};

/* Each opens a book whose content is of its kind. What is open when it fails it closes itself. TZ_INPUT, TZ_LIMIT. */
TZ_MUST tz_rc tz_xlsx_open(tz_arena *mem, tz_book *book, tz_err *err);
TZ_MUST tz_rc tz_ods_open(tz_arena *mem, tz_book *book, tz_err *err);
TZ_MUST tz_rc tz_archive_open(tz_arena *mem, tz_book *book, tz_err *err);
TZ_MUST tz_rc tz_xls_open(tz_arena *mem, tz_book *book, tz_err *err);

/* The same for text; head is its start as UTF-8, and inside->encoding is known. */
TZ_MUST tz_rc tz_xmlss_open(tz_arena *mem, tz_book *book, tz_err *err);
TZ_MUST tz_rc tz_html_open(tz_arena *mem, tz_book *book, tz_err *err);
TZ_MUST tz_rc tz_csv_open(tz_arena *mem, tz_book *book, tz_text head, tz_err *err);

/* Tells the kind of source and opens it as a book; for archives, of their files. The errors of tz_book_open. */
TZ_MUST tz_rc tz_book_open_source(tz_arena *mem, const tz_source *source, const char *file, bool is_inner,
                                  tz_book **ret_book, tz_err *err);

#endif
