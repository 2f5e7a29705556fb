/* login: what a browser and what an attacker may try at the door: fixation, forged forms, guesses, old sessions, tokens,
 * rights that were taken away, administrators who reach for each other's work. */
#include "../web.h"

#include "store/credential.h"
#include "store/journal.h"
#include "store/user.h"

static const char PASSWORD[] = "tai-hua-9999";
enum { MINUTE = 60000 };

typedef struct { const char *user, *unit, *roles; } person;
static const person PEOPLE[] = {
    {"li", "教育局", "clerk"}, {"zhao", NULL, "inspector"}, {"sysadmin", NULL, "system"}, {"secadmin", NULL, "security"},
    {"auditor", NULL, "audit"},
};

static int setup(void **state)
{
    web_place *web = test_calloc(1, sizeof *web);

    county_make(&web->county);
    for (size_t i = 0; i < COUNT(PEOPLE); i++)
        MUST(tz_user_add(web->county.store, PEOPLE[i].user, NULL, PEOPLE[i].unit, PEOPLE[i].roles, NULL, err));
    MUST(tz_credential_set(web->county.store, "li", PASSWORD, false, err));
    web_open(web);
    *state = web;
    return 0;
}

static int teardown(void **state)
{
    web_close(*state);
    test_free(*state);
    return 0;
}

static web_answer try(web_place *web, const char *user, const char *password, const char *headers, const char *more)
{
    return web_ask(web, "POST", "/login", headers, tz_arena_printf(&web->mem, "user=%s&password=%s%s", user, password, more));
}

/* "tz=…" out of its Set-Cookie; another may carry a notice. */
static const char *cookie_of(web_place *web, const web_answer *answer)
{
    const char *at = strstr(answer->head, "\r\nSet-Cookie: tz=");
    if (at == NULL)
        fail_msg("no cookie: %s", answer->head);
    return tz_arena_copy(&web->mem, at + 14, strcspn(at + 14, ";"));
}

static bool is_in(web_place *web, const char *cookie)
{
    int status = web_get(web, "/account", cookie).status;
    assert_true(status == 200 || status == 303);
    return status == 200;
}

/* ---- Coming in ---- */

static void a_login_has_a_new_session(void **state)
{
    web_place  *web = *state;
    const char *planted = "tz=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    web_answer  answer = try(web, "li", PASSWORD, tz_arena_printf(&web->mem, "Cookie: %s\r\n", planted), "&next=/help");
    const char *set = web_header(web, &answer, "Set-Cookie"), *first = cookie_of(web, &answer);

    assert_int_equal(answer.status, 303);
    assert_string_equal(web_header(web, &answer, "Location"), "/help");
    assert_non_null(strstr(set, "; HttpOnly"));
    assert_non_null(strstr(set, "; SameSite=Lax"));
    assert_string_not_equal(first, planted); /* fixation */
    assert_false(is_in(web, planted));
    assert_true(is_in(web, first));
    answer = web_post(web, "/login", first, tz_arena_printf(&web->mem, "user=li&password=%s", PASSWORD));
    assert_true(is_in(web, cookie_of(web, &answer)));
    assert_false(is_in(web, first)); /* the browser's old one ended */
}

static void a_login_leads_nowhere_else(void **state)
{
    static const char *const ELSEWHERE[] = {"//evil.example/", "https://evil.example/",
                                            "/%5Cevil.example", "/%0d%0aSet-Cookie:x%3D1", "javascript:1"};
    web_place *web = *state;

    for (size_t i = 0; i < COUNT(ELSEWHERE); i++) {
        web_answer answer = try(web, "li", PASSWORD, "", tz_arena_printf(&web->mem, "&next=%s", ELSEWHERE[i]));
        assert_int_equal(answer.status, 303);
        const char *to = web_header(web, &answer, "Location");
        if (to[0] != '/' || to[1] == '/' || strpbrk(to, "\\\r\n") != NULL || strstr(answer.head, "Set-Cookie:x") != NULL)
            fail_msg("%s leads to %s", ELSEWHERE[i], to);
    }
}

