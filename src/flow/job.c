#include "flow/job.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"

/* How often progress is written down, how long a thread without work sleeps before it looks again (a job may come from another
 * process), how long a job waits for the county. */
enum { TELL_MS = 300, LOOK_MS = 2000, PAUSE_MS = 200, WAIT_FOR_COUNTY_MS = 600000 };

struct tz_jobs {
    tz_jobs_options options;
    tz_arena        mem;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  has_work;
    bool            is_ending;     /* under the lock */
    int64_t         running;       /* under the lock; 0: none */
    atomic_bool     is_stopped;    /* the running job should stop */
    atomic_bool     is_closing;
};

struct tz_job_inside {
    tz_jobs    *jobs;
    const char *what; /* as told last; borrowed of the program's texts */
    int64_t     told_ms;
};

/* Real time, for pauses; the app's clock may stand still in a test. */
static int64_t steady_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(int ms)
{
    (void)nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000L}, NULL);
}

/* ---- What the work may ask of the world ---- */

static int64_t job_now(void *context)
{
    const tz_job *job = context;
    return tz_app_now_ms(job->inside->jobs->options.app);
}

static bool job_should_stop(void *context)
{
    const tz_job *job = context;
    return atomic_load(&job->inside->jobs->is_stopped) || atomic_load(&job->inside->jobs->is_closing);
}

/* Tells how far it is, not oftener than needed; what can't be told is no fault of the work. */
static void job_progress(void *context, const char *what, int64_t done, int64_t total)
{
    tz_job *job = context;
    int64_t now = steady_ms();
    bool    is_stopped = false, is_same = job->inside->what != NULL && strcmp(job->inside->what, what) == 0;
    tz_err  ignored;

    if (is_same && now - job->inside->told_ms < TELL_MS && (total == 0 || done < total))
        return;
    job->inside->what = tz_arena_dup(job->mem, what);
    job->inside->told_ms = now;
    if (tz_desk_job_progress(job->desk, job->number, what, done, total, &is_stopped, &ignored) == TZ_OK && is_stopped)
        atomic_store(&job->inside->jobs->is_stopped, true);
}

tz_rc tz_job_open(tz_job *job, tz_access access, tz_session **ret_session, tz_err *err)
{
    tz_assert(job != NULL && ret_session != NULL);
    const tz_jobs *jobs = job->inside->jobs;
    int64_t        until = steady_ms() + WAIT_FOR_COUNTY_MS;
    const char    *before = job->inside->what;

    for (;;) {
        tz_err busy = {0};
        tz_rc  rc = access == TZ_WRITE ? tz_session_open(&job->app, job->folder, TZ_WRITE, jobs->options.system_user, job->user, ret_session, &busy)
                                       : tz_session_open(&job->app, job->folder, TZ_READ, NULL, NULL, ret_session, &busy);
        if (rc == TZ_OK && before != NULL && before != job->inside->what)
            job_progress(job, before, 0, 0);
        if (rc != TZ_BUSY || steady_ms() > until) {
            if (rc != TZ_OK)
                *err = busy;
            return rc;
        }
        if (job_should_stop(job))
            return tz_fail(err, TZ_STOPPED, "已停止", "stopped");
        job_progress(job, "等别人写完|waiting for another writer", 0, 0);
        pause_ms(PAUSE_MS);
    }
}

/* ---- The thread ---- */

