/* gate - may this statement run? An allow-list over the statement's own tree.
 *
 * Judged is what DuckDB parsed (json_serialize_sql), before anything is prepared: classes of
 * expressions, kinds of tables, functions by name, and the tables themselves, where a name of WITH
 * counts only inside its own scope.  What is not on a list is refused, so a newer engine's new
 * function is refused until somebody looked at it.
 */
#ifndef TZ_PACKS_GATE_H
#define TZ_PACKS_GATE_H

#include "base/json.h"

/* NULL when the tree holds nothing but what is allowed; else what is not, in mem. tables: those that
 * may be read, a JSON array of names. */
const char *tz_gate_judge(tz_arena *mem, const json_t *tree, const json_t *tables);

#endif
