/* figuring - what the files share that compute figures; for report's own use. */
#ifndef TZ_REPORT_FIGURING_H
#define TZ_REPORT_FIGURING_H

#include "base/money.h"
#include "report/figure.h"

enum { TZ_SUM_PLACES = 6 };

/* A worker for all figures of a day, or for the one named and those that it divides: it is loaded with the columns that
 * these read. The caller may expect more of it (tz_query_expect), and closes it. Errors of tz_query_open and tz_query_name. */
TZ_MUST tz_rc tz_figures_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, tz_query **ret_query,
                              tz_err *err);
/* As tz_figures_compute, of such a worker. */
TZ_MUST tz_rc tz_figures_ask(tz_arena *mem, tz_query *query, const tz_packs *packs, tz_lang lang, const char *name,
                             tz_figure_values *ret_values, tz_err *err);

/* TZ_MISSING: there is no figure of the name. */
tz_rc tz_figure_missing(const char *name, tz_err *err);

/* The index of a result's column, -1: none. */
int tz_result_column(const tz_result *result, const char *name);

/* A cell of a summed column times 10^TZ_SUM_PLACES; null is 0. False: no number, or too large. */
bool tz_figure_cell(const json_t *cell, int64_t *ret_scaled);

/* A count, or a sum as tz_figure_cell gives it, as the figure prints it; NULL: too large. */
const char *tz_figure_number(tz_arena *mem, const tz_figure *figure, int64_t count_or_sum);

/* a / b, or how far a lies below b, rounded as the figure is; NULL where it can't be. */
const char *tz_figure_quotient(tz_arena *mem, const tz_figure *figure, const char *a, const char *b);

/* Row ids in order, for qsort and bsearch. */
int tz_figure_compare_rows(const void *a, const void *b);

/* Calls visit with each row id of a result's row (columns that end in _row or _rows). */
void tz_figure_each_row(const tz_result *result, size_t row, void (*visit)(void *context, int64_t row_id), void *context);

#endif
