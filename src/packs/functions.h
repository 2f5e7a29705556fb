/* functions - what packs may call besides SQL's own, by code point (DuckDB's distances count bytes).
 *
 *   edit_distance(a, b)     BIGINT   Levenshtein with adjacent swaps (optimal string alignment)
 *   name_similarity(a, b)   DOUBLE   1 - distance / longer length, after spaces are removed
 *   id_is_valid(text)       BOOLEAN  GB 11643
 *   id_birth(text)          DATE     of a valid number, else null
 *   id_sex(text)            VARCHAR  M or F of a valid number, else null
 *   id_region(text)         VARCHAR  the first six digits of a valid number, else null
 *   age_at(birth, day)      BIGINT   whole years
 *   address_similarity(a, b) DOUBLE  see address.c
 *   working_days(from, to)  BIGINT   days of work after `from` up to `to` by the county's calendar
 *   term_start(t), term_end(t), month_start(t), month_end(t)  DATE, null for no period
 *
 * and those of statistics.h. A null argument gives null. Texts longer than 256 code points are cut.
 */
#ifndef TZ_PACKS_FUNCTIONS_H
#define TZ_PACKS_FUNCTIONS_H

#include "store/county.h"
#include "store/duck.h"

/* Makes them known to a session. TZ_SYSTEM. */
TZ_MUST tz_rc tz_functions_register(tz_duck *duck, const tz_county *terms, tz_err *err);

/* How much of the shorter address stands in the longer one, 0 to 1: the share of its pairs of neighbours
 * (characters; a number, written in figures or in Chinese, is one) that the other has too. Spaces and marks
 * count nothing, nor does what a committee adds to a village's name. False for an address of less than two
 * signs. */
bool tz_address_similarity(tz_text a, tz_text b, double *ret_share);

/* Optimal string alignment by code point; both cut to 256. */
int64_t tz_edit_distance(tz_text a, tz_text b);

#endif
