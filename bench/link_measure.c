/* link_measure - runs a command and writes what it took.
 *
 *     link_measure FILE COMMAND…      FILE: seconds of processor, seconds by the clock, peak of memory in MiB
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    struct rusage used;
    int status = 0;
    double start = seconds();

    if (argc < 3)
        return 2;
    pid_t child = fork();
    if (child == 0) {
        (void)execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        (void)fprintf(stderr, "link_measure: %s failed\n", argv[2]);
        return 1;
    }
    FILE *out = fopen(argv[1], "w");
    if (out == NULL)
        return 1;
    (void)fprintf(out, "%.2f %.2f %.0f\n", of(used.ru_utime) + of(used.ru_stime), seconds() - start,
                  (double)used.ru_maxrss / 1024);
    return fclose(out) == 0 ? 0 : 1;
}
