/* train - m, u and the prior of a model, estimated without labels. */
#ifndef TZ_PEOPLE_TRAIN_H
#define TZ_PEOPLE_TRAIN_H

#include "people/block.h"
#include "people/score.h"

typedef struct {
    int64_t blocked;    /* pairs that the blocks give */
    int64_t patterns;   /* distinct patterns among them */
    int     rounds;     /* of expectation-maximisation until nothing moved */
    bool    is_settled; /* it converged */
} tz_training;

/* Fills the model: u from random pairs, m by expectation-maximisation over the patterns of the
 * blocked pairs (a part of them where they are many millions), with pairs outside the blocks counted
 * as pairs of two people.  Deterministic.
 * TZ_STOPPED. */
TZ_MUST tz_rc tz_model_train(const tz_app *app, const tz_table *table, const tz_blocks *blocks, tz_model *model, tz_training *ret_training,
                             tz_err *err);

#endif
