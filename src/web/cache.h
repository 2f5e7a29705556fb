/* cache - bodies of pages that stay right until the journal grows.
 *
 * A key names everything that a body depends on: URL, language, the actor's scope, the day, the journal's newest
 * entry.  Bodies that were not asked for go when the room is full.  Safe from several threads. */
#ifndef TZ_WEB_CACHE_H
#define TZ_WEB_CACHE_H

#include "base/text.h"

typedef struct tz_cache tz_cache;

tz_cache *tz_cache_open(size_t max_bytes);
void      tz_cache_close(tz_cache *cache); /* NULL is fine */

/* Copies the body and title of a key into mem. False: they are not kept. */
bool tz_cache_find(tz_cache *cache, tz_arena *mem, tz_text key, tz_text *ret_body, const char **ret_title);
/* Keeps copies; a body of more than an eighth of the room is not kept. */
void tz_cache_put(tz_cache *cache, tz_text key, tz_text body, const char *title);

#endif
