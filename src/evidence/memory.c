#include "evidence/memory.h"

#include <string.h>

#include "base/assert.h"
#include "base/json.h"

typedef struct {
    const char *register_name, *unit;
    tz_map     *columns;
} confirmed;

struct tz_memory {
    struct { confirmed *items; size_t count; size_t room; } all;
};

static bool is_same_unit(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool tz_memory_has(const tz_memory *memory, const char *register_name)
{
    tz_assert(memory != NULL && register_name != NULL);
    for (size_t i = 0; i < memory->all.count; i++)
        if (strcmp(memory->all.items[i].register_name, register_name) == 0)
            return true;
    return false;
}

const tz_map *tz_memory_of(const tz_memory *memory, const char *register_name, const char *unit)
{
    tz_assert(memory != NULL && register_name != NULL);
    for (size_t i = 0; i < memory->all.count; i++)
        if (strcmp(memory->all.items[i].register_name, register_name) == 0 && is_same_unit(memory->all.items[i].unit, unit))
            return memory->all.items[i].columns;
    return NULL;
}

static tz_map *map_of(tz_arena *mem, tz_memory *memory, const char *register_name, const char *unit)
{
    tz_map *columns = (tz_map *)tz_memory_of(memory, register_name, unit);

    if (columns == NULL) {
        columns = tz_new(mem, tz_map);
        *columns = tz_map_init(mem);
        tz_push(mem, &memory->all, (confirmed){tz_arena_dup(mem, register_name), unit == NULL ? NULL : tz_arena_dup(mem, unit), columns});
    }
    return columns;
}

/* Newest batches first: the first word on a header counts. */
static void learn(tz_arena *mem, tz_memory *memory, const tz_register *reg, const char *unit, const json_t *sheets)
{
    size_t  i, j;
    json_t *sheet, *match;

    json_array_foreach((json_t *)sheets, i, sheet)
        json_array_foreach(json_object_get(sheet, "mapping"), j, match) {
            const char *header = tz_json_str(match, "header"), *column = tz_json_str(match, "column");
            int         index = column == NULL ? -1 : tz_register_column(reg, column);
            bool        is_new = false;
            if (!json_is_true(json_object_get(match, "fixed")) || header == NULL || (column != NULL && index < 0))
                continue;
            tz_map_entry *entry = tz_map_put(map_of(mem, memory, reg->name, unit), tz_text_fold(mem, tz_text_of(header)), &is_new);
            if (is_new)
                entry->value = index + 1;
        }
}

tz_rc tz_memory_load(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_memory **ret_memory, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_memory != NULL);
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    tz_memory *memory = tz_new(mem, tz_memory);

    TZ_TRY(tz_sql_open(store, "SELECT register, sender, sheets FROM batch WHERE withdrawn_entry IS NULL AND " TZ_MEMORY_IS_FIXED
                              " ORDER BY batch DESC", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        const tz_register *reg = tz_packs_register(packs, tz_sql_str(sql, 0));
        json_t            *sheets = NULL;
        TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 2)), &sheets, err));
        if (reg != NULL)
            learn(mem, memory, reg, tz_sql_str(sql, 1), sheets);
        json_decref(sheets);
    }
    *ret_memory = memory;
done:
    tz_sql_close(sql);
    return rc;
}
