#include "people/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/idcard.h"
#include "people/train.h"

typedef struct {
    uint32_t a, b;
    int32_t  weight;  /* hundredths of log2 */
    bool     is_cut;  /* joins two different valid numbers, or one that has a better partner */
} found_link;

typedef struct {
    tz_arena      mem;
    const tz_app *app;
    const tz_link_files_options *options;
    tz_table      table;
    tz_model      model;
    tz_blocks     blocks;
    tz_scorer     scorer;
    tz_training   training;
    int32_t       least; /* weight from which a pair is a link */
    int64_t       pairs;
    bool          is_full;
    size_t        max_links;
    struct { found_link *items; size_t count; size_t room; } links;
    uint32_t     *parents; /* union-find over records */
    uint32_t     *number_of; /* by root: code of the valid number of its cluster, 0 none */
    int64_t       conflicts, clusters;
} engine;

/* ---- Scoring ---- */

static bool score(void *context, uint32_t a, uint32_t b)
{
    engine *of = context;
    int32_t weight = tz_score_total(&of->scorer, tz_score_pattern(&of->scorer, a, b), a);

    if (weight >= of->least) {
        if (of->links.count == of->max_links) {
            of->is_full = true;
            return false;
        }
        tz_push(&of->mem, &of->links, (found_link){.a = a < b ? a : b, .b = a < b ? b : a, .weight = weight});
    }
    if (++of->pairs % (1 << 20) == 0) {
        tz_app_progress(of->app, "比对|comparing", of->pairs, of->blocks.predicted);
        return !tz_app_should_stop(of->app);
    }
    return true;
}

static tz_rc score_all(engine *of, tz_err *err)
{
    int64_t memory_mb = of->options->memory_mb > 0 ? of->options->memory_mb : 1024;

    of->max_links = (size_t)memory_mb * 1024 * 1024 / sizeof(found_link) / 3; /* a growing array is held twice */
    tz_scorer_init(&of->mem, &of->table, &of->model, &of->scorer);
    tz_scorer_weigh(&of->scorer);
    while (tz_score_probability(of->least) < of->model.threshold)
        of->least++;
    while (tz_score_probability(of->least - 1) >= of->model.threshold)
        of->least--;
    if (tz_blocks_each(&of->blocks, score, of))
        return TZ_OK;
    if (!of->is_full)
        return tz_fail(err, TZ_STOPPED, "已停止", "stopped");
    (void)tz_fail(err, TZ_LIMIT, "链接超过 %lld MB 内存能容纳的数目", "more links than %lld MB of memory hold", (long long)memory_mb);
    return tz_err_advise(err, "提高 threshold,或加大 --memory", "raise the threshold, or give more with --memory");
}

/* ---- Clusters ---- */

static uint32_t root_of(engine *of, uint32_t record)
{
    while (of->parents[record] != record) {
        of->parents[record] = of->parents[of->parents[record]];
        record = of->parents[record];
    }
    return record;
}

static size_t id_column_of(const tz_model *model)
{
    for (size_t c = 0; c < model->comparison_count; c++)
        if (model->comparisons[c].kind == TZ_COMPARE_ID)
            return model->comparisons[c].column;
    return SIZE_MAX;
}

static void start_clusters(engine *of)
{
    size_t column = id_column_of(&of->model);

    of->parents = tz_new_array(&of->mem, uint32_t, of->table.count);
    of->number_of = tz_new_array(&of->mem, uint32_t, of->table.count);
    for (uint32_t i = 0; i < of->table.count; i++) {
        char     tidy[32];
        uint32_t code = column == SIZE_MAX ? 0 : tz_table_code(&of->table, i, column);
        size_t   size = tz_idcard_tidy(of->table.values.items[code].text, tidy);
        of->parents[i] = i;
        of->number_of[i] = tz_idcard_is_valid((tz_text){tidy, size}) ? code : 0;
    }
}

static int heaviest_first(const void *a, const void *b)
{
    const found_link *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static int by_records(const void *a, const void *b)
{
    const found_link *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

/* The heaviest links first: two valid numbers never come into one cluster, and where the model says
 * one to one a record keeps its best partner. */
static void cluster_all(engine *of)
{
    bool *is_taken = tz_new_array(&of->mem, bool, of->table.count);

    start_clusters(of);
    if (of->links.count == 0)
        return; /* nothing to sort: qsort wants a list */
    qsort(of->links.items, of->links.count, sizeof of->links.items[0], heaviest_first);
    for (size_t i = 0; i < of->links.count; i++) {
        found_link *link = &of->links.items[i];
        uint32_t    x = root_of(of, link->a), y = root_of(of, link->b), low = x < y ? x : y, high = x < y ? y : x;
        bool        is_conflict = of->number_of[x] != 0 && of->number_of[y] != 0 && of->number_of[x] != of->number_of[y];
        of->conflicts += is_conflict;
        link->is_cut = is_conflict || (of->model.is_one_to_one && (is_taken[link->a] || is_taken[link->b]));
        if (link->is_cut)
            continue;
        is_taken[link->a] = is_taken[link->b] = true;
        of->parents[high] = low;
        if (of->number_of[low] == 0)
            of->number_of[low] = of->number_of[high];
    }
    qsort(of->links.items, of->links.count, sizeof of->links.items[0], by_records);
}

/* ---- Writing ---- */

static void put_cell(tz_buf *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        tz_buf_puts(out, text);
        return;
    }
    tz_buf_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            tz_buf_char(out, '"');
        tz_buf_char(out, *text);
    }
    tz_buf_char(out, '"');
}

