/* Files that a clerk dropped: what is kept under which name, what is refused, looked at, corrected, taken, sent back, swept. */
#include "../county.h"

#include <sys/stat.h>

#include "evidence/import.h"
#include "flow/tray.h"

typedef struct {
    small_county county;
    tz_desk     *desk;
    tz_session   session;
} office;

static void open_office(office *of)
{
    *of = (office){0};
    county_make(&of->county);
    MUST(tz_desk_open(&of->county.app, of->county.folder, NULL, &of->desk, err));
    of->session = (tz_session){.app = &of->county.app, .store = of->county.store, .packs = of->county.packs};
}

static void close_office(office *of)
{
    tz_desk_close(of->desk);
    tz_arena_free(&of->session.mem);
    county_drop(&of->county);
}

/* A file as an upload leaves it: under a name that says nothing. */
static const char *an_upload(office *of, const char *bytes, size_t size)
{
    const char *path = tz_arena_printf(&of->county.mem, "%s/upload", of->county.folder);
    MUST(tz_file_write(path, (tz_text){bytes, size}, 0600, err));
    return path;
}

static int64_t put(office *of, const char *name, const char *text)
{
    int64_t staged = 0;
    MUST(tz_tray_put(of->desk, of->county.folder, "clerk", name, an_upload(of, text, strlen(text)), &staged, err));
    return staged;
}

static json_t *get(office *of, int64_t staged)
{
    json_t *row = NULL;
    MUST(tz_desk_staged_get(of->desk, "clerk", staged, &row, err));
    return row;
}

static void expect_state(office *of, int64_t staged, const char *state)
{
    json_t *row = get(of, staged);
    assert_string_equal(tz_json_str(row, "state"), state);
    json_decref(row);
}

static const char LIST[] = "编号,姓名,学期,学校,金额\nA1,张三,2019年秋季学期,甲,5\n,李四,2019年秋季学期,乙,6\n";

static void keeps_under_a_clean_name(void **state)
{
    (void)state;
    static const struct { const char *sent, *kept; } CASES[] = {
        {"教育局_资助.csv", "教育局_资助.csv"},     {"../../etc/passwd", "passwd"},       {"C:\\桌面\\a b.csv", "a b.csv"},
        {"..", "file"},                             {".htaccess", "htaccess"},            {"a\nb\x01.csv", "ab.csv"},
        {"<script>.csv", "<script>.csv"},           {"/", "file"},                        {"", "file"},
        {"  x.csv  ", "x.csv"}};
    office of;
    open_office(&of);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t staged = put(&of, CASES[i].sent, tz_arena_printf(&of.county.mem, "编号,姓名\n%zu,甲\n", i));
        json_t *row = get(&of, staged);
        assert_string_equal(tz_json_str(row, "name"), CASES[i].kept);
        struct stat info;
        assert_int_equal(stat(tz_tray_path(&of.county.mem, of.county.folder, row), &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        json_decref(row);
    }
    int64_t once = put(&of, "twice.csv", "编号\n1\n"), again = put(&of, "twice.csv", "编号\n1\n");
    assert_int_equal(once, again); /* the same bytes are no second file */
    close_office(&of);
}

static void refuses_what_is_no_table(void **state)
{
    (void)state;
    static const struct { const char *bytes; size_t size; const char *what; } CASES[] = {
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, "it is no table but a picture"},
        {"%PDF-1.4\n", 9, "it is no table but a PDF file"},
        {"MZ\x90\0\3\0\0\0", 8, "it is no table but a program"},
        {"\x7F" "ELF\2\1\1\0\0", 9, "it is no table but a program"},
        {"\1\2\3\4\5\6\7\0\1\2", 10, "it is no table but another file"},
        {"", 0, "the file is empty"}};
    office of;
    open_office(&of);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t staged = 0;
        tz_err  err = {0};
        assert_int_equal(tz_tray_put(of.desk, of.county.folder, "clerk", "x.xlsx", an_upload(&of, CASES[i].bytes, CASES[i].size), &staged, &err),
                         TZ_INPUT);
        assert_string_equal(err.en, CASES[i].what);
        assert_string_equal(err.where.file, "x.xlsx");
    }
    static const char UTF16[] = "\xFF\xFE" "a\0,\0b\0\n\0";
    tz_err wrong = {0};
    assert_int_equal(tz_tray_sniff(an_upload(&of, UTF16, sizeof UTF16 - 1), &wrong), TZ_OK);
    json_t *rows = NULL;
    MUST(tz_desk_staged_list(of.desk, "clerk", &rows, err));
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    close_office(&of);
}

