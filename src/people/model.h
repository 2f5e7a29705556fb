/* model - how records are compared, which pairs are looked at, and what agreement is worth.
 *
 * A Fellegi-Sunter model: for each comparison and level, m is its share among pairs of one person, u
 * among pairs of two.  A YAML file keeps it (docs/format/linkage.md).
 */
#ifndef TZ_PEOPLE_MODEL_H
#define TZ_PEOPLE_MODEL_H

#include "people/table.h"

enum { TZ_MAX_LEVELS = 8, TZ_MAX_COMPARISONS = 20, TZ_MAX_RULES = 12, TZ_MAX_RULE_COLUMNS = 4 };

typedef enum {
    TZ_COMPARE_CATEGORY, /* few values: equal or not */
    TZ_COMPARE_CODE,     /* digits and such: equal, one slip, two slips */
    TZ_COMPARE_ID,       /* an identity number: as code; two valid ones in a cluster are a conflict */
    TZ_COMPARE_DATE,     /* equal, one slip, day and month swapped, the same year */
    TZ_COMPARE_NUMBER,   /* equal, within 1 %, within 10 % */
    TZ_COMPARE_TEXT,     /* equal, near, similar, related */
    TZ_COMPARE_NAME,     /* as text, and crossed with another column */
    TZ_COMPARE_HAN,      /* a Chinese name: equal, the same sound, one character, surname */
    TZ_COMPARE_KINDS
} tz_compare_kind;

typedef struct {
    size_t          column; /* of the table */
    tz_compare_kind kind;
    size_t          with;   /* name: the column it may be crossed with; else SIZE_MAX */
    bool            by_frequency; /* an agreement on a rare value weighs more */
    double          m[TZ_MAX_LEVELS], u[TZ_MAX_LEVELS]; /* by level; level 0 is "not given" and unused */
} tz_comparison;

typedef struct {
    size_t columns[TZ_MAX_RULE_COLUMNS];
    size_t count;
} tz_block_rule;

typedef struct {
    tz_comparison comparisons[TZ_MAX_COMPARISONS];
    size_t        comparison_count;
    tz_block_rule rules[TZ_MAX_RULES];
    size_t        rule_count;
    double        prior;     /* probability that two records taken at random are one person */
    double        threshold; /* probability from which a pair is a link */
    bool          is_one_to_one;
    bool          is_trained; /* m, u and prior are known */
} tz_model;

/* Names of a kind's levels from 1 on ("exact", …), NULL behind the last. */
const char *tz_compare_kind_name(tz_compare_kind kind);
const char *const *tz_compare_levels(tz_compare_kind kind);
size_t tz_compare_level_count(tz_compare_kind kind); /* with level 0 */

/* The level of two values that are there and differ, by kind; crossing is the caller's. */
int tz_compare_values(tz_compare_kind kind, const tz_value *a, const tz_value *b);

/* A model from the columns' names and what stands in them, untrained. TZ_INPUT: nothing to block on. */
TZ_MUST tz_rc tz_model_propose(const tz_table *table, tz_model *ret_model, tz_err *err);

/* TZ_INPUT with file and line: an unknown column, kind, level or key; numbers out of range. */
TZ_MUST tz_rc tz_model_load(tz_arena *mem, const char *path, const tz_table *table, tz_model *ret_model, tz_err *err);
TZ_MUST tz_rc tz_model_save(const tz_model *model, const tz_table *table, const char *path, tz_err *err);

#endif
