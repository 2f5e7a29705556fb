/* frame - what stands around every page: the head with its menu, the notice of what was done, the foot. */
#ifndef TZ_WEB_FRAME_H
#define TZ_WEB_FRAME_H

#include "web/inside.h"

/* What a template may ask of who reads: their roles; in what is not kept for others, also who they are. A new reference. */
json_t *tz_frame_me(const tz_actor *actor, bool with_name);

/* The page: body in the frame of who asks. TZ_INPUT: a template's own fault. TZ_LIMIT. */
TZ_MUST tz_rc tz_frame_put(tz_exchange *exchange, const char *title, tz_text body, tz_text *ret_page, tz_err *err);

#endif
