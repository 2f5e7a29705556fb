/* county - a small county for tests: one pack with three registers of the same columns, batches
 * written straight into evidence/ and the ledger, a linkage that says whose row is whose.
 *
 * Tests say in a line what was delivered, and need neither sheets nor the linkage's own judgement:
 *
 *     small_county county;
 *     county_make(&county);
 *     int64_t batch = county_deliver(&county, "aid", "2019-12-31", 0, LINES, 2);
 *     county_link(&county);
 *
 * A person is P plus the number in the column `no`, unless county.alias says otherwise.
 */
#ifndef TZ_TESTS_COUNTY_H
#define TZ_TESTS_COUNTY_H

#include "test.h"

#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "packs/pack.h"
#include "store/duck.h"
#include "store/journal.h"
#include "store/store.h"
#include "store/user.h"

typedef struct {
    int         row_no; /* 0: it stands on the line after the one before */
    const char *no, *name, *term, *school, *amount;
} county_line;

typedef struct {
    tz_arena  mem;
    tz_app    app;
    char      folder[64];
    tz_store *store;
    tz_packs *packs;
    int64_t   clock_ms;
    int       link_runs;
    struct { const char *no, *person; } alias[8]; /* ends with a NULL */
    struct { int64_t a, b; } reviews[4];          /* waiting pairs that the next linkage records */
} small_county;

static const char COUNTY_PACK[] =
    "name: aid\n"
    "title: 测试 | test\n"
    "parameters:\n"
    "  limit: {title: 上限 | limit, type: money, source: test, value: \"500.00\"}\n"
    "ledgers:\n"
    "  shown: {title: 公示台账 | published, steps: [open, assigned, rectifying, submitted, checked, published, closed], due_days: 60}\n"
    "levels:\n"
    "  any:\n"
    "    lines:\n"
    "      - {level: red, when: red, title: 有红色疑点 | a red finding}\n"
    "      - {level: red, when: orange, rules: 2, title: 两条橙色 | orange findings of two rules}\n"
    "      - {level: orange, when: orange, title: 有橙色疑点 | an orange finding}\n"
    "registers:\n"
#define COUNTY_COLUMNS                                                                                           \
    "    columns:\n"                                                                                             \
    "      - {name: no, title: 编号 | number, type: text, required: true}\n"                                   \
    "      - {name: name, title: 姓名 | name, type: text}\n"                                                   \
    "      - {name: term, title: 学期 | term, type: term}\n"                                                   \
    "      - {name: school, title: 学校 | school, type: text}\n"                                               \
    "      - {name: amount, title: 金额 | amount, type: money}\n"                                              \
    "      - {name: village, title: 村 | village, type: division}\n"
#define COUNTY_PERSON "    identities:\n      - {role: person, id: no, name: name}\n"
    "  aid:\n"
    "    title: 资助 | aid\n    owner: [教育局]\n    key: [no, term, school]\n"
    "    period: term\n    period_column: term\n" COUNTY_COLUMNS COUNTY_PERSON
    "  refunds:\n"
    "    title: 退款 | refunds\n    owner: [教育局]\n    key: [no, term, school]\n    period: event\n" COUNTY_COLUMNS COUNTY_PERSON
    "  poor:\n"
    "    title: 名单 | list\n    owner: [扶贫办]\n    key: [no]\n    period: state\n" COUNTY_COLUMNS COUNTY_PERSON
    "  kin:\n"
    "    title: 近亲属备案 | declared relatives\n    owner: [纪委监委]\n    key: [no]\n    period: state\n" COUNTY_COLUMNS
    "    identities:\n      - {role: official, name: name}\n      - {role: relative, name: school}\n";

