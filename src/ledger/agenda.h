/* agenda - what waits for somebody today: issues due or late, what came back, what asks for an answer or a signature.
 *
 *     tz_agenda_who who = {.user = "zhang", .unit = "定昌镇", .places = places, .limit = 50};
 *     TZ_TRY(tz_issue_agenda(mem, store, packs, &who, &agenda, err));
 */
#ifndef TZ_LEDGER_AGENDA_H
#define TZ_LEDGER_AGENDA_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    const char   *user;      /* what they handle is theirs, wherever it lies */
    const char   *unit;      /* … and what their unit leads or supports, or took over; NULL: no unit */
    const json_t *places;    /* … and what rests on rows of these divisions: array of prefixes of codes, or NULL */
    bool          is_county; /* … or all of it */
    int64_t       limit;     /* of each list; 0: all */
    int32_t       today;     /* yyyymmdd, 0: by the clock of the store's app */
    bool          is_masked;
    tz_lang       lang;
} tz_agenda_who;

/* {due{total, issues[]}, returned{}, answer{}, sign{}, rest{total}}: each issue as a line of tz_issue_list without its history,
 * and with `since`; by level, then by due date, then by number.
 *   due       open, assigned or rectifying, with a due date that is past or within the longest of the times at which ledgers remind (letters, 提醒函)
 *   returned  sent back to be rectified once more
 *   answer    more time was asked for, or an objection made
 *   sign      submitted, checked or published, and nothing it waits for
 *   rest      how many others of theirs are open: due later, long-term, suspended */
TZ_MUST tz_rc tz_issue_agenda(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_agenda_who *who, json_t **ret_agenda,
                              tz_err *err);

#endif
