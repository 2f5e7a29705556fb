/* access: every route as every role and as nobody, against a table of its own (access.txt), over HTTP; and what parts
 * of the county a person's unit and grants give. */
#include "../ledger.h"
#include "../web.h"

#include "store/user.h"
#include "web/access.h"

static const char *const ROLES[] = {"clerk", "cadre", "inspector", "leader", "superior", "system", "security", "audit"};
enum { ROLE_COUNT = COUNT(ROLES) };

/* ---- The table ---- */

typedef struct {
    char     method[8], pattern[120];
    bool     is_public;
    unsigned roles;
    bool     is_met;
} line_of;

static struct { line_of items[400]; size_t count; } table;

static void add_word(line_of *line, const char *word)
{
    static const struct { const char *word; unsigned roles; } GROUPS[] = {{"workers", 7}, {"lookers", 31}, {"admins", 224}, {"everybody", 255}};

    if (strcmp(word, "public") == 0) {
        line->is_public = true;
        return;
    }
    for (size_t i = 0; i < COUNT(GROUPS); i++)
        if (strcmp(word, GROUPS[i].word) == 0) {
            line->roles |= GROUPS[i].roles;
            return;
        }
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        if (strcmp(word, ROLES[i]) == 0) {
            line->roles |= 1u << i;
            return;
        }
    fail_msg("access.txt: what is '%s'?", word);
}

static void read_table(void)
{
    const char *root = getenv("ROOT");
    char        path[512], text[512];

    (void)snprintf(path, sizeof path, "%s/tests/unit/access.txt", root == NULL ? "." : root);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(text, sizeof text, in) != NULL) {
        char *rest = NULL, *method = strtok_r(text, " \n", &rest), *pattern = strtok_r(NULL, " \n", &rest);
        if (method == NULL || method[0] == '#')
            continue;
        assert_true(pattern != NULL && table.count < COUNT(table.items));
        line_of *line = &table.items[table.count++];
        (void)snprintf(line->method, sizeof line->method, "%s", method);
        (void)snprintf(line->pattern, sizeof line->pattern, "%s", pattern);
        for (char *word; (word = strtok_r(NULL, " \n", &rest)) != NULL;)
            add_word(line, word);
    }
    (void)fclose(in);
}

static line_of *line_for(const tz_route *route)
{
    for (size_t i = 0; i < table.count; i++)
        if (strcmp(table.items[i].method, route->method) == 0 && strcmp(table.items[i].pattern, route->pattern) == 0)
            return &table.items[i];
    fail_msg("%s %s stands in routes.inc and not in tests/unit/access.txt: who may?", route->method, route->pattern);
    return NULL;
}

static void the_tables_agree(void **state)
{
    (void)state;
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++) {
        line_of *line = line_for(route);
        line->is_met = true;
        if (line->roles != route->roles || line->is_public != ((route->flags & TZ_ROUTE_PUBLIC) != 0))
            fail_msg("%s %s: routes.inc and access.txt differ (%u, %u)", route->method, route->pattern, route->roles, line->roles);
        if (!line->is_public && line->roles == 0)
            fail_msg("%s %s: nobody may", route->method, route->pattern);
        if ((route->flags & TZ_ROUTE_WRITES) != 0 && strcmp(route->method, "POST") != 0)
            fail_msg("%s %s: writes, and is no POST", route->method, route->pattern);
    }
    for (size_t i = 0; i < table.count; i++)
        if (!table.items[i].is_met)
            fail_msg("%s %s stands in access.txt and not in routes.inc", table.items[i].method, table.items[i].pattern);
}

