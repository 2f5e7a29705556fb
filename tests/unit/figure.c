/* Figures by kind and as words, assertions between them, by place and over time, and what moved. */
#include "../county.h"

#include "base/text.h"
#include "checks/check.h"
#include "ledger/issue.h"
#include "report/assertion.h"
#include "report/moved.h"
#include "report/phrase.h"
#include "report/place.h"
#include "report/report.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

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
    "-- figure: aid.fell\n-- title: 少于 | Fewer\n-- value: fall aid.dear / aid.rows\n-- unit: %\n\n"
    "-- figure: aid.rose\n-- title: 多于 | More\n-- value: fall aid.rows / aid.dear\n-- unit: %\n\n"
    "-- figure: aid.none_dear\n-- title: 无大额 | None dear\n-- value: exceptions\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: aid.few_dear\n-- title: 基本无大额 | Mostly not dear\n-- value: exceptions\n-- mostly: 0.3\n-- among: aid.rows\n"
    "-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: aid.hardly\n-- title: 九成无大额 | Nine tenths\n-- value: exceptions\n-- mostly: 0.9\n-- among: aid.rows\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n\n"
    "-- figure: aid.goal\n-- title: 目标 | Goal\n-- value: target 90\n-- until: 2020-12-31\n-- reached: aid.share\n-- unit: %\n";

static const char ASSERTIONS[] =
    "- {name: dear-within, title: 大额不多于全部 | dear within all, holds: aid.dear <= aid.rows}\n"
    "- {name: share, title: 占比是商 | share is its quotient, holds: 100 * aid.dear / aid.rows ~= aid.share}\n"
    "- {name: nonsense, title: 全部不多于大额 | all within dear, holds: aid.rows <= aid.dear, note: 这里有意不成立 | broken on purpose}\n"
    "- {name: asked, title: 有大额 | some are dear, holds: aid.dear == 0, otherwise: explain}\n"
    "- {name: not-less, title: 不比上期少 | no fewer than before, holds: aid.rows >= last(aid.rows)}\n";

static const char SECTION[] = "## 资助\n\n{{#aid.none_dear}}全部不是大额{{/aid.none_dear}}"
                              "{{^aid.none_dear}}有 {{aid.none_dear.exceptions}} 笔大额{{/aid.none_dear}};"
                              "达到 {{aid.goal}}%;力争到年底达到 {{aid.goal}};"
                              "{{aid.fell.word}}{{aid.fell.amount}}%,笔数{{aid.rows.change}}。{{no.such}}\n";

static const county_line EARLIER[] = {{0, "1", "张三丰", "2019-1", "甲校", "400.00"}, {0, "2", "李四", "2019-1", "甲校", "100.00"}};
static const county_line LATER[] = {{0, "1", "张三丰", "2019-1", "甲校", "400.00"},
                                    {0, "2", "李四", "2019-1", "甲校", "360.00"},
                                    {0, "3", "王五", "2019-1", "甲校", "300.05"}};

static tz_day day_of(small_county *county, int32_t as_of)
{
    tz_day day = {0};
    MUST(tz_day_resolve(county->store, (tz_day){.as_of = as_of}, &day, err));
    return day;
}

static void start(small_county *county)
{
    county_make(county);
    county_write(county, "packs/aid/figures.sql", FIGURES);
    county_write(county, "packs/aid/assertions.yaml", ASSERTIONS);
    county_write(county, "packs/aid/report.md", SECTION);
    county_load_packs(county);
    (void)county_deliver(county, "aid", "2019-07-15", 0, EARLIER, 2);
    (void)county_deliver(county, "aid", "2020-01-15", 0, LATER, 3);
    county_link(county);
}

static void prints_each_kind_in_its_own_way(void **state)
{
    static const struct { const char *name, *kind, *value, *printed, *in_sentence; } CASES[] = {
        {"aid.rows", "counted", "3", "3笔", "3"},
        {"aid.about", "bound", "2", "2余笔", "2余"},
        {"aid.paid", "measured", "1060.05", "1060.05元", "1060.05"},
        {"aid.share", "measured", "66.7", "66.7%", "66.7"},
        {"aid.fell", "measured", "33", "下降33%", "33"},
        {"aid.rose", "measured", "-50", "增长50%", "-50"},
        {"aid.none_dear", "universal", "2", "不属实(例外 2)", "不属实(例外 2)"},
        {"aid.few_dear", "mostly", "2", "基本", "基本"},
        {"aid.hardly", "mostly", "2", "尚未(例外 2)", "尚未(例外 2)"},
        {"aid.goal", "target", "90", "力争90%", "力争90"},
    };
    small_county     county;
    tz_figure_values values = {0};

    (void)state;
    start(&county);
    MUST(tz_figures_compute(&county.mem, county.store, county.packs, day_of(&county, 20200115), TZ_ZH, NULL, &values, err));
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const tz_figure_value *found = tz_figure_value_of(&values, CASES[i].name);
        assert_non_null(found);
        assert_string_equal(found->kind, CASES[i].kind);
        assert_string_equal(found->value, CASES[i].value);
        assert_string_equal(found->printed, CASES[i].printed);
        assert_string_equal(found->in_sentence, CASES[i].in_sentence);
    }
    tz_figure_values alone = {0}; /* one figure brings what it is made of */
    MUST(tz_figures_compute(&county.mem, county.store, county.packs, day_of(&county, 20200115), TZ_ZH, "aid.few_dear", &alone, err));
    assert_string_equal(tz_figure_value_of(&alone, "aid.few_dear")->printed, "基本");
    county_drop(&county);
}

