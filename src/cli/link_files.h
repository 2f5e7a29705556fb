/* link_files - taizhang link --files: the linkage of any one or two tables. */
#ifndef TZ_CLI_LINK_FILES_H
#define TZ_CLI_LINK_FILES_H

#include "cli/cli.h"

/* Runs the command as its options say. TZ_USAGE, and what people/engine.h refuses. */
TZ_MUST tz_rc tz_cli_link_files(tz_cli *cli, tz_err *err);

/* A sign for each weight of one, + or -, in the command's memory. */
const char *tz_cli_weight_bar(tz_cli *cli, double weight);

#endif
