#include "people/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { SAMPLE_TILES = 64, SAMPLE_ALL = 1400, LEARNT = 2000000, MAX_ROUNDS = 500 };

/* ---- Patterns ---- */

static void place_pattern(tz_patterns *of, tz_pattern one)
{
    size_t at = one.pattern * UINT64_C(0x9E3779B97F4A7C15) >> 20 & (of->place_count - 1);
    while (of->places[at].pattern != 0 && of->places[at].pattern != one.pattern)
        at = (at + 1) & (of->place_count - 1);
    of->count += of->places[at].pattern == 0;
    of->places[at].pattern = one.pattern;
    of->places[at].pairs += one.pairs;
}

static void grow_patterns(tz_patterns *of)
{
    tz_patterns larger = {.place_count = of->place_count == 0 ? 1024 : of->place_count * 2};

    larger.places = tz_new_array(&larger.mem, tz_pattern, larger.place_count);
    for (size_t i = 0; i < of->place_count; i++)
        if (of->places[i].pattern != 0)
            place_pattern(&larger, of->places[i]);
    tz_arena_free(&of->mem);
    *of = larger;
}

static void add_pattern(tz_patterns *of, uint64_t pattern, int64_t pairs)
{
    if (of->count * 2 >= of->place_count)
        grow_patterns(of);
    place_pattern(of, (tz_pattern){pattern + 1, pairs});
}

static void take_patterns(const tz_patterns *from, tz_patterns *to)
{
    for (size_t i = 0; i < from->place_count; i++)
        if (from->places[i].pattern != 0)
            add_pattern(to, from->places[i].pattern - 1, from->places[i].pairs);
}

void tz_patterns_free(tz_patterns *of)
{
    tz_arena_free(&of->mem);
    *of = (tz_patterns){.count = 0};
}

