/* main - from argv to a command, and from its result to an exit status. */
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "cli/cli.h"

static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_no)
{
    (void)signal_no;
    stop_asked = 1;
}

static bool should_stop(void *context)
{
    (void)context;
    return stop_asked != 0;
}

static int64_t now_ms(void *context)
{
    struct timespec now;
    (void)context;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Chinese unless the environment asks for English. */
static tz_lang language(void)
{
    static const char *const NAMES[] = {"TAIZHANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        const char *value = getenv(NAMES[i]);
        if (value != NULL && value[0] != '\0')
            return strncmp(value, "en", 2) == 0 ? TZ_EN : TZ_ZH;
    }
    return TZ_ZH;
}

static const char *own_path(tz_arena *mem)
{
    char    path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    return size <= 0 ? NULL : tz_arena_copy(mem, path, (size_t)size);
}

/* Options that every command takes. */
static const tz_option COMMON[] = {
    {"-C", "DIR", "县数据目录,默认为当前目录|the county's data directory, default the current one"},
    {"--as", "USER", "以该用户的名义办理|act as this user"},
    {"--lang", "zh|en", "显示语言|language of messages"},
    {"--help", NULL, "本帮助|this help"},
    {NULL, NULL, NULL},
};
static const tz_option LISTING[] = {
    {"--json", NULL, "输出 JSON|print JSON"},
    {"--csv", NULL, "输出 CSV|print CSV"},
    {"--xlsx", "FILE", "写成 Excel 文件|write an Excel file"},
    {NULL, NULL, NULL},
};

static const tz_option *find_option(const tz_option *options, const char *name)
{
    for (; options != NULL && options->name != NULL; options++)
        if (strcmp(options->name, name) == 0)
            return options;
    return NULL;
}

static const tz_option *known_option(const tz_cli *cli, const char *name)
{
    const tz_option *option = find_option(COMMON, name);
    if (option == NULL && cli->command != NULL)
        option = find_option(cli->command->options, name);
    if (option == NULL && cli->command != NULL && cli->command->is_listing)
        option = find_option(LISTING, name);
    return option;
}

static tz_rc take_option(tz_cli *cli, char **argv, int argc, int *at, tz_err *err)
{
    const char *name = argv[*at], *value = "";
    const char *equals = name[1] == '-' ? strchr(name, '=') : NULL;

    if (equals != NULL)
        name = tz_arena_copy(&cli->mem, name, (size_t)(equals - name));
    if (strcmp(name, "-h") == 0)
        name = "--help";
    const tz_option *option = known_option(cli, name);
    if (option == NULL) {
        (void)tz_fail(err, TZ_USAGE, "没有选项 %s", "there is no option %s", name);
        if (cli->command == NULL)
            return tz_err_advise(err, "用 taizhang help 查看用法", "see taizhang help");
        return tz_err_advise(err, "用 taizhang help %s 查看用法", "see taizhang help %s", cli->command->name);
    }
    if (option->value != NULL) {
        value = equals != NULL ? equals + 1 : *at + 1 < argc ? argv[++*at] : NULL;
        if (value == NULL)
            return tz_fail(err, TZ_USAGE, "选项 %s 后面缺少 %s", "option %s needs a %s", name, option->value);
    }
    if (cli->option_count == sizeof cli->options / sizeof cli->options[0])
        return tz_fail(err, TZ_USAGE, "选项过多", "too many options");
    cli->options[cli->option_count].name = option->name;
    cli->options[cli->option_count++].value = value;
    return TZ_OK;
}

/* The command is the first word that is neither an option nor an option's value. */
static tz_rc parse(tz_cli *cli, int argc, char **argv, tz_err *err)
{
    bool only_args = false;

    for (int at = 1; at < argc; at++) {
        if (!only_args && strcmp(argv[at], "--") == 0) {
            only_args = true;
        } else if (!only_args && argv[at][0] == '-' && argv[at][1] != '\0') {
            tz_rc rc = take_option(cli, argv, argc, &at, err);
            if (rc != TZ_OK)
                return rc;
        } else if (cli->command == NULL) {
            tz_rc rc = tz_cli_command(argv[at], &cli->command, err);
            if (rc != TZ_OK)
                return rc;
        } else {
            tz_push(&cli->mem, &cli->args, argv[at]);
        }
    }
    return TZ_OK;
}

static tz_rc run(tz_cli *cli, int argc, char **argv, tz_err *err)
{
    tz_rc rc = parse(cli, argc, argv, err);
    if (rc != TZ_OK)
        return rc;

    const char *lang = tz_cli_get(cli, "--lang");
    if (lang != NULL)
        cli->app.lang = strcmp(lang, "en") == 0 ? TZ_EN : TZ_ZH;
    const char *folder = tz_cli_get(cli, "-C");
    cli->folder = folder != NULL ? folder : ".";
    cli->as_user = tz_cli_get(cli, "--as");
    if (cli->command == NULL || tz_cli_get(cli, "--help") != NULL) {
        tz_cli_help(cli, cli->command);
        return TZ_OK;
    }
    return cli->command->run(cli, err);
}

int main(int argc, char **argv)
{
    tz_cli cli = {.app = {.lang = language(), .now_ms = now_ms, .progress = tz_cli_progress, .should_stop = should_stop}};
    tz_err err = {0};

    /* The worker for foreign SQL is this program again, before anything else is touched. */
    if (argc == 2 && strcmp(argv[1], "worker") == 0)
        return tz_worker_main();

    (void)umask(077); /* what a county is made of is its owner's alone, as is what lies beside a file while that is written */

    tz_store_start();
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);

    const struct passwd *account = getpwuid(geteuid());
    cli.system_user = account != NULL ? tz_arena_dup(&cli.mem, account->pw_name) : "unknown";
    cli.app.program = own_path(&cli.mem);
    cli.app.context = &cli;
    cli.progress.is_terminal = isatty(STDERR_FILENO) == 1;

    tz_rc rc = run(&cli, argc, argv, &err);
    tz_cli_progress_clear(&cli);
    int status = cli.exit_status;
    if (rc != TZ_OK) {
        tz_assert(err.code == rc);
        tz_cli_print_error(&cli, &err);
        status = tz_rc_exit(rc);
    }
    if (fflush(stdout) != 0 && status == 0)
        status = 4;
    tz_arena_free(&cli.mem);
    return status;
}
