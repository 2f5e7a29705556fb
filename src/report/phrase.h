/* phrase - a figure as officials write it, by its kind; the only place where one becomes text.
 *
 *   counted, measured   1839户, 84.2万元, 整改率100%; a fall: 下降19%, 增长3%, 持平
 *   universal           属实, or 不属实(例外 3): never its number
 *   mostly              全部, 基本, or 尚未(例外 40)
 *   bound               2000余名; 2000名 where it is exactly so many
 *   target              力争100%
 *
 * A writer takes `printed` or `in_sentence` and can so print no kind as another.
 */
#ifndef TZ_REPORT_PHRASE_H
#define TZ_REPORT_PHRASE_H

#include "report/figure.h"

/* Fills printed (with its unit) and in_sentence (the sentence writes the unit) from the rest. */
void tz_phrase_print(tz_arena *mem, tz_figure_value *value, tz_lang lang);

/* "84.20" as "84.2", "150.00" as "150". */
const char *tz_phrase_number(tz_arena *mem, const char *decimal);

/* How a value changed since an earlier one: "增长12%", "下降19%", "持平", "增加3" where it was zero.
 * NULL where either is not to be had. */
const char *tz_phrase_change(tz_arena *mem, const char *now, const char *before, tz_lang lang);

#endif
