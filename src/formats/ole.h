/* ole - the compound file (OLE2) that .xls, .et and encrypted workbooks are: named streams in sectors.
 *
 * By Microsoft's [MS-CFB].  The file is in memory; a stream is copied together.  A chain of sectors that
 * runs in a circle or out of the file ends the stream there, and never more is read than the file holds.
 */
#ifndef TZ_FORMATS_OLE_H
#define TZ_FORMATS_OLE_H

#include "base/err.h"
#include "base/text.h"

/* The little-endian numbers that such files are made of. */
static inline uint32_t tz_le16(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)(b[0] | b[1] << 8);
}

static inline uint32_t tz_le32(const char *at)
{
    return tz_le16(at) | tz_le16(at + 2) << 16;
}

typedef struct tz_ole tz_ole;

/* Borrows data. TZ_INPUT: no compound file, or broken. */
TZ_MUST tz_rc tz_ole_open(tz_arena *mem, tz_text data, tz_ole **ret_ole, tz_err *err);

/* Whether a stream or storage of that name (ASCII) is anywhere in the file. */
bool tz_ole_has(const tz_ole *ole, const char *name);

/* The bytes of stream `name`, copied into mem; TZ_MISSING: there is none. */
TZ_MUST tz_rc tz_ole_load(tz_arena *mem, const tz_ole *ole, const char *name, tz_text *ret_data, tz_err *err);

#endif
