/* taizhang user, unit: who acts, and the offices they act for. */
#include <string.h>

#include "base/assert.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "store/user.h"

static const tz_list_column USER_COLUMNS[] = {
    {"user", "用户|user", false},       {"name", "姓名|name", false},       {"unit", "单位|unit", false},
    {"roles", "角色|roles", false},     {"system_user", "系统账号|system account", false},
    {"state", "状态|state", false},     {NULL, NULL, false},
};

static tz_rc run_user(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    const char *action = cli->args.count > 0 ? cli->args.items[0] : "list";
    bool        is_list = strcmp(action, "list") == 0;

    if (!is_list && (cli->args.count != 2 || (strcmp(action, "add") != 0 && strcmp(action, "close") != 0)))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, is_list ? TZ_READ : TZ_WRITE, &session, err));
    if (strcmp(action, "add") == 0)
        TZ_TRY(tz_user_add(session->store, cli->args.items[1], tz_cli_get(cli, "--name"), tz_cli_get(cli, "--unit"),
                           tz_cli_get(cli, "--roles"), tz_cli_get(cli, "--system-user"), err));
    else if (strcmp(action, "close") == 0)
        TZ_TRY(tz_user_close(session->store, cli->args.items[1], err));
    TZ_TRY(tz_user_list(session->store, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, USER_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option USER_OPTIONS[] = {
    {"--name", "NAME", "签名用的姓名|the name as signed"},
    {"--unit", "UNIT", "所在单位|the unit"},
    {"--roles", "ROLE,…", "clerk, cadre, inspector, leader, system, security, audit|the same"},
    {"--system-user", "ACCOUNT", "对应的操作系统账号|the operating system's account that acts as this user"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_USER = {
    .name = "user",
    .usage = "list | add USER --name NAME [--unit UNIT] [--roles ROLE,…] | close USER",
    .summary = "用户:每一步都有署名|users: everything is done under a name",
    .options = USER_OPTIONS,
    .is_listing = true,
    .run = run_user,
};

/* ---- units ---- */

static const tz_list_column UNIT_COLUMNS[] = {
    {"unit", "单位|unit", false}, {"kind", "类别|kind", false}, {"division", "区划|division", false},
    {"successor", "职责承接|successor", false}, {NULL, NULL, false},
};

static tz_rc run_unit(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    const char *action = cli->args.count > 0 ? cli->args.items[0] : "list";
    bool        is_list = strcmp(action, "list") == 0;

    if (!is_list && (cli->args.count != 2 || strcmp(action, "add") != 0))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, is_list ? TZ_READ : TZ_WRITE, &session, err));
    if (!is_list)
        TZ_TRY(tz_unit_add(session->store, cli->args.items[1], tz_cli_get(cli, "--kind"), tz_cli_get(cli, "--successor"), err));
    TZ_TRY(tz_unit_list(session->store, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, UNIT_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option UNIT_OPTIONS[] = {
    {"--kind", "KIND", "department、township、village 或 other|department, township, village or other"},
    {"--successor", "UNIT", "承接其职责的单位|the unit that took over its duties"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_UNIT = {
    .name = "unit",
    .usage = "list | add UNIT [--kind KIND] [--successor UNIT]",
    .summary = "单位:报送和承办|units that send and that are responsible",
    .options = UNIT_OPTIONS,
    .is_listing = true,
    .run = run_unit,
};
