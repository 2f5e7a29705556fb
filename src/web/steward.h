/* steward - a thread of the office's process that looks after what is public: it writes the site anew when the journal has
 * grown or a day began, and takes complaints in. Twice a minute, and never while nothing changed. */
#ifndef TZ_WEB_STEWARD_H
#define TZ_WEB_STEWARD_H

#include "web/inside.h"

typedef struct tz_steward tz_steward;

/* Starts it. TZ_SYSTEM. */
TZ_MUST tz_rc tz_steward_start(tz_office *office, tz_steward **ret_steward, tz_err *err);
/* Ends it when it is done with what it does; NULL is fine. */
void tz_steward_end(tz_steward *steward);

#endif
