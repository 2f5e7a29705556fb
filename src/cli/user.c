/* taizhang user, unit: who acts, and the offices they act for. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "flow/staff.h"
#include "store/credential.h"
#include "store/user.h"

static const tz_list_column USER_COLUMNS[] = {
    {"user", "用户|user", false},       {"name", "姓名|name", false},       {"unit", "单位|unit", false},
    {"roles", "角色|roles", false},     {"system_user", "系统账号|system account", false},
    {"state", "状态|state", false},     {NULL, NULL, false},
};

/* A password without its line end: typed unseen on a terminal, else the first line of what is piped in. */
static tz_rc read_password(tz_cli *cli, char *out, size_t room, tz_err *err)
{
    struct termios seen, unseen;
    bool           is_terminal = tcgetattr(STDIN_FILENO, &seen) == 0;

    if (is_terminal) {
        tz_cli_note(cli, "新口令(输入时不显示):", "new password (not shown):");
        unseen = seen;
        unseen.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    }
    bool is_read = fgets(out, (int)room, stdin) != NULL;
    if (is_terminal)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
    if (!is_read)
        return tz_fail(err, TZ_USAGE, "没有读到口令", "no password was read");
    out[strcspn(out, "\r\n")] = '\0';
    return TZ_OK;
}

static tz_rc set_password(tz_cli *cli, tz_session *session, tz_err *err)
{
    char  password[1024];
    tz_rc rc = read_password(cli, password, sizeof password, err);

    if (rc == TZ_OK)
        rc = tz_credential_set(session->store, cli->args.items[1], password, tz_cli_get(cli, "--once") != NULL, err);
    explicit_bzero(password, sizeof password);
    return rc;
}

static tz_rc add_user(tz_cli *cli, tz_session *session, tz_err *err)
{
    return tz_user_add(session->store, cli->args.items[1], tz_cli_get(cli, "--name"), tz_cli_get(cli, "--unit"), tz_cli_get(cli, "--roles"),
                       tz_cli_get(cli, "--system-user"), err);
}

static tz_rc close_user(tz_cli *cli, tz_session *session, tz_err *err)
{
    return tz_user_close(session->store, cli->args.items[1], err);
}

static tz_rc add_staff(tz_cli *cli, tz_session *session, tz_err *err)
{
    (void)cli;
    return tz_flow_staff(session, err);
}

static tz_rc show_users(tz_cli *cli, tz_session *session, tz_err *err)
{
    (void)cli, (void)session, (void)err;
    return TZ_OK;
}

static const struct {
    const char *name;
    size_t      arguments;
    tz_rc (*run)(tz_cli *cli, tz_session *session, tz_err *err);
} ACTIONS[] = {
    {"list", 1, show_users}, {"add", 2, add_user}, {"close", 2, close_user}, {"password", 2, set_password}, {"demo", 1, add_staff},
};

static tz_rc run_user(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    const char *action = cli->args.count > 0 ? cli->args.items[0] : "list";
    size_t      arguments = cli->args.count > 0 ? cli->args.count : 1, i = 0;

    while (i < sizeof ACTIONS / sizeof ACTIONS[0] && strcmp(ACTIONS[i].name, action) != 0)
        i++;
    if (i == sizeof ACTIONS / sizeof ACTIONS[0] || ACTIONS[i].arguments != arguments)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, ACTIONS[i].run == show_users ? TZ_READ : TZ_WRITE, &session, err));
    TZ_TRY(ACTIONS[i].run(cli, session, err));
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
    {"--roles", "ROLE,…", "clerk, cadre, inspector, leader, superior, system, security, audit|the same"},
    {"--system-user", "ACCOUNT", "对应的操作系统账号|the operating system's account that acts as this user"},
    {"--once", NULL, "口令首次登录后必须改|the password has to be changed at the first login"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_USER = {
    .name = "user",
    .usage = "list | add USER --name NAME [--unit UNIT] [--roles ROLE,…] | close USER | password USER [--once] | demo",
    .summary = "用户:每一步都有署名|users: everything is done under a name",
    .details =
        "password 设网页登录的口令,从终端或标准输入读一行;demo 在演示县(county.yaml 写明 demo: true)建立每个角色一个账号。\n"
        "网页上 system、security、audit 三员分立:三人各只有一个角色。\n"
        "|password sets the password of logins on the web, read as a line from the terminal or standard input; demo makes an\n"
        "account a role in a demo county (demo: true in county.yaml). On the web system, security and audit are three people with\n"
        "one role each.",
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
