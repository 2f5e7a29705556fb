/* behind - a row behind a figure as one short line, masked for whoever reads. */
#ifndef TZ_REPORT_BEHIND_H
#define TZ_REPORT_BEHIND_H

#include "packs/query.h"

/* Its first five values: public and internal columns as they are, personal ones masked, secret ones not at all; a division
 * by its name. */
const char *tz_row_words(tz_arena *mem, const tz_packs *packs, const tz_row_found *row);

#endif
