/* errors - the rows to be corrected, written back as a workbook with red cells and comments. */
#ifndef TZ_EVIDENCE_ERRORS_H
#define TZ_EVIDENCE_ERRORS_H

#include "base/json.h"
#include "formats/book.h"

/* The custom property that names, by the first 16 digits of their identities, the batches whose rows
 * the workbook holds: sent back, it corrects them. */
#define TZ_CORRECTS_PROPERTY "taizhang-corrects"

/* Writes book's sheets as they came to path (.xlsx), each row at its own address; the cells that
 * `report` (import's listing) names are red, or yellow where the value is taken all the same, each with
 * a comment: what stands there, which rule, what to do. corrects
 * is the property's text, "" for none. TZ_SYSTEM. */
TZ_MUST tz_rc tz_errors_write(tz_arena *mem, tz_book *book, const json_t *report, const char *corrects, const char *path,
                              tz_err *err);

#endif
