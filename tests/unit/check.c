/* Runs of checks: what is raised, kept and cleared, and each reason with what must not look like it. */
#include "../county.h"

#include "checks/check.h"
#include "packs/query.h"

static json_t *run_at(small_county *county, int32_t as_of)
{
    tz_check_options options = {.day.as_of = as_of};
    json_t          *results = NULL;
    MUST(tz_checks_run(&county->mem, county->store, county->packs, &options, &results, err));
    return results;
}

static json_t *result_of(json_t *results, const char *check)
{
    size_t  i;
    json_t *line;
    json_array_foreach(results, i, line)
        if (strcmp(tz_json_str(line, "check"), check) == 0)
            return line;
    fail_msg("no result of %s", check);
    return NULL;
}

/* Runs on a day and asserts "raised kept cleared" of one check. */
static void expect_run(small_county *county, int32_t as_of, const char *check, int raised, int kept, int cleared)
{
    json_t *results = run_at(county, as_of), *line = result_of(results, check);
    if (strcmp(tz_json_str(line, "state"), "ran") != 0)
        fail_msg("%s: %s", check, tz_json_str(line, "why"));
    assert_int_equal(tz_json_int(line, "raised", -1), raised);
    assert_int_equal(tz_json_int(line, "kept", -1), kept);
    assert_int_equal(tz_json_int(line, "cleared", -1), cleared);
    json_decref(results);
}

/* One finding as the listing gives it. */
static json_t *finding(small_county *county, int64_t number)
{
    tz_finding_filter filter = {.finding = number, .is_masked = true, .lang = TZ_EN};
    json_t           *list = NULL;
    MUST(tz_findings(&county->mem, county->store, county->packs, &filter, &list, err));
    json_t *line = json_incref(json_array_get(list, 0));
    json_decref(list);
    return line;
}

static void expect_finding(small_county *county, int64_t number, const char *state, const char *cleared_why)
{
    json_t *line = finding(county, number);
    assert_string_equal(tz_json_str(line, "state"), state);
    if (cleared_why == NULL)
        assert_null(tz_json_str(line, "cleared_why"));
    else
        assert_string_equal(tz_json_str(line, "cleared_why"), cleared_why);
    json_decref(line);
}

enum { DAY = 20200115, LATER = 20200331, MUCH_LATER = 20201231 };

static const county_line TWICE[] = {
    {0, "1", "张三", "2019-2", "甲校", "400.00"},
    {0, "1", "张三", "2019-2", "乙校", "300.00"},
    {0, "2", "李四", "2019-2", "甲校", "400.00"},
};
static const county_line EARLIER[] = {{0, "9", "王五", "2019-1", "甲校", "100.00"}};

static void start_twice(small_county *county)
{
    county_make(county);
    (void)county_deliver(county, "aid", "2019-07-15", 0, EARLIER, 1);
    (void)county_deliver(county, "aid", "2020-01-15", 0, TWICE, 3);
    county_link(county);
    expect_run(county, DAY, "paid-twice", 1, 0, 0);
    expect_finding(county, 1, "raised", NULL);
}

static void raises_and_stands(void **state)
{
    (void)state;
    small_county county;
    start_twice(&county);

    json_t *again = run_at(&county, DAY), *line = result_of(again, "paid-twice");
    assert_true(json_is_false(json_object_get(line, "is_new")));
    assert_int_equal(tz_json_int(line, "raised", 0), 1);
    assert_int_equal(tz_json_int(line, "looked_at", 0), 4);
    assert_int_equal(tz_json_int(line, "units", 0), 1);
    json_decref(again);
    int64_t runs = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM check_run", NULL, NULL, &runs, err));
    assert_int_equal(runs, 1);

    expect_run(&county, LATER, "paid-twice", 0, 1, 0);
    expect_finding(&county, 1, "persisting", NULL);
    json_t *shown = finding(&county, 1);
    assert_string_equal(tz_json_str(shown, "since"), "2020-01-15");
    assert_string_equal(tz_json_str(shown, "message"), "张* got 300.00 too much");
    assert_int_equal(json_array_size(json_object_get(shown, "rows")), 2);
    json_t *row = json_array_get(json_object_get(shown, "rows"), 0);
    assert_string_equal(tz_json_str(row, "file"), "aid-2.csv");
    assert_int_equal(tz_json_int(row, "row", 0), 4);
    json_decref(shown);
    county_drop(&county);
}

