/* taizhang link: who is who. */
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "people/engine.h"
#include "people/link.h"

static const tz_list_column SUMMARY_COLUMNS[] = {
    {"run", "次|run", true},           {"rows", "行|rows", true},       {"persons", "人|persons", true},
    {"households", "户|households", true}, {"linked", "已关联行|linked rows", true},
    {"repaired", "修复证号|repaired", true}, {"conflicts", "冲突|conflicts", true},
    {"review", "待复核|to review", true}, {NULL, NULL, false},
};
static const tz_list_column EXPLAIN_COLUMNS[] = {
    {"verdict", "结论|verdict", false}, {"weight", "权重|weight", true}, {"sentence", "说明|why", false},
    {NULL, NULL, false},
};
static const tz_list_column REVIEW_COLUMNS[] = {
    {"row_a", "行甲|row a", true}, {"row_b", "行乙|row b", true}, {"weight", "权重|weight", true},
    {"sentence", "说明|why", false}, {NULL, NULL, false},
};

static tz_rc explain(tz_cli *cli, tz_session *session, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t a = 0, b = 0;
    json_t *rows = NULL, *list = NULL;

    if (cli->args.count != 2)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_row_parse(session->store, cli->args.items[0], &a, err));
    TZ_TRY(tz_row_parse(session->store, cli->args.items[1], &b, err));
    const char *decide = tz_cli_get(cli, "--decide");
    if (decide != NULL) {
        const char *why = tz_cli_get(cli, "--why");
        bool        is_same = strcmp(decide, "same") == 0;
        if (why == NULL || (!is_same && strcmp(decide, "different") != 0)) {
            rc = tz_cli_usage(cli, err);
            goto done;
        }
        TZ_TRY(tz_link_decide(session->store, session->packs, a, b, is_same, why, err));
        tz_cli_say(cli, "已记入;下次关联时生效。", "noted; it holds from the next link on.");
        goto done;
    }
    TZ_TRY(tz_link_explain(&cli->mem, session->store, session->packs, a, b, true, &rows, err));
    list = json_is_array(rows) ? json_incref(rows) : json_pack("[O]", rows);
    TZ_TRY(tz_cli_list(cli, list, EXPLAIN_COLUMNS, err));
done:
    json_decref(list);
    json_decref(rows);
    return rc;
}

/* The model stands beside the result: links.csv, links.model.yaml. */
static const char *model_beside(tz_cli *cli, const char *out)
{
    const char *base = tz_file_base(out), *dot = strrchr(base, '.');
    int         size = (int)(dot == NULL ? strlen(out) : (size_t)(dot - out));
    return tz_arena_printf(&cli->mem, "%.*s.model.yaml", size, out);
}

static void say_files(const tz_cli *cli, const json_t *summary, const tz_link_files_options *options)
{
    json_t *rule;
    size_t  i;

    json_array_foreach(json_object_get(summary, "comparisons"), i, rule)
        tz_cli_note(cli, "比较 %s:%s", "compared %s as %s", tz_json_str(rule, "column"), tz_json_str(rule, "kind"));
    json_array_foreach(json_object_get(summary, "blocking"), i, rule) {
        json_t *second = json_array_get(rule, 1);
        tz_cli_note(cli, "分块 %s%s%s", "blocked on %s%s%s", json_string_value(json_array_get(rule, 0)), second == NULL ? "" : " + ",
                    second == NULL ? "" : json_string_value(second));
    }
    if (tz_json_int(summary, "left_blocks", 0) > 0)
        tz_cli_note(cli, "%lld 个过大的块留给其他规则", "%lld blocks were too large and left to other rules",
                    (long long)tz_json_int(summary, "left_blocks", 0));
    if (options->model_path == NULL) {
        tz_cli_note(cli, "模型已写入 %s", "the model is in %s", options->model_out);
        if (!json_is_true(json_object_get(summary, "is_settled")))
            tz_cli_note(cli, "注意:模型没有收敛,结果仅供参考", "note: the model did not settle; take its result with care");
    }
}

