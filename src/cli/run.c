/* taizhang run: the whole chain. */
#include "cli/cli.h"
#include "cli/commands.h"

static const tz_option OPTIONS[] = {
    {"--register", "NAME", "指定名册,不自动识别|take the files as this register"},
    {"--as-of", "DATE", "数据时点|the date that the data describe"},
    {"--from", "UNIT", "报送单位|the unit that sent them"},
    {"--mapping", "FILE", "列对应表 mapping.yaml|a mapping.yaml that fixes columns"},
    {"-o", "FILE", "报告写到这里(html)|write the report here (html)"},
    {"--json", NULL, "输出 JSON|print JSON"},
    {NULL, NULL, NULL},
};

static void say_batches(const tz_cli *cli, const json_t *batches)
{
    int64_t rows = 0, accepted = 0, quarantined = 0, fresh = 0, known = 0, refused = 0;
    size_t  i;
    json_t *batch;

    json_array_foreach((json_t *)batches, i, batch) {
        const json_t *account = json_object_get(batch, "account");
        const char   *refusal = tz_json_str(batch, "refused");
        const char   *state = tz_json_str(batch, "state");
        if (refusal != NULL) {
            refused++;
            tz_cli_note(cli, "退回 %s", "refused %s", refusal); /* it begins with the file's name */
            continue;
        }
        if (state != NULL && state[0] == 'k')
            known++;
        else
            fresh++;
        rows += tz_json_int(account, "rows", 0);
        accepted += tz_json_int(account, "accepted", 0);
        quarantined += tz_json_int(account, "quarantined", 0);
    }
    tz_cli_say(cli, "入账  新表 %lld 张,已知 %lld 张,退回 %lld 份;共 %lld 行,入账 %lld 行,待更正 %lld 行",
               "import  %lld new sheets, %lld known, %lld refused; %lld rows, %lld accepted, %lld to correct",
               (long long)fresh, (long long)known, (long long)refused, (long long)rows, (long long)accepted,
               (long long)quarantined);
}

static void say_people(const tz_cli *cli, const json_t *link)
{
    tz_cli_say(cli, "关联  %lld 行 → %lld 人、%lld 户;修复证号 %lld 处,冲突 %lld 处,待复核 %lld 对",
               "link    %lld rows -> %lld persons, %lld households; %lld numbers repaired, %lld conflicts, %lld to review",
               (long long)tz_json_int(link, "rows", 0), (long long)tz_json_int(link, "persons", 0),
               (long long)tz_json_int(link, "households", 0), (long long)tz_json_int(link, "repaired", 0),
               (long long)tz_json_int(link, "conflicts", 0), (long long)tz_json_int(link, "review", 0));
}

static void say_checks(const tz_cli *cli, const json_t *checks)
{
    int64_t raised = 0, kept = 0, cleared = 0, ran = 0, blind = 0;
    size_t  i;
    json_t *check;

    json_array_foreach((json_t *)checks, i, check) {
        const char *state = tz_json_str(check, "state");
        if (state != NULL && state[0] == 'r')
            ran++;
        else
            blind++;
        raised += tz_json_int(check, "raised", 0);
        kept += tz_json_int(check, "kept", 0);
        cleared += tz_json_int(check, "cleared", 0);
    }
    tz_cli_say(cli, "规则  运行 %lld 条,未评估 %lld 条;疑点:新增 %lld,持续 %lld,消除 %lld",
               "checks  %lld ran, %lld not evaluated; findings: %lld raised, %lld kept, %lld cleared", (long long)ran,
               (long long)blind, (long long)raised, (long long)kept, (long long)cleared);
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_session       *session = NULL;
    json_t           *summary = NULL;
    tz_import_options options;

    if (cli->args.count == 0)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_import_options(cli, &options, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_flow_run(session, cli->args.items, cli->args.count, &options, tz_cli_get(cli, "-o"), &summary, err));
    tz_cli_progress_clear(cli);
    if (tz_json_int(summary, "refused", 0) > 0)
        cli->exit_status = 3;
    if (tz_cli_get(cli, "--json") != NULL) {
        json_t *one = json_pack("[O]", summary);
        rc = tz_cli_list(cli, one, NULL, err);
        json_decref(one);
        goto done;
    }
    say_batches(cli, json_object_get(summary, "batches"));
    if (tz_json_str(summary, "report") == NULL)
        goto done;
    if (json_is_false(json_object_get(summary, "changed"))) {
        tz_cli_say(cli, "没有新内容:结果与上次相同。", "nothing is new: the results are the same as before.");
    } else {
        say_people(cli, json_object_get(summary, "link"));
        say_checks(cli, json_object_get(summary, "checks"));
        tz_cli_say(cli, "台账  新立问题 %zu 个", "ledger  %zu issues opened",
                   json_array_size(json_object_get(summary, "opened")));
    }
    tz_cli_say(cli, "报告  %s", "report  %s", tz_json_str(summary, "report"));
done:
    json_decref(summary);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_RUN = {
    .name = "run",
    .usage = "FILE|FOLDER… [-o FILE]",
    .summary = "一条龙:入账、关联、检查、立账、出报告|import, link, check, open issues, report",
    .details = "同样的文件再跑一次不会改变任何结果。\n示例:taizhang -C 县 run 各部门报表/|"
               "The same files once more change nothing.\nExample: taizhang -C DIR run FOLDER",
    .options = OPTIONS,
    .run = run,
};
