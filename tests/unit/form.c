/* Forms: read from packs, filled for each issue or unit, masked, with a code that opens the issue. */
#include "../county.h"

#include "base/text.h"
#include "checks/check.h"
#include "ledger/issue.h"
#include "ledger/letter.h"
#include "report/form.h"
#include "report/report.h"
#include "report/why.h"

static const char ORDER[] = "# an order\ntitle: 通知书 | Order\nabout: open issues\nby: issue\naddressee: {{unit}}:\n"
                            "signature: {{county}}{{office}}\n---\n"
                            "问题 {{issue.number}}:{{issue.title}},期限 {{issue.due}}。{{#issue.rules}}依据 {{basis}}{{/issue.rules}}\n"
                            "<!-- en -->\nIssue {{issue.number}}: {{issue.title}}.\n";
static const char CARD[] = "title: 提醒卡\nabout: open issues\nby: unit\n---\n{{unit}}共:\n\n| 号 | 问题 |\n|---|---|\n"
                           "{{#issues}}\n| {{number}} | {{title}}{{{gap}}}签 |\n"
                           "{{/issues}}\n";
static const char REQUEST[] = "title: 调取函\nabout: registers\n---\n"
                              "{{#registers}}\n- {{title}}({{columns}}){{newest}}{{^newest}}未收到{{/newest}}\n{{/registers}}\n";
static const char LETTER[] = "title: 告诫函\nabout: letters warn\nby: issue\n---\n{{letter.number}}号,超期 {{issue.days}} 天\n";

static const county_line LINES[] = {{0, "1", "张三丰", "2019-2", "甲校", "400.00"}, {0, "1", "张三丰", "2019-2", "乙校", "300.05"},
                                    {0, "2", "李四光", "2019-2", "甲校", "900.00"}};

static void start(small_county *county)
{
    json_t          *results = NULL, *opened = NULL;
    tz_check_options options = {.day.as_of = 20200115};
    char             path[128];

    county_make(county);
    (void)snprintf(path, sizeof path, "%s/packs/aid/forms", county->folder);
    MUST(tz_file_make_folder(path, err));
    county_write(county, "packs/aid/forms/order.md", ORDER);
    county_write(county, "packs/aid/forms/card.md", CARD);
    county_write(county, "packs/aid/forms/request.md", REQUEST);
    county_write(county, "packs/aid/forms/warning.md", LETTER);
    county_load_packs(county);
    (void)county_deliver(county, "aid", "2020-01-15", 0, LINES, 3);
    county_link(county);
    MUST(tz_checks_run(&county->mem, county->store, county->packs, &options, &results, err));
    MUST(tz_issue_open_found(&county->mem, county->store, county->packs, &opened, err));
    assert_int_equal(json_array_size(opened), 2);
    json_decref(results);
    json_decref(opened);
}

static tz_filled_list filled(small_county *county, const char *name, const tz_form_options *options)
{
    tz_forms       forms = {0};
    tz_filled_list list = {0};

    MUST(tz_forms_load(&county->mem, county->packs, options->lang, &forms, err));
    for (size_t i = 0; i < forms.count; i++)
        if (strcmp(forms.items[i].name, name) == 0) {
            MUST(tz_form_fill(&county->mem, county->store, county->packs, &forms.items[i], options, &list, err));
            return list;
        }
    fail_msg("no form %s", name);
    return list;
}

/* All texts of a document, a line a block. */
static const char *text_of(small_county *county, const tz_document *doc)
{
    tz_buf out = tz_buf_init(&county->mem, 0);

    for (size_t i = 0; i < doc->blocks.count; i++) {
        const tz_block *block = doc->blocks.items[i];
        tz_buf_printf(&out, "%s\n", tz_block_text(&county->mem, block));
        for (size_t c = 0; block->table != NULL && c < block->table->cells.count; c++)
            tz_buf_printf(&out, "[%s]\n", block->table->cells.items[c].text);
    }
    return tz_buf_str(&out);
}

static void fills_one_of_each_issue(void **state)
{
    small_county    county;
    tz_form_options options = {.date = 20200201};

    (void)state;
    start(&county);
    tz_filled_list list = filled(&county, "order", &options);
    assert_int_equal(list.count, 1); /* one unit: nothing to merge */
    assert_string_equal(list.items[0].unit, "教育局");
    assert_int_equal(list.items[0].count, 2);
    const char *text = text_of(&county, list.items[0].doc);
    assert_non_null(strstr(text, "通知书\n"));
    assert_non_null(strstr(text, "教育局"));
    assert_non_null(strstr(text, "张*丰"));
    assert_null(strstr(text, "张三丰"));
    assert_non_null(strstr(text, "依据test"));
    assert_non_null(strstr(text, "taizhang:140430/issue/1"));
    assert_non_null(strstr(text, "2020年2月1日"));
    options.has_names = true;
    options.issue = 1;
    options.link = "http://county.example/issues/";
    text = text_of(&county, filled(&county, "order", &options).items[0].doc);
    assert_non_null(strstr(text, "张三丰"));
    assert_non_null(strstr(text, "http://county.example/issues/1"));
    options.lang = TZ_EN;
    assert_non_null(strstr(text_of(&county, filled(&county, "order", &options).items[0].doc), "Issue 1:"));
    options.issue = 99;
    tz_forms       forms = {0};
    tz_filled_list none = {0};
    tz_err         wrong = {0};
    MUST(tz_forms_load(&county.mem, county.packs, TZ_ZH, &forms, err));
    assert_int_equal(tz_form_fill(&county.mem, county.store, county.packs, &forms.items[1], &options, &none, &wrong), TZ_MISSING);
    county_drop(&county);
}

