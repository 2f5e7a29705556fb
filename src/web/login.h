/* login - what the pages of accounts share: judging a password behind the count of attempts, times as people read them. */
#ifndef TZ_WEB_LOGIN_H
#define TZ_WEB_LOGIN_H

#include "store/credential.h"
#include "web/web.h"

/* TZ_REFUSED: wrong, or too many were; the same for a user who is known and one who is not. Needs req->session. */
TZ_MUST tz_rc tz_login_judge(tz_request *req, const char *user, const char *password, tz_proof_of_user *ret_proof, tz_err *err);

/* "2026-11-24 16:30" in China's time under `to`, from milliseconds under `from`, in each row. */
void tz_web_add_local_times(json_t *rows, const char *from, const char *to);

#endif