static void words_changes(void **state)
{
    static const struct { const char *now, *before, *words; } CASES[] = {
        {"81", "100", "下降19%"}, {"112.5", "100", "增长12.5%"}, {"5", "5.00", "持平"}, {"3", "0", "增加3"}, {"0", "4", "下降100%"},
        {"1", "3", "下降66.7%"}, {NULL, "4", NULL}, {"4", NULL, NULL}, {"x", "4", NULL}};
    tz_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *words = tz_phrase_change(&mem, CASES[i].now, CASES[i].before, TZ_ZH);
        if (CASES[i].words == NULL)
            assert_null(words);
        else
            assert_string_equal(words, CASES[i].words);
    }
    assert_string_equal(tz_phrase_number(&mem, "84.20"), "84.2");
    assert_string_equal(tz_phrase_number(&mem, "150.00"), "150");
    assert_string_equal(tz_phrase_number(&mem, "100"), "100");
    tz_arena_free(&mem);
}

static tz_truth truth_of(const tz_judgement *judgement, const char *name)
{
    for (size_t i = 0; i < judgement->count; i++)
        if (strcmp(judgement->items[i].assertion->name, name) == 0)
            return judgement->items[i].truth;
    fail_msg("no assertion %s", name);
    return TZ_UNKNOWN;
}

static void judges_assertions(void **state)
{
    small_county     county;
    tz_figure_values now = {0}, before = {0};
    tz_judgement     judgement = {0};

    (void)state;
    start(&county);
    MUST(tz_figures_compute(&county.mem, county.store, county.packs, day_of(&county, 20200115), TZ_ZH, NULL, &now, err));
    MUST(tz_figures_compute(&county.mem, county.store, county.packs, day_of(&county, 20190715), TZ_ZH, NULL, &before, err));
    MUST(tz_assertions_judge(&county.mem, county.packs, &now, NULL, TZ_ZH, &judgement, err));
    assert_int_equal(truth_of(&judgement, "dear-within"), TZ_HOLDS);
    assert_int_equal(truth_of(&judgement, "share"), TZ_HOLDS);
    assert_int_equal(truth_of(&judgement, "nonsense"), TZ_BROKEN);
    assert_int_equal(truth_of(&judgement, "asked"), TZ_BROKEN);
    assert_int_equal(truth_of(&judgement, "not-less"), TZ_UNKNOWN); /* no report before */
    assert_int_equal(judgement.broken, 1);                           /* what is to be explained does not count */
    MUST(tz_assertions_judge(&county.mem, county.packs, &now, &before, TZ_ZH, &judgement, err));
    assert_int_equal(truth_of(&judgement, "not-less"), TZ_HOLDS);
    MUST(tz_assertions_judge(&county.mem, county.packs, &before, &now, TZ_ZH, &judgement, err));
    assert_int_equal(truth_of(&judgement, "not-less"), TZ_BROKEN);
    county_drop(&county);
}

static bool holds(tz_text text, const char *part)
{
    return tz_text_find(text, tz_text_of(part), 0) != SIZE_MAX;
}

