/* A household and a row as pages: who lives there, what each register says, which rows hold on the day, why they are theirs. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/idcard.h"
#include "flow/flow.h"
#include "people/link.h"
#include "report/rowpage.h"

static char       program[4096], folder[64];
static tz_arena   mem;
static int64_t    clock_ms = 1600000000000;
static tz_session *session;
static const char *ids[4]; /* valid numbers of invented people */

static int64_t now(void *context)
{
    (void)context;
    return clock_ms += 1000;
}

static tz_app app = {.lang = TZ_EN, .now_ms = now, .program = program};

static const char *number(const char *digits)
{
    return tz_arena_printf(&mem, "%s%c", digits, tz_idcard_check(digits));
}

static void deliver(const char *name, int32_t as_of, const char *text)
{
    const char       *path = tz_arena_printf(&mem, "%s/%s", folder, name);
    json_t           *report = NULL;
    tz_import_options options = {.as_of = as_of, .sender = "定昌镇"};
    MUST(tz_file_write(path, tz_text_of(text), 0644, err));
    MUST(tz_import_file(&mem, session->store, session->packs, path, &options, &report, err));
    json_decref(report);
}

static const char RESIDENTS[] = "人口底册\n乡镇,村(社区),户号,姓名,与户主关系,性别,出生日期,公民身份号码,人员状态\n";

static const char *resident(const char *household, const char *name, const char *relation, const char *sex, const char *birth,
                            const char *id)
{
    return tz_arena_printf(&mem, "定昌镇,北寺上村,%s,%s,%s,%s,%s,%s,正常\n", household, name, relation, sex, birth, id);
}

/* A family of two and a neighbour; the older list of residents has one of them alone; a death with one digit swapped. */
static int start(void **state)
{
    json_t *summary = NULL;
    (void)state;
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    program[size < 0 ? 0 : size] = '\0';
    (void)snprintf(folder, sizeof folder, "/tmp/tz-household-XXXXXX");
    assert_non_null(mkdtemp(folder));
    static const char *const PACKS[] = {"population"};
    const char *county = tz_arena_printf(&mem, "%s/county", folder);
    MUST(tz_flow_new(&app, county, "140430", NULL, PACKS, 1, "tester", err));
    MUST(tz_session_open(&app, county, TZ_WRITE, "tester", NULL, &session, err));
    ids[0] = number("14043019680315203");
    ids[1] = number("14043019700822404");
    ids[2] = number("14043019550101101");
    const char *husband = resident("7", "张建国", "户主", "男", "1968-03-15", ids[0]),
               *wife = resident("7", "王秀英", "配偶", "女", "1970-08-22", ids[1]),
               *neighbour = resident("8", "李四海", "户主", "男", "1955-01-01", ids[2]);
    deliver("residents-2019.csv", 20190131, tz_arena_printf(&mem, "%s%s", RESIDENTS, husband));
    deliver("residents-2020.csv", 20200131, tz_arena_printf(&mem, "%s%s%s%s", RESIDENTS, husband, wife, neighbour));
    char *slip = tz_arena_dup(&mem, ids[0]);
    slip[5] = slip[5] == '9' ? '8' : '9'; /* no number any more: its check fails */
    deliver("deaths.csv", 20200131,
            tz_arena_printf(&mem, "死亡人员名单\n死者姓名,性别,身份证号码,死亡日期,户籍村,信息来源\n"
                                  "张建国,男,%s,2020-01-10,北寺上村,村报\n", slip));
    MUST(tz_link(session->store, session->packs, &summary, err));
    json_decref(summary);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    tz_session_close(session);
    MUST(tz_file_remove_folder(folder, err));
    tz_arena_free(&mem);
    return 0;
}

static tz_household_view view_of(int32_t as_of, bool is_masked)
{
    tz_household_view view = {.is_masked = is_masked, .lang = TZ_EN};
    MUST(tz_day_resolve(session->store, (tz_day){.as_of = as_of}, &view.day, err));
    return view;
}

static const char *household_of(const char *id)
{
    const char       *household = NULL;
    tz_household_view view = view_of(0, true);
    MUST(tz_household_of_id(&mem, session->store, view.day, id, &household, err));
    return household;
}

static json_t *show(int32_t as_of, bool is_masked, const char *household)
{
    json_t           *shown = NULL;
    tz_household_view view = view_of(as_of, is_masked);
    MUST(tz_household_show(&mem, session->store, session->packs, &view, household, &shown, err));
    return shown;
}

static const json_t *find(const json_t *list, const char *key, const char *value)
{
    size_t  i;
    json_t *line;
    json_array_foreach((json_t *)list, i, line)
        if (tz_json_str(line, key) != NULL && strcmp(tz_json_str(line, key), value) == 0)
            return line;
    return NULL;
}

static void tells_who_lives_there(void **state)
{
    (void)state;
    json_t *shown = show(20200630, false, household_of(ids[1]));
    const json_t *members = json_object_get(shown, "members"), *head = json_array_get(members, 0);
    assert_int_equal(json_array_size(members), 2);
    assert_string_equal(tz_json_str(head, "name"), "张建国");
    assert_true(json_is_true(json_object_get(head, "is_head")));
    assert_string_equal(tz_json_str(json_array_get(members, 1), "name"), "王秀英");
    assert_string_equal(tz_json_str(shown, "township"), "定昌镇");
    assert_int_equal(json_array_size(json_object_get(head, "registers")), 2); /* residents and deaths */
    const json_t *death = find(json_object_get(shown, "timeline"), "date", "2020-01-10");
    assert_non_null(death);
    assert_string_equal(tz_json_str(json_object_get(death, "row"), "register"), "deaths");
    const json_t *link = find(json_object_get(shown, "links"), "kind", "repaired");
    assert_non_null(link);
    assert_string_equal(tz_json_str(link, "register"), "deaths");
    assert_non_null(strstr(tz_json_str(link, "sentence"), "one slip"));
    assert_int_equal(tz_json_int(shown, "older", 0), 1); /* the list of 2019 was replaced */
    json_decref(shown);
}

