/* Issues: opened, moved, refused, closed, opened again. */
#include "../ledger.h"

#include "packs/query.h"

static const county_line HIGH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "100.00"}};
static const county_line MENDED[] = {{0, "1", "张三", "2019-2", "甲校", "90.00"}, {0, "2", "李四", "2019-2", "甲校", "100.00"}};
static const county_line POOR[] = {{0, "5", "赵六", NULL, NULL, NULL}};

static void start_high(small_county *county)
{
    county_make(county);
    (void)county_deliver(county, "aid", "2020-01-15", 0, HIGH, 2);
    assert_int_equal(run(county), 1);
}

static void opens_at_once_or_when_verified(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    assert_int_equal(run(&county), 1); /* too-high opens at once, unpaid is a worklist */
    int64_t unpaid = 0;
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &unpaid, err));
    MUST(tz_verdict(county.store, county.packs, unpaid, false, "lawful", NULL, err));
    assert_int_equal(run(&county), 0);
    MUST(tz_verdict(county.store, county.packs, unpaid, true, NULL, NULL, err));
    assert_int_equal(run(&county), 1);

    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "title"), "张* got too much");
    assert_string_equal(tz_json_str(shown, "ledger"), "shown");
    assert_string_equal(tz_json_str(shown, "level"), "red");
    assert_string_equal(tz_json_str(shown, "unit"), "教育局");
    assert_string_equal(tz_json_str(shown, "due"), "2020-02-14");
    assert_string_equal(tz_json_str(shown, "raised_by"), "finding 1");
    json_t *first = json_array_get(json_object_get(shown, "history"), 0);
    assert_string_equal(tz_json_str(first, "action"), "open");
    assert_string_equal(tz_json_str(first, "by"), "system");
    json_decref(shown);

    tz_issue_filter filter = {.today = 20200210, .lang = TZ_ZH};
    json_t         *list = NULL;
    MUST(tz_issue_list(&county.mem, county.store, county.packs, &filter, &list, err));
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(tz_json_str(json_array_get(list, 0), "letter"), "督办函");
    assert_string_equal(tz_json_str(json_array_get(list, 1), "letter"), "告诫函");
    assert_string_equal(tz_json_str(json_array_get(list, 0), "title"), "张三 超标");
    json_decref(list);
    county_drop(&county);
}

static void waits_while_pending(void **state)
{
    (void)state;
    small_county county;
    char         sql[2048];
    county_make(&county);
    (void)snprintf(sql, sizeof sql, "%s", CHECK_UNPAID);
    memcpy(strstr(sql, "-- opens: worklist"), "-- opens: issue   ", 18);
    county_check_file(&county, "unpaid", sql);
    county_load_packs(&county);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &HIGH[1], 1);
    county.reviews[0].a = tz_row_id(1, 1, 4);
    county.reviews[0].b = tz_row_id(2, 1, 4);
    assert_int_equal(run(&county), 0);
    MUST(tz_store_begin(county.store, err));
    json_t *decision = json_pack("{s:i, s:s, s:s, s:s}", "decision", 1, "key_a", "", "key_b", "", "verdict", "different");
    tz_sql *rows = NULL;
    bool    has_row = false;
    MUST(tz_sql_open(county.store, "SELECT json_extract(rows, '$[0][1]') FROM finding", &rows, err));
    MUST(tz_sql_step(county.store, rows, &has_row, err));
    (void)json_object_set_new(decision, "key_a", json_sprintf("poor:person:%s", tz_sql_str(rows, 0)));
    tz_sql_close(rows);
    /* The other row's key is md5 of what tests/county.h makes it of. */
    tz_duck       duck = {0};
    duckdb_result result;
    MUST(tz_duck_open(1, 256, &duck, err));
    MUST(tz_duck_query(&duck, "SELECT md5('aid 2 2019-2 甲校')", NULL, 0, &result, err));
    char *key = duckdb_value_varchar(&result, 0, 0);
    (void)json_object_set_new(decision, "key_b", json_sprintf("aid:person:%s", key));
    duckdb_free(key);
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    MUST(tz_journal_put(county.store, "link.decide", "link_decision", decision, NULL, NULL, err));
    MUST(tz_store_commit(county.store, err));
    json_decref(decision);
    assert_int_equal(run(&county), 1);
    county_drop(&county);
}

