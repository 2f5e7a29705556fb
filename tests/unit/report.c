/* Figures of every kind, the report's bytes, what it hides, and the way back to the cell. */
#include "../county.h"

#include "base/text.h"
#include "checks/check.h"
#include "ledger/issue.h"
#include "report/section.h"
#include "report/figure.h"
#include "report/html.h"
#include "report/report.h"
#include "report/why.h"

static const char FIGURES[] =
    "-- figure: aid.rows\n-- title: 行数 | Rows\n-- definition: 每行一笔 | one a payment\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.paid\n-- title: 金额 | Paid\n-- definition: 合计 | the sum\n-- value: sum(amount)\n-- unit: 万元\n-- round: 2\n"
    "-- unit_power: 4\n-- of: aid\n"
    "SELECT a.amount, a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.dear\n-- title: 大额 | Dear ones\n-- definition: 超过 350 元 | above 350\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: aid.share\n-- title: 比例 | Share\n-- definition: 大额占比 | of all\n-- value: aid.dear / aid.rows\n-- unit: %\n-- round: 1\n\n"
    "-- figure: aid.all_named\n-- title: 均有姓名 | All named\n"
    "-- definition: 例外为无姓名者 | those without a name\n-- value: exceptions\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.name IS NULL;\n\n"
    "-- figure: aid.none_dear\n-- title: 无大额 | None dear\n"
    "-- definition: 例外为大额 | the dear ones\n-- value: exceptions\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: refunds.rows\n-- title: 退款 | Refunds\n-- definition: 退款笔数 | refunds\n-- value: count(*)\n-- unit: 笔\n-- of: refunds\n"
    "SELECT r._row AS refund_row FROM refunds r;\n";

static const char SECTION[] =
    "## 资助\n\n共 {{aid.rows}} 笔,{{aid.paid}} 万元,均有姓名:{{aid.all_named}};退款 {{ refunds.rows }};{{no.such}}。\n\n"
    "<!-- en -->\n## Aid\n\n{{aid.rows}} payments <b>bold</b>.\n";

static const county_line LINES[] = {
    {0, "1", "张三丰", "2019-2", "甲校", "400.00"},
    {0, "1", "张三丰", "2019-2", "乙校", "300.05"},
    {0, "2", "李<四>", "2019-2", "甲校", "54349.95"},
};

enum { DAY = 20200115 };

static tz_day the_day(small_county *county)
{
    tz_day day = {0};
    MUST(tz_day_resolve(county->store, (tz_day){.as_of = DAY}, &day, err));
    return day;
}

static void start(small_county *county)
{
    json_t          *results = NULL;
    tz_check_options options = {.day.as_of = DAY};

    county_make(county);
    county_write(county, "packs/aid/figures.sql", FIGURES);
    county_write(county, "packs/aid/report.md", SECTION);
    county_load_packs(county);
    (void)county_deliver(county, "aid", "2020-01-15", 0, LINES, 3);
    county_link(county);
    MUST(tz_checks_run(&county->mem, county->store, county->packs, &options, &results, err));
    json_decref(results);
}

static void expect_figure(small_county *county, const char *name, const char *value, const char *printed, const char *kind, size_t rows)
{
    tz_figure_values       values = {0};
    MUST(tz_figures_compute(&county->mem, county->store, county->packs, the_day(county), TZ_ZH, name, &values, err));
    const tz_figure_value *found = tz_figure_value_of(&values, name);
    assert_non_null(found);
    if (value == NULL)
        assert_null(found->value);
    else
        assert_string_equal(found->value, value);
    assert_string_equal(found->printed, printed);
    assert_string_equal(found->kind, kind);
    assert_int_equal(found->row_count, rows);
}

static void computes_every_kind(void **state)
{
    (void)state;
    small_county county;
    start(&county);
    expect_figure(&county, "aid.rows", "3", "3笔", "counted", 3);
    expect_figure(&county, "aid.paid", "5.51", "5.51万元", "measured", 3); /* 5.505 rounds away from zero */
    expect_figure(&county, "aid.share", "66.7", "66.7%", "measured", 2);
    expect_figure(&county, "aid.all_named", "0", "属实", "universal", 0);
    expect_figure(&county, "aid.none_dear", "2", "不属实(例外 2)", "universal", 2);
    expect_figure(&county, "refunds.rows", NULL, "(未评估)", "counted", 0); /* nothing came: no zero */
    county_drop(&county);
}

