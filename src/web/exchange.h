/* exchange - a request from its first byte to its last, as libmicrohttpd tells of it.
 *
 * Requests are taken apart on the network's threads; what needs the county is suspended and answered by the office's, so
 * that a slow answer holds up nobody else.  The daemon's context is the office; its connections have a pace. */
#ifndef TZ_WEB_EXCHANGE_H
#define TZ_WEB_EXCHANGE_H

#include "web/inside.h"

/* For MHD_start_daemon: called with the head, with each piece of the body, at its end, and again when it was answered. */
enum MHD_Result tz_exchange_take(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                                 const char *data, size_t *size, void **of_request);

/* For MHD_OPTION_NOTIFY_COMPLETED: however it ended, what it held is given back and staged files go. */
void tz_exchange_complete(void *context, struct MHD_Connection *connection, void **of_request, enum MHD_RequestTerminationCode code);

#endif
