/* verify - do the state, the files and the tree agree with the journal? */
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/checkpoint.h"
#include "store/verifying.h"

void tz_verify_add(tz_verifying *of, const char *kind, const char *where, const char *zh, const char *en)
{
    tz_push(of->mem, &of->result.problems, (tz_problem){.kind = kind, .where = tz_arena_dup(of->mem, where), .zh = zh, .en = en});
}

/* ---- Entries ---- */

tz_rc tz_verify_body(tz_verifying *of, int64_t entry, json_t **ret_body, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(of->store, "SELECT body FROM journal WHERE entry = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    TZ_TRY(tz_store_read(of->store, sql, &has_row, err));
    rc = has_row ? tz_json_parse(tz_text_of(tz_sql_str(sql, 0)), ret_body, err)
                 : tz_fail(err, TZ_TAMPER, "存证条目 %" PRId64 " 不见了", "journal entry %" PRId64 " is gone", entry);
done:
    (void)sqlite3_reset(sql);
    return rc;
}

/* Remembers what the entry speaks of; false when it has not the form of an entry. */
static bool remember(tz_verifying *of, int64_t entry, const json_t *body, tz_sql *sql)
{
    const char *name = tz_json_str(body, "table"), *key = tz_json_str(body, "key"), *of_table = tz_sql_str(sql, 3), *of_key = tz_sql_str(sql, 4);
    const tz_journal_table *table = name == NULL ? NULL : tz_journal_table_find(name);

    if (table == NULL || tz_json_int(body, "entry", 0) != entry || of_table == NULL || strcmp(of_table, name) != 0 ||
        table->is_event != (key == NULL) || (key == NULL) != (of_key == NULL) || (key != NULL && strcmp(key, of_key) != 0))
        return false;
    if (table->is_event)
        tz_map_put(&of->bulks, tz_text_of(tz_arena_printf(&of->line, "%" PRId64, entry)), NULL)->value = 1;
    else
        tz_map_put(&of->images, tz_text_of(tz_arena_printf(&of->line, "%s/%s", name, key)), NULL)->value = entry;
    return true;
}

/* A node as computed against the one that is stored. */
static void check_node(tz_verifying *of, int level, int64_t position, const tz_digest *node)
{
    tz_digest stored;
    tz_err    ignored;

    of->nodes++;
    if (tz_merkle_read(of->store, level, position, &stored, &ignored) != TZ_OK || !tz_digest_equal(&stored, node))
        tz_verify_add(of, "tree", tz_arena_printf(&of->line, "%d/%" PRId64, level, position), "存证树的节点不符",
                      "a node of the tree does not match");
}

/* Joins a subtree to the frontier and checks what it completes above itself. */
static void join(tz_verifying *of, int level, const tz_digest *hash)
{
    tz_digest nodes[TZ_MERKLE_LEVELS];
    int64_t   last = of->frontier.count + ((int64_t)1 << level) - 1;
    int       top = tz_frontier_join(&of->frontier, level, hash, nodes);

    for (int above = (level / TZ_MERKLE_STEP + 1) * TZ_MERKLE_STEP; above <= top; above += TZ_MERKLE_STEP)
        check_node(of, above, last >> above, &nodes[above]);
}

/* A whole batch is a subtree, whose hashes are computed side by side. */
static void join_whole(tz_verifying *of, tz_digest *leaves)
{
    tz_digest  above[TZ_VERIFY_BATCH];
    tz_digest *levels[TZ_VERIFY_DEPTH + 1] = {leaves};
    int64_t    first = of->frontier.count;

    for (int level = 1, at = 0; level <= TZ_VERIFY_DEPTH; at += TZ_VERIFY_BATCH >> level, level++)
        levels[level] = above + at;
    tz_merkle_levels(levels, TZ_VERIFY_DEPTH);
    for (int i = 0; i < TZ_VERIFY_BATCH >> TZ_MERKLE_STEP; i++)
        check_node(of, TZ_MERKLE_STEP, (first >> TZ_MERKLE_STEP) + i, &levels[TZ_MERKLE_STEP][i]);
    join(of, TZ_VERIFY_DEPTH, levels[TZ_VERIFY_DEPTH]);
}

/* The hashes of the entries that wait, and the nodes over them. */
static void flush(tz_verifying *of)
{
    tz_verify_batch *batch = &of->batch;
    tz_digest        leaves[TZ_VERIFY_BATCH];

    tz_sm3_many(0, batch->texts, batch->count, leaves);
    for (size_t i = 0; i < batch->count; i++)
        if (!tz_digest_equal(&batch->stored[i], &leaves[i]))
            tz_verify_add(of, "entry", tz_arena_printf(&of->line, "entry %" PRId64, batch->entries[i]), "条目与其摘要不符",
                          "an entry does not match its hash");
    if (batch->count == TZ_VERIFY_BATCH)
        join_whole(of, leaves);
    else
        for (size_t i = 0; i < batch->count; i++)
            join(of, 0, &leaves[i]);
    batch->count = 0;
    tz_arena_reset(&batch->mem);
}

/* An entry's number now, its hash with those of others. */
static void add_entry(tz_verifying *of, int64_t expected, tz_sql *sql)
{
    tz_verify_batch *batch = &of->batch;
    size_t           at = batch->count++;

    if (tz_sql_int(sql, 0) != expected)
        tz_verify_add(of, "entry", tz_arena_printf(&of->line, "entry %" PRId64, expected), "条目缺失", "an entry is missing");
    batch->entries[at] = tz_sql_int(sql, 0);
    batch->texts[at] = tz_text_keep(&batch->mem, (tz_text){tz_sql_str(sql, 1), (size_t)sqlite3_column_bytes(sql, 1)});
    batch->stored[at] = (tz_digest){{0}};
    if (sqlite3_column_bytes(sql, 2) == TZ_SM3_SIZE)
        memcpy(batch->stored[at].bytes, sqlite3_column_blob(sql, 2), TZ_SM3_SIZE);
    if (batch->count == TZ_VERIFY_BATCH)
        flush(of);
}

/* An entry's form and commitments. */
static tz_rc check_form(tz_verifying *of, tz_sql *sql, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     entry = tz_sql_int(sql, 0);
    const char *where = tz_arena_printf(&of->line, "entry %" PRId64, entry);
    tz_text     text = {tz_sql_str(sql, 1), (size_t)sqlite3_column_bytes(sql, 1)};
    json_t     *body = NULL;
    tz_err      ignored;
    tz_buf      canonical = tz_buf_init(&of->line, 0);

    if (tz_json_parse(text, &body, &ignored) != TZ_OK) {
        tz_verify_add(of, "entry", where, "条目不是 JSON", "an entry is no JSON");
        goto done;
    }
    bool is_exact = tz_json_is_exact(body); /* a real number was put in by hand: it has no canonical form */
    if (is_exact)
        tz_json_canonical(body, &canonical);
    if (!is_exact || !tz_text_equal(tz_buf_text(&canonical), text) || !remember(of, entry, body, sql))
        tz_verify_add(of, "entry", where, "条目的形式不对", "an entry has a wrong form");
    TZ_TRY(tz_verify_privates(of, entry, body, err));
done:
    json_decref(body);
    return rc;
}

static tz_rc check_entries(tz_verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    int64_t expected = 1;

    TZ_TRY(tz_sql_open(of->store, "SELECT entry, body, leaf, of_table, of_key FROM journal ORDER BY entry", &sql, err));
    TZ_EACH_ROW (of->store, sql, err) {
        tz_arena_reset(&of->line);
        add_entry(of, expected, sql);
        if (of->depth != TZ_VERIFY_QUICK)
            TZ_TRY(check_form(of, sql, err));
        expected = tz_sql_int(sql, 0) + 1; /* one gap is named once */
        of->result.entries++;
        if (of->result.entries % 1024 == 0)
            tz_app_progress(of->store->app, "核对日志|verifying the journal", of->result.entries, 0);
    }
    flush(of);
    of->result.root = tz_frontier_root(&of->frontier);
done:
    tz_sql_close(sql);
    return rc;
}

/* No node but those that the entries make. */
static tz_rc count_nodes(tz_verifying *of, tz_err *err)
{
    int64_t count = 0;
    tz_rc   rc = tz_sql_one(of->store, "SELECT count(*) FROM journal_node", NULL, NULL, &count, err);

    if (rc == TZ_OK && count != of->nodes)
        tz_verify_add(of, "tree", "journal_node", "存证树的节点数不符", "the tree has another number of nodes than its entries make");
    return rc;
}

/* ---- What no entry holds ---- */

/* The secret that row keys are made with, against its digest. */
static tz_rc check_secret(tz_verifying *of, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_sql   *sql = NULL;
    bool      has_row = false;
    char      hex[TZ_SM3_HEX];
    tz_digest digest = tz_sm3(of->store->secret, sizeof of->store->secret);

    TZ_TRY(tz_sql_open(of->store, "SELECT digest FROM config WHERE path = 'secret'", &sql, err));
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    tz_digest_hex(&digest, hex);
    if (!has_row || !tz_text_is(tz_text_of(tz_sql_str(sql, 0)), hex))
        tz_verify_add(of, "config", "secret", "县密钥被改动", "the county's secret was changed");
done:
    tz_sql_close(sql);
    return rc;
}

/* Each signed root against the tree. */
static tz_rc check_checkpoints(tz_verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, "SELECT entries, root, note FROM checkpoint"
                                  " WHERE ?1 OR entries = (SELECT max(entries) FROM checkpoint) ORDER BY entries", &sql, err));
    tz_sql_bind_int(sql, 1, of->depth != TZ_VERIFY_QUICK);
    TZ_EACH_ROW (of->store, sql, err) {
        tz_note note = {0};
        tz_err  wrong = {0};
        tz_arena_reset(&of->line);
        const char *where = tz_arena_printf(of->mem, "checkpoint %" PRId64, tz_sql_int(sql, 0));
        if (tz_checkpoint_check(&of->line, of->store, tz_text_of(tz_sql_str(sql, 2)), &note, &wrong) != TZ_OK)
            tz_verify_add(of, "checkpoint", where, tz_arena_dup(of->mem, wrong.zh), tz_arena_dup(of->mem, wrong.en));
        else if (note.entries != tz_sql_int(sql, 0) || sqlite3_column_bytes(sql, 1) != TZ_SM3_SIZE ||
                 memcmp(sqlite3_column_blob(sql, 1), note.root.bytes, TZ_SM3_SIZE) != 0)
            tz_verify_add(of, "checkpoint", where, "检查点与其签名文本不符", "a checkpoint is not what its note says");
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* SQLite's own check of pages and indexes. */
static tz_rc check_database(tz_verifying *of, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(of->store, "PRAGMA integrity_check(20)", &sql, err));
    for (rc = tz_store_read(of->store, sql, &has_row, err); rc == TZ_OK && has_row; rc = tz_store_read(of->store, sql, &has_row, err))
        if (strcmp(tz_sql_str(sql, 0), "ok") != 0)
            tz_verify_add(of, "database", "ledger.db", tz_arena_printf(of->mem, "数据库文件损坏:%s", tz_sql_str(sql, 0)),
                          tz_arena_printf(of->mem, "the database file is damaged: %s", tz_sql_str(sql, 0)));
    (void)sqlite3_reset(sql);
done:
    return rc;
}

