/* parts - a multipart/form-data body (RFC 7578), taken apart as it comes in, in whatever pieces.
 *
 * A part's bytes are handed on as they come; what is kept is a part's head and what may be the beginning of a boundary. */
#ifndef TZ_WEB_PARTS_H
#define TZ_WEB_PARTS_H

#include "base/text.h"

typedef struct tz_parts tz_parts;

/* Who is told. A part begins with its name and, where it is a file, the name that was sent with it ("" is possible); then
 * come its bytes, if it has any. Texts live as long as the call. Parts without a name are left out. */
typedef struct {
    void (*begin)(void *context, const char *name, const char *file);
    void (*bytes)(void *context, tz_text bytes);
    void *context;
} tz_parts_sink;

/* By the boundary that the Content-Type names, in mem. NULL: it names none that may be one. */
tz_parts *tz_parts_open(tz_arena *mem, const char *content_type, const tz_parts_sink *sink);
/* The next bytes. False: this is no such body. */
bool tz_parts_take(tz_parts *parts, tz_text bytes);
/* Whether the last boundary was seen. */
bool tz_parts_is_whole(const tz_parts *parts);

#endif