static tz_rc write_links(engine *of, tz_err *err)
{
    tz_buf    out = tz_buf_init(&of->mem, 0);
    uint32_t *numbers = tz_new_array(&of->mem, uint32_t, of->table.count); /* by root: its cluster's number */

    tz_buf_puts(&out, "id_a,id_b,weight,probability,cluster\n");
    for (size_t i = 0; i < of->links.count; i++) {
        const found_link *link = &of->links.items[i];
        if (link->is_cut)
            continue;
        uint32_t root = root_of(of, link->a);
        if (numbers[root] == 0)
            numbers[root] = (uint32_t)++of->clusters;
        put_cell(&out, of->table.ids[link->a]);
        tz_buf_char(&out, ',');
        put_cell(&out, of->table.ids[link->b]);
        tz_buf_printf(&out, ",%.2f,%.6f,%u\n", (double)link->weight / 100, tz_score_probability(link->weight), numbers[root]);
    }
    if (out.is_over)
        return tz_fail(err, TZ_LIMIT, "结果文件过大", "the result is too large");
    return tz_file_write(of->options->out_path, tz_buf_text(&out), 0644, err);
}

static json_t *rules_json(const engine *of)
{
    json_t *rules = json_array();
    for (size_t r = 0; r < of->model.rule_count; r++) {
        json_t *columns = json_array();
        for (size_t c = 0; c < of->model.rules[r].count; c++)
            (void)json_array_append_new(columns, tz_json_text(tz_text_of(of->table.columns[of->model.rules[r].columns[c]])));
        (void)json_array_append_new(rules, columns);
    }
    return rules;
}

static json_t *comparisons_json(const engine *of)
{
    json_t *list = json_array();
    for (size_t c = 0; c < of->model.comparison_count; c++) {
        const tz_comparison *one = &of->model.comparisons[c];
        json_t *line = json_object();
        (void)json_object_set_new(line, "column", tz_json_text(tz_text_of(of->table.columns[one->column])));
        tz_json_set_str(line, "kind", tz_compare_kind_name(one->kind));
        (void)json_array_append_new(list, line);
    }
    return list;
}

static json_t *summary_of(const engine *of)
{
    int64_t cut = 0;
    for (size_t i = 0; i < of->links.count; i++)
        cut += of->links.items[i].is_cut;
    json_t *summary = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:b}", "rows", (json_int_t)of->table.count, "columns",
                                (json_int_t)of->table.column_count, "predicted", (json_int_t)of->blocks.predicted, "pairs", (json_int_t)of->pairs,
                                "links", (json_int_t)of->links.count - (json_int_t)cut, "clusters", (json_int_t)of->clusters, "conflicts",
                                (json_int_t)of->conflicts, "left_blocks", (json_int_t)of->blocks.left_blocks, "rounds", of->training.rounds,
                                "is_settled", of->training.is_settled);
    (void)json_object_set_new(summary, "blocking", rules_json(of));
    (void)json_object_set_new(summary, "comparisons", comparisons_json(of));
    return summary;
}

/* ---- The run ---- */

static tz_rc prepare(engine *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_table_load(&of->mem, of->app, of->options->a_path, of->options->b_path, of->options->id_column, &of->table, err));
    if (of->options->model_path != NULL)
        TZ_TRY(tz_model_load(&of->mem, of->options->model_path, &of->table, &of->model, err));
    else
        TZ_TRY(tz_model_propose(&of->table, &of->model, err));
    tz_blocks_make(&of->mem, &of->table, &of->model, 50 * (int64_t)of->table.count + 1000000, &of->blocks);
    if (!of->model.is_trained) {
        TZ_TRY(tz_model_train(of->app, &of->table, &of->blocks, &of->model, &of->training, err));
        if (of->options->model_out != NULL)
            TZ_TRY(tz_model_save(&of->model, &of->table, of->options->model_out, err));
    }
done:
    return rc;
}

tz_rc tz_link_files(const tz_app *app, const tz_link_files_options *options, json_t **ret_summary, tz_err *err)
{
    tz_assert(app != NULL && options != NULL && options->a_path != NULL && options->id_column != NULL && options->out_path != NULL);
    tz_rc  rc = TZ_OK;
    engine of = {.app = app, .options = options};

    TZ_TRY(prepare(&of, err));
    TZ_TRY(score_all(&of, err));
    cluster_all(&of);
    TZ_TRY(write_links(&of, err));
    *ret_summary = summary_of(&of);
done:
    tz_arena_free(&of.mem);
    return rc;
}
