#include "people/sweep.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/assert.h"

enum { UNIT_PAIRS = 1 << 15 };

/* Where a unit begins: the tile of left records, of a key, of a rule. */
typedef struct {
    uint32_t rule, key, tile;
} place;

typedef struct {
    const tz_sweep *sweep;
    struct {
        place *items;
        size_t count;
        size_t room;
    } units;
    atomic_size_t next;
    atomic_bool is_stopped; /* by a worker or the user */
    atomic_bool is_asked;   /* the user */
    atomic_int_least64_t pairs;
} run_state;

typedef struct {
    run_state *run;
    void *worker;
    bool is_main; /* the one that may speak with the caller's app */
    tz_tile left, right;
    const tz_tile *facing; /* right, or left once more: a block of one tile */
    int64_t pairs;
} thread_state;

size_t tz_sweep_threads(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > TZ_MAX_THREADS ? TZ_MAX_THREADS : (size_t)count;
}

/* ---- A block ---- */

typedef struct {
    const uint32_t *records;
    size_t count, rule;
    size_t lefts;  /* of two files: records of the first, which alone stand left */
    size_t knowns; /* records that were compared with each other before */
} block_view;

static block_view view_of(const tz_sweep *sweep, size_t rule, uint32_t key)
{
    const struct tz_blocks_of_rule *own = &sweep->blocks->rules[rule];
    const tz_table *table = sweep->blocks->table;
    block_view view = {.records = own->records + own->starts[key],
                       .count = own->starts[key + 1] - own->starts[key],
                       .rule = rule};

    if (view.count > 0 && sweep->blocks->keys[view.records[0] * sweep->blocks->rule_count + rule] != key)
        view.count = 0; /* was too large */
    view.lefts = view.count;
    for (size_t i = 0; i < view.count && view.records[i] < sweep->known; i++)
        view.knowns = i + 1;
    if (table->count_a < table->count)
        for (view.lefts = 0; view.lefts < view.count && view.records[view.lefts] < table->count_a;)
            view.lefts++;
    return view;
}

/* The first record that record i of the block is compared with. */
static size_t first_right(const tz_sweep *sweep, const block_view *view, size_t i)
{
    if (sweep->blocks->table->count_a < sweep->blocks->table->count)
        return view->lefts;
    return i < view->knowns ? view->knowns : i + 1;
}

/* The pairs of left record i with the right tile that begins at `from`. */
static bool see_row(thread_state *of, const block_view *view, size_t i, size_t from)
{
    const tz_sweep *sweep = of->run->sweep;
    uint16_t js[TZ_TILE];
    size_t count = 0, start = first_right(sweep, view, i), left = i % TZ_TILE;

    for (size_t j = start > from ? start - from : 0; j < of->facing->count; j++)
        if (!tz_blocks_give(sweep->blocks, view->rule, view->records[i], view->records[from + j]))
            js[count++] = (uint16_t)j;
    if (count == 0)
        return true;
    of->pairs += (int64_t)count;
    tz_pair_row row = {
        .left = &of->left, .right = of->facing, .i = left, .js = js, .count = count, .rule = view->rule};
    return sweep->see(of->worker, &row);
}

static bool see_tile(thread_state *of, const block_view *view, size_t from_left)
{
    const tz_sweep *sweep = of->run->sweep;
    size_t to_left = from_left + TZ_TILE < view->lefts ? from_left + TZ_TILE : view->lefts;
    size_t start = first_right(sweep, view, from_left);

    if (start >= view->count)
        return true;
    tz_tile_gather(sweep->scorer, view->records + from_left, to_left - from_left, &of->left);
    for (size_t from = start / TZ_TILE * TZ_TILE; from < view->count; from += TZ_TILE) {
        size_t to = from + TZ_TILE < view->count ? from + TZ_TILE : view->count;
        of->facing = from == from_left && to == to_left ? &of->left : &of->right;
        if (of->facing == &of->right)
            tz_tile_gather(sweep->scorer, view->records + from, to - from, &of->right);
        for (size_t i = from_left; i < to_left; i++)
            if ((sweep->wants == NULL || sweep->wants(sweep->context, view->records[i], view->rule)) &&
                !see_row(of, view, i, from))
                return false;
    }
    return true;
}

/* ---- Units ---- */

