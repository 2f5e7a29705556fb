/* Views of registers: which rows hold on a day (as of) and as known at an entry (at). */
#include "../county.h"

#include "packs/query.h"

/* The rows of a register on a day, one text: "no amount person; …" in the view's order. */
static const char *view_at(small_county *county, const char *register_name, int32_t as_of, int64_t at)
{
    tz_day    day = {0};
    tz_query *query = NULL;
    tz_result result = {0};
    tz_buf    out = tz_buf_init(&county->mem, 0);

    MUST(tz_day_resolve(county->store, (tz_day){.as_of = as_of, .at = at}, &day, err));
    MUST(tz_query_open(&county->mem, county->store, county->packs, day, &query, err));
    const char *sql = tz_arena_printf(&county->mem, "SELECT no || ' ' || amount || ' ' || coalesce(person, '-') FROM %s", register_name);
    MUST(tz_query_run(&county->mem, query, NULL, sql, NULL, 0, NULL, &result, err));
    for (size_t i = 0; i < result.rows.count; i++)
        tz_buf_printf(&out, "%s%s", i == 0 ? "" : "; ", json_string_value(json_array_get(result.rows.items[i], 0)));
    tz_result_free(&result);
    tz_query_close(query);
    return tz_buf_str(&out);
}

static int64_t entries(small_county *county)
{
    int64_t count = 0;
    MUST(tz_journal_count(county->store, &count, err));
    return count;
}

static const county_line OLD_LIST[] = {{0, "1", "张三", NULL, NULL, "1"}, {0, "2", "李四", NULL, NULL, "2"}};
static const county_line NEW_LIST[] = {{0, "2", "李四", NULL, NULL, "3"}};

static void replaces_a_state(void **state)
{
    small_county county;
    (void)state;

    county_make(&county);
    assert_string_equal(view_at(&county, "poor", 20181231, 0), "");
    int64_t old = county_deliver(&county, "poor", "2018-12-31", 0, OLD_LIST, 2);
    int64_t before = entries(&county);
    (void)county_deliver(&county, "poor", "2019-12-31", 0, NEW_LIST, 1);
    assert_string_equal(view_at(&county, "poor", 20200101, 0), "2 3.00 -"); /* nothing is linked yet */
    county_link(&county);
    assert_string_equal(view_at(&county, "poor", 20200101, 0), "2 3.00 P2");
    assert_string_equal(view_at(&county, "poor", 20191230, 0), "1 1.00 P1; 2 2.00 P2");
    assert_string_equal(view_at(&county, "poor", 20181230, 0), "");
    assert_string_equal(view_at(&county, "poor", 20200101, before), "1 1.00 -; 2 2.00 -"); /* knowledge of then */
    before = entries(&county);
    county_withdraw(&county, old);
    assert_string_equal(view_at(&county, "poor", 20191230, 0), "");
    assert_string_equal(view_at(&county, "poor", 20191230, before), "1 1.00 P1; 2 2.00 P2");
    county_drop(&county);
}

/* Of two deliveries of one as-of date the later entry wins; of an older date, none. */
static void newer_means_date_then_entry(void **state)
{
    small_county county;
    (void)state;

    county_make(&county);
    (void)county_deliver(&county, "poor", "2019-12-31", 0, OLD_LIST, 2);
    int64_t second = county_deliver(&county, "poor", "2019-12-31", 0, NEW_LIST, 1);
    assert_string_equal(view_at(&county, "poor", 20200101, 0), "2 3.00 -");
    (void)county_deliver(&county, "poor", "2019-06-30", 0, OLD_LIST, 1);
    assert_string_equal(view_at(&county, "poor", 20200101, 0), "2 3.00 -");
    county_withdraw(&county, second); /* what it replaced holds again */
    assert_string_equal(view_at(&county, "poor", 20200101, 0), "1 1.00 -; 2 2.00 -");
    county_drop(&county);
}

static void replaces_a_term_alone(void **state)
{
    static const county_line BOTH[] = {{0, "1", "张三", "2019-1", "甲校", "1"}, {0, "1", "张三", "2019-2", "甲校", "2"}};
    static const county_line AUTUMN[] = {{0, "2", "李四", "2019-2", "甲校", "3"}};
    small_county county;
    (void)state;

    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, BOTH, 2);
    (void)county_deliver(&county, "aid", "2020-01-20", 0, AUTUMN, 1);
    assert_string_equal(view_at(&county, "aid", 20200120, 0), "1 1.00 -; 2 3.00 -");
    assert_string_equal(view_at(&county, "aid", 20200119, 0), "1 1.00 -; 1 2.00 -");
    county_drop(&county);
}

