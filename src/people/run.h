/* run - what one linkage of files knows; shared by engine.c, result.c, chart.c and pair.c, and by nobody else. */
#ifndef TZ_PEOPLE_RUN_H
#define TZ_PEOPLE_RUN_H

#include "people/engine.h"
#include "people/found.h"
#include "people/train.h"

typedef struct {
    int64_t links, right; /* pairs that are linked, of two records that are one person */
    int64_t pairs;        /* of two records that are one person, in all */
} tz_measure;

typedef struct {
    tz_arena mem;
    const tz_app *app;
    const tz_link_files_options *options;
    tz_table table;
    tz_model model;
    tz_blocks blocks;
    tz_scorer scorer;
    tz_training training;
    tz_counts counts; /* that the model weighs by */
    size_t known;     /* records that were compared with each other before; 0: none */
    size_t threads;
    int64_t max_bytes;
    int32_t least, review; /* weights from which a pair is a link; waits for a person */
    int64_t pairs;
    tz_arena founds_mem;
    tz_founds founds;
    tz_settlement settlement;
    int64_t links_of_rule[TZ_MAX_RULES], alone_of_rule[TZ_MAX_RULES]; /* first given by it; by no other */
    bool has_truth;
    tz_measure by_pair, by_cluster;
} tz_link_run;

/* result.c */
TZ_MUST tz_rc tz_run_write(tz_link_run *run, tz_err *err); /* links.csv and the review list */
json_t *tz_run_summary(const tz_link_run *run);
json_t *tz_run_rules(const tz_link_run *run);
json_t *tz_run_comparisons(const tz_link_run *run);
void tz_run_measure(tz_link_run *run); /* against the truth; and what each rule adds */
/* True where two records are one person by the truth. */
bool tz_run_is_true(const tz_link_run *run, uint32_t a, uint32_t b);

/* earlier.c: adds the pairs of the run before, of records below run->known. TZ_INPUT: no files of linking, or of other records. */
TZ_MUST tz_rc tz_run_recall(tz_link_run *run, tz_err *err);

/* pair.c */
TZ_MUST tz_rc tz_run_explain(tz_link_run *run, const char *id_a, const char *id_b, const char *svg_out,
                             json_t **ret_explanation, tz_err *err);

/* chart.c */
TZ_MUST tz_rc tz_run_chart(tz_link_run *run, tz_err *err);

#endif