/* What a token and a password that must be changed leave. */
static void tokens_and_given_passwords_may_less(void **state)
{
    tz_actor reader = {.roles = 31, .scopes = "read"}, deliverer = {.roles = 31, .scopes = "read,deliver"};
    tz_actor writer = {.roles = 31, .scopes = "read,write"}, narrow = {.roles = 31, .is_narrow = true};

    (void)state;
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++) {
        bool is_post = strcmp(route->method, "POST") == 0, is_upload = (route->flags & TZ_ROUTE_UPLOAD) != 0;
        bool is_peoples = strncmp(route->pattern, "/account", 8) == 0 || strncmp(route->pattern, "/admin", 6) == 0 ||
                          strncmp(route->pattern, "/reveal", 7) == 0 || strncmp(route->pattern, "/log", 4) == 0;
        if ((route->roles & 31) == 0)
            continue;
        assert_int_equal(tz_may_route(&reader, is_post, route->pattern, route->roles, is_upload, false), !is_post && !is_peoples);
        assert_int_equal(tz_may_route(&deliverer, is_post, route->pattern, route->roles, is_upload, false), (!is_post || is_upload) && !is_peoples);
        assert_int_equal(tz_may_route(&writer, is_post, route->pattern, route->roles, is_upload, false), !is_peoples);
        assert_int_equal(tz_may_route(&narrow, is_post, route->pattern, route->roles, is_upload, false),
                         strcmp(route->pattern, "/account") == 0 || strcmp(route->pattern, "/account/password") == 0 ||
                             strcmp(route->pattern, "/logout") == 0);
    }
}

/* ---- Over HTTP ---- */

/* "/issues/:issue" with 1 for what is a number and nobody for a user. */
static const char *path_of(web_place *web, const char *pattern)
{
    tz_buf out = tz_buf_init(&web->mem, 0);

    for (const char *at = pattern; *at != '\0';) {
        size_t size = strcspn(at + 1, "/") + 1;
        if (strncmp(at, "/:", 2) == 0)
            tz_buf_puts(&out, strncmp(at, "/:user", 6) == 0 ? "/nobody" : "/1");
        else
            tz_buf_printf(&out, "%.*s", (int)size, at);
        at += size;
    }
    return tz_buf_str(&out);
}

static const char *user_of(web_place *web, unsigned role)
{
    return tz_arena_printf(&web->mem, "the-%s", ROLES[role]);
}

static void walk_as(web_place *web, const tz_route *route, const line_of *line, unsigned role)
{
    bool        is_post = strcmp(route->method, "POST") == 0, is_allowed = line->is_public || (line->roles & 1u << role) != 0;
    const char *path = path_of(web, route->pattern), *cookie = web_cookie(web, user_of(web, role));
    web_answer  answer = is_post ? web_post(web, path, cookie, "") : web_get(web, path, cookie);

    if (is_allowed ? answer.status == 401 || answer.status == 403 || answer.status >= 500 : answer.status != 403)
        fail_msg("%s %s as %s: %d\n%s", route->method, path, ROLES[role], answer.status, answer.body);
    if (is_post && !line->is_public && is_allowed) { /* the same without the form's own token */
        answer = web_ask(web, "POST", path, tz_arena_printf(&web->mem, "Cookie: %s\r\n", web_cookie(web, user_of(web, role))), "a=1");
        if (answer.status != 403)
            fail_msg("%s %s as %s without a token: %d", route->method, path, ROLES[role], answer.status);
    }
}

static void walk_as_nobody(web_place *web, const tz_route *route, const line_of *line)
{
    bool        is_post = strcmp(route->method, "POST") == 0;
    const char *path = path_of(web, route->pattern);
    web_answer  answer = web_ask(web, route->method, path, "", is_post ? "a=1" : NULL);

    if (line->is_public) {
        if (answer.status == 401 || answer.status >= 500)
            fail_msg("%s %s as nobody: %d", route->method, path, answer.status);
        return;
    }
    if (answer.status != (is_post ? 401 : 303))
        fail_msg("%s %s as nobody: %d", route->method, path, answer.status);
    if (!is_post)
        assert_int_equal(strncmp(web_header(web, &answer, "Location"), "/login?next=", 12), 0);
}

