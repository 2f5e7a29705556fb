/* erase - what has to go with a row, a person, a finding or an issue when an order says so. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "flow/flow.h"
#include "packs/query.h"
#include "store/duck.h"
#include "store/erase.h"

typedef TZ_ARRAY(int64_t) ids;

/* What goes. Each list holds an id once. */
typedef struct {
    tz_arena *mem;
    tz_store *store;
    ids       rows, findings, issues;
} going;

static void add_id(tz_arena *mem, ids *list, int64_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == id)
            return;
    tz_push(mem, list, id);
}

/* Adds the first column of a query with up to one text parameter. */
static tz_rc add_query(going *of, const char *select, const char *parameter, ids *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, select, &sql, err));
    tz_sql_bind_text(sql, 1, parameter);
    TZ_EACH_ROW (of->store, sql, err) {
        add_id(of->mem, list, tz_sql_int(sql, 0));
    }
done:
    tz_sql_close(sql);
    return rc;
}

static const char *list_json(tz_arena *mem, const ids *list)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_char(&out, '[');
    for (size_t i = 0; i < list->count; i++)
        tz_buf_printf(&out, "%s%" PRId64, i == 0 ? "" : ",", list->items[i]);
    tz_buf_char(&out, ']');
    return tz_buf_str(&out);
}

/* The rows that are linked to a person by the newest run, of batches that were withdrawn as well. */
static tz_rc add_person(going *of, const char *person, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result;
    int64_t       run = 0;
    tz_buf        sql = tz_buf_init(of->mem, 0);
    const char   *params[] = {person};

    TZ_TRY(tz_sql_one(of->store, "SELECT max(run) FROM link_run", NULL, NULL, &run, err));
    const char *path = tz_store_path(of->mem, of->store, "derived", tz_arena_printf(of->mem, "people-%" PRId64 ".parquet", run));
    if (run == 0 || !tz_file_exists(path)) {
        (void)tz_fail(err, TZ_MISSING, "还不知道哪些行是谁的", "it is not known yet whose the rows are");
        rc = tz_err_advise(err, "先运行 taizhang link", "run taizhang link first");
        goto done;
    }
    tz_buf_puts(&sql, "SELECT DISTINCT row FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(path));
    tz_buf_puts(&sql, ") WHERE person = $1 ORDER BY row");
    TZ_TRY(tz_duck_open(1, 0, &duck, err));
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), params, 1, &result, err));
    for (idx_t i = 0; i < duckdb_row_count(&result); i++)
        add_id(of->mem, &of->rows, duckdb_value_int64(&result, 0, i));
    bool is_nobody = duckdb_row_count(&result) == 0;
    duckdb_destroy_result(&result);
    if (is_nobody)
        rc = tz_fail(err, TZ_MISSING, "没有人 %s", "there is no person %s", person);
done:
    tz_duck_close(&duck);
    return rc;
}

/* Findings that rest on the rows, issues that answer for the findings, and the other way round. */
static tz_rc close_over(going *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(add_query(of, "SELECT DISTINCT e.finding FROM finding_event e, json_each(e.rows) r WHERE json_extract(r.value, '$[0]') IN"
                         " (SELECT value FROM json_each(?1))", list_json(of->mem, &of->rows), &of->findings, err));
    TZ_TRY(add_query(of, "SELECT DISTINCT issue FROM issue_finding WHERE finding IN (SELECT value FROM json_each(?1))",
                     list_json(of->mem, &of->findings), &of->issues, err));
    TZ_TRY(add_query(of, "SELECT DISTINCT finding FROM issue_finding WHERE issue IN (SELECT value FROM json_each(?1))",
                     list_json(of->mem, &of->issues), &of->findings, err));
done:
    return rc;
}

/* ---- Doing it ---- */

/* State rows whose keys a query gives. */
static tz_rc erase_each(going *of, const tz_order *order, const char *table, const char *select, const ids *parameter, tz_err *err)
{
    tz_rc rc = TZ_OK;
    ids   keys = {0};

    TZ_TRY(add_query(of, select, list_json(of->mem, parameter), &keys, err));
    for (size_t i = 0; i < keys.count; i++)
        TZ_TRY(tz_erase_state(of->store, order, table, tz_arena_printf(of->mem, "%" PRId64, keys.items[i]), err));
done:
    return rc;
}

