/* The report as everybody may read it: no number under five by any way, and the site's folder that says no more. */
#include "../county.h"

#include "report/figure.h"
#include "report/public.h"
#include "report/public_report.h"
#include "report/site.h"

enum { TODAY = 20200301 };

/* Many rows, few dear ones (3), a share that leaves three on its other side, an amount of three rows, claims and a goal. */
static const char FIGURES[] =
    "-- figure: aid.rows\n-- title: 资助笔数 | Payments\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a.person, a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.dear\n-- title: 大额 | Dear ones\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 900;\n\n"
    "-- figure: aid.cheap\n-- title: 小额 | Cheap ones\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount <= 900;\n\n"
    "-- figure: aid.dear_paid\n-- title: 大额金额 | Paid to dear ones\n-- value: sum(amount)\n-- unit: 元\n-- round: 2\n-- of: aid\n"
    "SELECT a.amount, a._row AS aid_row FROM aid a WHERE a.amount > 900;\n\n"
    "-- figure: aid.share\n-- title: 小额占比 | Share\n-- value: aid.cheap / aid.rows\n-- unit: %\n-- round: 1\n\n"
    "-- figure: aid.none_dear\n-- title: 无大额 | None dear\n-- value: exceptions\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 900;\n\n"
    "-- figure: aid.goal\n-- title: 目标 | Goal\n-- value: target 90\n-- until: 2020-12-31\n-- reached: aid.share\n-- unit: %\n";

static const char SECTION[] = "## 资助\n\n共 {{aid.rows}} 笔,大额 {{aid.dear}} 笔 {{aid.dear_paid}},小额占 {{aid.share}}。"
                              "{{#aid.dear}}有大额。{{/aid.dear}}{{#aid.none_dear}}没有{{/aid.none_dear}}{{^aid.none_dear}}有例外 "
                              "{{aid.none_dear.exceptions}} 笔{{/aid.none_dear}};{{aid.none_dear}};力争 {{aid.goal}}。\n\n"
                              "```picture\nkind: bars\ntitle: 各乡镇\nfigures: aid.dear\nby: township\n```\n";

/* count cheap payments and `dear` dear ones, of persons of their own. */
static void deliver(small_county *county, const char *as_of, size_t cheap, size_t dear)
{
    county_line *lines = tz_new_array(&county->mem, county_line, cheap + dear);
    for (size_t i = 0; i < cheap + dear; i++)
        lines[i] = (county_line){.no = tz_arena_printf(&county->mem, "n%zu", i), .name = "张三丰", .term = "2019-2", .school = "甲校",
                                 .amount = i < cheap ? "100.00" : "987.65"};
    (void)county_deliver(county, "aid", as_of, 0, lines, cheap + dear);
    county_link(county);
}

static void start(small_county *county)
{
    county_make(county);
    county_write(county, "packs/aid/figures.sql", FIGURES);
    county_write(county, "packs/aid/report.md", SECTION);
    county_load_packs(county);
}

static void publish(small_county *county, int32_t as_of, int32_t starts)
{
    tz_day day = {0};
    MUST(tz_day_resolve(county->store, (tz_day){.as_of = as_of}, &day, err));
    MUST(tz_publish_report(&county->mem, county->store, county->packs, day, starts, NULL, err));
}

static json_t *read_report(small_county *county, int32_t today)
{
    static const tz_html_links LINKS = {"/public/figures/", ""};
    json_t *report = NULL;
    MUST(tz_public_report(&county->mem, county->store, county->packs, today, TZ_ZH, &LINKS, &report, err));
    return report;
}

static const json_t *figure_of(const json_t *report, const char *name)
{
    size_t  i;
    json_t *one;
    json_array_foreach(json_object_get(report, "figures"), i, one)
        if (strcmp(tz_json_str(one, "figure"), name) == 0)
            return one;
    fail_msg("no figure %s", name);
    return NULL;
}

static void expect(const json_t *report, const char *name, const char *printed)
{
    const char *is = tz_json_str(figure_of(report, name), "printed");
    if (printed == NULL)
        assert_null(is);
    else
        assert_string_equal(is, printed);
}

static void shows_no_number_under_five_by_any_way(void **state)
{
    small_county county;

    (void)state;
    start(&county);
    deliver(&county, "2020-01-15", 20, 3);
    publish(&county, 20200115, 20200201);
    json_t *report = read_report(&county, TODAY);
    expect(report, "aid.rows", "23笔");
    expect(report, "aid.cheap", NULL); /* 23 less 20 would tell the three */
    expect(report, "aid.dear", NULL);
    expect(report, "aid.dear_paid", NULL);
    expect(report, "aid.share", NULL); /* 20 of 23 leaves three */
    expect(report, "aid.none_dear", "不属实");
    expect(report, "aid.goal", "力争90%");
    const char *part = tz_json_str(report, "part");
    assert_non_null(strstr(part, "/public/figures/aid.rows"));
    assert_non_null(strstr(part, "有大额")); /* stands whether or not there is any */
    static const char *const NEVER[] = {"2962.95", ">3<", " 3 ", "例外 3", "20笔", "87", "987", "<svg", "东镇", "张三"};
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++)
        assert_null(strstr(part, NEVER[i]));
    json_decref(report);
    county_drop(&county);
}

