/* taizhang witness: keeping the signed roots of other counties. */
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "store/witness.h"

enum { MAX_CHECKPOINT_BYTES = 16 << 20 };

static const tz_list_column COLUMNS[] = {
    {"name", "名称|name", false},     {"entries", "条目|entries", true}, {"state", "状态|state", false}, {"root", "根|root", false},
    {"origin", "日志|journal", false}, {NULL, NULL, false},
};

/* add NAME FILE, take FILE. */
static tz_rc take(tz_cli *cli, tz_store *store, const char *name, const char *path, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_text      text;
    json_t      *file = NULL;
    tz_witnessed kept = {0};

    TZ_TRY(tz_file_load(&cli->mem, path, MAX_CHECKPOINT_BYTES, &text, err));
    TZ_TRY(tz_json_parse(text, &file, err));
    if (name != NULL)
        TZ_TRY(tz_witness_add(&cli->mem, store, name, file, tz_cli_get(cli, "--key"), &kept, err));
    else
        TZ_TRY(tz_witness_take(&cli->mem, store, file, &kept, err));
    tz_cli_say(cli, kept.is_new ? "已存 %s 的检查点,%lld 条,与以前的一致" : "%s 的检查点(%lld 条)已存过",
               kept.is_new ? "kept: the checkpoint of %s, %lld entries, goes on from those before"
                           : "the checkpoint of %s (%lld entries) is kept already",
               kept.name, (long long)kept.note.entries);
done:
    json_decref(file);
    return rc;
}

/* The note as text, for `checkpoint --check` in the county. */
static tz_rc show(tz_cli *cli, const json_t *rows, const char *name, tz_err *err)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char   *note = tz_json_str(row, "note");
        if (strcmp(tz_json_str(row, "name"), name) == 0) {
            tz_cli_say(cli, "%.*s", "%.*s", (int)(strlen(note) - 1), note);
            return TZ_OK;
        }
    }
    return tz_fail(err, TZ_MISSING, "没有登记过 “%s”", "'%s' is not known here", name);
}

static tz_rc run_witness(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_store   *store = NULL;
    json_t     *rows = NULL;
    size_t      count = cli->args.count;
    const char *action = count > 0 ? cli->args.items[0] : "list";
    bool        is_add = strcmp(action, "add") == 0 && count == 3, is_take = strcmp(action, "take") == 0 && count == 2;
    bool        is_show = strcmp(action, "show") == 0 && count == 2, is_list = strcmp(action, "list") == 0 && count <= 1;

    if (!is_add && !is_take && !is_show && !is_list)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_store_open(&cli->app, cli->folder, is_add || is_take ? TZ_WRITE : TZ_READ, &store, err));
    if (is_add || is_take) {
        TZ_TRY(tz_store_act_as(store, cli->system_user, cli->as_user, err));
        TZ_TRY(take(cli, store, is_add ? cli->args.items[1] : NULL, cli->args.items[count - 1], err));
        goto done;
    }
    TZ_TRY(tz_witness_list(&cli->mem, store, &rows, err));
    if (is_show)
        TZ_TRY(show(cli, rows, cli->args.items[1], err));
    else
        TZ_TRY(tz_cli_list(cli, rows, COLUMNS, err));
done:
    json_decref(rows);
    tz_store_close(store);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--key", "FINGERPRINT", "add:对方公布的密钥指纹(至少 16 位)|add: the fingerprint that they published (16 digits at least)"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_WITNESS = {
    .name = "witness",
    .usage = "list | add NAME FILE --key FINGERPRINT | take FILE | show NAME",
    .summary = "为别的县存检查点,拒收分叉的历史|keep other counties' checkpoints, refuse a history that forks",
    .details = "县里运行 taizhang checkpoint,再运行 taizhang checkpoint -o 文件,把文件送来。\n"
               "历史被改写过的县,签得出新检查点,签不出与旧检查点一致的证明。\n"
               "示例:taizhang -C 市 witness add 沁县 qinxian.json --key 7fc7a352c28f9fab\n"
               "      taizhang -C 市 witness take qinxian-2.json|"
               "The county runs taizhang checkpoint and taizhang checkpoint -o FILE, and sends the file.\n"
               "A county that rewrote its history can sign a new checkpoint, but not prove that it goes on from the old one.\n"
               "Example: taizhang -C city witness add Qinxian qinxian.json --key 7fc7a352c28f9fab\n"
               "         taizhang -C city witness take qinxian-2.json",
    .options = OPTIONS,
    .is_listing = true,
    .run = run_witness,
};