static void a_known_and_an_unknown_user_are_answered_alike(void **state)
{
    web_place *web = *state;

    for (int i = 0; i < 7; i++) { /* wrong five times, then locked */
        web_answer known = try(web, "zhao", "wrong-one-1", "", ""), unknown = try(web, "zhaa", "wrong-one-1", "", "");
        assert_int_equal(known.status, i < 5 ? 403 : 429);
        assert_int_equal(unknown.status, known.status);
        size_t      size = strcspn(strstr(known.body, "class=\"error\""), "\n");
        assert_memory_equal(strstr(known.body, "class=\"error\""), strstr(unknown.body, "class=\"error\""), size);
        assert_int_equal(strstr(known.body, "分钟") != NULL, i >= 5);
    }
}

static void a_lock_ends_by_time_or_by_an_administrator(void **state)
{
    web_place *web = *state;

    for (int i = 0; i < 5; i++)
        assert_int_equal(try(web, "li", "wrong-one-1", "", "").status, 403);
    assert_int_equal(try(web, "li", PASSWORD, "", "").status, 429); /* the right one too */
    web->now_ms += MINUTE;
    assert_int_equal(try(web, "li", PASSWORD, "", "").status, 303);
    for (int i = 0; i < 5; i++)
        assert_int_equal(try(web, "li", "wrong-one-1", "", "").status, 403);
    assert_int_equal(web_post(web, "/admin/users/li/rights/unlock", web_cookie(web, "secadmin"), "").status, 303);
    assert_int_equal(try(web, "li", PASSWORD, "", "").status, 303);
    web_answer log = web_get(web, "/admin/log.json", web_cookie(web, "auditor"));
    assert_non_null(strstr(log.body, "\"locked\""));
    assert_non_null(strstr(log.body, "\"unlock\""));
    assert_null(strstr(log.body, "wrong-one-1"));
    log = web_get(web, "/admin/log.csv?what=unlock", web_cookie(web, "auditor")); /* to be kept elsewhere */
    assert_string_equal(web_header(web, &log, "Content-Type"), "text/csv; charset=utf-8");
    assert_non_null(strstr(log.body, "secadmin"));
    assert_null(strstr(log.body, "锁定中尝试"));
}

typedef struct { web_place *web; int from, refused, busy; } guesser;

static void *guess(void *context)
{
    guesser  *of = context;
    web_place own = {.port = of->web->port}; /* with memory of its own */

    for (int i = 0; i < 3; i++) {
        int status = try(&own, tz_arena_printf(&own.mem, "nobody%d", of->from + i), "wrong-one-1", "", "").status;
        of->refused += status == 403 || status == 429;
        of->busy += status == 503;
    }
    tz_arena_free(&own.mem);
    return NULL;
}

/* Those who guess wait for one another; pages go on being answered meanwhile. */
static void a_flood_of_guesses_holds_up_nobody_else(void **state)
{
    web_place  *web = *state;
    const char *cookie = web_cookie(web, "li");
    guesser     guessers[10];
    pthread_t   threads[10];

    for (int i = 0; i < 10; i++) {
        guessers[i] = (guesser){.web = web, .from = i * 100};
        assert_int_equal(pthread_create(&threads[i], NULL, guess, &guessers[i]), 0);
    }
    for (int i = 0; i < 10; i++)
        assert_int_equal(web_get(web, "/help", cookie).status, 200);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(guessers[i].refused + guessers[i].busy, 3);
    }
}

/* ---- Forms of others ---- */

static void forged_forms_are_refused(void **state)
{
    web_place  *web = *state;
    const char *cookie = web_cookie(web, "li"), *csrf = web_csrf(web, cookie), *others = web_csrf(web, web_cookie(web, "zhao"));
    const struct { const char *headers, *token; int status; } CASES[] = {
        {"", csrf, 303},
        {"", "", 403},
        {"", others, 403},
        {"Sec-Fetch-Site: cross-site\r\n", csrf, 403},
        {"Sec-Fetch-Site: same-site\r\n", csrf, 403},
        {"Origin: http://evil.example\r\n", csrf, 403},
        {"Origin: null\r\n", csrf, 403},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        web_answer answer = web_ask(web, "POST", "/account/sessions/999",
                                    tz_arena_printf(&web->mem, "Cookie: %s\r\n%s", cookie, CASES[i].headers),
                                    tz_arena_printf(&web->mem, "csrf=%s", CASES[i].token));
        if (answer.status != CASES[i].status)
            fail_msg("case %zu: %d", i, answer.status);
    }
    assert_int_equal(try(web, "li", PASSWORD, "Origin: http://evil.example\r\n", "").status, 403); /* a login into another's account */
    assert_non_null(strstr(web_get(web, "/admin/log.json?what=forged", web_cookie(web, "auditor")).body, "/account/sessions/:session"));
}

