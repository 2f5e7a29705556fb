/* Every kind of block in every form: written twice with the same bytes, well-formed, nothing escapes; typography. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "formats/part.h"
#include "report/document.h"
#include "report/docx.h"
#include "report/html.h"
#include "report/markdown.h"
#include "report/package.h"
#include "report/pdf.h"
#include "report/picture.h"
#include "report/section.h"
#include "report/typography.h"
#include "report/xlsx.h"

static tz_table *table(tz_arena *mem, size_t rows)
{
    tz_table *made = tz_table_new(mem, "t", "表");
    tz_table_column_add(mem, made, "级别", TZ_COLUMN_LEVEL, 1);
    tz_table_column_add(mem, made, "内容", TZ_COLUMN_TEXT, 5);
    tz_table_column_add(mem, made, "数", TZ_COLUMN_INT, 1);
    for (size_t i = 0; i < rows; i++) {
        (void)tz_table_put(mem, made, i % 2 == 0 ? "red" : "yellow");
        tz_table_put(mem, made, "这一行有些长,要换行才放得下,所以它比别的行高一些")->note = "依据";
        (void)tz_table_put_int(mem, made, (int64_t)i);
    }
    return made;
}

/* A cell that no page holds. */
static tz_table *tall_table(tz_arena *mem)
{
    tz_table *made = tz_table_new(mem, "tall", "");
    tz_buf    text = tz_buf_init(mem, 0);
    tz_table_column_add(mem, made, "内容", TZ_COLUMN_TEXT, 1);
    for (int i = 0; i < 4000; i++)
        tz_buf_puts(&text, "字");
    (void)tz_table_put(mem, made, tz_buf_str(&text));
    made->is_wide = true;
    return made;
}

static tz_picture *bars(tz_arena *mem)
{
    static double      VALUES[] = {3};
    static const char *PRINTED[] = {"3"};
    tz_picture        *made = tz_new(mem, tz_picture);
    *made = (tz_picture){.kind = TZ_PICTURE_BARS, .title = "图题", .series = tz_new_array(mem, const char *, 1), .series_count = 1};
    made->series[0] = "列";
    tz_push(mem, &made->items, (tz_picture_item){.label = "东镇", .values = VALUES, .printed = PRINTED});
    return made;
}

static tz_rc load_rows(void *context, tz_arena *mem, const tz_doc_figure *figure, size_t from, size_t count, tz_table **ret_table,
                       tz_err *err)
{
    tz_table *rows = tz_table_new(mem, "rows", "");
    (void)context;
    (void)err;
    tz_table_column_add(mem, rows, "文件", TZ_COLUMN_TEXT, 1);
    tz_table_column_add(mem, rows, "行", TZ_COLUMN_INT, 1);
    for (size_t i = from; i < figure->row_count && i < from + count; i++) {
        (void)tz_table_put(mem, rows, "<甲>&.xlsx");
        (void)tz_table_put_int(mem, rows, (int64_t)i);
    }
    *ret_table = rows;
    return TZ_OK;
}

static tz_document *full_document(tz_arena *mem)
{
    tz_err       err;
    tz_document *doc = tz_document_new(mem, TZ_ZH);
    tz_doc_figure *figure = tz_new(mem, tz_doc_figure);

    *figure = (tz_doc_figure){.name = "a.b", .code = "K7Q2M-4XT9C-Q2H8P", .number = 1, .title = "数", .definition = "定义", .value = "3",
                              .printed = "3人", .in_sentence = "3", .unit = "人", .kind = "counted", .query = "SELECT 1 < 2",
                              .basis = "", .row_count = 300};
    tz_push(mem, &doc->figures, figure);
    doc->load_rows = load_rows;
    doc->title = "测试报告";
    doc->county = "测试县";
    doc->as_of = "2020-06-30";
    doc->provenance = "数据时点 2020-06-30";
    doc->is_numbered = true;
    (void)tz_doc_say(doc, TZ_BLOCK_TITLE, "测试报告");
    (void)tz_doc_say(doc, TZ_BLOCK_NOTE, "说明");
    (void)tz_doc_say(doc, TZ_BLOCK_ALARM, "有一处不相符");
    (void)tz_doc_say(doc, TZ_BLOCK_ADDRESSEE, "各乡镇:");
    assert_int_equal(tz_section_add(doc, TZ_TEXT("## 一节\n\n共 [x](#figure-a.b) 人,**重** *轻* `码` <https://example.org/a'b>。\n\n"
                                                 "- 甲\n  - 乙\n\n> 引\n\n### 二\n\n```\nSELECT 1;\n```\n\n***\n"), "report.md", NULL, &err), TZ_OK);
    tz_block *picture = tz_doc_say(doc, TZ_BLOCK_PICTURE, "图题");
    picture->picture = bars(mem);
    (void)tz_doc_put_table(doc, table(mem, 60));
    (void)tz_doc_put_table(doc, tall_table(mem));
    (void)tz_doc_say(doc, TZ_BLOCK_SIGNATURE, "测试县");
    (void)tz_doc_say(doc, TZ_BLOCK_DATE, "2020年6月30日");
    tz_doc_say(doc, TZ_BLOCK_QR, "K7Q2M-4XT9C-Q2H8P")->number = "扫码查看";
    (void)tz_doc_add(doc, TZ_BLOCK_PAGE);
    tz_block *annex = tz_doc_say(doc, TZ_BLOCK_ANNEX, "出处");
    annex->id = "figures";
    annex->number = "附件1";
    (void)tz_doc_add(doc, TZ_BLOCK_FIGURES);
    tz_typography(doc);
    tz_doc_number(doc);
    return doc;
}

