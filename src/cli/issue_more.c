/* taizhang issue import, letters, draw, lots, recalls: what is about many issues at once. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "ledger/intake.h"
#include "ledger/letter.h"
#include "ledger/lot.h"

/* ---- import ---- */

static const tz_list_column MAPPING_COLUMNS[] = {
    {"column", "列|column", false}, {"header", "表头|header", false}, {"field", "读作|read as", false}, {"reason", "依据|reason", false},
    {NULL, NULL, false},
};
static const tz_list_column ROW_COLUMNS[] = {
    {"row", "行|row", true}, {"action", "结果|result", false}, {"issue", "问题|issue", true}, {"unit", "承办|unit", false},
    {"term", "时限|term", false}, {"due", "期限|due", false}, {"claims", "台账所称|claims", false}, {"column", "列|column", false},
    {"text", "怎么办|what to do", false}, {NULL, NULL, false},
};

/* Reasons are bilingual. */
static void choose_language(const tz_cli *cli, json_t *mapping)
{
    size_t  i, size = 0;
    json_t *line;

    json_array_foreach(mapping, i, line) {
        const char *half = tz_half(tz_json_str(line, "reason"), cli->app.lang, &size);
        (void)json_object_set_new(line, "reason", tz_json_text((tz_text){half, size}));
    }
}

static tz_rc print_import(tz_cli *cli, json_t *result, bool is_dry_run, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    const json_t *account = json_object_get(result, "account");
    const char   *sheet = tz_json_str(result, "sheet");

    if (sheet != NULL)
        tz_cli_say(cli, "工作表:%s", "sheet: %s", sheet);
    TZ_TRY(tz_cli_list(cli, json_object_get(result, "mapping"), MAPPING_COLUMNS, err));
    tz_cli_say(cli, "%s", "%s", "");
    TZ_TRY(tz_cli_list(cli, json_object_get(result, "rows"), ROW_COLUMNS, err));
    tz_cli_say(cli, "%s%lld 行:新开 %lld,并入 %lld,已知 %lld,重新打开 %lld,退回 %lld",
               "%s%lld rows: %lld opened, %lld joined, %lld known, %lld reopened, %lld refused",
               is_dry_run ? cli->app.lang == TZ_ZH ? "未写入;" : "nothing written; " : "", (long long)tz_json_int(account, "rows", 0),
               (long long)tz_json_int(account, "opened", 0), (long long)tz_json_int(account, "joined", 0),
               (long long)tz_json_int(account, "known", 0), (long long)tz_json_int(account, "reopened", 0),
               (long long)tz_json_int(account, "refused", 0));
done:
    return rc;
}

/* Sheet by sheet; with --json all of them as they are. */
static tz_rc print_imports(tz_cli *cli, json_t *results, bool is_dry_run, tz_err *err)
{
    size_t  i;
    json_t *result;
    tz_rc   rc = TZ_OK;

    json_array_foreach(results, i, result) {
        choose_language(cli, json_object_get(result, "mapping"));
        if (tz_json_int(json_object_get(result, "account"), "refused", 0) > 0)
            cli->exit_status = 3;
    }
    if (tz_cli_is_machine(cli))
        return tz_cli_list(cli, results, ROW_COLUMNS, err);
    json_array_foreach(results, i, result)
        if (rc == TZ_OK)
            rc = print_import(cli, result, is_dry_run, err);
    return rc;
}

tz_rc tz_cli_issue_import(tz_cli *cli, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_session       *session = NULL;
    json_t           *results = NULL;
    tz_intake_options options = {.ledger = tz_cli_get(cli, "--ledger"), .source = tz_cli_get(cli, "--source"),
                                 .raised_by = tz_cli_get(cli, "--raised-by"), .level = tz_cli_get(cli, "--level"),
                                 .is_dry_run = tz_cli_get(cli, "--dry-run") != NULL};

    if (cli->args.count != 2)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_int(cli, "--parent", 0, &options.parent, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_issue_import(&cli->mem, session->store, session->packs, cli->args.items[1], &options, &results, err));
    rc = print_imports(cli, results, options.is_dry_run, err);
done:
    json_decref(results);
    tz_session_close(session);
    return rc;
}

/* ---- letters ---- */

static const tz_list_column LETTER_COLUMNS[] = {
    {"letter", "编号|no.", true}, {"name", "函|letter", false}, {"issue", "问题|issue", true}, {"unit", "单位|unit", false},
    {"to_role", "发给|to", false}, {"to_user", "用户|user", false}, {"about", "事由期限|about", false}, {"day", "日期|day", false},
    {NULL, NULL, false},
};

tz_rc tz_cli_issue_letters(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *rows = NULL;
    bool        is_sent = tz_cli_get(cli, "--send") != NULL;

    if (cli->args.count != 1)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, is_sent ? TZ_WRITE : TZ_READ, &session, err));
    if (tz_cli_get(cli, "--issued") != NULL)
        TZ_TRY(tz_letters_issued(session->store, 0, &rows, err));
    else
        TZ_TRY(tz_letters_due(session->store, session->packs, 0, is_sent, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, LETTER_COLUMNS, err));
    if (!is_sent && tz_cli_get(cli, "--issued") == NULL && json_array_size(rows) > 0 && !tz_cli_is_machine(cli))
        tz_cli_note(cli, "%zu 件待发;加 --send 编号并记入日志", "%zu are due; --send numbers them and puts them into the journal",
                    json_array_size(rows));
done:
    json_decref(rows);
    tz_session_close(session);
    return rc;
}

/* ---- lots ---- */

