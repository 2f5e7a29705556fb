/* inputs - what a run, and each check in it, depends on, as digests.
 *
 * The run's digest covers everything at once: same digest, no run.  A check's digest covers what it
 * reads: the valid parts of its registers, whose each of their rows is (a hash of the people file by
 * batch), its version and the values of its parameters on the day, the day itself where its SQL asks
 * for it, waiting reviews where it rests on an absence, exceptions, what the checks that it needs found.  Same digest, same answer: the check is not
 * asked again.
 */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/inside.h"

static const char *hex_of(tz_arena *mem, tz_digest digest)
{
    char hex[TZ_SM3_HEX];
    tz_digest_hex(&digest, hex);
    return tz_arena_dup(mem, hex);
}

/* ---- Of the run ---- */

static tz_rc list_batches(tz_arena *mem, tz_store *store, tz_day day, tz_buf *inputs, const char **ret_batches, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    char    as_of[TZ_DATE_TEXT];
    tz_buf  list = tz_buf_init(mem, 0);

    tz_date_format(day.as_of, as_of);
    TZ_TRY(tz_sql_open(store,
                       "SELECT batch, identity FROM batch WHERE accepted_entry <= ?1 AND as_of <= ?2"
                       " AND (withdrawn_entry IS NULL OR withdrawn_entry > ?1) ORDER BY batch", &sql, err));
    tz_sql_bind_int(sql, 1, day.at);
    tz_sql_bind_text(sql, 2, as_of);
    tz_buf_char(&list, '[');
    TZ_EACH_ROW (store, sql, err) {
        tz_buf_printf(&list, "%s%lld", list.size > 1 ? "," : "", (long long)tz_sql_int(sql, 0));
        tz_buf_printf(inputs, "batch %lld %s\n", (long long)tz_sql_int(sql, 0), tz_sql_str(sql, 1));
    }
    tz_buf_char(&list, ']');
    *ret_batches = tz_buf_str(&list);
done:
    tz_sql_close(sql);
    return rc;
}

/* The linkage and the decisions that stand. */
static tz_rc put_links(tz_store *store, tz_day day, tz_buf *inputs, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT max(run), inputs, (SELECT count(*) FROM journal WHERE of_table = 'link_decision')"
                              "  FROM link_run WHERE entry <= ?1", &sql, err));
    tz_sql_bind_int(sql, 1, day.at);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row && tz_sql_int(sql, 0) > 0)
        tz_buf_printf(inputs, "links %s %lld\n", tz_sql_str(sql, 1), (long long)tz_sql_int(sql, 2));
done:
    tz_sql_close(sql);
    return rc;
}

static void put_exceptions(const tz_exceptions_now *exceptions, const char *check, tz_buf *out)
{
    for (size_t i = 0; i < exceptions->list.count; i++)
        if (check == NULL || strcmp(exceptions->list.items[i].check, check) == 0)
            tz_buf_printf(out, "exception %s %s\n", exceptions->list.items[i].check, exceptions->list.items[i].subject);
}