static void says_what_is_broken_first_or_refuses(void **state)
{
    small_county      county;
    tz_text           page = {0};
    tz_err            refused = {0};

    (void)state;
    start(&county);
    tz_report_options options = {.day = day_of(&county, 20200115), .lang = TZ_ZH, .since = 20190715};
    const char       *path = tz_store_path(&county.mem, county.store, "derived", "a.html");
    MUST(tz_report_make(&county.mem, county.store, county.packs, &options, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &page, err));
    size_t alarm = tz_text_find(page, TZ_TEXT("3 &lt;= 2"), 0), section = tz_text_find(page, TZ_TEXT("有2笔大额"), 0);
    assert_true(alarm != SIZE_MAX && section != SIZE_MAX && alarm < section);
    assert_true(holds(page, "这里有意不成立"));
    assert_true(holds(page, "达到<a class=figure href=\"#figure-aid.goal\">力争90</a>%"));
    assert_true(holds(page, "力争到年底达到<a class=figure href=\"#figure-aid.goal\">90%</a>"));
    assert_true(holds(page, "下降33%"));
    assert_true(holds(page, "笔数增长50%"));
    assert_true(holds(page, "(?no.such)"));
    assert_false(holds(page, "全部不是大额"));
    options.is_strict = true;
    const char *other = tz_store_path(&county.mem, county.store, "derived", "b.html");
    assert_int_equal(tz_report_make(&county.mem, county.store, county.packs, &options, other, &refused), TZ_REFUSED);
    assert_non_null(strstr(refused.zh, "3 <= 2"));
    assert_false(tz_file_exists(other));
    county_drop(&county);
}

/* The results of checks in a report of another day are those of that day. */
static void shows_the_checks_of_its_own_day(void **state)
{
    small_county     county;
    json_t          *results = NULL;
    tz_text          early = {0}, late = {0};
    tz_check_options run = {.day.as_of = 20200115};

    (void)state;
    start(&county);
    MUST(tz_checks_run(&county.mem, county.store, county.packs, &run, &results, err));
    json_decref(results);
    const char *path = tz_store_path(&county.mem, county.store, "derived", "a.html");
    MUST(tz_report_make(&county.mem, county.store, county.packs,
         &(tz_report_options){.day = day_of(&county, 20200115), .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &late, err));
    MUST(tz_report_make(&county.mem, county.store, county.packs,
         &(tz_report_options){.day = day_of(&county, 20190715), .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &early, err));
    assert_true(holds(late, "<td class=n>0</td><td class=n>3</td>")); /* rows looked at */
    assert_false(holds(early, "<td class=n>0</td><td class=n>3</td>"));
    assert_true(holds(early, "<td class=n>0</td><td class=n>2</td>"));
    county_drop(&county);
}

static void tells_figures_apart_by_place(void **state)
{
    static const struct { const char *name, *value; } CASES[] = {{"东镇", "3"}, {"西镇", "0"}};
    small_county county;
    json_t      *places = NULL;
    tz_err       wrong = {0};

    (void)state;
    start(&county);
    tz_day day = day_of(&county, 20200115);
    MUST(tz_figure_places(&county.mem, county.store, county.packs, day, TZ_DIVISION_TOWNSHIP, TZ_ZH, "aid.rows", &places, err));
    assert_int_equal(json_array_size(places), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(tz_json_str(json_array_get(places, i), "name"), CASES[i].name);
        assert_string_equal(tz_json_str(json_array_get(places, i), "value"), CASES[i].value);
    }
    json_decref(places);
    MUST(tz_figure_places(&county.mem, county.store, county.packs, day, TZ_DIVISION_VILLAGE, TZ_ZH, "aid.share", &places, err));
    assert_int_equal(json_array_size(places), 1);
    assert_string_equal(tz_json_str(json_array_get(places, 0), "name"), "上村村委会");
    assert_string_equal(tz_json_str(json_array_get(places, 0), "value"), "66.7");
    json_decref(places);
    MUST(tz_figure_places(&county.mem, county.store, county.packs, day, TZ_DIVISION_TOWNSHIP, TZ_ZH, "aid.paid", &places, err));
    assert_string_equal(tz_json_str(json_array_get(places, 0), "value"), "1060.05");
    json_decref(places);
    assert_int_equal(tz_figure_places(&county.mem, county.store, county.packs, day, TZ_DIVISION_TOWNSHIP, TZ_ZH, "aid.goal", &places, &wrong),
                     TZ_USAGE);
    assert_int_equal(tz_figure_places(&county.mem, county.store, county.packs, day, TZ_DIVISION_TOWNSHIP, TZ_ZH, "no.such", &places, &wrong),
                     TZ_MISSING);
    county_drop(&county);
}

static void follows_a_figure_over_time(void **state)
{
    small_county county;
    json_t      *points = NULL;

    (void)state;
    start(&county);
    MUST(tz_figure_trend(&county.mem, county.store, county.packs, day_of(&county, 20200115), TZ_ZH, "aid.rows", &points, err));
    assert_int_equal(json_array_size(points), 2);
    assert_string_equal(tz_json_str(json_array_get(points, 0), "as_of"), "2019-07-15");
    assert_string_equal(tz_json_str(json_array_get(points, 0), "value"), "2");
    assert_null(tz_json_str(json_array_get(points, 0), "change"));
    assert_string_equal(tz_json_str(json_array_get(points, 1), "change"), "增长50%");
    json_decref(points);
    county_drop(&county);
}

static void names_the_rows_that_moved_a_figure(void **state)
{
    small_county county;
    json_t      *moved = NULL, *line = NULL;
    size_t       i;

    (void)state;
    start(&county);
    MUST(tz_report_moved(&county.mem, county.store, county.packs, 0, 20190715, 20200115, TZ_ZH, "aid.paid", &moved, err));
    assert_int_equal(json_array_size(moved), 1);
    line = json_array_get(moved, 0);
    assert_string_equal(tz_json_str(line, "before"), "500元");
    assert_string_equal(tz_json_str(line, "now"), "1060.05元");
    assert_string_equal(tz_json_str(line, "change"), "增长112%");
    assert_int_equal(tz_json_int(line, "came", -1), 1);    /* 3 */
    assert_int_equal(tz_json_int(line, "changed", -1), 1); /* 2 got more */
    assert_int_equal(tz_json_int(line, "gone", -1), 0);    /* 1 was delivered again as it was */
    json_t *rows = json_object_get(line, "rows"), *row;
    assert_int_equal(json_array_size(rows), 2);
    json_array_foreach(rows, i, row)
        assert_string_equal(tz_json_str(row, "file"), "aid-2.csv");
    json_decref(moved);
    MUST(tz_report_moved(&county.mem, county.store, county.packs, 0, 20200115, 20190715, TZ_ZH, "aid.rows", &moved, err));
    line = json_array_get(moved, 0);
    assert_int_equal(tz_json_int(line, "gone", -1), 1);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(line, "rows"), 1), "what"), "gone");
    json_decref(moved);
    MUST(tz_report_moved(&county.mem, county.store, county.packs, 0, 20200115, 20200115, TZ_ZH, NULL, &moved, err));
    assert_int_equal(json_array_size(moved), 0);
    json_decref(moved);
    county_drop(&county);
}

