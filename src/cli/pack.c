/* taizhang pack: rules as files. */
#include <string.h>

#include "checks/check.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "flow/packtest.h"
#include "flow/packwork.h"
#include "packs/lint.h"
#include "report/asked.h"

static const tz_list_column COLUMNS[] = {
    {"pack", "规则包|pack", false}, {"kind", "类别|kind", false}, {"name", "名称|name", false}, {"title", "标题|title", false}, {NULL, NULL, false},
};

static void add(tz_cli *cli, json_t *rows, const char *pack, const char *kind, const char *name, const char *title)
{
    size_t      len = 0;
    const char *half = tz_half(title, cli->app.lang, &len);
    json_t     *line = json_object();

    tz_json_set_str(line, "pack", pack);
    tz_json_set_str(line, "kind", kind);
    tz_json_set_str(line, "name", name);
    tz_json_set_str(line, "title", tz_arena_copy(&cli->mem, half, len));
    (void)json_array_append_new(rows, line);
}

static const tz_list_column TEST_COLUMNS[] = {
    {"ok", "通过|ok", false}, {"case", "样例|case", false}, {"check", "规则|check", false}, {"expects", "应|expects", false},
    {"rows", "行|rows", false}, {"text", "说明|why not", false}, {NULL, NULL, false},
};

static const tz_list_column ROW_COLUMNS[] = {
    {"case", "样例|case", false}, {"rows", "行|row", false}, {"gave", "触发|gave", false}, {NULL, NULL, false},
};

static tz_rc test_rows(tz_cli *cli, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_flow_pack_rows(&cli->app, cli->args.items[1], cli->system_user, &rows, err);

    if (rc == TZ_OK)
        rc = tz_cli_list(cli, rows, ROW_COLUMNS, err);
    json_decref(rows);
    return rc;
}

static tz_rc test(tz_cli *cli, tz_err *err)
{
    json_t *rows = NULL;
    size_t  failed = 0;
    tz_rc   rc = tz_flow_pack_test(&cli->app, cli->args.items[1], cli->system_user, &rows, &failed, err);

    if (rc == TZ_OK)
        rc = tz_cli_list(cli, rows, TEST_COLUMNS, err);
    if (failed > 0)
        cli->exit_status = 1;
    json_decref(rows);
    return rc;
}

