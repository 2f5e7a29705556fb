/* result - what a linkage of files writes and reports. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/file.h"
#include "people/run.h"

/* ---- Files ---- */

static void put_pair(tz_buf *out, const tz_link_run *run, const tz_found *pair)
{
    tz_csv_put(out, tz_text_of(tz_table_id(&run->table, pair->a)));
    tz_buf_char(out, ',');
    tz_csv_put(out, tz_text_of(tz_table_id(&run->table, pair->b)));
    tz_buf_char(out, ',');
    tz_score_put(out, pair->weight, false);
    tz_buf_printf(out, ",%.6f,", tz_score_probability(pair->weight));
}

/* A staged file that is written as it grows. */
typedef struct {
    tz_arena mem;
    tz_buf buf;
    const char *staged;
    FILE *file;
    bool is_failed;
} writer;

enum { BLOCK = 1 << 16 };

static tz_rc fail_to_write(const char *path, tz_err *err)
{
    return tz_fail(err, TZ_SYSTEM, "写 %s 时出错:%s", "writing %s failed: %s", tz_file_base(path),
                   strerror(errno));
}

static tz_rc open_writer(writer *to, const char *path, tz_err *err)
{
    *to = (writer){.is_failed = false};
    to->buf = tz_buf_init(&to->mem, 0);
    to->staged = tz_file_staging(&to->mem, path);
    to->file = fopen(to->staged, "wb");
    if (to->file == NULL)
        return fail_to_write(path, err);
    return TZ_OK;
}

static void flush(writer *to, size_t at_least)
{
    if (to->buf.size < at_least)
        return;
    to->is_failed |= fwrite(to->buf.data, 1, to->buf.size, to->file) != to->buf.size;
    tz_buf_reset(&to->buf);
}

/* There completely, or not at all. */
static tz_rc close_writer(writer *to, const char *path, tz_rc rc, tz_err *err)
{
    if (to->file != NULL) {
        flush(to, 1);
        to->is_failed |= fclose(to->file) != 0;
        if (rc == TZ_OK && to->is_failed)
            rc = fail_to_write(path, err);
        if (rc == TZ_OK)
            rc = tz_file_commit(to->staged, path, 0644, err);
        if (rc != TZ_OK)
            (void)remove(to->staged);
    }
    tz_arena_free(&to->mem);
    return rc;
}

static tz_rc write_links(const tz_link_run *run, tz_err *err)
{
    writer to;
    tz_arena mem = {0};
    uint32_t *numbers = tz_new_array(&mem, uint32_t, run->table.count),
             last = 0; /* by cluster: its number in the file */
    tz_rc rc = open_writer(&to, run->options->out_path, err);

    tz_buf_puts(&to.buf, "id_a,id_b,weight,probability,cluster\n");
    for (size_t i = 0; rc == TZ_OK && i < run->founds.count; i++) {
        const tz_found *pair = &run->founds.items[i];
        if (pair->fate != TZ_FATE_LINK)
            continue;
        uint32_t *number = &numbers[run->settlement.clusters[pair->a]];
        if (*number == 0)
            *number = ++last;
        put_pair(&to.buf, run, pair);
        tz_buf_printf(&to.buf, "%u\n", *number);
        flush(&to, BLOCK);
    }
    tz_arena_free(&mem);
    return close_writer(&to, run->options->out_path, rc, err);
}

static tz_rc write_review(const tz_link_run *run, tz_err *err)
{
    writer to;
    tz_rc rc = open_writer(&to, run->options->review_out, err);

    tz_buf_puts(&to.buf, "id_a,id_b,weight,probability,why\n");
    for (size_t i = 0; rc == TZ_OK && i < run->founds.count; i++) {
        const tz_found *pair = &run->founds.items[i];
        if (pair->fate == TZ_FATE_LINK)
            continue;
        put_pair(&to.buf, run, pair);
        tz_buf_printf(&to.buf, "%s\n", tz_fate_name(pair->fate));
        flush(&to, BLOCK);
    }
    return close_writer(&to, run->options->review_out, rc, err);
}

