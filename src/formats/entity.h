/* entity - the character references of HTML. */
#ifndef TZ_FORMATS_ENTITY_H
#define TZ_FORMATS_ENTITY_H

#include "base/text.h"

enum { TZ_ENTITY_BYTES = 12 }; /* name and its end */

/* The character that `name` ("amp", "#160", "#x4E2D", without & and ;) stands for, as UTF-8 in out. Returns its
 * length, 0 when it stands for none. A no-break space is given as a space. */
size_t tz_entity(tz_text name, char out[4]);

#endif
