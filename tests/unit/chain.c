/* Checks that read what others found, checks that are broken, and exceptions. */
#include "../county.h"

#include "checks/check.h"

static const char CHECK_BOTH[] =
    "-- check: both\n-- title: 两项 | both\n-- level: red\n-- subject: person\n-- key: subject\n-- needs: paid-twice, too-high\n"
    "-- basis: test\n-- message: {rules} | {rules}\n"
    "SELECT subject, count(DISTINCT rule) AS rules, count(DISTINCT finding) AS findings, list(DISTINCT _row) AS finding_rows\n"
    "FROM findings GROUP BY subject HAVING count(DISTINCT rule) > 1";

/* P1 is paid twice and too much, P2 too much. */
static const county_line LINES[] = {
    {0, "1", "张一", "2019-1", "甲校", "900.00"}, {0, "1", "张一", "2019-1", "乙校", "100.00"}, {0, "2", "李二", "2019-1", "甲校", "900.00"},
};

static json_t *run_as_of(small_county *county, int32_t as_of, const char *const *names)
{
    tz_check_options options = {.day.as_of = as_of, .names = names, .limit_ms = 1500, .memory_mb = 400};
    json_t          *results = NULL;

    county_link(county);
    MUST(tz_checks_run(&county->mem, county->store, county->packs, &options, &results, err));
    return results;
}

static json_t *run(small_county *county)
{
    return run_as_of(county, 20191231, NULL);
}

static json_t *result_of(const json_t *results, const char *check)
{
    size_t  i;
    json_t *result;

    json_array_foreach((json_t *)results, i, result)
        if (strcmp(tz_json_str(result, "check"), check) == 0)
            return result;
    return NULL;
}

static void expect(json_t *results, const char *check, const char *state, int raised, int kept, int cleared)
{
    json_t *result = result_of(results, check);

    if (result == NULL)
        fail_msg("%s has no result", check);
    if (strcmp(tz_json_str(result, "state"), state) != 0)
        fail_msg("%s: %s, %s", check, tz_json_str(result, "state"), tz_json_str(result, "why"));
    assert_int_equal(tz_json_int(result, "raised", -1), raised);
    assert_int_equal(tz_json_int(result, "kept", -1), kept);
    assert_int_equal(tz_json_int(result, "cleared", -1), cleared);
}

static void start(small_county *county)
{
    county_make(county);
    county_check_file(county, "both", CHECK_BOTH);
    county_load_packs(county);
    (void)county_deliver(county, "aid", "2019-12-31", 0, LINES, 3);
    (void)county_deliver(county, "refunds", "2019-12-31", 0, &(county_line){0, "9", "王九", "2019-1", "甲校", "1.00"}, 1);
}

static const char *cleared_why(small_county *county, const char *check)
{
    tz_sql     *sql = NULL;
    bool        has_row = false;
    const char *why = NULL;

    MUST(tz_sql_open(county->store, "SELECT cleared_why FROM finding WHERE \"check\" = ?1 AND state = 'cleared'", &sql, err));
    tz_sql_bind_text(sql, 1, check);
    MUST(tz_sql_step(county->store, sql, &has_row, err));
    why = has_row ? tz_sql_dup(&county->mem, sql, 0) : "none";
    tz_sql_close(sql);
    return why;
}

static int64_t finding_of(small_county *county, const char *check, const char *subject)
{
    int64_t finding = 0;
    MUST(tz_sql_one(county->store, "SELECT coalesce(max(finding), 0) FROM finding WHERE \"check\" = ?1 AND subject = ?2", check, subject, &finding,
                    err));
    return finding;
}

static void combines_findings(void **state)
{
    small_county county;
    json_t      *results = NULL;
    (void)state;

    start(&county);
    results = run(&county);
    expect(results, "both", "ran", 1, 0, 0);
    json_decref(results);
    int64_t rows = 0;
    MUST(tz_sql_one(county.store, "SELECT json_array_length(rows) FROM finding WHERE \"check\" = 'both' AND subject = 'P1'", NULL, NULL, &rows, err));
    assert_int_equal(rows, 2);

    /* The same again is kept. A refund remedies one part, and what rested on both goes for that reason. */
    results = run(&county);
    expect(results, "both", "ran", 0, 1, 0);
    json_decref(results);
    (void)county_deliver(&county, "refunds", "2019-12-31", 0, &(county_line){0, "1", "张一", "2019-1", "甲校", "100.00"}, 1);
    results = run(&county);
    expect(results, "paid-twice", "ran", 0, 0, 1);
    expect(results, "both", "ran", 0, 0, 1);
    /* Only what reads refunds, or what those found, is asked again. */
    assert_true(json_is_true(json_object_get(result_of(results, "paid-twice"), "asked")));
    assert_true(json_is_true(json_object_get(result_of(results, "both"), "asked")));
    assert_true(json_is_false(json_object_get(result_of(results, "too-high"), "asked")));
    assert_string_equal(cleared_why(&county, "both"), "remedied");
    json_decref(results);
    county_drop(&county);
}

