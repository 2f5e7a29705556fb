/* What waits for whom today, what an issue lacks and what can be done with it: the lists that pages are made of. */
#include "../ledger.h"

#include "ledger/agenda.h"
#include "packs/query.h"

static json_t *agenda(small_county *county, tz_agenda_who who)
{
    json_t *lists = NULL;
    who.lang = TZ_EN;
    MUST(tz_issue_agenda(&county->mem, county->store, county->packs, &who, &lists, err));
    return lists;
}

static void expect_list(const json_t *lists, const char *name, size_t count, int64_t first)
{
    const json_t *list = json_object_get(lists, name), *issues = json_object_get(list, "issues");
    assert_int_equal(tz_json_int(list, "total", -1), count);
    if (count > 0 && issues != NULL)
        assert_int_equal(tz_json_int(json_array_get(issues, 0), "issue", 0), first);
}

static const county_line HIGH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "100.00"}};
static const county_line MENDED[] = {{0, "1", "张三", "2019-2", "甲校", "90.00"}, {0, "2", "李四", "2019-2", "甲校", "100.00"}};
static const county_line POOR[] = {{0, "5", "赵六", NULL, NULL, NULL}};

static void each_list_holds_what_it_says(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    MUST(tz_user_add(county.store, "other", "孙某", NULL, "inspector", NULL, err));
    int64_t late = by_hand(&county, "甲"), returned = by_hand(&county, "乙"), asked = by_hand(&county, "丙"), signing = by_hand(&county, "丁"),
            later = by_hand(&county, "戊");
    for (int64_t issue = late; issue <= later; issue++)
        act(&county, issue, "assign", WITH(.handler = "clerk", .due = issue == later ? "2021-06-30" : "2020-01-02"));
    as(&county, "clerk");
    for (int64_t issue = late; issue <= later; issue++)
        act(&county, issue, "start", PLAIN);
    act(&county, returned, "submit", PLAIN);
    act(&county, signing, "submit", PLAIN);
    act(&county, asked, "extend", WITH(.due = "2020-03-01", .note = "等批复"));
    as(&county, "other");
    act(&county, returned, "return", WITH(.note = "缺附件"));
    const tz_agenda_who TABLE[] = {{.user = "clerk"}, {.user = "other", .unit = "东镇"}, {.user = "other", .is_county = true}};
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        json_t *lists = agenda(&county, TABLE[i]);
        expect_list(lists, "due", 1, late);
        expect_list(lists, "returned", 1, returned);
        expect_list(lists, "answer", 1, asked);
        expect_list(lists, "sign", 1, signing);
        expect_list(lists, "rest", 1, later);
        json_decref(lists);
    }
    json_t *lists = agenda(&county, (tz_agenda_who){.user = "other", .unit = "西镇"});
    expect_list(lists, "due", 0, 0);
    expect_list(lists, "rest", 0, 0);
    json_decref(lists);
    county_drop(&county);
}

static void a_place_makes_it_ours_and_levels_come_first(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t yellow = by_hand(&county, "甲");
    act(&county, yellow, "assign", WITH(.unit = "西镇", .due = "2020-01-02"));
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    (void)run(&county);
    json_t *places = json_pack("[s]", "140430100"), *elsewhere = json_pack("[s]", "140430101");
    json_t *here = agenda(&county, (tz_agenda_who){.user = "nobody", .places = places, .today = 20200115}),
           *there = agenda(&county, (tz_agenda_who){.user = "nobody", .places = elsewhere, .today = 20200115}),
           *all = agenda(&county, (tz_agenda_who){.user = "nobody", .is_county = true, .today = 20200215, .limit = 1});
    assert_true(tz_json_int(json_object_get(here, "due"), "total", 0) + tz_json_int(json_object_get(here, "rest"), "total", 0) > 0);
    assert_int_equal(tz_json_int(json_object_get(there, "due"), "total", 9), 0);
    assert_int_equal(tz_json_int(json_object_get(there, "rest"), "total", 9), 0);
    const json_t *due = json_object_get(all, "due");
    assert_true(tz_json_int(due, "total", 0) >= 2);
    assert_int_equal(json_array_size(json_object_get(due, "issues")), 1);
    assert_true(tz_json_int(json_array_get(json_object_get(due, "issues"), 0), "issue", 0) != yellow);
    json_decref(here), json_decref(there), json_decref(all), json_decref(places), json_decref(elsewhere);
    county_drop(&county);
}

/* ---- What an issue lacks ---- */

static json_t *conditions(small_county *county, int64_t issue, const char *user)
{
    json_t *list = NULL;
    MUST(tz_issue_conditions(county->store, county->packs, issue, user, TZ_EN, &list, err));
    return list;
}

static const json_t *line_of(const json_t *list, const char *key, const char *name)
{
    size_t  i;
    json_t *line;
    json_array_foreach((json_t *)list, i, line)
        if (strcmp(tz_json_str(line, key), name) == 0)
            return line;
    return NULL;
}

static void expect_condition(const json_t *list, const char *name, bool is_met, const char *why)
{
    const json_t *line = line_of(list, "condition", name);
    assert_non_null(line);
    assert_int_equal(json_is_true(json_object_get(line, "is_met")), is_met);
    if (why == NULL)
        assert_null(tz_json_str(line, "why"));
    else
        assert_non_null(strstr(tz_json_str(line, "why"), why));
}

