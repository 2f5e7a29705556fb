/* part - XML read as a stream of SAX events: one part of a zip archive, or a decoded text.
 *
 * Bytes are inflated block by block and go straight into a parser; nothing holds the whole part.  UTF-8
 * goes through our own (xml.h), anything else through expat.  A DTD is refused (no workbook needs one, and
 * entities are how XML is made to explode), depth and inflated size are limited.
 */
#ifndef TZ_FORMATS_PART_H
#define TZ_FORMATS_PART_H

#include <zip.h>

#include "formats/decode.h"
#include "formats/xml.h"

typedef struct tz_part tz_part;

typedef tz_xml_handler tz_part_handler;

/* Opens an archive; zip_discard closes it. TZ_INPUT: it is broken; TZ_LIMIT: too many entries. */
TZ_MUST tz_rc tz_zip_open(const tz_source *source, zip_t **ret_zip, tz_err *err);

/* The index of entry `name`, or -1. Case is ignored, as Excel does; some programs write the names
 * with backslashes. */
zip_int64_t tz_part_find(tz_arena *mem, zip_t *zip, const char *name);

/* Judges an entry before it is inflated. TZ_INPUT: the archive is damaged there, or wants a password;
 * TZ_LIMIT: inflated larger than max_bytes, or by an absurd ratio. */
TZ_MUST tz_rc tz_zip_check(zip_t *zip, zip_uint64_t index, int64_t max_bytes, zip_stat_t *ret_info, tz_err *err);

/* Opens entry `name`, looked for by tz_part_find. TZ_MISSING: there is none. TZ_LIMIT. */
TZ_MUST tz_rc tz_part_open(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler,
                           tz_part **ret_part, tz_err *err);

/* XML that is a file of its own. The part closes the decoder. */
TZ_MUST tz_rc tz_part_open_text(tz_arena *mem, tz_decoder *decoder, const tz_part_handler *handler,
                                tz_part **ret_part, tz_err *err);

/* Goes on until the handler asks for a pause or the end. *ret_is_done at the end. TZ_INPUT: no
 * well-formed XML; TZ_LIMIT. */
TZ_MUST tz_rc tz_part_read(tz_part *part, bool *ret_is_done, tz_err *err);
/* Goes on until the handler has a row, which it says in *has_row before it pauses, or until the end, which *is_done keeps:
 * false before the first row. Errors as tz_part_read. */
TZ_MUST tz_rc tz_part_read_row(tz_part *part, bool *has_row, bool *is_done, tz_err *err);
void tz_part_pause(tz_part *part); /* called by a handler */
void tz_part_stop(tz_part *part, tz_rc code); /* called by a handler: a limit was passed; TZ_OK: enough was read */
void tz_part_skip(
    tz_part *
        part); /* called by a start handler: the element's content is not wanted, and may come all the same */
void tz_part_close(tz_part *part); /* NULL is fine */

/* Opens, reads to the end (or to where a handler has enough), closes. */
TZ_MUST tz_rc tz_part_all(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler, tz_err *err);

/* An attribute's value by its local name, or NULL. */
const char *tz_part_attribute(const char **attributes, const char *name);

#endif
