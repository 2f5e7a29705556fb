/* cli - the command line: one file a command, one table of commands (commands.c).
 *
 * A command is declared by one tz_command; its help, its usage line and the parsing of its options
 * all come from it.  A command calls a door of flow or of a folder before it and prints what comes
 * back; it holds no SQL and decides nothing about the domain.
 *
 * Results go to stdout, messages and progress to stderr.  Exit status: architecture.md.
 */
#ifndef TZ_CLI_CLI_H
#define TZ_CLI_CLI_H

#include "base/app.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/flow.h"
#include "formats/listing.h"

typedef struct {
    const char *name;  /* "--as-of"                                   */
    const char *value; /* what stands behind it in the usage: "DATE"; NULL: a flag */
    const char *help;  /* "中文|English"                               */
} tz_option;

typedef struct tz_cli tz_cli;

typedef struct {
    const char *name;
    const char *usage;   /* what follows the name: "FILE… [options]"  */
    const char *summary; /* one line, "中文|English"                   */
    const char *details; /* paragraphs and examples, "中文|English"    */
    const tz_option *options; /* ends with a NULL name; may be NULL    */
    bool is_listing;     /* takes --json, --csv, --xlsx               */
    bool is_hidden;
    tz_rc (*run)(tz_cli *cli, tz_err *err);
} tz_command;

extern const tz_command *const TZ_COMMANDS[]; /* ends with NULL */

struct tz_cli {
    tz_app   app;
    tz_arena mem;
    const tz_command *command;
    const char *folder;      /* -C */
    const char *as_user;     /* --as */
    const char *system_user;
    int exit_status;         /* set by a command whose answer is no (1) or that refused an input (3) */
    struct { const char **items; size_t count; size_t room; } args;    /* what is no option */
    struct { const char *name, *value; } options[64];
    size_t option_count;
    struct tz_progress_state { int64_t last_ms; int64_t started_ms; bool is_shown; bool is_terminal; } progress;
};

/* The value of an option ("" for a flag), NULL when it was not given. */
const char *tz_cli_get(const tz_cli *cli, const char *name);
/* The n-th value of an option that was given several times, NULL behind the last. */
const char *tz_cli_get_nth(const tz_cli *cli, const char *name, size_t n);
/* A date option as yyyymmdd, 0 when absent. TZ_USAGE for no date. */
TZ_MUST tz_rc tz_cli_date(const tz_cli *cli, const char *name, int32_t *ret_ymd, tz_err *err);
/* An integer option, `otherwise` when absent. TZ_USAGE. */
TZ_MUST tz_rc tz_cli_int(const tz_cli *cli, const char *name, int64_t otherwise, int64_t *ret_value, tz_err *err);
/* --as-of and --at. */
TZ_MUST tz_rc tz_cli_day(const tz_cli *cli, tz_day *ret_day, tz_err *err);
/* TZ_USAGE that names the command's usage. */
tz_rc tz_cli_usage(const tz_cli *cli, tz_err *err);
/* The number in "F12", "#12" or "12". TZ_USAGE. */
TZ_MUST tz_rc tz_cli_number(const char *text, int64_t *ret_value, tz_err *err);

/* Opens the county of -C as the acting user. */
TZ_MUST tz_rc tz_cli_open(tz_cli *cli, tz_access access, tz_session **ret_session, tz_err *err);

/* Prints an array of objects as the reader asked: a table of `columns` (ends with a NULL key), or
 * whole as JSON, or the columns as CSV or XLSX. */
TZ_MUST tz_rc tz_cli_list(tz_cli *cli, const json_t *rows, const tz_list_column *columns, tz_err *err);
/* True when --json, --csv or --xlsx was given: then nothing else goes to stdout. */
bool tz_cli_is_machine(const tz_cli *cli);

/* "中文|English" in the reader's language to stdout, as printf. */
void tz_cli_say(const tz_cli *cli, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* The same to stderr. */
void tz_cli_note(const tz_cli *cli, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
void tz_cli_print_error(const tz_cli *cli, const tz_err *err);

void tz_cli_progress(void *context, const char *what, int64_t done, int64_t total);
void tz_cli_progress_clear(tz_cli *cli);

/* The command of that name. TZ_USAGE. */
TZ_MUST tz_rc tz_cli_command(const char *name, const tz_command **ret_command, tz_err *err);
void tz_cli_help(const tz_cli *cli, const tz_command *command); /* NULL: all commands */

#endif
