#include "people/gather.h"

#include <stdatomic.h>

#include "base/assert.h"

typedef struct {
    const tz_gathering *how;
    tz_arena mem; /* of the caches */
    tz_arena founds_mem;
    tz_founds founds;
    tz_level_cache *cache;
    atomic_size_t *founds_left; /* of all workers: how many pairs may still be kept */
} gatherer;

/* Pairs of one left record that may still weigh enough. */
typedef struct {
    uint16_t js[TZ_TILE];
    int32_t totals[TZ_TILE];
    uint8_t ids[TZ_TILE]; /* level of the identity numbers; 0 while unknown */
    size_t count;
} hopefuls;

/* A pair that can't weigh enough any more is dropped. */
static void drop_hopeless(int32_t needed, hopefuls *of)
{
    size_t kept = 0;

    for (size_t k = 0; k < of->count; k++) {
        of->js[kept] = of->js[k];
        of->totals[kept] = of->totals[k];
        of->ids[kept] = of->ids[k];
        kept += of->totals[k] >= needed;
    }
    of->count = kept;
}

/* By place in the scorer's order: the most that it and those behind can add to any pair of this record. */
static void rest_of(const tz_scorer *scorer, const tz_tile *tile, size_t i,
                    int32_t rest[TZ_MAX_COMPARISONS + 1])
{
    size_t count = scorer->model->comparison_count;

    rest[count] = 0;
    for (size_t place = count; place-- > 0;) {
        size_t c = scorer->order[place];
        int32_t most = scorer->most[c]; /* without an exact agreement */
        if (tile->columns[c].equals[i] > most)
            most = tile->columns[c].equals[i];
        rest[place] = rest[place + 1] + (tile->columns[c].codes[i] == 0 ? 0 : most);
    }
}

static bool keep(gatherer *of, const tz_found *pair)
{
    if (of->founds.count == of->founds.room) {
        size_t more =
            of->founds.room == 0 ? 1024 : of->founds.room; /* a growing list is held twice for a moment */
        if (atomic_fetch_sub(of->founds_left, more) < more)
            return false;
        tz_arena larger = {0};
        tz_founds moved = {.items = tz_new_array(&larger, tz_found, of->founds.room + more),
                           .count = of->founds.count,
                           .room = of->founds.room + more};
        for (size_t i = 0; i < moved.count; i++)
            moved.items[i] = of->founds.items[i];
        tz_arena_free(&of->founds_mem);
        of->founds_mem = larger;
        of->founds = moved;
    }
    of->founds.items[of->founds.count++] = *pair;
    return true;
}

static void add_levels(gatherer *of, const tz_pair_row *row, size_t c, hopefuls *pairs)
{
    const tz_scorer *scorer = of->how->scorer;
    uint8_t levels[TZ_TILE];
    int32_t weights[TZ_MAX_LEVELS];

    for (size_t level = 0; level < TZ_MAX_LEVELS; level++)
        weights[level] = level == 1 ? row->left->columns[c].equals[row->i] : scorer->weights[c][level];
    tz_compare_row(scorer, c, &of->cache[c], row->left, row->i, row->right, pairs->js, pairs->count, levels);
    tz_drop_implied(scorer, c, pairs->ids, levels, pairs->count);
    for (size_t k = 0; k < pairs->count; k++) {
        pairs->totals[k] += weights[levels[k]];
        if (c == scorer->id_comparison)
            pairs->ids[k] = levels[k];
    }
}

static bool see(void *worker, const tz_pair_row *row)
{
    gatherer *of = worker;
    const tz_scorer *scorer = of->how->scorer;
    hopefuls pairs = {.count = row->count};
    int32_t rest[TZ_MAX_COMPARISONS + 1];

    rest_of(scorer, row->left, row->i, rest);
    for (size_t k = 0; k < pairs.count; k++) {
        pairs.js[k] = row->js[k];
        pairs.totals[k] = scorer->prior;
    }
    for (size_t place = 0; place < scorer->model->comparison_count && pairs.count > 0; place++) {
        add_levels(of, row, scorer->order[place], &pairs);
        drop_hopeless(of->how->least - rest[place + 1], &pairs);
    }
    for (size_t k = 0; k < pairs.count; k++) {
        tz_found pair = {.a = row->left->records[row->i],
                         .b = row->right->records[pairs.js[k]],
                         .weight = pairs.totals[k],
                         .rule = (uint8_t)row->rule};
        if (!keep(of, &pair))
            return false;
    }
    return true;
}

/* The workers' pairs put together. */
static void put_together(tz_arena *mem, gatherer *workers, size_t threads, tz_founds *ret_founds)
{
    size_t count = 0;

    for (size_t i = 0; i < threads; i++)
        count += workers[i].founds.count;
    tz_founds all = {.items = tz_new_array(mem, tz_found, count), .room = count};
    for (size_t i = 0; i < threads; i++) {
        for (size_t k = 0; k < workers[i].founds.count; k++)
            all.items[all.count++] = workers[i].founds.items[k];
        tz_arena_free(&workers[i].founds_mem);
    }
    *ret_founds = all;
}

tz_rc tz_founds_gather(tz_arena *mem, const tz_gathering *how, tz_founds *ret_founds, int64_t *ret_pairs,
                       tz_err *err)
{
    tz_assert(mem != NULL && how != NULL && how->threads >= 1 && how->threads <= TZ_MAX_THREADS);
    tz_rc rc = TZ_OK;
    gatherer workers[TZ_MAX_THREADS];
    atomic_size_t founds_left = how->room;
    bool is_stopped = false;
    tz_sweep sweep = {.app = how->app,
                      .what = "比对|comparing",
                      .scorer = how->scorer,
                      .blocks = how->blocks,
                      .threads = how->threads,
                      .known = how->known,
                      .see = see};

    for (size_t i = 0; i < how->threads; i++) {
        workers[i] = (gatherer){.how = how, .founds_left = &founds_left};
        workers[i].cache = tz_arena_array(&workers[i].mem, how->scorer->model->comparison_count,
                                          sizeof workers[i].cache[0]);
        sweep.workers[i] = &workers[i];
    }
    TZ_TRY(tz_sweep_run(&sweep, ret_pairs, &is_stopped, err));
    if (is_stopped)
        rc = tz_fail(err, TZ_LIMIT, "内存容不下这么多链接", "the memory doesn't hold so many links");
    else
        put_together(mem, workers, how->threads, ret_founds);
done:
    for (size_t i = 0; i < how->threads; i++) {
        tz_arena_free(&workers[i].mem);
        tz_arena_free(&workers[i].founds_mem);
    }
    return rc;
}
