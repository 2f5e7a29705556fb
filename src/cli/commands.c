/* commands - the table of all commands. */
#include "cli/commands.h"

const tz_command *const TZ_COMMANDS[] = {
#define X(name) &TZ_CMD_##name,
    TZ_EACH_COMMAND(X)
#undef X
    NULL,
};