/* From the drop to the batch: looked at, found wanting, corrected, taken; then it is gone from the tray. */
static void goes_from_a_drop_to_a_batch(void **state)
{
    (void)state;
    office  of;
    open_office(&of);
    int64_t staged = put(&of, "sheet.csv", LIST), batches_before = 0;
    expect_state(&of, staged, "new");
    MUST(tz_tray_look(&of.session, of.desk, "clerk", staged, err));
    json_t *row = get(&of, staged);
    assert_string_equal(tz_json_str(row, "state"), "looked");
    const json_t *line = json_array_get(json_object_get(row, "look"), 0);
    assert_string_equal(tz_json_str(line, "register"), "aid");
    assert_int_equal(tz_json_int(json_object_get(line, "account"), "quarantined", 0), 1);
    assert_int_equal(json_array_size(json_object_get(row, "drawing")), 1);
    json_decref(row);
    MUST(tz_sql_one(of.county.store, "SELECT count(*) FROM batch", NULL, NULL, &batches_before, err));
    assert_int_equal(batches_before, 0); /* looking takes nothing */

    json_t *fixes = json_pack("[{s:s, s:s, s:n}]", "register", "aid", "header", "学校", "column");
    MUST(tz_desk_staged_say(of.desk, "clerk", staged, "aid", "2020-01-15", "教育局", fixes, err));
    json_decref(fixes);
    expect_state(&of, staged, "new");
    MUST(tz_tray_look(&of.session, of.desk, "clerk", staged, err));
    row = get(&of, staged);
    line = json_array_get(json_object_get(row, "look"), 0);
    assert_string_equal(tz_json_str(line, "as_of"), "2020-01-15");
    assert_string_equal(tz_json_str(line, "sender"), "教育局");
    assert_null(tz_json_str(json_array_get(json_object_get(line, "mapping"), 3), "column"));
    const char *path = tz_tray_path(&of.county.mem, of.county.folder, row);
    json_decref(row);

    const char *errors = tz_arena_printf(&of.county.mem, "%s/errors.xlsx", of.county.folder);
    MUST(tz_tray_errors(&of.session, of.desk, "clerk", staged, errors, err));
    assert_true(tz_file_exists(errors));

    json_t *batches = NULL, *others = json_pack("[s]", "refunds");
    tz_err  refused = {0};
    assert_int_equal(tz_tray_take(&of.session, of.desk, "clerk", staged, others, &batches, &refused), TZ_REFUSED); /* not theirs to deliver */
    json_decref(others);
    expect_state(&of, staged, "refused");
    MUST(tz_tray_take(&of.session, of.desk, "clerk", staged, NULL, &batches, err));
    assert_int_equal(json_array_size(batches), 1);
    json_decref(batches);
    assert_false(tz_file_exists(path));
    row = get(&of, staged);
    assert_string_equal(tz_json_str(row, "state"), "taken");
    assert_true(json_is_null(json_object_get(row, "look"))); /* what showed cells is gone */
    assert_true(json_is_null(json_object_get(row, "drawing")));
    json_decref(row);
    assert_int_equal(tz_tray_take(&of.session, of.desk, "clerk", staged, NULL, &batches, &refused), TZ_REFUSED);
    close_office(&of);
}

