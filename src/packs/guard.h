/* guard - a division by zero is an error, as in PostgreSQL, and not the null that DuckDB makes of it. */
#ifndef TZ_PACKS_GUARD_H
#define TZ_PACKS_GUARD_H

#include "base/text.h"

/* The statement's tree (json_serialize_sql) with every divisor that might be zero made `tz_divisor(x)`
 * (statistics.c), or NULL where there is none. A divisor that is a number other than 0, or a nullif, stays as
 * it is. *ret_is_exact is false where the tree holds a number that can't be kept whole: nothing is changed. */
const char *tz_guard_divisions(tz_arena *mem, const char *tree, bool *ret_is_exact);

#endif
