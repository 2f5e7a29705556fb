/* desk_staged - files that a clerk dropped and that nobody took in yet: what was found in each, and what the clerk says of it.
 *
 * The rows of desk.db; the bytes lie in the county's folder tray/NUMBER/NAME, and flow/tray.h looks at them. States: new (to be
 * looked at), looked, refused (it can't be read or taken: error), taken (batches). What was found shows cells of the sheet, so
 * only who dropped a file sees it, and it goes when the file is taken or dropped.
 */
#ifndef TZ_STORE_DESK_STAGED_H
#define TZ_STORE_DESK_STAGED_H

#include "store/desk.h"

enum { TZ_STAGED_DAYS = 30, TZ_MAX_STAGED = 500 /* of one user, not taken yet */ };

/* Adds a file. TZ_LIMIT: too many wait. The same bytes that wait already: their number, *ret_is_new false. */
TZ_MUST tz_rc tz_desk_staged_add(tz_desk *desk, const char *user, const char *name, int64_t size, const char *digest, int64_t *ret_staged,
                                 bool *ret_is_new, tz_err *err);

/* {staged, user, name, size, digest, at, state, register, as_of, sender (as said, or null), fixes[{register, header, column}],
 * look[] (lines of import's listing) or null, drawing[] or null, error and advice ("中文|English") or null, batches[]}.
 * TZ_MISSING: no such file of this user. The caller owns it. */
TZ_MUST tz_rc tz_desk_staged_get(tz_desk *desk, const char *user, int64_t staged, json_t **ret_staged, tz_err *err);

/* Those of a user, newest first, without drawings; those that were taken come last. */
TZ_MUST tz_rc tz_desk_staged_list(tz_desk *desk, const char *user, json_t **ret_rows, tz_err *err);

/* What the clerk says of it, NULL: nothing; it is to be looked at again. fixes: an array. TZ_MISSING; TZ_REFUSED: it was taken. */
TZ_MUST tz_rc tz_desk_staged_say(tz_desk *desk, const char *user, int64_t staged, const char *register_name, const char *as_of,
                                 const char *sender, const json_t *fixes, tz_err *err);

/* What was found. look NULL and why given: it can't be taken. drawing: its sheets, or NULL. */
TZ_MUST tz_rc tz_desk_staged_found(tz_desk *desk, int64_t staged, const json_t *look, const json_t *drawing, const tz_err *why, tz_err *err);

/* It is in, as these batches; what was found goes. */
TZ_MUST tz_rc tz_desk_staged_taken(tz_desk *desk, int64_t staged, const json_t *batches, tz_err *err);

TZ_MUST tz_rc tz_desk_staged_drop(tz_desk *desk, const char *user, int64_t staged, tz_err *err);

/* Drops what lies here longer than TZ_STAGED_DAYS. */
TZ_MUST tz_rc tz_desk_staged_sweep(tz_desk *desk, tz_err *err);

/* Whether a number still has a row, whosever it is, and its bytes are wanted. */
TZ_MUST tz_rc tz_desk_staged_is_kept(tz_desk *desk, int64_t staged, bool *ret_is_kept, tz_err *err);

#endif
