/* The SQL that packs write: its dialect, its functions and its limits, in a worker on an empty county. */
#include "../county.h"

#include "base/limits.h"
#include "packs/query.h"

static small_county county;
static tz_query    *query;

static int start(void **state)
{
    (void)state;
    county_make(&county);
    MUST(tz_query_open(&county.mem, county.store, county.packs, (tz_day){.as_of = 20191231, .at = 1}, &query, err));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    tz_query_close(query);
    county_drop(&county);
    return 0;
}

static tz_rc run(const char *sql, tz_result *result, tz_err *err)
{
    return tz_query_run(&county.mem, query, &county.packs->packs.items[0], sql, "aid/checks/c.sql", 1, NULL, result, err);
}

/* What SELECT gives, as the first row's JSON without brackets; an error's text where it fails. */
static const char *answer(const char *sql)
{
    tz_result result = {0};
    tz_err    err = {0};

    if (run(tz_arena_printf(&county.mem, "SELECT %s", sql), &result, &err) != TZ_OK)
        return tz_arena_dup(&county.mem, err.en);
    assert_int_equal(result.rows.count, 1);
    char       *text = json_dumps(result.rows.items[0], JSON_COMPACT);
    const char *kept = tz_arena_copy(&county.mem, text + 1, strlen(text) - 2);
    free(text);
    tz_result_free(&result);
    return kept;
}

