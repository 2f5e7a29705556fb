/* Long work: progress that outlives who asked, stopping, what was running when the program was killed, the county left to others. */
#include "../county.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

#include "flow/job.h"

static atomic_bool may_end;  /* lets the patient kind end */
static atomic_int  runs;

static void nap(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

/* Counts to `total`, then says so. */
static tz_rc run_count(tz_job *job, tz_err *err)
{
    int64_t total = tz_json_int(job->args, "total", 0);

    (void)err;
    atomic_fetch_add(&runs, 1);
    for (int64_t i = 0; i <= total; i++)
        tz_app_progress(&job->app, "数|counting", i, total);
    tz_json_set_int(job->result, "counted", total);
    return TZ_OK;
}

/* Goes on until it may end or somebody stops it. */
static tz_rc run_patient(tz_job *job, tz_err *err)
{
    tz_app_progress(&job->app, "等|waiting", 1, 3);
    while (!atomic_load(&may_end)) {
        if (tz_app_should_stop(&job->app))
            return tz_fail(err, TZ_STOPPED, "已停止", "stopped");
        nap();
    }
    return TZ_OK;
}

static tz_rc run_failing(tz_job *job, tz_err *err)
{
    (void)job;
    (void)tz_fail(err, TZ_INPUT, "第 %d 列为空", "column %d is empty", 3);
    return tz_err_advise(err, "补填", "fill it in");
}

static tz_rc run_writing(tz_job *job, tz_err *err)
{
    tz_session *session = NULL;
    tz_rc       rc = tz_job_open(job, TZ_WRITE, &session, err);

    tz_session_close(session);
    return rc;
}

/* Many short steps that write: fails where one finds no county. */
static tz_rc run_steady(tz_job *job, tz_err *err)
{
    tz_session *session = NULL;
    tz_rc       rc = TZ_OK;

    while (rc == TZ_OK && !atomic_load(&may_end)) {
        rc = tz_job_hold(job, &session, err);
        atomic_fetch_add(&runs, 1);
        nap();
    }
    tz_session_close(session);
    return rc;
}

static const tz_job_kind KINDS[] = {
    {"steady", "写了又写|write and write", run_steady, false},
    {"count", "数数|count", run_count, false},     {"patient", "等|wait", run_patient, false}, {"failing", "出错|fail", run_failing, false},
    {"writing", "写|write", run_writing, false}, {"glance", "看|look", run_count, true},     {NULL, NULL, NULL, false}};

typedef struct {
    small_county county;
    tz_desk     *desk;
    tz_jobs     *jobs;
} office;

static int64_t real_now(void *context)
{
    struct timespec now;
    (void)context;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static char         program[4096];
static const tz_app APP = {.lang = TZ_EN, .now_ms = real_now, .program = program};

static void open_jobs(office *of)
{
    tz_jobs_options options = {.app = &APP, .folder = of->county.folder, .system_user = "tester", .desk = of->desk, .kinds = KINDS};
    MUST(tz_jobs_open(&options, &of->jobs, err));
}

static void open_office(office *of)
{
    *of = (office){0};
    atomic_store(&may_end, false);
    county_make(&of->county);
    MUST(tz_desk_open(&APP, of->county.folder, NULL, &of->desk, err));
    open_jobs(of);
}

static void close_office(office *of)
{
    tz_jobs_close(of->jobs);
    tz_desk_close(of->desk);
    county_drop(&of->county);
}

static int64_t add(office *of, const char *kind)
{
    int64_t job = 0;
    json_t *args = json_pack("{s:i}", "total", 5);
    MUST(tz_jobs_add(of->jobs, kind, "clerk", TZ_EN, args, &job, err));
    json_decref(args);
    return job;
}

static json_t *get(office *of, int64_t job)
{
    json_t *row = NULL;
    MUST(tz_desk_job_get(of->desk, job, &row, err));
    return row;
}

/* Waits until the job is in a state; fails after 20 seconds. */
static json_t *await(office *of, int64_t job, const char *state)
{
    for (int i = 0; i < 4000; i++) {
        json_t *row = get(of, job);
        if (strcmp(tz_json_str(row, "state"), state) == 0)
            return row;
        json_decref(row);
        nap();
    }
    fail_msg("job %lld is not %s", (long long)job, state);
    return NULL;
}

static void await_dropped(office *of, int64_t job, const char *state)
{
    json_decref(await(of, job, state));
}

static void does_what_it_is_asked(void **state)
{
    (void)state;
    office of;
    open_office(&of);
    json_t *row = await(&of, add(&of, "count"), "done");
    assert_int_equal(tz_json_int(row, "done", 0), 5);
    assert_int_equal(tz_json_int(row, "total", 0), 5);
    assert_string_equal(tz_json_str(row, "what"), "数|counting");
    assert_int_equal(tz_json_int(json_object_get(row, "result"), "counted", 0), 5);
    json_decref(row);
    row = await(&of, add(&of, "failing"), "failed");
    assert_string_equal(tz_json_str(row, "error"), "第 3 列为空|column 3 is empty");
    assert_string_equal(tz_json_str(row, "advice"), "补填|fill it in");
    json_decref(row);
    int64_t job = 0;
    tz_err  refused = {0};
    assert_int_equal(tz_jobs_add(of.jobs, "none", "clerk", TZ_EN, row, &job, &refused), TZ_USAGE);
    close_office(&of);
}

/* Nobody looks while it runs; who comes back sees how far it is, and may stop it. */
static void tells_how_far_it_is_and_stops(void **state)
{
    (void)state;
    office  of;
    open_office(&of);
    int64_t first = add(&of, "patient"), second = add(&of, "count"), third = add(&of, "count");
    json_t *row = await(&of, first, "running");
    for (int i = 0; i < 2000 && tz_json_int(row, "total", 0) == 0; i++) {
        json_decref(row);
        nap();
        row = get(&of, first);
    }
    assert_int_equal(tz_json_int(row, "done", 0), 1);
    assert_int_equal(tz_json_int(row, "total", 0), 3);
    json_decref(row);
    await_dropped(&of, second, "waiting"); /* one after the other */
    await_dropped(&of, add(&of, "glance"), "done"); /* what only looks does not wait for it */
    MUST(tz_jobs_stop(of.jobs, third, err));
    await_dropped(&of, third, "stopped"); /* it never began */
    MUST(tz_jobs_stop(of.jobs, first, err));
    await_dropped(&of, first, "stopped");
    await_dropped(&of, second, "done");
    tz_err refused = {0};
    assert_int_equal(tz_jobs_stop(of.jobs, second, &refused), TZ_REFUSED);
    assert_int_equal(tz_jobs_again(of.jobs, second, &refused), TZ_REFUSED);
    assert_int_equal(tz_jobs_stop(of.jobs, 99, &refused), TZ_MISSING);
    atomic_store(&may_end, true);
    MUST(tz_jobs_again(of.jobs, first, err)); /* asked again, it goes on */
    await_dropped(&of, first, "done");
    json_t *rows = NULL;
    MUST(tz_desk_job_list(of.desk, "clerk", 0, 2, &rows, err));
    assert_int_equal(json_array_size(rows), 2);
    assert_int_equal(tz_json_int(json_array_get(rows, 1), "job", 0), third);
    json_decref(rows);
    MUST(tz_desk_job_list(of.desk, "chief", 0, 2, &rows, err));
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    close_office(&of);
}

static void goes_on_after_an_orderly_end(void **state)
{
    (void)state;
    office  of;
    open_office(&of);
    int64_t first = add(&of, "patient"), second = add(&of, "count");
    await_dropped(&of, first, "running");
    tz_jobs_close(of.jobs);
    await_dropped(&of, first, "interrupted");
    open_jobs(&of);
    await_dropped(&of, second, "done"); /* what waited is done without being asked */
    await_dropped(&of, first, "interrupted"); /* what was running waits for a person */
    atomic_store(&may_end, true);
    MUST(tz_jobs_again(of.jobs, first, err));
    await_dropped(&of, first, "done");
    close_office(&of);
}

/* A program is killed while a job runs: the next start says so. */
static void survives_a_kill(void **state)
{
    (void)state;
    office of;
    open_office(&of);
    tz_jobs_close(of.jobs);
    tz_desk_close(of.desk);
    of.jobs = NULL;
    pid_t child = fork();
    if (child == 0) { /* the program that will be killed */
        int64_t job = 0;
        tz_err  err;
        json_t *args = json_object();
        if (tz_desk_open(&APP, of.county.folder, NULL, &of.desk, &err) == TZ_OK)
            open_jobs(&of);
        if (of.jobs != NULL && tz_jobs_add(of.jobs, "patient", "clerk", TZ_EN, args, &job, &err) == TZ_OK)
            for (;;)
                nap();
        _exit(1);
    }
    assert_true(child > 0);
    MUST(tz_desk_open(&APP, of.county.folder, NULL, &of.desk, err));
    int64_t job = 0;
    for (int i = 0; i < 4000 && job == 0; i++, nap()) {
        json_t *rows = NULL;
        MUST(tz_desk_job_list(of.desk, NULL, 0, 1, &rows, err));
        const char *now = tz_json_str(json_array_get(rows, 0), "state");
        if (now != NULL && strcmp(now, "running") == 0)
            job = tz_json_int(json_array_get(rows, 0), "job", 0);
        json_decref(rows);
    }
    assert_true(job > 0);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    await_dropped(&of, job, "running"); /* nobody was left to say that it ended */
    open_jobs(&of);
    await_dropped(&of, job, "interrupted");
    atomic_store(&may_end, true);
    MUST(tz_jobs_again(of.jobs, job, err));
    await_dropped(&of, job, "done");
    close_office(&of);
}

/* Two servers of one county: the second leaves what the first does alone, and goes on with what waits once that one has ended. */
static void leaves_the_work_of_another_alone(void **state)
{
    (void)state;
    office of;
    open_office(&of);
    int64_t first = add(&of, "patient");
    await_dropped(&of, first, "running");
    office other = {.county = of.county};
    MUST(tz_desk_open(&APP, of.county.folder, NULL, &other.desk, err));
    open_jobs(&other);
    int64_t second = add(&other, "count");
    (void)nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    await_dropped(&of, first, "running");
    await_dropped(&of, second, "waiting");
    tz_jobs_close(of.jobs);
    await_dropped(&other, second, "done");
    await_dropped(&other, first, "interrupted");
    tz_jobs_close(other.jobs);
    tz_desk_close(other.desk);
    of.jobs = NULL;
    close_office(&of);
}

/* Somebody else writes: the job waits, says so, and goes on when they have ended. */
static void waits_for_other_writers(void **state)
{
    (void)state;
    office  of;
    open_office(&of); /* which holds the county open for writing itself */
    tz_store *held = of.county.store;
    int64_t   job = add(&of, "writing");
    json_t   *row = get(&of, job);
    for (int i = 0; i < 4000 && strncmp(tz_json_str(row, "what"), "等别人写完", 15) != 0; i++) {
        json_decref(row);
        nap();
        row = get(&of, job);
    }
    assert_string_equal(tz_json_str(row, "state"), "running");
    assert_string_equal(tz_json_str(row, "what"), "等别人写完|waiting for another writer");
    json_decref(row);
    tz_store_close(held);
    json_t *changed = NULL;
    MUST(tz_flow_accept(&APP, of.county.folder, "tester", NULL, "test", &changed, err)); /* the packs that the test wrote */
    json_decref(changed);
    MUST(tz_jobs_stop(of.jobs, add(&of, "patient"), err));
    for (int i = 0; i < 4000; i++, nap()) {
        row = get(&of, job);
        bool has_ended = tz_json_str(row, "ended") != NULL;
        json_decref(row);
        if (has_ended)
            break;
    }
    await_dropped(&of, job, "done");
    MUST(tz_store_open(&of.county.app, of.county.folder, TZ_WRITE, &of.county.store, err));
    close_office(&of);
}

/* A job of many short steps holds the county, and yet another writer need not wait for all of them. */
static void lets_others_write_between_short_steps(void **state)
{
    (void)state;
    office  of;
    json_t *changed = NULL;
    open_office(&of);
    tz_store_close(of.county.store);
    MUST(tz_flow_accept(&APP, of.county.folder, "tester", NULL, "test", &changed, err));
    json_decref(changed);
    atomic_store(&runs, 0);
    int64_t job = add(&of, "steady");
    while (atomic_load(&runs) < 3)
        nap();
    for (int i = 0; i < 2; i++) { /* each waits for 5 seconds at most */
        MUST(tz_store_open(&of.county.app, of.county.folder, TZ_WRITE, &of.county.store, err));
        if (i == 0)
            tz_store_close(of.county.store);
    }
    atomic_store(&may_end, true);
    tz_store_close(of.county.store);
    await_dropped(&of, job, "done");
    assert_true(atomic_load(&runs) > 3);
    MUST(tz_store_open(&of.county.app, of.county.folder, TZ_WRITE, &of.county.store, err));
    close_office(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_what_it_is_asked),     cmocka_unit_test(tells_how_far_it_is_and_stops),
        cmocka_unit_test(goes_on_after_an_orderly_end), cmocka_unit_test(survives_a_kill),
        cmocka_unit_test(waits_for_other_writers),   cmocka_unit_test(lets_others_write_between_short_steps),
        cmocka_unit_test(leaves_the_work_of_another_alone),
    };
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    return size <= 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
