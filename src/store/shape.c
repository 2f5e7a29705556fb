#include "store/shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/inside.h"
#include "store/proof.h"
#include "store/schema.h"

bool tz_is_personal(const char *table, const char *column)
{
    for (const tz_personal_column *known = TZ_PERSONAL_COLUMNS; known->table != NULL; known++)
        if (strcmp(known->table, table) == 0 && strcmp(known->column, column) == 0)
            return true;
    return false;
}

void tz_put_commitment(tz_buf *out, const uint8_t salt[16], const char *field, tz_text value)
{
    char      hex[TZ_SM3_HEX];
    tz_digest digest = tz_journal_commitment(salt, field, value);

    tz_digest_hex(&digest, hex);
    tz_buf_puts(out, "{\"commit\":\"");
    tz_buf_put(out, (tz_text){hex, TZ_SM3_HEX - 1});
    tz_buf_puts(out, "\"}");
}

bool tz_is_erased_event(tz_text value)
{
    static const tz_text HEAD = {"{\"commit\":\"", 11}, TAIL = {"\"}", 2};
    uint8_t digest[TZ_SM3_SIZE];

    return value.size == HEAD.size + TZ_SM3_HEX - 1 + TAIL.size && tz_text_starts(value, HEAD) && tz_text_ends(value, TAIL) &&
           tz_unhex(tz_text_cut(value, HEAD.size, TZ_SM3_HEX - 1), digest, sizeof digest);
}

void tz_shape_bind(sqlite3_stmt *sql, int index, const json_t *value)
{
    int failed = SQLITE_OK;

    switch (json_typeof(value)) {
    case JSON_STRING:
        failed = sqlite3_bind_text(sql, index, json_string_value(value), (int)json_string_length(value), SQLITE_STATIC);
        break;
    case JSON_INTEGER: failed = sqlite3_bind_int64(sql, index, json_integer_value(value)); break;
    case JSON_TRUE:
    case JSON_FALSE: failed = sqlite3_bind_int(sql, index, json_is_true(value)); break;
    case JSON_NULL: failed = sqlite3_bind_null(sql, index); break; /* a kept statement keeps what was bound before */
    default: tz_unreachable("a row's value is a text, an integer, a truth value or null");
    }
    tz_assert(failed == SQLITE_OK);
}

/* ---- Finding out ---- */

static bool is_entry_column(const char *column)
{
    static const char *const COLUMNS[] = {"entry", "accepted_entry", "opened_entry", "closed_entry", "withdrawn_entry"};

    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++)
        if (strcmp(COLUMNS[i], column) == 0)
            return true;
    return false;
}

/* Column names are ASCII, so bytes order them as UTF-16 would. */
static void sort_columns(tz_shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(shape->columns[shape->sorted[at - 1]], shape->columns[i]) > 0; at--)
            shape->sorted[at] = shape->sorted[at - 1];
        shape->sorted[at] = i;
    }
}

static size_t index_of(const tz_shape *shape, const char *column)
{
    size_t i = 0;

    while (i < shape->count && strcmp(shape->columns[i], column) != 0)
        i++;
    tz_assert(i < shape->count); /* an image holds its whole key */
    return i;
}

