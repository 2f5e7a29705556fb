/* sheet - what a sheet is: its header rows, its register, which column is which field. */
#ifndef TZ_EVIDENCE_SHEET_H
#define TZ_EVIDENCE_SHEET_H

#include "formats/book.h"
#include "packs/pack.h"

/* The first rows of a sheet, kept: enough to find its header. */
enum { TZ_HEAD_ROWS = 60, TZ_HEADER_DEPTH = 3 };

typedef struct {
    struct { tz_row *items; size_t count; size_t room; } rows;
    tz_merges merges;
} tz_sheet_head;

/* One mapped column. */
typedef struct {
    int32_t     sheet_column; /* 0-based */
    int         column;       /* index in the register, -1: not taken */
    const char *header;       /* as written */
    double      score;        /* 0..1 */
    const char *reason;       /* "中文|English" */
    int         unit_power;   /* of money: from the header, -1: not said */
} tz_column_match;

typedef struct {
    const tz_register *reg;        /* NULL: no register fits */
    size_t      header_first;      /* index into head rows */
    size_t      header_count;      /* rows, 1..3 */
    int64_t     last_header_row;   /* row number */
    double      score;
    int         unit_power;        /* of the sheet's money, -1: not said */
    const char *titles;            /* texts above the header, joined by line feeds */
    const char *nearest;           /* where no register fits: the nearest and what it lacks */
    struct { tz_column_match *items; size_t count; size_t room; } columns;
} tz_understanding;

/* Reads the head of a sheet. TZ_INPUT, TZ_LIMIT. */
TZ_MUST tz_rc tz_sheet_head_read(tz_arena *mem, tz_book *book, size_t index, tz_sheet_head *ret_head, tz_err *err);

/* Understands a sheet by its head. wanted NULL: the best of all registers; named: only that one.
 * file: base name, a hint. fixed: a map of header -> column name from mapping.yaml, or NULL. Never
 * fails: reg is NULL where nothing fits. */
void tz_sheet_understand(tz_arena *mem, const tz_packs *packs, const tz_register *wanted, const char *file,
                         const tz_sheet_head *head, const tz_map *fixed, tz_understanding *ret_understanding);

/* "sheet.c"'s reading of a unit: "金额(万元)" or "单位:万元" as a power of ten, -1 when none. */
int tz_unit_in(tz_arena *mem, const char *text);

#endif
