/* taizhang issue: the ledger. Lists, letters and lots that are no action on one issue are in issue_more.c. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "ledger/issue.h"

static const tz_list_column LIST_COLUMNS[] = {
    {"issue", "问题|issue", true},     {"level", "级别|level", false}, {"word", "状态|state", false},
    {"standing_word", "另|standing", false}, {"unit", "承办|unit", false},   {"due", "期限|due", false},
    {"days_left", "余天|days left", true}, {"letter", "函|letter", false}, {"clock.clock", "计时|clock", false},
    {"clock.until", "至|until", false}, {"raised_by", "来源|raised by", false}, {"title", "问题描述|what", false}, {NULL, NULL, false},
};
static const tz_list_column HISTORY_COLUMNS[] = {
    {"at", "时间|at", false}, {"word", "动作|action", false}, {"state", "状态|state", false}, {"by", "经办|by", false},
    {"note", "说明|note", false}, {NULL, NULL, false},
};
static const tz_list_column EVIDENCE_COLUMNS[] = {
    {"evidence", "佐证|evidence", true}, {"kind", "种类|kind", false}, {"file", "文件|file", false}, {"line", "行|line", false},
    {"taken", "拍摄|taken", false}, {"by", "经办|by", false}, {"note", "说明|note", false}, {NULL, NULL, false},
};
static const tz_list_column REMARK_COLUMNS[] = {
    {"evidence", "佐证|evidence", true}, {"text", "签字前请看|look at before signing", false}, {NULL, NULL, false},
};
static const tz_list_column SAID_COLUMNS[] = {
    {"at", "时间|at", false}, {"word", "陈述与答复|said and answered", false}, {"by", "经办|by", false}, {"note", "内容|what", false},
    {NULL, NULL, false},
};
static const tz_list_column CHILD_COLUMNS[] = {
    {"issue", "子问题|child", true}, {"state", "状态|state", false}, {"level", "级别|level", false}, {"unit", "承办|unit", false},
    {NULL, NULL, false},
};

static tz_rc list(tz_cli *cli, tz_session *session, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    json_t         *rows = NULL;
    tz_issue_filter filter = {.ledger = tz_cli_get(cli, "--ledger"), .state = tz_cli_get(cli, "--state"), .unit = tz_cli_get(cli, "--unit"),
                              .is_overdue = tz_cli_get(cli, "--overdue") != NULL, .is_masked = true, .lang = cli->app.lang};

    TZ_TRY(tz_cli_int(cli, "--after", 0, &filter.after, err));
    TZ_TRY(tz_cli_int(cli, "--limit", 0, &filter.limit, err));
    TZ_TRY(tz_issue_list(&cli->mem, session->store, session->packs, &filter, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, LIST_COLUMNS, err));
done:
    json_decref(rows);
    return rc;
}

/* A part of an issue as a table of its own, if it holds anything. */
static tz_rc print_part(tz_cli *cli, const json_t *issue, const char *part, const tz_list_column *columns, tz_err *err)
{
    const json_t *rows = json_object_get(issue, part);

    if (json_array_size(rows) == 0)
        return TZ_OK;
    tz_cli_say(cli, "%s", "%s", "");
    return tz_cli_list(cli, rows, columns, err);
}

static const char *how_word(const char *how)
{
    static const char *const WORDS[][2] = {
        {"data", "数据"}, {"extract", "盖章摘录,待数据验证"}, {"evidence", "佐证"}, {"document only", "只有文件"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i][0], how) == 0)
            return WORDS[i][1];
    return how;
}

static tz_rc print_issue(tz_cli *cli, json_t *issue, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *one = json_pack("[O]", issue);

    TZ_TRY(tz_cli_list(cli, one, LIST_COLUMNS, err));
    if (tz_cli_is_machine(cli))
        goto done;
    TZ_TRY(print_part(cli, issue, "history", HISTORY_COLUMNS, err));
    TZ_TRY(print_part(cli, issue, "evidence", EVIDENCE_COLUMNS, err));
    TZ_TRY(print_part(cli, issue, "remarks", REMARK_COLUMNS, err));
    TZ_TRY(print_part(cli, issue, "said", SAID_COLUMNS, err));
    TZ_TRY(print_part(cli, issue, "children", CHILD_COLUMNS, err));
    if (tz_json_str(issue, "closed_how") != NULL)
        tz_cli_say(cli, "销号凭:%s%.0s", "%.0sclosed on: %s", how_word(tz_json_str(issue, "closed_how")), tz_json_str(issue, "closed_how"));
    if (tz_json_str(issue, "share_done") != NULL)
        tz_cli_say(cli, "子问题完成 %s,末级完成 %s", "children done %s, of the last level %s", tz_json_str(issue, "share_done"),
                   tz_json_str(issue, "leaves_done"));
done:
    json_decref(one);
    return rc;
}

