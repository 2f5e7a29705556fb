/* user - who acts, and the units they act for. */
#ifndef TZ_STORE_USER_H
#define TZ_STORE_USER_H

#include "base/json.h"
#include "store/store.h"

/* Adds an active user. name NULL: as user. roles: "clerk,inspector", NULL: clerk. system_user may be
 * NULL (then others may act as them with --as). TZ_USAGE: the short name has other characters than
 * letters, digits, . _ -, a role is unknown, or the user exists. */
TZ_MUST tz_rc tz_user_add(tz_store *store, const char *user, const char *name, const char *unit, const char *roles,
                          const char *system_user, tz_err *err);

/* Ends a user's right to act; what they did stays. TZ_MISSING; TZ_REFUSED for the last active one. */
TZ_MUST tz_rc tz_user_close(tz_store *store, const char *user, tz_err *err);

/* [{user, name, unit, roles, system_user, state}] */
TZ_MUST tz_rc tz_user_list(tz_store *store, json_t **ret_rows, tz_err *err);

/* Adds or changes a unit. kind NULL: department. TZ_USAGE for an unknown kind. */
TZ_MUST tz_rc tz_unit_add(tz_store *store, const char *unit, const char *kind, const char *successor, tz_err *err);

/* [{unit, kind, division, successor}] */
TZ_MUST tz_rc tz_unit_list(tz_store *store, json_t **ret_rows, tz_err *err);

#endif