static const char CHECK_TWICE[] =
    "-- check: paid-twice\n-- title: 重复 | twice\n-- level: orange\n-- subject: person\n-- key: subject, term\n"
    "-- needs: aid\n-- remedied_by: refunds\n-- opens: issue\n-- owner: 教育局\n-- due: 30 days\n-- basis: test\n"
    "-- public: term, excess\n-- message: {name} 多领 {excess} 元 | {name} got {excess} too much\n"
    "SELECT a.person AS subject, a.term, list(a._row) AS aid_rows, min(a.name) AS name,\n"
    "       sum(a.amount) - max(a.amount) AS excess, r.rows AS remedy_rows,\n"
    "       coalesce(r.paid, 0) >= sum(a.amount) - max(a.amount) AS remedied,\n"
    "       CASE WHEN sum(a.amount) > 9000 THEN 'red' END AS level\n"
    "FROM aid a LEFT JOIN (SELECT person, term, sum(amount) AS paid, list(_row) AS rows FROM refunds GROUP BY person, term) r\n"
    "  ON r.person = a.person AND r.term = a.term\n"
    "GROUP BY a.person, a.term, r.rows, r.paid HAVING count(*) > 1";

static const char CHECK_UNPAID[] =
    "-- check: unpaid\n-- title: 未领 | unpaid\n-- level: yellow\n-- subject: person\n-- key: subject, term\n"
    "-- needs: poor, aid\n-- absent: aid\n-- opens: worklist\n-- owner: 教育局\n-- due: 20 days\n-- basis: test\n"
    "-- message: {name} 未领 | {name} got nothing\n"
    "SELECT p.person AS subject, t.term, p.name, p._row AS poor_row\n"
    "FROM poor p, (SELECT DISTINCT term FROM aid) t\n"
    "WHERE NOT EXISTS (SELECT 1 FROM aid a WHERE a.person = p.person AND a.term = t.term)";

static const char CHECK_HIGH[] =
    "-- check: too-high\n-- title: 超标 | too high\n-- level: red\n-- subject: person\n-- key: subject, term, school\n"
    "-- needs: aid\n-- opens: issue\n-- ledger: shown\n-- owner: 教育局\n-- due: 30 days\n-- basis: test\n"
    "-- message: {name} 超标 | {name} got too much\n"
    "SELECT a.person AS subject, a.term, a.school, a.name, a._row AS aid_row FROM aid a\n"
    "WHERE a.amount > :limit AND a.amount < 100000 AND date_diff('day', DATE '2019-01-01', :as_of) < 700";

static const char COUNTY_DIVISIONS[] =
    "code\tname\tlevel\tparent\tedition\tsuccessor\n"
    "140430000000\t测试县\tcounty\t140400000000\t2019\t\n"
    "140430100000\t东镇\ttownship\t140430000000\t2019\t\n"
    "140430100201\t上村村委会\tvillage\t140430100000\t2019\t\n"
    "140430101000\t西镇\ttownship\t140430000000\t2019\t\n";

static int64_t county_now(void *context)
{
    small_county *county = context;
    return county->clock_ms += 1000;
}

static void county_write(const small_county *county, const char *path, const char *text)
{
    char   full[256];
    tz_err err;
    (void)snprintf(full, sizeof full, "%s/%s", county->folder, path);
    assert_int_equal(tz_file_write(full, tz_text_of(text), 0644, &err), TZ_OK);
}

static inline void county_load_packs(small_county *county)
{
    char own[128];
    (void)snprintf(own, sizeof own, "%s/packs", county->folder);
    MUST(tz_packs_load(&county->mem, county->store->county, own, own, &county->packs, err));
}

static inline void county_check_file(small_county *county, const char *name, const char *sql)
{
    char path[128];
    (void)snprintf(path, sizeof path, "packs/aid/checks/%s.sql", name);
    county_write(county, path, sql);
}

