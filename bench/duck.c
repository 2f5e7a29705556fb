/* duck - runs one statement in DuckDB and prints seconds of processor time and the peak of memory: duck SQL */
#include <duckdb.h>
#include <stdio.h>
#include <sys/resource.h>

int main(int count, char **words)
{
    duckdb_database   database;
    duckdb_connection connection;
    duckdb_result     result;
    struct rusage     usage;

    if (count != 2) {
        fprintf(stderr, "usage: duck SQL\n");
        return 2;
    }
    if (duckdb_open(NULL, &database) != DuckDBSuccess || duckdb_connect(database, &connection) != DuckDBSuccess)
        return 4;
    if (duckdb_query(connection, words[1], &result) != DuckDBSuccess) {
        fprintf(stderr, "duck: %s\n", duckdb_result_error(&result));
        return 1;
    }
    duckdb_destroy_result(&result);
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("%.2f %ld\n",
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           usage.ru_maxrss / 1024);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return 0;
}
