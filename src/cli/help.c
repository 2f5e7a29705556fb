/* taizhang help */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"

static tz_rc run(tz_cli *cli, tz_err *err)
{
    if (cli->args.count == 0) {
        tz_cli_help(cli, NULL);
        return TZ_OK;
    }
    for (size_t i = 0; TZ_COMMANDS[i] != NULL; i++)
        if (strcmp(TZ_COMMANDS[i]->name, cli->args.items[0]) == 0) {
            tz_cli_help(cli, TZ_COMMANDS[i]);
            return TZ_OK;
        }
    return tz_fail(err, TZ_USAGE, "没有命令 “%s”", "there is no command '%s'", cli->args.items[0]);
}

const tz_command TZ_CMD_HELP = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "显示帮助|show help",
    .run = run,
};