static void shows_what_held_on_the_day_and_masks(void **state)
{
    (void)state;
    json_t *shown = show(20190630, true, household_of(ids[0]));
    const json_t *head = json_array_get(json_object_get(shown, "members"), 0);
    assert_string_equal(tz_json_str(head, "name"), "张*国");
    assert_null(strstr(tz_json_str(head, "id"), "19680315"));
    size_t  i, rows = 0;
    json_t *line;
    json_array_foreach(json_object_get(shown, "timeline"), i, line) {
        rows += strcmp(tz_json_str(line, "kind"), "row") == 0;
        char *text = json_dumps(line, 0);
        assert_null(strstr(text, "张建国"));
        free(text);
    }
    assert_int_equal(rows, 1); /* of 2019; neither the death nor the newer list was there */
    json_decref(shown);
}

/* A day that is personal is none that a masked reader sees, neither as the line's date. */
static void masks_personal_days(void **state)
{
    (void)state;
    const tz_register *deaths = tz_packs_register(session->packs, "deaths");
    for (size_t i = 0; i < deaths->columns.count; i++)
        if (deaths->columns.items[i].type == TZ_TYPE_DATE)
            deaths->columns.items[i].sensitivity = TZ_PERSONAL;
    json_t *open = show(20200630, false, household_of(ids[1])), *masked = show(20200630, true, household_of(ids[1]));
    assert_non_null(find(json_object_get(open, "timeline"), "date", "2020-01-10"));
    assert_null(find(json_object_get(masked, "timeline"), "date", "2020-01-10"));
    json_decref(open);
    json_decref(masked);
}

static void finds_by_number_name_and_village(void **state)
{
    (void)state;
    tz_err            wrong = {0};
    const char       *household = NULL;
    json_t           *rows = NULL;
    tz_household_view view = view_of(0, true);
    char *typo = tz_arena_dup(&mem, ids[0]);
    typo[17] = typo[17] == '1' ? '2' : '1';
    assert_int_equal(tz_household_of_id(&mem, session->store, view.day, typo, &household, &wrong), TZ_USAGE);
    assert_int_equal(tz_household_of_id(&mem, session->store, view.day, number("14043019800101101"), &household, &wrong), TZ_MISSING);
    assert_int_equal(tz_household_show(&mem, session->store, session->packs, &view, "H999", &rows, &wrong), TZ_MISSING);
    json_t *here = json_pack("[s]", "140430100"), *there = json_pack("[s]", "140430202");
    const struct { tz_household_search search; size_t count; } TABLE[] = {
        {{.name = "张"}, 1}, {{.name = "秀英"}, 1}, {{.name = "建"}, 1}, {{.name = "赵"}, 0}, {{.division = "140430100"}, 2},
        {{.division = "140430202"}, 0}, {{.name = "张", .places = here}, 1}, {{.name = "张", .places = there}, 0},
        {{.name = "%"}, 0}, {{.name = "' OR '1'='1"}, 0}, {{.division = "140430100", .limit = 1}, 1},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        MUST(tz_household_find(&mem, session->store, session->packs, &view, &TABLE[i].search, &rows, err));
        if (json_array_size(rows) != TABLE[i].count)
            fail_msg("case %zu: %zu", i, json_array_size(rows));
        json_decref(rows);
    }
    tz_household_search nothing = {0};
    assert_int_equal(tz_household_find(&mem, session->store, session->packs, &view, &nothing, &rows, &wrong), TZ_USAGE);
    json_decref(here), json_decref(there);
}

static void a_row_has_its_cells_as_sent(void **state)
{
    (void)state;
    json_t           *shown = show(20200630, false, household_of(ids[0])), *row = NULL;
    const json_t     *death = find(json_object_get(shown, "timeline"), "date", "2020-01-10");
    int64_t           row_id = 0;
    tz_household_view view = view_of(20200630, false);
    MUST(tz_row_parse(session->store, tz_json_str(json_object_get(death, "row"), "address"), &row_id, err));
    MUST(tz_row_show(&mem, session->store, session->packs, &view, row_id, &row, err));
    const json_t *cell = find(json_object_get(row, "cells"), "column", "name");
    assert_string_equal(tz_json_str(cell, "value"), "张建国");
    assert_string_equal(tz_json_str(cell, "sent"), "张建国");
    assert_string_equal(tz_json_str(find(json_object_get(row, "cells"), "column", "death_date"), "sent"), "2020-01-10");
    assert_true(json_is_true(json_object_get(row, "is_valid")));
    assert_int_equal(json_array_size(json_object_get(row, "links")), 1);
    json_decref(row);
    view.is_masked = true;
    MUST(tz_row_show(&mem, session->store, session->packs, &view, row_id, &row, err));
    char *text = json_dumps(row, 0);
    assert_null(strstr(text, "张建国"));
    assert_null(strstr(text, "19680315"));
    free(text);
    json_decref(row);
    json_decref(shown);
    tz_err wrong = {0};
    assert_int_equal(tz_row_show(&mem, session->store, session->packs, &view, tz_row_id(99, 1, 1), &row, &wrong), TZ_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_who_lives_there),
        cmocka_unit_test(shows_what_held_on_the_day_and_masks),
        cmocka_unit_test(masks_personal_days),
        cmocka_unit_test(finds_by_number_name_and_village),
        cmocka_unit_test(a_row_has_its_cells_as_sent),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
