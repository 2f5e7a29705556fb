/* The linkage of files: accuracy on made-up people, models that are kept, and bad input. */
#include "../test.h"

#include "base/file.h"
#include "base/idcard.h"
#include "people/engine.h"
#include "people/sweep.h"

typedef struct {
    tz_arena mem;
    tz_app app;
    char folder[64];
} place;

static uint64_t seed = 20191231;

static uint32_t random_below(uint32_t below)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(seed >> 33) % below;
}

static void start(place *of)
{
    const char *base = getenv("TMPDIR");
    *of = (place){.app = {.lang = TZ_EN}};
    (void)snprintf(of->folder, sizeof of->folder, "%s/tz-engine-XXXXXX", base == NULL ? "/tmp" : base);
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

static const char *put(place *of, const char *name, tz_text text)
{
    tz_err err = {0};
    const char *path = path_of(of, name);
    assert_int_equal(tz_file_write(path, text, 0644, &err), TZ_OK);
    return path;
}

/* ---- People: an id is its person's number, a letter and a count ---- */

static const char *const SYLLABLES[] = {"ka", "ro",  "mi", "ten", "lu", "var", "so", "bel",
                                        "ni", "dor", "pa", "shi", "qu", "ze",  "fa"};

static void some_name(char *out)
{
    out[0] = '\0';
    for (int i = 0; i < 3; i++)
        (void)strcat(out, SYLLABLES[random_below(15)]);
}

static void damage(char *text)
{
    size_t size = strlen(text), at = random_below((uint32_t)size - 1);
    char kept = text[at];
    if (random_below(2) == 0) {
        text[at] = text[at + 1];
        text[at + 1] = kept;
    } else {
        text[at] = (char)(text[at] >= 'a' ? 'a' + random_below(26) : '0' + random_below(10));
    }
}

static void put_person(tz_buf *out, int person, char letter, uint32_t damage_in)
{
    char cells[5][32];
    uint64_t before = seed;

    seed = (uint64_t)person * 7919 + 17; /* the person's own values */
    for (int i = 0; i < 3; i++) {
        (void)random_below(7);
        some_name(cells[i]);
    }
    (void)snprintf(cells[3], sizeof cells[3], "%04u-%02u-%02u", 1940 + random_below(70), 1 + random_below(12),
                   1 + random_below(28));
    (void)snprintf(cells[4], sizeof cells[4], "%u", 1000000 + random_below(9000000));
    seed = before;
    for (int i = 0; i < 5; i++)
        if (damage_in > 0 && random_below(damage_in) == 0)
            damage(cells[i]);
    tz_buf_printf(out, "%d%c,%s,%s,%s,%s,%s\n", person, letter, cells[0], cells[1],
                  random_below(10) == 0 ? "" : cells[2], cells[3], cells[4]);
}

static const char HEADER[] = "id,first_name,last_name,street,born,number\n";

static const char *put_people(place *of, const char *name, char letter, int from, int to, uint32_t damage_in)
{
    tz_buf out = tz_buf_init(&of->mem, 0);
    tz_buf_puts(&out, HEADER);
    for (int person = from; person < to; person++)
        put_person(&out, person, letter, damage_in);
    return put(of, name, tz_buf_text(&out));
}

typedef struct {
    int links, right;
} result;

static result read_links(place *of, const char *path)
{
    tz_text text;
    tz_err err = {0};
    result found = {0};

    assert_int_equal(tz_file_load(&of->mem, path, 1 << 24, &text, &err), TZ_OK);
    const char *line = strchr(text.data, '\n') + 1;
    assert_int_equal(strncmp(text.data, "id_a,id_b,weight,probability,cluster\n", 37), 0);
    for (; *line != '\0'; line = strchr(line, '\n') + 1) {
        found.links++;
        found.right += atoi(line) == atoi(strchr(line, ',') + 1);
    }
    return found;
}

static tz_rc run(place *of, tz_link_files_options options, tz_err *err)
{
    json_t *summary = NULL;
    options.id_column = "id";
    tz_rc rc = tz_link_files(&of->app, &options, &summary, err);
    json_decref(summary);
    return rc;
}

static void finds_people_in_two_files(void **state)
{
    (void)state;
    place of;
    tz_err err = {0};
    start(&of);
    tz_link_files_options options = {.a_path = put_people(&of, "a.csv", 'a', 0, 1500, 0),
                                     .b_path = put_people(&of, "b.csv", 'b', 500, 2000, 6),
                                     .out_path = path_of(&of, "links.csv"),
                                     .model_out = path_of(&of, "links.model.yaml")};
    assert_int_equal(run(&of, options, &err), TZ_OK);
    result found = read_links(&of, options.out_path);
    assert_in_range(found.right, 985, 1000); /* of 1,000 */
    assert_in_range(found.links - found.right, 0, 5);

    /* the kept model gives the same links, byte for byte */
    tz_text first, again;
    assert_int_equal(tz_file_load(&of.mem, options.out_path, 1 << 24, &first, &err), TZ_OK);
    options.model_path = options.model_out;
    options.model_out = NULL;
    options.out_path = path_of(&of, "again.csv");
    assert_int_equal(run(&of, options, &err), TZ_OK);
    assert_int_equal(tz_file_load(&of.mem, options.out_path, 1 << 24, &again, &err), TZ_OK);
    assert_true(tz_text_equal(first, again));
    stop(&of);
}

static void finds_duplicates_in_one_file(void **state)
{
    (void)state;
    place of;
    tz_err err = {0};
    tz_buf out;
    start(&of);
    out = tz_buf_init(&of.mem, 0);
    tz_buf_puts(&out, HEADER);
    for (int person = 0; person < 1000; person++)
        for (int copy = 0; copy < 1 + person % 3; copy++)
            put_person(&out, person, (char)('a' + copy), copy == 0 ? 0 : 8);
    tz_link_files_options options = {.a_path = put(&of, "a.csv", tz_buf_text(&out)),
                                     .out_path = path_of(&of, "links.csv")};
    assert_int_equal(run(&of, options, &err), TZ_OK);
    result found = read_links(&of, options.out_path);
    assert_in_range(found.right, 1310, 1332); /* 333 people with two rows, 333 with three */
    assert_in_range(found.links - found.right, 0, 5);
    stop(&of);
}

static void two_valid_numbers_are_never_one_cluster(void **state)
{
    (void)state;
    place of;
    tz_err err = {0};
    tz_buf out;
    start(&of);
    out = tz_buf_init(&of.mem, 0);
    tz_buf_puts(&out, "id,证号,姓名,村,电话\n");
    for (int i = 0; i < 300; i++) { /* everybody once, but for two rows that agree in all but the number */
        int same = i == 1 ? 0 : i;
        const char *digits = tz_arena_printf(&of.mem, "1404301980%02d%02d%03d", 1 + i % 12, 1 + i % 28, i);
        tz_buf_printf(&out, "%d,%s%c,姓名甲%d,村%d,1390000%04d\n", i, digits, tz_idcard_check(digits), same,
                      same % 40, same);
    }
    tz_link_files_options options = {.a_path = put(&of, "a.csv", tz_buf_text(&out)),
                                     .out_path = path_of(&of, "links.csv")};
    assert_int_equal(run(&of, options, &err), TZ_OK);
    assert_int_equal(read_links(&of, options.out_path).links, 0);
    stop(&of);
}

/* ---- Chinese rows: names by ear, by eye and in traditional characters ---- */

static void put_resident(tz_buf *out, int person, char letter, bool is_damaged)
{
    static const char *const SURNAMES[][2] = {{"王", "汪"}, {"张", "張"}, {"刘", "劉"},
                                              {"陈", "陳"}, {"杨", "楊"}, {"赵", "趙"}};
    static const char *const GIVEN[][2] = {{"伟", "玮"}, {"芳", "方"}, {"国", "國"}, {"小", "晓"},
                                           {"红", "紅"}, {"未", "末"}, {"军", "軍"}, {"丽", "麗"},
                                           {"义", "義"}, {"文", "闻"}, {"兰", "蓝"}, {"志", "治"}};
    uint64_t before = seed;
    seed = (uint64_t)person * 7919 + 17;
    (void)random_below(7);
    uint32_t surname = random_below(6), first = random_below(12), second = random_below(12);
    uint32_t year = 1940 + random_below(70), month = 1 + random_below(12), day = 1 + random_below(28),
             village = random_below(40);
    uint32_t latitude = random_below(1000), longitude = random_below(1000), household = (uint32_t)person / 3;
    seed = before;
    int which = is_damaged ? 1 : 0;
    tz_buf_printf(out, "%d%c,%s%s%s,", person, letter, SURNAMES[surname][which], GIVEN[first][which],
                  GIVEN[second][which]);
    if (is_damaged && person % 3 == 0)
        tz_buf_printf(out, "%u年%u月%u日", year, month, day % 28 + 1);
    else
        tz_buf_printf(out, "%04u-%02u-%02u", year, month, day);
    tz_buf_printf(out, ",%u村,36.%03u,113.%03u,H%u,%s\n", village, latitude, longitude + (is_damaged ? 1 : 0),
                  household,
                  person % 3 == 0   ? "户主"
                  : person % 3 == 1 ? "配偶"
                                    : "子女");
}

static void finds_chinese_people(void **state)
{
    (void)state;
    place of;
    tz_err err = {0};
    start(&of);
    tz_buf a = tz_buf_init(&of.mem, 0), b = tz_buf_init(&of.mem, 0);
    const char *header = "id,姓名,出生,村,纬度,经度,户号,与户主关系\n";
    tz_buf_puts(&a, header);
    tz_buf_puts(&b, header);
    for (int person = 0; person < 900; person++)
        put_resident(&a, person, 'a', false);
    for (int person = 300; person < 1200; person++)
        put_resident(&b, person, 'b', true);
    tz_link_files_options options = {.a_path = put(&of, "a.csv", tz_buf_text(&a)),
                                     .b_path = put(&of, "b.csv", tz_buf_text(&b)),
                                     .id_column = "id",
                                     .out_path = path_of(&of, "links.csv")};
    json_t *summary = NULL, *one;
    size_t i;
    assert_int_equal(tz_link_files(&of.app, &options, &summary, &err), TZ_OK);
    static const char *const KINDS[] = {"han", "date", "text", "place", "household", "category"};
    json_array_foreach (json_object_get(summary, "comparisons"), i, one)
        assert_string_equal(tz_json_str(one, "kind"), KINDS[i]);
    assert_int_equal(i, 6);
    json_decref(summary);
    result found = read_links(&of, options.out_path);
    assert_in_range(found.right, 585, 600);
    assert_in_range(found.links - found.right, 0, 8);
    stop(&of);
}

/* A row with a number, and the birth date that the number holds; slip: a digit of the number is another. */
static void put_numbered(tz_buf *out, int person, char letter, bool slip)
{
    static const char *const NAMES[] = {"王伟", "李芳", "张国军", "刘丽", "陈小红", "杨志文", "赵兰"};
    char digits[32];
    (void)snprintf(digits, sizeof digits, "140430%04d%02d%02d%03d", 1940 + person % 60, 1 + person % 12,
                   1 + person * 7 % 28, person);
    digits[17] = tz_idcard_check(digits);
    digits[18] = '\0';
    tz_buf_printf(out, "%d%c,%s,%.4s-%.2s-%.2s,", person, letter, NAMES[person % 7], digits + 6, digits + 10, digits + 12);
    if (slip)
        digits[15] = digits[15] == '9' ? '8' : '9';
    tz_buf_printf(out, "%s\n", digits);
}

/* The date's part of the explanation of two rows. */
static const char *date_part(place *of, const tz_link_files_options *options, const char *a, const char *b)
{
    tz_err err = {0};
    json_t *why = NULL, *part;
    size_t i;
    const char *weight = NULL;

    assert_int_equal(tz_link_files_explain(&of->app, options, a, b, NULL, &why, &err), TZ_OK);
    json_array_foreach (json_object_get(why, "parts"), i, part)
        if (strcmp(tz_json_str(part, "column"), "出生日期") == 0)
            weight = tz_arena_dup(&of->mem, tz_json_str(part, "weight"));
    json_decref(why);
    return weight;
}

static void a_date_in_the_number_is_evidence_once(void **state)
{
    (void)state;
    place of;
    tz_err err = {0};
    tz_text model;
    json_t *summary = NULL;
    start(&of);
    tz_buf rows = tz_buf_init(&of.mem, 0);
    tz_buf_puts(&rows, "id,姓名,出生日期,身份证号\n");
    for (int person = 0; person < 600; person++) {
        put_numbered(&rows, person, 'a', false);
        if (person % 2 == 0)
            put_numbered(&rows, person, 'b', person % 4 == 0);
    }
    tz_buf_puts(&rows, "n,王伟,1940-01-01,\n"); /* no number: then the date says all that it can */
    tz_link_files_options options = {.a_path = put(&of, "a.csv", tz_buf_text(&rows)),
                                     .id_column = "id",
                                     .out_path = path_of(&of, "links.csv"),
                                     .model_out = path_of(&of, "m.yaml")};
    assert_int_equal(tz_link_files(&of.app, &options, &summary, &err), TZ_OK);
    json_decref(summary);
    assert_int_equal(tz_file_load(&of.mem, options.model_out, 1 << 20, &model, &err), TZ_OK);
    assert_true(tz_text_find(model, TZ_TEXT("in_id: true"), 0) != SIZE_MAX);
    options.model_path = options.model_out;
    assert_string_equal(date_part(&of, &options, "4a", "4b"), "+0.00"); /* a slip of the number */
    assert_string_equal(date_part(&of, &options, "2a", "2b"), "+0.00"); /* the same number */
    assert_true(strtod(date_part(&of, &options, "0a", "n"), NULL) > 3);
    result found = read_links(&of, options.out_path);
    assert_in_range(found.right, 298, 300);
    stop(&of);
}

/* ---- Bad input ---- */

static void bad_files_are_refused_or_survived(void **state)
{
    (void)state;
    place of;
    tz_buf large;
    start(&of);
    large = tz_buf_init(&of.mem, 0);
    tz_buf_puts(&large, "id,name,code\n");
    for (int i = 0; i < 50; i++) {
        tz_buf_printf(&large, "%d,", i);
        for (int j = 0; j < 10000; j++)
            tz_buf_char(&large, (char)('a' + (i * j) % 26));
        tz_buf_printf(&large, ",%d\n", i);
    }
    const struct {
        const char *name;
        tz_text text;
        tz_rc rc;
    } FILES[] = {
        {"no-rows.csv", TZ_TEXT("id,name\n"), TZ_INPUT},
        {"one-row.csv", TZ_TEXT("id,name\n1,a\n"), TZ_INPUT},
        {"no-id.csv", TZ_TEXT("no,name\n1,a\n2,b\n"), TZ_INPUT},
        {"id-only.csv", TZ_TEXT("id\n1\n2\n"), TZ_INPUT},
        {"empty-id.csv", TZ_TEXT("id,name\n1,a\n,b\n"), TZ_INPUT},
        {"all-null.csv", TZ_TEXT("id,name,born\n1,,\n2,,\n3,-,null\n"), TZ_INPUT},
        {"one-value.csv", TZ_TEXT("id,name\n1,a\n2,a\n3,a\n"), TZ_INPUT},
        {"ragged.csv", TZ_TEXT("id,name,code\n1,a\n2,b,7,8,9\n3,a,7\n4\n"), TZ_OK},
        {"long.csv", tz_buf_text(&large), TZ_OK},
        {"nothing-alike.csv", TZ_TEXT("id,name,code\n1,ab,17\n2,cd,28\n3,ef,39\n"), TZ_INPUT},
        {"same-id.csv", TZ_TEXT("id,name\n1,a\n2,b\n1,c\n"), TZ_INPUT},
        {"broken.csv", TZ_TEXT("id,name,code\n1,\xFF\xFE,7\n2,\xC3\x28,7\n3,\xE4\xBD,8\n4,ok,8\n"),
         TZ_OK}, /* a broken byte is a sign of its own */
    };
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        tz_err err = {0};
        tz_link_files_options options = {.a_path = put(&of, FILES[i].name, FILES[i].text),
                                         .out_path = path_of(&of, tz_arena_printf(&of.mem, "out%zu.csv", i))};
        if (run(&of, options, &err) != FILES[i].rc)
            fail_msg("%s: %s", FILES[i].name, err.en);
        if (FILES[i].rc != TZ_OK)
            assert_false(tz_file_exists(options.out_path));
    }
    tz_err err = {0};
    assert_int_equal(
        run(&of,
            (tz_link_files_options){.a_path = path_of(&of, "gone.csv"), .out_path = path_of(&of, "out2.csv")},
            &err),
        TZ_MISSING);
    stop(&of);
}

