/* sweep - all pairs of the blocks, once each, by as many threads as the machine has processors.
 *
 * Work is cut into units of some ten thousand pairs in the order of the blocks; each thread takes the next one.  What a
 * run finds doesn't depend on their number: a worker keeps what it sees to itself, and whoever puts the workers'
 * results together adds or sorts them.
 */
#ifndef TZ_PEOPLE_SWEEP_H
#define TZ_PEOPLE_SWEEP_H

#include "people/block.h"
#include "people/tile.h"

/* One record of the left tile and some of the right one, each a pair; the left record is the lower. */
typedef struct {
    const tz_tile *left, *right;
    size_t i;
    const uint16_t *js;
    size_t count;
    size_t rule; /* that gives them */
} tz_pair_row;

typedef struct {
    const tz_app *app;
    const char *what; /* for the progress line */
    const tz_scorer *scorer;
    const tz_blocks *blocks;
    size_t known;   /* pairs of two records below are left out; 0: none */
    size_t threads; /* 1 to TZ_MAX_THREADS */
    bool (*wants)(const void *context, uint32_t record, size_t rule); /* rows to look at; NULL: all */
    bool (*see)(void *worker, const tz_pair_row *row);                /* false stops the run */
    const void *context;
    void *workers[64]; /* one a thread, for see */
} tz_sweep;

enum { TZ_MAX_THREADS = 64 };

/* Processors that this program may use, TZ_MAX_THREADS at most. */
size_t tz_sweep_threads(void);

/* *ret_pairs: pairs that were seen. *ret_is_stopped: a worker ended the run. TZ_STOPPED: the user did. */
TZ_MUST tz_rc tz_sweep_run(const tz_sweep *sweep, int64_t *ret_pairs, bool *ret_is_stopped, tz_err *err);

#endif
