/* desk: logins, attempts, the log, what lies on the desk; passwords, grants and disclosures in the ledger. */
#include "../test.h"

#include <pthread.h>
#include <sys/stat.h>

#include "base/file.h"
#include "store/credential.h"
#include "store/desk.h"
#include "store/disclosure.h"
#include "store/journal.h"
#include "store/user.h"

#define GIVES(call, code)                     \
    do {                                      \
        tz_err gives_err = {0}, *err = &gives_err; \
        assert_int_equal((call), (code));     \
    } while (0)

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

typedef struct {
    tz_arena    mem;
    tz_app      app;
    int64_t     now;
    const char *folder;
    tz_desk    *desk;
    tz_store   *store;
} place;

static int64_t clock_ms(void *context)
{
    return *(int64_t *)context;
}

static int setup(void **state)
{
    place *at = test_calloc(1, sizeof *at);

    at->now = 1577836800000;
    at->app = (tz_app){.lang = TZ_EN, .now_ms = clock_ms, .context = &at->now, .program = "/proc/self/exe"};
    at->folder = test_folder(&at->mem);
    MUST(tz_store_create(&at->app, at->folder, "140430", "沁县", NULL, 0, "tester", err));
    MUST(tz_store_open(&at->app, at->folder, TZ_WRITE, &at->store, err));
    MUST(tz_store_act_as(at->store, "tester", NULL, err));
    MUST(tz_desk_open(&at->app, at->folder, NULL, &at->desk, err));
    *state = at;
    return 0;
}

static int teardown(void **state)
{
    place *at = *state;

    tz_desk_close(at->desk);
    tz_store_close(at->store);
    MUST(tz_file_remove_folder(at->folder, err));
    tz_arena_free(&at->mem);
    test_free(at);
    return 0;
}

/* ---- Sessions ---- */

static bool is_in(place *at, const char *token)
{
    tz_login login;
    tz_err   err = {0};
    tz_rc    rc = tz_desk_session(&at->mem, at->desk, token, &login, &err);
    assert_true(rc == TZ_OK || rc == TZ_MISSING);
    return rc == TZ_OK;
}

static void a_login_ends_idle_and_old(void **state)
{
    place   *at = *state;
    char     first[TZ_TOKEN_TEXT], second[TZ_TOKEN_TEXT];
    tz_login login = {0};

    MUST(tz_desk_login(at->desk, "zhang", "Firefox", false, first, err));
    MUST(tz_desk_login(at->desk, "zhang", NULL, false, second, err));
    assert_string_not_equal(first, second);
    MUST(tz_desk_session(&at->mem, at->desk, first, &login, err));
    assert_string_equal(login.user, "zhang");
    assert_false(is_in(at, "0000"));
    for (int i = 0; i < 28; i++) { /* used every 25 minutes, it lives for twelve hours and no longer */
        at->now += 25 * MINUTE;
        assert_int_equal(is_in(at, first), (i + 1) * 25 <= 12 * 60);
    }
    assert_false(is_in(at, second)); /* idle for half an hour */
}

static void a_session_ends_by_its_user_alone(void **state)
{
    place   *at = *state;
    char     mine[TZ_TOKEN_TEXT], other[TZ_TOKEN_TEXT], foreign[TZ_TOKEN_TEXT];
    tz_login login = {0};
    json_t  *rows = NULL;

    MUST(tz_desk_login(at->desk, "zhang", NULL, false, mine, err));
    MUST(tz_desk_login(at->desk, "zhang", NULL, false, other, err));
    MUST(tz_desk_login(at->desk, "li", NULL, false, foreign, err));
    MUST(tz_desk_session(&at->mem, at->desk, foreign, &login, err));
    MUST(tz_desk_end(at->desk, "zhang", login.session, 0, err)); /* not theirs */
    assert_true(is_in(at, foreign));
    MUST(tz_desk_session(&at->mem, at->desk, mine, &login, err));
    MUST(tz_desk_end(at->desk, "zhang", 0, login.session, err));
    assert_true(is_in(at, mine) && !is_in(at, other));
    MUST(tz_desk_sessions(at->desk, "zhang", &rows, err));
    assert_int_equal(json_array_size(rows), 1);
    json_decref(rows);
}