static void bad_models_are_refused(void **state)
{
    (void)state;
    static const char *const MODELS[] = {
        "model: 2\n",
        "model: 1\ncomparisons: []\nblocking: []\n",
        "model: 1\nblocking: [[born]]\ncomparisons:\n  - {column: born, kind: soundex}\n",
        "model: 1\nblocking: [[born]]\ncomparisons:\n  - {column: nobody, kind: date}\n",
        "model: 1\nblocking: [[nobody]]\ncomparisons:\n  - {column: born, kind: date}\n",
        "model: 1\nblocking: [born]\ncomparisons:\n  - {column: born, kind: date}\n",
        "model: 1\nblocking: [[born]]\ncomparisons:\n  - {column: born, kind: date, colour: red}\n",
        "model: 1\nthreshold: 1.5\nblocking: [[born]]\ncomparisons:\n  - {column: born, kind: date}\n",
        "model: 1\nblocking: [[born]]\ncomparisons:\n  - {column: born, kind: date, levels: [{level: exact, m: 0.9, u: 0.1}]}\n",
        "model: 1\nblocking: [[born]]\ncomparisons:\n  - {column: born, kind: date, levels: [{level: odd, m: 0.9, u: 0.1}]}\n",
        "model: 1\nblocking: [[born]]\ncomparisons:\n  - {column: born, kind: date, levels: [{level: exact, m: x, u: 0.1}]}\n",
    };
    place of;
    start(&of);
    const char *people = put_people(&of, "a.csv", 'a', 0, 50, 0);
    for (size_t i = 0; i < sizeof MODELS / sizeof MODELS[0]; i++) {
        tz_err err = {0};
        tz_link_files_options options = {.a_path = people,
                                         .model_path = put(&of, "m.yaml", tz_text_of(MODELS[i])),
                                         .out_path = path_of(&of, "o.csv")};
        if (run(&of, options, &err) != TZ_INPUT || err.where.row_no == 0)
            fail_msg("model %zu: %s", i, err.en);
    }
    tz_err err = {0}; /* one without m and u is trained */
    tz_link_files_options options = {
        .a_path = people,
        .b_path = put_people(&of, "b.csv", 'b', 10, 60, 5),
        .out_path = path_of(&of, "o.csv"),
        .model_path = put(
            &of, "m.yaml",
            TZ_TEXT(
                "model: 1\nblocking: [[born], [last_name, first_name]]\n"
                "comparisons:\n  - {column: born, kind: date}\n  - {column: last_name, kind: name, with: first_name}\n"))};
    assert_int_equal(run(&of, options, &err), TZ_OK);
    stop(&of);
}

