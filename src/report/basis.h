/* basis - what a figure stands on: its pack's version and the batches of the registers that it is of. */
#ifndef TZ_REPORT_BASIS_H
#define TZ_REPORT_BASIS_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

typedef struct {
    int64_t     batch;
    const char *register_name, *file;
    const char *digest; /* SM3 of the file's bytes: its name in originals/ */
} tz_basis_batch;

typedef struct {
    tz_basis_batch *items;
    size_t          count, room;
} tz_basis_batches;

/* The batches valid on the day of one register, by number. TZ_SYSTEM: the ledger can't be read. */
TZ_MUST tz_rc tz_basis_of_register(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day,
                                   tz_basis_batches *ret_batches, tz_err *err);

/* Sets "pack" ({pack, digest}) and "batches" ([{batch, register, file, digest}]) of a figure in tree. */
TZ_MUST tz_rc tz_basis_tree(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_figure *figure, tz_day day,
                            json_t *tree, tz_err *err);

#endif
