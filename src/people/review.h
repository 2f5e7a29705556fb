/* review - pairs of rows that a person is to decide about, one at a time, side by side.
 *
 * Read from what the newest run of the linkage kept (link_event): nothing is weighed again, so that the next pair is
 * there at once however large the county is.
 */
#ifndef TZ_PEOPLE_REVIEW_H
#define TZ_PEOPLE_REVIEW_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    int64_t row_a, row_b; /* a pair; 0: the first that waits */
    bool    is_behind;    /* the next that waits behind that pair, and from the first again at the end */
    bool    is_masked;    /* values stay masked; what differs is marked all the same */
    tz_lang lang;
} tz_review_options;

/* {waiting, pair}. waiting: pairs of the newest run that nobody decided. pair: null where none waits, else {row_a, row_b,
 * verdict (of who decided: same, different, unknown, or null), weight, parts[{comparison, title, level, weight}],
 * same[{title, a[{text, differs}], b[{text, differs}], is_equal}] (what identifies somebody, piece by piece),
 * a, b (each a row, packs/face.h)}. TZ_MISSING: the pair that was asked for is no pair of the newest run. */
TZ_MUST tz_rc tz_link_next(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_review_options *options, json_t **ret_review,
                           tz_err *err);

#endif