/* ---- Blocks against all pairs looked at one by one ---- */

enum { RECORDS = 300, COLUMNS = 3 }; /* more than two tiles */

typedef struct {
    int seen[RECORDS][RECORDS];
} seen_pairs;

static bool see(void *context, const tz_pair_row *row)
{
    seen_pairs *of = context;
    for (size_t k = 0; k < row->count; k++) {
        uint32_t a = row->left->records[row->i], b = row->right->records[row->js[k]];
        assert_true(a < b);
        of->seen[a][b]++;
    }
    return true;
}

/* A table of random codes, none 0 but by chance; the texts of the codes are numbers. */
static void make_table(tz_arena *mem, tz_table *ret_table, size_t count_a, uint32_t values)
{
    *ret_table = (tz_table){.mem = mem,
                            .column_count = COLUMNS,
                            .width = COLUMNS,
                            .count = RECORDS,
                            .count_a = count_a,
                            .truth = SIZE_MAX};
    tz_dictionary_init(mem, &ret_table->values);
    for (uint32_t i = 1; i < values; i++) {
        uint32_t code = 0;
        tz_err err;
        assert_int_equal(tz_dictionary_code(&ret_table->values,
                                            tz_text_of(tz_arena_printf(mem, "%u", 100 * i)), &code, &err),
                         TZ_OK);
    }
    tz_dictionary_seal(&ret_table->values);
    tz_push(mem, &ret_table->chunks, tz_new_array(mem, uint32_t, RECORDS * COLUMNS));
    for (size_t i = 0; i < RECORDS * COLUMNS; i++)
        ret_table->chunks.items[0][i] = random_below(values);
}

