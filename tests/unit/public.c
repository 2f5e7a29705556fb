/* What is published: the fields that the law allows and no other, its days, its coming down, and statistics that
 * give nobody away. Every way that a template or a declaration could leak a personal column is tried. */
#include "../county.h"

#include "base/date.h"
#include "base/text.h"
#include "report/public.h"
#include "report/report.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The pack of county.h with columns that must never come out. */
static const char PACK[] =
    "name: aid\ntitle: 测试 | test\nregisters:\n"
    "  aid:\n    title: 资助 | aid\n    owner: [教育局]\n    key: [no, term, school]\n    period: term\n    period_column: term\n"
    "    columns:\n"
    "      - {name: no, title: 编号 | number, type: text, required: true}\n"
    "      - {name: name, title: 姓名 | name, type: text}\n"
    "      - {name: term, title: 学期 | term, type: term}\n"
    "      - {name: school, title: 学校 | school, type: text}\n"
    "      - {name: amount, title: 金额 | amount, type: money, sensitivity: personal}\n"
    "      - {name: village, title: 村 | village, type: division}\n"
    "    identities:\n      - {role: person, id: no, name: name}\n"
    "  refunds:\n    title: 退款 | refunds\n    owner: [教育局]\n    key: [no]\n    period: event\n    columns:\n"
    "      - {name: no, title: 身份证号 | number, type: id}\n      - {name: name, title: 监护人姓名 | name, type: text}\n"
    "      - {name: phone, title: 联系电话 | phone, type: text}\n      - {name: illness, title: 所患疾病 | illness, type: text}\n"
    "      - {name: born, title: 出生日期 | born, type: date}\n      - {name: home, title: 家庭住址 | home, type: text}\n"
    "      - {name: hidden, title: 备注 | remark, type: text, sensitivity: secret}\n"
    "      - {name: school, title: 学校 | school, type: text}\n"
    "    identities:\n      - {role: guardian, id: no, name: name}\n";

static const char FIGURES[] =
    "-- figure: aid.persons\n-- title: 受助人数 | Persons\n-- value: count(*)\n-- unit: 人\n-- of: aid\n"
    "SELECT a.person, min(a._row) AS aid_row FROM aid a GROUP BY a.person;\n\n"
    "-- figure: aid.paid\n-- title: 金额 | Paid\n-- value: sum(amount)\n-- unit: 元\n-- of: aid\nSELECT a.amount, a._row AS aid_row FROM aid a;\n";

/* The template asks for all that it must not get. */
#define GREEDY                                                                                                                   \
    "  text: |\n    名单如下。{{#rows}}{{amount}}{{no}}{{person}}{{household}}{{_row}}{{village}}{{term}}{{c0}}{{row.amount}}{{/rows}}" \
    "{{amount}}{{aid}}{{aid.amount}}{{figures}}{{row}}{{{rows}}}{{secret}}{{county.secret}}{{by_user}}{{>amount}}\n"

static const char PUBLICATIONS[] =
    "- name: aid-list\n  title: 公示 | List\n  law: 某号文 | some law\n  register: aid\n  fields: [school, name]\n  days: 5\n" GREEDY
    "- name: masked\n  title: 公示二 | Masked\n  law: 某号文 | some law\n  register: aid\n  fields: [name]\n  mask: true\n  where: {school: 甲校}\n"
    "  days: 5 working\n"
    "- name: posted\n  title: 张贴 | Posted\n  law: 某号文 | some law\n  register: aid\n  fields: [name]\n  days: 7\n  medium: paper\n"
    "- name: by-town\n  title: 统计 | Statistics\n  law: 某条例 | some law\n  figure: aid.persons\n" GREEDY;

static const county_line LINES[] = {
    {0, "n1", "张三丰", "2019-2", "甲校", "411.11"}, {0, "n2", "李四光", "2019-2", "甲校", "422.22"}, {0, "n3", "王五一", "2019-2", "乙校", "433.33"},
    {0, "n4", "赵六二", "2019-1", "甲校", "444.44"}, {0, "n5", "孙七三", "2019-2", "甲校", "455.55"}, {0, "n6", "周八四", "2019-2", "甲校", "466.66"},
    {0, "n7", "吴九五", "2019-2", "甲校", "477.77"}};

