/* verify - does the state, the files and the tree agree with the journal? */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/map.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"

typedef struct {
    tz_arena        *mem;
    tz_arena         entry_mem; /* reset for each entry */
    tz_store        *store;
    tz_verification  result;
    tz_map           images;    /* "table/key" of every row seen in the journal: its newest entry */
    tz_map           events;    /* event table -> rows counted by the journal */
} verifying;

static void add(verifying *of, const char *kind, const char *where, const char *zh, const char *en)
{
    tz_push(of->mem, &of->result.problems, (tz_problem){.kind = kind, .where = tz_arena_dup(of->mem, where), .zh = zh, .en = en});
}

static const char *entry_name(verifying *of, int64_t entry)
{
    return tz_arena_printf(of->mem, "entry %lld", (long long)entry);
}

/* ---- Rows ---- */

/* The value of a personal column as committed in the entry, if it is still kept. */
static tz_rc check_commitment(verifying *of, int64_t entry, const char *column, const char *commit, const json_t *value, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    char    hex[TZ_SM3_HEX];
    tz_buf  text = tz_buf_init(&of->entry_mem, 0);

    TZ_TRY(tz_sql_open(of->store, "SELECT salt, value FROM journal_private WHERE entry = ?1 AND field = ?2", &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    tz_sql_bind_text(sql, 2, column);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (!has_row || sqlite3_column_bytes(sql, 0) != 16) {
        add(of, "entry", entry_name(of, entry), "缺少个人信息的承诺值", "what a commitment stands for is missing");
        goto done;
    }
    if (tz_sql_str(sql, 1) == NULL)
        goto done; /* erased by order */
    tz_json_canonical(value, &text);
    tz_digest digest = tz_journal_commitment(sqlite3_column_blob(sql, 0), column, tz_buf_text(&text));
    tz_digest_hex(&digest, hex);
    if (strcmp(hex, commit) != 0)
        add(of, "row", entry_name(of, entry), "个人信息与承诺值不符", "a personal value is not what was committed");
done:
    tz_sql_close(sql);
    return rc;
}

static json_t *cell_json(tz_sql *sql, int column)
{
    if (sqlite3_column_type(sql, column) == SQLITE_NULL)
        return json_null();
    if (sqlite3_column_type(sql, column) == SQLITE_INTEGER)
        return json_integer(tz_sql_int(sql, column));
    return tz_json_text(tz_text_of(tz_sql_str(sql, column)));
}

static bool is_event_table(const char *table)
{
    static const char *const TABLES[] = {"batch_slice", "entity_event", "link_event", "check_result", "finding_key", "finding_event"};
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++)
        if (strcmp(TABLES[i], table) == 0)
            return true;
    return false;
}

static bool is_state_table(const char *table)
{
    static const char *const TABLES[] = {"user", "unit", "config", "original", "batch", "link_run", "link_decision", "check_run", "verdict",
                                         "issue", "issue_finding", "issue_step", "evidence"};
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++)
        if (strcmp(TABLES[i], table) == 0)
            return true;
    return false;
}

