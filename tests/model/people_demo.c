/* The synthetic county with 5, 15 and 30 % of its identity values damaged: imported, linked, and measured against who each
 * row is truly about.  No person may hold two valid numbers.
 *
 * Prints precision, recall and F1 of pairs and of whole persons.  SCALE=0.1 takes a larger county and all its sheets,
 * SEED=N another; without TZ_TEST_LONG or SCALE it tries 15 % alone. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "demo/demo.h"
#include "flow/flow.h"
#include "people/link.h"
#include "people/record.h"
#include "store/duck.h"

static char program[4096];

static int64_t now(void *context)
{
    int64_t *clock_ms = context;
    return *clock_ms += 1000;
}

static void must(tz_rc rc, const tz_err *err)
{
    if (rc != TZ_OK)
        fail_msg("%d: %s (%s)", rc, err->en, err->where.file);
}

typedef struct {
    tz_arena mem;
    tz_app app;
    int64_t clock_ms;
    char folder[64];
    tz_session *session;
    json_t *summary;
    tz_map truth;  /* "row id" -> person of the key */
    tz_map linked; /* "row id" -> person that the linkage gave */
} county;

typedef struct {
    double precision, recall, f1;
} measure;

static const char *row_name(tz_arena *mem, int64_t row_id)
{
    return tz_arena_printf(mem, "%lld", (long long)row_id);
}

/* ---- A county ---- */

/* All files; without a SCALE the sheets of people alone, which are a third. */
static void list_files(county *of, const char *folder, tz_names *ret_paths)
{
    static const char *const WANTED[] = {"派出所_", "扶贫办_建档立卡", "民政局_", "残联_", "教育局_学籍"};
    tz_names names = {0};
    tz_err err = {0};

    must(tz_file_list(&of->mem, folder, &names, &err), &err);
    for (size_t i = 0; i < names.count; i++) {
        bool is_wanted = getenv("SCALE") != NULL && strcmp(names.items[i], "answers.json") != 0;
        for (size_t w = 0; w < sizeof WANTED / sizeof WANTED[0]; w++)
            is_wanted |= strncmp(names.items[i], WANTED[w], strlen(WANTED[w])) == 0;
        if (is_wanted)
            tz_push(&of->mem, ret_paths, tz_arena_printf(&of->mem, "%s/%s", folder, names.items[i]));
    }
}

static void start(county *of, uint64_t seed, double scale, int damage)
{
    static const char *const PACKS[] = {"population", "student-aid", "assistance", "housing", "health"};
    tz_names paths = {0};
    tz_err err = {0};
    tz_import_options options = {0};
    json_t *batches = NULL;
    size_t refused = 0;

    *of = (county){.app = {.now_ms = now, .program = program}, .clock_ms = 1577836800000};
    of->app.context = &of->clock_ms;
    of->truth = tz_map_init(&of->mem);
    of->linked = tz_map_init(&of->mem);
    (void)snprintf(of->folder, sizeof of->folder, "/tmp/tz-people-XXXXXX");
    assert_non_null(mkdtemp(of->folder));
    const char *files = tz_arena_printf(&of->mem, "%s/files", of->folder), *home = tz_arena_printf(&of->mem, "%s/county", of->folder);
    must(tz_demo_write_damaged(&of->app, files, seed, scale, damage, &err), &err);
    must(tz_flow_new(&of->app, home, "140430", NULL, PACKS, sizeof PACKS / sizeof PACKS[0], "tester", &err), &err);
    must(tz_session_open(&of->app, home, TZ_WRITE, "tester", NULL, &of->session, &err), &err);
    list_files(of, files, &paths);
    must(tz_flow_import(of->session, (const char *const *)paths.items, paths.count, &options, &batches, &refused, &err), &err);
    must(tz_link(of->session->store, of->session->packs, &of->summary, &err), &err);
    json_decref(batches);
}

static void stop(county *of)
{
    tz_err err = {0};

    tz_session_close(of->session);
    json_decref(of->summary);
    must(tz_file_remove_folder(of->folder, &err), &err);
    tz_arena_free(&of->mem);
}

/* ---- The key ---- */