static inline void county_make(small_county *county)
{
    static const char *const PACKS[] = {"aid"};
    const char *base = getenv("TMPDIR");
    char        path[128];

    *county = (small_county){.clock_ms = 1577836800000}; /* 2020-01-01 */
    (void)snprintf(county->folder, sizeof county->folder, "%s/tz-county-XXXXXX", base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(county->folder));
    county->app = (tz_app){.lang = TZ_EN, .now_ms = county_now, .context = county, .program = "/proc/self/exe"};
    MUST(tz_store_create(&county->app, county->folder, "140430", "测试县", PACKS, 1, "tester", err));
    county_write(county, "divisions.tsv", COUNTY_DIVISIONS);
    (void)snprintf(path, sizeof path, "%s/packs/aid/checks", county->folder);
    MUST(tz_file_make_folder(path, err));
    county_write(county, "packs/aid/pack.yaml", COUNTY_PACK);
    county_check_file(county, "paid-twice", CHECK_TWICE);
    county_check_file(county, "unpaid", CHECK_UNPAID);
    county_check_file(county, "too-high", CHECK_HIGH);
    MUST(tz_store_open(&county->app, county->folder, TZ_WRITE, &county->store, err));
    MUST(tz_store_act_as(county->store, "tester", NULL, err));
    MUST(tz_user_add(county->store, "clerk", "李办事", NULL, "clerk", NULL, err));
    MUST(tz_user_add(county->store, "chief", "王负责", NULL, "inspector", NULL, err));
    county_load_packs(county);
}

/* Ends a test: what it did can be verified. */
static inline void county_drop(small_county *county)
{
    tz_err          ignored;
    tz_verification result = {0};

    MUST(tz_store_verify(&county->mem, county->store, TZ_VERIFY_STATE, &result, err));
    for (size_t i = 0; i < result.problems.count; i++)
        print_error("%s %s: %s\n", result.problems.items[i].kind, result.problems.items[i].where, result.problems.items[i].en);
    assert_int_equal(result.problems.count, 0);
    tz_store_close(county->store);
    assert_int_equal(tz_file_remove_folder(county->folder, &ignored), TZ_OK);
    tz_arena_free(&county->mem);
}

static inline void county_text(tz_buf *out, const char *text, const char *type)
{
    if (text == NULL)
        tz_buf_puts(out, "NULL");
    else
        tz_sql_literal(out, tz_text_of(text));
    tz_buf_printf(out, "::%s", type);
}

static inline void county_write_parquet(small_county *county, const char *path, const char *register_name, const char *period_of,
                                        const county_line *lines, size_t count)
{
    tz_duck duck = {0};
    tz_buf  sql = tz_buf_init(&county->mem, 0);
    int     row_no = 3;
    bool    is_list = strcmp(register_name, "poor") == 0;

    tz_buf_puts(&sql, "COPY (SELECT 1::SMALLINT AS _sheet, r::INTEGER AS _rowno, md5(k) AS _key,"
                      " md5(concat_ws('|', k, name, amount)) AS _content, '' AS _slice, p AS _period, false AS _quarantined,"
                      " NULL::VARCHAR AS _problems, no, name, term, school, amount, '140430100201' AS village, '' AS village_name"
                      " FROM (VALUES ");
    for (size_t i = 0; i < count; i++) {
        row_no = lines[i].row_no != 0 ? lines[i].row_no : row_no + 1;
        tz_buf_printf(&sql, "%s(%d, ", i == 0 ? "" : ", ", row_no);
        county_text(&sql, tz_arena_printf(&county->mem, "%s %s %s %s", register_name, lines[i].no, is_list ? "" : lines[i].term,
                                          is_list ? "" : lines[i].school), "VARCHAR");
        tz_buf_puts(&sql, ", ");
        county_text(&sql, strcmp(period_of, "term") == 0 ? lines[i].term : "", "VARCHAR");
        const char *const cells[] = {lines[i].no, lines[i].name, lines[i].term, lines[i].school};
        for (size_t j = 0; j < 4; j++) {
            tz_buf_puts(&sql, ", ");
            county_text(&sql, cells[j], "VARCHAR");
        }
        tz_buf_puts(&sql, ", ");
        county_text(&sql, lines[i].amount, "DECIMAL(18,2)");
        tz_buf_puts(&sql, ")");
    }
    tz_buf_puts(&sql, ") v(r, k, p, no, name, term, school, amount)) TO ");
    tz_sql_literal(&sql, tz_text_of(path));
    tz_buf_puts(&sql, " (FORMAT parquet)");
    MUST(tz_duck_open(1, 512, &duck, err));
    MUST(tz_duck_exec(&duck, tz_buf_str(&sql), err));
    tz_duck_close(&duck);
}

