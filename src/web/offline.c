/* offline - the page that a phone keeps for where there is no network, and the script that keeps it. */
#include "web/inside.h"
#include "web/pages.h"

tz_rc tz_web_offline(tz_request *req, tz_reply *reply, tz_err *err)
{
    (void)req, (void)reply, (void)err; /* all that it shows is on the phone */
    return TZ_OK;
}

/* A worker rules the paths below its own, so it is served at the top. */
tz_rc tz_web_worker_script(tz_request *req, tz_reply *reply, tz_err *err)
{
    const tz_asset *asset = tz_asset_find(req->office->templates, "sw.js");

    if (asset == NULL)
        return tz_fail(err, TZ_MISSING, "没有这一页", "there is no such page");
    tz_reply_bytes(reply, asset->bytes, NULL, "text/javascript; charset=utf-8");
    tz_reply_header(req, reply, "Service-Worker-Allowed", "/");
    return TZ_OK;
}
