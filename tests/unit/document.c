/* The model of a report: Markdown into blocks, numbers of headings, what links are refused; and its page. */
#include "../test.h"

#include "report/document.h"
#include "report/html.h"
#include "report/section.h"

static tz_document *parsed(tz_arena *mem, const char *markdown)
{
    tz_err       err;
    tz_document *doc = tz_document_new(mem, TZ_ZH);
    tz_doc_figure *figure = tz_new(mem, tz_doc_figure);
    *figure = (tz_doc_figure){.name = "a.b", .code = "", .number = 1, .title = "数", .definition = "", .value = "3", .printed = "3人",
                              .in_sentence = "3", .unit = "人", .kind = "counted", .query = "SELECT 1", .basis = ""};
    tz_push(mem, &doc->figures, figure);
    assert_int_equal(tz_section_add(doc, tz_text_of(markdown), "report.md", NULL, &err), TZ_OK);
    return doc;
}

/* One letter a block, then its text: "H1 资助|P 共3人". */
static const char *outline(tz_arena *mem, const tz_document *doc)
{
    static const char LETTERS[] = "THPIQCXGNARDSEKBYF";
    tz_buf out = tz_buf_init(mem, 0);
    for (size_t i = 0; i < doc->blocks.count; i++) {
        const tz_block *block = doc->blocks.items[i];
        tz_buf_printf(&out, "%s%c", i == 0 ? "" : "|", LETTERS[block->kind]);
        if (block->kind == TZ_BLOCK_HEADING || block->kind == TZ_BLOCK_ITEM)
            tz_buf_printf(&out, "%d", block->level);
        tz_buf_printf(&out, " %s%s", block->number, tz_block_text(mem, block));
        for (size_t c = 0; block->table != NULL && c < block->table->cells.count; c++)
            tz_buf_printf(&out, "%s,", block->table->cells.items[c].text);
    }
    return tz_buf_str(&out);
}

static void reads_markdown(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } CASES[] = {
        {"", ""},
        {"## 资助\n\n共 [x](#figure-a.b) 人,*其中*。\n\n### 分", "H1 资助|P 共 3 人,其中。|H2 分"},
        {"甲\n乙 a\nb", "P 甲乙 a b"},
        {"- 一\n- 二\n  - 三\n\n1. 四\n2. 五", "I1 一|I1 二|I2 三|I1 1.四|I1 2.五"},
        {"- 一\n\n  后\n- 二", "I1 一|P 后|I1 二"},
        {"> 引\n\n后", "Q 引|P 后"},
        {"|名|数|\n|---|---:|\n|甲|[x](#figure-a.b)|\n|乙|2|", "X 甲,3,乙,2,"},
        {"```sql\nSELECT 1;\n```", "C SELECT 1;\n"},
        {"a &amp; &#x4E2D; &foo; <b>x</b>", "P a & 中 &foo; <b>x</b>"},
        {"[x](#figure-no.such)", "P (?no.such)"},
        {"[x](#figure-a.b)[x](#figure-a.b)", "P 33"},
        {"***\n", "R "},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_arena mem = {0};
        assert_string_equal(outline(&mem, parsed(&mem, CASES[i].in)), CASES[i].out);
        tz_arena_free(&mem);
    }
}