static void take_sheet(county *of, const json_t *rows, const char *file, const char *sheet, int64_t batch, int64_t no)
{
    size_t i, k;
    json_t *line, *pair;

    json_array_foreach((json_t *)rows, i, line) {
        const char *named = tz_json_str(line, "sheet");
        if (strcmp(tz_json_str(line, "file"), file) != 0 || (named != NULL && sheet != NULL && strcmp(named, sheet) != 0))
            continue;
        json_array_foreach(json_object_get(line, "persons"), k, pair) {
            int64_t row = batch << 36 | no << 26 | json_integer_value(json_array_get(pair, 0));
            tz_map_put(&of->truth, tz_text_of(row_name(&of->mem, row)), NULL)->value = json_integer_value(json_array_get(pair, 1));
        }
    }
}

static void read_key(county *of)
{
    tz_err err = {0};
    tz_text text;
    json_t *key = NULL;
    tz_sql *sql = NULL;
    bool has_row = true;

    must(tz_file_load(&of->mem, tz_arena_printf(&of->mem, "%s/files/answers.json", of->folder), 1LL << 30, &text, &err), &err);
    must(tz_json_parse(text, &key, &err), &err);
    must(tz_sql_open(of->session->store, "SELECT batch, file, sheets FROM batch", &sql, &err), &err);
    for (;;) {
        json_t *sheets = NULL, *sheet;
        size_t i;
        must(tz_sql_step(of->session->store, sql, &has_row, &err), &err);
        if (!has_row)
            break;
        must(tz_json_parse(tz_text_of(tz_sql_str(sql, 2)), &sheets, &err), &err);
        json_array_foreach(sheets, i, sheet)
            take_sheet(of, json_object_get(key, "rows"), tz_sql_str(sql, 1), tz_json_str(sheet, "sheet"), tz_sql_int(sql, 0),
                       tz_json_int(sheet, "no", 0));
        json_decref(sheets);
    }
    tz_sql_close(sql);
    json_decref(key);
}

/* ---- The answer ---- */

static void read_answer(county *of)
{
    tz_err err = {0};
    tz_duck duck = {0};
    duckdb_result result;
    tz_buf sql = tz_buf_init(&of->mem, 0);
    const char *name = tz_arena_printf(&of->mem, "people-%d.parquet", (int)tz_json_int(of->summary, "run", 0));

    tz_buf_puts(&sql, "SELECT row, CAST(substr(person, 2) AS BIGINT) FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(tz_store_path(&of->mem, of->session->store, "derived", name)));
    tz_buf_puts(&sql, ") WHERE role = 'person'");
    must(tz_duck_open(1, 512, &duck, &err), &err);
    must(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, &err), &err);
    for (duckdb_data_chunk chunk; (chunk = duckdb_fetch_chunk(result)) != NULL; duckdb_destroy_data_chunk(&chunk)) {
        const int64_t *rows = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
        const int64_t *persons = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
        for (idx_t i = 0; i < duckdb_data_chunk_get_size(chunk); i++)
            tz_map_put(&of->linked, tz_text_of(row_name(&of->mem, rows[i])), NULL)->value = persons[i];
    }
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
}

/* ---- Measuring ---- */

static int64_t pairs_in(const tz_map *groups)
{
    int64_t pairs = 0;
    for (size_t i = 0; i < groups->entries.count; i++)
        pairs += groups->entries.items[i].value * (groups->entries.items[i].value - 1) / 2;
    return pairs;
}

static measure measure_of(double right, double given, double wanted)
{
    return (measure){right / given, right / wanted, 2 * right / (given + wanted)};
}

