/* A process that serves the public: what the kernel still lets it reach. In a child, since it can't be taken back. */
#include <errno.h>
#include <fcntl.h>
#include "../test.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "packs/seal.h"

enum { NO_LANDLOCK = 77 };

static void write_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* Each wrong answer is its own bit. */
static int look_around(void)
{
    const tz_sealed_path paths[] = {{"site", TZ_SEAL_READ}, {"inbox", TZ_SEAL_DROP}, {"incoming", TZ_SEAL_WORK}, {NULL, TZ_SEAL_READ}};
    int wrong = 0;

    if (!tz_seal_to(paths, 4))
        return NO_LANDLOCK;
    wrong |= opens("county.yaml", O_RDONLY) || opens("/etc/hostname", O_RDONLY) || opens("/proc/self/maps", O_RDONLY) ? 1 : 0;
    wrong |= !opens("site/site.json", O_RDONLY) || opens("site/site.json", O_WRONLY) || opens("site/new", O_WRONLY | O_CREAT) ? 2 : 0;
    wrong |= unlink("site/site.json") == 0 || rename("site/site.json", "incoming/s") == 0 ? 4 : 0;
    wrong |= !opens("inbox/new", O_WRONLY | O_CREAT | O_EXCL) ? 8 : 0;
    wrong |= opens("inbox/new", O_RDONLY) || opens("inbox/old", O_RDONLY) || opens("inbox", O_RDONLY | O_DIRECTORY) ? 16 : 0;
    wrong |= unlink("inbox/old") == 0 || rename("inbox/old", "inbox/other") == 0 || mkdir("inbox/folder", 0700) == 0 ? 32 : 0;
    wrong |= !opens("incoming/new", O_RDWR | O_CREAT) || !opens("incoming/new", O_RDONLY) || unlink("incoming/new") != 0 ? 64 : 0;
    return wrong;
}

static void reaches_the_public_folder_and_nothing_else(void **state)
{
    static const char *const FOLDERS[] = {"site", "inbox", "incoming"};
    char folder[] = "/tmp/tz-seal-XXXXXX";
    int  status = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mkdir(FOLDERS[i], 0700), 0);
    write_file("county.yaml");
    write_file("site/site.json");
    write_file("inbox/old");
    pid_t child = fork();
    if (child == 0)
        _exit(look_around());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    static const char *const LEFT[] = {"county.yaml", "site/site.json", "inbox/old", "inbox/new", "site", "inbox", "incoming"};
    for (size_t i = 0; i < sizeof LEFT / sizeof LEFT[0]; i++)
        (void)remove(LEFT[i]);
    (void)chdir("/");
    (void)rmdir(folder);
    if (WEXITSTATUS(status) == NO_LANDLOCK)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void refuses_a_path_that_is_not_there(void **state)
{
    (void)state;
    int   status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(tz_seal_to((tz_sealed_path[]){{"/nowhere/at/all", TZ_SEAL_READ}}, 1));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reaches_the_public_folder_and_nothing_else),
                                       cmocka_unit_test(refuses_a_path_that_is_not_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