static void start(small_county *county, size_t lines)
{
    county_make(county);
    county_write(county, "packs/aid/pack.yaml", PACK);
    MUST(tz_file_remove_folder(tz_store_path(&county->mem, county->store, "packs/aid", "checks"), err));
    county_write(county, "packs/aid/figures.sql", FIGURES);
    county_write(county, "packs/aid/publications.yaml", PUBLICATIONS);
    county_load_packs(county);
    (void)county_deliver(county, "aid", "2020-01-15", 0, LINES, lines);
    county_link(county);
}

static tz_publish_options on_day(small_county *county, int32_t as_of, int32_t starts)
{
    tz_publish_options options = {.starts = starts, .lang = TZ_ZH};
    MUST(tz_day_resolve(county->store, (tz_day){.as_of = as_of}, &options.day, err));
    return options;
}

static const char *published(small_county *county, const char *name, const tz_publish_options *options, const char *file)
{
    tz_text     text = {0};
    json_t     *row = NULL;
    const char *path = tz_store_path(&county->mem, county->store, "derived", file);
    MUST(tz_publish(&county->mem, county->store, county->packs, name, options, path, &row, err));
    json_decref(row);
    MUST(tz_file_load(&county->mem, path, 1 << 24, &text, err));
    return text.data;
}

static void shows_what_the_law_allows_and_no_more(void **state)
{
    static const char *const NEVER[] = {"411.11", "422.22", "433.33", "444.44", "n1", "n2", "Pn1", "140430100201", "tester", "赵六二"};
    small_county county;

    (void)state;
    start(&county, 7);
    tz_publish_options options = on_day(&county, 20200115, 20200201);
    options.period = "2019-2";
    const char *page = published(&county, "aid-list", &options, "a.html");
    assert_non_null(strstr(page, "张三丰"));
    assert_non_null(strstr(page, "乙校"));
    assert_non_null(strstr(page, "2020年2月1日"));
    assert_non_null(strstr(page, "2020年2月5日"));
    assert_non_null(strstr(page, "某号文"));
    for (size_t i = 0; i < COUNT(NEVER); i++)
        if (strstr(page, NEVER[i]) != NULL)
            fail_msg("'%s' came out", NEVER[i]);
    page = published(&county, "masked", &options, "b.html");
    assert_non_null(strstr(page, "张*丰"));
    assert_null(strstr(page, "张三丰"));
    assert_null(strstr(page, "王*一")); /* of another school */
    county_drop(&county);
}

static void shows_no_name_in_statistics(void **state)
{
    small_county county;

    (void)state;
    start(&county, 7);
    tz_publish_options options = on_day(&county, 20200115, 20200201);
    const char *page = published(&county, "by-town", &options, "a.html");
    for (size_t i = 0; i < COUNT(LINES); i++) {
        assert_null(strstr(page, LINES[i].name));
        assert_null(strstr(page, LINES[i].amount));
    }
    assert_non_null(strstr(page, ">7<")); /* the sum; neither of two townships, since one has none */
    assert_true(strstr(page, "东镇") != NULL && strstr(strstr(page, "东镇"), "—") < strstr(page, "西镇"));
    county_drop(&county);
}

