/* sheet - a list of problems as offices keep it (台账, 问题清单, 整改方案), read into rows.
 *
 * The header is found by its words, wherever it stands and in one line or two; every column is kept as
 * written, those that are known also under their own names.  A problem whose cell spans several rows has a
 * row for each of its measures.
 */
#ifndef TZ_LEDGER_SHEET_H
#define TZ_LEDGER_SHEET_H

#include "base/json.h"
#include "packs/pack.h"

typedef enum {
    TZ_LIST_NUMBER, TZ_LIST_PROBLEM, TZ_LIST_MEASURE, TZ_LIST_GOAL, TZ_LIST_UNIT, TZ_LIST_SUPPORT, TZ_LIST_RESPONSIBLE, TZ_LIST_LEADER,
    TZ_LIST_DUE, TZ_LIST_PROGRESS, TZ_LIST_RESULT, TZ_LIST_CLOSED, TZ_LIST_SOURCE, TZ_LIST_KIND, TZ_LIST_PEOPLE, TZ_LIST_REMARK,
    TZ_LIST_COLUMNS
} tz_list_column_kind;

/* "problem", "measure" …: what a known column is called. */
const char *tz_list_column_name(tz_list_column_kind kind);

/* These may be fields of an issue in any ledger. */
bool tz_list_is_column(const char *name);

typedef struct {
    int64_t     row_no; /* as the clerk sees it */
    const char *cells[TZ_LIST_COLUMNS]; /* NULL: empty or no such column */
    json_t     *fields; /* object: fields of the ledger that have a column of their own; owned by the list */
    json_t     *all;    /* object: header -> text, every column; owned by the list */
} tz_list_row;

typedef struct {
    const char *sheet; /* NULL for delimited text */
    const char *title; /* what stands above the header, or NULL */
    int64_t     header_row;
    json_t     *mapping; /* [{column, header, field (or null), reason}]; owned by the list */
    struct { tz_list_row *items; size_t count; size_t room; } rows;
    int64_t     blank, notes; /* rows that hold nothing; rows below that are no problem (合计, 填表人) */
} tz_list;

typedef struct { tz_list *items; size_t count; size_t room; } tz_lists;

/* Reads every visible sheet that has a column of problems, in their order. TZ_INPUT: there is none (the error says
 * what a header looks like), or the file is broken; TZ_MISSING, TZ_LIMIT as tz_book_open. Free with tz_lists_free. */
TZ_MUST tz_rc tz_lists_read(tz_arena *mem, const char *path, const tz_ledger *ledger, tz_lists *ret_lists, tz_err *err);
void tz_lists_free(tz_lists *lists);

#endif