static tz_rc show(tz_cli *cli, tz_session *session, int64_t number, tz_err *err)
{
    json_t *issue = NULL;
    tz_rc   rc = tz_issue_show(&cli->mem, session->store, session->packs, number, true, cli->app.lang, &issue, err);
    if (rc == TZ_OK)
        rc = print_issue(cli, issue, err);
    json_decref(issue);
    return rc;
}

static tz_rc open_by_hand(tz_cli *cli, tz_session *session, tz_err *err)
{
    int64_t              number = 0;
    tz_issue_new_options options = {.ledger = tz_cli_get(cli, "--ledger"), .title = tz_cli_get(cli, "--title"),
                                    .level = tz_cli_get(cli, "--level"), .unit = tz_cli_get(cli, "--to"), .due = tz_cli_get(cli, "--due"),
                                    .term = tz_cli_get(cli, "--term"), .source = tz_cli_get(cli, "--source"),
                                    .raised_by = tz_cli_get(cli, "--raised-by")};
    tz_rc rc = tz_cli_int(cli, "--parent", 0, &options.parent, err);
    if (rc == TZ_OK)
        rc = tz_issue_new(session->store, session->packs, &options, &number, err);
    return rc == TZ_OK ? show(cli, session, number, err) : rc;
}

/* Every --field NAME=VALUE as an object, NULL without one. */
static tz_rc read_fields(tz_cli *cli, json_t **ret_fields, tz_err *err)
{
    json_t *fields = NULL;

    for (size_t i = 0;; i++) {
        const char *pair = tz_cli_get_nth(cli, "--field", i), *equals = pair == NULL ? NULL : strchr(pair, '=');
        if (pair == NULL)
            break;
        if (equals == NULL) {
            json_decref(fields);
            return tz_fail(err, TZ_USAGE, "--field 写作 名=值", "--field is NAME=VALUE");
        }
        fields = fields == NULL ? json_object() : fields;
        (void)json_object_set_new(fields, tz_arena_copy(&cli->mem, pair, (size_t)(equals - pair)), tz_json_text(tz_text_of(equals + 1)));
    }
    *ret_fields = fields;
    return TZ_OK;
}

static tz_rc act(tz_cli *cli, tz_session *session, int64_t number, const char *action, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    json_t          *issue = NULL, *fields = NULL;
    const char      *row = tz_cli_get(cli, "--row");
    tz_issue_options options = {
        .unit = tz_cli_get(cli, "--to"), .handler = tz_cli_get(cli, "--handler"), .support = tz_cli_get(cli, "--support"),
        .due = tz_cli_get(cli, "--due"), .term = tz_cli_get(cli, "--term"), .note = tz_cli_get(cli, "--note"),
        .file = tz_cli_get(cli, "--file"), .kind = tz_cli_get(cli, "--kind"), .line = tz_cli_get(cli, "--line"),
        .boxes = tz_cli_get(cli, "--boxes"), .people = tz_cli_get(cli, "--people"),
        .is_pending_data = tz_cli_get(cli, "--pending-data") != NULL, .is_relapse = tz_cli_get(cli, "--relapse") != NULL,
        .is_seen = tz_cli_get(cli, "--seen") != NULL, .is_upheld = tz_cli_get(cli, "--upheld") != NULL,
        .is_rejected = tz_cli_get(cli, "--rejected") != NULL};

    TZ_TRY(tz_cli_int(cli, "--with", 0, &options.with, err));
    TZ_TRY(read_fields(cli, &fields, err));
    options.fields = fields;
    if (row != NULL)
        TZ_TRY(tz_row_parse(session->store, row, &options.row, err));
    rc = tz_issue_act(&cli->mem, session->store, session->packs, number, action, &options, &issue, err);
    if (rc == TZ_REFUSED && strcmp(action, "close") == 0)
        rc = tz_err_advise(err, "审批表用 attach --kind approval --boxes;照片提示看过后加 --seen",
                           "the form: attach --kind approval --boxes; once the photos' remarks were looked at: --seen");
    if (rc != TZ_OK)
        goto done;
    TZ_TRY(print_issue(cli, issue, err));
done:
    json_decref(issue);
    json_decref(fields);
    return rc;
}

