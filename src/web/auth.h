/* auth - who asks: the session behind a cookie or a token, and whether a form is our own. */
#ifndef TZ_WEB_AUTH_H
#define TZ_WEB_AUTH_H

#include "web/web.h"

/* Finds who asks, by the session's cookie or a bearer token: fills req->actor and req->csrf, which stay NULL and "" for
 * nobody. Called on the network's threads: cheap, and safe from several at once. */
void tz_auth_find(tz_request *req);

/* Whether a POST comes from one of our pages: its CSRF token is the session's, and no header says another site. */
bool tz_auth_is_own_form(const tz_request *req);

/* Puts a refusal into the log of the security administrator. */
void tz_auth_log_refusal(const tz_request *req, const char *what);

#endif
