/* Mustache: what our templates use, and the specification's own tests where CORPORA holds them. */
#include "../test.h"

#include "base/file.h"
#include "report/html.h"
#include "report/mustache.h"
#include "report/section.h"

static const json_t *partials; /* of the case that runs */

static const char *partial_of(void *context, const char *name)
{
    (void)context;
    return tz_json_str(partials, name);
}

static void say_missing(void *context, tz_buf *out, tz_text name)
{
    (void)context;
    tz_buf_printf(out, "(?%.*s)", TZ_FMT(name));
}

static tz_rc fill(tz_arena *mem, const char *template, const char *view, const tz_mustache_target *target, tz_buf *out, tz_err *err)
{
    json_t *data = json_loads(view, JSON_DECODE_ANY, NULL);
    assert_non_null(data);
    *out = tz_buf_init(mem, 1 << 20);
    tz_rc rc = tz_mustache(mem, "t.md", tz_text_of(template), data, target, out, err);
    json_decref(data);
    return rc;
}

static void fills_a_section(void **state)
{
    static const struct { const char *template, *view, *out; } CASES[] = {
        {"共 {{house.cd}} 户", "{\"house\": {\"cd\": {\"_text\": \"[711](#figure-house.cd)\"}}}", "共 [711](#figure-house.cd) 户"},
        {"{{#safe}}全部达标{{/safe}}{{^safe}}{{safe.exceptions}} 户未达标{{/safe}}", "{\"safe\": {\"_is\": true, \"exceptions\": 0}}", "全部达标"},
        {"{{#safe}}全部达标{{/safe}}{{^safe}}{{safe.exceptions}} 户未达标{{/safe}}", "{\"safe\": {\"_is\": false, \"exceptions\": 3}}",
         "3 户未达标"},
        {"镇:{{#towns}}\n- {{name}}{{/towns}}", "{\"towns\": [{\"name\": \"甲\"}, {\"name\": \"乙\"}]}", "镇:\n- 甲\n- 乙"},
        {"{{#towns}}\n- {{name}}\n{{/towns}}\n", "{\"towns\": [{\"name\": \"甲\"}, {\"name\": \"乙\"}]}", "- 甲\n- 乙\n"},
        {"{{name}}", "{\"name\": \"李*四*_a_ & <b>\"}", "李\\*四\\*\\_a\\_ \\& \\<b\\>"},
        {"{{{name}}}", "{\"name\": \"*\"}", "*"},
        {"a{{no.such}}b", "{}", "a(?no.such)b"},
        {"{{#none}}x{{/none}}{{^none}}空{{/none}}", "{\"none\": \"\"}", "空"},
        {"{{n}}、{{yes}}", "{\"n\": 12, \"yes\": true}", "12、true"},
    };
    tz_mustache_target target = {.escape = tz_escape_markdown, .missing = say_missing};
    tz_arena mem = {0};
    tz_err   err = {0};
    tz_buf   out;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_int_equal(fill(&mem, CASES[i].template, CASES[i].view, &target, &out, &err), TZ_OK);
        assert_text(tz_buf_text(&out), CASES[i].out);
    }
    tz_arena_free(&mem);
}

static void says_what_is_wrong_and_where(void **state)
{
    static const struct { const char *template; tz_rc rc; int64_t line; } CASES[] = {
        {"a\nb {{name", TZ_INPUT, 2}, {"a\n\n{{#x}}\nb", TZ_INPUT, 3}, {"{{#x}}\n{{/y}}", TZ_INPUT, 2}, {"{{/x}}", TZ_INPUT, 1},
        {"\n{{=a=}}", TZ_INPUT, 2},   {"{{>self}}", TZ_LIMIT, 0},
    };
    tz_mustache_target target = {.partial = partial_of};
    tz_arena mem = {0};
    tz_buf   out;
    json_t  *own = json_pack("{s:s}", "self", "{{>self}}");

    (void)state;
    partials = own;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_err err = {0};
        assert_int_equal(fill(&mem, CASES[i].template, "{}", &target, &out, &err), CASES[i].rc);
        assert_int_equal(err.where.row_no, CASES[i].line);
    }
    json_decref(own);
    tz_arena_free(&mem);
}

