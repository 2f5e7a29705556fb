/* Lists of problems: time limits in words, headers of many kinds, what comes of a row, the same list again. */
#include "../ledger.h"

#include <xlsxwriter.h>

#include "base/date.h"
#include "ledger/intake.h"
#include "ledger/words.h"

/* ---- Time limits ---- */

static void reads_limits_in_words(void **state)
{
    (void)state;
    static const struct { const char *text, *term; int32_t due; } CASES[] = {
        {"", "by date", 0},
        {"2020-06-30", "by date", 20200630},
        {"2020.6.30前", "by date", 20200630},
        {"20200630", "by date", 20200630},
        {"2020/6", "by date", 20200630},
        {"2020年6月30日", "by date", 20200630},
        {"2020年6月底前", "by date", 20200630},
        {"２０２０年６月底", "by date", 20200630},
        {"二0二0年", NULL, 0},
        {"6月底", "by date", 20200630},
        {"六月底前", "by date", 20200630},
        {"十二月中旬", "by date", 20201220},
        {"2020年2月上旬", "by date", 20200210},
        {"2020 年 2 月", "by date", 20200229},
        {"20年底", "by date", 20201231},
        {"2020年底前", "by date", 20201231},
        {"年底前", "by date", 20201231},
        {"2021年上半年", "by date", 20210630},
        {"三季度末", "by date", 20200930},
        {"2020年第二季度", "by date", 20200630},
        {"2020年5月至6月", "by date", 20200630},
        {"30日内", "by date", 20200414},
        {"两周内完成", "by date", 20200329},
        {"一个月内", "by date", 20200415},
        {"15个工作日内", "by date", 20200403},
        {"立行立改", "at once", 0},
        {"立即整改", "at once", 0},
        {"立行立改,6月底前完成", "by date", 20200630},
        {"长期坚持", "long-term", 0},
        {"立行立改并长期坚持", "long-term", 0},
        {"2020年6月底前,并长期坚持", "long-term", 20200630},
        {"尽快", NULL, 0},
        {"2020年13月", NULL, 0},
        {"2020年2月30日", NULL, 0},
        {"99999999999999999999日内", NULL, 0},
    };
    tz_calendar calendar = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_time_limit limit = {0};
        bool          is_read = tz_time_limit_parse(tz_text_of(CASES[i].text), 20200315, &calendar, &limit);
        if (is_read != (CASES[i].term != NULL) || (is_read && (strcmp(limit.term, CASES[i].term) != 0 || limit.due != CASES[i].due)))
            fail_msg("%s: %s %d", CASES[i].text, is_read ? limit.term : "not read", (int)limit.due);
    }
}

/* Any bytes are read or refused. */
static void survives_any_bytes(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"2020", "年", "月", "日", "底", "内", "个工作日", "十", "三季度", "\xFF", "99999999", "-", "旬"};
    tz_calendar calendar = {0};
    uint64_t    seed = 1;
    for (int i = 0; i < 4000; i++) {
        char text[160] = "";
        for (int j = 0; j < 6; j++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            (void)strncat(text, PARTS[(seed >> 33) % (sizeof PARTS / sizeof PARTS[0])], sizeof text - strlen(text) - 1);
        }
        tz_time_limit limit = {0};
        if (tz_time_limit_parse(tz_text_of(text), 20200315, &calendar, &limit))
            assert_true(limit.due == 0 || tz_date_is_real(limit.due));
    }
}

/* ---- Lists ---- */

static json_t *import(small_county *county, const char *name, const char *text, tz_intake_options options)
{
    json_t *results = NULL;
    MUST(tz_issue_import(&county->mem, county->store, county->packs, a_file(county, name, text), &options, &results, err));
    assert_int_equal(json_array_size(results), 1);
    json_t *result = json_incref(json_array_get(results, 0));
    json_decref(results);
    return result;
}

#define OPTIONS(...) ((tz_intake_options){__VA_ARGS__})

static int64_t counted(const json_t *result, const char *what)
{
    return tz_json_int(json_object_get(result, "account"), what, -1);
}