static void adds_events_once(void **state)
{
    static const county_line FIRST[] = {{0, "1", "张三", "2019-1", "甲校", "1"}, {0, "2", "李四", "2019-1", "甲校", "2"}};
    static const county_line AGAIN[] = {{0, "2", "李四", "2019-1", "甲校", "5"}, {0, "3", "王五", "2019-1", "甲校", "3"}};
    small_county county;
    (void)state;

    county_make(&county);
    (void)county_deliver(&county, "refunds", "2019-06-30", 0, FIRST, 2);
    int64_t again = county_deliver(&county, "refunds", "2019-07-31", 0, AGAIN, 2);
    assert_string_equal(view_at(&county, "refunds", 20191231, 0), "1 1.00 -; 2 5.00 -; 3 3.00 -");
    assert_string_equal(view_at(&county, "refunds", 20190701, 0), "1 1.00 -; 2 2.00 -");
    county_withdraw(&county, again);
    assert_string_equal(view_at(&county, "refunds", 20191231, 0), "1 1.00 -; 2 2.00 -");
    county_drop(&county);
}

static void a_correction_replaces_its_batch(void **state)
{
    static const county_line MENDED[] = {{4, "1", "张三", NULL, NULL, "7"}, {5, "2", "李四", NULL, NULL, "2"}};
    small_county county;
    (void)state;

    county_make(&county);
    int64_t wrong = county_deliver(&county, "poor", "2019-12-31", 0, OLD_LIST, 2);
    (void)county_deliver(&county, "poor", "2019-12-31", wrong, MENDED, 2);
    assert_string_equal(view_at(&county, "poor", 20191231, 0), "1 7.00 -; 2 2.00 -");
    county_drop(&county);
}

static void the_newest_day_is_the_default(void **state)
{
    small_county county;
    tz_day       day = {0};
    tz_err       ignored;
    (void)state;

    county_make(&county);
    assert_int_equal(tz_day_resolve(county.store, day, &day, &ignored), TZ_MISSING);
    (void)county_deliver(&county, "poor", "2018-12-31", 0, OLD_LIST, 2);
    int64_t before = entries(&county), newest = county_deliver(&county, "poor", "2019-12-31", 0, NEW_LIST, 1);
    MUST(tz_day_resolve(county.store, (tz_day){0}, &day, err));
    assert_int_equal(day.as_of, 20191231);
    MUST(tz_day_resolve(county.store, (tz_day){.at = before}, &day, err));
    assert_int_equal(day.as_of, 20181231);
    county_withdraw(&county, newest);
    MUST(tz_day_resolve(county.store, (tz_day){0}, &day, err));
    assert_int_equal(day.as_of, 20181231);
    county_drop(&county);
}

/* ---- Rows by their id, and how they are written ---- */

static void a_row_opens_whatever_became_of_its_batch(void **state)
{
    small_county  county;
    tz_row_found *rows = NULL;
    int64_t       row = 0;
    tz_err        ignored;
    (void)state;

    county_make(&county);
    int64_t batch = county_deliver(&county, "poor", "2019-12-31", 0, OLD_LIST, 2);
    county_withdraw(&county, batch);
    MUST(tz_row_parse(county.store, tz_arena_printf(&county.mem, "poor/%lld/1/5", (long long)batch), &row, err));
    const int64_t twice[] = {row, row};
    MUST(tz_rows_find(&county.mem, county.store, county.packs, twice, 2, &rows, err));
    for (int i = 0; i < 2; i++) {
        assert_string_equal(rows[i].register_name, "poor");
        assert_int_equal(rows[i].row_no, 5);
        assert_string_equal(tz_json_str(rows[i].values, "name"), "李四");
        json_decref(rows[i].values);
    }
    const int64_t nowhere = tz_row_id(batch, 1, 99), no_batch = tz_row_id(77, 1, 1);
    assert_int_equal(tz_rows_find(&county.mem, county.store, county.packs, &nowhere, 1, &rows, &ignored), TZ_MISSING);
    assert_int_equal(tz_rows_find(&county.mem, county.store, county.packs, &no_batch, 1, &rows, &ignored), TZ_MISSING);
    assert_int_equal(tz_rows_address(&county.mem, county.store, &no_batch, 1, &rows, &ignored), TZ_MISSING);
    county_drop(&county);
}

static void reads_addresses(void **state)
{
    static const char *const BAD[] = {"", "poor", "poor/1", "poor/1/1", "poor/0/1/1", "poor/1/0/1", "poor/1/1024/1", "poor/1/1/0", "poor/1/1/1x",
                                      "poor/134217728/1/1", "poor/1/1/67108864", "-5", "0"};
    int64_t row = 7;
    tz_err  ignored;
    (void)state;

    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        if (tz_row_parse(NULL, BAD[i], &row, &ignored) != TZ_USAGE || row != 7)
            fail_msg("'%s' was read", BAD[i]);
    MUST(tz_row_parse(NULL, "any/134217727/1023/67108863", &row, err));
    assert_int_equal(row, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_a_state), cmocka_unit_test(newer_means_date_then_entry), cmocka_unit_test(replaces_a_term_alone),
        cmocka_unit_test(adds_events_once), cmocka_unit_test(a_correction_replaces_its_batch), cmocka_unit_test(the_newest_day_is_the_default),
        cmocka_unit_test(a_row_opens_whatever_became_of_its_batch), cmocka_unit_test(reads_addresses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