static tz_rc run_one(tz_cli *cli, const char *action, bool is_show, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     number = 0;

    if (cli->args.count != 2)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_number(cli->args.items[1], &number, err));
    TZ_TRY(tz_cli_open(cli, is_show ? TZ_READ : TZ_WRITE, &session, err));
    rc = is_show ? show(cli, session, number, err) : act(cli, session, number, action, err);
done:
    tz_session_close(session);
    return rc;
}

static tz_rc run_new(tz_cli *cli, tz_err *err)
{
    tz_session *session = NULL;
    tz_rc       rc = cli->args.count != 1 ? tz_cli_usage(cli, err) : tz_cli_open(cli, TZ_WRITE, &session, err);

    if (rc == TZ_OK)
        rc = open_by_hand(cli, session, err);
    tz_session_close(session);
    return rc;
}

static tz_rc run_list(tz_cli *cli, tz_err *err)
{
    tz_session *session = NULL;
    tz_rc       rc = cli->args.count > 1 ? tz_cli_usage(cli, err) : tz_cli_open(cli, TZ_READ, &session, err);

    if (rc == TZ_OK)
        rc = list(cli, session, err);
    tz_session_close(session);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    static const struct { const char *name; tz_rc (*run)(tz_cli *cli, tz_err *err); } WHOLE[] = {
        {"list", run_list},        {"new", run_new},         {"import", tz_cli_issue_import}, {"letters", tz_cli_issue_letters},
        {"draw", tz_cli_issue_draw}, {"lots", tz_cli_issue_lots}, {"recalls", tz_cli_issue_recalls}, {"answered", tz_cli_issue_answered},
        {"never-ask", tz_cli_issue_never_ask},
    };
    const char *action = cli->args.count > 0 ? cli->args.items[0] : "list";

    for (size_t i = 0; i < sizeof WHOLE / sizeof WHOLE[0]; i++)
        if (strcmp(WHOLE[i].name, action) == 0)
            return WHOLE[i].run(cli, err);
    return run_one(cli, action, strcmp(action, "show") == 0, err);
}

