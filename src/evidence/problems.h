/* problems - what is wrong with the cells of a sheet, by row: of import's listing, for those who show it. */
#ifndef TZ_EVIDENCE_PROBLEMS_H
#define TZ_EVIDENCE_PROBLEMS_H

#include "base/json.h"
#include "base/map.h"

typedef struct {
    int32_t     column; /* of the sheet, from 0; the first for a problem of the whole row */
    bool        is_of_row; /* it stands in no column of the sheet */
    const char *stands, *rule, *advice; /* what stands in the cell, "" nothing; texts as in the listing */
    bool        is_red; /* the row is left out for it; else it is taken, and marked */
    size_t      next;   /* index + 1 of the next problem of its row, 0 none */
} tz_cell_problem;

typedef struct {
    struct { tz_cell_problem *items; size_t count; size_t room; } all;
    tz_map rows; /* row number as text -> index + 1 of its first problem */
} tz_sheet_problems;

/* The problems of all tables on a sheet (NULL: the one of a text). Texts are borrowed from the listing. */
tz_sheet_problems tz_problems_find(tz_arena *mem, const json_t *report, const char *sheet);

/* The problems of a row, one after the other: what is taken first, so that red covers it. NULL: none, no more. */
const tz_cell_problem *tz_problems_of_row(tz_arena *mem, const tz_sheet_problems *problems, int64_t row_no);
const tz_cell_problem *tz_problems_next(const tz_sheet_problems *problems, const tz_cell_problem *problem);

#endif
