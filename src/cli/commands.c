/* commands - the table: every command of the program, in the order that help shows. */
#include "cli/commands.h"

const tz_command *const TZ_COMMANDS[] = {
    &TZ_CMD_NEW,        &TZ_CMD_RUN, &TZ_CMD_SERVE,      &TZ_CMD_PEEK,   &TZ_CMD_IMPORT,   &TZ_CMD_WITHDRAW, &TZ_CMD_BATCH,
    &TZ_CMD_DELIVERIES, &TZ_CMD_TEMPLATE, &TZ_CMD_LINK,   &TZ_CMD_CHECK,    &TZ_CMD_FINDINGS,
    &TZ_CMD_VERDICT,    &TZ_CMD_ISSUE,    &TZ_CMD_FIGURE, &TZ_CMD_REPORT,   &TZ_CMD_FORM,
    &TZ_CMD_PUBLISH,    &TZ_CMD_WHY,        &TZ_CMD_RECORD,   &TZ_CMD_EXCEPTION,
    &TZ_CMD_DOCTOR,     &TZ_CMD_AUDIT,    &TZ_CMD_VERIFY, &TZ_CMD_CHECKPOINT, &TZ_CMD_PROVE,
    &TZ_CMD_WITNESS,    &TZ_CMD_ERASE,
    &TZ_CMD_BACKUP,     &TZ_CMD_RESTORE,  &TZ_CMD_REBUILD, &TZ_CMD_CONFIG,  &TZ_CMD_USER,
    &TZ_CMD_UNIT,     &TZ_CMD_CALENDAR, &TZ_CMD_CLUES,       &TZ_CMD_PACK,     &TZ_CMD_DEMO,   &TZ_CMD_HELP,
    NULL,
};
