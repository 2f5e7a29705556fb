/* mine - what the pages of a township cadre share: how a record is shown, links to rows. */
#ifndef TZ_WEB_MINE_H
#define TZ_WEB_MINE_H

#include "report/household.h"
#include "web/auth.h"
#include "web/leading.h"
#include "web/listing.h"

/* How a household or a row is shown to this reader: masked unless it was revealed. TZ_MISSING where nothing was imported. */
TZ_MUST tz_rc tz_web_view(tz_request *req, const char *kind, const char *id, tz_household_view *ret_view, tz_err *err);

/* Adds href (of its page) to each row{} and rows[] of findings, wherever they stand in the data. */
void tz_web_link_rows(const tz_request *req, json_t *data);

#endif
