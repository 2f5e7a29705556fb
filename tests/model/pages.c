/* Random ledgers and findings, paged, filtered and ordered, beside plain loops over the whole: every page of every filter,
 * forwards and backwards, and the counts. The seed is printed: MODEL_SEED repeats a run. */
#include "../county.h"

#include <time.h>

#include "checks/check.h"
#include "ledger/issue.h"

enum { ISSUES = 120, FINDINGS = 160, TRIES = 60 };

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static const char *const LEVELS[] = {"red", "orange", "yellow"};
static const char *const STATES[] = {"open", "assigned", "rectifying", "closed", "dismissed"};
static const char *const UNITS[] = {"教育局", "民政局", "东镇", "旧教育局"};
static const char *const WORDS[] = {"账目不清", "未公示", "重复领取 340430198001010011", "多领"};

/* ---- Issues ---- */

static void put_issues(small_county *county)
{
    MUST(tz_unit_add(county->store, "教育局", "department", NULL, err));
    MUST(tz_unit_add(county->store, "旧教育局", "department", NULL, err));
    MUST(tz_store_begin(county->store, err));
    json_t *unit = json_pack("{s:s, s:s, s:n, s:s}", "unit", "旧教育局", "kind", "department", "division", "successor", "教育局");
    MUST(tz_journal_put(county->store, "unit.put", "unit", unit, NULL, NULL, err));
    json_decref(unit);
    for (int i = 1; i <= ISSUES; i++) {
        uint32_t u = draw(5);
        char     due[16];
        (void)snprintf(due, sizeof due, "2020-%02u-15", 1 + draw(6));
        json_t *image = json_pack(
            "{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:o, s:s, s:n, s:s, s:o, s:n, s:i, s:n, s:n, s:s, s:i, s:n, s:n, s:s}", "issue", i,
            "ledger", "default", "title", WORDS[draw(4)], "source", "hand", "raised_by", "x", "level", LEVELS[draw(3)], "state",
            STATES[draw(5)], "standing", "unit", u == 4 ? json_null() : json_string(UNITS[u]), "support",
            draw(3) == 0 ? "[\"教育局\",\"东镇\"]" : "[]", "handler", "term", "by date", "due", draw(6) == 0 ? json_null() : json_string(due),
            "asked_due", "due_days", 30, "subject", "parent", "opened_on", "2019-12-31", "opened_entry", 1, "closed_entry", "closed_how",
            "fields", "{}");
        MUST(tz_journal_put(county->store, "issue.open", "issue", image, NULL, NULL, err));
        json_decref(image);
    }
    MUST(tz_store_commit(county->store, err));
}

static bool is_open(const char *state)
{
    return strcmp(state, "closed") != 0 && strcmp(state, "dismissed") != 0;
}

static bool names(const char *unit, const char *wanted)
{
    return strcmp(unit, wanted) == 0 || (strcmp(wanted, "教育局") == 0 && strcmp(unit, "旧教育局") == 0);
}

/* The plain reading of a filter; support is read from the issue itself. */
static bool fits(small_county *county, const tz_issue_filter *filter, const json_t *line)
{
    const char *state = tz_json_str(line, "state"), *due = tz_json_str(line, "due"), *unit = tz_json_str(line, "unit");

    if (filter->state != NULL && (strcmp(filter->state, "open") == 0 ? !is_open(state) : strcmp(filter->state, state) != 0))
        return false;
    if (filter->level != NULL && strcmp(filter->level, tz_json_str(line, "level")) != 0)
        return false;
    if (filter->is_overdue && (due == NULL || strcmp(due, "2020-04-01") >= 0 || !is_open(state)))
        return false;
    if (filter->text != NULL && strstr(tz_json_str(line, "title"), filter->text) == NULL && (unit == NULL || strstr(unit, filter->text) == NULL))
        return false;
    if (filter->unit == NULL || (unit != NULL && names(unit, filter->unit)))
        return true;
    json_t *shown = NULL, *one;
    size_t  i;
    bool    is_support = false;
    MUST(tz_issue_show(&county->mem, county->store, county->packs, tz_json_int(line, "issue", 0), true, TZ_ZH, &shown, err));
    json_array_foreach(json_object_get(shown, "support"), i, one)
        is_support |= names(json_string_value(one), filter->unit);
    json_decref(shown);
    return is_support;
}

