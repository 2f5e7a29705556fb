/* desk_job - long work that the office was asked for: what, by whom, how far it is, what came of it.
 *
 * The rows of desk.db alone; who does the work is flow/job.h. States: waiting, running, done, failed, stopped (by a person),
 * interrupted (the program ended while it ran). A job that ended stays TZ_JOB_DAYS.
 */
#ifndef TZ_STORE_DESK_JOB_H
#define TZ_STORE_DESK_JOB_H

#include "store/desk.h"

enum { TZ_JOB_DAYS = 184, TZ_MAX_WAITING_JOBS = 50 /* of one user */ };

/* Adds one that waits. args: an object. TZ_LIMIT: too many of this user wait. */
TZ_MUST tz_rc tz_desk_job_add(tz_desk *desk, const char *kind, const char *user, tz_lang lang, const json_t *args, int64_t *ret_job,
                              tz_err *err);

/* The oldest of some kinds (an array of names) that waits, running from now on; NULL: none waits. The caller owns it. */
TZ_MUST tz_rc tz_desk_job_take(tz_desk *desk, const json_t *kinds, json_t **ret_job, tz_err *err);

/* How far it is. ret_is_stopped: somebody asked to stop it. */
TZ_MUST tz_rc tz_desk_job_progress(tz_desk *desk, int64_t job, const char *what, int64_t done, int64_t total, bool *ret_is_stopped,
                                   tz_err *err);

/* It ended: state is done, failed, stopped or interrupted. result: an object or NULL. why (failed): what went wrong, or NULL. */
TZ_MUST tz_rc tz_desk_job_end(tz_desk *desk, int64_t job, const char *state, const json_t *result, const tz_err *why, tz_err *err);

/* At the program's start: what was running is interrupted. */
TZ_MUST tz_rc tz_desk_job_interrupt(tz_desk *desk, tz_err *err);

/* A person stops one: what waits is stopped, what runs is told. TZ_MISSING; TZ_REFUSED: it has ended. */
TZ_MUST tz_rc tz_desk_job_stop(tz_desk *desk, int64_t job, tz_err *err);

/* Lets one that was stopped, interrupted or failed wait again. TZ_MISSING; TZ_REFUSED: it waits, runs or is done. */
TZ_MUST tz_rc tz_desk_job_again(tz_desk *desk, int64_t job, tz_err *err);

/* {job, kind, user, lang, args{}, state, what ("中文|English"), done, total, is_stop_asked, result{} or null, error ("中文|English")
 * and advice or null, made, started, ended (RFC 3339 or null), ms (it took)}. TZ_MISSING. The caller owns it. */
TZ_MUST tz_rc tz_desk_job_get(tz_desk *desk, int64_t job, json_t **ret_job, tz_err *err);

/* Those of a user (NULL: all), newest first, before a number (0: from the newest). */
TZ_MUST tz_rc tz_desk_job_list(tz_desk *desk, const char *user, int64_t before, int limit, json_t **ret_rows, tz_err *err);

#endif