/* ---- Going out ---- */

static void sessions_end(void **state)
{
    web_place  *web = *state;
    const char *cookie = web_cookie(web, "li"), *other = web_cookie(web, "li");

    web->now_ms += 29 * MINUTE;
    assert_true(is_in(web, cookie));
    web->now_ms += 29 * MINUTE;
    assert_true(is_in(web, cookie));
    assert_false(is_in(web, other)); /* idle */
    web_answer out = web_post(web, "/logout", cookie, "");
    assert_int_equal(out.status, 303);
    assert_non_null(strstr(web_header(web, &out, "Set-Cookie"), "Max-Age=0"));
    assert_false(is_in(web, cookie));
    cookie = web_cookie(web, "li");
    assert_int_equal(web_post(web, "/admin/users/li/close", web_cookie(web, "sysadmin"), "").status, 303);
    assert_false(is_in(web, cookie));
    assert_int_equal(try(web, "li", PASSWORD, "", "").status, 403);
}

static void rights_that_were_taken_end_at_once(void **state)
{
    web_place  *web = *state;
    const char *cookie = web_cookie(web, "zhao"), *secadmin = web_cookie(web, "secadmin");

    assert_int_equal(web_get(web, "/help", cookie).status, 200);
    assert_int_equal(web_post(web, "/admin/users/zhao/rights/roles", secadmin, "").status, 303);
    assert_int_equal(web_get(web, "/help", cookie).status, 403);
    assert_int_equal(web_post(web, "/admin/users/zhao/rights/roles", secadmin, "role=audit&role=security").status, 400);
    assert_int_equal(web_post(web, "/admin/users/secadmin/rights/roles", secadmin, "role=inspector").status, 409); /* their own */
    assert_int_equal(web_post(web, "/admin/users/zhao/rights/grant", secadmin, "registers=no-such").status, 400);
    assert_int_equal(web_post(web, "/admin/users/zhao/rights/grant", secadmin, "registers=aid&divisions=140430100000").status, 303);
}

/* ---- Passwords ---- */

/* The text between <pre> and </pre>: what was shown once. */
static const char *shown_once(web_place *web, const web_answer *answer)
{
    const char *at = strstr(answer->body, "<pre>");
    if (at == NULL)
        fail_msg("nothing was shown: %d %s", answer->status, answer->body);
    return tz_arena_copy(&web->mem, at + 5, strcspn(at + 5, "<"));
}

static void a_new_user_changes_the_given_password_first(void **state)
{
    web_place  *web = *state;
    web_answer  answer = web_post(web, "/admin/users", web_cookie(web, "sysadmin"), "user=wang&name=%E7%8E%8B&unit=%E4%B8%9C%E9%95%87");
    const char *given = shown_once(web, &answer);

    assert_int_equal(web_post(web, "/admin/users/wang/rights/roles", web_cookie(web, "secadmin"), "role=cadre").status, 303);
    answer = try(web, "wang", given, "", "&next=/help");
    assert_string_equal(web_header(web, &answer, "Location"), "/account");
    const char *cookie = cookie_of(web, &answer), *other = web_cookie(web, "wang");
    county_write(&web->county, "packs/aid/README.md", "changed"); /* a pack that nobody accepted is nobody's password */
    answer = web_get(web, "/help", cookie); /* nothing else first */
    assert_int_equal(answer.status, 303);
    assert_string_equal(web_header(web, &answer, "Location"), "/account");
    assert_int_equal(web_post(web, "/reveal", cookie, "kind=issue&id=1&why=why-not").status, 403);
    const char *fields = tz_arena_printf(&web->mem, "old=%s&new=%s&again=%s", given, "wang-likes-it", "wang-likes-it");
    assert_int_equal(web_post(web, "/account/password", cookie, fields).status, 400); /* the name in it */
    fields = tz_arena_printf(&web->mem, "old=%s&new=%s&again=%s", given, PASSWORD, PASSWORD);
    answer = web_post(web, "/account/password", cookie, fields);
    assert_int_equal(answer.status, 303);
    assert_false(is_in(web, cookie) || is_in(web, other)); /* all that came in before */
    cookie = cookie_of(web, &answer);
    assert_int_equal(web_get(web, "/help", cookie).status, 200);
    assert_int_equal(try(web, "wang", given, "", "").status, 403);
    web->now_ms += 91LL * 24 * 60 * MINUTE; /* it grows old */
    answer = try(web, "wang", PASSWORD, "", "");
    assert_string_equal(web_header(web, &answer, "Location"), "/account");
}