static int compare_keys(const char *sort, const json_t *a, const json_t *b)
{
    char keys[2][32];
    const json_t *both[2] = {a, b};

    for (int i = 0; i < 2; i++) {
        const char *level = tz_json_str(both[i], "level"), *due = tz_json_str(both[i], "due");
        char        rank = sort == NULL || strcmp(sort, "urgency") != 0 ? '0' : level[0] == 'r' ? '0' : level[0] == 'o' ? '1' : '2';
        (void)snprintf(keys[i], sizeof keys[i], "%c%s", rank, sort == NULL ? "" : due == NULL ? "9999-12-31" : due);
    }
    int order = strcmp(keys[0], keys[1]);
    return order != 0 ? order : (tz_json_int(a, "issue", 0) > tz_json_int(b, "issue", 0) ? 1 : -1);
}

/* What fits, by insertion into its place. */
static json_t *plain_issues(small_county *county, const tz_issue_filter *filter, const json_t *all)
{
    json_t *list = json_array(), *line;
    size_t  i;

    json_array_foreach((json_t *)all, i, line) {
        size_t at = 0;
        if (!fits(county, filter, line))
            continue;
        while (at < json_array_size(list) &&
               (compare_keys(filter->sort, line, json_array_get(list, at)) > 0) != filter->is_descending)
            at++;
        (void)json_array_insert(list, at, line);
    }
    return list;
}

static int64_t number_at(const json_t *list, size_t index, const char *key)
{
    return tz_json_int(json_array_get(list, index), key, 0);
}

static void expect_page(const json_t *page, const json_t *plain, size_t from, size_t count, const char *key)
{
    assert_int_equal(json_array_size(page), count);
    for (size_t i = 0; i < count; i++)
        if (number_at(page, i, key) != number_at(plain, from + i, key))
            fail_msg("line %zu of the page from %zu: %lld for %lld", i, from, (long long)number_at(page, i, key),
                     (long long)number_at(plain, from + i, key));
}

static void walk_issues(small_county *county, tz_issue_filter filter, const json_t *plain)
{
    size_t  total = json_array_size(plain), size = 1 + draw(40);
    int64_t count = 0;

    MUST(tz_issue_count(&county->mem, county->store, county->packs, &filter, 0, &count, err));
    assert_int_equal(count, total);
    MUST(tz_issue_count(&county->mem, county->store, county->packs, &filter, 7, &count, err));
    assert_int_equal(count, total < 7 ? total : 7);
    filter.limit = (int64_t)size;
    for (size_t from = 0; from == 0 || from < total; from += size) {
        json_t *page = NULL;
        size_t  left = total - from < size ? total - from : size;
        filter.after = from == 0 ? 0 : number_at(plain, from - 1, "issue");
        MUST(tz_issue_list(&county->mem, county->store, county->packs, &filter, &page, err));
        expect_page(page, plain, from, left, "issue");
        json_decref(page);
    }
    filter.after = 0;
    for (size_t to = total; to > 0; to = to > size ? to - size : 0) {
        json_t *page = NULL;
        if (to == total)
            continue; /* there is nothing behind to stand before */
        filter.before = number_at(plain, to, "issue");
        MUST(tz_issue_list(&county->mem, county->store, county->packs, &filter, &page, err));
        expect_page(page, plain, to > size ? to - size : 0, to > size ? size : to, "issue");
        json_decref(page);
    }
}

static void issues_page_as_the_plain_way(void **state)
{
    static const char *const SORTS[] = {NULL, "number", "urgency", "due"}, *const TEXTS[] = {NULL, NULL, NULL, "公示", "教育", "19800101"};
    static const char *const WANTED[] = {NULL, NULL, "open", "closed", "assigned"};
    (void)state;
    small_county    county;
    json_t         *all = NULL;
    tz_issue_filter every = {.today = 20200401, .is_masked = true, .lang = TZ_ZH};

    county_make(&county);
    put_issues(&county);
    MUST(tz_issue_list(&county.mem, county.store, county.packs, &every, &all, err));
    assert_int_equal(json_array_size(all), ISSUES);
    for (int i = 0; i < TRIES; i++) {
        tz_issue_filter filter = every;
        uint32_t        unit = draw(6);
        filter.sort = SORTS[draw(4)];
        filter.is_descending = draw(2) == 0;
        filter.state = WANTED[draw(5)];
        filter.level = draw(3) == 0 ? LEVELS[draw(3)] : NULL;
        filter.unit = unit < 3 ? UNITS[unit] : NULL;
        filter.is_overdue = draw(4) == 0;
        filter.text = TEXTS[draw(6)];
        if (filter.sort != NULL && strcmp(filter.sort, "number") == 0)
            filter.sort = NULL; /* the same, and the plain side knows it by NULL */
        json_t *plain = plain_issues(&county, &filter, all);
        walk_issues(&county, filter, plain);
        json_decref(plain);
    }
    json_decref(all);
    county_drop(&county);
}

