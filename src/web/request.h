/* request - what came in over HTTP, taken apart: for server.c and the fuzzer. */
#ifndef TZ_WEB_REQUEST_H
#define TZ_WEB_REQUEST_H

#include "web/web.h"

enum { TZ_WEB_MAX_PAIRS = 200 }; /* parameters of an address, cookies: more are left out */

/* Splits "/issues/3.json?state=open" of a URL: takes the ending off, cleans nothing, adds nothing. False: the path is
 * none of ours (no leading slash, an empty or dot segment, a byte below 32, invalid UTF-8, too long). */
bool tz_request_path(tz_request *req, const char *path);

/* Finds the route and its parameters. ret_is_known: some other method has this path. NULL: none. */
const tz_route *tz_route_find(tz_request *req, const tz_route *routes, const char *method, bool *ret_is_known);

/* Adds one name and value, trimmed; invalid UTF-8 is replaced, control characters but line ends and tabs are dropped. */
void tz_request_add(tz_request *req, tz_pairs *pairs, const char *name, tz_text value);

/* Parses "a=1; b=2" of a Cookie header into req->cookies. */
void tz_request_cookies(tz_request *req, const char *header);

/* as_of and at of the query into req->day. TZ_USAGE. */
TZ_MUST tz_rc tz_request_day(tz_request *req, tz_err *err);

/* A name as sent, fit to be shown and to be a file's: no folders, no control characters, at most 120 characters. */
const char *tz_upload_name(tz_arena *mem, const char *sent);

#endif
