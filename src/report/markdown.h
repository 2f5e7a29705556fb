/* markdown - a document as Markdown: CommonMark with tables and footnotes, readable as it stands. */
#ifndef TZ_REPORT_MARKDOWN_H
#define TZ_REPORT_MARKDOWN_H

#include "report/document.h"

/* Writes the document to path, staged. A figure is followed by its footnote, which gives its definition, query
 * and code. TZ_SYSTEM: the disk; TZ_LIMIT: past TZ_MAX_BUF_BYTES. */
TZ_MUST tz_rc tz_markdown_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

#endif
