/* sheet - what a table is: its header rows, its register, which column is which field. */
#ifndef TZ_EVIDENCE_SHEET_H
#define TZ_EVIDENCE_SHEET_H

#include "evidence/match.h"

typedef struct {
    const tz_register *reg;      /* NULL: no register fits */
    size_t      header_first;    /* index into the head's rows */
    size_t      header_count;    /* rows, 1..TZ_HEADER_DEPTH */
    int64_t     header_row;      /* number of the header's first row */
    int64_t     last_header_row; /* number of its last */
    double      score;
    int         unit_power;      /* of the table's money, -1: not said */
    const char *titles;          /* texts above the header, joined by line feeds */
    const char *nearest;         /* where no register fits: the nearest and what it lacks; "" none */
    const char *question;        /* "中文|English": what must be asked before it is taken, NULL: nothing */
    tz_column_matches columns;

    /* Which of the sheet's rows are the table's; filled by tables.h. */
    size_t      sheet;           /* index of the sheet in its file */
    int64_t     no;              /* number of the sheet in row ids, from 1 */
    int64_t     first_row;       /* number of its first row */
    int64_t     until_row;       /* number of its last, INT64_MAX: to the end */
    const char *period;          /* of a repeated part: canonical; NULL none */
    int         part;            /* 0: the whole table */
} tz_understanding;

/* What was confirmed before: for a register and a unit, which header is which column. */
typedef struct tz_memory tz_memory;

/* What a person said of columns: for a register, the map of folded header -> column index + 1 (0: not taken). */
typedef struct {
    const tz_register *reg;
    tz_map             columns;
} tz_fixed_register;
typedef TZ_ARRAY(tz_fixed_register) tz_fixed_registers;

/* What is known beside the sheet. */
typedef struct {
    const tz_packs    *packs;
    const tz_register *wanted;  /* only this one; NULL: the best of all */
    const char        *file;    /* base name, a hint */
    const char        *sender;  /* who sent it, where a flag says so; NULL */
    const tz_county   *county;  /* NULL: places are not recognised by their names */
    const tz_map      *fixed;   /* mapping.yaml of `wanted`, or NULL */
    const tz_fixed_registers *by_hand; /* or NULL */
    bool               takes_nearest;  /* where no register fits, the nearest stands, with the question what it lacks */
    const tz_memory   *memory;  /* or NULL */
} tz_sheet_hints;

/* Understands a table by its head. Never fails: reg is NULL where nothing fits, nor is near. */
void tz_sheet_understand(tz_arena *mem, const tz_sheet_head *head, const tz_sheet_hints *hints, tz_understanding *ret_understanding);

#endif
