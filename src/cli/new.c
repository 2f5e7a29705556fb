/* taizhang new */
#include "cli/cli.h"
#include "cli/commands.h"

static tz_rc run(tz_cli *cli, tz_err *err)
{
    TZ_ARRAY(const char *) packs = {0};
    const char *pack, *code = tz_cli_get(cli, "--county");

    if (cli->args.count != 1 || code == NULL)
        return tz_cli_usage(cli, err);
    while ((pack = tz_cli_get_nth(cli, "--pack", packs.count)) != NULL)
        tz_push(&cli->mem, &packs, pack);
    tz_rc rc = tz_flow_new(&cli->app, cli->args.items[0], code, tz_cli_get(cli, "--name"), packs.items, packs.count, cli->system_user, err);
    if (rc == TZ_OK)
        tz_cli_say(cli, "已建立县数据目录 %s。接着:taizhang -C %s run 文件夹",
                   "made the county directory %s. Next: taizhang -C %s run FOLDER", cli->args.items[0],
                   cli->args.items[0]);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--county", "CODE", "六位区划代码|the county's six-digit division code"},
    {"--name", "NAME", "县名,随附区划表中没有该县时必填|the county's name where its divisions are not shipped"},
    {"--pack", "NAME", "启用的规则包,可重复;默认全部|a pack in use, may be repeated; default all"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_NEW = {
    .name = "new",
    .usage = "DIR --county CODE [--pack NAME]…",
    .summary = "建立一个县的数据目录|make a county's data directory",
    .details = "示例:taizhang new qinxian --county 140430|Example: taizhang new qinxian --county 140430",
    .options = OPTIONS,
    .run = run,
};
