/* chained - checks that read what other checks found: the rows of their table `findings`.
 *
 * What a check found is taken from this run where it was asked, else from the ledger where it stands: both say
 * the same, so a run that asks only what changed and one that asks everything give one digest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

/* A finding as others see it. */
typedef struct {
    const char    *key, *subject;
    tz_level       level;
    const int64_t *rows;
    size_t         count;
} seen;
typedef struct { seen *items; size_t count; size_t room; } seen_list;

static int compare_seen(const void *a, const void *b)
{
    return strcmp(((const seen *)a)->key, ((const seen *)b)->key);
}

/* The keys' hashes of findings of the check that somebody judged not real. */
static tz_rc load_unreal(tz_this_run *run, const char *check, tz_map *ret_unreal, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    tz_map  unreal = tz_map_init(run->mem);

    TZ_TRY(tz_sql_open(run->store, "SELECT key_hash FROM finding WHERE \"check\" = ?1 AND verdict = 'not real'", &sql, err));
    tz_sql_bind_text(sql, 1, check);
    TZ_EACH_ROW (run->store, sql, err) {
        (void)tz_map_put(&unreal, tz_text_of(tz_sql_str(sql, 0)), NULL);
    }
    *ret_unreal = unreal;
done:
    tz_sql_close(sql);
    return rc;
}

static void take_found(tz_arena *mem, const tz_fared *fared, const tz_map *unreal, seen_list *list)
{
    for (size_t i = 0; i < fared->found.count; i++) {
        const tz_found *found = &fared->found.items[i];
        if (tz_found_counts(found) && tz_map_get(unreal, tz_text_of(found->key_hash)) == NULL)
            tz_push(mem, list, (seen){found->key, found->subject, found->level, found->rows.items, found->rows.count});
    }
}

static tz_rc take_stored(tz_this_run *run, const char *check, const tz_map *unreal, seen_list *list, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_stored_list stored = {0};
    json_t        *rows = NULL, *row;
    size_t         j;

    TZ_TRY(tz_stored_load(run->mem, run->store, check, &stored, err));
    for (size_t i = 0; i < stored.count; i++) {
        const tz_stored *one = &stored.items[i];
        if (!tz_stored_is_open(one) || tz_map_get(unreal, tz_text_of(one->key_hash)) != NULL)
            continue;
        TZ_TRY(tz_json_parse(tz_text_of(one->rows), &rows, err));
        int64_t *ids = tz_new_array(run->mem, int64_t, json_array_size(rows) + 1);
        json_array_foreach(rows, j, row)
            ids[j] = json_integer_value(json_array_get(row, 0));
        tz_push(run->mem, list, (seen){one->key, one->subject, one->level, ids, json_array_size(rows)});
        json_decref(rows);
        rows = NULL;
    }
done:
    json_decref(rows);
    return rc;
}

/* One line for each row that a finding rests on; one with null where it rests on none. */
static void put_lines(tz_this_run *run, const tz_check *check, const seen_list *list, json_t *rows, tz_buf *digest)
{
    for (size_t i = 0; i < list->count; i++) {
        const seen *one = &list->items[i];
        const char *finding = tz_arena_printf(run->mem, "%s %s", check->name, one->key);
        tz_buf_printf(digest, "%s %s\n", finding, tz_level_name(one->level));
        for (size_t j = 0; j < one->count || j == 0; j++) {
            json_t *line = json_pack("[s, s, s?, s, s]", finding, check->name, one->subject, check->subject_kind, tz_level_name(one->level));
            (void)json_array_append_new(line, one->count == 0 ? json_null() : json_integer(one->rows[j]));
            (void)json_array_append_new(rows, line);
            tz_buf_printf(digest, " %lld", one->count == 0 ? 0LL : (long long)one->rows[j]);
        }
    }
}

/* Adds what one check found. */
static tz_rc add_check(tz_this_run *run, const tz_fared *fared, json_t *rows, tz_buf *digest, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_map    unreal;
    seen_list list = {0};

    tz_buf_printf(digest, "\n%s %s\n", fared->check->name, tz_check_state_name(fared->state));
    if (fared->state != TZ_RAN)
        goto done;
    TZ_TRY(load_unreal(run, fared->check->name, &unreal, err));
    if (fared->is_new && !fared->is_carried)
        take_found(run->mem, fared, &unreal, &list);
    else
        TZ_TRY(take_stored(run, fared->check->name, &unreal, &list, err));
    if (list.count > 0)
        qsort(list.items, list.count, sizeof list.items[0], compare_seen);
    put_lines(run, fared->check, &list, rows, digest);
done:
    return rc;
}

tz_rc tz_chained_rows(tz_this_run *run, const tz_check *check, const tz_fared *others, json_t **ret_rows, const char **ret_digest, tz_err *err)
{
    tz_assert(run != NULL && check != NULL && ret_rows != NULL && ret_digest != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();
    tz_buf  text = tz_buf_init(run->mem, 0);
    char    hex[TZ_SM3_HEX];

    for (size_t i = 0; i < check->after.count; i++) {
        size_t index = tz_run_index(run, check->after.items[i]);
        TZ_TRY(add_check(run, others != NULL ? &others[index] : &run->checks.items[index], rows, &text, err));
    }
    tz_digest digest = tz_sm3(text.data == NULL ? "" : text.data, text.size);
    tz_digest_hex(&digest, hex);
    *ret_digest = tz_arena_dup(run->mem, hex);
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

void tz_chained_missing(tz_this_run *run, tz_fared *fared)
{
    for (size_t i = 0; i < fared->check->after.count && fared->state == TZ_RAN; i++) {
        const tz_fared *before = &run->checks.items[tz_run_index(run, fared->check->after.items[i])];
        if (before->state == TZ_RAN)
            continue;
        fared->state = TZ_NOT_EVALUATED;
        fared->why = tz_arena_printf(run->mem, "所依据的规则 %s 未评估|the check %s that it needs was not evaluated", before->check->name,
                                     before->check->name);
    }
}

static tz_text cleared_key(tz_arena *mem, const char *check, const json_t *row)
{
    return tz_text_of(tz_arena_printf(mem, "%s %lld", check, (long long)json_integer_value(json_array_get(row, 0))));
}

void tz_chained_note(tz_this_run *run, const char *check, const char *rows, const char *why)
{
    tz_err  ignored;
    json_t *list = NULL, *row;
    size_t  i;

    tz_push(run->mem, &run->cleared_whys, why);
    if (tz_json_parse(tz_text_of(rows), &list, &ignored) != TZ_OK)
        return;
    json_array_foreach(list, i, row) {
        bool          is_new = false;
        tz_map_entry *entry = tz_map_put(&run->cleared, cleared_key(run->mem, check, row), &is_new);
        if (is_new) /* the first to go says why */
            entry->value = (int64_t)run->cleared_whys.count;
    }
    json_decref(list);
}

const char *tz_chained_reason(const tz_this_run *run, const tz_check *check, const char *rows)
{
    tz_err  ignored;
    json_t *list = NULL, *row;
    size_t  i;
    int64_t first = INT64_MAX;

    if (check->after.count == 0 || tz_json_parse(tz_text_of(rows), &list, &ignored) != TZ_OK)
        return NULL;
    json_array_foreach(list, i, row)
        for (size_t j = 0; j < check->after.count; j++) {
            const tz_map_entry *entry = tz_map_get(&run->cleared, cleared_key(run->mem, check->after.items[j], row));
            if (entry != NULL && entry->value < first)
                first = entry->value;
        }
    json_decref(list);
    return first == INT64_MAX ? NULL : run->cleared_whys.items[first - 1];
}
