/* taizhang doctor, record, exception, audit: how far the county's eyes reach, how far its rules can be trusted, and how
 * its ledger reads as a whole. */
#include <string.h>

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

/* What the kernel holds back from the SQL of packs. */
static tz_rc say_walls(tz_cli *cli, tz_session *session, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_query      *query = NULL;
    tz_query_walls walls = {0};
    tz_day         day = {0};
    bool           is_zh = cli->app.lang == TZ_ZH;

    TZ_TRY(tz_day_resolve(session->store, (tz_day){0}, &day, err));
    TZ_TRY(tz_query_open(&cli->mem, session->store, session->packs, day, &query, err));
    tz_query_expect(query, &(tz_query_names){0});
    TZ_TRY(tz_query_ask_walls(query, &walls, err));
    tz_cli_note(cli, "规则进程的内核隔离:seccomp %s,Landlock %s", "what the kernel holds back from the SQL of packs: seccomp %s, Landlock %s",
                walls.is_sealed ? (is_zh ? "有" : "yes") : (is_zh ? "无" : "no"), walls.is_confined ? (is_zh ? "有" : "yes") : (is_zh ? "无" : "no"));
done:
    tz_query_close(query);
    return rc;
}

static tz_rc run_doctor(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;

    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_check_doctor(session->store, session->packs, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, DOCTOR_COLUMNS, err));
    tz_err nothing_yet;
    if (!tz_cli_is_machine(cli) && say_walls(cli, session, &nothing_yet) == TZ_SYSTEM)
        tz_cli_print_error(cli, &nothing_yet);
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

/* ---- record ---- */

static const tz_list_column RECORD_COLUMNS[] = {
    {"check", "规则|check", false},      {"owner", "责任部门|owner", false}, {"findings", "疑点|findings", true},
    {"verified", "已核查|verified", true}, {"real", "属实|real", true},      {"share_real", "属实率|share real", true},
    {"reasons", "不属实的理由|not real because", false}, {NULL, NULL, false},
};

/* {"lawful": 2} as "lawful 2" where a person reads it. */
static void put_reasons(json_t *rows)
{
    size_t      i;
    json_t     *row, *count;
    const char *reason;

    json_array_foreach(rows, i, row) {
        tz_arena mem = {0};
        tz_buf   text = tz_buf_init(&mem, 0);
        json_object_foreach(json_object_get(row, "reasons"), reason, count)
            tz_buf_printf(&text, "%s%s %lld", text.size == 0 ? "" : ", ", reason, (long long)json_integer_value(count));
        (void)json_object_set_new(row, "reasons", json_string(text.size == 0 ? "" : tz_buf_str(&text)));
        tz_arena_free(&mem);
    }
}

static tz_rc run_record(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;

    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_check_record(session->store, session->packs, &rows, err));
    if (!tz_cli_is_machine(cli))
        put_reasons(rows);
    TZ_TRY(tz_cli_list(cli, rows, RECORD_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_RECORD = {
    .name = "record",
    .usage = "",
    .summary = "每条规则的疑点有多少经核查、多少属实|of each rule's findings: how many were verified, how many were real",
    .details = "工作清单按此排序。--json 另有分乡镇的数字。|It sets the order of the work list. --json adds the townships.",
    .is_listing = true,
    .run = run_record,
};

/* ---- exception ---- */

static const tz_list_column EXCEPTION_COLUMNS[] = {
    {"exception", "例外|exception", true}, {"check", "规则|check", false}, {"subject", "对象|subject", false}, {"reason", "理由|reason", false},
    {"from", "起|from", false},            {"until", "止|until", false},   {"by", "由|by", false},           {"state", "状态|state", false},
    {NULL, NULL, false},
};

static tz_rc run_exception(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    int64_t     number = 0;
    bool        is_end = cli->args.count == 2 && strcmp(cli->args.items[0], "end") == 0;
    const char *why = tz_cli_get(cli, "--why");

    if ((!is_end && cli->args.count > 0 && strcmp(cli->args.items[0], "list") != 0) || (is_end && why == NULL))
        return tz_cli_usage(cli, err);
    if (is_end)
        TZ_TRY(tz_cli_number(cli->args.items[1], &number, err));
    TZ_TRY(tz_cli_open(cli, is_end ? TZ_WRITE : TZ_READ, &session, err));
    if (is_end) {
        TZ_TRY(tz_exception_end(session->store, number, why, err));
        tz_cli_say(cli, "例外 %lld 已终止", "exception %lld is ended", (long long)number);
        goto done;
    }
    TZ_TRY(tz_exception_list(session->store, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, EXCEPTION_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option EXCEPTION_OPTIONS[] = {
    {"--why", "TEXT", "终止的理由|why it is ended"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_EXCEPTION = {
    .name = "exception",
    .usage = "[list] | end N --why TEXT",
    .summary = "规则的例外:哪些对象到哪天不再提出疑点|exceptions: on whom a rule raises nothing, and until when",
    .details = "例外由 verdict … not-real --until 日期 设立。|One is made by verdict … not-real --until DATE.",
    .options = EXCEPTION_OPTIONS,
    .is_listing = true,
    .run = run_exception,
};

/* ---- audit ---- */

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
