#include "people/decision.h"

#include <string.h>

#include "base/assert.h"
#include "people/link.h"
#include "people/record.h"
#include "store/journal.h"

tz_rc tz_decisions_load(tz_arena *mem, tz_store *store, tz_decisions *ret_decisions, tz_buf *inputs, tz_err *err)
{
    tz_assert(store != NULL && ret_decisions != NULL && inputs != NULL);
    tz_rc        rc = TZ_OK;
    tz_sql      *sql = NULL;
    bool         has_row = true;
    tz_decisions all = {0};

    TZ_TRY(tz_sql_open(store, "SELECT key_a, key_b, verdict FROM link_decision WHERE verdict <> 'unknown' ORDER BY decision", &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_decision one = {.key_a = tz_text_of(tz_sql_dup(mem, sql, 0)), .key_b = tz_text_of(tz_sql_dup(mem, sql, 1)),
                           .is_same = strcmp(tz_sql_str(sql, 2), "same") == 0};
        tz_buf_printf(inputs, "%s %s %d\n", one.key_a.data, one.key_b.data, one.is_same);
        tz_push(mem, &all, one);
    }
    *ret_decisions = all;
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc put_decision(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, const char *verdict, const char *why,
                          tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && why != NULL);
    tz_rc            rc = TZ_OK;
    tz_arena         mem = {0};
    tz_records       records = {0};
    tz_buf           inputs = tz_buf_init(&mem, 0);
    const tz_record *a = NULL, *b = NULL;
    int64_t          decision = 0;
    json_t          *image = NULL;

    TZ_TRY(tz_records_load(&mem, store, packs, &records, &inputs, err));
    TZ_TRY(tz_records_pair(&records, row_a, row_b, &a, &b, err));
    tz_text key_a = tz_record_key(&mem, a), key_b = tz_record_key(&mem, b);
    if (tz_text_equal(key_a, key_b)) {
        rc = tz_fail(err, TZ_USAGE, "两行是同一条记录", "the two rows are one record");
        goto done;
    }
    if (tz_text_compare(key_a, key_b) > 0) {
        tz_text swap = key_a;
        key_a = key_b;
        key_b = swap;
    }
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_sql_one(store, "SELECT decision FROM link_decision WHERE key_a = ?1 AND key_b = ?2", key_a.data, key_b.data, &decision, err));
    if (decision == 0)
        TZ_TRY(tz_journal_next_id(store, "link_decision", "decision", &decision, err));
    image = json_pack("{s:I, s:s, s:s, s:s}", "decision", (json_int_t)decision, "key_a", key_a.data, "key_b", key_b.data, "verdict",
                      verdict);
    TZ_TRY(tz_journal_put(store, "link.decide", "link_decision", image, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_link_decide(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, bool is_same, const char *why, tz_err *err)
{
    return put_decision(store, packs, row_a, row_b, is_same ? "same" : "different", why, err);
}

tz_rc tz_link_defer(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, const char *why, tz_err *err)
{
    return put_decision(store, packs, row_a, row_b, "unknown", why, err);
}
