#include "store/prove.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "store/checkpoint.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/prove_check.h"
#include "store/shape.h"

/* Entries of the issue itself, its steps, evidence, findings, letters, sources and people, and what was said of those.
 * ?1 is the issue. */
static const char ENTRIES[] =
    "WITH said (of_table, of_key) AS ("
    " SELECT 'issue', CAST(?1 AS TEXT)"
    " UNION ALL SELECT 'issue_step', CAST(step AS TEXT) FROM issue_step WHERE issue = ?1"
    " UNION ALL SELECT 'evidence', CAST(evidence AS TEXT) FROM evidence WHERE issue = ?1"
    " UNION ALL SELECT 'issue_finding', CAST(finding AS TEXT) FROM issue_finding WHERE issue = ?1"
    " UNION ALL SELECT 'letter', CAST(letter AS TEXT) FROM letter WHERE issue = ?1"
    " UNION ALL SELECT 'issue_source', CAST(source AS TEXT) FROM issue_source WHERE issue = ?1"
    " UNION ALL SELECT 'issue_person', CAST(number AS TEXT) FROM issue_person WHERE issue = ?1"
    " UNION ALL SELECT 'recall', CAST(recall AS TEXT) FROM recall WHERE issue = ?1"
    " UNION ALL SELECT 'verdict', CAST(finding AS TEXT) FROM issue_finding WHERE issue = ?1)"
    "SELECT j.entry, j.body FROM said JOIN journal j USING (of_table, of_key) ORDER BY j.entry";

static const char *const EVENTS[] = {"finding_key", "finding_event"};

static tz_rc read_node(void *context, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    return tz_merkle_read(context, level, position, ret_hash, err);
}

/* What the commitments of an entry stand for. */
static tz_rc add_privates(tz_store *store, int64_t entry, json_t *into, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *list = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT field, hex(salt) AS salt, value FROM journal_private WHERE entry = ?1 AND value IS NOT NULL"
                              " ORDER BY field", &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    TZ_TRY(tz_sql_rows(store, sql, &list, err));
    (void)json_object_set_new(into, "private", list);
done:
    tz_sql_close(sql);
    return rc;
}

typedef struct {
    tz_arena *mem;
    tz_store *store;
    int64_t   issue;
    int64_t   size; /* of the checkpoint's tree */
    bool      is_masked;
    json_t   *entries;
    json_t   *events;
} proving;

/* An entry with its inclusion proof. */
static tz_rc add_entry(proving *of, int64_t entry, const char *body, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_hashes proof = {0};
    json_t   *one = json_object();

    if (entry > of->size) {
        (void)tz_fail(err, TZ_MISSING, "最近的检查点还不含条目 %lld", "the newest checkpoint does not hold entry %lld yet", (long long)entry);
        rc = tz_err_advise(err, "先运行 taizhang checkpoint", "run taizhang checkpoint first");
        goto done;
    }
    TZ_TRY(tz_proof_inclusion(of->mem, read_node, of->store, entry - 1, of->size, &proof, err));
    tz_json_set_int(one, "entry", entry);
    tz_json_set_str(one, "body", body);
    (void)json_object_set_new(one, "proof", tz_hashes_json(&proof));
    if (!of->is_masked)
        TZ_TRY(add_privates(of->store, entry, one, err));
    (void)json_array_append(of->entries, one);
done:
    json_decref(one);
    return rc;
}

static tz_rc add_entries(proving *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store, ENTRIES, &sql, err));
    tz_sql_bind_int(sql, 1, of->issue);
    TZ_EACH_ROW (of->store, sql, err) {
        TZ_TRY(add_entry(of, tz_sql_int(sql, 0), tz_sql_str(sql, 1), err));
    }
    if (json_array_size(of->entries) == 0)
        rc = tz_fail(err, TZ_MISSING, "没有问题 #%lld", "there is no issue #%lld", (long long)of->issue);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Events ---- */

typedef struct {
    struct { tz_digest *items; size_t count; size_t room; } leaves, wanted;
    struct { json_t **items; size_t count; size_t room; } lines; /* of the wanted */
} bulk_read;

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, TZ_SM3_SIZE);
}

