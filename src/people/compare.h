/* compare - how alike two strings are, by code point. */
#ifndef TZ_PEOPLE_COMPARE_H
#define TZ_PEOPLE_COMPARE_H

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

#endif
