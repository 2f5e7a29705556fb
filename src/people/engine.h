/* engine - the same person in any two tables, or the duplicates of one, without labels.
 *
 * The Fellegi-Sunter model: pairs that agree on a blocking rule are compared column by column, each
 * level of agreement weighs log2(m/u), an agreement on a rare value more.  README.md has the method,
 * docs/format/linkage.md the files.
 */
#ifndef TZ_PEOPLE_ENGINE_H
#define TZ_PEOPLE_ENGINE_H

#include "base/app.h"
#include "base/json.h"

typedef struct {
    const char *a_path;
    const char *b_path;     /* NULL: find duplicates within a */
    const char *id_column;  /* in both files */
    const char *model_path; /* NULL: one is proposed and trained, and written to model_out */
    const char *model_out;  /* where a model that was trained is written; NULL: nowhere */
    const char *out_path;   /* links as CSV: id_a,id_b,weight,probability,cluster */
    int64_t     memory_mb;  /* for links kept in memory, 0: 1024 */
} tz_link_files_options;

/* Links. Files are there completely or not at all. ret_summary: {rows, columns, predicted, pairs, links,
 * clusters, conflicts, left_blocks, rounds, is_settled, blocking[], comparisons[]}. TZ_INPUT: what table.h
 * and model.h refuse. TZ_LIMIT: more links than memory_mb holds. TZ_STOPPED, TZ_SYSTEM. */
TZ_MUST tz_rc tz_link_files(const tz_app *app, const tz_link_files_options *options, json_t **ret_summary, tz_err *err);

#endif
