/* cli - what commands share: options, messages, progress, help. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"

const char *tz_cli_get_nth(const tz_cli *cli, const char *name, size_t n)
{
    for (size_t i = 0; i < cli->option_count; i++)
        if (strcmp(cli->options[i].name, name) == 0 && n-- == 0)
            return cli->options[i].value;
    return NULL;
}

const char *tz_cli_get(const tz_cli *cli, const char *name)
{
    return tz_cli_get_nth(cli, name, 0);
}

tz_rc tz_cli_date(const tz_cli *cli, const char *name, int32_t *ret_ymd, tz_err *err)
{
    const char *text = tz_cli_get(cli, name);
    int32_t     ymd = 0;

    if (text != NULL && !tz_date_parse(tz_text_of(text), &ymd))
        return tz_fail(err, TZ_USAGE, "%s 后面应是日期,如 2020-06-30", "%s needs a date such as 2020-06-30", name);
    *ret_ymd = ymd;
    return TZ_OK;
}

tz_rc tz_cli_int(const tz_cli *cli, const char *name, int64_t otherwise, int64_t *ret_value, tz_err *err)
{
    const char *text = tz_cli_get(cli, name);
    int64_t     value = otherwise;

    if (text != NULL && !tz_text_int(tz_text_of(text), &value))
        return tz_fail(err, TZ_USAGE, "%s 后面应是整数", "%s needs a whole number", name);
    *ret_value = value;
    return TZ_OK;
}

tz_rc tz_cli_day(const tz_cli *cli, tz_day *ret_day, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    tz_day day = {0};

    TZ_TRY(tz_cli_date(cli, "--as-of", &day.as_of, err));
    TZ_TRY(tz_cli_int(cli, "--at", 0, &day.at, err));
    *ret_day = day;
done:
    return rc;
}

tz_rc tz_cli_usage(const tz_cli *cli, tz_err *err)
{
    return tz_fail(err, TZ_USAGE, "用法:taizhang %s %s", "usage: taizhang %s %s", cli->command->name,
                   cli->command->usage);
}

tz_rc tz_cli_number(const char *text, int64_t *ret_value, tz_err *err)
{
    const char *digits = text[0] == '#' || text[0] == 'F' || text[0] == 'f' ? text + 1 : text;
    int64_t     value = 0;

    if (!tz_text_int(tz_text_of(digits), &value) || value < 1)
        return tz_fail(err, TZ_USAGE, "“%s” 不是编号", "'%s' is no number", text);
    *ret_value = value;
    return TZ_OK;
}

tz_rc tz_cli_open(tz_cli *cli, tz_access access, tz_session **ret_session, tz_err *err)
{
    return tz_session_open(&cli->app, cli->folder, access, cli->system_user, cli->as_user, ret_session, err);
}

/* ---- Messages ---- */

void tz_cli_say(const tz_cli *cli, const char *zh, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    (void)vprintf(cli->app.lang == TZ_ZH ? zh : en, args);
    va_end(args);
    (void)putchar('\n');
}