tz_rc tz_run_write(tz_link_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (run->options->review_out != NULL)
        TZ_TRY(write_review(run, err));
    TZ_TRY(write_links(run, err)); /* last: who sees it sees all of the run */
done:
    return rc;
}

/* ---- Measures ---- */

bool tz_run_is_true(const tz_link_run *run, uint32_t a, uint32_t b)
{
    uint32_t x = tz_table_code(&run->table, a, run->table.truth);
    return x != 0 && x == tz_table_code(&run->table, b, run->table.truth);
}

static bool is_alone(const tz_blocks *blocks, const tz_found *pair)
{
    const uint32_t *x = &blocks->keys[pair->a * blocks->rule_count],
                   *y = &blocks->keys[pair->b * blocks->rule_count];
    for (size_t r = 0; r < blocks->rule_count; r++)
        if (r != pair->rule && x[r] != 0 && x[r] == y[r])
            return false;
    return true;
}

/* Pairs of two records with one label; of two files only those between them. */
typedef struct {
    int64_t in_a, in_b;
} label_count;

static int64_t pairs_of(const tz_table *table, const label_count *counts, size_t count)
{
    int64_t pairs = 0;
    bool is_one = table->count_a == table->count;

    for (size_t i = 0; i < count; i++)
        pairs += is_one ? counts[i].in_a * (counts[i].in_a - 1) / 2 : counts[i].in_a * counts[i].in_b;
    return pairs;
}

static void count_label(const tz_table *table, label_count *counts, size_t label, size_t record)
{
    counts[label].in_a += record < table->count_a;
    counts[label].in_b += record >= table->count_a;
}

/* Clusters against the truth, by pairs: those of one cluster, of one truth, and of both. */
static void measure_clusters(tz_link_run *run)
{
    const tz_table *table = &run->table;
    tz_arena mem = {0};
    label_count *clusters = tz_new_array(&mem, label_count, table->count);
    label_count *truths = tz_new_array(&mem, label_count, table->values.count);
    label_count *both = tz_new_array(&mem, label_count, table->count);
    tz_map seen = tz_map_init(&mem);

    for (size_t i = 0; i < table->count; i++) {
        uint32_t pair[2] = {run->settlement.clusters[i], tz_table_code(table, i, table->truth)};
        bool is_new = false;
        count_label(table, clusters, pair[0], i);
        if (pair[1] == 0)
            continue;
        count_label(table, truths, pair[1], i);
        tz_map_entry *entry = tz_map_put(&seen, (tz_text){(const char *)pair, sizeof pair}, &is_new);
        if (is_new)
            entry->value = (int64_t)seen.entries.count - 1;
        count_label(table, both, (size_t)entry->value, i);
    }
    run->by_cluster = (tz_measure){.links = pairs_of(table, clusters, table->count),
                                   .right = pairs_of(table, both, seen.entries.count),
                                   .pairs = pairs_of(table, truths, table->values.count)};
    tz_arena_free(&mem);
}

void tz_run_measure(tz_link_run *run)
{
    for (size_t i = 0; i < run->founds.count; i++) {
        const tz_found *pair = &run->founds.items[i];
        if (pair->fate != TZ_FATE_LINK)
            continue;
        run->links_of_rule[pair->rule]++;
        run->alone_of_rule[pair->rule] += is_alone(&run->blocks, pair);
        run->by_pair.links++;
        run->by_pair.right += run->has_truth && tz_run_is_true(run, pair->a, pair->b);
    }
    if (!run->has_truth)
        return;
    measure_clusters(run);
    run->by_pair.pairs = run->by_cluster.pairs;
}

/* ---- The summary ---- */

