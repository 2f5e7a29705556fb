/* html - text into a page, escaped by construction. */
#ifndef TZ_REPORT_HTML_H
#define TZ_REPORT_HTML_H

#include "base/text.h"

/* Appends text with & < > " ' escaped. */
void tz_html_text(tz_buf *out, tz_text text);
void tz_html_str(tz_buf *out, const char *text); /* NULL appends nothing */

/* Appends Markdown as HTML; raw HTML in it is shown as text. */
void tz_html_markdown(tz_buf *out, tz_text markdown);

/* The style sheet of every page (look.md's tokens, light and dark, screen and paper). */
extern const char TZ_HTML_STYLE[];

#endif