static tz_rc write_html(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_text page = {0};
    tz_rc   rc = tz_html_document(mem, doc, "a.xlsx", &page, err);
    return rc == TZ_OK ? tz_file_write(path, page, 0644, err) : rc;
}

typedef tz_rc writer(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

static const struct { const char *ending; writer *write; } FORMS[] = {
    {"html", write_html}, {"pdf", tz_pdf_write}, {"docx", tz_docx_write}, {"xlsx", tz_xlsx_write}, {"md", tz_markdown_write}};
enum { FORM_COUNT = sizeof FORMS / sizeof FORMS[0], HTML = 0, PDF, DOCX, XLSX, MARKDOWN };

static tz_text written(tz_arena *mem, size_t form, const char *path)
{
    tz_err  err = {0};
    tz_text text = {0};
    if (FORMS[form].write(mem, full_document(mem), path, &err) != TZ_OK)
        fail_msg("%s: %s", FORMS[form].ending, err.en);
    assert_int_equal(tz_file_load(mem, path, 1 << 24, &text, &err), TZ_OK);
    return text;
}

static bool holds(tz_text text, const char *part)
{
    return tz_text_find(text, tz_text_of(part), 0) != SIZE_MAX;
}

static int enter(void **state)
{
    static char folder[32];
    (void)snprintf(folder, sizeof folder, "/tmp/tz-writers-XXXXXX");
    *state = mkdtemp(folder);
    return *state == NULL;
}

static int leave(void **state)
{
    tz_err err;
    return tz_file_remove_folder(*state, &err) != TZ_OK;
}

static void writes_the_same_bytes_twice(void **state)
{
    for (size_t i = 0; i < FORM_COUNT; i++) {
        tz_arena mem = {0};
        tz_err   err;
        tz_text  first = written(&mem, i, tz_arena_printf(&mem, "%s/a.%s", (char *)*state, FORMS[i].ending));
        tz_text  second = written(&mem, i, tz_arena_printf(&mem, "%s/b.%s", (char *)*state, FORMS[i].ending));
        assert_int_equal(first.size, second.size);
        assert_memory_equal(first.data, second.data, first.size);
        assert_int_equal(FORMS[i].write(&mem, full_document(&mem), "/nowhere/a", &err), TZ_SYSTEM);
        tz_arena_free(&mem);
    }
}

static void lays_out_paper(void **state)
{
    tz_arena mem = {0};
    tz_text  pdf = written(&mem, PDF, tz_arena_printf(&mem, "%s/a.pdf", (char *)*state));
    assert_true(tz_text_starts(pdf, TZ_TEXT("%PDF-1.5")));
    assert_true(holds(pdf, "/CreationDate (20200630000000Z)"));
    assert_true(holds(pdf, "(figure-a.b)"));
    assert_true(holds(pdf, "/MediaBox [ 0 0 841"));
    assert_false(holds(pdf, "/URI (https://example.org/a'b)"));
    tz_arena_free(&mem);
}

static void marks_up_pages(void **state)
{
    tz_arena mem = {0};
    tz_text  html = written(&mem, HTML, tz_arena_printf(&mem, "%s/a.html", (char *)*state));
    tz_text  markdown = written(&mem, MARKDOWN, tz_arena_printf(&mem, "%s/a.md", (char *)*state));
    assert_true(holds(html, "&lt;甲&gt;&amp;.xlsx"));
    assert_true(holds(html, "共 300 行,此处为前 200 行;全部见 <a href=\"a.xlsx\">"));
    assert_false(holds(html, "<script"));
    assert_true(holds(html, "<figcaption>图题</figcaption><svg"));
    assert_true(holds(markdown, "| 东镇 | 3 |"));
    assert_true(holds(markdown, "共3[^1]人"));
    assert_true(holds(markdown, "[^1]: **数** 3人"));
    assert_true(holds(markdown, "| ● 红 | "));
    assert_true(holds(markdown, "```\nSELECT 1;\n```"));
    tz_arena_free(&mem);
}

static void take_text(void *context, const char *text, int size)
{
    tz_buf_put(context, (tz_text){text, (size_t)size});
}

static void skip_start(void *context, const char *name, const char **attributes)
{
    (void)context;
    (void)name;
    (void)attributes;
}

static void skip_end(void *context, const char *name)
{
    (void)context;
    (void)name;
}

/* The text of every XML part of a package; each must be well-formed. */
static tz_text package_text(tz_arena *mem, const char *path)
{
    tz_buf          out = tz_buf_init(mem, 0);
    int             code = 0;
    zip_t          *zip = zip_open(path, ZIP_RDONLY, &code);
    tz_part_handler handler = {.start = skip_start, .end = skip_end, .text = take_text, .context = &out};

    assert_non_null(zip);
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        tz_err      err = {0};
        if (tz_text_ends(tz_text_of(name), TZ_TEXT(".png")))
            continue;
        if (tz_part_all(mem, zip, name, &handler, &err) != TZ_OK)
            fail_msg("%s: %s", name, err.en);
        tz_buf_char(&out, '\n');
    }
    zip_discard(zip);
    return tz_buf_text(&out);
}

