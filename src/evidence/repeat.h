/* repeat - columns that a sheet repeats: a month or a term each, or the whole roster side by side.
 *
 * The columns of a part, with those that belong to every row, are read as a table of their own: the
 * rows of a part keep their place on the sheet, and have a sheet number of their own (tables.h).
 */
#ifndef TZ_EVIDENCE_REPEAT_H
#define TZ_EVIDENCE_REPEAT_H

#include "evidence/match.h"

/* Finds columns that are repeated: those whose titles tell a period, where the register says
 * `unpivot`; else blocks of the same titles. Sets part, period and column of their matches. */
void tz_repeat_match(tz_arena *mem, const tz_register *reg, const tz_titles *titles, int year, tz_column_matches *matches);

/* The column that a title is the exact title or synonym of, -1: none. */
int tz_titles_find(tz_arena *mem, const tz_titles *titles, tz_text title);

#endif
