/* The rows of a batch and of a register, a page at a time; a batch and a register as one looks at them. */
#include "../county.h"

#include "evidence/account.h"
#include "evidence/import.h"
#include "evidence/rows.h"

static const char LIST[] = "姓名,编号,学期,学校,金额\n"
                           "张三,A1,2019年秋季学期,育才小学,500\n"
                           "李四,A2,2019年秋季学期,育才小学,250.5\n"
                           "王五,,2019年秋季学期,城关中学,100\n"
                           "赵六,A4,2019年秋季学期,100%小学,90\n";

static int64_t take(small_county *county, const char *name, const char *text, const char *as_of)
{
    json_t           *report = NULL;
    tz_import_options options = {.register_name = "aid", .sender = "教育局"};

    assert_int_equal(sscanf(as_of, "%d", &options.as_of), 1);
    county_write(county, name, text);
    MUST(tz_import_file(&county->mem, county->store, county->packs, tz_arena_printf(&county->mem, "%s/%s", county->folder, name), &options,
                        &report, err));
    int64_t batch = tz_json_int(json_array_get(report, 0), "batch", 0);
    json_decref(report);
    return batch;
}

static json_t *page_of(small_county *county, int64_t batch, tz_rows_wanted wanted)
{
    json_t *page = NULL;
    wanted.lang = TZ_EN;
    MUST(tz_batch_rows(&county->mem, county->store, county->packs, batch, &wanted, &page, err));
    return page;
}

static const char *value(const json_t *page, size_t row, size_t column)
{
    return json_string_value(json_array_get(json_object_get(json_array_get(json_object_get(page, "rows"), row), "values"), column));
}

static int64_t found(small_county *county, int64_t batch, tz_rows_wanted wanted)
{
    json_t *page = page_of(county, batch, wanted);
    int64_t total = tz_json_int(page, "total", -1);
    json_decref(page);
    return total;
}

#define WANT(...) ((tz_rows_wanted){__VA_ARGS__})

static void pages_a_batch(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t batch = take(&county, "a.csv", LIST, "20191231");
    json_t *page = page_of(&county, batch, WANT(.limit = 2));
    assert_int_equal(tz_json_int(page, "total", 0), 4);
    assert_int_equal(json_array_size(json_object_get(page, "rows")), 2);
    assert_string_equal(value(page, 0, 0), "A1");
    assert_int_equal(tz_json_int(json_array_get(json_object_get(page, "rows"), 0), "line", 0), 2);
    json_decref(page);
    page = page_of(&county, batch, WANT(.limit = 2, .offset = 2));
    const json_t *bad = json_array_get(json_object_get(page, "rows"), 0);
    assert_true(json_is_true(json_object_get(bad, "is_quarantined")));
    assert_string_equal(tz_json_str(json_array_get(json_object_get(bad, "problems"), 0), "rule"), "a required value is missing");
    json_decref(page);
    page = page_of(&county, batch, WANT(.sort = "-amount"));
    assert_string_equal(value(page, 0, 4), "500.00");
    assert_string_equal(value(page, 3, 4), "90.00");
    json_decref(page);
    assert_int_equal(found(&county, batch, WANT(.which = TZ_ROWS_QUARANTINED)), 1);
    assert_int_equal(found(&county, batch, WANT(.which = TZ_ROWS_TAKEN)), 3);
    assert_int_equal(found(&county, batch, WANT(.find = "育才")), 2);
    assert_int_equal(found(&county, batch, WANT(.find = "100%")), 1); /* no pattern of the searcher's */
    assert_int_equal(found(&county, batch, WANT(.find = "' OR 1=1 --")), 0);
    assert_int_equal(found(&county, batch, WANT(.limit = 1, .offset = 900)), 4);
    county_drop(&county);
}

