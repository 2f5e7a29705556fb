/* Lots: drawn as anybody can compute again, once after each closing; people asked back, complainants left out; the
 * ledger's reading by unit. */
#include "../ledger.h"

#include "base/hash.h"
#include "ledger/lot.h"

enum { ISSUES = 20 };

/* Closes issues 1 to ISSUES, each about two people; the clerk rectifies, the chief signs. */
static void start_closed(small_county *county)
{
    county_make(county);
    for (int64_t i = 1; i <= ISSUES; i++) {
        assert_int_equal(by_hand(county, tz_arena_printf(&county->mem, "问题 %d", (int)i)), i);
        act(county, i, "set", WITH(.people = tz_arena_printf(&county->mem, "甲%d,乙%d", (int)i, (int)i)));
        act(county, i, "assign", WITH(.handler = "clerk"));
        as(county, "clerk");
        act(county, i, "attach", WITH(.file = a_file(county, "r.pdf", tz_arena_printf(&county->mem, "%d", (int)i)), .kind = "receipt"));
        act(county, i, "submit", PLAIN);
        as(county, "chief");
        act(county, i, "close", PLAIN);
        as(county, "tester");
    }
}

static json_t *draw(small_county *county, const char *kind, int months, int percent)
{
    json_t        *lot = NULL;
    tz_lot_options options = {.kind = kind, .months = months, .percent = percent};
    MUST(tz_lot_draw(&county->mem, county->store, county->packs, &options, &lot, err));
    return lot;
}

static tz_rc draw_rc(small_county *county, const char *kind, const char *ledger, int months, int percent)
{
    json_t        *lot = NULL;
    tz_err         wrong = {0};
    tz_lot_options options = {.kind = kind, .ledger = ledger, .months = months, .percent = percent};
    return tz_lot_draw(&county->mem, county->store, county->packs, &options, &lot, &wrong);
}

static bool has_number(const json_t *list, int64_t number)
{
    size_t  i;
    json_t *value;
    json_array_foreach((json_t *)list, i, value)
        if (json_integer_value(value) == number)
            return true;
    return false;
}

/* SM3 of a text in hexadecimal, as a page of documentation says it. */
static void sm3_hex(const char *text, char out[TZ_SM3_HEX])
{
    tz_digest digest = tz_sm3(text, strlen(text));
    tz_digest_hex(&digest, out);
}

/* The lot computed from what the table tells: no ticket that was left is smaller than one that was drawn. */
static void expect_smallest_tickets(const json_t *lot, int64_t count)
{
    const json_t *drawn = json_object_get(lot, "drawn");
    char          highest[TZ_SM3_HEX] = "", lowest[TZ_SM3_HEX] = "g", ticket[TZ_SM3_HEX], text[128];

    for (int64_t i = 1; i <= count; i++) {
        (void)snprintf(text, sizeof text, "%s:%lld", tz_json_str(lot, "seed"), (long long)i);
        sm3_hex(text, ticket);
        if (has_number(drawn, i) && strcmp(ticket, highest) > 0)
            memcpy(highest, ticket, sizeof highest);
        if (!has_number(drawn, i) && strcmp(ticket, lowest) < 0)
            memcpy(lowest, ticket, sizeof lowest);
    }
    assert_true(strcmp(highest, lowest) < 0);
}

