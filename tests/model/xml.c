/* xml - our parser beside expat, on documents made at random and then damaged at random.
 *
 * Where expat accepts a document, ours must accept it and give the same events, whatever the sizes of the
 * blocks it is fed in. Where expat refuses, ours may go on (xml.h says in what it is lenient), but a text
 * or value that it gives is UTF-8.
 */
#include "../test.h"

#include <expat.h>

#include "base/err.h"
#include "formats/xml.h"

enum { DOCUMENTS = 4000, DEPTH = 5 };

static uint64_t seed;

static uint64_t below(uint64_t most)
{
    return test_next(&seed) % most;
}

/* ---- Documents ---- */

static void put_text(tz_buf *out)
{
    static const char *const PIECES[] = {"a",
                                         "bc ",
                                         "\n",
                                         "\r\n",
                                         "\r",
                                         "\t",
                                         "&amp;",
                                         "&lt;",
                                         "&#65;",
                                         "&#x4E2D;",
                                         "&quot;",
                                         "姓名",
                                         "😀",
                                         "<![CDATA[x<y&z]]>",
                                         "<!-- c - c -->",
                                         "<?pi x?>",
                                         "]",
                                         "'",
                                         "\"",
                                         "1.5",
                                         "&gt;&apos;"};
    for (uint64_t i = below(4); i > 0; i--)
        tz_buf_puts(out, PIECES[below(COUNT(PIECES))]);
}

static void put_value(tz_buf *out, char quote)
{
    static const char *const PIECES[] = {"a",  "b c", "\n", "&amp;", "&#10;", "&quot;", "&apos;",
                                         "姓", ">",   "/",  "=",     "\t",    "\r\n"};
    for (uint64_t i = below(4); i > 0; i--)
        tz_buf_puts(out, PIECES[below(COUNT(PIECES))]);
    tz_buf_char(out, quote == '"' ? '\'' : '"');
}

static void put_attributes(tz_buf *out)
{
    static const char *const NAMES[] = {"r", "s", "t", "x:num", "xml:space"};
    uint64_t used = 0;

    for (uint64_t i = below(4); i > 0; i--) {
        uint64_t name = below(COUNT(NAMES));
        if ((used & 1u << name) != 0)
            continue;
        used |= 1u << name;
        char quote = below(2) ? '"' : '\'';
        tz_buf_printf(out, "%s%s%s%s%c", below(4) ? " " : "\n  ", NAMES[name], below(6) ? "=" : " = ", "", quote);
        put_value(out, quote);
        tz_buf_char(out, quote);
    }
}

static void put_element(tz_buf *out, int depth)
{
    static const char *const NAMES[] = {"c", "v", "row", "x:sheet", "行", "a-b.c"};
    const char *name = NAMES[below(COUNT(NAMES))];

    tz_buf_printf(out, "<%s", name);
    put_attributes(out);
    if (below(5) == 0) {
        tz_buf_puts(out, below(2) ? "/>" : " />");
        return;
    }
    tz_buf_puts(out, below(4) ? ">" : " >");
    put_text(out);
    for (uint64_t i = depth < DEPTH ? below(4) : 0; i > 0; i--) {
        put_element(out, depth + 1);
        put_text(out);
    }
    tz_buf_printf(out, "</%s%s>", name, below(6) ? "" : " ");
}

static tz_text make_document(tz_arena *mem)
{
    tz_buf out = tz_buf_init(mem, 0);

    if (below(2))
        tz_buf_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (below(4) == 0)
        tz_buf_puts(&out, "<!-- before -->");
    put_element(&out, 0);
    if (below(4) == 0)
        tz_buf_puts(&out, "\n<!-- behind -->\n");
    for (uint64_t i = below(3) == 0 ? below(3) : 0; i > 0; i--) { /* damage */
        static const char BYTES[] = "<>&;\"'=/ !?[]-a1\xE5\x80\n";
        out.data[below(out.size)] = BYTES[below(sizeof BYTES - 1)];
    }
    if (below(10) == 0)
        out.size = below(out.size) + 1;
    return tz_buf_text(&out);
}

/* ---- Events, written the same way by both ---- */

typedef struct {
    tz_buf events, text;
    bool   is_broken; /* a text or value is no UTF-8 */
} record;

