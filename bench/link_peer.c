/* link_peer - the linkage that bench/link.sh measures against: the plan of Splink's pipeline in SQL on DuckDB.
 *
 *     link_peer PEOPLE.csv LINKS.csv FORM      FORM: damerau or levenshtein, for dates, codes and phones
 *
 * The same three blocking rules, comparisons and levels as bench/link.sh gives the program, names and addresses by
 * Jaro-Winkler alone: blocked pairs made once a rule without those of an earlier rule, a CASE for each comparison's level, u
 * from a million random pairs, m and the prior by expectation-maximisation over patterns of every pair, frequencies for
 * given name, surname and postcode, links of a probability of a half or more, clusters by union-find. Its time, memory
 * and links are measured by link.sh.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <duckdb.h>

enum { COMPARISONS = 6, LEVELS = 7, MAX_PATTERNS = 1 << 20, MAX_ROUNDS = 200 };

static const char *const COLUMNS[COMPARISONS] = {"given_name", "surname", "dob",
                                                 "postcode",   "address", "phone"};
static const int COUNTS[COMPARISONS] = {5, 5, 6, 4, 5, 4}; /* levels */
static const char *const DISTANCE[] = {"damerau_levenshtein", "levenshtein"};

static duckdb_connection connection;
static int form;

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run(const char *sql, duckdb_result *ret_result)
{
    duckdb_result result;
    double start = seconds();

    if (duckdb_query(connection, sql, &result) == DuckDBError) {
        (void)fprintf(stderr, "%s\n%s\n", duckdb_result_error(&result), sql);
        exit(4);
    }
    (void)fprintf(stderr, "%7.2f s  %.60s\n", seconds() - start, sql);
    if (ret_result != NULL)
        *ret_result = result;
    else
        duckdb_destroy_result(&result);
}

/* A level for each comparison, 0 where a value is missing, as columns g0 to g5. */
static void put_levels(char *out, size_t size)
{
    size_t at = 0;

    for (int c = 0; c < COMPARISONS; c++) {
        const char *name = COLUMNS[c];
        at += (size_t)snprintf(out + at, size - at,
                               "%sCASE WHEN a.%s IS NULL OR b.%s IS NULL THEN 0 WHEN a.%s = b.%s THEN 1 ",
                               c == 0 ? "" : ", ", name, name, name, name);
        if (c == 0 || c == 1 || c == 4)
            at += (size_t)snprintf(
                out + at, size - at,
                "WHEN jaro_winkler_similarity(a.%s, b.%s) >= 0.92 THEN 2 WHEN jaro_winkler_similarity(a.%s, b.%s) >= 0.85 THEN 3 "
                "WHEN jaro_winkler_similarity(a.%s, b.%s) >= 0.7 THEN 4 ELSE 5",
                name, name, name, name, name, name);
        else if (c == 2)
            at += (size_t)snprintf(
                out + at, size - at,
                "WHEN %s(a.dob, b.dob) <= 1 THEN 2 WHEN a.dob[1:4] = b.dob[1:4] AND a.dob[6:7] = b.dob[9:10] AND a.dob[9:10] = b.dob[6:7] "
                "THEN 3 WHEN a.dob[1:7] = b.dob[1:7] THEN 4 WHEN a.dob[1:4] = b.dob[1:4] THEN 5 ELSE 6",
                DISTANCE[form]);
        else
            at += (size_t)snprintf(out + at, size - at,
                                   "WHEN %s(a.%s, b.%s) <= 1 THEN 2 WHEN %s(a.%s, b.%s) <= 2 THEN 3 ELSE 4",
                                   DISTANCE[form], name, name, DISTANCE[form], name, name);
        at += (size_t)snprintf(out + at, size - at, " END AS g%d", c);
    }
}

/* ---- Expectation and maximisation over patterns ---- */

typedef struct {
    uint8_t levels[COMPARISONS];
    double pairs;
} pattern;

typedef struct {
    pattern *items;
    size_t count;
} patterns;

static double m[COMPARISONS][LEVELS], u[COMPARISONS][LEVELS], prior;

static patterns read_patterns(const char *sql)
{
    duckdb_result result;
    patterns all = {.items = malloc(MAX_PATTERNS * sizeof(pattern))};

    if (all.items == NULL)
        exit(4);
    run(sql, &result);
    for (idx_t row = 0; row < duckdb_row_count(&result) && row < MAX_PATTERNS; row++) {
        pattern *one = &all.items[all.count++];
        for (int c = 0; c < COMPARISONS; c++)
            one->levels[c] = (uint8_t)duckdb_value_int32(&result, (idx_t)c, row);
        one->pairs = duckdb_value_double(&result, COMPARISONS, row);
    }
    duckdb_destroy_result(&result);
    return all;
}