/* What is judged not real is taken out of what other checks read. */
static tz_rc put_verdicts(tz_store *store, const tz_packs *packs, tz_buf *inputs, tz_err *err)
{
    bool    is_read = false;
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].checks.count; j++)
            is_read |= packs->packs.items[i].checks.items[j].after.count > 0;
    if (!is_read)
        return TZ_OK;
    TZ_TRY(tz_sql_open(store, "SELECT finding FROM verdict WHERE verdict = 'not real' ORDER BY finding", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        tz_buf_printf(inputs, "not real %lld\n", (long long)tz_sql_int(sql, 0));
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_inputs_run(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const tz_exceptions_now *exceptions,
                    const char **ret_digest, const char **ret_batches, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_digest != NULL && ret_batches != NULL);
    tz_rc  rc = TZ_OK;
    tz_buf inputs = tz_buf_init(mem, 0);

    tz_buf_printf(&inputs, "as of %d\n", (int)day.as_of);
    TZ_TRY(list_batches(mem, store, day, &inputs, ret_batches, err));
    TZ_TRY(put_links(store, day, &inputs, err));
    put_exceptions(exceptions, NULL, &inputs);
    TZ_TRY(put_verdicts(store, packs, &inputs, err));
    for (size_t i = 0; i < packs->packs.count; i++) {
        const tz_pack *pack = &packs->packs.items[i];
        for (size_t j = 0; j < pack->checks.count; j++)
            tz_buf_printf(&inputs, "check %s %s\n", pack->checks.items[j].name, hex_of(mem, pack->checks.items[j].version));
        for (size_t j = 0; j < pack->registers.count; j++)
            tz_buf_printf(&inputs, "register %s %s\n", pack->registers.items[j].name, hex_of(mem, pack->registers.items[j].version));
    }
    *ret_digest = hex_of(mem, tz_sm3(inputs.data, inputs.size));
done:
    return rc;
}

/* ---- Of a check ---- */

/* A hash of whose each row is, by batch: order doesn't matter, every column does. */
static tz_rc hash_people(tz_inputs *inputs, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_buf        sql = tz_buf_init(inputs->mem, 0);
    duckdb_result result = {0};

    if (inputs->rows->people == NULL)
        goto done;
    tz_buf_puts(&sql, "SELECT row >> 36, CAST(bit_xor(hash(row, role, person, household)) AS VARCHAR), count(*) FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(inputs->rows->people));
    tz_buf_puts(&sql, ") GROUP BY 1");
    TZ_TRY(tz_duck_query(&inputs->rows->duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count; i++) {
        int64_t batch = duckdb_value_int64(&result, 0, i);
        char   *hash = duckdb_value_varchar(&result, 1, i);
        tz_push(inputs->mem, &inputs->hashes,
                tz_arena_printf(inputs->mem, "%s %lld", hash, (long long)duckdb_value_int64(&result, 2, i)));
        tz_map_put(&inputs->by_batch, (tz_text){(const char *)&batch, sizeof batch}, NULL)->value = (int64_t)inputs->hashes.count;
        duckdb_free(hash);
    }
done:
    duckdb_destroy_result(&result);
    return rc;
}

static void put_county(const tz_county *county, tz_buf *out)
{
    tz_buf_printf(out, "terms %d %d\n", county->spring_end_md, county->autumn_end_md);
    for (size_t i = 0; i < county->calendar.spans.count; i++)
        tz_buf_printf(out, "%d %d %d\n", (int)county->calendar.spans.items[i].from, (int)county->calendar.spans.items[i].to,
                      county->calendar.spans.items[i].is_off);
    for (size_t i = 0; i < county->divisions.count; i++)
        tz_buf_printf(out, "%s %s %s\n", county->divisions.items[i].code, county->divisions.items[i].name,
                      county->divisions.items[i].successor == NULL ? "" : county->divisions.items[i].successor);
}

tz_rc tz_inputs_open(tz_rows *rows, tz_inputs *ret_inputs, tz_err *err)
{
    tz_assert(rows != NULL && ret_inputs != NULL);
    tz_rc     rc = TZ_OK;
    tz_buf    county = tz_buf_init(rows->mem, 0);
    tz_inputs inputs = {.mem = rows->mem, .rows = rows, .by_batch = tz_map_init(rows->mem), .registers = tz_map_init(rows->mem)};

    put_county(rows->store->county, &county);
    inputs.county = hex_of(rows->mem, tz_sm3(county.data, county.size));
    TZ_TRY(hash_people(&inputs, err));
    *ret_inputs = inputs;
done:
    return rc;
}

/* A register on the day: its declaration, its valid parts and whose their rows are. */
static tz_rc register_digest(tz_inputs *inputs, const tz_register *reg, const char **ret_digest, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_map_entry  *entry = tz_map_put(&inputs->registers, tz_text_of(reg->name), NULL);
    tz_valid_parts parts = {0};
    tz_buf         text = tz_buf_init(inputs->mem, 0);

    if (entry->value == 0) {
        tz_buf_printf(&text, "%s\n", hex_of(inputs->mem, reg->version));
        TZ_TRY(tz_valid_find(inputs->mem, inputs->rows->store, reg, inputs->rows->day, &parts, err));
        for (size_t i = 0; i < parts.count; i++) {
            const tz_valid_part *part = &parts.items[i];
            const tz_map_entry  *hash = tz_map_get(&inputs->by_batch, (tz_text){(const char *)&part->batch, sizeof part->batch});
            tz_buf_printf(&text, "%lld|%s|%s|%s|%s\n", (long long)part->batch, part->parquet, part->slice, part->period,
                          hash == NULL ? "" : inputs->hashes.items[hash->value - 1]);
        }
        tz_push(inputs->mem, &inputs->digests, hex_of(inputs->mem, tz_sm3(text.data, text.size)));
        entry->value = (int64_t)inputs->digests.count;
    }
    *ret_digest = inputs->digests.items[entry->value - 1];
done:
    return rc;
}

static tz_rc put_register(tz_inputs *inputs, const char *name, tz_buf *text, tz_err *err)
{
    const tz_register *reg = tz_packs_register(inputs->rows->packs, name);
    const char        *digest = NULL;
    tz_rc              rc = reg == NULL ? TZ_OK : register_digest(inputs, reg, &digest, err);

    if (rc == TZ_OK && reg != NULL)
        tz_buf_printf(text, "%s %s\n", name, digest);
    return rc;
}

/* What pending rests on: the reviews of the newest run, and how often somebody decided, or took it back. */
static tz_rc put_reviews(tz_inputs *inputs, tz_buf *text, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t newest = 0, decided = 0;

    TZ_TRY(tz_sql_one(inputs->rows->store,
                      "SELECT coalesce(max(entry), 0) FROM link_event WHERE verdict = 'review'"
                      " AND entry > (SELECT coalesce(max(entry), 0) FROM link_run WHERE run < (SELECT max(run) FROM link_run))",
                      NULL, NULL, &newest, err));
    TZ_TRY(tz_sql_one(inputs->rows->store, "SELECT count(*) FROM journal WHERE of_table = 'link_decision'", NULL, NULL, &decided, err));
    tz_buf_printf(text, "reviews %lld %lld\n", (long long)newest, (long long)decided);
done:
    return rc;
}

tz_rc tz_inputs_check(tz_inputs *inputs, const tz_check *check, const tz_exceptions_now *exceptions, const char *findings,
                      const char **ret_digest, tz_err *err)
{
    tz_assert(inputs != NULL && check != NULL && ret_digest != NULL);
    tz_rc                 rc = TZ_OK;
    tz_buf                text = tz_buf_init(inputs->mem, 0);
    const tz_query_names *names = NULL;

    TZ_TRY(tz_check_names(check, &names, err));
    tz_buf_printf(&text, "%s\n%s\n%s\n", hex_of(inputs->mem, check->version), inputs->county, findings == NULL ? "" : findings);
    put_exceptions(exceptions, check->name, &text);
    for (size_t i = 0; i < names->tables.count; i++)
        TZ_TRY(put_register(inputs, names->tables.items[i], &text, err));
    for (size_t i = 0; i < check->needs.count; i++)
        TZ_TRY(put_register(inputs, check->needs.items[i], &text, err));
    TZ_TRY(put_register(inputs, "residents", &text, err)); /* the share linked is of these */
    for (size_t i = 0; i < check->pack->parameters.count; i++) {
        const tz_parameter *parameter = &check->pack->parameters.items[i];
        const char         *value = tz_parameter_value(parameter, inputs->rows->day.as_of);
        tz_buf_printf(&text, "%s=%s\n", parameter->name, value == NULL ? "" : value);
    }
    if (strstr(check->sql, ":as_of") != NULL)
        tz_buf_printf(&text, "as of %d\n", (int)inputs->rows->day.as_of);
    if (check->absent != NULL)
        TZ_TRY(put_reviews(inputs, &text, err));
    *ret_digest = hex_of(inputs->mem, tz_sm3(text.data, text.size));
done:
    return rc;
}