/* Files that are evidence of these issues and of nothing else. */
static tz_rc erase_files(going *of, const tz_order *order, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_sql  *sql = NULL;
    tz_names digests = {0};

    TZ_TRY(tz_sql_open(of->store, "SELECT DISTINCT original FROM evidence e WHERE original IS NOT NULL AND issue IN (SELECT value FROM json_each(?1))"
                                  " AND NOT EXISTS (SELECT 1 FROM evidence o WHERE o.original = e.original AND o.issue NOT IN"
                                  " (SELECT value FROM json_each(?1))) AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.original = e.original)",
                       &sql, err));
    tz_sql_bind_text(sql, 1, list_json(of->mem, &of->issues));
    TZ_EACH_ROW (of->store, sql, err) {
        tz_push(of->mem, &digests, tz_sql_dup(of->mem, sql, 0));
    }
    for (size_t i = 0; i < digests.count; i++)
        TZ_TRY(tz_erase_original(of->store, order, digests.items[i], err));
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc erase_all(going *of, const tz_order *order, tz_err *err)
{
    static const struct { const char *table, *select; } OF_ISSUE[] = {
        {"issue", "SELECT value FROM json_each(?1)"},
        {"issue_step", "SELECT step FROM issue_step WHERE issue IN (SELECT value FROM json_each(?1))"},
        {"evidence", "SELECT evidence FROM evidence WHERE issue IN (SELECT value FROM json_each(?1))"},
        {"issue_source", "SELECT source FROM issue_source WHERE issue IN (SELECT value FROM json_each(?1))"},
        {"issue_person", "SELECT number FROM issue_person WHERE issue IN (SELECT value FROM json_each(?1))"},
        {"recall", "SELECT recall FROM recall WHERE issue IN (SELECT value FROM json_each(?1))"},
    };
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < sizeof OF_ISSUE / sizeof OF_ISSUE[0]; i++)
        TZ_TRY(erase_each(of, order, OF_ISSUE[i].table, OF_ISSUE[i].select, &of->issues, err));
    TZ_TRY(erase_files(of, order, err));
    for (size_t i = 0; i < of->findings.count; i++)
        TZ_TRY(tz_erase_finding(of->store, order, of->findings.items[i], err));
    TZ_TRY(erase_each(of, order, "verdict", "SELECT finding FROM verdict WHERE finding IN (SELECT value FROM json_each(?1))", &of->findings, err));
    TZ_TRY(tz_erase_rows(of->store, order, of->rows.items, of->rows.count, err));
done:
    return rc;
}

/* What must be gone first, then what is derived; TZ_BUSY, when old pages have to wait, only at the end. */
static tz_rc finish(tz_session *session, json_t **ret_summary, tz_err *err)
{
    tz_rc rc = TZ_OK, late = tz_erase_finish(session->store, err);

    if (late != TZ_OK && late != TZ_BUSY)
        return late;
    TZ_TRY(tz_flow_rebuild(session, ret_summary, err));
    rc = late;
done:
    return rc;
}

/* In one transaction, then what is derived is made again; is_trial leaves everything as it was. */
static tz_rc run(tz_session *session, going *of, const tz_order *order, bool is_trial, json_t **ret_erased, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    int64_t  before = 0;
    json_t  *all = NULL, *fresh = json_array(), *summary = NULL;
    tz_store *store = session->store;

    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM erasure", NULL, NULL, &before, err));
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_erase_prepare(store, err));
    TZ_TRY(erase_all(of, order, err));
    TZ_TRY(tz_erase_list(store, &all, err));
    for (size_t i = (size_t)before; i < json_array_size(all); i++)
        (void)json_array_append(fresh, json_array_get(all, i));
    if (is_trial) {
        tz_store_rollback(store);
        TZ_TRY(tz_erase_finish(store, err)); /* Parquet files that were written on trial */
    } else {
        TZ_TRY(tz_store_commit(store, err));
        TZ_TRY(finish(session, &summary, err));
    }
    *ret_erased = json_incref(fresh);