static void clears_when_its_batch_is_withdrawn(void **state)
{
    (void)state;
    small_county county;
    start_twice(&county);
    county_withdraw(&county, 1); /* of another term: nothing to this finding */
    expect_run(&county, DAY, "paid-twice", 0, 1, 0);
    (void)county_deliver(&county, "aid", "2019-07-15", 0, EARLIER, 1);
    county_withdraw(&county, 2);
    expect_run(&county, DAY, "paid-twice", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "batch withdrawn");
    (void)county_deliver(&county, "aid", "2020-01-15", 0, TWICE, 3); /* and back under its number */
    county_link(&county);
    expect_run(&county, DAY, "paid-twice", 1, 0, 0);
    expect_finding(&county, 1, "raised", NULL);
    county_drop(&county);
}

static void clears_when_the_rule_changed(void **state)
{
    (void)state;
    small_county county;
    char         sql[2048];
    start_twice(&county);
    (void)snprintf(sql, sizeof sql, "%s", CHECK_TWICE);
    memcpy(strstr(sql, "count(*) > 1"), "count(*) > 2", 12);
    county_check_file(&county, "paid-twice", sql);
    county_load_packs(&county);
    expect_run(&county, DAY, "paid-twice", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "rule changed");
    county_drop(&county);
}

static void clears_when_the_link_changed(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    static const county_line LINES[] = {{0, "1", "张三", "2019-2", "甲校", "400.00"}, {0, "7", "张三", "2019-2", "乙校", "300.00"}};
    (void)county_deliver(&county, "aid", "2020-01-15", 0, LINES, 2);
    county.alias[0].no = "7";
    county.alias[0].person = "P1";
    county_link(&county);
    expect_run(&county, DAY, "paid-twice", 1, 0, 0);
    county.alias[0].person = "P7";
    county_link(&county);
    expect_run(&county, DAY, "paid-twice", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "link changed");
    county_drop(&county);
}

static void clears_when_remedied(void **state)
{
    (void)state;
    static const county_line PART[] = {{0, "1", "张三", "2019-2", "甲校", "299.99"}}, REST[] = {{0, "1", "张三", "2019-2", "乙校", "0.01"}};
    small_county county;
    start_twice(&county);
    (void)county_deliver(&county, "refunds", "2020-02-01", 0, PART, 1);
    county_link(&county);
    expect_run(&county, 20200201, "paid-twice", 0, 1, 0);
    expect_finding(&county, 1, "persisting", NULL);
    (void)county_deliver(&county, "refunds", "2020-02-02", 0, REST, 1);
    county_link(&county);
    expect_run(&county, 20200202, "paid-twice", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "remedied");
    json_t *shown = finding(&county, 1);
    assert_int_equal(json_array_size(json_object_get(shown, "rows")), 4); /* with the refunds */
    json_decref(shown);
    county_drop(&county);
}

static void a_wrong_remedied_at_once_raises_nothing(void **state)
{
    (void)state;
    static const county_line PAID[] = {{0, "1", "张三", "2019-2", "甲校", "300.00"}};
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, TWICE, 3);
    (void)county_deliver(&county, "refunds", "2020-01-15", 0, PAID, 1);
    county_link(&county);
    expect_run(&county, DAY, "paid-twice", 0, 0, 0);
    county_drop(&county);
}

static const county_line HIGH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "100.00"}};

static void start_high(small_county *county)
{
    county_make(county);
    (void)county_deliver(county, "aid", "2020-01-15", 0, HIGH, 2);
    county_link(county);
    expect_run(county, DAY, "too-high", 1, 0, 0);
}

static void clears_when_corrected(void **state)
{
    (void)state;
    static const county_line OTHER[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "90.00"}};
    static const county_line MENDED[] = {{0, "1", "张三", "2019-2", "甲校", "90.00"}, {0, "2", "李四", "2019-2", "甲校", "90.00"}};
    small_county county;
    start_high(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, OTHER, 2); /* another row changed */
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 1, 0);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, MENDED, 2);
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "corrected");
    county_drop(&county);
}

/* The key itself was wrong: an error workbook mends it by the row's address; a new list that merely
 * lacks the row does not. */
static void clears_when_a_key_was_mended_by_address(void **state)
{
    (void)state;
    static const county_line MENDED[] = {{4, "3", "张三", "2019-2", "甲校", "90.00"}, {5, "2", "李四", "2019-2", "甲校", "100.00"}};
    for (int by_address = 0; by_address < 2; by_address++) {
        small_county county;
        start_high(&county);
        (void)county_deliver(&county, "aid", "2020-01-15", by_address, MENDED, 2);
        county_link(&county);
        expect_run(&county, DAY, "too-high", 0, 0, 1);
        expect_finding(&county, 1, "cleared", by_address ? "corrected" : "vanished");
        county_drop(&county);
    }
}

