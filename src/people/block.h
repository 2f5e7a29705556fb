/* block - which pairs are looked at: those that agree on all columns of a rule, for any rule. */
#ifndef TZ_PEOPLE_BLOCK_H
#define TZ_PEOPLE_BLOCK_H

#include "people/standard.h"

typedef struct {
    const tz_table *table;
    size_t rule_count;
    uint32_t *keys; /* by record and rule; 0: no value, or a block that is left to other rules */
    struct tz_blocks_of_rule {
        uint32_t *records;     /* those of a key stand together, in order */
        uint32_t *starts;      /* by key: first of its records; one more behind the last */
        uint32_t key_count;    /* keys 1 to key_count */
        int64_t predicted;     /* pairs it gives */
        int64_t largest;       /* pairs of its largest block before anything was refined */
        int64_t refined, left; /* blocks of more pairs than the limit: cut by the next rule; given up */
    } rules[TZ_MAX_RULES];
    int64_t predicted; /* pairs of all rules, those of several rules counted for each */
    int64_t refined_blocks, left_blocks;
    tz_arena sorted; /* where the rules' records and starts lie */
} tz_blocks;

/* Sorts all records into blocks. A block of more than max_pairs is cut by what the next rule asks for as well;
 * what is too large even so is left to the other rules. Parts of values are added to the table. TZ_LIMIT. */
TZ_MUST tz_rc tz_blocks_make(tz_arena *mem, tz_table *table, const tz_model *model, int64_t max_pairs,
                             tz_blocks *ret_blocks, tz_err *err);

/* Pairs of a block that are too many, where nobody says: a million, and fifty a record. */
int64_t tz_blocks_most(const tz_table *table);

/* Gives back what only going through the pairs takes; keys and numbers stay. Once at the end is enough, twice is fine. */
void tz_blocks_forget(tz_blocks *blocks);

/* An earlier rule gives the pair already: so none comes twice. */
static inline bool tz_blocks_give(const tz_blocks *of, size_t before_rule, uint32_t a, uint32_t b)
{
    const uint32_t *x = &of->keys[a * of->rule_count], *y = &of->keys[b * of->rule_count];
    for (size_t r = 0; r < before_rule; r++)
        if (x[r] != 0 && x[r] == y[r])
            return true;
    return false;
}

#endif
