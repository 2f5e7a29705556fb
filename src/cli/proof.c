/* taizhang checkpoint, prove, backup, restore: what others can check, and what brings a county back. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/notice.h"
#include "store/backup.h"
#include "store/checkpoint.h"
#include "store/prove.h"
#include "store/witness.h"

/* ---- checkpoint ---- */

/* ~/.config/taizhang/taizhang-140430-5b5f8a0dd9cae61f.pem, or what --key says. */
static tz_rc key_path(tz_cli *cli, tz_store *store, const char **ret_path, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *given = tz_cli_get(cli, "--key"), *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *origin = NULL;

    if (given != NULL) {
        *ret_path = given;
        return TZ_OK;
    }
    TZ_TRY(tz_checkpoint_origin(&cli->mem, store, &origin, err));
    char *name = tz_arena_dup(&cli->mem, origin);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '/' ? '-' : *at;
    const char *folder = base != NULL && base[0] == '/' ? tz_arena_printf(&cli->mem, "%s/taizhang", base)
                                                        : tz_arena_printf(&cli->mem, "%s/.config/taizhang", home == NULL ? "" : home);
    TZ_TRY(tz_file_make_folder(folder, err));
    *ret_path = tz_arena_printf(&cli->mem, "%s/%s.pem", folder, name);
done:
    return rc;
}

/* -o FILE: the newest checkpoint for a witness. */
static tz_rc export_checkpoint(tz_cli *cli, const char *path, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_store *store = NULL;
    json_t   *file = NULL;
    int64_t   since = 0;
    tz_buf    text = tz_buf_init(&cli->mem, 0);

    TZ_TRY(tz_cli_int(cli, "--since", 0, &since, err));
    if (since < 0)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_store_open(&cli->app, cli->folder, TZ_READ, &store, err));
    TZ_TRY(tz_checkpoint_export(&cli->mem, store, since, &file, err));
    tz_json_canonical(file, &text);
    tz_buf_char(&text, '\n');
    TZ_TRY(tz_file_write(path, tz_buf_text(&text), 0644, err));
    tz_cli_say(cli, "%s:交给见证方,用 taizhang witness take 收存", "%s: for a witness, who keeps it with taizhang witness take", path);
done:
    json_decref(file);
    tz_store_close(store);
    return rc;
}

/* --paper FILE: the newest checkpoint for a notice board. */
static tz_rc print_checkpoint(tz_cli *cli, const char *path, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_store   *store = NULL;
    tz_notice   notice = {0};
    const char *page = NULL;

    TZ_TRY(tz_store_open(&cli->app, cli->folder, TZ_READ, &store, err));
    notice.county = store->county->name;
    TZ_TRY(tz_checkpoint_newest(&cli->mem, store, &notice.text, &notice.note, &notice.key, err));
    if (tz_text_ends(tz_text_of(path), TZ_TEXT(".svg")))
        TZ_TRY(tz_notice_svg(&cli->mem, &notice, &page, err));
    else
        TZ_TRY(tz_notice_text(&cli->mem, &notice, &page, err));
    TZ_TRY(tz_file_write(path, tz_text_of(page), 0644, err));
    tz_cli_say(cli, "%s:可以打印张贴", "%s: to be printed and posted", path);
done:
    tz_store_close(store);
    return rc;
}

static tz_rc run_checkpoint(tz_cli *cli, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_store     *store = NULL;
    const char   *path = NULL, *note = NULL, *kept = tz_cli_get(cli, "--check");
    tz_note       read = {0};
    tz_public_key key;
    tz_text       text;
    char          hex[TZ_SM3_HEX];

    if (tz_cli_get(cli, "-o") != NULL)
        return export_checkpoint(cli, tz_cli_get(cli, "-o"), err);
    if (tz_cli_get(cli, "--paper") != NULL)
        return print_checkpoint(cli, tz_cli_get(cli, "--paper"), err);
    TZ_TRY(tz_store_open(&cli->app, cli->folder, kept == NULL ? TZ_WRITE : TZ_READ, &store, err));
    if (kept != NULL) {
        TZ_TRY(tz_file_load(&cli->mem, kept, 1 << 16, &text, err));
        TZ_TRY(tz_checkpoint_check(&cli->mem, store, text, &read, err));
        tz_cli_say(cli, "一致:日志的前 %lld 条就是这个检查点",
                   "agrees: the first %lld entries are those of this checkpoint",
                   (long long)read.entries);
        goto done;
    }
    TZ_TRY(tz_store_act_as(store, cli->system_user, cli->as_user, err));
    TZ_TRY(key_path(cli, store, &path, err));
    TZ_TRY(tz_checkpoint_make(&cli->mem, store, path, &note, err));
    TZ_TRY(tz_key_public(path, &key, err));
    tz_digest print = tz_sm3(key.bytes, TZ_POINT_SIZE);
    tz_digest_hex(&print, hex);
    tz_cli_say(cli, "%.*s", "%.*s", (int)(strlen(note) - 1), note);
    tz_cli_note(cli, "密钥 %s,指纹 %s", "key %s, fingerprint %s", path, hex);
done:
    tz_store_close(store);
    return rc;
}