static void clears_when_vanished(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &HIGH[1], 1);
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "vanished");
    county_drop(&county);
}

static void clears_when_time_passed(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    expect_run(&county, LATER, "too-high", 0, 1, 0);
    expect_run(&county, MUCH_LATER, "too-high", 0, 0, 1);
    expect_finding(&county, 1, "cleared", "time passed");
    county_drop(&county);
}

static const county_line POOR[] = {{0, "5", "赵六", NULL, NULL, NULL}};

static void start_unpaid(small_county *county)
{
    county_make(county);
    (void)county_deliver(county, "poor", "2020-01-01", 0, POOR, 1);
    (void)county_deliver(county, "aid", "2020-01-15", 0, HIGH, 2);
    county_link(county);
    expect_run(county, DAY, "unpaid", 1, 0, 0);
}

static void clears_when_supplied(void **state)
{
    (void)state;
    static const county_line OTHER_TERM[] = {{0, "5", "赵六", "2019-1", "甲校", "100.00"}};
    static const county_line CAME[] = {{0, "5", "赵六", "2019-2", "甲校", "100.00"}, {0, "1", "张三", "2019-2", "甲校", "900.00"}};
    small_county county;
    start_unpaid(&county);
    int64_t number = 0;
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &number, err));
    (void)county_deliver(&county, "aid", "2020-01-15", 0, OTHER_TERM, 1);
    county_link(&county);
    expect_run(&county, DAY, "unpaid", 0, 1, 0);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, CAME, 2);
    county_link(&county);
    expect_run(&county, DAY, "unpaid", 0, 0, 1);
    expect_finding(&county, number, "cleared", "supplied");
    county_drop(&county);
}

/* The payment was there all the time, under another person. */
static void an_absence_that_a_link_ends_is_no_supply(void **state)
{
    (void)state;
    small_county county;
    start_unpaid(&county);
    int64_t number = 0;
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &number, err));
    county.alias[0].no = "2";
    county.alias[0].person = "P5";
    county_link(&county);
    expect_run(&county, DAY, "unpaid", 0, 0, 1);
    expect_finding(&county, number, "cleared", "link changed");
    county_drop(&county);
}

/* Off the list: another term's payment that came with it doesn't make it supplied. */
static void an_absence_that_left_the_list_vanished(void **state)
{
    (void)state;
    static const county_line OTHER_TERM[] = {{0, "5", "赵六", "2019-1", "甲校", "100.00"}}, OTHER[] = {{0, "6", "钱七", NULL, NULL, NULL}};
    small_county county;
    start_unpaid(&county);
    int64_t number = 0;
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &number, err));
    (void)county_deliver(&county, "aid", "2020-01-15", 0, OTHER_TERM, 1);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, OTHER, 1);
    county_link(&county);
    json_decref(run_at(&county, DAY));
    expect_finding(&county, number, "cleared", "vanished");
    county_drop(&county);
}

/* It rests on no row of the batch that made its term: the withdrawal is still the reason. */
static void an_absence_ends_with_the_batch_that_showed_it(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "poor", "2020-01-01", 0, POOR, 1);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    (void)county_deliver(&county, "aid", "2019-07-15", 0, EARLIER, 1);
    county_link(&county);
    expect_run(&county, DAY, "unpaid", 2, 0, 0);
    county_withdraw(&county, 3);
    expect_run(&county, DAY, "unpaid", 0, 1, 1);
    int64_t withdrawn = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM finding WHERE cleared_why = 'batch withdrawn'", NULL, NULL, &withdrawn, err));
    assert_int_equal(withdrawn, 1);
    county_drop(&county);
}