static size_t tiles_of(const block_view *view)
{
    return view->count < 2 ? 0 : (view->lefts + TZ_TILE - 1) / TZ_TILE;
}

static void cut_units(tz_arena *mem, run_state *run)
{
    const tz_blocks *blocks = run->sweep->blocks;
    int64_t pairs = UNIT_PAIRS;

    for (uint32_t rule = 0; rule < blocks->rule_count; rule++)
        for (uint32_t key = 1; key <= blocks->rules[rule].key_count; key++) {
            block_view view = view_of(run->sweep, rule, key);
            size_t tiles = tiles_of(&view);
            for (uint32_t tile = 0; tile < tiles; tile++) {
                if (pairs >= UNIT_PAIRS) {
                    tz_push(mem, &run->units, (place){rule, key, tile});
                    pairs = 0;
                }
                pairs += (int64_t)(tiles > 1 ? TZ_TILE : view.count) * (int64_t)view.count;
            }
        }
    tz_push(mem, &run->units, (place){(uint32_t)blocks->rule_count, 1, 0}); /* the end */
}

static bool is_before(const place *a, const place *b)
{
    return a->rule != b->rule ? a->rule < b->rule : a->key != b->key ? a->key < b->key : a->tile < b->tile;
}

static bool see_unit(thread_state *of, size_t unit)
{
    const tz_blocks *blocks = of->run->sweep->blocks;
    const place *end = &of->run->units.items[unit + 1];
    place at = of->run->units.items[unit];

    for (; is_before(&at, end); at.rule++, at.key = 1, at.tile = 0)
        for (; is_before(&at, end) && at.key <= blocks->rules[at.rule].key_count; at.key++, at.tile = 0) {
            block_view view = view_of(of->run->sweep, at.rule, at.key);
            for (size_t tiles = tiles_of(&view); at.tile < tiles && is_before(&at, end); at.tile++)
                if (!see_tile(of, &view, (size_t)at.tile * TZ_TILE))
                    return false;
            if (!is_before(&at, end))
                return true;
        }
    return true;
}

static void *work(void *argument)
{
    thread_state *of = argument;
    run_state *run = of->run;

    while (!run->is_stopped) {
        size_t unit = run->next++;
        if (unit + 1 >= run->units.count)
            break;
        if (!see_unit(of, unit))
            run->is_stopped = true;
        run->pairs += of->pairs;
        of->pairs = 0;
        if (!of->is_main)
            continue;
        tz_app_progress(run->sweep->app, run->sweep->what, (int64_t)unit, (int64_t)run->units.count - 1);
        if (tz_app_should_stop(run->sweep->app))
            run->is_asked = run->is_stopped = true;
    }
    return NULL;
}

tz_rc tz_sweep_run(const tz_sweep *sweep, int64_t *ret_pairs, bool *ret_is_stopped, tz_err *err)
{
    tz_assert(sweep != NULL && sweep->threads >= 1 && sweep->threads <= TZ_MAX_THREADS && ret_pairs != NULL &&
              ret_is_stopped != NULL);
    tz_arena mem = {0};
    run_state run = {.sweep = sweep};
    thread_state states[TZ_MAX_THREADS];
    pthread_t threads[TZ_MAX_THREADS];
    bool is_running[TZ_MAX_THREADS] = {false};

    cut_units(&mem, &run);
    for (size_t i = 0; i < sweep->threads; i++) {
        states[i] = (thread_state){.run = &run, .worker = sweep->workers[i], .is_main = i == 0};
        tz_tile_init(&mem, sweep->scorer->model->comparison_count, &states[i].left);
        tz_tile_init(&mem, sweep->scorer->model->comparison_count, &states[i].right);
    }
    for (size_t i = 1; i < sweep->threads; i++) /* a thread that the machine refuses is missed by nobody */
        is_running[i] = pthread_create(&threads[i], NULL, work, &states[i]) == 0;
    (void)work(&states[0]);
    for (size_t i = 1; i < sweep->threads; i++)
        if (is_running[i])
            (void)pthread_join(threads[i], NULL);
    tz_arena_free(&mem);
    if (run.is_asked)
        return tz_fail(err, TZ_STOPPED, "已停止", "stopped");
    *ret_pairs = run.pairs;
    *ret_is_stopped = run.is_stopped;
    return TZ_OK;
}
