/* lot - what is drawn from the closed: issues to look back at (回头看), and people to ask back (群众回访).
 *
 * The seed of lot n is HMAC-SM3 of "lot:n" under the county's secret, whose digest the journal holds since
 * the county was made: nobody can choose it.  It is told with the draw; each draw also tells SM3 of the next
 * seed, so that anybody can check later that it was fixed before.  The ticket of an issue is SM3 of "SEED:n";
 * the smallest tickets are drawn.  A draw can't be repeated unseen: each is a row in the journal, and an
 * issue is in a pool once after each of its closings.
 */
#ifndef TZ_LEDGER_LOT_H
#define TZ_LEDGER_LOT_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    const char *kind;   /* "look-back" or "ask-back" */
    const char *ledger; /* NULL: default */
    int         months, percent; /* 0: as the ledger says */
} tz_lot_options;

/* Draws among the issues of a ledger that closed so many months ago and were in no pool since. ret_lot: as a line of
 * tz_lot_list. Of an ask-back, one person of each drawn issue is put on the list to ask: nobody who complained
 * (tz_lot_never_ask), none twice in a lot.
 *
 * TZ_USAGE: an unknown kind or ledger. TZ_REFUSED: nothing is old enough to draw from. */
TZ_MUST tz_rc tz_lot_draw(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_lot_options *options, json_t **ret_lot,
                          tz_err *err);

/* [{lot, kind, ledger, day, months, percent, pool (count), drawn[], waiting[] (drawn, and nobody looked yet), seed, by, holds}].
 * holds: the seed is the one that was fixed before, and drawing again gives the same. */
TZ_MUST tz_rc tz_lot_list(tz_arena *mem, tz_store *store, json_t **ret_lots, tz_err *err);

/* ---- People ---- */

/* Whom to ask: [{recall, lot, issue, name, answer, by, day}]; lot 0: all. Masked names unless asked for. */
TZ_MUST tz_rc tz_recall_list(tz_arena *mem, tz_store *store, int64_t lot, bool is_masked, json_t **ret_recalls, tz_err *err);

/* Records what somebody said: confirmed, denied, unclear, not reached. note may be NULL. TZ_MISSING: no such line. TZ_USAGE:
 * no such answer. TZ_REFUSED: it was answered already, or the one who asks rectified the issue. */
TZ_MUST tz_rc tz_recall_answer(tz_store *store, int64_t recall, const char *answer, const char *note, tz_err *err);

/* Somebody complained: nobody of that name is ever drawn. Only a key of the name is kept. */
TZ_MUST tz_rc tz_lot_never_ask(tz_store *store, const char *name, tz_err *err);

#endif
