/* half - the half of a text in two languages, kept: tz_half (err.h) lends it. */
#ifndef TZ_BASE_HALF_H
#define TZ_BASE_HALF_H

#include "base/arena.h"
#include "base/err.h"

/* The half of "中文|English" for lang, in mem. */
char *tz_half_dup(tz_arena *mem, const char *both, tz_lang lang);

#endif
