/* taizhang issue: the ledger. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "ledger/issue.h"

static const tz_list_column LIST_COLUMNS[] = {
    {"issue", "问题|issue", true},     {"level", "级别|level", false}, {"state", "状态|state", false},
    {"standing", "另|standing", false}, {"unit", "承办|unit", false},   {"due", "期限|due", false},
    {"days_left", "余天|days left", true}, {"letter", "函|letter", false}, {"raised_by", "来源|raised by", false},
    {"title", "问题描述|what", false}, {NULL, NULL, false},
};
static const tz_list_column HISTORY_COLUMNS[] = {
    {"at", "时间|at", false}, {"action", "动作|action", false}, {"state", "状态|state", false}, {"by", "经办|by", false},
    {"note", "说明|note", false}, {NULL, NULL, false},
};

static tz_rc list(tz_cli *cli, tz_session *session, tz_err *err)
{
    json_t         *rows = NULL;
    tz_issue_filter filter = {.ledger = tz_cli_get(cli, "--ledger"), .state = tz_cli_get(cli, "--state"), .unit = tz_cli_get(cli, "--unit"),
                              .is_overdue = tz_cli_get(cli, "--overdue") != NULL, .is_masked = true, .lang = cli->app.lang};
    tz_rc rc = tz_issue_list(&cli->mem, session->store, session->packs, &filter, &rows, err);
    if (rc == TZ_OK)
        rc = tz_cli_list(cli, rows, LIST_COLUMNS, err);
    json_decref(rows);
    return rc;
}

static tz_rc print_issue(tz_cli *cli, json_t *issue, tz_err *err)
{
    json_t *one = json_pack("[O]", issue);
    tz_rc   rc = tz_cli_list(cli, one, LIST_COLUMNS, err);

    json_decref(one);
    if (rc == TZ_OK && !tz_cli_is_machine(cli) && json_is_array(json_object_get(issue, "history"))) {
        tz_cli_say(cli, "%s", "%s", "");
        rc = tz_cli_list(cli, json_object_get(issue, "history"), HISTORY_COLUMNS, err);
    }
    return rc;
}

static tz_rc show(tz_cli *cli, tz_session *session, int64_t number, tz_err *err)
{
    json_t *issue = NULL;
    tz_rc   rc = tz_issue_show(&cli->mem, session->store, session->packs, number, true, cli->app.lang, &issue, err);
    if (rc == TZ_OK)
        rc = print_issue(cli, issue, err);
    json_decref(issue);
    return rc;
}

static tz_rc open_by_hand(tz_cli *cli, tz_session *session, tz_err *err)
{
    int64_t              number = 0;
    tz_issue_new_options options = {.ledger = tz_cli_get(cli, "--ledger"), .title = tz_cli_get(cli, "--title"),
                                    .level = tz_cli_get(cli, "--level"), .unit = tz_cli_get(cli, "--to"), .due = tz_cli_get(cli, "--due"),
                                    .source = tz_cli_get(cli, "--source"), .raised_by = tz_cli_get(cli, "--raised-by")};
    tz_rc rc = tz_cli_int(cli, "--parent", 0, &options.parent, err);
    if (rc == TZ_OK)
        rc = tz_issue_new(session->store, session->packs, &options, &number, err);
    return rc == TZ_OK ? show(cli, session, number, err) : rc;
}

static tz_rc act(tz_cli *cli, tz_session *session, int64_t number, const char *action, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    json_t          *issue = NULL;
    const char      *row = tz_cli_get(cli, "--row");
    tz_issue_options options = {
        .unit = tz_cli_get(cli, "--to"), .handler = tz_cli_get(cli, "--handler"), .support = tz_cli_get(cli, "--support"),
        .due = tz_cli_get(cli, "--due"), .note = tz_cli_get(cli, "--note"), .file = tz_cli_get(cli, "--file"),
        .kind = tz_cli_get(cli, "--kind"), .line = tz_cli_get(cli, "--line"),
        .is_pending_data = tz_cli_get(cli, "--pending-data") != NULL, .is_relapse = tz_cli_get(cli, "--relapse") != NULL};

    TZ_TRY(tz_cli_int(cli, "--with", 0, &options.with, err));
    if (row != NULL)
        TZ_TRY(tz_row_parse(session->store, row, &options.row, err));
    TZ_TRY(tz_issue_act(&cli->mem, session->store, session->packs, number, action, &options, &issue, err));
    TZ_TRY(print_issue(cli, issue, err));
done:
    json_decref(issue);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     number = 0;
    const char *action = cli->args.count > 0 ? cli->args.items[0] : "list";
    bool        is_list = strcmp(action, "list") == 0, is_show = strcmp(action, "show") == 0, is_new = strcmp(action, "new") == 0;

    if ((is_list && cli->args.count > 1) || (is_new && cli->args.count != 1) || (!is_list && !is_new && cli->args.count != 2))
        return tz_cli_usage(cli, err);
    if (cli->args.count == 2)
        TZ_TRY(tz_cli_number(cli->args.items[1], &number, err));
    TZ_TRY(tz_cli_open(cli, is_list || is_show ? TZ_READ : TZ_WRITE, &session, err));
    if (is_list)
        rc = list(cli, session, err);
    else if (is_show)
        rc = show(cli, session, number, err);
    else if (is_new)
        rc = open_by_hand(cli, session, err);
    else
        rc = act(cli, session, number, action, err);
done:
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--to", "UNIT", "assign:承办单位;transfer:移送机关|assign: the unit that leads; transfer: the authority"},
    {"--handler", "USER", "assign:经办人|assign: the user who rectifies"},
    {"--support", "UNIT,…", "assign:配合单位|assign: units that support"},
    {"--due", "DATE", "assign、extend、new:期限|assign, extend, new: the date"},
    {"--note", "TEXT", "说明;退回、暂缓、延期、异议、移送必填|a note; needed to return, suspend, extend, object, transfer"},
    {"--file", "FILE", "attach:佐证文件|attach: the file of evidence"},
    {"--kind", "KIND", "attach:receipt、document 或 photo|attach: receipt, document or photo"},
    {"--line", "TEXT", "attach:一张凭证多个问题共用时,本问题对应的行|attach: this issue's own line of a shared receipt"},
    {"--row", "ROW", "attach:以名册中的一行为佐证|attach: a row of a register as evidence"},
    {"--with", "N", "merge:并入的问题;split:拆出的疑点|merge: the issue it joins; split: the finding that leaves"},
    {"--pending-data", NULL, "close:凭盖章摘录先销号,下批数据来时自动复验|close: on a sealed extract, until the next batch"},
    {"--relapse", NULL, "look-back:问题复发|look-back: the problem is there again"},
    {"--title", "TEXT", "new:问题描述|new: the sentence"},
    {"--level", "LEVEL", "new:red、orange 或 yellow|new: red, orange or yellow"},
    {"--source", "KIND", "new:hand、inspection 或 complaint|new: hand, inspection or complaint"},
    {"--raised-by", "TEXT", "new:由谁提出|new: by whom"},
    {"--parent", "N", "new:上级问题|new: the parent issue"},
    {"--ledger", "NAME", "list、new:台账|list, new: the ledger"},
    {"--state", "STATE", "list:状态,open 为全部未结|list: the state; open: all that have not ended"},
    {"--unit", "UNIT", "list:承办单位|list: the unit"},
    {"--overdue", NULL, "list:只列超期|list: only those past their due date"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_ISSUE = {
    .name = "issue",
    .usage =
        "list | show N | new --title TEXT | assign|start|note|attach|submit|check|publish|close|return|extend|suspend|"
        "object|transfer|dismiss|look-back|split|merge N [options]",
    .summary = "问题台账:交办、整改、核查、凭佐证销号|the ledger: assign, rectify, check, close on evidence",
    .details =
        "销号要有佐证,并由整改人以外的第二人签字。\n示例:taizhang issue assign 3 --to 教育局 --handler zhang --due 2020-07-31\n"
        "      taizhang --as li issue close 3|Closing asks for evidence and a second person who is not the rectifier.\n"
        "Example: taizhang issue assign 3 --to 教育局 --handler zhang --due 2020-07-31\n         taizhang --as li issue close 3",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
