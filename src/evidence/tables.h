/* tables - the tables of a sheet: one below another, and what one repeats for each month or side by
 * side, each as an understanding of its own. */
#ifndef TZ_EVIDENCE_TABLES_H
#define TZ_EVIDENCE_TABLES_H

#include "evidence/sheet.h"

typedef struct { tz_understanding *items; size_t count; size_t room; } tz_tables;

/* Finds the tables of sheet `index` and appends them. A further table is looked for in its first
 * 20,000 rows, behind a blank line or a title. next_no: the number that the next part without a sheet
 * number of its own gets; moved on. nearest: what the sheet's first table is nearest to, where no
 * register fits ("" none). TZ_INPUT, TZ_LIMIT. */
TZ_MUST tz_rc tz_tables_find(tz_arena *mem, tz_book *book, size_t index, const tz_sheet_hints *hints, int64_t *next_no,
                             tz_tables *tables, const char **ret_nearest, tz_err *err);

#endif
