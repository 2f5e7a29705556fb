/* taizhang pack: rules as files. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "flow/packtest.h"

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

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = json_array();

    if (cli->args.count == 2 && strcmp(cli->args.items[0], "test") == 0) {
        rc = test(cli, err);
        goto done;
    }
    if (cli->args.count != 1 || strcmp(cli->args.items[0], "list") != 0) {
        rc = tz_cli_usage(cli, err);
        goto done;
    }
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

const tz_command TZ_CMD_PACK = {
    .name = "pack",
    .usage = "list | test NAME|FOLDER",
    .summary = "列出名册、规则和指标;运行规则包的样例|list registers, checks and figures; run a pack's fixtures",
    .is_listing = true,
    .run = run,
};
