/* complaint - what people said from outside: taken from the inbox, kept apart, answered.
 *
 * What was written stays in complaints/ of the county's directory, a file each, of its owner alone (0600): not in
 * ledger.db, not in the journal, not in a backup of either.  The ledger gets an issue that says where and when and no
 * more, and its `raised_by` holds twelve digits of the receipt's hash: whoever has the receipt can show that the issue is
 * theirs, and nobody else can tell.  Who is named in a complaint never sees it: every function that reads takes the
 * reader, and a complaint that names them is not there.
 */
#ifndef TZ_LEDGER_COMPLAINT_H
#define TZ_LEDGER_COMPLAINT_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

/* Who reads: the name as signed and the unit, or NULL. */
typedef struct {
    const char *name, *unit;
} tz_complaint_reader;

/* Takes what waits in the inbox: an issue each, by `system`, then the file goes. A file that was half taken before is taken
 * on; what is no complaint is removed after a day. ret_count: how many issues were opened. TZ_SYSTEM. */
TZ_MUST tz_rc tz_complaints_take(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *inbox, size_t *ret_count, tz_err *err);

/* How many files wait there, whole or not; 0 where there is no such folder. */
size_t tz_complaints_waiting(const char *inbox);

/* [{complaint, day, place, issue, state, word, answered}] that the reader may see, newest first. */
TZ_MUST tz_rc tz_complaint_list(tz_arena *mem, tz_store *store, const tz_complaint_reader *reader, tz_lang lang, json_t **ret_rows, tz_err *err);

/* One with its text, whom it is about, photo (true, false) and answer. TZ_MISSING: there is none, or it names the reader. */
TZ_MUST tz_rc tz_complaint_show(tz_arena *mem, tz_store *store, const char *complaint, const tz_complaint_reader *reader, tz_lang lang,
                                json_t **ret_shown, tz_err *err);
/* The path of its photo. TZ_MISSING as above, or without one. */
TZ_MUST tz_rc tz_complaint_photo(tz_arena *mem, tz_store *store, const char *complaint, const tz_complaint_reader *reader,
                                 const char **ret_path, tz_err *err);

/* Sets what whoever has the receipt is told, and adds names ("张三, 定昌镇") of those who may not see it; either may be NULL.
 * TZ_MISSING as above. TZ_INPUT: longer than 2000 characters. */
TZ_MUST tz_rc tz_complaint_answer(tz_arena *mem, tz_store *store, const char *complaint, const tz_complaint_reader *reader, const char *answer,
                                  const char *also_about, tz_err *err);

/* What the public is told, by the receipt's hash: {hash: {state, word{zh, en}, since (YYYY-MM-DD), answer}}. */
TZ_MUST tz_rc tz_complaint_statuses(tz_arena *mem, tz_store *store, json_t **ret_statuses, tz_err *err);

#endif
