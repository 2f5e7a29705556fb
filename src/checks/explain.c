/* explain - what checks cost: their processor time, what they looked at, what they found. */
#include <stdlib.h>

#include "base/assert.h"
#include "checks/inside.h"

static int compare_costs(const void *a, const void *b)
{
    const tz_fared *x = *(const tz_fared *const *)a, *y = *(const tz_fared *const *)b;
    return (x->cpu_us < y->cpu_us) - (x->cpu_us > y->cpu_us);
}

static tz_rc add_cost_line(const tz_this_run *run, const tz_fared *fared, json_t *rows, tz_err *err)
{
    const tz_query_names *names = NULL;
    tz_rc                 rc = tz_check_names(fared->check, &names, err);

    if (rc != TZ_OK)
        return rc;
    size_t  found = 0;
    json_t *line = json_object(), *reads = json_array();

    for (size_t i = 0; i < fared->found.count; i++)
        found += tz_found_counts(&fared->found.items[i]);
    for (size_t i = 0; i < names->tables.count; i++)
        (void)json_array_append_new(reads, json_string(names->tables.items[i]));
    tz_json_set_str(line, "check", fared->check->name);
    tz_json_set_str(line, "state", tz_check_state_name(fared->state));
    tz_json_set_half(line, "why", fared->why, run->store->app->lang);
    tz_json_set_int(line, "cpu_ms", (fared->cpu_us + 500) / 1000);
    tz_json_set_int(line, "looked_at", fared->looked_at);
    tz_json_set_int(line, "found", (int64_t)found);
    (void)json_object_set_new(line, "reads", reads);
    (void)json_array_append_new(rows, line);
    return TZ_OK;
}

tz_rc tz_check_explain(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && options->is_past && ret_rows != NULL);
    tz_rc       rc = TZ_OK;
    tz_this_run run = {0};
    json_t     *rows = json_array();

    TZ_TRY(tz_run_open(mem, store, packs, options, &run, err));
    TZ_TRY(tz_run_evaluate(&run, err));
    const tz_fared **sorted = tz_new_array(mem, const tz_fared *, run.checks.count + 1);
    for (size_t i = 0; i < run.checks.count; i++)
        sorted[i] = &run.checks.items[i];
    if (run.checks.count > 0)
        qsort(sorted, run.checks.count, sizeof sorted[0], compare_costs);
    for (size_t i = 0; i < run.checks.count; i++)
        TZ_TRY(add_cost_line(&run, sorted[i], rows, err));
    *ret_rows = json_incref(rows);
done:
    tz_run_close(&run);
    json_decref(rows);
    return rc;
}
