/* chart - what an analyst looks at before trusting a linkage, as one page of HTML without script or outside files. */
#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "people/run.h"
#include "people/svg.h"

enum { BINS = 60, STEPS = 101 };

typedef struct {
    tz_arena mem;
    tz_buf out;
    tz_link_run *run;
} page;

/* Chinese and English stand beside each other: the page is sent on. */
static void heading(page *of, const char *title)
{
    tz_buf_puts(&of->out, "<h2>");
    tz_svg_text(&of->out, title);
    tz_buf_puts(&of->out, "</h2>\n");
}

static void note(page *of, const char *text)
{
    tz_buf_puts(&of->out, "<p>");
    tz_svg_text(&of->out, text);
    tz_buf_puts(&of->out, "</p>\n");
}

/* ---- What happened ---- */

static void put_row(page *of, const char *name, int64_t value)
{
    tz_buf_puts(&of->out, "<tr><th>");
    tz_svg_text(&of->out, name);
    tz_buf_printf(&of->out, "</th><td>%lld</td></tr>\n", (long long)value);
}

static void put_summary(page *of)
{
    const tz_link_run *run = of->run;

    heading(of, "概况 Summary");
    tz_buf_puts(&of->out, "<table>\n");
    put_row(of, "行 rows", (int64_t)run->table.count);
    put_row(of, "比对的对子 pairs compared", run->pairs);
    put_row(of, "链接 links", run->settlement.by_fate[TZ_FATE_LINK]);
    put_row(of, "待复核 to review", run->settlement.by_fate[TZ_FATE_REVIEW]);
    put_row(of, "证号冲突,已切断 conflicting numbers, cut", run->settlement.by_fate[TZ_FATE_CONFLICT]);
    put_row(of, "一对一,另有更好 one to one, a better partner", run->settlement.by_fate[TZ_FATE_TAKEN]);
    put_row(of, "薄弱的桥,已切断 weak bridges, cut", run->settlement.by_fate[TZ_FATE_BRIDGE]);
    put_row(of, "组 clusters", run->settlement.cluster_count);
    put_row(of, "最大的组有几行 rows of the largest cluster", run->settlement.largest);
    tz_buf_puts(&of->out, "</table>\n");
}

static void put_rules(page *of)
{
    const tz_link_run *run = of->run;

    heading(of, "分块规则 Blocking rules");
    note(
        of,
        "先找到:别的规则没有先给出的链接;独有:去掉这条规则就会丢掉的链接。 First: links that no earlier rule gave; alone: links "
        "that would be lost without the rule.");
    tz_buf_puts(
        &of->out,
        "<table><tr><th>规则 rule</th><th>对子 pairs</th><th>最大的块 largest block</th><th>细分 refined</th><th>留下 left</th>"
        "<th>先找到 first</th><th>独有 alone</th></tr>\n");
    for (size_t r = 0; r < run->model.rule_count; r++) {
        const struct tz_blocks_of_rule *own = &run->blocks.rules[r];
        tz_buf_puts(&of->out, "<tr><th>");
        for (size_t c = 0; c < run->model.rules[r].count; c++) {
            tz_svg_text(&of->out, c == 0 ? "" : " + ");
            tz_svg_text(&of->out, tz_model_part_text(&of->mem, &run->table, &run->model.rules[r], c));
        }
        tz_buf_printf(
            &of->out,
            "</th><td>%lld</td><td>%lld</td><td>%lld</td><td>%lld</td><td>%lld</td><td>%lld</td></tr>\n",
            (long long)own->predicted, (long long)own->largest, (long long)own->refined, (long long)own->left,
            (long long)run->links_of_rule[r], (long long)run->alone_of_rule[r]);
    }
    tz_buf_puts(&of->out, "</table>\n");
}

/* ---- The model ---- */

