/* routes - the table of routes, and the groups of roles that its lines name. */
#include "web/pages.h"

#define WORKERS (TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR)
#define LOOKERS (WORKERS | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define CLERKS (TZ_ROLE_CLERK | TZ_ROLE_INSPECTOR)
#define ABOVE (TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define OVERSEERS (TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define ADMINS (TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY | TZ_ROLE_AUDIT)
#define OPEN (TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE | TZ_ROUTE_LIVE)
#define EVERYBODY (LOOKERS | ADMINS)
#define PEOPLE (TZ_ROUTE_WRITES | TZ_ROUTE_PEOPLE)

const tz_route TZ_ROUTES[] = {
#define TZ_ROUTE(method, pattern, page, handler, roles, flags, title) {method, pattern, page, handler, roles, flags, title},
#include "web/routes.inc"
#undef TZ_ROUTE
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
