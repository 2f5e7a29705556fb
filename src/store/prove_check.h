/* prove_check - does a proof file hold? No database: this is what taizhang-verify is made of. */
#ifndef TZ_STORE_PROVE_CHECK_H
#define TZ_STORE_PROVE_CHECK_H

#include "base/json.h"
#include "store/note.h"
#include "store/proof.h"

typedef struct {
    tz_note       note;
    tz_public_key key;
    int64_t       issue;
    int64_t       entries;   /* proven */
    int64_t       events;    /* proven */
    int64_t       opened;    /* commitments whose values are in the file and fit */
    int64_t       closed;    /* commitments without their values */
} tz_proof_account;

/* Checks everything that the file says. TZ_INPUT: it has not the form. TZ_TAMPER names the first entry
 * or event that does not hold. Who owns the key is for the reader to know: account.key. */
TZ_MUST tz_rc tz_prove_check(tz_arena *mem, const json_t *proof, tz_proof_account *ret_account, tz_err *err);

/* A proof's hashes as an array of hexadecimal texts (a new reference), and back: false for anything else. */
json_t *tz_hashes_json(const tz_hashes *hashes);
bool    tz_hashes_read(tz_arena *mem, const json_t *list, tz_hashes *ret_hashes);

#endif