static void draws_what_anybody_can_compute(void **state)
{
    (void)state;
    small_county county;
    start_closed(&county);
    assert_int_equal(draw_rc(&county, "look-back", NULL, 6, 20), TZ_REFUSED); /* none is old enough */
    pass_days(&county, 200);
    json_t *lot = draw(&county, "look-back", 0, 0);
    assert_int_equal(tz_json_int(lot, "pool", 0), ISSUES);
    assert_int_equal(json_array_size(json_object_get(lot, "drawn")), 4); /* the default's 20 per cent */
    assert_true(json_is_true(json_object_get(lot, "holds")));
    expect_smallest_tickets(lot, ISSUES);
    assert_int_equal(draw_rc(&county, "look-back", NULL, 0, 0), TZ_REFUSED); /* each is in a pool once */

    int64_t first = json_integer_value(json_array_get(json_object_get(lot, "drawn"), 0));
    json_decref(lot);
    as(&county, "clerk");
    REFUSE(&county, first, "look-back", WITH(.note = "无反弹"), "the rectifier does not look-back");
    as(&county, "tester");
    act(&county, first, "look-back", WITH(.note = "无反弹"));
    json_t *lots = NULL;
    MUST(tz_lot_list(&county.mem, county.store, &lots, err));
    assert_int_equal(json_array_size(json_object_get(json_array_get(lots, 0), "waiting")), 3);
    json_decref(lots);
    county_drop(&county);
}

static void tells_the_next_seed_before(void **state)
{
    (void)state;
    small_county county;
    char         hex[TZ_SM3_HEX];
    start_closed(&county);
    pass_days(&county, 200);
    json_decref(draw(&county, "look-back", 1, 10));
    json_decref(draw(&county, "ask-back", 1, 10));
    tz_sql *sql = NULL;
    bool    has_row = false;
    MUST(tz_sql_open(county.store, "SELECT a.next_seed, b.seed, a.seed FROM lot a JOIN lot b ON a.lot = 1 AND b.lot = 2", &sql, err));
    MUST(tz_sql_step(county.store, sql, &has_row, err));
    sm3_hex(tz_sql_str(sql, 1), hex);
    assert_string_equal(hex, tz_sql_str(sql, 0));
    assert_string_not_equal(tz_sql_str(sql, 1), tz_sql_str(sql, 2));
    tz_sql_close(sql);
    county_drop(&county);
}

/* A lot that somebody altered, through the journal even, does not hold. */
static void shows_a_lot_that_was_altered(void **state)
{
    (void)state;
    static const struct { const char *column, *value; } CHANGES[] = {{"drawn", "[1]"}, {"seed", "00"}, {"pool", "[1,2]"}};
    small_county county;
    start_closed(&county);
    pass_days(&county, 200);
    json_decref(draw(&county, "look-back", 1, 30));
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++) {
        tz_sql *sql = NULL;
        bool    has_row = false;
        json_t *row = json_object(), *was, *lots = NULL;
        MUST(tz_sql_open(county.store, "SELECT * FROM lot", &sql, err));
        MUST(tz_sql_step(county.store, sql, &has_row, err));
        for (int c = 0; c < sqlite3_column_count(sql); c++)
            (void)json_object_set_new(row, sqlite3_column_name(sql, c),
                                      sqlite3_column_type(sql, c) == SQLITE_INTEGER ? json_integer(tz_sql_int(sql, c))
                                                                                    : json_string(tz_sql_str(sql, c)));
        tz_sql_close(sql);
        was = json_deep_copy(row);
        tz_json_set_str(row, CHANGES[i].column, CHANGES[i].value);
        MUST(tz_store_begin(county.store, err));
        MUST(tz_journal_put(county.store, "test", "lot", row, NULL, NULL, err));
        MUST(tz_lot_list(&county.mem, county.store, &lots, err));
        assert_true(json_is_false(json_object_get(json_array_get(lots, 0), "holds")));
        tz_store_rollback(county.store);
        json_decref(lots);
        json_decref(was);
        json_decref(row);
    }
    county_drop(&county);
}

static void an_issue_comes_again_after_it_closed_again(void **state)
{
    (void)state;
    small_county county;
    start_closed(&county);
    pass_days(&county, 200);
    json_decref(draw(&county, "look-back", 6, 100));
    act(&county, 3, "look-back", WITH(.note = "又犯", .is_relapse = true));
    act(&county, 3, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, 3, "submit", PLAIN);
    as(&county, "chief");
    act(&county, 3, "close", PLAIN);
    pass_days(&county, 200);
    json_t *lot = draw(&county, "look-back", 6, 1);
    assert_int_equal(tz_json_int(lot, "pool", 0), 1);
    assert_true(has_number(json_object_get(lot, "drawn"), 3));
    json_decref(lot);
    county_drop(&county);
}