/* Rows of one person in the key and the answer; of each, of both; whole persons are those whose three counts are one. */
static void compare(county *of, measure *ret_pairs, measure *ret_persons)
{
    tz_map by_truth = tz_map_init(&of->mem), by_link = tz_map_init(&of->mem), by_both = tz_map_init(&of->mem);
    double whole = 0, given = 0, wanted = 0;

    for (size_t i = 0; i < of->truth.entries.count; i++) {
        const tz_map_entry *true_one = &of->truth.entries.items[i], *link = tz_map_get(&of->linked, true_one->key);
        if (link == NULL)
            continue; /* the row waits to be corrected, or is of a register without people */
        const char *t = row_name(&of->mem, true_one->value), *l = row_name(&of->mem, link->value);
        tz_map_put(&by_truth, tz_text_of(t), NULL)->value++;
        tz_map_put(&by_link, tz_text_of(l), NULL)->value++;
        tz_map_put(&by_both, tz_text_of(tz_arena_printf(&of->mem, "%s %s", t, l)), NULL)->value++;
    }
    for (size_t i = 0; i < by_both.entries.count; i++) {
        tz_text key = by_both.entries.items[i].key;
        size_t space = tz_text_find(key, TZ_TEXT(" "), 0);
        int64_t both = by_both.entries.items[i].value;
        whole += tz_map_get(&by_truth, tz_text_cut(key, 0, space))->value == both &&
                 tz_map_get(&by_link, tz_text_cut(key, space + 1, key.size))->value == both;
    }
    given = (double)by_link.entries.count;
    wanted = (double)by_truth.entries.count;
    *ret_pairs = measure_of((double)pairs_in(&by_both), (double)pairs_in(&by_link), (double)pairs_in(&by_truth));
    *ret_persons = measure_of(whole, given, wanted);
}

/* Persons who hold two valid numbers. */
static size_t count_mixed(county *of)
{
    tz_err err = {0};
    tz_records records = {0};
    tz_map number_of = tz_map_init(&of->mem);
    size_t mixed = 0;

    must(tz_records_load(&of->mem, of->session->store, of->session->packs, &records, &err), &err);
    for (size_t i = 0; i < records.count; i++) {
        const tz_record *one = &records.items[i];
        bool is_new = false;
        if (one->id.size == 0 || strcmp(one->who->role, "person") != 0)
            continue;
        const tz_map_entry *link = tz_map_get(&of->linked, tz_text_of(row_name(&of->mem, one->row_id)));
        assert_non_null(link);
        tz_map_entry *first = tz_map_put(&number_of, tz_text_of(row_name(&of->mem, link->value)), &is_new);
        if (is_new)
            first->value = (int64_t)i;
        mixed += !tz_text_equal(records.items[first->value].id, one->id);
    }
    return mixed;
}

static void a_damaged_county_is_linked(void **state)
{
    (void)state;
    static const struct { int damage; double precision, recall; } RATES[] = {{5, 0.999, 0.97}, {15, 0.998, 0.92}, {30, 0.995, 0.83}};
    const char *given = getenv("SEED"), *size = getenv("SCALE"), *many = getenv("TZ_TEST_LONG");
    bool is_short = size == NULL && (many == NULL || many[0] == '\0');

    for (size_t i = is_short ? 1 : 0; i < (is_short ? 2 : sizeof RATES / sizeof RATES[0]); i++) {
        county of;
        measure pairs, persons;
        start(&of, given == NULL ? 7 : strtoull(given, NULL, 10), size == NULL ? 0.02 : strtod(size, NULL), RATES[i].damage);
        read_key(&of);
        read_answer(&of);
        compare(&of, &pairs, &persons);
        (void)printf("%d %%: %zu rows, pairs P %.4f R %.4f F1 %.4f, persons P %.4f R %.4f F1 %.4f, by rule %lld, by model %lld, review %lld\n",
                     RATES[i].damage, of.linked.entries.count, pairs.precision, pairs.recall, pairs.f1, persons.precision,
                     persons.recall, persons.f1, (long long)tz_json_int(of.summary, "repaired", 0),
                     (long long)tz_json_int(of.summary, "likely", 0), (long long)tz_json_int(of.summary, "review", 0));
        assert_int_equal(tz_json_int(of.summary, "model", 0), 1);
        assert_int_equal(count_mixed(&of), 0);
        assert_true(pairs.precision >= RATES[i].precision && pairs.recall >= RATES[i].recall);
        stop(&of);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_damaged_county_is_linked)};
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);

    program[size < 0 ? 0 : size] = '\0';
    return cmocka_run_group_tests(tests, NULL, NULL);
}
