/* withdraw - batches after they are in: withdrawn and listed. */
#include <string.h>

#include "base/assert.h"
#include "evidence/import.h"
#include "store/journal.h"

tz_rc tz_batch_withdraw(tz_store *store, int64_t batch, const char *why, tz_err *err)
{
    tz_assert(store != NULL && why != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *image = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT * FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)batch);
        goto done;
    }
    image = tz_sql_json(sql);
    if (!json_is_null(json_object_get(image, "withdrawn_entry"))) {
        rc = tz_fail(err, TZ_REFUSED, "批次 %lld 已经撤回", "batch %lld was withdrawn already", (long long)batch);
        goto done;
    }
    tz_sql_close(sql);
    sql = NULL;
    tz_json_set_int(image, "withdrawn_entry", 0);
    tz_json_set_str(image, "withdrawn_why", why);
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, "batch.withdraw", "batch", image, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    tz_sql_close(sql);
    json_decref(image);
    return rc;
}

/* ---- The list ---- */

tz_rc tz_batch_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *rows = json_array();

    TZ_TRY(tz_sql_open(store, "SELECT batch, register, sender, period, as_of, file, accepted, quarantined, corrects,"
                              " CASE WHEN withdrawn_entry IS NOT NULL THEN 'withdrawn'"
                              " WHEN EXISTS (SELECT 1 FROM batch c WHERE c.corrects = batch.batch AND c.withdrawn_entry IS NULL) THEN 'corrected'"
                              " ELSE 'counts' END AS state, withdrawn_why FROM batch ORDER BY batch", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        (void)json_array_append_new(rows, tz_sql_json(sql));
    }
    *ret_rows = json_incref(rows);
done:
    tz_sql_close(sql);
    json_decref(rows);
    return rc;
}
