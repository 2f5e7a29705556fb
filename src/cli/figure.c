/* taizhang figure, why: a number, and where it came from. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "report/figure.h"
#include "report/moved.h"
#include "report/place.h"
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

static const tz_list_column SINCE_COLUMNS[] = {
    {"figure", "指标|figure", false}, {"title", "名称|title", false},   {"before", "此前|before", true}, {"now", "现在|now", true},
    {"change", "增减|change", true},  {"came", "新增行|rows came", true}, {"gone", "消失行|gone", true},   {"changed", "变更行|changed", true},
    {NULL, NULL, false},
};
static const tz_list_column PLACE_COLUMNS[] = {
    {"division", "区划代码|code", false}, {"name", "名称|name", false}, {"value", "数值|value", true},
    {"unit", "单位|unit", false},         {"rows", "行|rows", true},    {NULL, NULL, false},
};
static const tz_list_column TREND_COLUMNS[] = {
    {"as_of", "时点|as of", false}, {"printed", "数值|value", true}, {"change", "比上期|since the one before", true}, {NULL, NULL, false},
};

static const tz_option FIGURE_OPTIONS[] = {
    {"--rows", NULL, "列出数字背后的每一行|give every row behind it"},
    {"--by", "township|village", "按乡镇或村分列|by township or village"},
    {"--since", "DATE", "与该日比较:哪些指标变了、因哪些行|what moved since that day, and through how many rows"},
    {"--trend", NULL, "各报送时点的数值|its value on each date of delivery"},
    {"--as-of", "DATE", "数据时点|validity: the county of that day"},
    {"--at", "ENTRY", "截至该存证条目所知|knowledge: as the journal stood at that entry"},
    {NULL, NULL, NULL},
};

/* One figure by place, over time, or what moved since a day: the listing of each. */
static tz_rc list_otherwise(tz_cli *cli, tz_session *session, tz_day day, const char *name, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *lines = NULL;
    const char *by = tz_cli_get(cli, "--by");
    int32_t     since = 0;

    TZ_TRY(tz_cli_date(cli, "--since", &since, err));
    if (since != 0) {
        TZ_TRY(tz_report_moved(&cli->mem, session->store, session->packs, day.at, since, day.as_of, cli->app.lang, name, &lines, err));
        TZ_TRY(tz_cli_list(cli, lines, SINCE_COLUMNS, err));
    } else if (by != NULL) {
        tz_division_level level = strcmp(by, "village") == 0 ? TZ_DIVISION_VILLAGE : TZ_DIVISION_TOWNSHIP;
        TZ_TRY(tz_figure_places(&cli->mem, session->store, session->packs, day, level, cli->app.lang, name, &lines, err));
        TZ_TRY(tz_cli_list(cli, lines, PLACE_COLUMNS, err));
    } else {
        TZ_TRY(tz_figure_trend(&cli->mem, session->store, session->packs, day, cli->app.lang, name, &lines, err));
        TZ_TRY(tz_cli_list(cli, lines, TREND_COLUMNS, err));
    }
done:
    json_decref(lines);
    return rc;
}

/* True where the options ask for one thing that can be: at most one of them, --by with a level. */
static bool makes_sense(const tz_cli *cli, const char *name)
{
    const char *by = tz_cli_get(cli, "--by");
    int asked = (tz_cli_get(cli, "--rows") != NULL) + (by != NULL) + (tz_cli_get(cli, "--trend") != NULL);

    return cli->args.count <= 1 && asked + (tz_cli_get(cli, "--since") != NULL) <= 1 && (asked == 0 || name != NULL) &&
           (by == NULL || strcmp(by, "township") == 0 || strcmp(by, "village") == 0);
}

static tz_rc run_figure(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *figures = NULL;
    tz_day      day;
    const char *name = cli->args.count > 0 ? cli->args.items[0] : NULL;
    bool        with_rows = tz_cli_get(cli, "--rows") != NULL;

    if (!makes_sense(cli, name))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_day_resolve(session->store, day, &day, err));
    if (tz_cli_get(cli, "--by") != NULL || tz_cli_get(cli, "--since") != NULL || tz_cli_get(cli, "--trend") != NULL) {
        rc = list_otherwise(cli, session, day, name, err);
        goto done;
    }
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
    .usage = "[NAME [--rows | --by township|village | --trend]] [--since DATE]",
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
