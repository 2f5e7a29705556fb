/* lookup - the person whom an identity number means, without any number being kept: by its key. */
#ifndef TZ_PEOPLE_LOOKUP_H
#define TZ_PEOPLE_LOOKUP_H

#include "store/store.h"

/* "P12", as it is called now, in mem; NULL where nobody is known by this number. TZ_SYSTEM. */
TZ_MUST tz_rc tz_person_of_number(tz_arena *mem, tz_store *store, tz_text number, const char **ret_person, tz_err *err);

#endif
