/* job - long work done one after the other by a thread of the server, told step by step in desk.db.
 *
 * Somebody asks for work (tz_jobs_add) and goes away; the thread takes the oldest that waits, and its progress stands in
 * desk.db (store/desk_job.h) where any page may look.  Kinds that only look have a thread of their own, so that nobody who
 * corrects a file waits for the rules to run.  A job opens the county for each of its steps and closes it behind it, or
 * holds it for two seconds of short ones (tz_job_hold), so that other writers wait for that, not for all.  It can be
 * stopped between steps and inside of them (tz_app_should_stop); what a killed program left running is marked as
 * interrupted, and doing it again goes on where it ended, since each step is complete or without effect.
 *
 *     TZ_TRY(tz_jobs_open(&(tz_jobs_options){.app = app, .folder = "county", .desk = desk, .kinds = TZ_WORK}, &jobs, err));
 *     TZ_TRY(tz_jobs_add(jobs, "run", "zhang", TZ_ZH, args, &job, err));
 *     tz_jobs_close(jobs);
 */
#ifndef TZ_FLOW_JOB_H
#define TZ_FLOW_JOB_H

#include "flow/flow.h"
#include "store/desk_job.h"

/* One job while it runs. */
typedef struct tz_job {
    int64_t       number;
    const char   *user;
    const json_t *args;
    tz_app        app;     /* the job's: it speaks the asker's language, its progress is the job's, it knows of a stop */
    tz_arena     *mem;     /* until it ends */
    const char   *folder;  /* the county's */
    tz_desk      *desk;
    json_t       *result;  /* an object, to be filled */
    struct tz_job_inside *inside;
} tz_job;

typedef struct {
    const char *name;
    const char *title; /* "中文|English" */
    tz_rc (*run)(tz_job *job, tz_err *err);
    bool        only_looks; /* writes nothing into the county */
} tz_job_kind;

typedef struct {
    const tz_app      *app;         /* must outlive the jobs; its clock is asked from their threads */
    const char        *folder;
    const char        *system_user; /* who runs the server, or NULL */
    tz_desk           *desk;
    const tz_job_kind *kinds;       /* ends with a NULL name */
} tz_jobs_options;

typedef struct tz_jobs tz_jobs;

/* Marks what was running as interrupted and starts the threads, which go on with what waits. TZ_SYSTEM. */
TZ_MUST tz_rc tz_jobs_open(const tz_jobs_options *options, tz_jobs **ret_jobs, tz_err *err);
/* Tells the jobs at work to stop, marks them as interrupted, ends the threads. NULL is fine. */
void tz_jobs_close(tz_jobs *jobs);

/* Adds a job. args: an object, not taken. TZ_USAGE: no such kind. TZ_LIMIT: as tz_desk_job_add. */
TZ_MUST tz_rc tz_jobs_add(tz_jobs *jobs, const char *kind, const char *user, tz_lang lang, const json_t *args, int64_t *ret_job, tz_err *err);
/* As tz_desk_job_stop and tz_desk_job_again. */
TZ_MUST tz_rc tz_jobs_stop(tz_jobs *jobs, int64_t job, tz_err *err);
TZ_MUST tz_rc tz_jobs_again(tz_jobs *jobs, int64_t job, tz_err *err);
/* The kind's title, "中文|English"; its name where it is none of these. */
const char *tz_jobs_title(const tz_jobs *jobs, const char *kind);

/* For a job's steps: the county, opened as its user. While another writes it waits, and says so, up to ten minutes; TZ_BUSY
 * after that, TZ_STOPPED when somebody stops it. */
TZ_MUST tz_rc tz_job_open(tz_job *job, tz_access access, tz_session **ret_session, tz_err *err);

/* The county for the next of many short steps, to be written: opened as above where *session is NULL, kept where it is held
 * for less than two seconds, else given back for a moment, in which whoever waits for it gets it, and opened again. Opening is
 * what many a step costs most. The caller closes what stands in *session at the end; after an error that is NULL. */
TZ_MUST tz_rc tz_job_hold(tz_job *job, tz_session **session, tz_err *err);

#endif
