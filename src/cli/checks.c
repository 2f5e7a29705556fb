/* taizhang check, findings, verdict: suspicions. */
#include <string.h>

#include "checks/check.h"
#include "cli/cli.h"
#include "cli/commands.h"

static const tz_list_column CHECK_COLUMNS[] = {
    {"check", "规则|check", false},      {"state", "状态|state", false},   {"raised", "新增|raised", true},
    {"kept", "持续|kept", true},         {"cleared", "消除|cleared", true}, {"looked_at", "查看行|looked at", true},
    {"units", "单位|units", true},       {"linked_share", "关联率|linked", true}, {"why", "说明|why", false},
    {NULL, NULL, false},
};
static const tz_list_column WHAT_IF_COLUMNS[] = {
    {"check", "规则|check", false}, {"change", "变化|change", false}, {"level", "级别|level", false},
    {"message", "疑点|finding", false}, {NULL, NULL, false},
};

/* One line for each finding that comes in or drops out, where a person reads it. */
static json_t *changes_of(const tz_cli *cli, const json_t *results)
{
    static const struct { const char *key, *zh, *en; } CHANGES[] = {{"comes_in", "进入", "comes in"}, {"drops_out", "退出", "drops out"}};
    json_t *lines = json_array(), *result, *change;
    size_t  i, j;

    json_array_foreach((json_t *)results, i, result)
        for (size_t k = 0; k < 2; k++)
            json_array_foreach(json_object_get(result, CHANGES[k].key), j, change) {
                json_t *line = json_object();
                tz_json_set_str(line, "check", tz_json_str(result, "check"));
                tz_json_set_str(line, "change", cli->app.lang == TZ_ZH ? CHANGES[k].zh : CHANGES[k].en);
                tz_json_set_str(line, "level", tz_json_str(change, "level"));
                tz_json_set_str(line, "message", tz_json_str(change, "message"));
                (void)json_array_append_new(lines, line);
            }
    return lines;
}

static int level_rank(const char *level)
{
    return level == NULL ? 9 : strcmp(level, "red") == 0 ? 0 : strcmp(level, "orange") == 0 ? 1 : strcmp(level, "yellow") == 0 ? 2 : 9;
}

/* --fail-on: is there an open finding of this level or above? */
static tz_rc fail_on(tz_cli *cli, tz_session *session, const char *level, tz_err *err)
{
    json_t           *rows = NULL;
    size_t            i;
    json_t           *row;
    tz_finding_filter filter = {.lang = cli->app.lang, .is_masked = true};

    if (level_rank(level) > 2)
        return tz_fail(err, TZ_USAGE, "--fail-on 应为 red、orange 或 yellow", "--fail-on takes red, orange or yellow");
    tz_rc rc = tz_findings(&cli->mem, session->store, session->packs, &filter, &rows, err);
    if (rc != TZ_OK)
        return rc;
    json_array_foreach(rows, i, row) {
        const char *state = tz_json_str(row, "state");
        bool        is_open = state != NULL && (strcmp(state, "raised") == 0 || strcmp(state, "persisting") == 0);
        if (is_open && level_rank(tz_json_str(row, "level")) <= level_rank(level))
            cli->exit_status = 1;
    }
    json_decref(rows);
    return TZ_OK;
}