static void expect_row(const json_t *result, size_t index, const char *action, int64_t issue)
{
    const json_t *row = json_array_get(json_object_get(result, "rows"), index);
    assert_string_equal(tz_json_str(row, "action"), action);
    if (issue != 0)
        assert_int_equal(tz_json_int(row, "issue", 0), issue);
}

static const char LIST[] =
    "测试县2020年巡察反馈问题整改台账,,,,,,,,,\n"
    "填报单位:县委巡察办,,,,,,,,,\n"
    "序号,县委巡察反馈问题,整改措施,责任单位(盖章),配合单位,责任人,整改时限,整改情况,,销号情况\n"
    ",,,,,,,进展,完成情况,\n"
    "1,学生资助多发,追回资金,教育局,\"财政局、民政局\",李办事,2020年6月底前,已追回3户,部分完成,\n"
    "2,村级账目不清,清理账目,东镇,,李四,立行立改,,,已销号\n"
    ",,建立制度,东镇,,,长期坚持,,,\n"
    "3,敬老院管理松,整顿,民政局,,王五,尽快,,,\n"
    "4,,,民政局,,,6月底,,,\n"
    ",,,,,,,,,\n"
    "合计,4,,,,,,,,\n"
    "填表人:某某,,,,,,,,,\n";

static void takes_a_list(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    json_t *result = import(&county, "list.csv", LIST, OPTIONS(.is_dry_run = true));
    assert_int_equal(counted(result, "opened"), 4);
    json_decref(result);
    int64_t issues = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM issue", NULL, NULL, &issues, err));
    assert_int_equal(issues, 0); /* nothing was written */

    result = import(&county, "list.csv", LIST, OPTIONS(.source = "inspection"));
    assert_int_equal(counted(result, "opened"), 4);
    assert_int_equal(counted(result, "refused"), 2);
    assert_int_equal(counted(result, "blank"), 1);
    assert_int_equal(counted(result, "notes"), 2);
    expect_row(result, 0, "open", 1);
    expect_row(result, 4, "refuse", 0);
    const json_t *refused = json_array_get(json_object_get(result, "rows"), 4);
    assert_string_equal(tz_json_str(refused, "column"), "G");
    assert_int_equal(tz_json_int(refused, "row", 0), 8);
    expect_row(result, 5, "refuse", 0);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(result, "rows"), 1), "claims"), "已销号");
    json_decref(result);

    json_t *shown = show(&county, 1);
    assert_string_equal(tz_json_str(shown, "title"), "学生资助多发");
    assert_string_equal(tz_json_str(shown, "unit"), "教育局");
    assert_string_equal(tz_json_str(shown, "due"), "2020-06-30");
    assert_string_equal(tz_json_str(shown, "handler"), "clerk"); /* the one user of that name */
    assert_string_equal(tz_json_str(shown, "state"), "open");
    assert_string_equal(tz_json_str(shown, "raised_by"), "测试县2020年巡察反馈问题整改台账");
    assert_int_equal(json_array_size(json_object_get(shown, "support")), 2);
    assert_int_equal(tz_json_int(json_array_get(json_object_get(shown, "sources"), 0), "row", 0), 5);
    json_decref(shown);
    shown = show(&county, 2); /* two measures: the problem is their parent, and 已销号 closed nothing */
    assert_string_equal(tz_json_str(shown, "share_done"), "0/2");
    assert_string_equal(tz_json_str(shown, "term"), "at once");
    json_decref(shown);
    shown = show(&county, 4);
    assert_string_equal(tz_json_str(shown, "term"), "long-term");
    assert_int_equal(tz_json_int(shown, "parent", 0), 2);
    json_decref(shown);
    county_drop(&county);
}