static void every_route_as_everybody(void **state)
{
    static web_place web;

    (void)state;
    county_make(&web.county);
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        MUST(tz_user_add(web.county.store, user_of(&web, i), NULL, i == 1 ? "东镇" : NULL, ROLES[i], NULL, err));
    web_open(&web);
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++) {
        const line_of *line = line_for(route);
        walk_as_nobody(&web, route, line);
        for (unsigned role = 0; role < ROLE_COUNT; role++)
            walk_as(&web, route, line, role);
    }
    web_close(&web);
}

/* ---- What is others' ---- */

static const county_line AID[] = {
    {.no = "1", .name = "张三", .term = "2019-1", .school = "一中", .amount = "400.00"},
    {.no = "1", .name = "张三", .term = "2019-1", .school = "二中", .amount = "400.00"},
};

/* What the page of an error says, its section as a text. */
static const char *told(web_place *web, const web_answer *answer)
{
    const char *at = strstr(answer->body, "<section class=\"error\"");
    return at == NULL ? "" : tz_arena_copy(&web->mem, at, (size_t)(strstr(at, "</section>") - at));
}

/* The page of a thing that exists and is not theirs is that of one that does not exist. */
static void expect_alike(web_place *web, const char *user, const char *theirs, const char *nobodys)
{
    const char *cookie = web_cookie(web, user);
    web_answer  one = web_get(web, theirs, cookie), other = web_get(web, nobodys, cookie);

    if (one.status != 404 || other.status != 404 || told(web, &one)[0] == '\0')
        fail_msg("%s as %s: %d, %s: %d", theirs, user, one.status, nobodys, other.status);
    if (strcmp(told(web, &one), told(web, &other)) != 0)
        fail_msg("%s as %s is told from %s: %s", theirs, user, nobodys, told(web, &one));
}

static void what_is_others_is_as_if_it_were_not(void **state)
{
    static web_place web;
    static const struct { const char *theirs, *nobodys, *other, *owner; } PATHS[] = {
        {"/batches/1", "/batches/77", "fu", "li"},
        {"/batches/1/diff", "/batches/77/diff", "fu", NULL},
        {"/registers/aid", "/registers/none", "fu", "li"},
        {"/issues/1", "/issues/77", "fu", "li"},
        {"/issues/1", "/issues/77", "xi", "dong"},
        {"/issues/1/proof", "/issues/77/proof", "xi", NULL},
        {"/findings/F1", "/findings/F77", "xi", "dong"},
        {"/rows/aid/1/1/4", "/rows/aid/1/1/77", "xi", "dong"},
        {"/rows/aid/1/1/4", "/rows/aid/1/1/77", "fu", "li"},
        {"/households/H1", "/households/H77", "xi", NULL},
    };

    (void)state;
    county_make(&web.county);
    MUST(tz_user_add(web.county.store, "li", NULL, "教育局", "clerk", NULL, err));
    MUST(tz_user_add(web.county.store, "fu", NULL, "卫健局", "clerk", NULL, err));
    MUST(tz_user_add(web.county.store, "xi", NULL, "西镇", "cadre", NULL, err));
    MUST(tz_user_add(web.county.store, "dong", NULL, "东镇", "cadre", NULL, err));
    MUST(tz_user_add(web.county.store, "shi", NULL, "市督查组", "superior", NULL, err));
    assert_int_equal(county_deliver(&web.county, "aid", "2019-12-31", 0, AID, COUNT(AID)), 1);
    assert_true(run(&web.county) > 0);
    tz_store_close(web.county.store); /* what follows knows the divisions */
    MUST(tz_store_open(&web.county.app, web.county.folder, TZ_WRITE, &web.county.store, err));
    MUST(tz_store_act_as(web.county.store, "tester", NULL, err));
    MUST(tz_user_grant(web.county.store, "shi", "140430100000", "", err));
    web_open(&web);
    for (size_t i = 0; i < COUNT(PATHS); i++) {
        expect_alike(&web, PATHS[i].other, PATHS[i].theirs, PATHS[i].nobodys);
        if (PATHS[i].owner == NULL)
            continue;
        web_answer answer = web_get(&web, PATHS[i].theirs, web_cookie(&web, PATHS[i].owner));
        if (answer.status != 200)
            fail_msg("%s as %s: %d %s", PATHS[i].theirs, PATHS[i].owner, answer.status, told(&web, &answer));
    }
    json_t *lines = NULL; /* whoever tries numbers shows */
    MUST(tz_desk_log_list(web.desk, "missing", "fu", 0, 100, &lines, err));
    assert_int_equal(json_array_size(lines), 10);
    assert_string_equal(tz_json_str(json_array_get(lines, 9), "path"), "/batches/:batch");
    json_decref(lines);
    size_t wholes = 0;
    for (const tz_route *route = TZ_ROUTES; route->method != NULL; route++) /* the superior of a part */
        if ((route->flags & TZ_ROUTE_COUNTY) != 0) {
            wholes++;
            assert_int_equal(web_get(&web, path_of(&web, route->pattern), web_cookie(&web, "shi")).status, 403);
        }
    assert_true(wholes >= 5);
    web_close(&web);
}

