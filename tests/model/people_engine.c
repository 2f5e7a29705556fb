/* The linkage of files beside what is plain: batches beside the whole, clusters beside a naive closure,
 * expectation-maximisation beside a case whose answer is known, one thread beside many, explanations
 * beside what was stored.  SEED=N is another run; TZ_TEST_LONG runs many. */
#include "../test.h"

#include <math.h>

#include "base/file.h"
#include "people/engine.h"
#include "people/found.h"
#include "people/train.h"

typedef struct {
    tz_arena mem;
    tz_app app;
    char folder[64];
    int asked;
} place;

static uint64_t seed = 20191231;

static uint32_t below(uint32_t limit)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(seed >> 33) % limit;
}

static int rounds_of(int few, int many)
{
    const char *is_long = getenv("TZ_TEST_LONG"), *given = getenv("SEED");
    if (given != NULL)
        seed = strtoull(given, NULL, 10);
    return is_long != NULL && is_long[0] != '\0' ? many : few;
}

static void start(place *of)
{
    const char *base = getenv("TMPDIR");
    *of = (place){.app = {.lang = TZ_EN}};
    (void)snprintf(of->folder, sizeof of->folder, "%s/tz-model-XXXXXX", base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(of->folder));
}

static void stop(place *of)
{
    tz_err err;
    assert_int_equal(tz_file_remove_folder(of->folder, &err), TZ_OK);
    tz_arena_free(&of->mem);
}

static const char *path_of(place *of, const char *name)
{
    return tz_arena_printf(&of->mem, "%s/%s", of->folder, name);
}

static void put(place *of, const char *path, tz_text text)
{
    tz_err err = {0};
    (void)of;
    assert_int_equal(tz_file_write(path, text, 0644, &err), TZ_OK);
}

static tz_text get(place *of, const char *path)
{
    tz_text text;
    tz_err err = {0};
    assert_int_equal(tz_file_load(&of->mem, path, 1 << 26, &text, &err), TZ_OK);
    return text;
}

/* Returns how many blocks were too large. */
static int64_t run(place *of, tz_link_files_options options)
{
    json_t *summary = NULL;
    tz_err err = {0};
    options.id_column = "id";
    if (tz_link_files(&of->app, &options, &summary, &err) != TZ_OK)
        fail_msg("%s", err.en);
    int64_t refined = tz_json_int(summary, "refined_blocks", -1);
    json_decref(summary);
    return refined;
}

/* The model with another size from which a block is too large. */
static void set_max_block(place *of, const char *path, int pairs)
{
    tz_text text = get(of, path);
    size_t at = tz_text_find(text, TZ_TEXT("max_block: "), 0), end = tz_text_find(text, TZ_TEXT("\n"), at);
    tz_buf out = tz_buf_init(&of->mem, 0);

    assert_true(at != SIZE_MAX);
    tz_buf_put(&out, tz_text_cut(text, 0, at));
    tz_buf_printf(&out, "max_block: %d", pairs);
    tz_buf_put(&out, tz_text_cut(text, end, text.size - end));
    put(of, path, tz_buf_text(&out));
}

/* ---- Rows of few people, much damaged ---- */

static const char HEADER[] = "id,name,town,born,code\n";

static void put_row(tz_buf *out, int id, int people)
{
    static const char *const NAMES[] = {"anna karlsson", "bert olafsen", "carla montini", "dirk van damme",
                                        "eva lindgren",  "fritz muller", "gina rossi",    "hans petersen",
                                        "ida novak",     "jan kowalski"};
    uint64_t kept = seed;
    int person = (int)below((uint32_t)people);
    seed = (uint64_t)person * 7919 + 17;
    (void)below(3);
    char name[32], town[16], born[16], code[16];
    (void)snprintf(name, sizeof name, "%s%c", NAMES[below(10)], (char)('a' + below(26)));
    (void)snprintf(town, sizeof town, "town%u", below(12));
    (void)snprintf(born, sizeof born, "%04u-%02u-%02u", 1950 + below(50), 1 + below(12), 1 + below(28));
    (void)snprintf(code, sizeof code, "%u", 10000 + below(90000));
    seed = kept + (uint64_t)id * 31;
    if (below(4) == 0)
        name[below((uint32_t)strlen(name))] = (char)('a' + below(26));
    if (below(5) == 0)
        born[9] = (char)('0' + below(10));
    if (below(5) == 0)
        code[below(5)] = (char)('0' + below(10));
    tz_buf_printf(out, "r%d,%s,%s,%s,%s\n", id, name, below(6) == 0 ? "" : town, born,
                  below(6) == 0 ? "" : code);
}

