/* offline - the page that a phone keeps for where there is no network (web/sw.js keeps it). */
#include "web/pages.h"

tz_rc tz_web_offline(tz_request *req, tz_reply *reply, tz_err *err)
{
    (void)req, (void)reply, (void)err; /* all that it shows is on the phone */
    return TZ_OK;
}
