/* checkpoint - signed roots of this county's journal.
 *
 * The public key is journalled before its first use (the row `key` of config, in hexadecimal), so a
 * checkpoint also shows with which key the county signs.  The private key never lies in the directory.
 */
#ifndef TZ_STORE_CHECKPOINT_H
#define TZ_STORE_CHECKPOINT_H

#include "base/json.h"
#include "store/note.h"
#include "store/store.h"

/* Which journal this is: "taizhang/CODE/" and 16 digits of its first entry's hash. */
TZ_MUST tz_rc tz_checkpoint_origin(tz_arena *mem, tz_store *store, const char **ret_origin, tz_err *err);

/* Signs the journal as it is with the key in the file, which is made if it isn't there; keeps the note
 * and gives its text. With no entry since the last checkpoint of this key that one is given again. */
TZ_MUST tz_rc tz_checkpoint_make(tz_arena *mem, tz_store *store, const char *key_path, const char **ret_note, tz_err *err);

/* The newest note and the key that signs it; TZ_MISSING when there is none. */
TZ_MUST tz_rc tz_checkpoint_newest(tz_arena *mem, tz_store *store, const char **ret_note, tz_note *ret_read,
                                   tz_public_key *ret_key, tz_err *err);

/* Is a note that somebody kept, or its line on paper, the beginning of this journal? TZ_TAMPER: it is not, or not signed with a
 * key of this county. */
TZ_MUST tz_rc tz_checkpoint_check(tz_arena *mem, tz_store *store, tz_text note, tz_note *ret_read, tz_err *err);

/* All of them, newest first: [{entries, root (hexadecimal), at (when the entry before it was written), note}]. */
TZ_MUST tz_rc tz_checkpoint_list(tz_store *store, json_t **ret_rows, tz_err *err);

#endif
