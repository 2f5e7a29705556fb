/* site - all that the public may read, as files of one folder: what a process that serves them needs, and no more.
 *
 *   site.json           {format, county, made, is_demo, townships[], zh{}, en{}, journal{}}; a language has publications[] and
 *                       report {…} or null (public.h, public_report.h)
 *   statuses.json       what is told to who has a receipt (ledger/complaint.h)
 *   checkpoint.json     the newest checkpoint with its proofs (docs/format/journal.md); absent without one
 *
 * Each file is staged, so a reader sees the old or the new one.  Nothing in it leads to a row, a person or an issue.
 */
#ifndef TZ_REPORT_SITE_H
#define TZ_REPORT_SITE_H

#include "packs/pack.h"
#include "store/store.h"

/* Writes it for a day. TZ_SYSTEM: the disk; else as public.h and complaint.h. */
TZ_MUST tz_rc tz_site_write(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *folder, int32_t today, tz_err *err);

#endif
