/* stored - the findings that stand in the ledger, and which of them a run found again.
 *
 * A finding is found again by its key.  Where entities were merged or split since, a key that names
 * one of them names another now: then the finding goes with its rows to the new key and keeps its
 * number.
 */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

static const char SELECT_STORED[] =
    "SELECT f.finding, f.\"check\", f.key, f.key_hash, f.subject, f.subject_kind, f.state, f.version, f.params, f.rows,"
    "       f.empty, r.as_of, f.level, f.pending, f.divisions"
    "  FROM finding f JOIN check_run r ON r.run = f.run WHERE f.\"check\" = ?1 ORDER BY f.finding";

tz_rc tz_stored_load(tz_arena *mem, tz_store *store, const char *check, tz_stored_list *ret_list, tz_err *err)
{
    tz_assert(check != NULL && ret_list != NULL);
    tz_rc          rc = TZ_OK;
    tz_sql        *sql = NULL;
    tz_stored_list list = {0};

    TZ_TRY(tz_sql_open(store, SELECT_STORED, &sql, err));
    tz_sql_bind_text(sql, 1, check);
    TZ_EACH_ROW (store, sql, err) {
        tz_stored stored = {
            .finding = tz_sql_int(sql, 0), .check = tz_sql_dup(mem, sql, 1), .key = tz_sql_dup(mem, sql, 2),
            .key_hash = tz_sql_dup(mem, sql, 3), .subject = tz_sql_dup(mem, sql, 4), .subject_kind = tz_sql_dup(mem, sql, 5),
            .state = tz_sql_dup(mem, sql, 6), .version = tz_sql_dup(mem, sql, 7), .params = tz_sql_dup(mem, sql, 8),
            .rows = tz_sql_dup(mem, sql, 9), .empty = tz_sql_dup(mem, sql, 10), .as_of = tz_sql_dup(mem, sql, 11),
            .is_pending = tz_sql_int(sql, 13) != 0, .divisions = tz_sql_dup(mem, sql, 14), .found = -1,
        };
        bool is_level = tz_level_parse(tz_sql_str(sql, 12), &stored.level);
        tz_assert(is_level);
        tz_push(mem, &list, stored);
    }
    *ret_list = list;
done:
    tz_sql_close(sql);
    return rc;
}

bool tz_stored_is_open(const tz_stored *stored)
{
    return strcmp(stored->state, "cleared") != 0;
}

static void pair(tz_fared *fared, tz_stored_list *list, size_t found, size_t stored)
{
    fared->found.items[found].stored = (int64_t)stored;
    list->items[stored].found = (int64_t)found;
}

static void match_keys(tz_arena *mem, tz_fared *fared, tz_stored_list *list)
{
    tz_map by_key = tz_map_init(mem);

    for (size_t i = 0; i < list->count; i++)
        tz_map_put(&by_key, tz_text_of(list->items[i].key_hash), NULL)->value = (int64_t)i + 1;
    for (size_t i = 0; i < fared->found.count; i++) {
        const tz_map_entry *entry = tz_map_get(&by_key, tz_text_of(fared->found.items[i].key_hash));
        if (entry != NULL)
            pair(fared, list, i, (size_t)entry->value - 1);
    }
}

/* ---- Through merges and splits ---- */

/* What became of entities: `younger` -> the entity that it means now, `new` -> whence it was cut. */
typedef struct {
    tz_map aliases, origins; /* entity -> index + 1 into names */
    struct { const char **items; size_t count; size_t room; } names;
} changes;

static tz_rc load_changes(tz_arena *mem, tz_store *store, int64_t at, changes *ret_changes, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    changes read = {.aliases = tz_map_init(mem), .origins = tz_map_init(mem)};

    TZ_TRY(tz_sql_open(store, "SELECT event, entity, other FROM entity_event WHERE event IN ('alias', 'split')"
                              " AND other IS NOT NULL AND entry <= ?1 ORDER BY entry, seq", &sql, err));
    tz_sql_bind_int(sql, 1, at);
    TZ_EACH_ROW (store, sql, err) {
        bool        is_alias = strcmp(tz_sql_str(sql, 0), "alias") == 0;
        const char *from = tz_sql_str(sql, is_alias ? 2 : 1), *to = tz_sql_str(sql, is_alias ? 1 : 2);
        tz_push(mem, &read.names, tz_arena_dup(mem, to));
        tz_map_put(is_alias ? &read.aliases : &read.origins, tz_text_of(from), NULL)->value = (int64_t)read.names.count;
    }
    *ret_changes = read;
done:
    tz_sql_close(sql);
    return rc;
}

