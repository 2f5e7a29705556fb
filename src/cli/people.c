/* taizhang link: who is who. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/link_files.h"
#include "people/link.h"

static const tz_list_column SUMMARY_COLUMNS[] = {
    {"run", "次|run", true},           {"rows", "行|rows", true},       {"persons", "人|persons", true},
    {"households", "户|households", true}, {"linked", "已关联行|linked rows", true},
    {"repaired", "修复证号|repaired", true}, {"likely", "按模型|by the model", true}, {"conflicts", "冲突|conflicts", true},
    {"review", "待复核|to review", true}, {NULL, NULL, false},
};
static const tz_list_column WEIGHT_COLUMNS[] = {
    {"comparison", "比较|comparison", false}, {"level", "结果|level", false}, {"m", "同一人|m", true}, {"u", "不同人|u", true},
    {"weight", "权重|weight", true}, {NULL, NULL, false},
};
static const tz_list_column EXPLAIN_COLUMNS[] = {
    {"verdict", "结论|verdict", false}, {"weight", "权重|weight", true}, {"sentence", "说明|why", false},
    {NULL, NULL, false},
};
static const tz_list_column PART_COLUMNS[] = {
    {"comparison", "比较|comparison", false}, {"level", "结果|level", false}, {"weight", "权重|weight", true}, {"bar", " ", false},
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
    json_t *rows = NULL, *list = NULL, *part;
    size_t  i;

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
    TZ_TRY(tz_link_explain(&cli->mem, session->store, session->packs, a, b, &rows, err));
    list = json_is_array(rows) ? json_incref(rows) : json_pack("[O]", rows);
    TZ_TRY(tz_cli_list(cli, list, EXPLAIN_COLUMNS, err));
    if (tz_cli_get(cli, "-o") != NULL)
        TZ_TRY(tz_link_draw(json_array_get(list, 0), tz_cli_get(cli, "-o"), err));
    if (tz_cli_is_machine(cli))
        goto done;
    json_array_foreach(json_object_get(json_array_get(list, 0), "parts"), i, part)
        tz_json_set_str(part, "bar", tz_cli_weight_bar(cli, strtod(tz_json_str(part, "weight"), NULL)));
    TZ_TRY(tz_cli_list(cli, json_object_get(json_array_get(list, 0), "parts"), PART_COLUMNS, err));
done:
    json_decref(list);
    json_decref(rows);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL, *list = NULL;
    bool        is_review = tz_cli_get(cli, "--review") != NULL;
    bool        is_explain = tz_cli_get(cli, "--explain") != NULL || tz_cli_get(cli, "--decide") != NULL;
    bool        is_weights = tz_cli_get(cli, "--weights") != NULL;
    bool        is_reading = is_review || is_weights || (is_explain && tz_cli_get(cli, "--decide") == NULL);

    if (tz_cli_get(cli, "--files") != NULL)
        return tz_cli_link_files(cli, err);
    TZ_TRY(tz_cli_open(cli, is_reading ? TZ_READ : TZ_WRITE, &session, err));
    if (is_explain) {
        rc = explain(cli, session, err);
        goto done;
    }
    if (is_weights)
        TZ_TRY(tz_link_weights(&cli->mem, session->store, &rows, err));
    else if (tz_cli_get(cli, "--train") != NULL)
        TZ_TRY(tz_link_train(session->store, session->packs, &rows, err));
    else if (is_review)
        TZ_TRY(tz_link_review(&cli->mem, session->store, session->packs, &rows, err));
    else
        TZ_TRY(tz_link(session->store, session->packs, &rows, err));
    list = json_is_array(rows) ? json_incref(rows) : json_pack("[O]", rows);
    TZ_TRY(tz_cli_list(cli, list, is_weights ? WEIGHT_COLUMNS : is_review ? REVIEW_COLUMNS : SUMMARY_COLUMNS, err));
done:
    json_decref(list);
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--explain", NULL, "说明两行为什么是或不是同一人|say why two rows are one person, or not"},
    {"--review", NULL, "列出待人工复核的对子|list the pairs that wait for a person"},
    {"--train", NULL, "重新学习关联模型再关联|learn the model of linkage anew, then link"},
    {"--weights", NULL, "列出现用模型|list the model in use"},
    {"--decide", "same|different", "人工判定两行,以此为准|decide about two rows; it always wins"},
    {"--why", "TEXT", "判定的理由|the reason of a decision"},
    {"--files", NULL, "关联任意一两个表格文件|link any one or two files"},
    {"--id", "COLUMN", "文件中的编号列|the files' id column"},
    {"--model", "M.yaml", "用这个模型;没有就自动提出|use this model; without one it is proposed"},
    {"--add", "LINKS.csv",
     "第二个文件是新的一批;第一个文件的链接在此,不再比对|the second file is a new batch; the links of the first are here, not looked for again"},
    {"--plan", NULL, "只列出分块规则及各自的对子数|only list the blocking rules and the pairs of each"},
    {"--truth", "COLUMN", "注明真实身份的列,只用来衡量结果|the column that says who a row is, only to measure the result"},
    {"--pair", "ID", "说明文件中的这一行与 --with 那一行|say why this row of the files and that of --with are one person, or not"},
    {"--with", "ID", "另一行;两个文件时属第二个|the other row; of two files it is of the second"},
    {"--divisions", "DIVISIONS.tsv", "按这张区划表认地址,如县目录里的|read addresses by this table of divisions, such as a county's"},
    {"--memory", "MB", "占用内存上限,默认 4096|the memory that may be used, 4096 if not given"},
    {"--threads", "N", "线程数,默认等于处理器数|threads, if not given one a processor"},
    {"-o", "LINKS.csv", "链接写到这里;配合 --explain 或 --pair 是图|write the links here; with --explain or --pair a picture"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_LINK = {
    .name = "link",
    .usage =
        "[--explain ROW ROW [-o PAIR.svg] | --review | --train | --weights | --decide same|different ROW ROW --why TEXT | "
        "--files A.csv [B.csv] --id COLUMN [--model M.yaml] [--add LINKS.csv] (-o LINKS.csv | --plan | --pair ID --with ID [-o PAIR.svg])]",
    .summary = "跨名册找到同一个人,并说明理由|find the same person in every register, with the reason",
    .details =
        "行写作 名册/批次/表/行,如 residents/3/1/120。|A row is REGISTER/BATCH/SHEET/ROW, such as residents/3/1/120.",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
