/* memory - what clerks confirmed before: for a register and a unit, which header is which column.
 *
 * Nothing is stored beside the batches: a mapping that mapping.yaml fixed stands in the journalled
 * image of its batch (sheets[].mapping[], "fixed": true) and counts until the batch is withdrawn.
 */
#ifndef TZ_EVIDENCE_MEMORY_H
#define TZ_EVIDENCE_MEMORY_H

#include "evidence/sheet.h"
#include "store/store.h"

/* Of a row of `batch`: something of it was fixed, as SQL. */
#define TZ_MEMORY_IS_FIXED "instr(sheets, '\"fixed\":true') > 0"

/* Reads all that was confirmed. TZ_SYSTEM, TZ_TAMPER. */
TZ_MUST tz_rc tz_memory_load(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_memory **ret_memory, tz_err *err);

/* Whether anything was confirmed of a register. */
bool tz_memory_has(const tz_memory *memory, const char *register_name);

/* The map of folded header -> column index + 1 (0: not taken) of a register and a unit (NULL: unknown), or NULL. */
const tz_map *tz_memory_of(const tz_memory *memory, const char *register_name, const char *unit);

#endif