static double probability(const pattern *one)
{
    double odds = prior / (1 - prior);
    for (int c = 0; c < COMPARISONS; c++)
        if (one->levels[c] > 0)
            odds *= m[c][one->levels[c]] / u[c][one->levels[c]];
    return odds / (1 + odds);
}

static double settle(const patterns *all, int is_same, double *ret_total)
{
    double sums[COMPARISONS][LEVELS] = {{0}}, moved = 0;

    *ret_total = 0;
    for (size_t i = 0; i < all->count; i++) {
        double p = probability(&all->items[i]), share = all->items[i].pairs * (is_same ? p : 1 - p);
        *ret_total += share;
        for (int c = 0; c < COMPARISONS; c++)
            sums[c][all->items[i].levels[c]] += share;
    }
    for (int c = 0; c < COMPARISONS; c++) {
        double given = 0;
        for (int level = 1; level <= COUNTS[c]; level++)
            given += sums[c][level] + 0.5;
        for (int level = 1; level <= COUNTS[c]; level++) {
            double *old = is_same ? &m[c][level] : &u[c][level], share = (sums[c][level] + 0.5) / given;
            moved = fmax(moved, fabs(share - *old));
            *old = share;
        }
    }
    return moved;
}

static void train(const patterns *blocked, const patterns *sample, double records)
{
    double all = records * (records - 1) / 2, total = 0;

    prior = 0.3 * records / all;
    for (int c = 0; c < COMPARISONS; c++)
        for (int level = 1; level <= COUNTS[c]; level++) {
            m[c][level] = level == 1 ? 0.8 : 0.2 / (COUNTS[c] - 1);
            u[c][level] = 1; /* all pairs of the sample count as chance in the first round */
        }
    prior = 1e-12;
    (void)settle(sample, 0, &total);
    prior = 0.3 * records / all;
    for (int round = 1; round < MAX_ROUNDS; round++) {
        double before = prior, moved = settle(blocked, 1, &total);
        prior = fmax(1e-12, fmin(0.9, total / all));
        moved = fmax(moved, fabs(prior - before) / before);
        moved = fmax(moved, settle(sample, 0, &total));
        if (moved < 1e-5)
            break;
    }
}

/* ---- Scoring ---- */

static void put_weights(char *out, size_t size, double records)
{
    size_t at = (size_t)snprintf(out, size, "%.17g", log2(prior / (1 - prior)));

    for (int c = 0; c < COMPARISONS; c++) {
        at += (size_t)snprintf(out + at, size - at, " + CASE g%d", c);
        for (int level = 1; level <= COUNTS[c]; level++) {
            double weight = log2(m[c][level] / u[c][level]);
            if (level == 1 && (c == 0 || c == 1 || c == 3)) /* an agreement on a rare value weighs more */
                at += (size_t)snprintf(out + at, size - at, " WHEN 1 THEN %.17g - log2(t%d / %.1f)",
                                       log2(m[c][1]), c, records);
            else
                at += (size_t)snprintf(out + at, size - at, " WHEN %d THEN %.17g", level, weight);
        }
        at += (size_t)snprintf(out + at, size - at, " ELSE 0 END");
    }
}

static uint32_t *parents;

static uint32_t root_of(uint32_t record)
{
    while (parents[record] != record)
        record = parents[record] = parents[parents[record]];
    return record;
}

static void write_links(const char *path)
{
    duckdb_result result;
    duckdb_data_chunk chunk;
    FILE *out = fopen(path, "w");

    if (out == NULL)
        exit(4);
    (void)fputs("id_a,id_b,weight,cluster\n", out);
    run("SELECT a, b, w FROM links ORDER BY a, b", &result);
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1)
            run("SELECT a, b, w FROM links ORDER BY a, b", &result);
        while ((chunk = duckdb_fetch_chunk(result)) != NULL) {
            const int32_t *a = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)),
                          *b = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
            const double *w = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 2));
            for (idx_t i = 0; i < duckdb_data_chunk_get_size(chunk); i++) {
                uint32_t x = root_of((uint32_t)a[i]), y = root_of((uint32_t)b[i]);
                if (pass == 0)
                    parents[x < y ? y : x] = x < y ? x : y;
                else
                    (void)fprintf(out, "r%d,r%d,%.2f,%u\n", a[i], b[i], w[i], x);
            }
            duckdb_destroy_data_chunk(&chunk);
        }
        duckdb_destroy_result(&result);
    }
    (void)fclose(out);
}

