/* pages - the handlers that the lines of routes.inc name: each file of pages declares its own by including this. */
#ifndef TZ_WEB_PAGES_H
#define TZ_WEB_PAGES_H

#include "web/web.h"

#define TZ_ROUTE(method, pattern, page, handler, roles, flags, title) tz_handler handler;
#include "web/routes.inc"
#undef TZ_ROUTE

#endif
