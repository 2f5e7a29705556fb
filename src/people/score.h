/* score - levels of a pair, and what they are worth. */
#ifndef TZ_PEOPLE_SCORE_H
#define TZ_PEOPLE_SCORE_H

#include "people/model.h"

typedef struct {
    const tz_table *table;
    const tz_model *model;
    struct tz_level_cache { uint64_t pair; int level; } *cache; /* of pairs of distinct values, by comparison */
    uint32_t *times[TZ_MAX_COMPARISONS];  /* by value: records that have it; NULL without frequencies */
    double    filled[TZ_MAX_COMPARISONS]; /* records that have a value */
    int32_t   weights[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS]; /* log2(m/u) in hundredths */
    int32_t   prior;                      /* log2(prior / (1 - prior)) in hundredths */
} tz_scorer;

void tz_scorer_init(tz_arena *mem, const tz_table *table, const tz_model *model, tz_scorer *ret_scorer);
/* Takes the model's present m, u and prior. */
void tz_scorer_weigh(tz_scorer *scorer);

/* The level of each comparison, three bits each from the lowest: what records agree on. */
uint64_t tz_score_pattern(tz_scorer *scorer, uint32_t a, uint32_t b);

/* What a comparison adds, in hundredths of log2; for an agreement its rarity is part of it. */
int32_t tz_score_part(const tz_scorer *scorer, uint64_t pattern, size_t comparison, uint32_t a);

/* The sum of the prior and all parts: the weight that is stored. */
int32_t tz_score_total(const tz_scorer *scorer, uint64_t pattern, uint32_t a);

double tz_score_probability(int32_t total);

#endif