static void see_all(place *of, tz_table *table, tz_model *model, int64_t max_pairs, size_t known,
                    tz_blocks *ret_blocks, seen_pairs *pairs)
{
    tz_scorer scorer;
    int64_t count = 0, counted = 0;
    bool is_stopped = false;
    tz_err err = {0};
    assert_int_equal(tz_blocks_make(&of->mem, table, model, max_pairs, ret_blocks, &err), TZ_OK);
    tz_scorer_init(&of->mem, table, model, NULL, &scorer);
    tz_sweep sweep = {.app = &of->app,
                      .what = "",
                      .scorer = &scorer,
                      .blocks = ret_blocks,
                      .known = known,
                      .threads = 1,
                      .see = see,
                      .workers = {pairs}};
    assert_int_equal(tz_sweep_run(&sweep, &count, &is_stopped, &err), TZ_OK);
    assert_false(is_stopped);
    tz_blocks_forget(ret_blocks);
    for (size_t a = 0; a < RECORDS; a++)
        for (size_t b = 0; b < RECORDS; b++)
            counted += pairs->seen[a][b];
    assert_int_equal(count, counted);
}

static void every_pair_of_a_block_once(void **state)
{
    (void)state;
    place of = {.app = {.lang = TZ_EN}};
    for (int round = 0; round < 60; round++) {
        seen_pairs pairs = {.seen = {{0}}};
        tz_blocks blocks;
        tz_table table;
        size_t known = round % 3 == 0 ? RECORDS / 2 : 0, count_a = round % 3 == 1 ? RECORDS / 3 : RECORDS;
        tz_model model = {.rules = {{.columns = {0}, .count = 1}, {.columns = {1, 2}, .count = 2}},
                          .rule_count = 2};
        make_table(&of.mem, &table, count_a, 6);
        see_all(&of, &table, &model, 1000000, known, &blocks, &pairs);
        for (uint32_t a = 0; a < RECORDS; a++)
            for (uint32_t b = a + 1; b < RECORDS; b++) {
                const uint32_t *x = tz_table_codes(&table, a), *y = tz_table_codes(&table, b);
                bool agree =
                    (x[0] != 0 && x[0] == y[0]) || (x[1] != 0 && x[1] == y[1] && x[2] != 0 && x[2] == y[2]);
                bool apart = (count_a == RECORDS || (a < count_a && b >= count_a)) && b >= known;
                assert_int_equal(pairs.seen[a][b], agree && apart);
            }
        tz_arena_reset(&of.mem);
    }
    tz_arena_free(&of.mem);
}

