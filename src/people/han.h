/* han - characters that are one in another form, or look like another. */
#ifndef TZ_PEOPLE_HAN_H
#define TZ_PEOPLE_HAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* The simplified or usual form of a traditional or variant character (楊 杨, 昇 升, 峯 峰); any other is given
 * back. */
int32_t tz_plain_character(int32_t point);

/* The text with all characters in that form; itself where nothing changes. */
tz_text tz_plain_text(tz_arena *mem, tz_text text);

/* True for two characters that are written with much the same strokes: 未 末, 己 已, 日 曰: at most one of
 * four strokes differs or is missing. Needs at least three strokes; false for characters that the table doesn't have. */
bool tz_looks_alike(int32_t a, int32_t b);

#endif
