/* functions - what packs may call besides SQL's own, by code point (DuckDB's distances count bytes).
 *
 *   edit_distance(a, b)     BIGINT   Levenshtein with adjacent swaps (optimal string alignment)
 *   name_similarity(a, b)   DOUBLE   1 - distance / longer length, after spaces are removed
 *   id_is_valid(text)       BOOLEAN  GB 11643
 *   id_birth(text)          DATE     of a valid number, else null
 *   id_sex(text)            VARCHAR  M or F of a valid number, else null
 *   age_at(birth, day)      BIGINT   whole years
 *   term_start(t), term_end(t), month_start(t), month_end(t)  DATE, null for no period
 *
 * A null argument gives null. Texts longer than 256 code points are cut.
 */
#ifndef TZ_PACKS_FUNCTIONS_H
#define TZ_PACKS_FUNCTIONS_H

#include "store/county.h"
#include "store/duck.h"

/* Makes them known to a session. TZ_SYSTEM. */
TZ_MUST tz_rc tz_functions_register(tz_duck *duck, const tz_county *terms, tz_err *err);

/* Optimal string alignment by code point; both cut to 256. */
int64_t tz_edit_distance(tz_text a, tz_text b);

#endif