/* Moves issue 1 to submitted by the clerk. */
static void submit(small_county *county)
{
    as(county, "tester");
    act(county, 1, "assign", WITH(.unit = "教育局", .handler = "clerk", .due = "2020-03-01", .support = "民政局, 东镇"));
    as(county, "clerk");
    act(county, 1, "start", PLAIN);
    act(county, 1, "submit", WITH(.note = "已改"));
}

static void closes_on_a_correction_and_a_second_signature(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    as(&county, "chief");
    REFUSE(&county, 1, "close", PLAIN, "not published", "has not run on newer data", "still stands (raised)");
    submit(&county);
    REFUSE(&county, 1, "publish", PLAIN, "it is checked (by 1) before it is published");
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1); /* a batch the check doesn't read */
    assert_int_equal(run(&county), 0);
    REFUSE(&county, 1, "check", PLAIN, "second person");
    as(&county, "chief");
    act(&county, 1, "check", PLAIN);
    act(&county, 1, "publish", PLAIN);
    REFUSE(&county, 1, "close", PLAIN, "has not run on newer data", "still stands", "published until 2020-01-08");
    (void)county_deliver(&county, "aid", "2020-01-15", 0, MENDED, 2);
    assert_int_equal(run(&county), 0);
    as(&county, "clerk");
    REFUSE(&county, 1, "close", PLAIN, "second person signs");
    as(&county, "chief");
    pass_days(&county, 8);
    act(&county, 1, "close", PLAIN);
    expect_state(&county, 1, "closed");
    REFUSE(&county, 1, "submit", PLAIN, "is closed");

    (void)county_deliver(&county, "aid", "2020-02-15", 0, HIGH, 2); /* found again */
    assert_int_equal(run(&county), 1);
    expect_state(&county, 1, "open");
    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "due"), "2020-03-16");
    assert_string_equal(tz_json_str(json_object_get(shown, "clock"), "until"), "2020-01-16"); /* five working days to assign it anew */
    size_t steps = json_array_size(json_object_get(shown, "history"));
    assert_string_equal(tz_json_str(json_array_get(json_object_get(shown, "history"), steps - 1), "action"), "relapse");
    json_decref(shown);
    as(&county, "chief");
    REFUSE(&county, 1, "close", PLAIN, "has not run on newer data");
    county_drop(&county);
}

static void never_closes_on_a_row_that_vanished(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    submit(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &HIGH[1], 1);
    assert_int_equal(run(&county), 0);
    as(&county, "chief");
    act(&county, 1, "check", PLAIN);
    act(&county, 1, "publish", PLAIN);
    pass_days(&county, 8);
    REFUSE(&county, 1, "close", PLAIN, "went without a remedy (vanished)");
    county_drop(&county);
}

static void asks_who_signs(void **state)
{
    (void)state;
    static const county_line KIN[] = {{0, "1", "刘主任", NULL, "张三", NULL}};
    small_county county;
    start_high(&county);
    MUST(tz_user_add(county.store, "zhang", "张 三", NULL, "inspector", NULL, err));
    MUST(tz_user_add(county.store, "liu", "刘主任", NULL, "inspector", NULL, err));
    submit(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, MENDED, 2);
    assert_int_equal(run(&county), 0);
    as(&county, "zhang");
    REFUSE(&county, 1, "close", PLAIN, "beneficiary's name");
    as(&county, "liu");
    act(&county, 1, "check", PLAIN);
    as(&county, "tester");
    (void)county_deliver(&county, "kin", "2020-01-15", 0, KIN, 1);
    as(&county, "liu");
    REFUSE(&county, 1, "close", PLAIN, "declared relative");
    county_drop(&county);
}

