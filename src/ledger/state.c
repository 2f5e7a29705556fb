/* state - rows of the ledger as JSON objects: read, changed, put back with the step that changed them. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "store/journal.h"

static json_t *cell_json(tz_sql *sql, int column)
{
    switch (sqlite3_column_type(sql, column)) {
    case SQLITE_NULL: return json_null();
    case SQLITE_INTEGER: return json_integer(tz_sql_int(sql, column));
    default: return tz_json_text(tz_text_of(tz_sql_str(sql, column)));
    }
}

tz_rc tz_issue_query(tz_store *store, const char *select, int64_t parameter, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;
    json_t *rows = json_array();

    TZ_TRY(tz_sql_open(store, select, &sql, err));
    if (sqlite3_bind_parameter_count(sql) > 0)
        tz_sql_bind_int(sql, 1, parameter);
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        json_t *row = json_object();
        for (int i = 0; i < sqlite3_column_count(sql); i++)
            (void)json_object_set_new(row, sqlite3_column_name(sql, i), cell_json(sql, i));
        (void)json_array_append_new(rows, row);
    }
    *ret_rows = json_incref(rows);
done:
    tz_sql_close(sql);
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_load(tz_store *store, int64_t issue, json_t **ret_issue, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;

    TZ_TRY(tz_issue_query(store, "SELECT * FROM issue WHERE issue = ?1", issue, &rows, err));
    if (json_array_size(rows) == 0)
        rc = tz_fail(err, TZ_MISSING, "没有问题 #%lld", "there is no issue #%lld", (long long)issue);
    else
        *ret_issue = json_incref(json_array_get(rows, 0));
done:
    json_decref(rows);
    return rc;
}

static tz_rc put_step(tz_store *store, int64_t issue, const char *action, const char *state, const char *note,
                      const json_t *detail, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, 0);
    int64_t  number = 0;
    char     at[TZ_TIME_TEXT];
    json_t  *step = json_object();

    TZ_TRY(tz_journal_next_id(store, "issue_step", "step", &number, err));
    tz_time_format(tz_app_now_ms(store->app), at);
    if (detail != NULL)
        tz_json_canonical(detail, &text);
    tz_json_set_int(step, "step", number);
    tz_json_set_int(step, "issue", issue);
    tz_json_set_str(step, "action", action);
    tz_json_set_str(step, "state", state);
    tz_json_set_str(step, "by_user", store->user);
    tz_json_set_str(step, "at", at);
    (void)json_object_set_new(step, "note", note == NULL ? json_null() : tz_json_text(tz_text_of(note)));
    tz_json_set_str(step, "detail", detail == NULL ? "{}" : tz_buf_str(&text));
    TZ_TRY(tz_journal_put(store, tz_arena_printf(&mem, "issue.%s", action), "issue_step", step, NULL, NULL, err));
done:
    json_decref(step);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_put(tz_store *store, const json_t *issue, const char *action, const char *note, const json_t *detail, tz_err *err)
{
    tz_assert(store != NULL && json_is_object(issue) && action != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};

    TZ_TRY(tz_journal_put(store, tz_arena_printf(&mem, "issue.%s", action), "issue", issue, NULL, NULL, err));
    TZ_TRY(put_step(store, tz_json_int(issue, "issue", 0), action, tz_json_str(issue, "state"), note, detail, err));
done:
    tz_arena_free(&mem);
    return rc;
}

int32_t tz_issue_today(const tz_store *store)
{
    const int64_t china_ms = 8LL * 60 * 60 * 1000;
    return tz_date_from_days((tz_app_now_ms(store->app) + china_ms) / (24LL * 60 * 60 * 1000));
}

const char *tz_issue_due(tz_arena *mem, const char *from, int days)
{
    int32_t day = 0;
    char    text[TZ_DATE_TEXT];

    if (days <= 0 || from == NULL || !tz_date_parse_iso(tz_text_of(from), &day))
        return NULL;
    tz_date_format(tz_date_add(day, days), text);
    return tz_arena_dup(mem, text);
}