int main(int argc, char **argv)
{
    static char sql[1 << 16], levels[1 << 14], weights[1 << 14];
    duckdb_database database;
    duckdb_result result;

    if (argc != 4) {
        (void)fputs("usage: link_peer PEOPLE.csv LINKS.csv damerau|levenshtein\n", stderr);
        return 2;
    }
    form = strcmp(argv[3], "levenshtein") == 0;
    if (duckdb_open(NULL, &database) == DuckDBError || duckdb_connect(database, &connection) == DuckDBError)
        return 4;
    (void)snprintf(
        sql, sizeof sql,
        "CREATE TABLE p AS SELECT CAST(id[2:] AS INTEGER) AS n, * EXCLUDE (id, person) FROM read_csv('%s', all_varchar = true, header = true)",
        argv[1]);
    run(sql, NULL);
    run("SELECT count(*) FROM p", &result);
    double records = duckdb_value_double(&result, 0, 0);
    duckdb_destroy_result(&result);
    for (int c = 0; c < COMPARISONS; c++)
        if (c == 0 || c == 1 || c == 3) {
            (void)snprintf(
                sql, sizeof sql,
                "CREATE TABLE f%d AS SELECT %s AS v, count(*)::DOUBLE AS t FROM p WHERE %s IS NOT NULL GROUP BY 1",
                c, COLUMNS[c], COLUMNS[c]);
            run(sql, NULL);
        }
    run("CREATE TABLE pairs AS "
        "SELECT a.n AS a, b.n AS b FROM p a JOIN p b ON a.given_name = b.given_name AND a.surname = b.surname AND a.n < b.n "
        "UNION ALL SELECT a.n, b.n FROM p a JOIN p b ON a.dob = b.dob AND a.n < b.n "
        "WHERE NOT coalesce(a.given_name = b.given_name AND a.surname = b.surname, false) "
        "UNION ALL SELECT a.n, b.n FROM p a JOIN p b ON a.surname = b.surname AND a.postcode = b.postcode AND a.n < b.n "
        "WHERE NOT coalesce(a.given_name = b.given_name AND a.surname = b.surname, false) AND NOT coalesce(a.dob = b.dob, false)",
        NULL);
    put_levels(levels, sizeof levels);
    (void)snprintf(
        sql, sizeof sql,
        "SELECT g0, g1, g2, g3, g4, g5, count(*) FROM (SELECT %s FROM (SELECT * FROM p USING SAMPLE reservoir(1000 ROWS) REPEATABLE (1)) a, "
        "(SELECT * FROM p USING SAMPLE reservoir(1000 ROWS) REPEATABLE (2)) b WHERE a.n <> b.n) GROUP BY ALL",
        levels);
    patterns sample = read_patterns(sql);
    (void)snprintf(
        sql, sizeof sql,
        "SELECT g0, g1, g2, g3, g4, g5, count(*) FROM (SELECT %s FROM pairs JOIN p a ON pairs.a = a.n JOIN p b ON pairs.b = b.n) GROUP BY ALL",
        levels);
    patterns blocked = read_patterns(sql);
    train(&blocked, &sample, records);
    put_weights(weights, sizeof weights, records);
    (void)snprintf(
        sql, sizeof sql,
        "CREATE TABLE links AS SELECT a, b, w FROM (SELECT a, b, %s AS w FROM (SELECT pairs.a, pairs.b, f0.t AS t0, f1.t AS t1, f3.t AS t3, %s "
        "FROM pairs JOIN p a ON pairs.a = a.n JOIN p b ON pairs.b = b.n LEFT JOIN f0 ON f0.v = a.given_name LEFT JOIN f1 ON f1.v = a.surname "
        "LEFT JOIN f3 ON f3.v = a.postcode)) WHERE w >= 0",
        weights, levels);
    run(sql, NULL);
    parents = malloc((size_t)records * sizeof *parents);
    for (uint32_t i = 0; parents != NULL && i < (uint32_t)records; i++)
        parents[i] = i;
    if (parents == NULL)
        return 4;
    write_links(argv[2]);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return 0;
}
