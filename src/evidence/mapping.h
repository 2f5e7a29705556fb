/* mapping - mapping.yaml: how the columns of a sheet are read, for a person to check and fix. */
#ifndef TZ_EVIDENCE_MAPPING_H
#define TZ_EVIDENCE_MAPPING_H

#include "evidence/tables.h"

/* Writes the mapping of the tables' first register to path, for import --mapping: each header once,
 * with its score and reason behind #; what is only proposed is marked with a question mark. TZ_USAGE:
 * the file holds several registers. TZ_SYSTEM. */
TZ_MUST tz_rc tz_mapping_write(tz_arena *mem, const tz_tables *tables, const char *path, tz_err *err);

#endif
