/* inspect: the inspector's day over HTTP: lists and their pages, verdicts one by one and together, views, files, exceptions,
 * pairs to review, what a parameter would change, the journal; and what a superior of a part does not see. */
#include "../web.h"

#include "checks/check.h"
#include "ledger/issue.h"
#include "store/disclosure.h"
#include "../ledger.h"

enum { PEOPLE = 60 };

typedef struct {
    web_place   web;
    const char *chief;
} office;

/* Sixty people who were paid twice in a term, the first of them far too much; two rows that may be one person. */
static void deliver(small_county *county)
{
    county_line *lines = tz_new_array(&county->mem, county_line, 2 * PEOPLE);

    for (int i = 0; i < 2 * PEOPLE; i++)
        lines[i] = (county_line){.no = tz_arena_printf(&county->mem, "%d", 1 + i / 2), .name = "张三丰", .term = "2019-1",
                                 .school = i % 2 == 0 ? "一中" : "二中", .amount = i < 2 ? "900.00" : "400.00"};
    assert_int_equal(county_deliver(county, "aid", "2019-12-31", 0, lines, 2 * PEOPLE), 1);
    county->reviews[0].a = tz_row_id(1, 1, 4);
    county->reviews[0].b = tz_row_id(1, 1, 6);
    assert_true(run(county) > 0);
}

