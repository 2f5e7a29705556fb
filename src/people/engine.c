#include "people/engine.h"

#include <stdatomic.h>

#include "base/assert.h"
#include "base/file.h"
#include "people/run.h"

enum { DEFAULT_MEMORY_MB = 4096 };

/* ---- Scoring ---- */

typedef struct {
    tz_link_run *run;
    tz_arena mem; /* of the caches */
    tz_arena founds_mem;
    tz_founds founds;
    tz_level_cache *cache;
    atomic_size_t *founds_left; /* of all workers: how many pairs the memory may still hold */
    bool is_full;
} scoring;

/* A pair that can't reach the review threshold any more is dropped: *count are left, their places in js, totals. */
static void drop_hopeless(int32_t needed, uint16_t *js, int32_t *totals, size_t *count)
{
    size_t kept = 0;

    for (size_t k = 0; k < *count; k++) {
        js[kept] = js[k];
        totals[kept] = totals[k];
        kept += totals[k] >= needed;
    }
    *count = kept;
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

static bool keep(scoring *of, const tz_found *pair)
{
    if (of->founds.count == of->founds.room) {
        size_t more =
            of->founds.room == 0 ? 1024 : of->founds.room; /* a growing list is held twice for a moment */
        if (atomic_fetch_sub(of->founds_left, more) < more) {
            of->is_full = true;
            return false;
        }
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

static bool see(void *worker, const tz_pair_row *row)
{
    scoring *of = worker;
    const tz_scorer *scorer = &of->run->scorer;
    size_t count = row->count, comparisons = scorer->model->comparison_count;
    uint16_t js[TZ_TILE];
    int32_t totals[TZ_TILE];
    uint8_t levels[TZ_TILE];
    int32_t rest[TZ_MAX_COMPARISONS + 1];

    rest_of(scorer, row->left, row->i, rest);
    for (size_t k = 0; k < count; k++) {
        js[k] = row->js[k];
        totals[k] = scorer->prior;
    }
    for (size_t place = 0; place < comparisons && count > 0; place++) {
        size_t c = scorer->order[place];
        int32_t weights[TZ_MAX_LEVELS];
        for (size_t level = 0; level < TZ_MAX_LEVELS; level++)
            weights[level] = level == 1 ? row->left->columns[c].equals[row->i] : scorer->weights[c][level];
        tz_compare_row(scorer, c, &of->cache[c], row->left, row->i, row->right, js, count, levels);
        for (size_t k = 0; k < count; k++)
            totals[k] += weights[levels[k]];
        drop_hopeless(of->run->review - rest[place + 1], js, totals, &count);
    }
    for (size_t k = 0; k < count; k++) {
        tz_found pair = {.a = row->left->records[row->i],
                         .b = row->right->records[js[k]],
                         .weight = totals[k],
                         .rule = (uint8_t)row->rule};
        if (!keep(of, &pair))
            return false;
    }
    return true;
}

/* The workers' pairs put together; their order doesn't matter, tz_founds_settle sorts. */
static void gather_founds(tz_link_run *run, scoring *workers)
{
    size_t count = 0;

    for (size_t i = 0; i < run->threads; i++)
        count += workers[i].founds.count;
    run->founds = (tz_founds){.items = tz_new_array(&run->founds_mem, tz_found, count), .room = count};
    for (size_t i = 0; i < run->threads; i++) {
        for (size_t k = 0; k < workers[i].founds.count; k++)
            run->founds.items[run->founds.count++] = workers[i].founds.items[k];
        tz_arena_free(&workers[i].founds_mem);
    }
}

static tz_rc too_many(const tz_link_run *run, tz_err *err)
{
    (void)tz_fail(err, TZ_LIMIT, "内存不够:%lld MB 容不下这么多链接",
                  "out of the memory that was allowed: %lld MB don't hold so many links",
                  (long long)(run->max_bytes >> 20));
    return tz_err_advise(err, "加大 --memory,或提高模型的 threshold 和 review",
                         "give more with --memory, or raise the model's threshold and review");
}

/* What is left for pairs when all else is in memory, in pairs; lists are held twice while they grow. */
static size_t room_for_founds(const tz_link_run *run)
{
    size_t used = run->mem.bytes + run->blocks.sorted.bytes +
                  run->threads * run->model.comparison_count * sizeof(tz_level_cache) +
                  64 * run->table.count; /* deciding walks the records */
    return used >= (size_t)run->max_bytes ? 0 : ((size_t)run->max_bytes - used) / sizeof(tz_found) / 2;
}

static tz_rc score_all(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    scoring workers[TZ_MAX_THREADS];
    atomic_size_t founds_left = room_for_founds(run);
    bool is_stopped = false;
    tz_sweep sweep = {.app = run->app,
                      .what = "比对|comparing",
                      .scorer = &run->scorer,
                      .blocks = &run->blocks,
                      .threads = run->threads,
                      .known = run->known,
                      .see = see};

    for (size_t i = 0; i < run->threads; i++) {
        workers[i] = (scoring){.run = run, .founds_left = &founds_left};
        workers[i].cache =
            tz_arena_array(&workers[i].mem, run->model.comparison_count, sizeof workers[i].cache[0]);
        sweep.workers[i] = &workers[i];
    }
    TZ_TRY(tz_sweep_run(&sweep, &run->pairs, &is_stopped, err));
    if (is_stopped) {
        rc = too_many(run, err);
        goto done;
    }
    gather_founds(run, workers);
done:
    for (size_t i = 0; i < run->threads; i++) {
        tz_arena_free(&workers[i].mem);
        tz_arena_free(&workers[i].founds_mem);
    }
    return rc;
}

/* ---- The steps ---- */

static tz_rc load(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    int64_t memory_mb = run->options->memory_mb > 0 ? run->options->memory_mb : DEFAULT_MEMORY_MB;
    tz_table_source source = {.a = run->options->a_path,
                              .b = run->options->b_path,
                              .id_column = run->options->id_column,
                              .truth_column = run->options->truth_column,
                              .is_added = run->options->known_links != NULL,
                              .max_bytes = memory_mb << 20};

    run->max_bytes = source.max_bytes;
    run->threads = run->options->threads > 0 ? (size_t)run->options->threads : tz_sweep_threads();
    if (run->threads > TZ_MAX_THREADS)
        run->threads = TZ_MAX_THREADS;
    TZ_TRY(tz_table_load(&run->mem, run->app, &source, &run->table, err));
    run->has_truth = run->table.truth != SIZE_MAX;
    if (source.is_added) {
        run->known = run->table.count_a;
        run->table.count_a = run->table.count;
    }
    if (run->options->model_path != NULL)
        TZ_TRY(tz_model_load(&run->mem, run->options->model_path, &run->table, &run->model, err));
    else
        TZ_TRY(tz_model_propose(&run->table, &run->model, err));
    TZ_TRY(tz_standardise(&run->table, &run->model, err));
done:
    return rc;
}

static tz_rc block(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    size_t keys = run->table.count * run->model.rule_count * 2 * sizeof(uint32_t);

    TZ_TRY(tz_table_check_memory(&run->table, keys, run->max_bytes, err));
    if (run->model.max_block == 0)
        run->model.max_block = 50 * (int64_t)run->table.count + 1000000;
    TZ_TRY(tz_blocks_make(&run->mem, &run->table, &run->model, run->model.max_block, &run->blocks, err));
    TZ_TRY(tz_table_check_memory(&run->table, run->blocks.sorted.bytes, run->max_bytes, err));
    if (run->blocks.predicted == 0 && !run->model.is_trained) {
        (void)tz_fail(err, TZ_INPUT, "无从学习模型:没有两行在任何分块规则上一致",
                      "nothing to learn a model from: no two rows agree on any blocking rule");
        rc = tz_err_advise(err, "用 --model 给出其他分块规则", "give other blocking rules with --model");
    }
done:
    return rc;
}

/* The counts that the model was learnt with, if it names any. */
static tz_rc load_counts(tz_link_run *run, tz_err *err)
{
    const char *path = run->options->model_path;

    if (run->model.counts == NULL) {
        tz_counts_take(&run->mem, &run->table, &run->model, &run->counts);
        return TZ_OK;
    }
    int folder = (int)(tz_file_base(path) - path);
    return tz_counts_load(&run->mem, tz_arena_printf(&run->mem, "%.*s%s", folder, path, run->model.counts),
                          &run->table, &run->model, &run->counts, err);
}

/* Trains the model unless it is, and has the weights. */
static tz_rc learn(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (!run->model.is_trained)
        TZ_TRY(tz_model_train(run->app, &run->table, &run->blocks, run->threads, &run->model, &run->training,
                              err));
    else
        run->training.is_settled = true;
    TZ_TRY(load_counts(run, err));
    tz_dictionary_seal(&run->table.values);
    tz_scorer_init(&run->mem, &run->table, &run->model, &run->counts, &run->scorer);
    tz_scorer_weigh(&run->scorer);
    run->least = tz_score_least(run->model.threshold);
    run->review = tz_score_least(run->model.review);
done:
    return rc;
}

/* The model, and the counts that it weighs by. */
static tz_rc save_model(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    bool has_counts = false;

    for (size_t c = 0; c < run->model.comparison_count; c++)
        has_counts |= run->counts.times[c] != NULL;
    run->model.counts = NULL;
    if (has_counts && run->options->counts_out != NULL) {
        TZ_TRY(tz_counts_save(&run->counts, &run->table, &run->model, run->options->counts_out, err));
        run->model.counts = tz_file_base(run->options->counts_out);
    }
    if (run->options->model_out != NULL)
        TZ_TRY(tz_model_save(&run->model, &run->table, run->options->model_out, err));
done:
    return rc;
}

static void stop(tz_link_run *run)
{
    tz_blocks_forget(&run->blocks);
    tz_dictionary_seal(&run->table.values);
    tz_arena_free(&run->founds_mem);
    tz_arena_free(&run->mem);
}

/* ---- The doors ---- */

tz_rc tz_link_files(const tz_app *app, const tz_link_files_options *options, json_t **ret_summary,
                    tz_err *err)
{
    tz_assert(app != NULL && options != NULL && options->a_path != NULL && options->id_column != NULL &&
              options->out_path != NULL);
    tz_rc rc = TZ_OK;
    tz_link_run run = {.app = app, .options = options};

    TZ_TRY(load(&run, err));
    TZ_TRY(block(&run, err));
    TZ_TRY(learn(&run, err));
    TZ_TRY(score_all(&run, err));
    tz_blocks_forget(&run.blocks);
    if (run.known > 0)
        TZ_TRY(tz_run_recall(&run, err));
    tz_founds_settle(&run.mem, &run.table, &run.model, run.least, &run.founds, &run.settlement);
    tz_run_measure(&run);
    if (run.training.rounds > 0)
        TZ_TRY(save_model(&run, err));
    if (options->chart_out != NULL)
        TZ_TRY(tz_run_chart(&run, err));
    TZ_TRY(tz_run_write(&run, err));
    *ret_summary = tz_run_summary(&run);
done:
    stop(&run);
    return rc;
}

tz_rc tz_link_files_plan(const tz_app *app, const tz_link_files_options *options, json_t **ret_plan,
                         tz_err *err)
{
    tz_assert(app != NULL && options != NULL && options->a_path != NULL && options->id_column != NULL &&
              ret_plan != NULL);
    tz_rc rc = TZ_OK;
    tz_link_run run = {.app = app, .options = options};

    TZ_TRY(load(&run, err));
    TZ_TRY(block(&run, err));
    *ret_plan = json_pack("{s:I, s:I, s:o, s:o}", "rows", (json_int_t)run.table.count, "predicted",
                          (json_int_t)run.blocks.predicted, "blocking", tz_run_rules(&run), "comparisons",
                          tz_run_comparisons(&run));
done:
    stop(&run);
    return rc;
}

tz_rc tz_link_files_explain(const tz_app *app, const tz_link_files_options *options, const char *id_a,
                            const char *id_b, const char *svg_out, json_t **ret_explanation, tz_err *err)
{
    tz_assert(app != NULL && options != NULL && id_a != NULL && id_b != NULL && ret_explanation != NULL);
    tz_rc rc = TZ_OK;
    tz_link_run run = {.app = app, .options = options};

    TZ_TRY(load(&run, err));
    if (!run.model.is_trained) {
        (void)tz_fail(err, TZ_USAGE, "没有可用的模型", "there is no trained model");
        rc = tz_err_advise(err, "用 --model 给出链接时写下的模型",
                           "give the model that linking wrote with --model");
        goto done;
    }
    TZ_TRY(learn(&run, err));
    TZ_TRY(tz_run_explain(&run, id_a, id_b, svg_out, ret_explanation, err));
done:
    stop(&run);
    return rc;
}