/* Neither a cookie nor an API token can be read out of the file. */
static void no_token_is_stored(void **state)
{
    place  *at = *state;
    char    cookie[TZ_TOKEN_TEXT], api[TZ_TOKEN_TEXT];
    tz_text bytes;
    struct stat info;
    const char *path = tz_arena_printf(&at->mem, "%s/desk.db", at->folder);

    MUST(tz_desk_login(at->desk, "zhang", NULL, false, cookie, err));
    MUST(tz_desk_token_make(at->desk, "zhang", "交换", "read", 30, api, err));
    tz_desk_close(at->desk);
    at->desk = NULL;
    MUST(tz_file_load(&at->mem, path, 1 << 24, &bytes, err));
    assert_int_equal(tz_text_find(bytes, tz_text_of(cookie), 0), SIZE_MAX);
    assert_int_equal(tz_text_find(bytes, tz_text_of(api), 0), SIZE_MAX);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    MUST(tz_desk_open(&at->app, at->folder, NULL, &at->desk, err)); /* and it is all there again */
    assert_true(is_in(at, cookie));
}

/* ---- Attempts ---- */

static void wrong_attempts_wait_longer_and_longer(void **state)
{
    place         *at = *state;
    static const int WAITS[] = {1, 2, 4, 8, 16, 32, 60, 60};
    int64_t        wait = 0;

    for (int i = 0; i < 5; i++) {
        MUST(tz_desk_attempt(at->desk, "nobody", &wait, err));
        assert_int_equal(wait, 0);
    }
    for (size_t i = 0; i < COUNT(WAITS); i++) {
        MUST(tz_desk_attempt(at->desk, "nobody", &wait, err));
        assert_int_equal(wait, WAITS[i] * MINUTE);
        at->now += WAITS[i] * MINUTE;
        MUST(tz_desk_attempt(at->desk, "nobody", &wait, err));
        assert_int_equal(wait, 0);
    }
    MUST(tz_desk_attempt(at->desk, "zhang", &wait, err)); /* others are not held up */
    assert_int_equal(wait, 0);
    MUST(tz_desk_unlock(at->desk, "nobody", err));
    MUST(tz_desk_locked(at->desk, "nobody", &wait, err));
    assert_int_equal(wait, 0);
}

typedef struct { place *at; int tried; } thread_of;

static void *try_many(void *context)
{
    thread_of *of = context;
    for (int i = 0; i < 20; i++) {
        int64_t wait = 0;
        tz_err  err = {0};
        of->tried += tz_desk_attempt(of->at->desk, "zhang", &wait, &err) == TZ_OK && wait == 0;
    }
    return NULL;
}

static void attempts_at_once_are_counted_too(void **state)
{
    thread_of  of[8];
    pthread_t  threads[8];
    int        tried = 0;

    for (size_t i = 0; i < COUNT(of); i++) {
        of[i] = (thread_of){*state, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, try_many, &of[i]), 0);
    }
    for (size_t i = 0; i < COUNT(of); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        tried += of[i].tried;
    }
    assert_int_equal(tried, 5);
}

/* ---- What lies on the desk ---- */

static void drafts_views_tokens_reveals(void **state)
{
    place      *at = *state;
    json_t     *draft = json_pack("{s:s}", "note", "已入户,待补收据"), *back = NULL, *rows = NULL;
    char        token[TZ_TOKEN_TEXT];
    const char *user = NULL, *scopes = NULL;
    bool        is = true;

    MUST(tz_desk_draft_put(at->desk, "zhang", "/issues/3", draft, err));
    MUST(tz_desk_draft_get(at->desk, "li", "/issues/3", &back, err));
    assert_null(back);
    MUST(tz_desk_draft_get(at->desk, "zhang", "/issues/3", &back, err));
    assert_true(json_equal(draft, back));
    json_t *fraction = json_pack("{s:f}", "x", 0.5);
    GIVES(tz_desk_draft_put(at->desk, "zhang", "/issues/3", fraction, err), TZ_USAGE);
    json_decref(fraction);

    MUST(tz_desk_view_put(at->desk, "zhang", "/findings", "红", "level=red", err));
    GIVES(tz_desk_view_put(at->desk, "zhang", "/findings", "", "level=red", err), TZ_USAGE);
    MUST(tz_desk_view_list(at->desk, "zhang", "/findings", &rows, err));
    assert_int_equal(json_array_size(rows), 1);
    json_decref(rows);

    GIVES(tz_desk_token_make(at->desk, "zhang", "交换", "all", 30, token, err), TZ_USAGE);
    MUST(tz_desk_token_make(at->desk, "zhang", "交换", "read,deliver", 30, token, err));
    MUST(tz_desk_token_find(&at->mem, at->desk, token, &user, &scopes, err));
    assert_string_equal(user, "zhang");
    assert_string_equal(scopes, "read,deliver");

    MUST(tz_desk_reveal(at->desk, "zhang", "issue", "3", err));
    MUST(tz_desk_is_revealed(at->desk, "li", "issue", "3", &is, err));
    assert_false(is);
    MUST(tz_desk_is_revealed(at->desk, "zhang", "issue", "4", &is, err));
    assert_false(is);
    MUST(tz_desk_is_revealed(at->desk, "zhang", "issue", "3", &is, err));
    assert_true(is);
    at->now += 11 * MINUTE;
    MUST(tz_desk_is_revealed(at->desk, "zhang", "issue", "3", &is, err));
    assert_false(is);
    at->now += 31LL * 24 * HOUR;
    GIVES(tz_desk_token_find(&at->mem, at->desk, token, &user, &scopes, err), TZ_MISSING);
    json_decref(draft);
    json_decref(back);
}