/* ---- Tokens, reveals ---- */

static void a_token_may_what_its_scope_says(void **state)
{
    web_place  *web = *state;
    web_answer  answer = web_post(web, "/account/tokens", web_cookie(web, "li"), "name=x&scopes=read&days=30");
    const char *bearer = tz_arena_printf(&web->mem, "Authorization: Bearer %s\r\n", shown_once(web, &answer));

    assert_int_equal(web_ask(web, "GET", "/help", bearer, NULL).status, 200);
    assert_int_equal(web_ask(web, "GET", "/issues.json", bearer, NULL).status, 200);
    assert_int_equal(web_ask(web, "GET", "/account", bearer, NULL).status, 403);
    assert_int_equal(web_ask(web, "POST", "/reveal", bearer, "kind=issue&id=1&why=why-not").status, 403);
    assert_int_equal(web_ask(web, "GET", "/help", "Authorization: Bearer 00\r\n", NULL).status, 303);
    assert_int_equal(web_post(web, "/account/tokens", web_cookie(web, "auditor"), "name=x&scopes=read&days=30").status, 403);
    web->now_ms += 31LL * 24 * 60 * MINUTE;
    assert_int_equal(web_ask(web, "GET", "/help", bearer, NULL).status, 303);
}

static void a_reveal_needs_a_reason_and_is_journalled(void **state)
{
    web_place  *web = *state;
    const char *cookie = web_cookie(web, "zhao");
    bool        is = false;

    assert_int_equal(web_post(web, "/reveal", cookie, "kind=issue&id=1").status, 400);
    assert_int_equal(web_post(web, "/reveal", cookie, "kind=../x&id=1&why=check-the-number").status, 400);
    MUST(tz_desk_is_revealed(web->desk, "zhao", "issue", "1", &is, err));
    assert_false(is);
    assert_int_equal(web_post(web, "/reveal", cookie, "kind=issue&id=1&why=check-the-number&next=/issues/1").status, 303);
    MUST(tz_desk_is_revealed(web->desk, "zhao", "issue", "1", &is, err));
    assert_true(is);
    assert_non_null(strstr(web_get(web, "/admin/log.json", web_cookie(web, "auditor")).body, "check-the-number"));
}

static void a_list_that_leaves_is_on_record(void **state)
{
    web_place *web = *state;
    web_answer answer = web_get(web, "/issues.csv", web_cookie(web, "zhao"));

    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(web_header(web, &answer, "Content-Disposition"), "attachment"));
    assert_int_equal(web_get(web, "/issues.json", web_cookie(web, "zhao")).status, 200); /* a page, as shown */
    const char *log = web_get(web, "/admin/log.json?what=export", web_cookie(web, "auditor")).body;
    assert_non_null(strstr(log, "/issues.csv"));
    assert_null(strstr(log, "/issues.json"));
    assert_non_null(strstr(log, "\"kind\": \"export\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_login_has_a_new_session, setup, teardown),
        cmocka_unit_test_setup_teardown(a_login_leads_nowhere_else, setup, teardown),
        cmocka_unit_test_setup_teardown(a_known_and_an_unknown_user_are_answered_alike, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lock_ends_by_time_or_by_an_administrator, setup, teardown),
        cmocka_unit_test_setup_teardown(a_flood_of_guesses_holds_up_nobody_else, setup, teardown),
        cmocka_unit_test_setup_teardown(forged_forms_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(sessions_end, setup, teardown),
        cmocka_unit_test_setup_teardown(rights_that_were_taken_end_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_user_changes_the_given_password_first, setup, teardown),
        cmocka_unit_test_setup_teardown(a_token_may_what_its_scope_says, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_that_leaves_is_on_record, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reveal_needs_a_reason_and_is_journalled, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
