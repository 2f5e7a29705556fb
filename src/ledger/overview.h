/* overview - the whole ledger on one page: townships beside mechanisms, units, months.
 *
 * An issue counts where its first finding lies, else where its unit is a township; a mechanism is a ledger.  A day that is
 * past shows what the page showed then: state, level, unit and due date as the journal has them of its end.  What was found
 * later about that day (an issue's opened_on, the day that its data describe) counts from that day on, as it was opened; and
 * where a finding or a unit lies is as known now.
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
 *   total      {open, red, late, ended (closed, dismissed, transferred; not what went into another issue)}
 *   ledgers    [{ledger, title}] that have an open issue, in the packs' order
 *   townships  [{place (the code; null: nowhere), name, open, red, late, cells[{ledger, open, red, late, alarm
 *              (red or late), share (alarm in percent of open), shade (0 none, 1 to 5)}]}], a cell a ledger
 *   units      [{unit, open, red, late, days (the longest late)}] that are late, most late first
 *   months     [{month (YYYY-MM), opened, ended, open (at its end, or the day's)}], the twelve up to the day's: what was
 *              opened or opened again, what ended or went into another; so each open is the one before + opened - ended
 * A new reference. */
TZ_MUST tz_rc tz_ledger_overview(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_overview_options *options,
                                 json_t **ret_overview, tz_err *err);

#endif