/* A master says the order and the headings; what holds nothing is left out. */
static void arranges_sections_by_the_master(void **state)
{
    small_county county;
    tz_text      page = {0};

    (void)state;
    start(&county);
    county_write(&county, "packs/aid/master.md", "## 空的\n\n{{> nothing}}\n\n## 总的\n\n{{> aid}}\n\n## 也空\n");
    county_load_packs(&county);
    const char *path = tz_store_path(&county.mem, county.store, "derived", "a.md");
    MUST(tz_report_make(&county.mem, county.store, county.packs,
         &(tz_report_options){.day = day_of(&county, 20200115), .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &page, err));
    assert_true(holds(page, "## 一、总的\n"));
    assert_true(holds(page, "### （一）资助\n"));
    assert_true(holds(page, "## 二、问题台账\n"));
    assert_false(holds(page, "空"));
    county_drop(&county);
}

/* What is said of a finding later does not show in the findings of an earlier entry. */
static void knows_no_later_verdict(void **state)
{
    small_county     county;
    json_t          *results = NULL, *findings = NULL;
    tz_check_options run = {.day.as_of = 20200115};
    int64_t          before = 0;
    tz_finding_filter filter = {.finding = 1, .lang = TZ_ZH};
    const county_line dear = {0, "9", "周九", "2019-2", "甲校", "900.00"};

    (void)state;
    start(&county);
    (void)county_deliver(&county, "aid", "2020-01-15", 0, &dear, 1);
    county_link(&county);
    MUST(tz_checks_run(&county.mem, county.store, county.packs, &run, &results, err));
    json_decref(results);
    MUST(tz_journal_count(county.store, &before, err));
    MUST(tz_verdict(county.store, county.packs, 1, true, NULL, NULL, err));
    MUST(tz_issue_open_found(&county.mem, county.store, county.packs, &results, err));
    json_decref(results);
    for (int later = 0; later < 2; later++) {
        filter.at = later == 0 ? before : 0;
        MUST(tz_findings(&county.mem, county.store, county.packs, &filter, &findings, err));
        const json_t *line = json_array_get(findings, 0);
        assert_int_equal(tz_json_str(line, "verdict") != NULL, later);
        assert_int_equal(tz_json_int(line, "issue", 0) != 0, later);
        json_decref(findings);
    }
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_each_kind_in_its_own_way), cmocka_unit_test(words_changes),
        cmocka_unit_test(judges_assertions),               cmocka_unit_test(says_what_is_broken_first_or_refuses),
        cmocka_unit_test(shows_the_checks_of_its_own_day), cmocka_unit_test(tells_figures_apart_by_place),
        cmocka_unit_test(follows_a_figure_over_time),      cmocka_unit_test(names_the_rows_that_moved_a_figure),
        cmocka_unit_test(knows_no_later_verdict),          cmocka_unit_test(arranges_sections_by_the_master),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