static int by_pattern(const void *a, const void *b)
{
    const tz_pattern *x = a, *y = b;
    return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* In order of the pattern, in mem; .pattern without the 1. */
static tz_pattern *sort_patterns(tz_arena *mem, const tz_patterns *of)
{
    tz_pattern *sorted = tz_new_array(mem, tz_pattern, of->count + 1);
    size_t count = 0;

    for (size_t i = 0; i < of->place_count; i++)
        if (of->places[i].pattern != 0)
            sorted[count++] = (tz_pattern){of->places[i].pattern - 1, of->places[i].pairs};
    qsort(sorted, count, sizeof sorted[0], by_pattern);
    return sorted;
}

/* ---- Looking at pairs ---- */

typedef struct {
    const tz_scorer *scorer;
    tz_patterns patterns;
    tz_level_cache *cache;
    tz_arena mem;
} worker;

static void start_worker(worker *of, const tz_scorer *scorer)
{
    *of = (worker){.scorer = scorer};
    of->cache = tz_arena_array(&of->mem, scorer->model->comparison_count, sizeof of->cache[0]);
}

static void stop_worker(worker *of)
{
    tz_patterns_free(&of->patterns);
    tz_arena_free(&of->mem);
}

static bool see(void *context, const tz_pair_row *row)
{
    worker *of = context;
    const tz_scorer *scorer = of->scorer;
    uint8_t levels[TZ_TILE], ids[TZ_TILE] = {0};
    uint64_t patterns[TZ_TILE] = {0};

    for (size_t place = 0; place < scorer->model->comparison_count; place++) {
        size_t c = scorer->order[place]; /* identity numbers before what stands in them */
        tz_compare_row(scorer, c, &of->cache[c], row->left, row->i, row->right, row->js, row->count, levels);
        tz_drop_implied(scorer, c, ids, levels, row->count);
        if (c == scorer->id_comparison)
            memcpy(ids, levels, row->count);
        for (size_t k = 0; k < row->count; k++)
            patterns[k] |= (uint64_t)levels[k] << (3 * c);
    }
    for (size_t k = 0; k < row->count; k++)
        add_pattern(&of->patterns, patterns[k], 1);
    return true;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 32;
}

static void see_tiles(worker *of, const tz_tile *left, const tz_tile *right)
{
    uint16_t js[TZ_TILE];

    for (size_t i = 0; i < left->count; i++) {
        tz_pair_row row = {.left = left, .right = right, .i = i, .js = js};
        for (size_t j = 0; j < right->count; j++)
            if (left->records[i] != right->records[j])
                js[row.count++] = (uint16_t)j;
        (void)see(of, &row);
    }
}

/* Records for the two sides of random pairs: all of a small table, else some. */
static size_t choose(uint64_t *state, size_t from, size_t to, bool is_all, size_t tile,
                     uint32_t records[TZ_TILE])
{
    size_t count = 0;

    for (; count < TZ_TILE; count++) {
        size_t at = is_all ? from + tile * TZ_TILE + count : from + next_random(state) % (to - from);
        if (at >= to)
            break;
        records[count] = (uint32_t)at;
    }
    return count;
}

/* A million random pairs, as tiles of random records: what is gathered once is compared 128 times. Each pair of a
 * small table, in one file both ways round, which leaves the shares as they are. */
static void sample_pairs(worker *of, const tz_table *table)
{
    uint64_t state = 20160101;
    bool is_one = table->count_a == table->count;
    size_t second = is_one ? 0 : table->count_a;
    bool is_all = table->count_a <= SAMPLE_ALL && table->count - second <= SAMPLE_ALL;
    size_t lefts = is_all ? (table->count_a + TZ_TILE - 1) / TZ_TILE : SAMPLE_TILES;
    size_t rights = is_all ? (table->count - second + TZ_TILE - 1) / TZ_TILE : 1;
    uint32_t records[TZ_TILE];
    tz_tile left, right;

    tz_tile_init(&of->mem, of->scorer->model->comparison_count, &left);
    tz_tile_init(&of->mem, of->scorer->model->comparison_count, &right);
    for (size_t i = 0; i < lefts; i++)
        for (size_t j = 0; j < rights; j++) {
            size_t count = choose(&state, 0, table->count_a, is_all, i, records);
            tz_tile_gather(of->scorer, records, count, &left);
            count = choose(&state, second, table->count, is_all, j, records);
            tz_tile_gather(of->scorer, records, count, &right);
            see_tiles(of, &left, &right);
        }
}

void tz_sample_pairs(const tz_scorer *scorer, const tz_table *table, tz_patterns *to)
{
    tz_assert(scorer != NULL && table != NULL && to != NULL);
    worker of;

    start_worker(&of, scorer);
    sample_pairs(&of, table);
    take_patterns(&of.patterns, to);
    stop_worker(&of);
}

/* ---- Expectation and maximisation ---- */

typedef struct {
    double by_level[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS];
    double total;
} tally;

/* Probability of one person, by levels alone; ratios: m/u by comparison and level. */
static double probability(const tz_model *model, double (*ratios)[TZ_MAX_LEVELS], uint64_t pattern)
{
    double odds = model->prior / (1 - model->prior);
    for (size_t c = 0; c < model->comparison_count; c++)
        odds *= ratios[c][pattern >> (3 * c) & 7];
    return isinf(odds) ? 1 : odds / (1 + odds);
}

/* Adds up patterns, each pair by its probability of being one person, or of being two. */
static void add_up(const tz_model *model, const tz_pattern *patterns, size_t count, bool is_same, tally *sums)
{
    double ratios[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS];

    for (size_t c = 0; c < model->comparison_count; c++)
        for (size_t level = 0; level < TZ_MAX_LEVELS; level++)
            ratios[c][level] = level == 0 || model->comparisons[c].u[level] <= 0
                                   ? 1
                                   : model->comparisons[c].m[level] / model->comparisons[c].u[level];
    *sums = (tally){.total = 0};
    for (size_t i = 0; i < count; i++) {
        double p = probability(model, ratios, patterns[i].pattern),
               share = (double)patterns[i].pairs * (is_same ? p : 1 - p);
        sums->total += share;
        for (size_t c = 0; c < model->comparison_count; c++)
            sums->by_level[c][patterns[i].pattern >> (3 * c) & 7] += share;
    }
}

/* Shares of levels among pairs that have a value; none is 0, so that no level is impossible. */
static double settle(tz_model *model, const tally *sums, bool is_same)
{
    double moved = 0;

    for (size_t c = 0; c < model->comparison_count; c++) {
        tz_comparison *one = &model->comparisons[c];
        size_t levels = tz_compare_level_count(one->kind);
        double total = 0, least = 0.5;
        for (size_t level = 1; level < levels; level++)
            total += sums->by_level[c][level] + least;
        for (size_t level = 1; level < levels; level++) {
            double share = (sums->by_level[c][level] + least) / total;
            double *old = is_same ? &one->m[level] : &one->u[level];
            moved = fmax(moved, fabs(share - *old));
            *old = share;
        }
    }
    return moved;
}

/* Pairs of one person that give a value on both sides: of fewer than a few nothing can be learnt. */
static void note_identified(const tz_model *model, const tally *sums, tz_training *report)
{
    for (size_t c = 0; c < model->comparison_count; c++) {
        double given = 0;
        for (size_t level = 1; level < TZ_MAX_LEVELS; level++)
            given += sums->by_level[c][level];
        report->is_identified[c] = given >= 10;
    }
}

void tz_model_maximise(tz_model *model, const tz_pattern *blocked, size_t blocked_count, double share,
                       const tz_pattern *random, size_t random_count, double all, tz_training *report)
{
    tz_assert(model != NULL && report != NULL && share > 0 && all > 0);
    tally sums;

    for (report->rounds = 1; report->rounds < MAX_ROUNDS; report->rounds++) {
        add_up(model, blocked, blocked_count, true, &sums);
        double prior = fmax(1e-12, fmin(0.9, sums.total / share / all));
        double moved = fabs(prior - model->prior) / model->prior;
        moved = fmax(moved, settle(model, &sums, true));
        model->prior = prior;
        note_identified(model, &sums, report);
        add_up(model, random, random_count, false,
               &sums); /* true pairs among the random ones are no chance */
        moved = fmax(moved, settle(model, &sums, false));
        if (moved < 1e-5) {
            report->is_settled = true;
            break;
        }
    }
}

static void begin(tz_model *model, const tz_table *table, double all)
{
    model->prior =
        fmin(0.5, 0.3 * (double)(table->count_a < table->count ? table->count_a : table->count) / all);
    for (size_t c = 0; c < model->comparison_count; c++) {
        size_t levels = tz_compare_level_count(model->comparisons[c].kind);
        for (size_t level = 1; level < levels; level++)
            model->comparisons[c].m[level] = level == 1 ? 0.8 : 0.2 / (double)(levels - 2);
    }
}

static void first_u(tz_model *model, const tz_pattern *sample, size_t count)
{
    tally sums = {.total = 0};

    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < model->comparison_count; c++)
            sums.by_level[c][sample[i].pattern >> (3 * c) & 7] += (double)sample[i].pairs;
    (void)settle(model, &sums, false);
}