/* Follows a map from entity to entity to its end; a ring (a merge undone by a split) ends it too. */
static const char *follow(const changes *known, const tz_map *map, const char *entity)
{
    for (size_t steps = 0; steps < known->names.count; steps++) {
        const tz_map_entry *entry = tz_map_get(map, tz_text_of(entity));
        if (entry == NULL)
            return entity;
        entity = known->names.items[entry->value - 1];
    }
    return entity;
}

/* The key with each entity replaced by what it means now and, with_origins, by whence that was cut. */
static const char *resolve_key(tz_arena *mem, const changes *known, const char *key, bool with_origins)
{
    tz_err  ignored;
    json_t *parts = NULL, *cell;
    size_t  i;
    tz_buf  text = tz_buf_init(mem, 0);

    if (tz_json_parse(tz_text_of(key), &parts, &ignored) != TZ_OK)
        return key;
    json_array_foreach(parts, i, cell) {
        if (!json_is_string(cell))
            continue;
        const char *now = follow(known, &known->aliases, json_string_value(cell));
        if (with_origins)
            now = follow(known, &known->origins, now);
        if (strcmp(now, json_string_value(cell)) != 0)
            (void)json_array_set_new(parts, i, json_string(now));
    }
    tz_json_canonical(parts, &text);
    json_decref(parts);
    return tz_buf_str(&text);
}

/* True where a row of the finding, by its key or address, is among those of what was found. */
static bool shares_row(const char *stored_rows, const char *found_rows)
{
    tz_err  ignored;
    json_t *a = NULL, *b = NULL, *x, *y;
    size_t  i, j;
    bool    shares = false;

    if (found_rows != NULL && tz_json_parse(tz_text_of(stored_rows), &a, &ignored) == TZ_OK &&
        tz_json_parse(tz_text_of(found_rows), &b, &ignored) == TZ_OK)
        json_array_foreach(a, i, x)
            json_array_foreach(b, j, y)
                shares |= json_equal(json_array_get(x, 1), json_array_get(y, 1)) ||
                          json_equal(json_array_get(x, 0), json_array_get(y, 0));
    json_decref(a);
    json_decref(b);
    return shares;
}

/* The unpaired found ones by their resolved key: the newest in the map, the others through next. */
typedef struct {
    tz_map  by_key;
    size_t *next; /* index + 1 */
} open_found;

static open_found index_found(tz_arena *mem, const changes *known, const tz_fared *fared, bool with_origins)
{
    open_found index = {.by_key = tz_map_init(mem), .next = tz_new_array(mem, size_t, fared->found.count + 1)};

    for (size_t i = 0; i < fared->found.count; i++) {
        if (fared->found.items[i].stored >= 0)
            continue;
        const char   *key = resolve_key(mem, known, fared->found.items[i].key, with_origins);
        tz_map_entry *entry = tz_map_put(&index.by_key, tz_text_of(key), NULL);
        index.next[i] = (size_t)entry->value;
        entry->value = (int64_t)i + 1;
    }
    return index;
}

/* Pairs open findings that were not found with what was found under a key that means the same:
 * by aliases alone where the key is then equal, by origins where they share a row too. */
static void match_changed(tz_arena *mem, const changes *known, tz_fared *fared, tz_stored_list *list, bool with_origins)
{
    open_found index = index_found(mem, known, fared, with_origins);

    for (size_t i = 0; i < list->count; i++) {
        tz_stored *stored = &list->items[i];
        if (stored->found >= 0 || !tz_stored_is_open(stored))
            continue;
        const char         *key = resolve_key(mem, known, stored->key, with_origins);
        const tz_map_entry *entry = tz_map_get(&index.by_key, tz_text_of(key));
        for (size_t at = entry == NULL ? 0 : (size_t)entry->value; at > 0; at = index.next[at - 1]) {
            const tz_found *found = &fared->found.items[at - 1];
            if (found->stored >= 0 || (with_origins && !shares_row(stored->rows, found->rows_json)))
                continue;
            pair(fared, list, at - 1, i);
            stored->is_rekeyed = true;
            break;
        }
    }
}

tz_rc tz_stored_match(tz_arena *mem, tz_store *store, int64_t at, tz_fared *fared, tz_stored_list *list, tz_err *err)
{
    tz_assert(fared != NULL && list != NULL);
    tz_rc   rc = TZ_OK;
    changes known;

    match_keys(mem, fared, list);
    TZ_TRY(load_changes(mem, store, at, &known, err));
    if (known.names.count == 0)
        goto done;
    match_changed(mem, &known, fared, list, false);
    match_changed(mem, &known, fared, list, true);
done:
    return rc;
}
