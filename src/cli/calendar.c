/* taizhang calendar: which days a county works. */
#include <stdio.h>

#include "base/date.h"
#include "cli/cli.h"
#include "cli/commands.h"

static const tz_list_column SPAN_COLUMNS[] = {
    {"from", "起|from", false}, {"to", "止|to", false},         {"kind", "种类|kind", false},
    {"name", "名称|name", false}, {"source", "出处|source", false}, {NULL, NULL, false},
};
static const tz_list_column DAY_COLUMNS[] = {
    {"day", "日期|day", false}, {"working", "工作日|working", false}, {"after", "工作日数|working days", true},
    {"then", "届满日|falls on", false}, {"known", "有安排|year known", false}, {NULL, NULL, false},
};

static tz_rc list_spans(tz_cli *cli, const tz_calendar *calendar, tz_err *err)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < calendar->spans.count; i++) {
        const tz_calendar_span *span = &calendar->spans.items[i];
        char                    from[TZ_DATE_TEXT], to[TZ_DATE_TEXT];
        tz_date_format(span->from, from);
        tz_date_format(span->to, to);
        (void)json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s, s:s}", "from", from, "to", to, "kind",
                                                    span->is_off ? "off" : "work", "name", span->name, "source", span->source));
    }
    tz_rc rc = tz_cli_list(cli, rows, SPAN_COLUMNS, err);
    json_decref(rows);
    return rc;
}

static tz_rc show_day(tz_cli *cli, const tz_calendar *calendar, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int32_t day = 0;
    int64_t count = 0;
    char    text[TZ_DATE_TEXT], then[TZ_DATE_TEXT];
    json_t *rows = NULL;

    if (!tz_date_parse(tz_text_of(cli->args.items[0]), &day))
        return tz_fail(err, TZ_USAGE, "“%s” 不是日期,写作 2020-06-30", "'%s' is no date; write 2020-06-30", cli->args.items[0]);
    TZ_TRY(tz_cli_int(cli, "--add", 0, &count, err));
    if (count < 0 || count > 10000) {
        rc = tz_fail(err, TZ_USAGE, "--add 后面是 0 到 10000", "--add takes 0 to 10000");
        goto done;
    }
    int32_t end = tz_calendar_add(calendar, day, (int)count);
    tz_date_format(day, text);
    tz_date_format(end, then);
    rows = json_pack("[{s:s, s:b, s:I, s:s, s:b}]", "day", text, "working", tz_calendar_is_working(calendar, day), "after",
                     (json_int_t)count, "then", then, "known", tz_calendar_knows(calendar, end / 10000));
    TZ_TRY(tz_cli_list(cli, rows, DAY_COLUMNS, err));
    if (!tz_calendar_knows(calendar, end / 10000))
        tz_cli_note(cli, "calendar.tsv 没有 %d 年的放假安排,只按周末计算;请补入当年通知后 config accept",
                    "calendar.tsv holds no holidays of %d, so only weekends rest; add that year's notice, then config accept", end / 10000);
done:
    json_decref(rows);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;

    if (cli->args.count > 1)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    if (cli->args.count == 0)
        rc = list_spans(cli, &session->store->county->calendar, err);
    else
        rc = show_day(cli, &session->store->county->calendar, err);
done:
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--add", "N", "其后第 N 个工作日|the N-th working day after it"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_CALENDAR = {
    .name = "calendar",
    .usage = "[DATE [--add N]]",
    .summary = "工作日历:节假日、调休,期限按它计算|working days: holidays and make-up days, by which clocks run",
    .details = "不带日期时列出目录中 calendar.tsv 的全部安排(有误时报告行号)。\n"
               "示例:taizhang -C 沁县 calendar 2020-01-20 --add 10|Without a date it lists calendar.tsv of the directory, or says "
               "on which line it is wrong.\nExample: taizhang -C 沁县 calendar 2020-01-20 --add 10",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
