#include "store/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "store/inside.h"

/* None refers to a table of a later one but by a foreign key, which SQLite resolves when it is used. */
const tz_schema_file TZ_SCHEMA[] = {
#include "schema.inc"
};
const size_t TZ_SCHEMA_COUNT = sizeof TZ_SCHEMA / sizeof TZ_SCHEMA[0];

const tz_personal_column TZ_PERSONAL_COLUMNS[] = {
    {"user", "name"},           {"finding_event", "params"}, {"verdict", "note"}, {"issue", "title"},
    {"check_exception", "note"},
    {"issue", "fields"},        {"issue_step", "note"},      {"evidence", "note"},
    {"evidence", "place"},      {"issue_source", "cells"},   {"issue_person", "name"}, {"recall", "name"},
    {"recall", "note"},         {"credential", "hash"},      {"disclosure", "why"},   {NULL, NULL},
};

const tz_journal_table TZ_JOURNAL_TABLES[] = {
    {"user", false},         {"unit", false},       {"config", false},      {"witness", false},      {"erasure", false},
    {"original", false},     {"batch", false},
    {"batch_slice", true},   {"link_run", false},   {"link_model", false},
    {"entity_event", true},   {"link_event", true},     {"link_decision", false},
    {"check_run", false},    {"check_result", true}, {"finding_key", true},   {"finding_event", true},  {"verdict", false},
    {"check_exception", false},
    {"issue", false},        {"issue_finding", false}, {"issue_step", false}, {"evidence", false},
    {"issue_source", false}, {"issue_person", false}, {"letter", false},      {"lot", false},           {"recall", false},
    {"publication", false},  {"never_asked", false},  {"clue_count", false},
    {"credential", false},   {"user_grant", false},  {"disclosure", false},   {NULL, false},
};

const tz_journal_table *tz_journal_table_find(const char *name)
{
    for (const tz_journal_table *table = TZ_JOURNAL_TABLES; table->name != NULL; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

/* The version that a numbered file leads to: "0002-due.sql" 2; 0 for a plain name. */
static int64_t version_of(const tz_schema_file *file)
{
    return file->name[0] >= '0' && file->name[0] <= '9' ? strtol(file->name, NULL, 10) : 0;
}

static int64_t newest_of(const tz_schema_file *files, size_t count)
{
    int64_t newest = 1;

    for (size_t i = 0; i < count; i++)
        if (version_of(&files[i]) > newest)
            newest = version_of(&files[i]);
    return newest;
}

static tz_rc read_version(tz_store *store, int64_t *ret_version, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(store, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'", &sql, err));
    TZ_TRY(tz_store_read(store, sql, &has_row, err));
    int64_t version = has_row ? tz_sql_int(sql, 0) : 0;
    if (version < 1)
        rc = tz_fail(err, TZ_TAMPER, "ledger.db 没有版本号", "ledger.db has no schema version");
    else
        *ret_version = version;
done:
    (void)sqlite3_reset(sql);
    return rc;
}

static tz_rc set_version(tz_store *store, int64_t version, tz_err *err)
{
    char sql[96];

    (void)snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO meta VALUES ('schema', '%lld')", (long long)version);
    return tz_store_exec(store, sql, true, err);
}

/* Runs the files of one version; 0: the plain ones. */
static tz_rc run_version(tz_store *store, const tz_schema_file *files, size_t count, int64_t version, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < count; i++)
        if (version_of(&files[i]) == version)
            TZ_TRY(tz_store_exec(store, files[i].sql, true, err));
done:
    return rc;
}

tz_rc tz_schema_create(tz_store *store, const tz_schema_file *files, size_t count, tz_err *err)
{
    tz_assert(store->inside->is_in_transaction);
    tz_rc rc = TZ_OK;

    TZ_TRY(run_version(store, files, count, 0, err));
    TZ_TRY(set_version(store, newest_of(files, count), err));
done:
    return rc;
}

tz_rc tz_schema_check(tz_store *store, const tz_schema_file *files, size_t count, bool *ret_is_older, tz_err *err)
{
    int64_t version = 0, newest = newest_of(files, count);
    tz_rc   rc = read_version(store, &version, err);

    if (rc != TZ_OK)
        return rc;
    if (version > newest) {
        (void)tz_fail(err, TZ_INPUT, "这个县由更新版本的台账写成(结构 %lld,本程序 %lld)",
                      "a newer Taizhang wrote this county (schema %lld, this program %lld)", (long long)version, (long long)newest);
        return tz_err_advise(err, "请升级程序", "please upgrade the program");
    }
    *ret_is_older = version < newest;
    return TZ_OK;
}

tz_rc tz_schema_migrate(tz_store *store, const tz_schema_file *files, size_t count, tz_err *err)
{
    tz_assert(store->inside->is_in_transaction);
    tz_rc   rc = TZ_OK;
    int64_t version = 0, newest = newest_of(files, count);

    TZ_TRY(read_version(store, &version, err));
    while (version < newest)
        TZ_TRY(run_version(store, files, count, ++version, err));
    TZ_TRY(set_version(store, newest, err));
done:
    return rc;
}
