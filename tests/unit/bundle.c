/* bundle - a .zip of tables goes in as the tables it holds: two registers, a picture that is refused, names in GBK. */
#include "../county.h"
#include "../files.h"

#include "evidence/import.h"

static const char *texts_of(tz_arena *mem, const json_t *report)
{
    tz_buf  out = tz_buf_init(mem, 0);
    size_t  i;
    json_t *line;

    json_array_foreach(report, i, line)
        tz_buf_printf(&out, "%s %s %s %lld\n", tz_json_str(line, "sheet"),
                      tz_json_str(line, "register") ? tz_json_str(line, "register") : "-",
                      tz_json_str(line, "refused") ? "refused" : tz_json_str(line, "state"),
                      (long long)tz_json_int(json_object_get(line, "account"), "accepted", 0));
    return tz_buf_str(&out);
}

static void test_bundle(void **state)
{
    small_county county;
    tz_err       err = {0};
    json_t      *report = NULL;
    tz_import_options options = {.as_of = 20191231, .sender = "教育局"};
    (void)state;

    county_make(&county);
    const zip_member members[] = {
        {"\xD7\xCA\xD6\xFA.csv", /* 资助.csv, and its text, in GBK */
         TZ_TEXT(
             "\xD7\xCA\xD6\xFA\n\xB1\xE0\xBA\xC5,\xD0\xD5\xC3\xFB,\xD1\xA7\xC6\xDA,\xD1\xA7\xD0\xA3,\xBD\xF0\xB6\xEE\n"
             "1,\xD5\xC5\xC8\xFD,2019-1,\xD2\xBB\xD6\xD0,100\n2,\xC0\xEE\xCB\xC4,2019-1,\xD2\xBB\xD6\xD0,100\n")},
        {"退款.xls",
         TZ_TEXT("<html><body><h3>退款</h3><table><tr><th>编号<th>姓名<th>学期<th>学校<th>金额</tr>"
                 "<tr><td>1<td>张三<td>2019-1<td>一中<td>50</tr></table></body></html>")},
        {"照片.jpg", TZ_TEXT("\xFF\xD8\xFF\xE0 a picture")},
    };
    const char *path = tz_arena_printf(&county.mem, "%s/报送.zip", county.folder);
    assert_int_equal(
        tz_file_write(path, make_zip(&county.mem, members, sizeof members / sizeof members[0]), 0644, &err),
        TZ_OK);
    if (tz_import_file(&county.mem, county.store, county.packs, path, &options, &report, &err) != TZ_OK)
        fail_msg("%s", err.en);
    assert_string_equal(texts_of(&county.mem, report),
                        "资助.csv aid accepted 2\n退款.xls refunds accepted 1\n照片.jpg - refused 0\n");
    json_decref(report);
    assert_int_equal(tz_import_file(&county.mem, county.store, county.packs, path, &options, &report, &err),
                     TZ_OK); /* known */
    assert_string_equal(texts_of(&county.mem, report),
                        "资助.csv aid known 2\n退款.xls refunds known 1\n照片.jpg - refused 0\n");
    json_decref(report);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bundle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
