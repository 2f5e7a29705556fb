/* pdf - a document on paper, laid out as GB/T 9704-2012 says; its text can be searched and copied. */
#ifndef TZ_REPORT_PDF_H
#define TZ_REPORT_PDF_H

#include "report/document.h"

/* Writes the document to path, staged: the same bytes for the same document and fonts. Several documents
 * merged into one are one with several titles and page breaks. TZ_SYSTEM: the disk; TZ_MISSING: no font. */
TZ_MUST tz_rc tz_pdf_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

#endif