static void by_hand_needs_evidence_of_its_own(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t a = by_hand(&county, "账目不清"), b = by_hand(&county, "未公示");
    const char *receipt = a_file(&county, "receipt.pdf", "30 refunds"), *photo = a_file(&county, "photo.jpg", "wall");
    as(&county, "clerk");
    for (int64_t i = a; i <= b; i++) {
        act(&county, i, "assign", WITH(.handler = "clerk"));
        act(&county, i, "submit", PLAIN);
    }
    as(&county, "chief");
    REFUSE(&county, a, "close", PLAIN, "there is no evidence");
    act(&county, a, "return", WITH(.note = "缺票据"));
    as(&county, "clerk");
    act(&county, a, "attach", WITH(.file = receipt, .kind = "receipt"));
    REFUSE(&county, b, "attach", WITH(.file = receipt, .kind = "receipt", .line = "2"), "shows issue #1");
    act(&county, a, "attach", WITH(.file = photo, .kind = "photo", .line = "1"));
    REFUSE(&county, b, "attach", WITH(.file = photo, .kind = "photo", .line = "2"), "shows issue #1");
    REFUSE(&county, b, "attach", WITH(.file = photo, .kind = "receipt", .line = "2"), "shows issue #1"); /* whatever it is called */
    act(&county, a, "submit", PLAIN);
    as(&county, "chief");
    REFUSE(&county, a, "close", PLAIN, "could not be read"); /* "wall" is no picture */
    act(&county, a, "close", WITH(.is_seen = true));
    expect_state(&county, a, "closed");
    REFUSE(&county, b, "close", PLAIN, "there is no evidence");
    county_drop(&county);
}

static void one_receipt_holds_many_lines(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    county_link(&county);
    int64_t a = by_hand(&county, "甲"), b = by_hand(&county, "乙");
    const char *receipt = a_file(&county, "receipt.pdf", "30 refunds");
    act(&county, a, "attach", WITH(.file = receipt, .kind = "receipt", .line = "第1行"));
    REFUSE(&county, b, "attach", WITH(.file = receipt, .kind = "receipt", .line = "第1行"), "shows issue #1");
    act(&county, b, "attach", WITH(.file = receipt, .kind = "receipt", .line = "第2行"));
    act(&county, a, "attach", WITH(.row = tz_row_id(1, 1, 4)));
    REFUSE(&county, b, "attach", WITH(.row = tz_row_id(1, 1, 4)), "shows issue #1");
    tz_err           wrong = {0};
    tz_issue_options odd[] = {WITH(.row = tz_row_id(1, 1, 99)), WITH(.file = "/nowhere", .kind = "photo"),
                              WITH(.file = receipt), PLAIN};
    const tz_rc      rcs[] = {TZ_MISSING, TZ_MISSING, TZ_USAGE, TZ_USAGE};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, a, "attach", &odd[i], NULL, &wrong), rcs[i]);
    json_t *shown = show(&county, a);
    assert_int_equal(json_array_size(json_object_get(shown, "evidence")), 2);
    json_decref(shown);
    county_drop(&county);
}

static void stands_beside_its_step(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    submit(&county);
    as(&county, "chief");
    act(&county, 1, "return", WITH(.note = "不实"));
    as(&county, "clerk");
    act(&county, 1, "extend", WITH(.note = "等批复", .due = "2020-06-30"));
    REFUSE(&county, 1, "submit", PLAIN, "more time was asked for");
    REFUSE(&county, 1, "grant", PLAIN, "neither who asked");
    as(&county, "chief");
    act(&county, 1, "grant", PLAIN);
    as(&county, "clerk");
    act(&county, 1, "extend", WITH(.note = "再等", .due = "2020-07-31"));
    as(&county, "chief");
    act(&county, 1, "deny", WITH(.note = "不再延"));
    act(&county, 1, "suspend", WITH(.note = "等审计"));
    as(&county, "clerk");
    REFUSE(&county, 1, "submit", PLAIN, "is suspended");
    act(&county, 1, "start", PLAIN);
    act(&county, 1, "submit", PLAIN);
    act(&county, 1, "object", WITH(.note = "金额有误,身份证 140430199001011234"));
    as(&county, "chief");
    REFUSE(&county, 1, "close", PLAIN, "objection stands");
    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "standing"), "objected");
    assert_string_equal(tz_json_str(shown, "due"), "2020-06-30");
    size_t  steps = json_array_size(json_object_get(shown, "history"));
    json_t *last = json_array_get(json_object_get(shown, "history"), steps - 1);
    assert_null(strstr(tz_json_str(last, "note"), "140430199001011234"));
    json_decref(shown);
    tz_err wrong = {0};
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, 1, "return", NULL, NULL, &wrong), TZ_USAGE);
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, 1, "vanish", NULL, NULL, &wrong), TZ_USAGE);
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, 77, "start", NULL, NULL, &wrong), TZ_MISSING);
    act(&county, 1, "transfer", WITH(.unit = "县公安局", .note = "涉嫌犯罪"));
    expect_state(&county, 1, "transferred");
    county_drop(&county);
}