/* Two publications don't give away the few between them; one that moved by more is shown as it is. */
static void holds_what_moved_by_fewer_than_five(void **state)
{
    small_county county;
    json_t      *report = NULL;

    (void)state;
    start(&county);
    deliver(&county, "2020-01-15", 20, 8);
    publish(&county, 20200115, 20200201);
    deliver(&county, "2020-02-15", 23, 20);
    publish(&county, 20200215, 20200220);
    report = read_report(&county, 20200210);
    expect(report, "aid.cheap", "20笔"); /* the earlier one, while it stood */
    json_decref(report);
    report = read_report(&county, TODAY);
    assert_string_equal(tz_json_str(report, "as_of"), "2020-02-15");
    expect(report, "aid.cheap", "20笔");
    assert_true(json_is_true(json_object_get(figure_of(report, "aid.cheap"), "is_held")));
    expect(report, "aid.dear", "20笔");
    expect(report, "aid.rows", "43笔");
    expect(report, "aid.share", NULL); /* one side is held */
    json_decref(report);
    report = NULL;
    tz_err wrong;
    static const tz_html_links LINKS = {"", ""};
    assert_int_equal(tz_public_report(&county.mem, county.store, county.packs, 20200101, TZ_ZH, &LINKS, &report, &wrong), TZ_MISSING);
    county_drop(&county);
}

/* One report stands at a time; the one before stands again where its successor is taken down. */
static void stands_in_the_place_of_the_one_before(void **state)
{
    small_county county;
    json_t      *rows = NULL;

    (void)state;
    start(&county);
    deliver(&county, "2020-01-15", 20, 8);
    publish(&county, 20200115, 20200201);
    publish(&county, 20200115, 20200220);
    MUST(tz_publications(&county.mem, county.store, county.packs, TODAY, TZ_ZH, &rows, err));
    assert_string_equal(tz_json_str(json_array_get(rows, 0), "state"), "over");
    assert_string_equal(tz_json_str(json_array_get(rows, 1), "state"), "standing");
    json_decref(rows);
    MUST(tz_publication_take(&county.mem, county.store, 2, TODAY, "算错", err));
    MUST(tz_publications(&county.mem, county.store, county.packs, TODAY, TZ_ZH, &rows, err));
    assert_string_equal(tz_json_str(json_array_get(rows, 0), "state"), "standing");
    assert_string_equal(tz_json_str(json_array_get(rows, 1), "state"), "taken");
    json_decref(rows);
    county_drop(&county);
}

static void the_site_tells_what_was_published_and_no_more(void **state)
{
    small_county county;
    tz_text      text = {0};
    json_t      *site = NULL;

    (void)state;
    start(&county);
    deliver(&county, "2020-01-15", 20, 3);
    const char *folder = tz_store_path(&county.mem, county.store, "public", "site"), *file = tz_arena_printf(&county.mem, "%s/site.json", folder);
    MUST(tz_site_write(&county.mem, county.store, county.packs, folder, TODAY, err));
    MUST(tz_file_load(&county.mem, file, 1 << 24, &text, err));
    MUST(tz_json_parse(text, &site, err));
    assert_true(json_is_null(json_object_get(json_object_get(site, "zh"), "report")));
    assert_true(json_is_null(json_object_get(site, "journal")));
    assert_int_equal(json_array_size(json_object_get(site, "townships")), 2);
    json_decref(site);
    publish(&county, 20200115, 20200201);
    MUST(tz_site_write(&county.mem, county.store, county.packs, folder, TODAY, err));
    MUST(tz_file_load(&county.mem, file, 1 << 24, &text, err));
    assert_true(tz_text_find(text, TZ_TEXT("23笔"), 0) != SIZE_MAX);
    static const char *const NEVER[] = {"张三", "987.65", "2962.95", "Pn1", "tester", "\"n1\""};
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++)
        assert_true(tz_text_find(text, tz_text_of(NEVER[i]), 0) == SIZE_MAX);
    county_drop(&county);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tz_worker_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_no_number_under_five_by_any_way),
        cmocka_unit_test(holds_what_moved_by_fewer_than_five),
        cmocka_unit_test(stands_in_the_place_of_the_one_before),
        cmocka_unit_test(the_site_tells_what_was_published_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