static void the_log_is_kept_half_a_year(void **state)
{
    place  *at = *state;
    json_t *rows = NULL;
    char    token[TZ_TOKEN_TEXT];

    MUST(tz_desk_log(at->desk, "wrong", "zhang", NULL, NULL, err));
    at->now += 183LL * 24 * HOUR;
    MUST(tz_desk_log(at->desk, "forbidden", "li", "/admin/users", NULL, err));
    MUST(tz_desk_login(at->desk, "li", NULL, false, token, err)); /* sweeps */
    MUST(tz_desk_log_list(at->desk, NULL, NULL, 0, 100, &rows, err));
    assert_int_equal(json_array_size(rows), 2);
    json_decref(rows);
    at->now += 2LL * 24 * HOUR;
    MUST(tz_desk_login(at->desk, "li", NULL, false, token, err));
    MUST(tz_desk_log_list(at->desk, NULL, NULL, 0, 100, &rows, err));
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(tz_json_str(json_array_get(rows, 0), "what"), "forbidden");
    json_decref(rows);
}

/* ---- Passwords ---- */

static void a_password_is_asked_something(void **state)
{
    place *at = *state;
    static const struct { const char *password; tz_rc rc; } CASES[] = {
        {"tai-hua-999", TZ_USAGE},                 /* eleven characters */
        {"tai-hua-9999", TZ_OK},
        {"aaaaaaaaaaa1", TZ_USAGE},                /* two different ones */
        {"abcdefghijklm", TZ_USAGE},                /* one kind */
        {"abcdefghijklmnop", TZ_OK},               /* long enough for one kind */
        {"河水清且涟猗不稼不穑胡取禾", TZ_USAGE},
        {"河水清且涟猗不稼不穑胡取禾三百廛兮", TZ_OK},
        {"zhangsan-2019", TZ_USAGE},               /* the name in it */
        {"x140430-abcd", TZ_USAGE},                /* the county's code in it */
        {"Password1234", TZ_USAGE},                /* everybody's */
        {"with two spaces 1", TZ_OK},
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_err err = {0};
        if (tz_password_check(at->store->county, "zhangsan", CASES[i].password, &err) != CASES[i].rc)
            fail_msg("%s: %s", CASES[i].password, err.en);
    }
}

static void a_password_is_judged(void **state)
{
    place           *at = *state;
    tz_proof_of_user proof = {0};
    int64_t          ignored = 0;
    char             made[TZ_PASSWORD_TEXT];
    tz_verification  result = {0};

    MUST(tz_user_add(at->store, "zhang", "张三", NULL, "cadre", NULL, err));
    GIVES(tz_credential_set(at->store, "li", "tai-hua-9999", false, err), TZ_MISSING);
    tz_password_make(made);
    assert_int_equal(strlen(made), 19);
    MUST(tz_credential_set(at->store, "zhang", made, true, err));
    MUST(tz_credential_verify(at->store, "zhang", made, &proof, err));
    assert_true(proof.is_right && proof.must_change);
    at->now += 8LL * 24 * HOUR; /* nobody used it in time */
    MUST(tz_credential_verify(at->store, "zhang", made, &proof, err));
    assert_false(proof.is_right);
    MUST(tz_credential_set(at->store, "zhang", "tai-hua-9999", false, err));
    GIVES(tz_credential_set(at->store, "zhang", "tai-hua-9999", false, err), TZ_REFUSED);
    MUST(tz_credential_verify(at->store, "zhang", made, &proof, err));
    assert_false(proof.is_right);
    MUST(tz_credential_verify(at->store, "zhang", "tai-hua-9999", &proof, err));
    assert_true(proof.is_right && !proof.must_change);
    MUST(tz_credential_verify(at->store, "nobody", "tai-hua-9999", &proof, err));
    assert_false(proof.is_right);
    at->now += 91LL * 24 * HOUR; /* too old */
    MUST(tz_credential_verify(at->store, "zhang", "tai-hua-9999", &proof, err));
    assert_true(proof.is_right && proof.must_change);
    /* nothing outside of the store's own code reads the string */
    GIVES(tz_sql_one(at->store, "SELECT length(hash) FROM credential", NULL, NULL, &ignored, err), TZ_SYSTEM);
    GIVES(tz_credential_set_demo(at->store, "zhang", "demo", err), TZ_REFUSED);
    MUST(tz_user_close(at->store, "zhang", err));
    MUST(tz_credential_verify(at->store, "zhang", "tai-hua-9999", &proof, err));
    assert_false(proof.is_right);
    MUST(tz_store_verify(&at->mem, at->store, TZ_VERIFY_ALL, &result, err));
    assert_int_equal(result.problems.count, 0);
}

