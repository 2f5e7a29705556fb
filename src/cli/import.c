/* taizhang import, peek, withdraw, deliveries, template: what comes in. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"

static const tz_option IMPORT_OPTIONS[] = {
    {"--register", "NAME", "指定名册,不自动识别|take it as this register"},
    {"--as-of", "DATE", "数据时点|the date that the data describe"},
    {"--from", "UNIT", "报送单位|the unit that sent it"},
    {"--mapping", "FILE", "列对应表 mapping.yaml|a mapping.yaml that fixes columns"},
    {"--dry-run", NULL, "只预览,不入账|show what would happen, take nothing"},
    {"--errors", "FILE", "把待更正的行写回一份 Excel|write the rows to be corrected as a workbook"},
    {"-o", "FILE", "与 --dry-run 同用:把列对应写成 mapping.yaml|with --dry-run: write the mapping as mapping.yaml"},
    {NULL, NULL, NULL},
};

/* The options that import and run share. */
tz_rc tz_cli_import_options(const tz_cli *cli, tz_import_options *ret_options, tz_err *err)
{
    tz_import_options options = {
        .register_name = tz_cli_get(cli, "--register"),
        .sender = tz_cli_get(cli, "--from"),
        .is_dry_run = tz_cli_get(cli, "--dry-run") != NULL,
        .errors_path = tz_cli_get(cli, "--errors"),
        .mapping_path = tz_cli_get(cli, "--mapping"),
    };
    if (options.is_dry_run)
        options.mapping_out = tz_cli_get(cli, "-o");
    tz_rc rc = tz_cli_date(cli, "--as-of", &options.as_of, err);
    if (rc == TZ_OK)
        *ret_options = options;
    return rc;
}

static const tz_list_column BATCH_COLUMNS[] = {
    {"batch", "批次|batch", true},          {"state", "结果|result", false},
    {"file", "文件|file", false},           {"sheet", "表|sheet", false},
    {"register", "名册|register", false},   {"as_of", "时点|as of", false},
    {"account.rows", "行|rows", true},      {"account.accepted", "入账|accepted", true},
    {"account.quarantined", "待更正|to correct", true}, {"account.wrong_totals", "合计不符|wrong totals", true},
    {"refused", "退回原因|refused", false},
    {NULL, NULL, false},
};

static const tz_list_column MAPPING_COLUMNS[] = {
    {"sheet", "表|sheet", false},   {"header", "表头|header", false}, {"column", "字段|column", false},
    {"proposed", "待确认|to confirm", false}, {"score", "把握|score", true}, {"reason", "理由|reason", false},
    {NULL, NULL, false},
};

static const tz_list_column MISSING_COLUMNS[] = {
    {"sheet", "表|sheet", false}, {"title", "列|column", false}, {"empty", "空格|empty", true}, {"rows", "行|rows", true}, {NULL, NULL, false},
};

/* The lists of all sheets under `key` as one. */
static json_t *lines_of(const json_t *batches, const char *key)
{
    json_t *lines = json_array();
    size_t  i, j;
    json_t *batch, *line;

    json_array_foreach((json_t *)batches, i, batch)
        json_array_foreach(json_object_get(batch, key), j, line) {
            json_t *copy = json_copy(line);
            (void)json_object_set(copy, "sheet", json_object_get(batch, "sheet"));
            (void)json_array_append_new(lines, copy);
        }
    return lines;
}

/* What moved since the last batch of the register and unit, and what must be answered first. */
static void say_warnings(const tz_cli *cli, const json_t *batches)
{
    size_t  i, j;
    json_t *batch, *warning;

    json_array_foreach((json_t *)batches, i, batch) {
        const char *question = tz_json_str(batch, "question"), *name = tz_json_str(batch, "register");
        json_array_foreach(json_object_get(batch, "warnings"), j, warning)
            tz_cli_say(cli, "注意  %s:%s", "note   %s: %s", name, json_string_value(warning));
        if (question != NULL)
            tz_cli_say(cli, "待问  %s:%s", "asked  %s: %s", name, question);
    }
}

static tz_rc print_preview(tz_cli *cli, const json_t *batches, tz_err *err)
{
    json_t *mapping = lines_of(batches, "mapping"), *missing = lines_of(batches, "missing");
    tz_rc   rc = tz_cli_list(cli, mapping, MAPPING_COLUMNS, err);

    if (rc == TZ_OK && json_array_size(missing) > 0)
        rc = tz_cli_list(cli, missing, MISSING_COLUMNS, err);
    json_decref(mapping);
    json_decref(missing);
    return rc;
}

static tz_rc run_import(tz_cli *cli, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_session       *session = NULL;
    json_t           *batches = NULL;
    tz_import_options options;
    size_t            refused = 0;

    if (cli->args.count == 0)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_import_options(cli, &options, err));
    TZ_TRY(tz_cli_open(cli, options.is_dry_run ? TZ_READ : TZ_WRITE, &session, err));
    TZ_TRY(tz_flow_import(session, cli->args.items, cli->args.count, &options, &batches, &refused, err));
    if (refused > 0)
        cli->exit_status = 3;
    TZ_TRY(tz_cli_list(cli, batches, BATCH_COLUMNS, err));
    if (!tz_cli_is_machine(cli))
        say_warnings(cli, batches);
    if (options.is_dry_run && !tz_cli_is_machine(cli))
        TZ_TRY(print_preview(cli, batches, err));
