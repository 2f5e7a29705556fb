/* rowbuf - one row while it is read: cells in any order of columns, their texts in one buffer.
 *
 * Both are used again for the next row, so that a row costs no allocation.  A text is put in pieces
 * between rowbuf_cell and the next; what passes TZ_MAX_CELL_BYTES is cut and marked.
 */
#ifndef TZ_FORMATS_ROWBUF_H
#define TZ_FORMATS_ROWBUF_H

#include "formats/book.h"

typedef struct {
    tz_arena *mem;
    struct { tz_cell *items; size_t count; size_t room; } cells;
    struct { size_t *items; size_t count; size_t room; } starts; /* of a cell's text in texts, SIZE_MAX: not there */
    tz_buf    texts;
    size_t    start; /* of the text that is being put */
    int64_t   padding; /* empty cells made so far, over all rows: past TZ_MAX_PADDING_CELLS the sheet is absurd */
    bool      is_cut;
} tz_rowbuf;

tz_rowbuf tz_rowbuf_init(tz_arena *mem);
void      tz_rowbuf_begin(tz_rowbuf *row);                /* forgets the row before        */
void      tz_rowbuf_text(tz_rowbuf *row);                 /* a new text begins             */
void      tz_rowbuf_put(tz_rowbuf *row, tz_text piece);   /* goes on with it               */
tz_text   tz_rowbuf_get(const tz_rowbuf *row);            /* what was put; borrowed        */

/* Cuts a text longer than TZ_MAX_CELL_BYTES between two characters, and marks the cell. */
void tz_cell_fit(tz_cell *cell);

/* Sets cell `column` (0-based, below TZ_MAX_COLUMNS); one without a text takes what was put. An empty text makes the cell empty. */
void tz_rowbuf_cell(tz_rowbuf *row, int32_t column, tz_cell cell);

/* The row with all texts in place, borrowed until tz_rowbuf_begin. */
tz_row tz_rowbuf_end(tz_rowbuf *row, int64_t row_no);

#endif
