/* api - the same routes for programs: /api/v1/PATH answers with the JSON of PATH, to whoever has a token.
 *
 * Nothing is decided here.  The address is taken apart, the answer is put as a program wants it, and openapi.json is
 * written from the table of routes, so that it can't say anything else than the server does.
 */
#ifndef TZ_WEB_API_H
#define TZ_WEB_API_H

#include "web/web.h"

/* "/batches" of "/api/v1/batches", and whether it was one; else the path as it is. */
const char *tz_api_path(const char *path, bool *ret_is_api);

/* Is a route one for programs? Pages of accounts, the front page and help are for people alone. */
bool tz_api_has(const tz_route *route);

/* What a POST gives a program in place of the page that a browser is led to: {"notice", "see"}. */
json_t *tz_api_done(tz_request *req, const tz_reply *reply);

/* Where a list goes on: its page's own link, as an address of the API, set as `next` in data too. NULL: it doesn't. */
const char *tz_api_next(tz_request *req, json_t *data);

/* The document of OpenAPI 3.1 for a table of routes, words in one language. */
json_t *tz_api_document(tz_arena *mem, const tz_route *routes, tz_lang lang);

#endif
