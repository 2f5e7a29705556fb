/* drawing - a sheet as it came, with what was made of each row: for a person who looks before it is taken. */
#ifndef TZ_EVIDENCE_DRAWING_H
#define TZ_EVIDENCE_DRAWING_H

#include "base/json.h"
#include "evidence/tables.h"

/* The sheets of a book, in order:
 *   [{sheet, register (null: nothing was made of it), shown, rows (that hold something), is_cut (it has more columns),
 *     columns[{letter, column, title}] (column null: not taken; both halves of a title),
 *     lines[{row, kind, skipped, mark, say, cells[{text, span, mark, say}]}], skipped (rows behind the last line)}]
 * kind is title, header, data, total, note or blank; mark is "bad" (the row is left out for it), "doubt" or null, say what is
 * wrong and what to do: of a cell, or of a row that lacks something in none of the sheet's columns. Of a long sheet its first
 * rows stand there, its last, all that are no data and all with a mark, up to some hundred; `skipped` counts the rows left out
 * before a line.
 *
 * report: import's listing. Of sheets that tables do not name the first rows stand there. The caller owns the result.
 * TZ_INPUT, TZ_LIMIT: a sheet breaks off. */
TZ_MUST tz_rc tz_drawing_make(tz_arena *mem, tz_book *book, const tz_tables *tables, const json_t *report, json_t **ret_sheets,
                              tz_err *err);

#endif
