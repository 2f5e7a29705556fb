/* figure - the named numbers of packs, and the rows that each one stands on. */
#ifndef TZ_REPORT_FIGURE_H
#define TZ_REPORT_FIGURE_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

/* One figure of a day. Texts live in the arena. */
typedef struct {
    const tz_figure *figure;
    const char *value;    /* decimal text as printed; of a universal claim the number of exceptions; NULL: not to be had */
    const char *printed;  /* with its unit, in the reader's language: phrase.h */
    const char *in_sentence; /* where the sentence writes the unit */
    const char *kind;     /* counted, measured, universal, mostly, bound, target */
    const char *exact;    /* bound: the number of which value is the round part; else NULL */
    bool        is_true;  /* universal: no exception; mostly: few enough; a number: not zero */
    const char *why_not;  /* where value is NULL */
    int64_t     looked_at; /* rows of the registers that it is of */
    int64_t    *rows;     /* ids of the rows behind it, in order of their addresses */
    size_t      row_count;
} tz_figure_value;

typedef struct {
    tz_figure_value *items;
    size_t           count;
    size_t           room;
} tz_figure_values;

/* Computes all figures, or the one named and those that it divides. A figure whose own SQL fails has
 * no value and says why. TZ_MISSING: no such figure. */
TZ_MUST tz_rc tz_figures_compute(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name,
                                 tz_figure_values *ret_values, tz_err *err);

/* The same as an array of {figure, title, value, unit, as_of, kind, looked_at, rows}; rows (as
 * {register, batch, file, sheet, row}) only with_rows. */
TZ_MUST tz_rc tz_figure_list(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name,
                             bool with_rows, json_t **ret_figures, tz_err *err);

const tz_figure_value *tz_figure_value_of(const tz_figure_values *values, const char *name); /* NULL: none */

#endif
