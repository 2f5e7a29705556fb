/* tile - up to TZ_TILE records of a block, column by column, as comparing wants them.
 *
 * The records of a block lie all over the table; what their comparisons need is gathered once, and then each pair of
 * them touches only the two tiles, which fit into the processor's nearest memory.
 */
#ifndef TZ_PEOPLE_TILE_H
#define TZ_PEOPLE_TILE_H

#include "people/score.h"

enum { TZ_TILE = 128 };

typedef struct {
    uint32_t codes[TZ_TILE];
    uint32_t others[TZ_TILE]; /* of the column that the comparison is made with */
    int32_t equals[TZ_TILE];  /* what an exact agreement on the record's value weighs */
    union {
        tz_value values[TZ_TILE];
        struct {
            double x, y;
        } points[TZ_TILE]; /* number: x; place: latitude and longitude; NAN: none */
    };
} tz_tile_column;

typedef struct {
    uint32_t records[TZ_TILE];
    size_t count;
    tz_tile_column *columns; /* one a comparison */
} tz_tile;

/* Pairs of values that take long to compare, and their levels. */
enum { TZ_LEVEL_CACHE = 1 << 12 };
typedef struct {
    struct {
        uint64_t pair;
        int level;
    } entries[TZ_LEVEL_CACHE];
} tz_level_cache;

void tz_tile_init(tz_arena *mem, size_t comparison_count, tz_tile *ret_tile);
void tz_tile_gather(const tz_scorer *scorer, const uint32_t *records, size_t count, tz_tile *tile);

/* Levels of one record of left with some of right, by one comparison. cache may be NULL. */
void tz_compare_row(const tz_scorer *scorer, size_t comparison, tz_level_cache *cache, const tz_tile *left,
                    size_t i, const tz_tile *right, const uint16_t *js, size_t count, uint8_t *ret_levels);

/* All levels of two records; a the lower one, so that it is what the whole run would give. */
void tz_compare_pair(const tz_scorer *scorer, uint32_t a, uint32_t b, uint8_t ret_levels[TZ_MAX_COMPARISONS]);

#endif
