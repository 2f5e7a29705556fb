/* block - which pairs are looked at: those that agree on all columns of a rule, for any rule. */
#ifndef TZ_PEOPLE_BLOCK_H
#define TZ_PEOPLE_BLOCK_H

#include "people/model.h"

typedef struct {
    const tz_table *table;
    size_t    rule_count;
    uint32_t *keys;  /* by record and rule; 0: no value, or a block that is left to other rules */
    struct tz_blocks_of_rule {
        uint32_t *records; /* in order of their key, then of record */
        uint32_t *starts;  /* by key: first of its records */
        uint32_t  key_count;
    } rules[TZ_MAX_RULES];
    int64_t predicted;   /* pairs of all rules, those of several rules counted for each */
    int64_t left_blocks; /* blocks of more pairs than the limit: left to the other rules */
} tz_blocks;

/* Sorts all records into blocks. max_pairs: a block of more is left to other rules. */
void tz_blocks_make(tz_arena *mem, const tz_table *table, const tz_model *model, int64_t max_pairs, tz_blocks *ret_blocks);

/* Calls see for every pair (a < b; of two files a is of the first) exactly once, in an order that
 * depends on the data only. Ends early, and gives false, when see does. */
bool tz_blocks_each(const tz_blocks *blocks, bool (*see)(void *context, uint32_t a, uint32_t b), void *context);

#endif
