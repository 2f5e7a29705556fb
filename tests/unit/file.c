/* file: whole reads within a limit, staged writes, folders made, listed, swept and removed. */
#include "../test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static tz_arena    mem;
static const char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = test_folder(&mem);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    tz_err err = {0};
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
    assert_false(tz_file_exists(folder));
    tz_arena_free(&mem);
    return 0;
}

static const char *in_folder(const char *name)
{
    return tz_arena_printf(&mem, "%s/%s", folder, name);
}

static void test_write_and_load(void **state)
{
    (void)state;
    tz_err      err = {0};
    tz_text     text = {"before", 6};
    struct stat info;
    const char *path = in_folder("a.txt");

    assert_int_equal(tz_file_write(path, TZ_TEXT("台账\0x"), 0444, &err), TZ_OK);
    assert_int_equal(tz_file_load(&mem, path, 100, &text, &err), TZ_OK);
    assert_int_equal(text.size, sizeof "台账\0x" - 1);
    assert_memory_equal(text.data, "台账\0x", sizeof "台账\0x");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0444);

    /* A read-only file is replaced, not written into. */
    assert_int_equal(tz_file_write(path, TZ_TEXT(""), 0644, &err), TZ_OK);
    assert_int_equal(tz_file_load(&mem, path, 0, &text, &err), TZ_OK);
    assert_int_equal(text.size, 0);
}

static void test_refusals(void **state)
{
    (void)state;
    tz_err  err = {0};
    tz_text text = {"before", 6};

    assert_int_equal(tz_file_write(in_folder("ten"), TZ_TEXT("0123456789"), 0644, &err), TZ_OK);
    assert_int_equal(tz_file_load(&mem, in_folder("ten"), 9, &text, &err), TZ_LIMIT);
    assert_int_equal(tz_file_load(&mem, in_folder("none"), 9, &text, &err), TZ_MISSING);
    /* A pipe that nobody writes into is refused, not waited for. */
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    assert_int_equal(tz_file_load(&mem, in_folder("pipe"), 9, &text, &err), TZ_INPUT);
    assert_int_equal(tz_file_copy(in_folder("pipe"), in_folder("copy"), 0600, &err), TZ_INPUT);
    assert_int_equal(tz_file_load(&mem, folder, 9, &text, &err), TZ_INPUT);
    assert_text(text, "before");
    assert_int_equal(tz_file_write(in_folder("no/such/folder"), TZ_TEXT(""), 0644, &err), TZ_SYSTEM);
    assert_int_equal(tz_file_copy(in_folder("none"), in_folder("copy"), 0644, &err), TZ_MISSING);
    assert_false(tz_file_exists(in_folder("copy")));
}

/* A killed run leaves its staged file; sweeping takes that one and no other. */
static void test_orphans_are_swept(void **state)
{
    (void)state;
    tz_err      err = {0};
    const char *path = in_folder("kept"), *staged = tz_file_staging(&mem, path);

    assert_non_null(strstr(staged, ".tmp-"));
    assert_int_equal(tz_file_write(path, TZ_TEXT("1"), 0644, &err), TZ_OK);
    FILE *file = fopen(staged, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    tz_file_sweep(folder);
    assert_false(tz_file_exists(staged));
    assert_true(tz_file_exists(path));
}

static void test_commit(void **state)
{
    (void)state;
    tz_err      err = {0};
    tz_text     text;
    const char *path = in_folder("made"), *staged = tz_file_staging(&mem, path);
    FILE       *file = fopen(staged, "w");

    assert_non_null(file);
    (void)fputs("rows", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(tz_file_commit(staged, path, 0444, &err), TZ_OK);
    assert_false(tz_file_exists(staged));
    assert_int_equal(tz_file_load(&mem, path, 10, &text, &err), TZ_OK);
    assert_text(text, "rows");
    assert_int_equal(tz_file_copy(path, in_folder("copied"), 0644, &err), TZ_OK);
    assert_int_equal(tz_file_load(&mem, in_folder("copied"), 10, &text, &err), TZ_OK);
    assert_text(text, "rows");
}

static void test_folders(void **state)
{
    (void)state;
    tz_err   err = {0};
    tz_names names = {0};

    assert_int_equal(tz_file_make_folder(in_folder("x/y/z"), &err), TZ_OK);
    assert_int_equal(tz_file_make_folder(in_folder("x/y/z"), &err), TZ_OK);
    assert_true(tz_file_is_folder(in_folder("x/y")));
    assert_int_equal(tz_file_write(in_folder("x/乙"), TZ_TEXT(""), 0644, &err), TZ_OK);
    assert_int_equal(tz_file_write(in_folder("x/a"), TZ_TEXT(""), 0644, &err), TZ_OK);
    assert_int_equal(tz_file_list(&mem, in_folder("x"), &names, &err), TZ_OK);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.items[0], "a");
    assert_string_equal(names.items[1], "y");
    assert_string_equal(names.items[2], "乙");
    assert_int_equal(tz_file_list(&mem, in_folder("none"), &names, &err), TZ_MISSING);
    assert_string_equal(tz_file_base("/a/b/花名册.xlsx"), "花名册.xlsx");
    assert_string_equal(tz_file_base("x"), "x");
}

/* Removing a folder never follows a link out of it. */
static void test_links_are_not_followed(void **state)
{
    (void)state;
    tz_err err = {0};

    assert_int_equal(tz_file_make_folder(in_folder("outside"), &err), TZ_OK);
    assert_int_equal(tz_file_write(in_folder("outside/kept"), TZ_TEXT("1"), 0644, &err), TZ_OK);
    assert_int_equal(tz_file_make_folder(in_folder("inside"), &err), TZ_OK);
    assert_int_equal(symlink(in_folder("outside"), in_folder("inside/link")), 0);
    assert_int_equal(tz_file_remove_folder(in_folder("inside"), &err), TZ_OK);
    assert_false(tz_file_exists(in_folder("inside")));
    assert_true(tz_file_exists(in_folder("outside/kept")));
    assert_int_equal(tz_file_remove_folder(in_folder("inside"), &err), TZ_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_load), cmocka_unit_test(test_refusals), cmocka_unit_test(test_orphans_are_swept),
        cmocka_unit_test(test_commit), cmocka_unit_test(test_folders), cmocka_unit_test(test_links_are_not_followed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