/* SELECT * of the row whose primary key is the entry's key. Names are checked to be ours. */
static tz_rc open_row(verifying *of, const char *table, const json_t *image, tz_sql **ret_sql, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *keys = NULL, *sql = NULL;
    tz_buf  text = tz_buf_init(&of->entry_mem, 0);
    bool    has_row = true;
    const char *parts[8];
    int     count = 0;

    TZ_TRY(tz_sql_open(of->store, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", &keys, err));
    tz_sql_bind_text(keys, 1, table);
    tz_buf_printf(&text, "SELECT * FROM \"%s\" WHERE true", table);
    for (;;) {
        TZ_TRY(tz_sql_step(of->store, keys, &has_row, err));
        if (!has_row || count == 8)
            break;
        parts[count++] = tz_arena_dup(&of->entry_mem, tz_sql_str(keys, 0));
        tz_buf_printf(&text, " AND \"%s\" = ?%d", parts[count - 1], count);
    }
    TZ_TRY(tz_sql_open(of->store, tz_buf_str(&text), &sql, err));
    for (int i = 0; i < count; i++) {
        const json_t *value = json_object_get(image, parts[i]);
        if (json_is_integer(value))
            tz_sql_bind_int(sql, i + 1, json_integer_value(value));
        else
            tz_sql_bind_text(sql, i + 1, json_string_value(value));
    }
    *ret_sql = sql;
done:
    tz_sql_close(keys);
    return rc;
}

/* The newest image of a row against the row. */
static tz_rc check_row(verifying *of, int64_t entry, const char *table, const json_t *image, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(open_row(of, table, image, &sql, err));
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (!has_row) {
        add(of, "row", tz_arena_printf(of->mem, "%s, %s", table, entry_name(of, entry)), "日志中的行不见了", "a row that the journal knows is gone");
        goto done;
    }
    for (int i = 0; i < sqlite3_column_count(sql); i++) {
        const char   *column = sqlite3_column_name(sql, i);
        const json_t *said = json_object_get(image, column);
        const char   *commit = tz_json_str(said, "commit");
        json_t       *is = cell_json(sql, i);
        if (commit != NULL)
            rc = check_commitment(of, entry, column, commit, is, err);
        else if (said == NULL ? !json_is_null(is) : !json_equal(said, is))
            add(of, "row", tz_arena_printf(of->mem, "%s.%s, %s", table, column, entry_name(of, entry)),
                "现值与日志不符", "the present value is not what the journal says");
        json_decref(is);
        if (rc != TZ_OK)
            goto done;
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Events ---- */

static tz_rc check_events(verifying *of, int64_t entry, const char *table, const json_t *events, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;
    char    hex[TZ_SM3_HEX];
    struct { tz_digest *items; size_t count; size_t room; } lines = {0};

    TZ_TRY(tz_sql_open(of->store, tz_arena_printf(of->mem, "SELECT * FROM \"%s\" WHERE entry = ?1", table), &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    for (;;) {
        uint8_t salt[16] = {0};
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        json_t *event = json_object();
        for (int i = 0; i < sqlite3_column_count(sql); i++) {
            const char *column = sqlite3_column_name(sql, i);
            if (strcmp(column, "salt") == 0 && sqlite3_column_bytes(sql, i) == 16)
                memcpy(salt, sqlite3_column_blob(sql, i), 16);
            else if (strcmp(column, "entry") != 0)
                (void)json_object_set_new(event, column, cell_json(sql, i));
        }
        tz_arena line_mem = {0};
        tz_buf   line = tz_buf_init(&line_mem, 0);
        tz_journal_event_line(table, event, salt, &line);
        tz_push(&of->entry_mem, &lines, tz_sm3(line.data, line.size));
        tz_arena_free(&line_mem);
        json_decref(event);
    }
done:
    tz_sql_close(sql);
    tz_digest digest = tz_journal_events_digest(lines.items, lines.count);
    tz_digest_hex(&digest, hex);
    const char *said = tz_json_str(events, "digest");
    if (rc == TZ_OK && ((int64_t)lines.count != tz_json_int(events, "count", -1) || said == NULL || strcmp(said, hex) != 0))
        add(of, "events", tz_arena_printf(of->mem, "%s, %s", table, entry_name(of, entry)),
            "成批事件与日志摘要不符", "events are not what their digest says");
    return rc;
}

/* ---- Entries ---- */

/* Checks an entry's own form, hash and number; remembers its row. */
static tz_rc check_entry(verifying *of, int64_t expected, tz_sql *sql, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     entry = tz_sql_int(sql, 0);
    const char *text = tz_sql_str(sql, 1);
    json_t     *body = NULL;
    tz_err      ignored;
    tz_digest   leaf = tz_merkle_leaf(tz_text_of(text)), stored;
    tz_buf      canonical = tz_buf_init(&of->entry_mem, 0);

    if (entry != expected)
        add(of, "entry", entry_name(of, expected), "条目缺失", "an entry is missing");
    if (sqlite3_column_bytes(sql, 2) != TZ_SM3_SIZE || memcmp(sqlite3_column_blob(sql, 2), leaf.bytes, TZ_SM3_SIZE) != 0)
        add(of, "entry", entry_name(of, entry), "条目与其摘要不符", "an entry does not match its hash");
    TZ_TRY(tz_merkle_read(of->store, 0, entry - 1, &stored, err));
    if (!tz_digest_equal(&stored, &leaf))
        add(of, "tree", entry_name(of, entry), "存证树的叶与条目不符", "a leaf of the tree is not its entry's hash");
    if (tz_json_parse(tz_text_of(text), &body, &ignored) != TZ_OK) {
        add(of, "entry", entry_name(of, entry), "条目不是 JSON", "an entry is no JSON");
        goto done;
    }
    tz_json_canonical(body, &canonical);
    const char *table = tz_json_str(body, "table"), *key = tz_json_str(body, "key");
    if (!tz_text_is(tz_buf_text(&canonical), text) || tz_json_int(body, "entry", 0) != entry || table == NULL) {
        add(of, "entry", entry_name(of, entry), "条目的形式不对", "an entry has a wrong form");
    } else if (key != NULL && is_state_table(table)) {
        const char *name = tz_arena_printf(&of->entry_mem, "%s/%s", table, key);
        tz_map_put(&of->images, tz_text_of(name), NULL)->value = entry;
        tz_map_put(&of->events, tz_text_of(table), NULL)->value += 0;
    } else if (key == NULL && is_event_table(table)) {
        tz_map_put(&of->events, tz_text_of(table), NULL)->value += tz_json_int(json_object_get(body, "events"), "count", 0);
        TZ_TRY(check_events(of, entry, table, json_object_get(body, "events"), err));
    } else {
        add(of, "entry", entry_name(of, entry), "条目所指的表不存在", "an entry names no table of ours");
    }
done:
    json_decref(body);
    return rc;
}

static tz_rc check_entries(verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    TZ_TRY(tz_sql_open(of->store, "SELECT entry, body, leaf FROM journal ORDER BY entry", &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_arena_reset(&of->entry_mem);
        TZ_TRY(check_entry(of, ++of->result.entries, sql, err));
        if (of->result.entries % 1024 == 0)
            tz_app_progress(of->store->app, "核对日志|verifying the journal", of->result.entries, 0);
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc check_image_of(verifying *of, const tz_map_entry *row, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *body = NULL;

    TZ_TRY(tz_sql_open(of->store, "SELECT body FROM journal WHERE entry = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, row->value);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    tz_assert(has_row);
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 0)), &body, err));
    TZ_TRY(check_row(of, row->value, tz_json_str(body, "table"), json_object_get(body, "image"), err));
done:
    json_decref(body);
    tz_sql_close(sql);
    return rc;
}

/* Each row's newest image, and as many rows in a table as the journal knows. */
static tz_rc check_state(verifying *of, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    tz_map counts = tz_map_init(of->mem);

    for (size_t i = 0; i < of->images.entries.count; i++) {
        const tz_map_entry *row = &of->images.entries.items[i];
        size_t slash = tz_text_find(row->key, TZ_TEXT("/"), 0);
        tz_map_put(&counts, tz_text_cut(row->key, 0, slash), NULL)->value++;
        tz_arena_reset(&of->entry_mem);
        TZ_TRY(check_image_of(of, row, err));
    }
    for (size_t i = 0; i < of->events.entries.count; i++) {
        const tz_map_entry *table = &of->events.entries.items[i];
        const char         *name = tz_text_dup(of->mem, table->key);
        const tz_map_entry *rows = tz_map_get(&counts, table->key);
        int64_t expected = is_event_table(name) ? table->value : rows == NULL ? 0 : rows->value, count = 0;
        TZ_TRY(tz_sql_one(of->store, tz_arena_printf(of->mem, "SELECT count(*) FROM \"%s\"", name), NULL, NULL, &count, err));
        if (count != expected)
            add(of, is_event_table(name) ? "events" : "row", name, "表中的行数与日志不符",
                "a table holds another number of rows than the journal says");
    }
done:
    return rc;
}

/* ---- The tree ---- */

static tz_rc check_tree(verifying *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (int level = 1; level < 62 && of->result.entries >> level > 0; level++)
        for (int64_t position = 0; position < of->result.entries >> level; position++) {
            tz_digest left, right, node;
            TZ_TRY(tz_merkle_read(of->store, level - 1, position * 2, &left, err));
            TZ_TRY(tz_merkle_read(of->store, level - 1, position * 2 + 1, &right, err));
            TZ_TRY(tz_merkle_read(of->store, level, position, &node, err));
            tz_digest expected = tz_merkle_node(&left, &right);
            if (!tz_digest_equal(&expected, &node))
                add(of, "tree", tz_arena_printf(of->mem, "%d/%lld", level, (long long)position),
                    "存证树的节点不符", "a node of the tree does not match");
        }
    TZ_TRY(tz_journal_root(of->store, of->result.entries, &of->result.root, err));
done:
    return rc;
}

/* A missing node is a problem of the tree, not an end of the verification. */
static tz_rc check_tree_or_say(verifying *of, tz_err *err)
{
    tz_rc rc = check_tree(of, err);
    if (rc == TZ_TAMPER) {
        add(of, "tree", "journal_node", "存证树不完整", "the tree is not complete");
        return TZ_OK;
    }
    return rc;
}

/* ---- Files ---- */

static void check_file(verifying *of, const char *folder, const char *name, const char *digest)
{
    tz_digest is;
    char      hex[TZ_SM3_HEX];
    tz_err    wrong;
    const char *where = tz_arena_printf(of->mem, "%s/%s", folder, name);

    if (tz_sm3_file(tz_store_path(of->mem, of->store, folder, name), &is, NULL, &wrong) != TZ_OK) {
        add(of, "file", where, "文件不见了或读不出", "a file is gone or can't be read");
        return;
    }
    tz_digest_hex(&is, hex);
    if (strcmp(hex, digest) != 0)
        add(of, "file", where, "文件与其摘要不符", "a file does not match its digest");
}

static tz_rc check_files(verifying *of, const char *select, const char *folder, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    TZ_TRY(tz_sql_open(of->store, select, &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        check_file(of, folder, tz_sql_str(sql, 0), tz_sql_str(sql, 1));
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* county.yaml and divisions.tsv as they are now against what was accepted. Packs are flow's to name. */
static tz_rc check_config(verifying *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    TZ_TRY(tz_sql_open(of->store, "SELECT path, digest FROM config WHERE path NOT LIKE 'pack/%' AND path <> 'secret'", &sql, err));
    for (;;) {
        tz_digest is;
        char      hex[TZ_SM3_HEX] = "";
        tz_err    wrong;
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        if (tz_sm3_file(tz_store_path(of->mem, of->store, tz_sql_str(sql, 0), NULL), &is, NULL, &wrong) == TZ_OK)
            tz_digest_hex(&is, hex);
        if (strcmp(hex, tz_sql_str(sql, 1)) != 0)
            add(of, "config", tz_sql_str(sql, 0), "配置在登记后被改动", "the configuration was edited after it was accepted");
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_store_verify(tz_arena *mem, tz_store *store, bool is_quick, tz_verification *ret_result, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_result != NULL);
    tz_rc     rc = TZ_OK;
    verifying of = {.mem = mem, .store = store, .images = tz_map_init(mem), .events = tz_map_init(mem)};

    TZ_TRY(check_entries(&of, err));
    TZ_TRY(check_tree_or_say(&of, err));
    TZ_TRY(check_state(&of, err));
    if (!is_quick) {
        TZ_TRY(check_files(&of, "SELECT digest, digest FROM original ORDER BY digest", "originals", err));
        TZ_TRY(check_files(&of, "SELECT parquet, parquet_digest FROM batch ORDER BY batch", "evidence", err));
        TZ_TRY(check_config(&of, err));
    }
    *ret_result = of.result;
done:
    tz_arena_free(&of.entry_mem);
    return rc;
}