/* The line of the row that sql stands on, as its bulk digested it; salt and values for an open proof. */
static json_t *event_line(proving *of, const char *table, tz_sql *sql, tz_digest *ret_leaf)
{
    uint8_t salt[16] = {0};
    char    salt_hex[33];
    json_t *event = json_object(), *one = json_object();
    tz_buf  line = tz_buf_init(of->mem, 0);

    for (int i = 0; i < sqlite3_column_count(sql); i++) {
        const char *column = sqlite3_column_name(sql, i);
        if (strcmp(column, "salt") == 0 && sqlite3_column_bytes(sql, i) == 16)
            memcpy(salt, sqlite3_column_blob(sql, i), 16);
        else if (strcmp(column, "entry") != 0)
            (void)json_object_set_new(event, column, tz_sql_cell(sql, i));
    }
    tz_journal_event_line(table, event, salt, &line);
    *ret_leaf = tz_merkle_leaf(tz_buf_text(&line));
    tz_json_set_str(one, "line", tz_buf_str(&line));
    tz_text params = tz_text_of(tz_json_str(event, "params"));
    if (!of->is_masked && strcmp(table, "finding_event") == 0 && !tz_is_erased_event(params)) {
        tz_buf value = tz_buf_init(of->mem, 0);
        tz_json_canonical(json_object_get(event, "params"), &value);
        tz_hex(salt, 16, salt_hex);
        json_t *opened = json_pack("[{s:s, s:s, s:s}]", "field", "params", "salt", salt_hex, "value", tz_buf_str(&value));
        (void)json_object_set_new(one, "private", opened);
    }
    json_decref(event);
    return one;
}

/* All leaves of a bulk, and the lines of the issue's findings in it. */
static tz_rc read_bulk(proving *of, const char *table, int64_t entry, bulk_read *bulk, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store,
                       tz_arena_printf(of->mem, "SELECT *, finding IN (SELECT finding FROM issue_finding WHERE issue = ?2) AS entry "
                                                "FROM \"%s\" WHERE entry = ?1", table), &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    tz_sql_bind_int(sql, 2, of->issue);
    TZ_EACH_ROW (of->store, sql, err) {
        tz_digest leaf;
        json_t *line = event_line(of, table, sql, &leaf);
        tz_push(of->mem, &bulk->leaves, leaf);
        if (tz_sql_int(sql, sqlite3_column_count(sql) - 1)) {
            tz_push(of->mem, &bulk->wanted, leaf);
            tz_push(of->mem, &bulk->lines, line);
        } else {
            json_decref(line);
        }
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc add_bulk(proving *of, const char *table, int64_t entry, const char *body, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    bulk_read bulk = {0};

    TZ_TRY(add_entry(of, entry, body, err));
    TZ_TRY(read_bulk(of, table, entry, &bulk, err));
    if (bulk.leaves.count > 0)
        qsort(bulk.leaves.items, bulk.leaves.count, sizeof bulk.leaves.items[0], compare_digests);
    for (size_t i = 0; i < bulk.lines.count; i++) {
        tz_hashes        proof = {0};
        const tz_digest *at = bsearch(&bulk.wanted.items[i], bulk.leaves.items, bulk.leaves.count, sizeof *at, compare_digests);
        size_t           index = (size_t)(at - bulk.leaves.items);
        tz_proof_of(of->mem, bulk.leaves.items, bulk.leaves.count, index, &proof);
        tz_json_set_int(bulk.lines.items[i], "entry", entry);
        tz_json_set_int(bulk.lines.items[i], "index", (int64_t)index);
        (void)json_object_set_new(bulk.lines.items[i], "proof", tz_hashes_json(&proof));
        (void)json_array_append(of->events, bulk.lines.items[i]);
    }
done:
    for (size_t i = 0; i < bulk.lines.count; i++)
        json_decref(bulk.lines.items[i]);
    return rc;
}

static tz_rc add_events(proving *of, const char *table, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->store,
                       tz_arena_printf(of->mem, "SELECT entry, body FROM journal WHERE entry IN (SELECT entry FROM \"%s\" WHERE finding IN"
                                                " (SELECT finding FROM issue_finding WHERE issue = ?1)) ORDER BY entry", table), &sql, err));
    tz_sql_bind_int(sql, 1, of->issue);
    TZ_EACH_ROW (of->store, sql, err) {
        TZ_TRY(add_bulk(of, table, tz_sql_int(sql, 0), tz_sql_str(sql, 1), err));
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_prove_issue(tz_arena *mem, tz_store *store, int64_t issue, bool is_masked, json_t **ret_proof, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_proof != NULL);
    tz_rc         rc = TZ_OK;
    const char   *text = NULL;
    tz_note       note = {0};
    tz_public_key key;
    char          hex[TZ_POINT_HEX];
    proving       of = {.mem = mem, .store = store, .issue = issue, .is_masked = is_masked, .entries = json_array(), .events = json_array()};

    TZ_TRY(tz_checkpoint_newest(mem, store, &text, &note, &key, err));
    of.size = note.entries;
    TZ_TRY(add_entries(&of, err));
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++)
        TZ_TRY(add_events(&of, EVENTS[i], err));
    tz_hex(key.bytes, TZ_POINT_SIZE, hex);
    *ret_proof = json_pack("{s:s, s:I, s:s, s:s, s:O, s:O}", "format", "taizhang-proof/1", "issue", (json_int_t)issue, "key", hex, "note",
                           text, "entries", of.entries, "events", of.events);
done:
    json_decref(of.entries);
    json_decref(of.events);
    return rc;
}
