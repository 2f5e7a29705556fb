/* public - what the county shows everybody: name lists that the law asks for, and statistics.
 *
 * A list shows the columns that its declaration names and no other, from its first day to its last, and comes down
 * by itself: the site is made anew each day (tz_public_site), and the page says its last day.  Statistics show a
 * counted figure by township as disclosure.h allows, beside what was published of it before.
 *
 * A template gets the fields of a list, or the parts of a statistic as printed, and nothing else: there is no way
 * from it to a row.
 */
#ifndef TZ_REPORT_PUBLIC_H
#define TZ_REPORT_PUBLIC_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

typedef struct {
    tz_day      day;
    const char *period; /* of a list: "2019-1"; NULL: all that holds on the day */
    int32_t     starts; /* first day, yyyymmdd */
    tz_lang     lang;
} tz_publish_options;

/* Publishes: writes the document to path and records it in the journal. ret_row: the record with its number. TZ_MISSING:
 * no pack declares the name, or it has no rows. TZ_USAGE: the form of path is not written; a list for paper goes to
 * .pdf or .docx. TZ_INPUT: its template is wrong. */
TZ_MUST tz_rc tz_publish(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *name, const tz_publish_options *options,
                         const char *path, json_t **ret_row, tz_err *err);

/* All that was published, by number: [{publication, name, title, kind, medium, as_of, period, starts, ends, rows, state
 * (coming, standing, over, taken)}], as of a day. */
TZ_MUST tz_rc tz_publications(tz_arena *mem, tz_store *store, const tz_packs *packs, int32_t today, tz_lang lang, json_t **ret_rows,
                              tz_err *err);

/* Takes one down before its end. TZ_MISSING: there is none. TZ_REFUSED: it does not stand any more. */
TZ_MUST tz_rc tz_publication_take(tz_arena *mem, tz_store *store, int64_t publication, int32_t today, const char *why, tz_err *err);

/* Writes what stands online on the day into folder: publication-N.html of each and index.html; removes the pages of
 * those that don't stand. ret_rows: those that stand. */
TZ_MUST tz_rc tz_public_site(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *folder, int32_t today, tz_lang lang,
                             json_t **ret_rows, tz_err *err);

/* The same as parts of another page (html.h): [{publication, name, title, kind, starts, ends, part}]. */
TZ_MUST tz_rc tz_public_parts(tz_arena *mem, tz_store *store, const tz_packs *packs, int32_t today, tz_lang lang, json_t **ret_rows,
                              tz_err *err);

#endif