static void joins_what_comes_again(void **state)
{
    (void)state;
    static const char FIRST[] = "问题,责任单位,进展\n账目不清,东镇,未动\n未公示,东镇,\n";
    static const char LATER[] = "问题,责任单位,进展\n账目 不清,东镇,已清理\n未公示,东镇,\n新问题,西镇,\n";
    small_county county;
    county_make(&county);
    json_decref(import(&county, "a.csv", FIRST, OPTIONS(.raised_by = "县委巡察")));
    json_t *result = import(&county, "a.csv", FIRST, OPTIONS(.raised_by = "县委巡察"));
    assert_int_equal(counted(result, "known"), 2);
    json_decref(result);
    result = import(&county, "b.csv", LATER, OPTIONS(.raised_by = "县委巡察"));
    expect_row(result, 0, "join", 1);
    expect_row(result, 1, "known", 2);
    expect_row(result, 2, "open", 3);
    json_decref(result);

    act(&county, 1, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, 1, "attach", WITH(.file = a_file(&county, "r.pdf", "r"), .kind = "receipt"));
    act(&county, 1, "submit", PLAIN);
    as(&county, "chief");
    act(&county, 1, "close", PLAIN);
    result = import(&county, "c.csv", LATER, OPTIONS(.raised_by = "县委巡察")); /* its own list does not open it again */
    assert_int_equal(counted(result, "reopened"), 0);
    json_decref(result);
    expect_state(&county, 1, "closed");
    result = import(&county, "d.csv", FIRST, OPTIONS(.raised_by = "省委巡视"));
    expect_row(result, 0, "reopen", 1);
    expect_row(result, 1, "join", 2);
    json_decref(result);
    expect_state(&county, 1, "open");
    county_drop(&county);
}

