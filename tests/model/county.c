/* county - the synthetic county through the whole chain, against its answer key.
 *
 * Every planted defect must be found, no look-alike raised, nothing else found, and every figure of
 * the key must come out; a clean county gives no finding.  With sanitizers a small county is tried;
 * called with `whole` (tests/run.sh does, with the release) two at scale 0.1 and one at scale 1, and
 * with TZ_TEST_LONG fifty.
 */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "checks/check.h"
#include "demo/demo.h"
#include "flow/flow.h"
#include "report/figure.h"

static char program[4096];

static int64_t now(void *context)
{
    int64_t *clock_ms = context;
    return *clock_ms += 1000;
}

/* Fails the test with the text of the error. */
static void must(tz_rc rc, const tz_err *err)
{
    if (rc != TZ_OK)
        fail_msg("%d: %s (%s)", rc, err->en, err->where.file);
}

typedef struct {
    tz_arena    mem;
    tz_app      app;
    int64_t     clock_ms;
    char        folder[64];
    tz_session *session;
    json_t     *answers, *findings, *figures;
} tried;

/* ---- Making, importing, checking ---- */

static void load_answers(tried *of, const char *path)
{
    tz_err  err = {0};
    tz_text text;

    must(tz_file_load(&of->mem, path, 1LL << 30, &text, &err), &err);
    must(tz_json_parse(text, &of->answers, &err), &err);
}

static void start(tried *of, uint64_t seed, double scale, bool is_clean)
{
    static const char *const PACKS[] = {"population", "student-aid", "assistance", "housing", "health",
                                        "relocation", "schools",     "roads",      "bus",     "projects",
                                        "solar",      "inspection",  "irrigation", "care",    "teams",
                                        "party",      "collective",  "zeroing",    "water",   "funds",
                                        "documents",  "procurement", "voice",      "warning", "millet"};
    tz_err            err = {0};
    tz_import_options options = {0};
    tz_finding_filter open = {.state = "open"};
    tz_day            day = {0};
    json_t           *summary = NULL;

    *of = (tried){.app = {.now_ms = now, .program = program}, .clock_ms = 1577836800000};
    of->app.context = &of->clock_ms;
    (void)snprintf(of->folder, sizeof of->folder, "/tmp/tz-county-XXXXXX");
    assert_non_null(mkdtemp(of->folder));
    const char *files = tz_arena_printf(&of->mem, "%s/files", of->folder), *county = tz_arena_printf(&of->mem, "%s/county", of->folder);
    must(tz_demo_write(&of->app, files, seed, scale, is_clean, &err), &err);
    load_answers(of, tz_arena_printf(&of->mem, "%s/answers.json", files));
    must(tz_flow_new(&of->app, county, "140430", NULL, PACKS, sizeof PACKS / sizeof PACKS[0], "tester", &err), &err);
    must(tz_session_open(&of->app, county, TZ_WRITE, "tester", NULL, &of->session, &err), &err);
    must(tz_flow_run(of->session, (const char *const *)&files, 1, &options,
                     tz_arena_printf(&of->mem, "%s/report.html", of->folder), &summary, &err),
         &err);
    assert_int_equal(tz_json_int(summary, "refused", -1), 0);
    must(tz_findings(&of->mem, of->session->store, of->session->packs, &open, &of->findings, &err), &err);
    must(tz_day_resolve(of->session->store, day, &day, &err), &err);
    must(tz_figure_list(&of->mem, of->session->store, of->session->packs, day, TZ_EN, NULL, false, &of->figures, &err), &err);
    json_decref(summary);
}

static void stop(tried *of)
{
    tz_err err = {0};

    tz_session_close(of->session);
    json_decref(of->answers);
    json_decref(of->findings);
    json_decref(of->figures);
    must(tz_file_remove_folder(of->folder, &err), &err);
    tz_arena_free(&of->mem);
}

/* ---- Comparing ---- */

static const char *address(tz_arena *mem, const json_t *row)
{
    const char *sheet = tz_json_str(row, "sheet");
    return tz_arena_printf(mem, "%s|%s|%lld", tz_json_str(row, "file"), sheet == NULL ? "" : sheet, (long long)tz_json_int(row, "row", 0));
}