/* docs/format/checks.md says these; PostgreSQL gives the same. */
static const struct { const char *sql, *expected;
} DIALECT[] = {
    {"5 / 2", "2"},
    {"-5 / 2", "-2"},
    {"7 / 2.0 > 3.4", "true"},
    {"string_agg(x, ',' ORDER BY x) FROM (VALUES ('b'), (NULL), ('a')) t(x)", "\"a,b\""},
    {"array_to_string(list(coalesce(x, 0) ORDER BY x), ',') FROM (VALUES (2), (NULL), (1)) t(x)",
     "\"1,2,0\""},
    {"array_to_string(list(coalesce(x, 0) ORDER BY x DESC), ',') FROM (VALUES (2), (NULL), (1)) t(x)",
     "\"0,2,1\""},
    {"CAST('0.1' AS DECIMAL(18,2)) * 3 = 0.3", "true"},
    {"sum(x) FROM (VALUES (CAST('0.10' AS DECIMAL(18,2))), (CAST('0.20' AS DECIMAL(18,2)))) t(x)",
     "\"0.30\""},
    {"length('张三丰'), substr('张三丰', 2, 1), left('张三丰', 2)", "3,\"三\",\"张三\""},
    {"'abc' LIKE 'a%', 'ABC' ILIKE 'a%'", "true,true"},
    {"DATE '2019-03-31' + INTERVAL 1 MONTH = DATE '2019-04-30'", "true"},
    {"extract(year FROM DATE '2019-03-31')", "2019"},
    {"DATE '2019-12-31' - DATE '2019-01-01'", "364"},
    {"count(*) FILTER (WHERE x > 1) FROM (VALUES (1), (2), (3)) t(x)", "2"},
    {"CAST(:as_of AS VARCHAR), :as_of - 1", "\"2019-12-31\",\"2019-12-30\""},
    {":limit", "\"500.00\""},
    {":limit + 0.01 > 500", "true"},
    {"list(x ORDER BY x) FROM (VALUES (3::BIGINT), (1), (NULL)) t(x)", "[1,3]"},
    {"1 / nullif(0, 0) IS NULL", "true"},
    {"6 / x + 5 % x FROM (VALUES (2)) t(x)", "4"},
    {"sum(x) / count(*), sum(x) / count(*) OVER () FROM (VALUES (2), (4)) t(x) GROUP BY x % (x + 1) ORDER BY 1 LIMIT 1", "2,1"},
    /* functions by code point */
    {"edit_distance('张伟', '张玮'), edit_distance('张 伟', '伟张'), edit_distance('', '张'), edit_distance(NULL, 'a')",
     "1,1,1,null"},
    {"name_similarity('王海燕', '王海霞') BETWEEN 0.66 AND 0.67, name_similarity('', '')", "true,null"},
    {"id_is_valid('11010519491231002X'), id_is_valid('110105194912310021'), id_is_valid('')",
     "true,false,false"},
    {"id_birth('11010519491231002X'), id_birth('1'), id_sex('11010519491231002X')",
     "\"1949-12-31\",null,\"F\""},
    {"age_at(DATE '2004-02-29', DATE '2005-02-28'), age_at(DATE '2004-02-29', DATE '2005-03-01'), age_at(CAST(NULL AS DATE), DATE '2005-03-01')",
     "0,1,null"},
    {"term_start('2019-1'), term_end('2019-1'), term_start('2019-3'), term_start('x'), term_end('')",
     "\"2019-01-16\",\"2019-07-15\",null,null,null"},
    {"id_region('11010519491231002X'), id_region('110105194912310021')", "\"110105\",null"},
    /* addresses: a known part left out costs nothing, another house number costs its pairs */
    {"address_similarity('山西省长治市沁县定昌镇北寺上村三组', '定昌镇 北寺上村委会3组'), address_similarity('', '沁县')", "\"1\",null"},
    {"address_similarity('北寺上村12号', '北寺上村21号'), address_similarity('北寺上村二十三号', '北寺上村23号')", "\"0.6\",\"1\""},
    /* statistics with known values: Iglewicz and Hoaglin's example is by hand, 0.6745 (20 - 3) / 1 */
    {"round(robust_z(20, 3, 1), 4), robust_z(5, 5, 0)", "\"11.4665\",null"},
    {"x, round(robust_z(x, median(x) OVER (), mad(x) OVER ()), 4) FROM (VALUES (1), (2), (3), (4), (20)) t(x) ORDER BY x DESC LIMIT 1",
     "20,\"11.4665\""},
    {"first_digit(0.0042), first_digit(-731), first_digit(0), first_digit(CAST('19.50' AS DECIMAL(18,2)))", "4,7,null,1"},
    {"round(benford_share(1), 4), round(benford_share(9), 4), benford_share(0)", "\"0.301\",\"0.0458\",null"},
    /* 400 of 1000 begin with 1: (0.4 - 0.30103 - 0.0005) / sqrt(0.30103 * 0.69897 / 1000) */
    {"round(benford_z(1, 400, 1000), 4), benford_z(1, 0, 0)", "\"6.7884\",null"},
    /* 15 of 100 beside 5 of 100: 3, 1.13 to 7.94 (0.4967 is the error of the logarithm) */
    {"relative_risk(15, 100, 5, 100), relative_risk(1, 0, 1, 1), relative_risk(1, 1, 0, 1)", "\"3\",null,null"},
    {"round(relative_risk_low(15, 100, 5, 100), 4), round(relative_risk_high(15, 100, 5, 100), 4), relative_risk_low(0, 9, 1, 9)",
     "\"1.1334\",\"7.941\",null"},
    /* a degree of the equator, and a quarter of it */
    {"round(distance_m(0, 0, 0, 1), 1), round(distance_m(0, 0, 0, 90) / 1000, 1), distance_m(91, 0, 0, 0)", "\"111195.1\",\"10007.6\",null"},
    /* 2019-09-30 was a Monday; the county of the test has no holidays of its own */
    {"to_char(DATE '2019-03-05', 'YYYY-MM'), to_char(DATE '2019-03-05', 'DD.MM.YYYY')", "\"2019-03\",\"05.03.2019\""},
    {"working_days(DATE '2019-11-01', DATE '2019-11-11'), working_days(DATE '2019-11-11', DATE '2019-11-01'), working_days(NULL, DATE '2019-11-01')",
     "6,-6,null"},
    {"month_start('2020-02'), month_end('2020-02'), month_end('2020-13')",
     "\"2020-02-01\",\"2020-02-29\",null"},
    {"name FROM divisions WHERE level = 'village'", "\"上村村委会\""},
};

static void speaks_the_dialect(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof DIALECT / sizeof DIALECT[0]; i++) {
        const char *got = answer(DIALECT[i].sql);
        if (strcmp(got, DIALECT[i].expected) != 0)
            print_error("%s: %s, expected %s\n", DIALECT[i].sql, got, DIALECT[i].expected);
    }
    for (size_t i = 0; i < sizeof DIALECT / sizeof DIALECT[0]; i++)
        assert_string_equal(answer(DIALECT[i].sql), DIALECT[i].expected);
}

static void keeps_views_typed(void **state)
{
    tz_result result = {0};
    (void)state;

    MUST(run("SELECT no, amount, village, village_name, _row, _batch, _period, person, household FROM aid", &result, err));
    assert_int_equal(result.rows.count, 0);
    assert_int_equal(result.columns.count, 9);
    tz_result_free(&result);
    assert_string_equal(answer("count(*), sum(amount), min(_row) + 1 FROM refunds"), "0,null,null");
    assert_string_equal(answer("count(official_person), count(relative_person) FROM kin"), "0,0");
}

