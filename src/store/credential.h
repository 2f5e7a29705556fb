/* credential - passwords: what is asked of one, how it is kept, whether one is right.
 *
 * Kept as an Argon2id string (RFC 9106) by libsodium: 2 passes over 64 MiB, 16 bytes of salt, which its authors call
 * interactive; some 0.1 s on a machine of 2020. The string is a personal column: entries hold a commitment of it, and
 * nothing outside of src/store can read it.
 */
#ifndef TZ_STORE_CREDENTIAL_H
#define TZ_STORE_CREDENTIAL_H

#include "store/store.h"

/* What a user's password is asked: as many characters as the county's policy says and at most 128; five different ones;
 * letters and others mixed unless there are 16; nothing of the user's short name or the county's code; none of the known
 * ones. TZ_USAGE says which. Nothing is cut off, and every character counts (ASVS 2.1). */
TZ_MUST tz_rc tz_password_check(const tz_county *county, const char *user, const char *password, tz_err *err);

/* Keeps a user's password, checked as above, in a transaction of its own. must_change: an administrator gave it. TZ_MISSING:
 * no active user. TZ_REFUSED: it is the present one. TZ_BUSY: as tz_credential_verify. */
TZ_MUST tz_rc tz_credential_set(tz_store *store, const char *user, const char *password, bool must_change, tz_err *err);

/* The same for a county whose data are invented, whose policy does not hold: `user demo`. TZ_REFUSED elsewhere. */
TZ_MUST tz_rc tz_credential_set_demo(tz_store *store, const char *user, const char *password, tz_err *err);

enum { TZ_GIVEN_DAYS = 7 }; /* a given password that nobody used is wrong after that */

typedef struct {
    bool is_right;
    bool must_change; /* an administrator gave it (no longer than TZ_GIVEN_DAYS ago), or it is older than the policy allows */
} tz_proof_of_user;

/* Judges a password. A user who is not known, is closed or has no password takes the same time and is simply not right.
 * For readers too. TZ_BUSY: three wait already (one is judged at a time). */
TZ_MUST tz_rc tz_credential_verify(tz_store *store, const char *user, const char *password, tz_proof_of_user *ret_proof, tz_err *err);

/* A password that nobody chose: 4 groups of 4 letters and digits that are not mistaken for one another. */
enum { TZ_PASSWORD_TEXT = 20 };
void tz_password_make(char ret_password[TZ_PASSWORD_TEXT]);

#endif
