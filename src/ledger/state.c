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

tz_rc tz_issue_rows(tz_store *store, tz_sql *sql, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();

    TZ_EACH_ROW (store, sql, err) {
        json_t *row = json_object();
        for (int i = 0; i < sqlite3_column_count(sql); i++)
            (void)json_object_set_new(row, sqlite3_column_name(sql, i), cell_json(sql, i));
        (void)json_array_append_new(rows, row);
    }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_query(tz_store *store, const char *select, int64_t parameter, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, select, &sql, err));
    if (sqlite3_bind_parameter_count(sql) > 0)
        tz_sql_bind_int(sql, 1, parameter);
    TZ_TRY(tz_issue_rows(store, sql, ret_rows, err));
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_fail_no_issue(int64_t issue, tz_err *err)
{
    (void)tz_fail(err, TZ_MISSING, "没有问题 #%lld", "there is no issue #%lld", (long long)issue);
    return tz_err_advise(err, "taizhang issue list 列出全部", "taizhang issue list shows them all");
}

tz_rc tz_issue_load(tz_store *store, int64_t issue, json_t **ret_issue, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;

    TZ_TRY(tz_issue_query(store, "SELECT * FROM issue WHERE issue = ?1", issue, &rows, err));
    if (json_array_size(rows) == 0)
        rc = tz_fail_no_issue(issue, err);
    else
        *ret_issue = json_incref(json_array_get(rows, 0));
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_put_step(tz_store *store, const json_t *issue, const char *action, const char *note, const json_t *detail, tz_err *err)
{
    tz_assert(store != NULL && json_is_object(issue) && action != NULL);
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
    tz_json_set_int(step, "issue", tz_json_int(issue, "issue", 0));
    tz_json_set_str(step, "action", action);
    tz_json_set_str(step, "state", tz_json_str(issue, "state"));
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
    TZ_TRY(tz_issue_put_step(store, issue, action, note, detail, err));
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- A new issue ---- */

/* Days of grace count from when a unit can know: the day on which the issue is opened, not the earlier day that the data
 * describe. */
static const char *grace_from(tz_arena *mem, const tz_store *store, const char *day)
{
    char today[TZ_DATE_TEXT];

    tz_date_format(tz_issue_today(store), today);
    return strcmp(day, today) >= 0 ? day : tz_arena_dup(mem, today);
}

json_t *tz_issue_fresh(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, int64_t number, const char *opened_on, int days)
{
    static const char *const EMPTY[] = {"standing", "unit",      "handler",      "asked_due",  "subject",
                                        "parent",   "closed_entry", "closed_how"};
    json_t *issue = json_object();

    for (size_t i = 0; i < sizeof EMPTY / sizeof EMPTY[0]; i++)
        tz_json_set_str(issue, EMPTY[i], NULL);
    if (days <= 0)
        days = ledger->due_days;
    tz_json_set_int(issue, "issue", number);
    tz_json_set_str(issue, "ledger", ledger->name);
    tz_json_set_str(issue, "level", "yellow");
    tz_json_set_str(issue, "state", "open");
    tz_json_set_str(issue, "support", "[]");
    tz_json_set_str(issue, "term", "by date");
    tz_json_set_str(issue, "due", tz_issue_due(mem, store, ledger, "by date", grace_from(mem, store, opened_on), days));
    (void)json_object_set_new(issue, "due_days", days > 0 ? json_integer(days) : json_null());
    tz_json_set_str(issue, "opened_on", opened_on);
    tz_json_set_int(issue, "opened_entry", 0);
    tz_json_set_str(issue, "fields", "{}");
    return issue;
}

void tz_issue_restart(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, const char *day, json_t *issue, json_t *detail)
{
    static const char *const EMPTIED[] = {"standing", "asked_due", "closed_entry", "closed_how"};

    (void)json_object_set(detail, "was_due", json_object_get(issue, "due"));
    for (size_t i = 0; i < sizeof EMPTIED / sizeof EMPTIED[0]; i++)
        tz_json_set_str(issue, EMPTIED[i], NULL);
    tz_json_set_str(issue, "state", "open");
    tz_json_set_str(issue, "due",
                    tz_issue_due(mem, store, ledger, tz_json_str(issue, "term"), grace_from(mem, store, day),
                                 (int)tz_json_int(issue, "due_days", 0)));
    tz_json_set_int(issue, "opened_entry", 0);
}
