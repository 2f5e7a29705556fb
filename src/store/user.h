/* user - who acts, and the units they act for. */
#ifndef TZ_STORE_USER_H
#define TZ_STORE_USER_H

#include "base/file.h"
#include "base/json.h"
#include "store/store.h"

/* Adds an active user. name NULL: as user. roles: "clerk,inspector", NULL: clerk. system_user may be
 * NULL (then others may act as them with --as). TZ_USAGE: the short name has other characters than
 * letters, digits, . _ -, a role is unknown or not alone (tz_user_set_roles), or the user exists. */
TZ_MUST tz_rc tz_user_add(tz_store *store, const char *user, const char *name, const char *unit, const char *roles,
                          const char *system_user, tz_err *err);

/* Ends a user's right to act; what they did stays. TZ_MISSING; TZ_REFUSED for the last active one. */
TZ_MUST tz_rc tz_user_close(tz_store *store, const char *user, tz_err *err);

/* Changes a user's roles ("cadre,inspector"; "": none) or unit (NULL: none). TZ_MISSING. TZ_REFUSED: their own.
 * TZ_USAGE: an unknown role, or an administrator's role (system, security, audit) beside any other: they are apart. */
TZ_MUST tz_rc tz_user_set_roles(tz_store *store, const char *user, const char *roles, tz_err *err);
TZ_MUST tz_rc tz_user_set_unit(tz_store *store, const char *user, const char *unit, tz_err *err);

/* Replaces what a user may see beside what their role and unit give: codes of divisions and names of registers, by
 * commas, "*" for all. Names of registers are the caller's to check (packs know them). TZ_MISSING, TZ_REFUSED (their
 * own), TZ_USAGE: no such division. */
TZ_MUST tz_rc tz_user_grant(tz_store *store, const char *user, const char *divisions, const char *registers, tz_err *err);

/* An active user, in mem. */
typedef struct {
    const char *user, *name, *unit; /* unit: NULL for none */
    const char *division;           /* 12-digit code of the unit, NULL where the unit says none */
    tz_names    units;              /* the unit, and those whose duties it took over */
    tz_names    roles, divisions, registers;
} tz_user;
TZ_MUST tz_rc tz_user_find(tz_arena *mem, tz_store *store, const char *user, tz_user *ret_user, tz_err *err); /* TZ_MISSING */

/* [{user, name, unit, roles, system_user, state, divisions, registers (JSON arrays' texts), password_ms (null: none)}] */
TZ_MUST tz_rc tz_user_list(tz_store *store, json_t **ret_rows, tz_err *err);

/* Adds or changes a unit. kind NULL: department. TZ_USAGE for an unknown kind. */
TZ_MUST tz_rc tz_unit_add(tz_store *store, const char *unit, const char *kind, const char *successor, tz_err *err);

/* [{unit, kind, division, successor}] */
TZ_MUST tz_rc tz_unit_list(tz_store *store, json_t **ret_rows, tz_err *err);

#endif