static const tz_list_column FILES_COLUMNS[] = {
    {"rows", "行|rows", true},   {"pairs", "比对|pairs", true},       {"links", "链接|links", true},
    {"clusters", "组|clusters", true}, {"conflicts", "冲突|conflicts", true}, {NULL, NULL, false},
};

static tz_rc link_files(tz_cli *cli, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *summary = NULL, *list = NULL;
    tz_link_files_options options = {.id_column = tz_cli_get(cli, "--id"), .model_path = tz_cli_get(cli, "--model"),
                                     .out_path = tz_cli_get(cli, "-o")};

    if (cli->args.count < 1 || cli->args.count > 2 || options.id_column == NULL || options.out_path == NULL)
        return tz_cli_usage(cli, err);
    options.a_path = cli->args.items[0];
    options.b_path = cli->args.count == 2 ? cli->args.items[1] : NULL;
    options.model_out = model_beside(cli, options.out_path);
    TZ_TRY(tz_cli_int(cli, "--memory", 0, &options.memory_mb, err));
    TZ_TRY(tz_link_files(&cli->app, &options, &summary, err));
    tz_cli_progress_clear(cli);
    say_files(cli, summary, &options);
    list = json_pack("[O]", summary);
    TZ_TRY(tz_cli_list(cli, list, FILES_COLUMNS, err));
done:
    json_decref(list);
    json_decref(summary);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL, *list = NULL;
    bool        is_review = tz_cli_get(cli, "--review") != NULL;
    bool        is_explain = tz_cli_get(cli, "--explain") != NULL || tz_cli_get(cli, "--decide") != NULL;
    bool        is_reading = is_review || (is_explain && tz_cli_get(cli, "--decide") == NULL);

    if (tz_cli_get(cli, "--files") != NULL)
        return link_files(cli, err);
    TZ_TRY(tz_cli_open(cli, is_reading ? TZ_READ : TZ_WRITE, &session, err));
    if (is_explain) {
        rc = explain(cli, session, err);
        goto done;
    }
    if (is_review)
        TZ_TRY(tz_link_review(&cli->mem, session->store, session->packs, true, &rows, err));
    else
        TZ_TRY(tz_link(&cli->mem, session->store, session->packs, &rows, err));
    list = json_is_array(rows) ? json_incref(rows) : json_pack("[O]", rows);
    TZ_TRY(tz_cli_list(cli, list, is_review ? REVIEW_COLUMNS : SUMMARY_COLUMNS, err));
done:
    json_decref(list);
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--explain", NULL, "说明两行为什么是或不是同一人|say why two rows are one person, or not"},
    {"--review", NULL, "列出待人工复核的对子|list the pairs that wait for a person"},
    {"--decide", "same|different", "人工判定两行,以此为准|decide about two rows; it always wins"},
    {"--why", "TEXT", "判定的理由|the reason of a decision"},
    {"--files", NULL, "关联任意一两个表格文件|link any one or two files"},
    {"--id", "COLUMN", "文件中的编号列|the files' id column"},
    {"--model", "M.yaml", "用这个模型;没有就自动提出|use this model; without one it is proposed"},
    {"--memory", "MB", "链接占用内存上限|memory for links"},
    {"-o", "LINKS.csv", "结果写到这里|write the links here"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_LINK = {
    .name = "link",
    .usage =
        "[--explain ROW ROW | --review | --decide same|different ROW ROW --why TEXT | "
        "--files A.csv [B.csv] --id COLUMN [--model M.yaml] -o LINKS.csv]",
    .summary = "跨名册找到同一个人,并说明理由|find the same person in every register, with the reason",
    .details =
        "行写作 名册/批次/表/行,如 residents/3/1/120。|A row is REGISTER/BATCH/SHEET/ROW, such as residents/3/1/120.",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
