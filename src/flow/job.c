#include "flow/job.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"

/* How often progress is written down, how long a thread without work sleeps before it looks again (a job may come from another
 * process), how long a job waits for the county. */
enum { TELL_MS = 300, LOOK_MS = 2000, PAUSE_MS = 200, WAIT_FOR_COUNTY_MS = 600000 };
/* How long short steps hold the county, and for how long it is given back then: who waits for it looks every 50 ms. */
enum { HELD_MS = 2000, GIVEN_BACK_MS = 75 };

/* A thread, and the kinds that it takes. */
typedef struct {
    tz_jobs    *jobs;
    json_t     *kinds;      /* their names */
    pthread_t   thread;
    bool        is_started;
    int64_t     running;    /* under the lock; 0: none */
    atomic_bool is_stopped; /* the running job should stop */
} lane;
enum { WRITING, LOOKING, LANES };

struct tz_jobs {
    tz_jobs_options options;
    tz_arena        mem;
    lane            lanes[LANES];
    pthread_mutex_t lock;
    pthread_cond_t  has_work;
    bool            is_ending; /* under the lock */
    int             hold;      /* of .jobs, held; -1: not; under the lock */
    atomic_bool     is_closing;
};

struct tz_job_inside {
    lane       *lane;
    tz_jobs    *jobs;
    const char *what; /* as told last; borrowed of the program's texts */
    int64_t     told_ms;
    int64_t     held_ms; /* since when tz_job_hold holds the county */
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
    return atomic_load(&job->inside->lane->is_stopped) || atomic_load(&job->inside->jobs->is_closing);
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
        atomic_store(&job->inside->lane->is_stopped, true);
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

tz_rc tz_job_hold(tz_job *job, tz_session **session, tz_err *err)
{
    tz_assert(job != NULL && session != NULL);

    if (*session != NULL && steady_ms() - job->inside->held_ms < HELD_MS)
        return TZ_OK;
    if (*session != NULL) {
        tz_session_close(*session);
        *session = NULL;
        pause_ms(GIVEN_BACK_MS);
    }
    tz_rc rc = tz_job_open(job, TZ_WRITE, session, err);
    job->inside->held_ms = steady_ms();
    return rc;
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
static const char *state_after(const lane *at, tz_rc rc)
{
    if (rc == TZ_OK)
        return "done";
    if (rc != TZ_STOPPED)
        return "failed";
    return atomic_load(&at->is_stopped) ? "stopped" : "interrupted";
}

static void run_one(lane *at, const json_t *row)
{
    tz_arena             mem = {0};
    tz_err               err = {0}, ignored;
    tz_jobs             *jobs = at->jobs;
    struct tz_job_inside inside = {.lane = at, .jobs = jobs};
    tz_job job = {.number = tz_json_int(row, "job", 0), .user = tz_json_str(row, "user"), .args = json_object_get(row, "args"), .mem = &mem,
                  .folder = jobs->options.folder, .desk = jobs->options.desk, .result = json_object(), .inside = &inside};
    const tz_job_kind *kind = kind_of(jobs, tz_json_str(row, "kind"));

    job.app = (tz_app){.lang = strcmp(tz_json_str(row, "lang"), "zh") == 0 ? TZ_ZH : TZ_EN, .now_ms = job_now, .progress = job_progress,
                       .should_stop = job_should_stop, .context = &job, .program = jobs->options.app->program, .user = job.user};
    tz_rc rc = kind != NULL ? kind->run(&job, &err) : tz_fail(&err, TZ_USAGE, "没有这种任务", "there is no such kind of job");
    const char *state = state_after(at, rc);
    if (rc == TZ_SYSTEM) { /* as for pages: the machine's inside is for who runs it */
        char line[1024];
        tz_err_line(&err, TZ_EN, line, sizeof line);
        (void)fprintf(stderr, "taizhang: job %lld: %s\n", (long long)job.number, line);
        err = tz_err_outside(&err);
    }
    /* Where not even that can be written it stays "running", and the next start finds it interrupted. */
    (void)!tz_desk_job_end(jobs->options.desk, job.number, state, job.result, strcmp(state, "failed") == 0 ? &err : NULL, &ignored);
    json_decref(job.result);
    tz_arena_free(&mem);
}

/* Of several servers of one county the one that holds .jobs does the work; the kernel lets go of it when that one ends, however
 * it ends. Whoever gets it knows that nothing runs: what stands as running was cut off. */
static bool holds_work(tz_jobs *jobs)
{
    tz_arena mem = {0};
    tz_err   ignored;

    if (jobs->hold < 0) {
        int fd = open(tz_arena_printf(&mem, "%s/.jobs", jobs->options.folder), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && tz_desk_job_interrupt(jobs->options.desk, &ignored) == TZ_OK)
            jobs->hold = fd;
        else if (fd >= 0)
            (void)close(fd);
        tz_arena_free(&mem);
    }
    return jobs->hold >= 0;
}

/* The next job, or NULL when the thread should end. Sleeps while there is none. */
static json_t *next_job(lane *at)
{
    tz_jobs *jobs = at->jobs;
    json_t  *row = NULL;

    (void)pthread_mutex_lock(&jobs->lock);
    at->running = 0;
    atomic_store(&at->is_stopped, false);
    while (!jobs->is_ending) {
        tz_err          ignored;
        struct timespec until;
        if (holds_work(jobs) && tz_desk_job_take(jobs->options.desk, at->kinds, &row, &ignored) == TZ_OK && row != NULL) {
            at->running = tz_json_int(row, "job", 0);
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
    lane *at = context;

    for (json_t *row = next_job(at); row != NULL; row = next_job(at)) {
        run_one(at, row);
        json_decref(row);
    }
    return NULL;
}

/* Starts a thread; signals belong to the program's first. */
static tz_rc start(lane *at, tz_err *err)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    at->is_started = pthread_create(&at->thread, NULL, work, at) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return at->is_started ? TZ_OK : tz_fail(err, TZ_SYSTEM, "无法启动后台线程", "cannot start a thread");
}

tz_rc tz_jobs_open(const tz_jobs_options *options, tz_jobs **ret_jobs, tz_err *err)
{
    tz_assert(options != NULL && options->app != NULL && options->folder != NULL && options->desk != NULL && options->kinds != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_jobs *jobs = tz_new(&mem, tz_jobs);

    jobs->options = *options;
    jobs->mem = mem; /* they live in their own arena */
    jobs->hold = -1;
    int failed = pthread_mutex_init(&jobs->lock, NULL) | pthread_cond_init(&jobs->has_work, NULL);
    tz_assert(failed == 0);
    for (size_t i = 0; i < LANES; i++) {
        jobs->lanes[i].jobs = jobs;
        jobs->lanes[i].kinds = json_array();
    }
    for (const tz_job_kind *kind = options->kinds; kind->name != NULL; kind++)
        (void)json_array_append_new(jobs->lanes[kind->only_looks ? LOOKING : WRITING].kinds, json_string(kind->name));
    (void)holds_work(jobs); /* else it is tried again */
    for (size_t i = 0; i < LANES; i++)
        TZ_TRY(start(&jobs->lanes[i], err));
    *ret_jobs = jobs;
    jobs = NULL;
done:
    tz_jobs_close(jobs);
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
    for (size_t i = 0; i < LANES; i++) {
        if (jobs->lanes[i].is_started)
            (void)pthread_join(jobs->lanes[i].thread, NULL);
        json_decref(jobs->lanes[i].kinds);
    }
    if (jobs->hold >= 0)
        (void)close(jobs->hold);
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
    for (size_t i = 0; rc == TZ_OK && i < LANES; i++)
        if (jobs->lanes[i].running == job)
            atomic_store(&jobs->lanes[i].is_stopped, true);
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
