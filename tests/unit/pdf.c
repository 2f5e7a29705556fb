/* A document on paper: every kind of block is written, twice with the same bytes, and typography. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "report/document.h"
#include "report/pdf.h"
#include "report/section.h"
#include "report/typography.h"

static tz_table *table(tz_arena *mem, size_t rows)
{
    tz_table *made = tz_table_new(mem, "t", "表");
    tz_table_column_add(mem, made, "级别", TZ_CELL_LEVEL, 1);
    tz_table_column_add(mem, made, "内容", TZ_CELL_TEXT, 5);
    tz_table_column_add(mem, made, "数", TZ_CELL_INT, 1);
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
    tz_table_column_add(mem, made, "内容", TZ_CELL_TEXT, 1);
    for (int i = 0; i < 4000; i++)
        tz_buf_puts(&text, "字");
    (void)tz_table_put(mem, made, tz_buf_str(&text));
    made->is_wide = true;
    return made;
}

static tz_document *full_document(tz_arena *mem)
{
    tz_err       err;
    tz_document *doc = tz_document_new(mem, TZ_ZH);
    tz_doc_figure *figure = tz_new(mem, tz_doc_figure);

    *figure = (tz_doc_figure){.name = "a.b", .code = "K7Q2M-4XT9C-Q2H8P", .number = 1, .title = "数", .definition = "定义", .value = "3",
                              .printed = "3人", .in_sentence = "3", .unit = "人", .kind = "counted", .query = "SELECT 1", .basis = ""};
    tz_push(mem, &doc->figures, figure);
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

static tz_text written(tz_arena *mem, const char *path)
{
    tz_err  err;
    tz_text text = {0};
    assert_int_equal(tz_pdf_write(mem, full_document(mem), path, &err), TZ_OK);
    assert_int_equal(tz_file_load(mem, path, 1 << 24, &text, &err), TZ_OK);
    return text;
}

static bool holds(tz_text text, const char *part)
{
    return tz_text_find(text, tz_text_of(part), 0) != SIZE_MAX;
}

static void writes_the_same_bytes_twice(void **state)
{
    (void)state;
    char     folder[] = "/tmp/tz-pdf-XXXXXX";
    tz_arena mem = {0};
    tz_err   err;
    assert_non_null(mkdtemp(folder));
    tz_text first = written(&mem, tz_arena_printf(&mem, "%s/a.pdf", folder));
    tz_text second = written(&mem, tz_arena_printf(&mem, "%s/b.pdf", folder));
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    assert_true(tz_text_starts(first, TZ_TEXT("%PDF-1.5")));
    assert_true(holds(first, "/CreationDate (20200630000000Z)"));
    assert_true(holds(first, "(figure-a.b)"));
    assert_true(holds(first, "/MediaBox [ 0 0 841"));
    assert_false(holds(first, "/URI (https://example.org/a'b)"));
    assert_int_equal(tz_pdf_write(&mem, full_document(&mem), "/nowhere/a.pdf", &err), TZ_SYSTEM);
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
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
        cmocka_unit_test(writes_the_same_bytes_twice),
        cmocka_unit_test(sets_chinese_punctuation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