static void lists_rows_by_their_cells(void **state)
{
    (void)state;
    small_county county;
    json_t      *list = NULL;
    start(&county);
    MUST(tz_figure_list(&county.mem, county.store, county.packs, the_day(&county), TZ_EN, "aid.dear", true, &list, err));
    assert_int_equal(json_array_size(list), 1);
    json_t *line = json_array_get(list, 0), *rows = json_object_get(line, "rows");
    assert_string_equal(tz_json_str(line, "title"), "Dear ones");
    assert_string_equal(tz_json_str(line, "as_of"), "2020-01-15");
    assert_int_equal(tz_json_int(line, "looked_at", 0), 3);
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(tz_json_str(json_array_get(rows, 0), "file"), "aid-1.csv");
    assert_int_equal(tz_json_int(json_array_get(rows, 0), "row", 0), 4);
    assert_int_equal(tz_json_int(json_array_get(rows, 1), "row", 0), 6);
    json_decref(list);
    tz_err wrong;
    assert_int_equal(tz_figure_list(&county.mem, county.store, county.packs, the_day(&county), TZ_EN, "aid.nothing", true, &list, &wrong),
                     TZ_MISSING);
    county_drop(&county);
}

/* The report's bytes in one form. */
static tz_text written(small_county *county, const char *name, tz_lang lang)
{
    tz_text     text = {0};
    const char *path = tz_store_path(&county->mem, county->store, "derived", name);
    MUST(tz_report_make(&county->mem, county->store, county->packs,
         &(tz_report_options){.day = the_day(county), .lang = lang, .is_alone = true}, path, err));
    MUST(tz_file_load(&county->mem, path, 1 << 24, &text, err));
    return text;
}

static bool holds(tz_text text, const char *part)
{
    return tz_text_find(text, tz_text_of(part), 0) != SIZE_MAX;
}

static void opens_every_figure_and_hides_names(void **state)
{
    (void)state;
    small_county county;
    start(&county);
    tz_text zh = written(&county, "a.html", TZ_ZH), en = written(&county, "b.html", TZ_EN);

    assert_true(holds(zh, "<a class=figure href=\"#figure-aid.paid\">5.51</a>万元"));
    assert_true(holds(zh, "<article class=card id=\"figure-aid.paid\">"));
    assert_true(holds(zh, "均有姓名\uFF1A<a class=figure href=\"#figure-aid.all_named\">属实</a>"));
    assert_true(holds(zh, "(?no.such)"));
    assert_true(holds(zh, "WHERE a.amount &gt; 350"));
    assert_true(holds(zh, "张*丰"));
    assert_false(holds(zh, "张三丰"));
    assert_false(holds(zh, "李<四>"));
    assert_false(holds(en, "张三丰"));
    assert_true(holds(en, "lang=\"en\""));
    assert_false(holds(en, "<b>bold"));
    assert_true(holds(en, "as of 2020-01-15"));
    county_drop(&county);
}

static void writes_the_same_bytes_twice(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"a.html", "b.html"};
    small_county county;
    start(&county);
    tz_text first = written(&county, NAMES[0], TZ_ZH);
    county.clock_ms += 86400000; /* the next day */
    tz_text second = written(&county, NAMES[1], TZ_ZH);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    county_drop(&county);
}

