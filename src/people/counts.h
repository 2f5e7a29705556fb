/* counts - how many records had each value when a model was learnt, kept beside it.
 *
 * An agreement on a rare value weighs more.  A model that is used again weighs values as they were when it was learnt,
 * so that a new batch changes no weight that was given before.
 */
#ifndef TZ_PEOPLE_COUNTS_H
#define TZ_PEOPLE_COUNTS_H

#include "people/model.h"

typedef struct {
    const uint32_t
        *times[TZ_MAX_COMPARISONS];    /* by code: records that have the value; NULL without frequencies */
    double filled[TZ_MAX_COMPARISONS]; /* records that have a value */
} tz_counts;

/* Of the table itself. */
void tz_counts_take(tz_arena *mem, const tz_table *table, const tz_model *model, tz_counts *ret_counts);

/* Writes them as CSV: column,value,count, values of one record left out; the value "" is all records with a value. */
TZ_MUST tz_rc tz_counts_save(const tz_counts *counts, const tz_table *table, const tz_model *model,
                             const char *path, tz_err *err);

/* Reads what tz_counts_save wrote, for this table's codes; a value that isn't there counts one. New values may be
 * added to the table. TZ_INPUT: no such file, or a column's counts are missing or wrong. */
TZ_MUST tz_rc tz_counts_load(tz_arena *mem, const char *path, tz_table *table, const tz_model *model,
                             tz_counts *ret_counts, tz_err *err);

/* Appends a cell of CSV, quoted where it must be. */
void tz_csv_put(tz_buf *out, tz_text cell);

#endif
