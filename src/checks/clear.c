/* clear - why a finding went: the first reason that holds, in the order of architecture.md.
 *
 * The finding's newest event says on which rows it rested: their ids, keys, contents and persons.
 * Each is looked for among the rows that are valid now:
 *
 *     there      a valid row has its key and content (as many of them as the finding had)
 *     corrected  one has its key and a content that is new, or the batch that corrects its batch has
 *                another content at its address
 *     vanished   neither
 *
 *     batch withdrawn   a row's batch was withdrawn; or nothing else holds, and a batch that the check
 *                       read at the last run was withdrawn since
 *     rule changed      the check's version is another
 *     link changed      a row that is there belongs to another entity; or a row of the register whose
 *                       absence was found is linked to the finding's person, and was there before
 *     remedied          the query says so
 *     corrected         a row was corrected
 *     supplied          a row of the absent register came for the finding's person (and, where key and
 *                       register share columns, with the same values in them)
 *     vanished          a row vanished
 *     time passed       nothing of these
 */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/clearing.h"

/* ---- Reading what the findings rested on ---- */

static const char *joined(tz_arena *mem, const json_t *persons)
{
    tz_buf  text = tz_buf_init(mem, 0);
    size_t  i;
    json_t *person;

    json_array_foreach((json_t *)persons, i, person) {
        tz_buf_puts(&text, i == 0 ? "" : ",");
        tz_buf_puts(&text, json_string_value(person));
    }
    return tz_buf_str(&text) == NULL ? "" : tz_buf_str(&text);
}

/* Batches by number: register, withdrawn, corrected by a batch that holds on the day. */
typedef struct {
    tz_map index; /* batch -> index + 1 */
    struct { tz_rested *items; size_t count; size_t room; } items;
} batch_list;

