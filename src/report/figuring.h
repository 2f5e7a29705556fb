/* figuring - what the files share that compute figures; for report's own use. */
#ifndef TZ_REPORT_FIGURING_H
#define TZ_REPORT_FIGURING_H

#include "base/money.h"
#include "report/figure.h"

enum { TZ_SUM_PLACES = 6 };

/* The index of a result's column, -1: none. */
int tz_result_column(const tz_result *result, const char *name);

/* A cell of a summed column times 10^TZ_SUM_PLACES; null is 0. False: no number, or too large. */
bool tz_figure_cell(const json_t *cell, int64_t *ret_scaled);

/* A count, or a sum as tz_figure_cell gives it, as the figure prints it; NULL: too large. */
const char *tz_figure_number(tz_arena *mem, const tz_figure *figure, int64_t count_or_sum);

/* a / b, or how far a lies below b, rounded as the figure is; NULL where it can't be. */
const char *tz_figure_quotient(tz_arena *mem, const tz_figure *figure, const char *a, const char *b);

/* Calls visit with each row id of a result's row (columns that end in _row or _rows). */
void tz_figure_each_row(const tz_result *result, size_t row, void (*visit)(void *context, int64_t row_id), void *context);

#endif
