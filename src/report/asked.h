/* asked - the pictures that sections ask for, made from figures. docs/format/report.md describes the fence. */
#ifndef TZ_REPORT_ASKED_H
#define TZ_REPORT_ASKED_H

#include "report/building.h"

/* Makes the picture that the lines of a ```picture fence ask for and appends it to doc; context is a
 * tz_building. What is asked wrongly is TZ_INPUT; TZ_SYSTEM: its figures can't be had. */
TZ_MUST tz_rc tz_picture_asked(void *context, tz_document *doc, tz_text lines, tz_err *err);

/* What is wrong with a pack's section though the pack loads: a link or an image that is refused, a picture that is
 * asked wrongly. Appends {rule: "section", file, line, text} to rows. */
TZ_MUST tz_rc tz_section_lint(tz_arena *mem, const tz_packs *packs, const tz_pack *pack, tz_lang lang, json_t *rows, tz_err *err);

#endif
