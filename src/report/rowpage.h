/* rowpage - one row of a register as a page: its cells as sent and as typed, whose it is, and what rests on it. */
#ifndef TZ_REPORT_ROWPAGE_H
#define TZ_REPORT_ROWPAGE_H

#include "report/household.h"

/* ret_row: {register, title, batch, file, sheet, sheet_no, row, address, text, as_of, sender, is_valid (on the day), withdrawn_why,
 *   quarantined_why, divisions[], cells[{column, title, value (as taken in), sent (as the sheet has it, or null), is_masked}],
 *   unread[{letter, header, sent}] (columns that no field was made of), why_not_sent (the sheet can't be read again: why, or null),
 *   links[] (as tz_household_show's: whose it is and why), findings[], issues[] (numbers: through a finding, or as evidence)}.
 * TZ_MISSING: no such row. */
TZ_MUST tz_rc tz_row_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view, int64_t row_id,
                          json_t **ret_row, tz_err *err);

#endif
