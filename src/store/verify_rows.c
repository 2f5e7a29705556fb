/* verify_rows - the tables against the journal, both ways: each table is read once, in order of its key
 * or its entry, so the work is linear in rows and entries. */
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "store/erase.h"
#include "store/shape.h"
#include "store/verifying.h"

/* ---- Commitments ---- */

/* Reads what stands beside a commitment; *ret_is_there false when nothing does, value NULL when it was
 * erased by order. */
static tz_rc read_private(tz_verifying *of, int64_t entry, const char *field, bool *ret_is_there, uint8_t salt[16],
                          const char **ret_value, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(of->store, "SELECT salt, value FROM journal_private WHERE entry = ?1 AND field = ?2", &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    tz_sql_bind_text(sql, 2, field);
    TZ_TRY(tz_store_read(of->store, sql, &has_row, err));
    *ret_is_there = has_row && sqlite3_column_bytes(sql, 0) == 16;
    if (*ret_is_there)
        memcpy(salt, sqlite3_column_blob(sql, 0), 16);
    *ret_value = has_row ? tz_sql_dup(&of->line, sql, 1) : NULL;
done:
    (void)sqlite3_reset(sql);
    return rc;
}

/* The entry up to which a value was erased by order, 0: it was not. */
static int64_t erased_upto(tz_verifying *of, const char *table, const char *key, const char *field)
{
    const tz_map_entry *erased = tz_map_get(&of->erased, tz_text_of(tz_arena_printf(&of->line, "%s/%s/%s", table, key, field)));
    return erased == NULL ? 0 : erased->value;
}

/* A value that is gone has its order, one that has an order is gone, any other is what was committed. */
static void check_value(tz_verifying *of, const char *where, const char *commit, const uint8_t salt[16], const char *field,
                        const char *value, bool is_erased)
{
    char hex[TZ_SM3_HEX];

    if (is_erased && value != NULL)
        tz_verify_add(of, "private", where, "依令删除的值还在", "a value that was erased by order is still there");
    if (!is_erased && value == NULL)
        tz_verify_add(of, "private", where, "值不见了,没有删除令", "a value is gone, and no order says so");
    if (is_erased || value == NULL)
        return;
    tz_digest digest = tz_journal_commitment(salt, field, tz_text_of(value));
    tz_digest_hex(&digest, hex);
    if (strcmp(hex, commit) != 0)
        tz_verify_add(of, "private", where, "个人信息与承诺值不符", "a personal value is not what was committed");
}

tz_rc tz_verify_privates(tz_verifying *of, int64_t entry, const json_t *body, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *field, *table = tz_json_str(body, "table"), *key = tz_json_str(body, "key");
    json_t     *said;

    json_object_foreach(json_object_get(body, "image"), field, said) {
        const char *commit = tz_json_str(said, "commit"), *value = NULL;
        bool        is_there = false;
        uint8_t     salt[16];
        if (commit == NULL)
            continue;
        TZ_TRY(read_private(of, entry, field, &is_there, salt, &value, err));
        const char *where = tz_arena_printf(&of->line, "entry %" PRId64 ", %s", entry, field);
        if (!is_there) {
            tz_verify_add(of, "private", where, "缺少承诺所对应的值", "what a commitment stands for is missing");
            continue;
        }
        check_value(of, where, commit, salt, field, value,
                    table != NULL && key != NULL && entry <= erased_upto(of, table, key, field));
    }
done:
    return rc;
}

/* Is a row's personal value the one that stands beside the entry, or what stands for it when it was erased? */
static tz_rc is_private_same(tz_verifying *of, const char *table, int64_t entry, const char *column, const json_t *is, bool *ret_is_same,
                             tz_err *err)
{
    bool        is_there = false;
    uint8_t     salt[16];
    const char *value = NULL;
    tz_buf      text = tz_buf_init(&of->line, 0);
    tz_rc       rc = read_private(of, entry, column, &is_there, salt, &value, err);

    if (rc != TZ_OK)
        return rc;
    tz_json_canonical(is, &text);
    if (value == NULL)
        *ret_is_same = json_is_string(is) && strcmp(json_string_value(is), tz_erased_text(table, column)) == 0;
    else
        *ret_is_same = tz_text_is(tz_buf_text(&text), value);
    return TZ_OK;
}

/* ---- State ---- */

/* Is the value the column's default as the schema declares it: null, or a text in quotes or a number? */
static tz_rc is_default(tz_verifying *of, const char *table, const char *column, const json_t *is, bool *ret_is_default, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;
    tz_buf        text = tz_buf_init(&of->line, 0);

    TZ_TRY(tz_store_statement(of->store, "SELECT dflt_value FROM pragma_table_info(?1) WHERE name = ?2", &sql, err));
    tz_sql_bind_text(sql, 1, table);
    tz_sql_bind_text(sql, 2, column);
    TZ_TRY(tz_store_read(of->store, sql, &has_row, err));
    const char *declared = has_row ? tz_sql_str(sql, 0) : NULL;
    if (json_is_string(is)) {
        tz_buf_char(&text, '\'');
        tz_buf_puts(&text, json_string_value(is));
        tz_buf_char(&text, '\'');
    } else if (json_is_integer(is)) {
        tz_buf_int(&text, json_integer_value(is));
    }
    *ret_is_default = json_is_null(is) ? declared == NULL : declared != NULL && tz_text_is(tz_buf_text(&text), declared);
done:
    (void)sqlite3_reset(sql);
    return rc;
}

/* A row against its newest image, column by column. */
static tz_rc check_columns(tz_verifying *of, const char *table, const char *name, int64_t entry, const json_t *image, tz_sql *sql,
                           tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (int i = 0; rc == TZ_OK && i < sqlite3_column_count(sql); i++) {
        const char   *column = sqlite3_column_name(sql, i);
        const json_t *said = json_object_get(image, column);
        json_t       *is = tz_sql_cell(sql, i);
        bool          is_same = said != NULL && json_equal(said, is);
        if (said == NULL) /* a later version added the column */
            rc = is_default(of, table, column, is, &is_same, err);
        if (rc == TZ_OK && tz_json_str(said, "commit") != NULL)
            rc = is_private_same(of, table, entry, column, is, &is_same, err);
        if (rc == TZ_OK && !is_same)
            tz_verify_add(of, "row", tz_arena_printf(&of->line, "%s.%s, entry %" PRId64, name, column, entry), "现值与日志不符",
                          "the present value is not what the journal says");
        json_decref(is);
    }
    return rc;
}

static tz_rc check_row(tz_verifying *of, const char *table, const char *name, tz_sql *sql, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_map_entry *image = tz_map_get(&of->images, tz_text_of(name));
    json_t       *body = NULL;

    if (image == NULL || image->value < 0) {
        tz_verify_add(of, "row", name, "日志中没有这一行", "the journal knows no such row");
        return TZ_OK;
    }
    int64_t entry = image->value;
    image->value = -entry;
    TZ_TRY(tz_verify_body(of, entry, &body, err));
    TZ_TRY(check_columns(of, table, name, entry, json_object_get(body, "image"), sql, err));
done:
    json_decref(body);
    return rc;
}

enum { MAX_KEY_PARTS = 8 };
typedef struct {
    int    columns[MAX_KEY_PARTS]; /* of SELECT *, in the key's order */
    size_t count;
} key_parts;

static tz_rc read_key_parts(tz_verifying *of, const char *table, key_parts *ret_parts, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_sql   *sql = NULL;
    key_parts parts = {.count = 0};

    TZ_TRY(tz_sql_open(of->store, "SELECT cid FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", &sql, err));
    tz_sql_bind_text(sql, 1, table);
    TZ_EACH_ROW (of->store, sql, err) {
        if (parts.count < MAX_KEY_PARTS)
            parts.columns[parts.count++] = (int)tz_sql_int(sql, 0);
    }
    if (parts.count == 0) /* the table is gone, or something else bears its name */
        rc = tz_fail(err, TZ_TAMPER, "ledger.db 的表 %s 被改动", "the table %s of ledger.db was changed", table);
    *ret_parts = parts;
done:
    tz_sql_close(sql);
    return rc;
}

/* "table/key" as the journal's entries name the row, its parts joined by '/'. */
static const char *row_name(tz_verifying *of, const char *table, const key_parts *parts, tz_sql *sql)
{
    tz_buf name = tz_buf_init(&of->line, 0);

    tz_buf_puts(&name, table);
    for (size_t i = 0; i < parts->count; i++) {
        const char *text = tz_sql_str(sql, parts->columns[i]);
        tz_buf_char(&name, '/');
        tz_buf_puts(&name, text == NULL ? "" : text);
    }
    return tz_buf_str(&name);
}

static tz_rc check_state(tz_verifying *of, const char *table, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_sql   *sql = NULL;
    bool      has_row = false;
    key_parts parts;

    TZ_TRY(read_key_parts(of, table, &parts, err));
    TZ_TRY(tz_store_open_whole(of->store, tz_arena_printf(of->mem, "SELECT * FROM \"%s\"", table), &sql, err));
    for (;;) {
        tz_arena_reset(&of->line);
        TZ_TRY(tz_store_read(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        TZ_TRY(check_row(of, table, row_name(of, table, &parts, sql), sql, err));
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Events ---- */

typedef TZ_ARRAY(tz_digest) leaf_list;

/* The leaves of one bulk against its entry. */
static tz_rc check_bulk(tz_verifying *of, const char *table, int64_t entry, leaf_list *leaves, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    json_t       *body = NULL;
    char          hex[TZ_SM3_HEX];
    const char   *number = tz_arena_printf(of->mem, "%" PRId64, entry), *where = tz_arena_printf(of->mem, "%s, entry %s", table, number);
    tz_map_entry *bulk = tz_map_get(&of->bulks, tz_text_of(number));

    if (leaves->count == 0)
        return TZ_OK;
    if (bulk == NULL) {
        tz_verify_add(of, "events", where, "日志中没有这些事件", "the journal knows no such events");
        goto done;
    }
    bulk->value = 2;
    TZ_TRY(tz_verify_body(of, entry, &body, err));
    const json_t *events = json_object_get(body, "events");
    tz_digest     digest = tz_journal_events_digest(leaves->items, leaves->count);
    tz_digest_hex(&digest, hex);
    const char *said = tz_json_str(events, "digest"), *of_table = tz_json_str(body, "table");
    if ((int64_t)leaves->count != tz_json_int(events, "count", -1) || said == NULL || strcmp(said, hex) != 0 || of_table == NULL ||
        strcmp(of_table, table) != 0)
        tz_verify_add(of, "events", where, "成批事件与日志摘要不符", "events are not what their digest says");
done:
    json_decref(body);
    leaves->count = 0;
    return rc;
}

/* An event's personal value that is gone has its order, and one that has an order is gone. */
static void check_event_value(tz_verifying *of, const char *table, tz_sql *sql, int column)
{
    const char *field = sqlite3_column_name(sql, column);

    if (!tz_is_personal(table, field))
        return;
    tz_assert(strcmp(table, "finding_event") == 0); /* the one event table with personal values; its key is the finding */
    int64_t entry = tz_sql_int(sql, 0), finding = 0;
    for (int i = 1; i < sqlite3_column_count(sql); i++)
        if (strcmp(sqlite3_column_name(sql, i), "finding") == 0)
            finding = tz_sql_int(sql, i);
    bool is_erased = entry <= erased_upto(of, table, tz_arena_printf(&of->line, "%" PRId64, finding), field);
    bool is_gone = tz_is_erased_event((tz_text){tz_sql_str(sql, column), (size_t)sqlite3_column_bytes(sql, column)});
    if (is_erased != is_gone)
        tz_verify_add(of, "private", tz_arena_printf(&of->line, "%s/%" PRId64 ".%s, entry %" PRId64, table, finding, field, entry),
                      is_gone ? "值不见了,没有删除令" : "依令删除的值还在",
                      is_gone ? "a value is gone, and no order says so" : "a value that was erased by order is still there");
}

static tz_digest event_leaf(tz_verifying *of, const char *table, tz_sql *sql)
{
    uint8_t salt[16] = {0};
    json_t *event = json_object();
    tz_buf  line = tz_buf_init(&of->line, 0);

    for (int i = 1; i < sqlite3_column_count(sql); i++) { /* behind of_entry */
        const char *column = sqlite3_column_name(sql, i);
        check_event_value(of, table, sql, i);
        if (strcmp(column, "salt") != 0 && strcmp(column, "entry") != 0)
            (void)json_object_set_new(event, column, tz_sql_cell(sql, i));
        else if (strcmp(column, "salt") == 0 && sqlite3_column_bytes(sql, i) == 16)
            memcpy(salt, sqlite3_column_blob(sql, i), 16);
    }
    tz_journal_event_line(table, event, salt, &line);
    json_decref(event);
    return tz_merkle_leaf(tz_buf_text(&line));
}

static tz_rc check_events(tz_verifying *of, const char *table, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_sql   *sql = NULL;
    bool      has_row = false;
    int64_t   entry = 0;
    leaf_list leaves = {0};
    tz_arena  kept = {0};

    TZ_TRY(tz_store_open_whole(of->store, tz_arena_printf(of->mem, "SELECT entry AS of_entry, * FROM \"%s\" ORDER BY entry", table), &sql, err));
    for (;;) {
        tz_arena_reset(&of->line);
        TZ_TRY(tz_store_read(of->store, sql, &has_row, err));
        if (!has_row || tz_sql_int(sql, 0) != entry)
            TZ_TRY(check_bulk(of, table, entry, &leaves, err));
        if (!has_row)
            break;
        entry = tz_sql_int(sql, 0);
        tz_push(&kept, &leaves, event_leaf(of, table, sql));
    }
done:
    tz_arena_free(&kept);
    tz_sql_close(sql);
    return rc;
}

/* ---- Both ways ---- */

static void check_unseen(tz_verifying *of)
{
    for (size_t i = 0; i < of->images.entries.count; i++) {
        const tz_map_entry *image = &of->images.entries.items[i];
        if (image->value > 0)
            tz_verify_add(of, "row", tz_arena_printf(of->mem, "%.*s, entry %" PRId64, TZ_FMT(image->key), image->value),
                          "日志中的行不见了", "a row that the journal knows is gone");
    }
    for (size_t i = 0; i < of->bulks.entries.count; i++)
        if (of->bulks.entries.items[i].value == 1)
            tz_verify_add(of, "events", tz_arena_printf(of->mem, "entry %.*s", TZ_FMT(of->bulks.entries.items[i].key)),
                          "日志中的事件不见了", "events that the journal knows are gone");
}

/* finding_now says in a line what finding_key, finding_event and verdict say: both ways. */
static tz_rc check_finding_now(tz_verifying *of, tz_err *err)
{
    int64_t wrong = 0;
    tz_rc   rc = tz_sql_one(of->store,
                            "WITH is_so AS (SELECT finding, \"check\", state = 'cleared', level, entry, verdict FROM finding)"
                            "SELECT (SELECT count(*) FROM (SELECT * FROM is_so EXCEPT SELECT * FROM finding_now)) +"
                            "       (SELECT count(*) FROM (SELECT * FROM finding_now EXCEPT SELECT * FROM is_so))",
                            NULL, NULL, &wrong, err);
    if (rc == TZ_OK && wrong > 0)
        tz_verify_add(of, "row", "finding_now", "疑点清单与其事件不符", "the list of findings is not what their events say");
    return rc;
}

tz_rc tz_verify_rows(tz_verifying *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (const tz_journal_table *table = TZ_JOURNAL_TABLES; table->name != NULL; table++)
        TZ_TRY(table->is_event ? check_events(of, table->name, err) : check_state(of, table->name, err));
    check_unseen(of);
    TZ_TRY(check_finding_now(of, err));
done:
    return rc;
}
