/* front - where everybody begins, by role; and pages that say nothing of the county. */
#include "web/pages.h"

tz_rc tz_web_front(tz_request *req, tz_reply *reply, tz_err *err)
{
    (void)err;
    reply->redirect = tz_may(req->actor, TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY)                   ? "/admin/users"
                      : tz_may(req->actor, TZ_ROLE_AUDIT)                                     ? "/admin/log"
                      : tz_may(req->actor, TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR) ? "/today"
                                                                                              : "/overview";
    return TZ_OK;
}

/* Help, and what a phone keeps for where there is no network (web/sw.js): all that they show is in the template. */
tz_rc tz_web_plain(tz_request *req, tz_reply *reply, tz_err *err)
{
    (void)req, (void)reply, (void)err;
    return TZ_OK;
}
