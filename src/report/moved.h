/* moved - two days compared: which figures moved, and through which rows. */
#ifndef TZ_REPORT_MOVED_H
#define TZ_REPORT_MOVED_H

#include "report/figure.h"

/* The figures (or the one named) whose value differs between two dates, as known at an entry: [{figure,
 * title, unit, kind, before, now, change, came, gone, changed, rows[{what, register, batch, file, sheet,
 * row}]}]. A row is what it is across batches by its key: one that was delivered again as it was moved
 * nothing. what is came, gone or changed; the addresses of a changed row are those of the later day.
 * TZ_MISSING: no such figure, or nothing was imported. */
TZ_MUST tz_rc tz_report_moved(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t at, int32_t before, int32_t now,
                              tz_lang lang, const char *name, json_t **ret_moved, tz_err *err);

#endif
