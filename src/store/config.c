#include "store/config.h"

#include "base/assert.h"
#include "store/journal.h"

tz_rc tz_config_accepted(tz_arena *mem, tz_store *store, const char *path, const char **ret_digest, tz_err *err)
{
    tz_assert(path != NULL && ret_digest != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT digest FROM config WHERE path = ?1", &sql, err));
    tz_sql_bind_text(sql, 1, path);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_digest = has_row ? tz_sql_dup(mem, sql, 0) : NULL;
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_config_put(tz_store *store, const char *path, const char *digest, const char *why, tz_err *err)
{
    tz_assert(path != NULL && digest != NULL);
    json_t *image = json_pack("{s:s, s:s}", "path", path, "digest", digest);
    tz_rc   rc = tz_journal_put(store, "config.accept", "config", image, why, NULL, err);
    json_decref(image);
    return rc;
}
