/* layout - where a table's header is, whatever the table is about.
 *
 * Judged by how a table is built alone: short texts in a row over columns that hold something else,
 * sparse lines above, parents merged over several columns.  Which register fits is sheet.h's work,
 * which looks at these places first.
 */
#ifndef TZ_EVIDENCE_LAYOUT_H
#define TZ_EVIDENCE_LAYOUT_H

#include "evidence/head.h"

enum { TZ_HEADER_DEPTH = 4, TZ_HEADER_ROWS = 30 };

/* A place where the header may be: rows [first, first + count) of the head. */
typedef struct {
    size_t first, count;
    double score; /* 0..1 */
} tz_header_place;

typedef struct {
    struct { tz_header_place *items; size_t count; size_t room; } places; /* best first */
    bool is_sure; /* the first is good, and no other comes near */
} tz_layout;

/* Finds the places in the head's first TZ_HEADER_ROWS rows. None in a sheet without a table. */
void tz_layout_find(tz_arena *mem, const tz_sheet_head *head, tz_layout *ret_layout);

/* A row of 1, 2, 3 … or 甲, 乙, 1, 2 … that numbers the columns. */
bool tz_row_is_numbering(const tz_row *row);

/* Whether a text begins with one of the words, which end with a NULL. */
bool tz_starts_with_any(tz_text text, const char *const *words);

#endif
