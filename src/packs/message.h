/* message - the sentence of a finding, filled and masked for its reader. */
#ifndef TZ_PACKS_MESSAGE_H
#define TZ_PACKS_MESSAGE_H

#include "base/json.h"
#include "packs/pack.h"

/* Fills {column} of the half of message in lang with the member of params; a column that is not
 * among public_columns is masked where is_masked. An unknown column stays as written. */
const char *tz_message_fill(tz_arena *mem, const char *message, const json_t *params, const tz_strings *public_columns,
                            tz_lang lang, bool is_masked);

#endif
