#include "report/moved.h"

#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "report/phrase.h"

enum { CHUNK = 4096 };

typedef struct {
    int64_t     row_id;
    const char *register_name, *key, *content; /* content: of its hash */
    tz_row_found address;
} moved_row;

typedef struct { moved_row *items; size_t count, room; } moved_rows;

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
} comparing;

/* Rows of one side that the other does not have under the same id; both lists are sorted. */
static size_t only_in(tz_arena *mem, const tz_figure_value *a, const tz_figure_value *b, int64_t **ret_ids)
{
    int64_t *ids = tz_new_array(mem, int64_t, a->row_count == 0 ? 1 : a->row_count);
    size_t   count = 0;

    for (size_t i = 0, j = 0; i < a->row_count; i++) {
        while (j < b->row_count && b->rows[j] < a->rows[i])
            j++;
        if (j == b->row_count || b->rows[j] != a->rows[i])
            ids[count++] = a->rows[i];
    }
    *ret_ids = ids;
    return count;
}

/* The rows with their keys, chunk by chunk: their values are not kept. */
static tz_rc load_rows(const comparing *of, const int64_t *ids, size_t count, moved_rows *rows, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t from = 0; rc == TZ_OK && from < count; from += CHUNK) {
        tz_row_found *found = NULL;
        size_t        size = count - from < CHUNK ? count - from : CHUNK;
        rc = tz_rows_find(of->mem, of->store, of->packs, ids + from, size, &found, err);
        for (size_t i = 0; rc == TZ_OK && i < size; i++) {
            json_decref(found[i].values);
            found[i].values = NULL;
            tz_push(of->mem, rows, (moved_row){ids[from + i], found[i].register_name, found[i].key, found[i].content, found[i]});
        }
    }
    return rc;
}

static const char *full_key(tz_arena *mem, const moved_row *row)
{
    return tz_arena_printf(mem, "%s %s", row->register_name, row->key == NULL ? "" : row->key);
}

static void add_row(json_t *list, const char *what, const moved_row *row)
{
    json_t *line = tz_row_json(&row->address);

    tz_json_set_str(line, "what", what);
    (void)json_array_append_new(list, line);
}

/* Pairs rows of both days by their keys. A key that repeats (payments) pairs as often as it stands. */
static void pair(const comparing *of, const moved_rows *gone, const moved_rows *came, json_t *line)
{
    tz_map  index = tz_map_init(of->mem); /* key -> index + 1 of the next unpaired row of the earlier day */
    size_t *next = tz_new_array(of->mem, size_t, gone->count + 1);
    bool   *is_paired = tz_new_array(of->mem, bool, gone->count + 1);
    int64_t count_came = 0, count_gone = 0, count_changed = 0;
    json_t *list = json_array();

    for (size_t i = gone->count; i > 0; i--) {
        tz_map_entry *entry = tz_map_put(&index, tz_text_of(full_key(of->mem, &gone->items[i - 1])), NULL);
        next[i - 1] = (size_t)entry->value;
        entry->value = (int64_t)i;
    }
    for (size_t i = 0; i < came->count; i++) {
        tz_map_entry *entry = tz_map_get(&index, tz_text_of(full_key(of->mem, &came->items[i])));
        if (entry == NULL || entry->value == 0) {
            add_row(list, "came", &came->items[i]);
            count_came++;
            continue;
        }
        size_t earlier = (size_t)entry->value - 1;
        entry->value = (int64_t)next[earlier];
        is_paired[earlier] = true;
        if (gone->items[earlier].content == NULL || came->items[i].content == NULL ||
            strcmp(gone->items[earlier].content, came->items[i].content) != 0) {
            add_row(list, "changed", &came->items[i]);
            count_changed++;
        }
    }
    for (size_t i = 0; i < gone->count; i++)
        if (!is_paired[i]) {
            add_row(list, "gone", &gone->items[i]);
            count_gone++;
        }
    tz_json_set_int(line, "came", count_came);
    tz_json_set_int(line, "gone", count_gone);
    tz_json_set_int(line, "changed", count_changed);
    (void)json_object_set_new(line, "rows", list);
}

static tz_rc add_figure(const comparing *of, const tz_figure_value *before, const tz_figure_value *now, tz_lang lang, json_t *list, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    moved_rows gone = {0}, came = {0};
    int64_t   *ids = NULL;
    size_t     len = 0;
    json_t    *line = json_object();

    (void)json_array_append_new(list, line);
    const char *title = tz_half(now->figure->title, lang, &len);
    tz_json_set_str(line, "figure", now->figure->name);
    tz_json_set_str(line, "title", tz_arena_copy(of->mem, title, len));
    const char *unit = tz_half(now->figure->unit, lang, &len);
    tz_json_set_str(line, "unit", tz_arena_copy(of->mem, unit, len));
    tz_json_set_str(line, "kind", now->kind);
    tz_json_set_str(line, "before", before->printed);
    tz_json_set_str(line, "now", now->printed);
    tz_json_set_str(line, "change", now->figure->kind == TZ_UNIVERSAL || now->figure->kind == TZ_MOSTLY
                                        ? NULL : tz_phrase_change(of->mem, now->value, before->value, lang));
    size_t count = only_in(of->mem, before, now, &ids);
    TZ_TRY(load_rows(of, ids, count, &gone, err));
    count = only_in(of->mem, now, before, &ids);
    TZ_TRY(load_rows(of, ids, count, &came, err));
    pair(of, &gone, &came, line);
done:
    return rc;
}

static bool is_moved(const tz_figure_value *before, const tz_figure_value *now)
{
    const char *a = before->exact != NULL ? before->exact : before->value, *b = now->exact != NULL ? now->exact : now->value;
    return (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
}

tz_rc tz_report_moved(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t at, int32_t before, int32_t now, tz_lang lang,
                      const char *name, json_t **ret_moved, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_moved != NULL);
    tz_rc            rc = TZ_OK;
    comparing        of = {mem, store, packs};
    tz_figure_values values[2] = {{0}, {0}};
    const int32_t    dates[2] = {before, now};
    json_t          *list = json_array();

    for (int i = 0; i < 2; i++) {
        tz_day day = {.as_of = dates[i], .at = at};
        TZ_TRY(tz_day_resolve(store, day, &day, err));
        TZ_TRY(tz_figures_compute(mem, store, packs, day, lang, name, &values[i], err));
    }
    for (size_t i = 0; i < values[1].count; i++) {
        const tz_figure_value *later = &values[1].items[i], *earlier = tz_figure_value_of(&values[0], later->figure->name);
        tz_assert(earlier != NULL);
        if ((name == NULL || strcmp(name, later->figure->name) == 0) && is_moved(earlier, later))
            TZ_TRY(add_figure(&of, earlier, later, lang, list, err));
    }
    *ret_moved = json_incref(list);
done:
    json_decref(list);
    return rc;
}
