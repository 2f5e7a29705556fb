#include "people/train.h"

#include <math.h>

#include "base/assert.h"
#include "base/map.h"

enum { SAMPLE = 1000000, LEARNT = 4000000, MAX_ROUNDS = 200 };

typedef struct {
    tz_arena      mem;
    const tz_app *app;
    tz_scorer     scorer;
    tz_map        patterns; /* blocked: pattern -> pairs */
    tz_map        sample;   /* random pairs: pattern -> pairs */
    int64_t       blocked, step; /* of so many pairs one is looked at */
    double        all;      /* pairs there could be */
} training;

static void count_pattern(tz_map *of, uint64_t pattern)
{
    tz_map_put(of, (tz_text){(const char *)&pattern, sizeof pattern}, NULL)->value++;
}

static uint64_t pattern_of(const tz_map_entry *entry)
{
    uint64_t pattern = 0;
    for (size_t i = 0; i < sizeof pattern; i++)
        ((unsigned char *)&pattern)[i] = (unsigned char)entry->key.data[i];
    return pattern;
}

static bool see(void *context, uint32_t a, uint32_t b)
{
    training *of = context;

    if (of->step == 1 || (a * UINT64_C(0x9E3779B97F4A7C15) ^ b * UINT64_C(0xC2B2AE3D27D4EB4F)) % 1000003 % (uint64_t)of->step == 0)
        count_pattern(&of->patterns, tz_score_pattern(&of->scorer, a, b));
    if (++of->blocked % (1 << 20) == 0) {
        tz_app_progress(of->app, "学习模型|learning", of->blocked, 0);
        return !tz_app_should_stop(of->app);
    }
    return true;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 32;
}

/* All pairs where they are few, else random ones. */
static void sample_pairs(training *of, const tz_table *table)
{
    uint64_t state = 20160101;
    bool     is_one = table->count_a == table->count;
    size_t   second = is_one ? 0 : table->count_a, rest = table->count - second;

    for (int i = 0; i < SAMPLE; i++) {
        uint32_t a = (uint32_t)(next_random(&state) % table->count_a), b = (uint32_t)(second + next_random(&state) % rest);
        if (a != b)
            count_pattern(&of->sample, tz_score_pattern(&of->scorer, a, b));
    }
}

/* ---- Expectation and maximisation ---- */

/* Probability of one person, by levels alone. */
static double probability(const tz_model *model, uint64_t pattern)
{
    double odds = model->prior / (1 - model->prior);
    for (size_t c = 0; c < model->comparison_count; c++) {
        size_t level = pattern >> (3 * c) & 7;
        if (level > 0)
            odds *= model->comparisons[c].m[level] / model->comparisons[c].u[level];
    }
    return odds / (1 + odds);
}

typedef struct {
    double by_level[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS];
    double total;
} tally;

/* Adds up patterns, each pair by its probability of being one person, or of being two. */
static void add_up(const tz_model *model, const tz_map *patterns, bool is_same, tally *sums)
{
    *sums = (tally){.total = 0};
    for (size_t i = 0; i < patterns->entries.count; i++) {
        uint64_t pattern = pattern_of(&patterns->entries.items[i]);
        double   p = probability(model, pattern), share = (double)patterns->entries.items[i].value * (is_same ? p : 1 - p);
        sums->total += share;
        for (size_t c = 0; c < model->comparison_count; c++)
            sums->by_level[c][pattern >> (3 * c) & 7] += share;
    }
}

/* Shares of levels among pairs that have a value; none is 0, so that no level is impossible. */
static double settle(tz_model *model, const tally *sums, bool is_same)
{
    double moved = 0;

    for (size_t c = 0; c < model->comparison_count; c++) {
        tz_comparison *one = &model->comparisons[c];
        size_t         levels = tz_compare_level_count(one->kind);
        double         total = 0, least = 0.5;
        for (size_t level = 1; level < levels; level++)
            total += sums->by_level[c][level] + least;
        for (size_t level = 1; level < levels; level++) {
            double  share = (sums->by_level[c][level] + least) / total;
            double *old = is_same ? &one->m[level] : &one->u[level];
            moved = fmax(moved, fabs(share - *old));
            *old = share;
        }
    }
    return moved;
}

static void begin(tz_model *model, const tz_table *table, double all)
{
    model->prior = fmin(0.5, 0.3 * (double)(table->count_a < table->count ? table->count_a : table->count) / all);
    for (size_t c = 0; c < model->comparison_count; c++) {
        size_t levels = tz_compare_level_count(model->comparisons[c].kind);
        for (size_t level = 1; level < levels; level++)
            model->comparisons[c].m[level] = level == 1 ? 0.8 : 0.2 / (double)(levels - 2);
    }
}

static void first_u(tz_model *model, const tz_map *sample)
{
    tally sums = {.total = 0};

    for (size_t i = 0; i < sample->entries.count; i++)
        for (size_t c = 0; c < model->comparison_count; c++)
            sums.by_level[c][pattern_of(&sample->entries.items[i]) >> (3 * c) & 7] += (double)sample->entries.items[i].value;
    (void)settle(model, &sums, false);
}

static void maximise(training *of, tz_model *model, tz_training *report)
{
    tally sums;

    for (report->rounds = 1; report->rounds < MAX_ROUNDS; report->rounds++) {
        add_up(model, &of->patterns, true, &sums);
        double prior = fmax(1e-12, fmin(0.9, sums.total * (double)of->step / of->all));
        double moved = fabs(prior - model->prior) / model->prior;
        moved = fmax(moved, settle(model, &sums, true));
        model->prior = prior;
        add_up(model, &of->sample, false, &sums); /* true pairs among the random ones are no chance */
        moved = fmax(moved, settle(model, &sums, false));
        if (moved < 1e-5) {
            report->is_settled = true;
            break;
        }
    }
}

tz_rc tz_model_train(const tz_app *app, const tz_table *table, const tz_blocks *blocks, tz_model *model, tz_training *ret_training, tz_err *err)
{
    tz_assert(app != NULL && table != NULL && blocks != NULL && model != NULL && ret_training != NULL);
    tz_rc       rc = TZ_OK;
    training    of = {.app = app, .step = blocks->predicted / LEARNT + 1};
    tz_training report = {0};
    double      count = (double)table->count, first = (double)table->count_a;

    of.patterns = tz_map_init(&of.mem);
    of.sample = tz_map_init(&of.mem);
    of.all = table->count_a == table->count ? count * (count - 1) / 2 : first * (count - first);
    tz_scorer_init(&of.mem, table, model, &of.scorer);
    if (!tz_blocks_each(blocks, see, &of)) {
        rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
        goto done;
    }
    sample_pairs(&of, table);
    first_u(model, &of.sample);
    begin(model, table, of.all);
    maximise(&of, model, &report);
    model->is_trained = true;
    report.blocked = of.blocked;
    report.patterns = (int64_t)of.patterns.entries.count;
    *ret_training = report;
done:
    tz_arena_free(&of.mem);
    return rc;
}
