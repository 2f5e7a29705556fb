/* view - figures as the data of a template, and a pack's section filled with them.
 *
 * {{house.cd}} prints a figure as phrase.h says and links it to its rows.  Its members:
 *
 *   {{#house.all_safe}}全部达到{{/house.all_safe}}{{^house.all_safe}}…{{/house.all_safe}}
 *                         a section stands where a claim holds, a number is not zero
 *   {{x.exceptions}}      of a claim: how many
 *   {{x.all}} {{x.mostly}} {{x.known}}   truths: without exception; 基本; it has a value at all
 *   {{x.word}}            of a fall: 下降, 增长 or 持平; {{x.amount}} without its sign
 *   {{x.change}}          since the earlier report: 增长12%, or nothing where none was asked for
 *   {{x.unit}}
 *
 * A sentence may write the unit (共 {{x}} 户); where it does not, the figure brings it (完成 {{roads}}): see
 * tz_view_units.
 *
 * {{> NAME}} takes templates/NAME.md of the same pack.
 */
#ifndef TZ_REPORT_VIEW_H
#define TZ_REPORT_VIEW_H

#include "base/json.h"
#include "report/document.h"
#include "report/figure.h"

/* The figures as nested objects: {"house": {"cd": {…}}}. before NULL: no earlier report. The caller
 * owns it. */
json_t *tz_view_figures(tz_arena *mem, const tz_figure_values *values, const tz_figure_values *before, tz_lang lang);

/* The text of the whole report as one Markdown: the first pack that holds a master.md says in what order sections stand and
 * under which headings ({{> housing}} takes that pack's section, its headings one level lower). A section that it does not
 * name follows at the end; a heading under which nothing stands is left out. Without a master.md all sections stand in the
 * packs' order. TZ_INPUT, TZ_LIMIT: a template's own faults. */
TZ_MUST tz_rc tz_view_report(tz_arena *mem, const tz_packs *packs, const json_t *view, tz_lang lang, tz_text *ret_markdown, tz_err *err);

/* Gives every figure of a paragraph, item or quote its unit where the text behind it does not begin with it. Call it
 * when the sections stand in doc. */
void tz_view_units(tz_document *doc);

#endif
