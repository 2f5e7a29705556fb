#include "web/prepare.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"

enum { PATIENCE_MS = 2500, MOST_DONE = 64 };

typedef struct job job;
struct job {
    tz_arena         mem; /* holds the job itself */
    const char      *key, *what, *folder;
    tz_prepare_work *work;
    tz_day           day;
    tz_app           app;
    bool             is_done;
    tz_rc            rc;
    tz_err           err;
    job             *next;
};

/* One queue for the process: what is computed takes all the processors it can get anyway. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  changed = PTHREAD_COND_INITIALIZER;
static job            *jobs;
static bool            is_running, is_ending;

static void enter(void)
{
    tz_assert(pthread_mutex_lock(&lock) == 0);
}

static void leave(void)
{
    tz_assert(pthread_mutex_unlock(&lock) == 0);
}

static job *find(const char *key)
{
    for (job *one = jobs; one != NULL; one = one->next)
        if (strcmp(one->key, key) == 0)
            return one;
    return NULL;
}

static void drop(job *one)
{
    job **at = &jobs;

    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    tz_arena mem = one->mem;
    tz_arena_free(&mem);
}

static tz_rc compute(job *one)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_session *session = NULL;
    tz_err     *err = &one->err;

    TZ_TRY(tz_session_open(&one->app, one->folder, TZ_READ, NULL, NULL, &session, err));
    TZ_TRY(one->work(&mem, session, one->day, one->app.lang, one->what, err));
done:
    tz_session_close(session);
    tz_arena_free(&mem);
    return rc;
}

/* The oldest that waits, or NULL. */
static job *next_undone(void)
{
    job *last = NULL;

    for (job *one = jobs; one != NULL; one = one->next)
        if (!one->is_done)
            last = one;
    return is_ending ? NULL : last;
}

static void *run(void *context)
{
    job *one;

    (void)context;
    enter();
    while ((one = next_undone()) != NULL) {
        leave();
        tz_rc rc = compute(one);
        enter();
        one->rc = rc;
        one->is_done = true;
        (void)pthread_cond_broadcast(&changed);
    }
    is_running = false;
    (void)pthread_cond_broadcast(&changed);
    leave();
    return NULL;
}

static bool start(void)
{
    pthread_t thread;

    if (is_running)
        return true;
    is_running = pthread_create(&thread, NULL, run, NULL) == 0;
    return is_running && pthread_detach(thread) == 0;
}

/* Of those that are done the newest stay for who asks again; whoever asked for the others did not come back. */
static void forget_old(void)
{
    size_t done = 0;

    for (job *one = jobs, *next; one != NULL; one = next) {
        next = one->next;
        done += one->is_done;
        if (one->is_done && done > MOST_DONE)
            drop(one);
    }
}

static void add(tz_request *req, const char *key, tz_day day, tz_prepare_work *work, const char *what)
{
    const tz_serve_options *options = tz_office_options(req->office);
    tz_arena                mem = {0};
    job                    *one = tz_new(&mem, job);

    *one = (job){.key = tz_arena_dup(&mem, key), .what = tz_arena_dup(&mem, what), .folder = tz_arena_dup(&mem, options->folder),
                 .work = work, .day = day, .app = *options->app, .next = jobs};
    one->app.lang = req->lang;
    one->app.progress = NULL;
    one->mem = mem;
    jobs = one;
    forget_old();
}

/* Waits until it is done, gone or the patience is over. */
static job *wait_for(const char *key)
{
    struct timespec until;
    job            *one = find(key);

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_MS / 1000;
    until.tv_nsec += PATIENCE_MS % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (one != NULL && !one->is_done && pthread_cond_timedwait(&changed, &lock, &until) == 0)
        one = find(key);
    return find(key);
}

tz_rc tz_prepare(tz_request *req, tz_reply *reply, tz_day day, tz_prepare_work *work, const char *what, const char *title,
                 bool *ret_is_ready, tz_err *err)
{
    tz_assert(req != NULL && reply != NULL && work != NULL && what != NULL && title != NULL && ret_is_ready != NULL);
    tz_rc       rc = TZ_OK;
    const char *key = tz_arena_printf(req->mem, "%s %d %lld %d %s", what, (int)day.as_of, (long long)day.at, (int)req->lang,
                                      tz_office_options(req->office)->folder);

    enter();
    if (find(key) == NULL)
        add(req, key, day, work, what);
    if (!start()) {
        leave();
        return tz_fail(err, TZ_SYSTEM, "不能启动线程", "cannot start a thread");
    }
    job *one = wait_for(key);
    *ret_is_ready = one == NULL || one->is_done;
    if (one != NULL && one->is_done) {
        rc = one->rc;
        if (rc != TZ_OK)
            *err = one->err;
        drop(one);
    }
    leave();
    if (rc == TZ_OK && !*ret_is_ready) {
        reply->page = "wait";
        reply->status = 202;
        tz_json_set_str(reply->data, "what", title);
        tz_reply_header(req, reply, "Refresh", "2");
    }
    return rc;
}

void tz_prepare_end(void)
{
    enter();
    is_ending = true;
    while (is_running)
        (void)pthread_cond_wait(&changed, &lock);
    while (jobs != NULL)
        drop(jobs);
    is_ending = false;
    leave();
}
