/* match - which column of a sheet is which column of a register, how surely, and why.
 *
 * A column is known by its title, a synonym, its title under a merged parent, what was confirmed
 * before for the same unit and header, and by what stands in it.  What is not sure is asked.
 */
#ifndef TZ_EVIDENCE_MATCH_H
#define TZ_EVIDENCE_MATCH_H

#include "evidence/head.h"
#include "evidence/layout.h"
#include "packs/pack.h"

/* From this score on a column is taken; from the second on it is proposed and asked about. */
#define TZ_MATCH_SURE 0.75
#define TZ_MATCH_ASKED 0.55

/* One column of a sheet. */
typedef struct {
    int32_t     sheet_column; /* 0-based */
    int         column;       /* index in the register, -1: not taken */
    int         proposed;     /* index of what it may be, where it is not sure enough; -1: none */
    const char *header;       /* as written, parents first; (C) for a column without */
    double      score;        /* 0..1 */
    const char *reason;       /* "中文|English", NULL: no field fits */
    int         unit_power;   /* of money: from the header, -1: not said */
    bool        is_fixed;     /* by mapping.yaml, by hand, or as confirmed before */
    const char *period;       /* of a column repeated for months or terms: its period, NULL: none */
    int         part;         /* 0: belongs to each row; else to the rows of that part */
} tz_column_match;

typedef struct { tz_column_match *items; size_t count; size_t room; } tz_column_matches;

/* What is known beside the sheet itself. All may be NULL. */
typedef struct {
    const tz_county   *county;    /* its divisions tell columns of places */
    const tz_map      *fixed;     /* mapping.yaml: folded header -> column index + 1, 0 not taken */
    const tz_map      *by_hand;   /* the same, said by the person who looks at the sheet */
    const tz_map      *confirmed; /* the same, confirmed before by the unit for this register */
    int                year;      /* that the title or the file's name tells, 0: none */
} tz_match_hints;

/* The titles of a header, one a column of the sheet: the same for every register. */
typedef struct {
    tz_text joined, lowest; /* as written, with the parents' before it; alone */
    tz_text joined_folded, joined_plain, lowest_folded, lowest_plain, parent_folded;
    const char *header;     /* joined, or the column's letters in brackets where nothing is written */
    tz_text written;        /* header folded: what a mapping names it by */
    bool    is_under_another; /* the parent names somebody who is not the person of the row, the title does not */
} tz_header_title;

/* The titles of the header in rows [first, first + count) of head: head->width of them. */
const tz_header_title *tz_header_titles(tz_arena *mem, const tz_sheet_head *head, size_t first, size_t count);

/* Every title by which a register knows its columns, folded once. */
typedef struct tz_titles tz_titles;
const tz_titles *tz_titles_of(tz_arena *mem, const tz_register *reg);

/* Matches a header of titles `header` above row `from` of head, by its titles alone or also by what
 * stands below them. Units are not looked for. */
void tz_match_columns(tz_arena *mem, const tz_register *reg, const tz_titles *titles, const tz_sheet_head *head, const tz_header_title *header,
                      size_t from, const tz_match_hints *hints, bool with_contents, tz_column_matches *ret_matches);

/* The unit that a text tells: "金额(万元)" or "单位:万元" as a power of ten, -1 when none. */
int tz_unit_in(tz_arena *mem, const char *text);

#endif