static const tz_option CHECKPOINT_OPTIONS[] = {
    {"--key", "KEY", "签名密钥:文件(没有就新建)或硬件的 URI|the signing key: a file, made if need be, or the URI of hardware"},
    {"--check", "FILE", "核对别处保存的检查点|check a checkpoint that was kept elsewhere"},
    {"-o", "FILE", "把最近的检查点写成见证方要的文件|write the newest checkpoint as a file for a witness"},
    {"--paper", "FILE", "写成一行字和二维码,供张贴:.svg 为 A4 页,否则为文本|a line and a QR code to be posted: .svg a page, else text"},
    {"--since", "N", "-o:附上从第 N 条起的延续证明|-o: with the proof that it goes on from entry N"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_CHECKPOINT = {
    .name = "checkpoint",
    .usage = "[--key KEY | --check FILE | --paper FILE | -o FILE [--since N]]",
    .summary = "给存证日志签名,或核对旧签名|sign the journal, or check an earlier signature",
    .options = CHECKPOINT_OPTIONS,
    .run = run_checkpoint,
};

/* ---- prove ---- */

static tz_rc run_prove(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_store   *store = NULL;
    json_t     *proof = NULL;
    int64_t     issue = 0;
    const char *path = tz_cli_get(cli, "-o");
    tz_buf      text = tz_buf_init(&cli->mem, 0);

    if (cli->args.count != 1 || path == NULL)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_number(cli->args.items[0], &issue, err));
    TZ_TRY(tz_store_open(&cli->app, cli->folder, TZ_READ, &store, err));
    TZ_TRY(tz_prove_issue(&cli->mem, store, issue, tz_cli_get(cli, "--masked") != NULL, &proof, err));
    tz_json_canonical(proof, &text);
    tz_buf_char(&text, '\n');
    TZ_TRY(tz_file_write(path, tz_buf_text(&text), 0600, err));
    tz_cli_say(cli, "%s:%lld 个条目,用 taizhang-verify 核对", "%s: %lld entries, to be checked with taizhang-verify", path,
               (long long)json_array_size(json_object_get(proof, "entries")));
done:
    json_decref(proof);
    tz_store_close(store);
    return rc;
}

static const tz_option PROVE_OPTIONS[] = {
    {"-o", "FILE", "写到文件|write to this file"},
    {"--masked", NULL, "不含个人信息|leave out what is personal"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_PROVE = {
    .name = "prove",
    .usage = "ISSUE -o FILE [--masked]",
    .summary = "把一个问题的历史写成可独立核对的证明|write an issue's history as a proof that others can check",
    .options = PROVE_OPTIONS,
    .run = run_prove,
};

/* ---- backup and restore ---- */

static tz_rc run_backup(tz_cli *cli, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_store         *store = NULL;
    tz_backup_account account = {0};

    if (cli->args.count != 1)
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_store_open(&cli->app, cli->folder, TZ_READ, &store, err));
    TZ_TRY(tz_backup_write(store, cli->args.items[0], &account, err));
    tz_cli_say(cli, "已备份 %lld 个文件,日志 %lld 条,共 %lld 字节;其中有个人信息,请妥善保管",
               "%lld files, a journal of %lld entries, %lld bytes; it holds personal data, keep it safe", (long long)account.files,
               (long long)account.entries, (long long)account.bytes);
done:
    tz_store_close(store);
    return rc;
}

const tz_command TZ_CMD_BACKUP = {
    .name = "backup",
    .usage = "FILE",
    .summary = "运行中备份整个目录|back up the whole directory, while it is in use",
    .run = run_backup,
};

static tz_rc run_restore(tz_cli *cli, tz_err *err)
{
    tz_backup_account account = {0};

    if (cli->args.count != 2)
        return tz_cli_usage(cli, err);
    tz_rc rc = tz_backup_restore(&cli->app, cli->args.items[0], cli->args.items[1], &account, err);
    if (rc == TZ_OK)
        tz_cli_say(cli, "已恢复到 %s:%lld 个文件,日志 %lld 条,核对一致。接着:taizhang -C %s rebuild",
                   "restored to %s: %lld files, a journal of %lld entries, all agrees. Next: taizhang -C %s rebuild", cli->args.items[1],
                   (long long)account.files, (long long)account.entries, cli->args.items[1]);
    return rc;
}

const tz_command TZ_CMD_RESTORE = {
    .name = "restore",
    .usage = "FILE DIR",
    .summary = "从备份恢复并核对|bring a backup back and verify it",
    .run = run_restore,
};
