/* taizhang report: written from the county's rows; read where somebody wrote one by hand. */
#include <string.h>

#include "base/date.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/moved.h"
#include "report/proofread.h"
#include "report/report.h"

/* ---- report -o FILE ---- */

static tz_rc write_report(tz_cli *cli, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_session       *session = NULL;
    const char       *out = tz_cli_get(cli, "-o");
    tz_report_options options = {.lang = cli->app.lang, .is_strict = tz_cli_get(cli, "--strict") != NULL};

    if (out == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &options.day, err));
    TZ_TRY(tz_cli_date(cli, "--since", &options.since, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_day_resolve(session->store, options.day, &options.day, err));
    TZ_TRY(tz_report_make(&cli->mem, session->store, session->packs, &options, out, err));
    tz_cli_say(cli, "已写出报告 %s", "wrote the report %s", out);
done:
    tz_session_close(session);
    return rc;
}

/* ---- report check FILE ---- */

static const tz_list_column CHECK_COLUMNS[] = {
    {"verdict", "结论|verdict", false},  {"value", "写作|says", true},     {"unit", "单位|unit", false}, {"kind", "类别|kind", false},
    {"title", "指标|figure", false},     {"computed", "算得|computed", true}, {"phrase", "原文|text", false}, {NULL, NULL, false},
};

/* What contradicts or asks for an explanation stands under the table, whole. */
static void say_assertions(const tz_cli *cli, const json_t *assertions)
{
    size_t  i;
    json_t *one;

    json_array_foreach((json_t *)assertions, i, one)
        if (tz_json_str(one, "note") != NULL)
            tz_cli_say(cli, "%s", "%s", tz_json_str(one, "note"));
}

static void say_counts(const tz_cli *cli, const json_t *lines)
{
    static const char *const VERDICTS[] = {"agrees", "differs", "contradicts", "unbacked"};
    int     counts[4] = {0};
    size_t  i;
    json_t *line;

    json_array_foreach((json_t *)lines, i, line)
        for (size_t j = 0; j < 4; j++)
            counts[j] += strcmp(tz_json_str(line, "verdict"), VERDICTS[j]) == 0;
    tz_cli_note(cli, "相符 %d,不符 %d,自相矛盾 %d,无人能证 %d", "%d agree, %d differ, %d contradict, %d are backed by nobody", counts[0], counts[1],
                counts[2], counts[3]);
}

static bool has_wrong(const json_t *lines)
{
    size_t  i;
    json_t *line;

    json_array_foreach((json_t *)lines, i, line)
        if (strcmp(tz_json_str(line, "verdict"), "differs") == 0 || strcmp(tz_json_str(line, "verdict"), "contradicts") == 0)
            return true;
    return false;
}

static tz_rc check_report(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *lines = NULL, *assertions = NULL;
    tz_day      day;

    if (cli->args.count != 2)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_proofread_file(&cli->mem, session->store, session->packs, day, cli->app.lang, tz_cli_get(cli, "--all") != NULL,
                             cli->args.items[1], &lines, &assertions, err));
    TZ_TRY(tz_cli_list(cli, lines, CHECK_COLUMNS, err));
    if (!tz_cli_is_machine(cli)) {
        say_assertions(cli, assertions);
        say_counts(cli, lines);
    }
    if (has_wrong(lines))
        cli->exit_status = 1;
done:
    json_decref(lines);
    json_decref(assertions);
    tz_session_close(session);
    return rc;
}

/* ---- report diff DATE DATE ---- */

enum { SHOWN_ROWS = 20 };

static const tz_list_column MOVED_COLUMNS[] = {
    {"figure", "指标|figure", false}, {"title", "名称|title", false},     {"before", "此前|before", true}, {"now", "现在|now", true},
    {"change", "增减|change", true},  {"came", "新增行|rows came", true}, {"gone", "消失行|gone", true},   {"changed", "变更行|changed", true},
    {NULL, NULL, false},
};

static void say_moved_row(const tz_cli *cli, const json_t *row)
{
    static const struct { const char *what, *words; } WORDS[] = {{"came", "新增|came"}, {"gone", "消失|gone"}, {"changed", "变更|changed"}};
    const char *what = tz_json_str(row, "what"), *sheet = tz_json_str(row, "sheet");

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].what, what) == 0) {
            size_t      len = 0;
            const char *word = tz_half(WORDS[i].words, cli->app.lang, &len);
            tz_cli_say(cli, "    %.*s  %s %s%s第 %lld 行", "    %.*s  %s %s%srow %lld", (int)len, word, tz_json_str(row, "file"),
                       sheet == NULL ? "" : sheet, sheet == NULL ? "" : " ", (long long)tz_json_int(row, "row", 0));
        }
}