static void waits_while_a_link_is_reviewed(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "poor", "2020-01-01", 0, POOR, 1);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    county.reviews[0].a = tz_row_id(1, 1, 4);
    county.reviews[0].b = tz_row_id(2, 1, 5);
    county_link(&county);
    expect_run(&county, DAY, "unpaid", 1, 0, 0);
    int64_t pending = 0;
    MUST(tz_sql_one(county.store, "SELECT pending FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &pending, err));
    assert_int_equal(pending, 1);
    MUST(tz_sql_one(county.store, "SELECT pending FROM finding WHERE \"check\" = 'too-high'", NULL, NULL, &pending, err));
    assert_int_equal(pending, 0); /* rests on no absence */
    county_drop(&county);
}

static void is_never_green_without_its_registers(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    county_withdraw(&county, 1);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    county_link(&county);
    json_t *results = run_at(&county, DAY), *line = result_of(results, "too-high");
    assert_string_equal(tz_json_str(line, "state"), "not evaluated");
    assert_non_null(strstr(tz_json_str(line, "why"), "withdrawn"));
    assert_string_equal(tz_json_str(result_of(results, "unpaid"), "why"), "the register 'aid' (aid) was withdrawn");
    json_decref(results);
    expect_finding(&county, 1, "not evaluated", NULL);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 1, 0);
    expect_finding(&county, 1, "persisting", NULL);
    county_drop(&county);
}

static void names_every_register_it_lacks(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "refunds", "2020-01-15", 0, HIGH, 1);
    county_link(&county);
    json_t *results = run_at(&county, DAY);
    assert_string_equal(tz_json_str(result_of(results, "unpaid"), "why"),
                        "the register 'poor' (list) is missing; the register 'aid' (aid) is missing");
    json_decref(results);
    county_drop(&county);
}

static void a_wrong_rule_is_its_own_result(void **state)
{
    (void)state;
    static const struct { const char *from, *to, *why; } WRONG[] = {
        {"a.person AS subject, a.term, a.school", "'P1' AS subject, '2019-2' AS term, '甲校' AS school",
         "two findings have one key; the row that only the one rests on, and only the other: aid/1/1/"},
        {"a.person AS subject", "a.person AS who", "no column subject"},
        {"a.term, a.school, a.name", "a.term, a.name", "no column school"},
        {"a.amount > :limit", "a.amont > :limit", "too-high.sql"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        small_county county;
        char         sql[2048];
        county_make(&county);
        const char *at = strstr(CHECK_HIGH, WRONG[i].from);
        assert_non_null(at);
        (void)snprintf(sql, sizeof sql, "%.*s%s%s", (int)(at - CHECK_HIGH), CHECK_HIGH, WRONG[i].to, at + strlen(WRONG[i].from));
        char *limit = i == 0 ? strstr(sql, "a.amount > :limit") : NULL;
        if (limit != NULL)
            memcpy(limit, "a.amount > 0     ", 17);
        county_check_file(&county, "too-high", sql);
        county_load_packs(&county);
        (void)county_deliver(&county, "aid", "2020-01-15", 0, TWICE, 3);
        county_link(&county);
        json_t *results = run_at(&county, DAY), *line = result_of(results, "too-high");
        assert_string_equal(tz_json_str(line, "state"), "failed");
        assert_non_null(strstr(tz_json_str(line, "why"), WRONG[i].why));
        assert_non_null(strstr(tz_json_str(line, "why"), "too-high.sql"));
        assert_int_equal(tz_json_int(result_of(results, "paid-twice"), "raised", 0), 1); /* the rest run */
        json_decref(results);
        county_drop(&county);
    }
}

/* A batch that a check doesn't read leaves it alone, and yet it has a result of the new run. */
static void asks_again_only_what_changed(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 1, 0);
    expect_finding(&county, 1, "raised", NULL);
    int64_t inputs = 0, results = 0;
    static const char COUNT[] = "SELECT count(DISTINCT inputs) FROM check_result WHERE \"check\" = ?1";
    MUST(tz_sql_one(county.store, COUNT, "too-high", NULL, &inputs, err));
    assert_int_equal(inputs, 1);
    MUST(tz_sql_one(county.store, COUNT, "unpaid", NULL, &inputs, err));
    assert_int_equal(inputs, 2);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2); /* the same rows in another batch */
    county_link(&county);
    expect_run(&county, LATER, "too-high", 0, 1, 0);
    expect_finding(&county, 1, "persisting", NULL);
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM check_result WHERE \"check\" = 'too-high'", NULL, NULL, &results, err));
    assert_int_equal(results, 3);
    county_drop(&county);
}

