/* record - what a row says of somebody, as the linkage compares it. */
#ifndef TZ_PEOPLE_RECORD_H
#define TZ_PEOPLE_RECORD_H

#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    int64_t     row_id;
    const tz_register *reg;
    const tz_identity *who;
    tz_text     row_key;   /* 32 hexadecimal digits */
    tz_text     id;        /* valid, 18 characters; empty: none */
    tz_text     raw;       /* tidied number where it is not valid; empty: none */
    tz_text     name;      /* folded: half width, no spaces, 户主 and other tails off, usual characters for their variants */
    tz_text     written;   /* the same before variants were replaced; empty: as name */
    tz_text     birth;     /* YYYY-MM-DD of its column; empty */
    tz_text     sex;       /* M, F; empty */
    tz_text     village;   /* code; empty */
    tz_text     household; /* number; empty */
    int32_t     as_of;     /* of its batch */
    uint32_t    node;      /* what it was put into; see cluster.h */
} tz_record;

typedef struct {
    tz_record *items;
    size_t     count;
    size_t     room;
} tz_records;

/* Names what the records are read from: a line for each identity, for each batch that is not withdrawn, for what was erased
 * of them (docs/format/linkage.md). Reads no row; the same lines are the same records. TZ_SYSTEM. */
TZ_MUST tz_rc tz_records_name(tz_store *store, const tz_packs *packs, tz_buf *inputs, tz_err *err);

/* All records in order of register, batch, sheet, row, identity; texts live in mem. TZ_SYSTEM. */
TZ_MUST tz_rc tz_records_load(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_records *ret_records, tz_err *err);

/* Whom a register's rows are mainly about: the role `person`, else the first; NULL: nobody. reg may be NULL. */
const tz_identity *tz_identity_main(const tz_register *reg);

/* The records of two rows, of the main role where there is one. TZ_MISSING: a row that names nobody,
 * is withdrawn or quarantined. */
TZ_MUST tz_rc tz_records_pair(const tz_records *records, int64_t row_a, int64_t row_b, const tz_record **ret_a, const tz_record **ret_b,
                              tz_err *err);

/* The record of a row in a role; NULL: none. */
const tz_record *tz_records_find(const tz_records *records, int64_t row_id, const char *role);

/* 0: wholly different; 1: something in common (surname or a character); 2: equal but for one
 * character, or alike; 3: equal. Folded names. */
int tz_name_likeness(tz_text a, tz_text b);

/* How two different names of at least two characters are the same to the ear or to the eye, character by character:
 * 张伟 and 章玮 sound alike, 王未 and 王末 look alike. */
typedef enum { TZ_NAME_UNLIKE, TZ_NAME_LOOKS_ALIKE, TZ_NAME_SOUNDS_ALIKE } tz_name_alikeness;
tz_name_alikeness tz_name_alike(tz_text a, tz_text b);

#endif