static void what_is_masked_is_not_found(void **state)
{
    (void)state;
    small_county    county;
    tz_issue_filter filter = {.today = 20200401, .is_masked = true, .lang = TZ_ZH, .text = "0198001010"};
    int64_t         masked = 0, open = 0;
    tz_err          wrong = {0};

    county_make(&county);
    put_issues(&county);
    MUST(tz_issue_count(&county.mem, county.store, county.packs, &filter, 0, &masked, err));
    filter.is_masked = false;
    MUST(tz_issue_count(&county.mem, county.store, county.packs, &filter, 0, &open, err));
    assert_int_equal(masked, 0);
    assert_true(open > 0);
    filter = (tz_issue_filter){.sort = "colour"};
    assert_int_equal(tz_issue_count(&county.mem, county.store, county.packs, &filter, 0, &open, &wrong), TZ_USAGE);
    filter = (tz_issue_filter){.level = "blue"};
    assert_int_equal(tz_issue_count(&county.mem, county.store, county.packs, &filter, 0, &open, &wrong), TZ_USAGE);
    json_t *rows = NULL;
    filter = (tz_issue_filter){.sort = "due", .after = 100000};
    assert_int_equal(tz_issue_list(&county.mem, county.store, county.packs, &filter, &rows, &wrong), TZ_MISSING);
    county_drop(&county);
}

/* ---- Findings ---- */

static const char *const CHECKS[] = {"paid-twice", "unpaid", "too-high"};

static void put_findings(small_county *county)
{
    tz_bulk *keys = NULL, *events = NULL;
    json_t  *run = json_pack("{s:i, s:i, s:s, s:s, s:s}", "run", 1, "entry", 0, "as_of", "2020-01-01", "inputs", "x", "batches", "[]");

    MUST(tz_store_begin(county->store, err));
    MUST(tz_journal_put(county->store, "check", "check_run", run, NULL, NULL, err));
    MUST(tz_bulk_begin(county->store, "check", "finding_key", NULL, &keys, err));
    for (int i = 1; i <= FINDINGS; i++) {
        json_t *key = json_pack("{s:i, s:s, s:o, s:o, s:o, s:s}", "finding", i, "check", CHECKS[draw(3)], "key",
                                json_sprintf("[%d]", i), "key_hash", json_sprintf("%032d", i), "subject",
                                json_sprintf("P%d", (int)draw(20)), "subject_kind", "person");
        MUST(tz_bulk_add(keys, key, err));
        json_decref(key);
    }
    MUST(tz_bulk_end(keys, NULL, err));
    for (int round = 0; round < 2; round++) { /* some are cleared, or another level, in a later entry */
        MUST(tz_bulk_begin(county->store, "check", "finding_event", NULL, &events, err));
        for (int i = 1; i <= FINDINGS; i++) {
            bool is_cleared = round == 1 && draw(3) == 0;
            if (round == 1 && draw(2) == 0)
                continue;
            json_t *event = json_pack("{s:i, s:i, s:s, s:s, s:i, s:s?, s:s, s:o, s:s, s:s, s:s, s:s}", "finding", i, "run", 1, "event",
                                      is_cleared ? "cleared" : round == 0 ? "raised" : "persisting", "level", LEVELS[draw(3)], "pending", 0,
                                      "cleared_why", is_cleared ? "vanished" : NULL, "version", "v", "params",
                                      json_sprintf("{\"excess\":\"%d\",\"name\":\"张三丰\",\"term\":\"2019-%d\"}", i % 7, 1 + (int)draw(2)),
                                      "rows", "[]", "empty", "[]", "divisions", draw(2) == 0 ? "[\"140430100201\"]" : "[\"140430101000\"]",
                                      "salt", "000102030405060708090a0b0c0d0e0f");
            MUST(tz_bulk_add(events, event, err));
            json_decref(event);
        }
        MUST(tz_bulk_end(events, NULL, err));
    }
    json_decref(run);
    MUST(tz_store_commit(county->store, err));
    for (int i = 1; i <= FINDINGS; i++)
        if (draw(3) == 0)
            MUST(tz_verdict(county->store, county->packs, i, draw(2) == 0, "lawful", NULL, err));
    for (int i = 1; i <= FINDINGS; i += 9)
        MUST(tz_verdict(county->store, county->packs, i, draw(2) == 0, "timing", NULL, err)); /* the newer counts */
}

