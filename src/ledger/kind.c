/* kind - what each kind of ledger goes through, and who may take its steps. */
#include <string.h>

#include "ledger/inside.h"

/* Of a ledger that no pack declares. */
static const char     *DEFAULT_STEPS[] = {"open", "assigned", "rectifying", "submitted", "checked", "closed"};
static const tz_ledger DEFAULT = {
    .name = "default",
    .title = "问题台账|Ledger of issues",
    .steps = {.items = DEFAULT_STEPS, .count = sizeof DEFAULT_STEPS / sizeof DEFAULT_STEPS[0]},
    .due_days = 30,
    .remind_days = 20,
    .urge_days = 10,
    .checkers = 1,
    .look_back = {.months = 6, .percent = 20},
    .ask_back = {.months = 3, .percent = 10},
};

const tz_ledger *tz_ledger_find(const tz_packs *packs, const char *name)
{
    const tz_pack *only = packs->packs.count == 1 ? &packs->packs.items[0] : NULL;

    if (name == NULL && only != NULL && only->is_sealed && only->ledgers.count > 0)
        return &only->ledgers.items[0]; /* a clue is in no other list */
    return name == NULL || strcmp(name, DEFAULT.name) == 0 ? &DEFAULT : tz_packs_ledger(packs, name);
}

const tz_ledger *tz_issue_ledger(const tz_packs *packs, const char *name)
{
    const tz_ledger *ledger = tz_ledger_find(packs, name);
    return ledger == NULL ? &DEFAULT : ledger;
}

bool tz_ledger_has(const tz_ledger *ledger, const char *step)
{
    for (size_t i = 0; i < ledger->steps.count; i++)
        if (strcmp(ledger->steps.items[i], step) == 0)
            return true;
    return false;
}

bool tz_is_one_of(const char *text, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, text) == 0)
            return true;
    return false;
}

bool tz_state_is_open(const char *state)
{
    static const char *const ENDS[] = {"closed", "closed-pending-data", "dismissed", "transferred", "merged", NULL};
    return !tz_is_one_of(state, ENDS);
}

static const char *const LEVELS[] = {"red", "orange", "yellow", NULL}; /* the worst first */

bool tz_is_level(const char *level)
{
    return tz_is_one_of(level, LEVELS);
}

bool tz_level_is_worse(const char *level, const char *than)
{
    for (size_t i = 0; LEVELS[i] != NULL; i++)
        if (strcmp(LEVELS[i], than) == 0)
            return false;
        else if (strcmp(LEVELS[i], level) == 0)
            return true;
    return false;
}

tz_rc tz_judge_term(const char *term, tz_err *err)
{
    static const char *const TERMS[] = {"at once", "by date", "long-term", NULL};

    if (tz_is_one_of(term, TERMS))
        return TZ_OK;
    return tz_fail(err, TZ_USAGE, "时限为 at once(立行立改)、by date 或 long-term(长期坚持)", "a term is 'at once', 'by date' or 'long-term'");
}

tz_rc tz_ledger_may(tz_store *store, const tz_ledger *ledger, const char *action, const char *user, tz_err *err)
{
    tz_rc                  rc = TZ_OK;
    tz_arena               mem = {0};
    const char            *roles = NULL;
    const tz_ledger_right *right = NULL;
    tz_buf                 wanted = tz_buf_init(&mem, 0);

    for (size_t i = 0; i < ledger->rights.count; i++)
        if (strcmp(ledger->rights.items[i].action, action) == 0)
            right = &ledger->rights.items[i];
    if (right == NULL)
        goto done;
    TZ_TRY(tz_sql_one_text(&mem, store, "SELECT roles FROM user WHERE user = ?1", user, NULL, &roles, err));
    for (size_t i = 0; i < right->roles.count; i++) {
        if (roles != NULL && strstr(roles, tz_arena_printf(&mem, "\"%s\"", right->roles.items[i])) != NULL)
            goto done;
        tz_buf_printf(&wanted, "%s%s", i == 0 ? "" : ", ", right->roles.items[i]);
    }
    (void)tz_fail(err, TZ_REFUSED, "台账 “%s” 的 %s 须由 %s 办理", "in the ledger '%s', %s is for %s", ledger->name, action, tz_buf_str(&wanted));
    rc = tz_err_advise(err, "请有此角色的用户办理;角色见 taizhang user", "let a user with that role do it; taizhang user lists the roles");
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_unit_now(tz_arena *mem, tz_store *store, const char *unit, const char **ret_unit, tz_err *err)
{
    enum { LONGEST = 20 }; /* a circle of successors ends somewhere */
    tz_rc       rc = TZ_OK;
    const char *next = unit;

    for (int i = 0; i < LONGEST && next != NULL; i++) {
        unit = next;
        TZ_TRY(tz_sql_one_text(mem, store, "SELECT successor FROM unit WHERE unit = ?1", unit, NULL, &next, err));
    }
    *ret_unit = unit;
done:
    return rc;
}
