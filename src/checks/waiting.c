/* waiting - persons about whom a review waits: an absence that was found for them is pending. */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

/* "register\x1frow key" of a row, for comparing with decisions. */
static tz_rc decided_key(tz_this_run *run, int64_t row_id, const char **ret_key, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_sql            *sql = NULL;
    bool               has_row = false;
    const tz_row_fact *fact = tz_rows_fact(&run->rows, row_id);

    TZ_TRY(tz_sql_open(run->store, "SELECT register FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, tz_row_batch(row_id));
    TZ_TRY(tz_sql_step(run->store, sql, &has_row, err));
    *ret_key = tz_arena_printf(run->mem, "%s:%%:%s", has_row ? tz_sql_str(sql, 0) : "", fact == NULL ? "" : fact->key);
done:
    tz_sql_close(sql);
    return rc;
}

/* A review waits while nobody decided it and its rows still belong to different persons. */
static tz_rc add_waiting(tz_this_run *run, int64_t row_a, int64_t row_b, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    const tz_row_fact *a = tz_rows_fact(&run->rows, row_a), *b = tz_rows_fact(&run->rows, row_b);
    const char        *key_a = NULL, *key_b = NULL;
    int64_t            decided = 0;

    if (a == NULL || b == NULL || a->persons[0] == '\0' || b->persons[0] == '\0' || strcmp(a->persons, b->persons) == 0)
        goto done;
    TZ_TRY(decided_key(run, row_a, &key_a, err));
    TZ_TRY(decided_key(run, row_b, &key_b, err));
    TZ_TRY(tz_sql_one(run->store,
                      "SELECT count(*) FROM link_decision WHERE verdict <> 'unknown' AND ((key_a LIKE ?1 AND key_b LIKE ?2)"
                      " OR (key_a LIKE ?2 AND key_b LIKE ?1))", key_a, key_b, &decided, err));
    const char *const sides[] = {a->persons, b->persons};
    for (size_t i = 0; i < 2 && decided == 0; i++)
        for (const char *at = sides[i]; *at != '\0';) {
            size_t size = strcspn(at, ",");
            if (*at == 'P')
                (void)tz_map_put(&run->waiting, (tz_text){at, size}, NULL);
            at += size + (at[size] == ',');
        }
done:
    return rc;
}

tz_rc tz_waiting_find(tz_this_run *run, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    TZ_ARRAY(int64_t) ids = {0};

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
    for (size_t i = 0; i + 1 < ids.count; i += 2)
        TZ_TRY(add_waiting(run, ids.items[i], ids.items[i + 1], err));
done:
    tz_sql_close(sql);
    return rc;
}
