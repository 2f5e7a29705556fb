/* A multipart body taken apart: what begins, what it holds, what is no such body; the same in whatever pieces it comes. */
#include "../test.h"

#include "web/parts.h"

#define D "Content-Disposition: form-data; "

typedef struct {
    tz_buf out;
} told;

static void begin(void *context, const char *name, const char *file)
{
    told *to = context;
    tz_buf_printf(&to->out, "[%s%s%s]", name, file == NULL ? "" : ":", file == NULL ? "" : file);
}

static void bytes(void *context, tz_text part)
{
    told *to = context;
    tz_buf_put(&to->out, part);
}

/* All that was told, "-" behind where the end is missing, "!" where it is no such body. */
static const char *taken(tz_arena *mem, const char *type, const char *body, size_t piece)
{
    told      to = {tz_buf_init(mem, 0)};
    tz_parts *parts = tz_parts_open(mem, type, &(tz_parts_sink){begin, bytes, &to});
    bool      is_right = parts != NULL;

    for (size_t at = 0; is_right && at < strlen(body); at += piece)
        is_right = tz_parts_take(parts, tz_text_cut(tz_text_of(body), at, piece));
    tz_buf_puts(&to.out, !is_right ? "!" : tz_parts_is_whole(parts) ? "" : "-");
    return tz_buf_str(&to.out);
}

static void parts_are_the_same_in_any_pieces(void **state)
{
    static const struct { const char *type, *body, *told; } CASES[] = {
        {"b; boundary=b", "--b\r\n" D "name=\"a\"\r\n\r\n1\r\n--b\r\n" D "name=c; filename=d\r\nX: y\r\n\r\n2\r\n--b--\r\n", "[a]1[c:d]2"},
        {"b; charset=x; Boundary=\"b b\"", "--b b\r\n" D "name=\"a\"\r\n\r\n\r\n--b b--", "[a]"},
        {"b; boundary=b", "before\r\n--b \t\r\n" D "name=\"a\"\r\n\r\n\r\n\r\n--b\r\n--bb\r\n--\r\n--b--after\r\n--b\r\n", "[a]\r\n-"},
        {"b; boundary=b", "--b\r\n" D "name=\"a\"\r\n\r\n\r\n\r\n-\r\n--\r\n--c\r\n--b--after", "[a]\r\n\r\n-\r\n--\r\n--c"},
        {"b; boundary=b", "--b\r\n" D "name=\"a\"; filename=\"C:\\x\\y;\\\"z\"\r\n\r\n1\r\n--b--", "[a:C:\\x\\y;\"z]1"},
        {"b; boundary=b", "--b\r\ncontent-disposition: form-data; NAME=\"a\"; filename=\"\"\r\n\r\n1\r\n--b--", "[a:]1"},
        {"b; boundary=b", "--b\r\n\r\nnameless\r\n--b\r\n" D "filename=\"f\"\r\n\r\nnameless\r\n--b\r\n" D "name=\"a\"\r\n\r\n1\r\n--b--", "[a]1"},
        {"b; boundary=b", "--b\r\n" D "name=\"a\"\r\n\r\nbreaks off", "[a]breaks-"}, /* the rest may be a boundary's beginning */
        {"b; boundary=b", "--b\r\n" D "name=\"a\"\r\n\r\n1\r\n--b-x", "[a]1!"},
        {"b; boundary=b", "--b--", ""}, {"b; boundary=b", "", "-"}, {"b; boundary=b", "nothing of the kind", "-"}, {"b; boundary=b", "--bxx", "!"},
        {"b", "", "!"}, {"b; boundary=", "", "!"}, {"b; boundary=\"", "", "!"}, {"b; boundary=\"\"", "", "!"}, {"b; xboundary=b", "", "!"},
    };
    tz_arena mem = {0};
    (void)state;

    for (size_t i = 0; i < COUNT(CASES); i++)
        for (size_t piece = 1; piece <= strlen(CASES[i].body) + 1; piece++) {
            const char *got = taken(&mem, CASES[i].type, CASES[i].body, piece);
            /* Of a mistake nothing is said about what was told before. */
            if (strchr(CASES[i].told, '!') != NULL ? got[strlen(got) - 1] != '!' : strcmp(got, CASES[i].told) != 0)
                fail_msg("case %zu in pieces of %zu: %s", i, piece, got);
        }
    tz_arena_free(&mem);
}

static void heads_have_a_limit(void **state)
{
    tz_arena mem = {0};
    tz_buf   body = tz_buf_init(&mem, 0);
    (void)state;

    tz_buf_puts(&body, "--b\r\n" D "name=\"");
    for (int i = 0; i < 20000; i++)
        tz_buf_char(&body, 'n');
    assert_string_equal(taken(&mem, "b; boundary=b", tz_buf_str(&body), 1 << 20), "!");
    assert_string_equal(taken(&mem, "b; boundary=b", tz_buf_str(&body), 1000), "!");
    tz_buf_reset(&body);
    tz_buf_puts(&body, "b; boundary=");
    for (int i = 0; i < 300; i++)
        tz_buf_char(&body, 'b');
    assert_string_equal(taken(&mem, tz_buf_str(&body), "", 1), "!");
    tz_arena_free(&mem);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(parts_are_the_same_in_any_pieces), cmocka_unit_test(heads_have_a_limit)};
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
