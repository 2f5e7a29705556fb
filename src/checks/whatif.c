/* whatif - a check under other parameters beside the present ones: who comes in, who drops out. */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

/* Those of `a` whose key `b` does not have, as a listing. */
static tz_rc only_in(tz_this_run *run, const tz_check *check, const tz_fared *a, const tz_fared *b, json_t **ret_list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_map  has = tz_map_init(run->mem);
    json_t *list = json_array();

    for (size_t i = 0; i < b->found.count; i++)
        if (tz_found_counts(&b->found.items[i]))
            (void)tz_map_put(&has, tz_text_of(b->found.items[i].key), NULL);
    for (size_t i = 0; i < a->found.count; i++) {
        json_t *line = NULL;
        if (!tz_found_counts(&a->found.items[i]) || tz_map_get(&has, tz_text_of(a->found.items[i].key)) != NULL)
            continue;
        TZ_TRY(tz_list_found(run->mem, run->store, check, &a->found.items[i], run->store->app->lang, true, &line, err));
        (void)json_array_append_new(list, line);
    }
    *ret_list = json_incref(list);
done:
    json_decref(list);
    return rc;
}

tz_rc tz_what_if_compare(tz_this_run *run, const char *const *what_if, const tz_fared *fared, tz_fared *other, json_t *line, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *in = NULL, *out = NULL;

    if (fared->state != TZ_RAN)
        goto done;
    TZ_TRY(tz_found_run(run->mem, run->store, run->query, what_if, other, err));
    if (other->state == TZ_CHECK_FAILED) {
        tz_json_set_str(line, "state", "failed");
        tz_json_set_half(line, "why", other->why, run->store->app->lang);
        goto done;
    }
    TZ_TRY(only_in(run, fared->check, other, fared, &in, err));
    TZ_TRY(only_in(run, fared->check, fared, other, &out, err));
    (void)json_object_set(line, "comes_in", in);
    (void)json_object_set(line, "drops_out", out);
done:
    json_decref(in);
    json_decref(out);
    return rc;
}

tz_rc tz_what_if_plain(tz_arena *mem, const tz_packs *packs, const char *const *what_if, const char *const **ret_plain, tz_err *err)
{
    tz_strings plain = {0};

    for (const char *const *at = what_if; *at != NULL; at++) {
        const char *equals = strchr(*at, '=');
        size_t      size = equals == NULL ? 0 : (size_t)(equals - *at);
        bool        is_known = false;
        for (size_t i = 0; i < packs->packs.count; i++) {
            const tz_pack *pack = &packs->packs.items[i];
            for (size_t j = 0; j < pack->parameters.count; j++) {
                const char *name = pack->parameters.items[j].name;
                size_t      end = strlen(name), from = size >= end ? size - end : 0;
                bool        fits = size >= end && strncmp(*at + from, name, end) == 0 && (from == 0 || (*at)[from - 1] == '.');
                if (!fits || is_known)
                    continue;
                is_known = true;
                tz_push(mem, &plain, *at + from);
            }
        }
        if (!is_known)
            return tz_fail(err, TZ_MISSING, "没有参数 %.*s(写作 参数=值)", "no parameter '%.*s' (write parameter=value)",
                           size > 60 ? 60 : (int)size, *at);
    }
    tz_push(mem, &plain, NULL);
    *ret_plain = plain.items;
    return TZ_OK;
}
