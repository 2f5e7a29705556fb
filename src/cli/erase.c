/* taizhang erase: values go, by order. */
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "packs/query.h"
#include "store/erase.h"

enum { MAX_LIST_BYTES = 256 << 20, MAX_ROWS = 10000 };

static const tz_list_column COLUMNS[] = {
    {"erasure", "编号|number", true}, {"order", "删除令|order", false}, {"table", "何处|of", false}, {"key", "键|key", false},
    {"field", "字段|field", false},   {"entry", "条目|entry", true},    {NULL, NULL, false},
};

static tz_rc read_target(tz_cli *cli, tz_session *session, const char *kind, tz_flow_erasure *what, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    size_t   count = cli->args.count - 1;
    int64_t *rows = tz_new_array(&cli->mem, int64_t, count);

    if (strcmp(kind, "row") == 0) {
        for (size_t i = 0; i < count; i++)
            TZ_TRY(tz_row_parse(session->store, cli->args.items[i + 1], &rows[i], err));
        what->rows = rows;
        what->row_count = count;
    } else if (count != 1) {
        rc = tz_cli_usage(cli, err);
    } else if (strcmp(kind, "person") == 0) {
        what->person = cli->args.items[1];
    } else {
        rc = tz_cli_number(cli->args.items[1], &what->issue, err);
    }
done:
    return rc;
}

static tz_rc list(tz_cli *cli, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_store *store = NULL;
    json_t   *rows = NULL;

    TZ_TRY(tz_store_open(&cli->app, cli->folder, TZ_READ, &store, err));
    TZ_TRY(tz_erase_list(store, &rows, err));
    TZ_TRY(tz_cli_list(cli, rows, COLUMNS, err));
done:
    json_decref(rows);
    tz_store_close(store);
    return rc;
}

static tz_rc again(tz_cli *cli, tz_session *session, json_t **ret_erased, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text text;
    json_t *before = NULL;

    TZ_TRY(tz_file_load(&cli->mem, cli->args.items[1], MAX_LIST_BYTES, &text, err));
    TZ_TRY(tz_json_parse(text, &before, err));
    TZ_TRY(tz_flow_erase_again(session, before, ret_erased, err));
done:
    json_decref(before);
    return rc;
}

static tz_rc run_erase(tz_cli *cli, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_session     *session = NULL;
    json_t         *erased = NULL;
    const char     *kind = cli->args.count > 0 ? cli->args.items[0] : "list";
    tz_flow_erasure what = {.order = tz_cli_get(cli, "--order"), .why = tz_cli_get(cli, "--why"),
                            .is_trial = tz_cli_get(cli, "--dry-run") != NULL};
    bool            is_again = strcmp(kind, "again") == 0 && cli->args.count == 2;

    if (strcmp(kind, "list") == 0 && cli->args.count <= 1)
        return list(cli, err);
    if (!is_again && (cli->args.count < 2 || cli->args.count > MAX_ROWS || what.order == NULL || what.order[0] == '\0' ||
                      (strcmp(kind, "row") != 0 && strcmp(kind, "person") != 0 && strcmp(kind, "issue") != 0)))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    if (is_again) {
        TZ_TRY(again(cli, session, &erased, err));
    } else {
        TZ_TRY(read_target(cli, session, kind, &what, err));
        TZ_TRY(tz_flow_erase(session, &what, &erased, err));
    }
    TZ_TRY(tz_cli_list(cli, erased, COLUMNS, err));
    if (!what.is_trial)
        tz_cli_note(cli, "目录里的值已删除。目录之外的备份、报告、错误工作簿、证明和打印件不在其内:请按令销毁;"
                         "旧备份恢复后运行 taizhang erase again 清单",
                    "The values are gone from the directory. Backups, reports, error workbooks, proofs and prints outside it are not: "
                    "destroy them as the order says; after restoring an old backup run taizhang erase again LIST");
done:
    json_decref(erased);
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--order", "NUMBER", "删除令的文号|the number of the order"},
    {"--why", "TEXT", "理由|the reason"},
    {"--dry-run", NULL, "只列出会删什么|only say what would go"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_ERASE = {
    .name = "erase",
    .usage = "row ROW… | person P | issue N --order NUMBER [--why TEXT] [--dry-run], or list, or again FILE",
    .summary = "依令删除个人信息,历史仍可核对|erase personal values by order; the history still proves itself",
    .details = "删除一行、一人的所有行或一个问题,连同以其为据的疑点的内容、问题的描述和说明、只属于它的佐证文件,\n"
               "以及这些行所在的原始文件(整个文件)。verify 仍然一致,并说明依哪一号令删除了多少处。\n"
               "示例:taizhang erase person P1204 --order 沁法〔2020〕12号 --dry-run\n"
               "      taizhang erase list --json > 清单.json;恢复旧备份后:taizhang erase again 清单.json|"
               "A row, all rows of a person, or an issue; with the messages of the findings that rest on them, the words of the issues,\n"
               "the files that are evidence of nothing else, and the whole files that the rows came in. verify still agrees, and says how\n"
               "much was erased by which order.\n"
               "Example: taizhang erase person P1204 --order 'order 12/2020' --dry-run\n"
               "         taizhang erase list --json > list.json; after restoring an old backup: taizhang erase again list.json",
    .options = OPTIONS,
    .is_listing = true,
    .run = run_erase,
};
