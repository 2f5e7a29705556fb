/* What a browser never sends: requests broken on purpose, addresses that climb, bodies without end, hundreds of
 * connections that trickle, script and SQL in every parameter of every route. The server answers below 500, stays, repeats
 * no script, leaves nothing behind, and its sanitizers are silent when it ends. */
#include "../ledger.h"

#include <sys/mman.h>

#include "../http.h"
#include "store/credential.h"
#include "web/request.h"

#define PASSWORD "nine-Stones-in-a-River"
#define MARK "<script>mark()</script>"
#define PART "Content-Disposition: form-data; "
#define FORM "application/x-www-form-urlencoded"

static const char *const ROLES[] = {"clerk", "cadre", "inspector", "leader", "superior", "system", "security", "audit"};

static char     *folder; /* of the county that all tests share */
static tz_arena  mem;
static served    server;
static tz_strings names; /* of all fields that pages have */

/* ---- A county full of script, made by a process of its own, for it takes threads ---- */

static void fill_county(small_county *county)
{
    static const county_line ROWS[] = {{0, "1", MARK, "2019-1", "甲校" MARK, "400.00"},
                                       {0, "1", MARK, "2019-1", "'; DROP TABLE issue; --", "400.00"}};

    (void)county_deliver(county, "aid", "2020-01-15", 0, ROWS, 2);
    (void)run(county);
    (void)by_hand(county, MARK "\"'><img src=x onerror=mark()>{{title}}");
    for (size_t i = 0; i < COUNT(ROLES); i++) {
        const char *user = tz_arena_printf(&county->mem, "ann-%s", ROLES[i]);
        MUST(tz_user_add(county->store, user, "王" MARK, strcmp(ROLES[i], "cadre") == 0 ? "东镇" : NULL, ROLES[i], NULL, err));
        MUST(tz_credential_set(county->store, user, PASSWORD, false, err));
    }
}

static void make_county(void)
{
    small_county county;

    county_make(&county);
    fill_county(&county);
    tz_store_close(county.store);
    (void)snprintf(folder, sizeof county.folder, "%s", county.folder);
    tz_arena_free(&county.mem);
}

/* After all attacks: the county opens, verifies, and its issues are there. */
static void look_after(void)
{
    small_county    county = {.app = {.lang = TZ_EN, .now_ms = test_ms, .program = test_program()}};
    tz_verification result = {0};
    int64_t         issues = 0;

    MUST(tz_store_open(&county.app, folder, TZ_READ, &county.store, err));
    MUST(tz_store_verify(&county.mem, county.store, TZ_VERIFY_STATE, &result, err));
    assert_int_equal(result.problems.count, 0);
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM issue", NULL, NULL, &issues, err));
    assert_true(issues >= 2);
    tz_store_close(county.store);
    tz_arena_free(&county.mem);
}