static void is_dismissed_by_two(void **state)
{
    (void)state;
    small_county county;
    start_high(&county);
    as(&county, "chief");
    REFUSE(&county, 1, "dismiss", WITH(.note = "不成立"), "not verified as not real");
    MUST(tz_verdict(county.store, county.packs, 1, false, "lawful", NULL, err));
    REFUSE(&county, 1, "dismiss", WITH(.note = "不成立"), "gave the verdict");
    MUST(tz_user_add(county.store, "chief2", "王负责", NULL, "inspector", NULL, err));
    as(&county, "chief2");
    REFUSE(&county, 1, "dismiss", WITH(.note = "不成立"), "gave the verdict");
    as(&county, "tester");
    act(&county, 1, "dismiss", WITH(.note = "不成立"));
    expect_state(&county, 1, "dismissed");
    int64_t is_signed = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM verdict WHERE signed_by = 'tester'", NULL, NULL, &is_signed, err));
    assert_int_equal(is_signed, 1);
    (void)county_deliver(&county, "aid", "2020-03-15", 0, HIGH, 2); /* still found: stays dismissed */
    assert_int_equal(run(&county), 0);
    county_drop(&county);
}

static void closes_pending_data_until_the_next_batch(void **state)
{
    (void)state;
    static const struct { const county_line *lines; size_t count, moved; const char *state; } NEXT[] = {
        {HIGH, 2, 1, "open"},                      /* still raised */
        {MENDED, 2, 1, "closed"},                  /* corrected */
        {&HIGH[1], 1, 0, "closed-pending-data"},   /* gone, and nobody knows why */
    };
    for (size_t i = 0; i < sizeof NEXT / sizeof NEXT[0]; i++) {
        small_county county;
        start_high(&county);
        submit(&county);
        as(&county, "chief");
        act(&county, 1, "check", PLAIN);
        act(&county, 1, "publish", PLAIN);
        pass_days(&county, 8);
        REFUSE(&county, 1, "close", WITH(.is_pending_data = true), "sealed extract");
        act(&county, 1, "attach", WITH(.file = a_file(&county, "extract.pdf", "sealed"), .kind = "document"));
        act(&county, 1, "close", WITH(.is_pending_data = true));
        expect_state(&county, 1, "closed-pending-data");
        assert_int_equal(run(&county), 0);
        (void)county_deliver(&county, "aid", "2020-06-15", 0, NEXT[i].lines, NEXT[i].count);
        assert_int_equal(run(&county), NEXT[i].moved);
        expect_state(&county, 1, NEXT[i].state);
        county_drop(&county);
    }
}

/* Of findings of two rules each waits for a batch that its own rule reads. */
static void pending_data_are_asked_for_rule_by_rule(void **state)
{
    (void)state;
    small_county county;
    int64_t      unpaid = 0;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, HIGH, 2);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    assert_int_equal(run(&county), 1);
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &unpaid, err));
    MUST(tz_verdict(county.store, county.packs, unpaid, true, NULL, NULL, err));
    assert_int_equal(run(&county), 1);
    act(&county, 1, "merge", WITH(.with = 2));
    act(&county, 2, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, 2, "submit", PLAIN);
    act(&county, 2, "attach", WITH(.file = a_file(&county, "extract.pdf", "sealed"), .kind = "document"));
    as(&county, "chief");
    act(&county, 2, "close", WITH(.is_pending_data = true));
    (void)county_deliver(&county, "poor", "2020-06-15", 0, HIGH, 1); /* 赵六 is gone from the list; of aid nothing new is known */
    (void)run(&county);
    expect_state(&county, 2, "closed-pending-data");
    (void)county_deliver(&county, "aid", "2020-06-15", 0, HIGH, 2);
    (void)run(&county);
    expect_state(&county, 2, "open");
    county_drop(&county);
}

