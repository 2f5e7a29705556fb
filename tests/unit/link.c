/* Runs of the linkage on a small county: ids that stay, nothing written twice, rebuilding. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/idcard.h"
#include "people/link.h"
#include "people/review.h"
#include "store/duck.h"
#include "store/erase.h"
#include "store/journal.h"

static const char PACK[] =
    "name: folk\ntitle: 测试 | test\nregisters:\n"
    "  folk:\n    title: 名册 | roster\n    owner: [公安局]\n    key: [id]\n    period: state\n"
    "    identities:\n      - {role: person, id: id, name: name, village: village, household: household_no, space: hukou}\n"
    "    columns:\n"
    "      - {name: id, title: 身份证号 | ID, type: id}\n"
    "      - {name: name, title: 姓名 | name, type: text}\n"
    "      - {name: village, title: 村 | village, type: division}\n"
    "      - {name: household_no, title: 户号 | household, type: text}\n";

static const char DIVISIONS[] =
    "code\tname\tlevel\tparent\tedition\tsuccessor\n"
    "140430000000\t测试县\tcounty\t140400000000\t2019\t\n";

typedef struct {
    tz_arena  mem;
    tz_app    app;
    char      folder[64];
    tz_store *store;
    tz_packs *packs;
    int64_t   clock_ms;
    int       batches;
} county;

typedef struct {
    const char *id, *raw, *name, *household;
} line;

static int64_t now(void *context)
{
    county *of = context;
    return of->clock_ms += 1000;
}

static void put_file(county *of, const char *path, const char *text)
{
    MUST(tz_file_write(tz_arena_printf(&of->mem, "%s/%s", of->folder, path), tz_text_of(text), 0644, err));
}

static void start(county *of)
{
    static const char *const PACKS[] = {"folk"};
    const char *base = getenv("TMPDIR");

    *of = (county){.clock_ms = 1577836800000};
    (void)snprintf(of->folder, sizeof of->folder, "%s/tz-link-XXXXXX", base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(of->folder));
    of->app = (tz_app){.lang = TZ_EN, .now_ms = now, .context = of, .program = "/proc/self/exe"};
    MUST(tz_store_create(&of->app, of->folder, "140430", "测试县", PACKS, 1, "tester", err));
    put_file(of, "divisions.tsv", DIVISIONS);
    const char *packs = tz_arena_printf(&of->mem, "%s/packs", of->folder);
    MUST(tz_file_make_folder(tz_arena_printf(&of->mem, "%s/folk", packs), err));
    put_file(of, "packs/folk/pack.yaml", PACK);
    MUST(tz_store_open(&of->app, of->folder, TZ_WRITE, &of->store, err));
    MUST(tz_store_act_as(of->store, "tester", NULL, err));
    MUST(tz_packs_load(&of->mem, of->store->county, packs, packs, &of->packs, err));
}

static void stop(county *of)
{
    tz_err err;
    tz_store_close(of->store);
    assert_int_equal(tz_file_remove_folder(of->folder, &err), TZ_OK);
    tz_arena_free(&of->mem);
}

static void put_text(tz_buf *sql, const char *text)
{
    if (text == NULL)
        tz_buf_puts(sql, "NULL::VARCHAR");
    else
        tz_sql_literal(sql, tz_text_of(text));
}

static void write_rows(county *of, const char *path, const line *lines, size_t count)
{
    tz_duck duck = {0};
    tz_buf  sql = tz_buf_init(&of->mem, 0);

    tz_buf_puts(&sql, "COPY (SELECT 1::SMALLINT AS _sheet, r::INTEGER AS _rowno, md5(concat(id, raw, r)) AS _key, md5('') AS _content, '' AS _slice,"
                      " '' AS _period, false AS _quarantined, NULL::VARCHAR AS _problems, id, raw AS id_raw, name,"
                      " '140430100201' AS village, '' AS village_name, household AS household_no FROM (VALUES ");
    for (size_t i = 0; i < count; i++) {
        const char *const cells[] = {lines[i].id, lines[i].raw, lines[i].name, lines[i].household};
        tz_buf_printf(&sql, "%s(%zu", i == 0 ? "" : ", ", i + 2);
        for (size_t c = 0; c < 4; c++) {
            tz_buf_puts(&sql, ", ");
            put_text(&sql, cells[c]);
        }
        tz_buf_puts(&sql, ")");
    }
    tz_buf_puts(&sql, ") v(r, id, raw, name, household)) TO ");
    tz_sql_literal(&sql, tz_text_of(path));
    tz_buf_puts(&sql, " (FORMAT parquet)");
    MUST(tz_duck_open(1, 512, &duck, err));
    MUST(tz_duck_exec(&duck, tz_buf_str(&sql), err));
    tz_duck_close(&duck);
}

static void put_batch(county *of, int batch, bool is_withdrawn)
{
    const char *name = tz_arena_printf(&of->mem, "folk-%d", batch);
    tz_digest   digest;
    char        original[TZ_SM3_HEX];

    put_file(of, name, name);
    MUST(tz_store_begin(of->store, err));
    MUST(tz_store_keep(of->store, tz_store_path(&of->mem, of->store, name, NULL), name, &digest, err));
    tz_digest_hex(&digest, original);
    json_t *image = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:n, s:i, s:o, s:o}", "batch", batch,
                              "register", "folk", "register_version", "1", "identity", name, "original", original, "file", name, "sheets",
                              "[{\"no\":1,\"sheet\":null}]", "sender", "as_of", "2019-12-31", "as_of_from", "flag", "period", "", "parquet",
                              tz_arena_printf(&of->mem, "%s.parquet", name), "parquet_digest", "", "accepted", 1, "quarantined", 0, "corrects",
                              "accepted_entry", 0, "withdrawn_entry", is_withdrawn ? json_integer(0) : json_null(), "withdrawn_why",
                              is_withdrawn ? json_string("test") : json_null());
    MUST(tz_journal_put(of->store, "import", "batch", image, NULL, NULL, err));
    MUST(tz_store_commit(of->store, err));
    json_decref(image);
}

static int deliver(county *of, const line *lines, size_t count)
{
    int batch = ++of->batches;
    const char *name = tz_arena_printf(&of->mem, "folk-%d.parquet", batch);
    write_rows(of, tz_store_path(&of->mem, of->store, "evidence", name), lines, count);
    put_batch(of, batch, false);
    return batch;
}

static const char *people_path(county *of, int64_t number)
{
    return tz_store_path(&of->mem, of->store, "derived", tz_arena_printf(&of->mem, "people-%d.parquet", (int)number));
}

/* The same inputs again are told from what was kept; without the file, they are linked again: both say what the run said. */
static void is_told_again(county *of, const json_t *summary)
{
    json_t     *known = NULL, *made = NULL, *first = json_copy((json_t *)summary);
    const char *path = people_path(of, tz_json_int(summary, "run", 0));
    tz_text     file, again;

    MUST(tz_file_load(&of->mem, path, 1 << 20, &file, err));
    MUST(tz_link(of->store, of->packs, &known, err));
    assert_int_equal(unlink(path), 0);
    MUST(tz_link(of->store, of->packs, &made, err));
    MUST(tz_file_load(&of->mem, path, 1 << 20, &again, err));
    assert_true(tz_text_equal(file, again));
    (void)json_object_set_new(first, "is_new", json_false());
    (void)json_object_set_new(first, "is_trained", json_false());
    assert_true(json_equal(known, first));
    assert_true(json_equal(made, first));
    json_decref(known);
    json_decref(made);
    json_decref(first);
}

