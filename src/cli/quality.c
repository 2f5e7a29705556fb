/* taizhang doctor, audit: how far the county's eyes reach, and how its ledger reads as a whole. */
#include "checks/check.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "ledger/issue.h"

static const tz_list_column DOCTOR_COLUMNS[] = {
    {"check", "规则|check", false}, {"state", "状态|state", false}, {"why", "原因|why", false},
    {"since", "起于|since", false}, {"linked_share", "关联率|linked", true}, {NULL, NULL, false},
};
static const tz_list_column AUDIT_COLUMNS[] = {
    {"kind", "类别|kind", false}, {"issue", "问题|issue", true}, {"unit", "单位|unit", false}, {"text", "说明|what", false}, {NULL, NULL, false},
};

static tz_rc run_doctor(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;

    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_check_doctor(&cli->mem, session->store, session->packs, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, DOCTOR_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_DOCTOR = {
    .name = "doctor",
    .usage = "",
    .summary = "哪些规则是盲的,为什么|which checks are blind, and why",
    .is_listing = true,
    .run = run_doctor,
};

static const tz_list_column UNIT_COLUMNS[] = {
    {"unit", "单位|unit", false}, {"issues", "问题|issues", true}, {"closed", "销号|closed", true}, {"remarked", "有提示|with remarks", true},
    {"remarks.closed in a minute", "一分钟销号|in a minute", true}, {"remarks.evidence shared", "佐证共用|shared", true},
    {"remarks.returned often", "多次退回|returned", true}, {"remarks.found again", "再次发生|again", true},
    {"remarks.wrong person", "错认人|wrong person", true}, {"remarks.document only", "只发文件|document only", true},
    {"remarks.people deny", "群众不认可|people deny", true}, {NULL, NULL, false},
};

static tz_rc run_audit(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;

    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    if (tz_cli_get(cli, "--by-unit") != NULL) {
        TZ_TRY(tz_issue_audit_units(session->store, &rows, err));
        rc = tz_cli_list(cli, rows, UNIT_COLUMNS, err);
    } else {
        TZ_TRY(tz_issue_audit(session->store, &rows, err));
        rc = tz_cli_list(cli, rows, AUDIT_COLUMNS, err);
    }
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option AUDIT_OPTIONS[] = {
    {"--by-unit", NULL, "按单位汇总,不排名|counted by unit, in the order of their names"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_AUDIT = {
    .name = "audit",
    .usage = "[--by-unit]",
    .summary = "台账质量:一分钟销号、共用佐证、反复退回……|how the ledger reads: closed in a minute, evidence shared, returned often …",
    .details = "每条是去看一眼的理由,不是对人的评价。\n示例:taizhang -C 沁县 audit --by-unit|Each line is a reason to look, no verdict on people.\n"
               "Example: taizhang -C qinxian audit --by-unit",
    .options = AUDIT_OPTIONS,
    .is_listing = true,
    .run = run_audit,
};
