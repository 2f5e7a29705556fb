/* inside - what the files of ledger share and nobody else sees. */
#ifndef TZ_LEDGER_INSIDE_H
#define TZ_LEDGER_INSIDE_H

#include "base/json.h"
#include "ledger/issue.h"

/* ---- State rows as JSON objects (state.c) ---- */

/* The row of `issue`, every column, as an object to change and put back. TZ_MISSING. */
TZ_MUST tz_rc tz_issue_load(tz_store *store, int64_t issue, json_t **ret_issue, tz_err *err);
/* Every row of a query with one integer parameter, as objects of texts, integers and nulls. */
TZ_MUST tz_rc tz_issue_query(tz_store *store, const char *select, int64_t parameter, json_t **ret_rows, tz_err *err);

/* Puts the issue and the step that changed it; inside a transaction. detail may be NULL. */
TZ_MUST tz_rc tz_issue_put(tz_store *store, const json_t *issue, const char *action, const char *note, const json_t *detail,
                           tz_err *err);

/* The day of the app's clock in China, and a day some days later as text. */
int32_t     tz_issue_today(const tz_store *store);
const char *tz_issue_due(tz_arena *mem, const char *from, int days); /* NULL: days 0 or no date */

/* ---- Steps (steps.c) ---- */

const tz_ledger *tz_issue_ledger(const tz_packs *packs, const char *name); /* the default one if none is so named */
bool tz_ledger_has(const tz_ledger *ledger, const char *step);
bool tz_state_is_open(const char *state); /* before closed, closed-pending-data, dismissed, transferred, merged */

/* ---- What closing asks (close.c) ---- */

/* TZ_REFUSED with all that is missing. */
TZ_MUST tz_rc tz_issue_may_close(tz_store *store, const tz_packs *packs, const json_t *issue, bool is_pending_data, tz_err *err);
TZ_MUST tz_rc tz_issue_may_check(tz_store *store, const tz_packs *packs, const json_t *issue, tz_err *err);
TZ_MUST tz_rc tz_issue_may_dismiss(tz_store *store, const tz_packs *packs, const json_t *issue, tz_err *err);
/* True where the finding's check ran on a batch that came after the entry, of a register it reads. */
TZ_MUST tz_rc tz_issue_ran_since(tz_store *store, const tz_packs *packs, int64_t finding, int64_t entry, bool *ret_ran, tz_err *err);

/* ---- Evidence (evidence.c) ---- */

/* Keeps the file or the row as evidence; inside a transaction. Fills detail. TZ_REFUSED: it shows
 * another issue and does not name a line of its own. */
TZ_MUST tz_rc tz_issue_attach(tz_store *store, const tz_packs *packs, const json_t *issue, const tz_issue_options *options,
                              json_t *detail, tz_err *err);
/* One item of evidence that another issue has too, without a line of its own in both: its number. */
TZ_MUST tz_rc tz_evidence_shared(tz_store *store, int64_t issue, int64_t *ret_evidence, tz_err *err);

/* ---- Joining and splitting (join.c); inside a transaction ---- */

/* The issue's findings move to another, open one; changes `issue` for putting. */
TZ_MUST tz_rc tz_issue_merge(tz_store *store, json_t *issue, int64_t with, json_t *detail, tz_err *err);
/* One of several findings leaves into an issue of its own. */
TZ_MUST tz_rc tz_issue_split(tz_store *store, const json_t *issue, int64_t finding, json_t *detail, tz_err *err);

#endif
