/* The process in which foreign SQL runs: what the kernel takes from it, how it is ended, and what its parent makes of a
 * worker that lies.
 *
 * The county is asked through a program of another name: links to this test that answer as their names say.
 */
#include "../county.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "packs/query.h"
#include "packs/seal.h"
#include "packs/wire.h"

extern const int TEST_PLAYS_WORKERS;
const int TEST_PLAYS_WORKERS = 1;

static small_county county;
static char         self[512], folder[] = "/tmp/taizhang-worker-XXXXXX";

/* ---- Workers that lie ---- */

/* Answers the setup as the name says, and each statement too. Never returns. */
static _Noreturn void lie(const char *as)
{
    bool is_late = false;

    for (json_t *frame; (frame = tz_wire_receive(TZ_WIRE_FD, -1, &is_late)) != NULL; json_decref(frame)) {
        bool    is_setup = strcmp(tz_json_str(frame, "op"), "setup") == 0;
        json_t *answer = json_pack("{s:b, s:b, s:b}", "ok", 1, "sealed", strcmp(as, "open") != 0, "confined", 0);
        if (is_setup) {
            (void)tz_wire_send(TZ_WIRE_FD, answer);
        } else if (strcmp(as, "silent") == 0) {
            (void)pause();
        } else if (strcmp(as, "long") == 0) {
            const uint64_t size = 1ULL << 40;
            (void)!write(TZ_WIRE_FD, &size, sizeof size);
        } else if (strcmp(as, "nonsense") == 0) {
            (void)tz_wire_send_text(TZ_WIRE_FD, TZ_TEXT("{\"ok\":tru"));
        } else if (strcmp(as, "greedy") == 0) {
            raise(SIGXCPU);
        } else {
            _exit(3);
        }
        json_decref(answer);
    }
    _exit(0);
}

static tz_query *ask_as(const char *name)
{
    tz_query *query = NULL;

    county.app.program = tz_arena_printf(&county.mem, "%s/%s", folder, name);
    if (link(self, county.app.program) != 0 && errno != EEXIST)
        (void)!symlink(self, county.app.program);
    MUST(tz_query_open(&county.mem, county.store, county.packs, (tz_day){.as_of = 20191231, .at = 1}, &query, err));
    tz_query_limit(query, 300);
    return query;
}

static tz_rc run_as(const char *name, tz_err *err)
{
    tz_query *query = ask_as(name);
    tz_result result = {0};
    tz_rc     rc = tz_query_run(&county.mem, query, NULL, "SELECT 1", NULL, 0, NULL, &result, err);

    tz_result_free(&result);
    tz_query_close(query);
    return rc;
}

static void a_worker_that_lies_is_no_harm(void **state)
{
    static const struct { const char *as, *said; tz_rc rc; } CASES[] = {
        {"open", "neither seccomp nor Landlock", TZ_SYSTEM}, {"silent", "killed past its time limit", TZ_LIMIT},
        {"long", "ended the worker", TZ_LIMIT},              {"nonsense", "ended the worker", TZ_LIMIT},
        {"greedy", "processor time", TZ_LIMIT},              {"gone", "ended the worker", TZ_LIMIT},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_err err = {0};
        assert_int_equal(run_as(CASES[i].as, &err), CASES[i].rc);
        if (strstr(err.en, CASES[i].said) == NULL)
            fail_msg("%s: %s", CASES[i].as, err.en);
    }
}

/* ---- The real one ---- */

static const char ENDLESS[] = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3";
static const char GREEDY[] = "SELECT count(DISTINCT a.range * 100000 + b.range) FROM range(20000) a, range(20000) b";

static void a_killed_worker_is_followed_by_another(void **state)
{
    tz_query      *query = ask_as("worker");
    tz_query_walls walls = {0};
    tz_result      result = {0};
    tz_err         refused = {0};
    (void)state;

    MUST(tz_query_ask_walls(query, &walls, err));
    assert_true(walls.is_sealed || walls.is_confined);
    for (int i = 0; i < 2; i++) { /* both limits of time, then memory; each time the next statement is served */
        assert_int_equal(tz_query_run(&county.mem, query, NULL, ENDLESS, NULL, 0, NULL, &result, &refused), TZ_LIMIT);
        MUST(tz_query_run(&county.mem, query, NULL, "SELECT 1", NULL, 0, NULL, &result, err));
        tz_result_free(&result);
    }
    tz_query_close(query);
}

