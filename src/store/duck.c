#include "store/duck.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/inside.h"

/* PostgreSQL's readings where DuckDB would silently differ (docs/format/pack.md), no extension ever. */
static const char SETTINGS[] =
    "SET integer_division = true;"
    "SET default_null_order = 'nulls_last_on_asc_first_on_desc';"
    "SET ieee_floating_point_ops = false;"
    "SET preserve_insertion_order = true;"
    "SET TimeZone = 'UTC';";

static tz_rc fail_state(tz_err *err, const char *what)
{
    return tz_fail(err, TZ_SYSTEM, "数据引擎:%s", "the data engine: %s", what == NULL ? "?" : what);
}

/* A connection with our settings. */
static tz_rc connect_to(duckdb_database db, duckdb_connection *ret_connection, tz_err *err)
{
    tz_duck duck = {0};

    if (duckdb_connect(db, &duck.connection) != DuckDBSuccess)
        return fail_state(err, "connect");
    tz_rc rc = tz_duck_exec(&duck, SETTINGS, err);
    if (rc == TZ_OK)
        *ret_connection = duck.connection;
    else
        tz_duck_close(&duck);
    return rc;
}

static tz_rc open_at(const char *path, int threads, int64_t memory_mb, tz_duck *ret_duck, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_config config = NULL;
    char         *wrong = NULL;
    char          number[32];

    if (memory_mb == 0)
        memory_mb = sysconf(_SC_PHYS_PAGES) / 4 * sysconf(_SC_PAGESIZE) / (1 << 20);
    if (duckdb_create_config(&config) != DuckDBSuccess) {
        rc = fail_state(err, "config");
        goto done;
    }
    (void)snprintf(number, sizeof number, "%lldMB", (long long)memory_mb);
    (void)duckdb_set_config(config, "memory_limit", number);
    (void)duckdb_set_config(config, "autoinstall_known_extensions", "false");
    (void)duckdb_set_config(config, "autoload_known_extensions", "false");
    char spill[1024] = "";
    if (path != NULL)
        (void)snprintf(spill, sizeof spill, "%s.tmp", path);
    (void)duckdb_set_config(config, "temp_directory", spill);
    if (threads > 0) {
        (void)snprintf(number, sizeof number, "%d", threads);
        (void)duckdb_set_config(config, "threads", number);
    }
    if (duckdb_open_ext(path, &duck.db, config, &wrong) != DuckDBSuccess) {
        rc = fail_state(err, wrong);
        goto done;
    }
    TZ_TRY(connect_to(duck.db, &duck.connection, err));
    *ret_duck = duck;
    duck = (tz_duck){0};
done:
    duckdb_free(wrong);
    duckdb_destroy_config(&config);
    tz_duck_close(&duck);
    return rc;
}

tz_rc tz_duck_open(int threads, int64_t memory_mb, tz_duck *ret_duck, tz_err *err)
{
    tz_assert(ret_duck != NULL);
    return open_at(NULL, threads, memory_mb, ret_duck, err);
}

tz_rc tz_duck_open_file(const char *path, int threads, int64_t memory_mb, tz_duck *ret_duck, tz_err *err)
{
    tz_assert(path != NULL && memory_mb > 0 && ret_duck != NULL);
    tz_duck duck = {0};
    tz_rc   rc = open_at(path, threads, memory_mb, &duck, err);

    if (rc == TZ_OK)
        rc = tz_duck_exec(&duck, "SET wal_autocheckpoint = '1TB'; SET force_compression = 'uncompressed';"
                                 " PRAGMA disable_checkpoint_on_shutdown", err);
    if (rc != TZ_OK)
        tz_duck_close(&duck);
    else
        *ret_duck = duck;
    return rc;
}

tz_rc tz_store_duck(tz_store *store, tz_duck *ret_duck, tz_err *err)
{
    tz_assert(store != NULL && ret_duck != NULL);
    tz_duck duck = {0};
    tz_rc   rc = store->inside->duck.db != NULL ? TZ_OK : tz_duck_open(0, 0, &store->inside->duck, err);

    if (rc == TZ_OK)
        rc = connect_to(store->inside->duck.db, &duck.connection, err);
    if (rc == TZ_OK)
        *ret_duck = duck;
    return rc;
}

void tz_duck_close(tz_duck *duck)
{
    if (duck->connection != NULL)
        duckdb_disconnect(&duck->connection);
    if (duck->db != NULL)
        duckdb_close(&duck->db);
}

tz_rc tz_duck_exec(tz_duck *duck, const char *sql, tz_err *err)
{
    duckdb_result result;
    tz_rc         rc = TZ_OK;

    if (duckdb_query(duck->connection, sql, &result) != DuckDBSuccess)
        rc = fail_state(err, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return rc;
}

tz_rc tz_duck_query(tz_duck *duck, const char *sql, const char *const *params, size_t param_count,
                    duckdb_result *ret_result, tz_err *err)
{
    tz_assert(ret_result != NULL);
    tz_rc                     rc = TZ_OK;
    duckdb_prepared_statement prepared = NULL;
    duckdb_result             result;

    if (duckdb_prepare(duck->connection, sql, &prepared) != DuckDBSuccess) {
        rc = fail_state(err, duckdb_prepare_error(prepared));
        goto done;
    }
    for (size_t i = 0; i < param_count; i++)
        if (duckdb_bind_varchar(prepared, i + 1, params[i]) != DuckDBSuccess) {
            rc = fail_state(err, "bind");
            goto done;
        }
    if (duckdb_execute_prepared(prepared, &result) != DuckDBSuccess) {
        rc = fail_state(err, duckdb_result_error(&result));
        duckdb_destroy_result(&result);
        goto done;
    }
    *ret_result = result;
done:
    duckdb_destroy_prepare(&prepared);
    return rc;
}

static void put_quoted(tz_buf *out, tz_text text, char quote)
{
    tz_buf_char(out, quote);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == quote)
            tz_buf_char(out, quote);
        tz_buf_char(out, text.data[i]);
    }
    tz_buf_char(out, quote);
}

void tz_sql_literal(tz_buf *out, tz_text text)
{
    put_quoted(out, text, '\'');
}

void tz_sql_name(tz_buf *out, const char *name)
{
    put_quoted(out, tz_text_of(name), '"');
}
