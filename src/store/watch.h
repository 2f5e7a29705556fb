/* watch - how far the journal of a county has grown, asked often and cheaply by who reads beside its writers. */
#ifndef TZ_STORE_WATCH_H
#define TZ_STORE_WATCH_H

#include <stdint.h>

#include "base/err.h"

typedef struct tz_watch tz_watch;

/* A connection of its own for reading; a thread uses its own watch. TZ_MISSING, TZ_SYSTEM. */
TZ_MUST tz_rc tz_watch_open(const char *folder, tz_watch **ret_watch, tz_err *err);
void          tz_watch_close(tz_watch *watch); /* NULL is fine */

/* The newest entry, and the newest that changed the configuration (county.yaml, packs). Where nobody wrote since it was last
 * asked, it costs one look at shared memory. TZ_SYSTEM. */
TZ_MUST tz_rc tz_watch_look(tz_watch *watch, int64_t *ret_entry, int64_t *ret_config, tz_err *err);

#endif
