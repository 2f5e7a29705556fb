/* cadre: a township's day over HTTP: the work list, an issue of one's own and of others, what is sent twice, drafts, rows. */
#include "../web.h"

#include "ledger/issue.h"
#include "../ledger.h"

typedef struct {
    web_place   web;
    const char *dong, *xi, *chief; /* cookies: cadres of two townships, an inspector */
    int64_t     issue;             /* of 东镇 */
    int64_t     row;               /* 张三丰 in 东镇 */
} office;

static const county_line LINES[] = {{0, "1", "张三丰", "2019-1", "一中", "900.00"}, {0, "1", "张三丰", "2019-1", "二中", "400.00"}};

static int setup(void **state)
{
    office       *at = test_calloc(1, sizeof *at);
    small_county *county = &at->web.county;

    county_make(county);
    MUST(tz_user_add(county->store, "dong", "董乡长", "东镇", "cadre", NULL, err));
    MUST(tz_user_add(county->store, "xi", "席乡长", "西镇", "cadre", NULL, err));
    at->row = tz_row_id(county_deliver(county, "aid", "2019-12-31", 0, LINES, 2), 1, 4);
    assert_true(run(county) > 0);
    at->issue = by_hand(county, "账目不清");
    act(county, at->issue, "assign", WITH(.handler = "dong", .due = "2020-01-05"));
    web_open(&at->web);
    at->dong = web_cookie(&at->web, "dong");
    at->xi = web_cookie(&at->web, "xi");
    at->chief = web_cookie(&at->web, "chief");
    *state = at;
    return 0;
}

static int teardown(void **state)
{
    office *at = *state;
    web_close(&at->web);
    test_free(at);
    return 0;
}

static const char *of_issue(office *at, const char *behind)
{
    return tz_arena_printf(&at->web.mem, "/issues/%lld%s", (long long)at->issue, behind);
}

static const char *get(office *at, const char *cookie, const char *path, int status)
{
    web_answer answer = web_get(&at->web, path, cookie);
    if (answer.status != status)
        fail_msg("%s: %d", path, answer.status);
    return answer.body;
}

static void post(office *at, const char *cookie, const char *path, const char *fields, int status)
{
    web_answer  answer = web_post(&at->web, path, cookie, fields);
    const char *problem = strstr(answer.body, "class=\"error\"");
    if (answer.status != status)
        fail_msg("POST %s %s: %d %.300s", path, fields, answer.status, problem == NULL ? "" : problem);
}

static size_t count(const char *body, const char *text)
{
    size_t found = 0;
    for (; (body = strstr(body, text)) != NULL; body += strlen(text))
        found++;
    return found;
}

static void today_is_ones_own(void **state)
{
    office     *at = *state;
    const char *link = tz_arena_printf(&at->web.mem, "href=\"/issues/%lld\"", (long long)at->issue);

    assert_int_equal(count(get(at, at->dong, "/today", 200), link), 1);
    assert_int_equal(count(get(at, at->xi, "/today", 200), link), 0);
    assert_int_equal(count(get(at, at->chief, "/today", 200), link), 1);
}

static void an_issue_of_others_is_none(void **state)
{
    office *at = *state;

    assert_non_null(strstr(get(at, at->dong, of_issue(at, ""), 200), "账目不清"));
    (void)get(at, at->xi, of_issue(at, ""), 404);
    (void)get(at, at->xi, of_issue(at, "/proof"), 404);
    (void)get(at, at->dong, "/issues/999", 404);
    post(at, at->xi, of_issue(at, "/note"), "note=x", 404);
    post(at, at->xi, of_issue(at, "/draft"), "note=x", 404);
}