json_t *tz_run_rules(const tz_link_run *run)
{
    tz_arena mem = {0};
    json_t *rules = json_array();

    for (size_t r = 0; r < run->model.rule_count; r++) {
        const tz_block_rule *rule = &run->model.rules[r];
        const struct tz_blocks_of_rule *own = &run->blocks.rules[r];
        json_t *columns = json_array();
        for (size_t c = 0; c < rule->count; c++)
            (void)json_array_append_new(
                columns, tz_json_text(tz_text_of(tz_model_part_text(&mem, &run->table, rule, c))));
        (void)json_array_append_new(
            rules, json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "columns", columns, "predicted",
                             (json_int_t)own->predicted, "largest", (json_int_t)own->largest, "refined",
                             (json_int_t)own->refined, "left", (json_int_t)own->left, "links",
                             (json_int_t)run->links_of_rule[r], "alone", (json_int_t)run->alone_of_rule[r]));
    }
    tz_arena_free(&mem);
    return rules;
}

json_t *tz_run_comparisons(const tz_link_run *run)
{
    json_t *list = json_array();
    for (size_t c = 0; c < run->model.comparison_count; c++) {
        const tz_comparison *one = &run->model.comparisons[c];
        json_t *line = json_object();
        (void)json_object_set_new(line, "column", tz_json_text(tz_text_of(run->table.columns[one->column])));
        tz_json_set_str(line, "kind", tz_compare_kind_name(one->kind));
        (void)json_array_append_new(list, line);
    }
    return list;
}

static json_t *unlearnt_json(const tz_link_run *run)
{
    json_t *list = json_array();
    for (size_t c = 0; run->training.rounds > 0 && c < run->model.comparison_count; c++)
        if (!run->training.is_identified[c])
            (void)json_array_append_new(
                list, tz_json_text(tz_text_of(run->table.columns[run->model.comparisons[c].column])));
    return list;
}

/* As decimal text, like all shares that are shown. */
static json_t *measure_json(const tz_measure *of)
{
    double precision = of->links == 0 ? 1 : (double)of->right / (double)of->links;
    double recall = of->pairs == 0 ? 1 : (double)of->right / (double)of->pairs;
    double f1 = precision + recall <= 0 ? 0 : 2 * precision * recall / (precision + recall);
    char texts[3][16];
    json_t *measure = json_object();

    (void)snprintf(texts[0], sizeof texts[0], "%.4f", precision);
    (void)snprintf(texts[1], sizeof texts[1], "%.4f", recall);
    (void)snprintf(texts[2], sizeof texts[2], "%.4f", f1);
    tz_json_set_str(measure, "precision", texts[0]);
    tz_json_set_str(measure, "recall", texts[1]);
    tz_json_set_str(measure, "f1", texts[2]);
    return measure;
}

json_t *tz_run_summary(const tz_link_run *run)
{
    const int64_t *fates = run->settlement.by_fate;
    json_t *summary = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "rows", (json_int_t)run->table.count, "columns",
        (json_int_t)run->table.column_count, "predicted", (json_int_t)run->blocks.predicted, "pairs",
        (json_int_t)run->pairs, "links", (json_int_t)fates[TZ_FATE_LINK], "review",
        (json_int_t)fates[TZ_FATE_REVIEW], "conflicts", (json_int_t)fates[TZ_FATE_CONFLICT], "taken",
        (json_int_t)fates[TZ_FATE_TAKEN], "bridges", (json_int_t)fates[TZ_FATE_BRIDGE]);

    tz_json_set_int(summary, "clusters", run->settlement.cluster_count);
    tz_json_set_int(summary, "largest", run->settlement.largest);
    tz_json_set_int(summary, "left_blocks", run->blocks.left_blocks);
    tz_json_set_int(summary, "refined_blocks", run->blocks.refined_blocks);
    tz_json_set_int(summary, "rounds", run->training.rounds);
    (void)json_object_set_new(summary, "is_settled", json_boolean(run->training.is_settled));
    (void)json_object_set_new(summary, "unlearnt", unlearnt_json(run));
    (void)json_object_set_new(summary, "blocking", tz_run_rules(run));
    (void)json_object_set_new(summary, "comparisons", tz_run_comparisons(run));
    if (run->has_truth)
        (void)json_object_set_new(summary, "truth",
                                  json_pack("{s:o, s:o}", "pairs", measure_json(&run->by_pair), "clusters",
                                            measure_json(&run->by_cluster)));
    return summary;
}
