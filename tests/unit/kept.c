/* Kept values are the computed ones, are there for as long as nothing that they rest on changed, and never longer. */
#include "../county.h"

#include <unistd.h>

#include "ledger/issue.h"
#include "report/kept.h"
#include "report/place.h"
#include "report/report.h"

static const char FIGURES[] =
    "-- figure: aid.rows\n-- title: 资助笔数 | Payments\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a.person, a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.about\n-- title: 约数 | About\n-- value: count(*)\n-- kind: bound\n-- step: 2\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.paid\n-- title: 资助金额 | Paid\n-- value: sum(amount)\n-- unit: 元\n-- round: 2\n-- of: aid\n"
    "SELECT a.amount, a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.dear\n-- title: 大额 | Dear ones\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: aid.share\n-- title: 大额占比 | Share\n-- value: aid.dear / aid.rows\n-- unit: %\n-- round: 1\n\n"
    "-- figure: aid.none_dear\n-- title: 无大额 | None dear\n-- value: exceptions\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: aid.refunded\n-- title: 已退 | Refunded\n-- value: count(*)\n-- unit: 笔\n-- of: refunds\n"
    "SELECT r._row AS refund_row FROM refunds r;\n\n"
    "-- figure: aid.broken\n-- title: 写错的 | Broken\n-- value: sum(name)\n-- unit: 笔\n-- of: aid\nSELECT a.name, a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.goal\n-- title: 目标 | Goal\n-- value: target 90\n-- until: 2020-12-31\n-- reached: aid.share\n-- unit: %\n";

static const county_line LINES[] = {{0, "1", "张三丰", "2019-1", "甲校", "400.00"},
                                    {0, "2", "李四", "2019-1", "甲校", "360.00"},
                                    {0, "3", "王五", "2019-1", "甲校", "300.05"}};

static void start(small_county *county)
{
    county_make(county);
    county_write(county, "packs/aid/figures.sql", FIGURES);
    county_load_packs(county);
    (void)county_deliver(county, "aid", "2020-01-15", 0, LINES, 3);
    county_link(county);
}

static tz_day today(small_county *county)
{
    tz_day day = {0};
    MUST(tz_day_resolve(county->store, (tz_day){.as_of = 20200115}, &day, err));
    return day;
}

static void same_text(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL)
        assert_string_equal(a, b);
}

static void the_kept_value_is_the_computed_one(void **state)
{
    small_county     county;
    tz_figure_values computed = {0}, kept = {0};
    tz_err           wrong;

    (void)state;
    start(&county);
    for (int i = 0; i < 2; i++) {
        tz_lang lang = i == 0 ? TZ_ZH : TZ_EN;
        assert_int_equal(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), lang, &kept, &wrong), TZ_MISSING);
        MUST(tz_figures_compute(&county.mem, county.store, county.packs, today(&county), lang, NULL, &computed, err));
        MUST(tz_kept_make(&county.mem, county.store, county.packs, today(&county), lang, NULL, err));
        MUST(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), lang, &kept, err));
        assert_int_equal(kept.count, 9);
        assert_int_equal(kept.count, computed.count);
        for (size_t j = 0; j < kept.count; j++) {
            const tz_figure_value *a = &kept.items[j], *b = &computed.items[j];
            assert_ptr_equal(a->figure, b->figure);
            same_text(a->value, b->value);
            same_text(a->printed, b->printed);
            same_text(a->in_sentence, b->in_sentence);
            same_text(a->exact, b->exact);
            same_text(a->why_not, b->why_not);
            assert_string_equal(a->kind, b->kind);
            assert_int_equal(a->is_true, b->is_true);
            assert_int_equal(a->looked_at, b->looked_at);
            assert_int_equal(a->row_count, b->row_count);
        }
    }
    county_drop(&county);
}