static void keeps_its_number_through_a_merge_and_a_split(void **state)
{
    (void)state;
    small_county county;
    start_high(&county); /* finding 1 on P1 */
    county.alias[0].no = "1";
    county.alias[0].person = "P0";
    county_entity(&county, "alias", "P0", "P1");
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 1, 0);
    expect_finding(&county, 1, "persisting", NULL);
    json_t *shown = finding(&county, 1);
    assert_string_equal(tz_json_str(shown, "subject"), "P0");
    json_decref(shown);
    county.alias[0].person = "P8";
    county_entity(&county, "split", "P8", "P0");
    county_link(&county);
    expect_run(&county, DAY, "too-high", 0, 1, 0);
    shown = finding(&county, 1);
    assert_string_equal(tz_json_str(shown, "subject"), "P8");
    json_decref(shown);
    int64_t rekeyed = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM finding_event WHERE event = 'rekeyed'", NULL, NULL, &rekeyed, err));
    assert_int_equal(rekeyed, 2);
    county_drop(&county);
}

static void a_past_day_and_other_parameters_change_nothing(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"too-high", NULL}, *const WHAT_IF[] = {"aid.limit=50.00", NULL};
    small_county county;
    start_high(&county);
    int64_t before = 0, after = 0;
    MUST(tz_journal_count(county.store, &before, err));
    tz_check_options past = {.day.as_of = 20190901, .is_past = true}, what_if = {.names = NAMES, .what_if = WHAT_IF};
    json_t          *results = NULL;
    MUST(tz_checks_run(&county.mem, county.store, county.packs, &past, &results, err));
    assert_string_equal(tz_json_str(result_of(results, "too-high"), "state"), "not evaluated");
    json_decref(results);
    MUST(tz_checks_run(&county.mem, county.store, county.packs, &what_if, &results, err));
    json_t *line = json_array_get(results, 0);
    assert_int_equal(json_array_size(results), 1);
    assert_int_equal(tz_json_int(line, "kept", 0), 1);
    assert_int_equal(json_array_size(json_object_get(line, "comes_in")), 1);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(line, "comes_in"), 0), "subject"), "P2");
    assert_int_equal(json_array_size(json_object_get(line, "drops_out")), 0);
    json_decref(results);
    MUST(tz_journal_count(county.store, &after, err));
    assert_int_equal(before, after);
    county_drop(&county);
}

/* On another day nothing is kept: what was found then has its number if it was ever raised. */
static void lists_another_day(void **state)
{
    (void)state;
    static const county_line OLD[] = {{0, "9", "王五", "2019-1", "甲校", "900.00"}};
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2019-07-15", 0, OLD, 1);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    county_link(&county);
    expect_run(&county, DAY, "too-high", 2, 0, 0);
    expect_run(&county, MUCH_LATER, "too-high", 0, 0, 2);
    int64_t before = 0, after = 0;
    MUST(tz_journal_count(county.store, &before, err));
    tz_finding_filter filter = {.as_of = 20190801, .is_masked = true, .lang = TZ_EN};
    json_t           *list = NULL;
    MUST(tz_findings(&county.mem, county.store, county.packs, &filter, &list, err));
    assert_int_equal(json_array_size(list), 1);
    json_t *line = json_array_get(list, 0);
    assert_string_equal(tz_json_str(line, "subject"), "P9");
    assert_string_equal(tz_json_str(line, "message"), "王* got too much");
    assert_string_equal(tz_json_str(line, "since"), "2019-08-01");
    assert_true(json_is_integer(json_object_get(line, "finding")));
    json_decref(list);
    filter.as_of = MUCH_LATER; /* the day of the newest run: from the ledger */
    MUST(tz_findings(&county.mem, county.store, county.packs, &filter, &list, err));
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(tz_json_str(json_array_get(list, 0), "cleared_why"), "time passed");
    json_decref(list);
    MUST(tz_journal_count(county.store, &after, err));
    assert_int_equal(before, after);
    county_drop(&county);
}

static void lists_by_place_level_and_knowledge(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    int64_t entry = 0;
    MUST(tz_journal_count(county.store, &entry, err));
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &HIGH[1], 1);
    county_link(&county);
    json_decref(run_at(&county, DAY));
    const struct { tz_finding_filter filter; size_t count; } TABLE[] = {
        {{.level = "red"}, 1},          {{.level = "yellow"}, 0},       {{.where = "140430100000"}, 1},
        {{.where = "东镇"}, 1},       {{.where = "140430101000"}, 0}, {{.state = "open"}, 0},
        {{.state = "open", .at = entry}, 1}, {{.check = "unpaid"}, 0},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        json_t *list = NULL;
        MUST(tz_findings(&county.mem, county.store, county.packs, &TABLE[i].filter, &list, err));
        assert_int_equal(json_array_size(list), TABLE[i].count);
        json_decref(list);
    }
    county_drop(&county);
}

