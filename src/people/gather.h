/* gather - the pairs of the blocks that weigh enough: each compared column by column, left as soon as it is hopeless. */
#ifndef TZ_PEOPLE_GATHER_H
#define TZ_PEOPLE_GATHER_H

#include "people/found.h"
#include "people/sweep.h"

typedef struct {
    const tz_app *app;
    const tz_scorer *scorer; /* with weights */
    const tz_blocks *blocks;
    size_t known;   /* pairs of two records below are left out; 0: none */
    size_t threads; /* 1 to TZ_MAX_THREADS */
    int32_t least;  /* weight from which a pair is kept, in hundredths */
    size_t room;    /* pairs that may be kept */
} tz_gathering;

/* *ret_founds: the pairs in no order, their fates unset, in mem; *ret_pairs: how many were compared. TZ_LIMIT: more than
 * `room`. TZ_STOPPED. */
TZ_MUST tz_rc tz_founds_gather(tz_arena *mem, const tz_gathering *how, tz_founds *ret_founds, int64_t *ret_pairs,
                               tz_err *err);

#endif
