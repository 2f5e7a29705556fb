/* prose - the running text of a report that somebody wrote: .docx, .txt or .md, a line a paragraph.
 *
 * Of a .docx the words of the body in reading order (cells of tables are paragraphs of their own),
 * without what was deleted under revision, fields' codes, notes, headers and footers.  Plain text may have
 * any encoding that decode.h knows.
 */
#ifndef TZ_FORMATS_PROSE_H
#define TZ_FORMATS_PROSE_H

#include "base/err.h"
#include "base/text.h"

/* Loads path as UTF-8. TZ_MISSING: no such file. TZ_INPUT: neither text nor a document of the kind, with
 * what to do. TZ_LIMIT. */
TZ_MUST tz_rc tz_prose_load(tz_arena *mem, const char *path, tz_text *ret_text, tz_err *err);

#endif