static void asks_what_it_needs(void **state)
{
    const char *const names[] = {"both", NULL};
    small_county      county;
    (void)state;

    start(&county);
    json_t *results = run_as_of(&county, 20191231, names);
    assert_int_equal(json_array_size(results), 3); /* both, and the two that it needs */
    expect(results, "both", "ran", 1, 0, 0);
    json_decref(results);
    county_drop(&county);
}

/* What somebody judged not real is no part of a combination. */
static void leaves_out_what_is_not_real(void **state)
{
    small_county county;
    (void)state;

    start(&county);
    json_decref(run(&county));
    MUST(tz_verdict(county.store, county.packs, finding_of(&county, "too-high", "P1"), false, "lawful", NULL, err));
    json_t *results = run(&county);
    expect(results, "both", "ran", 0, 0, 1);
    json_decref(results);
    county_drop(&county);
}

static void follows_another_parameter(void **state)
{
    const char *const what_if[] = {"aid.limit=950.00", NULL};
    tz_check_options  options = {.day.as_of = 20191231, .what_if = what_if};
    small_county      county;
    json_t           *results = NULL;
    (void)state;

    start(&county);
    json_decref(run(&county));
    MUST(tz_checks_run(&county.mem, county.store, county.packs, &options, &results, err));
    assert_int_equal(json_array_size(json_object_get(result_of(results, "too-high"), "drops_out")), 2);
    assert_int_equal(json_array_size(json_object_get(result_of(results, "both"), "drops_out")), 1);
    json_decref(results);
    county_drop(&county);
}

/* ---- Broken checks ---- */

static const struct {
    const char *name, *sql, *why; /* why: in its reason */
} BROKEN[] = {
    {"endless", "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) AS subject FROM t", "time limit"},
    {"greedy", "SELECT count(DISTINCT a.range * 10000000 + b.range) AS subject FROM range(30000) a, range(30000) b", "limit"},
    {"divides", "SELECT no AS subject, 100 / (length(no) - 1) AS share FROM aid", "division by zero"},
    {"columnless", "SELECT nothing AS subject FROM aid", "nothing"},
    {"unkeyed", "SELECT no AS person FROM aid", "no column subject"},
    {"casts", "SELECT CAST(name AS BIGINT) AS subject FROM aid", "cannot be cast"},
    {"many", "SELECT a.range AS subject FROM range(3000) a, range(3000) b", "more rows"},
};

static void put_broken(small_county *county, const char *name, const char *needs, const char *sql)
{
    county_check_file(county, name,
                      tz_arena_printf(&county->mem, "-- check: %s\n-- title: 坏 | broken\n-- level: red\n-- subject: person\n-- key: subject\n"
                                      "-- needs: %s\n-- basis: test\n-- message: x\n%s", name, needs, sql));
}

static void expect_failed(const json_t *results, const char *name, const char *why)
{
    const json_t *result = result_of(results, name);
    const char   *said = tz_json_str(result, "why");

    assert_string_equal(tz_json_str(result, "state"), "failed");
    if (strstr(said, why) == NULL || strstr(said, name) == NULL || strstr(said, "row ") == NULL)
        fail_msg("%s: %s", name, said);
}

static void names_what_is_broken_and_runs_the_rest(void **state)
{
    small_county county;
    (void)state;

    start(&county);
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++)
        put_broken(&county, BROKEN[i].name, "aid", BROKEN[i].sql);
    put_broken(&county, "waits-a", "waits-b", "SELECT DISTINCT subject FROM findings");
    put_broken(&county, "waits-b", "waits-a", "SELECT DISTINCT subject FROM findings");
    put_broken(&county, "waits-c", "waits-b", "SELECT DISTINCT subject FROM findings");
    county_load_packs(&county);
    json_t *results = run(&county);
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++)
        expect_failed(results, BROKEN[i].name, BROKEN[i].why);
    expect_failed(results, "waits-a", "waits-a → waits-b → waits-a");
    expect_failed(results, "waits-b", "waits-a → waits-b → waits-a");
    expect(results, "waits-c", "not evaluated", 0, 0, 0);
    expect(results, "paid-twice", "ran", 1, 0, 0);
    expect(results, "too-high", "ran", 2, 0, 0);
    expect(results, "both", "ran", 1, 0, 0);
    /* No value of the evidence stands in any reason. */
    assert_null(strstr(tz_json_str(result_of(results, "casts"), "why"), "张"));
    json_decref(results);
    county_drop(&county);
}

