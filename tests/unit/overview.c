/* The ledger on one page: where issues lie, what is red or late, on a day that is past too, and for a scope. */
#include "../ledger.h"

#include "base/date.h"
#include "ledger/overview.h"

static const county_line TWICE[] = {{0, "1", "张三丰", "2019-1", "甲校", "400.00"}, {0, "1", "张三丰", "2019-1", "乙校", "400.00"},
                                    {0, "2", "李四光", "2019-1", "甲校", "9400.00"}, {0, "2", "李四光", "2019-1", "乙校", "400.00"}};

static json_t *overview(small_county *county, int32_t day, const char *division)
{
    json_t             *all = NULL;
    tz_strings          divisions = {0};
    tz_overview_options options = {.day = day, .lang = TZ_ZH, .divisions = division == NULL ? NULL : &divisions};

    if (division != NULL)
        tz_push(&county->mem, &divisions, division);
    MUST(tz_ledger_overview(&county->mem, county->store, county->packs, &options, &all, err));
    return all;
}

static void expect_total(const json_t *all, int64_t open, int64_t red, int64_t late, int64_t ended)
{
    const json_t *total = json_object_get(all, "total");
    assert_int_equal(tz_json_int(total, "open", -1), open);
    assert_int_equal(tz_json_int(total, "red", -1), red);
    assert_int_equal(tz_json_int(total, "late", -1), late);
    assert_int_equal(tz_json_int(total, "ended", -1), ended);
}

static const json_t *named(const json_t *list, const char *key, const char *name)
{
    size_t  i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one)
        if (tz_json_str(one, key) != NULL && strcmp(tz_json_str(one, key), name) == 0)
            return one;
    return NULL;
}

static void counts_what_is_open_where_it_lies(void **state)
{
    small_county county;
    (void)state;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, TWICE, 4);
    assert_true(run(&county) >= 2); /* in 上村 of 东镇 */
    (void)by_hand(&county, "无处可寻的问题");
    MUST(tz_issue_new(county.store, county.packs, &(tz_issue_new_options){.title = "旧问题", .unit = "教育局", .due = "2019-12-01"},
                      &(int64_t){0}, err));

    json_t       *all = overview(&county, 20200116, NULL);
    const json_t *total = json_object_get(all, "total"), *towns = json_object_get(all, "townships");
    int64_t       open = tz_json_int(total, "open", 0), sum = 0;
    assert_int_equal(tz_json_int(total, "late", 0), 1);
    assert_int_equal(json_array_size(towns), 3);
    const json_t *east = json_array_get(towns, 0), *west = json_array_get(towns, 1), *nowhere = json_array_get(towns, 2);
    assert_string_equal(tz_json_str(east, "place"), "140430100000");
    assert_int_equal(tz_json_int(west, "open", -1), 0);
    assert_true(json_is_null(json_object_get(nowhere, "place")));
    for (size_t i = 0; i < 3; i++)
        sum += tz_json_int(json_array_get(towns, i), "open", 0);
    assert_int_equal(sum, open);
    assert_int_equal(json_array_size(json_object_get(east, "cells")), json_array_size(json_object_get(all, "ledgers")));
    const json_t *cell = named(json_object_get(nowhere, "cells"), "ledger", "default");
    assert_non_null(cell);
    assert_int_equal(tz_json_int(cell, "alarm", -1), 1);
    assert_int_equal(tz_json_int(cell, "shade", -1), 3);
    assert_int_equal(tz_json_int(cell, "share", -1), 50);
    const json_t *unit = json_array_get(json_object_get(all, "units"), 0);
    assert_int_equal(json_array_size(json_object_get(all, "units")), 1);
    assert_string_equal(tz_json_str(unit, "unit"), "教育局");
    assert_int_equal(tz_json_int(unit, "days", 0), 46);
    json_decref(all);

    all = overview(&county, 20200116, "140430100"); /* who may see 东镇 alone */
    assert_int_equal(json_array_size(json_object_get(all, "townships")), 1);
    const json_t *only = json_array_get(json_object_get(all, "townships"), 0);
    assert_int_equal(tz_json_int(json_object_get(all, "total"), "open", -1), tz_json_int(only, "open", 0));
    assert_int_equal(tz_json_int(json_object_get(all, "total"), "late", -1), 0);
    json_decref(all);
    all = overview(&county, 20200116, "140431");
    expect_total(all, 0, 0, 0, 0);
    json_decref(all);
    county_drop(&county);
}

