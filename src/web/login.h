/* login - what the pages of accounts share: judging a password behind the count of attempts. */
#ifndef TZ_WEB_LOGIN_H
#define TZ_WEB_LOGIN_H

#include "store/credential.h"
#include "web/words.h"

/* TZ_REFUSED: wrong, which reply answers with 403, or too many were, 429 (RFC 9110, RFC 6585); the same for a user
 * who is known and one who is not. Needs req->session. */
TZ_MUST tz_rc tz_login_judge(tz_request *req, tz_reply *reply, const char *user, const char *password, tz_proof_of_user *ret_proof,
                             tz_err *err);

#endif