static void fills_one_of_each_unit_and_one_of_all(void **state)
{
    small_county    county;
    tz_form_options options = {.date = 20200201};
    json_t         *ignored = NULL;

    (void)state;
    start(&county);
    MUST(tz_unit_add(county.store, "民政局", "department", NULL, err));
    tz_issue_options assign = {.unit = "民政局"};
    MUST(tz_issue_act(&county.mem, county.store, county.packs, 2, "assign", &assign, &ignored, err));
    json_decref(ignored);
    tz_filled_list list = filled(&county, "card", &options);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].unit, "教育局");
    assert_string_equal(list.items[1].unit, "民政局");
    assert_null(list.items[2].unit);
    assert_int_equal(list.items[2].count, 2);
    const char *text = text_of(&county, list.items[2].doc);
    assert_non_null(strstr(text, "教育局共"));
    assert_non_null(strstr(text, "民政局共"));
    assert_non_null(strstr(text, "\n签]")); /* room to sign in */
    options.unit = "民政局";
    assert_int_equal(filled(&county, "card", &options).count, 1);
    for (int i = 0; i < 3; i++) {
        static const char *const ENDINGS[] = {"html", "docx", "md"};
        const char *path = tz_store_path(&county.mem, county.store, "derived", tz_arena_printf(&county.mem, "card.%s", ENDINGS[i]));
        MUST(tz_document_write(&county.mem, list.items[2].doc, path, err));
        assert_true(tz_file_exists(path));
    }
    county_drop(&county);
}

static void asks_units_for_their_registers(void **state)
{
    small_county    county;
    tz_form_options options = {.date = 20200201};

    (void)state;
    start(&county);
    tz_filled_list list = filled(&county, "request", &options);
    assert_int_equal(list.count, 4); /* 扶贫办, 教育局, 纪委监委 and all of them */
    const char *text = text_of(&county, list.items[1].doc);
    assert_non_null(strstr(text, "2020年1月15日"));
    assert_non_null(strstr(text, "编号、姓名"));
    assert_non_null(strstr(text_of(&county, list.items[0].doc), "未收到"));
    county_drop(&county);
}

static void prints_letters_that_are_due_and_those_issued(void **state)
{
    small_county    county;
    tz_form_options options = {.date = 20200301};
    json_t         *letters = NULL;

    (void)state;
    start(&county);
    tz_filled_list list = filled(&county, "warning", &options);
    assert_int_equal(list.items[0].count, 2);
    assert_non_null(strstr(text_of(&county, list.items[0].doc), "超期16天"));
    options.is_issued = true;
    assert_int_equal(filled(&county, "warning", &options).count, 0);
    MUST(tz_letters_due(county.store, county.packs, 20200301, true, &letters, err));
    json_decref(letters);
    list = filled(&county, "warning", &options);
    assert_int_equal(list.items[0].count, 2);
    assert_non_null(strstr(text_of(&county, list.items[0].doc), "1号"));
    county_drop(&county);
}

/* What the code says leads back to the issue. */
static void opens_what_a_code_says(void **state)
{
    small_county county;
    json_t      *tree = NULL;
    tz_day       day = {0};
    tz_err       wrong = {0};

    (void)state;
    start(&county);
    MUST(tz_day_resolve(county.store, day, &day, err));
    MUST(tz_why(&county.mem, county.store, county.packs, day, TZ_ZH, "taizhang:140430/issue/2", &tree, err));
    assert_int_equal(tz_json_int(tree, "issue", 0), 2);
    json_decref(tree);
    assert_int_equal(tz_why(&county.mem, county.store, county.packs, day, TZ_ZH, "taizhang:110101/issue/2", &tree, &wrong), TZ_MISSING);
    county_drop(&county);
}

static void says_where_a_head_is_wrong(void **state)
{
    static const struct { const char *text; int64_t line; } CASES[] = {
        {"title: x\nabout: nothing\n---\n", 2}, {"title: x\ncolour: red\n---\n", 2}, {"about: open issues\n---\nx", 1}, {"title: x\n", 1},
        {"title: x\nby: town\n---\n", 2}};
    small_county county;

    (void)state;
    start(&county);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_forms forms = {0};
        tz_err   wrong = {0};
        county_write(&county, "packs/aid/forms/order.md", CASES[i].text);
        assert_int_equal(tz_forms_load(&county.mem, county.packs, TZ_ZH, &forms, &wrong), TZ_INPUT);
        assert_int_equal(wrong.where.row_no, CASES[i].line);
    }
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_one_of_each_issue),        cmocka_unit_test(fills_one_of_each_unit_and_one_of_all),
        cmocka_unit_test(asks_units_for_their_registers), cmocka_unit_test(prints_letters_that_are_due_and_those_issued),
        cmocka_unit_test(opens_what_a_code_says),         cmocka_unit_test(says_where_a_head_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
