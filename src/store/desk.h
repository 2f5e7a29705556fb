/* desk - desk.db beside ledger.db: what the office needs for its day and what is no record of the county.
 *
 * Login sessions, wrong attempts, the log of logins and refusals, drafts, saved views, API tokens, reveals' time.
 * Nothing of it is journalled, proven or restored from a backup (ADR 22): what must be remembered about people stands
 * in ledger.db.  The file has mode 0600.
 *
 * Threads: one handle may be used by all threads of a process; a mutex lets one call in at a time, and a call takes some
 * 10 µs (nothing waits for the disk: WAL, synchronous=NORMAL; a power cut may lose the last moments).  Processes: SQLite
 * locks; a call waits up to 5 s, then TZ_BUSY.
 *
 * No secret is stored that could be used again: of a session's or API token's 32 random bytes there is the SM3 digest
 * alone.  Every function can also fail with TZ_SYSTEM or TZ_BUSY.
 *
 *     TZ_TRY(tz_desk_open(app, "county", &county->login, &desk, err));
 *     TZ_TRY(tz_desk_login(desk, "zhang", "Firefox", false, token, err));        -> cookie
 *     TZ_TRY(tz_desk_session(&mem, desk, token, &login, err));            the next request
 */
#ifndef TZ_STORE_DESK_H
#define TZ_STORE_DESK_H

#include "base/app.h"
#include "base/json.h"
#include "base/text.h"
#include "store/county.h"

typedef struct tz_desk tz_desk;

enum {
    TZ_TOKEN_TEXT = 65,                          /* 32 random bytes in hexadecimal, and the zero */
    TZ_MAX_DRAFT_BYTES = 256 << 10, TZ_MAX_DRAFTS = 200, /* of one user */
    TZ_MAX_VIEWS = 100, TZ_MAX_TOKENS = 20, TZ_MAX_SESSIONS = 20,
    TZ_LOG_DAYS = 184,                           /* 等保二级: six months */
    TZ_DRAFT_DAYS = 30,
    TZ_REVEAL_MINUTES = 10,
};

/* Opens or makes folder/desk.db and brings its tables forward. app must outlive it; its clock is asked from all
 * threads. policy NULL: the default one. TZ_INPUT: a newer version wrote it. TZ_TAMPER: damaged; it may be removed
 * then, at the price of what it held. */
TZ_MUST tz_rc tz_desk_open(const tz_app *app, const char *folder, const tz_login_policy *policy, tz_desk **ret_desk, tz_err *err);
void tz_desk_close(tz_desk *desk); /* NULL is fine */

/* A number that grows with every row that was written through this value: what was read since is still so while it stays. */
int64_t tz_desk_changes(tz_desk *desk);

/* ---- Sessions ---- */

typedef struct {
    int64_t     session; /* its number, which is no secret */
    const char *user;
    int64_t     since_ms, seen_ms;
    bool        is_narrow; /* the password has to be changed first */
} tz_login;

/* A new session of a user who has proven who they are; a token that the browser had before is never taken over.
 * agent: what the browser calls itself, cut to 200 bytes, or NULL. The oldest beyond TZ_MAX_SESSIONS ends. */
TZ_MUST tz_rc tz_desk_login(tz_desk *desk, const char *user, const char *agent, bool is_narrow, char ret_token[TZ_TOKEN_TEXT],
                            tz_err *err);

/* Whose token this is. TZ_MISSING: nobody's, or idle or old beyond the policy (then it is removed). */
TZ_MUST tz_rc tz_desk_session(tz_arena *mem, tz_desk *desk, const char *token, tz_login *ret_login, tz_err *err);

/* Ends one session of a user (0: all but `keep`, which may be 0). One that isn't theirs stays. */
TZ_MUST tz_rc tz_desk_end(tz_desk *desk, const char *user, int64_t session, int64_t keep, tz_err *err);

/* [{session, since_ms, seen_ms, agent}] that live, newest first. */
TZ_MUST tz_rc tz_desk_sessions(tz_desk *desk, const char *user, json_t **ret_rows, tz_err *err);

/* ---- Attempts ---- */

/* Called before a password is judged, for known and unknown names alike: counts the attempt as wrong, so that many at
 * once count too. *ret_wait_ms > 0: not now; nothing was counted and the password must not be judged. After as many
 * wrong ones as the policy says the next waits 1 minute, then 2, 4 … up to 60; a day without any forgets them.
 * Only a digest of the name is kept, since people type passwords into the wrong field. */
