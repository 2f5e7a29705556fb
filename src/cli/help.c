/* taizhang help */
#include "cli/cli.h"
#include "cli/commands.h"

static tz_rc run(tz_cli *cli, tz_err *err)
{
    const tz_command *command = NULL;
    tz_rc             rc = cli->args.count == 0 ? TZ_OK : tz_cli_command(cli->args.items[0], &command, err);

    if (rc == TZ_OK)
        tz_cli_help(cli, command);
    return rc;
}

const tz_command TZ_CMD_HELP = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "显示帮助|show help",
    .run = run,
};