static void the_check_list_ticks_itself(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    (void)run(&county);
    act(&county, 1, "assign", WITH(.unit = "教育局", .handler = "clerk"));
    json_t *list = conditions(&county, 1, "clerk");
    expect_condition(list, "steps", false, "not published");
    expect_condition(list, "findings", false, "still stands");
    expect_condition(list, "shared", true, NULL);
    expect_condition(list, "signature", false, "not the rectifier");
    assert_null(line_of(list, "condition", "children"));
    assert_null(line_of(list, "condition", "approval"));
    assert_null(line_of(list, "condition", "photos"));
    assert_null(line_of(list, "condition", "evidence")); /* the data will show it */
    json_decref(list);
    as(&county, "clerk");
    act(&county, 1, "submit", PLAIN);
    as(&county, "chief");
    act(&county, 1, "check", PLAIN);
    act(&county, 1, "publish", PLAIN);
    pass_days(&county, 8);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, MENDED, 2);
    (void)run(&county);
    list = conditions(&county, 1, "chief");
    expect_condition(list, "steps", true, NULL);
    expect_condition(list, "publication", true, NULL);
    expect_condition(list, "findings", true, NULL);
    expect_condition(list, "signature", false, NULL);
    assert_true(json_is_true(json_object_get(line_of(list, "condition", "signature"), "may_sign")));
    json_decref(list);
    act(&county, 1, "close", PLAIN); /* what the list says is what the close asks */
    list = conditions(&county, 1, NULL);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    int64_t hand = by_hand(&county, "账目不清");
    list = conditions(&county, hand, NULL);
    expect_condition(list, "evidence", false, "there is no evidence");
    assert_false(json_is_true(json_object_get(line_of(list, "condition", "signature"), "may_sign")));
    json_decref(list);
    tz_err wrong = {0};
    assert_int_equal(tz_issue_conditions(county.store, county.packs, 99, NULL, TZ_EN, &list, &wrong), TZ_MISSING);
    county_drop(&county);
}

/* ---- What can be done ---- */

/* "name" is offered, "-name" is offered and not allowed, "!name" is not offered. */
static void expect_actions(small_county *county, int64_t issue, const char *user, const char *const *names)
{
    json_t *list = NULL;
    MUST(tz_issue_possible(&county->mem, county->store, county->packs, issue, user, TZ_EN, &list, err));
    for (; *names != NULL; names++) {
        bool          is_absent = **names == '!', is_barred = **names == '-';
        const json_t *line = line_of(list, "action", *names + (is_absent || is_barred));
        if ((line == NULL) != is_absent)
            fail_msg("%s for %s", *names, user);
        if (!is_absent && json_is_true(json_object_get(line, "is_allowed")) == is_barred)
            fail_msg("%s for %s", *names, user);
        if (is_barred)
            assert_non_null(tz_json_str(line, "why"));
    }
    json_decref(list);
}

#define ACTIONS(...) (const char *const[]){__VA_ARGS__, NULL}

static void offers_what_makes_sense_now(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t issue = by_hand(&county, "账目不清");
    expect_actions(&county, issue, "clerk", ACTIONS("assign", "note", "attach", "!submit", "!close", "!grant", "!answer", "!dismiss", "!split"));
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    expect_actions(&county, issue, "clerk", ACTIONS("start", "submit", "extend", "-suspend", "-transfer", "!check"));
    as(&county, "clerk");
    act(&county, issue, "start", PLAIN);
    act(&county, issue, "extend", WITH(.due = "2020-09-01", .note = "等批复"));
    expect_actions(&county, issue, "clerk", ACTIONS("!start", "-submit", "grant", "deny", "!extend", "object"));
    as(&county, "chief");
    act(&county, issue, "deny", WITH(.note = "不同意"));
    as(&county, "clerk");
    act(&county, issue, "submit", PLAIN);
    expect_actions(&county, issue, "clerk", ACTIONS("-check", "-close", "return", "!publish", "!submit"));
    expect_actions(&county, issue, "chief", ACTIONS("check", "close", "return", "object", "merge"));
    as(&county, "chief");
    act(&county, issue, "object", WITH(.note = "金额有误"));
    expect_actions(&county, issue, "chief", ACTIONS("-check", "-close", "answer", "!object"));
    county_drop(&county);
}

/* ---- Findings of somebody ---- */

static size_t count_findings(small_county *county, tz_finding_filter filter, int64_t *ret_total)
{
    json_t *found = NULL;
    filter.ret_total = ret_total;
    MUST(tz_findings(&county->mem, county->store, county->packs, &filter, &found, err));
    size_t count = json_array_size(found);
    json_decref(found);
    return count;
}

static void findings_by_subject_row_and_place(void **state)
{
    (void)state;
    small_county county;
    int64_t      total = 0;
    county_make(&county);
    int64_t batch = county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    (void)run(&county);
    json_t *person = json_pack("[s]", "P5"), *row = json_pack("[I]", (json_int_t)tz_row_id(batch, 1, 4)), *none = json_array(),
           *here = json_pack("[s, s]", "999", "140430100"), *there = json_pack("[s]", "140430101");
    assert_int_equal(count_findings(&county, (tz_finding_filter){0}, &total), 2);
    assert_int_equal(total, 2);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.limit = 1}, &total), 1);
    assert_int_equal(total, 2);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.subjects = person}, NULL), 1);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.rows = row}, NULL), 1);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.subjects = person, .rows = row}, NULL), 2);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.subjects = none, .rows = none}, &total), 0);
    assert_int_equal(total, 0);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.places = here}, NULL), 2);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.places = there}, NULL), 0);
    assert_int_equal(count_findings(&county, (tz_finding_filter){.is_waiting = true}, NULL), 1); /* the other one is an issue */
    json_decref(person), json_decref(row), json_decref(none), json_decref(here), json_decref(there);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_list_holds_what_it_says),
        cmocka_unit_test(a_place_makes_it_ours_and_levels_come_first),
        cmocka_unit_test(the_check_list_ticks_itself),
        cmocka_unit_test(offers_what_makes_sense_now),
        cmocka_unit_test(findings_by_subject_row_and_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
