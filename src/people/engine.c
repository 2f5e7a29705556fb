#include "people/engine.h"

#include "base/assert.h"
#include "base/file.h"
#include "people/gather.h"
#include "people/run.h"
#include "store/division.h"

enum { DEFAULT_MEMORY_MB = 4096 };

/* ---- Scoring ---- */

/* What is left for pairs when all else is in memory, in pairs; lists are held twice while they grow. */
static size_t room_for_founds(const tz_link_run *run)
{
    size_t used = run->mem.bytes + run->blocks.sorted.bytes +
                  run->threads * run->model.comparison_count * sizeof(tz_level_cache) +
                  64 * run->table.count; /* deciding walks the records */
    return used >= (size_t)run->max_bytes ? 0 : ((size_t)run->max_bytes - used) / sizeof(tz_found) / 2;
}

static tz_rc too_many(const tz_link_run *run, tz_err *err)
{
    (void)tz_fail(err, TZ_LIMIT, "内存不够:%lld MB 容不下这么多链接",
                  "out of the memory that was allowed: %lld MB don't hold so many links",
                  (long long)(run->max_bytes >> 20));
    return tz_err_advise(err, "加大 --memory,或提高模型的 threshold 和 review",
                         "give more with --memory, or raise the model's threshold and review");
}

static tz_rc score_all(tz_link_run *run, tz_err *err)
{
    tz_gathering how = {.app = run->app,
                        .scorer = &run->scorer,
                        .blocks = &run->blocks,
                        .known = run->known,
                        .threads = run->threads,
                        .least = run->review,
                        .room = room_for_founds(run)};
    tz_rc rc = tz_founds_gather(&run->founds_mem, &how, &run->founds, &run->pairs, err);

    return rc == TZ_LIMIT ? too_many(run, err) : rc;
}

/* ---- The steps ---- */

/* *ret_divisions NULL where none are given. */
static tz_rc load_divisions(tz_link_run *run, const tz_county **ret_divisions, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_county *county = tz_new(&run->mem, tz_county);

    if (run->options->divisions_path == NULL)
        return TZ_OK;
    TZ_TRY(tz_divisions_load(&run->mem, run->options->divisions_path, county, err));
    for (size_t i = 0; i < county->divisions.count && county->name == NULL; i++)
        if (county->divisions.items[i].level == TZ_DIVISION_COUNTY)
            county->name = county->divisions.items[i].name;
    *ret_divisions = county;
done:
    return rc;
}

static tz_rc load(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    const tz_county *divisions = NULL;
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
    TZ_TRY(load_divisions(run, &divisions, err));
    TZ_TRY(tz_standardise(&run->table, &run->model, divisions, err));
done:
    return rc;
}

static tz_rc block(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    size_t keys = run->table.count * run->model.rule_count * 2 * sizeof(uint32_t);

    TZ_TRY(tz_table_check_memory(&run->table, keys, run->max_bytes, err));
    if (run->model.max_block == 0)
        run->model.max_block = tz_blocks_most(&run->table);
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