/* New data that the rule could not judge by (of what it needs, a register has no rows) are not data that it ran on. */
static void a_rule_that_could_not_see_has_not_run(void **state)
{
    (void)state;
    small_county county;
    int64_t      unpaid = 0;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &HIGH[1], 1);
    (void)county_deliver(&county, "poor", "2020-01-15", 0, POOR, 1);
    assert_int_equal(run(&county), 0);
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &unpaid, err));
    MUST(tz_verdict(county.store, county.packs, unpaid, true, NULL, NULL, err));
    assert_int_equal(run(&county), 1);
    act(&county, 1, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, 1, "submit", PLAIN);
    as(&county, "chief");
    county_withdraw(&county, 1);
    (void)county_deliver(&county, "poor", "2020-02-15", 0, POOR, 1);
    (void)run(&county);
    as(&county, "chief");
    REFUSE(&county, 1, "close", PLAIN, "has not run on newer data");
    county_drop(&county);
}

/* Days of grace count from when the unit can know, not from the day that the data describe; of the rule's own number, again
 * when it is opened again. */
static void grace_counts_from_when_it_is_known(void **state)
{
    (void)state;
    small_county county;
    int64_t      unpaid = 0;
    county_make(&county); /* on 1 January 2020 */
    (void)county_deliver(&county, "aid", "2019-12-01", 0, &HIGH[1], 1);
    (void)county_deliver(&county, "poor", "2019-12-01", 0, POOR, 1);
    (void)run(&county);
    MUST(tz_sql_one(county.store, "SELECT finding FROM finding WHERE \"check\" = 'unpaid'", NULL, NULL, &unpaid, err));
    MUST(tz_verdict(county.store, county.packs, unpaid, true, NULL, NULL, err));
    assert_int_equal(run(&county), 1);
    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "opened_on"), "2019-12-01");
    assert_string_equal(tz_json_str(shown, "due"), "2020-01-21"); /* 20 days, as its rule says */
    json_decref(shown);
    act(&county, 1, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, 1, "submit", PLAIN);
    act(&county, 1, "attach", WITH(.file = a_file(&county, "extract.pdf", "sealed"), .kind = "document"));
    as(&county, "chief");
    act(&county, 1, "close", WITH(.is_pending_data = true));
    pass_days(&county, 60);
    act(&county, 1, "look-back", WITH(.note = "又犯", .is_relapse = true));
    shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "due"), "2020-03-21");
    assert_string_equal(tz_json_str(json_object_get(shown, "clock"), "clock"), "assign"); /* which begins anew too */
    assert_string_equal(tz_json_str(json_object_get(shown, "clock"), "until"), "2020-03-06");
    json_decref(shown);
    county_drop(&county);
}

static void looks_back(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t a = by_hand(&county, "账目不清");
    act(&county, a, "assign", WITH(.handler = "clerk", .term = "at once"));
    as(&county, "clerk");
    act(&county, a, "attach", WITH(.file = a_file(&county, "a.pdf", "a"), .kind = "document"));
    act(&county, a, "submit", PLAIN);
    as(&county, "chief");
    act(&county, a, "close", PLAIN);
    act(&county, a, "look-back", WITH(.note = "无反弹"));
    expect_state(&county, a, "closed");
    pass_days(&county, 5);
    act(&county, a, "look-back", WITH(.note = "又犯", .is_relapse = true));
    expect_state(&county, a, "open");
    json_t *shown = show(&county, a);
    assert_string_equal(tz_json_str(shown, "due"), "2020-01-20"); /* ten working days after the 6th: it is still at once */
    json_decref(shown);
    county_drop(&county);
}

