/* journal - one entry for each change, in the transaction of the change. */
#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/inside.h"
#include "store/schema.h"

static bool is_personal(const char *table, const char *column)
{
    for (const tz_personal_column *known = TZ_PERSONAL_COLUMNS; known->table != NULL; known++)
        if (strcmp(known->table, table) == 0 && strcmp(known->column, column) == 0)
            return true;
    return false;
}

/* {"commit": hex} as it stands in an image. */
static json_t *commitment_json(const uint8_t salt[16], const char *field, tz_text value)
{
    char      hex[TZ_SM3_HEX];
    tz_digest digest = tz_journal_commitment(salt, field, value);

    tz_digest_hex(&digest, hex);
    return json_pack("{s:s}", "commit", hex);
}

/* ---- State rows ---- */

static void bind_json(sqlite3_stmt *sql, int index, const json_t *value)
{
    int failed = SQLITE_OK;

    if (json_is_string(value))
        failed = sqlite3_bind_text(sql, index, json_string_value(value), (int)json_string_length(value), SQLITE_TRANSIENT);
    else if (json_is_integer(value))
        failed = sqlite3_bind_int64(sql, index, json_integer_value(value));
    else if (json_is_boolean(value))
        failed = sqlite3_bind_int(sql, index, json_is_true(value));
    else {
        tz_assert(value == NULL || json_is_null(value));
        failed = sqlite3_bind_null(sql, index); /* a reused statement keeps what was bound before */
    }
    tz_assert(failed == SQLITE_OK);
}