static void batches_give_what_the_whole_gives(void **state)
{
    (void)state;
    int rounds = rounds_of(2, 60);
    for (int round = 0; round < rounds; round++) {
        bool is_tight = round % 2 == 1; /* blocks that become too large in a later batch */
        int64_t refined = 0;
        place of;
        start(&of);
        tz_buf known = tz_buf_init(&of.mem, 0);
        int rows = 0, first = 250 + (int)below(200);
        tz_buf_puts(&known, HEADER);
        while (rows < first)
            put_row(&known, rows++, 200);
        const char *known_path = path_of(&of, "known.csv"), *links = path_of(&of, "0.csv"),
                   *review = path_of(&of, "0.review.csv");
        put(&of, known_path, tz_buf_text(&known));
        (void)run(&of, (tz_link_files_options){.a_path = known_path,
                                         .out_path = links,
                                         .review_out = review,
                                         .model_out = path_of(&of, "m.yaml"),
                                         .counts_out = path_of(&of, "m.counts.csv")});
        if (is_tight) {
            set_max_block(&of, path_of(&of, "m.yaml"), 12);
            refined = run(&of, (tz_link_files_options){.a_path = known_path,
                                                       .out_path = links,
                                                       .review_out = review,
                                                       .model_path = path_of(&of, "m.yaml")});
        }
        for (int batch = 1; batch <= 4; batch++) {
            tz_buf fresh = tz_buf_init(&of.mem, 0);
            const char *fresh_path = path_of(&of, "new.csv"), *all = path_of(&of, "all.csv"),
                       *all_review = path_of(&of, "all.review.csv");
            tz_buf_puts(&fresh, HEADER);
            for (int count = 1 + (int)below(60); count > 0; count--) {
                size_t from = fresh.size;
                put_row(&fresh, rows++, 200);
                tz_buf_put(&known, tz_text_cut(tz_buf_text(&fresh), from, fresh.size - from));
            }
            put(&of, fresh_path, tz_buf_text(&fresh));
            tz_link_files_options added = {.a_path = known_path,
                                           .b_path = fresh_path,
                                           .model_path = path_of(&of, "m.yaml"),
                                           .known_links = links,
                                           .known_review = review};
            links = added.out_path = path_of(&of, tz_arena_printf(&of.mem, "%d.csv", batch));
            review = added.review_out = path_of(&of, tz_arena_printf(&of.mem, "%d.review.csv", batch));
            (void)run(&of, added);
            put(&of, known_path, tz_buf_text(&known));
            int64_t now_refined = run(&of, (tz_link_files_options){.a_path = known_path,
                                                                   .model_path = added.model_path,
                                                                   .out_path = all,
                                                                   .review_out = all_review});
            assert_true(get(&of, links).size > 2000);
            assert_true(!is_tight || batch < 4 || now_refined > refined);
            assert_true(tz_text_equal(get(&of, links), get(&of, all)));
            assert_true(tz_text_equal(get(&of, review), get(&of, all_review)));
        }
        stop(&of);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    place of;
    start(&of);
    tz_buf rows = tz_buf_init(&of.mem, 0);
    tz_text first[2] = {{0}};
    tz_buf_puts(&rows, HEADER);
    for (int i = 0; i < 1500; i++)
        put_row(&rows, i, 600);
    put(&of, path_of(&of, "a.csv"), tz_buf_text(&rows));
    for (int threads = 1; threads <= 5; threads++) {
        (void)run(&of, (tz_link_files_options){.a_path = path_of(&of, "a.csv"),
                                         .out_path = path_of(&of, "l.csv"),
                                         .model_out = path_of(&of, "m.yaml"),
                                         .threads = threads});
        tz_text links = get(&of, path_of(&of, "l.csv")), model = get(&of, path_of(&of, "m.yaml"));
        if (threads == 1) {
            first[0] = links;
            first[1] = model;
        }
        assert_true(tz_text_equal(links, first[0]) && tz_text_equal(model, first[1]));
    }
    stop(&of);
}

/* Every link's parts and prior add up to the weight that was written, to the digit. */
static void explanations_add_up(void **state)
{
    (void)state;
    place of;
    start(&of);
    tz_buf rows = tz_buf_init(&of.mem, 0);
    tz_buf_puts(&rows, HEADER);
    for (int i = 0; i < 300; i++)
        put_row(&rows, i, 150);
    tz_link_files_options options = {.a_path = path_of(&of, "a.csv"),
                                     .id_column = "id",
                                     .out_path = path_of(&of, "l.csv"),
                                     .model_out = path_of(&of, "m.yaml"),
                                     .counts_out = path_of(&of, "m.counts.csv"),
                                     .review_out = path_of(&of, "l.review.csv"),
                                     .chart_out = path_of(&of, "l.html")};
    put(&of, options.a_path, tz_buf_text(&rows));
    (void)run(&of, options);
    options.model_path = options.model_out;
    char *rest = tz_arena_dup(&of.mem, get(&of, options.out_path).data), *line;
    (void)strsep(&rest, "\n");
    for (int count = 0; count < 25 && (line = strsep(&rest, "\n")) != NULL && line[0] != '\0'; count++) {
        const char *a = strsep(&line, ","), *b = strsep(&line, ","), *weight = strsep(&line, ",");
        json_t *why = NULL, *part;
        size_t at;
        tz_err err = {0};
        const char *svg = count == 0 ? path_of(&of, "pair.svg") : NULL;
        assert_int_equal(tz_link_files_explain(&of.app, &options, a, b, svg, &why, &err), TZ_OK);
        long sum = lround(strtod(tz_json_str(why, "prior"), NULL) * 100);
        json_array_foreach (json_object_get(why, "parts"), at, part)
            sum += lround(strtod(tz_json_str(part, "weight"), NULL) * 100);
        assert_int_equal(sum, lround(strtod(weight, NULL) * 100));
        assert_int_equal(sum, lround(strtod(tz_json_str(why, "weight"), NULL) * 100));
        assert_string_equal(tz_json_str(why, "verdict"), "same");
        assert_null(strstr(tz_json_str(why, "sentence"), "town1")); /* names no value */
        json_decref(why);
    }
    tz_text svg = get(&of, path_of(&of, "pair.svg")), page = get(&of, options.chart_out);
    assert_true(tz_text_starts(svg, TZ_TEXT("<svg xmlns=")) && tz_text_ends(svg, TZ_TEXT("</svg>\n")));
    assert_true(tz_text_starts(page, TZ_TEXT("<!doctype html>")) &&
                tz_text_find(page, TZ_TEXT("<script"), 0) == SIZE_MAX);
    json_t *why = NULL;
    tz_err err = {0};
    assert_int_equal(tz_link_files_explain(&of.app, &options, "r1", "nobody", NULL, &why, &err), TZ_MISSING);
    assert_int_equal(tz_link_files_explain(&of.app, &options, "r1", "r1", NULL, &why, &err), TZ_USAGE);
    options.model_path = NULL;
    assert_int_equal(tz_link_files_explain(&of.app, &options, "r1", "r2", NULL, &why, &err), TZ_USAGE);
    stop(&of);
}

/* ---- Stopping and memory ---- */

static bool stops_at_once(void *context)
{
    place *of = context;
    return of->asked-- <= 0;
}

static void nothing_is_left_half_written(void **state)
{
    (void)state;
    place of;
    start(&of);
    tz_buf rows = tz_buf_init(&of.mem, 0);
    tz_buf_puts(&rows, HEADER);
    for (int i = 0; i < 3000; i++)
        put_row(&rows, i, 900);
    put(&of, path_of(&of, "a.csv"), tz_buf_text(&rows));
    of.app.should_stop = stops_at_once;
    of.app.context = &of;
    for (int asked = 0; asked < 3;
         asked++) { /* one thread: it asks after every unit; while learning, while comparing … */
        tz_err err = {0};
        json_t *summary = NULL;
        tz_link_files_options options = {.a_path = path_of(&of, "a.csv"),
                                         .id_column = "id",
                                         .out_path = path_of(&of, "l.csv"),
                                         .model_out = path_of(&of, "m.yaml"),
                                         .review_out = path_of(&of, "l.review.csv"),
                                         .chart_out = path_of(&of, "l.html"),
                                         .counts_out = path_of(&of, "m.counts.csv"),
                                         .threads = 1};
        of.asked = asked;
        assert_int_equal(tz_link_files(&of.app, &options, &summary, &err), TZ_STOPPED);
        tz_names names = {0};
        assert_int_equal(tz_file_list(&of.mem, of.folder, &names, &err), TZ_OK);
        assert_int_equal(names.count, 1); /* a.csv */
    }
    of.app.should_stop = NULL;
    tz_err err = {0};
    json_t *summary = NULL;
    tz_link_files_options options = {.a_path = path_of(&of, "a.csv"),
                                     .id_column = "id",
                                     .out_path = path_of(&of, "l.csv"),
                                     .memory_mb = 1};
    assert_int_equal(tz_link_files(&of.app, &options, &summary, &err), TZ_LIMIT);
    assert_false(tz_file_exists(options.out_path));
    stop(&of);
}

/* ---- Clusters beside a naive closure ---- */

enum { RECORDS = 40 };

static void make_table(tz_arena *mem, tz_table *ret_table, const uint32_t *codes)
{
    *ret_table = (tz_table){
        .mem = mem, .column_count = 1, .width = 1, .count = RECORDS, .count_a = RECORDS, .truth = SIZE_MAX};
    tz_dictionary_init(mem, &ret_table->values);
    tz_push(mem, &ret_table->chunks, tz_new_array(mem, uint32_t, RECORDS));
    for (size_t i = 0; codes != NULL && i < RECORDS; i++)
        ret_table->chunks.items[0][i] = codes[i];
}

static void clusters_are_the_closure_of_links(void **state)
{
    (void)state;
    int rounds = rounds_of(2000, 200000);
    for (int round = 0; round < rounds; round++) {
        tz_arena mem = {0};
        tz_table table;
        tz_model model = {.comparison_count = 0};
        tz_founds founds = {0};
        tz_settlement settled;
        bool reach[RECORDS][RECORDS] = {{false}};
        make_table(&mem, &table, NULL);
        for (uint32_t count = below(60); count > 0; count--) {
            uint32_t a = below(RECORDS), b = below(RECORDS);
            tz_found pair = {.a = a < b ? a : b,
                             .b = a < b ? b : a,
                             .weight = (int32_t)below(2) * 2000 - 10}; /* strong, or for review */
            if (a == b)
                continue;
            tz_push(&mem, &founds, pair);
            if (pair.weight > 0)
                reach[a][b] = reach[b][a] = true;
        }
        for (int k = 0; k < RECORDS; k++)
            for (int i = 0; i < RECORDS; i++)
                for (int j = 0; j < RECORDS; j++)
                    reach[i][j] |= reach[i][k] && reach[k][j];
        tz_founds_settle(&mem, &table, &model, 0, &founds, &settled);
        for (uint32_t i = 0; i < RECORDS; i++)
            for (uint32_t j = 0; j < i; j++)
                assert_int_equal(settled.clusters[i] == settled.clusters[j], reach[i][j]);
        tz_arena_free(&mem);
    }
}

static void settle(tz_arena *mem, const tz_table *table, const tz_model *model, const tz_found *pairs,
                   size_t count, tz_founds *founds, tz_settlement *settled)
{
    *founds = (tz_founds){0};
    for (size_t i = 0; i < count; i++)
        tz_push(mem, founds, pairs[i]);
    tz_founds_settle(mem, table, model, 0, founds, settled);
}

static void weak_bridges_conflicts_and_second_partners_are_cut(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_table table;
    tz_founds founds;
    tz_settlement settled;
    tz_model plain = {.comparison_count = 0};
    make_table(&mem, &table, NULL);
    /* two triangles and a link between them: cut where it is weak */
    tz_found two[] = {{0, 1, 900, 0, 0}, {1, 2, 900, 0, 0}, {0, 2, 900, 0, 0}, {3, 4, 900, 0, 0},
                      {4, 5, 900, 0, 0}, {3, 5, 900, 0, 0}, {2, 3, 100, 0, 0}};
    settle(&mem, &table, &plain, two, 7, &founds, &settled);
    assert_int_equal(settled.by_fate[TZ_FATE_BRIDGE], 1);
    assert_int_equal(settled.cluster_count, 2);
    two[6].weight = 1100;
    settle(&mem, &table, &plain, two, 7, &founds, &settled);
    assert_int_equal(settled.by_fate[TZ_FATE_BRIDGE], 0);
    assert_int_equal(settled.cluster_count, 1);
    assert_int_equal(settled.largest, 6);
    /* a weak link to a single record stays: nothing holds together without it */
    settle(&mem, &table, &plain,
           (tz_found[]){{0, 1, 900, 0, 0}, {1, 2, 900, 0, 0}, {0, 2, 900, 0, 0}, {2, 3, 100, 0, 0}}, 4,
           &founds, &settled);
    assert_int_equal(settled.by_fate[TZ_FATE_BRIDGE], 0);

    tz_model one = {.comparison_count = 0, .is_one_to_one = true};
    settle(&mem, &table, &one, (tz_found[]){{0, 10, 500, 0, 0}, {0, 11, 700, 0, 0}, {1, 10, 300, 0, 0}}, 3,
           &founds, &settled);
    assert_int_equal(settled.by_fate[TZ_FATE_TAKEN], 1);
    assert_int_equal(settled.by_fate[TZ_FATE_LINK], 2);
    assert_int_equal(founds.items[0].fate, TZ_FATE_TAKEN); /* 0 and 10: 0 has a better one */

    uint32_t codes[RECORDS] = {0};
    tz_model number = {.comparisons = {{.kind = TZ_COMPARE_ID}}, .comparison_count = 1};
    tz_err err;
    make_table(&mem, &table, NULL);
    assert_int_equal(tz_dictionary_code(&table.values, TZ_TEXT("11010519491231002X"), &codes[0], &err),
                     TZ_OK);
    assert_int_equal(tz_dictionary_code(&table.values, TZ_TEXT("440524188001010014"), &codes[2], &err),
                     TZ_OK);
    for (size_t i = 0; i < RECORDS; i++)
        table.chunks.items[0][i] = codes[i];
    settle(&mem, &table, &number, (tz_found[]){{0, 1, 900, 0, 0}, {1, 2, 800, 0, 0}}, 2, &founds, &settled);
    assert_int_equal(settled.by_fate[TZ_FATE_CONFLICT],
                     1); /* 1 goes with the heavier link; two numbers never meet */
    assert_int_equal(founds.items[1].fate, TZ_FATE_CONFLICT);
    tz_dictionary_seal(&table.values);
    tz_arena_free(&mem);
}

/* ---- Expectation-maximisation where the answer is known ---- */

/* Three comparisons that are equal or not, independent within each class: with the exact share of every pattern the
 * parameters that made them are the only fixed point that EM climbs to. */
static void learning_finds_the_parameters(void **state)
{
    (void)state;
    static const struct {
        double prior, m[3], u[3];
    } CASES[] = {{0.1, {0.9, 0.8, 0.95}, {0.1, 0.05, 0.2}},
                 {0.02, {0.95, 0.9, 0.85}, {0.01, 0.02, 0.05}},
                 {0.3, {0.7, 0.8, 0.9}, {0.2, 0.1, 0.05}}};
    const double all = 1e12;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_model model = {.comparison_count = 3, .prior = 0.05};
        tz_training report = {0};
        tz_pattern patterns[8];
        for (size_t c = 0; c < 3; c++) {
            model.comparisons[c].kind = TZ_COMPARE_CATEGORY;
            model.comparisons[c].m[1] = 0.8, model.comparisons[c].m[2] = 0.2;
            model.comparisons[c].u[1] = 0.1, model.comparisons[c].u[2] = 0.9;
        }
        for (size_t k = 0; k < 8; k++) {
            double same = CASES[i].prior, other = 1 - CASES[i].prior;
            uint64_t pattern = 0;
            for (size_t c = 0; c < 3; c++) {
                bool is_equal = (k >> c & 1) != 0;
                same *= is_equal ? CASES[i].m[c] : 1 - CASES[i].m[c];
                other *= is_equal ? CASES[i].u[c] : 1 - CASES[i].u[c];
                pattern |= (uint64_t)(is_equal ? 1 : 2) << (3 * c);
            }
            patterns[k] = (tz_pattern){pattern, (int64_t)llround(all * (same + other))};
        }
        tz_model_maximise(&model, patterns, 8, 1, patterns, 8, all, &report);
        assert_true(report.is_settled);
        assert_true(fabs(model.prior - CASES[i].prior) < 0.002);
        for (size_t c = 0; c < 3; c++) {
            assert_true(fabs(model.comparisons[c].m[1] - CASES[i].m[c]) < 0.005);
            assert_true(fabs(model.comparisons[c].u[1] - CASES[i].u[c]) < 0.005);
            assert_true(report.is_identified[c]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_give_what_the_whole_gives),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(explanations_add_up),
        cmocka_unit_test(nothing_is_left_half_written),
        cmocka_unit_test(clusters_are_the_closure_of_links),
        cmocka_unit_test(weak_bridges_conflicts_and_second_partners_are_cut),
        cmocka_unit_test(learning_finds_the_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
