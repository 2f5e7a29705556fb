/* office - the threads that answer, and the counties that they hold open. */
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/desk.h"
#include "web/auth.h"
#include "web/inside.h"
#include "web/office.h"
#include "web/prepare.h"

const tz_serve_options *tz_office_options(const tz_office *office)
{
    return &office->options;
}

struct tz_desk *tz_office_desk(const tz_office *office)
{
    return office->desk;
}

tz_rc tz_office_write(tz_office *office, const tz_app *app, const char *user, tz_session **ret_session, tz_err *err)
{
    return tz_session_open(app, office->options.folder, TZ_WRITE, NULL, user, ret_session, err); /* they have logged in */
}

void tz_office_look(tz_office *office, int64_t *ret_entry, int64_t *ret_config)
{
    tz_err ignored = {0};

    tz_assert(pthread_mutex_lock(&office->watch_lock) == 0);
    if (tz_watch_look(office->watch, ret_entry, ret_config, &ignored) != TZ_OK)
        *ret_entry = *ret_config = 0;
    tz_assert(pthread_mutex_unlock(&office->watch_lock) == 0);
}

/* ---- The queue ---- */

bool tz_office_queue(tz_office *office, tz_exchange *exchange)
{
    tz_assert(pthread_mutex_lock(&office->lock) == 0);
    bool has_room = office->waiting < TZ_WEB_QUEUE && !office->is_ending;
    if (has_room) {
        exchange->next = NULL;
        *office->last = exchange;
        office->last = &exchange->next;
        office->waiting++;
        (void)pthread_cond_signal(&office->has_work);
    }
    tz_assert(pthread_mutex_unlock(&office->lock) == 0);
    return has_room;
}

/* The next exchange, NULL when the office closes and none is left. */
static tz_exchange *take(tz_office *office)
{
    tz_assert(pthread_mutex_lock(&office->lock) == 0);
    while (office->first == NULL && !office->is_ending)
        (void)pthread_cond_wait(&office->has_work, &office->lock);
    tz_exchange *exchange = office->first;
    if (exchange != NULL) {
        office->first = exchange->next;
        office->waiting--;
        if (office->first == NULL)
            office->last = &office->first;
    }
    tz_assert(pthread_mutex_unlock(&office->lock) == 0);
    return exchange;
}

static void *work(void *context)
{
    tz_worker   *worker = context;
    tz_exchange *exchange;

    while ((exchange = take(worker->office)) != NULL) {
        tz_answer(worker, exchange);
        exchange->is_answered = true;
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
    int wanted = office->options.workers > 0 ? office->options.workers : 4 + (int)sysconf(_SC_NPROCESSORS_ONLN);

    office->workers = tz_new_array(&office->mem, tz_worker, (size_t)wanted);
    for (int i = 0; i < wanted; i++) {
        tz_worker *worker = &office->workers[i];
        worker->office = office;
        worker->app = (tz_app){.now_ms = now_ms, .should_stop = should_stop, .context = office, .program = office->options.app->program};
        if (pthread_create(&worker->thread, NULL, work, worker) != 0)
            return tz_fail(err, TZ_SYSTEM, "不能启动线程", "cannot start a thread");
        office->worker_count++;
    }
    return TZ_OK;
}

/* Uploads of a run that was killed. */
static void empty_incoming(tz_office *office)
{
    tz_names names = {0};
    tz_err   ignored = {0};

    if (tz_file_list(&office->mem, office->incoming, &names, &ignored) == TZ_OK)
        for (size_t i = 0; i < names.count; i++)
            (void)unlink(tz_arena_printf(&office->mem, "%s/%s", office->incoming, names.items[i]));
}

tz_rc tz_office_open(const tz_serve_options *options, tz_office **ret_office, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_office  *office = tz_new(&mem, tz_office);
    tz_session *session = NULL;

    office->mem = mem;
    office->options = *options;
    office->is_tls = options->cert != NULL;
    office->last = &office->first;
    tz_assert(pthread_mutex_init(&office->lock, NULL) == 0 && pthread_mutex_init(&office->watch_lock, NULL) == 0);
    tz_assert(pthread_cond_init(&office->has_work, NULL) == 0);
    office->templates = tz_templates_load(&office->mem);
    office->incoming = tz_arena_printf(&office->mem, "%s/incoming", options->folder);
    TZ_TRY(tz_session_open(options->app, options->folder, TZ_READ, NULL, NULL, &session, err));
    office->site = tz_arena_dup(&office->mem, session->store->county->name);
    office->is_demo = session->store->county->is_demo;
    TZ_TRY(tz_desk_open(options->app, options->folder, &session->store->county->login, &office->desk, err));
    TZ_TRY(tz_file_make_folder(office->incoming, err));
    empty_incoming(office);
    TZ_TRY(tz_watch_open(options->folder, &office->watch, err));
    TZ_TRY(tz_auth_open(office, &office->auth, err));
    office->cache = tz_cache_open(TZ_WEB_CACHE_BYTES);
    TZ_TRY(start_workers(office, err));
    *ret_office = office;
    office = NULL;
done:
    tz_session_close(session);
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
    tz_prepare_end();
}

void tz_office_close(tz_office *office)
{
    if (office == NULL)
        return;
    tz_office_end(office);
    tz_cache_close(office->cache);
    tz_auth_close(office->auth);
    tz_desk_close(office->desk);
    tz_watch_close(office->watch);
    (void)pthread_mutex_destroy(&office->lock);
    (void)pthread_mutex_destroy(&office->watch_lock);
    (void)pthread_cond_destroy(&office->has_work);
    tz_arena mem = office->mem; /* frees the office itself too */
    tz_arena_free(&mem);
}
