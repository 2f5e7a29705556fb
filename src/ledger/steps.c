/* steps - what each ledger goes through. */
#include <string.h>

#include "ledger/inside.h"

/* Of a ledger that no pack declares. */
static const char *DEFAULT_STEPS[] = {"open", "assigned", "rectifying", "submitted", "checked", "closed"};
static const tz_ledger DEFAULT = {
    .name = "default",
    .title = "问题台账|Ledger of issues",
    .steps = {.items = DEFAULT_STEPS, .count = sizeof DEFAULT_STEPS / sizeof DEFAULT_STEPS[0]},
    .due_days = 30,
};

const tz_ledger *tz_issue_ledger(const tz_packs *packs, const char *name)
{
    const tz_ledger *ledger = tz_packs_ledger(packs, name);
    return ledger == NULL ? &DEFAULT : ledger;
}

bool tz_ledger_has(const tz_ledger *ledger, const char *step)
{
    for (size_t i = 0; i < ledger->steps.count; i++)
        if (strcmp(ledger->steps.items[i], step) == 0)
            return true;
    return false;
}

bool tz_state_is_open(const char *state)
{
    static const char *const ENDS[] = {"closed", "closed-pending-data", "dismissed", "transferred", "merged"};
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++)
        if (strcmp(state, ENDS[i]) == 0)
            return false;
    return true;
}