static void flush_text(record *to)
{
    to->is_broken |= !tz_utf8_is_valid(tz_buf_text(&to->text));
    if (to->text.size > 0)
        tz_buf_printf(&to->events, "text %s\n", tz_buf_str(&to->text));
    tz_buf_reset(&to->text);
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

static void note_start(void *context, const char *name, const char **attributes)
{
    record *to = context;

    flush_text(to);
    tz_buf_printf(&to->events, "start %s", local(name));
    for (; *attributes != NULL; attributes += 2) {
        tz_buf_printf(&to->events, " %s=[%s]", attributes[0], attributes[1]);
        to->is_broken |= !tz_utf8_is_valid(tz_text_of(attributes[1]));
    }
    tz_buf_char(&to->events, '\n');
}

static void note_end(void *context, const char *name)
{
    record *to = context;

    flush_text(to);
    tz_buf_printf(&to->events, "end %s\n", local(name));
}

static void note_text(void *context, const char *text, int size)
{
    tz_buf_put(&((record *)context)->text, (tz_text){text, (size_t)size});
}

static bool by_expat(tz_text document, record *to)
{
    XML_Parser parser = XML_ParserCreate(NULL);

    assert_non_null(parser);
    XML_SetUserData(parser, to);
    XML_SetElementHandler(parser, note_start, note_end);
    XML_SetCharacterDataHandler(parser, note_text);
    bool is_accepted = XML_Parse(parser, document.data, (int)document.size, 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return is_accepted;
}

static bool by_ours(tz_arena *mem, tz_text document, record *to)
{
    const tz_xml_handler handler = {.start = note_start, .end = note_end, .text = note_text, .context = to};
    tz_xml       xml = tz_xml_init(mem, &handler);
    size_t       at = 0;
    tz_xml_state state;

    while ((state = tz_xml_step(&xml)) == TZ_XML_HUNGRY) {
        size_t most = 1 + below(40), size = document.size - at < most ? document.size - at : most;
        char  *room = tz_xml_room(&xml, most);
        assert_non_null(room);
        memcpy(room, document.data + at, size);
        tz_xml_fed(&xml, size);
        at += size;
    }
    return state == TZ_XML_DONE;
}

static void test_beside_expat(void **state)
{
    size_t accepted = 0, lenient = 0;

    (void)state;
    seed = test_seed();
    for (int i = 0; i < DOCUMENTS; i++) {
        tz_arena mem = {0};
        tz_text  document = make_document(&mem);
        record   theirs = {.events = tz_buf_init(&mem, 0), .text = tz_buf_init(&mem, 0)}, ours = theirs;
        bool     is_theirs = by_expat(document, &theirs), is_ours = by_ours(&mem, document, &ours);
        accepted += is_theirs;
        lenient += is_ours && !is_theirs;
        assert_false(ours.is_broken);
        if (is_theirs && (!is_ours || strcmp(tz_buf_str(&theirs.events), tz_buf_str(&ours.events)) != 0))
            fail_msg("document %d:\n%.*s\nexpat:\n%s\nours:\n%s", i, TZ_FMT(document),
                     tz_buf_str(&theirs.events), tz_buf_str(&ours.events));
        tz_arena_free(&mem);
    }
    print_message("%d documents, %zu accepted by both, %zu by ours alone\n", DOCUMENTS, accepted, lenient);
    assert_true(accepted > DOCUMENTS / 2 && accepted < DOCUMENTS);
    assert_true(lenient * 20 < DOCUMENTS);
}

/* Skipping gives the same events but those inside the element. */
static const char *skipped;
static tz_xml *skipping;

static void note_start_and_skip(void *context, const char *name, const char **attributes)
{
    note_start(context, name, attributes);
    if (strcmp(name, skipped) == 0)
        tz_xml_skip(skipping);
}

static void test_skip(void **state)
{
    static const struct {
        const char *document, *events;
    } CASES[] = {
        {"<a><b x='1'>t<c/><!-- b --><d>&bad;</d></b><e/></a>",
         "start a\nstart b x=[1]\nend b\nstart e\nend e\nend a\n"},
        {"<a><b/><e>f</e></a>", "start a\nstart b\nend b\nstart e\ntext f\nend e\nend a\n"},
        {"<a><b></b ></a>", "start a\nstart b\nend b\nend a\n"},
        {"<x:a><x:b>b /b &lt;/b> </b</x:b></x:a>", "start a\nstart b\nend b\nend a\n"},
    };
    (void)state;

    skipped = "b";
    for (size_t i = 0; i < COUNT(CASES); i++)
        for (size_t block = 1; block < 70; block++) {
            tz_arena mem = {0};
            record   to = {.events = tz_buf_init(&mem, 0), .text = tz_buf_init(&mem, 0)};
            const tz_xml_handler handler = {
                .start = note_start_and_skip, .end = note_end, .text = note_text, .context = &to};
            tz_xml   xml = tz_xml_init(&mem, &handler);
            tz_text  rest = tz_text_of(CASES[i].document);
            skipping = &xml;
            while (tz_xml_step(&xml) == TZ_XML_HUNGRY) {
                tz_text part = tz_text_cut(rest, 0, block);
                memcpy(tz_xml_room(&xml, block), part.data, part.size);
                tz_xml_fed(&xml, part.size);
                rest = tz_text_cut(rest, part.size, rest.size);
            }
            assert_int_equal(tz_xml_step(&xml), TZ_XML_DONE);
            assert_string_equal(tz_buf_str(&to.events), CASES[i].events);
            tz_arena_free(&mem);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_beside_expat), cmocka_unit_test(test_skip)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
