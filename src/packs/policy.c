/* policy - what a pack says that people receive: its rows, and the checks that speak of it. */
#include <string.h>

#include "packs/loading.h"

tz_rc tz_load_policies(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"title", "received", "due", "wrong", NULL};
    tz_rc rc = TZ_OK;

    TZ_YAML_EACH(item, map) {
        tz_policy policy = {.name = item->key, .title = tz_yaml_str(item, "title", item->key), .pack = from->pack, .file = from->file,
                            .line = item->line, .received = tz_load_strings(from->mem, tz_yaml_get(item, "received")),
                            .due = tz_load_strings(from->mem, tz_yaml_get(item, "due")),
                            .wrong = tz_load_strings(from->mem, tz_yaml_get(item, "wrong"))};
        TZ_TRY(tz_yaml_only(from->file, item, KEYS, err));
        if (policy.received.count == 0) {
            rc = tz_yaml_fail(err, from->file, item, "政策要有 received:哪些名册的行说明已享受",
                              "a policy has received: the registers whose rows say that somebody has it");
            goto done;
        }
        tz_push(from->mem, &from->pack->policies, policy);
    }
done:
    return rc;
}

/* A check that the county took out is known by its name. */
static bool is_check(const tz_packs *packs, const char *name)
{
    if (tz_packs_check(packs, name) != NULL)
        return true;
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].off.count; j++)
            if (strcmp(packs->packs.items[i].off.items[j].name, name) == 0)
                return true;
    return false;
}

tz_rc tz_judge_policy(const tz_packs *packs, const tz_policy *policy, tz_err *err)
{
    const tz_yaml at = {.line = policy->line};

    for (size_t i = 0; i < policy->received.count; i++) {
        const tz_register *reg = tz_packs_register(packs, policy->received.items[i]);
        if (reg == NULL || reg->identities.count == 0)
            return tz_yaml_fail(err, policy->file, &at, "政策 “%s”:没有名册 “%s”,或它不是关于人的",
                                "policy '%s': there is no register '%s' of people",
                                policy->name, policy->received.items[i]);
    }
    for (size_t i = 0; i < policy->due.count + policy->wrong.count; i++) {
        const char *name = i < policy->due.count ? policy->due.items[i] : policy->wrong.items[i - policy->due.count];
        if (!is_check(packs, name))
            return tz_yaml_fail(err, policy->file, &at, "政策 “%s”:没有规则 “%s”", "policy '%s': there is no check '%s'", policy->name, name);
    }
    return TZ_OK;
}
