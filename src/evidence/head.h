/* head - the first rows of a sheet or of a table in it, kept as a grid: enough to find its header. */
#ifndef TZ_EVIDENCE_HEAD_H
#define TZ_EVIDENCE_HEAD_H

#include "formats/book.h"

enum { TZ_HEAD_ROWS = 60, TZ_HEAD_COLUMNS = 512 };

/* What a cell looks like, before anybody knows what it means. */
typedef enum {
    TZ_LOOK_EMPTY,
    TZ_LOOK_WORD,   /* a short text */
    TZ_LOOK_LONG,   /* a text of more than 40 characters */
    TZ_LOOK_NUMBER, /* a number, with commas, a percent sign or a unit; a dash that stands for none */
    TZ_LOOK_PERIOD, /* 2019年, 3月, 2019.09: heads a column as well as it stands in one */
    TZ_LOOK_DATE,
    TZ_LOOK_DIGITS, /* seven digits and more: identity numbers, accounts, phones */
} tz_look;

/* A cell of the grid. Of a merged area every cell has the text of its first. */
typedef struct {
    const tz_cell *cell; /* NULL where the row stores none */
    tz_text        text; /* trimmed */
    tz_look        look;
    int32_t        area; /* index of its merged area, -1: none */
} tz_head_cell;

typedef struct {
    struct { tz_row *items; size_t count; size_t room; } rows;
    tz_merges     merges;
    int32_t       width; /* columns of the grid, at most TZ_HEAD_COLUMNS */
    tz_head_cell *grid;  /* rows.count times width */
} tz_sheet_head;

/* Reads the head of a sheet. TZ_INPUT, TZ_LIMIT. */
TZ_MUST tz_rc tz_sheet_head_read(tz_arena *mem, tz_book *book, size_t index, tz_sheet_head *ret_head, tz_err *err);

/* Copies a row behind the others. tz_sheet_head_ready lays the grid out once all are there. */
void tz_sheet_head_add(tz_arena *mem, tz_sheet_head *head, const tz_row *row);
void tz_sheet_head_ready(tz_arena *mem, tz_sheet_head *head);

/* The cell of row `index` of the head; an empty one outside the grid. */
const tz_head_cell *tz_head_at(const tz_sheet_head *head, size_t index, int32_t column);

/* Whether the cell begins what it shows: it stands alone, or first in its merged area. */
bool tz_head_is_first(const tz_sheet_head *head, size_t index, int32_t column);

/* Cells of a row that show something, a merged area once. */
size_t tz_head_filled(const tz_sheet_head *head, size_t index);

/* All texts of the rows [0, first), joined by line feeds, an area once. */
const char *tz_head_texts(tz_arena *mem, const tz_sheet_head *head, size_t first);

#endif
