/* proofread - a report that somebody wrote by hand, beside the figures that the county's rows give.
 *
 * Each number and claim gets one verdict:
 *   agrees       a figure computed from rows gives the same, as far as the text prints it
 *   differs      it gives another
 *   contradicts  the text says two numbers of one thing, or breaks an assertion between figures
 *   unbacked     nothing computes it
 *   left         a name, a date, a telephone number: no figure (listed on demand)
 */
#ifndef TZ_REPORT_PROOFREAD_H
#define TZ_REPORT_PROOFREAD_H

#include "base/json.h"
#include "report/figure.h"

typedef struct {
    const tz_packs         *packs;
    const tz_figure_values *values; /* computed; NULL: none are to be had */
    tz_lang                 lang;
    bool                    is_all; /* with what was left alone */
} tz_proofreading;

/* Reads text. ret_lines: [{phrase, value, unit, kind, figure, title, computed, verdict, note, paragraph}] in
 * the text's order. ret_assertions: [{assertion, title, sentence, truth (holds, broken, unknown), otherwise
 * (contradicts, explain), note}] of all assertions, judged on what the text says. The caller owns both. */
TZ_MUST tz_rc tz_proofread_text(tz_arena *mem, tz_text text, const tz_proofreading *options, json_t **ret_lines, json_t **ret_assertions,
                                tz_err *err);

/* The same of a file (.docx, .txt, .md) and a county's day; a county without rows computes nothing.
 * TZ_MISSING, TZ_INPUT, TZ_LIMIT: the file. */
TZ_MUST tz_rc tz_proofread_file(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, bool is_all,
                                const char *path, json_t **ret_lines, json_t **ret_assertions, tz_err *err);

#endif