/* ---- Parts of the county ---- */

typedef struct { const char *unit, *division, *roles[3], *divisions[3], *registers[3]; } person;

static const tz_actor *actor_of(small_county *county, const person *is)
{
    tz_user user = {.user = "x", .name = "x", .unit = is->unit, .division = is->division};

    for (size_t i = 0; i < 3; i++) {
        if (is->roles[i] != NULL)
            tz_push(&county->mem, &user.roles, tz_arena_dup(&county->mem, is->roles[i]));
        if (is->divisions[i] != NULL)
            tz_push(&county->mem, &user.divisions, tz_arena_dup(&county->mem, is->divisions[i]));
        if (is->registers[i] != NULL)
            tz_push(&county->mem, &user.registers, tz_arena_dup(&county->mem, is->registers[i]));
    }
    return tz_actor_make(&county->mem, county->store->county, county->packs, &user);
}

static void units_and_grants_give_parts(void **state)
{
    static const struct {
        person      is;
        const char *village, *of_register, *unit;    /* asked for */
        bool        may_village, may_register, may_unit;
    } CASES[] = {
        {{"教育局", NULL, {"clerk"}, {0}, {0}}, "140430100201", "aid", "教育局", false, true, true},
        {{"教育局", NULL, {"clerk"}, {0}, {0}}, "140430100201", "poor", "扶贫办", false, false, false},
        {{"教育局", NULL, {"clerk"}, {0}, {"poor"}}, "140430100201", "poor", "扶贫办", false, true, false},
        {{"东镇", NULL, {"cadre"}, {0}, {0}}, "140430100201", "aid", "东镇", true, false, true},
        {{"东镇", NULL, {"cadre"}, {0}, {0}}, "140430101000", "aid", "西镇", false, false, false},
        {{"西镇", NULL, {"cadre"}, {0}, {0}}, "140430100201", "aid", "东镇", false, false, false},
        {{"西镇", NULL, {"cadre"}, {"140430100000"}, {0}}, "140430100201", "aid", "东镇", true, false, false},
        {{"无此镇", NULL, {"cadre"}, {0}, {0}}, "140430100201", "aid", "东镇", false, false, false},
        {{NULL, NULL, {"cadre"}, {0}, {0}}, NULL, "aid", NULL, false, false, false},
        {{NULL, NULL, {"inspector"}, {0}, {0}}, "140430100201", "aid", "东镇", true, true, true},
        {{NULL, NULL, {"leader"}, {0}, {0}}, NULL, "aid", "东镇", true, true, true},
        {{NULL, NULL, {"superior"}, {0}, {0}}, "140430101000", "aid", "西镇", true, true, true},
        {{NULL, NULL, {"superior"}, {"140430100000"}, {0}}, "140430101000", "aid", "西镇", false, false, false},
        {{NULL, NULL, {"superior"}, {"140430100000"}, {"aid"}}, "140430100201", "aid", "西镇", true, true, false},
        {{"教育局", NULL, {"system"}, {"*"}, {"*"}}, "140430100201", "aid", "教育局", false, false, false},
        {{"教育局", NULL, {"audit"}, {"*"}, {"*"}}, "140430100201", "aid", "教育局", false, false, false},
        {{"教育局", NULL, {0}, {"*"}, {"*"}}, "140430100201", "aid", "教育局", false, false, false},
    };
    small_county county;

    (void)state;
    county_make(&county);
    tz_store_close(county.store);
    MUST(tz_store_open(&county.app, county.folder, TZ_WRITE, &county.store, err)); /* reads the divisions */
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const tz_actor *actor = actor_of(&county, &CASES[i].is);
        if (tz_may_division(actor, CASES[i].village) != CASES[i].may_village ||
            tz_may_register(actor, CASES[i].of_register) != CASES[i].may_register ||
            tz_may_unit(actor, CASES[i].unit) != CASES[i].may_unit)
            fail_msg("case %zu", i);
    }
    county_drop(&county);
}