/* Sections within sections would eat the stack. */
static void refuses_sections_too_deep(void **state)
{
    enum { DEPTH = 200000 };
    tz_mustache_target target = {0};
    tz_arena mem = {0};
    tz_err   err = {0};
    tz_buf   out, template = tz_buf_init(&mem, 0);

    (void)state;
    for (int i = 0; i < DEPTH; i++)
        tz_buf_puts(&template, "{{#x}}");
    for (int i = 0; i < DEPTH; i++)
        tz_buf_puts(&template, "{{/x}}");
    assert_int_equal(fill(&mem, tz_buf_str(&template), "{\"x\":true}", &target, &out, &err), TZ_LIMIT);
    tz_arena_free(&mem);
}

/* A value that begins a line with blanks is no block of code. */
static void escapes_at_the_start_of_a_line(void **state)
{
    tz_mustache_target target = {.escape = tz_escape_markdown};
    tz_arena mem = {0};
    tz_err   err = {0};
    tz_buf   out;

    (void)state;
    assert_int_equal(fill(&mem, "甲\n\n{{a}}", "{\"a\":\"    乙\"}", &target, &out, &err), TZ_OK);
    assert_null(strstr(tz_buf_str(&out), "    "));
    tz_arena_free(&mem);
}

/* What a name could do to a page of Markdown, it doesn't. */
static void escapes_for_markdown(void **state)
{
    tz_arena mem = {0};
    tz_err   err = {0};
    tz_buf   out = tz_buf_init(&mem, 0);
    static const char NASTY[] = "  # _张_ **三**\n- `x` [a](b) <i> &amp; | 1. ~~";

    (void)state;
    tz_escape_markdown(&out, tz_text_of(NASTY));
    tz_document *doc = tz_document_new(&mem, TZ_ZH);
    assert_int_equal(tz_section_add(doc, tz_buf_text(&out), "t.md", NULL, &err), TZ_OK);
    assert_int_equal(doc->blocks.count, 1);
    assert_int_equal(doc->blocks.items[0]->kind, TZ_BLOCK_PARAGRAPH);
    assert_int_equal(doc->blocks.items[0]->runs.count, 1);
    assert_string_equal(doc->blocks.items[0]->runs.items[0].text, "# _张_ **三** - `x` [a](b) <i> &amp; | 1. ~~");
    tz_arena_free(&mem);
}

static void run_spec(const char *path, size_t *ran)
{
    json_t *file = json_load_file(path, 0, NULL), *one;
    size_t  i;
    tz_mustache_target target = {.escape = tz_html_text, .partial = partial_of};

    assert_non_null(file);
    json_array_foreach(json_object_get(file, "tests"), i, one) {
        tz_arena mem = {0};
        tz_err   err = {0};
        tz_buf   out = tz_buf_init(&mem, 1 << 20);
        partials = json_object_get(one, "partials");
        tz_rc rc = tz_mustache(&mem, "spec", tz_text_of(tz_json_str(one, "template")), json_object_get(one, "data"), &target, &out, &err);
        if (rc != TZ_OK || !tz_text_is(tz_buf_text(&out), tz_json_str(one, "expected")))
            fail_msg("%s: %s: got '%s' (%s)", path, tz_json_str(one, "name"), tz_buf_str(&out), err.en);
        *ran += 1;
        tz_arena_free(&mem);
    }
    json_decref(file);
}

/* All of the specification but two optional modules: lambdas are code within data, which a view never
 * holds; inheritance is what a county's own file in the place of the shipped one is for. The
 * specification leaves the way of writing ' and " to the escape; ours writes &#39; for one. */
static void passes_the_specification(void **state)
{
    static const char *const MODULES[] = {"comments", "delimiters", "interpolation", "inverted", "partials", "sections", "~dynamic-names"};
    const char *corpora = getenv("CORPORA");
    char        path[512];
    size_t      ran = 0;

    (void)state;
    if (corpora == NULL)
        skip();
    for (size_t i = 0; i < COUNT(MODULES); i++) {
        (void)snprintf(path, sizeof path, "%s/mustache/spec/specs/%s.json", corpora, MODULES[i]);
        run_spec(path, &ran);
    }
    print_message("%zu tests of the specification\n", ran);
    assert_true(ran > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_a_section),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(escapes_for_markdown),
        cmocka_unit_test(refuses_sections_too_deep),
        cmocka_unit_test(escapes_at_the_start_of_a_line),
        cmocka_unit_test(passes_the_specification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
