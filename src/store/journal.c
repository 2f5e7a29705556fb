/* journal - one entry for each change, in the transaction of the change. */
#include "store/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "store/inside.h"
#include "store/shape.h"

/* What a commitment of an entry stands for; written behind its entry. */
typedef struct {
    const char *field;
    uint8_t     salt[16];
    tz_text     value;
} private_value;
typedef TZ_ARRAY(private_value) private_values;

/* ---- The text of an entry ---- */

/* Members stand in the order of RFC 8785: at, entry, image or events, key, table, what, who, why. */
static void open_body(tz_store *store, int64_t entry, tz_buf *out)
{
    char at[TZ_TIME_TEXT];

    tz_time_format(tz_app_now_ms(store->app), at);
    tz_buf_puts(out, "{\"at\":\"");
    tz_buf_puts(out, at);
    tz_buf_puts(out, "\",\"entry\":");
    tz_buf_int(out, entry);
}

static void close_body(const tz_store *store, const char *table, const char *what, const char *why, tz_buf *out)
{
    tz_assert(store->user != NULL);
    tz_buf_puts(out, ",\"table\":");
    tz_json_put_string(tz_text_of(table), out);
    tz_buf_puts(out, ",\"what\":");
    tz_json_put_string(tz_text_of(what), out);
    tz_buf_puts(out, ",\"who\":");
    tz_json_put_string(tz_text_of(store->user), out);
    tz_buf_puts(out, ",\"why\":");
    if (why == NULL)
        tz_buf_puts(out, "null");
    else
        tz_json_put_string(tz_text_of(why), out);
    tz_buf_char(out, '}');
}

/* Asking the generator once for many costs as much as once for one. */
static void take_salt(tz_store *store, uint8_t salt[16])
{
    struct tz_store_inside *inside = store->inside;

    if (inside->salt_count == 0) {
        tz_random(inside->salts, sizeof inside->salts);
        inside->salt_count = sizeof inside->salts;
    }
    inside->salt_count -= 16;
    memcpy(salt, inside->salts + inside->salt_count, 16);
    memset(inside->salts + inside->salt_count, 0, 16);
}

static void put_personal(tz_store *store, const char *column, const json_t *value, private_values *privates, tz_buf *out)
{
    private_value one = {.field = column};
    tz_arena     *mem = &store->inside->line;
    tz_buf        text = tz_buf_init(mem, 0);

    take_salt(store, one.salt);
    tz_json_canonical(value, &text);
    one.value = tz_buf_text(&text);
    tz_push(mem, privates, one);
    tz_put_commitment(out, one.salt, column, one.value);
}

/* The image as the entry shows it: personal columns as commitments, what they stand for in *privates. */
static void put_image(tz_store *store, const tz_shape *shape, const json_t *const values[], private_values *privates, tz_buf *out)
{
    tz_buf_puts(out, ",\"image\":{");
    for (size_t i = 0; i < shape->count; i++) {
        size_t at = shape->sorted[i];
        tz_buf_puts(out, i == 0 ? "\"" : ",\"");
        tz_buf_puts(out, shape->columns[at]);
        tz_buf_puts(out, "\":");
        if (shape->is_personal[at])
            put_personal(store, shape->columns[at], values[at], privates, out);
        else
            tz_json_canonical(values[at], out);
    }
    tz_buf_char(out, '}');
}

/* The primary key as text: its parts joined by '/'. */
static const char *key_of(tz_arena *mem, const tz_shape *shape, const json_t *const values[])
{
    tz_buf key = tz_buf_init(mem, 0);

    for (size_t i = 0; i < shape->key_count; i++) {
        const json_t *part = values[shape->keys[i]];
        if (i > 0)
            tz_buf_char(&key, '/');
        if (json_is_integer(part)) {
            tz_buf_int(&key, json_integer_value(part));
        } else {
            tz_assert(json_is_string(part));
            tz_buf_puts(&key, json_string_value(part));
        }
    }
    tz_assert(key.size > 0);
    return tz_buf_str(&key);
}

/* ---- Writing ---- */

static tz_rc put_privates(tz_store *store, int64_t entry, const private_values *values, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;

    if (values->count == 0)
        return TZ_OK;
    TZ_TRY(tz_store_statement(store, "INSERT INTO journal_private (entry, field, salt, value) VALUES (?, ?, ?, ?)", &sql, err));
    for (size_t i = 0; i < values->count; i++) {
        const private_value *one = &values->items[i];
        tz_sql_bind_int(sql, 1, entry);
        (void)sqlite3_bind_text(sql, 2, one->field, -1, SQLITE_STATIC);
        (void)sqlite3_bind_blob(sql, 3, one->salt, sizeof one->salt, SQLITE_STATIC);
        (void)sqlite3_bind_text(sql, 4, one->value.data, (int)one->value.size, SQLITE_STATIC);
        TZ_TRY(tz_store_write(store, sql, err));
    }
done:
    return rc;
}