/* ---- The whole ---- */

/* Where there are many millions of pairs, those of some records: which ones depends on the record and the rule. */
static bool is_looked_at(const void *context, uint32_t record, size_t rule)
{
    uint32_t step = *(const uint32_t *)context;
    uint64_t mixed = (record + 1) * UINT64_C(0x9E3779B97F4A7C15) ^ (rule + 1) * UINT64_C(0xC2B2AE3D27D4EB4F);
    return step == 1 || (mixed >> 32) % step == 0;
}

tz_rc tz_count_patterns(const tz_app *app, const tz_scorer *scorer, const tz_blocks *blocks, size_t known, size_t threads,
                        tz_patterns *to, double *ret_share, int64_t *ret_pairs, tz_err *err)
{
    tz_assert(scorer != NULL && blocks != NULL && to != NULL && threads >= 1 && threads <= TZ_MAX_THREADS);
    tz_rc rc = TZ_OK;
    worker workers[TZ_MAX_THREADS];
    uint32_t step = (uint32_t)(blocks->predicted / LEARNT + 1);
    bool is_stopped = false;
    tz_sweep sweep = {.app = app,
                      .what = "学习模型|learning",
                      .scorer = scorer,
                      .blocks = blocks,
                      .known = known,
                      .threads = threads,
                      .wants = is_looked_at,
                      .see = see,
                      .context = &step};

    for (size_t i = 0; i < threads; i++) {
        start_worker(&workers[i], scorer);
        sweep.workers[i] = &workers[i];
    }
    rc = tz_sweep_run(&sweep, ret_pairs, &is_stopped, err);
    for (size_t i = 0; i < threads; i++) {
        take_patterns(&workers[i].patterns, to);
        stop_worker(&workers[i]);
    }
    *ret_share = 1.0 / step;
    return rc;
}

tz_rc tz_model_train(const tz_app *app, const tz_table *table, const tz_blocks *blocks, size_t threads,
                     tz_model *model, tz_training *ret_training, tz_err *err)
{
    tz_assert(app != NULL && table != NULL && blocks != NULL && model != NULL && ret_training != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_scorer scorer;
    worker random = {.scorer = NULL};
    tz_patterns all = {.count = 0};
    tz_training report = {0};
    double share = 1;
    double count = (double)table->count, first = (double)table->count_a;
    double there = table->count_a == table->count ? count * (count - 1) / 2 : first * (count - first);

    tz_scorer_init(&mem, table, model, NULL, &scorer);
    start_worker(&random, &scorer);
    TZ_TRY(tz_count_patterns(app, &scorer, blocks, 0, threads, &all, &share, &report.blocked, err));
    sample_pairs(&random, table);
    tz_pattern *blocked = sort_patterns(&mem, &all),
               *sample = sort_patterns(&mem, &random.patterns);
    first_u(model, sample, random.patterns.count);
    begin(model, table, there);
    tz_model_maximise(model, blocked, all.count, share, sample, random.patterns.count, there, &report);
    model->is_trained = true;
    report.patterns = (int64_t)all.count;
    *ret_training = report;
done:
    stop_worker(&random);
    tz_patterns_free(&all);
    tz_arena_free(&mem);
    return rc;
}