/* What the journal learns later changes no report of an earlier entry. */
static void stands_at_its_entry(void **state)
{
    (void)state;
    small_county county;
    json_t      *opened = NULL;
    tz_text      before = {0}, after = {0};
    start(&county);
    MUST(tz_issue_open_found(&county.mem, county.store, county.packs, &opened, err));
    assert_true(json_array_size(opened) > 0);
    int64_t issue = tz_json_int(json_array_get(opened, 0), "issue", 0);
    json_decref(opened);
    tz_day      day = the_day(&county);
    const char *path = tz_store_path(&county.mem, county.store, "derived", "a.html");
    MUST(tz_report_make(&county.mem, county.store, county.packs, &(tz_report_options){.day = day, .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &before, err));
    assert_true(holds(before, "待交办"));
    tz_issue_options options = {.handler = "clerk"};
    MUST(tz_issue_act(&county.mem, county.store, county.packs, issue, "assign", &options, NULL, err));
    MUST(tz_report_make(&county.mem, county.store, county.packs, &(tz_report_options){.day = day, .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &after, err));
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.data, after.data, before.size);
    assert_true(holds(written(&county, "a.html", TZ_ZH), "已交办"));
    county_drop(&county);
}

static void refuses_another_form(void **state)
{
    (void)state;
    small_county county;
    tz_err       wrong;
    start(&county);
    assert_int_equal(tz_report_make(&county.mem, county.store, county.packs,
                     &(tz_report_options){.day = the_day(&county), .lang = TZ_ZH, .is_alone = true}, "/tmp/report.exe", &wrong), TZ_USAGE);
    county_drop(&county);
}

static void says_why(void **state)
{
    (void)state;
    small_county county;
    json_t      *tree = NULL;
    tz_err       wrong;
    start(&county);

    MUST(tz_why(&county.mem, county.store, county.packs, the_day(&county), TZ_ZH, "aid.paid", &tree, err));
    assert_string_equal(tz_json_str(tree, "value"), "5.51万元");
    assert_int_equal(tz_json_int(tree, "row_count", 0), 3);
    json_t *row = json_array_get(json_object_get(tree, "rows"), 0);
    assert_string_equal(tz_json_str(row, "file"), "aid-1.csv");
    assert_string_equal(tz_json_str(json_object_get(row, "cells"), "amount"), "400.00");
    assert_string_equal(tz_json_str(json_object_get(row, "cells"), "name"), "张*丰");
    json_decref(tree);

    MUST(tz_why(&county.mem, county.store, county.packs, the_day(&county), TZ_EN, "F1", &tree, err));
    assert_non_null(tz_json_str(tree, "sql"));
    assert_non_null(tz_json_str(tree, "message"));
    assert_true(json_array_size(json_object_get(tree, "rows")) > 0);
    char *all = json_dumps(tree, JSON_ENCODE_ANY);
    assert_null(strstr(all, "张三丰"));
    free(all);
    json_decref(tree);

    assert_int_equal(tz_why(&county.mem, county.store, county.packs, the_day(&county), TZ_EN, "nothing", &tree, &wrong), TZ_MISSING);
    assert_int_equal(tz_why(&county.mem, county.store, county.packs, the_day(&county), TZ_EN, "F999", &tree, &wrong), TZ_MISSING);
    county_drop(&county);
}

static void escapes_html(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } CASES[] = {
        {"", ""}, {"张三", "张三"}, {"<script>", "&lt;script&gt;"}, {"\"'&", "&quot;&#39;&amp;"}, {"&amp;", "&amp;amp;"}};
    tz_arena mem = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_buf out = tz_buf_init(&mem, 0);
        tz_html_str(&out, CASES[i].in);
        assert_string_equal(tz_buf_str(&out), CASES[i].out);
    }
    tz_arena_free(&mem);
}

/* Numbers behind bullets begin a list of their own. */
static void keeps_lists_of_two_kinds_apart(void **state)
{
    static const tz_html_links LINKS = {"", ""};
    tz_arena mem = {0};
    tz_text  part = {0};

    (void)state;
    tz_document *doc = tz_document_new(&mem, TZ_ZH);
    MUST(tz_section_add(doc, TZ_TEXT("- 甲\n\n1. 乙\n2. 丙\n"), "t.md", NULL, err));
    MUST(tz_html_part(&mem, doc, &LINKS, &part, err));
    assert_string_equal(tz_text_dup(&mem, part), "<ul><li>甲</li></ul><ol><li value=1>乙</li><li value=2>丙</li></ol>");
    tz_arena_free(&mem);
}

/* What follows a quote within a quote is still quoted. */
static void stays_in_the_outer_quote(void **state)
{
    tz_arena mem = {0};

    (void)state;
    tz_document *doc = tz_document_new(&mem, TZ_ZH);
    MUST(tz_section_add(doc, TZ_TEXT("> > 甲\n>\n> 乙\n\n丙\n"), "t.md", NULL, err));
    assert_int_equal(doc->blocks.count, 3);
    assert_int_equal(doc->blocks.items[1]->kind, TZ_BLOCK_QUOTE);
    assert_int_equal(doc->blocks.items[2]->kind, TZ_BLOCK_PARAGRAPH);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_every_kind),
        cmocka_unit_test(lists_rows_by_their_cells),
        cmocka_unit_test(opens_every_figure_and_hides_names),
        cmocka_unit_test(writes_the_same_bytes_twice),
        cmocka_unit_test(stands_at_its_entry),
        cmocka_unit_test(refuses_another_form),
        cmocka_unit_test(says_why),
        cmocka_unit_test(escapes_html),
        cmocka_unit_test(keeps_lists_of_two_kinds_apart),
        cmocka_unit_test(stays_in_the_outer_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
