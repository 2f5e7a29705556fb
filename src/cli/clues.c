/* taizhang clues: counts by type, the only thing that leaves a clue county. */
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "ledger/clue.h"
#include "store/sign.h"

static const tz_list_column COLUMNS[] = {
    {"origin", "线索目录|clue county", false}, {"type", "类别|type", false}, {"state", "状态|state", false}, {"count", "件数|count", true},
    {"as_of", "截至|as of", false}, {NULL, NULL, false},
};

static tz_rc count(tz_cli *cli, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_session   *session = NULL;
    const char   *text = NULL, *out = tz_cli_get(cli, "-o"), *key_path = tz_cli_get(cli, "--key");
    tz_public_key key;
    char          hex[TZ_POINT_HEX];

    if (out == NULL || key_path == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_clue_count(&cli->mem, session->store, session->packs, key_path, &text, err));
    TZ_TRY(tz_file_write(out, tz_text_of(text), 0644, err));
    TZ_TRY(tz_key_public(key_path, &key, err));
    tz_hex(key.bytes, TZ_POINT_SIZE, hex);
    tz_cli_say(cli, "%s:只有类别、状态和件数。公钥(首次收入时核对):%s",
               "%s: types, states and numbers, nothing else. Public key (to be compared at the first taking): %s", out, hex);
done:
    tz_session_close(session);
    return rc;
}

static tz_rc list(tz_cli *cli, tz_session *session, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_clue_list(session->store, &rows, err);

    if (rc == TZ_OK)
        rc = tz_cli_list(cli, rows, COLUMNS, err);
    json_decref(rows);
    return rc;
}

static tz_rc take(tz_cli *cli, tz_err *err)
{
    enum { MOST_BYTES = 1 << 16 };
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    tz_text     text;

    TZ_TRY(tz_file_load(&cli->mem, cli->args.items[1], MOST_BYTES, &text, err));
    TZ_TRY(tz_cli_open(cli, TZ_WRITE, &session, err));
    TZ_TRY(tz_clue_take(session->store, session->packs, text, tz_cli_get(cli, "--signer"), err));
    rc = list(cli, session, err);
done:
    tz_session_close(session);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    const char *action = cli->args.count > 0 ? cli->args.items[0] : "list";

    if (strcmp(action, "count") == 0 && cli->args.count == 1)
        return count(cli, err);
    if (strcmp(action, "take") == 0 && cli->args.count == 2)
        return take(cli, err);
    if (strcmp(action, "list") != 0 || cli->args.count > 1)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    rc = list(cli, session, err);
done:
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"-o", "FILE", "count:写到文件|count: write to this file"},
    {"--key", "FILE", "count:签名密钥,没有则新建|count: the signing key, made if it isn't there"},
    {"--signer", "HEX", "take:线索目录的公钥,首次必填|take: the clue county's public key, needed the first time"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_CLUES = {
    .name = "clues",
    .usage = "list | count -o FILE --key PEM | take FILE [--signer HEX]",
    .summary = "问题线索:另目录加封,只有按类别的计数能出来|clues: a sealed county of their own; only counts by type leave it",
    .details =
        "线索目录:taizhang new 线索 --county 140430 --pack clues\n出计数:taizhang -C 线索 clues count -o 计数.txt --key 密钥.pem\n"
        "收计数:taizhang -C 沁县 clues take 计数.txt --signer 公钥|A clue county: taizhang new clues --county 140430 --pack clues\n"
        "Its counts: taizhang -C clues clues count -o counts.txt --key key.pem\nTaken: taizhang -C qinxian clues take counts.txt --signer HEX",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
