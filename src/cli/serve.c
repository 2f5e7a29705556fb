/* taizhang serve: the office in a browser. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "web/tls.h"
#include "web/web.h"

enum { DEFAULT_PORT = 8420, MAX_PEM_BYTES = 1 << 20 };

/* "127.0.0.1:8420", "[::1]:8420", ":8420" or "8420". */
static tz_rc parse_listen(tz_cli *cli, const char *listen, const char **ret_address, uint16_t *ret_port, tz_err *err)
{
    const char *colon = strrchr(listen, ':'), *port = colon == NULL ? listen : colon + 1;
    size_t      size = colon == NULL ? 0 : (size_t)(colon - listen);
    int64_t     number = 0;

    if (!tz_text_int(tz_text_of(port), &number) || number < 0 || number > 65535)
        return tz_fail(err, TZ_USAGE, "--listen 写作 地址:端口,如 127.0.0.1:8420", "--listen is ADDR:PORT, such as 127.0.0.1:8420");
    bool is_bracketed = size >= 2 && listen[0] == '[' && listen[size - 1] == ']';
    *ret_address = size == 0 ? "127.0.0.1" : tz_arena_copy(&cli->mem, listen + is_bracketed, size - 2 * (size_t)is_bracketed);
    *ret_port = (uint16_t)number;
    return TZ_OK;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* The certificate: given as files, or our own. */
static tz_rc find_cert(tz_cli *cli, tz_serve_options *options, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_text     cert = {0}, key = {0};
    const char *cert_file = tz_cli_get(cli, "--cert"), *key_file = tz_cli_get(cli, "--key"), *home = getenv("HOME");

    if ((cert_file == NULL) != (key_file == NULL))
        return tz_fail(err, TZ_USAGE, "--cert 和 --key 要一起给", "--cert and --key go together");
    if (cert_file != NULL) {
        TZ_TRY(tz_file_load(&cli->mem, cert_file, MAX_PEM_BYTES, &cert, err));
        TZ_TRY(tz_file_load(&cli->mem, key_file, MAX_PEM_BYTES, &key, err));
    } else if (tz_cli_get(cli, "--tls") != NULL) {
        if (home == NULL)
            return tz_fail(err, TZ_USAGE, "不知道证书放在哪里:没有 HOME", "there is no HOME to keep the certificate in");
        TZ_TRY(tz_tls_own(&cli->mem, tz_arena_printf(&cli->mem, "%s/.config/taizhang", home), options->address, &cert, &key, err));
    } else if (!is_loopback(options->address) && tz_cli_get(cli, "--plain") == NULL) {
        (void)tz_fail(err, TZ_USAGE, "不加密的网页只在本机上提供", "pages without encryption are served to this machine alone");
        return tz_err_advise(err, "加 --tls;内网前面已有加密代理时加 --plain", "add --tls; add --plain where a proxy in front encrypts");
    }
    options->cert = cert.data;
    options->key = key.data;
done:
    return rc;
}

typedef struct {
    tz_cli                 *cli;
    const tz_serve_options *options;
} told;

static void ready(void *context, uint16_t port)
{
    const told *to = context;
    bool        is_v6 = strchr(to->options->address, ':') != NULL;
    tz_cli_note(to->cli, "在浏览器中打开 %s://%s%s%s:%d/ ,Ctrl-C 停止", "open %s://%s%s%s:%d/ in a browser, Ctrl-C stops",
                to->options->cert != NULL ? "https" : "http", is_v6 ? "[" : "", to->options->address, is_v6 ? "]" : "", (int)port);
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_serve_options options = {.app = &cli->app, .folder = cli->folder, .system_user = cli->system_user, .address = "127.0.0.1",
                                .port = DEFAULT_PORT};
    told             to = {cli, &options};
    int64_t          workers = 0;

    if (cli->args.count != 0)
        return tz_cli_usage(cli, err);
    if (tz_cli_get(cli, "--listen") != NULL)
        TZ_TRY(parse_listen(cli, tz_cli_get(cli, "--listen"), &options.address, &options.port, err));
    TZ_TRY(tz_cli_int(cli, "--threads", 0, &workers, err));
    options.public_folder = tz_cli_get(cli, "--public");
    options.is_public_alone = options.public_folder != NULL;
    options.workers = workers < 0 || workers > 256 ? 0 : (int)workers;
    TZ_TRY(find_cert(cli, &options, err));
    TZ_TRY(tz_serve(&options, ready, &to, err));
done:
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--listen", "ADDR:PORT", "在哪个地址和端口上服务,默认 127.0.0.1:8420|where to serve, by default 127.0.0.1:8420"},
    {"--tls", NULL, "加密;没有证书时自制一张|encrypt; makes a certificate of its own"},
    {"--cert", "FILE", "证书(PEM)|the certificate (PEM)"},
    {"--key", "FILE", "证书的私钥(PEM)|its key (PEM)"},
    {"--plain", NULL, "允许不加密地服务本机以外(前面另有加密代理时)|serve beyond this machine without encryption (behind a proxy that encrypts)"},
    {"--public", "FOLDER", "只服务这个公开文件夹(县目录里的 public),够不着别的|serve this folder of what is public alone, and reach nothing else"},
    {"--threads", "N", "几个线程办理,默认每处理器一个再加四个|threads that answer, by default one a processor and four"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_SERVE = {
    .name = "serve",
    .usage = "[--listen ADDR:PORT] [--tls | --cert FILE --key FILE | --plain]",
    .summary = "在浏览器中办公|the office in a browser",
    .details =
        "一个进程,不连外网。本机以外须加密。\n"
        "  taizhang -C county serve                        本机 http://127.0.0.1:8420/\n"
        "  taizhang -C county serve --listen 0.0.0.0:8443 --tls\n"
        "  taizhang serve --public county/public --listen 0.0.0.0:8444 --tls   给公众:另一个进程,只够得着公开的内容\n"
        "|One process, nothing from outside the machine. Beyond this machine pages are encrypted.\n"
        "  taizhang -C county serve                        this machine, http://127.0.0.1:8420/\n"
        "  taizhang -C county serve --listen 0.0.0.0:8443 --tls\n"
        "  taizhang serve --public county/public --listen 0.0.0.0:8444 --tls   for everybody: a process that reaches nothing else",
    .options = OPTIONS,
    .run = run,
};