static void refuses_links_that_act(void **state)
{
    (void)state;
    static const struct { const char *in; tz_rc rc; } CASES[] = {
        {"[a](javascript:alert(1))", TZ_INPUT}, {"[a](JavaScript:alert(1))", TZ_INPUT}, {"[a](java&#115;cript:alert(1))", TZ_INPUT},
        {"[a](data:text/html,x)", TZ_INPUT},    {"[a](vbscript:x)", TZ_INPUT},          {"<javascript:alert(1)>", TZ_INPUT},
        {"[a](//evil.example)", TZ_INPUT},      {"[a](&#106;avascript:x)", TZ_INPUT},   {"![a](https://example.org/a.png)", TZ_INPUT},
        {"[a][b]\n\n[b]: javascript:x", TZ_INPUT}, {"[a]( \x01javascript:x)", TZ_OK}, /* no link at all */
        {"[a](https://example.org)", TZ_OK},    {"[a](#figure-a.b)", TZ_OK},            {"<mailto:a@example.org>", TZ_OK},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_arena mem = {0};
        tz_err   err = {0};
        tz_document *doc = tz_document_new(&mem, TZ_EN);
        tz_rc rc = tz_section_add(doc, tz_text_of(CASES[i].in), "report.md", NULL, &err);
        if (rc != CASES[i].rc)
            fail_msg("%s: %d", CASES[i].in, rc);
        for (size_t b = 0; b < doc->blocks.count; b++)
            for (size_t r = 0; r < doc->blocks.items[b]->runs.count; r++) {
                const char *href = doc->blocks.items[b]->runs.items[r].href;
                assert_true(href == NULL || strncmp(href, "https://", 8) == 0 || href[0] == '#' || strncmp(href, "mailto:", 7) == 0);
            }
        if (CASES[i].rc == TZ_INPUT && rc == TZ_INPUT)
            assert_string_equal(err.where.file, "report.md");
        tz_arena_free(&mem);
    }
}

static void refuses_javascript_by_name(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_err   err = {0};
    assert_int_equal(tz_section_add(tz_document_new(&mem, TZ_EN), TZ_TEXT("[a](javascript:alert(1))"), "report.md", NULL, &err), TZ_INPUT);
    assert_non_null(strstr(err.en, "javascript"));
    tz_arena_free(&mem);
}

static void numbers_headings(void **state)
{
    (void)state;
    static const struct { tz_lang lang; const char *in, *out; } CASES[] = {
        {TZ_ZH, "## a\n## b\n### c\n#### d\n##### e\n##### f\n### g\n## h",
         "H1 一、a|H1 二、b|H2 \uFF08一\uFF09c|H3 1. d|H4 \uFF081\uFF09e|H4 \uFF082\uFF09f|H2 \uFF08二\uFF09g|H1 三、h"},
        {TZ_EN, "## a\n### b\n#### c\n## d", "H1 1. a|H2 1.1. b|H3 1.1.1. c|H1 2. d"},
        {TZ_ZH, "## 一、a\n## ①b\n## (一)c\n## 1. d\n## 十二、e\n## (1)f\n## 附件 g", "H1 一、a|H1 ①b|H1 (一)c|H1 1. d|H1 十二、e|H1 (1)f|H1 附件 g"},
        {TZ_ZH, "## 十村一线\n## 2019 年\n## (暂)\n## 3", "H1 一、十村一线|H1 二、2019 年|H1 三、(暂)|H1 四、3"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_arena     mem = {0};
        tz_document *doc = parsed(&mem, CASES[i].in);
        doc->lang = CASES[i].lang;
        doc->is_numbered = true;
        tz_doc_number(doc);
        assert_string_equal(outline(&mem, doc), CASES[i].out);
        tz_arena_free(&mem);
    }
}

static void writes_a_page(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } CASES[] = {
        {"- 一\n- 二\n  1. 三\n- 四", "<ul><li>一</li><li>二<ol><li value=1>三</li></ol></li><li>四</li></ul>"},
        {"## a<b\n\n**x** *y* `z&`", "<section><h2>a&lt;b</h2><p><strong>x</strong> <em>y</em> <code>z&amp;</code></p></section>"},
        {"a\\\nb", "<p>a<br>b</p>"},
        {"[数](#figure-a.b)", "<p><a class=figure href=\"#figure-a.b\">3</a></p>"},
        {"<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_arena mem = {0};
        tz_err   err;
        tz_text  html = {0};
        assert_int_equal(tz_html_document(&mem, parsed(&mem, CASES[i].in), NULL, &html, &err), TZ_OK);
        if (tz_text_find(html, tz_text_of(CASES[i].out), 0) == SIZE_MAX)
            fail_msg("%s\nnot in\n%.*s", CASES[i].out, TZ_FMT(html));
        tz_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_markdown),   cmocka_unit_test(refuses_links_that_act), cmocka_unit_test(refuses_javascript_by_name),
        cmocka_unit_test(numbers_headings), cmocka_unit_test(writes_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