static void expect_refused(const char *sql, tz_rc expected)
{
    tz_result result = {0};
    tz_err    err = {0};
    tz_rc     rc = run(sql, &result, &err);

    if (rc != expected)
        fail_msg("%.60s: %d, %s", sql, rc, err.en);
    assert_string_equal(err.where.file, "aid/checks/c.sql");
    assert_string_equal(answer("1"), "1"); /* the next statement runs */
}

/* A text of `count` copies. */
static const char *many(const char *part, size_t count)
{
    tz_buf text = tz_buf_init(&county.mem, 0);
    for (size_t i = 0; i < count; i++)
        tz_buf_puts(&text, part);
    return tz_buf_str(&text);
}

static void stops_at_each_limit(void **state)
{
    (void)state;
    expect_refused(tz_arena_printf(&county.mem, "SELECT '%s'", many("x", TZ_MAX_SQL_BYTES)), TZ_LIMIT);
    expect_refused("SELECT * FROM range(2000001)", TZ_LIMIT);
    expect_refused(tz_arena_printf(&county.mem, "SELECT %s1%s", many("abs(", 3000), many(")", 3000)), TZ_INPUT);
    tz_query_limit(query, 300);
    expect_refused("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3", TZ_LIMIT);
    expect_refused("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t", TZ_LIMIT);
    tz_query_limit(query, TZ_MAX_SQL_SECONDS * 1000);
}

static void takes_plain_types_alone(void **state)
{
    static const char *const OTHERS[] = {"SELECT {'a': 1} AS x",  "SELECT ['a'] AS x",
                                         "SELECT INTERVAL 1 DAY", "SELECT TIMESTAMP '2019-01-01 00:00:00'",
                                         "SELECT MAP {'a': 1}",   "SELECT [1, 2]::INTEGER[]",
                                         "SELECT TIME '10:00:00'"};
    (void)state;
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        expect_refused(OTHERS[i], TZ_INPUT);
}

static void asks_what_if(void **state)
{
    const char *const what_if[] = {"limit=1.50", NULL}, *const wrong[] = {"limit=many", NULL};
    const tz_pack    *pack = &county.packs->packs.items[0];
    tz_result         result = {0};
    tz_err            refused = {0};
    (void)state;

    MUST(tz_query_run(&county.mem, query, pack, "SELECT :limit", NULL, 0, what_if, &result, err));
    assert_string_equal(json_string_value(json_array_get(result.rows.items[0], 0)), "1.50");
    tz_result_free(&result);
    assert_int_equal(tz_query_run(&county.mem, query, pack, "SELECT :limit", NULL, 0, wrong, &result, &refused), TZ_INPUT);
    assert_int_equal(tz_query_run(&county.mem, query, pack, "SELECT :nothing", NULL, 0, NULL, &result, &refused), TZ_INPUT);
}

static void names_tables(void **state)
{
    static const struct { const char *sql, *tables; } CASES[] = {
        {"SELECT 1", ""},
        {"SELECT * FROM b JOIN a USING (x)", "a b "},
        {"WITH w AS (SELECT * FROM a) SELECT * FROM w WHERE EXISTS (SELECT 1 FROM b)", "a b "},
        {"SELECT (SELECT max(x) FROM a), :p FROM 名单 -- FROM c", "a 名单 "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_query_names names = {0};
        tz_buf     text = tz_buf_init(&county.mem, 0);
        MUST(tz_query_name(&county.mem, CASES[i].sql, &names, err));
        for (size_t j = 0; j < names.tables.count; j++)
            tz_buf_printf(&text, "%s ", names.tables.items[j]);
        assert_string_equal(tz_buf_str(&text), CASES[i].tables);
    }
    static const char *const BAD[] = {"SELEC 1", "SELECT 1; SELECT 2", "DROP TABLE a", ""};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        tz_query_names names = {0};
        tz_err     refused = {0};
        assert_int_equal(tz_query_name(&county.mem, BAD[i], &names, &refused), TZ_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(speaks_the_dialect), cmocka_unit_test(keeps_views_typed),
                                       cmocka_unit_test(stops_at_each_limit), cmocka_unit_test(takes_plain_types_alone),
                                       cmocka_unit_test(asks_what_if), cmocka_unit_test(names_tables)};

    return cmocka_run_group_tests(tests, start, stop);
}