/* Columns of a table's primary key, in order; read once, kept as long as the store. */
static tz_rc key_columns(tz_store *store, const char *table, const tz_names **ret_columns, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = true;
    tz_map_entry *kept = tz_map_put(&store->inside->keys, tz_text_of(table), NULL);

    if (kept->value == 0) {
        tz_names *columns = tz_new(&store->mem, tz_names);
        TZ_TRY(tz_store_statement(store, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", &sql, err));
        tz_sql_bind_text(sql, 1, table);
        for (rc = tz_store_read(store, sql, &has_row, err); rc == TZ_OK && has_row; rc = tz_store_read(store, sql, &has_row, err))
            tz_push(&store->mem, columns, tz_sql_dup(&store->mem, sql, 0));
        (void)sqlite3_reset(sql);
        tz_assert(rc != TZ_OK || columns->count > 0);
        if (rc == TZ_OK)
            kept->value = (int64_t)(intptr_t)columns;
    }
    *ret_columns = (const tz_names *)(intptr_t)kept->value;
done:
    return rc;
}

/* INSERT INTO table (columns of the image) VALUES (…), which replaces the row of the same primary key
 * and no other: where another unique column clashes it is an error. Names are our schema's. */
static tz_rc write_row(tz_store *store, const char *table, const json_t *image, const tz_names *keys, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_arena      mem = {0};
    tz_buf        text = tz_buf_init(&mem, 0), marks = tz_buf_init(&mem, 0), sets = tz_buf_init(&mem, 0);
    sqlite3_stmt *sql = NULL;
    const char   *column;
    json_t       *value;
    int           index = 0;

    tz_buf_printf(&text, "INSERT INTO \"%s\" (", table);
    json_object_foreach((json_t *)image, column, value) {
        const char *comma = index++ == 0 ? "" : ", ";
        tz_buf_printf(&text, "%s\"%s\"", comma, column);
        tz_buf_printf(&marks, "%s?", comma);
        tz_buf_printf(&sets, "%s\"%s\" = excluded.\"%s\"", comma, column, column);
    }
    tz_buf_printf(&text, ") VALUES (%s) ON CONFLICT (", tz_buf_str(&marks));
    for (size_t i = 0; i < keys->count; i++)
        tz_buf_printf(&text, "%s\"%s\"", i == 0 ? "" : ", ", keys->items[i]);
    tz_buf_printf(&text, ") DO UPDATE SET %s", tz_buf_str(&sets));
    TZ_TRY(tz_store_statement(store, tz_buf_str(&text), &sql, err));
    index = 0;
    json_object_foreach((json_t *)image, column, value)
        bind_json(sql, ++index, value);
    TZ_TRY(tz_store_write(store, sql, err));
done:
    tz_arena_free(&mem);
    return rc;
}

/* The primary key of the image as text: parts joined by '/'. */
static const char *key_of(tz_arena *mem, const json_t *image, const tz_names *keys)
{
    tz_buf key = tz_buf_init(mem, 0);

    for (size_t i = 0; i < keys->count; i++) {
        const json_t *part = json_object_get(image, keys->items[i]);
        tz_assert(part != NULL && !json_is_null(part));
        if (key.size > 0)
            tz_buf_char(&key, '/');
        if (json_is_integer(part))
            tz_buf_printf(&key, "%lld", (long long)json_integer_value(part));
        else
            tz_buf_puts(&key, json_string_value(part));
    }
    tz_assert(key.size > 0);
    return tz_buf_str(&key);
}

/* ---- Entries ---- */

/* What a commitment of an entry stands for; written behind its entry. */
typedef struct {
    const char *field;
    uint8_t     salt[16];
    tz_text     value;
} private_value;
typedef struct {
    private_value *items;
    size_t         count;
    size_t         room;
} private_values;

static tz_rc put_privates(tz_store *store, int64_t entry, const private_values *values, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;

    for (size_t i = 0; i < values->count; i++) {
        const private_value *one = &values->items[i];
        TZ_TRY(tz_store_statement(store, "INSERT INTO journal_private (entry, field, salt, value) VALUES (?, ?, ?, ?)", &sql, err));
        tz_sql_bind_int(sql, 1, entry);
        tz_sql_bind_text(sql, 2, one->field);
        (void)sqlite3_bind_blob(sql, 3, one->salt, sizeof one->salt, SQLITE_TRANSIENT);
        (void)sqlite3_bind_text(sql, 4, one->value.data, (int)one->value.size, SQLITE_TRANSIENT);
        TZ_TRY(tz_store_write(store, sql, err));
    }
done:
    return rc;
}

/* The image as the entry shows it: personal columns as commitments, what they stand for in *values. */
static json_t *public_image(tz_arena *mem, const char *table, const json_t *image, private_values *values)
{
    json_t     *shown = json_object();
    const char *column;
    json_t     *value;

    json_object_foreach((json_t *)image, column, value) {
        if (!is_personal(table, column)) {
            (void)json_object_set(shown, column, value);
            continue;
        }
        private_value one = {.field = column};
        tz_buf        text = tz_buf_init(mem, 0);
        tz_random(one.salt, sizeof one.salt);
        tz_json_canonical(value, &text);
        one.value = tz_buf_text(&text);
        tz_push(mem, values, one);
        (void)json_object_set_new(shown, column, commitment_json(one.salt, column, one.value));
    }
    return shown;
}

static json_t *new_body(tz_store *store, int64_t entry, const char *what, const char *table, const char *why)
{
    char    at[TZ_TIME_TEXT];
    json_t *body = json_object();

    tz_assert(store->user != NULL);
    tz_time_format(tz_app_now_ms(store->app), at);
    tz_json_set_int(body, "entry", entry);
    tz_json_set_str(body, "at", at);
    tz_json_set_str(body, "who", store->user);
    tz_json_set_str(body, "what", what);
    tz_json_set_str(body, "table", table);
    tz_json_set_str(body, "why", why);
    return body;
}

/* Appends body to the journal and its leaf to the tree. */
static tz_rc append(tz_store *store, int64_t entry, const json_t *body, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_arena      mem = {0};
    tz_buf        text = tz_buf_init(&mem, 0);
    sqlite3_stmt *sql = NULL;

    tz_json_canonical(body, &text);
    tz_digest leaf = tz_merkle_leaf(tz_buf_text(&text));
    TZ_TRY(tz_store_statement(store, "INSERT INTO journal (entry, body, of_table, of_key, leaf) VALUES (?, ?, ?, ?, ?)", &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    (void)sqlite3_bind_text(sql, 2, text.data, (int)text.size, SQLITE_TRANSIENT);
    bind_json(sql, 3, json_object_get(body, "table"));
    bind_json(sql, 4, json_object_get(body, "key"));
    (void)sqlite3_bind_blob(sql, 5, leaf.bytes, TZ_SM3_SIZE, SQLITE_TRANSIENT);
    TZ_TRY(tz_store_write(store, sql, err));
    TZ_TRY(tz_merkle_append(store, entry - 1, &leaf, err));
    if (store->inside->first_entry == 0)
        store->inside->first_entry = entry;
    store->inside->last_entry = entry;
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_journal_count(tz_store *store, int64_t *ret_entries, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(store, "SELECT coalesce(max(entry), 0) FROM journal", &sql, err));
    rc = tz_store_read(store, sql, &has_row, err);
    if (rc == TZ_OK)
        *ret_entries = tz_sql_int(sql, 0);
    (void)sqlite3_reset(sql);
done:
    return rc;
}

tz_rc tz_journal_next_id(tz_store *store, const char *table, const char *column, int64_t *ret_id, tz_err *err)
{
    char select[256];
    (void)snprintf(select, sizeof select, "SELECT coalesce(max(\"%s\"), 0) + 1 FROM \"%s\"", column, table);
    return tz_sql_one(store, select, NULL, NULL, ret_id, err);
}

/* Fills columns that hold the number of the entry itself. */
static void fill_entry(json_t *image, int64_t entry)
{
    static const char *const COLUMNS[] = {"entry", "accepted_entry", "opened_entry", "closed_entry", "withdrawn_entry"};

    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++) {
        const json_t *value = json_object_get(image, COLUMNS[i]);
        if (json_is_integer(value) && json_integer_value(value) == 0)
            tz_json_set_int(image, COLUMNS[i], entry);
    }
}

tz_rc tz_journal_put(tz_store *store, const char *what, const char *table, const json_t *image, const char *why,
                     int64_t *ret_entry, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && !store->inside->is_bulk_open);
    tz_assert(what != NULL && table != NULL && json_is_object(image));
    tz_rc          rc = TZ_OK;
    tz_arena       mem = {0};
    int64_t        entry = 0;
    const tz_names *keys = NULL;
    private_values privates = {0};
    json_t        *row = json_copy((json_t *)image), *body = NULL;

    TZ_TRY(tz_journal_count(store, &entry, err));
    entry++;
    fill_entry(row, entry);
    TZ_TRY(key_columns(store, table, &keys, err));
    body = new_body(store, entry, what, table, why);
    tz_json_set_str(body, "key", key_of(&mem, row, keys));
    (void)json_object_set_new(body, "image", public_image(&mem, table, row, &privates));
    TZ_TRY(append(store, entry, body, err));
    TZ_TRY(put_privates(store, entry, &privates, err));
    TZ_TRY(write_row(store, table, row, keys, err));
    if (ret_entry != NULL)
        *ret_entry = entry;
done:
    json_decref(row);
    json_decref(body);
    tz_arena_free(&mem);
    return rc;
}

/* ---- Events in bulk ---- */

struct tz_bulk {
    tz_store     *store;
    tz_arena      mem;   /* of the bulk itself */
    tz_arena      line;  /* reset for each event */
    const char   *what, *table, *why;
    int64_t       entry;
    struct { tz_digest *items; size_t count; size_t room; } lines; /* a digest an event */
    sqlite3_stmt *insert; /* made for the first event's columns */
    const char  **columns;
    size_t        column_count;
};

tz_rc tz_bulk_begin(tz_store *store, const char *what, const char *table, const char *why, tz_bulk **ret_bulk, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && !store->inside->is_bulk_open);
    int64_t  entries = 0;
    tz_rc    rc = tz_journal_count(store, &entries, err);
    tz_arena mem = {0};

    if (rc != TZ_OK)
        return rc;
    tz_bulk *bulk = tz_new(&mem, tz_bulk);
    *bulk = (tz_bulk){.store = store, .entry = entries + 1};
    bulk->what = tz_arena_dup(&mem, what);
    bulk->table = tz_arena_dup(&mem, table);
    bulk->why = why == NULL ? NULL : tz_arena_dup(&mem, why);
    bulk->mem = mem;
    store->inside->is_bulk_open = true;
    *ret_bulk = bulk;
    return TZ_OK;
}

int64_t tz_bulk_entry(const tz_bulk *bulk)
{
    return bulk->entry;
}

/* The insert statement for the columns of the first event; all events of a bulk have the same. */
static tz_rc prepare_insert(tz_bulk *bulk, const json_t *event, tz_err *err)
{
    tz_buf      text = tz_buf_init(&bulk->mem, 0);
    const char *column;
    json_t     *value;
    size_t      count = 0;

    bulk->columns = tz_new_array(&bulk->mem, const char *, json_object_size(event));
    tz_buf_printf(&text, "INSERT INTO \"%s\" (entry", bulk->table);
    json_object_foreach((json_t *)event, column, value) {
        bulk->columns[count++] = tz_arena_dup(&bulk->mem, column);
        tz_buf_printf(&text, ", \"%s\"", column);
    }
    tz_buf_puts(&text, ") VALUES (?");
    for (size_t i = 0; i < count; i++)
        tz_buf_puts(&text, ", ?");
    tz_buf_puts(&text, ")");
    bulk->column_count = count;
    return tz_store_statement(bulk->store, tz_buf_str(&text), &bulk->insert, err);
}

/* Writes the event's row: "salt" given as 32 hexadecimal digits becomes a blob. */
static tz_rc insert_event(tz_bulk *bulk, const json_t *event, tz_err *err)
{
    if (bulk->insert == NULL) {
        tz_rc rc = prepare_insert(bulk, event, err);
        if (rc != TZ_OK)
            return rc;
    }
    tz_assert(json_object_size(event) == bulk->column_count);
    (void)sqlite3_bind_int64(bulk->insert, 1, bulk->entry);
    for (size_t i = 0; i < bulk->column_count; i++) {
        const json_t *value = json_object_get(event, bulk->columns[i]);
        uint8_t       salt[16];
        tz_assert(value != NULL);
        if (strcmp(bulk->columns[i], "salt") == 0) {
            bool is_hex = tz_unhex(tz_text_of(json_string_value(value)), salt, sizeof salt);
            tz_assert(is_hex);
            (void)sqlite3_bind_blob(bulk->insert, (int)i + 2, salt, sizeof salt, SQLITE_TRANSIENT);
        } else {
            bind_json(bulk->insert, (int)i + 2, value);
        }
    }
    return tz_store_write(bulk->store, bulk->insert, err);
}

void tz_journal_event_line(const char *table, const json_t *event, const uint8_t salt[16], tz_buf *out)
{
    json_t     *shown = json_object();
    const char *column;
    json_t     *value;

    json_object_foreach((json_t *)event, column, value) {
        if (strcmp(column, "salt") == 0)
            continue;
        if (is_personal(table, column)) {
            tz_buf text = tz_buf_init(out->mem, 0);
            tz_json_canonical(value, &text);
            (void)json_object_set_new(shown, column, commitment_json(salt, column, tz_buf_text(&text)));
        } else {
            (void)json_object_set(shown, column, value);
        }
    }
    tz_json_canonical(shown, out);
    json_decref(shown);
}

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, TZ_SM3_SIZE);
}