static void say_moved(const tz_cli *cli, const json_t *moved)
{
    size_t  i, j;
    json_t *figure, *row;

    json_array_foreach((json_t *)moved, i, figure) {
        const json_t *rows = json_object_get(figure, "rows");
        const char   *change = tz_json_str(figure, "change");
        tz_cli_say(cli, "%s(%s):%s → %s%s%s;新增 %lld 行,消失 %lld 行,变更 %lld 行",
                   "%s (%s): %s -> %s%s%s; %lld rows came, %lld went, %lld changed", tz_json_str(figure, "title"), tz_json_str(figure, "figure"),
                   tz_json_str(figure, "before"), tz_json_str(figure, "now"), change == NULL ? "" : ",", change == NULL ? "" : change,
                   (long long)tz_json_int(figure, "came", 0), (long long)tz_json_int(figure, "gone", 0),
                   (long long)tz_json_int(figure, "changed", 0));
        json_array_foreach((json_t *)rows, j, row)
            if (j < SHOWN_ROWS)
                say_moved_row(cli, row);
        if (json_array_size(rows) > SHOWN_ROWS)
            tz_cli_say(cli, "    ……共 %zu 行,--json 全部列出", "    ... %zu rows in all, --json gives them", json_array_size(rows));
    }
    if (json_array_size(moved) == 0)
        tz_cli_say(cli, "没有指标变动。", "no figure moved.");
}

static tz_rc diff_reports(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *moved = NULL;
    tz_day      day;
    int32_t     dates[2] = {0, 0};

    if (cli->args.count != 3 || !tz_date_parse(tz_text_of(cli->args.items[1]), &dates[0]) ||
        !tz_date_parse(tz_text_of(cli->args.items[2]), &dates[1]))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_report_moved(&cli->mem, session->store, session->packs, day.at, dates[0], dates[1], cli->app.lang, NULL, &moved, err));
    if (tz_cli_is_machine(cli))
        TZ_TRY(tz_cli_list(cli, moved, MOVED_COLUMNS, err));
    else
        say_moved(cli, moved);
done:
    json_decref(moved);
    tz_session_close(session);
    return rc;
}

/* ---- The command ---- */

static tz_rc run(tz_cli *cli, tz_err *err)
{
    if (cli->args.count == 0)
        return write_report(cli, err);
    if (strcmp(cli->args.items[0], "check") == 0)
        return check_report(cli, err);
    if (strcmp(cli->args.items[0], "diff") == 0)
        return diff_reports(cli, err);
    return tz_cli_usage(cli, err);
}

static const tz_option OPTIONS[] = {
    {"-o", "FILE", "写到这里,格式按扩展名|write here; the ending chooses the form"},
    {"--as-of", "DATE", "数据时点|validity: the county of that day"},
    {"--at", "ENTRY", "截至该存证条目所知|knowledge: as the journal stood at that entry"},
    {"--since", "DATE", "上一份报告的时点,用于增减和前后比较|the date of the report before, for changes"},
    {"--strict", NULL, "数字之间有矛盾就不写|refuse a report whose figures contradict each other"},
    {"--all", NULL, "check:名称、日期、电话也列出|check: list names, dates and telephones too"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_REPORT = {
    .name = "report",
    .usage = "-o FILE | check FILE | diff DATE DATE",
    .summary = "写出报告,每个数字都能点开;核对手写的报告|write the report; check one written by hand",
    .details = "report check 读 .docx、.txt 或 .md,逐个找出数字和“全部”“所有”一类说法,与名册算出的比较:相符、不符、自相矛盾、无人能证。"
               "有不符或矛盾时退出状态为 1。\n"
               "report diff 列出两个时点之间变动的指标,以及引起变动的行。\n示例:taizhang -C 县 report -o 报告.html --since 2019-12-31\n"
               "      taizhang -C 县 report check 整改报告.docx|"
               "report check reads .docx, .txt or .md, finds its numbers and claims and compares them with the rows: agrees, differs, contradicts, "
               "unbacked. Exit status 1 where one differs or contradicts.\n"
               "report diff names the figures that moved between two dates, and the rows that moved them.\n"
               "Example: taizhang -C DIR report -o report.html --since 2019-12-31\n         taizhang -C DIR report check text.docx",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
