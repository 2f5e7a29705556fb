/* compare - how alike two strings are, by code point. */
#ifndef TZ_PEOPLE_COMPARE_H
#define TZ_PEOPLE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer strings are compared by their first TZ_MAX_POINTS code points. */
enum { TZ_MAX_POINTS = 64 };

/* Jaro-Winkler similarity, 0 to 1: prefix of up to 4, weight 0.1, given where Jaro is over 0.7.
 * Two empty strings are equal. count_a and count_b at most TZ_MAX_POINTS. */
double tz_jaro_winkler(const int32_t *a, size_t count_a, const int32_t *b, size_t count_b);

/* Optimal string alignment distance (insert, delete, replace, swap of neighbours, no part edited
 * twice), bit-parallel after Hyyrö (2003). count_a at most TZ_MAX_POINTS. */
size_t tz_osa_distance(const int32_t *a, size_t count_a, const int32_t *b, size_t count_b);

/* The same for ASCII, by sixteen bytes at once where the processor has SSE2. 64 bytes must be readable at each pointer;
 * what is behind the count plays no part. needed: with fewer characters in common than that the similarity may
 * be given as 0. count_a and count_b at most TZ_MAX_POINTS. */
double tz_jaro_winkler_bytes(const uint8_t *a, size_t count_a, const uint8_t *b, size_t count_b,
                             size_t needed);
size_t tz_osa_distance_bytes(const uint8_t *a, size_t count_a, const uint8_t *b, size_t count_b);

/* For at most 16 bytes with zeroes behind them: true only where the distance is over `slips`, 1 or 2: a character
 * that is neither lost nor changed stands within `slips` places of its like. */
bool tz_osa_is_over_bytes(const uint8_t a[16], size_t count_a, const uint8_t b[16], size_t count_b,
                          size_t slips);

#endif
