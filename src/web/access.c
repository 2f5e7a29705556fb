#include "web/access.h"

#include <string.h>

#include "base/assert.h"

/* In the order of the bits of tz_role. */
static const char *const ROLES[] = {"clerk", "cadre", "inspector", "leader", "superior", "system", "security", "audit"};

static bool holds(const tz_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

/* ---- Who somebody is ---- */

static unsigned roles_of(const tz_names *names)
{
    unsigned roles = 0;

    for (size_t i = 0; i < names->count; i++)
        for (size_t bit = 0; bit < sizeof ROLES / sizeof ROLES[0]; bit++)
            if (strcmp(names->items[i], ROLES[bit]) == 0)
                roles |= 1u << bit;
    unsigned administers = roles & TZ_ROLE_ADMINISTRATORS;
    return administers != 0 && roles != administers        ? roles & ~(unsigned)TZ_ROLE_ADMINISTRATORS
           : (administers & (administers - 1)) != 0 ? 0 /* several of the three */
                                                    : roles;
}

/* The unit and all that it succeeded, by the ledger and by county.yaml. */
static void add_units(tz_arena *mem, const tz_county *county, const tz_user *user, tz_actor *actor)
{
    for (size_t i = 0; i < user->units.count; i++)
        tz_push(mem, &actor->units, tz_arena_dup(mem, user->units.items[i]));
    if (actor->unit != NULL && !holds(&actor->units, actor->unit))
        tz_push(mem, &actor->units, actor->unit);
    for (size_t at = 0; at < actor->units.count && at < 100; at++)
        for (size_t i = 0; i < county->units.count; i++) {
            const tz_county_unit *unit = &county->units.items[i];
            if (unit->successor != NULL && strcmp(unit->successor, actor->units.items[at]) == 0 && !holds(&actor->units, unit->name))
                tz_push(mem, &actor->units, tz_arena_dup(mem, unit->name));
        }
}

/* The division that a township's or village's unit is of: as the unit says, or by its name. */
static const char *division_of(const tz_county *county, const tz_user *user)
{
    static const tz_division_level LEVELS[] = {TZ_DIVISION_TOWNSHIP, TZ_DIVISION_VILLAGE};
    const tz_division *found = NULL;

    if (user->division != NULL || user->unit == NULL)
        return user->division;
    for (size_t i = 0; i < sizeof LEVELS / sizeof LEVELS[0]; i++)
        if (tz_county_find(county, tz_text_of(user->unit), (tz_text){0}, LEVELS[i], &found) == 1)
            return found->code;
    return NULL;
}

/* 140430100000 begins what lies in it with 140430100: zeros at the end, three by three, name no level. */
static void add_division(tz_arena *mem, tz_actor *actor, const char *code)
{
    size_t size = strlen(code);

    while (size > 6 && size % 3 == 0 && strncmp(code + size - 3, "000", 3) == 0)
        size -= 3;
    tz_push(mem, &actor->divisions, tz_arena_copy(mem, code, size));
}

static void add_divisions(tz_arena *mem, const tz_county *county, const tz_user *user, tz_actor *actor)
{
    const char *own = tz_may(actor, TZ_ROLE_CADRE) ? division_of(county, user) : NULL;
    bool        is_named = false;

    if (own != NULL)
        add_division(mem, actor, own);
    for (size_t i = 0; i < user->divisions.count; i++)
        if (strcmp(user->divisions.items[i], "*") == 0) {
            actor->is_county = true;
        } else {
            add_division(mem, actor, user->divisions.items[i]);
            is_named = true;
        }
    actor->is_county |= tz_may(actor, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER) || (tz_may(actor, TZ_ROLE_SUPERIOR) && !is_named);
}

static bool owns(const tz_actor *actor, const tz_register *reg)
{
    for (size_t i = 0; i < reg->owners.count; i++)
        if (holds(&actor->units, reg->owners.items[i]))
            return true;
    return false;
}

static void add_registers(tz_arena *mem, const tz_packs *packs, const tz_user *user, tz_actor *actor)
{
    bool is_named = false;

    for (size_t i = 0; i < user->registers.count; i++)
        if (strcmp(user->registers.items[i], "*") == 0) {
            actor->is_all_registers = true;
        } else {
            tz_push(mem, &actor->registers, tz_arena_dup(mem, user->registers.items[i]));
            is_named = true;
        }
    actor->is_all_registers |= tz_may(actor, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER) ||
                               (tz_may(actor, TZ_ROLE_SUPERIOR) && !is_named && actor->is_county);
    for (size_t i = 0; tz_may(actor, TZ_ROLE_CLERK) && i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            if (owns(actor, reg) && !holds(&actor->registers, reg->name))
                tz_push(mem, &actor->registers, tz_arena_dup(mem, reg->name));
        }
}

/* Administrators see no data, whatever they were granted. */
static void take_all(tz_actor *actor)
{
    actor->is_county = actor->is_all_registers = false;
    actor->divisions.count = actor->registers.count = actor->units.count = 0;
}

static const char *scope_of(tz_arena *mem, const tz_actor *actor)
{
    const tz_strings *const lists[] = {&actor->units, &actor->divisions, &actor->registers};
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_printf(&out, "%u %d %d", actor->roles, actor->is_county, actor->is_all_registers);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        tz_buf_char(&out, '\n');
        for (size_t j = 0; j < lists[i]->count; j++)
            tz_buf_printf(&out, "%s\t", lists[i]->items[j]);
    }
    return tz_buf_str(&out);
}

