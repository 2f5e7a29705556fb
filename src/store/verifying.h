/* verifying - what the parts of verify share. */
#ifndef TZ_STORE_VERIFYING_H
#define TZ_STORE_VERIFYING_H

#include "base/map.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"

/* Entries that are hashed together: 64 leaves are a complete subtree of level 6. */
enum { TZ_VERIFY_DEPTH = 6, TZ_VERIFY_BATCH = 1 << TZ_VERIFY_DEPTH };
typedef struct {
    tz_arena  mem; /* of the texts */
    size_t    count;
    int64_t   entries[TZ_VERIFY_BATCH];
    tz_text   texts[TZ_VERIFY_BATCH];
    tz_digest stored[TZ_VERIFY_BATCH]; /* zeros where it is no hash */
} tz_verify_batch;

typedef struct {
    tz_arena       *mem;
    tz_arena        line;   /* reset for each entry or row */
    tz_store       *store;
    tz_verification result;
    tz_verify_depth depth;
    tz_verify_batch batch;
    tz_frontier     frontier; /* of the entries read so far */
    int64_t         nodes;    /* that journal_node must hold for them */
    tz_map          images; /* "table/key" of every row that the journal knows: its newest entry, negative once seen */
    tz_map          erased; /* "table/key/field" of what was erased by order: the entry that says so */
    tz_map          bulks;  /* number of every entry of events: 1, 2 once seen */
} tz_verifying;

void tz_verify_add(tz_verifying *of, const char *kind, const char *where, const char *zh, const char *en);

/* The body of an entry, parsed; TZ_TAMPER if it is gone. A new reference. */
TZ_MUST tz_rc tz_verify_body(tz_verifying *of, int64_t entry, json_t **ret_body, tz_err *err);

/* Each commitment of an entry against the value that stands beside it, or its order of erasure (verify_rows.c). */
TZ_MUST tz_rc tz_verify_privates(tz_verifying *of, int64_t entry, const json_t *body, tz_err *err);

/* Every row of every table that the journal writes, and every image's row (verify_rows.c). */
TZ_MUST tz_rc tz_verify_rows(tz_verifying *of, tz_err *err);

#endif
