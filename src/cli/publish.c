/* taizhang publish: name lists that the law asks for, and statistics; what stands and what came down. */
#include <string.h>

#include "base/date.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/public.h"
#include "report/public_report.h"
#include "report/site.h"

static const tz_list_column COLUMNS[] = {
    {"publication", "编号|no.", true}, {"name", "事项|what", false},    {"kind", "类别|kind", false}, {"medium", "载体|medium", false},
    {"period", "期|period", false},    {"starts", "起|from", false},    {"ends", "止|to", false},     {"rows", "行|rows", true},
    {"state", "状态|state", false},    {NULL, NULL, false},
};

static int32_t today(const tz_cli *cli)
{
    return tz_date_in_china(tz_app_now_ms(&cli->app));
}

static tz_rc read_day(const tz_cli *cli, const char *name, int32_t *ret_day, tz_err *err)
{
    tz_rc rc = tz_cli_date(cli, name, ret_day, err);
    if (rc == TZ_OK && *ret_day == 0)
        *ret_day = today(cli);
    return rc;
}

static tz_rc list(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    int32_t     day = 0;

    TZ_TRY(read_day(cli, "--date", &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_publications(&cli->mem, session->store, session->packs, day, cli->app.lang, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, COLUMNS, err));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

/* The report has no file of its own: it stands on the site. */
static tz_rc make_report(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *row = NULL;
    tz_day      day;
    int32_t     starts = 0;

    TZ_TRY(tz_cli_day(cli, &day, err));
    TZ_TRY(read_day(cli, "--start", &starts, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_day_resolve(session->store, day, &day, err));
    TZ_TRY(tz_publish_report(&cli->mem, session->store, session->packs, day, starts, &row, err));
    tz_cli_say(cli, "第 %lld 号公开:报告,数据时点 %s,自 %s 起,可公布的指标 %lld 项",
               "publication %lld: the report as of %s, from %s on, with %lld figures",
               (long long)tz_json_int(row, "publication", 0), tz_json_str(row, "as_of"), tz_json_str(row, "starts"),
               (long long)tz_json_int(row, "rows", 0));
done:
    json_decref(row);
    tz_session_close(session);
    return rc;
}

static tz_rc make(tz_cli *cli, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_session        *session = NULL;
    json_t            *row = NULL;
    tz_publish_options options = {.period = tz_cli_get(cli, "--period"), .lang = cli->app.lang};
    const char        *out = tz_cli_get(cli, "-o");

    if (cli->args.count == 2 && out == NULL && strcmp(cli->args.items[1], "report") == 0)
        return make_report(cli, err);
    if (cli->args.count != 2 || out == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_day(cli, &options.day, err));
    TZ_TRY(read_day(cli, "--start", &options.starts, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_day_resolve(session->store, options.day, &options.day, err));
    TZ_TRY(tz_publish(&cli->mem, session->store, session->packs, cli->args.items[1], &options, out, &row, err));
    const char *ends = tz_json_str(row, "ends");
    tz_cli_say(cli, "第 %lld 号公开,%s%s%s,%lld 行:%s", "publication %lld, %s%s%s, %lld rows: %s", (long long)tz_json_int(row, "publication", 0),
               tz_json_str(row, "starts"), ends == NULL ? "" : cli->app.lang == TZ_ZH ? " 至 " : " to ", ends == NULL ? "" : ends,
               (long long)tz_json_int(row, "rows", 0), out);
done:
    json_decref(row);
    tz_session_close(session);
    return rc;
}

static tz_rc site(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    int32_t     day = 0;

    if (cli->args.count != 2)
        return tz_cli_usage(cli, err);
    TZ_TRY(read_day(cli, "--date", &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_site_write(&cli->mem, session->store, session->packs, tz_arena_printf(&cli->mem, "%s/site", cli->args.items[1]), day, err));
    TZ_TRY(tz_public_site(&cli->mem, session->store, session->packs, cli->args.items[1], day, cli->app.lang, &rows, err));
    tz_cli_say(cli, "%zu 件在公开:%s/index.html", "%zu stand: %s/index.html", json_array_size(rows), cli->args.items[1]);
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

static tz_rc take(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     number = 0;
    int32_t     day = 0;
    const char *why = tz_cli_get(cli, "--why");

    if (cli->args.count != 2 || why == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_number(cli->args.items[1], &number, err));
    TZ_TRY(read_day(cli, "--date", &day, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_publication_take(&cli->mem, session->store, number, day, why, err));
    tz_cli_say(cli, "第 %lld 号公开已撤下", "publication %lld was taken down", (long long)number);
done:
    tz_session_close(session);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    static const struct { const char *name; tz_rc (*run)(tz_cli *cli, tz_err *err); } PARTS[] = {
        {"list", list}, {"make", make}, {"site", site}, {"take", take}};

    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (cli->args.count > 0 && strcmp(cli->args.items[0], PARTS[i].name) == 0)
            return PARTS[i].run(cli, err);
    return cli->args.count == 0 ? list(cli, err) : tz_cli_usage(cli, err);
}

static const tz_option OPTIONS[] = {
    {"-o", "FILE", "make:写到这里;只能张贴的写 .pdf 或 .docx|make: write here; what is posted on paper as .pdf or .docx"},
    {"--period", "PERIOD", "make:名单的期,如 2019-1|make: the period of a list, such as 2019-1"},
    {"--start", "DATE", "make:公示第一天,默认今天|make: its first day, today unless said"},
    {"--as-of", "DATE", "make:数据时点|make: validity: the county of that day"},
    {"--at", "ENTRY", "make:截至该存证条目所知|make: knowledge: as the journal stood at that entry"},
    {"--date", "DATE", "list、site、take:哪一天,默认今天|list, site, take: the day, today unless said"},
    {"--why", "TEXT", "take:理由|take: the reason"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_PUBLISH = {
    .name = "publish",
    .usage = "[list] | make NAME -o FILE | make report | site FOLDER | take N --why TEXT",
    .summary = "公示名单和公开统计,到期自动撤下|public name lists and statistics, taken down when their time is over",
    .details = "名单只列规则包声明的、法律许可的栏目;统计不列不足 5 的数,也不让两次公布之差透露它。\n"
               "make report 公布报告:各节文字,不足 5 的数写作“—”,变动不足 5 的沿用上次。\n"
               "site 每天运行一次:写出当天应当公开的页面,撤下到期的;taizhang serve 自己会写,不必另跑。\n"
               "示例:taizhang -C 县 publish make aid-list --period 2019-1 -o 公示.pdf|"
               "A list shows the columns that its pack declares and the law allows; statistics show no count under five, nor what two publications "
               "give away by their difference.\nmake report publishes the report's sections, with no number under five.\n"
               "site, run once a day, writes what stands and removes what is over.\n"
               "Example: taizhang -C DIR publish make aid-list --period 2019-1 -o list.pdf",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
