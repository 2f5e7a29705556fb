/* preview - how a batch differs from the last one of its register and unit, before it is taken. */
#ifndef TZ_EVIDENCE_PREVIEW_H
#define TZ_EVIDENCE_PREVIEW_H

#include "evidence/batch.h"

/* Compares a settled batch with the newest of the same register and sender that counts; corrects: the
 * batch that it mends, which is none to compare with, 0 none. ret_warnings: an array of "中文|English"
 * texts, empty where nothing moved or there is no batch before; the caller owns it. */
TZ_MUST tz_rc tz_preview_warnings(tz_arena *mem, tz_store *store, tz_batch *batch, int64_t corrects, json_t **ret_warnings, tz_err *err);

#endif