static void a_block_too_large_is_refined_or_left(void **state)
{
    (void)state;
    place of = {.app = {.lang = TZ_EN}};
    tz_table table;
    tz_blocks blocks;
    int count = 0;
    seen_pairs pairs = {.seen = {{0}}};
    tz_model model = {.rules = {{.columns = {0}, .count = 1}, {.columns = {1}, .count = 1}}, .rule_count = 2};
    make_table(&of.mem, &table, RECORDS, 2 + RECORDS);
    for (uint32_t i = 0; i < RECORDS; i++) {
        tz_table_codes(&table, i)[0] = 1;         /* one block of everybody */
        tz_table_codes(&table, i)[1] = 2 + i / 2; /* blocks of two */
    }
    see_all(&of, &table, &model, 100, 0, &blocks, &pairs);
    assert_int_equal(blocks.refined_blocks, 1); /* into the blocks of two: they come once all the same */
    assert_int_equal(blocks.left_blocks, 0);
    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = 0; b < RECORDS; b++)
            count += pairs.seen[a][b];
    assert_int_equal(count, RECORDS / 2);
    assert_int_equal(blocks.rules[0].largest, RECORDS * (RECORDS - 1) / 2);

    pairs = (seen_pairs){.seen = {{0}}}; /* nothing to refine by */
    for (uint32_t i = 0; i < RECORDS; i++)
        tz_table_codes(&table, i)[1] = 1;
    see_all(&of, &table, &model, 100, 0, &blocks, &pairs);
    assert_int_equal(blocks.left_blocks, 2);
    assert_int_equal(blocks.predicted, 0);
    tz_arena_free(&of.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_people_in_two_files),
        cmocka_unit_test(finds_duplicates_in_one_file),
        cmocka_unit_test(finds_chinese_people),
        cmocka_unit_test(a_date_in_the_number_is_evidence_once),
        cmocka_unit_test(two_valid_numbers_are_never_one_cluster),
        cmocka_unit_test(bad_files_are_refused_or_survived),
        cmocka_unit_test(bad_models_are_refused),
        cmocka_unit_test(every_pair_of_a_block_once),
        cmocka_unit_test(a_block_too_large_is_refined_or_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