static tz_rc find_keys(tz_store *store, tz_shape *shape, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = true;

    shape->keys = tz_new_array(&store->mem, size_t, shape->count);
    TZ_TRY(tz_store_statement(store, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", &sql, err));
    tz_sql_bind_text(sql, 1, shape->table);
    for (rc = tz_store_read(store, sql, &has_row, err); rc == TZ_OK && has_row; rc = tz_store_read(store, sql, &has_row, err))
        shape->keys[shape->key_count++] = index_of(shape, tz_sql_str(sql, 0));
    (void)sqlite3_reset(sql);
    tz_assert(rc != TZ_OK || shape->key_count > 0);
done:
    return rc;
}

/* INSERT … ON CONFLICT: replaces the row of the same primary key and no other, so a clash of another
 * unique column is an error. Names are our schema's. */
static void write_state_sql(const tz_shape *shape, tz_buf *sql)
{
    tz_buf_printf(sql, "INSERT INTO \"%s\" (", shape->table);
    for (size_t i = 0; i < shape->count; i++)
        tz_buf_printf(sql, "%s\"%s\"", i == 0 ? "" : ", ", shape->columns[i]);
    tz_buf_puts(sql, ") VALUES (");
    for (size_t i = 0; i < shape->count; i++)
        tz_buf_puts(sql, i == 0 ? "?" : ", ?");
    tz_buf_puts(sql, ") ON CONFLICT (");
    for (size_t i = 0; i < shape->key_count; i++)
        tz_buf_printf(sql, "%s\"%s\"", i == 0 ? "" : ", ", shape->columns[shape->keys[i]]);
    tz_buf_puts(sql, ") DO UPDATE SET ");
    for (size_t i = 0; i < shape->count; i++)
        tz_buf_printf(sql, "%s\"%s\" = excluded.\"%s\"", i == 0 ? "" : ", ", shape->columns[i], shape->columns[i]);
}

static void write_event_sql(const tz_shape *shape, tz_buf *sql)
{
    tz_buf_printf(sql, "INSERT INTO \"%s\" (entry", shape->table);
    for (size_t i = 0; i < shape->count; i++)
        tz_buf_printf(sql, ", \"%s\"", shape->columns[i]);
    tz_buf_puts(sql, ") VALUES (?");
    for (size_t i = 0; i < shape->count; i++)
        tz_buf_puts(sql, ", ?");
    tz_buf_puts(sql, ")");
}

static tz_rc make_shape(tz_store *store, const char *table, const json_t *row, tz_shape **ret_shape, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    tz_arena                mem = {0};
    tz_buf                  sql = tz_buf_init(&mem, 0);
    const tz_journal_table *known = tz_journal_table_find(table);
    tz_shape               *shape = tz_new(&store->mem, tz_shape);
    size_t                  count = json_object_size(row);
    const char             *column;
    json_t                 *value;

    tz_assert(known != NULL && count > 0 && count < TZ_MAX_SHAPE);
    shape->table = known->name;
    shape->columns = tz_new_array(&store->mem, const char *, count);
    shape->sorted = tz_new_array(&store->mem, size_t, count);
    shape->is_personal = tz_new_array(&store->mem, bool, count);
    shape->is_entry = tz_new_array(&store->mem, bool, count);
    json_object_foreach((json_t *)row, column, value) {
        shape->is_personal[shape->count] = tz_is_personal(table, column);
        shape->is_entry[shape->count] = is_entry_column(column);
        shape->columns[shape->count++] = tz_arena_dup(&store->mem, column);
    }
    sort_columns(shape);
    if (!known->is_event)
        TZ_TRY(find_keys(store, shape, err));
    (known->is_event ? write_event_sql : write_state_sql)(shape, &sql);
    TZ_TRY(tz_store_statement(store, tz_buf_str(&sql), &shape->insert, err));
    *ret_shape = shape;
done:
    tz_arena_free(&mem);
    return rc;
}

/* Takes the row's values where its columns are the shape's. */
static bool fits(const tz_shape *shape, const json_t *row, const json_t *values[TZ_MAX_SHAPE])
{
    const char *column;
    json_t     *value;
    size_t      i = 0;

    if (json_object_size(row) != shape->count)
        return false;
    json_object_foreach((json_t *)row, column, value) {
        if (strcmp(column, shape->columns[i]) != 0)
            return false;
        values[i++] = value;
    }
    return true;
}

tz_rc tz_shape_of(tz_store *store, const char *table, const json_t *row, const tz_shape **ret_shape,
                  const json_t *values[TZ_MAX_SHAPE], tz_err *err)
{
    tz_assert(store != NULL && table != NULL && json_is_object(row));
    tz_map_entry *kept = tz_map_put(&store->inside->shapes, tz_text_of(table), NULL);
    tz_shape     *first = (tz_shape *)(intptr_t)kept->value, *shape = first;

    while (shape != NULL && !fits(shape, row, values))
        shape = shape->next;
    if (shape == NULL) {
        tz_rc rc = make_shape(store, table, row, &shape, err);
        if (rc != TZ_OK)
            return rc;
        shape->next = first;
        kept->value = (int64_t)(intptr_t)shape;
        bool is_fit = fits(shape, row, values);
        tz_assert(is_fit);
    }
    *ret_shape = shape;
    return TZ_OK;
}
