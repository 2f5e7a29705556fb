/* overview - the whole ledger on one page: townships beside mechanisms, units, months.
 *
 * An issue counts where its first finding lies, else where its unit is a township; a mechanism is a ledger.  On a day
 * that is past, an issue was open if it was opened by then and had not ended (closed, dismissed, transferred); one that
 * was opened again since counts as open all the time.
 */
#ifndef TZ_LEDGER_OVERVIEW_H
#define TZ_LEDGER_OVERVIEW_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    int32_t           day;       /* yyyymmdd: what is open and late then; 0: today by the clock of the store's app */
    const tz_strings *divisions; /* codes or how they begin: only what lies there; NULL: the county */
    tz_lang           lang;
} tz_overview_options;

/* {day, total, townships[], ledgers[], units[], months[]}:
 *   total      {open, red, late, ended}
 *   ledgers    [{ledger, title}] that have an open issue, in the packs' order
 *   townships  [{place (the code; null: nowhere), name, open, red, late, cells[{ledger, open, red, late, alarm
 *              (red or late), share (alarm in percent of open), shade (0 none, 1 to 5)}]}], a cell a ledger
 *   units      [{unit, open, red, late, days (the longest late)}] that are late, most late first
 *   months     [{month (YYYY-MM), opened, ended, open}], the twelve up to the day's
 * A new reference. */
TZ_MUST tz_rc tz_ledger_overview(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_overview_options *options,
                                 json_t **ret_overview, tz_err *err);

#endif
