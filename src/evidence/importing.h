/* importing - one file on its way in, between import.c, listing.c and rebuild.c. */
#ifndef TZ_EVIDENCE_IMPORTING_H
#define TZ_EVIDENCE_IMPORTING_H

#include "evidence/batch.h"
#include "evidence/import.h"
#include "evidence/tables.h"

/* A sheet that fits no register; the others of its file are taken. */
typedef struct {
    size_t      sheet;
    const char *nearest; /* "" none */
} left_out;

/* One file. */
typedef struct {
    tz_arena        *mem;
    tz_store        *store;
    const tz_packs  *packs;
    const char      *path, *file;
    const tz_import_options *options;
    tz_book         *book;
    tz_digest        digest;
    int64_t          bytes;
    const tz_register *wanted;
    tz_map          *fixed;      /* mapping.yaml: folded header -> column + 1; NULL none */
    tz_fixed_registers by_hand;  /* what a person said of columns */
    const tz_memory *memory;     /* NULL: nothing is remembered */
    tz_tables        tables;     /* of all sheets, in order of their numbers */
    bool            *is_taken;   /* by table */
    struct { left_out *items; size_t count; size_t room; } left_out;
    json_t          *report;
    json_t          *drawing;    /* owned */
} importing;

/* One batch before it is real. */
typedef struct {
    tz_batch    batch;
    int32_t     as_of;
    const char *as_of_from;
    const char *period, *sender;
    const char *identity;
    const char *question;      /* what a look asks of the whole batch, "中文|English", or NULL */
    const char *parquet, *staged;
    tz_digest   parquet_digest;
    json_t     *sheets, *slices, *warnings; /* owned */
    int64_t     corrects;      /* the batch whose rows this file sends back mended, 0 none */
    int64_t     number, known; /* known: the batch that is in already, 0 none */
} pending;

void tz_pending_free(pending *batch);

/* import.c: the register that options name; the tables of the file; the rows of one register; its
 * Parquet file under its final name, an orphan until a transaction names it. */
TZ_MUST tz_rc tz_importing_find_wanted(importing *from, tz_err *err);
TZ_MUST tz_rc tz_importing_understand(importing *from, tz_err *err);
TZ_MUST tz_rc tz_importing_read(importing *from, const tz_register *reg, pending *batch, tz_err *err);
TZ_MUST tz_rc tz_importing_write(importing *from, pending *batch, tz_err *err);

/* known.c: whether an import of these bytes, asked for in the same way, has been made and nothing that it rests on has
 * moved; then the report holds its lines. And keeping the report for that. TZ_SYSTEM, TZ_TAMPER. */
TZ_MUST tz_rc tz_known_find(importing *from, bool *ret_is_known, tz_err *err);
TZ_MUST tz_rc tz_known_keep(importing *from, tz_err *err);

/* listing.c: the lines of import's listing, and sheets[] of a batch's image. */
void    tz_listing_add(importing *from, const pending *batch, const char *state);
void    tz_listing_add_left_out(importing *from);
void    tz_listing_add_refused(importing *from);
json_t *tz_listing_sheets(tz_arena *mem, const tz_batch *batch);

#endif