/* ---- Rights ---- */

static void rights_are_given_by_others(void **state)
{
    place          *at = *state;
    tz_user         user = {0};
    json_t         *rows = NULL;
    tz_verification result = {0};

    MUST(tz_user_add(at->store, "zhang", "张三", "定昌镇", "", NULL, err));
    MUST(tz_user_find(&at->mem, at->store, "zhang", &user, err));
    assert_int_equal(user.roles.count, 0);
    MUST(tz_user_set_roles(at->store, "zhang", "cadre,inspector", err));
    GIVES(tz_user_set_roles(at->store, "zhang", "audit,system", err), TZ_USAGE);
    GIVES(tz_user_set_roles(at->store, "zhang", "cadre,security", err), TZ_USAGE);
    GIVES(tz_user_set_roles(at->store, "zhang", "king", err), TZ_USAGE);
    GIVES(tz_user_set_roles(at->store, "tester", "leader", err), TZ_REFUSED);
    GIVES(tz_user_grant(at->store, "tester", "*", "*", err), TZ_REFUSED);
    GIVES(tz_user_grant(at->store, "zhang", "999999999999", "", err), TZ_USAGE);
    MUST(tz_user_grant(at->store, "zhang", "*", "payroll, aid", err));
    MUST(tz_user_find(&at->mem, at->store, "zhang", &user, err));
    assert_int_equal(user.roles.count, 2);
    assert_string_equal(user.divisions.items[0], "*");
    assert_string_equal(user.registers.items[1], "aid");
    GIVES(tz_user_find(&at->mem, at->store, "system", &user, err), TZ_MISSING);

    /* who has proven who they are acts, though an account of the system is theirs */
    MUST(tz_store_act_as(at->store, NULL, "tester", err));
    GIVES(tz_store_act_as(at->store, "somebody", "tester", err), TZ_REFUSED);
    GIVES(tz_store_act_as(at->store, NULL, "system", err), TZ_REFUSED);

    GIVES(tz_disclosure_put(at->store, "reveal", "issue", "3", " 看 ", err), TZ_USAGE);
    MUST(tz_disclosure_put(at->store, "reveal", "issue", "3", "核对身份证号", err));
    MUST(tz_disclosure_put(at->store, "export", "list", "/findings.xlsx", NULL, err));
    MUST(tz_disclosure_list(at->store, 0, 10, &rows, err));
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(tz_json_str(json_array_get(rows, 1), "why"), "核对身份证号");
    json_decref(rows);
    MUST(tz_store_verify(&at->mem, at->store, TZ_VERIFY_ALL, &result, err));
    assert_int_equal(result.problems.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_login_ends_idle_and_old, setup, teardown),
        cmocka_unit_test_setup_teardown(a_session_ends_by_its_user_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(no_token_is_stored, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_attempts_wait_longer_and_longer, setup, teardown),
        cmocka_unit_test_setup_teardown(attempts_at_once_are_counted_too, setup, teardown),
        cmocka_unit_test_setup_teardown(drafts_views_tokens_reveals, setup, teardown),
        cmocka_unit_test_setup_teardown(the_log_is_kept_half_a_year, setup, teardown),
        cmocka_unit_test_setup_teardown(a_password_is_asked_something, setup, teardown),
        cmocka_unit_test_setup_teardown(a_password_is_judged, setup, teardown),
        cmocka_unit_test_setup_teardown(rights_are_given_by_others, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