tz_actor *tz_actor_make(tz_arena *mem, const tz_county *county, const tz_packs *packs, const tz_user *user)
{
    tz_assert(mem != NULL && county != NULL && packs != NULL && user != NULL);
    tz_actor *actor = tz_new(mem, tz_actor);

    actor->user = tz_arena_dup(mem, user->user);
    actor->name = tz_arena_dup(mem, user->name);
    actor->unit = user->unit == NULL ? NULL : tz_arena_dup(mem, user->unit);
    actor->roles = roles_of(&user->roles);
    add_units(mem, county, user, actor);
    add_divisions(mem, county, user, actor);
    add_registers(mem, packs, user, actor);
    if ((actor->roles & ~(unsigned)TZ_ROLE_ADMINISTRATORS) == 0)
        take_all(actor);
    actor->scope = scope_of(mem, actor);
    return actor;
}

static tz_strings copy_strings(tz_arena *mem, const tz_strings *list)
{
    tz_strings copy = {0};

    for (size_t i = 0; i < list->count; i++)
        tz_push(mem, &copy, tz_arena_dup(mem, list->items[i]));
    return copy;
}

tz_actor *tz_actor_copy(tz_arena *mem, const tz_actor *actor)
{
    tz_actor *copy = tz_new(mem, tz_actor);

    *copy = *actor;
    copy->user = tz_arena_dup(mem, actor->user);
    copy->name = tz_arena_dup(mem, actor->name);
    copy->unit = actor->unit == NULL ? NULL : tz_arena_dup(mem, actor->unit);
    copy->scope = tz_arena_dup(mem, actor->scope);
    copy->divisions = copy_strings(mem, &actor->divisions);
    copy->registers = copy_strings(mem, &actor->registers);
    copy->units = copy_strings(mem, &actor->units);
    return copy;
}

/* ---- What they may ---- */

static bool begins(const char *pattern, const char *with)
{
    return strncmp(pattern, with, strlen(with)) == 0;
}

bool tz_is_for_programs(const char *pattern)
{
    static const char *const PEOPLES[] = {"/account", "/admin", "/reveal", "/login", "/logout"};

    for (size_t i = 0; i < sizeof PEOPLES / sizeof PEOPLES[0]; i++)
        if (begins(pattern, PEOPLES[i]))
            return false;
    return true;
}

/* It writes what its scopes say. */
static bool may_token(const tz_actor *actor, bool is_post, const char *pattern, bool is_upload)
{
    if (!tz_is_for_programs(pattern))
        return false;
    return !is_post || strstr(actor->scopes, "write") != NULL || (is_upload && strstr(actor->scopes, "deliver") != NULL);
}

bool tz_may_route(const tz_actor *actor, bool is_post, const char *pattern, unsigned roles, bool is_upload, bool is_countys)
{
    if (!tz_may(actor, roles) || (is_countys && !actor->is_county))
        return false;
    if (actor->is_narrow)
        return strcmp(pattern, "/account") == 0 || strcmp(pattern, "/account/password") == 0 || strcmp(pattern, "/logout") == 0;
    return actor->scopes == NULL || may_token(actor, is_post, pattern, is_upload);
}

bool tz_may(const tz_actor *actor, unsigned roles)
{
    return actor != NULL && (actor->roles & roles) != 0;
}

bool tz_may_division(const tz_actor *actor, const char *code)
{
    if (actor == NULL)
        return false;
    for (size_t i = 0; code != NULL && i < actor->divisions.count; i++)
        if (strncmp(code, actor->divisions.items[i], strlen(actor->divisions.items[i])) == 0)
            return true;
    return actor->is_county;
}

bool tz_may_register(const tz_actor *actor, const char *name)
{
    return actor != NULL && name != NULL && (actor->is_all_registers || holds(&actor->registers, name));
}

bool tz_may_part(const tz_actor *actor, const char *name)
{
    if (tz_may_register(actor, name))
        return true;
    bool is_partly = tz_may(actor, TZ_ROLE_CADRE) || (tz_may(actor, TZ_ROLE_SUPERIOR) && actor->registers.count == 0);
    return is_partly && actor->divisions.count > 0;
}

bool tz_may_unit(const tz_actor *actor, const char *unit)
{
    return actor != NULL && (actor->is_county || (unit != NULL && holds(&actor->units, unit)));
}

bool tz_may_act(const tz_actor *actor, const char *action)
{
    static const struct { const char *actions; unsigned roles; } RIGHTS[] = {
        {" note start set attach submit extend say object ", TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR},
        {" assign check publish close return grant deny suspend answer transfer dismiss look-back merge split ", TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER},
    };

    if (strspn(action, "abcdefghijklmnopqrstuvwxyz-") != strlen(action))
        return false; /* it comes out of an address */
    for (size_t i = 0; i < sizeof RIGHTS / sizeof RIGHTS[0]; i++) {
        const char *at = strstr(RIGHTS[i].actions, action);
        for (; at != NULL; at = strstr(at + 1, action))
            if (action[0] != '\0' && at[-1] == ' ' && at[strlen(action)] == ' ')
                return tz_may(actor, RIGHTS[i].roles);
    }
    return false;
}

bool tz_may_batch(const tz_actor *actor, const json_t *batch)
{
    const char *sender = tz_json_str(batch, "sender");

    return tz_may_register(actor, tz_json_str(batch, "register")) ||
           (tz_may(actor, TZ_ROLE_CLERK) && sender != NULL && tz_may_unit(actor, sender));
}

tz_rc tz_access_missing(tz_err *err)
{
    return tz_fail(err, TZ_MISSING, "没有这一页,或者不在您的范围内", "there is no such page, or it is not yours to see");
}

bool tz_access_hide(const tz_actor *actor, tz_err *err)
{
    bool is_partial = actor != NULL && !(actor->is_county && actor->is_all_registers);

    if (is_partial)
        (void)tz_access_missing(err);
    return is_partial;
}
