/* office - the threads that answer, and the counties that they hold open. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "flow/tray.h"
#include "flow/work.h"
#include "store/desk.h"
#include "web/auth.h"
#include "web/inside.h"
#include "web/office.h"
#include "packs/seal.h"
#include "web/prepare.h"
#include "web/public.h"
#include "web/steward.h"

const tz_serve_options *tz_office_options(const tz_office *office)
{
    return &office->options;
}

const char *tz_office_public(const tz_office *office)
{
    return office->public_folder;
}

const char *tz_office_incoming(const tz_office *office)
{
    return office->incoming;
}

struct tz_desk *tz_office_desk(const tz_office *office)
{
    return office->desk;
}

struct tz_jobs *tz_office_jobs(const tz_office *office)
{
    return office->jobs;
}

tz_rc tz_office_write(tz_office *office, const tz_app *app, const char *user, tz_session **ret_session, tz_err *err)
{
    return tz_session_open(app, office->options.folder, TZ_WRITE, NULL, user, ret_session, err); /* they have logged in */
}

tz_rc tz_office_write_people(tz_office *office, const tz_app *app, const char *user, tz_session **ret_session, tz_err *err)
{
    return tz_session_open_people(app, office->options.folder, NULL, user, ret_session, err);
}

void tz_office_look(tz_office *office, int64_t *ret_entry, int64_t *ret_config)
{
    tz_err ignored = {0};

    if (office->watch == NULL) { /* the public's process has no county */
        *ret_entry = *ret_config = 0;
        return;
    }
    tz_assert(pthread_mutex_lock(&office->watch_lock) == 0);
    if (tz_watch_look(office->watch, ret_entry, ret_config, &ignored) != TZ_OK)
        *ret_entry = *ret_config = 0;
    tz_assert(pthread_mutex_unlock(&office->watch_lock) == 0);
}

/* ---- The queue ---- */

static bool is_other(const tz_exchange *exchange)
{
    return exchange->req.actor == NULL;
}

static void put_in(tz_queue *queue, tz_exchange *exchange)
{
    exchange->next = NULL;
    if (queue->first == NULL)
        queue->last = &queue->first;
    *queue->last = exchange;
    queue->last = &exchange->next;
    queue->count++;
}

static tz_exchange *take_from(tz_queue *queue)
{
    tz_exchange *exchange = queue->first;
    queue->first = exchange->next;
    queue->count--;
    return exchange;
}

bool tz_office_queue(tz_office *office, tz_exchange *exchange)
{
    tz_assert(pthread_mutex_lock(&office->lock) == 0);
    tz_queue *queue = is_other(exchange) ? &office->others : &office->own;
    bool      has_room = queue->count < (is_other(exchange) ? TZ_WEB_OPEN_QUEUE : TZ_WEB_QUEUE) && !office->is_ending;
    if (has_room) {
        put_in(queue, exchange);
        (void)pthread_cond_signal(&office->has_work);
    }
    tz_assert(pthread_mutex_unlock(&office->lock) == 0);
    return has_room;
}

/* Whoever is not logged in has half of the threads at most, so that guessed passwords, which are costly to check, keep
 * nobody from work. */
static bool may_take_other(const tz_office *office)
{
    return office->others.first != NULL && office->others_running < (office->wanted_workers + 1) / 2;
}

/* The next exchange, NULL when the office closes and none is left for this thread. */
static tz_exchange *take(tz_office *office)
{
    tz_exchange *exchange = NULL;

    tz_assert(pthread_mutex_lock(&office->lock) == 0);
    while (office->own.first == NULL && !may_take_other(office) && !office->is_ending)
        (void)pthread_cond_wait(&office->has_work, &office->lock);
    if (office->own.first != NULL) {
        exchange = take_from(&office->own);
    } else if (may_take_other(office)) {
        exchange = take_from(&office->others);
        office->others_running++;
    }
    tz_assert(pthread_mutex_unlock(&office->lock) == 0);
    return exchange;
}

static void answered_other(tz_office *office)
{
    tz_assert(pthread_mutex_lock(&office->lock) == 0);
    office->others_running--;
    (void)pthread_cond_signal(&office->has_work); /* a thread may have left the next to us */
    tz_assert(pthread_mutex_unlock(&office->lock) == 0);
}

