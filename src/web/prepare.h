/* prepare - what takes seconds is computed beside the threads that answer, once for all who wait for it.
 *
 * A page that needs it waits a moment; where that is not enough its answer is the page `wait`, which asks again by itself.
 * What is computed is kept by the work itself (report/kept.h): nothing is handed over here but an error.
 */
#ifndef TZ_WEB_PREPARE_H
#define TZ_WEB_PREPARE_H

#include "web/web.h"

/* The work: in an arena of its own, with the county open for reading. what: as given to tz_prepare. */
typedef tz_rc tz_prepare_work(tz_arena *mem, tz_session *session, tz_day day, tz_lang lang, const char *what, tz_err *err);

/* Has it done for the day (resolved) and the reader's language. ret_is_ready false: reply is the waiting page, and the
 * handler ends with TZ_OK. Errors are those of the work. title: what is waited for, in the reader's language. */
TZ_MUST tz_rc tz_prepare(tz_request *req, tz_reply *reply, tz_day day, tz_prepare_work *work, const char *what, const char *title,
                         bool *ret_is_ready, tz_err *err);

/* Lets the work that runs come to its end and drops the rest, when the office closes. */
void tz_prepare_end(void);

#endif