/* Who sees masked values can't learn them by looking for halves, or by sorting. */
static void hides_what_is_personal(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    tz_pack *pack = &county.packs->packs.items[0];
    int64_t  batch = take(&county, "a.csv", LIST, "20191231");
    json_t  *page = NULL;
    tz_err   refused = {0};

    pack->registers.items[0].columns.items[1].sensitivity = TZ_PERSONAL; /* the name */
    page = page_of(&county, batch, WANT(.is_masked = true));
    assert_string_equal(value(page, 0, 1), "张*");
    json_decref(page);
    assert_int_equal(found(&county, batch, WANT(.is_masked = true, .find = "张")), 0);
    assert_int_equal(found(&county, batch, WANT(.is_masked = true, .find = "张三")), 1);
    assert_int_equal(found(&county, batch, WANT(.is_masked = false, .find = "张")), 1);
    tz_rows_wanted wanted = WANT(.is_masked = true, .sort = "name");
    page = NULL;
    assert_int_equal(tz_batch_rows(&county.mem, county.store, county.packs, batch, &wanted, &page, &refused), TZ_USAGE);
    wanted.sort = "amount; DROP TABLE x";
    assert_int_equal(tz_batch_rows(&county.mem, county.store, county.packs, batch, &wanted, &page, &refused), TZ_USAGE);
    assert_int_equal(tz_batch_rows(&county.mem, county.store, county.packs, 99, &WANT(.limit = 1), &page, &refused), TZ_MISSING);
    assert_null(page);
    county_drop(&county);
}

static void pages_a_register_of_a_day(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    (void)take(&county, "a.csv", LIST, "20191231");
    json_t            *page = NULL;
    const tz_register *reg = tz_packs_register(county.packs, "aid");
    tz_day             day = {.as_of = 20191230};
    MUST(tz_day_resolve(county.store, day, &day, err));
    MUST(tz_register_rows(&county.mem, county.store, reg, day, &WANT(.limit = 10), &page, err));
    assert_int_equal(tz_json_int(page, "total", -1), 0); /* the day before it came */
    json_decref(page);
    day.as_of = 20200101;
    MUST(tz_register_rows(&county.mem, county.store, reg, day, &WANT(.limit = 10, .find = "城关"), &page, err));
    assert_int_equal(tz_json_int(page, "total", -1), 0); /* that row is to be corrected first */
    json_decref(page);
    MUST(tz_register_rows(&county.mem, county.store, reg, day, &WANT(.limit = 10), &page, err));
    assert_int_equal(tz_json_int(page, "total", -1), 3);
    json_decref(page);
    county_drop(&county);
}

static void shows_a_batch_and_a_register(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t first = take(&county, "a.csv", LIST, "20191231");
    int64_t second = take(&county, "b.csv", "编号,学期,学校,金额\nA1,2019年秋季学期,甲,9\n", "20200131");
    json_t *batch = NULL, *line = NULL, *all = NULL;
    tz_err  refused = {0};
    MUST(tz_batch_show(county.store, county.packs, second, &batch, err));
    assert_int_equal(tz_json_int(batch, "before", 0), first);
    assert_string_equal(tz_json_str(batch, "state"), "counts");
    assert_int_equal(tz_json_int(json_object_get(batch, "account"), "rows", 0), 2);
    assert_true(tz_json_int(batch, "size", 0) > 0);
    json_decref(batch);
    MUST(tz_batch_withdraw(county.store, second, "sent twice", err));
    MUST(tz_batch_show(county.store, county.packs, second, &batch, err));
    assert_string_equal(tz_json_str(batch, "state"), "withdrawn");
    assert_string_equal(tz_json_str(batch, "withdrawn_why"), "sent twice");
    json_decref(batch);
    assert_int_equal(tz_batch_show(county.store, county.packs, 77, &batch, &refused), TZ_MISSING);
    MUST(tz_register_list(county.store, county.packs, &all, err));
    assert_int_equal(json_array_size(all), 4);
    assert_int_equal(tz_json_int(json_array_get(all, 0), "batches", -1), 1);
    assert_int_equal(tz_json_int(json_array_get(all, 1), "batches", -1), 0);
    json_decref(all);
    MUST(tz_register_show(county.store, county.packs, "aid", &line, err));
    assert_string_equal(tz_json_str(line, "as_of"), "2019-12-31");
    assert_true(json_is_true(json_object_get(json_array_get(json_object_get(line, "columns"), 0), "is_key")));
    json_decref(line);
    assert_int_equal(tz_register_show(county.store, county.packs, "none", &line, &refused), TZ_MISSING);
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_a_batch),
        cmocka_unit_test(hides_what_is_personal),
        cmocka_unit_test(pages_a_register_of_a_day),
        cmocka_unit_test(shows_a_batch_and_a_register),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
