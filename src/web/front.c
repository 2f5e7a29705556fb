/* front - where everybody begins, by role. */
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

tz_rc tz_web_help(tz_request *req, tz_reply *reply, tz_err *err)
{
    (void)req, (void)reply, (void)err;
    return TZ_OK;
}
