#include "web/steward.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "ledger/complaint.h"
#include "report/site.h"

enum { PAUSE_SECONDS = 20 };

struct tz_steward {
    tz_office      *office;
    tz_app          app;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            is_ending;
    int64_t         entry; /* of the journal, when the site was written; 0: never */
    int32_t         day;
    int64_t         told_ns; /* when a complaint's file was written last: answers are in no journal */
};

static int32_t today(const tz_steward *steward)
{
    return tz_date_in_china(tz_app_now_ms(&steward->app));
}

static const char *folder_of(tz_arena *mem, const tz_steward *steward, const char *part)
{
    return tz_arena_printf(mem, "%s/%s", steward->office->public_folder, part);
}

static tz_rc take_complaints(tz_steward *steward, tz_arena *mem, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    const tz_serve_options *options = &steward->office->options;
    tz_session             *session = NULL;
    size_t                  count = 0;

    if (tz_complaints_waiting(folder_of(mem, steward, "inbox")) == 0)
        return TZ_OK;
    TZ_TRY(tz_session_open(&steward->app, options->folder, TZ_WRITE, options->system_user, NULL, &session, err));
    TZ_TRY(tz_complaints_take(mem, session->store, session->packs, folder_of(mem, steward, "inbox"), &count, err));
done:
    tz_session_close(session);
    return rc;
}

static int64_t told(const tz_steward *steward, tz_arena *mem)
{
    struct stat about;
    const char *folder = tz_arena_printf(mem, "%s/complaints", steward->office->options.folder);

    return stat(folder, &about) == 0 ? (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec : 0;
}

static tz_rc write_site(tz_steward *steward, tz_arena *mem, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    int64_t     entry = 0, config = 0;
    int32_t     day = today(steward);
    int64_t     told_ns = told(steward, mem);

    tz_office_look(steward->office, &entry, &config);
    if (entry == steward->entry && day == steward->day && told_ns == steward->told_ns &&
        tz_file_exists(folder_of(mem, steward, "site/site.json")))
        return TZ_OK;
    TZ_TRY(tz_session_open(&steward->app, steward->office->options.folder, TZ_READ, NULL, NULL, &session, err));
    TZ_TRY(tz_site_write(mem, session->store, session->packs, folder_of(mem, steward, "site"), day, err));
    steward->entry = entry;
    steward->day = day;
    steward->told_ns = told_ns;
done:
    tz_session_close(session);
    return rc;
}

/* What fails now (somebody writes, the disk is full) is tried again the next time. */
static void look_after(tz_steward *steward)
{
    tz_arena mem = {0};
    tz_err   ignored = {0};

    if (tz_file_make_folder(folder_of(&mem, steward, "inbox"), &ignored) == TZ_OK && take_complaints(steward, &mem, &ignored) != TZ_STOPPED)
        (void)!write_site(steward, &mem, &ignored);
    tz_arena_free(&mem);
}

static void *run(void *context)
{
    tz_steward *steward = context;

    tz_assert(pthread_mutex_lock(&steward->lock) == 0);
    while (!steward->is_ending) {
        struct timespec until;
        tz_assert(pthread_mutex_unlock(&steward->lock) == 0);
        look_after(steward);
        tz_assert(pthread_mutex_lock(&steward->lock) == 0);
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += PAUSE_SECONDS;
        if (!steward->is_ending)
            (void)pthread_cond_timedwait(&steward->changed, &steward->lock, &until);
    }
    tz_assert(pthread_mutex_unlock(&steward->lock) == 0);
    return NULL;
}

tz_rc tz_steward_start(tz_office *office, tz_steward **ret_steward, tz_err *err)
{
    tz_assert(office != NULL && office->public_folder != NULL && ret_steward != NULL);
    tz_steward *steward = tz_new(&office->mem, tz_steward);

    *steward = (tz_steward){.office = office, .app = *office->options.app};
    steward->app.lang = TZ_ZH;
    steward->app.progress = NULL;
    tz_assert(pthread_mutex_init(&steward->lock, NULL) == 0 && pthread_cond_init(&steward->changed, NULL) == 0);
    if (pthread_create(&steward->thread, NULL, run, steward) != 0)
        return tz_fail(err, TZ_SYSTEM, "不能启动线程", "cannot start a thread");
    *ret_steward = steward;
    return TZ_OK;
}

void tz_steward_end(tz_steward *steward)
{
    if (steward == NULL)
        return;
    tz_assert(pthread_mutex_lock(&steward->lock) == 0);
    steward->is_ending = true;
    (void)pthread_cond_broadcast(&steward->changed);
    tz_assert(pthread_mutex_unlock(&steward->lock) == 0);
    (void)pthread_join(steward->thread, NULL);
    (void)pthread_mutex_destroy(&steward->lock);
    (void)pthread_cond_destroy(&steward->changed);
}