/* Whether the finding, of this check, holds all rows of the answer. */
static bool holds(tz_arena *mem, const json_t *finding, const json_t *answer)
{
    tz_map  rows = tz_map_init(mem);
    size_t  i;
    json_t *row;

    if (strcmp(tz_json_str(finding, "check"), tz_json_str(answer, "check")) != 0)
        return false;
    json_array_foreach(json_object_get(finding, "rows"), i, row)
        (void)tz_map_put(&rows, tz_text_of(address(mem, row)), NULL);
    json_array_foreach(json_object_get(answer, "rows"), i, row)
        if (tz_map_get(&rows, tz_text_of(address(mem, row))) == NULL)
            return false;
    return true;
}

/* Says which row of the key went wrong: everybody in it is invented. */
static void complain(const char *what, const json_t *of)
{
    char *text = json_dumps(of, JSON_COMPACT);
    print_error("%s: %s\n", what, text);
    free(text);
}

static size_t compare_findings(tried *of)
{
    size_t  wrong = 0, i, j;
    json_t *answer, *finding;
    bool   *is_planted = tz_new_array(&of->mem, bool, json_array_size(of->findings) + 1);

    json_array_foreach(json_object_get(of->answers, "planted"), i, answer) {
        bool is_found = false;
        json_array_foreach(of->findings, j, finding)
            if (holds(&of->mem, finding, answer))
                is_found = is_planted[j] = true;
        if (!is_found)
            wrong++, complain("missed", answer);
    }
    json_array_foreach(json_object_get(of->answers, "lookalikes"), i, answer)
        json_array_foreach(of->findings, j, finding)
            if (holds(&of->mem, finding, answer))
                wrong++, complain("a look-alike is raised", answer);
    json_array_foreach(of->findings, j, finding)
        if (!is_planted[j])
            wrong++, complain("nobody planted", finding);
    return wrong;
}

static const char *value_of(const json_t *figures, const char *name)
{
    size_t  i;
    json_t *figure;

    json_array_foreach(figures, i, figure)
        if (strcmp(tz_json_str(figure, "figure"), name) == 0)
            return tz_json_str(figure, "value");
    return NULL;
}

static size_t compare_figures(const tried *of)
{
    size_t  wrong = 0, i;
    json_t *answer;

    json_array_foreach(json_object_get(of->answers, "figures"), i, answer) {
        const char *value = value_of(of->figures, tz_json_str(answer, "figure"));
        if (value == NULL || strcmp(value, tz_json_str(answer, "value")) != 0)
            wrong++, print_error("%s is %s, not %s\n", tz_json_str(answer, "figure"), value == NULL ? "absent" : value, tz_json_str(answer, "value"));
    }
    return wrong;
}

static void try_county(uint64_t seed, double scale, bool is_clean)
{
    tried of;

    start(&of, seed, scale, is_clean);
    size_t wrong = compare_findings(&of) + compare_figures(&of);
    if (is_clean)
        assert_int_equal(json_array_size(of.findings), 0);
    else
        assert_true(json_array_size(of.findings) >= 60);
    stop(&of);
    assert_int_equal(wrong, 0);
}

static bool is_whole, is_long;

static void finds_what_is_planted(void **state)
{
    (void)state;
    if (!is_whole) {
        try_county(1, 0.05, false);
        return;
    }
    for (uint64_t seed = 1; seed <= (is_long ? 50 : 2); seed++)
        try_county(seed, 0.1, false);
    try_county(1, 1, false);
}

static void finds_nothing_in_a_clean_county(void **state)
{
    (void)state;
    try_county(7, is_whole ? 0.1 : 0.05, true);
}

int main(int argc, char **argv)
{
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size < 0)
        return 1;
    const char *torture = getenv("TZ_TEST_LONG");
    is_whole = argc > 1 && strcmp(argv[1], "whole") == 0;
    is_long = torture != NULL && torture[0] != '\0';
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_planted),
        cmocka_unit_test(finds_nothing_in_a_clean_county),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
