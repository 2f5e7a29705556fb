/* taizhang batch: the batches that are in, and what changed from one to another. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"

static const tz_list_column LIST_COLUMNS[] = {
    {"batch", "批次|batch", true},       {"register", "名册|register", false}, {"sender", "单位|unit", false},
    {"period", "期次|period", false},    {"as_of", "时点|as of", false},       {"accepted", "入账|accepted", true},
    {"quarantined", "待更正|to correct", true}, {"corrects", "更正|corrects", true}, {"state", "状态|state", false},
    {"file", "文件|file", false},        {NULL, NULL, false},
};

static const tz_list_column DIFF_COLUMNS[] = {
    {"change", "变化|change", false},       {"key", "主键|key", false},           {"before.row", "原行|row before", true},
    {"after.row", "现行|row after", true},  {"column", "列|column", false},       {"from", "原值|from", false},
    {"to", "现值|to", false},               {NULL, NULL, false},
};

static tz_rc diff(tz_cli *cli, tz_session *session, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t before = 0, after = 0;
    json_t *lines = NULL;

    TZ_TRY(tz_cli_number(cli->args.items[1], &before, err));
    TZ_TRY(tz_cli_number(cli->args.items[2], &after, err));
    TZ_TRY(tz_batch_diff(&cli->mem, session->store, session->packs, before, after, &lines, err));
    if (json_array_size(lines) == 0 && !tz_cli_is_machine(cli))
        tz_cli_say(cli, "两个批次的行相同。", "the rows of the two batches are the same.");
    else
        rc = tz_cli_list(cli, lines, DIFF_COLUMNS, err);
done:
    json_decref(lines);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    bool        is_list = cli->args.count == 1 && strcmp(cli->args.items[0], "list") == 0;
    bool        is_diff = cli->args.count == 3 && strcmp(cli->args.items[0], "diff") == 0;

    if (!is_list && !is_diff)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    if (is_diff) {
        rc = diff(cli, session, err);
        goto done;
    }
    TZ_TRY(tz_batch_list(session->store, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, LIST_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_BATCH = {
    .name = "batch",
    .usage = "list | diff BATCH BATCH",
    .summary = "列出批次,比较两个批次|list batches, compare two of a register",
    .details = "diff 按主键和期次对行:多了哪些、少了哪些、哪些格变了。个人信息遮盖显示。|"
               "diff matches rows by key and period: what was added, removed, changed. Personal values are masked.",
    .is_listing = true,
    .run = run,
};
