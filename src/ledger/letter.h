/* letter - the letters that a day asks for, and those that were issued.
 *
 *     TZ_TRY(tz_letters_due(store, packs, 0, false, &letters, err));   what to write today
 *     TZ_TRY(tz_letters_due(store, packs, 0, true, &letters, err));    the same, numbered and in the journal
 *
 * The printed form is report's.
 */
#ifndef TZ_LEDGER_LETTER_H
#define TZ_LEDGER_LETTER_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

/* [{issue, kind (remind, urge, warn, quarter), name (提醒函 …), about (the due date or "2020-Q3"), to_role (handler,
 * leader, head), to_user (or null), unit, day, by_user}] for the open issues, in their order. today: yyyymmdd, 0: by the
 * clock of the store's app. is_issued: each gets its `letter`, a number, and a line in its issue's history, in one
 * transaction; the same letter about the same date is never due again. */
TZ_MUST tz_rc tz_letters_due(tz_store *store, const tz_packs *packs, int32_t today, bool is_issued, json_t **ret_letters, tz_err *err);

/* The letters that were issued, of one issue or (0) of all, by number. */
TZ_MUST tz_rc tz_letters_issued(tz_store *store, int64_t issue, json_t **ret_letters, tz_err *err);

#endif