done:
    json_decref(batches);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_IMPORT = {
    .name = "import",
    .usage = "FILE|FOLDER… [options]",
    .summary = "把部门报来的表格原样入账|take departments' spreadsheets in as they are",
    .details = "每个文件要么整份入账,要么整份退回;每张表的行数账一行不差。\n"
               "示例:taizhang -C 县 import 民政局.xlsx --dry-run|"
               "A file goes in whole or is refused whole; the account of its rows is exact.\n"
               "Example: taizhang -C DIR import FILE.xlsx --dry-run",
    .options = IMPORT_OPTIONS,
    .is_listing = true,
    .run = run_import,
};

/* ---- peek ---- */

static const tz_list_column PEEK_COLUMNS[] = {
    {"file", "文件|file", false},         {"sheet", "表|sheet", false},
    {"hidden", "隐藏|hidden", false},     {"register", "名册|register", false},
    {"header_rows", "表头行数|header rows", true}, {"merges", "合并处|merges", true},
    {"mapping", "列|columns", true},      {NULL, NULL, false},
};

static tz_rc run_peek(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *all = json_array(), *sheets = NULL;

    if (cli->args.count == 0) {
        rc = tz_cli_usage(cli, err);
        goto done;
    }
    if (tz_cli_get(cli, "-C") != NULL)
        TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    for (size_t i = 0; i < cli->args.count; i++) {
        TZ_TRY(tz_peek(&cli->mem, session == NULL ? NULL : session->packs, cli->args.items[i],
                       tz_cli_get(cli, "--cells") != NULL, &sheets, err));
        (void)json_array_extend(all, sheets);
        json_decref(sheets);
        sheets = NULL;
    }
    TZ_TRY(tz_cli_list(cli, all, PEEK_COLUMNS, err));
done:
    json_decref(sheets);
    json_decref(all);
    tz_session_close(session);
    return rc;
}

static const tz_option PEEK_OPTIONS[] = {
    {"--cells", NULL, "列出每个单元格(用 --json)|give every cell (with --json)"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_PEEK = {
    .name = "peek",
    .usage = "FILE… [--cells]",
    .summary = "看程序怎样读一个文件|show what the reader sees in a file",
    .details = "不需要县数据目录;给出 -C 时还显示名册和列对应。|Needs no county; with -C it also shows register and mapping.",
    .options = PEEK_OPTIONS,
    .is_listing = true,
    .run = run_peek,
};

/* ---- withdraw ---- */

static tz_rc run_withdraw(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     batch = 0;
    const char *why = tz_cli_get(cli, "--why");

    if (cli->args.count != 1 || why == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_number(cli->args.items[0], &batch, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_batch_withdraw(session->store, batch, why, err));
    tz_cli_say(cli, "批次 %lld 已撤回;数据仍保留,不再计入。", "batch %lld is withdrawn; its data are kept and no longer count.",
               (long long)batch);
done:
    tz_session_close(session);
    return rc;
}

static const tz_option WHY_OPTIONS[] = {
    {"--why", "TEXT", "理由|the reason"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_WITHDRAW = {
    .name = "withdraw",
    .usage = "BATCH --why TEXT",
    .summary = "撤回一个批次(不删除)|withdraw a batch (nothing is deleted)",
    .options = WHY_OPTIONS,
    .run = run_withdraw,
};

/* ---- deliveries ---- */

static const tz_list_column DELIVERY_COLUMNS[] = {
    {"register", "名册|register", false}, {"unit", "单位|unit", false}, {"period", "期次|period", false},
    {"label", "状态|state", false},       {"due_day", "期限|due by", false}, {"due", "应于|due", false},
    {"batch", "批次|batch", true},
    {"as_of", "时点|as of", false},       {NULL, NULL, false},
};

static const tz_option DAY_OPTIONS[] = {
    {"--as-of", "DATE", "数据时点|validity: the county of that day"},
    {"--at", "ENTRY", "截至该存证条目所知|knowledge: as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

static tz_rc run_deliveries(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    tz_day      day;

    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_day_resolve(session->store, day, &day, err));
    TZ_TRY(tz_deliveries(&cli->mem, session->store, session->packs, day, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, DELIVERY_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_DELIVERIES = {
    .name = "deliveries",
    .usage = "[options]",
    .summary = "谁该报哪本名册,报了没有|who owes which register, and what came",
    .options = DAY_OPTIONS,
    .is_listing = true,
    .run = run_deliveries,
};

/* ---- template ---- */

static tz_rc run_template(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    const char *out = tz_cli_get(cli, "-o");

    if (cli->args.count != 1 || out == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    const tz_register *reg = tz_packs_register(session->packs, cli->args.items[0]);
    if (reg == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有名册 “%s”", "there is no register '%s'", cli->args.items[0]);
        goto done;
    }
    TZ_TRY(tz_template_write(reg, session->store->county, out, err));
    tz_cli_say(cli, "已写出模板 %s", "wrote the template %s", out);
done:
    tz_session_close(session);
    return rc;
}

static const tz_option OUT_OPTIONS[] = {
    {"-o", "FILE", "写到这里|write here"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_TEMPLATE = {
    .name = "template",
    .usage = "REGISTER -o FILE.xlsx",
    .summary = "写出一本名册的填报模板|write the form of a register",
    .options = OUT_OPTIONS,
    .run = run_template,
};
