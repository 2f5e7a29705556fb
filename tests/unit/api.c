/* api: openapi.json beside the table of routes, and what a program gets under /api/v1: data with a token, errors as data. */
#include "../web.h"

#include "store/user.h"
#include "web/api.h"

/* ---- The document ---- */

/* The path and its names as the table has them, made here once more and otherwise: character by character. */
static bool is_path_of(const char *path, const char *pattern)
{
    for (; *pattern != '\0' || *path != '\0'; pattern++, path++) {
        if (*pattern == ':' && *path == '{') {
            while (*++path != '}')
                if (*path != *++pattern)
                    return false;
            if (pattern[1] != '/' && pattern[1] != '\0')
                return false;
        } else if (*pattern != *path) {
            return false;
        }
    }
    return true;
}

static const tz_route *route_of(const char *method, const char *path)
{
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++)
        if (strcasecmp(route->method, method) == 0 && is_path_of(path, route->pattern))
            return route;
    fail_msg("%s %s stands in the document and in no route", method, path);
    return NULL;
}

static size_t count_in_path(const json_t *parameters)
{
    size_t        count = 0, i;
    const json_t *one;

    json_array_foreach(parameters, i, one) count += strcmp(json_string_value(json_object_get(one, "in")), "path") == 0;
    return count;
}

static void check_operation(const char *method, const char *path, const json_t *operation)
{
    const tz_route *route = route_of(method, path);
    const json_t   *security = json_object_get(operation, "security"), *parameters = json_object_get(operation, "parameters");
    bool            is_public = (route->flags & TZ_ROUTE_PUBLIC) != 0, is_post = strcmp(method, "post") == 0;
    size_t          names = 0;

    for (const char *at = route->pattern; *at != '\0'; at++)
        names += *at == ':';
    assert_int_equal(count_in_path(parameters), names);
    assert_int_equal(json_array_size(security), is_public ? 0 : 1);
    assert_int_equal(json_object_get(operation, "requestBody") != NULL, is_post);
    if (is_public)
        return;
    /* Its scope is enough, and reading alone is not where something is written. */
    const char *scope = json_string_value(json_array_get(json_object_get(json_array_get(security, 0), "token"), 0));
    bool        is_upload = (route->flags & TZ_ROUTE_UPLOAD) != 0;
    tz_actor    actor = {.roles = route->roles, .scopes = scope};
    assert_true(tz_may_route(&actor, is_post, route->pattern, route->roles, is_upload, false));
    actor.scopes = "read";
    assert_int_equal(tz_may_route(&actor, is_post, route->pattern, route->roles, is_upload, false), !is_post);
    size_t roles = 0;
    for (unsigned bit = 1; bit < 256; bit *= 2)
        roles += (route->roles & bit) != 0;
    assert_int_equal(json_array_size(json_object_get(operation, "x-roles")), roles);
}

static void the_document_is_the_table(void **state)
{
    tz_arena    mem = {0};
    json_t     *document = tz_api_document(&mem, TZ_ROUTES, TZ_EN), *methods, *operation;
    const char *path, *method;
    size_t      count = 0, wanted = 0;

    (void)state;
    json_object_foreach(json_object_get(document, "paths"), path, methods)
    {
        json_object_foreach(methods, method, operation)
        {
            check_operation(method, path, operation);
            count++;
        }
    }
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++)
        wanted += tz_api_has(route);
    assert_int_equal(count, wanted);
    assert_true(count > 20);
    json_decref(document);
    tz_arena_free(&mem);
}

/* Every "$ref" leads somewhere. */
static void check_refs(const json_t *document, const json_t *value)
{
    const char   *key, *ref = json_string_value(json_object_get(value, "$ref"));
    const json_t *member, *target = document;
    size_t        i;

    if (ref != NULL) {
        assert_memory_equal(ref, "#/", 2);
        for (const char *at = ref + 2; *at != '\0';) {
            char   name[64] = "";
            size_t size = strcspn(at, "/");
            (void)snprintf(name, sizeof name, "%.*s", (int)size, at);
            target = json_object_get(target, name);
            at += size + (at[size] == '/');
        }
        if (target == NULL)
            fail_msg("%s leads nowhere", ref);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member) check_refs(document, member);
    json_array_foreach(value, i, member) check_refs(document, member);
}

static void its_references_lead_somewhere(void **state)
{
    tz_arena mem = {0};
    json_t  *document = tz_api_document(&mem, TZ_ROUTES, TZ_ZH);

    (void)state;
    check_refs(document, document);
    json_decref(document);
    tz_arena_free(&mem);
}

/* ---- Over HTTP ---- */

