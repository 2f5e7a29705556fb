/* known - importing what was imported before: by its bytes alone, and told to be read again when anything moved. */
#include "../county.h"

#include "evidence/import.h"
#include "store/config.h"

static const char SHEET[] =
    "学生资助(截至2019年12月31日)\n"
    "编号,姓名,学期,学校,金额\n"
    "1,张三,2019年秋季学期,一小,500\n"
    "2,李四,2019年秋季学期,一小,五百\n"
    ",王五,2019年秋季学期,一小,300\n"
    "合计,,,,900\n";

static small_county county;

static const char *path_of(const char *name)
{
    return tz_arena_printf(&county.mem, "%s/%s", county.folder, name);
}

static const char *import(const char *name, const tz_import_options *options)
{
    json_t *report = NULL;

    MUST(tz_import_file(&county.mem, county.store, county.packs, path_of(name), options, &report, err));
    char       *text = json_dumps(report, JSON_COMPACT);
    const char *kept = tz_arena_dup(&county.mem, text);
    free(text);
    json_decref(report);
    return kept;
}

/* Does something with each listing that is kept. */
static size_t each_kept(void (*what)(const char *path))
{
    const char *folder = tz_store_path(&county.mem, county.store, "derived", NULL);
    tz_names    names = {0};
    size_t      count = 0;

    MUST(tz_file_list(&county.mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        if (strncmp(names.items[i], "known-", 6) != 0)
            continue;
        count++;
        what(tz_arena_printf(&county.mem, "%s/%s", folder, names.items[i]));
    }
    return count;
}

static void forget(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

/* Whoever is told this was told from what is kept, and not from the sheet. */
static void mark(const char *path)
{
    tz_text text = {0};

    MUST(tz_file_load(&county.mem, path, 1 << 20, &text, err));
    size_t at = tz_text_find(text, TZ_TEXT("五百"), 0);
    assert_true(at != SIZE_MAX);
    memcpy((char *)(uintptr_t)text.data + at, "记号", strlen("记号"));
    MUST(tz_file_write(path, text, 0600, err));
}

static void spoil(const char *path)
{
    MUST(tz_file_write(path, TZ_TEXT("{\"lines\": 3, \"rests_on\""), 0600, err));
}

static bool is_marked(const char *lines)
{
    return strstr(lines, "记号") != NULL;
}

static void setup(const char *name)
{
    county_make(&county);
    county_write(&county, name, SHEET);
}

/* The plain way is the twin: what is told from the bytes is what is told from the sheet. */
static void says_what_reading_says(void **state)
{
    const tz_import_options plain = {0};
    (void)state;

    setup("a.csv");
    const char *first = import("a.csv", &plain), *known = import("a.csv", &plain);
    assert_non_null(strstr(first, "\"state\":\"accepted\""));
    assert_non_null(strstr(known, "\"state\":\"known\""));
    assert_non_null(strstr(known, "\"rule\"")); /* what was marked is in it */
    assert_int_equal(each_kept(forget), 1);
    assert_string_equal(import("a.csv", &plain), known);
    assert_int_equal(each_kept(mark), 1);
    assert_true(is_marked(import("a.csv", &plain)));
    assert_int_equal(each_kept(spoil), 1);
    assert_string_equal(import("a.csv", &plain), known);
    county_drop(&county);
}

/* Asked for in another way, the file is read: nothing is told of what was asked before. */
static void is_read_when_asked_otherwise(void **state)
{
    const tz_import_options plain = {0}, other = {.as_of = 20191130}, preview = {.is_dry_run = true}, sender = {.sender = "一小"},
                            named = {.register_name = "aid"};
    const tz_column_fix     fix = {"aid", "学校", NULL};
    const tz_import_options fixed = {.fixes = &fix, .fix_count = 1};
    (void)state;

    setup("a.csv");
    county_write(&county, "b.csv", SHEET);
    (void)import("a.csv", &plain);
    assert_int_equal(each_kept(mark), 1);
    assert_false(is_marked(import("a.csv", &preview)));
    assert_false(is_marked(import("a.csv", &other)));
    assert_false(is_marked(import("a.csv", &sender)));
    assert_false(is_marked(import("a.csv", &named)));
    assert_false(is_marked(import("b.csv", &plain)));
    county.app.lang = TZ_ZH;
    assert_false(is_marked(import("a.csv", &plain)));
    county.app.lang = TZ_EN;
    assert_true(is_marked(import("a.csv", &plain)));
    assert_false(is_marked(import("a.csv", &fixed))); /* and what it confirmed holds of later readings */
    assert_false(is_marked(import("a.csv", &plain)));
    county_drop(&county);
}

/* So it is when anything moved that the reading rests on. */
static void is_read_when_something_moved(void **state)
{
    const tz_import_options plain = {0};
    (void)state;

    setup("a.csv");
    (void)import("a.csv", &plain);
    assert_int_equal(each_kept(mark), 1);
    county_write(&county, "a.csv", tz_arena_printf(&county.mem, "%s ", SHEET));
    assert_false(is_marked(import("a.csv", &plain)));
    county_write(&county, "a.csv", SHEET);
    assert_true(is_marked(import("a.csv", &plain)));

    county.packs->digest.bytes[0] ^= 1;
    assert_false(is_marked(import("a.csv", &plain)));
    assert_int_equal(each_kept(mark), 2);

    MUST(tz_store_begin(county.store, err));
    MUST(tz_config_put(county.store, "divisions.tsv", "00", "test", err));
    MUST(tz_store_commit(county.store, err));
    assert_false(is_marked(import("a.csv", &plain)));
    county_drop(&county);
}

/* A batch that was withdrawn comes in again. */
static void comes_in_again_after_withdrawal(void **state)
{
    const tz_import_options plain = {0};
    (void)state;

    setup("a.csv");
    (void)import("a.csv", &plain);
    MUST(tz_batch_withdraw(county.store, 1, "test", err));
    const char *again = import("a.csv", &plain);
    assert_non_null(strstr(again, "\"state\":\"accepted\""));
    assert_non_null(strstr(again, "\"batch\":2"));
    assert_non_null(strstr(import("a.csv", &plain), "\"state\":\"known\""));
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_reading_says),
        cmocka_unit_test(is_read_when_asked_otherwise),
        cmocka_unit_test(is_read_when_something_moved),
        cmocka_unit_test(comes_in_again_after_withdrawal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