/* Two publications, between which two persons came: the second prints the number of the first. */
static void holds_back_what_a_difference_would_tell(void **state)
{
    static const char NUMBER[] = "SELECT shown FROM publication ORDER BY publication DESC LIMIT 1";
    static const char *const SHOWN[] = {"[[\"140430100000\",null,false],[\"140430101000\",null,false],[\"total\",7,false]]",
                                        "[[\"140430100000\",null,false],[\"140430101000\",null,false],[\"total\",7,true]]"};
    county_line  more[9] = {{0}};
    small_county county;

    (void)state;
    start(&county, 7);
    memcpy(more, LINES, sizeof LINES);
    more[7] = (county_line){0, "n8", "郑十六", "2019-2", "甲校", "1.00"};
    more[8] = (county_line){0, "n9", "冯一七", "2019-2", "甲校", "1.00"};
    for (int round = 0; round < 2; round++) {
        tz_publish_options options = on_day(&county, round == 0 ? 20200115 : 20200215, 20200301);
        tz_sql            *sql = NULL;
        bool               has_row = false;
        const char        *page = published(&county, "by-town", &options, "a.html");
        MUST(tz_sql_open(county.store, NUMBER, &sql, err));
        MUST(tz_sql_step(county.store, sql, &has_row, err));
        assert_string_equal(tz_sql_str(sql, 0), SHOWN[round]);
        tz_sql_close(sql);
        assert_true((strstr(page, "7*") != NULL) == (round == 1));
        assert_null(strstr(page, ">9<"));
        if (round == 0) {
            (void)county_deliver(&county, "aid", "2020-02-15", 0, more, 9);
            county_link(&county);
        }
    }
    county_drop(&county);
}

