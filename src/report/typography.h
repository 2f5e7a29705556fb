/* typography - punctuation as official documents set it: full width between Chinese characters, no space beside
 * a number. */
#ifndef TZ_REPORT_TYPOGRAPHY_H
#define TZ_REPORT_TYPOGRAPHY_H

#include "report/document.h"

/* Sets all texts of a Chinese document; another stays as it is. Code and what a column other than one of text
 * holds stay too. Call it once, when the document is complete. */
void tz_typography(tz_document *doc);

/* One text: "对 3 户进行鉴定,其中" becomes "对3户进行鉴定,其中" with a full-width comma. The result is in mem. */
const char *tz_typography_text(tz_arena *mem, const char *text);

#endif
