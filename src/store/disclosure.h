/* disclosure - that somebody was shown personal data in full, or took them away, and why. */
#ifndef TZ_STORE_DISCLOSURE_H
#define TZ_STORE_DISCLOSURE_H

#include "base/json.h"
#include "store/store.h"

/* Journals it under the acting user, in a transaction of its own. kind: "reveal" (needs a reason of 4 to 200
 * characters: TZ_USAGE) or "export". of_kind and of_id: what ("issue", "3"; "list", "/findings.xlsx?level=red"). */
TZ_MUST tz_rc tz_disclosure_put(tz_store *store, const char *kind, const char *of_kind, const char *of_id, const char *why, tz_err *err);

/* [{disclosure, kind, of_kind, of_id, why, by_user, at}], newest first, before a number (0: from the newest). */
TZ_MUST tz_rc tz_disclosure_list(tz_store *store, int64_t before, int limit, json_t **ret_rows, tz_err *err);

#endif
