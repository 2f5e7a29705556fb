/* score - what the levels of a pair are worth. */
#ifndef TZ_PEOPLE_SCORE_H
#define TZ_PEOPLE_SCORE_H

#include "people/counts.h"

enum { TZ_RARITIES = 1024 };

typedef struct {
    const tz_table *table;
    const tz_model *model;
    const uint32_t *times[TZ_MAX_COMPARISONS]; /* by value: records that have it; NULL without frequencies */
    double filled[TZ_MAX_COMPARISONS];         /* records that have a value */
    int32_t
        *rarities[TZ_MAX_COMPARISONS]; /* by times below TZ_RARITIES: what an agreement weighs more for it */
    int32_t weights[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS]; /* log2(m/u) in hundredths */
    int32_t prior;                                      /* log2(prior / (1 - prior)) in hundredths */
    double costs
        [TZ_MAX_COMPARISONS]; /* of comparing two values, roughly: the characters of texts and names, else 0 */
    uint8_t order[TZ_MAX_COMPARISONS]; /* comparisons, the cheap ones first: hopeless pairs are left early */
    int32_t most[TZ_MAX_COMPARISONS];  /* that it can add without an exact agreement; at least 0 */
    size_t id_comparison;              /* the first of identity numbers; SIZE_MAX: none */
} tz_scorer;

/* counts NULL: those of the table itself. */
void tz_scorer_init(tz_arena *mem, const tz_table *table, const tz_model *model, const tz_counts *counts,
                    tz_scorer *ret_scorer);
/* Takes the model's present m, u and prior. */
void tz_scorer_weigh(tz_scorer *scorer);

/* What an exact agreement on a value weighs, in hundredths of log2: its rarity is part of it. */
int32_t tz_score_equal(const tz_scorer *scorer, size_t comparison, uint32_t code);

/* What a comparison adds to the weight of a pair whose lower record is a. */
int32_t tz_score_part(const tz_scorer *scorer, size_t comparison, size_t level, uint32_t a);

/* What a record would weigh with its own copy: what says too little can be linked with nobody. */
int32_t tz_score_itself(const tz_scorer *scorer, uint32_t record);

/* The sum of the prior and all parts: the weight that is stored. */
int32_t tz_score_total(const tz_scorer *scorer, const uint8_t *levels, uint32_t a);

/* Levels of comparison c of some pairs, ids: the levels of their identity numbers. What stands in the number as well says
 * nothing more where the numbers agree or are a slip or two apart: it becomes level 0. */
void tz_drop_implied(const tz_scorer *scorer, size_t c, const uint8_t *ids, uint8_t *levels, size_t count);

/* "17.35", "-3.20": a weight as it is stored and shown; is_signed: "+17.35". */
void tz_score_put(tz_buf *out, int32_t weight, bool is_signed);
const char *tz_score_text(tz_arena *mem, int32_t weight, bool is_signed);

double tz_score_probability(int32_t total);
/* The least weight whose probability is `share` or more. */
int32_t tz_score_least(double share);

#endif
