/* commands - what the command files share with each other and the table. */
#ifndef TZ_CLI_COMMANDS_H
#define TZ_CLI_COMMANDS_H

#include "cli/cli.h"

extern const tz_command TZ_CMD_NEW, TZ_CMD_PEEK, TZ_CMD_IMPORT, TZ_CMD_WITHDRAW, TZ_CMD_BATCH, TZ_CMD_DELIVERIES,
    TZ_CMD_TEMPLATE, TZ_CMD_LINK, TZ_CMD_CHECK, TZ_CMD_FINDINGS, TZ_CMD_VERDICT, TZ_CMD_ISSUE,
    TZ_CMD_FIGURE, TZ_CMD_REPORT, TZ_CMD_FORM, TZ_CMD_PUBLISH, TZ_CMD_RUN, TZ_CMD_SERVE, TZ_CMD_WHY, TZ_CMD_VERIFY, TZ_CMD_REBUILD,
    TZ_CMD_CONFIG, TZ_CMD_USER, TZ_CMD_UNIT, TZ_CMD_PACK, TZ_CMD_DEMO, TZ_CMD_HELP, TZ_CMD_DOCTOR, TZ_CMD_AUDIT;
extern const tz_command TZ_CMD_CALENDAR, TZ_CMD_RECORD, TZ_CMD_EXCEPTION, TZ_CMD_CLUES;
extern const tz_command TZ_CMD_CHECKPOINT, TZ_CMD_PROVE, TZ_CMD_BACKUP, TZ_CMD_RESTORE, TZ_CMD_WITNESS, TZ_CMD_ERASE;

/* The parts of `issue` that are about many (issue_more.c). */
tz_rc tz_cli_issue_import(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_letters(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_draw(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_lots(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_recalls(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_answered(tz_cli *cli, tz_err *err);
tz_rc tz_cli_issue_never_ask(tz_cli *cli, tz_err *err);

/* Columns of `import`, printed by import and run. */
extern const tz_list_column TZ_BATCH_COLUMNS[];

/* The options that import and run share. TZ_USAGE. */
TZ_MUST tz_rc tz_cli_import_options(const tz_cli *cli, tz_import_options *ret_options, tz_err *err);

#endif
