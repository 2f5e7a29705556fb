/* train - m, u and the prior of a model, estimated without labels. */
#ifndef TZ_PEOPLE_TRAIN_H
#define TZ_PEOPLE_TRAIN_H

#include "people/sweep.h"

/* What pairs agree on, three bits a comparison from the lowest, and how many do. */
typedef struct {
    uint64_t pattern; /* plus 1; 0: a free place */
    int64_t pairs;
} tz_pattern;

typedef struct {
    tz_arena mem;
    tz_pattern *places;
    size_t place_count, count;
} tz_patterns;

void tz_patterns_free(tz_patterns *of);

typedef struct {
    int64_t blocked;  /* pairs that the blocks give, of the rows that were looked at */
    int64_t patterns; /* distinct patterns among them */
    int rounds;       /* of expectation-maximisation until nothing moved */
    bool is_settled;  /* it converged */
    bool is_identified
        [TZ_MAX_COMPARISONS]; /* the comparison's m was learnt from pairs, not left as it began */
} tz_training;

/* Patterns of a million random pairs of two records; of a small table of all of them. */
void tz_sample_pairs(const tz_scorer *scorer, const tz_table *table, tz_patterns *to);

/* Patterns of the blocks' pairs, of some records where they are many millions (*ret_share: of all pairs); known: pairs of
 * two records below are left out. TZ_STOPPED. */
TZ_MUST tz_rc tz_count_patterns(const tz_app *app, const tz_scorer *scorer, const tz_blocks *blocks, size_t known,
                                size_t threads, tz_patterns *to, double *ret_share, int64_t *ret_pairs, tz_err *err);

/* Expectation-maximisation on patterns. `blocked` weigh `share`th (0 to 1) of all there are, `random` are of pairs
 * taken at random, all: how many pairs there could be. model has first m, u and prior; its u is estimated from
 * random, each pair by its probability of being two people. Both sorted. */
void tz_model_maximise(tz_model *model, const tz_pattern *blocked, size_t blocked_count, double share,
                       const tz_pattern *random, size_t random_count, double all, tz_training *report);

/* Fills the model: u from random pairs, m by expectation-maximisation over the patterns of the
 * blocked pairs (of a part of the records where they are many millions), with pairs outside the blocks counted
 * as pairs of two people.  Deterministic. TZ_STOPPED. */
TZ_MUST tz_rc tz_model_train(const tz_app *app, const tz_table *table, const tz_blocks *blocks,
                             size_t threads, tz_model *model, tz_training *ret_training, tz_err *err);

#endif
