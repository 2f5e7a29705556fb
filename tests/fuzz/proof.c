/* proof - a proof file, as taizhang-verify reads it, and a note. */
#include "fuzz.h"
#include "store/prove_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena         mem = {0};
    tz_err           err;
    tz_proof_account account;
    tz_public_key    key = {0};
    tz_note          note;
    tz_text          text = {(const char *)data, size};
    json_t          *proof = json_loadb((const char *)data, size, 0, NULL);

    if (proof != NULL)
        (void)!tz_prove_check(&mem, proof, &account, &err);
    (void)!tz_note_open(&mem, tz_note_of_line(&mem, text), &key, &note, &err);
    json_decref(proof);
    tz_arena_free(&mem);
    return 0;
}
