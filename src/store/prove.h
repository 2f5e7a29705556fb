/* prove - the history of one issue as a file that anybody can check without this county's database.
 *
 * The file (JSON, docs/format/journal.md) holds the newest checkpoint, the entries of the issue with an
 * inclusion proof each, the events of its findings with a proof inside their bulk, and, unless it is
 * masked, what the commitments stand for.
 */
#ifndef TZ_STORE_PROVE_H
#define TZ_STORE_PROVE_H

#include "base/json.h"
#include "store/store.h"

/* Makes the proof. TZ_MISSING: no such issue, or no checkpoint that holds all its entries (sign one
 * first). is_masked: commitments stay closed, and nothing personal is in it. */
TZ_MUST tz_rc tz_prove_issue(tz_arena *mem, tz_store *store, int64_t issue, bool is_masked, json_t **ret_proof, tz_err *err);

#endif