static void packs_office_files(void **state)
{
    tz_arena mem = {0};
    for (size_t i = DOCX; i <= XLSX; i++) {
        const char *path = tz_arena_printf(&mem, "%s/a.%s", (char *)*state, FORMS[i].ending);
        (void)written(&mem, i, path);
        tz_text text = package_text(&mem, path);
        assert_true(holds(text, "这一行有些长"));
        assert_true(holds(text, "K7Q2M-4XT9C-Q2H8P"));
        assert_true(holds(text, i == DOCX ? "\uFF08一\uFF09二" : "<甲>&.xlsx"));
    }
    tz_arena_free(&mem);
}

static void keeps_to_xml(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } CASES[] = {
        {"a<b>&\"'", "a&lt;b&gt;&amp;&quot;'"}, {"\x01\x02 \x0B", " "}, {"\n\t\r", "&#10;&#9;&#13;"}, {"\xEF\xBF\xBE张", "张"},
        {"\xFF", "\xEF\xBF\xBD"}, {"", ""}};
    tz_arena mem = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_buf out = tz_buf_init(&mem, 0);
        tz_xml_text(&out, CASES[i].in);
        assert_true(tz_text_is(tz_buf_text(&out), CASES[i].out));
    }
    tz_arena_free(&mem);
}

static void sets_chinese_punctuation(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } CASES[] = {
        {"", ""},
        {"对 3 户进行鉴定,其中:", "对3户进行鉴定\uFF0C其中\uFF1A"},
        {"\u4e0d\u5c5e\u5b9e(例外 4)", "\u4e0d\u5c5e\u5b9e\uFF08例外4\uFF09"},
        {"1,234 元;12:30", "1,234元\uFF1B12:30"},
        {"see https://example.org/a?b=c (now)", "see https://example.org/a?b=c (now)"},
        {"C、D 级", "C、D级"},
        {"18.00 元;24 人", "18.00元\uFF1B24人"},
        {"下降 19 %", "下降19%"},
        {"(一)", "\uFF08一\uFF09"},
    };
    tz_arena mem = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_string_equal(tz_typography_text(&mem, CASES[i].in), CASES[i].out);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_the_same_bytes_twice, enter, leave),
        cmocka_unit_test_setup_teardown(lays_out_paper, enter, leave),
        cmocka_unit_test_setup_teardown(marks_up_pages, enter, leave),
        cmocka_unit_test_setup_teardown(packs_office_files, enter, leave),
        cmocka_unit_test(keeps_to_xml),
        cmocka_unit_test(sets_chinese_punctuation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
