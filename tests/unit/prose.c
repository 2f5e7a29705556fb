/* Running text of documents that people write: Word, plain text in any encoding, Markdown. */
#include "../test.h"

#include <time.h>
#include <zip.h>

#include "base/file.h"
#include "formats/prose.h"

static tz_arena    mem;
static const char *folder;

static const char *write_file(const char *name, const char *data, size_t size)
{
    tz_err      err = {0};
    const char *path = tz_arena_printf(&mem, "%s/%s", folder, name);
    assert_int_equal(tz_file_write(path, (tz_text){data, size}, 0644, &err), TZ_OK);
    return path;
}

static const char *write_document(const char *name, const char *part, const char *body)
{
    const char *path = tz_arena_printf(&mem, "%s/%s", folder, name);
    zip_t      *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    const char *xml = tz_arena_printf(&mem, "<?xml version=\"1.0\"?><w:document xmlns:w=\"urn:w\"><w:body>%s</w:body></w:document>", body);

    assert_non_null(zip);
    zip_source_t *source = zip_source_buffer(zip, xml, strlen(xml), 0);
    assert_true(zip_file_add(zip, part, source, 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    return path;
}

static void expect(const char *path, const char *text)
{
    tz_text loaded = {0};
    tz_err  err = {0};
    if (tz_prose_load(&mem, path, &loaded, &err) != TZ_OK)
        fail_msg("%s: %s", path, err.en);
    assert_text(loaded, text);
}

static void reads_text_in_any_encoding(void **state)
{
    static const char UTF8[] = "\xEF\xBB\xBF对13户", UTF16[] = "\xFF\xFE\xF9\x5B\x31\x00\x33\x00\x37\x62";
    static const char GB[] = "\xB6\xD4\x31\x33\xBB\xA7\xD2\xC9\xCB\xC6\xCE\xA3\xB7\xBF\xBD\xF8\xD0\xD0\xC1\xCB\xBC\xF8\xB6\xA8\xC8\xCF\xB6\xA8";

    (void)state;
    expect(write_file("a.txt", UTF8, sizeof UTF8 - 1), "对13户");
    expect(write_file("b.txt", UTF16, sizeof UTF16 - 1), "对13户");
    expect(write_file("c.txt", GB, sizeof GB - 1), "对13户疑似危房进行了鉴定认定");
}

static void reads_markdown_without_its_marks(void **state)
{
    static const char TEXT[] = "完成[57](#figure-road.count)[^4]条,**全部**合格\n| 乡镇 | [3](#x)户 |\n[未完\n";

    (void)state;
    expect(write_file("a.md", TEXT, sizeof TEXT - 1), "完成57条,全部合格\n\n 乡镇 \n 3户 \n\n[未完\n");
}

/* A line that only begins links costs no more than another. */
static void reads_lines_of_brackets_at_once(void **state)
{
    enum { BYTES = 600000 };
    static const char *const PARTS[] = {"[", "[](", "[^"};
    (void)state;

    for (size_t i = 0; i < COUNT(PARTS); i++) {
        tz_buf out = tz_buf_init(&mem, 0);
        while (out.size < BYTES)
            tz_buf_puts(&out, PARTS[i]);
        clock_t start = clock();
        expect(write_file("brackets.md", out.data, out.size), out.data);
        assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 1);
    }
}

/* What does not fit is said, not cut off: 44 MB of UTF-16 make 66 of UTF-8. */
static void refuses_too_much_text(void **state)
{
    enum { CHARACTERS = 23 << 20 };
    char   *data = tz_arena_alloc(&mem, 2 * CHARACTERS);
    tz_text text = {0};
    tz_err  err = {0};
    (void)state;

    for (size_t i = 0; i < CHARACTERS; i++)
        memcpy(data + 2 * i, i == 0 ? "\xFF\xFE" : "\x2D\x4E", 2);
    assert_int_equal(tz_prose_load(&mem, write_file("long.txt", data, 2 * CHARACTERS), &text, &err), TZ_LIMIT);
    assert_null(text.data);
}

static void reads_documents(void **state)
{
    static const char BODY[] = "<w:p><w:r><w:t>对</w:t></w:r><w:del><w:r><w:t>12</w:t><w:delText>12</w:delText></w:r></w:del>"
                               "<w:ins><w:r><w:t>13</w:t></w:r></w:ins><w:r><w:tab/><w:t>户</w:t><w:instrText>PAGE</w:instrText></w:r></w:p>"
                               "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>5人</w:t></w:r></w:p></w:tc>"
                               "</w:tr></w:tbl><w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>";

    (void)state;
    expect(write_document("a.docx", "word/document.xml", BODY), "对13 户\n甲\n5人\n一\n二\n");
}

static void refuses_what_is_none(void **state)
{
    static const char OLD[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old document", PDF[] = "%PDF-1.7\n", BROKEN[] = "PK\x03\x04 no archive";
    static const char BINARY[] = "\x00\x01\x02\x03\x00\x00\x00";
    const struct { const char *path; tz_rc rc; } CASES[] = {
        {write_file("old.doc", OLD, sizeof OLD - 1), TZ_INPUT},       {write_file("a.pdf", PDF, sizeof PDF - 1), TZ_INPUT},
        {write_file("b.docx", BROKEN, sizeof BROKEN - 1), TZ_INPUT},  {write_document("book.xlsx", "xl/workbook.xml", ""), TZ_INPUT},
        {write_file("x.txt", BINARY, sizeof BINARY - 1), TZ_INPUT},   {"/nothing/there.txt", TZ_MISSING},
        {write_document("c.docx", "word/document.xml", "<w:p>"), TZ_INPUT},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_text text = {0};
        tz_err  err = {0};
        if (tz_prose_load(&mem, CASES[i].path, &text, &err) != CASES[i].rc)
            fail_msg("%s: %d %s", CASES[i].path, err.code, err.en);
        assert_null(text.data);
        assert_true(err.where.file[0] != '\0');
    }
}

static int set_up(void **state)
{
    (void)state;
    folder = test_folder(&mem);
    return 0;
}

static int tear_down(void **state)
{
    tz_err err;
    (void)state;
    tz_rc rc = tz_file_remove_folder(folder, &err);
    tz_arena_free(&mem);
    return rc == TZ_OK ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_text_in_any_encoding),
        cmocka_unit_test(reads_markdown_without_its_marks),
        cmocka_unit_test(reads_lines_of_brackets_at_once),
        cmocka_unit_test(refuses_too_much_text),
        cmocka_unit_test(reads_documents),
        cmocka_unit_test(refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
