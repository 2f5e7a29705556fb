/* kept - values of figures that were computed once, so that a page need not compute them again.
 *
 * A county's figures take seconds.  They depend on the as-of date, the batches and links that the journal knew, the
 * packs and county.yaml, and the program, and on nothing else: a digest of these names the files in derived/kept/, so what is kept can
 * never be older than what it was computed from, and an entry that changes none of them (a step of an issue) lets it
 * stand.  Whoever computes keeps; nobody need open the county for writing.  rebuild and an erasure by order drop all.
 *
 * A file that is missing, cut or unreadable is as if it had never been kept.
 */
#ifndef TZ_REPORT_KEPT_H
#define TZ_REPORT_KEPT_H

#include "report/figure.h"
#include "report/report.h"

/* All figures of a day as tz_figures_compute gives them, but for the rows: row_count alone. TZ_MISSING: they are not
 * kept. */
TZ_MUST tz_rc tz_kept_figures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, tz_figure_values *ret_values,
                              tz_err *err);

/* The same with their rows. */
TZ_MUST tz_rc tz_kept_figures_with_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang,
                                        tz_figure_values *ret_values, tz_err *err);

/* Keeps all figures of a day and their rows. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_keep_figures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const tz_figure_values *values,
                              tz_err *err);

/* What the pictures of a report show by place and over time: {"township NAME": lines as place.h gives them, …}. TZ_MISSING:
 * it is not kept; TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_kept_pictures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, json_t **ret_series,
                               tz_err *err);
TZ_MUST tz_rc tz_keep_pictures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const json_t *series,
                               tz_err *err);

/* One figure opened: {townships[{division, name, value, unit, rows}], villages[…], trend[{as_of, value, printed, unit,
 * change}], why_not (null, or why it can't be told apart by place)}, as place.h gives them. TZ_MISSING: it is not kept. */
TZ_MUST tz_rc tz_kept_opened(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name,
                             json_t **ret_opened, tz_err *err);

/* Its rows [from, from + count) that lie in a division (a township's with its villages'; NULL: all), in the order of
 * their divisions, and how many lie there. TZ_MISSING: it is not kept. */
TZ_MUST tz_rc tz_kept_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, const char *division,
                           size_t from, size_t count, int64_t **ret_ids, size_t *ret_count, size_t *ret_total, tz_err *err);

/* Computes what is missing and keeps it: name NULL: all figures; else the one, opened. Errors of figure.h and place.h,
 * TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_kept_make(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name, tz_err *err);

/* What moved between an earlier day and this one, as tz_report_moved gives it. TZ_MISSING: it is not kept. */
TZ_MUST tz_rc tz_kept_moved(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t since, tz_lang lang,
                            json_t **ret_moved, tz_err *err);
TZ_MUST tz_rc tz_keep_moved(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t since, tz_lang lang, tz_err *err);

/* The report of a day in a form (html, docx, pdf, xlsx, md, or part: what a page shows). Issues and findings stand in it, so its
 * bytes depend on the entry too: with is_exact that of the options' day, else the newest that is kept for the same rows. ret_at:
 * its entry. TZ_MISSING: it is not kept. */
TZ_MUST tz_rc tz_kept_report(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form,
                             bool is_exact, const char **ret_path, int64_t *ret_at, tz_err *err);
/* Makes it for the day's entry and removes those of entries before the last. links: of a part. Errors as tz_report_make. */
TZ_MUST tz_rc tz_keep_report(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form,
                             const tz_html_links *links, tz_err *err);

/* A report that was made before, copied to path (and the workbook beside a page that cuts rows): the bytes that
 * tz_report_make would write. TZ_MISSING: it is not kept; TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_kept_copy(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path,
                           tz_err *err);
/* Keeps a report that was written to path. rest: the workbook beside it, or NULL. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_keep_copy(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path,
                           const char *rest, tz_err *err);

/* The folder of what is kept is there, and not too full. TZ_SYSTEM. */
TZ_MUST tz_rc tz_kept_open_room(tz_arena *mem, tz_store *store, tz_err *err);

/* What figures of the day depend on, as 32 digits: the name under which anything computed from them may be kept. */
TZ_MUST tz_rc tz_kept_key(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char **ret_key, tz_err *err);

#endif