static const tz_option OPTIONS[] = {
    {"--to", "UNIT", "assign、new:承办单位;transfer:移送机关|assign, new: the unit that leads; transfer: the authority"},
    {"--handler", "USER", "assign:经办人|assign: the user who rectifies"},
    {"--support", "UNIT,…", "assign:配合单位|assign: units that support"},
    {"--due", "DATE", "assign、new:期限;extend:申请延到|assign, new: the date; extend: the date asked for"},
    {"--term", "TERM", "assign、new:at once(立行立改)、by date、long-term(长期坚持)|assign, new: 'at once', 'by date' or 'long-term'"},
    {"--note", "TEXT", "说明;return、extend、deny、suspend、say、object、answer、transfer、dismiss、look-back 必填|a note; needed by those"},
    {"--field", "NAME=VALUE", "set:台账栏目,可重复|set: a field of its ledger, may be repeated"},
    {"--people", "NAME,…", "set:所涉或受益群众(无疑点的问题)|set: whom an issue without a finding harmed or repaid"},
    {"--file", "FILE", "attach:佐证;say、object:陈述材料;import 见说明|attach: evidence; say, object: what the accused hands in"},
    {"--kind", "KIND", "attach:receipt、document、photo 或 approval(审批表);draw:look-back 或 ask-back|attach: receipt, document, photo or "
                       "approval; draw: look-back or ask-back"},
    {"--line", "TEXT", "attach:一张凭证多个问题共用时,本问题对应的行|attach: this issue's own line of a shared receipt"},
    {"--boxes", "BOX,…", "attach --kind approval:已签的栏|attach --kind approval: the boxes that are signed"},
    {"--row", "ROW", "attach:以名册中的一行为佐证|attach: a row of a register as evidence"},
    {"--with", "N", "merge:并入的问题;split:拆出的疑点|merge: the issue it joins; split: the finding that leaves"},
    {"--seen", NULL, "close:照片的提示已看过|close: what speaks against the photos was looked at"},
    {"--pending-data", NULL, "close:凭盖章摘录先销号,下批数据来时自动复验|close: on a sealed extract, until the next batch"},
    {"--upheld", NULL, "answer:异议成立|answer: the objection holds"},
    {"--rejected", NULL, "answer:异议不成立|answer: it doesn't"},
    {"--relapse", NULL, "look-back:问题复发|look-back: the problem is there again"},
    {"--title", "TEXT", "new:问题描述|new: the sentence"},
    {"--level", "LEVEL", "new、import:red、orange 或 yellow|new, import: red, orange or yellow"},
    {"--source", "KIND", "new、import:hand、inspection 或 complaint|new, import: hand, inspection or complaint"},
    {"--raised-by", "TEXT", "new、import:由谁提出|new, import: by whom"},
    {"--parent", "N", "new、import:上级问题|new, import: the parent issue"},
    {"--ledger", "NAME", "list、new、import、draw:台账|list, new, import, draw: the ledger"},
    {"--state", "STATE", "list:状态,open 为全部未结|list: the state; open: all that have not ended"},
    {"--unit", "UNIT", "list:承办单位(含其承接的单位)|list: the unit, with those whose duties it took over"},
    {"--overdue", NULL, "list:只列超期|list: only those past their due date"},
    {"--after", "N", "list:编号大于 N 的|list: numbers after N"},
    {"--limit", "N", "list:至多 N 条|list: at most N"},
    {"--dry-run", NULL, "import:只看不写|import: look, write nothing"},
    {"--send", NULL, "letters:编号并记入日志|letters: number them and put them into the journal"},
    {"--issued", NULL, "letters:列出已发的|letters: those that were issued"},
    {"--percent", "N", "draw:比例|draw: the share"},
    {"--months", "N", "draw:销号后满几个月|draw: months since closing"},
    {"--names", NULL, "recalls:显示姓名|recalls: show the names"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_ISSUE = {
    .name = "issue",
    .usage =
        "list | show N | new --title TEXT | import FILE | letters | draw --kind KIND | lots | recalls [LOT] | answered RECALL ANSWER | "
        "never-ask NAME|- | assign|start|set|note|attach|submit|check|publish|close|return|extend|grant|deny|suspend|say|object|answer|"
        "transfer|dismiss|look-back|split|merge N [options]",
    .summary = "问题台账:交办、整改、核查、凭佐证销号|the ledger: assign, rectify, check, close on evidence",
    .details =
        "销号要有佐证,并由整改人以外的第二人签字;缺什么,拒绝时一次说全。\n"
        "一天的活:\n"
        "  taizhang issue import 巡察台账.xlsx --ledger feedback --dry-run   先看怎么读,再去掉 --dry-run\n"
        "  taizhang issue assign 3 --to 教育局 --handler zhang --due 2020-07-31 --support 民政局\n"
        "  taizhang --as zhang issue start 3\n"
        "  taizhang --as zhang issue set 3 --field measure=追回多发资金\n"
        "  taizhang --as zhang issue attach 3 --file 缴款书.pdf --kind receipt --line 第2行\n"
        "  taizhang --as zhang issue submit 3 --note 已追回\n"
        "  taizhang --as li issue check 3 && taizhang --as li issue close 3\n"
        "时限和异议:\n"
        "  taizhang --as zhang issue extend 3 --due 2020-08-31 --note 等批复,taizhang --as wang issue grant 3\n"
        "  taizhang --as zhang issue object 3 --note 金额有误 --file 申辩.pdf,taizhang --as wang issue answer 3 --rejected --note 核对无误\n"
        "  taizhang issue letters --send                            提醒函、督办函、告诫函\n"
        "事后:\n"
        "  taizhang issue draw --kind look-back --percent 20        抽取回头看,lots 可复算\n"
        "  taizhang issue draw --kind ask-back,再 recalls --names,再 answered 7 confirmed --note 已收到\n"
        "|Closing asks for evidence and a second person who is not the rectifier; a refusal names all that is missing.\n"
        "A day's work:\n"
        "  taizhang issue import list.xlsx --ledger feedback --dry-run   see how it is read, then without --dry-run\n"
        "  taizhang issue assign 3 --to 教育局 --handler zhang --due 2020-07-31 --support 民政局\n"
        "  taizhang --as zhang issue start 3\n"
        "  taizhang --as zhang issue set 3 --field measure=追回多发资金\n"
        "  taizhang --as zhang issue attach 3 --file receipt.pdf --kind receipt --line 2\n"
        "  taizhang --as zhang issue submit 3 --note done\n"
        "  taizhang --as li issue check 3 && taizhang --as li issue close 3\n"
        "Time and objections:\n"
        "  taizhang --as zhang issue extend 3 --due 2020-08-31 --note TEXT, then taizhang --as wang issue grant 3\n"
        "  taizhang --as zhang issue object 3 --note TEXT --file FILE, then taizhang --as wang issue answer 3 --rejected --note TEXT\n"
        "  taizhang issue letters --send                            reminding, urging, warning letters\n"
        "Afterwards:\n"
        "  taizhang issue draw --kind look-back --percent 20        what to look back at; lots can be computed again\n"
        "  taizhang issue draw --kind ask-back, then recalls --names, then answered 7 confirmed --note TEXT",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