static int setup(void **state)
{
    office *at = test_calloc(1, sizeof *at);

    county_make(&at->web.county);
    MUST(tz_user_add(at->web.county.store, "part", NULL, NULL, "superior", NULL, err));
    MUST(tz_user_grant(at->web.county.store, "part", "140430100000", "", err));
    MUST(tz_user_add(at->web.county.store, "xi", NULL, "西镇", "cadre", NULL, err));
    deliver(&at->web.county);
    web_open(&at->web);
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

static json_t *get_json(office *at, const char *path)
{
    web_answer answer = web_get(&at->web, path, at->chief);
    json_t    *read = NULL;

    if (answer.status != 200)
        fail_msg("%s: %d", path, answer.status);
    MUST(tz_json_parse(tz_text_of(answer.body), &read, err));
    return read;
}

static const json_t *list_of(const json_t *page)
{
    return json_object_get(page, "list");
}

static const char *get_page(office *at, const char *path, int status)
{
    web_answer answer = web_get(&at->web, path, at->chief);
    if (answer.status != status)
        fail_msg("%s: %d", path, answer.status);
    return answer.body;
}

static void post(office *at, const char *path, const char *fields, int status, const char *to)
{
    web_answer  answer = web_post(&at->web, path, at->chief, fields);
    const char *location = web_header(&at->web, &answer, "Location"), *problem = strstr(answer.body, "class=\"error\"");

    if (answer.status != status)
        fail_msg("POST %s %s: %d %.300s", path, fields, answer.status, problem == NULL ? "" : problem);
    if (to != NULL && (location == NULL || strcmp(location, to) != 0))
        fail_msg("POST %s leads to %s, not to %s", path, location, to);
}

static void expect_text(const char *body, const char *text)
{
    if (strstr(body, text) == NULL)
        fail_msg("'%s' is not on the page", text);
}

/* ---- Lists ---- */

static void lists_go_on_and_back(void **state)
{
    office *at = *state;
    json_t *first = get_json(at, "/findings.json?check=paid-twice");

    assert_int_equal(tz_json_int(list_of(first), "total", 0), PEOPLE);
    assert_int_equal(json_array_size(json_object_get(first, "rows")), 50);
    assert_true(json_is_null(json_object_get(list_of(first), "previous")));
    const char *next = tz_arena_dup(&at->web.mem, tz_json_str(list_of(first), "next"));
    json_t     *second = get_json(at, tz_arena_printf(&at->web.mem, "/findings.json%s", strchr(next, '?')));
    assert_int_equal(json_array_size(json_object_get(second, "rows")), PEOPLE - 50);
    assert_int_equal(tz_json_int(list_of(second), "first", 0), 51);
    assert_true(json_is_null(json_object_get(list_of(second), "next")));
    assert_string_equal(tz_json_str(list_of(second), "previous"), "/findings?check=paid-twice");
    json_decref(first);
    json_decref(second);
    expect_text(get_page(at, "/issues?sort=due&desc=1&level=orange", 200), "aria-sort=\"descending\"");
}

static void filters_are_carried_and_bad_ones_told(void **state)
{
    office *at = *state;
    json_t *none = get_json(at, "/findings.json?verdict=real"), *red = get_json(at, "/issues.json?level=red&state=all&q=%23");

    assert_int_equal(json_array_size(json_object_get(none, "rows")), 0);
    assert_true(json_is_true(json_object_get(none, "is_empty")));
    assert_string_equal(tz_json_str(list_of(none), "csv"), "/findings.csv?verdict=real");
    json_decref(none);
    json_decref(red);
    (void)get_page(at, "/findings?level=blue", 400);
    (void)get_page(at, "/findings?check=none", 404);
    (void)get_page(at, "/issues?level=blue", 400);
    (void)get_page(at, "/issues?sort=due&after=99999", 404);
    (void)get_page(at, "/findings?after=x", 400);
}

static void whole_lists_leave_on_record(void **state)
{
    office     *at = *state;
    const char *csv = get_page(at, "/findings.csv?check=paid-twice&after=1", 200);
    size_t      lines = 0;
    json_t     *taken = NULL;
    tz_session *session = NULL;

    for (const char *c = csv; (c = strstr(c, "\r\n")) != NULL; c += 2)
        lines++;
    assert_int_equal(lines, PEOPLE + 1); /* all of the filter, wherever the page began */
    assert_null(strstr(csv, "张三丰"));
    assert_int_equal(memcmp(get_page(at, "/issues.xlsx", 200), "PK", 2), 0);
    MUST(tz_session_open(&at->web.app, at->web.county.folder, TZ_READ, NULL, NULL, &session, err));
    MUST(tz_disclosure_list(session->store, 0, 10, &taken, err));
    assert_int_equal(json_array_size(taken), 2);
    json_decref(taken);
    tz_session_close(session);
}

static void views_are_kept(void **state)
{
    office *at = *state;

    post(at, "/views", "path=%2Ffindings&name=red&query=%3Flevel%3Dred", 303, "/findings?level=red");
    expect_text(get_page(at, "/findings", 200), "href=\"/findings?level=red\"");
    post(at, "/views", "path=https%3A%2F%2Felsewhere&name=x&query=", 400, NULL);
    post(at, "/views", "path=%2Ffindings&name=x&query=javascript%3A", 400, NULL);
    post(at, "/views", "path=%2Ffindings&query=%3Flevel%3Dred", 400, NULL); /* no name */
    post(at, "/views/drop", "path=%2Ffindings&name=red", 303, "/findings");
    assert_null(strstr(get_page(at, "/findings", 200), "href=\"/findings?level=red\""));
}

/* ---- Verdicts ---- */

static void verdicts_lead_on_and_can_be_changed(void **state)
{
    office *at = *state;
    json_t *queue = get_json(at, "/findings.json?verdict=none&check=paid-twice");
    int64_t a = tz_json_int(json_array_get(json_object_get(queue, "rows"), 0), "finding", 0);
    int64_t b = tz_json_int(json_array_get(json_object_get(queue, "rows"), 1), "finding", 0);
    tz_arena   *mem = &at->web.mem;
    const char *path = tz_arena_printf(mem, "/findings/%lld/verdict", (long long)a);

    json_decref(queue);
    post(at, path, "verdict=perhaps", 400, NULL);
    post(at, path, "verdict=not%20real", 400, NULL); /* without a reason */
    post(at, path, "verdict=not%20real&reason=because", 400, NULL);
    post(at, path, "verdict=real&check=paid-twice&back=%3Fcheck%3Dpaid-twice", 303,
         tz_arena_printf(mem, "/findings/%lld?check=paid-twice&done=%lld", (long long)b, (long long)a));
    expect_text(get_page(at, tz_arena_printf(mem, "/findings/%lld", (long long)a), 200), "<span class=\"tag bad\">属实</span>");
    post(at, path, "verdict=not%20real&reason=lawful&stay=1", 303, tz_arena_printf(mem, "/findings/%lld", (long long)a));
    const char *page = get_page(at, tz_arena_printf(mem, "/findings/%lld", (long long)a), 200);
    expect_text(page, "依据其他政策合法");
    assert_null(strstr(page, "张三丰"));
    post(at, tz_arena_printf(mem, "/findings/%lld/except", (long long)a), "until=2030-12-31&note=x", 303, NULL);
    expect_text(get_page(at, tz_arena_printf(mem, "/findings/%lld", (long long)a), 200), "2030-12-31");
    post(at, tz_arena_printf(mem, "/findings/%lld/except", (long long)a), "until=soon", 400, NULL);
    post(at, "/exceptions/1/end", tz_arena_printf(mem, "why=x&next=%%2Ffindings%%2F%lld", (long long)a), 303, NULL);
    post(at, "/findings/99999/verdict", "verdict=real", 404, NULL);
}

static void many_get_one_verdict_or_none(void **state)
{
    office *at = *state;
    json_t *real = NULL;

    post(at, "/findings/verdict", "verdict=real", 400, NULL);
    post(at, "/findings/verdict", "verdict=not%20real&finding=1&finding=2", 400, NULL);
    post(at, "/findings/verdict", "verdict=not%20real&reason=lawful&finding=1&finding=99999", 404, NULL);
    assert_int_equal(tz_json_int(list_of(real = get_json(at, "/findings.json?verdict=not%20real&state=all")), "total", -1), 0);
    json_decref(real);
    post(at, "/findings/verdict", "verdict=not%20real&reason=lawful&finding=1&finding=2&finding=3&back=%3Flevel%3Dorange", 303,
         "/findings?level=orange");
    assert_int_equal(tz_json_int(list_of(real = get_json(at, "/findings.json?verdict=not%20real&state=all")), "total", -1), 3);
    json_decref(real);
}

/* ---- Links ---- */

static void pairs_are_decided_and_taken_back(void **state)
{
    office     *at = *state;
    const char *page = get_page(at, "/links", 200);
    const char *pair = tz_arena_printf(&at->web.mem, "/links/%lld-%lld", (long long)tz_row_id(1, 1, 4), (long long)tz_row_id(1, 1, 6));

    expect_text(page, pair);
    expect_text(page, "data-key=\"j\"");
    expect_text(page, "<del>1</del>"); /* what differs, character by character */
    expect_text(page, "<ins>2</ins>");
    assert_null(strstr(page, "张三丰"));
    post(at, pair, "decide=perhaps", 400, NULL);
    post(at, "/links/1-2", "decide=same", 404, NULL);
    (void)get_page(at, "/links/1-2", 404);
    post(at, pair, "decide=different", 303, NULL);
    expect_text(get_page(at, "/links", 200), "没有待复核的了");
    expect_text(get_page(at, pair, 200), "不是同一人");
    post(at, pair, "decide=unknown&undo=1", 303, pair);
    expect_text(get_page(at, "/links", 200), pair);
}

/* ---- Checks, the journal, search ---- */

static void a_parameter_is_tried_and_nothing_changes(void **state)
{
    office *at = *state;
    json_t *tried = get_json(at, "/checks/too-high.json?parameter=limit&value=1000.00"), *what = json_object_get(tried, "what_if");

    assert_int_equal(tz_json_int(what, "out_count", -1), 2);
    assert_int_equal(tz_json_int(what, "in_count", -1), 0);
    json_decref(tried);
    tried = get_json(at, "/checks/too-high.json?parameter=limit&value=lots");
    assert_true(json_is_false(json_object_get(json_object_get(tried, "what_if"), "is_run")));
    json_decref(tried);
    (void)get_page(at, "/checks/too-high?parameter=none&value=1", 404);
    (void)get_page(at, "/checks/none", 404);
    expect_text(get_page(at, "/checks/too-high", 200), ":limit</a>");
    expect_text(get_page(at, "/checks", 200), "/checks/too-high");
    tried = get_json(at, "/findings.json?check=too-high");
    assert_int_equal(tz_json_int(list_of(tried), "total", -1), 2);
    json_decref(tried);
}

static void the_journal_names_nobody(void **state)
{
    office     *at = *state;
    const char *page = get_page(at, "/journal?table=issue", 200);

    expect_text(page, "issue.open");
    assert_null(strstr(page, "张三丰"));
    expect_text(get_page(at, "/journal?before=3", 200), "id=\"e2\"");
    (void)get_page(at, "/audit", 200);
    (void)get_page(at, "/lots", 200);
    (void)get_page(at, "/recalls", 200);
    (void)get_page(at, "/proofs", 200);
    (void)get_page(at, "/proofs/issues/1", 404); /* no checkpoint yet */
    post(at, "/lots", "kind=look-back&months=many", 400, NULL);
    post(at, "/lots", "kind=look-back&months=1&percent=50", 409, NULL);
    post(at, "/recalls/1", "answer=confirmed", 404, NULL);
}

static void one_box_finds_what_can_be_seen(void **state)
{
    office *at = *state;

    expect_text(get_page(at, "/search?q=%231", 200), "href=\"/issues/1\"");
    expect_text(get_page(at, "/search?q=F2", 200), "href=\"/findings/2\"");
    expect_text(get_page(at, "/search?q=too-high", 200), "href=\"/checks/too-high\"");
    expect_text(get_page(at, "/search?q=%E4%B8%9C%E9%95%87", 200), "where=140430100000");
    expect_text(get_page(at, "/search?q=%E4%B8%89%E4%B8%B0", 200), "没有找到"); /* 三丰: masked */
    expect_text(get_page(at, "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 200), "&lt;script&gt;");
    assert_int_equal(web_get(&at->web, "/search?q=11010519491231002X", at->chief).status, 303); /* a number stands in no address */
    (void)get_page(at, "/search", 200);
}

/* A part of the county: neither its whole record nor what lies elsewhere. */
static void a_part_is_a_part(void **state)
{
    static const char *const WHOLE[] = {"/journal", "/audit", "/lots", "/checks"};
    office     *at = *state;
    const char *part = web_cookie(&at->web, "part"), *xi = web_cookie(&at->web, "xi");

    for (size_t i = 0; i < COUNT(WHOLE); i++)
        assert_int_equal(web_get(&at->web, WHOLE[i], part).status, 403);
    assert_int_equal(web_get(&at->web, "/findings/1", xi).status, 404);
    assert_null(strstr(web_get(&at->web, "/findings?state=all", xi).body, "/findings/1"));
    assert_null(strstr(web_get(&at->web, "/issues?state=all", xi).body, "href=\"/issues/1\""));
    assert_null(strstr(web_get(&at->web, "/search?q=F1", xi).body, "/findings/1"));
    assert_null(strstr(web_get(&at->web, "/checks/too-high?parameter=limit&value=1000.00", xi).body, "条退出"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { /* one county and one server for all; what changes verdicts comes later */
        cmocka_unit_test(lists_go_on_and_back),
        cmocka_unit_test(filters_are_carried_and_bad_ones_told),
        cmocka_unit_test(whole_lists_leave_on_record),
        cmocka_unit_test(views_are_kept),
        cmocka_unit_test(many_get_one_verdict_or_none),
        cmocka_unit_test(verdicts_lead_on_and_can_be_changed),
        cmocka_unit_test(pairs_are_decided_and_taken_back),
        cmocka_unit_test(a_parameter_is_tried_and_nothing_changes),
        cmocka_unit_test(the_journal_names_nobody),
        cmocka_unit_test(one_box_finds_what_can_be_seen),
        cmocka_unit_test(a_part_is_a_part),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
