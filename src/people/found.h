/* found - pairs that weigh enough, what becomes of each, and the clusters that they make. */
#ifndef TZ_PEOPLE_FOUND_H
#define TZ_PEOPLE_FOUND_H

#include "people/model.h"

typedef enum {
    TZ_FATE_LINK,     /* one person */
    TZ_FATE_REVIEW,   /* between the two thresholds: waits for a person */
    TZ_FATE_CONFLICT, /* would bring two different valid numbers into one cluster */
    TZ_FATE_TAKEN,    /* one to one: a record of the pair has a better partner */
    TZ_FATE_BRIDGE,   /* the only and weak link between two groups that hold together without it */
    TZ_FATES
} tz_fate;

typedef struct {
    uint32_t a, b;  /* records, a < b */
    int32_t weight; /* hundredths of log2 */
    uint8_t fate;   /* tz_fate */
    uint8_t rule;   /* the first that gives the pair */
} tz_found;

typedef struct {
    tz_found *items;
    size_t count;
    size_t room;
} tz_founds;

typedef struct {
    uint32_t *clusters; /* by record: the lowest record of its cluster */
    int64_t by_fate[TZ_FATES];
    int64_t cluster_count; /* of two records or more */
    int64_t largest;       /* records of the largest */
} tz_settlement;

const char *tz_fate_name(tz_fate fate); /* as review.csv has it */

/* Decides about every pair. Pairs under `least` (a weight) are for review. The heaviest come first: two different valid
 * identity numbers never come into one cluster; where the model says one to one a record keeps its best partner; then weak
 * bridges between groups of two or more are cut. Leaves the pairs in order of records; the same for every order in
 * which they come. */
void tz_founds_settle(tz_arena *mem, const tz_table *table, const tz_model *model, int32_t least,
                      tz_founds *founds, tz_settlement *ret_settlement);

#endif