static void put_weights(page *of)
{
    const tz_link_run *run = of->run;

    heading(of, "权重 Match weights");
    note(of, "每一级一致说明多少:以 2 为底的 m/u 对数;相等时按常见值计。 What each level says: log2 of m/u.");
    for (size_t c = 0; c < run->model.comparison_count; c++) {
        const tz_comparison *one = &run->model.comparisons[c];
        size_t count = tz_compare_level_count(one->kind);
        tz_svg_bar bars[TZ_MAX_LEVELS];
        for (size_t level = 1; level < count; level++)
            bars[level - 1] = (tz_svg_bar){
                .label = tz_compare_levels(one->kind)[level - 1],
                .to = run->scorer.weights[c][level],
                .note = tz_arena_printf(&of->mem, "%+.2f", run->scorer.weights[c][level] / 100.0)};
        tz_buf_puts(&of->out, "<h3>");
        tz_svg_text(&of->out, run->table.columns[one->column]);
        tz_buf_printf(&of->out, " <small>%s</small></h3>\n", tz_compare_kind_name(one->kind));
        tz_svg_bars(&of->out, run->table.columns[one->column], bars, count - 1, false);
    }
}

static void put_shares(page *of)
{
    const tz_link_run *run = of->run;

    heading(of, "m 与 u m and u");
    note(
        of,
        "m:同一人的对子中达到这一级的比例;u:不同人的对子中的比例。 m: share of the level among pairs of one person; u: among pairs of two.");
    tz_buf_puts(&of->out,
                "<table><tr><th>列 column</th><th>级 level</th><th>m</th><th>u</th><th></th></tr>\n");
    for (size_t c = 0; c < run->model.comparison_count; c++) {
        const tz_comparison *one = &run->model.comparisons[c];
        for (size_t level = 1; level < tz_compare_level_count(one->kind); level++) {
            tz_buf_puts(&of->out, "<tr><th>");
            tz_svg_text(&of->out, level == 1 ? run->table.columns[one->column] : "");
            tz_buf_printf(
                &of->out,
                "</th><td>%s</td><td>%.6f</td><td>%.8f</td><td><svg width=\"220\" height=\"14\"><rect width=\"%.1f\" height=\"6\" "
                "fill=\"#2a7\"/><rect y=\"7\" width=\"%.1f\" height=\"6\" fill=\"#c43\"/></svg></td></tr>\n",
                tz_compare_levels(one->kind)[level - 1], one->m[level], one->u[level], 220 * one->m[level],
                220 * one->u[level]);
        }
    }
    tz_buf_puts(&of->out, "</table>\n");
}

/* ---- Weights of pairs and rows ---- */

static size_t bin_of(double weight, double low, double high)
{
    double place = (weight - low) / (high - low) * BINS;
    return place < 0 ? 0 : place >= BINS ? BINS - 1 : (size_t)place;
}

static void put_histogram(page *of)
{
    const tz_link_run *run = of->run;
    double low = run->review / 100.0, high = low + 1;
    int64_t counts[BINS] = {0};

    for (size_t i = 0; i < run->founds.count; i++)
        high = fmax(high, run->founds.items[i].weight / 100.0 + 0.01);
    for (size_t i = 0; i < run->founds.count; i++)
        counts[bin_of(run->founds.items[i].weight / 100.0, low, high)]++;
    heading(of, "对子的权重 Weights of pairs");
    note(
        of,
        tz_arena_printf(
            &of->mem,
            "达到复核线 %.2f 的对子;链接从 %.2f 起。高度按对数。 Pairs from the review threshold %.2f on; links begin at "
            "%.2f. Heights are logarithms.",
            low, run->least / 100.0, low, run->least / 100.0));
    tz_svg_columns(&of->out, "weights", "log2", low, high, counts, BINS);
}

