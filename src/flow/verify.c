/* verify - the store's verification, and the packs in use against the versions that were accepted. */
#include <string.h>

#include "base/assert.h"
#include "flow/flow.h"
#include "store/config.h"

static void add(tz_arena *mem, tz_verification *result, const char *where, const char *zh, const char *en)
{
    tz_push(mem, &result->problems, (tz_problem){.kind = "config", .where = where, .zh = zh, .en = en});
}

/* Packs that can't be read are a problem like others, and named. */
static tz_rc load_packs(tz_arena *mem, tz_store *store, tz_packs **ret_packs, tz_verification *result, tz_err *err)
{
    char   line[1400];
    tz_err wrong = {0};
    tz_rc  rc = tz_flow_packs(mem, store, ret_packs, &wrong);

    if (rc == TZ_OK)
        rc = tz_packs_name(*ret_packs, &wrong);
    if (rc == TZ_SYSTEM || rc == TZ_STOPPED) {
        *err = wrong;
        return rc;
    }
    if (rc != TZ_OK) {
        tz_err_line(&wrong, TZ_ZH, line, sizeof line);
        const char *zh = tz_arena_dup(mem, line);
        tz_err_line(&wrong, TZ_EN, line, sizeof line);
        add(mem, result, wrong.where.file[0] == '\0' ? "packs" : tz_arena_dup(mem, wrong.where.file), zh, tz_arena_dup(mem, line));
    }
    return TZ_OK;
}

static tz_rc check_pack(tz_arena *mem, tz_store *store, const tz_pack *pack, tz_verification *result, tz_err *err)
{
    char        is[TZ_SM3_HEX];
    const char *accepted = NULL, *path = tz_arena_printf(mem, "pack/%s", pack->name);
    tz_rc       rc = tz_config_accepted(mem, store, path, &accepted, err);

    tz_digest_hex(&pack->digest, is);
    if (rc == TZ_OK && (accepted == NULL || strcmp(accepted, is) != 0))
        add(mem, result, path, "规则包不是登记的版本", "the pack is not the version that was accepted");
    return rc;
}

tz_rc tz_flow_verify(tz_arena *mem, const tz_app *app, const char *folder, tz_verify_depth depth, tz_verification *ret_result, tz_err *err)
{
    tz_assert(mem != NULL && app != NULL && folder != NULL && ret_result != NULL);
    tz_rc           rc = TZ_OK;
    tz_store       *store = NULL;
    tz_packs       *packs = NULL;
    tz_verification result = {0};

    TZ_TRY(tz_store_open(app, folder, TZ_READ, &store, err));
    TZ_TRY(tz_store_verify(mem, store, depth, &result, err));
    if (depth == TZ_VERIFY_ALL) {
        TZ_TRY(load_packs(mem, store, &packs, &result, err));
        for (size_t i = 0; packs != NULL && i < packs->packs.count; i++)
            TZ_TRY(check_pack(mem, store, &packs->packs.items[i], &result, err));
    }
    *ret_result = result;
done:
    tz_store_close(store);
    return rc;
}
