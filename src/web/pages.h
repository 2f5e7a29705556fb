/* pages - the handlers that the table of routes names, a block a file. */
#ifndef TZ_WEB_PAGES_H
#define TZ_WEB_PAGES_H

#include "web/web.h"

tz_handler tz_web_front, tz_web_help; /* front.c */

#endif
