/* bulk - events that come in numbers: one entry for all of them, with the root of a tree over their lines. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/shape.h"

struct tz_bulk {
    tz_store   *store;
    tz_arena    mem;   /* of the bulk itself */
    tz_arena    line;  /* reset for each event */
    const char *what, *table, *why;
    int64_t     entry;
    struct { tz_digest *items; size_t count; size_t room; } lines; /* a digest an event */
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

/* ---- Lines ---- */

/* Appends one member; a personal value as its commitment. */
static void put_member(const char *column, bool is_personal, const json_t *value, const uint8_t salt[16], tz_buf *out)
{
    tz_buf_puts(out, out->data[out->size - 1] == '{' ? "\"" : ",\"");
    tz_buf_puts(out, column);
    tz_buf_puts(out, "\":");
    tz_text as_text = {json_string_value(value), json_string_length(value)};
    if (is_personal && tz_is_erased_event(as_text)) {
        tz_buf_put(out, as_text);
    } else if (is_personal) {
        tz_buf text = tz_buf_init(out->mem, 0);
        tz_json_canonical(value, &text);
        tz_put_commitment(out, salt, column, tz_buf_text(&text));
    } else {
        tz_json_canonical(value, out);
    }
}

static int compare_columns(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void tz_journal_event_line(const char *table, const json_t *event, const uint8_t salt[16], tz_buf *out)
{
    const char *columns[TZ_MAX_SHAPE], *column;
    size_t      count = 0;
    json_t     *value;

    tz_assert(json_object_size(event) <= TZ_MAX_SHAPE);
    json_object_foreach((json_t *)event, column, value)
        columns[count++] = column;
    if (count > 0)
        qsort(columns, count, sizeof columns[0], compare_columns);
    tz_buf_char(out, '{');
    for (size_t i = 0; i < count; i++)
        if (strcmp(columns[i], "salt") != 0)
            put_member(columns[i], tz_is_personal(table, columns[i]), json_object_get(event, columns[i]), salt, out);
    tz_buf_char(out, '}');
}

/* The same for a row whose shape is known. */
static tz_digest line_leaf(tz_bulk *bulk, const tz_shape *shape, const json_t *const values[], const uint8_t salt[16])
{
    tz_buf line = tz_buf_init(&bulk->line, 0);

    tz_buf_char(&line, '{');
    for (size_t i = 0; i < shape->count; i++) {
        size_t at = shape->sorted[i];
        if (strcmp(shape->columns[at], "salt") != 0)
            put_member(shape->columns[at], shape->is_personal[at], values[at], salt, &line);
    }
    tz_buf_char(&line, '}');
    return tz_merkle_leaf(tz_buf_text(&line));
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

/* ---- Rows ---- */

/* The event's salt, zeros where it has none: "salt" is given as 32 hexadecimal digits. */
static void read_salt(const json_t *event, uint8_t salt[16])
{
    const char *hex = tz_json_str(event, "salt");

    memset(salt, 0, 16);
    if (hex != NULL) {
        bool is_hex = tz_unhex(tz_text_of(hex), salt, 16);
        tz_assert(is_hex);
    }
}

static tz_rc insert_event(tz_bulk *bulk, const tz_shape *shape, const json_t *const values[], const uint8_t salt[16], tz_err *err)
{
    (void)sqlite3_bind_int64(shape->insert, 1, bulk->entry);
    for (size_t i = 0; i < shape->count; i++)
        if (strcmp(shape->columns[i], "salt") == 0)
            (void)sqlite3_bind_blob(shape->insert, (int)i + 2, salt, 16, SQLITE_STATIC);
        else
            tz_shape_bind(shape->insert, (int)i + 2, values[i]);
    return tz_store_write(bulk->store, shape->insert, err);
}

tz_rc tz_bulk_add(tz_bulk *bulk, const json_t *event, tz_err *err)
{
    tz_assert(bulk != NULL && json_is_object(event));
    tz_rc           rc = TZ_OK;
    const tz_shape *shape = NULL;
    const json_t   *values[TZ_MAX_SHAPE];
    uint8_t         salt[16];

    TZ_TRY(tz_shape_of(bulk->store, bulk->table, event, &shape, values, err));
    read_salt(event, salt);
    tz_push(&bulk->mem, &bulk->lines, line_leaf(bulk, shape, values, salt));
    tz_arena_reset(&bulk->line);
    TZ_TRY(insert_event(bulk, shape, values, salt, err));
done:
    return rc;
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
    tz_rc rc = TZ_OK;
    char  hex[TZ_SM3_HEX];

    if (bulk->lines.count > 0) {
        tz_digest digest = tz_journal_events_digest(bulk->lines.items, bulk->lines.count);
        tz_digest_hex(&digest, hex);
        TZ_TRY(tz_journal_put_events(bulk->store, bulk->entry, bulk->what, bulk->table, bulk->why, (int64_t)bulk->lines.count, hex, err));
        if (ret_entry != NULL)
            *ret_entry = bulk->entry;
    }
done:
    tz_bulk_drop(bulk);
    return rc;
}