static const tz_job_kind *kind_of(const tz_jobs *jobs, const char *name)
{
    for (const tz_job_kind *kind = jobs->options.kinds; kind->name != NULL; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

/* What became of it: stopped by somebody, interrupted by the end of the program, failed, done. */
static const char *state_after(const tz_jobs *jobs, tz_rc rc)
{
    if (rc == TZ_OK)
        return "done";
    if (rc != TZ_STOPPED)
        return "failed";
    return atomic_load(&jobs->is_stopped) ? "stopped" : "interrupted";
}

static void run_one(tz_jobs *jobs, const json_t *row)
{
    tz_arena             mem = {0};
    tz_err               err = {0}, ignored;
    struct tz_job_inside inside = {.jobs = jobs};
    tz_job job = {.number = tz_json_int(row, "job", 0), .user = tz_json_str(row, "user"), .args = json_object_get(row, "args"), .mem = &mem,
                  .folder = jobs->options.folder, .desk = jobs->options.desk, .result = json_object(), .inside = &inside};
    const tz_job_kind *kind = kind_of(jobs, tz_json_str(row, "kind"));

    job.app = (tz_app){.lang = strcmp(tz_json_str(row, "lang"), "zh") == 0 ? TZ_ZH : TZ_EN, .now_ms = job_now, .progress = job_progress,
                       .should_stop = job_should_stop, .context = &job, .program = jobs->options.app->program, .user = job.user};
    tz_rc rc = kind != NULL ? kind->run(&job, &err) : tz_fail(&err, TZ_USAGE, "没有这种任务", "there is no such kind of job");
    const char *state = state_after(jobs, rc);
    /* Where not even that can be written it stays "running", and the next start finds it interrupted. */
    (void)!tz_desk_job_end(jobs->options.desk, job.number, state, job.result, strcmp(state, "failed") == 0 ? &err : NULL, &ignored);
    json_decref(job.result);
    tz_arena_free(&mem);
}

/* The next job, or NULL when the thread should end. Sleeps while there is none. */
static json_t *next_job(tz_jobs *jobs)
{
    json_t *row = NULL;

    (void)pthread_mutex_lock(&jobs->lock);
    while (!jobs->is_ending) {
        tz_err          ignored;
        struct timespec until;
        jobs->running = 0;
        atomic_store(&jobs->is_stopped, false);
        if (tz_desk_job_take(jobs->options.desk, &row, &ignored) == TZ_OK && row != NULL) {
            jobs->running = tz_json_int(row, "job", 0);
            break;
        }
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_MS / 1000;
        (void)pthread_cond_timedwait(&jobs->has_work, &jobs->lock, &until);
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return row;
}

static void *work(void *context)
{
    tz_jobs *jobs = context;

    for (json_t *row = next_job(jobs); row != NULL; row = next_job(jobs)) {
        run_one(jobs, row);
        json_decref(row);
    }
    return NULL;
}

/* Signals belong to the program's first thread. */
static int start(tz_jobs *jobs)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&jobs->thread, NULL, work, jobs);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

tz_rc tz_jobs_open(const tz_jobs_options *options, tz_jobs **ret_jobs, tz_err *err)
{
    tz_assert(options != NULL && options->app != NULL && options->folder != NULL && options->desk != NULL && options->kinds != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_jobs *jobs = tz_new(&mem, tz_jobs);

    jobs->options = *options;
    jobs->mem = mem; /* they live in their own arena */
    int failed = pthread_mutex_init(&jobs->lock, NULL) | pthread_cond_init(&jobs->has_work, NULL);
    tz_assert(failed == 0);
    TZ_TRY(tz_desk_job_interrupt(options->desk, err));
    if (start(jobs) != 0) {
        rc = tz_fail(err, TZ_SYSTEM, "无法启动后台线程", "cannot start a thread");
        goto done;
    }
    *ret_jobs = jobs;
    jobs = NULL;
done:
    if (jobs != NULL) {
        (void)pthread_cond_destroy(&jobs->has_work);
        (void)pthread_mutex_destroy(&jobs->lock);
        mem = jobs->mem;
        tz_arena_free(&mem);
    }
    return rc;
}

void tz_jobs_close(tz_jobs *jobs)
{
    if (jobs == NULL)
        return;
    atomic_store(&jobs->is_closing, true);
    (void)pthread_mutex_lock(&jobs->lock);
    jobs->is_ending = true;
    (void)pthread_cond_broadcast(&jobs->has_work);
    (void)pthread_mutex_unlock(&jobs->lock);
    (void)pthread_join(jobs->thread, NULL);
    (void)pthread_cond_destroy(&jobs->has_work);
    (void)pthread_mutex_destroy(&jobs->lock);
    tz_arena mem = jobs->mem;
    tz_arena_free(&mem);
}

/* ---- What a person asks ---- */

static void wake(tz_jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    (void)pthread_cond_broadcast(&jobs->has_work);
    (void)pthread_mutex_unlock(&jobs->lock);
}

tz_rc tz_jobs_add(tz_jobs *jobs, const char *kind, const char *user, tz_lang lang, const json_t *args, int64_t *ret_job, tz_err *err)
{
    tz_assert(jobs != NULL && kind != NULL && user != NULL && ret_job != NULL);
    if (kind_of(jobs, kind) == NULL)
        return tz_fail(err, TZ_USAGE, "没有这种任务:%s", "there is no such kind of job: %s", kind);
    tz_rc rc = tz_desk_job_add(jobs->options.desk, kind, user, lang, args, ret_job, err);
    if (rc == TZ_OK)
        wake(jobs);
    return rc;
}

tz_rc tz_jobs_stop(tz_jobs *jobs, int64_t job, tz_err *err)
{
    tz_assert(jobs != NULL);
    tz_rc rc = tz_desk_job_stop(jobs->options.desk, job, err);

    (void)pthread_mutex_lock(&jobs->lock);
    if (rc == TZ_OK && jobs->running == job)
        atomic_store(&jobs->is_stopped, true);
    (void)pthread_mutex_unlock(&jobs->lock);
    return rc;
}

tz_rc tz_jobs_again(tz_jobs *jobs, int64_t job, tz_err *err)
{
    tz_assert(jobs != NULL);
    tz_rc rc = tz_desk_job_again(jobs->options.desk, job, err);

    if (rc == TZ_OK)
        wake(jobs);
    return rc;
}

const char *tz_jobs_title(const tz_jobs *jobs, const char *kind)
{
    tz_assert(jobs != NULL && kind != NULL);
    const tz_job_kind *found = kind_of(jobs, kind);
    return found == NULL ? kind : found->title;
}
