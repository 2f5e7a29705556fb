/* office - opening and closing what serves: for server.c. */
#ifndef TZ_WEB_OFFICE_H
#define TZ_WEB_OFFICE_H

#include "web/inside.h"

/* Opens the county once to see that it is one, and starts the threads. TZ_MISSING, TZ_INPUT, TZ_SYSTEM. */
TZ_MUST tz_rc tz_office_open(const tz_serve_options *options, tz_office **ret_office, tz_err *err);
/* Lets the threads answer what waits, and ends them. */
void tz_office_end(tz_office *office);
void tz_office_close(tz_office *office); /* NULL is fine */

/* Gives a suspended exchange to the threads. False: too many wait. */
bool tz_office_queue(tz_office *office, tz_exchange *exchange);

#endif