/* A report computes the figures anyway. */
static void a_report_keeps_its_figures(void **state)
{
    small_county     county;
    tz_figure_values kept = {0};

    (void)state;
    start(&county);
    const char *path = tz_store_path(&county.mem, county.store, "derived", "report.md");
    MUST(tz_report_make(&county.mem, county.store, county.packs,
         &(tz_report_options){.day = today(&county), .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, err));
    assert_string_equal(tz_figure_value_of(&kept, "aid.paid")->printed, "1060.05元");
    county_drop(&county);
}

static void opens_a_figure_to_its_places_and_rows(void **state)
{
    small_county   county;
    json_t        *opened = NULL, *places = NULL, *trend = NULL;
    int64_t       *ids = NULL;
    size_t         count = 0, total = 0;
    tz_err         wrong;
    tz_figure_values computed = {0};

    (void)state;
    start(&county);
    assert_int_equal(tz_kept_opened(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.rows", &opened, &wrong), TZ_MISSING);
    assert_int_equal(tz_kept_opened(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "no.such", &opened, &wrong), TZ_MISSING);
    MUST(tz_kept_make(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.rows", err));
    MUST(tz_kept_opened(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.rows", &opened, err));
    MUST(tz_figure_places(&county.mem, county.store, county.packs, today(&county), TZ_DIVISION_TOWNSHIP, TZ_ZH, "aid.rows", &places, err));
    assert_true(json_equal(places, json_object_get(opened, "townships")));
    json_decref(places);
    MUST(tz_figure_places(&county.mem, county.store, county.packs, today(&county), TZ_DIVISION_VILLAGE, TZ_ZH, "aid.rows", &places, err));
    assert_true(json_equal(places, json_object_get(opened, "villages")));
    MUST(tz_figure_trend(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.rows", &trend, err));
    assert_true(json_equal(trend, json_object_get(opened, "trend")));

    MUST(tz_figures_compute(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.rows", &computed, err));
    MUST(tz_kept_rows(&county.mem, county.store, county.packs, today(&county), "aid.rows", NULL, 0, 100, &ids, &count, &total, err));
    assert_int_equal(total, 3);
    assert_int_equal(count, 3);
    assert_memory_equal(ids, tz_figure_value_of(&computed, "aid.rows")->rows, 3 * sizeof ids[0]);
    static const struct { const char *division; size_t from, count, total; } PAGES[] = {
        {"140430100201", 0, 2, 3}, {"140430100201", 2, 1, 3}, {"140430100000", 3, 0, 3}, {"140430101000", 0, 0, 0}, {"1404301", 0, 0, 0},
        {"140430100201140430100201", 0, 0, 0}};
    for (size_t i = 0; i < sizeof PAGES / sizeof PAGES[0]; i++) {
        MUST(tz_kept_rows(&county.mem, county.store, county.packs, today(&county), "aid.rows", PAGES[i].division, PAGES[i].from, 2, &ids, &count,
                          &total, err));
        assert_int_equal(count, PAGES[i].count);
        assert_int_equal(total, PAGES[i].total);
    }
    json_decref(opened);
    MUST(tz_kept_make(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.goal", err));
    MUST(tz_kept_opened(&county.mem, county.store, county.packs, today(&county), TZ_ZH, "aid.goal", &opened, err));
    assert_non_null(tz_json_str(opened, "why_not"));
    json_decref(opened);
    json_decref(places);
    json_decref(trend);
    county_drop(&county);
}

static void outlives_a_step_but_no_delivery_and_no_damage(void **state)
{
    small_county     county;
    tz_figure_values kept = {0};
    const char      *before = NULL, *after = NULL;
    int64_t          issue = 0;
    tz_day           then;
    tz_err           wrong;

    (void)state;
    start(&county);
    then = today(&county);
    MUST(tz_kept_make(&county.mem, county.store, county.packs, then, TZ_ZH, NULL, err));
    MUST(tz_kept_key(&county.mem, county.store, county.packs, then, &before, err));
    MUST(tz_issue_new(county.store, county.packs, &(tz_issue_new_options){.title = "手工问题"}, &issue, err));
    assert_true(today(&county).at > then.at);
    MUST(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, err));

    int64_t batch = county_deliver(&county, "refunds", "2020-01-15", 0, LINES, 2);
    assert_int_equal(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, &wrong), TZ_MISSING);
    MUST(tz_kept_figures(&county.mem, county.store, county.packs, then, TZ_ZH, &kept, err)); /* as known then */
    county_withdraw(&county, batch);
    MUST(tz_kept_key(&county.mem, county.store, county.packs, today(&county), &after, err));
    assert_string_equal(before, after);
    MUST(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, err));

    const char *path = tz_store_path(&county.mem, county.store, "derived", tz_arena_printf(&county.mem, "kept/%s-all-zh.json", before));
    tz_text     text = {0};
    MUST(tz_file_load(&county.mem, path, 1 << 20, &text, err));
    MUST(tz_file_write(path, tz_text_cut(text, 0, text.size / 2), 0600, err));
    assert_int_equal(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, &wrong), TZ_MISSING);
    MUST(tz_kept_make(&county.mem, county.store, county.packs, today(&county), TZ_ZH, NULL, err));
    MUST(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, err));
    county_drop(&county);
}

/* A step of an issue changes a report's bytes and makes nobody wait: the one before will do, and says which entry it is of. */
static void a_report_of_before_will_do_until_rows_change(void **state)
{
    small_county      county;
    tz_report_options options = {.lang = TZ_ZH};
    const tz_html_links links = {"/figures/", "?as_of=2020-01-15"};
    const char       *path = NULL;
    int64_t           at = 0, issue = 0, first = 0;
    tz_text           part = {0};
    tz_err            wrong;

    (void)state;
    start(&county);
    options.day = today(&county);
    first = options.day.at;
    assert_int_equal(tz_kept_report(&county.mem, county.store, county.packs, &options, "part", false, &path, &at, &wrong), TZ_MISSING);
    MUST(tz_keep_report(&county.mem, county.store, county.packs, &options, "part", &links, err));
    MUST(tz_kept_report(&county.mem, county.store, county.packs, &options, "part", true, &path, &at, err));
    assert_int_equal(at, first);
    MUST(tz_file_load(&county.mem, path, 1 << 24, &part, err));
    assert_true(tz_text_find(part, TZ_TEXT("<html"), 0) == SIZE_MAX && tz_text_find(part, TZ_TEXT("<style"), 0) == SIZE_MAX);
    assert_int_equal(tz_kept_report(&county.mem, county.store, county.packs, &options, "md", false, &path, &at, &wrong), TZ_MISSING);

    MUST(tz_issue_new(county.store, county.packs, &(tz_issue_new_options){.title = "手工问题"}, &issue, err));
    options.day = today(&county);
    MUST(tz_kept_report(&county.mem, county.store, county.packs, &options, "part", false, &path, &at, err));
    assert_int_equal(at, first);
    assert_int_equal(tz_kept_report(&county.mem, county.store, county.packs, &options, "part", true, &path, &at, &wrong), TZ_MISSING);
    MUST(tz_keep_report(&county.mem, county.store, county.packs, &options, "part", &links, err));
    MUST(tz_kept_report(&county.mem, county.store, county.packs, &options, "part", false, &path, &at, err));
    assert_int_equal(at, options.day.at);

    (void)county_deliver(&county, "refunds", "2020-01-15", 0, LINES, 2);
    options.day = today(&county);
    assert_int_equal(tz_kept_report(&county.mem, county.store, county.packs, &options, "part", false, &path, &at, &wrong), TZ_MISSING);
    county_drop(&county);
}

static tz_text bytes_of(small_county *county, const char *path)
{
    tz_text bytes = {0};
    MUST(tz_file_load(&county->mem, path, 1 << 26, &bytes, err));
    return bytes;
}

/* Writes the report with nothing kept, as a copy, and from the figures that are kept: all are the same bytes. */
static void same_report(small_county *county, const tz_report_options *options, const char *form)
{
    const char *folder = tz_store_path(&county->mem, county->store, "derived", "kept");
    const char *path = tz_store_path(&county->mem, county->store, "derived", tz_arena_printf(&county->mem, "r.%s", form));
    tz_text     page[3], rest[3];

    MUST(tz_file_remove_folder(folder, err));
    for (int i = 0; i < 3; i++) {
        tz_names names = {0};
        if (i == 2)
            MUST(tz_file_list(&county->mem, folder, &names, err));
        for (size_t j = 0; j < names.count; j++)
            if (strncmp(names.items[j], "report-", 7) == 0)
                assert_int_equal(unlink(tz_arena_printf(&county->mem, "%s/%s", folder, names.items[j])), 0);
        MUST(tz_report_make(&county->mem, county->store, county->packs, options, path, err));
        page[i] = bytes_of(county, path);
        rest[i] = options->is_alone ? (tz_text){0} : bytes_of(county, tz_report_rest(&county->mem, path));
        assert_true(page[i].size > 100 && tz_text_equal(page[i], page[0]) && tz_text_equal(rest[i], rest[0]));
    }
}

static void the_kept_report_is_the_computed_one(void **state)
{
    static const char *const FORMS[] = {"md", "docx", "pdf"};
    enum { MANY = 230 };
    small_county county;
    county_line  lines[MANY];
    int64_t      issue = 0;

    (void)state;
    start(&county);
    county_write(&county, "packs/aid/report.md", "## 图\n\n```picture\nkind: heat\ntitle: 乡镇\nby: township\nfigures: aid.rows\n```\n");
    county_load_packs(&county);
    for (int i = 0; i < MANY; i++)
        lines[i] = (county_line){0, tz_arena_printf(&county.mem, "%d", i + 1), "张三丰", "2019-2", "甲校", "400.00"};
    (void)county_deliver(&county, "aid", "2020-01-15", 0, lines, MANY); /* more than a page shows */
    county_link(&county);
    tz_report_options options = {.day = today(&county), .lang = TZ_ZH};
    same_report(&county, &options, "html");
    options.since = 20191231;
    options.is_alone = true;
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
        same_report(&county, &options, FORMS[i]);
    tz_text before = bytes_of(&county, tz_store_path(&county.mem, county.store, "derived", "r.md"));
    MUST(tz_issue_new(county.store, county.packs, &(tz_issue_new_options){.title = "手工问题"}, &issue, err));
    options.day = today(&county);
    same_report(&county, &options, "md"); /* another entry: the figures are kept, and the report is another one */
    assert_false(tz_text_equal(before, bytes_of(&county, tz_store_path(&county.mem, county.store, "derived", "r.md"))));
    county_drop(&county);
}

/* Thousands of days that nobody asks for any more make room for the one that is asked for. */
static void leaves_no_thousands_behind(void **state)
{
    small_county     county;
    tz_figure_values kept = {0};
    tz_names         names = {0};

    (void)state;
    start(&county);
    const char *folder = tz_store_path(&county.mem, county.store, "derived", "kept");
    MUST(tz_file_make_folder(folder, err));
    for (int i = 0; i < 4000; i++) {
        FILE *file = fopen(tz_arena_printf(&county.mem, "%s/%d", folder, i), "w");
        assert_true(file != NULL && fclose(file) == 0);
    }
    MUST(tz_kept_make(&county.mem, county.store, county.packs, today(&county), TZ_ZH, NULL, err));
    MUST(tz_kept_figures(&county.mem, county.store, county.packs, today(&county), TZ_ZH, &kept, err));
    MUST(tz_file_list(&county.mem, folder, &names, err));
    assert_int_equal(names.count, 2002); /* the figures, and their rows */
    county_drop(&county);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kept_value_is_the_computed_one),
        cmocka_unit_test(a_report_keeps_its_figures),
        cmocka_unit_test(opens_a_figure_to_its_places_and_rows),
        cmocka_unit_test(outlives_a_step_but_no_delivery_and_no_damage),
        cmocka_unit_test(a_report_of_before_will_do_until_rows_change),
        cmocka_unit_test(the_kept_report_is_the_computed_one),
        cmocka_unit_test(leaves_no_thousands_behind),
    };
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tz_worker_main();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
