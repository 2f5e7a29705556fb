/* weigh - how much two records' agreement says, in parts that add up, and in a sentence. */
#ifndef TZ_PEOPLE_WEIGH_H
#define TZ_PEOPLE_WEIGH_H

#include "base/json.h"
#include "base/map.h"
#include "people/record.h"

/* How often each value stands in the county. */
typedef struct {
    size_t records;
    tz_map names, births, sexes, villages; /* value -> records */
} tz_frequencies;

typedef struct {
    const char *comparison; /* id, name, birth, sex, village */
    const char *level;      /* "中文|English" */
    double      weight;     /* log2, a whole number of tenths */
} tz_weight_part;

typedef struct {
    tz_weight_part items[5];
    size_t         count;
    double         total; /* the sum of what is shown, to the digit */
    int64_t        same_name; /* records of the county that have the first one's name */
} tz_weight;

tz_frequencies tz_frequencies_count(tz_arena *mem, const tz_records *records);

/* The weight of an agreement is log2 of how rare the value is; of a disagreement a fixed loss. */
tz_weight tz_weigh(const tz_frequencies *counts, const tz_record *a, const tz_record *b);

/* "17.3": the total as it is stored and shown. */
const char *tz_weight_text(tz_arena *mem, double weight);

/* [{comparison, level, weight}], yours; levels in lang. */
json_t *tz_weight_json(tz_arena *mem, const tz_weight *weight, tz_lang lang);

/* One sentence that names no value: "证号仅一处不同;姓名相同,全县共 2 行用这个姓名;… → 同一人,权重 +17.3" */
const char *tz_weight_sentence(tz_arena *mem, const tz_weight *weight, bool is_same, tz_lang lang);

#endif