static tz_rc list(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = json_array();

    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    for (size_t i = 0; i < session->packs->packs.count; i++) {
        const tz_pack *pack = &session->packs->packs.items[i];
        for (size_t j = 0; j < pack->registers.count; j++)
            add(cli, rows, pack->name, cli->app.lang == TZ_ZH ? "名册" : "register", pack->registers.items[j].name, pack->registers.items[j].title);
        for (size_t j = 0; j < pack->checks.count; j++)
            add(cli, rows, pack->name, cli->app.lang == TZ_ZH ? "规则" : "check", pack->checks.items[j].name, pack->checks.items[j].title);
        for (size_t j = 0; j < pack->figures.count; j++)
            add(cli, rows, pack->name, cli->app.lang == TZ_ZH ? "指标" : "figure", pack->figures.items[j].name, pack->figures.items[j].title);
    }
    TZ_TRY(tz_cli_list(cli, rows, COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static const tz_list_column LINT_COLUMNS[] = {
    {"rule", "检查|rule", false}, {"file", "文件|file", false}, {"line", "行|line", true}, {"text", "说明|what", false}, {NULL, NULL, false},
};

/* The packs that the command is about: of the county of -C, or the one that is named. */
typedef struct {
    tz_session    *session;
    tz_packs      *packs;
    const tz_pack *pack; /* NULL: all */
} chosen;

static tz_rc choose(tz_cli *cli, chosen *ret, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *name = cli->args.count > 1 ? cli->args.items[1] : NULL;
    chosen      of = {0};

    if (name != NULL && strcmp(cli->folder, ".") == 0) { /* no county was named */
        rc = tz_flow_pack_load(&cli->mem, &cli->app, name, &of.packs, &of.pack, err);
    } else {
        TZ_TRY(tz_cli_open(cli, TZ_READ, &of.session, err));
        of.packs = of.session->packs;
        for (size_t i = 0; i < of.packs->packs.count; i++)
            if (name != NULL && strcmp(of.packs->packs.items[i].name, name) == 0)
                of.pack = &of.packs->packs.items[i];
        if (name != NULL && of.pack == NULL)
            rc = tz_fail(err, TZ_MISSING, "没有规则包 “%s”", "there is no pack '%s'", name);
    }
    *ret = of;
done:
    return rc;
}

static tz_rc lint(tz_cli *cli, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    chosen  of = {0};
    json_t *rows = json_array();

    TZ_TRY(choose(cli, &of, err));
    for (size_t i = 0; i < of.packs->packs.count; i++) {
        json_t *some = NULL;
        if (of.pack != NULL && of.pack != &of.packs->packs.items[i])
            continue;
        TZ_TRY(tz_pack_lint(&cli->mem, of.packs, &of.packs->packs.items[i], cli->app.lang, &some, err));
        (void)json_array_extend(rows, some);
        json_decref(some);
        TZ_TRY(tz_section_lint(&cli->mem, of.packs, &of.packs->packs.items[i], cli->app.lang, rows, err));
    }
    TZ_TRY(tz_cli_list(cli, rows, LINT_COLUMNS, err));
    if (json_array_size(rows) > 0)
        cli->exit_status = 1;
done:
    json_decref(rows);
    tz_session_close(of.session);
    return rc;
}

static tz_rc doc(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    chosen      of = {0};
    const char *out = tz_cli_get(cli, "-o");

    if (out == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(choose(cli, &of, err));
    TZ_TRY(tz_flow_pack_doc(&cli->mem, of.packs, of.pack, cli->app.lang, out, err));
    tz_cli_note(cli, "规则目录已写入 %s", "the catalogue of rules is in %s", out);
done:
    tz_session_close(of.session);
    return rc;
}

static tz_rc begin(tz_cli *cli, tz_err *err)
{
    tz_strings files = {0};
    tz_rc      rc = tz_flow_pack_new(&cli->mem, &cli->app, cli->args.items[1], tz_cli_get(cli, "--from"), &files, err);

    for (size_t i = 0; rc == TZ_OK && i < files.count; i++)
        tz_cli_say(cli, "%s", "%s", files.items[i]);
    return rc;
}

static const tz_list_column COST_COLUMNS[] = {
    {"check", "规则|check", false},        {"state", "状态|state", false}, {"cpu_ms", "处理器毫秒|CPU ms", true},
    {"looked_at", "查看行|looked at", true}, {"found", "疑点|found", true}, {"why", "说明|why", false}, {NULL, NULL, false},
};

static tz_rc explain(tz_cli *cli, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_session      *session = NULL;
    json_t          *rows = NULL;
    tz_check_options options = {.is_past = true};

    tz_push(&cli->mem, &cli->args, NULL);
    options.names = cli->args.count > 2 ? cli->args.items + 1 : NULL;
    TZ_TRY(tz_cli_day(cli, &options.day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_check_explain(&cli->mem, session->store, session->packs, &options, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, COST_COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    const char *what = cli->args.count > 0 ? cli->args.items[0] : "";

    if (strcmp(what, "list") == 0 && cli->args.count == 1)
        return list(cli, err);
    if (strcmp(what, "new") == 0 && cli->args.count == 2)
        return begin(cli, err);
    if (strcmp(what, "lint") == 0 && cli->args.count <= 2)
        return lint(cli, err);
    if (strcmp(what, "test") == 0 && cli->args.count == 2)
        return tz_cli_get(cli, "--rows") != NULL ? test_rows(cli, err) : test(cli, err);
    if (strcmp(what, "doc") == 0 && cli->args.count <= 2)
        return doc(cli, err);
    if (strcmp(what, "explain") == 0)
        return explain(cli, err);
    return tz_cli_usage(cli, err);
}

static const tz_option OPTIONS[] = {
    {"--from", "FILE", "new:按这张样表的表头和数据生成名册|new: make the register from this sheet's header and values"},
    {"--rows", NULL, "test:列出样例的每一行触发了哪些规则|test: list what each row of the fixtures gave"},
    {"-o", "FILE", "doc:写到这个 HTML 文件|doc: the HTML file to write"},
    {"--as-of", "DATE", "explain:按该日的县情|explain: on the county of that day"},
    {"--at", "ENTRY", "explain:截至该存证条目所知|explain: as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_PACK = {
    .name = "pack",
    .usage = "list | new NAME | lint [NAME] | test NAME [--rows] | doc [NAME] -o FILE | explain [CHECK…]",
    .summary = "规则包:列出、新建、检查写法、运行样例、规则目录、各规则的开销|packs: list, begin, lint, run fixtures, catalogue, cost of each check",
    .details = "NAME 是随附规则包的名字,或含 pack.yaml 的文件夹;用 -C 时是该县的规则包(可省略)。lint 有话要说时退出码为 1。\n"
               "示例:taizhang pack new heating --from 取暖补贴.xlsx|NAME is a shipped pack or a folder with a pack.yaml; with -C a pack of "
               "that county (or all). lint ends with 1 if it has something to say.\nExample: taizhang pack new heating --from sheet.xlsx",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
