/* body - the body of a POST, as it comes in. */
#ifndef TZ_WEB_BODY_H
#define TZ_WEB_BODY_H

#include "web/inside.h"

/* Prepares for the body of the exchange's route; what is wrong with it is kept in exchange->body_rc until its end. */
void tz_body_begin(tz_exchange *exchange);
/* Takes the next bytes, which body_bytes counts already. False: so much more than allowed came that the connection is to be closed. */
bool tz_body_take(tz_exchange *exchange, const char *data, size_t size);
/* All is there: fields and uploads stand in the request. */
void tz_body_end(tz_exchange *exchange);
/* Removes staged files that no handler took away. */
void tz_body_close(tz_exchange *exchange);

#endif
