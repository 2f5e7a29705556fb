/* report - the county's report of a day: every figure computed, every figure opens.
 *
 * The same bytes for the same as-of date, journal entry, program and packs: no clock, no chance.
 */
#ifndef TZ_REPORT_REPORT_H
#define TZ_REPORT_REPORT_H

#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

#define TZ_VERSION "0.1.0"

/* Writes the report to path; its ending chooses the form (.html). TZ_USAGE: a form that is not
 * written. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_report_write(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *path, tz_err *err);

#endif