static tz_rc load_batches(tz_arena *mem, tz_store *store, tz_day day, batch_list *ret_batches, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    batch_list list = {.index = tz_map_init(mem)};
    char       as_of[TZ_DATE_TEXT];

    tz_date_format(day.as_of, as_of);
    TZ_TRY(tz_sql_open(store,
                       "SELECT b.batch, b.register, b.withdrawn_entry IS NOT NULL AND b.withdrawn_entry <= ?1,"
                       "  (SELECT max(c.batch) FROM batch c WHERE c.corrects = b.batch AND c.accepted_entry <= ?1 AND c.as_of <= ?2"
                       "     AND (c.withdrawn_entry IS NULL OR c.withdrawn_entry > ?1)) FROM batch b", &sql, err));
    tz_sql_bind_int(sql, 1, day.at);
    tz_sql_bind_text(sql, 2, as_of);
    TZ_EACH_ROW (store, sql, err) {
        int64_t batch = tz_sql_int(sql, 0);
        tz_push(mem, &list.items, (tz_rested){.register_name = tz_sql_dup(mem, sql, 1), .is_withdrawn = tz_sql_int(sql, 2) != 0,
                                           .corrected_by = tz_sql_int(sql, 3)});
        tz_map_put(&list.index, (tz_text){(const char *)&batch, sizeof batch}, NULL)->value = (int64_t)list.items.count;
    }
    *ret_batches = list;
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc read_finding(tz_clearing *clearing, const batch_list *batches, const tz_stored *stored, tz_gone *ret_gone,
                          tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_arena    *mem = clearing->mem;
    json_t      *rows = NULL, *row;
    size_t       i;
    tz_gone gone = {0};

    TZ_TRY(tz_json_parse(tz_text_of(stored->rows), &rows, err));
    TZ_TRY(tz_json_parse(tz_text_of(stored->key), &gone.key, err));
    gone.rows = tz_new_array(mem, tz_rested, json_array_size(rows) + 1);
    json_array_foreach(rows, i, row) {
        int64_t             id = json_integer_value(json_array_get(row, 0)), batch = tz_row_batch(id);
        const tz_map_entry *entry = tz_map_get(&batches->index, (tz_text){(const char *)&batch, sizeof batch});
        tz_rested           read = entry == NULL ? (tz_rested){0} : batches->items.items[entry->value - 1];
        read.row = id;
        read.key = tz_arena_dup(mem, json_string_value(json_array_get(row, 1)));
        read.content = tz_arena_dup(mem, json_string_value(json_array_get(row, 2)));
        read.persons = joined(mem, json_array_get(row, 3));
        gone.rows[gone.count++] = read;
    }
    *ret_gone = gone;
done:
    json_decref(rows);
    return rc;
}

/* ---- Loading what is there now ---- */

/* The rows of a register that are valid now under the keys that findings rested on. */
static tz_rc load_now(tz_clearing *clearing, const char *register_name, tz_err *err)
{
    const tz_register *reg = tz_packs_register(clearing->rows->packs, register_name);
    tz_strings         keys = {0};
    tz_map             seen = tz_map_init(clearing->mem);

    if (reg == NULL)
        return TZ_OK;
    for (size_t i = 0; i < clearing->gone->count; i++)
        for (size_t j = 0; j < clearing->findings[i].count; j++) {
            const tz_rested *row = &clearing->findings[i].rows[j];
            bool          is_new = false;
            if (row->register_name == NULL || strcmp(row->register_name, register_name) != 0)
                continue;
            (void)tz_map_put(&seen, tz_text_of(row->key), &is_new);
            if (is_new && tz_rows_now(clearing->rows, register_name, row->key) == NULL)
                tz_push(clearing->mem, &keys, row->key);
        }
    return tz_rows_load_now(clearing->rows, reg, keys.items, keys.count, err);
}

/* Facts (persons) of the rows that are there now, and of the rows at corrected addresses. */
static tz_rc load_facts(tz_clearing *clearing, tz_err *err)
{
    TZ_ARRAY(int64_t) ids = {0};

    for (size_t i = 0; i < clearing->gone->count; i++)
        for (size_t j = 0; j < clearing->findings[i].count; j++) {
            const tz_rested  *row = &clearing->findings[i].rows[j];
            const tz_now_row *now = row->register_name == NULL ? NULL : tz_rows_now(clearing->rows, row->register_name, row->key);
            for (; now != NULL; now = tz_rows_next(clearing->rows, now))
                tz_push(clearing->mem, &ids, now->row);
            if (row->corrected_by != 0)
                tz_push(clearing->mem, &ids, tz_row_id(row->corrected_by, tz_row_sheet(row->row), tz_row_number(row->row)));
        }
    return tz_rows_load(clearing->rows, ids.items, ids.count, err);
}

static tz_text was_key(tz_arena *mem, int64_t batch, const char *key, const char *content)
{
    return tz_text_of(tz_arena_printf(mem, "%lld %s %s", (long long)batch, key, content));
}

/* Of a register that keeps repeats several rows have one key: those that its old batch had are no
 * corrections. Loads key and content of the old batch's rows that have the finding's keys. */
static tz_rc load_was(tz_clearing *clearing, int64_t batch, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_arena     *mem = clearing->mem;
    tz_sql       *sql = NULL;
    bool          has_row = false;
    tz_strings    keys = {0};
    tz_buf        text = tz_buf_init(mem, 0);
    duckdb_result result = {0};

    for (size_t i = 0; i < clearing->gone->count; i++)
        for (size_t j = 0; j < clearing->findings[i].count; j++)
            if (tz_row_batch(clearing->findings[i].rows[j].row) == batch)
                tz_push(mem, &keys, clearing->findings[i].rows[j].key);
    TZ_TRY(tz_sql_open(clearing->rows->store, "SELECT parquet FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(clearing->rows->store, sql, &has_row, err));
    if (!has_row)
        goto done;
    TZ_TRY(tz_rows_want_texts(clearing->rows, keys.items, keys.count, err));
    tz_buf_puts(&text, "SELECT _key, _content FROM read_parquet(");
    tz_sql_literal(&text, tz_text_of(tz_store_path(mem, clearing->rows->store, "evidence", tz_sql_str(sql, 0))));
    tz_buf_puts(&text, ") WHERE _key IN (SELECT t FROM wanted_text)");
    TZ_TRY(tz_duck_query(&clearing->rows->duck, tz_buf_str(&text), NULL, 0, &result, err));
    for (idx_t i = 0, end = duckdb_row_count(&result); i < end; i++) {
        char *key = duckdb_value_varchar(&result, 0, i), *content = duckdb_value_varchar(&result, 1, i);
        (void)tz_map_put(&clearing->was, was_key(mem, batch, key, content), NULL);
        duckdb_free(key);
        duckdb_free(content);
    }
done:
    tz_sql_close(sql);
    duckdb_destroy_result(&result);
    return rc;
}

static tz_rc load_present(tz_clearing *clearing, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    tz_map registers = tz_map_init(clearing->mem), batches = tz_map_init(clearing->mem);

    for (size_t i = 0; i < clearing->gone->count; i++)
        for (size_t j = 0; j < clearing->findings[i].count; j++) {
            const tz_rested   *row = &clearing->findings[i].rows[j];
            const tz_register *reg = row->register_name == NULL ? NULL : tz_packs_register(clearing->rows->packs, row->register_name);
            int64_t            batch = tz_row_batch(row->row);
            bool               is_new = false;
            if (reg == NULL)
                continue;
            (void)tz_map_put(&registers, tz_text_of(reg->name), &is_new);
            if (is_new)
                TZ_TRY(load_now(clearing, reg->name, err));
            (void)tz_map_put(&batches, (tz_text){(const char *)&batch, sizeof batch}, &is_new);
            if (is_new && reg->keeps_repeats)
                TZ_TRY(load_was(clearing, batch, err));
        }
    TZ_TRY(load_facts(clearing, err));
done:
    return rc;
}

static tz_rc find_withdrawn(tz_clearing *clearing, int64_t last_run, tz_err *err)
{
    tz_rc                 rc = TZ_OK;
    tz_sql               *sql = NULL;
    const tz_query_names *names = NULL;

    TZ_TRY(tz_check_names(clearing->check, &names, err));
    TZ_TRY(tz_sql_open(clearing->rows->store,
                       "SELECT DISTINCT b.register FROM check_run r, json_each(r.batches) j JOIN batch b ON b.batch = j.value"
                       " WHERE r.run = ?1 AND b.withdrawn_entry <= ?2", &sql, err));
    tz_sql_bind_int(sql, 1, last_run);
    tz_sql_bind_int(sql, 2, clearing->rows->day.at);
    TZ_EACH_ROW (clearing->rows->store, sql, err) {
        const char *name = tz_sql_str(sql, 0);
        clearing->read_withdrawn |= tz_strings_has(&names->tables, name) || tz_strings_has(&clearing->check->needs, name);
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_clear_open(tz_arena *mem, tz_rows *rows, const tz_check *check, const char *version, int64_t last_run,
                    const tz_stored_list *gone, tz_clearing **ret_clearing, tz_err *err)
{
    tz_assert(rows != NULL && check != NULL && version != NULL && gone != NULL && ret_clearing != NULL);
    tz_rc        rc = TZ_OK;
    batch_list   batches;
    tz_clearing *clearing = tz_new(mem, tz_clearing);

    *clearing = (tz_clearing){.mem = mem, .rows = rows, .check = check, .version = version, .gone = gone,
                              .findings = tz_new_array(mem, tz_gone, gone->count + 1),
                              .with_households = strcmp(check->subject_kind, "household") == 0,
                              .supplies = tz_map_init(mem), .was = tz_map_init(mem)};
    TZ_TRY(load_batches(mem, rows->store, rows->day, &batches, err));
    for (size_t i = 0; i < gone->count; i++)
        TZ_TRY(read_finding(clearing, &batches, &gone->items[i], &clearing->findings[i], err));
    TZ_TRY(load_present(clearing, err));
    TZ_TRY(tz_supply_load(clearing, last_run, err));
    TZ_TRY(find_withdrawn(clearing, last_run, err));
    *ret_clearing = clearing;
    clearing = NULL;
done:
    tz_clear_close(clearing);
    return rc;
}

void tz_clear_close(tz_clearing *clearing)
{
    if (clearing == NULL)
        return;
    for (size_t i = 0; i < clearing->gone->count; i++)
        json_decref(clearing->findings[i].key);
}

/* ---- The reasons ---- */

/* The valid row that is this one: of its content, best under its own id. NULL: it is not there, or
 * fewer of its like are there than the finding rested on. */
static const tz_now_row *still_there(const tz_clearing *clearing, const tz_gone *gone, const tz_rested *row)
{
    const tz_now_row *best = NULL;
    size_t            has = 0, had = 0;

    if (row->register_name == NULL)
        return NULL;
    for (const tz_now_row *now = tz_rows_now(clearing->rows, row->register_name, row->key); now != NULL;
         now = tz_rows_next(clearing->rows, now)) {
        if (strcmp(now->content, row->content) != 0)
            continue;
        has++;
        if (best == NULL || now->row == row->row)
            best = now;
    }
    for (size_t i = 0; i < gone->count; i++)
        had += strcmp(gone->rows[i].key, row->key) == 0 && strcmp(gone->rows[i].content, row->content) == 0;
    return has >= had ? best : NULL;
}

static bool is_content_of(const tz_gone *gone, const tz_rested *row, const char *content)
{
    for (size_t i = 0; i < gone->count; i++)
        if (strcmp(gone->rows[i].key, row->key) == 0 && strcmp(gone->rows[i].content, content) == 0)
            return true;
    return false;
}

static bool was_corrected(const tz_clearing *clearing, const tz_gone *gone, const tz_rested *row)
{
    if (row->register_name == NULL)
        return false;
    for (const tz_now_row *now = tz_rows_now(clearing->rows, row->register_name, row->key); now != NULL;
         now = tz_rows_next(clearing->rows, now)) {
        tz_text was = was_key(clearing->mem, tz_row_batch(row->row), row->key, now->content);
        if (!is_content_of(gone, row, now->content) && tz_map_get(&clearing->was, was) == NULL)
            return true;
    }
    if (row->corrected_by == 0)
        return false;
    int64_t            address = tz_row_id(row->corrected_by, tz_row_sheet(row->row), tz_row_number(row->row));
    const tz_row_fact *fact = tz_rows_fact(clearing->rows, address);
    return fact != NULL && strcmp(fact->content, row->content) != 0;
}

/* Compares entity lists; households count only for findings about households. */
static bool same_entities(const char *then, const char *now, bool with_households)
{
    for (;;) {
        while (!with_households && *now == 'H') {
            now += strcspn(now, ",");
            now += *now == ',';
        }
        size_t size = strcspn(now, ",");
        if (strcspn(then, ",") != size || strncmp(then, now, size) != 0)
            return false;
        if (size == 0)
            return true;
        then += size + (then[size] == ',');
        now += size + (now[size] == ',');
    }
}

static bool link_changed(const tz_clearing *clearing, const tz_rested *row, const tz_now_row *now)
{
    const tz_row_fact *fact = tz_rows_fact(clearing->rows, now->row);
    return !same_entities(row->persons, fact == NULL ? "" : fact->persons, clearing->with_households);
}

const char *tz_clear_reason(const tz_clearing *clearing, size_t index, bool is_remedied)
{
    tz_assert(clearing != NULL && index < clearing->gone->count);
    const tz_stored    *stored = &clearing->gone->items[index];
    const tz_gone *gone = &clearing->findings[index];
    bool                is_withdrawn = false, is_relinked = false, is_corrected = false, is_vanished = false;

    for (size_t i = 0; i < gone->count; i++) {
        const tz_rested  *row = &gone->rows[i];
        const tz_now_row *now = still_there(clearing, gone, row);
        is_withdrawn |= row->is_withdrawn;
        is_relinked |= now != NULL && link_changed(clearing, row, now);
        is_corrected |= now == NULL && was_corrected(clearing, gone, row);
        is_vanished |= now == NULL;
    }
    tz_supply_answer supplied = tz_supply_find(clearing, stored, gone);
    /* Without a column in common, any row of the person would do: believed only where nothing went. */
    bool is_sure = clearing->shared.count > 0 || !is_vanished;

    if (is_withdrawn)
        return "batch withdrawn";
    if (strcmp(stored->version, clearing->version) != 0)
        return "rule changed";
    if (is_relinked || (supplied.linked && is_sure && !is_vanished))
        return "link changed";
    if (is_remedied)
        return "remedied";
    if (is_corrected)
        return "corrected";
    if (supplied.came && is_sure)
        return "supplied";
    return is_vanished ? "vanished" : clearing->read_withdrawn ? "batch withdrawn" : "time passed";
}
