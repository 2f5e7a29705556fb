/* weigh - how much two records' agreement says, in parts that add up, and in a sentence. */
#ifndef TZ_PEOPLE_WEIGH_H
#define TZ_PEOPLE_WEIGH_H

#include "people/learnt.h"

typedef struct {
    const char *comparison; /* prior, id, name, birth, sex, village */
    const char *level;      /* "中文|English" */
    int32_t weight;         /* hundredths of log2 */
} tz_weight_part;

typedef struct {
    tz_weight_part items[TZ_PROFILE_COMPARED + 1];
    size_t count;
    int32_t total;     /* the sum of the parts */
    int64_t same_name; /* rows of the county that have the first one's name */
} tz_weight;

/* Some records of the county, to be weighed against each other by its model. */
typedef struct {
    const tz_records *records;
    const uint32_t *which;
    double persons;
    tz_table table;
    tz_scorer scorer;
    tz_map rows_of_name;
} tz_weigher;

/* which: indexes of records, kept by reference. TZ_LIMIT. */
TZ_MUST tz_rc tz_weigher_make(tz_arena *mem, const tz_learnt *model, const tz_records *records, const uint32_t *which,
                              size_t count, tz_weigher *ret_weigher, tz_err *err);

/* Of two places in `which`: by the model what rows say, and of two valid numbers that they are one, or two. */
tz_weight tz_weigh(const tz_weigher *of, uint32_t a, uint32_t b);

/* [{comparison, level, weight}], yours; levels in lang. */
json_t *tz_weight_json(tz_arena *mem, const tz_weight *weight, tz_lang lang);

/* One sentence that names no value: "证号仅一处不同;姓名相同,全县共 2 行用这个姓名;… → 同一人,权重 +17.35" */
const char *tz_weight_sentence(tz_arena *mem, const tz_weight *weight, bool is_same, tz_lang lang);

/* "中文|English" of a level that is stored by its English half (link_event.parts), itself where none is so called. */
const char *tz_weight_words(const char *level);
/* "姓名|name" of a comparison. */
const char *tz_weight_title(const char *comparison);

#endif