tz_digest tz_journal_events_digest(tz_digest *leaves, size_t count)
{
    if (count > 0)
        qsort(leaves, count, sizeof leaves[0], compare_digests);
    return tz_merkle_of(leaves, count);
}

tz_rc tz_bulk_add(tz_bulk *bulk, const json_t *event, tz_err *err)
{
    tz_assert(bulk != NULL && json_is_object(event));
    uint8_t     salt[16] = {0};
    const char *salt_hex = tz_json_str(event, "salt");

    if (salt_hex != NULL) {
        bool is_hex = tz_unhex(tz_text_of(salt_hex), salt, sizeof salt);
        tz_assert(is_hex);
    }
    tz_buf line = tz_buf_init(&bulk->line, 0);
    tz_journal_event_line(bulk->table, event, salt, &line);
    tz_push(&bulk->mem, &bulk->lines, tz_merkle_leaf(tz_buf_text(&line)));
    tz_arena_reset(&bulk->line);
    return insert_event(bulk, event, err);
}

void tz_bulk_drop(tz_bulk *bulk)
{
    if (bulk == NULL)
        return;
    bulk->store->inside->is_bulk_open = false;
    tz_arena_free(&bulk->line);
    tz_arena mem = bulk->mem; /* the bulk lives in its own arena */
    tz_arena_free(&mem);
}

tz_rc tz_bulk_end(tz_bulk *bulk, int64_t *ret_entry, tz_err *err)
{
    tz_assert(bulk != NULL);
    tz_rc     rc = TZ_OK;
    json_t   *body = NULL;
    char      hex[TZ_SM3_HEX];

    if (bulk->lines.count > 0) {
        tz_digest digest = tz_journal_events_digest(bulk->lines.items, bulk->lines.count);
        tz_digest_hex(&digest, hex);
        body = new_body(bulk->store, bulk->entry, bulk->what, bulk->table, bulk->why);
        (void)json_object_set_new(body, "events", json_pack("{s:I, s:s}", "count", (json_int_t)bulk->lines.count, "digest", hex));
        TZ_TRY(append(bulk->store, bulk->entry, body, err));
        if (ret_entry != NULL)
            *ret_entry = bulk->entry;
    }
done:
    json_decref(body);
    tz_bulk_drop(bulk);
    return rc;
}
