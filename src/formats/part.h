/* part - one XML part of a zip archive, read as a stream of SAX events.
 *
 * Bytes are inflated block by block and go straight into expat; nothing holds the whole part.  A
 * DTD is refused (no workbook needs one, and entities are how XML is made to explode), depth and
 * inflated size are limited.
 */
#ifndef TZ_FORMATS_PART_H
#define TZ_FORMATS_PART_H

#include <expat.h>
#include <zip.h>

#include "base/err.h"
#include "base/text.h"

typedef struct tz_part tz_part;

/* A handler sees local names (without a prefix). */
typedef struct {
    void (*start)(void *context, const char *name, const char **attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, int size);
    void *context;
} tz_part_handler;

/* The index of entry `name`, or -1. Case is ignored, as Excel does; some programs write the names
 * with backslashes. */
zip_int64_t tz_part_find(tz_arena *mem, zip_t *zip, const char *name);

/* Opens entry `name`, looked for by tz_part_find. TZ_MISSING: there is none. TZ_LIMIT. */
TZ_MUST tz_rc tz_part_open(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler, tz_part **ret_part,
                           tz_err *err);

/* Goes on until the handler asks for a pause or the end. *ret_is_done at the end. TZ_INPUT: no
 * well-formed XML; TZ_LIMIT. */
TZ_MUST tz_rc tz_part_read(tz_part *part, bool *ret_is_done, tz_err *err);
void tz_part_pause(tz_part *part); /* called by a handler */
void tz_part_stop(tz_part *part, tz_rc code); /* called by a handler: a limit was passed */
void tz_part_close(tz_part *part); /* NULL is fine */

/* Opens, reads to the end, closes. */
TZ_MUST tz_rc tz_part_all(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler, tz_err *err);

/* An attribute's value by its local name, or NULL. */
const char *tz_part_attribute(const char **attributes, const char *name);

#endif
