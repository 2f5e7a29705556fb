/* clue - what may pass from a clue county to the common one: counts by type, and nothing else.
 *
 * Clues (问题线索) live in a directory of their own, with a sealed pack, a journal and keys of its own.  Its
 * counts leave it as a signed text of a fixed shape: type, state and number.  A type is one of the codes that
 * the sealed pack declares, here and where it is taken; whatever else a clue says stays behind.  The common county keeps the numbers and
 * who signed.
 *
 *     taizhang-clues/1
 *     taizhang/140430/5b5f8a0dd9cae61f
 *     2020-06-30
 *     优亲厚友<tab>open<tab>3
 *
 *     SIGNATURE (DER of the SM2 signature of all above, in hexadecimal)
 */
#ifndef TZ_LEDGER_CLUE_H
#define TZ_LEDGER_CLUE_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

/* The counts of a clue county, signed with the key in the file (made if it isn't there). TZ_REFUSED: this is no clue
 * county. Errors of store/sign.h. */
TZ_MUST tz_rc tz_clue_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *key_path, const char **ret_text,
                            tz_err *err);

/* Takes such a text into the common county. signer: the public key in hexadecimal; NULL: the one that signed before.
 * TZ_USAGE: no key is known. TZ_TAMPER: not signed by it, or another shape than the above. TZ_REFUSED: this is a clue county,
 * or the counts are older than those that are known. */
TZ_MUST tz_rc tz_clue_take(tz_store *store, const tz_packs *packs, tz_text text, const char *signer, tz_err *err);

/* [{origin, type, state (open, handled, settled), count, as_of}], without zeros. */
TZ_MUST tz_rc tz_clue_list(tz_store *store, json_t **ret_rows, tz_err *err);

#endif
