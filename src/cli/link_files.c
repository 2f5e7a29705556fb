#include "cli/link_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "people/engine.h"

static const tz_list_column FILES_COLUMNS[] = {
    {"rows", "行|rows", true},         {"pairs", "比对|pairs", true},
    {"links", "链接|links", true},     {"review", "待复核|to review", true},
    {"clusters", "组|clusters", true}, {"conflicts", "冲突|conflicts", true},
    {"bridges", "切断|cut", true},     {NULL, NULL, false},
};
static const tz_list_column TRUTH_COLUMNS[] = {
    {"links", "链接|links", true},
    {"truth.pairs.precision", "对子查准率|precision of pairs", true},
    {"truth.pairs.recall", "对子查全率|recall of pairs", true},
    {"truth.pairs.f1", "F1", true},
    {"truth.clusters.precision", "分组查准率|precision of clusters", true},
    {"truth.clusters.recall", "分组查全率|recall of clusters", true},
    {"truth.clusters.f1", "F1", true},
    {NULL, NULL, false},
};
static const tz_list_column PLAN_COLUMNS[] = {
    {"columns", "分块列|columns", false},
    {"predicted", "对子|pairs", true},
    {"largest", "最大的块|largest block", true},
    {"refined", "细分|refined", true},
    {"left", "留下|left", true},
    {NULL, NULL, false},
};
static const tz_list_column PART_COLUMNS[] = {
    {"column", "列|column", false},
    {"level", "比较结果|level", false},
    {"weight", "权重|weight", true},
    {"bar", " ", false},
    {NULL, NULL, false},
};

/* What stands beside the result: links.csv, links.model.yaml. */
static const char *beside(tz_cli *cli, const char *out, const char *tail)
{
    const char *base = tz_file_base(out), *dot = strrchr(base, '.');
    int size = (int)(dot == NULL ? strlen(out) : (size_t)(dot - out));
    return tz_arena_printf(&cli->mem, "%.*s%s", size, out, tail);
}

static const char *join_columns(tz_cli *cli, const json_t *columns)
{
    tz_buf out = tz_buf_init(&cli->mem, 0);
    json_t *column;
    size_t i;

    json_array_foreach (columns, i, column)
        tz_buf_printf(&out, "%s%s", i == 0 ? "" : " + ", json_string_value(column));
    return tz_buf_str(&out);
}

/* ---- Linking ---- */

static void say_rules(tz_cli *cli, const json_t *rules)
{
    json_t *rule;
    size_t i;

    json_array_foreach (rules, i, rule) {
        const char *columns = join_columns(cli, json_object_get(rule, "columns"));
        tz_cli_note(cli, "分块 %s:%lld 对,%lld 条链接由它先找到,%lld 条只有它找到",
                    "blocked on %s: %lld pairs, %lld links found by it first, %lld by no other", columns,
                    (long long)tz_json_int(rule, "predicted", 0), (long long)tz_json_int(rule, "links", 0),
                    (long long)tz_json_int(rule, "alone", 0));
        if (tz_json_int(rule, "refined", 0) > 0)
            tz_cli_note(
                cli, "  %lld 个过大的块(最大的 %lld 对)按下一条规则细分,其中 %lld 个有行留给其他规则",
                "  %lld blocks were too large (the largest: %lld pairs) and cut by the next rule; %lld left records to other rules",
                (long long)tz_json_int(rule, "refined", 0), (long long)tz_json_int(rule, "largest", 0),
                (long long)tz_json_int(rule, "left", 0));
    }
}

static void say_summary(tz_cli *cli, const json_t *summary, const tz_link_files_options *options)
{
    json_t *one;
    size_t i;

    json_array_foreach (json_object_get(summary, "comparisons"), i, one)
        tz_cli_note(cli, "比较 %s:%s", "compared %s as %s", tz_json_str(one, "column"),
                    tz_json_str(one, "kind"));
    say_rules(cli, json_object_get(summary, "blocking"));
    if (tz_json_int(summary, "rounds", 0) > 0)
        tz_cli_note(cli, "模型已写入 %s", "the model is in %s", options->model_out);
    if (!json_is_true(json_object_get(summary, "is_settled")))
        tz_cli_note(cli, "注意:模型没有收敛,结果仅供参考",
                    "note: the model did not settle; take its result with care");
    json_array_foreach (json_object_get(summary, "unlearnt"), i, one)
        tz_cli_note(cli, "注意:%s 列两边都有值的对子太少,权重未能学到",
                    "note: too few pairs have a value in %s to learn its weights", json_string_value(one));
    tz_cli_note(cli, "待复核和被切断的链接:%s;图表:%s",
                "links to review and links that were cut: %s; charts: %s", options->review_out,
                options->chart_out);
}

