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
    const char *b_path;    /* NULL: find duplicates within a */
    const char *id_column; /* in both files */
    const char *
        truth_column; /* who a record really is, in both files; not compared, only used to measure; NULL: none */
    const char *model_path; /* NULL: one is proposed and trained */
    const char *model_out;  /* where a model that was trained is written; NULL: nowhere */
    const char *
        known_links; /* of a, by an earlier run under model_path; then b goes on where a ends, and only pairs with a record */
    const char *
        known_review; /* of b are compared; the links and the review list of that run; NULL: no earlier run */
    const char *counts_out; /* where the counts that a model weighs by are written; NULL: nowhere */
    const char *out_path;   /* links as CSV: id_a,id_b,weight,probability,cluster */
    const char *review_out; /* pairs to review and links that were cut, as CSV; NULL: nowhere */
    const char *chart_out;  /* the charts, a page of HTML; NULL: nowhere */
    const char *divisions_path; /* a table of divisions that addresses are read by; NULL: their words alone */
    int64_t memory_mb;      /* of the whole run, 0: 4096 */
    int64_t threads;        /* 0: one a processor */
} tz_link_files_options;

/* Links. Files are there completely or not at all. ret_summary: {rows, columns, predicted, pairs, links,
 * review, conflicts, taken, bridges, clusters, largest, left_blocks, refined_blocks, rounds, is_settled, unlearnt[],
 * blocking[{columns, predicted, largest, refined, left, links, alone}], comparisons[], truth{}}.
 * TZ_INPUT: what table.h and model.h refuse. TZ_LIMIT: more memory than memory_mb. TZ_STOPPED, TZ_SYSTEM. */
TZ_MUST tz_rc tz_link_files(const tz_app *app, const tz_link_files_options *options, json_t **ret_summary,
                            tz_err *err);

/* The blocking rules and the pairs that each would give, before any is looked at: the summary's `rows`, `predicted`,
 * `blocking` and `comparisons`. Writes nothing. Errors as tz_link_files. */
TZ_MUST tz_rc tz_link_files_plan(const tz_app *app, const tz_link_files_options *options, json_t **ret_plan,
                                 tz_err *err);

/* Why two records of the files weigh what they weigh under a trained model: {verdict, weight, probability, prior, parts[{column, kind,
 * level, weight, times}], sentence}; prior and the parts' weights add up to weight. svg_out: the same as a picture, or NULL.
 * TZ_MISSING: no such record; TZ_USAGE: no trained model. */
TZ_MUST tz_rc tz_link_files_explain(const tz_app *app, const tz_link_files_options *options, const char *id_a,
                                    const char *id_b, const char *svg_out, json_t **ret_explanation,
                                    tz_err *err);

#endif
