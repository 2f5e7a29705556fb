/* standard - values as they are compared: what offices write in many ways, written in one. */
#ifndef TZ_PEOPLE_STANDARD_H
#define TZ_PEOPLE_STANDARD_H

#include "people/model.h"
#include "store/county.h"

/* The standard form of a value, itself where nothing is known of it:
 *   id     half width, without separators, 15 digits made 18, letters read for digits (O 0, l 1), x in upper case
 *   phone  digits alone, 0086 and 86 off a mobile number
 *   date   YYYY-MM-DD, YYYY-MM where the day is missing
 *   han    户主 and such tails off, one sign for the dot of minority names
 *   address  AREA|HOUSE (address.h); divisions: what names divisions, or NULL
 */
tz_text tz_standard_text(tz_arena *mem, tz_compare_kind kind, const tz_county *divisions, tz_text text);

/* A folded Chinese name without what clerks write behind it (户主, 已故; with_titles 先生 and such too), the dot of
 * minority names as one sign. */
tz_text tz_standard_name(tz_arena *mem, tz_text folded, bool with_titles);

/* Rewrites the table's codes of every column that the model compares so. TZ_LIMIT. */
TZ_MUST tz_rc tz_standardise(tz_table *table, const tz_model *model, const tz_county *divisions, tz_err *err);

/* By code: the code of a part of the value (0: none); an array of at least table->values.count codes in mem, and new
 * values may be added to the table. TZ_LIMIT. */
TZ_MUST tz_rc tz_part_codes(tz_arena *mem, tz_table *table, size_t column, tz_part part, uint32_t **ret_codes,
                            tz_err *err);

/* What of a value a blocking rule takes; empty: nothing. */
tz_text tz_part_text(tz_arena *mem, tz_part part, tz_text text);

#endif