/* ---- Exceptions ---- */

static void excepts_for_a_time(void **state)
{
    small_county county;
    tz_err       refused = {0};
    int64_t      number = 0;
    json_t      *list = NULL;
    (void)state;

    start(&county);
    json_decref(run(&county));
    int64_t finding = finding_of(&county, "too-high", "P2");
    assert_int_equal(tz_exception_add(county.store, finding, 20200630, NULL, &number, &refused), TZ_USAGE); /* nobody judged it */
    MUST(tz_verdict(county.store, county.packs, finding, false, "data-error", NULL, err));
    assert_int_equal(tz_exception_add(county.store, finding, 20200630, NULL, &number, &refused), TZ_USAGE); /* the data are to be mended */
    MUST(tz_verdict(county.store, county.packs, finding, false, "lawful", NULL, err));
    assert_int_equal(tz_exception_add(county.store, finding, 20191001, NULL, &number, &refused), TZ_USAGE); /* past */
    assert_int_equal(tz_exception_add(county.store, 999, 20200630, NULL, &number, &refused), TZ_MISSING);
    MUST(tz_exception_add(county.store, finding, 20200630, "特困供养", &number, err));

    json_t *results = run(&county);
    expect(results, "too-high", "ran", 0, 1, 1); /* P1 stays, P2 is excepted: the rule is another for P2 */
    assert_string_equal(cleared_why(&county, "too-high"), "rule changed");
    json_decref(results);

    /* Another term of the same subject is spared too, until the last day. */
    (void)county_deliver(&county, "aid", "2020-06-30", 0, &(county_line){0, "2", "李二", "2019-2", "甲校", "900.00"}, 1);
    results = run_as_of(&county, 20200630, NULL);
    expect(results, "too-high", "ran", 0, 1, 0);
    json_decref(results);
    results = run_as_of(&county, 20200701, NULL);
    expect(results, "too-high", "ran", 2, 1, 0);
    json_decref(results);
    MUST(tz_exception_list(county.store, &list, err));
    assert_string_equal(tz_json_str(json_array_get(list, 0), "state"), "expired");
    json_decref(list);
    MUST(tz_exception_end(county.store, number, "低保已停", err));
    assert_int_equal(tz_exception_end(county.store, number, "again", &refused), TZ_MISSING);
    county_drop(&county);
}

/* ---- Levels over time ---- */

static void tells_what_raised_and_lowered_a_level(void **state)
{
    small_county county;
    json_t      *list = NULL;
    (void)state;

    start(&county);
    json_decref(run(&county));
    int64_t refund = county_deliver(&county, "refunds", "2019-12-31", 0, &(county_line){0, "1", "张一", "2019-1", "甲校", "100.00"}, 1);
    (void)refund;
    (void)county_deliver(&county, "aid", "2020-01-31", 0, LINES + 1, 1); /* of the term, P1 has one row left, not too high */
    json_decref(run_as_of(&county, 20200131, NULL));
    MUST(tz_signals(&county.mem, county.store, county.packs, "person", "P1", 0, &list, err));
    const json_t *history = json_object_get(json_array_get(list, 0), "history");
    assert_int_equal(json_array_size(history), 2);
    assert_string_equal(tz_json_str(json_array_get(history, 0), "level"), "red");
    assert_string_equal(tz_json_str(json_array_get(history, 0), "why"), "a red finding");
    assert_int_equal(json_array_size(json_object_get(json_array_get(history, 0), "raised")), 3);
    assert_null(tz_json_str(json_array_get(history, 1), "level"));
    const json_t *lowered = json_object_get(json_array_get(history, 1), "lowered");
    assert_int_equal(json_array_size(lowered), 3);
    assert_non_null(tz_json_str(json_array_get(lowered, 0), "cleared_why"));
    json_decref(list);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combines_findings),
        cmocka_unit_test(asks_what_it_needs),
        cmocka_unit_test(leaves_out_what_is_not_real),
        cmocka_unit_test(follows_another_parameter),
        cmocka_unit_test(names_what_is_broken_and_runs_the_rest),
        cmocka_unit_test(excepts_for_a_time),
        cmocka_unit_test(tells_what_raised_and_lowered_a_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