/* The batch's periods, in their order. */
static inline void county_put_slices(small_county *county, int64_t batch, bool by_term, const county_line *lines, size_t count)
{
    tz_bulk *bulk = NULL;

    MUST(tz_bulk_begin(county->store, "import", "batch_slice", NULL, &bulk, err));
    for (const char *last = NULL, *next = "";; last = next) {
        next = by_term || last != NULL ? NULL : "";
        for (size_t i = 0; by_term && i < count; i++)
            if ((last == NULL || strcmp(lines[i].term, last) > 0) && (next == NULL || strcmp(lines[i].term, next) < 0))
                next = lines[i].term;
        if (next == NULL)
            break;
        json_t *event = json_pack("{s:I, s:s, s:s, s:i}", "batch", (json_int_t)batch, "slice", "", "period", next, "rows", 1);
        MUST(tz_bulk_add(bulk, event, err));
        json_decref(event);
    }
    MUST(tz_bulk_end(bulk, NULL, err));
}

/* Delivers lines as one batch of a register; corrects: the batch whose rows it mends by address, or 0. */
static inline int64_t county_deliver(small_county *county, const char *register_name, const char *as_of, int64_t corrects,
                                     const county_line *lines, size_t count)
{
    int64_t   batch = 0;
    tz_digest digest;
    char      original[TZ_SM3_HEX];
    bool      by_term = strcmp(register_name, "aid") == 0;

    MUST(tz_store_begin(county->store, err));
    MUST(tz_journal_next_id(county->store, "batch", "batch", &batch, err));
    const char *name = tz_arena_printf(&county->mem, "%s-%lld.csv", register_name, (long long)batch);
    county_write(county, name, name);
    MUST(tz_store_keep(county->store, tz_store_path(&county->mem, county->store, name, NULL), name, &digest, err));
    tz_digest_hex(&digest, original);
    const char *parquet = tz_arena_printf(&county->mem, "%s-%lld.parquet", register_name, (long long)batch);
    county_write_parquet(county, tz_store_path(&county->mem, county->store, "evidence", parquet), register_name, by_term ? "term" : "",
                         lines, count);
    json_t *image = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:i, s:o, s:i, s:n, s:n}", "batch",
                              (json_int_t)batch, "register", register_name, "register_version", "1", "identity", name, "original",
                              original, "file", name, "sheets", "[{\"no\":1,\"sheet\":null}]", "sender", "教育局", "as_of", as_of,
                              "as_of_from", "flag", "period", "", "parquet", parquet, "parquet_digest", "", "accepted",
                              (json_int_t)count, "quarantined", 0, "corrects", corrects == 0 ? json_null() : json_integer(corrects),
                              "accepted_entry", 0, "withdrawn_entry", "withdrawn_why");
    MUST(tz_journal_put(county->store, "import", "batch", image, NULL, NULL, err));
    county_put_slices(county, batch, by_term, lines, count);
    MUST(tz_store_commit(county->store, err));
    json_decref(image);
    return batch;
}