static const tz_list_column LOT_COLUMNS[] = {
    {"lot", "抽取|lot", true}, {"kind", "种类|kind", false}, {"ledger", "台账|ledger", false}, {"day", "日期|day", false},
    {"months", "满月|months", true}, {"percent", "比例|per cent", true}, {"pool", "可抽|pool", true}, {"drawn", "抽中|drawn", false},
    {"waiting", "未办|waiting", false}, {"holds", "可复算|holds", false}, {NULL, NULL, false},
};

/* A table shows lists of numbers as text. */
static void numbers_as_text(tz_cli *cli, json_t *lots, const char *key)
{
    size_t  i, j;
    json_t *lot, *number;

    json_array_foreach(lots, i, lot) {
        tz_buf text = tz_buf_init(&cli->mem, 0);
        json_array_foreach(json_object_get(lot, key), j, number)
            tz_buf_printf(&text, "%s%lld", j == 0 ? "" : " ", (long long)json_integer_value(number));
        tz_json_set_str(lot, key, tz_buf_str(&text));
    }
}

static tz_rc print_lots(tz_cli *cli, json_t *lots, tz_err *err)
{
    if (!tz_cli_is_machine(cli)) {
        numbers_as_text(cli, lots, "drawn");
        numbers_as_text(cli, lots, "waiting");
    }
    return tz_cli_list(cli, lots, LOT_COLUMNS, err);
}

tz_rc tz_cli_issue_draw(tz_cli *cli, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_session    *session = NULL;
    json_t        *lot = NULL, *lots = NULL;
    int64_t        months = 0, percent = 0;
    tz_lot_options options = {.kind = tz_cli_get(cli, "--kind"), .ledger = tz_cli_get(cli, "--ledger")};

    if (cli->args.count != 1 || options.kind == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_int(cli, "--months", 0, &months, err));
    TZ_TRY(tz_cli_int(cli, "--percent", 0, &percent, err));
    if (months < 0 || months > 1000 || percent < 0 || percent > 1000)
        months = percent = 1000; /* refused with its range */
    options.months = (int)months;
    options.percent = (int)percent;
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_lot_draw(&cli->mem, session->store, session->packs, &options, &lot, err));
    lots = json_pack("[O]", lot);
    TZ_TRY(print_lots(cli, lots, err));
done:
    json_decref(lot);
    json_decref(lots);
    tz_session_close(session);
    return rc;
}

tz_rc tz_cli_issue_lots(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    json_t     *lots = NULL, *lot;
    size_t      i;

    if (cli->args.count != 1)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_lot_list(&cli->mem, session->store, &lots, err));
    json_array_foreach(lots, i, lot)
        if (!json_is_true(json_object_get(lot, "holds")))
            cli->exit_status = 1;
    TZ_TRY(print_lots(cli, lots, err));
done:
    json_decref(lots);
    tz_session_close(session);
    return rc;
}

/* ---- people ---- */

static const tz_list_column RECALL_COLUMNS[] = {
    {"recall", "回访|recall", true}, {"lot", "抽取|lot", true}, {"issue", "问题|issue", true}, {"name", "姓名|name", false},
    {"answer", "回答|answer", false}, {"by", "经办|by", false}, {"day", "日期|day", false}, {NULL, NULL, false},
};

static tz_rc print_recalls(tz_cli *cli, tz_session *session, int64_t lot, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_recall_list(&cli->mem, session->store, lot, tz_cli_get(cli, "--names") == NULL, &rows, err);

    if (rc == TZ_OK)
        rc = tz_cli_list(cli, rows, RECALL_COLUMNS, err);
    json_decref(rows);
    return rc;
}

tz_rc tz_cli_issue_recalls(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     lot = 0;

    if (cli->args.count > 2)
        return tz_cli_usage(cli, err);
    if (cli->args.count == 2)
        TZ_TRY(tz_cli_number(cli->args.items[1], &lot, err));
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    rc = print_recalls(cli, session, lot, err);
done:
    tz_session_close(session);
    return rc;
}

tz_rc tz_cli_issue_answered(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     recall = 0;

    if (cli->args.count != 3)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_number(cli->args.items[1], &recall, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_recall_answer(session->store, recall, cli->args.items[2], tz_cli_get(cli, "--note"), err));
    rc = print_recalls(cli, session, 0, err);
done:
    tz_session_close(session);
    return rc;
}

/* "-" reads the name from the standard input, so that it is in no list of processes and no history of a shell. */
static tz_rc read_name(const tz_cli *cli, char name[128], tz_err *err)
{
    const char *given = cli->args.items[1];

    if (strcmp(given, "-") != 0)
        (void)snprintf(name, 128, "%s", given);
    else if (fgets(name, 128, stdin) == NULL)
        name[0] = '\0';
    name[strcspn(name, "\r\n")] = '\0';
    return name[0] == '\0' ? tz_fail(err, TZ_USAGE, "缺少姓名", "the name is missing") : TZ_OK;
}

tz_rc tz_cli_issue_never_ask(tz_cli *cli, tz_err *err)
{
    tz_session *session = NULL;
    char        name[128];
    tz_rc       rc = cli->args.count != 2 ? tz_cli_usage(cli, err) : read_name(cli, name, err);

    if (rc == TZ_OK)
        rc = tz_cli_open(cli, TZ_WRITE, &session, err);
    if (rc == TZ_OK)
        rc = tz_lot_never_ask(session->store, name, err);
    if (rc == TZ_OK)
        tz_cli_say(cli, "此人(及同名者)不会被抽中回访;库中只存不可还原的标记", "nobody of that name will be drawn; only a key of the name is kept");
    tz_session_close(session);
    return rc;
}