static void asks_people_but_no_complainant(void **state)
{
    (void)state;
    small_county county;
    json_t      *recalls = NULL, *recall;
    size_t       i;
    tz_err       wrong = {0};
    start_closed(&county);
    for (i = 1; i <= ISSUES; i++)
        MUST(tz_lot_never_ask(county.store, tz_arena_printf(&county.mem, "甲 %zu", i), err)); /* folded: 甲1 */
    MUST(tz_lot_never_ask(county.store, "乙5", err));
    pass_days(&county, 100);
    json_t *lot = draw(&county, "ask-back", 0, 100);
    json_decref(lot);
    MUST(tz_recall_list(&county.mem, county.store, 0, false, &recalls, err));
    assert_int_equal(json_array_size(recalls), ISSUES - 1); /* of issue 5 nobody is left to ask */
    json_array_foreach(recalls, i, recall)
        assert_string_equal(tz_json_str(recall, "name"), tz_arena_printf(&county.mem, "乙%d", (int)tz_json_int(recall, "issue", 0)));
    json_decref(recalls);
    MUST(tz_recall_list(&county.mem, county.store, 0, true, &recalls, err));
    assert_string_equal(tz_json_str(json_array_get(recalls, 0), "name"), "乙*");
    json_decref(recalls);

    as(&county, "clerk");
    assert_int_equal(tz_recall_answer(county.store, 1, "confirmed", NULL, &wrong), TZ_REFUSED); /* who rectified does not ask */
    as(&county, "chief");
    assert_int_equal(tz_recall_answer(county.store, 1, "perhaps", NULL, &wrong), TZ_USAGE);
    assert_int_equal(tz_recall_answer(county.store, 99, "denied", NULL, &wrong), TZ_MISSING);
    MUST(tz_recall_answer(county.store, 1, "not reached", NULL, err));
    MUST(tz_recall_answer(county.store, 1, "denied", "没收到钱", err));
    assert_int_equal(tz_recall_answer(county.store, 1, "confirmed", NULL, &wrong), TZ_REFUSED);
    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(shown, "recalls"), 0), "answer"), "denied");
    json_decref(shown);
    int64_t names = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM never_asked WHERE key LIKE '%甲%'", NULL, NULL, &names, err));
    assert_int_equal(names, 0);
    county_drop(&county);
}

static void refuses_odd_draws(void **state)
{
    (void)state;
    small_county county;
    start_closed(&county);
    pass_days(&county, 200);
    assert_int_equal(draw_rc(&county, "raffle", NULL, 0, 0), TZ_USAGE);
    assert_int_equal(draw_rc(&county, "look-back", "none", 0, 0), TZ_USAGE);
    assert_int_equal(draw_rc(&county, "look-back", NULL, 0, 101), TZ_USAGE);
    assert_int_equal(draw_rc(&county, "look-back", "shown", 0, 0), TZ_REFUSED); /* no issue is of that ledger */
    county_drop(&county);
}

/* ---- The ledger's reading ---- */

static bool has_remark(const json_t *remarks, const char *kind, int64_t issue)
{
    size_t  i;
    json_t *remark;
    json_array_foreach((json_t *)remarks, i, remark)
        if (strcmp(tz_json_str(remark, "kind"), kind) == 0 && tz_json_int(remark, "issue", 0) == issue)
            return true;
    return false;
}