static void *work(void *context)
{
    tz_worker   *worker = context;
    tz_exchange *exchange;

    while ((exchange = take(worker->office)) != NULL) {
        bool was_other = is_other(exchange);
        tz_answer(worker, exchange);
        exchange->is_answered = true;
        if (was_other)
            answered_other(worker->office);
        MHD_resume_connection(exchange->connection);
    }
    tz_session_close(worker->session);
    return NULL;
}

/* ---- Opening and closing ---- */

static bool should_stop(void *context)
{
    const tz_office *office = context;
    return office->is_ending || tz_app_should_stop(office->options.app);
}

static int64_t now_ms(void *context)
{
    const tz_office *office = context;
    return tz_app_now_ms(office->options.app);
}

static tz_rc start_workers(tz_office *office, tz_err *err)
{
    office->wanted_workers = (size_t)(office->options.workers > 0 ? office->options.workers : 4 + (int)sysconf(_SC_NPROCESSORS_ONLN));
    office->workers = tz_new_array(&office->mem, tz_worker, office->wanted_workers);
    for (size_t i = 0; i < office->wanted_workers; i++) {
        tz_worker *worker = &office->workers[i];
        worker->office = office;
        worker->app = (tz_app){.now_ms = now_ms, .should_stop = should_stop, .context = office, .program = office->options.app->program};
        if (pthread_create(&worker->thread, NULL, work, worker) != 0)
            return tz_fail(err, TZ_SYSTEM, "不能启动线程", "cannot start a thread");
        office->worker_count++;
    }
    return TZ_OK;
}

/* A folder of uploads, held for this run alone; -1 where another has it, or it is gone. */
static int hold(const char *folder)
{
    struct stat held, named;
    int         fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    if (fd >= 0 && (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &held) != 0 || stat(folder, &named) != 0 || held.st_ino != named.st_ino)) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static void remove_incoming(const char *folder, int fd)
{
    tz_err ignored = {0};
    (void)!tz_file_remove_folder(folder, &ignored);
    (void)close(fd);
}

/* Uploads of runs that were killed: their folders are there and nobody holds them. */
static void sweep_incoming(tz_office *office, const char *folder)
{
    tz_names names = {0};
    tz_err   ignored = {0};

    if (tz_file_list(&office->mem, folder, &names, &ignored) != TZ_OK)
        return;
    for (size_t i = 0; i < names.count; i++) {
        const char *left = tz_arena_printf(&office->mem, "%s/%s", folder, names.items[i]);
        int         fd = hold(left);
        if (fd >= 0)
            remove_incoming(left, fd);
    }
}

/* Several may serve one county: each has a folder of its own, and sweeps what others left. */
static tz_rc make_incoming(tz_office *office, const char *folder, tz_err *err)
{
    enum { TRIES = 10 };
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_file_make_folder(folder, err));
    sweep_incoming(office, folder);
    for (int i = 0; i < TRIES && office->incoming_fd < 0; i++) { /* one that starts now may have swept it */
        char *own = tz_arena_printf(&office->mem, "%s/run-XXXXXX", folder);
        if (mkdtemp(own) == NULL)
            break;
        office->incoming_fd = hold(own);
        office->incoming = own;
    }
    if (office->incoming_fd < 0)
        rc = tz_fail(err, TZ_SYSTEM, "不能存放上传的文件:%s", "uploads cannot be kept: %s", folder);
done:
    return rc;
}

/* The thread of long work; and what lies in the tray that nobody waits for goes. */
static tz_rc open_jobs(tz_office *office, tz_err *err)
{
    tz_jobs_options options = {.app = office->options.app, .folder = office->options.folder, .system_user = office->options.system_user,
                               .desk = office->desk, .kinds = TZ_WORK};
    tz_rc           rc = tz_tray_sweep(office->desk, office->options.folder, err);

    return rc == TZ_OK ? tz_jobs_open(&options, &office->jobs, err) : rc;
}

static tz_rc open_county(tz_office *office, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    tz_session             *session = NULL;
    const tz_serve_options *options = &office->options;

    TZ_TRY(tz_session_open(options->app, options->folder, TZ_READ, NULL, NULL, &session, err));
    office->site = tz_arena_dup(&office->mem, session->store->county->name);
    office->is_demo = session->store->county->is_demo;
    if (session->store->county->is_public)
        office->public_folder = options->public_folder != NULL ? options->public_folder
                                                               : tz_arena_printf(&office->mem, "%s/public", options->folder);
    TZ_TRY(tz_desk_open(options->app, options->folder, &session->store->county->login, &office->desk, err));
    TZ_TRY(make_incoming(office, tz_arena_printf(&office->mem, "%s/incoming", options->folder), err));
    TZ_TRY(tz_watch_open(options->folder, &office->watch, err));
    TZ_TRY(tz_auth_open(office, &office->auth, err));
    TZ_TRY(open_jobs(office, err));
done:
    tz_session_close(session);
    return rc;
}