static tz_rc run_check(tz_cli *cli, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_session    *session = NULL;
    json_t        *rows = NULL, *changes = NULL;
    const char    *what_if[17] = {NULL};
    tz_flow_checks what = {0};

    tz_push(&cli->mem, &cli->args, NULL);
    what.names = cli->args.count > 1 ? cli->args.items : NULL;
    for (size_t i = 0; i < 16 && (what_if[i] = tz_cli_get_nth(cli, "--what-if", i)) != NULL; i++)
        what.what_if = what_if;
    TZ_TRY(tz_cli_day(cli, &what.day, err));
    bool is_reading = what.what_if != NULL || what.day.as_of != 0 || what.day.at != 0;
    TZ_TRY(tz_cli_open(cli, is_reading ? TZ_READ : TZ_WRITE, &session, err));
    TZ_TRY(tz_flow_check(session, &what, &rows, err));
    if (what.what_if != NULL && !tz_cli_is_machine(cli))
        changes = changes_of(cli, rows);
    TZ_TRY(tz_cli_list(cli, changes != NULL ? changes : rows, what.what_if != NULL ? WHAT_IF_COLUMNS : CHECK_COLUMNS, err));
    if (tz_cli_get(cli, "--fail-on") != NULL)
        TZ_TRY(fail_on(cli, session, tz_cli_get(cli, "--fail-on"), err));
done:
    json_decref(changes);
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option CHECK_OPTIONS[] = {
    {"--fail-on", "LEVEL", "有该级别及以上的疑点时退出码为 1|exit 1 if a finding of this level or above stands"},
    {"--what-if", "P=V", "换一个参数试算,不改变状态|try another value of a parameter; changes nothing"},
    {"--as-of", "DATE", "按该日的县情试算,不改变状态|run on the county of that day; changes nothing"},
    {"--at", "ENTRY", "截至该存证条目所知|as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_CHECK = {
    .name = "check",
    .usage = "[NAME…] [--fail-on LEVEL] [--what-if P=V]",
    .summary = "运行规则,产生疑点|run the checks, raise suspicions",
    .details = "未评估不等于没有问题:每个零旁边都写着看了多少行。|Not evaluated is never green: beside each zero stands how much was looked at.",
    .options = CHECK_OPTIONS,
    .is_listing = true,
    .run = run_check,
};

/* ---- findings ---- */

static const tz_list_column FINDING_COLUMNS[] = {
    {"finding", "疑点|finding", true},  {"level", "级别|level", false}, {"check", "规则|check", false},
    {"subject", "对象|subject", false}, {"state", "状态|state", false}, {"since", "起于|since", false},
    {"verdict", "核查|verdict", false}, {"issue", "问题|issue", true},  {"message", "内容|what", false},
    {NULL, NULL, false},
};

static const tz_list_column SIGNAL_COLUMNS[] = {
    {"subject", "对象|subject", false}, {"name", "名称|name", false}, {"level", "级别|level", false},
    {"score", "分值|score", true},      {"why", "依据|why", false},   {"reasons", "分值来自|made of", false},
    {NULL, NULL, false},
};
static const tz_list_column HISTORY_COLUMNS[] = {
    {"as_of", "日期|day", false},     {"level", "级别|level", false},   {"why", "依据|why", false},
    {"raised", "升级因|raised by", false}, {"lowered", "降级因|lowered by", false}, {NULL, NULL, false},
};

/* "check, check (reason)" of one run's changes. */
static json_t *names_of(const json_t *changes)
{
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, 0);
    size_t   i;
    json_t  *change;

    json_array_foreach((json_t *)changes, i, change) {
        tz_buf_printf(&text, "%s%s", i == 0 ? "" : ", ", tz_json_str(change, "check"));
        if (tz_json_str(change, "cleared_why") != NULL)
            tz_buf_printf(&text, " (%s)", tz_json_str(change, "cleared_why"));
    }
    json_t *names = json_string(tz_buf_str(&text) == NULL ? "" : tz_buf_str(&text));
    tz_arena_free(&mem);
    return names;
}

/* The history of the one subject that was asked for, changed in place to be read in a table. */
static const json_t *history_of(const json_t *rows)
{
    json_t *history = json_object_get(json_array_get(rows, 0), "history"), *line;
    size_t  i;

    json_array_foreach(history, i, line) {
        (void)json_object_set_new(line, "raised", names_of(json_object_get(line, "raised")));
        (void)json_object_set_new(line, "lowered", names_of(json_object_get(line, "lowered")));
    }
    return history == NULL ? rows : history;
}

static tz_rc run_findings(tz_cli *cli, tz_err *err)
{
    const char       *by = tz_cli_get(cli, "--by");
    tz_rc             rc = TZ_OK;
    tz_session       *session = NULL;
    json_t           *rows = NULL;
    tz_finding_filter filter = {
        .level = tz_cli_get(cli, "--level"),
        .check = tz_cli_get(cli, "--check"),
        .where = tz_cli_get(cli, "--where"),
        .is_masked = true,
        .lang = cli->app.lang,
    };

    tz_day day = {0};
    TZ_TRY(tz_cli_day(cli, &day, err));
    filter.as_of = day.as_of;
    filter.at = day.at;
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    if (by != NULL) {
        const char *subject = tz_cli_get(cli, "--subject");
        TZ_TRY(tz_signals(&cli->mem, session->store, session->packs, by, subject, filter.at, &rows, err));
        bool is_history = subject != NULL && !tz_cli_is_machine(cli);
        rc = tz_cli_list(cli, is_history ? history_of(rows) : rows, is_history ? HISTORY_COLUMNS : SIGNAL_COLUMNS, err);
        goto done;
    }
    TZ_TRY(tz_findings(&cli->mem, session->store, session->packs, &filter, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, FINDING_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_option FINDINGS_OPTIONS[] = {
    {"--level", "LEVEL", "red、orange 或 yellow|red, orange or yellow"},
    {"--check", "NAME", "只列该规则|of this check only"},
    {"--where", "DIVISION", "只列该乡镇或村(代码)|of this township or village (code)"},
    {"--by", "KIND", "按人、户、单位、乡镇合并:person、household、unit、township|what findings say together, by kind of subject"},
    {"--subject", "ID", "与 --by 同用:一个对象的级别如何变化|with --by: how the level of one subject changed"},
    {"--as-of", "DATE", "该日的疑点(重新运行规则,不改变状态)|of that day: runs the checks again, changes nothing"},
    {"--at", "ENTRY", "截至该存证条目所知|as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_FINDINGS = {
    .name = "findings",
    .usage = "[--level L] [--check NAME] [--where DIVISION]",
    .summary = "列出疑点(姓名和证号已遮蔽)|list the findings (names and numbers masked)",
    .options = FINDINGS_OPTIONS,
    .is_listing = true,
    .run = run_findings,
};

/* ---- verdict ---- */

static tz_rc run_verdict(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     finding = 0;
    int64_t     exception = 0;
    int32_t     until = 0;
    const char *why = tz_cli_get(cli, "--why");

    if (cli->args.count != 2 || why == NULL)
        return tz_cli_usage(cli, err);
    bool is_real = strcmp(cli->args.items[1], "real") == 0;
    if (!is_real && strcmp(cli->args.items[1], "not-real") != 0)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_date(cli, "--until", &until, err));
    if (is_real && until != 0)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_number(cli->args.items[0], &finding, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_verdict(session->store, session->packs, finding, is_real, why, tz_cli_get(cli, "--note"), err));
    tz_cli_say(cli, "疑点 %lld 已记为%s", "finding %lld is noted as %s", (long long)finding,
               cli->app.lang == TZ_ZH ? (is_real ? "属实" : "不属实") : (is_real ? "real" : "not real"));
    if (until != 0) {
        TZ_TRY(tz_exception_add(session->store, finding, until, tz_cli_get(cli, "--note"), &exception, err));
        tz_cli_say(cli, "例外 %lld:到期前该规则不再对此对象提出疑点", "exception %lld: until then the rule raises nothing on this subject",
                   (long long)exception);
    }
done:
    tz_session_close(session);
    return rc;
}

static const tz_option VERDICT_OPTIONS[] = {
    {"--why", "REASON", "理由,见 docs/format/verdicts.md|the reason, from the list in docs/format/verdicts.md"},
    {"--note", "TEXT", "补充说明|a further note"},
    {"--until", "DATE", "不属实且到该日前仍会如此:设为例外|not real, and so until that day: make it an exception"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_VERDICT = {
    .name = "verdict",
    .usage = "FINDING real|not-real --why REASON [--until DATE]",
    .summary = "记下疑点是否属实|say whether a finding is real",
    .options = VERDICT_OPTIONS,
    .run = run_verdict,
};
