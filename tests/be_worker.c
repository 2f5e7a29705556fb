/* be_worker - linked into every test program: a test that runs packs' SQL is started again as the worker, and then it is
 * the worker and no test.
 *
 * Before main, so that no test can forget it and start itself without end. */
#include <stdlib.h>
#include <string.h>

#include "packs/query.h"

/* A test that plays workers of its own defines it. */
extern const int TEST_PLAYS_WORKERS __attribute__((weak));

__attribute__((constructor)) static void be_the_worker(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0 && &TEST_PLAYS_WORKERS == NULL)
        exit(tz_worker_main());
}