static size_t site(small_county *county, const char *folder, int32_t today)
{
    json_t *rows = NULL;
    MUST(tz_public_site(&county->mem, county->store, county->packs, folder, today, TZ_ZH, &rows, err));
    size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static const char *state_on(small_county *county, size_t index, int32_t today)
{
    json_t *rows = NULL;
    MUST(tz_publications(&county->mem, county->store, county->packs, today, TZ_ZH, &rows, err));
    const char *state = tz_arena_dup(&county->mem, tz_json_str(json_array_get(rows, index), "state"));
    json_decref(rows);
    return state;
}

static void comes_down_by_itself(void **state)
{
    small_county county;
    json_t      *row = NULL;
    tz_err       wrong = {0};

    (void)state;
    start(&county, 7);
    const char *folder = tz_store_path(&county.mem, county.store, "derived", "site");
    const char *list = tz_arena_printf(&county.mem, "%s/publication-1.html", folder);
    tz_publish_options options = on_day(&county, 20200115, 20200201);
    (void)published(&county, "aid-list", &options, "a.html");
    (void)published(&county, "by-town", &options, "b.html");
    MUST(tz_publish(&county.mem, county.store, county.packs, "posted", &options, tz_store_path(&county.mem, county.store, "derived", "c.docx"),
                    &row, err));
    json_decref(row);
    assert_int_equal(tz_publish(&county.mem, county.store, county.packs, "posted", &options,
                                tz_store_path(&county.mem, county.store, "derived", "c.html"), &row, &wrong), TZ_USAGE);

    assert_string_equal(state_on(&county, 0, 20200131), "coming");
    assert_int_equal(site(&county, folder, 20200131), 0);
    assert_int_equal(site(&county, folder, 20200201), 2); /* what is posted on paper is not among them */
    assert_true(tz_file_exists(list));
    assert_int_equal(site(&county, folder, 20200205), 2);
    assert_string_equal(state_on(&county, 0, 20200206), "over");
    assert_int_equal(site(&county, folder, 20200206), 1);
    assert_false(tz_file_exists(list));
    assert_false(tz_file_exists(tz_arena_printf(&county.mem, "%s/publication-3.html", folder)));

    MUST(tz_publication_take(&county.mem, county.store, 2, 20200210, "有误", err));
    assert_int_equal(site(&county, folder, 20200210), 0);
    assert_int_equal(tz_publication_take(&county.mem, county.store, 2, 20200211, "有误", &wrong), TZ_REFUSED);
    assert_int_equal(tz_publication_take(&county.mem, county.store, 9, 20200211, "有误", &wrong), TZ_MISSING);
    county_drop(&county);
}

/* Declarations that would leak are refused when the pack is read. */
static void refuses_what_no_pack_may_publish(void **state)
{
    static const char *const FIELDS[] = {"aid:no", "aid:amount", "refunds:no", "refunds:name", "refunds:phone", "refunds:illness", "refunds:born",
                                         "refunds:home", "refunds:hidden", "aid:person", "aid:_row", "aid:name AS school", "aid:*"};
    static const char *const OTHERS[] = {
        "- {name: x, title: x, law: y, register: aid, fields: [name], days: 5, figure: aid.persons}\n",
        "- {name: x, title: x, law: y, figure: aid.paid}\n", "- {name: x, title: x, register: aid, fields: [name], days: 5}\n",
        "- {name: x, title: x, law: y, register: aid, fields: [name]}\n", "- {name: x, title: x, law: y, register: aid, fields: [], days: 5}\n",
        "- {name: x, title: x, law: y, register: aid, fields: [name], days: 5, sql: SELECT 1}\n",
        "- {name: x, title: x, law: y, register: aid, fields: [name], days: 5, where: {nothing: 1}}\n"};
    small_county county;
    tz_packs    *packs = NULL;

    (void)state;
    start(&county, 7);
    const char *own = tz_store_path(&county.mem, county.store, "packs", NULL);
    for (size_t i = 0; i < COUNT(FIELDS) + COUNT(OTHERS); i++) {
        tz_err      wrong = {0};
        const char *text = i < COUNT(FIELDS)
                               ? tz_arena_printf(&county.mem, "- {name: x, title: x, law: y, register: %.*s, fields: [\"%s\"], days: 5}\n",
                                                 (int)(strchr(FIELDS[i], ':') - FIELDS[i]), FIELDS[i], strchr(FIELDS[i], ':') + 1)
                               : OTHERS[i - COUNT(FIELDS)];
        county_write(&county, "packs/aid/publications.yaml", text);
        if (tz_packs_load(&county.mem, county.store->county, own, own, &packs, &wrong) != TZ_INPUT)
            fail_msg("taken: %s", text);
    }
    county_drop(&county);
}

/* A section of the report has figures and nothing else to print. */
static void leaks_nothing_through_a_section(void **state)
{
    static const char SECTION[] = "## 资助\n\n{{#aid}}{{amount}}{{no}}{{name}}{{rows}}{{/aid}}{{aid.persons.rows}}{{aid.persons._row}}"
                                  "{{name}}{{aid.amount}}"
                                  "{{#aid.persons}}{{name}}{{rows}}{{person}}{{/aid.persons}}\n";
    small_county county;
    tz_text      page = {0};
    tz_day       day = {0};

    (void)state;
    start(&county, 7);
    county_write(&county, "packs/aid/report.md", SECTION);
    county_load_packs(&county);
    MUST(tz_day_resolve(county.store, day, &day, err));
    const char *path = tz_store_path(&county.mem, county.store, "derived", "r.html");
    MUST(tz_report_make(&county.mem, county.store, county.packs, &(tz_report_options){.day = day, .lang = TZ_ZH, .is_alone = true}, path, err));
    MUST(tz_file_load(&county.mem, path, 1 << 24, &page, err));
    size_t      at = tz_text_find(page, TZ_TEXT("资助"), 0), end = tz_text_find(page, TZ_TEXT("问题台账"), at);
    const char *section = tz_text_dup(&county.mem, tz_text_cut(page, at, end - at));
    for (size_t i = 0; i < COUNT(LINES); i++) {
        assert_null(strstr(section, LINES[i].name));
        assert_null(strstr(section, LINES[i].amount));
    }
    for (size_t i = 0; i < COUNT(LINES); i++)
        assert_null(strstr(page.data, LINES[i].name));
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_the_law_allows_and_no_more),   cmocka_unit_test(shows_no_name_in_statistics),
        cmocka_unit_test(holds_back_what_a_difference_would_tell), cmocka_unit_test(comes_down_by_itself),
        cmocka_unit_test(refuses_what_no_pack_may_publish),        cmocka_unit_test(leaks_nothing_through_a_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
