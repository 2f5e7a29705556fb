/* total - 小计, 合计, 总计: a row that adds others up, checked against what it adds up. */
#ifndef TZ_EVIDENCE_TOTAL_H
#define TZ_EVIDENCE_TOTAL_H

#include "evidence/value.h"

typedef struct tz_totals tz_totals;

/* A total that is not the sum of its rows. Sums are texts in the sheet's own unit. */
typedef struct {
    int64_t     row_no;
    size_t      column; /* of the register */
    const char *stands; /* what the cell says */
    const char *adds_up_to;
} tz_wrong_total;

typedef struct { tz_wrong_total *items; size_t count; size_t room; } tz_wrong_totals;

tz_totals *tz_totals_new(tz_arena *mem, const tz_register *reg);

/* Whether the folded text begins or names a total: 合计, 小计, 定昌镇合计 … */
bool tz_is_total_label(tz_text folded);

/* A row of data: its values by register column. A value that a merged area repeats is counted once:
 * is_repeated, by column, says which are; NULL: none. */
void tz_totals_add(tz_totals *totals, const tz_value *values, const bool *is_repeated);

/* A row of totals. is_grand: 总计, 累计, which add up everything. unit_power by column: how money was
 * given. */
void tz_totals_claim(tz_totals *totals, int64_t row_no, bool is_grand, const tz_value *values, const int *unit_power);

/* The totals that agree with no reading: all rows before, rows since any total before, rows up to the
 * next total or the end (a total that stands above its rows). In order of rows. */
tz_wrong_totals tz_totals_check(tz_totals *totals);

#endif