static void remarks_and_counts_by_unit(void **state)
{
    (void)state;
    small_county county;
    json_t      *remarks = NULL, *units = NULL, *kind = json_pack("{s:s}", "kind", "账目");
    county_make(&county);
    for (int64_t i = 1; i <= 3; i++) {
        (void)by_hand(&county, "账目");
        act(&county, i, "set", WITH(.fields = kind));
        act(&county, i, "assign", WITH(.handler = "clerk", .unit = i == 3 ? "西镇" : "东镇"));
        as(&county, "clerk");
        act(&county, i, "say", WITH(.note = "冤枉"));
        act(&county, i, "attach", WITH(.file = a_file(&county, "r.pdf", tz_arena_printf(&county.mem, "%d", (int)i)), .kind = "document"));
        act(&county, i, "submit", PLAIN);
        pass_days(&county, 1);
        as(&county, "chief");
        for (int j = 0; i == 2 && j < 3; j++) {
            act(&county, i, "return", WITH(.note = "不实"));
            as(&county, "clerk");
            act(&county, i, "submit", PLAIN);
            as(&county, "chief");
        }
        act(&county, i, "close", PLAIN);
        as(&county, "tester");
    }
    MUST(tz_issue_audit(county.store, &remarks, err));
    assert_false(has_remark(remarks, "closed in a minute", 1));
    assert_true(has_remark(remarks, "closed in a minute", 2));
    assert_true(has_remark(remarks, "returned often", 2));
    assert_true(has_remark(remarks, "found again", 2));  /* the same kind in the same unit, closed before */
    assert_false(has_remark(remarks, "found again", 3)); /* another unit */
    assert_true(has_remark(remarks, "document only", 3));
    assert_true(has_remark(remarks, "said and closed", 1));
    assert_false(has_remark(remarks, "said and closed", 2)); /* it was returned after what was said */
    MUST(tz_issue_audit_units(county.store, &units, err));
    assert_int_equal(json_array_size(units), 2);
    const json_t *east = json_array_get(units, 0);
    assert_string_equal(tz_json_str(east, "unit"), "东镇");
    assert_int_equal(tz_json_int(east, "closed", 0), 2);
    assert_int_equal(tz_json_int(east, "remarked", 0), 2);
    assert_int_equal(tz_json_int(json_object_get(east, "remarks"), "document only", 0), 2);
    json_decref(remarks);
    json_decref(units);
    json_decref(kind);
    county_drop(&county);
}

/* Who is named in several of the issues drawn is asked once. */
static void asks_nobody_twice(void **state)
{
    (void)state;
    small_county county;
    json_t      *recalls = NULL;
    start_closed(&county);
    pass_days(&county, 200);
    for (int64_t i = 1; i <= 3; i++) {
        int64_t issue = by_hand(&county, "同一人");
        act(&county, issue, "set", WITH(.people = "赵某"));
        act(&county, issue, "assign", WITH(.handler = "clerk"));
        as(&county, "clerk");
        act(&county, issue, "attach", WITH(.file = a_file(&county, "s.pdf", tz_arena_printf(&county.mem, "s%d", (int)i)), .kind = "receipt"));
        act(&county, issue, "submit", PLAIN);
        as(&county, "chief");
        act(&county, issue, "close", PLAIN);
        as(&county, "tester");
    }
    pass_days(&county, 200);
    json_decref(draw(&county, "ask-back", 1, 100));
    MUST(tz_recall_list(&county.mem, county.store, 0, false, &recalls, err));
    size_t  i, asked = 0;
    json_t *recall;
    json_array_foreach(recalls, i, recall)
        asked += strcmp(tz_json_str(recall, "name"), "赵某") == 0;
    assert_int_equal(asked, 1);
    assert_int_equal(json_array_size(recalls), ISSUES + 1);
    json_decref(recalls);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_what_anybody_can_compute), cmocka_unit_test(tells_the_next_seed_before),
        cmocka_unit_test(shows_a_lot_that_was_altered),   cmocka_unit_test(an_issue_comes_again_after_it_closed_again),
        cmocka_unit_test(asks_people_but_no_complainant), cmocka_unit_test(refuses_odd_draws),
        cmocka_unit_test(asks_nobody_twice),
        cmocka_unit_test(remarks_and_counts_by_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
