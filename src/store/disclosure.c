#include "store/disclosure.h"

#include <string.h>

#include "base/assert.h"
#include "store/journal.h"

enum { MIN_REASON = 4, MAX_REASON = 200 };

static tz_rc check_reason(const char *why, tz_err *err)
{
    tz_text text = tz_text_trim(tz_text_of(why));
    size_t  count = tz_utf8_count(text);

    if (count < MIN_REASON || count > MAX_REASON)
        return tz_fail(err, TZ_USAGE, "请写明查看理由(%d 到 %d 个字)", "say why, in %d to %d characters", MIN_REASON, MAX_REASON);
    return TZ_OK;
}

tz_rc tz_disclosure_put(tz_store *store, const char *kind, const char *of_kind, const char *of_id, const char *why, tz_err *err)
{
    tz_assert(store != NULL && kind != NULL && of_kind != NULL && of_id != NULL && store->user != NULL);
    tz_rc   rc = TZ_OK;
    json_t *image = NULL;
    int64_t number = 0;
    char    at[TZ_TIME_TEXT];

    if (strcmp(kind, "reveal") == 0)
        TZ_TRY(check_reason(why, err));
    tz_time_format(tz_app_now_ms(store->app), at);
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_next_id(store, "disclosure", "disclosure", &number, err));
    image = json_object();
    tz_json_set_int(image, "disclosure", number);
    tz_json_set_str(image, "kind", kind);
    tz_json_set_str(image, "of_kind", of_kind);
    tz_json_set_str(image, "of_id", of_id);
    tz_json_set_str(image, "why", why);
    tz_json_set_str(image, "by_user", store->user);
    tz_json_set_str(image, "at", at);
    TZ_TRY(tz_journal_put(store, "disclose", "disclosure", image, NULL, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    tz_store_rollback(store);
    json_decref(image);
    return rc;
}

tz_rc tz_disclosure_list(tz_store *store, int64_t before, int limit, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT disclosure, kind, of_kind, of_id, why, by_user, at FROM disclosure WHERE ?1 = 0 OR disclosure < ?1"
                              " ORDER BY disclosure DESC LIMIT ?2", &sql, err));
    tz_sql_bind_int(sql, 1, before);
    tz_sql_bind_int(sql, 2, limit);
    TZ_TRY(tz_sql_rows(store, sql, ret_rows, err));
done:
    tz_sql_close(sql);
    return rc;
}