static void administrators_are_apart(void **state)
{
    static const struct { person is; unsigned roles; } CASES[] = {
        {{NULL, NULL, {"clerk", "inspector", "system"}, {0}, {0}}, TZ_ROLE_CLERK | TZ_ROLE_INSPECTOR},
        {{NULL, NULL, {"system", "security"}, {0}, {0}}, 0},
        {{NULL, NULL, {"security"}, {0}, {0}}, TZ_ROLE_SECURITY},
        {{NULL, NULL, {"king"}, {0}, {0}}, 0},
        {{NULL, NULL, {"cadre", "leader"}, {0}, {0}}, TZ_ROLE_CADRE | TZ_ROLE_LEADER},
    };
    small_county county;

    (void)state;
    county_make(&county);
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(actor_of(&county, &CASES[i].is)->roles, CASES[i].roles);
    assert_false(tz_may(NULL, 255));
    county_drop(&county);
}

/* ---- The page that measures us ---- */

/* Every test that docs/security.md names is there. */
static void the_tests_that_are_named_exist(void **state)
{
    static const struct { const char *kind, *ending; } KINDS[] = {{"unit", ".c"}, {"fuzz", ".c"}, {"cases", ".sh"}};
    const char *root = getenv("ROOT") == NULL ? "." : getenv("ROOT");
    tz_arena    mem = {0};
    tz_text     page;
    size_t      named = 0;

    (void)state;
    MUST(tz_file_load(&mem, tz_arena_printf(&mem, "%s/docs/security.md", root), 1 << 20, &page, err));
    for (size_t i = 0; i < COUNT(KINDS); i++) {
        const char *mark = tz_arena_printf(&mem, "`%s/", KINDS[i].kind);
        for (size_t at = 0; (at = tz_text_find(page, tz_text_of(mark), at)) != SIZE_MAX; at++) {
            const char *name = page.data + at + strlen(mark);
            size_t      size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
            if (size == 0)
                continue; /* all of a folder */
            named++;
            if (!tz_file_exists(tz_arena_printf(&mem, "%s/tests/%s/%.*s%s", root, KINDS[i].kind, (int)size, name, KINDS[i].ending)))
                fail_msg("docs/security.md names %s/%.*s, which is not there", KINDS[i].kind, (int)size, name);
        }
    }
    assert_true(named > 50);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_agree),
        cmocka_unit_test(tokens_and_given_passwords_may_less),
        cmocka_unit_test(units_and_grants_give_parts),
        cmocka_unit_test(administrators_are_apart),
        cmocka_unit_test(every_route_as_everybody),
        cmocka_unit_test(what_is_others_is_as_if_it_were_not),
        cmocka_unit_test(the_tests_that_are_named_exist),
    };
    read_table();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