static void walk_findings(small_county *county, tz_finding_filter filter, const json_t *plain)
{
    size_t  total = json_array_size(plain), size = 1 + draw(40);
    int64_t count = 0;

    MUST(tz_finding_count(&county->mem, county->store, county->packs, &filter, 0, &count, err));
    assert_int_equal(count, total);
    filter.limit = (int64_t)size;
    for (size_t from = 0; from == 0 || from < total; from += size) {
        json_t *page = NULL;
        filter.after = from == 0 ? 0 : number_at(plain, from - 1, "finding");
        MUST(tz_findings(&county->mem, county->store, county->packs, &filter, &page, err));
        expect_page(page, plain, from, total - from < size ? total - from : size, "finding");
        json_decref(page);
    }
    filter.after = 0;
    for (size_t to = total > size ? total - size : 0; to > 0; to = to > size ? to - size : 0) {
        json_t *page = NULL;
        filter.before = number_at(plain, to, "finding");
        MUST(tz_findings(&county->mem, county->store, county->packs, &filter, &page, err));
        expect_page(page, plain, to > size ? to - size : 0, to > size ? size : to, "finding");
        json_decref(page);
    }
}

/* A listing as known at the newest entry is made from the journal by one query; it is the plain side here. */
static void findings_page_as_the_journal_says(void **state)
{
    static const char *const TEXTS[] = {NULL, NULL, "重复", "2019-1", "三", "F7"}, *const VERDICTS[] = {NULL, NULL, "none", "real", "not real"};
    static const char *const WHERE[] = {NULL, NULL, "140430100", "140430101000"}, *const OWN[] = {NULL, NULL, "教育局", "民政局"};
    (void)state;
    small_county      county;
    tz_finding_filter every = {.is_masked = true, .lang = TZ_ZH};

    county_make(&county);
    put_findings(&county);
    MUST(tz_journal_count(county.store, &every.at, err));
    for (int i = 0; i < TRIES; i++) {
        tz_finding_filter filter = every;
        json_t           *plain = NULL;
        filter.level = draw(3) == 0 ? LEVELS[draw(3)] : NULL;
        filter.state = draw(3) == 0 ? (draw(2) == 0 ? "open" : "cleared") : NULL;
        filter.check = draw(4) == 0 ? CHECKS[draw(3)] : NULL;
        filter.verdict = VERDICTS[draw(5)];
        filter.where = WHERE[draw(4)];
        filter.owner = OWN[draw(4)];
        filter.subject = draw(6) == 0 ? "P3" : NULL;
        filter.text = TEXTS[draw(6)];
        MUST(tz_findings(&county.mem, county.store, county.packs, &filter, &plain, err));
        filter.at = 0;
        walk_findings(&county, filter, plain);
        json_decref(plain);
    }
    /* By number the same set stands in the order of numbers. */
    json_t           *up = NULL, *down = NULL;
    tz_finding_filter filter = {.is_masked = true, .lang = TZ_ZH, .state = "open", .sort = "number"};
    MUST(tz_findings(&county.mem, county.store, county.packs, &filter, &up, err));
    filter.is_descending = true;
    MUST(tz_findings(&county.mem, county.store, county.packs, &filter, &down, err));
    size_t count = json_array_size(up);
    assert_true(count > 20 && count == json_array_size(down));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(number_at(up, i, "finding"), number_at(down, count - 1 - i, "finding"));
        assert_true(i == 0 || number_at(up, i, "finding") > number_at(up, i - 1, "finding"));
    }
    json_decref(up);
    json_decref(down);
    county_drop(&county); /* verifies finding_now against the events */
}

/* Whoever hides a finding from the list is found out. */
static void a_changed_line_is_found(void **state)
{
    static const struct { const char *change, *back; } CASES[] = {
        {"UPDATE finding_now SET is_cleared = 1 - is_cleared WHERE finding = 7",
         "UPDATE finding_now SET is_cleared = 1 - is_cleared WHERE finding = 7"},
        {"CREATE TABLE kept AS SELECT * FROM finding_now WHERE finding = 7; DELETE FROM finding_now WHERE finding = 7",
         "INSERT INTO finding_now SELECT * FROM kept; DROP TABLE kept"},
    };
    (void)state;
    small_county county;
    sqlite3     *db = NULL;

    county_make(&county);
    put_findings(&county);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_verification result = {0};
        assert_int_equal(sqlite3_open(tz_arena_printf(&county.mem, "%s/ledger.db", county.folder), &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, CASES[i].change, NULL, NULL, NULL), SQLITE_OK);
        MUST(tz_store_verify(&county.mem, county.store, TZ_VERIFY_STATE, &result, err));
        assert_int_equal(result.problems.count, 1);
        assert_string_equal(result.problems.items[0].where, "finding_now");
        assert_int_equal(sqlite3_exec(db, CASES[i].back, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
    county_drop(&county);
}

int main(void)
{
    const char *given = getenv("MODEL_SEED");
    seed = given != NULL ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)time(NULL);
    printf("MODEL_SEED=%u\n", seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(issues_page_as_the_plain_way),
        cmocka_unit_test(what_is_masked_is_not_found),
        cmocka_unit_test(findings_page_as_the_journal_says),
        cmocka_unit_test(a_changed_line_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
