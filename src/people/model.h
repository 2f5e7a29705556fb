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
    TZ_COMPARE_PHONE,    /* a number to call: as code */
    TZ_COMPARE_DATE,     /* equal, one slip, day and month swapped, the same month, the same year */
    TZ_COMPARE_NUMBER,   /* equal, within 1 %, within 10 % */
    TZ_COMPARE_PLACE,    /* degrees "latitude,longitude", or latitude with longitude: kilometres apart */
    TZ_COMPARE_TEXT,     /* equal, near, similar, related */
    TZ_COMPARE_LIST,     /* several values in a cell: how many they share */
    TZ_COMPARE_NAME,     /* as text, and crossed with another column */
    TZ_COMPARE_HAN, /* a Chinese name: equal, a variant, the same sound, the same shape, one character, surname */
    TZ_COMPARE_HOUSEHOLD, /* of a household: the same with the same relation, the same */
    TZ_COMPARE_ADDRESS,   /* the division that it names and the house in it: equal, near, village, township */
    TZ_COMPARE_KINDS
} tz_compare_kind;

typedef struct {
    size_t column; /* of the table */
    tz_compare_kind kind;
    size_t
        with; /* name: the column it may be crossed with; place: longitude; household: relation; else SIZE_MAX */
    bool by_frequency; /* an agreement on a rare value weighs more */
    bool is_in_id; /* its value stands in the identity number too: where the numbers agree or nearly do, an agreement
                    * says nothing more */
    double m[TZ_MAX_LEVELS], u[TZ_MAX_LEVELS]; /* by level; level 0 is "not given" and unused */
} tz_comparison;

/* What of a value a rule takes. */
typedef enum {
    TZ_PART_WHOLE,
    TZ_PART_SOUND, /* toneless pinyin of Chinese characters; consonants of Latin letters */
    TZ_PART_FIRST, /* the first character of Chinese, the first three of others */
    TZ_PART_LAST4, /* the last four characters */
    TZ_PART_YEAR,  /* the first four digits */
    TZ_PART_DAY,   /* month and day of a date, in order of size: 03-08 and 08-03 are one */
    TZ_PART_AREA,  /* of an address: its village or township */
    TZ_PARTS
} tz_part;

typedef struct {
    size_t columns[TZ_MAX_RULE_COLUMNS];
    tz_part parts[TZ_MAX_RULE_COLUMNS];
    size_t count;
} tz_block_rule;

#define TZ_REVIEW_FROM 0.05 /* unless the model says otherwise */

typedef struct {
    tz_comparison comparisons[TZ_MAX_COMPARISONS];
    size_t comparison_count;
    tz_block_rule rules[TZ_MAX_RULES];
    size_t rule_count;
    double prior;     /* probability that two records taken at random are one person */
    double threshold; /* probability from which a pair is a link */
    double review;    /* probability from which a pair waits for a person; at most the threshold */
    bool is_one_to_one;
    int64_t max_block;  /* pairs of a block that are too many; 0: not said */
    const char *counts; /* file of counts beside the model's, as it names it; NULL: none */
    bool is_trained;    /* m, u and prior are known */
} tz_model;

/* Names of a kind's levels from 1 on ("exact", …), NULL behind the last; in Chinese and English for people. */
const char *tz_compare_kind_name(tz_compare_kind kind);
const char *const *tz_compare_levels(tz_compare_kind kind);
const char *tz_compare_level_text(tz_compare_kind kind,
                                  size_t level);     /* "中文|English"; level 0: not given */
size_t tz_compare_level_count(tz_compare_kind kind); /* with level 0 */
/* "surname", "surname:sound": a rule's column as the model's file has it. */
const char *tz_model_part_text(tz_arena *mem, const tz_table *table, const tz_block_rule *rule, size_t place);

/* A model from the columns' names and what stands in them, untrained; parts of values are added to the
 * table. TZ_INPUT: nothing to block on. TZ_LIMIT. */
TZ_MUST tz_rc tz_model_propose(tz_table *table, tz_model *ret_model, tz_err *err);

/* TZ_INPUT with file and line: an unknown column, kind, level or key; numbers out of range. */
TZ_MUST tz_rc tz_model_load(tz_arena *mem, const char *path, const tz_table *table, tz_model *ret_model,
                            tz_err *err);
TZ_MUST tz_rc tz_model_save(const tz_model *model, const tz_table *table, const char *path, tz_err *err);

#endif
