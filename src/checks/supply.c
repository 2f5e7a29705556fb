/* supply - rows of the register whose absence was found: did one come, or was one linked anew? */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "checks/clearing.h"

static void find_shared(tz_clearing *clearing, const tz_register *reg)
{
    for (size_t i = 0; i < clearing->check->key.count; i++)
        if (tz_register_column(reg, clearing->check->key.items[i]) >= 0)
            tz_push(clearing->mem, &clearing->shared, clearing->check->key.items[i]);
}

/* The people file of the linkage that the last run knew, NULL where it is the present one, or gone. */
static tz_rc old_people(tz_clearing *clearing, int64_t last_run, const char **ret_path, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    *ret_path = NULL;
    TZ_TRY(tz_sql_open(clearing->rows->store,
                       "SELECT max(l.run) FROM link_run l JOIN check_run c ON l.entry <= c.entry WHERE c.run = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, last_run);
    TZ_TRY(tz_sql_step(clearing->rows->store, sql, &has_row, err));
    if (!has_row || tz_sql_int(sql, 0) == 0)
        goto done;
    const char *name = tz_arena_printf(clearing->mem, "people-%lld.parquet", (long long)tz_sql_int(sql, 0));
    const char *path = tz_store_path(clearing->mem, clearing->rows->store, "derived", name);
    if (tz_file_exists(path))
        *ret_path = path;
done:
    tz_sql_close(sql);
    return rc;
}

/* The batches that the last run saw, as an SQL list. */
static tz_rc last_batches(tz_clearing *clearing, int64_t last_run, const char **ret_list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(clearing->rows->store, "SELECT batches FROM check_run WHERE run = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, last_run);
    TZ_TRY(tz_sql_step(clearing->rows->store, sql, &has_row, err));
    *ret_list = has_row ? tz_sql_dup(clearing->mem, sql, 0) : "[]"; /* a JSON array of integers is a list in DuckDB */
done:
    tz_sql_close(sql);
    return rc;
}

/* One branch of the union: rows whose column names a wanted entity. */
static void put_branch(tz_clearing *clearing, tz_buf *out, const char *column, const char *batches, const char *people)
{
    tz_buf_puts(out, out->size == 0 ? "" : " UNION ALL ");
    tz_buf_puts(out, "SELECT ");
    tz_sql_name(out, column);
    tz_buf_printf(out, " AS e, _row, NOT list_contains(%s::BIGINT[], _batch), ", batches);
    if (people == NULL) {
        tz_buf_puts(out, "true");
    } else {
        tz_buf_puts(out, "EXISTS (SELECT 1 FROM read_parquet(");
        tz_sql_literal(out, tz_text_of(people));
        tz_buf_puts(out, ") o WHERE o.row = v._row AND (o.person = v.");
        tz_sql_name(out, column);
        tz_buf_puts(out, " OR o.household = v.");
        tz_sql_name(out, column);
        tz_buf_puts(out, "))");
    }
    for (size_t i = 0; i < clearing->shared.count; i++) {
        tz_buf_puts(out, ", CAST(");
        tz_sql_name(out, clearing->shared.items[i]);
        tz_buf_puts(out, " AS VARCHAR)");
    }
    tz_buf_puts(out, " FROM v WHERE ");
    tz_sql_name(out, column);
    tz_buf_puts(out, " IN (SELECT t FROM wanted_text)");
}

static void take_supplies(tz_clearing *clearing, duckdb_result *result)
{
    tz_arena *mem = clearing->mem;

    for (idx_t i = 0, end = duckdb_row_count(result); i < end; i++) {
        tz_supply line = {.row = duckdb_value_int64(result, 1, i), .is_new = duckdb_value_boolean(result, 2, i),
                       .was_linked = duckdb_value_boolean(result, 3, i),
                       .values = tz_new_array(mem, const char *, clearing->shared.count + 1)};
        for (size_t j = 0; j < clearing->shared.count; j++) {
            char *value = duckdb_value_is_null(result, 4 + j, i) ? NULL : duckdb_value_varchar(result, 4 + j, i);
            line.values[j] = value == NULL ? NULL : tz_arena_dup(mem, value);
            duckdb_free(value);
        }
        char         *entity = duckdb_value_varchar(result, 0, i);
        tz_map_entry *entry = tz_map_put(&clearing->supplies, tz_text_of(entity), NULL);
        duckdb_free(entity);
        line.next = (size_t)entry->value;
        tz_push(mem, &clearing->supply, line);
        entry->value = (int64_t)clearing->supply.count;
    }
}

/* Every entity of the findings: of their rows then and now, and their subjects. */
static void collect_entities(tz_clearing *clearing, tz_strings *out)
{
    for (size_t i = 0; i < clearing->gone->count; i++) {
        if (clearing->gone->items[i].subject != NULL)
            tz_push(clearing->mem, out, clearing->gone->items[i].subject);
        for (size_t j = 0; j < clearing->findings[i].count; j++) {
            const tz_rested *row = &clearing->findings[i].rows[j];
            for (const char *at = row->persons; *at != '\0';) {
                size_t size = strcspn(at, ",");
                tz_push(clearing->mem, out, tz_arena_copy(clearing->mem, at, size));
                at += size + (at[size] == ',');
            }
        }
    }
}

tz_rc tz_supply_load(tz_clearing *clearing, int64_t last_run, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_arena          *mem = clearing->mem;
    const tz_register *reg = clearing->check->absent == NULL ? NULL : tz_packs_register(clearing->rows->packs, clearing->check->absent);
    const char        *view = NULL, *people = NULL, *batches = NULL;
    tz_strings         entities = {0};
    tz_buf             sql = tz_buf_init(mem, 0);
    duckdb_result      result = {0};

    if (reg == NULL || reg->identities.count == 0 || clearing->gone->count == 0)
        goto done;
    find_shared(clearing, reg);
    TZ_TRY(old_people(clearing, last_run, &people, err));
    TZ_TRY(last_batches(clearing, last_run, &batches, err));
    TZ_TRY(tz_view_sql(mem, clearing->rows->store, reg, clearing->rows->day, &view, err));
    collect_entities(clearing, &entities);
    TZ_TRY(tz_rows_want_texts(clearing->rows, entities.items, entities.count, err));
    for (size_t i = 0; i < reg->identities.count; i++) {
        const char *role = reg->identities.items[i].role;
        bool        is_main = strcmp(role, "person") == 0;
        put_branch(clearing, &sql, is_main ? "person" : tz_arena_printf(mem, "%s_person", role), batches, people);
        if (is_main)
            put_branch(clearing, &sql, "household", batches, people);
    }
    const char *text = tz_arena_printf(mem, "WITH v AS (%s) %s", view, tz_buf_str(&sql));
    TZ_TRY(tz_duck_query(&clearing->rows->duck, text, NULL, 0, &result, err));
    take_supplies(clearing, &result);
done:
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- For one finding ---- */

/* True where the supply's shared columns have the values of the finding's key. */
static bool fits_key(const tz_clearing *clearing, const tz_gone *gone, const tz_supply *line)
{
    for (size_t i = 0, at = 0; i < clearing->check->key.count && at < clearing->shared.count; i++) {
        if (strcmp(clearing->check->key.items[i], clearing->shared.items[at]) != 0)
            continue;
        const json_t *cell = json_array_get(gone->key, i);
        char          number[32];
        const char   *wanted = json_string_value(cell);
        if (json_is_integer(cell)) {
            (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(cell));
            wanted = number;
        }
        const char *value = line->values[at++];
        if (wanted == NULL || value == NULL || strcmp(wanted, value) != 0)
            return false;
    }
    return true;
}

static void look_for_supply(const tz_clearing *clearing, const tz_gone *gone, const char *entity, size_t size,
                            tz_supply_answer *answer)
{
    const tz_map_entry *entry = tz_map_get(&clearing->supplies, (tz_text){entity, size});

    for (size_t at = entry == NULL ? 0 : (size_t)entry->value; at > 0; at = clearing->supply.items[at - 1].next) {
        const tz_supply *line = &clearing->supply.items[at - 1];
        if (!fits_key(clearing, gone, line))
            continue;
        answer->came |= line->is_new;
        answer->linked |= !line->is_new && !line->was_linked;
    }
}

tz_supply_answer tz_supply_find(const tz_clearing *clearing, const tz_stored *stored, const tz_gone *gone)
{
    tz_supply_answer answer = {0};

    if (stored->subject != NULL)
        look_for_supply(clearing, gone, stored->subject, strlen(stored->subject), &answer);
    for (size_t i = 0; i < gone->count; i++)
        for (const char *at = gone->rows[i].persons; *at != '\0';) {
            size_t size = strcspn(at, ",");
            look_for_supply(clearing, gone, at, size, &answer);
            at += size + (at[size] == ',');
        }
    return answer;
}
