/* commands - what the command files share with each other and the table. */
#ifndef TZ_CLI_COMMANDS_H
#define TZ_CLI_COMMANDS_H

#include "cli/cli.h"

/* Every command, in the order that help shows. X(NEW) is TZ_CMD_NEW, which its file holds. */
#define TZ_EACH_COMMAND(X) \
    X(NEW) X(RUN) X(SERVE) X(PEEK) X(IMPORT) X(WITHDRAW) X(BATCH) X(DELIVERIES) X(TEMPLATE) X(LINK) \
    X(CHECK) X(FINDINGS) X(VERDICT) X(ISSUE) X(FIGURE) X(REPORT) X(FORM) X(PUBLISH) X(WHY) X(RECORD) \
    X(EXCEPTION) X(DOCTOR) X(AUDIT) X(VERIFY) X(CHECKPOINT) X(PROVE) X(WITNESS) X(ERASE) X(BACKUP) \
    X(RESTORE) X(REBUILD) X(CONFIG) X(USER) X(UNIT) X(CALENDAR) X(CLUES) X(PACK) X(DEMO) X(HELP)

#define X(name) extern const tz_command TZ_CMD_##name;
TZ_EACH_COMMAND(X)
#undef X

/* The parts of `issue` that are about many (issue_more.c). */
tz_rc tz_cli_issue_import(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_letters(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_draw(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_lots(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_recalls(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_answered(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_never_ask(tz_cli *cli, tz_err *err);

/* The options that import and run share. TZ_USAGE. */
TZ_MUST tz_rc tz_cli_import_options(const tz_cli *cli, tz_import_options *ret_options, tz_err *err);

#endif
