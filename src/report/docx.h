/* docx - a document for Word and WPS (ECMA-376 transitional), laid out as GB/T 9704-2012 says. */
#ifndef TZ_REPORT_DOCX_H
#define TZ_REPORT_DOCX_H

#include "report/document.h"

/* Writes the document to path, staged: the same bytes for the same document. TZ_SYSTEM: the disk; TZ_LIMIT:
 * past TZ_MAX_BUF_BYTES, or a code of more text than it holds (qr.h). */
TZ_MUST tz_rc tz_docx_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

/* word/styles.xml, word/fontTable.xml, word/settings.xml and so on: name, content and content type of each
 * part that is the same in every document; ends with a NULL name. docx_parts.c. */
typedef struct {
    const char *name, *type;
    tz_text     data;
} tz_docx_part;
const tz_docx_part *tz_docx_parts(tz_arena *mem, const tz_document *doc);

#endif