static json_t *link_all(county *of)
{
    json_t *summary = NULL;
    MUST(tz_link(of->store, of->packs, &summary, err));
    is_told_again(of, summary);
    return summary;
}

/* Links and forgets the summary; gives the run. */
static int64_t run(county *of)
{
    json_t *summary = NULL;
    MUST(tz_link(of->store, of->packs, &summary, err));
    int64_t number = tz_json_int(summary, "run", 0);
    json_decref(summary);
    return number;
}

/* "P1 H1, P2 H1 …" of a batch, as derived/ has it. */
static const char *people_of(county *of, int64_t number, int batch)
{
    tz_duck       duck = {0};
    duckdb_result result;
    tz_buf        sql = tz_buf_init(&of->mem, 0);

    tz_buf_puts(&sql, "SELECT string_agg(person || coalesce(' ' || household, ''), ', ' ORDER BY row) FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(people_path(of, number)));
    tz_buf_printf(&sql, ") WHERE row >> 36 = %d", batch);
    MUST(tz_duck_open(1, 512, &duck, err));
    MUST(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, err));
    char       *text = duckdb_value_varchar(&result, 0, 0);
    const char *kept = tz_arena_dup(&of->mem, text == NULL ? "" : text);
    duckdb_free(text);
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    return kept;
}