/* ---- Files ---- */

static void check_file(tz_verifying *of, const char *folder, const char *name, const char *digest)
{
    tz_digest is;
    char      hex[TZ_SM3_HEX];
    tz_err    wrong;
    const char *where = tz_arena_printf(of->mem, "%s/%s", folder, name);

    if (tz_sm3_file(tz_store_path(of->mem, of->store, folder, name), &is, NULL, &wrong) != TZ_OK) {
        tz_verify_add(of, "file", where, "文件不见了或读不出", "a file is gone or can't be read");
        return;
    }
    tz_digest_hex(&is, hex);
    if (strcmp(hex, digest) != 0)
        tz_verify_add(of, "file", where, "文件与其摘要不符", "a file does not match its digest");
}

static tz_rc check_files(tz_verifying *of, const char *select, const char *folder, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, select, &sql, err));
    TZ_EACH_ROW (of->store, sql, err) {
        check_file(of, folder, tz_sql_str(sql, 0), tz_sql_str(sql, 1));
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* Files that were erased by order and are there: killed in between, the program removes them when it next writes. */
static tz_rc count_unswept(tz_verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, "SELECT of_key FROM erasure WHERE of_table = 'original' ORDER BY of_key", &sql, err));
    TZ_EACH_ROW (of->store, sql, err) {
        if (tz_file_exists(tz_store_path(of->mem, of->store, "originals", tz_sql_str(sql, 0))))
            of->result.unswept++;
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* county.yaml, divisions.tsv and calendar.tsv as they are now against what was accepted. Packs and parameters are
 * flow's to name. */
static tz_rc check_config(tz_verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, "SELECT path, digest FROM config WHERE path NOT LIKE 'pack/%'"
                                  " AND path NOT LIKE 'parameter/%' AND path NOT IN ('secret', 'key')", &sql, err));
    TZ_EACH_ROW (of->store, sql, err) {
        tz_digest is;
        char      hex[TZ_SM3_HEX] = "";
        tz_err    wrong;
        if (tz_sm3_file(tz_store_path(of->mem, of->store, tz_sql_str(sql, 0), NULL), &is, NULL, &wrong) == TZ_OK)
            tz_digest_hex(&is, hex);
        if (strcmp(hex, tz_sql_str(sql, 1)) != 0)
            tz_verify_add(of, "config", tz_sql_str(sql, 0), "配置在登记后被改动", "the configuration was edited after it was accepted");
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* The orders; their rows are state like any other and checked as such. */
static tz_rc read_erasures(tz_verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, "SELECT of_table || '/' || of_key || '/' || field, entry FROM erasure ORDER BY entry", &sql, err));
    TZ_EACH_ROW (of->store, sql, err) {
        tz_map_put(&of->erased, tz_text_of(tz_sql_str(sql, 0)), NULL)->value = tz_sql_int(sql, 1);
        of->result.erased++;
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc check_all(tz_verifying *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (of->depth == TZ_VERIFY_ALL)
        TZ_TRY(check_database(of, err));
    TZ_TRY(read_erasures(of, err));
    TZ_TRY(check_entries(of, err));
    TZ_TRY(count_nodes(of, err));
    TZ_TRY(check_checkpoints(of, err));
    if (of->depth == TZ_VERIFY_QUICK)
        goto done;
    TZ_TRY(tz_verify_rows(of, err));
    TZ_TRY(check_secret(of, err));
    if (of->depth == TZ_VERIFY_STATE)
        goto done;
    TZ_TRY(check_files(of, "SELECT digest, digest FROM original WHERE digest NOT IN"
                           " (SELECT of_key FROM erasure WHERE of_table = 'original') ORDER BY digest", "originals", err));
    TZ_TRY(check_files(of, "SELECT parquet, parquet_digest FROM batch ORDER BY batch", "evidence", err));
    TZ_TRY(count_unswept(of, err));
    TZ_TRY(check_config(of, err));
done:
    return rc;
}

tz_rc tz_store_verify(tz_arena *mem, tz_store *store, tz_verify_depth depth, tz_verification *ret_result, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_result != NULL);
    tz_verifying of = {.mem = mem, .store = store, .depth = depth, .images = tz_map_init(mem), .erased = tz_map_init(mem),
                       .bulks = tz_map_init(mem)};
    bool         is_own = !store->inside->is_in_transaction;
    tz_err       ignored;
    tz_rc        rc = is_own ? tz_store_exec(store, "BEGIN", true, err) : TZ_OK; /* one state, whoever writes meanwhile */

    if (rc == TZ_OK)
        rc = check_all(&of, err);
    if (is_own)
        (void)!tz_store_exec(store, "ROLLBACK", true, &ignored);
    if (rc == TZ_TAMPER || rc == TZ_INPUT) { /* what can't be read to its end is a problem, named like the others */
        tz_verify_add(&of, "database", "ledger.db", tz_arena_dup(mem, err->zh), tz_arena_dup(mem, err->en));
        rc = TZ_OK;
    }
    if (rc == TZ_OK)
        *ret_result = of.result;
    tz_arena_free(&of.batch.mem);
    tz_arena_free(&of.line);
    return rc;
}