/* What everybody may see and no county: from here on the kernel lets this process reach nothing else. */
static tz_rc open_public(tz_office *office, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *site = NULL;
    const char *site_folder = tz_arena_printf(&office->mem, "%s/site", office->options.public_folder);
    const char *inbox = tz_arena_printf(&office->mem, "%s/inbox", office->options.public_folder);
    const char *incoming = tz_arena_printf(&office->mem, "%s/incoming", office->options.public_folder);

    office->public_folder = office->options.public_folder;
    TZ_TRY(tz_public_load(&office->mem, office->public_folder, "site.json", &site, err));
    office->site = tz_arena_dup(&office->mem, tz_json_str(site, "county"));
    office->is_demo = json_is_true(json_object_get(site, "is_demo"));
    TZ_TRY(tz_file_make_folder(inbox, err));
    TZ_TRY(make_incoming(office, incoming, err));
    if (!tz_seal_to((tz_sealed_path[]){{site_folder, TZ_SEAL_READ}, {inbox, TZ_SEAL_DROP}, {incoming, TZ_SEAL_WORK}}, 3)) {
        (void)tz_fail(err, TZ_SYSTEM, "内核没有 Landlock,管不住公开服务能读什么", "the kernel has no Landlock to keep the public's process apart");
        rc = tz_err_advise(err, "换用 Linux 5.13 及以上内核", "use Linux 5.13 or newer");
    }
done:
    json_decref(site);
    return rc;
}

tz_rc tz_office_open(const tz_serve_options *options, tz_office **ret_office, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_office  *office = tz_new(&mem, tz_office);

    office->mem = mem;
    office->options = *options;
    office->is_tls = options->cert != NULL;
    office->incoming_fd = -1;
    office->pace.head_ms = (options->head_seconds > 0 ? options->head_seconds : TZ_WEB_HEAD_SECONDS) * 1000;
    office->pace.body_ms = (options->body_seconds > 0 ? options->body_seconds : TZ_WEB_BODY_SECONDS) * 1000;
    tz_assert(pthread_mutex_init(&office->lock, NULL) == 0 && pthread_mutex_init(&office->pace.lock, NULL) == 0);
    tz_assert(pthread_mutex_init(&office->watch_lock, NULL) == 0);
    tz_assert(pthread_cond_init(&office->has_work, NULL) == 0);
    office->templates = tz_templates_load(&office->mem);
    office->routes = TZ_ROUTES;
    TZ_TRY(options->is_public_alone ? open_public(office, err) : open_county(office, err));
    office->cache = tz_cache_open(TZ_WEB_CACHE_BYTES);
    TZ_TRY(start_workers(office, err));
    if (office->public_folder != NULL && !options->is_public_alone)
        TZ_TRY(tz_steward_start(office, &office->steward, err));
    *ret_office = office;
    office = NULL;
done:
    tz_office_close(office);
    return rc;
}

void tz_office_end(tz_office *office)
{
    tz_assert(pthread_mutex_lock(&office->lock) == 0);
    office->is_ending = true;
    (void)pthread_cond_broadcast(&office->has_work);
    tz_assert(pthread_mutex_unlock(&office->lock) == 0);
    for (size_t i = 0; i < office->worker_count; i++)
        (void)pthread_join(office->workers[i].thread, NULL);
    office->worker_count = 0;
    tz_steward_end(office->steward);
    office->steward = NULL;
    tz_prepare_end();
}

void tz_office_close(tz_office *office)
{
    if (office == NULL)
        return;
    tz_office_end(office);
    tz_jobs_close(office->jobs);
    tz_cache_close(office->cache);
    tz_auth_close(office->auth);
    tz_desk_close(office->desk);
    tz_watch_close(office->watch);
    if (office->incoming_fd >= 0)
        remove_incoming(office->incoming, office->incoming_fd);
    (void)pthread_mutex_destroy(&office->lock);
    (void)pthread_mutex_destroy(&office->pace.lock);
    (void)pthread_mutex_destroy(&office->watch_lock);
    (void)pthread_cond_destroy(&office->has_work);
    tz_arena mem = office->mem; /* frees the office itself too */
    tz_arena_free(&mem);
}
