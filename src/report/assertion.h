/* assertion - what packs say between figures, judged on the figures of a report. */
#ifndef TZ_REPORT_ASSERTION_H
#define TZ_REPORT_ASSERTION_H

#include "packs/expression.h"
#include "report/figure.h"

typedef struct {
    const tz_assertion *assertion;
    tz_truth            truth;
    const char         *sentence; /* "C、D 级户数不超过鉴定户数:711 <= 13324" in the reader's language */
} tz_judged;

typedef struct {
    tz_judged *items;
    size_t     count, room;
    size_t     broken; /* that contradict */
} tz_judgement;

/* Judges the assertions of all packs. before: the figures of the report before, for last(), or NULL.
 * One that speaks of a figure without a value is TZ_UNKNOWN. */
TZ_MUST tz_rc tz_assertions_judge(tz_arena *mem, const tz_packs *packs, const tz_figure_values *values, const tz_figure_values *before,
                                  tz_lang lang, tz_judgement *ret_judgement, tz_err *err);

/* The expression with the values in the place of the names: "947.31 <= 650.47". */
const char *tz_assertion_filled(tz_arena *mem, const char *holds, tz_figure_lookup *lookup, void *context);

#endif
