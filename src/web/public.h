/* public - what everybody may see, read from the folder that report/site.h writes: these handlers know no county. */
#ifndef TZ_WEB_PUBLIC_H
#define TZ_WEB_PUBLIC_H

#include "web/web.h"

/* Loads FOLDER/site/NAME as JSON; a new reference. TZ_MISSING: it is not there. TZ_INPUT: it is broken. */
TZ_MUST tz_rc tz_public_load(tz_arena *mem, const char *folder, const char *name, json_t **ret_value, tz_err *err);

/* A mark for a form that somebody opened: good once, between a few seconds and two hours later. It holds no address. */
const char *tz_public_mark(tz_arena *mem, int64_t now_ms);
bool        tz_public_is_mark(const char *mark, int64_t now_ms);

/* Whether one more complaint of so many bytes fits into this hour. */
bool tz_public_has_room(int64_t bytes, int64_t now_ms);

#endif