static void roles_have_their_actions(void **state)
{
    office     *at = *state;
    const char *page = get(at, at->dong, of_issue(at, ""), 200);

    assert_non_null(strstr(page, "/submit\""));
    assert_null(strstr(page, "/close\""));
    assert_null(strstr(page, "/assign\""));
    post(at, at->dong, of_issue(at, "/close"), "", 409);
    post(at, at->dong, of_issue(at, "/assign"), "unit=%E8%A5%BF%E9%95%87", 409);
    post(at, at->dong, of_issue(at, "/nothing"), "", 409);
    post(at, at->chief, of_issue(at, "/close"), "", 409); /* not submitted: the ledger says so */
    web_answer again = web_post(&at->web, of_issue(at, "/close"), at->chief, "note=typed+before"); /* it comes back, its form open */
    assert_non_null(strstr(again.body, ">typed before</textarea>"));
    assert_null(strstr(again.body, "--note"));
    post(at, at->dong, of_issue(at, "/note"), "", 400);   /* a note is needed */
}

static void what_is_sent_twice_is_taken_once(void **state)
{
    office *at = *state;

    for (int i = 0; i < 2; i++)
        post(at, at->dong, of_issue(at, "/note"), "note=sentence-one&draft=0123abcd", 303);
    post(at, at->dong, of_issue(at, "/note"), "note=sentence-one&draft=another", 303);
    assert_int_equal(count(get(at, at->dong, of_issue(at, ""), 200), "sentence-one"), 2);
}

static void a_draft_waits_until_it_is_sent(void **state)
{
    office *at = *state;

    post(at, at->dong, of_issue(at, "/draft"), "note=half-a-thought", 303);
    assert_non_null(strstr(get(at, at->dong, of_issue(at, ""), 200), ">half-a-thought</textarea>"));
    assert_null(strstr(get(at, at->chief, of_issue(at, ""), 200), "half-a-thought"));
    post(at, at->dong, of_issue(at, "/note"), "note=a-whole-thought", 303);
    const char *page = get(at, at->dong, of_issue(at, ""), 200);
    assert_null(strstr(page, "half-a-thought"));
    assert_non_null(strstr(page, "a-whole-thought"));
}

static void text_is_never_markup(void **state)
{
    office *at = *state;

    post(at, at->dong, of_issue(at, "/note"), "note=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 303);
    assert_null(strstr(get(at, at->dong, of_issue(at, ""), 200), "<script>alert"));
}

static void a_row_is_masked_and_of_its_place(void **state)
{
    office     *at = *state;
    const char *path = tz_arena_printf(&at->web.mem, "/rows/aid/%lld/1/4", (long long)tz_row_batch(at->row));
    web_answer  short_path = web_get(&at->web, tz_arena_printf(&at->web.mem, "/rows/%lld", (long long)at->row), at->dong);

    const char *page = get(at, at->dong, path, 200);
    assert_null(strstr(page, "张三丰"));
    assert_non_null(strstr(page, "张*丰"));
    assert_string_equal(web_header(&at->web, &short_path, "Location"), path);
    (void)get(at, at->xi, path, 404);
    (void)get(at, at->chief, "/rows/poor/1/1/4", 404); /* another register's name */
    (void)get(at, at->chief, "/rows/aid/1/1/999", 404);
    (void)get(at, at->dong, "/persons/P1", 404); /* in no household */
    post(at, at->dong, "/households/find", "id=123", 400);
}

static void anybody_may_keep_the_page_of_drafts(void **state)
{
    office *at = *state;

    assert_non_null(strstr(get(at, NULL, "/offline", 200), "offline-form"));
    assert_non_null(strstr(get(at, NULL, "/sw.js", 200), "/offline"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(today_is_ones_own),           cmocka_unit_test(an_issue_of_others_is_none),
        cmocka_unit_test(roles_have_their_actions),    cmocka_unit_test(what_is_sent_twice_is_taken_once),
        cmocka_unit_test(a_draft_waits_until_it_is_sent), cmocka_unit_test(text_is_never_markup),
        cmocka_unit_test(a_row_is_masked_and_of_its_place), cmocka_unit_test(anybody_may_keep_the_page_of_drafts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