/* Appends the body to the journal and its leaf to the tree. key NULL: events. */
static tz_rc append(tz_store *store, int64_t entry, tz_text body, const char *table, const char *key, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    tz_digest     leaf = tz_merkle_leaf(body);

    TZ_TRY(tz_store_statement(store, "INSERT INTO journal (entry, body, of_table, of_key, leaf) VALUES (?, ?, ?, ?, ?)", &sql, err));
    tz_sql_bind_int(sql, 1, entry);
    (void)sqlite3_bind_text(sql, 2, body.data, (int)body.size, SQLITE_STATIC);
    (void)sqlite3_bind_text(sql, 3, table, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(sql, 4, key, -1, SQLITE_STATIC);
    (void)sqlite3_bind_blob(sql, 5, leaf.bytes, TZ_SM3_SIZE, SQLITE_STATIC);
    TZ_TRY(tz_merkle_append(store, entry - 1, &leaf, err));
    TZ_TRY(tz_store_write(store, sql, err));
    if (store->inside->first_entry == 0)
        store->inside->first_entry = entry;
    store->inside->last_entry = entry;
done:
    return rc;
}

tz_rc tz_journal_count(tz_store *store, int64_t *ret_entries, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    if (store->inside->is_in_transaction && store->inside->first_entry != 0) { /* nobody else writes meanwhile */
        *ret_entries = store->inside->last_entry;
        return TZ_OK;
    }
    TZ_TRY(tz_store_statement(store, "SELECT coalesce(max(entry), 0) FROM journal", &sql, err));
    TZ_TRY(tz_store_read(store, sql, &has_row, err));
    *ret_entries = tz_sql_int(sql, 0);
done:
    (void)sqlite3_reset(sql);
    return rc;
}

tz_rc tz_journal_next_id(tz_store *store, const char *table, const char *column, int64_t *ret_id, tz_err *err)
{
    char select[256];
    (void)snprintf(select, sizeof select, "SELECT coalesce(max(\"%s\"), 0) + 1 FROM \"%s\"", column, table);
    return tz_sql_one(store, select, NULL, NULL, ret_id, err);
}

static tz_rc write_row(tz_store *store, const tz_shape *shape, const json_t *const values[], tz_err *err)
{
    for (size_t i = 0; i < shape->count; i++)
        tz_shape_bind(shape->insert, (int)i + 1, values[i]);
    return tz_store_write(store, shape->insert, err);
}

/* Columns that hold the number of the entry itself. */
static void fill_entry(const tz_shape *shape, const json_t *values[], const json_t *own)
{
    for (size_t i = 0; i < shape->count; i++)
        if (shape->is_entry[i] && json_is_integer(values[i]) && json_integer_value(values[i]) == 0)
            values[i] = own;
}

tz_rc tz_journal_put(tz_store *store, const char *what, const char *table, const json_t *image, const char *why,
                     int64_t *ret_entry, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction && !store->inside->is_bulk_open);
    tz_assert(what != NULL && table != NULL && json_is_object(image));
    tz_rc           rc = TZ_OK;
    tz_arena       *mem = &store->inside->line;
    int64_t         entry = 0;
    const tz_shape *shape = NULL;
    const json_t   *values[TZ_MAX_SHAPE];
    private_values  privates = {0};
    tz_buf          body = tz_buf_init(mem, 0);
    json_t         *own = NULL;

    TZ_TRY(tz_journal_count(store, &entry, err));
    entry++;
    own = json_integer(entry);
    TZ_TRY(tz_shape_of(store, table, image, &shape, values, err));
    fill_entry(shape, values, own);
    const char *key = key_of(mem, shape, values);
    open_body(store, entry, &body);
    put_image(store, shape, values, &privates, &body);
    tz_buf_puts(&body, ",\"key\":");
    tz_json_put_string(tz_text_of(key), &body);
    close_body(store, table, what, why, &body);
    TZ_TRY(append(store, entry, tz_buf_text(&body), table, key, err));
    TZ_TRY(put_privates(store, entry, &privates, err));
    TZ_TRY(write_row(store, shape, values, err));
    if (ret_entry != NULL)
        *ret_entry = entry;
done:
    json_decref(own);
    tz_arena_reset(mem);
    return rc;
}

tz_rc tz_journal_put_alone(tz_store *store, const char *what, const char *table, const json_t *image, const char *why, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, what, table, image, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    tz_store_rollback(store);
    return rc;
}

tz_rc tz_journal_put_events(tz_store *store, int64_t entry, const char *what, const char *table, const char *why, int64_t count,
                            const char *digest, tz_err *err)
{
    tz_assert(store != NULL && store->inside->is_in_transaction);
    tz_arena *mem = &store->inside->line;
    tz_buf    body = tz_buf_init(mem, 0);

    open_body(store, entry, &body);
    tz_buf_printf(&body, ",\"events\":{\"count\":%" PRId64 ",\"digest\":\"%s\"}", count, digest);
    close_body(store, table, what, why, &body);
    tz_rc rc = append(store, entry, tz_buf_text(&body), table, NULL, err);
    tz_arena_reset(mem);
    return rc;
}
