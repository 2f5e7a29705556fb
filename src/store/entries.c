#include "store/entries.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "store/select.h"

static void put_filter(const tz_entry_filter *filter, tz_select *to)
{
    tz_select_put(to, "SELECT entry, body, leaf FROM journal WHERE 1");
    if (filter->before > 0) {
        tz_select_put(to, " AND entry < ");
        tz_select_int(to, filter->before);
    }
    if (filter->entry > 0) {
        tz_select_put(to, " AND entry = ");
        tz_select_int(to, filter->entry);
    }
    if (filter->table != NULL) {
        tz_select_put(to, " AND of_table = ");
        tz_select_text(to, filter->table);
    }
    if (filter->key != NULL) {
        tz_select_put(to, " AND of_key = ");
        tz_select_text(to, filter->key);
    }
    tz_select_put(to, " ORDER BY entry DESC LIMIT ");
    tz_select_int(to, filter->limit > 0 ? filter->limit : -1);
}

static tz_rc read_entry(tz_sql *sql, json_t *list, tz_err *err)
{
    static const char *const COPIED[] = {"at", "who", "what", "table", "key", "why", "image"};
    json_t *body = NULL, *line = json_object();
    char    hex[TZ_SM3_HEX] = "";
    tz_rc   rc = tz_json_parse((tz_text){tz_sql_str(sql, 1), (size_t)sqlite3_column_bytes(sql, 1)}, &body, err);

    if (rc != TZ_OK) {
        json_decref(line);
        return rc;
    }
    tz_json_set_int(line, "entry", tz_sql_int(sql, 0));
    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++) {
        json_t *value = json_object_get(body, COPIED[i]);
        (void)json_object_set_new(line, COPIED[i], value == NULL ? json_null() : json_incref(value));
    }
    const json_t *events = json_object_get(json_object_get(body, "events"), "count");
    (void)json_object_set_new(line, "events", events == NULL ? json_null() : json_integer(json_integer_value(events)));
    if (sqlite3_column_bytes(sql, 2) == TZ_SM3_SIZE) {
        tz_digest digest;
        memcpy(digest.bytes, sqlite3_column_blob(sql, 2), TZ_SM3_SIZE);
        tz_digest_hex(&digest, hex);
    }
    tz_json_set_str(line, "hash", hex);
    (void)json_array_append_new(list, line);
    json_decref(body);
    return TZ_OK;
}

tz_rc tz_entry_list(tz_store *store, const tz_entry_filter *filter, json_t **ret_entries, tz_err *err)
{
    tz_assert(store != NULL && filter != NULL && ret_entries != NULL);
    tz_rc     rc = TZ_OK;
    tz_arena  mem = {0};
    tz_select select = tz_select_init(&mem);
    tz_sql   *sql = NULL;
    json_t   *list = json_array();

    put_filter(filter, &select);
    TZ_TRY(tz_select_open(store, &select, &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        TZ_TRY(read_entry(sql, list, err));
    }
    *ret_entries = json_incref(list);
done:
    tz_sql_close(sql);
    json_decref(list);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_entry_tables(tz_store *store, json_t **ret_tables, tz_err *err)
{
    tz_assert(store != NULL && ret_tables != NULL);
    return tz_sql_list(store, "SELECT of_table AS \"table\", count(*) AS entries FROM journal GROUP BY of_table ORDER BY of_table", ret_tables,
                       err);
}