void tz_cli_note(const tz_cli *cli, const char *zh, const char *en, ...)
{
    va_list args;
    tz_cli_progress_clear((tz_cli *)cli);
    va_start(args, en);
    (void)vfprintf(stderr, cli->app.lang == TZ_ZH ? zh : en, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

void tz_cli_print_error(const tz_cli *cli, const tz_err *err)
{
    char line[1400];
    tz_err_line(err, cli->app.lang, line, sizeof line);
    tz_cli_note(cli, "taizhang: %s", "taizhang: %s", line);
}

/* ---- Progress: one line that is written over, on a terminal only ---- */

enum { REDRAW_MS = 100, BAR_CELLS = 24 };

void tz_cli_progress(void *context, const char *what, int64_t done, int64_t total)
{
    tz_cli *cli = context;
    if (!cli->progress.is_terminal)
        return;
    int64_t now = cli->app.now_ms(cli);
    if (now - cli->progress.last_ms < REDRAW_MS && done < total)
        return;
    cli->progress.last_ms = now;

    size_t      len = 0;
    const char *words = tz_half(what, cli->app.lang, &len);
    (void)fprintf(stderr, "\r\033[K%.*s", (int)len, words);
    if (total > 0) {
        int filled = (int)(done >= total ? BAR_CELLS : done * BAR_CELLS / total);
        (void)fputs("  [", stderr);
        for (int i = 0; i < BAR_CELLS; i++)
            (void)fputc(i < filled ? '#' : '.', stderr);
        (void)fprintf(stderr, "] %lld%%", (long long)(done >= total ? 100 : done * 100 / total));
    }
    (void)fflush(stderr);
    cli->progress.is_shown = true;
}

void tz_cli_progress_clear(tz_cli *cli)
{
    if (cli->progress.is_shown)
        (void)fputs("\r\033[K", stderr);
    cli->progress.is_shown = false;
}

/* ---- Help ---- */

tz_rc tz_cli_command(const char *name, const tz_command **ret_command, tz_err *err)
{
    for (size_t i = 0; TZ_COMMANDS[i] != NULL; i++)
        if (strcmp(TZ_COMMANDS[i]->name, name) == 0) {
            *ret_command = TZ_COMMANDS[i];
            return TZ_OK;
        }
    (void)tz_fail(err, TZ_USAGE, "没有命令 “%s”", "there is no command '%s'", name);
    return tz_err_advise(err, "用 taizhang help 查看全部命令", "see taizhang help for all commands");
}

static void print_half(const tz_cli *cli, const char *both)
{
    size_t      len = 0;
    const char *half = tz_half(both, cli->app.lang, &len);
    (void)printf("%.*s", (int)len, half);
}

static void print_padded(const char *text, size_t cells)
{
    size_t width = tz_utf8_width(tz_text_of(text));
    (void)fputs(text, stdout);
    for (; width < cells; width++)
        (void)putchar(' ');
}

static void help_command(const tz_cli *cli, const tz_command *command)
{
    (void)printf("taizhang %s %s\n\n", command->name, command->usage);
    print_half(cli, command->summary);
    (void)putchar('\n');
    if (command->details != NULL) {
        (void)putchar('\n');
        print_half(cli, command->details);
        (void)putchar('\n');
    }
    if (command->options != NULL) {
        (void)putchar('\n');
        for (const tz_option *option = command->options; option->name != NULL; option++) {
            char left[80];
            (void)snprintf(left, sizeof left, "  %s %s", option->name, option->value == NULL ? "" : option->value);
            print_padded(left, 28);
            print_half(cli, option->help);
            (void)putchar('\n');
        }
    }
    if (command->is_listing)
        tz_cli_say(cli, "\n列表可用 --json、--csv 或 --xlsx FILE 输出。", "\nThe listing takes --json, --csv or --xlsx FILE.");
}

void tz_cli_help(const tz_cli *cli, const tz_command *command)
{
    if (command != NULL) {
        help_command(cli, command);
        return;
    }
    tz_cli_say(cli, "台账:每个数字都能点开到行,每个问题凭佐证销号。\n\n用法:taizhang [-C 目录] 命令 [参数]\n",
               "Taizhang: every figure opens to its rows; every issue closes on evidence.\n\n"
               "usage: taizhang [-C DIR] COMMAND [arguments]\n");
    for (size_t i = 0; TZ_COMMANDS[i] != NULL; i++) {
        if (TZ_COMMANDS[i]->is_hidden)
            continue;
        char left[40];
        (void)snprintf(left, sizeof left, "  %s", TZ_COMMANDS[i]->name);
        print_padded(left, 16);
        print_half(cli, TZ_COMMANDS[i]->summary);
        (void)putchar('\n');
    }
    tz_cli_say(cli, "\ntaizhang help 命令 显示该命令的用法和示例。",
               "\ntaizhang help COMMAND shows how to use a command, with examples.");
}
