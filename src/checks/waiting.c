/* waiting - persons about whom a review waits: an absence that was found for them is pending. */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

/* "register:row key" twice, in the order of bytes: two rows, in whatever role. */
static tz_text pair_key(tz_arena *mem, const char *a, const char *b)
{
    bool is_turned = strcmp(a, b) > 0;
    return tz_text_of(tz_arena_printf(mem, "%s %s", is_turned ? b : a, is_turned ? a : b));
}

/* "register:role:row key" without the role. */
static const char *without_role(tz_arena *mem, const char *key)
{
    size_t role = strcspn(key, ":"), row = role + (key[role] == ':');
    row += strcspn(key + row, ":");
    return tz_arena_printf(mem, "%.*s%s", (int)role, key, key + row);
}

/* The pairs of rows that somebody decided about. */
static tz_rc load_decided(tz_this_run *run, tz_map *ret_decided, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    tz_map  decided = tz_map_init(run->mem);

    TZ_TRY(tz_sql_open(run->store, "SELECT key_a, key_b FROM link_decision WHERE verdict <> 'unknown'", &sql, err));
    TZ_EACH_ROW (run->store, sql, err) {
        const char *a = without_role(run->mem, tz_sql_str(sql, 0)), *b = without_role(run->mem, tz_sql_str(sql, 1));
        (void)tz_map_put(&decided, pair_key(run->mem, a, b), NULL);
    }
    *ret_decided = decided;
done:
    tz_sql_close(sql);
    return rc;
}

/* A review waits while nobody decided it and its rows still belong to different persons. */
static void add_waiting(tz_this_run *run, const tz_map *decided, const tz_row_found *row_a, const tz_row_found *row_b)
{
    const tz_row_fact *a = tz_rows_fact(&run->rows, row_a->row_id), *b = tz_rows_fact(&run->rows, row_b->row_id);

    if (a == NULL || b == NULL || a->persons[0] == '\0' || b->persons[0] == '\0' || strcmp(a->persons, b->persons) == 0)
        return;
    const char *key_a = tz_arena_printf(run->mem, "%s:%s", row_a->register_name, a->key);
    const char *key_b = tz_arena_printf(run->mem, "%s:%s", row_b->register_name, b->key);
    if (tz_map_get(decided, pair_key(run->mem, key_a, key_b)) != NULL)
        return;
    const char *const sides[] = {a->persons, b->persons};
    for (size_t i = 0; i < 2; i++)
        for (const char *at = sides[i]; *at != '\0';) {
            size_t size = strcspn(at, ",");
            if (*at == 'P')
                (void)tz_map_put(&run->waiting, (tz_text){at, size}, NULL);
            at += size + (at[size] == ',');
        }
}

tz_rc tz_waiting_find(tz_this_run *run, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    TZ_ARRAY(int64_t) ids = {0};
    tz_row_found *found = NULL;
    tz_map        decided;

    run->waiting = tz_map_init(run->mem);
    /* Of the run that held then: its statements stand in the entries behind the run before it. */
    TZ_TRY(tz_sql_open(run->store,
                       "SELECT DISTINCT row_a, row_b FROM link_event WHERE verdict = 'review' AND entry <= ?1"
                       " AND entry > (SELECT coalesce(max(entry), 0) FROM link_run"
                       "              WHERE run < (SELECT max(run) FROM link_run WHERE entry <= ?1))",
                       &sql, err));
    tz_sql_bind_int(sql, 1, run->day.at);
    TZ_EACH_ROW (run->store, sql, err) {
        tz_push(run->mem, &ids, tz_sql_int(sql, 0));
        tz_push(run->mem, &ids, tz_sql_int(sql, 1));
    }
    TZ_TRY(tz_rows_load(&run->rows, ids.items, ids.count, err));
    TZ_TRY(load_decided(run, &decided, err));
    TZ_TRY(tz_rows_address(run->mem, run->store, ids.items, ids.count, &found, err));
    for (size_t i = 0; i + 1 < ids.count; i += 2)
        add_waiting(run, &decided, &found[i], &found[i + 1]);
done:
    tz_sql_close(sql);
    return rc;
}
