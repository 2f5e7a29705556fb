/* inside - what the readers of the single formats share behind book.h. */
#ifndef TZ_FORMATS_INSIDE_H
#define TZ_FORMATS_INSIDE_H

#include "formats/book.h"

/* One format. `inside` of a book and of a sheet is the format's own. */
typedef struct {
    tz_rc (*sheet_open)(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err);
    tz_rc (*sheet_next)(void *inside, const tz_row **ret_row, tz_err *err);
    void (*sheet_close)(void *inside);
    tz_rc (*merges)(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err); /* NULL: none */
    const char *(*format)(const tz_book *book, int32_t style); /* NULL: General */
    const char *(*property)(tz_arena *mem, const tz_book *book, const char *name); /* NULL: none */
    void (*close)(tz_book *book);
} tz_reader;

struct tz_book_inside {
    const tz_reader *reader;
    tz_arena        *mem;
    const char      *path; /* NULL when opened from bytes */
    tz_text          data; /* the bytes; empty when streamed from path */
    void            *own;
};

struct tz_sheet {
    tz_book *book;
    void    *own;
};

TZ_MUST tz_rc tz_xlsx_open(tz_arena *mem, tz_book *book, tz_err *err);
TZ_MUST tz_rc tz_csv_open(tz_arena *mem, tz_book *book, tz_err *err);

#endif