done:
    tz_store_rollback(store);
    json_decref(all);
    json_decref(fresh);
    json_decref(summary);
    return rc;
}

tz_rc tz_flow_erase(tz_session *session, const tz_flow_erasure *what, json_t **ret_erased, tz_err *err)
{
    tz_assert(session != NULL && session->store->is_writable && what != NULL && ret_erased != NULL);
    tz_rc    rc = TZ_OK;
    going    of = {.mem = &session->mem, .store = session->store};
    tz_order order = {.number = what->order, .why = what->why};
    int64_t  is_known = 0;

    for (size_t i = 0; i < what->row_count; i++)
        add_id(of.mem, &of.rows, what->rows[i]);
    if (what->person != NULL)
        TZ_TRY(add_person(&of, what->person, err));
    if (what->issue != 0) {
        TZ_TRY(tz_sql_one(of.store, "SELECT count(*) FROM issue WHERE issue = CAST(?1 AS INTEGER)",
                          tz_arena_printf(of.mem, "%" PRId64, what->issue), NULL, &is_known, err));
        if (!is_known) {
            rc = tz_fail(err, TZ_MISSING, "没有问题 #%" PRId64, "there is no issue #%" PRId64, what->issue);
            goto done;
        }
        add_id(of.mem, &of.issues, what->issue);
    }
    TZ_TRY(close_over(&of, err));
    TZ_TRY(run(session, &of, &order, what->is_trial, ret_erased, err));
done:
    return rc;
}

/* ---- Again, where a backup brought the values back ---- */

static tz_rc erase_line(tz_store *store, const json_t *line, tz_err *err)
{
    tz_order    order = {.number = tz_json_str(line, "order"), .why = "again"};
    const char *table = tz_json_str(line, "table"), *key = tz_json_str(line, "key");
    int64_t     id = 0, is_known = 0;

    if (order.number == NULL || table == NULL || key == NULL)
        return tz_fail(err, TZ_INPUT, "不是 taizhang erase list --json 的输出", "this is not what taizhang erase list --json gave");
    if (strcmp(table, "original") == 0) {
        tz_rc rc = tz_sql_one(store, "SELECT count(*) FROM original WHERE digest = ?1", key, NULL, &is_known, err);
        return rc != TZ_OK || !is_known ? rc : tz_erase_original(store, &order, key, err);
    }
    if (strcmp(table, "finding_event") == 0 || strcmp(table, "row") == 0) {
        if (!tz_text_int(tz_text_of(key), &id) || id < 1)
            return tz_fail(err, TZ_INPUT, "“%s” 不是编号", "'%s' is no number", key);
        if (strcmp(table, "row") != 0)
            return tz_erase_finding(store, &order, id, err);
        tz_rc rc = tz_sql_one(store, "SELECT count(*) FROM batch WHERE batch = CAST(?1 AS INTEGER) >> 36", key, NULL, &is_known, err);
        return rc != TZ_OK || !is_known ? rc : tz_erase_rows(store, &order, &id, 1, err);
    }
    return tz_erase_state(store, &order, table, key, err);
}

tz_rc tz_flow_erase_again(tz_session *session, const json_t *list, json_t **ret_erased, tz_err *err)
{
    tz_assert(session != NULL && session->store->is_writable && ret_erased != NULL);
    tz_rc     rc = TZ_OK;
    int64_t   before = 0;
    json_t   *all = NULL, *summary = NULL;
    tz_store *store = session->store;

    if (!json_is_array(list))
        return tz_fail(err, TZ_INPUT, "不是 taizhang erase list --json 的输出", "this is not what taizhang erase list --json gave");
    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM erasure", NULL, NULL, &before, err));
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_erase_prepare(store, err));
    for (size_t i = 0; i < json_array_size(list); i++)
        TZ_TRY(erase_line(store, json_array_get(list, i), err));
    TZ_TRY(tz_erase_list(store, &all, err));
    TZ_TRY(tz_store_commit(store, err));
    TZ_TRY(finish(session, &summary, err));
    for (size_t i = 0; i < (size_t)before; i++)
        (void)json_array_remove(all, 0);
    *ret_erased = json_incref(all);
done:
    tz_store_rollback(store);
    json_decref(all);
    json_decref(summary);
    return rc;
}