/* The workbook for corrections of a batch that is in: sent back, it corrects the batch. */
static void asks_for_corrections_of_a_batch(void **state)
{
    (void)state;
    office  of;
    json_t *batches = NULL, *fixed = NULL, *row = NULL;
    open_office(&of);
    int64_t staged = put(&of, "资助 2020年1月15日.csv", LIST);
    MUST(tz_tray_take(&of.session, of.desk, "clerk", staged, NULL, &batches, err));
    int64_t     batch = json_integer_value(json_array_get(batches, 0));
    const char *errors = tz_arena_printf(&of.county.mem, "%s/upload", of.county.folder);
    tz_err      refused = {0};
    json_decref(batches);
    MUST(tz_batch_errors(&of.county.mem, of.county.store, of.county.packs, batch, errors, err));
    assert_int_equal(tz_batch_errors(&of.county.mem, of.county.store, of.county.packs, 99, errors, &refused), TZ_MISSING);
    json_t *none = json_array();
    MUST(tz_tray_put(of.desk, of.county.folder, "clerk", "back.xlsx", errors, &staged, err));
    MUST(tz_desk_staged_say(of.desk, "clerk", staged, "aid", NULL, NULL, none, err));
    json_decref(none);
    MUST(tz_tray_look(&of.session, of.desk, "clerk", staged, err));
    row = get(&of, staged);
    assert_int_equal(tz_json_int(json_array_get(json_object_get(row, "look"), 0), "corrects", 0), batch);
    json_decref(row);
    MUST(tz_tray_take(&of.session, of.desk, "clerk", staged, NULL, &fixed, err));
    json_decref(fixed);
    close_office(&of);
}

static void keeps_what_can_not_be_taken(void **state)
{
    (void)state;
    office  of;
    open_office(&of);
    int64_t staged = put(&of, "x.csv", "甲,乙,丙\n1,2,3\n");
    MUST(tz_tray_look(&of.session, of.desk, "clerk", staged, err));
    json_t *row = get(&of, staged);
    assert_string_equal(tz_json_str(row, "state"), "refused");
    assert_non_null(strstr(tz_json_str(row, "error"), "|no sheet fits a register"));
    assert_int_equal(json_array_size(json_object_get(row, "drawing")), 1); /* what was sent is shown all the same */
    json_decref(row);
    json_t *batches = NULL;
    tz_err  refused = {0};
    assert_int_equal(tz_tray_take(&of.session, of.desk, "clerk", staged, NULL, &batches, &refused), TZ_INPUT);
    assert_int_equal(tz_tray_look(&of.session, of.desk, "chief", staged, &refused), TZ_MISSING); /* another's */
    assert_int_equal(tz_tray_drop(of.desk, of.county.folder, "chief", staged, &refused), TZ_MISSING);
    MUST(tz_tray_drop(of.desk, of.county.folder, "clerk", staged, err));
    assert_int_equal(tz_desk_staged_get(of.desk, "clerk", staged, &row, &refused), TZ_MISSING);
    close_office(&of);
}

static void sweeps_what_nobody_waits_for(void **state)
{
    (void)state;
    office  of;
    open_office(&of);
    int64_t     staged = put(&of, "x.csv", LIST);
    json_t     *row = get(&of, staged);
    const char *path = tz_tray_path(&of.county.mem, of.county.folder, row);
    json_decref(row);
    MUST(tz_file_make_folder(tz_arena_printf(&of.county.mem, "%s/tray/77", of.county.folder), err));
    county_write(&of.county, "tray/77/left.csv", "x"); /* of a row that never came to be */
    MUST(tz_tray_sweep(of.desk, of.county.folder, err));
    assert_false(tz_file_exists(tz_arena_printf(&of.county.mem, "%s/tray/77/left.csv", of.county.folder)));
    assert_true(tz_file_exists(path));
    of.county.clock_ms += (int64_t)(TZ_STAGED_DAYS + 1) * 86400000;
    MUST(tz_tray_sweep(of.desk, of.county.folder, err));
    assert_false(tz_file_exists(path));
    close_office(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_under_a_clean_name),        cmocka_unit_test(refuses_what_is_no_table),
        cmocka_unit_test(goes_from_a_drop_to_a_batch),     cmocka_unit_test(asks_for_corrections_of_a_batch),
        cmocka_unit_test(keeps_what_can_not_be_taken),     cmocka_unit_test(sweeps_what_nobody_waits_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
