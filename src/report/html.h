/* html - a document as one page: no script, no network, readable on screen and paper, light and dark. */
#ifndef TZ_REPORT_HTML_H
#define TZ_REPORT_HTML_H

#include "base/text.h"
#include "report/document.h"

/* Appends text with & < > " ' escaped. */
void tz_html_text(tz_buf *out, tz_text text);
void tz_html_str(tz_buf *out, const char *text); /* NULL appends nothing */

/* The whole page, in mem. rest: the base name of the workbook that lies beside it and holds the rows that
 * the page cuts, NULL: there is none. Errors are those of loading the rows behind a figure; TZ_LIMIT past
 * TZ_MAX_BUF_BYTES, or a code of more text than it holds (qr.h). */
TZ_MUST tz_rc tz_html_document(tz_arena *mem, const tz_document *doc, const char *rest, tz_text *ret_page, tz_err *err);

/* The document as a part of another page, which brings title, style and provenance: without the list of figures, since
 * each has a page of its own at before + NAME + behind. No style and no script in it. Errors as above. */
typedef struct { const char *before, *behind; } tz_html_links;
TZ_MUST tz_rc tz_html_part(tz_arena *mem, const tz_document *doc, const tz_html_links *links, tz_text *ret_part, tz_err *err);

/* How many rows of a figure a page shows. */
enum { TZ_HTML_ROWS = 200 };

/* The style sheet of every page (light and dark, screen and paper). */
extern const char TZ_HTML_STYLE[];

#endif