/* What is closed today was open yesterday. */
static void remembers_a_day_that_is_past(void **state)
{
    small_county county;
    (void)state;
    county_make(&county);
    int64_t issue = by_hand(&county, "一个问题");
    pass_days(&county, 40);
    act(&county, issue, "dismiss", WITH(.note = "不成立"));
    int64_t other = by_hand(&county, "另一个");
    assert_true(other > issue);

    json_t *all = overview(&county, 0, NULL);
    expect_total(all, 1, 0, 0, 1);
    const json_t *months = json_object_get(all, "months");
    assert_int_equal(json_array_size(months), 12);
    assert_string_equal(tz_json_str(json_array_get(months, 11), "month"), "2020-02");
    assert_string_equal(tz_json_str(json_array_get(months, 0), "month"), "2019-03");
    assert_int_equal(tz_json_int(named(months, "month", "2020-01"), "opened", -1), 1);
    assert_int_equal(tz_json_int(named(months, "month", "2020-01"), "open", -1), 1);
    assert_int_equal(tz_json_int(named(months, "month", "2020-02"), "ended", -1), 1);
    assert_int_equal(tz_json_int(named(months, "month", "2020-02"), "open", -1), 1);
    json_decref(all);
    all = overview(&county, 20200201, NULL);
    expect_total(all, 1, 0, 1, 0);
    json_decref(all);
    all = overview(&county, 20191231, NULL);
    expect_total(all, 0, 0, 0, 0);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(all, "months"), 11), "month"), "2019-12");
    json_decref(all);
    county_drop(&county);
}

/* Each month's open issues are those of the month before, with what was opened and without what ended. */
static void expect_sums(const json_t *all)
{
    const json_t *months = json_object_get(all, "months"), *last = json_array_get(months, json_array_size(months) - 1);
    for (size_t i = 1; i < json_array_size(months); i++) {
        const json_t *month = json_array_get(months, i), *before = json_array_get(months, i - 1);
        assert_int_equal(tz_json_int(month, "open", -1),
                         tz_json_int(before, "open", 0) + tz_json_int(month, "opened", 0) - tz_json_int(month, "ended", 0));
    }
    assert_int_equal(tz_json_int(last, "open", -1), tz_json_int(json_object_get(all, "total"), "open", 0));
}

/* Whatever was done since: the page of a day that is past is the page that was seen on that day. */
static void shows_what_it_showed_then(void **state)
{
    enum { DAYS = 40 };
    static const county_line HIGH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "901.00"}};
    static const struct { int day; int64_t issue; const char *as, *action; tz_issue_options options; } DONE[] = {
        {1, 1, "tester", "assign", {.unit = "教育局", .handler = "clerk", .due = "2020-01-05"}},
        {3, 3, "tester", "assign", {.unit = "西镇", .handler = "clerk"}},
        {5, 1, "clerk", "extend", {.note = "等批复", .due = "2020-01-20"}},
        {6, 1, "chief", "grant", {0}},
        {8, 3, "clerk", "submit", {0}},
        {8, 3, "clerk", "attach", {.kind = "document"}},
        {9, 3, "chief", "close", {0}},
        {11, 2, "chief", "merge", {.with = 1}},
        {14, 3, "chief", "look-back", {.note = "又犯", .is_relapse = true}},
        {15, 3, "chief", "assign", {.unit = "民政局"}},
        {17, 1, "chief", "split", {.with = 2}},
        {20, 4, "chief", "transfer", {.unit = "县公安局", .note = "移送"}},
        {25, 1, "chief", "assign", {.unit = "农业农村局", .due = "2020-01-22"}},
        {31, 1, "chief", "transfer", {.unit = "县公安局", .note = "移送"}},
    };
    small_county county;
    json_t      *seen[DAYS];
    size_t       done = 0;

    (void)state;
    county_make(&county);
    county.clock_ms += 3600000;
    (void)county_deliver(&county, "aid", "2020-01-01", 0, HIGH, 2);
    assert_int_equal(run(&county), 2);
    (void)by_hand(&county, "账目不清");
    for (int day = 0; day < DAYS; day++) {
        for (; done < sizeof DONE / sizeof DONE[0] && DONE[done].day == day; done++) {
            tz_issue_options options = DONE[done].options;
            if (options.kind != NULL)
                options.file = a_file(&county, "d.pdf", "d");
            as(&county, DONE[done].as);
            act(&county, DONE[done].issue, DONE[done].action, options);
        }
        seen[day] = overview(&county, 0, NULL);
        expect_sums(seen[day]);
        pass_days(&county, 1);
    }
    assert_int_equal(done, sizeof DONE / sizeof DONE[0]);
    expect_total(seen[7], 3, 2, 0, 0);
    expect_total(seen[10], 2, 2, 0, 1);
    expect_total(seen[18], 3, 2, 0, 0);
    for (int day = 0; day < DAYS; day++) {
        json_t *again = overview(&county, tz_date_add(20200101, day), NULL);
        if (!json_equal(again, seen[day]))
            fail_msg("day %d: %s was %s", day, json_dumps(again, JSON_SORT_KEYS), json_dumps(seen[day], JSON_SORT_KEYS));
        json_decref(again);
        json_decref(seen[day]);
    }
    county_drop(&county);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tz_worker_main();
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_what_is_open_where_it_lies), cmocka_unit_test(remembers_a_day_that_is_past),
                                       cmocka_unit_test(shows_what_it_showed_then)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
