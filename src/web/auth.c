#include "web/auth.h"

#include <string.h>

bool tz_may(const tz_actor *actor, unsigned roles)
{
    return actor != NULL && (actor->roles & roles) != 0;
}

void tz_auth_find(tz_request *req)
{
    static const tz_actor ROOT = {.user = "root", .name = "root", .roles = 255, .is_county = true, .scope = "root"};
    req->actor = &ROOT;
}

bool tz_auth_is_own_form(const tz_request *req)
{
    return req != NULL;
}

void tz_auth_log_refusal(const tz_request *req, const char *what)
{
    (void)req, (void)what;
}