/* A title over the table, a header of two merged lines, a problem merged over two measures, a real date. */
static const char *a_workbook(small_county *county)
{
    const char      *path = tz_store_path(&county->mem, county->store, "list.xlsx", NULL);
    lxw_workbook    *book = workbook_new(path);
    lxw_worksheet   *other = workbook_add_worksheet(book, "说明"), *sheet = workbook_add_worksheet(book, "问题清单"),
                    *third = workbook_add_worksheet(book, "西镇"), *hidden = workbook_add_worksheet(book, "旧表");
    lxw_format      *date = workbook_add_format(book);
    const char      *header[] = {"序号", "存在问题", "具体措施", "牵头单位", "完成时限", "整改情况"};

    (void)format_set_num_format(date, "yyyy-mm-dd");
    worksheet_write_string(other, 0, 0, "填表说明", NULL);
    worksheet_merge_range(sheet, 0, 0, 0, 6, "问题整改台账", NULL);
    for (uint16_t i = 0; i < 5; i++)
        worksheet_merge_range(sheet, 1, i, 2, i, header[i], NULL);
    worksheet_merge_range(sheet, 1, 5, 1, 6, header[5], NULL);
    worksheet_write_string(sheet, 2, 5, "进展情况", NULL);
    worksheet_write_string(sheet, 2, 6, "是否完成", NULL);
    worksheet_merge_range(sheet, 3, 1, 4, 1, "危房未鉴定", NULL);
    worksheet_merge_range(sheet, 3, 3, 4, 3, "住建局", NULL);
    worksheet_write_string(sheet, 3, 2, "入户鉴定", NULL);
    worksheet_write_string(sheet, 4, 2, "拆旧建新", NULL);
    worksheet_write_number(sheet, 3, 4, 44012, date); /* 2020-06-30 */
    worksheet_write_string(sheet, 4, 4, "2020年底", NULL);
    worksheet_write_string(sheet, 3, 6, "是", NULL);
    worksheet_write_string(third, 0, 0, "问题", NULL);
    worksheet_write_string(third, 0, 1, "责任单位", NULL);
    worksheet_write_string(third, 1, 0, "道路未通", NULL);
    worksheet_hide(hidden);
    worksheet_write_string(hidden, 0, 0, "问题", NULL);
    worksheet_write_string(hidden, 0, 1, "责任单位", NULL);
    worksheet_write_string(hidden, 1, 0, "不应导入", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    return path;
}

static void reads_a_workbook(void **state)
{
    (void)state;
    small_county county;
    json_t      *results = NULL;
    county_make(&county);
    MUST(tz_issue_import(&county.mem, county.store, county.packs, a_workbook(&county), &OPTIONS(.level = "red"), &results, err));
    assert_int_equal(json_array_size(results), 2); /* every visible sheet with problems */
    assert_string_equal(tz_json_str(json_array_get(results, 1), "sheet"), "西镇");
    assert_int_equal(counted(json_array_get(results, 1), "opened"), 1);
    const json_t *result = json_array_get(results, 0);
    assert_string_equal(tz_json_str(result, "sheet"), "问题清单");
    assert_string_equal(tz_json_str(result, "raised_by"), "问题整改台账");
    assert_int_equal(counted(result, "opened"), 3);
    static const char *const FIELDS[] = {"number", "problem", "measure", "unit", "due", "progress", "result"};
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(tz_json_str(json_array_get(json_object_get(result, "mapping"), i), "field"), FIELDS[i]);
    json_decref(results);
    json_t *shown = show(&county, 2);
    assert_string_equal(tz_json_str(shown, "title"), "入户鉴定");
    assert_string_equal(tz_json_str(shown, "due"), "2020-06-30");
    assert_string_equal(tz_json_str(shown, "level"), "red");
    json_decref(shown);
    shown = show(&county, 3);
    assert_string_equal(tz_json_str(shown, "unit"), "住建局"); /* of the merged cell above */
    assert_string_equal(tz_json_str(shown, "due"), "2020-12-31");
    json_decref(shown);
    county_drop(&county);
}

static void takes_fields_and_people(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    const char *rest = strstr(COUNTY_PACK, "ledgers:\n") + strlen("ledgers:\n");
    county_write(&county, "packs/aid/pack.yaml",
                 tz_arena_printf(&county.mem, "%.*sledgers:\n  own:\n    title: 清零 | zero\n"
                                              "    steps: [open, assigned, rectifying, submitted, closed]\n"
                                              "    fields: [{name: village_kind, title: 村类型 | kind, synonyms: [村情]}]\n%s",
                                 (int)(rest - COUNTY_PACK - 9), COUNTY_PACK, rest));
    county_load_packs(&county);
    json_t *result = import(&county, "a.csv", "问题,村情,户主,分管领导\n未通水,贫困村,张三、李四,赵某\n", OPTIONS(.ledger = "own"));
    assert_string_equal(tz_json_str(json_array_get(json_object_get(result, "mapping"), 1), "field"), "village_kind");
    json_decref(result);
    json_t *shown = NULL;
    MUST(tz_issue_show(&county.mem, county.store, county.packs, 1, false, TZ_ZH, &shown, err));
    assert_string_equal(tz_json_str(json_object_get(shown, "fields"), "village_kind"), "贫困村");
    assert_string_equal(tz_json_str(json_object_get(shown, "fields"), "leader"), "赵某");
    json_decref(shown);
    int64_t people = 0;
    MUST(tz_sql_one(county.store, "SELECT count(*) FROM issue_person WHERE name IN ('张三', '李四')", NULL, NULL, &people, err));
    assert_int_equal(people, 2);
    county_drop(&county);
}

static void says_what_it_misses(void **state)
{
    (void)state;
    small_county county;
    json_t      *result = NULL;
    county_make(&county);
    static const struct { const char *text; tz_intake_options options; tz_rc rc; } CASES[] = {
        {"姓名,金额\n张三,1\n", {0}, TZ_INPUT},
        {"问题\n甲\n", {0}, TZ_INPUT}, /* one known column is no header */
        {"", {0}, TZ_INPUT},
        {"问题,责任单位\n甲,东镇\n", {.ledger = "none"}, TZ_USAGE},
        {"问题,责任单位\n甲,东镇\n", {.level = "blue"}, TZ_USAGE},
        {"问题,责任单位\n甲,东镇\n", {.parent = 77}, TZ_MISSING},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_err wrong = {0};
        tz_rc  rc = tz_issue_import(&county.mem, county.store, county.packs, a_file(&county, "x.csv", CASES[i].text), &CASES[i].options,
                                    &result, &wrong);
        if (rc != CASES[i].rc)
            fail_msg("case %zu: %d, %s", i, (int)rc, wrong.en);
        if (i == 0)
            assert_non_null(strstr(wrong.advice_en, "a header has 问题"));
    }
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_limits_in_words), cmocka_unit_test(survives_any_bytes),      cmocka_unit_test(takes_a_list),
        cmocka_unit_test(joins_what_comes_again), cmocka_unit_test(reads_a_workbook),       cmocka_unit_test(takes_fields_and_people),
        cmocka_unit_test(says_what_it_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