static void joins_splits_and_counts_children(void **state)
{
    (void)state;
    static const county_line BOTH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "901.00"}};
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, BOTH, 2);
    assert_int_equal(run(&county), 2);
    REFUSE(&county, 1, "split", WITH(.with = 1), "only an issue of several");
    act(&county, 2, "merge", WITH(.with = 1));
    expect_state(&county, 2, "merged");
    REFUSE(&county, 1, "merge", WITH(.with = 2), "has ended");
    json_t *shown = show(&county, 1);
    assert_int_equal(json_array_size(json_object_get(shown, "findings")), 2);
    json_decref(shown);
    act(&county, 1, "split", WITH(.with = 2));
    shown = show(&county, 3);
    assert_int_equal(tz_json_int(json_array_get(json_object_get(shown, "findings"), 0), "finding", 0), 2);
    assert_string_equal(tz_json_str(shown, "raised_by"), "finding 2");
    json_decref(shown);

    int64_t              child = 0, parent = by_hand(&county, "反馈意见");
    tz_issue_new_options options = {.title = "措施", .parent = parent};
    MUST(tz_issue_new(county.store, county.packs, &options, &child, err));
    REFUSE(&county, parent, "close", PLAIN, "1 of its children");
    shown = show(&county, parent);
    assert_string_equal(tz_json_str(shown, "share_done"), "0/1");
    json_decref(shown);
    county_drop(&county);
}

/* The same rule about the same person joins the open issue, which then answers for both findings. */
static void the_same_problem_joins(void **state)
{
    (void)state;
    static const county_line TWO[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "1", "张三", "2019-1", "乙校", "900.00"}};
    static const county_line HALF[] = {{0, "1", "张三", "2019-2", "甲校", "90.00"}, {0, "1", "张三", "2019-1", "乙校", "900.00"}};
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &TWO[0], 1);
    assert_int_equal(run(&county), 1);
    (void)county_deliver(&county, "aid", "2020-01-16", 0, TWO, 2);
    assert_int_equal(run(&county), 1);
    json_t *shown = show(&county, 1);
    assert_int_equal(json_array_size(json_object_get(shown, "findings")), 2);
    json_t *history = json_object_get(shown, "history");
    assert_string_equal(tz_json_str(json_array_get(history, json_array_size(history) - 1), "action"), "join");
    json_decref(shown);
    submit(&county);
    as(&county, "chief");
    act(&county, 1, "check", PLAIN);
    act(&county, 1, "publish", PLAIN);
    pass_days(&county, 8);
    (void)county_deliver(&county, "aid", "2020-02-15", 0, HALF, 2); /* one of the two is mended */
    assert_int_equal(run(&county), 0);
    as(&county, "chief");
    REFUSE(&county, 1, "close", PLAIN, "still stands");
    county_drop(&county);
}

/* What joins makes it as bad as the worse of both. */
static void the_worse_level_stays(void **state)
{
    (void)state;
    static const county_line LINES[] = {{0, "1", "张三", "2019-1", "甲校", "400.00"}, {0, "1", "张三", "2019-1", "乙校", "400.00"},
                                        {0, "1", "张三", "2019-2", "甲校", "9400.00"}, {0, "1", "张三", "2019-2", "乙校", "400.00"}};
    small_county county;
    county_make(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, LINES, 2);
    assert_int_equal(run(&county), 1);
    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "level"), "orange");
    json_decref(shown);
    (void)county_deliver(&county, "aid", "2020-01-16", 0, LINES, 4);
    assert_int_equal(run(&county), 2); /* it joins; and another rule opens one */
    shown = show(&county, 1);
    assert_int_equal(json_array_size(json_object_get(shown, "findings")), 2);
    assert_string_equal(tz_json_str(shown, "level"), "red");
    json_decref(shown);
    county_drop(&county);
}

