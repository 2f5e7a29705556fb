/* leading - what the pages share that are read from above: the day in the address, the scope, pictures. */
#ifndef TZ_WEB_LEADING_H
#define TZ_WEB_LEADING_H

#include "report/figure.h"
#include "report/picture.h"
#include "web/words.h"

/* "?as_of=2020-06-30", with "&at=N" where one was asked for: what a link carries on. */
const char *tz_web_day_query(const tz_request *req, tz_day day);

/* How the codes of the actor's divisions begin; NULL: the whole county. */
const tz_strings *tz_web_scope(const tz_request *req);

/* Whether the actor may see the registers of a figure. */
bool tz_web_may_figure(const tz_request *req, const tz_packs *packs, const tz_figure *figure);

/* A picture as an SVG element, and what it shows in words, as members `svg` and `words` of an object; null without items. */
json_t *tz_web_picture(const tz_request *req, const tz_picture *picture);

/* All figures of a day from what is kept, computed on first demand: as tz_prepare. */
TZ_MUST tz_rc tz_web_figures_of(tz_request *req, tz_reply *reply, tz_day day, tz_figure_values *ret_values, bool *ret_is_ready, tz_err *err);

#endif