static void memory_has_a_limit(void **state)
{
    tz_query *query = ask_as("worker");
    tz_result result = {0};
    tz_err    refused = {0};
    (void)state;

    tz_query_limit(query, 20000);
    tz_query_memory(query, 200);
    assert_int_equal(tz_query_run(&county.mem, query, NULL, GREEDY, NULL, 0, NULL, &result, &refused), TZ_LIMIT);
    assert_non_null(strstr(refused.en, "memory"));
    MUST(tz_query_run(&county.mem, query, NULL, "SELECT 1", NULL, 0, NULL, &result, err));
    tz_result_free(&result);
    tz_query_close(query);
}

/* What the engine says of a value would quote it. */
static void errors_tell_no_values(void **state)
{
    static const struct { const char *sql, *said; } CASES[] = {
        {"SELECT CAST(x AS BIGINT) FROM (VALUES ('1'), ('张三丰')) t(x)", "cannot be cast"},
        {"SELECT x * 3 FROM (VALUES (9223372036854775807), (1)) t(x)", "out of range"},
        {"SELECT 10 / (x - 1) FROM (VALUES (1), (2)) t(x)", "division by zero"},
        {"SELECT 10 % x FROM (VALUES (0)) t(x)", "division by zero"},
        {"SELECT sum(x) FROM (VALUES (9223372036854775807), (9223372036854775807)) t(x)", "out of range"},
        {"SELECT make_date(x, 13, 1) FROM (VALUES (2019)) t(x)", "did not run"},
    };
    tz_query *query = ask_as("worker");
    (void)state;

    tz_query_limit(query, 20000);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_result result = {0};
        tz_err    err = {0};
        assert_int_equal(tz_query_run(&county.mem, query, NULL, CASES[i].sql, NULL, 0, NULL, &result, &err), TZ_INPUT);
        if (strstr(err.en, CASES[i].said) == NULL)
            fail_msg("%s: %s", CASES[i].sql, err.en);
        assert_null(strstr(err.en, "张"));
        assert_null(strstr(err.en, "2019"));
    }
    tz_query_close(query);
}

/* ---- The kernel's part ---- */

static void *opens_in_thread(void *context)
{
    *(bool *)context = open("/etc/hostname", O_RDONLY) >= 0 || open("/dev/null", O_RDONLY) >= 0;
    return NULL;
}

/* In a process of its own: 0 as it should be, 77 the kernel has no Landlock. */
static int confine_and_try(void)
{
    pthread_t thread;
    bool      is_opened = false;

    if (!tz_seal_paths())
        return 77;
    if (open("/etc/hostname", O_RDONLY) >= 0 || creat("/tmp/taizhang-confined", 0600) >= 0 || unlink(self) == 0 ||
        mkdir("/tmp/taizhang-made", 0700) == 0)
        return 1;
    if (pthread_create(&thread, NULL, opens_in_thread, &is_opened) != 0 || pthread_join(thread, NULL) != 0 || is_opened)
        return 2;
    return 0;
}

static int spin(void)
{
    volatile uint64_t turns = 0;

    tz_seal_cpu(1);
    while (turns < UINT64_MAX)
        turns++;
    return 1;
}

static int run_apart(int (*what)(void), int *ret_signal)
{
    int   status = 0;
    pid_t pid = fork();

    if (pid == 0)
        _exit(what());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    *ret_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void landlock_takes_every_path(void **state)
{
    int by = 0, status = run_apart(confine_and_try, &by);
    (void)state;

    if (status == 77)
        skip();
    assert_int_equal(status, 0);
}

static void processor_time_ends(void **state)
{
    int by = 0;
    (void)state;

    assert_int_equal(run_apart(spin, &by), -1);
    assert_int_equal(by, SIGXCPU);
}

static int start(void **state)
{
    (void)state;
    county_make(&county);
    return mkdtemp(folder) == NULL;
}

static int stop(void **state)
{
    tz_err ignored;
    (void)state;
    county.app.program = "/proc/self/exe";
    county_drop(&county);
    return tz_file_remove_folder(folder, &ignored) != TZ_OK;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_that_lies_is_no_harm), cmocka_unit_test(a_killed_worker_is_followed_by_another),
        cmocka_unit_test(memory_has_a_limit),            cmocka_unit_test(errors_tell_no_values),
        cmocka_unit_test(landlock_takes_every_path),     cmocka_unit_test(processor_time_ends),
    };
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);

    self[size < 0 ? 0 : size] = '\0';
    const char *name = strrchr(self, '/') == NULL ? self : strrchr(self, '/') + 1;
    if (argc == 2 && strcmp(argv[1], "worker") == 0) {
        if (strcmp(name, "worker") == 0)
            return tz_worker_main();
        lie(name);
    }
    return cmocka_run_group_tests(tests, start, stop);
}