static inline void county_withdraw(small_county *county, int64_t batch)
{
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *image = json_object();

    MUST(tz_sql_open(county->store, "SELECT * FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    MUST(tz_sql_step(county->store, sql, &has_row, err));
    assert_true(has_row);
    for (int i = 0; i < sqlite3_column_count(sql); i++) {
        const char *column = sqlite3_column_name(sql, i);
        if (sqlite3_column_type(sql, i) == SQLITE_INTEGER)
            tz_json_set_int(image, column, tz_sql_int(sql, i));
        else
            tz_json_set_str(image, column, tz_sql_str(sql, i));
    }
    tz_sql_close(sql);
    tz_json_set_int(image, "withdrawn_entry", 0);
    tz_json_set_str(image, "withdrawn_why", "test");
    MUST(tz_store_begin(county->store, err));
    MUST(tz_journal_put(county->store, "withdraw", "batch", image, "test", NULL, err));
    MUST(tz_store_commit(county->store, err));
    json_decref(image);
}

/* SELECT row, person of every batch that was not withdrawn. */
static inline const char *county_people_sql(small_county *county, const char *path)
{
    tz_sql *sql = NULL;
    bool    has_row = true;
    tz_buf  text = tz_buf_init(&county->mem, 0);

    tz_buf_puts(&text, "COPY (SELECT row, 'person' AS role, CASE no ");
    for (size_t i = 0; county->alias[i].no != NULL; i++)
        tz_buf_printf(&text, "WHEN '%s' THEN '%s' ", county->alias[i].no, county->alias[i].person);
    tz_buf_puts(&text, "WHEN '' THEN NULL ELSE 'P' || no END AS person, NULL::VARCHAR AS household FROM (");
    MUST(tz_sql_open(county->store, "SELECT batch, parquet FROM batch WHERE withdrawn_entry IS NULL ORDER BY batch", &sql, err));
    for (bool is_first = true;; is_first = false) {
        MUST(tz_sql_step(county->store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_buf_printf(&text, "%sSELECT (%lld::BIGINT << 36) | (_sheet::BIGINT << 26) | _rowno::BIGINT AS row, no FROM read_parquet(",
                      is_first ? "" : " UNION ALL ", (long long)tz_sql_int(sql, 0));
        tz_sql_literal(&text, tz_text_of(tz_store_path(&county->mem, county->store, "evidence", tz_sql_str(sql, 1))));
        tz_buf_char(&text, ')');
    }
    tz_sql_close(sql);
    tz_buf_puts(&text, ")) TO ");
    tz_sql_literal(&text, tz_text_of(path));
    tz_buf_puts(&text, " (FORMAT parquet)");
    return tz_buf_str(&text);
}

/* Links: writes the people file and its run, and the reviews that wait. */
static inline void county_link(small_county *county)
{
    tz_duck     duck = {0};
    int         number = ++county->link_runs;
    const char *name = tz_arena_printf(&county->mem, "people-%d.parquet", number);
    tz_bulk    *bulk = NULL;
    json_t     *image = json_pack("{s:i, s:i, s:o, s:i, s:i, s:i, s:i}", "run", number, "entry", 0, "inputs",
                                  json_string(name), "rows", 0, "persons", 0, "households", 0, "linked", 0);

    MUST(tz_duck_open(1, 512, &duck, err));
    MUST(tz_duck_exec(&duck, county_people_sql(county, tz_store_path(&county->mem, county->store, "derived", name)), err));
    tz_duck_close(&duck);
    MUST(tz_store_begin(county->store, err));
    MUST(tz_journal_put(county->store, "link", "link_run", image, NULL, NULL, err));
    MUST(tz_bulk_begin(county->store, "link", "link_event", NULL, &bulk, err));
    for (size_t i = 0; i < 4 && county->reviews[i].a != 0; i++) {
        json_t *event = json_pack("{s:I, s:s, s:I, s:I, s:n, s:s}", "seq", (json_int_t)i, "verdict", "review", "row_a",
                                  (json_int_t)county->reviews[i].a, "row_b", (json_int_t)county->reviews[i].b, "weight", "parts", "[]");
        MUST(tz_bulk_add(bulk, event, err));
        json_decref(event);
    }
    MUST(tz_bulk_end(bulk, NULL, err));
    MUST(tz_store_commit(county->store, err));
    json_decref(image);
}

/* Records that `other` became, or was cut into, `entity`. */
static inline void county_entity(small_county *county, const char *event, const char *entity, const char *other)
{
    tz_bulk *bulk = NULL;
    json_t  *line = json_pack("{s:i, s:s, s:s, s:s, s:n, s:s}", "seq", 1, "kind", "person", "entity", entity, "event", event, "key",
                              "other", other);

    MUST(tz_store_begin(county->store, err));
    MUST(tz_bulk_begin(county->store, "link", "entity_event", NULL, &bulk, err));
    MUST(tz_bulk_add(bulk, line, err));
    MUST(tz_bulk_end(bulk, NULL, err));
    MUST(tz_store_commit(county->store, err));
    json_decref(line);
}

#endif