/* The persons of all rows of the batches 1 to `batches`, in their order. */
static size_t list_persons(county *of, int64_t number, int batches, const char **ids, size_t room)
{
    size_t count = 0;

    for (int batch = 1; batch <= batches; batch++) {
        char *rest = tz_arena_dup(&of->mem, people_of(of, number, batch)), *part;
        while ((part = strsep(&rest, ",")) != NULL) {
            assert_true(count < room);
            ids[count++] = part + (part[0] == ' ');
        }
    }
    return count;
}

static bool is_same_partition(county *a, int64_t run_a, county *b, int64_t run_b, int batches)
{
    enum { ROOM = 2000 };
    static const char *ids[2][ROOM];
    size_t count = list_persons(a, run_a, batches, ids[0], ROOM);

    assert_int_equal(list_persons(b, run_b, batches, ids[1], ROOM), count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if ((strcmp(ids[0][i], ids[0][j]) == 0) != (strcmp(ids[1][i], ids[1][j]) == 0))
                return false;
    return true;
}

static const char *number(county *of, const char *digits)
{
    return tz_arena_printf(&of->mem, "%s%c", digits, tz_idcard_check(digits));
}

/* The valid number of one of some hundred people. */
static const char *some_number(county *of, unsigned i)
{
    return number(of, tz_arena_printf(&of->mem, "140430%04u%02u%02u%03u", 1940 + i % 60, 1 + i % 12, 1 + i * 7 % 28, i));
}

static int64_t events(county *of, const char *event)
{
    int64_t count = 0;
    MUST(tz_sql_one(of->store, "SELECT count(*) FROM entity_event WHERE event = ?1", event, NULL, &count, err));
    return count;
}

static void ids_stay_and_nothing_is_written_twice(void **state)
{
    (void)state;
    county of;
    start(&of);
    const char *wang = number(&of, "14043019800101001"), *li = number(&of, "14043019700101003");
    deliver(&of, (line[]){{wang, NULL, "王伟", "1"}, {li, NULL, "李芳", "1"}, {NULL, NULL, "张三", NULL}}, 3);
    json_t *summary = link_all(&of);
    assert_true(json_is_true(json_object_get(summary, "is_new")));
    assert_int_equal(tz_json_int(summary, "persons", 0), 3);
    assert_int_equal(tz_json_int(summary, "households", 0), 1);
    json_decref(summary);
    assert_string_equal(people_of(&of, 1, 1), "P1 H1, P2 H1, P3");
    int64_t before = 0, after = 0;
    MUST(tz_journal_count(of.store, &before, err));
    summary = link_all(&of);
    assert_true(json_is_false(json_object_get(summary, "is_new")));
    assert_int_equal(tz_json_int(summary, "run", 0), 1);
    json_decref(summary);
    MUST(tz_journal_count(of.store, &after, err));
    assert_int_equal(before, after);

    int second = deliver(&of, (line[]){{li, NULL, "李芳", NULL}, {wang, NULL, "王伟", NULL}}, 2);
    assert_int_equal(run(&of), 2);
    assert_string_equal(people_of(&of, 2, second), "P2 H1, P1 H1"); /* the household comes from the other batch */
    put_batch(&of, 1, true);
    assert_int_equal(run(&of), 3);
    assert_string_equal(people_of(&of, 3, second), "P2, P1");
    stop(&of);
}

static void derived_is_rebuilt_the_same(void **state)
{
    (void)state;
    county of;
    tz_text first, again;
    start(&of);
    deliver(&of, (line[]){{number(&of, "14043019800101001"), NULL, "王伟", "1"}, {NULL, NULL, "张三", NULL}}, 2);
    (void)run(&of);
    const char *path = people_path(&of, 1);
    MUST(tz_file_load(&of.mem, path, 1 << 20, &first, err));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(run(&of), 1);
    MUST(tz_file_load(&of.mem, path, 1 << 20, &again, err));
    assert_true(tz_text_equal(first, again));
    stop(&of);
}

static void decisions_merge_and_split(void **state)
{
    (void)state;
    county of;
    start(&of);
    const char *wang = number(&of, "14043019800101001");
    int64_t     batch = deliver(&of, (line[]){{wang, NULL, "王伟", NULL}, {wang, NULL, "王伟", NULL}, {NULL, NULL, "王玮", NULL}}, 3);
    int64_t     row = batch << 36 | 1 << 26;
    assert_int_equal(run(&of), 1);
    assert_string_equal(people_of(&of, 1, 1), "P1, P1, P2");

    MUST(tz_link_decide(of.store, of.packs, row + 2, row + 4, true, "seen the book", err)); /* merge: the older id stays */
    json_t *summary = link_all(&of);
    assert_int_equal(tz_json_int(summary, "run", 0), 2);
    json_decref(summary);
    assert_string_equal(people_of(&of, 2, 1), "P1, P1, P1");
    assert_int_equal(events(&of, "alias"), 1);

    MUST(tz_link_decide(of.store, of.packs, row + 2, row + 3, false, "two people", err)); /* split: the number is the anchor */
    assert_int_equal(run(&of), 3);
    assert_string_equal(people_of(&of, 3, 1), "P1, P3, P1");
    MUST(tz_link_decide(of.store, of.packs, row + 2, row + 4, false, "looked again", err));
    assert_int_equal(run(&of), 4);
    assert_string_equal(people_of(&of, 4, 1), "P1, P3, P4");
    assert_int_equal(events(&of, "split"), 1);
    assert_int_equal(run(&of), 4);

    tz_err wrong = {0};
    assert_int_equal(tz_link_decide(of.store, of.packs, row + 2, row + 99, true, "x", &wrong), TZ_MISSING);
    json_t *rows = NULL;
    MUST(tz_link_explain(&of.mem, of.store, of.packs, row + 2, row + 4, &rows, err));
    assert_string_equal(tz_json_str(json_array_get(rows, 0), "verdict"), "different");
    json_decref(rows);
    stop(&of);
}

/* The row that held a person's rows together is erased: its batch keeps its identity, and the rest is linked anew. */
static void what_was_erased_is_not_linked(void **state)
{
    (void)state;
    county         of;
    const tz_order order = {.number = "2020-1"};
    start(&of);
    const char *wang = number(&of, "14043019800101001");
    const char *near = tz_arena_printf(&of.mem, "%.16s%c%s", wang, wang[16] == '9' ? '8' : '9', wang + 17);
    const char *too = tz_arena_printf(&of.mem, "%.15s%c%s", wang, wang[15] == '9' ? '8' : '9', wang + 16);
    int64_t     batch = deliver(&of, (line[]){{wang, NULL, "王伟", NULL}, {NULL, near, "王伟", NULL}, {NULL, too, "王伟", NULL}}, 3);
    int64_t     row = batch << 36 | 1 << 26 | 2;
    assert_int_equal(run(&of), 1);
    assert_string_equal(people_of(&of, 1, 1), "P1, P1, P1");
    MUST(tz_store_begin(of.store, err));
    MUST(tz_erase_prepare(of.store, err));
    MUST(tz_erase_rows(of.store, &order, &row, 1, err));
    MUST(tz_store_commit(of.store, err));
    MUST(tz_erase_finish(of.store, err));
    json_t *summary = link_all(&of);
    assert_int_equal(tz_json_int(summary, "run", 0), 2);
    json_decref(summary);
    assert_string_equal(people_of(&of, 2, 1), "P1, P2");
    stop(&of);
}

static void review_lists_the_newest_run(void **state)
{
    (void)state;
    county of;
    start(&of);
    json_t *rows = NULL;
    deliver(&of, (line[]){{number(&of, "14043019800101001"), NULL, "王伟", NULL}, {number(&of, "14043019800101003"), NULL, "王伟", NULL}}, 2);
    (void)run(&of);
    MUST(tz_link_review(&of.mem, of.store, of.packs, &rows, err));
    assert_int_equal(json_array_size(rows), 1); /* one name, birth date and village, two valid numbers */
    json_decref(rows);
    put_batch(&of, 1, true);
    deliver(&of, (line[]){{number(&of, "14043019800101001"), NULL, "王伟", NULL}}, 1);
    (void)run(&of);
    MUST(tz_link_review(&of.mem, of.store, of.packs, &rows, err));
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    stop(&of);
}

/* The rows of a pair as tz_link_next gives it, from the first on. */
static int64_t next_waiting(county *of, int64_t *ret_waiting)
{
    tz_review_options options = {.is_masked = true, .lang = TZ_EN};
    json_t           *review = NULL;
    MUST(tz_link_next(&of->mem, of->store, of->packs, &options, &review, err));
    int64_t row = tz_json_int(json_object_get(review, "pair"), "row_a", 0);
    *ret_waiting = tz_json_int(review, "waiting", -1);
    json_decref(review);
    return row;
}

/* Behind many that are decided the one that nobody looked at comes, then the one of which somebody was unsure. */
static void the_next_pair_stands_behind_the_decided(void **state)
{
    (void)state;
    enum { PAIRS = 20, OPEN = 13, UNSURE = 4 };
    county  of;
    line    lines[2 * PAIRS];
    int64_t first = (int64_t)1 << 36 | 1 << 26 | 2, waiting = 0;
    start(&of);
    for (unsigned i = 0; i < 2 * PAIRS; i++)
        lines[i] = (line){number(&of, tz_arena_printf(&of.mem, "140430%04u0101%03u", 1950 + i / 2, 1 + 2 * (i % 2))), NULL, "王伟", NULL};
    deliver(&of, lines, 2 * PAIRS);
    (void)run(&of);
    for (int i = 0; i < PAIRS; i++)
        if (i == UNSURE)
            MUST(tz_link_defer(of.store, of.packs, first + 2 * i, first + 2 * i + 1, "can't say", err));
        else if (i != OPEN)
            MUST(tz_link_decide(of.store, of.packs, first + 2 * i, first + 2 * i + 1, false, "two people", err));
    assert_int_equal(next_waiting(&of, &waiting), first + 2 * OPEN);
    assert_int_equal(waiting, 2);
    MUST(tz_link_decide(of.store, of.packs, first + 2 * OPEN, first + 2 * OPEN + 1, false, "two people", err));
    assert_int_equal(next_waiting(&of, &waiting), first + 2 * UNSURE);
    MUST(tz_link_decide(of.store, of.packs, first + 2 * UNSURE, first + 2 * UNSURE + 1, false, "two people", err));
    assert_int_equal(next_waiting(&of, &waiting), 0);
    assert_int_equal(waiting, 0);
    stop(&of);
}

static void a_traditional_name_is_no_conflict(void **state)
{
    (void)state;
    county of;
    start(&of);
    const char *yang = number(&of, "14043019800101001");
    int64_t     batch = deliver(&of, (line[]){{yang, NULL, "楊慶義", NULL}, {yang, NULL, "杨庆义", NULL}}, 2);
    int64_t     row = batch << 36 | 1 << 26;
    json_t     *summary = link_all(&of), *rows = NULL;
    assert_int_equal(tz_json_int(summary, "persons", 0), 1);
    assert_int_equal(tz_json_int(summary, "conflicts", -1), 0);
    json_decref(summary);
    MUST(tz_link_explain(&of.mem, of.store, of.packs, row + 2, row + 3, &rows, err));
    assert_non_null(strstr(tz_json_str(json_array_get(rows, 0), "sentence"), "other forms of the characters"));
    const char *picture = tz_arena_printf(&of.mem, "%s/pair.svg", of.folder);
    tz_text     svg;
    MUST(tz_link_draw(json_array_get(rows, 0), picture, err)); /* asserts that the parts add up */
    MUST(tz_file_load(&of.mem, picture, 1 << 20, &svg, err));
    assert_true(tz_text_ends(svg, TZ_TEXT("</svg>\n")));
    json_decref(rows);
    stop(&of);
}

/* Six hundred people in two batches teach a model, which is kept: later runs weigh by it until somebody trains anew. */
static void a_model_is_learnt_once(void **state)
{
    (void)state;
    enum { PEOPLE = 600 };
    static const char *const NAMES[] = {"王建国", "李秀英", "张志强", "刘玉兰", "陈小红", "欧阳小雪"};
    county  of;
    line   *lines;
    int64_t models = 0;
    json_t *summary = NULL, *rows = NULL;
    start(&of);
    lines = tz_new_array(&of.mem, line, PEOPLE + 1);
    tz_err refused = {0};
    assert_int_equal(tz_link_train(of.store, of.packs, &summary, &refused), TZ_INPUT); /* nobody to learn from */
    for (unsigned i = 0; i < PEOPLE; i++)
        lines[i] = (line){some_number(&of, i), NULL, i == 0 ? NAMES[5] : NAMES[i % 5], NULL};
    deliver(&of, lines, PEOPLE);
    summary = link_all(&of);
    assert_int_equal(tz_json_int(summary, "model", -1), 0); /* every number once: nothing to learn from */
    json_decref(summary);
    const char *damaged = tz_arena_printf(&of.mem, "%.14s%c%s", lines[0].id, lines[0].id[14] == '9' ? '8' : '9', lines[0].id + 15);
    lines[PEOPLE] = (line){NULL, damaged, "欧阳晓雪", NULL}; /* a name by ear: no rule takes it */
    int batch = deliver(&of, lines, PEOPLE + 1);
    summary = link_all(&of);
    assert_int_equal(tz_json_int(summary, "model", -1), 1);
    assert_true(json_is_true(json_object_get(summary, "is_trained")));
    assert_int_equal(tz_json_int(summary, "likely", -1), 1);
    assert_int_equal(tz_json_int(summary, "persons", -1), PEOPLE);
    json_decref(summary);
    int64_t row = ((int64_t)batch << 36 | 1 << 26) + PEOPLE + 2, known = ((int64_t)1 << 36 | 1 << 26) + 2;
    MUST(tz_link_explain(&of.mem, of.store, of.packs, row, known, &rows, err));
    MUST(tz_sql_one(of.store, "SELECT count(*) FROM link_event WHERE verdict = 'linked' AND weight = ?1",
                    tz_json_str(json_array_get(rows, 0), "weight"), NULL, &models, err));
    assert_int_equal(models, 1); /* what is stored is what is explained */
    json_decref(rows);

    deliver(&of, lines, 10);
    summary = link_all(&of);
    assert_int_equal(tz_json_int(summary, "model", -1), 1);
    assert_true(json_is_false(json_object_get(summary, "is_trained")));
    json_decref(summary);
    MUST(tz_link_train(of.store, of.packs, &summary, err));
    assert_int_equal(tz_json_int(summary, "model", -1), 2);
    assert_int_equal(tz_json_int(summary, "run", -1), 4);
    is_told_again(&of, summary);
    json_decref(summary);
    MUST(tz_link_train(of.store, of.packs, &summary, err)); /* the same rows teach the same model: nothing is kept twice */
    assert_int_equal(tz_json_int(summary, "model", -1), 2);
    assert_true(json_is_false(json_object_get(summary, "is_trained")));
    assert_int_equal(tz_json_int(summary, "run", -1), 4);
    json_decref(summary);
    MUST(tz_link_weights(&of.mem, of.store, &rows, err));
    assert_int_equal(json_array_size(rows), 21);
    json_decref(rows);
    tz_verification found;
    MUST(tz_store_verify(&of.mem, of.store, TZ_VERIFY_STATE, &found, err));
    assert_int_equal(found.problems.count, 0);
    stop(&of);
}

/* Under one model: batches linked as they come, and those behind the first all at once, are the same partition. */
static void batches_under_a_model_equal_the_whole(void **state)
{
    (void)state;
    enum { PEOPLE = 600, BATCHES = 3, ROWS = 40 };
    static const char *const NAMES[] = {"王建国", "李秀英", "张志强", "刘玉兰", "陈小红"},
                            *const BY_EAR[] = {"汪建国", "李秀瑛", "章志强", "刘玉蓝", "陈晓红"};
    uint64_t seed = 20191130;
    county   counties[2];
    line     people[2 * PEOPLE], rows[BATCHES][ROWS];
    int64_t  likely = 0;
    for (int c = 0; c < 2; c++) {
        start(&counties[c]);
        for (unsigned i = 0; i < PEOPLE; i++)
            people[i] = people[PEOPLE + i] = (line){some_number(&counties[0], i), NULL, NAMES[i % 5], NULL};
        deliver(&counties[c], people, 2 * PEOPLE);
        (void)run(&counties[c]);
    }
    for (int b = 0; b < BATCHES; b++)
        for (int i = 0; i < ROWS; i++) { /* numbers with a slip or two, names by ear; whose is often open */
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            unsigned who = (unsigned)(seed >> 40) % 60, slips = 1 + (unsigned)(seed >> 33) % 2;
            char    *raw = tz_arena_dup(&counties[0].mem, people[who].id);
            for (unsigned k = 0; k < slips; k++)
                raw[6 + (seed >> (8 * k)) % 11] = (char)('0' + (seed >> (9 * k + 3)) % 10);
            const char *name = (seed >> 20) % 3 == 0 ? BY_EAR[who % 5] : NAMES[who % 5];
            bool        is_valid = tz_idcard_is_valid(tz_text_of(raw));
            rows[b][i] = (line){is_valid ? raw : NULL, is_valid ? NULL : raw, name, NULL};
        }
    for (int c = 0; c < 2; c++)
        for (int b = 0; b < BATCHES; b++) {
            deliver(&counties[c], rows[b], ROWS);
            if (c == 0)
                (void)run(&counties[c]);
        }
    int64_t runs[2] = {run(&counties[0]), run(&counties[1])};
    assert_int_equal(runs[0], 1 + BATCHES);
    assert_int_equal(runs[1], 2);
    assert_true(is_same_partition(&counties[0], runs[0], &counties[1], runs[1], 1 + BATCHES));
    MUST(tz_sql_one(counties[1].store, "SELECT count(*) FROM link_event WHERE verdict = 'linked'", NULL, NULL, &likely, err));
    assert_true(likely > 5);
    stop(&counties[0]);
    stop(&counties[1]);
}

/* Batches linked as they come, and all at once: the same rows are one person. */
static void batch_by_batch_equals_all_at_once(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"王伟", "王玮", "李芳", "李建国"};
    static const char *const DIGITS[] = {"14043019800101001", "14043019800101003", "14043019751212005"};
    uint64_t                 seed = 20190930;
    county                   piecewise, whole;
    start(&piecewise);
    start(&whole);
    for (int batch = 1; batch <= 6; batch++) {
        line   lines[5];
        size_t count = 0;
        for (; count < 5; count++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            uint32_t    draw = (uint32_t)(seed >> 33);
            const char *id = number(&piecewise, DIGITS[draw % 3]);
            char       *raw = tz_arena_dup(&piecewise.mem, id);
            raw[15] = raw[15] == '9' ? '8' : '9';
            bool is_damaged = draw / 16 % 3 == 0;
            lines[count] = (line){is_damaged ? NULL : id, is_damaged ? raw : NULL, NAMES[draw / 64 % 4], NULL};
        }
        deliver(&piecewise, lines, count);
        deliver(&whole, lines, count);
        (void)run(&piecewise);
    }
    (void)run(&whole);
    assert_true(is_same_partition(&piecewise, 6, &whole, 1, 6));
    stop(&piecewise);
    stop(&whole);
}

static void an_empty_county_links_nobody(void **state)
{
    (void)state;
    county of;
    start(&of);
    json_t *summary = link_all(&of);
    assert_int_equal(tz_json_int(summary, "rows", -1), 0);
    assert_int_equal(tz_json_int(summary, "persons", -1), 0);
    json_decref(summary);
    stop(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_stay_and_nothing_is_written_twice),
        cmocka_unit_test(derived_is_rebuilt_the_same),
        cmocka_unit_test(decisions_merge_and_split),
        cmocka_unit_test(what_was_erased_is_not_linked),
        cmocka_unit_test(review_lists_the_newest_run),
        cmocka_unit_test(the_next_pair_stands_behind_the_decided),
        cmocka_unit_test(a_traditional_name_is_no_conflict),
        cmocka_unit_test(a_model_is_learnt_once),
        cmocka_unit_test(batches_under_a_model_equal_the_whole),
        cmocka_unit_test(batch_by_batch_equals_all_at_once),
        cmocka_unit_test(an_empty_county_links_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