static void adds_up_signals(void **state)
{
    (void)state;
    static const county_line BOTH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "1", "张三", "2019-2", "乙校", "100.00"},
                                       {0, "2", "李四", "2019-2", "甲校", "100.00"}, {0, "2", "李四", "2019-2", "乙校", "100.00"}};
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, BOTH, 4);
    county_link(&county);
    json_decref(run_at(&county, DAY)); /* P1: red too-high and orange paid-twice; P2: orange */
    json_t *list = NULL;
    MUST(tz_signals(&county.mem, county.store, county.packs, "person", NULL, 0, &list, err));
    assert_int_equal(json_array_size(list), 2);
    json_t *first = json_array_get(list, 0), *second = json_array_get(list, 1);
    assert_string_equal(tz_json_str(first, "subject"), "P1");
    assert_string_equal(tz_json_str(first, "level"), "red");
    assert_string_equal(tz_json_str(first, "score"), "6.000"); /* (9 + 3) / 2 */
    assert_string_equal(tz_json_str(second, "level"), "orange");
    json_decref(list);
    (void)county_deliver(&county, "aid", "2020-03-15", 0, BOTH + 1, 3);
    county_link(&county);
    json_decref(run_at(&county, LATER));
    MUST(tz_signals(&county.mem, county.store, county.packs, "person", "P1", 0, &list, err));
    first = json_array_get(list, 0);
    assert_null(tz_json_str(first, "level"));
    assert_int_equal(json_array_size(json_object_get(first, "history")), 2);
    json_decref(list);
    MUST(tz_signals(&county.mem, county.store, county.packs, "township", NULL, 0, &list, err));
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(tz_json_str(json_array_get(list, 0), "subject"), "140430100000");
    json_decref(list);
    county_drop(&county);
}

static void judges_by_reasons_of_the_list(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    tz_err  wrong = {0};
    json_t *record = NULL;
    assert_int_equal(tz_verdict(county.store, county.packs, 1, false, "因为", NULL, &wrong), TZ_USAGE);
    assert_non_null(strstr(wrong.advice_en, "lawful"));
    assert_int_equal(tz_verdict(county.store, county.packs, 1, false, "other", NULL, &wrong), TZ_USAGE);
    assert_int_equal(tz_verdict(county.store, county.packs, 99, true, NULL, NULL, &wrong), TZ_MISSING);
    MUST(tz_verdict(county.store, county.packs, 1, true, "现场核实", NULL, err));
    MUST(tz_verdict(county.store, county.packs, 1, false, "不是同一人:同名", NULL, err));
    MUST(tz_check_record(county.store, county.packs, &record, err));
    json_t *line = result_of(record, "too-high");
    assert_int_equal(tz_json_int(line, "verified", 0), 1);
    assert_int_equal(tz_json_int(line, "not_real", 0), 1);
    assert_int_equal(tz_json_int(json_object_get(line, "reasons"), "wrong-person", 0), 1);
    json_decref(record);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raises_and_stands),
        cmocka_unit_test(clears_when_its_batch_is_withdrawn),
        cmocka_unit_test(clears_when_the_rule_changed),
        cmocka_unit_test(clears_when_the_link_changed),
        cmocka_unit_test(clears_when_remedied),
        cmocka_unit_test(a_wrong_remedied_at_once_raises_nothing),
        cmocka_unit_test(clears_when_corrected),
        cmocka_unit_test(clears_when_a_key_was_mended_by_address),
        cmocka_unit_test(clears_when_vanished),
        cmocka_unit_test(clears_when_time_passed),
        cmocka_unit_test(clears_when_supplied),
        cmocka_unit_test(an_absence_that_a_link_ends_is_no_supply),
        cmocka_unit_test(an_absence_that_left_the_list_vanished),
        cmocka_unit_test(an_absence_ends_with_the_batch_that_showed_it),
        cmocka_unit_test(waits_while_a_link_is_reviewed),
        cmocka_unit_test(is_never_green_without_its_registers),
        cmocka_unit_test(names_every_register_it_lacks),
        cmocka_unit_test(a_wrong_rule_is_its_own_result),
        cmocka_unit_test(asks_again_only_what_changed),
        cmocka_unit_test(keeps_its_number_through_a_merge_and_a_split),
        cmocka_unit_test(a_past_day_and_other_parameters_change_nothing),
        cmocka_unit_test(lists_another_day),
        cmocka_unit_test(lists_by_place_level_and_knowledge),
        cmocka_unit_test(adds_up_signals),
        cmocka_unit_test(judges_by_reasons_of_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
