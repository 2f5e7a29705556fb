/* why - from a sentence back to the cell: check or figure, its SQL, its rows, their cells. */
#ifndef TZ_REPORT_WHY_H
#define TZ_REPORT_WHY_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

/* what: F12 or 12 (a finding), #3 (an issue), a figure's name, or the code that stands beside it on paper
 * (code.h), which brings its own day. ret_tree: an object whose members
 * stand in reading order; personal values are masked. TZ_MISSING: there is none; TZ_INPUT: a code with a slip. */
TZ_MUST tz_rc tz_why(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *what, json_t **ret_tree,
                     tz_err *err);

#endif
