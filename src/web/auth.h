/* auth - who asks: the session behind a cookie or a token, and whether a form is our own.
 *
 * The cookie is "__Host-tz" over TLS, "tz" else; HttpOnly, SameSite=Lax, without an end of its own. The token of a form is
 * HMAC-SM3 under the cookie's bytes, so nothing has to be kept for it and it ends with the session.
 */
#ifndef TZ_WEB_AUTH_H
#define TZ_WEB_AUTH_H

#include "web/web.h"

typedef struct tz_auth tz_auth;

/* Keeps who may what, from a county of its own that is opened for reading; threads share it. office is borrowed. */
TZ_MUST tz_rc tz_auth_open(tz_office *office, tz_auth **ret_auth, tz_err *err);
void          tz_auth_close(tz_auth *auth); /* NULL is fine */

/* Finds who asks, by the session's cookie or a bearer token: fills req->actor and req->csrf, which stay NULL and "" for
 * nobody. Called on the network's threads: cheap, and safe from several at once. Rights that were changed hold at once. */
void tz_auth_find(tz_request *req);

/* Whether a POST comes from one of our pages: its CSRF token (field csrf, or header X-CSRF-Token) is the session's, and no
 * header says another site. A program with a bearer token needs none. */
bool tz_auth_is_own_form(const tz_request *req);

/* Puts a refusal into the log of the audit administrator: a word, who (user NULL: who asks), and the route; at most 600
 * lines a minute. */
void tz_auth_log_refusal(const tz_request *req, const char *what, const char *user);

/* Journals that who asks takes a list away as a file (answer.c calls it for each .csv, .xlsx and report): no file goes
 * out unless it is on record. Without the query, which may name somebody. TZ_BUSY: somebody writes for long. */
TZ_MUST tz_rc tz_auth_took(tz_request *req, const tz_app *app, tz_err *err);

/* ---- For the pages of auth ---- */

/* A new session for a user who has proven who they are; the one that the browser had ends. */
TZ_MUST tz_rc tz_auth_begin(tz_request *req, tz_reply *reply, const char *user, bool is_narrow, tz_err *err);
/* Ends the browser's session. */
TZ_MUST tz_rc tz_auth_end(tz_request *req, tz_reply *reply, tz_err *err);

/* May this one see the record unmasked now? (It was asked for with a reason, by POST /reveal, and is theirs to see.) */
bool tz_revealed(const tz_request *req, const char *kind, const char *id);

#endif