static tz_rc link_all(tz_cli *cli, tz_link_files_options *options, tz_err *err)
{
    tz_rc rc = TZ_OK;
    json_t *summary = NULL, *list = NULL;

    if (options->out_path == NULL)
        return tz_cli_usage(cli, err);
    options->model_out = beside(cli, options->out_path, ".model.yaml");
    options->counts_out = beside(cli, options->out_path, ".counts.csv");
    options->review_out = beside(cli, options->out_path, ".review.csv");
    options->chart_out = beside(cli, options->out_path, ".html");
    TZ_TRY(tz_link_files(&cli->app, options, &summary, err));
    tz_cli_progress_clear(cli);
    say_summary(cli, summary, options);
    list = json_pack("[O]", summary);
    TZ_TRY(tz_cli_list(cli, list, FILES_COLUMNS, err));
    if (options->truth_column != NULL && !tz_cli_is_machine(cli))
        TZ_TRY(tz_cli_list(cli, list, TRUTH_COLUMNS, err));
done:
    json_decref(list);
    json_decref(summary);
    return rc;
}

/* ---- Before and after ---- */

/* The blocking rules and what they would cost, before anything is compared. */
static tz_rc plan(tz_cli *cli, const tz_link_files_options *options, tz_err *err)
{
    tz_rc rc = TZ_OK;
    json_t *found = NULL, *rule;
    size_t i;

    TZ_TRY(tz_link_files_plan(&cli->app, options, &found, err));
    tz_cli_progress_clear(cli);
    json_array_foreach (json_object_get(found, "blocking"), i, rule)
        tz_json_set_str(rule, "columns", join_columns(cli, json_object_get(rule, "columns")));
    TZ_TRY(tz_cli_list(cli, json_object_get(found, "blocking"), PLAN_COLUMNS, err));
done:
    json_decref(found);
    return rc;
}

const char *tz_cli_weight_bar(tz_cli *cli, double weight)
{
    tz_buf out = tz_buf_init(&cli->mem, 0);
    int length = (int)(weight < 0 ? 0.5 - weight : weight + 0.5);

    for (int i = 0; i < length && i < 40; i++)
        tz_buf_puts(&out, weight < 0 ? "-" : "+");
    return tz_buf_str(&out);
}

static tz_rc explain(tz_cli *cli, const tz_link_files_options *options, tz_err *err)
{
    tz_rc rc = TZ_OK;
    json_t *why = NULL, *part, *list = NULL;
    const char *first = tz_cli_get(cli, "--pair"), *second = tz_cli_get(cli, "--with");
    size_t i;

    if (second == NULL || options->model_path == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_link_files_explain(&cli->app, options, first, second, options->out_path, &why, err));
    tz_cli_progress_clear(cli);
    if (tz_cli_is_machine(cli)) {
        list = json_pack("[O]", why);
        TZ_TRY(tz_cli_list(cli, list, PART_COLUMNS, err));
        goto done;
    }
    part = json_pack("{s:s, s:s, s:s}", "column", "", "level", cli->app.lang == TZ_ZH ? "先验" : "prior",
                     "weight", tz_json_str(why, "prior"));
    (void)json_array_insert_new(json_object_get(why, "parts"), 0, part);
    json_array_foreach (json_object_get(why, "parts"), i, part)
        tz_json_set_str(part, "bar", tz_cli_weight_bar(cli, strtod(tz_json_str(part, "weight"), NULL)));
    tz_cli_say(cli, "%s", "%s", tz_json_str(why, "sentence"));
    TZ_TRY(tz_cli_list(cli, json_object_get(why, "parts"), PART_COLUMNS, err));
done:
    json_decref(list);
    json_decref(why);
    return rc;
}

tz_rc tz_cli_link_files(tz_cli *cli, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_link_files_options options = {.id_column = tz_cli_get(cli, "--id"),
                                     .model_path = tz_cli_get(cli, "--model"),
                                     .truth_column = tz_cli_get(cli, "--truth"),
                                     .divisions_path = tz_cli_get(cli, "--divisions"),
                                     .out_path = tz_cli_get(cli, "-o")};

    if (cli->args.count < 1 || cli->args.count > 2 || options.id_column == NULL)
        return tz_cli_usage(cli, err);
    options.a_path = cli->args.items[0];
    options.b_path = cli->args.count == 2 ? cli->args.items[1] : NULL;
    options.known_links = tz_cli_get(cli, "--add");
    if (options.known_links != NULL) {
        options.known_review = beside(cli, options.known_links, ".review.csv");
        if (options.b_path == NULL || options.model_path == NULL)
            return tz_cli_usage(cli, err);
    }
    TZ_TRY(tz_cli_int(cli, "--memory", 0, &options.memory_mb, err));
    TZ_TRY(tz_cli_int(cli, "--threads", 0, &options.threads, err));
    if (options.memory_mb < 0 || options.threads < 0)
        return tz_cli_usage(cli, err);
    if (tz_cli_get(cli, "--plan") != NULL)
        rc = plan(cli, &options, err);
    else if (tz_cli_get(cli, "--pair") != NULL)
        rc = explain(cli, &options, err);
    else
        rc = link_all(cli, &options, err);
done:
    return rc;
}