/* The same rule in the same unit after a closing, about somebody else. */
static void is_found_again(void **state)
{
    (void)state;
    static const county_line NEXT[] = {{0, "1", "张三", "2019-2", "甲校", "90.00"}, {0, "9", "周某", "2019-2", "甲校", "900.00"}};
    small_county county;
    json_t      *remarks = NULL, *remark;
    size_t       i, again = 0;
    start_high(&county);
    submit(&county);
    as(&county, "chief");
    act(&county, 1, "check", PLAIN);
    act(&county, 1, "publish", PLAIN);
    pass_days(&county, 8);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, MENDED, 2);
    (void)run(&county);
    as(&county, "chief");
    act(&county, 1, "close", PLAIN);
    (void)county_deliver(&county, "aid", "2020-02-15", 0, NEXT, 2);
    assert_int_equal(run(&county), 1);
    MUST(tz_issue_audit(county.store, &remarks, err));
    json_array_foreach(remarks, i, remark)
        if (strcmp(tz_json_str(remark, "kind"), "found again") == 0) {
            assert_int_equal(tz_json_int(remark, "issue", 0), 2);
            again++;
        }
    assert_int_equal(again, 1);
    json_decref(remarks);
    county_drop(&county);
}

static void lists_pages(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    for (int i = 0; i < 7; i++)
        (void)by_hand(&county, i % 2 ? "甲" : "乙");
    act(&county, 2, "transfer", WITH(.unit = "县公安局", .note = "移送"));
    static const struct { tz_issue_filter filter; size_t count; int64_t first; } CASES[] = {
        {{0}, 7, 1},
        {{.limit = 3}, 3, 1},
        {{.after = 3, .limit = 3}, 3, 4},
        {{.after = 6, .limit = 3}, 1, 7},
        {{.state = "open", .limit = 2}, 2, 1},
        {{.state = "open", .after = 1, .limit = 2}, 2, 3},
        {{.state = "transferred"}, 1, 2},
        {{.ledger = "shown"}, 0, 0},
        {{.is_overdue = true, .today = 20200131}, 0, 0},
        {{.is_overdue = true, .today = 20200201}, 6, 1}, /* due on 31 January */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        json_t *list = NULL;
        MUST(tz_issue_list(&county.mem, county.store, county.packs, &CASES[i].filter, &list, err));
        if (json_array_size(list) != CASES[i].count || tz_json_int(json_array_get(list, 0), "issue", 0) != CASES[i].first)
            fail_msg("case %zu: %zu issues from %d", i, json_array_size(list), (int)tz_json_int(json_array_get(list, 0), "issue", 0));
        json_decref(list);
    }
    county_drop(&county);
}

static void reads_the_ledgers_quality(void **state)
{
    (void)state;
    small_county county;
    json_t      *remarks = NULL;
    county_make(&county);
    int64_t a = by_hand(&county, "账目不清");
    act(&county, a, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, a, "attach", WITH(.file = a_file(&county, "a.pdf", "a"), .kind = "document"));
    act(&county, a, "submit", PLAIN);
    as(&county, "chief");
    act(&county, a, "close", PLAIN);
    MUST(tz_issue_audit(county.store, &remarks, err));
    assert_int_equal(json_array_size(remarks), 2);
    assert_string_equal(tz_json_str(json_array_get(remarks, 0), "kind"), "closed in a minute");
    assert_string_equal(tz_json_str(json_array_get(remarks, 1), "kind"), "document only");
    json_decref(remarks);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_at_once_or_when_verified),
        cmocka_unit_test(waits_while_pending),
        cmocka_unit_test(closes_on_a_correction_and_a_second_signature),
        cmocka_unit_test(never_closes_on_a_row_that_vanished),
        cmocka_unit_test(asks_who_signs),
        cmocka_unit_test(by_hand_needs_evidence_of_its_own),
        cmocka_unit_test(one_receipt_holds_many_lines),
        cmocka_unit_test(stands_beside_its_step),
        cmocka_unit_test(is_dismissed_by_two),
        cmocka_unit_test(closes_pending_data_until_the_next_batch),
        cmocka_unit_test(pending_data_are_asked_for_rule_by_rule),
        cmocka_unit_test(a_rule_that_could_not_see_has_not_run),
        cmocka_unit_test(grace_counts_from_when_it_is_known),
        cmocka_unit_test(looks_back),
        cmocka_unit_test(joins_splits_and_counts_children),
        cmocka_unit_test(the_same_problem_joins),
        cmocka_unit_test(the_worse_level_stays),
        cmocka_unit_test(is_found_again),
        cmocka_unit_test(lists_pages),
        cmocka_unit_test(reads_the_ledgers_quality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
