/* account - a batch and a register as one looks at them: what is known of it, what came, what it replaced. */
#ifndef TZ_EVIDENCE_ACCOUNT_H
#define TZ_EVIDENCE_ACCOUNT_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

/* One batch: what tz_batch_list says of it, and title (of its register, both halves), original (the digest of its file), size,
 * received_at, sheets[] with mapping and account, account (of all its sheets), before (the batch of the register and sender that
 * came before it, or null), corrected_by (or null). The caller owns it. TZ_MISSING. */
TZ_MUST tz_rc tz_batch_show(tz_store *store, const tz_packs *packs, int64_t batch, json_t **ret_batch, tz_err *err);

/* What registers there are: [{register, title, pack, pack_title, owner, period, due, due_days, columns, batches, as_of (of the
 * newest batch that counts, or null), accepted, quarantined (of that batch)}], by pack. Titles have both halves. */
TZ_MUST tz_rc tz_register_list(tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err);

/* One register: its line of the list, and columns[{name, title, type, unit, is_required, is_personal, is_key, codes[{code,
 * title}]}], owners[], slice. TZ_MISSING. */
TZ_MUST tz_rc tz_register_show(tz_store *store, const tz_packs *packs, const char *name, json_t **ret_register, tz_err *err);

#endif
