#include "people/decision.h"

#include <string.h>

#include "base/assert.h"
#include "people/link.h"
#include "packs/query.h"
#include "store/journal.h"

tz_rc tz_decisions_load(tz_arena *mem, tz_store *store, tz_decisions *ret_decisions, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_decisions != NULL);
    tz_rc        rc = TZ_OK;
    tz_sql      *sql = NULL;
    tz_decisions all = {0};

    TZ_TRY(tz_sql_open(store, "SELECT key_a, key_b, verdict FROM link_decision WHERE verdict <> 'unknown' ORDER BY decision", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        tz_decision one = {.key_a = tz_text_of(tz_sql_dup(mem, sql, 0)), .key_b = tz_text_of(tz_sql_dup(mem, sql, 1)),
                           .is_same = strcmp(tz_sql_str(sql, 2), "same") == 0};
        tz_push(mem, &all, one);
    }
    *ret_decisions = all;
done:
    tz_sql_close(sql);
    return rc;
}

static bool has_value(const tz_register *reg, int column, const json_t *values)
{
    return column >= 0 && tz_json_str(values, reg->columns.items[column].name) != NULL;
}

/* "register:role:row key" of a row that names somebody. */
static tz_rc key_of(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_row_found *row, tz_text *ret_key, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    const tz_register *reg = tz_packs_register(packs, row->register_name);
    const tz_identity *who = tz_identity_main(reg);
    int64_t            is_valid = 0;

    TZ_TRY(tz_sql_one(store, "SELECT withdrawn_entry IS NULL FROM batch WHERE batch = CAST(?1 AS INTEGER)",
                      tz_arena_printf(mem, "%lld", (long long)row->batch), NULL, &is_valid, err));
    bool is_named = who != NULL && (has_value(reg, who->id, row->values) || has_value(reg, who->name, row->values));
    if (!is_named || row->key == NULL || row->quarantined_why != NULL || is_valid == 0)
        rc = tz_fail(err, TZ_MISSING, "其中一行没有人员信息,或已撤回、待更正", "one of the rows names nobody, or is withdrawn or quarantined");
    else
        *ret_key = tz_text_of(tz_arena_printf(mem, "%s:%s:%s", reg->name, who->role, row->key));
done:
    return rc;
}

/* The keys of two rows, read from their evidence alone, so that a decision costs the same however large the county is. */
static tz_rc keys_of(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, tz_text *ret_a, tz_text *ret_b,
                     tz_err *err)
{
    tz_row_found *rows = NULL;
    tz_rc         rc = tz_rows_find(mem, store, packs, (const int64_t[]){row_a, row_b}, 2, &rows, err);

    if (rc != TZ_OK)
        return rc;
    rc = key_of(mem, store, packs, &rows[0], ret_a, err);
    if (rc == TZ_OK)
        rc = key_of(mem, store, packs, &rows[1], ret_b, err);
    json_decref(rows[0].values);
    json_decref(rows[1].values);
    return rc;
}

static tz_rc put_decision(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, const char *verdict, const char *why,
                          tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && why != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    int64_t  decision = 0;
    json_t  *image = NULL;
    tz_text  key_a = {0}, key_b = {0};

    TZ_TRY(keys_of(&mem, store, packs, row_a, row_b, &key_a, &key_b, err));
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
