#include "report/basis.h"

#include <stdlib.h>

#include "base/assert.h"

static int compare_batches(const void *a, const void *b)
{
    int64_t x = ((const tz_basis_batch *)a)->batch, y = ((const tz_basis_batch *)b)->batch;
    return (x > y) - (x < y);
}

static tz_rc find_original(tz_arena *mem, tz_store *store, tz_basis_batch *batch, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT file, original FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch->batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    tz_assert(has_row); /* a valid part is of a batch */
    batch->file = tz_sql_dup(mem, sql, 0);
    batch->digest = tz_sql_dup(mem, sql, 1);
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_basis_of_register(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, tz_basis_batches *ret_batches,
                           tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_valid_parts   parts = {0};
    tz_basis_batches found = {0};
    size_t           kept = 0;

    TZ_TRY(tz_valid_find(mem, store, reg, day, &parts, err));
    for (size_t i = 0; i < parts.count; i++)
        tz_push(mem, &found, (tz_basis_batch){.batch = parts.items[i].batch, .register_name = reg->name});
    if (found.count > 0)
        qsort(found.items, found.count, sizeof found.items[0], compare_batches);
    for (size_t i = 0; i < found.count; i++) { /* a batch may be valid for several slices */
        if (kept > 0 && found.items[kept - 1].batch == found.items[i].batch)
            continue;
        found.items[kept] = found.items[i];
        TZ_TRY(find_original(mem, store, &found.items[kept], err));
        kept++;
    }
    found.count = kept;
    *ret_batches = found;
done:
    return rc;
}

tz_rc tz_basis_tree(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_figure *figure, tz_day day, json_t *tree,
                    tz_err *err)
{
    tz_rc   rc = TZ_OK;
    char    digest[TZ_SM3_HEX];
    json_t *pack = json_object(), *list = json_array();

    tz_digest_hex(&figure->pack->digest, digest);
    tz_json_set_str(pack, "pack", figure->pack->name);
    tz_json_set_str(pack, "digest", digest);
    (void)json_object_set(tree, "pack", pack);
    for (size_t i = 0; i < figure->of.count; i++) {
        tz_basis_batches found = {0};
        TZ_TRY(tz_basis_of_register(mem, store, tz_packs_register(packs, figure->of.items[i]), day, &found, err));
        for (size_t b = 0; b < found.count; b++) {
            json_t *line = json_object();
            tz_json_set_int(line, "batch", found.items[b].batch);
            tz_json_set_str(line, "register", found.items[b].register_name);
            tz_json_set_str(line, "file", found.items[b].file);
            tz_json_set_str(line, "digest", found.items[b].digest);
            (void)json_array_append_new(list, line);
        }
    }
    (void)json_object_set(tree, "batches", list);
done:
    json_decref(pack);
    json_decref(list);
    return rc;
}
