/* xlsx - a document's tables and figures as a workbook: a sheet a table, every row behind every figure. */
#ifndef TZ_REPORT_XLSX_H
#define TZ_REPORT_XLSX_H

#include "report/document.h"

/* Writes the workbook to path, staged: the same bytes for the same document. Its sheets: contents; figures,
 * each a link to its rows; the document's tables with all their rows; the rows. A ledger is printed on A3
 * across. TZ_SYSTEM: the disk; or what loading rows gives. */
TZ_MUST tz_rc tz_xlsx_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

#endif
