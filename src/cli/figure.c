/* taizhang figure, why: a number, and where it came from. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "report/figure.h"
#include "report/why.h"

static const tz_list_column FIGURE_COLUMNS[] = {
    {"figure", "指标|figure", false}, {"title", "名称|title", false},  {"value", "数值|value", true},
    {"unit", "单位|unit", false},     {"as_of", "时点|as of", false},  {"kind", "类别|kind", false},
    {"looked_at", "查看行|looked at", true}, {NULL, NULL, false},
};
static const tz_list_column ROW_COLUMNS[] = {
    {"register", "名册|register", false}, {"batch", "批次|batch", true}, {"file", "文件|file", false},
    {"sheet", "表|sheet", false},         {"row", "行|row", true},       {NULL, NULL, false},
};

static const tz_option FIGURE_OPTIONS[] = {
    {"--rows", NULL, "列出数字背后的每一行|give every row behind it"},
    {"--as-of", "DATE", "数据时点|validity: the county of that day"},
    {"--at", "ENTRY", "截至该存证条目所知|knowledge: as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

static tz_rc run_figure(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *figures = NULL;
    tz_day      day;
    const char *name = cli->args.count > 0 ? cli->args.items[0] : NULL;
    bool        with_rows = tz_cli_get(cli, "--rows") != NULL;

    if (cli->args.count > 1 || (with_rows && name == NULL))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_day_resolve(session->store, day, &day, err));
    TZ_TRY(tz_figure_list(&cli->mem, session->store, session->packs, day, cli->app.lang, name, with_rows, &figures, err));
    if (with_rows && tz_cli_get(cli, "--json") == NULL) {
        const json_t *rows = json_object_get(json_array_get(figures, 0), "rows");
        TZ_TRY(tz_cli_list(cli, rows, ROW_COLUMNS, err));
    } else {
        TZ_TRY(tz_cli_list(cli, figures, FIGURE_COLUMNS, err));
    }
done:
    json_decref(figures);
    tz_session_close(session);
    return rc;
}

const tz_command TZ_CMD_FIGURE = {
    .name = "figure",
    .usage = "[NAME [--rows]]",
    .summary = "指标的数值,以及数字背后的每一行|the figures, and every row behind one",
    .options = FIGURE_OPTIONS,
    .is_listing = true,
    .run = run_figure,
};

/* ---- why ---- */

static void print_tree(const tz_cli *cli, const json_t *value, int depth)
{
    const char *key;
    size_t      index;
    json_t     *member;

    if (json_is_array(value)) {
        json_array_foreach((json_t *)value, index, member)
            print_tree(cli, member, depth);
        return;
    }
    if (!json_is_object(value)) {
        tz_cli_say(cli, "%*s%s", "%*s%s", depth * 2, "", json_is_string(value) ? json_string_value(value) : "");
        return;
    }
    json_object_foreach((json_t *)value, key, member) {
        if (json_is_string(member))
            tz_cli_say(cli, "%*s%s: %s", "%*s%s: %s", depth * 2, "", key, json_string_value(member));
        else if (json_is_integer(member))
            tz_cli_say(cli, "%*s%s: %lld", "%*s%s: %lld", depth * 2, "", key, (long long)json_integer_value(member));
        else if (json_is_array(member) || json_is_object(member)) {
            tz_cli_say(cli, "%*s%s:", "%*s%s:", depth * 2, "", key);
            print_tree(cli, member, depth + 1);
        }
    }
}

static tz_rc run_why(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *tree = NULL;
    tz_day      day;

    if (cli->args.count != 1)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_day_resolve(session->store, day, &day, err));
    TZ_TRY(tz_why(&cli->mem, session->store, session->packs, day, cli->app.lang, cli->args.items[0], &tree, err));
    if (tz_cli_get(cli, "--json") != NULL) {
        json_t *list = json_is_array(tree) ? json_incref(tree) : json_pack("[O]", tree);
        rc = tz_cli_list(cli, list, NULL, err);
        json_decref(list);
    } else {
        print_tree(cli, tree, 0);
    }
done:
    json_decref(tree);
    tz_session_close(session);
    return rc;
}

static const tz_option WHY_OPTIONS[] = {
    {"--json", NULL, "输出 JSON|print JSON"},
    {"--as-of", "DATE", "数据时点|validity: the county of that day"},
    {"--at", "ENTRY", "截至该存证条目所知|knowledge: as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_WHY = {
    .name = "why",
    .usage = "FINDING|FIGURE|ISSUE|CODE",
    .summary = "从一句话追到单元格:规则、行、关联、原表|from the sentence to SQL, rows, links and cells",
    .details = "疑点写作 F12,问题写作 #3,指标写名称,或报告上印的编码。|"
               "A finding is F12, an issue #3, a figure its name or the code printed beside it.",
    .options = WHY_OPTIONS,
    .run = run_why,
};
