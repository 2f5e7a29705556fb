/* access - who may see and do what, decided here and nowhere else; what is not allowed here is not.
 *
 * A person's roles say which pages (the table of routes), their unit and their grants which part of the county:
 *
 *   clerk       the registers that their unit owns, or the unit whose duties it took over; issues of that unit
 *   cadre       households, findings and issues of their township or village
 *   inspector, leader    the county
 *   superior    the county or what their grant names; reads only, and sees nothing unmasked
 *   system, security, audit    the three administrators: no county data at all, and each nothing of the others'
 *
 * An administrator's role beside any other gives nothing of it (三员分立), so the first user of a new county, who has
 * several, administers on the command line until three people were named.
 */
#ifndef TZ_WEB_ACCESS_H
#define TZ_WEB_ACCESS_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/user.h"

typedef enum {
    TZ_ROLE_CLERK = 1,
    TZ_ROLE_CADRE = 2,
    TZ_ROLE_INSPECTOR = 4,
    TZ_ROLE_LEADER = 8,
    TZ_ROLE_SUPERIOR = 16,
    TZ_ROLE_SYSTEM = 32,
    TZ_ROLE_SECURITY = 64,
    TZ_ROLE_AUDIT = 128,
    TZ_ROLE_ADMINISTRATORS = 224,
} tz_role;

/* Somebody who is logged in. */
typedef struct {
    const char *user, *name, *unit; /* unit may be NULL */
    unsigned    roles;
    bool        is_county;          /* the whole county; else only the divisions */
    bool        is_all_registers;   /* else only the registers */
    tz_strings  divisions;          /* how the codes begin: 9 digits of a township, 12 of a village */
    tz_strings  registers;          /* names */
    tz_strings  units;              /* their unit, and those whose duties it took over */
    const char *scope;              /* one text for roles, unit and grants: who shares it sees the same pages */
    /* Of this request: */
    int64_t     session;            /* the login's number; 0: an API token */
    const char *scopes;             /* of an API token, else NULL */
    bool        is_narrow;          /* the password has to be changed first: nothing else is allowed */
} tz_actor;

/* An actor of an active user, all in mem. packs: who owns which register. */
tz_actor *tz_actor_make(tz_arena *mem, const tz_county *county, const tz_packs *packs, const tz_user *user);

tz_actor *tz_actor_copy(tz_arena *mem, const tz_actor *actor);

bool tz_may(const tz_actor *actor, unsigned roles); /* one of them; NULL may nothing */

/* A route of the table: its roles, and what a token, a password that has to be changed, or a scope that is less than the
 * county where the page is of all of it, leaves of them. */
bool tz_may_route(const tz_actor *actor, bool is_post, const char *pattern, unsigned roles, bool is_upload, bool is_countys);

/* A program with a token does the county's work and nothing about accounts: may the pattern be one of its routes? */
bool tz_is_for_programs(const char *pattern);

/* A division's rows, persons and households: code of 12 digits, NULL: unknown, for the whole county's people alone. */
bool tz_may_division(const tz_actor *actor, const char *code);
/* All rows of a register, and its batches. */
bool tz_may_register(const tz_actor *actor, const char *name);
/* All rows of it, or those that lie in their divisions: whoever shows them asks tz_may_division of each row. */
bool tz_may_part(const tz_actor *actor, const char *name);
/* A unit's affairs: deliveries, issues, letters. */
bool tz_may_unit(const tz_actor *actor, const char *unit);
/* An action on an issue, by its name: who rectifies, and who assigns, answers and signs. The ledger judges on. */
bool tz_may_act(const tz_actor *actor, const char *action);
/* A batch as tz_batch_list gives it: its register, or its sender. */
bool tz_may_batch(const tz_actor *actor, const json_t *batch);

/* The answer to who asks for a thing that exists and is not theirs: TZ_MISSING, in the words for one that does not exist. */
tz_rc tz_access_missing(tz_err *err);
/* Puts those words into the place of what a handler said was missing, but for those who see the whole county anyway, so
 * that nobody learns from it what there is; true where it did. answer.c calls it; handlers need not. */
bool tz_access_hide(const tz_actor *actor, tz_err *err);

#endif
