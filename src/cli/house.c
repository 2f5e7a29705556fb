/* taizhang verify, rebuild, config: the county's own house. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "store/journal.h"

static const tz_list_column PROBLEM_COLUMNS[] = {
    {"kind", "类别|kind", false}, {"where", "何处|where", false}, {"text", "问题|problem", false}, {NULL, NULL, false},
};

static json_t *verification_json(tz_lang lang, const tz_verification *result)
{
    char    root[TZ_SM3_HEX];
    json_t *problems = json_array();

    tz_digest_hex(&result->root, root);
    for (size_t i = 0; i < result->problems.count; i++) {
        const tz_problem *problem = &result->problems.items[i];
        json_t *line = json_object();
        tz_json_set_str(line, "kind", problem->kind);
        tz_json_set_str(line, "where", problem->where);
        tz_json_set_str(line, "text", lang == TZ_ZH ? problem->zh : problem->en);
        (void)json_array_append_new(problems, line);
    }
    return json_pack("{s:b, s:I, s:I, s:s, s:o}", "ok", result->problems.count == 0, "entries",
                     (json_int_t)result->entries, "erased", (json_int_t)result->erased, "root", root, "problems", problems);
}

static tz_rc run_verify(tz_cli *cli, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    json_t         *one = NULL, *list = NULL;
    tz_verification result = {0};

    TZ_TRY(tz_flow_verify(&cli->mem, &cli->app, cli->folder, tz_cli_get(cli, "--quick") != NULL ? TZ_VERIFY_QUICK : TZ_VERIFY_ALL,
                          &result, err));
    one = verification_json(cli->app.lang, &result);
    if (result.problems.count > 0)
        cli->exit_status = 1;
    if (tz_cli_get(cli, "--json") != NULL) {
        list = json_pack("[O]", one);
        TZ_TRY(tz_cli_list(cli, list, NULL, err));
        goto done;
    }
    if (result.problems.count > 0)
        TZ_TRY(tz_cli_list(cli, json_object_get(one, "problems"), PROBLEM_COLUMNS, err));
    if (result.erased > 0)
        tz_cli_say(cli, "依令删除 %lld 处;taizhang erase list 列出文号", "erased by order: %lld values; taizhang erase list names the orders",
                   (long long)result.erased);
    if (result.unswept > 0)
        tz_cli_say(cli, "其中 %lld 个文件还在,任一写命令会清除", "%lld files of these are still there; any command that writes removes them",
                   (long long)result.unswept);
    tz_cli_say(cli, "存证日志 %lld 条,根 %s:%s", "journal of %lld entries, root %s: %s", (long long)result.entries,
               tz_json_str(one, "root"),
               cli->app.lang == TZ_ZH ? (result.problems.count == 0 ? "一致" : "不一致")
                                      : (result.problems.count == 0 ? "all agrees" : "does not agree"));
done:
    json_decref(list);
    json_decref(one);
    return rc;
}

static const tz_option VERIFY_OPTIONS[] = {
    {"--quick", NULL, "只重算日志的摘要、树和最近的检查点|only the journal's hashes, its tree and the newest checkpoint"},
    {"--json", NULL, "输出 JSON|print JSON"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_VERIFY = {
    .name = "verify",
    .usage = "[--quick]",
    .summary = "核对日志、数据和文件,证明无人改写|prove that nobody rewrote the history",
    .options = VERIFY_OPTIONS,
    .run = run_verify,
};

/* ---- rebuild ---- */

static tz_rc run_rebuild(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *summary = NULL;

    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_flow_rebuild(session, &summary, err));
    tz_cli_say(cli, "已重建 derived/:%lld 人,%lld 户", "rebuilt derived/: %lld persons, %lld households",
               (long long)tz_json_int(summary, "persons", 0), (long long)tz_json_int(summary, "households", 0));
done:
    json_decref(summary);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_REBUILD = {
    .name = "rebuild",
    .usage = "",
    .summary = "丢弃并重建推导数据,结果不变|drop what is derived and make it again, with the same answers",
    .run = run_rebuild,
};

/* ---- config accept ---- */

static const tz_list_column CHANGED_COLUMNS[] = {
    {"path", "配置|configuration", false}, {"was", "原摘要|was", false}, {"is", "现摘要|is", false}, {NULL, NULL, false},
};

static tz_rc run_config(tz_cli *cli, tz_err *err)
{
    json_t     *changed = NULL;
    const char *why = tz_cli_get(cli, "--why");

    if (cli->args.count != 1 || strcmp(cli->args.items[0], "accept") != 0 || why == NULL)
        return tz_cli_usage(cli, err);
    tz_rc rc = tz_flow_accept(&cli->app, cli->folder, cli->system_user, cli->as_user, why, &changed, err);
    if (rc == TZ_OK)
        rc = tz_cli_list(cli, changed, CHANGED_COLUMNS, err);
    json_decref(changed);
    return rc;
}

static const tz_option CONFIG_OPTIONS[] = {
    {"--why", "TEXT", "改动的理由|the reason of the change"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_CONFIG = {
    .name = "config",
    .usage = "accept --why TEXT",
    .summary = "登记改过的 county.yaml 和规则包|take in county.yaml and packs that were edited",
    .options = CONFIG_OPTIONS,
    .is_listing = true,
    .run = run_config,
};
