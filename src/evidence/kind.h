/* kind - what a row below the header is: data, or one of the lines that surround them. */
#ifndef TZ_EVIDENCE_KIND_H
#define TZ_EVIDENCE_KIND_H

#include "evidence/sheet.h"

typedef enum {
    TZ_ROW_DATA,
    TZ_ROW_BLANK,  /* nothing, or nothing but the number of a line that was not filled in */
    TZ_ROW_TOTAL,
    TZ_ROW_NOTE,   /* notes, signatures, and the heading of a group of rows */
    TZ_ROW_HEADER, /* the header again, or a row that numbers the columns */
    TZ_ROW_TITLE,  /* the title again, 续表, a page number */
} tz_row_kind;

typedef struct {
    const tz_understanding *reading;
    int    *fields;      /* by sheet column: the register's column, -1 none */
    size_t  field_count;
    struct { tz_merge *items; size_t count; size_t room; } wide; /* areas over three columns and more, in order of rows */
    size_t next_wide;
    bool   is_after_note;
} tz_kinds;

tz_kinds tz_kinds_of(tz_arena *mem, const tz_understanding *reading, const tz_merges *merges);

/* What the row is; rows come in order. ret_is_grand: of a total, that it adds up everything. */
tz_row_kind tz_kind_of(tz_kinds *kinds, tz_arena *mem, const tz_row *row, bool *ret_is_grand);

/* Cells that show something. */
size_t tz_row_filled(const tz_row *row);

#endif
