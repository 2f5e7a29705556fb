/* issue_page - what the pages of one issue share: whether it is the reader's to see, and who may be named. */
#ifndef TZ_WEB_ISSUE_PAGE_H
#define TZ_WEB_ISSUE_PAGE_H

#include "web/web.h"

/* The number of the path's issue, if it is the reader's to see: it lies in their scope, or they rectify it. TZ_MISSING. */
TZ_MUST tz_rc tz_web_issue_of(tz_request *req, int64_t *ret_number, tz_err *err);

/* Sets unit_names and user_names: units and active people to choose from; who may be named is no secret inside the office. */
TZ_MUST tz_rc tz_web_put_people(tz_request *req, json_t *data, tz_err *err);

#endif