static int setup(void **state)
{
    web_place *web = test_calloc(1, sizeof *web);

    county_make(&web->county);
    MUST(tz_user_add(web->county.store, "zhao", NULL, NULL, "inspector", NULL, err));
    MUST(tz_user_add(web->county.store, "zhou", NULL, NULL, "leader", NULL, err));
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

static const char *token_header(web_place *web, const char *user, const char *scopes)
{
    char token[TZ_TOKEN_TEXT];
    MUST(tz_desk_token_make(web->desk, user, "test", scopes, 7, token, err));
    return tz_arena_printf(&web->mem, "Authorization: Bearer %s\r\n", token);
}

static json_t *json_of(const web_answer *answer)
{
    json_t *value = json_loads(answer->body, 0, NULL);
    if (value == NULL)
        fail_msg("no JSON: %s", answer->body);
    return value;
}

static void expect_error(web_place *web, const char *method, const char *path, const char *headers, const char *body, int status)
{
    web_answer answer = web_ask(web, method, path, headers, body);
    json_t    *value = json_of(&answer), *error = json_object_get(value, "error");

    if (answer.status != status || json_integer_value(json_object_get(error, "status")) != status)
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    assert_true(json_string_length(json_object_get(error, "text")) > 0);
    json_decref(value);
}

static void a_token_opens_data(void **state)
{
    web_place  *web = *state;
    const char *token = token_header(web, "zhao", "read");
    web_answer  answer = web_ask(web, "GET", "/api/v1/registers", token, NULL);
    json_t     *value = json_of(&answer);

    assert_int_equal(answer.status, 200);
    assert_string_equal(web_header(web, &answer, "Content-Type"), "application/json; charset=utf-8");
    const char *tag = web_header(web, &answer, "ETag");
    answer = web_ask(web, "GET", "/api/v1/registers", tz_arena_printf(&web->mem, "%sIf-None-Match: %s\r\n", token, tag), NULL);
    assert_int_equal(answer.status, 304);
    json_decref(value);
    answer = web_ask(web, "GET", "/api/v1/openapi.json", "", NULL);
    value = json_of(&answer);
    assert_string_equal(json_string_value(json_object_get(value, "openapi")), "3.1.0");
    json_decref(value);
}

static void errors_are_data(void **state)
{
    web_place  *web = *state;
    const char *reads = token_header(web, "zhao", "read"), *writes = token_header(web, "zhao", "read,write");

    expect_error(web, "GET", "/api/v1/registers", "", NULL, 401);
    expect_error(web, "GET", "/api/v1/no-such-page", reads, NULL, 404);
    expect_error(web, "GET", "/api/v1/batches/99", reads, NULL, 404);
    expect_error(web, "GET", "/api/v1/batches?page=x", reads, NULL, 400);
    expect_error(web, "POST", "/api/v1/jobs", reads, "kind=run", 403);
    expect_error(web, "POST", "/api/v1/jobs", writes, "kind=no-such-kind", 400);
}

/* A browser's cookie is nothing here, so no site can make it ask; accounts are for people. */
static void a_cookie_opens_nothing(void **state)
{
    web_place  *web = *state;
    const char *cookie = tz_arena_printf(&web->mem, "Cookie: %s\r\n", web_cookie(web, "zhao")), *token = token_header(web, "zhao", "read,write");

    expect_error(web, "GET", "/api/v1/registers", cookie, NULL, 401);
    expect_error(web, "GET", "/api/v1/account", token, NULL, 404);
    expect_error(web, "POST", "/api/v1/account/tokens", token, "name=x", 404);
    expect_error(web, "POST", "/api/v1/login", "", "user=zhao&password=x", 404);
}

static void a_post_says_what_was_done(void **state)
{
    web_place  *web = *state;
    const char *body = "{\"kind\": \"run\"}";
    const char *request = tz_arena_printf(&web->mem,
                                          "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n%s"
                                          "Content-Length: %zu\r\n\r\n%s",
                                          token_header(web, "zhao", "read,write"), strlen(body), body);
    web_answer answer = web_send(web, request, strlen(request));
    json_t    *value = json_of(&answer);

    assert_int_equal(answer.status, 200);
    assert_memory_equal(json_string_value(json_object_get(value, "see")), "/api/v1/jobs", 12);
    json_decref(value);
}

/* The page's own link, as an address of the API; cases/api.sh follows one to its end. */
static void a_list_says_where_it_goes_on(void **state)
{
    static const struct { const char *data, *limit, *next; } CASES[] = {
        {"{\"list\": {\"next\": \"/issues?after=5&n=51\"}}", NULL, "/api/v1/issues?after=5&n=51"},
        {"{\"list\": {\"next\": \"/issues?after=5&n=51\"}}", "10", "/api/v1/issues?after=5&n=51&limit=10"},
        {"{\"list\": {\"next\": null}}", NULL, NULL},
        {"{\"pager\": {\"after\": \"/batches?page=2\"}}", NULL, "/api/v1/batches?page=2"},
        {"{\"pager\": {\"after\": null}}", NULL, NULL},
        {"{\"pager\": {\"after\": \"/batches?page=2&limit=3\"}}", "3", "/api/v1/batches?page=2&limit=3"},
        {"{\"older\": \"?before=7&limit=3\"}", "3", "/api/v1/issues?before=7&limit=3"},
        {"{\"older\": 7}", "3", "/api/v1/issues?before=7&limit=3"},
        {"{}", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_arena   mem = {0};
        tz_request req = {.mem = &mem, .path = "/issues"};
        json_t    *data = json_loads(CASES[i].data, 0, NULL);
        if (CASES[i].limit != NULL)
            tz_push(&mem, &req.queries, (tz_pair){"limit", CASES[i].limit});
        const char *next = tz_api_next(&req, data);
        if (CASES[i].next == NULL)
            assert_null(next);
        else
            assert_string_equal(next, CASES[i].next);
        if (next != NULL)
            assert_string_equal(json_string_value(json_object_get(data, "next")), next);
        json_decref(data);
        tz_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_is_the_table),
        cmocka_unit_test(its_references_lead_somewhere),
        cmocka_unit_test(a_list_says_where_it_goes_on),
        cmocka_unit_test_setup_teardown(a_token_opens_data, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_are_data, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cookie_opens_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_post_says_what_was_done, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
