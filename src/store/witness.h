/* witness - keeps the signed roots of other journals, and refuses one that does not grow from the last.
 *
 * A county sends a checkpoint file (tz_checkpoint_export); a city's Taizhang keeps its note in its own journal.
 * Two signed roots that do not agree are kept side by side: that is what a rewritten history leaves behind.
 */
#ifndef TZ_STORE_WITNESS_H
#define TZ_STORE_WITNESS_H

#include "base/json.h"
#include "store/note.h"
#include "store/store.h"

/* The checkpoint file of the newest note: the key, the note, and for the sizes of up to 12 notes before it and
 * for `since` (0: none) the proofs that their trees are the beginning of its tree. A new reference.
 * TZ_MISSING: there is no checkpoint, or since is none of its sizes. */
TZ_MUST tz_rc tz_checkpoint_export(tz_arena *mem, tz_store *store, int64_t since, json_t **ret_file, tz_err *err);

/* The same with a proof for every note that was ever signed: for who kept one long ago and can't ask. */
TZ_MUST tz_rc tz_checkpoint_export_all(tz_arena *mem, tz_store *store, json_t **ret_file, tz_err *err);

typedef struct {
    const char *name;
    tz_note     note;  /* as kept now */
    bool        is_new; /* false: it was the one that is kept */
} tz_witnessed;

/* Takes a checkpoint file of a journal that is known: the note must be signed by its key and grow from the one
 * that is kept. TZ_TAMPER: it does not; the note is kept as refused, in the journal, and every later one is
 * measured against the last that agreed. TZ_MISSING: unknown journal, or the file has no proof from the size
 * that is kept. TZ_INPUT: no checkpoint file, or older than what is kept. */
TZ_MUST tz_rc tz_witness_take(tz_arena *mem, tz_store *store, const json_t *file, tz_witnessed *ret_witnessed, tz_err *err);

/* Makes a journal known under a name, or accepts its new key. fingerprint: the first digits (16 at least) of the
 * published one. TZ_USAGE: name in use; TZ_TAMPER: the file's key has another fingerprint, or as above. */
TZ_MUST tz_rc tz_witness_add(tz_arena *mem, tz_store *store, const char *name, const json_t *file, const char *fingerprint,
                             tz_witnessed *ret_witnessed, tz_err *err);

/* Array of {name, origin, entries, root, key (fingerprint), state ("agrees", "refused"), note}. */
TZ_MUST tz_rc tz_witness_list(tz_arena *mem, tz_store *store, json_t **ret_rows, tz_err *err);

#endif
