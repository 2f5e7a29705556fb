/* public_report - the report as everybody may read it: its sections, with no number that tells of fewer than five.
 *
 * A figure is kept back where it rests on fewer than five rows. Where a share leaves fewer than five on its other side, it
 * and the figure above its line are kept back: the whole less that one would tell the few. A figure that moved by fewer than
 * five since the report was published last prints what it printed then (disclosure.h, rules 1 and 2).  A claim prints as its
 * word, never with its exceptions, and a section that asks whether there is any always stands, so that nothing is told by its
 * being there.  Pictures by township and lists are left out.  What was shown is in the record `report` of the table
 * publication, and the page is made again from it.
 */
#ifndef TZ_REPORT_PUBLIC_REPORT_H
#define TZ_REPORT_PUBLIC_REPORT_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "report/html.h"
#include "store/store.h"

/* Publishes the report of a day from a first day on, in the place of the one before, which stands again if this one is
 * taken down. Journalled. ret_row (may be NULL): the record. TZ_MISSING: no figure may be shown. Errors also of computing the
 * figures and of the journal. */
TZ_MUST tz_rc tz_publish_report(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t starts, json_t **ret_row,
                                tz_err *err);

/* The newest that stands on a day: {publication, as_of, at_entry, starts, part, figures[{figure, title, definition, printed (null: kept
 * back), is_held, unit, kind, pack, sql, code}]} in a language. links: of the part. TZ_MISSING: none stands. */
TZ_MUST tz_rc tz_public_report(tz_arena *mem, tz_store *store, const tz_packs *packs, int32_t today, tz_lang lang, const tz_html_links *links,
                               json_t **ret_report, tz_err *err);

#endif
