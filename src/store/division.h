/* division - the county's townships and villages, by code and by the names that clerks write.
 * Part of county.h's implementation. */
#ifndef TZ_STORE_DIVISION_H
#define TZ_STORE_DIVISION_H

#include "store/county.h"

/* Reads divisions.tsv into county and makes its indexes. TZ_INPUT with file and line. */
TZ_MUST tz_rc tz_divisions_load(tz_arena *mem, const char *path, tz_county *county, tz_err *err);

#endif
