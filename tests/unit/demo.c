/* demo - the same seed gives the same county, and its key misses no check. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "demo/demo.h"
#include "packs/pack.h"

static char program[4096];

static int64_t now(void *context)
{
    (void)context;
    return 1577836800000;
}

static const tz_app APP = {.now_ms = now, .program = program};

static void make_folder(char folder[64])
{
    (void)snprintf(folder, 64, "/tmp/tz-demo-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static tz_digest digest_of(tz_arena *mem, const char *folder, const char *name)
{
    tz_digest digest;
    tz_err    err = {0};
    assert_int_equal(tz_sm3_file(tz_arena_printf(mem, "%s/%s", folder, name), &digest, NULL, &err), TZ_OK);
    return digest;
}

static void is_the_same_for_a_seed(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"民政局_死亡人员名单.csv", "教育局_学生资助退款登记.csv", "answers.json"};
    tz_arena mem = {0};
    tz_err   err = {0};
    char     folders[3][64];

    for (int i = 0; i < 3; i++) {
        make_folder(folders[i]);
        assert_int_equal(tz_demo_write(&APP, folders[i], i == 2 ? 6 : 5, 0.05, false, &err), TZ_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        tz_digest a = digest_of(&mem, folders[0], NAMES[i]), b = digest_of(&mem, folders[1], NAMES[i]), c = digest_of(&mem, folders[2], NAMES[i]);
        assert_true(tz_digest_equal(&a, &b));
        assert_false(tz_digest_equal(&a, &c));
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(tz_file_remove_folder(folders[i], &err), TZ_OK);
    tz_arena_free(&mem);
}

static size_t count_of(const json_t *answers, const char *check)
{
    size_t  count = 0, i;
    json_t *answer;

    json_array_foreach(answers, i, answer)
        count += strcmp(tz_json_str(answer, "check"), check) == 0;
    return count;
}

/* Three defects and a look-alike for every check of every pack that the demo knows. */
static void plants_for_every_check(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_err      err = {0};
    tz_county   county = {0};
    tz_packs   *packs = NULL;
    const char *shipped = NULL;
    char        folder[64];
    tz_text     text;
    json_t     *root = NULL;

    tz_push(&mem, &county.packs, "population");
    tz_push(&mem, &county.packs, "student-aid");
    tz_push(&mem, &county.packs, "assistance");
    tz_push(&mem, &county.packs, "housing");
    assert_int_equal(tz_packs_shipped(&mem, program, &shipped, &err), TZ_OK);
    assert_int_equal(tz_packs_load(&mem, &county, NULL, shipped, &packs, &err), TZ_OK);
    make_folder(folder);
    assert_int_equal(tz_demo_write(&APP, folder, 11, 0.1, false, &err), TZ_OK);
    assert_int_equal(tz_file_load(&mem, tz_arena_printf(&mem, "%s/answers.json", folder), 1LL << 30, &text, &err), TZ_OK);
    assert_int_equal(tz_json_parse(text, &root, &err), TZ_OK);
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].checks.count; j++) {
            const char *check = packs->packs.items[i].checks.items[j].name;
            if (count_of(json_object_get(root, "planted"), check) < 3 || count_of(json_object_get(root, "lookalikes"), check) < 1)
                fail_msg("the key is thin for %s", check);
        }
    json_decref(root);
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
    tz_arena_free(&mem);
}

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_err   err = {0};
    char     folder[64];

    make_folder(folder);
    assert_int_equal(tz_demo_write(&APP, folder, 1, 0, false, &err), TZ_USAGE);
    assert_int_equal(tz_demo_write(&APP, folder, 1, 21, false, &err), TZ_USAGE);
    assert_int_equal(tz_demo_write_damaged(&APP, folder, 1, 0.05, 0, &err), TZ_USAGE);
    assert_int_equal(tz_demo_write_damaged(&APP, folder, 1, 0.05, 51, &err), TZ_USAGE);
    assert_int_equal(tz_file_write(tz_arena_printf(&mem, "%s/mine.txt", folder), TZ_TEXT("x"), 0644, &err), TZ_OK);
    assert_int_equal(tz_demo_write(&APP, folder, 1, 0.05, false, &err), TZ_USAGE);
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
    tz_arena_free(&mem);
}

int main(void)
{
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_same_for_a_seed),
        cmocka_unit_test(plants_for_every_check),
        cmocka_unit_test(refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
