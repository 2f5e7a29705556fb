/* report - the county's report of a day: every figure computed, every figure opens.
 *
 * The same bytes for the same as-of date, journal entry, program and packs: no clock, no chance.
 */
#ifndef TZ_REPORT_REPORT_H
#define TZ_REPORT_REPORT_H

#include "packs/pack.h"
#include "packs/query.h"
#include "report/document.h"
#include "report/html.h"
#include "store/store.h"

typedef struct {
    tz_day  day;
    tz_lang lang;
    int32_t since;     /* the date of the report before, for changes and last(); 0: none */
    bool    is_strict; /* refuse a report in which an assertion between figures is broken */
    bool    is_alone;  /* no workbook beside a page that cuts rows (FILE.xlsx beside FILE.html) */
} tz_report_options;

/* Writes the report to path, whose ending chooses the form. What was made before for the same options, entry, packs and program
 * is copied (kept.h), but for is_strict: then a broken assertion, which else stands on the first page, lets nothing be written.
 * TZ_USAGE: a form that is not written. TZ_REFUSED: is_strict, and err names the first that is broken. TZ_INPUT: a section's
 * template is wrong. TZ_SYSTEM: the disk. Else as tz_figures_compute, tz_checks_run and tz_findings. */
TZ_MUST tz_rc tz_report_make(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path,
                             tz_err *err);

/* The workbook beside a page: FILE.xlsx of FILE.html. */
const char *tz_report_rest(tz_arena *mem, const char *path);

/* The report's text as a part of another page (html.h). Errors as tz_report_make, but for the disk. */
TZ_MUST tz_rc tz_report_part(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const tz_html_links *links,
                             tz_text *ret_part, tz_err *err);

/* Writes any document (a letter, a publication) in the form that the ending of path chooses. TZ_USAGE, TZ_SYSTEM. */
TZ_MUST tz_rc tz_document_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

#endif
