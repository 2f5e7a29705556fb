/* access - who may see and do what, decided here and nowhere else. */
#ifndef TZ_WEB_ACCESS_H
#define TZ_WEB_ACCESS_H

#include "base/json.h"
#include "packs/pack.h"

typedef enum {
    TZ_ROLE_CLERK = 1,
    TZ_ROLE_CADRE = 2,
    TZ_ROLE_INSPECTOR = 4,
    TZ_ROLE_LEADER = 8,
    TZ_ROLE_SUPERIOR = 16,
    TZ_ROLE_SYSTEM = 32,
    TZ_ROLE_SECURITY = 64,
    TZ_ROLE_AUDIT = 128,
} tz_role;

/* Somebody who is logged in. */
typedef struct {
    const char *user, *name, *unit; /* unit may be NULL */
    unsigned    roles;
    bool        is_county;          /* the whole county; else only the divisions */
    tz_strings  divisions;          /* codes' prefixes */
    tz_strings  registers;          /* names; empty: all */
    const char *scope;              /* one text for all of the above but user and name: who shares it sees the same pages */
} tz_actor;

bool tz_may(const tz_actor *actor, unsigned roles); /* NULL may nothing */

#endif