static void put_unlinkable(page *of)
{
    const tz_link_run *run = of->run;
    tz_svg_point points[STEPS];
    int64_t under[STEPS] = {0}, unlinkable = 0;
    double high = 40;

    for (uint32_t i = 0; i < run->table.count; i++) {
        int32_t best = tz_score_itself(&run->scorer, i);
        double step = (best / 100.0 + 10) / (high + 10) * (STEPS - 1);
        unlinkable += best < run->least;
        if (step < STEPS - 1)
            under[step < 0 ? 0 : (size_t)step + 1]++;
    }
    int64_t sum = 0;
    for (size_t k = 0; k < STEPS; k++) {
        sum += under[k];
        points[k] = (tz_svg_point){-10 + (high + 10) * (double)k / (STEPS - 1),
                                   (double)sum / (double)run->table.count};
    }
    heading(of, "无法链接的行 Unlinkable rows");
    note(
        of,
        tz_arena_printf(
            &of->mem,
            "与自己的副本相比也达不到链接线的行:%lld。曲线:若链接线在此,这样的行占多少。 Rows that would not be linked with "
            "their own copy: %lld. The line: their share for each threshold.",
            (long long)unlinkable, (long long)unlinkable));
    tz_svg_lines(&of->out, "unlinkable", "log2", -10, high,
                 &(tz_svg_line){"占比 share", "#38b", points, STEPS}, 1);
}

/* ---- Against the truth ---- */

static void put_truth(page *of)
{
    const tz_link_run *run = of->run;
    tz_svg_point precision[STEPS], recall[STEPS];
    int64_t links[STEPS + 1] = {0}, right[STEPS + 1] = {0}, linked = 0, correct = 0;
    double low = run->review / 100.0, high = low + 1;

    for (size_t i = 0; i < run->founds.count; i++)
        high = fmax(high, run->founds.items[i].weight / 100.0);
    for (size_t i = 0; i < run->founds.count; i++) {
        const tz_found *pair = &run->founds.items[i];
        size_t step = (size_t)((pair->weight / 100.0 - low) / (high - low) * (STEPS - 1));
        links[step]++;
        right[step] += tz_run_is_true(run, pair->a, pair->b);
    }
    for (size_t k = STEPS; k-- > 0;) {
        double at = low + (high - low) * (double)k / (STEPS - 1);
        linked += links[k];
        correct += right[k];
        precision[k] = (tz_svg_point){at, linked == 0 ? 1 : (double)correct / (double)linked};
        recall[k] =
            (tz_svg_point){at, run->by_pair.pairs == 0 ? 1 : (double)correct / (double)run->by_pair.pairs};
    }
    heading(of, "查准率与查全率 Precision and recall");
    note(
        of,
        tz_arena_printf(
            &of->mem,
            "现在的链接线 %.2f:对子 %lld 对中 %lld 对正确,真有 %lld 对;分组内 %lld 对中 %lld 对正确。 At the present threshold "
            "%lld of %lld links are right, of %lld there are; within clusters %lld of %lld pairs.",
            run->least / 100.0, (long long)run->by_pair.links, (long long)run->by_pair.right,
            (long long)run->by_pair.pairs, (long long)run->by_cluster.links, (long long)run->by_cluster.right,
            (long long)run->by_pair.right, (long long)run->by_pair.links, (long long)run->by_pair.pairs,
            (long long)run->by_cluster.right, (long long)run->by_cluster.links));
    const tz_svg_line lines[] = {{"查准 precision", "#2a7", precision, STEPS},
                                 {"查全 recall", "#c43", recall, STEPS}};
    tz_svg_lines(&of->out, "truth", "log2", low, high, lines, 2);
}

tz_rc tz_run_chart(tz_link_run *run, tz_err *err)
{
    page of = {.run = run};

    of.out = tz_buf_init(&of.mem, 0);
    tz_buf_puts(
        &of.out,
        "<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>链接图表 Linkage charts</title>\n<style>body{font:15px/1.6 "
        "sans-serif;max-width:820px;margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse}th,td{padding:2px "
        "10px;text-align:right;border-bottom:1px solid #ddd}th{text-align:left;font-weight:500}svg{max-width:100%}h2{margin-top:2em}"
        "</style></head><body>\n<h1>链接图表 Linkage charts</h1>\n");
    put_summary(&of);
    put_rules(&of);
    if (run->has_truth)
        put_truth(&of);
    put_histogram(&of);
    put_unlinkable(&of);
    put_weights(&of);
    put_shares(&of);
    tz_buf_puts(&of.out, "</body></html>\n");
    tz_rc rc = tz_file_write(run->options->chart_out, tz_buf_text(&of.out), 0644, err);
    tz_arena_free(&of.mem);
    return rc;
}
