/* decision - reading what people decided about pairs of rows. */
#ifndef TZ_PEOPLE_DECISION_H
#define TZ_PEOPLE_DECISION_H

#include "people/cluster.h"

/* All decisions in the order in which they were made, but for those of whom nobody was sure. TZ_SYSTEM. */
TZ_MUST tz_rc tz_decisions_load(tz_arena *mem, tz_store *store, tz_decisions *ret_decisions, tz_err *err);

#endif