static void in_child(void (*work)(void))
{
    int status = 0;

    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        work();
        exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- Small things ---- */

static size_t staged_files(void)
{
    tz_names runs = {0}, files = {0};
    const char *incoming = tz_arena_printf(&mem, "%s/incoming", folder);
    size_t count = 0;

    MUST(tz_file_list(&mem, incoming, &runs, err));
    for (size_t i = 0; i < runs.count; i++) {
        MUST(tz_file_list(&mem, tz_arena_printf(&mem, "%s/%s", incoming, runs.items[i]), &files, err));
        count += files.count;
    }
    return count;
}

static void wait_until_none_is_staged(void)
{
    for (int i = 0; i < 200 && staged_files() > 0; i++)
        (void)usleep(50000);
    assert_int_equal(staged_files(), 0);
}

static const char *repeated(const char *text, size_t times)
{
    tz_buf out = tz_buf_init(&mem, 0);
    for (size_t i = 0; i < times; i++)
        tz_buf_puts(&out, text);
    return tz_buf_str(&out);
}

static const char *encoded(const char *text)
{
    tz_buf out = tz_buf_init(&mem, 0);
    tz_url_put(&out, tz_text_of(text));
    return out.size == 0 ? "" : tz_buf_str(&out);
}

static const char *get(const char *path)
{
    return tz_arena_printf(&mem, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
}

static const char *get_as(const char *path, const char *cookie)
{
    return tz_arena_printf(&mem, "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", path, cookie);
}

static const char *post(const char *path, const char *type, const char *body)
{
    return tz_arena_printf(&mem, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", path, type,
                           strlen(body), body);
}

static bool holds(tz_text text, const char *part)
{
    return tz_text_find(text, tz_text_of(part), 0) != SIZE_MAX;
}

/* ---- Requests ---- */

/* least and most: of the status; least 0: it may also close without an answer. */
static void expect(const char *request, int least, int most)
{
    answer got = ask(&server, request);
    if (got.status < least || got.status > most || (got.status == 0 && least > 0))
        fail_msg("%d, not %d to %d, for: %.200s", got.status, least, most, request);
    if (holds(got.body, "root:") || holds(got.head, "\nX-Mark"))
        fail_msg("it gave what it must not for: %.200s", request);
}

static void answers_broken_requests(void **state)
{
    static const struct { const char *request; int least, most; } CASES[] = {
        {"GET /login HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 200, 200}, /* a body that nobody wants */
        {"GET /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, 200},
        {"HEAD /login HTTP/1.1\r\nHost: x\r\n\r\n", 200, 200},
        {"PUT /login HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405, 405},
        {"DELETE /login HTTP/1.1\r\nHost: x\r\n\r\n", 405, 405},
        {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400, 405},
        {"TRACE /login HTTP/1.1\r\nHost: x\r\nX-A: secret\r\n\r\n", 400, 501},
        {"CONNECT evil:1 HTTP/1.1\r\nHost: x\r\n\r\n", 0, 501},
        {"get /login HTTP/1.1\r\nHost: x\r\n\r\n", 400, 501},
        {"BREW /login HTTP/1.1\r\nHost: x\r\n\r\n", 400, 501},
        {"GET /login HTTP/1.1\r\n\r\n", 400, 400}, /* no Host */
        {"GET /login HTTP/9.9\r\nHost: x\r\n\r\n", 0, 505},
        {"GET /login\r\n\r\n", 0, 505},
        {"\r\n\r\n\r\nGET /login HTTP/1.1\r\nHost: x\r\n\r\n", 0, 400},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 0, 505}, /* TLS to plain HTTP */
        {"GET http://evil.example/login HTTP/1.1\r\nHost: x\r\n\r\n", 400, 404},
        {"GET /login HTTP/1.1\r\nHost: x\r\nBroken\r\n\r\n", 0, 400},
        {"GET /login HTTP/1.1\r\nHost: x\r\n: none\r\n\r\n", 0, 400},
        {"GET /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 0, 413},
        {"GET /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n", 0, 413},
        {"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n", 0, 400},
        {"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 0, 413},
        {"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 0, 422},
        {"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 0, 422},
        {"GET /login HTTP/1.1\r\nHost: x\r\nCookie: tz=;;;=;=a;tz_lang=%00;tz_notice=%3Cscript%3Emark()%3C/script%3E\r\n\r\n", 200, 200},
        {"GET /login HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \r\n\r\n", 200, 200},
        {"GET /login?lang=en%0d%0aX-Mark:1&next=/%0d%0aX-Mark:1 HTTP/1.1\r\nHost: x\r\n\r\n", 200, 200},
        {"GET /login?&&=&==&a&%00=%00&%ff=%fe&%=%2 HTTP/1.1\r\nHost: x\r\n\r\n", 200, 200},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        expect(CASES[i].request, CASES[i].least, CASES[i].most);
}

static void answers_what_is_too_long(void **state)
{
    (void)state;
    expect(get(tz_arena_printf(&mem, "/%s", repeated("a", 2000))), 400, 400);
    expect(get(tz_arena_printf(&mem, "/%s", repeated("a", 60000))), 414, 431);
    expect(get(tz_arena_printf(&mem, "/login?%s", repeated("a=b&", 100))), 200, 200);
    expect(get(tz_arena_printf(&mem, "/login?%s", repeated("a=b&", 4000))), 0, 431);
    expect(tz_arena_printf(&mem, "GET /login HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n", repeated("a", 60000)), 431, 431);
    expect(tz_arena_printf(&mem, "GET /login HTTP/1.1\r\nHost: x\r\n%s\r\n", repeated("X: y\r\n", 10000)), 431, 431);
    expect(tz_arena_printf(&mem, "GET /login HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", repeated("a=b;", 100)), 200, 200);
    expect(tz_arena_printf(&mem, "GET /login HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", repeated("a=b;", 3000)), 0, 431);
    expect(post("/login", FORM, tz_arena_printf(&mem, "user=%s", repeated("a", 300000))), 413, 413);
    expect(post("/login", FORM, repeated("a=b&", 20000)), 413, 413);
    expect(post("/login", "application/json", tz_arena_printf(&mem, "{\"user\": [%s1]}", repeated("1,", 30000))), 413, 413);
    expect(post("/login", "application/json", repeated("[", 100000)), 400, 422);
    expect(post("/login", FORM, repeated("abcdefgh", 1 << 20)), 0, 413); /* it may close before the end */
}

static void answers_broken_forms(void **state)
{
    static const struct { const char *type, *body; } CASES[] = {
        {"multipart/form-data", "--xx\r\n\r\n"},
        {"multipart/form-data; boundary=", "--\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\na\r\n----\r\n"},
        {"multipart/form-data; boundary=\"", "--xx"},
        {"multipart/form-data; boundary=\"\"", "----"},
        {"multipart/form-data; boundary=xx", ""},
        {"multipart/form-data; boundary=xx", "--xx\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nnever ends"},
        {"multipart/form-data; boundary=xx", "--xx\r\nContent-Disposition: form-data; name=\"user\r\n\r\na\r\n--xx--\r\n"},
        {"multipart/form-data; boundary=xx", "--xx\r\nContent-Disposition: form-data\r\n\r\na\r\n--xx--\r\n"},
        {"multipart/form-data; boundary=xx", "--xx\r\n" PART "name=\"f\"; filename=\"../../etc/passwd\"\r\n\r\na\r\n--xx--\r\n"},
        {"multipart/form-data; boundary=xx", "--xx\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\na\r\n--y--\r\n--xx--\r\n"},
        {"multipart/form-data; boundary=xx", "--xx\r\n--xx\r\n--xx--\r\n--xx--"},
        {"multipart/form-data; boundary=xx", "no boundary at all"},
        {FORM, "%%%%=%0&=&&&user=%zz&user"},
        {"application/json", "{"}, {"application/json", "[]"}, {"application/json", "null"}, {"application/json", ""},
        {"application/json", "{\"user\": \"\\u0000\", \"\\u0000\": 1}"}, {"application/json", "{\"user\": 1e999, \"password\": {\"a\": []}}"},
        {"application/json", "{\"user\": \"\\ud800\"}"}, {"text/plain", "user=a"}, {"", ""}, {"application/xml", "<a>"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        expect(post("/login", CASES[i].type, CASES[i].body), 400, 422);
    expect(post("/login", tz_arena_printf(&mem, "multipart/form-data; boundary=%s", repeated("b", 20000)), "--b"), 400, 431);
    expect(post("/login", "multipart/form-data; boundary=xx",
                repeated("--xx\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\na\r\n", 5000)), 400, 413);
    expect(post("/login", "multipart/form-data; boundary=xx",
                tz_arena_printf(&mem, "--xx\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\na\r\n--xx--", repeated("n", 100000))), 400, 413);
    wait_until_none_is_staged();
}

static void lets_no_path_climb(void **state)
{
    static const char *const PATHS[] = {
        "/../etc/passwd", "/..", "/.", "/%2e%2e/%2e%2e/etc/passwd", "/static/../../etc/passwd", "/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/static/", "/static/..%5c..%5cetc%5cpasswd", "/%5c%5cevil.example/", "/static/style.css%00.js", "/login%00/x", "//evil.example/",
        "///", "/login//", "/login/", "/%c0%ae%c0%ae/etc/passwd", "/%e0%80%ae%e0%80%ae/etc/passwd", "/%ff", "/%0d%0aX-Mark:1", "/a%0ab",
        "/%7f", "/.json", "/login.json.json", "/figures/.json", "/figures/%20", "/figures/.", "/figures/%2e.json", "/figures/..json", "/;/",
        "/login;x=1", "/%u002e", "/%", "/%2", "/login%2f..%2f",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(PATHS); i++) {
        answer got = ask(&server, get(PATHS[i]));
        bool   is_told = holds(got.body, "root:") || holds(got.body, "evil.example");
        if (got.status == 0 || got.status >= 500 || is_told || header_of(&got, "X-Mark") != NULL)
            fail_msg("%d for %s: %.*s", got.status, PATHS[i], TZ_FMT(got.head));
        const char *to = header_of(&got, "Location"); /* only of our own */
        if (to != NULL && (to[0] != '/' || to[1] == '/' || strchr(to, '\\') != NULL))
            fail_msg("%s leads to %s", PATHS[i], to);
    }
}

static void minds_no_host(void **state)
{
    (void)state;
    answer got = ask(&server, "GET /account?a=b HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
                              "X-Forwarded-For: <script>\r\n\r\n");
    assert_int_equal(got.status, 303);
    assert_string_equal(header_of(&got, "Location"), "/login?next=%2Faccount%3Fa%3Db");
    got = ask(&server, "GET /login HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_int_equal(got.status, 200);
    assert_false(holds(got.body, "evil.example"));
}

/* Ten requests in one piece have ten answers, in their order. */
static void answers_a_pipeline(void **state)
{
    const char *wish = "GET /login HTTP/1.1\r\nHost: x\r\n\r\nGET /no-such-page HTTP/1.1\r\nHost: x\r\n\r\n";
    const char *all = repeated(wish, 5), *bad = "GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    size_t      size = 0, seen = 0;
    int         fd = connect_to(&server);
    (void)state;

    assert_true(send_all(fd, all, strlen(all)) && send_all(fd, bad, strlen(bad)));
    for (ssize_t count = 1; count > 0 && size < sizeof answer_room - 1; size += (size_t)(count > 0 ? count : 0))
        count = recv(fd, answer_room + size, sizeof answer_room - 1 - size, 0);
    (void)close(fd);
    tz_text rest = {answer_room, size};
    for (answer got; rest.size > 0 && is_whole(rest.data, rest.size, false, &got); seen++) {
        assert_int_equal(got.status, seen == 10 || seen % 2 == 0 ? 200 : 404);
        rest = tz_text_cut(rest, got.size, rest.size);
    }
    assert_int_equal(seen, 11);
}

/* ---- Slow clients ---- */

enum { SLOW = 300 };

/* Hundreds trickle a byte at a time; others are served at once, and the time of the slow ones runs out. */
static void slow_clients_hold_up_nobody(void **state)
{
    static const char HEAD[] = "GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    static const char BODY[] = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nuser=";
    int     slow[SLOW];
    int64_t worst = 0, start = wall_ms();
    size_t  open = SLOW;
    (void)state;

    for (size_t i = 0; i < SLOW; i++) {
        slow[i] = connect_to(&server);
        assert_true(i % 3 == 0 || send_all(slow[i], i % 3 == 1 ? HEAD : BODY, strlen(i % 3 == 1 ? HEAD : BODY)));
    }
    while (open > 0 && wall_ms() - start < PATIENCE_MS) {
        int64_t before = wall_ms();
        answer  got = ask(&server, get("/login"));
        assert_int_equal(got.status, 200);
        worst = wall_ms() - before > worst ? wall_ms() - before : worst;
        for (size_t i = 0; i < SLOW; i++) {
            char byte;
            if (slow[i] < 0 || (send_all(slow[i], "G", i % 3 == 0 ? 0 : 1) && recv(slow[i], &byte, 1, MSG_DONTWAIT) != 0))
                continue;
            (void)close(slow[i]);
            slow[i] = -1;
            open--;
        }
        (void)usleep(200000);
    }
    print_message("%d slow clients: the slowest answer to another took %lld ms\n", SLOW, (long long)worst);
    assert_int_equal(open, 0);
    assert_true(worst < 3000);
}

/* ---- Uploads ---- */

static void uploads_lose_their_tricks(void **state)
{
    static const struct { const char *sent, *kept; } CASES[] = {
        {"名册.xlsx", "名册.xlsx"}, {"../../etc/passwd", "passwd"}, {"C:\\fakepath\\a.csv", "a.csv"}, {"..", "_."}, {".", "_"},
        {"", "file"}, {"/", "file"}, {".htaccess", "_htaccess"},
        {"a\xE2\x80\xAEgpj.exe", "a_gpj.exe"}, {"a\xE2\x80\x8F.csv", "a_.csv"}, {"a\xD8\x9C.csv", "a_.csv"},
        {"a\xEF\xBB\xBF.csv", "a_.csv"}, {"a\xC2\x85" "b", "a_b"}, {"<b>.html", "_b_.html"}, {"a\r\nb: c", "a_b_ c"}, {"a\"b|c*?", "a_b_c__"},
        {"\xFF\xFE.csv", "\xEF\xBF\xBD\xEF\xBF\xBD.csv"}, {"a\x01\x1F" "b", "ab"}, {"  a.csv \t", "a.csv"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(tz_upload_name(&mem, CASES[i].sent), CASES[i].kept);
    assert_int_equal(tz_utf8_count(tz_text_of(tz_upload_name(&mem, repeated("长", 5000)))), 120);
}

/* ---- Sessions ---- */

/* "tz=TOKEN" of somebody who logs in; with_cookie: what they send already. */
static const char *log_in(const char *user, const char *with_cookie)
{
    const char *body = tz_arena_printf(&mem, "user=%s&password=%s", user, PASSWORD);
    answer got = ask(&server, tz_arena_printf(&mem, "POST /login HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: " FORM "\r\n"
                                                    "Content-Length: %zu\r\n\r\n%s", with_cookie, strlen(body), body));
    if (got.status != 303)
        fail_msg("%s cannot log in: %d", user, got.status);
    size_t at = tz_text_find(got.head, TZ_TEXT("Set-Cookie: tz="), 0);
    assert_true(at != SIZE_MAX);
    at += strlen("Set-Cookie: ");
    return tz_arena_copy(&mem, got.head.data + at, strcspn(got.head.data + at, ";"));
}

static void takes_no_session_that_it_did_not_make(void **state)
{
    const char *fixed = tz_arena_printf(&mem, "tz=%s", repeated("ab", 32));
    const char *made = log_in("ann-inspector", fixed);
    (void)state;

    assert_string_not_equal(made, fixed);
    assert_int_equal(ask(&server, get_as("/account", fixed)).status, 303);
    assert_int_equal(ask(&server, get_as("/account", made)).status, 200);
    const char *forged = tz_arena_printf(&mem, "POST /logout HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Length: 0\r\n\r\n", made);
    assert_int_equal(ask(&server, forged).status, 403);
}

/* ---- What must hold of every answer ---- */

static void expect_harmless(const char *request, const char *user)
{
    answer got = ask(&server, request);
    bool   is_html = header_of(&got, "Content-Type") != NULL && strstr(header_of(&got, "Content-Type"), "html") != NULL;

    if (got.status == 0 || (got.status >= 500 && got.status != 503))
        fail_msg("%s gets %d for: %.1500s\n%.*s", user, got.status, request, TZ_FMT(got.body));
    if (header_of(&got, "X-Mark") != NULL || (is_html && (holds(got.body, MARK) || holds(got.body, "<img src=x"))))
        fail_msg("%s gets script back for: %.1500s", user, request);
    const char *to = header_of(&got, "Location");
    if (to != NULL && (to[0] != '/' || to[1] == '/'))
        fail_msg("%s is led to %s by: %.500s", user, to, request);
}

static const char *csrf_of(const char *cookie)
{
    answer  got = ask(&server, get_as("/account", cookie));
    tz_text mark = TZ_TEXT("name=\"csrf\" value=\"");
    size_t  at = tz_text_find(got.body, mark, 0);

    return at == SIZE_MAX ? NULL : tz_text_dup(&mem, tz_text_cut(got.body, at + mark.size, 64));
}

/* ---- Kept pages ---- */

/* The page that is kept for one login is given to no other, and not after what it shows has changed. */
static void kept_pages_stay_ones_own(void **state)
{
    const char *cookies[] = {log_in("ann-inspector", ""), log_in("ann-inspector", ""), log_in("ann-leader", "")};
    const char *forms[COUNT(cookies)];
    (void)state;

    for (size_t i = 0; i < COUNT(cookies); i++)
        forms[i] = csrf_of(cookies[i]);
    for (int turn = 0; turn < 3; turn++)
        for (size_t i = 0; i < COUNT(cookies); i++) {
            answer got = ask(&server, get_as("/issues", cookies[i]));
            assert_int_equal(got.status, 200);
            for (size_t j = 0; j < COUNT(cookies); j++)
                assert_int_equal(holds(got.body, forms[j]), i == j);
        }
    const char *body = tz_arena_printf(&mem, "csrf=%s&path=/issues&query=%%3Flevel%%3Dred&name=kept-view", forms[0]);
    assert_int_equal(ask(&server, tz_arena_printf(&mem, "POST /views HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: " FORM "\r\n"
                                                        "Content-Length: %zu\r\n\r\n%s", cookies[0], strlen(body), body)).status, 303);
    assert_true(holds(ask(&server, get_as("/issues", cookies[0])).body, "kept-view"));
    assert_false(holds(ask(&server, get_as("/issues", cookies[2])).body, "kept-view"));
    answer noted = ask(&server, get_as("/issues", tz_arena_printf(&mem, "%s; tz_notice=only-now", cookies[0])));
    assert_true(holds(noted.body, "only-now"));
    assert_false(holds(ask(&server, get_as("/issues", cookies[0])).body, "only-now"));
}

/* ---- Uploads that end too early, and names that are not nice ---- */

/* The head of an upload of so many bytes, as a clerk. */
static const char *upload_head(const char *cookie, const char *csrf, size_t size)
{
    return tz_arena_printf(&mem, "POST /tray HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-CSRF-Token: %s\r\n"
                                 "Content-Type: multipart/form-data; boundary=xx\r\nContent-Length: %zu\r\n\r\n", cookie, csrf, size);
}

static const char *part(const char *name, const char *bytes)
{
    return tz_arena_printf(&mem, "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n", name, bytes);
}

/* Sends the beginning of an upload and waits until it is staged, beside `others` that are. */
static int begin_upload(const served *to, const char *cookie, const char *csrf, size_t others)
{
    const char *half = tz_arena_printf(&mem, "%s%s", upload_head(cookie, csrf, 1 << 20), part("a.csv", repeated("1,2,3\n", 500)));
    int         fd = connect_to(to);

    assert_true(send_all(fd, half, strlen(half)));
    for (int i = 0; i < 100 && staged_files() == others; i++)
        (void)usleep(20000);
    assert_int_equal(staged_files(), others + 1);
    return fd;
}

/* A client that goes, a slow one, and a server that is killed leave nothing; a server that sweeps takes nothing of
 * another's. */
static void uploads_leave_nothing(void **state)
{
    const char *cookie = log_in("ann-clerk", ""), *csrf = csrf_of(cookie);
    served      killed = {.head_seconds = 30, .body_seconds = 30}, after = {0};
    (void)state;

    (void)close(begin_upload(&server, cookie, csrf, 0));
    wait_until_none_is_staged();
    int slow = begin_upload(&server, cookie, csrf, 0);
    wait_until_none_is_staged(); /* its time ran out */
    (void)close(slow);

    serve(&killed, folder);
    int left = begin_upload(&killed, cookie, csrf, 0);
    assert_int_equal(kill(killed.process, SIGKILL), 0);
    assert_int_equal(waitpid(killed.process, NULL, 0), killed.process);
    (void)close(left);
    int running = begin_upload(&server, cookie, csrf, 1);
    serve(&after, folder);
    assert_int_equal(staged_files(), 1);
    end(&after);
    (void)close(running);
    wait_until_none_is_staged();
}

static void uploads_are_shown_as_text(void **state)
{
    static const char *const NAMES[] = {MARK ".csv", "../../../../tmp/taizhang-hostile.csv", "a.html", "a\xE2\x80\xAEvsc.exe",
                                        "%00.csv", "x.csv\\\"; y=\"z"};
    const char *cookie = log_in("ann-clerk", ""), *csrf = csrf_of(cookie);
    tz_buf      body = tz_buf_init(&mem, 0);
    (void)state;

    for (size_t i = 0; i < COUNT(NAMES); i++)
        tz_buf_puts(&body, part(NAMES[i], "<script>mark()</script>,1\n2,3\n"));
    tz_buf_puts(&body, "--xx--\r\n");
    expect_harmless(tz_arena_printf(&mem, "%s%s", upload_head(cookie, csrf, body.size), tz_buf_str(&body)), "ann-clerk");
    answer got = ask(&server, get_as("/tray", cookie));
    assert_int_equal(got.status, 200);
    assert_true(holds(got.body, "taizhang-hostile.csv"));
    expect_harmless(get_as("/tray", cookie), "ann-clerk");
    assert_false(tz_file_exists("/tmp/taizhang-hostile.csv"));
    wait_until_none_is_staged();
}

/* A machine that fails shows its asker neither paths nor a library's words. */
static void tells_nothing_of_the_machine(void **state)
{
    const char *incoming = tz_arena_printf(&mem, "%s/incoming", folder), *away = tz_arena_printf(&mem, "%s/gone", folder);
    const char *cookie = log_in("ann-clerk", "");
    (void)state;

    assert_int_equal(rename(incoming, away), 0); /* no file can be made for an answer */
    answer page = ask(&server, get_as("/batches.xlsx", cookie)), data = ask(&server, get_as("/issues.csv", cookie));
    assert_int_equal(rename(away, incoming), 0);
    assert_int_equal(page.status, 500);
    assert_int_equal(data.status, 500);
    assert_true(holds(page.body, "机器上出了差错") && holds(data.body, "机器上出了差错"));
    assert_false(holds(page.body, folder) || holds(data.body, folder) || holds(page.body, "incoming") || holds(data.body, "incoming"));
    assert_int_equal(ask(&server, get_as("/issues.csv", cookie)).status, 200);
}

/* ---- Script and SQL everywhere ---- */

static const char *const NASTY[] = {
    "'\"--;" MARK, "1' OR '1'='1", "1; DROP TABLE issue; --", "-9223372036854775808", "99999999999999999999", "1e309",
    "%s%n{{title}}[[a|b]]", "\xF0\x9F\x98\x80\xE2\x80\xAE",
    "'||(SELECT secret FROM user)||'", "2020-02-30", "../../ledger.db", "*", "\\", "a\nb\r\nX-Mark: 1", "\xC0\xAE\xFF", "true", "1", "F1",
};

/* A page's fields are what its routes read: name="x" of all templates, and what only addresses hold. */
static void collect_names(void)
{
    static const char *const MORE[] = {"as_of", "at", "page", "q", "state", "level", "unit", "ledger", "place", "register", "sort",
                                       "after", "before", "limit",
                                       "check", "person", "next", "lang", "from", "to", "kind", "id", "key", "overdue", "order", "format"};
    const char *root = getenv("ROOT"), *pages = tz_arena_printf(&mem, "%s/web/pages", root == NULL ? "." : root);
    tz_names    files = {0};

    for (size_t i = 0; i < COUNT(MORE); i++)
        tz_push(&mem, &names, MORE[i]);
    MUST(tz_file_list(&mem, pages, &files, err));
    for (size_t i = 0; i < files.count; i++) {
        tz_text text = {0};
        MUST(tz_file_load(&mem, tz_arena_printf(&mem, "%s/%s", pages, files.items[i]), 1 << 20, &text, err));
        for (size_t at = 0; (at = tz_text_find(text, TZ_TEXT(" name=\""), at)) != SIZE_MAX;) {
            at += strlen(" name=\"");
            const char *name = tz_arena_copy(&mem, text.data + at, strcspn(text.data + at, "\""));
            bool        is_new = strchr(name, '{') == NULL && strcmp(name, "csrf") != 0;
            for (size_t j = 0; j < names.count; j++)
                is_new &= strcmp(names.items[j], name) != 0;
            if (is_new)
                tz_push(&mem, &names, name);
        }
    }
    assert_true(names.count > COUNT(MORE) + 3);
}

/* All names with values that begin at a place of the list that `turn` fixes. */
static const char *all_pairs(const char *first, size_t turn)
{
    tz_buf out = tz_buf_init(&mem, 0);

    tz_buf_puts(&out, first);
    for (size_t i = 0; i < names.count; i++)
        tz_buf_printf(&out, "%s%s=%s", out.size == 0 ? "" : "&", names.items[i], encoded(NASTY[(turn + i * 5) % COUNT(NASTY)]));
    return tz_buf_str(&out);
}

static const char *path_of(const tz_route *route, const char *value)
{
    tz_buf out = tz_buf_init(&mem, 0);

    for (const char *at = route->pattern; *at != '\0';) {
        size_t size = *at == ':' ? strcspn(at, "/") : 1;
        if (*at == ':')
            tz_buf_puts(&out, encoded(value));
        else
            tz_buf_char(&out, *at);
        at += size;
    }
    return tz_buf_str(&out);
}

/* is_each: also every name with every value by itself. */
static void attack_get(const tz_route *route, const char *user, const char *cookie, size_t turn, bool is_each)
{
    static const char *const FORMS[] = {"", ".json", ".csv", ".xlsx"};
    const char *value = turn == 0 ? "1" : NASTY[turn % COUNT(NASTY)];

    expect_harmless(get_as(tz_arena_printf(&mem, "%s%s", path_of(route, value), FORMS[turn % COUNT(FORMS)]), cookie), user);
    expect_harmless(get_as(tz_arena_printf(&mem, "%s?%s", path_of(route, "1"), all_pairs("", turn)), cookie), user);
    for (size_t i = 0; is_each && i < names.count; i++)
        for (size_t j = 0; j < COUNT(NASTY); j++)
            expect_harmless(get_as(tz_arena_printf(&mem, "%s?%s=%s", path_of(route, "1"), names.items[i], encoded(NASTY[j])), cookie), user);
}

static void attack_post(const tz_route *route, const char *user, const char *cookie, const char *csrf, size_t turn)
{
    const char *body = all_pairs(tz_arena_printf(&mem, "csrf=%s", csrf), turn), *value = turn == 0 ? "1" : NASTY[turn % COUNT(NASTY)];

    expect_harmless(tz_arena_printf(&mem, "POST %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: " FORM "\r\n"
                                          "Content-Length: %zu\r\n\r\n%s", path_of(route, value), cookie, strlen(body), body), user);
}

static void parameters_do_no_harm(void **state)
{
    size_t  turns = getenv("LONG") == NULL ? 2 : COUNT(NASTY), asked = 0;
    int64_t start = wall_ms();
    (void)state;

    for (size_t r = 0; r < COUNT(ROLES); r++) {
        const char *user = tz_arena_printf(&mem, "ann-%s", ROLES[r]), *cookie = log_in(user, ""), *csrf = csrf_of(cookie);
        assert_non_null(csrf);
        for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++) {
            bool is_get = strcmp(route->method, "GET") == 0;
            bool is_first = (route->roles & ((1u << r) - 1)) == 0; /* no role before has tried it */
            if ((route->roles & 1u << r) == 0 || (!is_first && getenv("LONG") == NULL) || strcmp(route->pattern, "/logout") == 0)
                continue;
            for (size_t turn = 0; turn < (is_get ? turns : 1); turn++, asked++) {
                if (is_get)
                    attack_get(route, user, cookie, turn, turn == 0 && is_first && getenv("LONG") != NULL);
                else
                    attack_post(route, user, cookie, csrf, r + turn);
            }
        }
    }
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++)
        if ((route->flags & TZ_ROUTE_PUBLIC) != 0 && strcmp(route->method, "GET") == 0)
            attack_get(route, "nobody", "", 1, false);
        else if ((route->flags & TZ_ROUTE_PUBLIC) != 0)
            attack_post(route, "nobody", "", "", 1);
    print_message("%zu attacks in %lld ms\n", asked, (long long)(wall_ms() - start));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(answers_broken_requests), cmocka_unit_test(answers_what_is_too_long), cmocka_unit_test(answers_broken_forms),
        cmocka_unit_test(lets_no_path_climb), cmocka_unit_test(minds_no_host), cmocka_unit_test(answers_a_pipeline),
        cmocka_unit_test(slow_clients_hold_up_nobody), cmocka_unit_test(uploads_lose_their_tricks),
        cmocka_unit_test(takes_no_session_that_it_did_not_make), cmocka_unit_test(kept_pages_stay_ones_own),
        cmocka_unit_test(uploads_leave_nothing), cmocka_unit_test(tells_nothing_of_the_machine),
        cmocka_unit_test(uploads_are_shown_as_text), cmocka_unit_test(parameters_do_no_harm),
    };
    tz_err ignored = {0};

    folder = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(folder != MAP_FAILED);
    in_child(make_county);
    collect_names();
    server = (served){.head_seconds = 2, .body_seconds = 2};
    serve(&server, folder);
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    end(&server);
    in_child(look_after);
    assert_int_equal(tz_file_remove_folder(folder, &ignored), TZ_OK);
    tz_arena_free(&mem);
    return failed;
}
