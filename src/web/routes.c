/* routes - every address of the site, who may take it, and what answers it. */
#include "web/pages.h"

#define WORKERS (TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR)
#define LOOKERS (WORKERS | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define ADMINS (TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY | TZ_ROLE_AUDIT)
#define EVERYBODY (LOOKERS | ADMINS)

/* The first that fits is taken, so a fixed word stands before a parameter. */
const tz_route TZ_ROUTES[] = {
    {"GET", "/", NULL, tz_web_front, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"GET", "/help", "help", tz_web_help, EVERYBODY, TZ_ROUTE_BARE | TZ_ROUTE_LIVE, "帮助|Help"},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