TZ_MUST tz_rc tz_desk_attempt(tz_desk *desk, const char *user, int64_t *ret_wait_ms, tz_err *err);
/* The password was right, or somebody may unlock: the attempts are forgotten. */
TZ_MUST tz_rc tz_desk_unlock(tz_desk *desk, const char *user, tz_err *err);
/* How long a user still has to wait; 0: not locked. */
TZ_MUST tz_rc tz_desk_locked(tz_desk *desk, const char *user, int64_t *ret_wait_ms, tz_err *err);

/* ---- The log: who came, and what was refused; no addresses, no personal data ---- */

/* what: a word ("login", "wrong", "locked", "logout", "forbidden", "forged", "password", "reveal", "export" …). user, path
 * and text may be NULL. Lines older than TZ_LOG_DAYS go. */
TZ_MUST tz_rc tz_desk_log(tz_desk *desk, const char *what, const char *user, const char *path, const char *text, tz_err *err);
/* [{line, at (RFC 3339), what, user, path, text}], newest first, before a line (0: from the newest). what and user: NULL for all. */
TZ_MUST tz_rc tz_desk_log_list(tz_desk *desk, const char *what, const char *user, int64_t before, int limit, json_t **ret_rows,
                               tz_err *err);

/* ---- Drafts: a form that was not sent yet; gone after TZ_DRAFT_DAYS ---- */

/* form: which one ("/issues/3/note"). TZ_LIMIT: too large, or too many. TZ_USAGE: a number with a fraction in it. */
TZ_MUST tz_rc tz_desk_draft_put(tz_desk *desk, const char *user, const char *form, const json_t *draft, tz_err *err);
/* NULL when there is none. */
TZ_MUST tz_rc tz_desk_draft_get(tz_desk *desk, const char *user, const char *form, json_t **ret_draft, tz_err *err);
TZ_MUST tz_rc tz_desk_draft_drop(tz_desk *desk, const char *user, const char *form, tz_err *err);
/* [{form, at}], newest first. */

/* ---- Saved views of list pages ---- */

/* TZ_USAGE: no name, or over 80 bytes; a query over 2,000. TZ_LIMIT: too many. The same name is replaced. */
TZ_MUST tz_rc tz_desk_view_put(tz_desk *desk, const char *user, const char *path, const char *name, const char *query, tz_err *err);
TZ_MUST tz_rc tz_desk_view_drop(tz_desk *desk, const char *user, const char *path, const char *name, tz_err *err);
/* [{name, query}] of a page, by name. */
TZ_MUST tz_rc tz_desk_view_list(tz_desk *desk, const char *user, const char *path, json_t **ret_rows, tz_err *err);

/* ---- API tokens ---- */

/* A token of a user for a program: scopes "read", "read,deliver", "read,write"; at most 365 days. It is shown once.
 * TZ_USAGE: no name, no such scope, no such number of days. TZ_LIMIT: too many. */
TZ_MUST tz_rc tz_desk_token_make(tz_desk *desk, const char *user, const char *name, const char *scopes, int64_t days,
                                 char ret_token[TZ_TOKEN_TEXT], tz_err *err);
/* TZ_MISSING: nobody's, or it has ended. ret_scopes as given when it was made. */
TZ_MUST tz_rc tz_desk_token_find(tz_arena *mem, tz_desk *desk, const char *token, const char **ret_user, const char **ret_scopes,
                                 tz_err *err);
/* 0: all of theirs. One that isn't theirs stays. */
TZ_MUST tz_rc tz_desk_token_drop(tz_desk *desk, const char *user, int64_t token, tz_err *err);
/* [{token, name, scopes, made, until, used}]: its number, not itself. */
TZ_MUST tz_rc tz_desk_token_list(tz_desk *desk, const char *user, json_t **ret_rows, tz_err *err);

/* ---- Reveals: for how long a user sees one record unmasked (that they asked is journalled in ledger.db) ---- */

TZ_MUST tz_rc tz_desk_reveal(tz_desk *desk, const char *user, const char *kind, const char *id, tz_err *err);
TZ_MUST tz_rc tz_desk_is_revealed(tz_desk *desk, const char *user, const char *kind, const char *id, bool *ret_is, tz_err *err);

#endif
